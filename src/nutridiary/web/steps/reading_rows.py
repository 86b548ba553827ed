"""The first lines of a diary as they were written beside what was understood, and the rows that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from nutridiary.web.steps.reading_words import BESIDE, counted, day_in_words, for_the_page

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.diary import Diary, SheetPreview

_SHEETS, _ROWS, _CELLS, _GROUPS, _TEXTS, _LONGEST = 4, 6, 12, 60, 3, 400
_OTHER_ROW = re.compile(r"\brow \d+")


class Cell(BaseModel):
    """A cell as it was written."""

    column: str
    text: str


class Understood(BaseModel):
    """What one food, or one remark, of a row was understood as."""

    food: str
    amount: str = Field(description="How much, in words; empty where nothing is said of it.")
    day: str
    time: str
    meal: str
    person: str
    kind: str
    remark: str = Field(description="What is wrong with it, or what was assumed.")
    is_usable: bool


class ShownRow(BaseModel):
    """A row of a file, as it was written and as it was understood."""

    place: str = Field(description="The file, the sheet of a workbook, and the row.")
    written: list[Cell]
    understood: list[Understood] = Field(description="Empty where the row is no line of a diary.")
    aside: str = Field(description="Why nothing was made of it.")


class Trouble(BaseModel):
    """Rows with the same problem."""

    place: str = Field(description="The file, and the rows in it.")
    count: int = Field(description="How many they are.")
    message: str
    texts: list[str] = Field(description="What the first of them say.")


def shown_rows(diary: Diary, sheets: Sequence[SheetPreview]) -> list[ShownRow]:
    """Return the first rows of the sheets that were read as a diary."""
    formats = set(diary.files["format"].dropna())
    read = [sheet for sheet in sheets if sheet.read_as in formats and sheet.read_as not in BESIDE]
    most = _ROWS if len(read) == 1 else _ROWS // 2
    found = []
    for sheet in read[:_SHEETS]:
        rows = [_shown(diary, sheet, number, cells) for number, cells in sheet.rows[:most]]
        if any(row.understood for row in rows):
            found += rows
    return found or _without_cells(diary)


def _shown(diary: Diary, sheet: SheetPreview, number: int, cells: Sequence[str]) -> ShownRow:
    entries, aside = diary.entries, diary.left_aside
    here = entries["line"].eq(number) & _is_of(entries["source"], sheet.source)
    left = aside.loc[aside["line"].eq(number) & _is_of(aside["source"], sheet.source), "reason"].tolist()
    return ShownRow(
        place=f"{sheet.source}:{number}",
        written=_written(sheet, cells),
        understood=[_understood(row, _of_files(diary)) for row in entries[here].head(_ROWS).to_dict("records")],
        aside=for_the_page(left[0]) if left else "",
    )


def _written(sheet: SheetPreview, cells: Sequence[str]) -> list[Cell]:
    """Return the filled cells of a row; nutrient values, and what is more than a few, are counted only."""
    from nutridiary.tables import RECORDED

    filled = [place for place, text in enumerate(cells) if text]
    values = [place for place in filled if (sheet.taken_as[place] or "").startswith(RECORDED)]
    shown = [place for place in filled if place not in values][:_CELLS]
    found = [Cell(column=sheet.columns[place], text=cells[place]) for place in shown]
    others = len(filled) - len(values) - len(shown)
    counts = [(others, "further cell"), (len(values), "nutrient value")]
    return found + [Cell(column="", text=f"and {counted(number, what)}") for number, what in counts if number]


def _of_files(diary: Diary) -> set[str]:
    """Return what was assumed about the files: their first entries carry it, too."""
    return {part for note in diary.files["note"].dropna() for part in note.split("; ")}


def _is_of(sources: pd.Series, source: str) -> pd.Series:
    """Tell which rows are of a sheet, or of a column of it."""
    return sources.eq(source) | sources.str.startswith(f"{source}:")


def _without_cells(diary: Diary) -> list[ShownRow]:
    """Return the first lines of a diary whose rows are not those of its file."""
    return [
        ShownRow(
            place=f"{row['source']}:{row['line']}",
            written=[],
            understood=[_understood(row, _of_files(diary))],
            aside="",
        )
        for row in diary.entries.head(_ROWS).to_dict("records")
    ]


def _understood(row: Mapping[Any, Any], of_files: set[str]) -> Understood:
    import pandas as pd

    # A cell of a hostile file may hold a book.
    shown = {name: value[:_LONGEST] if isinstance(value, str) else value for name, value in row.items()}
    said: dict[str, Any] = {name: "" if pd.isna(value) else value for name, value in shown.items()}
    notes = [part for part in str(said["note"]).split("; ") if part not in of_files]
    return Understood(
        food=str(said["food_text"]) or _by_number(said),
        amount=_amount(said),
        day=f"{said['date']:%A}, {day_in_words(said['date'])}" if said["date"] else "",
        time=str(said["time"]),
        meal=str(said["eating_occasion"]),
        person=str(said["person_id"]),
        kind=str(said["kind"]),
        remark=for_the_page(str(said["problem"] or "; ".join(notes))),
        is_usable=not said["problem"],
    )


def _by_number(said: dict[str, Any]) -> str:
    """Return what names the food of a line without a text, as those of surveys are."""
    for column, name in (("stated_fdc_id", "FDC id"), ("stated_food_code", "food code")):
        if said[column] != "":
            return f"{name} {said[column]}"
    return ""


def _amount(said: dict[str, Any]) -> str:
    if said["amount"] == "":
        return ""
    low, high = said["amount_low"], said["amount_high"]
    number = f"{low:g}–{high:g}" if low != "" and high != "" and low != high else f"{said['amount']:g}"
    return f"{number} {said['unit']}".strip()


def troubles_of(remarks: pd.DataFrame, status: str) -> list[Trouble]:
    """Return the rows of one status of `analysis.checking.remarks_of`, those with the same message together."""
    from nutridiary.analysis.checking import runs

    groups: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    rows = remarks[remarks["status"] == status].astype("object").fillna("")
    for source, line, text, message in rows[["source", "line", "food_text", "message"]].itertuples(index=False):
        groups.setdefault((source, _OTHER_ROW.sub("row ...", message)), []).append((line, str(text), message))
    found = []
    for (source, alike), told in list(groups.items())[:_GROUPS]:
        lines = runs([line for line, _, _ in told if line])
        found.append(
            Trouble(
                place=f"{source}, {'row' if len(told) == 1 else 'rows'} {lines}" if lines else source,
                count=len(told),
                message=for_the_page(alike if len(told) > 1 else told[0][2]),
                texts=list(dict.fromkeys(text[:80] for _, text, _ in told if text and text not in alike))[:_TEXTS],
            )
        )
    return found
