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
from nutridiary.matching.crosswalk import SCORES, load_crosswalk
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


def test_code_of_a_still_older_edition_is_matched_by_its_text_in_its_own_group():
    # 42101210 stood for these almonds up to FNDDS 2015-2016; 421 are nuts.
    row = match_one("Almonds, dry roasted, without salt", stated_food_code=42101210)
    assert row["food_description"] == "Almonds, unsalted"
    assert row["needs_review"]
    assert "food code 42101210 not in the shipped food data" in row["note"]
    assert 'please confirm: matched to "Almonds, unsalted"' in row["note"]


def test_unknown_code_keeps_a_text_in_its_group_where_the_words_alone_would_leave_it():
    text = "Turkey or chicken breast, prepackaged or deli, luncheon meat"
    by_code, by_text = match_one(text, stated_food_code=25230900), match_one(text)
    assert str(by_code["food_code"]).startswith("25")  # sausages and luncheon meats
    assert by_text["match_method"] == "text"


def test_unknown_code_whose_group_has_nothing_like_the_text_falls_back_to_all_foods():
    row = match_one("banana", stated_food_code=94999999)  # 94 are waters
    assert row["food_description"] == "Banana, raw"
    assert row["needs_review"]


def test_number_that_is_no_food_code_falls_back_to_the_text():
    row = match_one("banana", stated_food_code=7)
    assert row["food_description"] == "Banana, raw"
    assert "food code 7 not in the shipped food data" in row["note"]


def test_human_milk_is_known_and_its_missing_composition_stays_missing():
    row = match_one(None, stated_food_code=11000000)
    assert row["food_description"] == "Milk, human"
    assert FOODS.composition([row["fdc_id"]], ["magnesium"]).isna().all().all()


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1, max_value=99_999_999), st.sampled_from([None, "banana", "qwrtp xyzzy"]))
def test_every_number_gives_a_food_or_a_problem_and_never_a_sure_guess(code, text):
    row = match_one(text, stated_food_code=code)
    assert pd.notna(row["fdc_id"]) != pd.notna(row["problem"])
    if code not in CODES and code not in load_crosswalk() and pd.notna(row["fdc_id"]):
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
