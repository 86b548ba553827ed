"""What suggestions say, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nutridiary.comparison.readings import percent
from nutridiary.nutrients import format_amount, nutrient_label
from nutridiary.suggestions.aims import SODIUM, Aim, Limit
from nutridiary.suggestions.candidates import FORTIFIED_GROUPS, load_suggested_foods

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person
    from nutridiary.suggestions.candidates import SuggestedFood

WEEK = 7
NUTS = "nuts and seeds"
_NONE = "none stated"
_NOTABLE = 2.0  # of the reference [%]: from there on a rise needs its caution
_MOST_NUTRIENTS = 3
_LEAST_GAIN = 0.01  # of the reference: less is not worth a word

POTASSIUM = (
    "Foods rich in potassium are not for everybody: with kidney disease, or medicines that keep potassium back (ACE "
    "inhibitors, angiotensin receptor blockers, potassium-sparing diuretics), ask a clinician first."
)
VITAMIN_K = (
    "With warfarin or another vitamin K antagonist, keep vitamin K even from week to week, and speak with whoever "
    "prescribes it before eating more greens."
)
PREGNANCY = "In pregnancy and while nursing, speak about changes of diet with whoever is in charge of your care."
GENERAL = (
    "Suggestions are arithmetic on the recorded days, not advice for a disease: a mean below a reference is not a "
    "deficiency. Whoever has a diet from a clinician keeps to that."
)
LABELS = (
    "Labels decide: makers change recipes, and traces of an allergen, or the rennet of a cheese, are in no food table."
)
FORTIFIED = (
    "Milk is reckoned as sold in the US, with vitamin D added, and plant milk with calcium and vitamins added: where a "
    "label does not say so, they hold less."
)
OXALATE = (
    "Spinach, chard, beet greens and nuts hold much oxalate: whoever has had kidney stones asks a clinician first. The "
    "calcium of these greens closes no gap, for little of it is taken up."
)
NONE_STATED = "No allergy was stated, so that no food was left out for one. Leave out what you cannot eat."
VITAMIN_D = (
    "Few foods hold vitamin D, and its reference assumes little sun: food alone rarely comes up to it. Whether "
    "anything is to be done is a question for a clinician."
)
IN_PLACE = "In place of something salty they lower sodium instead."

_OF_NUTRIENTS = {"potassium": POTASSIUM, "vitamin_k": VITAMIN_K}


def food_reading(
    food: SuggestedFood,
    portions: int,
    days: int,
    gains: Mapping[str, float],
    aims: Sequence[Aim],
    names: Mapping[str, str],
) -> str:
    """Return what one food by itself does.

    Parameters
    ----------
    food : SuggestedFood
    portions, days : int
        How many portions over how many days.
    gains : mapping of str to float
        What they add to the mean of each aimed nutrient. [unit/d]
    aims : sequence of Aim
    names : mapping of str to str
        What the authority calls the figure of each role.

    Returns
    -------
    str
        "+1 oz unsalted almonds on 3 days a week. By itself: magnesium 78 to 86 % of the RDA."
    """
    by_share = sorted(aims, key=lambda aim: -min(gains[aim.nutrient] / aim.goal, aim.short) * aim.weight)
    raised = [aim for aim in by_share if gains[aim.nutrient] / aim.goal >= _LEAST_GAIN][:_MOST_NUTRIENTS]
    effects = [
        f"{in_sentence(nutrient_label(aim.nutrient))} "
        f"{from_to(aim.mean, aim.mean + gains[aim.nutrient], aim.goal)} of the {names.get(aim.kind, aim.kind)}"
        for aim in raised
    ]
    by_itself = f" By itself: {', '.join(effects)}." if effects else ""
    return f"+{food.phrase} {how_often(portions, days)}.{by_itself}"


def how_often(portions: int, days: int) -> str:
    """Return on how many days a portion is added.

    Examples
    --------
    >>> how_often(3, 7), how_often(7, 7), how_often(1, 1)
    ('on 3 days a week', 'every day', 'on that day')
    """
    if days == 1:
        return "on that day"
    return "every day" if portions == days else f"on {portions} day{'s' if portions > 1 else ''} a week"


def from_to(before: float, after: float, goal: float) -> str:
    """Return two shares of a figure that never round onto 100 % from beside it.

    Examples
    --------
    >>> from_to(250, 300, 320)
    '78 to 94 %'
    """
    return f"{percent(before, goal).removesuffix(' %')} to {percent(after, goal)}"


def in_sentence(label: str) -> str:
    """Return a nutrient's label as it stands within a sentence.

    Examples
    --------
    >>> in_sentence("Vitamin D (D2 + D3)"), in_sentence("Folate, dietary folate equivalents")
    ('vitamin D', 'folate')
    """
    plain = label.partition(" (")[0].partition(",")[0]
    return plain[:1].lower() + plain[1:]


def aim_note(aim: Aim, after: float, name: str, passed: Sequence[Limit] = ()) -> str:
    """Return what a reader should know of an aimed nutrient: what stays open, and why.

    `passed` are the limits that the record is above already, which leave little room.
    """
    if after >= aim.goal * (1 - 1e-9):
        return f"Comes up to the {name}."
    open_part = format_amount(aim.goal - after, aim.nutrient)
    above = ", ".join(
        f"{in_sentence(nutrient_label(limit.nutrient))} is at or above its {limit_name(limit)} already"
        for limit in passed
    )
    limits = f"the limits ({above})" if above else "the limits"
    note = f"Still {open_part} a day below the {name}: these few foods do not close it within {limits}."
    return f"{note} {VITAMIN_D}" if aim.nutrient == "vitamin_d" else note


def limit_name(limit: Limit) -> str:
    """Return what a limit is called: UL, CDRR, or what bounds energy.

    Examples
    --------
    >>> limit_name(Limit("energy", "energy", "energy", 2000, 2200, by="10 % above the record"))
    '10 % above the record'
    """
    return limit.by or limit.kind


def limit_note(limit: Limit) -> str:
    """Return what a reader should know of a limit; empty where the figure says it all."""
    if limit.kind == "energy":
        return f"Additions stay within this: {limit.by}."
    if limit.is_passed:
        most = f"{100 * limit.share_above:.0f} %"
        low = f", in foods low in sodium alone. {IN_PLACE}" if limit.part == SODIUM else "."
        name = limit_name(limit)
        return f"At or above the {name} already on the recorded days: additions hold no more than {most} of it{low}"
    return ""


def cautions_of(
    suggestions: pd.DataFrame,
    effects: pd.DataFrame,
    settings: Mapping[str, str],
    people: Mapping[str, Person] | None = None,
) -> list[str]:
    """Return what must be read beside suggestions, for any report that shows them.

    Parameters
    ----------
    suggestions, effects : pandas.DataFrame
        `tables.SUGGESTIONS`, `SUGGESTION_EFFECTS`.
    settings : mapping of str to str
        Of the analysis: `allergies` tells which were stated.
    people : mapping of str to Person, optional
        Who they are for.

    Returns
    -------
    list of str
    """
    lines = [GENERAL]
    stated = {name for name in ("allergies", "diets") if settings.get(name, _NONE) != _NONE}
    lines += [NONE_STATED] if "allergies" not in stated else []
    lines += [LABELS] if stated else []
    if suggestions["fdc_id"].isna().all():
        return lines
    if any(person.pregnant or person.lactating for person in (people or {}).values()):
        lines.append(PREGNANCY)
    if suggestions["food_group"].isin(FORTIFIED_GROUPS).any():
        lines.append(FORTIFIED)
    binding = [food.food_description for food in load_suggested_foods() if food.binds_calcium]
    if suggestions["food_description"].isin(binding).any() or suggestions["food_group"].eq(NUTS).any():
        lines.append(OXALATE)
    risen = effects["percent_with_suggestions"] - effects["percent"]
    lines += [text for name, text in _OF_NUTRIENTS.items() if (risen[effects["nutrient"] == name] >= _NOTABLE).any()]
    return lines
