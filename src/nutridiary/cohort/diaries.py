"""Groups of people who keep diaries: their days in the form that the statistics of groups take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nutridiary.cohort.adequacy import CUT_POINT
from nutridiary.cohort.figures import group_figures
from nutridiary.cohort.fits import NOTHING_KNOWN
from nutridiary.cohort.usual import usual_intakes
from nutridiary.comparison.groups import person_key
from nutridiary.comparison.verdicts import called
from nutridiary.errors import CohortError, listing
from nutridiary.nutrients import check_nutrients, load_nutrients
from nutridiary.references import Person, kind_names, life_stage
from nutridiary.tables import DAILY_INTAKES, USUAL_INTAKES, conform

if TYPE_CHECKING:
    import pandas as pd

NO_GROUP = "no life-stage group"
"""Whom the references have no group for, or whose sex or age is not known."""


def people_days(
    days: pd.DataFrame, people: Mapping[str, Person], nutrients: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return recorded days as people's days: a row a day, a column a nutrient.

    Parameters
    ----------
    days : pandas.DataFrame
        `tables.DAILY_INTAKES`, as `Analysis.days` holds them.
    people : mapping of str to Person
        Who each `person_id` is; "" for a diary that names nobody.
    nutrients : sequence of str, optional
        All of `days` where not given.

    Returns
    -------
    pandas.DataFrame
        `person_id`, `date`, `group` (the life-stage group on that day, missing where it is not known) and the
        nutrients. An intake is missing where the day's total is not known in full: a food has no value for the
        nutrient, or a line could not be counted. What a twin record filled in counts as known.

    Raises
    ------
    CohortError
        If `days` has no rows of a nutrient.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.DataFrame({"person_id": ["anna"], "date": ["2025-03-03"], "nutrient": ["magnesium"],
    ...                      "amount": [301.0], "foods_without_value": [0], "foods_left_out": [0]})
    >>> people_days(days, {"anna": Person(sex="female", age_years=34)})["group"].tolist()
    ['female 31-50 y']
    """
    import pandas as pd

    days = conform(days, DAILY_INTAKES)
    present = list(dict.fromkeys(days["nutrient"]))
    asked = present if nutrients is None else check_nutrients(nutrients)
    if absent := [name for name in asked if name not in present]:
        raise CohortError(f"no days with {listing(absent)}. Name them when the intakes are worked out.")
    in_full = (days["foods_without_value"] == 0) & (days["foods_left_out"] == 0)
    rows = days.assign(person_id=days["person_id"].fillna(""), amount=days["amount"].where(in_full.fillna(False)))
    wide = rows.pivot(index=["person_id", "date"], columns="nutrient", values="amount")  # noqa: PD010
    wide = wide.reindex(columns=asked).rename_axis(columns=None).reset_index()
    groups = [
        _group(people.get(person_key(person)), day) for person, day in zip(wide["person_id"], wide["date"], strict=True)
    ]
    wide.insert(2, "group", pd.Series(groups, index=wide.index, dtype="str"))
    return wide


def group_usual_intakes(
    days: pd.DataFrame,
    people: Mapping[str, Person],
    nutrients: Sequence[str] | None = None,
    *,
    reference: str = "nasem",
    edition: str | None = None,
    ear_method: str = CUT_POINT,
) -> pd.DataFrame:
    """Return usual intakes of each life-stage group among people who keep diaries.

    Parameters
    ----------
    days : pandas.DataFrame
        `tables.DAILY_INTAKES`.
    people : mapping of str to Person
    nutrients : sequence of str, optional
    reference, edition : str, optional
        As in `references.reference_values`.
    ear_method : {"cut_point", "probability"}
        As in `usual.usual_intakes`.

    Returns
    -------
    pandas.DataFrame
        `tables.USUAL_INTAKES`. People without a life-stage group (sex or age is not known) are counted in rows of
        the group `NO_GROUP`, withheld, and are in no figure. The people stand for themselves: who keeps a diary is no
        sample of anybody else.

    Raises
    ------
    CohortError
        If `days` has no rows of a nutrient.
    """
    import pandas as pd

    table = people_days(days, people, nutrients)
    known = [name for name in table.columns if name not in ("person_id", "date", "group")]
    groups = list(table["group"].dropna().unique())
    figures = group_figures(groups, known, reference=reference, edition=edition)
    found = usual_intakes(table, known, by="group", figures=figures, ear_method=ear_method)
    names = kind_names(reference)
    for column in ("reading", "note"):
        found[column] = found[column].map(lambda text: called(text, names), na_action="ignore").astype("str")
    aside = table.loc[table["group"].isna()]
    if aside.empty:
        return found
    return conform(pd.concat([found, _set_aside(aside, known)], ignore_index=True), USUAL_INTAKES)


def _set_aside(days: pd.DataFrame, nutrients: Sequence[str]) -> pd.DataFrame:
    """Return a withheld row a nutrient for the days of people who belong to no group."""
    import pandas as pd

    people, count = days["person_id"].nunique(), len(days)
    who = "1 person belongs" if people == 1 else f"{people:,} people belong"
    reading = (
        f"{who} to no life-stage group ({count:,} day{'s' * (count != 1)}): give sex and age, or, if they are known, "
        "there are no reference intakes for this state at this age. None of these days is in a figure."
    )
    rows = [_set_aside_row(days, nutrient, reading) for nutrient in nutrients]
    return conform(pd.DataFrame(rows), USUAL_INTAKES)


def _set_aside_row(days: pd.DataFrame, nutrient: str, reading: str) -> dict[str, object]:
    described = load_nutrients().loc[nutrient]
    known = days.loc[days[nutrient].notna(), "person_id"]
    return {
        "group": NO_GROUP,
        "nutrient": nutrient,
        "label": described["label"],
        "unit": described["unit"],
        "people": known.nunique(),
        "days": len(known),
        "people_repeated": int((known.value_counts() > 1).sum()),
        "days_left_out": len(days) - len(known),
        "days_without": int((days[nutrient] == 0).sum()),
        "method": NOTHING_KNOWN,
        "reading": reading,
    }


def _group(person: Person | None, day: pd.Timestamp) -> str | None:
    stage = life_stage(person, day.date()) if person is not None else None
    return stage.name if stage is not None else None
