"""What an analysis can be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.errors import NutridiaryError
from nutridiary.intake import check_values
from nutridiary.nutrients import check_nutrients, panel_nutrients

if TYPE_CHECKING:
    from nutridiary.suggestions import Wishes


@dataclass(frozen=True)
class Options:
    """What an analysis is asked for; each is described at `analysis.analyze`."""

    nutrients: Sequence[str] | None = None
    reference: str = "nasem"
    edition: str | None = None
    fill_in: bool = True
    values: str = "ours"
    defaults: bool = False
    split: bool = True
    leave_out_incomplete: bool = False
    suggest: bool = False
    diets: Sequence[str] | str = ()
    allergies: Sequence[str] | str = ()
    dislikes: Sequence[str] | str = ()

    def __post_init__(self) -> None:
        """Refuse what is not known before anything is read, and call the reference by its name: EFSA is efsa."""
        from nutridiary.references import find_edition, find_reference

        check_values(self.values)
        object.__setattr__(self, "reference", find_reference(self.reference))  # the class is frozen
        if self.edition is not None:
            find_edition(self.edition, self.reference)
        if self.nutrients is not None:
            check_nutrients(self.nutrients)
        for name in ("diets", "allergies", "dislikes"):
            given = getattr(self, name)
            object.__setattr__(self, name, (given,) if isinstance(given, str) else tuple(given))
        if not self.suggest and (self.diets or self.allergies or self.dislikes):
            raise NutridiaryError(
                "diets, allergies and dislikes say what is not to be suggested, but no suggestions are asked for. "
                "Ask for them (--suggest, suggest=True), or leave these out."
            )
        if self.suggest:
            from nutridiary.suggestions import require_solver

            require_solver()
        _ = self.wishes  # which refuses a word that is in the name of no food

    @property
    def wishes(self) -> Wishes:
        """What is not to be suggested."""
        from nutridiary.suggestions import Wishes

        return Wishes(tuple(self.diets), tuple(self.allergies), tuple(self.dislikes))

    @property
    def names(self) -> list[str]:
        """The nutrients a report is about."""
        return panel_nutrients() if self.nutrients is None else check_nutrients(self.nutrients)

    @property
    def said(self) -> dict[str, str]:
        """The options in words, for the report's About sheet."""
        return {
            "reference": self.reference,
            "reference edition": self.edition or "current",
            "nutrients": ", ".join(self.names),
            "nutrient values": self.values,
            "values filled in from twin records": _yes(self.fill_in),
            "typical amounts where a line cannot be weighed": _yes(self.defaults),
            "lines of several foods told apart": _yes(self.split),
            "possibly incomplete days left out": _yes(self.leave_out_incomplete),
            **(self.wishes.said if self.suggest else {}),
        }


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
