"""Products as somebody looks for them: by number or words, with what their labels state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.barcodes import read_barcode, shown
from nutridiary.brands.labels import checked_labels
from nutridiary.brands.products import MOST_TOLD
from nutridiary.fdc.tables import BY_VOLUME
from nutridiary.nutrients import core_nutrients

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.fdc.branded import BrandedDatabase

SHOWN = {
    "fdc_id": "int64",
    "barcode": "str",
    "brand": "str",
    "description": "str",
    "category": "str",
    "serving": "str",
    "label_day": "str",
    "versions": "int64",
    "per": "str",
}
"""Columns of a list of products, before energy and the core nutrients."""


def list_products(text: str, branded: BrandedDatabase, *, top: int = 10, unfinished: bool = False) -> pd.DataFrame:
    """Return the products of a barcode, every version; or those whose names hold the words of a text, the best first.

    Parameters
    ----------
    text : str
    branded : BrandedDatabase
    top : int
        Most products.
    unfinished : bool
        The last word is still being typed.

    Returns
    -------
    pandas.DataFrame
        The columns `SHOWN`, then energy and the core nutrients as the label states them, NaN where it does not or where
        what it states cannot be. [unit/100 g, or unit/100 ml where `per` says so] `versions` is how many records of the
        same number there are.
    """
    barcode = read_barcode(text)
    if barcode.gtin is None:
        rows = branded.search(text, limit=top, unfinished=unfinished)
    else:
        found = branded.by_barcode([barcode.gtin, *barcode.others])
        rows = found.assign(versions=found.groupby("gtin")["fdc_id"].transform("size")).head(top)
    return _with_labels(rows.reset_index(drop=True), branded)


def _with_labels(rows: pd.DataFrame, branded: BrandedDatabase) -> pd.DataFrame:
    from nutridiary.fdc.values import choose_values

    ids = rows["fdc_id"].tolist()
    nutrients = ["energy", *(name for name in core_nutrients() if name != "energy")]
    numbers = rows["gtin"].map(lambda gtin: shown(int(gtin)), na_action="ignore")
    brands = rows["brand_name"].fillna(rows["brand_owner"])
    sizes = rows["serving_size"].map(lambda size: f"{size:.6g}", na_action="ignore")
    table = rows.assign(
        barcode=numbers.astype("str").where(numbers.notna(), rows["barcode"]),
        brand=brands.str.slice(0, MOST_TOLD),
        serving=(sizes.astype("str") + " " + rows["serving_unit"].fillna("")).where(sizes.notna()).str.strip(),
        label_day=rows["modified"].fillna(rows["available"]).fillna(rows["published"]),
    )
    if not ids:
        return table.reindex(columns=[*SHOWN, *nutrients]).astype(SHOWN)
    tables = branded.tables(ids)
    values = choose_values(checked_labels(tables).tables.values)
    stated = values.pivot_table(index="fdc_id", columns="nutrient", values="amount", aggfunc="first")
    content = stated.reindex(index=ids, columns=nutrients)
    by_volume = tables.foods.set_index("fdc_id")["basis"].eq(BY_VOLUME).reindex(ids)
    table["per"] = by_volume.map({True: "100 ml", False: "100 g"}).to_numpy()
    table[nutrients] = content.to_numpy(dtype="float64")
    return table[[*SHOWN, *nutrients]].astype(SHOWN)
