"""Which reference figures stand beside which row: by person, day and nutrient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from nutridiary.errors import FoodDataError, listing
from nutridiary.nutrients import check_nutrients, written_unit
from nutridiary.references import (
    REFERENCES,
    Person,
    Profile,
    find_edition,
    find_other,
    find_reference,
    life_stage_group,
    not_compared,
    profile_of,
    references_of,
    unstated_values,
    values_of,
)
from nutridiary.tables import DAILY_INTAKES, conform

if TYPE_CHECKING:
    import pandas as pd

COUNTS = ("foods", "foods_filled_in", "foods_without_value", "foods_left_out")
UNKNOWN_PERSON = "sex and age are not known"
FIGURES = ("ear", "rda", "ai", "ul", "cdrr")
ROLES = (*FIGURES, "dv")
"""The parts a figure may play, a Daily Value among them, which has no column in the tables."""
NAMES = [f"{role}_name" for role in ROLES]


class Asked(NamedTuple):
    """Which reference values were asked for: a name of `REFERENCES`, and one of its editions or None."""

    reference: str
    edition: str | None

    @classmethod
    def of(cls, edition: str | None, reference: str) -> Asked:
        """Return what the arguments `edition` and `reference` of a comparison mean, checked."""
        name = find_reference(reference)
        return cls(name, None if edition is None else find_edition(edition, name))

    @classmethod
    def other(cls, text: str, reference: str) -> Asked:
        """Return what one of the other `editions` of a comparison means: an edition, or a reference."""
        return cls(*find_other(text, reference))

    @property
    def authority(self) -> str:
        """The authority as the tables name it."""
        return REFERENCES[self.reference].code


def days_to_compare(days: pd.DataFrame, nutrients: Sequence[str] | None) -> pd.DataFrame:
    """Return the rows of `days` (`tables.DAILY_INTAKES`) to compare, all or those of some nutrients.

    Raises
    ------
    FoodDataError
        If a nutrient is unknown, or `days` has no rows for it.
    """
    # As floats a count that is not known stays unknown in every comparison.
    days = conform(days, DAILY_INTAKES).astype(dict.fromkeys(COUNTS, "float64"))
    if nutrients is None:
        return days
    asked = check_nutrients(nutrients)
    present = set(days["nutrient"])
    if absent := [name for name in asked if name not in present and len(days)]:
        raise FoodDataError(f"no intakes of {listing(absent)} to compare. Name them when the intakes are worked out.")
    return days.loc[days["nutrient"].isin(asked)].reset_index(drop=True)


def person_key(person_id: object) -> str:
    """Return the key of a ``person_id`` in a mapping of people: "" for a diary that names nobody."""
    return person_id if isinstance(person_id, str) else ""


def person_of(person_id: object, people: Mapping[str, Person]) -> Person | None:
    """Return who a ``person_id`` is, if that is known."""
    return people.get(person_key(person_id))


def with_references(rows: pd.DataFrame, people: Mapping[str, Person], asked: Asked) -> pd.DataFrame:
    """Return `rows` with the figures that hold for each person on each day.

    Parameters
    ----------
    rows : pandas.DataFrame
        With `person_id`, `date` and `nutrient`.
    people : mapping of str to Person
    asked : Asked

    Returns
    -------
    pandas.DataFrame
        Same rows and order, with `life_stage_group` (or why there is none), the `ROLES` [unit/d] and
        their `NAMES` (what the authority calls each), `ul_applies_to`, `authority`, `edition`, `superseded`,
        `in_equivalents` (the intake on record is a lower bound of what EAR and RDA count), `unstated` (the
        figures that would hold if what they depend on were stated), `has_references` (any figure is set,
        for whomever), `has_figures` (of this authority), `not_comparable` and `ul_not_comparable` (why the
        authority's figures are not compared) and `asked_edition` (the edition asked for, where it covers
        the nutrient).
    """
    import pandas as pd

    nutrients = frozenset(rows["nutrient"])
    pairs = rows[["person_id", "date"]].drop_duplicates()
    profiles: dict[tuple[str, Profile | None], int] = {}
    figures: list[dict[str, Any]] = []
    groups, numbers = [], []
    for person_id, date in pairs.itertuples(index=False):
        group, profile = _profile(person_of(person_id, people), None if pd.isna(date) else date, nutrients, asked)
        groups.append(group)
        if (group, profile) not in profiles:
            profiles[group, profile] = len(profiles)
            if profile is not None:
                figures += _figures(profile, nutrients, profiles[group, profile])
        numbers.append(profiles[group, profile])
    pairs = pairs.assign(life_stage_group=groups, profile=numbers)
    joined = rows.merge(pairs, on=["person_id", "date"], how="left", validate="many_to_one")
    joined = joined.merge(_frame(figures), on=["profile", "nutrient"], how="left", validate="many_to_one")
    flags = {name: joined[name].eq(True) for name in ("superseded", "in_equivalents")}
    names = {name: joined[name].fillna(name.removesuffix("_name").upper()) for name in NAMES}
    return _with_what_is_set(joined.drop(columns="profile").assign(**names, **flags), asked)


def _with_what_is_set(rows: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Add what the authority sets at all, and why some of it is not compared."""
    values = references_of(asked.reference)
    covered = rows["nutrient"].isin(values.loc[values["edition"] == asked.edition, "nutrient"])
    asked_edition = covered.map({True: asked.edition, False: None}).astype("str")
    reasons: dict[bool, dict[str, str]] = {True: {}, False: {}}
    for nutrient, found in not_compared(asked.reference).items():
        for kinds, why in found:
            reasons[kinds.endswith("UL")].setdefault(nutrient, why)
    has_figures = rows["nutrient"].isin(values["nutrient"])
    return rows.assign(
        authority=asked.authority,
        edition=rows["edition"].fillna(asked_edition),
        asked_edition=asked_edition,
        has_figures=has_figures,
        has_references=has_figures | rows["nutrient"].isin(references_of("nasem")["nutrient"]),
        not_comparable=rows["nutrient"].map(reasons[False]).astype("str"),
        ul_not_comparable=rows["nutrient"].map(reasons[True]).astype("str"),
    )


def _profile(person: Person | None, day: Any, nutrients: frozenset[str], asked: Asked) -> tuple[str, Profile | None]:
    """Return a person's group on a day and the profile its figures depend on, as far as `nutrients` ask."""
    if person is None:
        return UNKNOWN_PERSON, None
    profile = profile_of(person, day, edition=asked.edition, reference=asked.reference)
    profile = profile._replace(
        weight_kg=profile.weight_kg if "protein" in nutrients else None,
        smoker=profile.smoker and "vitamin_c" in nutrients,
    )
    return life_stage_group(person, day, asked.reference), profile


def _figures(profile: Profile, nutrients: frozenset[str], number: int) -> list[dict[str, Any]]:
    """Lay out reference values with one row a nutrient; the editions of all its figures are named."""
    rows: dict[str, dict[str, Any]] = {}
    values = values_of(profile)
    for value in values.loc[values["nutrient"].isin(nutrients)].to_dict("records"):
        nutrient, kind, applies_to, edition = (value[name] for name in ("nutrient", "kind", "applies_to", "edition"))
        row = rows.setdefault(nutrient, {"profile": number, "nutrient": nutrient, "edition": edition})
        row[kind.lower()], row[f"{kind.lower()}_name"] = value["amount"], value["kind_name"]
        if kind == "UL":
            row["ul_applies_to"] = applies_to
        if applies_to == "niacin_equivalents":
            row["in_equivalents"] = True
        if value["status"] == "superseded":
            row["superseded"] = True
        if edition not in row["edition"].split("; "):
            row["edition"] += f"; {edition}"
    for nutrient, text in _unstated(profile, nutrients).items():
        rows.setdefault(nutrient, {"profile": number, "nutrient": nutrient})["unstated"] = text
    return list(rows.values())


def _unstated(profile: Profile, nutrients: frozenset[str]) -> dict[str, str]:
    """Return, by nutrient, the figures under conditions none of which is stated: 'premenopausal: AR 7 mg; ...'."""
    # In the order of amounts: that of the words puts phytate 1200 before 300.
    values = unstated_values(profile).sort_values("amount", kind="stable")
    texts: dict[str, dict[str, list[str]]] = {}
    for row in values.loc[values["nutrient"].isin(nutrients)].itertuples():
        figure = f"{row.kind_name} {row.amount:,.10g} {written_unit(str(row.unit))}"
        texts.setdefault(str(row.nutrient), {}).setdefault(str(row.condition), []).append(figure)
    return {
        nutrient: "; ".join(f"{condition}: {', '.join(found)}" for condition, found in choices.items())
        for nutrient, choices in texts.items()
    }


def _frame(figures: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    texts = dict.fromkeys(("nutrient", *NAMES, "ul_applies_to", "edition", "unstated"), "str")
    columns = ["profile", "nutrient", *ROLES, *NAMES, "ul_applies_to", "edition", "superseded", "in_equivalents"]
    frame = pd.DataFrame(figures, columns=[*columns, "unstated"])
    return frame.astype({"profile": "int64", **dict.fromkeys(ROLES, "float64"), **texts})
