"""The names own foods go by, as aliases: what diary lines are matched by before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.aliases import text_key
from nutridiary.own_foods.records import OwnRecord
from nutridiary.tables import ALIASES, conform

if TYPE_CHECKING:
    import pandas as pd

_HISSING = ("s", "x", "ch", "sh")


def names_of(records: Sequence[OwnRecord]) -> pd.DataFrame:
    """Return the names of the records as aliases.

    A food of a brand goes by its name with that brand, by both in one, and by its name alone where no other own food
    has it. Each name also counts in the other number, "granola bars" for "Granola bar", where that is no name itself.
    A food whose barcode is known goes by that, too.

    Parameters
    ----------
    records : sequence of OwnRecord

    Returns
    -------
    pandas.DataFrame
        `tables.ALIASES`.
    """
    import pandas as pd

    times: dict[str, int] = {}
    for record in records:
        times[text_key(record.name)] = times.get(text_key(record.name), 0) + 1
    rows = []
    for record in records:
        names = [(record.name, record.brand)]
        if record.brand:
            names.append((f"{record.brand} {record.name}", ""))
            if times[text_key(record.name)] == 1:
                names.append((record.name, ""))
        others = [(other_number(name), brand) for name, brand in names]
        names += [(name, brand) for name, brand in others if text_key(name) not in times]
        names += [(record.barcode, "")] if record.barcode else []
        source, _, line = record.where.rpartition(":")
        rows += [
            {
                "said": said,
                "brand": brand or None,
                "decision": "food",
                "fdc_id": record.fdc_id,
                "description": record.name,
                "source": source,
                "line": int(line),
            }
            for said, brand in names
        ]
    return conform(pd.DataFrame(rows), ALIASES)


def other_number(name: str) -> str:
    """Return a name's plural, or its singular where it is one.

    Examples
    --------
    >>> [other_number(name) for name in ("Granola bar", "cookies", "Berry mix", "lunch box", "cherries", "Mum's stew")]
    ['Granola bars', 'cookie', 'Berry mixes', 'lunch boxes', 'cherry', "Mum's stews"]
    """
    lower = name.lower()
    if lower.endswith("ies") and len(name) > 5 and not lower.endswith("kies"):
        return name[:-3] + "y"
    if lower.endswith(tuple(f"{ending}es" for ending in _HISSING)):
        return name[:-2]
    if lower.endswith("s") and not lower.endswith("ss"):
        return name[:-1]
    if lower.endswith("y") and lower[-2:-1] not in "aeiou":
        return name[:-1] + "ies"
    return name + ("es" if lower.endswith(_HISSING) else "s")
