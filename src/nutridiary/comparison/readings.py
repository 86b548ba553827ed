"""The verdicts in plain words, with their figures.

The words say what the recorded days show. They name no deficiency, raise no alarm and call no
mean of a few days a usual intake.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nutridiary.comparison.groups import UNKNOWN_PERSON
from nutridiary.nutrients import format_amount, written_unit
from nutridiary.references import figures_of

if TYPE_CHECKING:
    import pandas as pd


def readings(rows: pd.DataFrame) -> list[str]:
    """Return the reading of each row of a comparison: one to three plain sentences.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns of `tables.COMPARISON` up to `verdict`, with `position`, `ul_known` and what
        `groups.with_references` adds.
    """
    return [_POSITIONS[str(row.position)](row) + _above(row) for row in rows.itertuples()]


def missing_values(row: Any) -> str:
    """Return what is missing from a row's intake, in words, or nothing.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> missing_values(Row(foods_without_value=2, foods_left_out=1))
    '2 foods have no value and 1 line could not be counted'
    """
    parts = []
    if row.foods_without_value:
        parts.append(_count(row.foods_without_value, "food has", "foods have") + " no value")
    if row.foods_left_out:
        parts.append(_count(row.foods_left_out, "line", "lines") + " could not be counted")
    return " and ".join(parts)


def figure(value: float, row: Any) -> str:
    """Return a reference figure with its unit, as it is printed: no decimals that are not there."""
    return f"{value:,.10g} {written_unit(row.unit)}"


def percent(value: float, reference: float) -> str:
    """Return a share that never rounds onto 100 % from beside it.

    Examples
    --------
    >>> percent(210, 265), percent(264.9, 265), percent(264.9999, 265)
    ('79 %', '99.96 %', 'just under 100 %')
    """
    if not reference:
        return "of no size"
    share = 100 * value / reference
    beside = abs(share - 100) > 1e-7
    for decimals in (0, 1, 2):
        text = f"{share:,.{decimals}f}"
        if not (beside and float(text.replace(",", "")) == 100):
            return f"{text} %"
    return "just under 100 %" if share < 100 else "just over 100 %"


def _count(number: float, one: str, many: str) -> str:
    return f"{number:.0f} {one if number == 1 else many}"


def _apart(value: float, row: Any, beside: float | None) -> str:
    """Return an amount with decimals enough to differ from the figure beside it."""
    amount = format_amount(value, row.nutrient)
    for more in range(1, 4):
        if beside is None or value == beside or float(amount.split()[0].replace(",", "")) != beside:
            break
        amount = format_amount(value, row.nutrient, more_decimals=more)
    return amount


def _intake(row: Any, beside: float | None = None) -> str:
    """Say the mean and the days it rests on."""
    amount = _apart(row.mean_intake, row, beside)
    known = "at least " if row.foods_without_value or row.foods_left_out or row.in_equivalents else ""
    known += "about " if row.foods_filled_in else ""
    if row.days == 1:
        return f"{known[:1].upper()}{known[1:]}{amount} on the one day recorded"
    return f"Mean {known}{amount} a day over {row.days:.0f} days"


def _at_most(row: Any, beside: float) -> str:
    """Say what bounds an intake from above, where values or lines are missing that could add to it."""
    if not (row.foods_without_value or row.foods_left_out) or not _may_be_more(row):
        return ""
    return f", at most {_apart(row.high, row, beside)}"


def _even_if(row: Any) -> str:
    """Say of an intake below a figure that the lines left out would not lift it to that figure."""
    if not row.foods_left_out or not _may_be_more(row):
        return ""
    lines = "line" if row.foods_left_out == 1 else _count(row.foods_left_out, "line", "lines")
    return f", even if the {lines} that could not be counted held much"


def _may_be_more(row: Any) -> bool:
    """Tell whether an intake has an upper bound above it: lines left out on days that are none of the mean add none."""
    return bool(row.high > row.mean_intake * (1 + 1e-9))


def _range(row: Any) -> str:
    """Say between what bounds an intake lies."""
    high = format_amount(row.high, row.nutrient)
    if row.low != row.low:
        return f"it is at most {high}"
    return f"it lies somewhere between {format_amount(row.low, row.nutrient)} and {high}"


def _beside(row: Any, name: str) -> str:
    value = getattr(row, name)
    kind = getattr(row, f"{name}_name")
    return f"the {kind} of {figure(value, row)} ({percent(row.mean_intake, value)})"


def _meets_rda(row: Any) -> str:
    return f"{_intake(row, row.rda)}: reaches {_beside(row, 'rda')}."


def _between(row: Any) -> str:
    return (
        f"{_intake(row, row.ear)}{_at_most(row, row.rda)}: between {_beside(row, 'ear')} and {_beside(row, 'rda')}. "
        "Enough for more than half of this group; whether it is for this person cannot be told."
    )


def _at_least_ear(row: Any) -> str:
    reason = _reason(row)
    reached = f"{_intake(row, row.ear)}: reaches {_beside(row, 'ear')}"
    return f"{reached}. Whether it reaches the {row.rda_name} is open: {reason}."


def _meets_ear(row: Any) -> str:
    return (
        f"{_intake(row, row.ear)}: reaches {_beside(row, 'ear')}. "
        "Enough for more than half of this group; whether it is for this person cannot be told."
    )


def _below_ear(row: Any) -> str:
    below = f"{_intake(row, row.ear)}{_at_most(row, row.ear)}: below {_beside(row, 'ear')}{_even_if(row)}"
    return f"{below}. This does not show a deficiency."


def _below_rda(row: Any) -> str:
    below = f"{_intake(row, row.rda)}{_at_most(row, row.rda)}: below {_beside(row, 'rda')}{_even_if(row)}"
    return f"{below}, a goal that covers nearly everyone's need."


def _meets_ai(row: Any) -> str:
    if row.ai_name != "AI":  # EFSA's safe and adequate intake of sodium
        return f"{_intake(row, row.ai)}, beside {_beside(row, 'ai')}, which is no level to reach."
    # Of the mean of a few days "enough" would say too much.
    enough = "" if row.verdict == "above_cdrr" else " An intake that reaches an AI over a long time is likely enough."
    return f"{_intake(row, row.ai)}: reaches {_beside(row, 'ai')}.{enough}"


def _below_ai(row: Any) -> str:
    return (
        f"{_intake(row, row.ai)}{_at_most(row, row.ai)}, beside {_beside(row, 'ai')}. "
        f"Nothing can be concluded from an intake under {'an AI' if row.ai_name == 'AI' else 'it'}: "
        "it is not a requirement."
    )


def _beside_dv(row: Any) -> str:
    label = "a figure for labels that says nothing of need"
    if row.mean_intake != row.mean_intake:
        return f"{_shown(row)}; the {row.dv_name} is {figure(row.dv, row)}, {label}."
    return f"{_intake(row, row.dv)}, beside {_beside(row, 'dv')}, {label}."


def _not_decidable(row: Any) -> str:
    if row.days == 0:
        return "No line of the diary could be counted, so nothing is known."
    if row.mean_intake != row.mean_intake:
        return f"No amount is known: {_reason(row)}."
    name = next(name for name in ("ear", "rda", "ai") if getattr(row, name) == getattr(row, name))
    return f"{_intake(row, getattr(row, name))}, beside {_beside(row, name)}. Not decidable: {_reason(row)}."


def _reason(row: Any) -> str:
    if missing := missing_values(row):
        return missing if row.high != row.high else f"{missing}, so {_range(row)}"
    if row.in_equivalents:
        return "what the body makes from tryptophan is not on record"
    if row.foods_filled_in:
        known = f"{format_amount(row.low, row.nutrient)} is known" if row.low == row.low else "nothing is known"
        without = f"without what is taken from twin records {known}"
        # A twin's value may fall short of the food's own.
        exact = row.high != row.high or row.high <= row.mean_intake
        return without if exact else f"{without}, with it at most {format_amount(row.high, row.nutrient)}"
    return _range(row)


def _shown(row: Any) -> str:
    if row.days == 0:
        return "No line of the diary could be counted"
    if row.mean_intake != row.mean_intake:
        return f"No amount is known ({_reason(row)})"
    return _intake(row)


def _no_reference(row: Any) -> str:
    if row.life_stage_group == UNKNOWN_PERSON:
        return f"{_shown(row)}. Not compared: {UNKNOWN_PERSON}, and the reference intakes depend on both."
    look = " The note lists it." if isinstance(row.unstated, str) else ""
    return f"{_shown(row)}. Not compared: {why_no_reference(row)}{look}"


def why_no_reference(row: Any) -> str:
    """Say why an authority's figures are not held against an intake: the first reason that is true."""
    if isinstance(row.unstated, str):
        return "its figures depend on more than sex and age, on what is not stated."
    if isinstance(row.not_comparable, str):
        return row.not_comparable
    if isinstance(row.asked_edition, str):
        return f"{row.asked_edition} has no figure on record for this group."
    if not row.has_figures:
        return f"{figures_of(row.authority)} on record have none for this nutrient."
    return f"no reference intake is set for this group ({row.life_stage_group})."


def _descriptive(row: Any) -> str:
    return f"{_shown(row)}. There is no reference intake to compare it with."


def _above(row: Any) -> str:
    """Add the sentence about an upper figure that is exceeded; a verdict without one adds nothing."""
    if row.verdict == "above_cdrr":
        return (
            f" It is above the {row.cdrr_name} of {figure(row.cdrr, row)} ({percent(row.mean_intake, row.cdrr)}), "
            "the intake above which less is advised."
        )
    if row.verdict == "above_ul":
        part = PARTS_IN_WORDS.get(row.ul_applies_to)
        amount = format_amount(row.ul_intake, row.nutrient)
        subject = f"{part[:1].upper()}{part[1:]} gave {amount} a day," if part else "It is"
        return (
            f" {subject} above the {row.ul_name} of {figure(row.ul, row)} ({percent(row.ul_intake, row.ul)}). "
            f"The {row.ul_name} is for intake over a long time; this does not show harm."
        )
    return ""


PARTS_IN_WORDS = {
    "supplements_and_medicines": "supplements and medicines",
    "supplements_and_added_salts": "magnesium salts in supplements, and added to water and food",
    "supplements_and_fortification": "supplements and fortified foods",
    "folic_acid_supplements_and_fortification": "folic acid from supplements and fortified foods",
    "preformed_retinol": "preformed vitamin A (retinol)",
}
"""What a UL is held against, where that is not all intake."""

_POSITIONS: dict[str, Callable[[Any], str]] = {
    "meets_rda": _meets_rda,
    "between_ear_and_rda": _between,
    "at_least_ear": _at_least_ear,
    "meets_ear": _meets_ear,
    "beside_dv": _beside_dv,
    "below_ear": _below_ear,
    "below_rda": _below_rda,
    "meets_ai": _meets_ai,
    "below_ai": _below_ai,
    "not_decidable": _not_decidable,
    "no_reference": _no_reference,
    "descriptive": _descriptive,
}
