"""What a person does not eat, as stated: diets, allergies, dislikes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from nutridiary.errors import NutridiaryError, did_you_mean, listing
from nutridiary.suggestions.exclusions import ALLERGEN, DIET, DISLIKE, known_names, word_pattern


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
        set_field(
            self, "allergies", _unique(_known_or_food(text, ALLERGEN, "allergy") for text in _texts(self.allergies))
        )
        set_field(self, "dislikes", _unique(_known_or_food(text, DISLIKE, "dislike") for text in _texts(self.dislikes)))

    @property
    def names(self) -> list[tuple[str, str]]:
        """Each wish as `exclusions` takes it: its kind and one name; a food by its name is a word."""
        allergens, groups = set(known_names(ALLERGEN).values()), set(known_names(DISLIKE).values())
        names = [(DIET, name) for name in self.diets]
        names += [(ALLERGEN if name in allergens else "word", name) for name in self.allergies]
        for name in self.dislikes:
            # A disliked group is left out, and so is what has its name: fish, and fish sauce.
            names += [(DISLIKE, name)] if name in groups else []
            names.append(("word", name))
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
    return [part.strip() for text in texts for part in str(text).split(",") if part.strip()]


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _diet(text: str) -> str:
    known = known_names(DIET)
    if text.casefold() not in known:
        names = sorted({name.replace("_", " ") for name in known.values()})
        raise NutridiaryError(f"unknown diet {text!r}.{did_you_mean(text, known)} Known are {listing(names)}.")
    return known[text.casefold()]


def _known_or_food(text: str, kind: str, called: str) -> str:
    """Return the one name of an allergen or a group, else the text itself where it is in the name of a food."""
    known = known_names(kind)
    if text.casefold() in known:
        return known[text.casefold()]
    names, words = _food_words()
    if any(character.isalnum() for character in text) and word_pattern(text).search(names):
        return text.casefold()
    near = did_you_mean(text, [*known, *words])
    raise NutridiaryError(
        f"{called} {text!r}: no food is called so.{near} Write a food or a group of foods as its name is: 'liver', "
        "'fish', 'peanuts'. Nothing is suggested until it is understood."
    )


@cache
def _food_words() -> tuple[str, list[str]]:
    """Return every name of every shipped food in one text, and the words of them."""
    import re

    from nutridiary.foods import load_foods

    names = "\n".join(load_foods().names()["name"]).casefold()
    return names, sorted(set(re.findall(r"[^\W\d_]{3,}", names)))
