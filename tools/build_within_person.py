"""Build ``data/usual_intake/within_person.csv`` from figures computed from the recalls of NHANES.

    python tools/build_within_person.py SHARED

SHARED is the folder that holds ``reference/within_person_variance_nhanes.csv``: a row a survey, nutrient, sex and age
group, with what people who gave two recalls vary within themselves and between each other. Of its rows are taken

* those of the six years of NHANES 2013-2018, which rest on three times the people of 2021-2023;
* the age groups of the reference intakes alone, no sums of several;
* the figures that are weighted to the population, under the names of ``data/nutrients.csv``.

The same input gives the same bytes.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from nutridiary.nutrients import load_nutrients
from nutridiary.references import LIFE_STAGES

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "data" / "usual_intake" / "within_person.csv"
SURVEY = "NHANES 2013-2018"
# The survey's name without its unit -> the name in nutrients.csv, where they differ.
OTHER_NAMES = {"fiber": "fiber_total", "vitamin_e": "vitamin_e_alpha_tocopherol", "moisture": "water"}
FIGURES = {
    "mean": "mean_w",
    "sd_within": "sd_within_w",
    "cv_within": "cv_within_w",
    "sd_between": "sd_between_w",
    "sd_within_log": "sd_within_log",
    "sd_between_log": "sd_between_log",
    "pairs": "n_pairs",
}
COLUMNS = ["survey", "nutrient", "unit", "sex", "age_from", "age_to", *FIGURES]


def rows(published: Path) -> list[list[str]]:
    """Return the table's rows, in the order of nutrients.csv, then by sex and age."""
    units = load_nutrients()["unit"]
    # Of an age group its upper bound, exclusive; open for the oldest.
    groups = {
        (group.sex, f"{group.age_from:g}"): f"{group.age_to:g}".replace("inf", "")
        for group in LIFE_STAGES
        if group.life_stage in ("child", "none")
    }
    found = []
    with published.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["sex"], row["age_min_y"])
            if row["survey"] != SURVEY or groups.get(key) != row["age_max_y"]:
                continue
            name, unit = row["nutrient"].rsplit("_", 1)
            nutrient = OTHER_NAMES.get(name, name)
            if units[nutrient] != unit:
                raise ValueError(f"{published}: {row['nutrient']}: unit {unit}, nutrients.csv has {units[nutrient]}.")
            figures = [row[column] for column in FIGURES.values()]
            found.append([SURVEY, nutrient, unit, row["sex"], row["age_min_y"], row["age_max_y"], *figures])
    order = list(units.index)
    return sorted(found, key=lambda row: (order.index(row[1]), row[3], int(row[4])))


def main() -> int:
    """Run the command line."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    found = rows(Path(sys.argv[1]) / "reference" / "within_person_variance_nhanes.csv")
    TARGET.parent.mkdir(exist_ok=True)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(found)
    print(f"{TARGET.relative_to(ROOT)}: {len(found)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
