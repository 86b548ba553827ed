"""The results in the browser: every figure is the command line's, and leads to what it came from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import pytest

from figure_sources import OUTSIDE, Indexes, place_of, plain, split
from html_pages import (
    ANNA,
    EXAMPLE,
    SEVERAL,
    THIRTY_DAYS,
    PageParts,
    diary_of_problems,
    diary_of_three,
    diary_with_cramps,
)
from nutridiary import Person, analyze
from nutridiary.analysis import Analysis
from nutridiary.report.data import json_bytes
from nutridiary.tables import NOT_EATEN
from web_visits import Visit

HOSTILE = '"><img src=x onerror=alert(1)> {{ 7 * 7 }}'
EVA = Person(sex="female", age_years=52)


@dataclass
class Opened:
    """A diary that is open in the browser, and what the command line makes of the same files."""

    visit: Visit
    id: str
    analysis: Analysis
    indexes: Indexes

    def page(self, path: str = "") -> str:
        """Get a page of the results."""
        answer = self.visit.get(f"/diaries/{self.id}/results{path}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def json(self, path: str = "") -> Any:
        """Get their twin."""
        return self.visit.json(f"/api/diaries/{self.id}/results{path}")


Open = Callable[[str], Opened]


@pytest.fixture(scope="module")
def opened(web_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Each kind of diary, opened and analyzed once."""
    folder = tmp_path_factory.mktemp("results")
    asked: dict[str, tuple[Callable[[Path], Path], dict[str, Person], dict[str, Any]]] = {
        "cramps": (diary_with_cramps, {"": ANNA}, {"suggest": True}),
        "three": (diary_of_three, SEVERAL, {}),
        "problems": (diary_of_problems, {"": EVA}, {}),
        "nobody": (diary_of_problems, {}, {}),
        "efsa": (lambda _: EXAMPLE, {}, {"reference": "efsa"}),
        "long": (lambda _: THIRTY_DAYS, {"": ANNA}, {}),
        "hostile": (diary_of_hostile_words, {HOSTILE: ANNA}, {}),
    }
    known: dict[str, Opened] = {}
    with Visit(web_address) as visit:

        def open_one(kind: str) -> Opened:
            if kind not in known:
                make, people, wanted = asked[kind]
                path = make(folder)
                known[kind] = Opened(
                    visit, described(visit, path, people, wanted), analysis_of(path, people, wanted), {}
                )
            return known[kind]

        yield open_one


def uploaded(visit: Visit, path: Path) -> str:
    """Upload a diary as a program does; return its name in addresses."""
    answer = visit.client.post("/api/diaries", files=[("files", (path.name, path.read_bytes()))])
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def described(visit: Visit, path: Path, people: dict[str, Person], wanted: dict[str, Any]) -> str:
    """Upload a diary and say who ate."""
    diary = uploaded(visit, path)
    said = [
        {
            "name": name,
            "sex": person.sex,
            "age_years": person.age_years,
            "weight_kg": person.weight_kg,
            "height_cm": person.height_cm,
            "activity": person.activity,
        }
        for name, person in people.items()
    ]
    answer = visit.client.put(f"/api/diaries/{diary}/people", json={"people": said, "wanted": wanted})
    assert answer.status_code in (200, 202), answer.text
    return diary


def analysis_of(path: Path, people: dict[str, Person], wanted: dict[str, Any]) -> Analysis:
    return analyze(path, people=people, **wanted)


def diary_of_hostile_words(folder: Path) -> Path:
    """A diary whose every word would be more than a word."""
    path = folder / "hostile.csv"
    rows = [
        {"Person": HOSTILE, "Date": "2026-03-02", "Meal": HOSTILE, "Food": "milk", "Amount": "1 cup", "Brand": HOSTILE},
        {"Person": HOSTILE, "Date": "2026-03-02", "Meal": "b", "Food": HOSTILE, "Amount": "1 cup", "Brand": ""},
        {"Person": "javascript:alert(1)", "Date": "2026-03-03", "Meal": "b", "Food": "milk", "Amount": "1 cup"},
    ]
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


PAGES = ("", "/lines", "/working/magnesium", "/working/energy")


@pytest.mark.parametrize("kind", ["cramps", "three", "problems", "nobody", "efsa"])
def test_every_figure_is_the_value_of_the_table_it_names(opened: Open, kind: str) -> None:
    found = opened(kind)
    tables = json.loads(json_bytes(found.analysis))["tables"]
    people = found.json()["people"]
    seen = 0
    for person in people:
        for path in PAGES if person["place"] == 1 else PAGES[:1]:
            for shown in PageParts.of(found.page(f"{path}?person={person['place']}")).shown:
                if shown.tag == "time" or not shown.data_of:
                    continue
                source = split(shown.data_of)[0]
                if source in OUTSIDE:
                    value: Any = OUTSIDE[source](found.analysis, shown.data_of)
                else:
                    table, row, column = place_of(found.analysis, shown.data_of, found.indexes)
                    value = tables[table][column][row]
                if shown.tag == "data":
                    assert float(shown.value) == pytest.approx(float(value), rel=1e-12, abs=0), shown
                else:
                    assert plain(shown.text) == str(value), shown
                seen += 1
    assert seen > 300


@pytest.mark.parametrize("kind", ["cramps", "three", "efsa"])
def test_json_holds_the_comparison_of_the_command_line(opened: Open, kind: str) -> None:
    found = opened(kind)
    for person in found.json()["people"]:
        said = found.json(f"?person={person['place']}")
        rows = found.analysis.comparison
        rows = rows[rows["person_id"].fillna("") == person["name"]].set_index("nutrient")
        assert {row["nutrient"] for row in said["nutrients"]} == set(rows.index)
        for row in said["nutrients"]:
            for column in (
                "mean_intake",
                "low",
                "high",
                "ear",
                "rda",
                "ai",
                "ul",
                "percent_of_rda",
                "verdict",
                "reading",
            ):
                expected = rows.loc[row["nutrient"], column]
                assert row[column] == (None if pd.isna(expected) else expected), (row["nutrient"], column)
    assert said["reference"] == found.analysis.settings["reference"]


def test_people_are_counted_and_can_be_chosen(opened: Open) -> None:
    found = opened("three")
    people = found.json()["people"]
    assert [person["name"] for person in people] == list(dict.fromkeys(found.analysis.entries["person_id"]))
    entries = found.analysis.entries[~found.analysis.entries["kind"].isin(NOT_EATEN)]
    for person in people:
        own = entries[entries["person_id"] == person["name"]]
        assert (person["lines"], person["left_out"]) == (len(own), int(own["problem"].notna().sum()))
        page = found.page(f"?person={person['place']}")
        assert f'<h2 id="who-{person["place"]}"><bdi' in page
        assert all(f"results?person={other['place']}" in page for other in people)


def test_people_without_a_mean_keep_their_place_in_the_table(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("Person,Date,Food,Amount\nZed,2026-03-01,?,\nAnn,2026-03-02,milk,1 cup\n", "utf-8")
    visit = opened("three").visit
    diary = uploaded(visit, path)
    table = visit.get(f"/diaries/{diary}/results").text.split("<table")[1].split("</table>")[0]
    counts = [len(re.findall("<t[hd]", row)) for row in table.split("<tr")[1:]]
    assert len(counts) == 3 and len(set(counts)) == 1
    for person in (1, 2):
        assert visit.get(f"/diaries/{diary}/results/lines?person={person}").status_code == 200


def test_amount_of_a_line_is_its_weight_times_what_100_g_hold(opened: Open) -> None:
    found = opened("long").json("/working/magnesium")
    assert len(found["lines"]) == 100
    for line in found["lines"]:
        assert line["amount"] == pytest.approx(line["gram_weight"] * line["per_100_g"] / 100)
        assert line["food_page"] == f"https://fdc.nal.usda.gov/food-details/{line['fdc_id']}/nutrients"
        assert str(line["value_from"]).startswith(("FNDDS", "SR Legacy", "Foundation"))


def test_lines_of_each_day_add_up_to_its_total_and_the_days_to_the_mean(opened: Open) -> None:
    found = opened("long")
    first = found.json("/working/calcium")
    pages = [first, *(found.json(f"/working/calcium?page={page}") for page in range(2, first["pages"] + 1))]
    totals: dict[str, float] = {}
    for line in (line for page in pages for line in page["lines"]):
        totals[line["date"]] = totals.get(line["date"], 0.0) + line["amount"]
    assert {day["date"]: pytest.approx(day["amount"]) for day in first["days"]} == totals
    assert first["mean_intake"] == pytest.approx(sum(totals.values()) / len(totals))
    assert sum(len(page["lines"]) for page in pages) == first["total"] == 448


def test_reference_figures_come_with_their_citation(opened: Open) -> None:
    figures = opened("long").json("/working/magnesium")["references"]
    assert {(row["kind"], row["amount"]) for row in figures} >= {("EAR", 265.0), ("RDA", 320.0)}
    assert all(row["source"] and row["edition"] for row in figures)


def test_lines_of_a_day_are_those_of_the_diary(opened: Open) -> None:
    found = opened("long").json("/lines?day=2026-04-19")
    written = [row for row in THIRTY_DAYS.read_text("utf-8").splitlines() if row.startswith("2026-04-19")]
    assert len(found["lines"]) == found["total"] == len(written)
    assert all(line["food_text"] in row for line, row in zip(found["lines"], written, strict=True))


def test_each_line_stands_on_one_page_only(opened: Open) -> None:
    found = opened("long")
    pages = [found.json(f"/lines?page={page}")["lines"] for page in range(1, 6)]
    keys = [(line["source"], line["line"], line["part"]) for page in pages for line in page]
    assert len(keys) == len(set(keys)) == 450
    assert found.visit.get(f"/diaries/{found.id}/results/lines?page=6").status_code == 404


def test_lines_left_out_say_why_and_lead_to_the_review(opened: Open) -> None:
    found = opened("problems")
    lines = found.json("/lines?which=left_out")["lines"]
    assert len(lines) == int(found.analysis.entries["problem"].notna().sum()) > 0
    assert all(line["problem"] for line in lines)
    page = found.page("/lines?which=left_out")
    assert page.count("<b>Left out:</b>") == len(lines)
    assert f"/diaries/{found.id}/review?row=" in page


def test_every_mean_leads_to_its_days_lines_and_sources(opened: Open) -> None:
    found = opened("long")
    page = found.page()
    for nutrient in found.analysis.comparison["nutrient"]:
        assert f'href="/diaries/{found.id}/results/working/{nutrient}?person=1"' in page
        assert f'href="/diaries/{found.id}/results/working/{nutrient}?person=1#held-against"' in page or nutrient in (
            *("menaquinone_4", "caffeine", "alcohol", "energy"),
        )


@pytest.mark.parametrize("kind", ["cramps", "three"])
def test_every_link_within_the_results_leads_somewhere(opened: Open, kind: str) -> None:
    found = opened(kind)
    for path in PAGES[:3]:
        html = found.page(path)
        parts = PageParts.of(html)
        ids = {str(a["id"]) for _, a in parts.tags if "id" in a}
        links = {str(a["href"]) for tag, a in parts.tags if tag == "a"}
        assert {link[1:] for link in links if link.startswith("#")} <= ids
        own = sorted(link for link in links if link.startswith(f"/diaries/{found.id}/results"))
        for link in own[:: max(1, len(own) // 6)]:
            answer = found.visit.get(link.partition("#")[0])
            assert answer.status_code == 200, link
            if "#" in link:
                assert f'id="{link.partition("#")[2]}"' in answer.text, link


def test_pages_can_be_heard(opened: Open) -> None:
    for path in PAGES:
        tags = PageParts.of(opened("cramps").page(path)).tags
        levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels.count(1) == 1 and levels[0] == 1
        ids = [a["id"] for _, a in tags if "id" in a]
        assert len(ids) == len(set(ids))
        named = {part for _, a in tags for part in str(a.get("aria-labelledby") or "").split()}
        assert named <= set(ids)
        assert all(a.get("alt") for tag, a in tags if tag == "img" and "chart" in str(a.get("class")))
        assert all("scope" in a for tag, a in tags if tag == "th")


def test_no_page_has_a_style_or_a_script_of_its_own(opened: Open) -> None:
    found = opened("cramps")
    others = (
        "/",
        "/about",
        "/api",
        *(f"/diaries/{found.id}/{name}" for name in ("reading", "people", "review", "downloads")),
    )
    pages = {path: found.page(path) for path in PAGES}
    pages |= {path: found.visit.get(path).text for path in others}
    for path, html in pages.items():
        for tag, attributes in PageParts.of(html).tags:
            assert tag != "style" and "style" not in attributes, (path, tag)
            assert tag != "script" or attributes.get("src"), path
            assert not [name for name in attributes if name.startswith("on")], (path, tag)
            assert not str(attributes.get("src") or attributes.get("href") or "").startswith(
                ("data:", "javascript:")
            ), path


def test_symptoms_suggestions_and_charts_are_told(opened: Open) -> None:
    found = opened("cramps")
    said, page = found.json(), plain(found.page())
    assert [one["symptom"] for one in said["symptoms"]] == ["leg cramp"] or said["symptoms"]
    assert "Associations in this diary, no more" in page
    assert "Ideas from food tables, no advice" in page
    assert len(said["suggestions"]) == len(found.analysis.suggestions) > 0
    names = [chart["name"] for chart in said["charts"]]
    assert names[:5] == [f"days-{name}" for name in ("magnesium", "potassium", "calcium", "vitamin_d", "vitamin_b12")]
    assert "symptom-1-magnesium" in names and "overview" in names
    assert all(f'/results/charts/{name}.svg?person=1"' in page for name in names)


def test_charts_are_drawings_that_run_nothing(opened: Open) -> None:
    pytest.importorskip("matplotlib")
    found = opened("cramps")
    for name in ("days-magnesium", "sources-iron", "symptom-1-potassium", "coverage"):
        for base in ("/diaries", "/api/diaries"):
            answer = found.visit.get(f"{base}/{found.id}/results/charts/{name}.svg")
            assert answer.status_code == 200, name
            assert answer.headers["content-type"].startswith("image/svg+xml")
            policy = answer.headers["content-security-policy"]
            assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
            assert answer.text.startswith("<svg ") and "<script" not in answer.text and 'href="http' not in answer.text


@pytest.mark.parametrize("name", ["days-gold", "symptom-9-magnesium", "symptom-1-", "overview-x", "open", "__class__"])
def test_chart_that_is_not_there_is_refused_in_words(opened: Open, name: str) -> None:
    found = opened("cramps")
    answer = found.visit.get(f"/api/diaries/{found.id}/results/charts/{name}.svg")
    assert answer.status_code == 404
    assert "error of the program" not in answer.json()["error"]


def test_person_or_nutrient_that_is_not_there_is_refused_in_words(opened: Open) -> None:
    found = opened("three")
    for path, words in (("?person=4", "There is no person 4"), ("/working/magnesum", "Did you mean 'magnesium'?")):
        answer = found.visit.get(f"/api/diaries/{found.id}/results{path}")
        assert answer.status_code == 404
        assert words in answer.json()["error"]


def test_nobody_described_is_told_where_to_say_who_ate(opened: Open) -> None:
    page = opened("nobody").page()
    assert f'<a href="/diaries/{opened("nobody").id}/people">say who ate</a>' in page
    assert "reaches the RDA" not in page
    assert "Do these days reach" not in page
    assert f'<a href="/diaries/{opened("problems").id}/people">say who ate</a>' not in opened("problems").page()


def test_what_was_corrected_changes_the_results(opened: Open, web_address: str) -> None:
    with Visit(web_address) as visit:
        diary = uploaded(visit, EXAMPLE)
        before = visit.json(f"/api/diaries/{diary}/results/lines")["lines"]
        answer = visit.client.put(
            f"/api/diaries/{diary}/people", json={"people": [], "wanted": {"reference": "efsa", "fill_in": False}}
        )
        assert answer.status_code in (200, 202)
        after = visit.json(f"/api/diaries/{diary}/results")
        assert after["reference"] == "efsa"
        assert sum(row["foods_filled_in"] or 0 for row in after["nutrients"]) == 0
        assert len(visit.json(f"/api/diaries/{diary}/results/lines")["lines"]) == len(before)


def test_hostile_words_are_words_and_stand_in_no_address(opened: Open) -> None:
    found = opened("hostile")
    for path in ("?person=1", "?person=2", "/lines?person=1", "/working/calcium?person=1"):
        html = found.page(path)
        assert "<img src=x" not in html
        assert "{{ 7 * 7 }}" in html
        for tag, attributes in PageParts.of(html).tags:
            address = str(attributes.get("href") or attributes.get("src") or attributes.get("action") or "")
            assert urlsplit(address).scheme in ("", "https"), address
            assert "alert" not in address and "onerror" not in address, (tag, address)
    assert "&lt;img src=x onerror=alert(1)&gt;" in found.page("?person=1")
