"""Conditional formatting of the days: Excel's own rules, pointing at the reference cells above them.

A reader who corrects an amount or a reference in the workbook sees the signs follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter

from nutridiary.report.excel import looks
from nutridiary.report.excel.looks import AT_LEAST, amount_format

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from nutridiary.report.figure_names import FigureNames

ENOUGH, BETWEEN, LOW, HIGH = "●", "○", "▼", "▲"
_SIGNS = (ENOUGH, BETWEEN, LOW, HIGH, *(f"{sign} {AT_LEAST}" for sign in (ENOUGH, BETWEEN, HIGH)))
_FIRST_FORMAT_ID = 1_000  # far from those of the cells, which count up from 164


def legend(names: FigureNames) -> list[tuple[str, str]]:
    """Return what the signs of the days say, in the words of an authority, each with its tint.

    A figure for labels judges no day, and an authority's signs are those it has figures for.

    Examples
    --------
    >>> from nutridiary.report.figure_names import FigureNames
    >>> [text for text, _ in legend(FigureNames.by("harmonized"))][:2]
    ['○ at or above the H-AR', '▼ below the H-AR']
    """
    requirement, signs = names.name("ear"), []
    if judging := judging_goals(names):
        signs.append((f"{ENOUGH} at or above the {names.either(judging)}", looks.ENOUGH_TINT))
    if "EAR" in names.names:
        between = f"between the {requirement} and the {names.name('rda')}"
        signs.append((f"{BETWEEN} {between if judging else f'at or above the {requirement}'}", looks.BETWEEN_TINT))
        signs.append((f"{LOW} below the {requirement}", looks.LOW_TINT))
    if names.limits:
        signs.append((f"{HIGH} above the {names.either(names.limits)}", looks.HIGH_TINT))
    return [
        *signs,
        (f"{AT_LEAST} at least: a line has no value or is left out", ""),
        ("empty: no line has a value", looks.MISSING_FILL),
    ]


def judging_goals(names: FigureNames) -> tuple[str, ...]:
    """Return the columns of the goals that a day which reaches them is marked for."""
    return tuple(goal for goal in names.goals if goal in ("rda", "ai"))


@dataclass(frozen=True)
class Places:
    """Rows of one person's block.

    Attributes
    ----------
    goal, ear, ul, cdrr : int or None
        Rows of the references; None where the authority has none that judges a day.
    first_day, days : int
        Row of the first day, and how many days there are.
    first_gap : int
        Row of the first day in the table of lines without a value.
    """

    goal: int | None
    ear: int | None
    ul: int | None
    cdrr: int | None
    first_day: int
    days: int
    first_gap: int


def add_day_rules(sheet: Worksheet, places: Places, columns: Sequence[tuple[int, int]]) -> None:
    """Add the rules of one person's days.

    Parameters
    ----------
    sheet : openpyxl worksheet
    places : Places
    columns : sequence of (int, int)
        Column of each nutrient, and its decimals.
    """
    for column, decimals in columns:
        letter = get_column_letter(column)
        cells = f"{letter}{places.first_day}:{letter}{places.first_day + places.days - 1}"
        for condition, sign, tint in _conditions(letter, places):
            rule = Rule(type="expression", dxf=_style(sign, decimals, tint), formula=[condition], stopIfTrue=True)
            sheet.conditional_formatting.add(cells, rule)


def _conditions(letter: str, places: Places) -> list[tuple[str, str, str]]:
    day = f"{letter}{places.first_day}"
    complete = f"N({letter}{places.first_gap})+N($C{places.first_day})=0"

    def against(row: int, comparison: str, more: str = "") -> str:
        reference = f"{letter}${row}"
        extra = f",{more}" if more else ""
        return f"AND(ISNUMBER({day}),ISNUMBER({reference}),{day}{comparison}{reference}{extra})"

    rules = [
        (places.ul, ">", HIGH, looks.HIGH_TINT),
        (places.cdrr, ">", HIGH, looks.HIGH_TINT),
        (places.goal, ">=", ENOUGH, looks.ENOUGH_TINT),
        (places.ear, ">=", BETWEEN, looks.BETWEEN_TINT),
    ]
    conditions = []
    for row, comparison, sign, tint in rules:  # what is known suffices: a missing value can only add
        if row is not None:
            conditions.append((against(row, comparison, complete), sign, tint))
            conditions.append((against(row, comparison), f"{sign} {AT_LEAST}", tint))
    if places.ear is not None:
        conditions.append((against(places.ear, "<", complete), LOW, looks.LOW_TINT))
    return conditions


@cache
def _style(sign: str, decimals: int, tint: str) -> DifferentialStyle:
    number = _FIRST_FORMAT_ID + 10 * _SIGNS.index(sign) + decimals
    shown = NumberFormat(numFmtId=number, formatCode=amount_format(decimals, sign))
    return DifferentialStyle(numFmt=shown, fill=PatternFill(bgColor=tint, fill_type="solid"))
