"""The words of portions: what a release calls a portion, and what a diary asks for.

"1 large or thick slice (yield after cooking)" and "2 thick rashers" have to meet. Both are read into the
same few things: a measure (cup, oz), nouns (slice), sizes (4, large or thick), forms (diced, cooked) and
what is left over. Which word is what stands in ``data/portion_words.csv``.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from math import nan
from typing import TYPE_CHECKING

from nutridiary.data_files import data_file
from nutridiary.units import canonical_unit, factor_to, unit_kind

if TYPE_CHECKING:
    from nutridiary.portions.lengths import Length

# Sizes are ranks, so that "the nearest there is" has a meaning: 1 miniature, 3 medium, 5 extra large.
MINIATURE, MEDIUM = 1, 3
SIZE_NAMES = {1: "extra small", 2: "small", 3: "medium", 4: "large", 5: "extra large"}

# How many diary texts are remembered: enough for a diary, and no store of what people ate.
MOST_TEXTS = 2048

# What a weighing leaves behind or takes up: a weight "in shell" or "dry" is not the weight eaten.
BASES = frozenset({"raw", "dry", "unpopped", "in shell", "with bone"})

_WORD = re.compile(r"[^\W\d_]+")
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*-?\s*(fl\.? oz|fluid ounces?|oz|ounces?|ml|l|liters?|litres?|g|grams?|lb)\b")
_BRACKETS = re.compile(r"\(([^)]*)\)")
# "sandwich size roll", "dipping-size container": for what, not what. Words that are sizes themselves are kept.
_FOR_A_SIZE = re.compile(r"\b([a-z]+)[ -]size\b")
_KEPT_ES = ("ches", "shes", "xes", "sses", "oes", "zes")


@dataclass(frozen=True)
class Vocabulary:
    """`data/portion_words.csv`, by the role a word plays."""

    sizes: dict[str, int]
    forms: dict[str, str]
    same: dict[str, str]
    families: dict[str, str]
    unsized: frozenset[str]
    whole: frozenset[str]
    packs: frozenset[str]
    parts: frozenset[str]
    servings: frozenset[str]
    guideline: frozenset[str]
    ignored: frozenset[str]
    phrases: tuple[tuple[re.Pattern[str], str, str], ...]


@dataclass(frozen=True)
class PortionWords:
    """What a portion's description says, beside its number and its weight.

    Attributes
    ----------
    measure : str or None
        The canonical unit it is measured in ("cup", "oz"), None for a counted portion.
    nouns : frozenset of str
        What is counted, singular: {"slice"}, {"can", "bottle"} for "can or bottle".
    sizes : frozenset of int
        Ranks of the sizes it names, empty where it names none.
    unsized : bool
        It is the portion for a diary that does not say the size ("NFS", "any size").
    forms : frozenset of str
        Cut and state: "cut", "cooked", "no ice".
    other : frozenset of str
        Words that are none of these: brands, diameters, "crust not eaten".
    volume, mass : float
        Volume [ml] and mass [g] it states of itself: "can (12 fl oz)", "6 oz container". NaN where none.
    is_yield : bool
        The weight is what is left of the measure: "oz, raw, yields".
    is_guideline : bool
        What is added to another food, not a portion of its own.
    is_single_serving : bool
        It is packed or served for one person: "prepackaged single serving", "order".
    is_size_alone : bool
        It is one of the food, in a size: "medium", "pouch/regular size".
    """

    measure: str | None
    nouns: frozenset[str]
    sizes: frozenset[int]
    unsized: bool
    forms: frozenset[str]
    other: frozenset[str]
    volume: float
    mass: float
    is_yield: bool
    is_guideline: bool
    is_single_serving: bool
    is_size_alone: bool

    @property
    def basis(self) -> frozenset[str]:
        """What the measure is of, where that is not what is eaten: {"dry"}. Empty for an ordinary portion."""
        if not self.is_yield or self.measure is None:
            return frozenset()
        # A bare "oz yields" is FNDDS's raw ounce of a cooked meat.
        return self.forms & BASES or (frozenset() if unit_kind(self.measure) == "volume" else frozenset({"raw"}))

    @property
    def is_plain_measure(self) -> bool:
        """A measure with nothing said that a diary would have to say too."""
        return self.measure is not None and not self.other and not self.basis


@cache
def vocabulary() -> Vocabulary:
    """Return the words of portions, read once."""
    with data_file("portion_words.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    single = [row for row in rows if " " not in row["word"] and "-" not in row["word"]]

    def values(role: str) -> dict[str, str]:
        return {row["word"]: row["value"] for row in single if row["role"] == role}

    long = sorted((row for row in rows if row not in single), key=lambda row: -len(row["word"]))
    return Vocabulary(
        sizes={word: int(rank) for word, rank in values("size").items()},
        forms=values("form"),
        same=values("same"),
        families=values("family"),
        unsized=frozenset(values("unsized")),
        whole=frozenset(values("whole")),
        packs=frozenset(values("pack")),
        parts=frozenset(values("part")),
        servings=frozenset(values("serving")),
        guideline=frozenset(values("guideline")),
        ignored=frozenset(values("ignored")),
        phrases=tuple((re.compile(rf"\b{re.escape(row['word'])}\b"), row["role"], row["value"]) for row in long),
    )


def singular(word: str) -> str:
    """Return an English noun without its plural ending; "cookie" is spelled "cooky" so that both forms meet.

    Examples
    --------
    >>> [singular(word) for word in ("slices", "berries", "sandwiches", "glass", "leaves", "pies")]
    ['slice', 'berry', 'sandwich', 'glass', 'leaf', 'pie']
    >>> singular("cookies") == singular("cookie")
    True
    """
    if len(word) > 4 and word.endswith(("ies", "ie")):
        return word.removesuffix("s")[:-2] + "y"
    if len(word) < 4 or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word in ("leaves", "loaves", "halves"):
        return word[:-3] + "f"
    return word[:-2] if word.endswith(_KEPT_ES) else word[:-1]


@lru_cache(maxsize=8 * MOST_TEXTS)
def content_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` in order, lower case, singular, in the release's spelling of each."""
    same = vocabulary().same
    words = (singular(word) for word in _WORD.findall(text.casefold()))
    return tuple(same.get(word, word) for word in words)


@dataclass(frozen=True)
class SortedWords:
    """The words of a text by the role they play; `nouns` are those left, in order."""

    words: tuple[str, ...]
    nouns: tuple[str, ...]
    sizes: frozenset[int]
    forms: frozenset[str]
    unsized: bool
    guideline: bool


@lru_cache(maxsize=MOST_TEXTS)
def sort_words(text: str) -> SortedWords:
    """Sort the words of `text` by the role they play.

    Examples
    --------
    >>> words = sort_words("extra large eggs, without shell")
    >>> words.nouns, words.sizes, words.forms
    (('egg',), frozenset({5}), frozenset({'shelled'}))
    """
    known = vocabulary()
    found: dict[str, set[str]] = {"size": set(), "form": set(), "guideline": set()}
    rest = text.casefold()
    for pattern, role, value in known.phrases:
        if pattern.search(rest):
            rest = pattern.sub(" ", rest)
            found[role].add(value)
    words = content_words(rest)
    forms_only = known.forms.keys() - known.whole - known.parts
    without = known.sizes.keys() | known.unsized | known.ignored | known.guideline | forms_only
    return SortedWords(
        words=words,
        nouns=tuple(word for word in words if word not in without),
        sizes=frozenset({int(rank) for rank in found["size"]} | {known.sizes[w] for w in words if w in known.sizes}),
        forms=frozenset(found["form"] | {known.forms[word] for word in words if word in known.forms}),
        unsized=not known.unsized.isdisjoint(words),
        guideline=bool(found["guideline"]) or not known.guideline.isdisjoint(words),
    )


def counts_something(unit: str) -> bool:
    """Return whether a unit names a container, part or whole that some food is counted in.

    Examples
    --------
    >>> counts_something("envelopes"), counts_something("blorp")
    (True, False)
    """
    known = vocabulary()
    return not (known.packs | known.parts | known.whole).isdisjoint(content_words(unit))


@cache
def portion_words(description: str) -> PortionWords:
    """Read the description of one portion, without its leading number.

    Parameters
    ----------
    description : str
        As a release words it: "cup, diced", "medium or regular slice".

    Returns
    -------
    PortionWords

    Examples
    --------
    >>> thick = portion_words("large or thick slice")
    >>> sorted(thick.nouns), sorted(thick.sizes)
    (['slice'], [4])
    >>> portion_words("cup, shredded").measure, portion_words("can (12 fl oz)").volume
    ('cup', 354.88235475)
    >>> sorted(portion_words("oz, dry, yields").basis)
    ['dry']
    """
    text = _FOR_A_SIZE.sub(_kept_size, description.casefold().replace("(s)", "").strip())
    volume, mass = _stated_quantity(text)
    measure, rest = _leading_measure(text)
    head, _, tail = _BRACKETS.sub(",", rest).partition(",")
    whole = sort_words(rest)
    nouns = frozenset() if measure else frozenset(sort_words(_QUANTITY.sub(" ", head)).nouns)
    beside = rest if measure else f"{tail} {' '.join(_BRACKETS.findall(rest))}"
    other = frozenset(sort_words(_QUANTITY.sub(" ", beside)).nouns) - vocabulary().forms.keys()
    return PortionWords(
        measure=measure,
        nouns=nouns,
        sizes=sort_words(_BRACKETS.sub(" ", rest)).sizes,
        unsized=whole.unsized,
        forms=whole.forms,
        other=other - nouns,
        volume=volume,
        mass=mass,
        is_yield="yield" in whole.words,
        is_guideline=whole.guideline,
        is_single_serving=bool(vocabulary().servings & set(whole.words)),
        is_size_alone=measure is None and ((bool(whole.sizes or whole.unsized) and not nouns) or _names_a_size(head)),
    )


def _stated_quantity(text: str) -> tuple[float, float]:
    """Return the volume [ml] and the mass [g] a text states: "can (12 fl oz)". NaN where it states none."""
    stated = _QUANTITY.search(text)
    unit = canonical_unit(stated[2]) if stated else None
    if stated is None or unit is None or float(stated[1]) == 0:
        return nan, nan
    if unit_kind(unit) == "volume":
        return float(stated[1]) * factor_to("ml", unit), nan
    return nan, float(stated[1]) * factor_to("g", unit)


def _kept_size(found: re.Match[str]) -> str:
    known = vocabulary()
    return found[0] if found[1] in known.sizes or found[1] in known.unsized else "size"


def _names_a_size(head: str) -> bool:
    """One of the alternatives is a size and nothing else: the second of "pouch/regular size"."""
    alternatives = [sort_words(part) for part in head.split("/") if part.strip().endswith("size")]
    return any(words.sizes and not words.nouns for words in alternatives)


def _leading_measure(text: str) -> tuple[str | None, str]:
    """Return the unit of volume or mass a description begins with, and the rest of it."""
    words = text.replace(",", " , ").replace("(", " ( ").split()
    for length in (2, 1):
        unit = canonical_unit(" ".join(words[:length])) if len(words) >= length else None
        if unit and unit_kind(unit) in ("volume", "mass"):
            return unit, " ".join(words[length:])
    return None, text


@dataclass(frozen=True)
class Request:
    """What a diary line asks to be weighed, without its number.

    Attributes
    ----------
    unit : str
        As written or canonical; empty for a bare count.
    measure : str or None
        The unit of volume or mass, None for a counted portion.
    nouns : tuple of str
        What is counted, as the unit says: ("slice",); empty for a bare count or a size alone. The last is the head.
    sizes : frozenset of int
        Ranks of the sizes the unit, or else the food text, names.
    forms : frozenset of str
        Cut and state the unit and food text name.
    words : tuple of str
        All words of the food text, in order.
    volume, mass : float
        What the unit states of itself, "mug (8 fl oz)": [ml], [g]. NaN where it states nothing.
    several : bool
        A bare count of four or more: "10 gummy bears".
    length : Length or None
        The length the line states of what it counts: 8-inch.
    only_by_length : bool
        Nothing but a portion of that length will do: another food of the kind is asked.
    """

    unit: str
    measure: str | None
    nouns: tuple[str, ...]
    sizes: frozenset[int]
    forms: frozenset[str]
    words: tuple[str, ...]
    volume: float = nan
    mass: float = nan
    several: bool = False
    length: Length | None = None
    only_by_length: bool = False

    @property
    def is_volume(self) -> bool:
        """The unit is one of volume."""
        return unit_kind(self.measure) == "volume"

    @property
    def is_mass(self) -> bool:
        """The unit is one of mass."""
        return unit_kind(self.measure) == "mass"


def read_request(unit: str, food_text: str, description: str = "") -> Request:
    """Read what a diary line asks for from its unit and its food text.

    Parameters
    ----------
    unit : str
        The `unit` of the entry, empty for a bare count.
    food_text : str
        The food as written: it may hold the size ("large eggs") or the cut ("diced").
    description : str
        The food's own name. A size in it is the food's, not the portion's: "pizza, thin crust".

    Returns
    -------
    Request

    Examples
    --------
    >>> request = read_request("rasher", "thick bacon, grilled")
    >>> request.nouns, sorted(request.sizes), sorted(request.forms)
    (('slice',), [4], ['cooked'])
    >>> read_request("slice", "thin crust pizza", "Pizza, cheese, thin crust").sizes
    frozenset()
    """
    canonical = canonical_unit(unit) if unit else None
    measure = canonical if canonical and unit_kind(canonical) in ("volume", "mass") else None
    if unit and canonical is None:
        measure, _ = _leading_measure(unit.replace("(s)", ""))
    volume, mass = (nan, nan) if measure else _stated_quantity(unit.casefold())
    asked, said = sort_words(canonical or unit), sort_words(food_text)
    # "slice of large pizza" counts slices.
    head = sort_words(canonical or _BRACKETS.sub(" ", unit).partition(",")[0].partition(" of ")[0])
    return Request(
        unit=unit,
        measure=measure,
        nouns=() if measure or canonical == "each" else head.nouns,
        sizes=head.sizes or asked.sizes or said.sizes - sort_words(description).sizes,
        forms=asked.forms | said.forms,
        words=said.words + (() if canonical else asked.words),
        volume=volume,
        mass=mass,
    )
