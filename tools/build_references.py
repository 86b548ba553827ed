"""Build ``data/reference_intakes/nasem.csv`` from a machine-readable copy of the NASEM tables.

    python tools/build_references.py SHARED

SHARED is the folder that holds ``reference/nasem_dri.csv``: one row a figure, with its edition and
the number of independent transcriptions that agree on it. What happens to a row on its way:

* only nutrients of ``data/nutrients.csv`` are kept, under that table's name and in its unit;
* rows for both sexes are spelled out, so that each of the 22 life-stage groups has its own row;
* "applies to" becomes a word of a small vocabulary (see ``docs/references.md``);
* an upper level that was considered and not set stays as a row without an amount;
* a figure nobody has read in print is not shipped.

The same input gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "data" / "reference_intakes" / "nasem.csv"

# The tables' name for a nutrient -> the name in nutrients.csv, where they differ.
OTHER_NAMES = {
    "water_total": "water",
    "linoleic_acid": "fatty_acid_18_2_n6",
    "alpha_linolenic_acid": "fatty_acid_18_3_n3",
}
# For infants these two AIs are for all n-6 and all n-3 fatty acids, not for the one acid (IOM 2002/2005, ch. 8).
OTHER_MEANING_FOR_INFANTS = {"fatty_acid_18_2_n6", "fatty_acid_18_3_n3"}
# (unit of the tables, unit of nutrients.csv) -> factor. A litre of total water is counted as 1,000 g (IOM 2005).
FACTORS = {("mg", "ug"): 1000.0, ("L", "g"): 1000.0}
PER_BODY_WEIGHT = "g/kg"

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
STAGE_ORDER = ["infant", "child", "none", "pregnancy", "lactation"]
SEX_ORDER = ["both", "male", "female"]
KIND_ORDER = ["EAR", "RDA", "AI", "UL", "CDRR"]
COLUMNS = [
    *("authority", "edition", "status", "nutrient", "unit", "life_stage", "sex", "age_from", "age_to"),
    *("kind", "amount", "applies_to", "transcriptions_agreeing"),
]


def build(tables: pd.DataFrame, nutrients: pd.DataFrame) -> pd.DataFrame:
    """Return the shipped table from the transcribed `tables`."""
    rows = tables.loc[~tables["applies_to"].str.contains("memory")]
    rows = rows.assign(nutrient=rows["nutrient"].replace(OTHER_NAMES))
    rows = rows.loc[rows["nutrient"].isin(nutrients.index)]
    infant = rows["life_stage"] == "infant"
    rows = rows.loc[~(infant & rows["nutrient"].isin(OTHER_MEANING_FOR_INFANTS))]
    rows = spell_out_upper_levels_not_set(rows)
    rows = spell_out_sexes(rows)
    rows = name_what_it_applies_to(rows)
    rows = convert_units(rows, nutrients["unit"])
    return in_order(rows, list(nutrients.index))[COLUMNS]


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


def convert_units(rows: pd.DataFrame, units: pd.Series) -> pd.DataFrame:
    """Bring every amount to the nutrient's one unit; an amount per kg of body weight stays one."""
    target = rows["nutrient"].map(units)
    stated = rows["unit"].fillna(target)
    pairs = list(zip(stated, target, strict=True))
    per_weight = stated == PER_BODY_WEIGHT
    factors = [1.0 if a in (b, PER_BODY_WEIGHT) else FACTORS[a, b] for a, b in pairs]
    amounts = (rows["amount"] * factors).round(6)
    return rows.assign(amount=amounts, unit=target.mask(per_weight, PER_BODY_WEIGHT))


def in_order(rows: pd.DataFrame, nutrients: list[str]) -> pd.DataFrame:
    """Sort as a reader looks: nutrient, edition, kind, then life stage."""
    orders = {"nutrient": nutrients, "life_stage": STAGE_ORDER, "sex": SEX_ORDER, "kind": KIND_ORDER}
    places = {name: {word: place for place, word in enumerate(words)} for name, words in orders.items()}
    return rows.sort_values(
        ["nutrient", "status", "edition", "kind", "life_stage", "sex", "age_from"],
        key=lambda column: column.map(places[column.name]) if column.name in places else column,
        kind="stable",
    )


def main(arguments: list[str]) -> None:
    """Read the tables below the folder named on the command line and write the shipped table."""
    if len(arguments) != 1:
        raise SystemExit(__doc__)
    tables = pd.read_csv(Path(arguments[0]) / "reference" / "nasem_dri.csv")
    nutrients = pd.read_csv(ROOT / "data" / "nutrients.csv").set_index("nutrient")
    shipped = build(tables, nutrients)
    shipped.to_csv(TARGET, index=False, float_format="%.10g", lineterminator="\n")
    print(f"{TARGET.relative_to(ROOT)}: {len(shipped)} rows, {shipped['nutrient'].nunique()} nutrients")


if __name__ == "__main__":
    main(sys.argv[1:])
