"""The page in a real browser: on a phone, on a desk, from a keyboard, and on paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hand_made import Line, analysis_of
from nutridiary.analysis import Analysis
from nutridiary.nutrients import load_nutrients
from nutridiary.report.html import to_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

KINDS = ("cramps", "example", "three", "problems")
PHONE, DESK = 390, 1280

# Text that lies over other text: lines of text of different elements whose boxes share more than a sliver.
OVERLAPS = """() => {
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || node.parentElement.closest('svg, style, .hidden')) continue;
    const head = node.parentElement.closest('thead');
    if (head && getComputedStyle(head).position === 'absolute') continue;  // on a phone it is there to be heard only
    const scroll = node.parentElement.closest('.scroll')?.getBoundingClientRect();
    const range = document.createRange(); range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 1 && box.height > 1 && (!scroll || box.left < scroll.right)) boxes.push([box, node.data.trim()]);
  }
  boxes.sort((a, b) => a[0].top - b[0].top);
  const found = [];
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length && boxes[j][0].top < boxes[i][0].bottom; j++) {
      const [a, one] = boxes[i], [b, other] = boxes[j];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 && high > 0.45 * Math.min(a.height, b.height)) found.push([one.slice(0, 60), other.slice(0, 60)]);
    }
  return found;
}"""


@pytest.fixture(scope="session")
def pages(analyses: dict[str, Analysis], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of the diaries, with charts."""
    folder = tmp_path_factory.mktemp("pages")
    return {kind: to_html(analyses[kind], folder / f"{kind}.html") for kind in KINDS}


def opened(browser: Browser, path: Path, width: int, scheme: str = "light") -> tuple[Page, list[str]]:
    """Open a page and note what it says to the console and asks of anybody."""
    tab = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    heard: list[str] = []
    tab.on("console", lambda message: heard.append(message.text))
    tab.on("pageerror", lambda error: heard.append(str(error)))
    tab.on("request", lambda request: heard.append(request.url) if request.url != path.as_uri() else None)
    tab.goto(path.as_uri())
    return tab, heard


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("kind", KINDS)
def test_page_fits_its_screen_and_nothing_overlaps(
    browser: Browser, pages: dict[str, Path], kind: str, width: int
) -> None:
    tab, heard = opened(browser, pages[kind], width)
    tab.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert tab.evaluate(OVERLAPS) == []
    assert heard == []
    tab.close()


@pytest.mark.parametrize("kind", ["cramps", "problems"])
def test_every_folded_part_opens_from_the_keyboard(browser: Browser, pages: dict[str, Path], kind: str) -> None:
    tab, _ = opened(browser, pages[kind], DESK)
    folded = tab.evaluate("document.querySelectorAll('details').length")
    assert folded > 4
    for _ in range(200):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement === document.body"):
            break
        if tab.evaluate("document.activeElement.matches('details:not([open]) > summary')"):
            assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            tab.keyboard.press("Enter")
    assert tab.evaluate("document.querySelectorAll('details[open]').length") == folded
    tab.close()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize(("kind", "people"), [("cramps", 1), ("example", 1), ("three", 3), ("problems", 1)])
def test_two_sheets_a_person_are_printed(
    browser: Browser, pages: dict[str, Path], kind: str, people: int, paper: str
) -> None:
    tab, _ = opened(browser, pages[kind], DESK, scheme="dark")
    printed = tab.pdf(format=paper, print_background=True)
    tab.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2 * people


def test_without_charts_two_sheets_are_printed_with_the_table_of_days(
    browser: Browser, analyses: dict[str, Analysis], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nutridiary.report.html.pictures.can_draw", lambda: False)
    tab, _ = opened(browser, to_html(analyses["cramps"], tmp_path / "plain.html"), DESK)
    assert len(re.findall(rb"/Type\s*/Page\b", tab.pdf(format="Letter"))) == 2
    tab.emulate_media(media="print")
    assert tab.is_visible("table.days")
    tab.close()


def test_paper_is_light_where_the_screen_is_dark(browser: Browser, pages: dict[str, Path]) -> None:
    tab, _ = opened(browser, pages["example"], DESK, scheme="dark")
    ink = "getComputedStyle(document.body).color"
    dark = tab.evaluate(ink)
    tab.emulate_media(media="print", color_scheme="dark")
    assert tab.evaluate(ink) == "rgb(31, 41, 51)" != dark
    tab.close()


@pytest.mark.parametrize("width", [320, PHONE, 768, DESK])
def test_no_table_has_to_be_scrolled_sideways_or_touches_a_chart(
    browser: Browser, pages: dict[str, Path], width: int
) -> None:
    tab, _ = opened(browser, pages["cramps"], width)
    tab.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    wide = "[...document.querySelectorAll('.scroll')].filter(box => box.scrollWidth > box.clientWidth + 1).length"
    assert tab.evaluate(wide) == 0
    below = "document.querySelector('.by-day .days').closest('div:not(.scroll)').getBoundingClientRect().top"
    assert tab.evaluate(f"{below} - document.querySelector('.pictures').getBoundingClientRect().bottom") >= 12
    tab.close()


def test_tables_laid_out_for_a_phone_say_what_each_figure_is_and_remain_tables(
    browser: Browser, pages: dict[str, Path]
) -> None:
    tab, _ = opened(browser, pages["example"], PHONE)
    table = tab.get_by_role("table", name="Mean a day of each nutrient beside its reference")
    row = table.get_by_role("row").filter(has=tab.get_by_role("rowheader", name="Iron", exact=True))
    assert row.get_by_role("cell").count() == 6
    labels = row.get_by_role("cell").evaluate_all(
        "cells => cells.map(cell => getComputedStyle(cell, '::before').content)"
    )
    assert [label.split('"')[1] for label in labels] == [
        "Mean a day",
        "RDA or AI",
        "Share of it",
        "Upper figure",
        "Verdict",
        "Confidence",
    ]
    tab.close()


# Letters of text in points, and those of the charts: 9 points on a drawing 331.2 points wide.
LETTERS = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || parent.closest('svg, style, .hidden') || !parent.offsetParent) continue;
    found.push(0.75 * parseFloat(getComputedStyle(parent).fontSize));
  }
  for (const drawing of document.querySelectorAll('figure svg')) {
    const wide = drawing.getBoundingClientRect().width;
    if (wide) found.push(0.75 * wide * 9 / 331.2);
  }
  return found;
}"""
CUT = """[...document.querySelectorAll('main *')].filter(part => getComputedStyle(part).overflow === 'hidden'
  && !part.matches('.bar, .hidden') && part.scrollHeight > part.clientHeight + 2).map(part => part.textContent)"""


@pytest.mark.parametrize("kind", ["cramps", "problems"])
def test_printed_letters_can_be_read_and_only_what_is_too_long_is_cut(
    browser: Browser, pages: dict[str, Path], kind: str
) -> None:
    tab, _ = opened(browser, pages[kind], 703)  # A4 between its margins
    tab.emulate_media(media="print")
    assert min(tab.evaluate(LETTERS)) >= 7
    assert tab.locator(".by-day figure:visible").count() == 2
    assert "The days of calcium, vitamin D and vitamin B12 are on the page on a screen" in tab.inner_text("main")
    assert [text for text in tab.evaluate(CUT) if len(text) < 300] == []
    tab.close()


def test_every_nutrient_there_is_fits_two_sheets(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nutridiary.report.html.pictures.can_draw", lambda: False)
    names = list(load_nutrients().index)
    held = [Line(day=f"2026-03-{day:02}", holds=dict.fromkeys(names, 40.0)) for day in (2, 3)]
    analysis = analysis_of(held, nutrients=names)
    tab, _ = opened(browser, to_html(analysis, tmp_path / "all.html"), DESK)
    assert len(re.findall(rb"/Type\s*/Page\b", tab.pdf(format="Letter"))) == 2
    tab.emulate_media(media="print")
    printed = tab.locator(".around tbody tr:visible")
    verdicts = printed.locator(".verdict").all_inner_texts()
    every = tab.locator(".around tbody tr").count()
    assert f"{every - 14} further nutrients are there" in tab.inner_text("main")
    above = tab.locator(".around .verdict").filter(has_text="above the").count()
    assert sum("above the" in words for words in verdicts) == min(above, 14) > 0
    tab.close()
