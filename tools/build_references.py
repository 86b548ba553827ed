"""Build the tables of reference values from machine-readable copies of the authorities' own.

    python tools/build_references.py SHARED

SHARED is the folder that holds ``reference/nasem_dri.csv``, ``efsa_drv.csv`` and
``harmonized_nrv_allen2020.csv``. EFSA's rows are told in ``references_efsa.py``, the harmonized
ones in ``references_harmonized.py``. What happens to a row of NASEM, which has its edition and the
number of independent transcriptions that agree on it:

* only nutrients of ``data/nutrients.csv`` are kept, under that table's name and in its unit;
* rows for both sexes are spelled out, so that each of the 22 life-stage groups has its own row;
* "applies to" becomes a word of a small vocabulary (see ``docs/references.md``);
* an upper level that was considered and not set stays as a row without an amount;
* a figure nobody has read in print is not shipped.

The same input gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

import references_efsa
import references_harmonized
from reference_rows import COLUMNS, convert_units, in_order

ROOT = Path(__file__).resolve().parents[1]
TARGETS = ROOT / "data" / "reference_intakes"

# The tables' name for a nutrient -> the name in nutrients.csv, where they differ.
OTHER_NAMES = {
    "water_total": "water",
    "linoleic_acid": "fatty_acid_18_2_n6",
    "alpha_linolenic_acid": "fatty_acid_18_3_n3",
}
# For infants these two AIs are for all n-6 and all n-3 fatty acids, not for the one acid (IOM 2002/2005, ch. 8).
OTHER_MEANING_FOR_INFANTS = {"fatty_acid_18_2_n6", "fatty_acid_18_3_n3"}

APPLIES_TO = {
    "total_intake": "total_intake",
    "total_intake; reduce intakes if above": "total_intake",
    "preformed_retinol_only": "preformed_retinol",
    "supplements_and_pharmacological_only": "supplements_and_medicines",
    "supplements_and_fortified_foods_only": "supplements_and_fortification",
    "any_form_of_supplemental_alpha_tocopherol (supplements/fortified)": "supplements_and_fortification",
    "folic_acid_from_supplements_and_fortified_foods_only (ug folic acid)": "folic_acid_supplements_and_fortification",
}
# Niacin's figures are in niacin equivalents, which count tryptophan, but for the AI of the first six months, which is
# preformed niacin (IOM 1998, ch. 6).
NIACIN_EQUIVALENTS = "niacin_equivalents"

GROUPS = ["life_stage", "sex", "age_from", "age_to"]


def build(tables: pd.DataFrame, nutrients: pd.DataFrame) -> pd.DataFrame:
    """Return the shipped table from the transcribed `tables`."""
    rows = tables.loc[~tables["applies_to"].str.contains("memory")]
    rows = rows.assign(nutrient=rows["nutrient"].replace(OTHER_NAMES))
    rows = rows.loc[rows["nutrient"].isin(nutrients.index)]
    infant = rows["life_stage"] == "infant"
    rows = rows.loc[~(infant & rows["nutrient"].isin(OTHER_MEANING_FOR_INFANTS))]
    rows = spell_out_upper_levels_not_set(rows)
    rows = spell_out_sexes(rows)
    rows = name_what_it_applies_to(rows).assign(condition=None)
    rows = convert_units(rows, nutrients["unit"])
    return in_order(rows, list(nutrients.index))[[*NASEM_COLUMNS, "transcriptions_agreeing"]]


def spell_out_upper_levels_not_set(rows: pd.DataFrame) -> pd.DataFrame:
    """Give every life-stage group its row for an upper level that was considered and not set."""
    not_set = rows["applies_to"].str.startswith("not_determined")
    groups = rows.loc[~not_set & (rows["status"] == "current"), GROUPS].drop_duplicates()
    # The report is the one that sets the nutrient's other current figures.
    edition = rows.loc[~not_set & (rows["status"] == "current")].groupby("nutrient")["edition"].first()
    stated = rows.loc[not_set].assign(applies_to="not_determined").drop(columns=GROUPS)
    stated["edition"] = stated["nutrient"].map(edition)
    return pd.concat([rows.loc[~not_set], stated.merge(groups, how="cross")], ignore_index=True)


def spell_out_sexes(rows: pd.DataFrame) -> pd.DataFrame:
    """Write a row for both sexes from nine years on as one for each, as the current tables do."""
    both = (rows["life_stage"] == "none") & (rows["sex"] == "both")
    return pd.concat(
        [rows.loc[~both], rows.loc[both].assign(sex="male"), rows.loc[both].assign(sex="female")], ignore_index=True
    )


def name_what_it_applies_to(rows: pd.DataFrame) -> pd.DataFrame:
    """Replace the tables' remarks by the vocabulary; an unknown remark stops the build."""
    applies_to = rows["applies_to"].replace(APPLIES_TO)
    requirement = rows["kind"].isin(["EAR", "RDA", "AI"]) & (rows["age_from"] >= 0.5)
    applies_to = applies_to.mask((rows["nutrient"] == "niacin") & requirement, NIACIN_EQUIVALENTS)
    known = {*APPLIES_TO.values(), NIACIN_EQUIVALENTS, "not_determined"}
    if strange := set(applies_to) - known:
        raise SystemExit(f"'applies_to' holds what no rule covers: {sorted(strange)}")
    return rows.assign(applies_to=applies_to)


NASEM_COLUMNS = [name for name in COLUMNS if name not in ("kind_name", "condition", "place")]
BUILDS: dict[str, tuple[str, Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]]] = {
    "nasem.csv": ("nasem_dri.csv", build),
    "efsa.csv": ("efsa_drv.csv", references_efsa.build),
    "harmonized.csv": ("harmonized_nrv_allen2020.csv", references_harmonized.build),
}
"""What is written: from which table, by what."""


def main(arguments: list[str]) -> None:
    """Read the tables below the folder named on the command line and write the shipped ones."""
    if len(arguments) != 1:
        raise SystemExit(__doc__)
    nutrients = pd.read_csv(ROOT / "data" / "nutrients.csv").set_index("nutrient")
    for target, (source, builds) in BUILDS.items():
        shipped = builds(pd.read_csv(Path(arguments[0]) / "reference" / source), nutrients)
        shipped.to_csv(TARGETS / target, index=False, float_format="%.10g", lineterminator="\n")
        print(f"{target}: {len(shipped)} rows, {shipped['nutrient'].nunique()} nutrients")


if __name__ == "__main__":
    main(sys.argv[1:])
