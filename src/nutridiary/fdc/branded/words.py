"""The words of products' names and brands as they are compared: without case, accents, and plural endings.

The same rules make the index and read a search, so what matters is that two spellings of a word end alike, not
that the end is a word: "cookies" and "cookie" are both "cooki".
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_OF_COMPANIES = ("co", "company", "corp", "corporation", "inc", "incorporated", "llc", "lp", "ltd")
LEFT_OUT = frozenset(("a", "an", "and", "by", "for", "from", "in", "of", "the", "to", "with", *_OF_COMPANIES))
"""Words that tell no product from another, the legal forms of companies among them."""
MOST_LETTERS = 40
"""Longer words are cut: no name of a food is as long, and what is stored stays bounded."""

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’`´]")
# "M&M" and "H-E-B" are one word each; so are the letters of "A & W".
_LETTERS = re.compile(r"\b([^\W\d_])(?:\s?&\s?|[.-](?=[^\W\d_]\b))(?=[^\W\d_])")


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order, each by its stem; `LEFT_OUT` ones are left out.

    Examples
    --------
    >>> words_of("Kellogg's CORN FLAKES of the Company"), words_of("M&M's, crème brûlée")
    (['kellogg', 'corn', 'flake'], ['mms', 'creme', 'brulee'])
    >>> words_of("A&W 7-Up")
    ['aw', '7', 'up']
    """
    return [stem(word) for word in plain_words(text) if word not in LEFT_OUT]


def plain_words(text: str) -> list[str]:
    """Return the words of a text as they stand there, without case, accents and apostrophes.

    Examples
    --------
    >>> plain_words("JALAPEÑO Cheddar's")
    ['jalapeno', 'cheddars']
    """
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = _APOSTROPHES.sub("", text.casefold())
    if "&" in text or "-" in text or "." in text:
        text = _LETTERS.sub(r"\1", text)
    return [word[:MOST_LETTERS] for word in _WORD.findall(text)]


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Return a word without the ending that tells its plural from its singular.

    Examples
    --------
    >>> {stem(word) for word in ("cherry", "cherries")}, {stem(word) for word in ("peach", "peaches")}
    ({'cherri'}, {'peach'})
    >>> stem("hummus"), stem("bars"), stem("bare"), stem("swiss")
    ('hummus', 'bar', 'bare', 'swiss')
    """
    if len(word) < 4 or not word.isalpha():
        return word
    if word[-1] == "s" and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith(("se", "xe", "ze", "che", "she", "oe")):  # tomatoes, boxes, cheese beside cheeses
        return word[:-1]
    if word.endswith("ie"):
        return word[:-1]
    return word[:-1] + "i" if word[-1] == "y" else word


def is_near(word: str, other: str) -> bool:
    """Return whether two words differ by one letter: another, one more, one less, or two exchanged.

    Examples
    --------
    >>> is_near("chedar", "cheddar"), is_near("mlik", "milk"), is_near("cake", "milk")
    (True, True, False)
    """
    shorter, longer = sorted((word, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    start = next((at for at, letter in enumerate(shorter) if letter != longer[at]), len(shorter))
    if len(shorter) < len(longer):
        return shorter[start:] == longer[start + 1 :]
    exchanged = shorter[start + 1 : start + 2] + shorter[start : start + 1] + shorter[start + 2 :]
    return shorter[start + 1 :] == longer[start + 1 :] or exchanged == longer[start:]


def shortened(word: str) -> set[str]:
    """Return a word with one letter left out, at each place: words that differ by one letter meet in these."""
    return {word[:at] + word[at + 1 :] for at in range(len(word))}
