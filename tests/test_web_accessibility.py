"""Anybody can use the pages: axe-core finds nothing, headings lead through, errors stand at their fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from conftest import skip_or_fail
from web_pages import DESK, EXAMPLE, PHONE, browsing, done_waiting, impatient_server, sideways

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# A line without a weight, one of no food, one without a day, and a day that cannot be; of two people.
HARD = """Person,Date,Meal,Food,Amount,Unit
Ana,2026-05-04,Breakfast,Porridge with milk,1,bowl
Ana,2026-05-04,Lunch,Xqwzt vbnm,2,zork
BO <b>,2026-05-04,Dinner,rice and beans,,
BO <b>,,Snack,Apple,1,
BO <b>,2026-13-45,Snack,Banana,1,
Ana,2026-05-05,Snack,"=HYPERLINK(""http://example.org"")",1,cup
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


VIOLATIONS = "options => axe.run(options).then(said => said.violations)"


@pytest.fixture(scope="module")
def axe() -> str:
    """The program that looks for barriers, or a skip that says it is not installed."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        skip_or_fail("axe-playwright-python is not installed")
    return str(Axe().axe_script)


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


def barriers(axe: str, tab: Page) -> list[str]:
    """What axe-core finds on a page, of whatever weight, at both widths, in the light and, of contrast, in the dark."""
    found = []
    contrast = {"runOnly": ["color-contrast"]}
    every = {"rules": {"target-size": {"enabled": True}}}
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(axe)
    for width in (PHONE, DESK):
        tab.set_viewport_size({"width": width, "height": 844})
        for scheme, rules in (("light", every), ("dark", contrast)):
            tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += [
                f"{width} px, {scheme}: {one['id']} ({one['impact']}): {node['html'][:200]} {node['failureSummary']}"
                for one in tab.evaluate(VIOLATIONS, {"resultTypes": ["violations"], **rules})
                for node in one["nodes"][:2]
            ]
    return found


def outline_faults(tab: Page) -> list[str]:
    """Where the headings of a page jump."""
    levels = tab.evaluate(HEADINGS)
    jumps = [f"{above} to {below}" for above, below in pairwise(levels) if below > above + 1]
    return jumps + ([] if levels[:1] == [1] and levels.count(1) == 1 else [f"headings {levels}"])


def check(axe: str, tab: Page) -> None:
    """Nothing bars anybody from the page that is shown."""
    # What is folded is looked at too; of a long list, as much as shows each kind of part.
    tab.evaluate("[...document.querySelectorAll('details')].slice(0, 12).forEach(part => { part.open = true })")
    assert barriers(axe, tab) == []
    assert outline_faults(tab) == []
    assert tab.evaluate(UNTIED) == []
    tab.set_viewport_size({"width": NARROW, "height": 844})
    assert sideways(tab) <= 0


@pytest.mark.parametrize("place", PLACES)
def test_nothing_bars_anybody_from(tab: Page, axe: str, place: str) -> None:
    answer = tab.goto(PLACES[place].format(**tab.diaries))  # type: ignore[attr-defined]
    done_waiting(tab)
    assert answer is not None
    assert answer.status in (200, 202) or place == "no such page"
    check(axe, tab)


def test_nothing_bars_anybody_from_being_told_what_is_wrong(tab: Page, axe: str) -> None:
    tab.goto("/")
    tab.get_by_label("Files of the diary").evaluate("field => field.form.submit()")  # as without scripts
    tab.get_by_role("alert").wait_for()
    assert tab.evaluate("document.activeElement.getAttribute('role')") == "alert"
    check(axe, tab)


def at(tab: Page, page: str) -> None:
    """Go to a page of a diary and wait until it is there."""
    tab.goto(f"/diaries/{page}".format(**tab.diaries))  # type: ignore[attr-defined]
    done_waiting(tab)


def forgets(tab: Page) -> None:
    at(tab, "{example}/reading")
    tab.get_by_role("link", name="Forget this diary").click()
    tab.get_by_role("dialog", name="Forget this diary?").wait_for()


def describes_people_wrongly(tab: Page) -> None:
    at(tab, "{hard}/people")
    for person, age in (("Ana", "very old"), ("BO <b>", "340")):
        tab.get_by_role("group", name=person, exact=True).get_by_label("Age in years").fill(age)
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("alert").get_by_role("link", name=re.compile("BO <b>: Age 340")).wait_for()


def reads_a_letter_as_a_diary(tab: Page) -> None:
    tab.goto("/")
    letter = {"name": "letter.csv", "mimeType": "text/csv", "buffer": b"Dear Ana,\nI ate too much.\nBo\n"}
    tab.get_by_label("Files of the diary").set_input_files(letter)  # type: ignore[arg-type]
    tab.get_by_role("button", name="Read the diary").click()
    tab.get_by_role("button", name="Read it this way").click()
    done_waiting(tab)
    tab.get_by_role("alert").get_by_text("no column for the food").wait_for()


def searches_as_one_types(tab: Page) -> None:
    at(tab, "{example}/review")
    tab.get_by_role("combobox", name=re.compile("Search a")).first.press_sequentially("cheddar")
    tab.get_by_role("option").first.wait_for()
    tab.keyboard.press("ArrowDown")


def weighs_by_a_word(tab: Page) -> None:
    at(tab, "{hard}/review?show=all")
    tab.evaluate("document.querySelectorAll('li.row details').forEach(part => { part.open = true })")
    tab.get_by_label(re.compile("^Grams of")).first.fill("heavy")
    tab.get_by_label(re.compile("^Grams of")).first.press("Enter")
    tab.get_by_role("alert").get_by_role("link").wait_for()


def corrects_a_text(tab: Page) -> None:
    at(tab, "{hard}/review")
    tab.get_by_role("radio", name="Not a food").first.check()
    tab.get_by_role("button", name="Save").first.click()
    tab.locator("[role=status][data-focus]").wait_for()


STATES = (
    forgets,
    describes_people_wrongly,
    reads_a_letter_as_a_diary,
    searches_as_one_types,
    weighs_by_a_word,
    corrects_a_text,
)


@pytest.mark.parametrize("act", STATES)
def test_nothing_bars_anybody_who(tab: Page, axe: str, act: Callable[[Page], None]) -> None:
    act(tab)
    # Who has said something is where the answer to it stands: never thrown back to the begin of the page.
    assert tab.evaluate("document.activeElement !== document.body")
    if tab.get_by_role("alert").count():
        assert tab.title().startswith("Not yet right: ")
    check(axe, tab)


@pytest.mark.parametrize("place", ["results", "review"])
def test_place_is_told_where_the_system_sets_the_colours(tab: Page, place: str) -> None:
    at(tab, f"{{example}}/{place}")
    tab.emulate_media(forced_colors="active", color_scheme="light")
    lines = """[...document.querySelectorAll('.stages a, .tabs a')].map(link => [link.hasAttribute('aria-current'),
      getComputedStyle(link).borderBottomColor])"""
    told = {is_here: {colour for here, colour in tab.evaluate(lines) if here == is_here} for is_here in (True, False)}
    tab.emulate_media(forced_colors="none")
    assert told[True]
    assert not told[True] & told[False]


def test_results_are_printed_without_what_is_there_to_be_pressed(tab: Page) -> None:
    at(tab, "{example}/results")
    tab.emulate_media(media="print")
    seen = """which => [...document.querySelectorAll(which)].filter(part => part.checkVisibility())
      .map(part => part.textContent.trim())"""
    pressed, headings = (tab.evaluate(seen, which) for which in ("nav, button, .button, form, footer", "h1, h2, h3"))
    tab.emulate_media(media="screen")
    assert pressed == []
    assert {"What the diary says", "In short", "The core nutrients"} <= set(headings)
    assert not {"Take it with you", "Every file to take with you"} & set(headings)


def test_nothing_bars_anybody_from_signing_in_and_from_waiting(browser: Browser, axe: str) -> None:
    token = "a-token-of-a-test"
    with impatient_server(token=token) as address, browsing(browser, address) as tab:
        tab.goto("/")
        tab.get_by_role("textbox", name="Token").fill("another token")
        tab.get_by_role("button", name="Sign in").click()
        tab.get_by_role("alert").wait_for()
        check(axe, tab)
        tab.get_by_role("textbox", name="Token").fill(token)
        tab.get_by_role("button", name="Sign in").click()
        tab.route("**/progress", lambda route: None)  # so that it waits for as long as it is looked at
        tab.get_by_role("button", name="Try the example").click()
        tab.get_by_role("heading", name="Working on it").wait_for()
        check(axe, tab)
