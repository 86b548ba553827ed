"""The second sheet: every recorded day against the references, and a chart for each core nutrient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from nutridiary.report.excel import looks, paper
from nutridiary.report.excel.blocks import Block, Row, is_complete, is_filled_in
from nutridiary.report.excel.daily_charts import DailyCharts
from nutridiary.report.excel.day_columns import FIRST_NUTRIENT, LEAST_COLUMNS, PARTS, DayColumns
from nutridiary.report.excel.day_rules import ENOUGH, Places, add_day_rules, judging_goals, legend
from nutridiary.report.excel.looks import Look, amount_format, known_format, reference_look
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.summary import MOST_CHARTED_PEOPLE
from nutridiary.report.excel.trail import Trail
from nutridiary.report.excel.words import decimals_of, label_with_unit
from nutridiary.report.figure_names import FigureNames

ALL_INTAKE = "total_intake"
_NUTRIENT_WIDTH = 8.8
_LABEL_WIDTH = 27.0
GAPS = "Counted lines without a value for the nutrient"
_NOT_PRINTED = "On the screen only: on paper the sign ≥ marks these days."
_REFERENCE = Look("bold", fill=looks.HEADER_FILL)
_LEFT_OUT = Look("quiet", number='yyyy-mm-dd" left out"', align="left")
FILLED_IN = f"{looks.ABOUT} Some lines take this value from a twin record (About lists them)."
OF_SIGNS = " The signs of the days count such values; the verdicts on Summary call nothing reached by them alone."


def write_daily(page: Page, blocks: Sequence[Block], names: FigureNames, trail: Trail) -> None:
    """Write the Daily sheet: a block of days and charts for each person, under one row of headers.

    Totals lead to the lines they are the sum of; where the days stand is noted in `trail`.
    """
    columns = DayColumns.of(blocks)
    trail.day_columns = columns.places
    page.line("What each day gave", looks.TITLE)
    _write_legend(page, names)
    header_row, headers = page.row, columns.headers
    widths = _widths(columns, blocks, names)
    if len(paper.column_groups(widths)) > 1:
        widths[0] = _LABEL_WIDTH  # which is all that is seen of a label on the second page
    page.set_widths(widths + [_NUTRIENT_WIDTH] * (LEAST_COLUMNS - len(widths)))
    page.put_row(headers, [looks.HEADER] + [looks.NUMBER_HEADER] * (len(headers) - 1))
    for nutrient in columns.nutrients:
        for column, words in ((columns.least(nutrient), "at least"), (columns.most(nutrient), "at most")):
            page.put(header_row, column, f"{label_with_unit(nutrient)} {words}", looks.NUMBER_HEADER)
    people = [_Days(page, block, columns, names, trail, several=len(blocks) > 1) for block in blocks]
    groups = paper.column_groups(widths)
    charts = [person.write(number, apart=len(groups) > 1) for number, person in enumerate(people, 1)]
    _write_gaps(page, people)
    page.hide_columns(columns.first_folded, columns.last_folded)
    page.sheet.freeze_panes = page.sheet.cell(row=header_row + 1, column=2)
    page.set_print(
        last_column=max(columns.last, LEAST_COLUMNS),
        header_rows=(header_row, header_row),
        spans=partial(_printed_columns, groups, frozenset(charts)) if len(groups) > 1 else None,
    )


def _printed_columns(groups: Sequence[paper.Span], charts: frozenset[int], rows: paper.Span) -> Sequence[paper.Span]:
    """Return the columns that some rows are printed in: those of charts on one page, a table on as many as it needs."""
    return [(1, LEAST_COLUMNS)] if any(rows[0] <= row <= rows[1] for row in charts) else groups


def _widths(columns: DayColumns, blocks: Sequence[Block], names: FigureNames) -> list[float]:
    """Return the widths that show each word of a header, and the largest figure with its signs."""
    goals = {kind: f"{names.name(kind)} " for kind in names.goals}
    longest = dict.fromkeys(columns.nutrients, 0.0)
    for block in blocks:
        for row in block.days:
            known = looks.AT_LEAST * (not is_complete(row)) + looks.ABOUT * is_filled_in(row)
            shown = _room(row, row["amount"], f"{ENOUGH} {known} ")
            longest[row["nutrient"]] = max(longest[row["nutrient"]], shown)
        for row in block.comparison:
            shown = max(_room(row, row.get(kind), goals.get(kind, "")) for kind in (*goals, "ear", "ul", "cdrr"))
            longest[row["nutrient"]] = max(longest.get(row["nutrient"], 0.0), shown)
    totals = {column: longest[nutrient] for nutrient, column in columns.places.items()}
    words = (max(map(_bold, header.split())) for header in columns.headers[FIRST_NUTRIENT - 1 :])
    found = (max(_NUTRIENT_WIDTH, word, totals.get(at, 0.0)) for at, word in enumerate(words, FIRST_NUTRIENT))
    return [19, 8, 8, *found]


def _bold(word: str) -> float:
    """Return how wide a column must be for a word in bold: an m is wider than a digit, an i thinner."""
    wide, thin = sum(map(word.count, "mwMW")), sum(map(word.count, "fijlrt()-"))
    return 1.7 * wide + 0.55 * thin + 1.1 * (len(word) - wide - thin) + 0.9


def _room(row: Row, value: float | None, before: str) -> float:
    """Return how wide a column must be for a figure with what stands before it; a comma is half as wide as a digit."""
    if value is None:
        return 0.0
    shown = f"{before}{value:,.{decimals_of(row['nutrient'])}f}"
    thin = sum(map(shown.count, " .,"))
    return 1.2 * len(before.replace(" ", "")) + sum(map(str.isdigit, shown)) + thin / 2 + 1.0


def _write_gaps(page: Page, people: Sequence[_Days]) -> None:
    """Write how many lines of each day have no value, below everybody's days; the marks of the days follow from it."""
    first = page.row
    page.row += 1
    page.line(GAPS, looks.HEADING)
    page.line(_NOT_PRINTED, looks.FREE_QUIET)
    for person in people:
        person.write_gaps()
    page.leave_unprinted(first, page.row)


def _write_legend(page: Page, names: FigureNames) -> None:
    for place, (text, tint) in enumerate(legend(names)):
        for column in range(1 + 3 * place, 4 + 3 * place):
            page.put(page.row, column, text if column == 1 + 3 * place else None, Look("quiet", fill=tint, ruled=False))
    page.row += 2


class _Days:
    """The block of one person."""

    def __init__(
        self, page: Page, block: Block, columns: DayColumns, names: FigureNames, trail: Trail, *, several: bool
    ) -> None:
        self.page, self.block, self.columns, self.names, self.trail = page, block, columns, names, trail
        self.places, self.left_out = columns.places, frozenset(block.dates_left_out)
        self.totals = _by_nutrient_and_date(block.days)
        self.references = _by_nutrient_and_date(block.day_comparison)
        self.person_rows = {row["nutrient"]: row for row in block.comparison}
        self.charts = DailyCharts(page, block, columns, names, self.references, several=several, live=trail.live)
        self.reference_rows: dict[str, int] = {}
        self.first_day, self.several = 0, several
        self.dates: list[Any] = [*block.dates]
        if any(row["date"] is None for row in block.days):
            self.dates.append(None)

    def write(self, number: int, *, apart: bool) -> int:
        """Write the days and lay the charts below, on pages of their own if `apart`; return the row charts begin at."""
        page, top, drawn = self.page, self.page.row, number <= MOST_CHARTED_PEOPLE
        if number > 1 and (drawn or apart):
            page.break_before(page.row)
        # The first column stands on every page of a table that needs several: its texts must not need the next ones.
        page.line(f"Person: {self.block.name}", looks.HEADING.but(wrap=apart))
        self.reference_rows = self._write_references()
        self.first_day = page.row
        if not self.dates:
            page.line("No recorded day.", looks.FREE)
            return 0
        for date in self.dates:
            self._write_day(date)
        self.trail.day_rows[self.block.person_id] = self.first_day, page.row - 1
        page.name_range(f"daily_table_{number}", (self.first_day, 1), (page.row - 1, self.columns.last))
        self.trail.mean_rows[self.block.person_id] = page.row
        self._write_mean()
        if any(map(is_filled_in, self.block.days)):
            signs = OF_SIGNS if self.names.goals != ("dv",) else ""
            page.put(page.row, 2 if apart else 1, FILLED_IN + signs, looks.FREE_QUIET)
            page.row += 1
        page.keep_together(top, page.row - 1)
        charts = page.row
        if drawn and apart:
            page.break_before(charts)
        if drawn:
            self.charts.add(self.first_day)
        page.row += 1
        return charts if drawn else 0

    def _write_references(self) -> dict[str, int]:
        """Write the figures the rules of the days point at; an empty cell is a reference that is not set.

        Return the row of each that judges a day.
        """
        names, rows = self.names, {}
        goals = () if names.goals == ("ear",) else names.goals
        lines = [
            ("goal" if judging_goals(names) else "", names.either(goals), goals),
            ("ear", names.name("ear"), ("ear",) if "EAR" in names.names else ()),
            ("ul", f"{names.name('ul')} held against all intake", ("ul",) if "ul" in names.limits else ()),
            ("cdrr", names.name("cdrr"), ("cdrr",) if "cdrr" in names.limits else ()),
        ]
        for rule, label, kinds in lines:
            if not kinds:
                continue
            rows[rule] = self.page.row
            self.page.put_row([label, *[None] * (self.columns.last - 1)], [_REFERENCE] * self.columns.last)
            for nutrient, column in self.places.items():
                kind, value = self._reference(nutrient, kinds)
                if not names.is_level_to_reach(nutrient, kind):
                    continue  # no day is marked for it
                name = names.name_beside(nutrient, kind, kinds)
                self.page.put(rows[rule], column, value, reference_look(_REFERENCE, value, name))
        return rows

    def _reference(self, nutrient: str, kinds: Sequence[str]) -> tuple[str, float | None]:
        row = self.person_rows.get(nutrient, {})
        for kind in kinds:
            if row.get(kind) is not None and (kind != "ul" or row["ul_applies_to"] == ALL_INTAKE):
                return kind, row[kind]
        return kinds[0], None

    def _write_day(self, date: Any) -> None:
        rows = self.totals.get(date, {})
        some: Row = next(iter(rows.values()), {})
        page = self.page
        person_id = self.block.person_id
        page.put(page.row, 1, _day(date), _LEFT_OUT if date in self.left_out else looks.DATE)
        page.lead(page.row, 1, self.trail.first_entry_of_day(person_id, date))
        page.put(page.row, 2, some.get("foods"), looks.WHOLE)
        page.put(page.row, 3, some.get("foods_left_out"), looks.WHOLE)
        for nutrient, column in self.places.items():
            row = rows.get(nutrient, {})
            page.put(page.row, column, row.get("amount"), _amount_look(row, nutrient))
            if row.get("amount") is not None:
                page.lead(page.row, column, self.trail.entries_of_day(person_id, date, nutrient))
            if nutrient in self.columns.parted:
                self._write_parts(column, row, nutrient)
            self._write_bounds(row, nutrient)
        self.charts.write_data(page.row, rows, date)
        page.row += 1

    def _write_bounds(self, row: Row, nutrient: str) -> None:
        look = looks.QUIET_NUMBER.but(number=amount_format(decimals_of(nutrient)))
        self.page.put(self.page.row, self.columns.least(nutrient), row.get("low"), look)
        self.page.put(self.page.row, self.columns.most(nutrient), row.get("high"), look)

    def _write_parts(self, column: int, row: Row, nutrient: str, *, of_mean: bool = False) -> None:
        """Write what food and what supplements gave of a total, beside it."""
        look = _REFERENCE if of_mean else looks.QUIET_NUMBER
        for place, (of_day, mean, _) in enumerate(PARTS, column + 1):
            value = row.get(mean if of_mean else of_day)
            self.page.put(self.page.row, place, value, look.but(number=amount_format(decimals_of(nutrient))))

    def _write_mean(self) -> None:
        page = self.page
        for column, text in enumerate(("Mean, as on Summary", None, None), 1):
            page.put(page.row, column, text, _REFERENCE)
        for nutrient, column in self.places.items():
            row = self.person_rows.get(nutrient, {})
            number = _known_format(row, nutrient)
            page.put(page.row, column, row.get("mean_intake"), _REFERENCE.but(number=number))
            if nutrient in self.columns.parted:
                self._write_parts(column, row, nutrient, of_mean=True)
        page.row += 1

    def write_gaps(self) -> None:
        """Write how many lines of each day have no value, and let the signs of the days heed it."""
        if not self.dates:
            return
        page = self.page
        if self.several:
            page.line(self.block.name, looks.FREE_BOLD)
        first_row = self.trail.gap_rows[self.block.person_id] = page.row
        for date in self.dates:
            rows = self.totals.get(date, {})
            page.put_row([_day(date), *[None] * (self.columns.last - 1)], [looks.DATE] * self.columns.last)
            for nutrient, column in self.places.items():
                gaps = rows.get(nutrient, {}).get("foods_without_value")
                page.put(page.row - 1, column, gaps, looks.WHOLE.but(font="plain" if gaps else "quiet"))
        judged_by = self.reference_rows
        add_day_rules(
            page.sheet,
            Places(
                goal=judged_by.get("goal"),
                ear=judged_by.get("ear"),
                ul=judged_by.get("ul"),
                cdrr=judged_by.get("cdrr"),
                first_day=self.first_day,
                days=len(self.dates),
                first_gap=first_row,
            ),
            [(column, decimals_of(nutrient)) for nutrient, column in self.places.items()],
        )


def _day(date: Any) -> Any:
    return "no date" if date is None else date


def _by_nutrient_and_date(rows: Sequence[Row]) -> dict[Any, dict[str, Row]]:
    found: dict[Any, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(row["date"], {})[row["nutrient"]] = row
    return found


def _amount_look(row: Mapping[str, Any], nutrient: str) -> Look:
    if row.get("amount") is None:
        return looks.MISSING
    return Look(number=_known_format(row, nutrient))


def _known_format(row: Mapping[str, Any], nutrient: str) -> str:
    return known_format(decimals_of(nutrient), complete=is_complete(row), filled_in=is_filled_in(row))
