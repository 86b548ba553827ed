"""Other authorities, other editions: whose figures hold for whom, what they are called, and what they change."""

import datetime as dt
import json
import math

import pandas as pd
import pytest
from click.testing import CliRunner

from nutridiary.cli import main
from nutridiary.comparison import VERDICTS, compare, compare_days, edition_changes, verdict_in_words
from nutridiary.diary.grid import Grid
from nutridiary.diary.people import people_of
from nutridiary.errors import PersonError, ReferenceIntakeError
from nutridiary.nutrients import load_nutrients
from nutridiary.references import (
    REFERENCES,
    Person,
    find_edition,
    find_other,
    find_reference,
    kind_names,
    life_stage_group,
    load_references,
    reference_values,
)
from nutridiary.tables import COMPARISON, EDITION_CHANGES

WOMAN = Person(sex="female", age_years=34, smoker=False)
NO_LINES = pd.DataFrame()


def day(nutrient, amount, *, person=None, date="2025-03-01", **other):
    """One row of DAILY_INTAKES with nothing missing."""
    return {
        "person_id": person,
        "date": pd.Timestamp(date),
        "nutrient": nutrient,
        "unit": load_nutrients().loc[nutrient, "unit"],
        "amount": amount,
        "low": amount,
        "high": amount,
        "foods": 8,
        "foods_without_value": 0,
        "foods_left_out": 0,
        **other,
    }


def supplement(nutrient, amount):
    return {
        "source": "diary.csv",
        "line": 2,
        "date": pd.Timestamp("2025-03-01"),
        "nutrient": nutrient,
        "amount": amount,
        "unit": load_nutrients().loc[nutrient, "unit"],
        "source_kind": "supplement",
    }


def compared(nutrient, amount, person=WOMAN, lines=(), **choice):
    table = compare(pd.DataFrame([day(nutrient, amount)]), {"": person}, pd.DataFrame(list(lines)), **choice)
    return table.iloc[0] if len(table) == 1 else table


def changed(nutrient, amount, person=WOMAN, lines=(), **choice):
    """The changes of one nutrient, by the other edition."""
    days = pd.DataFrame([day(nutrient, amount)])
    return edition_changes(days, {"": person}, pd.DataFrame(list(lines)), **choice).set_index("other_edition")


def amount_of(person, nutrient, kind, reference, on=None, **choice):
    rows = reference_values(person, on=on, reference=reference, **choice)
    found = rows.loc[(rows["nutrient"] == nutrient) & (rows["kind"] == kind), "amount"]
    return None if found.empty else found.item()


# --- which figure holds at a boundary ----------------------------------------------------------

BORN = dt.date(2000, 6, 15)


@pytest.mark.parametrize(
    ("reference", "nutrient", "kind", "birthday", "before", "after"),
    [
        # Magnesium, IOM 1997: EAR of girls of 14-18 years 300 mg, of women of 19-30 years 255 mg.
        ("nasem", "magnesium", "EAR", 19, 300, 255),
        # Calcium, IOM 2011: RDA of men of 51-70 years 1,000 mg, over 70 years 1,200 mg.
        ("nasem", "calcium", "RDA", 71, 1200, 1200),
        # Calcium, EFSA: PRI at 15-17 years 1,150 mg, at 18-24 years 1,000 mg, from 25 years 950 mg.
        ("efsa", "calcium", "RDA", 18, 1150, 1000),
        ("efsa", "calcium", "RDA", 25, 1000, 950),
        # Magnesium, EFSA, by bands of its own: AI at 3-9 years 230 mg, of girls of 10-17 years 250 mg.
        ("efsa", "magnesium", "AI", 10, 230, 250),
        # Calcium, harmonized (EFSA's): H-AR at 18-24 years 860 mg, from 25 years 750 mg.
        ("harmonized", "calcium", "EAR", 25, 860, 750),
        ("fda-dv", "calcium", "DV", 4, None, 1300),
    ],
)
def test_reference_values_change_on_the_birthday_and_not_the_day_before(
    reference, nutrient, kind, birthday, before, after
):
    person = Person(sex="female", birth_date=BORN)
    day_of = BORN.replace(year=BORN.year + birthday)
    assert amount_of(person, nutrient, kind, reference, day_of - dt.timedelta(days=1)) == before
    assert amount_of(person, nutrient, kind, reference, day_of) == after


def test_seventy_first_birthday_of_a_man_changes_his_calcium_rda():
    man = Person(sex="male", birth_date=dt.date(1950, 6, 15))
    assert amount_of(man, "calcium", "RDA", "nasem", dt.date(2021, 6, 14)) == 1000
    assert amount_of(man, "calcium", "RDA", "nasem", dt.date(2021, 6, 15)) == 1200


@pytest.mark.parametrize(
    ("day_of", "nasem", "efsa", "upper"),
    [
        (dt.date(2025, 7, 14), 200, None, 25),  # the day before six months: NASEM's AI of 0-6 months
        (dt.date(2025, 7, 15), 260, 280, 35),  # six months: the seventh month of life begins
        (dt.date(2026, 1, 14), 260, 280, 35),
    ],
)
def test_infants_get_their_figures_by_completed_month(day_of, nasem, efsa, upper):
    # Calcium AI 200 and 260 mg (IOM 2011), 280 mg at 7-11 months, which EFSA counts from the beginning of the 7th month
    # to the first birthday (EFSA 2017, footnotes of the tables); vitamin D UL 25 and 35 µg (EFSA 2018).
    infant = Person(sex="male", birth_date=dt.date(2025, 1, 15))
    assert amount_of(infant, "calcium", "AI", "nasem", day_of) == nasem
    assert amount_of(infant, "calcium", "AI", "efsa", day_of) == efsa
    assert amount_of(infant, "vitamin_d", "UL", "efsa", day_of) == upper


@pytest.mark.parametrize(
    ("age", "reference", "group"),
    [
        (13, "nasem", "pregnant, 13 y: the reference intakes cover 14-50 y only"),
        (14, "nasem", "pregnant 14-18 y"),
        (18, "nasem", "pregnant 14-18 y"),
        (51, "nasem", "pregnant, 51 y: the reference intakes cover 14-50 y only"),
        (17, "efsa", "pregnant, 17 y: EFSA's reference values cover 18 y and over only"),
        (18, "efsa", "pregnant 18-24 y"),
        (51, "efsa", "pregnant 25 y and over"),
        (13, "harmonized", "pregnant up to 18 y"),
        (51, "harmonized", "pregnant, 51 y: the harmonized reference values cover up to 50 y only"),
        (30, "fda-dv", "pregnant: the Daily Values on record are for people who are neither pregnant nor lactating"),
    ],
)
def test_pregnancy_wins_where_an_authority_has_it_and_never_falls_back_to_the_female_row(age, reference, group):
    person = Person(sex="female", age_years=age, pregnant=True)
    assert life_stage_group(person, None, reference) == group
    values = reference_values(person, reference=reference)
    assert values.empty == (":" in group)
    assert set(values["life_stage"]) <= {"pregnancy"}


def test_pregnancy_selects_the_figures_of_pregnancy_in_every_authority_that_has_them():
    pregnant = Person(sex="female", age_years=34, pregnant=True)
    # Folate: RDA 600 µg (IOM 1998), AI 600 µg (EFSA), H-AR 520 µg (Allen 2020).
    assert amount_of(pregnant, "folate_dfe", "RDA", "nasem") == 600
    assert amount_of(pregnant, "folate_dfe", "AI", "efsa") == 600
    assert amount_of(pregnant, "folate_dfe", "RDA", "efsa") is None
    assert amount_of(pregnant, "folate_dfe", "EAR", "harmonized") == 520


def test_infants_and_small_children_have_no_daily_value():
    assert reference_values(Person(sex="male", age_years=3), reference="fda-dv").empty
    group = life_stage_group(Person(sex="male", age_years=0.5), None, "fda-dv")
    assert group == "6 mo: the Daily Values cover 4 y and over only"


# --- names, editions, errors -------------------------------------------------------------------


def test_find_reference_and_edition_say_what_is_near():
    assert find_reference(" EFSA ") == "efsa"
    assert find_edition("2016", "fda-dv") == "FDA 2016"
    assert find_edition("before 2016", "fda-dv") == "FDA before 2016"
    assert find_other("2018", "nasem") == ("efsa", "EFSA 2018")
    with pytest.raises(ReferenceIntakeError, match=r"unknown reference 'esfa'\. Did you mean 'efsa'"):
        find_reference("esfa")
    with pytest.raises(ReferenceIntakeError, match=r"unknown edition '2005'.*EFSA 2017"):
        reference_values(WOMAN, reference="efsa", edition="2005")
    with pytest.raises(ReferenceIntakeError, match=r"unknown edition or reference 'IOM 2006'.*Did you mean 'IOM 2005'"):
        compared("potassium", 2900.0, editions=["IOM 2006"])


def test_edition_of_upper_levels_alone_replaces_no_requirement():
    # EFSA 2018 is an overview of ULs: selenium 300 µg, since 2023 255 µg. The AI of 70 µg stays.
    assert amount_of(WOMAN, "selenium", "UL", "efsa") == 255
    assert amount_of(WOMAN, "selenium", "UL", "efsa", edition="2018") == 300
    assert amount_of(WOMAN, "selenium", "AI", "efsa", edition="2018") == 70


def test_daily_values_have_two_editions():
    now, then = (amount_of(WOMAN, "magnesium", "DV", "fda-dv", edition=edition) for edition in (None, "before 2016"))
    assert (now, then) == (420, 400)
    assert amount_of(WOMAN, "choline", "DV", "fda-dv") == 550
    assert amount_of(WOMAN, "choline", "DV", "fda-dv", edition="before 2016") is None
    assert amount_of(WOMAN, "vitamin_a_rae", "DV", "fda-dv", edition="before 2016") is None  # 5,000 IU


def test_body_weight_and_smoking_change_only_the_figures_that_depend_on_them():
    smoker = Person(sex="female", age_years=34, smoker=True, weight_kg=60)
    assert amount_of(smoker, "vitamin_c", "RDA", "nasem") == 110
    assert amount_of(smoker, "vitamin_c", "RDA", "efsa") == 95
    # H-AR 0.66 g/kg (EFSA)
    assert amount_of(smoker, "protein", "EAR", "harmonized") == pytest.approx(39.6)
    assert amount_of(WOMAN, "protein", "EAR", "harmonized") is None


def test_verdict_in_words_uses_the_authoritys_names_and_knows_every_verdict():
    names = kind_names("efsa")
    assert verdict_in_words("meets_rda", names) == "reaches the PRI"
    assert verdict_in_words("below_ear", names) == "below the AR"
    assert {code: verdict_in_words(code) for code in VERDICTS} == dict(VERDICTS)


# --- comparison --------------------------------------------------------------------------------


def test_compare_with_efsa_uses_its_figures_and_names():
    row = compared("calcium", 900.0, reference="efsa")
    assert (row["ear"], row["rda"], row["authority"], row["verdict"]) == (750, 950, "EFSA", "between_ear_and_rda")
    assert row["reading"].startswith(
        "900 mg on the one day recorded: between the AR of 750 mg (120 %) and the PRI of 950 mg (95 %)."
    )
    assert row["life_stage_group"] == "female 25 y and over"
    days = compare_days(pd.DataFrame([day("calcium", 900.0)]), {"": WOMAN}, reference="efsa")
    assert days.loc[0, ["rda", "verdict"]].tolist() == [950, "between_ear_and_rda"]


def test_average_requirement_alone_is_reached_and_says_nothing_of_a_recommendation():
    row = compared("magnesium", 270.0, reference="harmonized")
    assert (row["verdict"], row["ear"]) == ("meets_ear", 265)
    assert math.isnan(row["rda"])
    assert "reaches the H-AR of 265 mg" in row["reading"]
    assert compared("magnesium", 260.0, reference="harmonized")["verdict"] == "below_ear"


@pytest.mark.parametrize("amount", [1.0, 420.0, 5000.0])
def test_daily_value_is_never_enough_nor_too_little(amount):
    row = compared("magnesium", amount, reference="fda-dv")
    assert row["verdict"] == "beside_dv"
    assert "a figure for labels that says nothing of need" in row["reading"]
    assert not any(word in row["reading"] for word in ("enough", "below", "reaches", "above"))
    days = compare_days(pd.DataFrame([day("magnesium", amount)]), {"": WOMAN}, reference="fda-dv")
    assert days.loc[0, ["reference_kind", "verdict"]].tolist() == ["DV", "beside_dv"]
    assert days.loc[0, "percent_of_reference"] == pytest.approx(100 * amount / 420)


@pytest.mark.parametrize("reference", ["efsa", "harmonized"])
def test_vitamin_a_in_re_is_never_compared_with_an_intake_in_rae(reference):
    for age in (1, 5, 15, 34, 80):
        row = compared("vitamin_a_rae", 5.0, Person(sex="female", age_years=age), reference=reference)
        assert row["verdict"] == "no_reference"
        assert row[["ear", "rda", "ai"]].isna().all()
        assert "never compared" in row["reading"]
    values = load_references()
    values = values[(values["authority"] == REFERENCES[reference].code) & (values["nutrient"] == "vitamin_a_rae")]
    # Retinol is the same mass in both units: the upper level counts nothing else.
    assert set(zip(values["kind"], values["applies_to"], strict=True)) == {("UL", "preformed_retinol")}


def test_figures_per_megajoule_and_of_single_forms_are_told_and_not_compared():
    row = compared("niacin", 20.0, reference="efsa")
    assert (row["verdict"], "per megajoule" in row["reading"]) == ("no_reference", True)
    assert "nicotinamide" in row["note"]
    assert math.isnan(row["ul"])


def test_figure_under_a_condition_holds_only_where_it_is_stated():
    row = compared("zinc", 8.0, reference="efsa")
    assert (row["verdict"], row["ul"]) == ("no_reference", 25)
    assert "phytate 300 mg/d: AR 6.2 mg, PRI 7.5 mg; phytate 600 mg/d: AR 7.6 mg, PRI 9.3 mg" in row["note"]
    stated = Person(sex="female", age_years=34, smoker=False, conditions="phytate 600 mg/d")
    row = compared("zinc", 8.0, stated, reference="efsa")
    assert (row["ear"], row["rda"], row["verdict"]) == (7.6, 9.3, "between_ear_and_rda")
    # Below 18 years EFSA's figures for zinc do not depend on phytate.
    assert compared("zinc", 8.0, Person(sex="female", age_years=12), reference="efsa")["verdict"] == "below_ear"


def test_people_of_other_conditions_and_weights_in_one_diary_get_their_own_figures():
    people = {
        "Ann": Person(sex="female", age_years=34, conditions="premenopausal", weight_kg=50),
        "Bea": Person(sex="female", age_years=34, conditions="postmenopausal", weight_kg=80),
        "Cleo": Person(sex="female", age_years=34),
    }
    rows = [day(nutrient, 10.0, person=name) for name in people for nutrient in ("iron", "protein")]
    table = compare(pd.DataFrame(rows), people, NO_LINES, reference="efsa").set_index(["person_id", "nutrient"])
    assert table.loc[[(name, "iron") for name in people], "rda"].tolist()[:2] == [16, 11]
    assert math.isnan(table.loc[("Cleo", "iron"), "rda"])
    table = compare(pd.DataFrame(rows), people, NO_LINES).set_index(["person_id", "nutrient"])
    # Protein, IOM 2002/2005: EAR 0.66 g/kg.
    assert table.loc[[("Ann", "protein"), ("Bea", "protein")], "ear"].tolist() == pytest.approx([33, 52.8])
    assert math.isnan(table.loc[("Cleo", "protein"), "ear"])


def test_magnesium_upper_level_of_efsa_is_exceeded_by_supplements_alone_and_never_by_food():
    food = compared("magnesium", 900.0, reference="efsa")
    assert food["verdict"] == "meets_ai"
    assert math.isnan(food["ul_intake"])
    pill = compared("magnesium", 600.0, lines=[supplement("magnesium", 300.0)], reference="efsa")
    assert pill["verdict"] == "above_ul"
    assert compared("magnesium", 600.0, lines=[supplement("magnesium", 300.0)])["verdict"] == "meets_rda"  # UL 350 mg
    # Salts added to water and food count, too, and are not on record: below the UL nothing is said.
    little = compared("magnesium", 600.0, lines=[supplement("magnesium", 200.0)], reference="efsa")
    assert math.isnan(little["percent_of_ul"])


def test_sodium_above_what_efsa_calls_safe_and_adequate_is_no_level_that_is_reached():
    row = compared("sodium", 3000.0, reference="efsa")
    assert "beside the safe and adequate intake of 2,000 mg (150 %), which is no level to reach." in row["reading"]
    assert "enough" not in row["reading"]
    assert "reaches" not in row["reading"]
    changes = edition_changes(pd.DataFrame([day("sodium", 3000.0)]), {"": WOMAN}, NO_LINES, others=["efsa"])
    assert changes.loc[0, "reading"].endswith(
        "is not below the safe and adequate intake of 2,000 mg (EFSA 2017), beside which no upper figure is set."
    )
    assert "more is no better" in row["note"]


def test_compare_with_editions_adds_rows_told_apart_by_authority_and_edition():
    rows = [day("potassium", 2900.0), day("magnesium", 300.0), day("caffeine", 90.0)]
    plain = compare(pd.DataFrame(rows), {"": WOMAN}, NO_LINES)
    table = compare(pd.DataFrame(rows), {"": WOMAN}, NO_LINES, editions=["IOM 2005", "efsa"])
    assert list(table.columns) == COMPARISON.names
    pd.testing.assert_frame_equal(table.iloc[:3], plain)
    assert table["nutrient"].tolist()[3:] == ["potassium", "potassium", "magnesium", "caffeine"]
    assert table["authority"].tolist()[3:] == ["NASEM", "EFSA", "EFSA", "EFSA"]
    assert table.loc[3, ["edition", "ai", "verdict"]].tolist() == ["IOM 2005", 4700, "below_ai"]
    assert "superseded" in table.loc[3, "note"]
    assert not table.duplicated(["person_id", "nutrient", "authority", "edition"]).any()


# --- what changes with the edition -------------------------------------------------------------


def test_edition_changes_tells_potassium_of_2005_from_today():
    row = changed("potassium", 2900.0).loc["IOM 2005"]
    assert (row["figures"], row["other_figures"]) == ("AI 2,600 mg", "AI 4,700 mg")
    assert (row["verdict"], row["other_verdict"], row["flips"]) == ("meets_ai", "below_ai", True)
    assert row["other_status"] == "superseded, NASEM"
    assert row["reading"] == (
        "The mean of 2,900 mg reaches the AI of 2,600 mg (NASEM 2019), but is less than the AI of 4,700 mg "
        "(IOM 2005, superseded), from which nothing can be concluded."
    )
    man = changed("potassium", 2900.0, Person(sex="male", age_years=34)).loc["IOM 2005"]
    assert (man["figures"], man["flips"]) == ("AI 3,400 mg", False)


def test_edition_changes_holds_beside_superseded_editions_and_every_other_authority():
    assert list(changed("potassium", 2900.0).index) == ["IOM 2005", "EFSA 2017", "FDA 2016"]
    assert list(changed("calcium", 900.0).index) == ["IOM 1997", "EFSA 2017; EFSA 2018", "FDA 2016", "Allen 2020"]
    assert list(changed("zinc", 9.0, reference="efsa").index) == ["IOM 2001", "FDA 2016", "Allen 2020"]
    assert changed("caffeine", 90.0).empty


def test_edition_changes_leaves_out_who_has_nothing_for_the_person():
    # No Daily Value in pregnancy on record, no figures of 1997 in pregnancy; EFSA has no age limit, NASEM has.
    pregnant = Person(sex="female", age_years=34, pregnant=True)
    assert list(changed("calcium", 900.0, pregnant).index) == ["EFSA 2017; EFSA 2018", "Allen 2020"]
    older = Person(sex="female", age_years=52, pregnant=True)
    row = changed("magnesium", 330.0, older).loc["EFSA 2017; EFSA 2018"]
    assert (row["verdict"], row["other_verdict"], row["flips"]) == ("no_reference", "meets_ai", False)
    assert "is not compared (NASEM): no reference intake is set for this group" in row["reading"]
    assert "By EFSA's reference values it reaches the AI of 300 mg" in row["reading"]


def test_edition_changes_of_named_others_only():
    found = changed("calcium", 900.0, others=["1997", "NASEM"])
    assert list(found.index) == ["IOM 1997"]
    # Water of 2005 is current still: the same report changes nothing.
    assert changed("water", 2000.0, others=["IOM 2005"]).empty


def test_daily_value_and_a_bare_requirement_flip_no_reading():
    found = changed("magnesium", 330.0)
    assert not found.loc["FDA 2016", "flips"]
    assert "79 % of the Daily Value of 420 mg" in found.loc["FDA 2016", "reading"]
    assert not found.loc["Allen 2020", "flips"]
    # Folate: below NASEM's EAR of 320 µg, above the H-AR of 250 µg.
    assert changed("folate_dfe", 300.0).loc["Allen 2020", "flips"]


def test_upper_level_exceeded_under_one_report_only_flips():
    found = changed("zinc", 30.0)
    row = found.loc["EFSA 2018"]
    assert (row["verdict"], row["other_verdict"], row["flips"]) == ("meets_rda", "above_ul", True)
    assert "is above the UL of 25 mg" in row["reading"]


def test_edition_changes_of_an_unknown_amount_flip_nothing():
    days = pd.DataFrame([day("potassium", math.nan, high=math.nan, foods_without_value=8)])
    found = edition_changes(days, {"": WOMAN}, NO_LINES)
    assert len(found) == 3
    assert not found["flips"].any()
    assert set(found["reading"]) == {"No amount is known, so no report changes the reading."}


def test_edition_changes_say_at_least_where_values_are_missing_and_never_round_onto_a_figure():
    days = pd.DataFrame([day("magnesium", 264.9, high=math.nan, foods_without_value=1)])
    found = edition_changes(days, {"": WOMAN}, NO_LINES, others=["efsa"])
    assert found.loc[0, "reading"].startswith("The mean of at least 264.9 mg cannot be placed beside the EAR of 265 mg")


def test_edition_changes_keeps_its_columns_and_leaves_out_whom_nobody_described():
    days = pd.DataFrame([day("potassium", 2900.0, person=name) for name in ("Ann", "Ben")])
    found = edition_changes(days, {"Ann": WOMAN}, NO_LINES)
    assert list(found.columns) == EDITION_CHANGES.names
    assert set(found["person_id"]) == {"Ann"}
    assert not found.duplicated(list(EDITION_CHANGES.key)).any()
    assert list(edition_changes(days, {}, NO_LINES).columns) == EDITION_CHANGES.names


# --- the Person sheet and the command line -----------------------------------------------------


def test_person_sheet_reads_conditions_and_activity():
    grid = Grid(
        "d.xlsx:Person",
        "Person",
        [
            ["Person", "Sex", "Age", "Conditions", "Physical activity"],
            ["Ann", "female", 34, "phytate 600 mg/d; premenopausal", "low active"],
            ["Bo", "male", 40, None, None],
        ],
    )
    people = people_of(grid)
    assert people["Ann"].conditions == ("phytate 600 mg/d", "premenopausal")
    assert people["Ann"].activity == "low_active"
    assert (people["Bo"].conditions, people["Bo"].activity) == ((), None)
    grid.rows[1][3] = "phytate 650"
    with pytest.raises(
        PersonError, match=r"d\.xlsx:Person:2: condition 'phytate 650'.*Did you mean 'phytate 600 mg/d'"
    ):
        people_of(grid)


def run(*arguments):
    return CliRunner().invoke(main, ["references", *arguments], env={"COLUMNS": "120"})


def test_references_prints_figures_group_and_sources_of_a_person():
    done = run("--sex", "female", "--age", "34", "--reference", "efsa", "--condition", "premenopausal")
    assert done.exit_code == 0
    assert "For female 25 y and over; premenopausal." in done.output
    calcium = next(line for line in done.output.splitlines() if line.startswith("Calcium"))
    assert [cell.strip() for cell in calcium.split("│")][1:3] == ["750", "950"]
    assert "Zinc, phytate 600 mg/d: AR 7.6 mg, PRI 9.3 mg" in done.output
    assert "called safe and adequate intake" in done.output
    assert "doi:10.2903/sp.efsa.2017.e15121" in done.output


def test_references_of_nobody_says_what_to_give():
    done = run("--reference", "efsa")
    assert done.exit_code == 2
    assert "--sex female or male, and --age in years or --birth-date" in done.output


def test_references_of_an_edition_says_that_it_is_superseded():
    done = run("--sex", "female", "--age", "34", "--edition", "2005", "--nutrient", "potassium")
    assert "4,700" in done.output
    assert "IOM 2005 (superseded)" in done.output
    assert "Magnesium" not in done.output.split("Sources")[0]


def test_references_without_a_group_or_figure_say_so():
    pregnant = run("--sex", "female", "--age", "34", "--pregnant", "--reference", "fda-dv")
    assert "neither pregnant nor lactating" in " ".join(pregnant.output.split())
    assert pregnant.exit_code == 0
    water = run("--sex", "male", "--age", "34", "--reference", "efsa", "--nutrient", "water")
    assert "No figure on record for this person: Water." in water.output
    idle = run("--sex", "male", "--age", "34", "--condition", "refined diet")
    assert "No figure here depends on: refined diet." in idle.output
    idle = run("--sex", "male", "--age", "34", "--smoker", "--reference", "efsa")
    assert "No figure here depends on: smoking." in idle.output
    height = run("--sex", "male", "--age", "34", "--height", "180")  # an option of analyze alone
    assert height.exit_code == 2
    assert "No such option" in height.output


def test_references_say_whose_edition_it_is_that_another_authority_has():
    done = run("--sex", "female", "--age", "34", "--edition", "2017")
    assert done.exit_code == 2
    assert "unknown edition '2017'. EFSA 2017 is an edition of the reference efsa. Editions: IOM 1997" in done.stderr


def test_references_refuse_a_birth_after_the_day():
    done = run("--sex", "male", "--birth-date", "2026-05-05", "--on", "2026-05-04", "--json")
    assert done.exit_code == 2
    assert "on 2026-05-04 a person born on 2026-05-05 would not be born yet" in done.stderr


def test_references_for_a_pipe_are_the_table():
    done = run("--sex", "male", "--birth-date", "1990-05-05", "--on", "2026-01-01", "--nutrient", "zinc", "--json")
    rows = json.loads(done.output)
    assert {row["kind"]: row["amount"] for row in rows} == {"EAR": 9.4, "RDA": 11.0, "UL": 40.0}
    assert run("--sex", "male", "--age", "34", "--csv").output.splitlines()[0].startswith("authority,edition,status")
