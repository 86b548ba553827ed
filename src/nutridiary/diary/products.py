"""The Supplements sheet of a diary: what each product holds, in the nutrients' own units.

The names people give its columns stand in `data/supplement_columns.csv`; what is written below them is read like
the label of a supplement.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from nutridiary.data_files import data_file
from nutridiary.diary.entries import cell_name
from nutridiary.diary.grid import Cell, Grid, Row, cell_text, is_blank
from nutridiary.diary.recorded import recorded_column, value_of
from nutridiary.diary.side_columns import SideColumns, find_side_columns, is_of_a_diary, plain_heading, rows_below
from nutridiary.errors import UnitError
from nutridiary.supplements import LabelDose, read_taken, read_whole_label
from nutridiary.supplements.vocabulary import nutrient_units

if TYPE_CHECKING:
    import pandas as pd

SHEET_NAMES = (
    *("supplements", "supplement", "my supplements", "supplement products", "supplement labels", "vitamins"),
    *("nahrungsergänzungen", "nahrungsergänzung", "compléments", "suplementos"),
)
_UNIT = re.compile(r"[(\[]([^()\[\]]*)[)\]]\s*$|,\s*([^,]*)$")
_UNKNOWN = ("n/a", "na", "-", "--", "–", "—", "?", "unknown", "nan", "not stated")
_ERROR = re.compile(r"#[A-Z/0!?_]+[!?A]?")
_PERCENT = re.compile(r"([0-9][0-9.,]*)\s*%\s*(?:dv|daily value|nrv)?", re.IGNORECASE)
_BARE = re.compile(r"[0-9][0-9.,]*")


@dataclass(frozen=True)
class _Said:
    """One thing a sheet says of a product: the words of a label, or why there are none."""

    line: int
    text: str = ""
    as_written: str = ""
    problem: str = ""
    dose: LabelDose | None = None


@dataclass
class _Product:
    """A product of the sheet on its way into the table."""

    line: int
    name: str = ""
    brand: str = ""
    per_amount: float = float("nan")
    per_unit: str = ""
    edition: str = ""
    notes: list[str] = field(default_factory=list)
    said: list[_Said] = field(default_factory=list)


@cache
def _headings() -> dict[str, str]:
    with data_file("supplement_columns.csv").open(encoding="utf-8", newline="") as file:
        return {plain_heading(row["heading"]): row["column"] for row in csv.DictReader(file)}


def is_products_sheet(grid: Grid) -> bool:
    """Tell whether a sheet says what supplements hold: products with their nutrients, taken on no day.

    Examples
    --------
    >>> rows = [["Product", "Per", "Magnesium (mg)"], ["Night Mag", "2 tablets", 200]]
    >>> is_products_sheet(Grid("s.csv", "s.csv", rows))
    True
    >>> is_products_sheet(Grid("d.csv", "d.csv", [["Date", "Product", "Per", "Magnesium (mg)"]]))
    False
    """
    return _columns(grid) is not None


def _columns(grid: Grid) -> SideColumns | None:
    names = _headings()
    named = grid.name.strip().casefold() in SHEET_NAMES
    if named:
        # Where the sheet's name says that it holds supplements, any word for a name is one of a product.
        names = {heading: "product" if column == "name" else column for heading, column in names.items()}
    columns = find_side_columns(grid, "supplements", ("product",), names)
    if columns is None or is_of_a_diary(columns):
        return None
    holds = "nutrient" in columns.places or "label" in columns.places or bool(_nutrient_columns(columns))
    return columns if holds or (named and len(columns.places) > 1) else None


def products_of(grid: Grid) -> pd.DataFrame:
    """Return the products of a Supplements sheet.

    Parameters
    ----------
    grid : Grid
        A sheet with a row of headings and below it one of: a row per product and nutrient (Product, Brand, Per,
        Nutrient, Amount, Unit), where a blank product is that of the row above; a row per product with its
        nutrients in columns, "Magnesium (mg)", "Vitamin D (IU)"; or a row per product with the text of its label.

    Returns
    -------
    pandas.DataFrame
        `tables.SUPPLEMENT_PRODUCTS`: product x nutrient, `amount` in the nutrient's one unit, without one where the
        label leaves it open. A blank is unknown and has no row, 0 is zero. A cell that cannot be read has a row with
        a problem and no nutrient.
    """
    import pandas as pd

    from nutridiary.tables import SUPPLEMENT_PRODUCTS, conform

    columns = _columns(grid)
    if columns is None:
        return conform(pd.DataFrame(), SUPPLEMENT_PRODUCTS)
    rows = [row for product in _products(grid, columns) for row in _rows(product, grid.source)]
    return conform(pd.DataFrame(rows, columns=SUPPLEMENT_PRODUCTS.names), SUPPLEMENT_PRODUCTS)


def _products(grid: Grid, columns: SideColumns) -> list[_Product]:
    """Return the products; a row that names none goes on with the product above it where rows are nutrients."""
    products: list[_Product] = []
    by_name: dict[tuple[str, str], _Product] = {}
    nutrients = _nutrient_columns(columns)
    for line, row in rows_below(grid, columns):
        product = _product(columns, row, line)
        same = by_name.get(_key(product)) if product.name else None
        if same is None and not product.name and products and columns.text(row, "nutrient"):
            same = products[-1]
        if same is None:
            products.append(product)
            same = by_name[_key(product)] = product
        elif not same.per_unit and same.per_amount != same.per_amount:
            same.per_amount, same.per_unit = product.per_amount, product.per_unit
        same.said += _broken_cells(grid, columns, row, line)
        if columns.places.keys() & {"nutrient", "amount"}:
            same.said += _long(columns, row, line, same.edition)
        same.said += _wide(nutrients, row, line, same.edition)
        if columns.text(row, "label"):
            same.said.append(_Said(line, columns.text(row, "label"), columns.text(row, "label")))
    return products


def _key(product: _Product) -> tuple[str, str]:
    return product.name.casefold(), product.brand.casefold()


def _product(columns: SideColumns, row: Row, line: int) -> _Product:
    product = _Product(line, columns.text(row, "product"), columns.text(row, "brand"))
    product.edition = columns.text(row, "edition")
    product.notes = [columns.text(row, "note")]
    per = f"{columns.text(row, 'per')} {columns.text(row, 'per_unit')}".strip()
    heading = columns.bracket("per")
    if per and heading and _BARE.fullmatch(per):
        per = f"{per} {heading}"
    if not per:
        return product
    taken = read_taken(None, None, per if per[0].isdigit() else f"1 {per.removeprefix('per ').removeprefix('a ')}")
    if taken.problem or not taken.number > 0:
        product.said.append(_Said(line, problem=f'cannot read what the amounts are per, "{per[:40]}": write 2 tablets'))
    else:
        product.per_amount, product.per_unit = taken.number, taken.unit
    return product


def _broken_cells(grid: Grid, columns: SideColumns, row: Row, line: int) -> Iterator[_Said]:
    """Yield a problem for each error cell, and each formula without a value."""
    for place, cell in enumerate(row):
        if isinstance(cell, str) and _ERROR.fullmatch(cell.strip()) and place < len(columns.headings):
            yield _Said(line, as_written=cell, problem=f"cell {cell_name(line, place)} holds the error {cell.strip()}")
        elif (line, place + 1) in grid.uncalculated:
            where = cell_name(line, place)
            yield _Said(line, problem=f"the formula in cell {where} has no saved value: open the file, save it again")


def _says_nothing(cell: Cell) -> bool:
    return is_blank(cell) or cell_text(cell).lower() in _UNKNOWN or bool(_ERROR.fullmatch(cell_text(cell)))


def _long(columns: SideColumns, row: Row, line: int, edition: str) -> Iterator[_Said]:
    # Without a column for it, the product is called by its nutrient: "Vitamin D3", 1000, IU.
    nutrient = columns.text(row, "nutrient" if "nutrient" in columns.places else "product")
    unit = columns.text(row, "unit") or columns.bracket("amount")
    form, cell = columns.text(row, "form"), columns.cell(row, "amount")
    if not nutrient:
        if not _says_nothing(cell):
            yield _Said(line, as_written=cell_text(cell), problem="no nutrient is named in this row")
        return
    named = f"{nutrient} (as {form})" if form else nutrient
    if _ERROR.fullmatch(cell_text(cell)):
        return
    if _says_nothing(cell):
        # The nutrient may carry its dose: "Magnesium 200 mg".
        yield _Said(line, named, named)
    else:
        yield _with_unit(line, named, cell, unit, edition)


@dataclass(frozen=True)
class _NutrientColumn:
    place: int
    name: str
    unit: str


def _nutrient_columns(columns: SideColumns) -> list[_NutrientColumn]:
    """Return the columns of one nutrient each: "Magnesium (mg)", "Vitamin D (IU)", "Calcium (% DV)", "Zinc"."""
    used = set(columns.places.values())
    found = []
    for place, heading in enumerate(columns.headings):
        if place in used or not heading or len(heading) > 80:
            continue
        unit = _UNIT.search(heading)
        name = heading[: unit.start()].strip() if unit else heading.strip()
        written = (unit[1] or unit[2] or "").strip() if unit else ""
        if _is_nutrient(name, written):
            found.append(_NutrientColumn(place, name, written))
    return found


def _is_nutrient(name: str, unit: str) -> bool:
    label = read_whole_label(f"{name} 1 {unit}") if unit and "%" not in unit else read_whole_label(name)
    named = {dose.nutrient for dose in label.doses} | set(label.undosed)
    return len(named) == 1 or recorded_column(f"{name} ({unit})") is not None


def _wide(nutrients: list[_NutrientColumn], row: Row, line: int, edition: str) -> Iterator[_Said]:
    for column in nutrients:
        cell = row[column.place] if column.place < len(row) else None
        if not _says_nothing(cell):
            yield _with_unit(line, column.name, cell, column.unit, edition)


def _with_unit(line: int, named: str, cell: Cell, unit: str, edition: str) -> _Said:
    """Return what a cell says of a nutrient, in the words of a label."""
    text = cell_text(cell)
    if "%" in unit or "%" in text:
        return _percent(line, named, text.rstrip("% "), edition)
    text = text if not _BARE.fullmatch(text) else f"{text} {unit}".strip()
    if not re.match(r"[0-9.,]", text):
        return _Said(line, as_written=text, problem=f'cannot read the amount "{text[:40]}" of {named[:40]}')
    if _BARE.fullmatch(text):
        return _Said(line, as_written=text, problem=f'{named[:40]}: "{text[:40]}" has no unit. Write mg, mcg or IU')
    return _Said(line, f"{named} {text}", f"{named} {text}", dose=_other_dose(named, cell, unit))


def _other_dose(named: str, cell: Cell, unit: str) -> LabelDose | None:
    """Return the amount of what labels of supplements seldom name, and labels of foods do: energy, fat, sugars."""
    if read_whole_label(named).undosed:
        return None
    column = recorded_column(f"{named} ({unit})")
    amount = value_of(cell, column) if column and column.nutrient in nutrient_units() else None
    if column is None or amount is None or amount < 0:
        return None
    return LabelDose(column.nutrient, amount, amount, amount, nutrient_units()[column.nutrient])


def _percent(line: int, named: str, number: str, edition: str) -> _Said:
    """Return the amount that a percentage of the Daily Value is, where the sheet says of which edition."""
    from nutridiary.daily_values import edition_of, from_percent_of_daily_value

    written = f"{named} {number} % DV"
    label = read_whole_label(named)
    rule = edition_of(edition) if edition else None
    if not label.undosed or not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?", number):
        return _Said(line, as_written=written, problem=f'cannot read "{written[:60]}": write the amount itself')
    if rule is None:
        problem = (
            f'"{written[:60]}" is an amount only by an edition of the Daily Values: '
            "write the amount itself, or 2016 or before 2016 under Edition"
        )
        return _Said(line, as_written=written, problem=problem)
    nutrient = label.undosed[0]
    nutrient = "folate_dfe" if nutrient == "folic_acid" and rule == "2016" else nutrient
    try:
        amount = from_percent_of_daily_value(nutrient, float(number.replace(",", ".")), rule)
    except UnitError as error:
        return _Said(line, as_written=written, problem=str(error))
    dfe = " DFE" if nutrient == "folate_dfe" else ""
    return _Said(line, f"{named} {amount:.10g} {nutrient_units()[nutrient]}{dfe}", f"{written} ({rule})")


def _rows(product: _Product, source: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each nutrient of a product, and one for each thing that could not be read."""
    base = {
        "product": product.name or None,
        "brand": product.brand or None,
        "per_amount": product.per_amount,
        "per_unit": product.per_unit or None,
        "source": source,
    }
    notes = [note for note in product.notes if note]
    said = product.said or [_Said(product.line, product.name, product.name)]
    if not product.name:
        said = [replace(one, problem=one.problem or "no product is named in this row or above it") for one in said]
    seen: set[str] = set()
    for one in said:
        doses, problem = _doses(one, seen)
        if problem:
            yield base | {"line": one.line, "as_written": one.as_written or None, "note": None, "problem": problem}
        for dose in doses:
            seen.add(dose.nutrient)
            yield base | _dose_row(dose, one, notes, product)


def _doses(said: _Said, seen: set[str]) -> tuple[tuple[LabelDose, ...], str]:
    """Return the doses in the words of a label, and what is wrong with them."""
    if said.problem:
        return (), said.problem
    label = read_whole_label(said.text)
    found = (said.dose,) if said.dose else label.doses
    again = [dose.nutrient for dose in found if dose.nutrient in seen]
    doses = tuple(dose for dose in found if dose.nutrient not in seen)
    if again:
        return doses, f"{', '.join(again)}: listed twice for this product, the first counts"
    if not doses:
        return (), _no_dose(said, bool(label.others))
    return doses, ""


def _no_dose(said: _Said, names_another: bool) -> str:
    text = said.text[:60]
    if names_another:
        return f'"{text}" is no nutrient that is counted here'
    if said.as_written and re.search(r"[0-9]", said.as_written):
        return f'"{text}" names no nutrient that is known here, or its unit does not fit it'
    return f'nothing is said of how much "{text}" holds: write a nutrient, an amount and a unit'


def _dose_row(dose: LabelDose, said: _Said, notes: list[str], product: _Product) -> dict[str, Any]:
    row: dict[str, Any] = {
        "nutrient": dose.nutrient,
        "amount": dose.amount,
        "unit": dose.unit,
        "as_written": said.as_written,
        "line": said.line,
        "problem": None,
    }
    if dose.per_unit and not product.per_unit:
        row |= {"per_amount": dose.per_amount, "per_unit": dose.per_unit}
    elif not product.per_unit and product.per_amount != product.per_amount:
        notes = [*notes, "what the amount is per is not written: read as one tablet, capsule or dose"]
    remarks = [remark for remark in (dose.question, dose.note, *notes) if remark]
    return row | {"note": "; ".join(dict.fromkeys(remarks)) or None}
