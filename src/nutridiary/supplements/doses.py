"""From the supplements of a diary to amounts of nutrients, kept apart from food."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from nutridiary.supplements.amounts import UNKNOWN, LabelDose, label_dose
from nutridiary.supplements.items import Measure, items_of
from nutridiary.supplements.label import Label, read_whole_label
from nutridiary.supplements.products import Products, products_by_name
from nutridiary.supplements.taken import SERVINGS, Taken, read_taken, times_of
from nutridiary.supplements.vocabulary import Factor, companions, nutrient_units

if TYPE_CHECKING:
    import pandas as pd

# What apps record in international units, of which the form decides the mass (`data/recorded_nutrients.csv`).
_IN_UNITS = {"vitamin_a_iu": "vitamin_a_rae", "vitamin_e_iu": "vitamin_e_alpha_tocopherol"}
_KEY = ["source", "line", "part"]


@dataclass
class _Found:
    """What one entry comes to on its way into the tables."""

    doses: dict[str, tuple[LabelDose, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problem: str = ""

    def add(self, doses: Iterable[LabelDose], value_from: str) -> None:
        """Add the doses of nutrients that have none yet."""
        for dose in doses:
            self.doses.setdefault(dose.nutrient, (dose, value_from))


def supplement_doses(entries: pd.DataFrame, products: pd.DataFrame | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the supplements among the entries hold.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`, `tables.MATCHED` or `tables.WEIGHED`, with any ``recorded_`` columns.
    products : pandas.DataFrame, optional
        `tables.SUPPLEMENT_PRODUCTS`, from the Supplements sheet of the diary.

    Returns
    -------
    entries : pandas.DataFrame
        The same rows. Supplements without a dose have a problem that says what to do; what was assumed, and what
        a label leaves open, is in their note. Other rows, and supplements that had a problem or were matched to a
        food, are as they were.
    doses : pandas.DataFrame
        `tables.SUPPLEMENT_DOSES`: a row for each supplement and nutrient. What the Supplements sheet says goes
        before what the diary itself recorded, and that before the text of the label. A nutrient that is named
        without a dose has a row without an amount.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.tables import ENTRIES, conform
    >>> line = {"source": ["d.csv"], "line": [2], "kind": ["supplement"], "food_text": ["Vitamin D3 1000 IU"]}
    >>> entries = conform(pd.DataFrame(line | {"amount": [2.0], "unit": ["tablet"]}), ENTRIES)
    >>> _, doses = supplement_doses(entries)
    >>> doses[["nutrient", "amount", "unit"]].values.tolist()
    [['vitamin_d', 50.0, 'ug'], ['vitamin_d3', 50.0, 'ug']]
    """
    import pandas as pd

    from nutridiary.tables import RECORDED, SUPPLEMENT_DOSES, conform

    entries = entries.copy()
    chosen = entries["kind"].eq("supplement") & entries["problem"].isna()
    if "fdc_id" in entries:
        chosen &= entries["fdc_id"].isna()  # the user's alias says which food it is: counted as such
    known = products_by_name(products)
    units = nutrient_units()
    carried = [name.removeprefix(RECORDED) for name in entries.columns if name.startswith(RECORDED)]
    # Masses before international units of the same vitamin.
    recorded = [name for name in carried if name in units] + [name for name in carried if name in _IN_UNITS]
    rows: list[dict[str, Any]] = []
    for place in entries.index[chosen]:
        entry = {name: None if pd.isna(value) else value for name, value in entries.loc[place].items()}
        found = _entry_doses(entry, known, recorded)
        if found.problem:
            entries.loc[place, "problem"] = found.problem
        else:
            rows += _rows(entry, found)
        entries.loc[place, "note"] = "; ".join(dict.fromkeys([*filter(None, [entry["note"]]), *found.notes])) or None
    return entries, conform(pd.DataFrame(rows, columns=SUPPLEMENT_DOSES.names), SUPPLEMENT_DOSES)


def _rows(entry: dict[str, Any], found: _Found) -> list[dict[str, Any]]:
    key = {name: entry.get(name) for name in _KEY}
    doses = dict(found.doses)
    for dose, value_from in found.doses.values():
        for other in companion_doses([dose]):
            doses.setdefault(other.nutrient, (other, value_from))
    return [
        key
        | {
            "nutrient": dose.nutrient,
            "amount": dose.amount,
            "amount_low": dose.amount_low,
            "amount_high": dose.amount_high,
            "unit": dose.unit,
            "value_from": value_from,
        }
        for dose, value_from in doses.values()
    ]


def companion_doses(doses: Sequence[LabelDose]) -> list[LabelDose]:
    """Return doses with what they say about other nutrients: folic acid counts as folate equivalents, D3 as D.

    Parameters
    ----------
    doses : sequence of LabelDose
        One for each nutrient.

    Returns
    -------
    list of LabelDose
        The doses themselves first. A nutrient that has a dose of its own keeps it.

    References
    ----------
    The factors stand with their sources in ``data/supplement_companions.csv``.

    Examples
    --------
    >>> from nutridiary.supplements import read_label
    >>> [(dose.nutrient, dose.amount) for dose in companion_doses(read_label("folic acid 400 mcg"))]
    [('folic_acid', 400.0), ('folate_dfe', 680.0), ('folate_total', 400.0)]
    """
    found = {dose.nutrient: dose for dose in doses}
    for dose in doses:
        for other in companions().get((dose.nutrient, dose.form), ()):
            found.setdefault(other.nutrient, _companion(dose, other.nutrient, other.factor))
    return list(found.values())


def _companion(dose: LabelDose, nutrient: str, factor: Factor) -> LabelDose:
    middle = UNKNOWN if factor.factor is None else factor.factor
    ends = [middle if end is None else end for end in (factor.low, factor.high)]
    amounts = (dose.amount * middle, dose.amount_low * ends[0], dose.amount_high * ends[1])
    amount, low, high = (float(f"{amount:.10g}") for amount in amounts)
    if low == high:
        amount = low  # none of nothing is nothing, whatever the form
    return LabelDose(nutrient, amount, low, high, nutrient_units()[nutrient], note=factor.note)


def _entry_doses(entry: dict[str, Any], products: Products, recorded: Sequence[str]) -> _Found:
    found = _Found()
    taken = read_taken(
        entry["amount"],
        entry["unit"],
        entry.get("amount_text"),
        low=_or_unknown(entry.get("amount_low")),
        high=_or_unknown(entry.get("amount_high")),
    )
    _from_products(found, entry, taken, products)
    if not found.doses and not found.problem:
        _from_record(found, entry, recorded)
        _from_text(found, entry, taken)
    if taken.note and found.doses and "anything from 0 on" not in (entry["note"] or ""):
        found.notes.append(taken.note)
    return found


def _or_unknown(value: float | None) -> float:
    return UNKNOWN if value is None else value


def _from_products(found: _Found, entry: dict[str, Any], taken: Taken, products: Products) -> None:
    product = products.find(entry["food_text"] or "", entry.get("brand") or "")
    if product is None:
        return
    place = f"your Supplements sheet ({product.source}:{product.line})"
    for problem in product.problems:
        found.notes.append(f"{place}: {problem}")
    if taken.problem:
        found.problem = taken.problem
        return
    for dose in product.doses:
        times = times_of(taken, dose.per_amount, dose.per_unit)
        if times is None:
            if not taken.is_dose:
                found.problem = (
                    f"{place} gives the dose per {dose.per_amount:g} {dose.per_unit or 'piece'}; "
                    f"how much of that {taken.number:g} {taken.unit} is, is not known"
                )
            return
        found.add([dose.times(*times[:3])], place)
        found.notes += filter(None, [times.note, _remark(dose, product.doses)])


def _from_record(found: _Found, entry: dict[str, Any], recorded: Sequence[str]) -> None:
    for nutrient in recorded:
        value = entry[f"recorded_{nutrient}"]
        if value is None:
            continue
        if nutrient in _IN_UNITS:
            dose = label_dose(_IN_UNITS[nutrient], Measure(value, value, value, "IU"))
            found.notes += filter(None, [_remark(dose, [])]) if value else []
        else:
            dose = LabelDose(nutrient, value, value, value, nutrient_units()[nutrient])
        found.add([dose], "recorded in the diary")


def _from_text(found: _Found, entry: dict[str, Any], taken: Taken) -> None:
    """Add what the text says of nutrients that the diary did not record; without either, say what is missing."""
    text = " ".join(part for part in (entry.get("brand"), entry["food_text"]) if part)
    label = read_whole_label(entry["food_text"] or "")
    if taken.is_dose:
        doses, times_note = _taken_as_dose(entry, label, taken), ""
    elif taken.problem:
        doses, times_note = [], ""
    else:
        doses, times_note = _taken_as_pieces(label, taken)
    new = [dose for dose in doses if dose.nutrient not in found.doses]
    for dose in new:
        found.add([dose], f'label text "{(dose.as_written or text)[:80]}"')
        found.notes += filter(None, [times_note, _remark(dose, new)])
    if not found.doses:
        found.problem = _nothing_found(entry, label, taken)
    elif label.undosed and not taken.is_dose:
        unknown = [LabelDose(name, UNKNOWN, 0.0, UNKNOWN, nutrient_units()[name]) for name in label.undosed]
        found.add(unknown, f'label text "{text[:80]}", which gives no dose of it')


def _taken_as_pieces(label: Label, taken: Taken) -> tuple[list[LabelDose], str]:
    doses, note = [], ""
    for dose in label.doses:
        times = times_of(taken, dose.per_amount, dose.per_unit)
        if times:
            doses.append(dose.times(*times[:3]))
            note = note or times.note
    return doses, note


def _taken_as_dose(entry: dict[str, Any], label: Label, taken: Taken) -> list[LabelDose]:
    """Return the dose where the amount is one in itself: 500 mcg of B12; none where the text names several things."""
    text = entry["food_text"] or ""
    names = dict.fromkeys([dose.nutrient for dose in label.doses] + list(label.undosed))
    if len(names) == 1 and not label.others:
        bare = _without_doses(text)
        measure = f"{taken.number:.10g} {taken.unit}"
        dose = next(iter(read_whole_label(f"{bare} {measure}").doses), None)
        if dose:
            ends = (taken.low / taken.number, taken.high / taken.number) if taken.number else (1.0, 1.0)
            return [replace(dose.times(1.0, *ends), as_written=f"{bare} {measure}")]
    # "Calcium 600 mg + D3 400 IU" taken apart into an amount and a name: the whole line is the dose.
    return list(read_whole_label(entry.get("written_text") or "").doses)


def _without_doses(text: str) -> str:
    for item in reversed(items_of(text)):
        if item.kind == "dose":
            text = text[: item.start] + text[item.end :]
    return " ".join(text.split())


def _remark(dose: LabelDose, doses: Sequence[LabelDose]) -> str:
    said = dose.question or dose.note
    if not said:
        return ""
    if len(doses) > 1:
        from nutridiary.nutrients import nutrient_label

        said = f"{nutrient_label(dose.nutrient)}: {said}"
    return said


def _number_without_unit(text: str) -> str:
    """Return the 2000 of "vitamin D3 2000"."""
    items = items_of(text)
    for name, number in pairwise(items):
        if name.kind == "name" and number.kind == "number" and number.measure:
            return text[number.start : number.end]
    return ""


def _nothing_found(entry: dict[str, Any], label: Label, taken: Taken) -> str:
    """Return why a supplement has no dose, and what to do about it."""
    if taken.problem and label.doses:
        return taken.problem
    named = (entry["food_text"] or "it")[:60]
    if label.doses:
        unit = f"{taken.number:g} {taken.unit}".strip()
        return f'how much of "{named}" {unit} is, is not known: write how many of what its label is per'
    bare = _number_without_unit(named)
    if bare and label.undosed:
        return f'the dose {bare} in "{named}" has no unit: write {bare} mg, mcg or IU'
    if label.others and not label.undosed:
        return f'"{named}" names no nutrient that is counted here; if it holds any, list it on the Supplements sheet'
    one = f"one {taken.unit}" if taken.unit and not taken.is_dose and taken.unit not in SERVINGS else "it"
    if taken.is_dose and len(label.undosed) > 1:
        which = f"{taken.number:g} {taken.unit}"
        return f'of which nutrient in "{named}" {which} were taken is not said: list it on the Supplements sheet'
    return f'what {one} holds is not known: list "{named}" on the Supplements sheet, or write its dose (500 mg)'
