"""The page on which a person puts right what each text of a diary was taken for."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nutridiary.foods import load_foods
from nutridiary.web.asked import Correction
from nutridiary.web.steps.review import answer_name, row_name

if TYPE_CHECKING:
    import httpx
    from playwright.sync_api import Browser, Page

    from web_visits import Visit

DIARIES = Path(__file__).parents[1] / "data" / "diaries"
EXAMPLE, THIRTY_DAYS = DIARIES / "example.xlsx", DIARIES / "thirty_days.csv"
SALMON, TOFU = 2706286, 172451  # Fish, salmon, baked or broiled; Tofu, fried: ids of FoodData Central
CORE = ("magnesium", "potassium", "calcium", "vitamin_d", "vitamin_b12")


@pytest.fixture
def lunch(visit: Visit, tmp_path: Path) -> str:
    """A diary of a day: weighed salmon, a bowl nobody can weigh, a line of two foods, a feeling."""
    return _open(
        visit, tmp_path, "salmon,150,g\nlentil loaf,2,thumb\ntoast with butter,1,slice\nfelt sleepy after lunch,,\n"
    )


def _open(visit: Visit, folder: Path, lines: str) -> str:
    path = folder / "lunch.csv"
    path.write_text("date,food,amount,unit\n" + re.sub(r"(?m)^(?=.)", "2026-03-02,", lines), "utf-8")
    return _opened(visit, path)


def _opened(visit: Visit, path: Path) -> str:
    answer = visit.client.post("/api/diaries", files={"files": (path.name, path.read_bytes())})
    return str(answer.json()["id"])


def _rows(visit: Visit, diary: str, show: str = "all") -> dict[str, Any]:
    return {row["said"]: row for row in visit.json(f"/api/diaries/{diary}/review?show={show}")["rows"]}


def _save(visit: Visit, diary: str, said: str, keep: bool = True, **fields: object) -> httpx.Response:
    sent = {"said": said, "row": row_name(said), "show": "all", **({"keep": "yes"} if keep else {}), **fields}
    return visit.post(f"/diaries/{diary}/review", sent)


def _means(visit: Visit, diary: str) -> dict[str, float | None]:
    nutrients = visit.json(f"/api/diaries/{diary}/results")["nutrients"]
    return {one["nutrient"]: one["mean_intake"] for one in nutrients if one["nutrient"] in CORE}


def _words(answer: httpx.Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


def test_review_lists_the_texts_of_the_diary_in_the_order_of_the_library(visit: Visit) -> None:
    from nutridiary.review import review

    diary = _opened(visit, THIRTY_DAYS)
    pages = [visit.json(f"/api/diaries/{diary}/review?show=all&page={page}") for page in (1, 2)]
    told = review(THIRTY_DAYS).foods
    assert [row["said"] for page in pages for row in page["rows"]] == told["said"].tolist()
    assert [row["fdc_id"] for page in pages for row in page["rows"]] == told["fdc_id"].tolist()
    assert (pages[0]["pages"], len(pages[0]["rows"]), pages[0]["texts"]) == (2, 50, len(told))


def test_food_chosen_in_the_form_is_the_food_of_the_results(visit: Visit, tmp_path: Path) -> None:
    diary = _open(visit, tmp_path, "salmon,150,g\n")
    answer = _save(visit, diary, "salmon", food=TOFU)
    assert "Saved. “salmon” : It is Tofu, fried." in _words(answer)
    held = load_foods().composition([TOFU], list(CORE)).loc[TOFU] * 1.5
    assert _means(visit, diary) == pytest.approx(held.to_dict(), rel=1e-6)


def test_weight_of_a_unit_counts_and_is_taken_back(visit: Visit, lunch: str) -> None:
    before = _rows(visit, lunch)["lentil loaf"]
    assert (before["left_out"], before["weights"][0]["unit"]) == (1, "thumb")
    _save(visit, lunch, "lentil loaf", food=TOFU, **{"unit-0": "thumb", "grams-0": "12,5"})
    row = _rows(visit, lunch)["lentil loaf"]
    assert (row["left_out"], row["grams"], row["weights"][0]["own"]) == (0, 25.0, 12.5)
    _save(visit, lunch, "lentil loaf", food=TOFU, **{"unit-0": "thumb", "grams-0": "", "own-0": "12.5"})
    assert _rows(visit, lunch)["lentil loaf"]["left_out"] == 1


def test_text_that_is_no_food_is_in_no_total_and_comes_back(visit: Visit, lunch: str) -> None:
    said = "lentil loaf"
    before = visit.json(f"/api/diaries/{lunch}/review?show=all")
    _save(visit, lunch, said, food="not_a_food")
    after = visit.json(f"/api/diaries/{lunch}/review?show=all")
    assert (after["texts"], after["lines"]) == (before["texts"] - 1, before["lines"] - 1)
    row = _rows(visit, lunch, "corrected")[said]
    assert [one["words"] for one in row["answers"]] == ["It is not a food."]
    answer = visit.post(f"/diaries/{lunch}/review", {"undo": row["answers"][0]["name"], "row": row["row"]})
    assert "Taken back." in _words(answer)
    assert visit.json(f"/api/diaries/{lunch}/review?show=all")["texts"] == before["texts"]


def test_line_is_cut_into_the_foods_it_holds(visit: Visit, lunch: str) -> None:
    said = "lentil loaf"
    _save(visit, lunch, said, food="several", parts="30 g red lentils; 20 g carrots")
    rows = _rows(visit, lunch)
    assert rows["red lentils"]["grams"] == 60.0  # of 2 such thumbs
    assert rows["carrots"]["grams"] == 40.0
    assert [line["said"] for line in rows["carrots"]["cut_from"]] == [said]
    assert "several foods" in rows["carrots"]["answers"][0]["words"]


def test_line_that_was_cut_is_one_food_again(visit: Visit, lunch: str) -> None:
    whole = "toast with butter"
    rows = _rows(visit, lunch)
    assert whole not in rows
    line = rows["butter"]["cut_from"][0]
    answer = _save(visit, lunch, "butter", food=f"whole:{line['row']}", **{f"whole:{line['row']}": line["said"]})
    rows = _rows(visit, lunch)
    assert whole in rows
    assert "butter" not in rows
    assert str(answer.url).endswith(f"#row-{row_name(whole)}")


@pytest.mark.parametrize("keep", [True, False])
def test_answer_is_kept_for_later_diaries_only_where_it_is_said(visit: Visit, lunch: str, keep: bool) -> None:
    _save(visit, lunch, "salmon", keep=keep, food=SALMON)
    kept = [one["correction"]["keep"] for one in visit.json(f"/api/diaries/{lunch}/review/corrections")["answers"]]
    assert kept == [keep]
    assert ("For this diary only." in _words(visit.get(f"/diaries/{lunch}/review?show=corrected"))) is not keep


def test_row_has_the_same_anchor_after_it_is_saved(visit: Visit, lunch: str) -> None:
    names = re.findall(r'<li class="card row" id="(row-\w+)"', visit.get(f"/diaries/{lunch}/review?show=all").text)
    following = names[names.index(f"row-{row_name('salmon')}") + 1]
    answer = _save(visit, lunch, "salmon", food=TOFU, next=following.removeprefix("row-"))
    after = re.findall(r'<li class="card row" id="(row-\w+)"', answer.text)
    assert sorted(after) == sorted(names)
    assert after[after.index(f"row-{row_name('salmon')}") + 1] == following
    assert answer.url.fragment == f"row-{row_name('salmon')}"


def test_button_beside_a_row_takes_the_food_that_was_found(visit: Visit, tmp_path: Path) -> None:
    diary = _open(visit, tmp_path, "prawns stir fry with lots of things,150,g\n")
    row = visit.json(f"/api/diaries/{diary}/review")["rows"][0]
    assert row["sure"] in ("likely", "doubtful")
    page = visit.get(f"/diaries/{diary}/review?show=all").text
    assert page.count('name="right"') == 1
    other = row["choices"][1]["fdc_id"]
    _save(visit, diary, row["said"], right="yes", was=str(row["fdc_id"]), food=other, parts="rice; beans")
    after = _rows(visit, diary)[row["said"]]
    assert (after["fdc_id"], after["sure"], after["to_check"]) == (row["fdc_id"], "your answer", False)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"unit-0": "thumb", "grams-0": "0"}, "'0' is no weight"),
        ({"unit-0": "thumb", "grams-0": "1,500"}, "'1,500' is no weight"),
        ({"unit-0": "thumb", "grams-0": "<b>lots</b>"}, "'<b>lots</b>' is no weight"),
        ({"food": "999999999"}, "999999999"),
        ({"food": "several", "parts": ""}, "Write the foods"),
        ({"food": "several", "parts": "one food"}, "food"),
        ({"food": str(TOFU), "was": str(SALMON), "parts": "rice; beans"}, "Choose one of the two"),
        ({}, "Nothing was chosen"),
    ],
)
def test_answer_that_cannot_be_used_is_refused_beside_its_field(
    visit: Visit, lunch: str, fields: dict[str, str], said: str
) -> None:
    answer = _save(visit, lunch, "lentil loaf", **fields)
    assert answer.status_code == 422
    assert said in _words(answer)
    for name, value in fields.items():
        if name.startswith("grams"):
            assert f'name="{name}" value="{html.escape(value, quote=True)}"' in answer.text
    target = re.search(r'role="alert".*?<a href="#([^"]+)"', answer.text, re.DOTALL)
    assert target is not None
    assert f'id="{target[1]}"' in answer.text
    assert visit.json(f"/api/diaries/{lunch}/review/corrections")["answers"] == []


def test_refused_row_is_shown_whatever_the_list_shows_otherwise(visit: Visit, lunch: str) -> None:
    answer = _save(visit, lunch, "salmon", show="left_out", food="x")
    assert answer.status_code == 422
    assert f'id="row-{row_name("salmon")}"' in answer.text
    assert "Saved." not in answer.text


HOSTILE = (
    "<script>alert(1)</script> soup",
    '"><img src=x onerror=alert(2)> stew',
    "=cmd|' /C calc'!A0",
    "{{ 7 * 7 }} pie",
    "\u202etaems desrever\u202c stew",
    "soup " + "x" * 1200,
    "שוקולד מריר",
)


def test_hostile_texts_are_shown_as_text_and_can_be_answered(visit: Visit, tmp_path: Path) -> None:
    lines = "".join(f'"{text.replace(chr(34), chr(34) * 2)}",100,g\n' for text in HOSTILE)
    diary = _open(visit, tmp_path, lines)
    page = visit.get(f"/diaries/{diary}/review?show=all")
    assert page.status_code == 200
    assert page.text.count("<script") == 2  # the page's own
    assert "<img src=x" not in page.text
    assert "49 pie" not in page.text
    assert "\u202e" not in page.text
    for row in _rows(visit, diary).values():
        answer = _save(visit, diary, row["said"], food=TOFU)
        assert answer.status_code == 200, row["said"]
    rows = visit.json(f"/api/diaries/{diary}/review?show=all")
    assert {row["fdc_id"] for row in rows["rows"]} == {TOFU}
    assert (rows["corrected"], rows["lines_left_out"]) == (len(HOSTILE), 0)


def test_search_without_scripts_leads_to_a_food(visit: Visit, lunch: str) -> None:
    row = _rows(visit, lunch)["lentil loaf"]
    address = f"/diaries/{lunch}/review/search?row={row['row']}&show=all"
    assert visit.get(address).status_code == 200
    found = visit.get(f"{address}&food=tofu fried")
    assert f'name="food" value="{TOFU}"' in found.text
    fields = dict(re.findall(r'type="hidden" name="(said|row|show)" value="([^"]*)"', found.text))
    answer = visit.post(f"/diaries/{lunch}/review", {**fields, "food": TOFU, "keep": "yes"})
    assert answer.status_code == 200
    assert _rows(visit, lunch)["lentil loaf"]["fdc_id"] == TOFU
    assert "No food is called" in _words(visit.get(f"{address}&food=qqqqzzz"))
    assert visit.get(f"/diaries/{lunch}/review/search?row=nothing").status_code == 404


def test_what_is_left_out_is_counted_as_in_the_analysis(visit: Visit) -> None:
    from nutridiary import analyze
    from nutridiary.tables import NOT_EATEN

    diary = _opened(visit, EXAMPLE)
    found = visit.json(f"/api/diaries/{diary}/review")
    entries = analyze(EXAMPLE).entries
    eaten = entries[~entries["kind"].isin(NOT_EATEN)]
    assert (found["lines_left_out"], found["lines"]) == (eaten["problem"].notna().sum(), len(eaten))
    words = _words(visit.get(f"/diaries/{diary}/review"))
    assert f"{found['lines_left_out']} lines of {found['lines']} are left out" in words


def test_lines_that_only_the_diary_can_put_right_are_told_with_their_place(visit: Visit, tmp_path: Path) -> None:
    diary = _open(visit, tmp_path, "salmon,150,g\nbanana,x1y,\n,1,cup\nmagnesium tablet,1,\n")
    found = visit.json(f"/api/diaries/{diary}/review")
    assert [one["where"] for one in found["in_diary_only"]] == ["lunch.csv:3", "lunch.csv:4"]
    assert [one["where"] for one in found["supplements"]] == ["lunch.csv:5"]
    words = _words(visit.get(f"/diaries/{diary}/review"))
    assert "Lines that only the diary can change: 2" in words


def test_list_can_be_searched_and_filtered(visit: Visit, lunch: str) -> None:
    assert list(_rows(visit, lunch, "left_out")) == [row for row, one in _rows(visit, lunch).items() if one["left_out"]]
    found = visit.json(f"/api/diaries/{lunch}/review?show=all&q=SALM")
    assert [row["said"] for row in found["rows"]] == ["salmon"]
    assert "No text in this list holds" in _words(visit.get(f"/diaries/{lunch}/review?q=zzzz"))


def test_pages_of_a_long_list_stay_small(visit: Visit) -> None:
    diary = _opened(visit, THIRTY_DAYS)
    assert len(visit.get(f"/diaries/{diary}/review?show=all").content) < 300_000
    assert "Page 2 of 2" in _words(visit.get(f"/diaries/{diary}/review?show=all&page=2"))


def test_corrections_of_the_api_are_all_taken_or_none(visit: Visit, lunch: str) -> None:
    address = f"/api/diaries/{lunch}/review/corrections"
    right = {"said": "salmon", "decision": "food", "fdc_id": TOFU}
    wrong = {"said": "butter", "decision": "food", "fdc_id": 999_999_999}
    answer = visit.client.post(address, json={"corrections": [right, wrong]})
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("corrections.1:")
    assert visit.json(address)["answers"] == []
    told = visit.client.post(address, json={"corrections": [right]}).json()["answers"]
    assert [one["words"] for one in told] == ["It is Tofu, fried."]
    name = answer_name(Correction.model_validate(right))
    assert told[0]["name"] == name
    assert visit.client.delete(f"{address}/{name}").status_code == 204
    assert visit.client.delete(f"{address}/{name}").status_code == 404


def test_review_of_another_visitor_is_not_found(visit: Visit, lunch: str, web_address: str) -> None:
    from web_visits import Visit

    with Visit(web_address) as stranger:
        for path in ("review", f"review/search?row={row_name('salmon')}"):
            assert stranger.get(f"/diaries/{lunch}/{path}").status_code == 404
        assert stranger.get(f"/api/diaries/{lunch}/review").status_code == 404
        assert _save(stranger, lunch, "salmon", food=TOFU).status_code == 404


@pytest.mark.parametrize(
    ("typed", "found"),
    [("cottage ch", "Cheese, cottage, NFS"), (str(TOFU), "Tofu, fried"), ("granol", "Cookie, granola")],
)
def test_search_finds_foods_while_a_word_is_unfinished(visit: Visit, typed: str, found: str) -> None:
    foods = visit.client.get("/api/foods", params={"q": typed}).json()["foods"]
    assert found in [food["description"] for food in foods]


def test_search_tells_what_100_g_hold(visit: Visit) -> None:
    food = visit.json(f"/api/foods?q={TOFU}")["foods"][0]
    held = load_foods().composition([TOFU], ["energy", "calcium"]).loc[TOFU]
    assert food["energy"] == held["energy"]
    assert f"{held['energy']:.0f} kcal" in food["per_100_g"]
    assert f"calcium {held['calcium']:.0f} mg" in food["per_100_g"]
    some = visit.json("/api/foods?q=oats&of=foundation_food")["foods"]
    assert {one["data_type"] for one in some} == {"foundation_food"}


class TestInABrowser:
    """With scripts, by keys alone."""

    @pytest.fixture
    def shown(self, browser: Browser, web_address: str, tmp_path: Path) -> Page:
        """The review of a diary of two lines."""
        path = tmp_path / "lunch.csv"
        path.write_text("date,food,amount,unit\n2026-03-02,lentil loaf,2,thumb\n2026-03-02,salmon,150,g\n", "utf-8")
        page = browser.new_page(base_url=web_address, viewport={"width": 390, "height": 844})
        page.goto("/")
        page.set_input_files("#files", path)
        page.click("button.main")
        page.wait_for_url("**/reading")
        page.goto(page.url.replace("/reading", "/review?show=all"))
        return page

    def test_food_is_found_and_saved_by_keys_alone(self, shown: Page) -> None:
        row = shown.locator("li.row").first
        row.locator("summary").focus()
        if not row.locator("details").evaluate("one => one.open"):
            shown.keyboard.press("Enter")
        field = row.get_by_role("combobox")
        field.focus()
        shown.keyboard.type("tofu fried")
        row.get_by_role("option").first.wait_for()
        assert field.get_attribute("aria-expanded") == "true"
        assert "foods. Down and up" in row.get_by_role("status").inner_text()
        shown.keyboard.press("ArrowDown")
        active = field.get_attribute("aria-activedescendant")
        assert active is not None
        option = shown.locator(f"#{active}")
        assert option.get_attribute("aria-selected") == "true"
        assert option.inner_text().startswith("Tofu, fried")
        shown.keyboard.press("Enter")
        assert row.get_by_role("radio", name="Tofu, fried", exact=True).is_checked()
        shown.keyboard.press("Enter")  # on Save, where the focus went
        shown.wait_for_url("**saved=**")
        assert "Tofu, fried" in shown.get_by_role("status").first.inner_text()
        assert shown.locator(":focus").get_attribute("role") == "status"

    def test_escape_closes_the_list_and_enter_in_it_saves_nothing(self, shown: Page) -> None:
        row = shown.locator("li.row").first
        if not row.locator("details").evaluate("one => one.open"):
            row.locator("summary").click()
        field = row.get_by_role("combobox")
        field.focus()
        shown.keyboard.type("tofu")
        row.get_by_role("option").first.wait_for()
        shown.keyboard.press("Escape")
        assert row.get_by_role("listbox").count() == 0  # hidden
        assert field.get_attribute("aria-expanded") == "false"
        assert field.input_value() == "tofu"
        shown.keyboard.press("Enter")
        row.get_by_role("option").first.wait_for()
        assert "saved=" not in shown.url
        shown.keyboard.press("Escape")
        shown.keyboard.press("Escape")
        assert field.input_value() == ""
