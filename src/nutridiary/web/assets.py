"""Addresses of style sheets, scripts and pictures, which change with what is in them: an update is seen at once."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files


@cache
def asset(name: str) -> str:
    """Return the address of a file of ``static``.

    Examples
    --------
    >>> asset("style.css").startswith("/static/style.css?v=")
    True
    """
    content = (files("nutridiary.web") / "static" / name).read_bytes()
    return f"/static/{name}?v={sha256(content).hexdigest()[:12]}"
