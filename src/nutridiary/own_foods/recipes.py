"""From weighed ingredients to the record of a recipe."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nutridiary.aliases import text_key
from nutridiary.nutrients import load_nutrients
from nutridiary.own_foods.composition import Total, given_by, total_of
from nutridiary.own_foods.records import OwnPortion, OwnRecord
from nutridiary.own_foods.retention import is_uncooked, retention_of
from nutridiary.own_foods.summary import OWN_FOOD_VALUES
from nutridiary.portions.basis import BY_SERVING, BY_WEIGHT, OF_RAW_MIX, without_unit_weights
from nutridiary.tables import conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

WATER = "water"


@dataclass(frozen=True)
class _Dish:
    """What is known of a recipe as a whole. Weights in g, NaN where unknown."""

    raw: float
    ready: float
    mixed: float
    servings: float
    complete: bool
    how: str
    problems: tuple[str, ...]

    @property
    def units(self) -> float:
        """Grams of the ready dish, else of the raw mix, else units of its ingredients: what the record counts in."""
        return self.ready if self.ready > 0 else self.mixed

    @property
    def basis(self) -> str:
        """What a "gram" of the record is."""
        if self.ready > 0:
            return BY_WEIGHT
        return OF_RAW_MIX if self.raw > 0 or not self.mixed > 0 else BY_SERVING

    @property
    def eaten_as(self) -> float:
        """Share of the whole that its figures are shown for: a serving, else 100 g."""
        if self.servings > 0:
            return 1 / self.servings
        return 100 / self.units if self.units > 0 else 1.0


def recipe_records(
    named: Mapping[str, pd.DataFrame],
    ids: Mapping[str, int],
    weighed: pd.DataFrame,
    foods: FoodData,
) -> tuple[list[OwnRecord], pd.DataFrame]:
    """Return the records of some recipes, and what they hold for the report.

    Parameters
    ----------
    named : mapping of str to pandas.DataFrame
        `tables.RECIPE_LINES` of each.
    ids : mapping of str to int
        The id of each.
    weighed : pandas.DataFrame
        Their ingredients, matched and weighed, with ``recipe``.
    foods : FoodData

    Returns
    -------
    records : list of OwnRecord
    rows : pandas.DataFrame
        `OWN_FOOD_VALUES`.
    """
    import pandas as pd

    counted = weighed[weighed["problem"].isna()].reset_index(drop=True)
    states = _states(counted, pd.concat(named.values()))
    fdc_ids = counted["fdc_id"].astype("int64").to_list()
    retention, factors = retention_of(fdc_ids, states, foods)
    ingredients = given_by(fdc_ids, counted["gram_weight"].to_list(), retention, foods)
    records: list[OwnRecord] = []
    rows: list[dict[str, Any]] = []
    keys = counted["recipe"].map(text_key)
    has_weight = without_unit_weights(counted, foods)["gram_weight"].notna()
    for key, lines in named.items():
        own_rows = counted.index[keys.eq(key)].to_list()
        failed = weighed[weighed["recipe"].map(text_key).eq(key) & weighed["problem"].notna()]
        used = counted.loc[own_rows].assign(has_weight=has_weight)
        dish = _dish(lines, used, failed, [states[row] for row in own_rows])
        total = total_of(ingredients, own_rows, complete=dish.complete, eaten_as=dish.eaten_as)
        total = _with_water_left(total, dish)
        record = _record(ids[key], lines, dish, total)
        records.append(record)
        cooking = list(dict.fromkeys(factors[row] for row in own_rows if factors[row]))
        rows += _rows(record, lines, dish, total, cooking, len(failed))
    return records, conform(pd.DataFrame(rows), OWN_FOOD_VALUES)


def unknown_records(named: Mapping[str, pd.DataFrame], keys: Sequence[str], ids: Mapping[str, int]) -> list[OwnRecord]:
    """Return records of recipes that cannot be computed: foods of which nothing is known.

    So a line that eats one is a problem, and not matched to a published food of a similar name.
    """
    firsts = {key: named[key].iloc[0] for key in keys}
    return [
        OwnRecord(ids[key], str(first["recipe"]), "", "recipe", f"{first['source']}:{first['line']}", OF_RAW_MIX)
        for key, first in firsts.items()
    ]


def _states(counted: pd.DataFrame, lines: pd.DataFrame) -> list[str]:
    """Return how each ingredient is cooked, as its row says."""
    said = lines.set_index(["source", "line"])["state"].fillna("").to_dict()
    return [str(said.get(place, "")) for place in zip(counted["source"], counted["line"], strict=True)]


def _dish(lines: pd.DataFrame, counted: pd.DataFrame, failed: pd.DataFrame, states: Sequence[str]) -> _Dish:
    """Return what the whole recipe weighs, raw and ready, and how that is known."""
    units = float(counted["gram_weight"].sum()) if len(counted) else math.nan
    raw = units if counted["has_weight"].all() else math.nan
    complete = failed.empty and len(counted) > 0
    first = lines.iloc[0]
    uncooked = len(states) > 0 and all(is_uncooked(state) for state in states)
    ready, how = _ready_weight(raw, float(first["cooked_grams"]), float(first["yield_percent"]), complete, uncooked)
    problems = [f'"{row.food_text}" (row {row.line}): {row.problem}' for row in failed.itertuples()]
    if not lines["ingredient"].notna().any():
        problems.append("no ingredient is named: write each in a row of its own")
    elif not len(counted) and not problems:
        problems.append("no ingredient could be weighed")
    if not ready > 0 and not first["servings"] > 0:
        problems.append(
            "neither servings nor cooked weight nor yield is given: it can be eaten only as a whole or by grams of the "
            "raw mix"
        )
    return _Dish(raw, ready, units, float(first["servings"]), complete, how, tuple(problems))


def _ready_weight(raw: float, stated: float, percent: float, complete: bool, uncooked: bool) -> tuple[float, str]:
    """Return what the dish weighs when ready [g], NaN where that is unknown, and how it is known."""
    mix = f"{raw:.0f} g of ingredients" if raw > 0 else "ingredients of unknown weight"
    if stated > 0:
        more = ", more than its ingredients: is water missing among them?" if stated > raw and complete else ""
        return stated, f"{mix}, {stated:.0f} g when ready as stated{more}"
    if percent > 0 and complete and raw > 0:
        ready = raw * percent / 100
        return ready, f"{mix}, {ready:.0f} g when ready by the stated yield of {percent:g} %"
    if complete and uncooked and raw > 0:
        return raw, f"{mix}, none of them cooked"
    return math.nan, f"{mix}; what they weigh when ready is not known"


def _with_water_left(total: Total, dish: _Dish) -> Total:
    """Return the total with the water that is left when the dish is ready.

    What a dish loses in weight is taken for water, as in USDA's recipe calculations where no change of fat is stated;
    where the weight when ready is unknown, so is its water.
    """
    place = load_nutrients().index.get_loc(WATER)
    assert isinstance(place, int)
    for amounts in (total.known, total.estimated):
        left = amounts[place] - (dish.raw - dish.ready)
        amounts[place] = left if left >= 0 else math.nan
    return total


def _record(fdc_id: int, lines: pd.DataFrame, dish: _Dish, total: Total) -> OwnRecord:
    first = lines.iloc[0]
    nutrients = load_nutrients().index
    known, estimated = {}, {}
    if dish.units > 0:
        for nutrient, value, guess in zip(nutrients, total.known, total.estimated, strict=True):
            if not math.isnan(value):
                known[nutrient] = float(value) * 100 / dish.units
            elif not math.isnan(guess):
                estimated[nutrient] = float(guess) * 100 / dish.units
    return OwnRecord(
        fdc_id,
        str(first["recipe"]),
        "",
        "recipe",
        f"{first['source']}:{first['line']}",
        dish.basis,
        known,
        estimated,
        _portions(dish),
    )


def _portions(dish: _Dish) -> tuple[OwnPortion, ...]:
    if not dish.units > 0:
        return ()
    serving = (OwnPortion(1.0, "serving", dish.units / dish.servings),) if dish.servings > 0 else ()
    return (*serving, OwnPortion(1.0, "recipe", dish.units))


def _rows(
    record: OwnRecord, lines: pd.DataFrame, dish: _Dish, total: Total, factors: Sequence[str], failed: int
) -> list[dict[str, Any]]:
    """Return what a recipe holds, nutrient by nutrient; those of which nothing is known at all are left out."""
    nutrients = load_nutrients()
    share = 1 / dish.servings if dish.servings > 0 else 1.0
    how = [dish.how, *(f"retention: {factor}" for factor in factors)]
    about = {
        "food": record.name,
        "kind": "recipe",
        "fdc_id": record.fdc_id,
        "problem": "; ".join(dish.problems) or None,
        "source": lines["source"].iloc[0],
        "line": lines["line"].iloc[0],
    }
    rows = []
    for place, nutrient in enumerate(nutrients.index):
        if math.isnan(total.at_least[place]):
            continue
        known = float(total.known[place])
        small = "what is missing could not change the figure as shown" if total.unseen[place] and dish.complete else ""
        rows.append(
            about
            | {
                "nutrient": nutrient,
                "unit": nutrients["unit"].iloc[place],
                "per_100_g": known * 100 / dish.ready if dish.ready > 0 else math.nan,
                "per_serving": known * share if dish.servings > 0 else math.nan,
                "at_least": float(total.at_least[place]) * share if nutrient != WATER else known * share,
                "estimated": float(total.estimated[place]) * share,
                "missing": int(total.lacking[place]) + failed,
                "how": "; ".join(part for part in (*how, small) if part) or None,
            }
        )
    return rows or [about]
