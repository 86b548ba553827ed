"""How closely the shipped tables reproduce the intakes of What We Eat in America, NHANES.

Every item of the survey's recalls (food code, grams) goes through the same steps as a diary line;
the day totals are then held against the survey's own. Prints a table and writes it to
``docs/nhanes_bench.md``.

    python bench/nhanes.py [FOLDER]

FOLDER holds the survey's files (``DR1IFF_L.csv.xz``, ``DR1TOT_L.csv.xz`` ...); by default
``../shared/nhanes`` beside the checkout.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from nutridiary.foods import load_foods
from nutridiary.intake import daily_intakes, nutrient_intakes
from nutridiary.matching import match_foods
from nutridiary.nutrients import core_nutrients, load_nutrients, nutrient_label
from nutridiary.portions import weigh
from nutridiary.tables import ENTRIES, conform

ROOT = Path(__file__).resolve().parents[1]
SURVEY = ROOT.parent / "shared" / "nhanes"
CYCLES = {"L": "2021-2023", "J": "2017-2018"}
# Goals, median day error [%]: what the same arithmetic reaches with unrounded FNDDS figures.
GOALS = {
    "L": {"magnesium": 0.5, "potassium": 0.1, "calcium": 0.2, "vitamin_d": 2.1, "vitamin_b12": 0.3},
    "J": {"magnesium": 1.2, "potassium": 1.4, "calcium": 1.6, "vitamin_d": 6.8, "vitamin_b12": 2.7},
}


def read_items(folder: Path, cycle: str, nutrients: Sequence[str]) -> pd.DataFrame:
    """Return the items of the reliable day-1 recalls of `cycle`, breast-fed children left out."""
    suffix = load_nutrients()["nhanes_suffix"]
    values = {f"DR1I{suffix[nutrient]}": nutrient for nutrient in nutrients}
    columns = ["SEQN", "DR1ILINE", "DR1DRSTZ", "DRABF", "DR1IFDCD", "DR1IGRMS", *values]
    items = pd.read_csv(folder / f"DR1IFF_{cycle}.csv.xz", usecols=columns)
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
                "date": pd.Timestamp(int(CYCLES[cycle][:4]), 1, 1),
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
    foods = load_foods()
    matched = match_foods(entries_of(items, cycle), foods)
    coded = matched["match_method"].eq("stated_food_code")
    weighed = weigh(matched[coded].reset_index(drop=True), foods)
    ours = daily_intakes(nutrient_intakes(weighed, foods, nutrients), weighed, nutrients)
    ours = ours.pivot_table(index="person_id", columns="nutrient", values="amount")
    survey = items[coded.to_numpy()].groupby(items["SEQN"].astype("int64").astype("str"))[list(nutrients)].sum()
    survey = survey.reindex(ours.index)
    error = 100 * (ours[list(nutrients)] - survey).abs() / survey.where(survey > 0)
    return error, 100 * coded.mean()


def main(folder: Path) -> None:
    """Measure both cycles and write the table."""
    nutrients = core_nutrients()
    heading = ["survey", "recalls", "items", "coded %", *(f"{nutrient_label(n)} %" for n in nutrients), "CPU s"]
    lines = ["| " + " | ".join(heading) + " |", "|---" * len(heading) + "|"]
    for cycle, years in CYCLES.items():
        items = read_items(folder, cycle, nutrients)
        began = time.process_time()
        errors, coded = day_errors(items, cycle, nutrients)
        seconds = time.process_time() - began
        medians = errors.median()
        cells = [years, f"{len(errors):,}", f"{len(items):,}", f"{coded:.1f}"]
        cells += [f"{medians[n]:.2f} (goal {GOALS[cycle][n]})" for n in nutrients]
        lines.append("| " + " | ".join([*cells, f"{seconds:.1f}"]) + " |")
    text = (
        "# Day totals against the survey's own\n\n"
        "Written by `python bench/nhanes.py`: reliable day-1 recalls of What We Eat in America, NHANES; every item\n"
        "goes through matching by food code, weighing and the nutrient arithmetic. Median absolute error of a day's\n"
        "total, over the items whose code FNDDS 2021-2023 still has.\n\n" + "\n".join(lines) + "\n"
    )
    (ROOT / "docs" / "nhanes_bench.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    survey_folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SURVEY
    if not survey_folder.is_dir():
        sys.exit(f"{survey_folder}: not found. Name the folder of the survey's files.")
    main(survey_folder)
