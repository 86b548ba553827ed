"""The page that says what was understood of a diary, and the form that reads it another way."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

if TYPE_CHECKING:
    import httpx
    from playwright.sync_api import Browser, Page

    from web_visits import Visit

DIARIES = Path(__file__).parents[1] / "data" / "diaries"
THIRTY_DAYS = DIARIES / "thirty_days.csv"
WRONG = "When,Thing,Food,Qty\n2026-03-01,Oats,Grain,40 g\n2026-03-01,Apple,Fruit,2\n2026-03-04,Milk,,200 ml\n"


def written(folder: Path, text: str, name: str = "diary.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def words_of(page: httpx.Response) -> str:
    """What a page says, without what it is made of."""
    text = re.sub(r"<(script|style|select|option)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def read(visit: Visit, diary: str) -> Any:
    return visit.json(f"/api/diaries/{diary}/reading")


def understood(visit: Visit, diary: str) -> list[tuple[str, str]]:
    """Food and amount of the first lines."""
    return [(one["food"], one["amount"]) for row in read(visit, diary)["shown"] for one in row["understood"]]


def test_uploaded_diary_is_told_in_a_sentence(visit: Visit) -> None:
    diary = visit.upload(THIRTY_DAYS)
    found = read(visit, diary)
    assert (len(found["days"]), found["lines"]) == (30, 450)
    page = words_of(visit.get(f"/diaries/{diary}/reading"))
    assert "30 days, 1–30 April 2026, 450 lines, one person" in page
    assert "Every row was understood" in page
    assert "Go on: who ate" in page


def test_diary_of_another_visitor_is_not_found(visit: Visit, web_address: str) -> None:
    from web_visits import Visit

    diary = visit.upload(THIRTY_DAYS)
    with Visit(web_address) as stranger:
        assert stranger.get(f"/diaries/{diary}/reading").status_code == 404
        assert stranger.get(f"/api/diaries/{diary}/reading").status_code == 404


def test_first_lines_stand_as_written_beside_what_was_understood(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(written(tmp_path, "Date,Food,Amount\n1/4/2026,Oats,1-2 cups\n14/4/2026,Tea,2 mugs\n"))
    first = read(visit, diary)["shown"][0]
    assert [(cell["column"], cell["text"]) for cell in first["written"]][:2] == [("Date", "1/4/2026"), ("Food", "Oats")]
    assert first["understood"][0]["day"] == "Wednesday, 1 April 2026"
    assert first["understood"][0]["amount"] == "1–2 cup"


def test_wrong_column_is_seen_chosen_and_then_right(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(written(tmp_path, WRONG))
    assert "no column for the date" in read(visit, diary)["problem"]
    page = visit.post(f"/diaries/{diary}/reading", {"column-food": "Thing", "column-date": "When"})
    assert page.status_code == 200
    assert "2 days" in words_of(page)
    assert "Without a line: 2–3 March 2026" in words_of(page)
    assert understood(visit, diary) == [("Oats", "40 g"), ("Apple", "2"), ("Milk", "200 ml")]
    again = visit.post(f"/diaries/{diary}/reading", {"reset": "yes", "column-food": "Thing"})
    assert "no column for the date" in words_of(again)


def test_file_that_cannot_be_read_shows_how_it_begins_and_what_can_be_chosen(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(written(tmp_path, "2026-03-01,oats,40 g\n2026-03-02,apple,2\n"))
    page = visit.get(f"/diaries/{diary}/reading")
    assert page.status_code == 200
    assert "cannot be read like this yet" in words_of(page)
    assert "2026-03-01 oats 40 g" in words_of(page)
    assert "Go on" not in words_of(page)
    columns = {"column-food": "column B", "column-date": "column A", "column-amount": "column C"}
    visit.post(f"/diaries/{diary}/reading", columns)
    assert understood(visit, diary) == [("oats", "40 g"), ("apple", "2")]


def test_other_pages_of_a_diary_that_cannot_be_read_lead_to_this_one(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(written(tmp_path, WRONG))
    for name in ("people", "review", "results"):
        page = visit.get(f"/diaries/{diary}/{name}")
        assert (page.status_code, page.url.path) == (200, f"/diaries/{diary}/reading")
    answer = visit.get(f"/api/diaries/{diary}/people")
    assert answer.status_code == 422
    assert "no column for the date" in answer.json()["error"]


def test_no_message_of_the_page_speaks_of_the_command_line(visit: Visit, tmp_path: Path) -> None:
    texts = {
        "none.csv": "a,b\nc,d\n",
        "undated.csv": "Food,Amount\noats,40 g\n",
        "open.csv": "Date,Food\n3/4/2026,oats\n3/5/2026,milk\n",
        "weekdays.csv": "Monday,Tuesday,Wednesday\noats,milk,tea\n",
        "yearless.csv": "Date,Food\n3 Apr,oats\n",
        "bare.csv": "Date,Food\nTuesday,oats\n",
    }
    for name, text in texts.items():
        diary = visit.upload(written(tmp_path, text, name))
        page = words_of(visit.get(f"/diaries/{diary}/reading"))
        assert not re.search(r"--[a-z]", page), page


def test_order_of_day_and_month_is_asked_with_a_date_of_the_diary(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(written(tmp_path, "Date,Food\n5/6/2026,oats\n5/7/2026,milk\n"))
    page = words_of(visit.get(f"/diaries/{diary}/reading"))
    assert "Order of day and month: 5/6/2026 is" in page
    assert "5 June 2026" in page
    visit.post(f"/diaries/{diary}/reading", {"day_first": "yes"})
    assert read(visit, diary)["days"] == ["2026-06-05", "2026-07-05"]
    visit.post(f"/diaries/{diary}/reading", {"day_first": "no"})
    assert read(visit, diary)["days"] == ["2026-05-06", "2026-05-07"]


def test_day_of_a_diary_without_dates_is_taken(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(written(tmp_path, "Food,Amount\noats,40 g\n"))
    assert "“The day, where none is written”" in read(visit, diary)["problem"]
    page = visit.post(f"/diaries/{diary}/reading", {"date": "2026-03-14", "person_id": "Anna"})
    assert "1 day, 14 March 2026, 1 line, one person" in words_of(page)
    assert read(visit, diary)["people"] == ["Anna"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_day_that_no_diary_can_be_of_is_told(visit: Visit, tmp_path: Path, day: str) -> None:
    diary = visit.upload(written(tmp_path, "Monday,Tuesday,Wednesday\noats,milk,tea\n"))
    page = visit.post(f"/diaries/{diary}/reading", {"date": day})
    assert page.status_code == 200
    assert "the year cannot be right" in words_of(page)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"date": "the ides of March"}, "date"),
        ({"column-food": "Food", "column-note": "food"}, "column-note"),
        ({"person_id": "x" * 300}, "person_id"),
        ({"day_first": "perhaps"}, "day_first"),
    ],
)
def test_wrong_field_is_told_beside_it_and_what_was_typed_stays(
    visit: Visit, typed: dict[str, str], field: str
) -> None:
    diary = visit.upload(THIRTY_DAYS)
    page = visit.post(f"/diaries/{diary}/reading", typed)
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert f'id="{field}-problem"' in page.text
    assert all(f'value="{value}"' in page.text or name == "day_first" for name, value in typed.items())
    assert read(visit, diary)["asked"]["columns"] == {}


def test_unknown_heading_is_told_with_what_is_near_and_stays_chosen(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(written(tmp_path, WRONG))
    page = visit.post(f"/diaries/{diary}/reading", {"column-food": "Thng", "column-date": "When"})
    assert "Did you mean 'Thing'?" in words_of(page)
    assert '<option value="Thng" selected>' in page.text


def test_hostile_headings_and_cells_are_shown_as_text(visit: Visit, tmp_path: Path) -> None:
    bad = '<script>alert(1)</script>,"""><img src=x onerror=alert(2)>",Food\n'
    diary = visit.upload(written(tmp_path, bad + "2026-03-01,<b>x</b>,</table><script>alert(3)</script>\n"))
    for _ in range(2):
        page = visit.get(f"/diaries/{diary}/reading")
        assert page.status_code == 200
        assert not re.search(r"<(?:script>|img src=x|b>x)", page.text)
        visit.post(f"/diaries/{diary}/reading", {"column-date": "<script>alert(1)</script>"})
    assert read(visit, diary)["days"] == ["2026-03-01"]


def test_page_and_its_json_twin_say_the_same(visit: Visit, tmp_path: Path) -> None:
    text = "Date,Food,Amount\n2026-03-01,oats,1 cpu\n2026-03-02,milk,-3 g\n2026-03-09,tea,\n31/02/2026,soup,1\n"
    diary = visit.upload(written(tmp_path, text))
    found, page = read(visit, diary), words_of(visit.get(f"/diaries/{diary}/reading"))
    for said in (found["summary"], *found["missing"], *(one["message"] for one in found["troubles"])):
        assert " ".join(said.split()) in page
    assert f"{found['trouble_rows']} rows cannot be used" in page
    assert len(found["troubles"]) == 3


def test_program_reads_a_diary_another_way_and_is_told_what_is_wrong(visit: Visit, tmp_path: Path) -> None:
    from web_visits import Visit as Program

    assert isinstance(visit, Program)
    diary = visit.upload(written(tmp_path, WRONG))
    address = f"/api/diaries/{diary}/reading"
    put = visit.client.put(address, json={"columns": {"food": "Thing", "date": "When"}})
    assert put.json()["lines"] == 3
    assert visit.client.put(address, json={"columns": {"fod": "Thing"}}).json()["problem"].startswith("there is no")
    assert visit.client.put(address, json={"day_first": "maybe"}).status_code == 422


def test_several_files_and_people_are_told_one_by_one(visit: Visit, tmp_path: Path) -> None:
    one = written(tmp_path, "Date,Person,Food\n2026-03-01,Anna,oats\n2026-03-02,Ben,milk\n", "one.csv")
    two = written(tmp_path, "Date,Person,Food\n2026-04-01,Ben,tea\n", "two.csv")
    diary = visit.upload(one, two)
    found = read(visit, diary)
    assert [(one["name"], one["lines"], one["days"]) for one in found["eaters"]] == [("Anna", 1, 1), ("Ben", 2, 2)]
    assert [file["source"] for file in found["files"]] == ["one.csv", "two.csv"]
    assert "2 people" in words_of(visit.get(f"/diaries/{diary}/reading"))


def test_export_as_a_zip_is_read_and_what_is_none_of_it_is_told(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("servings.csv", "Day,Group,Food Name,Amount,Energy (kcal)\n2025-01-01,Lunch,Apple,100 g,52\n")
        archive.writestr("readme.txt", "")
    diary = visit.upload(path)
    found = read(visit, diary)
    assert found["lines"] == 1
    assert found["recorded"] == ["Energy"]
    assert "export.zip/readme.txt" in {one["place"].split(",")[0] for one in found["aside"]}


def test_sheets_beside_the_diary_are_told(visit: Visit) -> None:
    diary = visit.upload(DIARIES / "example.xlsx")
    found = read(visit, diary)
    assert any(said.startswith("who ate") for said in found["beside"])
    assert "symptoms: 3" in found["beside"]
    assert found["choices"]["sheets"] == ["Diary"]


def test_empty_template_says_that_nothing_is_written_in_it(visit: Visit) -> None:
    diary = visit.upload(DIARIES / "template.xlsx")
    assert "nothing is written below the header" in words_of(visit.get(f"/diaries/{diary}/reading"))


@pytest.mark.parametrize("made", ["a picture", "a contradiction"])
def test_file_that_no_choice_of_columns_helps_leads_to_the_first_page(visit: Visit, tmp_path: Path, made: str) -> None:
    if made == "a picture":
        path = tmp_path / "lunch.png"
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    else:
        path = tmp_path / "diary.xlsx"
        workbook = openpyxl.Workbook()
        workbook.active.append(["Date", "Food"])
        workbook.active.append(["2026-03-01", "oats"])
        person = workbook.create_sheet("Person")
        person.append(["Person", "Sex", "Age", "Pregnant"])
        person.append(["", "male", 34, "yes"])
        workbook.save(path)
    diary = visit.upload(path)
    page = visit.get(f"/diaries/{diary}/reading")
    assert page.status_code == 200
    assert read(visit, diary)["problem"]
    assert "upload it again" in words_of(page)
    assert "Which column is which" not in words_of(page)


def test_alias_file_that_cannot_be_read_is_told_here(visit: Visit, tmp_path: Path) -> None:
    good = written(tmp_path, "said,fdc_id\noats,173904\n", "mine.csv")
    bad = written(tmp_path, "said,fdc_id\noats,many\n", "broken.csv")
    diary = visit.upload(THIRTY_DAYS, aliases=[good, bad])
    told = {one["name"]: one for one in read(visit, diary)["aliases"]}
    assert (told["mine.csv"]["aliases"], told["mine.csv"]["problem"]) == (1, "")
    assert "broken.csv" in told["broken.csv"]["problem"]
    assert "Your corrections cannot be used" in words_of(visit.get(f"/diaries/{diary}/reading"))


def test_file_of_totals_alone_is_no_diary_that_was_understood(visit: Visit) -> None:
    totals = Path(__file__).parent / "data" / "exports" / "myfitnesspal_nutrition_summary.csv"
    page = words_of(visit.get(f"/diaries/{visit.upload(totals)}/reading"))
    assert "No line of a food was found" in page
    assert "Every row was understood" not in page


def test_line_that_names_its_food_by_number_only_is_shown_by_it(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(written(tmp_path, "Date,Food,FDC id,Amount\n2026-03-01,,173944,118 g\n"))
    assert understood(visit, diary) == [("FDC id 173944", "118 g")]


def test_year_of_lines_is_told_without_showing_them_all(visit: Visit, tmp_path: Path) -> None:
    lines = [f"2025-{month:02}-{day:02},oats,40 g" for month in range(1, 13) for day in range(1, 29)]
    diary = visit.upload(written(tmp_path, "\n".join(["Date,Food,Amount", *lines])))
    page = visit.get(f"/diaries/{diary}/reading")
    assert "336 days, 1 January – 28 December 2025, 336 lines, one person" in words_of(page)
    assert "and 2 more gaps" in words_of(page)  # every month but February and December ends in one
    assert len(page.text) < 60_000


def test_wrong_columns_are_put_right_by_keyboard_alone_on_a_phone(
    browser: Browser, web_address: str, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(web_address)
    page.set_input_files("input[name=files]", written(tmp_path, WRONG))
    if not page.url.endswith("/reading"):
        page.get_by_role("button", name=re.compile("read", re.IGNORECASE)).first.press("Enter")
    page.wait_for_url("**/reading")
    for field, first_letters in (("column-food", "Thing"), ("column-date", "When")):
        tab_to(page, f"#{field}")
        page.keyboard.type(first_letters)
    tab_to(page, "form[action$='/reading'] button")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=2 days, 1–4 March 2026, 3 lines, one person")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")
