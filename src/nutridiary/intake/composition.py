"""What 100 g of each food hold, and where each value comes from: the food's own record or its twin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.food_twins import lent_by_twins, twins_for
from nutridiary.foods import OWN_FOOD

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from nutridiary.foods import FoodData


@dataclass(frozen=True)
class Composition:
    """Foods x nutrients, in the order asked for.

    Attributes
    ----------
    per_100_g : numpy.ndarray of float
        [the nutrient's unit/100 g] NaN where neither the record nor its twin has a value.
    value_from : numpy.ndarray of object
        The record and release of each value; NaN where there is none.
    filled_in : numpy.ndarray of bool
        Whether the value is the twin's.
    """

    per_100_g: npt.NDArray[np.float64]
    value_from: npt.NDArray[np.object_]
    filled_in: npt.NDArray[np.bool_]


def composition_of(fdc_ids: Sequence[int], foods: FoodData, nutrients: Sequence[str], *, fill_in: bool) -> Composition:
    """Return what these foods hold, with gaps filled from their twins where `fill_in` says so.

    A known value is never replaced, a zero least of all.
    """
    import numpy as np

    own = foods.composition(fdc_ids, nutrients).reindex(index=list(fdc_ids), columns=list(nutrients))
    values = own.to_numpy(dtype="float64")
    twins = twins_for(own, foods) if fill_in else {}
    lent = lent_by_twins(own, twins, foods)
    filled_in = np.isnan(values) & ~np.isnan(lent)
    amounts = np.where(filled_in, lent, values)
    record = _record_names([*fdc_ids, *twins.values()], foods)
    names = np.array([record[fdc_id] for fdc_id in fdc_ids], dtype=object)
    of_twin = np.array(
        [f"{record[twins[i]]} (twin of {record[i]})" if i in twins else np.nan for i in fdc_ids], dtype=object
    )
    value_from = np.where(filled_in, of_twin[:, np.newaxis], names[:, np.newaxis])
    return Composition(amounts, np.where(np.isnan(amounts), np.nan, value_from), filled_in)


def _record_names(fdc_ids: Sequence[int], foods: FoodData) -> dict[int, str]:
    """Name each record as its release does: FNDDS by food code, SR by NDB number, the user's own by name."""
    found = foods.foods(list(dict.fromkeys(fdc_ids)))
    number = found["food_code"].fillna(found["ndb_number"]).fillna(found["fdc_id"]).astype("int64").astype("str")
    number = number.mask(found["data_type"].eq(OWN_FOOD), '"' + found["description"] + '"')
    return dict(zip(found["fdc_id"], found["release"] + " " + number, strict=True))
