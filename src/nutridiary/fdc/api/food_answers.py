"""Fetches foods by their numbers: kept answers first, then the API, and an answer of old where it fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.api.failures import NoAnswerError
from nutridiary.fdc.api.fetched import Fetched, fetched_of
from nutridiary.fdc.api.source import OFFLINE, AnswerSource

if TYPE_CHECKING:
    from nutridiary.fdc.answers import AnsweredFood
    from nutridiary.fdc.api.cache import Kept

MOST_IDS = 20
"""Most foods the API gives in one answer."""
MOST_FDC_ID = 2**31 - 1
"""No number of FoodData Central is larger; numbers of own foods and of other sources are, or are below 1."""
_MOST_FAILED_CALLS = 3
UNKNOWN = "FoodData Central has no food of this number"


class FoodAnswers:
    """Foods that are asked for in one go.

    Parameters
    ----------
    source : AnswerSource
    form : {"full", "abridged"}
    """

    def __init__(self, source: AnswerSource, form: str) -> None:
        """Know nothing yet."""
        self._source, self._form = source, form
        self._read: dict[int, AnsweredFood] = {}
        self._failures: dict[int, str] = {}
        self._old: dict[int, Kept] = {}
        self._used_old: dict[tuple[str, str], list[int]] = {}

    def fetch(self, fdc_ids: Iterable[int]) -> Fetched:
        """Return the foods, and why others did not come."""
        asked = list(dict.fromkeys(int(fdc_id) for fdc_id in fdc_ids))
        usable = {fdc_id: 0 < fdc_id <= MOST_FDC_ID for fdc_id in asked}
        self._failures |= {fdc_id: "it is no number of FoodData Central" for fdc_id in asked if not usable[fdc_id]}
        missing = [fdc_id for fdc_id in asked if usable[fdc_id] and not self._use_kept(fdc_id)]
        if self._source.offline:
            self._failures |= dict.fromkeys(missing, f"FoodData Central was not asked: {OFFLINE}")
        elif missing:
            with self._source.together():
                self._ask(missing)
            self._use_old()
        for (day, why), old in self._used_old.items():
            self._source.remark(f"As on {day}: FDC id {listing(old, 5)} ({why}).")
        read = [self._read[fdc_id] for fdc_id in asked if fdc_id in self._read]
        failures = {fdc_id: self._failures[fdc_id] for fdc_id in asked if fdc_id not in self._read}
        return fetched_of(read, failures, self._source.remarks())

    def _use_kept(self, fdc_id: int) -> bool:
        """Take a kept answer where it may be used; return whether that settles the food."""
        kept = self._source.cache.food(fdc_id, self._form)
        if kept is None:
            return False
        if kept.content is not None:
            self._old[fdc_id] = kept
        if not self._source.may_use(kept):
            return False
        if kept.content is None:
            self._failures[fdc_id] = UNKNOWN
            return True
        used = self._keep_read(fdc_id, kept.content, kept.fetched)
        if used and not kept.is_fresh:
            self._note_old(fdc_id, "nothing is asked offline")
        return used

    def _ask(self, missing: Sequence[int]) -> None:
        batches = [missing[start : start + MOST_IDS] for start in range(0, len(missing), MOST_IDS)]
        self._say_what_fits(len(missing), len(batches))
        failed = 0
        for place, batch in enumerate(batches):
            try:
                self._sort(batch, self._source.ask("foods", {"fdcIds": list(batch), "format": self._form}))
                failed = 0
            except NoAnswerError as failure:
                failed += 1
                gives_up = failure.ends_all or failed == _MOST_FAILED_CALLS
                self._fail(batches[place:] if gives_up else [batch], failure.why)
                if failure.advice:
                    self._source.remark(f"FoodData Central: {failure}")
                if gives_up:
                    return

    def _say_what_fits(self, foods: int, calls: int) -> None:
        """Tell before the first call that not all can be made."""
        left = self._source.ledger.left()
        if calls > left.calls:
            self._source.remark(
                f"{foods:,} foods of FoodData Central take {calls:,} calls, and {left.calls:,} are left with this key "
                f"({left.why}); more from {self._source.clock.at(left.next_at)}."
            )

    def _sort(self, batch: Sequence[int], answer: Any) -> None:
        """Take the foods of an answer, each for the number it was asked by."""
        if not isinstance(answer, list) or not all(isinstance(food, Mapping) for food in answer):
            raise NoAnswerError("the answer is no list of foods", passes=False)
        answered: dict[int, list[Mapping[str, Any]]] = {fdc_id: [] for fdc_id in batch}
        others = []
        for food in answer:
            number = food.get("fdcId")
            if isinstance(number, int) and number in answered:
                answered[number].append(food)
            else:
                others.append(str(number)[:20])
        kept: dict[int, Mapping[str, Any] | None] = {}
        for fdc_id, foods in answered.items():
            if not foods:
                if self._is_unknown(fdc_id, others):
                    kept[fdc_id] = None
            elif any(food != foods[0] for food in foods):
                self._failures[fdc_id] = "FoodData Central answered twice, and differently"
            elif self._keep_read(fdc_id, foods[0], self._source.today()):
                kept[fdc_id] = foods[0]
        self._source.cache.keep_foods(kept, self._form)

    def _is_unknown(self, fdc_id: int, others: Sequence[str]) -> bool:
        """Take in that a food was left out of an answer; return whether that says there is no such food."""
        if others:
            self._failures[fdc_id] = f"FoodData Central answered with another food (fdcId {listing(others, 3)})"
            return False
        self._failures[fdc_id] = UNKNOWN
        if fdc_id not in self._old:
            return True
        self._keep_read(fdc_id, self._old[fdc_id].content, self._old[fdc_id].fetched)
        self._note_old(fdc_id, "FoodData Central does not have it any more")
        return False

    def _keep_read(self, fdc_id: int, answer: Any, fetched: date) -> bool:
        """Read a food's answer; return whether it could be."""
        from nutridiary.fdc.answers import read_food

        try:
            read = read_food(answer, fetched)
        except FoodDataError as error:
            self._failures[fdc_id] = str(error).rstrip(".")
            return False
        if read.fdc_id != fdc_id:
            self._failures[fdc_id] = f"FoodData Central answered with another food (fdcId {read.fdc_id})"
            return False
        self._read[fdc_id] = read
        return True

    def _fail(self, batches: Iterable[Sequence[int]], why: str) -> None:
        for batch in batches:
            self._failures |= dict.fromkeys(batch, f"FoodData Central gave no answer: {why}")

    def _use_old(self) -> None:
        """Take an answer that is older than it should be for a food that cannot be asked for now."""
        for fdc_id in [fdc_id for fdc_id in self._failures if fdc_id in self._old and fdc_id not in self._read]:
            why = self._failures[fdc_id]
            if self._keep_read(fdc_id, self._old[fdc_id].content, self._old[fdc_id].fetched):
                self._note_old(fdc_id, why)

    def _note_old(self, fdc_id: int, why: str) -> None:
        self._used_old.setdefault((self._old[fdc_id].fetched.isoformat(), why), []).append(fdc_id)
