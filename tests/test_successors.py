"""Another release in use: what was said of foods before goes on, and says what became of them."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from conftest import skip_or_fail
from next_release import (
    FIRST_NEW_CODE,
    FIRST_NEW_ID,
    FOUNDATION_MOVED,
    MOVED,
    NEW_CATEGORY,
    NextRelease,
    install_next_release,
    write_next_release,
)
from nutridiary.aliases import learn, load_aliases
from nutridiary.analysis import Analysis, analyze
from nutridiary.data_files import data_file
from nutridiary.errors import AliasError, FoodDataError
from nutridiary.fdc.installed import EMBEDDED, FOODS, INDEX, in_use_file, release_file, using_release
from nutridiary.fdc.successors import successor_map
from nutridiary.fdc.tables import FoodTables
from nutridiary.food_groups import OTHER, food_group_of, unknown_categories
from nutridiary.food_twins import load_twins, shipped_twins
from nutridiary.foods import FoodData, load_foods
from nutridiary.matching import match_foods, match_texts
from nutridiary.matching.index import Index, read_index
from nutridiary.matching.ranking import build_release_index, fingerprint, load_index
from nutridiary.references import Person
from nutridiary.review import review
from nutridiary.suggestions import Wishes
from nutridiary.suggestions.candidates import allowed_foods, load_suggested_foods
from nutridiary.tables import ALIASES, conform

WHOLE_MILK, REDUCED_FAT_MILK, HOT_CHOCOLATE, HOT_CHOCOLATE_CODE = 2705385, 2705386, 2705483, 11514100
ANN = Person(sex="female", age_years=34)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Install a release in which ids moved only, and one in which foods, names and values changed, too."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NUTRIDIARY_DATA", str(tmp_path_factory.mktemp("data")))
        install_next_release("renumbered", drop=False, change=False)
        install_next_release("unsaid", drop=False, change=False, say=False)
        yield install_next_release("next")


@pytest.fixture(scope="module")
def newer(installed: NextRelease) -> FoodData:
    return load_foods(release="next")


def matched(foods: FoodData, aliases: pd.DataFrame | None = None, **line: object) -> pd.Series:
    lines = pd.DataFrame([{"source": "d.csv", "line": 2, "food_text": "", "kind": "food", **line}])
    return match_foods(lines, foods, aliases).iloc[0]


def alias_of(said: str, fdc_id: int) -> pd.DataFrame:
    rows = [{"said": said, "decision": "food", "fdc_id": fdc_id, "source": "own.csv", "line": 3}]
    return conform(pd.DataFrame(rows), ALIASES)


# --- records -----------------------------------------------------------------------------------------------


def test_successors_of_the_embedded_release_are_none():
    assert successor_map(data_file("fdc", FOODS)) == {}
    assert load_foods(release=EMBEDDED).successors([WHOLE_MILK, 1]) == {}


@pytest.mark.parametrize("release", ["renumbered", "unsaid"])
def test_successors_are_the_same_food_code_or_ndb_number(installed, release):
    before, after = load_foods(release=EMBEDDED).foods(), load_foods(release=release)
    numbers = ["data_type", "food_code", "ndb_number", "description"]
    current = after.current(before["fdc_id"])
    assert len(current) == len(before)
    followed = after.foods(before["fdc_id"].map(current))
    pd.testing.assert_frame_equal(followed[numbers], before[numbers])
    assert (before["fdc_id"].map(current) != before["fdc_id"]).sum() == 5432 + 17


def test_successors_of_a_food_that_is_gone_are_none(installed, newer):
    assert newer.successors(installed.dropped) == {}
    assert not newer.current(installed.dropped)


def test_successors_also_lead_back_from_a_newer_release_that_is_installed(installed):
    embedded = load_foods(release=EMBEDDED)
    assert embedded.successors([WHOLE_MILK + MOVED, FIRST_NEW_ID]) == {WHOLE_MILK + MOVED: WHOLE_MILK}


def test_a_record_of_another_release_is_told_with_its_successor(newer):
    expected = rf"FDC id {WHOLE_MILK} of FNDDS 2021-2023 is {WHOLE_MILK + MOVED} in FNDDS 2023-2024\. Use that"
    with pytest.raises(FoodDataError, match=expected):
        newer.food(WHOLE_MILK)


def test_a_release_of_another_version_of_the_program_does_not_stand_in_the_way(installed, monkeypatch):
    with pytest.MonkeyPatch.context() as patched:
        folder = Path(release_file(FOODS, "unsaid")).parent.parent
        patched.setattr("nutridiary.fdc.successors.installed_releases", lambda: ["damaged"])
        patched.setattr("nutridiary.fdc.successors.release_file", lambda name, release=None: folder / "nothing")
        assert load_foods(release=EMBEDDED).successors([FIRST_NEW_ID]) == {}


# --- the index of a release ----------------------------------------------------------------------------------


def test_the_index_of_a_release_is_read_from_its_folder(installed, newer, monkeypatch):
    monkeypatch.setattr("nutridiary.matching.ranking.build_index", lambda foods: pytest.fail("it was built"))
    index = load_index(load_foods(release="next"))
    assert int(index.fdc_id[index.row_of_id[WHOLE_MILK]]) == WHOLE_MILK + MOVED
    assert FIRST_NEW_ID in index.row_of_id


def test_an_index_of_other_foods_is_not_used(installed, newer):
    path = release_file(INDEX, "next")
    assert read_index(path, fingerprint(newer)) is not None
    assert read_index(path, fingerprint(load_foods(release=EMBEDDED))) is None


@pytest.mark.parametrize("damage", [lambda _: b"PK\x03\x04 no index", lambda whole: whole[:5000], lambda _: b""])
def test_a_damaged_index_is_built_again(installed, tmp_path, damage):
    (tmp_path / FOODS).write_bytes(release_file(FOODS, "next").read_bytes())
    (tmp_path / INDEX).write_bytes(damage(release_file(INDEX, "next").read_bytes()))
    index = load_index(load_foods(tmp_path / FOODS))
    assert int(index.fdc_id[index.row_of_id[WHOLE_MILK]]) == WHOLE_MILK + MOVED


def test_the_same_foods_give_the_same_index(installed, tmp_path):
    build_release_index(data_file("fdc", FOODS), tmp_path / INDEX)
    of = fingerprint(load_foods(release=EMBEDDED))
    built, shipped = (read_index(path, of) for path in (tmp_path / INDEX, data_file(INDEX)))
    for name in (field.name for field in dataclasses.fields(Index) if field.name != "successors"):
        np.testing.assert_array_equal(getattr(built, name), getattr(shipped, name))


def test_two_releases_read_from_other_files_differ_in_their_fingerprint(tmp_path):
    import shutil
    import sqlite3

    shutil.copy(data_file("fdc", FOODS), tmp_path / FOODS)
    with sqlite3.connect(tmp_path / FOODS) as connection:
        connection.execute("UPDATE release_file SET sha256 = 'another' WHERE rowid = 1")
    connection.close()
    assert fingerprint(load_foods(tmp_path / FOODS)) != fingerprint(load_foods(release=EMBEDDED))


def test_foods_that_were_looked_up_change_no_match(newer):
    embedded = load_foods(release=EMBEDDED)
    product = newer.foods([FIRST_NEW_ID]).assign(description="Milk", data_type="branded_food", release="Branded")
    releases = newer.releases().head(1).assign(release="Branded", data_type="branded_food", foods=1)
    empty = {field.name: None for field in dataclasses.fields(FoodTables)}
    from nutridiary.fdc.tables import shaped

    tables = FoodTables(**{name: shaped(name) for name in empty} | {"foods": product, "releases": releases})
    wider = embedded.with_foods(tables)
    assert match_texts(["milk"], wider).equals(match_texts(["milk"], embedded))
    assert load_index(wider) is load_index(embedded)
    assert matched(wider, stated_fdc_id=FIRST_NEW_ID)["match_method"] == "stated_fdc_id"
    assert matched(wider, alias_of("my milk", FIRST_NEW_ID), food_text="my milk")["fdc_id"] == FIRST_NEW_ID


# --- lines that name a food by number ------------------------------------------------------------------------


def test_a_stated_id_is_followed_and_the_line_says_so(newer):
    line = matched(newer, stated_fdc_id=WHOLE_MILK, food_text="whatever")
    assert line["fdc_id"] == WHOLE_MILK + MOVED
    assert line["food_description"] == "Milk, whole"
    assert line["match_method"] == "stated_fdc_id"
    assert line["note"] == f"FDC id {WHOLE_MILK} of FNDDS 2021-2023 is {WHOLE_MILK + MOVED} in FNDDS 2023-2024"


def test_a_stated_id_of_the_release_in_use_has_no_note(newer):
    assert pd.isna(matched(newer, stated_fdc_id=WHOLE_MILK + MOVED)["note"])
    assert pd.isna(matched(load_foods(release=EMBEDDED), stated_fdc_id=WHOLE_MILK)["note"])


def test_a_stated_food_code_is_the_same_in_every_release(newer):
    line = matched(newer, stated_food_code=11111000)
    assert (line["fdc_id"], line["match_method"]) == (WHOLE_MILK + MOVED, "stated_food_code")


@pytest.mark.parametrize("stated", [{"stated_fdc_id": HOT_CHOCOLATE}, {"stated_food_code": HOT_CHOCOLATE_CODE}])
@pytest.mark.parametrize("text", ["", "xyzzy", "bread"])
def test_a_food_that_is_gone_is_counted_by_its_name_and_to_be_confirmed(newer, stated, text):
    line = matched(newer, food_text=text, **stated)
    assert line["food_description"].startswith("Hot chocolate / cocoa, dry mix, made with water")
    assert line["needs_review"]
    assert (
        "(Hot chocolate / cocoa, dry mix, made with water) of FNDDS 2021-2023 is not in the release in use"
        in (line["note"])
    )


def test_a_number_no_release_knows_is_told_as_before(newer):
    line = matched(newer, stated_fdc_id=1)
    assert "FDC id 1 not in the food data in use" in line["problem"]


def test_an_older_food_code_whose_successor_is_gone_goes_by_its_text(newer, installed):
    dropped = set(load_foods(release=EMBEDDED).foods(installed.dropped)["food_code"])
    with data_file("fndds_crosswalk.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["food_code"] and int(row["food_code"]) in dropped)
    line = matched(newer, stated_food_code=int(row["old_food_code"]), food_text=row["old_description"])
    assert line["match_method"] != "crosswalk"
    assert "has no like today" in str(line["note"]) + str(line["problem"])


# --- aliases ---------------------------------------------------------------------------------------------------


def test_an_alias_is_followed_and_the_line_says_so(newer):
    line = matched(newer, alias_of("my drink", REDUCED_FAT_MILK), food_text="My drink")
    assert (line["fdc_id"], line["match_method"]) == (REDUCED_FAT_MILK + MOVED, "user_alias")
    assert line["note"] == (
        f"FDC id {REDUCED_FAT_MILK} of FNDDS 2021-2023 is {REDUCED_FAT_MILK + MOVED} in FNDDS 2023-2024; "
        'your alias: "My drink" is Milk, reduced fat (2%) (own.csv:3)'
    )


def test_an_alias_of_a_food_that_is_gone_ends_nothing_and_is_to_be_confirmed(newer):
    line = matched(newer, alias_of("the usual", HOT_CHOCOLATE), food_text="the usual")
    assert line["food_description"].startswith("Hot chocolate / cocoa, dry mix, made with water")
    assert line["needs_review"]
    assert f"your alias (own.csv:3), FDC id {HOT_CHOCOLATE}" in line["note"]


def test_an_alias_of_an_id_no_release_has_is_refused(newer):
    with pytest.raises(AliasError, match=r"own\.csv:3: FDC id 1 "):
        matched(newer, alias_of("milk", 1), food_text="milk")


def test_an_alias_is_followed_back_to_the_embedded_release(installed):
    line = matched(load_foods(release=EMBEDDED), alias_of("my drink", WHOLE_MILK + MOVED), food_text="my drink")
    assert (line["fdc_id"], line["match_method"]) == (WHOLE_MILK, "user_alias")


def test_learn_keeps_the_record_of_the_release_in_use(newer, tmp_path):
    (tmp_path / "new.csv").write_text(f"said,fdc_id\nmy drink,{WHOLE_MILK}\nthe usual,{HOT_CHOCOLATE}\n")
    learn(tmp_path / "new.csv", tmp_path / "own.csv", newer)
    kept = load_aliases(tmp_path / "own.csv")
    assert kept["fdc_id"].tolist() == [WHOLE_MILK + MOVED, HOT_CHOCOLATE]
    assert kept["description"].tolist() == ["Milk, whole", "Hot chocolate / cocoa, dry mix, made with water"]


# --- what is shipped about foods ---------------------------------------------------------------------------------


def test_twins_are_followed_and_those_of_gone_foods_left_out(installed, newer):
    followed = shipped_twins(newer)
    gone = {food for pair in load_twins().items() for food in pair} & set(installed.dropped)
    assert len(gone) == 1
    assert len(followed) == len(load_twins()) - 1
    assert all(food in newer and twin in newer for food, twin in followed.items())
    assert followed[746782] == WHOLE_MILK + MOVED


def test_foods_to_suggest_are_followed(newer):
    names = [food.say for food in load_suggested_foods()]
    followed = allowed_foods(Wishes(), newer)
    assert [food.say for food in followed] == names
    assert newer.current(food.fdc_id for food in followed) == {food.fdc_id: food.fdc_id for food in followed}
    assert [food.say for food in followed if food.binds_calcium] == [
        food.say for food in load_suggested_foods() if food.binds_calcium
    ]


def test_a_food_whose_group_is_not_known_any_more_is_not_suggested(tmp_path):
    import sqlite3

    write_next_release(tmp_path / FOODS, drop=False, change=False)
    with sqlite3.connect(tmp_path / FOODS) as connection:
        connection.execute("UPDATE category SET category = 'Milks of all kinds' WHERE category = 'Milk, whole'")
    connection.close()
    foods = load_foods(tmp_path / FOODS)
    said = {food.say for food in allowed_foods(Wishes(), foods)}
    assert "whole milk" not in said
    assert "skim milk" in said


def test_a_category_a_later_release_made_is_in_no_group(newer):
    assert food_group_of([FIRST_NEW_ID], newer)[FIRST_NEW_ID] == OTHER
    assert unknown_categories(newer) == {"Cultivated foods": 40}
    assert newer.foods([FIRST_NEW_ID])["category_number"].item() == NEW_CATEGORY


def test_a_food_a_later_release_made_is_found_by_its_name(newer):
    line = matched(newer, food_text="zorbfruit, cultivated")
    assert line["food_code"] in range(FIRST_NEW_CODE, FIRST_NEW_CODE + 40)


# --- whole diaries -------------------------------------------------------------------------------------------------

_ABOUT_RECORDS = ["fdc_id", "value_from", "note", "source"]


def same_figures(one: Analysis, other: Analysis) -> None:
    tables = ["comparison", "days", "contributions", "confidence", "foods_to_clarify", "group_contributions"]
    for name in (*tables, "suggestions", "suggestion_effects"):
        first, second = (getattr(each, name) for each in (one, other))
        drop = [column for column in _ABOUT_RECORDS if column in first.columns]
        pd.testing.assert_frame_equal(first.drop(columns=drop), second.drop(columns=drop))


@pytest.mark.parametrize("diary", ["thirty_days.csv", "example.xlsx"])
def test_a_release_with_other_ids_alone_gives_the_same_figures(installed, diary):
    before, *others = (
        analyze(data_file("diaries", diary), ANN, foods=load_foods(release=release), suggest=True)
        for release in (EMBEDDED, "renumbered", "unsaid")
    )
    codes = [analysis.entries["food_code"].tolist() for analysis in (before, *others)]
    assert codes[1:] == codes[:1] * 2
    for other in others:
        same_figures(before, other)


def test_the_release_in_use_is_the_one_that_is_analysed(installed, tmp_path):
    (tmp_path / "diary.csv").write_text("date,food,grams\n2026-01-01,whole milk,100\n")
    assert analyze(tmp_path / "diary.csv").entries["fdc_id"].tolist() == [WHOLE_MILK]
    with using_release("next"):
        assert analyze(tmp_path / "diary.csv").entries["fdc_id"].tolist() == [WHOLE_MILK + MOVED]
    in_use_file().write_text("next", encoding="utf-8")
    try:
        found = analyze(tmp_path / "diary.csv")
    finally:
        in_use_file().unlink()
    assert found.entries["fdc_id"].tolist() == [WHOLE_MILK + MOVED]
    assert "FNDDS 2023-2024" in found.releases["release"].tolist()


def test_stated_ids_of_survey_and_foundation_foods_go_on_in_a_diary(installed, tmp_path):
    (tmp_path / "diary.csv").write_text(
        f"date,food,fdc_id,grams\n2026-01-01,milk,{WHOLE_MILK},200\n2026-01-01,cheese,{next(iter(foundation()))},50\n"
    )
    with using_release("renumbered"):
        found = analyze(tmp_path / "diary.csv").entries
    assert found["problem"].isna().all()
    assert found["fdc_id"].tolist() == [WHOLE_MILK + MOVED, next(iter(foundation())) + FOUNDATION_MOVED]


def foundation() -> list[int]:
    foods = load_foods(release=EMBEDDED).foods()
    return foods.loc[foods["data_type"] == "foundation_food", "fdc_id"].tolist()[:1]


# --- what could not be looked up ----------------------------------------------------------------------------------

BUSY = "FoodData Central did not answer"


def test_a_line_says_why_its_number_was_not_looked_up():
    foods = load_foods(release=EMBEDDED).with_reasons({555: BUSY})
    line = matched(foods, stated_fdc_id=555, food_text="banana")
    assert line["food_description"] == "Banana, raw"
    assert line["note"].startswith(f"FDC id 555 was not looked up ({BUSY}): matched by its text instead")
    assert f"FDC id 555 was not looked up ({BUSY})" in matched(foods, stated_fdc_id=555)["problem"]


def test_an_alias_whose_number_was_not_looked_up_ends_nothing():
    foods = load_foods(release=EMBEDDED).with_reasons({555: BUSY})
    line = matched(foods, alias_of("banana", 555), food_text="banana")
    assert (line["food_description"], line["needs_review"]) == ("Banana, raw", True)
    assert line["note"].startswith(f"FDC id 555 was not looked up ({BUSY}): your alias (own.csv:3) is not used")
    assert foods.with_foods(some_own_food()).not_looked_up == {555: BUSY}


def some_own_food() -> FoodTables:
    from nutridiary.fdc.tables import shaped

    own = pd.DataFrame({"fdc_id": [-1], "description": "my soup", "data_type": "own_food", "release": "own"})
    release = pd.DataFrame({"release": ["own"], "data_type": "own_food", "foods": 1})
    names = [each.name for each in dataclasses.fields(FoodTables)]
    tables = {name: shaped(name) for name in names}
    return FoodTables(**tables | {"foods": shaped("foods", own), "releases": shaped("releases", release)})


SHARED = Path(__file__).resolve().parents[2] / "shared"


def test_recalls_are_matched_to_the_same_foods_whatever_the_ids(installed):
    if not SHARED.is_dir():
        skip_or_fail(f"{SHARED}: the labelled recalls are not there")
    recalls = pd.read_csv(SHARED / "labels" / "asa24_dev.csv", usecols=["term", "details"], dtype="str").dropna()
    texts = (recalls["term"] + ", " + recalls["details"]).unique()
    lines = pd.DataFrame({"source": "r.csv", "line": range(2, len(texts) + 2), "food_text": texts, "kind": "food"})
    before, *others = (
        match_foods(lines, load_foods(release=release)) for release in (EMBEDDED, "renumbered", "unsaid")
    )
    assert before["fdc_id"].notna().mean() > 0.9
    for other in others:
        for column in ("food_code", "food_description", "match_method", "needs_review"):
            pd.testing.assert_series_equal(other[column], before[column])


def test_corrections_in_a_review_workbook_go_on_with_another_release(installed, tmp_path):
    (tmp_path / "diary.csv").write_text("date,food,grams\n2026-01-01,whole milk,100\n2026-01-01,hot brew,50\n")
    review(tmp_path / "diary.csv").to_excel(tmp_path / "review.xlsx")
    book = openpyxl.load_workbook(tmp_path / "review.xlsx")
    sheet = book["Foods"]
    header = next(row for row in sheet.iter_rows() if "As written" in [cell.value for cell in row])
    place = {cell.value: cell.column for cell in header}
    for row in range(header[0].row + 1, header[0].row + 3):
        milk = sheet.cell(row, place["As written"]).value == "whole milk"
        sheet.cell(row, place["Decision"]).value = "right" if milk else None
        if not milk:
            sheet.cell(row, place["Food"]).value = f"Hot chocolate [{HOT_CHOCOLATE}]"
    book.save(tmp_path / "review.xlsx")
    with using_release("next"):
        entries = analyze(tmp_path / "diary.csv", aliases=tmp_path / "review.xlsx").entries
    assert entries["fdc_id"].tolist()[0] == WHOLE_MILK + MOVED
    assert entries["match_method"].tolist()[0] == "user_alias"
    assert f"is {WHOLE_MILK + MOVED} in FNDDS 2023-2024" in entries["note"].tolist()[0]
    assert entries["food_description"].tolist()[1].startswith("Hot chocolate / cocoa, dry mix, made with water")
    assert entries["needs_review"].tolist() == [False, True]


def test_a_recipe_names_its_ingredients_by_ids_of_another_release(installed, tmp_path):
    book = openpyxl.Workbook()
    diary, recipes = book.active, book.create_sheet("Recipes")
    for row in (["date", "food", "amount", "unit"], ["2026-01-01", "my shake", 1, "serving"]):
        diary.append(row)
    for row in (["recipe", "ingredient", "fdc id", "amount", "unit", "servings"],):
        recipes.append(row)
    recipes.append(["my shake", "milk", WHOLE_MILK, 300, "g", 1])
    recipes.append(["my shake", "banana", None, 100, "g", 1])
    book.save(tmp_path / "diary.xlsx")
    before, after = (
        analyze(tmp_path / "diary.xlsx", ANN, foods=load_foods(release=release)) for release in (EMBEDDED, "renumbered")
    )
    assert after.own_foods.ingredients["fdc_id"].tolist()[0] == WHOLE_MILK + MOVED
    assert before.entries["problem"].isna().all()
    pd.testing.assert_series_equal(after.comparison["mean_intake"], before.comparison["mean_intake"])


def test_a_new_food_of_a_new_category_goes_through_every_step(installed, tmp_path):
    (tmp_path / "diary.csv").write_text(
        "date,food,amount,unit\n2026-01-01,zorbfruit cultivated,100,g\n2026-01-01,zorbfruit cultivated,1,smidgen of\n"
        "2026-01-01,zorbfruit cultivated,,\n2026-01-01,whole milk,100,g\n"
    )
    found = analyze(tmp_path / "diary.csv", ANN, foods=load_foods(release="next"))
    assert found.entries["food_description"].tolist()[:3] == ["Zorbfruit, kind 1, cultivated"] * 3
    assert found.entries["problem"].notna().tolist() == [False, True, True, False]
    magnesium = found.comparison.set_index("nutrient").loc["magnesium"]
    # What people report at a time is not known of the food, nor of its category: foods of any kind bound the lines.
    assert magnesium["low"] < magnesium["high"] < 1000
    groups = found.group_contributions
    assert OTHER in groups.loc[groups["nutrient"] == "magnesium", "food_group"].tolist()
