"""One paragraph a symptom: on how many days it was felt, and what the comparison of its days comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.errors import listing
from nutridiary.symptoms.days import BASES
from nutridiary.symptoms.factors import TESTED
from nutridiary.symptoms.limits import LEAST_DAYS, LEAST_OF_EACH, LEAST_POWER
from nutridiary.symptoms.wording import NO_CAUSE, amount_in_words, days_in_words, further_days, otherwise

if TYPE_CHECKING:
    import pandas as pd


def describe_symptoms(symptom_days: pd.DataFrame, comparison: pd.DataFrame) -> pd.DataFrame:
    """Return each symptom in words.

    Parameters
    ----------
    symptom_days, comparison : pandas.DataFrame
        `tables.SYMPTOM_DAYS`, `tables.SYMPTOM_COMPARISON`.

    Returns
    -------
    pandas.DataFrame
        ``person_id``, ``symptom``, ``days_felt``, ``days_without`` and ``text``, in the order of `symptom_days`.
    """
    import pandas as pd

    key = ["person_id", "symptom"]
    rows_of = {_key(name): rows for name, rows in comparison.groupby(key, dropna=False)}
    found = []
    for name, own in symptom_days.groupby(key, dropna=False, sort=False):
        rows = rows_of.get(_key(name), comparison.iloc[:0])
        felt = own["felt"].dropna()
        said = (
            (_felt(own), *_compared(rows))
            if felt.any()
            else ("Noted only as not felt, so there is nothing to compare.",)
        )
        text = " ".join(said)
        found.append((*name, int(felt.sum()), int((~felt).sum()), text))
    types = {"person_id": "str", "symptom": "str", "days_felt": "int64", "days_without": "int64", "text": "str"}
    return pd.DataFrame(found, columns=list(types)).astype(types)


def _key(name: Any) -> tuple[str, str]:
    """Return the key of a group; a missing name differs from itself."""
    person_id, symptom = name
    return person_id if isinstance(person_id, str) else "", symptom


def _felt(own: pd.DataFrame) -> str:
    """Say on how many days it was felt, on how many not, and of how many that is not known."""
    felt = own["felt"].fillna(False)
    without = int((~own["felt"].fillna(True)).sum())
    times = own["times"].sum(min_count=1)
    often = f" ({times} times in all)" if times > felt.sum() else ""
    worst = own["worst"].max()
    bad = f", at worst {worst:g} of 10" if worst == worst else ""
    said = [f"Noted on {days_in_words(felt.sum())}{often}{bad}; {days_in_words(without)} without it."]
    silent = int((own["basis"] == "no_note").sum())
    if silent:
        count = "counts" if silent == 1 else "count"
        said.append(
            f"{days_in_words(silent)} {count} as without because nothing was noted between the first note and the last."
        )
    for basis in ("outside", "left_open"):
        left_out = int((own["basis"] == basis).sum())
        if left_out:
            said.append(f"Left out, because it cannot be told: {days_in_words(left_out)} ({BASES[basis]}).")
    return " ".join(said)


def _compared(rows: pd.DataFrame) -> list[str]:
    """Say which nutrients differ, which do not, and of which nothing can be told."""
    beside = rows[rows["role"] != TESTED].to_dict("records")
    rows = rows[rows["role"] == TESTED]
    if rows.empty:
        return ["No nutrient of this report is compared for it."]
    differing = rows[rows["verdict"] == "differs"]
    said = [_differing(row) for row in differing.to_dict("records")]
    if said:
        said.append(NO_CAUSE)
        said += filter(None, [otherwise(beside, lag) for lag in sorted(set(differing["lag"]))])
    alike = rows[rows["verdict"] == "no_difference_seen"]
    if len(alike):
        said.append(f"No difference was seen for {_names(alike)}.")
    open_rows = rows[rows["verdict"] == "cannot_tell"]
    if len(open_rows) == len(rows):
        said.append("Whether what was eaten differs on these days, or on the days before, cannot be told.")
    elif len(open_rows):
        said.append(f"It cannot be told for {_names(open_rows)}.")
    if len(open_rows):
        said.append(_why_open(open_rows, enough_days=bool(rows["power"].notna().any())))
    return said


def _differing(row: dict[Any, Any]) -> str:
    when = "on days with it" if row["lag"] == 0 else "on the day before it"
    low, high = (amount_in_words(row[name], row, signed=True) for name in ("difference_low", "difference_high"))
    less = "less" if row["difference"] < 0 else "more"
    return f"{row['label']}: {less} {when} (difference {low} to {high}, 95 % interval)."


def _names(rows: pd.DataFrame) -> str:
    """List nutrients, with the day where only one of the two is meant."""
    lags = rows.groupby("label", sort=False)["lag"].agg(list)
    only = {0: " (same day)", 1: " (day before)"}
    return listing(str(label) + (only[own[0]] if len(own) == 1 else "") for label, own in lags.items())


def _why_open(open_rows: pd.DataFrame, *, enough_days: bool) -> str:
    weak = open_rows[open_rows["power"].notna()]
    if weak.empty and enough_days:
        return "Its amount is known on too few of these days, or the same on all."
    if weak.empty:
        return (
            f"At least {LEAST_OF_EACH} days with it and {LEAST_OF_EACH} without, and {LEAST_DAYS} in all, are needed."
        )
    further = further_days(int(weak["more_days"].median()))
    return (
        f"So few days would show a difference of one day-to-day standard deviation with a chance of only "
        f"{_range(weak['power'])} %, less than the {LEAST_POWER:.0f} % asked for; {further} would make it one half."
    )


def _range(values: pd.Series[float]) -> str:
    low, high = f"{values.min():.0f}", f"{values.max():.0f}"
    return low if low == high else f"{low} to {high}"
