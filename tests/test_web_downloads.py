"""Files taken away from the web page: the bytes that the command line writes, safe to open; why one is not there."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import openpyxl
import pytest
from click.testing import CliRunner

from nutridiary.cli import main
from web_visits import Visit

if TYPE_CHECKING:
    import httpx

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "data" / "diaries" / "example.xlsx"
SCHEMA = ROOT / "docs" / "schema" / "analysis-1.json"
REPORTS = ("report.xlsx", "report.html", "report.json")
SALMON = 2706286  # Fish, salmon, baked or broiled: its id of FoodData Central
SHEET_NAME = re.compile(r"'(?:[^']|'')+'!")
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x","y")', "<b>=2</b>")


def take(visit: Visit, diary: str, name: str) -> httpx.Response:
    answer = visit.get(f"/diaries/{diary}/downloads/{name}")
    assert answer.status_code == 200, answer.text
    return answer


def told(visit: Visit, diary: str, said: Mapping[str, Any]) -> None:
    answer = visit.client.put(f"/api/diaries/{diary}/people", json=said)
    assert answer.status_code == 200, answer.text


def correct(visit: Visit, diary: str, *corrections: Mapping[str, Any]) -> None:
    answer = visit.client.post(f"/api/diaries/{diary}/review/corrections", json={"corrections": corrections})
    assert answer.status_code == 200, answer.text


def command(*words: str | Path) -> None:
    done = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output


def cells(data: bytes) -> dict[str, tuple[Any, ...]]:
    """Every cell that holds something: its value, type, number format and link."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        f"{sheet.title}!{cell.coordinate}": (
            cell.value,
            cell.data_type,
            cell.number_format,
            cell.hyperlink and (cell.hyperlink.target or cell.hyperlink.location),
        )
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def assert_same_reports(
    visit: Visit, diary: str, path: Path, folder: Path, names: Sequence[str], *options: str | Path
) -> None:
    """What is taken from the page is what `nutridiary analyze` writes of the same file, person and corrections."""
    outputs = [word for name in names for word in ("-o", folder / name)]
    command("analyze", path, *options, *outputs)
    for name in names:
        taken, written = take(visit, diary, name).content, (folder / name).read_bytes()
        if name.endswith(".xlsx"):
            assert cells(taken) == cells(written)
        assert taken == written, name


def saved_aliases(visit: Visit, diary: str, folder: Path) -> list[str | Path]:
    """Save the files of corrections; return the options that give them to the command line."""
    offered = [one["name"] for one in visit.json(f"/api/diaries/{diary}/downloads")["downloads"]]
    words: list[str | Path] = []
    for name in (name for name in offered if name.endswith(".csv")):
        (folder / name).write_bytes(take(visit, diary, name).content)
        words += ["--aliases", folder / name]
    return words


def problems(folder: Path) -> Path:
    path = folder / "Käthes Mai.csv"
    path.write_text(
        "Date,Meal,Food,Amount,Unit\n"
        "2026-05-01,Breakfast,toast with butter,1,slice\n"
        "2026-05-01,Lunch,my usual fish,1,plate\n"
        "2026-05-01,Lunch,rice and beans,200,g\n"
        "2026-05-02,Lunch,nothing special really,1,\n"
        "2026-05-02,Dinner,lentil loaf,2,thumb\n"
        "2026-05-02,Dinner,house mix,1,bowl\n"
        "2026-05-02,Dinner,porridge,2,cpu\n",
        "utf-8",
    )
    return path


CORRECTIONS: tuple[dict[str, Any], ...] = (
    {"said": "my usual fish", "decision": "food", "fdc_id": SALMON},
    {"said": "my usual fish", "decision": "weight", "unit": "plate", "grams_per_unit": 180},
    {"said": "nothing special really", "decision": "ignore", "keep": False},
    {"said": "lentil loaf", "decision": "weight", "unit": "thumb", "grams_per_unit": 20.5, "keep": False},
    {"said": "house mix", "decision": "parts", "parts": "150 g cooked rice; 80 g black beans"},
    {"said": "rice and beans", "decision": "whole"},
)


def test_downloads_of_the_example_are_what_the_command_line_writes(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(EXAMPLE)
    assert_same_reports(visit, diary, EXAMPLE, tmp_path, REPORTS)


def test_downloads_of_several_people_are_what_the_command_line_writes(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "family.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Diary"
    book.active.append(["Date", "Person", "Food", "Amount", "Unit"])
    for day in range(1, 4):
        for name in ("Ann", "Ben", "Cleo"):
            for food, amount, unit in (("milk", 1, "cup"), ("banana", day, "medium"), ("rye bread", 80, "g")):
                book.active.append([f"2026-03-0{day}", name, food, amount, unit])
    people = book.create_sheet("Person")
    for row in (("Person", "Sex", "Age"), ("Ann", "female", 34), ("Ben", "male", 70), ("Cleo", "female", 8)):
        people.append(row)
    book.save(path)
    diary = visit.upload(path)
    wanted = {"reference": "efsa", "defaults": True, "fill_in": False}
    told(visit, diary, {"people": [], "wanted": wanted})
    assert_same_reports(visit, diary, path, tmp_path, REPORTS, "--reference", "efsa", "--defaults", "--no-fill-in")


def test_downloads_after_corrections_are_what_the_command_line_writes_with_their_files(
    visit: Visit, tmp_path: Path
) -> None:
    path = problems(tmp_path)
    diary = visit.upload(path)
    told(visit, diary, {"people": [{"sex": "female", "age_years": 34, "weight_kg": 61.5}], "wanted": {}})
    correct(visit, diary, *CORRECTIONS)
    saved = tmp_path / "saved"
    saved.mkdir()
    aliases = saved_aliases(visit, diary, saved)
    assert [Path(word).name for word in aliases[1::2]] == ["aliases.csv", "this_diary.csv"]
    person = ("--sex", "female", "--age", "34", "--weight", "61.5")
    assert_same_reports(visit, diary, path, tmp_path, REPORTS, *person, *aliases)
    command("analyze", path, *person, *aliases, "--live", "-o", tmp_path / "live.xlsx")
    assert take(visit, diary, "live.xlsx").content == (tmp_path / "live.xlsx").read_bytes()
    command("correct", path, *person, *aliases, "-o", tmp_path / "corrected.xlsx")
    assert take(visit, diary, "corrected_diary.xlsx").content == (tmp_path / "corrected.xlsx").read_bytes()
    review = take(visit, diary, "review.xlsx")
    command("review", path, *aliases, "-o", tmp_path / "Käthes Mai review.xlsx")
    assert review.content == (tmp_path / "Käthes Mai review.xlsx").read_bytes()


def test_bundle_makes_the_same_reports_again(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(problems(tmp_path))
    told(visit, diary, {"people": [{"sex": "male", "age_years": 50}], "wanted": {"split": False}})
    correct(visit, diary, *CORRECTIONS)
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(take(visit, diary, "bundle.zip").content)
    command("reproduce", bundle)
    with zipfile.ZipFile(bundle) as archive:
        for name in REPORTS:
            inside = next(member for member in archive.namelist() if member.endswith(f"/{name}"))
            assert archive.read(inside) == take(visit, diary, name).content


def test_json_download_is_as_its_schema_says(visit: Visit) -> None:
    diary = visit.upload(EXAMPLE)
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(take(visit, diary, "report.json").json())


def test_download_is_saved_under_the_diarys_name_and_kept_by_nobody(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(problems(tmp_path))
    headers = take(visit, diary, "report.xlsx").headers
    assert headers["content-disposition"] == "attachment; filename*=utf-8''K%C3%A4thes%20Mai%20report.xlsx"
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_download_of_a_de_identified_diary_does_not_name_it(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(problems(tmp_path))
    told(visit, diary, {"people": [], "wanted": {"de_identify": True}})
    for name in ("report.json", "corrected_diary.xlsx", "bundle.zip"):
        answer = take(visit, diary, name)
        assert "K%C3%A4the" not in answer.headers["content-disposition"]
        assert "Käthe".encode() not in answer.content


def test_files_of_a_de_identified_diary_that_hold_its_own_words_say_so(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "family.csv"
    path.write_text("Date,Person,Food,Amount\n2026-03-02,Käthe,Käthe's usual cake,100 g\n", "utf-8")
    diary = visit.upload(path)
    correct(visit, diary, {"said": "Käthe's usual cake", "decision": "food", "fdc_id": SALMON})
    told(visit, diary, {"people": [], "wanted": {"de_identify": True}})
    for offer in visit.json(f"/api/diaries/{diary}/downloads")["downloads"]:
        content = take(visit, diary, offer["name"]).content
        held = cells(content).values() if offer["name"].endswith(".xlsx") else [content.decode("utf-8", "replace")]
        assert ("Käthe" in str(list(held))) == ("as you wrote them" in offer["words"]), offer["name"]


def test_file_that_is_not_there_is_not_offered_and_the_answer_says_why(visit: Visit) -> None:
    diary = visit.upload(EXAMPLE)
    listed = [one["name"] for one in visit.json(f"/api/diaries/{diary}/downloads")["downloads"]]
    assert "aliases.csv" not in listed
    answer = visit.get(f"/api/diaries/{diary}/downloads/aliases.csv")
    assert (answer.status_code, "no correction" in answer.json()["error"]) == (404, True)
    answer = visit.get(f"/api/diaries/{diary}/downloads/passwd")
    assert (answer.status_code, "report.xlsx" in answer.json()["error"]) == (404, True)


def test_page_of_downloads_lists_what_can_be_taken_with_its_size(visit: Visit) -> None:
    diary = visit.upload(EXAMPLE)
    taken = take(visit, diary, "report.html")
    offers = {one["name"]: one for one in visit.json(f"/api/diaries/{diary}/downloads")["downloads"]}
    assert offers["report.html"]["size"] == len(taken.content)
    shown = visit.get(f"/diaries/{diary}/downloads").text
    assert f"HTML, {len(taken.content) // 1024} KB" in shown or f"HTML, {len(taken.content) // 1024 + 1} KB" in shown
    for name in offers:
        assert f'href="/diaries/{diary}/downloads/{name}"' in shown


def test_download_follows_a_correction_made_after_it(visit: Visit, tmp_path: Path) -> None:
    diary = visit.upload(problems(tmp_path))
    before = take(visit, diary, "report.json").json()
    correct(visit, diary, CORRECTIONS[0], CORRECTIONS[1])
    after = take(visit, diary, "report.json").json()
    assert before["tables"]["entries"] != after["tables"]["entries"]


def test_download_of_another_visitors_diary_is_not_found(visit: Visit, web_address: str) -> None:
    diary = visit.upload(EXAMPLE)
    take(visit, diary, "report.json")
    with Visit(web_address) as stranger:
        for path in ("downloads", "downloads/report.json"):
            assert stranger.get(f"/diaries/{diary}/{path}").status_code == 404
            assert stranger.get(f"/api/diaries/{diary}/{path}").status_code == 404


@pytest.fixture
def hostile(visit: Visit, tmp_path: Path) -> str:
    """A diary of texts that spreadsheets take for formulas, with corrections of them."""
    path = tmp_path / "=1+1.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Date", "Person", "Meal", "Food", "Amount", "Brand", "Notes"])
        writer.writerows(["2026-03-02", text, text, f"{text} banana", "100 g", text, text] for text in HOSTILE)
    diary = visit.upload(path)
    correct(
        visit, diary, *({"said": f"{text} banana".strip(), "decision": "food", "fdc_id": SALMON} for text in HOSTILE)
    )
    return diary


def test_no_text_of_a_diary_is_a_formula_in_a_download(visit: Visit, hostile: str) -> None:
    names = [one["name"] for one in visit.json(f"/api/diaries/{hostile}/downloads")["downloads"]]
    assert "aliases.csv" in names
    for name in (name for name in names if name.endswith((".xlsx", ".csv"))):
        data = take(visit, hostile, name).content
        if name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
            begins = {
                cell[0] for row in rows for cell in row if cell and not cell.lstrip("-").replace(".", "").isdigit()
            }
            assert not begins & set("=+-@\t\r"), name
            continue
        formulas = {place: value for place, (value, kind, *_) in cells(data).items() if kind == "f"}
        for value in formulas.values():
            # A sheet is called like its person; in quotation marks its name is nothing else.
            own = SHEET_NAME.sub("", str(value))
            assert not any(text.strip() in own for text in HOSTILE), name
        assert name == "live.xlsx" or not formulas, (name, list(formulas)[:3])


def test_downloads_of_a_de_identified_diary_are_what_the_command_line_writes(visit: Visit, tmp_path: Path) -> None:
    path = problems(tmp_path)
    diary = visit.upload(path)
    told(visit, diary, {"people": [], "wanted": {"de_identify": True, "defaults": True}})
    assert_same_reports(visit, diary, path, tmp_path, ("report.json",), "--de-identify", "--defaults")
    command("correct", path, "--de-identify", "--defaults", "-o", tmp_path / "corrected.xlsx")
    assert take(visit, diary, "corrected_diary.xlsx").content == (tmp_path / "corrected.xlsx").read_bytes()


def test_review_with_typical_amounts_is_what_the_command_line_writes(visit: Visit, tmp_path: Path) -> None:
    path = problems(tmp_path)
    diary = visit.upload(path)
    told(visit, diary, {"people": [], "wanted": {"defaults": True}})
    command("review", path, "--defaults", "-o", tmp_path / "Käthes Mai review.xlsx")
    written = (tmp_path / "Käthes Mai review.xlsx").read_bytes()
    assert take(visit, diary, "review.xlsx").content == written
    command("review", path, "-o", tmp_path / "plain.xlsx")
    assert cells(written) != cells((tmp_path / "plain.xlsx").read_bytes())
