"""Which foods a text might mean, and what speaks for and against each: for a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import exp
from typing import TYPE_CHECKING, Any

from nutridiary.errors import NutridiaryError
from nutridiary.report import colours

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

_WIDEST = 9.0  # [em] the longest bar
_SMALL = 0.05  # [log-odds] reasons smaller than this are told together
_REST = "all smaller reasons together"


@dataclass(frozen=True, eq=False)
class MatchExplanation:
    """The foods a text might mean, best first, each with the evidence its score is the sum of.

    Attributes
    ----------
    text : str
    candidates : pandas.DataFrame
        A row a food: `rank`, `fdc_id`, `food_description`, `data_type`, `match_score` (0 to 1), `link`.
    evidence : pandas.DataFrame
        `tables.CANDIDATES`: a row a food and kind of evidence. The contributions of a food are log-odds and add up
        to its score; ``1 / (1 + exp(-sum))`` is its `match_score`.
    """

    text: str
    candidates: pd.DataFrame
    evidence: pd.DataFrame

    def __repr__(self) -> str:
        """Return the foods and their scores, for a terminal."""
        if self.candidates.empty:
            return f"{self.text!r}: no food shares a word with it"
        lines = [f"  {row.match_score:.2f}  {row.food_description} ({row.fdc_id})" for row in _rows(self.candidates)]
        return "\n".join([f"{self.text!r} might mean", *lines])

    def _repr_html_(self) -> str:
        heading = f"<p style='margin:.4em 0'><b>{escape(self.text)}</b>"
        if self.candidates.empty:
            return f"{heading}: no food shares a word with it.</p>"
        widest = float(self.evidence["contribution"].abs().max())
        foods = "".join(
            _food(row, self.evidence[self.evidence["rank"] == row.rank], widest) for row in _rows(self.candidates)
        )
        return (
            f"{heading} might mean:</p>{foods}<p style='margin:.4em 0;opacity:.75'>Bars to the right speak for a food, "
            "bars to the left against it. They are log-odds and add up to the score, which runs from 0 to 1.</p>"
        )


def explain_match(text: str, foods: FoodData | None = None, *, top: int = 3) -> MatchExplanation:
    """Return the foods a text might mean, and why, to be looked at in a notebook.

    Parameters
    ----------
    text : str
        A food as a diary calls it: ``"2 scrambled eggs"``.
    foods : FoodData, optional
        Those of the release in use by default.
    top : int
        How many foods to show.

    Returns
    -------
    MatchExplanation

    Raises
    ------
    NutridiaryError
        If there is no text, or `top` is less than 1.

    Examples
    --------
    >>> explain_match("banana", top=1)
    'banana' might mean
      0.98  Banana, raw (2709224)
    """
    from nutridiary.foods import load_foods
    from nutridiary.matching import find_candidates

    if not isinstance(text, str) or not text.strip():
        raise NutridiaryError(f"{text!r} is no food text. Give the words a diary has for a food: '2 scrambled eggs'.")
    if top < 1:
        raise NutridiaryError(f"top {top!r}: at least one food has to be shown.")
    foods = foods or load_foods()
    evidence = find_candidates([text], foods, top=top)
    return MatchExplanation(text, _candidates(evidence, foods), evidence)


def _candidates(evidence: pd.DataFrame, foods: FoodData) -> pd.DataFrame:
    """Return a row a food, with the score that its evidence adds up to."""
    from nutridiary.foods import food_url

    sums = evidence.groupby(["rank", "fdc_id"], as_index=False)["contribution"].sum()
    known = foods.foods([int(fdc_id) for fdc_id in sums["fdc_id"]])[["fdc_id", "description", "data_type"]]
    found: pd.DataFrame = sums.merge(known.astype({"fdc_id": "Int64"}), on="fdc_id", how="left", validate="many_to_one")
    found["food_description"] = found["description"]
    found["match_score"] = [1 / (1 + exp(-log_odds)) for log_odds in found["contribution"]]
    found["link"] = [food_url(int(fdc_id)) if fdc_id > 0 else "" for fdc_id in found["fdc_id"]]
    return found[["rank", "fdc_id", "food_description", "data_type", "match_score", "link"]]


def _food(row: Any, evidence: pd.DataFrame, widest: float) -> str:
    from nutridiary.report.excel.words import DATA_TYPES, in_words

    number = (
        f"<a href='{escape(row.link)}' style='color:inherit'>FDC {row.fdc_id}</a>"
        if row.link
        else f"your own food {row.fdc_id}"
    )
    kind = in_words(row.data_type, DATA_TYPES) or ""
    bars = "".join(_bar(reason, amount, widest) for reason, amount in _reasons(evidence))
    unfolded = " open=''" if row.rank == 1 else ""
    return (
        f"<details{unfolded} style='margin:.3em 0'><summary style='cursor:pointer'>"
        f"{row.rank}. {escape(str(row.food_description))}, score <b>{row.match_score:.2f}</b> "
        f"({escape(kind)}, {number})"
        f"</summary><table style='border-collapse:collapse;margin:.2em 0 .2em 1.2em'>{bars}</table></details>"
    )


def _reasons(evidence: pd.DataFrame) -> list[tuple[str, float]]:
    """Return kinds of evidence with what each adds, the weightiest first; the small ones together at the end."""
    pairs = list(evidence[["evidence", "contribution"]].itertuples(index=False, name=None))
    large = sorted((pair for pair in pairs if abs(pair[1]) >= _SMALL), key=lambda pair: -abs(pair[1]))
    small = [amount for _, amount in pairs if 0 < abs(amount) < _SMALL]
    return [*large, (_REST, sum(small))] if small else large


def _bar(kind: str, amount: float, widest: float) -> str:
    """Return a row with the words of a kind of evidence, its figure, and a bar to the right or left of a middle."""
    colour, side = (colours.BLUE, "left") if amount > 0 else (colours.ORANGE, "right")
    wide = f"{_WIDEST * abs(amount) / widest:.2f}em" if widest else "0"
    bar = f"<div style='width:{wide};height:.7em;background:#{colour};float:{side}'></div>"
    half = f"width:{_WIDEST:g}em;padding:.1em 0"
    cells = ("", bar) if amount > 0 else (bar, "")
    return (
        f"<tr><td style='text-align:left;padding:.1em .6em'>{escape(kind)}</td>"
        f"<td style='text-align:right;padding:.1em .6em'>{amount:+.2f}</td>"
        f"<td style='{half}'>{cells[0]}</td><td style='{half};border-left:1px solid currentColor'>{cells[1]}</td></tr>"
    )


def _rows(frame: pd.DataFrame) -> Any:
    return frame.itertuples()
