"""The first page, waiting, forgetting, and what is said of the program."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from nutridiary.data_files import data_file
from nutridiary.references import citations
from nutridiary.report import colours
from web_pages import EXAMPLE, THIRTY_DAYS, browsing, done_waiting, impatient_server

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from web_visits import Visit


@pytest.fixture(scope="module")
def impatient_address() -> Iterator[str]:
    with impatient_server() as address:
        yield address


def test_upload_without_a_file_is_told_at_the_field_and_keeps_the_open_diaries(visit: Visit) -> None:
    visit.upload(THIRTY_DAYS)
    answer = visit.post("/diaries", files=[("files", ("", b""))])
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'href="#files"' in answer.text
    assert re.search(
        r'<input[^>]+id="files"[^>]+aria-describedby="[^"]*files-problem"[^>]+aria-invalid="true"', answer.text
    )
    assert "thirty_days.csv" in answer.text


def test_empty_file_is_told_on_the_first_page(visit: Visit) -> None:
    answer = visit.post("/diaries", files=[("files", ("nothing.csv", b""))])
    assert answer.status_code == 422
    assert "The file is empty" in answer.text


def test_name_of_a_file_is_shown_as_text(visit: Visit) -> None:
    visit.post("/diaries", files=[("files", ("<script>alert(1)</script>.csv", THIRTY_DAYS.read_bytes()))])
    page = visit.get("/").text
    assert "<script>alert" not in page
    assert "script_.csv" in page


def test_example_opens_with_one_form(visit: Visit) -> None:
    answer = visit.post("/example")
    assert answer.status_code == 200
    assert answer.url.path.endswith("/reading")
    assert "example.xlsx" in visit.get("/").text


def test_empty_diary_is_the_shipped_template(visit: Visit) -> None:
    answer = visit.get("/template.xlsx")
    assert answer.content == data_file("diaries/template.xlsx").read_bytes()
    assert "attachment" in answer.headers["content-disposition"]


def test_diary_is_forgotten_only_after_it_was_asked(visit: Visit) -> None:
    diary = visit.upload(THIRTY_DAYS)
    asked = visit.get(f"/diaries/{diary}/forget")
    assert "thirty_days.csv" in asked.text
    assert visit.get(f"/diaries/{diary}/reading").status_code == 200
    told = visit.post(f"/diaries/{diary}/forget")
    assert "the diary is forgotten" in told.text
    assert "thirty_days.csv" not in told.text
    assert visit.get(f"/diaries/{diary}/reading").status_code == 404


def test_progress_of_a_diary_is_told_to_its_visitor_alone(visit: Visit, web_address: str) -> None:
    from web_visits import Visit

    diary = visit.upload(THIRTY_DAYS)
    found = visit.json(f"/api/diaries/{diary}/progress")
    assert set(found) == {"is_working", "working_on", "lines"}
    with Visit(web_address) as stranger:
        assert stranger.get(f"/api/diaries/{diary}/progress").status_code == 404


def test_who_waits_is_told_what_is_worked_on_and_led_on_without_scripts(impatient_address: str) -> None:
    from web_visits import Visit

    with Visit(impatient_address) as visit:
        answer = visit.client.post(
            "/diaries", data={"form_token": visit.token()}, files=[("files", ("may.csv", THIRTY_DAYS.read_bytes()))]
        )
        assert answer.status_code == 202
        diary = answer.url.path.split("/")[2]
        again = f'<noscript><meta http-equiv="refresh" content="2; url=/diaries/{diary}/reading"></noscript>'
        assert again in answer.text
        assert "refresh" not in answer.headers
        end = time.monotonic() + 60
        while visit.json(f"/api/diaries/{diary}/progress")["is_working"] and time.monotonic() < end:
            time.sleep(0.1)
        assert visit.client.get(f"/diaries/{diary}/reading").status_code == 200


@pytest.mark.parametrize("scripts", [True, False])
def test_waiting_page_goes_on_by_itself(browser: Browser, impatient_address: str, scripts: bool) -> None:
    with browsing(browser, impatient_address, scripts=scripts) as tab:
        tab.goto("/")
        tab.get_by_role("button", name="Try the example").click()
        tab.get_by_role("heading", name="Working on it").wait_for()
        assert tab.get_by_role("status").inner_text() != ""
        done_waiting(tab)
        assert tab.url.endswith("/reading")


def test_who_saves_a_row_without_scripts_waits_no_longer_than_it_takes(
    browser: Browser, impatient_address: str
) -> None:
    with browsing(browser, impatient_address, scripts=False) as tab:
        tab.goto("/")
        tab.get_by_role("button", name="Try the example").click()
        done_waiting(tab)
        tab.get_by_role("link", name="Review").click()
        done_waiting(tab)
        tab.get_by_role("button", name="That is right").first.click()
        assert "#row-" in tab.url
        tab.get_by_role("heading", name="Working on it").wait_for()
        tab.get_by_text("Saved.").wait_for()


def test_too_many_bytes_are_said_before_they_are_sent(browser: Browser, web_address: str, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(21 * 2**20)
    with browsing(browser, web_address) as tab:
        sent: list[str] = []
        tab.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        tab.goto("/")
        tab.get_by_label("Files of the diary").set_input_files(large)
        assert "21.0 MB" in tab.get_by_label("Chosen files").inner_text()
        tab.get_by_role("button", name="Read the diary").click()
        assert "Choose fewer" in tab.get_by_label("Files of the diary").evaluate("input => input.validationMessage")
        assert sent == []


@pytest.mark.parametrize("gesture", ["drop", "paste"])
def test_files_that_are_dropped_or_pasted_are_taken(browser: Browser, web_address: str, gesture: str) -> None:
    with browsing(browser, web_address) as tab:
        tab.goto("/")
        tab.evaluate(
            """([gesture, text]) => {
              const carried = new DataTransfer();
              carried.items.add(new File([text], "may.csv"));
              document.body.dispatchEvent(gesture === "drop"
                ? new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true})
                : new ClipboardEvent("paste", {clipboardData: carried, bubbles: true}));
            }""",
            [gesture, THIRTY_DAYS.read_text("utf-8")],
        )
        assert "may.csv" in tab.get_by_label("Chosen files").inner_text()
        tab.get_by_role("button", name="Read the diary").click()
        tab.wait_for_url("**/reading")


def test_server_that_is_gone_is_said_and_nothing_is_lost(browser: Browser, web_address: str) -> None:
    with browsing(browser, web_address) as tab:
        tab.goto("/")
        tab.get_by_label("Files of the diary").set_input_files(EXAMPLE)
        tab.route("**/api/diaries", lambda route: route.fulfill(status=422, json={"error": "It is too odd."}))
        tab.get_by_role("button", name="Read the diary").click()
        tab.get_by_text("It is too odd.").wait_for()
        assert tab.evaluate("document.activeElement.textContent") == "Read the diary"
        tab.unroute("**/api/diaries")
        tab.get_by_role("button", name="Read the diary").click()
        tab.wait_for_url("**/reading")


def test_forgetting_asks_in_a_dialog_that_escape_closes(browser: Browser, web_address: str) -> None:
    with browsing(browser, web_address) as tab:
        tab.goto("/")
        tab.get_by_role("button", name="Try the example").click()
        tab.wait_for_url("**/reading")
        link = tab.get_by_role("link", name="Forget this diary")
        link.focus()
        tab.keyboard.press("Enter")
        dialog = tab.get_by_role("dialog", name="Forget this diary?")
        dialog.wait_for()
        tab.keyboard.press("Escape")
        dialog.wait_for(state="hidden")
        assert link.evaluate("link => link === document.activeElement")
        link.click()
        dialog.get_by_role("button", name="Keep it").click()
        dialog.wait_for(state="hidden")
        link.click()
        dialog.get_by_role("button", name="Forget it").click()
        tab.get_by_text("the diary is forgotten").wait_for()
        assert "forgotten" in tab.evaluate("document.activeElement.textContent")
        assert tab.evaluate("document.activeElement.getAttribute('role')") == "status"


def test_about_names_every_source(visit: Visit) -> None:
    page = html.unescape(visit.get("/about").text)
    missing = [citation for _, citation in citations().values() if citation not in page]
    assert missing == []
    assert all(
        name in page for name in ("FNDDS 2021-2023", "Foundation Foods", "SR Legacy", "MIT", "does not diagnose")
    )


def test_unknown_address_is_a_page_that_leads_on(visit: Visit) -> None:
    answer = visit.get("/nowhere")
    assert answer.status_code == 404
    assert 'href="/"' in answer.text
    assert "Traceback" not in answer.text


def test_address_of_the_style_changes_with_the_style(visit: Visit) -> None:
    found = re.search(r'href="(/static/style\.css\?v=(\w+))"', visit.get("/").text)
    assert found is not None
    assert sha256(visit.get(found[1]).content).hexdigest().startswith(found[2])


def test_page_and_report_have_the_same_colours(visit: Visit) -> None:
    style = visit.get("/static/style.css").text
    light = dict(re.findall(r"--([\w-]+): #(\w{6})", style[: style.index("@media")]))
    assert {
        "ink": colours.INK,
        "quiet": colours.QUIET_INK,
        "link": colours.LINK_INK,
        "rule": colours.RULE,
        "head": colours.HEADER_FILL,
        "bar": colours.BLUE,
        "goal": colours.ORANGE,
        "enough": colours.ENOUGH_TINT,
        "between": colours.BETWEEN_TINT,
        "low": colours.LOW_TINT,
        "high": colours.HIGH_TINT,
        "open": colours.OPEN_TINT,
    }.items() <= {name: colour.upper() for name, colour in light.items()}.items()
