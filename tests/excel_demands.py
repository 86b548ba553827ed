"""What Excel demands of a workbook, read from the raw XML: Excel repairs or refuses a file that breaks one of these.

Limits: "Excel specifications and limits", Microsoft. Order and types of elements: ECMA-376, part 1, chapter 18.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, fromstring

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MOST_LINKS, MOST_BREAKS, MOST_STYLES = 65_530, 1_026, 65_490
LONGEST_TEXT, LONGEST_FORMULA, LONGEST_WORDS, LONGEST_NAME, LONGEST_SHEET = 32_767, 8_192, 255, 255, 31
# The parts of a sheet, in the only order that Excel reads them in (CT_Worksheet).
ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "tableParts",
    "extLst",
]
# Functions that Excel has known since 2007; newer ones need a prefix that other programs do not read.
FUNCTIONS = frozenset(
    [
        "ABS",
        "AND",
        "COUNT",
        "COUNTA",
        "COUNTIF",
        "COUNTIFS",
        "EXACT",
        "IF",
        "IFERROR",
        "INDEX",
        "INT",
        "ISNUMBER",
        "ISTEXT",
        "LEN",
        "MATCH",
        "MAX",
        "MIN",
        "N",
        "NOT",
        "OR",
        "ROUND",
        "ROW",
        "SUM",
        "SUMIFS",
        "SUMPRODUCT",
        "TEXT",
    ]
)
_CELL = re.compile(r"(?<![\w.])\$?([A-Z]{1,3})\$?([1-9]\d*)(?![\w.(])")
_RANGE = rf"{_CELL.pattern}(?::{_CELL.pattern})?"
_LIKE_A_CELL = re.compile(r"(?i)[A-Z]{1,3}\d+|R\d*C?\d*|C\d*|TRUE|FALSE")
_SHEET = r"'((?:[^']|'')+)'|([A-Za-z_][A-Za-z0-9_.]*)"


def faults(path: Path) -> list[str]:
    """Return what Excel would not take of a workbook; nothing where it takes all."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names}
    found = [f"{name}: twice in the file" for name, count in Counter(names).items() if count > 1]
    return found + list(_Book(parts).faults())


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _corners(ref: str) -> tuple[int, int, int, int]:
    """Return first row, first column, last row and last column."""
    found = [(int(row), column_number(letters)) for letters, row in _CELL.findall(ref)]
    (top, left), (bottom, right) = found[0], found[-1]
    return top, left, bottom, right


def _overlapping(refs: Iterable[str]) -> Iterator[str]:
    taken: set[tuple[int, int]] = set()
    for ref in refs:
        top, left, bottom, right = _corners(ref)
        cells = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if taken & cells:
            yield ref
        taken |= cells


class _Book:
    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts
        self.xml = {name: fromstring(data) for name, data in parts.items() if name.endswith((".xml", ".rels"))}
        self.book = self.xml["xl/workbook.xml"]
        self.sheets = {str(sheet.get("name")): sheet for sheet in self.book.iter(f"{MAIN}sheet")}
        styles = self.xml["xl/styles.xml"]
        self.styles = len(styles.find(f"{MAIN}cellXfs") or ())
        self.rules = len(styles.find(f"{MAIN}dxfs") or ())
        self.names: dict[str, str] = {}

    def faults(self) -> Iterator[str]:
        yield from self._of_package()
        yield from self._of_names()
        yield from self._of_styles()
        relations = self.relations("xl/workbook.xml")
        for title, sheet in self.sheets.items():
            yield from (f"{title}: {fault}" for fault in self._of_sheet(relations[str(sheet.get(f"{RELATION}id"))]))
        for name in self.parts:
            if name.startswith("xl/drawings/drawing"):
                yield from (f"{name}: {fault}" for fault in self._of_drawing(name))
            if name.startswith("xl/charts/chart"):
                yield from (f"{name}: {fault}" for fault in self._of_chart(self.xml[name]))

    def relations(self, part: str) -> dict[str, str]:
        """Return where each relation of a part leads to; an address outside begins with its scheme."""
        folder, _, name = part.rpartition("/")
        rels = self.xml.get(f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels")
        found = {}
        for relation in rels if rels is not None else ():
            target = str(relation.get("Target"))
            if relation.get("TargetMode") != "External":
                target = target.lstrip("/") if target.startswith("/") else str(PurePosixPath(folder) / target)
            found[str(relation.get("Id"))] = target
        return found

    def _of_package(self) -> Iterator[str]:
        types = self.xml["[Content_Types].xml"]
        listed = [str(one.get("PartName")).lstrip("/") for one in types.iter(f"{TYPES}Override")]
        endings = {str(one.get("Extension")) for one in types.iter(f"{TYPES}Default")}
        yield from (f"{name}: its type is told twice" for name, count in Counter(listed).items() if count > 1)
        yield from (f"{name}: not in the file" for name in listed if name not in self.parts)
        for name in self.parts:
            if name not in listed and name.rpartition(".")[2] not in endings | {"xml"} | {"rels"}:
                yield f"{name}: of no type"
            if name.endswith(".xml") and name not in listed and name != "[Content_Types].xml":
                yield f"{name}: of no type"
        for name, rels in self.xml.items():
            if name.endswith(".rels"):
                ids = Counter(relation.get("Id") for relation in rels)
                yield from (f"{name}: {one} twice" for one, count in ids.items() if count > 1)
                part = name.replace("_rels/", "").removesuffix(".rels")
                for target in self.relations(part).values() if part else ():
                    if ":" not in target and target not in self.parts:
                        yield f"{name}: leads to {target}, which is not there"

    def _of_names(self) -> Iterator[str]:
        for title, count in Counter(title.casefold() for title in self.sheets).items():
            if count > 1:
                yield f"two sheets called {title!r}"
        for title in self.sheets:
            units = len(title.encode("utf-16-le")) // 2
            if not title or units > LONGEST_SHEET or re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$|_x[0-9A-Fa-f]{4}_", title):
                yield f"no name for a sheet: {title!r}"
        ids = Counter(sheet.get("sheetId") for sheet in self.sheets.values())
        yield from (f"sheetId {one} twice" for one, count in ids.items() if count > 1)
        seen: set[tuple[str, str | None]] = set()
        for defined in self.book.iter(f"{MAIN}definedName"):
            name, where, scope = str(defined.get("name")), defined.text or "", defined.get("localSheetId")
            if (name.casefold(), scope) in seen:
                yield f"two names {name!r}"
            seen.add((name.casefold(), scope))
            legal = re.fullmatch(r"[A-Za-z_\\][A-Za-z0-9_.\\]*", name) and not _LIKE_A_CELL.fullmatch(name)
            if not legal or len(name) > LONGEST_NAME:
                yield f"no name for cells: {name!r}"
            if scope is not None and int(scope) >= len(self.sheets):
                yield f"{name}: of no sheet"
            rows_or_columns = r"\$?\d+:\$?\d+|\$?[A-Z]+:\$?[A-Z]+"
            for piece in re.split(r",(?=')", where):
                if not self._leads(piece, rows_or_columns):
                    yield f"{name}: leads to {piece!r}"
            if scope is None:
                self.names[name.casefold()] = where

    def _leads(self, where: str, besides: str = "(?!)") -> bool:
        """Return whether a location is one of cells of a sheet that is there."""
        found = re.fullmatch(rf"(?:{_SHEET})!(?:({_RANGE})|{besides})", where)
        if not found:
            return False
        title = (found[1] or found[2]).replace("''", "'")
        corners = _corners(found[3]) if found[3] else (1, 1, 1, 1)
        inside = 1 <= corners[0] <= corners[2] <= MOST_ROWS and 1 <= corners[1] <= corners[3] <= MOST_COLUMNS
        return title in self.sheets and inside

    def _of_styles(self) -> Iterator[str]:
        styles = self.xml["xl/styles.xml"]
        if self.styles > MOST_STYLES:
            yield f"{self.styles} styles"
        formats = styles.find(f"{MAIN}numFmts")
        ids = Counter(one.get("numFmtId") for one in (formats if formats is not None else ()))
        yield from (f"number format {one} twice" for one, count in ids.items() if count > 1)
        codes: dict[str, set[str]] = {}
        for one in styles.iter(f"{MAIN}numFmt"):
            codes.setdefault(str(one.get("numFmtId")), set()).add(str(one.get("formatCode")))
            code = str(one.get("formatCode"))
            if len(code) > LONGEST_WORDS or code.count('"') % 2:
                yield f"number format {code!r}"
        yield from (f"number format {one} is {said}" for one, said in codes.items() if len(said) > 1)

    def _of_sheet(self, part: str) -> Iterator[str]:
        sheet, relations = self.xml[part], self.relations(part)
        tags = [child.tag.removeprefix(MAIN) for child in sheet]
        if any(tag not in ORDER for tag in tags) or tags != sorted(tags, key=ORDER.index):
            yield f"its parts stand in the order {tags}"
        yield from (f"{tag} twice" for tag, n in Counter(tags).items() if n > 1 and tag != "conditionalFormatting")
        yield from self._of_cells(sheet)
        yield from self._of_links(sheet, relations)
        yield from self._of_rules(sheet)
        yield from self._of_columns(sheet)
        merged = [str(one.get("ref")) for one in sheet.iter(f"{MAIN}mergeCell")]
        yield from (f"{ref} is merged with cells that are merged already" for ref in _overlapping(merged))
        for kind in ("rowBreaks", "colBreaks"):
            breaks = [int(str(one.get("id"))) for one in sheet.iterfind(f"{MAIN}{kind}/{MAIN}brk")]
            if len(breaks) > MOST_BREAKS or breaks != sorted(set(breaks)):
                yield f"{len(breaks)} {kind}, not each once and in order"
        for one in sheet.iterfind(f"{MAIN}headerFooter/*"):
            if len(one.text or "") > LONGEST_WORDS:
                yield f"{one.tag} is too long"
        for tag in ("drawing", "legacyDrawing"):
            for one in sheet.iterfind(f"{MAIN}{tag}"):
                if str(one.get(f"{RELATION}id")) not in relations:
                    yield f"{tag} leads nowhere"

    def _of_cells(self, sheet: Element) -> Iterator[str]:
        last_row = 0
        for row in sheet.iterfind(f"{MAIN}sheetData/{MAIN}row"):
            number = int(str(row.get("r")))
            if not last_row < number <= MOST_ROWS or float(row.get("ht", 0)) > 409.5:
                yield f"row {number} after row {last_row}, {row.get('ht')} points"
            last_row, last_column = number, 0
            for cell in row:
                ref = str(cell.get("r"))
                found = re.fullmatch(r"([A-Z]{1,3})(\d+)", ref)
                column = column_number(found[1]) if found else 0
                if not found or int(found[2]) != number or not last_column < column <= MOST_COLUMNS:
                    yield f"cell {ref} in row {number}"
                last_column = column
                if int(cell.get("s", 0)) >= self.styles:
                    yield f"{ref}: style {cell.get('s')}"
                yield from (f"{ref}: {fault}" for fault in self._of_cell(cell))

    def _of_cell(self, cell: Element) -> Iterator[str]:
        kind, value, formula = cell.get("t", "n"), cell.findtext(f"{MAIN}v"), cell.findtext(f"{MAIN}f")
        if kind not in ("n", "b", "str", "inlineStr"):
            yield f"of type {kind}"
        text = "".join(cell.itertext()) if kind == "inlineStr" else value or ""
        if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
            yield "longer than a cell"
        if kind == "str" and formula is None:
            yield f"{value!r}: words of a formula that is not there"
        if kind == "n" and value is not None and not _is_number(value):
            yield f"{value!r} is no number"
        if kind == "b" and value not in ("0", "1"):
            yield f"{value!r} is neither true nor false"
        if formula is not None:
            yield from self._of_formula(formula)

    def _of_formula(self, formula: str) -> Iterator[str]:
        if not formula or formula.startswith("=") or len(formula) > LONGEST_FORMULA:
            yield f"no formula, of {len(formula)} letters: {formula[:60]}"
        if any(len(words) - 2 > LONGEST_WORDS for words in re.findall(r'"(?:[^"]|"")*"', formula)):
            yield f"words of more than {LONGEST_WORDS} letters in {formula[:60]}"
        bare = re.sub(r'"(?:[^"]|"")*"', '""', formula)
        if bare.count('"') % 2 or bare.count("(") != bare.count(")") or "#REF!" in bare or "[" in bare:
            yield f"cannot be read: {formula[:60]}"
        for title in re.findall(rf"(?:{_SHEET})!", bare):
            if (title[0] or title[1]).replace("''", "'") not in self.sheets:
                yield f"no such sheet: {title}"
        bare = re.sub(rf"(?:{_SHEET})!(?:\$[A-Z]{{1,3}}:\$[A-Z]{{1,3}})?", "", bare)
        unknown = set(re.findall(r"([A-Za-z_][\w.]*)\(", bare)) - FUNCTIONS
        if unknown:
            yield f"functions that Excel 2007 does not have: {sorted(unknown)}"
        bare = _CELL.sub("", re.sub(r"(?<![\w.])\d+(?:\.\d+)?[Ee][+-]?\d+", "1", bare))
        for word in re.findall(r"(?<![\w.])([A-Za-z_][\w.]*)(?![\w(])", bare):
            if word.upper() not in ("TRUE", "FALSE") and word.casefold() not in self.names:
                yield f"no such name: {word}"
        depth = deepest = 0
        for letter in bare:
            depth += (letter == "(") - (letter == ")")
            deepest = max(deepest, depth)
        if deepest > 64:
            yield f"nested {deepest} deep"

    def _of_links(self, sheet: Element, relations: Mapping[str, str]) -> Iterator[str]:
        links = list(sheet.iter(f"{MAIN}hyperlink"))
        if len(links) > MOST_LINKS:
            yield f"{len(links)} links"
        yield from (f"{ref}: two links" for ref, n in Counter(one.get("ref") for one in links).items() if n > 1)
        for one in links:
            where, target = one.get("location"), one.get(f"{RELATION}id")
            if target is not None and not relations.get(target, "").startswith(("https://", "http://")):
                yield f"{one.get('ref')}: leads to {relations.get(target)}"
            if where is not None and (not self._leads(where) or len(where) > LONGEST_WORDS):
                yield f"{one.get('ref')}: leads to {where!r}"
            if (where is None) == (target is None):
                yield f"{one.get('ref')}: leads nowhere"

    def _of_rules(self, sheet: Element) -> Iterator[str]:
        rules = list(sheet.iter(f"{MAIN}cfRule"))
        orders = Counter(int(rule.get("priority", 0)) for rule in rules)
        yield from (f"two rules of priority {order}" for order, count in orders.items() if count > 1 or order < 1)
        for rule in rules:
            if rule.get("dxfId") is not None and int(str(rule.get("dxfId"))) >= self.rules:
                yield f"a rule of style {rule.get('dxfId')}"
            for formula in rule.iterfind(f"{MAIN}formula"):
                yield from self._of_formula(formula.text or "")
        for one in sheet.iter(f"{MAIN}conditionalFormatting"):
            if not all(re.fullmatch(_RANGE, ref) for ref in str(one.get("sqref")).split(" ")):
                yield f"rules of {one.get('sqref')}"

    @staticmethod
    def _of_columns(sheet: Element) -> Iterator[str]:
        last = 0
        for column in sheet.iterfind(f"{MAIN}cols/{MAIN}col"):
            first, end = int(str(column.get("min"))), int(str(column.get("max")))
            if not last < first <= end <= MOST_COLUMNS or float(column.get("width", 0)) > 255:
                yield f"columns {first} to {end} after {last}"
            if int(column.get("outlineLevel", 0)) > 7:
                yield f"columns {first} to {end}: folded too deep"
            last = end

    def _of_drawing(self, part: str) -> Iterator[str]:
        drawing, relations = self.xml[part], self.relations(part)
        shapes = [one for one in drawing.iter() if one.tag.endswith("}cNvPr")]
        for said in ("id", "name"):
            yield from (f"{said} {one} twice" for one, n in Counter(s.get(said) for s in shapes).items() if n > 1)
        for chart in drawing.iter(f"{CHART}chart"):
            if str(chart.get(f"{RELATION}id")) not in relations:
                yield "a chart that is not there"

    def _of_chart(self, chart: Element) -> Iterator[str]:
        yield from (f"drawn from {one.text!r}" for one in chart.iter(f"{CHART}f") if not self._leads(one.text or ""))
        kinds = ("catAx", "valAx", "dateAx")
        axes = {own.get("val") for kind in kinds for own in chart.iterfind(f".//{CHART}{kind}/{CHART}axId")}
        area = chart.find(f".//{CHART}plotArea")
        assert area is not None
        for kind in area:
            used = {one.get("val") for one in kind.iterfind(f"{CHART}axId")}
            if kind.tag.endswith("Chart") and used and not used <= axes:
                yield f"axes {used - axes} are not there"
            crossing = kind.find(f"{CHART}crossAx")
            if crossing is not None and crossing.get("val") not in axes:
                yield f"crosses {crossing.get('val')}, which is not there"
        numbers = [one.get("val") for one in chart.iterfind(f".//{CHART}ser/{CHART}order")]
        yield from (f"two series of order {one}" for one, count in Counter(numbers).items() if count > 1)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text) is not None


def changed(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """Write a copy of a workbook one part of which is another."""
    other = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            new.writestr(name, change(data) if name == part else data)
    return other
