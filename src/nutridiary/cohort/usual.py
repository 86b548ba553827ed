"""Usual intakes of groups of people, from a few days of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nutridiary.cohort.adequacy import CUT_POINT, PROBABILITY, WHOLE_INTAKE, WITHHELD, rule_of, shares_beside
from nutridiary.cohort.amount_model import AmountModel, RecordedDays, fit_amount_model
from nutridiary.cohort.design import Replicates, replicates
from nutridiary.cohort.distribution import UsualDistribution, usual_distribution
from nutridiary.cohort.figures import FIGURES
from nutridiary.cohort.groups import groups_of
from nutridiary.cohort.nrc import nrc_distribution
from nutridiary.cohort.people_days import PeopleDays, people_and_days, recorded_days
from nutridiary.cohort.words import notes_of, reading_of
from nutridiary.comparison.upper_levels import PARTS
from nutridiary.errors import CohortError
from nutridiary.nutrients import check_nutrients, load_nutrients
from nutridiary.tables import USUAL_INTAKES, conform
from nutridiary.tables.groups import PERCENTILES

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Numbers = npt.NDArray[np.float64]

AMOUNT_MODEL, NRC, NOT_ADJUSTED, MEAN_ONLY = "amount_model", "nrc_1986", "not_adjusted", "mean_only"

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


def usual_intakes(
    table: pd.DataFrame,
    nutrients: Sequence[str],
    *,
    by: str | None = None,
    figures: pd.DataFrame | None = None,
    ear_method: str = CUT_POINT,
    fay: float = 0.0,
) -> pd.DataFrame:
    """Return usual intakes of each group as a distribution, and how it lies beside the references.

    Parameters
    ----------
    table : pandas.DataFrame
        The whole sample, one row a person's day, as in `people_days.people_and_days`. Some people need two days;
        two consecutive days say less than two apart. A day whose intake is not known stays in with it missing.
    nutrients : sequence of str
        Columns of `table`, each in its nutrient's one unit.
    by : str, optional
        Column of the groups (`groups.life_stage_groups` makes one); rows without a value belong to none.
    figures : pandas.DataFrame, optional
        Reference figures a group and nutrient, as `figures.group_figures` returns them. [nutrient unit/d]
    ear_method : {"cut_point", "probability"}
        How the share of inadequate intakes is found where both are valid.
    fay : float
        Fay's factor of the table's replicate weights. [-]

    Returns
    -------
    pandas.DataFrame
        `tables.USUAL_INTAKES`. With one day a person there are means and never a prevalence.

    Raises
    ------
    CohortError
        If a table contradicts itself or lacks what was asked for.

    References
    ----------
    .. [1] Institute of Medicine, "Dietary Reference Intakes: Applications in Dietary Assessment", 2000,
       doi:10.17226/9956, ch. 4-6.
    """
    import pandas as pd

    if ear_method not in (CUT_POINT, PROBABILITY):
        raise CohortError(f"unknown ear_method {ear_method!r}. It is {CUT_POINT} or {PROBABILITY}.")
    nutrients = check_nutrients(nutrients)
    parts = [name for name in _parts(nutrients).values() if name in table.columns]
    drawn = people_and_days(table, list(dict.fromkeys([*nutrients, *parts])))
    sample = replicates(drawn.people, fay=fay)
    given = _by_group(figures)
    rows = []
    for group, inside in groups_of(drawn.days, by):
        fits, members = _fit_group(drawn, inside, [*nutrients, *parts], sample)
        for nutrient in nutrients:
            found = given.get((group, nutrient), _NO_FIGURES)
            part = fits.get(_parts([nutrient]).get(nutrient, ""))
            rows.append(_row(group, nutrient, fits[nutrient], part, found, members, drawn, inside, ear_method))
    return conform(pd.DataFrame(rows), USUAL_INTAKES)


_NO_FIGURES: Mapping[str, Any] = dict.fromkeys((*FIGURES, "ul_applies_to", "ear_counts"), float("nan"))


def _by_group(figures: pd.DataFrame | None) -> dict[tuple[str, str], Mapping[str, Any]]:
    if figures is None:
        return {}
    if absent := [name for name in ("group", "nutrient") if name not in figures.columns]:
        raise CohortError(f"figures: no column {' and no column '.join(absent)}. Make them with group_figures().")
    names = list(figures.columns)
    rows = (dict(zip(names, row, strict=True)) for row in figures.itertuples(index=False))
    return {(str(row["group"]), str(row["nutrient"])): {**_NO_FIGURES, **row} for row in rows}


def _parts(nutrients: Sequence[str]) -> dict[str, str]:
    """Return the nutrient that alone makes up the part a UL counts: retinol for vitamin A."""
    single = {name: sources[0] for name, sources in PARTS.items() if len(sources) == 1}
    return {name: single[name][0] for name in nutrients if name in single and single[name][1] is None}


def _fit_group(
    drawn: PeopleDays, inside: npt.NDArray[np.bool_], nutrients: Sequence[str], sample: Replicates
) -> tuple[dict[str, Fit], Replicates]:
    import numpy as np

    days = drawn.days.loc[inside]
    people, member = np.unique(days["person"].to_numpy("int64"), return_inverse=True)
    members = sample.of(people)
    days = days.assign(member=member)
    return {name: fit_group(recorded_days(days, name), members.weights) for name in nutrients}, members


def fit_group(days: RecordedDays, weights: Numbers) -> Fit:
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
        return Fit(MEAN_ONLY if len(days.intake) else WITHHELD, known, mean)
    if model.between[0] <= 0:
        return Fit(NOT_ADJUSTED, known, mean, model, nrc_distribution(days, model, weights))
    if repeated < FEWEST_REPEATED:
        return Fit(NRC, known, mean, model, nrc_distribution(days, model, weights))
    return Fit(AMOUNT_MODEL, known, mean, model, usual_distribution(model))


def _row(
    group: str,
    nutrient: str,
    fit: Fit,
    part: Fit | None,
    figures: Mapping[str, Any],
    sample: Replicates,
    drawn: PeopleDays,
    inside: npt.NDArray[np.bool_],
    ear_method: str,
) -> dict[str, object]:
    known = load_nutrients().loc[nutrient]
    row: dict[str, object] = {
        "group": group,
        "nutrient": nutrient,
        "label": known["label"],
        "unit": known["unit"],
        **fit.known,
        "days_left_out": int(inside.sum()) - fit.known["days"],
        "method": fit.method,
        "se_method": sample.method,
        "degrees": sample.degrees,
        **{name: figures[name] for name in ("ear", "ai", "ul", "cdrr")},
    }
    rule = rule_of(nutrient, figures, ear_method)
    of_ul = fit if figures["ul_applies_to"] == WHOLE_INTAKE else part
    if fit.usual is None or fit.model is None:
        row |= _mean_of_days(fit, sample)
        if rule is not None:
            row["inadequate_by"] = WITHHELD
    else:
        row |= _distribution(fit.usual, fit.model, sample)
        if rule is not None:
            row["inadequate_by"] = rule.method
        row |= shares_beside(figures, fit.usual, of_ul.usual if of_ul else None, sample, rule)
    row["reading"] = reading_of(row)
    row["note"] = notes_of(row, rule, figures, ul_is_told=of_ul is not None, knows_weekday=drawn.knows_weekday) or None
    return row


def _mean_of_days(fit: Fit, sample: Replicates) -> dict[str, object]:
    if fit.method == WITHHELD:
        return {}
    return {"mean": fit.mean[0], "mean_se": sample.standard_error(fit.mean)}


def _distribution(usual: UsualDistribution, model: AmountModel, sample: Replicates) -> dict[str, object]:
    mean, percentiles = usual.mean(), usual.percentiles(PERCENTILES)
    errors = sample.standard_error(percentiles)
    total = model.between[0] + model.within[0]
    columns: dict[str, object] = {
        "exponent": model.exponent,
        "share_between": max(model.between[0], 0.0) / total if total > 0 else float("nan"),
        "mean": mean[0],
        "mean_se": sample.standard_error(mean),
        "sd": usual.standard_deviation()[0],
    }
    for number, percent in enumerate(PERCENTILES):
        columns |= {f"p{percent}": percentiles[0, number], f"p{percent}_se": errors[number]}
    return columns
