"""The sheet of what changes with the edition, read back cell by cell."""

from dataclasses import replace

import pytest
from openpyxl import Workbook

from hand_made import ANNA, BEN, Line, analysis_of, two_days
from nutridiary.comparison import edition_changes
from nutridiary.references import Person
from nutridiary.report.excel.editions import write_editions
from nutridiary.report.excel.looks import Palette
from nutridiary.report.excel.page import Page
from reading import reopened

EVERYTHING = {"potassium": 2900.0, "calcium": 960.0, "magnesium": 330.0, "vitamin_a_rae": 500.0}


def sheet_of(lines, people, nutrients=None):
    analysis = analysis_of(lines, people, nutrients=nutrients)
    analysis = replace(analysis, edition_changes=edition_changes(analysis.days, analysis.people, analysis.intakes))
    workbook = Workbook()
    palette = Palette(workbook)
    page = Page(workbook, palette, "Editions")
    write_editions(page, analysis, people=list(people))
    palette.close()
    return reopened(workbook)["Editions"]


def tables_of(sheet):
    """The rows of each table by heading; a heading that stands twice ends with 2 the second time."""
    tables = []
    for row in sheet.iter_rows(values_only=True):
        if row[0] == "Nutrient":
            headings = [f"{name} 2" if name in row[:place] else name for place, name in enumerate(row)]
            tables.append([])
        elif tables and row[0] and row[1] is not None:
            tables[-1].append(dict(zip(headings, row, strict=True)))
    return tables


@pytest.fixture(scope="module")
def sheet():
    return sheet_of([Line(holds=EVERYTHING)], {"": ANNA}, list(EVERYTHING))


def test_editions_sheet_puts_what_reads_differently_first(sheet):
    (rows,) = tables_of(sheet)
    words = [row["The other reading is"] for row in rows]
    assert words == sorted(words, key=lambda word: word != "another")
    assert set(words) == {"another", "the same", "none"}
    potassium = next(row for row in rows if row["Nutrient"] == "Potassium")
    assert (potassium["Its figures per day"], potassium["Its figures per day 2"]) == ("AI 2,600 mg", "AI 4,700 mg")
    assert potassium["Status"] == "superseded, NASEM"
    assert "less than the AI of 4,700 mg (IOM 2005, superseded)" in potassium["What changes"]


def test_editions_sheet_uses_each_authoritys_names_and_gives_no_reading_for_labels(sheet):
    (rows,) = tables_of(sheet)
    efsa = next(row for row in rows if row["Nutrient"] == "Calcium" and row["The other"].startswith("EFSA"))
    assert (efsa["Its verdict"], efsa["Its verdict 2"]) == ("between the EAR and the RDA", "reaches the PRI")
    labels = [row for row in rows if row["The other"] == "FDA 2016"]
    assert len(labels) == len(EVERYTHING)
    assert {row["The other reading is"] for row in labels} == {"none"}
    vitamin_a = next(row for row in rows if row["The other"] == "EFSA 2024")
    assert "never compared" in vitamin_a["What changes"]


def test_editions_sheet_tints_only_what_changes_and_names_every_source(sheet):
    tinted, plain = [], []
    for row in sheet.iter_rows(min_row=1, max_row=sheet.max_row):
        if row[3].value in ("another", "the same", "none"):
            filled = any(cell.fill.fill_type for cell in row)
            (tinted if row[3].value == "another" else plain).append(filled)
    assert all(tinted)
    assert not any(plain)
    below = [str(cell.value) for cell in sheet["A"] if cell.value]
    sources = below[below.index("Sources") + 1 :]
    assert any(line.startswith("IOM 2005: Institute of Medicine") for line in sources)
    assert any(line.startswith("Allen 2020:") for line in sources)
    assert sheet.auto_filter.ref


def test_editions_sheet_has_a_block_a_person(sheet):
    several = sheet_of(two_days("Anna") + two_days("Ben"), {"Anna": ANNA, "Ben": BEN})
    assert len(tables_of(several)) == 2
    headings = [cell.value for cell in several["A"]]
    assert headings.index("Anna") < headings.index("Ben")
    assert "Anna" not in [cell.value for cell in sheet["A"]]


def test_editions_sheet_says_so_where_nothing_changes():
    nobody = sheet_of([Line(holds={"caffeine": 90.0})], {"": ANNA}, ["caffeine"])
    assert any("no other report sets a figure" in str(cell.value) for cell in nobody["A"])
    young = Person(sex="female", age_years=34)
    same = sheet_of([Line(holds={"thiamin": 9.0})], {"": young}, ["thiamin"])
    assert any("No reading changes." in str(cell.value) for cell in same["A"])
