"""Daily, living: the totals of the days are sums over the lines, and the means are of the totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter

from nutridiary.nutrients import core_nutrients
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block, Row
from nutridiary.report.excel.day_columns import PARTS, DayColumns
from nutridiary.report.excel.line_figures import NO_VALUE, NOT_COUNTED, OF_FOOD, OF_SUPPLEMENT
from nutridiary.report.excel.live.composition import NO_BOUND
from nutridiary.report.excel.live.guard import CHANGED, LEFT_OUT_MOVED
from nutridiary.report.excel.live.lines import DAY_KEYS, KNOWN, LEFT_OUT, LiveLines, day_number
from nutridiary.report.excel.looks import known_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.sheet_xml import Formula
from nutridiary.report.excel.trail import DAILY, Trail
from nutridiary.report.excel.words import decimals_of
from nutridiary.tables import NOT_EATEN

_FIRST_SIGN = 900  # numbers of formats, far from those of the cells
_ROUNDING = "1E-9"


@dataclass(frozen=True)
class PersonDays:
    """Where the days of a person stand, for the means.

    Attributes
    ----------
    first, last : int
        Rows of the days.
    counts, recorded : str
        Cells that say which days are in the means, and which of these are recorded days.
    left_out_lines : int
        Lines left out of the days that are in the means.
    """

    first: int
    last: int
    counts: str
    recorded: str
    left_out_lines: int

    def column(self, letter: str) -> str:
        """Return the cells of a column on these days."""
        return f"{DAILY}!${letter}${self.first}:${letter}${self.last}"


class LiveDays:
    """The formulas of Daily."""

    def __init__(self, page: Page, trail: Trail, columns: DayColumns, lines: LiveLines) -> None:
        """Take the sheet as it was written."""
        self.page, self.trail, self.columns, self.lines = page, trail, columns, lines
        start = columns.last_folded + 1
        self._key, self._counts, self._recorded = start, start + 1, start + 2
        self._open_doses = self._nutrients_of_open_doses()
        self._some_left_out = any(lines.kind_of(place) == LEFT_OUT for place in range(len(lines.rows)))
        self._days: list[int] = []
        self._of_food = self._days_with_food()

    def _nutrients_of_open_doses(self) -> frozenset[str]:
        """Return the nutrients of which some dose is not known."""
        figures = self.lines.figures
        is_open = (figures.states == NO_VALUE)[figures.kinds == OF_SUPPLEMENT].any(axis=0)
        return frozenset(name for name, some in zip(figures.nutrients, is_open, strict=True) if some)

    def _days_with_food(self) -> set[tuple[str, Any]]:
        """Return the days that more than supplements are on record of; only these have an upper bound."""
        return {
            (row["person_id"] or "", row["date"])
            for row in self.lines.rows
            if row["kind"] != "supplement" and (row["kind"] not in NOT_EATEN or row["problem"] is None)
        }

    def write(self, person: int, block: Block) -> PersonDays | None:
        """Lay the formulas over the days of a person; return where they stand."""
        rows = self.trail.day_rows.get(block.person_id)
        if rows is None:
            return None
        first, last = rows
        totals: dict[Any, dict[str, Row]] = {}
        for row in block.days:
            totals.setdefault(row["date"], {})[row["nutrient"]] = row
        dates = [*block.dates, *([None] if None in totals else [])]
        left_out = frozenset(block.dates_left_out)
        for place, date in enumerate(dates):
            self._write_day(first + place, place, person, block, date, totals.get(date, {}), date in left_out)
        self._days += [first, last]
        left_out_lines = sum(
            int(self._value(row, 3) or 0) for row in range(first, last + 1) if self._value(row, self._counts)
        )
        days = PersonDays(
            first, last, self._range(self._counts, rows), self._range(self._recorded, rows), left_out_lines
        )
        self._write_means(block, days)
        for column in (self._key, self._counts, self._recorded):
            self.page.hide_columns(column, column)
        self._add_signs(block, first, last)
        return days

    def _value(self, row: int, column: int) -> Any:
        value = self.page.value_at(row, column)
        return value.value if isinstance(value, Formula) else value

    def close(self) -> None:
        """Name the numbers of the days, after all people."""
        first, last = min(self._days, default=1), max(self._days, default=1)
        self.page.name_range(DAY_KEYS, (first, self._key), (last, self._key))

    def _range(self, column: int, rows: tuple[int, int]) -> str:
        letter = get_column_letter(column)
        return f"{DAILY}!${letter}${rows[0]}:${letter}${rows[1]}"

    def _write_day(
        self, row: int, place: int, person: int, block: Block, date: Any, totals: Mapping[str, Row], left_out: bool
    ) -> None:
        page, columns = self.page, self.columns
        some: Row = next(iter(totals.values()), {})
        is_recorded = bool(some.get("foods")) and not left_out
        page.put(row, self._key, day_number(person, date), looks.TEXT)
        key = f"${get_column_letter(self._key)}{row}"
        self._count_lines(row, key, some, (block.person_id, date))
        any_line = f"IF(N($B{row})>0,1,0)"
        for at, value in (
            (self._counts, (is_recorded or date is None) and not left_out),
            (self._recorded, is_recorded),
        ):
            page.put(row, at, int(value), looks.TEXT)
            if is_recorded and date is not None:
                page.work_out(row, at, any_line)
        gap_row = self.trail.gap_rows[block.person_id] + place
        for nutrient, column in columns.places.items():
            if nutrient not in totals:
                continue
            of_day = f"entry_day,{key}"
            known = f"COUNTIFS({of_day},entry_{nutrient},{KNOWN})"
            page.work_out(row, column, f'IF({known}=0,"",SUMIFS(entry_{nutrient},{of_day}))')
            if nutrient in columns.parted:
                for number, kind in enumerate((OF_FOOD, OF_SUPPLEMENT), 1):
                    of_part = f"{of_day},entry_kind,{kind}"
                    any_known = f"COUNTIFS({of_part},entry_{nutrient},{KNOWN})"
                    page.work_out(row, column + number, f'IF({any_known}=0,"",SUMIFS(entry_{nutrient},{of_part}))')
            self._write_bounds(row, column, nutrient, of_day, known, totals[nutrient], (block.person_id, date), gap_row)
            of_food = f"{of_day},entry_kind,{OF_FOOD}"
            gaps = f"COUNTIFS({of_food})-COUNTIFS({of_food},entry_{nutrient},{KNOWN})"
            if nutrient in self._open_doses:
                of_dose = f"{of_day},entry_kind,{OF_SUPPLEMENT},entry_more_{nutrient}"
                for more in (f'"{NO_BOUND}"', KNOWN):
                    gaps += f"+COUNTIFS({of_dose},{more})-COUNTIFS({of_dose},{more},entry_{nutrient},{KNOWN})"
            page.work_out(gap_row, column, gaps)
        self._write_chart_data(row)

    def _count_lines(self, row: int, key: str, some: Row, day: tuple[str, Any]) -> None:
        """Let the numbers of lines of a day follow, where they count what the sheet of the lines shows."""
        first, last = self.trail.entry_rows.get(day, (1, 0))
        kinds = [self.lines.kind_of(line - self.lines.first) for line in range(first, last + 1)]
        left_out = kinds.count(LEFT_OUT)
        if some.get("foods") == len(kinds) - left_out - kinds.count(NOT_COUNTED):
            counted = [f"COUNTIFS(entry_day,{key},entry_kind,{kind})" for kind in (OF_FOOD, OF_SUPPLEMENT)]
            self.page.work_out(row, 2, "+".join(counted))
        if some.get("foods_left_out") == left_out:
            self.page.work_out(row, 3, f"COUNTIFS(entry_day,{key},entry_kind,{LEFT_OUT})")

    def _write_bounds(
        self,
        row: int,
        column: int,
        nutrient: str,
        of_day: str,
        known: str,
        total: Row,
        day: tuple[str, Any],
        gap_row: int,
    ) -> None:
        page, lines, cell = self.page, self.lines, f"{get_column_letter(column)}{row}"
        least = cell
        if nutrient in lines.less:
            lent = f"COUNTIFS({of_day},entry_less_{nutrient},{KNOWN},entry_kind,{OF_FOOD})"
            least = f'IF({known}={lent},"",{cell}-SUMIFS(entry_less_{nutrient},{of_day}))'
        page.work_out(row, self.columns.least(nutrient), least)
        of_lines = self._left_out_part(total, day, nutrient)
        if of_lines is None:
            return  # nothing says how much the lines left out can have held
        most = f"N({cell})+{of_lines!r}" if total["foods_left_out"] else cell
        if nutrient in lines.more:
            more = f"entry_more_{nutrient},{of_day}"
            most = f"N({cell})+SUMIFS({more})+{of_lines!r}"
            most = f'IF(COUNTIFS(entry_more_{nutrient},"{NO_BOUND}",{of_day})>0,"",{most})'
        else:  # a line that has lost its weight or food can have held any amount
            most = f'IF(N({get_column_letter(column)}{gap_row})>0,"",{most})'
        if self._some_left_out:  # on another day than theirs, nothing says how much they hold
            most = f'IF({LEFT_OUT_MOVED}>0,"",{most})'
        page.work_out(row, self.columns.most(nutrient), most)

    def _left_out_part(self, total: Row, day: tuple[str, Any], nutrient: str) -> float | None:
        """Return what the lines left out can have held of a day's upper bound; None where nothing says so."""
        if day not in self._of_food:
            return None
        if not total["foods_left_out"]:
            return 0.0
        if total["high"] is None:
            return None
        figures, number = self.lines.figures, self.lines.figures.nutrients.index(nutrient)
        first, last = self.trail.entry_rows[day]
        highs = figures.highs[first - self.lines.first : last - self.lines.first + 1, number]
        return float(total["high"] - highs[highs == highs].sum())

    def _write_chart_data(self, row: int) -> None:
        """Let what the charts show of the bounds follow."""
        for place, nutrient in enumerate(core_nutrients()):
            if nutrient not in self.columns.places:
                continue
            cells = [
                f"{get_column_letter(column)}{row}"
                for column in (self.columns.least(nutrient), self.columns.places[nutrient], self.columns.most(nutrient))
            ]
            for column, (low, high) in (
                (self.columns.above(place), cells[1:]),
                (self.columns.below(place), cells[:2]),
            ):
                apart = f"{high}-{low}>{_ROUNDING}*ABS({high})"
                formula = f'IF(AND(ISNUMBER({low}),ISNUMBER({high})),IF({apart},{high}-{low},""),"")'
                self.page.work_out(row, column, formula)

    def _write_means(self, block: Block, days: PersonDays) -> None:
        row = self.trail.mean_rows[block.person_id]
        for nutrient, column in self.columns.places.items():
            if not any(of["nutrient"] == nutrient and of["days"] is not None for of in block.comparison):
                continue
            self.page.work_out(row, column, mean_of(days, get_column_letter(column)))
            if nutrient in self.columns.parted:
                for number in range(1, len(PARTS) + 1):
                    self.page.work_out(row, column + number, mean_of(days, get_column_letter(column + number)))

    def _add_signs(self, block: Block, first: int, last: int) -> None:
        """Let the signs of a total follow, too: those it was written with are of the figures as analysed."""
        gap = self.trail.gap_rows[block.person_id]
        for nutrient, column in self.columns.places.items():
            letter, least = get_column_letter(column), get_column_letter(self.columns.least(nutrient))
            incomplete = f"N({letter}{gap})+N($C{first})>0"
            lent = f"NOT(AND(ISNUMBER({least}{first}),{least}{first}>={letter}{first}*(1-{_ROUNDING})))"
            for number, (condition, complete, filled_in) in enumerate(
                (
                    (f"AND({CHANGED},{incomplete},{lent})", False, True),
                    (f"AND({CHANGED},{incomplete})", False, False),
                    (f"AND({CHANGED},{lent})", True, True),
                    (CHANGED, True, False),
                )
            ):
                code = known_format(decimals_of(nutrient), complete=complete, filled_in=filled_in)
                shown = NumberFormat(numFmtId=_FIRST_SIGN + 10 * number + decimals_of(nutrient), formatCode=code)
                rule = Rule(
                    type="expression", dxf=DifferentialStyle(numFmt=shown), formula=[condition], stopIfTrue=True
                )
                self.page.sheet.conditional_formatting.add(f"{letter}{first}:{letter}{last}", rule)


def mean_of(days: PersonDays, letter: str) -> str:
    """Return the formula of the mean of a column of Daily, as the comparison defines it.

    What is known is divided by all recorded days that are not left out.
    """
    cells, counts, recorded = days.column(letter), days.counts, days.recorded
    known = f"COUNTIFS({counts},1,{cells},{KNOWN})"
    return f'IF(OR(SUM({recorded})=0,{known}=0),"",SUMIFS({cells},{counts},1)/SUM({recorded}))'


def upper_mean_of(days: PersonDays, letter: str) -> str:
    """Return the formula of the upper bound of a mean: every day must have one."""
    cells, counts, recorded = days.column(letter), days.counts, days.recorded
    bounded = f"COUNTIFS({counts},1,{cells},{KNOWN})=SUM({counts})"
    return f'IF(AND(SUM({recorded})>0,{bounded}),SUMIFS({cells},{counts},1)/SUM({recorded}),"")'
