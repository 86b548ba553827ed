"""Files of aliases: plain tables with a row of column names, read, checked and written."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.aliases.lookup import FOOD, IGNORE, NO_AMOUNT, PARTS, WEIGHT, WHOLE, text_key, unit_key
from nutridiary.aliases.parts import check_loops, checked_parts
from nutridiary.aliases.reviewed import Cells, corrections_of, is_review
from nutridiary.diary.files import read_grids
from nutridiary.diary.grid import Grid, cell_text, is_blank
from nutridiary.errors import AliasError, did_you_mean, listing
from nutridiary.tables import ALIASES, conform
from nutridiary.units import unit_kind

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "said",
    "brand",
    "fdc_id",
    "description",
    "unit",
    "grams_per_unit",
    "parts",
    "decision",
    "note",
    "added_on",
)
_DECISIONS = {
    "": "",
    "food": FOOD,
    "right": FOOD,
    "use": FOOD,
    "ignore": IGNORE,
    "not a food": IGNORE,
    "weight": WEIGHT,
    "parts": PARTS,
    "several foods": PARTS,
    "whole": WHOLE,
    "one food": WHOLE,
}
# Where people write Chinese, Japanese or Korean, a spreadsheet takes the wide signs for the narrow ones.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "'", *"\uff1d\uff0b\uff0d\uff20")
_GRAMS = re.compile(r"(\d{1,7}(?:[.,]\d{1,9})?)\s*(?:g|gr|grams?)?\.?", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3},\d{3}\D*")


class Said(NamedTuple):
    """One thing a row says: about `said` (of `brand`), at `line` of `source`."""

    said: str
    brand: str
    decision: str
    fdc_id: int | None
    description: str
    unit: str
    grams_per_unit: float | None
    parts: str
    note: str
    added_on: str
    source: str
    line: int

    @property
    def about(self) -> tuple[str, str, str]:
        """Two rows about the same thing cannot both count."""
        return text_key(self.said), text_key(self.brand), unit_key(self.unit) if self.decision == WEIGHT else ""

    @property
    def answer(self) -> tuple[str, int | None, float | None, str]:
        """What it says."""
        return self.decision, self.fdc_id, self.grams_per_unit, self.parts

    @property
    def where(self) -> str:
        """File and row."""
        return f"{self.source}:{self.line}"

    @property
    def words(self) -> str:
        """What it says, for a reader."""
        if self.decision == WEIGHT:
            return f"1 {self.unit} = {self.grams_per_unit:g} g"
        plain = {FOOD: f"FDC id {self.fdc_id}", IGNORE: "not a food", WHOLE: "one food"}
        return plain.get(self.decision, self.parts)


def read_aliases(paths: Iterable[str | os.PathLike[str]]) -> pd.DataFrame:
    """See `nutridiary.aliases.load_aliases`."""
    import pandas as pd

    counted: dict[tuple[str, str, str], Said] = {}
    for path in paths:
        for said in read_said(Path(path)):
            counted[said.about] = said
    check_loops(counted.values())
    rows = [[None if cell == "" else cell for cell in said] for said in counted.values()]
    return conform(pd.DataFrame(rows, columns=ALIASES.names), ALIASES)


def read_said(path: Path) -> list[Said]:
    """Return what one file says, each thing once, in the order of the file."""
    grids = read_grids(path)
    _refuse_uncalculated(grids)
    rows = corrections_of(grids) if is_review(grids) else (row for grid in grids for row in _rows_of(grid))
    found: dict[tuple[str, str, str], Said] = {}
    for each in (said for cells, place in rows for said in said_of(cells, place)):
        before = found.setdefault(each.about, each)
        if before.answer != each.answer:
            raise AliasError(
                f'{each.where}: "{each.said}" is {each.words} here, and {before.words} in row {before.line}'
                f"{'' if before.source == each.source else f' of {before.source}'}. Keep one of the two."
            )
    return list(found.values())


def _refuse_uncalculated(grids: Sequence[Grid]) -> None:
    """An answer that is a formula without a saved value must not pass for no answer."""
    for grid in grids:
        for line, _ in sorted(grid.uncalculated)[:1]:
            raise AliasError(
                f"{grid.source}:{line}: a formula has no saved value. "
                "Open the file in Excel and save it, or write the value."
            )


def _rows_of(grid: Grid) -> Iterator[Cells]:
    """Return the rows of a plain table by column name, each with its source and row number."""
    rows = [(number, row) for number, row in enumerate(grid.rows, 1) if not all(map(is_blank, row))]
    if not rows:
        return
    header_line, header = rows[0]
    names = [cell_text(cell).casefold().strip().replace(" ", "_") for cell in header]
    where = f"{grid.source}:{header_line}"
    if "said" not in names:
        raise AliasError(
            f"{where}: no column 'said'. Found: {listing(name or '(no name)' for name in names)}. A file of "
            f"aliases has the columns {', '.join(COLUMNS)}: said, and one of fdc_id, grams_per_unit, parts or decision."
        )
    for name in names:
        if name and name not in COLUMNS:
            raise AliasError(f"{where}: unknown column '{name}'.{did_you_mean(name, COLUMNS)} Rename or delete it.")
        if name and names.count(name) > 1:
            raise AliasError(f"{where}: the column '{name}' stands twice. Delete one.")
    for number, row in rows[1:]:
        cells = {name: _unquoted(cell_text(cell)) for name, cell in zip(names, row, strict=False) if name}
        yield cells, (grid.source, number)


def _unquoted(text: str) -> str:
    """Take off the quotation mark that keeps a spreadsheet from computing a text like "=1+1"."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text


def said_of(cells: dict[str, str], place: tuple[str, int]) -> list[Said]:
    """Return what one row says: nothing where it is blank, two things where it names a food and a weight.

    Parameters
    ----------
    cells : dict of str to str
        By the names in `COLUMNS`.
    place : tuple of str and int
        Its file and row.

    Raises
    ------
    AliasError
        If a cell cannot be read, or the row contradicts itself.
    """
    text = {name: cells.get(name, "").strip() for name in COLUMNS}
    where = f"{place[0]}:{place[1]}"
    if not any(text.values()):
        return []
    if not text_key(text["said"]):
        raise AliasError(f"{where}: the cell said is empty: write the text of the diary this row is about.")
    decision = _DECISIONS.get(text["decision"].casefold())
    if decision is None:
        near = did_you_mean(text["decision"], [word for word in _DECISIONS if word])
        raise AliasError(
            f"{where}: cannot read the decision '{text['decision']}'.{near} Write food, ignore, weight, parts or whole."
        )
    fdc_id, grams = _fdc_id(text["fdc_id"], where), _grams(text["grams_per_unit"], where)
    parts = checked_parts(text["parts"], text["said"], where) if text["parts"] or decision == PARTS else ""
    _refuse_contradictions(text["said"], decision, fdc_id, grams, parts, where)
    return list(_things(text, decision, fdc_id, grams, parts, place))


def _refuse_contradictions(
    said: str, decision: str, fdc_id: int | None, grams: float | None, parts: str, where: str
) -> None:
    """Refuse a row that says nothing, or two things that cannot both be."""
    if decision == IGNORE and (fdc_id or grams or parts):
        raise AliasError(f'{where}: "{said}" is not a food, and has a food or a weight. Keep one of the two.')
    if decision == FOOD and fdc_id is None:
        raise AliasError(f'{where}: no FDC id for "{said}". Write one: nutridiary foods "{said}".')
    if decision == WEIGHT and grams is None:
        raise AliasError(f'{where}: no grams_per_unit for "{said}". Write the weight of one unit in g.')
    if parts and (decision not in ("", PARTS) or fdc_id is not None or grams is not None):
        raise AliasError(
            f'{where}: "{said}" has parts, and is or weighs something as a whole. Keep one of the two; '
            "what a part is or weighs stands in rows of its own."
        )
    if decision == WHOLE and fdc_id is not None:
        raise AliasError(
            f'{where}: "{said}" is one food, whichever fits best, and FDC id {fdc_id}. Keep one of the two: '
            "a text with a food of its own is never cut."
        )
    if not decision and fdc_id is None and grams is None and not parts:
        raise AliasError(
            f'{where}: the row says nothing about "{said}". '
            "Give an fdc_id, grams_per_unit, parts, or the decision ignore or whole."
        )


def _things(
    text: dict[str, str], decision: str, fdc_id: int | None, grams: float | None, parts: str, place: tuple[str, int]
) -> Iterable[Said]:
    nothing = Said(
        said=text["said"],
        brand=text["brand"],
        decision=IGNORE,
        fdc_id=None,
        description="",
        unit="",
        grams_per_unit=None,
        parts="",
        note=text["note"],
        added_on=text["added_on"],
        source=place[0],
        line=place[1],
    )
    if decision in (IGNORE, WHOLE):
        yield nothing._replace(decision=decision)
    if parts:
        yield nothing._replace(decision=PARTS, parts=parts)
    if fdc_id is not None:
        yield nothing._replace(decision=FOOD, fdc_id=fdc_id, description=text["description"])
    if grams is not None:
        unit = _unit(text["unit"], f"{place[0]}:{place[1]}")
        yield nothing._replace(decision=WEIGHT, unit=unit, grams_per_unit=grams)


def _fdc_id(text: str, where: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{1,9}", text):
        raise AliasError(f"{where}: cannot read the FDC id '{text}'. An FDC id is a whole number, such as 2705385.")
    return int(text)


def _grams(text: str, where: str) -> float | None:
    if not text:
        return None
    found = _GRAMS.fullmatch(text)
    if found is None or _THOUSANDS.fullmatch(text):
        raise AliasError(f"{where}: cannot read the weight '{text}'. Write the grams of one unit, such as 110 or 12.5.")
    grams = float(found[1].replace(",", "."))
    if grams == 0:
        raise AliasError(f"{where}: a unit cannot weigh 0 g. Write its weight, or the decision ignore.")
    return grams


def _unit(text: str, where: str) -> str:
    unit = unit_key(text)
    if unit_kind(unit) == "mass":
        raise AliasError(
            f"{where}: the unit '{text}' is a weight already. Name what was counted or measured (cup, slice, bowl), "
            f"leave it empty for a bare count, or write '{NO_AMOUNT}' for lines without an amount."
        )
    return unit


def write_aliases(said: Sequence[Said], path: Path) -> None:
    """Write a file of aliases, whole or not at all; a new one can be read by its owner only.

    Raises
    ------
    AliasError
        If it cannot be written there.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_written(getattr(each, name)) for name in COLUMNS] for each in said)
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=".nutridiary-", suffix=".csv", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text.getvalue())
        if path.exists():
            Path(temporary).chmod(path.stat().st_mode & 0o777)
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        raise AliasError(
            f"{path}: cannot be written ({error.strerror or error}). Close it if it is open, or name another place."
        ) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def plain_number(number: float) -> str:
    """Return a number as it can be read again: with nine decimals at most, and without a power of ten.

    Examples
    --------
    >>> plain_number(95.0), plain_number(0.00001), plain_number(1 / 3)
    ('95', '0.00001', '0.333333333')
    """
    return f"{number:.9f}".rstrip("0").removesuffix(".")


def _written(cell: str | float | None) -> str:
    """Return a cell as it is written: on one line, without control characters, and never a formula."""
    if cell is None:
        return ""
    text = plain_number(cell) if isinstance(cell, float) else str(cell)
    text = "".join(character if character.isprintable() else " " for character in text).strip()
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
