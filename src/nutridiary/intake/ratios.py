"""Mean intakes beside each other, and in the units of a laboratory. Descriptive: no figure here is a limit.

Which ratios there are, and what should be known of each, stands in ``data/ratios.csv``; atomic masses and charges in
``data/atomic_masses.csv``.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.data_files import data_file
from nutridiary.nutrients import nutrient_label
from nutridiary.tables import COMPARISON, MOLES, RATIOS, conform

if TYPE_CHECKING:
    import pandas as pd

NO_LIMIT = "Descriptive: no authority whose figures are shipped sets a limit for it."


class Ratio(NamedTuple):
    """One line of ``data/ratios.csv``: which nutrient over which, and what should be known of it."""

    ratio: str
    label: str
    first: str
    second: str
    note: str
    source: str


class Element(NamedTuple):
    """Atomic mass [g/mol] and ionic charge of a mineral; no charge where a single one would mislead."""

    symbol: str
    atomic_mass: float
    charge: int | None


@cache
def load_ratios() -> tuple[Ratio, ...]:
    """Return the ratios people ask for.

    Examples
    --------
    >>> [ratio.ratio for ratio in load_ratios()]
    ['Ca:Mg', 'Na:K', 'Ca:P', 'Zn:Cu']
    """
    with data_file("ratios.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(Ratio(**row) for row in csv.DictReader(stream))


@cache
def load_elements() -> dict[str, Element]:
    """Return the minerals that are elements, by nutrient.

    Examples
    --------
    >>> load_elements()["magnesium"]
    Element(symbol='Mg', atomic_mass=24.305, charge=2)
    """
    with data_file("atomic_masses.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["nutrient"]: Element(
                row["symbol"], float(row["atomic_mass"]), int(row["charge"]) if row["charge"] else None
            )
            for row in csv.DictReader(stream)
        }


def nutrient_ratios(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return the ratios of mean intakes, with what is missing carried into their bounds.

    Parameters
    ----------
    comparison : pandas.DataFrame
        `tables.COMPARISON`: `mean_intake`, `low` and `high` of each nutrient.

    Returns
    -------
    pandas.DataFrame
        `tables.RATIOS`, every ratio for each person. The least it can be is the lower bound of the first over the
        upper bound of the second, the most the reverse; a bound that a mean does not have is missing. A ratio of
        which one side is not known, or the second is 0, is missing and the note says which.

    Examples
    --------
    >>> import pandas as pd
    >>> means = pd.DataFrame({"nutrient": ["calcium", "magnesium"], "days": 3, "mean_intake": [900.0, 300.0],
    ...                       "low": [900.0, 250.0], "high": [1000.0, 300.0], "unit": "mg"})
    >>> nutrient_ratios(means).loc[0, ["by_weight", "by_weight_low", "by_weight_high"]].tolist()
    [3.0, 3.0, 4.0]
    """
    import pandas as pd

    means = conform(comparison.reindex(columns=COMPARISON.names), COMPARISON)
    means = means.set_index(means["person_id"].fillna(""))  # "": of a diary that names nobody
    people = means.loc[~means.index.duplicated(), ["person_id", "days"]]
    sides = {
        name: own[["mean_intake", "low", "high"]].reindex(people.index)
        for name, own in means.groupby("nutrient", sort=False)
    }
    unknown = pd.DataFrame(float("nan"), index=people.index, columns=["mean_intake", "low", "high"])
    tables = [
        _of_people(ratio, people, sides.get(ratio.first, unknown), sides.get(ratio.second, unknown))
        for ratio in load_ratios()
    ]
    rows = pd.concat(tables)
    order = people.index.get_indexer(rows.index).argsort(kind="stable")  # person by person
    return conform(rows.iloc[order], RATIOS)


def _of_people(ratio: Ratio, people: pd.DataFrame, first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return one ratio of each of `people`, from the means of its two nutrients."""
    elements = load_elements()
    by_weight = (first["mean_intake"] / second["mean_intake"]).where(second["mean_intake"] > 0)
    known = by_weight.notna()
    low = (first["low"] / second["high"]).where(known & (second["high"] > 0))
    high = (first["high"] / second["low"]).where(known & (second["low"] > 0))
    moles = elements[ratio.second].atomic_mass / elements[ratio.first].atomic_mass
    return people.assign(
        ratio=ratio.ratio,
        label=ratio.label,
        by_weight=by_weight,
        by_weight_low=low,
        by_weight_high=high,
        by_moles=by_weight * moles,
        by_moles_low=low * moles,
        by_moles_high=high * moles,
        note=_notes(ratio, first["mean_intake"], second["mean_intake"], low.isna() | high.isna()),
    )


def _notes(ratio: Ratio, first: pd.Series, second: pd.Series, is_open: pd.Series) -> pd.Series:
    """Return why a ratio is missing or open, then what should be known of it."""
    import pandas as pd

    about = pd.Series(f"{NO_LIMIT} {ratio.note}".strip(), index=first.index, dtype="str")
    about = about.mask(is_open, "What is missing leaves a bound open. " + about)
    about = about.mask(second == 0, f"None: no {_name(ratio.second)} is on record. " + about)
    for values, name in ((second, ratio.second), (first, ratio.first)):
        about = about.mask(values.isna(), f"None: the intake of {_name(name)} is not known. {NO_LIMIT}")
    return about


def _name(nutrient: str) -> str:
    return nutrient_label(nutrient).casefold()


def laboratory_units(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return mean intakes in millimoles and milliequivalents.

    Parameters
    ----------
    comparison : pandas.DataFrame
        `tables.COMPARISON`.

    Returns
    -------
    pandas.DataFrame
        `tables.MOLES`, for the minerals of ``data/atomic_masses.csv`` that were worked out. Milliequivalents are
        missing where no single charge describes the mineral in the body. mmol = mg / atomic mass, mEq = mmol x charge.

    Examples
    --------
    >>> import pandas as pd
    >>> means = pd.DataFrame({"nutrient": ["magnesium"], "mean_intake": [320.0], "unit": "mg"})
    >>> laboratory_units(means).loc[0, ["millimoles", "milliequivalents"]].astype(float).round(2).tolist()
    [13.17, 26.33]
    """
    means = conform(comparison.reindex(columns=COMPARISON.names), COMPARISON)
    elements = load_elements()
    rows = means.loc[
        means["nutrient"].isin(elements) & (means["unit"] == "mg"), ["person_id", "nutrient", "mean_intake", "unit"]
    ]
    mass = rows["nutrient"].map({name: element.atomic_mass for name, element in elements.items()}).astype("float64")
    charge = rows["nutrient"].map({name: element.charge for name, element in elements.items()}).astype("Int64")
    millimoles = rows["mean_intake"] / mass
    return conform(
        rows.assign(
            atomic_mass=mass,
            charge=charge,
            millimoles=millimoles,
            milliequivalents=millimoles * charge.astype("float64"),
        ),
        MOLES,
    )
