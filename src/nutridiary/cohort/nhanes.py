"""Two-day recalls of What We Eat in America, NHANES, as people's days.

The public files of any cycle since 2003-2004 are read as they were downloaded: ``DR1TOT_J.XPT``,
``DR2TOT_J.XPT`` and ``DEMO_J.XPT``, or the same tables as .csv, also compressed.

References
----------
.. [1] Centers for Disease Control and Prevention, National Center for Health Statistics. National Health and
   Nutrition Examination Survey: Dietary Interview, Total Nutrient Intakes (DR1TOT, DR2TOT); Demographics (DEMO).
   https://wwwn.cdc.gov/nchs/nhanes/
"""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nutridiary.errors import CohortError, listing
from nutridiary.nutrients import load_nutrients

if TYPE_CHECKING:
    import pandas as pd

# Codes of the survey [1]_.
_RELIABLE, _BREAST_FED, _PREGNANT = 1, 1, 1
_SEXES = {1: "male", 2: "female"}
_NOT_BY_LETTER = {"L": "2021-2023", "P": "2017-March 2020"}
_ENDINGS = (".xpt", ".csv", ".csv.xz", ".csv.gz")
_PEOPLE = {"RIAGENDR": "sex", "RIDAGEYR": "age", "SDMVSTRA": "stratum", "SDMVPSU": "psu", "RIDEXPRG": "pregnant"}


def survey_years(cycle: str) -> str:
    """Return the years of a survey cycle, which its files name by a letter.

    Examples
    --------
    >>> survey_years("J"), survey_years("L")
    ('2017-2018', '2021-2023')
    """
    letter = cycle.strip().upper()
    if letter in _NOT_BY_LETTER:
        return _NOT_BY_LETTER[letter]
    if len(letter) != 1 or not "C" <= letter <= "J":
        raise CohortError(
            f"unknown survey cycle {cycle!r}. Cycles with two recalls are C (2003-2004) to J (2017-2018), "
            "P (2017-March 2020) and L (2021-2023)."
        )
    first = 1999 + 2 * (ord(letter) - ord("A"))
    return f"{first}-{first + 1}"


def read_survey_days(folder: Path, cycle: str) -> pd.DataFrame:
    """Return the reliable recalls of a survey cycle, breast-fed children left out.

    Parameters
    ----------
    folder : Path
        Where the cycle's files lie.
    cycle : str
        Its letter: ``"J"`` is 2017-2018.

    Returns
    -------
    pandas.DataFrame
        One row a person's day: `person_id`, `day` (1 or 2), `weekday` (1 Monday to 7 Sunday), `weight` (of the
        first day, for both), `stratum`, `psu`, `sex`, `age` [completed years], `pregnant`, and a column a
        nutrient that the survey ever reports, missing where this cycle did not. Foods and drinks only.

    Raises
    ------
    CohortError
        If a file or one of its columns is missing.
    """
    import pandas as pd

    letter = cycle.strip().upper()
    people = read_survey_table(folder, "DEMO", letter, ["SEQN", *_PEOPLE]).rename(columns=_PEOPLE)
    days = [_read_day(folder, letter, day) for day in (1, 2)]
    weights = days[0][["SEQN", "weight"]]
    days[1] = days[1].drop(columns="weight").merge(weights, on="SEQN", validate="one_to_one")
    rows = pd.concat(days, ignore_index=True).merge(people, on="SEQN", how="left", validate="many_to_one")
    rows["sex"] = rows["sex"].map(_SEXES)
    rows["pregnant"] = rows["pregnant"] == _PREGNANT
    rows.insert(0, "person_id", letter + rows.pop("SEQN").astype("int64").astype("str"))
    return rows.sort_values(["person_id", "day"], ignore_index=True)


def _read_day(folder: Path, letter: str, day: int) -> pd.DataFrame:
    weight = "WTDRD1PP" if letter == "P" else "WTDRD1"
    state, weekday = f"DR{day}DRSTZ", f"DR{day}DAY"
    suffixes = load_nutrients()["nhanes_suffix"].dropna()
    values = {f"DR{day}T{suffix}": nutrient for nutrient, suffix in suffixes.items()}
    rows = read_survey_table(folder, f"DR{day}TOT", letter, ["SEQN", state, "DRABF", weight, weekday], list(values))
    rows = rows[(rows[state] == _RELIABLE) & (rows["DRABF"] != _BREAST_FED) & (rows[weight] > 0)]
    rows = rows.assign(day=day, weekday=(rows[weekday] - 2) % 7 + 1)  # the survey counts from Sunday
    rows = rows.reindex(columns=["SEQN", "day", "weekday", weight, *values])
    return rows.rename(columns={**values, weight: "weight"})


def read_survey_table(
    folder: Path, table: str, cycle: str, needed: Sequence[str], wanted: Sequence[str] = ()
) -> pd.DataFrame:
    """Return columns of one of a cycle's files, which may be a SAS transport file or a text table.

    Parameters
    ----------
    folder : Path
    table : str
        Its name without the cycle: ``"DR1IFF"``.
    cycle : str
    needed, wanted : sequence of str
        Columns of numbers that have to be there, and that are returned where they are.

    Raises
    ------
    CohortError
        If the file or a needed column is missing.
    """
    import pandas as pd

    survey_years(cycle)  # says what is wrong with a letter
    letter = cycle.strip().upper()
    stem = f"P_{table}" if letter == "P" else f"{table}_{letter}"
    path = _find(folder, stem)
    if path.suffix.casefold() == ".xpt":
        rows = _read_transport(path)
    else:
        try:
            rows = pd.read_csv(path, usecols=lambda name: name in needed or name in wanted)
        except (ValueError, OSError, EOFError, lzma.LZMAError, zlib.error) as error:
            raise CohortError(f"{path.name}: cannot be read as a table of text. Download it again.") from error
    if absent := [name for name in needed if name not in rows.columns]:
        raise CohortError(f"{path.name}: no column {listing(absent)}. Is this the survey's file {stem}?")
    names = [*needed, *(name for name in wanted if name in rows.columns)]
    numbers: pd.DataFrame = rows[names].apply(pd.to_numeric, errors="coerce")
    return numbers


def _find(folder: Path, stem: str) -> Path:
    wanted = [stem.casefold() + ending for ending in _ENDINGS]
    files = {path.name.casefold(): path for path in sorted(folder.iterdir())} if folder.is_dir() else {}
    for name in wanted:
        if name in files:
            return files[name]
    raise CohortError(
        f"{folder}: no file {stem}.XPT or {stem}.csv (also .xz or .gz). Download it from the survey's site."
    )


def _read_transport(path: Path) -> pd.DataFrame:
    import pandas as pd

    from nutridiary.diary.content import read_content
    from nutridiary.diary.sas_transport import read_transport

    names, *rows = read_transport(read_content(path))[0].rows
    columns = map(list, zip(*rows, strict=True))
    return pd.DataFrame(dict(zip(map(str, names), columns, strict=True)))
