"""One person's part of every table, and how what was found in it is put into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from nutridiary.errors import listing

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person

_MOST_TEXTS = 3
_LONGEST = 60  # characters of a line that are quoted


class Found(NamedTuple):
    """That a caution is called for: which, and what in the diary it rests on."""

    topic: str
    because: str
    nutrient: str = ""


class UpperLevel(NamedTuple):
    """A UL of one person: its amount [the nutrient's unit/d] and the report it comes from."""

    amount: float
    edition: str


@dataclass(frozen=True)
class Own:
    """What a diary tells of one person.

    Attributes
    ----------
    person : Person or None
        None where sex and age are not known.
    age : float or None
        On the last day. [years]
    entries : pandas.DataFrame
        The person's lines: of `tables.WEIGHED` the key, `date`, `kind`, `food_text`, `food_description`, `problem`.
    mentions : pandas.DataFrame
        Those of `entries` that may name something in ``caution_words.csv``.
    taken : pandas.DataFrame
        The person's `tables.SUPPLEMENT_DOSES` of days that count in the means, with `date` and `food_text`.
    days : pandas.DataFrame
        `tables.DAILY_INTAKES` of alcohol and vitamin K.
    means : mapping of str to row
        The rows of `tables.COMPARISON`, by nutrient.
    counted_days : int
        Days that count in the means.
    checks : pandas.DataFrame
        `tables.DAY_CHECKS`.
    energy : row or None
        The row of `tables.PLAUSIBILITY`.
    symptoms : frozenset of str
        Symptoms that were felt.
    upper_levels : mapping of str to UpperLevel
        ULs of nutrients that supplements gave and that are in no comparison.
    """

    person: Person | None
    age: float | None
    entries: pd.DataFrame
    mentions: pd.DataFrame
    taken: pd.DataFrame
    days: pd.DataFrame
    means: dict[str, Any]
    counted_days: int
    checks: pd.DataFrame
    energy: Any | None
    symptoms: frozenset[str]
    upper_levels: dict[str, UpperLevel]

    @property
    def is_pregnant(self) -> bool:
        """Whether the person is known to be pregnant."""
        return self.person is not None and self.person.pregnant

    @property
    def is_lactating(self) -> bool:
        """Whether the person is known to be lactating."""
        return self.person is not None and self.person.lactating

    def mean(self, nutrient: str) -> float:
        """Return the mean intake [the nutrient's unit/d]; NaN where it is not known."""
        row = self.means.get(nutrient)
        return float("nan") if row is None else float(row.mean_intake)

    def doses(self, *nutrients: str) -> pd.DataFrame:
        """Return what supplements gave of some nutrients, without doses that are surely nothing."""
        taken = self.taken[self.taken["nutrient"].isin(nutrients)]
        return taken[~(taken["amount_high"] <= 0)]


def quoted(lines: pd.DataFrame) -> str:
    """Return lines in the diary's words and the days they stand on.

    Parameters
    ----------
    lines : pandas.DataFrame
        With `food_text` and `date`; at least one row.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.to_datetime(["2026-04-01", "2026-04-02"])
    >>> quoted(pd.DataFrame({"food_text": ["grapefruit", "Grapefruit juice"], "date": days}))
    '"grapefruit", "Grapefruit juice" on 2 days'
    """
    texts = [_short(str(text)) for text in lines["food_text"].dropna().unique()]
    named = listing((f'"{text}"' for text in texts), most=_MOST_TEXTS)
    return named + on_days(lines)


def on_days(lines: pd.DataFrame) -> str:
    """Return on how many days lines stand, " on 2026-04-01" for one; nothing where they have none."""
    days = lines["date"].dropna().unique()
    if len(days) == 0:
        return ""
    return f" on {days[0]:%Y-%m-%d}" if len(days) == 1 else f" on {len(days)} days"


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _LONGEST else one_line[: _LONGEST - 4] + " ..."


def days_in_words(count: int) -> str:
    """Return a number of recorded days in words.

    Examples
    --------
    >>> days_in_words(1), days_in_words(30)
    ('1 recorded day', '30 recorded days')
    """
    return f"{count} recorded day" + ("" if count == 1 else "s")
