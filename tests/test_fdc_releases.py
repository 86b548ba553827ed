"""The official releases are read whole, as published, or refused with a reason."""

from __future__ import annotations

import lzma
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_up_releases import (
    CAKE,
    MILK,
    fndds_sheets,
    foundation_tables,
    sr_legacy_tables,
    write_all,
    write_csv_tables,
    write_fndds,
)
from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError
from nutridiary.fdc.database import write_database
from nutridiary.fdc.files import ReleaseFiles
from nutridiary.fdc.fndds import read_fndds
from nutridiary.fdc.portion_words import split_portion
from nutridiary.fdc.releases import read_release, read_releases
from nutridiary.fdc.values import choose_values, unit_factor
from nutridiary.foods import load_foods

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "fdc"


def built(tables, path):
    write_database(tables, path)
    return load_foods(path)


# --- FNDDS ---------------------------------------------------------------------------------------------


def test_read_fndds_reads_foods_with_aliases_and_category(tmp_path):
    tables = read_release(write_fndds(tmp_path))
    assert tables.foods["food_code"].to_list() == [11000001, MILK, CAKE]
    milk = tables.foods.iloc[1]
    assert (milk["description"], milk["category_number"], milk["category"]) == (
        "Milk, made up",
        1004,
        "Milk, reduced fat",
    )
    assert tables.aliases.to_dict("records") == [
        {"fdc_id": 9002, "seq": 1, "alias": "leche"},
        {"fdc_id": 9002, "seq": 2, "alias": "2% milk"},
    ]
    assert tables.releases.loc[0, "release"] == "FNDDS 2021-2023"
    assert tables.releases.loc[0, "foods"] == 3


def test_read_fndds_empty_cell_stays_unknown(tmp_path):
    values = read_fndds(write_fndds(tmp_path)).values
    assert (values["fdc_id"] == 9002).sum() == 65
    assert (values["fdc_id"] == 9003).sum() == 64
    assert (values["fdc_id"] == 9001).sum() == 0


def test_read_fndds_portion_without_weight_is_unknown_not_zero(tmp_path):
    portions = read_fndds(write_fndds(tmp_path)).portions.set_index("text")
    assert portions.loc["1 cup", ["amount", "description", "gram_weight"]].to_list() == [1.0, "cup", 244.0]
    assert portions.loc["1/2 slice, any size", ["amount", "description"]].to_list() == [0.5, "slice, any size"]
    unspecified = portions[portions["is_quantity_not_specified"]]
    assert unspecified["amount"].isna().all()
    assert unspecified["gram_weight"].isna().to_list() == [True, False]


def test_read_fndds_keeps_recipes(tmp_path):
    ingredients = read_fndds(write_fndds(tmp_path)).ingredients
    assert ingredients[["fdc_id", "ingredient_code", "grams", "moisture_change"]].to_numpy().tolist() == [
        [9003, MILK, 120, -5.5],
        [9003, 1077, 200, -5.5],
    ]


def test_read_fndds_missing_workbook_is_named(tmp_path):
    folder = write_fndds(tmp_path)
    next(folder.glob("*Portions and Weights.xlsx")).unlink()
    with pytest.raises(FoodDataError, match=r"0 workbooks named '\.\.\.Portions and Weights\.xlsx', expected one"):
        read_release(folder)


def test_read_fndds_wrong_workbook_says_what_was_expected_and_found(tmp_path):
    sheets = fndds_sheets()
    sheets["Portions and Weights"][0][5] = "Portion"
    with pytest.raises(FoodDataError, match=r"Expected .* Portion description.* Found: .*Seq num, Portion,"):
        read_release(write_fndds(tmp_path, sheets))


def test_read_fndds_missing_nutrient_column_is_named(tmp_path):
    sheets = fndds_sheets()
    sheets["FNDDS Nutrient Values"] = [row[:-1] for row in sheets["FNDDS Nutrient Values"]]
    with pytest.raises(FoodDataError, match=r"no column Folate|no column .*\)\. FNDDS .* has 65 nutrients"):
        read_release(write_fndds(tmp_path, sheets))


def test_read_fndds_text_in_a_number_names_row_and_column(tmp_path):
    sheets = fndds_sheets()
    sheets["FNDDS Nutrient Values"][2][4] = "trace"
    with pytest.raises(FoodDataError, match=r"row 4, .*: 'trace' is not a number"):
        read_release(write_fndds(tmp_path, sheets))


@pytest.mark.parametrize(
    "sheet_column", [("Foods and Beverages", 1), ("Portions and Weights", 5), ("FNDDS Ingredients", 6)]
)
def test_read_fndds_number_where_a_text_belongs_names_row_and_column(tmp_path, sheet_column):
    sheets, (sheet, column) = fndds_sheets(), sheet_column
    sheets[sheet][2][column] = 2.5
    with pytest.raises(FoodDataError, match=r"row 4, .* description: 2\.5 is not a text"):
        read_release(write_fndds(tmp_path, sheets))


def test_read_fndds_food_without_fdc_id_is_refused(tmp_path):
    sheets = fndds_sheets()
    sheets["Foods and Beverages"].append([99999999, "Stranger", None, 1, "x"])
    with pytest.raises(FoodDataError, match=r"without an FDC id in fdc_ids\.csv: 99999999"):
        read_release(write_fndds(tmp_path, sheets))


def test_read_fndds_nutrients_of_an_unlisted_food_are_refused(tmp_path):
    sheets = fndds_sheets()
    del sheets["Foods and Beverages"][2]
    with pytest.raises(FoodDataError, match=rf"foods that 'Foods and Beverages' lacks: {MILK}"):
        read_release(write_fndds(tmp_path, sheets))


def test_read_fndds_file_that_is_no_workbook_is_refused(tmp_path):
    folder = write_fndds(tmp_path)
    next(folder.glob("*FNDDS Ingredients.xlsx")).write_bytes(b"PK\x03\x04 nonsense")
    with pytest.raises(FoodDataError, match="cannot be read as a workbook"):
        read_release(folder)


# --- CSV releases --------------------------------------------------------------------------------------


@pytest.fixture
def foundation(tmp_path):
    return write_csv_tables(tmp_path / "FoodData_Central_foundation_food_csv_2025-04-24", foundation_tables())


@pytest.fixture
def sr_legacy(tmp_path):
    return write_csv_tables(tmp_path / "sr_legacy", sr_legacy_tables())


def test_read_csv_release_takes_current_foods_only(foundation):
    tables = read_release(foundation)
    assert tables.foods["fdc_id"].to_list() == [8001, 8002]
    assert tables.foods["description"].to_list() == ["Kale, made up", "Oil, made up"]
    assert tables.foods["category"].to_list() == ["Vegetables", "Fats and Oils"]
    assert set(tables.values["fdc_id"]) == {8001, 8002}
    assert tables.releases.loc[0, "release"] == "Foundation Foods 2025-04-24"


def test_energy_without_1008_is_the_specific_factors_and_says_so(foundation, tmp_path):
    foods = built(read_release(foundation), tmp_path / "f.sqlite")
    value = foods.values([8001], ["energy"]).iloc[0]
    assert (value["amount"], value["unit"], value["fdc_nutrient_id"]) == (35.0, "kcal", 2048)


def test_sugars_fall_back_to_the_labelling_definition_and_say_so(foundation, tmp_path):
    value = built(read_release(foundation), tmp_path / "f.sqlite").values([8001], ["sugars_total"]).iloc[0]
    assert (value["amount"], value["fdc_nutrient_id"]) == (0.8, 1063)


def test_vitamin_d_in_iu_only_is_converted_and_recorded(foundation, tmp_path):
    value = built(read_release(foundation), tmp_path / "f.sqlite").values([8002], ["vitamin_d"]).iloc[0]
    assert (value["amount"], value["unit"], value["fdc_nutrient_id"]) == (1.0, "ug", 1110)


def test_vitamin_d_in_micrograms_wins_over_iu(foundation, tmp_path):
    tables = foundation_tables()
    tables["food_nutrient"].append([11, 8002, 1114, "1.1", 2, 1, ""])
    tables["nutrient"].append([1114, "Vitamin D (D2 + D3)", "UG", 328, 1])
    foods = built(read_release(write_csv_tables(foundation, tables)), tmp_path / "f.sqlite")
    assert foods.values([8002], ["vitamin_d"])[["amount", "fdc_nutrient_id"]].to_numpy().tolist() == [[1.1, 1114]]


def test_missing_amount_stays_missing_and_is_no_value(foundation, tmp_path):
    foods = built(read_release(foundation), tmp_path / "f.sqlite")
    assert foods.composition([8001], ["calcium"]).isna().all(axis=None)
    assert foods.values([8001], ["calcium"]).empty


def test_derivation_ids_become_derivation_and_source_codes(foundation, tmp_path):
    values = built(read_release(foundation), tmp_path / "f.sqlite").values([8001], ["potassium", "energy"])
    assert values["derivation_code"].to_list() == ["A", "NC"]
    assert values["source_code"].to_list() == [1, 4]
    assert values["data_points"].to_list() == [6, pd.NA]


def test_portions_of_csv_releases_take_words_from_unit_and_modifier(foundation):
    portions = read_release(foundation).portions
    assert portions["text"].to_list() == ["1 cup, chopped", "2 tablespoon", "1 ladle"]
    assert portions["amount"].to_list() == [1, 2, 1]
    assert portions["seq"].to_list() == [1, 1, 2]
    assert portions["gram_weight"].isna().to_list() == [False, False, True]


def test_sr_legacy_keeps_standard_error_assumed_zero_and_where_a_value_is_from(sr_legacy, tmp_path):
    foods = built(read_release(sr_legacy), tmp_path / "s.sqlite")
    values = foods.values([6001]).set_index("nutrient")
    assert values.loc["potassium", ["standard_error", "data_points"]].to_list() == [1.5, 33]
    assert values["assumed_zero"].to_dict() == {"potassium": False, "vitamin_d": False, "vitamin_b12": True}
    assert values.loc["vitamin_d", "release"] == "SR28 2015-09"
    assert values.loc["vitamin_d", ["source_code", "data_points", "derivation_code"]].isna().all()
    assert foods.food(6001)["release"] == "SR Legacy 2018-04"


def test_sr_legacy_portion_of_amount_zero_has_no_known_amount(sr_legacy):
    portions = read_release(sr_legacy).portions
    assert portions["description"].to_list() == ['medium (3" dia)', "cup"]
    assert portions["amount"].isna().to_list() == [False, True]


def test_a_zip_and_an_xz_read_like_the_folder(foundation, tmp_path):
    archive = tmp_path / "FoodData_Central_foundation_food_csv_2025-04-24.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for file in sorted(foundation.iterdir()):
            target.write(file, f"{foundation.name}/{file.name}")
    packed = shutil.copytree(foundation, tmp_path / "packed_2025-04-24")
    plain = packed / "food_nutrient.csv"
    (packed / "food_nutrient.csv.xz").write_bytes(lzma.compress(plain.read_bytes()))
    plain.unlink()
    expected = read_release(foundation)
    for other in (read_release(archive), read_release(packed)):
        for name, frame in expected.tables().items():
            if name != "files":
                pd.testing.assert_frame_equal(other.tables()[name], frame)


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        ("food_nutrient", [99, 8001, 1092, "350", 1, 1, ""], r"food_nutrient\.csv has 1 repeated rows.*fdc_id 8001"),
        (
            "food_nutrient",
            [99, 8001, 1103, "many", 1, 1, ""],
            r"food_nutrient\.csv: row 12, amount: 'many' is not a number",
        ),
        ("food_nutrient", [99, "x", 1103, "1", 1, 1, ""], r"row 12, fdc_id: 'x' is not a whole number"),
        ("food_nutrient", [99, 8001, 1103, "1", 1, 1, ""], r"nutrient\.csv lacks the ids 1103"),
        ("food_nutrient", [99, 8001, 1103, "inf", 1, 1, ""], r"'inf' is not a number"),
        (
            "foundation_food",
            [8009, "", ""],
            r"1 foods of foundation_food\.csv are not foods of that type in food\.csv: 8009",
        ),
        ("foundation_food", [7000, "", ""], r"are not foods of that type in food\.csv: 7000"),
        ("foundation_food", [8001, "", ""], r"foundation_food\.csv has 1 repeated rows"),
        ("food_category", [11, "1100", "Fruit"], r"food_category\.csv has the id 11 twice"),
        ("measure_unit", [1000, "mug"], r"measure_unit\.csv has the id 1000 twice"),
        ("food_portion", [9, 8001, 2, "1", 77, "", "", "5", ""], r"measure_unit\.csv lacks the ids 77"),
    ],
)
def test_damaged_csv_release_is_refused_with_file_and_place(tmp_path, table, row, message):
    tables = foundation_tables()
    tables[table].append(row)
    with pytest.raises(FoodDataError, match=message):
        read_release(write_csv_tables(tmp_path / "damaged", tables))


def test_csv_rows_wider_than_their_header_are_refused_not_shifted(tmp_path):
    tables = foundation_tables()
    for row in tables["foundation_food"][1:]:
        row.insert(0, "surplus")
    with pytest.raises(FoodDataError, match=r"foundation_food\.csv has rows with more cells than its header"):
        read_release(write_csv_tables(tmp_path / "r", tables))


def test_csv_release_without_a_column_names_it(tmp_path):
    tables = foundation_tables()
    tables["food"][0][2] = "name"
    with pytest.raises(FoodDataError, match=r"food\.csv has no column description\. Found: fdc_id, data_type, name"):
        read_release(write_csv_tables(tmp_path / "r", tables))


def test_csv_release_shorter_than_it_states_is_incomplete(tmp_path):
    tables = sr_legacy_tables()
    counts = [["Table", "Number of Records"], ["food", 1], ["food_portion", 3], ["food_nutrient", 5]]
    tables["all_downloaded_table_record_counts"] = counts
    folder = write_csv_tables(tmp_path / "sr", tables)
    with pytest.raises(FoodDataError, match=r"food_portion\.csv has 2 rows, the release states 3"):
        read_release(folder)
    counts[2][1] = 2
    note = read_release(write_csv_tables(folder, tables)).releases.loc[0, "note"]
    assert note.startswith("food_nutrient has 3 of the 5 values the release states")


def test_folder_that_is_no_release_says_what_was_expected(tmp_path):
    with pytest.raises(FoodDataError, match=r"found none of survey_fndds_food\.csv, foundation_food\.csv"):
        read_release(tmp_path)
    with pytest.raises(FoodDataError, match="not found"):
        read_release(tmp_path / "absent")


def test_file_that_is_no_zip_is_refused(tmp_path):
    path = tmp_path / "release.zip"
    path.write_text("<html>not found</html>")
    with pytest.raises(FoodDataError, match="neither a folder nor a zip"):
        read_release(path)


def test_table_larger_than_the_limit_is_not_unpacked(tmp_path):
    archive = tmp_path / "bomb.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("food.csv", "fdc_id\n" + "0" * 5_000_000)
    assert archive.stat().st_size < 10_000
    files = ReleaseFiles(archive, max_bytes=1_000_000, max_streamed_bytes=2_000_000)
    with pytest.raises(FoodDataError, match=r"food\.csv unpacks to more than 1,000,000 bytes"):
        files.table("food", ["fdc_id"])
    with pytest.raises(FoodDataError, match=r"food\.csv unpacks to more than 2,000,000 bytes"):
        list(files.stream("food", ["fdc_id"]))


def test_damaged_xz_is_refused(foundation):
    content = lzma.compress((foundation / "food_nutrient.csv").read_bytes())
    (foundation / "food_nutrient.csv").unlink()
    (foundation / "food_nutrient.csv.xz").write_bytes(content[:-20])
    with pytest.raises(FoodDataError, match=r"food_nutrient\.csv\.xz is damaged"):
        read_release(foundation)


def test_table_that_is_not_utf8_is_refused(foundation):
    (foundation / "food.csv").write_bytes(b'"fdc_id"\n"\xff\xfe"\n')
    with pytest.raises(FoodDataError, match=r"food\.csv is not a CSV table in UTF-8"):
        ReleaseFiles(foundation).table("food", ["fdc_id"])


def test_the_same_release_twice_is_refused(foundation):
    with pytest.raises(FoodDataError, match="2 foods stand in two of these, first 8001"):
        read_releases([foundation, foundation])


# --- which value, which unit ---------------------------------------------------------------------------


def test_unit_factor_refuses_iu_of_vitamin_a():
    with pytest.raises(FoodDataError, match="vitamin_a_rae: a value in 'IU', and no factor leads from there to ug"):
        unit_factor("IU", "vitamin_a_rae", "ug")


def test_unit_factor_refuses_energy_as_a_mass():
    with pytest.raises(FoodDataError):
        unit_factor("KCAL", "protein", "g")


def test_unit_factor_agrees_with_the_definition_of_the_units():
    assert unit_factor("G", "calcium", "mg") == 1000
    assert unit_factor("mcg_DFE", "folate_dfe", "ug") == 1
    assert 4.184 * unit_factor("kJ", "energy", "kcal") == pytest.approx(1)


def test_choose_values_converts_amount_and_standard_error_alike(sr_legacy):
    tables = read_release(sr_legacy)
    values = tables.values.assign(unit="G")
    chosen = choose_values(values[values["fdc_nutrient_id"] == 1092])
    assert chosen.loc[0, ["amount", "standard_error", "unit"]].to_list() == [107_000, 1500, "mg"]


@given(st.integers(1, 500), st.sampled_from(["cup", "oz, cooked", "slice, any size", 'large (8" dia)']))
def test_split_portion_gives_back_what_a_count_and_words_made_up(count, words):
    assert split_portion(f"{count} {words}") == (count, words)


# --- the database --------------------------------------------------------------------------------------


def build(folder: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "build_fdc.py"), str(folder), "--out", str(out)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_build_same_releases_give_the_same_bytes(tmp_path):
    releases = write_all(tmp_path / "releases")
    for name in ("one.sqlite", "two.sqlite"):
        done = build(releases, tmp_path / name)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "one.sqlite").read_bytes() == (tmp_path / "two.sqlite").read_bytes()
    foods = load_foods(tmp_path / "one.sqlite")
    assert foods.foods()["data_type"].value_counts().to_dict() == {
        "survey_fndds_food": 3,
        "foundation_food": 2,
        "sr_legacy_food": 1,
    }


def test_build_without_one_of_the_releases_says_which_it_found(tmp_path):
    releases = write_all(tmp_path / "releases")
    shutil.rmtree(releases / "sr_legacy")
    done = build(releases, tmp_path / "x.sqlite")
    assert done.returncode == 2
    assert "found survey_fndds_food, foundation_food" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "x.sqlite").exists()


def test_rebuild_from_the_official_releases_equals_the_shipped_database(tmp_path):
    if not SHARED.is_dir():
        pytest.skip(f"the official releases are not at {SHARED}: the shipped database was not compared with them")
    done = build(SHARED, tmp_path / "foods.sqlite")
    assert done.returncode == 0, done.stderr
    shipped = data_file("fdc", "foods.sqlite")
    assert sha256((tmp_path / "foods.sqlite").read_bytes()).digest() == sha256(shipped.read_bytes()).digest()
