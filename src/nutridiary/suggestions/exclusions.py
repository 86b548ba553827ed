"""Which foods a diet, an allergy or a dislike leaves out (``data/food_exclusions.csv``).

A food is judged by its group, by its names, and by the names of what it is made of, down through the recipes of FNDDS.
Every rule errs on the side of leaving a food out: a dish whose recipe differs from maker to maker is left out whole.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nutridiary.data_files import data_file
from nutridiary.food_groups import food_group_of

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

DIET, ALLERGEN, DISLIKE = "diet", "allergen", "dislike"
_DEEPEST = 6
"""Recipes within recipes of FNDDS are at most this deep; a bound against a circle in the data."""
_LEAST_FOOD_CODE = 10_000_000
"""Ingredient codes from here on are food codes of FNDDS, whose own ingredients are looked at, too."""


@dataclass(frozen=True)
class Rule:
    """What leaves a food out.

    Attributes
    ----------
    kind, name : str
        `DIET`, `ALLERGEN` or `DISLIKE`, and its one name.
    by : str
        group (of ``food_groups.csv``), word (at the beginning of a word of its names or ingredients), or as: all that
        another name leaves out.
    values : tuple of str
        Groups, beginnings of words, or names.
    unless : tuple of str
        Words that are no sign of it ("butternut"); for ``as``, words of a food's name that keep it ("lactose free").
    """

    kind: str
    name: str
    by: str
    values: tuple[str, ...]
    unless: tuple[str, ...]


@cache
def load_rules() -> tuple[Rule, ...]:
    """Return the rules of ``data/food_exclusions.csv``, each with its source there."""
    return tuple(
        Rule(row["kind"], row["name"], row["by"], _parts(row["value"], "|"), _parts(row["unless"], "|"))
        for row in _rows()
    )


@cache
def known_names(kind: str) -> Mapping[str, str]:
    """Return what each kind of wish may be called, lower case, and its one name.

    Examples
    --------
    >>> known_names("allergen")["sulfites"], known_names("diet")["plant-based"]
    ('sulphites', 'vegan')
    """
    names: dict[str, str] = {}
    for row in _rows():
        if row["kind"] == kind:
            for called in (row["name"], row["name"].replace("_", " "), *_parts(row["also_called"], ";")):
                names.setdefault(called.casefold(), row["name"])
    return names


def allergens_named_in(text: str) -> list[str]:
    """Return the allergens that a text names by any of the names they have, in the singular or plural.

    Examples
    --------
    >>> allergens_named_in("egg whites"), allergens_named_in("peanut butter"), allergens_named_in("kiwi")
    (['eggs'], ['peanuts'], [])
    """
    unless = {rule.name: rule.unless for rule in load_rules() if rule.kind == ALLERGEN and rule.by == "word"}
    found: dict[str, None] = {}
    for called, name in known_names(ALLERGEN).items():
        no_sign = unless.get(name, ())
        rest = _pattern(no_sign).sub(" ", text.casefold()) if no_sign else text.casefold()
        if word_pattern(called).search(rest):
            found[name] = None
    return list(found)


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with data_file("food_exclusions.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def _parts(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(separator) if part)


@dataclass(frozen=True)
class FoodTexts:
    """What some foods are called and made of, lower case, and their groups.

    Attributes
    ----------
    names : dict of int to str
        By fdc_id: description and aliases, a line each.
    ingredients : dict of int to str
        The same of what it is made of; empty where no recipe is known.
    groups : dict of int to str
    """

    names: Mapping[int, str]
    ingredients: Mapping[int, str]
    groups: Mapping[int, str]

    @classmethod
    def of(cls, fdc_ids: Iterable[int], foods: FoodData) -> FoodTexts:
        """Return the texts of these foods.

        Raises
        ------
        FoodDataError
            If a food is unknown.
        """
        asked = list(dict.fromkeys(int(fdc_id) for fdc_id in fdc_ids))
        names = _names(asked, foods)
        made_of = _ingredients(asked, foods)
        return cls(
            {fdc_id: "\n".join(names[fdc_id]).casefold() for fdc_id in asked},
            {fdc_id: "\n".join(made_of[fdc_id]).casefold() for fdc_id in asked},
            dict(zip(asked, food_group_of(asked, foods).reindex(asked), strict=True)),
        )


def _names(fdc_ids: list[int], foods: FoodData) -> dict[int, list[str]]:
    described = foods.foods(fdc_ids)
    names = {int(food): [str(name)] for food, name in zip(described["fdc_id"], described["description"], strict=True)}
    aliases = foods.aliases(fdc_ids)
    for food, alias in zip(aliases["fdc_id"], aliases["alias"], strict=True):
        names[int(food)].append(str(alias))
    return names


def _ingredients(fdc_ids: list[int], foods: FoodData) -> dict[int, list[str]]:
    """Return the names of everything each food is made of, through recipes within recipes."""
    direct: dict[int, tuple[list[str], list[int]]] = {food: ([], []) for food in fdc_ids}
    open_ids = list(fdc_ids)
    for _ in range(_DEEPEST):
        rows = foods.ingredients(open_ids)
        codes = rows["ingredient_code"].astype("int64")
        within = foods.with_codes(codes[codes >= _LEAST_FOOD_CODE])
        of_code = {int(code): int(food) for code, food in zip(within["food_code"], within["fdc_id"], strict=True)}
        open_ids = [food for food in of_code.values() if food not in direct]
        direct |= {food: ([], []) for food in open_ids}
        for food, code, name in zip(rows["fdc_id"], codes, rows["description"], strict=True):
            direct[int(food)][0].append(str(name))
            if code in of_code:
                direct[int(food)][1].append(of_code[code])
        if not open_ids:
            break
    return {fdc_id: _all_of(fdc_id, direct, _DEEPEST) for fdc_id in fdc_ids}


def _all_of(fdc_id: int, direct: Mapping[int, tuple[list[str], list[int]]], deep: int) -> list[str]:
    named, inner = direct[fdc_id]
    if not deep:
        return list(named)
    return [*named, *(text for food in inner for text in _all_of(food, direct, deep - 1))]


def excluded_by(kind: str, name: str, texts: FoodTexts) -> set[int]:
    """Return the foods that a diet or an allergen, by its one name, leaves out.

    Parameters
    ----------
    kind : str
        `DIET`, `ALLERGEN` or `DISLIKE`.
    name : str
        As `known_names` gives it.
    texts : FoodTexts

    Returns
    -------
    set of int
        fdc_ids.

    Examples
    --------
    >>> from nutridiary.foods import load_foods
    >>> texts = FoodTexts.of([173944, 2705385], load_foods())  # a banana, and whole milk
    >>> excluded_by("diet", "vegan", texts), excluded_by("allergen", "peanuts", texts)
    ({2705385}, set())
    """
    out: set[int] = set()
    for rule in load_rules():
        if (rule.kind, rule.name) != (kind, name):
            continue
        if rule.by == "as":
            out |= {food for food in _excluded_as(rule, texts) if not _holds(rule.unless, texts.names[food])}
        elif rule.by == "group":
            out |= {food for food, group in texts.groups.items() if group in rule.values}
        else:
            out |= {food for food in texts.names if _named(rule, texts.names[food] + "\n" + texts.ingredients[food])}
    return out


def _excluded_as(rule: Rule, texts: FoodTexts) -> set[int]:
    out: set[int] = set()
    for value in rule.values:
        for kind in (rule.kind, ALLERGEN):
            if value in known_names(kind).values():
                out |= excluded_by(kind, value, texts)
                break
    return out


def _named(rule: Rule, text: str) -> bool:
    if rule.unless:
        text = _pattern(rule.unless).sub(" ", text)
    return bool(_pattern(rule.values).search(text))


def _holds(words: tuple[str, ...], text: str) -> bool:
    return bool(words) and bool(_pattern(words).search(text))


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<![a-z])(?:" + "|".join(map(re.escape, words)) + ")")


def holds_word(word: str, texts: FoodTexts) -> set[int]:
    """Return the foods whose names or ingredients hold a word, in the singular or plural.

    Examples
    --------
    >>> from nutridiary.foods import load_foods
    >>> holds_word("bananas", FoodTexts.of([173944, 2705385], load_foods()))
    {173944}
    """
    pattern = word_pattern(word)
    return {food for food in texts.names if pattern.search(texts.names[food] + "\n" + texts.ingredients[food])}


@cache
def word_pattern(word: str) -> re.Pattern[str]:
    """Return what finds a word or several in a row, in the singular or plural."""
    parts = [_either_number(part) for part in re.findall(r"\w+", word.casefold())]
    return re.compile(r"(?<!\w)" + r"\W+".join(parts) + r"(?!\w)")


def _either_number(word: str) -> str:
    if len(word) <= 3:
        return re.escape(word) + "s?"
    if word.endswith("ies") or word.endswith("y"):
        return re.escape(word[:-3] if word.endswith("ies") else word[:-1]) + "(?:y|ies|ie)"
    stem = word[:-2] if word.endswith("oes") else word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    return re.escape(stem) + "(?:s|es)?"


def exclusions(names: Iterable[tuple[str, str]], texts: FoodTexts) -> pd.Series:
    """Return why each food is left out, for a list of wishes.

    Parameters
    ----------
    names : iterable of (str, str)
        Kind and one name: ``("allergen", "milk")``; or ``("word", "liver")``, for any word.
    texts : FoodTexts

    Returns
    -------
    pandas.Series
        Indexed by fdc_id: the first wish that leaves the food out, "allergen milk"; missing where none does.
    """
    import pandas as pd

    why: dict[int, str | None] = dict.fromkeys(texts.names)
    for kind, name in names:
        out = holds_word(name, texts) if kind == "word" else excluded_by(kind, name, texts)
        for food in out:
            why[food] = why[food] or f"{kind} {name}"
    return pd.Series(why, dtype="str", name="excluded_by").rename_axis("fdc_id")
