"""Usual intakes of groups of people, from a few days of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.cohort.adequacy import CUT_POINT, PROBABILITY, WHOLE_INTAKE, WITHHELD, rule_of, shares_beside
from nutridiary.cohort.amount_model import AmountModel
from nutridiary.cohort.design import Replicates, replicates
from nutridiary.cohort.distribution import UsualDistribution
from nutridiary.cohort.figures import FIGURES
from nutridiary.cohort.fits import NOTHING_KNOWN, Fit, Group, fitted_group
from nutridiary.cohort.groups import groups_of
from nutridiary.cohort.people_days import people_and_days
from nutridiary.cohort.words import notes_of, reading_of
from nutridiary.comparison.upper_levels import PARTS
from nutridiary.errors import CohortError
from nutridiary.nutrients import check_nutrients, load_nutrients
from nutridiary.tables import USUAL_INTAKES, conform
from nutridiary.tables.groups import PERCENTILES

if TYPE_CHECKING:
    import pandas as pd


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
    for name, inside in groups_of(drawn.days, by):
        group = fitted_group(name, drawn, inside, [*nutrients, *parts], sample)
        rows += [_row(group, nutrient, given.get((name, nutrient), _NO_FIGURES), ear_method) for nutrient in nutrients]
    return conform(pd.DataFrame(rows), USUAL_INTAKES)


_NO_FIGURES: Mapping[str, Any] = dict.fromkeys((*FIGURES, "ul_applies_to", "ear_counts"), float("nan"))


def _by_group(figures: pd.DataFrame | None) -> dict[tuple[str, str], Mapping[str, Any]]:
    if figures is None:
        return {}
    if absent := [name for name in ("group", "nutrient") if name not in figures.columns]:
        raise CohortError(f"figures: no column {' and no column '.join(absent)}. Make them with group_figures().")
    if (again := figures.duplicated(["group", "nutrient"])).any():
        group, nutrient = figures.loc[again, ["group", "nutrient"]].iloc[0]
        raise CohortError(f"figures: {nutrient} of {group} is there twice. Keep one row a group and nutrient.")
    names = list(figures.columns)
    rows = (dict(zip(names, row, strict=True)) for row in figures.itertuples(index=False))
    return {(str(row["group"]), str(row["nutrient"])): {**_NO_FIGURES, **row} for row in rows}


def _parts(nutrients: Sequence[str]) -> dict[str, str]:
    """Return the nutrient that alone makes up the part a UL counts: retinol for vitamin A."""
    single = {name: sources[0] for name, sources in PARTS.items() if len(sources) == 1}
    return {name: single[name][0] for name in nutrients if name in single and single[name][1] is None}


def _row(group: Group, nutrient: str, figures: Mapping[str, Any], ear_method: str) -> dict[str, object]:
    known, fit = load_nutrients().loc[nutrient], group.fits[nutrient]
    row: dict[str, object] = {
        "group": group.name,
        "nutrient": nutrient,
        "label": known["label"],
        "unit": known["unit"],
        **fit.known,
        "days_left_out": group.days - fit.known["days"],
        "method": fit.method,
        "se_method": group.sample.method,
        "degrees": group.sample.degrees,
        **{name: figures[name] for name in ("ear", "ai", "ul", "cdrr")},
    }
    rule = rule_of(nutrient, figures, ear_method)
    of_ul = fit if figures["ul_applies_to"] == WHOLE_INTAKE else group.fits.get(_parts([nutrient]).get(nutrient, ""))
    if fit.usual is None or fit.model is None:
        row |= _mean_of_days(fit, group.sample)
        if rule is not None:
            row["inadequate_by"] = WITHHELD
    else:
        row |= _distribution(fit.usual, fit.model, group.sample)
        if rule is not None:
            row["inadequate_by"] = rule.method
        row |= shares_beside(figures, fit.usual, of_ul.usual if of_ul else None, group.sample, rule)
    row["reading"] = reading_of(row)
    told = of_ul is fit or (of_ul is not None and of_ul.usual is not None)
    row["note"] = notes_of(row, rule, figures, ul_is_told=told, knows_weekday=group.knows_weekday) or None
    return row


def _mean_of_days(fit: Fit, sample: Replicates) -> dict[str, object]:
    if fit.method == NOTHING_KNOWN:
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
