"""The steps from files to weighed entries, each with what the next one needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Unpack

from nutridiary.aliases import own_aliases
from nutridiary.analysis.sources import FROM_RELEASE, FoodSources, Told, apart, find_foods
from nutridiary.diary import Diary, read_whole
from nutridiary.foods import FoodData
from nutridiary.intake import check_values, choose_recorded
from nutridiary.matching import match_foods
from nutridiary.portions import weigh, without_unit_weights
from nutridiary.splitting import split_lines
from nutridiary.tables import WEIGHED, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.fdc.looked_up import LookedUp
    from nutridiary.own_foods import OwnFoods

    Progress = Callable[[str, int], None]

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


@dataclass(frozen=True)
class Prepared:
    """A diary that has been read, with the foods its lines can be matched to.

    Attributes
    ----------
    diary : Diary
    foods : FoodData
        The shipped foods; those that are asked of FoodData Central; the user's own.
    aliases : pandas.DataFrame or None
        `tables.ALIASES`, the user's.
    own_foods : OwnFoods or None
        None where the diary has neither recipes nor own foods.
    looked_up : LookedUp or None
        The records among `foods` that are in no food database.
    label_notes : mapping of int to str
        What the lines of a food say of its label.
    """

    diary: Diary
    foods: FoodData
    aliases: pd.DataFrame | None
    own_foods: OwnFoods | None = None
    looked_up: LookedUp | None = None
    label_notes: Mapping[int, str] = field(default_factory=dict)

    @property
    def known_texts(self) -> pd.DataFrame | None:
        """What goes before any rule: the names of own foods, then the aliases, which win (`tables.ALIASES`)."""
        import pandas as pd

        tables = [
            *([self.own_foods.aliases] if self.own_foods else []),
            *([] if self.aliases is None else [self.aliases]),
        ]
        return pd.concat(tables, ignore_index=True) if tables else None


def prepare(
    paths: Paths,
    *,
    aliases: Paths = (),
    defaults: bool = False,
    progress: Progress | None = None,
    **told: Unpack[Told],
) -> Prepared:
    """Read a food diary, and make ready the foods its lines can be matched to.

    The parameters are those of `analyze`.

    Raises
    ------
    NutridiaryError
        If a file cannot be read, none is a diary, or an alias cannot be used.
    """
    (progress or silence)("reading the diary", 0)
    sources, reading = apart(told)
    diary = read_whole(paths, **reading)
    return prepare_diary(diary, own_aliases(aliases), sources=sources, defaults=defaults, progress=progress)


def prepare_diary(
    diary: Diary,
    own: pd.DataFrame | None = None,
    *,
    sources: FoodSources = FROM_RELEASE,
    defaults: bool = False,
    progress: Progress | None = None,
) -> Prepared:
    """Make ready the foods that the lines of a diary can be matched to.

    Parameters
    ----------
    diary : Diary
    own : pandas.DataFrame, optional
        `tables.ALIASES`, the user's.
    sources : FoodSources
    defaults, progress
        As in `analyze`.
    """
    tell = progress or silence
    if sources.online:
        tell("asking FoodData Central", len(diary.entries))
    found = find_foods(diary, sources, own)
    diary = found.diary
    ready = Prepared(diary, found.foods, own, looked_up=found.looked_up, label_notes=found.label_notes)
    if diary.recipes.empty and diary.own_foods.empty:
        return ready
    from nutridiary.own_foods import build_own_foods

    tell("working out your own foods", len(diary.recipes) + len(diary.own_foods))
    built = build_own_foods(diary.recipes, diary.own_foods, found.foods, own, defaults=defaults)
    return replace(ready, foods=built.foods, own_foods=built)


def weighed_entries(
    paths: Paths,
    *,
    aliases: Paths = (),
    defaults: bool = False,
    split: bool = True,
    values: str = "ours",
    progress: Progress | None = None,
    **told: Unpack[Told],
) -> pd.DataFrame:
    """Read a food diary and return its entries after matching and weighing, problem rows included.

    The parameters are those of `analyze`.

    Returns
    -------
    pandas.DataFrame
        `tables.WEIGHED`.

    Raises
    ------
    NutridiaryError
        If the file is no diary.
    """
    return weigh_diary(
        paths,
        aliases=aliases,
        defaults=defaults,
        split=split,
        values=values,
        progress=progress,
        **told,
    )[1]


def weigh_diary(
    paths: Paths,
    *,
    aliases: Paths = (),
    defaults: bool = False,
    split: bool = True,
    values: str = "ours",
    progress: Progress | None = None,
    **told: Unpack[Told],
) -> tuple[Prepared, pd.DataFrame]:
    """Return what was read of a diary, and its entries as `weighed_entries` does."""
    check_values(values)
    ready = prepare(paths, aliases=aliases, defaults=defaults, progress=progress, **told)
    weighed, _ = weigh_prepared(ready, defaults=defaults, split=split, progress=progress)
    return ready, without_unit_weights(choose_recorded(weighed, values), ready.foods)


def weigh_prepared(
    ready: Prepared, *, defaults: bool = False, split: bool = True, progress: Progress | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the entries of a diary after matching and weighing, and the doses of its supplements."""
    weighed = match_and_weigh(
        ready.diary.entries, ready.foods, ready.known_texts, defaults=defaults, split=split, progress=progress
    )
    return take_supplements(with_notes_of_labels(weighed, ready), ready.diary.products)


def with_notes_of_labels(weighed: pd.DataFrame, ready: Prepared) -> pd.DataFrame:
    """Return the entries with what is to be said of the labels of their foods."""
    if not ready.label_notes:
        return weighed
    from nutridiary.brands.label_foods import add_label_notes

    return add_label_notes(weighed, ready.label_notes)


def match_and_weigh(
    entries: pd.DataFrame,
    foods: FoodData,
    aliases: pd.DataFrame | None = None,
    *,
    defaults: bool = False,
    split: bool = True,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the entries of a diary with the food and weight of each, problem rows included.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`.
    foods : FoodData
    aliases : pandas.DataFrame, optional
        `tables.ALIASES`, which go before any rule.
    defaults, split, progress
        As in `analyze`.

    Returns
    -------
    pandas.DataFrame
        `tables.WEIGHED`.
    """
    tell = progress or silence
    if split:
        tell("telling foods of one line apart", len(entries))
    # What the user said a line holds goes with and without the rules.
    entries = split_lines(entries, foods, aliases, by_rule=split)
    tell("matching lines to foods", len(entries))
    matched = match_foods(entries, foods, aliases)
    tell("weighing", len(entries))
    return weigh(matched, foods, aliases, defaults=defaults)


def take_supplements(weighed: pd.DataFrame, products: pd.DataFrame | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the entries, supplements without a dose now with a problem, and the doses of the others.

    Parameters
    ----------
    weighed : pandas.DataFrame
        `tables.WEIGHED`.
    products : pandas.DataFrame, optional
        `tables.SUPPLEMENT_PRODUCTS`.

    Returns
    -------
    weighed : pandas.DataFrame
        `tables.WEIGHED`, the same rows.
    doses : pandas.DataFrame
        `tables.SUPPLEMENT_DOSES`.
    """
    from nutridiary.supplements import supplement_doses

    entries, doses = supplement_doses(weighed, products)
    return conform(entries, WEIGHED), doses


def silence(step: str, lines: int) -> None:
    """Say nothing of a step."""
