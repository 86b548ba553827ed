"""The whole page, from an analysis."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from nutridiary.references import REFERENCES
from nutridiary.report import colours
from nutridiary.report.excel.terms import terms_of
from nutridiary.report.figure_names import FigureNames
from nutridiary.report.html.cells import Row, address_of, listed, rows_of, shown_text, words
from nutridiary.report.html.nutrients import NO_FIGURE, NOT_TOLD, sign_of
from nutridiary.report.html.people import LATEST_DAYS, MOST_DAYS, people_of
from nutridiary.report.html.pictures import CHARTS_ON_PAPER, drawn, pictures_of
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
_DOI = re.compile(r"\bdoi:(10\.\S+?)\.?$")


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
    names, people = FigureNames.of(analysis), people_of(analysis)
    settings = analysis.settings
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            people=people,
            pictures={person.place: pictures_of(person) for person in people},
            names=names,
            diary=words(settings["diary"], "settings/diary") if "diary" in settings else None,
            version=words(settings["nutridiary"], "settings/nutridiary") if "nutridiary" in settings else None,
            reference=words(REFERENCES[names.reference].label, address_of("references_label", names.reference)),
            releases=rows_of("releases", analysis.releases),
            remarks=[words(text, f"remarks/{place}") for place, text in enumerate(remarks(analysis))],
            terms=[
                (words(name, address_of("terms", name, "name")), words(text, address_of("terms", name, "text")))
                for name, text in terms_of(analysis)
            ],
            evidence=[_evidence(line._asdict()) for line in load_cramp_evidence()],
        )
    )


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
        "drawn": drawn,
        "https": https,
        "doi_link": doi_link,
    }
    return environment
