"""The JSON twin of the pages: what it publishes of itself is true, whole, and holds for whatever is sent."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from schemathesis import Case, GenerationMode
    from schemathesis.schemas import APIOperation

    from web_visits import Visit

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "data" / "diaries" / "example.xlsx"
OPERATIONS = (
    "listDiaries",
    "openDiary",
    "watchDiary",
    "readDiary",
    "readDiaryAs",
    "showPeople",
    "describePeople",
    "reviewDiary",
    "listCorrections",
    "correct",
    "takeBackCorrection",
    "searchFoods",
    "showResults",
    "listLines",
    "showWorking",
    "drawChart",
    "listDownloads",
    "takeDownload",
    "forgetDiary",
    "health",
)
NOT_GUESSED = ("takeBackCorrection", "showWorking", "drawChart", "takeDownload", "listLines")
"""Those of a name or place that is not guessed; the commands of the page reach them."""

EXAMPLES = int(os.environ.get("NUTRIDIARY_API_EXAMPLES", "8"))
"""Requests of each kind to each address; more of them find more."""

TWINLESS = {
    "/diaries/{diary_id}": "leads to the first page",
    "/diaries/{diary_id}/forget": "asks once more; the twin of its form is DELETE /api/diaries/{diary_id}",
    "/diaries/{diary_id}/review/search": "a search without scripts; its twin is /api/foods",
}
"""Pages without a twin, and why."""


class Program:
    """A program with a diary of its own, every step of it worked out already."""

    def __init__(self, address: str) -> None:
        self.address, self.session = address, requests.Session()
        answer = self.session.post(f"{address}/api/diaries", files={"files": (EXAMPLE.name, EXAMPLE.read_bytes())})
        assert answer.status_code == 201, answer.text
        self.diary = answer.json()["id"]

    def begin_again(self) -> None:
        """Take back how the diary is to be read and who ate: what was sent before may make no sense."""
        for path in ("reading", "people"):
            answer = self.session.put(f"{self.address}/api/diaries/{self.diary}/{path}", json={})
            assert answer.status_code in (200, 202), answer.text

    def get(self, path: str) -> Any:
        """Get the JSON of a step, once it is there."""
        while True:
            answer = self.session.get(f"{self.address}/api/diaries/{self.diary}/{path}")
            if answer.status_code != 202:
                assert answer.status_code == 200, answer.text
                return answer.json()
            time.sleep(0.1)


@pytest.fixture(scope="module")
def program(web_address: str) -> Iterator[Program]:
    made = Program(web_address)
    for step in ("reading", "people", "review", "results"):
        made.get(step)
    yield made
    made.session.close()


@pytest.fixture(scope="module")
def published(web_address: str) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(f"{web_address}/api/openapi.json", timeout=30).json()
    return found


@pytest.fixture(scope="module")
def operations(published: dict[str, Any], web_address: str) -> dict[str, APIOperation]:
    import schemathesis

    schema = schemathesis.openapi.from_dict(published)
    schema.config.update(base_url=web_address)
    schema.validate()
    found = [one.ok() for one in schema.get_all_operations()]
    return {one.definition.raw["operationId"]: one for one in found}


def operations_in(published: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["operationId"]: one for path in published["paths"].values() for one in path.values()}


def test_published_operations_are_those_tested(published: dict[str, Any]) -> None:
    assert sorted(operations_in(published)) == sorted(OPERATIONS)


def test_every_operation_says_what_it_does_and_what_it_refuses(published: dict[str, Any]) -> None:
    groups = [group["name"] for group in published["tags"]]
    for name, operation in operations_in(published).items():
        assert operation["tags"][0] in groups, name
        assert operation["summary"], name
        assert len(operation["description"]) > 20, name
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Refusal"}, name
            if status == "202":
                assert "Retry-After" in answer["headers"], name


def test_every_page_of_a_diary_has_a_twin_in_json() -> None:
    from fastapi.routing import APIRoute

    from nutridiary.web.routes import ROUTERS

    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    shown = {route.path for route in routes if "GET" in route.methods}
    pages = {path for path in shown if path.startswith("/diaries/{diary_id}")}
    assert {path for path in pages if f"/api{path}" not in shown} == set(TWINLESS)


def test_every_form_of_a_diary_has_a_twin_that_takes_the_same() -> None:
    from fastapi.routing import APIRoute

    from nutridiary.web.routes import ROUTERS

    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    forms = {route.path for route in routes if "POST" in route.methods and route.path.startswith("/diaries/")}
    takes = {route.path for route in routes if route.methods & {"PUT", "POST", "DELETE"} and "/api/" in route.path}
    for form in forms - {"/diaries/{diary_id}/forget"}:
        assert any(path.startswith(f"/api{form}") for path in takes), form


def send(
    operation: APIOperation, program: Program, mode: GenerationMode, *, diary: str | None = None
) -> dict[int, int]:
    """Send what the published schema allows, or forbids, and look at every answer; count them by status."""
    import schemathesis.checks
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as st

    schemathesis.checks.load_all_checks()
    # What a diary holds cannot be said in a schema: person 7 of a diary of one is refused, and so is a food nobody
    # knows. On the wire, the fields of a form have no types that a file could be wrong in.
    left_out = ["positive_data_acceptance"]
    if operation.definition.raw["operationId"] == "openDiary":
        left_out.append("negative_data_rejection")
    excluded = [schemathesis.checks.CHECKS.get_one(name) for name in left_out]
    counted: dict[int, int] = {}

    @seed(2026)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), of_own=st.integers(0, 9))
    def run(case: Case, of_own: int) -> None:
        if of_own and "diary_id" in (case.path_parameters or {}):
            case.path_parameters["diary_id"] = diary or program.diary
        answer = case.call(session=program.session)
        counted[answer.status_code] = counted.get(answer.status_code, 0) + 1
        case.validate_response(answer, excluded_checks=excluded)

    run()
    return counted


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_the_schema_allows_is_answered_as_it_says(
    name: str, operations: dict[str, APIOperation], program: Program, web_address: str
) -> None:
    from schemathesis import GenerationMode

    if name in ("openDiary", "forgetDiary"):  # the other tests go on with their diary
        program = Program(web_address)
    program.begin_again()
    counted = send(operations[name], program, GenerationMode.POSITIVE)
    # An address that refuses everything would pass all checks.
    assert name in NOT_GUESSED or any(200 <= status < 300 for status in counted), counted


@pytest.mark.parametrize(
    "name", ["openDiary", "readDiaryAs", "describePeople", "reviewDiary", "correct", "searchFoods", "listLines"]
)
def test_what_the_schema_forbids_is_refused(
    name: str, operations: dict[str, APIOperation], program: Program, web_address: str
) -> None:
    from schemathesis import GenerationMode

    counted = send(operations[name], Program(web_address) if name == "openDiary" else program, GenerationMode.NEGATIVE)
    assert any(400 <= status < 500 for status in counted), counted


@pytest.mark.parametrize("day", [0, 19910614, "0", "19910614", "1991-06-14T00:00:00", "14/6/1991", "1991-02-30"])
def test_day_that_is_not_written_as_a_day_is_refused_and_never_read_as_seconds_since_1970(
    day: object, program: Program
) -> None:
    program.begin_again()
    of_diary = f"{program.address}/api/diaries/{program.diary}"
    someone = {"sex": "female", "birth_date": day}
    answers = [
        program.session.put(f"{of_diary}/reading", json={"date": day}),
        program.session.put(f"{of_diary}/people", json={"people": [someone]}),
        program.session.get(f"{of_diary}/results/lines", params={"day": str(day)}),
        program.session.get(f"{of_diary}/results/working/magnesium", params={"day": str(day)}),
    ]
    assert [answer.status_code for answer in answers] == [422] * 4
    said = answers[0].json()["error"]
    assert "YYYY-MM-DD" in said or "valid date" in said
    assert program.get("people")["people"][0]["said"] is None


def test_what_an_upload_leads_to_is_answered_whatever_was_uploaded(published: dict[str, Any], web_address: str) -> None:
    import schemathesis
    import schemathesis.checks
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.stateful import run_state_machine_as_test

    schemathesis.checks.load_all_checks()
    names = ("positive_data_acceptance", "negative_data_rejection")  # as in `send`
    excluded = [schemathesis.checks.CHECKS.get_one(name) for name in names]
    schema = schemathesis.openapi.from_dict(published)
    schema.config.update(base_url=web_address)
    reached: set[str] = set()

    class Visitor(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.session = requests.Session()

        def teardown(self) -> None:
            for one in self.session.get(f"{web_address}/api/diaries", timeout=30).json()["diaries"]:
                self.session.delete(f"{web_address}/api/diaries/{one['id']}", timeout=30)
            self.session.close()

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            return {"session": self.session}

        def validate_response(self, response: Any, case: Case, **options: Any) -> None:
            if response.status_code != 404:
                reached.add(case.operation.definition.raw["operationId"])
            case.validate_response(response, excluded_checks=excluded)

    run_state_machine_as_test(
        Visitor,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=6,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert "openDiary" in reached


def test_commands_of_the_page_do_what_they_say(published: dict[str, Any], web_address: str, tmp_path: Path) -> None:
    from conftest import require_program
    from nutridiary.web.operations import operations_of

    require_program("bash")
    require_program("curl")
    (tmp_path / "diary.xlsx").write_bytes(EXAMPLE.read_bytes())
    commands = {one.name: one.curl for _, _, group in operations_of(published, web_address) for one in group}
    assert set(commands) == set(OPERATIONS)
    said = {"DIARY": "", "NAME": ""}
    last = ["takeBackCorrection", "forgetDiary"]
    for name in ["openDiary", *(one for one in OPERATIONS if one not in ("openDiary", *last)), *last]:
        status, answer = _run(commands[name], tmp_path, said)
        assert 200 <= status < 300, (name, status, answer[:300])
        if name == "openDiary":
            said["DIARY"] = json.loads(answer)["id"]
        if name == "correct":
            said["NAME"] = json.loads(answer)["answers"][0]["name"]


def _run(command: str, folder: Path, said: dict[str, str]) -> tuple[int, str]:
    """Run a command of the page until work is done; return the status and what was answered."""
    script = f'curl() {{ command curl -s -w "\\n%{{http_code}}" "$@"; }}\n{command}'
    while True:
        done = subprocess.run(
            ["bash", "-c", script], cwd=folder, env={**os.environ, **said}, capture_output=True, text=True, check=True
        )
        answer, _, status = done.stdout.rpartition("\n")
        if status != "202":
            return int(status), answer
        time.sleep(0.1)


@pytest.mark.parametrize("language", ["sh", "python"])
def test_program_of_the_documentation_ends_with_a_report(language: str, web_address: str, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    from conftest import require_program

    blocks = re.findall(rf"^```{language}\n(.*?)^```", (ROOT / "docs" / "web_api.md").read_text("utf-8"), re.S | re.M)
    assert len(blocks) == 1
    program = blocks[0].replace("http://127.0.0.1:8000", web_address)
    (tmp_path / "diary.xlsx").write_bytes(EXAMPLE.read_bytes())
    command = [sys.executable, "-c"] if language == "python" else [require_program("bash"), "-ec"]
    done = subprocess.run([*command, program], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    book = load_workbook(tmp_path / "report.xlsx", read_only=True)
    assert "Summary" in book.sheetnames
    book.close()


def test_every_number_and_word_of_the_results_is_in_their_twin(program: Program) -> None:
    import html

    program.begin_again()
    words = r"\w+(?:[.,]\w+)*"
    said = json.dumps(program.get("results"), ensure_ascii=False)
    page = program.session.get(f"{program.address}/diaries/{program.diary}/results").text
    shown = page[page.index('id="short-1"') : page.index('id="charts"')].partition(">")[2].rpartition("<")[0]
    text = html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<(svg|style|script)\b.*?</\1>", " ", shown, flags=re.S)))
    held = set(re.findall(words, said))
    missing = {word for word in re.findall(words, text) if word not in held}
    assert not missing
    assert len(set(re.findall(r"\d[\d.,]*", text))) > 100


@pytest.mark.parametrize(
    ("corrections", "said"),
    [([{"said": "tea", "decision": "no food"}], "decision: Input should be 'food'"), ([], "corrections: at least 1 ")],
)
def test_refusal_says_what_is_wrong_once_and_in_no_programming_language(
    corrections: list[dict[str, str]], said: str, visit: Visit
) -> None:
    diary = visit.client.post("/api/diaries", files={"files": (EXAMPLE.name, EXAMPLE.read_bytes())}).json()["id"]
    answer = visit.client.post(f"/api/diaries/{diary}/review/corrections", json={"corrections": corrections})
    assert answer.status_code == 422
    words = answer.json()["error"]
    assert said in words
    assert "uple" not in words
    assert words.count("body.") == 1


def test_report_in_json_is_what_the_description_calls_it(operations: dict[str, APIOperation], program: Program) -> None:
    program.begin_again()
    program.get("downloads/report.json")
    take = operations["takeDownload"]
    case = take.Case(path_parameters={"diary_id": program.diary, "name": "report.json"})
    case.call_and_validate(session=program.session)


def test_page_for_programs_lists_every_operation(visit: Visit) -> None:
    page = visit.get("/api").text
    for name in OPERATIONS:
        assert f'<h3 id="{name}">' in page


def test_work_that_goes_on_is_answered_with_202_and_when_to_ask_again(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    lines = (f"2026-03-01,pie of {n} apples,100,g" for n in range(6_000))
    path.write_text("\n".join(["Date,Food,Amount,Unit", *lines]), "utf-8")
    with path.open("rb") as file:
        diary = visit.client.post("/api/diaries", files={"files": file}).json()["id"]
    answer = visit.client.get(f"/api/diaries/{diary}/review")
    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "1")
    assert set(answer.json()) == {"working_on", "lines"}
    visit.client.delete(f"/api/diaries/{diary}")


def test_description_says_how_to_give_a_token_only_where_one_is_asked_for(published: dict[str, Any]) -> None:
    from fastapi import FastAPI

    from nutridiary.web.described import describe
    from nutridiary.web.routes import ROUTERS
    from nutridiary.web.settings import Settings

    assert "security" not in published
    app = FastAPI()
    for router in ROUTERS:
        app.include_router(router)
    describe(app, Settings(token="t" * 24))
    guarded = app.openapi()
    assert guarded["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert guarded["security"] == [{"token": []}]


def test_method_that_an_address_does_not_know_is_told_those_it_knows(visit: Visit) -> None:
    answer = visit.client.patch("/api/diaries")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
