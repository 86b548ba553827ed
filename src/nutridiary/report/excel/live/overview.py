"""The overview of several people, living: the percentages and their signs follow each person's page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import column_index_from_string, get_column_letter

from nutridiary.report import colours
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block
from nutridiary.report.excel.live.guard import CHANGED, MOVED, SAME, Guard
from nutridiary.report.excel.live.people import LivePeople
from nutridiary.report.excel.live.verdicts import CODES
from nutridiary.report.excel.looks import ABOUT, AT_LEAST, amount_format
from nutridiary.report.excel.overview import OPEN, SIGNS
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.person import Place
from nutridiary.report.excel.words import is_core, label_of
from nutridiary.report.figure_names import FigureNames

_TINTS = {
    colours.HIGH: looks.HIGH_TINT,
    colours.LOW: looks.LOW_TINT,
    colours.BETWEEN: looks.BETWEEN_TINT,
    colours.ENOUGH: looks.ENOUGH_TINT,
    OPEN: looks.OPEN_TINT,
    "": "FFFFFF",
}
_KNOWN = ("", AT_LEAST, ABOUT, AT_LEAST + ABOUT)
_FIRST_SIGN = 850  # numbers of formats, far from those of the cells
_OF_LINES = ("Days", "Lines counted", "Lines left out")
_OTHERS = "Other nutrients"
_NO_VALUE = "no value"


class LiveOverview:
    """The formulas of the overview."""

    def __init__(self, page: Page, guard: Guard, people: LivePeople, names: FigureNames) -> None:
        """Find the table on the sheet as it was written."""
        self.page, self.guard, self.people = page, guard, people
        self.goal = names.either(names.goals)
        corners = re.findall(r"\$([A-Z]+)\$(\d+)", page.workbook.defined_names["people_table"].attr_text)
        self.header, last_column = int(corners[0][1]), column_index_from_string(corners[1][0])
        self.columns = {page.value_at(self.header, column): column for column in range(1, last_column + 1)}
        self._folded = last_column + 2

    def write(self, blocks: Sequence[Block], places: Mapping[str, tuple[str, Place]]) -> None:
        """Lay the formulas over the table."""
        page = self.page
        self.people.guard_opening(page, self.header)
        core = dict.fromkeys(
            row["nutrient"] for block in blocks for row in block.comparison if is_core(row["nutrient"])
        )
        for number, nutrient in enumerate(core):
            column = self.columns[f"{label_of(nutrient)} [% of {self.goal}]"]
            code, known = self._folded + 2 * number, self._folded + 2 * number + 1
            for at, header in ((code, "verdict"), (known, "at least 1, about 2")):
                page.put(self.header, at, f"{label_of(nutrient)}, {header}", looks.HEADER)
            for row, block in enumerate(blocks, self.header + 1):
                if (block.person_id, nutrient) in self.people.rows:
                    self._write_share(row, column, code, block, nutrient, places[block.person_id])
                elif page.value_at(row, column) is not None:
                    self.guard.text(page, row, column)
            self._add_signs(column, code, len(blocks))
        page.hide_columns(self._folded, self._folded + 2 * len(core) - 1)
        for row in range(self.header + 1, self.header + 1 + len(blocks)):
            for name in _OF_LINES:
                self.guard.text(page, row, self.columns[name], condition=f"{MOVED}>0")
            self.guard.text(page, row, self.columns[_OTHERS])
        self.guard.title(page)

    def _write_share(
        self, row: int, column: int, code: int, block: Block, nutrient: str, place: tuple[str, Place]
    ) -> None:
        page, (title, table) = self.page, place
        of_person = [figures["nutrient"] for figures in block.comparison].index(nutrient) + table.first_row
        share = f"'{title}'!${table.letters[f'% of {self.goal}']}${of_person}"
        value = page.value_at(row, column)
        other = f'"{_NO_VALUE}"'
        if isinstance(value, str):
            other = f"IF({CHANGED},{other},{self.guard.words(value)})"
        page.work_out(row, column, f"IF(ISNUMBER({share}),{share},{other})")
        figures = block.comparison[of_person - table.first_row]
        mean, low, incomplete, verdict = (
            self.people.cell(block.person_id, nutrient, name) for name in ("mean", "low", "incomplete", "verdict")
        )
        page.put(row, code, CODES.index(figures["verdict"]) + 1, looks.TEXT)
        page.work_out(row, code, verdict)
        lent = f"ISNUMBER({mean}),NOT(AND(ISNUMBER({low}),N({low})>=N({mean})*(1-{SAME})))"
        has_low = figures["low"] is not None and figures["low"] >= (figures["mean_intake"] or 0.0) * (1 - float(SAME))
        is_lent = figures["mean_intake"] is not None and not has_low
        is_open = figures["foods_without_value"] + figures["foods_left_out"] > 0
        page.put(row, code + 1, int(is_open) + 2 * int(is_lent), looks.TEXT)
        page.work_out(row, code + 1, f"IF({incomplete}>0,1,0)+IF(AND({lent}),2,0)")

    def _add_signs(self, column: int, code: int, people: int) -> None:
        """Let the sign before a percentage be that of the verdict it has now."""
        first, last = self.header + 1, self.header + people
        letter, verdict, known = (f"{get_column_letter(at)}" for at in (column, code, code + 1))
        for number, (sign, tint) in enumerate(_TINTS.items()):
            codes = [place for place, name in enumerate(CODES, 1) if SIGNS.get(name, "") == sign]
            judged = ",".join(f"${verdict}{first}={place}" for place in codes)
            for state, words in enumerate(_KNOWN):
                before = " ".join(part for part in (sign, words) if part)
                shown = NumberFormat(_FIRST_SIGN + 4 * number + state, amount_format(1, before, "%"))
                style = DifferentialStyle(numFmt=shown, fill=PatternFill(bgColor=tint, fill_type="solid"))
                condition = f"AND({CHANGED},OR({judged}),N(${known}{first})={state})"
                rule = Rule(type="expression", dxf=style, formula=[condition], stopIfTrue=True)
                self.page.sheet.conditional_formatting.add(f"{letter}{first}:{letter}{last}", rule)
