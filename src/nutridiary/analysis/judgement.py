"""What the recorded days can carry: every table that follows from a day's totals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from nutridiary.analysis.record import empty
from nutridiary.cautions import cautions
from nutridiary.cohort import group_usual_intakes
from nutridiary.comparison import compare, compare_days, edition_changes, upper_level_nutrients
from nutridiary.comparison.clarify import STAKES, foods_to_clarify
from nutridiary.intake import food_contributions, laboratory_units, nutrient_ratios
from nutridiary.intake.sources import group_contributions
from nutridiary.plausibility import check_days, incomplete_days, plausibility, without_days
from nutridiary.suggestions import limit_nutrients, suggest
from nutridiary.symptoms import symptom_comparison, symptom_days
from nutridiary.symptoms.factors import load_factors
from nutridiary.tables import INTAKES, SUGGESTION_EFFECTS, SUGGESTIONS, USUAL_INTAKES, conform
from nutridiary.usual_intake import confidence

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis.options import Options
    from nutridiary.foods import FoodData
    from nutridiary.references import Person

LEAST_PEOPLE = 10
"""People of one life-stage group from which on the group is spoken of. Ours: fewer are read one by one."""


def needed_nutrients(options: Options, symptoms: pd.DataFrame) -> list[str]:
    """Return the nutrients to work out: those asked for, and those that judging them needs."""
    needed = [*options.names, *upper_level_nutrients(options.names), *STAKES, "energy"]
    if options.suggest:
        needed += limit_nutrients()
    if not symptoms.empty:
        needed += [factor.name for factor in load_factors() if factor.comes_from == "nutrient"]
    return list(dict.fromkeys(needed))


def judge(
    every_day: pd.DataFrame,
    intakes: pd.DataFrame,
    weighed: pd.DataFrame,
    doses: pd.DataFrame,
    left_out_bounds: pd.DataFrame,
    symptoms: pd.DataFrame,
    people: Mapping[str, Person],
    options: Options,
    foods: FoodData,
) -> dict[str, pd.DataFrame]:
    """Return what the days of a diary allow to be said.

    Parameters
    ----------
    every_day : pandas.DataFrame
        `tables.DAILY_INTAKES` of the nutrients asked for, and of those their judgement needs.
    intakes, weighed, doses, left_out_bounds : pandas.DataFrame
        `tables.INTAKES`, `WEIGHED`, `SUPPLEMENT_DOSES`, `LEFT_OUT_BOUNDS`.
    symptoms : pandas.DataFrame
        `tables.SYMPTOMS`.
    people : mapping of str to Person
    options : Options
    foods : FoodData

    Returns
    -------
    dict of str to pandas.DataFrame
        Tables by the name they have in `Analysis`.
    """
    asked = partial(_compared, people=people, options=options)
    days = every_day[every_day["nutrient"].isin(options.names)].reset_index(drop=True)
    energy = every_day[every_day["nutrient"] == "energy"].reset_index(drop=True)
    checks = check_days(energy, weighed, people, leave_out=options.leave_out_incomplete)
    left_out = incomplete_days(checks)[: None if options.leave_out_incomplete else 0]
    kept, kept_intakes = without_days(days, left_out), without_days(intakes, left_out)
    comparison = asked(compare, kept, kept_intakes)
    stated, working = confidence(kept, people, comparison)
    contributions = _contributions(kept_intakes[kept_intakes["nutrient"].isin(options.names)], weighed, options.values)
    felt = symptom_days(symptoms, every_day)
    plausible = plausibility(without_days(energy, left_out), people)
    suggestions, effects = empty(SUGGESTIONS), empty(SUGGESTION_EFFECTS)
    if options.suggest:
        suggestions, effects = suggest(
            without_days(every_day, left_out),
            kept_intakes,
            weighed,
            people,
            foods,
            options.wishes,
            plausibility=plausible,
            nutrients=options.names,
            reference=options.reference,
            edition=options.edition,
        )
    return {
        "days": days,
        "day_comparison": compare_days(days, people, edition=options.edition, reference=options.reference),
        "comparison": comparison,
        "all_days_comparison": asked(compare, days, intakes) if len(left_out) else comparison[:0],
        "contributions": contributions,
        "group_contributions": group_contributions(contributions, foods),
        "edition_changes": asked(edition_changes, kept, kept_intakes),
        "foods_to_clarify": foods_to_clarify(kept_intakes, weighed, comparison, foods, left_out_bounds),
        "confidence": stated,
        "working": working,
        "plausibility": plausible,
        "day_checks": checks,
        "ratios": nutrient_ratios(comparison),
        "moles": laboratory_units(comparison),
        "groups": _groups(kept, people, options),
        "symptom_days": felt,
        "symptom_comparison": symptom_comparison(felt, every_day, weighed),
        "suggestions": suggestions,
        "suggestion_effects": effects,
        "cautions": cautions(
            weighed,
            doses,
            kept,
            comparison,
            people,
            day_checks=checks,
            plausibility=plausible,
            symptom_days=felt,
            reference=options.reference,
            edition=options.edition,
        ),
    }


def _contributions(intakes: pd.DataFrame, weighed: pd.DataFrame, values: str) -> pd.DataFrame:
    """Return what each food gave. Where only recorded values count, a food is what the diary calls it."""
    if values == "recorded":
        intakes, weighed = intakes.assign(fdc_id=None), weighed.assign(food_description=None)
    return food_contributions(conform(intakes, INTAKES), weighed)


def _compared(
    compare_with: Callable[..., pd.DataFrame],
    days: pd.DataFrame,
    intakes: pd.DataFrame,
    *,
    people: Mapping[str, Person],
    options: Options,
) -> pd.DataFrame:
    """Return `days` beside the reference values that were asked for."""
    return compare_with(days, people, intakes, edition=options.edition, reference=options.reference)


def _groups(days: pd.DataFrame, people: Mapping[str, Person], options: Options) -> pd.DataFrame:
    """Return the usual intakes of the life-stage groups that are large enough to be spoken of."""
    if len(people) < LEAST_PEOPLE:
        return empty(USUAL_INTAKES)
    found = group_usual_intakes(days, people, reference=options.reference, edition=options.edition)
    return found[found.groupby("group")["people"].transform("max") >= LEAST_PEOPLE].reset_index(drop=True)
