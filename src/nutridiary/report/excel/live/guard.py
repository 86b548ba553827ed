"""The hidden sheet that formulas rest on: words, figures as they were analysed, and whether one of them was changed."""

from __future__ import annotations

from collections.abc import Iterable

from nutridiary.report.excel import looks
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.sheet_xml import Formula

LIVE = "Live"
CHANGED = "figures_changed"
"""The name of the cell that says whether a figure of the workbook is no longer as it was analysed."""
SAME = "1E-9"  # figures closer than this to each other, relative to their size, are the same
OUTDATED = "Figures were changed: run nutridiary again"
_SHEET_OUTDATED = "Figures were changed in this workbook: this sheet is as before. Run nutridiary again."
_FIRST_WORD, _FIRST_CHECK = 4, 4
_WORDS, _CHECKS = 1, 3  # columns


class Guard:
    """Words and checks, each in a cell of its own.

    Text is never part of a formula: it may be of any length and hold anything.
    """

    def __init__(self, page: Page) -> None:
        """Begin the hidden sheet."""
        self.page = page
        self._words: dict[str, str] = {}
        self._checks = _FIRST_CHECK
        page.put(1, 1, "What the formulas of this workbook rest on", looks.TITLE)
        page.put(2, 1, "Whether a figure was changed", looks.TEXT)
        page.put(3, _WORDS, "Words", looks.HEADER)
        page.put(3, _CHECKS, "Changed", looks.HEADER)
        page.sheet.sheet_state = "hidden"

    def words(self, text: str) -> str:
        """Return the cell that holds a text."""
        if text not in self._words:
            row = _FIRST_WORD + len(self._words)
            self.page.put(row, _WORDS, text, looks.TEXT)
            self._words[text] = f"{LIVE}!$A${row}"
        return self._words[text]

    def check_sum(self, name: str, total: float) -> None:
        """Watch the sum of a named range."""
        row = self._checks
        self.page.put(row, _CHECKS + 1, total, looks.TEXT)
        was = f"$D${row}"
        self.check(f"IF(ABS(SUM({name})-{was})>{SAME}*ABS({was}),1,0)")

    def check(self, formula: str) -> None:
        """Watch what a formula comes to: above 0 where something was changed."""
        self.page.put_formula(self._checks, _CHECKS, formula, looks.TEXT, 0)
        self._checks += 1

    def close(self) -> None:
        """Say whether anything was changed; after all checks."""
        last = max(self._checks - 1, _FIRST_CHECK)
        self.page.put_formula(2, 2, f"SUM($C${_FIRST_CHECK}:$C${last})>0", looks.TEXT, value=False)
        self.page.name_range(CHANGED, (2, 2), (2, 2))

    def text(self, page: Page, row: int, column: int, instead: str = OUTDATED) -> None:
        """Show what stands in a cell only as long as no figure was changed."""
        value = page.value_at(row, column)
        if isinstance(value, Formula) or value is None:
            return
        other = self.words(instead) if instead else '""'
        shown = self.words(value) if isinstance(value, str) else f"{value!r}"
        page.work_out(row, column, f"IF({CHANGED},{other},{shown})")

    def sheets(self, pages: Iterable[Page]) -> None:
        """Let the title of each sheet give way to a warning."""
        for page in pages:
            self.text(page, 1, 1, _SHEET_OUTDATED)
