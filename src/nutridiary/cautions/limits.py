"""Cautions about amounts: upper levels, and figures of other authorities for sodium, alcohol and caffeine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nutridiary.cautions.own import Found, Own, UpperLevel, days_in_words, quoted
from nutridiary.comparison.upper_levels import PARTS
from nutridiary.nutrients import format_amount, nutrient_label

if TYPE_CHECKING:
    import pandas as pd

ADULT = 18.0  # years, from which on the figures of EFSA for caffeine and vitamin B6 are those of adults
B6_OF_EFSA = 12.0  # mg/d, EFSA Journal 2023;21(5):8006
CAFFEINE, CAFFEINE_PREGNANT = 400.0, 200.0  # mg/d, EFSA Journal 2015;13(5):4102
DRINK = 14.0  # g of alcohol, NIAAA
DRINKS = {"male": 2, "female": 1}  # a day, Dietary Guidelines for Americans 2020-2025
SOME_ALCOHOL = 1.0  # g on a day. Ours: less is in bread, juice and extracts
ALCOHOL_DRUNK = 5.0  # g on a day. Ours: less may be left of wine or beer that a dish was cooked with


def limits(own: Own) -> Iterator[Found]:
    """Find every caution about an amount."""
    yield from _upper_levels(own)
    yield from _vitamin_b6(own)
    yield from _low_and_high(own)
    yield from _alcohol(own)
    yield from _caffeine(own)


def _upper_levels(own: Own) -> Iterator[Found]:
    levels = {
        nutrient: UpperLevel(float(row.ul), str(row.edition))
        for nutrient, row in own.means.items()
        if row.ul == row.ul  # NaN differs from itself
    }
    for nutrient, level in {**own.upper_levels, **levels}.items():
        row = own.means.get(nutrient)
        if row is not None and row.verdict == "above_ul":
            # Where the part of intake cannot be shown by itself, the verdict still rests on what is known of it.
            value = row.ul_intake if row.ul_intake == row.ul_intake else row.low
            given = _amount(nutrient, value) + (" from supplements" if _counts_supplements_only(nutrient) else "")
            yield Found(
                "upper_level", f"A mean of {given} a day over {_days(own)}; {_said(nutrient, level)}.", nutrient
            )
        elif because := _by_doses(own, nutrient, level):
            yield Found("upper_level", because, nutrient)


def part_of(nutrient: str) -> str:
    """Return the nutrient of supplements that a UL is held against.

    Examples
    --------
    >>> part_of("folate_dfe"), part_of("zinc")
    ('folic_acid', 'zinc')
    """
    return next((name for name, kind in PARTS.get(nutrient, ()) if kind != "food"), nutrient)


def _by_doses(own: Own, nutrient: str, level: UpperLevel) -> str | None:
    """Return what supplements alone do to a UL: exceed it, perhaps exceed it, or exceed it on some days."""
    doses = own.doses(part_of(nutrient))
    if doses.empty or not own.counted_days:
        return None
    low = doses["amount_low"].sum(min_count=1) / own.counted_days
    high = doses["amount_high"].sum(skipna=False) / own.counted_days
    said, over = _said(nutrient, level), f"over {_days(own)} from {quoted(doses)}"
    if low > level.amount:
        return f"Supplements alone gave a mean of {_amount(nutrient, low)} a day {over}; {said}."
    if high > level.amount:
        least, most = _amount(nutrient, low), _amount(nutrient, high)
        return f"Supplements gave {least} to {most} a day {over}, as the label leaves open; {said}."
    return _single_days(doses, nutrient, level) if _counts_supplements_only(nutrient) else None


def _single_days(doses: pd.DataFrame, nutrient: str, level: UpperLevel) -> str | None:
    """Say on how many days supplements gave more than a UL that counts only them."""
    by_day = doses.groupby("date")["amount_low"].sum(min_count=1)
    above = by_day[by_day > level.amount]
    if above.empty:
        return None
    most, when = _amount(nutrient, above.max()), "one day" if len(above) == 1 else f"{len(above)} days"
    return f"On {when} supplements gave more ({most} at most), {quoted(doses)}; {_said(nutrient, level)}."


def _vitamin_b6(own: Own) -> Iterator[Found]:
    row = own.means.get("vitamin_b6")
    above = row is not None and row.verdict == "above_ul"
    doses = own.doses("vitamin_b6")
    if above or doses.empty or not own.counted_days or own.age is None or own.age < ADULT:
        return
    mean = doses["amount_low"].sum(min_count=1) / own.counted_days
    lower_limit_asked = row is not None and row.ul <= B6_OF_EFSA
    if mean > B6_OF_EFSA and not lower_limit_asked:
        given = format_amount(mean, "vitamin_b6")
        because = f"Supplements gave a mean of {given} a day over {_days(own)}: {quoted(doses)}."
        yield Found("vitamin_b6_efsa", because, "vitamin_b6")


def _low_and_high(own: Own) -> Iterator[Found]:
    sodium = own.means.get("sodium")
    if sodium is not None and sodium.verdict == "above_cdrr":
        mean, limit = format_amount(sodium.mean_intake, "sodium"), format_amount(sodium.cdrr, "sodium")
        because = f"A mean of {mean} a day over {_days(own)}; the CDRR is {limit} ({sodium.edition})."
        yield Found("sodium_cdrr", because, "sodium")
    b12 = own.means.get("vitamin_b12")
    if b12 is None or b12.verdict != "below_ear":
        return
    mean, need = format_amount(b12.mean_intake, "vitamin_b12"), format_amount(b12.ear, "vitamin_b12")
    low = f"A mean of {mean} of vitamin B12 a day over {_days(own)}, beside an EAR of {need} ({b12.edition})"
    yield Found("vitamin_b12_low", f"{low}.", "vitamin_b12")
    folic_acid = own.doses("folic_acid")
    if len(folic_acid):
        yield Found("folic_acid_hides_b12", f"{low}, and folic acid from {quoted(folic_acid)}.", "vitamin_b12")


def _alcohol(own: Own) -> Iterator[Found]:
    drunk = own.days[(own.days["nutrient"] == "alcohol") & (own.days["amount"] >= SOME_ALCOHOL)]
    if own.person is None or drunk.empty:
        return
    most, when = format_amount(drunk["amount"].max(), "alcohol"), len(drunk)
    if own.is_pregnant:
        because = f"Alcohol on {days_in_words(when)}, {most} on the day with most."
        yield Found("alcohol_pregnancy", because)
    elif own.age is not None and own.age < ADULT:
        drinks = drunk[drunk["amount"] >= ALCOHOL_DRUNK]
        if len(drinks):
            because = f"Alcohol on {days_in_words(len(drinks))}, {most} on the day with most."
            yield Found("alcohol_young", because, "alcohol")
    elif own.mean("alcohol") > DRINK * DRINKS[own.person.sex]:
        mean = own.mean("alcohol")
        as_drinks = f"{mean / DRINK:.1f} US drinks of {DRINK:g} g"
        because = f"A mean of {format_amount(mean, 'alcohol')} a day over {_days(own)}, as much as {as_drinks}."
        yield Found("alcohol", because, "alcohol")


def _caffeine(own: Own) -> Iterator[Found]:
    mean, given = own.mean("caffeine"), f"a day over {_days(own)}"
    if own.is_pregnant or own.is_lactating:
        if mean > CAFFEINE_PREGNANT:
            yield Found("caffeine_pregnancy", f"A mean of {format_amount(mean, 'caffeine')} {given}.", "caffeine")
    elif own.age is not None and own.age >= ADULT and mean > CAFFEINE:
        yield Found("caffeine", f"A mean of {format_amount(mean, 'caffeine')} {given}.", "caffeine")


def _days(own: Own) -> str:
    return days_in_words(own.counted_days)


def _amount(nutrient: str, value: float) -> str:
    """Return an amount of the part of a nutrient its UL is held against: "1,200 µg of folic acid"."""
    part = part_of(nutrient)
    return format_amount(value, part) + ("" if part == nutrient else f" of {nutrient_label(part).lower()}")


def _counts_supplements_only(nutrient: str) -> bool:
    parts = PARTS.get(nutrient, ())
    return bool(parts) and all(kind == "supplement" for _, kind in parts)


def _said(nutrient: str, level: UpperLevel) -> str:
    return f"the UL is {format_amount(level.amount, part_of(nutrient))} ({level.edition})"
