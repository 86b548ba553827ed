"""Lines of several foods that were cut, so that a person can join them again or cut them otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nutridiary.aliases import text_key
from nutridiary.aliases.lookup import AS_SAID
from nutridiary.tables import REVIEW_CUTS, conform

if TYPE_CHECKING:
    import pandas as pd


class Part(NamedTuple):
    """An entry that is a part of a line that was cut."""

    line: tuple[str, int]
    text: str
    about: tuple[str, str]
    whole: str
    brand: str | None
    by_user: bool


def parts_of_lines(weighed: pd.DataFrame, written: pd.DataFrame) -> list[Part]:
    """Return the entries that are parts of a line that was cut, with its whole text and brand, and who cut it."""
    parts = weighed.loc[weighed["part"].notna() & weighed["food_text"].notna()]
    whole = written.loc[written["part"].isna() & written["line"].isin(parts["line"].unique())]
    columns = ["source", "line", "food_text", "brand"]
    texts = {
        (source, line): (text, brand if isinstance(brand, str) else None)
        for source, line, text, brand in whole[columns].itertuples(index=False, name=None)
        if isinstance(text, str)
    }
    said = AS_SAID.format("(")
    return [
        Part((source, line), text, _about(text, brand), *texts[source, line], isinstance(note, str) and said in note)
        for source, line, text, brand, note in parts[[*columns, "note"]].itertuples(index=False, name=None)
        if (source, line) in texts
    ]


def _about(text: str, brand: object) -> tuple[str, str]:
    return text_key(text), text_key(brand) if isinstance(brand, str) else ""


def with_whole_text(found: pd.DataFrame, parts: list[Part]) -> pd.DataFrame:
    """Add the whole text of the first line that each text (and brand) was cut from."""
    import pandas as pd

    first = {part.about: part.whole for part in reversed(parts)}
    whole = map(first.get, zip(found["said_key"], found["brand_key"], strict=True))
    return found.assign(cut_from=pd.Series(list(whole), index=found.index, dtype="str"))


def cuts_of(parts: list[Part], found: pd.DataFrame) -> pd.DataFrame:
    """Return the texts that were cut, each with the texts of its parts."""
    import pandas as pd

    numbers = dict(zip(zip(found["said_key"], found["brand_key"], strict=True), found["number"].tolist(), strict=True))
    lines: dict[tuple[str, str], set[tuple[str, int]]] = {}
    rows: dict[tuple[tuple[str, str], tuple[str, str]], Part] = {}
    for part in parts:
        whole = _about(part.whole, part.brand)
        lines.setdefault(whole, set()).add(part.line)
        rows.setdefault((whole, part.about), part)
    shown = {whole: part for (whole, _), part in reversed(rows.items())}
    table = [
        {
            "said": shown[whole].whole,
            "brand": shown[whole].brand,
            "times": len(lines[whole]),
            "part": part.text,
            "number": numbers.get(about),
            "decided_by": "your alias" if part.by_user else "rule",
        }
        for (whole, about), part in rows.items()
    ]
    return conform(pd.DataFrame(table), REVIEW_CUTS)
