"""What an analysis works on, read from files: a diary, who ate, the user's aliases."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from nutridiary.aliases import own_aliases
from nutridiary.aliases.usage import describe_files
from nutridiary.analysis.record import NOBODY
from nutridiary.analysis.sources import FROM_RELEASE, FoodSources, Told, apart
from nutridiary.diary import Diary, ReadingOptions, read_whole
from nutridiary.diary.named_columns import check_columns, columns_in_words
from nutridiary.errors import PersonError, did_you_mean, listing

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis.steps import Paths
    from nutridiary.references import Person

# What of the reading tells nothing of whose diary it is.
_NOBODYS = ("day_first", "format", "day_starts", "daily_values")


@dataclass(frozen=True)
class Inputs:
    """What an analysis works on.

    Attributes
    ----------
    diary : Diary
    people : dict of str to Person
        As in `Analysis`.
    aliases : pandas.DataFrame or None
        `tables.ALIASES`, the user's.
    settings : dict of str to str
        What was read and how, for the report's About sheet.
    sources : FoodSources
        Where the foods of its lines may come from.
    locked : dict
        What a lock says of the reading and the aliases, as `nutridiary.lock.lock_inputs` returns it; empty where
        that is not known.
    """

    diary: Diary
    people: dict[str, Person]
    aliases: pd.DataFrame | None = None
    settings: dict[str, str] = field(default_factory=dict)
    sources: FoodSources = FROM_RELEASE
    locked: dict[str, Any] = field(default_factory=dict)


def read_inputs(
    path: Paths,
    person: Person | None = None,
    *,
    people: Mapping[str, Person] | None = None,
    aliases: Paths = (),
    de_identify: bool = False,
    **told: Unpack[Told],
) -> Inputs:
    """Read what an analysis works on.

    The parameters are those of `analyze`.

    Returns
    -------
    Inputs

    Raises
    ------
    NutridiaryError
        If the file is no diary, an alias cannot be used, or a person contradicts the diary.
    """
    diary = read_whole(path, **apart(told)[1])
    return make_inputs(diary, path, person, people=people, aliases=aliases, de_identify=de_identify, **told)


def make_inputs(
    diary: Diary,
    path: Paths,
    person: Person | None = None,
    *,
    people: Mapping[str, Person] | None = None,
    aliases: Paths = (),
    de_identify: bool = False,
    **told: Unpack[Told],
) -> Inputs:
    """Return what an analysis works on, of a diary that was read already: from `path`, as it was told.

    The other parameters are those of `analyze`; nothing is read but the aliases.

    Returns
    -------
    Inputs

    Raises
    ------
    NutridiaryError
        If an alias cannot be used, or a person contradicts the diary.
    """
    from nutridiary.lock import lock_inputs

    own = own_aliases(aliases)
    described = people_of(diary.entries, person, {**own_people(diary), **(people or {})})
    sources, reading = apart(told)
    locked = lock_inputs(reading, own, de_identify=de_identify, **sources.asked)
    # In one order, whatever the order in which a caller says them.
    ordered = {name: reading.get(name) for name in ReadingOptions.__annotations__}
    asked = {name: _said(value) for name, value in ordered.items() if value not in (None, {})}
    files = [path] if isinstance(path, str | os.PathLike) else list(path)
    settings = {"diary": listing(Path(file).name for file in files), **sources.said}
    if not de_identify:
        settings |= {name.replace("_", " "): value for name, value in asked.items()} | describe_files(aliases)
        return Inputs(diary, described, own, settings, sources, locked)
    from nutridiary.de_identification import de_identify as without_whose_it_is
    from nutridiary.de_identification import without_names

    safe = without_whose_it_is(diary, described)
    settings["diary"] = listing(safe.diary.files["source"])
    settings |= {name.replace("_", " "): asked[name] for name in _NOBODYS if name in asked}
    return Inputs(
        safe.diary,
        safe.people,
        None if own is None else without_names(own, safe.names),
        {**settings, **safe.said},
        sources,
        locked,
    )


def _said(value: object) -> str:
    """Return in words what the reading was told."""
    return columns_in_words(check_columns(value)) if isinstance(value, Mapping) else str(value)


def own_people(diary: Diary) -> dict[str, Person]:
    """Return who a diary itself describes, by the names of its lines.

    Whom a Person sheet leaves without a name is the one person of the diary, also where its lines name them.
    """
    named = diary.entries["person_id"]
    if set(diary.people) != {NOBODY} or named.isna().any() or len(named.unique()) != 1:
        return dict(diary.people)
    return {str(named.iloc[0]): diary.people[NOBODY]}


def people_of(entries: pd.DataFrame, person: Person | None, people: Mapping[str, Person]) -> dict[str, Person]:
    """Return who is who: the people of `entries` whose sex and age are known.

    Raises
    ------
    PersonError
        If one person is described for a diary of several, or someone is described whom the
        diary does not name.
    """
    named = sorted(entries["person_id"].dropna().unique())
    present = [*named, *([NOBODY] if entries["person_id"].isna().any() else [])]
    if person is not None:
        if len(present) > 1:
            raise PersonError(
                f"The diary is of {len(present)} people ({listing(name or 'nobody named' for name in present)}), "
                "but one person was described. Describe each on a sheet named Person "
                "(columns Person, Sex, Age), or pass people={'name': Person(...)}."
            )
        people = dict.fromkeys(present, person)
    if present == [NOBODY] and len(people) == 1:
        # A Person sheet may name the one person of a diary whose lines need no name.
        return {NOBODY: next(iter(people.values()))}
    for name in people:
        if name not in present and len(entries):
            if not name:
                raise PersonError(
                    f"Somebody without a name is described, but the diary names {listing(named)}. "
                    "Say which of them it is: on its sheet named Person, in the column Person."
                )
            raise PersonError(
                f"'{name}' is described but has no line in the diary. It names: {listing(named) or 'nobody'}."
                + did_you_mean(name, named)
            )
    return dict(people)
