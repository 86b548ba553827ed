"""Branded foods kept on the disk: every figure comes back as it was published, and damage is refused in words."""

from __future__ import annotations

import contextlib
import csv
import json
import pickle
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nutridiary.errors import FoodDataError
from nutridiary.fdc.answers import foods_from_answers
from nutridiary.fdc.branded import BrandedCounts, BrandedDatabase, open_branded
from nutridiary.fdc.branded.build import build_branded
from nutridiary.fdc.branded.packing import BYTES, packed, unpacked
from nutridiary.fdc.files import ReleaseFiles
from nutridiary.fdc.tables import BY_VOLUME, FoodTables
from nutridiary.foods import load_foods
from official_layout import BrandedProduct, some_foods, write_csv_release, write_json_release, zipped

CHEDDAR = BrandedProduct(
    2057648,
    "CHEDDAR  CHEESE",
    {1003: "21.4", 1004: "28.6", 1008: "393", 1087: "714.00000000", 1093: "0E-8", 1104: "1430.0"},
    brand_owner="Grafton Village Cheese Co, LLC",
    brand_name="GRAFTON VILLAGE",
    subbrand_name="CLOTHBOUND",
    gtin_upc="094395000172",
    ingredients="MILK, SALT",
    serving_size="28.0",
    serving_size_unit="g",
    household_serving_fulltext="1 ONZ",
    branded_food_category="Cheese",
    modified_date="2017-08-10",
    available_date="2017-08-10",
    publication_date="2021-10-28",
)
MILK = BrandedProduct(
    2100001,
    "MILK",
    {1008: "64", 1092: "150"},
    brand_owner="Dairy Inc.",
    gtin_upc="00012345678905",
    serving_size="240",
    serving_size_unit="MLT",
    household_serving_fulltext="1 cup",
)
BAR = BrandedProduct(2100002, "BAR", {1008: "400.5"}, gtin_upc="NOT A CODE", serving_size="", serving_size_unit="")


def built(folder: Path, *products: BrandedProduct, name: str = "branded.sqlite") -> BrandedDatabase:
    release = write_csv_release(folder / "csv", branded=products)
    build_branded(release, folder / name)
    return BrandedDatabase(folder / name)


def rewritten(folder: Path, table: str, change) -> Path:
    """Write a release of three foods with one of its tables changed by `change(rows)`, and without stated counts."""
    release = write_csv_release(folder, branded=[CHEDDAR, MILK, BAR])
    (release / "all_downloaded_table_record_counts.csv").unlink()
    path = release / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    return release


def refusal(release: Path, folder: Path) -> str:
    with pytest.raises(FoodDataError) as caught:
        build_branded(release, folder / "branded.sqlite")
    assert list(folder.glob("*branded.sqlite*")) == []
    assert list(folder.glob(".*")) == []
    return str(caught.value)


# --- what is read is what was published ------------------------------------------------------------------------


def test_branded_food_comes_back_with_everything_its_label_says(tmp_path):
    row = built(tmp_path, CHEDDAR, MILK).foods([CHEDDAR.fdc_id]).iloc[0]
    assert row["description"] == "CHEDDAR CHEESE"
    assert (row["brand_owner"], row["brand_name"]) == ("Grafton Village Cheese Co, LLC", "GRAFTON VILLAGE")
    assert (row["subbrand_name"], row["category"], row["market"]) == ("CLOTHBOUND", "Cheese", "United States")
    assert (row["gtin"], row["serving_size"], row["serving_unit"], row["household"]) == (94395000172, 28, "g", "1 ONZ")
    assert (row["published"], row["modified"], row["available"]) == ("2021-10-28", "2017-08-10", "2017-08-10")
    assert (row["versions"], row["is_newest"], row["data_source"]) == (1, True, "LI")
    assert np.isnan(row["discontinued"])
    assert np.isnan(row["barcode"])


def test_branded_values_come_back_to_the_published_digits(tmp_path):
    (answer,) = built(tmp_path, CHEDDAR).answers([CHEDDAR.fdc_id])
    amounts = {value["nutrient"]["id"]: value["amount"] for value in answer["foodNutrients"]}
    assert amounts == {1003: 21.4, 1004: 28.6, 1008: 393.0, 1087: 714.0, 1093: 0.0, 1104: 1430.0}


amounts = st.one_of(
    st.decimals(min_value=-10, max_value=100_000, places=4).map(float),
    st.decimals(min_value=0, max_value=1000, places=1).map(float),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(st.lists(st.tuples(st.integers(0, 4095), amounts), max_size=30))
def test_packed_gives_every_double_back(values):
    kinds, numbers = np.array([kind for kind, _ in values], dtype="int64"), np.array([number for _, number in values])
    content, starts = packed(kinds, numbers.astype("float64"))
    assert list(unpacked(content)) == [(kind, float(number)) for kind, number in values]
    assert starts[-1] == len(content)


def test_packed_takes_six_bytes_for_a_figure_of_a_label():
    content, _ = packed(np.array([1, 2, 3]), np.array([28.6, 1430.0, 0.07142857]))
    assert len(content) == 3 * BYTES


words = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=30)
numbers = st.decimals(min_value=0, max_value=5000, places=3).map(str)
made_up = st.builds(
    BrandedProduct,
    fdc_id=st.integers(1, 2**40),
    description=words.filter(lambda text: text.strip("\0 \t")),
    values=st.dictionaries(st.sampled_from([1003, 1004, 1008, 1087, 1093, 1110, 1162, 2000]), numbers),
    brand_owner=words,
    brand_name=words,
    gtin_upc=st.one_of(words, st.integers(0, 10**14).map(str)),
    serving_size=numbers,
    serving_size_unit=st.sampled_from(["g", "ml", "GRM", "MLT", "", "oz"]),
    household_serving_fulltext=words,
    branded_food_category=words,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(made_up, min_size=1, max_size=12, unique_by=lambda product: product.fdc_id))
def test_any_branded_foods_come_back_with_their_values_and_texts(tmp_path, products):
    shutil.rmtree(tmp_path / "csv", ignore_errors=True)
    database = built(tmp_path, *products)
    fdc_ids = [product.fdc_id for product in products]
    for product, answer in zip(products, database.answers(fdc_ids), strict=True):
        found = {value["nutrient"]["id"]: value["amount"] for value in answer["foodNutrients"]}
        assert found == {nutrient: float(Decimal(amount)) for nutrient, amount in product.values.items()}
        assert answer["servingSize"] == float(product.serving_size)
    foods = database.foods(fdc_ids)
    assert foods["fdc_id"].to_list() == fdc_ids
    assert foods["brand_owner"].fillna("").to_list() == [" ".join(p.brand_owner.split()) for p in products]
    for text in [*(product.description for product in products), *(product.brand_name for product in products)]:
        database.search(text, unfinished=True)
    assert database.counts.values == sum(len(product.values) for product in products)


# --- the same as from the API --------------------------------------------------------------------------------


def as_answer(product: BrandedProduct, folder: Path) -> dict:
    """Return the product as the official JSON words it, which is how the API answers."""
    (path,) = write_json_release(folder, branded=[product])
    (answer,) = ReleaseFiles(path).foods("BrandedFoods")
    return answer


@pytest.mark.parametrize("product", [CHEDDAR, MILK, BAR], ids=["grams", "millilitres", "no serving"])
@pytest.mark.parametrize("layout", ["csv", "json", "json.zip"])
def test_tables_of_a_branded_food_are_those_the_api_gives(tmp_path, product, layout):
    if layout == "csv":
        source = zipped(write_csv_release(tmp_path / "source", branded=[CHEDDAR, MILK, BAR]))
    else:
        (source,) = write_json_release(tmp_path / "source", branded=[CHEDDAR, MILK, BAR])
        source = zipped(source) if layout == "json.zip" else source
    build_branded(source, tmp_path / "branded.sqlite")
    database = BrandedDatabase(tmp_path / "branded.sqlite")
    ours = database.tables([product.fdc_id])
    theirs = foods_from_answers([as_answer(product, tmp_path / "api")], fetched=date(2026, 11, 1))
    for name in ("foods", "aliases", "portions", "values"):
        left, right = ours.tables()[name], theirs.tables()[name]
        if "release" in left.columns:
            assert set(left["release"]) <= {"Branded Foods 2026-04-30"}
            left, right = left.drop(columns="release"), right.drop(columns="release")
        if name == "values":
            left, right = (side.sort_values("fdc_nutrient_id", ignore_index=True) for side in (left, right))
            # JSON writes units in small letters, csv in capitals; where a value is from is in the csv's codes.
            left, right = (side.assign(unit=side["unit"].str.casefold(), source_code=None) for side in (left, right))
        assert left.equals(right), name


def test_tables_name_the_release_that_was_downloaded(tmp_path):
    release = built(tmp_path, CHEDDAR, MILK).tables([CHEDDAR.fdc_id]).releases.iloc[0]
    assert (release["release"], release["version"], release["foods"]) == ("Branded Foods 2026-04-30", "2026-04-30", 1)
    assert release["licence"] == "CC0 1.0"
    assert release["source"] == "https://fdc.nal.usda.gov/download-datasets"


def test_branded_food_by_volume_is_told_and_keeps_its_values(tmp_path):
    tables = built(tmp_path, MILK).tables([MILK.fdc_id])
    assert tables.foods["basis"].item() == BY_VOLUME
    assert tables.values.set_index("fdc_nutrient_id")["amount"].to_dict() == {1008: 64.0, 1092: 150.0}
    assert tables.portions["gram_weight"].to_list() == [240.0, 240.0]


def test_branded_food_is_known_like_any_other_once_its_tables_are_added(tmp_path):
    foods = load_foods().with_foods(built(tmp_path, CHEDDAR).tables([CHEDDAR.fdc_id]))
    assert foods.composition([CHEDDAR.fdc_id], ["protein", "sodium", "potassium"]).iloc[0].to_list()[:2] == [21.4, 0.0]
    assert np.isnan(foods.composition([CHEDDAR.fdc_id], ["potassium"]).iloc[0, 0])
    assert foods.values([CHEDDAR.fdc_id], ["protein"])["derivation_code"].item() == "LCCS"


def test_energy_in_kilojoules_only_and_vitamin_d_in_iu_only_are_converted(tmp_path):
    product = BrandedProduct(7, "DRINK", {1062: "418.4", 1110: "40"}, serving_size="100", serving_size_unit="g")
    foods = load_foods().with_foods(built(tmp_path, product).tables([7]))
    energy, vitamin_d = foods.composition([7], ["energy", "vitamin_d"]).iloc[0]
    assert energy == pytest.approx(100)
    assert vitamin_d == 1.0


def test_what_only_the_label_of_a_serving_says_is_read_as_the_api_reads_it(tmp_path):
    answer = as_answer(CHEDDAR, tmp_path / "api") | {
        "labelNutrients": {"potassium": {"value": 28}, "fat": {"value": 8}}
    }
    (path,) = write_json_release(tmp_path / "json", branded=[CHEDDAR])
    path.write_text(json.dumps({"BrandedFoods": [answer]}), "utf-8")
    build_branded(path, tmp_path / "branded.sqlite")
    tables = BrandedDatabase(tmp_path / "branded.sqlite").tables([CHEDDAR.fdc_id])
    assert tables.values.set_index("fdc_nutrient_id")["amount"][1092] == 100.0
    assert tables.values.set_index("fdc_nutrient_id")["amount"][1004] == 28.6
    assert "label of one serving" in tables.releases["note"].item()


def test_two_values_under_one_nutrient_are_unknown_and_counted(tmp_path):
    def twice(rows):
        rows += [[*rows[1][:3], "22.9", *rows[1][4:]], list(rows[2])]  # protein again, otherwise; fat again, the same

    release = rewritten(tmp_path / "csv", "food_nutrient", twice)
    counts = build_branded(release, tmp_path / "branded.sqlite")
    assert (counts.contradicting_values, counts.repeated_values) == (2, 1)
    tables = BrandedDatabase(tmp_path / "branded.sqlite").tables([CHEDDAR.fdc_id])
    known = set(tables.values["fdc_nutrient_id"])
    assert 1003 not in known
    assert 1004 in known
    assert "protein" in tables.releases["note"].item()


def test_negative_amount_is_kept_as_published_and_read_as_unknown(tmp_path):
    product = BrandedProduct(7, "ODD", {1003: "-0.2", 1004: "1"}, serving_size="30", serving_size_unit="g")
    database = built(tmp_path, product)
    assert {value["amount"] for value in database.answers([7])[0]["foodNutrients"]} == {-0.2, 1.0}
    assert database.tables([7]).values["fdc_nutrient_id"].to_list() == [1004]


def test_food_without_description_can_be_read(tmp_path):
    database = built(tmp_path, BrandedProduct(7, "", {1003: "2"}, serving_size="30", serving_size_unit="g"))
    assert database.tables([7]).foods["description"].item() == "(no name)"


@pytest.mark.parametrize(
    "text",
    ['"quoted", 5" CAKE', "NUL \0 BYTE", "A" * 5000, "'; DROP TABLE food; --", "=1+1", "é́ ŉ ﬀ 中文 🍎", "<b>&amp;</b>"],
)
def test_hostile_texts_are_texts(tmp_path, text):
    product = BrandedProduct(7, text, {1003: "2"}, brand_owner=text, gtin_upc=text, household_serving_fulltext=text)
    database = built(tmp_path, product, CHEDDAR)
    row = database.foods([7]).iloc[0]
    assert row["brand_owner"] == row["barcode"] == " ".join(text.split())
    assert 7 in database.search(text)["fdc_id"].to_list() or not any(letter.isalnum() for letter in text)
    assert database.by_barcode([" ".join(text.split())])["fdc_id"].to_list() == [7]


# --- barcodes and versions ---------------------------------------------------------------------------------


def versions_of_one() -> list[BrandedProduct]:
    shared = {"serving_size": "30", "serving_size_unit": "g"}
    return [
        BrandedProduct(11, "OLD NAME", {1008: "1"}, gtin_upc="0012345678905", publication_date="2019-04-01", **shared),
        BrandedProduct(13, "NEW NAME", {1008: "3"}, gtin_upc="12345678905", publication_date="2023-04-01", **shared),
        BrandedProduct(12, "MID NAME", {1008: "2"}, gtin_upc="012345678905", publication_date="2021-04-01", **shared),
        BrandedProduct(14, "NEW NAME TOO", {1008: "4"}, gtin_upc="99345678905", **shared),
    ]


def test_by_barcode_finds_all_versions_newest_first_however_zeros_were_written(tmp_path):
    found = built(tmp_path, *versions_of_one()).by_barcode([12345678905, 5, 99345678905])
    assert found["fdc_id"].to_list() == [13, 12, 11, 14]
    assert found["is_newest"].to_list() == [True, False, False, True]
    assert found["versions"].to_list() == [3, 3, 3, 1]
    assert found["gtin"].to_list() == [12345678905] * 3 + [99345678905]


def test_search_gives_the_newest_version_only(tmp_path):
    database = built(tmp_path, *versions_of_one())
    assert database.search("name")["fdc_id"].to_list() == [13, 14]
    assert database.search("mid").empty
    assert (database.counts.foods, database.counts.products) == (4, 2)


def test_of_two_publications_on_one_day_the_later_modified_is_the_newest(tmp_path):
    shared = {"gtin_upc": "12345678905", "publication_date": "2023-04-01"}
    products = [
        BrandedProduct(21, "A", modified_date="2022-05-05", **shared),
        BrandedProduct(22, "B", modified_date="2021-05-05", **shared),
    ]
    assert built(tmp_path, *products).by_barcode([12345678905])["fdc_id"].to_list() == [21, 22]


def test_what_was_published_last_is_the_newest_whenever_it_was_modified(tmp_path):
    shared = {"gtin_upc": "12345678905"}
    products = [
        BrandedProduct(21, "JAM", publication_date="2021-04-01", modified_date="2020-12-31", **shared),
        BrandedProduct(22, "JAM", publication_date="2023-04-01", modified_date="2019-01-31", **shared),
    ]
    database = built(tmp_path, *products)
    assert database.search("jam")["fdc_id"].to_list() == [22]
    assert database.by_barcode([12345678905])["is_newest"].to_list() == [True, False]


def test_foods_without_a_barcode_are_products_of_their_own(tmp_path):
    products = [
        BrandedProduct(31, "JAM"),
        BrandedProduct(32, "JAM"),
        BrandedProduct(33, "JAM", gtin_upc="0000000000000"),
    ]
    database = built(tmp_path, *products)
    assert sorted(database.search("jam")["fdc_id"]) == [31, 32, 33]
    assert database.by_barcode([0, -31, ""]).empty


def test_foods_with_a_word_in_place_of_a_barcode_are_products_of_their_own(tmp_path):
    database = built(tmp_path, *[BrandedProduct(number, "JAM", gtin_upc="N/A") for number in (31, 32)], CHEDDAR)
    assert sorted(database.search("jam")["fdc_id"]) == [31, 32]
    assert database.by_barcode(["N/A"])["versions"].to_list() == [1, 1]


def test_barcode_that_is_no_number_is_kept_as_text(tmp_path):
    database = built(tmp_path, BAR, CHEDDAR)
    row = database.foods([BAR.fdc_id]).iloc[0]
    assert row["barcode"] == "NOT A CODE"
    assert database.foods([BAR.fdc_id])["gtin"].isna().all()
    assert database.by_barcode(["NOT A CODE"])["fdc_id"].to_list() == [BAR.fdc_id]


# --- the source ---------------------------------------------------------------------------------------------


def test_order_of_the_source_does_not_matter(tmp_path):
    tidy = built(tmp_path, *versions_of_one(), CHEDDAR, MILK)
    mixed = built(tmp_path / "mixed", MILK, *reversed(versions_of_one()), CHEDDAR)
    for fdc_id in (11, 12, 13, 14, CHEDDAR.fdc_id, MILK.fdc_id):
        assert tidy.answers([fdc_id]) == mixed.answers([fdc_id])
    assert tidy.search("name milk cheese").equals(mixed.search("name milk cheese"))


def test_values_in_any_order_build_the_same_database(tmp_path):
    tidy, mixed = (rewritten(tmp_path / n, "food_nutrient", change) for n, change in (("a", list), ("b", shuffled)))
    build_branded(tidy, tmp_path / "a.sqlite")
    build_branded(mixed, tmp_path / "b.sqlite")
    left, right = (BrandedDatabase(tmp_path / name) for name in ("a.sqlite", "b.sqlite"))
    fdc_ids = [CHEDDAR.fdc_id, MILK.fdc_id, BAR.fdc_id]
    assert left.answers(fdc_ids) == right.answers(fdc_ids)


def shuffled(rows: list[list[str]]) -> None:
    rows[1:] = rows[:0:-1]


def test_the_same_release_gives_the_same_bytes(tmp_path):
    release = write_csv_release(tmp_path / "csv", branded=[CHEDDAR, MILK, BAR, *versions_of_one()])
    for name in ("a", "b"):
        build_branded(release, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.fixture(scope="module")
def generic() -> FoodTables:
    """Two foods without a brand."""
    return some_foods([173944, 2346409])


def test_download_of_all_foods_gives_its_branded_ones(tmp_path, generic):
    release = write_csv_release(tmp_path, generic, branded=[CHEDDAR])
    counts = build_branded(release, tmp_path / "branded.sqlite")
    assert counts == BrandedCounts(foods=1, products=1, values=len(CHEDDAR.values))
    assert 173944 not in BrandedDatabase(tmp_path / "branded.sqlite")


def test_download_without_a_table_of_nutrients_has_the_units_of_all_releases(tmp_path):
    release = write_csv_release(tmp_path / "csv", branded=[CHEDDAR, MILK])
    build_branded(release, tmp_path / "with.sqlite")
    (release / "nutrient.csv").unlink()
    build_branded(release, tmp_path / "without.sqlite")
    left, right = (BrandedDatabase(tmp_path / name) for name in ("with.sqlite", "without.sqlite"))
    assert left.answers([CHEDDAR.fdc_id, MILK.fdc_id]) == right.answers([CHEDDAR.fdc_id, MILK.fdc_id])


def test_files_that_were_read_are_named_with_their_hashes(tmp_path):
    (path,) = write_json_release(tmp_path, branded=[CHEDDAR])
    build_branded(path, tmp_path / "branded.sqlite")
    content = path.read_bytes()
    assert BrandedDatabase(tmp_path / "branded.sqlite").files == [
        (path.name, len(content), sha256(content).hexdigest())
    ]


def test_values_of_unknown_foods_and_without_amount_are_counted_and_told(tmp_path):
    def odd(rows):
        rows += [[*rows[1][:1], "999", *rows[1][2:]], [*rows[1][:3], "", *rows[1][4:]]]

    counts = build_branded(rewritten(tmp_path / "csv", "food_nutrient", odd), tmp_path / "branded.sqlite")
    assert (counts.values_of_unknown_foods, counts.values_without_amount) == (1, 1)
    assert counts.notes() == [
        "1 values of foods that the release does not list: left out",
        "1 values without a number: left out",
    ]
    assert BrandedDatabase(tmp_path / "branded.sqlite").counts == counts


def test_progress_is_told_step_by_step(tmp_path):
    steps: list[str] = []
    release = write_csv_release(tmp_path, branded=[CHEDDAR, MILK])
    build_branded(release, tmp_path / "b", lambda step, done, of: steps.append(step))
    told = list(dict.fromkeys(steps))
    assert told[:2] == ["reading names", "reading labels"]
    assert {"reading nutrient values", "writing foods", "indexing words", "writing nutrient values"} <= set(told)


# --- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("food", lambda rows: rows.append(rows[1]), ["2057648", "twice", "names"]),
        ("branded_food", lambda rows: rows.append(rows[2]), ["2100001", "twice", "labels"]),
        ("food", lambda rows: rows.pop(1), ["2057648", "food.csv"]),
        ("food", lambda rows: rows[2].__setitem__(0, "x17"), ["food.csv", "row 3", "'x17'"]),
        ("food", lambda rows: rows[2].__setitem__(0, "-5"), ["food.csv", "-5"]),
        ("branded_food", lambda rows: rows[2].__setitem__(7, "a cup"), ["branded_food.csv", "row 3", "'a cup'"]),
        ("food_nutrient", lambda rows: rows[4].__setitem__(3, "7,5"), ["food_nutrient.csv", "row 5", "'7,5'"]),
        ("food_nutrient", lambda rows: rows[4].__setitem__(3, "inf"), ["food_nutrient.csv", "row 5"]),
        ("food_nutrient", lambda rows: rows[4].__setitem__(1, ""), ["food_nutrient.csv", "row 5"]),
        ("food_nutrient", lambda rows: rows[4].__setitem__(2, str(2**70)), ["food_nutrient.csv"]),
        ("food_nutrient", lambda rows: rows[4].__setitem__(2, "-1"), ["food_nutrient.csv", "nutrient_id"]),
        ("branded_food", lambda rows: rows[0].__setitem__(1, "owner"), ["branded_food.csv", "brand_owner", "owner"]),
        ("nutrient", lambda rows: rows.__delitem__(slice(1, None)), ["nutrient.csv", "unit"]),
    ],
)
def test_damaged_release_is_refused_with_what_is_wrong(tmp_path, table, change, words):
    said = refusal(rewritten(tmp_path / "csv", table, change), tmp_path)
    assert all(word in said for word in words), said


def test_table_with_fewer_rows_than_the_release_states_is_refused(tmp_path):
    release = write_csv_release(tmp_path / "csv", branded=[CHEDDAR, MILK])
    path = release / "food_nutrient.csv"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-2]), "utf-8")
    said = refusal(release, tmp_path)
    assert "food_nutrient.csv has 6 rows; the release states 8" in said


def test_zip_that_was_cut_short_is_refused(tmp_path):
    path = zipped(write_csv_release(tmp_path / "csv", branded=[CHEDDAR, MILK]))
    path.write_bytes(path.read_bytes()[:-100])
    assert "zip" in refusal(path, tmp_path)


def test_json_that_was_cut_short_is_refused(tmp_path):
    (path,) = write_json_release(tmp_path / "json", branded=[CHEDDAR, MILK])
    path.write_bytes(path.read_bytes()[:-200])
    assert "cut short" in refusal(path, tmp_path)


def one_value(**nutrient: object) -> dict[str, object]:
    return {"foodNutrients": [{"nutrient": {"id": 1003, "unitName": "g", **nutrient}, "amount": 7.5}]}


def test_value_with_the_id_of_one_nutrient_and_the_number_of_another_is_left_out_and_counted(tmp_path):
    (path,) = write_json_release(tmp_path / "json", branded=[CHEDDAR, MILK])
    foods = json.loads(path.read_text("utf-8"))["BrandedFoods"]
    # 957 is the number of nutrient 2047, energy.
    path.write_text(json.dumps({"BrandedFoods": [foods[0] | one_value(number="957"), foods[1] | one_value()]}), "utf-8")
    counts = build_branded(path, tmp_path / "branded.sqlite")
    assert (counts.values, counts.values_of_unclear_nutrients, counts.foods_without_values) == (1, 1, 1)


@pytest.mark.parametrize(
    "damage",
    [
        *({"fdcId": None}, {"fdcId": "x"}, {"fdcId": 0}, {"foodNutrients": [3]}, {"foodNutrients": "x"}),
        *(one_value(id=10**15), one_value(id=-3), one_value(id=True), {"servingSize": "a cup"}, {"labelNutrients": 3}),
    ],
)
def test_json_in_another_layout_is_refused(tmp_path, damage):
    (path,) = write_json_release(tmp_path / "json", branded=[CHEDDAR, MILK])
    foods = json.loads(path.read_text("utf-8"))["BrandedFoods"]
    path.write_text(json.dumps({"BrandedFoods": [foods[0], foods[1] | damage]}), "utf-8")
    said = refusal(path, tmp_path)
    assert path.name in said
    assert "food 2 of BrandedFoods" in said


def test_release_without_branded_foods_says_what_was_found(tmp_path, generic):
    said = refusal(write_csv_release(tmp_path / "csv", generic), tmp_path)
    assert "no branded foods" in said
    assert "https://fdc.nal.usda.gov/download-datasets" in said


def test_refused_build_leaves_the_old_database_as_it_was(tmp_path):
    built(tmp_path, CHEDDAR)
    before = (tmp_path / "branded.sqlite").read_bytes()
    damaged = rewritten(tmp_path / "damaged", "food", lambda rows: rows.append(rows[1]))
    with pytest.raises(FoodDataError):
        build_branded(damaged, tmp_path / "branded.sqlite")
    assert (tmp_path / "branded.sqlite").read_bytes() == before
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_leftovers_of_a_killed_build_are_removed_by_the_next(tmp_path):
    folder = tmp_path / ".branded.sqlite.building"
    (folder / "values").mkdir(parents=True)
    (folder / "foods").write_bytes(b"half")
    assert CHEDDAR.fdc_id in built(tmp_path, CHEDDAR)
    assert not folder.exists()


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from nutridiary.errors import FoodDataError
from nutridiary.fdc.branded.build import build_branded
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    build_branded(Path(sys.argv[1]), Path(sys.argv[2]))
except FoodDataError as error:
    print(error)
"""


@pytest.mark.parametrize("most_bytes", [100, 30_000, 70_000, 120_000])
def test_no_room_on_the_disk_is_said_and_leaves_nothing_behind(tmp_path, most_bytes):
    # A limit on the size of files stands for a full disk: SQLite and Python fail to write just the same.
    products = [BrandedProduct(n, f"FOOD {n}", {1003: str(n)}, brand_owner=f"OWNER {n}") for n in range(1, 1500)]
    release = write_csv_release(tmp_path / "csv", branded=products)
    target = tmp_path / "branded.sqlite"
    command = [sys.executable, "-c", FULL_DISK, str(release), str(target), str(most_bytes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "cannot be written" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["csv"]


def test_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FoodDataError, match="cannot be written"):
        build_branded(write_csv_release(tmp_path / "csv", branded=[CHEDDAR]), tmp_path / "file" / "branded.sqlite")


# --- the database as a file --------------------------------------------------------------------------------


def test_other_file_is_no_database_of_branded_foods(tmp_path):
    sqlite3.connect(tmp_path / "other.sqlite").execute("CREATE TABLE food (fdc_id)").connection.close()
    with pytest.raises(FoodDataError, match=r"not a database of branded foods .* Expected a branded\.sqlite"):
        BrandedDatabase(tmp_path / "other.sqlite")
    with pytest.raises(FoodDataError, match="not found"):
        BrandedDatabase(tmp_path / "none.sqlite")


def test_damaged_database_is_said_in_words(tmp_path):
    built(tmp_path, *[BrandedProduct(n, f"FOOD {n}", {1003: str(n)}) for n in range(1, 3000)])
    path = tmp_path / "branded.sqlite"
    content = bytearray(path.read_bytes())
    content[8192 * 3 :] = bytes(len(content) - 8192 * 3)
    path.write_bytes(content)
    with pytest.raises(FoodDataError, match="cannot be read"):
        BrandedDatabase(path).search("food")


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_damaged_is_answered_in_words_or_not_at_all(tmp_path, seed, intact):
    content, chance = bytearray(intact), random.Random(seed)
    for _ in range(chance.choice([5, 50, 500])):
        content[chance.randrange(100, len(content))] = chance.randrange(256)
    (tmp_path / "damaged.sqlite").write_bytes(content)
    with contextlib.suppress(FoodDataError):
        database = BrandedDatabase(tmp_path / "damaged.sqlite")
        calls = [lambda: database.counts, lambda: database.release, lambda: database.files]
        calls += [lambda: database.search("food 3"), lambda: database.search("food", brand="ownr 3")]
        calls += [lambda: database.by_barcode([10**10 + 5]), lambda: database.tables(range(1, 400, 40))]
        for call in calls:
            with contextlib.suppress(FoodDataError):
                call()


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database of 400 foods."""
    folder = tmp_path_factory.mktemp("intact")
    products = [
        BrandedProduct(
            number, f"FOOD {number}", {1003: "1"}, brand_owner=f"OWNER {number % 20}", gtin_upc=str(10**10 + number)
        )
        for number in range(1, 400)
    ]
    built(folder, *products)
    return (folder / "branded.sqlite").read_bytes()


def test_unknown_ids_have_no_row_and_others_keep_their_order(tmp_path):
    database = built(tmp_path, *versions_of_one())
    assert database.foods([14, 5, 11, 14, 2**62])["fdc_id"].to_list() == [14, 11]
    assert [answer["fdcId"] for answer in database.answers([13, 5, 11])] == [13, 11]
    assert 14 in database
    assert all(other not in database for other in (15, -1, 2**70, "14", None))
    assert database.tables([5]).foods.empty


def test_threads_share_one_database_and_pickling_opens_it_again(tmp_path):
    database = built(tmp_path, *versions_of_one())
    found: list[list[int]] = []
    threads = [
        threading.Thread(target=lambda: found.append(database.search("name")["fdc_id"].to_list())) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[13, 14]] * 8
    assert pickle.loads(pickle.dumps(database)).search("name")["fdc_id"].to_list() == [13, 14]


def test_embedded_release_has_no_branded_foods():
    assert open_branded("embedded") is None


def test_opening_needs_no_heavy_library(tmp_path):
    built(tmp_path, CHEDDAR)
    code = (
        "import sys; from pathlib import Path; from nutridiary.fdc.branded import BrandedDatabase; "
        "database = BrandedDatabase(Path(sys.argv[1])); database.release, database.counts, 5 in database; "
        "print(sorted({'pandas', 'numpy', 'requests', 'ijson'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "branded.sqlite")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_pieces_of_the_source_make_no_difference(tmp_path, monkeypatch):
    products = [BrandedProduct(n * 70_000, f"FOOD {n}", {1003: str(n), 1004: "1"}) for n in range(1, 60)]
    whole = built(tmp_path, *products)
    monkeypatch.setattr("nutridiary.fdc.branded.sources.ROWS_AT_ONCE", 7)
    monkeypatch.setattr("nutridiary.fdc.branded.sources._LABELS_AT_ONCE", 3)
    pieces = built(tmp_path, *products, name="pieces.sqlite")
    assert pieces.counts == whole.counts == BrandedCounts(foods=59, products=59, values=118)
    assert pieces.answers([product.fdc_id for product in products]) == whole.answers([p.fdc_id for p in products])
