"""What the page says of each person: rows of the tables, chosen and in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from nutridiary.analysis.record import NOBODY
from nutridiary.errors import NutridiaryError, PersonError
from nutridiary.nutrients import core_nutrients
from nutridiary.report.figure_names import FigureNames
from nutridiary.report.html.cells import Row, address_of, number, of_person, person_rows, rows_of, words
from nutridiary.report.html.in_short import ALL_LEFT_OUT, figures_in_short, in_short
from nutridiary.report.html.leads import Leads
from nutridiary.report.html.nutrients import Nutrient, core_first
from nutridiary.suggestions import cautions_of
from nutridiary.symptoms import describe_symptoms, has_cramp
from nutridiary.tables import NOT_EATEN

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

LATEST_DAYS = 7
"""Days that are shown unfolded."""

MOST_DAYS = 92
"""Days that are shown at all; of a longer diary the workbook and the JSON hold the rest."""

_LEAST_SHARE = 0.5  # %, which is shown as 1 %
MOST_SOURCES, MOST_TO_CLARIFY, MOST_LEFT_OUT = 5, 5, 10
MOST_ON_PAPER = 14
"""Nutrients around the core that have room on the second printed sheet."""
_FIRST_ON_PAPER = ("high", "low")


@dataclass(frozen=True)
class Day:
    """A recorded day: its core nutrients, and whether it is in the means."""

    rows: Mapping[str, Row]
    left_out: bool

    @property
    def first(self) -> Row:
        """Any row of it, for the date."""
        return next(iter(self.rows.values()))


@dataclass(frozen=True)
class Sources:
    """Where one nutrient came from: the foods and the food groups that gave most of it."""

    nutrient: Nutrient
    foods: list[Row]
    groups: list[Row]


@dataclass(frozen=True)
class Symptom:
    """A symptom in words, and beside the core nutrients."""

    code: str
    name: Markup
    text: Markup
    compared: list[Row]


class PersonPage:
    """One person's part of the page.

    Attributes
    ----------
    person_id : str
        "" for the person of a diary that names nobody.
    place : int
        Which person of the page it is, from 1.
    leads : Leads
        Where its figures lead.
    """

    def __init__(
        self, analysis: Analysis, person_id: str, place: int, names: FigureNames, leads: Leads | None = None
    ) -> None:
        """Take a person of an analysis."""
        self.analysis, self.person_id, self.place, self.names = analysis, person_id, place, names
        self.leads = leads or Leads()

    def _own(self, table: str) -> pd.DataFrame:
        return of_person(getattr(self.analysis, table), self.person_id)

    @property
    def name(self) -> Markup:
        """What the person is called."""
        return words(self.person_id, address_of("people", self.person_id)) if self.person_id else Markup("This diary")

    @property
    def is_described(self) -> bool:
        """Whether sex and age are known, so that intakes can be compared."""
        return self.person_id in self.analysis.people

    @cached_property
    def facts(self) -> list[Markup]:
        """What is stated of the person, as far as figures depend on it."""
        person = self.analysis.people.get(self.person_id)
        if person is None:
            return [Markup("sex and age not given")]
        at = ("people", self.person_id)
        facts = [words(person.sex, address_of(*at, "sex"))]
        try:
            age = person.age_on(self.last_day)
        except PersonError as error:
            facts.append(words(error, address_of(*at, "age_on")))
        else:
            years = number(age, address_of(*at, "age_on"), f"{age:.0f}")
            facts.append(Markup("{}\u00a0years").format(years) if age >= 1 else Markup("under one year"))
        facts += [escape(stage) for stage in ("pregnant", "lactating") if getattr(person, stage)]
        for field, unit in (("weight_kg", "kg"), ("height_cm", "cm")):
            value = getattr(person, field)
            facts += [number(value, address_of(*at, field), f"{value:g} {unit}")] if value else []
        facts += [escape(person.activity.replace("_", " "))] if person.activity else []
        facts += [Markup("smoker")] if person.smoker else []
        return facts + [words(text, address_of(*at, "conditions", text)) for text in person.conditions]

    @cached_property
    def days(self) -> list[Day]:
        """The recorded days, the latest first, with their core nutrients."""
        core = core_nutrients()
        rows = self._own("day_comparison")
        shown = [name for name in core if (rows["nutrient"] == name).any()] or list(dict.fromkeys(rows["nutrient"]))[:5]
        left_out = set(self._own("day_checks").loc[lambda checks: checks["left_out"], "date"])
        found: dict[Any, dict[str, Row]] = {}
        dated = rows[rows["nutrient"].isin(shown) & rows["date"].notna()]
        for row in rows_of("day_comparison", dated.sort_values("date", ascending=False, kind="stable")):
            found.setdefault(row["date"], {})[row["nutrient"]] = row
        return [
            Day({name: day[name] for name in shown if name in day}, date in left_out) for date, day in found.items()
        ]

    @property
    def day_nutrients(self) -> list[Nutrient]:
        """The nutrients the days are shown with."""
        shown = dict.fromkeys(name for day in self.days[:1] for name in day.rows)
        return [found for found in self.nutrients if found.nutrient in shown]

    @property
    def last_day(self) -> Any:
        """The last recorded day."""
        return self.days[0].first["date"].date() if self.days else None

    @property
    def number_of_days(self) -> Markup:
        """How many days were recorded."""
        return number(len(self.days), address_of("rows", "days", self.person_id, "dates"), f"{len(self.days):,}")

    @cached_property
    def nutrients(self) -> list[Nutrient]:
        """Every nutrient of the comparison, the core nutrients first."""
        sure = {row["nutrient"]: row for row in person_rows(self.analysis, "confidence", self.person_id)}
        rows = person_rows(self.analysis, "comparison", self.person_id)
        return list(core_first([Nutrient(row, sure.get(row["nutrient"]), self.names) for row in rows]))

    @property
    def core(self) -> list[Nutrient]:
        """The nutrients a report opens with."""
        return [found for found in self.nutrients if found.is_core]

    @property
    def around(self) -> list[Nutrient]:
        """The other nutrients."""
        return [found for found in self.nutrients if not found.is_core]

    @cached_property
    def around_on_paper(self) -> set[str]:
        """The other nutrients that are printed: those that call for a look before those that do not."""
        order = sorted(
            self.around, key=lambda found: (found.tone not in _FIRST_ON_PAPER, not (found.goal or found.limit))
        )
        return {found.nutrient for found in order[:MOST_ON_PAPER]}

    @property
    def more_around(self) -> Markup | None:
        """How many other nutrients are not printed."""
        return self._more("comparison", len(self.around) - MOST_ON_PAPER)

    @property
    def is_crowded(self) -> bool:
        """Whether the second printed sheet has room for the shorter form of its parts only."""
        return bool(self.symptoms or self.more_around)

    @property
    def figures(self) -> list[tuple[str, str]]:
        """The reference figures this page holds means against, each with what it means."""
        return figures_in_short(self.nutrients, self.names)

    @property
    def in_short(self) -> list[Markup]:
        """What the figures come to, in a few sentences."""
        return in_short(self.nutrients) if self.nutrients or not self.days else [escape(ALL_LEFT_OUT)]

    def text_once(self, table: str, column: str) -> list[Markup]:
        """Return the different texts of a column of a table, in the order of the table."""
        found: dict[str, Markup] = {}
        for row in person_rows(self.analysis, table, self.person_id):
            if row.has(column):
                found.setdefault(row[column], row.text(column))
        return list(found.values())

    @cached_property
    def entries(self) -> pd.DataFrame:
        """The lines of the diary."""
        return self._own("entries")

    def count(self, which: str) -> Markup | None:
        """Return how many lines were counted, are to be reviewed, or were left out; None where none were."""
        entries = self.entries
        counted = entries["problem"].isna()
        chosen = {
            "all": counted | True,
            "counted": counted,
            "to_review": counted & entries["needs_review"],
            "left_out": ~counted,
            "left_out_nothing_eaten": ~counted & entries["kind"].isin(NOT_EATEN),
        }[which]
        total = int(chosen.sum())
        return number(total, address_of("rows", "entries", self.person_id, which), f"{total:,}") if total else None

    @cached_property
    def plausibility(self) -> Row | None:
        """Recorded energy beside need."""
        return next(iter(person_rows(self.analysis, "plausibility", self.person_id)), None)

    @cached_property
    def sources(self) -> list[Sources]:
        """Where each core nutrient came from."""
        foods, groups = self._own("contributions"), self._own("group_contributions")
        return [
            Sources(found, _most("contributions", foods, found), _most("group_contributions", groups, found))
            for found in self.core or self.nutrients[:5]
            if found.row.has("mean_intake")
        ]

    @cached_property
    def symptoms(self) -> list[Symptom]:
        """The symptoms on record, those felt on most days first."""
        noted = self._own("symptom_days")
        if noted.empty:
            return []
        compared = self._own("symptom_comparison")
        described = describe_symptoms(noted, compared).sort_values("days_felt", ascending=False, kind="stable")
        tested = compared[compared["nutrient"].isin(core_nutrients()) & compared["power"].notna()]
        return [
            Symptom(
                name,
                words(name, address_of("symptoms_in_words", self.person_id, name, "symptom")),
                words(text, address_of("symptoms_in_words", self.person_id, name, "text")),
                rows_of("symptom_comparison", tested[tested["symptom"] == name]),
            )
            for name, text in zip(described["symptom"], described["text"], strict=True)
        ]

    @property
    def has_cramp(self) -> bool:
        """Whether a cramp is on record."""
        return has_cramp(self._own("symptom_days"))

    @cached_property
    def cautions(self) -> list[Row]:
        """What to be careful with."""
        return person_rows(self.analysis, "cautions", self.person_id)

    @cached_property
    def suggestions(self) -> list[Row]:
        """Foods that would close gaps."""
        return person_rows(self.analysis, "suggestions", self.person_id)

    @cached_property
    def suggestion_effects(self) -> list[Row]:
        """What they would do, nutrient by nutrient."""
        return person_rows(self.analysis, "suggestion_effects", self.person_id)

    @property
    def suggestion_cautions(self) -> list[Markup]:
        """What must be read beside suggestions."""
        person = self.analysis.people.get(self.person_id)
        people = {} if person is None else {self.person_id: person}
        said = cautions_of(self._own("suggestions"), self._own("suggestion_effects"), self.analysis.settings, people)
        return [words(text, address_of("suggestion_cautions", self.person_id, n)) for n, text in enumerate(said)]

    @cached_property
    def to_clarify(self) -> list[Row]:
        """What would make the figures surer, what could change most first."""
        own = self._own("foods_to_clarify")
        return rows_of("foods_to_clarify", own[own["matters"]].head(MOST_TO_CLARIFY))

    @property
    def more_to_clarify(self) -> Markup | None:
        """How many more there are that matter."""
        own = self._own("foods_to_clarify")
        return self._more("foods_to_clarify", int(own["matters"].sum()) - MOST_TO_CLARIFY)

    @cached_property
    def left_out(self) -> list[Row]:
        """The first lines that were left out although something was eaten, then the others."""
        entries = self.entries[self.entries["problem"].notna()]
        in_order = entries.assign(nothing=entries["kind"].isin(NOT_EATEN)).sort_values("nothing", kind="stable")
        return rows_of("entries", in_order.drop(columns="nothing").head(MOST_LEFT_OUT))

    @property
    def more_left_out(self) -> Markup | None:
        """How many more lines were left out."""
        return self._more("entries", int(self.entries["problem"].notna().sum()) - MOST_LEFT_OUT)

    def _more(self, table: str, more: int) -> Markup | None:
        return number(more, address_of("rows", table, self.person_id, "not_shown"), f"{more:,}") if more > 0 else None

    @cached_property
    def references(self) -> list[Row]:
        """The first row of each report that figures are taken from."""
        own = self._own("references")
        shown = own[own["nutrient"].isin(self._own("comparison")["nutrient"])]
        return rows_of("references", shown.drop_duplicates("source"))


def _most(table: str, rows: pd.DataFrame, nutrient: Nutrient) -> list[Row]:
    """Return what gave most of a nutrient, the most first."""
    own = rows[(rows["nutrient"] == nutrient.nutrient) & (rows["percent_of_total"] >= _LEAST_SHARE)]
    return rows_of(table, own.sort_values("percent_of_total", ascending=False, kind="stable").head(MOST_SOURCES))


def people_of(analysis: Analysis, leads: Leads | None = None) -> list[PersonPage]:
    """Return a part for each person: those who ate in the order of the diary, then others who are described.

    Parameters
    ----------
    analysis : Analysis
    leads : Leads, optional
        Where figures lead; by default nowhere.
    """
    names = FigureNames.of(analysis)
    order = [person if isinstance(person, str) else NOBODY for person in analysis.entries["person_id"].unique()]
    order += [person for person in analysis.people if person != NOBODY]
    found = dict.fromkeys(order or [NOBODY])
    return [PersonPage(analysis, person_id, place, names, leads) for place, person_id in enumerate(found, 1)]


def person_at(analysis: Analysis, place: int, leads: Leads | None = None) -> PersonPage:
    """Return the part of one person, by its place.

    Raises
    ------
    NutridiaryError
        If there is no such place.
    """
    people = people_of(analysis, leads)
    if not 1 <= place <= len(people):
        raise NutridiaryError(f"There is no person {place} in this diary: it is of {len(people)}.")
    return people[place - 1]
