"""matplotlib, which only charts need, or what to install where it is not there."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from nutridiary.errors import NutridiaryError


def matplotlib_module(name: str = "") -> Any:
    """Return matplotlib, or a module of it: ``"figure"``.

    Raises
    ------
    NutridiaryError
        If matplotlib is not installed.
    """
    try:
        return import_module(f"matplotlib.{name}" if name else "matplotlib")
    except ImportError as error:
        raise NutridiaryError(
            "charts need matplotlib, which is not installed. Install it: pip install 'nutridiary[plots]'"
        ) from error
