"""Entries to a review: the distinct texts of a diary, their foods and weights, in the order to look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.aliases import EACH, NO_AMOUNT, text_key, unit_key
from nutridiary.diary.food_text import SEVERAL_AMOUNTS
from nutridiary.foods import OWN_FOOD
from nutridiary.matching import match_texts
from nutridiary.nutrients import core_nutrients
from nutridiary.review.cuts import cuts_of, parts_of_lines, with_whole_text
from nutridiary.review.record import Review
from nutridiary.tables import NOT_EATEN, REVIEW_CHOICES, REVIEW_FOODS, REVIEW_WEIGHTS, WEIGHED, conform

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from nutridiary.foods import FoodData

    Progress = Callable[[str, int], None]

ALTERNATIVES = 4
_TO_CONFIRM = r'(?:^|; )please confirm: matched to "[^"]*(?:"[^";]+)*"(?=;|$)'


def review_entries(
    entries: pd.DataFrame,
    weighed: pd.DataFrame,
    foods: FoodData,
    *,
    written: pd.DataFrame | None = None,
    diary: str = "",
) -> Review:
    """Return the review of entries that are tables already.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`, as they go into matching.
    weighed : pandas.DataFrame
        `tables.WEIGHED`, the same rows after matching and weighing.
    foods : FoodData
    written : pandas.DataFrame, optional
        `tables.ENTRIES`, as they were before lines of several foods were cut; by default none was.
    diary : str
        Name of the diary's file.

    Returns
    -------
    Review

    Notes
    -----
    `could_move` of a text is the largest of |a - c| x g / T over its alternatives and the core nutrients: a and c
    are the contents of the alternative and of the food found [per g], g the counted weight of all lines of the
    text, T the diary's known total of the nutrient. Texts of which lines are left out come first: what they hold is
    in no total. Then the product of `could_move` and 1 - `match_score` decides: how much the answer matters, times
    how likely the food is wrong.
    """
    eaten = ~weighed["kind"].isin([*NOT_EATEN, "supplement"])
    decided = _can_be_decided(weighed, entries)
    lines = weighed[eaten & decided]
    lines = lines.assign(
        said_key=lines["food_text"].map(text_key),
        brand_key=lines["brand"].fillna("").map(text_key),
        unit_said=_units(lines),
    )
    lines["said"] = lines.groupby(["said_key", "brand_key"])["food_text"].transform("first")
    parts = parts_of_lines(weighed, entries if written is None else written)
    found = with_whole_text(_found_foods(lines), parts)
    choices = _choices(found, foods)
    content = foods.composition(choices["fdc_id"].dropna().astype("int64").unique().tolist(), core_nutrients()) / 100
    totals = _totals(weighed, foods)
    found = _in_order(_with_stakes(found, choices, content, totals))
    numbers = dict(zip(found["place"].tolist(), found["number"].tolist(), strict=True))
    choices = choices.assign(number=choices["place"].map(numbers)).sort_values(["number", "rank"]).drop(columns="place")
    weights = _weights(lines, content, totals)
    return Review(
        foods=conform(found.drop(columns=["place", "said_key", "brand_key"]), REVIEW_FOODS),
        choices=conform(choices, REVIEW_CHOICES),
        weights=conform(weights, REVIEW_WEIGHTS),
        cuts=cuts_of(parts, found),
        weighed=conform(weighed, WEIGHED),
        in_diary_only=conform(weighed[eaten & ~decided], WEIGHED),
        diary=diary,
        lines=int(eaten.sum()),
    )


def _can_be_decided(weighed: pd.DataFrame, entries: pd.DataFrame) -> pd.Series:
    """Tell which entries have a text that decides about them: it is there, and nothing stands before it."""
    by_number = weighed["match_method"].isin(["stated_fdc_id", "stated_food_code"])
    # The sheet of recipes or labels decides, and its ids are of this diary only.
    own_food = weighed["data_type"].eq(OWN_FOOD)
    # What a line of several amounts holds can be said: its parts, or that it is one food.
    problem = entries["problem"].reset_index(drop=True).fillna("")
    unreadable = problem.ne("") & ~problem.str.startswith(SEVERAL_AMOUNTS)
    decided: pd.Series = weighed["food_text"].notna() & ~by_number & ~own_food & ~unreadable
    return decided


def _units(lines: pd.DataFrame) -> pd.Series:
    """Return the unit of each line as an alias names it; a weight keeps its own name."""
    units = lines["unit"].fillna("").map(unit_key)
    return units.mask(lines["amount"].isna() & units.eq(EACH), NO_AMOUNT).mask(
        lines["weight_method"].eq("quantity_not_specified"), NO_AMOUNT
    )


def _found_foods(lines: pd.DataFrame) -> pd.DataFrame:
    """Return a row per text and brand: how often, and what was made of it."""
    groups = lines.assign(lost=lines["problem"].notna()).groupby(["said_key", "brand_key"], sort=False)
    found = groups.agg(
        said=("said", "first"),
        brand=("brand", "first"),
        times=("food_text", "size"),
        left_out=("lost", "sum"),
        fdc_id=("fdc_id", "first"),
        food_description=("food_description", "first"),
        match_score=("match_score", "first"),
        match_method=("match_method", "first"),
        needs_review=("needs_review", "any"),
    ).reset_index()
    found["gram_weight"] = groups["gram_weight"].sum(min_count=1).to_numpy()
    found["remark"] = _remarks(groups)
    method = lines["weight_method"].str.replace("_", " ")
    portions = (lines["portion"] + " (" + method + ")").fillna(method).fillna(lines["unit_said"] + ": not weighed")
    portions = portions.where(lines["fdc_id"].notna())
    said = lines.assign(said_portion=portions).dropna(subset="said_portion")
    shown = said.drop_duplicates(["said_key", "brand_key", "said_portion"]).groupby(["said_key", "brand_key"])
    weighed_as = shown["said_portion"].agg("; ".join).reset_index(name="weighed_as")
    found = found.merge(weighed_as, on=["said_key", "brand_key"], how="left", validate="one_to_one")
    return found.assign(place=range(len(found)))


def _remarks(groups: Any) -> NDArray[np.object_]:
    """Return the first problem or else note of each group, without the note that only repeats the food found."""
    notes = groups["note"].first().str.replace(_TO_CONFIRM, "", regex=True).str.removeprefix("; ")
    remarks: NDArray[np.object_] = groups["problem"].first().fillna(notes.where(notes.ne(""))).to_numpy(dtype=object)
    return remarks


def _choices(found: pd.DataFrame, foods: FoodData) -> pd.DataFrame:
    """Return the food found for each text, and the next best ones."""
    import pandas as pd

    best = match_texts(found["said"], foods, top=ALTERNATIVES + 1)
    candidates: dict[str, list[tuple[int, str]]] = {}
    named = best.loc[best["fdc_id"].notna(), ["food_text", "fdc_id", "food_description"]]
    for text, fdc_id, description in named.itertuples(index=False, name=None):
        candidates.setdefault(text, []).append((int(fdc_id), description))
    rows = []
    chosen = found[["place", "said", "fdc_id", "food_description"]].itertuples(index=False, name=None)
    for place, text, fdc_id, description in chosen:
        first = [] if pd.isna(fdc_id) else [(int(fdc_id), description)]
        shown = list(dict.fromkeys([*first, *candidates.get(text, [])]))[: ALTERNATIVES + 1]
        rows += [(place, rank, *food) for rank, food in enumerate(shown, 1)]
    return pd.DataFrame(rows, columns=["place", "rank", "fdc_id", "food_description"])


def _totals(weighed: pd.DataFrame, foods: FoodData) -> pd.Series:
    """Return the diary's known total of each core nutrient [its unit]; missing where nothing is known."""
    # A supplement of a label or a product counts without a food.
    counted = weighed[weighed["problem"].isna() & weighed["fdc_id"].notna()]
    ids = counted["fdc_id"].astype("int64")
    content = foods.composition(ids.drop_duplicates().tolist(), core_nutrients()).reindex(ids.to_numpy()) / 100
    totals = content.mul(counted["gram_weight"].to_numpy(), axis=0).sum(min_count=1)
    return totals.where(totals > 0)


def _with_stakes(found: pd.DataFrame, choices: pd.DataFrame, content: pd.DataFrame, totals: pd.Series) -> pd.DataFrame:
    """Add how much the alternatives of a text could move the diary's totals."""
    pairs = choices.merge(
        found[["place", "fdc_id", "gram_weight"]], on="place", suffixes=("", "_found"), validate="many_to_one"
    )
    pairs = pairs[pairs["fdc_id_found"].notna()]
    here = content.reindex(pairs["fdc_id_found"].astype("int64").to_numpy()).to_numpy()
    there = content.reindex(pairs["fdc_id"].astype("int64").to_numpy()).to_numpy()
    moved = abs(there - here) * pairs["gram_weight"].to_numpy()[:, None] / totals.to_numpy() * 100
    return _largest(found, pairs["place"], moved)


def _largest(rows: pd.DataFrame, places: pd.Series, moved: NDArray[np.float64]) -> pd.DataFrame:
    """Add to each row of `rows` the largest of its shares [%] and the nutrient it is of."""
    import pandas as pd

    shares = pd.DataFrame(moved, columns=core_nutrients()).groupby(places.to_numpy()).max()
    shares = shares.dropna(how="all").reindex(rows["place"])
    most = shares.max(axis=1).round(6)
    nutrient = shares.fillna(-1.0).idxmax(axis=1).where(most.gt(0))
    return rows.assign(could_move=most.to_numpy(), nutrient=nutrient.to_numpy())


def _in_order(found: pd.DataFrame) -> pd.DataFrame:
    """Number the texts: those left out first, then by what they could move times the chance that they are wrong."""
    at_stake = found["could_move"].fillna(0.0) * (1 - found["match_score"].fillna(0.0))
    order = found.assign(kept=found["left_out"].eq(0), at_stake=-at_stake, seldom=-found["times"])
    order = order.sort_values(["kept", "at_stake", "seldom", "place"], kind="stable")
    return order.drop(columns=["kept", "at_stake", "seldom"]).assign(number=range(1, len(order) + 1))


def _weights(lines: pd.DataFrame, content: pd.DataFrame, totals: pd.Series) -> pd.DataFrame:
    """Return a row per text and unit: what one weighs, and how much its bounds could move the totals."""
    counted = lines["amount"].fillna(1.0)
    # A stated weight is no matter of opinion, and a line without a food has nothing to weigh; nor has one that counts
    # by the ml or the serving, of which nobody says the weight.
    weighable = lines["gram_weight"].notna() | lines["problem"].notna()
    lines = lines.assign(
        each=lines["gram_weight"] / counted, low=lines["gram_low"] / counted, high=lines["gram_high"] / counted
    )[lines["weight_method"].ne("stated_weight").fillna(True) & lines["fdc_id"].notna() & weighable]
    groups = lines.groupby(["said_key", "brand_key", "unit_said"], sort=False)
    rows = groups.agg(
        said=("said", "first"),
        brand=("brand", "first"),
        food_description=("food_description", "first"),
        unit=("unit_said", "first"),
        times=("food_text", "size"),
        grams_per_unit=("each", "first"),
        gram_low=("low", "min"),
        gram_high=("high", "max"),
        weight_method=("weight_method", "first"),
        portion=("portion", "first"),
    ).reset_index(drop=True)
    rows["remark"] = _remarks(groups)
    spread = (lines["gram_high"] - lines["gram_low"]).groupby(groups.ngroup()).sum(min_count=1)
    here = content.reindex(groups["fdc_id"].first().astype("int64").to_numpy()).to_numpy()
    rows["place"] = range(len(rows))
    rows = _largest(rows, rows["place"], here * spread.to_numpy()[:, None] / totals.to_numpy() * 100)
    rows["weighed"] = rows["grams_per_unit"].notna()
    rows = rows.sort_values(["weighed", "could_move", "times", "place"], ascending=[True, False, False, True])
    return rows.drop(columns=["weighed", "place"])
