"""The lock of an analysis: made of what it works on, and held against one that was given."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nutridiary.aliases import own_aliases
from nutridiary.analysis.sources import FoodSources, branded_beside
from nutridiary.fdc.looked_up import identity_of
from nutridiary.lock import Lock, check_lock, lock_inputs, make_lock, read_lock

if TYPE_CHECKING:
    from nutridiary.analysis.inputs import Inputs
    from nutridiary.analysis.options import Options
    from nutridiary.analysis.steps import Paths, Prepared, Progress
    from nutridiary.references import Person

    Locked = str | os.PathLike[str] | Lock


def lock_of(inputs: Inputs, options: Options, ready: Prepared, locked: Lock | None = None) -> Lock | None:
    """Return the lock of an analysis.

    Parameters
    ----------
    inputs : Inputs
    options : Options
    ready : Prepared
        Whose food data is opened, and whose records were looked up.
    locked : Lock, optional
        What it has to be.

    Returns
    -------
    Lock or None
        None where it is not known how the diary was read.

    Raises
    ------
    LockError
        If something is not as `locked` says.
    """
    if not inputs.locked:
        if locked is not None:
            raise ValueError("inputs that were not read from files have no lock to hold against another")
        return None
    here = _lock(inputs, options, ready)
    if locked is not None:
        check_lock(locked, here, looked_up=ready.looked_up)
    return here


def _lock(inputs: Inputs, options: Options, ready: Prepared) -> Lock:
    from nutridiary.foods import load_foods

    # Those of `ready` hold what was looked up as well, which is told by itself.
    foods = inputs.sources.foods or load_foods()
    return make_lock(inputs.locked, dataclasses.asdict(options), foods, ready.looked_up)


def refuse_other(
    locked: Locked,
    options: Options,
    reading: Mapping[str, Any],
    aliases: Paths = (),
    *,
    sources: FoodSources,
    de_identify: bool = False,
) -> Lock:
    """Refuse, before a diary is read, what a lock does not allow: all but the records that are looked up for it.

    Where the lock rests on branded foods of a release, they have to be here, whatever the diary holds.

    Parameters
    ----------
    locked : path-like or Lock
        A lock, its file, or a report that carries one.
    options : Options
    reading : mapping of str to object
        What `read_whole` is told.
    aliases, de_identify
        As in `analyze`.
    sources : FoodSources
        Where foods may come from.

    Returns
    -------
    Lock
        What was given as `locked`.

    Raises
    ------
    LockError
        If it cannot be read, or something is not as it says.
    """
    from nutridiary.foods import load_foods

    expected = locked if isinstance(locked, Lock) else read_lock(locked)
    inputs = lock_inputs(reading, own_aliases(aliases), de_identify=de_identify, **sources.asked)
    foods = sources.foods or load_foods()
    here = make_lock(inputs, dataclasses.asdict(options), foods)
    if expected.data["branded"] and sources.looked_up is None:
        branded = branded_beside(foods)
        identity = {"release": "", "sha256": ""} if branded is None else identity_of(branded)
        here = Lock({**here.data, "branded": identity})
    check_lock(expected, here, "" if isinstance(locked, Lock) else str(locked))
    return expected


def lock_diary(
    path: Paths,
    person: Person | None = None,
    *,
    progress: Progress | None = None,
    **asked: Any,
) -> Lock:
    """Return the lock that an analysis of a diary would have, without making the analysis.

    The parameters are those of `analyze`. What the diary needs beyond the food database is looked up as there.

    Returns
    -------
    Lock

    Raises
    ------
    NutridiaryError
        As `analyze`.
    """
    from nutridiary.analysis.inputs import read_inputs
    from nutridiary.analysis.options import Options
    from nutridiary.analysis.steps import prepare_diary

    names = [field.name for field in dataclasses.fields(Options)]
    options = Options(**{name: asked.pop(name) for name in names if name in asked})
    inputs = read_inputs(path, person, **asked)
    ready = prepare_diary(
        inputs.diary, inputs.aliases, sources=inputs.sources, defaults=options.defaults, progress=progress
    )
    return _lock(inputs, options, ready)
