"""Where each core nutrient came from: which groups of foods, and which foods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from openpyxl.chart import Reference

from nutridiary.nutrients import core_nutrients
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.charts import STACK_LOOKS, Part, stacked_chart
from nutridiary.report.excel.columns import Cell, Column, field, write_rows
from nutridiary.report.excel.looks import Look, amount_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.summary import MOST_CHARTED_PEOPLE
from nutridiary.report.excel.words import UNNAMED, decimals_of, label_of, label_with_unit, person_name

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

MOST_FOODS = 10
"""Foods of each nutrient that are shown; the sheet Foods has them all."""

MOST_GROUPS = len(STACK_LOOKS) - 1
"""Food groups that are told apart in the chart; the others are one part of it."""

OTHERS = "All other groups together"
_FIRST_SHARE = 5  # column, after the group, its foods, lines and grams
_CHART_COLUMNS, _CHART_WIDTH = 7, 10.5
_LEAST_GROUP_ROWS, _MOST_GROUP_ROWS = 17, 26  # rows a chart of groups needs, and may take
_FOOD_ROWS = MOST_FOODS + 5  # of a nutrient's block: heading, header, foods, and room for the axis of the chart
_LONGEST_NAME = 28  # letters of a food's name beside its bar
_LONGEST_IN_CELL = 56  # letters that the columns of the food and the empty one beside it show
_LEAST_LABELLED = 6  # % of a nutrient; a thinner part has no room for its figure
_SHARE = Look(number="#,##0.0")


def write_sources(page: Page, analysis: Analysis, *, people: Sequence[str]) -> None:
    """Write the Sources sheet: for each person the groups of foods, and the foods, that gave most of each nutrient."""
    core = [name for name in core_nutrients() if (analysis.contributions["nutrient"] == name).any()]
    groups = _by_person(analysis.group_contributions, core)
    foods = _by_person(analysis.contributions, core)
    last_share = _FIRST_SHARE + max(len(core), 2) - 1
    widths = [43, 8, 8, 11, *[14.5] * (last_share - _FIRST_SHARE + 1), 2, *[_CHART_WIDTH] * _CHART_COLUMNS]
    page.set_widths(widths)
    page.line("Where each nutrient came from", looks.TITLE)
    page.line(
        "Recorded days that are in the means, all together. Shares are of what is known of a nutrient; a dish that is "
        "one line of the diary counts as a mixed dish. The sheet Foods has every food.",
        looks.FREE_QUIET,
    )
    if not core:
        page.line("No food was counted.", looks.FREE)
    sheet = _Sources(page, core, last_share, len(widths))
    for number, person_id in enumerate(people if core else (), 1):
        if number > 1:
            page.break_before(page.row)
        drawn = number <= MOST_CHARTED_PEOPLE
        sheet.write(number, person_id, groups.get(person_id, []), foods.get(person_id, []), drawn=drawn)
    if core and len(people) > MOST_CHARTED_PEOPLE:
        page.line(f"Charts are drawn for the first {MOST_CHARTED_PEOPLE} people.", looks.FREE_QUIET)
    page.hide_columns(sheet.names_column, sheet.names_column)
    page.set_print(last_column=len(widths))


def _by_person(table: pd.DataFrame, core: Sequence[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows_of(table[table["nutrient"].isin(core)]):
        found.setdefault(row["person_id"] or UNNAMED, []).append(row)
    return found


class _Sources:
    """The blocks of the people, one below the other."""

    def __init__(self, page: Page, core: Sequence[str], last_share: int, last_column: int) -> None:
        self.page, self.core, self.last_column = page, core, last_column
        self.first_chart_column = last_share + 2
        self.names_column = last_column + 2

    def write(self, number: int, person_id: str, groups: Sequence[Row], foods: Sequence[Row], *, drawn: bool) -> None:
        """Write one person's tables and charts."""
        page = self.page
        page.row += number == 1
        page.line(f"Person: {person_name(person_id)}", looks.HEADING)
        whose = f" ({person_id})" if person_id else ""
        if not foods:
            page.line("No food of this person was counted.", looks.FREE)
            return
        if groups:
            self._write_groups(number, groups, whose, drawn=drawn)
        for nutrient in self.core:
            own = [row for row in foods if row["nutrient"] == nutrient and row["percent_of_total"]]
            own.sort(key=lambda row: -row["percent_of_total"])
            self._write_foods(nutrient, own[:MOST_FOODS], whose, drawn=drawn)

    def _write_groups(self, number: int, groups: Sequence[Row], whose: str, *, drawn: bool) -> None:
        page = self.page
        page.line("Food groups, and what share of each nutrient they gave [%]", looks.FREE_BOLD)
        largest, others = _split(groups)
        columns = [
            Column("Food group", 44, looks.WRAPPED, field("food_group")),
            Column("Foods", 8, looks.WHOLE, field("foods")),
            Column("Lines", 8, looks.WHOLE, field("entries")),
            Column("Grams", 11, looks.WHOLE, field("gram_weight")),
            *(Column(label_of(nutrient), 13, _SHARE, _share_of(nutrient)) for nutrient in self.core),
        ]
        top = page.row
        header = write_rows(page, columns, [*largest, *others])
        page.name_range(f"food_groups_table_{number}", (header, 1), (page.row - 1, len(columns)))
        if drawn:
            rows = min(max(page.row - top, _LEAST_GROUP_ROWS), _MOST_GROUP_ROWS)
            self._draw_groups(header, [*largest, *others[:1]], whose, rows)
            page.row = max(page.row, top + rows)
        page.row += 1

    def _draw_groups(self, header: int, groups: Sequence[Row], whose: str, rows: int) -> None:
        last = _FIRST_SHARE + len(self.core) - 1

        def cells(row: int) -> Reference:
            return Reference(self.page.sheet, min_col=_FIRST_SHARE, max_col=last, min_row=row, max_row=row)

        looked = [*STACK_LOOKS[: len(groups) - 1], STACK_LOOKS[-1]]  # what is left is always grey
        chart = stacked_chart(
            title=f"Which groups of foods did each nutrient come from?{whose}",
            axis_titles=("", "% of what is known of the nutrient"),
            categories=cells(header),
            parts=[
                Part(row["food_group"], cells(place), colour, pattern)
                for place, (row, (colour, pattern)) in enumerate(zip(groups, looked, strict=True), header + 1)
            ],
            count=len(self.core),
            value_format="0",
            labels=f"[>={_LEAST_LABELLED}]0;;",
            most=100,
            legend=True,
        )
        chart.legend.position = "r"
        said = [_most(nutrient, groups) for nutrient in self.core]
        corners = (header, self.first_chart_column), (header + rows - 1, self.last_column)
        self.page.add_chart(chart, *corners, " ".join(["Bars: share of each food group.", *said]))

    def _write_foods(self, nutrient: str, foods: Sequence[Row], whose: str, *, drawn: bool) -> None:
        page, label = self.page, label_of(nutrient)
        begin = page.row
        page.line(f"{label}: the {len(foods)} foods that gave most" if len(foods) > 1 else label, looks.FREE_BOLD)
        top = page.row
        columns = [
            Column("Food", 44, looks.TEXT, lambda row: _shortened(row["food_description"], _LONGEST_IN_CELL)),
            Column("", 8, looks.TEXT, lambda row: None),
            Column("Lines", 8, looks.WHOLE, field("entries")),
            Column("Grams", 11, looks.WHOLE, field("gram_weight")),
            Column(label_with_unit(nutrient), 13, looks.WHOLE, _amount),
            Column("Share [%]", 13, _SHARE, field("percent_of_total")),
        ]
        header = write_rows(page, columns, foods, empty=f"No food is known to hold any {label.lower()}.")
        for place, row in enumerate(foods, header + 1):
            page.put(place, self.names_column, _shortened(row["food_description"], _LONGEST_NAME), looks.TEXT)
        if foods and drawn:
            self._draw_foods(nutrient, header, foods, whose)
        page.row = max(page.row, top + _FOOD_ROWS - 1)
        page.keep_together(begin, page.row - 2)

    def _draw_foods(self, nutrient: str, header: int, foods: Sequence[Row], whose: str) -> None:
        def cells(column: int) -> Reference:
            return Reference(self.page.sheet, min_col=column, min_row=header + 1, max_row=header + len(foods))

        label = label_of(nutrient)
        first = foods[0]
        answer = f"{label}: most came from {_shortened(first['food_description'], _LONGEST_NAME)}{whose}"
        chart = stacked_chart(
            title=answer,
            axis_titles=("", f"% of what is known of {label[:1].lower()}{label[1:]}"),
            categories=cells(self.names_column),
            parts=[Part("Share", cells(_FIRST_SHARE + 1))],
            count=len(foods),
            value_format="0",
            labels="0.0",
        )
        said = ", ".join(f"{row['food_description']} {row['percent_of_total']:.1f} %" for row in foods)
        corners = (header, _FIRST_SHARE + 3), (header + _FOOD_ROWS - 2, self.last_column)
        self.page.add_chart(chart, *corners, f"Bars: the foods that gave most {label}. {said}.")


def _split(groups: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Return the groups with the largest shares, and the others: all of them together, and each alone."""
    found: dict[str, dict[str, Row]] = {}
    for row in groups:
        found.setdefault(row["food_group"], {})[row["nutrient"]] = row
    ordered = sorted(found.values(), key=_all_shares, reverse=True)
    rows: list[Row] = [{**next(iter(of.values())), "of": of} for of in ordered]
    if len(rows) <= MOST_GROUPS + 1:
        return rows, []
    others = rows[MOST_GROUPS:]
    each = [{**row, "food_group": f"      {row['food_group']}"} for row in others]
    return rows[:MOST_GROUPS], [_together(others), *each]


def _together(rows: Sequence[Row]) -> Row:
    """Return several groups as one row; what is known of none of them stays unknown."""
    shares: dict[str, Row] = {}
    for nutrient in {nutrient: None for row in rows for nutrient in row["of"]}:
        known = [row["of"].get(nutrient, {}).get("percent_of_total") for row in rows]
        some = [share for share in known if share is not None]
        shares[nutrient] = {"percent_of_total": sum(some) if some else None}
    sums = {
        name: sum(row[name] for row in rows if row[name] is not None) for name in ("foods", "entries", "gram_weight")
    }
    return {"food_group": OTHERS, "of": shares, **sums}


def _all_shares(of: dict[str, Row]) -> float:
    """Return what groups are put in order by: those that matter to several nutrients come first."""
    return float(sum(row["percent_of_total"] for row in of.values() if row["percent_of_total"] is not None))


def _share_of(nutrient: str) -> Any:
    def shown(row: Row) -> Cell | float | None:
        share = row["of"].get(nutrient, {}).get("percent_of_total")
        if share is None:
            return Cell("no value", looks.NO_VALUE) if nutrient in row["of"] else None
        return float(share)

    return shown


def _most(nutrient: str, groups: Sequence[Row]) -> str:
    """Say which group gave most of a nutrient."""
    shares = {row["food_group"]: row["of"].get(nutrient, {}).get("percent_of_total") for row in groups}
    known = {group: share for group, share in shares.items() if share and group != OTHERS}
    if not known:
        return f"{label_of(nutrient)}: not known."
    group = max(known, key=lambda name: known[name])
    return f"{label_of(nutrient)}: most from {group}, {known[group]:.0f} %."


def _amount(row: Row) -> Cell:
    about = looks.ABOUT if row["filled_in"] else ""
    return Cell(row["amount"], Look(number=amount_format(decimals_of(row["nutrient"]), about)))


def _shortened(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 3].rstrip(" ,") + "..."
