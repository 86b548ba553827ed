"""The shipped reference table keeps its own rules, and every person finds the right rows of it."""

import datetime as dt
import importlib.util
import itertools
import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import skip_or_fail
from nutridiary.errors import FoodDataError, PersonError, ReferenceIntakeError
from nutridiary.nutrients import check_nutrients, format_amount, load_nutrients, panel_nutrients
from nutridiary.references import (
    LIFE_STAGES,
    PER_BODY_WEIGHT,
    REFERENCES,
    Person,
    find_edition,
    known_conditions,
    life_stage,
    life_stage_group,
    load_editions,
    load_references,
    profile_of,
    reference_values,
    unstated_values,
)
from nutridiary.tables import REFERENCE_VALUES

ROOT = Path(__file__).parents[1]
APPLIES_TO = {
    "supplements_and_added_salts",
    "total_intake",
    "preformed_retinol",
    "supplements_and_medicines",
    "supplements_and_fortification",
    "folic_acid_supplements_and_fortification",
    "niacin_equivalents",
    "not_determined",
}


@pytest.fixture(scope="module")
def every():
    return load_references()


@pytest.fixture(scope="module")
def values(every):
    return every[every["authority"] == "NASEM"].reset_index(drop=True)


def amounts(person, **choice):
    rows = reference_values(person, **choice)
    return {(row.nutrient, row.kind): row.amount for row in rows.itertuples()}


# --- the table ---------------------------------------------------------------------------------


def test_load_references_has_one_row_for_each_key(every):
    assert list(every.columns) == REFERENCE_VALUES.names
    assert not every.duplicated(list(REFERENCE_VALUES.key)).any()
    assert set(every["authority"]) == {authority.code for authority in REFERENCES.values()}


def test_every_amount_is_in_the_nutrients_one_unit_or_per_body_weight(every):
    units = every["nutrient"].map(load_nutrients()["unit"])
    per_weight = every["unit"] == PER_BODY_WEIGHT
    assert (every["unit"] == units)[~per_weight].all()
    assert set(every.loc[per_weight, "nutrient"]) == {"protein"}


def test_units_were_converted_at_the_door_fluoride_and_water():
    adult = amounts(Person(sex="male", age_years=40))
    # 4 mg and 10 mg of fluoride, 3.7 L of total water (IOM 1997, IOM 2005).
    assert adult["fluoride", "AI"] == 4000
    assert adult["fluoride", "UL"] == 10000
    assert adult["water", "AI"] == 3700


def test_every_row_has_a_citation_a_known_edition_and_a_known_word(every):
    assert every["source"].notna().all()
    editions = load_editions().set_index("edition")["authority"]
    assert (every["edition"].map(editions) == every["authority"]).all()
    assert set(every["edition"]) == set(editions.index)
    assert set(every["applies_to"]) == APPLIES_TO
    assert set(every["status"]) == {"current", "superseded"}
    assert set(every["kind"]) == {"EAR", "RDA", "AI", "UL", "CDRR", "DV"}
    assert (every["amount"].isna() == (every["applies_to"] == "not_determined")).all()
    assert (every["amount"].dropna() > 0).all()
    assert set(every["condition"].dropna()) == set(known_conditions())


def test_kind_names_are_what_each_authority_calls_its_figures(every):
    names = every.groupby(["authority", "kind"])["kind_name"].unique().map(sorted).to_dict()
    assert names["EFSA", "EAR"] == ["AR"]
    assert names["EFSA", "RDA"] == ["PRI"]
    assert names["EFSA", "AI"] == ["AI", "safe and adequate intake"]
    assert names["harmonized", "EAR"] == ["H-AR"]
    assert names["harmonized", "UL"] == ["H-UL"]
    assert names["FDA", "DV"] == ["Daily Value"]
    assert all(found == [kind] for (authority, kind), found in names.items() if authority == "NASEM")


@pytest.mark.parametrize("reference", list(REFERENCES))
def test_no_two_current_figures_of_a_kind_hold_for_one_person(reference):
    # At every age at which anything changes: one figure at most for a nutrient, kind and condition.
    every = load_references()
    own = every[(every["authority"] == REFERENCES[reference].code)]
    for age in sorted({*own["age_from"], *own["age_to"].dropna()}):
        for sex, state in itertools.product(("male", "female"), ({}, {"pregnant": True}, {"lactating": True})):
            if age > 120 or (sex == "male" and state):
                continue
            person = Person(sex=sex, age_years=age, weight_kg=70, **state)
            profile = profile_of(person, reference=reference)
            held = pd.concat([reference_values(person, reference=reference), unstated_values(profile)])
            assert not held.duplicated(["nutrient", "kind", "condition"]).any(), (age, sex, state)
            assert set(held["status"]) <= {"current"}


PREGNANT = ("pregnancy", "lactation")


def test_life_stages_are_22_and_cover_every_age_once():
    assert len(LIFE_STAGES) == 22
    for sex in ("female", "male"):
        bounds = [
            (g.age_from, g.age_to) for g in LIFE_STAGES if g.sex in ("both", sex) and g.life_stage not in PREGNANT
        ]
        assert bounds[0][0] == 0
        assert bounds[-1][1] == math.inf
        assert all(before[1] == after[0] for before, after in itertools.pairwise(bounds))


def test_every_requirement_covers_all_groups_without_gap_or_overlap(values):
    current = values[(values["status"] == "current") & values["kind"].isin(["EAR", "AI"])]
    # Protein's EAR is per kg, and its RDA in grams; carbohydrate, like all, has an AI for infants.
    from_one_year = {"fat_total", "fiber_total", "fatty_acid_18_2_n6", "fatty_acid_18_3_n3"}
    for nutrient, rows in current.groupby("nutrient"):
        groups = set(rows[["life_stage", "sex", "age_from"]].itertuples(index=False, name=None))
        assert len(groups) == len(rows), f"{nutrient}: a group has both an EAR and an AI"
        if nutrient not in from_one_year:
            assert groups == {(g.life_stage, g.sex, g.age_from) for g in LIFE_STAGES}, nutrient


def test_every_current_figure_comes_from_one_edition(values):
    current = values[values["status"] == "current"]
    editions = current.groupby(["nutrient", "kind"])["edition"].nunique()
    assert (editions == 1).all()


def test_rda_is_above_ear_and_upper_levels_are_above_both(values):
    current = values[(values["status"] == "current") & (values["unit"] != PER_BODY_WEIGHT)]
    group = ["nutrient", "life_stage", "sex", "age_from"]
    wide = current.pivot_table(index=group, columns="kind", values="amount")
    both = wide.dropna(subset=["EAR", "RDA"])
    assert len(both) > 300
    assert (both["RDA"] > both["EAR"]).all()
    # Magnesium's UL counts supplements only, so it may lie under the RDA.
    goal = wide["RDA"].fillna(wide["AI"])
    under = wide[wide["UL"].notna() & (wide["UL"] <= goal)]
    assert set(under.index.get_level_values("nutrient")) == {"magnesium"}
    assert (wide["CDRR"].dropna() > wide.loc[wide["CDRR"].notna(), "AI"]).all()


def test_upper_levels_name_the_part_of_intake_they_hold_for(values):
    ul = values[(values["kind"] == "UL") & (values["status"] == "current") & values["amount"].notna()]
    special = ul[ul["applies_to"] != "total_intake"].groupby("nutrient")["applies_to"].unique().map(list)
    assert special.to_dict() == {
        "magnesium": ["supplements_and_medicines"],
        "niacin": ["supplements_and_fortification"],
        "vitamin_e_alpha_tocopherol": ["supplements_and_fortification"],
        "folate_dfe": ["folic_acid_supplements_and_fortification"],
        "vitamin_a_rae": ["preformed_retinol"],
    }


def test_niacin_is_in_equivalents_but_for_the_first_six_months(values):
    niacin = values[(values["nutrient"] == "niacin") & (values["kind"] != "UL")]
    preformed = niacin[niacin["applies_to"] == "total_intake"]
    assert preformed[["age_from", "kind"]].to_numpy().tolist() == [[0.0, "AI"]]
    assert set(niacin["applies_to"]) == {"total_intake", "niacin_equivalents"}


def test_upper_levels_considered_and_not_set_are_kept_as_knowledge(values):
    not_set = values[values["applies_to"] == "not_determined"]
    assert {"potassium", "sodium", "vitamin_b12", "vitamin_k", "thiamin"} <= set(not_set["nutrient"])
    assert not set(not_set["nutrient"]) & set(values.loc[(values["kind"] == "CDRR"), "nutrient"]) - {"sodium"}
    assert (not_set.groupby("nutrient").size() == 22).all()


def test_build_references_rebuilds_the_shipped_tables_byte_for_byte(tmp_path):
    shared = ROOT.parent / "shared"
    if not (shared / "reference" / "nasem_dri.csv").is_file():
        skip_or_fail("the transcribed tables (../shared/reference/nasem_dri.csv) are not there")
    specification = importlib.util.spec_from_file_location("build_references", ROOT / "tools" / "build_references.py")
    builder = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(builder)
    shipped = {name: (builder.TARGETS / name).read_bytes() for name in builder.BUILDS}
    builder.TARGETS = tmp_path
    builder.main([str(shared)])
    assert {name: (tmp_path / name).read_bytes() for name in builder.BUILDS} == shipped


def test_notes_name_known_nutrients_conditions_and_editions():
    notes = pd.read_csv(ROOT / "data" / "reference_intakes" / "notes.csv")
    assert set(notes["nutrient"]) <= set(load_nutrients().index)
    conditions = {"everyone", "over 50", "female 14-50", "weight known", "weight not known"}
    assert set(notes["holds_for"]) <= conditions | {"smoker", "smoking not known"}
    assert set(notes["source"].dropna()) <= set(load_editions()["edition"])
    assert set(notes["authority"].dropna()) <= {authority.code for authority in REFERENCES.values()}


# --- the person --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sex": "female"}, "neither age nor birth date"),
        ({"sex": None, "age_years": 30}, "sex is missing"),
        ({"sex": " ", "age_years": 30}, "sex is missing"),
        ({"sex": "femlae", "age_years": 30}, "Did you mean 'female'"),
        ({"sex": "male", "age_years": 30, "pregnant": True}, "male and pregnant"),
        ({"sex": "male", "age_years": 30, "lactating": True}, "male and lactating"),
        ({"sex": "female", "age_years": 30, "pregnant": True, "lactating": True}, "both at once"),
        ({"sex": "female", "age_years": -1}, "age -1 years cannot be"),
        ({"sex": "female", "age_years": 121}, "between 0 and 120"),
        ({"sex": "female", "age_years": float("nan")}, "age nan years cannot be"),
        ({"sex": "female", "age_years": "thirty"}, "'thirty' is not a number of years"),
        ({"sex": "female", "birth_date": "1990-01-01"}, "is not a date"),
        ({"sex": "female", "birth_date": pd.NaT}, "is not a date"),
        ({"sex": "female", "age_years": 30, "weight_kg": 0}, "weight 0 kg cannot be"),
        ({"sex": "female", "age_years": 30, "height_cm": 1.7}, "height 1.7 cm cannot be"),
        ({"sex": "female", "age_years": 30, "conditions": "phytate 600"}, "Did you mean 'phytate 600 mg/d'"),
        (
            {"sex": "female", "age_years": 30, "conditions": "phytate"},
            "mean 'phytate 300 mg/d' or 'phytate 600 mg/d' or",
        ),
        ({"sex": "female", "age_years": 30, "conditions": "moderate"}, "mean 'moderate iron absorption'"),
        ({"sex": "female", "age_years": 30, "conditions": ["vegan"]}, "'vegan' is not one .* There are: phytate 300"),
        ({"sex": "male", "age_years": 30, "conditions": ["premenopausal"]}, "male and 'premenopausal'"),
        ({"sex": "female", "age_years": 30, "conditions": ["premenopausal", "postmenopausal"]}, "only one can hold"),
        ({"sex": "female", "age_years": 30, "conditions": 3}, "3 are not a list of words"),
        ({"sex": "female", "age_years": 30, "activity": "activ"}, "Did you mean 'active'"),
    ],
)
def test_person_refuses_what_cannot_be_in_words(fields, words):
    with pytest.raises(PersonError, match=words):
        Person(**fields)


def test_person_reads_sex_in_any_case_and_a_timestamp_as_its_date():
    person = Person(sex=" Female ", birth_date=pd.Timestamp(1990, 5, 1, 12))
    assert person.sex == "female"
    assert type(person.birth_date) is dt.date


def test_person_reads_conditions_and_activity_in_any_case_and_keeps_each_once():
    stated = ("Phytate 600  mg/d", "PREMENOPAUSAL", "premenopausal")
    person = Person(sex="female", age_years=30, conditions=stated, activity="Very active")
    assert person.conditions == ("phytate 600 mg/d", "premenopausal")
    assert person.activity == "very_active"
    assert Person(sex="female", age_years=30, conditions="refined diet").conditions == ("refined diet",)


def test_age_on_counts_completed_years_on_the_day_eaten():
    person = Person(sex="female", birth_date=dt.date(1974, 2, 28), age_years=20)
    assert person.age_on(dt.date(2025, 2, 27)) == 50
    assert person.age_on(pd.Timestamp(2025, 2, 28)) == 51


def test_age_on_counts_infants_by_completed_month():
    person = Person(sex="male", birth_date=dt.date(2025, 1, 31))
    assert person.age_on(dt.date(2025, 7, 30)) == pytest.approx(5 / 12)
    assert life_stage_group(person, dt.date(2025, 7, 30)) == "infant 0-6 mo"
    assert life_stage_group(person, dt.date(2025, 7, 31)) == "infant 7-12 mo"
    assert life_stage_group(person, dt.date(2026, 1, 31)) == "child 1-3 y"


@given(st.dates(dt.date(1930, 1, 1), dt.date(2020, 1, 1)), st.integers(0, 32000))
def test_age_on_never_falls_and_steps_on_the_birthday(birth, days):
    person = Person(sex="female", birth_date=birth)
    day = birth + dt.timedelta(days=days)
    had_birthday = (day.month, day.day) >= (birth.month, birth.day)
    years = day.year - birth.year - (not had_birthday)
    assert math.floor(person.age_on(day)) == years
    assert person.age_on(day + dt.timedelta(days=1)) >= person.age_on(day)


@pytest.mark.parametrize("day", [None, pd.NaT, dt.date(1980, 1, 1), dt.date(2200, 1, 1)])
def test_age_on_says_why_an_age_cannot_be_told(day):
    with pytest.raises(PersonError, match=r"birth date|born on"):
        Person(sex="male", birth_date=dt.date(1990, 1, 1)).age_on(day)


def test_reference_values_is_empty_and_says_why_where_the_age_cannot_be_told():
    person = Person(sex="male", birth_date=dt.date(1990, 1, 1))
    assert reference_values(person, on=pd.NaT).empty
    assert "only the birth date" in life_stage_group(person, pd.NaT)


# --- life stages -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "sex", "group"),
    [
        (0.4, "female", "infant 0-6 mo"),
        (0.5, "male", "infant 7-12 mo"),
        (3.9, "male", "child 1-3 y"),
        (8, "female", "child 4-8 y"),
        (9, "female", "female 9-13 y"),
        (18.99, "male", "male 14-18 y"),
        (19, "male", "male 19-30 y"),
        (31, "female", "female 31-50 y"),
        (50, "female", "female 31-50 y"),
        (51, "female", "female 51-70 y"),
        (70, "male", "male 51-70 y"),
        (71, "male", "male over 70 y"),
        (120, "female", "female over 70 y"),
    ],
)
def test_life_stage_group_changes_at_the_printed_ages(age, sex, group):
    assert life_stage_group(Person(sex=sex, age_years=age)) == group


@pytest.mark.parametrize(("state", "rda"), [("pregnant", 27), ("lactating", 9)])
def test_pregnancy_and_lactation_select_their_rows_not_the_female_row(state, rda):
    # Iron (IOM 2001): 18 mg for women of 31-50, 27 mg in pregnancy, 9 mg in lactation.
    assert amounts(Person(sex="female", age_years=34))["iron", "RDA"] == 18
    assert amounts(Person(sex="female", age_years=34, **{state: True}))["iron", "RDA"] == rda


@pytest.mark.parametrize("age", [13, 51])
def test_pregnancy_outside_the_covered_ages_has_no_reference_rather_than_the_female_row(age):
    person = Person(sex="female", age_years=age, pregnant=True)
    assert life_stage(person) is None
    assert reference_values(person).empty
    assert life_stage_group(person) == f"pregnant, {age} y: the reference intakes cover 14-50 y only"


# --- editions and what depends on the person ---------------------------------------------------


def test_edition_replaces_the_nutrients_it_covers_and_no_others():
    woman = Person(sex="female", age_years=34)
    now, then = amounts(woman), amounts(woman, edition="2005")
    assert (now["potassium", "AI"], then["potassium", "AI"]) == (2600, 4700)
    assert ("sodium", "CDRR") in now
    assert ("sodium", "CDRR") not in then
    assert then["sodium", "UL"] == 2300
    assert then["magnesium", "EAR"] == now["magnesium", "EAR"] == 265
    rows = reference_values(woman, edition="2005")
    assert set(rows.loc[rows["nutrient"] == "potassium", "status"]) == {"superseded"}


def test_edition_without_a_row_for_the_group_does_not_fall_back_to_another_edition():
    # The 1997 calcium table as shipped has no rows for pregnancy.
    pregnant = Person(sex="female", age_years=34, pregnant=True)
    assert ("calcium", "RDA") in amounts(pregnant)
    assert not [key for key in amounts(pregnant, edition="IOM 1997") if key[0] == "calcium"]


def test_find_edition_lists_the_editions_where_none_is_meant():
    assert find_edition("2002") == find_edition("IOM 2002/2005") == "IOM 2002/2005"
    with pytest.raises(ReferenceIntakeError, match=r"unknown edition '1989'.*IOM 1997.*NASEM 2019"):
        find_edition("1989")


def test_protein_requirement_appears_with_the_body_weight_only():
    woman = Person(sex="female", age_years=34)
    heavy = Person(sex="female", age_years=34, weight_kg=60)
    assert ("protein", "EAR") not in amounts(woman)
    assert amounts(heavy)["protein", "EAR"] == pytest.approx(39.6)  # 0.66 g/kg (IOM 2002/2005)
    rows = reference_values(heavy)
    assert set(rows.loc[rows["nutrient"] == "protein", "unit"]) == {"g"}
    assert "0.66 g per kg" in rows.loc[(rows["nutrient"] == "protein") & (rows["kind"] == "EAR"), "source"].iloc[0]


def test_smokers_need_35_mg_more_vitamin_c_and_nothing_else_changes():
    plain, smoker = (amounts(Person(sex="male", age_years=40, smoker=smokes)) for smokes in (None, True))
    assert (plain["vitamin_c", "RDA"], smoker["vitamin_c", "RDA"]) == (90, 125)
    assert (plain["vitamin_c", "EAR"], smoker["vitamin_c", "EAR"]) == (75, 110)
    changed = {key for key in plain if not (plain[key] == smoker[key] or math.isnan(plain[key]))}
    assert changed == {("vitamin_c", "RDA"), ("vitamin_c", "EAR")}


def test_reference_values_may_be_changed_by_the_caller_without_harm():
    person = Person(sex="male", age_years=40)
    rows = reference_values(person)
    rows["amount"] = 0.0
    assert amounts(person)["magnesium", "RDA"] == 420


# --- nutrients ---------------------------------------------------------------------------------


def test_check_nutrients_says_what_is_near():
    assert check_nutrients("zinc") == ["zinc"]
    with pytest.raises(FoodDataError, match=r"'vitamin d'\. Did you mean 'vitamin_d'"):
        check_nutrients(["vitamin d"])


def test_panel_nutrients_opens_with_the_core_and_names_each_once():
    panel = panel_nutrients()
    assert panel[:5] == ["magnesium", "potassium", "calcium", "vitamin_d", "vitamin_b12"]
    assert len(panel) == len(set(panel))


def test_format_amount_writes_micrograms_and_never_a_zero_for_the_unknown():
    assert format_amount(12345.6, "folate_dfe") == "12,346 µg"
    assert format_amount(math.nan, "folate_dfe") == "an unknown amount"
