"""One nutrient of one person, as the page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup, escape

from nutridiary.nutrients import core_nutrients
from nutridiary.report import colours
from nutridiary.report.figure_names import FigureNames
from nutridiary.report.html.cells import NOTHING, Row
from nutridiary.report.in_short import confidence_in_short

TONES = {
    colours.ENOUGH_TINT: "enough",
    colours.BETWEEN_TINT: "between",
    colours.LOW_TINT: "low",
    colours.HIGH_TINT: "high",
    colours.OPEN_TINT: "open",
}
"""What the page calls each tint of a verdict."""

NOT_TOLD, NO_FIGURE = "?", "–"
"""Signs of what cannot be told, and of what there is nothing to say of."""

_NOTHING_SAID = "≥ 0 "  # no confidence is below it
LONGEST_BAR = 200.0  # %, of what is aimed at


def sign_of(verdict: str | None) -> str:
    """Return the sign of a verdict."""
    return colours.VERDICT_SIGNS.get(verdict or "", NOT_TOLD if verdict == "not_decidable" else NO_FIGURE)


def short_name(label: str) -> str:
    """Return a nutrient's name without what is rarely asked for.

    Examples
    --------
    >>> short_name("Vitamin D (D2 + D3)"), short_name("Folate, dietary folate equivalents")
    ('Vitamin D', 'Folate')
    """
    return label.split(" (D2")[0].split(", dietary")[0]


@dataclass(frozen=True)
class Bar:
    """A mean drawn beside what is aimed at. [% of the length of the bar]"""

    mean: float
    most: float | None
    goal: float
    requirement: float | None
    longer: bool


@dataclass(frozen=True)
class Nutrient:
    """A row of the comparison with its confidence, as it is shown.

    Attributes
    ----------
    row : Row
        Of `Analysis.comparison`.
    sure : Row or None
        Of `Analysis.confidence`.
    names : FigureNames
        What the authority calls its figures.
    """

    row: Row
    sure: Row | None
    names: FigureNames

    @property
    def nutrient(self) -> str:
        """Its name, as in ``nutrients.csv``."""
        return str(self.row["nutrient"])

    @property
    def name(self) -> str:
        """Its name for a reader."""
        return short_name(str(self.row["label"]))

    @property
    def name_inside(self) -> str:
        """Its name within a sentence."""
        return self.name[:1].lower() + self.name[1:]

    @property
    def is_core(self) -> bool:
        """Whether a report opens with it."""
        return self.nutrient in _core()

    @property
    def verdict(self) -> str | None:
        """The code of its verdict."""
        code: str | None = self.row["verdict"]
        return code

    @property
    def verdict_words(self) -> str:
        """The verdict in words."""
        return self.names.verdict(self.verdict, self.nutrient) or ""

    @property
    def verdict_short(self) -> str:
        """The verdict in words, for a narrow column: of what is descriptive, that nothing is set."""
        return self.verdict_words.partition(";")[0] if self.verdict == "descriptive" else self.verdict_words

    @property
    def sign(self) -> str:
        """The sign of the verdict."""
        return sign_of(self.verdict) if self._is_reached else NO_FIGURE

    @property
    def tone(self) -> str:
        """The class of the verdict's colour."""
        return TONES[colours.VERDICT_TINTS.get(self.verdict or "", colours.OPEN_TINT)] if self._is_reached else "open"

    @property
    def _is_reached(self) -> bool:
        return self.verdict != "meets_ai" or self.names.is_level_to_reach(self.nutrient, "ai")

    @property
    def mean(self) -> Markup:
        """The mean, with the signs of what is missing or filled in."""
        row = self.row
        if not row.has("mean_intake"):
            return Markup('<span class="none">not known</span>')
        missing = row["foods_without_value"] or row["foods_left_out"]
        signs = ("≥ " if missing else "") + ("≈ " if row["foods_filled_in"] else "")
        return escape(signs.replace(" ", "\u00a0")) + row.amount("mean_intake")

    @property
    def bounds(self) -> Markup:
        """Between what the mean lies, in words, where that differs from the mean as it is shown."""
        row = self.row
        least, most = row.amount("low"), row.amount("high")
        mean = row.amount("mean_intake").striptags()
        lower, upper = least and least.striptags() != mean, most and most.striptags() != mean
        if lower and upper:
            return Markup("mean between {} and {}").format(least, most)
        if upper:
            return Markup("mean at most {}").format(most)
        if lower:
            return Markup("mean at least {}").format(least)
        if row.has("mean_intake") and not most:
            return Markup("no upper bound")
        return NOTHING

    @property
    def goal_column(self) -> str:
        """The column of what is aimed at."""
        return self.names.goal_of(self.row.values)

    @property
    def goal_name(self) -> str:
        """What the figure that is aimed at is called."""
        column = self.goal_column
        return self.names.name(column) if self.names.is_level_to_reach(self.nutrient, column) else ""

    @property
    def goal(self) -> Markup:
        """What is aimed at."""
        return self.row.figure(self.goal_column)

    @property
    def percent(self) -> Markup:
        """The mean, of what is aimed at."""
        return self.row.percent(f"percent_of_{self.goal_column}")

    @property
    def limit_name(self) -> str:
        """What the upper figure is called."""
        return self.names.name(self.names.limit_of(self.row.values)) if self.limit else ""

    @property
    def limit(self) -> Markup:
        """The upper figure."""
        column = self.names.limit_of(self.row.values)
        return self.row.figure(column) if column else NOTHING

    @property
    def confidence(self) -> Markup:
        """The confidence in few figures."""
        if self.sure is None or not self.sure.has("confidence"):
            return NOTHING
        shown = confidence_in_short(_Unknown(self.sure))
        return Markup("cannot be told") if shown.startswith(_NOTHING_SAID) else self.sure.shown("confidence", shown)

    @property
    def bar(self) -> Bar | None:
        """The mean beside what is aimed at; nothing where either is not known."""
        row, goal = self.row, self.goal_column
        if not (row.has("mean_intake") and row.has(goal) and row[goal]):
            return None

        def place(value: float) -> float:
            return float(round(min(100 * value / row[goal], LONGEST_BAR) * 100 / LONGEST_BAR, 2))

        return Bar(
            mean=place(row["mean_intake"]),
            most=place(row["high"]) if row.has("high") else None,
            goal=place(row[goal]),
            requirement=place(row["ear"]) if row.has("ear") and goal != "ear" else None,
            longer=row["mean_intake"] > row[goal] * LONGEST_BAR / 100,
        )


@cache
def _core() -> tuple[str, ...]:
    return tuple(core_nutrients())


class _Unknown:
    """A row as the other reports read it: by attribute, unknown figures as NaN."""

    def __init__(self, row: Row) -> None:
        self._row = row

    def __getattr__(self, name: str) -> object:
        value = self._row[name]
        return float("nan") if value is None else value


def core_first(nutrients: list[Nutrient]) -> Iterator[Nutrient]:
    """Yield the nutrients a report opens with, then the others in their order."""
    order = {name: place for place, name in enumerate(_core())}
    yield from sorted(nutrients, key=lambda found: order.get(found.nutrient, len(order)))
