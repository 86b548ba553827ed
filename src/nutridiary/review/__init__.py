"""What a person should look at in a diary, most telling first: its distinct texts, foods and weights."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from nutridiary.analysis import match_and_weigh, prepare
from nutridiary.analysis.steps import silence, take_supplements, with_notes_of_labels
from nutridiary.errors import listing
from nutridiary.portions import without_unit_weights
from nutridiary.review.record import LIKELY, Review, how_sure
from nutridiary.review.texts import review_entries
from nutridiary.splitting import split_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from nutridiary.analysis.sources import Told
    from nutridiary.analysis.steps import Paths, Prepared

    Progress = Callable[[str, int], None]

__all__ = ["LIKELY", "Review", "how_sure", "review", "review_entries", "review_prepared"]


def review(
    path: Paths,
    *,
    aliases: Paths = (),
    split: bool = True,
    defaults: bool = False,
    progress: Progress | None = None,
    **told: Unpack[Told],
) -> Review:
    """Read a food diary and list what a person should look at, most telling first.

    The parameters are those of `nutridiary.analysis.analyze`.

    Returns
    -------
    Review

    Raises
    ------
    NutridiaryError
        If the file is no diary, or an alias cannot be used.
    """
    files = [path] if isinstance(path, str | os.PathLike) else list(path)
    ready = prepare(path, aliases=aliases, defaults=defaults, progress=progress, **told)
    name = listing(Path(one).name for one in files)
    return review_prepared(ready, split=split, defaults=defaults, diary=name, progress=progress)


def review_prepared(
    ready: Prepared, *, split: bool = True, defaults: bool = False, diary: str = "", progress: Progress | None = None
) -> Review:
    """Return the review of a diary that was read already.

    Parameters
    ----------
    ready : nutridiary.analysis.steps.Prepared
        As `nutridiary.analysis.prepare` returns it.
    split, defaults, progress
        As in `nutridiary.analysis.analyze`.
    diary : str
        Name of the diary's file.

    Returns
    -------
    Review
    """
    tell, written, foods = progress or silence, ready.diary.entries, ready.foods
    if split:
        tell("telling foods of one line apart", len(written))
    entries = split_lines(written, foods, ready.known_texts, by_rule=split)
    weighed = match_and_weigh(entries, foods, ready.known_texts, defaults=defaults, split=False, progress=progress)
    weighed = without_unit_weights(weighed, foods)
    tell("looking for alternatives", len(weighed))
    found = review_entries(entries, weighed, foods, written=written, diary=diary)
    # As in an analysis: what is to be said of labels, and what is left out of supplements.
    weighed = with_notes_of_labels(weighed, ready)
    return replace(found, weighed=take_supplements(weighed, ready.diary.products)[0])
