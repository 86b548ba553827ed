"""Workbooks and text nobody would send on purpose, and those somebody would: each is refused with words, or read whole.

Other kinds of files are in `test_hostile_containers`.
"""

import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nutridiary.data_files import data_file
from nutridiary.diary import grid as grid_module
from nutridiary.diary import read_diary, read_people
from nutridiary.diary import workbook as workbook_module
from nutridiary.diary.files import read_grids
from nutridiary.errors import DiaryError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER = ["Date", "Food", "Amount", "Unit"]
ROW = ["2026-03-02", "rice", 1, "cup"]


def book(tmp_path, *rows, name="d.xlsx", arrange=None):
    made = openpyxl.Workbook()
    for row in rows or (HEADER, ROW):
        made.active.append(row)
    if arrange:
        arrange(made)
    made.save(tmp_path / name)
    return tmp_path / name


def rewritten(path, changes):
    """Replace or add parts of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts.update({name: change(parts.get(name, b"")) for name, change in changes.items()})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def refused(path, **options):
    with pytest.raises(DiaryError) as error:
        read_diary(path, **options)
    words = str(error.value)
    assert path.name in words
    assert "\n" not in words
    return words


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "d.xlsx", "the file is empty"),
        (b"", "d.csv", "the file is empty"),
        (b"  \n \n", "d.csv", "the file is empty"),
        (OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "d.xls", "damaged or not complete. Open it in Excel"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "d.xlsx", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 100, "d.csv", "a picture (JPEG)"),
        (b"%PDF-1.7", "d.csv", "a PDF document"),
        (b"BZh91AY", "d.csv", "a compressed file (bzip2)"),
        (b"<!DOCTYPE html><html></html>", "d.xls", "a web page without a table or heading"),
        (b"Date,Food\n2026-03-02,ri\0ce\n", "d.csv", "d.csv"),
        (b"Date,Food\n" + b"2026-03-02,rice\n" * 40 + b"2026-03-02,ri\0ce\n", "d.csv", "NUL bytes"),
        (bytes(range(1, 32)) * 50, "d.csv", "no text"),
        (b"PK\x03\x04" + b"\0" * 100, "d.xlsx", "damaged or not complete"),
        (b'Date,Food\n2026-03-02,"rice\n2026-03-02,tea\n', "d.csv", "d.csv:2: a quotation mark is opened in this row"),
        (b"just some words", "d.csv", "no column for the food. Found: just some words"),
        (b"{\"food\": 1}", "d.csv", "no column for the food"),
    ],
)  # fmt: skip
def test_read_diary_refuses_what_is_no_diary_and_says_what_it_is(tmp_path, content, name, words):
    path = tmp_path / name
    path.write_bytes(content)
    assert words in refused(path)


def test_read_diary_missing_file_and_folder_are_named(tmp_path):
    assert "there is no such file" in refused(tmp_path / "nowhere.xlsx")
    assert "this is a folder" in refused(tmp_path)
    with pytest.raises(DiaryError, match=r"no such file|cannot be opened"):
        read_people(tmp_path / ("n" * 5000))


def test_read_diary_file_that_may_not_be_read_says_so(tmp_path, monkeypatch):
    path = book(tmp_path)
    real = type(path).open

    def refuse(self, *arguments, **options):
        if self == path:
            raise PermissionError(13, "Permission denied")
        return real(self, *arguments, **options)

    monkeypatch.setattr(type(path), "open", refuse)
    assert "may not be read (permission denied)" in refused(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_read_diary_truncated_workbook_is_refused(tmp_path, share):
    path = book(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "damaged or not complete" in refused(path)


def test_read_diary_zip_bomb_is_refused_from_the_directory_before_unpacking(tmp_path, monkeypatch):
    path = book(tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/big.bin", "w") as part:
        for _ in range(201):
            part.write(b"\0" * 2**20)
    assert path.stat().st_size < 2**20

    def never(*arguments):
        raise AssertionError("unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", never)
    assert "unpacks to 201 MB, more than the 200 MB" in refused(path)


def test_read_diary_zip_bomb_with_a_lying_directory_is_refused(tmp_path, monkeypatch):
    path = rewritten(book(tmp_path), {"xl/worksheets/sheet1.xml": lambda xml: xml + b" " * 30 * 2**20})
    real = zipfile.ZipFile.infolist

    def lying(archive):
        for part in real(archive):
            part.file_size = min(part.file_size, 1000)
        return real(archive)

    monkeypatch.setattr(zipfile.ZipFile, "infolist", lying)
    monkeypatch.setattr(workbook_module, "MOST_UNPACKED", 20 * 2**20)
    # Python's zipfile stops at the size the directory states; the content is then cut, or the check sum wrong.
    assert "unpacks to" in (words := refused(path)) or "damaged" in words


def test_read_diary_unpacked_bytes_are_counted(tmp_path, monkeypatch):
    path = book(tmp_path)
    monkeypatch.setattr(workbook_module, "_check_directory", lambda archive, path: None)
    monkeypatch.setattr(workbook_module, "MOST_UNPACKED", 2000)
    assert "unpacks to" in refused(path)


def test_read_diary_unpacked_bytes_of_all_parts_are_added_up(tmp_path, monkeypatch):
    path = book(tmp_path)
    with zipfile.ZipFile(path) as archive:
        sizes = [part.file_size for part in archive.infolist()]
    monkeypatch.setattr(workbook_module, "_check_directory", lambda archive, path: None)
    monkeypatch.setattr(workbook_module, "MOST_UNPACKED", (max(sizes) + sum(sizes)) // 2)
    assert "the workbook unpacks to" in refused(path)


def test_read_diary_parts_held_in_memory_have_limits_of_their_own(tmp_path, monkeypatch):
    path = book(tmp_path)

    def never(*arguments):
        raise AssertionError("unpacked")

    monkeypatch.setattr(workbook_module, "MOST_PART", {"xl/styles.xml": 100})
    monkeypatch.setattr(zipfile.ZipFile, "open", never)
    assert "xl/styles.xml of the workbook unpacks to" in refused(path)


def test_read_diary_a_table_of_millions_of_texts_is_refused(tmp_path):
    texts = b"<sst>" + b"<si><t/></si>" * 1_100_000 + b"</sst>"
    path = rewritten(book(tmp_path), {"xl/sharedStrings.xml": lambda xml: texts})
    assert "more than 1,000,000 texts" in refused(path)


def test_read_diary_cell_in_the_last_corner_is_refused_at_once(tmp_path):
    def corner(made):
        made.active["XFD1048576"] = "x"

    assert "cell XFD1048576 lies beyond column 256" in refused(book(tmp_path, arrange=corner))


def test_read_diary_cell_far_below_is_refused(tmp_path):
    def below(made):
        made.active["A1048576"] = "x"

    assert "row 1,048,576 lies beyond row 200,000" in refused(book(tmp_path, arrange=below))


def test_read_diary_row_number_beyond_any_sheet_is_refused(tmp_path):
    path = rewritten(
        book(tmp_path),
        {
            "xl/worksheets/sheet1.xml": lambda xml: (
                xml.replace(b'<row r="2"', b'<row r="4000000000"').replace(b'r="A2"', b"").replace(b'r="B2"', b"")
            )
        },
    )
    assert "beyond row" in refused(path)


def test_read_diary_styled_empty_cells_far_away_are_no_reason_to_refuse(tmp_path):
    def far(made):
        made.active["XFC3"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF0000")

    assert read_diary(book(tmp_path, arrange=far))["food_text"].tolist() == ["rice"]


def test_read_diary_one_row_of_a_million_cells_is_refused(tmp_path):
    many = b"<row><c><v>1</v></c>" + b"<c><v>1</v></c>" * 300_000 + b"</row></sheetData>"
    path = rewritten(book(tmp_path), {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"</sheetData>", many)})
    assert "a row of the workbook has more than 20,000 cells" in refused(path)


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)
def test_read_diary_xml_entities_are_refused(tmp_path, part):
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    path = rewritten(book(tmp_path), {part: lambda xml: laughs})
    assert "declares XML entities" in refused(path)


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)
@pytest.mark.parametrize(
    "content", [b"", b"<", b"<x/>", b"\xff\xfe\0\0", b"<worksheet><sheetData><row r='x'/></sheetData></worksheet>"]
)
def test_read_diary_broken_parts_are_refused_or_read_but_never_a_traceback(tmp_path, part, content):
    path = rewritten(book(tmp_path), {part: lambda xml: content})
    try:
        read_diary(path)
    except DiaryError as error:
        assert "d.xlsx" in str(error)


def test_read_diary_documents_that_are_no_spreadsheet_are_named(tmp_path):
    for parts, words in (
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}, "OpenDocument file, but no"),
        ({"word/document.xml": "<x/>"}, "a Word document"),
        ({"ppt/presentation.xml": "<x/>"}, "a presentation"),
        ({"xl/workbook.bin": "x"}, "a binary workbook (.xlsb)"),
    ):
        path = tmp_path / "d.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for part, content in parts.items():
                archive.writestr(part, content)
        assert words in refused(path)


def test_read_diary_empty_workbook_says_that_nothing_is_written(tmp_path):
    openpyxl.Workbook().save(tmp_path / "d.xlsx")
    assert "nothing is written in it" in refused(tmp_path / "d.xlsx")


def test_read_diary_protected_sheet_and_macro_workbook_are_read(tmp_path):
    def protect(made):
        made.active.protection.sheet = True
        made.active.protection.password = "secret"

    assert len(read_diary(book(tmp_path, arrange=protect))) == 1
    with_macro = rewritten(book(tmp_path, name="d.xlsm"), {"xl/vbaProject.bin": lambda _: OLE + b"Auto_Open"})
    assert len(read_diary(with_macro)) == 1


def test_read_diary_formula_like_text_stays_text(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(
        'Date,Food,Amount\n2026-03-02,"=HYPERLINK(""http://x"")",1 cup\n2026-03-02,+cmd|x,1\n', encoding="utf-8"
    )
    assert read_diary(path)["food_text"].tolist() == ['=HYPERLINK("http://x")', "+cmd|x"]


def test_read_diary_more_rows_than_the_cap_are_refused_and_as_many_are_read(tmp_path, monkeypatch):
    from nutridiary.diary import delimited

    monkeypatch.setattr(delimited, "MOST_ROWS", 50)
    monkeypatch.setattr(workbook_module, "MOST_ROWS", 50)
    path = tmp_path / "d.csv"
    path.write_text("Date,Food\n" + "2026-03-02,rice\n" * 49, encoding="utf-8")
    assert len(read_diary(path)) == 49
    path.write_text("Date,Food\n" + "2026-03-02,rice\n" * 50, encoding="utf-8")
    assert "more than 50 rows" in refused(path)
    assert len(read_diary(book(tmp_path, HEADER, *[ROW] * 49))) == 49
    assert "beyond row 50" in refused(book(tmp_path, HEADER, *[ROW] * 50))


def test_read_diary_more_columns_than_the_cap_are_refused(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("Date,Food\n2026-03-02,rice" + "," * 300 + "x\n", encoding="utf-8")
    assert "d.csv:2: 302 columns, more than the 256" in refused(path)
    path.write_text("Date,Food\n2026-03-02,rice" + "," * 300 + "\n", encoding="utf-8")
    assert len(read_diary(path)) == 1
    path.write_text("Date,Food" + ",x" * 1_000_000 + "\n", encoding="utf-8")
    assert "d.csv:1: 1000002 columns, more than the 256" in refused(path)


def test_read_diary_more_cells_than_the_cap_are_refused_before_the_table_is_built(tmp_path, monkeypatch):
    monkeypatch.setattr(grid_module, "MOST_CELLS", 1000)
    monkeypatch.setattr(workbook_module, "MOST_WORKBOOK_CELLS", 1000)
    path = tmp_path / "d.csv"
    path.write_text("Date,Food\n" + "2026-03-02,rice\n" * 499, encoding="utf-8")
    assert len(read_diary(path)) == 499
    path.write_text("Date,Food\n" + "2026-03-02,rice\n" * 500, encoding="utf-8")
    assert "more than 1,000 cells" in refused(path)
    path.write_text("x," * 1001, encoding="utf-8")
    assert "more than 1,000 cells" in refused(path)
    assert "more than 1,000 cells" in refused(book(tmp_path, HEADER, *[ROW] * 250))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252"])
def test_read_diary_text_in_every_encoding_is_read(tmp_path, encoding):
    path = tmp_path / "d.csv"
    path.write_bytes("Date,Food\n2026-03-02,Käse\n".encode(encoding))
    assert read_diary(path)["food_text"].tolist() == ["Käse"]


def test_read_diary_more_merged_cells_than_any_diary_are_refused(tmp_path):
    many = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (row, row) for row in range(1, 20_002))
    ending = b"</sheetData><mergeCells>" + many + b"</mergeCells>"
    path = rewritten(book(tmp_path), {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"</sheetData>", ending)})
    assert "more than 20,000 merged cells" in refused(path)


def test_read_diary_workbook_that_has_lost_a_sheet_is_refused(tmp_path):
    def two_sheets(made):
        made.create_sheet("More").append(HEADER)

    path = book(tmp_path, arrange=two_sheets)
    assert len(read_grids(path)) == 2
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            if name != "xl/worksheets/sheet2.xml":
                archive.writestr(name, content)
    assert "damaged or not complete" in refused(path)


def test_read_diary_zip_whose_parts_are_packed_to_need_much_memory_is_refused(tmp_path):
    path = book(tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"<x/>")
    assert "compressed in an unusual way" in refused(path)


def test_read_diary_text_of_enormous_length_is_kept_and_does_not_hang(tmp_path):
    long = "1 " * 40_000
    path = tmp_path / "d.csv"
    path.write_text(f"Date,Food,Amount\n2026-03-02,{long},\n2026-03-02,rice,{long}\n", encoding="utf-8")
    entries = read_diary(path)
    assert len(entries.loc[0, "food_text"]) == len(long.strip())
    assert "characters long" in entries.loc[1, "problem"]
    path.write_text(f"Date,Food\n2026-03-02,{'x' * 200_000}\n", encoding="utf-8")
    assert "d.csv" in refused(path)


def test_read_diary_hundred_thousand_rows_are_all_read(tmp_path):
    lines = "".join(
        f"2026-{number // 28 % 12 + 1:02}-{number % 28 + 1:02},rice,{number % 90 + 1} g\n" for number in range(100_000)
    )
    path = tmp_path / "d.csv"
    path.write_text("Date,Food,Amount\n" + lines, encoding="utf-8")
    entries = read_diary(path)
    assert len(entries) == 100_000
    # 100,000 = 1,111 full rounds of 1 to 90, and 1 to 10 once more.
    assert entries["amount"].sum() == 1111 * 4095 + 55
    assert entries["problem"].isna().all()


EXAMPLE = data_file("diaries", "example.xlsx").read_bytes()


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, len(EXAMPLE) - 1), junk=st.binary(min_size=1, max_size=40))
def test_read_diary_of_a_damaged_workbook_raises_nothing_but_diary_error(tmp_path, place, junk):
    path = tmp_path / "d.xlsx"
    path.write_bytes(EXAMPLE[:place] + junk + EXAMPLE[place + len(junk) :])
    try:
        entries = read_diary(path)
    except DiaryError as error:
        assert "d.xlsx" in str(error)
    else:
        assert len(entries) > 0


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=400), st.text(max_size=200).map(lambda text: f"Date,Food\n{text}".encode("utf-8", "replace"))
    )
)
def test_read_diary_of_any_bytes_raises_nothing_but_diary_error(tmp_path, content):
    path = tmp_path / "d.csv"
    path.write_bytes(content)
    try:
        read_diary(path)
    except DiaryError as error:
        assert "d.csv" in str(error)
