"""Foods of brands: found by barcode or name, their labels checked before a figure of them counts.

Lines with a barcode or a brand are looked up on this machine first (`nutridiary.fdc.branded`), then, where that was
asked for, at FoodData Central and Open Food Facts; only the numbers below the bars are sent. docs/brands.md tells
the rules, docs/labels.md what is made of the labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from nutridiary.brands.lookup import Found
    from nutridiary.brands.products import LocalProducts, OnlineProducts, SecondSource
    from nutridiary.fdc.looked_up import LookedUp
    from nutridiary.foods import FoodData

__all__ = ["look_up_products"]


def look_up_products(
    entries: pd.DataFrame,
    foods: FoodData,
    *,
    branded: LocalProducts | None = None,
    online: OnlineProducts | None = None,
    second: SecondSource | None = None,
    answered: LookedUp | None = None,
    own: Collection[int] = (),
) -> Found:
    """Find the products that the lines of a diary name by barcode, or by brand and words.

    Nothing is raised for what cannot be looked up: the line says so in its note and is matched by its words.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`. Only lines of food without a problem, an FDC id and a food code are looked up.
    foods : FoodData
    branded : LocalProducts, optional
        The branded foods on this machine (`nutridiary.fdc.branded.open_branded`).
    online : OnlineProducts, optional
        FoodData Central (`nutridiary.fdc.api.products_by_gtin`), asked for barcodes that are not on this
        machine. A line's words and its brand are never sent.
    second : SecondSource, optional
        A further source (`nutridiary.brands.open_food_facts.product_tables`), asked for barcodes nobody else has.
    answered : LookedUp, optional
        What an earlier look-up of the same diary found: then nobody is asked.
    own : collection of int
        Barcodes that the user has said what they are: nobody is asked for them.

    Returns
    -------
    Found
        The same rows; `foods` with the records of the products.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.foods import load_foods
    >>> from nutridiary.tables import ENTRIES, conform
    >>> line = {"source": "d.csv", "line": 2, "kind": "food", "food_text": "crispbread", "barcode": "4006381333931"}
    >>> found = look_up_products(conform(pd.DataFrame([line]), ENTRIES), load_foods())
    >>> found.entries.loc[0, "note"].partition(" (")[0]
    'barcode 4006381333931: no branded foods are installed'
    """
    from nutridiary.brands.lookup import find_products

    return find_products(entries, foods, branded=branded, online=online, second=second, answered=answered, own=own)
