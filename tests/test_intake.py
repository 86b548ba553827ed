import math
from typing import ClassVar

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.intake import daily_intakes, food_contributions, nutrient_intakes
from nutridiary.tables import WEIGHED, conform

MISSING = float("nan")
# Per 100 g. The second food's record has no vitamin D, the third knows nothing of either.
COMPOSITION = pd.DataFrame(
    {"magnesium": [27.0, 12.0, MISSING], "vitamin_d": [0.0, MISSING, MISSING]},
    index=pd.Index([1, 2, 3], name="fdc_id"),
)


class ThreeFoods:
    """Foods of no category of the shipped bounds, so that nothing bounds what they lack."""

    twins: ClassVar[dict[int, int]] = {}
    database = None

    def current(self, fdc_ids):
        return {}

    def composition(self, fdc_ids, nutrients):
        return COMPOSITION.loc[list(fdc_ids), list(nutrients)]

    def foods(self, fdc_ids):
        return pd.DataFrame(
            {
                "fdc_id": list(fdc_ids),
                "food_code": pd.array([None] * len(fdc_ids), dtype="Int64"),
                "ndb_number": pd.array([9040] * len(fdc_ids), dtype="Int64"),
                "release": "SR Legacy",
                "data_type": "sr_legacy_food",
                "description": "a food",
                "category": "Foods of Nowhere",
            }
        )


def lines(*rows):
    """Weighed entries from (day, fdc_id, grams) triples; a None for the grams is a line left out."""
    frame = pd.DataFrame(
        {
            "source": "d.csv",
            "line": range(2, len(rows) + 2),
            "date": [pd.Timestamp(2026, 3, day) for day, _, _ in rows],
            "kind": "food",
            "fdc_id": [fdc_id for _, fdc_id, _ in rows],
            "food_description": [f"food {fdc_id}" for _, fdc_id, _ in rows],
            "gram_weight": [grams for *_, grams in rows],
            "problem": [None if grams is not None else "no weight" for *_, grams in rows],
        }
    )
    return conform(frame, WEIGHED)


def totals(weighed, nutrients=("magnesium", "vitamin_d")):
    intakes = nutrient_intakes(weighed, ThreeFoods(), nutrients)
    return daily_intakes(intakes, weighed).set_index(["date", "nutrient"])


def test_intake_is_grams_times_composition_per_100_g():
    intakes = nutrient_intakes(lines((1, 1, 118.0)), ThreeFoods(), ["magnesium"])
    assert intakes.loc[0, "amount"] == pytest.approx(31.86)  # 27 mg x 1.18
    assert intakes.loc[0, "unit"] == "mg"
    assert intakes.loc[0, "value_from"] == "SR Legacy 9040"


def test_missing_nutrient_value_stays_missing_and_is_counted():
    weighed = lines((1, 1, 100.0), (1, 2, 300.0))
    intakes = nutrient_intakes(weighed, ThreeFoods(), ["vitamin_d"])
    assert intakes["amount"].isna().tolist() == [False, True]
    assert intakes["value_from"].isna().tolist() == [False, True]
    day = totals(weighed).loc[(pd.Timestamp(2026, 3, 1), "vitamin_d")]
    assert (day.amount, day.low) == (0.0, 0.0)
    assert math.isnan(day.high)
    assert day.foods == 2
    assert day.foods_without_value == 1
    assert day.coverage == pytest.approx(25.0)


def test_total_of_which_nothing_is_known_is_missing_not_zero():
    day = totals(lines((1, 3, 200.0))).loc[(pd.Timestamp(2026, 3, 1), "magnesium")]
    assert math.isnan(day.amount)
    assert math.isnan(day.low)
    assert day.coverage == 0


def test_line_left_out_is_counted_on_its_day_and_removes_the_upper_bound():
    day = totals(lines((1, 1, 100.0), (1, None, None))).loc[(pd.Timestamp(2026, 3, 1), "magnesium")]
    assert day.amount == pytest.approx(27.0)
    assert day.foods_left_out == 1
    assert math.isnan(day.high)


def test_day_with_only_lines_left_out_is_a_day_with_unknown_totals():
    days = totals(lines((1, 1, 100.0), (2, None, None)))
    assert math.isnan(days.loc[(pd.Timestamp(2026, 3, 2), "magnesium"), "amount"])
    assert days.loc[(pd.Timestamp(2026, 3, 2), "magnesium"), "foods"] == 0


def test_notes_make_no_day():
    weighed = lines((1, 1, 100.0), (2, None, None)).assign(kind=["food", "note"])
    assert set(totals(weighed).index.get_level_values("date")) == {pd.Timestamp(2026, 3, 1)}


def test_diary_of_problems_only_has_its_days_with_nothing_known():
    weighed = lines((1, None, None))
    days = daily_intakes(nutrient_intakes(weighed, ThreeFoods(), ["magnesium"]), weighed, ["magnesium"])
    assert len(days) == 1
    assert days["amount"].isna().all()


def test_people_are_kept_apart_and_nobody_is_one_of_them():
    weighed = lines((1, 1, 100.0), (1, 1, 200.0), (1, 1, 300.0)).assign(
        person_id=pd.Series(["Ada", "Ben", None], dtype="str")
    )
    intakes = nutrient_intakes(weighed, ThreeFoods(), ["magnesium"])
    days = daily_intakes(intakes, weighed)
    by_person = dict(zip(days["person_id"].fillna(""), days["amount"], strict=True))
    assert by_person == pytest.approx({"Ada": 27.0, "Ben": 54.0, "": 81.0})


def test_contributions_add_up_to_the_known_total_and_name_what_is_unknown():
    weighed = lines((1, 1, 100.0), (2, 1, 50.0), (2, 2, 100.0), (2, 3, 80.0))
    given_by = food_contributions(nutrient_intakes(weighed, ThreeFoods(), ["magnesium"]), weighed)
    assert given_by["fdc_id"].tolist() == [1, 2, 3]
    assert given_by["amount"].tolist()[:2] == pytest.approx([40.5, 12.0])
    assert given_by["percent_of_total"].tolist()[:2] == pytest.approx([77.142857, 22.857143])
    assert math.isnan(given_by.loc[2, "amount"])
    assert given_by["entries"].tolist() == [2, 1, 1]
    assert given_by.loc[0, "food_description"] == "food 1"


def test_unknown_nutrient_is_refused_by_name():
    with pytest.raises(Exception, match=r"magnesum.*Did you mean 'magnesium'"):
        nutrient_intakes(lines((1, 1, 100.0)), ThreeFoods(), ["magnesum"])


meals = st.lists(
    st.tuples(st.integers(1, 5), st.sampled_from([1, 2, 3]), st.none() | st.floats(0.1, 2000)), min_size=1, max_size=25
)


@settings(max_examples=60, deadline=None)
@given(meals)
def test_lines_add_up_to_days_and_days_to_everything(rows):
    weighed = lines(*rows)
    intakes = nutrient_intakes(weighed, ThreeFoods(), ["magnesium", "vitamin_d"])
    days = daily_intakes(intakes, weighed)
    for nutrient in ("magnesium", "vitamin_d"):
        eaten = sum(
            grams * COMPOSITION.loc[fdc_id, nutrient] / 100
            for _, fdc_id, grams in rows
            if grams is not None and not math.isnan(COMPOSITION.loc[fdc_id, nutrient])
        )
        known = days.loc[days["nutrient"] == nutrient, "amount"].dropna()
        assert math.fsum(known) == pytest.approx(eaten, abs=1e-9)
        assert days.loc[days["nutrient"] == nutrient, "foods"].sum() == sum(g is not None for *_, g in rows)
        assert days.loc[days["nutrient"] == nutrient, "foods_left_out"].sum() == sum(g is None for *_, g in rows)


@settings(max_examples=40, deadline=None)
@given(meals, st.randoms(use_true_random=False))
def test_order_of_lines_does_not_matter_and_doubling_doubles(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    doubled = [(day, fdc_id, None if grams is None else 2 * grams) for day, fdc_id, grams in rows]
    once, other, twice = totals(lines(*rows)), totals(lines(*shuffled)), totals(lines(*doubled))
    pd.testing.assert_series_equal(once["amount"], other["amount"].loc[once.index])
    pd.testing.assert_series_equal(2 * once["amount"], twice["amount"])


def test_day_of_supplements_alone_has_no_upper_bound_because_its_food_is_not_known():
    weighed = lines((1, 1, 100.0), (2, 1, 100.0))
    weighed.loc[1, ["kind", "fdc_id", "gram_weight"]] = ["supplement", None, None]
    intakes = nutrient_intakes(lines((1, 1, 100.0), (2, 1, 100.0)), ThreeFoods(), ["magnesium"])
    intakes.loc[1, "source_kind"] = "supplement"
    days = daily_intakes(intakes, weighed).set_index("date")
    assert days["amount"].tolist() == pytest.approx([27.0, 27.0])
    assert days["high"].notna().tolist() == [True, False]
    assert days["estimate"].notna().tolist() == [True, False]
