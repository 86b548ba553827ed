"""What is known of a release beyond its tables: full name, date, licence and address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from nutridiary.data_files import data_file

# SR Legacy was published once and for all in April 2018; its foods carry the date FDC took them over.
SR_LEGACY_VERSION = "2018-04"
_NAMES = {
    "foundation_food": "Foundation Foods",
    "sr_legacy_food": "SR Legacy",
    "survey_fndds_food": "FNDDS",
    "branded_food": "Branded Foods",
}
_ADDRESS = "https://fdc.nal.usda.gov/download-datasets"
# FoodData Central dedicates its data to the public domain: https://fdc.nal.usda.gov/api-guide
_LICENCE = "CC0 1.0"
_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}(?:-\d{2})?(?!\d)")
_AMERICAN_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def release_row(data_type: str, version: str, published: str | None = None) -> dict[str, str | None]:
    """Return name, date, licence and source of a release, from ``data/fdc/releases.csv`` where it is listed.

    Parameters
    ----------
    data_type, version : str
    published : str, optional
        The date the release itself states, for one that is not listed.

    Examples
    --------
    >>> release_row("survey_fndds_food", "2021-2023")["release"]
    'FNDDS 2021-2023'
    >>> release_row("foundation_food", "2031-04-01")["published"]
    '2031-04-01'
    >>> release_row("survey_fndds_food", "2023-2024", "2027-01-31")["release"]
    'FNDDS 2023-2024'
    """
    import pandas as pd

    listed = pd.read_csv(data_file("fdc", "releases.csv"), dtype="str")
    same = listed[(listed["data_type"] == data_type) & (listed["version"] == version)]
    if len(same):
        return {str(name): str(value) for name, value in same.iloc[0].items()}
    return {
        "data_type": data_type,
        "version": version,
        "release": f"{_NAMES[data_type]} {version}",
        "published": version if data_type in ("foundation_food", "branded_food") else published,
        "licence": _LICENCE,
        "source": _ADDRESS,
    }


def release_version(data_type: str, path: Path, published: Iterable[str], period: Iterable[str] = ()) -> str:
    """Return the version of a release: the years of a survey, else the date in the file's name.

    Parameters
    ----------
    data_type : str
    path : pathlib.Path
        The file or folder.
    published, period : iterable of str
        Dates of publication of the foods; dates on which their survey began and ended.

    Examples
    --------
    >>> release_version("survey_fndds_food", Path("x.zip"), [], ["1/1/2021", "12/31/2023"])
    '2021-2023'
    >>> release_version("foundation_food", Path("FoodData_Central_foundation_food_csv_2025-04-24.zip"), [])
    '2025-04-24'
    >>> release_version("foundation_food", Path("downloads"), ["4/18/2024", "10/31/2024"])
    '2024-10-31'
    """
    if data_type == "sr_legacy_food":
        return SR_LEGACY_VERSION
    years = sorted({year for date in period for year in _YEAR.findall(date)})
    if data_type == "survey_fndds_food" and years:
        return f"{years[0]}-{years[-1]}"
    stated = _DATE.findall(path.name) or _DATE.findall(path.resolve().parent.name)
    return stated[-1] if stated else last_date(published) or "of unknown date"


def last_date(dates: Iterable[str]) -> str | None:
    """Return the latest of some dates, as year, month and day; None where there is none.

    Examples
    --------
    >>> last_date(["2024-10-31", "4/18/2025"])
    '2025-04-18'
    """
    found = {match for date in dates for match in _DATE.findall(date)}
    american = {match for date in dates for match in _AMERICAN_DATE.findall(date)}
    found |= {f"{year}-{int(month):02}-{int(day):02}" for month, day, year in american}
    return max(found, default=None)
