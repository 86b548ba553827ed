"""Where the figures of the results lead: to how they came about, to their lines, to the review."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from markupsafe import Markup, escape

from nutridiary.report.html.leads import Leads
from nutridiary.tables import NOT_EATEN
from nutridiary.web.steps.review import row_name

if TYPE_CHECKING:
    from nutridiary.report.html.cells import Row
    from nutridiary.report.html.leads import Shown

_IN_REMARKS = (
    (
        re.compile(r" To leave out such days: --leave-out-incomplete\."),
        ' Leave them out of the means under <a href="{base}/people#counts">What counts</a>.',
    ),
    (re.compile(r" \(--leave-out-incomplete\)"), ' under <a href="{base}/people#counts">What counts</a>'),
    (re.compile(r" \(--values recorded(-first)?\)"), ""),
    (re.compile(r": --values recorded\."), ', choose so under <a href="{base}/people#counts">What counts</a>.'),
    (re.compile(r"\bsheet Symptoms\b"), '<a href="#symptoms-{place}">Symptoms beside what was eaten</a>'),
    (
        re.compile(
            r"\bsheet (Days|Summary|Problems|Confidence|Supplements|Recorded values|What changes with the edition)\b"
        ),
        r'sheet \1 of the <a href="{base}/downloads/report.xlsx">Excel report</a>',
    ),
)
"""What remarks say of options and sheets, and how the page says it."""

_DATA_OF = re.compile(r' data-of="[^"]*"')


class PageLeads(Leads):
    """Links between the pages of one diary, for one of its people.

    A figure in a table of many leads somewhere by mouse alone (``tabindex="-1"``) where the head of its row or column
    leads there from the keyboard: else a table of days would be a hundred stops.
    """

    def __init__(self, folder: Path, place: int) -> None:
        """Take the folder of a diary, which has its name, and a person's place."""
        self._base, self._place = f"/diaries/{folder.name}", place
        self.about_sheets = Markup("")
        self.correct = Markup('<a href="{}/review?show=left_out">Put them right in the review</a>.').format(self._base)
        self.earlier_days = Markup(
            "Earlier days are in the workbook, sheet Daily, and nutrient by nutrient behind each mean."
        )

    def remark(self, shown: Markup) -> Markup:
        """Return a remark or a caution with the page's own ways in place of options of the command line and sheets."""
        said = str(shown)
        for pattern, words in _IN_REMARKS:
            said = pattern.sub(words.format(base=self._base, place=self._place), said)
        # What was put in other words is no longer the text of the report's own table.
        return Markup(said if said == shown else _DATA_OF.sub("", said))  # noqa: S704

    def person(self, place: int, shown: Shown) -> Markup:
        """Return a person's name with a link to their part."""
        return _link(f"{self._base}/results?person={place}#chosen", shown)

    def mean(self, nutrient: str, shown: Shown) -> Markup:
        """Return a mean, or the name of a nutrient, with a link to how the mean came about."""
        return _link(self._working(nutrient), shown)

    def reference(self, nutrient: str, shown: Shown) -> Markup:
        """Return a reference figure with a link to where it is from."""
        return _link(self._working(nutrient, at="held-against"), shown)

    def day(self, day: dt.date, shown: Shown) -> Markup:
        """Return a day with a link to its lines."""
        return _link(self._lines(day=f"{day:%Y-%m-%d}"), shown)

    def day_of(self, nutrient: str, day: dt.date, shown: Shown) -> Markup:
        """Return a day with a link to the lines that gave a nutrient on it."""
        return _link(self._of_day(nutrient, day), shown)

    def day_amount(self, nutrient: str, day: dt.date | None, shown: Shown) -> Markup:
        """Return what a day gave of a nutrient with a link to the lines that gave it."""
        return _link(self._working(nutrient) if day is None else self._of_day(nutrient, day), shown, by_mouse=True)

    def lines(self, which: str, shown: Shown) -> Markup:
        """Return a number of lines (counted, to_review, left_out) with a link to them."""
        return _link(self._lines(which=which), shown)

    def line(self, row: Row, shown: Shown) -> Markup:
        """Return what names a line with a link to its text in the review; of what is not eaten there is none."""
        text = row["food_text"]
        if text is None or row.values.get("kind") in (*NOT_EATEN, "supplement"):
            return _link("", shown)
        name = row_name(text, row.values.get("brand") or "")
        return _link(f"{self._base}/review?row={name}", shown)

    def _of_day(self, nutrient: str, day: dt.date) -> str:
        return self._working(nutrient, at="lines", day=f"{day:%Y-%m-%d}")

    def _working(self, nutrient: str, at: str = "", **asked: str) -> str:
        return self._address(f"working/{nutrient}", asked) + (f"#{at}" if at else "")

    def _lines(self, **asked: str) -> str:
        return self._address("lines", asked)

    def _address(self, page: str, asked: dict[str, str]) -> str:
        return f"{self._base}/results/{page}?{urlencode({'person': self._place, **asked})}"


def _link(address: str, shown: Shown, *, by_mouse: bool = False) -> Markup:
    if not shown:
        return Markup("")
    if not address:
        return escape(shown)
    stop = Markup(' tabindex="-1"') if by_mouse else Markup("")
    return Markup('<a href="{}"{}>{}</a>').format(address, stop, shown)
