"""What the report says of each person: the analysis, split by person, in the order of the diary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from nutridiary.nutrients import core_nutrients
from nutridiary.report.excel.words import UNNAMED, person_name

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis
    from nutridiary.references import Person

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Block:
    """One person's share of the tables, each in its own order."""

    person_id: str
    person: Person | None
    entries: pd.DataFrame
    comparison: list[Row]
    days: pd.DataFrame
    day_comparison: pd.DataFrame

    @property
    def name(self) -> str:
        """What the person is called in the report."""
        return person_name(self.person_id)

    @property
    def dates(self) -> list[pd.Timestamp]:
        """The recorded days in order; lines without a date are in none of them."""
        return sorted(self.days["date"].dropna().unique())

    def texts(self, column: str) -> list[str]:
        """Return the different texts of a column of the comparison, sorted."""
        return sorted({row[column] for row in self.comparison if row[column]})


def blocks_of(analysis: Analysis) -> list[Block]:
    """Return a block for each person: those who ate in order of the diary, then those without a line."""
    names = ["entries", "comparison", "days", "day_comparison"]
    parts = {name: _by_person(getattr(analysis, name)) for name in names}
    order = [person_id for name in names for person_id in parts[name]]
    order += [person_id for person_id in analysis.people if person_id != UNNAMED]
    blocks = []
    for person_id in dict.fromkeys(order or [UNNAMED]):
        mine = {name: parts[name].get(person_id, getattr(analysis, name).iloc[:0]) for name in names}
        blocks.append(
            Block(
                person_id,
                analysis.people.get(person_id),
                mine["entries"],
                rows_of(core_first(mine["comparison"])),
                mine["days"],
                mine["day_comparison"],
            )
        )
    return blocks


def _by_person(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    groups = frame.groupby(frame["person_id"].fillna(UNNAMED), sort=False)
    return {str(person_id): rows for person_id, rows in groups}


def core_first(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows of nutrients with the core nutrients on top, the others in the order they came in."""
    core = {nutrient: place for place, nutrient in enumerate(core_nutrients())}
    return frame.sort_values("nutrient", key=lambda names: names.map(core).fillna(len(core)), kind="stable")


def is_complete(row: Row) -> bool:
    """Return whether a total counts every line: none without a value, none left out."""
    return not row.get("foods_without_value") and not row.get("foods_left_out")


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a table as mappings of plain Python values; what is missing is None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [dict(zip(plain.columns, values, strict=True)) for values in plain.itertuples(index=False, name=None)]
