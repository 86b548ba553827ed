"""How much a line can have held that could not be counted: bounds from what people report eating.

A line without a food or without a weight is in no total. Yet it is a food somebody ate, or a meal, and 95 % of reported
foods and meals hold no more than the figures of ``data/line_bounds.csv``. What is known of the line makes its bound
narrower: its food, its weight, the energy the diary states. The bounds are measured
(``docs/line_bounds_bench.md``); they enter no amount, and a line stays left out and counted.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.data_files import data_file
from nutridiary.food_twins import shipped_twins
from nutridiary.intake.composition import composition_of
from nutridiary.nutrients import load_nutrients
from nutridiary.portions.recorded_energy import ENERGY
from nutridiary.portions.reported import reported_amounts
from nutridiary.splitting.pieces import has_joint
from nutridiary.tables import LEFT_OUT_BOUNDS, NOT_EATEN, conform
from nutridiary.units import grams, unit_kind

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from nutridiary.foods import FoodData

    Cells = npt.NDArray[np.float64]

ENERGIES = ("0-50 kcal", "50-100 kcal", "100-200 kcal", "200-400 kcal", "400-800 kcal", "800- kcal")
WEIGHTS = ("0-15 g", "15-50 g", "50-150 g", "150-400 g", "400- g")
"""The bands of ``line_bounds.csv``: what is at the lower edge of one is in it."""
FOOD, MEAL, FOOD_PER_100_G, GRAMS = "food", "meal", "food_per_100_g", "grams"
"""What its figures are of: one reported food, one eating occasion, 100 g of a food of some weight, grams of a food."""

_ENTRY = ["source", "line", "part"]
_NOTHING = "an amount of zero, as the diary says"


class LineBound(NamedTuple):
    """What reported foods or meals hold: the median, and what 95 % do not exceed."""

    reports: int
    median: float
    high: float


class _Held(NamedTuple):
    """What some lines can have held, lines x nutrients, and in words what tells so, a line each."""

    estimate: Cells
    high: Cells
    words: list[str]


def left_out_bounds(weighed: pd.DataFrame, foods: FoodData, nutrients: Sequence[str]) -> pd.DataFrame:
    """Return what the lines of food and drink that could not be counted can have held.

    Parameters
    ----------
    weighed : pandas.DataFrame
        `tables.WEIGHED`.
    foods : FoodData
        For what the foods hold that were found.
    nutrients : sequence of str

    Returns
    -------
    pandas.DataFrame
        `tables.LEFT_OUT_BOUNDS`: line x nutrient. Nothing bounds a supplement, and a nutrient that neither the
        survey nor the food's record has.

    Notes
    -----
    Where the food is known and the weight is not, the line is as much as 95 % of people report of the food at a
    time, or of foods of its category. Where the food is not known, it holds as much as 95 % of reported foods of the
    energy that the diary states, or else of the weight, in 100 g. Where nothing of it is known it is one food, if that
    is evident (`one_food`), or a whole eating occasion.

    References
    ----------
    What We Eat in America, NHANES 2017-2018 and 2021-2023: ``data/line_bounds.csv``, ``data/eating_frequency.csv``.
    """
    import numpy as np
    import pandas as pd

    lost = weighed[weighed["problem"].notna() & ~weighed["kind"].isin(NOT_EATEN)].reset_index(drop=True)
    if lost.empty:
        return conform(pd.DataFrame(), LEFT_OUT_BOUNDS)
    estimate, high = (np.full((len(lost), len(nutrients)), np.nan) for _ in range(2))
    words: list[str | None] = [None] * len(lost)
    is_food = lost["kind"] != "supplement"
    # An own food without a weight counts by the piece: grams that people report say nothing of it.
    has_food = lost["fdc_id"].notna() & ((lost["fdc_id"] > 0).fillna(False) | lost["gram_weight"].notna())
    for chosen, bound in ((is_food & has_food, _of_known_foods), (is_food & ~has_food, _of_unknown_foods)):
        places = np.flatnonzero(chosen)
        if len(places):
            held = bound(lost.iloc[places], foods, nutrients)
            estimate[places], high[places] = held.estimate, held.high
            for place, tells in zip(places.tolist(), held.words, strict=True):
                words[place] = tells
    # Who writes 0 g has said how much it was; the line is left out in case that is a slip.
    nothing = lost["amount"].eq(0).to_numpy()
    estimate[nothing], high[nothing] = 0.0, 0.0
    words = [_NOTHING if is_nothing else tells for is_nothing, tells in zip(nothing.tolist(), words, strict=True)]
    rows = lost.loc[lost.index.repeat(len(nutrients)), [*_ENTRY, "person_id", "date"]]
    said = np.repeat(np.array(words, dtype=object), len(nutrients))
    return conform(
        rows.assign(
            nutrient=np.tile(np.array(nutrients, dtype=object), len(lost)),
            estimate=estimate.ravel(),
            high=high.ravel(),
            unit=np.tile(load_nutrients()["unit"].loc[list(nutrients)].to_numpy(dtype=object), len(lost)),
            bounded_by=pd.Series(said, index=rows.index).mask(np.isnan(high.ravel())),
        ),
        LEFT_OUT_BOUNDS,
    )


def _of_known_foods(lost: pd.DataFrame, foods: FoodData, nutrients: Sequence[str]) -> _Held:
    """Bound lines with a food: what it holds, in as much of it as people report."""
    import numpy as np

    ids = lost["fdc_id"].astype("int64")
    distinct = ids.drop_duplicates().to_list()
    content = composition_of(distinct, foods, nutrients, fill_in=True)
    most = np.where(np.isnan(content.high), content.amount, content.high)
    portions = _portions(distinct, foods)
    place = {fdc_id: number for number, fdc_id in enumerate(distinct)}
    places = [place[fdc_id] for fdc_id in ids]
    stated = lost["gram_weight"].to_numpy(dtype="float64"), lost["gram_high"].to_numpy(dtype="float64")
    likely = np.where(np.isnan(stated[0]), [portions[fdc_id].median for fdc_id in ids], stated[0])
    at_most = np.where(np.isnan(stated[0]), [portions[fdc_id].high for fdc_id in ids], np.fmax(*stated))
    words = [f"at most {weight:,.0f} g of its food" for weight in at_most.tolist()]
    return _Held(
        content.estimate[places] * likely[:, np.newaxis] / 100, most[places] * at_most[:, np.newaxis] / 100, words
    )


def _portions(fdc_ids: Sequence[int], foods: FoodData) -> dict[int, LineBound]:
    """Return how much of each food people report at a time, as itself or its twin, or of foods of its category. [g]"""
    twins, reported, bounds = shipped_twins(foods), reported_amounts(), load_line_bounds()
    surveyed = {fdc_id: twins.get(fdc_id, fdc_id) for fdc_id in fdc_ids}
    known = foods.foods(list(dict.fromkeys([*fdc_ids, *surveyed.values()])))
    codes = dict(zip(known["fdc_id"], known["food_code"].fillna(0).astype("int64"), strict=True))
    categories = dict(zip(known["fdc_id"], known["category"].fillna(""), strict=True))
    found = {}
    for fdc_id, twin in surveyed.items():
        if own := reported.get(codes.get(twin, 0)):
            found[fdc_id] = LineBound(0, own.p50, own.p95)
        else:
            of_all = bounds[GRAMS, "", ""]
            found[fdc_id] = bounds.get((GRAMS, categories.get(fdc_id, ""), ""), of_all)
    return found


def _of_unknown_foods(lost: pd.DataFrame, _: FoodData, nutrients: Sequence[str]) -> _Held:
    """Bound lines without a food: by their energy or else their weight, as far as the diary states these."""
    import numpy as np

    energy = lost[ENERGY].to_numpy(dtype="float64") if ENERGY in lost.columns else np.full(len(lost), np.nan)
    stated = [_stated_grams(*pair) for pair in zip(lost["amount"], lost["unit"], strict=True)]
    weight = np.array(stated, dtype="float64")
    # An app that knows no energy writes 0 as well.
    by_energy = band_names(np.where(energy > 0, energy, np.nan), ENERGIES).tolist()
    by_weight = band_names(weight, WEIGHTS).tolist()
    figures, words = [], []
    told = zip(one_food(lost), by_energy, energy.tolist(), by_weight, stated, strict=True)
    for is_one, energy_band, kcal, weight_band, grams_stated in told:
        basis = FOOD if is_one or weight_band else MEAL
        called = "reported foods" if basis == FOOD else "eating occasions"
        if energy_band:
            figures.append(_figures(basis, energy_band, nutrients) * _beyond(basis, energy_band, kcal))
            words.append(f"95 % of {called} of {_in_words(energy_band)}")
        elif weight_band:
            figures.append(_figures(FOOD_PER_100_G, weight_band, nutrients) * grams_stated / 100)
            words.append(f"95 % of {called} of {_in_words(weight_band)}, by weight")
        else:
            figures.append(_figures(basis, "", nutrients))
            words.append(f"95 % of {called}")
    estimate, high = np.stack(figures, axis=1)
    return _Held(estimate, high, words)


def _figures(basis: str, within: str, nutrients: Sequence[str]) -> Cells:
    """Return the medians and the upper figures of nutrients. [the nutrient's unit]"""
    import numpy as np

    bounds, unknown = load_line_bounds(), (np.nan, np.nan)
    found = [bounds.get((basis, within, name)) for name in nutrients]
    return np.array([unknown if bound is None else bound[1:] for bound in found]).reshape(-1, 2).T


def _beyond(basis: str, band: str, energy: float) -> float:
    """Return by how much more a line has than nearly all reports of its band: of 800 kcal and more, 5,000 kcal. [-]"""
    return max(1.0, energy / load_line_bounds()[basis, band, "energy"].high)


def _in_words(band: str) -> str:
    edges, unit = band.split()
    low, _, high = edges.partition("-")
    return f"{low} to {high} {unit}" if high else f"{low} {unit} or more"


def one_food(lines: pd.DataFrame) -> list[bool]:
    """Tell which lines evidently name one food, and not a meal.

    A row of an app or a recall does, and so does a part of a line of several; of other lines those that state an
    amount, if no word joins foods.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.tables import WEIGHED
    >>> texts = ["utappam", "lunch at Ann's", "bread with cheese"]
    >>> one_food(conform(pd.DataFrame({"food_text": texts, "amount": [1.5, None, 2.0]}), WEIGHED))
    [True, False, False]
    """
    certain = (lines["single_food"] | lines["part"].notna() | lines["fdc_id"].notna()).tolist()
    told = zip(certain, lines["amount"].notna(), lines["food_text"], strict=True)
    return [
        is_certain or bool(has_amount and isinstance(text, str) and not has_joint(text))
        for is_certain, has_amount, text in told
    ]


def _stated_grams(amount: float, unit: object) -> float:
    """Return a weight that a line states itself [g]; NaN where it states none, or nothing."""
    if not isinstance(unit, str) or unit_kind(unit) != "mass" or not amount > 0:
        return float("nan")
    return grams(amount, unit)


def band_names(amounts: Cells, bands: Sequence[str]) -> npt.NDArray[np.object_]:
    """Return the band of each amount; empty where it is not known.

    Examples
    --------
    >>> import numpy as np
    >>> band_names(np.array([14.9, 15.0, 2000.0, np.nan]), WEIGHTS).tolist()
    ['0-15 g', '15-50 g', '400- g', '']
    """
    import numpy as np

    edges = [float(band.partition("-")[0]) for band in bands[1:]]
    named = np.array([*bands, ""], dtype=object)
    return named[np.where(np.isnan(amounts), len(bands), np.digitize(amounts, edges))]


@cache
def load_line_bounds() -> dict[tuple[str, str, str], LineBound]:
    """Return the shipped bounds by basis, band or category, and nutrient; loaded once and shared.

    Built by ``tools/build_line_bounds.py``.

    Examples
    --------
    >>> food, meal = (load_line_bounds()[basis, "", "magnesium"] for basis in ("food", "meal"))
    >>> food.median < food.high < meal.high
    True
    """
    with data_file("line_bounds.csv").open(encoding="utf-8", newline="") as lines:
        return {
            (basis, within, nutrient): LineBound(int(reports), float(median), float(high))
            for basis, within, nutrient, reports, median, high in list(csv.reader(lines))[1:]
        }
