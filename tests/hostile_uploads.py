"""What nobody should upload: files and requests that are broken, huge, or try to be more than text."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import openpyxl

DIARIES = Path(__file__).parents[1] / "data" / "diaries"
HEADINGS = "date,food,amount,unit"
LINE = "2026-03-02,rice,1,cup"
SMALL = f"{HEADINGS}\n{LINE}\n".encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOUNDARY = "----diary"

SCRIPTS = (
    "<script>xss()</script>",
    "\"><img src=x onerror='xss()'>",
    "<xmarker>",
    "</textarea></title></style><xmarker onload=xss()>",
    "javascript:xss()",
    "{{ 7*7 }}{% raw %}",
    "&lt;script&gt;xss()&lt;/script&gt;",
    "<svg/onload=xss()>",
    "' onfocus='xss()' autofocus='",
    "<!--><xmarker>-->",
    "\u202e<xmarker>\u0000".replace("\0", ""),
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+1+1",
    "-2+3",
)


@dataclass(frozen=True)
class Hostile:
    """One upload: files in the form, or a body of its own."""

    title: str
    files: list[tuple[str, tuple[str, bytes]]] = field(default_factory=list)
    body: bytes | None = None
    content_type: str = ""


def one(title: str, name: str, data: bytes) -> Hostile:
    return Hostile(title, [("files", (name, data))])


def every() -> Iterator[Hostile]:
    """Return them all, one after the other."""
    for make in (
        truncated,
        wrong_names,
        names,
        bombs,
        workbooks,
        xml,
        scripts,
        texts,
        archives,
        requests,
        many,
        random_bytes,
    ):
        yield from make()


@cache
def book() -> bytes:
    """A small workbook."""
    made = openpyxl.Workbook()
    for row in (HEADINGS.split(","), LINE.split(",")):
        made.active.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def changed(changes: dict[str, Callable[[bytes], bytes]], base: bytes | None = None) -> bytes:
    """Return a workbook with parts written anew."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base or book())) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, lambda data: data)(old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name](b""))
    return target.getvalue()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def sheet(rows: str) -> Callable[[bytes], bytes]:
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return lambda _: f"{head}{rows}</sheetData></worksheet>".encode()


def truncated() -> Iterator[Hostile]:
    whole = {
        "example.xlsx": (DIARIES / "example.xlsx").read_bytes(),
        "thirty_days.csv.gz": gzip.compress((DIARIES / "thirty_days.csv").read_bytes()),
        "thirty_days.csv.xz": lzma.compress((DIARIES / "thirty_days.csv").read_bytes()),
    }
    for name, data in whole.items():
        for part in range(1, 14):
            yield one(f"{name} cut at {part}/14", name, data[: len(data) * part // 14])
    book_bytes = whole["example.xlsx"]
    for at in range(0, len(book_bytes), len(book_bytes) // 12):
        broken = bytearray(book_bytes)
        broken[at : at + 64] = b"\xff" * 64
        yield one(f"example.xlsx broken at {at}", "example.xlsx", bytes(broken[: len(book_bytes)]))


def wrong_names() -> Iterator[Hostile]:
    contents = {
        "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
        "jpeg": b"\xff\xd8\xff\xe0" + b"\0" * 200,
        "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\n",
        "exe": b"MZ" + b"\0" * 500,
        "elf": b"\x7fELF" + b"\0" * 500,
        "sqlite": b"SQLite format 3\0" + b"\0" * 500,
        "json": json.dumps([{"food": "rice"}] * 20).encode(),
        "html": b"<!doctype html><html><script>xss()</script></html>",
        "pickle": pickle.dumps({"food": [SMALL]}),
        "bzip2": bz2.compress(SMALL),
        "ole": OLE + b"\0" * 2000,
        "ole_workbook": OLE + b"\0" * 600 + "Workbook".encode("utf-16-le") + random.Random(1).randbytes(4000),
        "parquet": b"PAR1" + b"\0" * 100 + b"PAR1",
        "rtf": b"{\\rtf1 rice}",
        "biff": b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\xff" * 500,
    }
    for kind, data in contents.items():
        for name in ("diary.xlsx", "diary.csv", "diary.xls"):
            yield one(f"{kind} called {name}", name, data)
    yield one("csv called .xlsx", "diary.xlsx", SMALL)
    yield one("xlsx called .csv", "diary.csv", book())


def names() -> Iterator[Hostile]:
    for name in (
        "../../../../etc/cron.d/diary.csv",
        "/etc/passwd",
        "..\\..\\windows\\system32\\diary.csv",
        "C:\\diary.csv",
        "..",
        ".",
        "....//diary.csv",
        "diary\0.csv",
        "diary\n.csv",
        "a" * 10_000 + ".csv",
        "食" * 5_000 + ".csv",
        "CON",
        "NUL.csv",
        "aux.csv",
        "\u202ecsv.exe",
        " ",
        ".htaccess",
        "-rf.csv",
        "$(id).csv",
        "`id`.csv",
        "~/.ssh/x.csv",
        "<script>xss()</script>.csv",
        '"><xmarker>.csv',
        "%2e%2e%2fdiary.csv",
        "diary.csv/",
        "lock",
        "files",
        "file:///etc/passwd",
        "\\\\server\\share\\diary.csv",
        "diary.csv::$DATA",
        "\ud83c\udf4e.csv".encode("utf-16", "surrogatepass").decode("utf-16"),
    ):
        yield one(f"named {name[:30]!r}", name, SMALL)


def bombs() -> Iterator[Hostile]:
    gigabyte = io.BytesIO()
    with (
        zipfile.ZipFile(gigabyte, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("diary.csv", "w", force_zip64=True) as part,
    ):
        part.write(SMALL)
        for _ in range(256):
            part.write(b"0" * 2**22)
    bomb = gigabyte.getvalue()
    yield one("a gigabyte of zeros, zipped", "diary.zip", bomb)
    yield one("a zip in a zip", "diary.zip", zipped({"inner.zip": bomb}))
    yield one("ten zips in a zip", "diary.zip", zipped({f"{number}.zip": bomb for number in range(10)}))
    deep = SMALL
    for _ in range(30):
        deep = zipped({"a.zip": deep})
    yield one("thirty zips deep", "diary.zip", deep)
    yield one("a small gigabyte, gz", "diary.csv.gz", gzip.compress(b"0" * 2**28))
    yield one("gz of gz of gz", "diary.csv.gz", gzip.compress(gzip.compress(gzip.compress(b"0" * 2**26))))
    yield one("many streams of gz", "diary.csv.gz", gzip.compress(b"x") * 5_000)
    yield one("xz bomb", "diary.csv.xz", lzma.compress(b"0" * 2**28, preset=0))
    yield one("UTF-16 of a bomb, gz", "diary.csv.gz", gzip.compress(b"\xff\xfe" + b"0\0" * 2**26))
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        size = archive.infolist()[0].compress_size
    lying = bytearray(bomb)
    at = lying.rfind(b"PK\x01\x02")
    lying[at + 24 : at + 28] = struct.pack("<I", 100)
    yield one(f"a zip that lies of its {size} bytes", "diary.zip", bytes(lying))
    zeros = b"0" * 2**26
    for part_name in (
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "docProps/app.xml",
    ):
        yield one(f"workbook with 64 MB of {part_name}", "diary.xlsx", changed({part_name: lambda _: zeros}))
    yield one(
        "ten thousand members",
        "diary.zip",
        zipped({f"{number}.csv": b"" for number in range(10_000)}, zipfile.ZIP_STORED),
    )
    ods = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": zeros}
    yield one("ods with 64 MB", "diary.ods", zipped(ods))


def workbooks() -> Iterator[Hostile]:
    one_cell = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>food</t></is></c></row>'
    yield one("a cell at XFD1048576", "d.xlsx", changed({"xl/worksheets/sheet1.xml": sheet(one_cell)}))
    beyond = '<row r="99999999"><c r="ZZZZ99999999"><v>1</v></c></row>'
    yield one("a cell beyond any sheet", "d.xlsx", changed({"xl/worksheets/sheet1.xml": sheet(beyond)}))
    for title, cell in {
        "negative row": '<row r="-5"><c r="A-5"><v>1</v></c></row>',
        "no reference": "<row><c><v>1</v></c></row>" * 1000,
        "string index beyond": '<row r="1"><c r="A1" t="s"><v>999999999</v></c></row>',
        "negative string index": '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        "number that is none": '<row r="1"><c r="A1"><v>1e99999</v></c><c r="B1"><v>nan</v></c></row>',
        "unknown style": '<row r="1"><c r="A1" s="99999999"><v>1</v></c></row>',
        "date of the year 400000": '<row r="1"><c r="A1" t="d"><v>400000-01-01</v></c></row>',
    }.items():
        yield one(title, "d.xlsx", changed({"xl/worksheets/sheet1.xml": sheet(cell)}))
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 300_001))
    yield one("300,000 rows", "d.xlsx", changed({"xl/worksheets/sheet1.xml": sheet(rows)}))
    wide = '<row r="1">' + "<c><v>1</v></c>" * 1_000_000 + "</row>"
    yield one("a million columns", "d.xlsx", changed({"xl/worksheets/sheet1.xml": sheet(wide)}))
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 5_000))
    yield one(
        "5,000 sheets",
        "d.xlsx",
        changed({"xl/workbook.xml": lambda data: data.replace(b"</sheets>", sheets.encode() + b"</sheets>")}),
    )
    merged = "".join(f'<mergeCell ref="A{n}:XFD{n}"/>' for n in range(1, 50_000))
    merges = sheet("")(b"").replace(b"</worksheet>", f"<mergeCells>{merged}</mergeCells></worksheet>".encode())
    yield one("50,000 merges of whole rows", "d.xlsx", changed({"xl/worksheets/sheet1.xml": lambda _: merges}))
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml", "_rels/.rels", "xl/styles.xml"):
        yield one(f"nothing in {name}", "d.xlsx", changed({name: lambda _: b""}))
        yield one(f"no XML in {name}", "d.xlsx", changed({name: lambda _: b"<<<<>>>>\0"}))
    yield one(
        "relation to a file",
        "d.xlsx",
        changed(
            {
                "xl/_rels/workbook.xml.rels": lambda data: data.replace(
                    b"worksheets/sheet1.xml", b"../../../../../etc/passwd"
                )
            }
        ),
    )
    yield one("member that climbs", "d.xlsx", changed({"../../../tmp/climbed": lambda _: b"x"}))


def xml() -> Iterator[Hostile]:
    laughs = (
        '<!DOCTYPE l [<!ENTITY a "ha">'
        + "".join(
            f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";" if n else "&a;"}{"&a" + str(n - 1) + ";" if n else "&a;"}">'
            for n in range(30)
        )
        + "]>"
    )
    quadratic = f'<!DOCTYPE l [<!ENTITY a "{"x" * 50_000}">]>'
    outside = {
        "file": '<!DOCTYPE l [<!ENTITY a29 SYSTEM "file:///etc/passwd">]>',
        "web": '<!DOCTYPE l [<!ENTITY a29 SYSTEM "http://127.0.0.1:1/">]>',
        "parameter": '<!DOCTYPE l [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    }
    for title, head in {"laughs": laughs, "quadratic": quadratic, **outside}.items():
        body = "&a;" * 5_000 if title == "quadratic" else "&a29;"
        rows = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{body}</t></is></c></row>'
        for name in (
            "xl/worksheets/sheet1.xml",
            "xl/workbook.xml",
            "xl/sharedStrings.xml",
            "xl/styles.xml",
            "docProps/core.xml",
        ):
            content = head.encode() + (sheet(rows)(b"") if "sheet1" in name else f"<x>{body}</x>".encode())
            yield one(f"{title} in {name}", "d.xlsx", changed({name: lambda _, content=content: content}))
        ods = {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"{head}<x>{body}</x>".encode(),
        }
        yield one(f"{title} in an ods", "d.ods", zipped(ods))
        yield one(
            f"{title} in a page",
            "d.html",
            f"{head}<html><table><tr><td>food</td></tr><tr><td>{body}</td></tr></table></html>".encode(),
        )
    yield one("deep XML", "d.xlsx", changed({"xl/worksheets/sheet1.xml": sheet("<row>" * 50_000)}))
    yield one("deep page", "d.html", b"<html>" + b"<table><tr><td>" * 20_000)


def scripts() -> Iterator[Hostile]:
    for words in SCRIPTS:
        quoted = '"' + words.replace('"', '""') + '"'
        yield one(f"food {words[:20]}", "d.csv", f"{HEADINGS}\n2026-03-02,{quoted},1,cup\n{LINE}\n".encode())
        yield one(
            f"everything {words[:20]}", "d.csv", f"{HEADINGS},person,{quoted}\n{','.join([quoted] * 6)}\n".encode()
        )
        made = openpyxl.Workbook()
        made.active.title = "".join(letter for letter in words if letter not in r"[]:*?/\'").strip()[:31] or "x"
        for row in ((*HEADINGS.split(","), "person", words), ("2026-03-02", words, 1, words, words, words)):
            made.active.append(row)
        target = io.BytesIO()
        made.save(target)
        yield one(f"workbook {words[:20]}", f"{words}.xlsx", target.getvalue())
    page = "".join(f"<tr><td>2026-03-02</td><td>{words}</td><td>1</td></tr>" for words in SCRIPTS)
    yield one(
        "page",
        "d.html",
        f"<html><table><tr><th>date</th><th>food</th><th>amount</th></tr>{page}</table></html>".encode(),
    )


def texts() -> Iterator[Hostile]:
    for title, data in {
        "nothing": b"",
        "a byte order mark": b"\xef\xbb\xbf",
        "spaces": b" " * 10_000,
        "line ends": b"\n" * 100_000,
        "NUL bytes": SMALL + b"\0" * 1000,
        "UTF-16 cut": (HEADINGS + "\n" + LINE).encode("utf-16")[:-1],
        "not UTF-8": SMALL + b"2026-03-02,\xff\xfe\xfd,1,cup\n",
        "UTF-32": (HEADINGS + "\n" + LINE).encode("utf-32"),
        "surrogates": SMALL + b"2026-03-02,\xed\xa0\x80,1,cup\n",
        "UTF-7": HEADINGS.encode() + b"\n2026-03-02,+ADw-script+AD4-,1,cup\n",
        "a huge cell": f"{HEADINGS}\n2026-03-02,{'x' * 3_000_000},1,cup\n".encode(),
        "a huge heading": f"{'x' * 1_000_000},{HEADINGS}\n".encode(),
        "a million columns": b"a," * 1_000_000,
        "only commas": b"," * 2_000_000,
        "quotation marks": b'"' * 500_000,
        "an open quotation": SMALL + b'2026-03-02,"' + b"x\n" * 200_000,
        "300,000 rows": f"{HEADINGS}\n".encode() + f"{LINE}\n".encode() * 300_000,
        "amounts": f"{HEADINGS}\n".encode()
        + b"".join(
            f"2026-03-02,rice,{amount},cup\n".encode()
            for amount in ("1e308", "-1", "nan", "inf", "9" * 5_000, "1/0", "0x10", "½" * 1000, "1e-400", "--1", "٣")
        ),
        "dates": f"{HEADINGS}\n".encode()
        + b"".join(
            f"{day},rice,1,cup\n".encode()
            for day in ("9999-12-31", "0000-00-00", "31/31/31", "99999999999", "-1", "2026-02-30", "1" * 5_000)
        ),
        "one heading many times": (",".join(["food"] * 200) + "\n").encode(),
        "nested commas": b"(" * 100_000 + SMALL,
        "unicode marks": f"{HEADINGS}\n2026-03-02,{'e' + chr(0x301) * 50_000},1,cup\n".encode(),
        "right to left": f"{HEADINGS}\n2026-03-02,{chr(0x202E) * 1000}rice,1,cup\n".encode(),
        "numbers as one word": f"{HEADINGS}\n2026-03-02,{'1 cup ' * 20_000},1,cup\n".encode(),
        "a food of many": f"{HEADINGS}\n2026-03-02,{' and '.join(['rice'] * 10_000)},1,cup\n".encode(),
        "brackets": f"{HEADINGS}\n2026-03-02,{'(' * 20_000}rice{')' * 20_000},1,cup\n".encode(),
    }.items():
        yield one(f"text: {title}", "d.csv", data)


def archives() -> Iterator[Hostile]:
    for name in (
        "../../../tmp/climbed.csv",
        "/tmp/climbed.csv",
        "a/../../b.csv",
        "\\\\x\\y.csv",
        "C:\\x.csv",
        "a" * 5_000 + ".csv",
        "<xmarker>.csv",
    ):
        yield one(f"zip with {name[:20]!r}", "d.zip", zipped({name: SMALL}))
    link = zipfile.ZipInfo("diary.csv")
    link.external_attr = 0o120777 << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    yield one("zip with a link", "d.zip", target.getvalue())
    locked = bytearray(zipped({"diary.csv": SMALL}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.find(mark) + at] |= 1
    yield one("zip with a password", "d.zip", bytes(locked))
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../diary.csv"), io.BytesIO(b""))
    yield one("tar", "d.tar.gz", tar.getvalue())
    yield one("zip without end", "d.zip", zipped({"diary.csv": SMALL})[:-10])
    yield one("zip of nothing", "d.zip", zipped({}))
    yield one(
        "zip with the same name twice", "d.zip", zipped({"diary.csv": SMALL})[:-22] + zipped({"diary.csv": SMALL})
    )


def part(name: str, data: bytes, *, head: str = "") -> bytes:
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {name}\r\n{head}\r\n".encode() + data + b"\r\n"


def requests() -> Iterator[Hostile]:
    kind, end = f"multipart/form-data; boundary={BOUNDARY}", f"--{BOUNDARY}--\r\n".encode()
    good = part('name="files"; filename="d.csv"', SMALL)
    for title, body in {
        "nothing": b"",
        "no end": good,
        "no boundary inside": b"x" * 1000,
        "only the end": end,
        "boundary again and again": f"--{BOUNDARY}\r\n".encode() * 5_000 + end,
        "a boundary almost": (f"\r\n--{BOUNDARY[:-1]}".encode() * 50_000) + end,
        "no name": part('filename="d.csv"', SMALL) + end,
        "no disposition": f"--{BOUNDARY}\r\n\r\nx\r\n".encode() + end,
        "a huge head": part('name="files"; filename="d.csv"', SMALL, head="X: " + "a" * 500_000 + "\r\n") + end,
        "thousands of heads": part('name="files"; filename="d.csv"', SMALL, head="X: a\r\n" * 20_000) + end,
        "no line ends": good.replace(b"\r\n", b"\n") + end,
        "a field for a file": part('name="files"', SMALL) + end,
        "a file for a field": part('name="form_token"; filename="x"', b"x") + good + end,
        "fields twice": part('name="form_token"', b"x") * 2_000 + good + end,
        "25,000 fields": part('name="x"', b"x") * 25_000 + end,
        "a huge field": part('name="form_token"', b"x" * 3_000_000) + end,
        "name of bytes": part('name="files"; filename="\xff\xfe"', SMALL) + end,
        "name by charset": part("name=\"files\"; filename*=UTF-9''%ff%00.csv", SMALL) + end,
        "encoded": part('name="files"; filename="d.csv"', SMALL, head="Content-Transfer-Encoding: quoted-printable\r\n")
        + end,
        "a part in a part": part(
            'name="files"; filename="d.csv"', SMALL, head=f"Content-Type: multipart/mixed; boundary={BOUNDARY}\r\n"
        )
        + end,
    }.items():
        yield Hostile(f"request: {title}", body=body, content_type=kind)
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "b" * 5_000,
        'multipart/form-data; boundary="',
        "multipart/mixed; boundary=x",
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
        "image/png",
        "",
        "a" * 5_000,
        "multipart/form-data; boundary=\x7f",
        "application/xml",
    ):
        yield Hostile(f"request of type {kind[:40]!r}", body=good + end, content_type=kind)
    yield Hostile(
        "request: fields without end", body=b"a=1&" * 300_000, content_type="application/x-www-form-urlencoded"
    )
    yield Hostile("request: percent signs", body=b"%" * 1_000_000, content_type="application/x-www-form-urlencoded")
    yield Hostile("request: deep JSON", body=b"[" * 200_000, content_type="application/json")


def many() -> Iterator[Hostile]:
    yield Hostile("a hundred files", [("files", (f"{number}.csv", SMALL)) for number in range(100)])
    yield Hostile("two thousand files", [("files", (f"{number}.csv", b"")) for number in range(2_000)])
    yield Hostile("twenty of one name", [("files", ("d.csv", SMALL)) for _ in range(20)])
    yield Hostile("aliases only", [("aliases", ("a.csv", SMALL))])
    yield Hostile(
        "hostile aliases", [("files", ("d.csv", SMALL)), ("aliases", ("a.csv", b"said,fdc_id\n<xmarker>,=1+1\n"))]
    )
    yield Hostile(
        "aliases that are a bomb", [("files", ("d.csv", SMALL)), ("aliases", ("a.csv", gzip.compress(b"0" * 2**26)))]
    )


def random_bytes() -> Iterator[Hostile]:
    chance = random.Random(20261122)
    for number, head in enumerate(
        (
            b"",
            b"PK\x03\x04",
            OLE,
            b"\x1f\x8b\x08",
            b"\xfd7zXZ\0",
            b"<html>",
            b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!",
        )
    ):
        for size in (3, 500, 20_000):
            yield one(f"random {number} {size}", f"d{number}.csv", head + chance.randbytes(size))
