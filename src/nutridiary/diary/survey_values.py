"""What the files of recall surveys have in common: nutrients named by a few letters, answers by a number.

USDA names the nutrients of its surveys by letters (MAGN, POTA, VD) that stand in `data/nutrients.csv`; NHANES
writes a prefix before them (DR1IMAGN), ASA24 has letters of its own for a few (`data/recorded_headings.csv`).
What the numbers of an answer mean stands in `data/recall_codes.csv`.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping
from functools import cache
from operator import itemgetter

from nutridiary.data_files import data_file
from nutridiary.diary.entries import Entry
from nutridiary.diary.grid import Cell, Row, cell_text
from nutridiary.diary.recorded import RecordedColumn, plain_number, recorded_units, value_of

_FNDDS_CODES = range(10_000_000, 100_000_000)
# Above it a survey's weight is kept, and said to be large: it is the survey's own, and was looked at there.
_LARGE_GRAMS = 10_000
# A whole number in a spreadsheet of the continent: "93704,0"; "93,704" is none.
_DECIMAL_COMMA = re.compile(r"\d+,0{1,2}")


@cache
def survey_nutrients(format_name: str) -> dict[str, str]:
    """Return the nutrient that each group of letters stands for in a survey, in small letters.

    Parameters
    ----------
    format_name : str
        The reader's name.

    Examples
    --------
    >>> survey_nutrients("asa24")["magn"], survey_nutrients("asa24")["vitd"], survey_nutrients("nhanes")["vd"]
    ('magnesium', 'vitamin_d', 'vitamin_d')
    """
    with data_file("nutrients.csv").open(encoding="utf-8", newline="") as file:
        found = {row["nhanes_suffix"].lower(): row["nutrient"] for row in csv.DictReader(file) if row["nhanes_suffix"]}
    with data_file("recorded_headings.csv").open(encoding="utf-8", newline="") as file:
        found |= {row["heading"]: row["nutrient"] for row in csv.DictReader(file) if row["format"] == format_name}
    return found


@cache
def recall_codes(format_name: str, column: str) -> dict[str, str]:
    """Return what the numbers of an answer mean.

    Parameters
    ----------
    format_name : str
        The reader's name.
    column : str
        "eating_occasion", "recall_status", ...: as in `data/recall_codes.csv`.

    Examples
    --------
    >>> recall_codes("asa24", "eating_occasion")["6"]
    'Snack'
    """
    with data_file("recall_codes.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: row["meaning"]
            for row in csv.DictReader(file)
            if (row["format"], row["column"]) == (format_name, column)
        }


class _Known(dict[Cell, float | None]):
    """The values of one column, each text read once: a survey's 100,000 rows hold few different ones."""

    def __init__(self, nutrient: str) -> None:
        super().__init__()
        self._column = RecordedColumn(nutrient, 1.0, recorded_units()[nutrient])

    def __missing__(self, cell: Cell) -> float | None:
        value = value_of(cell, self._column)
        self[cell] = value = None if value is None or not math.isfinite(value) else value
        return value


class SurveyValues:
    """The columns of nutrient values of a survey, ready to read row after row.

    Parameters
    ----------
    nutrients : mapping of int to str
        The nutrient by the place of its column, from 0; every value is in the nutrient's one unit, as USDA's are.

    Examples
    --------
    >>> values = SurveyValues({1: "magnesium", 2: "vitamin_d"})
    >>> values.of(["93704", "16", "NA"]), values.of(["93704", "0"])
    ({'magnesium': 16.0}, {'magnesium': 0.0})
    """

    def __init__(self, nutrients: Mapping[int, str]) -> None:
        """Prepare the columns."""
        self._columns = [(nutrient, _Known(nutrient)) for nutrient in nutrients.values()]
        self._width = max(nutrients, default=-1) + 1
        # One place more than needed: of a single place `itemgetter` would give no tuple.
        self._cells = itemgetter(*nutrients, *[0] * max(0, 2 - len(nutrients)))

    def of(self, row: Row) -> dict[str, float]:
        """Return the values of a row that are known."""
        if len(row) < max(self._width, 1):
            row = [*row, *[None] * (max(self._width, 1) - len(row))]
        cells = zip(self._columns, self._cells(row), strict=False)
        return {nutrient: value for (nutrient, known), cell in cells if (value := known[cell]) is not None}


def number_text(cell: Cell) -> str:
    """Return a whole number as its digits, however a file writes it; other text as it stands.

    Examples
    --------
    >>> [number_text(cell) for cell in ("11100000", "1.1e+07", 11100000.0, "2.0", "2,0", "AB1", "NA", None)]
    ['11100000', '11000000', '11100000', '2', '2', 'AB1', '', '']
    """
    text = cell_text(cell)
    if text.isdecimal() or not text:
        return text
    if text in ("NA", ".", "N/A"):
        return ""
    if _DECIMAL_COMMA.fullmatch(text):
        return text.partition(",")[0]
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() else text


def finite_number(cell: Cell) -> float | None:
    """Return the number of a cell, None where there is none or it is beyond all numbers.

    Examples
    --------
    >>> [finite_number(cell) for cell in ("30600", 0.5, "NA", "9" * 400)]
    [30600.0, 0.5, None, None]
    """
    number = plain_number(cell)
    return number if number is not None and math.isfinite(number) else None


def set_food_code(entry: Entry, cell: Cell) -> None:
    """Give an entry the FNDDS food code of a cell; what is none is kept in a note.

    Examples
    --------
    >>> entry = Entry("Items.csv", 2)
    >>> set_food_code(entry, "11100000.0")
    >>> entry.stated_food_code
    11100000
    """
    text = number_text(cell)
    # The length first: Python refuses to read a number of thousands of digits.
    if text.isdecimal() and len(text) == 8 and int(text) in _FNDDS_CODES:
        entry.stated_food_code = int(text)
    elif text:
        entry.notes.append(f'food code "{text[:40]}" is none of FNDDS: not used')


def set_grams(entry: Entry, cell: Cell) -> None:
    """Give an entry the weight of a cell in grams; a weight the survey does not know stays unknown.

    Examples
    --------
    >>> entry = Entry("Items.csv", 2)
    >>> set_grams(entry, "80.58")
    >>> entry.amount, entry.unit, entry.amount_text
    (80.58, 'g', '80.58 g')
    """
    text = cell_text(cell)
    if not text or text in ("NA", ".", "N/A", "n/a"):
        return
    grams = value_of(cell, _GRAMS)
    entry.amount_text = f"{text[:40]} g"
    if grams is None or not math.isfinite(grams):
        entry.fail(f'cannot read the amount "{text[:40]}"')
    elif grams < 0:
        entry.fail(f'the amount "{entry.amount_text}" is negative')
    else:
        entry.amount, entry.unit = grams, "g"
        if grams > _LARGE_GRAMS:
            entry.notes.append("more than 10 kg of one food, as the survey has it")


# Water is in grams: only the unit of the column matters here.
_GRAMS = RecordedColumn("water", 1.0, "g")
