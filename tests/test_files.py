"""From files of every kind to the same grids of cells."""

import datetime as dt
import gzip
import io
import lzma
import struct
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from conftest import skip_or_fail
from made_up_files import compound, label, number, old_stream, opendocument, record, shared_texts, transport, zipped
from nutridiary.diary import read_diary
from nutridiary.diary.files import read_containers, read_grids

SHARED = Path(__file__).parents[2] / "shared"
DAY = dt.datetime(2026, 3, 2)
SERIAL = 46083  # 2 March 2026, counted from 30 December 1899


def written(tmp_path, content, name="d.bin"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def only(path):
    (grid,) = read_grids(path)
    return grid


def rows(path):
    return [list(row) for row in only(path).rows]


# Text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Date;Food\n2026-03-02;rice, boiled\n", [["Date", "Food"], ["2026-03-02", "rice, boiled"]]),
        ("Date\tFood\n1\tx\n", [["Date", "Food"], ["1", "x"]]),
        ("SEQN,KCAL\n1,2\n3,4\n", [["SEQN", "KCAL"], ["1", "2"], ["3", "4"]]),
        ('"September 1, 2026",150,5\nBreakfast,,\n', [["September 1, 2026", "150", "5"], ["Breakfast", "", ""]]),
        ('Food,Note\n"Onions, raw, 0.5 cup",chopped\n', [["Food", "Note"], ["Onions, raw, 0.5 cup", "chopped"]]),
        ('Food,Amount\nbun,"1.00 small - 3"" diameter"\n', [["Food", "Amount"], ["bun", '1.00 small - 3" diameter']]),
        ("logtime,food\n11:20,tea\n", [["logtime", "food"], ["11:20", "tea"]]),
        ("x,food\n8:20,tea, milk, egg, nut\n", [["x", "food"], ["8:20", "tea", " milk", " egg", " nut"]]),
        ("Tag, Was, Menge\nMo, Reis, 1\n", [["Tag", " Was", " Menge"], ["Mo", " Reis", " 1"]]),
    ],
)
def test_read_grids_text_table_is_cut_by_the_delimiter_that_makes_columns(tmp_path, text, expected):
    assert rows(written(tmp_path, text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "11:20 1.5 utappam and peanut chutney, tea\n13:00 rice, dal, some curd\nfelt dizzy\n",
        "[12/03/26, 11:20:33] Anna: coffee with milk, toast\n[12/03/26, 13:02:10] Anna: soup\n",
        'eggs\n"the usual" breakfast\n\'twas toast; and tea\n',
        'coffee\n"half a sandwich\nan apple, a pear\n',
        "x\n" + "a very long line, with " * 400 + "\ny\n",
    ],
)
def test_read_grids_chat_log_or_list_has_one_cell_a_line(tmp_path, text):
    assert rows(written(tmp_path, text)) == [[line] for line in text.splitlines()]


def test_read_grids_single_column_in_quotation_marks_loses_the_marks_only(tmp_path):
    assert rows(written(tmp_path, 'food_text\n"rice, white"\nmilk\n')) == [["food_text"], ["rice, white"], ["milk"]]


def test_read_grids_name_of_a_file_decides_nothing(tmp_path):
    table = [["Date", "Food"], ["2026-03-02", "rice"]]
    for name in ("d.xlsx", "d.xls", "d.ods", "d.html", "d.zip", "no ending"):
        assert rows(written(tmp_path, "Date,Food\n2026-03-02,rice\n", name)) == table


def in_two(pack, data):
    """Pack the halves one behind the other, as parallel packers do."""
    return pack(data[:9]) + pack(data[9:])


@pytest.mark.parametrize(
    "pack",
    [
        gzip.compress,
        lzma.compress,
        lambda data: in_two(gzip.compress, data),
        lambda data: in_two(lzma.compress, data) + bytes(8),
    ],
)
def test_read_grids_compressed_text_is_unpacked(tmp_path, pack):
    path = written(tmp_path, pack(b"Date,Food\n2026-03-02,rice\n"))
    assert rows(path) == [["Date", "Food"], ["2026-03-02", "rice"]]


def test_read_grids_minus_sign_is_standard_input_and_can_be_asked_twice(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Date,Food\n2026-03-02,rice\n")))
    for _ in range(2):
        grid = only(Path("-"))
        assert (grid.source, len(grid.rows)) == ("stdin", 2)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Date,Food\n")))
    assert len(only(Path("-")).rows) == 1


# Workbooks


def test_read_grids_workbook_tells_merged_cells_and_hidden_sheets(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Week 1"])
    book.active.append(["Mon", "Tue"])
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("B3:B30")
    book.create_sheet("Old").append(["x"])
    book["Old"].sheet_state = "hidden"
    book.save(tmp_path / "d.xlsx")
    shown, hidden = read_grids(tmp_path / "d.xlsx")
    assert shown.merged == ((1, 1, 1, 3), (3, 2, 30, 2))
    assert (shown.notes, hidden.notes, hidden.merged) == ((), ("sheet 'Old' is hidden",), ())


CELLS = [
    ["Date", "Food", "Amount", "At", "For"],
    [DAY, "Käse – 2 Stück", 2, dt.time(8, 30), dt.timedelta(hours=30)],
    [],
    [None, "-", 1.25, None, None, "beside"],
]


def test_read_grids_old_workbook_gives_days_times_numbers_and_texts(tmp_path):
    cells = b"".join(label(0, place, text) for place, text in enumerate(CELLS[0]))
    cells += number(1, 0, SERIAL, 1) + record(0xFD, struct.pack("<HHHI", 1, 1, 0, 1))
    cells += record(0x27E, struct.pack("<HHHI", 1, 2, 0, (2 << 2) | 2))
    cells += number(1, 3, 8.5 / 24, 2) + number(1, 4, 1.25, 3)
    cells += label(3, 1, "-") + number(3, 2, 1.25) + label(3, 5, "beside")
    cells += record(0xE5, struct.pack("<HHHHH", 1, 4, 6, 0, 2))
    path = written(tmp_path, compound(old_stream(cells, before=shared_texts("a", "Käse – 2 Stück"), hidden=True)))
    (grid,) = read_grids(path)
    assert [list(row) + [None] * (len(held) - len(row)) for row, held in zip(grid.rows, CELLS, strict=True)] == CELLS
    assert (grid.name, grid.source, grid.notes) == ("Diary", "d.bin:Diary", ("sheet 'Diary' is hidden",))
    assert grid.merged == ((5, 1, 7, 3),)


def test_read_grids_old_workbook_counts_days_from_1904_where_it_says_so(tmp_path):
    stream = old_stream(number(0, 0, SERIAL - 1462, 1), before=record(0x22, b"\1\0"))
    grid = only(written(tmp_path, compound(stream)))
    assert (grid.rows[0][0], grid.epoch) == (DAY, dt.date(1904, 1, 1))


def test_read_grids_old_workbook_formulas_give_their_saved_values(tmp_path):
    def formula(column, result):
        return record(0x06, struct.pack("<HHH", 0, column, 0) + result + bytes(8))

    cells = formula(0, struct.pack("<d", 7.5))
    cells += formula(1, b"\0\0\0\0\0\0\xff\xff") + record(0x207, struct.pack("<HB", 4, 0) + b"rice")
    cells += formula(2, b"\1\0\1\0\0\0\xff\xff") + formula(3, b"\2\0\x17\0\0\0\xff\xff")
    cells += formula(4, b"\3\0\0\0\0\0\xff\xff") + record(0x205, struct.pack("<HHHBB", 0, 5, 0, 42, 1))
    assert rows(written(tmp_path, compound(old_stream(cells)))) == [[7.5, "rice", True, "#REF!", None, "#N/A"]]


def test_read_grids_old_workbook_text_cut_between_records_is_one_text(tmp_path):
    first = struct.pack("<II", 2, 2) + struct.pack("<HB", 9, 0) + b"oats "
    rest = b"\1" + "mörk".encode("utf-16-le") + struct.pack("<HBHI", 3, 0x0C, 1, 2) + b"tea" + bytes(4) + b"??"
    texts = record(0xFC, first) + record(0x3C, rest)
    cells = b"".join(record(0xFD, struct.pack("<HHHI", 0, place, 0, place)) for place in (0, 1))
    assert rows(written(tmp_path, compound(old_stream(cells, before=texts)))) == [["oats mörk", "tea"]]


def test_read_grids_workbook_of_excel_5_is_read_in_its_code_page(tmp_path):
    begin = record(0x809, struct.pack("<HH", 0x500, 0x5)) + record(0x42, struct.pack("<H", 1251))
    title = bytes([6]) + "Дневник".encode("cp1251")[:6]
    place = len(begin) + 4 + 6 + len(title) + 4
    book = begin + record(0x85, struct.pack("<IBB", place, 0, 0) + title) + record(0x0A)
    cells = record(0x204, struct.pack("<HHHH", 0, 0, 0, 3) + "рис".encode("cp1251")) + number(0, 1, 2.5)
    stream = book + record(0x809, struct.pack("<HH", 0x500, 0x10)) + cells + record(0x0A)
    grid = only(written(tmp_path, compound(stream, name="Book")))
    assert (grid.name, [list(held) for held in grid.rows]) == ("Дневни", [["рис", 2.5]])


def cell(kind, text="", **more):
    attributes = "".join(f' {name.replace("__", ":").replace("_", "-")}="{value}"' for name, value in more.items())
    value_type = f' office:value-type="{kind}"' if kind else ""
    return f"<table:table-cell{value_type}{attributes}>{text}</table:table-cell>"


def table(*table_rows, name="Diary", more=""):
    return f'<table:table table:name="{name}"{more}>{"".join(table_rows)}</table:table>'


def row(*cells, repeated=1):
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def test_read_grids_opendocument_gives_days_times_numbers_and_texts(tmp_path):
    header = row(*(cell("string", f"<text:p>{text}</text:p>") for text in CELLS[0]))
    first = row(
        cell("date", office__date_value="2026-03-02"),
        cell("string", "<text:p>Käse – <text:span>2</text:span><text:s/>Stück</text:p>"),
        cell("float", "<text:p>2,00</text:p>", office__value="2"),
        cell("time", office__time_value="PT08H30M00S"),
        cell("time", office__time_value="PT30H00M00S"),
        cell("", table__number_columns_repeated=16000),
    )
    last = row(
        cell(""),
        cell("string", "<office:annotation><text:p>a comment</text:p></office:annotation><text:p>-</text:p>"),
        cell("percentage", "<text:p>125 %</text:p>", office__value="1.25"),
        cell("", table__number_columns_repeated=2),
        cell("string", "<text:p>beside</text:p>"),
    )
    empty = row(cell("", table__number_columns_repeated=16384), repeated=1048000)
    path = written(tmp_path, opendocument(table(header, first, row(cell("")), last, empty)))
    assert [list(held) + [None] * (len(CELLS[n]) - len(held)) for n, held in enumerate(only(path).rows)] == CELLS


def test_read_grids_opendocument_lays_out_repeats_and_tells_merged_hidden_and_uncalculated(tmp_path):
    styles = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    spans = {"table__number_columns_spanned": 3, "table__number_rows_spanned": 2}
    first = table(
        row(cell("string", "<text:p>Week</text:p>", **spans), "<table:covered-table-cell/>"),
        row(cell(""), repeated=2),
        row(cell("float", office__value="1", table__number_columns_repeated=2), repeated=2),
        row(
            cell("", table__formula="of:=1+1"),
            cell("string", "<text:p>#N/A</text:p>", calcext__value_type="error"),
            cell("string", "<text:p>Err:502</text:p>", calcext__value_type="error"),
        ),
    )
    two_lines = cell("string", "<text:p>one</text:p><text:p>two</text:p>")
    second = table(row(two_lines), name="Old", more=' table:style-name="ta2"')
    shown, hidden = read_grids(written(tmp_path, opendocument(first + second, styles=styles)))
    assert [list(held) for held in shown.rows] == [["Week"], [], [], [1, 1], [1, 1], [None, "#N/A", "#VALUE!"]]
    assert shown.merged == ((1, 1, 2, 3),)
    assert shown.uncalculated == {(6, 1)}
    assert (hidden.notes, hidden.rows) == (("sheet 'Old' is hidden",), [["one\ntwo"]])


@pytest.mark.parametrize("to", ["ods", "xls"])
def test_read_grids_workbook_saved_in_another_format_by_libreoffice_holds_the_same(tmp_path, office, to):
    book = openpyxl.Workbook()
    for held in CELLS:
        book.active.append(held)
    book.active["E2"].number_format = "[h]:mm:ss"
    book.active["G8"] = "=1/0"
    book.active.append(["joined", None, "text over\ntwo lines"])
    book.active.merge_cells("A9:B11")
    book.create_sheet("Old").append(["x"])
    book["Old"].sheet_state = "hidden"
    book.save(tmp_path / "d.xlsx")
    path = tmp_path / "d.xlsx"
    other = office.convert(path, to)
    for before, after in zip(read_grids(path), read_grids(other), strict=True):
        padded = [[*held, *[None] * 7][:7] for held in after.rows]
        expected = [[*held, *[None] * 7][:7] for held in before.rows]
        expected[7:8] = [[None] * 6 + ["#DIV/0!"]] if before.name != "Old" else expected[7:8]
        assert padded == expected
        assert after.notes == before.notes
        assert after.merged == before.merged


# Web pages


PAGE = """<!DOCTYPE html><html><head><title>no</title><style>h2 {x: "</h2>"}</style></head><body>
<script>document.write("<table><tr><td>no</td></tr></table>")</script><!-- <h1>no</h1> -->
<h1>Diary</h1><div>left aside</div><h2 id='date'>January 1,&nbsp;2019</h2>
<table><caption>Foods</caption><thead><tr><td class="first" title="a > b">Foods<td>Salt &lt; 1&#160;g</tr></thead>
<tr><td colspan=2>Breakfast</td></tr>
<tr><td>Caf&eacute;<br>au <b>lait</b></td><td>3,436mg</td></tr>
<tr><td rowspan="2">Bread</td><td>1</td></tr><tr><td>2</td></tr></table>
<p>Starting 5 < 6 today.</p><TABLE><TR><TD>outer<table><tr><td>inner</td></tr></table></TD></TR></TABLE>"""


def test_read_grids_web_page_gives_headings_and_tables_in_the_order_of_the_page(tmp_path):
    grid = only(written(tmp_path, PAGE))
    assert grid.rows == [
        ["Diary"],
        ["January 1, 2019"],
        ["Foods"],
        ["Foods", "Salt < 1 g"],
        ["Breakfast", None],
        ["Café\nau lait", "3,436mg"],
        ["Bread", "1"],
        [None, "2"],
        ["Starting 5 < 6 today."],
        ["inner"],
        ["outer"],
    ]
    assert grid.merged == ((5, 1, 5, 2), (7, 1, 8, 1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_read_grids_web_page_is_known_in_every_encoding(tmp_path, encoding):
    assert rows(written(tmp_path, "\n<table><tr><td>Käse</td></tr></table>".encode(encoding), "d.xls")) == [["Käse"]]


def test_read_grids_printable_diary_of_an_app_holds_every_food_of_its_table():
    page, parsed = (SHARED / "diaries" / "myfitnesspal" / name for name in ("demo_diary.htm", "food_demo_diary.csv"))
    if not page.exists():
        skip_or_fail("the shared material is not there")
    held = {str(row[0]): row for row in only(page).rows}
    foods = pd.read_csv(parsed, dtype=str, keep_default_na=False)
    assert len(foods) > 100
    for item, amount, sodium in zip(foods["Item"], foods["Amount"], foods["Sodium"], strict=True):
        assert held[f"{item}, {amount}" if amount else item][6] == sodium


# SAS transport


def test_read_grids_transport_file_agrees_with_pandas_and_keeps_zero_apart_from_missing(tmp_path):
    columns = [("SEQN", 0), ("NAME", 7), ("GRAMS", 0), ("ZERO", 0)]
    held = [[93703, "milk", 244.5, 0], [93704, "", None, 0], [-1, "a toast", 1e-7, None], [5, "x", -123456.789, 0]]
    path = written(tmp_path, transport(columns, held))
    assert rows(path) == [[name for name, _ in columns], *[[v if v != "" else None for v in row] for row in held]]
    # pandas reads the zero of this format as 5.4e-79, so that column is left to the line above.
    expected = pd.read_sas(path, format="xport", encoding="latin-1").drop(columns="ZERO")
    found = pd.DataFrame(rows(path)[1:], columns=rows(path)[0])[list(expected)].fillna({"NAME": ""})
    pd.testing.assert_frame_equal(found.astype({"SEQN": float}), expected, check_dtype=False)


def test_read_grids_transport_file_gives_days_where_sas_shows_them(tmp_path):
    # SAS counts from 1 January 1960: 24,167 days to 2 March 2026.
    held = [[24167, 24167 * 86400 + 34200, 34200], [None, None, None]]
    path = written(
        tmp_path, transport([("D", 0), ("M", 0), ("T", 0)], held, {"D": "DATE", "M": "DATETIME", "T": "HHMM"})
    )
    assert rows(path)[1:] == [[DAY, DAY + dt.timedelta(hours=9, minutes=30), 34200], [None, None, None]]


def test_read_grids_transport_file_is_not_lengthened_by_the_blanks_at_its_end(tmp_path):
    for count in range(1, 12):
        path = written(tmp_path, transport([("A", 3), ("B", 4)], [["x", "y"]] * count))
        assert len(rows(path)) == count + 1


def test_read_grids_survey_file_has_all_its_rows_and_columns():
    path = SHARED / "nhanes" / "DS1IDS_J.csv.xz"
    if not path.exists():
        skip_or_fail("the shared material is not there")
    grid = only(path)
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert list(map(list, grid.rows)) == [list(frame), *frame.values.tolist()]


# Archives


def test_read_containers_app_export_gives_each_file_and_a_reason_for_what_is_no_table(tmp_path):
    book = io.BytesIO()
    made = openpyxl.Workbook()
    made.active.append(["Date", "Food"])
    made.save(book)
    files = {
        "export/": b"",
        "export/servings.csv": b"Day,Food Name\n2026-03-02,rice\n",
        "export/log.xlsx": book.getvalue(),
        "photo.png": b"\x89PNG\r\n",
        "empty.csv": b"",
        "__MACOSX/._x": b"x",
        "inner.zip": zipped({"a.csv": b"a,b\n1,2\n"}),
    }
    found = {held.name: held for held in read_containers(written(tmp_path, zipped(files), "e.zip"))}
    assert list(found) == [f"e.zip/{name}" for name in files if not name.endswith("/")]
    servings, log = found["e.zip/export/servings.csv"], found["e.zip/export/log.xlsx"]
    assert (servings.problem, servings.grids[0].source) == ("", "e.zip/export/servings.csv")
    assert (log.problem, log.grids[0].source) == ("", "e.zip/export/log.xlsx:Sheet")
    problems = {name: held.problem for name, held in found.items() if held.problem}
    assert problems["e.zip/photo.png"].startswith("this is a picture (PNG)")
    assert problems["e.zip/empty.csv"] == "the file is empty"
    assert problems["e.zip/__MACOSX/._x"] == "a file of the archiving program, no diary"
    assert problems["e.zip/inner.zip"] == "an archive in an archive: unpack it and read the files in it"
    assert len(problems) == 4


def test_read_containers_plain_file_is_one_container(tmp_path):
    (container,) = read_containers(written(tmp_path, "Date,Food\n1,x\n", "d.csv"))
    assert (container.name, container.problem, len(container.grids)) == ("d.csv", "", 1)


def test_read_grids_archive_of_one_table_is_that_table(tmp_path):
    path = written(tmp_path, zipped({"a.csv": b"Date,Food\n1,x\n", "b.png": b"\x89PNG"}), "e.zip")
    assert only(path).source == "e.zip/a.csv"


def test_two_diaries_of_the_same_name_in_two_folders_are_two_diaries(tmp_path):
    paths = [tmp_path / folder / "march.csv" for folder in ("ann", "ben")]
    for path, food in zip(paths, ("banana", "apple"), strict=True):
        path.parent.mkdir()
        path.write_text(f"date,food,amount\n2026-03-01,{food},100 g\n")
    entries = read_diary(paths)
    assert entries[["source", "food_text"]].to_numpy().tolist() == [["march.csv", "banana"], ["march (2).csv", "apple"]]
    assert entries["problem"].isna().all()
    assert read_diary([paths[0], paths[0]])["problem"].notna().sum() == 1  # the same file twice is read once
