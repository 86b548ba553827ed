"""What branded foods cost: how long their database takes to build, in how much memory, and how quickly it answers.

    python bench/branded.py [--rows 2000000] [--layout csv|json] [--versions 4.4] [--folder FOLDER]

Made-up foods are written in the official layout first (`branded_release`), always the same ones. The full download has
about 2,000,000 rows, several versions of a product each; with ``--versions 1`` every row is a product of its own,
which makes every search as hard as can be. Times are of a clock, memory is the most that the process held.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from branded_release import made_up_products, write_csv, write_json

TRIES = 5
SEARCHES: list[tuple[str, dict[str, Any]]] = [
    ("cheddar cheese", {}),
    ("chocolate milk", {}),
    ("milk", {}),
    ("chocolat mlik", {}),
    ("chees mlik coffe breda", {}),
    ("a", {}),
    ("c", {"unfinished": True}),
    ("cheddar ch", {"unfinished": True}),
    ("chocolate milk c", {"unfinished": True}),
    ("cheddar cheese", {"brand": "Foods"}),
    ("hummus lemonade", {}),
    ("foods farms", {}),
    ("xyzzy qwrt", {}),
    ("organic gluten free hot sea salt chocolate milk family size peppermint", {}),
]

_BUILD = """
import json, resource, sys, time
from pathlib import Path
from nutridiary.fdc.branded.build import build_branded
start, steps = time.perf_counter(), {}
def told(step, done, of):
    steps.setdefault(step, time.perf_counter() - start)
counts = build_branded(Path(sys.argv[1]), Path(sys.argv[2]), told)
steps["end"] = time.perf_counter() - start
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"steps": steps, "megabytes": most, "foods": counts.foods, "products": counts.products,
                  "values": counts.values, "cpu": time.process_time()}))
"""


def main() -> None:
    """Write the release, build the database, ask it, and print what that took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--versions", type=float, default=4.4)
    parser.add_argument("--layout", choices=["csv", "json"], default="csv")
    parser.add_argument("--folder", type=Path, help="keep the release and the database here, and use what is here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        source = folder / f"FoodData_Central_branded_food_{asked.layout}_2026-04-30.zip"
        if not source.exists():
            write = write_csv if asked.layout == "csv" else write_json
            write(source, made_up_products(asked.rows, asked.versions))
        build(source, folder / "branded.sqlite")
        ask(folder / "branded.sqlite")


def build(source: Path, path: Path) -> None:
    """Build the database in a process of its own, and print what each step took."""
    command = [sys.executable, "-c", _BUILD, str(source), str(path)]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    print(f"{told['foods']:,} foods of {told['products']:,} products, {told['values']:,} values, from {source.name}")
    print(f"  downloaded {source.stat().st_size / 1e6:7.0f} MB, database {path.stat().st_size / 1e6:.0f} MB")
    print(f"  built in {told['steps']['end']:9.1f} s ({told['cpu']:.1f} s CPU), {told['megabytes']:.0f} MB memory")
    steps = list(told["steps"].items())
    for (step, begun), (_, ended) in pairwise(steps):
        print(f"    {step:26}{ended - begun:8.1f} s")
    tables = sqlite3.connect(path).execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY 1 ORDER BY 2 DESC LIMIT 6")
    print("  " + ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in tables))


def ask(path: Path) -> None:
    """Print how long opening, searching, looking up and reading take: the first time, and in the middle of several."""
    from nutridiary.fdc.branded import BrandedDatabase

    def show(what: str, call: Callable[[], Any]) -> None:
        times = []
        for _ in range(TRIES):
            start = time.perf_counter()
            call()
            times.append((time.perf_counter() - start) * 1000)
        print(f"  {what:60.60}{times[0]:8.1f}{sorted(times)[TRIES // 2]:8.1f} ms")

    database = BrandedDatabase(path)
    database.search("pandas is loaded with the first table")
    print(f"  {'':60}{'first':>8}{'median':>8}")
    show("open", lambda: BrandedDatabase(path).release)
    for text, more in SEARCHES:
        words = "".join(f", {name} {value}" for name, value in more.items())
        show(f"search {text[:40]!r}{words}", lambda text=text, more=more: database.search(text, **more))
    some = database.search("cheddar cheese", limit=100)
    gtins, fdc_ids = iter(some["gtin"]), some["fdc_id"].to_list()
    show("by barcode, another each time", lambda: database.by_barcode([next(gtins)]))
    show("tables of one food", lambda: database.tables(fdc_ids[:1]))
    show(f"tables of {len(fdc_ids)} foods", lambda: database.tables(fdc_ids))


if __name__ == "__main__":
    main()
