"""The lock of the report, a line of its text in each row, for a reader and for `nutridiary.lock.read_lock`."""

from __future__ import annotations

from nutridiary.lock import Lock
from nutridiary.report.excel import looks
from nutridiary.report.excel.page import Page

_WIDTH = 110.0


def write_lock(page: Page, lock: Lock) -> None:
    """Write the Lock sheet."""
    page.set_widths((_WIDTH,))
    page.line("Lock", looks.TITLE)
    page.line(
        f"What this report rests on besides the diary; {lock.tells}. The same again: "
        "nutridiary analyze DIARY --locked=THIS_FILE",
        looks.PARAGRAPH.but(font="quiet"),
    )
    page.row += 1
    for line in lock.text.splitlines():
        page.line(line, looks.FREE_QUIET)
    page.set_print(last_column=1)
    page.sheet.page_setup.orientation = "portrait"
