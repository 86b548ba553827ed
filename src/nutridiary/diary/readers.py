"""The formats, and which of them a file is: its content decides, never its name.

A format joins by one more line in `READERS`. Every reader but the last says whether the cells are certainly of
its format; two such claims on one file are an error that names both, because a guess between them would be
silent. The last reads any sheet with a column for the food that none of the others claims.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from nutridiary.diary.asa24 import identify_asa24, read_asa24
from nutridiary.diary.chat_log import identify_chat, read_chat
from nutridiary.diary.cronometer import identify_cronometer, read_cronometer
from nutridiary.diary.fatsecret import identify_fatsecret, read_fatsecret
from nutridiary.diary.grid import Grid
from nutridiary.diary.intake24 import identify_intake24, read_intake24
from nutridiary.diary.lose_it import identify_lose_it, read_lose_it
from nutridiary.diary.macrofactor import identify_macrofactor, read_macrofactor
from nutridiary.diary.myfitnesspal import identify_myfitnesspal, read_myfitnesspal
from nutridiary.diary.named_columns import columns_of, stands_in
from nutridiary.diary.nhanes import identify_nhanes, read_nhanes
from nutridiary.diary.own_entries import identify_own_entries, read_own_entries
from nutridiary.diary.reading import Options, Reader, Reading
from nutridiary.diary.table import identify_table, read_table
from nutridiary.diary.text_list import identify_list, read_list
from nutridiary.diary.weekdays import identify_weekdays, read_weekdays
from nutridiary.errors import DiaryError, did_you_mean, listing

if TYPE_CHECKING:
    import pandas as pd

READERS: tuple[Reader, ...] = (
    Reader("asa24", "ASA24, foods, supplements and totals", identify_asa24, read_asa24),
    Reader("chat-log", "an exported chat", identify_chat, read_chat),
    Reader("cronometer", "Cronometer, servings and the files beside them", identify_cronometer, read_cronometer),
    Reader("fatsecret", "FatSecret, food diary report", identify_fatsecret, read_fatsecret),
    Reader("intake24", "Intake24, foods of recalls", identify_intake24, read_intake24),
    Reader("list", "plain lines: days, meals and the foods below them", identify_list, read_list),
    Reader("lose-it", "Lose It!, logs and daily calories", identify_lose_it, read_lose_it),
    Reader("macrofactor", "MacroFactor, food log or workbook", identify_macrofactor, read_macrofactor),
    Reader("myfitnesspal", "MyFitnessPal, summaries and printable diary", identify_myfitnesspal, read_myfitnesspal),
    Reader("nhanes", "NHANES, recalls and supplements of What We Eat in America", identify_nhanes, read_nhanes),
    Reader("entries", "entries as nutridiary writes them", identify_own_entries, read_own_entries),
    Reader("weekdays", "a column per day, or a row per day and a column per meal", identify_weekdays, read_weekdays),
    Reader("table", "a table with a column for the food", identify_table, read_table),
)


def formats() -> pd.DataFrame:
    """Return the formats that are read, in the order in which they are tried: `format`, `what`."""
    import pandas as pd

    return pd.DataFrame([(reader.name, reader.label) for reader in READERS], columns=["format", "what"])


def reader_of(
    grids: list[Grid], file: str, format_name: str | None = None, named: Mapping[str, str] = MappingProxyType({})
) -> Reader | None:
    """Return the reader the sheets of a file belong to, None where they are no diary.

    Parameters
    ----------
    grids : list of Grid
    file : str
        The file's name, for a message.
    format_name : str, optional
        A format of `nutridiary formats`, which goes before what the content says.
    named : mapping of str to str
        Columns that were named: sheets in which their headings stand are a table.

    Raises
    ------
    DiaryError
        If the format is unknown, or two claim the file.
    """
    if format_name is not None:
        return _named(format_name)
    *particular, general = READERS
    if any(stands_in(named, grid) for grid in grids):
        return general if any(columns_of(grid, named) is not None for grid in grids) else None
    claims = [reader for reader in particular if reader.identify(grids)]
    if len(claims) > 1:
        both = " and as ".join(f"{reader.label} ({reader.name})" for reader in claims)
        raise DiaryError(f"{file}: can be read as {both}. Say which with --format.")
    if claims:
        return claims[0]
    return general if general.identify(grids) else None


def _named(format_name: str) -> Reader:
    names = {reader.name: reader for reader in READERS}
    if format_name not in names:
        raise DiaryError(f"unknown format '{format_name}'.{did_you_mean(format_name, names)} Known: {listing(names)}.")
    return names[format_name]


def read_as(reader: Reader | None, grids: list[Grid], options: Options, *, beside_a_diary: bool = False) -> Reading:
    """Read the sheets of a file; where no reader claims them, the general one says what it looked for.

    Beside a diary in other sheets, the general one takes what says no day for lines that say none.
    """
    if reader is READERS[-1]:
        return read_table(grids, options, beside_a_diary=beside_a_diary)
    return (reader or READERS[-1]).read(grids, options)
