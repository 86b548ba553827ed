"""Mean intakes beside each other, and in the units of a laboratory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, is_complete, is_filled_in, rows_of
from nutridiary.report.excel.columns import PERSON, QUIET, Cell, Column, field, set_widths, write_rows
from nutridiary.report.excel.days import in_order
from nutridiary.report.excel.looks import Look, known_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import decimals_of, label_of

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

_RATIO = Look(number="0.00")
_FIGURES = 3  # significant, of millimoles: 13.2, 0.155, 0.0189


def write_ratios(page: Page, analysis: Analysis, *, people: Sequence[str]) -> None:
    """Write the Ratios sheet: ratios of mean intakes with their bounds, then means in moles."""
    several = len(people) > 1
    columns = ((PERSON,) if several else ()) + _RATIOS
    set_widths(page, columns)
    page.line("Ratios of mean intakes", looks.TITLE)
    page.line(
        "Descriptive figures, because people ask for them. No authority whose figures this report uses sets a limit "
        "for any of them, and none is shown: hold each nutrient beside its own reference.",
        looks.FREE_BOLD,
    )
    page.line(
        "Mean over the recorded days of the one, over the mean of the other; supplements included. 'Can be' takes in "
        "what is missing; it is blank where nothing bounds it.",
        looks.FREE_QUIET,
    )
    page.row += 1
    header_row = write_rows(page, columns, rows_of(in_order(analysis.ratios, people)))
    page.name_range("ratios_table", (header_row, 1), (page.row - 1, len(columns)))
    page.filter_rows(header_row, len(columns))
    if not analysis.moles.empty:
        _write_moles(page, analysis, people, several=several)
    page.set_print(last_column=len(columns))


def _write_moles(page: Page, analysis: Analysis, people: Sequence[str], *, several: bool) -> None:
    columns = ((PERSON,) if several else ()) + _MOLES
    page.row += 1
    page.line("Mean intakes in moles", looks.HEADING)
    page.line(
        "mmol = mg / atomic mass; mEq = mmol x charge, blank where no single charge holds in the body. Intake, not "
        "what a laboratory measures in blood or urine.",
        looks.FREE_QUIET,
    )
    missing = ["person_id", "nutrient", "foods_without_value", "foods_left_out", "foods_filled_in"]
    rows = analysis.moles.merge(
        analysis.comparison[missing], on=["person_id", "nutrient"], how="left", validate="one_to_one"
    )
    header_row = write_rows(page, columns, rows_of(in_order(rows, people)))
    page.name_range("moles_table", (header_row, 1), (page.row - 1, len(columns)))


def _ratio(name: str) -> Callable[[Row], Cell | None]:
    def shown(row: Row) -> Cell | None:
        if row[name] is None:
            return Cell("no value", looks.NO_VALUE) if name in ("by_weight", "by_moles") else None
        return Cell(row[name], _RATIO)

    return shown


def _significant(name: str) -> Callable[[Row], Cell | None]:
    return lambda row: None if row[name] is None else Cell(row[name], _known(row, _decimals(row[name])))


def _known(row: Row, decimals: int) -> Look:
    """Return how a mean looks: "at least" where something is missing, "about" where it is filled in."""
    return Look(number=known_format(decimals, complete=is_complete(row), filled_in=is_filled_in(row)))


def _decimals(value: float) -> int:
    """Return the decimals that show a value with three figures."""
    written = f"{value:.{_FIGURES - 1}e}"
    return min(max(_FIGURES - 1 - int(written.partition("e")[2]), 0), 6)


def _mean(row: Row) -> Cell:
    if row["mean_intake"] is None:
        return Cell("no value", looks.NO_VALUE)
    return Cell(row["mean_intake"], _known(row, decimals_of(row["nutrient"])))


_RATIOS = (
    Column("Ratio", 14, looks.BOLD, field("ratio")),
    Column("In words", 26, looks.WRAPPED, field("label")),
    Column("Days", 8, looks.WHOLE, field("days")),
    Column("By weight [g/g]", 11, _RATIO, _ratio("by_weight")),
    Column("Can be as low as [g/g]", 11, _RATIO, _ratio("by_weight_low")),
    Column("Can be as high as [g/g]", 11, _RATIO, _ratio("by_weight_high")),
    Column("By moles [mol/mol]", 11, _RATIO, _ratio("by_moles")),
    Column("Can be as low as [mol/mol]", 11, _RATIO, _ratio("by_moles_low")),
    Column("Can be as high as [mol/mol]", 11, _RATIO, _ratio("by_moles_high")),
    Column("Note", 90, QUIET, field("note")),
)
_MOLES = (
    Column("Nutrient", 14, looks.BOLD, lambda row: label_of(row["nutrient"])),
    Column("Mean intake [mg/d]", 26, looks.WHOLE, _mean),
    Column("Charge", 8, looks.WHOLE, field("charge")),
    Column("Atomic mass [g/mol]", 11, Look(number="0.000"), field("atomic_mass")),
    Column("Mean intake [mmol/d]", 11, looks.WHOLE, _significant("millimoles")),
    Column("Mean intake [mEq/d]", 11, looks.WHOLE, _significant("milliequivalents")),
)
