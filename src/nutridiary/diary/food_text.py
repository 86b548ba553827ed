"""The amount inside a free food text: "2 slices wholemeal toast", "chicken breast 200 g", "half an avocado".

Names that begin with a number ("7 up", "5 guys", "3 bean salad") stay whole: they stand in
`data/names_like_amounts.csv`. Shares and sizes ("2% milk", '6" sub') are no amounts either.
"""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from functools import cache, lru_cache

from nutridiary.data_files import data_file
from nutridiary.diary.amounts import Amount, as_amount, implausible, misspelt_unit, with_bracket
from nutridiary.diary.quantities import Quantity, measure_at, number_at, tidy
from nutridiary.diary.words import word_list
from nutridiary.units import canonical_unit, unit_kind

# A longer text is a story, not a food: it is kept as it is.
_LONGEST = 300
SEVERAL_AMOUNTS = "several amounts in one line"
"""How the problem of a text begins that gives more than one amount; the parts of such a line may be told apart."""
MOST_COUNTED = 12  # a larger bare number at the end is as likely a weight as a count
_WEIGHABLE = ("mass", "volume", "count", "container")

_OF = re.compile(r"\s*(?:\bof\b(?:\s+(?:the|an?)\b)?|\ban?\b|[,;:–—-])?\s*", re.IGNORECASE)
# Where an amount may begin: a number that no letter or digit touches.
_START = re.compile(r"(?<![\w.,/%-])(?=[\d.,~])|(?<=[(\[])(?=\w)|(?<=[,;:–-] )(?=[a-z])", re.IGNORECASE)
# Measures that nobody begins a food's name with: "tbsp honey", "glass milk"; a "cup noodle" is a name.
_ONE_MEASURE = re.compile(
    r"(?P<unit>tbsps?|tbs|tablespoons?|tsps?|teaspoons?|slices?|glass|scoops?|handful|rashers?|mug|pint|dollop|pinch"
    r"|can|tin|bottle|packet|pkt)\s+(?=[^\W\d_]{3})(?!of\b|and\b|with\b|size|tomato sauce\b)",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?P<said>some|(?:a |an? odd )?(?:few|bit|little|lot)|several|lots|plenty)(?: of)? (?=\w)", re.IGNORECASE
)
_TIMES_AT_END = re.compile(r"\s*(?<!\w)[x×]\s*(?P<count>\d{1,3})$", re.IGNORECASE)
_COUNT_AT_END = re.compile(r"\s*[,;:–-]\s+(?P<count>\d{1,3})$")
# "chicken wings 8", but not "vitamin B 12": a number of things at the end needs a word it can count.
_BARE_COUNT_AT_END = re.compile(r"(?<=[^\W\d_]{3})\s+(?P<count>\d{1,2})$")
# What may stand between an amount and the end: nothing, or how the food was when it was measured.
_BEHIND = re.compile(
    r"[).\] ]*|\s+(?P<how>[^\W\d]+(?: [^\W\d]+)?)[)\]][. ]*"
    r"|\s+[(\[]?(?P<state>raw|cooked|dry|drained|chopped|sliced|diced|grated|shredded|mashed|fresh|frozen|peeled)"
    r"[)\]]?\.?"
)
_BELONGS_TO_A_PART = re.compile(r"\b(?:and|with|w|in|on|plus|of|or|no|vitamin|omega)\W*$|[&+/]\s*$", re.IGNORECASE)


@cache
def _names_like_amounts() -> re.Pattern[str]:
    with data_file("names_like_amounts.csv").open(encoding="utf-8", newline="") as file:
        names = [row["begins"] for row in csv.DictReader(file)]
    number = r"(?:\d+(?:\.\d+)?|two|three|four|five|six|seven|eight|nine|ten|twelve)"
    patterns = [re.escape(name).replace(r"\*", number).replace(r"\ ", r"[\s/-]+") for name in names]
    return re.compile(rf"(?:{'|'.join(patterns)})s?(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def split_food(text: str, *, decimal: str | None = None) -> Amount:
    """Take the amount out of a free food text.

    Parameters
    ----------
    text : str
        What was eaten, as written.
    decimal : {".", ","}, optional
        Decimal mark of the column.

    Returns
    -------
    Amount
        `rest` is the food without its amount; the whole text where it states none (`amount` NaN then).
        Two amounts in one text are a `problem`: which part is how much cannot be told.

    Examples
    --------
    >>> for text in ("2 slices wholemeal toast", "chicken breast 200 g", "half an avocado", "2% milk", "7 up"):
    ...     found = split_food(text)
    ...     print(found.amount, found.unit, found.rest)
    2.0 slice wholemeal toast
    200.0 g chicken breast
    0.5 None avocado
    nan None 2% milk
    nan None 7 up
    """
    clean = tidy(text)
    if not clean or len(clean) > _LONGEST:
        return Amount(rest=text.strip())
    found = _leading(clean, decimal) or _trailing(clean, decimal)
    if found is None:
        inside = _amounts_in(clean, decimal)
        if len(inside) > 1:
            return Amount(rest=clean, problem=_several(inside))
        note = f'"{inside[0]}" is said of a part: not taken for the amount of the whole line' if inside else ""
        return Amount(rest=clean, note=note)
    if found.problem:
        return found
    inside = _amounts_in(found.rest, decimal)
    if inside:
        return replace(found, rest=clean, problem=_several([found.text, *inside]))
    return replace(found, problem=implausible(found.amount, found.unit, found.text))


def _leading(text: str, decimal: str | None) -> Amount | None:
    if _names_like_amounts().match(text):
        return None
    vague = _VAGUE.match(text)
    if vague:
        note = f'amount written as "{vague["said"]}": unknown'
        return Amount(rest=text[vague.end() :], text=vague["said"], note=note)
    counted = _count_of_a_name(text, decimal)
    if counted:
        return replace(as_amount(counted), text=text[: counted.end], rest=text[counted.end + 1 :])
    found = measure_at(text, 0, decimal)
    if found is None:
        one = _one_of(text)
        return _container_size(one, decimal) if one else None
    if unit_kind(found.unit) == "food" or found.unit == "each":
        found = _food_word(text, found)
    if found.unit is None and not re.match(r"\s*[^\W\d]|\s*\(|\s*$", text[found.end :]):
        return None
    found, rest = with_bracket(text, found, decimal)
    joint = _OF.match(rest)
    food = rest[joint.end() if joint else 0 :].strip()
    food = re.sub(r"^[x×]\s+", "", food)
    if not food:
        # "2 eggs": the unit is the food. "200 g": no food is named at all.
        food = found.unit_text if unit_kind(found.unit) == "food" else ""
    amount = replace(as_amount(found), text=text.removesuffix(rest).strip(), rest=food)
    misspelt = misspelt_unit(food.split()[0].strip(",.;")) if found.unit is None and " " in food else ""
    if misspelt:
        return replace(amount, rest=text, problem=misspelt.replace(".", f' in "{text[:60]}".', 1))
    return _container_size(amount, decimal)


def _count_of_a_name(text: str, decimal: str | None) -> Quantity | None:
    """Return the number before a name that looks like an amount: "2 Big Macs", "1 7 up"."""
    found = number_at(text, 0, decimal)
    if found is None or not text.startswith(" ", found.end):
        return None
    return found if _names_like_amounts().match(text, found.end + 1) else None


def _food_word(text: str, found: Quantity) -> Quantity:
    """Leave a food that counts itself in the name: "2 egg whites", "2 eggs, fried", "1 steak pie"."""
    behind = text[found.end :]
    if re.match(r"\s*(?:of\b|$)", behind, re.IGNORECASE):
        return found
    start = text.rindex(found.unit_text, 0, found.end)
    return replace(found, unit=found.size or None, size="", unit_text="", end=start)


def _one_of(text: str) -> Amount | None:
    """Read "handful of nuts" and "tbsp honey" as one; "slices of ham" says no number and stays unknown."""
    head, joint, food = text.partition(" of ")
    unit = canonical_unit(head) if joint else None
    if unit is None and (leading := _ONE_MEASURE.match(text)):
        head, joint, food = leading["unit"], "", text[leading.end() :]
        unit = canonical_unit(head)
    if unit is None or unit_kind(unit) in (None, "food", "size", "international unit", "energy"):
        return None
    if head.lower() == f"{unit}s":
        return Amount(rest=food, unit=unit, text=head, note=f'"{head}" without a number: the amount is unknown')
    return Amount(1.0, unit=unit, rest=food, text=head, note=f'"{head}{joint.rstrip()}" read as one {unit}')


def _container_size(amount: Amount, decimal: str | None) -> Amount:
    """Take in the size that ends "1 can coke 330 ml" and the weight that ends "2 slices toast (60 g)"."""
    kind = unit_kind(amount.unit)
    behind = None if kind in ("mass", "energy", "international unit") else _trailing(amount.rest, decimal)
    taken = ("mass",) if kind == "volume" else ("mass", "volume")
    if behind is None or unit_kind(behind.unit) not in taken:
        return amount
    bracketed = amount.rest.endswith((")", "]"))
    if not bracketed and kind != "container":
        return amount
    each = kind == "container"
    factor = amount.amount if each else 1.0
    said = f"{amount.text}: {behind.text} is " + ("taken for each one" if each and factor != 1 else "used")
    return replace(
        behind,
        amount=behind.amount * factor,
        low=behind.low * factor,
        high=behind.high * factor,
        text=f"{amount.text} {behind.text}",
        note="; ".join(part for part in (amount.note, behind.note, said) if part),
    )


def _trailing(text: str, decimal: str | None) -> Amount | None:
    for at_end in (_TIMES_AT_END, _COUNT_AT_END, _BARE_COUNT_AT_END):
        match = at_end.search(text)
        if match and at_end is _BARE_COUNT_AT_END and not _counts_a_food(text[: match.start()], match["count"]):
            continue
        if match and match.start():
            count, text_of = float(match["count"]), match.group().strip(" ,;:–-")
            note = f'"{text_of}" at the end read as how many' if at_end is _BARE_COUNT_AT_END else ""
            return Amount(count, rest=text[: match.start()].strip(), text=text_of, note=note)
    for start in _START.finditer(text):
        place = start.start()
        food = text[:place].rstrip(" ([,;:–—-")
        found = measure_at(text, place, decimal) if food else None
        if found is None or found.unit is None:
            continue
        said = _BEHIND.fullmatch(text[found.end :])
        if said is None or (said["how"] and unit_kind(found.unit) not in ("mass", "volume")):
            continue
        how = said["how"] or said["state"]
        touching = food == text[:place].rstrip()
        if _BELONGS_TO_A_PART.search(food) or (touching and unit_kind(found.unit) == "food"):
            continue
        return replace(as_amount(found), rest=f"{food}, {how}" if how else food, text=text[place : found.end])
    return None


def _counts_a_food(food: str, count: str) -> bool:
    """Whether a bare number behind a text can count it: "triscuits 6", not "omega 3" or "size 12"."""
    last = food.split()[-1].lower()
    if not 0 < int(count) <= MOST_COUNTED:  # "oats 40" may be grams: it stays unknown
        return False
    return last not in word_list("numbered") and not any(c.isdigit() for c in food)


def _amounts_in(text: str, decimal: str | None) -> list[str]:
    """Return the amounts with a unit that stand anywhere in `text`, as written."""
    found = []
    end = 0
    for start in _START.finditer(text):
        quantity = measure_at(text, start.start(), decimal) if start.start() >= end else None
        if quantity and unit_kind(quantity.unit) in _WEIGHABLE:
            end = quantity.end
            found.append(text[start.start() : end])
    return found


def _several(amounts: list[str]) -> str:
    shown = ", ".join(f'"{amount}"' for amount in amounts[:4])
    return f"{SEVERAL_AMOUNTS} ({shown}): which food is how much? Write one food on a line"
