"""Looks products up at Open Food Facts by the number below the bars, where that was asked for.

Only that number leaves the machine. Whatever goes wrong is said in words and stops nothing. Open Food Facts allows
fifteen products a minute from one address and may shut out who asks for more [1]_: no more are asked for, on all
counts of this user, and answers are kept, so that the same product is asked for once in thirty days.

References
----------
.. [1] https://openfoodfacts.github.io/openfoodfacts-server/api/ , "Rate limits" and "Authentication".
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from nutridiary.brands.kept_products import KeptProducts
from nutridiary.brands.product_answers import FIELDS, AnswerError, Product, read_product, tables_of_products
from nutridiary.fdc.api.failures import NoAnswerError
from nutridiary.fdc.api.patience import Clock, Patience, retry_after
from nutridiary.fdc.product_ids import open_food_facts_code, open_food_facts_id

if TYPE_CHECKING:
    from nutridiary.fdc.tables import FoodTables

ADDRESS = "https://world.openfoodfacts.org"
URL_VARIABLE = "NUTRIDIARY_OPEN_FOOD_FACTS_URL"
"""Names another address than the official one: a mirror, or a server of one's own for trying out."""
CONTACT_VARIABLE = "NUTRIDIARY_CONTACT"
"""An address at which whoever runs this can be reached; Open Food Facts asks programs to say one."""
MOST_A_MINUTE = 15
MOST_ANSWER_BYTES = 2_000_000
LONGEST_TOTAL = 300.0
"""Longest that all products of a diary may take together, waiting for the next minute included. [s]"""
_MOST_FAILURES = 2  # products in a row that get no answer, before the others are not asked for
_SHUT_OUT = (401, 403)
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_NOT_ASKED = "not asked for, as Open Food Facts did not answer before"


@dataclass(frozen=True)
class Products:
    """What Open Food Facts has of some products.

    Attributes
    ----------
    tables : FoodTables
        The products that were found.
    ids : dict of int to int
        The id of each in `tables`, by its number.
    failures : dict of int to str
        Why each of the others is not there.
    notes : dict of int to str
        What should be known of a product, by its id.
    """

    tables: FoodTables
    ids: dict[int, int] = field(default_factory=dict)
    failures: dict[int, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)


class _NoAnswerError(Exception):
    """Nothing usable came, in words; `final` where nothing would come for the next product either."""

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why)
        self.final = final


def product_tables(
    gtins: Iterable[int],
    *,
    offline: bool = False,
    address: str | None = None,
    clock: Clock | None = None,
    patience: Patience | None = None,
) -> Products:
    """Look products up by their numbers.

    Parameters
    ----------
    gtins : iterable of int
        As `nutridiary.barcodes` reads them.
    offline : bool
        Use only answers that were kept.
    address : str, optional
        Of the API; by default that of ``NUTRIDIARY_OPEN_FOOD_FACTS_URL``, else the official one.
    clock, patience : optional
        Time and bounds of every wait.

    Returns
    -------
    Products
        Every number that was asked for is in `ids` or in `failures`, never in both.
    """
    return OpenFoodFacts(offline=offline, address=address, clock=clock, patience=patience)(gtins)


class OpenFoodFacts:
    """Looks products up for one analysis: what is asked of it several times has one bound of time.

    Parameters
    ----------
    offline, address, clock, patience
        As of `product_tables`.
    """

    def __init__(
        self,
        *,
        offline: bool = False,
        address: str | None = None,
        clock: Clock | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Open nothing yet."""
        self._open = partial(_Client, address, clock or Clock(), patience or Patience(), offline=offline)
        self._client: _Client | None = None

    def __call__(self, gtins: Iterable[int]) -> Products:
        """Return products by their numbers, as `product_tables` does."""
        self._client = self._client or self._open()
        found: list[tuple[Product, str]] = []
        failures: dict[int, str] = {}
        for gtin in sorted({int(gtin) for gtin in gtins}):
            try:
                product, day = self._client.product(gtin)
            except _NoAnswerError as error:
                failures[gtin] = str(error)
            else:
                if product is None:
                    failures[gtin] = f"Open Food Facts does not know the product {open_food_facts_code(gtin)}"
                else:
                    found.append((product, day))
        return Products(
            tables_of_products(found),
            {product.gtin: open_food_facts_id(product.gtin) for product, _ in found},
            failures,
            {open_food_facts_id(product.gtin): "; ".join(product.notes) for product, _ in found if product.notes},
        )


class _Client:
    """Asks, one product after the other, within the limits."""

    def __init__(self, address: str | None, clock: Clock, patience: Patience, *, offline: bool) -> None:
        self._address = (address or os.environ.get(URL_VARIABLE) or ADDRESS).rstrip("/")
        self._clock, self._patience, self._offline = clock, patience, offline
        self._kept = KeptProducts.open()
        self._until = clock.ticks() + LONGEST_TOTAL
        self._failed = 0
        self._stopped = "" if _is_usable(self._address) else f"{URL_VARIABLE} names no address that can be asked"

    def product(self, gtin: int) -> tuple[Product | None, str]:
        """Return a product, or None where there is none, and the day it was answered."""
        moment = self._clock.now()
        kept = self._kept.answer(gtin, moment)
        if kept is not None:
            try:
                return read_product(json.loads(kept.body), gtin), kept.day
            except (ValueError, RecursionError):
                self._kept.forget(gtin)
        if self._offline:
            raise _NoAnswerError("nothing is asked for offline, and no answer about it was kept")
        if self._stopped:
            raise _NoAnswerError(self._stopped)
        if self._clock.ticks() >= self._until:
            raise _NoAnswerError(f"asking Open Food Facts took {LONGEST_TOTAL:.0f} s before: run it again for this one")
        try:
            body, product = self._asked_patiently(gtin)
        except _NoAnswerError as error:
            self._failed += 1
            if error.final or self._failed >= _MOST_FAILURES:
                self._stopped = str(error) if error.final else _NOT_ASKED
            raise
        self._failed = 0
        day = self._clock.day().date().isoformat()
        self._kept.keep(gtin, body, day, self._clock.now(), is_found=product is not None)
        return product, day

    def _asked_patiently(self, gtin: int) -> tuple[bytes, Product | None]:
        began = self._clock.ticks()
        why = "Open Food Facts did not answer"
        for attempt in range(1, self._patience.tries + 1):
            if attempt > 1:
                self._sleep(self._patience.wait_before(attempt, self._clock.chance), why, began)
            self._wait_for_turn()
            status, headers, body = self._bounded(gtin)
            if status in _SHUT_OUT:
                raise _NoAnswerError(f"Open Food Facts refuses to answer this machine (HTTP {status})", final=True)
            if status in (200, 404):
                try:
                    product = read_product(json.loads(body), gtin)
                except AnswerError as error:
                    raise _NoAnswerError(f"Open Food Facts: {error}") from None
                except (ValueError, RecursionError):
                    why = "what Open Food Facts answered is damaged"
                    continue
                if status == 404 and product is not None:
                    raise _NoAnswerError("what Open Food Facts answered contradicts itself")
                return body, product
            if status is not None and status not in _PASSING:
                raise _NoAnswerError(f"Open Food Facts did not give it (HTTP {status})")
            why = f"Open Food Facts is not to be reached ({body.decode()})" if status is None else _busy(status)
            asked = retry_after(headers, self._clock.now())
            if asked:
                if asked > self._patience.longest_wait:
                    raise _NoAnswerError(f"{why} and asks to wait {asked / 60:.0f} minutes", final=True)
                self._sleep(asked, why, began)
        raise _NoAnswerError(why)

    def _sleep(self, wait: float, why: str, began: float) -> None:
        now = self._clock.ticks()
        if now + wait - began > self._patience.total or now + wait > self._until:
            raise _NoAnswerError(why)
        self._clock.sleep(wait)

    def _wait_for_turn(self) -> None:
        """Wait until one more product may be asked for; the count is of all runs of this user."""
        wait = self._kept.turn(self._clock.now(), MOST_A_MINUTE)
        while wait > 0:
            if self._clock.ticks() + wait > self._until:
                raise _NoAnswerError(
                    f"Open Food Facts gives {MOST_A_MINUTE} products a minute: run it again for the next ones",
                    final=True,
                )
            self._clock.sleep(wait)
            wait = self._kept.turn(self._clock.now(), MOST_A_MINUTE)

    def _bounded(self, gtin: int) -> tuple[int | None, Mapping[str, str], bytes]:
        """Ask in a thread of its own: a server that drips a byte at a time outlasts every time-out but this one."""
        answer: list[tuple[int | None, Mapping[str, str], bytes]] = []
        asking = threading.Thread(target=lambda: answer.append(self._ask(gtin)), daemon=True)
        asking.start()
        asking.join(self._patience.call)
        return answer[0] if answer else (None, {}, b"it takes too long")

    def _ask(self, gtin: int) -> tuple[int | None, Mapping[str, str], bytes]:
        """Return status, headers and body; no status, and why, where nothing came."""
        import requests
        import urllib3

        from nutridiary.fdc.api.calls import leave_alone, read_whole, why_not_reached

        # A comma written as %2C is not understood there (openfoodfacts-server, issue 1607): the address is written out.
        url = f"{self._address}/api/v2/product/{open_food_facts_code(gtin)}?fields={','.join(FIELDS)}"
        try:
            with requests.Session() as session:
                session.auth = leave_alone
                session.trust_env = url.startswith("https:")  # plain http is for this machine: through no proxy
                answer = session.get(
                    url,
                    headers={"User-Agent": user_agent(), "Accept": "application/json", "Accept-Encoding": "gzip"},
                    timeout=(self._patience.connect, self._patience.read),
                    allow_redirects=False,  # it would lead to a sister project, of cosmetics or pet food
                    stream=True,
                )
                with answer:
                    return answer.status_code, answer.headers, read_whole(answer, MOST_ANSWER_BYTES)
        except NoAnswerError as failure:
            return None, {}, failure.why.encode()
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            return None, {}, why_not_reached(error).encode()


def user_agent() -> str:
    """Return what the program says of itself, in the form Open Food Facts asks for: name/version (contact)."""
    from nutridiary import __version__

    contact = os.environ.get(CONTACT_VARIABLE, "")
    usable = 0 < len(contact) <= 100 and contact.isascii() and contact.isprintable()
    return f"nutridiary/{__version__} ({contact if usable else 'https://pypi.org/project/nutridiary/'})"


def _busy(status: int) -> str:
    return f"Open Food Facts is busy or out of order (HTTP {status})"


def _is_usable(address: str) -> bool:
    try:
        parts: Any = urlsplit(address)
        local = parts.hostname in ("127.0.0.1", "::1", "localhost")
        return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and local))
    except ValueError:
        return False


__all__ = ["OpenFoodFacts", "Products", "product_tables", "user_agent"]
