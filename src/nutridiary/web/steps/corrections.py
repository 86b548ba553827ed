"""What was corrected, as the files of aliases that every step reads: the same files the person can take away.

The command line given these files says the same as the pages.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nutridiary.errors import AliasError
from nutridiary.web.asked import Asked, Correction
from nutridiary.web.steps.kept import ALIASES

if TYPE_CHECKING:
    from nutridiary.aliases.files import Said
    from nutridiary.foods import FoodData

FOR_GOOD, THIS_DIARY = "aliases.csv", "this_diary.csv"
"""Corrections for later diaries too, added to the uploaded files of aliases; and those for this diary alone."""

UPLOADED = "uploaded"
NOTE = "corrected on the web page"
_KEPT_AT_ONCE = 5
_NOWHERE = ":0: "


def alias_digest(asked: Asked) -> str:
    """Return a name for the files that `alias_files` writes: the same for the same."""
    corrected_on = asked.corrected_on if asked.corrections else None
    return Asked(files=(), aliases=asked.aliases, corrections=asked.corrections, corrected_on=corrected_on).digest()


def alias_files(folder: Path, asked: Asked) -> list[Path]:
    """Return the files of aliases that go for a diary, in the order in which they count, the last one most.

    Parameters
    ----------
    folder : Path
        Of the diary.
    asked : Asked

    Returns
    -------
    list of Path
        To be given as `aliases`: ``aliases.csv`` with what was uploaded and what is kept, ``this_diary.csv`` with what
        goes for this diary alone; only those that hold something. The same `asked` gives the same bytes.

    Raises
    ------
    AliasError
        If an uploaded file or a correction cannot be used.
    """
    if not (asked.aliases or asked.corrections):
        return []
    place = folder / ALIASES / alias_digest(asked)
    if not place.is_dir():
        _write(place, folder, asked)
    return [place / name for name in (FOR_GOOD, THIS_DIARY) if (place / name).exists()]


def problem_of(correction: Correction, asked: Asked | None = None) -> str:
    """Return why a correction cannot be used, in words for whoever made it; empty where it can.

    Parameters
    ----------
    correction : Correction
    asked : Asked, optional
        With what was corrected already: the parts of one text may lead back to it by those of another.

    Examples
    --------
    >>> problem_of(Correction(said="tea", decision="weight", unit="g", grams_per_unit=2))[:37]
    "The unit 'g' is a weight already. Nam"
    >>> problem_of(Correction(said="bread and butter", decision="parts", parts="2 slices bread; butter"))
    ''
    """
    alone = _problem_of_all([correction])
    if alone or asked is None or correction.decision != "parts":
        return alone
    return _problem_of_all(_parts_in(asked.with_correction(correction)))


def first_problem(corrections: Sequence[Correction], asked: Asked) -> str:
    """Return why corrections cannot be used in addition to those of `asked`, as `problem_of`; empty where they can.

    Each is looked at once, and how the parts of one lead to those of another once for all of them.
    """
    for place, one in enumerate(corrections):
        if problem := _problem_of_all([one]):
            return f"corrections.{place}: {problem}"
    if not any(one.decision == "parts" for one in corrections):
        return ""
    problem = _problem_of_all(_parts_in(asked.with_corrections(corrections)))
    return f"corrections: {problem}" if problem else ""


def _parts_in(asked: Asked) -> list[Correction]:
    return [one for one in asked.corrections if one.decision == "parts"]


def _problem_of_all(corrections: Sequence[Correction]) -> str:
    from nutridiary.aliases.parts import check_loops
    from nutridiary.foods import load_foods

    try:
        check_loops(_said_of(corrections, load_foods()))
    except AliasError as error:
        return _in_words(error)
    return ""


def _write(place: Path, folder: Path, asked: Asked) -> None:
    """Write the files, all or none: another process may be writing the same."""
    from nutridiary.aliases.files import write_aliases
    from nutridiary.aliases.learning import learned_into
    from nutridiary.aliases.parts import check_loops
    from nutridiary.foods import load_foods

    foods = load_foods()
    uploaded = _uploaded(folder, asked, foods)
    for_good, this_diary = (
        _said_of([one for one in asked.corrections if one.keep is keep], foods) for keep in (True, False)
    )
    made: dict[str, list[Said]] = {}
    for name, before, new in ((FOR_GOOD, uploaded, for_good), (THIS_DIARY, [], this_diary)):
        made[name], _ = learned_into(before, new, foods, on=asked.corrected_on, note=NOTE)
    try:
        check_loops({said.about: said for name in made for said in made[name]}.values())
    except AliasError as error:
        raise AliasError(_in_words(error)) from None
    place.parent.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".", ignore_cleanup_errors=True) as temporary:
        whole = Path(temporary) / place.name
        whole.mkdir()
        for name, said in made.items():
            if said:
                write_aliases(said, whole / name)
        # Whoever was quicker wrote the same.
        with suppress(OSError):
            whole.rename(place)
    _forget_older(place.parent)


def _uploaded(folder: Path, asked: Asked, foods: FoodData) -> list[Said]:
    """Return what the uploaded files say, of the same text what the last one says."""
    from nutridiary.aliases.files import read_said
    from nutridiary.aliases.learning import check_said

    found: dict[tuple[str, str, str], Said] = {}
    for name in asked.aliases:
        said = read_said(folder / UPLOADED / name)
        check_said(said, foods)
        found |= {one.about: one for one in said}
    return list(found.values())


def _said_of(corrections: Sequence[Correction], foods: FoodData) -> list[Said]:
    """Return corrections as the rows of a file of aliases.

    Raises
    ------
    AliasError
        In words that name no file: the person wrote none.
    """
    from nutridiary.aliases.files import said_of
    from nutridiary.aliases.learning import check_said

    found: list[Said] = []
    for one in corrections:
        try:
            said = said_of(_cells(one), ("", 0))
            check_said(said, foods)
        except AliasError as error:
            raise AliasError(_in_words(error)) from None
        found += said
    return found


def _in_words(error: AliasError) -> str:
    """Return what an error says, without the file and row that a correction has not."""
    text = str(error)
    said = text.removeprefix(_NOWHERE)
    return text if said == text else f"{said[:1].upper()}{said[1:]}"


def _cells(correction: Correction) -> dict[str, str]:
    """Return a correction as the cells of a row: of what does not go with its decision nothing stays."""
    return dict(_filled(correction))


def _filled(correction: Correction) -> Iterator[tuple[str, str]]:
    from nutridiary.aliases.files import plain_number

    decision = correction.decision
    yield from (("said", correction.said), ("brand", correction.brand), ("decision", decision))
    if decision == "food" and correction.fdc_id is not None:
        yield "fdc_id", str(correction.fdc_id)
    if decision == "weight":
        yield "unit", correction.unit
        yield "grams_per_unit", "" if correction.grams_per_unit is None else plain_number(correction.grams_per_unit)
    if decision == "parts":
        yield "parts", correction.parts


def _forget_older(folder: Path) -> None:
    """Forget the files of earlier corrections, but the latest: another page may be reading them."""
    with suppress(OSError):
        older = sorted(folder.glob("[!.]*"), key=lambda place: place.stat().st_mtime, reverse=True)
        for place in older[_KEPT_AT_ONCE:]:
            shutil.rmtree(place, ignore_errors=True)
