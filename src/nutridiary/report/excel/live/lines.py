"""Entries, living: the figures of a line are its grams times what 100 g of its food hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter

from nutridiary.report.excel import looks
from nutridiary.report.excel.columns import FDC_ID
from nutridiary.report.excel.entries import CHECK, FOOD, WEIGHT
from nutridiary.report.excel.line_figures import NO_VALUE, LineFigures
from nutridiary.report.excel.live.composition import NO_BOUND, OWN_FOOD_ID, Composition
from nutridiary.report.excel.live.guard import Guard
from nutridiary.report.excel.looks import Look
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.trail import Trail
from nutridiary.report.excel.words import label_of

EDITABLE = looks.ENOUGH_TINT
HOW_TO_CHANGE = (
    "Blue cells can be changed: the grams, and the FDC id to another food of the sheet Foods per 100 g. Totals, means "
    "and verdicts follow; what cannot follow says that figures were changed. The diary itself stays as it is."
)
KNOWN = '"<1E+300"'
"""Criterion of a cell that holds a figure."""
_DAYS_OF_A_PERSON = 1_000_000  # more than Excel's calendar has
_NOT_SHOWN = 990  # number of the format that shows nothing, far from those of the cells
_OUTDATED = ("Grams, low", "Grams, high", "Portion used", "How it was weighed", "Match score, 0 to 1",
             "Values not from its own record", "Note, or why it was left out")  # fmt: skip
_EXACT = 1e-12  # relative


def day_number(person: int, date: Any) -> int:
    """Return the number that stands for a person's day; without a date, for the lines that have none."""
    return _DAYS_OF_A_PERSON * person + (0 if date is None else date.toordinal())


class LiveLines:
    """The formulas of Entries.

    Attributes
    ----------
    less, more : dict of str to int
        The columns, of some nutrients, that hold what of the amount is not sure, and what more there may be.
    """

    def __init__(
        self, page: Page, trail: Trail, figures: LineFigures, composition: Composition, people: Sequence[str]
    ) -> None:
        """Take the sheet as it was written."""
        self.page, self.trail, self.figures, self.composition = page, trail, figures, composition
        self.rows = figures.rows
        self._people = {person_id: number for number, person_id in enumerate(people, 1)}
        self.first = min((first for first, _ in trail.entry_rows.values()), default=1)
        self._start = max(trail.entry_columns.values(), default=len(trail.entry_table)) + 2
        self.day, self.kind, self._food, self._grams_were, self._id_was, self._changed = range(
            self._start, self._start + 6
        )
        self.less = self._columns_of(self._has_less(), self._changed + 1)
        self.more = self._columns_of(self._has_more(), self._changed + 1 + len(self.less))
        self._last = self._changed + len(self.less) + len(self.more)

    def _columns_of(self, nutrients: Sequence[str], first: int) -> dict[str, int]:
        return {name: place for place, name in enumerate(nutrients, first)}

    def _has_less(self) -> list[str]:
        figures = self.figures
        differs = (figures.amounts == figures.amounts) & (figures.amounts != figures.lows)
        return [name for place, name in enumerate(figures.nutrients) if differs[:, place].any()]

    def _has_more(self) -> list[str]:
        figures = self.figures
        differs = (figures.states == NO_VALUE) | (
            (figures.highs != figures.amounts) & (figures.amounts == figures.amounts)
        )
        return [name for place, name in enumerate(figures.nutrients) if differs[:, place].any()]

    def is_live(self, place: int) -> bool:
        """Return whether a line is its weight times the values of a listed food, and nothing else."""
        import numpy as np

        row, figures = self.rows[place], self.figures
        food = self.composition.foods.get(row["fdc_id"])
        if food is None or row["problem"] is not None or not row["gram_weight"] or not figures.of_record[place].all():
            return False
        worked_out = row["gram_weight"] * np.array(food.amounts) / 100
        return bool(np.allclose(worked_out, figures.amounts[place], rtol=_EXACT, atol=0, equal_nan=True))

    def write(self, guard: Guard) -> None:
        """Lay the formulas over the sheet."""
        page = self.page
        self._write_headers()
        for place, row in enumerate(self.rows):
            line = self.first + place
            page.put(line, self.day, day_number(self._people[row["person_id"] or ""], row["date"]), looks.TEXT)
            page.put(line, self.kind, int(self.figures.kinds[place]), looks.TEXT)
            if self.is_live(place):
                self._write_live(line, place, row)
            else:
                self._write_bounds(line, place)
        page.hide_columns(self._start, self._last)
        last = self.first + max(len(self.rows) - 1, 0)
        named = {"day": self.day, "kind": self.kind, "changed": self._changed}
        named |= {f"less_{name}": column for name, column in self.less.items()}
        named |= {f"more_{name}": column for name, column in self.more.items()}
        for name, column in named.items():
            page.name_range(f"entry_{name}", (self.first, column), (last, column))
        self._hide_what_is_outdated(last)
        page.put(self.first - 2, 1, HOW_TO_CHANGE, looks.FREE_BOLD)
        guard.check("SUM(entry_changed)")
        for place, name in enumerate(self.figures.nutrients):
            amounts = self.figures.amounts[:, place]
            guard.check_sum(f"entry_{name}", float(amounts[amounts == amounts].sum()))

    def _write_headers(self) -> None:
        header = self.first - 1
        names = ["Day, as a number", "Food 1, supplement 2", "Place on Foods per 100 g", "Grams, as analysed",
                 "FDC id, as analysed", "Changed"]  # fmt: skip
        names += [f"{label_of(name)}, of this not sure" for name in self.less]
        names += [f"{label_of(name)}, at most more" for name in self.more]
        for column, name in enumerate(names, self._start):
            self.page.put(header, column, name, looks.NUMBER_HEADER)

    def _write_live(self, line: int, place: int, row: Mapping[str, Any]) -> None:
        page, columns, foods = self.page, self.trail.entry_table, self.composition
        grams, fdc_id = f"${_letter(columns[WEIGHT])}{line}", f"${_letter(columns[FDC_ID])}{line}"
        food = f"${_letter(self._food)}{line}"
        page.put(line, columns[WEIGHT], row["gram_weight"], Look(number="#,##0.0", fill=EDITABLE))
        page.put(line, columns[FDC_ID], row["fdc_id"], Look(number=OWN_FOOD_ID, align="left", fill=EDITABLE))
        found = f"IFERROR(MATCH({fdc_id},food_id,0),{foods.not_listed})"
        page.put(line, self._food, foods.place_of(row["fdc_id"]), looks.TEXT)
        page.work_out(line, self._food, f"IF(ISNUMBER({grams}),{found},{foods.not_listed})")
        page.work_out(line, columns[FOOD], f"INDEX(food_name,{food})")
        for header, name in (("Data type", "food_data_type"), ("Release", "food_release")):
            page.work_out(line, columns[header], f'INDEX({name},{food})&""')
        page.put(line, self._grams_were, row["gram_weight"], looks.TEXT)
        page.put(line, self._id_was, row["fdc_id"], looks.TEXT)
        were = f"${_letter(self._grams_were)}{line}", f"${_letter(self._id_was)}{line}"
        page.put_formula(line, self._changed, f"IF(AND({grams}={were[0]},{fdc_id}={were[1]}),0,1)", looks.TEXT, 0)
        checked = page.value_at(line, columns[CHECK]) or ""
        page.work_out(line, columns[CHECK], f'IF(${_letter(self._changed)}{line}=1,"changed","{checked}")')
        for name, column in self.trail.entry_columns.items():
            page.work_out(line, column, f'IFERROR({grams}*INDEX(food_{name},{food})/100,"")')
        self._write_live_bounds(line, place, grams, food)

    def _write_live_bounds(self, line: int, place: int, grams: str, food: str) -> None:
        page, figures, nutrients = self.page, self.figures, self.figures.nutrients
        for name, column in self.less.items():
            if name in self.composition.lent:
                number = nutrients.index(name)
                amount, low = figures.amounts[place, number], figures.lows[place, number]
                page.put(line, column, amount if amount == amount and low != low else None, looks.TEXT)
                lent = f"INDEX(food_lent_{name},{food})"
                page.work_out(line, column, f'IF(ISNUMBER({lent}),{grams}*{lent}/100,"")')
        for name, column in self.more.items():
            if name in self.composition.bounded:
                more = f"INDEX(food_more_{name},{food})"
                page.put(line, column, _more(figures, place, nutrients.index(name)) or 0.0, looks.TEXT)
                page.work_out(line, column, f'IF(ISNUMBER({more}),{grams}*{more}/100,"{NO_BOUND}")')

    def _write_bounds(self, line: int, place: int) -> None:
        """Write the bounds of a line that does not rest on a weight."""
        page, figures = self.page, self.figures
        for name, column in self.less.items():
            number = figures.nutrients.index(name)
            amount, low = figures.amounts[place, number], figures.lows[place, number]
            if amount == amount and amount != low:
                page.put(line, column, amount if low != low else amount - low, looks.TEXT)
        for name, column in self.more.items():
            page.put(line, column, _more(figures, place, figures.nutrients.index(name)), looks.TEXT)

    def _hide_what_is_outdated(self, last: int) -> None:
        """Show nothing of how a line was weighed and matched once its weight or food is another."""
        changed = f"${_letter(self._changed)}{self.first}=1"
        nothing = DifferentialStyle(
            numFmt=NumberFormat(numFmtId=_NOT_SHOWN, formatCode=";;;"),
            fill=PatternFill(bgColor="FFFFFF", fill_type="solid"),
        )
        for header in _OUTDATED:
            letter = _letter(self.trail.entry_table[header])
            rule = Rule(type="expression", dxf=nothing, formula=[changed], stopIfTrue=True)
            self.page.sheet.conditional_formatting.add(f"{letter}{self.first}:{letter}{last}", rule)


def _more(figures: LineFigures, place: int, number: int) -> float | str | None:
    """Return how much more a line may hold; nothing where the amount is what it is."""
    amount, high, state = figures.amounts[place, number], figures.highs[place, number], figures.states[place, number]
    if amount != amount and state != NO_VALUE:
        return None
    if high != high:
        return NO_BOUND
    more = high - (amount if amount == amount else 0.0)
    return float(more) if more else None


def _letter(column: int) -> str:
    return get_column_letter(column)
