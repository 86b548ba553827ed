"""From a stated dose to the amount of the nutrient itself, in the nutrient's one unit, with what is not decided."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nutridiary.supplements.items import Measure
from nutridiary.supplements.vocabulary import Factor, factors, forms, nutrient_units, strengths

UNKNOWN = float("nan")
# SI prefixes.
_MASS = {"g": 1.0, "mg": 1e-3, "ug": 1e-6}
# A dose of a nutrient counted in micrograms that is larger than this is another substance's. [ug]
_MOST_MICROGRAMS = 100_000.0
# What the equivalents of a unit say about the nutrient they are of.
_EQUIVALENTS = {"DFE": "folate_dfe", "RAE": "vitamin_a_rae", "NE": "niacin"}


@dataclass(frozen=True)
class LabelDose:
    """One nutrient of a supplement's label.

    Attributes
    ----------
    nutrient : str
        Name as in nutrients.csv.
    amount : float
        Elemental amount [unit]; NaN where the label does not decide it.
    amount_low, amount_high : float
        The least and the most it can be [unit]; NaN where nothing bounds it.
    unit : str
        The nutrient's one unit.
    per_amount : float
        How many `per_unit` hold the amount; NaN where the label does not say.
    per_unit : str
        Tablet, serving, ml ...; empty where the label does not say.
    as_written : str
        The dose as it stands in the label.
    form : str
        What the nutrient is bound to or which form it is in: oxide, D3, natural.
    question : str
        What the label leaves open; empty where nothing is.
    note : str
        What was assumed; empty where nothing was.
    is_compound : bool
        Whether the figure is the mass of a compound, or may be.
    """

    nutrient: str
    amount: float
    amount_low: float
    amount_high: float
    unit: str
    per_amount: float = UNKNOWN
    per_unit: str = ""
    as_written: str = ""
    form: str = ""
    question: str = ""
    note: str = ""
    is_compound: bool = False

    @property
    def is_decided(self) -> bool:
        """Whether the label decides the amount."""
        return self.amount == self.amount

    def times(self, count: float, low: float | None = None, high: float | None = None) -> LabelDose:
        """Return the dose of `count` of it, at least `low` and at most `high`."""
        return replace(
            self,
            amount=self.amount * count,
            amount_low=self.amount_low * (count if low is None else low),
            amount_high=self.amount_high * (count if high is None else high),
        )


def suits(nutrient: str, unit: str, amount: float) -> bool:
    """Tell whether a dose in `unit` can be one of `nutrient` at all.

    Examples
    --------
    >>> suits("vitamin_d", "IU", 400), suits("calcium", "IU", 400), suits("vitamin_d", "mg", 500)
    (True, False, False)
    """
    if unit in _MASS:
        return nutrient_units()[nutrient] != "ug" or amount * _MASS[unit] / _MASS["ug"] <= _MOST_MICROGRAMS
    return any(key[0] == nutrient and key[2] == unit for key in factors())


def label_dose(
    nutrient: str,
    measure: Measure,
    *,
    form: str = "",
    is_compound: bool = False,
    equivalent: str = "",
    is_antacid: bool = False,
) -> LabelDose:
    """Return what a stated dose comes to.

    Parameters
    ----------
    nutrient : str
        Name as in nutrients.csv.
    measure : Measure
        The dose as stated: mg, ug, g, IU, mEq or mmol.
    form : str
        A form of `data/supplement_forms.csv` or `data/supplement_factors.csv`.
    is_compound : bool
        Whether it is the compound that is named with the dose ("magnesium oxide 400 mg"), so that the figure may
        be the mass of the compound or of the nutrient in it.
    equivalent : {"", "DFE", "RAE", "NE"}
        What stands behind the unit.
    is_antacid : bool
        Whether the label says so; antacids state the compound.

    Returns
    -------
    LabelDose
        Without an amount, but with `question`, where the label does not decide it.

    References
    ----------
    The shares and factors stand with their sources in ``data/supplement_forms.csv``,
    ``data/supplement_factors.csv`` and ``data/supplement_strengths.csv``.

    Examples
    --------
    >>> label_dose("vitamin_d", Measure(2000, 2000, 2000, "IU")).amount
    50.0
    >>> oxide = label_dose("magnesium", Measure(400, 400, 400, "mg"), form="oxide", is_compound=True)
    >>> oxide.amount_low, oxide.amount, oxide.amount_high
    (241.2, nan, 400.0)
    """
    if equivalent:
        # The unit itself says what it counts: "680 mcg DFE" is no mass of folic acid.
        nutrient = _EQUIVALENTS[equivalent] if suits(_EQUIVALENTS[equivalent], measure.unit, 1) else nutrient
    unit = nutrient_units()[nutrient]
    factor = None if equivalent else _factor(nutrient, form, measure.unit)
    if factor is None:
        if measure.unit not in _MASS:
            dose = LabelDose(nutrient, UNKNOWN, UNKNOWN, UNKNOWN, unit, form=form)
            return replace(dose, question=f"how much one {measure.unit} of it is, is not known")
        factor = Factor(_MASS[measure.unit] / _MASS[unit], None, None, "")
        if is_compound and not equivalent:
            return _compound(nutrient, measure, form, factor.factor or 1.0, is_antacid)
    return _multiplied(LabelDose(nutrient, UNKNOWN, UNKNOWN, UNKNOWN, unit, form=form), measure, factor)


def _factor(nutrient: str, form: str, unit: str) -> Factor | None:
    """Return the factor of a unit that depends on nutrient and form; None where the unit is a plain mass."""
    known = factors()
    if unit not in _MASS:
        return known.get((nutrient, form, unit)) or known.get((nutrient, "", unit))
    own = nutrient_units()[nutrient]
    found = known.get((nutrient, form, own)) if form and own in _MASS else None
    if found is None:
        return None
    scale = _MASS[unit] / _MASS[own]
    factor, low, high = (None if size is None else size * scale for size in found[:3])
    return Factor(factor, low, high, found.note)


def _multiplied(dose: LabelDose, measure: Measure, factor: Factor) -> LabelDose:
    middle = factor.factor
    low = middle if factor.low is None else factor.low
    high = (middle if factor.low is None else None) if factor.high is None else factor.high
    return replace(
        dose,
        amount=_rounded(measure.amount, middle),
        amount_low=_rounded(measure.low, low),
        amount_high=_rounded(measure.high, high),
        question=factor.note if middle is None else "",
        note="" if middle is None else factor.note,
    )


def _compound(nutrient: str, measure: Measure, form: str, scale: float, is_antacid: bool) -> LabelDose:
    """Return the dose where a compound is named: its mass and the nutrient's are both possible readings."""
    share = forms()[nutrient, form]
    dose = LabelDose(nutrient, UNKNOWN, UNKNOWN, UNKNOWN, nutrient_units()[nutrient], form=form, is_compound=True)
    usual = strengths().get((nutrient, form, round(measure.amount * scale * _milli(nutrient), 6)))
    if usual and (is_antacid or not usual.only_with):
        if usual.holds == usual.mass:
            stated = replace(_multiplied(dose, measure, Factor(scale, None, None, "")), is_compound=False)
            return replace(stated, note=f"read as the nutrient, not as {form}: the usual strength")
        holds = usual.holds / usual.mass
        factor = Factor(holds * scale, min(share.low, holds) * scale, max(share.high, holds) * scale, "")
        return replace(_multiplied(dose, measure, factor), note=f"read as the mass of the {form}: the usual strength")
    return replace(
        dose,
        amount_low=_rounded(measure.low, share.low * scale),
        amount_high=_rounded(measure.high, scale),
        question=f"is the figure the mass of the {form}, or of the nutrient in it?",
    )


def _milli(nutrient: str) -> float:
    """Milligrams in one unit of the nutrient."""
    return _MASS[nutrient_units()[nutrient]] / _MASS["mg"]


def _rounded(amount: float, factor: float | None) -> float:
    # Ten digits: 2000 x 0.025 is 50, whatever binary fractions make of it.
    return UNKNOWN if factor is None else float(f"{amount * factor:.10g}")
