"""What the figures of a person come to, in two to four sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from nutridiary.comparison.verdicts import called
from nutridiary.report.figure_names import FigureNames
from nutridiary.report.html.cells import Row, listed
from nutridiary.report.html.nutrients import Nutrient

_REACHED = {
    "meets_rda": ("reaches the RDA", "reach the RDA"),
    "meets_ai": ("reaches the AI", "reach the AI"),
    "meets_ear": ("reaches the EAR", "reach the EAR"),
    "between_ear_and_rda": ("is between the EAR and the RDA", "are between the EAR and the RDA"),
    "at_least_ear": (
        "reaches the EAR (what is missing leaves the RDA open)",
        "reach the EAR (what is missing leaves the RDA open)",
    ),
}
_BELOW = {
    "below_ear": ("is below the EAR", "are below the EAR"),
    "below_rda": ("is below the RDA", "are below the RDA"),
}
_ABOVE = {
    "above_ul": ("is above the UL", "are above the UL"),
    "above_cdrr": (
        "is above the CDRR, the intake above which less is advised",
        "are above the CDRR, the intake above which less is advised",
    ),
}
_NOTHING_TO_CONCLUDE = {
    "below_ai": (
        "is less than the AI, from which nothing can be concluded",
        "are less than the AI, from which nothing can be concluded",
    ),
}
_FIGURES = {
    "ear": "meets the need of half the people of a group",
    "rda": "meets the need of nearly all of them",
    "ai": "stands where no need could be worked out; below it, nothing can be concluded",
    "ul": "the most that is safe day after day, for some nutrients counting supplements alone",
    "cdrr": "above it, less is advised",
}
"""Each reference figure in few words; the terms at the end of the page say more."""

NOTHING_COUNTED = "No line of this diary could be counted, so that there is no mean to speak of."
ALL_LEFT_OUT = "Every recorded day may be incomplete and was left out, as asked for: there is no mean to compare."
NOBODY = (
    "Sex and age are not given, so that nothing can be compared: what follows are means alone. "
    "Give sex and age, and the report says what they come to."
)
LABELS_ONLY = "The means stand beside Daily Values, which are figures for labels and say nothing of anybody's need."


def in_short(nutrients: Sequence[Nutrient]) -> list[Markup]:
    """Return what the comparison of a person comes to: what is reached, what is below, what cannot be told, and why.

    Parameters
    ----------
    nutrients : sequence of Nutrient
        Of one person, the core nutrients first.

    Returns
    -------
    list of markupsafe.Markup
        Sentences.
    """
    verdicts = {found.verdict for found in nutrients}
    if not nutrients or not nutrients[0].row["days"]:
        return [escape(NOTHING_COUNTED)]
    if verdicts <= {"no_reference", "descriptive"}:
        return [escape(NOBODY)] if "no_reference" in verdicts else []
    if "beside_dv" in verdicts:
        return [escape(LABELS_ONLY)]
    core = [found for found in nutrients if found.is_core] or list(nutrients)
    return list(_sentences(core, nutrients))


def figures_in_short(nutrients: Sequence[Nutrient], names: FigureNames) -> list[tuple[str, str]]:
    """Return the name and the meaning of each figure that nutrients are held against, where it is first met.

    Parameters
    ----------
    nutrients : sequence of Nutrient
        Of one person.
    names : FigureNames
        What the authority calls its figures.

    Returns
    -------
    list of tuple
        As ``("RDA", "meets the need of nearly all of them")``; empty where nothing is held against them.
    """
    return [
        (names.name(role), meaning)
        for role, meaning in _FIGURES.items()
        if any(found.row.has(role) for found in nutrients)
    ]


def _sentences(core: Sequence[Nutrient], nutrients: Sequence[Nutrient]) -> Iterator[Markup]:
    reached, below = _clauses(core, _REACHED), _clauses(core, _BELOW)
    days = _days(core[0].row)
    if reached:
        yield _sentence(days + listed(reached))
    if below:
        yield _sentence((Markup("") if reached else days) + listed(below)) + Markup(" This does not show a deficiency.")
    first = not (reached or below)
    open_ = [found for found in core if found.verdict == "not_decidable"]
    concluded = _clauses(core, _NOTHING_TO_CONCLUDE)
    if open_:
        names = listed(found.name_inside for found in open_)
        which = Markup("whether {} {} cannot be told").format(names, _whether(open_))
        concluded = [which + _why(open_), *concluded]
    if concluded:
        yield _sentence((days if first else Markup("")) + Markup("; ").join(concluded))
    above = _clauses(nutrients, _ABOVE)
    if above:
        yield _sentence(listed(above))


def _clauses(nutrients: Sequence[Nutrient], verbs: dict[str, tuple[str, str]]) -> list[Markup]:
    """Return a clause for each verdict: "magnesium and zinc reach the RDA"."""
    clauses = []
    for verdict, (one, several) in verbs.items():
        found = [nutrient for nutrient in nutrients if nutrient.verdict == verdict and nutrient.sign != "–"]
        found = found or [n for n in nutrients if n.verdict == verdict == "below_ai"]
        if found:
            names = listed(nutrient.name_inside for nutrient in found)
            verb = called(one if len(found) == 1 else several, found[0].names.names)
            clauses.append(Markup("{} {}").format(names, verb))
    return clauses


def _whether(nutrients: Sequence[Nutrient]) -> str:
    """Say what cannot be told of nutrients, by what their authority calls its figures."""
    names = nutrients[0].names
    return f"{'reaches' if len(nutrients) == 1 else 'reach'} the {names.either(names.goals)}"


def _days(row: Row) -> Markup:
    if row["days"] == 1:
        return Markup("on the one day recorded, ")
    return Markup("over {} days, ").format(row.whole("days"))


def _why(nutrients: Sequence[Nutrient]) -> Markup:
    """Say what is missing, by the nutrient that most is missing of."""
    reasons = []
    for column, one, several in (
        ("foods_left_out", "line could not be counted", "lines could not be counted"),
        ("foods_without_value", "line has no value", "lines have no value"),
    ):
        row = max((found.row for found in nutrients), key=lambda row: row[column] or 0)
        if row[column]:
            reasons.append(Markup("{} {}").format(row.whole(column), one if row[column] == 1 else several))
    return Markup(", because ") + listed(reasons) if reasons else Markup("")


def _sentence(text: Markup) -> Markup:
    """Return a clause as a sentence: it begins with a capital, which stands in no tag."""
    return escape(text.striptags()[:1].upper()) + text[1:] + "."
