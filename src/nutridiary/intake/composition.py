"""What 100 g of each food hold, where each value comes from, and what bounds it where no record has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.food_twins import lent_by_twins, twins_for
from nutridiary.foods import OWN_FOOD
from nutridiary.intake.bounds import bounds_of, twin_highs
from nutridiary.intake.label_values import label_value_bounds

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from nutridiary.foods import FoodData


@dataclass(frozen=True)
class Values:
    """What some rows hold of some nutrients, in the order asked for: 100 g of each food, or each entry.

    Attributes
    ----------
    amount : numpy.ndarray of float
        [the nutrient's unit] NaN where neither the record nor its twin has a value.
    low : numpy.ndarray of float
        [the nutrient's unit] The least that a label's value can stand for; NaN for every other value.
    high : numpy.ndarray of float
        [the nutrient's unit] What a value that is the twin's, or missing, hardly exceeds, and the most that a label's
        value can stand for; NaN where the food's own record has another value, and where nothing bounds a missing one.
    estimate : numpy.ndarray of float
        [the nutrient's unit] What is likely where the value is missing; else the amount.
    value_from : numpy.ndarray of object
        The record and release of each value, or which foods bound it; NaN where nothing is known.
    filled_in : numpy.ndarray of bool
        Whether the value is the twin's.
    """

    amount: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    estimate: npt.NDArray[np.float64]
    value_from: npt.NDArray[np.object_]
    filled_in: npt.NDArray[np.bool_]

    def eaten(self, foods: npt.NDArray[np.intp], hundreds: npt.NDArray[np.float64]) -> Values:
        """Return what entries hold, each a food of these in some hundreds of grams; a food -1 is of nothing known."""
        import numpy as np

        weight = np.where(foods < 0, np.nan, hundreds)[:, np.newaxis]
        # A row of unknowns, for -1 to point at.
        amount, low, high, estimate = (
            np.vstack([part, np.full((1, part.shape[1]), np.nan)])[foods] * weight
            for part in (self.amount, self.low, self.high, self.estimate)
        )
        origin = np.vstack([self.value_from, np.full((1, self.value_from.shape[1]), np.nan, dtype=object)])
        filled_in = np.vstack([self.filled_in, np.zeros((1, self.filled_in.shape[1]), dtype=bool)])
        return Values(amount, low, high, estimate, origin[foods], filled_in[foods])

    def but_recorded(self, recorded: npt.NDArray[np.float64], taken: npt.NDArray[np.bool_], origin: str) -> Values:
        """Return these values, replaced by recorded ones where `taken`; a recorded value needs no bound."""
        import numpy as np

        said = np.where(np.isnan(recorded), np.nan, np.array(origin, dtype=object))
        return Values(
            amount=np.where(taken, recorded, self.amount),
            low=np.where(taken, np.nan, self.low),
            high=np.where(taken, np.nan, self.high),
            estimate=np.where(taken, recorded, self.estimate),
            value_from=np.where(taken, said, self.value_from),
            filled_in=self.filled_in & ~taken,
        )


def composition_of(fdc_ids: Sequence[int], foods: FoodData, nutrients: Sequence[str], *, fill_in: bool) -> Values:
    """Return what 100 g of these foods, each named once, hold; gaps are filled from twins where `fill_in` is set.

    A known value is never replaced, a zero least of all.
    """
    import numpy as np

    own = foods.composition(fdc_ids, nutrients).reindex(index=list(fdc_ids), columns=list(nutrients))
    values = own.to_numpy(dtype="float64")
    twins = twins_for(own, foods) if fill_in else {}
    lent = lent_by_twins(own, twins, foods)
    filled_in = np.isnan(values) & ~np.isnan(lent)
    amounts = np.where(filled_in, lent, values)
    missing = np.isnan(amounts)
    described = foods.foods(list(dict.fromkeys([*fdc_ids, *twins.values()])))
    record = _record_names(described)
    names = np.array([record[fdc_id] for fdc_id in fdc_ids], dtype=object)
    of_twin = np.array(
        [f"{record[twins[i]]} (twin of {record[i]})" if i in twins else np.nan for i in fdc_ids], dtype=object
    )
    value_from = np.where(filled_in, of_twin[:, np.newaxis], names[:, np.newaxis])
    bounds = bounds_of(described.iloc[: len(fdc_ids)], nutrients, missing, foods)
    low, high = label_value_bounds(own, described, foods)
    return Values(
        amount=amounts,
        low=low,
        high=np.select([filled_in, missing], [twin_highs(amounts, nutrients), bounds.high], default=high),
        estimate=np.where(missing, bounds.estimate, amounts),
        value_from=np.where(missing, bounds.words, value_from),
        filled_in=filled_in,
    )


def _record_names(found: pd.DataFrame) -> dict[int, str]:
    """Name each record as its release does: FNDDS by food code, SR by NDB number, the user's own by name."""
    number = found["food_code"].fillna(found["ndb_number"]).fillna(found["fdc_id"]).astype("int64").astype("str")
    number = number.mask(found["data_type"].eq(OWN_FOOD), '"' + found["description"] + '"')
    return dict(zip(found["fdc_id"], found["release"] + " " + number, strict=True))
