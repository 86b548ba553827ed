"""The table of a person's means: every figure of the comparison, a row a nutrient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from nutridiary.nutrients import written_unit
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block, Row, is_complete, is_filled_in
from nutridiary.report.excel.columns import Cell, Column
from nutridiary.report.excel.looks import Look, amount_format, known_format, reference_look
from nutridiary.report.excel.trail import Trail
from nutridiary.report.excel.words import (
    APPLIES_TO,
    UNNAMED,
    VERDICT_TINTS,
    decimals_of,
    in_words,
    is_core,
    label_of,
)
from nutridiary.report.figure_names import FigureNames

VERDICT = "Verdict"
_EXACT = 1e-7  # %


@dataclass(frozen=True)
class Figures:
    """What stands in the cells of the table.

    Attributes
    ----------
    names : FigureNames
    trail : Trail
        Where the cells lead to.
    """

    names: FigureNames
    trail: Trail

    def columns(self, block: Block) -> list[Column]:
        """Return the columns of a person's table; those of bounds are there only where there is something to say."""
        names, rows = self.names, block.comparison
        goal = names.either(names.goals)
        return [
            Column("Nutrient", 29, looks.WRAPPED, self._label),
            Column("Mean per day", 10, looks.WHOLE, self._mean),
            Column("Unit", 6, looks.TEXT, lambda row: written_unit(row["unit"] or "")),
            *([Column("At least", 9, looks.WHOLE, partial(_bound, "low"))] if any(map(_has_low, rows)) else []),
            *([Column("At most", 9, looks.WHOLE, partial(_bound, "high"))] if any(map(_has_high, rows)) else []),
            Column(goal, max(11, len(goal) + 2), looks.WHOLE, self._goal),
            Column(f"% of {goal}", 10, looks.WHOLE, lambda row: percent_cell(row, names)),
            *([Column(names.name("ear"), 8, looks.WHOLE, self._requirement)] if names.has_requirement else []),
            *self._limit_columns(),
            Column(VERDICT, 44, looks.WRAPPED, partial(verdict_cell, names)),
        ]

    def _limit_columns(self) -> list[Column]:
        """Return the columns of upper figures, none where the authority sets none."""
        names = self.names
        if not names.limits:
            return []
        limit = names.either(names.limits)
        return [
            Column(limit, 12, looks.WHOLE, self._limit),
            Column(f"{limit} is held against", 29, looks.WRAPPED, lambda row: _held_against(row, names)),
            Column(f"% of {limit}", 9, looks.WHOLE, lambda row: row[f"percent_of_{names.limit_of(row)}"]),
        ]

    def _label(self, row: Row) -> Cell:
        nutrient, whose = row["nutrient"], row["person_id"] or UNNAMED
        lead = self.trail.days_of(whose, nutrient)
        look = looks.WRAPPED.but(font=_LABEL_FONTS[is_core(nutrient), bool(lead)])
        return Cell(row["label"] or label_of(nutrient), look, lead=lead)

    def _mean(self, row: Row) -> Cell:
        if row["mean_intake"] is None:
            return Cell("no value" if has_days(row) else "left out", looks.NO_VALUE)
        look = Look(number=known(row, decimals_of(row["nutrient"])))
        return Cell(row["mean_intake"], look, lead=self.trail.entries_of(row["person_id"] or UNNAMED, row["nutrient"]))

    def _goal(self, row: Row) -> Cell:
        goal = self.names.goal_of(row)
        return self._reference(goal, row, self.names.name_beside(row["nutrient"], goal, self.names.goals))

    def _requirement(self, row: Row) -> Cell:
        return self._reference("ear", row)

    def _limit(self, row: Row) -> Cell:
        limit = self.names.limit_of(row)
        return self._reference(limit, row, self.names.name_beside(row["nutrient"], limit, self.names.limits))

    def _reference(self, column: str, row: Row, name: str = "") -> Cell:
        if row[column] is None:
            return Cell(None, looks.TEXT)
        lead = self.trail.references_of(row["person_id"] or UNNAMED, row["nutrient"])
        return Cell(row[column], reference_look(looks.TEXT, row[column], name), lead=lead)


_LABEL_FONTS = {
    # whether it is a core nutrient, whether it leads to its days
    (False, False): "plain",
    (False, True): "lead",
    (True, False): "bold",
    (True, True): "bold lead",
}


def has_days(row: Row) -> bool:
    """Return whether a day of the person is left in the means."""
    return row["days"] is not None


def known(row: Row, decimals: int) -> str:
    """Return the number format of a figure that rests on a mean, with the signs of what is missing or filled in."""
    return known_format(decimals, complete=is_complete(row), filled_in=is_filled_in(row))


def percent(row: Row, names: FigureNames) -> float | None:
    """Return the mean in percent of what is aimed at; None where nothing is."""
    share: float | None = row[f"percent_of_{names.goal_of(row)}"]
    return share


def percent_decimals(share: float | None) -> int:
    """Return the decimals that a percentage needs not to read 100 from beside it.

    Examples
    --------
    >>> percent_decimals(99.4), percent_decimals(99.7), percent_decimals(100.0)
    (0, 1, 0)
    """
    value = share or 0.0
    if abs(value - 100) < _EXACT:
        return 0
    return next((more for more in (0, 1) if round(value, more) != 100), 2)


def percent_cell(row: Row, names: FigureNames) -> Cell:
    """Return the mean in percent of what is aimed at."""
    share = percent(row, names)
    return Cell(share, Look(number=known(row, percent_decimals(share))))


def verdict_cell(names: FigureNames, row: Row) -> Cell:
    """Return the verdict in words, on its tint."""
    return Cell(names.verdict(row["verdict"], row["nutrient"]), looks.WRAPPED.but(fill=verdict_tint(names, row)))


def verdict_tint(names: FigureNames, row: Row) -> str:
    """Return the tint of a verdict; a figure that is no level to reach is not reached."""
    if row["verdict"] == "meets_ai" and not names.is_level_to_reach(row["nutrient"], "ai"):
        return looks.OPEN_TINT
    return VERDICT_TINTS.get(row["verdict"] or "", "")


def core_rows(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of the core nutrients."""
    return [row for row in rows if is_core(row["nutrient"])]


def _has_low(row: Row) -> bool:
    """Return whether less than the mean is sure, as it is shown: a twin lends some of it."""
    return row["low"] is not None and _shown(row, "low") != _shown(row, "mean_intake")


def _has_high(row: Row) -> bool:
    """Return whether something bounds the mean from above, beyond what is known."""
    return row["high"] is not None and _shown(row, "high") != _shown(row, "mean_intake")


def _shown(row: Row, name: str) -> float | None:
    return None if row[name] is None else round(row[name], decimals_of(row["nutrient"]))


def _bound(name: str, row: Row) -> Cell:
    """Return a bound of a mean that is not known exactly; a bound that is not there says so."""
    is_open = row["mean_intake"] is not None and (_has_low(row) or _has_high(row) or not is_complete(row))
    if not is_open:
        return Cell(None, looks.TEXT)
    if row[name] is None:
        return Cell("no bound", looks.NO_VALUE)
    return Cell(row[name], Look(number=amount_format(decimals_of(row["nutrient"]))))


def _held_against(row: Row, names: FigureNames) -> str | None:
    limit = names.limit_of(row)
    if row[limit] is None:
        return None
    return in_words(row["ul_applies_to"], APPLIES_TO) if limit == "ul" else APPLIES_TO["total_intake"]
