"""Anybody can use the pages: axe-core finds nothing, headings lead through, errors stand at their fields."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from conftest import skip_or_fail
from web_pages import DESK, EXAMPLE, PHONE, browsing, done_waiting, impatient_server, sideways
from web_visits import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# A line without a weight, one of no food, one without a day, and a day that cannot be.
HARD = """Date,Meal,Food,Amount,Unit
2026-05-04,Breakfast,Porridge with milk,1,bowl
2026-05-04,Lunch,Xqwzt vbnm,2,zork
2026-05-04,Dinner,rice and beans,,
,Snack,Apple,1,
2026-13-45,Snack,Banana,1,
2026-05-05,Snack,"=HYPERLINK(""http://example.org"")",1,cup
"""
NARROW = 320  # px; what 1280 become when letters are four times as large (WCAG 2.2, 1.4.10)
STEPS = ("reading", "people", "review", "results", "downloads")
PLACES = {
    "start": "/",
    "about": "/about",
    "api": "/api",
    "no such page": "/nowhere",
    **{step: f"/diaries/{{example}}/{step}" for step in STEPS},
    **{f"{step} of a hard diary": f"/diaries/{{hard}}/{step}" for step in STEPS},
    "lines": "/diaries/{hard}/results/lines",
    "working": "/diaries/{hard}/results/working/magnesium",
    "forget": "/diaries/{example}/forget",
    "search": "/diaries/{example}/review/search?row={row}&food=apple",
}
# Every level of heading is under the one above it, and the first is the only one of its kind.
HEADINGS = """[...document.querySelectorAll('h1, h2, h3, h4, h5')].filter(one => one.checkVisibility())
  .map(one => Number(one.tagName[1]))"""
UNTIED = """[...document.querySelectorAll('[aria-invalid=true]')].filter(field => {
  const about = (field.getAttribute('aria-describedby') ?? '').split(' ');
  return !about.some(id => document.getElementById(id)?.matches('.problem'));
}).map(field => field.outerHTML)"""


@pytest.fixture(scope="module")
def axe() -> Any:
    """What looks for barriers, or a skip that says it is not installed."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        skip_or_fail("axe-playwright-python is not installed")
    return Axe()


@pytest.fixture(scope="module")
def tab(browser: Browser, web_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A tab of somebody who has two diaries open; the names of both are in `tab.diaries`."""
    hard = tmp_path_factory.mktemp("hard") / "hard.csv"
    hard.write_text(HARD, "utf-8")
    with browsing(browser, web_address) as tab:
        names = {}
        for name, path in (("example", EXAMPLE), ("hard", hard)):
            tab.goto("/")
            tab.get_by_label("Files of the diary").set_input_files(path)
            tab.get_by_role("button", name="Read the diary").click()
            tab.wait_for_url("**/reading")
            names[name] = tab.url.split("/")[4]
        tab.goto(f"/diaries/{names['example']}/review")
        done_waiting(tab)
        names["row"] = tab.locator("input[name=row]").first.input_value()
        tab.diaries = names  # type: ignore[attr-defined]
        yield tab


def barriers(axe: Any, tab: Page) -> list[str]:
    """What axe-core finds on a page, of whatever weight, at both widths, in the light and, of contrast, in the dark."""
    found = []
    contrast = {"runOnly": ["color-contrast"]}
    every = {"rules": {"target-size": {"enabled": True}}}
    for width in (PHONE, DESK):
        tab.set_viewport_size({"width": width, "height": 844})
        for scheme, rules in (("light", every), ("dark", contrast)):
            tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            said = axe.run(tab, options={"resultTypes": ["violations"], **rules})
            found += [
                f"{width} px, {scheme}: {one['id']} ({one['impact']}): {node['html'][:200]} {node['failureSummary']}"
                for one in said.response["violations"]
                for node in one["nodes"][:2]
            ]
    return found


def outline_faults(tab: Page) -> list[str]:
    """Where the headings of a page jump."""
    levels = tab.evaluate(HEADINGS)
    jumps = [f"{above} to {below}" for above, below in pairwise(levels) if below > above + 1]
    return jumps + ([] if levels[:1] == [1] and levels.count(1) == 1 else [f"headings {levels}"])


def check(axe: Any, tab: Page) -> None:
    """Nothing bars anybody from the page that is shown."""
    # What is folded is looked at too; of a long list, as much as shows each kind of part.
    tab.evaluate("[...document.querySelectorAll('details')].slice(0, 12).forEach(part => { part.open = true })")
    assert barriers(axe, tab) == []
    assert outline_faults(tab) == []
    assert tab.evaluate(UNTIED) == []
    tab.set_viewport_size({"width": NARROW, "height": 844})
    assert sideways(tab) <= 0


@pytest.mark.parametrize("place", PLACES)
def test_nothing_bars_anybody_from(tab: Page, axe: Any, place: str) -> None:
    answer = tab.goto(PLACES[place].format(**tab.diaries))  # type: ignore[attr-defined]
    done_waiting(tab)
    assert answer is not None
    assert answer.status in (200, 202) or place == "no such page"
    check(axe, tab)


def test_nothing_bars_anybody_from_being_told_what_is_wrong(tab: Page, axe: Any) -> None:
    tab.goto("/")
    tab.get_by_label("Files of the diary").evaluate("field => field.form.submit()")  # as without scripts
    tab.get_by_role("alert").wait_for()
    assert tab.evaluate("document.activeElement.getAttribute('role')") == "alert"
    check(axe, tab)


def test_nothing_bars_anybody_from_waiting(browser: Browser, axe: Any) -> None:
    with impatient_server() as address, browsing(browser, address) as tab:
        tab.route("**/progress", lambda route: None)  # so that it waits for as long as it is looked at
        tab.goto("/")
        tab.get_by_role("button", name="Try the example").click()
        tab.get_by_role("heading", name="Working on it").wait_for()
        check(axe, tab)


def test_nothing_bars_anybody_from_signing_in(browser: Browser, axe: Any) -> None:
    secret = {"NUTRIDIARY_WEB_TOKEN": "a-token-of-a-test"}
    with served("--workers", "1", **secret) as address, browsing(browser, address) as tab:
        tab.goto("/")
        tab.get_by_role("textbox", name="Token").fill("another token")
        tab.get_by_role("button", name="Sign in").click()
        tab.get_by_role("alert").wait_for()
        check(axe, tab)
