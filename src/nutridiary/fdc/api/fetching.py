"""What an analysis asks of FoodData Central: records by number, products by barcode. Nothing here is raised."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from nutridiary.errors import FoodDataError
from nutridiary.fdc.api.client import FdcClient
from nutridiary.fdc.api.failures import NoAnswerError
from nutridiary.fdc.api.fetched import Fetched, fetched_of

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.fdc.tables import FoodTables

_BARCODES_A_CALL = 10


class Products(NamedTuple):
    """Products found by their barcodes.

    Attributes
    ----------
    tables : FoodTables
    hits : pandas.DataFrame
        ``gtin, fdc_id, description, brand_owner, brand_name, published``, every record of a barcode, newest first.
    failures : pandas.DataFrame
        ``gtin, why``: barcodes that no record was found or could be fetched for.
    remarks : tuple of str
        As of `Fetched`.
    """

    tables: FoodTables
    hits: pd.DataFrame
    failures: pd.DataFrame
    remarks: tuple[str, ...] = ()


class Lookups:
    """What one analysis asks of FoodData Central, through one client and within one bound of time.

    Parameters
    ----------
    offline : bool, optional
        As of `FdcClient`.

    Examples
    --------
    Nothing is opened before something is asked::

        with Lookups() as central:
            central.foods([2900001]).reasons()
    """

    def __init__(self, *, offline: bool | None = None) -> None:
        """Open nothing yet."""
        self._offline = offline
        self._open = contextlib.ExitStack()
        self._client: FdcClient | None = None

    def __enter__(self) -> Self:
        """Return what is asked."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the client."""
        self._open.close()

    def foods(self, fdc_ids: Sequence[int]) -> Fetched:
        """Return foods by their numbers, and why others did not come; as `fetch_foods`."""
        try:
            return self._opened().foods(fdc_ids)
        except FoodDataError as error:
            return fetched_of([], dict.fromkeys(fdc_ids, str(error).rstrip(".")))

    def products(self, gtins: Sequence[int]) -> Products:
        """Return products by their barcodes; as `products_by_gtin`.

        Raises
        ------
        FoodDataError
            If the key or the address cannot be used.
        """
        return products_by_gtin(gtins, self._opened())

    def _opened(self) -> FdcClient:
        if self._client is None:
            self._client = self._open.enter_context(FdcClient(offline=self._offline))
            self._open.enter_context(self._client.together())
        return self._client


def fetch_foods(
    fdc_ids: Iterable[int],
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    offline: bool | None = None,
    refresh: bool = False,
) -> Fetched:
    """Fetch foods with their nutrients and portions.

    Parameters
    ----------
    fdc_ids : iterable of int
    api_key, base_url, offline, refresh
        As of `FdcClient`.

    Returns
    -------
    Fetched
        The foods that came, and why each of the others did not. Nothing is raised for what
        happens on the way: an analysis goes on without.
    """
    asked = list(dict.fromkeys(int(fdc_id) for fdc_id in fdc_ids))
    if not asked:
        return fetched_of([], {})
    try:
        with FdcClient(api_key, base_url=base_url, offline=offline, refresh=refresh) as client:
            return client.foods(asked)
    except FoodDataError as error:
        return fetched_of([], dict.fromkeys(asked, str(error).rstrip(".")))


def products_by_gtin(gtins: Iterable[int], client: FdcClient) -> Products:
    """Find products by their barcodes.

    Parameters
    ----------
    gtins : iterable of int
        Numbers of products without leading zeros, as `nutridiary.barcodes.read_barcode` gives them.
    client : FdcClient

    Returns
    -------
    Products
        Of each barcode every record that FoodData Central has: a product that changed has several.
    """
    with client.together():
        return _products(list(dict.fromkeys(int(gtin) for gtin in gtins)), client)


def _products(asked: Sequence[int], client: FdcClient) -> Products:
    import pandas as pd

    found, failures = _search_each(_batches(asked), client)
    known = set().union(*(set(hits["gtin"]) for hits in found))
    # Of several barcodes in one search the best hits come first: what is not among them is looked for alone.
    alone = [gtin for gtin in asked if gtin not in known and gtin not in failures] if len(asked) > 1 else []
    found_alone, failed_alone = _search_each([[gtin] for gtin in alone], client)
    hits = _joined([*found, *found_alone])
    failures |= failed_alone
    missed = [gtin for gtin in asked if gtin not in set(hits["gtin"]) and gtin not in failures]
    failures |= dict.fromkeys(missed, "FoodData Central has no product with this barcode")
    fetched = client.foods(hits["fdc_id"])
    reasons = fetched.reasons()
    lost = hits["fdc_id"].isin(reasons)
    for gtin, fdc_id in zip(hits.loc[lost, "gtin"], hits.loc[lost, "fdc_id"], strict=True):
        if gtin not in set(hits.loc[~lost, "gtin"]):
            failures.setdefault(gtin, reasons[fdc_id])
    table = pd.DataFrame({"gtin": list(failures), "why": list(failures.values())})
    return Products(
        fetched.tables,
        hits[~lost].reset_index(drop=True),
        table.astype({"gtin": "int64", "why": "str"}),
        fetched.remarks,
    )


def _batches(gtins: Sequence[int]) -> list[Sequence[int]]:
    return [gtins[start : start + _BARCODES_A_CALL] for start in range(0, len(gtins), _BARCODES_A_CALL)]


def _search_each(batches: Sequence[Sequence[int]], client: FdcClient) -> tuple[list[pd.DataFrame], dict[int, str]]:
    """Return the hits of each batch of barcodes, and why others were not looked for."""
    found: list[pd.DataFrame] = []
    failures: dict[int, str] = {}
    for place, batch in enumerate(batches):
        try:
            found.append(_hits_of(batch, client))
        except FoodDataError as error:
            ends_all = isinstance(error, NoAnswerError) and error.ends_all
            lost = [gtin for each in (batches[place:] if ends_all else [batch]) for gtin in each]
            failures |= dict.fromkeys(lost, str(error).rstrip("."))
            if ends_all:
                break
    return found, failures


def _hits_of(gtins: Sequence[int], client: FdcClient) -> pd.DataFrame:
    """Return the hits that carry one of these barcodes, however its zeros are written."""
    from nutridiary.barcodes import gtin_of_digits, spellings

    words = dict.fromkeys(word for gtin in gtins for word in spellings(gtin))
    hits = client.search(" ".join(words), data_types=["Branded"], page_size=200)
    hits["gtin"] = [gtin_of_digits(str(code)) for code in hits["barcode"]]
    return hits[hits["gtin"].isin(gtins)].astype({"gtin": "int64"})


def _joined(found: Sequence[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    columns = ["gtin", "fdc_id", "description", "brand_owner", "brand_name", "published"]
    if not found:
        return pd.DataFrame(columns=columns)
    hits = pd.concat(found, ignore_index=True).drop_duplicates(["gtin", "fdc_id"])
    ordered = hits.sort_values(["gtin", "published", "fdc_id"], ascending=[True, False, False], ignore_index=True)
    return ordered[columns]
