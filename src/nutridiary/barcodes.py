"""The number below the bars of a package: what people write of it, and which product number it is.

One product has one number, however long it is printed: ``04963406`` (UPC-E), ``049000006346`` (UPC-A) and
``0049000006346`` (EAN-13) are the same. It is kept as an integer, which has no leading zeros.

Rules and words are those of the GS1 General Specifications [1]_: the check digit of section 7.9.1, the
zero-suppressed UPC-E of section 5.2.2, the prefixes of section 1.4 (``data/barcode_prefixes.csv``).

References
----------
.. [1] GS1, "GS1 General Specifications", release 25.0, 2025, https://ref.gs1.org/standards/genspecs/.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from nutridiary.data_files import data_file

LENGTHS = {8: "EAN-8", 12: "UPC-A", 13: "EAN-13", 14: "GTIN-14"}
"""How many digits a product number has, and what it is called then."""
MOST_SHOWN = 40  # [characters] of what was written that are repeated in a problem

_NOTHING = frozenset({"", "-", "--", "–", "—", "?", "na", "n/a", "nan", "none", "null", "no", "0", "unknown"})
# What people and scanners write before the number; a number of digits there ("EAN-13:") is no part of it.
_NAMED = re.compile(
    r"(?:e\.?a\.?n\.?|u\.?p\.?c\.?|gtin|jan|isbn|bar ?code|strichcode|code[- ]barres?|c[oó]digo de barras)"
    r"(?:(?:[- ]?(?:8|12|13|14)|-?[ae])(?=\s*[:=#]|\s+\d))?(?:[- ]?(?:no|nr)\b)?[\s.:=#-]*",
    re.IGNORECASE,
)
# The way scanners and links write it: application identifier 01 and 14 digits.
_ELEMENT = re.compile(r"(?:\]\w\d)?\(01\)\s*(\d{14})|https?://\S+?/01/(\d{8,14})(?:[/?#]|$)")
_EXPONENT = re.compile(r"\d(?:[.,]\d+)?e\+?\d{1,2}", re.IGNORECASE)
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s-]+(?=\d)")
# In the text of a food only what can be nothing else: 12 to 14 digits, or digits called a barcode.
_IN_TEXT = re.compile(
    rf"(?<![\w.,/-])(?:{_NAMED.pattern}(?P<named>\d[\d -]{{6,18}}\d)|(?P<bare>\d{{12,14}}))(?![\w/])", re.I
)


@dataclass(frozen=True)
class Barcode:
    """What was written as a barcode.

    Attributes
    ----------
    written : str
    gtin : int or None
        The product's number, without leading zeros; None where it cannot be looked up.
    kind : str
        ``EAN-13``, ``UPC-A``, ``UPC-E``, ``EAN-8`` or ``GTIN-14``; empty where nothing is known.
    problem : str
        Why it cannot be looked up; empty where it can.
    note : str
        What was assumed; empty where nothing was.
    others : tuple of int
        What the same digits may also mean: to be asked for where the first is not known.
    """

    written: str
    gtin: int | None = None
    kind: str = ""
    problem: str = ""
    note: str = ""
    others: tuple[int, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Nothing was written, or a word for nothing."""
        return self.gtin is None and not self.problem


def check_digit(body: str) -> int:
    """Return the last digit of the product number whose other digits are `body`.

    Examples
    --------
    >>> check_digit("629104150021")  # the worked example of GS1: 6291041500213
    3
    """
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return -weighted % 10


def is_valid(digits: str) -> bool:
    """Tell whether the last digit of a product number agrees with the others.

    Examples
    --------
    >>> is_valid("6291041500213"), is_valid("6291041500231")
    (True, False)
    """
    return int(digits[-1]) == check_digit(digits[:-1])


def expand_upc_e(digits: str) -> str | None:
    """Return the twelve digits of UPC-A that the eight of UPC-E stand for; None where they are no UPC-E.

    Examples
    --------
    >>> expand_upc_e("01234565"), expand_upc_e("04963406"), expand_upc_e("21234565")
    ('012345000065', '049000006346', None)
    """
    if len(digits) != 8 or digits[0] not in "01":
        return None
    system, body, last, check = digits[0], digits[1:6], digits[6], digits[7]
    if last in "012":
        company, item = f"{body[:2]}{last}00", f"00{body[2:]}"
    elif last == "3":
        company, item = f"{body[:3]}00", f"000{body[3:]}"
    elif last == "4":
        company, item = f"{body[:4]}0", f"0000{body[4:]}"
    else:
        company, item = body, f"0000{last}"
    return f"{system}{company}{item}{check}"


def gtin_of_digits(text: str) -> int | None:
    """Return the product number of digits as data files hold them; None where they are none.

    The check digit is not asked for: files hold numbers with wrong ones, and a product can be found by them.

    Examples
    --------
    >>> gtin_of_digits("00049000006346"), gtin_of_digits("0 49000 00634 6"), gtin_of_digits("n/a")
    (49000006346, 49000006346, None)
    """
    digits = re.sub(r"[\s-]", "", text)
    if not (digits.isascii() and digits.isdigit() and min(LENGTHS) <= len(digits) <= max(LENGTHS)):
        return None
    return int(digits) or None


def shown(gtin: int) -> str:
    """Return a product number with the zeros it is printed with.

    Examples
    --------
    >>> shown(49000006346), shown(4005500012345), shown(96385074)
    ('049000006346', '4005500012345', '96385074')
    """
    digits = str(gtin)
    return digits.zfill(next((length for length in LENGTHS if length >= len(digits)), len(digits)))


def spellings(gtin: int) -> list[str]:
    """Return the ways in which data hold a product number: as printed, and with further zeros.

    Examples
    --------
    >>> spellings(49000006346)
    ['049000006346', '0049000006346', '00049000006346', '49000006346']
    >>> spellings(4131858036)  # of a number that is filed without its last digit
    ['004131858036', '0004131858036', '00004131858036', '4131858036', '04131858036']
    """
    printed = shown(gtin)
    padded = [printed.zfill(length) for length in (*LENGTHS, 14) if length >= len(printed)]
    eaten = [str(gtin).zfill(11)] if len(str(gtin)) == 10 else []
    return list(dict.fromkeys([printed, *padded, str(gtin), *eaten]))


@lru_cache(maxsize=20_000)
def read_barcode(text: str) -> Barcode:
    """Return the product number that was written, or why it is none.

    A wrong check digit is never put right: which digit was misread cannot be known.

    Examples
    --------
    >>> read_barcode("0 49000 00634 6").gtin, read_barcode("EAN: 4006381333931").gtin
    (49000006346, 4006381333931)
    >>> read_barcode("4006381333930").problem
    'barcode 4006381333930: its last digit does not agree with the others (it would be 1), so a digit is wrong'
    >>> read_barcode("4.00638E+12").problem
    'barcode 4.00638E+12: the spreadsheet has lost its last digits. Format the cell as text and type it again'
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("\u2010", "-").split()).strip("'\"`.,; ")
    if plain.casefold() in _NOTHING:
        return Barcode(text)
    element = _ELEMENT.match(plain)
    if element:
        plain = element[1] or element[2]
    plain = _NAMED.sub("", plain, count=1) if _NAMED.match(plain) else plain
    if _EXPONENT.fullmatch(plain):
        said = "the spreadsheet has lost its last digits. Format the cell as text and type it again"
        return _unusable(text, said)
    digits = _BETWEEN_DIGITS.sub("", plain.removesuffix(".0"))
    if not (digits.isascii() and digits.isdigit()):
        return _unusable(text, "not a number. Expected the 8, 12 or 13 digits below the bars")
    return _of_digits(text, digits)


def barcode_in(text: str) -> tuple[str, str] | None:
    """Return the barcode that a food's text begins or ends with, and the rest; None where it has none.

    Examples
    --------
    >>> barcode_in("4006381333931 Crispbread"), barcode_in("Milk 1.5% (EAN 40123455)"), barcode_in("milk 200 ml")
    (('4006381333931', 'Crispbread'), ('40123455', 'Milk 1.5%'), None)
    """
    for found in _IN_TEXT.finditer(text):
        written = found["named"] or found["bare"]
        before, after = text[: found.start()], text[found.end() :]
        if (before.strip("(['\" ") and after.strip(")]'\" ")) or (
            found["bare"] and not (is_valid(written) or written == text.strip())
        ):
            continue
        rest = " ".join(f"{before.rstrip('([ ')} {after.lstrip(')] ')}".split()).strip(" ,;:–-")
        return written, rest
    return None


def _of_digits(text: str, digits: str) -> Barcode:
    """Return what a row of digits means."""
    if not int(digits):
        return _unusable(text, "only zeros")
    if len(digits) > max(LENGTHS) or len(digits) < 7:
        many = "many" if len(digits) > max(LENGTHS) else "few"
        return _unusable(text, f"{len(digits)} digits are too {many}. Expected the 8, 12 or 13 below the bars")
    if len(digits) == 7:
        return _short_upc_e(text, digits)
    if len(digits) == 8:
        return _of_eight(text, digits)
    if len(digits) < 12:
        # A spreadsheet that took the number for a figure ate the zeros in front.
        padded = digits.zfill(12)
        if is_valid(padded):
            return _usable(text, padded, note=f"barcode {digits} read as {padded}: its zeros in front were lost")
        return _unusable(text, f"{len(digits)} digits, and no zeros in front make them one. Expected 8, 12 or 13")
    if not is_valid(digits):
        return _wrong(text, digits)
    return _usable(text, digits)


def _of_eight(text: str, digits: str) -> Barcode:
    """Return what eight digits mean: EAN-8, UPC-E, or either."""
    upc_a = expand_upc_e(digits)
    upc_e = upc_a if upc_a is not None and is_valid(upc_a) else None
    # EAN-8 beginning with 0 or 2 are numbers of a shop's own (GS1 General Specifications, section 1.4: GS1-8 Prefixes).
    if is_valid(digits) and digits[0] not in "02":
        return Barcode(text, int(digits), LENGTHS[8], others=() if upc_e is None else (int(upc_e),))
    if upc_e is not None:
        return _usable(text, upc_e, kind="UPC-E")
    if is_valid(digits):
        return _unusable(text, _special_ranges()[200], LENGTHS[8])
    return _wrong(text, digits)


def _short_upc_e(text: str, digits: str) -> Barcode:
    upc_a = expand_upc_e(f"0{digits}")
    if upc_a is not None and is_valid(upc_a):
        return _usable(
            text, upc_a, kind="UPC-E", note=f"barcode {digits} read as 0{digits}: its zero in front was lost"
        )
    return _unusable(text, "7 digits, and no zero in front makes them one. Expected 8, 12 or 13")


def _usable(text: str, digits: str, *, kind: str = "", note: str = "") -> Barcode:
    """Return a product number whose check digit agrees; what shops and printers use for themselves is none."""
    gtin, kind = int(digits), kind or LENGTHS[len(digits)]
    others: tuple[int, ...] = ()
    if len(digits) == 14 and digits[0] != "0":
        if digits[0] == "9":
            return _unusable(text, "a number of goods sold by weight (GTIN-14 beginning with 9)", kind)
        inner = f"{digits[1:13]}{check_digit(digits[1:13])}"
        package = shown(int(inner))
        others, note = (int(inner),), note or f"barcode {digits} is that of a case; the package in it is {package}"
        digits = inner
    elif len(str(gtin)) <= 8:
        # An EAN-8, written with zeros in front.
        return Barcode(text, gtin, LENGTHS[8], note=note)
    special = _special_ranges().get(int(digits.zfill(13)[-13:][:3]))
    if special is not None:
        return _unusable(text, special, kind)
    return Barcode(text, gtin, kind, note=note, others=others)


def _wrong(text: str, digits: str) -> Barcode:
    would_be = check_digit(digits[:-1])
    said = f"its last digit does not agree with the others (it would be {would_be}), so a digit is wrong"
    return _unusable(text, said, LENGTHS[len(digits)])


def _unusable(text: str, why: str, kind: str = "") -> Barcode:
    said = "".join(c if c.isprintable() else " " for c in text.strip()[:MOST_SHOWN])
    return Barcode(text, None, kind, f"barcode {said}: {why}")


@cache
def _special_ranges() -> dict[int, str]:
    """Return why numbers of a prefix are no products: by the first three of thirteen digits."""
    with data_file("barcode_prefixes.csv").open(encoding="utf-8", newline="") as lines:
        return {
            prefix: row["why"]
            for row in csv.DictReader(lines)
            for prefix in range(int(row["first"]), int(row["last"]) + 1)
        }
