"""What the report says of each person: the analysis, split by person, in the order of the diary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nutridiary.nutrients import core_nutrients
from nutridiary.report.excel.words import UNNAMED, person_name
from nutridiary.tables import RECORDED

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis
    from nutridiary.references import Person

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Block:
    """One person's rows of the tables, each in its own order, the core nutrients first."""

    person_id: str
    person: Person | None
    entries: list[Row]
    comparison: list[Row]
    days: list[Row]
    day_comparison: list[Row]
    day_checks: list[Row]
    cautions: list[Row]

    @property
    def name(self) -> str:
        """What the person is called in the report."""
        return person_name(self.person_id)

    @property
    def dates(self) -> list[Any]:
        """The recorded days in order; lines without a date are in none of them."""
        return sorted({row["date"] for row in self.days if row["date"] is not None})

    @property
    def dates_left_out(self) -> list[Any]:
        """The recorded days that are left out of the means, because that was asked for."""
        return [row["date"] for row in self.day_checks if row["left_out"]]

    @property
    def supplemented(self) -> list[str]:
        """The nutrients that a supplement gave some known amount of."""
        given = (row["nutrient"] for row in self.comparison if row["supplement_intake"] is not None)
        return list(dict.fromkeys(given))

    @property
    def editions(self) -> list[str]:
        """The reports the figures of the comparison come from, each once."""
        return sorted({edition for text in self.texts("edition") for edition in text.split("; ")})

    def texts(self, column: str) -> list[str]:
        """Return the different texts of a column of the comparison, sorted."""
        return sorted({row[column] for row in self.comparison if row[column]})


def blocks_of(analysis: Analysis) -> list[Block]:
    """Return a block for each person: those who ate in order of the diary, then those without a line."""
    tables = [
        _by_person(analysis.entries),
        _by_person(core_first(_with_confidence(_with_open_supplements(analysis), analysis))),
        _by_person(core_first(analysis.days)),
        _by_person(analysis.day_comparison),
        _by_person(analysis.day_checks),
        _by_person(analysis.cautions),
    ]
    order = [person_id for table in tables for person_id in table]
    order += [person_id for person_id in analysis.people if person_id != UNNAMED]
    return [
        Block(person_id, analysis.people.get(person_id), *(table.get(person_id, []) for table in tables))
        for person_id in dict.fromkeys(order or [UNNAMED])
    ]


def _with_open_supplements(analysis: Analysis) -> pd.DataFrame:
    """Return the comparison with what of its gaps is of supplements: doses not known, lines left out."""
    intakes, entries, rows = analysis.intakes, analysis.entries, analysis.comparison
    unknown = intakes[(intakes["source_kind"] == "supplement") & intakes["amount"].isna()]
    left_out = entries[(entries["kind"] == "supplement") & entries["problem"].notna()]
    open_doses = Counter(zip(unknown["person_id"].fillna(UNNAMED), unknown["nutrient"], strict=True))
    of_person = Counter(left_out["person_id"].fillna(UNNAMED))
    people = rows["person_id"].fillna(UNNAMED)
    return rows.assign(
        open_doses=[open_doses[key] for key in zip(people, rows["nutrient"], strict=True)],
        supplements_left_out=[of_person[person_id] for person_id in people],
    )


def _with_confidence(rows: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """Return the comparison with what the days allow to be said, and what it is over all days.

    Who has no day left in the means has rows that hold nothing else.
    """
    import pandas as pd

    key = ["person_id", "nutrient"]
    stated = analysis.confidence[[*key, "confidence", "method", "reading"]]
    every_day = analysis.all_days_comparison
    all_days = every_day[[*key, "days", "mean_intake", "verdict"]]
    stated = stated.rename(columns={"reading": "confidence_reading"})
    all_days = all_days.rename(columns={name: f"all_days_{name}" for name in ("days", "mean_intake", "verdict")})
    kept = set(rows["person_id"].fillna(UNNAMED))
    lost = every_day.loc[
        ~every_day["person_id"].fillna(UNNAMED).isin(kept), [*key, "label", "unit", "life_stage_group"]
    ]
    if len(lost):
        rows = pd.concat([rows, lost], ignore_index=True)
    for table in (stated, all_days):
        rows = rows.merge(table, on=key, how="left", validate="one_to_one")
    return rows


def _by_person(frame: pd.DataFrame) -> dict[str, list[Row]]:
    people: dict[str, list[Row]] = {}
    for row in rows_of(frame):
        people.setdefault(row["person_id"] or UNNAMED, []).append(row)
    return people


def core_first(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows of nutrients with the core nutrients on top, the others in the order they came in."""
    core = {nutrient: place for place, nutrient in enumerate(core_nutrients())}
    return frame.sort_values("nutrient", key=lambda names: names.map(core).fillna(len(core)), kind="stable")


def is_complete(row: Row) -> bool:
    """Return whether a total counts every line: none without a value, none left out."""
    return not row.get("foods_without_value") and not row.get("foods_left_out")


def is_part_complete(row: Row, part: str) -> bool:
    """Return whether what "food" or "supplements" gave of a mean counts every line of them."""
    if part == "supplements":
        return not row["open_doses"] and not row["supplements_left_out"]
    foods = row["foods_without_value"] > row["open_doses"], row["foods_left_out"] > row["supplements_left_out"]
    return not any(foods)


def is_filled_in(row: Row) -> bool:
    """Return whether a total takes the value of a line from a twin record."""
    return bool(row.get("foods_filled_in"))


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a table as mappings of plain Python values; what is missing is None.

    The values a diary itself carries are left out: they are many, and the report shows their sums only.
    """
    columns = []
    names = [name for name in frame.columns if not str(name).startswith(RECORDED)]
    for name in names:
        values = frame[name].to_numpy(dtype=object).copy()
        values[frame[name].isna().to_numpy()] = None
        columns.append(values)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
