"""What the figures of a label say about each other: one food's values, judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, isnan
from typing import TYPE_CHECKING

from nutridiary.brands.label_limits import load_limits
from nutridiary.nutrients import load_nutrients

if TYPE_CHECKING:
    from collections.abc import Mapping

SET_ASIDE, DOUBTFUL, ALL_IN_DOUBT = "set aside", "doubtful", "all in doubt"

# What a food is made of: together it weighs what the food weighs.
PARTS = ("protein", "fat_total", "carbohydrate", "water", "ash", "alcohol")
MAKES_ENERGY = ("protein", "fat_total", "carbohydrate", "alcohol")
# A part and its whole. [g]
WITHIN = (
    ("sugars_total", "carbohydrate"),
    ("fiber_total", "carbohydrate"),
    ("fatty_acids_saturated", "fat_total"),
    ("fatty_acids_trans", "fat_total"),
    ("fatty_acids_monounsaturated", "fat_total"),
    ("fatty_acids_polyunsaturated", "fat_total"),
)
# Analysed foods come to 100 g within 3 g but for a few fish of up to 106: 13,565 foods of the shipped releases.
MOST_OF_ALL_PARTS = 105.0
# Sugars are measured and carbohydrate is what is left: in the shipped foods a part exceeds its whole by no more. [g]
ROUGHLY_EQUAL = 1.1
# No food is heavier by volume: honey, 1.42 g/ml (FNDDS, a tablespoon of 21 g).
DENSEST = 1.45
# Energy per gram, 21 CFR 101.9(c)(1)(i)(B); alcohol at 7 kcal/g. The label's energy may rest on specific factors.
ATWATER = {"protein": 4.0, "fat_total": 9.0, "carbohydrate": 4.0, "alcohol": 7.0}
# By the specific factors of food groups, USDA Agriculture Handbook 74 (1973), table 13, a gram of these gives no less.
# Of carbohydrate only sugars surely give energy: fibre gives 0 to 2, polyols and allulose 0.2 to 3 kcal/g.
LEAST_ENERGY = {"protein": 2.4, "fat_total": 8.3, "sugars_total": 2.4, "alcohol": 6.9}
# 21 CFR 101.9(g)(5): a food may hold 20 % more energy than its label says.
ALLOWED = 1.2
# [kcal/100 g] below which a difference of energies is no contradiction.
LEAST_DIFFERENCE = 20.0
# From here on no rounding, fibre or polyol explains the energy a label states.
CONTRADICTS = 1.6
KCAL_IN_KJ = 4.184


@dataclass(frozen=True)
class Figure:
    """A value of a label with what it can stand for. [unit/100 g, or /100 ml]"""

    amount: float
    low: float
    high: float


@dataclass
class Judgement:
    """What was found of one food: nutrient (empty: the whole food), finding, reason."""

    findings: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def is_all_in_doubt(self) -> bool:
        """Whether no value of the food can be used."""
        return any(finding == ALL_IN_DOUBT for _, finding, _ in self.findings)

    @property
    def set_aside(self) -> set[str]:
        """The nutrients whose value cannot be used."""
        return {nutrient for nutrient, finding, _ in self.findings if finding == SET_ASIDE}

    def add(self, nutrient: str, finding: str, reason: str) -> None:
        """Add a finding; the first about a nutrient stands."""
        if nutrient not in {known for known, _, _ in self.findings}:
            self.findings.append((nutrient, finding, reason))


def judge_label(
    figures: Mapping[str, Figure], called: str, *, by_volume: bool = False, has_alcohol: bool = False
) -> Judgement:
    """Return what is impossible or doubtful among the values of one food.

    Parameters
    ----------
    figures : mapping of str to Figure
        By nutrient, in the nutrient's unit, per 100 g.
    called : str
        Name and category of the food: salt may hold what bread may not.
    by_volume : bool
        The values are per 100 ml.
    has_alcohol : bool
        The food may hold alcohol that its label does not state.

    Returns
    -------
    Judgement

    Examples
    --------
    >>> kilojoules = {name: Figure(x, x, x) for name, x in
    ...               {"energy": 1650.0, "protein": 25.0, "fat_total": 33.0, "carbohydrate": 1.0}.items()}
    >>> judge_label(kilojoules, "CHEDDAR CHEESE").findings[0][:2]
    ('energy', 'set aside')
    """
    judgement = Judgement()
    most = DENSEST if by_volume else 1.0
    _against_limits(figures, called, most, judgement)
    per = "100 ml" if by_volume else "100 g"
    makes_up = [name for name in (*MAKES_ENERGY, "energy") if name in judgement.set_aside]
    is_kilojoules = makes_up == ["energy"] or _is_kilojoules(figures)
    if len(makes_up) > 1:
        figure = ", ".join(f"{_label(name)} {figures[name].amount:g}" for name in makes_up)
        judgement.add("", ALL_IN_DOUBT, f"several values are impossible ({figure} in {per}): the label was misread")
    elif (weight := _weight_of_parts(figures)) > MOST_OF_ALL_PARTS * most and not makes_up:
        reason = f"what it is made of weighs {weight:.0f} g in {per}"
        judgement.add("", ALL_IN_DOUBT, reason)
    else:
        _parts_of_wholes(figures, judgement)
        if not makes_up or is_kilojoules:
            _energy(figures, judgement, has_alcohol=has_alcohol)
    return judgement


def _against_limits(figures: Mapping[str, Figure], called: str, most: float, judgement: Judgement) -> None:
    units = load_nutrients()["unit"]
    for nutrient, limit in load_limits().items():
        figure = figures.get(nutrient)
        if figure is None:
            continue
        stated = f"{figure.amount:,.10g} {_unit(units[nutrient])}"
        if figure.low > limit.impossible * most:
            guess = _looks_like(nutrient, figure.amount, figures)
            judgement.add(nutrient, SET_ASIDE, f"{stated}, more than any food holds ({limit.reason}){guess}")
        elif figure.low > limit.doubtful and not (limit.unless_named and limit.unless_named.search(called)):
            guess = _looks_like(nutrient, figure.amount, figures)
            judgement.add(nutrient, DOUBTFUL, f"{stated}, which hardly a food holds ({limit.seen}){guess}")


def _looks_like(nutrient: str, amount: float, figures: Mapping[str, Figure]) -> str:
    """Name the likeliest mistake where the value would be a usual one without it."""
    limit = load_limits()[nutrient]
    if nutrient == "sodium" and abs(amount / 2.54 / load_limits()["sodium"].impossible - 1) < 0.03:
        return "; it looks like salt written as sodium"
    if nutrient == "energy" and not _is_kilojoules(figures):
        return ""
    usual = limit.impossible if limit.doubtful == inf else limit.doubtful
    return f"; it looks like {_unit(limit.looks_like)}" if limit.looks_like and amount / limit.factor <= usual else ""


def _weight_of_parts(figures: Mapping[str, Figure]) -> float:
    return sum(figures[name].low for name in PARTS if name in figures)


def _parts_of_wholes(figures: Mapping[str, Figure], judgement: Judgement) -> None:
    """A part larger than its whole: one of the two is wrong, and nothing tells which, unless the energy does."""
    for part, whole in WITHIN:
        if part not in figures or whole not in figures or {part, whole} & judgement.set_aside:
            continue
        if figures[part].low <= figures[whole].high + ROUGHLY_EQUAL:
            continue
        larger = f"{_label(part)} {figures[part].amount:g} g, but {_label(whole)} {figures[whole].amount:g} g"
        reason = f"{larger}: a part is no larger than its whole"
        wrong = [part] if _agrees(figures) else [part, whole]
        for name in wrong:
            judgement.add(name, SET_ASIDE, reason)


def _energy(figures: Mapping[str, Figure], judgement: Judgement, *, has_alcohol: bool) -> None:
    """Hold the energy against what protein, fat, carbohydrate and alcohol give."""
    if "energy" not in figures or not _known(figures) or judgement.set_aside & set(MAKES_ENERGY):
        return
    least, most = energy_range(figures)
    energy = figures["energy"]
    if _is_kilojoules(figures) and not has_alcohol:
        words = f"{energy.amount:g} kcal, where its parts give {_given(figures):.0f}: it looks like kJ written as kcal"
        judgement.add("energy", SET_ASIDE, words)
        return
    over = energy.low > most * ALLOWED + LEAST_DIFFERENCE and not (has_alcohol and "alcohol" not in figures)
    under = energy.high * ALLOWED + LEAST_DIFFERENCE < least
    if not (over or under):
        return
    words = f"{energy.amount:g} kcal, where protein, fat and carbohydrate give {_given(figures):.0f}"
    if under and energy.amount == 0:
        judgement.add("energy", SET_ASIDE, words + ": it is no zero")
    elif energy.low > most * CONTRADICTS + LEAST_DIFFERENCE or energy.high * CONTRADICTS + LEAST_DIFFERENCE < least:
        judgement.add("", ALL_IN_DOUBT, words)
    else:
        judgement.add("energy", DOUBTFUL, words)


def energy_range(figures: Mapping[str, Figure]) -> tuple[float, float]:
    """Return the least and the most energy that the stated parts can give. [kcal]"""
    least = sum(factor * figures[name].low for name, factor in LEAST_ENERGY.items() if name in figures)
    most = sum(factor * figures[name].high for name, factor in ATWATER.items() if name in figures)
    return least, most


def _given(figures: Mapping[str, Figure]) -> float:
    return sum(factor * figures[name].amount for name, factor in ATWATER.items() if name in figures)


def _known(figures: Mapping[str, Figure]) -> bool:
    return all(name in figures and not isnan(figures[name].amount) for name in MAKES_ENERGY[:3])


def _agrees(figures: Mapping[str, Figure]) -> bool:
    """Tell whether the energy is what the parts give, within what is allowed."""
    if "energy" not in figures or not _known(figures):
        return False
    energy, given = figures["energy"].amount, _given(figures)
    return abs(energy - given) <= 0.1 * max(energy, given) + LEAST_DIFFERENCE / 2


def _is_kilojoules(figures: Mapping[str, Figure]) -> bool:
    """Tell whether the energy would be what the parts give if it were stated in kJ, and is not as it is."""
    if "energy" not in figures or not _known(figures):
        return False
    given = _given(figures)
    return given > LEAST_DIFFERENCE / 2 and abs(figures["energy"].amount / KCAL_IN_KJ / given - 1) < 0.1


def _label(nutrient: str) -> str:
    return str(load_nutrients().loc[nutrient, "label"]).lower()


def _unit(words: str) -> str:
    return words.replace("ug", "µg")
