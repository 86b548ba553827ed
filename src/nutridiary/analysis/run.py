"""The whole line, from diary files to every table a report needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Unpack

from nutridiary.aliases.usage import describe_use
from nutridiary.analysis.inputs import Inputs, read_inputs
from nutridiary.analysis.judgement import judge, needed_nutrients
from nutridiary.analysis.locking import lock_of, refuse_other
from nutridiary.analysis.options import Options
from nutridiary.analysis.record import NOBODY, Analysis
from nutridiary.analysis.sources import apart
from nutridiary.analysis.steps import Prepared, prepare_diary, silence, weigh_prepared
from nutridiary.diary import Diary
from nutridiary.foods import FoodData, load_foods
from nutridiary.intake import (
    choose_recorded,
    daily_intakes,
    left_out_bounds,
    nutrient_intakes,
    recorded_differences,
)
from nutridiary.portions import without_unit_weights
from nutridiary.references import Person, reference_values
from nutridiary.tables import REFERENCE_VALUES, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis.locking import Locked
    from nutridiary.analysis.sources import Told
    from nutridiary.analysis.steps import Paths, Progress
    from nutridiary.lock import Lock


def analyze(
    path: Paths,
    person: Person | None = None,
    *,
    people: Mapping[str, Person] | None = None,
    nutrients: Sequence[str] | None = None,
    reference: str = "nasem",
    edition: str | None = None,
    fill_in: bool = True,
    values: str = "ours",
    aliases: Paths = (),
    defaults: bool = False,
    split: bool = True,
    leave_out_incomplete: bool = False,
    suggest: bool = False,
    diets: Sequence[str] | str = (),
    allergies: Sequence[str] | str = (),
    dislikes: Sequence[str] | str = (),
    de_identify: bool = False,
    locked: Locked | None = None,
    progress: Progress | None = None,
    **told: Unpack[Told],
) -> Analysis:
    """Read a food diary and work out everything a report says about it.

    Parameters
    ----------
    path : path-like or sequence of path-like
        The diary: a workbook, a text table, an app's export, or several of them.
    person : Person, optional
        Who ate, for a diary of one person.
    people : mapping of str to Person, optional
        Who ate, by the names the diary uses. What is given here goes before the diary's own
        Person sheet.
    nutrients : sequence of str, optional
        Names of ``nutrients.csv``; by default the core panel and what surrounds it.
    reference : {"nasem", "efsa", "fda-dv", "harmonized"}
        Whose reference values intakes are held against.
    edition : str, optional
        Reference edition to hold intakes against instead of the current one, such as ``"2005"``.
    fill_in : bool
        Take a value that a food's record lacks from a twin record of the same food, as in
        `nutrient_intakes`.
    values : {"ours", "recorded", "recorded-first"}
        Which nutrient values count: those of FoodData Central, those the diary itself carries, or
        those and ours where it has none.
    aliases : path-like or sequence of path-like
        Files of the user's own aliases, as in `nutridiary.aliases.load_aliases`; later ones win.
    defaults : bool
        Weigh what cannot be weighed by the amount people typically eat of it, flagged; by default it stays a problem.
    split : bool
        Tell the foods of a line that holds several apart, as in `nutridiary.splitting.split_lines`.
    leave_out_incomplete : bool
        Leave days that may be incomplete out of the means; the comparison over all days is kept beside.
    suggest : bool
        Suggest a few foods that would close each person's gaps, as in `nutridiary.suggestions`. Needs scipy
        (``pip install 'nutridiary[stats]'``).
    diets, allergies, dislikes : sequence of str
        What is not to be suggested, as in `nutridiary.suggestions.Wishes`.
    de_identify : bool
        Take out what says whose diary it is before anything is worked out, as in `nutridiary.de_identification`.
    locked : path-like or Lock, optional
        What all but the diary and who ate has to be: a lock, its file, or a report that carries one.
    progress : callable, optional
        Called with the name of each step as it begins, and how many lines it is about (0 while
        that is not known).
    **told
        `sheet`, `person_id`, `date`, `day_first`, `format`, `day_starts`, `daily_values`, `columns` as in
        `read_whole`; `foods`, `online`, `open_food_facts`, `offline`, `looked_up` as in
        `nutridiary.analysis.sources.FoodSources`.

    Returns
    -------
    Analysis

    Raises
    ------
    NutridiaryError
        If the file is no diary, a person contradicts itself, or a name is unknown.
    LockError
        If something is not as `locked` says.
    """
    options = Options(
        nutrients,
        reference,
        edition,
        fill_in,
        values,
        defaults,
        split,
        leave_out_incomplete,
        suggest=suggest,
        diets=diets,
        allergies=allergies,
        dislikes=dislikes,
    )
    if locked is not None:
        sources, reading = apart(told)
        locked = refuse_other(locked, options, reading, aliases, sources=sources, de_identify=de_identify)
    (progress or silence)("reading the diary", 0)
    inputs = read_inputs(path, person, people=people, aliases=aliases, de_identify=de_identify, **told)
    return analyze_inputs(inputs, options, locked=locked, progress=progress)


def analyze_inputs(
    inputs: Inputs, options: Options, *, locked: Lock | None = None, progress: Progress | None = None
) -> Analysis:
    """Work out everything a report says about what was read.

    Parameters
    ----------
    inputs : Inputs
        As `read_inputs` returns them.
    options : Options
    locked : Lock, optional
    progress
        As in `analyze`.

    Returns
    -------
    Analysis

    Raises
    ------
    LockError
        If something is not as `locked` says.
    """
    ready = prepare_diary(
        inputs.diary, inputs.aliases, sources=inputs.sources, defaults=options.defaults, progress=progress
    )
    lock = lock_of(inputs, options, ready, locked)
    return _analyze(ready, inputs.people, options, inputs.settings, progress, lock)


def analyze_entries(
    entries: pd.DataFrame,
    people: Mapping[str, Person],
    foods: FoodData | None = None,
    *,
    nutrients: Sequence[str] | None = None,
    reference: str = "nasem",
    edition: str | None = None,
    fill_in: bool = True,
    values: str = "ours",
    settings: Mapping[str, str] | None = None,
    aliases: pd.DataFrame | None = None,
    products: pd.DataFrame | None = None,
    symptoms: pd.DataFrame | None = None,
    defaults: bool = False,
    split: bool = True,
    leave_out_incomplete: bool = False,
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
        Those of the release in use by default.
    nutrients, reference, edition, fill_in, values, defaults, split, leave_out_incomplete, progress
        As in `analyze`.
    settings : mapping of str to str, optional
        Further lines for the report's About sheet.
    aliases : pandas.DataFrame, optional
        `tables.ALIASES`, which go before any rule.
    products : pandas.DataFrame, optional
        `tables.SUPPLEMENT_PRODUCTS`.
    symptoms : pandas.DataFrame, optional
        `tables.SYMPTOMS`.

    Returns
    -------
    Analysis
    """
    options = Options(
        nutrients, reference, edition, fill_in, values, defaults, split, leave_out_incomplete=leave_out_incomplete
    )
    diary = Diary.of(entries, products=products, symptoms=symptoms)
    return _analyze(Prepared(diary, foods or load_foods(), aliases), people, options, settings or {}, progress)


def _analyze(
    ready: Prepared,
    people: Mapping[str, Person],
    options: Options,
    settings: Mapping[str, str],
    progress: Progress | None,
    lock: Lock | None = None,
) -> Analysis:
    from nutridiary import __version__

    tell, diary, foods = progress or silence, ready.diary, ready.foods
    names, values = options.names, options.values
    weighed, doses = weigh_prepared(ready, defaults=options.defaults, split=options.split, progress=tell)
    tell("adding up nutrients", len(weighed))
    chosen = choose_recorded(weighed, values)
    needed = needed_nutrients(options, diary.symptoms)
    intakes = nutrient_intakes(chosen, foods, needed, fill_in=options.fill_in, doses=doses, values=values)
    intakes, chosen = without_unit_weights(intakes, foods), without_unit_weights(chosen, foods)
    ours = intakes if values == "ours" else nutrient_intakes(weighed, foods, names, fill_in=options.fill_in)
    tell("comparing with reference intakes", len(weighed))
    left_out = left_out_bounds(chosen, foods, needed)
    days = daily_intakes(intakes, chosen, needed, left_out=left_out)
    judged = judge(days, intakes, chosen, doses, left_out, diary.symptoms, people, options, foods)
    return Analysis(
        entries=chosen,
        intakes=intakes,
        references=_references(people, judged["days"], options),
        people=dict(people),
        releases=foods.releases(),
        foods=foods,
        looked_up=ready.looked_up,
        lock=lock,
        settings={
            "nutridiary": __version__,
            **options.said,
            **settings,
            **(
                {"looked up": "; ".join(ready.looked_up.remarks)} if ready.looked_up and ready.looked_up.remarks else {}
            ),
            **({} if ready.aliases is None else {"aliases used": describe_use(ready.aliases, chosen)}),
        },
        doses=doses,
        differences=recorded_differences(weighed, ours, names),
        files=diary.files,
        left_aside=diary.left_aside,
        products=diary.products,
        symptoms=diary.symptoms,
        not_food_days=diary.not_food_days,
        own_foods=ready.own_foods,
        **judged,
    )


def _remarks(ready: Prepared) -> dict[str, str]:
    """What is to be said of the looking up, for the report's About sheet."""
    said = ready.looked_up.remarks if ready.looked_up else ()
    return {"looking up": "; ".join(said)} if said else {}


def _references(people: Mapping[str, Person], days: pd.DataFrame, options: Options) -> pd.DataFrame:
    """Each person's reference values on the last day of the diary, with who they are for."""
    import pandas as pd

    nutrients = set(days["nutrient"])
    tables = []
    for name, person in people.items():
        own = days["person_id"].isna() if name == NOBODY else days["person_id"] == name
        last = days.loc[own, "date"].max()
        values = reference_values(person, on=last, edition=options.edition, reference=options.reference)
        values = values[values["nutrient"].isin(nutrients)]
        tables.append(values.assign(person_id=name or None))
    if not tables:
        empty = conform(pd.DataFrame(), REFERENCE_VALUES)
        empty.insert(0, "person_id", pd.Series(dtype="str"))
        return empty
    joined = pd.concat(tables, ignore_index=True)
    joined["person_id"] = joined["person_id"].astype("str")
    return joined[["person_id", *REFERENCE_VALUES.names]]
