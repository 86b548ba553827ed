"""Where the shipped tables lie: inside the installed package, or ``data/`` of a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from nutridiary.errors import FoodDataError


@cache
def data_folder() -> Path:
    """Return the folder of the shipped tables.

    Raises
    ------
    FoodDataError
        If neither the installed package nor a checkout around it holds the tables.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parents[1] / "data"):
        if (folder / "nutrients.csv").is_file():
            return folder
    raise FoodDataError(
        f"{package}: the shipped tables are missing (no data/nutrients.csv). "
        "The installation is incomplete: install nutridiary again."
    )


def data_file(*parts: str) -> Path:
    """Return the path of one shipped table, for example ``data_file("nutrients.csv")``."""
    path = data_folder().joinpath(*parts)
    if not path.is_file():
        raise FoodDataError(f"{path}: not found. The installation is incomplete: install nutridiary again.")
    return path
