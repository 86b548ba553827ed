"""Whether a product can be what a line says: its words beside those that were written."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise

from nutridiary.data_files import data_file
from nutridiary.matching.synonyms import in_our_words
from nutridiary.matching.words import contradicting, group_of, plain_text, split_words, stem


@cache
def _words_that_say(what: str) -> frozenset[str]:
    """Return the words of ``data/product_words.csv``: of another variant of a product, of firms ..."""
    with data_file("product_words.csv").open(encoding="utf-8", newline="") as lines:
        return frozenset(row["word"] for row in csv.DictReader(lines) if row["says"] == what)


@lru_cache(maxsize=20_000)
def content_words(text: str) -> tuple[str, ...]:
    """Return the stems of the words of a text that say which food it is, in order.

    Examples
    --------
    >>> content_words("Strawberries & cream yoghurt, 150 g")
    ('strawberri', 'cream', 'yogurt')
    """
    words = split_words(plain_text(text)).words
    said = (word for word in words if group_of(word) in ("content", "family", "level", "state", "default"))
    return tuple(dict.fromkeys(stem(word) for word in said if not word[0].isdigit() or word.endswith("%")))


@lru_cache(maxsize=20_000)
def brand_words(brand: str) -> frozenset[str]:
    """Return the words of a brand or its owner, without those every firm has; accents and signs do not count.

    Examples
    --------
    >>> sorted(brand_words("Nestlé USA, Inc.")), sorted(brand_words("Ben & Jerry's")), sorted(brand_words("Coca-Cola"))
    (['nestle'], ['ben', 'jerrys'], ['coca', 'cola'])
    """
    words = {word.strip(",.;:()®™") for word in plain_text(brand.replace("-", " ")).split()}
    return frozenset(words - _words_that_say("firm") - {""}) or frozenset(words - {""})


def same_brand(written: str, *of_product: str, named: str = "") -> bool:
    """Tell whether a brand as written is that of a product: all words of the one are among those of the other.

    Parameters
    ----------
    written : str
    *of_product : str
        Brand, sub-brand and owner of the product, as its record has them.
    named : str
        What the product is called: a brand may be written with more words than it has, where those are of its name.

    Examples
    --------
    >>> same_brand("Chobani", "CHOBANI", "Chobani, LLC"), same_brand("Heinz", "Kraft Heinz Foods Company")
    (True, True)
    >>> same_brand("Coca-Cola", "COLA LOCA"), same_brand("Kraft", "")
    (False, False)
    >>> same_brand("Chobani Flip", "CHOBANI", named="FLIP, ALMOND COCO LOCO"), same_brand("Silk Road", "SILK")
    (True, False)
    """
    said = brand_words(written)
    names = [brand_words(name) for name in of_product if name]
    together = frozenset().union(*names)
    if not said or not together:
        return False
    return said <= together or (any(name <= said for name in names) and said - together <= brand_words(named))


def unsaid(text: str, brand: str, product: str, product_brand: str = "") -> tuple[str, ...]:
    """Return the words of a line that a product does not have; its brand is known of both.

    Examples
    --------
    >>> unsaid("strawberry yogurt", "Chobani", "GREEK YOGURT, STRAWBERRY ON THE BOTTOM", "CHOBANI")
    ()
    >>> unsaid("milk", "", "CAMPBELL'S, TOMATO SOUP", "CAMPBELL'S")
    ('milk',)
    >>> unsaid("oat milk", "", "OATMILK, ORIGINAL"), unsaid("soymilk", "", "SOY MILK")
    ((), ())
    """
    has = (
        set(content_words(product)) | set(content_words(product_brand)) | {stem(w) for w in brand_words(product_brand)}
    )
    has |= set(content_words(in_our_words(plain_text(product))))
    of_brand = {stem(word) for word in brand_words(brand)}
    known = has | of_brand
    words = content_words(text)
    # "Oat milk" is OATMILK, and the other way round.
    known |= _joined_pairs(content_words(product))
    known |= {word for pair in pairwise(words) if "".join(pair) in known for word in pair}
    return tuple(word for word in words if word not in known and not _in_other_words(word) & known)


def _joined_pairs(words: Iterable[str]) -> set[str]:
    return {"".join(pair) for pair in pairwise(words)}


def contradicted(text: str, product: str, *, brand: str = "", scanned: bool = False) -> tuple[str, ...]:
    """Return the words by which a product is another than a line says: "diet" in one of them only, "no sugar".

    Parameters
    ----------
    text, product : str
    brand : str
        As written beside the text: "Coca-Cola Zero" says something of the product, too.
    scanned : bool
        The product is known by its number. Then it may say more of itself than the line does, as "low fat" of a
        "yogurt"; only where it is sweetened without sugar, a line has to say so, too.

    Examples
    --------
    >>> contradicted("cola", "DIET COLA"), contradicted("diet cola", "COLA"), contradicted("cola", "COLA, CHERRY")
    (('diet',), ('diet',), ())
    >>> contradicted("whole milk", "FAT FREE MILK"), contradicted("yogurt, unsweetened", "YOGURT, NO SUGAR ADDED")
    (('no_fat',), ())
    >>> contradicted("coke", "COKE ZERO"), contradicted("coke zero", "COCA-COLA ZERO SUGAR")
    (('no_sugar',), ())
    >>> contradicted("orange juice", "ORANGE JUICE, NO PULP"), contradicted("yogurt", "LOWFAT YOGURT", scanned=True)
    ((), ())
    """
    said, has = _all_words(text) | _all_words(brand), _all_words(product)
    denied = {other for word in said for other in contradicting(word)} & has
    denied |= {word for word in said if contradicting(word) & has}
    sugarless = _words_that_say("sugarless")
    kept_apart = _words_that_say("variant") | sugarless | {f"no_{word}" for word in _words_that_say("without")}
    unnamed = (has - said) & kept_apart
    if scanned:
        # "Unsweetened" is the plain one of milks and yogurts; "sugar free" is one of another recipe.
        unnamed &= sugarless | (frozenset() if "unsweetened" in plain_text(product) else {"no_sugar"})
    if said & _words_that_say("plants"):
        unnamed -= {"plant", "vegan"}  # of an oat drink it goes without saying
    apart = ((said - has) & kept_apart) | unnamed
    return tuple(sorted((denied | apart) - ({"no_gluten", "no_lactose", "no_dairy"} & has)))


def extra_words(text: str, brand: str, product: str, product_brand: str = "") -> int:
    """Return how many words a product has beyond those of the line and its brand: the fewer, the plainer it is.

    Examples
    --------
    >>> extra_words("cola", "Coca-Cola", "COCA-COLA, CHERRY COLA", "COCA-COLA")
    1
    """
    known = (
        set(content_words(text))
        | set(content_words(in_our_words(text)))
        | {stem(w) for b in (brand, product_brand) for w in brand_words(b)}
    )
    known |= _joined_pairs(content_words(text))
    return sum(word not in known for word in content_words(product.replace("-", " ")))


@lru_cache(maxsize=20_000)
def _in_other_words(word: str) -> frozenset[str]:
    """Return what a word is in food data: a "coke" is a cola, "crisps" are chips."""
    return frozenset(content_words(in_our_words(word)))


@lru_cache(maxsize=20_000)
def _all_words(text: str) -> frozenset[str]:
    plain = plain_text(text)
    words = split_words(plain).words
    # "Coke Zero": sugar is what there is none of.
    nothing_of = {f"no_{word}" for word in _words_that_say("without")} & set(words)
    zero = {"no_sugar"} if "zero" in plain.split() and not nothing_of else set()
    return frozenset(words) | zero
