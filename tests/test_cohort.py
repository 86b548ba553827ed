"""Groups of people: usual intakes and their prevalences, on tables made up so that the answer is known."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.cohort import group_figures, group_usual_intakes, life_stage_groups, people_days, usual_intakes
from nutridiary.cohort.amount_model import RecordedDays, fit_amount_model
from nutridiary.cohort.distribution import UsualDistribution, usual_distribution
from nutridiary.errors import CohortError
from nutridiary.references import Person
from nutridiary.tables import USUAL_INTAKES

PERCENTILES = ["p5", "p10", "p25", "p50", "p75", "p90", "p95"]


def made_up(people: int = 300, *, exponent: float = 0.0, days: int = 2, seed: int = 1, between=0.09, within=0.16):
    """People's days of magnesium whose Box-Cox values are normal with known variances."""
    rng = np.random.default_rng(seed)
    mean = 5.6 if exponent == 0 else (300**exponent - 1) / exponent
    own = mean + rng.normal(0, between**0.5, people)
    scaled = own[:, np.newaxis] + rng.normal(0, within**0.5, (people, days))
    intake = np.exp(scaled) if exponent == 0 else np.maximum(exponent * scaled + 1, 0) ** (1 / exponent)
    return pd.DataFrame(
        {
            "person_id": np.repeat([f"p{n:04}" for n in range(people)], days),
            "day": np.tile(np.arange(1, days + 1), people),
            "weekday": rng.integers(1, 8, people * days),
            "magnesium": intake.ravel(),
        }
    )


def figures(**given_figures):
    row = {"group": "everybody", "nutrient": "magnesium", "ear": np.nan, "rda": np.nan, "ai": np.nan, "ul": np.nan}
    return pd.DataFrame(
        [row | {"cdrr": np.nan, "ul_applies_to": "total_intake", "ear_counts": "total_intake"} | given_figures]
    )


def only(table: pd.DataFrame) -> pd.Series:
    assert len(table) == 1
    return table.iloc[0]


# What the model finds


@pytest.mark.parametrize("exponent", [0.0, 0.25, 0.5])
def test_amount_model_recovers_exponent_and_variances_of_simulated_days(exponent):
    between, within = (0.09, 0.16) if exponent == 0 else (0.09 * 300 ** (2 * exponent), 0.16 * 300 ** (2 * exponent))
    table = made_up(4000, exponent=exponent, between=between, within=within)
    row = only(usual_intakes(table, ["magnesium"]))
    assert row["exponent"] == pytest.approx(exponent, abs=0.101)
    assert row["share_between"] == pytest.approx(0.36, abs=0.04)
    assert row["method"] == "amount_model"


def test_usual_intakes_of_lognormal_days_agree_with_the_exact_distribution():
    # Days exp(N(5.6 + person, 0.16)), person N(0, 0.09): usual intake is exp(5.6 + 0.08 + person).
    row = only(usual_intakes(made_up(6000, seed=3), ["magnesium"], figures=figures(ear=290.0)))
    exact = {name: np.exp(5.68 + 0.3 * z) for name, z in (("p5", -1.645), ("p50", 0.0), ("p95", 1.645))}
    for name, value in exact.items():
        assert row[name] == pytest.approx(value, rel=0.03)
    assert row["mean"] == pytest.approx(np.exp(5.68 + 0.045), rel=0.02)
    assert row["inadequate"] == pytest.approx(50 + 100 * 0.0, abs=4)  # ln 290 = 5.67, hardly below the median
    raw = made_up(6000, seed=3)["magnesium"]
    assert row["p95"] < raw.quantile(0.95)  # days are spread wider than usual intakes


def test_amount_model_agrees_with_mixed_model_of_statsmodels():
    mixed = pytest.importorskip("statsmodels.regression.mixed_linear_model")
    table = made_up(800, days=3, seed=5)
    row_days = RecordedDays(
        table["magnesium"].to_numpy(),
        (table["weekday"] >= 5).to_numpy("float64"),
        (table["day"] > 1).to_numpy("float64"),
        np.repeat(np.arange(800), 3),
    )
    model = fit_amount_model(row_days, np.ones((1, 800)))
    scaled = np.log(row_days.intake) if model.exponent == 0 else (row_days.intake**model.exponent - 1) / model.exponent
    columns = np.column_stack([np.ones(2400), row_days.weekend, row_days.later])
    fitted = mixed.MixedLM(scaled, columns, groups=row_days.person).fit(reml=True)
    assert model.effects[0] == pytest.approx(fitted.fe_params, rel=0.01, abs=0.02 * abs(fitted.fe_params[0]))
    assert model.between[0] == pytest.approx(float(fitted.cov_re.squeeze()), rel=0.05)
    assert model.within[0] == pytest.approx(fitted.scale, rel=0.05)


def test_weekend_days_count_three_sevenths_however_many_were_recorded():
    table = made_up(2000, seed=7)
    table["weekday"] = np.tile([2, 6], 2000)
    table.loc[table["weekday"] == 6, "magnesium"] *= 1.5
    table.loc[::2, "weekday"], table.loc[1::2, "weekday"] = 2, 6
    order = np.random.default_rng(0).permutation(2000)[:1000]  # half of the people begin on the weekend
    swapped = table["person_id"].isin([f"p{n:04}" for n in order])
    table.loc[swapped, "day"] = 3 - table.loc[swapped, "day"]
    weekday = table.loc[table["weekday"] == 2, "magnesium"].mean()
    weekend = table.loc[table["weekday"] == 6, "magnesium"].mean()
    row = only(usual_intakes(table, ["magnesium"]))
    assert row["mean"] == pytest.approx(4 / 7 * weekday + 3 / 7 * weekend, rel=0.02)


# What it must not depend on


@settings(max_examples=15, deadline=None)
@given(factor=st.floats(0.01, 1000), seed=st.integers(0, 5))
def test_usual_intakes_scale_with_intakes(factor, seed):
    table = made_up(80, seed=seed)
    one = only(usual_intakes(table, ["magnesium"], figures=figures(ear=250.0)))
    other = only(
        usual_intakes(
            table.assign(magnesium=table["magnesium"] * factor), ["magnesium"], figures=figures(ear=250.0 * factor)
        )
    )
    for name in [*PERCENTILES, "mean", "mean_se", "sd"]:
        assert other[name] == pytest.approx(factor * one[name], rel=1e-5)
    assert other["inadequate"] == pytest.approx(one["inadequate"], abs=1e-4)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000), factor=st.floats(0.001, 1e6))
def test_usual_intakes_depend_neither_on_order_of_rows_nor_on_scale_of_weights(seed, factor):
    table = made_up(60)
    table["weight"] = np.repeat(np.random.default_rng(2).uniform(1, 9, 60), 2)
    one = only(usual_intakes(table, ["magnesium"]))
    shuffled = table.assign(weight=table["weight"] * factor).sample(frac=1, random_state=seed)
    other = only(usual_intakes(shuffled, ["magnesium"]))
    for name in [*PERCENTILES, "mean", "mean_se", "sd", "share_between"]:
        assert other[name] == pytest.approx(one[name], rel=1e-7)


@settings(max_examples=15, deadline=None)
@given(cutoffs=st.lists(st.floats(1, 900), min_size=2, max_size=5))
def test_share_below_rises_with_the_cutoff_and_percentiles_invert_it(cutoffs):
    table = made_up(200)
    days = RecordedDays(table["magnesium"].to_numpy(), np.zeros(400), np.zeros(400), np.repeat(np.arange(200), 2))
    usual = usual_distribution(fit_amount_model(days, np.ones((1, 200))))
    shares = [usual.share_below(cutoff)[0] for cutoff in sorted(cutoffs)]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    assert usual.share_below(usual.percentiles([30])[0, 0])[0] == pytest.approx(0.3, abs=1e-6)


def test_weight_of_two_counts_like_two_people():
    table = made_up(40)
    twice = pd.concat([table, table.head(20).assign(person_id=lambda rows: "again " + rows["person_id"])])
    weighted = table.assign(weight=np.where(table.index < 20, 2.0, 1.0))
    one, other = only(usual_intakes(twice, ["magnesium"])), only(usual_intakes(weighted, ["magnesium"]))
    for name in [*PERCENTILES, "mean", "sd"]:
        assert other[name] == pytest.approx(one[name], rel=1e-9)


# What is not known, and what is refused


def test_single_days_give_a_mean_and_never_a_prevalence():
    table = made_up(200, days=1)
    row = only(usual_intakes(table, ["magnesium"], figures=figures(ear=265.0, cdrr=400.0)))
    assert row["method"] == "mean_only"
    assert row["mean"] == pytest.approx(table["magnesium"].mean())
    assert row["inadequate_by"] == "withheld"
    assert row[["inadequate", "above_cdrr", "p50", "sd"]].isna().all()
    assert "second day" in row["note"]


def test_unknown_intakes_are_counted_and_left_out_not_taken_for_zero():
    table = made_up(100)
    gaps = table.assign(magnesium=table["magnesium"].mask(table.index % 10 == 0))
    row = only(usual_intakes(gaps, ["magnesium"]))
    without = only(usual_intakes(gaps.dropna(), ["magnesium"]))
    assert row["days_left_out"] == 20
    assert row["days"] == 180
    assert "20 days whose amount is not known are left out" in row["note"]
    assert row["p50"] == pytest.approx(without["p50"], rel=1e-9)


def test_group_of_unknown_intakes_is_withheld_in_words():
    table = made_up(10).assign(magnesium=np.nan)
    row = only(usual_intakes(table, ["magnesium"], figures=figures(ear=265.0)))
    assert row["method"] == "withheld"
    assert np.isnan(row["mean"])
    assert row["reading"] == "Magnesium: there is no day with a known amount."


def test_zero_intakes_count_as_half_the_smallest_intake():
    table = made_up(200)
    table.loc[:4, "magnesium"] = 0.0
    row = only(usual_intakes(table, ["magnesium"]))
    assert row["days_without"] == 5
    assert row["method"] == "amount_model"
    assert row["p5"] > 0


def test_nutrient_missing_on_many_days_has_a_mean_and_no_distribution():
    table = made_up(200)
    table.loc[table.index % 3 == 0, "magnesium"] = 0.0
    row = only(usual_intakes(table, ["magnesium"], figures=figures(ear=265.0)))
    assert row["method"] == "mean_only"
    assert "more than a tenth" in row["note"].lower()
    assert np.isnan(row["inadequate"])


def test_few_repeated_days_fall_back_to_adjusted_means_and_say_so():
    row = only(usual_intakes(made_up(20), ["magnesium"], figures=figures(ear=265.0)))
    assert row["method"] == "nrc_1986"
    assert "National Research Council 1986" in row["note"]
    assert 0 < row["inadequate"] < 100


def test_days_that_do_not_tell_people_apart_are_not_adjusted_and_say_so():
    rng = np.random.default_rng(1)
    first = rng.uniform(150, 450, 60)
    table = pd.DataFrame(
        {"person_id": np.repeat(np.arange(60).astype(str), 2), "day": np.tile([1, 2], 60), "weekday": 3}
    ).assign(magnesium=np.column_stack([first, 600 - first]).ravel())
    row = only(usual_intakes(table, ["magnesium"]))
    assert row["method"] == "not_adjusted"
    assert row["share_between"] == 0
    assert "do not tell people apart" in row["note"]
    assert row["p50"] == pytest.approx(300)


def test_share_below_the_ear_is_refused_for_energy_with_the_reason():
    table = made_up(100).rename(columns={"magnesium": "energy"})
    row = only(usual_intakes(table, ["energy"], figures=figures(nutrient="energy", ear=2000.0)))
    assert row["inadequate_by"] == "withheld"
    assert np.isnan(row["inadequate"])
    assert "need more energy eat more" in row["note"]
    assert row["p50"] > 0


def iron_days(people=200):
    return made_up(people).rename(columns={"magnesium": "iron"}).assign(iron=lambda rows: rows["iron"] / 25)


def test_iron_of_menstruating_women_goes_by_probability_and_of_girls_is_withheld():
    table = iron_days()
    found = {}
    for group in ("female 19-30 y", "female 14-18 y", "female 9-13 y", "male 19-30 y", "pregnant 19-30 y"):
        given_figures = group_figures([group], ["iron"])
        found[group] = only(usual_intakes(table.assign(group=group), ["iron"], by="group", figures=given_figures))
    assert {name: row["inadequate_by"] for name, row in found.items()} == {
        "female 19-30 y": "probability",
        "female 14-18 y": "withheld",
        "female 9-13 y": "cut_point",
        "male 19-30 y": "cut_point",
        "pregnant 19-30 y": "cut_point",
    }
    assert "menstruate" in found["female 14-18 y"]["note"]
    assert np.isnan(found["female 14-18 y"]["inadequate"])


def test_iron_of_a_group_of_unknown_sex_and_age_is_withheld():
    row = only(usual_intakes(iron_days(), ["iron"], figures=figures(nutrient="iron", ear=8.1)))
    assert row["inadequate_by"] == "withheld"
    assert "Sex, age and life stage of the group are not given" in row["note"]


def test_iron_by_another_authority_does_not_borrow_the_requirements_of_nasem():
    given_figures = group_figures(["female 19-30 y"], ["iron"]).assign(authority="EFSA")
    row = only(usual_intakes(iron_days().assign(group="female 19-30 y"), ["iron"], by="group", figures=given_figures))
    assert row["inadequate_by"] == "withheld"


def test_probability_with_narrow_requirements_comes_to_the_cut_point():
    table = made_up(500)
    cut = only(usual_intakes(table, ["magnesium"], figures=figures(ear=265.0, rda=318.0)))
    risk = only(usual_intakes(table, ["magnesium"], figures=figures(ear=265.0, rda=318.0), ear_method="probability"))
    assert risk["inadequate_by"] == "probability"
    assert "CV of 10 %" in risk["note"]
    assert risk["inadequate"] == pytest.approx(cut["inadequate"], abs=2)
    assert risk["inadequate"] != cut["inadequate"]


def test_ul_of_supplements_is_not_held_against_food():
    row = only(
        usual_intakes(made_up(100), ["magnesium"], figures=figures(ul=350.0, ul_applies_to="supplements_and_medicines"))
    )
    assert np.isnan(row["above_ul"])
    assert "supplements and medicines" in row["note"]


def test_ul_of_vitamin_a_is_held_against_retinol_where_it_is_known():
    table = made_up(200).rename(columns={"magnesium": "vitamin_a_rae"})
    given_figures = figures(nutrient="vitamin_a_rae", ul=250.0, ul_applies_to="preformed_retinol")
    unknown = only(usual_intakes(table, ["vitamin_a_rae"], figures=given_figures))
    table["retinol"] = table["vitamin_a_rae"] / 10
    known = only(usual_intakes(table, ["vitamin_a_rae"], figures=given_figures))
    assert np.isnan(unknown["above_ul"])
    assert known["above_ul"] < 1  # all of it would be above for most people


def test_shares_above_ai_and_below_it_add_up_and_the_ai_concludes_upward_only():
    row = only(usual_intakes(made_up(300), ["magnesium"], figures=figures(ai=300.0)))
    assert 0 < row["above_ai"] < 100
    assert row["inadequate_by"] != row["inadequate_by"]
    assert "of the others nothing can be concluded" in row["reading"]


def test_unknown_weekdays_are_said():
    row = only(usual_intakes(made_up(60).drop(columns="weekday"), ["magnesium"]))
    assert "Weekdays are not known" in row["note"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda table: table.drop(columns="person_id"), "no column person_id"),
        (lambda table: table.drop(columns="day"), "neither day"),
        (lambda table: pd.concat([table, table.head(1)]), "p0000 has day 1 twice"),
        (lambda table: table.assign(magnesium=-1.0), "is -1"),
        (lambda table: table.assign(weekday=0), "1 is Monday, 7 is Sunday"),
        (lambda table: table.assign(weight=np.arange(len(table)) + 1.0), "p0000: weight differ"),
        (lambda table: table.assign(weight=-1.0), "column weight"),
        (lambda table: table.assign(person_id=None), "no person_id"),
    ],
)
def test_people_days_that_contradict_themselves_are_refused_with_what_is_wrong(change, words):
    with pytest.raises(CohortError, match=words):
        usual_intakes(change(made_up(40)), ["magnesium"])


def test_unknown_group_column_and_method_are_refused_with_what_is_near():
    with pytest.raises(CohortError, match="Did you mean 'weekday'"):
        usual_intakes(made_up(40), ["magnesium"], by="weekdays")
    with pytest.raises(CohortError, match="cut_point or probability"):
        usual_intakes(made_up(40), ["magnesium"], ear_method="ear")


def test_figures_given_twice_are_refused():
    twice = pd.concat([figures(ear=265.0), figures(ear=300.0)])
    with pytest.raises(CohortError, match="magnesium of everybody is there twice"):
        usual_intakes(made_up(40), ["magnesium"], figures=twice)


def test_missing_scipy_is_named_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(CohortError, match=r"pip install 'nutridiary\[stats\]'"):
        usual_intakes(made_up(60), ["magnesium"], figures=figures(ear=265.0, rda=318.0), ear_method="probability")


# From diaries


def diary_days(people=40, days=3):
    rng = np.random.default_rng(4)
    rows = [
        {
            "person_id": f"w{person}",
            "date": pd.Timestamp(2025, 3, 3 + day),
            "nutrient": "magnesium",
            "amount": rng.lognormal(5.6 + 0.01 * person, 0.3),
            "foods": 9,
            "foods_without_value": 0,
            "foods_left_out": 0,
        }
        for person in range(people)
        for day in range(days)
    ]
    return pd.DataFrame(rows)


def test_diaries_are_grouped_by_life_stage_and_compared_with_its_figures():
    people = {f"w{n}": Person(sex="female", age_years=34) for n in range(40)}
    people["w0"] = Person(sex="male", age_years=34)
    table = group_usual_intakes(diary_days(), people)
    assert list(table.columns) == USUAL_INTAKES.names
    assert table["group"].tolist() == ["male 31-50 y", "female 31-50 y"]
    women = table.iloc[1]
    assert (women["ear"], women["people"], women["days"], women["method"]) == (265.0, 39, 117, "amount_model")
    assert women["se_method"] == "delete-a-group jackknife"


def test_diary_days_not_known_in_full_are_left_out():
    days = diary_days(1)
    days.loc[0, "foods_without_value"] = 1
    days.loc[1, "foods_left_out"] = 2
    table = people_days(days, {"w0": Person(sex="male", age_years=40)})
    assert table["magnesium"].notna().tolist() == [False, False, True]
    assert table["group"].unique().tolist() == ["male 31-50 y"]


def test_people_who_are_not_known_belong_to_no_group():
    assert people_days(diary_days(2), {})["group"].isna().all()
    assert group_usual_intakes(diary_days(2), {})["group"].tolist() == ["no life-stage group"]


def test_pregnancy_outside_its_ages_has_no_group():
    people = pd.DataFrame({"sex": ["female"] * 3, "age": [52, 40, 40], "pregnant": [True, False, False]})
    people["lactating"] = [False, True, False]
    groups = life_stage_groups(people)
    assert groups.isna().tolist() == [True, False, False]
    assert groups.tolist()[1:] == ["lactating 31-50 y", "female 31-50 y"]


def test_figures_of_a_group_are_withheld_where_they_change_within_it():
    ours = group_figures(["male 9-13 y", "male 31-50 y"], ["calcium"], reference="efsa").set_index("group")
    assert np.isnan(ours.loc["male 9-13 y", "ear"])  # 680 mg to 10 years, 960 mg from 11
    assert ours.loc["male 31-50 y", "ear"] == 750.0


def test_figures_of_a_group_nobody_knows_are_refused():
    with pytest.raises(CohortError, match="Did you mean 'male 31-50 y'"):
        group_figures(["males 31-50 y"], ["calcium"])


def test_mean_risk_is_the_mean_over_people():
    usual = UsualDistribution(np.array([[1.0, 3.0]]), np.array([[0.25, 0.75]]))
    assert usual.mean_risk(lambda intake: 1 / intake)[0] == pytest.approx(0.25 + 0.25)


def test_group_of_one_person_has_no_standard_errors():
    table = made_up(30)
    table["group"] = np.where(table["person_id"] == "p0007", "alone", "others")
    alone = usual_intakes(table, ["magnesium"], by="group").set_index("group").loc["alone"]
    assert alone["people"] == 1
    assert np.isnan(alone["mean_se"])
    assert "SE" not in alone["reading"]
    assert "one person" in alone["note"]


def test_example_of_the_page_on_groups_runs(tmp_path, monkeypatch, capsys):
    page = (Path(__file__).parents[1] / "docs" / "groups.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]
    made_up(40).assign(sex="female", age=34, iron=lambda rows: rows["magnesium"] / 25).to_csv(
        tmp_path / "days.csv", index=False
    )
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "docs/groups.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "female 31-50 y" in shown
    assert "cut_point" in shown
    assert "probability" in shown
