"""A diary without what says whose it is: nothing of it stays, and no figure changes but where it is said."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from nutridiary import Person, analyze
from nutridiary.analysis import Analysis, read_inputs
from nutridiary.de_identification import Names, de_identify
from nutridiary.diary import Diary, read_whole
from nutridiary.report.data import json_bytes
from nutridiary.tables import ENTRIES, conform

DIARIES = Path(__file__).parents[1] / "data" / "diaries"
EXPORTS = Path(__file__).parent / "data" / "exports"
SECRETS = ("anna", "rossi", "bruno", "grandma-file", "marchsheet", "2026-0", "07:43")

SHEETS: dict[str, list[list[Any]]] = {
    "MarchSheet": [
        ["Date", "Time", "Person", "Meal", "Food", "Amount", "Notes"],
        ["2026-03-04", "07:43", "Anna Rossi", "Anna's breakfast", "oats", "40 g", "the marigold pills are for Bruno"],
        ["2026-03-04", "07:50", "Anna Rossi", "breakfast", "ROSSI chili", "1 serving", None],
        ["2026-03-04", "12:15", "Bruno", "lunch", "Bruno's chili", "2 servings", None],
        ["2026-03-05", "13:00", "Bruno", "lunch", "milk", "200 ml", None],
        ["2026-03-05", "20:00", "Anna Rossi", "dinner", "Annas bar", "1 bar", None],
        ["2026-03-05", "21:00", "Anna Rossi", None, "Marigold Mag", "2 tablets", None],
        ["2026-03-06", "09:00", "Anna Rossi", None, "bread", "3 glorps", "on 2026-03-06 at Anna's"],
        ["2026-03-07", "09:00", "Anna Rossi", None, "bread", "50 g", "marigold day"],
    ],
    "Person": [
        ["Person", "Sex", "Birth date", "Age", "Weight"],
        ["Anna Rossi", "female", "1991-05-06", None, "61 kg"],
        ["Bruno", "male", None, 96, "70 kg"],
    ],
    "Recipes": [
        ["Recipe", "Ingredient", "Amount", "Servings"],
        ["Rossi chili", "kidney beans, canned", "400 g", 4],
        [None, "olive oil", "1 tbsp", None],
        ["Bruno's chili", "kidney beans, canned", "200 g", 2],
    ],
    "Supplements": [["Product", "Per", "Nutrient", "Amount", "Unit"],
                    ["Marigold Mag", "2 tablets", "Magnesium", 200, "mg"]],
    "Custom foods": [["Food", "Serving", "Calcium (mg)"], ["Anna's bar", "1 bar (40 g)", 20]],
    "Symptoms": [["Date", "Time", "Symptom", "Severity", "Notes", "Person"],
                 ["2026-03-05", "02:10", "calf cramp", 7, "Anna said so", "Anna Rossi"]],
    "Not a food day": [["Date", "Reason", "Person"], ["2026-03-07", "marigold allergy", "Anna Rossi"]],
}  # fmt: skip


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of two people with every sheet there is, and names in every one of them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = tmp_path_factory.mktemp("family") / "grandma-file.xlsx"
    book.save(path)
    return path


def figures(analysis: Analysis, names: dict[str, str] | None = None) -> dict[str, pd.DataFrame]:
    """Return the tables of figures, people by their new names and without days."""
    tables = {}
    for name in ("comparison", "confidence", "contributions", "ratios", "references", "plausibility", "working"):
        table = getattr(analysis, name)
        table = table.assign(person_id=table["person_id"].replace(names or {}))
        tables[name] = table.drop(columns=[column for column in ("date",) if column in table])
    return tables


def assert_same_figures(one: Analysis, safe: Analysis, names: dict[str, str] | None = None) -> None:
    """Assert that nothing but names and days tells two analyses apart."""
    for (name, table), other in zip(figures(one, names).items(), figures(safe).values(), strict=True):
        assert_frame_equal(table, other, check_exact=True, obj=name)
    columns = ["line", "part", "kind", "fdc_id", "gram_weight", "weight_method", "match_method", "needs_review"]
    assert_frame_equal(one.entries[columns], safe.entries[columns], check_exact=True)
    assert one.entries["problem"].notna().tolist() == safe.entries["problem"].notna().tolist()


@pytest.mark.parametrize(
    "source",
    [
        DIARIES / "example.xlsx",
        DIARIES / "thirty_days.csv",
        EXPORTS / "cronometer_servings_2020.csv",
        EXPORTS / "asa24_items_2020.csv",
        EXPORTS / "table_meal_subtotals.csv",
    ],
    ids=lambda path: path.name,
)
def test_figures_of_a_diary_stay_the_same_without_what_says_whose_it_is(source: Path) -> None:
    several = source.suffix == ".xlsx" or source.name.startswith("asa24")
    person = None if several else Person(sex="female", age_years=34)
    one, safe = analyze(source, person), analyze(source, person, de_identify=True)
    known = list(dict.fromkeys(one.entries["person_id"].dropna()))
    assert_same_figures(one, safe, {name: f"Person {number}" for number, name in enumerate(known, 1)})


def test_figures_of_two_people_stay_the_same_where_only_words_of_names_were_taken_out(family: Path) -> None:
    one, safe = analyze(family), analyze(family, de_identify=True)
    names = {"Anna Rossi": "Person 1", "Bruno": "Person 2"}
    ours, theirs = figures(one, names), figures(safe)
    for name in ("confidence", "ratios", "contributions"):
        columns = [c for c in ours[name] if c not in ("food_description", "food_text", "note", "reading", "value_from")]
        assert_frame_equal(ours[name][columns], theirs[name][columns], check_exact=True, obj=name)
    assert safe.settings["food texts changed"].startswith("3 lines: a name or a day is taken out")


def test_nothing_that_says_whose_diary_it_is_stays_in_any_table_or_setting(family: Path) -> None:
    safe = analyze(family, de_identify=True)
    text = json_bytes(safe).decode().lower()
    for secret in SECRETS:
        assert secret not in text
    assert "marigold pills" not in text
    assert "marigold allergy" not in text
    assert "marigold day" not in text


def test_days_move_by_whole_weeks_into_the_week_of_the_first_of_january_2001(family: Path) -> None:
    before, after = read_whole(family).entries["date"], read_inputs(family, de_identify=True).diary.entries["date"]
    assert after.min() == pd.Timestamp(2001, 1, 3)
    assert (before.dt.day_of_week == after.dt.day_of_week).all()
    assert len((before - after).unique()) == 1


def test_clock_times_are_full_hours_and_a_symptom_of_the_night_stays_one(family: Path) -> None:
    safe = read_inputs(family, de_identify=True).diary
    assert safe.entries["time"].dropna().unique().tolist() == ["07:00", "12:00", "13:00", "20:00", "21:00", "09:00"]
    assert safe.symptoms["time"].tolist() == ["02:00"]


def test_birth_date_becomes_the_age_on_the_first_day_and_above_89_it_is_90(family: Path) -> None:
    safe = read_inputs(family, de_identify=True)
    assert {name: (person.age_years, person.birth_date) for name, person in safe.people.items()} == {
        "Person 1": (34.0, None),
        "Person 2": (90.0, None),
    }
    assert safe.settings["ages"] == (
        "Person 2 counts as 90 years old, which changes what energy is needed, and no reference intake"
    )
    assert safe.people["Person 1"].weight_kg == 61


def test_birthday_within_the_diary_is_said() -> None:
    lines = pd.DataFrame({"date": pd.to_datetime(["2026-05-01", "2026-05-10"]), "kind": "food", "food_text": "milk"})
    diary = Diary.of(conform(lines.assign(source="d.csv", line=[1, 2]), ENTRIES))
    safe = de_identify(diary, {"": Person(sex="female", birth_date=dt.date(1975, 5, 6))})
    assert safe.people[""].age_years == 50
    assert safe.said["ages"].startswith("the person counts with the age of the first day throughout")


def test_every_row_of_every_table_stays(family: Path) -> None:
    whole, safe = read_whole(family), read_inputs(family, de_identify=True).diary
    for field in dataclasses.fields(Diary):
        assert len(getattr(whole, field.name)) == len(getattr(safe, field.name)), field.name
    assert whole.files["rows"].tolist() == safe.files["rows"].tolist()


def test_several_files_keep_their_order_and_lose_their_names(family: Path, tmp_path: Path) -> None:
    other = tmp_path / "bruno again.csv"
    other.write_text("Date,Person,Food,Amount\n2026-03-09,Bruno,egg,1\n2026-03-05,Bruno,milk,200 ml\n")
    safe = read_inputs([family, other], de_identify=True)
    assert safe.diary.files["source"].tolist() == [f"diary {number}" for number in range(1, 9)]
    assert safe.settings["diary"] == "diary 1, diary 2, diary 3, diary 4, diary 5, diary 6, diary 7, diary 8"


def test_aliases_still_go_for_the_texts_that_a_name_was_taken_out_of(tmp_path: Path) -> None:
    diary, aliases = tmp_path / "d.csv", tmp_path / "anna-aliases.csv"
    diary.write_text("Date,Person,Food,Amount\n2026-03-04,Anna,Anna's mix,30 g\n")
    aliases.write_text("said,fdc_id,note\nanna's mix,2705385,for Anna\n")
    person = Person(sex="female", age_years=34)
    one = analyze(diary, person, aliases=[aliases])
    safe = analyze(diary, person, aliases=[aliases], de_identify=True)
    assert safe.entries["match_method"].tolist() == one.entries["match_method"].tolist() == ["user_alias"]
    assert "anna" not in json_bytes(safe).decode().lower()
    assert safe.settings["aliases used"].startswith('"Person1\'s mix" is')


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("lunch with ANNA", "lunch with Person1"),
        ("Annas Suppe, anna’s tea", "Person1s Suppe, Person1’s tea"),
        ("bananas, annatto, Annabel cake", "bananas, annatto, Annabel cake"),
        ("Anna  de la Cruz pie", "Person1 pie"),
        ("cruz-style beans", "Person1-style beans"),
        ("pie de la casa", "pie de la casa"),
        ("JOSE rice, José rice, Jose\u0301 rice", "Person2 rice, Person2 rice, Person2 rice"),
        ("Jo tea, jo tea", "Person3 tea, jo tea"),
        ("leftovers of 4.3.2026 and March 5, 2026, 2026-03-06", "leftovers of a day and a day, a day"),
        ("vitamin D 2000 IU, 1/2 cup, 2.5 g", "vitamin D 2000 IU, 1/2 cup, 2.5 g"),
    ],
)
def test_names_and_days_are_taken_out_of_a_text_and_nothing_else(text: str, clean: str) -> None:
    assert Names.of(["Anna de la Cruz", "José", "Jo", "A"]).cleaned(text) == clean


@pytest.mark.parametrize(
    ("name", "text", "clean"),
    [
        ("Łukasz Żółć", "Lukasz zolc soup, ŁUKASZ", "Person1 soup, Person1"),
        ("Jørgen Æbelø", "Jorgen tea, joergens tea, Aebelo bread", "Person1 tea, Person1s tea, Person1 bread"),
        ("Zoë Müller-Lüdenscheidt", "MUELLER-LUEDENSCHEIDT pie, Mullerludenscheidt", "Person1 pie, Person1"),
        ("Mueller", "Müllers pie, Muller tea", "Person1s pie, Muller tea"),
        ("Jose", "José’s rice, Jose\u0301 rice, Jos\u00ade", "Person1’s rice, Person1 rice, Person1"),
        ("Siobhan O'Brien", "OBrien pie, O’Brien's, ob rien", "Person1 pie, Person1's, ob rien"),
        ("Anna Rossi", "AnnaRossi's pie, anna_rossi, anna91 pie", "Person1's pie, Person1, Person191 pie"),
        ("Mi So", "miso soup, Mi So soup", "miso soup, Person1 soup"),
        ("李明", "李明的面条", "Person1的面条"),
        ("김민수", "김민수의 밥", "Person1의 밥"),
        ("Kid 1", "kid 12 soup, kid 1 soup", "Person1 12 soup, Person1 soup"),
    ],
)
def test_a_name_is_taken_out_however_it_is_spelt(name: str, text: str, clean: str) -> None:
    assert Names.of([name]).cleaned(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("bread of Sat 14 March, 3rd of May soup, Sept. 5 rice", "bread of Sat a day, a day soup, a day rice"),
        ("Brot vom 1. Mai", "Brot vom a day"),
        ("2 mars bars, 1 mai tai, june peas, march 500 g", "2 mars bars, 1 mai tai, june peas, march 500 g"),
        ("diet of jane.doe+x@mail.example.org, ask", "diet of an address, ask"),
        ("https://example.org/jane?x=1, www.example.org.", "an address, an address."),
        ("+49 171 2345678, 0171-2345678, (555) 123-4567, 555-123-4567", "a number, a number, a number, a number"),
        ("123-45-6789", "a number"),
        ("1/2 cup, 2.5-3 oz, 100-150 g, 0.5 l, 4006381333931", "1/2 cup, 2.5-3 oz, 100-150 g, 0.5 l, 4006381333931"),
    ],
)
def test_days_in_words_addresses_and_telephone_numbers_are_taken_out_of_a_text(text: str, clean: str) -> None:
    assert Names().cleaned(text) == clean


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(min_size=3, max_size=12, alphabet=st.characters(categories=["L"])), min_size=1, max_size=4),
       st.text(max_size=20), st.text(max_size=20))  # fmt: skip
def test_a_name_between_any_signs_is_never_left_in_a_text(names: list[str], before: str, after: str) -> None:
    known = Names.of(names)
    words = known.without(f"{before} {names[0]}, {after}").split(" ")
    assert f"{names[0]}," not in words
