"""The whole way from a diary to a report, in a real browser: by mouse, by keys alone, on a phone, on a desk."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from web_hands import Hands, Keys, Mouse
from web_pages import DESK, EXAMPLE, PHONE, THIRTY_DAYS, browsing, done_waiting, sideways

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WAYS = pytest.mark.parametrize("width", [PHONE, DESK])
HANDS = pytest.mark.parametrize("kind", [Mouse, Keys])
Cells = dict[tuple[str, str], object]
Run = Callable[..., Cells]


@pytest.fixture(scope="module")
def report_of(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The cells of what the command line writes of a diary; each once, and once for the same corrections."""
    made: dict[tuple[str | bytes, ...], Cells] = {}

    def run(*arguments: str | Path) -> Cells:
        said = tuple(one.read_bytes() if isinstance(one, Path) else one for one in arguments)
        if said not in made:
            report = tmp_path_factory.mktemp("report") / "report.xlsx"
            command = [sys.executable, "-c", "from nutridiary.cli import main; main()", "analyze"]
            subprocess.run([*command, *map(str, arguments), "-o", str(report)], check=True, capture_output=True)
            made[said] = cells(report)
        return made[said]

    return run


def cells(path: Path) -> Cells:
    """Every cell of a workbook that holds something, formulas as formulas."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def arrived(tab: Page, heading: str) -> None:
    """Wait for a page, and look that it fits its screen."""
    done_waiting(tab)
    tab.get_by_role("heading", level=1, name=heading).wait_for()
    assert sideways(tab) <= 0


def go_on_to_report(hands: Hands, folder: Path) -> Path:
    """From the results to the report on the disk."""
    arrived(hands.tab, "What the diary says")
    path = folder / "report.xlsx"
    hands.take(re.compile("Excel report")).save_as(path)
    return path


@WAYS
@HANDS
def test_example_becomes_the_report_of_the_command_line(
    browser: Browser, web_address: str, report_of: Run, tmp_path: Path, kind: type[Mouse | Keys], width: int
) -> None:
    with browsing(browser, web_address, width) as tab:
        hands = kind(tab)
        tab.goto("/")
        hands.press("button", "Try the example")
        arrived(tab, "What was understood")
        hands.press("link", "Go on: who ate")
        arrived(tab, "Who ate")
        hands.press("button", "Go on: check the foods")
        arrived(tab, "What each text was taken for")
        hands.press("link", "See the results")
        assert cells(go_on_to_report(hands, tmp_path)) == report_of(EXAMPLE)


@WAYS
@HANDS
def test_corrected_diary_becomes_the_report_of_the_command_line_with_the_same_corrections(
    browser: Browser, web_address: str, report_of: Run, tmp_path: Path, kind: type[Mouse | Keys], width: int
) -> None:
    with browsing(browser, web_address, width) as tab:
        hands = kind(tab)
        tab.goto("/")
        hands.give("Files of the diary", THIRTY_DAYS)
        hands.press("button", "Read the diary")
        arrived(tab, "What was understood")
        hands.press("link", "Go on: who ate")
        arrived(tab, "Who ate")
        hands.choose("Sex", "Female")
        hands.write("Age in years", "34")
        hands.press("button", "Go on: check the foods")
        arrived(tab, "What each text was taken for")
        # The row that matters most is open. It becomes another food, and the next one another weight.
        hands.take_suggested(re.compile("Search a"), "cheddar che", "Cheese, cheddar")
        hands.press("button", re.compile("^Save"))
        tab.get_by_text("Saved.").wait_for()
        arrived(tab, "What each text was taken for")
        hands.write(re.compile("^Grams of"), "41")
        hands.press("button", re.compile("^Save"))
        arrived(tab, "What each text was taken for")
        tab.get_by_role("link", name=re.compile("2 Corrected")).wait_for()
        hands.press("link", "See the results")
        report = go_on_to_report(hands, tmp_path)
        hands.press("link", re.compile("^All .* files"))
        arrived(tab, "Downloads")
        aliases = tmp_path / "aliases.csv"
        hands.take(re.compile("^Your corrections")).save_as(aliases)
        said = list(csv.DictReader(aliases.read_text("utf-8-sig").splitlines()))
        assert "Cheese, cheddar" in [row["description"] for row in said]
        assert [float(row["grams_per_unit"]) for row in said if row["grams_per_unit"]] == [41.0]
        assert cells(report) == report_of(THIRTY_DAYS, "--sex", "female", "--age", "34", "--aliases", aliases)


@pytest.fixture(scope="module")
def three_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of three people with a sheet that describes them."""
    book = openpyxl.Workbook()
    diary = book.active
    assert diary is not None
    diary.title = "Diary"
    diary.append(["Person", "Date", "Meal", "Food", "Amount", "Unit"])
    for day in ("2026-05-04", "2026-05-05"):
        for person, food, amount, unit in (
            ("Anna", "Oatmeal, cooked", 240, "g"),
            ("Anna", "Banana", 1, "medium"),
            ("Bruno", "Whole milk", 2, "cup"),
            ("Bruno", "Xqwzt vbnm", 1, "zork"),
            ("Chi/ara 2", "Orange", 1, "medium"),
            ("Chi/ara 2", "=cmd|' /C calc'!A0", 1, "g"),
        ):
            diary.append([person, day, "Breakfast", food, amount, unit])
    for row in diary.iter_rows(min_col=4, max_col=4):
        row[0].data_type = "s"
    people = book.create_sheet("Person")
    for line in (["Person", "Sex", "Age"], ["Anna", "female", 34], ["Bruno", "male", 70], ["Chi/ara 2", "female", 16]):
        people.append(line)
    path = tmp_path_factory.mktemp("three") / "three people.xlsx"
    book.save(path)
    return path


@WAYS
@HANDS
def test_three_people_become_the_report_of_the_command_line(
    browser: Browser,
    web_address: str,
    report_of: Run,
    tmp_path: Path,
    three_people: Path,
    kind: type[Mouse | Keys],
    width: int,
) -> None:
    with browsing(browser, web_address, width) as tab:
        hands = kind(tab)
        tab.goto("/")
        hands.give("Files of the diary", three_people)
        hands.press("button", "Read the diary")
        arrived(tab, "What was understood")
        hands.press("link", "Go on: who ate")
        arrived(tab, "Who ate")
        hands.press("button", "Go on: check the foods")
        arrived(tab, "What each text was taken for")
        hands.press("link", "See the results")
        assert cells(go_on_to_report(hands, tmp_path)) == report_of(three_people)


def test_back_forward_reload_and_a_bookmark_show_the_step_as_it_was_left(browser: Browser, web_address: str) -> None:
    with browsing(browser, web_address) as tab:
        hands = Mouse(tab)
        tab.goto("/")
        hands.give("Files of the diary", THIRTY_DAYS)
        hands.press("button", "Read the diary")
        arrived(tab, "What was understood")
        hands.press("link", "Go on: who ate")
        arrived(tab, "Who ate")
        hands.choose("Sex", "Male")
        hands.write("Age in years", "70")
        hands.press("button", "Go on: check the foods")
        arrived(tab, "What each text was taken for")
        tab.go_back()
        arrived(tab, "Who ate")
        assert tab.get_by_label("Age in years").input_value() == "70"
        tab.go_back()
        arrived(tab, "What was understood")
        tab.go_forward()
        tab.go_forward()
        arrived(tab, "What each text was taken for")
        tab.reload()
        arrived(tab, "What each text was taken for")
        bookmark = tab.context.new_page()
        bookmark.goto(tab.url.replace("/review", "/people"))
        arrived(bookmark, "Who ate")
        assert bookmark.get_by_label("Sex", exact=True).input_value() == "male"


def test_whole_way_without_scripts(browser: Browser, web_address: str, report_of: Run, tmp_path: Path) -> None:
    with browsing(browser, web_address, scripts=False) as tab:
        hands = Mouse(tab)
        tab.goto("/")
        hands.press("button", "Try the example")
        arrived(tab, "What was understood")
        hands.press("link", "Go on: who ate")
        arrived(tab, "Who ate")
        hands.press("button", "Go on: check the foods")
        arrived(tab, "What each text was taken for")
        hands.write(re.compile("Search a"), "cheddar cheese")
        hands.press("button", "Search")
        tab.get_by_role("radio", name="Cheese, cheddar").first.check()
        hands.press("button", "Take this food")
        tab.get_by_text("Saved.").wait_for()
        hands.press("link", "See the results")
        report = go_on_to_report(hands, tmp_path)
        hands.press("link", re.compile("^All .* files"))
        aliases = tmp_path / "aliases.csv"
        hands.take(re.compile("^Your corrections")).save_as(aliases)
        assert cells(report) == report_of(EXAMPLE, "--aliases", aliases)
