"""Measure everyday lines end to end: ``python bench/everyday.py``.

The lines of ``tests/data/everyday_lines.csv``, written and labelled by other hands, are put into a diary with a date
and the line as it stands, nothing else, and analyzed as any diary is: read, told apart, matched, weighed. Prints the
table and writes it to ``docs/everyday_bench.md``. Only figures of the lines kept aside are shown, never their text;
``--misses`` prints what went wrong with the lines that may be learned from.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from nutridiary.analysis import analyze
from nutridiary.foods import load_foods
from nutridiary.matching.ranking import load_index

ROOT = Path(__file__).resolve().parents[1]
LINES = ROOT / "tests" / "data" / "everyday_lines.csv"
REPORT = ROOT / "docs" / "everyday_bench.md"
CLOSE = 0.10  # a weight within this share of the label's is right
TO_CONFIRM = "please confirm"  # what the note of a match that is not taken unseen says

HEAD = """# Everyday lines, from text to grams

Written by `python bench/everyday.py`: lines that two other hands wrote and labelled with the food tables alone, each
put into a diary as it stands, with a date and nothing else. *Kept aside* are the lines that nothing was learned from
and that nobody read; the texts of the others have been learned from, so that their figures say less.

- *Told apart*: lines of several foods that give as many foods as they hold. *Cut*: lines of one that give several.
- *First*: the food is one that the label accepts. *Close*: or its energy, Mg, K and Ca in 100 g are those of such a
  food, within the bounds of [matching_bench.md](matching_bench.md). Both of all labelled foods: those of a line that
  gives another number of foods than it holds are misses.
- *To confirm*: foods for which we ask for a look. *Close unseen*: of the foods for which we do not, those close.
- *Grams*: weights within 10 % of the label, of all foods whose amount was labelled. *Food found*: the same, of those
  whose food is close.
- *No food*: foods that no table has, matched all the same, and how many of these without asking for a look.

"""


@dataclass(frozen=True)
class Found:
    """What became of one labelled food; a line that gave another number of foods has not found it."""

    label: pd.Series
    told: bool
    first: bool = False
    close: bool = False
    matched: bool = False
    to_confirm: bool = False
    grams: float = float("nan")

    @property
    def unseen(self) -> bool:
        """There is a food, and we do not ask for a look at it."""
        return self.matched and not self.to_confirm

    @property
    def weighed(self) -> bool:
        """The weight is that of the label."""
        return bool(abs(self.grams / self.label["grams"] - 1) <= CLOSE)


def analyzed(texts: pd.Series) -> pd.DataFrame:
    """Return the entries of a diary that holds these lines, with `at`, the place of the line each comes from."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "diary.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["Date", "Food"])
            writer.writerows(["2026-01-01", text] for text in texts)
        entries = analyze(path).entries
    return entries.assign(at=entries["line"] - 2)


def compare(labels: pd.DataFrame, entries: pd.DataFrame) -> list[Found]:
    """Hold the foods of one line against those that were found, in the order of the line."""
    if len(labels) != len(entries):
        return [Found(label, told=False) for _, label in labels.iterrows()]
    return [one(label, entry) for (_, label), (_, entry) in zip(labels.iterrows(), entries.iterrows(), strict=True)]


def one(label: pd.Series, entry: pd.Series) -> Found:
    """Hold one food against its label."""
    if pd.isna(entry["fdc_id"]):
        return Found(label, told=True)
    index = load_index(load_foods(release="embedded"))
    row = int(np.flatnonzero(index.fdc_id == entry["fdc_id"])[0])
    first = row in label["answers"]
    close = first or any(index.alike(np.array([row, answer])).all() for answer in label["answers"])
    note = entry["note"] if isinstance(entry["note"], str) else ""
    return Found(label, True, first, close, True, TO_CONFIRM in note, float(entry["gram_weight"]))


def labelled() -> pd.DataFrame:
    """Return the labels, with `answers`, the rows of the matching index that are right, and `foods` of the line."""
    table = pd.read_csv(LINES, dtype="str", keep_default_na=False)
    foods = load_foods(release="embedded")
    index = load_index(foods)
    known = foods.foods().dropna(subset="food_code")
    by_code = dict(zip(known["food_code"].astype(str), known["fdc_id"], strict=True))
    place = {fdc_id: row for row, fdc_id in enumerate(index.fdc_id.tolist())}
    answers = [
        {place[by_code[code]] for code in codes.split(";") if code} | {place[int(i)] for i in ids.split(";") if i}
        for codes, ids in zip(table["food_codes"], table["fdc_ids"], strict=True)
    ]
    return table.assign(
        answers=pd.Series(answers, index=table.index),
        grams=pd.to_numeric(table["grams"]),
        foods=table.groupby("line")["part"].transform("size"),
    )


def share(right: int, of: int) -> str:
    """Return "3 of 4 (75.0 %)"."""
    return f"{right} of {of} ({100 * right / of:.1f} %)" if of else "none"


def row(name: str, lines: list[list[Found]]) -> str:
    """Return one line of the table."""
    several = [line for line in lines if line[0].label["foods"] > 1]
    single = [line for line in lines if line[0].label["foods"] == 1]
    foods = [food for line in lines for food in line]
    known = [food for food in foods if food.label["answers"]]
    unseen = [food for food in known if food.unseen]
    weights = [food for food in known if food.label["grams"] > 0]
    found = [food for food in weights if food.close]
    none = [food for food in foods if not food.label["answers"]]
    cells = (
        name,
        str(len(lines)),
        share(sum(line[0].told for line in several), len(several)),
        share(sum(not line[0].told for line in single), len(single)),
        share(sum(food.first for food in known), len(known)),
        share(sum(food.close for food in known), len(known)),
        share(sum(food.to_confirm for food in known), len(known)),
        share(sum(food.close for food in unseen), len(unseen)),
        share(sum(food.weighed for food in weights), len(weights)),
        share(sum(food.weighed for food in found), len(found)),
        f"{sum(food.matched for food in none)} of {len(none)}, {sum(food.unseen for food in none)} unseen",
    )
    return f"| {' | '.join(cells)} |"


HEADINGS = (
    "lines",
    "n",
    "told apart",
    "cut",
    "first",
    "close",
    "to confirm",
    "close unseen",
    "grams",
    "food found",
    "no food",
)


def misses(lines: list[list[Found]]) -> None:
    """Print what went wrong with lines that may be learned from."""
    for food in (food for line in lines for food in line if food.label["use"] == "learn"):
        label = food.label
        if not food.told:
            print(f"{label['text']} | not {label['foods']} foods")
        elif label["answers"] and not food.close:
            print(f"{label['text']} | {label['food_words']}: another food")
        elif label["grams"] > 0 and not food.weighed:
            print(f"{label['text']} | {label['food_words']}: {food.grams:g} g, labelled {label['grams']:g} g")


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print what went wrong, of lines to learn from")
    options = parser.parse_args()
    labels = labelled()
    texts = labels.drop_duplicates("line")
    began = time.process_time()
    entries = analyzed(texts["text"])
    seconds = time.process_time() - began
    given = dict(iter(entries.groupby("at")))
    lines = [
        compare(part, given.get(at, entries.iloc[:0]))
        for at, (_, part) in enumerate(labels.groupby("line", sort=False))
    ]

    def of(use: str, hand: str = "") -> list[list[Found]]:
        return [e for e in lines if e[0].label["use"] == use and hand in e[0].label["hand"]]

    rows = [row("kept aside", of("test"))]
    rows += [row(f"- {hand}", of("test", hand)) for hand in dict.fromkeys(labels["hand"])]
    rows.append(row("learned from", of("learn")))
    text = HEAD + "\n".join([f"| {' | '.join(HEADINGS)} |", "|---" * len(HEADINGS) + "|", *rows]) + "\n"
    print(text)
    print(f"{len(lines)} lines in {seconds:.2f} s CPU")
    if options.misses:
        misses(lines)
    REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
