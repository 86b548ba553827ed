"""The text of a supplement's label: which nutrients it names, with which doses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from nutridiary.supplements.agreement import agreed
from nutridiary.supplements.amounts import LabelDose, label_dose, suits
from nutridiary.supplements.items import Item, items_of
from nutridiary.supplements.vocabulary import LONGEST, forms

# What may stand between a name and its dose without parting them.
_TRANSPARENT = {"filler", "word", "comma", "open", "close", "salt", "elemental", "antacid", "piece", "of", "dash", "as"}
# Names of one nutrient in the words of another: the second says which form the first is in.
_FORMS_OF = {("vitamin_a_rae", "carotene_beta"): "beta-carotene"}
# The highest tolerable upper level of a vitamin in mg/d, that of vitamin C (IOM 2000): one that shares its line with an
# herb or collagen is not believed to have more.
_MOST_JOINED = 2000.0


@dataclass(frozen=True)
class Label:
    """What a label says.

    Attributes
    ----------
    doses : tuple of LabelDose
        One for each nutrient with a dose.
    undosed : tuple of str
        Nutrients that are named without a dose.
    others : tuple of str
        Substances that are no nutrients of nutrients.csv, as written.
    """

    doses: tuple[LabelDose, ...]
    undosed: tuple[str, ...]
    others: tuple[str, ...]


class _Claim(NamedTuple):
    """A name and the place of its dose among the items."""

    name: Item
    dose: int


def read_label(text: str) -> tuple[LabelDose, ...]:
    """Return the nutrient doses that the text of a supplement names.

    Parameters
    ----------
    text : str
        A product's name, a line of a diary, a line of a label.

    Returns
    -------
    tuple of LabelDose
        One for each nutrient, in the order named. A substance that is no nutrient of nutrients.csv (omega-3,
        melatonin) gives none, nor does a nutrient without a dose: `read_whole_label` names both.

    Examples
    --------
    >>> [(dose.nutrient, dose.amount, dose.unit) for dose in read_label("CALCIUM 600 MG + D3 400 IU")]
    [('calcium', 600.0, 'mg'), ('vitamin_d', 10.0, 'ug')]
    >>> [dose.amount for dose in read_label("VITAMIN D3 (CHOLECALCIFEROL) 25 MCG (1000 IU)")]
    [25.0]
    >>> read_label("magnesium oxide 400 mg")[0].question
    'is the figure the mass of the oxide, or of the nutrient in it?'
    >>> read_label("omega 3 1000 mg")
    ()
    """
    return read_whole_label(text).doses


@lru_cache(maxsize=10_000)
def read_whole_label(text: str) -> Label:
    """Return what the text of a supplement says: doses, nutrients without one, and other substances.

    Parameters
    ----------
    text : str
        As for `read_label`.

    Returns
    -------
    Label

    Examples
    --------
    >>> label = read_whole_label("Vitamin C 500 mg with zinc and echinacea")
    >>> [dose.nutrient for dose in label.doses], label.undosed, label.others
    (['vitamin_c'], ('zinc',), ('echinacea',))
    """
    items = _take_forms(items_of(text))
    claims = _claims(items)
    is_antacid = any(item.kind == "antacid" for item in items)
    doses = [_dose_of(text[:LONGEST], items, claim, claims, is_antacid) for claim in claims if claim.name.nutrient]
    found = agreed(doses)
    named = dict.fromkeys(item.nutrient for item in items if item.kind == "name")
    dosed = {dose.nutrient for dose in found} | {claim.name.nutrient for claim in claims}
    others = dict.fromkeys(text[item.start : item.end] for item in items if item.kind == "other")
    return Label(found, tuple(name for name in named if name not in dosed), tuple(others))


def _take_forms(items: list[Item]) -> list[Item]:
    """Let a name take in the names behind it that only say its form: "Vitamin D3 (cholecalciferol)"."""
    kept: list[Item] = []
    name: Item | None = None
    bracketed = False
    for item in items:
        if item.kind in ("name", "salt") and name is not None and _says_form(name, item, bracketed):
            continue
        if item.kind == "name":
            name, bracketed = item, False
        elif item.kind in ("open", "as"):
            bracketed = True
        elif item.kind not in ("filler", "of", "elemental"):
            name = None
        kept.append(item)
    return kept


def _says_form(name: Item, other: Item, bracketed: bool) -> bool:
    """Tell whether `other` is a form of `name`, which then carries it."""
    form = _form_given(name.nutrient, other)
    if form is None or (other.is_compound and not bracketed):
        return False
    if other.kind == "name" and other.form == "methylfolate":
        name.nutrient = other.nutrient
    if form and not name.is_compound:
        name.form = form
    return True


def _form_given(nutrient: str, other: Item) -> str | None:
    """Return the form that another name or a salt gives a nutrient; None where it is no form of it."""
    if other.kind == "salt":
        return other.meaning if (nutrient, other.meaning) in forms() else None
    if other.nutrient == nutrient:
        return other.form
    if (nutrient, other.form) == ("folic_acid", "methylfolate"):
        return other.form
    return _FORMS_OF.get((nutrient, other.nutrient))


def _claims(items: Sequence[Item]) -> list[_Claim]:
    """Return which dose belongs to which name, in the order of the doses."""
    claims: list[_Claim] = []
    place = 0
    while place < len(items):
        if items[place].kind != "dose":
            place += 1
            continue
        listed = _listed(items, place)
        if listed:
            claims += listed
            place = listed[-1].dose + 1
            continue
        name = _bracket_name(items, place, claims) or _name_of(items, place, claims)
        if name is not None:
            claims.append(_Claim(name, place))
        place += 1
    return claims


def _listed(items: Sequence[Item], place: int) -> list[_Claim]:
    """Return the claims of names in a row with their doses in a row: "calcium, magnesium 500 mg / 250 mg"."""
    doses = [place]
    while doses[-1] + 1 < len(items):
        after = doses[-1] + 1 + (items[doses[-1] + 1].kind in ("slash", "and", "comma"))
        if after >= len(items) or items[after].kind != "dose":
            break
        doses.append(after)
    names: list[Item] = []
    for item in reversed(items[:place]):
        if item.kind in ("name", "other"):
            names.insert(0, item)
        elif item.kind not in ("and", "comma", "slash", "filler", "number"):
            break
    distinct = {item.nutrient or str(item.start) for item in names}
    if len(doses) < 2 or len(names) != len(doses) or len(distinct) != len(names):
        return []
    pairs = [_Claim(name, dose) for name, dose in zip(names, doses, strict=True)]
    return pairs if all(_fits(items, claim) for claim in pairs) else []


def _fits(items: Sequence[Item], claim: _Claim) -> bool:
    measure = items[claim.dose].measure
    if measure is None:
        return False
    return claim.name.kind == "other" or suits(claim.name.nutrient, measure.unit, measure.amount)


def _bracket_name(items: Sequence[Item], place: int, claims: Sequence[_Claim]) -> Item | None:
    """Return the name of a dose in brackets behind another dose: "595 mg (99 mg)" is the same thing twice."""
    before = place - 1
    while before >= 0 and items[before].kind in ("open", "elemental", "as", "slash"):
        before -= 1
    if before == place - 1 or before < 0 or items[before].kind != "dose" or _right_name(items, place):
        return None
    name = next((claim.name for claim in claims if claim.dose == before), None)
    if name is None or not _fits(items, _Claim(name, place)):
        return None
    return replace(name, is_compound=False) if items[place - 1].kind != "slash" else name


def _name_of(items: Sequence[Item], place: int, claims: Sequence[_Claim]) -> Item | None:
    """Return the name a dose belongs to: the one before it, unless that has its dose; else the one behind it."""
    left, right = _left_name(items, place), _right_name(items, place)
    if left is not None and _is_of_the_other(items, left, place):
        left = None
    left, right = (name if name and _fits(items, _Claim(name, place)) else None for name in (left, right))
    taken = {claim.name.nutrient or claim.name.start for claim in claims}
    left_taken = left is not None and (left.nutrient or left.start) in taken
    if right is not None and (left is None or left_taken):
        return right
    if right is not None and left is not None and left.nutrient != right.nutrient and not _has_own_dose(items, right):
        # "magnesium 500 mg calcium": what stands right behind a dose, and has no other, is what it is of.
        return right
    return None if left_taken and not _is_restated(items, place, left) else left


def _is_of_the_other(items: Sequence[Item], name: Item, place: int) -> bool:
    """Tell whether a large dose may be of what a name is joined to: "cranberry plus vitamin C 4200 mg"."""
    at = next(number for number, item in enumerate(items) if item is name)
    joined = at >= 2 and items[at - 1].kind == "and" and items[at - 2].kind == "other"
    measure = items[place].measure
    in_mg = {"mg": 1.0, "g": 1000.0}.get(measure.unit, 0.0) * measure.amount if measure else 0.0
    return name.kind == "name" and joined and in_mg > _MOST_JOINED


def _is_restated(items: Sequence[Item], place: int, name: Item | None) -> bool:
    """Tell whether a name that has a dose is written again before this one."""
    between = items[:place][::-1]
    for item in between:
        if item.kind == "dose":
            return False
        if item is name:
            return True
    return False


def _left_name(items: Sequence[Item], place: int) -> Item | None:
    """Return the nearest name before a dose, unless something unknown was joined to it in between."""
    unknown = False
    for item in reversed(items[:place]):
        if item.kind in ("name", "other"):
            return item
        if item.kind in ("and", "slash"):
            if unknown or item.kind == "slash":
                return None
            unknown = False
        elif item.kind == "word":
            unknown = True
        elif item.kind not in _TRANSPARENT and item.kind not in ("number", "percent", "dose", "count", "per"):
            return None
    return None


def _right_name(items: Sequence[Item], place: int) -> Item | None:
    """Return the name right behind a dose: "600 mg of elemental calcium", "1000 IU vitamin D3"."""
    for item in items[place + 1 :]:
        if item.kind in ("name", "other"):
            return item
        if item.kind not in ("of", "elemental", "filler"):
            return None
    return None


def _has_own_dose(items: Sequence[Item], name: Item) -> bool:
    """Tell whether a dose stands right behind a name."""
    place = next(number for number, item in enumerate(items) if item is name)
    for item in items[place + 1 :]:
        if item.kind == "dose":
            return True
        if item.kind not in ("filler", "comma", "open"):
            return False
    return False


def _dose_of(text: str, items: Sequence[Item], claim: _Claim, claims: Sequence[_Claim], is_antacid: bool) -> LabelDose:
    item, name = items[claim.dose], claim.name
    measure = item.measure
    if measure is None:
        raise ValueError("a dose without a measure")
    per_amount, per_unit = _per(items, claim.dose)
    form = name.form or _form_elsewhere(items, name, claims)
    dose = label_dose(
        name.nutrient,
        measure,
        form=form,
        is_compound=name.is_compound and not _is_elemental(items, claim),
        equivalent=item.equivalent,
        is_antacid=is_antacid,
    )
    start, end = min(name.start, item.start), max(name.end, item.end)
    end += text[end : end + 1] == ")" and "(" in text[start:end]
    return replace(dose, per_amount=per_amount, per_unit=per_unit, as_written=text[start:end])


def _is_elemental(items: Sequence[Item], claim: _Claim) -> bool:
    """Tell whether the label says beside the dose or the name that the element is meant."""
    near = [items[claim.dose - 1], *items[claim.dose + 1 : claim.dose + 3]]
    place = next((number for number, item in enumerate(items) if item is claim.name), None)
    if place:
        near.append(items[place - 1])
    return any(item.kind == "elemental" for item in near)


def _form_elsewhere(items: Sequence[Item], name: Item, claims: Sequence[_Claim]) -> str:
    """Return a form that the label names apart from the dose: "Vitamin E 400 IU (as d-alpha tocopherol)"."""
    claimed = {id(claim.name) for claim in claims}
    for item in items:
        if item.kind in ("name", "salt") and id(item) not in claimed:
            form = _form_given(name.nutrient, item)
            if form:
                return form
    return ""


def _per(items: Sequence[Item], place: int) -> tuple[float, str]:
    """Return how many of what hold the dose: "per 2 tablets", "/ 5 ml", "2 capsules provide"; NaN where unsaid."""
    for item, before in _after(items, place):
        if item.kind == "count" and before.kind in ("per", "of", "slash", "and", "filler") and item.measure:
            if before.kind == "slash" and item.measure.unit not in ("ml", "tsp", "tbsp", "fl oz"):
                continue
            return item.measure.amount, item.measure.unit
        if item.kind == "piece" and before.kind in ("per", "slash"):
            return 1.0, item.meaning
    return float("nan"), ""


def _after(items: Sequence[Item], place: int) -> Iterator[tuple[Item, Item]]:
    """Yield each item behind a dose that may say what it is per, with the item before it."""
    joined = False
    for before, item in zip(items[place:], items[place + 1 :], strict=False):
        if item.kind in ("count", "piece") and (before.kind in ("per", "slash") or joined):
            yield item, before
        joined = joined or item.kind == "per"
        if item.kind == "percent":
            return
