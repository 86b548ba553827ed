"""The hidden sheet that formulas rest on: words, figures as they were analysed, and whether one of them was changed."""

from __future__ import annotations

from collections.abc import Iterable

from nutridiary.report.excel import looks
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.sheet_xml import Formula

LIVE = "Live"
CHANGED = "figures_changed"
"""The name of the cell that says whether a figure of the workbook is no longer as it was analysed."""
MOVED = "lines_moved"
"""The name of the cell that says whether a line was added, taken away, or given to another day or person."""
LEFT_OUT_MOVED = "left_out_lines_changed"
"""The name of the cell that counts the lines left out that are no longer as they were."""
UNFOLLOWED = "changes_not_followed"
"""The name of the cell that counts the changes that no total follows."""
SAME = "1E-9"  # figures closer than this to each other, relative to their size, are the same
OUTDATED = "Figures were changed: run nutridiary again"
_SHEET_OUTDATED = "Figures were changed in this workbook: this sheet is as before. Run nutridiary again."
_NOT_FOLLOWED = "A change is not followed: see Check on Entries, and lines that were added. Run nutridiary again."
_FIRST_WORD, _FIRST_CHECK = 4, 6
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
        for row, name in ((2, LEFT_OUT_MOVED), (4, UNFOLLOWED), (5, MOVED)):
            page.name_range(name, (row, _CHECKS), (row, _CHECKS))
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

    def not_followed(self, formula: str) -> None:
        """Count the changes that no total follows."""
        self.page.put_formula(4, _CHECKS, formula, looks.TEXT, 0)

    def left_out_moved(self, formula: str) -> None:
        """Count the lines left out that are others, or of another day."""
        self.page.put_formula(2, _CHECKS, formula, looks.TEXT, 0)

    def lines_moved(self, formula: str) -> None:
        """Watch the lines themselves: above 0 where there are others, or some are of another day."""
        self.page.put_formula(5, _CHECKS, formula, looks.TEXT, 0)

    def title(self, page: Page) -> None:
        """Let the title of a sheet that follows give way once there is a change that it does not follow."""
        self.text(page, 1, 1, _NOT_FOLLOWED, f"{UNFOLLOWED}>0")

    def close(self) -> None:
        """Say whether anything was changed; after all checks."""
        last = max(self._checks - 1, _FIRST_CHECK)
        self.page.put_formula(2, 2, f"SUM($C$4:$C${last})>0", looks.TEXT, value=False)
        self.page.name_range(CHANGED, (2, 2), (2, 2))

    def text(self, page: Page, row: int, column: int, instead: str = OUTDATED, condition: str = CHANGED) -> None:
        """Show what stands in a cell only as long as no figure was changed, or as another condition does not hold."""
        value = page.value_at(row, column)
        if isinstance(value, Formula) or value is None:
            return
        other = self.words(instead) if instead else '""'
        shown = self.words(value) if isinstance(value, str) else f"{value!r}"
        page.work_out(row, column, f"IF({condition},{other},{shown})")

    def sheets(self, pages: Iterable[Page]) -> None:
        """Let the title of each sheet give way to a warning."""
        for page in pages:
            self.text(page, 1, 1, _SHEET_OUTDATED)
