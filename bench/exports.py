"""Made-up exports with a truth beside them: every row accounted for, sums of a day as the export's own.

    python bench/exports.py

Six people's Cronometer servings with their daily summaries, in the headings of three generations, and one
person's ASA24 items with their totals: random values with blanks and zeros, summed in decimals beside the
reading. The headings are those of the files in `tests/data/exports`; no value is real.
"""

from __future__ import annotations

import csv
import random
import tempfile
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from nutridiary.diary import read_whole
from nutridiary.diary.recorded import recorded_units
from nutridiary.diary.totals_check import recorded_totals_check

EXPORTS = Path(__file__).parents[1] / "tests" / "data" / "exports"
GENERATIONS = ("2011", "2020", "newest")
DAYS, LINES = 120, 17
FOODS = (
    ("Eggs, Cooked", "2.00 medium"),
    ("Milk, Whole", "244.00 g"),
    ("Rice, White", "1.00 cup"),
    ("Tap Water", "1 cup"),
)
ASA24_TOTALLED = ("KCAL", "PROT", "CALC", "MAGN", "POTA", "VITD", "VB12", "SODI", "ZINC")


def header_of(name: str) -> list[str]:
    """Return the headings of a tracked example."""
    with (EXPORTS / name).open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def value(random_: random.Random, decimals: str = "0.01") -> str:
    """Return a value as an export writes it: some blank, some zero."""
    kind = random_.random()
    return (
        ""
        if kind < 0.15
        else "0.00"
        if kind < 0.3
        else str(Decimal(random_.uniform(0, 400)).quantize(Decimal(decimals)))
    )


def write(path: Path, rows: list[list[str]]) -> None:
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def cronometer(folder: Path, generation: str, random_: random.Random) -> tuple[Path, Path]:
    """Write a person's servings and the daily summary of them; return where they are."""
    header = header_of(f"cronometer_servings_{generation}.csv")
    places = [place for place, name in enumerate(header) if name.endswith(")")]
    rows, totals = [header], []
    for number in range(DAYS):
        day = (date(2025, 1, 1) + timedelta(days=number)).isoformat()
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for _ in range(LINES):
            food, amount = random_.choice(FOODS)
            row = [{"Day": day, "Food Name": food, "Amount": amount, "Group": "Lunch"}.get(name, "") for name in header]
            for place in places:
                row[place] = value(random_)
                sums[place] += Decimal(row[place] or 0)
            rows.append(row)
        totals.append([day, *(str(sums[place]) for place in places), "true"])
    servings, summary = folder / "servings.csv", folder / "dailysummary.csv"
    write(servings, rows)
    write(summary, [["Date", *(header[place] for place in places), "Completed"], *totals])
    return servings, summary


def asa24(folder: Path, random_: random.Random) -> tuple[Path, Path]:
    """Write a person's items and the totals of them; return where they are."""
    header, total_header = header_of("asa24_items_2020.csv"), header_of("asa24_totals_2020.csv")
    with (EXPORTS / "asa24_items_2020.csv").open(encoding="utf-8-sig", newline="") as file:
        example = next(csv.DictReader(file))
    rows, sums = [header], dict.fromkeys(ASA24_TOTALLED, Decimal())
    for number in range(LINES):
        item = (
            example | {"FoodNum": str(number + 1)} | {name: value(random_, "0.001") or "0" for name in ASA24_TOTALLED}
        )
        for name in ASA24_TOTALLED:
            sums[name] += Decimal(item[name])
        rows.append([item[name] for name in header])
    # What was not drawn is left blank in the totals: unknown, so that it is not compared.
    about = {name: example.get(name, "") for name in total_header[: total_header.index("KCAL")]}
    total = about | {name: str(amount) for name, amount in sums.items()}
    items, totals = folder / "Items.csv", folder / "Totals.csv"
    write(items, rows)
    write(totals, [total_header, [total.get(name, "") for name in total_header]])
    return items, totals


def held(what: str, paths: tuple[Path, Path], tolerance: float) -> str:
    """Read two files together and say how the lines add up to the totals."""
    diary = read_whole(paths)
    files, check = diary.files, recorded_totals_check(diary.entries)
    rows, accounted = int(files["rows"].sum()), int((files["entries"] + files["left_aside"]).sum())
    both = check[check["sum_of_lines"].notna() & check["own_total"].notna()]
    apart = both["difference"].abs()
    units = both["nutrient"].map(recorded_units())
    assert (units == both["unit"]).all()
    return (
        f"{what}: {accounted:,} of {rows:,} rows accounted for; {(apart <= tolerance).sum():,} of {len(both):,} sums "
        f"within {tolerance:g} of the export's own, largest difference {apart.max():.1e}"
    )


def main() -> None:
    """Run from the command line."""
    random_ = random.Random(4)
    with tempfile.TemporaryDirectory() as folder:
        for person in range(6):
            generation = GENERATIONS[person % len(GENERATIONS)]
            files = cronometer(Path(folder), generation, random_)
            print(held(f"Cronometer, person {person + 1} ({generation})", files, 0.06))
        print(held("ASA24, items and totals", asa24(Path(folder), random_), 1e-9))


if __name__ == "__main__":
    main()
