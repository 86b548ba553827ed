"""How far a label's figures may be from what a food holds: rounding, and zeros that are "less than"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.fdc.product_ids import LABELLED

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from nutridiary.foods import FoodData

    Cells = npt.NDArray[np.float64]


def label_value_bounds(own: pd.DataFrame, described: pd.DataFrame, foods: FoodData) -> tuple[Cells, Cells]:
    """Return the least and the most that values of labels can stand for; NaN for every other value.

    Parameters
    ----------
    own : pandas.DataFrame
        Composition by fdc_id, a column a nutrient. [the nutrient's unit/100 g]
    described : pandas.DataFrame
        With ``fdc_id`` and ``data_type`` of these foods.
    foods : FoodData

    Returns
    -------
    tuple of numpy.ndarray of float
        Arrays of the shape of `own`. [the nutrient's unit/100 g] A label of which the size of a serving is not known,
        and a value that is not stated by serving, have no bounds.
    """
    import numpy as np
    import pandas as pd

    low, high = np.full(own.shape, np.nan), np.full(own.shape, np.nan)
    labelled = described.loc[described["data_type"].isin(LABELLED), "fdc_id"].to_list()
    labelled = [fdc_id for fdc_id in labelled if fdc_id in own.index]
    if not labelled:
        return low, high
    from nutridiary.brands.label_rounding import label_bounds
    from nutridiary.brands.labels import serving_sizes

    values = foods.values(labelled, own.columns)
    sizes = values["fdc_id"].map(serving_sizes(foods.portions(labelled))).to_numpy(dtype="float64")
    stated = values["amount"].to_numpy() * sizes / 100
    least, most = label_bounds(
        stated.tolist(), values["nutrient"].tolist(), values["derivation_code"].fillna("").tolist()
    )
    rows, columns = (
        own.index.get_indexer(pd.Index(values["fdc_id"])),
        own.columns.get_indexer(pd.Index(values["nutrient"])),
    )
    rounded = least < most
    places = rows[rounded], columns[rounded]
    low[places] = (least * 100 / sizes)[rounded]
    high[places] = (most * 100 / sizes)[rounded]
    return low, high
