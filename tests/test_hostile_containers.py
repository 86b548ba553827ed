"""Archives, old workbooks, OpenDocument spreadsheets, web pages and survey files that nobody would send on purpose."""

import gzip
import io
import lzma
import struct
import tracemalloc
import warnings
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made_up_files import compound, label, number, old_stream, opendocument, record, shared_texts, transport, zipped
from nutridiary.diary import archive as archive_module
from nutridiary.diary import compressed as compressed_module
from nutridiary.diary import content as content_module
from nutridiary.diary import grid as grid_module
from nutridiary.diary.files import read_containers, read_grids
from nutridiary.errors import DiaryError

TABLE = b"Date,Food\n2026-03-02,rice\n"


def written(tmp_path, content, name="d.bin"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(tmp_path, content):
    with pytest.raises(DiaryError) as error:
        read_containers(written(tmp_path, content))
    words = str(error.value)
    assert words.startswith("d.bin:")
    assert "\n" not in words
    return words


def problems(tmp_path, content):
    return {held.name: held.problem for held in read_containers(written(tmp_path, content))}


def test_read_containers_file_larger_than_is_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(content_module, "MOST_FILE_BYTES", 100)
    assert "larger than the" in refused(tmp_path, b"x" * 101)
    assert len(read_containers(written(tmp_path, b"Date,Food\n" + b"1,x\n" * 20))) == 1


def test_read_containers_endless_standard_input_is_read_to_the_limit_only(tmp_path, monkeypatch):
    class Endless(io.RawIOBase):
        def readinto(self, buffer):
            buffer[:] = bytes([65]) * len(buffer)
            return len(buffer)

        def readable(self):
            return True

    monkeypatch.setattr(content_module, "MOST_FILE_BYTES", 1000)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(Endless())))
    with pytest.raises(DiaryError, match="stdin: the file is larger"):
        read_containers(tmp_path.__class__("-"))


# Archives


def member(name, content=TABLE, *, link=False, encrypted=False, packed=zipfile.ZIP_DEFLATED):
    made = zipfile.ZipInfo(name)
    made.compress_type = packed
    made.external_attr = 0o120777 << 16 if link else 0
    return made, content, encrypted


def archive(*members):
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w") as out:
        warnings.simplefilter("ignore")  # of two files of the same name
        for info, content, _ in members:
            out.writestr(info, content)
    data = bytearray(made.getvalue())
    at = -1
    for _, _, encrypted in members:  # the directory's own word on encryption
        at = data.index(b"PK\x01\x02", at + 1)
        data[at + 8] |= encrypted
    return bytes(data)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (member("../../etc/cron.d/x.csv"), "its name leads out of the archive"),
        (member("/etc/x.csv"), "its name leads out of the archive"),
        (member("..\\x.csv"), "its name leads out of the archive"),
        (member("C:\\x.csv"), "its name leads out of the archive"),
        (member("x.csv", b"/etc/passwd", link=True), "a link to another file: not followed"),
        (member("x.csv", encrypted=True), "protected by a password"),
        (member("."), "its name leads out of the archive"),
        (member("x.csv", packed=zipfile.ZIP_LZMA), "compressed in an unusual way"),
        (member("x.csv", packed=zipfile.ZIP_BZIP2), "compressed in an unusual way"),
        (member("good.csv"), "a second file of the same name"),
        (member("x.csv", gzip.compress(TABLE)), "an archive in an archive"),
        (member("x.zip", zipped({"a.csv": TABLE})), "an archive in an archive"),
        (member("x.xlsx", b"PK\x03\x04"), "damaged or not complete"),
        (member("x.exe", b"MZ\x90\0\3\0\0\0"), "so it is no text"),
    ],
)
def test_read_containers_member_that_is_not_read_says_why_and_the_others_are(tmp_path, bad, words):
    found = read_containers(written(tmp_path, archive(member("good.csv"), bad)))
    good, other = found
    assert good.problem == ""
    assert words in other.problem
    assert not other.grids


def test_read_containers_member_name_cannot_break_a_line(tmp_path):
    (name,) = problems(tmp_path, archive(member("a\nb\x1b[31m.csv", b"\x89PNG")))
    assert name == "d.bin/a?b?[31m.csv"


def test_read_containers_member_without_a_name_is_left_aside(tmp_path):
    nameless = archive(member("qqqqqqqq")).replace(b"qqqqqqqq", bytes(8))
    assert problems(tmp_path, nameless) == {"d.bin/": "its name leads out of the archive: not read"}


def test_read_containers_archive_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive_module, "MOST_UNPACKED", 2 * 2**20)
    bomb = zipped({f"{n}.csv": b"1,2\n" * 2**18 for n in range(3)})
    assert len(bomb) < 20_000
    assert "unpacks to more than the 2 MB" in refused(tmp_path, bomb)


def test_read_containers_archive_of_thousands_of_files_is_refused(tmp_path):
    assert "more than the 1,000 read" in refused(tmp_path, zipped({f"{n}.csv": b"" for n in range(1001)}))
    assert "more than 10,000 files" in refused(tmp_path, b"PK\x03\x04" + b"PK\x01\x02" * 10_001)


def test_read_containers_cells_of_all_members_are_added_up(tmp_path, monkeypatch):
    monkeypatch.setattr(grid_module, "MOST_CELLS", 10)
    assert not any(problems(tmp_path, zipped({"a.csv": TABLE, "b.csv": TABLE})).values())
    assert "more than 10 cells" in refused(tmp_path, zipped({"a.csv": TABLE, "b.csv": TABLE, "c.csv": TABLE}))


def test_read_grids_archive_of_several_tables_or_none_says_what_is_in_it(tmp_path):
    with pytest.raises(DiaryError, match=r"several tables: a.csv, b.csv"):
        read_grids(written(tmp_path, zipped({"a.csv": TABLE, "b.csv": TABLE})))
    with pytest.raises(DiaryError, match=r"no table in it. Found: a.png \(this is a picture"):
        read_grids(written(tmp_path, zipped({"a.png": b"\x89PNG"})))


# gzip and xz


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_read_containers_compressed_bomb_is_refused_without_being_unpacked(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(compressed_module, "MOST_UNPACKED", 2 * 2**20)
    bomb = pack(b"1,2\n" * 2**24)  # 64 MB
    assert len(bomb) < 100_000
    tracemalloc.start()
    try:
        assert "unpacks to more than the 2 MB" in refused(tmp_path, bomb)
        assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_read_containers_compressed_file_that_is_cut_or_damaged_is_refused(tmp_path, pack):
    whole = pack(TABLE * 100)
    for content in (whole[:-5], whole[: len(whole) // 2], whole[:8], whole + b"garbage"):
        assert "damaged or not complete" in refused(tmp_path, content)
    assert "packed twice" in refused(tmp_path, pack(pack(TABLE)))
    assert "empty" in refused(tmp_path, pack(b""))


def test_read_containers_xz_that_asks_for_gigabytes_is_refused(tmp_path):
    greedy = bytearray(lzma.compress(TABLE))
    greedy[16] = 40  # the size of the dictionary: 4 GB
    greedy[20:24] = struct.pack("<I", zlib.crc32(bytes(greedy[12:20])))
    assert "damaged" in refused(tmp_path, bytes(greedy))


def test_read_containers_file_of_nothing_but_empty_streams_is_refused(tmp_path):
    assert "damaged" in refused(tmp_path, gzip.compress(b"") * 5000)


# Old workbooks


OLD = compound(
    old_stream(
        b"".join(label(row, 0, f"food {row}") + number(row, 1, row / 4, row % 4) for row in range(30))
        + record(0xFD, struct.pack("<HHHI", 30, 0, 0, 1)),
        before=shared_texts("a", "b"),
    )
)


@pytest.mark.parametrize(
    "content",
    [
        OLD[:600],
        OLD[:-700],
        compound(old_stream(number(0, 0, 1)), table={2: 2}),  # a chain in a circle
        compound(old_stream(number(0, 0, 1)), table={1: 1}),  # the directory in a circle
        compound(old_stream(number(0, 0, 1)), table={2: 100_000}),  # a chain out of the file
        compound(old_stream(number(0, 256, 1))),
        compound(old_stream(b"", before=record(0xFC, struct.pack("<II", 1, 2**32 - 1) + bytes(3)))),
        compound(old_stream(b"", before=record(0xFC, struct.pack("<IIHBI", 1, 1, 0, 4, 2**32 - 1) + bytes(30)))),
        compound(old_stream(record(0xFD, struct.pack("<HHHI", 0, 0, 0, 7)), before=shared_texts("a"))),
        compound(old_stream(label(0, 0, "rice"))[:-4]),  # no end
        compound(b"\0" * 5000),
    ],
)
def test_read_containers_old_workbook_with_absurd_counts_or_chains_is_refused_at_once(tmp_path, content):
    assert "damaged or not complete" in refused(tmp_path, content)


def test_read_containers_protected_old_workbook_and_other_old_documents_are_named(tmp_path):
    assert "protected by a password" in refused(tmp_path, compound(old_stream(b"", before=record(0x2F, bytes(6)))))
    assert "protected by a password" in refused(tmp_path, compound(b"", name="EncryptedPackage"))
    assert "a Word document (.doc)" in refused(tmp_path, compound(b"", name="WordDocument"))
    assert "without a workbook" in refused(tmp_path, compound(b"", name="Contents"))


def test_read_containers_old_workbook_of_too_many_cells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(grid_module, "MOST_CELLS", 1000)
    wide = b"".join(number(line, 255, 1) for line in range(4))
    assert "more than 1,000 cells" in refused(tmp_path, compound(old_stream(wide)))


# OpenDocument


def sheet(rows):
    return f'<table:table table:name="D">{rows}</table:table>'


def row(cells, repeated=1):
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def cells(repeated=1, more='office:value-type="float" office:value="1"', text=""):
    return f'<table:table-cell table:number-columns-repeated="{repeated}" {more}>{text}</table:table-cell>'


SPACES = '<text:p><text:s text:c="99999999999"/><text:s text:c="9"/></text:p>'
ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (opendocument(sheet(row(cells(), 1_000_000_000))), "beyond row"),
        (opendocument(sheet(row(cells(1_000_000_000)))), "beyond column"),
        (opendocument(sheet(row(cells(256), 199_999))), "more than 12,000,000 cells"),
        (opendocument(sheet(row(cells(200, 'table:formula="x"'), 1000))), "formulas have no saved value"),
        (opendocument(sheet(row(cells(more="", text=SPACES)))), "characters"),
        (opendocument(sheet("<x>" * 300 + "</x>" * 300)), "nested more than 200 deep"),
        (opendocument(sheet("") * 201), "more than 200 sheets"),
        (opendocument(sheet(""), prolog=ENTITIES), "declares XML entities"),
        (opendocument(sheet(""), manifest="<manifest:encryption-data/>"), "protected by a password"),
        (opendocument("<broken"), "damaged"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b""}), "damaged"),
    ],
)
def test_read_containers_opendocument_that_says_more_than_a_diary_is_refused(tmp_path, content, words):
    assert words in refused(tmp_path, content)


def test_read_containers_opendocument_blank_cells_without_end_are_no_reason_to_refuse(tmp_path):
    blank = cells(1_000_000_000, more="")
    content = opendocument(sheet(row(cells() + blank) + row(blank, 1_000_000_000)))
    ((grid,),) = (held.grids for held in read_containers(written(tmp_path, content)))
    assert grid.rows == [[1]]


# Web pages


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<html>" + "<table>" * 1_000_000, "more than 50 deep"),
        ("<html>" + "<a " * 1_000_000, "tags do not end"),
        ("<html>" + "<a x='" * 1_000_000, "tags do not end"),
        ("<html>" + "<!--" * 1_000_000, "without a table"),
        ("<html>" + "<script>" * 1_000_000, "without a table"),
        ("<html>" + "<div>" * 1_000_000, "without a table"),
        ("<html>" + "</a" * 1_000_000, "tags do not end"),
        ("<html>" + "<?" * 1_000_000, "without a table"),
        ("<table><tr>" + "<td>x" * 300, "more than the 256 columns"),
        ("<html>" + "x" * (20 * 2**20), "larger than the 20 MB"),
    ],
)
def test_read_containers_web_page_of_a_million_tags_is_refused_in_time(tmp_path, page, words):
    assert words in refused(tmp_path, page)


def test_read_containers_web_page_with_absurd_spans_or_depth_keeps_its_cells(tmp_path):
    page = '<table><tr><td colspan="999999" rowspan=999999>a<td>b</table>'
    with pytest.raises(DiaryError, match="more than the 256 columns"):
        read_containers(written(tmp_path, page))
    deep = "<div>" * 200_000 + "<table><tr><td rowspan='999999'>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    ((grid,),) = (held.grids for held in read_containers(written(tmp_path, "<html>" + deep)))
    assert grid.rows == [["a", "b"], [None, "c"]]


# SAS transport


SURVEY = transport([("SEQN", 0), ("NAME", 6)], [[number, "milk"] for number in range(40)])


def changed(mark, offset, new):
    at = SURVEY.index(mark) + offset
    return SURVEY[:at] + new + SURVEY[at + len(new) :]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (changed(b"HEADER RECORD*******NAMESTR", 54, b"9999"), "9999 columns, more than the 256"),
        (changed(b"HEADER RECORD*******NAMESTR", 54, b"0000"), "damaged"),
        (changed(b"HEADER RECORD*******NAMESTR", 54, b"-002"), "damaged"),
        (changed(b"HEADER RECORD*******NAMESTR", 54, b"0200"), "damaged"),
        (changed(b"HEADER RECORD*******MEMBER", 74, b"9999"), "damaged"),
        (changed(b"HEADER RECORD*******NAMESTR", 80 + 4, b"\x7f\xff"), "damaged"),
        (changed(b"HEADER RECORD*******NAMESTR", 80 + 4, b"\0\0"), "damaged"),
        (changed(b"HEADER RECORD*******NAMESTR", 80 + 84, b"\x7f\xff\xff\xff"), "damaged"),
        (SURVEY[:500], "damaged"),
        (SURVEY[:100], "damaged"),
        (SURVEY.replace(b"HEADER RECORD*******LIBRARY HEADER", b"HEADER RECORD*******LIBV8   HEADER"), "of version 8"),
    ],
)
def test_read_containers_transport_file_with_an_absurd_header_is_refused(tmp_path, content, words):
    assert words in refused(tmp_path, content)


def test_read_containers_transport_file_of_too_many_rows_is_refused(tmp_path):
    narrow = transport([("A", 1)], []) + b"x" * 200_400
    assert "rows, more than the 200,000" in refused(tmp_path, narrow)


# Anything


SEEDS = (
    OLD,
    SURVEY,
    opendocument(sheet(row(cells()) * 3)),
    b"<html><h1>Monday</h1><table><tr><td colspan=2>x<td>y</tr></table></html>",
    gzip.compress(TABLE),
    lzma.compress(TABLE),
    zipped({"a.csv": TABLE, "b.xls": OLD}, zipfile.ZIP_STORED),
)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.sampled_from(SEEDS), share=st.floats(0, 1), junk=st.binary(max_size=20), cut=st.booleans())
def test_read_containers_of_damaged_files_raises_nothing_but_diary_error(tmp_path, seed, share, junk, cut):
    place = int(share * len(seed))
    path = written(tmp_path, seed[:place] + junk + (b"" if cut else seed[place + len(junk) :]))
    try:
        for held in read_containers(path):
            assert held.problem or all(grid.source.startswith("d.bin") for grid in held.grids)
    except DiaryError as error:
        assert "d.bin" in str(error)
