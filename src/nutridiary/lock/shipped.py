"""What is here: the program's tables, the food database that is opened, the libraries under them."""

from __future__ import annotations

import json
import platform
import zlib
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nutridiary.data_files import data_folder
from nutridiary.fdc.installed import EMBEDDED, FOODS, INDEX, release_file

if TYPE_CHECKING:
    from nutridiary.foods import FoodData

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


def data_hashes(folder: Path | None = None) -> dict[str, str]:
    """Return the sha256 of every shipped table, by its name below ``data/``.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Another folder than that of the program.
    """
    folder = data_folder() if folder is None else folder
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {
        name: file_hash(path)
        for name, path in named.items()
        if name.split("/")[0] not in _NOT_USED and not name.split("/")[-1].startswith(".")
    }


def tables_hash(hashes: dict[str, str]) -> str:
    """Return one sha256 of all tables: that of a line ``hash name`` for each, in the order of their names."""
    lines = "".join(f"{value} {name}\n" for name, value in sorted(hashes.items()))
    return sha256(lines.encode()).hexdigest()


def file_hash(path: Path) -> str:
    """Return the sha256 of a file; one that has not changed since is not read again."""
    at = path.stat()
    return _hash_of(path, at.st_size, at.st_mtime_ns)


@cache
def _hash_of(path: Path, size: int, changed: int) -> str:
    with path.open("rb") as file:
        digest = sha256()
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def database_facts(foods: FoodData) -> dict[str, Any]:
    """Return which food database is opened: the name of its release, its files by hash, what is in it.

    Foods that the caller added in memory are told by a hash of their own.
    """
    from nutridiary.foods import load_foods

    database = foods.database
    added = {"added_sha256": _added_hash(foods)} if foods.in_memory else {}
    if database is None:  # tables in memory can be told from others, and not be found again
        return {"release": "", "sha256": "", "index_sha256": "", "holds": [], **added}
    shipped = release_file(FOODS, EMBEDDED)
    is_shipped = shipped is not None and database.resolve() == shipped.resolve()
    index = release_file(INDEX, EMBEDDED) if is_shipped else database.parent / INDEX
    releases = load_foods(database).releases()
    columns = ["release", "data_type", "version", "published", "foods"]
    rows = releases[columns].astype("object").where(releases[columns].notna(), None).to_numpy().tolist()
    return {
        "release": EMBEDDED if is_shipped else database.parent.name,
        "sha256": file_hash(database),
        "index_sha256": file_hash(index) if index is not None and index.is_file() else "",
        "holds": [dict(zip(columns, row, strict=True)) for row in rows],
        **added,
    }


def _added_hash(foods: FoodData) -> str:
    """Return the sha256 of foods that stand in no file, and of what fills their gaps."""
    lent = {fdc_id: [terms.times, sorted(terms.withheld)] for fdc_id, terms in foods.terms.items()}
    said = json.dumps([sorted(foods.twins.items()), sorted(lent.items())])
    digest = sha256(said.encode())
    for content in foods.in_memory:
        digest.update(sha256(content).digest())
    return digest.hexdigest()
