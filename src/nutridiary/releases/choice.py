"""Which of the installed releases is in use, and which are not needed any more."""

from __future__ import annotations

from nutridiary.errors import FoodDataError
from nutridiary.fdc.installed import EMBEDDED, FOODS, check_release, release_file, release_in_use, releases_folder
from nutridiary.fdc.store import Store
from nutridiary.releases.alone import one_at_a_time
from nutridiary.releases.faults import told
from nutridiary.releases.folder import lock_path, take_away, write_in_use


def use_release(name: str) -> str:
    """Put a release in use: every analysis from now on takes its foods.

    Parameters
    ----------
    name : str
        Of an installed release, or "embedded".

    Returns
    -------
    str
        The release that was in use before.

    Raises
    ------
    FoodDataError
        If there is no such release, it does not work, or the choice cannot be written down.
    """
    check_release(name)
    database = release_file(FOODS, name)
    if database is None:
        raise FoodDataError(f"{releases_folder() / name}: has no {FOODS}. Remove it: nutridiary fdc remove {name}")
    Store(database)
    before = named_in_use()
    with told(releases_folder().parent):
        write_in_use(name)
    return before


def remove_release(name: str) -> None:
    """Remove an installed release that is not in use.

    Raises
    ------
    FoodDataError
        If there is no such release, it is in use or the embedded one, or it cannot be removed.
    """
    if name == EMBEDDED:
        raise FoodDataError("The embedded release is part of the program and stays: there is always one to go back to.")
    check_release(name)
    if name == named_in_use():
        raise FoodDataError(f"{name}: in use. Choose another first: nutridiary fdc use {EMBEDDED}")
    with told(releases_folder()), one_at_a_time(lock_path()):
        take_away(name)


def named_in_use() -> str:
    """Return the release named as the one in use, "embedded" where what names it cannot be read."""
    try:
        return release_in_use()
    except FoodDataError:
        return EMBEDDED
