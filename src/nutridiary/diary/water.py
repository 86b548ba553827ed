"""Lines that are water and nothing else."""

from __future__ import annotations

import re

from nutridiary.diary.words import word_list

_BETWEEN_WORDS = re.compile(r"[\s,()]+")


def is_only_water(food_text: str | None) -> bool:
    """Tell whether a food is plain water; waters with something in them (mineral, coconut, lemon) are foods.

    Examples
    --------
    >>> [is_only_water(text) for text in ("Water", "tap water, cold", "Coconut water", "water melon", None)]
    [True, True, False, False, False]
    """
    words = [word for word in _BETWEEN_WORDS.split((food_text or "").lower().strip(" .")) if word]
    meanings = {word_list("water").get(word) for word in words}
    return "water" in meanings and meanings <= {"water", "kind of water"}
