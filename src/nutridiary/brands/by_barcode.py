"""Products by the number below their bars: on this machine, at FoodData Central, at a further source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nutridiary.barcodes import is_valid
from nutridiary.brands.products import LocalProducts, OnlineProducts, Product, SecondSource, Shelf, products_of
from nutridiary.errors import FoodDataError

FILED_SHORT = "filed there without the last digit of its number"
NOWHERE = "no branded foods are installed (nutridiary fdc update --branded), and --online was not asked for"


def fill_shelf(
    gtins: Sequence[int],
    *,
    branded: LocalProducts | None = None,
    online: OnlineProducts | None = None,
    second: SecondSource | None = None,
) -> Shelf:
    """Return the products of these numbers, from the first source that has them.

    Nothing is raised for what a source cannot do: it is said in `Shelf.why_not`.

    Parameters
    ----------
    gtins : sequence of int
    branded : LocalProducts, optional
        Asked first: nothing leaves the machine.
    online : OnlineProducts, optional
        Asked for what is not there. Only the numbers are sent.
    second : SecondSource, optional
        Asked for what neither has. Only the numbers are sent.
    """
    shelf = Shelf()
    if branded is not None:
        _ask_local(shelf, gtins, branded)
    if online is not None:
        _ask_online(shelf, shelf.open_of(gtins), online)
    if second is not None:
        _ask_second(shelf, shelf.open_of(gtins), second)
    if branded is None and online is None and second is None:
        shelf.miss(gtins, NOWHERE)
    return shelf


def add_filed_short(
    shelf: Shelf, *, branded: LocalProducts | None = None, online: OnlineProducts | None = None
) -> None:
    """Add products that FoodData Central files without the last digit of their number, as it does some.

    Only where what is left is no number of another product: its own last digit does not agree.

    Parameters
    ----------
    shelf : Shelf
        Those of its numbers that were not found are looked for.
    branded, online
        As in `fill_shelf`.
    """
    short = {gtin // 10: gtin for gtin in shelf.why_not if gtin not in shelf.products and _is_no_other(gtin // 10)}
    if not short or (branded is None and online is None):
        return
    found = fill_shelf(list(short), branded=branded, online=online)
    for body, versions in found.products.items():
        shelf.products[short[body]] = [replace(each, remark=FILED_SHORT) for each in versions]
    shelf.tables += found.tables


def _is_no_other(number: int) -> bool:
    return number >= 10**8 and not is_valid(str(number).zfill(12))


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


def _ask_online(shelf: Shelf, gtins: Sequence[int], online: OnlineProducts) -> None:
    if not gtins:
        return
    try:
        answer = online(gtins)
    except FoodDataError as error:
        shelf.miss(gtins, f"not looked up at FoodData Central: {str(error).rstrip('.')}")
        return
    counts = answer.hits["gtin"].value_counts()
    hits = answer.hits.assign(versions=answer.hits["gtin"].map(counts))
    releases = dict(zip(answer.tables.foods["fdc_id"].tolist(), answer.tables.foods["release"].tolist(), strict=True))
    found = [(gtin, product) for gtin, product in products_of(hits) if product.product_id in releases]
    _put(shelf, [(gtin, replace(each, release=releases[each.product_id])) for gtin, each in found if gtin is not None])
    if found:
        shelf.tables.append(answer.tables)
    for gtin, why in zip(answer.failures["gtin"].tolist(), answer.failures["why"].tolist(), strict=True):
        shelf.miss([gtin], why)


def _ask_second(shelf: Shelf, gtins: Sequence[int], second: SecondSource) -> None:
    if not gtins:
        return
    answer = second(gtins)
    foods = answer.tables.foods.set_index("fdc_id")
    for gtin, product_id in answer.ids.items():
        if product_id in foods.index:
            food = foods.loc[product_id]
            text = {name: str(food[name]) if isinstance(food[name], str) else "" for name in food.index}
            said = answer.notes.get(product_id, "")
            product = Product(
                product_id, text["description"], category=text["category"], release=text["release"], remark=said
            )
            shelf.products.setdefault(gtin, []).append(product)
    if answer.ids:
        shelf.tables.append(answer.tables)
    for gtin, why in answer.failures.items():
        shelf.miss([gtin], why)


def _put(shelf: Shelf, found: Sequence[tuple[int, Product]]) -> None:
    for gtin, product in found:
        shelf.products.setdefault(gtin, []).append(product)
