"""Where the FoodData Central API is, and whether it may be asked at all."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from nutridiary.errors import FoodDataError

BASE_URL = "https://api.nal.usda.gov/fdc/v1"
URL_VARIABLE = "NUTRIDIARY_FDC_URL"
"""Names another address than the official one: a mirror, or a server of one's own for trying out."""
OFFLINE_VARIABLE = "NUTRIDIARY_OFFLINE"
"""Set to anything but 0, no, false or nothing, nothing is asked: only answers that were kept are used."""
_LOCAL = ("127.0.0.1", "::1", "localhost")


def base_address(base_url: str | None = None) -> str:
    """Return the address of the API: as given, else that of the environment, else the official one.

    Raises
    ------
    FoodDataError
        If it is no web address, or one that the key would travel to in the clear.

    Examples
    --------
    >>> base_address("https://api.example/fdc/v1/")
    'https://api.example/fdc/v1'
    """
    address = (base_url or os.environ.get(URL_VARIABLE) or BASE_URL).rstrip("/")
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query
        safe = parts.scheme == "https" or parts.hostname in _LOCAL
        bare = parts.username is None and parts.password is None
    except ValueError:
        usable = safe = bare = False
    if not (usable and safe and bare):
        # The address itself is not shown: it may hold a key.
        raise FoodDataError(
            f"The address of the FoodData Central API cannot be used. Expected https:// (http:// on this machine "
            f"only), without user name, password or query, as {BASE_URL}; it may be named in {URL_VARIABLE}."
        )
    return address


def is_offline(offline: bool | None = None) -> bool:
    """Return whether nothing may be asked: as given, else as the environment says."""
    if offline is not None:
        return offline
    return os.environ.get(OFFLINE_VARIABLE, "").strip().casefold() not in ("", "0", "no", "false")
