"""An analysis as JSON: whole, typed, readable by others, and the same when it is read back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from build_schema import PATH, schema_text
from nutridiary import Person, analyze
from nutridiary.analysis import Analysis
from nutridiary.errors import NutridiaryError
from nutridiary.report.data import as_data, json_bytes, read_analysis, to_json
from nutridiary.report.data.declared import ANALYSIS_TABLES
from nutridiary.report.data.reading import frames_of
from nutridiary.report.data.writing import table_data
from nutridiary.tables import ENTRIES, conform
from test_whole_workbook import workbook  # noqa: F401 -- a fixture

DATA = Path(__file__).parents[1] / "data" / "diaries"
EXPORTS = Path(__file__).parent / "data" / "exports"
WOMAN = Person(sex="female", age_years=34, weight_kg=61.5, conditions=("premenopausal",))


def same(one: Analysis, other: Analysis) -> None:
    """Assert that two analyses are equal, table by table and setting by setting."""
    for name in ANALYSIS_TABLES:
        assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True, obj=name)
    assert list(one.settings.items()) == list(other.settings.items())
    assert list(one.people.items()) == list(other.people.items())
    assert one.lock == other.lock
    assert (one.own_foods is None) == (other.own_foods is None)
    if one.own_foods is not None and other.own_foods is not None:
        for name in ("aliases", "table", "ingredients"):
            assert_frame_equal(getattr(one.own_foods, name), getattr(other.own_foods, name), check_exact=True)
        assert one.own_foods.basis == other.own_foods.basis
        assert one.own_foods.names == other.own_foods.names
        ids = list(one.own_foods.basis)
        for ask in ("foods", "composition", "portions"):
            assert_frame_equal(getattr(one.own_foods.foods, ask)(ids), getattr(other.own_foods.foods, ask)(ids))
        assert one.own_foods.foods.twins == other.own_foods.foods.twins


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Analysis, Path]:
    """The analysis of an app's export, which carries values of its own, and its JSON."""
    analysis = analyze(EXPORTS / "cronometer_servings_2020.csv", WOMAN)
    return analysis, to_json(analysis, tmp_path_factory.mktemp("json") / "report.json")


def changed(path: Path, change: Any) -> Path:
    """Write a copy of a JSON file after `change` was made to its data."""
    data = json.loads(path.read_text())
    change(data)
    target = path.with_name("changed.json")
    target.write_text(json.dumps(data))
    return target


def test_file_from_before_locks_is_read_as_it_was_written(written: tuple[Analysis, Path], tmp_path: Path) -> None:
    analysis, path = written
    data = json.loads(path.read_text())
    del data["lock"], data["looked_up"]
    for name in ("barcode", "product_id", "product_by", "product_score"):
        del data["tables"]["entries"][name]
    earlier = tmp_path / "earlier.json"
    earlier.write_text(json.dumps(data))
    read = read_analysis(earlier)
    assert_frame_equal(read.comparison, analysis.comparison, check_exact=True)
    assert_frame_equal(read.entries, analysis.entries, check_exact=True)
    assert read.lock is None
    read.to_html(tmp_path / "report.html")
    # What cannot be told is not made up.
    del data["tables"]["entries"]["gram_weight"]
    earlier.write_text(json.dumps(data))
    with pytest.raises(NutridiaryError, match=r"gram_weight missing.*made by an earlier nutridiary, analyse the diary"):
        read_analysis(earlier)


def test_every_table_of_an_analysis_is_in_the_file() -> None:
    fields = {field.name for field in dataclasses.fields(Analysis)}
    beside = {"people", "settings", "own_foods", "lock", "looked_up", "foods"}
    assert fields - beside == set(ANALYSIS_TABLES)


def test_published_schema_is_that_of_this_version() -> None:
    assert PATH.read_text("utf-8") == schema_text(), "run tools/build_schema.py"


def test_schema_gives_the_unit_and_meaning_of_every_column() -> None:
    tables = json.loads(PATH.read_text("utf-8"))["properties"]["tables"]["properties"]
    for name, table in ANALYSIS_TABLES.items():
        for column in table.columns:
            assert column.meaning in tables[name]["properties"][column.name]["description"]
            assert column.unit in tables[name]["properties"][column.name]["description"]


@pytest.mark.parametrize("source", ["cronometer_servings_2020.csv", "table_template.csv", "asa24_items_2020.csv"])
def test_json_of_a_diary_is_valid_and_reads_back_the_same(source: str, tmp_path: Path) -> None:
    analysis = analyze(EXPORTS / source)
    path = to_json(analysis, tmp_path / "report.json")
    jsonschema.Draft202012Validator(json.loads(PATH.read_text("utf-8"))).validate(json.loads(path.read_bytes()))
    same(analysis, read_analysis(path))


def test_json_of_a_workbook_with_every_sheet_reads_back_the_same_and_gives_the_same_report(
    workbook: Path,  # noqa: F811
) -> None:
    analysis = analyze(workbook)
    path = to_json(analysis, workbook.with_name("report.json"))
    jsonschema.Draft202012Validator(json.loads(PATH.read_text("utf-8"))).validate(json.loads(path.read_bytes()))
    again = read_analysis(path)
    same(analysis, again)
    assert json_bytes(again) == path.read_bytes()
    first, second = (a.to_excel(workbook.with_name(f"{n}.xlsx")) for n, a in enumerate((analysis, again)))
    assert first.read_bytes() == second.read_bytes()


def test_schema_refuses_a_figure_where_a_text_belongs(written: tuple[Analysis, Path]) -> None:
    data = json.loads(written[1].read_bytes())
    data["tables"]["entries"]["food_text"][0] = 7
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json.loads(PATH.read_text("utf-8")))


def test_missing_value_is_null_and_an_exported_value_keeps_its_column(written: tuple[Analysis, Path]) -> None:
    analysis, path = written
    text = path.read_text("utf-8")
    assert "NaN" not in text
    assert "Infinity" not in text
    entries = json.loads(text)["tables"]["entries"]
    recorded = [name for name in entries if name.startswith("recorded_")]
    assert recorded
    for name in recorded:
        known = [None if math.isnan(value) else value for value in analysis.entries[name]]
        assert entries[name] == known
    assert entries["date"] == [f"{day:%Y-%m-%d}" for day in analysis.entries["date"]]


def test_table_of_the_file_is_a_data_frame_without_further_ado(written: tuple[Analysis, Path]) -> None:
    frame = pd.DataFrame(json.loads(written[1].read_bytes())["tables"]["comparison"])
    assert frame["mean_intake"].dtype == "float64"
    assert frame["nutrient"].to_list() == written[0].comparison["nutrient"].to_list()


@settings(deadline=None)
@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    st.one_of(st.none(), st.dates()),
)
def test_any_value_is_read_back_digit_for_digit(
    amount: float, text: str, number: int | None, day: dt.date | None
) -> None:
    lines: dict[str, list[object]] = {
        "line": [1, 2],
        "amount": [amount, None],
        "food_text": [text, None],
        "stated_fdc_id": [number, None],
        "date": [day, None],
    }
    entries = conform(pd.DataFrame(lines, dtype="object").assign(recorded_zinc=[None, amount]), ENTRIES)
    read = json.loads(json.dumps({"entries": table_data(entries, ENTRIES)}, allow_nan=False))
    assert_frame_equal(entries, frames_of(read, {"entries": ENTRIES}, "tables")["entries"], check_exact=True)


def test_json_of_the_same_analysis_is_the_same_bytes(written: tuple[Analysis, Path]) -> None:
    again = analyze(EXPORTS / "cronometer_servings_2020.csv", WOMAN)
    assert json_bytes(again) == written[1].read_bytes()
    assert as_data(again)["people"][0]["conditions"] == ["premenopausal"]


def _drop_table(data: Any) -> None:
    del data["tables"]["comparison"]


def _shorten_column(data: Any) -> None:
    data["tables"]["entries"]["line"].pop()


def _text_for_number(data: Any) -> None:
    data["tables"]["days"]["amount"][0] = "=1+1"


def _flag_for_number(data: Any) -> None:
    data["tables"]["days"]["amount"][0] = True


def _no_day(data: Any) -> None:
    data["tables"]["days"]["date"][0] = "2026-13-45"


def _unknown_column(data: Any) -> None:
    data["tables"]["days"]["__class__"] = []


def _huge_number(data: Any) -> None:
    data["tables"]["entries"]["line"][0] = 10**30


def _later_version(data: Any) -> None:
    data["schema_version"] = 2


def _no_sex(data: Any) -> None:
    data["people"][0]["sex"] = "cat"


def _line_twice(data: Any) -> None:
    for values in data["tables"]["entries"].values():
        values.append(values[-1])


def _list_for_settings(data: Any) -> None:
    data["settings"]["diary"] = ["a"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_drop_table, r"tables: comparison missing"),
        (_shorten_column, r"tables\.entries: its columns are not of the same length"),
        (_text_for_number, r"tables\.days\.amount: value 1 is a text, which is no number"),
        (_flag_for_number, r"tables\.days\.amount: value 1 is true or false, which is no number"),
        (_no_day, r"tables\.days\.date: a value is no day"),
        (_unknown_column, r"tables\.days: __class__ not known"),
        (_huge_number, r"tables\.entries\.line: a value is no whole number that can be held"),
        (_later_version, r"schema_version 2 found, and this version of nutridiary reads 1"),
        (_no_sex, r"changed\.json: sex 'cat'"),
        (_line_twice, r"tables\.entries: two rows are the same in source, line"),
        (_list_for_settings, r"settings: every setting must be a text"),
    ],
)
def test_read_analysis_says_what_is_wrong_with_a_changed_file(
    written: tuple[Analysis, Path], change: Any, told: str
) -> None:
    with pytest.raises(NutridiaryError, match=told):
        read_analysis(changed(written[1], change))


@pytest.mark.parametrize(
    "content",
    [b"", b"[" * 100_000, b"\xff\xfe", b'{"a": NaN}', b'{"a": 1, "a": 2}', b"[]", b"1" * 5000, b'"text"', b"null"],
)
def test_read_analysis_refuses_what_is_no_analysis_in_one_clear_line(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "hostile.json"
    path.write_bytes(content)
    with pytest.raises(NutridiaryError, match=r"hostile\.json"):
        read_analysis(path)


def test_read_analysis_names_the_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NutridiaryError, match="cannot be read"):
        read_analysis(tmp_path / "nowhere.json")
