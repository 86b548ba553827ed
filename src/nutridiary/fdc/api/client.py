"""The FoodData Central API from Python: search, list, and fetch foods as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Self

from nutridiary.errors import FoodDataError, did_you_mean, listing
from nutridiary.fdc.answer_parts import DATA_TYPES
from nutridiary.fdc.api.failures import NoAnswerError
from nutridiary.fdc.api.fetched import Fetched
from nutridiary.fdc.api.food_answers import FoodAnswers
from nutridiary.fdc.api.key import find_key, key_remark
from nutridiary.fdc.api.patience import Clock, Patience
from nutridiary.fdc.api.settings import base_address, is_offline
from nutridiary.fdc.api.source import AnswerSource

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import pandas as pd

    from nutridiary.fdc.tables import FoodTables

MOST_ON_A_PAGE, WINDOW = 200, 10_000
"""Most hits on a page, and how far into the hits of a search the API can look at all."""
Form = Literal["full", "abridged"]


class FdcClient:
    """Asks FoodData Central, keeps the answers, and stays within the limits of the key.

    Parameters
    ----------
    api_key : str, optional
        By default as `nutridiary.fdc.api.key.find_key` finds it; else the demonstration key with its low limits.
    base_url : str, optional
        Address of the API, version 1; by default ``NUTRIDIARY_FDC_URL``, else the official one.
    offline : bool, optional
        Ask nothing and use answers that were kept, however old; by default as ``NUTRIDIARY_OFFLINE`` says.
    refresh : bool
        Ask although there is an answer that was kept.
    patience, clock
        How long to wait for what, and by which clock.
    folder : pathlib.Path, optional
        For the kept answers and the count of calls; by default the user's cache folder.

    Raises
    ------
    FoodDataError
        If the key or the address cannot be used.

    Examples
    --------
    A ``with`` block closes the connections at its end::

        with FdcClient() as fdc:
            hits = fdc.search("cheddar", data_types=["Foundation"])
            fetched = fdc.foods(hits["fdc_id"])
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        offline: bool | None = None,
        refresh: bool = False,
        patience: Patience | None = None,
        clock: Clock | None = None,
        folder: Path | None = None,
    ) -> None:
        """Open the files of answers and counts; nothing is asked yet."""
        self._key = find_key(api_key)
        self._source = AnswerSource(
            base_address(base_url),
            self._key,
            offline=is_offline(offline),
            refresh=refresh,
            patience=patience or Patience(),
            clock=clock or Clock(),
            folder=folder,
        )
        if not api_key:
            self._source.remark(key_remark())

    def __repr__(self) -> str:
        """Say which address is asked, and nothing of the key but where it is from."""
        offline = ", offline" if self._source.offline else ""
        return f"FdcClient({self._source.address}, key from {self._key.source}{offline})"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: the key would be."""
        raise TypeError("A client is not pickled: make another one where it is needed.")

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close connections and files."""
        self.close()

    def close(self) -> None:
        """Close connections and files."""
        self._source.close()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What whoever asked should know: limits, old answers, a cache that cannot be used. Each is said once."""
        return self._source.remarks()

    def together(self) -> AbstractContextManager[None]:
        """Bound the time of all that is asked within a ``with`` block: no call is begun after ten minutes of it."""
        return self._source.together()

    def calls_left(self) -> int:
        """Return how many calls this key has left for now."""
        return self._source.ledger.left().calls

    def foods(self, fdc_ids: Iterable[int], form: Form = "full") -> Fetched:
        """Fetch foods by their numbers, at most 20 with a call.

        Parameters
        ----------
        fdc_ids : iterable of int
        form : {"full", "abridged"}
            Abridged answers are short and have neither portions nor what a product's values are per.

        Returns
        -------
        Fetched
            What came, and why the rest did not. Nothing that happens on the way is raised.

        Raises
        ------
        FoodDataError
            If the client is closed, belongs to another thread, or there is no such form.
        """
        if form not in ("full", "abridged"):
            raise FoodDataError(f"There is no form {form!r} of an answer. Expected: full, abridged.")
        return FoodAnswers(self._source, form).fetch(fdc_ids)

    def food(self, fdc_id: int, form: Form = "full") -> FoodTables:
        """Fetch one food.

        Raises
        ------
        FoodDataError
            If it did not come; the text says why.
        """
        fetched = self.foods([fdc_id], form)
        for failed, why in fetched.reasons().items():
            raise FoodDataError(f"FDC id {failed}: {why}")
        return fetched.tables

    def search(
        self,
        query: str,
        *,
        data_types: Sequence[str] = (),
        brand_owner: str | None = None,
        all_words: bool = False,
        page: int = 1,
        page_size: int = 50,
    ) -> pd.DataFrame:
        """Return one page of the foods that a search finds, best first.

        Parameters
        ----------
        query : str
            Words, or a barcode.
        data_types : sequence of str
            Some of `DATA_TYPES`; all by default.
        brand_owner : str, optional
            Only products of this owner.
        all_words : bool
            Only foods with every word of the query; by default any.
        page, page_size : int
            From 1, and at most 200 hits. What lies beyond the first 10,000 hits cannot be looked at.

        Returns
        -------
        pandas.DataFrame
            `nutridiary.fdc.api.hits.HITS`; ``attrs["total_hits"]`` is how many there are in all.

        Raises
        ------
        FoodDataError
            If there is no answer, or what is asked for cannot be.
        """
        if not query.strip():
            raise FoodDataError("Nothing to search for: write a word or a barcode.")
        body: dict[str, Any] = {"query": query.strip(), "requireAllWords": all_words}
        if brand_owner:
            body["brandOwner"] = brand_owner
        return self._page("foods/search", body, data_types, page, page_size)

    def search_pages(
        self, query: str, *, most: int = WINDOW, page_size: int = MOST_ON_A_PAGE, **how: Any
    ) -> Iterator[pd.DataFrame]:
        """Yield the pages of a search, one call each, until there is nothing more that can be looked at.

        Parameters
        ----------
        query, page_size, **how
            As in `search`.
        most : int
            Stop after so many hits. Where there are more, `remarks` says how many.

        Yields
        ------
        pandas.DataFrame
            As of `search`; a food that comes again on a later page is left out there.
        """
        seen: set[int] = set()
        reach = min(most, WINDOW // page_size * page_size)
        total, page = 1, 0
        while page * page_size < min(reach, total):
            page += 1
            hits = self.search(query, page=page, page_size=page_size, **how)
            total = int(hits.attrs["total_hits"] or 0)
            if hits.empty:
                return
            fresh = hits[~hits["fdc_id"].isin(seen) & ~hits["fdc_id"].duplicated()].head(most - len(seen))
            seen |= set(fresh["fdc_id"])
            if len(fresh):
                yield fresh.reset_index(drop=True)
        if total > reach:
            self._source.remark(f"A search has {total:,} hits, of which {reach:,} were looked at. Narrow it down.")

    def list_foods(self, *, data_types: Sequence[str] = (), page: int = 1, page_size: int = 50) -> pd.DataFrame:
        """Return one page of all foods, in the order of their numbers; the columns are those of `search`.

        Raises
        ------
        FoodDataError
            If there is no answer, or what is asked for cannot be.
        """
        return self._page("foods/list", {"sortBy": "fdcId", "sortOrder": "asc"}, data_types, page, page_size)

    def check_key(self) -> str:
        """Ask the smallest question there is, and return what the key may do, in words.

        Raises
        ------
        FoodDataError
            If the key is refused or there is no answer.
        """
        if self._source.offline:
            raise FoodDataError("Nothing is asked offline, so the key cannot be tried.")
        try:
            self._source.ask("foods/list", {"pageSize": 1, "pageNumber": 1})
        except NoAnswerError as failure:
            failed = str(failure)
        else:
            left = self._source.ledger.left()
            return f"{left.calls:,} of {left.an_hour:,} calls an hour are left"
        raise FoodDataError(f"{self._source.address}: {failed}")

    def _page(
        self, path: str, body: dict[str, Any], data_types: Sequence[str] | str, page: int, page_size: int
    ) -> pd.DataFrame:
        from nutridiary.fdc.api.hits import hits_table

        if page < 1 or not 1 <= page_size <= MOST_ON_A_PAGE:
            raise FoodDataError(
                f"Page {page} of {page_size} hits: pages begin at 1 and have 1 to {MOST_ON_A_PAGE} hits."
            )
        if page * page_size > WINDOW:
            raise FoodDataError(
                f"Page {page} of {page_size} hits lies beyond the first {WINDOW:,}, as far as FoodData Central looks. "
                "Narrow the search down."
            )
        names = [data_types] if isinstance(data_types, str) else data_types
        chosen = {"dataType": sorted({_data_type(name) for name in names})} if names else {}
        found = self._source.page(path, {**body, **chosen, "pageSize": page_size, "pageNumber": page})
        hits = hits_table(found.foods, found.fetched)
        hits.attrs["total_hits"] = found.total
        return hits


def _data_type(name: str) -> str:
    """Return a data type by the API's name; our own names are understood too."""
    known = {
        **{official.casefold(): official for official in DATA_TYPES},
        **{ours: api for api, ours in DATA_TYPES.items()},
    }
    found = known.get(name.strip().casefold())
    if found is None:
        near = did_you_mean(name, DATA_TYPES)
        raise FoodDataError(f"{name!r} is no data type of FoodData Central.{near} Expected: {listing(DATA_TYPES)}.")
    return found
