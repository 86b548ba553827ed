"""Where a user's own copies lie: releases of food data, answers that were fetched. Never in the program's folder."""

from __future__ import annotations

import os
from pathlib import Path

DATA_VARIABLE = "NUTRIDIARY_DATA"
"""Names another folder than the system's own for what is kept."""
CACHE_VARIABLE = "NUTRIDIARY_CACHE"
"""Names another folder than the system's own for what can be fetched again."""


def user_data_folder() -> Path:
    """Return the folder of what is kept for this user: releases of food data. It may not exist yet."""
    return _named(DATA_VARIABLE) or _of_system("user_data_path")


def user_cache_folder() -> Path:
    """Return the folder of what can be fetched again: answers of FoodData Central. It may not exist yet."""
    return _named(CACHE_VARIABLE) or _of_system("user_cache_path")


def _named(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named).expanduser() if named else None


def _of_system(which: str) -> Path:
    import platformdirs

    return Path(getattr(platformdirs, which)("nutridiary", appauthor=False))
