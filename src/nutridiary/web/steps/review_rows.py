"""The rows of a review as a page shows them: from its tables, and from what a person said so far."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from nutridiary.aliases import text_key, unit_key
from nutridiary.web.asked import Asked, Correction
from nutridiary.web.steps.review import (
    ROWS_OF_A_PAGE,
    FoodChoice,
    OtherLine,
    ReviewAsked,
    ReviewPage,
    ReviewRow,
    Stake,
    Sureness,
    UnitWeight,
    WholeLine,
    answer_of,
    as_said,
    clean,
    row_name,
)

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.review import Review

    Row = Mapping[str, Any]

MOVES_MUCH = 5.0
"""From how much it could change a total a weight is to be checked. [%] Less is lost in the differences between days."""

_DECIDED_BY = {
    "text": "the words",
    "alias": "a name of this food",
    "crosswalk": "an older code of this food",
    "own_food": "your own food",
}


def page_of(review: Review, asked: Asked, wanted: ReviewAsked) -> ReviewPage:
    """Return the page of a review that is wanted."""
    rows = _Rows(review, asked)
    fitting = [row for row in rows.all if _is_wanted(row, wanted)]
    at, shown = _slice(fitting, wanted)
    saved = next((row for row in rows.all if row.row == wanted.saved), None)
    if saved is not None and not wanted.row:
        shown = _kept_in_place(shown, saved, wanted.next)
    weighed = review.weighed
    supplements = _lines(weighed[weighed["kind"] == "supplement"], "taken as a supplement")
    return ReviewPage(
        asked=wanted.model_copy(update={"page": at}),
        pages=max(1, math.ceil(len(fitting) / ROWS_OF_A_PAGE)),
        found=len(fitting),
        rows=rows.filled(shown),
        texts=len(review.foods),
        to_check=sum(row.to_check for row in rows.all),
        left_out=sum(row.left_out > 0 for row in rows.all),
        corrected=sum(bool(row.answers) for row in rows.all),
        lines=int(_eaten(weighed).sum()),
        lines_left_out=int((_eaten(weighed) & weighed["problem"].notna()).sum()),
        in_diary_only=_lines(review.in_diary_only, "the number in the diary decides"),
        supplements=supplements,
        supplements_left_out=int((weighed["problem"].notna() & weighed["kind"].eq("supplement")).sum()),
    )


class _Rows:
    """Every row of a review, light; what only a shown row needs is filled in for those of a page."""

    def __init__(self, review: Review, asked: Asked) -> None:
        self._choices = _by(_rows_of(review.choices), lambda row: row["number"])
        self._cuts = _by(_rows_of(review.cuts), lambda row: row["number"])
        self._weights = _by(_rows_of(review.weights), lambda row: row_name(as_said(row["said"]), row["brand"] or ""))
        self._answers = _by(asked.corrections, lambda one: row_name(one.said, one.brand))
        self._numbers: dict[str, int] = {}
        self.all = [self._row(row) for row in _rows_of(review.foods)]
        there = {row.row for row in self.all}
        self.all += [_answered(name, said) for name, said in self._answers.items() if name not in there]

    def _row(self, row: Row) -> ReviewRow:
        said, brand = as_said(row["said"]), clean(row["brand"] or "")
        name = row_name(said, brand)
        self._numbers[name] = row["number"]
        own = [*self._answers.get(name, []), *self._own_cuts(row["number"])]
        weights = [_weight(one, own) for one in self._weights.get(name, [])]
        sure = _sureness(row, own)
        is_answered = any(one.decision != "weight" for one in own)
        return ReviewRow(
            row=name,
            said=said,
            brand=brand,
            times=row["times"],
            left_out=row["left_out"],
            fdc_id=row["fdc_id"],
            food=row["food_description"] or "",
            sure=sure,
            score=row["match_score"],
            decided_by=_decided_by(row, own),
            grams=row["gram_weight"],
            could_change=_stake(row),
            to_check=row["left_out"] > 0
            or (row["needs_review"] and not is_answered)
            or (not own and any(one.to_check for one in weights)),
            remark=row["remark"] or "",
            choices=[],
            weights=weights,
            cut_from=[
                WholeLine(
                    row=row_name(as_said(one["said"])),
                    said=as_said(one["said"]),
                    times=one["times"],
                    own=one["decided_by"] == "your alias",
                )
                for one in self._cuts.get(row["number"], [])
            ],
            as_parts="",
            answers=[answer_of(one, row["food_description"] or "") for one in own],
        )

    def _own_cuts(self, number: int) -> list[Correction]:
        """Return what the person said of the lines that a text was cut from."""
        lines = [row_name(as_said(one["said"]), one["brand"] or "") for one in self._cuts.get(number, [])]
        return [one for name in dict.fromkeys(lines) for one in self._answers.get(name, []) if one.decision == "parts"]

    def filled(self, rows: Sequence[ReviewRow]) -> list[ReviewRow]:
        """Return rows with the foods that could be chosen, and how the text could be cut."""
        choices = {row.row: self._choices.get(self._numbers.get(row.row, 0), []) for row in rows}
        known = _known({one["fdc_id"] for several in choices.values() for one in several})
        return [
            row.model_copy(
                update={
                    "choices": [_choice(one, known) for one in choices[row.row]],
                    "as_parts": "" if row.cut_from or row.brand else _as_parts(row.said),
                }
            )
            for row in rows
        ]


def _is_wanted(row: ReviewRow, wanted: ReviewAsked) -> bool:
    if wanted.row:
        return row.row == wanted.row
    if wanted.q and text_key(wanted.q) not in text_key(f"{row.said} {row.brand} {row.food}"):
        return False
    return {
        "check": row.to_check,
        "left_out": row.left_out > 0,
        "corrected": bool(row.answers),
        "all": True,
    }[wanted.show]


def _slice(rows: Sequence[ReviewRow], wanted: ReviewAsked) -> tuple[int, list[ReviewRow]]:
    """Return the page there is nearest to the one wanted, and its rows."""
    at = min(wanted.page, max(1, math.ceil(len(rows) / ROWS_OF_A_PAGE)))
    return at, list(rows[(at - 1) * ROWS_OF_A_PAGE : at * ROWS_OF_A_PAGE])


def _kept_in_place(rows: Sequence[ReviewRow], saved: ReviewRow, following: str) -> list[ReviewRow]:
    """Return rows with the one saved last where it stood: before the one that came after it."""
    others = [row for row in rows if row.row != saved.row]
    place = next((place for place, row in enumerate(others) if row.row == following), None)
    if place is None:
        place = rows.index(saved) if saved in rows else len(others)
    return [*others[:place], saved, *others[place:]]


def _answered(name: str, said: Sequence[Correction]) -> ReviewRow:
    """Return a row for a text that is no row of the review any more: it is no food, or several, or not in the diary."""
    last = said[-1]
    return ReviewRow(
        row=name,
        said=clean(last.said),
        brand=clean(last.brand),
        times=0,
        left_out=0,
        fdc_id=None,
        food="",
        sure="not in the list",
        score=None,
        decided_by="you",
        grams=None,
        could_change=None,
        to_check=False,
        remark="",
        choices=[],
        weights=[],
        cut_from=[],
        as_parts="",
        answers=[answer_of(one, "") for one in said],
    )


def _sureness(row: Row, own: Sequence[Correction]) -> Sureness:
    from nutridiary.review import how_sure

    sure = how_sure(row["fdc_id"], row["match_method"], row["match_score"], row["needs_review"])
    if sure == "your alias" and any(one.decision == "food" for one in own):
        return "your answer"
    return cast("Sureness", sure)


def _decided_by(row: Row, own: Sequence[Correction]) -> str:
    if row["match_method"] == "user_alias":
        return "you" if any(one.decision == "food" for one in own) else "your file of aliases"
    return _DECIDED_BY.get(row["match_method"] or "", "")


def _weight(row: Row, own: Sequence[Correction]) -> UnitWeight:
    from nutridiary.report.excel.words import WEIGHT_METHODS

    about = next((one for one in own if one.decision == "weight" and one.about[2] == unit_key(row["unit"])), None)
    method, stake = row["weight_method"] or "", _stake(row)
    is_much = row["grams_per_unit"] is None or (stake is not None and stake.percent >= MOVES_MUCH)
    return UnitWeight(
        unit=clean(row["unit"]),
        times=row["times"],
        grams_per_unit=row["grams_per_unit"],
        low=row["gram_low"],
        high=row["gram_high"],
        method=WEIGHT_METHODS.get(method, method.replace("_", " ")),
        portion=row["portion"] or "",
        own=about.grams_per_unit if about else None,
        could_change=stake,
        to_check=about is None and is_much,
        remark=row["remark"] or "",
    )


def _stake(row: Row) -> Stake | None:
    from nutridiary.web.steps.foods import nutrient_in_words

    if not row["could_move"] or row["nutrient"] is None:
        return None
    return Stake(percent=row["could_move"], nutrient=nutrient_in_words(row["nutrient"]))


def _known(fdc_ids: Iterable[int]) -> dict[int, tuple[str, float | None]]:
    """Return category and energy of foods; a user's own are not among them."""
    from nutridiary.web.steps.foods import shared_foods

    foods = shared_foods()
    ids = [fdc_id for fdc_id in fdc_ids if fdc_id in foods]
    energy = foods.composition(ids, ["energy"])["energy"]
    categories = foods.foods(ids).set_index("fdc_id")["category"].fillna("")
    return {one: (categories[one], None if math.isnan(energy[one]) else float(energy[one])) for one in ids}


def _choice(row: Row, known: Mapping[int, tuple[str, float | None]]) -> FoodChoice:
    from nutridiary.foods import food_url

    category, energy = known.get(row["fdc_id"], ("", None))
    return FoodChoice(
        fdc_id=row["fdc_id"],
        description=row["food_description"],
        category=category,
        url=food_url(row["fdc_id"]) if row["fdc_id"] in known else "",
        energy=energy,
    )


def _as_parts(said: str) -> str:
    from nutridiary.splitting.pieces import has_joint, read_pieces

    if not has_joint(said):
        return ""
    pieces = [piece.text.strip() for piece in read_pieces(said)]
    return "; ".join(pieces) if len(pieces) > 1 else ""


def _eaten(weighed: pd.DataFrame) -> pd.Series:
    from nutridiary.tables import NOT_EATEN

    eaten: pd.Series = ~weighed["kind"].isin(NOT_EATEN)
    return eaten


def _lines(lines: pd.DataFrame, otherwise: str) -> list[OtherLine]:
    """Return lines with where they stand, and what is the matter with each; `otherwise` where nothing is."""
    from nutridiary.tables import numbered_lines

    numbers = numbered_lines(lines)["line"]
    texts = lines["food_text"].fillna("").map(clean)
    problems = lines["problem"].fillna(otherwise)
    return [
        OtherLine(where=f"{clean(source)}:{number}", text=text, words=clean(words))
        for source, number, text, words in zip(lines["source"], numbers, texts, problems, strict=True)
    ]


def _rows_of(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a table as plain values; what is missing is None."""
    from nutridiary.report.excel.blocks import rows_of

    return rows_of(frame)


def _by(rows: Iterable[Any], key: Any) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return dict(found)
