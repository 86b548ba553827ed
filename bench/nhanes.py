"""How closely nutridiary reproduces What We Eat in America, NHANES.

Every item of the survey's recalls (food code, grams) goes through the same steps as a diary line; the day totals are
then held against the survey's own. Means and usual intakes of the survey's totals follow (``usual_intake.py``).

    python bench/nhanes.py [FOLDER] [--cycles L J]

FOLDER holds the survey's files as downloaded (``DR1IFF_L.XPT``, ``DR1TOT_L.XPT``, ``DR2TOT_L.XPT``,
``DEMO_L.XPT``; also .csv, .csv.xz, .csv.gz); by default ``../shared/nhanes`` beside the checkout. For the cycles
by default the tables are written to ``docs/nhanes_bench.md`` and ``docs/usual_intake_bench.md``; those of other
cycles are only printed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

import usual_intake
from nutridiary.cohort import read_survey_table, survey_years
from nutridiary.errors import NutridiaryError
from nutridiary.foods import load_foods
from nutridiary.intake import daily_intakes, nutrient_intakes
from nutridiary.matching import match_foods
from nutridiary.nutrients import core_nutrients, load_nutrients, nutrient_label
from nutridiary.portions import weigh
from nutridiary.tables import ENTRIES, conform

ROOT = Path(__file__).resolve().parents[1]
SURVEY = ROOT.parent / "shared" / "nhanes"
CYCLES = ["L", "J"]
# Goals, median day error [%]: what the same arithmetic reaches with unrounded FNDDS figures.
GOALS = {
    "L": {"magnesium": 0.5, "potassium": 0.1, "calcium": 0.2, "vitamin_d": 2.1, "vitamin_b12": 0.3},
    "J": {"magnesium": 1.2, "potassium": 1.4, "calcium": 1.6, "vitamin_d": 6.8, "vitamin_b12": 2.7},
}


def read_items(folder: Path, cycle: str, nutrients: Sequence[str]) -> pd.DataFrame:
    """Return the items of the reliable day-1 recalls of `cycle`, breast-fed children left out."""
    suffix = load_nutrients()["nhanes_suffix"]
    values = {f"DR1I{suffix[nutrient]}": nutrient for nutrient in nutrients}
    columns = ["SEQN", "DR1ILINE", "DR1DRSTZ", "DR1IFDCD", "DR1IGRMS", *values]
    items = read_survey_table(folder, "DR1IFF", cycle, columns, ["DRABF"]).reindex(columns=[*columns, "DRABF"])
    items = items[(items["DR1DRSTZ"] == 1) & (items["DRABF"] != 1)]
    return items.rename(columns=values).reset_index(drop=True)


def entries_of(items: pd.DataFrame, cycle: str) -> pd.DataFrame:
    """Return survey items as diary entries: the code decides the food, the grams are stated."""
    return conform(
        pd.DataFrame(
            {
                "source": f"DR1IFF_{cycle}",
                "line": range(2, len(items) + 2),
                "person_id": items["SEQN"].astype("int64").astype("str"),
                "date": pd.Timestamp(int(survey_years(cycle)[:4]), 1, 1),
                "amount": items["DR1IGRMS"],
                "unit": "g",
                "kind": "food",
                "stated_food_code": items["DR1IFDCD"].astype("int64"),
            }
        ),
        ENTRIES,
    )


def day_errors(items: pd.DataFrame, cycle: str, nutrients: Sequence[str]) -> tuple[pd.DataFrame, float]:
    """Return each day's error of each nutrient [%] over coded items, and the share of items coded [%].

    Coded are items whose own code the food data has; what the crosswalk makes of the others is in bench/recalls.py.
    """
    foods = load_foods(release="embedded")
    matched = match_foods(entries_of(items, cycle), foods)
    coded = matched["match_method"].eq("stated_food_code")
    weighed = weigh(matched[coded].reset_index(drop=True), foods)
    ours = daily_intakes(nutrient_intakes(weighed, foods, nutrients), weighed, nutrients)
    ours = ours.pivot_table(index="person_id", columns="nutrient", values="amount")
    survey = items[coded.to_numpy()].groupby(items["SEQN"].astype("int64").astype("str"))[list(nutrients)].sum()
    survey = survey.reindex(ours.index)
    error = 100 * (ours[list(nutrients)] - survey).abs() / survey.where(survey > 0)
    return error, 100 * coded.mean()


def day_totals(folder: Path, cycles: Sequence[str]) -> str:
    """Return the table of day totals as a page."""
    nutrients = core_nutrients()
    heading = ["survey", "recalls", "items", "coded %", *(f"{nutrient_label(n)} %" for n in nutrients)]
    lines = ["| " + " | ".join(heading) + " |", "|---" * len(heading) + "|"]
    for cycle in cycles:
        items = read_items(folder, cycle, nutrients)
        errors, coded = day_errors(items, cycle, nutrients)
        medians = errors.median()
        goals = {name: f" (goal {goal})" for name, goal in GOALS.get(cycle, {}).items()}
        cells = [survey_years(cycle), f"{len(errors):,}", f"{len(items):,}", f"{coded:.1f}"]
        lines.append("| " + " | ".join([*cells, *(f"{medians[n]:.2f}{goals.get(n, '')}" for n in nutrients)]) + " |")
    return (
        "# Day totals against the survey's own\n\n"
        "Written by `python bench/nhanes.py`: reliable day-1 recalls of What We Eat in America, NHANES; every item\n"
        "goes through matching by food code, weighing and the nutrient arithmetic. Median absolute error of a day's\n"
        "total, over the items whose code FNDDS 2021-2023 still has.\n\n" + "\n".join(lines) + "\n"
    )


def main() -> None:
    """Measure the cycles asked for, and write the pages of the default ones."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=SURVEY, metavar="FOLDER")
    parser.add_argument("--cycles", nargs="+", default=CYCLES, help="letters of survey cycles: L is 2021-2023")
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        sys.exit(f"{arguments.folder}: not found. Name the folder of the survey's files.")
    cycles = [cycle.strip().upper() for cycle in arguments.cycles]
    pages = {
        "nhanes_bench.md": day_totals,
        "usual_intake_bench.md": usual_intake.page,
    }
    for name, page in pages.items():
        try:
            text = page(arguments.folder, cycles)
        except NutridiaryError as error:
            print(f"{name}: not measured. {error}", file=sys.stderr)
            continue
        print(text)
        if cycles == CYCLES:
            (ROOT / "docs" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
