"""What another edition, or another authority, would say of the same intakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.comparison.groups import NAMES, ROLES, UNKNOWN_PERSON, Asked, days_to_compare
from nutridiary.comparison.people import judged, mean_intakes
from nutridiary.comparison.readings import PARTS_IN_WORDS, figure, percent, why_no_reference
from nutridiary.nutrients import format_amount
from nutridiary.references import REFERENCES, figures_of, references_of
from nutridiary.tables import EDITION_CHANGES, INTAKES, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person

# Positions that hold an intake against nothing that says whether it is enough.
_SAYS_NOTHING = ("no_reference", "descriptive", "beside_dv")
_ABOVE = ("above_ul", "above_cdrr")
_KEY = ["person_id", "nutrient"]
_OF_BASE = [*_KEY, "label", "unit", "mean_intake", "foods_without_value", "foods_left_out", "in_equivalents"]
_OF_BOTH = [*ROLES, "position", "verdict", "authority", "report", "status", "figures", "standing"]
_REPORT = "[report]"  # where the report's name goes in a sentence
_UNPLACED, _BECAUSE = "cannot be placed beside", ", because values are missing"
# An average requirement alone is no other reading than one that also knows a recommendation above it.
_AT_LEAST_EAR = ("reaches", "between_ear_and_rda", "at_least_ear")


def edition_changes(
    days: pd.DataFrame,
    people: Mapping[str, Person],
    intakes: pd.DataFrame,
    *,
    edition: str | None = None,
    reference: str = "nasem",
    others: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return what other editions, and other authorities, would say of each person's mean intakes.

    Parameters
    ----------
    days : pandas.DataFrame
        `tables.DAILY_INTAKES`.
    people : mapping of str to Person
        As for `compare`. Who is not in it is compared with nothing, and has no row.
    intakes : pandas.DataFrame
        `tables.INTAKES`.
    edition, reference : str, optional
        What the comparison rests on, as for `compare`.
    others : sequence of str, optional
        Editions ("IOM 2005") and references ("efsa") to hold beside it; by default every superseded
        edition of NASEM that sets a figure of these nutrients, and the current figures of every other
        reference.

    Returns
    -------
    pandas.DataFrame
        `tables.EDITION_CHANGES`, person by person, nutrients in the order of `days`. A row is there where
        the other one has a figure for the person; what is not compared says why. `flips` is true
        where the place of the intake beside EAR, RDA or AI, or beside the upper figure, is another; a
        Daily Value is no place. Values are per day. [the nutrient's unit/d]

    Raises
    ------
    NutridiaryError
        If an edition or a reference is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.references import Person
    >>> day = {"date": pd.Timestamp(2025, 3, 1), "nutrient": "potassium", "unit": "mg", "foods": 8}
    >>> known = {"amount": 2900.0, "low": 2900.0, "high": 2900.0, "foods_without_value": 0, "foods_left_out": 0}
    >>> who = {"": Person(sex="female", age_years=34)}
    >>> changes = edition_changes(pd.DataFrame([{**day, **known}]), who, pd.DataFrame(), others=["2005"])
    >>> print(changes.loc[0, "figures"], changes.loc[0, "other_figures"], changes.loc[0, "flips"])
    AI 2,600 mg AI 4,700 mg True
    """
    asked = Asked.of(edition, reference)
    days, intakes = days_to_compare(days, None), conform(intakes, INTAKES)
    means = mean_intakes(days, intakes)
    if others is None:
        beside = _others(asked, set(means["nutrient"]))
    else:
        beside = [other for text in others if (other := Asked.other(text, asked.reference)) != asked]
    reports = [asked, *dict.fromkeys(beside)]
    rows = judged(means, people, intakes, reports)
    rows = _described(rows.loc[rows["life_stage_group"] != UNKNOWN_PERSON])
    current = rows["asked"] == 0
    changes = _changes(rows.loc[current], rows.loc[~current])
    return conform(changes.reindex(columns=EDITION_CHANGES.names), EDITION_CHANGES)


def _others(asked: Asked, nutrients: set[str]) -> list[Asked]:
    """Return what intakes are held beside where nobody says: superseded editions of NASEM, every other reference."""
    values = references_of("nasem")
    old = values.loc[(values["status"] == "superseded") & values["nutrient"].isin(nutrients), "edition"]
    candidates = [Asked("nasem", name) for name in old.unique()] + [Asked(name, None) for name in REFERENCES]
    return [other for other in candidates if other != asked]


def _described(rows: pd.DataFrame) -> pd.DataFrame:
    """Add each row's figures, status and report in words, and how the intake stands beside the figures."""
    status = rows["superseded"].map({True: "superseded", False: "current"}) + ", " + rows["authority"]
    texts = [(_figures(row), _standing(row)) for row in rows.itertuples()]
    return rows.assign(
        status=status,
        report=rows["edition"].fillna(rows["authority"]),
        figures=[figures for figures, _ in texts],
        standing=[standing for _, standing in texts],
    )


def _changes(base: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Join the rows of one comparison with those of others, and say what is another."""
    told = other["unstated"].notna() | other["not_comparable"].notna() | other["ul"].notna() | other["cdrr"].notna()
    other = other.loc[told | ~other["position"].isin(("no_reference", "descriptive"))]
    rows = base[[*_OF_BASE, *_OF_BOTH]].merge(
        other[[*_KEY, *_OF_BOTH]], on=_KEY, suffixes=("", "_other"), validate="one_to_many"
    )
    # What an edition set that is current still is no other figure.
    rows = rows.loc[rows["report"] != rows["report_other"]].reset_index(drop=True)
    ours, theirs = _reading(rows["position"]), _reading(rows["position_other"])
    speaks, speaks_other = ~rows["position"].isin(_SAYS_NOTHING), ~rows["position_other"].isin(_SAYS_NOTHING)
    same = (ours == theirs) | ((ours == "meets_ear") & theirs.isin(_AT_LEAST_EAR))
    same |= (theirs == "meets_ear") & ours.isin(_AT_LEAST_EAR)
    limit = speaks | rows["ul"].notna() | rows["cdrr"].notna()
    limit_other = speaks_other | rows["ul_other"].notna() | rows["cdrr_other"].notna()
    above, above_other = rows["verdict"].isin(_ABOVE), rows["verdict_other"].isin(_ABOVE)
    flips = (speaks & speaks_other & ~same) | (limit & limit_other & (above != above_other))
    rows = rows.assign(flips=flips & rows["dv"].isna() & rows["dv_other"].isna())
    return rows.assign(
        edition=rows["report"],
        other_edition=rows["report_other"],
        other_status=rows["status_other"],
        other_figures=rows["figures_other"],
        other_verdict=rows["verdict_other"],
        reading=[_sentence(row) for row in rows.itertuples()],
    )


def _reading(position: pd.Series) -> pd.Series:
    """Return positions, with one name for those that say the same of an intake."""
    return position.replace({"meets_rda": "reaches", "meets_ai": "reaches"})


def _figures(row: Any) -> str:
    """Return the figures of a row: 'AR 750 mg, PRI 950 mg, UL 2,500 mg'; and those whose condition nobody stated."""
    parts = []
    for role, name in zip(ROLES, NAMES, strict=True):
        value = getattr(row, role)
        if value == value:
            part = PARTS_IN_WORDS.get(row.ul_applies_to) if role == "ul" else None
            parts.append(f"{getattr(row, name)} {figure(value, row)}" + (f" of {part}" if part else ""))
    text = ", ".join(parts)
    if isinstance(row.unstated, str):
        return f"{text}; {row.unstated}" if text else str(row.unstated)
    return text or "none to compare with"


def _named(row: Any, role: str) -> str:
    return f"the {getattr(row, f'{role}_name')} of {figure(getattr(row, role), row)}"


def _meets_ai(row: Any) -> str:
    if row.ai_name == "AI":
        return f"reaches {_named(row, 'ai')}{_REPORT}"
    # EFSA's figure for sodium is nothing to reach.
    return f"is not below {_named(row, 'ai')}{_REPORT}, beside which no upper figure is set"


_STANDINGS: Mapping[str, Callable[[Any], str]] = {
    "meets_rda": lambda row: f"reaches {_named(row, 'rda')}{_REPORT}",
    "between_ear_and_rda": lambda row: f"lies between {_named(row, 'ear')} and {_named(row, 'rda')}{_REPORT}",
    "at_least_ear": lambda row: f"reaches {_named(row, 'ear')}{_REPORT} and leaves {_named(row, 'rda')} open",
    "meets_ear": lambda row: f"reaches {_named(row, 'ear')}{_REPORT}",
    "below_ear": lambda row: f"is below {_named(row, 'ear')}{_REPORT}",
    "below_rda": lambda row: f"is below {_named(row, 'rda')}{_REPORT}",
    "meets_ai": _meets_ai,
    "below_ai": lambda row: f"is less than {_named(row, 'ai')}{_REPORT}, from which nothing can be concluded",
    "beside_dv": lambda row: f"is {percent(row.mean_intake, row.dv)} of {_named(row, 'dv')}{_REPORT}, a label's figure",
    "no_reference": lambda row: f"is not compared{_REPORT}: {why_no_reference(row).rstrip('.')}",
    "descriptive": lambda row: f"has no reference intake{_REPORT}",
}


def _standing(row: Any) -> str:
    """Return how an intake stands beside the figures of a row, as the end of a sentence."""
    if row.position == "not_decidable":
        name = next(name for name in ("ear", "rda", "ai") if getattr(row, name) == getattr(row, name))
        text = f"{_UNPLACED} {_named(row, name)}{_REPORT}{_BECAUSE}"
    else:
        text = _STANDINGS[row.position](row)
    if row.verdict not in _ABOVE:
        return text
    limit = "ul" if row.verdict == "above_ul" else "cdrr"
    part = PARTS_IN_WORDS.get(row.ul_applies_to) if limit == "ul" else None
    above = f"above the {getattr(row, f'{limit}_name')} of {figure(getattr(row, limit), row)}"
    return f"{text}; what {part} gave is {above}" if part else f"{text} and is {above}"


def _sentence(row: Any) -> str:
    """Say what another report changes of a reading, or that it changes nothing."""
    if row.mean_intake != row.mean_intake:
        return "No amount is known, so no report changes the reading."
    ours = f"{_amount(row)} {row.standing.replace(_REPORT, f' ({_short(row.report)})')}"
    superseded = ", superseded" if row.status_other.startswith("superseded") else ""
    theirs = row.standing_other.replace(_REPORT, f" ({_short(row.report_other)}{superseded})")
    if row.position_other in _SAYS_NOTHING or row.position in _SAYS_NOTHING:
        return f"The mean of {ours}. By {figures_of(row.authority_other)} it {theirs}."
    if row.position == row.position_other == "not_decidable":
        return f"The mean of {ours.replace(_BECAUSE, '')}, nor beside {theirs.removeprefix(_UNPLACED).lstrip()}."
    return f"The mean of {ours}, but {theirs}." if row.flips else f"The mean of {ours}, and also {theirs}."


def _short(report: str) -> str:
    """Return the editions of a row with their author named once: 'EFSA 2017, 2018'."""
    first, *further = report.split("; ")
    return ", ".join([first, *(edition.partition(" ")[2] for edition in further)])


def _amount(row: Any) -> str:
    """Return the mean intake with decimals enough to differ from every figure it differs from."""
    known = "at least " if row.foods_without_value or row.foods_left_out or row.in_equivalents else ""
    figures = [getattr(row, role + side) for role in ROLES for side in ("", "_other")]
    for more in range(4):
        amount = format_amount(row.mean_intake, row.nutrient, more_decimals=more)
        shown = float(amount.split()[0].replace(",", ""))
        if shown == row.mean_intake or shown not in figures:
            break
    return known + amount
