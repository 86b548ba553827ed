"""What each step of a 30-day, 450-line diary costs, from a cold start to the workbook, and what a year costs.

    python bench/speed.py [DIARY]

Prints CPU seconds (all threads and children), the share of each step and the most memory that was held. Nothing is kept
from one run to the next: each run is a new process, and the best of three is shown. The year is made of an app's
export of a few days, whose lines are drawn 25 a day; without `../shared`, where that lies, it is left out, and said so.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3
EXPORT = ROOT.parent / "shared" / "diaries" / "cronometer" / "servings_2020_style.csv"
DAYS, LINES_A_DAY = 365, 25

_ONE_RUN = """
import json, resource, sys, time
marks = [("start Python", 0.0)]
def mark(step, lines=0):
    marks.append((step, time.process_time()))
mark("import nutridiary")
import nutridiary
mark("import pandas")
import pandas
mark("import the steps")
import nutridiary.analysis
analysis = nutridiary.analyze(sys.argv[1], nutridiary.Person(sex="female", age_years=34), progress=mark)
mark("writing the workbook")
from nutridiary.report import to_excel
to_excel(analysis, sys.argv[2], live=sys.argv[3] == "live")
mark("end")
steps = [(step, later - at) for (step, at), (_, later) in zip(marks, marks[1:])]
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"steps": steps, "lines": len(analysis.entries), "megabytes": most}))
"""


def measure(diary: Path, kind: str) -> dict:
    """Run the steps in a new process and return what each cost [CPU s]."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _ONE_RUN, str(diary), str(Path(folder) / "report.xlsx"), kind]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(run.stdout.splitlines()[-1])


def write_year(path: Path) -> None:
    """Write a year of an app's export, made of the lines of a few days."""
    with EXPORT.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    chosen = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(header)
        for number in range(DAYS):
            day = (dt.date(2025, 1, 1) + dt.timedelta(days=number)).isoformat()
            table.writerows([day, *row[1:]] for row in chosen.sample(rows, LINES_A_DAY))


def show(diary: Path, kind: str, goal: str) -> None:
    """Print the table of the best of several runs."""
    best = min((measure(diary, kind) for _ in range(RUNS)), key=lambda run: sum(cost for _, cost in run["steps"]))
    total = sum(cost for _, cost in best["steps"])
    print(
        f"{diary.name}, {kind} workbook: {best['lines']} lines, {total:.2f} s of CPU from a cold start "
        f"to the workbook, {best['megabytes']:.0f} MB at most ({goal})\n"
    )
    for name, cost in best["steps"]:
        print(f"  {name:<22} {cost:6.3f} s  {100 * cost / total:5.1f} %")
    print()


def main(diary: Path) -> None:
    """Show what a month costs, and a year."""
    show(diary, "plain", "goal 3 s")
    if not EXPORT.exists():
        print(f"No year is measured: {EXPORT} is not there.")
        return
    with tempfile.TemporaryDirectory() as folder:
        year = Path(folder) / "year.csv"
        write_year(year)
        show(year, "plain", "goal 10 s and 400 MB")
        show(year, "live", "no goal")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data" / "diaries" / "thirty_days.csv")
