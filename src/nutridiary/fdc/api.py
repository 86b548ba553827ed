"""Fetches foods the embedded database lacks from the FoodData Central API, when asked to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from nutridiary.errors import FoodDataError
from nutridiary.fdc.answers import foods_from_answers
from nutridiary.fdc.tables import FoodTables

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

BASE_URL = "https://api.nal.usda.gov/fdc/v1"
KEY_VARIABLE = "FDC_API_KEY"
DEMO_KEY = "DEMO_KEY"
MOST_IDS = 20
"""Most foods the API gives in one answer."""
TIMEOUT = (5.0, 30.0)
"""Longest wait for a connection, and for the next bytes. [s]"""
MOST_TRIES = 4
MAX_WAIT = 60
"""Longest wait a server may ask for before it is told to the user instead. [s]"""
MAX_ANSWER_BYTES = 32 * 1024**2

_KEY_ADVICE = f"Get a free key at https://fdc.nal.usda.gov/api-key-signup and put it into {KEY_VARIABLE}."


class _PatientRetry(Retry):
    """Tries again after failures that pass, as long as the server says, up to `MAX_WAIT`."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Return the wait the server asks for; give up where it is too long to sit out."""
        wait = super().get_retry_after(response)
        if wait is not None and wait > MAX_WAIT:
            raise FoodDataError(
                f"FoodData Central asks to wait {wait / 60:.0f} minutes (HTTP {response.status}). Try again then. "
                + _KEY_ADVICE
            )
        return wait


def new_session() -> requests.Session:
    """Return a session that tries again on failures that pass (HTTP 429 and 5xx)."""
    retry = _PatientRetry(
        total=MOST_TRIES - 1,
        backoff_factor=0.5,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=("POST",),
        raise_on_status=False,
    )
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def fetch_foods(
    fdc_ids: Iterable[int],
    *,
    api_key: str | None = None,
    base_url: str = BASE_URL,
    session: requests.Session | None = None,
) -> FoodTables:
    """Fetch foods with their nutrients and portions.

    Parameters
    ----------
    fdc_ids : iterable of int
    api_key : str, optional
        By default the environment variable ``FDC_API_KEY``, else ``DEMO_KEY`` with its low limits.
    base_url : str
        Address of the API, version 1.
    session : requests.Session, optional
        By default `new_session`, closed at the end.

    Returns
    -------
    FoodTables
        The foods the API knows; it leaves out ids it does not know without a word. Hand the tables
        to `nutridiary.foods.FoodData.with_foods`.

    Raises
    ------
    FoodDataError
        If the API cannot be reached, refuses the key or the request, or answers in another layout.
    """
    asked = sorted({int(fdc_id) for fdc_id in fdc_ids})
    key = api_key or os.environ.get(KEY_VARIABLE) or DEMO_KEY
    answers: list[Mapping[str, Any]] = []
    ours = new_session() if session is None else session
    try:
        for start in range(0, len(asked), MOST_IDS):
            answers += _post(ours, f"{base_url.rstrip('/')}/foods", key, asked[start : start + MOST_IDS])
    finally:
        if session is None:
            ours.close()
    return foods_from_answers(answers, fetched=date.today())


def _post(session: requests.Session, url: str, key: str, fdc_ids: list[int]) -> list[Mapping[str, Any]]:
    # The key travels in a header, never in the address: addresses end up in logs and error texts. A
    # redirect would carry the header to wherever it points, so none is followed.
    try:
        with session.post(
            url,
            json={"fdcIds": fdc_ids, "format": "full"},
            headers={"X-Api-Key": key},
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != requests.codes.ok:
                raise FoodDataError(_refusal(url, response.status_code))
            content = _limited(response, url)
    except (requests.RequestException, UnicodeError) as error:
        raise FoodDataError(
            f"{url}: no answer ({type(error).__name__}). Check the connection, or go on without --online."
        ) from None
    return _decoded(content, url)


def _limited(response: requests.Response, url: str) -> bytes:
    content = b""
    for part in response.iter_content(64 * 1024):
        content += part
        if len(content) > MAX_ANSWER_BYTES:
            raise FoodDataError(f"{url}: the answer is longer than {MAX_ANSWER_BYTES:,} bytes. Not read.")
    return content


def _decoded(content: bytes, url: str) -> list[Mapping[str, Any]]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, list) or not all(isinstance(food, dict) for food in answer):
        raise FoodDataError(f"{url}: the answer is not a list of foods. Is this the FoodData Central API, version 1?")
    return answer


def _refusal(url: str, status: int) -> str:
    if status in (401, 403):
        return f"{url}: the API key was refused (HTTP {status}). {_KEY_ADVICE}"
    if status == requests.codes.too_many_requests:
        return f"{url}: too many requests with this key for now (HTTP 429). Try again in an hour. {_KEY_ADVICE}"
    if status >= 500:
        return f"{url}: FoodData Central does not work at the moment (HTTP {status}). Try again later."
    return f"{url}: the request was refused (HTTP {status}). Expected the address of the FoodData Central API."
