"""Columns that are named, where the guess from the headings is wrong, and the preview to choose them by."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from nutridiary import Person, analyze
from nutridiary.bundle import reproduce, write_bundle
from nutridiary.cli import main
from nutridiary.diary import preview, read_diary, read_whole
from nutridiary.diary.grid import Grid
from nutridiary.diary.named_columns import check_columns, column_names, columns_of
from nutridiary.errors import DiaryError

WRONG = "When,Thing,Food,Qty\n2026-03-01,Oats,Grain,40 g\n2026-03-01,Apple,Fruit,2\n2026-03-03,Milk,,200 ml\n"
RIGHT = {"date": "When", "food": "Thing"}
BARE = "2026-03-01,Breakfast,oats,40 g\n2026-03-01,Breakfast,apple,2\n2026-03-02,Lunch,soup,300 g\n"
CRONOMETER = "Day,Time,Group,Food Name,Amount,Energy (kcal),Category\n2025-01-01,,Lunch,Apple,100.00 g,52.00,Fruits\n"


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    path = tmp_path / "diary.csv"
    path.write_text(WRONG, encoding="utf-8")
    return path


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def said(path: Any, **reading: Any) -> list[tuple[Any, ...]]:
    """What a diary says: day, food, amount, unit."""
    table = read_diary(path, **reading)
    days = table["date"].dt.strftime("%d").tolist()
    amounts, units = table["amount"].tolist(), table["unit"].astype("object").fillna("").tolist()
    return list(zip(days, table["food_text"].tolist(), amounts, units, strict=True))


def test_named_columns_go_before_the_guess(diary: Path) -> None:
    assert [row[1] for row in said(diary, date="2026-03-01")][:2] == ["Grain", "Fruit"]
    assert said(diary, columns=RIGHT) == [
        ("01", "Oats", 40.0, "g"),
        ("01", "Apple", 2.0, ""),
        ("03", "Milk", 200.0, "ml"),
    ]


def test_file_of_named_columns_says_so_and_keeps_the_other_words_as_a_note(diary: Path) -> None:
    read = read_whole(diary, columns=RIGHT)
    assert "columns as named: date = When, food = Thing" in read.files.loc[0, "note"]
    assert read.entries["note"].str.contains("Food: Grain").tolist()[0]


def test_food_is_not_taken_from_another_column_where_its_column_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "d.csv", "Date,Dish,Item\n2026-03-01,,Wrapping\n2026-03-01,Soup,Bowl\n")
    problems = read_diary(path, columns={"food": "Dish"})["problem"]
    assert problems.notna().tolist() == [True, False]


def test_column_said_to_be_missing_is_not_read(tmp_path: Path) -> None:
    path = written(tmp_path, "d.csv", "Date,Food,Time,Notes\n2026-03-01,Soup,12:30,no time of day\n")
    read = read_diary(path, columns={"time": "-", "note": ""}).iloc[0]
    assert read[["time"]].isna().all()
    assert "no time of day" not in str(read["note"])


def test_table_without_a_header_is_read_by_letters_and_loses_no_row(tmp_path: Path) -> None:
    path = written(tmp_path, "bare.csv", BARE)
    columns = {"date": "column A", "meal": "Column B", "food": "column C", "amount": "column D"}
    assert said(path, columns=columns) == [
        ("01", "oats", 40.0, "g"),
        ("01", "apple", 2.0, ""),
        ("02", "soup", 300.0, "g"),
    ]


def test_column_without_a_heading_is_named_by_its_letter(tmp_path: Path) -> None:
    path = written(tmp_path, "d.csv", "Date,Food,\n2026-03-01,Soup,300 g\n")
    assert said(path, columns={"amount": "column C"}) == [("01", "Soup", 300.0, "g")]


def test_repeated_header_of_named_columns_is_no_food(tmp_path: Path) -> None:
    path = written(tmp_path, "d.csv", "When,Thing\n2026-03-01,Oats\nWhen,Thing\n2026-03-02,Soup\n")
    kinds = read_diary(path, columns=RIGHT)["kind"].tolist()
    assert kinds == ["food", "note", "food"]


def test_name_is_not_found_in_a_line_of_the_diary(tmp_path: Path) -> None:
    path = written(tmp_path, "d.csv", "Date,Meal,Food\n2026-03-01,Lunch,Soup\n")
    with pytest.raises(DiaryError, match="no column is headed 'Soup'"):
        read_diary(path, columns={"food": "Soup"})


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"fod": "Thing"}, r"no column 'fod'\. Did you mean 'food'\?"),
        ({"food": "Thng"}, r"no column is headed 'Thng', named for the food\. Did you mean 'Thing'\?"),
        ({"food": "column Z"}, "no column is headed 'column Z'"),
        ({"food": "Thing", "note": "thing"}, "named for two columns, food and note"),
        ({"food": "Thing", "Food": "Qty"}, "the column 'food' is named twice"),
    ],
)
def test_name_that_cannot_be_followed_is_told_with_what_is_near(
    diary: Path, columns: dict[str, str], words: str
) -> None:
    with pytest.raises(DiaryError, match=words):
        read_diary(diary, columns=columns, date="2026-03-01")


def test_weight_in_ounces_is_not_taken_for_grams(tmp_path: Path) -> None:
    path = written(tmp_path, "d.csv", "Date,Food,Served (oz)\n2026-03-01,Soup,10\n")
    with pytest.raises(DiaryError, match="is in oz, not in grams"):
        read_diary(path, columns={"grams": "Served (oz)"})
    assert said(path, columns={"amount": "Served (oz)"}) == [("01", "Soup", 10.0, "oz")]


def test_export_of_an_app_is_read_as_a_table_once_a_column_of_it_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "servings.csv", CRONOMETER)
    assert read_whole(path).files["format"].tolist() == ["cronometer"]
    read = read_whole(path, columns={"food": "Category"})
    assert read.files["format"].tolist() == ["table"]
    assert read.entries["food_text"].tolist() == ["Fruits"]


def test_columns_of_an_app_cannot_be_left_out_or_named_beside_its_format(tmp_path: Path) -> None:
    path = written(tmp_path, "servings.csv", CRONOMETER)
    with pytest.raises(DiaryError, match="columns of format 'cronometer' are fixed"):
        read_whole(path, columns={"time": "-"})
    with pytest.raises(DiaryError, match="columns of format 'cronometer' are fixed"):
        read_whole(path, format="cronometer", columns={"food": "Food Name"})


def test_of_several_files_only_those_with_the_headings_are_read_by_them(diary: Path, tmp_path: Path) -> None:
    other = written(tmp_path, "april.csv", "Date,Food,Amount\n2026-04-01,Bread,50 g\n")
    export = written(tmp_path, "servings.csv", CRONOMETER)
    read = read_whole([diary, other, export], columns=RIGHT)
    assert read.files["format"].tolist() == ["table", "table", "cronometer"]
    assert read.entries["food_text"].tolist() == ["Oats", "Apple", "Milk", "Bread", "Apple"]


def test_member_of_a_zip_is_read_by_named_columns(diary: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("foods.csv", diary.read_text())
        archive.writestr("weights.csv", "When,Weight\n2026-03-01,61 kg\n")
    read = read_whole(path, columns=RIGHT)
    assert read.entries["food_text"].tolist() == ["Oats", "Apple", "Milk"]
    assert "export.zip/weights.csv" in set(read.left_aside["source"])


def test_sheets_beside_a_diary_stay_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "diary.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.title = "Log"
    for row in (["When", "Thing"], ["2026-03-01", "Oats 40 g"]):
        workbook.active.append(row)
    person = workbook.create_sheet("Person")
    for row in (["Person", "Sex", "Age"], ["", "female", 34]):
        person.append(row)
    workbook.save(path)
    read = read_whole(path, columns=RIGHT)
    assert read.people[""].age_years == 34
    assert read.entries["food_text"].tolist() == ["Oats"]


def test_table_that_looks_like_symptoms_is_a_diary_once_its_food_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "d.csv", "Date,Symptom,Severity\n2026-03-01,Ginger tea,3\n")
    assert read_whole(path).entries.empty
    assert read_diary(path, columns={"food": "Symptom"})["food_text"].tolist() == ["Ginger tea"]


@given(order=st.permutations(["When", "Thing", "Qty"]), capitals=st.booleans())
def test_order_of_columns_and_capitals_of_names_do_not_matter(order: list[str], capitals: bool) -> None:
    cells = {"When": "2026-03-01", "Thing": "oats", "Qty": "40 g"}
    grid = Grid("d.csv", "d.csv", [order, [cells[name] for name in order]])
    named = {"date": "WHEN", "food": "THING", "amount": "QTY"} if capitals else {"date": "When", "food": "Thing"}
    found = columns_of(grid, check_columns(named))
    assert found is not None
    assert {column: order[place] for column, place in found.places.items()} == {
        "date": "When",
        "food": "Thing",
        "amount": "Qty",
    }


@given(st.lists(st.sampled_from(["Food", "food", "", "Qty", "-", "column B"]), min_size=1, max_size=6))
def test_every_column_has_a_name_that_finds_it_again(headings: list[str]) -> None:
    grid = Grid("d.csv", "d.csv", [headings, ["1"] * len(headings)])
    for place, name in enumerate(column_names(headings, len(headings))):
        found = columns_of(grid, {"food": name})
        if headings.count("column B") == 0 and "Food" in headings:
            assert found is not None
            assert found.places["food"] == place


def run(*words: object, status: int = 0) -> str:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == status, result.output
    return result.output


def test_column_option_reads_what_was_named(diary: Path) -> None:
    shown = run("entries", diary, "--column", "food=Thing", "--column", "date=When", "--csv")
    assert "Oats" in shown
    assert "Milk" in shown


@pytest.mark.parametrize("words", ["food", "=Thing"])
def test_column_option_without_a_heading_is_refused_with_an_example(diary: Path, words: str) -> None:
    assert "food=Description" in run("entries", diary, "--column", words, status=2)


def test_report_says_which_columns_were_named_and_its_bundle_makes_it_again(diary: Path, tmp_path: Path) -> None:
    woman = Person(sex="female", age_years=34)
    columns = {"food": "Thing", "date": "When", "meal": "-"}
    analysis = analyze(diary, woman, columns=columns)
    assert analysis.settings["columns"] == "date = When, meal = none, food = Thing"
    bundle = write_bundle(tmp_path / "b.zip", analysis, diary, woman, forms=(".json",), columns=columns)
    assert reproduce(bundle).same


def test_de_identified_report_does_not_say_headings(tmp_path: Path) -> None:
    path = written(tmp_path, "d.csv", "Date,What Petronella ate\n2026-03-01,Oats 40 g\n")
    analysis = analyze(path, columns={"food": "What Petronella ate"}, de_identify=True)
    assert "columns" not in analysis.settings
    assert "Petronella" not in str(analysis.settings) + analysis.entries.to_csv()


def test_preview_shows_the_beginning_of_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = written(tmp_path, "bare.csv", BARE)
    with pytest.raises(DiaryError):
        read_whole(path)
    (sheet,) = preview(path)
    assert (sheet.read_as, sheet.header, sheet.row_count) == ("", None, 3)
    assert sheet.columns == ("column A", "column B", "column C", "column D")
    assert sheet.rows[0] == (1, ("2026-03-01", "Breakfast", "oats", "40 g"))


def test_preview_tells_what_each_heading_is_taken_as(diary: Path) -> None:
    guessed, named = preview(diary)[0], preview(diary, columns=RIGHT)[0]
    assert guessed.taken_as == ("meal", None, "food", "amount")
    assert named.taken_as == ("date", "food", "note", "amount")


def test_preview_ignores_what_cannot_be_followed(diary: Path) -> None:
    assert preview(diary, columns={"food": "Thng"}, format="cronometre")[0].columns == ("When", "Thing", "Food", "Qty")


def test_preview_is_cut_to_what_can_be_looked_at(tmp_path: Path) -> None:
    header = ",".join(["Date", "Food", *(f"c{n}" for n in range(60))])
    path = written(tmp_path, "wide.csv", header + "\n" + f"2026-03-01,{'x' * 500}{',1' * 60}\n" * 30)
    (sheet,) = preview(path)
    assert (len(sheet.columns), len(sheet.rows), sheet.row_count) == (40, 8, 31)
    assert max(len(cell) for _, cells in sheet.rows for cell in cells) == 60


def test_preview_of_every_format_shows_its_rows_and_what_it_is() -> None:
    exports = Path(__file__).parent / "data" / "exports"
    for path in exports.iterdir():
        if ".read." in path.name:
            continue
        (sheet,) = preview(path)
        assert path.name.startswith(sheet.read_as), path.name
        assert sheet.read_as
        assert sheet.rows


def test_preview_names_the_sheets_beside_a_diary() -> None:
    sheets = preview(Path(__file__).parents[1] / "data" / "diaries" / "example.xlsx")
    assert {sheet.name: sheet.read_as for sheet in sheets}["Person"] == "people"
    assert all(taken is None for sheet in sheets if sheet.name == "Person" for taken in sheet.taken_as)


@given(st.binary(max_size=300))
def test_preview_of_any_bytes_is_a_preview_or_a_diary_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "any"
    path.write_bytes(data)
    with suppress(DiaryError):
        preview(path, columns={"food": "column A"})
