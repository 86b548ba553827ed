"""What a person does not eat, as stated: diets, allergies, dislikes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

from nutridiary.errors import NutridiaryError, did_you_mean, listing
from nutridiary.fdc.installed import release_in_use
from nutridiary.suggestions.exclusions import (
    ALLERGEN,
    DIET,
    DISLIKE,
    allergens_named_in,
    known_names,
    word_pattern,
)

_AROUND = re.compile(r"^(?:no|without|allergic to|allergy to)\s+|[\s-]+(?:free|allerg(?:y|ies|ic)|intoleran(?:ce|t))$")
"""What may stand around the name of an allergen: "gluten-free", "peanut allergy"."""

_LEAST_LETTERS = 3
"""Shorter texts are in names by chance: "no", "n/a"."""

_IN_NO_NAME = frozenset({"gluten", "wheat", "lactose", "tree nuts", "crustaceans", "molluscs", "sulphites"})
"""Allergens that somebody may wish to leave out, and that are in the name of few foods which hold them."""


@dataclass(frozen=True)
class Wishes:
    """What is not to be suggested to anybody of a diary.

    Attributes
    ----------
    diets : tuple of str
        Names of ``data/food_exclusions.csv``, or what else they are called: ``"vegan"``, ``"gluten-free"``.
    allergies : tuple of str
        The allergens that must be declared on labels in the EU and the US, or any food by its name. Nothing is
        assumed where none is stated, and the report says that none was.
    dislikes : tuple of str
        Foods, or groups of foods, by name: ``"liver"``, ``"fish"``. A text may hold several, between commas.

    Raises
    ------
    NutridiaryError
        If a diet is unknown, or a word is in the name of no food: nothing that is stated is passed over.

    Examples
    --------
    >>> Wishes(diets=("plant-based",), allergies=("peanut",), dislikes=("fish, kale",))
    Wishes(diets=('vegan',), allergies=('peanuts',), dislikes=('fish', 'kale'))
    >>> Wishes(diets=("vegen",))
    Traceback (most recent call last):
        ...
    nutridiary.errors.NutridiaryError: unknown diet 'vegen'. Did you mean 'vegan'? Known are dairy free, gluten free, halal, kosher, lactose free, no pork, pescatarian, vegan, vegetarian.
    """  # noqa: E501

    diets: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Bring every wish to its one name, and refuse what is not understood."""
        set_field = object.__setattr__  # the class is frozen; this is its only writing
        set_field(self, "diets", _unique(_diet(text) for text in _texts(self.diets)))
        set_field(self, "allergies", _unique(name for text in _texts(self.allergies) for name in _allergies(text)))
        set_field(self, "dislikes", _unique(name for text in _texts(self.dislikes) for name in _dislikes(text)))

    @property
    def names(self) -> list[tuple[str, str]]:
        """Each wish as `exclusions` takes it: its kind and one name; a food by its name is a word."""
        allergens, groups = set(known_names(ALLERGEN).values()), set(known_names(DISLIKE).values())
        unseen = {known_names(ALLERGEN)[name] for name in _IN_NO_NAME}
        names = [(DIET, name) for name in self.diets]
        names += [(ALLERGEN if name in allergens else "word", name) for name in self.allergies]
        for name in self.dislikes:
            # A disliked group is left out, and so is what has its name: fish, and fish sauce.
            names += [(DISLIKE, name)] if name in groups else [(ALLERGEN, name)] if name in unseen else []
            names.append(("word", name.replace("_", " ")))
        return names

    @property
    def said(self) -> dict[str, str]:
        """The wishes in words, for a report's list of what was asked for."""
        return {
            "diets": _in_words(self.diets),
            "allergies": _in_words(self.allergies),
            "dislikes": _in_words(self.dislikes),
        }


def _in_words(names: tuple[str, ...]) -> str:
    return ", ".join(name.replace("_", " ") for name in names) or "none stated"


def _texts(given: Iterable[str] | str) -> list[str]:
    texts = [given] if isinstance(given, str) else list(given)
    return [part.strip() for text in texts for part in re.split(r"[,;\n]", str(text)) if part.strip()]


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _diet(text: str) -> str:
    known = known_names(DIET)
    if text.casefold() not in known:
        names = sorted({name.replace("_", " ") for name in known.values()})
        raise NutridiaryError(f"unknown diet {text!r}.{did_you_mean(text, known)} Known are {listing(names)}.")
    return known[text.casefold()]


def _allergies(text: str) -> list[str]:
    """Return the allergens that a text names, by their one name, and the food it names besides.

    Who states an allergy to a part or a member of an allergen (whey, egg white, salmon, peanut butter) has it to all.
    """
    known, plain = known_names(ALLERGEN), _AROUND.sub("", text.casefold())
    for called in (text.casefold(), plain, re.sub(r"[-_]", " ", plain)):
        if called in known:
            return [known[called]]
    allergens = allergens_named_in(plain)
    if any(word_pattern(called).fullmatch(plain) for called in known):
        return allergens
    if _is_in_a_name(plain):
        return [*allergens, plain]
    return _each(text, plain, _allergies) or _refuse("allergy", text, known)


def _dislikes(text: str) -> list[str]:
    """Return the group of foods that a text names, or the allergen, by its one name; else the food itself."""
    known, plain = known_names(DISLIKE), text.casefold()
    if plain in known:
        return [known[plain]]
    if plain in _IN_NO_NAME:
        return [known_names(ALLERGEN)[plain]]
    if _is_in_a_name(plain):
        return [plain]
    return _each(text, plain, _dislikes) or _refuse("dislike", text, known)


def _each(text: str, plain: str, read: Callable[[str], list[str]]) -> list[str]:
    """Return what each part of "milk and eggs" names; nothing where a text has no parts."""
    parts = [part.strip() for part in re.split(r"\s+(?:and|or)\s+|[/&+]", plain) if part.strip()]
    return [name for part in parts for name in read(part)] if len(parts) > 1 else []


def _is_in_a_name(text: str) -> bool:
    """Return whether a text of three letters or more is in the name of a food."""
    letters = sum(character.isalpha() for character in text)
    return letters >= _LEAST_LETTERS and bool(word_pattern(text).search(_food_words(release_in_use())[0]))


def _refuse(called: str, text: str, known: Iterable[str]) -> NoReturn:
    names = [name.replace("_", " ") for name in known]
    alike = [
        word
        for word in _food_words(release_in_use())[1]
        if word[0] == text[0].casefold() and abs(len(word) - len(text)) <= 2
    ]
    near = did_you_mean(text, [*names, *alike])
    groups = listing(sorted({name.replace("_", " ") for name in known_names(ALLERGEN).values()}), most=20)
    raise NutridiaryError(
        f"{called} {text!r}: no food is called so.{near} Write a food or a group of foods in English, as its name is: "
        f"'liver', 'strawberries', or one of {groups}. Nothing is suggested until it is understood."
    )


@cache
def _food_words(release: str) -> tuple[str, list[str]]:
    """Return every name of every food of a release in one text, and the words of them."""
    from nutridiary.foods import load_foods

    names = "\n".join(load_foods(release=release).names()["name"]).casefold()
    return names, sorted(set(re.findall(r"[^\W\d_]{3,}", names)))
