"""The whole line: who is compared with what, and that it is nothing but its steps."""

import datetime
import math

import pandas as pd
import pytest

import nutridiary
from nutridiary import Person, analyze
from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError, PersonError

WOMAN = Person(sex="female", age_years=34)
MAN = Person(sex="male", age_years=52)


def write(path, *lines, header="Date,Person,Food,Amount,Unit"):
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def family(tmp_path):
    return write(
        tmp_path / "family.csv",
        "2026-03-01,Ada,2% milk,1,cup",
        "2026-03-01,Ben,2% milk,2,cup",
        "2026-03-02,Ben,2% milk,2,cup",
    )


def rda(analysis, person_id, nutrient="magnesium"):
    rows = analysis.comparison.set_index(["person_id", "nutrient"])
    return rows.loc[(person_id, nutrient), "rda"]


def test_each_person_is_compared_with_their_own_references(family):
    analysis = analyze(family, people={"Ada": WOMAN, "Ben": MAN})
    assert rda(analysis, "Ada") == 320  # women 31-50 (IOM 1997)
    assert rda(analysis, "Ben") == 420  # men 51-70 (IOM 1997)
    means = analysis.comparison.set_index(["person_id", "nutrient"])["mean_intake"]
    assert means[("Ada", "calcium")] == pytest.approx(2.44 * 126)
    assert means[("Ben", "calcium")] == pytest.approx(2 * 2.44 * 126)


def test_one_description_for_several_people_is_refused_and_names_them(family):
    with pytest.raises(PersonError, match=r"2 people \(Ada, Ben\)"):
        analyze(family, person=WOMAN)


def test_described_person_whom_the_diary_does_not_name_is_refused_with_the_nearest(family):
    with pytest.raises(PersonError, match=r"'Bem'.*Did you mean 'Ben'"):
        analyze(family, people={"Ada": WOMAN, "Bem": MAN})


def test_person_without_description_is_reported_without_references(family):
    analysis = analyze(family, people={"Ada": WOMAN})
    assert rda(analysis, "Ada") == 320
    assert pd.isna(rda(analysis, "Ben"))
    assert set(analysis.references["person_id"]) == {"Ada"}


def with_person_sheet(book, names, described):
    with pd.ExcelWriter(book, engine="openpyxl") as writer:
        diary = pd.DataFrame([["2026-03-01", name, "2% milk", 1, "cup"] for name in names])
        diary.to_excel(writer, sheet_name="Diary", index=False, header=["Date", "Person", "Food", "Amount", "Unit"])
        people = pd.DataFrame([[described, "female", 34]], columns=["Person", "Sex", "Age"])
        people.to_excel(writer, sheet_name="Person", index=False)
    return book


def test_what_is_given_goes_before_the_person_sheet(tmp_path):
    book = with_person_sheet(tmp_path / "diary.xlsx", ["Ada"], "Ada")
    assert rda(analyze(book), "Ada") == 320
    assert rda(analyze(book, people={"Ada": MAN}), "Ada") == 420


def test_person_sheet_without_a_name_is_of_the_one_person_whom_the_lines_name(tmp_path):
    book = with_person_sheet(tmp_path / "diary.xlsx", ["Ada"], None)
    assert rda(analyze(book), "Ada") == 320
    assert rda(analyze(book, people={"Ada": MAN}), "Ada") == 420


def test_person_sheet_without_a_name_is_refused_for_several_and_says_what_to_do(tmp_path):
    book = with_person_sheet(tmp_path / "diary.xlsx", ["Ada", "Ben"], None)
    with pytest.raises(PersonError, match=r"without a name.*names Ada, Ben\..*column Person"):
        analyze(book)


def test_birthday_within_the_diary_changes_the_references_of_the_days(tmp_path):
    diary = write(tmp_path / "d.csv", "2026-03-01,,2% milk,1,cup", "2026-03-03,,2% milk,1,cup")
    born = Person(sex="female", birth_date=datetime.date(1995, 3, 2))  # 31 on 2 March 2026
    days = analyze(diary, person=born).day_comparison
    magnesium = days[days["nutrient"] == "magnesium"].set_index("date")["rda"]
    assert magnesium.tolist() == [310, 320]  # women 19-30 and 31-50 (IOM 1997)


def test_chosen_nutrients_are_the_reported_ones(family):
    analysis = analyze(family, nutrients=["zinc", "folate_dfe"], people={"Ada": WOMAN, "Ben": MAN})
    for table in (analysis.days, analysis.comparison, analysis.day_comparison, analysis.contributions):
        assert set(table["nutrient"]) == {"zinc", "folate_dfe"}
    # The UL of folate concerns folic acid, so that is worked out beside it.
    assert "folic_acid" in set(analysis.intakes["nutrient"])
    with pytest.raises(FoodDataError, match="Did you mean 'zinc'"):
        analyze(family, nutrients=["zink"])


def test_analysis_is_its_steps_and_nothing_else(family):
    people = {"Ada": WOMAN, "Ben": MAN}
    whole = analyze(family, people=people)
    foods = nutridiary.load_foods()
    weighed = nutridiary.weigh(nutridiary.match_foods(nutridiary.read_diary(family), foods), foods)
    pd.testing.assert_frame_equal(whole.entries, weighed)
    intakes = nutridiary.nutrient_intakes(weighed, foods)
    days = nutridiary.daily_intakes(intakes, weighed)
    pd.testing.assert_frame_equal(whole.days, days)
    pd.testing.assert_frame_equal(whole.day_comparison, nutridiary.compare_days(days, people))


def test_no_step_changes_what_it_is_given(family):
    foods = nutridiary.load_foods()
    entries = nutridiary.read_diary(family)
    kept = entries.copy(deep=True)
    matched = nutridiary.match_foods(entries, foods)
    pd.testing.assert_frame_equal(entries, kept)
    kept = matched.copy(deep=True)
    weighed = nutridiary.weigh(matched, foods)
    pd.testing.assert_frame_equal(matched, kept)
    kept = weighed.copy(deep=True)
    nutridiary.daily_intakes(nutridiary.nutrient_intakes(weighed, foods), weighed)
    pd.testing.assert_frame_equal(weighed, kept)


def test_same_diary_gives_the_same_workbook_byte_for_byte(tmp_path):
    diary = data_file("diaries", "example.xlsx")
    first, second = (analyze(diary, person=WOMAN).to_excel(tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    assert first.read_bytes() == second.read_bytes()


def test_notebook_display_shows_readings_and_escapes_names(tmp_path):
    diary = write(tmp_path / "d.csv", "2026-03-01,<b>Ada</b>,2% milk,1,cup")
    html = analyze(diary, people={"<b>Ada</b>": WOMAN})._repr_html_()
    assert "Magnesium" in html
    assert "&lt;b&gt;Ada" in html
    assert "<b>Ada</b>" not in html


def test_supplement_is_told_by_its_form_and_never_weighed_as_a_food(tmp_path):
    lines = ["Vitamin D 1000 IU,,", "Vitamin D3,2000,IU", "fish oil capsule,1,", "Magnesium citrate,1,tablet"]
    diary = write(tmp_path / "d.csv", *(f"2026-03-01,,{line}" for line in lines))
    analysis = analyze(diary)
    entries = analysis.entries
    assert entries["kind"].tolist() == ["supplement"] * 4
    assert entries["gram_weight"].isna().all()
    assert entries["problem"].isna().tolist() == [True, True, False, False]
    assert entries["problem"].dropna().str.contains("Supplements sheet").all()
    # 1000 IU and 2000 IU of vitamin D are 25 and 50 ug (NIH ODS: 40 IU = 1 ug).
    vitamin_d = analysis.comparison.set_index("nutrient").loc["vitamin_d"]
    assert vitamin_d["supplement_intake"] == pytest.approx(75)
    assert math.isnan(vitamin_d["food_intake"])
    assert entries["note"].str.contains("kind supplement, from").all()


def test_written_kind_decides_over_the_form(tmp_path):
    header = "Date,Food,Amount,Unit,Kind"
    diary = write(tmp_path / "d.csv", "2026-03-01,multivitamin juice,240,g,food", header=header)
    assert analyze(diary).entries.loc[0, "kind"] == "food"


def test_oil_is_not_weighed_like_a_fillet(tmp_path):
    # Fish oil has 902 kcal per 100 g (SR 04593), salmon less than 250: no portion passes between them.
    entry = analyze(write(tmp_path / "d.csv", '2026-03-01,,"Fish oil, salmon",1,')).entries.loc[0]
    assert pd.isna(entry["gram_weight"])
    assert "no weight" in entry["problem"]


def test_recorded_values_are_said_to_come_from_what_the_diary_calls_a_food(tmp_path):
    diary = write(
        tmp_path / "d.csv", "2026-03-01,,2% milk,1,cup,77", header="Date,Person,Food,Amount,Unit,Magnesium (mg)"
    )
    named = {
        values: analyze(diary, nutrients=["magnesium"], values=values).contributions["food_description"].tolist()
        for values in ("ours", "recorded")
    }
    assert named == {"ours": ["Milk, reduced fat (2%)"], "recorded": ["2% milk"]}
