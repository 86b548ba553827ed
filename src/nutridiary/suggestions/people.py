"""Foods that would close gaps, for each person of a diary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.comparison import compare
from nutridiary.comparison.groups import person_key, person_of
from nutridiary.errors import listing
from nutridiary.nutrients import format_amount, nutrient_label
from nutridiary.references import kind_names
from nutridiary.suggestions.aims import OPEN, SODIUM, Limit, Rows, aims_of, can_be_aimed_at, energy_limit, limits_of
from nutridiary.suggestions.candidates import SuggestedFood, allowed_foods
from nutridiary.suggestions.case import Case, case_of, programme_of
from nutridiary.suggestions.effects import effect_rows
from nutridiary.suggestions.programme import Solution, solve
from nutridiary.suggestions.words import food_reading, in_sentence, limit_name
from nutridiary.tables import SUGGESTION_EFFECTS, SUGGESTIONS, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData
    from nutridiary.references import Person
    from nutridiary.suggestions.wishes import Wishes

YOUNGEST = 5.0
"""Years. Below, nothing is suggested: portions are those of older people, and nuts, seeds and raw pieces can choke
(NHS, "Foods to avoid giving babies and young children": no whole nuts under 5 years; CDC, "Choking Hazards",
https://www.cdc.gov/infant-toddler-nutrition/foods-and-drinks/choking-hazards.html)."""

LEAST_ENERGY = 800.0
"""kcal a day. At and below it nothing is suggested: a diet of so little is for clinical support alone
(NICE CG189, 2014, on very-low-calorie diets); a record of so little most likely lacks what was eaten."""

TableRow = dict[str, Any]


def suggest(
    days: pd.DataFrame,
    intakes: pd.DataFrame,
    weighed: pd.DataFrame,
    people: Mapping[str, Person],
    foods: FoodData,
    wishes: Wishes,
    *,
    plausibility: pd.DataFrame,
    nutrients: Sequence[str],
    reference: str = "nasem",
    edition: str | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a few foods that would close each person's gaps, and what the means would be with them.

    Parameters
    ----------
    days : pandas.DataFrame
        `tables.DAILY_INTAKES` of the days that count, of `nutrients` and of `limit_nutrients`.
    intakes, weighed : pandas.DataFrame
        `tables.INTAKES` of the same, `tables.WEIGHED`.
    people : mapping of str to Person
        By ``person_id``; the key "" stands for the person of a diary that names nobody.
    foods : FoodData
    wishes : Wishes
        What is not to be suggested to anybody.
    plausibility : pandas.DataFrame
        `tables.PLAUSIBILITY`, for the energy requirement where it is known.
    nutrients : sequence of str
        Those of the report: only their gaps are aimed at.
    reference, edition
        As in `comparison.compare`.

    Returns
    -------
    suggestions : pandas.DataFrame
        `tables.SUGGESTIONS`. Who gets none has one row without a food, whose reading says why.
    effects : pandas.DataFrame
        `tables.SUGGESTION_EFFECTS` of those who get any: what is aimed at, every other nutrient of the report with a
        figure to come up to, and each limit that comes near.

    Raises
    ------
    NutridiaryError
        If scipy is not installed.
    """
    import pandas as pd

    comparison = compare(days, people, intakes, reference=reference, edition=edition)
    allowed = allowed_foods(wishes, foods)
    counted = days[["person_id", "date"]].drop_duplicates()
    kept = weighed.merge(counted, on=["person_id", "date"], validate="many_to_one")
    suggestions: list[TableRow] = []
    effects: list[TableRow] = []
    for person_id, own in comparison.groupby("person_id", dropna=False, sort=False):
        rows: Rows = {str(row["nutrient"]): {str(key): row[key] for key in row} for row in own.to_dict("records")}
        last_day = days.loc[_is(days["person_id"], person_id), "date"].max()
        person = person_of(person_id, people)
        reason = _why_none(person, last_day, rows)
        case = None
        if person is not None and not reason:
            need = plausibility.loc[_is(plausibility["person_id"], person_id), "eer"]
            eaten = kept[_is(kept["person_id"], person_id) & kept["fdc_id"].notna()]
            energy = energy_limit(
                float(rows["energy"]["mean_intake"]), float(need.iloc[0]) if len(need) else float("nan")
            )
            limits = [energy, *limits_of(rows, kind_names(reference, SODIUM).get("AI", "AI"))]
            case, reason = _case(rows, limits, eaten, person.age_on(last_day), allowed, foods, nutrients)
        chosen = []
        if case is not None:
            solution = solve(programme_of(case))
            chosen = _ranked(case, solution)
            reason = reason if chosen else _why_nothing(case, solution)
        if case is None or not chosen:
            suggestions.append({"person_id": person_id, "already_eaten": False, "reading": reason})
            continue
        names = kind_names(reference)
        found = [_food_row(rank, case, *pair, names) for rank, pair in enumerate(chosen, 1)]
        suggestions += [{"person_id": person_id, **row} for row in found]
        effects += [{"person_id": person_id, **row} for row in effect_rows(case, chosen, rows, nutrients, names)]
    return (
        conform(pd.DataFrame(suggestions, columns=SUGGESTIONS.names), SUGGESTIONS),
        conform(pd.DataFrame(effects, columns=SUGGESTION_EFFECTS.names), SUGGESTION_EFFECTS),
    )


def _is(column: pd.Series, person_id: object) -> pd.Series:
    return column == person_id if person_key(person_id) else column.isna()


def _why_none(person: Person | None, last_day: Any, rows: Rows) -> str:
    """Return why nothing can be suggested to a person, whatever the gaps; empty where it can."""
    if person is None:
        return "No suggestion: sex and age are not known, so that there is nothing to come up to. Describe the person."
    if person.age_on(last_day) < YOUNGEST:
        return (
            f"No suggestion: below {YOUNGEST:.0f} years portions are smaller than those of the food tables, and nuts, "
            "seeds and raw pieces can choke. Speak with whoever looks after the child's health."
        )
    if "energy" not in rows or rows["energy"]["mean_intake"] != rows["energy"]["mean_intake"]:
        return "No suggestion: recorded energy is not known, so that nothing tells how much can be added."
    if rows["energy"]["mean_intake"] <= LEAST_ENERGY:
        return (
            f"No suggestion: {format_amount(rows['energy']['mean_intake'], 'energy')} a day on record is too little to "
            "add a few foods to. If something was not written down, complete the record first; if it was all, speak "
            "with a clinician."
        )
    if any(row["verdict"] == "beside_dv" for row in rows.values()):
        return "No suggestion: Daily Values are figures for labels, and say nothing of need. Choose another reference."
    return ""


def _case(
    rows: Rows,
    limits: list[Limit],
    eaten: pd.DataFrame,
    age_years: float,
    allowed: Sequence[SuggestedFood],
    foods: FoodData,
    nutrients: Sequence[str],
) -> tuple[Case | None, str]:
    """Return one person's case; or none, and why. The first of `limits` is that of energy."""
    aims = aims_of(rows, nutrients)
    if not aims:
        return None, _no_gap(rows, nutrients)
    if limits[0].room <= 0:
        return None, (
            "No suggestion: recorded energy is at or above the energy requirement already, so that nothing is added. "
            "What would help is another food in place of one that is eaten."
        )
    days = int(rows["energy"]["days"])
    case = case_of(aims, limits, eaten, days, allowed, foods, nutrients, age_years)
    if not case.foods or not case.aims:
        return None, "No suggestion: no food is left that may be suggested and whose values for the gaps are known."
    return case, ""


def _no_gap(rows: Rows, nutrients: Sequence[str]) -> str:
    """Return that there is no gap, and which nutrients are open."""
    open_ones = [name for name in nutrients if name in rows and can_be_aimed_at(name) and rows[name]["verdict"] in OPEN]
    text = "No suggestion: no gap is certain among the nutrients of this report."
    if not open_ones:
        return text
    labels = listing((in_sentence(nutrient_label(name)) for name in open_ones), 6)
    return f"{text} Values or lines that are missing leave these open: {labels}. Clarify those first."


def _why_nothing(case: Case, solution: Solution) -> str:
    if not solution.finished:
        return "No suggestion: none was found before the search stopped."
    above = [f"{limit_name(limit)} of {in_sentence(nutrient_label(limit.nutrient))}" for limit in case.passed]
    already = f" (at or above the {', '.join(above)} already)" if above else ""
    return f"No suggestion: no food that may be suggested closes enough of a gap within the limits{already}."


def _ranked(case: Case, solution: Solution) -> list[tuple[SuggestedFood, int]]:
    """Return the foods that were chosen with their portions, what closes most first."""
    chosen = [(food, int(n)) for food, n in zip(case.foods, solution.portions, strict=True) if n]

    def closes(food: SuggestedFood, portions: int) -> float:
        added = [case.gained(aim.nutrient, [(food, portions)]) / aim.goal for aim in case.aims]
        return sum(aim.weight * min(share, aim.short) for aim, share in zip(case.aims, added, strict=True))

    return sorted(chosen, key=lambda pair: (-closes(*pair), pair[0].fdc_id))


def _food_row(rank: int, case: Case, food: SuggestedFood, portions: int, names: Mapping[str, str]) -> TableRow:
    gains = {aim.nutrient: case.gained(aim.nutrient, [(food, portions)]) for aim in case.aims}
    return {
        "rank": rank,
        "fdc_id": food.fdc_id,
        "food_description": food.food_description,
        "food_group": case.holds(food, "food_group"),
        "portion": food.portion_in_words,
        "portion_grams": case.holds(food, "portion_grams"),
        "portions": portions,
        "per_days": case.days,
        "already_eaten": food.fdc_id in case.eaten,
        "reading": food_reading(food, portions, case.days, gains, case.aims, names),
        "value_from": case.holds(food, "value_from"),
    }
