"""Cautions: each is said of a diary that calls for it, and not of one near it that does not."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from openpyxl import Workbook

from hand_made import ANNA, BEN, MILK, Line, analysis_of
from nutridiary.cautions import KINDS, cautions, load_caution_words, load_cautions, named
from nutridiary.nutrients import load_nutrients, panel_nutrients
from nutridiary.plausibility import check_days, plausibility
from nutridiary.references import Person, reference_values
from nutridiary.report.excel.cautions import write_cautions
from nutridiary.report.excel.looks import Palette
from nutridiary.report.excel.page import Page
from nutridiary.symptoms import symptom_days
from nutridiary.tables import CAUTIONS, SYMPTOMS, WEIGHED, conform

PREGNANT = Person(sex="female", age_years=30, pregnant=True)
TEENAGER = Person(sex="female", age_years=16)
CHILD = Person(sex="male", age_years=8)
DAYS = [f"2026-03-{day:02}" for day in range(1, 9)]
WHOLE_DAY = {**dict.fromkeys(panel_nutrients(), 1.0), **MILK, "energy": 2000.0, "vitamin_b12": 4.0, "vitamin_k": 80.0}
NUTRIENTS = [*panel_nutrients(), "folic_acid", "biotin"]
FULL = [Line(day=day, text=text, holds={**WHOLE_DAY}) for day, text in zip(DAYS, [*"abcdefgh"], strict=True)]


def cautions_of(analysis, symptoms=None, doses=None):
    energy = analysis.days[analysis.days["nutrient"] == "energy"]
    return cautions(
        analysis.entries,
        analysis.doses if doses is None else doses,
        analysis.days,
        analysis.comparison,
        analysis.people,
        day_checks=check_days(energy, analysis.entries, analysis.people),
        plausibility=plausibility(energy, analysis.people),
        symptom_days=symptom_days(conform(pd.DataFrame(symptoms or []), SYMPTOMS), analysis.days),
    )


def said(lines, person=ANNA, symptoms=None):
    """Return the cautions of a diary, given line by line."""
    return cautions_of(analysis_of(lines, {"": person}, nutrients=NUTRIENTS), symptoms)


def topics_of(found):
    return {
        (row.person_id, row.topic, "" if row.nutrient != row.nutrient else row.nutrient) for row in found.itertuples()
    }


def topics(lines, symptoms):
    return [row.topic for row in said(lines, symptoms=symptoms).itertuples()]


def supplement(text, days=DAYS, **holds):
    return [Line(day=day, text=text, kind="supplement", holds=holds) for day in days]


def food(text, day=DAYS[0], **holds):
    return [Line(day=day, text=text, food=text, holds=holds)]


def every_day(**holds):
    """A full record in which every day holds some nutrients in other amounts."""
    return [replace(line, holds={**line.holds, **holds}) for line in FULL]


def cramp():
    return [{"symptom": "leg cramp", "date": pd.Timestamp(DAYS[0])}]


def test_cautions_of_a_full_ordinary_diary_are_none():
    assert said(FULL).empty


CALLED_FOR = [
    ("upper_level", "magnesium", FULL + supplement("Magnesium 400 mg", magnesium=400.0), ANNA),
    ("upper_level", "zinc", FULL + supplement("Zinc 50 mg", zinc=50.0), ANNA),
    ("upper_level", "folate_dfe", FULL + supplement("Folate", folic_acid=1200.0, folate_dfe=2040.0), ANNA),
    ("upper_level", "vitamin_d", FULL + supplement("D3 5000 IU", vitamin_d=125.0), ANNA),
    ("vitamin_b6_efsa", "vitamin_b6", FULL + supplement("B6 25 mg", vitamin_b6=25.0), ANNA),
    ("sodium_cdrr", "sodium", every_day(sodium=2400.0), ANNA),
    ("alcohol_pregnancy", "", every_day(alcohol=1.0), PREGNANT),
    ("alcohol", "alcohol", every_day(alcohol=15.0), ANNA),
    ("alcohol_young", "alcohol", FULL + food("cider", alcohol=12.0), TEENAGER),
    ("caffeine", "caffeine", every_day(caffeine=401.0), ANNA),
    ("caffeine_pregnancy", "caffeine", every_day(caffeine=201.0), PREGNANT),
    ("liver_pregnancy", "vitamin_a_rae", FULL + food("Liver, beef"), PREGNANT),
    ("mercury_fish", "", FULL + food("swordfish steak"), PREGNANT),
    ("mercury_fish", "", FULL + food("shark"), CHILD),
    ("herb_st_johns_wort", "", FULL + supplement("St. John's Wort 300 mg", DAYS[:1]), ANNA),
    ("medicine_vitamin_k", "vitamin_k", [*FULL, Line(text="Warfarin 5 mg", kind="note", problem="a note")], ANNA),
    ("medicine_potassium", "potassium", FULL + supplement("Lisinopril 10 mg", DAYS[:1]), ANNA),
    ("medicine_diuretic", "potassium", FULL + supplement("furosemide", DAYS[:1]), ANNA),
    ("medicine_b12", "vitamin_b12", FULL + supplement("Metformin 500", DAYS[:1]), ANNA),
    ("medicine_b12", "vitamin_b12", FULL + supplement("Omeprazole 20 mg", DAYS[:1]), ANNA),
    ("medicine_acid_magnesium", "magnesium", FULL + supplement("Omeprazole 20 mg", DAYS[:1]), ANNA),
    ("potassium_supplement", "potassium", FULL + supplement("Potassium citrate", potassium=99.0), ANNA),
    ("potassium_supplement", "potassium", FULL + food("salt substitute"), ANNA),
    ("vitamin_k_supplement", "vitamin_k", FULL + supplement("MK-7 100 µg", DAYS[:1]), ANNA),
    ("vitamin_k_supplement", "vitamin_k", FULL + supplement("Multi", vitamin_k=25.0), ANNA),
    ("vitamin_k_swing", "vitamin_k", FULL + food("kale", vitamin_k=400.0), ANNA),
    ("spacing", "", FULL + supplement("Iron 14 mg", iron=14.0), ANNA),
    (
        "medicine_spacing",
        "",
        FULL + supplement("Iron 14 mg", iron=14.0) + supplement("Levothyroxine 50", DAYS[:1]),
        ANNA,
    ),
    ("grapefruit", "", FULL + food("Grapefruit juice"), ANNA),
    ("licorice", "potassium", FULL + food("black licorice"), ANNA),
    ("biotin_laboratory", "biotin", FULL + supplement("Biotin 5 mg", biotin=5000.0), ANNA),
    ("vitamin_b12_low", "vitamin_b12", every_day(vitamin_b12=1.0), ANNA),
    (
        "folic_acid_hides_b12",
        "vitamin_b12",
        every_day(vitamin_b12=1.0) + supplement("Folic acid 400", folic_acid=400.0, folate_dfe=680.0),
        ANNA,
    ),
    ("few_days", "", FULL[:6], ANNA),
    ("lines_left_out", "", [*FULL, Line(day=DAYS[0], text="??", problem="no food")], ANNA),
    ("days_incomplete", "", [*FULL, Line(day="2026-03-09", text="apple", holds={"energy": 50.0})], ANNA),
    ("energy_low", "energy", every_day(energy=700.0), replace(ANNA, weight_kg=70)),
    ("energy_high", "energy", every_day(energy=6000.0), replace(ANNA, weight_kg=50)),
    (
        "values_missing",
        "vitamin_d",
        [replace(line, holds={k: v for k, v in line.holds.items() if k != "vitamin_d"}) for line in FULL],
        ANNA,
    ),
]
# Near what calls for a caution: an amount just within, another person, another food of the name.
NOT_CALLED_FOR = [
    ("upper_level", "magnesium", every_day(magnesium=900.0), ANNA),
    ("upper_level", "magnesium", FULL + supplement("Magnesium 350 mg", magnesium=350.0), ANNA),
    ("upper_level", "zinc", FULL + supplement("Zinc 25 mg", zinc=25.0), ANNA),
    ("upper_level", "folate_dfe", every_day(folate_dfe=1500.0), ANNA),
    ("upper_level", "vitamin_d", FULL + supplement("D3 5000 IU", DAYS[:1], vitamin_d=125.0), ANNA),
    ("vitamin_b6_efsa", "vitamin_b6", FULL + supplement("B6 10 mg", vitamin_b6=10.0), ANNA),
    ("vitamin_b6_efsa", "vitamin_b6", FULL + supplement("B6 200 mg", vitamin_b6=200.0), ANNA),
    ("sodium_cdrr", "sodium", every_day(sodium=2300.0), ANNA),
    ("alcohol_pregnancy", "", every_day(alcohol=0.5), PREGNANT),
    ("alcohol_pregnancy", "", every_day(alcohol=40.0), ANNA),
    ("alcohol", "alcohol", every_day(alcohol=20.0), BEN),
    ("alcohol", "alcohol", every_day(alcohol=50.0), None),
    ("alcohol", "alcohol", every_day(alcohol=40.0), TEENAGER),  # alcohol_young, and not both
    ("alcohol_young", "alcohol", FULL + food("coq au vin", alcohol=3.0), TEENAGER),
    ("alcohol_young", "alcohol", FULL + food("cider", alcohol=12.0), ANNA),
    ("caffeine", "caffeine", every_day(caffeine=400.0), ANNA),
    ("caffeine_pregnancy", "caffeine", every_day(caffeine=300.0), ANNA),
    ("liver_pregnancy", "vitamin_a_rae", FULL + food("Liver, beef"), ANNA),
    ("liver_pregnancy", "vitamin_a_rae", FULL + food("vegan liver sausage"), PREGNANT),
    ("mercury_fish", "", FULL + food("swordfish steak"), ANNA),
    ("mercury_fish", "", FULL + food("salmon"), PREGNANT),
    ("herb_st_johns_wort", "", FULL + supplement("Chamomile", DAYS[:1]), ANNA),
    ("medicine_vitamin_k", "vitamin_k", FULL + supplement("Aspirin", DAYS[:1]), ANNA),
    ("potassium_supplement", "potassium", FULL + food("lite salt peanuts"), ANNA),
    ("potassium_supplement", "potassium", every_day(potassium=6000.0), ANNA),
    ("vitamin_k_supplement", "vitamin_k", FULL + supplement("Vitamin C", DAYS[:1], vitamin_c=100.0), ANNA),
    ("vitamin_k_swing", "vitamin_k", FULL + food("lettuce", vitamin_k=230.0), ANNA),
    ("vitamin_k_swing", "vitamin_k", every_day(vitamin_k=400.0), ANNA),
    ("vitamin_k_swing", "vitamin_k", every_day(vitamin_k=20.0) + food("lettuce", vitamin_k=200.0), ANNA),
    ("spacing", "", FULL + supplement("Vitamin C", vitamin_c=100.0), ANNA),
    ("spacing", "", FULL + supplement("Iron 14 mg", iron=14.0) + supplement("Levothyroxine 50", DAYS[:1]), ANNA),
    ("medicine_spacing", "", FULL + supplement("Levothyroxine 50", DAYS[:1]), ANNA),
    ("grapefruit", "", FULL + food("grapes"), ANNA),
    ("licorice", "potassium", FULL + food("red licorice twists"), ANNA),
    ("biotin_laboratory", "biotin", FULL + supplement("Multi", biotin=50.0), ANNA),
    ("vitamin_b12_low", "vitamin_b12", every_day(vitamin_b12=2.1), ANNA),
    ("folic_acid_hides_b12", "vitamin_b12", every_day(vitamin_b12=1.0, folate_dfe=700.0), ANNA),
    ("few_days", "", FULL[:7], ANNA),
    ("lines_left_out", "", [*FULL, Line(day=DAYS[0], text="slept well", kind="note", problem="a note")], ANNA),
    ("energy_low", "energy", every_day(energy=700.0), ANNA),
    ("energy_low", "energy", every_day(energy=1900.0), replace(ANNA, weight_kg=60)),
    ("menaquinone_missing", "menaquinone_4", FULL, ANNA),
]


CASES = [*CALLED_FOR, *NOT_CALLED_FOR]


@pytest.fixture(scope="module")
def all_cases():
    """The cautions of every diary above, each as the diary of another person."""
    people = {f"{number:03}": person for number, (*_, person) in enumerate(CASES) if person is not None}
    lines = [replace(line, person=f"{number:03}") for number, (_, _, diary, _) in enumerate(CASES) for line in diary]
    return topics_of(cautions_of(analysis_of(lines, people, nutrients=NUTRIENTS)))


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: f"{CASES[number][0]}-{number}")
def test_caution_is_said_of_the_diary_that_calls_for_it_and_not_of_one_near_it(all_cases, number):
    topic, nutrient, *_ = CASES[number]
    is_called_for = number < len(CALLED_FOR)
    assert ((f"{number:03}", topic, nutrient) in all_cases) == is_called_for


def test_anticoagulant_on_record_is_told_with_how_much_vitamin_k_differs_between_days():
    noted = Line(text="Warfarin 5 mg", kind="note", problem="a note", day=DAYS[0])
    found = said([*FULL, *food("kale", vitamin_k=400.0), noted])
    because = found.loc[found["topic"] == "medicine_vitamin_k", "because"].item()
    assert because == (
        '"Warfarin 5 mg" on 2026-03-01; vitamin K: 80.0 µg on the day with least, 480.0 µg on that with most.'
    )


def test_cramps_on_record_point_at_evidence_and_at_a_clinician_first():
    found = said(FULL, symptoms=cramp())
    assert list(found["topic"]) == ["cramps_clinician", "cramps_evidence"]
    assert topics(FULL, [{"symptom": "headache", "date": pd.Timestamp(DAYS[0])}]) == []


def test_vitamin_k2_without_values_is_said_beside_cramps():
    lines = [replace(line, holds={k: v for k, v in line.holds.items() if k != "menaquinone_4"}) for line in FULL]
    assert "menaquinone_missing" in topics(lines, cramp())
    assert "menaquinone_missing" not in topics(lines, [])


def test_magnesium_from_supplements_above_the_ul_on_single_days_is_said_with_its_days():
    found = said(FULL + supplement("Magnesium 400 mg", DAYS[:2], magnesium=400.0))
    row = found[found["topic"] == "upper_level"].iloc[0]
    assert row["because"] == (
        'On 2 days supplements gave more (400 mg at most), "Magnesium 400 mg" on 2 days; the UL is 350 mg (IOM 1997).'
    )


def test_dose_a_label_leaves_open_is_said_to_be_perhaps_above_the_ul():
    analysis = analysis_of(FULL + supplement("Magnesium citrate 500 mg", magnesium=None))
    found = cautions_of(analysis, doses=analysis.doses.assign(amount_low=56.7, amount_high=500.0))
    because = found.loc[found["topic"] == "upper_level", "because"].item()
    assert because.startswith("Supplements gave 57 mg to 500 mg a day")


def test_ul_of_a_nutrient_nobody_asked_for_is_held_against_doses():
    lines = FULL + supplement("Retinol", retinol=6000.0, vitamin_a_rae=6000.0)
    analysis = analysis_of(lines, nutrients=["magnesium", "energy", "retinol", "vitamin_a_rae"])
    asked = analysis.comparison["nutrient"].isin(["magnesium", "energy"])
    found = cautions_of(replace(analysis, comparison=analysis.comparison[asked]))
    assert list(found.loc[found["topic"] == "upper_level", "nutrient"]) == ["vitamin_a_rae"]


def test_cautions_are_ranked_as_the_shipped_table_is_and_each_has_its_source():
    lines = FULL + food("grapefruit") + supplement("Magnesium 400 mg", magnesium=400.0) + food("Liver, beef")
    found = said(lines, PREGNANT, symptoms=cramp())
    order = {(c.topic, c.nutrient): number for number, c in enumerate(load_cautions())}
    ranks = [order[row.topic, row.nutrient if row.nutrient == row.nutrient else ""] for row in found.itertuples()]
    assert ranks == sorted(ranks)
    assert found[["because", "text", "source", "title"]].notna().all().all()


def test_each_person_gets_their_own_cautions():
    lines = [replace(line, person=name) for name in ("Anna", "Ben") for line in FULL]
    lines += [replace(line, person="Ben") for line in food("grapefruit")]
    found = cautions_of(analysis_of(lines, {"Anna": ANNA, "Ben": BEN}))
    assert set(found.loc[found["topic"] == "grapefruit", "person_id"]) == {"Ben"}


def test_every_ul_there_is_has_a_caution():
    people = [ANNA, BEN, CHILD, PREGNANT]
    values = pd.concat([reference_values(person, reference=r) for person in people for r in ("nasem", "efsa")])
    with_ul = set(values.loc[(values["kind"] == "UL") & values["amount"].notna(), "nutrient"])
    assert with_ul - {"sodium"} <= {c.nutrient for c in load_cautions() if c.topic == "upper_level"}


def test_every_caution_is_of_a_known_kind_and_nutrient_with_a_safe_link():
    for caution in load_cautions():
        assert caution.kind in KINDS
        assert caution.nutrient in {"", "*", *load_nutrients().index}
        assert caution.link.startswith("https://")
        assert caution.condition and caution.source and caution.title


@pytest.mark.parametrize("name", load_caution_words())
def test_every_shipped_word_is_found_by_itself(name):
    entries = conform(pd.DataFrame({"food_text": [name.replace("_", " ")], "kind": ["supplement"]}), WEIGHED)
    words = load_caution_words()[name]
    assert set(named(entries, name).index) <= {0}
    assert words.said.search("") is None


def test_words_count_as_whole_words_only():
    entries = conform(
        pd.DataFrame({"food_text": ["olive oil", "deliver", "sharkleberry drink"], "kind": "food"}), WEIGHED
    )
    assert named(entries, "liver").empty
    assert named(entries, "mercury_fish").empty


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("liver", "calf liver with onions and mushrooms"),
        ("liver", "Liver and vegetables"),
        ("liver", "chicken liver pâté"),
        ("liver", "haggis"),
        ("liver", "KALBSLEBER"),
        ("grapefruit", "grapefruit juice with sparkling water"),
        ("licorice", "licorice and a strawberry"),
        ("salt_substitute", "popcorn with salt substitute"),
        ("st_johns_wort", "St. John’s wort tea"),
        ("st_johns_wort", "Saint John's Wort"),
        ("vitamin_k_antagonist", "no warfarin today"),  # said by somebody who takes it
        ("vitamin_k_antagonist", "forgot my Coumadin"),
    ],
)
def test_what_a_caution_is_about_is_recognised_beside_other_words(name, text):
    assert len(named(_line(text), name)) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("liver", "mushroom pâté"),
        ("liver", "salmon pate"),
        ("liver", "liver detox tea"),
        ("liver", "no liver"),
        ("liver", "Liverpool breakfast"),
        ("grapefruit", "LaCroix Pamplemousse"),
        ("grapefruit", "grapefruit-flavoured water"),
        ("grapefruit", "grapefruit not eaten"),
        ("grapefruit", "orange instead of grapefruit"),
        ("licorice", "licorice flavored tea"),
        ("licorice", "strawberry liquorice"),
        ("salt_substitute", "almonds, lite salt"),
        ("st_johns_wort", "never took St John's wort"),
        ("vitamin_k_antagonist", "not on warfarin"),
        ("proton_pump_inhibitor", "stopped omeprazole"),
        ("vitamin_k_supplement", "vitamin K free multi"),
    ],
)
def test_what_was_not_eaten_or_only_sounds_like_it_calls_for_no_caution(name, text):
    assert named(_line(text), name).empty


def test_food_a_line_was_matched_to_counts_only_where_its_own_words_do_not_say_otherwise():
    assert named(_line("LaCroix Pamplemousse", "Grapefruit juice"), "grapefruit").empty
    assert len(named(_line("citrus juice", "Grapefruit juice"), "grapefruit")) == 1


def test_liver_of_which_nothing_was_eaten_calls_for_no_caution():
    lines = [replace(line, grams=0.0) for line in food("Liver, beef")]
    assert "liver_pregnancy" not in set(said(FULL + lines, PREGNANT)["topic"])


def _line(text, matched=None):
    kind = "supplement" if text.startswith("vitamin K") else "food"
    return conform(pd.DataFrame({"food_text": [text], "food_description": [matched], "kind": [kind]}), WEIGHED)


def test_cautions_sheet_shows_what_each_rests_on_and_diary_text_is_no_formula():
    analysis = analysis_of(FULL + food('=HYPERLINK("grapefruit")'))
    analysis = replace(analysis, cautions=said(FULL + food('=HYPERLINK("grapefruit")')))
    workbook = Workbook()
    page = Page(workbook, Palette(workbook), "Cautions")
    write_cautions(page, analysis, people=[""])
    cells = [cell for row in page.sheet.iter_rows(min_row=1) for cell in row if cell.value is not None]
    texts = [str(cell.value) for cell in cells]
    assert any("grapefruit" in text and "2026-03-01" in text for text in texts)
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "Grapefruit" in texts
    assert "with medicines" in texts


def test_cautions_of_an_empty_diary_are_an_empty_table():
    assert list(said([]).columns) == list(CAUTIONS.names)


def test_cautions_sheet_leads_to_where_each_is_published():
    analysis = analysis_of(FULL)
    analysis = replace(analysis, cautions=said(FULL + food("grapefruit")))
    workbook = Workbook()
    page = Page(workbook, Palette(workbook), "Cautions")
    write_cautions(page, analysis, people=[""])
    linked = [cell for row in page.sheet.iter_rows(min_row=1) for cell in row if cell.hyperlink]
    assert [cell.value for cell in linked] == ["open"]
    assert linked[0].hyperlink.target in linked[0].offset(column=-1).value
