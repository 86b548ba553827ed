"""The lines of a diary as cells of a sheet, each in several ways: the first that is read back right is taken.

A weighed line states its food by number and its weight in grams. A line that was left out is written as it was; where
that could be read otherwise now, its amount is `LEFT_OUT`, and what was written stands in its note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nutridiary.report.corrected_diary.headings import recorded_heading
from nutridiary.tables import NOT_EATEN, RECORDED

if TYPE_CHECKING:
    import pandas as pd

LEFT_OUT = "left out"
"""What stands as the amount of a line that is not counted whatever it says: no reader takes it for an amount."""
NO_DATE = "unknown"

DATE, TIME, MEAL, FOOD, AMOUNT, GRAMS, NOTES, KIND, BRAND = (
    *("Date", "Time", "Meal", "Food", "Amount", "Grams", "Notes", "Kind", "Brand"),
)
FDC_ID, FOOD_CODE, PERSON, NAME = "FDC id", "Food code", "Person", "Food in FoodData Central"
BARCODE = "Barcode"  # a column only where a line has one
COLUMNS = (DATE, TIME, MEAL, FOOD, AMOUNT, GRAMS, NOTES, KIND, BRAND, FDC_ID, FOOD_CODE, NAME)
_NEEDS_NO_REASON = ("a note, not a food", "exercise, not a food", "a symptom, not a food")

Cells = dict[str, Any]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One entry of a diary, and the ways to write it.

    Attributes
    ----------
    entry : mapping of str to object
        Its row of `tables.WEIGHED`; None where it has no value.
    ways : tuple of mapping of str to object
        What each way puts into which column.
    """

    entry: Row
    ways: tuple[Cells, ...]

    @property
    def is_eaten(self) -> bool:
        """Whether it is something eaten or drunk."""
        return self.entry["kind"] not in NOT_EATEN

    @property
    def is_counted(self) -> bool:
        """Whether it is in the totals."""
        return self.entry["problem"] is None


def lines_of(weighed: pd.DataFrame, entries: pd.DataFrame) -> list[Line]:
    """Return the lines of a diary, those that name nobody first where others name somebody.

    Parameters
    ----------
    weighed : pandas.DataFrame
        `tables.WEIGHED`.
    entries : pandas.DataFrame
        `tables.ENTRIES`, as they were read: what was noted then is kept, what later steps noted is theirs.

    Returns
    -------
    list of Line
    """
    read = {_place(row, row["part"]): row for row in records(entries)}
    # A blank person is the one above, where the first line names one.
    ordered = weighed.assign(named=weighed["person_id"].notna()).sort_values("named", kind="stable")
    recorded = [str(name) for name in weighed.columns if str(name).startswith(RECORDED)]
    carried = {name: recorded_heading(name.removeprefix(RECORDED)) for name in recorded}
    return [_line(row, read, carried) for row in records(ordered)]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table; None where one has no value."""
    plain = table.astype("object")
    found: Any = plain.where(plain.notna(), None).to_dict("records")
    return list(found)


def _place(row: Row, part: int | None) -> tuple[Any, ...]:
    return row["source"], row["line"], part


def _is_weighed(row: Row) -> bool:
    """Tell a line that is counted by a weight of a food that others know, too."""
    is_food = row["kind"] not in (*NOT_EATEN, "supplement") and row["problem"] is None
    return is_food and row["gram_weight"] is not None and (row["fdc_id"] or 0) > 0


def _line(row: Row, read: Mapping[tuple[Any, ...], Row], carried: Mapping[str, str | None]) -> Line:
    whole = read.get(_place(row, row["part"]))
    notes = [*_notes(row, whole, read.get(_place(row, None)))]
    notes += [
        f"{name}: {row[name]:.10g}" for name, heading in carried.items() if heading is None and row[name] is not None
    ]
    base = {
        DATE: row["date"] if row["date"] is not None else NO_DATE,
        TIME: row["time"],
        MEAL: row["eating_occasion"],
        NOTES: "; ".join(notes) or None,
        KIND: row["kind"],
        BRAND: row["brand"],
        PERSON: row["person_id"],
        NAME: row["food_description"] if row["problem"] is None else None,
        **({BARCODE: row["barcode"]} if row["barcode"] is not None else {}),
        **{heading: row[name] for name, heading in carried.items() if heading is not None},
    }
    return Line(row, tuple(base | way for way in _ways(row, base[NOTES])))


def _notes(row: Row, itself: Row | None, whole: Row | None) -> Iterator[str]:
    """Say what the diary noted, which line a part is of, and why a line is not counted."""
    said = itself or whole
    if said is not None and said["note"]:
        yield said["note"]
    if itself is None and whole is not None:
        text = whole["written_text"] or whole["food_text"] or ""
        yield f'part {row["part"]} of "{text}" ({row["source"]}, row {row["line"]})'
    if row["problem"] is not None and row["problem"] not in _NEEDS_NO_REASON:
        yield f"not counted: {row['problem']}"


def _ways(row: Row, note: str | None) -> Iterator[Cells]:
    if row["kind"] in NOT_EATEN:
        yield {FOOD: row["food_text"], AMOUNT: row["amount_text"]}
        # In quotation marks no word is taken for a total, or a heading.
        yield {FOOD: f'"{row["food_text"]}"', AMOUNT: row["amount_text"]}
    elif _is_weighed(row):
        yield from _ways_of_weighed(row, note)
    elif row["problem"] is None and row["gram_weight"] is not None:
        # A food of the user's own is known by its name; its number is of one reading only.
        yield {FOOD: row["food_text"], AMOUNT: row["amount_text"], GRAMS: row["gram_weight"]}
        yield from _ways_as_written(row)
    else:
        yield from _ways_as_written(row)
        written = row["amount_text"] or row["written_text"]
        said = _joined(note, f"written: {written}" if written else None)
        yield {**_stated(row), FOOD: row["food_text"], AMOUNT: LEFT_OUT, NOTES: said}


def _joined(*notes: str | None) -> str | None:
    return "; ".join(filter(None, notes)) or None


def _ways_of_weighed(row: Row, note: str | None) -> Iterator[Cells]:
    written, grams = row["amount_text"], row["gram_weight"]
    base = {FOOD: row["food_text"] or row["food_description"], FDC_ID: row["fdc_id"], AMOUNT: written, GRAMS: grams}
    yield base
    # The same foods in the same order, written again on purpose, are no block that was pasted twice.
    yield base | {AMOUNT: f"{written} (row {row['line']})" if written else f"row {row['line']}"}
    yield base | {AMOUNT: None}
    yield base | {AMOUNT: f"{grams:.9f}".rstrip("0").rstrip(".") + " g", GRAMS: None}
    # Of what was weighed raw or dry the reader takes what is left of it: the amount as written says so, grams do not.
    said = {**base, GRAMS: None, NOTES: _joined(note, f"{grams:.10g} g as it was eaten")}
    yield said
    if row["food_text"]:
        renamed = {FOOD: row["food_description"], NOTES: _joined(note, f"written: {row['food_text']}")}
        yield base | renamed


def _ways_as_written(row: Row) -> Iterator[Cells]:
    stated = _stated(row)
    if row["written_text"]:
        yield stated | {FOOD: row["written_text"], AMOUNT: None}
    yield stated | {FOOD: row["food_text"], AMOUNT: row["amount_text"]}
    if row["amount"] is not None:
        amount, low, high = (
            None if row[name] is None else f"{row[name]:.10g}" for name in ("amount", "amount_low", "amount_high")
        )
        number = f"{low}-{high}" if low and high and low != high else amount
        yield stated | {FOOD: row["food_text"], AMOUNT: f"{number} {row['unit'] or ''}".strip()}


def _stated(row: Row) -> Cells:
    """Return the numbers that name its food: of the food found, else those the diary states."""
    if (row["fdc_id"] or 0) > 0:
        return {FDC_ID: row["fdc_id"]}
    return {FDC_ID: row["stated_fdc_id"], FOOD_CODE: row["stated_food_code"]}
