"""Groups of people: what is said of tables, files and designs that do not hold what they should."""

from __future__ import annotations

import lzma

import numpy as np
import pandas as pd
import pytest

import usual_intake
from nutridiary.cohort import (
    group_usual_intakes,
    life_stage_groups,
    read_survey_days,
    replicates,
    survey_means,
    usual_intakes,
)
from nutridiary.errors import CohortError
from nutridiary.references import Person


def days_of(people: int = 40, **columns) -> pd.DataFrame:
    """Two days of magnesium a person, made up."""
    rng = np.random.default_rng(1)
    own = np.repeat(rng.normal(0, 0.3, people), 2)
    table = {
        "person_id": np.repeat([f"p{n:03}" for n in range(people)], 2),
        "day": np.tile([1, 2], people),
        "weekday": np.tile([2, 6], people),
        "magnesium": np.exp(5.6 + own + rng.normal(0, 0.4, 2 * people)),
    }
    return pd.DataFrame(table | columns)


# The design of a sample


def in_one_unit() -> pd.DataFrame:
    """Two strata of two units; the group is ten people of one of them."""
    number = np.repeat(np.arange(40), 2)
    return days_of(stratum=number // 20, psu=number % 20 // 10, group=np.where(number < 10, "few", None))


def test_group_within_one_sampling_unit_has_a_mean_and_no_error():
    table = in_one_unit()
    row = survey_means(table[table["day"] == 1], ["magnesium"], by="group").iloc[0]
    assert row["mean"] > 0
    assert row["degrees"] == 0
    assert row[["mean_se", "mean_low", "mean_high"]].isna().all()


def test_usual_intakes_of_a_group_have_the_degrees_of_freedom_of_its_own_units():
    table = in_one_unit()
    assert usual_intakes(table, ["magnesium"], by="group").iloc[0][["degrees", "mean_se"]].isna().tolist() == [
        False,
        True,
    ]
    one_by_one = table.drop(columns=["stratum", "psu"])
    assert usual_intakes(one_by_one, ["magnesium"], by="group").loc[0, "degrees"] == 9  # ten people
    assert usual_intakes(table, ["magnesium"]).loc[0, "degrees"] == 2  # four units, two strata


def test_linearised_error_of_a_subgroup_equals_the_textbook_formula_of_a_simulated_design():
    rng = np.random.default_rng(4)
    number = np.arange(600)
    table = pd.DataFrame(
        {
            "person_id": number.astype("str"),
            "day": 1,
            "weight": rng.lognormal(0, 0.5, 600),
            "stratum": number % 10,
            "psu": number // 10 % 3,
            "magnesium": rng.gamma(14, 20, 600),
            "group": np.where((number % 10 < 7) & (rng.random(600) < 0.1), "some", None),
        }
    )
    row = survey_means(table, ["magnesium"], by="group").iloc[0]
    inside = table["weight"].where(table["group"].notna(), 0.0)
    mean = (inside * table["magnesium"]).sum() / inside.sum()
    z = inside * (table["magnesium"] - mean) / inside.sum()
    variance = 0.0
    for _, stratum in z.groupby(table["stratum"]):
        totals = stratum.groupby(table.loc[stratum.index, "psu"]).sum()
        variance += len(totals) / (len(totals) - 1) * ((totals - totals.mean()) ** 2).sum()
    assert row["mean"] == pytest.approx(mean)
    assert row["mean_se"] == pytest.approx(variance**0.5)
    reached = table[table["group"].notna()][["stratum", "psu"]].drop_duplicates()
    assert row["degrees"] == len(reached) - reached["stratum"].nunique()


@pytest.mark.parametrize("fay", [0.0, 0.5])
def test_means_go_by_published_replicate_weights_where_they_are_given(fay):
    # Two strata of two people, balanced half samples: exactly the variance of linearisation, 2.5^2 + 5^2 = 31.25.
    halves = [(1, 0, 1, 0), (1, 0, 0, 1), (0, 1, 1, 0), (0, 1, 0, 1)]
    weights = {f"replicate_{n}": [2 - fay if here else fay for here in half] for n, half in enumerate(halves, 1)}
    table = pd.DataFrame({"person_id": list("abcd"), "day": 1, "magnesium": [10.0, 20.0, 30.0, 50.0]} | weights)
    row = survey_means(table, ["magnesium"], fay=fay).iloc[0]
    assert (row["mean"], row["mean_se"]) == pytest.approx((27.5, 31.25**0.5))
    assert row["se_method"] == "balanced repeated replication"


@pytest.mark.parametrize("column", ["stratum", "psu"])
def test_half_a_design_is_refused_not_left_aside(column):
    for measure in (usual_intakes, survey_means):
        with pytest.raises(CohortError, match=f"only {column} is there"):
            measure(days_of(**{column: 1}), ["magnesium"])


def test_fay_factor_without_replicate_weights_is_refused():
    with pytest.raises(CohortError, match="there are none"):
        usual_intakes(days_of(), ["magnesium"], fay=0.3)
    with pytest.raises(CohortError, match="there are none"):
        survey_means(days_of(), ["magnesium"], fay=0.3)
    with pytest.raises(CohortError, match="there are none"):
        replicates(days_of().drop_duplicates("person_id"), fay=0.3)


@pytest.mark.parametrize("weight", [-1.0, np.nan, 0.0, np.inf])
def test_means_and_usual_intakes_refuse_weights_that_are_none(weight):
    for measure in (usual_intakes, survey_means):
        with pytest.raises(CohortError, match="needs a weight of zero or more"):
            measure(days_of(weight=weight), ["magnesium"])


# What stands in the cells


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("magnesium", "trace", "column magnesium: 'trace' of person p000 is no number"),
        ("weight", "heavy", "column weight: 'heavy' of person p000 is no number"),
        ("weekday", "Mon", "column weekday: 'Mon' of person p000 is no number"),
        ("day", "first", "column day: 'first' of person p000 is no number"),
        ("date", "03/04/2025", "'03/04/2025' of person p000 is no date like 2025-03-31"),
    ],
)
def test_cell_that_is_no_number_or_date_is_shown_with_its_person(column, value, words):
    with pytest.raises(CohortError, match=words):
        usual_intakes(days_of(**{column: value}), ["magnesium"])


def test_dates_are_ordered_as_days_not_as_text():
    dates = np.tile(["2025-10-02", "2025-09-30"], 40)  # the second row of each is its first day
    text = usual_intakes(days_of(date=dates).drop(columns="day"), ["magnesium"])
    first = usual_intakes(days_of(day=np.tile([2, 1], 40)), ["magnesium"])
    assert text.loc[0, "mean"] == pytest.approx(first.loc[0, "mean"])


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("sex", "F", "male or female, and 'F'"),
        ("pregnant", "no", "true or false, 1 or 0, and 'no'"),
        ("pregnant", 2, "true or false, 1 or 0, and '2'"),
        ("age", "thirty", "'thirty' is no number"),
    ],
)
def test_life_stage_groups_refuse_words_they_would_have_to_guess(column, value, words):
    with pytest.raises(CohortError, match=words):
        life_stage_groups(pd.DataFrame({"sex": ["female"], "age": [30], "pregnant": [False]} | {column: [value]}))


def test_life_stage_groups_read_ones_and_unknown_states():
    people = pd.DataFrame({"sex": ["female"] * 3, "age": [30, 30, None], "pregnant": [1.0, None, 0.0]})
    assert life_stage_groups(people).tolist()[:2] == ["pregnant 19-30 y", "female 19-30 y"]
    assert life_stage_groups(people).isna().tolist() == [False, False, True]


def test_share_of_all_of_few_people_is_no_share_with_an_error_of_zero():
    figures = pd.DataFrame([{"group": "everybody", "nutrient": "magnesium", "ear": 9000.0, "ul": 8000.0}])
    figures["ul_applies_to"] = "total_intake"
    row = usual_intakes(days_of(6), ["magnesium"], figures=figures).iloc[0]
    assert (row["inadequate"], row["above_ul"]) == (100.0, 0.0)
    assert row[["inadequate_se", "above_ul_se"]].isna().all()
    assert "All of them are below the EAR" in row["reading"]
    assert "None of them are above the UL" in row["reading"]


@pytest.mark.parametrize(("people", "hardly"), [(8, True), (400, False)])
def test_share_with_an_interval_of_thirty_points_is_said_to_be_hardly_known(people, hardly):
    figures = pd.DataFrame([{"group": "everybody", "nutrient": "magnesium", "ear": 280.0}])
    row = usual_intakes(days_of(people), ["magnesium"], figures=figures).iloc[0]
    assert (row["inadequate_se"] > 7.7) == hardly
    assert ("hardly known" in str(row["note"])) is hardly


# People of diaries


def diaries() -> pd.DataFrame:
    rows = [
        {"person_id": person, "date": f"2025-03-0{day}", "nutrient": "magnesium", "amount": 200.0 + 9 * day}
        for person in ("anna", "ben", "cleo")
        for day in (3, 4, 5)
    ]
    return pd.DataFrame(rows).assign(foods_without_value=0, foods_left_out=0)


def test_people_without_a_group_are_counted_in_a_row_of_their_own():
    table = group_usual_intakes(diaries(), {"anna": Person(sex="female", age_years=34)})
    assert table["group"].tolist() == ["female 31-50 y", "no life-stage group"]
    aside = table.iloc[1]
    assert (aside["people"], aside["days"], aside["method"]) == (2, 6, "withheld")
    assert aside[["mean", "p50", "inadequate"]].isna().all()
    assert "2 people belong to no life-stage group (6 days)" in aside["reading"]


def test_every_day_of_diaries_is_in_a_group_left_out_or_set_aside():
    days = diaries()
    days.loc[0, "foods_without_value"] = 1
    table = group_usual_intakes(days, {"anna": Person(sex="female", age_years=34)})
    assert table["days"].sum() + table["days_left_out"].sum() == len(days)


# Files of a survey


def write_survey(folder, *, change=None, leave_out=()):
    """Eight people of two strata with two recalls; the seventh reported human milk on the second day."""
    number = np.arange(1, 9)
    people = pd.DataFrame({"SEQN": number, "RIAGENDR": 2, "RIDAGEYR": 30, "SDMVSTRA": number % 2})
    files = {"DEMO": people.assign(SDMVPSU=(number - 1) // 4, RIDEXPRG=2)}
    for day in (1, 2):
        rows = pd.DataFrame({"SEQN": number, f"DR{day}DRSTZ": 1, "DRABF": 2, "WTDRD1": 10.0 * number, "WTDR2D": 5.0})
        files[f"DR{day}TOT"] = rows.assign(**{f"DR{day}DAY": day, f"DR{day}TMAGN": 300.0})
    files["DR2TOT"].loc[6, "DR2DRSTZ"] = 4
    for table in ("DR1TOT", "DR2TOT"):
        files[table].loc[6, "DRABF"] = 1
    for name, rows in files.items():
        if name not in leave_out:
            changed = rows if change is None else change(name, rows)
            with lzma.open(folder / f"{name}_H.csv.xz", "wt") as file:
                changed.to_csv(file, index=False)


@pytest.mark.parametrize(
    "change",
    [
        lambda name, rows: rows.rename(columns=str.lower),
        lambda name, rows: rows[rows.columns[::-1]],
        lambda name, rows: rows.drop(columns="WTDR2D", errors="ignore"),
        lambda name, rows: rows.drop(columns="DRABF", errors="ignore"),
        lambda name, rows: rows.assign(WTDRD1=np.nan) if name == "DR2TOT" else rows,
    ],
    ids=[
        "small letters",
        "another order",
        "no second weight",
        "no column of breast-fed",
        "no first weight beside day 2",
    ],
)
def test_survey_files_that_differ_in_form_are_read_the_same(tmp_path, change):
    write_survey(tmp_path, change=change)
    days = read_survey_days(str(tmp_path), "H")
    assert sorted(set(days["person_id"])) == ["H1", "H2", "H3", "H4", "H5", "H6", "H8"]
    assert days["day"].value_counts().to_dict() == {1: 7, 2: 7}
    assert days["weight"].tolist() == [weight for weight in (10, 20, 30, 40, 50, 60, 80) for _ in (1, 2)]


def test_survey_without_second_recalls_gives_means_and_no_prevalence(tmp_path):
    write_survey(tmp_path, leave_out=["DR2TOT"], change=lambda name, rows: rows.assign(DR1TIRON=7.0))
    days = read_survey_days(tmp_path, "H")
    assert set(days["day"]) == {1}
    row = usual_intakes(days, ["magnesium"]).iloc[0]
    assert (row["method"], row["mean"]) == ("mean_only", 300.0)
    assert np.isnan(list(usual_intake.iron_of_women(days).values())).all()


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("DR1TOT", lambda rows: pd.concat([rows, rows[:1]]), "DR1TOT_H: person 1 is there twice"),
        ("DEMO", lambda rows: pd.concat([rows, rows[:1]]), "DEMO_H: person 1 is there twice"),
        ("DEMO", lambda rows: rows[:5], "DEMO_H: not everybody with a recall is in it"),
    ],
)
def test_survey_files_that_do_not_hold_each_person_once_are_refused(tmp_path, table, change, words):
    write_survey(tmp_path, change=lambda name, rows: change(rows) if name == table else rows)
    with pytest.raises(CohortError, match=words):
        read_survey_days(tmp_path, "H")
