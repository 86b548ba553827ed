"""What was understood of a diary, and how it is to be read where the guess was wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from nutridiary.web.asked import HowToRead
from nutridiary.web.diaries import OpenDiary
from nutridiary.web.pages import form_of, open_diary, page, see
from nutridiary.web.routes.answers import MAY_WAIT, OF_A_DIARY, TAKES
from nutridiary.web.steps.reading import Reading
from nutridiary.web.steps.reading_words import COLUMNS, DAY

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/diaries/{diary_id}/reading", tags=["reading"], responses=OF_A_DIARY)

OF_COLUMN = "column-"
"""How the field begins that says which heading a column has."""

_FIRST = 8
"""As many columns are shown at once; who has the others finds them below."""

_WRONG = {
    "date": "This is no day. Write it as year-month-day, for example 2026-03-14.",
    "day_first": "Choose one of the three.",
    "day_starts": "Write a clock time, for example 04:00.",
}


@pages.get("/diaries/{diary_id}")
async def diary(request: Request, diary_id: str) -> Response:
    """Lead to the first page of a diary."""
    return see(f"/diaries/{open_diary(request, diary_id).id}/reading")


@pages.get("/diaries/{diary_id}/reading")
async def show(request: Request, diary_id: str) -> Response:
    """Show what was understood."""
    diary = open_diary(request, diary_id)
    return await _shown(request, diary, _typed(diary.asked.reading), {})


@pages.post("/diaries/{diary_id}/reading")
async def take(request: Request, diary_id: str) -> Response:
    """Read the diary another way, or as it was guessed at first."""
    diary, form = open_diary(request, diary_id), await form_of(request)
    if form.get("reset"):
        diary.ask(reading=HowToRead())
        return see(f"/diaries/{diary_id}/reading?again=yes")
    typed = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    said, problems = _said(typed)
    if said is None:
        return await _shown(request, diary, typed, problems, status=422)
    diary.ask(reading=said)
    return see(f"/diaries/{diary_id}/reading?again=yes")


@api.get("", operation_id="readDiary", responses=MAY_WAIT)
async def shown(request: Request, diary_id: str) -> Reading:
    """What was understood: formats, people, days, columns, and each row that is not counted, with its reason."""
    found: Reading = await open_diary(request, diary_id).show("reading")
    return found


@api.put("", operation_id="readDiaryAs", responses=MAY_WAIT | TAKES)
async def taken(request: Request, diary_id: str, how: HowToRead) -> Reading:
    """Read the diary another way; {} is the guess. Where it cannot be read so, `problem` says why."""
    diary = open_diary(request, diary_id)
    diary.ask(reading=how)
    found: Reading = await diary.show("reading")
    return found


async def _shown(
    request: Request, diary: OpenDiary, typed: Mapping[str, str], problems: Mapping[str, str], *, status: int = 200
) -> Response:
    reading: Reading = await diary.show("reading")
    if not reading.problem:
        # While the page is read, what comes next is got ready.
        diary.begin("review")
    return page(
        request,
        "reading.html.j2",
        status=status,
        diary=diary,
        stage="reading",
        reading=reading,
        typed=typed,
        problems=problems,
        columns=COLUMNS,
        of_column=OF_COLUMN,
        more_open=any(typed.get(f"{OF_COLUMN}{column}") for column in list(COLUMNS)[_FIRST:]),
        first=_FIRST,
        named=_named,
        is_changed=reading.asked != HowToRead(),
        day_field=DAY,
        is_again=request.query_params.get("again") == "yes",
    )


def _named(choices: Sequence[str], chosen: str) -> list[tuple[str, str]]:
    """Return what a field offers; what was chosen is offered also where the diary has no such thing."""
    return [(one, one) for one in dict.fromkeys([*choices, *([chosen] if chosen else [])])]


def _typed(how: HowToRead) -> dict[str, str]:
    """Return what the fields of the form hold when a diary is read in a way."""
    first = {None: "", True: "yes", False: "no"}[how.day_first]
    texts = {name: str(value) for name, value in how if isinstance(value, str) and value}
    of_columns = {f"{OF_COLUMN}{column}": heading or "-" for column, heading in how.columns.items()}
    return {**texts, **of_columns, "day_first": first, "date": how.date.isoformat() if how.date else ""}


def _said(typed: Mapping[str, str]) -> tuple[HowToRead | None, dict[str, str]]:
    """Return what a form says, or what is wrong with each of its fields."""
    columns = {column: heading for column in COLUMNS if (heading := typed.get(f"{OF_COLUMN}{column}", ""))}
    said: dict[str, Any] = {name: typed[name] for name in HowToRead.model_fields if typed.get(name)}
    if "day_first" in said:
        said["day_first"] = {"yes": True, "no": False}.get(typed["day_first"], "")
    problems = _named_twice(columns)
    try:
        how = HowToRead.model_validate({**said, "columns": columns})
    except ValidationError as error:
        for one in error.errors():
            name = str(one["loc"][0])
            field = f"{OF_COLUMN}{one['loc'][1]}" if name == "columns" and len(one["loc"]) > 1 else name
            problems[field] = _WRONG.get(name, "This is too long.")
        return None, problems
    return (None, problems) if problems else (how, {})


def _named_twice(columns: Mapping[str, str]) -> dict[str, str]:
    problems: dict[str, str] = {}
    first: dict[str, str] = {}
    for column, heading in columns.items():
        other = first.setdefault(heading.casefold(), column)
        if heading != "-" and other != column:
            problems[f"{OF_COLUMN}{column}"] = f"“{heading}” is chosen for {COLUMNS[other]} already. Choose it for one."
    return problems
