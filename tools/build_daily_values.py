"""Build ``data/daily_values.csv`` from a machine-readable copy of the US Daily Values.

    python tools/build_daily_values.py SHARED

SHARED is the folder that holds ``reference/fda_daily_values.csv``: one row a nutrient and edition, the unit in the
nutrient's name. What happens to a row on its way:

* it gets the name of ``data/nutrients.csv`` and that table's unit; what was published stays beside it;
* a figure that no stated factor turns into that unit keeps its row without an amount, and says why;
* nutrients that table does not have (chromium, chloride, added sugars) are left out.

The same input gives the same bytes.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from nutridiary.nutrients import load_nutrients
from nutridiary.units import factor_to

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "data" / "daily_values.csv"
COLUMNS = ["edition", "nutrient", "amount", "unit", "published", "note", "source"]

# The labels' name of a nutrient -> the name in nutrients.csv, where they differ.
OTHER_NAMES = {
    "fat": "fat_total",
    "saturated_fat": "fatty_acids_saturated",
    "fiber": "fiber_total",
    "vitamin_a": "vitamin_a_rae",
    "vitamin_e": "vitamin_e_alpha_tocopherol",
}
# Folate was counted as it is weighed before 2016, and in dietary equivalents since.
FOLATE = {"ug_dfe": "folate_dfe", "ug": "folate_total"}
NO_AMOUNT = {
    "vitamin_a_iu": "an IU of vitamin A is another mass of retinol and of carotene: the label does not say which",
    "vitamin_e_iu": "an IU of vitamin E is another mass of the natural and of the synthetic form",
    "niacin_mg_ne": "niacin equivalents also count tryptophan: no amount of niacin follows from them",
    "protein_g": "the percentage of protein is corrected for its digestibility: no weight follows from it",
}
EDITIONS = {
    "2016 rule (21 CFR 101.9)": ("2016", "21 CFR 101.9(c)(8)(iv) and (c)(9) as amended by 81 FR 33742, 27 May 2016"),
    "pre-2016": ("before 2016", "21 CFR 101.9(c)(8)(iv) and (c)(9) as of 1 April 2015"),
}
UNIT_WORDS = {"ug": "mcg", "ug_dfe": "mcg DFE", "ug_rae": "mcg RAE", "mg_ne": "mg NE", "iu": "IU"}
_UNIT = re.compile(r"_(g|mg|ug|iu|mg_ne|ug_dfe|ug_rae)$")


def rows(published: Path) -> list[list[str]]:
    """Return the table's rows, in the order of the source."""
    nutrients = load_nutrients()
    found = []
    with published.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            named = row["nutrient_unit"]
            unit = _UNIT.search(named)[1]
            name = _UNIT.sub("", named)
            name = FOLATE[unit] if name == "folate" else OTHER_NAMES.get(name, name)
            if name not in nutrients.index:
                continue
            edition, source = EDITIONS[row["edition"]]
            value, own_unit = float(row["dv_adults_children_ge4"]), nutrients.loc[name, "unit"]
            note = NO_AMOUNT.get(named, "")
            amount = "" if note else f"{value * factor_to(own_unit, _weighed_in(unit), name):.10g}"
            words = f"{value:g} {UNIT_WORDS.get(unit, unit)}"
            found.append([edition, name, amount, own_unit, words, note, source])
    return found


def _weighed_in(unit: str) -> str:
    return "IU" if unit == "iu" else unit.split("_")[0]


def main() -> int:
    """Run the command line."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    published = Path(sys.argv[1]) / "reference" / "fda_daily_values.csv"
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerows([COLUMNS, *rows(published)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
