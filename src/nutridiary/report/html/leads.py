"""Where figures lead. In a page that stands alone, nowhere; a page among others has others to lead to."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from nutridiary.report.html.cells import Row

Shown = Markup | str | None


class Leads:
    """Where the figures of a person's part lead: nowhere. Who shows that part among other pages says where.

    Attributes
    ----------
    about_sheets : markupsafe.Markup
        What the sheets and options are that remarks speak of; empty where each is told in its remark.
    correct : markupsafe.Markup
        What to do about lines that were left out.
    earlier_days : markupsafe.Markup
        Where the days are that are not shown.
    """

    about_sheets = Markup("Sheets are those of the workbook, the fuller form of this report.")
    correct = Markup("Correct them in the diary and run the analysis again.")
    earlier_days = Markup("Earlier days are in the workbook, sheet Daily.")

    def remark(self, shown: Markup) -> Markup:
        """Return a remark on the whole or a caution, with links to what it speaks of."""
        return shown

    def person(self, place: int, shown: Shown) -> Markup:
        """Return a person's name with a link to their part."""
        return _plain(shown)

    def mean(self, nutrient: str, shown: Shown) -> Markup:
        """Return a mean, or the name of a nutrient, with a link to how the mean came about."""
        return _plain(shown)

    def reference(self, nutrient: str, shown: Shown) -> Markup:
        """Return a reference figure with a link to where it is from."""
        return _plain(shown)

    def day(self, day: dt.date, shown: Shown) -> Markup:
        """Return a day with a link to its lines."""
        return _plain(shown)

    def day_of(self, nutrient: str, day: dt.date, shown: Shown) -> Markup:
        """Return a day with a link to the lines that gave a nutrient on it."""
        return _plain(shown)

    def day_amount(self, nutrient: str, day: dt.date, shown: Shown) -> Markup:
        """Return what a day gave of a nutrient with a link to the lines that gave it."""
        return _plain(shown)

    def lines(self, which: str, shown: Shown) -> Markup:
        """Return a number of lines (counted, to_review, left_out) with a link to them."""
        return _plain(shown)

    def line(self, row: Row, shown: Shown) -> Markup:
        """Return what names a line with a link to where it can be put right."""
        return _plain(shown)


def _plain(shown: Shown) -> Markup:
    return Markup("") if shown is None else escape(shown)
