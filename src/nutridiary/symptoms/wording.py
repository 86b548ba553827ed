"""What days with and without a symptom come to, in plain words: associations, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nutridiary.nutrients import format_amount
from nutridiary.symptoms.factors import TESTED
from nutridiary.symptoms.limits import LEAST_DAYS, LEAST_OF_EACH, SEEN_BELOW, UNLIKE_FROM

Row = Mapping[str, Any]

MOST_DAYS_AHEAD = 730
"""A number of further days above this is not named. [d]"""

NO_CAUSE = "That the two go together on these days shows no cause."


def amount_in_words(value: float, row: Row, *, signed: bool = False) -> str:
    """Return an amount of a factor with its unit.

    Examples
    --------
    >>> amount_in_words(-59.4, {"nutrient": "magnesium", "unit": "mg"}, signed=True)
    '−59 mg'
    >>> amount_in_words(12.34, {"nutrient": "weekend", "unit": "% of days"})
    '12 % of days'
    >>> amount_in_words(-0.3, {"nutrient": "magnesium", "unit": "mg"}, signed=True)
    '0 mg'
    """
    amount = f"{value:.0f} {row['unit']}" if row["unit"].startswith("%") else format_amount(value, row["nutrient"])
    if not amount.partition(" ")[0].strip("-0."):
        return amount.lstrip("-")
    # A hyphen in front of a number may be left behind at the end of a line.
    return ("+" if signed and value > 0 else "") + amount.replace("-", "\N{MINUS SIGN}", 1)


def reading_of(row: Row) -> str:
    """Return what a comparison comes to, in one to three sentences."""
    if row["verdict"] is None:
        return _beside(row)
    return {"differs": _differs, "no_difference_seen": _no_difference, "cannot_tell": _cannot_tell}[row["verdict"]](row)


def note_of(row: Row) -> str:
    """Return what a comparison rests on."""
    when = "the day itself" if row["lag"] == 0 else "the calendar day before"
    if not row["is_nutrient"]:
        recorded = row["days_with"] + row["days_without"]
        return f"On record for {when}." if recorded else "The diary has no line of it, so that nothing is known."
    said = [f"Intake of {when}."]
    if row["left_out"]:
        said.append(f"{days_in_words(row['left_out'])} left out, because that day's intake is not known well enough.")
    if row.get("power") is not None:
        size = amount_in_words(row["day_to_day_sd"], row)
        said.append(
            f"The chance to see a difference is for one of {size}, this person's day-to-day standard deviation, "
            f"as one of {row['tests']} comparisons. The interval is for this comparison alone."
        )
    return " ".join(said)


def _means(row: Row) -> str:
    before = "" if row["lag"] == 0 else " before one"
    return (
        f"mean {amount_in_words(row['mean_with'], row)} on {days_in_words(row['days_with'])}{before} with it, "
        f"{amount_in_words(row['mean_without'], row)} on {days_in_words(row['days_without'])}{before} without"
    )


def _interval(row: Row) -> str:
    low, high = (amount_in_words(row[name], row, signed=True) for name in ("difference_low", "difference_high"))
    return f"{low} to {high}"


def _differs(row: Row) -> str:
    which = "Less" if row["difference"] < 0 else "More"
    when = "on days with it" if row["lag"] == 0 else "on the day before it"
    found = f"{which} {when}: {_means(row)}; difference {_interval(row)} (95 % interval). {NO_CAUSE}"
    return f"{found} {row['otherwise']}".rstrip()


def otherwise(rows: Iterable[Mapping[Any, Any]], lag: int) -> str:
    """Return what else sets the days with apart, and may be all there is to a difference; empty where nothing does.

    Parameters
    ----------
    rows : iterable of mapping
        Of `tables.SYMPTOM_COMPARISON`: one symptom of one person.
    lag : int
        0: the days themselves, 1: the days before.
    """
    before = "" if lag == 0 else " before one"
    said = [
        f"{row['label']}: {row['mean_with']:.0f} % of days{before} with it, {row['mean_without']:.0f} % without"
        for row in rows
        if row["role"] != TESTED and row["lag"] == lag and row["unit"].startswith("%")
        if row["difference"] is not None and abs(row["difference"]) >= UNLIKE_FROM
    ]
    return f"These days differ otherwise, too, which may be the reason ({'; '.join(said)})." if said else ""


def _no_difference(row: Row) -> str:
    if row["p_value"] > SEEN_BELOW:
        return f"No difference seen: {_means(row)}. A true difference of {_interval(row)} fits these days."
    return (
        f"No difference that counts: {_means(row)}. Taken alone this one would stand out ({_interval(row)}), but of "
        f"{row['tests']} comparisons one such is expected now and then where there is nothing."
    )


def _cannot_tell(row: Row) -> str:
    known = row["days_with"] + row["days_without"]
    if not known:
        return "Cannot tell: on none of these days is the intake known."
    if not row["varies"]:
        return f"Cannot tell: the intake was the same on all {days_in_words(known)}."
    if row["p_holm"] is None:
        return (
            f"Cannot tell: {days_in_words(row['days_with'])} with it and {row['days_without']} without have a known "
            f"intake; at least {LEAST_OF_EACH} of each, and {LEAST_DAYS} in all, are needed."
        )
    return f"Cannot tell: {_means(row)}. {_too_few(row)}{_large_all_the_same(row)}"


def _too_few(row: Row) -> str:
    """Say how likely a difference would be seen, and how many days would do."""
    size = amount_in_words(row["day_to_day_sd"], row)
    further = further_days(row["more_days"])
    return (
        f"A difference of {size}, one day-to-day standard deviation, would be seen with a chance of only "
        f"{row['power']:.0f} % on so few days; {further} would make it one half."
    )


def further_days(more: int) -> str:
    """Return how many days are wanting, in words.

    Examples
    --------
    >>> further_days(17), further_days(5000)
    ('about 17 more days like these', 'more than two more years of days like these')
    """
    if more > MOST_DAYS_AHEAD:
        return "more than two more years of days like these"
    return f"about {more} more {'day' if more == 1 else 'days'} like these"


def _large_all_the_same(row: Row) -> str:
    if row["p_holm"] > SEEN_BELOW:
        return ""
    return (
        f" The difference here, {_interval(row)}, is larger than rearranged days give; what stands out from few days "
        "is often exaggerated."
    )


def _beside(row: Row) -> str:
    """Say how a confounder stands on days with and without; it is not tested."""
    if row["mean_with"] is None or row["mean_without"] is None:
        known = row["days_with"] + row["days_without"]
        return "Not on record." if not known else "On record for one of the two kinds of days only."
    if row["is_nutrient"]:
        return f"{_means(row)[0].upper()}{_means(row)[1:]}. Shown beside, not tested."
    before = "" if row["lag"] == 0 else " before one"
    with_it, without = (f"{row[name]:.0f} %" for name in ("mean_with", "mean_without"))
    return f"{with_it} of days{before} with it, {without} of days{before} without. Shown beside, not tested."


def days_in_words(number: float) -> str:
    """Return a number of days: 1 day, 30 days."""
    return f"{number:.0f} day" if number == 1 else f"{number:,.0f} days"
