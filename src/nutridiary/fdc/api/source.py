"""Answers, from those that were kept or from the API: what every question goes through."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from nutridiary.errors import FoodDataError
from nutridiary.fdc.answer_parts import whole
from nutridiary.fdc.api.asking import Asking
from nutridiary.fdc.api.cache import AnswerCache, Kept
from nutridiary.fdc.api.failures import NoAnswerError
from nutridiary.fdc.api.key import ApiKey
from nutridiary.fdc.api.ledger import CallLedger
from nutridiary.fdc.api.patience import Clock, Patience

OFFLINE = "nothing is asked offline, and no answer was kept"


class Page(NamedTuple):
    """A page of a search or a list: its foods, how many there are in all (None: not said), the day it was fetched."""

    foods: list[Mapping[str, Any]]
    total: int | None
    fetched: date


class AnswerSource:
    """Keeps answers and asks for what is not there.

    Parameters
    ----------
    address : str
    key : ApiKey
    offline, refresh, patience, clock, folder
        As of `nutridiary.fdc.api.client.FdcClient`.
    """

    def __init__(
        self,
        address: str,
        key: ApiKey,
        *,
        offline: bool,
        refresh: bool,
        patience: Patience,
        clock: Clock,
        folder: Path | None,
    ) -> None:
        """Open the files of answers and counts."""
        self.address, self.offline, self.refresh = address, offline, refresh
        self.patience, self.clock = patience, clock
        self.cache = AnswerCache(address, clock, folder and folder / "fdc_answers.sqlite")
        self.ledger = CallLedger(key, clock, folder and folder / "fdc_calls.sqlite")
        self._asking = Asking(address, key, patience, clock, self.ledger)
        self._remarks: dict[str, None] = {}
        self._until: float | None = None
        self._over: NoAnswerError | None = None

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: the key would be."""
        raise TypeError("What asks the API is not pickled.")

    def close(self) -> None:
        """Close connections and files."""
        self._asking.close()
        self.cache.close()
        self.ledger.close()

    def remark(self, text: str) -> None:
        """Remember what whoever asked should know."""
        if text:
            self._remarks[text] = None

    def remarks(self) -> tuple[str, ...]:
        """Return what was remarked, each once."""
        broken = [remark for remark in (self.cache.remark, self.ledger.remark) if remark]
        return tuple(dict.fromkeys([*self._remarks, *broken]))

    def ask(self, path: str, body: Mapping[str, Any]) -> Any:
        """Ask the API, as `Asking.ask`; within `together`, only while there is time for it."""
        if self._until is not None and self.clock.ticks() >= self._until:
            raise NoAnswerError(f"no further call was made after {self.patience.together:.0f} s", passes=False)
        if self._until is not None and self._over is not None:
            raise NoAnswerError(self._over.why, passes=False, advice=self._over.advice)
        try:
            return self._asking.ask(path, body)
        except NoAnswerError as failure:
            if failure.ends_all:
                self._over = failure
            raise

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Bound the time of all that is asked within; within another such block, its time goes on.

        After a failure that would be the same for every call, nothing more is asked within.
        """
        outer = self._until
        if outer is None:
            self._until, self._over = self.clock.ticks() + self.patience.together, None
        try:
            yield
        finally:
            self._until = outer

    def today(self) -> date:
        """Return the day of what is fetched now."""
        return self.clock.day().date()

    def may_use(self, kept: Kept) -> bool:
        """Return whether a kept answer is to be used without asking."""
        return self.offline or (kept.is_fresh and not self.refresh)

    def page(self, path: str, body: Mapping[str, Any]) -> Page:
        """Return a page of a search or a list.

        Raises
        ------
        FoodDataError
            If there is no answer, kept or asked.
        """
        question = {"path": path, **body}
        kept = self.cache.search(question)
        page = None if kept is None else _kept_page(kept)
        if kept is not None and page is not None and self.may_use(kept):
            if not kept.is_fresh:
                self.remark(f"A search was answered as on {kept.fetched.isoformat()}: nothing is asked offline.")
            return page
        if self.offline:
            raise FoodDataError(f"FoodData Central: {OFFLINE} for this search.")
        try:
            foods, total = _found(self.ask(path, body), body)
        except NoAnswerError as failure:
            if page is not None:
                self.remark(f"A search was answered as on {page.fetched.isoformat()}: {failure.why}.")
                return page
            ends_all, advice = failure.ends_all, failure.advice
            why = f"FoodData Central gave no answer: {failure.why}"
        else:
            self.cache.keep_search(question, {"foods": foods, "total": total}, foods)
            return Page(foods, total, self.today())
        raise NoAnswerError(why, ends_all=ends_all, advice=advice)


def _found(answer: Any, body: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], int | None]:
    """Return the foods of an answer and how many there are in all, after making sure that it answers the question."""
    foods, total = answer, None
    if isinstance(answer, Mapping):
        foods, total = answer.get("foods"), whole(answer, "totalHits")
        if whole(answer, "currentPage") not in (None, body["pageNumber"]):
            raise NoAnswerError("the answer is another page than was asked for", ends_all=False)
    if not isinstance(foods, list) or not all(isinstance(food, Mapping) for food in foods):
        raise NoAnswerError("the answer is no list of foods", passes=False)
    if len(foods) > body["pageSize"]:
        raise NoAnswerError("the answer has more foods than were asked for", ends_all=False)
    return foods, total


def _kept_page(kept: Kept) -> Page | None:
    content = kept.content
    if not isinstance(content, Mapping) or not isinstance(content.get("foods"), list):
        return None
    return Page(content["foods"], content.get("total"), kept.fetched)
