"""The shipped food database: its foods, their values as published, and what is unknown."""

from __future__ import annotations

import pickle
import sqlite3
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_up_releases import foundation_tables, write_all, write_csv_tables
from nutridiary.errors import FoodDataError
from nutridiary.fdc.database import write_database
from nutridiary.fdc.releases import read_release, read_releases
from nutridiary.food_search import search_foods
from nutridiary.foods import food_url, load_foods
from nutridiary.nutrients import load_nutrients

SHARED = Path(__file__).resolve().parents[2] / "shared" / "fdc"
FNDDS_MILK, FNDDS_HUMAN_MILK, BANANA, SPINACH = 2705386, 2705383, 173944, 168462
CORE = ["magnesium", "potassium", "calcium", "vitamin_d", "vitamin_b12"]


@pytest.fixture(scope="module")
def foods():
    return load_foods()


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made_up")
    write_all(folder)
    tables = read_releases([folder / "fndds", folder / "foundation_2025-04-24", folder / "sr_legacy"])
    write_database(tables, folder / "foods.sqlite")
    return load_foods(folder / "foods.sqlite")


def ids_of(foods, data_type):
    every = foods.foods()
    return every[every["data_type"] == data_type]["fdc_id"].to_list()


# --- the foods -----------------------------------------------------------------------------------------


def test_shipped_foods_are_all_of_the_three_releases(foods):
    # USDA's own counts: FNDDS 2021-2023 documentation; rows of foundation_food.csv; SR Legacy's record counts.
    counts = foods.foods()["data_type"].value_counts().to_dict()
    assert counts == {"survey_fndds_food": 5432, "foundation_food": 340, "sr_legacy_food": 7793}
    assert foods.releases().set_index("release")["foods"].to_dict() == {
        "FNDDS 2021-2023": 5432,
        "Foundation Foods 2025-04-24": 340,
        "SR Legacy 2018-04": 7793,
    }
    assert len(foods.aliases()) == 9647
    names = foods.names()
    assert len(names) == 5432 + 340 + 7793 + 9647
    assert names["is_alias"].sum() == 9647


def test_shipped_portions_and_recipes_are_all_of_the_releases(foods):
    fndds = ids_of(foods, "survey_fndds_food")
    assert len(foods.portions(fndds)) == 22046
    assert len(foods.portions(ids_of(foods, "sr_legacy_food"))) == 14449
    assert len(foods.portions(ids_of(foods, "foundation_food"))) == 125
    assert len(foods.ingredients(fndds)) == 18584


@pytest.mark.parametrize(
    ("fdc_id", "description", "expected"),
    [  # SR Legacy as printed by USDA for NDB 09040 and 11457
        (BANANA, "Bananas, raw", {"potassium": 358, "magnesium": 27, "calcium": 5}),
        (SPINACH, "Spinach, raw", {"potassium": 558, "magnesium": 79, "calcium": 99}),
        (FNDDS_MILK, "Milk, reduced fat (2%)", {"vitamin_d": 1.1, "calcium": 126}),
    ],
)
def test_composition_of_known_foods_is_as_published(foods, fdc_id, description, expected):
    assert foods.food(fdc_id)["description"] == description
    assert foods.composition([fdc_id], list(expected)).loc[fdc_id].to_dict() == expected


def test_food_is_found_by_food_code_and_carries_its_ids(foods):
    milk = foods.with_codes([11112110]).iloc[0]
    assert pd.isna(milk["ndb_number"])
    assert pd.isna(milk["basis"])
    assert milk.drop(["ndb_number", "basis"]).to_dict() == {
        "fdc_id": FNDDS_MILK,
        "food_code": 11112110,
        "description": "Milk, reduced fat (2%)",
        "data_type": "survey_fndds_food",
        "category": "Milk, reduced fat",
        "release": "FNDDS 2021-2023",
        "category_number": 1004,
    }
    assert foods.food(BANANA)["ndb_number"] == 9040
    assert foods.with_codes([99]).empty


def test_foods_and_composition_come_in_the_order_asked_once_each(foods):
    asked = [SPINACH, FNDDS_MILK, SPINACH, BANANA]
    assert foods.foods(asked)["fdc_id"].to_list() == [SPINACH, FNDDS_MILK, BANANA]
    table = foods.composition(asked, ["zinc", "iron"])
    assert table.index.to_list() == [SPINACH, FNDDS_MILK, BANANA]
    assert table.columns.to_list() == ["zinc", "iron"]


def test_nothing_asked_gives_empty_tables(foods):
    assert foods.foods([]).empty
    assert foods.composition([], CORE).shape == (0, 5)
    assert foods.portions([]).empty
    assert foods.values([], CORE).empty
    assert foods.ingredients([]).empty


# --- what is unknown stays unknown -----------------------------------------------------------------------


def test_foundation_foods_without_energy_are_unknown_not_zero(foods):
    # 40 of the 340 have none of the ids 1008, 2048 and 2047.
    energy = foods.composition(ids_of(foods, "foundation_food"), ["energy"])["energy"]
    assert energy.isna().sum() == 40


def test_foundation_foods_lacking_vitamin_d_and_b12_are_unknown(foods):
    table = foods.composition(ids_of(foods, "foundation_food"), ["vitamin_d", "vitamin_b12"])
    assert (table.isna().mean() > 0.8).all()


def test_human_milk_has_no_nutrients_and_no_weight_for_an_unknown_quantity(foods):
    assert foods.composition([FNDDS_HUMAN_MILK]).isna().all(axis=None)
    assert foods.values([FNDDS_HUMAN_MILK]).empty
    portions = foods.portions([FNDDS_HUMAN_MILK]).set_index("text")
    assert np.isnan(portions.loc["Quantity not specified", "gram_weight"])
    assert portions.loc["1 cup", "gram_weight"] == 246


def test_fndds_has_65_nutrients_and_no_gap_in_them(foods):
    fndds = [fdc_id for fdc_id in ids_of(foods, "survey_fndds_food") if fdc_id != FNDDS_HUMAN_MILK]
    known = foods.composition(fndds).notna().sum()
    reported = load_nutrients()["fndds_column"].notna()
    assert (known[reported] == 5431).all()
    assert (known[~reported] == 0).all()


def test_values_has_a_row_exactly_where_composition_has_a_number(foods):
    asked = foods.foods()["fdc_id"].to_list()[::97]
    composition = foods.composition(asked)
    values = foods.values(asked)
    assert len(values) == composition.notna().sum().sum()
    back = values.set_index(["fdc_id", "nutrient"])["amount"]
    cells = composition.melt(ignore_index=False, value_name="amount").dropna().set_index("nutrient", append=True)
    pd.testing.assert_series_equal(back.sort_index(), cells["amount"].sort_index())
    assert (values["unit"] == values["nutrient"].map(load_nutrients()["unit"])).all()


def test_no_portion_weighs_or_counts_nothing(foods):
    portions = foods.portions(foods.foods()["fdc_id"])
    assert (portions["gram_weight"].dropna() > 0).all()
    assert (portions["amount"].dropna() > 0).all()
    assert portions.loc[portions["is_quantity_not_specified"], "amount"].isna().all()


# --- what is known about a value -------------------------------------------------------------------------


def test_assumed_zero_of_a_plant_is_told_from_a_measured_value(foods):
    values = foods.values([BANANA], ["vitamin_b12", "potassium"]).set_index("nutrient")
    assert values["assumed_zero"].to_dict() == {"vitamin_b12": True, "potassium": False}
    assert values.loc["vitamin_b12", ["source_code", "derivation_code"]].to_list() == [7, "Z"]
    # SR Legacy, NDB 09040, potassium: 45 data points, standard error 1.911.
    assert values.loc["potassium", ["data_points", "standard_error"]].to_list() == [45, 1.911]


def test_foundation_energy_says_which_factors_it_is_from(foods):
    values = foods.values(ids_of(foods, "foundation_food"), ["energy"])
    assert values["fdc_nutrient_id"].isin([1008, 2048, 2047]).all()
    assert (values["fdc_nutrient_id"] == 2048).sum() > 100


def test_fndds_value_knows_its_release_and_nothing_more(foods):
    value = foods.values([FNDDS_MILK], ["calcium"]).iloc[0]
    assert (value["release"], value["fdc_nutrient_id"]) == ("FNDDS 2021-2023", 1087)
    assert value[["source_code", "derivation_code", "standard_error", "data_points"]].isna().all()
    assert not value["assumed_zero"]


# --- portions --------------------------------------------------------------------------------------------


def test_portions_of_the_three_sources_have_one_shape(foods):
    milk = foods.portions([FNDDS_MILK]).set_index("text")
    assert milk.loc["1 cup", ["amount", "description", "gram_weight"]].to_list() == [1.0, "cup", 244.0]
    assert milk.loc["Quantity not specified", "is_quantity_not_specified"]
    banana = foods.portions([BANANA]).set_index("text")
    medium = '1 medium (7" to 7-7/8" long)'
    assert banana.loc[medium, ["amount", "gram_weight"]].to_list() == [1.0, 118.0]
    tomatoes = foods.portions([321360])
    assert tomatoes["text"].to_list() == ["5 tomatoes", "1 cup"]
    assert tomatoes.loc[0, ["amount", "description", "gram_weight", "data_points"]].to_list() == [
        5,
        "tomatoes",
        49.7,
        11,
    ]


def test_portion_keys_are_unique(foods):
    assert not foods.portions(foods.foods()["fdc_id"]).duplicated(["fdc_id", "seq"]).any()


# --- what is not there -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fdc_id", "message"),
    [
        (1, r"fdc_id 1: no such food in FNDDS 2021-2023, .*food-details/1/nutrients.*--online"),
        (11112110, r"11112110 is the food code or NDB number of fdc_id 2705386, 'Milk, reduced fat \(2%\)'"),
        ("milk", r"fdc_id 'milk' is not a whole number"),
        (2.5, r"fdc_id 2\.5 is not a whole number"),
        (pd.NA, r"is not a whole number"),
        (float("nan"), r"is not a whole number"),
        (float("inf"), r"is not a whole number"),
        (10**30, r"is not a whole number"),
    ],
)
def test_unknown_food_is_refused_with_what_is_near(foods, fdc_id, message):
    with pytest.raises(FoodDataError, match=message):
        foods.food(fdc_id)


def test_contains_tells_known_ids_from_all_else(foods):
    assert BANANA in foods
    assert np.int64(BANANA) in foods
    assert not any(other in foods for other in (1, 10**30, "173944", pd.NA, None, float("nan")))


@pytest.mark.parametrize("call", ["foods", "aliases", "composition", "portions", "ingredients", "values"])
def test_every_call_refuses_an_unknown_food(foods, call):
    with pytest.raises(FoodDataError, match="fdc_id 1: no such food"):
        getattr(foods, call)([BANANA, 1])


def test_unknown_nutrient_is_refused_with_what_is_near(foods):
    with pytest.raises(FoodDataError, match="Did you mean 'calcium'"):
        foods.composition([BANANA], ["calcum"])


def test_load_foods_absent_file_is_named(tmp_path):
    with pytest.raises(FoodDataError, match=r"none\.sqlite: not found"):
        load_foods(tmp_path / "none.sqlite")


def test_load_foods_other_file_is_refused(tmp_path):
    path = tmp_path / "other.sqlite"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)
    with pytest.raises(FoodDataError, match="not a food database"):
        load_foods(path)
    with zipfile.ZipFile(path, "w"):
        pass
    with pytest.raises(FoodDataError, match="not a food database"):
        load_foods(path)


def test_damaged_database_gives_an_error_not_a_traceback(made_up, tmp_path):
    whole = Path(made_up._stores[0].name).read_bytes()
    short, holed = tmp_path / "short.sqlite", tmp_path / "holed.sqlite"
    short.write_bytes(whole[: len(whole) // 2])
    page = int.from_bytes(whole[16:18], "big")
    holed.write_bytes(whole[: 3 * page] + b"\xff" * (len(whole) - 3 * page))
    for path in (short, holed):
        with pytest.raises(FoodDataError, match=r"(cannot be read|not a food database).*"):
            load_foods(path).composition(made_up.foods()["fdc_id"])


def test_database_without_a_nutrient_that_is_asked_for_is_told(made_up, tmp_path):
    path = tmp_path / "older.sqlite"
    path.write_bytes(Path(made_up._stores[0].name).read_bytes())
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE composition RENAME COLUMN iodine TO something_else")
    with pytest.raises(FoodDataError, match=r"no such column: composition\.iodine"):
        load_foods(path).composition([9002], ["iodine"])


def test_food_url_leads_to_the_food(foods):
    assert food_url(BANANA) == "https://fdc.nal.usda.gov/food-details/173944/nutrients"


# --- search ----------------------------------------------------------------------------------------------


def test_search_foods_finds_all_words_before_some(foods):
    found = search_foods("cheddar cheese", foods, limit=40)
    words = found["matched_name"].str.casefold()
    both = words.str.contains("cheddar") & words.str.contains("cheese")
    assert both.iloc[:20].all()
    assert not found["fdc_id"].duplicated().any()


def test_search_foods_finds_an_alias_and_says_so(foods):
    found = search_foods("leche fresca", foods).iloc[0]
    assert (found["description"], found["matched_name"]) == ("Milk, whole", "leche fresca")


def test_search_foods_relaxes_to_some_words_when_no_name_has_all(foods):
    assert search_foods("banana qwertyuiop", foods)["description"].str.contains("anana").any()


def test_search_foods_ignores_case_accents_and_plural(foods):
    plain = search_foods("jalapeno pepper", foods)["fdc_id"].to_list()
    assert plain
    assert search_foods("JALAPEÑO peppers", foods)["fdc_id"].to_list() == plain


def test_search_foods_without_words_is_empty(foods):
    for text in ("", "   ", "*", '"', "()", "--"):
        assert search_foods(text, foods).empty


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60)
    | st.sampled_from(["NEAR(a b)", "a AND", "name:milk", "OR", "NOT", "x* ^y", "'; DROP TABLE food"])
)
def test_search_foods_any_text_is_safe(text):
    found = search_foods(text, load_foods(), limit=5)
    assert len(found) <= 5


# --- sharing and extending -------------------------------------------------------------------------------


def test_threads_may_share_one_food_data(foods):
    every = foods.foods()["fdc_id"].to_list()
    parts = [every[start::16] for start in range(16)]
    expected = foods.composition(every, CORE)
    with ThreadPoolExecutor(8) as pool:
        tables = list(pool.map(lambda part: foods.composition(part, CORE), parts))
    pd.testing.assert_frame_equal(pd.concat(tables).loc[every], expected)


def test_pickled_food_data_opens_the_same_foods(made_up, tmp_path):
    more = made_up.with_foods(read_release(write_csv_tables(tmp_path / "new_2026-01-01", renumbered())))
    copy = pickle.loads(pickle.dumps(more))
    pd.testing.assert_frame_equal(copy.foods(), more.foods())


def renumbered():
    """Return the Foundation release of another year: one food that is new, one that is known."""
    tables = foundation_tables()
    for rows in (tables["food"], tables["foundation_food"]):
        for row in rows:
            row[0] = 5001 if row[0] == 8001 else row[0]
    for name in ("food_nutrient", "food_portion"):
        for row in tables[name]:
            row[1] = 5001 if row[1] == 8001 else row[1]
    return tables


def test_with_foods_knows_old_and_new_foods_in_the_order_asked(made_up, tmp_path):
    tables = read_release(write_csv_tables(tmp_path / "new_2026-01-01", renumbered()))
    more = made_up.with_foods(tables)
    asked = [5001, 9002, 8002]
    assert more.foods(asked)["fdc_id"].to_list() == asked
    table = more.composition(asked, ["potassium", "calcium"])
    assert table.index.to_list() == asked
    assert table.loc[5001, "potassium"] == 348.25
    assert table.loc[9002, "calcium"] == made_up.composition([9002], ["calcium"]).loc[9002, "calcium"]
    assert more.portions([8002, 5001])["fdc_id"].to_list() == [8002, 8002, 5001]
    assert set(search_foods("kale", more)["fdc_id"]) == {5001, 8001}
    with pytest.raises(FoodDataError):
        made_up.food(5001)


def test_with_foods_leaves_known_foods_as_they_are(made_up, tmp_path):
    tables = read_release(write_csv_tables(tmp_path / "new_2026-01-01", renumbered()))
    more = made_up.with_foods(tables)
    assert more.food(8002)["release"] == "Foundation Foods 2025-04-24"
    added = more.releases().iloc[-1]
    assert (added["release"], added["foods"]) == ("Foundation Foods 2026-01-01", 1)
    assert more.with_foods(tables) is more


def test_importing_foods_reads_no_data_and_no_pandas():
    code = "import sys, nutridiary.foods; print('pandas' in sys.modules, 'requests' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


# --- against the official files --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def official():
    if not SHARED.is_dir():
        pytest.skip(f"the official releases are not at {SHARED}: the shipped values were not compared with them")
    return SHARED


def test_every_sr_legacy_value_of_the_core_nutrients_is_as_published(foods, official):
    published = pd.read_csv(official / "sr_legacy" / "food_nutrient.csv.xz")
    wide = published.pivot_table(index="fdc_id", columns="nutrient_id", values="amount", aggfunc="first")
    wide = wide[[1090, 1092, 1087, 1114, 1178]].set_axis(CORE, axis=1)
    pd.testing.assert_frame_equal(
        foods.composition(wide.index.to_list(), CORE), wide, check_names=False, check_index_type=False, check_exact=True
    )


def test_every_fndds_value_is_as_published(foods, official):
    folder = official / "fndds_2021-2023"
    book = next(folder.glob("*Nutrient Values.xlsx"))
    published = pd.read_excel(book, header=1, index_col=0, engine="openpyxl")
    published.columns = [" ".join(column.split()) for column in published.columns]
    nutrients = load_nutrients()["fndds_column"].dropna()
    codes = foods.with_codes(published.index)
    shipped = foods.composition(codes["fdc_id"], nutrients.index)
    assert codes["food_code"].to_list() == published.index.to_list()
    np.testing.assert_array_equal(shipped.to_numpy(), published[nutrients.to_list()].to_numpy(dtype=float))
