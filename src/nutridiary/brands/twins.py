"""The generic food that a branded one is, so far as its name and its label agree on it.

A label states a dozen values; magnesium, zinc, vitamin B12 and the rest of it are unknown. Where a food of the release
in use is surely the same kind of food, it may fill these gaps, marked as filled in. Two kinds of evidence are needed:
the name, matched as a diary line is, beyond doubt; and the label, whose energy, protein, fat and carbohydrate (and
sugars, fibre and saturated fat where it states them) agree with the food's within rounding and the tolerances of
``data/food_twins.csv``. What makers add (``data/label_added_nutrients.csv``), a twin does not lend: a label has to
state it. docs/labels.md tells how often that is right.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.brands.kinds import other_kind
from nutridiary.brands.label_judgement import Figure, energy_range
from nutridiary.brands.labels import label_figures, serving_sizes
from nutridiary.data_files import data_file
from nutridiary.fdc.product_ids import LABELLED
from nutridiary.fdc.tables import BY_VOLUME, FoodTables
from nutridiary.food_groups import food_group_of
from nutridiary.food_twins import shipped_twins
from nutridiary.matching import match_foods

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

TWINS = {
    "fdc_id": "int64",
    "twin_fdc_id": "Int64",  # missing: none
    "times": "float64",  # what the twin's values per 100 g are multiplied by; 1, or g/ml
    "withheld": "str",  # nutrients it does not lend, with ";" between
    "match_score": "float64",
    "distance": "float64",  # largest share of the tolerances that is used [0-1]
    "per_serving": "bool",  # the label's values are those of a serving of this food, not of 100 g: none can be used
    "evidence": "str",  # in words: why it is, or why there is none
}
"""Columns of `generic_twins`."""

# Per 100 g: an absolute amount, and a share of the larger value; the first four as tools/build_food_twins.py has them.
CLOSE = {
    "energy": (10.0, 0.10),
    "protein": (0.5, 0.10),
    "fat_total": (0.5, 0.10),
    "carbohydrate": (1.0, 0.10),
    "sugars_total": (1.0, 0.20),
    "fatty_acids_saturated": (0.5, 0.20),
    "fiber_total": (1.0, 0.30),
}
NEEDED = ("protein", "fat_total", "carbohydrate")
# Below this energy the figures of a label may be all rounding: tea leaves and brewed tea both say 0. [kcal/100 g]
LEAST_ENERGY = 15.0
# A label's values are those of a serving where they agree with the food's by the serving alone: and so far apart. [-]
LEAST_FACTOR = 1.5
_FNDDS = "survey_fndds_food"
_FORTIFIED = re.compile(r"\b(?:fortified|enriched|with added|added vitamin)", re.IGNORECASE)
_EVERY_GROUP = "*"


class _Candidate(NamedTuple):
    """A generic food that a product may be; `sure` by its name."""

    fdc_id: int
    score: float
    sure: bool


def generic_twins(tables: FoodTables, foods: FoodData) -> pd.DataFrame:
    """Return which food of a release may fill the gaps of each label.

    Parameters
    ----------
    tables : FoodTables
        As `nutridiary.brands.labels.checked_labels` leaves them.
    foods : FoodData
        The generic foods.

    Returns
    -------
    pandas.DataFrame
        A row a labelled food, with the columns `TWINS`. A food of which no value can be used has the twin that its
        name alone is sure of; nothing speaks for a twin whose label says otherwise.
    """
    import pandas as pd

    labelled = tables.foods[tables.foods["data_type"].isin(LABELLED)]
    if labelled.empty:
        return pd.DataFrame(columns=list(TWINS)).astype(TWINS)
    values = tables.values[tables.values["fdc_id"].isin(labelled["fdc_id"])]
    figures = label_figures(tables, values)
    names = product_names(labelled, tables.aliases)
    # The name with the label's own figures, as a diary's line with recorded values; where that is not sure, or they
    # disagree, the name alone: the figures may be those of a serving.
    found = [_by_name(labelled, names, figures, foods), _by_name(labelled, names, {}, foods)]
    generic = _Generic({candidate.fdc_id for each in found for candidate in each.values()}, foods)
    by_volume = dict(zip(labelled["fdc_id"], labelled["basis"].eq(BY_VOLUME), strict=True))
    sizes = serving_sizes(tables.portions)
    products = [
        _Product(fdc_id, names[fdc_id], figures.get(fdc_id, {}), sizes.get(fdc_id, 100.0), by_volume[fdc_id])
        for fdc_id in labelled["fdc_id"].tolist()
    ]
    rows = []
    for product in products:
        first, second = (_twin(product, each.get(product.fdc_id), generic) for each in found)
        rows.append(second if first["twin_fdc_id"] is None and second["twin_fdc_id"] is not None else first)
    return pd.DataFrame(rows, columns=list(TWINS)).astype(TWINS)


class _Generic:
    """What is known of the generic foods that may be twins."""

    def __init__(self, fdc_ids: Iterable[int], foods: FoodData) -> None:
        asked, self.twins = set(fdc_ids), shipped_twins(foods)
        known = sorted(fdc_id for fdc_id in asked | {self.twins.get(one, one) for one in asked} if fdc_id in foods)
        table = foods.foods(known)
        self.names = dict(zip(table["fdc_id"].tolist(), table["description"].tolist(), strict=True))
        self.types = dict(zip(table["fdc_id"].tolist(), table["data_type"].tolist(), strict=True))
        composition = foods.composition(known)
        self.values: dict[int, dict[str, float]] = {
            fdc_id: dict(zip(composition.columns, cells, strict=True))
            for fdc_id, cells in zip(composition.index.tolist(), composition.to_numpy().tolist(), strict=True)
        }
        self.groups = food_group_of(known, foods).to_dict()
        self.densities = _densities(foods.portions(known))

    def withheld(self, fdc_id: int, stated: Iterable[str]) -> list[str]:
        """Return what this food does not lend: what is added to it, or may be, and a label would have to state."""
        held, name = self.values[fdc_id], self.names[fdc_id]
        group = self.groups[fdc_id]
        kept_back = {
            nutrient
            for rule in load_added()
            if rule.food_group in (group, _EVERY_GROUP) and not (rule.unless_named and rule.unless_named.search(name))
            for nutrient in rule.nutrients
        }
        if held["vitamin_b12_added"] > 0:
            kept_back.add("vitamin_b12")
        if held["vitamin_e_added"] > 0:
            kept_back.add("vitamin_e_alpha_tocopherol")
        if held["folic_acid"] > 0 and group not in _OF_FLOUR:
            kept_back |= {"folic_acid", "folate_dfe", "folate_total"}
        if _FORTIFIED.search(name):
            kept_back |= {nutrient for rule in load_added() for nutrient in rule.nutrients}
        return sorted(kept_back - set(stated))


# Baked or made with enriched flour: a label need not state what the flour brings, 21 CFR 101.9(c)(8)(ii)(B).
_OF_FLOUR = frozenset({"grains and bread", "sweets", "mixed dishes", "snacks", "soups"})


class Added(NamedTuple):
    """Nutrients that makers add to foods of a group."""

    food_group: str
    unless_named: re.Pattern[str] | None
    nutrients: tuple[str, ...]


@cache
def load_added() -> tuple[Added, ...]:
    """Return what is added to foods, by food group; loaded once and shared.

    Examples
    --------
    >>> load_added()[0].food_group, load_added()[0].nutrients[0]
    ('milk and dairy', 'vitamin_d')
    """
    with data_file("label_added_nutrients.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Added(
                row["food_group"],
                re.compile(row["unless_named"], re.IGNORECASE) if row["unless_named"] else None,
                tuple(row["nutrients"].split(";")),
            )
            for row in csv.DictReader(lines)
        )


def product_names(foods: pd.DataFrame, aliases: pd.DataFrame) -> dict[int, str]:
    """Return what each product is called without its brand.

    Examples
    --------
    >>> import pandas as pd
    >>> foods = pd.DataFrame({"fdc_id": [7], "description": ["GREAT VALUE, WHOLE MILK"]})
    >>> aliases = pd.DataFrame({"fdc_id": [7], "alias": ["Great Value GREAT VALUE, WHOLE MILK"]})
    >>> product_names(foods, aliases)
    {7: 'whole milk'}
    """
    with_brand = dict(zip(aliases["fdc_id"].tolist(), aliases["alias"].tolist(), strict=True))
    return {
        fdc_id: _without_brand(name, with_brand.get(fdc_id, name))
        for fdc_id, name in zip(foods["fdc_id"].tolist(), foods["description"].tolist(), strict=True)
    }


def _without_brand(name: str, with_brand: str) -> str:
    brand = with_brand.removesuffix(name).strip().casefold()
    plain = name.casefold()
    if brand and plain.startswith(brand) and len(plain) > len(brand):
        plain = plain[len(brand) :].strip(" ,.-®™'s") or plain
    parts = list(dict.fromkeys(part.strip() for part in plain.split(",")))
    return ", ".join(part for part in parts if part)


def _by_name(
    labelled: pd.DataFrame, names: Mapping[int, str], figures: Mapping[int, Mapping[str, Figure]], foods: FoodData
) -> dict[int, _Candidate]:
    """Return the food that each name means, judged with the label's own figures as a diary's recorded values are."""
    import pandas as pd

    from nutridiary.tables import ENTRIES, conform

    ids = labelled["fdc_id"].tolist()
    recorded = pd.DataFrame(
        [{f"recorded_{name}": figure.amount for name, figure in figures.get(fdc_id, {}).items()} for fdc_id in ids]
    )
    # Values per 100 ml only help to tell foods apart here; what a ml weighs, a twin's own portions say (`agreement`).
    lines = pd.DataFrame(
        {
            "source": "labels",
            "line": range(1, len(ids) + 1),
            "food_text": [names[fdc_id] for fdc_id in ids],
            "amount": 100.0,
            "unit": "g",
            "kind": "food",
        }
    )
    entries = conform(pd.concat([lines, recorded], axis=1), ENTRIES)
    matched = match_foods(entries, foods.published)
    return {
        fdc_id: _Candidate(int(twin), float(score), not review)
        for fdc_id, twin, score, review in zip(
            ids, matched["fdc_id"], matched["match_score"], matched["needs_review"], strict=True
        )
        if not pd.isna(twin)
    }


class _Product(NamedTuple):
    """A labelled food: its values per 100 g or 100 ml, and its serving. [g, or ml]"""

    fdc_id: int
    name: str
    figures: Mapping[str, Figure]
    serving: float
    by_volume: bool

    def as_if_per_serving(self) -> dict[str, Figure]:
        """Return what 100 g held if the values were those of a serving."""
        times = 100 / self.serving
        return {
            name: Figure(figure.amount * times, figure.low * times, figure.high * times)
            for name, figure in self.figures.items()
        }


def _twin(product: _Product, candidate: _Candidate | None, generic: _Generic) -> dict[str, object]:
    nothing = float("nan")
    row: dict[str, object] = {"fdc_id": product.fdc_id, "times": nothing, "distance": nothing}
    row |= {"twin_fdc_id": None, "withheld": "", "per_serving": False, "match_score": nothing}
    if candidate is None:
        return {**row, "evidence": "no generic food by its name"}
    row["match_score"] = candidate.score
    if not candidate.sure:
        return {**row, "evidence": f'its name may mean "{generic.names[candidate.fdc_id]}", which is not sure enough'}
    against = ""
    for twin in _same_food(candidate.fdc_id, generic):
        name, times = generic.names[twin], generic.densities.get(twin, nothing) if product.by_volume else 1.0
        if times != times:
            against = against or f'what a ml of "{name}" weighs is not known'
            continue
        if another := other_kind(product.name, name, generic.values[twin]):
            against = against or another
            continue
        distance, differing = agreement(product.figures, generic.values[twin], times)
        per_serving = bool(differing) and _is_of_serving(product, generic.values[twin], times)
        if differing and not per_serving:
            against = against or f'"{name}" by its name, but not by its label ({differing})'
            continue
        known = "by its name and label" if product.figures else "by its name alone, since its label cannot be used"
        if per_serving:
            known = f"by its name; its values are those of a serving of {product.serving:g} {_unit(product)}"
        withheld = ";".join(generic.withheld(twin, {} if per_serving else product.figures))
        lent = {"twin_fdc_id": twin, "times": times, "withheld": withheld, "per_serving": per_serving}
        return {**row, **lent, "distance": nothing if per_serving else distance, "evidence": f'"{name}" {known}'}
    return {**row, "evidence": against}


def _unit(product: _Product) -> str:
    return "ml" if product.by_volume else "g"


def _is_of_serving(product: _Product, generic: Mapping[str, float], times: float) -> bool:
    """Tell whether a label agrees with a food once its values are taken for those of a serving."""
    factor = 100 / product.serving
    far_apart = max(factor, 1 / factor) >= LEAST_FACTOR and _largest_gap(product.figures, generic, times)[0] > 1
    return far_apart and not agreement(product.as_if_per_serving(), generic, times)[1]


def _same_food(fdc_id: int, generic: _Generic) -> list[int]:
    """Return the records of one food, that of FNDDS first: nothing of what it covers is missing there."""
    other = generic.twins.get(fdc_id)
    records = [fdc_id] if other is None or other not in generic.names else [other, fdc_id]
    return sorted(records, key=lambda record: generic.types[record] != _FNDDS)


def agreement(figures: Mapping[str, Figure], generic: Mapping[str, float], times: float = 1.0) -> tuple[float, str]:
    """Return how far a label is from a generic food, and what speaks against their being one.

    Parameters
    ----------
    figures : mapping of str to Figure
        Of the label, per 100 g or 100 ml; empty where it cannot be used: then nothing is compared.
    generic : mapping of str to float
        Of the food, per 100 g. NaN where unknown.
    times : float
        1, or the weight of a ml. [g/ml]

    Returns
    -------
    tuple of float and str
        The largest share of the tolerances that is used [0-1], NaN where nothing is compared; and, where they differ,
        in what. Empty where they agree.

    Examples
    --------
    >>> from nutridiary.brands.label_judgement import Figure
    >>> milk = {"energy": 61.0, "protein": 3.2, "fat_total": 3.3, "carbohydrate": 4.8}
    >>> agreement({name: Figure(value, value, value) for name, value in milk.items()}, milk)
    (0.0, '')
    >>> agreement({name: Figure(2 * value, 2 * value, 2 * value) for name, value in milk.items()}, milk)[1]
    'energy 122 against 61'
    """
    if not figures:
        return float("nan"), ""
    missing = [name for name in NEEDED if name not in figures or generic.get(name) != generic.get(name)]
    if missing:
        return float("nan"), f"{_words(missing[0])} not known"
    least = figures["energy"].low if "energy" in figures else energy_range(figures)[0]
    if least < LEAST_ENERGY:
        return float("nan"), "too little in it to tell"
    return _largest_gap(figures, generic, times)


def _largest_gap(figures: Mapping[str, Figure], generic: Mapping[str, float], times: float) -> tuple[float, str]:
    """Return the largest share of the tolerances that is used, and in words what is beyond them."""
    used = 0.0
    for name, (absolute, share) in CLOSE.items():
        if name not in figures or generic[name] != generic[name]:
            continue
        figure, other = figures[name], generic[name] * times
        gap = max(figure.low - other, other - figure.high, 0.0)
        part = gap / (absolute + share * max(figure.amount, other))
        if part > 1:
            return part, f"{_words(name)} {figure.amount:.3g} against {other:.3g}"
        used = max(used, part)
    return used, ""


def _words(nutrient: str) -> str:
    from nutridiary.nutrients import load_nutrients

    return str(load_nutrients().loc[nutrient, "label"]).lower()


def _densities(portions: pd.DataFrame) -> dict[int, float]:
    """Return what a ml of each food weighs by its own portions. [g/ml]"""
    from nutridiary.portions.words import portion_words
    from nutridiary.units import factor_to, unit_kind

    found: dict[int, list[float]] = {}
    for fdc_id, amount, description, grams in zip(
        portions["fdc_id"].tolist(), portions["amount"], portions["description"], portions["gram_weight"], strict=True
    ):
        if amount > 0 and grams > 0 and isinstance(description, str):
            words = portion_words(description)
            if words.measure and words.is_plain_measure and unit_kind(words.measure) == "volume":
                found.setdefault(fdc_id, []).append(grams / amount / factor_to("ml", words.measure))
    return {fdc_id: median(densities) for fdc_id, densities in found.items()}
