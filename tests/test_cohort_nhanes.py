"""Means and usual intakes of What We Eat in America, NHANES, against figures worked out by others.

``bench/usual_intake.py`` prints the same comparison as tables.
"""

from __future__ import annotations

import struct

import numpy as np
import pandas as pd
import pytest

import build_usual_intake_models
import usual_intake
from nutridiary.cohort import read_survey_days, read_survey_table, survey_years
from nutridiary.data_files import data_file
from nutridiary.errors import CohortError
from nutridiary.nutrients import core_nutrients
from nutridiary.usual_intake.box_cox import usual_intake_at

needs_survey = pytest.mark.skipif(
    not usual_intake.SURVEY.is_dir(), reason="SKIPPED LOUDLY: the survey files (../shared/nhanes) are not here"
)
needs_computed = pytest.mark.skipif(
    not (usual_intake.SURVEY.parent / "reference").is_dir(),
    reason="SKIPPED LOUDLY: the computed usual intakes (../shared/reference) are not here",
)


@pytest.fixture(scope="module")
def surveys():
    return {cycle: read_survey_days(usual_intake.SURVEY, cycle) for cycle in usual_intake.CYCLES}


@needs_survey
@pytest.mark.parametrize(("cycle", "sex"), [("L", "male"), ("L", "female"), ("J", "male"), ("J", "female")])
def test_day_one_means_of_adults_equal_expected_figures_to_the_printed_digits(surveys, cycle, sex):
    means = usual_intake.day_one_means(surveys[cycle]).set_index(["group", "nutrient"])
    for nutrient, (mean, error) in zip(
        core_nutrients(), usual_intake.EXPECTED_MEANS[survey_years(cycle), sex], strict=True
    ):
        row = means.loc[(sex, nutrient)]
        assert f"{row['mean']:.{len(mean.partition('.')[2])}f}" == mean
        if error:
            assert float(f"{row['mean_se']:.{len(error.partition('.')[2])}f}") == float(error)
    assert means.loc[("male", "magnesium"), "people"] == {"L": 2115, "J": 2307}[cycle]


@needs_survey
@needs_computed
def test_usual_intakes_agree_with_computed_ones_in_every_cell_of_some_nutrients(surveys):
    computed = usual_intake.computed_figures(usual_intake.SURVEY)
    chosen = computed[computed["nutrient"].isin([*core_nutrients(), "sodium", "iron", "vitamin_c"])]
    cells = usual_intake.compared(usual_intake.grouped(surveys["L"]), chosen)
    assert len(cells) == 9 * 14 * 9
    away = (cells["ours"] - cells["theirs"]).abs()
    shares = cells["figure"] == "share"
    assert away[shares].max() < 0.06  # percentage points; the computed ones are rounded to 0.05
    # Means and percentiles by another grid of people: apart by little beside their standard error.
    assert (away[~shares] / cells["se"][~shares]).max() < 0.1


@needs_survey
@needs_computed
def test_jackknife_errors_agree_with_computed_ones(surveys):
    computed = usual_intake.computed_figures(usual_intake.SURVEY)
    computed = computed[computed["nutrient"].isin(["magnesium", "vitamin_d"])]
    ours = usual_intake.usual_intakes(
        usual_intake.grouped(surveys["L"]),
        ["magnesium", "vitamin_d"],
        by="group",
        figures=usual_intake.group_figures(usual_intake.GROUPS, ["magnesium", "vitamin_d"]),
    )
    both = computed.merge(ours, on=["group", "nutrient"], suffixes=("_theirs", ""))
    assert len(both) == 28
    assert (both["mean_se"] / both["mean_se_theirs"] - 1).abs().max() < 0.001
    assert (both["inadequate_se"] - both["pct_below_se"]).abs().max() < 0.1
    assert (both["share_between"] - both["icc"]).abs().max() < 0.0001


@needs_survey
def test_iron_of_women_is_near_the_published_share_and_the_cut_point_is_not(surveys):
    # Published for 2015-2018, another model: 22.6 % by probability, 12.8 % by the cut-point.
    found = usual_intake.iron_of_women(surveys["J"])
    assert abs(found["share"] - 22.6) < 2 * found["se"]
    assert abs(found["below_ear"] - 12.8) < 2
    assert found["share"] - found["below_ear"] > 5


@needs_survey
def test_survey_days_are_the_reliable_recalls_with_the_weight_of_the_first_day(surveys):
    days = surveys["L"]
    modelled = usual_intake.grouped(days).dropna(subset="group")
    # The numbers of people the computed usual intakes state, over their 14 groups.
    assert modelled.groupby("day").size().tolist() == [6605, 5752]
    assert days.groupby("person_id")["weight"].nunique().max() == 1
    assert days["weekday"].isin(range(1, 8)).all()
    assert days.loc[days["pregnant"], "sex"].unique().tolist() == ["female"]


def test_shipped_models_give_the_mean_intake_they_state():
    models = pd.read_csv(data_file("usual_intake", "models.csv"))
    assert models.groupby("nutrient").size().loc[core_nutrients()].tolist() == [14] * 5
    places = np.linspace(-4, 4, 201)
    share = np.exp(-(places**2) / 2) / np.exp(-(places**2) / 2).sum()
    for row in models.itertuples():
        people = row.mean_transformed + places * row.variance_between**0.5
        mean = usual_intake_at(people, row.variance_within, row.boxcox_lambda, row.floor) @ share
        # Weekdays and weekends are averaged on the scale here, on intakes there.
        assert mean == pytest.approx(row.mean_intake, rel=0.005)
    assert (models[["variance_between", "variance_within", "floor"]] > 0).all(axis=None)
    assert (models["pairs"] > 400).all()


@needs_survey
def test_shipped_models_are_what_their_tool_builds(surveys):
    days = pd.concat(surveys.values(), ignore_index=True)
    days = days.loc[~days["pregnant"]].assign(weight=days["weight"] / 2)
    shipped = pd.read_csv(data_file("usual_intake", "models.csv"), dtype="str", keep_default_na=False)
    built = pd.DataFrame(build_usual_intake_models.models(days, shipped.loc[0, "survey"], ["magnesium", "vitamin_d"]))
    both = shipped.merge(built.astype("str"), on=["nutrient", "sex", "age_from"], suffixes=("", "_built"))
    assert len(both) == 28
    assert (both["boxcox_lambda"] == both["boxcox_lambda_built"]).all()
    for name in ("mean_transformed", "variance_between", "variance_within", "floor", "mean_intake", "people", "pairs"):
        assert both[f"{name}_built"].astype("float64").tolist() == pytest.approx(both[name].astype("float64").tolist())


@pytest.mark.parametrize(
    ("cycle", "years"), [("c", "2003-2004"), ("I", "2015-2016"), ("P", "2017-March 2020"), ("L", "2021-2023")]
)
def test_survey_years_of_a_letter(cycle, years):
    assert survey_years(cycle) == years


def test_survey_cycle_with_one_recall_is_refused():
    with pytest.raises(CohortError, match="unknown survey cycle 'B'"):
        survey_years("B")


# Files of other cycles, made up


def survey_files(folder, suffix, write):
    people = pd.DataFrame(
        {"SEQN": [1, 2, 3], "RIAGENDR": [1, 2, 2], "RIDAGEYR": [40, 30, 50], "SDMVSTRA": [7, 7, 7]}
    ).assign(SDMVPSU=[1, 2, 2], RIDEXPRG=[np.nan, 1, 2])
    first = pd.DataFrame({"SEQN": [1, 2, 3], "DR1DRSTZ": [1, 1, 5], "DRABF": 2, "WTDRD1": [10.0, 20, 30]})
    second = pd.DataFrame({"SEQN": [1, 2, 3], "DR2DRSTZ": [1, 2, 1], "DRABF": 2, "WTDRD1": [10.0, 20, 30]})
    first = first.assign(DR1DAY=[1, 2, 3], DR1TMAGN=[300, 200, 100])
    second = second.assign(DR2DAY=[7, 2, 3], DR2TMAGN=[350, 200, 100])
    for name, table in (("DEMO", people), ("DR1TOT", first), ("DR2TOT", second)):
        write(table, folder / f"{name}_{suffix}")


def write_transport(table, path):
    """Write a SAS transport file of version 5 with numbers alone."""

    def record(text):
        return text.encode().ljust(80)

    def number(value):
        if np.isnan(value):
            return b"." + bytes(7)
        if value == 0:
            return bytes(8)
        exponent, fraction = 64, abs(float(value))
        while fraction >= 1:
            exponent, fraction = exponent + 1, fraction / 16
        while fraction < 1 / 16:
            exponent, fraction = exponent - 1, fraction * 16
        return bytes([exponent | (0x80 if value < 0 else 0)]) + int(fraction * 2**56).to_bytes(7, "big")

    header = "HEADER RECORD*******{}  HEADER RECORD!!!!!!!{:030d}  ".format
    parts = [record(header("LIBRARY", 0).replace("  HEADER", " HEADER")), record(""), record("")]
    parts += [record("HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140")]
    parts += [record("HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!" + "0" * 30)]
    parts += [record("SAS     " + path.stem[:8].ljust(8)), record("")]
    parts += [record(f"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!000000{len(table.columns):04d}" + "0" * 20)]
    names = b""
    for place, name in enumerate(table.columns):
        described = struct.pack(">hhhh", 1, 0, 8, place + 1) + name.encode().ljust(8) + b" " * 40 + b" " * 8
        names += described.ljust(84, b"\0") + struct.pack(">i", 8 * place) + bytes(52)
    parts.append(names + b" " * (-len(names) % 80))
    parts.append(record("HEADER RECORD*******OBS     HEADER RECORD!!!!!!!" + "0" * 30))
    rows = b"".join(number(value) for row in table.to_numpy("float64") for value in row)
    parts.append(rows + b" " * (-len(rows) % 80))
    path.with_suffix(".XPT").write_bytes(b"".join(parts))


WRITERS = {
    "csv": lambda table, path: table.to_csv(path.with_suffix(".csv"), index=False),
    "csv.xz": lambda table, path: table.to_csv(path.parent / f"{path.name}.csv.xz", index=False),
    "XPT": write_transport,
}


@pytest.mark.parametrize("kind", WRITERS)
def test_survey_of_another_cycle_is_read_from_its_files_as_downloaded(tmp_path, kind):
    survey_files(tmp_path, "H", WRITERS[kind])
    days = read_survey_days(tmp_path, "h")
    assert days["person_id"].tolist() == ["H1", "H1", "H2"]  # the third person's first recall is not reliable
    assert days["magnesium"].tolist() == [300, 350, 200]
    assert days["weekday"].tolist() == [7, 6, 1]  # the survey counts from Sunday
    assert days["weight"].tolist() == [10, 10, 20]
    assert days["pregnant"].tolist() == [False, False, True]
    assert days["potassium"].isna().all()  # a nutrient the files do not report is not known
    potassium = usual_intake.usual_intakes(days, ["potassium"]).iloc[0]
    assert (potassium["method"], potassium["days_left_out"]) == ("withheld", 3)


def test_missing_survey_file_or_column_is_named(tmp_path):
    with pytest.raises(CohortError, match=r"no file DEMO_H\.XPT"):
        read_survey_days(tmp_path, "H")
    survey_files(tmp_path, "H", WRITERS["csv"])
    with pytest.raises(CohortError, match=r"DR1TOT_H\.csv: no column DR1ILINE"):
        read_survey_table(tmp_path, "DR1TOT", "H", ["SEQN", "DR1ILINE"])


def test_damaged_survey_file_is_refused_in_words(tmp_path):
    (tmp_path / "DEMO_H.csv.xz").write_bytes(b"\xfd7zXZ\x00 nothing of the kind")
    with pytest.raises(CohortError, match=r"DEMO_H.csv.xz: cannot be read"):
        read_survey_days(tmp_path, "H")
