"""The whole line, from a diary file to every table a report needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nutridiary.aliases import own_aliases
from nutridiary.aliases.usage import describe_files, describe_use
from nutridiary.comparison import compare, compare_days, upper_level_nutrients
from nutridiary.diary import read_diary, read_people
from nutridiary.errors import PersonError, did_you_mean, listing
from nutridiary.foods import FoodData, load_foods
from nutridiary.intake import daily_intakes, food_contributions, nutrient_intakes
from nutridiary.matching import match_foods
from nutridiary.nutrients import check_nutrients, panel_nutrients
from nutridiary.portions import weigh
from nutridiary.references import Person, reference_values
from nutridiary.splitting import split_lines
from nutridiary.tables import REFERENCE_VALUES, conform

if TYPE_CHECKING:
    import datetime

    import pandas as pd

    Progress = Callable[[str, int], None]

NOBODY = ""
"""The key, in a mapping of people, of the person of a diary that names nobody."""


@dataclass(frozen=True)
class Analysis:
    """Everything that was found out about a diary, table by table.

    Attributes
    ----------
    entries : pandas.DataFrame
        Every line of the diary after matching and weighing (`tables.WEIGHED`), problem rows included.
    intakes, days, day_comparison, comparison, references, contributions : pandas.DataFrame
        `tables.INTAKES`, `DAILY_INTAKES`, `DAY_COMPARISON`, `COMPARISON`, `REFERENCE_VALUES` and
        `CONTRIBUTIONS`. `references` has a leading ``person_id`` column.
    people : mapping of str to Person
        Who was compared with what; the key `NOBODY` stands for the person of a diary that names
        nobody. Empty where nobody's sex and age are known.
    releases : pandas.DataFrame
        The food composition releases the figures come from.
    settings : mapping of str to str
        What was asked for, for the report's About sheet: diary file, version, options.
    """

    entries: pd.DataFrame
    intakes: pd.DataFrame
    days: pd.DataFrame
    day_comparison: pd.DataFrame
    comparison: pd.DataFrame
    references: pd.DataFrame
    contributions: pd.DataFrame
    people: Mapping[str, Person]
    releases: pd.DataFrame
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> pd.DataFrame:
        """The entries that were left out of the totals, each with its reason."""
        return self.entries[self.entries["problem"].notna()].reset_index(drop=True)

    def to_excel(self, path: str | os.PathLike[str]) -> Path:
        """Write the report as an Excel workbook and return where it is."""
        from nutridiary.report import to_excel

        return to_excel(self, path)

    def _repr_html_(self) -> str:
        from nutridiary.report import summary_html

        return summary_html(self)


def analyze(
    path: str | os.PathLike[str],
    person: Person | None = None,
    *,
    people: Mapping[str, Person] | None = None,
    nutrients: Sequence[str] | None = None,
    edition: str | None = None,
    fill_in: bool = True,
    sheet: str | None = None,
    date: datetime.date | None = None,
    day_first: bool | None = None,
    online: bool = False,
    aliases: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
    defaults: bool = False,
    split: bool = True,
    progress: Progress | None = None,
) -> Analysis:
    """Read a food diary and work out everything a report says about it.

    Parameters
    ----------
    path : path-like
        The diary, ``.xlsx`` or ``.csv``.
    person : Person, optional
        Who ate, for a diary of one person.
    people : mapping of str to Person, optional
        Who ate, by the names the diary uses. What is given here goes before the diary's own
        Person sheet.
    nutrients : sequence of str, optional
        Names of ``nutrients.csv``; by default the core panel and what surrounds it.
    edition : str, optional
        Reference edition to hold intakes against instead of the current one, such as ``"2005"``.
    fill_in : bool
        Take a value that a food's record lacks from a twin record of the same food, as in
        `nutrient_intakes`.
    sheet, date, day_first
        As in `read_diary`.
    online : bool
        Ask FoodData Central for the FDC ids the diary or an alias states and the shipped tables
        lack. Only those numbers leave the machine.
    aliases : path-like or sequence of path-like
        Files of the user's own aliases, as in `nutridiary.aliases.load_aliases`; later ones win.
    defaults : bool
        Weigh what cannot be weighed by the amount people typically eat of it, flagged; by default it stays a problem.
    split : bool
        Tell the foods of a line that holds several apart, as in `nutridiary.splitting.split_lines`.
    progress : callable, optional
        Called with the name of each step as it begins, and how many lines it is about (0 while
        that is not known).

    Returns
    -------
    Analysis

    Raises
    ------
    NutridiaryError
        If the file is no diary, a person contradicts itself, or a name is unknown.
    """
    own = own_aliases(aliases)
    entries, foods = read_entries(
        path, sheet=sheet, date=date, day_first=day_first, online=online, aliases=own, progress=progress
    )
    return analyze_entries(
        entries,
        people_of(entries, person, {**read_people(path), **(people or {})}),
        foods,
        nutrients=nutrients,
        edition=edition,
        fill_in=fill_in,
        settings={"diary": Path(path).name, "online": "yes" if online else "no", **describe_files(aliases)},
        aliases=own,
        defaults=defaults,
        split=split,
        progress=progress,
    )


def weighed_entries(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    date: datetime.date | None = None,
    day_first: bool | None = None,
    online: bool = False,
    aliases: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
    defaults: bool = False,
    split: bool = True,
    progress: Progress | None = None,
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
    own = own_aliases(aliases)
    entries, foods = read_entries(
        path, sheet=sheet, date=date, day_first=day_first, online=online, aliases=own, progress=progress
    )
    return match_and_weigh(entries, foods, own, defaults=defaults, split=split, progress=progress)


def read_entries(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    date: datetime.date | None = None,
    day_first: bool | None = None,
    online: bool = False,
    aliases: pd.DataFrame | None = None,
    progress: Progress | None = None,
) -> tuple[pd.DataFrame, FoodData]:
    """Read a food diary, and load the foods its entries can be matched to.

    Parameters
    ----------
    path, sheet, date, day_first, online, progress
        As in `analyze`.
    aliases : pandas.DataFrame, optional
        `tables.ALIASES`.

    Returns
    -------
    entries : pandas.DataFrame
        `tables.ENTRIES`.
    foods : FoodData
        The shipped foods and, if `online`, those that the entries or aliases state beyond them.
    """
    tell = progress or _silence
    tell("reading the diary", 0)
    entries = read_diary(path, sheet=sheet, date=date, day_first=day_first)
    foods = load_foods()
    if online:
        tell("asking FoodData Central", len(entries))
        foods = foods_with_stated(entries, foods, aliases)
    return entries, foods


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
    tell = progress or _silence
    if split:
        tell("telling foods of one line apart", len(entries))
        entries = split_lines(entries, foods, aliases)
    tell("matching lines to foods", len(entries))
    matched = match_foods(entries, foods, aliases)
    tell("weighing", len(entries))
    return weigh(matched, foods, aliases, defaults=defaults)


def analyze_entries(
    entries: pd.DataFrame,
    people: Mapping[str, Person],
    foods: FoodData | None = None,
    *,
    nutrients: Sequence[str] | None = None,
    edition: str | None = None,
    fill_in: bool = True,
    settings: Mapping[str, str] | None = None,
    aliases: pd.DataFrame | None = None,
    defaults: bool = False,
    split: bool = True,
    progress: Progress | None = None,
) -> Analysis:
    """Work out everything a report says about entries that are already a table.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`.
    people : mapping of str to Person
        By ``person_id``; `NOBODY` for entries without one. May be empty.
    foods : FoodData, optional
        The embedded database by default.
    nutrients, edition, fill_in, defaults, split, progress
        As in `analyze`.
    settings : mapping of str to str, optional
        Further lines for the report's About sheet.
    aliases : pandas.DataFrame, optional
        `tables.ALIASES`, which go before any rule.

    Returns
    -------
    Analysis
    """
    from nutridiary import __version__

    tell = progress or _silence
    foods = foods or load_foods()
    names = check_nutrients(nutrients) if nutrients is not None else panel_nutrients()
    weighed = match_and_weigh(entries, foods, aliases, defaults=defaults, split=split, progress=tell)
    tell("adding up nutrients", len(entries))
    intakes = nutrient_intakes(weighed, foods, [*names, *upper_level_nutrients(names)], fill_in=fill_in)
    days = daily_intakes(intakes, weighed, names)
    tell("comparing with reference intakes", len(entries))
    return Analysis(
        entries=weighed,
        intakes=intakes,
        days=days,
        day_comparison=compare_days(days, people, edition=edition),
        comparison=compare(days, people, intakes, edition=edition),
        references=_references(people, days, edition),
        contributions=food_contributions(intakes[intakes["nutrient"].isin(names)], weighed),
        people=dict(people),
        releases=foods.releases(),
        settings={
            "nutridiary": __version__,
            "reference edition": edition or "current",
            "nutrients": ", ".join(names),
            "values filled in from twin records": "yes" if fill_in else "no",
            "typical amounts where a line cannot be weighed": "yes" if defaults else "no",
            "lines of several foods told apart": "yes" if split else "no",
            **(settings or {}),
            **({} if aliases is None else {"aliases used": describe_use(aliases, weighed)}),
        },
    )


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
            raise PersonError(
                f"'{name}' is described but has no line in the diary. It names: {listing(named) or 'nobody'}."
                + did_you_mean(name, named)
            )
    return dict(people)


def foods_with_stated(entries: pd.DataFrame, foods: FoodData, aliases: pd.DataFrame | None = None) -> FoodData:
    """Return `foods` with the records `entries` and `aliases` state and it lacks, asked of FoodData Central."""
    from nutridiary.fdc.api import fetch_foods

    stated = [*entries["stated_fdc_id"].dropna().unique(), *([] if aliases is None else aliases["fdc_id"].dropna())]
    missing = [fdc_id for fdc_id in dict.fromkeys(map(int, stated)) if fdc_id not in foods]
    return foods.with_foods(fetch_foods(missing)) if missing else foods


def _references(people: Mapping[str, Person], days: pd.DataFrame, edition: str | None) -> pd.DataFrame:
    """Each person's reference values on the last day of the diary, with who they are for."""
    import pandas as pd

    nutrients = set(days["nutrient"])
    tables = []
    for name, person in people.items():
        own = days["person_id"].isna() if name == NOBODY else days["person_id"] == name
        values = reference_values(person, on=days.loc[own, "date"].max(), edition=edition)
        values = values[values["nutrient"].isin(nutrients)]
        tables.append(values.assign(person_id=name or None))
    if not tables:
        empty = conform(pd.DataFrame(), REFERENCE_VALUES)
        empty.insert(0, "person_id", pd.Series(dtype="str"))
        return empty
    joined = pd.concat(tables, ignore_index=True)
    joined["person_id"] = joined["person_id"].astype("str")
    return joined[["person_id", *REFERENCE_VALUES.names]]


def _silence(step: str, lines: int) -> None:
    """Say nothing of a step."""
