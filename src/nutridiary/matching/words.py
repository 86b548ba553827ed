"""From a text to the words that matching compares.

The same rules read what a person wrote and what a food is called, so that the two can meet:
accents and case go, "w/" is "with", "2 %" is one word, a negated word ("no sugar", "sugar free",
"without milk") becomes one word of its own that can never match the thing itself, and an inflected
word meets its stem.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from nutridiary.data_files import data_file

LONGEST_TEXT = 400  # [characters] a diary line says what the food is well before; what follows is not read

_SHORTHAND = (
    (re.compile(r"\bw\s*/\s*o\b"), " without "),
    (re.compile(r"\bw\s*/\s*|(?<=\w )w (?=[a-z]{2})"), " with "),
    (re.compile(r"(?<=\w)['’`](?=s\b)"), ""),
    (re.compile(r"['’`]"), ""),
    (re.compile(r"\b(\w{1,2})&(?=\w{1,2}\b)"), r"\1"),  # M&Ms, PB&J, A&W
    (re.compile(r"[&+]"), " and "),
    (re.compile(r"(\d)\s*(?:%|percent\b)"), r"\1% "),
    (re.compile(r"\bns as to (?:(?:light, heavy,|fresh, smoked) or )?[^,;()]*"), " nfs "),
    (re.compile(r"\b(?:unknown|other|unspecified) (?:kind|type|cut|brand)\b|\b(?:kind|type|brand) unknown\b"), " nfs "),
    (re.compile(r"(?<=\d)[,.](?=\d)"), "."),
    (re.compile(r"\bother than\b"), "not"),
    (re.compile(r"\bfrom raw\b"), " "),  # cooked at home: the food itself is not raw
    (re.compile(r"\bbaby (?:toddler|foods?)\b"), "babyfood"),
)
_WORD = re.compile(r"\d+(?:\.\d+)?%|[^\W_]+|[,;()/]")
_NEGATIONS = frozenset({"no", "not", "without", "non", "zero", "excluding", "minus", "hold", "nothing"})
_FREE_OF = frozenset({"fat", "sugar", "caffeine", "lactose", "gluten", "dairy", "salt", "sodium", "cholesterol", "egg"})
_BETWEEN = frozenset({"added", "any", "of", "the", "contain", "contains", "include", "other"})
_SAME_WORD = {
    "nonfat": ("no_fat",),
    "fatfree": ("no_fat",),
    "skim": ("no_fat",),
    "skimmed": ("no_fat",),
    "lowfat": ("low", "fat"),
    "sugarfree": ("no_sugar",),
    "sugarless": ("no_sugar",),
    "unsweetened": ("no_sugar",),
    "unsalted": ("no_salt",),
    "saltless": ("no_salt",),
    "dairyfree": ("no_dairy",),
    "nondairy": ("no_dairy",),
    "glutenfree": ("no_gluten",),
    "decaf": ("decaffeinated",),
    "no_caffeine": ("decaffeinated",),
    "no_sodium": ("no_salt",),
    "lite": ("light",),
    "doughnut": ("donut",),
    "doughnuts": ("donut",),
    "yoghurt": ("yogurt",),
    "yoghurts": ("yogurt",),
    "yogourt": ("yogurt",),
    "catsup": ("ketchup",),
    "chilli": ("chili",),
    "chillies": ("chili",),
    "chile": ("chili",),
    "chiles": ("chili",),
    "flavoured": ("flavored",),
    "flavour": ("flavor",),
    "fibre": ("fiber",),
    "veg": ("vegetable",),
    "veggie": ("vegetable",),
    "veggies": ("vegetable",),
    "bbq": ("barbecue",),
    "toast": ("toasted", "bread"),
    "sourdough": ("sour", "dough"),
    "meatloaf": ("meat", "loaf"),
    "lasagne": ("lasagna",),
    "omelette": ("omelet",),
    "omelettes": ("omelet",),
    "omlet": ("omelet",),
    "omlette": ("omelet",),
    "barbeque": ("barbecue",),
    "mayo": ("mayonnaise",),
}


@dataclass(frozen=True)
class Words:
    """A text as words.

    Attributes
    ----------
    words : tuple of str
        In the order written, joining words left out, negated words as ``no_sugar``.
    head : str
        The word that names the food: the last content word before a comma or "with", "in", "on".
        Empty where the text has none.
    not_specified : bool
        Whether the text says "NFS", "NS as to" or "unknown kind".
    leading : int
        How many of the words stand before the first comma or "with": what the text is about.
    beside : int
        How many of the words stand before the first "with": what follows is said of another food.
    """

    words: tuple[str, ...]
    head: str
    not_specified: bool
    leading: int
    beside: int


@cache
def word_groups() -> dict[str, str]:
    """Return the group of each word of `data/matching_words.csv`: state, level, place, filler ..."""
    with data_file("matching_words.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["group"] for row in csv.DictReader(file)}


def group_of(word: str) -> str:
    """Return the group of a word; ``"content"`` where it has none.

    Examples
    --------
    >>> group_of("fried"), group_of("salmon"), group_of("no_sugar"), group_of("2%"), group_of("12")
    ('state', 'content', 'level', 'level', 'amount')
    """
    if word.startswith("no_") or word.endswith("%"):
        return "level"
    if word.isdigit():
        return "amount"
    return word_groups().get(word, "content")


@cache
def cooking_words() -> frozenset[str]:
    """Return the words of `data/matching_words.csv` that say a food was cooked."""
    with data_file("matching_words.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["word"] for row in csv.DictReader(file) if row["why"] == "cooked")


@cache
def as_bought_words() -> frozenset[str]:
    """Return the words that say a food was weighed as it is bought, before it took up or lost water."""
    return frozenset({"raw", "dry", "uncooked", "unprepared", "unpopped"})


@cache
def _food_kinds() -> dict[str, str]:
    with data_file("food_kinds.csv").open(encoding="utf-8", newline="") as file:
        return {stem(row["word"]): row["kind"] for row in csv.DictReader(file)}


def kind_of(word: str) -> str | None:
    """Return what kind of food a word names, by `data/food_kinds.csv`; None where it is not there.

    Examples
    --------
    >>> kind_of("strawberries"), kind_of("penne"), kind_of("chicken")
    ('fruit', 'pasta', None)
    """
    return _food_kinds().get(stem(word))


def contradicting(word: str) -> frozenset[str]:
    """Return the words that a name must not have for `word` to be true of it.

    Examples
    --------
    >>> sorted(contradicting("no_sugar")), sorted(contradicting("sauteed")), "cooked" in contradicting("raw")
    (['sugar'], ['no_sauteed', 'raw'], True)
    """
    if word.startswith("no_"):
        return frozenset({word[3:]})
    if word in cooking_words():
        return frozenset({"raw", f"no_{word}"}) | _opposites().get(word, frozenset())
    if word in ("raw", "uncooked"):
        return cooking_words()
    return _opposites().get(word, frozenset()) | {f"no_{word}"}


@cache
def _opposites() -> dict[str, frozenset[str]]:
    """Return the words that contradict a word, of `data/matching_opposites.csv`."""
    found: dict[str, set[str]] = {}
    with data_file("matching_opposites.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["written"], set()).add(row["contradicts"])
    return {word: frozenset(words) for word, words in found.items()}


@cache
def groups_of_stems() -> dict[str, str]:
    """Return the group of the stem of each word of `data/matching_words.csv`."""
    groups: dict[str, str] = {}
    for word, group in word_groups().items():
        if group != "stop":
            groups.setdefault(stem(word), group)
    return groups


def plain_text(text: str) -> str:
    """Return `text` in lower case without accents, shorthand written out, cut to what is read.

    Examples
    --------
    >>> plain_text("Crème brûlée w/o sugar, 2 % milk & M&M's")
    'creme brulee without sugar, 2% milk and mms'
    """
    text = unicodedata.normalize("NFKD", text[: 4 * LONGEST_TEXT]).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))[:LONGEST_TEXT]
    if text.isascii() and text.isalpha():
        return text
    for pattern, instead in _SHORTHAND:
        text = pattern.sub(instead, text)
    return " ".join(text.split())


def split_words(text: str) -> Words:
    """Return the words of a plain text, its head word, and whether it says "not specified".

    Examples
    --------
    >>> split_words("cereal with skim milk, no sugar added")
    Words(words=('cereal', 'no_fat', 'milk', 'no_sugar'), head='cereal', not_specified=False, leading=1, beside=1)
    >>> split_words("milk, nfs").not_specified
    True
    """
    tokens = _WORD.findall(text)
    words: list[str] = []
    head, head_open, leading, beside = "", True, 0, -1
    negating = negated = joined = False
    for position, piece in enumerate(tokens):
        if piece in _PUNCTUATION:
            head_open = head_open and not (piece in ",;(" and head)
            joined = joined and piece not in ",;("
            negating = False
            continue
        if piece in _NEGATIONS:
            negating = True
            continue
        if (negating or negated) and piece in _BETWEEN:
            continue
        negating = negating or (negated and piece in ("or", "nor"))  # "no fat or oil"
        negated = False
        if negating and piece in ("or", "nor"):
            continue
        follower = tokens[position + 1] if position + 1 < len(tokens) else ""
        if piece == "free" and words and words[-1] in _FREE_OF and not negating:
            words[-1:] = _SAME_WORD.get("no_" + words[-1], ("no_" + words[-1],))
            continue
        if negating:
            words.extend(_SAME_WORD.get("no_" + piece, ("no_" + piece,)))
            negating, negated = False, True
            continue
        group = word_groups().get(piece, "")
        if group == "stop":
            if piece == "with" and beside < 0 and head:
                beside = len(dict.fromkeys(words))
            joined = joined or (head_open and bool(head) and piece in ("and", "or"))
            joined = joined and piece not in _HEAD_ENDS - {"and", "or"}
            head_open = head_open and not (piece in _HEAD_ENDS and head)
            continue
        if len(piece) == 1 and piece.isalpha() and words[-1:] != ["vitamin"]:
            continue  # letters of a web address, an amount or a name say nothing about the food
        meant = _SAME_WORD.get(piece, (piece,))
        words.extend(meant)
        head_open, joined = head_open or (joined and piece in _HOLDERS), joined and piece not in _HOLDERS
        leading = len(dict.fromkeys(words)) if head_open else leading
        if head_open and group_of(meant[-1]) in _HEAD_GROUPS and follower != "free":
            head = meant[-1]
    said = tuple(dict.fromkeys(words))
    return Words(said, head, "nfs" in words, leading, len(said) if beside < 0 else beside)


_PUNCTUATION = frozenset(",;()/")
_HEAD_ENDS = frozenset({"with", "in", "on", "from", "for", "and", "or"})
_HOLDERS = frozenset(  # "ham and cheese sandwich" is a sandwich
    [
        "sandwich",
        "wrap",
        "sub",
        "soup",
        "salad",
        "pizza",
        "omelet",
        "pie",
        "curry",
        "casserole",
        "stew",
        "smoothie",
        "burrito",
    ]
)
_HEAD_GROUPS = frozenset({"content", "family"})


# A can of cola is not canned, pickles are not pickled, fries are not whatever is fried.
_NOT_THE_STEM = frozenset(["canned", "pickled", "stewed", "fried", "breaded", "barbecued", "chopped", "flavored"])


@cache
def _stemmer() -> object:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@cache
def stem(word: str) -> str:
    """Return the stem of a word, so that "tomatoes", "tomato" and "baked", "bake" meet.

    Examples
    --------
    >>> stem("tomatoes") == stem("tomato"), stem("no_onions") == stem("no_onion")
    (True, True)
    """
    if word.startswith("no_"):
        return "no_" + stem(word[3:])
    if not word.isalpha() or len(word) < 4 or word in _NOT_THE_STEM:
        return word
    found = str(_stemmer().stemWord(word))  # type: ignore[attr-defined]
    return found if len(found) >= 3 else word
