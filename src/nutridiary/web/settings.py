"""How the web page is run."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from nutridiary.errors import NutridiaryError

MEGABYTE = 2**20
SHORTEST_TOKEN = 16
"""Characters of a token that cannot be guessed by trying."""

_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Settings:
    """How the web page is run: for whom, and what an upload may cost.

    Attributes
    ----------
    host : str
        The address to listen on. Any but a loopback address needs a token.
    port : int
        0 takes a free one.
    token : str, optional
        What a person must type before anything is shown.
    names : tuple of str
        Names besides the address itself by which the server may be called, such as ``"diaries.clinic.example"``.
        A request that calls it otherwise is refused: another site could have led a browser here.
    https : bool
        Whether browsers reach it through a proxy that speaks https; cookies are then never sent in clear.
    workers : int
        Processes that work on diaries.
    most_bytes : int
        Of one request, which may hold several files. [bytes]
    most_rows : int
        Of one diary.
    most_seconds : float
        That one step of one diary may take. [s]
    most_memory : int
        That one worker may take. [bytes]
    most_upload_seconds : float
        That it may take to receive one request. [s]
    kept_seconds : float
        How long a diary is kept after it was last looked at. [s]
    patience : float
        How long a page waits for a step before it shows that work goes on. [s]
    most_diaries : int
        Open at a time, of one visitor.
    most_visitors : int
        At a time.
    most_connections : int
        At a time.
    folder : Path, optional
        Where the private folder of the server is made; by default where the system keeps what is temporary.
    """

    host: str = "127.0.0.1"
    port: int = 0
    token: str | None = field(default=None, repr=False)
    names: tuple[str, ...] = ()
    https: bool = False
    workers: int = max(2, os.cpu_count() or 2)
    most_bytes: int = 20 * MEGABYTE
    most_rows: int = 20_000
    most_seconds: float = 60.0
    most_memory: int = 1536 * MEGABYTE
    most_upload_seconds: float = 120.0
    kept_seconds: float = 3600.0
    patience: float = 2.0
    most_diaries: int = 10
    most_visitors: int = 200
    most_connections: int = 500
    folder: Path | None = None

    def __post_init__(self) -> None:
        """Refuse to show diaries to a network without a token, and what could not be typed or could never be true."""
        for name in self.names:
            if not _NAME.fullmatch(name):
                raise NutridiaryError(
                    f"--name {name!r} is no name that a browser calls a server by. Give it as it stands in addresses "
                    "between https:// and the next / or colon, such as diaries.clinic.example; of letters with "
                    "accents, the form that begins with xn--."
                )
        if self.token is None and not is_loopback(self.host):
            raise NutridiaryError(
                f"--host {self.host} lets other machines in, and diaries are health data: give a token, "
                "with --token-file or NUTRIDIARY_WEB_TOKEN. Or leave --host out: then only this machine sees the page."
            )
        if self.token is not None and (not self.token.isascii() or not self.token.isprintable() or " " in self.token):
            raise NutridiaryError(
                "the token holds more than letters, digits and signs of a plain keyboard: make another."
            )
        if self.token is not None and len(self.token) < SHORTEST_TOKEN:
            raise NutridiaryError(
                f"the token has {len(self.token)} characters and could be guessed: give at least {SHORTEST_TOKEN}, "
                "for example of: python3 -c 'import secrets; print(secrets.token_urlsafe(24))'"
            )


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address.

    Examples
    --------
    >>> [is_loopback(host) for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "clinic.example")]
    [True, True, True, False, False]
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
