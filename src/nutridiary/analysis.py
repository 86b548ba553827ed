"""The whole line, from a diary file to every table a report needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person


@dataclass(frozen=True)
class Analysis:
    """Everything that was found out about a diary, table by table.

    Attributes
    ----------
    entries : pandas.DataFrame
        Every line of the diary after matching and weighing (`tables.WEIGHED`), problem rows included.
    intakes, days, day_comparison, comparison, references, contributions : pandas.DataFrame
        `tables.INTAKES`, `DAILY_INTAKES`, `DAY_COMPARISON`, `COMPARISON`, `REFERENCE_VALUES` and
        `CONTRIBUTIONS`. `references` has a leading ``person_id`` column.
    people : mapping of str to Person
        Who was compared with what. Empty where nobody's sex and age are known.
    releases : pandas.DataFrame
        The food composition releases the figures come from.
    settings : mapping of str to str
        What was asked for, for the report's About sheet: diary file, version, options.
    """

    entries: pd.DataFrame
    intakes: pd.DataFrame
    days: pd.DataFrame
    day_comparison: pd.DataFrame
    comparison: pd.DataFrame
    references: pd.DataFrame
    contributions: pd.DataFrame
    people: Mapping[str, Person]
    releases: pd.DataFrame
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> pd.DataFrame:
        """The entries that were left out of the totals, each with its reason."""
        return self.entries[self.entries["problem"].notna()].reset_index(drop=True)
