"""Which reference figures stand beside which row: by person, day and nutrient."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from nutridiary.errors import FoodDataError, listing
from nutridiary.nutrients import check_nutrients, written_unit
from nutridiary.references import (
    PER_BODY_WEIGHT,
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
    stated_values,
    unstated_values,
)
from nutridiary.tables import DAILY_INTAKES, conform

if TYPE_CHECKING:
    import pandas as pd

COUNTS = ("foods", "foods_filled_in", "foods_without_value", "foods_left_out")
UNKNOWN_PERSON = "sex and age are not known"
ROLES = ("ear", "rda", "ai", "ul", "cdrr", "dv")
"""The parts a figure may play, a Daily Value among them."""
NAMES = [f"{role}_name" for role in ROLES]
PER_KG = "ear_per_kg"  # protein's EAR


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


def with_references(rows: pd.DataFrame, people: Mapping[str, Person], asked: Sequence[Asked]) -> pd.DataFrame:
    """Return `rows` with the figures that hold for each person on each day.

    Parameters
    ----------
    rows : pandas.DataFrame
        With `person_id`, `date`, `nutrient` and `asked`, a place in the sequence of the same name.
    people : mapping of str to Person
    asked : sequence of Asked

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
    pairs = rows[["person_id", "date", "asked"]].drop_duplicates()
    profiles: dict[tuple[str, Profile | None], int] = {}
    figures: list[dict[str, Any]] = []
    groups, numbers, weights = [], [], []
    for person_id, date, number in pairs.itertuples(index=False):
        day, person = None if pd.isna(date) else date, person_of(person_id, people)
        found = _profile(person, day, nutrients, asked[number])
        if found not in profiles:
            profiles[found] = len(profiles)
            if found[1] is not None:
                figures += [{**row, "profile": profiles[found]} for row in _figures(found[1], nutrients)]
        groups.append(found[0])
        numbers.append(profiles[found])
        weights.append(math.nan if person is None or person.weight_kg is None else person.weight_kg)
    pairs = pairs.assign(life_stage_group=groups, profile=numbers, weight_kg=weights)
    joined = rows.merge(pairs, on=["person_id", "date", "asked"], how="left", validate="many_to_one")
    joined = joined.merge(_frame(figures), on=["profile", "nutrient"], how="left", validate="many_to_one")
    joined = joined.merge(_what_is_set(asked, nutrients), on=["asked", "nutrient"], how="left", validate="many_to_one")
    flags = {name: joined[name].eq(True) for name in ("superseded", "in_equivalents")}
    names = {name: joined[name].fillna(name.removesuffix("_name").upper()) for name in NAMES}
    edition = joined["edition"].fillna(joined["asked_edition"])
    ear = joined["ear"].fillna(joined[PER_KG] * joined["weight_kg"])
    return joined.drop(columns=["profile", "weight_kg"]).assign(**names, **flags, edition=edition, ear=ear)


def _what_is_set(asked: Sequence[Asked], nutrients: frozenset[str]) -> pd.DataFrame:
    """Return, by what is asked for and nutrient, what the authority sets at all, and why some of it is not compared."""
    import pandas as pd

    by_nasem = set_by("nasem", None)
    found = []
    for number, (reference, edition) in enumerate(asked):
        of_authority, of_edition = set_by(reference, None), set_by(reference, edition) if edition else frozenset()
        for nutrient in nutrients:
            reasons = {kinds.endswith("UL"): why for kinds, why in not_compared(reference).get(nutrient, ())}
            found.append(
                {
                    "asked": number,
                    "nutrient": nutrient,
                    "authority": REFERENCES[reference].code,
                    "asked_edition": edition if nutrient in of_edition else None,
                    "has_figures": nutrient in of_authority,
                    "has_references": nutrient in of_authority or nutrient in by_nasem,
                    "not_comparable": reasons.get(False),
                    "ul_not_comparable": reasons.get(True),
                }
            )
    texts = ("nutrient", "authority", "asked_edition", "not_comparable", "ul_not_comparable")
    flags = ("has_figures", "has_references")
    frame = pd.DataFrame(found, columns=["asked", *texts, *flags])
    return frame.astype({"asked": "int64", **dict.fromkeys(texts, "str"), **dict.fromkeys(flags, "bool")})


@cache
def set_by(reference: str, edition: str | None) -> frozenset[str]:
    """Return the nutrients that a reference, or one of its editions, sets any figure for."""
    values = references_of(reference)
    return frozenset(values["nutrient"] if edition is None else values.loc[values["edition"] == edition, "nutrient"])


def _profile(person: Person | None, day: Any, nutrients: frozenset[str], asked: Asked) -> tuple[str, Profile | None]:
    """Return a person's group on a day and the profile its figures depend on, as far as `nutrients` ask."""
    if person is None:
        return UNKNOWN_PERSON, None
    profile = profile_of(person, day, edition=asked.edition, reference=asked.reference)
    # What is set per kg is multiplied later, so that people of one group share their figures.
    known = 1.0 if profile.weight_kg is not None and "protein" in nutrients else None
    profile = profile._replace(weight_kg=known, smoker=profile.smoker and "vitamin_c" in nutrients)
    return life_stage_group(person, day, asked.reference), profile


@lru_cache(maxsize=1024)
def _figures(profile: Profile, nutrients: frozenset[str]) -> list[dict[str, Any]]:
    """Lay out reference values with one row a nutrient; the editions of all its figures are named."""
    rows: dict[str, dict[str, Any]] = {}
    values = stated_values(profile)
    if profile.weight_kg is None:
        values = values.loc[values["unit"] != PER_BODY_WEIGHT]
    for value in values.loc[values["nutrient"].isin(nutrients)].to_dict("records"):
        nutrient, kind, applies_to, edition = (value[name] for name in ("nutrient", "kind", "applies_to", "edition"))
        row = rows.setdefault(nutrient, {"nutrient": nutrient, "edition": edition})
        row[PER_KG if value["unit"] == PER_BODY_WEIGHT else kind.lower()] = value["amount"]
        row[f"{kind.lower()}_name"] = value["kind_name"]
        if kind == "UL":
            row["ul_applies_to"] = applies_to
        if applies_to == "niacin_equivalents":
            row["in_equivalents"] = True
        if value["status"] == "superseded":
            row["superseded"] = True
        if edition not in row["edition"].split("; "):
            row["edition"] += f"; {edition}"
    for nutrient, text in _unstated(profile, nutrients).items():
        rows.setdefault(nutrient, {"nutrient": nutrient})["unstated"] = text
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
    numbers = dict.fromkeys((*ROLES, PER_KG), "float64")
    columns = ["profile", *texts, *numbers, "superseded", "in_equivalents"]
    return pd.DataFrame(figures, columns=columns).astype({"profile": "int64", **numbers, **texts})
