"""The form of the page about people: what was typed, as it stands in the fields, and what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from nutridiary.diary.body import read_age, read_height, read_weight
from nutridiary.errors import PersonError
from nutridiary.references import REFERENCES, find_reference, known_conditions
from nutridiary.web.asked import MOST_PEOPLE, Someone, Wanted
from nutridiary.web.steps.people import Condition, People, SaidOfPeople, Wrong, why_not_used

YES = "yes"
NOT_SAID = "Not said"
# A field of somebody ends with their number; those of foods do so with the food's.
_OF_FOODS = ("diet-", "allergy-")
_BOXES = ("fill_in", "defaults", "split", "leave_out_incomplete", "suggest", "de_identify")
# What may be said of everybody at once: of whoever says nothing else of themselves.
_FOR_ALL = ("sex", "age", "smoker", "activity")
_MORE = ("weight", "height", "activity", "smoker")
_OF_SOMEBODY = ("sex", "age", "birth", "state", *_MORE)
_FIELDS = {
    "name": "sex",
    "sex": "sex",
    "age_years": "age",
    "birth_date": "birth",
    "pregnant": "state",
    "weight_kg": "weight",
    "height_cm": "height",
    "activity": "activity",
    "smoker": "smoker",
}
_MEANT = {place: name for name, place in _FIELDS.items() if name != "name"}
_OF_WISHES = {"diets": "diet-0", "allergies": "other_allergies"}


@dataclass
class Typed:
    """What stands in the fields of the form, and what is wrong with it.

    Attributes
    ----------
    fields : dict of str to str
        By the name of the field; a box that is ticked says `YES`.
    problems : dict of str to str
        What is wrong with a field, for beside it.
    """

    fields: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Return what stands in a field."""
        return self.fields.get(name, "")

    def has(self, *names: str) -> bool:
        """Tell whether anything stands in one of several fields, or is wrong with it."""
        return any(self.fields.get(name) or name in self.problems for name in names)

    def says_more(self, number: int) -> bool:
        """Tell whether anything but sex and age stands in the fields of somebody, or is wrong there."""
        questions = (f"condition-{place}" for place in range(len({one.choice for one in known_conditions().values()})))
        return self.has(*(f"{name}-{number}" for name in (*_MORE, *questions)))

    def says_of_all(self) -> bool:
        """Tell whether anything is said of everybody."""
        return self.has(*(f"{name}-all" for name in _FOR_ALL))

    def differs(self, *names: str) -> bool:
        """Tell whether one of several settings is not as it is where nothing is said, or is wrong."""
        usual = _fields_of(Wanted())
        return any(self.get(name) != usual.get(name, "") or name in self.problems for name in names)

    def is_wrong(self, number: int) -> bool:
        """Tell whether anything is wrong in the fields of somebody."""
        return any(name.endswith(f"-{number}") for name in self.problems if not name.startswith(_OF_FOODS))

    def has_wishes(self) -> bool:
        """Tell whether anything is said of what is not to be suggested."""
        ticked = (name for name in {*self.fields, *self.problems} if name.startswith(_OF_FOODS))
        return self.has("other_allergies", "dislikes", *ticked)

    def in_order(self, people: People) -> dict[str, str]:
        """Return what is wrong for the top of the page: whose it is is said too."""
        names = {f"{number}": eater.name for number, eater in enumerate(people.people) if eater.name}
        found = {}
        for name, words in self.problems.items():
            number = "" if name.startswith(_OF_FOODS) else name.rpartition("-")[2]
            found[name] = f"{names[number]}: {words}" if len(people.people) > 1 and number in names else words
        return found

    def take_wrong(self, wrong: list[Wrong]) -> None:
        """Put what a step says of what was said beside the fields it is about."""
        places = {self.get(name): name.removeprefix("name-") for name in self.fields if name.startswith("name-")}
        for one in wrong:
            if one.about or one.field in _FIELDS or one.field == "conditions":
                beside = f"{_FIELDS.get(one.field, 'condition-0')}-{places.get(one.about, '0')}"
            else:
                beside = _OF_WISHES.get(one.field, one.field)
            self.problems.setdefault(beside, _sentence(one.words))


@dataclass(frozen=True)
class Question:
    """What some figures depend on besides sex and age, as it is asked.

    Attributes
    ----------
    label, hint : str
    reference : str
        Whose figures depend on it.
    options : list of (str, str)
        Value and words of each answer.
    for_women : bool
        Whether it is asked of women only.
    """

    label: str
    hint: str
    reference: str
    options: list[tuple[str, str]]
    for_women: bool


def questions_of(people: People) -> list[Question]:
    """Return the questions of the fields ``condition-0``, ``condition-1`` ..., in their order."""
    by_question: dict[str, list[Condition]] = {}
    for one in people.conditions:
        by_question.setdefault(one.question, []).append(one)
    return [_question(name, answers) for name, answers in by_question.items()]


def _question(name: str, answers: list[Condition]) -> Question:
    first = answers[0]
    reference = find_reference(first.authority)
    return Question(
        label=name.capitalize(),
        hint=f"For {first.nutrient}, with {REFERENCES[reference].figures}.",
        reference=reference,
        options=[("", NOT_SAID), *((one.name, one.meaning[:1].upper() + one.meaning[1:]) for one in answers)],
        for_women=bool(first.sex),
    )


def typed_of(people: People) -> Typed:
    """Return the fields as they stand where nothing was typed yet: what was said before, or the Person sheet says."""
    fields: dict[str, str] = {}
    places = {name: place for place, one in enumerate(questions_of(people)) for name, _ in one.options}
    for number, eater in enumerate(people.people[:MOST_PEOPLE]):
        fields[f"name-{number}"] = eater.name
        someone = eater.said or eater.own
        if someone is not None:
            answers = _answers(someone)
            answers |= {f"condition-{places[name]}": name for name in someone.conditions}
            fields |= {f"{name}-{number}": answer for name, answer in answers.items() if answer}
    return Typed(fields | _wanted_fields(people))


def said_in(form: FormData, people: People) -> tuple[SaidOfPeople | None, Typed]:
    """Return what a form says, and what was typed; None where something in it cannot be read."""
    sent = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    # What the page did not offer stays as it was.
    typed = Typed({"reference": people.wanted.reference, "values": people.wanted.values} | sent)
    described = [_someone(typed, name.removeprefix("name-"), people) for name in typed.fields if name[:5] == "name-"]
    wanted = _wanted(typed, people)
    if typed.problems or wanted is None:
        return None, typed
    return SaidOfPeople(people=tuple(one for one in described if one is not None), wanted=wanted), typed


def _answers(someone: Someone) -> dict[str, str]:
    """Return what is said of somebody as it is typed."""
    return {
        "sex": someone.sex,
        "age": "" if someone.age_years is None else _age_in_words(someone.age_years),
        "birth": "" if someone.birth_date is None else someone.birth_date.isoformat(),
        "state": "pregnant" if someone.pregnant else "lactating" if someone.lactating else "",
        "weight": "" if someone.weight_kg is None else f"{someone.weight_kg:.10g} kg",
        "height": "" if someone.height_cm is None else f"{someone.height_cm:.10g} cm",
        "activity": someone.activity or "",
        "smoker": "" if someone.smoker is None else YES if someone.smoker else "no",
    }


def _age_in_words(years: float) -> str:
    """Return an age so that it is read as the same: of an infant in months, which are no round part of a year.

    Examples
    --------
    >>> _age_in_words(34.0), _age_in_words(7 / 12), _age_in_words(0.7)
    ('34', '7 months', '0.7')
    """
    months = round(12 * years)
    return f"{months} months" if 0 < months < 12 and years == months / 12 else f"{years:.10g}"


def _wanted_fields(people: People) -> dict[str, str]:
    wanted = people.wanted
    diets, allergies = _plain(wanted.diets), _plain(wanted.allergies)
    fields = {f"diet-{number}": YES for number, name in enumerate(people.diets) if name in diets}
    fields |= {f"allergy-{number}": YES for number, name in enumerate(people.allergens) if name in allergies}
    others = [name for name in allergies if name not in people.allergens]
    return _fields_of(wanted) | fields | {"other_allergies": ", ".join(others), "dislikes": ", ".join(wanted.dislikes)}


def _fields_of(wanted: Wanted) -> dict[str, str]:
    """Return the fields of settings but the wishes."""
    boxes = {name: YES for name in _BOXES if getattr(wanted, name)}
    return boxes | {"reference": wanted.reference, "edition": wanted.edition or "", "values": wanted.values}


def _plain(names: tuple[str, ...]) -> list[str]:
    return [name.replace("_", " ") for name in names]


def _someone(typed: Typed, number: str, people: People) -> Someone | None:
    """Return who is described in the fields with a number, None where nothing is; problems stand in `typed`."""
    own = {name: typed.get(f"{name}-{number}") for name in _OF_SOMEBODY}
    conditions = tuple(
        answer for place in range(len(questions_of(people))) if (answer := typed.get(f"condition-{place}-{number}"))
    )
    said = own | {name: own[name] or typed.get(f"{name}-all") for name in _FOR_ALL}
    if own["birth"]:
        said["age"] = own["age"]
    if not any((*own.values(), *conditions)) and not (said["sex"] and said["age"]):
        return None
    if not said["sex"]:
        typed.problems[f"sex-{number}"] = "Choose female or male: the figures are set for these two."
    if not said["age"] and not said["birth"]:
        typed.problems[f"age-{number}"] = "Give an age or a birth date: the figures depend on it."
    read: dict[str, Any] = {
        name: _read(typed, f"{name}-{number}", text, reader)
        for name, reader in _READERS.items()
        if (text := said[name])
    }
    if typed.problems:
        return None
    try:
        return Someone(
            name=typed.get(f"name-{number}"),
            sex=said["sex"],
            age_years=read.get("age"),
            birth_date=read.get("birth"),
            pregnant=said["state"] == "pregnant",
            lactating=said["state"] == "lactating",
            weight_kg=read.get("weight"),
            height_cm=read.get("height"),
            smoker=None if not said["smoker"] else said["smoker"] == YES,
            conditions=conditions,
            activity=said["activity"] or None,
        )
    except ValidationError as error:
        _take_invalid(typed, error, lambda name: f"{_FIELDS.get(name, 'sex')}-{number}")
        return None


def _birth(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise PersonError(
            f'cannot read the birth date "{text[:40]}". Write it as 1974-03-10: year, month, day.'
        ) from None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "age": read_age,
    "birth": _birth,
    "weight": read_weight,
    "height": read_height,
}


def _read(typed: Typed, name: str, text: str, reader: Callable[[str], Any]) -> Any:
    """Return what is typed in a field about somebody, as far as it is a figure that can be somebody's."""
    try:
        value = reader(text)
    except PersonError as error:
        typed.problems[name] = _sentence(str(error))
        return None
    if words := why_not_used("female", _MEANT[name.partition("-")[0]], value):
        typed.problems[name] = _sentence(words)
    return value


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _wanted(typed: Typed, people: People) -> Wanted | None:
    """Return what is to be worked out; problems stand in `typed`."""
    ticked = [name for number, name in enumerate(people.allergens) if typed.get(f"allergy-{number}")]
    said = {name: typed.get(name) == YES for name in _BOXES} | {
        "reference": typed.get("reference"),
        "edition": typed.get("edition") or None,
        "values": typed.get("values"),
        "diets": [name for number, name in enumerate(people.diets) if typed.get(f"diet-{number}")],
        "allergies": [*ticked, *_parts(typed.get("other_allergies"))],
        "dislikes": _parts(typed.get("dislikes")),
    }
    try:
        return Wanted.model_validate(said)
    except ValidationError as error:
        _take_invalid(typed, error, lambda name: _OF_WISHES.get(name, name))
        return None


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", ",").replace("\n", ",").split(",") if part.strip()]


def _take_invalid(typed: Typed, error: ValidationError, place: Callable[[str], str]) -> None:
    """Put what the model of an answer refuses beside its field; never the answer itself."""
    for one in error.errors(include_input=False, include_url=False):
        typed.problems.setdefault(place(str(one["loc"][0])), f"This cannot be used: {one['msg'].lower()}.")
