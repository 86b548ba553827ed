"""Damaged, strange and hostile diaries: thousands of mutated files, and what became of each.

    python bench/fuzz.py [--cases 6000] [--seed 1] [--write]

Every file of `tests/data/exports`, `data/diaries` and, where it lies beside the project, `../shared/diaries` is
mutated again and again: bytes flipped, cut off, rows and columns doubled, dropped, shuffled, cells replaced by what
breaks readers. A case is good where reading ends in a message of nutridiary's own, or in a diary in which every row
that is not blank is an entry or left aside, with its line. A twentieth of the cases goes on to the report.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from nutridiary.analysis import analyze
from nutridiary.diary import read_whole
from nutridiary.diary.files import read_containers
from nutridiary.diary.grid import is_blank
from nutridiary.errors import NutridiaryError

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "tests" / "data" / "exports", ROOT / "data" / "diaries", ROOT.parent / "shared" / "diaries")
MOST_SECONDS = 20.0

STRANGE = (
    "", " ", "0", "-1", "1e309", "-1e309", "nan", "inf", "NaN", "n/a", "1,5", "1.234,5", "1'000", "½", "٣", "１２",
    "−5", "+3", "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "<script>alert(1)</script>", "&#x0;", "\u202e", "\ufeff",
    "\x00", "\x1b[31m", "31/02/2026", "2026-13-45", "0000-00-00", "99999999", "12/13/14", "Feb 30", "24:61", "25:00 PM",
    "9:51 AM ", "\u00a0", '"', '""', "'", "a\nb", "a\r\nb", "x" * 40_000, "1 " * 500, "1/0 cup", "2 x 3 x 4 g",
    "1e6 kg", "0.0000001 g", "1000 IU", "Total", "TOTALS", "Date", "Food Name", "true", "TRUE", "deleted", "#REF!",
    "#N/A", "{{7*7}}", "../../etc/passwd", "99999999999999999999", "11100000", "11100000.0", "1.11e7", "-11100000",
    "Exercise", "🍕", "e\u0301clair", "ﬁsh",
)  # fmt: skip


@dataclass
class Result:
    """What became of the cases: how many ended how, and the cases that should not be."""

    ended: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    slowest: float = 0.0


def corpus() -> list[Path]:
    """Return the files that are mutated."""
    found = [path for folder in FOLDERS if folder.is_dir() for path in sorted(folder.rglob("*")) if path.is_file()]
    other = (".md", ".read.csv")
    return [path for path in found if not path.name.endswith(other) and "LICENSE" not in path.name]


def mutated(content: bytes, random_: random.Random) -> tuple[str, bytes]:
    """Return the name of a mutation and a file's content after it."""
    mutation = random_.choice(MUTATIONS)
    return mutation.__name__.strip("_"), mutation(content, random_)


def _flip_bytes(content: bytes, random_: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(random_.choice((1, 5, 50))):
        if changed:
            changed[random_.randrange(len(changed))] = random_.randrange(256)
    return bytes(changed)


def _cut_off(content: bytes, random_: random.Random) -> bytes:
    return content[: random_.randrange(len(content) + 1)]


def _cut_out(content: bytes, random_: random.Random) -> bytes:
    start = random_.randrange(len(content) + 1)
    return content[:start] + content[start + random_.choice((1, 10, 1000)) :]


def _put_in(content: bytes, random_: random.Random) -> bytes:
    start = random_.randrange(len(content) + 1)
    what = random_.choice(STRANGE).encode("utf-8", errors="surrogatepass") * random_.choice((1, 1, 3))
    return content[:start] + what + content[start:]


def _recode(content: bytes, random_: random.Random) -> bytes:
    text = content.decode("utf-8", errors="replace")
    return text.encode(random_.choice(("utf-16", "utf-16-le", "cp1252", "utf-8-sig", "latin-1")), errors="replace")


def _line_ends(content: bytes, random_: random.Random) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", random_.choice((b"\r", b"\r\n", b"\n\n", b"\r\r\n")))


def _wrap_in_zip(content: bytes, random_: random.Random) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in random_.sample(("servings.csv", "../../x.csv", "a/b.xlsx", "notes.txt", "export.html"), 2):
            archive.writestr(name, _flip_bytes(content, random_) if random_.random() < 0.5 else content)
    return held.getvalue()


def _tabular(change: Callable[[list[list[str]], random.Random], list[list[str]]]) -> Callable[..., bytes]:
    """Return a mutation of the cells of a text table; other files have bytes flipped."""

    def mutate(content: bytes, random_: random.Random) -> bytes:
        try:
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        except (UnicodeDecodeError, csv.Error):
            return _flip_bytes(content, random_)
        held = io.StringIO()
        writer = csv.writer(held, delimiter=random_.choice(",,,,;\t|"), lineterminator="\n")
        try:
            writer.writerows(change(rows, random_))
        except csv.Error:
            return _flip_bytes(content, random_)
        return held.getvalue().encode("utf-8", errors="replace")

    mutate.__name__ = change.__name__
    return mutate


def _strange_cells(rows: list[list[str]], random_: random.Random) -> list[list[str]]:
    for _ in range(random_.choice((1, 3, 20))):
        row = random_.choice(rows) if rows else []
        if row:
            row[random_.randrange(len(row))] = random_.choice(STRANGE)
    return rows


def _strange_column(rows: list[list[str]], random_: random.Random) -> list[list[str]]:
    place = random_.randrange(max((len(row) for row in rows), default=1))
    for row in rows[1:]:
        if place < len(row):
            row[place] = random_.choice(STRANGE)
    return rows


def _rows_about(rows: list[list[str]], random_: random.Random) -> list[list[str]]:
    kind = random_.randrange(5)
    if kind == 0:
        random_.shuffle(rows)
    elif kind == 1:
        rows = rows[random_.randrange(len(rows) + 1) :]
    elif kind == 2:
        rows = rows * random_.choice((2, 5))
    elif kind == 3:
        rows = [row for row in rows if random_.random() < 0.7]
    else:
        rows = [line for row in rows for line in ([row, []] if random_.random() < 0.3 else [row])]
    return rows


def _columns_about(rows: list[list[str]], random_: random.Random) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    order = list(range(width))
    kind = random_.randrange(4)
    if kind == 0:
        random_.shuffle(order)
    elif kind == 1:
        order = [place for place in order if random_.random() < 0.8]
    elif kind == 2:
        order += random_.choices(order or [0], k=3)
    else:
        order.insert(0, width)
    return [[row[place] if place < len(row) else "" for place in order] for row in rows]


def _ragged(rows: list[list[str]], random_: random.Random) -> list[list[str]]:
    return [row[: random_.randrange(len(row) + 1)] if random_.random() < 0.2 else row + ["x"] * (random_.random() < 0.1)
            for row in rows]  # fmt: skip


def _titles_above(rows: list[list[str]], random_: random.Random) -> list[list[str]]:
    return [["My diary"], [], ["Name", random_.choice(STRANGE)], *rows, [], ["Total", "1"], ["Printed on 3 March"]]


def _two_in_one(rows: list[list[str]], random_: random.Random) -> list[list[str]]:
    other = random_.choice(corpus())
    try:
        more = list(csv.reader(io.StringIO(other.read_text("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        more = rows
    return [*rows, [], *more]


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip_bytes,
    _cut_off,
    _cut_out,
    _put_in,
    _recode,
    _line_ends,
    _wrap_in_zip,
    *map(
        _tabular,
        (
            _strange_cells,
            _strange_cells,
            _strange_column,
            _rows_about,
            _columns_about,
            _ragged,
            _titles_above,
            _two_in_one,
        ),
    ),
)


def rows_not_accounted_for(path: Path) -> list[str]:
    """Return the rows of a file, not blank, that are neither an entry nor left aside after reading it.

    Raises
    ------
    NutridiaryError
        If the file cannot be read, which is an answer too.
    """
    diary = read_whole(path)
    seen: dict[str, set[int]] = {}
    whole: set[str] = set()
    tables = (diary.entries, diary.left_aside, diary.products, diary.recipes, diary.own_foods, diary.symptoms)
    for table in (*tables, diary.not_food_days):
        for source, line in table[["source", "line"]].itertuples(index=False, name=None):
            if pd.isna(line):
                whole.add(source)
            else:
                seen.setdefault(source, set()).add(int(line))
    by_format = dict(zip(diary.files["source"], diary.files["format"], strict=True))
    missing = []
    for container in read_containers(path):
        for grid in container.grids:
            # Sheets of people, products and the like tell their own rows; entries of ours keep their first place.
            if by_format.get(grid.source) in ("person", "entries") or {grid.source, container.name} & whole:
                continue
            lines = set()
            for source, numbers in seen.items():
                if source == grid.source or source.startswith(f"{grid.source}:"):
                    lines |= numbers
            missing += [
                f"{grid.source}:{number}"
                for number, row in enumerate(grid.rows, 1)
                if number not in lines and any(not is_blank(cell) for cell in row)
            ]
    return missing


def run(cases: int, seed: int, folder: Path, *, reports: bool = True) -> Result:
    """Mutate and read so many files; return what became of them."""
    result = Result()
    files = corpus()
    random_ = random.Random(seed)
    for case in range(cases):
        original = random_.choice(files)
        name, content = mutated(original.read_bytes(), random_)
        path = folder / f"case{random_.choice(('.csv', '.xlsx', original.suffix, ''))}"
        path.write_bytes(content)
        started = time.process_time()
        try:
            ended = _outcome(path, folder, report=reports and case % 20 == 0)
        except Exception as error:
            ended = f"traceback: {type(error).__name__}"
            where = traceback.extract_tb(error.__traceback__)[-1]
            result.bad.append(
                f"case {case} ({original.name}, {name}): {error!r} at {where.filename}:{where.lineno}"[:300]
            )
        seconds = time.process_time() - started
        result.slowest = max(result.slowest, seconds)
        if ended.startswith("lost") or seconds > MOST_SECONDS:
            result.bad.append(f"case {case} ({original.name}, {name}): {ended}, {seconds:.1f} s")
        result.ended[ended.split(":")[0]] += 1
        path.unlink()
    return result


def _outcome(path: Path, folder: Path, *, report: bool) -> str:
    try:
        missing = rows_not_accounted_for(path)
        if missing:
            return f"lost rows: {', '.join(missing[:5])}"
        if report:
            output = folder / "report.xlsx"
            analyze(path).to_excel(output)
            output.unlink()
            return "report"
    except NutridiaryError as error:
        return "message" if str(error).strip() else "lost: a message without words"
    return "read"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write docs/fuzz_bench.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = run(asked.cases, asked.seed, Path(folder))
    lines = [f"- {ended}: {number}" for ended, number in sorted(result.ended.items())]
    print("\n".join([*lines, f"slowest case {result.slowest:.1f} s CPU", *result.bad[:40]]))
    if asked.write:
        text = f"""# Mutated diaries

{asked.cases:,} files made from {len(corpus())} by `bench/fuzz.py` (seed {asked.seed}): bytes flipped or cut, cells,
rows and columns replaced, doubled, shuffled, recoded, wrapped in archives. "message" is a file refused in words; "read"
and "report" are diaries in which every row that is not blank is an entry or left aside with its line.

| ended | cases |
|---|---|
""" + "".join(f"| {ended} | {number:,} |\n" for ended, number in sorted(result.ended.items()))
        text += f"\nNot as it should be: {len(result.bad)}.\n"
        (ROOT / "docs" / "fuzz_bench.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
