"""What an analysis can be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nutridiary.intake import check_values
from nutridiary.nutrients import check_nutrients, panel_nutrients


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

    def __post_init__(self) -> None:
        """Refuse what is not known before anything is read, and call the reference by its name: EFSA is efsa."""
        from nutridiary.references import find_edition, find_reference

        check_values(self.values)
        object.__setattr__(self, "reference", find_reference(self.reference))  # the class is frozen
        if self.edition is not None:
            find_edition(self.edition, self.reference)
        if self.nutrients is not None:
            check_nutrients(self.nutrients)

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
        }


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
