"""What became of foods that were asked for: those that came, and why the others did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.fdc.answers import AnsweredFood
    from nutridiary.fdc.tables import FoodTables


@dataclass(frozen=True)
class Fetched:
    """Foods that were asked for by their numbers. Each is either in `tables` or in `failures`, never in both.

    Attributes
    ----------
    tables : FoodTables
        For `nutridiary.foods.FoodData.with_foods`.
    failures : pandas.DataFrame
        ``fdc_id, why``: what did not come, in the words of a note.
    remarks : tuple of str
        What whoever asked should know besides: limits, answers that were kept for long, a cache that cannot be used.
    """

    tables: FoodTables
    failures: pd.DataFrame
    remarks: tuple[str, ...] = ()

    def reasons(self) -> dict[int, str]:
        """Return why each of the foods that did not come did not.

        Examples
        --------
        >>> fetched_of([], {7: "FoodData Central has no food of this number"}).reasons()
        {7: 'FoodData Central has no food of this number'}
        """
        return dict(zip(self.failures["fdc_id"].to_list(), self.failures["why"].to_list(), strict=True))


def fetched_of(read: Sequence[AnsweredFood], failures: Mapping[int, str], remarks: tuple[str, ...] = ()) -> Fetched:
    """Return foods that were read, with why others were not."""
    import pandas as pd

    from nutridiary.fdc.answers import tables_of

    table = pd.DataFrame({"fdc_id": list(failures), "why": list(failures.values())})
    return Fetched(tables_of(read), table.astype({"fdc_id": "int64", "why": "str"}), remarks)
