"""The page of an analysis, whole or part by part."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from nutridiary.nutrients import format_amount
from nutridiary.references import REFERENCES
from nutridiary.report import colours
from nutridiary.report.excel.terms import terms_of
from nutridiary.report.figure_names import FigureNames
from nutridiary.report.html.cells import Row, address_of, listed, number, rows_of, shown_text, words
from nutridiary.report.html.lines import ChosenLines
from nutridiary.report.html.nutrients import NO_FIGURE, NOT_TOLD, sign_of
from nutridiary.report.html.people import LATEST_DAYS, MOST_DAYS, PersonPage, people_of
from nutridiary.report.html.pictures import CHARTS_ON_PAPER, Pictures, first_pictures_of
from nutridiary.report.html.working import GivingLine, NutrientWorking, food_link, group_of, held_against
from nutridiary.report.remarks import remarks
from nutridiary.symptoms import VERDICTS, load_cramp_evidence

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

NOT_KNOWN = {
    "left_out": "left out of the totals",
    "no_value": "a value is missing",
    "filled_in": "a value is another record’s",
    "amount": "how much it was",
    "match": "which food it was",
}
"""What is not known of a food to clarify."""

SIGNS = (
    (colours.ENOUGH, "at or above what is aimed at"),
    (colours.BETWEEN, "between the requirement and what is aimed at, or open which"),
    (colours.LOW, "below the requirement"),
    (colours.HIGH, "above an upper figure"),
    (NOT_TOLD, "cannot be told: something is missing"),
    (NO_FIGURE, "nothing can be concluded"),
)
MOST_OPEN = 14
"""Days of a nutrient that are shown unfolded."""
_DOI = re.compile(r"\bdoi:(10\.\S+?)\.?$")


PARTS = {
    "short": "In short",
    "core": "The core nutrients",
    "days": "Day by day",
    "around": "The nutrients around them",
    "sources": "Where it came from",
    "symptoms": "Symptoms beside what was eaten",
    "cautions": "What to be careful with",
    "suggestions": "Foods that would close gaps",
    "clarify": "What would make this surer",
    "left-out": "What was left out",
    "references": "What it rests on",
}
"""The parts of a person in their order, each with its heading."""


@dataclass(frozen=True)
class Part:
    """A part of what the page says of a person.

    Attributes
    ----------
    name : str
        One of `PARTS`, or "who" for its head. Its heading has the id ``"core-1"``: the name and the person's place.
    title : str
        Its heading; of the head, nothing.
    html : markupsafe.Markup
    """

    name: str
    title: str
    html: Markup


def render(analysis: Analysis) -> str:
    """Return the report as one page.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    str
        HTML.
    """
    people = people_of(analysis)
    settings = analysis.settings
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            people=people,
            pictures={person.place: first_pictures_of(person) for person in people},
            lock=analysis.lock,
            version=words(settings["nutridiary"], "settings/nutridiary") if "nutridiary" in settings else None,
            terms=[
                (words(name, address_of("terms", name, "name")), words(text, address_of("terms", name, "text")))
                for name, text in terms_of(analysis)
            ],
            **_rests_on(analysis),
        )
    )


def render_parts(person: PersonPage, pictures: Pictures) -> list[Part]:
    """Return what the page says of a person, part by part, for a page of another layout.

    Parameters
    ----------
    person : PersonPage
    pictures : Pictures

    Returns
    -------
    list of Part
        The head first; parts that have nothing to say are left out.
    """
    macros = _environment().get_template("person.html.j2").module
    given = {"person": person, "pictures": pictures, **_rests_on(person.analysis)}
    found = [Part(name, title, _called(macros, name, given)) for name, title in {"who": "", **PARTS}.items()]
    return [part for part in found if part.html.strip()]


def render_lines(chosen: ChosenLines) -> Markup:
    """Return a page of lines as a table."""
    names = {found.nutrient: found.name for found in chosen.person.nutrients}
    macros = _environment().get_template("sub_pages.html.j2").make_module({"nutrient_names": names})
    return Markup(macros.lines(chosen, chosen.person.leads))  # type: ignore[attr-defined]  # noqa: S704


def render_working(working: NutrientWorking) -> dict[str, Markup]:
    """Return how a mean came about, part by part: mean, days, foods, lines, references, steps."""
    macros: Any = _environment().get_template("sub_pages.html.j2").module
    leads = working.person.leads
    return {
        "mean": macros.mean(working, leads),
        "days": macros.by_day(working, leads),
        "foods": macros.by_food(working),
        "lines": macros.by_line(working, leads),
        "references": macros.references(working),
        "steps": macros.steps(working),
    }


def render_overview(people: Sequence[PersonPage]) -> Markup:
    """Return a table of several people, a row each."""
    macros: Any = _environment().get_template("sub_pages.html.j2").module
    columns = {found.nutrient: found.name for person in people for found in person.core}
    table: Markup = macros.overview(people, columns, people[0].leads)
    return table


def per_100_g(line: GivingLine) -> Markup:
    """Return what 100 g of a line's food hold, with a decimal more than an amount is shown with."""
    if line.per_100_g is None:
        return Markup("")
    row = line.intake
    shown = format_amount(line.per_100_g, row["nutrient"], more_decimals=1)
    return number(line.per_100_g, address_of("composition", row["fdc_id"], row["nutrient"]), shown)


def step_value(row: Row) -> Markup:
    """Return a value of a calculation with the digits that working it out again takes."""
    unit = row["unit"]
    if unit == "d":
        return row.shown("value", f"{row['value']:,.0f}") if row.has("value") else Markup("")
    if not row.has("value"):
        return Markup("")
    if unit == "-":
        return row.shown("value", f"{row['value']:.5f}")
    if unit == "%":
        return row.shown("value", f"{row['value']:.2f} %")
    return row.shown("value", format_amount(row["value"], row["nutrient"], more_decimals=1))


def _called(macros: Any, name: str, given: Mapping[str, Any]) -> Markup:
    """Return what a macro makes of what it asks for."""
    macro = getattr(macros, name.replace("-", "_"))
    made: Markup = macro(**{argument: given[argument] for argument in macro.arguments})
    return made


def _rests_on(analysis: Analysis) -> dict[str, Any]:
    """Return what every part may speak of: names of figures, releases, remarks, evidence."""
    names, settings = FigureNames.of(analysis), analysis.settings
    return {
        "names": names,
        "diary": words(settings["diary"], "settings/diary") if "diary" in settings else None,
        "reference": words(REFERENCES[names.reference].label, address_of("references_label", names.reference)),
        "releases": rows_of("releases", analysis.releases),
        "remarks": [words(text, f"remarks/{place}") for place, text in enumerate(remarks(analysis))],
        "evidence": [_evidence(line._asdict()) for line in load_cramp_evidence()],
    }


def https(link: object) -> str:
    """Return a link if it is one that a reader may follow; else nothing.

    Examples
    --------
    >>> https("https://doi.org/10.17226/25353"), https("javascript:alert(1)")
    ('https://doi.org/10.17226/25353', '')
    """
    text = shown_text(link)
    return text if text.startswith("https://") and not re.search(r"[\s<>\"]", text) else ""


def doi_link(citation: str) -> str:
    """Return where a citation that ends in a DOI can be read; else nothing.

    Examples
    --------
    >>> doi_link("Dietary Reference Intakes. National Academies Press, 1997. doi:10.17226/5776")
    'https://doi.org/10.17226/5776'
    """
    found = _DOI.search(citation)
    return https(f"https://doi.org/{found[1]}") if found else ""


def _evidence(line: dict[str, str]) -> dict[str, Any]:
    """Return what trials say of a topic, each text with where it stands."""
    shown = {
        name: words(text, address_of("cramp_evidence", line["topic"], name)) if text else Markup("")
        for name, text in line.items()
    }
    return {**shown, "link": https(line["link"])}


def _sign(row: Row) -> str:
    return sign_of(row["verdict"])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("nutridiary.report.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "colours": colours,
        "charts_on_paper": CHARTS_ON_PAPER,
        "latest_days": LATEST_DAYS,
        "listed": listed,
        "most_days": MOST_DAYS,
        "not_known": NOT_KNOWN,
        "signs": SIGNS,
        "sign_of": _sign,
        "symptom_verdicts": VERDICTS,
        "food_link": food_link,
        "group_of": group_of,
        "held_against": held_against,
        "most_open": MOST_OPEN,
        "not_known_words": Markup('<span class="none">not known</span>'),
        "per_100_g": per_100_g,
        "step_value": step_value,
        "titles": PARTS,
        "https": https,
        "doi_link": doi_link,
    }
    return environment
