"""The nutrients nutridiary knows: one name, one unit and one label each (``data/nutrients.csv``)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

_WRITTEN_UNITS = {"ug": "µg"}


@cache
def load_nutrients() -> pd.DataFrame:
    """Return the table of nutrients.

    Returns
    -------
    pandas.DataFrame
        One row a nutrient, indexed by ``nutrient``, in the order of ``data/nutrients.csv``.
        Loaded once and shared: treat it as read-only.

    Raises
    ------
    FoodDataError
        If the shipped table is missing.

    Examples
    --------
    >>> load_nutrients().loc["magnesium", "unit"]
    'mg'
    """
    import pandas as pd

    return pd.read_csv(
        data_file("nutrients.csv"),
        index_col="nutrient",
        dtype={"alternative_nutrient_ids": "str", "fdc_nutrient_number": "str"},
    )


def core_nutrients() -> list[str]:
    """Return the nutrients every report opens with.

    Examples
    --------
    >>> core_nutrients()
    ['magnesium', 'potassium', 'calcium', 'vitamin_d', 'vitamin_b12']
    """
    return _of_panel("core")


def panel_nutrients() -> list[str]:
    """Return the nutrients of a report nobody chose nutrients for: the core, then those around it.

    Examples
    --------
    >>> panel_nutrients()[:6]
    ['magnesium', 'potassium', 'calcium', 'vitamin_d', 'vitamin_b12', 'sodium']
    """
    return _of_panel("core") + _of_panel("around")


def _of_panel(panel: str) -> list[str]:
    nutrients = load_nutrients()
    return list(nutrients.index[nutrients["panel"] == panel])


def check_nutrients(names: Iterable[str]) -> list[str]:
    """Return `names` as a list without repeats, after making sure that each is a nutrient.

    Parameters
    ----------
    names : iterable of str
        Names as in ``data/nutrients.csv``. A plain string is one name.

    Raises
    ------
    FoodDataError
        If a name is not a nutrient; the text says which is near.

    Examples
    --------
    >>> check_nutrients(["zinc", "iron", "zinc"])
    ['zinc', 'iron']
    >>> check_nutrients(["magnesum"])
    Traceback (most recent call last):
        ...
    nutridiary.errors.FoodDataError: unknown nutrient 'magnesum'. Did you mean 'magnesium'? The names are those of nutrients.csv.
    """  # noqa: E501
    asked = [names] if isinstance(names, str) else list(dict.fromkeys(names))
    known = load_nutrients().index
    for name in asked:
        if name not in known:
            near = did_you_mean(str(name), known)
            raise FoodDataError(f"unknown nutrient {name!r}.{near} The names are those of nutrients.csv.")
    return asked


def nutrient_label(nutrient: str) -> str:
    """Return a nutrient's name for a reader.

    Examples
    --------
    >>> nutrient_label("vitamin_b12")
    'Vitamin B12'
    """
    return str(load_nutrients().loc[nutrient, "label"])


def written_unit(unit: str) -> str:
    """Return a unit as a reader expects it: ``ug`` is written µg.

    Examples
    --------
    >>> written_unit("ug"), written_unit("mg")
    ('µg', 'mg')
    """
    return _WRITTEN_UNITS.get(unit, unit)


def format_amount(value: float, nutrient: str, *, more_decimals: int = 0) -> str:
    """Return an amount with its unit, rounded as the nutrient usually is.

    Parameters
    ----------
    value : float
        The amount in the nutrient's unit. Unknown (NaN) is written as such, never as 0.
    nutrient : str
        Name as in ``data/nutrients.csv``.
    more_decimals : int
        Decimals beyond the nutrient's usual number.

    Examples
    --------
    >>> format_amount(2210.4, "potassium"), format_amount(2.345, "vitamin_b12")
    ('2,210 mg', '2.35 µg')
    >>> format_amount(float("nan"), "zinc")
    'an unknown amount'
    """
    decimals, unit = _formats()[nutrient]
    if value != value:  # NaN is the one number that differs from itself
        return "an unknown amount"
    return f"{value:,.{decimals + more_decimals}f} {unit}"


@cache
def _formats() -> dict[str, tuple[int, str]]:
    nutrients = load_nutrients()
    units = map(written_unit, nutrients["unit"])
    return dict(zip(nutrients.index, zip(map(int, nutrients["decimals"]), units, strict=True), strict=True))
