"""How many people of a group usually have less than they need, or more than is advised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nutridiary.cohort.probability import iron_risk, normal_risk
from nutridiary.data_files import data_file
from nutridiary.usual_intake.individual import implied_requirement_cv
from nutridiary.usual_intake.variation import requirement_variation

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from nutridiary.cohort.design import Replicates
    from nutridiary.cohort.distribution import UsualDistribution
    from nutridiary.cohort.probability import Risk

    Numbers = npt.NDArray[np.float64]

CUT_POINT, PROBABILITY, WITHHELD = "cut_point", "probability", "withheld"
WHOLE_INTAKE = "total_intake"


@dataclass(frozen=True)
class Rule:
    """How the share of inadequate intakes is found: the method, its risk where it has one, and what to say."""

    method: str
    risk: Risk | None = None
    note: str = ""


def shares_beside(
    figures: Mapping[str, Any],
    usual: UsualDistribution,
    of_ul: UsualDistribution | None,
    sample: Replicates,
    rule: Rule | None,
) -> dict[str, object]:
    """Return the shares of people beside each figure with their standard errors, as columns of the table.

    Parameters
    ----------
    figures : mapping of str to object
        `ear`, `ai`, `ul`, `cdrr` [nutrient unit/d], missing where none is set.
    usual : UsualDistribution
        Of the whole intake.
    of_ul : UsualDistribution or None
        Of the part that the UL counts; None where the days do not tell it.
    sample : Replicates
    rule : Rule or None
        Of the EAR, where the group has one.
    """
    columns: dict[str, object] = {}
    ear, ai, ul, cdrr = (figures[name] for name in ("ear", "ai", "ul", "cdrr"))
    if rule is not None and rule.method == CUT_POINT:
        columns |= _percent("inadequate", usual.share_below(ear), sample)
    elif rule is not None and rule.risk is not None:
        columns |= _percent("inadequate", usual.mean_risk(rule.risk), sample)
    for name, figure, distribution in (("above_ai", ai, usual), ("above_ul", ul, of_ul), ("above_cdrr", cdrr, usual)):
        if figure == figure and distribution is not None:  # a missing figure differs from itself
            columns |= _percent(name, 1 - distribution.share_below(figure), sample)
    return columns


def _percent(name: str, shares: Numbers, sample: Replicates) -> dict[str, object]:
    """Return a share and its error; none or all of the people leave nothing to tell an error from."""
    error = 100 * sample.standard_error(shares) if 0 < shares[0] < 1 else float("nan")
    return {name: 100 * shares[0], f"{name}_se": error}


def rule_of(nutrient: str, figures: Mapping[str, Any], ear_method: str) -> Rule | None:
    """Return how the share of inadequate intakes is found for a group, or None where it has no EAR.

    Parameters
    ----------
    nutrient : str
    figures : mapping of str to object
        `ear`, `rda`, and of the group `authority`, `life_stage`, `sex`, `age_from`, `age_to`.
    ear_method : {"cut_point", "probability"}
        What was asked for.

    Examples
    --------
    >>> woman = {"life_stage": "none", "sex": "female", "age_from": 31, "age_to": 51, "authority": "NASEM"}
    >>> rule_of("iron", woman | {"ear": 8.1, "rda": 18}, "cut_point").method
    'probability'
    >>> rule_of("magnesium", woman | {"ear": 265, "rda": 320}, "cut_point").method
    'cut_point'
    """
    ear = figures["ear"]
    if ear != ear:
        return None
    for row in _exceptions().itertuples():
        if row.nutrient == nutrient and (holds := _holds(row, figures)) is not False:
            return _exception(row, figures, known=holds is True)
    if ear_method == CUT_POINT:
        return Rule(CUT_POINT)
    return _normal_requirements(nutrient, ear, figures["rda"])


def _normal_requirements(nutrient: str, ear: float, rda: float) -> Rule:
    printed = requirement_variation().get(nutrient)
    if printed is not None:
        cv, source = printed.cv, printed.source
    elif rda > ear:
        cv, source = float(implied_requirement_cv(ear, rda)), "implied by EAR and RDA: half of what the RDA is above"
    else:
        return Rule(WITHHELD, note="How much requirements differ between people is not known.")
    return Rule(
        PROBABILITY, normal_risk(ear, cv), f"Requirements taken as normal with a CV of {100 * cv:.3g} % ({source})."
    )


def _exception(row: Any, figures: Mapping[str, Any], *, known: bool) -> Rule:
    reason = f"{row.reason[0].upper()}{row.reason[1:]} ({row.source})."
    if not known:
        return Rule(WITHHELD, note=f"Sex, age and life stage of the group are not given. {reason}")
    if row.instead == PROBABILITY and figures.get("authority") == "NASEM":
        risk = iron_risk(figures["sex"], figures["age_from"], figures["age_to"])
        if risk is not None:
            by = "By the probability of each usual intake to be below a woman's own requirement, not by the EAR:"
            return Rule(PROBABILITY, risk, f"{by} {row.reason}. For omnivorous women without oral contraceptives.")
    return Rule(WITHHELD, note=f"No share below the requirement: {row.reason} ({row.source}).")


def _holds(row: Any, figures: Mapping[str, Any]) -> bool | None:
    """Tell whether an exception holds for a group; None where not enough is known of the group."""
    if row.life_stage != row.life_stage:  # for everybody
        return True
    group = [figures.get(name) for name in ("life_stage", "sex", "age_from", "age_to")]
    if any(value is None or value != value for value in group):
        return None
    life_stage, sex, age_from, age_to = group
    right = life_stage == row.life_stage and sex in ("both", row.sex)
    return right and age_from < row.age_to and age_to > row.age_from


@cache
def _exceptions() -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(data_file("usual_intake", "not_by_cut_point.csv"))
