"""Official tables are read whatever their headings are called over the years, and however the files are written."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from nutridiary.errors import FoodDataError
from nutridiary.fdc.releases import read_release
from nutridiary.foods import load_foods
from official_layout import FOUNDATION, SR_LEGACY, SURVEY, some_foods, write_csv_release, write_json_release

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def few(data_type: str) -> list[int]:
    foods = load_foods().foods()
    return foods[foods["data_type"] == data_type]["fdc_id"].to_list()[:12]


@pytest.fixture(params=[SURVEY, FOUNDATION, SR_LEGACY])
def folder(request, tmp_path) -> Path:
    """The csv tables of a few foods of one data type."""
    return write_csv_release(tmp_path, some_foods(few(request.param)), date="2025-04-24")


@pytest.fixture
def survey(tmp_path) -> Path:
    return write_csv_release(tmp_path, some_foods(few(SURVEY)), date="2025-04-24")


def rewritten(folder: Path, **how: object) -> None:
    for path in folder.glob("*.csv"):
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        text = io.StringIO()
        csv.writer(text, **how).writerows(rows)
        path.write_bytes(BYTE_ORDER_MARK + text.getvalue().encode() + b"\r\n")


def assert_same(folder: Path, expected) -> None:
    found = read_release(folder).tables()
    for name, frame in expected.tables().items():
        if name != "files":  # sizes and sha256 of what was read
            pd.testing.assert_frame_equal(found[name], frame)


def test_tables_are_the_same_however_they_are_quoted_and_broken_into_lines(folder):
    expected = read_release(folder)
    rewritten(folder, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    assert_same(folder, expected)


def test_capitals_of_headings_do_not_count(folder):
    expected = read_release(folder)
    for path in folder.glob("*.csv"):
        first, rest = path.read_text(encoding="utf-8").split("\n", 1)
        path.write_text(f"{first.swapcase()}\n{rest}", encoding="utf-8")
    assert_same(folder, expected)


def test_cell_that_is_no_number_is_named_whatever_the_capitals_of_its_heading(folder):
    path = folder / "food_nutrient.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[0] = lines[0].upper()
    lines[3] = lines[3].replace(lines[3].split(",")[1], '"many"', 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(FoodDataError, match=r"food_nutrient\.csv: row 4, fdc_id: 'many' is not a whole number"):
        read_release(folder)


@pytest.mark.parametrize("heading", ["wweia_food_category_code", "wweia_food_category_number"])
def test_number_of_a_category_is_read_under_each_of_its_names(survey, heading):
    expected = read_release(survey)
    path = survey / "wweia_food_category.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"wweia_food_category"', f'"{heading}"', 1), encoding="utf-8")
    assert_same(survey, expected)
    assert read_release(survey).foods["category"].notna().all()


def test_categories_without_numbers_are_refused_with_the_names_they_may_have(survey):
    path = survey / "wweia_food_category.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"wweia_food_category"', '"group"', 1), encoding="utf-8")
    with pytest.raises(FoodDataError, match=r"no column wweia_food_category, wweia_food_category_code"):
        read_release(survey)


@pytest.mark.parametrize("data_type", [SURVEY, FOUNDATION, SR_LEGACY])
def test_json_in_one_line_or_many_and_with_a_byte_order_mark_is_the_same(tmp_path, data_type):
    (path,) = write_json_release(tmp_path, some_foods(few(data_type)), date="2025-04-24")
    expected, foods = read_release(path), json.loads(path.read_bytes())
    path.write_text(json.dumps(foods, separators=(",", ":")), encoding="utf-8")
    assert_same(path, expected)
    path.write_bytes(BYTE_ORDER_MARK + json.dumps(foods, indent=4).replace("\n", "\r\n").encode())
    assert_same(path, expected)
