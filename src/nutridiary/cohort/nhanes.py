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
_RELIABLE, _HUMAN_MILK, _BREAST_FED, _PREGNANT = 1, 4, 1, 1
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


def read_survey_days(folder: str | Path, cycle: str) -> pd.DataFrame:
    """Return the reliable recalls of a survey cycle, breast-fed children left out.

    Parameters
    ----------
    folder : str or Path
        Where the cycle's files lie. Without its file of second recalls (DR2TOT) there are first days alone, which
        give means and no usual intakes.
    cycle : str
        Its letter: ``"J"`` is 2017-2018.

    Returns
    -------
    pandas.DataFrame
        One row a person's day: `person_id`, `day` (1 or 2), `weekday` (1 Monday to 7 Sunday), `weight` (of the
        first day, for both), `stratum`, `psu`, `sex`, `age` [completed years], `pregnant`, and a column a
        nutrient that the survey ever reports, missing where this cycle did not. Foods and drinks only. Second
        recalls of people without a reliable first one are left out: they have no weight.

    Raises
    ------
    CohortError
        If a file or one of its columns is missing, a person stands in one twice, or has no row of demographics.
    """
    import pandas as pd

    letter = cycle.strip().upper()
    people = read_survey_table(folder, "DEMO", letter, ["SEQN", *_PEOPLE]).rename(columns=_PEOPLE)
    _check_people(people, "DEMO", letter)
    days = [_read_day(folder, letter, 1)]
    if _find(Path(folder), _stem("DR2TOT", letter)) is not None:
        days.append(_read_day(folder, letter, 2))
    rows = pd.concat(days, ignore_index=True)
    rows = rows[~rows["SEQN"].isin(rows.loc[rows["breast_fed"], "SEQN"]) & rows["reliable"]]
    first = rows.loc[(rows["day"] == 1) & (rows["weight"] > 0)].set_index("SEQN")["weight"]
    rows = rows[rows["SEQN"].isin(first.index)].drop(columns=["breast_fed", "reliable"])
    rows["weight"] = rows["SEQN"].map(first)
    if not rows["SEQN"].isin(people["SEQN"]).all():
        raise CohortError(f"{_stem('DEMO', letter)}: not everybody with a recall is in it. Download it again.")
    rows = rows.merge(people, on="SEQN", how="left", validate="many_to_one")
    rows["sex"] = rows["sex"].map(_SEXES)
    rows["pregnant"] = rows["pregnant"] == _PREGNANT
    rows.insert(0, "person_id", letter + rows.pop("SEQN").astype("int64").astype("str"))
    return rows.sort_values(["person_id", "day"], ignore_index=True)


def _read_day(folder: str | Path, letter: str, day: int) -> pd.DataFrame:
    """Return everybody's recall of one day, with what tells whether it counts."""
    state, weekday = f"DR{day}DRSTZ", f"DR{day}DAY"
    weight = [] if day > 1 else ["WTDRD1PP" if letter == "P" else "WTDRD1"]
    suffixes = load_nutrients()["nhanes_suffix"].dropna()
    values = {f"DR{day}T{suffix}": nutrient for nutrient, suffix in suffixes.items()}
    needed = ["SEQN", state, weekday, *weight]
    rows = read_survey_table(folder, f"DR{day}TOT", letter, needed, ["DRABF", *values])
    _check_people(rows, f"DR{day}TOT", letter)
    # Where the survey does not say who is breast-fed, the day's own state does: human milk was reported.
    breast_fed = rows[state] == _HUMAN_MILK
    if "DRABF" in rows.columns:
        breast_fed = rows["DRABF"] == _BREAST_FED
    rows = rows.assign(
        day=day, breast_fed=breast_fed, reliable=rows[state] == _RELIABLE, weekday=(rows[weekday] - 2) % 7 + 1
    )  # the survey counts weekdays from Sunday
    rows = rows.reindex(columns=["SEQN", "day", "breast_fed", "reliable", "weekday", *(weight or ["weight"]), *values])
    return rows.rename(columns={**values, **dict.fromkeys(weight, "weight")})


def _check_people(rows: pd.DataFrame, table: str, letter: str) -> None:
    if (wrong := rows["SEQN"].isna() | rows["SEQN"].duplicated()).any():
        person = rows.loc[wrong, "SEQN"].iloc[0]
        which = f"person {person:.0f} is there twice" if person == person else "a row has no SEQN"
        raise CohortError(f"{_stem(table, letter)}: {which}. It holds one row a person; download it again.")


def read_survey_table(
    folder: str | Path, table: str, cycle: str, needed: Sequence[str], wanted: Sequence[str] = ()
) -> pd.DataFrame:
    """Return columns of one of a cycle's files, which may be a SAS transport file or a text table.

    Parameters
    ----------
    folder : str or Path
    table : str
        Its name without the cycle: ``"DR1IFF"``.
    cycle : str
    needed, wanted : sequence of str
        Columns of numbers that have to be there, and that are returned where they are. Small letters in the file
        count as large ones.

    Raises
    ------
    CohortError
        If the file or a needed column is missing.
    """
    import pandas as pd

    survey_years(cycle)  # says what is wrong with a letter
    stem = _stem(table, cycle.strip().upper())
    path = _find(Path(folder), stem)
    if path is None:
        raise CohortError(
            f"{folder}: no file {stem}.XPT or {stem}.csv (also .xz or .gz). Download it from the survey's site."
        )
    if path.suffix.casefold() == ".xpt":
        rows = _read_transport(path)
    else:
        try:
            rows = pd.read_csv(path, usecols=lambda name: name.strip().upper() in {*needed, *wanted})
        except (ValueError, OSError, EOFError, lzma.LZMAError, zlib.error) as error:
            raise CohortError(f"{path.name}: cannot be read as a table of text. Download it again.") from error
    rows.columns = rows.columns.str.strip().str.upper()
    if absent := [name for name in needed if name not in rows.columns]:
        raise CohortError(f"{path.name}: no column {listing(absent)}. Is this the survey's file {stem}?")
    names = [*needed, *(name for name in wanted if name in rows.columns)]
    numbers: pd.DataFrame = rows[names].apply(pd.to_numeric, errors="coerce")
    return numbers


def _stem(table: str, letter: str) -> str:
    return f"P_{table}" if letter == "P" else f"{table}_{letter}"


def _find(folder: Path, stem: str) -> Path | None:
    files = {path.name.casefold(): path for path in sorted(folder.iterdir())} if folder.is_dir() else {}
    return next((files[name] for ending in _ENDINGS if (name := stem.casefold() + ending) in files), None)


def _read_transport(path: Path) -> pd.DataFrame:
    import pandas as pd

    from nutridiary.diary.content import read_content
    from nutridiary.diary.sas_transport import read_transport

    names, *rows = read_transport(read_content(path))[0].rows
    columns = map(list, zip(*rows, strict=True))
    return pd.DataFrame(dict(zip(map(str, names), columns, strict=True)))
