"""The page that says what was understood of a diary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from web_visits import Visit

THIRTY_DAYS = Path(__file__).parents[1] / "data" / "diaries" / "thirty_days.csv"


def test_uploaded_diary_is_told_in_days_and_lines(visit: Visit) -> None:
    diary = visit.upload(THIRTY_DAYS)
    found = visit.json(f"/api/diaries/{diary}/reading")
    assert (len(found["days"]), found["lines"]) == (30, 450)


def test_diary_of_another_visitor_is_not_found(visit: Visit, web_address: str) -> None:
    from web_visits import Visit

    diary = visit.upload(THIRTY_DAYS)
    with Visit(web_address) as stranger:
        assert stranger.get(f"/diaries/{diary}/reading").status_code == 404
        assert stranger.get(f"/api/diaries/{diary}/reading").status_code == 404
