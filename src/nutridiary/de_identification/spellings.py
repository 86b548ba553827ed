"""How a name may be written: in any capitals, with or without accents, ü as u or ue, its words apart or joined."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

# Letters that no accent is taken off of, and what they are written as where a keyboard has none of them.
_PLAIN = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
_AS_TWO = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
# Thai, Lao, Burmese, Khmer; kana, Chinese, Hangul: words stand without a space between them, or have endings.
_NO_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u3040-\u31ff\u3400-\u9fff\uac00-\ud7ff]")
_BETWEEN = r"[\W_]{0,3}"
_LONG_ENOUGH = 5  # [letters] from which on the words of a name are known joined: "OBrien" is O'Brien, "miso" not Mi So


@dataclass(frozen=True)
class Folded:
    """A text in small letters without accents, and where each of them stands in the text.

    Attributes
    ----------
    text : str
    places : tuple of int
        Of each letter of `text`, in the text that was folded.

    Examples
    --------
    >>> Folded.of("Grüße", as_two=True)
    Folded(text='gruesse', places=(0, 1, 2, 2, 3, 3, 4))
    """

    text: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str, *, as_two: bool) -> Folded:
        """Fold a text in its composed form (NFC); `as_two` writes ü as ue, and not as u."""
        signs = [(sign, place) for place, letter in enumerate(text) for sign in _folded(letter, as_two)]
        return cls("".join(sign for sign, _ in signs), tuple(place for _, place in signs))


@cache
def _folded(letter: str, as_two: bool) -> str:
    small = letter.casefold()
    if as_two and small in _AS_TWO:
        return _AS_TWO[small]
    if unicodedata.category(letter) == "Cf":  # a soft hyphen, a sign without width
        return ""
    signs = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", small).casefold())
    folded = "".join(_PLAIN.get(sign, sign) for sign in signs if not unicodedata.combining(sign))
    return folded if any(map(str.isalnum, folded)) or not letter.isalnum() else small


def spellings(name: str) -> list[str]:
    """Return a name as it may be written in small letters without accents.

    Examples
    --------
    >>> spellings("Łukasz Müller")
    ['lukasz muller', 'lukasz mueller']
    """
    composed = unicodedata.normalize("NFC", name)
    return list(dict.fromkeys(Folded.of(composed, as_two=as_two).text for as_two in (False, True)))


def key(spelling: str) -> str:
    """Return letters and figures of a spelling, by which it is known with or without what stands between them."""
    return "".join(sign for sign in spelling if sign.isalnum()) or spelling


def pattern_of(spelling: str) -> str:
    """Return a pattern that finds a spelling of a name in a folded text.

    "annas suppe" and "anna's soup" are Anna's; "bananas" and "annatto" are nobody's.
    """
    pieces = re.findall(r"[^\W_]+", spelling)
    if sum(map(str.isalpha, spelling)) >= _LONG_ENOUGH:
        found = _BETWEEN.join(map(re.escape, pieces))
    else:
        found = re.escape(spelling).replace(r"\ ", r"\s+")
    if has_no_spaces(spelling):
        return found
    before = r"(?<![^\W_])" if spelling[:1].isdigit() else r"(?<![^\W\d_])"
    after = r"(?![^\W_])" if spelling[-1:].isdigit() else r"(?=s?(?![^\W\d_]))"
    return f"{before}{found}{after}"


def has_no_spaces(text: str) -> bool:
    """Tell whether words of a text may stand without a space between them, as in Chinese."""
    return bool(_NO_SPACES.search(text))
