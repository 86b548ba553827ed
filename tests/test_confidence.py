"""What is said of a few recorded days, and what is never said."""

from __future__ import annotations

import datetime as dt
import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hand_made import ANNA, BEN, analysis_of, two_days
from nutridiary.comparison import compare
from nutridiary.references import Person
from nutridiary.tables import CONFIDENCE, INTAKES, WORKING, conform
from nutridiary.usual_intake import VERDICTS, confidence
from nutridiary.usual_intake.box_cox import inverse
from nutridiary.usual_intake.individual import (
    confidence_of_adequacy,
)
from nutridiary.usual_intake.variation import iron_requirements, pooled_variation, usual_intake_models
from recorded_days import judged, judged_days, quantities, recorded


def test_confidence_gives_a_row_for_every_row_of_the_comparison() -> None:
    analysis = analysis_of([*two_days("Anna"), *two_days("Ben")], {"Anna": ANNA, "Ben": BEN})
    table, working = confidence(analysis.days, analysis.people, analysis.comparison)
    key = ["person_id", "nutrient"]
    assert table[key].equals(analysis.comparison[key])
    assert list(table.columns) == CONFIDENCE.names
    assert list(working.columns) == WORKING.names
    assert not working.duplicated(list(WORKING.key)).any()
    assert set(table["verdict"]) <= set(VERDICTS)


def test_iom_2000_stands_beside_with_the_pooled_variation_of_her_age() -> None:
    table, _ = judged({"magnesium": [320.0] * 3})
    sd = pooled_variation()["magnesium", "female", 31.0].sd_within
    z = (320 - 265) / math.sqrt(26.5**2 + sd**2 / 3)
    assert table.loc["magnesium", "z"] == pytest.approx(z)
    assert table.loc["magnesium", "confidence_iom_2000"] == pytest.approx(100 * NormalDist().cdf(z))


def test_iom_2000_is_withheld_where_days_vary_by_more_than_60_percent() -> None:
    table, _ = judged({"vitamin_b12": [2.6, 2.2, 3.0]})
    assert math.isnan(table.loc["vitamin_b12", "confidence_iom_2000"])
    assert table.loc["vitamin_b12", "method"] == "usual_intake_model"
    assert "No figure by these days alone" in table.loc["vitamin_b12", "note"]


def test_an_extreme_day_moves_the_confidence_less_than_iom_2000_says() -> None:
    table, _ = judged({"zinc": [16.0]})
    assert 60 < table.loc["zinc", "confidence"] < table.loc["zinc", "confidence_iom_2000"]


def test_intake_below_an_ai_concludes_nothing() -> None:
    table, _ = judged({"potassium": [1500.0] * 5})
    row = table.loc["potassium"]
    assert row["verdict"] == "no_conclusion"
    assert pd.isna(row["more_days"])
    assert "Nothing can be concluded" in row["reading"]


def test_intake_between_ear_and_rda_is_not_settled_by_more_days() -> None:
    table, _ = judged({"magnesium": [290.0] * 7})
    assert pd.isna(table.loc["magnesium", "more_days"])
    assert "More days would not settle it" in table.loc["magnesium", "reading"]


def test_more_days_are_the_fewest_that_make_it_clear() -> None:
    days = [900.0, 1500.0, 1150.0]
    table, _ = judged({"calcium": days})
    more = int(table.loc["calcium", "more_days"])
    model = usual_intake_models()["calcium", "female", 31.0]
    scaled = float(np.mean([(day**model.boxcox_lambda - 1) / model.boxcox_lambda for day in days]))
    same = float(inverse(scaled, model.boxcox_lambda))
    enough, _ = judged({"calcium": [*days, *[same] * more]})
    too_few, _ = judged({"calcium": [*days, *[same] * (more - 1)]})
    assert enough.loc["calcium", "confidence"] >= 97.5 > too_few.loc["calcium", "confidence"]
    assert f"{more} more days" in table.loc["calcium", "reading"]


def test_days_that_are_enough_ask_for_no_more() -> None:
    table, _ = judged({"magnesium": [480.0] * 10})
    assert table.loc["magnesium", "verdict"] == "clear"
    assert pd.isna(table.loc["magnesium", "more_days"])
    assert "more than 97 in 100" in table.loc["magnesium", "reading"]


def test_supplement_is_added_to_the_best_guess_as_stated() -> None:
    without, _ = judged({"calcium": [700.0, 800.0]})
    with_it, _ = judged({"calcium": [700.0, 800.0]}, supplements={"calcium": 300.0})
    for name in ("usual_estimate", "usual_low", "usual_high"):
        assert with_it.loc["calcium", name] == pytest.approx(without.loc["calcium", name] + 300)
    assert with_it.loc["calcium", "confidence"] > without.loc["calcium", "confidence"]
    assert "Supplements count as stated: 300 mg" in with_it.loc["calcium", "note"]


def test_supplement_that_meets_every_need_alone_leaves_no_doubt() -> None:
    table, _ = judged({"vitamin_b12": [0.5, 0.4]}, supplements={"vitamin_b12": 100.0})
    assert table.loc["vitamin_b12", "confidence"] == pytest.approx(100)


def test_sodium_is_held_against_its_cdrr_and_calcium_against_its_ul() -> None:
    table, _ = judged({"sodium": [4200.0] * 5, "calcium": [900.0] * 5})
    assert list(table["upper_kind"]) == ["CDRR", "UL"]
    assert table.loc["sodium", "confidence_below_ul"] < 2.5
    assert "below the CDRR of 2,300 mg" in table.loc["sodium", "reading"]
    assert table.loc["calcium", "confidence_below_ul"] > 99


def test_ul_of_magnesium_is_never_held_against_food() -> None:
    table, _ = judged({"magnesium": [900.0] * 5})
    assert math.isnan(table.loc["magnesium", "confidence_below_ul"])
    assert pd.isna(table.loc["magnesium", "upper_kind"])


def test_iron_of_women_who_menstruate_follows_the_printed_table() -> None:
    table, working = judged({"iron": [14.0, 11.0, 12.5]})
    amounts, _, _ = iron_requirements()
    shown = [float(text.split()[3]) for text in quantities(working, "confidence") if text.startswith("share that")]
    assert shown == pytest.approx(amounts, abs=0.005)
    man, _ = judged({"iron": [14.0, 11.0, 12.5]}, BEN)
    assert table.loc["iron", "confidence"] < man.loc["iron", "confidence"]
    assert "oral contraceptive" in table.loc["iron", "note"]
    older, _ = judged({"iron": [14.0, 11.0, 12.5]}, Person(sex="female", age_years=60))
    assert "oral contraceptive" not in older.loc["iron", "note"]


def test_iron_of_a_small_child_is_withheld_because_needs_are_far_from_normal() -> None:
    table, _ = judged({"iron": [9.0] * 3}, Person(sex="male", age_years=2))
    assert table.loc["iron", "verdict"] == "withheld"
    assert "unevenly" in table.loc["iron", "reading"]


def test_pregnant_woman_gets_iom_2000_with_the_variation_of_women_of_her_age() -> None:
    table, _ = judged({"magnesium": [320.0] * 3}, Person(sex="female", age_years=33, pregnant=True))
    row = table.loc["magnesium"]
    assert row["method"] == "iom_2000"
    assert row["group"].startswith("women 31-50 y")
    sd = pooled_variation()["magnesium", "female", 31.0].sd_within
    expected = confidence_of_adequacy(320, 300, requirement_cv=0.10, within_person_sd=sd, days=3)
    assert row["confidence"] == pytest.approx(float(expected))
    assert math.isnan(row["usual_estimate"])
    assert "not pregnant" in row["note"]


def test_pregnant_woman_gets_no_figure_where_days_vary_too_much() -> None:
    table, _ = judged({"vitamin_b12": [3.0] * 3}, Person(sex="female", age_years=33, pregnant=True))
    assert table.loc["vitamin_b12", "verdict"] == "withheld"


@pytest.mark.parametrize("person", [None, Person(sex="male", age_years=0.5)])
def test_unknown_person_and_infant_get_no_figure_and_a_reason(person: Person | None) -> None:
    table, working = judged({"magnesium": [60.0] * 3, "zinc": [3.0] * 3}, person)
    assert list(table["method"]) == ["withheld", "withheld"]
    assert table[["confidence", "confidence_iom_2000", "usual_estimate"]].isna().all(axis=None)
    assert all(reading.startswith("No confidence is given: ") for reading in table["reading"])
    assert working.empty


def test_undated_days_of_a_person_with_a_birth_date_get_no_figure_and_that_reason() -> None:
    person = Person(sex="male", birth_date=dt.date(1980, 1, 1))
    table, _ = judged_days(recorded({"zinc": [9.0]}).assign(date=pd.NaT), {"": person})
    assert table.loc["zinc", "reading"] == "No confidence is given: no day is dated, so the age is not known."


def test_nutrient_without_reference_gets_a_best_guess_alone() -> None:
    table, _ = judged({"energy": [1900.0, 2100.0]})
    assert table.loc["energy", "verdict"] == "withheld"
    assert 1835 < table.loc["energy", "usual_estimate"] < 2000  # drawn towards the mean of women of her age


def test_day_of_which_nothing_is_known_is_left_out_not_read_as_zero() -> None:
    days = recorded({"magnesium": [320.0, 300.0, 310.0]})
    known, _ = judged_days(days.iloc[:2], {"": ANNA})
    unknown = days.assign(foods_without_value=[0, 0, 5])
    unknown.loc[2, ["amount", "low", "high", "food_amount"]] = np.nan
    table, _ = judged_days(unknown, {"": ANNA})
    assert table.loc["magnesium", "confidence"] == pytest.approx(known.loc["magnesium", "confidence"])
    assert math.isnan(table.loc["magnesium", "confidence_high"])
    assert table.loc["magnesium", "confidence_low"] < 5
    assert table.loc["magnesium", "verdict"] == "open"
    assert "1 day of which nothing is known" in table.loc["magnesium", "note"]


def test_day_of_which_only_a_supplement_is_known_says_nothing_of_food() -> None:
    days = recorded({"calcium": [700.0, 800.0]}, supplements={"calcium": 300.0})
    known, _ = judged_days(days.iloc[:1], {"": ANNA})
    days.loc[1, ["amount", "low", "food_amount", "high"]] = [300.0, 300.0, np.nan, np.nan]
    table, _ = judged_days(days.assign(foods_without_value=[0, 3]), {"": ANNA})
    assert table.loc["calcium", "usual_estimate"] == pytest.approx(known.loc["calcium", "usual_estimate"])


def test_likely_value_stands_for_what_is_not_known_and_is_said_to() -> None:
    days = recorded({"magnesium": [320.0, 300.0, 310.0]})
    as_known, _ = judged({"magnesium": [340.0, 350.0, 310.0]})
    likely = days.assign(estimate=[340.0, 350.0, 310.0], high=[400.0, 380.0, 310.0], foods_without_value=[1, 1, 0])
    table, _ = judged_days(likely, {"": ANNA})
    assert table.loc["magnesium", "confidence"] == pytest.approx(as_known.loc["magnesium", "confidence"])
    assert "Rests on 333 mg a day" in table.loc["magnesium", "note"]
    assert "known is 310 mg" in table.loc["magnesium", "note"]


def test_values_not_known_give_bounds_around_the_confidence() -> None:
    days = recorded({"magnesium": [320.0, 300.0, 310.0]}).assign(low=[300.0, 220.0, 310.0], high=[340.0, 400.0, 360.0])
    days["foods_without_value"] = [1, 2, 1]
    table, _ = judged_days(days, {"": ANNA})
    row = table.loc["magnesium"]
    assert row["confidence_low"] < row["confidence"] < row["confidence_high"]
    low, _ = judged({"magnesium": [300.0, 220.0, 310.0]})
    assert row["confidence_low"] == pytest.approx(low.loc["magnesium", "confidence"])
    assert f"({row['confidence_low']:.0f} to {row['confidence_high']:.0f}" in row["reading"]


def test_less_than_needed_is_never_clear_while_something_is_missing() -> None:
    days = recorded({"magnesium": [90.0] * 10})
    assert judged_days(days, {"": ANNA})[0].loc["magnesium", "verdict"] == "clearly_not"
    missing, _ = judged_days(days.assign(high=np.nan, foods_without_value=1), {"": ANNA})
    assert missing.loc["magnesium", "verdict"] == "open"


def test_more_days_are_not_promised_while_what_is_missing_decides() -> None:
    days = recorded({"magnesium": [190.0, 160.0, 185.0]})
    known, _ = judged_days(days, {"": ANNA})
    missing, _ = judged_days(days.assign(high=np.nan, foods_without_value=2), {"": ANNA})
    assert known.loc["magnesium", "more_days"] > 0
    assert pd.isna(missing.loc["magnesium", "more_days"])
    assert "not known" in missing.loc["magnesium", "reading"]


def test_niacin_is_bounded_from_below_only() -> None:
    table, _ = judged({"niacin": [12.0] * 4})
    assert math.isnan(table.loc["niacin", "confidence_high"])
    assert "tryptophan" in table.loc["niacin", "note"]


def test_figures_are_called_what_their_authority_calls_them() -> None:
    days = recorded({"calcium": [740.0] * 3})
    compared = compare(days, {"": ANNA}, conform(pd.DataFrame(), INTAKES), reference="efsa")
    table, working = confidence(days, {"": ANNA}, compared)
    assert table.loc[0, ["reference_kind", "reference_name", "reference"]].tolist() == ["EAR", "AR", 750.0]
    assert "figure intake is held against: AR" in quantities(working, "confidence")


def test_further_editions_of_the_comparison_add_no_row() -> None:
    days = recorded({"potassium": [2500.0] * 3})
    compared = compare(days, {"": ANNA}, conform(pd.DataFrame(), INTAKES), editions=["2005"])
    assert len(compared) == 2
    table, _ = confidence(days, {"": ANNA}, compared)
    assert table["reference"].tolist() == [2600.0]


amounts_of_days = st.lists(st.floats(20, 900), min_size=1, max_size=6)


@settings(max_examples=10, deadline=None)
@given(days=amounts_of_days, order=st.randoms())
def test_order_of_days_does_not_matter_and_more_never_means_less(days: list[float], order: Any) -> None:
    shuffled = list(days)
    order.shuffle(shuffled)
    diaries = {"as written": days, "shuffled": shuffled, "more": [day * 1.1 for day in days]}
    together = pd.concat([recorded({"magnesium": own}, name) for name, own in diaries.items()], ignore_index=True)
    people = dict.fromkeys(diaries, ANNA)
    table, _ = confidence(together, people, compare(together, people, conform(pd.DataFrame(), INTAKES)))
    found = table.set_index("person_id")
    assert found.loc["shuffled", "confidence"] == pytest.approx(found.loc["as written", "confidence"])
    assert found.loc["more", "confidence"] >= found.loc["as written", "confidence"] - 1e-9
    assert found.loc["more", "usual_estimate"] > found.loc["as written", "usual_estimate"]


def test_people_are_worked_out_each_as_if_alone() -> None:
    alone, _ = judged({"magnesium": [310.0, 250.0], "calcium": [700.0, 900.0], "iron": [9.0, 12.0]})
    people = {"Anna": ANNA, "Ben": BEN, "Cy": Person(sex="male", age_years=3)}
    amounts = {"magnesium": [310.0, 250.0], "calcium": [700.0, 900.0], "iron": [9.0, 12.0]}
    together = pd.concat([recorded(amounts, name) for name in ("Cy", "Anna", "Ben")], ignore_index=True)
    table, _ = confidence(together, people, compare(together, people, conform(pd.DataFrame(), INTAKES)))
    anna = table[table["person_id"] == "Anna"].set_index("nutrient")
    for name in ("confidence", "usual_estimate", "confidence_iom_2000", "confidence_below_ul"):
        assert anna[name].to_numpy() == pytest.approx(alone[name].to_numpy(), nan_ok=True)


def test_no_word_diagnoses_or_alarms() -> None:
    nursing = Person(sex="female", age_years=25, lactating=True)
    people = {f"{person.sex} {scale}": person for scale in (0.2, 0.9, 1.0, 1.1, 3.0) for person in (ANNA, BEN)}
    people |= {f"nursing {scale}": nursing for scale in (0.2, 0.9, 1.1)}
    diaries = [
        recorded({name: [float(key.split()[1]) * value] * 3 for name, value in LITTLE.items()}, key) for key in people
    ]
    together = pd.concat(diaries, ignore_index=True)
    table, _ = confidence(together, people, compare(together, people, conform(pd.DataFrame(), INTAKES)))
    assert table["verdict"].nunique() >= 5
    said = " ".join([*table["reading"], *table["note"].dropna()]).casefold()
    for word in ("deficien", "inadequa", "risk", "danger", "too little", "must", "should", "cause"):
        assert word not in said, word


LITTLE = {
    "magnesium": 265.0,
    "potassium": 2600.0,
    "calcium": 800.0,
    "vitamin_d": 10.0,
    "vitamin_b12": 2.0,
    "sodium": 2300.0,
    "iron": 8.1,
    "zinc": 6.8,
}


def test_confidence_of_sodium_by_efsa_is_withheld_because_its_figure_is_no_level_to_reach() -> None:
    days = recorded({"sodium": [3000.0] * 7, "potassium": [5500.0] * 7})
    who = {"": ANNA}
    by_efsa = compare(days, who, conform(pd.DataFrame(), INTAKES), reference="efsa")
    table = confidence(days, who, by_efsa)[0].set_index("nutrient")
    assert table.loc["sodium", "verdict"] == "withheld"
    assert "the safe and adequate intake is no level to reach" in table.loc["sodium", "reading"]
    assert "Best guess of usual intake" in table.loc["sodium", "reading"]
    assert table.loc["potassium", "verdict"] == "clear"


def test_confidence_below_the_cdrr_by_days_alone_is_one_sentence() -> None:
    pregnant = Person(sex="female", age_years=34, pregnant=True)
    reading = judged({"sodium": [2200.0, 2400.0, 2300.0]}, pregnant)[0].loc["sodium", "reading"]
    assert "the intake above which less is advised, is about" in reading


def test_working_writes_units_as_people_do() -> None:
    steps = judged({"vitamin_d": [4.0, 6.0]})[1]["quantity"]
    assert steps.str.contains("µg, the need of").any()
    assert not steps.str.contains(r"\bug\b").any()


def test_zinc_by_efsa_without_its_condition_is_not_said_to_have_no_requirement() -> None:
    days, who = recorded({"zinc": [8.0] * 3}), {"": ANNA}
    by_efsa = compare(days, who, conform(pd.DataFrame(), INTAKES), reference="efsa")
    reading = confidence(days, who, by_efsa)[0].loc[0, "reading"]
    assert reading.startswith("It is held against no requirement or AI. Best guess")


def test_note_leaves_out_a_likely_amount_that_reads_like_the_known_one() -> None:
    days = recorded({"magnesium": [300.0, 300.0]}).assign(amount=299.9, low=299.9, foods_without_value=1)
    days["estimate"] = 300.0
    assert "Rests on" not in str(judged_days(days, {"": ANNA})[0].loc["magnesium", "note"])
    apart = days.assign(amount=280.0, low=280.0)
    assert "known is 280 mg" in judged_days(apart, {"": ANNA})[0].loc["magnesium", "note"]
