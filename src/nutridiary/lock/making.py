"""Makes the lock of what is here, and of what was asked for."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from nutridiary.lock.record import LOCK_VERSION, PARTS, Lock
from nutridiary.lock.shipped import data_hashes, database_facts, tables_hash

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.fdc.looked_up import LookedUp
    from nutridiary.foods import FoodData

NOT_TOLD = ("person_id", "sheet", "date", "diets", "allergies", "dislikes")
"""What can be asked for that says who ate, or which part of a diary is meant: another person or day changes no lock."""
MARKED = ("columns",)
"""What the reading can be told in words of the diary: a lock has a mark of it, to be compared and not to be read."""
_MARK = 16  # digits of a mark
# Options that are told with the tables they choose among, by their full names.
_OF_REFERENCE = ("reference", "edition")


def lock_inputs(
    reading: Mapping[str, Any],
    aliases: pd.DataFrame | None = None,
    *,
    de_identify: bool = False,
    **asked: bool,
) -> dict[str, Any]:
    """Return what a lock says of how a diary was read, and of the user's aliases.

    Parameters
    ----------
    reading : mapping of str to object
        What `read_whole` was told.
    aliases : pandas.DataFrame, optional
        `tables.ALIASES`, the user's, before anything is taken out of them.
    de_identify : bool
        As in `analyze`. Then there are no marks either: words of a diary are few, and a mark of one can be tried.
    **asked : bool
        Which sources beyond the food database are asked: `online`, `open_food_facts`.

    Returns
    -------
    dict
        The parts ``reading`` and ``aliases``.

    Examples
    --------
    >>> lock_inputs({"day_first": True, "person_id": "Ann"}, online=True)["reading"]
    {'day_first': True, 'de_identify': False, 'online': True}
    """
    told = {name: value for name, value in reading.items() if value not in (None, {}) and name not in NOT_TOLD}
    said = {name: _mark(value) if name in MARKED else _plain(value) for name, value in told.items()}
    if de_identify:
        said = {name: value for name, value in said.items() if name not in MARKED}
    return {
        "reading": dict(sorted({**said, **asked, "de_identify": de_identify}.items())),
        "aliases": _aliases(aliases),
    }


def make_lock(
    inputs: Mapping[str, Any],
    options: Mapping[str, Any],
    foods: FoodData,
    looked_up: LookedUp | None = None,
) -> Lock:
    """Return the lock of an analysis.

    Parameters
    ----------
    inputs : mapping of str to object
        As `lock_inputs` returns it.
    options : mapping of str to object
        The fields of `analysis.options.Options`.
    foods : FoodData
        The food data that was opened, without the records that were looked up.
    looked_up : LookedUp, optional
        Records beyond it that the diary uses.

    Returns
    -------
    Lock
        The same for every diary and person, day and machine, but for the records that were looked up.
    """
    from nutridiary import __version__

    hashes = data_hashes()
    data = {
        "lock_version": LOCK_VERSION,
        "nutridiary": __version__,
        "food_data": database_facts(foods),
        "branded": {} if looked_up is None else dict(looked_up.branded),
        "tables": {"files": len(hashes), "sha256": tables_hash(hashes)},
        "reference": _reference(str(options["reference"]), options["edition"], hashes),
        "aliases": dict(inputs["aliases"]),
        "options": {
            name: _plain(value)
            for name, value in sorted(options.items())
            if name not in _OF_REFERENCE and name not in NOT_TOLD
        },
        "reading": dict(inputs["reading"]),
        "looked_up": {} if looked_up is None else _looked_up(looked_up),
    }
    return Lock({name: data[name] for name in PARTS})


def _mark(value: object) -> str:
    text = json.dumps(_plain(value), sort_keys=True, ensure_ascii=True)
    return "mark " + sha256(f"nutridiary {text}".encode()).hexdigest()[:_MARK]


def _plain(value: Any) -> Any:
    """Return an argument as JSON holds it: a day as text, several names as a list."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    return list(value) if isinstance(value, tuple | list) else value


def _aliases(aliases: pd.DataFrame | None) -> dict[str, Any]:
    """Return how many aliases there are, and the sha256 of what they say.

    Where they stand, who wrote which note and when does not matter, nor in what order, case or spacing.
    """
    from nutridiary.aliases.lookup import text_key, unit_key

    if aliases is None or aliases.empty:
        return {"count": 0, "sha256": ""}
    columns = ["said", "brand", "decision", "fdc_id", "unit", "grams_per_unit", "parts"]
    held = aliases[columns].astype("object").where(aliases[columns].notna(), None)
    said = sorted(
        json.dumps(
            [
                text_key(said),
                text_key(brand or ""),
                decision,
                None if fdc_id is None else int(fdc_id),
                unit_key(unit or ""),
                None if grams is None else float(grams),
                " ".join((parts or "").split()),
            ]
        )
        for said, brand, decision, fdc_id, unit, grams, parts in held.itertuples(index=False, name=None)
    )
    return {"count": len(said), "sha256": sha256("\n".join(said).encode()).hexdigest()}


def _reference(name: str, edition: str | None, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Return whose reference values are used, of which editions, and the sha256 of the tables they stand in."""
    from nutridiary.references import find_edition
    from nutridiary.references.figures import REFERENCE_FILES, current_editions

    asked = None if edition is None else find_edition(edition, name)
    current = {each for editions in current_editions(name).values() for each in editions}
    # An edition asked for replaces what it sets; the rest stays current, but of a rule on Daily Values nothing does.
    used = current if asked is None else {asked} if name == "fda-dv" else current | {asked}
    files = REFERENCE_FILES[name]
    return {
        "name": name,
        "edition": asked,
        "editions": sorted(used),
        "sha256": tables_hash({file: hashes[file] for file in files}),
    }


def _looked_up(looked_up: LookedUp) -> dict[str, Any]:
    """Return, by id, the sha256 of each record as it came, and the day it came."""
    parts: dict[int, dict[str, Any]] = {fdc_id: {} for fdc_id in looked_up.fdc_ids}
    for name, frame in looked_up.foods.tables().items():
        if "fdc_id" not in frame.columns or name == "successors":
            continue
        # The name of its release says the day it was looked up; the record is the same on another.
        kept = frame.drop(columns=["release"], errors="ignore").astype("object")
        rows = kept.where(kept.notna(), None).to_numpy().tolist()
        place = list(kept.columns).index("fdc_id")
        for row in rows:
            parts[int(row[place])].setdefault(name, []).append([_cell(cell) for cell in row])
    days = dict(zip(looked_up.fdc_ids, _days(looked_up), strict=True))
    barcodes = _barcodes(looked_up)
    return {
        str(fdc_id): {
            "day": days[fdc_id],
            "sha256": sha256(_sorted_rows(tables).encode()).hexdigest(),
            **({"barcodes": barcodes[fdc_id]} if fdc_id in barcodes else {}),
        }
        for fdc_id, tables in sorted(parts.items())
    }


def _barcodes(looked_up: LookedUp) -> dict[int, list[str]]:
    """Return the barcodes that led to each record, so that it can be told when one leads there no longer."""
    if looked_up.products is None:
        return {}
    led = looked_up.products.loc[looked_up.products["product_by"].eq("barcode")]
    found: dict[int, set[str]] = {}
    for fdc_id, barcode in zip(led["product_id"], led["barcode"], strict=True):
        found.setdefault(int(fdc_id), set()).add(barcode)
    return {fdc_id: sorted(barcodes) for fdc_id, barcodes in found.items()}


def _days(looked_up: LookedUp) -> list[str | None]:
    """Return the version of each record's release: the day it was looked up, of an answer."""
    versions = dict(zip(looked_up.foods.releases["release"], looked_up.foods.releases["version"], strict=True))
    found = [versions.get(release) for release in looked_up.foods.foods["release"]]
    return [version if isinstance(version, str) else None for version in found]


def _sorted_rows(tables: Mapping[str, list[list[Any]]]) -> str:
    ordered = {name: sorted(rows, key=json.dumps) for name, rows in tables.items()}
    return json.dumps(ordered, sort_keys=True)


def _cell(cell: Any) -> Any:
    """Return a cell as Python holds it."""
    return cell.item() if hasattr(cell, "item") else cell
