"""How well lines of several foods are told apart: writes docs/splitting_bench.md.

The labels (`tests/data/lines_of_several.csv`) were written before the splitter was first run. Where both
readings are right ("tea with milk"), `also` holds the other one.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import time
from pathlib import Path

from nutridiary.diary.amounts import parse_amount
from nutridiary.foods import load_foods
from nutridiary.splitting.judgement import Judge
from nutridiary.splitting.parts import Part, parts_of
from nutridiary.splitting.pieces import has_joint
from nutridiary.units import unit_kind

ROOT = Path(__file__).parents[1]
LABELS = ROOT / "tests" / "data" / "lines_of_several.csv"
SINGLES = ROOT / "tests" / "data" / "diary_lines.csv"
RECALL = ROOT.parent / "shared" / "labels" / "asa24_dev.csv"


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def labelled(parts: str) -> list[tuple[str, str]]:
    """Return the (amount and unit, food) pairs of a label."""
    found = (re.fullmatch(r"(?:([\d.]+ ?\w*): )?(.+)", part.strip()) for part in parts.split("|") if part.strip())
    return [(match[1] or "", match[2].casefold()) for match in found if match]


def told(parts: list[Part]) -> list[tuple[str, str]]:
    """Return the parts in the form of a label."""
    return [(amount_of(part), part.food.casefold()) for part in parts]


def amount_of(part: Part) -> str:
    """Return a part's amount in the form of a label; the food as its own unit ("2 eggs") is a bare count."""
    found = part.amount
    if found.amount != found.amount:
        return ""
    unit = "" if unit_kind(found.unit) in (None, "food") else f" {found.unit}"
    return f"{found.amount:g}{unit}"


def right(row: dict[str, str], parts: list[Part]) -> bool:
    """Whether the parts are those of the label, or of its other reading."""
    foods = [food for _, food in told(parts)]
    readings = [row["parts"], *([row["also"]] if row["also"] else [])]
    return any(foods == [food for _, food in labelled(reading)] for reading in readings)


def share(part: int, whole: int) -> str:
    """Return "3 of 4 (75.0 %)"."""
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "none"


def wrongly_split(texts: list[str], judge: Judge) -> list[str]:
    """Return the texts of one food that are split."""
    found = []
    for text in dict.fromkeys(texts):
        parts = parts_of(text, judge) if has_joint(text) else []
        if parts:
            found.append(f"{text} -> {' / '.join(part.food for part in parts)}")
    return found


def of_set(name: str, rows: list[dict[str, str]], answers: list[list[Part]]) -> list[tuple[str, str]]:
    """Return the measures of one set of labels, each with its figure."""
    pairs = [(row, parts) for row, parts in zip(rows, answers, strict=True) if row["set"] == name]
    several = [(row, parts) for row, parts in pairs if row["parts"]]
    single = [(row, parts) for row, parts in pairs if not row["parts"]]
    cut = sum(bool(parts) and not right(row, parts) for row, parts in single)
    exact = [(labelled(row["parts"]), told(parts)) for row, parts in several if right(row, parts)]
    same = [one[0] == other[0] for wanted, given in exact for one, other in zip(wanted, given, strict=False)]
    return [
        (f"{name} set: lines of several foods, told apart exactly", share(len(exact), len(several))),
        (f"{name} set: lines of one food (or one dish), wrongly cut", share(cut, len(single))),
        (f"{name} set: parts of those told apart, with the right amount", share(sum(same), len(same))),
    ]


def measure(judge: Judge) -> tuple[list[str], list[str]]:
    """Return the table's lines, and what went wrong."""
    rows = rows_of(LABELS)
    seconds = time.process_time()
    answers = [
        parts_of(row["text"], judge, cell=parse_amount(row["cell"])) if has_joint(row["text"]) else [] for row in rows
    ]
    seconds = time.process_time() - seconds
    wrong = [
        f"{row['text']} -> {told(parts) or 'whole'}"
        for row, parts in zip(rows, answers, strict=True)
        if not right(row, parts)
    ]
    wrong += [
        f"{row['text']}: {told(parts)}, labelled {row['parts']}"
        for row, parts in zip(rows, answers, strict=True)
        if row["parts"] and right(row, parts) and told(parts) != labelled(row["parts"]) and not row["also"]
    ]
    lines = [line for name in dict.fromkeys(row["set"] for row in rows) for line in of_set(name, rows, answers)]
    for name, path, column in (
        ("single foods of `tests/data/diary_lines.csv`", SINGLES, "text"),
        ("terms of a 24-hour recall", RECALL, "term"),
    ):
        if not path.is_file():
            print(f"{path.name} is not here: not measured", file=sys.stderr)
            continue
        known = {row["text"] for row in rows if row["parts"]}
        texts = [row[column] for row in rows_of(path) if row[column] and row[column] not in known]
        bad = wrongly_split(texts, judge)
        wrong += [f"{name}: {text}" for text in bad]
        lines.append((f"{name}, wrongly cut", share(len(bad), len(set(texts)))))
    print(f"{1000 * seconds / len(rows):.1f} ms a line", file=sys.stderr)
    return [f"| {name} | {figure} |" for name, figure in lines], wrong


def main() -> None:
    """Measure, print what went wrong, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", help="print the table instead of writing it")
    options = parser.parse_args()
    foods = load_foods(release="embedded")
    table, wrong = measure(Judge(foods))
    page = "\n".join(
        [
            "# How well lines are told apart",
            "",
            "Written by `python bench/splitting.py`. The rules are in [splitting.md](splitting.md).",
            "",
            "| measured | |",
            "|---|---|",
            *table,
            "",
            "What is wrong, or cut though it is labelled as one food:",
            "",
            *(f"- {text}" for text in wrong),
            "",
        ]
    )
    if options.print:
        print(page)
    else:
        (ROOT / "docs" / "splitting_bench.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
