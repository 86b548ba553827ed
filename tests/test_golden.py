"""Diaries as people keep them, and what became of every line, read by a person as a table.

``pytest tests/test_golden.py --update-golden`` writes the tables anew; read the difference
before it is kept, and note in the CHANGELOG what moves an intake.
"""

from pathlib import Path

import pandas as pd
import pytest

from nutridiary.analysis import weighed_entries
from nutridiary.tables import numbered_lines

GOLDEN = Path(__file__).parent / "data" / "golden"
DIARIES = sorted(path for path in GOLDEN.glob("*.csv") if not path.name.endswith(".entries.csv"))
SHOWN = [
    "line",
    "date",
    "food_text",
    "amount",
    "unit",
    "kind",
    "food_code",
    "food_description",
    "gram_weight",
    "gram_low",
    "gram_high",
    "weight_method",
    "problem",
    "note",
]


@pytest.mark.parametrize("diary", DIARIES, ids=lambda path: path.stem)
def test_every_line_becomes_what_it_became_before(diary: Path, update_golden: bool) -> None:
    entries = numbered_lines(weighed_entries(diary))[SHOWN]
    found = entries.to_csv(index=False, date_format="%Y-%m-%d", float_format="%.6g", lineterminator="\n")
    golden = diary.with_suffix(".entries.csv")
    if update_golden:
        golden.write_text(found, encoding="utf-8")
    expected = golden.read_text(encoding="utf-8")
    pd.testing.assert_frame_equal(
        pd.DataFrame(found.splitlines(), columns=["entry"]), pd.DataFrame(expected.splitlines(), columns=["entry"])
    )
