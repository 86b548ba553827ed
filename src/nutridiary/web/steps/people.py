"""What the page about people shows: who is in the diary, what is said of them, and what can be chosen."""

from __future__ import annotations

import datetime as dt
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from nutridiary.errors import NutridiaryError, PersonError, did_you_mean, listing
from nutridiary.references import ACTIVITIES, REFERENCES, Person, known_conditions, life_stage, life_stage_group
from nutridiary.web.asked import MOST_PEOPLE, Asked, Said, Someone, Wanted
from nutridiary.web.steps.inputs import as_options, names_in, person_of
from nutridiary.web.steps.reading import diary_of

if TYPE_CHECKING:
    from nutridiary.diary import Diary

_CHECKED = ("age_years", "birth_date", "weight_kg", "height_cm", "conditions", "activity")
_WISHES = ("diets", "allergies", "dislikes")
_NO_SOLVER = (
    "Ideas for foods need scipy, which is not installed where this page runs: pip install 'nutridiary[stats]', and "
    "start the page again."
)
_NOT_ASKED_FOR = (
    "Diets, allergies and dislikes say what is not to be suggested, but no ideas are asked for. Ask for them, or leave "
    "these empty."
)
_LONGEST_NAME = 200
"""Characters of a name that can be described, `asked.ShortText`."""


class SaidOfPeople(Said):
    """Who ate and what is to be worked out."""

    people: tuple[Someone, ...] = Field(
        (), max_length=MOST_PEOPLE, description="Whoever is not here is compared with nothing: nothing is assumed."
    )
    wanted: Wanted = Wanted()


class Eater(BaseModel):
    """Somebody whose lines are in the diary."""

    name: str = Field(description="As the diary calls them; empty for the person of a diary that names nobody.")
    lines: int
    days: int
    first: dt.date | None
    last: dt.date | None
    own: Someone | None = Field(description="What the diary itself says of them, on its Person sheet.")
    said: Someone | None = Field(description="What was said of them here, which goes before the Person sheet.")
    groups: list[str] = Field(description="The life-stage groups whose reference values hold, from the first day on.")
    why_not: str = Field(description="Why they are compared with nothing; empty where they are.")


class Edition(BaseModel):
    """An edition of reference values."""

    name: str
    year: int
    status: str = Field(description="current, in part replaced, or replaced")
    citation: str


class Reference(BaseModel):
    """Whose reference values can be chosen."""

    name: str
    label: str
    editions: list[Edition]


class Condition(BaseModel):
    """What some figures depend on besides sex and age."""

    name: str
    question: str = Field(description="Of several with one question, one at most can hold.")
    sex: str = Field(description="Whom it can hold for; empty for everybody.")
    authority: str
    nutrient: str
    meaning: str


class Wrong(BaseModel):
    """What of what was said cannot be used."""

    about: str = Field(description="Whose, by name, for what was said of somebody; else empty.")
    field: str = Field(description="The field of `Someone`, or of `Wanted`.")
    words: str


class People(BaseModel):
    """Who is in the diary, what is said of them, and what can be chosen."""

    people: list[Eater]
    gone: list[str] = Field(description="Described, but no longer in the diary as it is read now.")
    problem: str = Field(description="Why the diary's own Person sheet cannot be used; empty where it can.")
    wanted: Wanted
    references: list[Reference]
    activities: list[str]
    conditions: list[Condition]
    diets: list[str]
    allergens: list[str]
    has_recorded: bool = Field(description="Whether the diary carries nutrient values of its own.")
    can_suggest: bool = Field(description="Whether what suggestions need is installed here.")
    wrong: list[Wrong]


def people(folder: Path, asked: Asked, said: SaidOfPeople | None = None) -> People:
    """Return who is in the diary in `folder`, what is said of them, and what can be chosen.

    Parameters
    ----------
    folder : Path
    asked : Asked
    said : SaidOfPeople, optional
        In place of what `asked` says of people: what would be shown if it were said.
    """
    from nutridiary.analysis import own_people
    from nutridiary.analysis import people_of as described_in
    from nutridiary.intake.recorded import has_recorded
    from nutridiary.suggestions.exclusions import ALLERGEN, DIET, known_names

    if said is not None:
        asked = asked.model_copy(update={"people": said.people, "wanted": said.wanted})
    diary = diary_of(folder, asked)
    names = names_in(diary)
    try:
        described_in(diary.entries, None, own_people(diary))
        problem = ""
    except PersonError as error:
        problem = str(error)
    return People(
        people=_eaters(diary, names, asked),
        gone=[someone.name for someone in asked.people if someone.name not in names],
        problem=problem,
        wanted=asked.wanted,
        references=_references(),
        activities=list(ACTIVITIES),
        conditions=[
            Condition(
                name=one.condition,
                question=one.choice,
                sex=one.sex,
                authority=one.authority,
                nutrient=one.nutrient,
                meaning=one.meaning,
            )
            for one in known_conditions().values()
        ],
        diets=sorted({name.replace("_", " ") for name in known_names(DIET).values()}),
        allergens=sorted({name.replace("_", " ") for name in known_names(ALLERGEN).values()}),
        has_recorded=bool(has_recorded(diary.entries).to_numpy().any()),
        can_suggest=find_spec("scipy") is not None,
        wrong=[*(wrong for someone in asked.people for wrong in _wrong_of(someone, names)), *_wrong_in(asked.wanted)],
    )


def _eaters(diary: Diary, names: list[str], asked: Asked) -> list[Eater]:
    """Return everybody of the diary, in the order of their names."""
    from nutridiary.analysis import own_people
    from nutridiary.tables import NOT_EATEN

    said = {someone.name: someone for someone in asked.people}
    own = own_people(diary)
    nobody = diary.entries["person_id"].isna()
    who = diary.entries["person_id"].mask(nobody, _called_nobody(names))
    entries = diary.entries.assign(who=who)
    # Counted as on the page about the diary: notes are no lines. Of whom there are only notes, these are counted.
    is_eaten = ~entries["kind"].isin(NOT_EATEN)
    days = entries[is_eaten | ~who.isin(who[is_eaten])].groupby("who")["date"].agg(["size", "nunique", "min", "max"])
    counted = {name: tuple(found) for name, *found in days.itertuples(name=None)}
    return [
        _eater(name, counted[name], own.get(name), said.get(name), asked.wanted.reference)
        for name in names
        if name in counted
    ]


def _called_nobody(names: list[str]) -> str:
    """Return by what name the person is described whom lines without a name are of."""
    return "" if "" in names or not names else names[0]


def _eater(
    name: str, counted: tuple[int, int, object, object], own: Person | None, said: Someone | None, reference: str
) -> Eater:
    first, last = _day(counted[2]), _day(counted[3])
    eater = Eater(
        name=name,
        lines=counted[0],
        days=counted[1],
        first=first,
        last=last,
        own=own and _as_said(name, own),
        said=said,
        groups=[],
        why_not="",
    )
    try:
        person = person_of(said) if said else own
    except PersonError as error:
        return eater.model_copy(update={"why_not": str(error)})
    if person is None:
        return eater.model_copy(update={"why_not": "nothing is said of sex and age"})
    days_asked = list(dict.fromkeys([first, last]))
    why_not = [
        life_stage_group(person, on, reference) for on in days_asked if life_stage(person, on, reference) is None
    ]
    groups = [] if why_not else [life_stage_group(person, on, reference) for on in days_asked]
    return eater.model_copy(
        update={"groups": list(dict.fromkeys(groups)), "why_not": "; ".join(dict.fromkeys(why_not))}
    )


def _day(moment: object) -> dt.date | None:
    """Return the day of a pandas moment; None where it is missing."""
    return moment.date() if isinstance(moment, dt.datetime) and moment == moment else None


def _as_said(name: str, person: Person) -> Someone:
    """Return what a Person sheet says, as somebody would say it here."""
    fields = {field: getattr(person, field) for field in Someone.model_fields if field != "name"}
    return Someone(name=name[:_LONGEST_NAME], **fields)


def _references() -> list[Reference]:
    from nutridiary.references import load_editions, load_references

    statuses = load_references().groupby("edition")["status"].agg(set).to_dict()
    editions = load_editions()
    return [
        Reference(
            name=name,
            label=authority.label,
            editions=[
                Edition(name=row.edition, year=row.year, status=_in_force(statuses[row.edition]), citation=row.citation)
                for row in editions[editions["authority"] == authority.code].itertuples()
            ],
        )
        for name, authority in REFERENCES.items()
    ]


def _in_force(statuses: set[str]) -> str:
    if statuses == {"current"}:
        return "current"
    return "in part replaced" if "current" in statuses else "replaced"


def _wrong_of(someone: Someone, names: list[str]) -> list[Wrong]:
    """Return what of what was said of somebody cannot be used, each with its field."""
    wrong = []
    if someone.name not in names:
        near = did_you_mean(someone.name, [name for name in names if name])
        known = listing([name or "nobody" for name in names])
        wrong.append(("name", f"'{someone.name}' has no line in the diary. It names {known}.{near}"))
    given = someone.model_dump(include=set(_CHECKED), exclude_none=True)
    wrong += [(field, words) for field in given if (words := why_not_used(someone.sex, field, given[field]))]
    if not wrong:
        field = "pregnant" if someone.pregnant or someone.lactating else "age_years"
        wrong += [(field, words)] if (words := _refusal_of(**someone.model_dump(exclude={"name"}))) else []
    return [Wrong(about=someone.name, field=field, words=words) for field, words in wrong]


def why_not_used(sex: str, field: str, given: object) -> str:
    """Return why what is said of somebody in one field cannot be used; nothing where it can.

    Examples
    --------
    >>> why_not_used("female", "weight_kg", 6400.0)
    'weight 6400 kg cannot be: it must lie between 0.3 and 650.'
    """
    # Alone with what it needs, so that the message is about this field and no other.
    return _refusal_of(**{"sex": sex, "age_years": 30, field: given})


def _refusal_of(**fields: object) -> str:
    try:
        Person(**fields)  # type: ignore[arg-type]
    except PersonError as error:
        return str(error)
    return ""


def _wrong_in(wanted: Wanted) -> list[Wrong]:
    """Return what of what is wanted cannot be worked out, each with its field."""
    wishes = {field: getattr(wanted, field) for field in _WISHES if getattr(wanted, field)}
    if wanted.suggest and find_spec("scipy") is None:
        found = {"suggest": _NO_SOLVER}
    elif wishes and not wanted.suggest:
        found = {"suggest": _NOT_ASKED_FOR}
    else:
        found = {field: _refusal(Wanted.model_validate({"suggest": True, field: wishes[field]})) for field in wishes}
    found["reference"] = _refusal(Wanted(reference=wanted.reference))
    if not found["reference"]:
        found["edition"] = _refusal(Wanted(reference=wanted.reference, edition=wanted.edition))
    return [Wrong(about="", field=field, words=words) for field, words in found.items() if words]


def _refusal(wanted: Wanted) -> str:
    """Return why something cannot be worked out; nothing where it can."""
    try:
        as_options(wanted)
    except NutridiaryError as error:
        return str(error)
    return ""
