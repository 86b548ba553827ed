"""What besides the diary decides the bytes of a report: the program, its data, the libraries under it."""

from __future__ import annotations

import platform
import zlib
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version

from nutridiary.data_files import data_folder

_LIBRARIES = ("pandas", "numpy", "openpyxl", "jinja2", "matplotlib", "scipy", "rapidfuzz", "pint", "snowballstemmer")
# Diaries for trying out; no figure rests on them.
_NOT_USED = ("diaries", "README.md", "contents.csv")


def library_versions() -> dict[str, str]:
    """Return the system, and the version of each library that computes or writes and is installed."""
    found = {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def data_hashes() -> dict[str, str]:
    """Return the sha256 of every shipped table, by its name below ``data/``."""
    folder = data_folder()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {
        name: sha256(path.read_bytes()).hexdigest()
        for name, path in named.items()
        if name.split("/")[0] not in _NOT_USED and not name.split("/")[-1].startswith(".")
    }


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the names that have another value now, or none.

    Examples
    --------
    >>> changed({"pandas": "3.0", "numpy": "2.4"}, {"pandas": "3.1", "numpy": "2.4", "scipy": "1.17"})
    ['pandas', 'scipy']
    """
    return [name for name in dict.fromkeys([*before, *now]) if before.get(name) != now.get(name)]
