"""The page about people: who ate, what to compare with, what counts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from web_visits import Visit

DIARIES = Path(__file__).parents[1] / "data" / "diaries"
EXAMPLE, THIRTY_DAYS = DIARIES / "example.xlsx", DIARIES / "thirty_days.csv"
ANN = {"name-0": "", "sex-0": "female", "age-0": "34"}
USUAL = {"reference": "nasem", "split": "yes", "fill_in": "yes"}


def diary_of(tmp_path: Path, *people: str, days: int = 2) -> Path:
    """A diary in which each of some people ate an apple a day."""
    path = tmp_path / "diary.csv"
    lines = [f"{name},2026-03-0{day},apple,1,each" for name in people for day in range(1, days + 1)]
    path.write_text("\n".join(["Person,Date,Food,Amount,Unit", *lines]), "utf-8")
    return path


def said_of(visit: Visit, diary: str, *which: int) -> list[dict[str, Any]]:
    people = visit.json(f"/api/diaries/{diary}/people")["people"]
    return [people[one]["said"] for one in which or range(len(people))]


def send(visit: Visit, diary: str, fields: dict[str, str]) -> Any:
    return visit.post(f"/diaries/{diary}/people", {**USUAL, **fields, "then": "stay"})


def test_diary_that_says_nothing_of_its_person_assumes_nothing(visit: Visit) -> None:
    diary = visit.upload(THIRTY_DAYS)
    found = visit.json(f"/api/diaries/{diary}/people")["people"]
    assert [(one["said"], one["own"], one["groups"]) for one in found] == [(None, None, [])]
    assert "Intakes alone" in visit.get(f"/diaries/{diary}/people").text


def test_person_sheet_of_the_diary_fills_the_fields(visit: Visit) -> None:
    diary = visit.upload(EXAMPLE)
    page = visit.get(f"/diaries/{diary}/people").text
    assert 'value="female" selected' in page
    assert 'id="weight-0" name="weight-0" type="text" value="64 kg"' in page
    assert "female 31-50 y" in page


def test_said_of_the_person_is_kept_and_names_the_group(visit: Visit) -> None:
    diary = visit.upload(THIRTY_DAYS)
    page = send(visit, diary, {**ANN, "state-0": "pregnant", "weight-0": "10 st 2 lb", "height-0": "5 ft 6 in"})
    assert "Compared as: pregnant 31-50 y" in page.text
    (said,) = said_of(visit, diary)
    assert (said["sex"], said["age_years"], said["pregnant"], said["lactating"]) == ("female", 34, True, False)
    # A stone is 14 pounds of 0.45359237 kg, a foot 12 inches of 2.54 cm.
    assert (said["weight_kg"], said["height_cm"]) == (pytest.approx(64.41, abs=0.001), pytest.approx(167.64))


def test_birth_date_gives_the_group_of_every_day(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(diary_of(tmp_path, "Ann", days=9))
    send(visit, diary, {"name-0": "Ann", "sex-0": "female", "birth-0": "1995-03-05"})
    (ann,) = visit.json(f"/api/diaries/{diary}/people")["people"]
    assert ann["groups"] == ["female 19-30 y", "female 31-50 y"]


def test_main_button_leads_to_the_review_and_nothing_need_be_said(visit: Visit) -> None:
    diary = visit.upload(THIRTY_DAYS)
    answer = visit.client.post(
        f"/diaries/{diary}/people",
        data={"form_token": visit.token(), "name-0": "", **USUAL, "then": "on"},
        follow_redirects=False,
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/diaries/{diary}/review")


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"sex-0": "", "age-0": "34"}, "sex-0", "Choose female or male"),
        ({"sex-0": "female", "age-0": ""}, "age-0", "Give an age or a birth date"),
        ({"age-0": "340"}, "age-0", "Age 340 years cannot be"),
        ({"age-0": "<b>old</b>"}, "age-0", "Cannot read the age &#34;&lt;b&gt;old"),
        ({"birth-0": "14.3.1974"}, "birth-0", "Write it as 1974-03-10"),
        ({"weight-0": "64"}, "weight-0", "has no unit"),
        ({"height-0": "tall"}, "height-0", "Cannot read the height"),
        ({"sex-0": "male", "state-0": "lactating"}, "state-0", "have no such group"),
        ({"reference": "efsa", "edition": "IOM 2005"}, "edition", "is an edition of the reference nasem"),
        ({"suggest": "yes", "dislikes": "lver"}, "dislikes", "Did you mean &#39;liver&#39;"),
        ({"diet-0": "yes"}, "suggest", "no ideas are asked for"),
    ],
)
def test_wrong_field_comes_again_with_what_was_typed_and_why(
    visit: Visit, fields: dict[str, str], field: str, words: str
) -> None:
    diary = visit.upload(THIRTY_DAYS)
    answer = send(visit, diary, {**ANN, **fields})
    assert answer.status_code == 422
    summary = re.search(r'role="alert".*?</div>', answer.text, re.DOTALL)
    assert summary is not None
    assert f'href="#{field}"' in summary[0]
    beside = re.search(rf'id="{field}-problem">(.*?)</p>', answer.text, re.DOTALL)
    assert beside is not None
    assert words in beside[1]
    assert f'aria-describedby="{field}-' in answer.text or f'{field}-problem"' in answer.text
    typed = fields.get("age-0", "34")
    if typed == "34":
        assert 'id="age-0" name="age-0" type="text" value="34"' in answer.text
    assert said_of(visit, diary) == [None]


def test_everything_that_is_wrong_is_told_at_once(visit: Visit) -> None:
    diary = visit.upload(THIRTY_DAYS)
    answer = send(visit, diary, {"name-0": "", "sex-0": "", "age-0": "400", "weight-0": "64", "dislikes": ""})
    told = re.findall(r'href="#([a-z]+-0)"', answer.text)
    assert told == ["sex-0", "age-0", "weight-0"]


def test_several_people_are_described_apart(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(diary_of(tmp_path, "Ann", "Ben", "Cleo"))
    fields = {f"name-{number}": name for number, name in enumerate(("Ann", "Ben", "Cleo"))}
    send(visit, diary, {**fields, "sex-0": "female", "age-0": "34", "sex-1": "male", "age-1": "6 months"})
    found = visit.json(f"/api/diaries/{diary}/people")["people"]
    assert [one["groups"] for one in found] == [["female 31-50 y"], ["infant 7-12 mo"], []]


@pytest.mark.parametrize("months", range(1, 12))
def test_age_of_an_infant_is_typed_as_it_is_read(months: int) -> None:
    from nutridiary.diary.body import read_age
    from nutridiary.references import Person
    from nutridiary.web.asked import Someone
    from nutridiary.web.people_form import _answers

    years = read_age(f"{months} months")
    again = read_age(_answers(Someone(sex="male", age_years=years))["age"])
    assert again == years
    assert Person(sex="male", age_years=again).age_on() == months / 12


def test_said_of_all_counts_where_a_field_is_empty(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(diary_of(tmp_path, "Ann", "Ben", "Cleo"))
    fields = {f"name-{number}": name for number, name in enumerate(("Ann", "Ben", "Cleo"))}
    send(visit, diary, {**fields, "sex-all": "female", "age-all": "8", "sex-1": "male", "birth-2": "1990-01-01"})
    ann, ben, cleo = said_of(visit, diary)
    assert (ann["sex"], ann["age_years"]) == ("female", 8)
    assert (ben["sex"], ben["age_years"]) == ("male", 8)
    assert (cleo["sex"], cleo["age_years"], cleo["birth_date"]) == ("female", None, "1990-01-01")


def test_sixty_people_are_all_described_by_one_form(visit: Visit, tmp_path: Path) -> None:
    names = [f"P{number:02}" for number in range(60)]
    diary = visit.upload(diary_of(tmp_path, *names, days=1))
    fields = {f"name-{number}": name for number, name in enumerate(names)}
    fields |= {f"age-{number}": str(20 + number) for number in range(60)}
    answer = send(visit, diary, {**fields, "sex-all": "male"})
    assert answer.text.count("Compared as: male") == 60
    assert [one["age_years"] for one in said_of(visit, diary)] == [20 + number for number in range(60)]


def test_name_of_a_person_is_shown_as_text(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(diary_of(tmp_path, "<script>alert(1)</script>", "Ann"))
    page = visit.get(f"/diaries/{diary}/people").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_person_whose_name_is_very_long_does_no_harm(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(diary_of(tmp_path, "x" * 3000, "Ann"))
    page = visit.get(f"/diaries/{diary}/people")
    assert page.status_code == 200
    answer = send(
        visit, diary, {"name-0": "Ann", "sex-0": "female", "age-0": "3", "name-1": "x" * 3000, "sex-1": "male"}
    )
    assert answer.status_code == 422


def test_person_sheet_that_does_not_fit_the_diary_is_told(visit: Visit, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Diary"
    book.active.append(["Person", "Date", "Food", "Amount", "Unit"])
    book.active.append(["Ann", "2026-03-01", "apple", 1, "each"])
    sheet = book.create_sheet("Person")
    sheet.append(["Person", "Sex", "Age"])
    sheet.append(["Bob", "male", 40])
    book.save(tmp_path / "diary.xlsx")
    page = visit.get(f"/diaries/{visit.upload(tmp_path / 'diary.xlsx')}/people").text
    assert "Person sheet does not fit its lines" in page
    assert "&#39;Bob&#39; is described but has no line in the diary" in page


def test_person_whom_the_diary_read_otherwise_does_not_name_is_left_aside(visit: Visit) -> None:
    diary = visit.upload(THIRTY_DAYS)
    send(visit, diary, ANN)
    assert visit.client.put(f"/api/diaries/{diary}/reading", json={"person_id": "Zoe"}).status_code in (200, 202)
    found = visit.json(f"/api/diaries/{diary}/people")
    assert ([one["name"] for one in found["people"]], found["gone"]) == (["Zoe"], [""])
    assert "somebody without a name" in visit.get(f"/diaries/{diary}/people").text
    # What was said of somebody else is of no use for Zoe, and stops nothing.
    assert visit.json(f"/api/diaries/{diary}/results")["people"][0]["name"] == "Zoe"


def test_settings_are_kept_and_leave_the_others_alone(visit: Visit) -> None:
    diary = visit.upload(THIRTY_DAYS)
    send(visit, diary, {**ANN, "reference": "efsa", "defaults": "yes", "split": "", "de_identify": "yes"})
    wanted = visit.json(f"/api/diaries/{diary}/people")["wanted"]
    asked = {name: wanted[name] for name in ("reference", "edition", "defaults", "split", "fill_in", "de_identify")}
    assert asked == {
        "reference": "efsa",
        "edition": None,
        "defaults": True,
        "split": False,
        "fill_in": True,
        "de_identify": True,
    }
    assert "European Union" in visit.get(f"/diaries/{diary}/people").text


def test_recorded_values_are_offered_only_where_the_diary_has_some(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "recorded.csv"
    path.write_text("Date,Food,Amount,Unit,Magnesium (mg)\n2026-03-01,apple,1,each,9\n", "utf-8")
    with_values, without = visit.upload(path), visit.upload(THIRTY_DAYS)
    assert 'name="values"' in visit.get(f"/diaries/{with_values}/people").text
    assert 'name="values"' not in visit.get(f"/diaries/{without}/people").text


def test_api_describes_people_and_refuses_who_is_not_in_the_diary(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(diary_of(tmp_path, "Ann"))
    address = f"/api/diaries/{diary}/people"
    ann = {"name": "Ann", "sex": "female", "age_years": 71}
    answer = visit.client.put(address, json={"people": [ann]})
    assert answer.json()["people"][0]["groups"] == ["female over 70 y"]
    answer = visit.client.put(address, json={"people": [ann | {"name": "Anne"}]})
    assert answer.status_code == 422
    assert "Did you mean 'Ann'?" in answer.json()["error"]
    # What could not be taken leaves what was said before.
    assert [one["name"] for one in said_of(visit, diary)] == ["Ann"]


def test_every_option_and_fact_that_an_analysis_knows_can_be_said() -> None:
    from dataclasses import fields

    from nutridiary.analysis.options import Options
    from nutridiary.references import Person
    from nutridiary.web.asked import Someone, Wanted

    # A report is about the panel of nutrients; the download of all figures holds the others.
    assert {one.name for one in fields(Options)} - {"nutrients"} == set(Wanted.model_fields) - {"de_identify"}
    assert {one.name for one in fields(Person)} == set(Someone.model_fields) - {"name"}


def test_report_with_settings_of_the_page_is_that_of_the_library(visit: Visit, tmp_path: Path) -> None:
    from nutridiary.analysis import analyze
    from nutridiary.references import Person
    from nutridiary.report.data import to_json

    diary = visit.upload(EXAMPLE)
    said = {"age-0": "61", "sex-0": "female", "condition-1-0": "postmenopausal", "reference": "efsa", "defaults": "yes"}
    assert send(visit, diary, {"name-0": "", **said, "split": "", "de_identify": "yes"}).status_code == 200
    by_page = visit.json(f"/api/diaries/{diary}/downloads/report.json")
    person = Person(sex="female", age_years=61, conditions=("postmenopausal",))
    asked: dict[str, Any] = {"reference": "efsa", "defaults": True, "split": False, "de_identify": True}
    path = to_json(analyze(EXAMPLE, people={"": person}, **asked), tmp_path / "report.json")
    by_library = json.loads(path.read_text("utf-8"))
    for moment in (by_page, by_library):
        moment.pop("written", None)
    assert by_page == by_library


def signed_in(browser: Browser, visit: Visit, **options: Any) -> Page:
    """A page of a browser that is the same visitor."""
    context = browser.new_context(**options)
    url = str(visit.client.base_url)
    jar = visit.client.cookies.jar
    context.add_cookies([{"name": one.name, "value": one.value or "", "url": url} for one in jar])
    return context.new_page()


def test_page_leaves_out_what_does_not_concern_a_man(browser: Browser, visit: Visit) -> None:
    diary = visit.upload(THIRTY_DAYS)
    page = signed_in(browser, visit)
    try:
        page.goto(f"{visit.client.base_url}/diaries/{diary}/people")
        assert page.locator("#state-0").is_visible()
        page.select_option("#sex-0", "male")
        assert not page.locator("#state-0").is_visible()
        page.fill("#age-0", "40")
        page.click("text=Save")
        assert page.locator("text=Compared as: male 31-50 y").is_visible()
    finally:
        page.context.close()


def test_page_is_filled_in_by_keyboard_alone_on_a_phone(browser: Browser, visit: Visit) -> None:
    diary = visit.upload(THIRTY_DAYS)
    page = signed_in(browser, visit, viewport={"width": 390, "height": 800})
    try:
        page.goto(f"{visit.client.base_url}/diaries/{diary}/people")

        def tab_to(name: str) -> None:
            for _ in range(40):
                page.keyboard.press("Tab")
                if page.evaluate("document.activeElement.id") == name:
                    return
            raise AssertionError(f"{name} cannot be reached")

        tab_to("sex-0")
        page.keyboard.type("Female")
        tab_to("age-0")
        page.keyboard.type("34")
        page.keyboard.press("Enter")
        page.wait_for_url("**/review")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    finally:
        page.context.close()
    assert said_of(visit, diary)[0]["age_years"] == 34
