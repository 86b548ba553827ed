"""From the sheets of recipes and labels to foods that diary lines can be matched to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nutridiary.aliases import text_key
from nutridiary.matching import match_foods
from nutridiary.own_foods.ingredients import with_raw_foods
from nutridiary.own_foods.labels import label_records
from nutridiary.own_foods.order import in_order
from nutridiary.own_foods.recipes import recipe_records, unknown_records
from nutridiary.own_foods.records import OwnRecord, tables_of
from nutridiary.own_foods.summary import OWN_FOOD_VALUES, label_rows, rows_without_record
from nutridiary.own_foods.weights import settle_weights
from nutridiary.portions import weigh
from nutridiary.splitting import split_lines
from nutridiary.tables import ALIASES, ENTRIES, RECIPE_LINES, WEIGHED, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData


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

    recipes = conform(recipes, RECIPE_LINES)
    labels = label_records(own_foods)
    state = _State(foods, conform(aliases, ALIASES) if aliases is not None else None)
    state.add(labels)
    tables = [label_rows(own_foods, labels)]
    keys = recipes["recipe"].fillna("").map(text_key)
    named = {key: rows for key, rows in recipes.groupby(keys, sort=False) if key}
    taken = {text_key(record.name): record.where for record in labels}
    problems = {
        key: f"there is also an own food of this name ({taken[key]}): rename one of them"
        for key in named
        if key in taken
    }
    uses = {
        key: frozenset(rows["ingredient"].dropna().map(text_key)) & named.keys()
        for key, rows in named.items()
        if key not in problems
    }
    groups, circles = in_order({key: used - problems.keys() for key, used in uses.items()})
    first_name = {key: str(rows["recipe"].iloc[0]) for key, rows in named.items()}
    for key, circle in circles.items():
        needs = " needs ".join(f'"{first_name[name]}"' for name in circle)
        problems[key] = f"recipes that need each other cannot be computed: {needs}. Take one out of the other"
    ingredients = [_set_aside(recipes[keys.isin(problems.keys()) | keys.eq("")], keys, problems)]
    for group in groups:
        weighed = state.weigh(pd.concat([named[key] for key in group]), defaults=defaults, split=split)
        records, rows = recipe_records(named, group, weighed, state.foods, state.basis, state.next_id)
        state.add(records)
        tables.append(rows)
        ingredients.append(weighed)
    state.add(unknown_records(named, list(circles), state.next_id))
    tables.append(rows_without_record(named, problems, first_name))
    return OwnFoods(
        state.foods,
        _aliases(state.records),
        conform(pd.concat(tables, ignore_index=True), OWN_FOOD_VALUES),
        pd.concat(ingredients, ignore_index=True).sort_values(
            ["source", "line", "part"], kind="stable", ignore_index=True
        ),
        state.basis,
        state.names,
    )


@dataclass
class _State:
    """The own foods found so far, and the food data that knows them."""

    foods: FoodData
    aliases: pd.DataFrame | None
    records: list[OwnRecord] = field(default_factory=list)

    @property
    def next_id(self) -> int:
        return -1 - len(self.records)

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

        own = _aliases(self.records)
        known = own if self.aliases is None else pd.concat([own, self.aliases], ignore_index=True)
        lines = lines[lines["ingredient"].notna() | lines["problem"].notna()]
        entries = _entries(lines)
        if split:
            entries = split_lines(entries, self.foods, known)
        matched = match_foods(entries, self.foods, known)
        matched = with_raw_foods(matched, lines, self.foods)
        weighed = weigh(matched, self.foods, known, defaults=defaults)
        return _with_recipe(settle_weights(weighed, self.basis, self.names), lines)


def _entries(lines: pd.DataFrame) -> pd.DataFrame:
    """Return ingredients as lines of a diary."""
    shared = [name for name in ENTRIES.names if name in lines.columns]
    return conform(lines[shared].assign(food_text=lines["ingredient"], kind="food"), ENTRIES)


def _with_recipe(weighed: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    about = lines[["source", "line", "recipe"]]
    found = weighed.merge(about, on=["source", "line"], how="left", validate="many_to_one")
    return found[["recipe", *WEIGHED.names]]


def _set_aside(lines: pd.DataFrame, keys: pd.Series[str], problems: dict[str, str]) -> pd.DataFrame:
    """Return the ingredients of recipes that cannot be computed, each with the reason."""
    reasons = keys.loc[lines.index].map(problems).astype("str")
    weighed = conform(_entries(lines).assign(problem=lines["problem"].fillna(reasons).to_numpy()), WEIGHED)
    return _with_recipe(weighed, lines)


def _aliases(records: list[OwnRecord]) -> pd.DataFrame:
    """Return the names of the records as aliases.

    A food of a brand goes by its name, by brand and name, and by its name alone where no other food has that.
    """
    import pandas as pd

    alone = pd.Series([text_key(record.name) for record in records], dtype="str").value_counts().to_dict()
    rows = []
    for record in records:
        names: list[tuple[str, str]] = [(record.name, record.brand)]
        if record.brand:
            names.append((f"{record.brand} {record.name}", ""))
            if alone[text_key(record.name)] == 1:
                names.append((record.name, ""))
        source, _, line = record.where.rpartition(":")
        rows += [
            {
                "said": said,
                "brand": brand or None,
                "decision": "food",
                "fdc_id": record.fdc_id,
                "description": record.name,
                "source": source,
                "line": int(line),
            }
            for said, brand in names
        ]
    return conform(pd.DataFrame(rows), ALIASES)
