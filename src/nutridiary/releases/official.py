"""Which official files there are: names with type and date, on a page that lists them."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

DOWNLOAD_PAGE = "https://fdc.nal.usda.gov/download-datasets"
"""The page that lists the official downloads."""
DATA_TYPES = {
    "survey_food": "survey_fndds_food",
    "foundation_food": "foundation_food",
    "sr_legacy_food": "sr_legacy_food",
    "branded_food": "branded_food",
}
"""Data type by what official file names call it."""
BRANDED_TYPE = "branded_food"
_NAME = re.compile(
    rf"FoodData_Central_({'|'.join(DATA_TYPES)})_(csv|json)_?(?:%20| )?(\d{{4}}-\d{{2}}(?:-\d{{2}})?)\.zip"
)
_ADDRESS = re.compile(r"""[^\s"'<>()\\]*FoodData_Central_[a-z_]+_(?:csv|json)_?(?:%20| )?[\d-]{7,10}\.zip""")


@dataclass(frozen=True)
class OfficialFile:
    """One official download.

    Attributes
    ----------
    data_type : str
    layout : str
        "csv" or "json".
    date : str
        As its name states it: ``YYYY-MM-DD``, or ``YYYY-MM`` for SR Legacy.
    address : str
    """

    data_type: str
    layout: str
    date: str
    address: str

    @property
    def name(self) -> str:
        """Its file name."""
        return file_name(self.address)


def file_name(address: str) -> str:
    """Return the file name at the end of an address, fit for any disk.

    Examples
    --------
    >>> file_name("https://example.org/a/FoodData_Central_foundation_food_csv_2026-04-30.zip?x=1")
    'FoodData_Central_foundation_food_csv_2026-04-30.zip'
    >>> file_name("https://example.org/..%2Fa b.zip")
    'a_b.zip'
    """
    last = re.split(r"[/\\]", unquote(urlsplit(address).path))[-1]
    return re.sub(r"[^A-Za-z0-9._-]", "_", last).lstrip(".") or "download.zip"


def official_file(address: str) -> OfficialFile | None:
    """Return what the name of a file tells, or None for a name that is not official.

    Examples
    --------
    >>> official_file("/files/FoodData_Central_survey_food_csv_2024-10-31.zip").data_type
    'survey_fndds_food'
    >>> official_file("FoodData_Central_survey_food_csv_9999-99-99.zip") is None
    True
    """
    named = _NAME.search(address)
    if named is None or not _is_date(named[3]):
        return None
    return OfficialFile(DATA_TYPES[named[1]], named[2], named[3], address)


def _is_date(text: str) -> bool:
    """Whether this is a day or a month there is: nothing would ever be newer than a file of the year 9999-99-99."""
    try:
        dt.date.fromisoformat(text if len(text) > len("YYYY-MM") else f"{text}-01")
    except ValueError:
        return False
    return True


def short_name(name: str) -> str:
    """Return a file name short enough to stand in a line: data type and date of an official file.

    Examples
    --------
    >>> short_name("FoodData_Central_branded_food_csv_2026-04-30.zip")
    'branded_food 2026-04-30'
    >>> short_name("other.zip")
    'other.zip'
    """
    file = official_file(name)
    return f"{file.data_type} {file.date}" if file else name.removesuffix(".part")


def newest_files(page: str, address: str) -> dict[str, OfficialFile]:
    """Return the newest CSV file of each data type that a page names.

    Parameters
    ----------
    page : str
        Text of the page.
    address : str
        Where it was read, to complete addresses that stand there in part.

    Examples
    --------
    >>> page = '<a href="/x/FoodData_Central_foundation_food_csv_2025-12-18.zip">new</a>'
    >>> newest_files(page, "https://fdc.nal.usda.gov/download-datasets")["foundation_food"].address
    'https://fdc.nal.usda.gov/x/FoodData_Central_foundation_food_csv_2025-12-18.zip'
    """
    newest: dict[str, OfficialFile] = {}
    for found in _ADDRESS.findall(html.unescape(page)):
        file = official_file(urljoin(address, _in_its_place(found)))
        if file is None or file.layout != "csv":
            continue
        known = newest.get(file.data_type)
        if known is None or file.date > known.date:
            newest[file.data_type] = file
    return newest


def _in_its_place(found: str) -> str:
    """Return an address; a name alone stands for the folder in which the official files lie."""
    return found if "/" in found else f"/fdc-datasets/{found}"


def is_newer(date: str, installed: str) -> bool:
    """Whether a file of this date is newer than what is installed; the day may be missing in either.

    Examples
    --------
    >>> is_newer("2026-04-30", "2025-04-24"), is_newer("2018-04", "2018-04-01"), is_newer("2026-04-30", "")
    (True, False, True)
    """
    shared = min(len(date), len(installed))
    return not installed or date[:shared] > installed[:shared]
