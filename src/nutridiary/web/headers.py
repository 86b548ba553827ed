"""What every answer says of itself, whatever it is: what a browser may do with it, and that nobody keeps it."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Not "no-referrer": browsers then send `Origin: null` with the forms of our own pages.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Of every answer; a route may say something stricter."""

_ONE_YEAR = 365 * 24 * 3600


def add_headers(headers: MutableHeaders, *, is_asset: bool, https: bool) -> None:
    """Add what every answer says. Nothing of a diary is stored in a cache."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("cache-control", "max-age=3600" if is_asset else "no-store")
    if https:
        headers.setdefault("strict-transport-security", f"max-age={_ONE_YEAR}")
