"""Food codes of older editions of FNDDS: the code decides, by what stands for it today, and the line says so."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import recalls
from nutridiary.data_files import data_file
from nutridiary.foods import load_foods
from nutridiary.matching import match_foods
from nutridiary.matching.crosswalk import SCORES, load_crosswalk, load_older_codes
from nutridiary.tables import ALIASES, ENTRIES, conform

FOODS = load_foods()
SURVEY = Path(__file__).resolve().parents[2] / "shared" / "nhanes"
HARD_CANDY, HARD_CANDY_NOW = 91745020, 91745025
BANANA = 2709224  # FNDDS "Banana, raw"
CODES = set(FOODS.foods()["food_code"].dropna().astype(int))


def match_one(text: str | None, *, aliases: pd.DataFrame | None = None, **more: object) -> pd.Series:
    row = {"source": "recall.csv", "line": 2, "kind": "food", "food_text": text, **more}
    return match_foods(conform(pd.DataFrame([row]), ENTRIES), FOODS, aliases).iloc[0]


def code_with(**wanted: str) -> int:
    """The first code of the crosswalk that is so."""
    found = (code for code, row in load_crosswalk().items() if all(getattr(row, k) == v for k, v in wanted.items()))
    return next(found)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with data_file("fndds_crosswalk.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# What becomes of a line


def test_code_given_up_since_2017_counts_as_its_successor_whatever_the_text():
    row = match_one("apple pie", stated_food_code=HARD_CANDY)
    assert (row["food_code"], row["food_description"]) == (HARD_CANDY_NOW, "Candy, hard")
    assert (row["match_method"], row["needs_review"]) == ("crosswalk", False)


def test_code_given_up_is_named_in_the_note_with_its_old_and_new_food():
    note = match_one(None, stated_food_code=HARD_CANDY)["note"]
    assert "food code 91745020 (Hard candy) of FNDDS 2017-2018: counted as Candy, hard (merged, high)" in note


def test_note_tells_what_the_food_of_today_holds_less_of():
    # Per 100 g, Raisin Bran has 122 mg magnesium and 653 mg potassium in the survey, bran flakes 28 and 205 in FNDDS.
    note = match_one(None, stated_food_code=57330000)["note"]
    assert "per 100 g 77 % less magnesium, 69 % less potassium than before" in note


def test_code_of_today_is_taken_as_it_is_without_a_note():
    row = match_one("apple pie", stated_food_code=HARD_CANDY_NOW)
    assert row["match_method"] == "stated_food_code"
    assert pd.isna(row["note"])


@pytest.mark.parametrize("sure", ["high", "medium", "low"])
def test_unsure_successor_scores_lower_and_only_the_least_sure_is_to_be_confirmed(sure):
    code = code_with(sure=sure, how="nearest")
    row = match_one(None, stated_food_code=code)
    assert row["match_score"] == SCORES[sure]
    assert row["needs_review"] == (sure == "low")
    assert ("please confirm" in row["note"]) == (sure == "low")


def test_alias_of_the_user_goes_before_the_crosswalk():
    alias = {"said": "my sweet", "decision": "food", "fdc_id": BANANA, "source": "mine.csv", "line": 2}
    row = match_one("my sweet", aliases=conform(pd.DataFrame([alias]), ALIASES), stated_food_code=HARD_CANDY)
    assert (row["fdc_id"], row["match_method"]) == (BANANA, "user_alias")
    assert "food code 91745020" in row["note"]


def test_code_without_a_successor_is_matched_by_its_old_description_and_flagged():
    row = match_one(None, stated_food_code=code_with(how="none"))
    assert pd.notna(row["fdc_id"])
    assert row["needs_review"]
    assert "has no like today: matched by its text instead" in row["note"]


# As ASA24-2016 describes them, in the words of FNDDS 2011-2012, and what a reader of both editions would choose.
OLDER = [
    (
        56203030,
        "Oatmeal, cooked, instant, fat not added in cooking",
        "Oatmeal, instant, plain, made with water, no added",
    ),
    (56112010, "Noodles, cooked, fat not added in cooking", "Noodles, cooked"),
    (54401080, "Salty snacks, corn or cornmeal base, tortilla chips", "Tortilla chips, plain"),
    (
        71101120,
        "White potato, baked, peel eaten, fat added in cooking",
        "Potato, roasted, from fresh, peel eaten, fat added",
    ),
    (
        24122120,
        "Chicken, breast, roasted, broiled, or baked, skin not eaten",
        "Chicken breast, baked, broiled, or roasted, skin",
    ),
    (51121010, "Bread, garlic", "Garlic bread, NFS"),
    (75215010, "Celery, cooked, fat not added in cooking", "Celery, cooked"),
    (
        11422000,
        "Yogurt, vanilla, lemon, maple, or coffee flavor, lowfat milk",
        "Yogurt, low fat milk, flavors other than",
    ),
    (
        24147230,
        "Chicken, drumstick, from fast food, coated, baked or fried, prepared with skin, skin/coating eaten",
        "Chicken drumstick, fried, coated, skin / coating eaten, from fast food / restaurant",
    ),
    (
        75216221,
        "Corn, white, cooked, from fresh, fat added in cooking W/ BUTTER, NFS",
        "Corn, fresh, cooked with butter or margarine",
    ),
    (
        24127150,
        "Chicken, breast, coated, baked or fried, prepared skinless, coating eaten W/O FAT",
        "Chicken breast, baked, coated",
    ),
]


@pytest.mark.parametrize(("code", "description", "today"), OLDER)
def test_code_of_a_still_older_edition_counts_as_what_its_description_means_today(code, description, today):
    row = match_one(description, stated_food_code=code)
    assert row["food_description"].startswith(today)
    assert row["match_method"] == "crosswalk"
    assert f"food code {code} not in the food data in use (of another edition of FNDDS)" in row["note"]


def test_code_of_a_still_older_edition_is_to_be_confirmed_where_its_words_leave_foods_unlike_each_other():
    row = match_one("Chicken, thigh, from fast food, coated, baked or fried", stated_food_code=24157230)
    assert row["needs_review"]
    assert "please confirm: matched to" in row["note"]
    assert not match_one("Celery, cooked, fat not added in cooking", stated_food_code=75215010)["needs_review"]


def test_nutrients_of_the_recall_decide_between_foods_its_words_leave_open():
    # 100 g as the recall counts them; stewed turkey with skin has 174 mg potassium today, without skin 324 mg.
    recorded = {"energy": 197, "protein": 27, "magnesium": 22, "potassium": 169, "calcium": 12}
    text, code = "Turkey, light or dark meat, stewed, NS as to skin eaten", 24201400
    values = {f"recorded_{name}": value for name, value in recorded.items()}
    row = match_one(text, stated_food_code=code, amount=100.0, unit="g", single_food=True, **values)
    assert row["food_description"] == "Turkey light or dark meat, stewed, skin eaten"
    assert "counted by its digits, description and nutrients" in row["note"]


def test_code_of_a_known_older_edition_counts_by_the_table_and_names_its_edition():
    row = match_one("Salty snacks, multigrain, whole grain, chips", stated_food_code=54402600)
    assert row["food_description"] == "Multigrain chips (Sun Chips)"
    assert "of FNDDS 2011-2012: counted as Multigrain chips (Sun Chips) (renamed, high)" in row["note"]


def test_code_whose_food_is_left_in_another_release_only_counts_as_that_record():
    row = match_one("Milk dessert bar, frozen, made from lowfat milk", stated_food_code=13161000)
    assert (row["food_description"], row["data_type"]) == (row["food_text"], "sr_legacy_food")
    assert row["match_method"] == "crosswalk"


@pytest.mark.parametrize("code", [9, 0, 54000001])
def test_code_without_a_description_and_in_no_table_stays_without_a_food(code):
    row = match_one(None, stated_food_code=code)
    assert pd.isna(row["fdc_id"])
    assert "no food text" in row["problem"]


def test_unknown_code_keeps_a_text_in_its_group_where_the_words_alone_would_leave_it():
    text = "Turkey or chicken breast, prepackaged or deli, luncheon meat"
    by_code, by_text = match_one(text, stated_food_code=25230900), match_one(text)
    assert str(by_code["food_code"]).startswith("25")  # sausages and luncheon meats
    assert (by_code["match_method"], by_text["match_method"]) == ("crosswalk", "text")


def test_unknown_code_whose_group_has_nothing_like_the_text_falls_back_to_all_foods():
    row = match_one("banana", stated_food_code=94999999)  # 94 are waters
    assert row["food_description"] == "Banana, raw"
    assert row["needs_review"]


def test_number_that_is_no_food_code_falls_back_to_the_text():
    row = match_one("banana", stated_food_code=7)
    assert row["food_description"] == "Banana, raw"
    assert "food code 7 not in the food data in use" in row["note"]


def test_human_milk_is_known_and_its_missing_composition_stays_missing():
    row = match_one(None, stated_food_code=11000000)
    assert row["food_description"] == "Milk, human"
    assert FOODS.composition([row["fdc_id"]], ["magnesium"]).isna().all().all()


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1, max_value=99_999_999), st.sampled_from([None, "banana", "qwrtp xyzzy"]))
def test_every_number_gives_a_food_or_a_problem_and_a_word_is_never_a_sure_guess(code, text):
    row = match_one(text, stated_food_code=code)
    assert pd.notna(row["fdc_id"]) != pd.notna(row["problem"])
    known = CODES | set(load_crosswalk()) | set(load_older_codes())
    if code not in known and pd.notna(row["fdc_id"]) and not str(row["food_code"]).startswith(str(code)[:4]):
        assert row["needs_review"]


# The table


def test_crosswalk_has_each_code_once_and_none_of_todays(rows):
    old = [int(row["old_food_code"]) for row in rows]
    assert len(set(old)) == len(old) == len(load_crosswalk())
    assert not CODES & set(old)


def test_crosswalk_names_foods_of_today_by_code_and_description(rows):
    foods = FOODS.foods().dropna(subset=["food_code"])
    names = dict(zip(foods["food_code"].astype(int), foods["description"], strict=True))
    for row in rows:
        if row["how"] == "none":
            assert not row["food_code"], row
        else:
            assert names[int(row["food_code"])] == row["description"], row


def test_crosswalk_renames_a_food_to_one_of_its_own(rows):
    successors = [row["food_code"] for row in rows if row["food_code"]]
    for row in rows:
        assert row["how"] in {"renamed", "merged", "nearest", "none"}
        assert row["sure"] in SCORES
        if row["how"] == "renamed":
            assert successors.count(row["food_code"]) == 1, row


def test_crosswalk_takes_no_powder_for_the_drink_made_of_it(rows):
    powders = [row for row in rows if "not reconstituted" in row["old_description"] and row["food_code"]]
    assert len(powders) > 5
    for row in powders:
        assert "not reconstituted" in row["description"] or row["sure"] == "low", row


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Read side by side in the two editions' own tables of foods.
        ("SNICKERS Bar", "Chocolate candy, nougat filled with nuts"),
        ("Kit Kat", "Chocolate candy, cookie filled"),
        ("Beer, low carb", "Beer, light"),
        ("Soft taco with meat", "Taco, flour tortilla, beef, cheese"),
        ("Burrito with beans, meatless", "Burrito, with beans, cheese"),
        ("Butter-oil blend, light", "Butter, light"),
        ("Pork chop, broiled or baked, lean only eaten", "Pork, chop, lean only eaten"),
        ("Cereal (Kellogg's Frosted Flakes)", "Cereal, corn flakes, flavored"),
    ],
)
def test_crosswalk_leads_to_the_food_a_reader_would_choose(rows, old, new):
    assert [row["description"] for row in rows if row["old_description"] == old] == [new]


def test_crosswalk_and_todays_codes_hold_every_code_of_the_survey():
    codes = SURVEY / "DRXFCD_J.csv.xz"
    if not codes.is_file():
        pytest.skip(f"{codes} is not here: the survey's own list of codes is needed")
    survey = set(pd.read_csv(codes)["DRXFDCD"].astype(int))
    assert survey - CODES == set(load_crosswalk())


def test_older_codes_are_in_no_other_table_and_name_foods_of_today():
    foods = FOODS.foods().dropna(subset=["food_code"])
    names = dict(zip(foods["food_code"].astype(int), foods["description"], strict=True))
    assert not set(load_older_codes()) & (CODES | set(load_crosswalk()))
    for row in load_older_codes().values():
        assert names[row.food_code] == row.description
        assert row.sure in SCORES


# Real recalls


@pytest.mark.skipif(
    not recalls.SHARED.is_dir(), reason="SKIPPED LOUDLY: the recalls (../shared/nhanes, ../shared/labels) are not here"
)
@pytest.mark.parametrize("coded_in", ["FNDDS 2017-2018", "older editions"])
def test_recalls_coded_in_older_editions_are_counted_but_for_three_items_in_a_hundred(coded_in):
    if coded_in == "older editions":
        items, _ = recalls.recall_items(recalls.SHARED / "labels" / "asa24_dev.csv")
    else:
        items, _ = recalls.survey_items(recalls.SHARED / "nhanes")
    weighed = recalls.match(items.head(20_000))
    assert weighed["problem"].isna().mean() >= 0.97
    by_text = weighed["match_method"].eq("text")
    assert weighed.loc[by_text, "needs_review"].all()
    assert weighed["match_method"].isin(["stated_food_code", "crosswalk"]).mean() >= 0.97
