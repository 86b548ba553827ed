"""What each line of the diary gave of each nutrient: a matrix of the lines of Entries and the nutrients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.words import UNNAMED, label_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from nutridiary.analysis import Analysis

    Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]

NOTHING, KNOWN, LENT, AT_LEAST, NO_VALUE = range(5)
"""What a figure is: there is none, the food's own, a twin's, the least a label says, or missing."""

NOT_COUNTED, OF_FOOD, OF_SUPPLEMENT = range(3)
"""What a line counts as."""

_KEY = ["source", "line", "part"]


@dataclass(frozen=True)
class LineFigures:
    """Every line of the diary, by person, day and place in the diary, with what it gave.

    Attributes
    ----------
    entries : pandas.DataFrame
        `tables.WEIGHED`, in the order of the sheet.
    nutrients : tuple of str
        The core nutrients first.
    amounts : numpy.ndarray
        Lines x nutrients, what enters the totals; NaN where nothing does. [the nutrient's unit]
    lows, highs : numpy.ndarray
        What enters the bounds of the totals; NaN where nothing does. [the nutrient's unit]
    states : numpy.ndarray
        Lines x nutrients: one of `NOTHING`, `KNOWN`, `LENT`, `AT_LEAST`, `NO_VALUE`.
    of_record : numpy.ndarray
        Lines x nutrients: whether the figure is a weight times what 100 g of a food hold, and nothing else.
    kinds : numpy.ndarray
        For each line: `NOT_COUNTED`, `OF_FOOD` or `OF_SUPPLEMENT`.
    others : list of str
        For each line: which values do not come from the food's own record, and where they come from.
    releases : list of str or None
        For each line: the release of food data its own record is of.
    """

    entries: pd.DataFrame
    nutrients: tuple[str, ...]
    amounts: Matrix
    lows: Matrix
    highs: Matrix
    states: Any
    of_record: Any
    kinds: Any
    others: list[str | None]
    releases: list[str | None]

    @property
    def rows(self) -> list[Row]:
        """The lines as the sheet shows them."""
        extra: dict[str, Any] = {"release": self.releases, "others": self.others}
        return rows_of(self.entries.assign(**extra))


def line_figures(
    analysis: Analysis, entries: pd.DataFrame, nutrients: Sequence[str], people: Sequence[str]
) -> LineFigures:
    """Return what each line gave.

    Parameters
    ----------
    analysis : Analysis
    entries : pandas.DataFrame
        `tables.WEIGHED`, with the weights that are shown.
    nutrients : sequence of str
        Which, in their order.
    people : sequence of str
        In their order.
    """
    import numpy as np

    entries = _in_order(entries, people)
    rows = _placed(analysis.intakes, entries, nutrients)
    places = rows["place"].to_numpy(), rows["nutrient_place"].to_numpy()
    shape = len(entries), len(nutrients)

    def matrix(values: pd.Series) -> Matrix:
        filled: Matrix = np.full(shape, np.nan)
        filled[places] = values.to_numpy(dtype="float64")
        return filled

    amount = rows["amount"].fillna(rows["amount_low"])
    lent = rows["filled_in"].to_numpy(dtype=bool)
    state = np.select([amount.isna(), lent, rows["amount"].isna()], [NO_VALUE, LENT, AT_LEAST], default=KNOWN)
    states, of_record = np.zeros(shape, dtype="int8"), np.zeros(shape, dtype=bool)
    states[places] = state
    from_record = rows["fdc_id"].notna() & rows["gram_weight"].gt(0) & rows["amount_low"].isna() & ~_recorded(rows)
    of_record[places] = (from_record & rows["source_kind"].eq("food")).to_numpy(dtype=bool)
    kinds = np.zeros(len(entries), dtype="int8")
    kinds[places[0]] = np.where(rows["source_kind"].eq("supplement"), OF_SUPPLEMENT, OF_FOOD)
    return LineFigures(
        entries=entries,
        nutrients=tuple(nutrients),
        amounts=matrix(amount),
        lows=matrix(rows["amount_low"].fillna(amount.mask(lent))),
        highs=matrix(rows["amount_high"].fillna(rows["amount"])),
        states=states,
        of_record=of_record,
        kinds=kinds,
        others=_not_of_own_record(rows, len(entries)),
        releases=_releases(entries, analysis.releases),
    )


def _in_order(entries: pd.DataFrame, people: Sequence[str]) -> pd.DataFrame:
    rank = {person_id: place for place, person_id in enumerate(people)}
    order = entries["person_id"].fillna(UNNAMED).map(rank)
    return (
        entries.assign(order=order)
        .sort_values(["order", "date"], na_position="last", kind="stable")
        .drop(columns="order")
        .reset_index(drop=True)
    )


def _placed(intakes: pd.DataFrame, entries: pd.DataFrame, nutrients: Sequence[str]) -> pd.DataFrame:
    """Return the intakes of these lines and nutrients, with their row and column of the matrix."""
    columns = {name: place for place, name in enumerate(nutrients)}
    lines = entries[_KEY].assign(place=range(len(entries)), counted=entries["problem"].isna())
    rows = intakes.assign(nutrient_place=intakes["nutrient"].map(columns))
    rows = rows[rows["nutrient_place"].notna()].merge(lines, on=_KEY, how="inner", validate="many_to_one")
    rows = rows[rows["counted"]].reset_index(drop=True)
    return rows.astype({"nutrient_place": "int64", "place": "int64"})


def _recorded(rows: pd.DataFrame) -> pd.Series:
    from nutridiary.intake.recorded import RECORDED_FROM

    return rows["value_from"].eq(RECORDED_FROM)


def _not_of_own_record(rows: pd.DataFrame, lines: int) -> list[str | None]:
    """Return, for each line, which values are lent, missing or the diary's own, and where they come from."""
    recorded = _recorded(rows)
    chosen = rows[(rows["filled_in"] | rows["amount"].isna() | recorded) & rows["source_kind"].eq("food")]
    kinds = recorded[chosen.index].map({True: KNOWN, False: NO_VALUE}).mask(chosen["filled_in"], LENT)
    sources = chosen["value_from"].astype(object).where(chosen["value_from"].notna(), None)
    found: list[list[tuple[int, str | None, str]]] = [[] for _ in range(lines)]
    for place, kind, source, nutrient in zip(chosen["place"], kinds, sources, chosen["nutrient"], strict=True):
        found[place].append((kind, source, nutrient))
    return [_other_values(tuple(values)) if values else None for values in found]


@cache
def _other_values(values: tuple[tuple[int, str | None, str], ...]) -> str:
    """Return in words where values come from that are not of a food's own record.

    Examples
    --------
    >>> _other_values(((LENT, "SR Legacy 2018-04 1077", "zinc"), (NO_VALUE, None, "copper")))
    '≈ from SR Legacy 2018-04 1077: Zinc. No value, and nothing bounds it: Copper.'
    """
    sentences: dict[str, list[str]] = {}
    for kind, source, nutrient in values:
        if kind == LENT:
            opening = f"{looks.ABOUT} from {source}"
        elif kind == KNOWN:
            opening = "As recorded in the diary"
        else:
            opening = f"No value, {source or 'and nothing bounds it'}"
        sentences.setdefault(opening, []).append(label_of(nutrient))
    return " ".join(f"{opening}: {', '.join(names)}." for opening, names in sentences.items())


def _releases(entries: pd.DataFrame, releases: pd.DataFrame) -> list[str | None]:
    """Return the release each line's food is of; none for a food that no release holds."""
    if releases.empty:
        return [None] * len(entries)
    of_type = dict(zip(releases["data_type"], releases["release"], strict=True))
    return [of_type.get(data_type) for data_type in entries["data_type"]]
