"""scipy, which only the statistics of groups need, or what to install where it is not there."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from nutridiary.errors import CohortError


def scipy_module(name: str) -> Any:
    """Return a module of scipy: ``"special"``.

    Raises
    ------
    CohortError
        If scipy is not installed.
    """
    try:
        return import_module(f"scipy.{name}")
    except ImportError as error:
        raise CohortError(
            "statistics of groups need scipy, which is not installed. Install it: pip install 'nutridiary[stats]'"
        ) from error
