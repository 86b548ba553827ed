"""What a row of usual intakes says, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nutridiary.nutrients import format_amount, nutrient_label

if TYPE_CHECKING:
    from nutridiary.cohort.adequacy import Rule

NO_PREVALENCE = (
    "Fewer than two people have two days. One day a person shows how much a group eats on average, not how many "
    "people usually have little: days differ more than people do. For that, some of the people need a second day."
)
_ONE_PERSON = (
    "The days of one person tell nothing of how a group is spread. What they say of that person is worked out apart."
)
_ON_FEW_DAYS = (
    "More than a tenth of the days have none of it. What is not eaten on nearly every day asks for a model of how "
    "often, too, which is not part of this: there is a mean, and no distribution."
)
_WIDE = (
    "A share is hardly known: its 95 % interval is wider than 30 percentage points. Health statistics of the US do not "
    "print such shares (Parker et al. 2017, Vital Health Stat 2(175))."
)
_WIDE_ERROR = 30 / (2 * 1.96)  # standard error of a share with an interval of 30 percentage points
_SHARES = ("inadequate", "above_ai", "above_ul", "above_cdrr")
_METHODS = {
    "nrc_1986": (
        "Fewer than 30 people have two days or more: people's own means, drawn together as far as days alone spread "
        "them (National Research Council 1986), stand for the model."
    ),
    "not_adjusted": (
        "The days do not tell people apart: what differs between people is no more than what differs from day to day. "
        "People's own means are shown as they are. They are spread wider than usual intakes, and shares far from the "
        "mean come out too large."
    ),
}


def reading_of(row: Mapping[str, Any]) -> str:
    """Return what a row of `tables.USUAL_INTAKES` says.

    Examples
    --------
    >>> print(reading_of({"nutrient": "magnesium", "method": "mean_only", "people": 50, "days": 50, "mean": 301.2,
    ...                   "mean_se": 12.0}))
    Magnesium on the 50 recorded days of 50 people: mean 301 mg (SE 12).
    """
    nutrient, method = row["nutrient"], row["method"]
    if method == "withheld":
        return f"{_name(row)}: there is no day with a known amount."
    if method == "mean_only":
        days, people = _count(row["days"], "recorded day"), _people(row["people"])
        name = _name(row)
        return f"{name[0].upper()}{name[1:]} on the {days} of {people}: mean {_with_error(row, 'mean')}."
    parts = [
        f"Usual intake of {_people(row['people'])} ({_count(row['days'], 'day')}): mean {_with_error(row, 'mean')}; "
        f"half of them are below {format_amount(row['p50'], nutrient)}, "
        f"nine of ten between {format_amount(row['p5'], nutrient)} and {format_amount(row['p95'], nutrient)}."
    ]
    parts += [_inadequate(row), *_above(row)]
    return " ".join(part for part in parts if part)


def _inadequate(row: Mapping[str, Any]) -> str:
    if "inadequate" not in row:
        return ""
    share = _share(row, "inadequate")
    if row["inadequate_by"] == "cut_point":
        return f"{share} are below the EAR of {format_amount(row['ear'], row['nutrient'])}."
    return f"{share} are likely below their own requirement."


def _above(row: Mapping[str, Any]) -> list[str]:
    nutrient, parts = row["nutrient"], []
    if "above_ai" in row:
        figure = format_amount(row["ai"], nutrient)
        parts.append(f"{_share(row, 'above_ai')} are above the AI of {figure}; of the others nothing can be concluded.")
    if "above_cdrr" in row:
        figure = format_amount(row["cdrr"], nutrient)
        parts.append(f"{_share(row, 'above_cdrr')} are above {figure}, from which less is advised (CDRR).")
    if "above_ul" in row:
        parts.append(f"{_share(row, 'above_ul')} are above the UL of {format_amount(row['ul'], nutrient)}.")
    return parts


def notes_of(
    row: Mapping[str, Any], rule: Rule | None, figures: Mapping[str, Any], *, ul_is_told: bool, knows_weekday: bool
) -> str:
    """Return what a row rests on, and why a figure is withheld."""
    method = row["method"]
    parts = [_METHODS.get(method, "")]
    if method == "mean_only":
        several = _ON_FEW_DAYS if row["people_repeated"] > 1 else NO_PREVALENCE
        parts.append(several if row["people"] > 1 else _ONE_PERSON)
    if any(row.get(f"{name}_se", 0.0) > _WIDE_ERROR for name in _SHARES):
        parts.append(_WIDE)
    if row["days_left_out"]:
        verb = "is" if row["days_left_out"] == 1 else "are"
        parts.append(f"{_count(row['days_left_out'], 'day')} whose amount is not known {verb} left out.")
    if rule is not None and method not in ("mean_only", "withheld"):
        parts.append(rule.note)
        if figures["ear_counts"] == "niacin_equivalents":
            parts.append(
                "The EAR counts niacin that the body makes of protein, the intake does not: the share is at most this."
            )
    if figures["ul"] == figures["ul"] and not ul_is_told:
        part = str(figures["ul_applies_to"]).replace("_", " ")
        parts.append(f"The UL counts {part} only, which these days do not tell apart: it is not held against them.")
    if not knows_weekday and method != "withheld":
        parts.append("Weekdays are not known: a Friday to Sunday counts as any other day.")
    return " ".join(part for part in parts if part)


def _name(row: Mapping[str, Any]) -> str:
    return nutrient_label(row["nutrient"])


def _with_error(row: Mapping[str, Any], name: str) -> str:
    amount, error = format_amount(row[name], row["nutrient"]), row[f"{name}_se"]
    return amount if error != error else f"{amount} (SE {format_amount(error, row['nutrient']).split()[0]})"


def _share(row: Mapping[str, Any], name: str) -> str:
    """Return a share with its error: one decimal below 10 % and above 90 %, where the first place says little."""
    share, error = row[name], row[f"{name}_se"]
    if share in (0, 100) and row["method"] in _METHODS:  # the distribution is the people themselves
        return "None of them" if share == 0 else "All of them"
    if not 0.05 <= share < 99.95:
        return "Under 0.1 %" if share < 50 else "Over 99.9 %"
    decimals = 0 if 10 <= share <= 90 else 1
    within = "" if error != error else f" (SE {error:.{decimals}f})"
    return f"{share:.{decimals}f} %{within}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"
