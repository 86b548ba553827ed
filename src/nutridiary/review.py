"""What a person should look at in a diary, most telling first: its distinct texts, foods and weights."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from nutridiary.aliases import EACH, NO_AMOUNT, text_key, unit_key
from nutridiary.aliases.lookup import AS_SAID
from nutridiary.analysis import match_and_weigh, prepare
from nutridiary.analysis.steps import silence
from nutridiary.diary import ReadingOptions
from nutridiary.diary.food_text import SEVERAL_AMOUNTS
from nutridiary.errors import listing
from nutridiary.foods import OWN_FOOD
from nutridiary.matching import match_texts
from nutridiary.nutrients import core_nutrients
from nutridiary.splitting import split_lines
from nutridiary.tables import NOT_EATEN, REVIEW_CHOICES, REVIEW_CUTS, REVIEW_FOODS, REVIEW_WEIGHTS, WEIGHED, conform

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from nutridiary.analysis.steps import Paths, Prepared
    from nutridiary.foods import FoodData

    Progress = Callable[[str, int], None]

ALTERNATIVES = 4
LIKELY = 0.6
"""Match score below which a doubtful match is called doubtful. [0-1]"""

_TO_CONFIRM = r'(?:^|; )please confirm: matched to "[^"]*(?:"[^";]+)*"(?=;|$)'


@dataclass(frozen=True)
class Review:
    """The distinct texts of a diary with what was made of them, in the order to look at them.

    Attributes
    ----------
    foods : pandas.DataFrame
        `tables.REVIEW_FOODS`.
    choices : pandas.DataFrame
        `tables.REVIEW_CHOICES`: the food found and its alternatives.
    weights : pandas.DataFrame
        `tables.REVIEW_WEIGHTS`.
    cuts : pandas.DataFrame
        `tables.REVIEW_CUTS`: the texts that were cut into several foods.
    weighed : pandas.DataFrame
        `tables.WEIGHED`: the entries that all this is of.
    in_diary_only : pandas.DataFrame
        `tables.WEIGHED`: entries about food that only the diary itself can put right or change, with an amount or date
        that cannot be read, without a text, or naming their food by number.
    diary : str
        Name of the diary's file.
    lines : int
        Entries about food in all.
    """

    foods: pd.DataFrame
    choices: pd.DataFrame
    weights: pd.DataFrame
    cuts: pd.DataFrame
    weighed: pd.DataFrame
    in_diary_only: pd.DataFrame
    diary: str = ""
    lines: int = 0

    @property
    def elsewhere(self) -> int:
        """How many entries about food only the diary itself can put right or change."""
        return len(self.in_diary_only)

    def to_excel(self, path: str | os.PathLike[str]) -> Path:
        """Write the review as an Excel workbook to correct, and return where it is."""
        from nutridiary.report.review import write_review

        return write_review(self, path)


def review(
    path: Paths,
    *,
    online: bool = False,
    aliases: Paths = (),
    split: bool = True,
    progress: Progress | None = None,
    **reading: Unpack[ReadingOptions],
) -> Review:
    """Read a food diary and list what a person should look at, most telling first.

    The parameters are those of `nutridiary.analysis.analyze`.

    Returns
    -------
    Review

    Raises
    ------
    NutridiaryError
        If the file is no diary, or an alias cannot be used.
    """
    files = [path] if isinstance(path, str | os.PathLike) else list(path)
    ready = prepare(path, online=online, aliases=aliases, progress=progress, **reading)
    return review_prepared(ready, split=split, diary=listing(Path(one).name for one in files), progress=progress)


def review_prepared(
    ready: Prepared, *, split: bool = True, defaults: bool = False, diary: str = "", progress: Progress | None = None
) -> Review:
    """Return the review of a diary that was read already.

    Parameters
    ----------
    ready : nutridiary.analysis.steps.Prepared
        As `nutridiary.analysis.prepare` returns it.
    split, defaults, progress
        As in `nutridiary.analysis.analyze`.
    diary : str
        Name of the diary's file.

    Returns
    -------
    Review
    """
    tell, written, foods = progress or silence, ready.diary.entries, ready.foods
    if split:
        tell("telling foods of one line apart", len(written))
    entries = split_lines(written, foods, ready.known_texts, by_rule=split)
    weighed = match_and_weigh(entries, foods, ready.known_texts, defaults=defaults, split=False, progress=progress)
    tell("looking for alternatives", len(weighed))
    return review_entries(entries, weighed, foods, written=written, diary=diary)


def how_sure(fdc_id: int | None, match_method: str | None, match_score: float | None, needs_review: bool) -> str:
    """Return in words how sure the food of a text is; what is missing is None.

    Examples
    --------
    >>> how_sure(2709224, "text", 0.95, False), how_sure(2709224, "text", 0.4, True), how_sure(None, None, None, True)
    ('sure', 'doubtful', 'no food found')
    """
    if fdc_id is None:
        return "no food found"
    if match_method == "user_alias":
        return "your alias"
    if not needs_review:
        return "sure"
    return "likely" if (match_score or 0.0) >= LIKELY else "doubtful"


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
    cut = _whole_texts(weighed, entries if written is None else written)
    found = _with_whole_text(_found_foods(lines), cut)
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
        cuts=_cuts(cut, found),
        weighed=conform(weighed, WEIGHED),
        in_diary_only=conform(weighed[eaten & ~decided], WEIGHED),
        diary=diary,
        lines=int(eaten.sum()),
    )


def _whole_texts(weighed: pd.DataFrame, written: pd.DataFrame) -> pd.DataFrame:
    """Return the entries that are parts of a line that was cut, with its whole text and brand, and who cut it."""
    whole = written.loc[written["part"].isna() & written["food_text"].notna(), ["source", "line", "food_text", "brand"]]
    whole = whole.rename(columns={"food_text": "whole", "brand": "whole_brand"})
    parts = weighed.loc[weighed["part"].notna(), ["source", "line", "part", "food_text", "brand", "note"]]
    cut = parts.merge(whole, on=["source", "line"], validate="many_to_one")
    by_user = cut["note"].fillna("").str.contains(AS_SAID.format("("), regex=False)
    return cut.assign(
        said_key=cut["food_text"].map(text_key, na_action="ignore"),
        brand_key=cut["brand"].fillna("").map(text_key),
        whole_key=cut["whole"].map(text_key),
        whole_brand_key=cut["whole_brand"].fillna("").map(text_key),
        decided_by=by_user.map({True: "your alias", False: "rule"}),
    )


def _with_whole_text(found: pd.DataFrame, cut: pd.DataFrame) -> pd.DataFrame:
    """Add the whole text of the first line that each text (and brand) was cut from."""
    first = cut.drop_duplicates(["said_key", "brand_key"])[["said_key", "brand_key", "whole"]]
    first = first.rename(columns={"whole": "cut_from"})
    return found.merge(first, on=["said_key", "brand_key"], how="left", validate="one_to_one")


def _cuts(cut: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return the texts that were cut, each with the texts of its parts."""
    whole, part = ["whole_key", "whole_brand_key"], ["said_key", "brand_key"]
    lines = cut.drop_duplicates(["source", "line"])
    times = lines.groupby(whole).size().reset_index(name="times")
    first = lines.drop_duplicates(whole)[[*whole, "whole", "whole_brand"]]
    rows = cut.drop_duplicates([*whole, *part])[[*whole, *part, "food_text", "decided_by"]]
    rows = rows.merge(first, on=whole, validate="many_to_one").merge(times, on=whole, validate="many_to_one")
    rows = rows.merge(found[[*part, "number"]], on=part, how="left", validate="many_to_one")
    rows = rows.drop(columns=[*whole, *part])
    return conform(rows.rename(columns={"whole": "said", "whole_brand": "brand", "food_text": "part"}), REVIEW_CUTS)


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
    # A stated weight is no matter of opinion, and a line without a food has nothing to weigh.
    lines = lines.assign(
        each=lines["gram_weight"] / counted, low=lines["gram_low"] / counted, high=lines["gram_high"] / counted
    )[lines["weight_method"].ne("stated_weight").fillna(True) & lines["fdc_id"].notna()]
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
