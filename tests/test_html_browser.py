"""The page in a real browser: on a phone, on a desk, from a keyboard, and on paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nutridiary.analysis import Analysis
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


def test_wide_tables_scroll_within_their_own_box_from_the_keyboard(browser: Browser, pages: dict[str, Path]) -> None:
    tab, _ = opened(browser, pages["example"], PHONE)
    box = tab.locator(".around .scroll")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    box.focus()
    tab.keyboard.press("ArrowRight")
    for _ in range(40):  # it scrolls smoothly
        if box.evaluate("box => box.scrollLeft") > 0:
            break
        tab.wait_for_timeout(50)
    assert box.evaluate("box => box.scrollLeft") > 0
    tab.close()
