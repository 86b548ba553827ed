"""The weeks at a glance: what share of the RDA or AI each day gave, Monday to Sunday."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from nutridiary.errors import listing
from nutridiary.nutrients import format_amount
from nutridiary.report.colours import VERDICT_SIGNS, VERDICT_TINTS
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block, Row, is_complete, is_filled_in
from nutridiary.report.excel.day_rules import legend
from nutridiary.report.excel.figures import percent_decimals
from nutridiary.report.excel.looks import Look, amount_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import decimals_of, is_core, label_of, label_with_unit
from nutridiary.report.figure_names import FigureNames

MOST_WEEKS = 8
"""Recorded weeks of a person that are shown with every nutrient, a block a week; of more, each core nutrient
has a block, in which a week is a row."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FIRST_DAY, _REACHED = 3, 10  # columns
_LAST = _REACHED
_MET = ("meets_rda", "meets_ai", "above_ul", "above_cdrr")  # an upper figure is never below what is aimed at
_CENTRED = Look(align="center")
_DAY_HEADER = looks.HEADER.but(align="center")
_WEEK = Look(number='"Week of "d mmm yyyy', align="left")
_WEEK_HEADER = looks.HEADER.but(number='"Week of "d mmm yyyy', align="left")
_NO_VALUE = Look("quiet", fill=looks.MISSING_FILL, align="center")


class _Week(NamedTuple):
    """A week of which a day at least is on record."""

    monday: Any

    @property
    def days(self) -> list[Any]:
        return [self.monday + timedelta(days=place) for place in range(len(_DAYS))]


def write_week(page: Page, blocks: Sequence[Block], names: FigureNames) -> None:
    """Write the Week sheet: for each person a grid of days, in percent of what is aimed at.

    Parameters
    ----------
    page : Page
    blocks : sequence of Block
    names : FigureNames
    """
    page.set_widths([30, 16, *[11.5] * len(_DAYS), 12])
    goal = names.either(names.goals)
    page.line("The weeks at a glance", looks.TITLE)
    page.line(
        f"Each day in % of the {goal}; an amount where there is none. The signs and tints are the verdict on the day.",
        looks.FREE_QUIET,
    )
    page.line("One day above or below says little: intakes go up and down.", looks.FREE_QUIET)
    for text, tint in [*legend(names)[:-1], (f"{looks.ABOUT} about: a line takes the value of a twin record", "")]:
        for column in (1, 2):
            page.put(page.row, column, text if column == 1 else None, Look("quiet", fill=tint, ruled=False))
        page.row += 1
    for block in blocks:
        page.row += 1
        top = page.row
        page.line(f"Person: {block.name}", looks.HEADING)
        weeks = _weeks(block)
        if not weeks:
            page.line("No recorded day with a date.", looks.FREE)
        elif len(weeks) <= MOST_WEEKS:
            _Grid(page, block, names, top).write_weeks(weeks)
        else:
            page.line(
                f"More than {MOST_WEEKS} weeks: the core nutrients, a row a week. Daily has the others.",
                looks.FREE_QUIET,
            )
            if block.dates_left_out:
                left_out = listing((f"{day:%Y-%m-%d}" for day in block.dates_left_out), most=20)
                page.line(f"Left out of the means, and shown here: {left_out}.", looks.FREE_QUIET)
            _Grid(page, block, names, top).write_nutrients(weeks)
    page.set_print(last_column=_LAST, upright=True)


def _weeks(block: Block) -> list[_Week]:
    return [_Week(day) for day in sorted({day - timedelta(days=day.weekday()) for day in block.dates})]


class _Grid:
    """The weeks of one person."""

    def __init__(self, page: Page, block: Block, names: FigureNames, top: int) -> None:
        """Begin with the first block, whose page begins at the row `top`, that of the heading."""
        self.page, self.names = page, names
        self.dates, self.left_out = set(block.dates), set(block.dates_left_out)
        self.rows: dict[str, dict[Any, Row]] = {row["nutrient"]: {} for row in block.days}
        for row in block.day_comparison:
            self.rows.setdefault(row["nutrient"], {})[row["date"]] = row
        self.top = top

    def write_weeks(self, weeks: Sequence[_Week]) -> None:
        """Write a block a week, with a row a nutrient."""
        page = self.page
        for week, following in _with_next(weeks):
            page.put(page.row, 1, week.monday, _WEEK_HEADER)
            page.put(page.row, 2, "100 % is", looks.HEADER)
            for column, day in enumerate(week.days, _FIRST_DAY):
                page.put(page.row, column, f"{_DAYS[day.weekday()]} {day.day} {day:%b}\n{self._state(day)}".strip(),
                         _DAY_HEADER)  # fmt: skip
            page.put(page.row, _REACHED, "Days that reach it", _DAY_HEADER)
            page.row += 1
            for nutrient, by_date in self.rows.items():
                of_week = [by_date.get(day) for day in week.days]
                aim = self._aim([row for row in of_week if row])
                page.put(page.row, 1, label_of(nutrient) if aim else label_with_unit(nutrient),
                         looks.BOLD if is_core(nutrient) else looks.TEXT)  # fmt: skip
                page.put(page.row, 2, aim or "none set", looks.TEXT if aim else Look("quiet"))
                self._write_days(week, of_week, reached=bool(aim))
            self._say_gap(week, following)
            self._keep_together()

    def write_nutrients(self, weeks: Sequence[_Week]) -> None:
        """Write a block for each core nutrient, with a row a week."""
        page = self.page
        for nutrient in filter(is_core, self.rows):
            by_date = self.rows[nutrient]
            aim = self._aim(list(by_date.values()))
            page.line(f"{label_with_unit(nutrient)}{f', 100 % is {aim}' if aim else ''}", looks.FREE_BOLD)
            page.put_row(
                ["", "Days recorded", *_DAYS, "Days that reach it"],
                [looks.HEADER, looks.NUMBER_HEADER] + [_DAY_HEADER] * 8,
            )
            for week, following in _with_next(weeks):
                page.put(page.row, 1, week.monday, _WEEK)
                page.put(page.row, 2, sum(day in self.dates for day in week.days), looks.WHOLE)
                self._write_days(week, [by_date.get(day) for day in week.days], reached=bool(aim))
                self._say_gap(week, following)
            self._keep_together()

    def _keep_together(self) -> None:
        """Print the block that was written last on one page, the first with what stands above it."""
        self.page.keep_together(self.top, self.page.row - 1)
        self.page.row += 1
        self.top = self.page.row

    def _state(self, day: Any) -> str:
        if day not in self.dates:
            return "not recorded"
        return "left out" if day in self.left_out else ""

    def _aim(self, rows: Sequence[Row]) -> str:
        """Return what 100 % is: 'RDA 320 mg', or only 'RDA' where it changes (a birthday); empty where nothing is."""
        aims = {
            (self.names.goal_of(row), row[self.names.goal_of(row)])
            for row in rows
            if row["percent_of_reference"] is not None or row["reference_kind"] is not None
        }
        if not aims:
            return ""
        (kind, amount), nutrient = min(aims, key=str), rows[0]["nutrient"]
        name = self.names.name_beside(nutrient, kind, self.names.goals) or self.names.name(kind)
        return f"{name} {format_amount(amount, nutrient)}" if len(aims) == 1 else name

    def _write_days(self, week: _Week, rows: Sequence[Row | None], *, reached: bool) -> None:
        page = self.page
        for column, (day, row) in enumerate(zip(week.days, rows, strict=True), _FIRST_DAY):
            if day not in self.dates:
                page.put(page.row, column, None, _CENTRED)
            elif row is None or row["amount"] is None:
                page.put(page.row, column, "no value", _NO_VALUE)
            else:
                page.put(page.row, column, *_shown(row, self.names))
        on_record = [row for row in rows if row]
        met = sum(row["verdict"] in _MET for row in on_record)
        page.put(page.row, _REACHED, f"{met} of {len(on_record)}" if reached and on_record else None, _CENTRED)
        page.row += 1

    def _say_gap(self, week: _Week, following: _Week | None) -> None:
        """Say which weeks are not on record, between two that are."""
        if following is None or (following.monday - week.monday).days == len(_DAYS):
            return
        first, last = week.monday + timedelta(days=7), following.monday - timedelta(days=1)
        self.page.line(f"Nothing recorded from {first:%Y-%m-%d} to {last:%Y-%m-%d}.", looks.FREE_QUIET)


def _with_next(weeks: Sequence[_Week]) -> Iterator[tuple[_Week, _Week | None]]:
    """Return each week with the one that follows it on record."""
    yield from zip(weeks, [*weeks[1:], None], strict=True)


def _shown(row: Row, names: FigureNames) -> tuple[float, Look]:
    """Return the figure of a day, and how it looks: its sign and tint, "at least" and "about"."""
    verdict, percent = row["verdict"] or "", row["percent_of_reference"]
    sign, tint = VERDICT_SIGNS.get(verdict, ""), VERDICT_TINTS.get(verdict, "")
    if verdict == "meets_ai" and not names.is_level_to_reach(row["nutrient"], "ai"):
        sign, tint = "", looks.OPEN_TINT
    known = ("" if is_complete(row) else looks.AT_LEAST) + (looks.ABOUT if is_filled_in(row) else "")
    before = " ".join(text for text in (sign, known) if text)
    if percent is None:
        return row["amount"], _look(amount_format(decimals_of(row["nutrient"]), before), tint)
    return percent, _look(amount_format(percent_decimals(percent), before, "%"), tint)


def _look(number: str, tint: str) -> Look:
    return Look(number=number, fill=tint, align="right")
