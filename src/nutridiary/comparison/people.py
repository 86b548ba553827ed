"""Each person's mean over the recorded days beside the reference intakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nutridiary.comparison.days import upper_bound
from nutridiary.comparison.groups import (
    ROLES,
    Asked,
    days_to_compare,
    person_key,
    person_of,
    set_by,
    with_references,
)
from nutridiary.comparison.notes import notes
from nutridiary.comparison.readings import readings
from nutridiary.comparison.upper_levels import upper_level_intakes
from nutridiary.comparison.verdicts import positions, verdicts
from nutridiary.nutrients import load_nutrients
from nutridiary.references import life_stage_group
from nutridiary.tables import COMPARISON, INTAKES, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person

_KEY = ["person_id", "nutrient"]


def compare(
    days: pd.DataFrame,
    people: Mapping[str, Person],
    intakes: pd.DataFrame,
    *,
    nutrients: Sequence[str] | None = None,
    edition: str | None = None,
    reference: str = "nasem",
    editions: Sequence[str] = (),
) -> pd.DataFrame:
    """Compare each person's mean over the recorded days with the reference intakes.

    Parameters
    ----------
    days : pandas.DataFrame
        `tables.DAILY_INTAKES`.
    people : mapping of str to Person
        By ``person_id``; the key "" stands for the person of a diary that names nobody. Who is not in
        it gets rows with intakes and without a comparison.
    intakes : pandas.DataFrame
        `tables.INTAKES`, for what a UL that leaves food out is held against, and for coverage.
    nutrients : sequence of str, optional
        Which to compare; by default all of `days`.
    edition : str, optional
        Edition to use in place of the current one, as in `references.reference_values`.
    reference : {"nasem", "efsa", "fda-dv", "harmonized"}
        Whose values.
    editions : sequence of str
        Further editions ("IOM 2005") or references ("efsa") to compare with, each in rows of its own behind the
        others: `authority` and `edition` tell them apart. An edition has rows for the nutrients it covers.

    Returns
    -------
    pandas.DataFrame
        `tables.COMPARISON`. Where the life-stage group changed within the diary, the group of the
        last recorded day is used and the note says so.

    Raises
    ------
    NutridiaryError
        If a nutrient, the reference or an edition is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.references import Person
    >>> day = {"date": pd.Timestamp(2025, 3, 1), "nutrient": "magnesium", "unit": "mg", "foods": 8}
    >>> known = {"amount": 210.0, "low": 210.0, "high": 210.0, "foods_without_value": 0, "foods_left_out": 0}
    >>> who = {"": Person(sex="female", age_years=34)}
    >>> compare(pd.DataFrame([{**day, **known}]), who, pd.DataFrame()).loc[0, "reading"]
    '210 mg on the one day recorded: below the EAR of 265 mg (79 %). This does not show a deficiency.'
    """
    others = (Asked.other(text, reference) for text in editions)
    asked = list(dict.fromkeys([Asked.of(edition, reference), *others]))
    days, intakes = days_to_compare(days, nutrients), conform(intakes, INTAKES)
    rows = judged(mean_intakes(days, intakes), people, intakes, asked)
    # An edition asked for may be the current one of some of its nutrients.
    rows = rows.drop_duplicates([*_KEY, "authority", "edition"], ignore_index=True)
    changes = [_changes_of_group(days, people, each.reference) for each in asked]
    rows["reading"], rows["note"] = readings(rows), notes(rows, people, changes)
    return conform(rows.reindex(columns=COMPARISON.names), COMPARISON)


def mean_intakes(days: pd.DataFrame, intakes: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each person and nutrient: the mean of the recorded days and what it rests on.

    Parameters
    ----------
    days : pandas.DataFrame
        As `groups.days_to_compare` returns them.
    intakes : pandas.DataFrame
        `tables.INTAKES`.
    """
    rows = _means(days).merge(_coverage(intakes), on=_KEY, how="left", validate="one_to_one")
    return rows.assign(label=rows["nutrient"].map(load_nutrients()["label"]))


def judged(
    means: pd.DataFrame, people: Mapping[str, Person], intakes: pd.DataFrame, asked: Sequence[Asked]
) -> pd.DataFrame:
    """Return mean intakes with the figures asked for, the percentages, the position and the verdict.

    Parameters
    ----------
    means : pandas.DataFrame
        As `mean_intakes` returns them.
    people : mapping of str to Person
    intakes : pandas.DataFrame
        `tables.INTAKES`.
    asked : sequence of Asked
        The first one judges every row; each further one has rows of its own behind the others, an
        edition for the nutrients it covers. `asked` tells them apart.
    """
    import pandas as pd

    stacked = [means.assign(asked=0)]
    for number, (reference, edition) in enumerate(asked[1:], 1):
        rows = means if edition is None else means.loc[means["nutrient"].isin(set_by(reference, edition))]
        stacked.append(rows.assign(asked=number))
    rows = with_references(pd.concat(stacked, ignore_index=True), people, asked)
    rows = rows.join(upper_level_intakes(rows, intakes))
    position = positions(rows, upper_bound(rows, rows["mean_intake"]))
    percents = {f"percent_of_{name}": 100 * rows["mean_intake"] / rows[name] for name in ROLES}
    percents["percent_of_ul"] = 100 * rows["ul_intake"] / rows["ul"]
    return rows.assign(**percents, position=position, verdict=verdicts(rows, position, rows["ul_known"]))


def _means(days: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of each person's recorded days, a day being recorded when a line of it is counted.

    What is known or filled in is divided by all recorded days, so that a day of which nothing is
    known adds nothing; the mean has an upper bound and an estimate only where every day has them. A line left out that
    has no date may be of any day, and is in both.
    """
    recorded = days["foods"] > 0
    counts = recorded | days["date"].isna()
    sums = ["amount", "low", "estimate", "high", "food_amount", "supplement_amount"]
    names = (*sums, "date", "foods_filled_in", "foods_without_value")
    own = {name: days[name].where(counts) for name in names}
    groups = days.assign(**own, recorded=recorded, counts=counts).groupby(_KEY, dropna=False, sort=False)
    rows = groups.agg(
        unit=("unit", "first"),
        days=("recorded", "sum"),
        counts=("counts", "sum"),
        bounded=("high", "count"),
        foods_filled_in=("foods_filled_in", "sum"),
        foods_without_value=("foods_without_value", "sum"),
        foods_left_out=("foods_left_out", "sum"),
        date=("date", "max"),
    )
    number = rows["days"].where(rows["days"] > 0)
    # min_count: a mean of which nothing is known is unknown, not zero.
    means = groups[sums].sum(min_count=1).div(number, axis=0)
    bounded = rows["bounded"] == rows["counts"]
    means = means.rename(
        columns={"amount": "mean_intake", "food_amount": "food_intake", "supplement_amount": "supplement_intake"}
    ).assign(**{name: means[name].where(bounded) for name in ("estimate", "high")})
    return rows.drop(columns=["bounded", "counts"]).join(means).reset_index()


def _coverage(intakes: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each person's counted grams whose own record has a value. [%]"""
    known = intakes["gram_weight"].where(intakes["amount"].notna() & ~intakes["filled_in"], 0.0)
    grams = intakes.assign(known=known).groupby(_KEY, dropna=False, sort=False)[["known", "gram_weight"]].sum()
    share = (100 * grams["known"] / grams["gram_weight"]).where(grams["gram_weight"] > 0)
    return share.rename("coverage").reset_index()


def _changes_of_group(days: pd.DataFrame, people: Mapping[str, Person], reference: str) -> dict[str, str]:
    """Return, for each person whose group changed between the first and the last recorded day, a note."""
    pairs = days.loc[days["foods"] > 0, ["person_id", "date"]].drop_duplicates().dropna(subset="date")
    groups: dict[str, list[str]] = {}
    for person_id, date in pairs.sort_values("date").itertuples(index=False):
        person = person_of(person_id, people)
        if person is not None and person.birth_date is not None:
            groups.setdefault(person_key(person_id), []).append(life_stage_group(person, date, reference))
    return {
        key: f"The person changed from {names[0]} to {names[-1]} within the diary; the latter is used here."
        for key, names in groups.items()
        if names[0] != names[-1]
    }
