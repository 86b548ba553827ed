"""From lines with a barcode or a brand to the products they name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nutridiary.barcodes import Barcode, read_barcode, shown
from nutridiary.brands.by_barcode import add_filed_short, fill_shelf, version_at
from nutridiary.brands.by_brand import Chosen, products_of_brands
from nutridiary.brands.naming import content_words, contradicted, unsaid
from nutridiary.brands.products import LocalProducts, OnlineProducts, Product, SecondSource, Shelf
from nutridiary.fdc.looked_up import LookedUp
from nutridiary.fdc.tables import FoodTables, only_foods
from nutridiary.tables import ENTRIES, PRODUCTS, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

EATEN = ("food", "water")
BY_BARCODE, BY_BRAND = "barcode", "brand"
SAME, PARTLY, OTHER_WORDS, CONTRADICTED = 1.0, 0.97, 0.55, 0.5
"""How sure a product is that was found by its barcode: its names have the words of the line; most of them; hardly any;
they contradict it."""
BY_WORDS = "matched by its words"
NO_SUPPLEMENTS = "its barcode is not looked up: only foods are, so the Supplements sheet has to say what it holds"


@dataclass(frozen=True)
class Found:
    """Entries with the products that were found for them.

    Attributes
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`: the same rows with `product_id`, `product_by`, `product_score` and notes.
    foods : FoodData
        With the records of the products, their labels checked.
    products : pandas.DataFrame
        `tables.PRODUCTS`: a row per line that was looked up.
    tables : FoodTables or None
        The records, as they came; None where none was found.
    notes : dict of int to str
        What is to be said of the labels on their lines, by record.
    """

    entries: pd.DataFrame
    foods: FoodData
    products: pd.DataFrame
    tables: FoodTables | None = None
    notes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Question:
    """What a line says of its product; `place` is its row. Lines that say the same are asked once."""

    place: int
    text: str
    brand: str
    barcode: Barcode
    day: str


@dataclass(frozen=True)
class _Answer:
    note: str = ""
    product: Product | None = None
    by: str = ""
    score: float = 0.0


def find_products(
    entries: pd.DataFrame,
    foods: FoodData,
    *,
    branded: LocalProducts | None,
    online: OnlineProducts | None,
    second: SecondSource | None,
    answered: LookedUp | None,
    own: Collection[int],
) -> Found:
    """Return entries with their products; see `nutridiary.brands.look_up_products`."""
    entries = _with_supplements_told(entries)
    if answered is not None:
        products = conform(_no_rows(), PRODUCTS) if answered.products is None else answered.products
        return _put_in(entries, foods, products, _records_of(answered, products))
    asked = [
        question
        for question in _questions(entries)
        if question.barcode.gtin not in own and (question.barcode.gtin is not None or branded is not None)
    ]
    if not asked:
        return Found(entries, foods, conform(_no_rows(), PRODUCTS))
    answers, tables = _answers(asked, branded, online, second)
    products = _table(entries, asked, answers)
    looked_up = LookedUp.of(tables, products)
    return _put_in(entries, foods, products, None if looked_up is None else _records_of(looked_up, products))


def _with_supplements_told(entries: pd.DataFrame) -> pd.DataFrame:
    """Say of supplements with a barcode that it is not looked up."""
    told = entries["barcode"].notna() & entries["kind"].eq("supplement") & entries["problem"].isna()
    if not told.any():
        return entries
    note = entries["note"].where(entries["note"].isna(), entries["note"] + "; ").fillna("")
    return entries.assign(note=entries["note"].mask(told, note + NO_SUPPLEMENTS))


def _records_of(looked_up: LookedUp, products: pd.DataFrame) -> FoodTables | None:
    """Return the records of the products that were taken."""
    taken = set(products["product_id"].dropna().astype("int64"))
    kept = [fdc_id for fdc_id in looked_up.fdc_ids if fdc_id in taken]
    if not kept:
        return None
    tables = only_foods(looked_up.foods, kept)
    releases = tables.releases[tables.releases["foods"] > 0].reset_index(drop=True)
    return FoodTables(**(tables.tables() | {"releases": releases}))


def _no_rows() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame()


def _questions(entries: pd.DataFrame) -> list[_Question]:
    """Return the lines of food that name a product, and no food by number."""
    named = entries["barcode"].notna() | entries["brand"].notna()
    if not named.any():
        return []
    is_open = (
        named
        & entries["problem"].isna()
        & entries["kind"].fillna("food").isin(EATEN)
        & entries[["stated_fdc_id", "stated_food_code"]].isna().all(axis=1)
    )
    columns = entries.loc[is_open, ["food_text", "brand", "barcode", "date"]]
    texts = columns[["food_text", "brand", "barcode"]].fillna("")
    days = columns["date"].dt.strftime("%Y-%m-%d").fillna("")
    rows = zip(texts.index, texts["food_text"], texts["brand"], texts["barcode"], days, strict=True)
    asked = [
        _Question(place, text.strip(), brand.strip(), read_barcode(code), day) for place, text, brand, code, day in rows
    ]
    return [question for question in asked if question.barcode.gtin is not None or question.brand]


def _answers(
    asked: Sequence[_Question],
    branded: LocalProducts | None,
    online: OnlineProducts | None,
    second: SecondSource | None,
) -> tuple[list[_Answer], list[FoodTables]]:
    """Return an answer for each question, in their order, and the records; what several lines ask is asked once."""
    first = [question.barcode.gtin for question in asked if question.barcode.gtin is not None]
    shelf = fill_shelf(list(dict.fromkeys(first)), branded=branded, online=online, second=second)
    others = [other for question in asked for other in _other_readings(question.barcode, shelf)]
    if others:
        further = fill_shelf(list(dict.fromkeys(others)), branded=branded, online=online, second=second)
        shelf.products |= further.products
        shelf.tables += further.tables
    add_filed_short(shelf, branded=branded, online=online)
    unusable = _unusable(shelf)
    distinct = {_said(question): question for question in reversed(asked)}
    by_number = {said: _by_number(question, shelf, unusable) for said, question in distinct.items()}
    named = [said[:2] for said, each in distinct.items() if by_number[said].product is None and _names_a_food(each)]
    chosen, tables = ({}, None) if branded is None else products_of_brands(named, branded)
    known = {said: _with_brand(answer, chosen.get(said[:2])) for said, answer in by_number.items()}
    records = [*shelf.tables, *([] if tables is None else [tables])]
    return [known[_said(question)] for question in asked], records


def _said(question: _Question) -> tuple[str, str, str, str]:
    return question.text, question.brand, question.barcode.written, question.day


def _names_a_food(question: _Question) -> bool:
    """Tell whether a line has a brand, and words that say which of its products."""
    return bool(question.brand and question.text) and question.text != question.barcode.written


def _other_readings(barcode: Barcode, shelf: Shelf) -> tuple[int, ...]:
    return barcode.others if barcode.gtin is not None and barcode.gtin not in shelf.products else ()


def _unusable(shelf: Shelf) -> dict[int, str]:
    """Return the records whose labels cannot be counted by, and why."""
    from nutridiary.brands.labels import checked_labels
    from nutridiary.fdc.values import choose_values

    found: dict[int, str] = {}
    for tables in shelf.tables:
        checked = checked_labels(tables)
        values = choose_values(checked.tables.values)
        with_energy = set(values.loc[values["nutrient"].eq("energy"), "fdc_id"])
        found |= dict.fromkeys(set(tables.foods["fdc_id"]) - with_energy, "its label states no energy")
        of_energy = checked.findings[checked.findings["nutrient"].eq("energy")]
        for fdc_id, reason in zip(of_energy["fdc_id"].tolist(), of_energy["reason"], strict=True):
            if fdc_id in found:
                found[fdc_id] = f"the energy of its label cannot be: {reason}"
        found |= dict.fromkeys(checked.unusable, "the figures of its label contradict each other")
    return found


def _with_brand(by_number: _Answer, chosen: Chosen | None) -> _Answer:
    """Return the answer of a line whose number led to no product, by what its brand and words led to."""
    if by_number.product is not None or chosen is None:
        return by_number
    if chosen.product is None:
        note = _joined(by_number.note, chosen.said) if by_number.note else f"{chosen.said}: {BY_WORDS}"
        return _Answer(note)
    where = f"{chosen.product.told} by its brand, FDC id {chosen.product.product_id}, {chosen.product.release}"
    note = _joined(by_number.note.removesuffix(f": {BY_WORDS}"), where, chosen.said)
    return _Answer(note, chosen.product, BY_BRAND, chosen.score)


def _by_number(question: _Question, shelf: Shelf, unusable: Mapping[int, str]) -> _Answer:
    barcode = question.barcode
    if barcode.gtin is None:
        return _Answer()
    gtin = next((each for each in (barcode.gtin, *barcode.others) if each in shelf.products), None)
    number = f"barcode {shown(barcode.gtin)}"
    only_number = question.text == barcode.written
    otherwise = "write what it was, too" if only_number else BY_WORDS
    if gtin is None:
        why = "; ".join(dict.fromkeys(shelf.why_not.get(barcode.gtin, []))) or "not found"
        return _Answer(f"{number}: {why}: {otherwise}")
    versions = shelf.products[gtin]
    product = version_at(versions, question.day, unusable)
    if product is None:
        why = unusable[versions[0].product_id]
        return _Answer(f"{number}: {versions[0].told}, but {why}: {otherwise}")
    score, doubt = (SAME, "") if only_number else _agreement(question, product)
    where = f"{number}: {product.told}, {_record(product)}, {product.release}"
    newest = max((each.label_day for each in versions), default="")
    if len(versions) > 1 and product.label_day and product.label_day != newest:
        where += f", label of {product.label_day} (there is one of {newest})"
    return _Answer(_joined(where, product.remark, doubt), product, BY_BARCODE, score)


def _record(product: Product) -> str:
    from nutridiary.fdc.product_ids import gtin_of

    return f"FDC id {product.product_id}" if gtin_of(product.product_id) is None else "its own record"


def _agreement(question: _Question, product: Product) -> tuple[float, str]:
    """Return how sure a product found by its number is, and what speaks against it."""
    whose = ", ".join((*product.brands, question.brand))
    words = content_words(question.text)
    if not words:
        return SAME, ""
    against = contradicted(question.text, f"{product.name}, {whose}", scanned=True)
    if against:
        told = ", ".join(word.replace("no_", "no ") for word in against)
        return CONTRADICTED, f"the line and the product contradict each other ({told})"
    missing = unsaid(question.text, question.brand, product.names, whose)
    if not missing:
        return SAME, ""
    if 2 * len(missing) <= len(words):
        return PARTLY, ""
    return OTHER_WORDS, "the product's name is another than that of the line"


def _joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def _table(entries: pd.DataFrame, asked: Sequence[_Question], answers: Sequence[_Answer]) -> pd.DataFrame:
    """Return `tables.PRODUCTS`."""
    import pandas as pd

    rows = [_row(question, answer) for question, answer in zip(asked, answers, strict=True)]
    keys = entries.loc[[question.place for question in asked], ["source", "line", "part"]].reset_index(drop=True)
    return conform(pd.concat([keys, pd.DataFrame(rows)], axis=1), PRODUCTS)


def _row(question: _Question, answer: _Answer) -> dict[str, object]:
    gtin, product = question.barcode.gtin, answer.product
    row: dict[str, object] = {"barcode": None if gtin is None else shown(gtin), "note": answer.note or None}
    if product is None:
        return row
    found = {"product_by": answer.by, "product_id": product.product_id, "product_score": answer.score}
    told = {"product": product.name, "brand": product.brand or product.owner or None, "release": product.release}
    return row | found | told


def _put_in(entries: pd.DataFrame, foods: FoodData, products: pd.DataFrame, tables: FoodTables | None) -> Found:
    """Write the products into the entries, and their records into the foods."""
    notes: Mapping[int, str] = {}
    if tables is not None:
        from nutridiary.brands.label_foods import with_label_foods

        labelled = with_label_foods(foods, tables)
        foods, notes = labelled.foods, labelled.notes
    key = ["source", "line", "part"]
    told = ["product_id", "product_by", "product_score"]
    answers = conform(products, PRODUCTS)[[*key, *told, "note"]].rename(columns={"note": "found"})
    joined = (
        entries.drop(columns=told).merge(answers, on=key, how="left", validate="one_to_one").set_index(entries.index)
    )
    both = joined["note"].notna() & joined["found"].notna()
    note = joined["note"].fillna(joined["found"])
    note[both] = joined["note"][both] + "; " + joined["found"][both]
    return Found(conform(joined.drop(columns="found").assign(note=note), ENTRIES), foods, products, tables, notes)
