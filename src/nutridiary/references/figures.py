"""The reference values, and which of them hold for a person."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.data_files import data_file
from nutridiary.errors import PersonError
from nutridiary.references.authorities import REFERENCES, citations, find_edition, find_reference
from nutridiary.references.life_stages import SPECIAL, state_of
from nutridiary.references.person import Person
from nutridiary.tables import REFERENCE_VALUES, conform

if TYPE_CHECKING:
    import pandas as pd

PER_BODY_WEIGHT = "g/kg"
LIMITS = ("UL", "CDRR")

# Smokers turn over about 35 mg more vitamin C a day and their requirement is raised by as much.
# Institute of Medicine 2000 (doi:10.17226/9810), ch. 5, "Special Considerations".
SMOKER_VITAMIN_C = 35.0  # mg/d


REFERENCE_FILES: dict[str, tuple[str, ...]] = {
    "nasem": ("reference_intakes/nasem.csv",),
    "efsa": ("reference_intakes/efsa.csv",),
    "harmonized": ("reference_intakes/harmonized.csv",),
    "fda-dv": ("daily_values.csv",),
}
"""The shipped tables that hold the values of each reference, below ``data/``."""


@cache
def load_references() -> pd.DataFrame:
    """Return every shipped reference value, current and superseded, as `tables.REFERENCE_VALUES`.

    A row with ``applies_to`` "not_determined" and no amount is an upper level that the authority
    considered and did not set. A row in g/kg is per kg of body weight. Loaded once and shared:
    treat it as read-only.

    Examples
    --------
    >>> values = load_references()
    >>> sorted(values["authority"].unique())
    ['EFSA', 'FDA', 'NASEM', 'harmonized']
    """
    import pandas as pd

    return pd.concat([references_of(reference) for reference in REFERENCES], ignore_index=True)


@cache
def references_of(reference: str) -> pd.DataFrame:
    """Return the shipped values of one reference, a name of `REFERENCES`; shared, as `load_references`."""
    import pandas as pd

    if reference == "fda-dv":
        return _daily_values()
    (file,) = REFERENCE_FILES[reference]
    values = pd.read_csv(data_file(*file.split("/")), dtype={"place": "str"})
    source = values["edition"].map({edition: citation for edition, (_, citation) in citations().items()})
    if "place" in values:
        source += (", " + values["place"]).fillna("")
    else:
        values = values.drop(columns="transcriptions_agreeing").assign(kind_name=values["kind"])
    return conform(values.drop(columns="place", errors="ignore").assign(source=source), REFERENCE_VALUES)


def _daily_values() -> pd.DataFrame:
    """Return the Daily Values that are an amount in the nutrient's unit, as reference values."""
    import pandas as pd

    values = pd.read_csv(data_file("daily_values.csv"), dtype={"edition": "str"})
    values = values.loc[values["amount"].notna()].drop(columns=["published", "note"])
    return conform(
        values.assign(
            authority="FDA",
            life_stage="none",
            sex="both",
            age_from=4.0,
            kind="DV",
            edition="FDA " + values["edition"],
            status=values["edition"].map({"2016": "current"}).fillna("superseded"),
            kind_name="Daily Value",
            applies_to="total_intake",
        ),
        REFERENCE_VALUES,
    )


class Profile(NamedTuple):
    """All that decides which values hold for a person on a day: people of one profile share their figures.

    Attributes
    ----------
    reference : str
        A name of `REFERENCES`.
    edition : str or None
        The full name of the edition asked for.
    sex, state : str or None
        `state` is pregnancy, lactation or None.
    band : int
        Which of the ranges between two ages at which a figure of the reference changes; -1 without an age.
    weight_kg : float or None
        [kg]
    smoker : bool
    conditions : tuple of str
    """

    reference: str
    edition: str | None
    sex: str
    state: str | None
    band: int
    weight_kg: float | None
    smoker: bool
    conditions: tuple[str, ...]


def profile_of(
    person: Person, on: dt.date | None = None, *, edition: str | None = None, reference: str = "nasem"
) -> Profile:
    """Return what decides which values hold for a person on a day.

    Raises
    ------
    ReferenceIntakeError
        If the reference or its edition is unknown.
    """
    name = find_reference(reference)
    try:
        band = bisect_right(_bounds(name), person.age_on(on))
    except PersonError:
        band = -1
    return Profile(
        name,
        None if edition is None else find_edition(edition, name),
        person.sex,
        state_of(person),
        band,
        person.weight_kg,
        bool(person.smoker),
        person.conditions,
    )


@cache
def _bounds(reference: str) -> list[float]:
    """Return every age at which a figure of the reference changes, in order. [years]"""
    values = references_of(reference)
    return sorted({*values["age_from"], *values["age_to"].dropna()})


def reference_values(
    person: Person, *, on: dt.date | None = None, edition: str | None = None, reference: str = "nasem"
) -> pd.DataFrame:
    """Return the reference values that hold for a person on a day.

    Parameters
    ----------
    person : Person
    on : datetime.date, optional
        The day eaten. Needed where only the birth date is known.
    edition : str, optional
        An edition such as ``"IOM 2005"`` or ``"2005"``. It takes the place of the current figures of
        every nutrient it covers, also where it has none for this person's group; one that sets nothing
        but an upper level of a nutrient takes the place of that alone.
    reference : {"nasem", "efsa", "fda-dv", "harmonized"}
        Whose values.

    Returns
    -------
    pandas.DataFrame
        `tables.REFERENCE_VALUES`, per day, in the order of ``data/nutrients.csv``. Empty where the
        reference has no group for this person (`life_stage_group` says why). A figure set per kg of
        body weight is there only if the weight is known, one under a condition only if it is stated.

    Raises
    ------
    ReferenceIntakeError
        If the reference or the edition is not shipped.

    Examples
    --------
    >>> woman = Person(sex="female", age_years=34)
    >>> values = reference_values(woman).set_index(["nutrient", "kind"])
    >>> float(values.loc[("magnesium", "EAR"), "amount"]), float(values.loc[("magnesium", "RDA"), "amount"])
    (265.0, 320.0)
    >>> values = reference_values(woman, reference="efsa").set_index(["nutrient", "kind"])
    >>> values.loc[("calcium", "RDA"), "kind_name"], float(values.loc[("calcium", "RDA"), "amount"])
    ('PRI', 950.0)
    """
    return values_of(profile_of(person, on, edition=edition, reference=reference))


def values_of(profile: Profile) -> pd.DataFrame:
    """Return the reference values that hold for a profile: a table of its own, free to change."""
    values = stated_values(profile)
    per_weight = values["unit"] == PER_BODY_WEIGHT
    if not per_weight.any():
        return values
    if profile.weight_kg is None:
        return values.loc[~per_weight].reset_index(drop=True)
    basis = values["amount"].map("{:g} g per kg of body weight. ".format)
    return values.assign(
        amount=values["amount"].mask(per_weight, values["amount"] * profile.weight_kg),
        unit=values["unit"].mask(per_weight, "g"),
        source=values["source"].mask(per_weight, basis + values["source"]),
    )


def stated_values(profile: Profile) -> pd.DataFrame:
    """Return the values whose condition, if there is one, is stated; those per kg of body weight stay so."""
    values = _in_band(*profile[:5])
    stated = values["condition"].isna() | values["condition"].isin(profile.conditions)
    values = values.loc[stated].reset_index(drop=True)
    if not profile.smoker or profile.reference != "nasem":
        return values
    raised = (values["nutrient"] == "vitamin_c") & values["kind"].isin(["EAR", "RDA"])
    why = f"With {SMOKER_VITAMIN_C:g} mg more for smokers. "
    return values.assign(
        amount=values["amount"].mask(raised, values["amount"] + SMOKER_VITAMIN_C),
        source=values["source"].mask(raised, why + values["source"]),
    )


def unstated_values(profile: Profile) -> pd.DataFrame:
    """Return the values that would hold under a condition, of those nutrients for which none is stated.

    A value per kg of body weight is one of them where the weight is not known and there is no other.
    """
    import pandas as pd

    values = _in_band(*profile[:5])
    if values["condition"].isna().all() and (values["unit"] != PER_BODY_WEIGHT).all():
        return values.iloc[:0]
    conditional = values.loc[values["condition"].notna()]
    answered = conditional.loc[conditional["condition"].isin(profile.conditions), "nutrient"]
    unanswered = conditional.loc[~conditional["nutrient"].isin(answered)]
    per_weight = (values["unit"] == PER_BODY_WEIGHT) & (profile.weight_kg is None)
    other = values.loc[~per_weight & ~values["kind"].isin(LIMITS), "nutrient"]
    unknown = values.loc[per_weight & ~values["nutrient"].isin(other)].assign(condition="body weight")
    return unanswered.reset_index(drop=True) if unknown.empty else pd.concat([unanswered, unknown], ignore_index=True)


@lru_cache(maxsize=1024)
def _in_band(reference: str, edition: str | None, sex: str, state: str | None, band: int) -> pd.DataFrame:
    """Return the values of a reference for a sex, state and range of ages, whatever the condition."""
    values = _of_edition(reference, edition)
    if band < 1:
        return values.iloc[:0]
    age = _bounds(reference)[band - 1]
    right_state = values["life_stage"] == state if state else ~values["life_stage"].isin(SPECIAL.values())
    right_age = (values["age_from"] <= age) & (values["age_to"].fillna(math.inf) > age)
    right_sex = values["sex"].isin(["both", sex])
    return values.loc[right_state & right_age & right_sex].reset_index(drop=True)


@cache
def _of_edition(reference: str, edition: str | None) -> pd.DataFrame:
    values = references_of(reference)
    chosen = values["status"] == "current"
    if edition is not None:
        of_edition = values["edition"] == edition
        limit = values["kind"].isin(LIMITS)
        replaced = values["nutrient"].isin(values.loc[of_edition & ~limit, "nutrient"])
        replaced |= limit & values["nutrient"].isin(values.loc[of_edition, "nutrient"])
        # A rule on Daily Values is whole; a report of the others sets some nutrients.
        chosen = of_edition if reference == "fda-dv" else of_edition | (chosen & ~replaced)
    return values.loc[chosen]


@cache
def current_editions(reference: str) -> dict[str, list[str]]:
    """Return, by nutrient, the editions that set its current figures."""
    values = references_of(reference)
    current = values.loc[values["status"] == "current"].groupby("nutrient")["edition"].unique()
    return {str(nutrient): list(editions) for nutrient, editions in current.items()}


@cache
def kind_names(reference: str, nutrient: str | None = None) -> dict[str, str]:
    """Return what an authority calls the figure of each role: most of them, or that of one nutrient.

    Examples
    --------
    >>> kind_names("efsa")["EAR"], kind_names("efsa")["RDA"], kind_names("harmonized")["UL"]
    ('AR', 'PRI', 'H-UL')
    >>> kind_names("efsa")["AI"], kind_names("efsa", "sodium")["AI"]
    ('AI', 'safe and adequate intake')
    """
    values = references_of(find_reference(reference))
    if nutrient is None:
        return {str(kind): str(names.mode().iloc[0]) for kind, names in values.groupby("kind")["kind_name"]}
    own = values.loc[values["nutrient"] == nutrient]
    return kind_names(reference) | dict(zip(own["kind"], own["kind_name"], strict=True))
