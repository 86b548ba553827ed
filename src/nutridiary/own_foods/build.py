"""From the sheets of recipes and labels to foods that diary lines can be matched to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nutridiary.aliases import text_key
from nutridiary.matching import match_foods
from nutridiary.own_foods.ingredients import with_raw_foods
from nutridiary.own_foods.labels import label_records
from nutridiary.own_foods.names import names_of, other_number
from nutridiary.own_foods.order import in_order
from nutridiary.own_foods.recipes import recipe_records, unknown_records
from nutridiary.own_foods.records import OwnRecord, tables_of
from nutridiary.own_foods.summary import OWN_FOOD_VALUES, label_rows, rows_without_record
from nutridiary.portions import weigh, without_unit_weights
from nutridiary.splitting import split_lines
from nutridiary.tables import ALIASES, ENTRIES, RECIPE_LINES, WEIGHED, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData


_MORE_THAN_EATEN = r"(?:; )?\d+ g (?:in one line )?is more than [^;]*: please check"


@dataclass(frozen=True)
class OwnFoods:
    """The user's own foods, ready to be eaten.

    Attributes
    ----------
    foods : FoodData
        The foods given, and the user's own with negative ids.
    aliases : pandas.DataFrame
        `tables.ALIASES`: the name of each own food. To stand before the user's other aliases, which win.
    table : pandas.DataFrame
        What each own food holds and how that was found: `nutridiary.own_foods.OWN_FOOD_VALUES`.
    ingredients : pandas.DataFrame
        `tables.WEIGHED`, with a leading ``recipe``: each ingredient with its food, weight and problem.
    basis : dict of int to str
        What a "gram" of each own food is: "weight", "raw mix", "volume" or "serving".
    names : dict of int to str
        The name of each own food.
    """

    foods: FoodData
    aliases: pd.DataFrame
    table: pd.DataFrame
    ingredients: pd.DataFrame
    basis: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


def build_own_foods(
    recipes: pd.DataFrame,
    own_foods: pd.DataFrame,
    foods: FoodData,
    aliases: pd.DataFrame | None = None,
    *,
    defaults: bool = False,
    split: bool = False,
) -> OwnFoods:
    """Return the foods that recipes and labels describe.

    A recipe may use an own food or another recipe. Its ingredients are matched and weighed as lines of a diary are.

    Parameters
    ----------
    recipes : pandas.DataFrame
        `tables.RECIPE_LINES`.
    own_foods : pandas.DataFrame
        `tables.OWN_FOODS`.
    foods : FoodData
        The foods that ingredients are matched to.
    aliases : pandas.DataFrame, optional
        `tables.ALIASES`, the user's, for ingredients.
    defaults, split
        As in `nutridiary.portions.weigh` and `nutridiary.splitting.split_lines`, for ingredients.

    Returns
    -------
    OwnFoods

    Notes
    -----
    The rules stand in ``docs/recipes.md``.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.foods import load_foods
    >>> from nutridiary.tables import OWN_FOODS
    >>> lines = pd.DataFrame({"recipe": "shake", "ingredient": ["banana", "milk, whole"], "amount": [120.0, 200.0],
    ...                       "unit": "g", "servings": 2.0, "source": "r.csv", "line": [2, 3]})
    >>> own = build_own_foods(conform(lines, RECIPE_LINES), conform(pd.DataFrame(), OWN_FOODS), load_foods())
    >>> own.foods.portions([-1])["text"].tolist()
    ['1 serving', '1 recipe']
    """
    import pandas as pd

    # A file that was given twice says nothing new.
    recipes = conform(recipes, RECIPE_LINES).drop_duplicates(["source", "line"], ignore_index=True)
    labels = label_records(own_foods)
    plan = _plan(recipes, labels)
    state = _State(foods, conform(aliases, ALIASES) if aliases is not None else None)
    state.add([*labels, *unknown_records(plan.named, plan.circular, plan.ids)])
    tables = [label_rows(own_foods, labels), rows_without_record(plan.named, plan.problems)]
    ingredients = _set_aside(recipes, plan)
    for group in plan.groups:
        lines = pd.concat([plan.named[key] for key in group])
        weighed = state.weigh(lines, defaults=defaults, split=split)
        records, rows = recipe_records({key: plan.named[key] for key in group}, plan.ids, weighed, state.foods)
        state.add(records)
        tables.append(rows)
        ingredients.append(weighed)
    nothing = _with_recipe(conform(pd.DataFrame(), WEIGHED), recipes)
    found = pd.concat(ingredients, ignore_index=True) if ingredients else nothing
    return OwnFoods(
        state.foods,
        names_of(sorted(state.records, key=lambda record: -record.fdc_id)),
        conform(pd.concat(tables, ignore_index=True), OWN_FOOD_VALUES),
        without_unit_weights(found, state.foods).sort_values(
            ["source", "line", "part"], kind="stable", ignore_index=True
        ),
        state.basis,
        state.names,
    )


@dataclass(frozen=True)
class _Plan:
    """What becomes of each recipe, by the key of its name.

    Attributes
    ----------
    named : dict of str to pandas.DataFrame
        Its lines.
    ids : dict of str to int
        Its id: below those of the labels, in the order of the file.
    groups : list of list of str
        Recipes that can be computed, one group after the other.
    circular : list of str
        Recipes that need each other.
    problems : dict of str to str
        Why it cannot be computed.
    """

    named: dict[str, pd.DataFrame]
    ids: dict[str, int]
    groups: list[list[str]]
    circular: list[str]
    problems: dict[str, str]


def _plan(recipes: pd.DataFrame, labels: list[OwnRecord]) -> _Plan:
    keys = recipes["recipe"].fillna("").map(text_key)
    named = {key: rows for key, rows in recipes.groupby(keys, sort=False) if key}
    taken = {text_key(record.name): record.where for record in labels}
    problems = {
        key: f"there is also an own food of this name ({taken[key]}): rename one of them"
        for key in named
        if key in taken
    }
    first_name = {key: str(rows["recipe"].iloc[0]) for key, rows in named.items()}
    computed = {key: key for key in named if key not in problems}
    called = {text_key(other_number(first_name[key])): key for key in computed} | computed
    uses = {
        key: {called[said] for said in named[key]["ingredient"].dropna().map(text_key) if said in called}
        for key in computed
    }
    groups, circles = in_order(uses)
    for key, circle in circles.items():
        needs = " needs ".join(f'"{first_name[name]}"' for name in circle)
        problems[key] = f"recipes that need each other cannot be computed: {needs}. Take one out of the other"
    ids = {key: -1 - len(labels) - place for place, key in enumerate(computed)}
    return _Plan(named, ids, groups, list(circles), problems)


@dataclass
class _State:
    """The own foods found so far, and the food data that knows them."""

    foods: FoodData
    aliases: pd.DataFrame | None
    records: list[OwnRecord] = field(default_factory=list)

    @property
    def basis(self) -> dict[int, str]:
        return {record.fdc_id: record.basis for record in self.records}

    @property
    def names(self) -> dict[int, str]:
        return {record.fdc_id: record.name for record in self.records}

    def add(self, records: list[OwnRecord]) -> None:
        if records:
            tables, twins = tables_of(records)
            self.foods = self.foods.with_foods(tables, twins=twins)
            self.records += records

    def weigh(self, lines: pd.DataFrame, *, defaults: bool, split: bool) -> pd.DataFrame:
        """Return the ingredients of some recipes, matched and weighed."""
        import pandas as pd

        own = names_of(self.records)
        known = own if self.aliases is None else pd.concat([own, self.aliases], ignore_index=True)
        lines = lines[lines["ingredient"].notna() | lines["problem"].notna()]
        entries = _entries(lines)
        if split:
            entries = split_lines(entries, self.foods, known)
        matched = match_foods(entries, self.foods, known)
        matched = with_raw_foods(matched, lines, self.foods)
        weighed = weigh(matched, self.foods, known, defaults=defaults)
        # A whole pot is more than people report to eat at a time.
        note = weighed["note"].str.replace(_MORE_THAN_EATEN, "", regex=True)
        weighed["note"] = note.mask(note.eq(""))
        return _with_recipe(weighed, lines)


def _entries(lines: pd.DataFrame) -> pd.DataFrame:
    """Return ingredients as lines of a diary."""
    shared = [name for name in ENTRIES.names if name in lines.columns]
    return conform(lines[shared].assign(food_text=lines["ingredient"], kind="food"), ENTRIES)


def _with_recipe(weighed: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    about = lines[["source", "line", "recipe"]]
    found = weighed.merge(about, on=["source", "line"], how="left", validate="many_to_one")
    return found[["recipe", *WEIGHED.names]]


def _set_aside(recipes: pd.DataFrame, plan: _Plan) -> list[pd.DataFrame]:
    """Return the ingredients of recipes that cannot be computed, and of none, each with the reason."""
    keys = recipes["recipe"].fillna("").map(text_key)
    aside = keys.isin(plan.problems.keys()) | keys.eq("")
    lines = recipes[aside]
    if lines.empty:
        return []
    reasons = keys[aside].map(plan.problems).astype("str")
    problems = lines["problem"].fillna(reasons).to_numpy()
    return [_with_recipe(conform(_entries(lines).assign(problem=problems), WEIGHED), lines)]
