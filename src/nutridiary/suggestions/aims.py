"""What is aimed at for one person, and what bounds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nutridiary.comparison.upper_levels import PARTS, upper_level_nutrients
from nutridiary.nutrients import core_nutrients, load_nutrients
from nutridiary.references import LIMITS, REFERENCES, references_of

if TYPE_CHECKING:
    import pandas as pd

GAPS = frozenset({"below_ear", "between_ear_and_rda", "below_rda", "below_ai"})
"""Verdicts that nothing which is missing could change; "not decidable" is no gap to close."""

OPEN = frozenset({"not_decidable", "at_least_ear"})
"""Verdicts that what is missing leaves open."""

CORE_WEIGHT, OTHER_WEIGHT = 1.0, 0.4
"""What closing a whole reference is worth: of a core nutrient, and of another. Ours."""

ALREADY_ABOVE = 0.02
"""Share of a UL that may be added in all where the record is above it already. Ours: less than a record can tell."""

SODIUM_ABOVE = 0.05
"""The same share of what sodium is held by, which is no UL: 115 mg of a CDRR of 2,300 mg. Ours: a cup of milk a day."""

LOW_SODIUM, LOW_SODIUM_GRAMS = 140.0, 50.0
"""Low sodium: at most so many mg a portion, and in so many g where a portion weighs less (21 CFR 101.61(b)(4), with our
portions in place of its reference amounts). Where sodium has no room, or no limit, other foods are not added."""

ENERGY_ALLOWANCE = 0.10
"""Share of recorded energy that may be added where the energy requirement is not known. Ours."""

ENERGY_MOST = 0.25
"""Share of recorded energy that may be added at most where the requirement is known. Ours: a record far below need is
more likely incomplete than to be filled up."""

Rows = Mapping[str, Mapping[str, Any]]

SODIUM = "sodium"
NOT_AIMED = frozenset({SODIUM})
"""Its AI is no level to come up to for somebody who eats any diet on record; its CDRR is a limit."""

_WHOLE_OF_PART = {
    "folic_acid": "folate_total",
    "retinol": "vitamin_a_rae",
    "vitamin_e_added": "vitamin_e_alpha_tocopherol",
}
"""What a part is never more than: it bounds the part where a food's record does not tell it."""


@dataclass(frozen=True)
class Aim:
    """A gap to close.

    Attributes
    ----------
    nutrient : str
    kind : str
        RDA, AI or EAR: the role of the figure.
    mean, goal : float
        [the nutrient's unit/d]
    weight : float
        What closing all of it is worth. [-]
    """

    nutrient: str
    kind: str
    mean: float
    goal: float
    weight: float

    @property
    def short(self) -> float:
        """Share of the goal that stands open. [-]"""
        return max(1 - self.mean / self.goal, 0.0)


@dataclass(frozen=True)
class Limit:
    """A figure that additions may not pass.

    Attributes
    ----------
    nutrient : str
        Whose figure it is.
    part : str
        The nutrient of a food that counts towards it: retinol, for vitamin A.
    kind : str
        UL, CDRR, AI or energy.
    by : str
        What the limit is called where that is not its kind.
    base, limit : float
        What is on record of that part, and the figure. [unit/d]
    """

    nutrient: str
    part: str
    kind: str
    base: float
    limit: float
    by: str = ""

    @property
    def room(self) -> float:
        """What may be added. [unit/d] Where the record is above a limit already, next to nothing."""
        if not self.is_passed:
            return self.limit - self.base
        return self.share_above * self.limit

    @property
    def is_passed(self) -> bool:
        """Whether the record is at or above it already."""
        return self.base >= self.limit

    @property
    def share_above(self) -> float:
        """Share of the limit that may be added where the record is above it already. [-]"""
        if self.kind == "energy":
            return 0.0
        return SODIUM_ABOVE if self.part == SODIUM else ALREADY_ABOVE


@cache
def limit_nutrients() -> list[str]:
    """Return the nutrients whose intakes suggestions need besides those of a report, to keep every upper level.

    Examples
    --------
    >>> "retinol" in limit_nutrients(), "sodium" in limit_nutrients(), "potassium" in limit_nutrients()
    (True, True, False)
    """
    nutrients = load_nutrients()
    recorded = set(nutrients.index[nutrients["fndds_column"].notna()])
    limited: set[str] = set()
    for name in REFERENCES:
        values = references_of(name)
        limited |= set(values.loc[values["kind"].isin(LIMITS) & values["amount"].notna(), "nutrient"])
    names = [name for name in nutrients.index if name in limited & recorded]
    return ["energy", *names, *upper_level_nutrients(names)]


def content_nutrients(aims: Sequence[Aim], limits: Sequence[Limit], shown: Iterable[str]) -> list[str]:
    """Return the nutrients that must be known of a food that is suggested, or that the effects show."""
    parts = [limit.part for limit in limits]
    wholes = [_WHOLE_OF_PART[part] for part in parts if part in _WHOLE_OF_PART]
    return list(dict.fromkeys([*(aim.nutrient for aim in aims), *parts, *wholes, *shown, "energy", SODIUM]))


def part_or_whole(contents: pd.DataFrame, part: str) -> pd.Series:
    """Return what a portion holds of a part, or at most can hold: all there is of the nutrient it is a part of."""
    whole = _WHOLE_OF_PART.get(part)
    return contents[part] if whole is None else contents[part].fillna(contents[whole])


def aims_of(rows: Rows, wanted: Iterable[str]) -> list[Aim]:
    """Return the gaps of one person that are certain, and that foods can close.

    Parameters
    ----------
    rows : mapping of str to mapping
        `tables.COMPARISON` of one person, by nutrient.
    wanted : iterable of str
        The nutrients of the report.

    Returns
    -------
    list of Aim
    """
    core = set(core_nutrients())
    aims = []
    for name in wanted:
        if name not in rows or not can_be_aimed_at(name) or rows[name]["verdict"] not in GAPS:
            continue
        kind, goal = goal_of(rows[name])
        mean = float(rows[name]["mean_intake"])
        if mean < goal:
            aims.append(Aim(name, kind, mean, goal, CORE_WEIGHT if name in core else OTHER_WEIGHT))
    return aims


def can_be_aimed_at(nutrient: str) -> bool:
    """Return whether a nutrient is one to come up to by eating: a vitamin, a mineral, protein or fibre, not sodium."""
    group = load_nutrients().loc[nutrient, "nutrient_group"]
    return nutrient not in NOT_AIMED and (group in ("vitamin", "mineral") or nutrient in ("protein", "fiber_total"))


def goal_of(row: Mapping[str, Any]) -> tuple[str, float]:
    """Return the figure a row of `tables.COMPARISON` is to come up to, and its role; NaN where there is none.

    The requirement stands in where an authority sets nothing else (harmonized values).
    """
    known = (role for role in ("rda", "ai", "ear") if row[role] == row[role])
    role = next(known, "ai")
    return role.upper(), float(row[role])


def limits_of(rows: Rows, sodium_ai: str = "AI") -> list[Limit]:
    """Return the upper figures of one person that food counts towards, and what is on record beside them.

    Where an authority sets sodium no CDRR, its AI is the limit: the "safe and adequate intake" of EFSA, which is what
    `sodium_ai` says. A limit of which nothing is on record cannot be kept, and is not among them.
    """
    limits = []
    for name, row in rows.items():
        mean, estimate, ul = float(row["mean_intake"]), float(row["estimate"]), float(row["ul"])
        likely = max(mean, estimate) if estimate == estimate else mean
        if row["cdrr"] == row["cdrr"]:
            limits.append(Limit(name, name, "CDRR", likely, float(row["cdrr"])))
        elif name == SODIUM and row["ai"] == row["ai"]:
            limits.append(Limit(name, name, "AI", likely, float(row["ai"]), sodium_ai))
        if ul == ul and row["ul_applies_to"] == "total_intake":
            limits.append(Limit(name, name, "UL", likely, ul))
        elif ul == ul:
            parts = [part for part, kind in PARTS.get(name, ()) if kind != "supplement"]
            limits += [Limit(name, part, "UL", float(row["ul_intake"]), ul) for part in parts]
    return [limit for limit in limits if limit.base == limit.base]


def is_low_sodium(contents: pd.DataFrame) -> pd.Series:
    """Return whether portions are low in sodium, by their `sodium` [mg] and `portion_grams` [g].

    Examples
    --------
    >>> import pandas as pd
    >>> portions = pd.DataFrame({"sodium": [95.0, 137.0, 155.0], "portion_grams": [244.0, 21.0, 36.0]})
    >>> is_low_sodium(portions).to_list()  # a cup of milk, a slice of cheese, a slice of bread
    [True, False, False]
    """
    in_grams = contents["portion_grams"].clip(lower=LOW_SODIUM_GRAMS)
    return contents["sodium"] * in_grams / contents["portion_grams"] <= LOW_SODIUM


def energy_limit(mean_energy: float, eer: float) -> Limit:
    """Return what bounds added energy.

    Parameters
    ----------
    mean_energy : float
        Mean of the recorded days. [kcal/d]
    eer : float
        Estimated energy requirement; NaN where it is not known. [kcal/d]

    Returns
    -------
    Limit
        The requirement, but no more than `ENERGY_MOST` above the record; where it is not known, `ENERGY_ALLOWANCE`
        above the record.

    Examples
    --------
    >>> energy_limit(2000, float("nan")).room, energy_limit(2000, 2150).room, energy_limit(1200, 2150).room
    (200.0, 150, 300.0)
    >>> energy_limit(2300, 2150).room
    0.0
    """
    if eer != eer:
        by, limit = f"recorded energy + {100 * ENERGY_ALLOWANCE:.0f} %", mean_energy * (1 + ENERGY_ALLOWANCE)
    elif eer <= mean_energy * (1 + ENERGY_MOST):
        by, limit = "energy requirement", eer
    else:
        by, limit = f"recorded energy + {100 * ENERGY_MOST:.0f} %", mean_energy * (1 + ENERGY_MOST)
    return Limit("energy", "energy", "energy", mean_energy, limit, by)
