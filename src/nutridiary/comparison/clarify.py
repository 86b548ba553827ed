"""Which foods are known in part only, and how much magnesium and potassium hang on each.

A line may have been left out, its food may lack a value or take it from a twin, its amount may have been guessed, or
its name may mean another food. Each of these is a row per food text, with its *stake*: by how much the person's mean
could change between the least and the most of what is not known. The stakes order the work of putting a diary right;
no verdict rests on them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.comparison.advice import advice_on_amount, advice_on_gap, advice_on_left_out, advice_on_match
from nutridiary.intake import left_out_bounds
from nutridiary.intake.composition import composition_of
from nutridiary.intake.recorded import RECORDED_FROM
from nutridiary.matching import match_texts
from nutridiary.tables import FOODS_TO_CLARIFY, NOT_EATEN, conform

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from nutridiary.foods import FoodData

    Cells = npt.NDArray[np.float64]
    Places = npt.NDArray[np.intp]

STAKES = ("magnesium", "potassium")
"""The nutrients whose stakes order the foods."""
LEFT_OUT, NO_VALUE, FILLED_IN, AMOUNT, MATCH = "left_out", "no_value", "filled_in", "amount", "match"
WIDE = 0.5
"""From which width on a weight is listed: high less low, of the weight. [-]"""
MATTERS = 1.0
"""From which stake on, in percent of the reference, it matters which of several foods a text means."""
MOST_LOOKED_UP = 8
"""Of how many texts to be confirmed alternatives are looked up, those that gave most first: each takes 2 ms."""
LEAST_GIVEN = 0.01
"""From which share of a total on a text's alternatives are looked up. [-]"""
ALTERNATIVES = 3

_GUESSED = ("line_share", "quantity_not_specified", "typical_amount", "recorded_energy")
_NOBODY = ""


class _Doubts(NamedTuple):
    """Lines that share a reason: their places, what hangs on each [mg, over the diary], and advice on a line."""

    reason: str
    places: Places
    stakes: Cells
    advice: Callable[[int], str]


def foods_to_clarify(
    intakes: pd.DataFrame,
    weighed: pd.DataFrame,
    comparison: pd.DataFrame,
    foods: FoodData,
    left_out: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what could be found out about a diary's foods, what could change magnesium and potassium most first.

    Parameters
    ----------
    intakes : pandas.DataFrame
        `tables.INTAKES`.
    weighed : pandas.DataFrame
        `tables.WEIGHED`.
    comparison : pandas.DataFrame
        `tables.COMPARISON`: the recorded days, and the RDA or AI that the stakes are given in percent of.
    foods : FoodData
        For what foods hold that are not in `intakes`: those of lines left out, and alternatives.
    left_out : pandas.DataFrame, optional
        `tables.LEFT_OUT_BOUNDS` of `weighed`, with `STAKES`; worked out where it is not given.

    Returns
    -------
    pandas.DataFrame
        `tables.FOODS_TO_CLARIFY`: a food once for each reason. A stake [mg/d] is missing where nothing bounds it.

    Notes
    -----
    The stake of a text is the sum over its lines, divided by the recorded days; that of a line left out is its upper
    bound. First come, for each person, foods that nothing bounds, supplements mostly: they leave every total without an
    upper bound. Then the larger stake decides, in percent of its reference; where that is not known, the stakes
    themselves. Last come matches that hardly matter: whose alternatives would change less than `MATTERS` percent, or
    that gave too little for alternatives to be looked up.
    """
    import pandas as pd

    lines = _eaten(weighed)
    if lines.empty or comparison.empty:
        return conform(pd.DataFrame(), FOODS_TO_CLARIFY)
    place = {key: number for number, key in enumerate(_entries(lines))}
    # A total that stands for foods is no line to ask about.
    intakes = intakes[pd.Series([key in place for key in _entries(intakes)], index=intakes.index, dtype="bool")]
    held = _held(intakes, place)
    doubts = [
        _left_out(lines, left_out_bounds(weighed, foods, STAKES) if left_out is None else left_out),
        *_gaps(intakes, lines, comparison, place),
        _amounts(lines, held),
        _matches(lines, held, foods),
    ]
    return conform(_in_order(_per_text(doubts, lines), comparison), FOODS_TO_CLARIFY)


def _eaten(weighed: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of food, drink and supplements, each with its text; the index is their place."""
    lines = weighed[~weighed["kind"].isin(NOT_EATEN)].reset_index(drop=True)
    text = lines["food_text"].fillna(lines["amount_text"]).fillna("")
    return lines.assign(food_text=text, person_id=lines["person_id"].fillna(_NOBODY))


def _entries(rows: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Return the key of each row's entry; a line of one food has the part 0."""
    parts = (rows["source"].tolist(), rows["line"].tolist(), rows["part"].fillna(0).tolist())
    return list(zip(*parts, strict=True))


def _held(intakes: pd.DataFrame, place: dict[tuple[str, int, int], int]) -> Cells:
    """Return lines x `STAKES`, at most; NaN where that is not known, or is the diary's own value. [mg]"""
    import numpy as np

    held = np.full((len(place), len(STAKES)), np.nan)
    ours = intakes[intakes["nutrient"].isin(STAKES) & (intakes["value_from"] != RECORDED_FROM)]
    for column, name in enumerate(STAKES):
        rows = ours[ours["nutrient"] == name]
        held[[place[key] for key in _entries(rows)], column] = rows["amount"].fillna(rows["amount_high"])
    return held


def _left_out(lines: pd.DataFrame, bounds: pd.DataFrame) -> _Doubts:
    """Return the lines that are in no total, with the most they can have held."""
    import numpy as np

    places = np.flatnonzero(lines["problem"].notna())
    row = {key: number for number, key in enumerate(_entries(lines.iloc[places]))}
    stakes = np.full((len(places), len(STAKES)), np.nan)
    for column, name in enumerate(STAKES):
        own = bounds[bounds["nutrient"] == name]
        stakes[[row[key] for key in _entries(own)], column] = own["high"]
    no_weight = (lines["fdc_id"].notna() & lines["gram_weight"].isna()).to_numpy()

    def advice(place: int) -> str:
        return advice_on_left_out(lines["kind"].iloc[place], lines["problem"].iloc[place], bool(no_weight[place]))

    return _Doubts(LEFT_OUT, places, stakes, advice)


def _content(fdc_ids: list[int], foods: FoodData, *, likely: bool = False) -> Cells:
    """Return the most that each food holds of `STAKES`, or what is likely; a food 0 is none. [mg/g]"""
    import numpy as np

    distinct = [fdc_id for fdc_id in dict.fromkeys(fdc_ids) if fdc_id]
    known = foods.composition(distinct, STAKES)
    content = dict(zip(known.index.tolist(), known.to_numpy() / 100, strict=True))
    if lacking := known.index[known.isna().any(axis=1)].tolist():
        values = composition_of(lacking, foods, STAKES, fill_in=True)
        filled = values.estimate if likely else np.where(np.isnan(values.high), values.amount, values.high)
        content |= dict(zip(lacking, filled / 100, strict=True))
    unknown = np.full(len(STAKES), np.nan)
    return np.array([content.get(fdc_id, unknown) for fdc_id in fdc_ids]).reshape(len(fdc_ids), len(STAKES))


def _gaps(
    intakes: pd.DataFrame, lines: pd.DataFrame, comparison: pd.DataFrame, place: dict[tuple[str, int, int], int]
) -> list[_Doubts]:
    """Return the lines without a value, and those a twin lends one, of the nutrients that have a reference intake."""
    compared = comparison.loc[comparison["verdict"] != "descriptive", "nutrient"].unique()
    lacking = intakes[(intakes["amount"].isna() | intakes["filled_in"]) & intakes["nutrient"].isin(compared)]
    width = lacking["amount_high"] - lacking["amount_low"].fillna(0.0)
    lacking = lacking.assign(place=[place[key] for key in _entries(lacking)], width=width)
    return [
        _gap(lacking[lacking["filled_in"] == is_filled], lines, reason)
        for reason, is_filled in ((NO_VALUE, False), (FILLED_IN, True))
    ]


def _gap(lacking: pd.DataFrame, lines: pd.DataFrame, reason: str) -> _Doubts:
    import numpy as np

    places = np.unique(lacking["place"].to_numpy(dtype="intp"))
    # What a line knows is not at stake; what it lacks and nothing bounds is unknown.
    stakes = np.zeros((len(places), len(STAKES)))
    for column, name in enumerate(STAKES):
        of_one = lacking[lacking["nutrient"] == name]
        stakes[np.searchsorted(places, of_one["place"]), column] = of_one["width"]
    nutrients: dict[tuple[str, str], dict[str, None]] = {}
    person, text = lines["person_id"].to_numpy(), lines["food_text"].to_numpy()
    for at, nutrient in zip(lacking["place"], lacking["nutrient"], strict=True):
        nutrients.setdefault((person[at], text[at]), {})[nutrient] = None

    def advice(at: int) -> str:
        kind, data_type = lines["kind"].iloc[at], lines["data_type"].iloc[at]
        return advice_on_gap(list(nutrients[person[at], text[at]]), data_type, kind, reason == FILLED_IN)

    return _Doubts(reason, places, stakes, advice)


def _amounts(lines: pd.DataFrame, held: Cells) -> _Doubts:
    """Return the counted lines whose weight may be quite another."""
    import numpy as np

    weight, low, high = (lines[name].to_numpy(dtype="float64") for name in ("gram_weight", "gram_low", "gram_high"))
    width = (high - low) / np.where(weight > 0, weight, np.nan)
    guessed = lines["weight_method"].isin(_GUESSED).to_numpy() & (width > 0)
    places = np.flatnonzero(_counted_by_us(lines, held) & ((width >= WIDE) | guessed))
    stakes = held[places] * width[places, np.newaxis]
    return _Doubts(AMOUNT, places, stakes, lambda at: advice_on_amount(weight[at], low[at], high[at]))


def _counted_by_us(lines: pd.DataFrame, held: Cells) -> npt.NDArray[np.bool_]:
    """Tell which lines count by their food and weight, and not by values of the diary's own."""
    import numpy as np

    ours: npt.NDArray[np.bool_] = (lines["problem"].isna() & lines["fdc_id"].notna()).to_numpy()
    return ours & ~np.isnan(held).all(axis=1)


def _matches(lines: pd.DataFrame, held: Cells, foods: FoodData) -> _Doubts:
    """Return the counted lines whose food is to be confirmed, with what another food would change."""
    import numpy as np

    places = np.flatnonzero(_counted_by_us(lines, held) & lines["needs_review"].to_numpy())
    rows = lines.iloc[places]
    here = rows["fdc_id"].astype("int64").tolist()
    total = np.nansum(held, axis=0)
    others = _alternatives(rows["food_text"], held[places] / np.where(total > 0, total, 1.0), foods)
    distinct = list(dict.fromkeys([*here, *(fdc_id for found in others.values() for fdc_id, _ in found)]))
    content = dict(zip(distinct, _content(distinct, foods, likely=True), strict=True))
    stakes = np.full((len(places), len(STAKES)), np.nan)
    for row, (fdc_id, text, weight) in enumerate(zip(here, rows["food_text"], rows["gram_weight"], strict=True)):
        if moved := [abs(content[other] - content[fdc_id]) for other, _ in others.get(text, []) if other != fdc_id]:
            stakes[row] = np.max(moved, axis=0) * weight

    taken = dict(zip(places.tolist(), zip(here, rows["food_text"], rows["food_description"], strict=True), strict=True))

    def advice(at: int) -> str:
        fdc_id, text, description = taken[at]
        named = [name for other, name in others.get(text, []) if other != fdc_id]
        return advice_on_match(description, named[:ALTERNATIVES])

    return _Doubts(MATCH, places, stakes, advice)


def _alternatives(texts: pd.Series, shares: Cells, foods: FoodData) -> dict[str, list[tuple[int, str]]]:
    """Return the foods that texts may mean, for those that gave most, by their `shares` of the totals."""
    import numpy as np
    import pandas as pd

    share = np.nanmax(shares, axis=1, initial=0.0)
    given = pd.Series(share).groupby(texts.to_numpy(), sort=False).sum().sort_values(ascending=False, kind="stable")
    best = match_texts(given[given >= LEAST_GIVEN].index[:MOST_LOOKED_UP], foods, top=ALTERNATIVES + 1)
    found: dict[str, list[tuple[int, str]]] = {}
    named = best.loc[best["fdc_id"].notna(), ["food_text", "fdc_id", "food_description"]]
    for text, fdc_id, name in named.itertuples(index=False, name=None):
        found.setdefault(text, []).append((int(fdc_id), name))
    return found


def _per_text(doubts: list[_Doubts], lines: pd.DataFrame) -> pd.DataFrame:
    """Return one row a person, text and reason; a stake is missing where that of any line is. [mg]"""
    import numpy as np
    import pandas as pd

    texts = (lines["person_id"] + "\0" + lines["food_text"]).factorize()[0]
    firsts, entries, sums = [], [], []
    for doubt in doubts:
        _, first, group, counts = np.unique(
            texts[doubt.places], return_index=True, return_inverse=True, return_counts=True
        )
        firsts.append(doubt.places[first])
        entries.append(counts)
        sums.append([np.bincount(group, weights=column, minlength=len(first)) for column in doubt.stakes.T])
    at = np.concatenate(firsts)
    shown = lines[["person_id", "food_text", "food_description", "source", "line"]].iloc[at]
    stakes = {f"{name}_stake": np.concatenate([part[column] for part in sums]) for column, name in enumerate(STAKES)}
    pairs = list(zip(doubts, firsts, strict=True))
    return shown.reset_index(drop=True).assign(
        reason=pd.Series([doubt.reason for doubt, places in pairs for _ in places], dtype="str"),
        entries=np.concatenate(entries),
        advice=pd.Series([doubt.advice(place) for doubt, places in pairs for place in places.tolist()], dtype="str"),
        place=at,
        **stakes,
    )


def _in_order(rows: pd.DataFrame, comparison: pd.DataFrame) -> pd.DataFrame:
    """Turn the stakes into means, give them in percent of the references, and put them in order."""
    import numpy as np

    days, goals = _days_and_goals(comparison)
    owner = rows["person_id"].tolist()
    per_day = np.array([days.get(person) or math.nan for person in owner], dtype="float64")
    stakes = {name: rows[f"{name}_stake"].to_numpy() / per_day for name in STAKES}
    shares = [
        100 * stake / np.array([goals.get((person, name), math.nan) for person in owner], dtype="float64")
        for name, stake in stakes.items()
    ]
    share = np.fmax(*shares)
    is_match = (rows["reason"] == MATCH).to_numpy()
    unknown = np.isnan(list(stakes.values()))
    matters = ~is_match | ~(unknown.all(axis=0) | (share < MATTERS))
    bounded = is_match | ~unknown.any(axis=0)
    place = {person: number for number, person in enumerate(days)}
    largest = [np.nan_to_num(-stake, nan=np.inf) for stake in (share, *stakes.values())]
    # What decides first stands last.
    order = np.lexsort(
        [
            rows["place"],
            -rows["entries"],
            *reversed(largest),
            ~matters,
            bounded,
            [place.get(person, len(place)) for person in owner],
        ]
    )
    columns = {f"{name}_stake": stake for name, stake in stakes.items()}
    shown = rows.drop(columns="place").assign(**columns, stake=share, matters=matters).iloc[order]
    return shown.assign(person_id=shown["person_id"].mask(shown["person_id"] == _NOBODY))


def _days_and_goals(comparison: pd.DataFrame) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
    """Return the recorded days of each person, in order, and the RDA or AI of a person and nutrient."""
    people = comparison["person_id"].fillna(_NOBODY)
    days: dict[str, float] = {}
    goals: dict[tuple[str, str], float] = {}
    goal = comparison["rda"].fillna(comparison["ai"])
    for person, name, number, amount in zip(people, comparison["nutrient"], comparison["days"], goal, strict=True):
        days[person] = max(days.get(person, 0), 0 if number is None or number != number else number)
        goals[person, name] = amount
    return days, goals
