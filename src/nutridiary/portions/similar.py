"""Find the foods close enough to lend a food a portion it does not have itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from nutridiary.portions.words import content_words, sort_words, vocabulary

if TYPE_CHECKING:
    from nutridiary.foods import FoodData

# Share of the words two descriptions have in common (of all the words of both) from which a food is close: of the
# same category, and of another one (data types divide foods differently). From ALIKE on it may lend a volume too.
CLOSE = 0.2
CLOSE_IN_ANOTHER_CATEGORY = 2 / 3
ALIKE = 0.5
MOST = 8
# Share of a recipe from which a food is that ingredient: FNDDS's raw banana is "Bananas, raw", a fried egg has fat.
NEARLY_ALL = 0.95
# A food lends no portion to one of more than twice its energy: a spoon of fish oil is no fillet of fish. The slack is
# for foods of next to no energy, where twice says nothing. [kcal per 100 g]
MOST_TIMES_ENERGY, ENERGY_SLACK = 2.0, 20.0

_INGREDIENTS = """
    SELECT ingredient.fdc_id, ingredient.seq, ingredient.grams, ingredient.description, lender.fdc_id
    FROM ingredients AS ingredient LEFT JOIN foods AS lender ON lender.ndb_number = ingredient.ingredient_code
    WHERE ingredient.fdc_id IN (SELECT value FROM json_each(?))
    ORDER BY ingredient.fdc_id, ingredient.seq, lender.fdc_id
"""


# Foods whose names begin with the same three letters as one asked for: all that can share its first word, in
# the plural too. Reading all foods takes six times as long.
_BEGINNING_ALIKE = """
    SELECT fdc_id, description, data_type, category FROM foods WHERE lower(substr(description, 1, 3)) IN
        (SELECT lower(substr(description, 1, 3)) FROM foods WHERE fdc_id IN (SELECT value FROM json_each(?)))
    ORDER BY fdc_id
"""


def close_foods(foods: FoodData, fdc_ids: Iterable[int]) -> dict[int, list[tuple[int, float]]]:
    """Return the foods close to each of `fdc_ids`, closest first, with how close they are.

    A close food begins with the same word ("Bread, ...") and shares at least a fifth of all words of the two
    descriptions and the category, or two thirds of the words. Its energy is not another food's: at most twice, at
    least half, as far as both are known.

    Parameters
    ----------
    foods : FoodData
    fdc_ids : iterable of int
        The foods that need a portion.

    Returns
    -------
    dict of int to list of (int, float)
        At most eight foods each, with the share of words in common [0 to 1]. Ties are broken by
        category, data type and then fdc_id.
    """
    asked = [int(fdc_id) for fdc_id in dict.fromkeys(fdc_ids)]
    # Foods by their first word: only those that share it are compared.
    called: dict[str, list[tuple[int, str, str, str]]] = {}
    rows = {}
    for row in foods.rows(_BEGINNING_ALIKE, (json.dumps(asked),)):
        first = content_words(row[1].partition(" ")[0])[:1]
        called.setdefault(first[0] if first else "", []).append(row)
        rows[row[0]] = row
    close = {fdc_id: _closest(rows[fdc_id], called) if fdc_id in rows else [] for fdc_id in asked}
    return _alike_in_energy(foods, close)


def _alike_in_energy(foods: FoodData, close: dict[int, list[tuple[int, float]]]) -> dict[int, list[tuple[int, float]]]:
    if not any(close.values()):
        return close
    everybody = dict.fromkeys([*close, *(other for others in close.values() for other, _ in others)])
    energy = foods.composition(everybody, ["energy"])["energy"].to_dict()

    def alike(one: int, other: int) -> bool:
        low, high = sorted((energy[one], energy[other]))
        # Unknown energy compares as false: such a food may lend as before.
        return not high > MOST_TIMES_ENERGY * low + ENERGY_SLACK

    return {one: [(other, share) for other, share in others if alike(one, other)] for one, others in close.items()}


def made_of(foods: FoodData, fdc_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the records each food is made of, where they are that same food by another name.

    FNDDS computes the nutrients of its simple foods from such records; those of SR Legacy have portions
    that FNDDS has given up: "1 small banana". Of "Carrots, raw" they are the mature and the baby carrots.

    Parameters
    ----------
    foods : FoodData
    fdc_ids : iterable of int

    Returns
    -------
    dict of int to list of int
        The ingredients that begin with the food's own first word, in the recipe's order, where together they
        are 95 % of its weight or more; a raw ingredient only of a food that is not cooked.
    """
    asked = [int(fdc_id) for fdc_id in dict.fromkeys(fdc_ids)]
    recipes: dict[int, list[tuple[int, float, str, int | None]]] = {fdc_id: [] for fdc_id in asked}
    for fdc_id, *ingredient in foods.rows(_INGREDIENTS, (json.dumps(asked),)):
        recipes[fdc_id].append(tuple(ingredient))
    names = foods.foods(asked)
    described = zip(names["fdc_id"].tolist(), names["description"].tolist(), strict=True)
    return {fdc_id: _same_food(description, recipes[fdc_id]) for fdc_id, description in described}


def _same_food(description: str, recipe: list[tuple[int, float, str, int | None]]) -> list[int]:
    first = content_words(description)[:1]
    grams = {seq: weight for seq, weight, _, _ in recipe}
    cooked = "cooked" in sort_words(description).forms

    def is_it(name: str) -> bool:
        return content_words(name)[:1] == first and not (cooked and "raw" in sort_words(name).forms)

    own = [(seq, lender) for seq, _, name, lender in recipe if is_it(name)]
    if sum(grams[seq] for seq in {seq for seq, _ in own}) < NEARLY_ALL * sum(grams.values()):
        return []
    return [int(lender) for _, lender in own if lender is not None]


def _closest(
    food: tuple[int, str, str, str], called: dict[str, list[tuple[int, str, str, str]]]
) -> list[tuple[int, float]]:
    fdc_id, description, data_type, category = food
    words = _words(description)
    first = content_words(description)[:1]
    found = []
    for other, its_description, its_type, its_category in called.get(first[0], []) if first else []:
        alike = _likeness(words, _words(its_description))
        same_category = category == its_category
        if other != fdc_id and alike >= (CLOSE if same_category else CLOSE_IN_ANOTHER_CATEGORY):
            found.append((-alike, not same_category, data_type != its_type, int(other)))
    return [(other, -minus) for minus, _, _, other in sorted(found)[:MOST]]


@cache
def _words(description: str) -> frozenset[str]:
    known = vocabulary()
    return frozenset(content_words(description)) - known.ignored - known.unsized


def _likeness(words: frozenset[str], others: frozenset[str]) -> float:
    return len(words & others) / max(1, len(words | others))
