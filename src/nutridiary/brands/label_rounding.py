"""What a figure on a label can stand for: labels are rounded by serving, and a zero is "less than so much".

``data/label_rounding.csv`` holds the steps that 21 CFR 101.9(c) prescribes for energy, for what a food is made of and
for sodium. A vitamin or mineral that a label gives in percent of the Daily Value goes in steps of 2, 5 and 10 percent;
one given as an amount goes in steps by the size of its Daily Value; and what is below 2 percent may be written as zero.

References
----------
.. [1] 21 CFR 101.9(c)(1) to (c)(8)(iii), https://www.ecfr.gov/current/title-21/section-101.9
.. [2] US Food and Drug Administration, "Nutrition and Supplement Facts Labels: Questions and Answers Related to the
   Compliance Date, Added Sugars, and Declaration of Quantitative Amounts of Vitamins and Minerals: Guidance for
   Industry", December 2019: amounts to the nearest 0.1, 1 or 10 units where the Daily Value is below 25, below 250, or
   larger.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.daily_values import EDITIONS, daily_value
from nutridiary.data_files import data_file
from nutridiary.errors import NutridiaryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    Cells = npt.NDArray[np.float64]

# How FoodData Central worked a value out of what a label says (``data/fdc/derivations.csv``).
FROM_PERCENT = "LCCD"
LESS_THAN = frozenset({"LCSL", "LCGL"})
# Stated per serving. What is stated exactly or per 100 g, and what other sources pass on, is not rounded this way.
BY_SERVING = frozenset({"LCCS", "LCSA", FROM_PERCENT})

# Percent of the Daily Value up to which a label goes in such steps, 21 CFR 101.9(c)(8)(iii).
_PERCENT_STEPS = ((10.0, 2.0), (50.0, 5.0), (float("inf"), 10.0))
_LEAST_PERCENT = 2.0
_THREE_DIGITS = 0.005
# Daily Value below which amounts are given to the nearest so much. [the nutrient's unit] See [2]_ above.
_AMOUNT_STEPS = ((25.0, 0.1), (250.0, 1.0), (float("inf"), 10.0))


class Step(NamedTuple):
    """Up to an amount per serving, labels go in such steps; up to 0, a zero is below the step. [unit]"""

    up_to: float
    step: float


@cache
def load_steps() -> dict[str, tuple[Step, ...]]:
    """Return the steps of labels by nutrient; loaded once and shared.

    Examples
    --------
    >>> load_steps()["fat_total"]
    (Step(up_to=0.0, step=0.5), Step(up_to=5.0, step=0.5), Step(up_to=inf, step=1.0))
    """
    found: dict[str, tuple[Step, ...]] = {}
    with data_file("label_rounding.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            step = Step(float(row["up_to"] or "inf"), float(row["step"]))
            found[row["nutrient"]] = (*found.get(row["nutrient"], ()), step)
    return found


def label_bounds(amounts: Sequence[float], nutrients: Sequence[str], codes: Sequence[str]) -> tuple[Cells, Cells]:
    """Return the least and the most that figures of labels can stand for.

    Parameters
    ----------
    amounts : sequence of float
        What a serving holds by its label. [the nutrient's unit] NaN where the size of a serving is not known.
    nutrients : sequence of str
        Of which nutrient each is.
    codes : sequence of str
        FoodData Central's derivation code of each, empty where there is none.

    Returns
    -------
    tuple of numpy.ndarray of float
        Per serving. [the nutrient's unit] The amount itself where no rounding is prescribed, or the label is not of a
        serving; NaN where the amount is.

    Examples
    --------
    >>> low, high = label_bounds([0.0, 8.0, 200.0], ["fat_total", "protein", "calcium"], ["LCCS", "LCCS", "LCCD"])
    >>> low.tolist(), high.tolist()
    ([0.0, 7.5, 175.0], [0.5, 8.5, 225.0])
    """
    import numpy as np

    bounds = [_bounds(*value) for value in zip(amounts, nutrients, codes, strict=True)]
    cells = np.array(bounds, dtype="float64").reshape(len(bounds), 2)
    return cells[:, 0], cells[:, 1]


def _bounds(amount: float, nutrient: str, code: str) -> tuple[float, float]:
    if code in LESS_THAN:
        return 0.0, amount
    if code not in BY_SERVING or amount != amount:
        return amount, amount
    below, finer, coarser = _steps_of(nutrient, amount, by_percent=code == FROM_PERCENT)
    if amount == 0:
        return 0.0, below
    return max(amount - finer / 2, 0.0), amount + coarser / 2


def _steps_of(nutrient: str, amount: float, *, by_percent: bool) -> tuple[float, float, float]:
    """Return what a zero stays below, and the steps below and above this amount; zeros where nothing is prescribed.

    The two differ where the steps meet: 50 kcal may be 52.4 kcal in steps of ten, and 47.5 in steps of five.
    """
    steps = load_steps().get(nutrient)
    if steps and not by_percent:
        return steps[0].step, *_around(amount, [(step.up_to, step.step) for step in steps[1:]])
    values = daily_values_of(nutrient)
    if not values:
        return 0.0, 0.0, 0.0
    below = _LEAST_PERCENT / 100 * max(values.values())
    if by_percent:
        value = values[edition_behind(nutrient, amount) or max(values, key=values.__getitem__)]
        finer, coarser = _around(100 * amount / value, _PERCENT_STEPS)
        return below, finer / 100 * value, coarser / 100 * value
    step = next(step for most, step in _AMOUNT_STEPS if max(values.values()) < most)
    return below, step, step


def _around(amount: float, steps: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the steps that end and begin at an amount, which FoodData Central keeps to three digits."""
    finer = next(step for up_to, step in steps if amount <= up_to * (1 + _THREE_DIGITS))
    return finer, next(step for up_to, step in steps if amount < up_to * (1 - _THREE_DIGITS))


@cache
def daily_values_of(nutrient: str) -> dict[str, float]:
    """Return the Daily Value of a nutrient in each edition that has one in its unit.

    Examples
    --------
    >>> daily_values_of("vitamin_b12"), daily_values_of("water")
    ({'2016': 2.4, 'before 2016': 6.0}, {})
    """
    found = {}
    for edition in EDITIONS:
        try:
            value = daily_value(nutrient, edition).amount
        except NutridiaryError:
            continue
        if value is not None:
            found[edition] = value
    return found


def edition_behind(nutrient: str, amount: float) -> str | None:
    """Return the edition of the Daily Values that an amount was worked out with from a label's percentage.

    Labels state percentages on a grid: 2, 4 ... 10, 15 ... 50, 60 ... percent. An amount that is on the grid of one
    edition alone was worked out with it.

    Parameters
    ----------
    nutrient : str
    amount : float
        Per serving. [the nutrient's unit]

    Returns
    -------
    str or None
        None where the amount tells neither, or both.

    Examples
    --------
    >>> edition_behind("calcium", 200), edition_behind("calcium", 260), edition_behind("iron", 1.8)
    ('before 2016', '2016', None)
    """
    values = daily_values_of(nutrient)
    fitting = [edition for edition, value in values.items() if _is_on_grid(100 * amount / value)]
    return fitting[0] if len(fitting) == 1 and len(set(values.values())) > 1 else None


def _is_on_grid(percent: float) -> bool:
    step = next(step for most, step in _PERCENT_STEPS if percent <= most * (1 + _THREE_DIGITS))
    # Three digits per 100 g, and a serving known to a gram: half a percent of the amount, as far as this goes.
    return abs(percent - step * round(percent / step)) <= max(_THREE_DIGITS * percent, 0.02)
