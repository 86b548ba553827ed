"""Measure the whole chain on days of text alone: ``python bench/whole_day.py``.

What five people told an automated 24-hour recall (``../shared/labels/asa24_dev.csv``, not part of the
project) is written down as diary lines: the term with the details they answered, the amount and unit they
answered. Nothing else is known. The lines are matched, weighed and added up, and each stretch of
`LINES_A_DAY` lines of one person is held against the sums the recall itself coded. Prints the table and
writes it to ``docs/whole_day_bench.md``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import portions as portion_answers  # noqa: E402
from nutridiary.foods import load_foods  # noqa: E402
from nutridiary.intake import daily_intakes, nutrient_intakes  # noqa: E402
from nutridiary.matching import match_foods  # noqa: E402
from nutridiary.nutrients import nutrient_label  # noqa: E402
from nutridiary.portions import weigh  # noqa: E402
from nutridiary.tables import ENTRIES, conform  # noqa: E402
from nutridiary.units import canonical_unit  # noqa: E402

LABELS = ROOT.parent / "shared" / "labels" / "asa24_dev.csv"
REPORT = ROOT / "docs" / "whole_day_bench.md"
LINES_A_DAY = 16  # what a recall of What We Eat in America has on average
NUTRIENTS = ["energy", "magnesium", "potassium", "calcium", "vitamin_d", "vitamin_b12"]
CODED = ["energy_kcal", "magnesium_mg", "potassium_mg", "calcium_mg", "vitamin_d_ug", "vitamin_b12_ug"]


def recall_lines(*, weights_known: bool, details: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the recalls as entries, and what the recall coded for each.

    Every line of a recall is used, those coded as several foods too: a day has no line left out.
    """
    labels = pd.read_csv(LABELS).fillna({"details": "", "portion": ""})
    place = labels.groupby("person").cumcount()
    day = place // LINES_A_DAY
    full = day.groupby([labels["person"], day]).transform("size") == LINES_A_DAY
    labels, day = labels[full].reset_index(drop=True), day[full].reset_index(drop=True)
    said = [text if details else "" for text in labels["details"]]
    amounts = [portion_answers.answered(text) if text else (float("nan"), "") for text in labels["portion"]]
    entries = pd.DataFrame(
        {
            "source": "recall",
            "line": range(1, len(labels) + 1),
            "person_id": labels["person"],
            "date": pd.Timestamp(2026, 1, 1) + pd.to_timedelta(day, unit="D"),
            "food_text": [f"{term}, {more}" if more else term for term, more in zip(labels["term"], said, strict=True)],
            "amount": labels["grams"] if weights_known else [amount for amount, _ in amounts],
            "unit": "g" if weights_known else [canonical_unit(unit) or unit or None for _, unit in amounts],
            "kind": "food",
        }
    )
    coded = labels[CODED].set_axis(NUTRIENTS, axis=1)
    return conform(entries, ENTRIES), coded


def measure(*, weights_known: bool, details: bool) -> tuple[pd.Series, int, float]:
    """Return the median error of a day [%] by nutrient, the number of days, and the share of lines counted [%]."""
    entries, coded = recall_lines(weights_known=weights_known, details=details)
    foods = load_foods(release="embedded")
    weighed = weigh(match_foods(entries, foods), foods)
    ours = daily_intakes(nutrient_intakes(weighed, foods, NUTRIENTS), weighed, NUTRIENTS)
    ours = ours.pivot_table(index=["person_id", "date"], columns="nutrient", values="amount")[NUTRIENTS]
    theirs = coded.groupby([entries["person_id"], entries["date"]]).sum(min_count=1).reindex(ours.index)
    error = 100 * (ours - theirs).abs() / theirs.where(theirs > 0)
    return error.median(), len(ours), 100 * float(np.mean(weighed["problem"].isna()))


def main() -> None:
    """Measure what each kind of knowledge is worth, and write the table."""
    if not LABELS.is_file():
        sys.exit(f"{LABELS}: not found. The labelled set is not part of the project; there is nothing to measure.")
    names = [nutrient_label(nutrient).split(" (")[0] for nutrient in NUTRIENTS]
    lines = [f"| what is known | lines counted | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    began = time.process_time()
    for name, weights_known, details in (
        ("term, details, amount in words", False, True),
        ("term, details, grams", True, True),
        ("term, amount in words", False, False),
    ):
        errors, days, counted = measure(weights_known=weights_known, details=details)
        lines.append(f"| {name} | {counted:.0f} % | " + " | ".join(f"{errors[n]:.1f} %" for n in NUTRIENTS) + " |")
    text = (
        "# Whole days from text alone\n\nWritten by `python bench/whole_day.py`: median absolute error of a day's "
        f"total against what a 24-hour recall\ncoded, over {days} stretches of {LINES_A_DAY} lines by five people. "
        "Lines that cannot be counted are missing from our total,\nand so count as error. Weights of matching were "
        "learned from the same people among others.\n\n" + "\n".join(lines) + "\n"
    )
    print(text)
    print(f"{time.process_time() - began:.1f} s CPU")
    REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
