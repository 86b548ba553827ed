"""What a group's days give, by the method that they can carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.cohort.amount_model import AmountModel, RecordedDays, fit_amount_model
from nutridiary.cohort.design import Replicates
from nutridiary.cohort.distribution import UsualDistribution, usual_distribution
from nutridiary.cohort.nrc import nrc_distribution
from nutridiary.cohort.people_days import PeopleDays, recorded_days

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

AMOUNT_MODEL, NRC, NOT_ADJUSTED, MEAN_ONLY = "amount_model", "nrc_1986", "not_adjusted", "mean_only"
NOTHING_KNOWN = "withheld"

# With fewer people who have two days, the share of the variance that is between people is known to worse than
# about a fifth (the standard error of a correlation of pairs, 1 / sqrt(30)): the model's smooth tails would
# promise more than that.
FEWEST_REPEATED = 30
# The model is for what is eaten on nearly every day; the rest asks for a model of how often, too (Tooze 2006,
# doi:10.1016/j.jada.2006.07.003).
MOST_DAYS_WITHOUT = 0.10


@dataclass(frozen=True)
class Fit:
    """What a group's days of one nutrient gave: the method, and a distribution where there is one.

    Attributes
    ----------
    known : mapping of str to int
        People and days with a known intake, counted as in the table: `people`, `days`, `people_repeated`,
        `days_without`.
    mean : numpy.ndarray
        Mean of the days, one a replicate. [nutrient unit/d]
    """

    method: str
    known: Mapping[str, int]
    mean: Numbers
    model: AmountModel | None = None
    usual: UsualDistribution | None = None


@dataclass(frozen=True)
class Group:
    """A group of people: its fits by nutrient, and what they rest on.

    Attributes
    ----------
    days : int
        All its days, those of unknown intake included.
    sample : Replicates
        Of its people.
    """

    name: str
    days: int
    knows_weekday: bool
    sample: Replicates
    fits: Mapping[str, Fit]


def fitted_group(
    name: str, drawn: PeopleDays, inside: npt.NDArray[np.bool_], nutrients: Sequence[str], sample: Replicates
) -> Group:
    """Return a group with the fit of each nutrient.

    Parameters
    ----------
    name : str
    drawn : PeopleDays
        Everybody.
    inside : numpy.ndarray
        Which rows of its days are the group's.
    nutrients : sequence of str
    sample : Replicates
        Of everybody.
    """
    import numpy as np

    days = drawn.days.loc[inside]
    people, member = np.unique(days["person"].to_numpy("int64"), return_inverse=True)
    members, days = sample.of(people), days.assign(member=member)
    fits = {nutrient: fit_days(recorded_days(days, nutrient), members.weights) for nutrient in nutrients}
    return Group(name, len(days), drawn.knows_weekday, members, fits)


def fit_days(days: RecordedDays, weights: Numbers) -> Fit:
    """Return what a group's days of one nutrient give, by the method they can carry.

    Parameters
    ----------
    days : RecordedDays
    weights : numpy.ndarray
        One row a replicate, one column a person.
    """
    import numpy as np

    counts = np.bincount(days.person, minlength=weights.shape[1])
    repeated, zero = int((counts > 1).sum()), int((days.intake == 0).sum())
    # Without some of the sampling units there may be nothing left to estimate from: then there are no errors.
    if (weights[:, counts > min(1, repeated)].sum(axis=1) == 0).any():
        weights = weights[:1]
    by_day = weights[:, days.person]
    with np.errstate(invalid="ignore"):
        mean = by_day @ days.intake / by_day.sum(axis=1)
    known = {
        "people": int((counts > 0).sum()),
        "days": len(days.intake),
        "people_repeated": repeated,
        "days_without": zero,
    }
    model = fit_amount_model(days, weights) if repeated > 1 else None
    if model is None or zero > MOST_DAYS_WITHOUT * len(days.intake):
        return Fit(MEAN_ONLY if len(days.intake) else NOTHING_KNOWN, known, mean)
    if model.between[0] <= 0:
        return Fit(NOT_ADJUSTED, known, mean, model, nrc_distribution(days, model, weights))
    if repeated < FEWEST_REPEATED:
        return Fit(NRC, known, mean, model, nrc_distribution(days, model, weights))
    return Fit(AMOUNT_MODEL, known, mean, model, usual_distribution(model))
