"""What the server writes of itself: that something went wrong and of what kind, never what somebody ate.

The text of an error, or of a library's warning, may quote what was uploaded. So only loggers of our own and of the
server are heard, and of an error only its kind is written.
"""

from __future__ import annotations

import logging

_HEARD = ("nutridiary", "uvicorn.error")


class KindOnly(logging.Formatter):
    """Writes a message, and of an error no more than its kind.

    Examples
    --------
    >>> try:
    ...     float("what somebody ate")
    ... except ValueError as error:
    ...     record = logging.LogRecord("uvicorn.error", 40, "", 0, "it failed", (), (ValueError, error, None))
    >>> KindOnly().format(record)
    'nutridiary web: it failed (ValueError)'
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        kind = record.exc_info[0] if record.exc_info else None
        words = " ".join(record.getMessage().split())
        return f"nutridiary web: {words}" + (f" ({kind.__name__})" if kind else "")


def hear_only_our_own() -> None:
    """Write what the server says to stderr, and nothing that any library says."""
    logging.getLogger().addHandler(logging.NullHandler())
    handler = logging.StreamHandler()
    handler.setFormatter(KindOnly())
    for name in _HEARD:
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.ERROR)
        logger.propagate = False
