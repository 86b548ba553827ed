"""The barcode of a line: in a column of its own, or in the text of the food."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.barcodes import barcode_in, read_barcode
from nutridiary.diary.grid import Cell, cell_text

if TYPE_CHECKING:
    from nutridiary.diary.entries import Entry


def set_barcode(entry: Entry, cell: Cell) -> None:
    """Give an entry the barcode of its own cell, and say what is wrong with it.

    Where the line names no food, its barcode stands for it.

    Examples
    --------
    >>> from nutridiary.diary.entries import Entry
    >>> entry = Entry("diary.csv", 2)
    >>> set_barcode(entry, 4006381333931.0)
    >>> entry.barcode, entry.food_text
    ('4006381333931', '4006381333931')
    """
    written = cell_text(cell)
    found = read_barcode(written)
    if found.is_blank:
        return
    entry.barcode = written
    entry.notes.append(found.problem or found.note)
    entry.food_text = entry.food_text or written


def take_barcode(entry: Entry) -> None:
    """Take the barcode out of the text of the food, where it begins or ends with one.

    Examples
    --------
    >>> from nutridiary.diary.entries import Entry
    >>> entry = Entry("diary.csv", 2, food_text="4006381333931 Crispbread, 2 slices")
    >>> take_barcode(entry)
    >>> entry.barcode, entry.food_text
    ('4006381333931', 'Crispbread, 2 slices')
    """
    found = barcode_in(entry.food_text) if entry.food_text and entry.barcode is None else None
    if found is None:
        return
    entry.barcode, rest = found
    read = read_barcode(entry.barcode)
    entry.notes.append(read.problem or read.note)
    entry.food_text = rest or entry.barcode
