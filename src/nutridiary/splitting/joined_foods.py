"""What people join in words: `data/joined_foods.csv`, by the rule that holds for it.

whole
    A phrase that is never cut: "salt and vinegar".
named
    A dish that says before its name what is inside: "cheese and pickle sandwich".
flavored
    The same, where the food it would then be exists, or the second alone does not: "apple and mango juice".
outside, drink
    What is never inside such a dish: "coffee and blueberry muffin". Milk added to a drink is no glass of milk.
filled
    A dish that says after "with" what is inside: "pizza with pepperoni".
aside
    What is eaten beside such a dish all the same: "curry with rice".
spread, sandwich
    What is beside other dishes but inside such a one: "tuna sandwich with mayonnaise".
under
    What something lies on, so that "on" joins two foods: "eggs on toast".
kept
    A word that says how a food is, and is none of its own: "with skin".
kind
    A word that after a comma says which kind of food it is: "protein shake, chocolate".
apart
    Two foods said in one: "avocado toast"; or named by words that mean others alone: "fish and chips".
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache

from nutridiary.data_files import data_file
from nutridiary.matching.synonyms import alias_of, in_our_words
from nutridiary.matching.words import group_of, plain_text, split_words, stem

RULES = (
    *("whole", "named", "flavored", "outside", "drink", "filled", "aside", "spread", "sandwich", "under", "kept"),
    *("kind", "apart"),
)


@dataclass(frozen=True)
class JoinedFoods:
    """The table, ready to use.

    Attributes
    ----------
    whole : re.Pattern
        Finds the phrases that no joint inside them cuts, those said apart among them.
    apart : dict
        The foods of a text that says several in one.
    stems : dict
        Of every other rule, the stems of its words, each a tuple as long as the phrase.
    """

    whole: re.Pattern[str]
    apart: dict[str, tuple[str, ...]]
    stems: dict[str, frozenset[tuple[str, ...]]]


@cache
def load_joined_foods() -> JoinedFoods:
    """Return the shipped table."""
    with data_file("joined_foods.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    phrases = sorted((row["words"] for row in rows if row["rule"] in ("whole", "apart")), key=len, reverse=True)
    loose = (re.escape(phrase).replace(r"\ and\ ", r"(?:\s*&\s*|\s+(?:and|n)\s+)") for phrase in phrases)
    return JoinedFoods(
        whole=re.compile(rf"(?<!\w)(?:{'|'.join(loose)})(?:s|es)?(?!\w)", re.IGNORECASE),
        apart={row["words"]: tuple(row["parts"].split(";")) for row in rows if row["rule"] == "apart"},
        stems={
            rule: frozenset(
                form
                for row in rows
                if row["rule"] == rule
                for form in (_stems(row["words"]), _stems(in_our_words(row["words"])))
            )
            for rule in RULES
            if rule not in ("whole", "apart")
        },
    )


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in split_words(plain_text(text)).words)


def names_one_of(text: str, rule: str, *, as_written: bool = False) -> bool:
    """Whether what a text is about, its last words before a comma or "with", falls under a rule.

    Our words for it count too, unless it is asked `as_written`.

    Examples
    --------
    >>> names_one_of("a cheese sandwich", "named"), names_one_of("sandwich pickle", "named")
    (True, False)
    """
    readings = {plain_text(text)} if as_written else {plain_text(text), in_our_words(text)}
    return any(_is_about_one_of(words, load_joined_foods().stems[rule]) for words in readings)


def _is_about_one_of(words: str, forms: frozenset[tuple[str, ...]]) -> bool:
    stems = _stems(re.split(r"[,(]|\b(?:with|in|on|from)\b", words, maxsplit=1)[0])
    return any(stems[-len(form) :] == form for form in forms)


def all_kept(text: str) -> bool:
    """Whether every word of a text only says how a food is.

    Examples
    --------
    >>> all_kept("sea salt"), all_kept("salted butter")
    (True, False)
    """
    kept = load_joined_foods().stems["kept"]
    stems = _stems(text)
    return all((word,) in kept or word.startswith("no_") for word in stems)


def says_which(text: str) -> bool:
    """Whether a text only says which kind of food is meant.

    Examples
    --------
    >>> says_which("chocolate"), says_which("chocolate cake")
    (True, False)
    """
    kinds = load_joined_foods().stems["kind"]
    return all((word,) in kinds for word in _stems(text))


def says_how(text: str) -> bool:
    """Whether a text begins or ends with how a food was made: "canned in water", "stir fried".

    Examples
    --------
    >>> says_how("canned in water"), says_how("baked potato"), says_how("toast"), says_how("stir fried")
    (True, False, False, True)
    """
    words = [word for word in plain_text(text).split() if word.isalpha()]
    if not words or alias_of(text) is not None:
        return False
    groups = [group_of(word) for word in words]
    return groups[-1] == "state" or (groups[0] == "state" and groups[1] in ("stop", "state"))


def foods_said_in_one(text: str) -> tuple[str, ...]:
    """Return the foods of a text that says several in one; the text itself where it does not.

    Examples
    --------
    >>> foods_said_in_one("avocado toast"), foods_said_in_one("french toast")
    (('avocado', 'toast'), ('french toast',))
    """
    return load_joined_foods().apart.get(plain_text(text), (text,))
