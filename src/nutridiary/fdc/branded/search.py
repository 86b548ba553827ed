"""Finds products by words, with an amount of work that does not grow with how common the words are.

Products are numbered so that plain, current names come first, and hits are read in that order: of sixty
thousand products with both "cheddar" and "cheese" the first `MOST_HITS` are looked at, and these are put in
order of how close they are.
"""

# ruff: noqa: S608 -- the marks of parameters are counted; whatever comes from outside is a parameter.
from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nutridiary.fdc.branded.schema import BRAND_WORDS
from nutridiary.fdc.branded.words import is_near, plain_words, shortened, stem, words_of
from nutridiary.fdc.store import Store

MOST_WORDS_READ = 24
"""Words of a text or a brand that are looked at, the first: no name has more."""
MOST_WORDS = 8
"""Words of a search that count; of more, the rarest."""
MOST_HITS = 300
"""Products that are looked at, of those that hold all words."""
MOST_HITS_LACKING = 80
"""Products that are looked at, of those that lack one certain word."""
MOST_IN_TURN = 4
"""Words of a search of which each may be left out in turn."""
MOST_STEPS = 200_000
"""Products that are gone through, at most, to find what fewer words find; a step takes about 50 ns."""
MOST_BEGINNINGS = 24
"""Words an unfinished one may stand for: those of the most products."""
MOST_CORRECTIONS = 3
"""Words that one word nobody knows may stand for: those of the most products."""
RARER_CORRECTIONS = 10
"""How many times fewer products than the likeliest of them such a word may have."""


@dataclass(frozen=True)
class Term:
    """One word that is asked for: the words of the index that are meant, and how many products have them, about."""

    words: tuple[str, ...]
    products: int
    in_brand: bool = False

    def __str__(self) -> str:
        """Return the term as FTS5 reads it."""
        column = "brand : " if self.in_brand else ""
        return "(" + " OR ".join(f'{column}"{word}"' for word in self.words) + ")"


def places_of(store: Store, text: str, *, brand: str = "", limit: int = 20, unfinished: bool = False) -> list[int]:
    """Return the places of the products that hold the words of `text`, best first.

    The parameters are those of `nutridiary.fdc.branded.BrandedDatabase.search`.
    """
    of_brand = [_term(store, word, in_brand=True) for word in _once(words_of(brand))]
    if any(not term.words for term in of_brand) or (brand.strip() and not of_brand):
        return []
    asked = _terms(store, text, unfinished=unfinished)
    terms = sorted((term for term in asked if term.words), key=lambda term: term.products)[:MOST_WORDS]
    if not terms and (asked or not of_brand):
        return []
    found = dict.fromkeys(_hits(store, [*terms, *of_brand], MOST_HITS))
    if len(found) < limit and len(terms) > 1:
        tries = _Tries(store, of_brand)
        for some in tries.without_one(terms) if found else tries.together(terms):
            found |= dict.fromkeys(_hits(store, [*some, *of_brand], MOST_HITS_LACKING))
    return _best(store, list(found), terms, words_of(text))[:limit]


class _Tries:
    """Looks for what products hold of the words that are asked for, until that has taken enough steps."""

    def __init__(self, store: Store, of_brand: list[Term]) -> None:
        self._store, self._of_brand = store, of_brand
        self._left = MOST_STEPS

    def without_one(self, terms: list[Term]) -> list[list[Term]]:
        """Return what is asked for with one word fewer: of few words, each in turn; of more, the commonest."""
        turns = range(len(terms)) if len(terms) <= MOST_IN_TURN else [len(terms) - 1]
        fewer = [terms[:left_out] + terms[left_out + 1 :] for left_out in turns]
        return [some for some in fewer if self._may_try(some)]

    def together(self, terms: list[Term]) -> list[list[Term]]:
        """Return words that products have together, as many as go: beginning with each of the rarest."""
        sets: dict[frozenset[Term], list[Term]] = {}
        never = {frozenset(terms)}
        for first in terms[:MOST_IN_TURN]:
            some = [first]
            for term in terms:
                more = [*some, term]
                if term is first or frozenset(more) in never or not self._may_try(more):
                    continue
                if any(_hits(self._store, [*more, *self._of_brand], 1)):
                    some = more
                else:
                    never.add(frozenset(more))
            sets.setdefault(frozenset(some), some)
        return list(sets.values())

    def _may_try(self, some: list[Term]) -> bool:
        """Tell whether there is time to look for products that hold all of these, and take it."""
        steps = min(term.products for term in [*some, *self._of_brand])
        if steps > self._left:
            return False
        self._left -= steps
        return True


def _terms(store: Store, text: str, *, unfinished: bool) -> list[Term]:
    """Return the words that are asked for, each once; a term without words is one that no product has."""
    if not unfinished or not (written := plain_words(text)):
        return [_term(store, word) for word in _once(words_of(text))]
    finished = [_term(store, word) for word in _once(words_of(" ".join(written[:-1])))]
    return [*finished, _begun(store, written[-1])]


def _once(words: list[str]) -> list[str]:
    """Return the first words, each once."""
    return list(dict.fromkeys(words))[:MOST_WORDS_READ]


def _term(store: Store, word: str, *, in_brand: bool = False) -> Term:
    known = store.rows("SELECT products FROM word WHERE word = ?", (word,))
    if known:
        return Term((word,), known[0][0], in_brand)
    near = _near(store, word)
    return Term(tuple(word for word, _ in near), sum(products for _, products in near), in_brand)


def _begun(store: Store, beginning: str) -> Term:
    """Return the words that begin so, and the one it is if it was finished: "cherry" is known by its stem."""
    whole = stem(beginning)
    rows = store.rows(
        "SELECT word, products FROM word WHERE (word >= ?1 AND word < ?2) OR word = ?3 "
        "ORDER BY word = ?3 DESC, products DESC, word LIMIT ?4",
        (beginning, beginning + "\U0010ffff", whole, MOST_BEGINNINGS),
    )
    return Term(tuple(word for word, _ in rows), sum(products for _, products in rows)) if rows else _term(store, whole)


def _near(store: Store, word: str) -> list[tuple[str, int]]:
    """Return the words that differ from one nobody knows by one letter, and their products."""
    if len(word) < 4 or not word.isalpha():
        return []
    forms = sorted({word} | shortened(word))
    marks = ", ".join("?" * len(forms))
    rows = store.rows(
        f"SELECT word, products FROM word WHERE word IN (SELECT word FROM misspelt WHERE form IN ({marks})) "
        f"OR (products > 2 AND length(word) > 3 AND word IN ({marks})) ORDER BY products DESC, word",
        (*forms, *forms),
    )
    near = [(other, products) for other, products in rows if is_near(word, other)][:MOST_CORRECTIONS]
    return [(other, products) for other, products in near if products * RARER_CORRECTIONS >= near[0][1]]


def _hits(store: Store, terms: Sequence[Term], most: int) -> Iterator[int]:
    sql = "SELECT rowid FROM product_index WHERE product_index MATCH ? ORDER BY rowid LIMIT ?"
    for (place,) in store.rows(sql, (" AND ".join(map(str, terms)), most)):
        yield place


def _best(store: Store, places: list[int], terms: Sequence[Term], asked: list[str]) -> list[int]:
    """Return places by how close their products are to what was asked.

    First those that hold the most words, a rare word counting more; then those whose name says the least besides,
    brands not counted; then those that say it in the name itself, and in few words. Of equals the plainest comes first.
    """
    weights = [math.log(1 + 1e7 / (term.products + 1)) for term in terms]
    wanted = [frozenset(term.words) for term in terms]
    meant = frozenset().union(*wanted)

    def closeness(place: int, name: list[str], brand: frozenset[str]) -> tuple[float, int, int, bool, int, int]:
        in_name = [not words.isdisjoint(name) for words in wanted]
        held = sum(
            weight
            for weight, words, is_in_name in zip(weights, wanted, in_name, strict=True)
            if is_in_name or not words.isdisjoint(brand)
        )
        besides = sum(word not in meant and word not in brand for word in name)
        return -held, besides, -sum(in_name), name != asked, len(name), place

    marks = ", ".join("?" * len(places))
    rows = store.rows(f"SELECT place, description, {BRAND_WORDS} FROM food WHERE place IN ({marks})", places)
    ranked = sorted(closeness(place, words_of(name), frozenset(words_of(brand))) for place, name, brand in rows)
    return [place for *_, place in ranked]
