"""Which group a food belongs to, and what each group gave."""

import pandas as pd
import pytest

from hand_made import BREAD, MILK, Line, analysis_of
from nutridiary.food_groups import NO_RECORD, OTHER, OWN_FOODS, SUPPLEMENTS, food_group, food_group_of, food_groups
from nutridiary.foods import load_foods
from nutridiary.intake.sources import group_contributions
from nutridiary.tables import CONTRIBUTIONS, conform

BANANA = 173_944
PLANTS_NAMED_AFTER_OTHER_FOODS = [
    ("Soymilk, original and vanilla, unfortified", "plant milks"),
    ("Beverages, almond milk, unsweetened, shelf stable", "plant milks"),
    ("Egg, whole, raw, fresh", "eggs"),
    ("Cheese, cheddar", "milk and dairy"),
    ("Eggnog", "milk and dairy"),
    ("Nectarines, raw", "fruit"),
    ("Apple juice, canned or bottled, unsweetened, without added ascorbic acid", "fruit and vegetable juices"),
    ("Sweet potato, raw, unprepared (Includes foods for USDA's Food Distribution Program)", "vegetables"),
    ("Beverages, tea, black, brewed, prepared with tap water", "coffee and tea"),
    ("Fast foods, potato, mashed", "potatoes"),
]


def test_every_category_of_the_shipped_foods_has_a_group_of_its_own():
    foods = load_foods().foods()
    groups = food_group_of(foods["fdc_id"], load_foods())
    assert len(groups) == len(foods)
    assert set(groups) <= set(food_groups())
    # What is left over is imitations, and yeast: no whole category is.
    left_over = foods[groups.to_numpy() == OTHER]
    assert set(left_over["category"]) == {"Dairy and Egg Products", "Not included in a food category"}
    assert len(left_over) < 25


@pytest.mark.parametrize(("name", "group"), PLANTS_NAMED_AFTER_OTHER_FOODS)
def test_food_group_of_a_category_of_several_groups_goes_by_the_name(name, group):
    foods = load_foods().foods()
    found = foods[(foods["description"] == name) & (foods["data_type"] != "survey_fndds_food")]
    assert food_group_of(found["fdc_id"].head(1), load_foods()).to_list() == [group]


def test_food_of_an_unknown_category_is_other():
    assert food_group(None, "Snacks of somebody's shop", "Crunchy things") == OTHER


def _contribution(nutrient: str, fdc_id: int | None, name: str, amount: float | None, kind: str = "food") -> dict:
    return {
        "nutrient": nutrient,
        "fdc_id": fdc_id,
        "food_description": name,
        "source_kind": kind,
        "entries": 1,
        "gram_weight": None if kind == "supplement" else 100.0,
        "amount": amount,
        "unit": "mg",
    }


def test_group_contributions_keep_supplements_and_lines_without_a_record_apart_and_lose_nothing():
    rows = [
        _contribution("magnesium", BANANA, "Bananas, raw", 27.0),
        _contribution("magnesium", 2_705_385, "Milk, whole", 12.0),
        _contribution("magnesium", None, "magnesium tablet", 200.0, "supplement"),
        _contribution("magnesium", None, "lunch, as the app recorded it", 61.0),
    ]
    found = group_contributions(conform(pd.DataFrame(rows), CONTRIBUTIONS), load_foods())
    assert found["food_group"].to_list() == [SUPPLEMENTS, NO_RECORD, "fruit", "milk and dairy"]
    assert found["amount"].sum(min_count=1) == pytest.approx(300.0)
    assert found["percent_of_total"].sum() == pytest.approx(100.0)
    assert found["gram_weight"].isna().to_list() == [True, False, False, False]


def test_group_of_which_nothing_is_known_has_no_amount_and_no_share():
    rows = [
        _contribution("vitamin_d", BANANA, "Bananas, raw", None),
        _contribution("vitamin_d", 2_705_385, "Milk, whole", 1.0),
    ]
    found = group_contributions(conform(pd.DataFrame(rows), CONTRIBUTIONS), load_foods()).set_index("food_group")
    assert pd.isna(found.loc["fruit", "amount"])
    assert pd.isna(found.loc["fruit", "percent_of_total"])
    assert found.loc["milk and dairy", "percent_of_total"] == 100.0


def test_groups_of_a_person_add_up_to_the_foods_of_that_person():
    lines = [
        Line(person="Anna", holds=MILK),
        Line(person="Anna", text="bread", food="Bread, white", fdc_id=2_707_598, holds=BREAD),
        Line(person="Ben", holds=MILK),
    ]
    analysis = analysis_of(lines, people={})
    found = group_contributions(analysis.contributions, load_foods())
    key = ["person_id", "nutrient"]
    ours = found.groupby(key, dropna=False)["amount"].sum(min_count=1)
    theirs = analysis.contributions.groupby(key, dropna=False)["amount"].sum(min_count=1)
    pd.testing.assert_series_equal(ours, theirs)
    assert set(found["food_group"]) <= set(food_groups()) - {OWN_FOODS}
