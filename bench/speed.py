"""What each step of a 30-day, 450-line diary costs, from a cold start to the workbook.

    python bench/speed.py [DIARY]

Prints CPU seconds (all threads and children) and the share of each step. Nothing is kept from
one run to the next: each run is a new process, and the best of three is shown.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3

_ONE_RUN = """
import json, sys, time
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
analysis.to_excel(sys.argv[2])
mark("end")
steps = [(step, later - at) for (step, at), (_, later) in zip(marks, marks[1:])]
print(json.dumps({"steps": steps, "lines": len(analysis.entries)}))
"""


def measure(diary: Path) -> dict:
    """Run the steps in a new process and return what each cost [CPU s]."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _ONE_RUN, str(diary), str(Path(folder) / "report.xlsx")]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(run.stdout.splitlines()[-1])


def main(diary: Path) -> None:
    """Print the table of the best of several runs."""
    best = min((measure(diary) for _ in range(RUNS)), key=lambda run: sum(cost for _, cost in run["steps"]))
    total = sum(cost for _, cost in best["steps"])
    print(f"{diary.name}: {best['lines']} lines, {total:.2f} s of CPU from a cold start to the workbook (goal 3)\n")
    for name, cost in best["steps"]:
        print(f"  {name:<22} {cost:6.3f} s  {100 * cost / total:5.1f} %")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data" / "diaries" / "thirty_days.csv")
