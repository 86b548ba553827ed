"""The pages of people, living: means, bounds, percentages and verdicts follow the days; sentences give way."""

from __future__ import annotations

from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import column_index_from_string, get_column_letter

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block, Row
from nutridiary.report.excel.daily import ALL_INTAKE
from nutridiary.report.excel.day_columns import DayColumns
from nutridiary.report.excel.figures import VERDICT
from nutridiary.report.excel.live.days import PersonDays, mean_of, upper_mean_of
from nutridiary.report.excel.live.guard import CHANGED, LIVE, MOVED, OUTDATED, SAME, Guard
from nutridiary.report.excel.live.verdicts import CODES, OUTRIGHT, number_of, verdict_formula
from nutridiary.report.excel.looks import known_format
from nutridiary.report.excel.means_chart import FOLDED
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.person import LEADING, Place
from nutridiary.report.excel.summary import WHAT_THIS_IS_NOT
from nutridiary.report.excel.trail import DAILY, Trail
from nutridiary.report.excel.words import decimals_of
from nutridiary.report.figure_names import FigureNames

_ROLES = ("ear", "rda", "ai", "dv", "ul", "cdrr")
_FIGURES = ("mean", "low", "high", "incomplete", *_ROLES, "ul_known", "verdict", "changed")
_FIRST_COLUMN = 6  # of the figures on the hidden sheet
_WERE = _FIRST_COLUMN + len(_FIGURES)  # the references as analysed
_WORDS = _WERE + len(_ROLES)  # the words of the verdicts
_SENTENCE = 60  # letters; what is longer is more than a name
_WORDS_TITLE = "Nutrient"  # above the names of nutrients in the table of sentences
_OF_LINES = ("Recorded days", "Dates recorded", "  of these left out", "Lines counted", "  of these supplements",
             "Lines left out", "  of these counted elsewhere", "  of these nothing eaten")  # fmt: skip
_OF_MATCHES = "  of these to review"
_FIRST_REMARK = 3  # row
_STEADY = (WHAT_THIS_IS_NOT, LEADING)
_FIRST_SIGN = 950
WHISKERS = FOLDED[1:3]
"""How far the bounds lie above and below a mean: no formula works them out."""
# Only supplements count towards these ULs, and no weight changes what supplements gave.
_OF_SUPPLEMENTS = ("magnesium", "niacin")


class LivePeople:
    """The formulas of the pages of people, with their working on the hidden sheet."""

    def __init__(
        self,
        guard: Guard,
        trail: Trail,
        columns: DayColumns,
        names: FigureNames,
        equivalents: frozenset[tuple[str, str]],
    ) -> None:
        """Begin; `equivalents` are nutrients of people of which only a part of what the figures count is on record."""
        self.guard, self.trail, self.columns, self.names = guard, trail, columns, names
        self.equivalents, self.working = equivalents, guard.page
        self._row = 4
        self.rows: dict[tuple[str, str], int] = {}
        for column, name in enumerate(_FIGURES, _FIRST_COLUMN):
            self.working.put(3, column, name, looks.HEADER)

    def write(self, page: Page, block: Block, place: Place, days: PersonDays | None) -> None:
        """Lay the formulas over the page of a person."""
        for row, figures in enumerate(block.comparison, place.first_row):
            if days is not None and figures["days"] and figures["nutrient"] in self.columns.places:
                self._write_working(page, row, figures, place, days, block)
                self._write_row(page, row, figures, place)
        self._guard_sentences(page, place)
        self._add_signs(page, place, block)

    def cell(self, person_id: str, nutrient: str, name: str) -> str:
        """Return the hidden cell of a figure."""
        return self._cell(self.rows[person_id, nutrient], name)

    @staticmethod
    def _cell(row: int, name: str) -> str:
        return f"{LIVE}!${get_column_letter(_FIRST_COLUMN + _FIGURES.index(name))}${row}"

    def _write_working(self, page: Page, row: int, figures: Row, place: Place, days: PersonDays, block: Block) -> None:
        own, nutrient, person_id = self._row, figures["nutrient"], block.person_id
        self.rows[person_id, nutrient] = own
        self._row += 1
        column = self.columns.places[nutrient]
        least, most = (get_column_letter(of(nutrient)) for of in (self.columns.least, self.columns.most))
        total, gap = get_column_letter(column), self.trail.gap_rows[person_id]
        gaps = f"{DAILY}!${total}${gap}:${total}${gap + days.last - days.first}"
        formulas: dict[str, tuple[str, Any]] = {
            "mean": (f"{DAILY}!${total}${self.trail.mean_rows[person_id]}", figures["mean_intake"]),
            "low": (mean_of(days, least), figures["low"]),
            "high": (upper_mean_of(days, most), figures["high"]),
            "incomplete": (f"SUMIFS({gaps},{days.counts},1)+{self._left_out(figures, days)}", _missing(figures)),
            **{name: self._reference(page, row, figures, place, name) for name in _ROLES},
            "ul_known": self._part_of_limit(own, figures),
        }
        for name, (formula, value) in formulas.items():
            at = _FIRST_COLUMN + _FIGURES.index(name)
            if formula:
                self.working.put_formula(own, at, formula, looks.TEXT, value)
            else:
                self.working.put(own, at, value, looks.TEXT)
        self._write_verdict(own, figures, (person_id, nutrient))

    @staticmethod
    def _left_out(figures: Row, days: PersonDays) -> str:
        """Return how many lines left out a mean misses; a number where Daily does not count them."""
        if days.left_out_lines != figures["foods_left_out"]:
            return f"{figures['foods_left_out']}"
        return f"SUMIFS({days.column('C')},{days.counts},1)"

    def _write_verdict(self, own: int, figures: Row, key: tuple[str, str]) -> None:
        cells = {name: self._cell(own, name) for name in ("low", "high", "ul_known", *_ROLES)}
        if key in self.equivalents or figures["mean_intake"] is None:
            cells["high"] = '""'
        outright = figures["verdict"] if figures["verdict"] in OUTRIGHT else None
        if outright is None and all(figures[name] is None for name in ("ear", "rda", "ai")):
            outright = "no_reference" if figures["dv"] is None else "beside_dv"
        at = _FIRST_COLUMN + _FIGURES.index("verdict")
        self.working.put_formula(own, at, verdict_formula(cells, outright), looks.TEXT, number_of(figures["verdict"]))
        same = []
        for number, name in enumerate(_ROLES):
            self.working.put(own, _WERE + number, figures[name], looks.TEXT)
            same.append(f"N({self._cell(own, name)})=N(${get_column_letter(_WERE + number)}${own})")
        changed = _FIRST_COLUMN + _FIGURES.index("changed")
        self.working.put_formula(own, changed, f"IF(AND({','.join(same)}),0,1)", looks.TEXT, 0)
        for number, code in enumerate(CODES):
            self.working.put(own, _WORDS + number, self.names.verdict(code, key[1]), looks.TEXT)

    def _reference(self, page: Page, row: int, figures: Row, place: Place, name: str) -> tuple[str, Any]:
        """Return the cell of the page a figure stands in, so that a corrected one is followed; or the figure itself."""
        value, names = figures[name], self.names
        shown = {names.goal_of(figures): names.either(names.goals)}
        if names.has_requirement:
            shown["ear"] = names.name("ear")
        if names.limits:
            shown[names.limit_of(figures)] = names.either(names.limits)
        header = shown.get(name)
        if value is None or header is None:
            return "", value
        return f"'{page.sheet.title}'!${place.letters[header]}${row}", value

    def _part_of_limit(self, own: int, figures: Row) -> tuple[str, Any]:
        """Return what is known of the part of intake that the UL is held against."""
        if figures["ul_applies_to"] == ALL_INTAKE:
            return self._cell(own, "low"), figures["low"]
        return "", figures["ul_intake"]

    def _write_row(self, page: Page, row: int, figures: Row, place: Place) -> None:
        person_id, nutrient = figures["person_id"] or "", figures["nutrient"]
        names = self.names

        def cell(name: str) -> str:
            return self.cell(person_id, nutrient, name)

        goal, limit = names.either(names.goals), names.either(names.limits) if names.limits else ""
        mean, of_goal = cell("mean"), cell(names.goal_of(figures))
        formulas = {
            "Mean per day": f'IF(ISNUMBER({mean}),{mean},"no value")',
            "At least": _bound(mean, cell("low")),
            "At most": _bound(mean, cell("high")),
            f"% of {goal}": f'IF(AND(ISNUMBER({mean}),N({of_goal})>0),100*N({mean})/N({of_goal}),"")',
        }
        if limit and figures[names.limit_of(figures)] is not None:
            formulas[f"% of {limit}"] = self._percent_of_limit(figures, cell)
        for header, formula in formulas.items():
            if header in place.letters:
                page.work_out(row, column_index_from_string(place.letters[header]), formula)
        words = f"${get_column_letter(_WORDS)}${self.rows[person_id, nutrient]}"
        last = f"${get_column_letter(_WORDS + len(CODES) - 1)}${self.rows[person_id, nutrient]}"
        verdict = column_index_from_string(place.letters[VERDICT])
        said = f"INDEX({LIVE}!{words}:{last},{cell('verdict')})"
        if not self._follows_limit(figures):
            said = f"IF({CHANGED},{self.guard.words(OUTDATED)},{said})"
        page.work_out(row, verdict, said)

    @staticmethod
    def _follows_limit(figures: Row) -> bool:
        """Return whether the part of intake that the UL is held against is worked out, or rests on no weight."""
        return figures["ul"] is None or figures["ul_applies_to"] == ALL_INTAKE or figures["nutrient"] in _OF_SUPPLEMENTS

    def _percent_of_limit(self, figures: Row, cell: Any) -> str:
        limit = self.names.limit_of(figures)
        share, reference = figures[f"percent_of_{limit}"], cell(limit)
        if limit == "cdrr" or figures["ul_applies_to"] == ALL_INTAKE:
            part = cell("mean")
            return f'IF(AND(ISNUMBER({part}),N({reference})>0),100*N({part})/N({reference}),"")'
        if share is None:
            return '""'
        part = cell("ul_known")
        followed = f"100*N({part})/N({reference})"
        return followed if self._follows_limit(figures) else f'IF({CHANGED},"",{followed})'

    def _guard_sentences(self, page: Page, place: Place) -> None:
        """Let every sentence on the page, and every figure that does not follow, give way once one is changed."""
        rows: dict[int, list[int]] = {}
        for row, column in sorted(page.sheet._cells):
            rows.setdefault(row, []).append(column)
        self.guard_opening(page, place.header_row)
        in_words = False
        for row, columns in rows.items():
            below = row > place.last_row
            sentences = [column for column in columns if _is_sentence(page.value_at(row, column))]
            if in_words:
                sentences = columns[1:]  # what is short here is a figure, or a verdict of other days
            elif below and sentences:
                sentences = columns  # with the title that a caution has
            elif not below:
                sentences = [column for column in sentences if column == 1 and row < place.header_row]
            in_words = in_words or (below and page.value_at(row, 1) == _WORDS_TITLE)
            for column in sentences:
                is_text = isinstance(page.value_at(row, column), str)
                self.guard.text(page, row, column, OUTDATED if below and is_text else "")
        whiskers = [f"{name} [%]" for name in WHISKERS]
        for column in rows.get(place.header_row, []):
            if page.value_at(place.header_row, column) in whiskers:
                for row in range(place.first_row, place.last_row + 1):
                    self.guard.text(page, row, column, "")

    def guard_opening(self, page: Page, header_row: int) -> None:
        """Let what is said above the table of the record as a whole give way."""
        row = _FIRST_REMARK
        while isinstance(page.value_at(row, 1), str) and page.value_at(row, 2) is None:
            if page.sheet._cells[row, 1]._hyperlink is None:
                self.guard.text(page, row, 1, "")
            row += 1
        for fact in range(row, header_row):
            name = page.value_at(fact, 1)
            if name in _OF_LINES or name == _OF_MATCHES:
                self.guard.text(page, fact, 2, condition=CHANGED if name == _OF_MATCHES else f"{MOVED}>0")

    def _add_signs(self, page: Page, place: Place, block: Block) -> None:
        """Let the signs and tints that were written with the figures give way."""
        if place.last_row < place.first_row:
            return
        plain = PatternFill(bgColor="FFFFFF", fill_type="solid")
        verdict = place.letters[VERDICT]
        rule = Rule(type="expression", dxf=DifferentialStyle(fill=plain), formula=[CHANGED])
        page.sheet.conditional_formatting.add(f"{verdict}{place.first_row}:{verdict}{place.last_row}", rule)
        goal = f"% of {self.names.either(self.names.goals)}"
        for row, figures in enumerate(block.comparison, place.first_row):
            if (block.person_id, figures["nutrient"]) not in self.rows:
                continue
            incomplete = self.cell(block.person_id, figures["nutrient"], "incomplete")
            mean, low = (self.cell(block.person_id, figures["nutrient"], name) for name in ("mean", "low"))
            lent = f"NOT(AND(ISNUMBER({low}),N({low})>=N({mean})*(1-{SAME})))"
            for header, decimals in (("Mean per day", decimals_of(figures["nutrient"])), (goal, 1)):
                for number, (condition, complete, filled_in) in enumerate(
                    (
                        (f"AND({CHANGED},{incomplete}>0,{lent})", False, True),
                        (f"AND({CHANGED},{incomplete}>0)", False, False),
                        (f"AND({CHANGED},{lent})", True, True),
                        (CHANGED, True, False),
                    )
                ):
                    code = known_format(decimals, complete=complete, filled_in=filled_in)
                    shown = NumberFormat(numFmtId=_FIRST_SIGN + 10 * number + decimals, formatCode=code)
                    rule = Rule(
                        type="expression", dxf=DifferentialStyle(numFmt=shown), formula=[condition], stopIfTrue=True
                    )
                    page.sheet.conditional_formatting.add(f"{place.letters[header]}{row}", rule)

    def close(self) -> None:
        """Watch the references, after all people."""
        letter = get_column_letter(_FIRST_COLUMN + _FIGURES.index("changed"))
        self.guard.check(f"SUM(${letter}$4:${letter}${max(self._row - 1, 4)})")


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and len(value) >= _SENTENCE and value not in _STEADY


def _missing(figures: Row) -> int:
    """Return how many values and lines a mean misses."""
    return int(figures["foods_without_value"] + figures["foods_left_out"])


def _bound(mean: str, cell: str) -> str:
    return f'IF(ISNUMBER({mean}),IF(ISNUMBER({cell}),{cell},"no bound"),"")'
