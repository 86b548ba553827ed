"""Which reference figures stand beside which row: by person, day and nutrient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.errors import FoodDataError, listing
from nutridiary.nutrients import check_nutrients
from nutridiary.references import Person, find_edition, life_stage_group, load_references, reference_values
from nutridiary.tables import DAILY_INTAKES, conform

if TYPE_CHECKING:
    import pandas as pd

COUNTS = ("foods", "foods_filled_in", "foods_without_value", "foods_left_out")
UNKNOWN_PERSON = "sex and age are not known"
FIGURES = ("ear", "rda", "ai", "ul", "cdrr")


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


def with_references(rows: pd.DataFrame, people: Mapping[str, Person], edition: str | None) -> pd.DataFrame:
    """Return `rows` with the figures that hold for each person on each day.

    Parameters
    ----------
    rows : pandas.DataFrame
        With `person_id`, `date` and `nutrient`.
    people : mapping of str to Person
    edition : str, optional
        As in `references.reference_values`.

    Returns
    -------
    pandas.DataFrame
        Same rows and order, with `life_stage_group` (or why there is none), the `FIGURES` [unit/d],
        `ul_applies_to`, `edition`, `superseded`, `in_equivalents` (the intake on record is a lower
        bound of what EAR and RDA count), `has_references` (any figure is set, for whomever) and
        `asked_edition` (the edition asked for, where it covers the nutrient).
    """
    import pandas as pd

    edition = None if edition is None else find_edition(edition)
    nutrients = frozenset(rows["nutrient"])
    pairs = rows[["person_id", "date"]].drop_duplicates()
    profiles: dict[tuple[Any, ...], int] = {}
    figures: list[dict[str, Any]] = []
    groups, numbers = [], []
    for person_id, date in pairs.itertuples(index=False):
        person = person_of(person_id, people)
        day = None if pd.isna(date) else date
        groups.append(UNKNOWN_PERSON if person is None else life_stage_group(person, day))
        # People of one group share their figures, but for what depends on weight and smoking.
        weight = person.weight_kg if person is not None and "protein" in nutrients else None
        profile = (groups[-1], weight, person is not None and bool(person.smoker))
        if profile not in profiles:
            profiles[profile] = len(profiles)
            if person is not None:
                values = reference_values(person, on=day, edition=edition)
                figures += _figures(values, nutrients, profiles[profile])
        numbers.append(profiles[profile])
    pairs = pairs.assign(life_stage_group=groups, profile=numbers)
    joined = rows.merge(pairs, on=["person_id", "date"], how="left", validate="many_to_one")
    joined = joined.merge(_frame(figures), on=["profile", "nutrient"], how="left", validate="many_to_one")
    flags = {name: joined[name].eq(True) for name in ("superseded", "in_equivalents")}
    values = load_references()
    covered = joined["nutrient"].isin(values.loc[values["edition"] == edition, "nutrient"])
    return joined.drop(columns="profile").assign(
        has_references=joined["nutrient"].isin(values["nutrient"]),
        asked_edition=covered.map({True: edition, False: None}).astype("str"),
        **flags,
    )


def _figures(values: pd.DataFrame, nutrients: frozenset[str], profile: int) -> list[dict[str, Any]]:
    """Lay out reference values with one row a nutrient; the editions of all its figures are named."""
    rows: dict[str, dict[str, Any]] = {}
    for value in values.loc[values["nutrient"].isin(nutrients)].to_dict("records"):
        nutrient, kind, applies_to, edition = (value[name] for name in ("nutrient", "kind", "applies_to", "edition"))
        row = rows.setdefault(nutrient, {"profile": profile, "nutrient": nutrient, "edition": edition})
        row[kind.lower()] = value["amount"]
        if kind == "UL":
            row["ul_applies_to"] = applies_to
        if applies_to == "niacin_equivalents":
            row["in_equivalents"] = True
        if value["status"] == "superseded":
            row["superseded"] = True
        if edition not in row["edition"].split("; "):
            row["edition"] += f"; {edition}"
    return list(rows.values())


def _frame(figures: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    texts = dict.fromkeys(("nutrient", "ul_applies_to", "edition"), "str")
    columns = ["profile", "nutrient", *FIGURES, "ul_applies_to", "edition", "superseded", "in_equivalents"]
    frame = pd.DataFrame(figures, columns=columns)
    return frame.astype({"profile": "int64", **dict.fromkeys(FIGURES, "float64"), **texts})
