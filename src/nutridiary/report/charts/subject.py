"""What a chart is of: one person's rows, a nutrient, and how both are called in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from nutridiary.errors import NutridiaryError, did_you_mean, listing
from nutridiary.nutrients import check_nutrients, core_nutrients, load_nutrients, nutrient_label, written_unit
from nutridiary.report.charts.chart import Chart
from nutridiary.report.charts.drawing import Paper, own_style
from nutridiary.report.charts.matplotlib_extra import matplotlib_module
from nutridiary.report.figure_names import FigureNames

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

UNNAMED = ""
"""The person of a diary that names nobody."""


@dataclass(frozen=True)
class Subject:
    """One person of an analysis.

    Attributes
    ----------
    analysis : Analysis
    person_id : str
        As in its tables; `UNNAMED` where the diary names nobody.
    several : bool
        Whether the diary has others, so that titles say whose it is.
    """

    analysis: Analysis
    person_id: str
    several: bool

    @classmethod
    def of(cls, analysis: Analysis, person_id: str | None = None) -> Subject:
        """Return the person asked for; the only one where nobody is asked for.

        Raises
        ------
        NutridiaryError
            If there is no such person, or there are several and none is asked for.
        """
        found = _people(analysis)
        if person_id is None:
            if len(found) > 1:
                names = listing(repr(name) for name in found)
                raise NutridiaryError(f"the diary is of several people; say whose chart is meant. There are: {names}.")
            return cls(analysis, found[0] if found else UNNAMED, several=False)
        if person_id not in found and found:
            names = listing(repr(name) for name in found)
            raise NutridiaryError(
                f"nobody is called {person_id!r} in this diary.{did_you_mean(person_id, found)} There are: {names}."
            )
        return cls(analysis, person_id, several=len(found) > 1)

    @cached_property
    def names(self) -> FigureNames:
        """What the authority calls its figures."""
        return FigureNames.of(self.analysis)

    @property
    def whom(self) -> str:
        """The beginning of a title: ``"Anna: "``, or nothing where there is only one person."""
        return f"{self.person_id or 'Not named'}: " if self.several else ""

    def rows(self, table: pd.DataFrame, nutrient: str | None = None) -> pd.DataFrame:
        """Return the person's rows of a table, of one nutrient where it is given."""
        own = table["person_id"].fillna(UNNAMED) == self.person_id
        if nutrient is not None:
            own &= table["nutrient"] == nutrient
        return table[own].reset_index(drop=True)

    def core(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the person's rows of the nutrients every report opens with, or all where it has none of them."""
        rows, core = self.rows(table), core_nutrients()
        chosen = rows[rows["nutrient"].isin(core)]
        if chosen.empty:
            return rows
        return chosen.sort_values("nutrient", key=lambda names: names.map(core.index), kind="stable", ignore_index=True)

    def nutrient(self, name: str) -> str:
        """Return the name of a nutrient that the analysis has.

        Raises
        ------
        NutridiaryError
            If there is no such nutrient, or the analysis does not have it.
        """
        (name,) = check_nutrients([name])
        if name not in (known := self.analysis.comparison["nutrient"].unique().tolist()) and known:
            raise NutridiaryError(
                f"{name} is not among the nutrients of this analysis: {listing(known)}. "
                f"Ask for it: analyze(..., nutrients=[..., {name!r}])."
            )
        return name

    def slug(self, *parts: str) -> str:
        """Return a name for a drawing, other for every person: plain letters, whatever the person is called."""
        place = _people(self.analysis).index(self.person_id) + 1 if self.several else 0
        return "-".join(
            [*(re.sub(r"[^a-z0-9]+", "-", part.casefold()) for part in parts), *([f"{place}"] * bool(place))]
        )


def _people(analysis: Analysis) -> list[str]:
    """Return who is on record, in the order of the diary."""
    import pandas as pd

    tables = (analysis.comparison, analysis.days, analysis.symptom_days)
    named = pd.concat([table["person_id"] for table in tables]).fillna(UNNAMED)
    return list(dict.fromkeys(map(str, named)))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each by the names of its columns."""
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]


def in_sentence(nutrient: str) -> str:
    """Return a nutrient's name within a sentence.

    Examples
    --------
    >>> in_sentence("magnesium"), in_sentence("vitamin_d")
    ('magnesium', 'vitamin D')
    """
    short = short_label(nutrient)
    return short[:1].lower() + short[1:]


def reference_figure(value: float, nutrient: str) -> str:
    """Return a reference figure with its unit: all its decimals and no others, as every form of the report has it.

    Examples
    --------
    >>> reference_figure(2.4, "vitamin_b12"), reference_figure(2300.0, "sodium")
    ('2.4 µg', '2,300 mg')
    """
    return f"{value:,.10g} {written_unit(str(load_nutrients().loc[nutrient, 'unit']))}"


@cache
def short_label(nutrient: str) -> str:
    """Return a nutrient's name without what is said in brackets, where no other nutrient is called so.

    Examples
    --------
    >>> short_label("vitamin_d"), short_label("vitamin_k")
    ('Vitamin D', 'Vitamin K (phylloquinone)')
    """
    begins = [str(label).partition(" (")[0] for label in load_nutrients()["label"]]
    label = nutrient_label(nutrient)
    short = label.partition(" (")[0]
    return short if begins.count(short) == 1 else label


def drawn(
    name: str, title: str, alt_text: str, table: pd.DataFrame, draw: Callable[[Paper], None], said: str = ""
) -> Chart:
    """Return a chart: its title, a quiet line below it, and what `draw` puts on the paper.

    Raises
    ------
    NutridiaryError
        If matplotlib is not installed.
    """
    matplotlib_module()  # who asks for a chart is told at once, not where it is drawn

    def figure() -> Any:
        with own_style():
            paper = Paper()
            paper.title(title, said)
            draw(paper)
            return paper.finished()

    return Chart(name, title, alt_text, table, figure)


def nothing(name: str, title: str, why: str, table: pd.DataFrame) -> Chart:
    """Return a chart that says why there is none."""
    return drawn(name, title, why, table[:0], lambda paper: paper.paragraph(why))
