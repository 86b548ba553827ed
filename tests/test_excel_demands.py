"""Workbooks as Excel demands them: checked in the raw XML, as no Excel stands beside the tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from excel_demands import changed, faults
from nutridiary.analysis import Analysis, analyze
from nutridiary.report.excel import to_excel
from test_live_workbook import DIARIES, text

Change = Callable[[str], str]
HOSTILE = """person,date,food,amount,unit
_x003D_1,2026-03-01,milk,1,cup
"O'Neil's [x] & <Co>",2026-03-01,"=HYPERLINK(""http://x"")",1,cup
"'",2026-03-02,oatmeal,240,g
"History",2026-03-02,"salmon ""wild"" fillet",150,g
Summary,,_x0041_ apple,1,medium
AVERYLONGNAMEOFAPERSONINCAPITALLETTERS,1899-03-02,white rice,1,cup
AveryLongNameOfAPersonInCapitalLetters,0001-01-01,Magnesium 400 mg,1,tablet
R1C1,9999-12-31,milk,2,cups
"""


def hostile(folder: Path) -> Analysis:
    return analyze(text(HOSTILE)(folder))


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("diary", DIARIES)
def test_excel_takes_the_workbook_of_each_diary(tmp_path: Path, diary: str, *, live: bool) -> None:
    make, options = DIARIES[diary]
    assert faults(to_excel(analyze(make(tmp_path), **options), tmp_path / "report.xlsx", live=live)) == []


@pytest.mark.parametrize("live", [False, True])
def test_excel_takes_a_workbook_whatever_people_and_foods_are_called(tmp_path: Path, *, live: bool) -> None:
    assert faults(to_excel(hostile(tmp_path), tmp_path / "report.xlsx", live=live)) == []


@pytest.mark.parametrize("live", [False, True])
def test_excel_takes_the_workbook_of_a_diary_in_which_nothing_counts(tmp_path: Path, *, live: bool) -> None:
    diary = text("date,food,amount,unit\n2026-03-01,flibbertigibbet stew,1,bowl\n")(tmp_path)
    assert faults(to_excel(analyze(diary), tmp_path / "report.xlsx", live=live)) == []


def _once(old: str, new: str) -> Change:
    def change(xml: str) -> str:
        assert re.search(old, xml), old
        return re.sub(old, new, xml, count=1)

    return change


BROKEN: dict[str, tuple[str, Change, str]] = {
    "sheets of one name": ("xl/workbook.xml", _once('name="Week"', 'name="DAYS"'), "two sheets called 'days'"),
    "a long name": ("xl/workbook.xml", _once('name="Week"', f'name="{"W" * 32}"'), "no name for a sheet"),
    "a name like a cell": ("xl/workbook.xml", _once('name="foods_table"', 'name="FDC2"'), "no name for cells: 'FDC2'"),
    "a name that leads nowhere": ("xl/workbook.xml", _once("'Foods'!", "'Food'!"), "leads to \"'Food'!"),
    "a rule without a style": ("daily", _once(r'dxfId="\d+"', 'dxfId="9999"'), "a rule of style 9999"),
    "rules of one order": ("daily", _once('priority="2"', 'priority="1"'), "two rules of priority 1"),
    "a link without quotes": ("daily", _once("location=\"'Entries'!", 'location="My sheet!'), "leads to 'My sheet!"),
    "a link to no sheet": ("daily", _once("location=\"'Entries'!", "location=\"'Lines'!"), "leads to \"'Lines'!"),
    "cells out of order": ("daily", _once(r'<c r="B(\d+)"', r'<c r="ZZ\1"'), "in row"),
    "parts out of order": ("daily", _once("(<sheetViews>.*?</sheetViews>)(.*?</sheetData>)", r"\2\1"), "in the order"),
    "a new function": ("daily", _once("<f>IF\\(", "<f>_xlfn.IFS("), "functions that Excel 2007 does not have"),
    "an unknown name": ("daily", _once("entry_magnesium", "entry_unobtainium"), "no such name: entry_unobtainium"),
    "words as a number": ("daily", _once(r"</f><v>[\d.]+</v>", "</f><v>no value</v>"), "is no number"),
    "a chart of no cells": ("xl/charts/chart1.xml", _once("<f>'[^']+'!", "<f>'Nowhere'!"), "drawn from"),
    "drawings of one id": ("xl/drawings/drawing2.xml", _once('id="2"', 'id="1"'), "id 1 twice"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    make, options = DIARIES["figures of EFSA"]
    return to_excel(analyze(make(folder), **options), folder / "report.xlsx", live=True)


@pytest.mark.parametrize("broken", BROKEN)
def test_what_excel_refuses_is_found(whole: Path, broken: str) -> None:
    part, change, said = BROKEN[broken]
    if part == "daily":
        part = next(f"xl/worksheets/sheet{n}.xml" for n in range(1, 30) if _is_daily(whole, n))
    found = faults(changed(whole, part, change))
    assert any(said in fault for fault in found), found


def _is_daily(path: Path, number: int) -> bool:
    return openpyxl.load_workbook(path, read_only=True).sheetnames[number - 1] == "Daily"
