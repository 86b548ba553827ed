"""The way through the pages as a person goes it: what comes into view after something was said, what is left to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from web_hands import Mouse
from web_pages import PHONE, THIRTY_DAYS, browsing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from web_visits import Visit

UNNAMED = "when,wot,how much\n3/4/2026,banana,1\n3/4/2026,milk,200 ml\n4/4/2026,oatmeal,1 cup\n"


def written(tmp_path: Path, text: str, name: str = "diary.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def opened(tab: Page, path: Path) -> None:
    """Upload a diary, up to what was understood of it."""
    hands = Mouse(tab)
    tab.goto("/")
    hands.give("Files of the diary", path)
    hands.press("button", "Read the diary")
    tab.get_by_role("heading", name="What was understood", level=1).wait_for()


def is_in_view(tab: Page, text: str) -> bool:
    """Whether the middle of something stands within the window."""
    box = tab.get_by_text(text).first.bounding_box()
    assert box is not None and tab.viewport_size is not None
    return 0 <= box["y"] + box["height"] / 2 <= tab.viewport_size["height"]


def test_reading_it_another_way_shows_what_came_of_it_on_a_phone(
    browser: Browser, web_address: str, tmp_path: Path
) -> None:
    with browsing(browser, web_address, PHONE) as tab:
        opened(tab, written(tmp_path, UNNAMED))
        tab.get_by_label("Food", exact=True).select_option("wot")
        Mouse(tab).press("button", "Read it this way")
        tab.wait_for_url("**/reading?again=yes")
        assert is_in_view(tab, "no column for the date")
        tab.get_by_label("Date", exact=True).select_option("when")
        Mouse(tab).press("button", "Read it this way")
        tab.get_by_text("Read the way you said.").wait_for()
        assert is_in_view(tab, "2 days, 3–4 April 2026, 3 lines")


def test_going_back_to_a_form_that_was_refused_shows_its_page(browser: Browser, web_address: str) -> None:
    with browsing(browser, web_address) as tab:
        opened(tab, THIRTY_DAYS)
        Mouse(tab).press("link", "Go on: who ate")
        tab.get_by_label("Age in years").fill("old")
        Mouse(tab).press("button", "Save")
        tab.get_by_text("Please look at this again").wait_for()
        tab.get_by_label("Sex").select_option("male")
        tab.get_by_label("Age in years").fill("70")
        Mouse(tab).press("button", "Save")
        tab.get_by_text("Saved.").wait_for()
        tab.go_back()
        tab.get_by_role("heading", name="Who ate", level=1).wait_for()
        assert tab.get_by_label("Age in years").input_value() == "70"


def test_what_was_saved_is_confirmed_where_the_button_is(browser: Browser, web_address: str) -> None:
    for scripts in (True, False):
        with browsing(browser, web_address, PHONE, scripts=scripts) as tab:
            opened(tab, THIRTY_DAYS)
            Mouse(tab).press("link", "Go on: who ate")
            Mouse(tab).press("button", "Save")
            tab.get_by_text("Saved.").wait_for()
            assert is_in_view(tab, "Saved.")
            assert tab.get_by_role("button", name="Go on: check the foods").is_visible()


def test_diary_of_which_no_line_can_be_used_yet_asks_how_to_read_it(visit: Visit, tmp_path: Path) -> None:
    notes = written(tmp_path, "Monday\nporridge with milk\n2 cups coffee\nTuesday\nchicken salad\n", "notes.txt")
    diary = visit.upload(notes)
    page = visit.get(f"/diaries/{diary}/reading").text
    assert "No line can be used as written." in page and "Everything else goes on" not in page
    assert re.search(r'<a class="button main" href="#date">Say how to read it', page)
    assert re.search(r'<details class="more" open>\s*<summary id="change-heading">', page)
    after = visit.post(f"/diaries/{diary}/reading", {"date": "2026-03-02"}).text
    assert "2 days, 2–3 March 2026, 3 lines" in after
    assert re.search(r'<a class="button main" href="[^"]+/people">', after)


def test_downloads_of_a_diary_that_cannot_be_read_lead_to_what_is_in_the_way(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(written(tmp_path, UNNAMED))
    answer = visit.get(f"/diaries/{diary}/downloads")
    assert answer.url.path == f"/diaries/{diary}/reading"
    assert "Excel report" not in answer.text


def test_sixty_people_fit_a_page_that_can_be_saved_from_anywhere(
    browser: Browser, web_address: str, tmp_path: Path
) -> None:
    lines = [f"P{number:02d},2026-03-02,apple,1" for number in range(60)]
    with browsing(browser, web_address) as tab:
        opened(tab, written(tmp_path, "\n".join(["Person,Date,Food,Amount", *lines])))
        Mouse(tab).press("link", "Go on: who ate")
        tab.get_by_role("heading", name="Who ate", level=1).wait_for()
        assert tab.get_by_role("button", name="Save").is_visible() and is_in_view(tab, "Go on: check the foods")
        tab.locator("#sex-59").select_option("female")
        tab.locator("#age-59").fill("34")
        assert is_in_view(tab, "Go on: check the foods")
        # Four or more of them are seen at a time.
        tall = tab.locator("details.person").nth(58).bounding_box()
        assert tall is not None and tall["height"] <= 844 / 4.5
        Mouse(tab).press("button", "Go on: check the foods")
        tab.get_by_role("heading", name="What each text was taken for", level=1).wait_for()
        tab.go_back()
        assert tab.locator("#age-59").input_value() == "34"


def test_results_speak_of_the_pages_and_not_of_the_command_line(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(written(tmp_path, "date,food,amount\n2026-03-02,apple,1\n2026-03-03,vitamin D 1000 IU,1\n"))
    page = visit.get(f"/diaries/{diary}/results").text
    assert "may be incomplete" in page and "--leave-out-incomplete" not in page
    assert f'<a href="/diaries/{diary}/people#counts">What counts</a>' in page
    assert f'of the <a href="/diaries/{diary}/downloads/report.xlsx">Excel report</a>' in page
    assert 'id="counts"' in visit.get(f"/diaries/{diary}/people").text


def test_table_of_people_of_whom_nothing_is_known_has_no_signs_of_a_comparison(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(
        written(tmp_path, "person,date,food,amount\nAnn,2026-03-02,apple,1\nBo,2026-03-02,milk,1 cup\n")
    )
    page = visit.get(f"/diaries/{diary}/results?person=2").text
    assert "Nobody’s sex and age are known" in page and 'class="sign"' not in page.partition('id="chosen"')[0]
    assert "say who <bdi>Bo</bdi> is</a>, and the means are held against reference intakes" in page


def test_food_that_was_not_found_is_to_be_searched_here(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(written(tmp_path, "date,food,amount\n2026-03-02,Kartoffeln,200 g\n"))
    page = visit.get(f"/diaries/{diary}/review").text
    assert "Search for it below by a common name in English" in page
    assert "FDC id</" not in page and "give an FDC id" not in page


def test_pages_count_the_same_lines(visit: Visit, tmp_path: Path) -> None:
    lines = ["2026-03-02,apple,1,food", "2026-03-02,slept badly,,note", "2026-03-03,milk,1 cup,food"]
    diary = visit.upload(written(tmp_path, "\n".join(["date,food,amount,kind", *lines])))
    assert "2 days, 2–3 March 2026, 2 lines" in visit.get(f"/diaries/{diary}/reading").text
    (person,) = visit.json(f"/api/diaries/{diary}/people")["people"]
    assert (person["lines"], person["days"]) == (2, 2)
    assert visit.json(f"/api/diaries/{diary}/review")["lines"] == 2


def test_what_was_typed_of_people_is_taken_along_to_another_step(browser: Browser, web_address: str) -> None:
    with browsing(browser, web_address) as tab:
        opened(tab, THIRTY_DAYS)
        Mouse(tab).press("link", "Go on: who ate")
        tab.get_by_label("Sex").select_option("male")
        tab.get_by_label("Age in years").fill("seventy")
        Mouse(tab).press("link", re.compile("^Results"))
        tab.get_by_text("Please look at this again").wait_for()
        tab.get_by_label("Age in years").fill("70")
        Mouse(tab).press("link", re.compile("^Results"))
        tab.get_by_text("references for male 51-70 y").wait_for()


def test_words_that_were_copied_are_a_diary(browser: Browser, web_address: str) -> None:
    paste = """words => {
      const copied = new DataTransfer();
      copied.setData("text/plain", words);
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: copied, bubbles: true }));
    }"""
    with browsing(browser, web_address) as tab:
        tab.goto("/")
        tab.evaluate(paste, "date\tfood\tamount\n2026-04-01\tbanana\t1\n2026-04-01\tmilk\t200 ml\n")
        tab.get_by_text("pasted.txt").wait_for()
        Mouse(tab).press("button", "Read the diary")
        tab.get_by_role("heading", name="1 day, 1 April 2026, 2 lines, one person").wait_for()
