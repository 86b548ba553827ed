"""What becomes of several figures for one nutrient on one label: the same dose twice, a compound and its share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nutridiary.supplements.amounts import UNKNOWN, LabelDose

# Labels round: 1000 IU and 25 mcg, 595 mg and 99 mg, 325 mg and 65 mg.
_CLOSE = 0.06


def agreed(doses: Sequence[LabelDose]) -> tuple[LabelDose, ...]:
    """Return one dose for each nutrient, in the order first named.

    Parameters
    ----------
    doses : sequence of LabelDose

    Returns
    -------
    tuple of LabelDose
        Figures that say the same are one; a figure for the nutrient decides one for its compound. Two that
        contradict each other leave the amount open, between the two.
    """
    by_nutrient: dict[str, list[LabelDose]] = {}
    for dose in doses:
        by_nutrient.setdefault(dose.nutrient, []).append(dose)
    return tuple(_agreed(group) for group in by_nutrient.values())


def _agreed(group: list[LabelDose]) -> LabelDose:
    kept = group[0]
    for other in group[1:]:
        kept = _one_of(kept, other)
    return kept


# Parts of one nutrient that a label states apart.
_PARTS = {"lutein alone", "zeaxanthin alone"}


def _one_of(one: LabelDose, other: LabelDose) -> LabelDose:
    if {one.form, other.form} == _PARTS:
        return _added(one, other)
    # The nutrient before its compound, the decided before the open.
    first, second = sorted((one, other), key=lambda dose: (not dose.is_decided, dose.is_compound))
    form = first.form or second.form
    written = _written(one.as_written, other.as_written)
    if first.is_decided and _within(first, second):
        per = first if first.per_unit else second
        same = replace(first, form=form, as_written=written)
        if first.per_unit or not second.per_unit or not _close(first.amount, second.amount):
            return same
        return replace(same, per_amount=per.per_amount, per_unit=per.per_unit)
    if second.per_unit and _close(first.amount * second.per_amount, second.amount):
        return replace(second, form=form, as_written=written)  # "600 mg ... 1200 mg in two tablets"
    if first.per_unit and _close(second.amount * first.per_amount, first.amount):
        return replace(first, form=form, as_written=written)
    ends = [end for dose in (one, other) for end in (dose.amount_low, dose.amount_high) if end == end]
    return replace(
        first,
        amount=UNKNOWN,
        amount_low=min(ends, default=UNKNOWN),
        amount_high=max(ends, default=UNKNOWN),
        as_written=written,
        question="two amounts are stated that do not agree",
    )


def _added(one: LabelDose, other: LabelDose) -> LabelDose:
    return replace(
        one,
        amount=one.amount + other.amount,
        amount_low=one.amount_low + other.amount_low,
        amount_high=one.amount + other.amount,
        as_written=_written(one.as_written, other.as_written),
        form="",
        note="",
    )


def _written(one: str, other: str) -> str:
    """Return both texts, or the longer where it holds the other."""
    short, long = sorted((one, other), key=len)
    return long if short in long else f"{one} ... {other}"


def _within(first: LabelDose, second: LabelDose) -> bool:
    """Tell whether the second figure allows the first."""
    if second.amount_low != second.amount_low:
        return not second.is_decided
    return second.amount_low * (1 - _CLOSE) <= first.amount <= second.amount_high * (1 + _CLOSE)


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= _CLOSE * max(abs(one), abs(other))
