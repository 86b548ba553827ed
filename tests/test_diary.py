import csv
import datetime as dt
import io
import re
import string
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nutridiary.data_files import data_file
from nutridiary.diary import READERS, Reader, read_diary, read_whole
from nutridiary.diary import readers as readers_module
from nutridiary.diary.columns import column_of
from nutridiary.diary.entries import Entry
from nutridiary.diary.reading import LeftAside, Reading
from nutridiary.errors import DiaryError
from nutridiary.tables import ENTRIES, conform

HEADER = ["Date", "Time", "Meal", "Food", "Amount", "Unit", "Notes"]
KINDS = {"food", "supplement", "water", "note"}


def write_book(path, sheets, **properties):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for name, value in properties.items():
        setattr(book, name, value)
    book.save(path)
    return path


def write_csv(path, rows, encoding="utf-8", delimiter=","):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def test_read_diary_of_the_own_template_gives_one_conforming_entry_per_row(tmp_path):
    rows = [
        ["Food diary of March"], [], HEADER,
        [dt.datetime(2026, 3, 2), dt.time(7, 30), "Breakfast", "Porridge", "1 1/2", "cups", "with honey"],
        [dt.datetime(2026, 3, 2), "13:23 ", "Lunch", "Chicken breast", 150, "g", None],
        [],
        [dt.datetime(2026, 3, 3), None, "Dinner", "Banana", 1, None, None],
    ]  # fmt: skip
    entries = read_diary(write_book(tmp_path / "diary.xlsx", {"March": rows}))
    pd.testing.assert_frame_equal(entries, conform(entries, ENTRIES))
    assert entries["source"].unique().tolist() == ["diary.xlsx:March"]
    assert entries["line"].tolist() == [4, 5, 7]
    assert entries["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-03-02", "2026-03-02", "2026-03-03"]
    assert entries["time"].fillna("").tolist() == ["07:30", "13:23", ""]
    assert entries["food_text"].tolist() == ["Porridge", "Chicken breast", "Banana"]
    assert entries["amount"].tolist() == [1.5, 150, 1]
    assert entries["unit"].fillna("").tolist() == ["cup", "g", ""]
    assert entries["kind"].tolist() == ["food"] * 3
    assert entries["note"].fillna("").tolist() == ["with honey", "", ""]
    assert entries["problem"].isna().all()
    assert entries["person_id"].isna().all()


def test_read_diary_optional_columns_are_kept(tmp_path):
    rows = [
        ["Person", "Date", "Food", "Amount", "Kind", "Brand", "FDC id", "Food code"],
        ["Ann", "2026-03-02", "Milk", "1 cup", "food", "Arla", 171265, 11112110],
        [7.0, "2026-03-02", "Vitamin D", "1 tablet", "supplement", None, "abc", None],
        ["Ann", "2026-03-02", None, "300 ml", "water", None, None, None],
        ["Ann", "2026-03-02", "leg cramp", None, "symptom", None, None, None],
    ]
    entries = read_diary(write_book(tmp_path / "d.xlsx", {"Diary": rows}))
    assert entries["person_id"].tolist() == ["Ann", "7", "Ann", "Ann"]
    assert entries["kind"].tolist() == ["food", "supplement", "water", "symptom"]
    assert entries.loc[0, ["stated_fdc_id", "stated_food_code", "brand"]].tolist() == [171265, 11112110, "Arla"]
    assert pd.isna(entries.loc[1, "stated_fdc_id"])
    assert 'FDC id "abc" is not a number' in entries.loc[1, "note"]
    assert entries["problem"].isna().all()


@pytest.mark.parametrize(
    "header",
    [
        ["DATE", "FOOD ITEM", "QTY", "UNITS"],
        ["Day", "What did you eat?", "How much", "Measure"],
        ["Datum", "Lebensmittel", "Menge", "Einheit"],
        ["Fecha", "Alimento", "Cantidad", "Unidad"],
        ["date eaten", "Food / Drink", "Portion size", "unit of measure"],
    ],
)
def test_read_diary_recognises_columns_by_name_in_any_order_and_language(tmp_path, header):
    row = ["2026-03-02", "rice", "2", "cups"]
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]):
        rows = [[header[place] for place in order], [row[place] for place in order]]
        entry = read_diary(write_csv(tmp_path / "d.csv", rows)).iloc[0]
        assert (entry["food_text"], entry["amount"], entry["unit"]) == ("rice", 2, "cup")
        assert entry["date"] == pd.Timestamp("2026-03-02")


def test_column_names_table_has_no_heading_twice():
    with data_file("column_names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    headings = [row["heading"] for row in rows]
    assert len(headings) == len(set(headings))
    assert all(column_of(row["heading"]) == row["column"] for row in rows)


def test_read_diary_takes_the_plainest_of_two_food_columns(tmp_path):
    rows = [["Date", "Meal Type", "Meal Description", "Food Items"], ["2026-03-02", "Lunch", "at work", "rice"]]
    entries = read_diary(write_csv(tmp_path / "d.csv", rows))
    assert entries["food_text"].tolist() == ["rice"]
    assert entries.loc[0, "note"] == "Meal Description: at work"


def test_read_diary_unit_in_the_heading_is_the_unit_of_the_column(tmp_path):
    rows = [["Date", "Food", "Amount (g)"], ["2026-03-02", "rice", "150"], ["2026-03-02", "tea", "1 cup"]]
    entries = read_diary(write_csv(tmp_path / "d.csv", rows))
    assert entries["amount"].tolist() == [150, 1]
    assert entries["unit"].tolist() == ["g", "cup"]


def test_read_diary_weight_column_wins_over_the_household_measure(tmp_path):
    rows = [
        ["Date", "Food", "Amount", "Unit", "Grams"],
        ["2026-03-02", "rice", 1, "cup", 158],
        ["2026-03-02", "tea", 1, "cup", None],
    ]
    entries = read_diary(write_book(tmp_path / "d.xlsx", {"s": rows}))
    assert entries["amount"].tolist() == [158, 1]
    assert entries["unit"].tolist() == ["g", "cup"]
    assert "weight column" in entries.loc[0, "note"]


def test_read_diary_blank_date_is_carried_down_and_the_note_names_the_row(tmp_path):
    rows = [HEADER, ["2026-03-02", "", "", "rice", "1", "cup", ""], ["", "", "", "tea", "1", "cup", ""]]
    entries = read_diary(write_csv(tmp_path / "d.csv", rows))
    assert entries["date"].tolist() == [pd.Timestamp("2026-03-02")] * 2
    assert entries["note"].fillna("").tolist() == ["", "date taken from row 2"]


def test_read_diary_merged_date_cells_give_every_row_its_date(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEADER, [dt.date(2026, 3, 2), None, None, "rice", 1, "cup"], [None, None, None, "tea", 1, "cup"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "d.xlsx")
    assert read_diary(tmp_path / "d.xlsx")["date"].tolist() == [pd.Timestamp("2026-03-02")] * 2


def test_read_diary_date_is_not_carried_over_an_unreadable_one(tmp_path):
    rows = [["Date", "Food"], ["2026-03-02", "rice"], ["31/2/2026", "tea"], ["", "milk"]]
    entries = read_diary(write_csv(tmp_path / "d.csv", rows))
    assert entries["date"].isna().tolist() == [False, True, True]
    assert 'there is no day "31/2/2026"' in entries.loc[1, "problem"]
    assert entries.loc[2, "problem"] == "no date: the date above, in row 3, could not be read"


def test_read_diary_rows_above_the_first_date_have_a_problem(tmp_path):
    rows = [["Date", "Food"], ["", "rice"], ["2026-03-02", "tea"]]
    path = write_csv(tmp_path / "d.csv", rows)
    assert "no date" in read_diary(path).loc[0, "problem"]
    given = read_diary(path, date="2026-03-01")
    assert given["problem"].isna().all()
    assert given["date"].tolist() == [pd.Timestamp("2026-03-01"), pd.Timestamp("2026-03-02")]


def test_read_diary_without_date_column_needs_the_day(tmp_path):
    path = write_csv(tmp_path / "d.csv", [["Food", "Amount"], ["rice", "1 cup"]])
    with pytest.raises(DiaryError, match=r"d\.csv: no column for the date\. Found: Food, Amount\..*--date YYYY-MM-DD"):
        read_diary(path)
    entry = read_diary(path, date=dt.date(2026, 3, 2)).iloc[0]
    assert entry["date"] == pd.Timestamp("2026-03-02")
    assert "as given for the whole file" in entry["note"]
    with pytest.raises(DiaryError, match="'2/3/26' is not a day"):
        read_diary(path, date="2/3/26")


def test_read_diary_clock_times_in_the_date_column_are_times_of_the_given_day(tmp_path):
    path = write_csv(tmp_path / "d.csv", [["logtime", "food"], ["11:20", "1.5 utappam"], ["13:05", "tea"]])
    assert read_diary(path)["problem"].str.startswith("no date").all()
    entries = read_diary(path, date="2026-03-02")
    assert entries["time"].tolist() == ["11:20", "13:05"]
    assert entries["date"].tolist() == [pd.Timestamp("2026-03-02")] * 2
    assert entries["problem"].isna().all()


def test_read_diary_without_food_column_says_what_it_found_and_expected(tmp_path):
    path = write_csv(tmp_path / "diary.csv", [["date", "meal", "fod", "qty"], ["2026-03-02", "Lunch", "rice", "1"]])
    with pytest.raises(DiaryError) as error:
        read_diary(path)
    words = str(error.value)
    assert words.startswith(
        "diary.csv: no column for the food. Found: date, meal, fod, qty. Did you mean 'food'? Expected one of: food"
    )


def test_read_diary_without_amount_column_takes_the_amount_from_the_text(tmp_path):
    texts = ["2 slices wholemeal toast", "chicken breast 200 g", "7 up", "2% milk", "bread"]
    path = write_csv(tmp_path / "d.csv", [["Date", "Food"], *[["2026-03-02", text] for text in texts]])
    entries = read_diary(path)
    assert entries["food_text"].tolist() == ["wholemeal toast", "chicken breast", "7 up", "2% milk", "bread"]
    assert entries["amount"].fillna(-1).tolist() == [2, 200, -1, -1, -1]
    assert entries["amount_text"].fillna("").tolist() == ["2 slices", "200 g", "", "", ""]


def test_read_diary_blank_amount_stays_missing_and_is_no_problem(tmp_path):
    rows = [HEADER, ["2026-03-02", "", "", "rice", "", "", ""], ["2026-03-02", "", "", "tea", "", "cup", ""]]
    entries = read_diary(write_csv(tmp_path / "d.csv", rows))
    assert entries["amount"].isna().all()
    assert entries["unit"].fillna("").tolist() == ["", "cup"]
    assert entries["problem"].isna().all()


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        ("-1", "cup", "is negative"), ("0", "g", "is zero"), ("150", "", "has no unit"),
        ("20", "kg", "more than 10 kg"),
        ("1.5", "cpu", "unknown unit 'cpu' in \"1.5 cpu rice\". Did you mean 'cup'?"), ("1 can", "g", "two units"),
        ("blah blah", "", "cannot read the amount"), (dt.datetime(2026, 1, 2), "", "the amount is a date"),
        ("#REF!", "", "cell E2 holds the error #REF!"),
    ],
)  # fmt: skip
def test_read_diary_amount_that_cannot_be_used_is_a_problem_on_the_row(tmp_path, amount, unit, words):
    rows = [HEADER, [dt.date(2026, 3, 2), None, None, "rice", amount, unit, None]]
    entries = read_diary(write_book(tmp_path / "d.xlsx", {"s": rows}))
    assert words in entries.loc[0, "problem"]
    assert entries.loc[0, "food_text"] == "rice"


def test_read_diary_count_with_the_food_repeated_is_a_bare_count(tmp_path):
    rows = [
        HEADER,
        ["2026-03-02", "", "", "Bananas, raw", "2 bananas", "", ""],
        ["2026-03-02", "", "", "Taco shell", "2", "florets", ""],
    ]
    entries = read_diary(write_csv(tmp_path / "d.csv", rows))
    assert entries["unit"].fillna("").tolist() == ["", "floret"]
    assert entries["problem"].isna().all()


def test_read_diary_decimal_comma_of_the_column_decides_thousands(tmp_path):
    rows = [HEADER, ["2026-03-02", "", "", "milk", "2,5", "dl", ""], ["2026-03-02", "", "", "water", "1,500", "l", ""]]
    entries = read_diary(write_csv(tmp_path / "d.csv", rows, delimiter=";"))
    assert entries["amount"].tolist() == [2.5, 1.5]
    rows[1][4] = "2.5"
    entries = read_diary(write_csv(tmp_path / "d.csv", [*rows[:2], ["2026-03-02", "", "", "water", "1,500", "ml", ""]]))
    assert entries["amount"].tolist() == [2.5, 1500]


def test_read_diary_totals_headers_and_headings_are_notes_with_a_reason(tmp_path):
    rows = [
        HEADER, ["Monday 2 March 2026", "", "", "", "", "", ""], ["", "", "", "rice", "1", "cup", ""],
        ["Total", "", "", "", "2100", "kcal", ""],
        HEADER, ["3 March 2026", "", "", "Total", "1", "cup", ""], ["", "", "", "Summe", "", "", ""],
        ["", "", "", "", "", "", "felt tired"],
        ["", "", "", "", "1", "cup", ""], ["", "", "", "tea", "1", "cup", ""],
    ]  # fmt: skip
    entries = read_diary(write_csv(tmp_path / "d.csv", rows))
    assert entries["line"].tolist() == list(range(2, 11))
    assert entries["kind"].tolist() == ["note", "food", "note", "note", "food", "note", "note", "food", "food"]
    problems = entries["problem"].fillna("").tolist()
    assert problems == [
        "a heading, not a food",
        "",
        "a total, not a food",
        "a repeated header, not a food",
        "",  # Total, by the cup, is a breakfast cereal
        "a total, not a food",
        "a remark, not a food",
        "no food is named in this row",
        "",
    ]
    assert entries.loc[8, "date"] == pd.Timestamp("2026-03-03")


def test_read_diary_reads_every_sheet_with_a_diary_and_names_the_others(tmp_path):
    sheets = {
        "Week 1": [HEADER, ["2026-03-02", None, None, "rice", 1, "cup"]],
        "Shopping": [["Things", "Price"], ["rice", 2]],
        "Week 2": [["Food", "Date"], ["tea", "2026-03-09"]],
        "Person": [["Person", "Sex", "Age"], [None, "female", 34]],
    }
    path = write_book(tmp_path / "d.xlsx", sheets)
    entries = read_diary(path)
    assert entries["source"].tolist() == ["d.xlsx:Week 1", "d.xlsx:Week 2"]
    assert entries["line"].tolist() == [2, 2]
    assert "sheets not read, for want of a food column: Shopping" in entries.loc[0, "note"]
    assert read_diary(path, sheet="week 2")["food_text"].tolist() == ["tea"]
    with pytest.raises(DiaryError, match=r"no sheet named 'Week 3'\. Found: 'Week 1', 'Shopping', 'Week 2'"):
        read_diary(path, sheet="Week 3")


def test_read_diary_names_the_columns_it_does_not_use(tmp_path):
    rows = [["Date", "Food", "Happiness"], ["2026-03-02", "rice", "200"]]
    assert "columns not used: Happiness" in read_diary(write_csv(tmp_path / "d.csv", rows)).loc[0, "note"]


def test_read_diary_keeps_the_nutrient_values_of_the_diary_itself(tmp_path):
    rows = [
        ["Date", "Food", "Calories", "Vitamin D (IU)", "Magnesium (mg)", "Sodium"],
        ["2026-03-02", "milk", "122", "100", "0", "95"],
        ["2026-03-02", "bread", "n/a", "", "23.5", "140"],
    ]
    entries = read_diary(write_csv(tmp_path / "d.csv", rows))
    assert entries["recorded_vitamin_d"].fillna(-1).tolist() == [2.5, -1]  # 100 IU; blank is unknown
    assert entries["recorded_energy"].fillna(-1).tolist() == [122, -1]
    assert entries["recorded_magnesium"].tolist() == [0, 23.5]
    assert "recorded_sodium" not in entries.columns, "a heading without a unit is not read"
    assert "columns not used: Sodium" in entries.loc[0, "note"]


def test_read_diary_person_id_fills_only_rows_that_name_nobody(tmp_path):
    rows = [["Date", "Person", "Food"], ["2026-03-02", "Ann", "rice"], ["2026-03-02", "", "tea"]]
    path = write_csv(tmp_path / "d.csv", rows)
    assert read_diary(path)["person_id"].tolist() == ["Ann", "Ann"]
    assert read_diary(path, person_id="Bo")["person_id"].tolist() == ["Ann", "Bo"]


def test_read_diary_formula_values_are_used_and_formulas_without_value_are_a_problem(tmp_path):
    rows = [HEADER, ["2026-03-02", None, None, "rice", "=1+1", "cup"], ["2026-03-02", None, None, "tea", 1, "cup"]]
    path = write_book(tmp_path / "d.xlsx", {"s": rows})
    entries = read_diary(path)
    assert entries.loc[0, "problem"] == (
        "the formula in cell E2 has no saved value: open the file in Excel, save it, and read it again"
    )
    assert pd.isna(entries.loc[1, "problem"])
    # The same file as Excel saves it, with the value beside the formula.
    with_value = b"<f>1+1</f><v>2</v>"
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: re.sub(rb"<f>1\+1</f><v ?(/>|></v>)", with_value, xml))
    entries = read_diary(path)
    assert entries["problem"].isna().all()
    assert entries.loc[0, "amount"] == 2


def rewrite(path, part, change):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    changed = change(parts[part])
    assert changed != parts[part]
    parts[part] = changed
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_read_diary_workbook_in_the_1904_date_system_has_the_right_days(tmp_path):
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (["Date", "Food"], [dt.datetime(2026, 3, 2), "rice"]):
        book.active.append(row)
    book.save(tmp_path / "d.xlsx")
    with zipfile.ZipFile(tmp_path / "d.xlsx") as archive:
        assert b"date1904" in archive.read("xl/workbook.xml")
    assert read_diary(tmp_path / "d.xlsx")["date"].tolist() == [pd.Timestamp("2026-03-02")]


def test_read_diary_bare_serial_numbers_follow_the_date_system_of_the_workbook(tmp_path):
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    rows = [["Date", "Food"], [44197, "rice"]]
    # 44197 is 1 January 2021 in the 1900 system; the 1904 system counts 1,462 days fewer (Microsoft).
    assert read_diary(write_book(tmp_path / "d.xlsx", {"s": rows})).loc[0, "date"] == pd.Timestamp("2021-01-01")
    mac = write_book(tmp_path / "d.xlsx", {"s": rows}, epoch=CALENDAR_MAC_1904)
    assert read_diary(mac).loc[0, "date"] == pd.Timestamp("2021-01-01") + pd.Timedelta(days=1462)


def test_read_diary_texts_in_the_shared_table_of_excel_are_read(tmp_path):
    path = write_book(tmp_path / "d.xlsx", {"s": [HEADER, ["2026-03-02", None, None, "rice & peas", 1, "cup"]]})
    expected = read_diary(path)
    texts = []

    def shared(match):
        texts.append(match[1])
        return b't="s"><v>%d</v></c>' % (len(texts) - 1)

    inline = rb't="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>'
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: re.sub(inline, shared, xml))
    table = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    declared = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
    rewrite(path, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", declared))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", table % b"".join(b"<si><t>%s</t></si>" % text for text in texts))
    assert len(texts) == len(HEADER) + 3
    pd.testing.assert_frame_equal(read_diary(path), expected)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_read_diary_finds_encoding_and_delimiter_of_a_text_table(tmp_path, encoding, delimiter):
    rows = [HEADER, ["2026-03-02", "", "Frühstück", "Käse, mit Öl", "1,5", "Stück", "crème"]]
    entry = read_diary(write_csv(tmp_path / "d.csv", rows, encoding, delimiter)).iloc[0]
    assert (entry["food_text"], entry["amount"], entry["unit"]) == ("Käse, mit Öl", 1.5, "piece")
    assert ("Windows-1252" in entry["note"]) == (encoding == "cp1252")


def test_read_diary_line_breaks_inside_cells_do_not_shift_the_lines(tmp_path):
    rows = [
        HEADER,
        ["2026-03-02", "", "", "rice\nand peas", "1", "cup", ""],
        ["2026-03-02", "", "", "tea", "1", "cup", ""],
    ]
    entries = read_diary(write_csv(tmp_path / "d.csv", rows))
    assert entries["food_text"].tolist() == ["rice and peas", "tea"]
    assert entries["line"].tolist() == [2, 3]


def test_read_diary_content_decides_not_the_name(tmp_path):
    rows = [HEADER, ["2026-03-02", None, None, "rice", 1, "cup"]]
    path = write_book(tmp_path / "d.xlsx", {"s": rows})
    renamed = path.rename(tmp_path / "d.csv")
    assert read_diary(renamed)["food_text"].tolist() == ["rice"]


def test_readers_two_equal_claims_are_an_error_that_names_both(tmp_path, monkeypatch):
    path = write_csv(tmp_path / "d.csv", [["Date", "Food"], ["2026-03-02", "rice"]])
    one, other = (Reader(name, name.title(), lambda grids: True, READERS[-1].read) for name in ("one", "other"))
    monkeypatch.setattr(readers_module, "READERS", (one, other, READERS[-1]))
    with pytest.raises(DiaryError, match=r"can be read as One \(one\) and as Other \(other\). Say which with --format"):
        read_diary(path)
    assert read_diary(path, format="other")["food_text"].tolist() == ["rice"]


def test_readers_a_particular_format_goes_before_a_table_with_a_food_column(tmp_path, monkeypatch):
    path = write_csv(tmp_path / "d.csv", [["Date", "Food"], ["2026-03-02", "rice"]])
    aside = [LeftAside("d.csv", 1, "", "the header")]
    mine = Reader("mine", "Mine", lambda grids: True, lambda grids, options: Reading([Entry("d.csv", 2)], aside))
    monkeypatch.setattr(readers_module, "READERS", (mine, READERS[-1]))
    assert read_diary(path)["food_text"].isna().all()
    assert read_whole(path).files.loc[0, "format"] == "mine"


def test_readers_unknown_format_names_what_is_near(tmp_path):
    path = write_csv(tmp_path / "d.csv", [["Date", "Food"], ["2026-03-02", "rice"]])
    with pytest.raises(DiaryError, match=r"unknown format 'tabel'\. Did you mean 'table'\?"):
        read_diary(path, format="tabel")


def test_read_whole_accounts_for_rows_no_reader_took(tmp_path, monkeypatch):
    path = write_csv(tmp_path / "d.csv", [["Date", "Food"], ["2026-03-02", "rice"], ["2026-03-02", "beans"]])
    lazy = Reader("lazy", "Lazy", lambda grids: True, lambda grids, options: Reading([Entry("d.csv", 2)]))
    monkeypatch.setattr(readers_module, "READERS", (lazy, READERS[-1]))
    diary = read_whole(path)
    assert diary.left_aside["line"].tolist() == [1, 3]
    assert diary.files.loc[0, ["rows", "entries", "left_aside"]].tolist() == [3, 1, 2]


def test_read_whole_overlapping_files_count_a_line_once(tmp_path):
    header = ["Date", "Food", "Amount"]
    early = [header, ["2026-03-02", "coffee", "1 cup"], ["2026-03-02", "coffee", "1 cup"], ["2026-03-02", "rice", ""]]
    late = [header, ["2026-03-02", "coffee", "1 cup"], ["2026-03-02", "rice", ""], ["2026-03-03", "rice", ""]]
    paths = [write_csv(tmp_path / "early.csv", early), write_csv(tmp_path / "late.csv", late)]
    entries = read_diary(paths)
    assert len(entries) == 6
    counted = entries[entries["problem"].isna()]
    assert counted["food_text"].tolist() == ["coffee", "coffee", "rice", "rice"]
    assert entries["problem"].dropna().tolist() == [
        "the same line as in early.csv, row 2: counted there",
        "the same line as in early.csv, row 4: counted there",
    ]
    assert entries.loc[entries["problem"].notna(), "kind"].eq("note").all(), "their days miss nothing"


def test_block_pasted_twice_counts_once_and_two_coffees_are_two(tmp_path):
    block = [["2026-03-02", "toast", "2 slices"], ["2026-03-02", "butter", "10 g"], ["2026-03-02", "tea", "1 cup"]]
    rows = [["Date", "Food", "Amount"], *block, *block, ["2026-03-02", "coffee", ""], ["2026-03-02", "coffee", ""]]
    problems = read_diary(write_csv(tmp_path / "d.csv", rows))["problem"]
    assert problems.isna().tolist() == [True] * 3 + [False] * 3 + [True] * 2
    assert problems[3].startswith("the same line as in row 2, in a block that stands here twice: counted there")


@pytest.mark.parametrize(
    ("heading", "numbers"),
    [("FDC id", [2900001, 2900002, 2900003, 2900004, 2900005, 2900006]), ("Barcode", [*range(96385074, 96385080)])],
)
def test_lines_in_the_same_words_with_other_numbers_of_foods_all_count(tmp_path, heading, numbers):
    rows = [["Date", "Food", "Amount", heading], *(["2026-03-02", "bread", "50 g", str(each)] for each in numbers)]
    assert "the same line" not in " ".join(read_diary(write_csv(tmp_path / "d.csv", rows))["problem"].dropna())


def test_same_three_foods_on_another_day_or_meal_count(tmp_path):
    foods = ["toast", "butter", "tea"]
    rows = [["Date", "Meal", "Food"]]
    rows += [[day, meal, food] for day in ("2026-03-02", "2026-03-03") for meal in ("one", "two") for food in foods]
    assert read_diary(write_csv(tmp_path / "d.csv", rows))["problem"].isna().all()


def test_read_whole_day_start_counts_the_night_on_the_evening_before(tmp_path):
    rows = [["Date", "Time", "Food"], ["2026-03-02", "23:30", "toast"], ["2026-03-03", "01:10", "milk"]]
    path = write_csv(tmp_path / "d.csv", rows)
    assert read_diary(path)["date"].dt.day.tolist() == [2, 3]
    assert read_diary(path, day_starts="04:00")["date"].dt.day.tolist() == [2, 2]
    with pytest.raises(DiaryError, match="no clock time"):
        read_diary(path, day_starts="4am")


def test_example_diary_is_read_as_a_person_would_read_it():
    entries = read_diary(data_file("diaries", "example.xlsx"))
    assert len(entries) == 77
    assert entries["date"].nunique() == 7
    assert entries["problem"].dropna().tolist() == ['no food can be read in "??"']
    assert entries["kind"].value_counts().to_dict() == {"food": 68, "water": 7, "note": 1, "supplement": 1}


def test_thirty_days_have_450_lines_without_a_problem():
    entries = read_diary(data_file("diaries", "thirty_days.csv"))
    assert len(entries) == 450
    assert entries["date"].nunique() == 30
    assert entries["problem"].isna().all()
    assert entries["amount"].notna().all()


def test_template_says_that_nothing_is_written_in_it_yet():
    with pytest.raises(DiaryError, match="nothing is written below the header in row 4"):
        read_diary(data_file("diaries", "template.xlsx"))


CELLS = st.one_of(
    st.none(),
    st.text(string.printable, max_size=12),
    st.text(max_size=8),
    st.sampled_from(
        [
            "rice",
            "2 eggs",
            "3/4/2026",
            "2026-03-02",
            "Total",
            "Food",
            "Date",
            "g",
            "1 cup",
            "-1",
            "1,500",
            "#REF!",
            "water",
        ]
    ),
    st.integers(-10, 60_000).map(str),
    st.floats(allow_nan=False).map(str),
)
GRIDS = st.lists(st.lists(CELLS, max_size=9), max_size=12)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(rows=GRIDS, header=st.permutations(HEADER))
def test_any_grid_gives_one_entry_per_row_that_is_not_blank_or_a_diary_error(tmp_path, rows, header):
    # A NUL in a file is refused whole, which another test holds.
    rows = [[cell.replace("\0", " ") if cell else "" for cell in row] for row in rows]
    path = tmp_path / "d.csv"
    table = [list(header), *rows]
    path.write_text("", encoding="utf-8")
    write_csv(
        path,
        table,
        "utf-8" if not any("\ud800" <= sign <= "\udfff" for row in rows for cell in row for sign in cell) else "utf-16",
    )
    expected = [
        number for number, row in enumerate(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")), 1)
        if number > 1 and any(cell.strip() for cell in row)
    ]  # fmt: skip
    try:
        entries = read_diary(path, date="2026-03-01", day_first=True)
    except DiaryError as error:
        assert str(error).startswith("d.csv")
        return
    assert entries["line"].tolist() == expected
    assert set(entries["kind"]) <= KINDS
    assert not entries.duplicated(["source", "line"]).any()
    counted = entries[entries["problem"].isna()]
    assert counted["date"].notna().all()
    assert ((counted["amount"] > 0) | counted["amount"].isna()).all()
