"""Which aliases a diary used, for the report: named, counted, and the files they come from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from nutridiary.aliases.lookup import AS_SAID, NO_AMOUNT, AliasLookup

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.aliases.lookup import Alias

MOST_NAMED = 50


def describe_files(paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> dict[str, str]:
    """Return a setting that names files of aliases with the beginning of their sha256, in order; none for no file."""
    named = [Path(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]
    hashes = [f"{path.name} (sha256 {sha256(path.read_bytes()).hexdigest()[:16]})" for path in named]
    return {"alias files": "; ".join(hashes)} if named else {}


def describe_use(aliases: pd.DataFrame, entries: pd.DataFrame) -> str:
    """Return which aliases the entries of a diary used, on how many lines, and how many none used.

    Parameters
    ----------
    aliases : pandas.DataFrame
        `tables.ALIASES`.
    entries : pandas.DataFrame
        `tables.WEIGHED`, after those aliases were applied.

    Returns
    -------
    str
        ``'"my granola" is Cereal, granola (2 lines); not used: 3'``
    """
    known = AliasLookup.of(aliases)
    lines: dict[Alias, int] = {}
    words: dict[Alias, str] = {}
    columns = ["food_text", "brand", "unit", "kind", "food_description", "match_method", "weight_method", "portion"]
    texts = entries.loc[entries["food_text"].notna(), columns].fillna("")
    for text, brand, unit, kind, food, matched_by, weighed_by, portion in texts.itertuples(index=False, name=None):
        alias = known.food(text, brand)
        if alias is not None and (matched_by == "user_alias" or (alias.is_ignored and kind == "note")):
            lines[alias] = lines.get(alias, 0) + 1
            words[alias] = f'"{alias.said}" is {food or "not a food"}'
        if weighed_by == "alias_portion":
            weight = known.weight(text, brand, NO_AMOUNT if portion.startswith(NO_AMOUNT) else unit)
            assert weight is not None  # it is what the row was weighed by
            lines[weight] = lines.get(weight, 0) + 1
            words[weight] = f'"{weight.said}": {portion}'
    for shape, count in _shapes_used(known, entries):
        lines[shape] = count
        words[shape] = f'"{shape.said}" is {"; ".join(shape.parts) or "one food"}'
    named = [f"{words[alias]} ({count} line{'s' if count > 1 else ''})" for alias, count in lines.items()]
    if len(named) > MOST_NAMED:
        named = [*named[:MOST_NAMED], f"and {len(named) - MOST_NAMED} more"]
    unused = len(aliases) - len(lines)
    return "; ".join([*named, *([f"not used: {unused}"] if unused else [])])


def _shapes_used(known: AliasLookup, entries: pd.DataFrame) -> Iterator[tuple[Alias, int]]:
    """Return what was said of the foods a text holds, and on how many lines it counted: their notes name its row."""
    if not known.shapes:
        return
    notes = entries["note"].fillna("")
    noted = entries.loc[notes.str.contains(AS_SAID.format(""), regex=False), ["source", "line", "note"]]
    for alias in known.shapes.values():
        used = noted[noted["note"].str.contains(AS_SAID.format(f"({alias.where})"), regex=False)]
        if len(used):
            yield alias, len(used.drop_duplicates(["source", "line"]))
