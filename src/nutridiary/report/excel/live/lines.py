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
from nutridiary.report.excel.entries import CHECK, DATE, FOOD, PERSON, WEIGHT
from nutridiary.report.excel.line_figures import NO_VALUE, NOT_COUNTED, LineFigures
from nutridiary.report.excel.live.composition import NO_BOUND, OWN_FOOD_ID, Composition
from nutridiary.report.excel.live.guard import LIVE, Guard
from nutridiary.report.excel.looks import Look
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.trail import ENTRIES, Trail
from nutridiary.report.excel.words import label_of, person_name
from nutridiary.tables import NOT_EATEN

EDITABLE = looks.ENOUGH_TINT
HOW_TO_CHANGE = (
    "Blue cells can be changed: the grams, and the FDC id to another food of the sheet Foods per 100 g. Totals, means "
    "and verdicts follow; what cannot follow says that figures were changed. The diary itself stays as it is."
)
AS_WRITTEN = "As written"
LEFT_OUT = 3
"""What a line counts as that was eaten and is in no total; see `line_figures` for the others."""
CHANGED_LINE, NOT_FOLLOWED, IN_NO_TOTAL = 1, 2, 3
"""What became of a line; 0 as it was analysed."""
DAY_KEYS = "day_numbers"
"""The name of the cells that hold the numbers of the days on Daily."""
_WORDS = {NOT_FOLLOWED: "not followed", IN_NO_TOTAL: "in no total"}
_TO_ORDINAL = 693_594  # from Excel's number of a day to the one that counts from the year 1
_MARCH_1900 = 693_655  # from here on the two run alike
KNOWN = '"<1E+300"'
"""Criterion of a cell that holds a figure."""
_DAYS_OF_A_PERSON = 1_000_000  # more than Excel's calendar has
PEOPLE_COLUMN = 5
"""Of the hidden sheet: what people are called."""
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
        # Right beside the table, and under its filter: whoever sorts the table sorts these with it.
        self._start = max(trail.entry_columns.values(), default=len(trail.entry_table)) + 1
        self.day, self.kind, self._food, self._grams_were, self._changed = range(self._start, self._start + 5)
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
        names = self._write_people(guard)
        for place, row in enumerate(self.rows):
            line = self.first + place
            own_day = self._write_day(line, row, names, guard)
            page.put(line, self.kind, self.kind_of(place), looks.TEXT)
            if live := self.is_live(place):
                self._write_live(line, place, row)
            else:
                self._write_bounds(line, place)
            self._write_check(line, own_day, guard, live=live)
        page.hide_columns(self._start, self._last)
        last = self.first + max(len(self.rows) - 1, 0)
        if page.sheet.auto_filter.ref:
            page.sheet.auto_filter.ref = f"A{self.first - 1}:{_letter(self._last)}{last}"
        named = {"day": self.day, "kind": self.kind, "changed": self._changed}
        named |= {f"less_{name}": column for name, column in self.less.items()}
        named |= {f"more_{name}": column for name, column in self.more.items()}
        for name, column in named.items():
            page.name_range(f"entry_{name}", (self.first, column), (last, column))
        self._hide_what_is_outdated(last)
        page.put(self.first - 2, 1, HOW_TO_CHANGE, looks.FREE_BOLD)
        guard.check("SUM(entry_changed)")
        self._watch_lines(guard, last)
        for place, name in enumerate(self.figures.nutrients):
            amounts = self.figures.amounts[:, place]
            guard.check_sum(f"entry_{name}", float(amounts[amounts == amounts].sum()))

    def _write_headers(self) -> None:
        header = self.first - 1
        names = ["Day, as a number", "Food 1, supplement 2, left out 3", "Place on Foods per 100 g",
                 "Grams, as analysed", "Changed 1, not followed 2, in no total 3"]  # fmt: skip
        names += [f"{label_of(name)}, of this not sure" for name in self.less]
        names += [f"{label_of(name)}, at most more" for name in self.more]
        for column, name in enumerate(names, self._start):
            self.page.put(header, column, name, looks.NUMBER_HEADER)

    def kind_of(self, place: int) -> int:
        """Return what a line counts as."""
        row, kind = self.rows[place], int(self.figures.kinds[place])
        return LEFT_OUT if kind == NOT_COUNTED and row["problem"] is not None and row["kind"] not in NOT_EATEN else kind

    def _write_people(self, guard: Guard) -> str:
        """Write what people are called on the sheet, and return the cells of it."""
        page, first = guard.page, 4
        for number, person_id in enumerate(self._people, first):
            page.put(number, PEOPLE_COLUMN, person_name(person_id), looks.TEXT)
        page.put(3, PEOPLE_COLUMN, "People", looks.HEADER)
        letter = _letter(PEOPLE_COLUMN)
        return f"{LIVE}!${letter}${first}:${letter}${first + len(self._people) - 1}"

    def _write_day(self, line: int, row: Mapping[str, Any], names: str, guard: Guard) -> int:
        """Write the number of a line's day, which follows the date and the person; return the number it has now."""
        page, columns = self.page, self.trail.entry_table
        person = self._people[row["person_id"] or ""]
        date, who = f"${_letter(columns[DATE])}{line}", f"${_letter(columns[PERSON])}{line}"
        ordinal = day_number(0, row["date"])
        of_date = f'IF(ISNUMBER({date}),INT({date})+{_TO_ORDINAL},IF({date}="",0,-1))'
        if 0 < ordinal < _MARCH_1900:  # a number that runs otherwise, or words
            shown = page.value_at(line, columns[DATE])
            same = f"EXACT({date},{guard.words(shown)})" if isinstance(shown, str) else f"{date}={_serial(shown)}"
            of_date = f"IF({same},{ordinal},{of_date})"
        number = f"ROW({names})-ROW(INDEX({names},1))+1"
        of_person = (
            f"IF(EXACT({who},INDEX({names},{person})),{person},SUMPRODUCT(MAX(EXACT({names},{who})*({number}))))"
        )
        own_day = day_number(person, row["date"])
        page.put_formula(line, self.day, f"{_DAYS_OF_A_PERSON}*{of_person}+{of_date}", looks.TEXT, own_day)
        return own_day

    def _write_check(self, line: int, own_day: int, guard: Guard, *, live: bool) -> None:
        """Say of a line whether it was changed, and whether what it gave followed."""
        page, columns = self.page, self.trail.entry_table
        grams, fdc_id = f"${_letter(columns[WEIGHT])}{line}", f"${_letter(columns[FDC_ID])}{line}"
        day, was = f"${_letter(self.day)}{line}", f"${_letter(self._grams_were)}{line}"
        now = page.value_at(line, columns[WEIGHT])
        page.put(line, self._grams_were, now, looks.TEXT)
        id_was = page.value_at(line, columns[FDC_ID])
        of_food = guard.words(id_was) if isinstance(id_was, str) and id_was else f"{id_was}" if id_was else '""'
        same = f"AND({grams}={was},{fdc_id}={of_food})"
        moved = f"IF(COUNTIF({DAY_KEYS},{day})=0,{IN_NO_TOTAL},{CHANGED_LINE})"
        state = f"IF({day}={own_day},IF({same},0,{CHANGED_LINE if live else NOT_FOLLOWED}),{moved})"
        if not live:
            state = f"IF({same},IF({day}={own_day},0,{moved}),{NOT_FOLLOWED})"
        page.put_formula(line, self._changed, state, looks.TEXT, 0)
        checked, code = page.value_at(line, columns[CHECK]) or "", f"${_letter(self._changed)}{line}"
        said = f'IF({code}={NOT_FOLLOWED},"{_WORDS[NOT_FOLLOWED]}","{_WORDS[IN_NO_TOTAL]}")'
        words = f'IF({code}=0,"{checked}",IF({code}={CHANGED_LINE},"changed",{said}))'
        page.work_out(line, columns[CHECK], words)

    def _watch_lines(self, guard: Guard, last: int) -> None:
        """Watch for lines that were added or taken away, and count the changes that no total follows."""
        page, columns = self.page, self.trail.entry_table
        ranges = {name: f"{ENTRIES}!${_letter(columns[name])}${self.first}:${_letter(columns[name])}${last}"
                  for name in (AS_WRITTEN, WEIGHT, FDC_ID)}  # fmt: skip
        filled = "+".join(f'({cells}<>"")' for cells in ranges.values())
        added = [f'SUMPRODUCT((entry_day="")*(({filled})>0))']
        for name, cells in ranges.items():
            letter = _letter(columns[name])
            outside = sum(
                cell._value is not None
                for (row, column), cell in page.sheet._cells.items()
                if column == columns[name] and not self.first <= row <= last
            )
            added.append(f"MAX(0,COUNTA({ENTRIES}!${letter}:${letter})-COUNTA({cells})-{outside})")
        guard.not_followed(f'COUNTIF(entry_changed,">{CHANGED_LINE}")+' + "+".join(added))
        guard.left_out_moved(f'COUNTIFS(entry_kind,{LEFT_OUT},entry_changed,">0")')
        guard.lines_moved(f"IF(COUNT(entry_day)={len(self.rows)},0,1)+ABS(SUM(entry_day)-{self._sum_of_days()})")

    def _sum_of_days(self) -> int:
        return sum(day_number(self._people[row["person_id"] or ""], row["date"]) for row in self.rows)

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
            else:  # every food of the sheet has a value: only a line that has lost its weight or food has none
                amount = f"${_letter(self.trail.entry_columns[name])}{line}"
                page.put(line, column, 0.0, looks.TEXT)
                page.work_out(line, column, f'IF(ISNUMBER({amount}),0,"{NO_BOUND}")')

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
        changed = f"${_letter(self._changed)}{self.first}>0"
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


def _serial(day: Any) -> int:
    """Return Excel's number of one of its first days, before the 29 February 1900 that never was."""
    return int(day.toordinal()) - _TO_ORDINAL - 1


def _letter(column: int) -> str:
    return get_column_letter(column)
