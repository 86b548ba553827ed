"""Aliases, ready to be asked: what a text is, and what a unit of it weighs."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from nutridiary.errors import AliasError
from nutridiary.fdc.successors import records_elsewhere
from nutridiary.units import canonical_unit

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

FOOD, IGNORE, WEIGHT, PARTS, WHOLE = "food", "ignore", "weight", "parts", "whole"
NO_AMOUNT = "no amount"
"""The unit of an alias for lines that give no amount at all."""

AS_SAID = "as your alias says {}"
"""How the note of an entry names what was said of the foods its text holds; with file and row in brackets."""

EACH = "each"
MOST_COMPARED = 1000  # [characters] of a text; a workbook cell could not hold the longest


@lru_cache(maxsize=20_000)
def text_key(text: str) -> str:
    """Return what two texts have in common that differ in case, spaces and width of characters only.

    Examples
    --------
    >>> text_key("  My   GRANOLA ") == text_key("my granola")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    printable = "".join(character if character.isprintable() else " " for character in folded)
    return " ".join(printable.split())[:MOST_COMPARED]


@lru_cache(maxsize=20_000)
def unit_key(unit: str) -> str:
    """Return the one spelling of a unit; a bare count is ``each``.

    Examples
    --------
    >>> unit_key("Cups"), unit_key(""), unit_key("Small  bowl")
    ('cup', 'each', 'small bowl')
    """
    key = text_key(unit)
    return (canonical_unit(unit) or key) if key else EACH


def parts_of(text: str) -> tuple[str, ...]:
    """Return the foods of a text in which semicolons stand between them.

    Examples
    --------
    >>> parts_of("1 cup rice;  beans; ")
    ('1 cup rice', 'beans')
    """
    parts = (" ".join(part.split()) for part in text.split(";"))
    return tuple(part for part in parts if part)


@dataclass(frozen=True)
class Alias:
    """What a user said of one text; `where` is the file and row it stands in.

    `former_id` is the FDC id as written, where another record took its place; where none did, `fdc_id` is 0.
    """

    said: str
    decision: str
    where: str
    fdc_id: int = 0
    unit: str = ""
    grams_per_unit: float = float("nan")
    parts: tuple[str, ...] = ()
    former_id: int = 0

    @property
    def is_ignored(self) -> bool:
        """The text is no food."""
        return self.decision == IGNORE


@dataclass(frozen=True)
class AliasLookup:
    """All aliases, by what they are about. An alias of the line's own brand goes before one of any brand.

    Attributes
    ----------
    foods : dict
        By text and brand: the food, or that it is none.
    weights : dict
        By text, brand and unit.
    shapes : dict
        By text and brand: which foods it holds, or that it is one, whichever.
    """

    foods: dict[tuple[str, str], Alias] = field(default_factory=dict)
    weights: dict[tuple[str, str, str], Alias] = field(default_factory=dict)
    shapes: dict[tuple[str, str], Alias] = field(default_factory=dict)

    @classmethod
    def of(cls, aliases: pd.DataFrame | None, current: Mapping[int, int] | None = None) -> AliasLookup:
        """Return the lookup of a table of aliases, an empty one for None.

        Parameters
        ----------
        aliases : pandas.DataFrame or None
            `tables.ALIASES`.
        current : mapping of int to int, optional
            The record to use for each FDC id, as of `check_foods`; by default each its own.
        """
        lookup = cls()
        if aliases is None:
            return lookup
        columns = ["said", "brand", "decision", "fdc_id", "unit", "grams_per_unit", "parts", "source", "line"]
        table = aliases[columns].assign(
            fdc_id=aliases["fdc_id"].fillna(0),
            **{name: aliases[name].fillna("") for name in ("brand", "unit", "parts")},
        )
        for said, brand, decision, fdc_id, unit, grams, parts, source, line in table.itertuples(index=False, name=None):
            used = int(fdc_id) if current is None else current.get(int(fdc_id), 0)
            former = int(fdc_id) if used != int(fdc_id) else 0
            alias = Alias(said, decision, f"{source}:{line}", used, unit, grams, parts_of(parts), former)
            about = text_key(said), text_key(brand)
            if decision == WEIGHT:
                lookup.weights[*about, unit_key(unit)] = alias
            elif decision in (PARTS, WHOLE):
                lookup.shapes[about] = alias
            else:
                lookup.foods[about] = alias
        return lookup

    def food(self, text: str, brand: str = "") -> Alias | None:
        """Return what the user said a text is, or None."""
        if not self.foods:
            return None
        said = text_key(text)
        return self.foods.get((said, text_key(brand))) or self.foods.get((said, ""))

    def shape(self, text: str, brand: str = "") -> Alias | None:
        """Return what the user said a text holds, several foods or one, or None."""
        if not self.shapes:
            return None
        said = text_key(text)
        return self.shapes.get((said, text_key(brand))) or self.shapes.get((said, ""))

    def weight(self, text: str, brand: str, unit: str) -> Alias | None:
        """Return what the user said a unit of a text weighs, or None. `unit` may be `NO_AMOUNT`."""
        if not self.weights:
            return None
        said, measure = text_key(text), unit_key(unit)
        return self.weights.get((said, text_key(brand), measure)) or self.weights.get((said, "", measure))


def check_foods(aliases: pd.DataFrame, foods: FoodData) -> dict[int, int]:
    """Make sure that every food the aliases name is known, and return which record to use for each.

    Parameters
    ----------
    aliases : pandas.DataFrame
        `tables.ALIASES`.
    foods : FoodData

    Returns
    -------
    dict of int to int
        Of each FDC id that is here, or has a successor here. One that only another release has is not in it, nor
        one that was asked for elsewhere in vain.

    Raises
    ------
    AliasError
        If no release has an FDC id; the text says where it stands and what to do.
    """
    named = aliases[aliases["decision"] == FOOD]
    current = foods.current(named["fdc_id"].astype("int64"))
    gone = records_elsewhere([int(fdc_id) for fdc_id in named["fdc_id"] if fdc_id not in current], foods)
    for said, fdc_id, source, line in named[["said", "fdc_id", "source", "line"]].itertuples(index=False, name=None):
        if not any(int(fdc_id) in known for known in (current, gone, foods.not_looked_up)):
            raise AliasError(unknown_food(said, fdc_id, f"{source}:{line}"))
    return current


def unknown_food(said: str, fdc_id: int, where: str) -> str:
    """Say that an FDC id is not known, and what to do."""
    return (
        f'{where}: FDC id {fdc_id} for "{said}" is not in the food data in use. Look for the food '
        f'with nutridiary foods "{said}", or use --online for an id of FoodData Central.'
    )
