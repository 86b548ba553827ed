"""Products by the number below their bars: on this machine, at FoodData Central, at a further source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nutridiary.barcodes import gtin_of_digits, spellings
from nutridiary.brands.products import LocalProducts, OnlineProducts, Product, SecondSource, Shelf, products_of
from nutridiary.errors import FoodDataError

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.fdc.tables import FoodTables

AT_ONCE = 5
"""Numbers asked for in one search of FoodData Central: with their spellings still a short question."""
NOWHERE = "not looked up (no branded foods are installed: nutridiary fdc update --branded; --online asks for them)"


def fill_shelf(
    gtins: Sequence[int],
    *,
    branded: LocalProducts | None = None,
    client: OnlineProducts | None = None,
    second: SecondSource | None = None,
) -> Shelf:
    """Return the products of these numbers, from the first source that has them.

    Nothing is raised for what a source cannot do: it is said in `Shelf.why_not`.

    Parameters
    ----------
    gtins : sequence of int
    branded : LocalProducts, optional
        Asked first: nothing leaves the machine.
    client : OnlineProducts, optional
        Asked for what is not there. Only the numbers are sent.
    second : SecondSource, optional
        Asked for what neither has. Only the numbers are sent.
    """
    shelf = Shelf()
    if branded is not None:
        _ask_local(shelf, gtins, branded)
    if client is not None:
        _ask_online(shelf, shelf.open_of(gtins), client)
    if second is not None:
        _ask_second(shelf, shelf.open_of(gtins), second)
    if branded is None and client is None and second is None:
        shelf.miss(gtins, NOWHERE)
    return shelf


def version_at(versions: Sequence[Product], day: str, unusable: Mapping[int, str]) -> Product | None:
    """Return the version of a product that was sold on a day, as far as their labels' days tell.

    That is the newest whose label is not younger than the day. Where all are younger, the oldest is the nearest;
    where a day is unknown, the newest. A version without usable values is passed over.

    Examples
    --------
    >>> versions = [Product(3, "C", label_day="2022-05-01"), Product(2, "B", label_day="2019-02-01")]
    >>> [version_at(versions, day, {}).product_id for day in ("2023-01-01", "2021-01-01", "2015-01-01", "")]
    [3, 2, 2, 3]
    >>> version_at(versions, "2023-01-01", {3: "no energy"}).product_id
    2
    """
    usable = [product for product in versions if product.product_id not in unusable]
    if not usable or not day or not all(product.label_day for product in usable):
        return usable[0] if usable else None
    by_age = sorted(usable, key=lambda product: product.label_day)  # stable: of one day the first given comes first
    before = [product for product in by_age if product.label_day <= day]
    if not before:
        return by_age[0]
    return next(product for product in before if product.label_day == before[-1].label_day)


def _ask_local(shelf: Shelf, gtins: Sequence[int], branded: LocalProducts) -> None:
    release = branded.release
    found = list(products_of(branded.by_barcode(gtins), release))
    _put(shelf, [(gtin, product) for gtin, product in found if gtin is not None])
    if found:
        shelf.tables.append(branded.tables([product.product_id for _, product in found]))
    shelf.miss(gtins, f"not in {release}")


def _ask_online(shelf: Shelf, gtins: Sequence[int], client: OnlineProducts) -> None:
    for start in range(0, len(gtins), AT_ONCE):
        batch = gtins[start : start + AT_ONCE]
        try:
            _ask_batch(shelf, batch, client)
        except FoodDataError as error:
            # What cannot be reached now is not asked again for every line: one message, the rest of the diary goes on.
            shelf.miss(gtins[start:], f"not looked up at FoodData Central: {error}")
            return
        shelf.miss(batch, "not in FoodData Central's branded foods")


def _ask_batch(shelf: Shelf, gtins: Sequence[int], client: OnlineProducts) -> None:
    query = " ".join(spelling for gtin in gtins for spelling in spellings(gtin))
    hits = client.search(query, data_types=["Branded"], page_size=50)
    numbers = hits["barcode"].map(lambda text: gtin_of_digits(text) if isinstance(text, str) else None)
    hits = hits.assign(gtin=numbers.astype("Int64"))[numbers.isin(list(gtins)).to_numpy()]
    if hits.empty:
        return
    fetched = client.foods(hits["fdc_id"].astype("int64").tolist())
    tables: FoodTables = fetched.tables
    releases = dict(zip(tables.foods["fdc_id"], tables.foods["release"], strict=True))
    reasons: Mapping[int, str] = fetched.reasons()
    _put(
        shelf,
        [
            (gtin, replace(product, release=str(releases[product.product_id])))
            for gtin, product in products_of(_newest_first(hits))
            if gtin is not None and product.product_id in releases
        ],
    )
    shelf.tables.append(tables)
    for gtin, fdc_id in zip(hits["gtin"], hits["fdc_id"], strict=True):
        if int(fdc_id) in reasons:
            shelf.miss([int(gtin)], f"FDC id {fdc_id} was not looked up: {reasons[int(fdc_id)]}")


def _newest_first(hits: pd.DataFrame) -> pd.DataFrame:
    counts = hits.groupby("gtin")["fdc_id"].transform("size")
    ordered = hits.assign(versions=counts)
    by = [column for column in ("published", "fdc_id") if column in ordered]
    return ordered.sort_values(by, ascending=False, kind="stable", na_position="last")


def _ask_second(shelf: Shelf, gtins: Sequence[int], second: SecondSource) -> None:
    if not gtins:
        return
    answer = second(gtins)
    foods = answer.tables.foods.set_index("fdc_id")
    for gtin, product_id in answer.ids.items():
        if product_id in foods.index:
            food = foods.loc[product_id]
            text = {name: str(food[name]) if isinstance(food[name], str) else "" for name in food.index}
            product = Product(product_id, text["description"], category=text["category"], release=text["release"])
            shelf.products.setdefault(gtin, []).append(product)
    if answer.ids:
        shelf.tables.append(answer.tables)
    for gtin, why in answer.failures.items():
        shelf.miss([gtin], why)


def _put(shelf: Shelf, found: Sequence[tuple[int, Product]]) -> None:
    for gtin, product in found:
        shelf.products.setdefault(gtin, []).append(product)
