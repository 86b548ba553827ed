"""Rebuild every shipped table from the official releases, and the index of them, data/README.md.

    python tools/build_data.py FOLDER     rebuild; FOLDER holds the releases, see docs/data.md
    python tools/build_data.py            only write the index again
    python tools/build_data.py --check    change nothing; exit 1 where index and tables disagree

A table whose sources are not in FOLDER is left as it is, and named. What each table is stands in
data/contents.csv; sizes and sha256 are measured.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
INDEX, CONTENTS = "README.md", "contents.csv"
MAX_BYTES = 15 * 1000**2


@dataclass(frozen=True)
class Builder:
    """One script, the source it needs inside the releases' folder, and its arguments."""

    script: str
    needs: str
    arguments: Callable[[Path], list[str]]


# In this order: the index for matching is made from the tables before it.
BUILDERS = (
    Builder("build_fdc.py", ".", lambda folder: [str(folder)]),
    Builder("build_food_twins.py", ".", lambda _: []),
    Builder("build_references.py", "reference/nasem_dri.csv", lambda folder: [str(folder)]),
    Builder("build_daily_values.py", "reference/fda_daily_values.csv", lambda folder: [str(folder)]),
    Builder("build_within_person.py", "reference/within_person_variance_nhanes.csv", lambda folder: [str(folder)]),
    Builder("build_usual_intake_models.py", "nhanes", lambda folder: ["--shared", str(folder)]),
    Builder("build_eating_frequency.py", "nhanes", lambda folder: ["--shared", str(folder)]),
    Builder("build_category_bounds.py", ".", lambda _: []),
    Builder("build_twin_bounds.py", ".", lambda _: []),
    Builder("build_crosswalk.py", "nhanes", lambda folder: ["--shared", str(folder)]),
    Builder("build_matching_index.py", ".", lambda _: []),
)

_HEAD = """# Shipped tables

Written by `tools/build_data.py` from `contents.csv` and the files themselves: do not edit.
How to rebuild, and what to know about the food data, stands in [docs/data.md](../docs/data.md).

"""


def rebuild(folder: Path) -> bool:
    """Run every builder whose sources are there; return whether all that ran succeeded."""
    for builder in BUILDERS:
        script = ROOT / "tools" / builder.script
        if not script.is_file() or not (folder / builder.needs).exists():
            missing = builder.needs if script.is_file() else script.name
            print(f"{builder.script}: not run, {folder} has no {missing}. Its table stays as it is.", file=sys.stderr)
            continue
        print(f"{builder.script} ...", flush=True)
        if subprocess.run([sys.executable, str(script), *builder.arguments(folder)], check=False).returncode:
            return False
    return True


def problems(data: Path) -> list[str]:
    """Return what is wrong with the tables: unlisted, missing, too large, or not as the index says."""
    listed = {row["file"] for row in read_contents(data)}
    shipped = {name for name in shipped_files(data) if name not in (INDEX, CONTENTS)}
    advice = "Add what it is and where it comes from."
    found = [f"data/{name}: not listed in data/{CONTENTS}. {advice}" for name in sorted(shipped - listed)]
    found += [f"data/{name}: listed in data/{CONTENTS}, but not there." for name in sorted(listed - shipped)]
    total = sum((data / name).stat().st_size for name in shipped)
    if total > MAX_BYTES:
        found.append(f"data: {total:,} bytes, more than the {MAX_BYTES:,} that may be shipped.")
    index = data / INDEX
    if not found and (not index.is_file() or index.read_text(encoding="utf-8") != render(data)):
        found.append(f"data/{INDEX} is not what the tables say. Run: python tools/build_data.py")
    return found


def shipped_files(data: Path) -> list[str]:
    """Return every file below `data`, hidden ones aside."""
    files = (path.relative_to(data) for path in sorted(data.rglob("*")) if path.is_file())
    return [file.as_posix() for file in files if not any(part.startswith(".") for part in file.parts)]


def read_contents(data: Path) -> list[dict[str, str]]:
    """Return what is written about each table."""
    with (data / CONTENTS).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def render(data: Path) -> str:
    """Return the index as Markdown."""
    columns = ["file", "what", "source", "release", "licence", "built by", "rows", "bytes", "sha256"]
    rows = []
    for row in read_contents(data):
        path = data / row["file"]
        source = f"<{row['source']}>" if row["source"] else ""
        built_by = f"`{row['built_by']}`" if row["built_by"] else "by hand"
        measured = [count_rows(path), f"{path.stat().st_size:,}", f"`{sha256(path)}`"]
        rows.append([f"`{row['file']}`", row["what"], source, row["release"], row["licence"], built_by, *measured])
    return _HEAD + table(columns, rows) + "\n## What the food database was read from\n\n" + read_from(data)


def read_from(data: Path) -> str:
    """Return the files of the releases in the food database, as a table."""
    sql = "SELECT release, file, bytes, sha256 FROM release_file JOIN release USING (release_id) ORDER BY 1, 2"
    with closing(sqlite3.connect((data / "fdc" / "foods.sqlite").as_uri() + "?mode=ro", uri=True)) as database:
        rows = database.execute(sql).fetchall()
    return table(
        ["release", "file", "bytes", "sha256"],
        [[release, f"`{file}`", f"{size:,}", f"`{digest}`"] for release, file, size, digest in rows],
    )


def table(columns: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


def count_rows(path: Path) -> str:
    """Return how many rows a table has: of a CSV file its records, of the database its foods."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            return f"{sum(1 for _ in csv.reader(stream)) - 1:,}"
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)) as database:
            return f"{database.execute('SELECT count(*) FROM food').fetchone()[0]:,}"
    return ""


def sha256(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    arguments = parser.parse_args()
    if arguments.check and arguments.folder:
        parser.error("--check takes no FOLDER: it compares what is there")
    if arguments.folder and not arguments.folder.is_dir():
        parser.error(f"{arguments.folder}: no such folder")
    if arguments.folder and not rebuild(arguments.folder.resolve()):
        return 1
    found = problems(DATA)
    if not arguments.check and not [problem for problem in found if INDEX not in problem]:
        (DATA / INDEX).write_text(render(DATA), encoding="utf-8")
        found = problems(DATA)
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
