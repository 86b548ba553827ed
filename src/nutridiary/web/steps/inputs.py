"""Who ate and what is to be worked out: what a person said of it, as an analysis takes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nutridiary.references import Person
from nutridiary.web.asked import Asked, Someone, Wanted
from nutridiary.web.steps.corrections import alias_files
from nutridiary.web.steps.kept import files_of, reading_options
from nutridiary.web.steps.reading import diary_of

if TYPE_CHECKING:
    from nutridiary.analysis import Inputs
    from nutridiary.analysis.options import Options
    from nutridiary.diary import Diary


def people_of(asked: Asked) -> dict[str, Person]:
    """Return who was described, by the name the diary uses; "" for the person of a diary that names nobody.

    Raises
    ------
    PersonError
        If what was said of somebody contradicts itself.
    """
    return {someone.name: person_of(someone) for someone in asked.people}


def person_of(someone: Someone) -> Person:
    """Return somebody as the references take them.

    Raises
    ------
    PersonError
        If what was said contradicts itself.

    Examples
    --------
    >>> person_of(Someone(name="Ann", sex="female", age_years=34)).age_years
    34.0
    """
    return Person(**someone.model_dump(exclude={"name"}))


def options_of(asked: Asked) -> Options:
    """Return what is to be worked out.

    Raises
    ------
    NutridiaryError
        If a name is unknown, or what is needed for it is not installed.
    """
    return as_options(asked.wanted)


def as_options(wanted: Wanted) -> Options:
    """Return what is wanted as an analysis takes it; NutridiaryError as for `options_of`."""
    from nutridiary.analysis.options import Options

    return Options(**wanted.model_dump(exclude={"de_identify"}))


def inputs_of(folder: Path, asked: Asked) -> Inputs:
    """Return what an analysis of the diary in `folder` works on.

    Raises
    ------
    NutridiaryError
        If the files are no diary, or what was said contradicts them.
    """
    from nutridiary.analysis import make_inputs

    return make_inputs(
        diary_of(folder, asked),
        files_of(folder, asked),
        people=described_of(folder, asked),
        aliases=alias_files(folder, asked),
        de_identify=asked.wanted.de_identify,
        **reading_options(asked),
    )


def described_of(folder: Path, asked: Asked) -> dict[str, Person]:
    """Return who of the people in the diary was described.

    What was said of somebody the diary does not name (any more, read another way) is left aside.
    """
    named = names_in(diary_of(folder, asked))
    return {name: person for name, person in people_of(asked).items() if name in named}


def names_in(diary: Diary) -> list[str]:
    """Return by what names people of a diary are described: as its lines name them, or its Person sheet.

    Of a diary whose lines name nobody, a Person sheet may name the one who ate; else that is "".
    """
    named = sorted(diary.entries["person_id"].dropna().unique())
    if diary.entries["person_id"].isna().any():
        alone = not named and len(diary.people) == 1
        named = [*diary.people] if alone else [*named, ""]
    return named
