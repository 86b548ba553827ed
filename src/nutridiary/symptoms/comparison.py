"""The intakes of days with a symptom beside those of days without, for each person apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nutridiary.symptoms.arrangements import difference_of_days
from nutridiary.symptoms.factors import TESTED, Factor, factor_values, load_factors
from nutridiary.symptoms.limits import LAGS, LEAST_DAYS, LEAST_OF_EACH, LEAST_POWER, SEEN_BELOW
from nutridiary.symptoms.wording import note_of, otherwise, reading_of
from nutridiary.tables import DAILY_INTAKES, SYMPTOM_COMPARISON, SYMPTOM_DAYS, conform

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


@dataclass(frozen=True)
class _Pairs:
    """One factor at one lag: the days on which both symptom and intake are known."""

    factor: Factor
    lag: int
    known: npt.NDArray[np.bool_]
    felt: npt.NDArray[np.bool_]
    values: npt.NDArray[np.float64]

    @property
    def testable(self) -> bool:
        """Whether this is to be tested and can be: enough days of each kind, and an intake that varies."""
        with_it = int(self.felt.sum())
        enough = min(with_it, len(self.felt) - with_it) >= LEAST_OF_EACH and len(self.felt) >= LEAST_DAYS
        return self.factor.role == TESTED and enough and bool(self.values.max() > self.values.min())


def symptom_comparison(symptom_days: pd.DataFrame, days: pd.DataFrame, weighed: pd.DataFrame) -> pd.DataFrame:
    """Compare what was eaten on days with a symptom with what was eaten on days without.

    Parameters
    ----------
    symptom_days : pandas.DataFrame
        `tables.SYMPTOM_DAYS`. Days that are unknown are left out.
    days : pandas.DataFrame
        `tables.DAILY_INTAKES`.
    weighed : pandas.DataFrame
        `tables.WEIGHED`, for what is on record beside food: exercise, supplements.

    Returns
    -------
    pandas.DataFrame
        `tables.SYMPTOM_COMPARISON`: for each person, symptom, factor of ``data/symptom_factors.csv`` and lag. A
        nutrient that was not worked out has no row. p-values as in `difference_of_days`, held up to all tests of
        the symptom by Holm's method [1]_; the interval is for the one comparison.

    Notes
    -----
    A verdict is given only where `LEAST_OF_EACH` days with and without are known, and where a true difference of
    one day-to-day standard deviation would be seen, after Holm, with a chance of at least `LEAST_POWER`. Otherwise
    it is ``cannot_tell``. A difference is an association; no cause follows from it.

    References
    ----------
    .. [1] Holm S, "A simple sequentially rejective multiple test procedure", Scand J Stat 1979;6:65-70.
    """
    import pandas as pd

    symptom_days, days = conform(symptom_days, SYMPTOM_DAYS), conform(days, DAILY_INTAKES)
    rows: list[dict[str, Any]] = []
    for person_id, own in symptom_days.groupby("person_id", dropna=False, sort=False):
        values = factor_values(_of_person(days, person_id), _of_person(weighed, person_id))
        for symptom, of_symptom in own.groupby("symptom", sort=False):
            felt = of_symptom.dropna(subset="felt").set_index("date")["felt"].astype("bool")
            rows += [{"person_id": person_id, "symptom": symptom, **row} for row in _compared(felt, values)]
    return conform(pd.DataFrame(rows), SYMPTOM_COMPARISON)


def _of_person(frame: pd.DataFrame, person_id: object) -> pd.DataFrame:
    return frame[frame["person_id"].eq(person_id) if isinstance(person_id, str) else frame["person_id"].isna()]


def _compared(felt: pd.Series[bool], values: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of one symptom of one person, the tested nutrients first."""
    factors = [factor for factor in load_factors() if factor.name in values.columns]
    lagged = {lag: _of_days_before(felt, values, lag) for lag in LAGS}
    pairs = [_pairs(factor, lag, felt, lagged[lag][factor.name]) for factor in factors for lag in LAGS]
    tests = sum(pair.testable for pair in pairs)
    found = _tested(pairs, tests)
    held = iter(holm([found[place]["p_value"] for place in sorted(found)]))
    means = [_means(pair) for pair in pairs]
    rows = []
    for place, pair in enumerate(pairs):
        row = {**means[place], **found.get(place, {}), "tests": tests, "otherwise": otherwise(means, pair.lag)}
        row["p_holm"] = next(held) if place in found else None
        row["verdict"] = _verdict(row) if pair.factor.role == TESTED else None
        row["reading"], row["note"] = reading_of(row), note_of(row)
        rows.append({name: row[name] for name in row if name in SYMPTOM_COMPARISON.names})
    return rows


def _of_days_before(felt: pd.Series[bool], values: pd.DataFrame, lag: int) -> dict[str, npt.NDArray[np.float64]]:
    """Return what the day of each date, or the calendar day before, held of each factor; NaN where nobody knows."""
    import pandas as pd

    found = values.reindex(pd.DatetimeIndex(felt.index) - pd.Timedelta(days=lag)).to_numpy(dtype="float64")
    return dict(zip(values.columns, found.T, strict=True))


def _pairs(factor: Factor, lag: int, felt: pd.Series[bool], intake: npt.NDArray[np.float64]) -> _Pairs:
    """Put the intake beside each day the symptom is known of."""
    known = intake == intake
    return _Pairs(factor, lag, known, felt.to_numpy(dtype="bool")[known], intake[known])


def _means(pair: _Pairs) -> dict[str, Any]:
    """Return what a pair comes to without any test."""
    with_it, without = pair.values[pair.felt], pair.values[~pair.felt]
    mean_with = float(with_it.mean()) if len(with_it) else None
    mean_without = float(without.mean()) if len(without) else None
    factor = pair.factor
    return {
        "nutrient": factor.name,
        "label": factor.label,
        "unit": factor.unit,
        "role": factor.role,
        "lag": pair.lag,
        "days_with": len(with_it),
        "days_without": len(without),
        "mean_with": mean_with,
        "mean_without": mean_without,
        "difference": None if mean_with is None or mean_without is None else mean_with - mean_without,
        "left_out": int((~pair.known).sum()),
        "is_nutrient": factor.comes_from == "nutrient",
        "varies": bool(len(pair.values)) and bool(pair.values.max() > pair.values.min()),
    }


def _tested(pairs: Sequence[_Pairs], tests: int) -> dict[int, dict[str, float]]:
    """Return what the test says of each pair that can be tested, by its place; the same days go through it at once."""
    import numpy as np

    together: dict[tuple[int, bytes], list[int]] = {}
    for place, pair in enumerate(pairs):
        if pair.testable:
            together.setdefault((pair.lag, pair.known.tobytes()), []).append(place)
    found = {}
    for places in together.values():
        matrix = np.column_stack([pairs[place].values for place in places])
        tested = difference_of_days(matrix, pairs[places[0]].felt, level=SEEN_BELOW / tests)
        for column, place in enumerate(places):
            found[place] = {
                "difference_low": float(tested.low[column]),
                "difference_high": float(tested.high[column]),
                "p_value": float(tested.p_value[column]),
                "power": 100 * float(tested.power[column]),
                "day_to_day_sd": float(tested.day_to_day_sd[column]),
                "more_days": max(math.ceil(float(tested.days_needed[column]) - len(matrix)), 0),
            }
    return found


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values that are held up to all of them having been looked at (Holm 1979), in the same order.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    held, highest = [1.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, p_values[place] * (len(p_values) - rank)))
        held[place] = highest
    return held


def _verdict(row: dict[str, Any]) -> str:
    """Return one of `limits.VERDICTS`."""
    if row["p_holm"] is None or row["power"] < LEAST_POWER:
        return "cannot_tell"
    return "differs" if row["p_holm"] <= SEEN_BELOW else "no_difference_seen"
