"""What a weight of a food means where its values are not per 100 g: millilitres, servings, or grams of a raw mix.

Inside, an amount of any food is a number of units of which its record holds so much per 100, so that intakes are
computed in one way. Of most foods a unit is a gram. A label may state neither a weight nor a density: then a unit is a
millilitre or a hundredth of a serving, nobody knows what it weighs, and no report may show it as grams.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.fdc.tables import BY_VOLUME

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

# What a unit of a record stands for, beside `BY_VOLUME`. Only of the first it is a gram of what is eaten.
BY_WEIGHT = "weight"
OF_RAW_MIX = "raw mix"  # a gram of the ingredients before cooking: what the dish weighs is unknown
BY_SERVING = "serving"  # a hundredth of a serving: the label gives neither weight nor volume

UNITS = {BY_VOLUME: "ml", BY_SERVING: ""}
"""What weights of portions are shown in where that is not g; of a serving nothing is known but that it is one."""

_BY_PORTION = ("food_portion",)
_BY_PORTION_OR_VOLUME = ("food_portion", "food_density")
_IN_GRAMS = ("stated_weight", "alias_portion")
_WEIGHTS = ["gram_weight", "gram_low", "gram_high"]
_RAW_SERVING = "the weight is that of its raw ingredients: what the dish weighs when ready is not known"
_RAW_MIX = (
    "weighed as the raw mix, since what the dish weighs when ready is not known: add its cooked weight to the recipe, "
    "or count servings"
)


def bases_of(foods: FoodData) -> dict[int, str]:
    """Return what a unit of each food stands for that is not simply weighed; other foods have no entry."""
    return dict(foods.rows("SELECT fdc_id, basis FROM food WHERE basis IS NOT NULL AND basis != ''", ()))


def settle_weights(weighed: pd.DataFrame, foods: FoodData) -> pd.DataFrame:
    """Return `weighed` with the lines of foods that have no weight held to what is known of them.

    Parameters
    ----------
    weighed : pandas.DataFrame
        `tables.WEIGHED`, each weight in units of its food's basis.
    foods : FoodData

    Returns
    -------
    pandas.DataFrame
        The same rows. A food whose label gives no weight can be counted in its own servings, and measured where the
        label gives a volume: a line that weighs it gets a problem. A weight of a recipe whose weight when ready is
        unknown is one of the raw mix, and a note says so.
    """
    bases = bases_of(foods)
    if not bases:
        return weighed
    of_line = weighed["fdc_id"].map(bases)
    method, counted = weighed["weight_method"], weighed["problem"].isna() & of_line.isin(set(bases.values()))
    by_volume = counted & of_line.eq(BY_VOLUME)
    raw = counted & of_line.eq(OF_RAW_MIX)
    # A twin's own portions say what a ml of it weighs; no other density is known.
    density = _densities(weighed, foods).where(by_volume & method.isin(_IN_GRAMS))
    unweighable = (counted & of_line.eq(BY_SERVING) & ~method.isin(_BY_PORTION)) | (
        by_volume & ~method.isin(_BY_PORTION_OR_VOLUME) & density.isna()
    )
    if not (by_volume.any() or unweighable.any() or raw.any()):
        return weighed
    table = weighed.copy()
    _by_density(table, density)
    table["problem"] = table["problem"].mask(unweighable, _problems(table, of_line))
    table.loc[unweighable, _WEIGHTS] = float("nan")
    table.loc[unweighable, ["weight_method", "portion"]] = None
    _in_millilitres(table, by_volume & ~unweighable)
    note = method.isin(_BY_PORTION).map({True: _RAW_SERVING, False: _RAW_MIX})
    table["note"] = table["note"].mask(raw, (table["note"] + "; " + note).where(table["note"].notna(), note))
    return table


def _densities(weighed: pd.DataFrame, foods: FoodData) -> pd.Series[float]:
    """Return what a ml of each line's food weighs by the portions of its twin [g/ml]; NaN where nobody says."""
    return weighed["fdc_id"].map({fdc_id: terms.times for fdc_id, terms in foods.terms.items()}).astype("float64")


def _by_density(table: pd.DataFrame, density: pd.Series[float]) -> None:
    """Count lines of measured foods that state a weight by the ml it comes to, and say so."""
    rows = density.notna()
    note = table["gram_weight"].map("{:.4g} g counted by the weight of a ml of its twin, ".format)
    note += density.map("{:.3g} g".format)
    table["note"] = table["note"].mask(rows, (table["note"] + "; " + note).where(table["note"].notna(), note))
    for name in _WEIGHTS:
        table[name] = table[name].mask(rows, table[name] / density)


def _problems(table: pd.DataFrame, of_line: pd.Series) -> pd.Series:
    """Say why a line cannot be counted in grams, and what to write instead."""
    name = table["food_description"].fillna("this food")
    own = "what a serving of your " + name + " weighs is not known: add it to its label, or count servings"
    product = (
        "the values of " + name + " are per 100 ml, and nobody states what a ml of it weighs. Left out of the totals: "
        "give the amount in ml, or in servings"
    )
    return own.mask(of_line.eq(BY_VOLUME) & table["fdc_id"].gt(0), product)


def _in_millilitres(table: pd.DataFrame, rows: pd.Series[bool]) -> None:
    """Say of lines that rest on no portion of the label how many ml they are, and of all that they were measured."""
    bare = rows & (table["portion"].isna() | table["portion"].str.startswith("1 ml = "))
    table["portion"] = table["portion"].mask(bare, table["gram_weight"].map("{:.4g} ml".format))
    table["weight_method"] = table["weight_method"].mask(rows, _BY_PORTION[0])


def without_unit_weights(table: pd.DataFrame, foods: FoodData) -> pd.DataFrame:
    """Return `table` with the weight left open of foods of which no weight is known.

    Call it on intakes before their daily totals are made, so that a share of a day's grams leaves them out.

    Parameters
    ----------
    table : pandas.DataFrame
        With ``fdc_id``, ``gram_weight`` and perhaps its bounds: `tables.WEIGHED`, `tables.INTAKES` or
        `tables.CONTRIBUTIONS`.
    foods : FoodData
    """
    bases = bases_of(foods)
    unweighed = table["fdc_id"].map(bases).isin([BY_SERVING, BY_VOLUME]) if bases else None
    if unweighed is None or not unweighed.any():
        return table
    table = table.copy()
    kept = [name for name in _WEIGHTS if name in table.columns]
    table[kept] = table[kept].mask(unweighed)
    return table
