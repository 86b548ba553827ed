"""Exports of apps and recalls in the exact layout of each, and what is read from them.

The files in ``tests/data/exports`` are made up. A file is named after the reader it belongs to:
``cronometer_servings_2020.csv``. Beside it stands what is read, one line per row of the file, entries and
rows left aside: ``pytest tests/test_exports.py --update-golden`` writes it anew; read it before it is kept.
"""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from nutridiary.diary.files import read_containers
from nutridiary.diary.readers import READERS
from nutridiary.diary.reading import filled_rows
from nutridiary.diary.whole import Diary, read_whole
from nutridiary.tables import RECORDED

EXPORTS = Path(__file__).parent / "data" / "exports"
GOLDEN = ".read.csv"
FILES = sorted(path for path in EXPORTS.iterdir() if path.is_file() and not path.name.endswith(GOLDEN))
SHOWN = [
    "date",
    "time",
    "person_id",
    "eating_occasion",
    "kind",
    "food_text",
    "brand",
    "amount",
    "amount_low",
    "amount_high",
    "unit",
    "amount_text",
    "stated_food_code",
    "stated_fdc_id",
    "single_food",
    "problem",
    "note",
    "recorded",
]

every_export = pytest.mark.parametrize("export", FILES, ids=lambda path: path.name)


@every_export
def test_read_whole_of_an_export_gives_what_it_gave_before(export: Path, update_golden: bool) -> None:
    found = as_text(read_whole(export))
    golden = export.with_name(export.name + GOLDEN)
    if update_golden:
        golden.write_text(found, encoding="utf-8")
    expected = golden.read_text(encoding="utf-8")
    pd.testing.assert_frame_equal(
        pd.DataFrame(found.splitlines(), columns=["row"]), pd.DataFrame(expected.splitlines(), columns=["row"])
    )


@every_export
def test_an_export_is_claimed_by_the_reader_its_name_begins_with_and_no_other(export: Path) -> None:
    named = export.name.partition("_")[0]
    claims = {
        reader.name
        for container in read_containers(export)
        for reader in READERS[:-1]
        if container.grids and reader.identify(container.grids)
    }
    assert claims == ({named} if named != READERS[-1].name else set())


@every_export
def test_every_row_of_an_export_is_an_entry_or_left_aside_with_a_reason(export: Path) -> None:
    diary = read_whole(export)
    rows = pd.concat([diary.entries[["source", "line"]], diary.left_aside[["source", "line"]]])
    seen = {(file_of(diary, source), line) for source, line in rows.itertuples(index=False)}
    whole = {source for source, line in seen if pd.isna(line)}
    for container in read_containers(export):
        for grid in container.grids:
            if grid.source not in whole:
                assert {(grid.source, line) for line in filled_rows(grid)} <= seen
    assert diary.left_aside["reason"].notna().all()
    assert not diary.left_aside["reason"].str.contains("nothing here was read").any()


def file_of(diary: Diary, source: str) -> str:
    """Return the file or sheet a source stands for: a reader may add to it where a row gives several entries."""
    files = [name for name in diary.files["source"] if source == name or source.startswith(f"{name}:")]
    return max(files, key=len, default=source)


def as_text(diary: Diary) -> str:
    """Return a diary as lines of text: what each row became, entries and rows left aside in the order of the file."""
    rows = []
    recorded = [name for name in diary.entries.columns if name.startswith(RECORDED)]
    for entry in diary.entries.to_dict("records"):
        values = [f"{name.removeprefix(RECORDED)}={entry[name]:.6g}" for name in recorded if not pd.isna(entry[name])]
        rows.append({**entry, "became": "entry", "recorded": " ".join(values)})
    rows += [
        {**aside, "became": "left aside", "food_text": aside["text"], "note": aside["reason"]}
        for aside in diary.left_aside.to_dict("records")
    ]
    rows.sort(key=lambda row: (row["source"], 0 if pd.isna(row["line"]) else row["line"]))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["source", "line", "became", *SHOWN])
    for row in rows:
        writer.writerow([shown(row.get(name)) for name in ("source", "line", "became", *SHOWN)])
    return text.getvalue()


def shown(cell: object) -> str:
    """Return one cell of the table: nothing for what is missing, days without a clock."""
    if cell is None or pd.isna(cell) or cell is False:  # type: ignore[call-overload]
        return ""
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}"
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
