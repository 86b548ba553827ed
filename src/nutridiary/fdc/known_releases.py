"""What is known of a release beyond its files: full name, date, licence and address."""

from __future__ import annotations

import pandas as pd

from nutridiary.data_files import data_file

_NAMES = {"foundation_food": "Foundation Foods", "sr_legacy_food": "SR Legacy", "survey_fndds_food": "FNDDS"}
_ADDRESS = "https://fdc.nal.usda.gov/download-datasets"


def release_row(data_type: str, version: str) -> dict[str, str | None]:
    """Return name, date, licence and source of a release, from ``data/fdc/releases.csv`` where it is listed.

    Examples
    --------
    >>> release_row("survey_fndds_food", "2021-2023")["release"]
    'FNDDS 2021-2023'
    >>> release_row("foundation_food", "2031-04-01")["published"]
    '2031-04-01'
    """
    listed = pd.read_csv(data_file("fdc", "releases.csv"), dtype="str")
    same = listed[(listed["data_type"] == data_type) & (listed["version"] == version)]
    if len(same):
        return {str(name): str(value) for name, value in same.iloc[0].items()}
    return {
        "data_type": data_type,
        "version": version,
        "release": f"{_NAMES[data_type]} {version}",
        "published": version if data_type == "foundation_food" else None,
        "licence": None,
        "source": _ADDRESS,
    }
