"""Products by brand and words: taken only where the brand agrees and nothing of the line is left unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from nutridiary.brands.naming import contradicted, extra_words, same_brand, unsaid
from nutridiary.brands.products import LocalProducts, Product, products_of
from nutridiary.fdc.tables import only_foods

if TYPE_CHECKING:
    from nutridiary.fdc.tables import FoodTables

LOOKED_AT = 40
"""Products of a brand that are looked at for one line."""
NAMED = 2
MOST_WORDS = 3
ONE, ALIKE, UNLIKE = 0.97, 0.95, 0.5
"""How sure a product is: the only one that fits; several alike; several that differ in what they hold."""

# What products may differ in and still be alike: a fifth, as far as a label may be below or above what its food holds
# (21 CFR 101.9(g)(5)), or the step in which labels are rounded (21 CFR 101.9(c)). [unit/100 g]
A_FIFTH = 0.2
STEPS = {
    "energy": 10.0,
    "protein": 1.0,
    "fat_total": 1.0,
    "carbohydrate": 1.0,
    "sugars_total": 1.0,
    "sodium": 10.0,
    # What one of two products has added to it, and the other has not: a label states it.
    "calcium": 40.0,
    "iron": 2.0,
    "vitamin_d": 1.0,
}


@dataclass(frozen=True)
class Chosen:
    """What a line of a brand was found to be.

    Attributes
    ----------
    product : Product or None
    score : float
        How sure it is, 0 to 1.
    said : str
        What is to be said of it, or of what was near; empty where nothing is.
    """

    product: Product | None = None
    score: float = 0.0
    said: str = ""


def products_of_brands(
    asked: Iterable[tuple[str, str]], branded: LocalProducts
) -> tuple[dict[tuple[str, str], Chosen], FoodTables | None]:
    """Return the products of brands that texts name, and their records.

    The brand must agree, every word of the text that says what the food is must be in the product's names, and none
    may contradict it: a "cola" is no "diet cola". Of several, those with nothing added to the words of the line come
    first. Where the rest differ in what they hold by more than a little, the one with the middle energy is taken, to
    be confirmed.

    Parameters
    ----------
    asked : iterable of (text, brand)
        As written.
    branded : LocalProducts
        The branded foods on this machine; a line's words are sent nowhere.
    """
    of_brand = {(text, brand): _of_brand(text, brand, branded) for text, brand in dict.fromkeys(asked)}
    fitting = {about: [each for each in found if _fits(*about, each)] for about, found in of_brand.items()}
    # Where none does: those that say more of themselves than the line, as "plant-based" of a burger; to be confirmed.
    unsaid_of = {about for about, found in fitting.items() if not found and of_brand[about]}
    fitting |= {about: [e for e in of_brand[about] if _fits(*about, e, says_more=True)] for about in unsaid_of}
    ids = list(dict.fromkeys(product.product_id for found in fitting.values() for product in found))
    tables = branded.tables(ids) if ids else None
    contents = {} if tables is None else _contents(tables)
    chosen = {
        about: _choice(*about, found, contents, says_more=about in unsaid_of)
        if found
        else Chosen(said=_none_fits(about[1], of_brand[about], branded.release))
        for about, found in fitting.items()
    }
    taken = [each.product.product_id for each in chosen.values() if each.product is not None]
    return chosen, only_foods(tables, taken) if tables is not None and taken else None


def _of_brand(text: str, brand: str, branded: LocalProducts) -> list[Product]:
    first, _, last = brand.rpartition(" ")
    # "Coca-Cola Zero" is the brand Coca-Cola and a word of the product's name.
    parted = [(f"{text} {last}", first)] if first.strip() else []
    for words, whose in ((text, brand), *parted, *((joined, brand) for joined in _joined_up(text))):
        rows = branded.search(words, brand=whose, limit=LOOKED_AT)
        found = [product for _, product in products_of(rows, branded.release)]
        if of_brand := [product for product in found if same_brand(brand, *product.brands, named=product.names)]:
            return of_brand
    return []


def _joined_up(text: str) -> list[str]:
    """Return a text with two of its words as one: "oat milk" is sold as OATMILK.

    Examples
    --------
    >>> _joined_up("oat milk, plain")
    ['oatmilk, plain', 'oat milk,plain']
    """
    words = text.split()[:MOST_WORDS]
    return [" ".join([*words[:n], words[n] + words[n + 1], *words[n + 2 :]]) for n in range(len(words) - 1)]


def _choice(
    text: str,
    brand: str,
    fitting: Sequence[Product],
    contents: Mapping[int, Mapping[str, float]],
    *,
    says_more: bool = False,
) -> Chosen:
    """Return the product that a text names, of those that fit; `says_more`: but for what the text leaves open."""
    usable = [product for product in fitting if "energy" in contents.get(product.product_id, {})]
    if not usable:
        return Chosen(said=f"the labels of {_listed(fitting)} cannot be used")
    plainest = _plainest(text, brand, usable)
    energies = {product: contents[product.product_id]["energy"] for product in plainest}
    middle = median(energies.values())
    product = min(plainest, key=lambda each: abs(energies[each] - middle))  # of equals the first: the best hit
    spread = "" if len(plainest) == 1 else _spread([contents[each.product_id] for each in plainest])
    score = ONE if len(plainest) == 1 else UNLIKE if spread else ALIKE
    if says_more:
        return Chosen(product, UNLIKE, "the product says of itself what the line does not")
    return Chosen(product, score, f"{len(plainest)} products of the brand fit and differ ({spread})" if spread else "")


def _fits(text: str, brand: str, product: Product, *, says_more: bool = False) -> bool:
    whose = ", ".join(product.brands)
    against = contradicted(text, f"{product.name}, {whose}", brand=brand, scanned=says_more)
    return not against and not unsaid(text, brand, product.names, whose)


def _plainest(text: str, brand: str, products: Sequence[Product]) -> list[Product]:
    """Return the products that add nothing to the words of a line; all where each does."""
    plain = [each for each in products if not extra_words(text, brand, each.name, ", ".join(each.brands))]
    return plain or list(products)


def _contents(tables: FoodTables) -> dict[int, dict[str, float]]:
    """Return what 100 g (or 100 ml) of each product hold of the nutrients that are compared, labels checked."""
    from nutridiary.brands.labels import checked_labels
    from nutridiary.fdc.values import choose_values

    values = choose_values(checked_labels(tables).tables.values)
    found: dict[int, dict[str, float]] = {}
    for fdc_id, nutrient, amount in zip(values["fdc_id"], values["nutrient"], values["amount"], strict=True):
        if nutrient in STEPS:
            found.setdefault(int(fdc_id), {})[nutrient] = float(amount)
    return found


def _spread(contents: Sequence[Mapping[str, float]]) -> str:
    """Return in words what products differ in by more than a little; empty where in nothing.

    Examples
    --------
    >>> _spread([{"energy": 60.0, "fat_total": 0.0}, {"energy": 97.0, "fat_total": 5.0}])
    'energy 60-97, total fat 0-5 per 100'
    >>> _spread([{"energy": 60.0, "fat_total": 0.0}, {"energy": 62.0, "fat_total": 0.5}])
    ''
    """
    apart = []
    for nutrient, step in STEPS.items():
        known = [each[nutrient] for each in contents if nutrient in each]
        if known and max(known) - min(known) > max(step, A_FIFTH * median(known)):
            apart.append(f"{_called(nutrient)} {min(known):.3g}-{max(known):.3g}")
    return f"{', '.join(apart)} per 100" if apart else ""


def _called(nutrient: str) -> str:
    from nutridiary.nutrients import load_nutrients

    label = str(load_nutrients().loc[nutrient, "label"])
    return (label[0].lower() + label[1:]).split(",")[0]


def _none_fits(brand: str, of_brand: Sequence[Product], release: str) -> str:
    if not of_brand:
        return f'no product of "{brand[:40]}" with such a name in {release}'
    return f'no product of "{brand[:40]}" has all words of the line in {release}; near: {_listed(of_brand)}'


def _listed(products: Sequence[Product]) -> str:
    return "; ".join(dict.fromkeys(product.told for product in products[:NAMED]))
