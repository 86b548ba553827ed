"""The same foods are the same foods, in whichever official layout they come; what is damaged is refused."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from itertools import zip_longest
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import skip_or_fail
from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError
from nutridiary.fdc.combining import combine
from nutridiary.fdc.database import database_bytes, write_database
from nutridiary.fdc.database_source import read_database
from nutridiary.fdc.files import MAX_FOOD_BYTES, ReleaseFiles
from nutridiary.fdc.releases import find_releases, read_release, read_releases, release_data_types
from nutridiary.fdc.tables import FoodTables, shaped
from nutridiary.foods import load_foods
from official_layout import (
    FOUNDATION,
    SAMPLE,
    SR_LEGACY,
    SURVEY,
    BrandedProduct,
    next_release,
    some_foods,
    write_csv_release,
    write_json_release,
    zipped,
)

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "fdc"
SHIPPED = data_file("fdc", "foods.sqlite")
COLA = BrandedProduct(
    2000001,
    "COLA",
    {1008: "42", 1093: "4"},
    brand_owner="Made Up",
    gtin_upc="012345678905",
    ingredients='WATER, SUGAR, "FLAVOR"',
    serving_size=355,
    serving_size_unit="ml",
    branded_food_category="Soda",
)


def every(number: int, data_type: str) -> list[int]:
    ids = load_foods().foods()
    return ids[ids["data_type"] == data_type]["fdc_id"].to_list()[::number]


@pytest.fixture(scope="module")
def foods() -> FoodTables:
    """Foods of every kind; with human milk, which has no values and a portion that weighs nothing."""
    human_milk = 2705383
    ids = [human_milk, *every(60, SURVEY), *every(9, FOUNDATION), *every(120, SR_LEGACY)]
    return some_foods(sorted(set(ids)))


def of_type(tables: FoodTables, data_type: str) -> FoodTables:
    return some_foods(tables.foods[tables.foods["data_type"] == data_type]["fdc_id"].to_list())


def carried(tables: FoodTables) -> FoodTables:
    """Return foods with what every official layout carries: no standard errors, no values of other releases.

    The source of a value is told by its derivation; a recipe's moisture only where it changes.
    """
    known = pd.read_csv(data_file("fdc", "derivations.csv"), keep_default_na=False)
    sources = dict(zip(known["derivation_code"], pd.to_numeric(known["source_code"], errors="coerce"), strict=True))
    own_release = tables.values["fdc_id"].map(tables.foods.set_index("fdc_id")["release"])
    values = tables.values.assign(
        standard_error=float("nan"),
        release=own_release,
        source_code=tables.values["derivation_code"].map(sources).astype("Int64"),
    )
    changes = tables.ingredients["moisture_change"]
    frames = tables.tables() | {
        "values": values,
        "ingredients": tables.ingredients.assign(moisture_change=changes.where(changes != 0)),
    }
    return FoodTables(**frames)


def content(tables: FoodTables, *, versions: bool = True) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of every table of a database of foods, whatever files they came from."""
    releases = tables.releases.assign(note=None)
    frames = tables.tables()
    if not versions:
        names = dict(zip(releases["release"], releases["data_type"], strict=True))
        for name in ("foods", "values"):
            frames[name] = frames[name].assign(release=frames[name]["release"].map(names))
        releases = releases.assign(
            release=releases["data_type"], version=None, published=None, source=None, licence=None
        )
    connection = sqlite3.connect(":memory:")
    connection.deserialize(database_bytes(FoodTables(**(frames | {"releases": releases, "files": shaped("files")}))))
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    connection.close()
    return found


def assert_same(tables: FoodTables, expected: FoodTables, *, versions: bool = True) -> None:
    """Compare two sets of foods; show the first row that differs, not thousands."""
    found, wanted = content(tables, versions=versions), content(expected, versions=versions)
    for name, rows in wanted.items():
        different = [pair for pair in zip_longest(found[name], rows) if pair[0] != pair[1]]
        assert not different, (name, different[0])


# --- the layouts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("data_type", [SURVEY, FOUNDATION, SR_LEGACY])
@pytest.mark.parametrize("layout", ["csv folder", "csv zip", "json file", "json zip"])
def test_foods_of_one_type_are_the_same_in_every_layout(foods, tmp_path, data_type, layout):
    expected = of_type(foods, data_type)
    if layout.startswith("csv"):
        path = write_csv_release(tmp_path, expected, date="2025-04-24")
    else:
        (path,) = write_json_release(tmp_path, expected, date="2025-04-24")
    read = read_release(zipped(path) if layout.endswith("zip") else path)
    assert_same(read, carried(expected))


def test_foods_of_the_collection_are_those_of_the_single_downloads(foods, tmp_path):
    collection = write_csv_release(tmp_path, foods, date="2025-04-24", branded=[COLA])
    read = read_release(zipped(collection))
    assert_same(read, carried(foods))
    singles = [
        write_csv_release(tmp_path / data_type, of_type(foods, data_type), date="2025-04-24")
        for data_type in (SR_LEGACY, SURVEY, FOUNDATION)
    ]
    assert_same(read_releases(singles), read)
    assert_same(read_releases(write_json_release(tmp_path, foods, date="2025-04-24")), read)


def test_collection_leaves_branded_foods_samples_and_superseded_records_aside(foods, tmp_path):
    read = read_release(write_csv_release(tmp_path, foods, branded=[COLA]))
    assert set(read.foods["fdc_id"]) == set(foods.foods["fdc_id"])
    assert not {COLA.fdc_id, SAMPLE} & set(read.values["fdc_id"])


def test_branded_foods_alone_are_refused_with_the_way_to_read_them(tmp_path):
    folder = write_csv_release(tmp_path, branded=[COLA])
    with pytest.raises(FoodDataError, match=r"branded foods only.*nutridiary fdc update --branded"):
        read_release(folder)
    assert release_data_types(folder) == ["branded_food"]


def test_fndds_by_nutrient_number_and_by_id_are_the_same(foods, tmp_path):
    survey = of_type(foods, SURVEY)
    numbered = write_csv_release(tmp_path / "numbers", survey, numbers_for_survey=True)
    by_id = write_csv_release(tmp_path / "ids", survey, numbers_for_survey=False)
    assert [
        path.read_text().count(',"203",') > 0 for path in (numbered / "food_nutrient.csv", by_id / "food_nutrient.csv")
    ] == [True, False]
    assert_same(read_release(numbered), read_release(by_id))


def test_next_fndds_keeps_its_own_version_codes_and_categories(foods, tmp_path):
    survey = of_type(foods, SURVEY)
    stew = {
        "fdc_id": 9999001,
        "food_code": 27999990,
        "description": "Stew of a new kind",
        "data_type": SURVEY,
        "category_number": 3999,
        "category": "Stews of new kinds",
        "values": {"potassium": 312.0, "magnesium": 20.5},
        "portions": [("1 bowl", 310.0)],
        "aliases": ["new stew", "stew, new"],
    }
    later = next_release(survey, renumber=1_000_000, add=[stew])
    paths = [write_csv_release(tmp_path, later), *write_json_release(tmp_path, later)]
    for read in map(read_release, paths):
        assert read.releases.loc[0, ["release", "version", "published"]].to_list() == [
            "FNDDS 2023-2024",
            "2023-2024",
            "2026-04-30",
        ]
        new = read.foods[read.foods["fdc_id"] == 9999001].iloc[0]
        assert (new["food_code"], new["category_number"], new["category"]) == (27999990, 3999, "Stews of new kinds")
        assert read.aliases[read.aliases["fdc_id"] == 9999001]["alias"].to_list() == ["new stew", "stew, new"]
        assert read.portions[read.portions["fdc_id"] == 9999001]["gram_weight"].to_list() == [310.0]


def test_category_newer_than_the_table_of_categories_keeps_its_number(foods, tmp_path):
    folder = write_csv_release(tmp_path, of_type(foods, SURVEY))
    path = folder / "wweia_food_category.csv"
    rows = path.read_text().splitlines()
    gone = int(rows[1].split(",")[0].strip('"'))
    path.write_text("\n".join([rows[0], *rows[2:]]) + "\n")
    counts = folder / "all_downloaded_table_record_counts.csv"
    counts.unlink()
    read = read_release(folder).foods
    assert read[read["category_number"] == gone]["category"].isna().all()
    assert read[read["category_number"] != gone]["category"].notna().all()


def test_older_names_of_columns_are_understood(foods, tmp_path):
    folder = write_csv_release(tmp_path, of_type(foods, SURVEY))
    path = folder / "input_food.csv"
    text = path.read_text().replace("ingredient_code", "sr_code").replace("ingredient_description", "sr_description")
    expected = read_release(folder)
    path.write_text(text)
    pd.testing.assert_frame_equal(read_release(folder).ingredients, expected.ingredients)


def test_nutrient_that_nobody_knows_is_left_aside(foods, tmp_path):
    folder = write_csv_release(tmp_path, of_type(foods, FOUNDATION))
    expected = read_release(folder)
    fdc_id = expected.foods.loc[0, "fdc_id"]
    append(folder, "food_nutrient", [99001, fdc_id, 2999, "1.5", "", 1])
    append(folder, "nutrient", [2999, "Newly found", "MG", "999.5", ""])
    recounted(folder)
    read = read_release(folder)
    assert_same(read, expected)


def test_derivation_newer_than_ours_is_read_from_the_release(foods, tmp_path):
    folder = write_csv_release(tmp_path, of_type(foods, FOUNDATION))
    fdc_id = read_release(folder).foods.loc[0, "fdc_id"]
    text = (folder / "food_nutrient.csv").read_text().replace(f'"{fdc_id}","1092"', f'"{fdc_id}","2998"')
    (folder / "food_nutrient.csv").write_text(text)
    append(folder, "food_nutrient", [99001, fdc_id, 1092, "211", "3", 777])
    write(folder, "food_nutrient_derivation", [["id", "code", "description", "source_id"], [777, "XX", "new", 1]])
    write(folder, "food_nutrient_source", [["id", "code", "description"], [1, 12, "new"]])
    recounted(folder)
    values = read_release(folder).values
    new = values[(values["fdc_id"] == fdc_id) & (values["fdc_nutrient_id"] == 1092)].iloc[0]
    assert (new["amount"], new["derivation_code"], new["source_code"], new["data_points"]) == (211, "XX", 12, 3)


def test_values_of_a_food_that_is_not_there_are_left_aside_and_told(foods, tmp_path):
    folder = write_csv_release(tmp_path, of_type(foods, FOUNDATION))
    expected = read_release(folder)
    recounted(folder)
    for number in (1, 2):
        append(folder, "food_nutrient", [99000 + number, 1104805, 1092 + number, "1.5"])
    read = read_release(folder)
    assert read.releases.loc[0, "note"] == "2 values of food_nutrient are of foods that food.csv lacks, and left aside"
    assert_same(read, expected)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(
        st.one_of(st.none(), st.floats(0, 100_000, allow_nan=False, allow_subnormal=False)), min_size=4, max_size=4
    ),
    name=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=40).filter(str.strip),
    alias=st.text(st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters=";"), max_size=40),
    grams=st.floats(0.1, 5000),
)
def test_whatever_a_food_says_comes_back_from_csv_and_json(tmp_path, amounts, name, alias, grams):
    nutrients = ("potassium", "energy", "vitamin_d", "retinol")
    food = {
        "fdc_id": 9999002,
        "food_code": 27999991,
        "description": name,
        "data_type": SURVEY,
        "category_number": 1002,
        "category": "Milk, whole",
        "values": {nutrient: amount for nutrient, amount in zip(nutrients, amounts, strict=True) if amount is not None},
        "portions": [("1 cup", grams)],
        "aliases": [alias] if alias.strip() else [],
    }
    expected = next_release(some_foods([2705385]), add=[food])
    tidy = expected.aliases["alias"].str.split().str.join(" ")
    expected = FoodTables(**(expected.tables() | {"aliases": expected.aliases.assign(alias=tidy)}))
    target = tmp_path / "one"
    shutil.rmtree(target, ignore_errors=True)
    for path in (write_csv_release(target, expected), *write_json_release(target, expected)):
        read = read_release(path)
        assert_same(read, carried(expected), versions=False)


# --- a database as a source ----------------------------------------------------------------------------


def test_shipped_database_read_back_and_written_again_is_the_same_bytes(tmp_path):
    write_database(read_database(SHIPPED), tmp_path / "again.sqlite")
    assert (tmp_path / "again.sqlite").read_bytes() == SHIPPED.read_bytes()


@pytest.mark.parametrize("kept", [SURVEY, FOUNDATION, SR_LEGACY])
def test_foods_carried_over_give_the_same_bytes_by_every_route(foods, tmp_path, kept):
    write_database(foods, tmp_path / "all.sqlite")
    expected = (tmp_path / "all.sqlite").read_bytes()
    types = [data_type for data_type in (SR_LEGACY, FOUNDATION, SURVEY) if data_type != kept]
    fresh = read_database(tmp_path / "all.sqlite", types)
    for base in (read_database(tmp_path / "all.sqlite", [kept]), read_database(tmp_path / "all.sqlite")):
        write_database(combine(base, fresh), tmp_path / "combined.sqlite")
        assert (tmp_path / "combined.sqlite").read_bytes() == expected


def test_official_foundation_and_fndds_with_sr_legacy_carried_over_give_the_shipped_database(tmp_path):
    if not SHARED.is_dir():
        skip_or_fail(f"the official releases are not at {SHARED}: importing them again was not compared")
    fresh = read_releases([*find_releases(SHARED / "foundation"), SHARED / "fndds_2021-2023"])
    write_database(combine(read_database(SHIPPED), fresh), tmp_path / "again.sqlite")
    assert (tmp_path / "again.sqlite").read_bytes() == SHIPPED.read_bytes()


def test_read_database_of_some_types_takes_only_what_belongs_to_them(foods):
    read = read_database(SHIPPED, [FOUNDATION])
    assert read.releases["data_type"].to_list() == [FOUNDATION]
    assert set(read.files["release"]) == {"Foundation Foods 2025-04-24"}
    for name in ("aliases", "values", "portions", "ingredients"):
        assert set(read.tables()[name]["fdc_id"]) <= set(read.foods["fdc_id"])
    with pytest.raises(FoodDataError, match="no foods of type branded_food"):
        read_database(SHIPPED, ["branded_food"])


def test_combine_leads_each_record_that_is_gone_to_the_one_with_its_code(foods):
    gone, kept = foods.foods[foods.foods["data_type"] == SURVEY]["fdc_id"].to_list()[1:3]
    later = next_release(of_type(foods, SURVEY), renumber=1_000_000, drop=[gone])
    successors = combine(foods, later).successors.set_index("fdc_id")["successor_id"]
    assert successors[kept] == kept + 1_000_000
    assert gone not in successors.index
    assert set(successors) <= set(later.foods["fdc_id"])
    # Foundation Foods keep their NDB number; SR Legacy stays as it is.
    foundation = next_release(of_type(foods, FOUNDATION), renumber=2_000_000)
    numbered = foods.foods[(foods.foods["data_type"] == FOUNDATION) & foods.foods["ndb_number"].notna()]["fdc_id"]
    successors = combine(foods, foundation).successors
    assert set(numbered) == set(successors["fdc_id"])
    assert (successors["successor_id"] == successors["fdc_id"] + 2_000_000).all()


def test_combine_carries_successors_on_through_several_updates(foods):
    survey = of_type(foods, SURVEY)
    first = survey.foods.loc[1, "fdc_id"]
    second = combine(foods, next_release(survey, renumber=1_000_000))
    third = combine(second, next_release(survey, renumber=2_000_000, versions={SURVEY: "2025-2026"}))
    successors = third.successors.set_index("fdc_id")["successor_id"]
    assert successors[first] == successors[first + 1_000_000] == first + 2_000_000
    # What comes back needs no successor, and whatever replaced it leads to it.
    back = combine(third, survey).successors.set_index("fdc_id")["successor_id"]
    assert first not in back.index
    assert back[first + 2_000_000] == back[first + 1_000_000] == first


def test_combine_two_records_of_one_number_have_no_successor(foods):
    survey = of_type(foods, SURVEY)
    first, second = survey.foods["fdc_id"].to_list()[:2]
    codes = survey.foods["food_code"].mask(survey.foods["fdc_id"] == second, survey.foods.loc[0, "food_code"])
    later = next_release(survey, renumber=1_000_000)
    later = FoodTables(**(later.tables() | {"foods": later.foods.assign(food_code=codes)}))
    assert first not in set(combine(foods, later).successors["fdc_id"])


def test_combine_refuses_a_food_of_two_types_and_two_releases_of_one(foods):
    survey = of_type(foods, SURVEY)
    stolen = of_type(foods, FOUNDATION).foods.loc[0, "fdc_id"]
    ids = survey.foods["fdc_id"].mask(survey.foods.index == 0, stolen)
    fresh = FoodTables(**(survey.tables() | {"foods": survey.foods.assign(fdc_id=ids)}))
    with pytest.raises(
        FoodDataError, match=rf"1 foods stand in Foundation Foods 2025-04-24 too, first fdc_id {stolen}"
    ):
        combine(foods, fresh)
    twice = FoodTables(**(survey.tables() | {"releases": pd.concat([survey.releases, survey.releases])}))
    with pytest.raises(FoodDataError, match="two releases of one data type"):
        combine(foods, twice)


# --- what is damaged or hostile --------------------------------------------------------------------------


def write(folder: Path, table: str, rows: list[list[object]]) -> None:
    text = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    (folder / f"{table}.csv").write_text(text, encoding="utf-8")


def append(folder: Path, table: str, row: list[object]) -> None:
    path = folder / f"{table}.csv"
    width = path.read_text().split("\n", 1)[0].count(",") + 1
    cells = [*row, *[""] * (width - len(row))]
    with path.open("a", encoding="utf-8") as stream:
        stream.write(",".join(f'"{cell}"' for cell in cells) + "\n")


def recounted(folder: Path) -> None:
    (folder / "all_downloaded_table_record_counts.csv").unlink()


@pytest.fixture
def survey_folder(foods, tmp_path):
    return write_csv_release(tmp_path, of_type(foods, SURVEY))


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        ("food_nutrient", [990, 2705383, 1003, "1"], "nutrient ids and nutrient numbers mixed for survey_fndds_food"),
        ("food_nutrient", [990, 2705383, 777.5, "1"], r"the nutrient numbers 777\.5, which nutrient\.csv does not"),
        ("food_nutrient", [990, 2705383, "", "1"], r"nutrient_id: nan is not a whole number"),
        ("food_nutrient", [990, 2705383, "salt", "1"], r"food_nutrient\.csv: row \d+, nutrient_id: 'salt' is not"),
        ("nutrient", [4003, "Protein", "G", 203], r"gives the number 203 to id 4003, known is 1003"),
        ("nutrient", [1003, "Protein", "G", 203], r"nutrient\.csv has the id 1003 twice"),
        ("survey_fndds_food", [990, 11000000, 9602], r"survey_fndds_food\.csv has the food_code 11000000 twice"),
        ("survey_fndds_food", [990, 99999999, 9602], r"1 foods of survey_fndds_food\.csv are not foods of that type"),
        ("wweia_food_category", [9602, "Human milk"], r"wweia_food_category\.csv has the category 9602 twice"),
        ("food_portion", [990, 2705383, 99, "", 9999, ""], "a portion of food 2705383 without words"),
        ("food_portion", [990, 2705383, 99, "", 9999, "1 cup", "", "much"], r"gram_weight: 'much' is not a number"),
        ("input_food", [990, 2705383, "", "first", "", 1, "x"], r"seq_num: 'first' is not a whole number"),
        ("input_food", [990, "x", "", 1, "", 1, "x"], r"input_food\.csv: row \d+, fdc_id: 'x' is not a whole number"),
    ],
)
def test_damaged_fndds_is_refused_with_file_and_place(survey_folder, table, row, message):
    recounted(survey_folder)
    append(survey_folder, table, row)
    with pytest.raises(FoodDataError, match=message):
        read_release(survey_folder)


def test_release_with_fewer_rows_than_stated_is_incomplete_in_the_collection_too(foods, tmp_path):
    folder = write_csv_release(tmp_path, foods)
    rows = (folder / "food.csv").read_text().splitlines()
    (folder / "food.csv").write_text("\n".join(rows[:1] + rows[2:]) + "\n")
    with pytest.raises(FoodDataError, match=r"food\.csv has \d+ rows, the release states \d+"):
        read_release(folder)


def test_stream_names_the_row_of_a_wrong_cell_whatever_piece_it_is_in(tmp_path):
    cells = [*range(10), "ten", *range(11, 20)]
    write(tmp_path, "food", [["fdc_id"], *[[cell] for cell in cells]])
    with pytest.raises(FoodDataError, match=r"food\.csv: row 12, fdc_id: 'ten' is not a whole number"):
        list(ReleaseFiles(tmp_path).stream("food", ["fdc_id"], rows=3, dtypes={"fdc_id": "int64"}))
    for wrong, dtype in (("", "int64"), ("1.5", "int64"), ("inf", "float64"), ("1e999", "float64")):
        write(tmp_path, "food", [["fdc_id", "other"], ["1", "x"], [wrong, "x"]])
        with pytest.raises(FoodDataError, match=r"food\.csv: row 3, fdc_id"):
            list(ReleaseFiles(tmp_path).stream("food", ["fdc_id"], dtypes={"fdc_id": dtype}))


def test_stream_gives_the_rows_of_the_table_in_pieces(tmp_path):
    write(tmp_path, "food", [["fdc_id", "amount"], *[[number, f"{number}.1"] for number in range(10)]])
    files = ReleaseFiles(tmp_path)
    pieces = list(files.stream("food", ["fdc_id"], ("amount", "absent"), rows=4, dtypes={"fdc_id": "int64"}))
    assert [len(piece) for piece in pieces] == [4, 4, 2]
    whole = pd.concat(pieces)
    assert whole.index.to_list() == whole["fdc_id"].to_list() == list(range(10))
    assert whole["amount"].to_list() == [f"{number}.1" for number in range(10)]
    assert [(name, size) for name, size, _ in files.read] == [("food.csv", (tmp_path / "food.csv").stat().st_size)]


def test_quote_that_is_never_closed_is_refused_before_it_fills_the_memory(tmp_path):
    write(tmp_path, "food", [["fdc_id", "description"], [1, "x"]])
    with (tmp_path / "food.csv").open("a") as stream:
        stream.write('"2","' + "endless " * 100_000)
    with pytest.raises(FoodDataError, match=r"food\.csv has more than .* bytes in 10 rows: is a quote not closed\?"):
        list(ReleaseFiles(tmp_path).stream("food", ["fdc_id"], rows=10))


def test_zip_with_paths_that_lead_outside_is_read_and_nothing_is_written(foods, tmp_path):
    folder = write_csv_release(tmp_path, of_type(foods, FOUNDATION))
    target = tmp_path / "inside" / "FoodData_Central_foundation_food_csv_2026-04-30.zip"
    target.parent.mkdir()
    with zipfile.ZipFile(target, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"../../{file.name}")
        archive.writestr("__MACOSX/release/._food.csv", b"\x00\x05")
    before = sorted(tmp_path.rglob("*"))
    assert_same(read_release(target), read_release(folder))
    assert sorted(tmp_path.rglob("*")) == before


def test_file_of_one_name_in_two_folders_is_refused(foods, tmp_path):
    for name in ("one", "two"):
        write_csv_release(tmp_path, of_type(foods, FOUNDATION), name=name)
    with pytest.raises(FoodDataError, match=r"is there twice, .*one.* and .*two.*Give each release by itself"):
        ReleaseFiles(tmp_path)


def test_damaged_zip_is_refused(foods, tmp_path):
    path = zipped(write_csv_release(tmp_path, of_type(foods, FOUNDATION)))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 200] = bytes(200)
    path.write_bytes(content)
    with pytest.raises(FoodDataError, match=r"is damaged|is not a CSV table|neither a folder nor a zip"):
        read_release(path)


@pytest.fixture
def survey_json(foods, tmp_path):
    (path,) = write_json_release(tmp_path, some_foods([2705384, 2705385]))
    return path


def test_json_cut_short_is_refused(survey_json):
    survey_json.write_bytes(survey_json.read_bytes()[:-500])
    with pytest.raises(FoodDataError, match=r"is not JSON, or was cut short .*Download it again"):
        read_release(survey_json)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda food: food.pop("fdcId"), "food 1 has the fdcId 'None'"),
        (lambda food: food.update(fdcId="2705384"), "food 1 has the fdcId '2705384'"),
        (lambda food: food.update(fdcId=2705385), "fdcId 2705385 is there twice"),
        (lambda food: food.update(description=" "), "food 2705384: no description"),
        (lambda food: food.update(description=["Milk"]), "description .* is not a text"),
        (lambda food: food.update(dataType="Foundation"), "dataType 'Foundation' among the foods of type survey"),
        (lambda food: food.update(foodNutrients={"a": 1}), "foodNutrients .* is not a list of entries"),
        (lambda food: food["foodNutrients"][3].update(amount="much"), "amount 'much' is not a number"),
        (lambda food: food["foodNutrients"][3].update(amount=True), "amount 'True' is not a number"),
        (lambda food: food["foodNutrients"][3].update(nutrient=7), "nutrient '7' is not its parts by name"),
        (lambda food: food["foodPortions"][0].update(gramWeight="x"), "gramWeight 'x' is not a number"),
        (lambda food: food["foodPortions"][0].pop("portionDescription"), "food 2705384 has a portion without words"),
        (lambda food: food["inputFoods"][0].pop("ingredientCode"), "ingredientCode 'None' is not a value"),
        (lambda food: food.update(foodCode="11x"), "foodCode '11x' is not a number"),
    ],
)
def test_json_food_that_is_worded_otherwise_is_refused_by_name(survey_json, change, message):
    told = json.loads(survey_json.read_text("utf-8"))
    change(told["SurveyFoods"][0])
    survey_json.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(FoodDataError, match=message):
        read_release(survey_json)


def test_json_with_a_value_twice_is_refused_when_it_is_used(survey_json, tmp_path):
    told = json.loads(survey_json.read_text("utf-8"))
    told["SurveyFoods"][0]["foodNutrients"] *= 2
    survey_json.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(FoodDataError, match=r"food 2705384: nutrient id .* has two values"):
        write_database(read_release(survey_json), tmp_path / "x.sqlite")


@pytest.mark.parametrize(
    "text", ['{"SurveyFoods": []}', '{"Foods": [{"fdcId": 1}]}', "[]", "null", '{"SurveyFoods": 1}']
)
def test_json_without_foods_is_refused(tmp_path, text):
    path = tmp_path / "FoodData_Central_survey_food_json_2026-04-30.json"
    path.write_text(text)
    with pytest.raises(FoodDataError, match=r"is empty|found none of|no list of foods"):
        read_release(path)


def test_json_food_without_end_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    assert MAX_FOOD_BYTES > 1_000_000
    monkeypatch.setattr("nutridiary.fdc.files.MAX_FOOD_BYTES", 1_000_000)
    path = tmp_path / "surveyDownload.json"
    path.write_text('{"SurveyFoods": [{"fdcId": 1, "x": [' + "1," * 2_000_000)
    with pytest.raises(FoodDataError, match=r"has more than 1,000,000 bytes in one food"):
        read_release(path)


@pytest.mark.parametrize("opened", ["[", '{"a":'])
def test_json_nested_without_end_is_refused_before_it_fills_the_memory(tmp_path, opened):
    path = tmp_path / "surveyDownload.json"
    path.write_text('{"SurveyFoods": [{"fdcId": 1, "y": ' + opened * 100_000)
    with pytest.raises(FoodDataError, match=r"has a food nested more than 1,000 deep"):
        read_release(path)


def test_brackets_in_the_texts_of_many_foods_are_no_nesting(survey_json):
    told = json.loads(survey_json.read_text("utf-8"))
    first = told["SurveyFoods"][0]
    told["SurveyFoods"] = [{**first, "fdcId": number, "notes": "[[[ {{{ (("} for number in range(1, 400)]
    survey_json.write_text(json.dumps(told), encoding="utf-8")
    assert len(read_release(survey_json).foods) == 399


def test_names_from_a_zip_cannot_steer_the_terminal(tmp_path):
    path = tmp_path / "release.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("\x1b[2Jfood.csv", "x")
    with pytest.raises(FoodDataError) as caught:
        ReleaseFiles(path).table("food", ["fdc_id"])
    assert "\x1b" not in str(caught.value)
    assert "?[2Jfood.csv" in str(caught.value)


def test_file_nobody_may_read_is_told_as_such(foods, tmp_path, monkeypatch):
    folder = write_csv_release(tmp_path, of_type(foods, FOUNDATION))
    (folder / "food.csv").unlink()
    (folder / "food.csv").symlink_to(folder / "food.csv")  # is_file() is False for what leads nowhere
    with pytest.raises(FoodDataError, match=r"no food\.csv"):
        read_release(folder)
    with pytest.raises(FoodDataError, match="not found"):
        find_releases(tmp_path / "absent")


def test_find_releases_finds_every_download_below_a_folder(foods, tmp_path):
    csv_folder = write_csv_release(tmp_path / "a" / "deep", of_type(foods, FOUNDATION))
    packed = zipped(write_csv_release(tmp_path / "b", of_type(foods, SR_LEGACY)))
    shutil.rmtree(packed.with_suffix(""))
    (as_json,) = write_json_release(tmp_path / "c", of_type(foods, SURVEY))
    (tmp_path / "notes.json").write_text("{}")
    assert find_releases(tmp_path) == sorted([csv_folder, packed, as_json])
    assert [release_data_types(path) for path in find_releases(tmp_path)] == [[FOUNDATION], [SR_LEGACY], [SURVEY]]
    assert_same(read_releases(find_releases(tmp_path)), carried(foods), versions=False)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(FoodDataError, match="no release there"):
        find_releases(empty)
