"""The review: what each text was taken for, to be put right text by text."""

from __future__ import annotations

from asyncio import to_thread
from contextlib import suppress
from typing import Annotated, Any, Literal, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from nutridiary.errors import AliasError, NutridiaryError
from nutridiary.foods import load_foods
from nutridiary.web.asked import MOST_CORRECTIONS, Asked, Correction, Said, ShortText
from nutridiary.web.diaries import NotOpenError, OpenDiary, StillWorking
from nutridiary.web.pages import form_of, open_diary, page, see
from nutridiary.web.routes.answers import MAY_WAIT, OF_A_DIARY, TAKES
from nutridiary.web.routes.review_form import RowForm, read_row
from nutridiary.web.server import server_of
from nutridiary.web.steps.corrections import first_problem
from nutridiary.web.steps.foods import DataType, FoundFoods
from nutridiary.web.steps.review import Answer, ReviewAsked, ReviewPage, Show, answer_name, answer_of

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/diaries/{diary_id}/review", tags=["review"], responses=OF_A_DIARY)

_FOODS_SHOWN = 20
_TRIES = 15
_PLACE = ("show", "page", "q")
"""The fields of a form that say where in the review it stands."""


class Corrections(Said):
    """Corrections to be made."""

    corrections: tuple[Correction, ...] = Field(min_length=1, max_length=500)


class Answers(BaseModel):
    """The corrections that are in force."""

    answers: list[Answer]


class PlaceInReview(Said):
    """Which part of the review to show."""

    show: Show = Field("check", description="What is to be checked first; what is left out; corrected; or all.")
    page: int = Field(1, ge=1, le=10_000)
    q: str = Field("", max_length=200, description="Only rows whose text or food holds this.")


class SearchAsked(ReviewAsked):
    """Foods looked for, for the row `row`."""

    food: ShortText = ""
    of: DataType | Literal["all"] = "all"


@pages.get("/diaries/{diary_id}/review")
async def show(request: Request, diary_id: str, wanted: Annotated[ReviewAsked, Query()]) -> Response:
    """Show a page of the review."""
    diary = open_diary(request, diary_id)
    return await _shown(request, diary, wanted)


@pages.post("/diaries/{diary_id}/review")
async def take(request: Request, diary_id: str) -> Response:
    """Take what was said of one row, or take back what was said before."""
    diary, form = open_diary(request, diary_id), await form_of(request)
    place = _place_of({name: str(form.get(name, "")) for name in (*_PLACE, "next")})
    undo = form.get("undo")
    if isinstance(undo, str):
        said = _take_back(diary, undo)
        row = str(form.get("row", ""))[:40]
        return see(_address(diary, place, saved=row if said else ""))
    given = await to_thread(read_row, form, diary.asked)
    if given.problems:
        return await _shown(request, diary, place, given)
    before = diary.asked
    _take(diary, given.asked(before))
    if any(one.decision == "parts" for one in given.corrections):
        # What an uploaded file of aliases says of the parts is not known here: together they may lead in a circle.
        try:
            with suppress(StillWorking):
                await diary.show("review", place)
        except AliasError as error:
            # Another page may have said more of the diary meanwhile: only this row is as it was.
            _take(diary, given.taken_back_from(diary.asked, before))
            given.problems["parts"] = str(error)
            return await _shown(request, diary, place, given)
    # Whoever worked within a row works within the next one; whoever went down the list goes on down the list.
    return see(_address(diary, place, saved=given.saved, go_on=not given.is_right))


@pages.get("/diaries/{diary_id}/review/search")
async def search(request: Request, diary_id: str, wanted: Annotated[SearchAsked, Query()]) -> Response:
    """Search a food for one row, where a browser runs no scripts."""
    diary = open_diary(request, diary_id)
    rows: ReviewPage = await diary.show("review", ReviewAsked(row=wanted.row))
    if not rows.rows:
        raise NotOpenError("This text is not in the diary any more. Go back to the review.")
    found = FoundFoods(foods=[])
    if wanted.food.strip():
        of = "" if wanted.of == "all" else wanted.of
        found = await server_of(request).workers.search(wanted.food, _FOODS_SHOWN, of)
    return page(
        request,
        "review_search.html.j2",
        diary=diary,
        stage="review",
        back=f"{_address(diary, wanted)}#row-{wanted.row}",
        row=rows.rows[0],
        place=wanted,
        found=found.foods,
    )


@api.get("", operation_id="reviewDiary", responses=MAY_WAIT)
async def shown(request: Request, diary_id: str, place: Annotated[PlaceInReview, Query()]) -> ReviewPage:
    """Each different text of the diary with what was made of it, what matters most first."""
    found: ReviewPage = await open_diary(request, diary_id).show("review", ReviewAsked(**place.model_dump()))
    return found


@api.get("/corrections", operation_id="listCorrections")
async def corrections(request: Request, diary_id: str) -> Answers:
    """List the corrections that are in force."""
    return await to_thread(_answers, open_diary(request, diary_id).asked)


@api.post("/corrections", operation_id="correct", responses=TAKES)
async def corrected(request: Request, diary_id: str, said: Corrections) -> Answers:
    """Say what texts are, or what a unit of them weighs. All are taken, or none; a later one about the same counts."""
    diary = open_diary(request, diary_id)
    # It looks foods up, and does so beside the server.
    if problem := await to_thread(first_problem, said.corrections, diary.asked):
        raise NutridiaryError(problem)
    _take(diary, diary.asked.with_corrections(said.corrections))
    return await to_thread(_answers, diary.asked)


@api.delete("/corrections/{name}", status_code=204, operation_id="takeBackCorrection")
async def taken_back(
    request: Request, diary_id: str, name: Annotated[str, Path(description="Of the correction, as it is listed.")]
) -> None:
    """Take a correction back."""
    if not _take_back(open_diary(request, diary_id), name):
        raise NotOpenError("There is no such correction. It was taken back already, or never made.")


async def _shown(request: Request, diary: OpenDiary, wanted: ReviewAsked, given: RowForm | None = None) -> Response:
    """Show a page of the review; with the form of a row as it was filled in, where something is wrong with it."""
    if given is not None:
        wanted = wanted.model_copy(update={"saved": given.row})  # it stays where it was, whatever is shown otherwise
    found = await _found(diary, wanted, tries=1 if given is None else _TRIES)
    return page(
        request,
        "review.html.j2",
        status=422 if given else 200,
        diary=diary,
        stage="review",
        review=found,
        address=lambda **changes: _address(diary, found.asked, **changes),
        given=given,
    )


async def _found(diary: OpenDiary, wanted: ReviewAsked, tries: int) -> ReviewPage:
    """Return a page of the review. A form that must be filled in again waits longer: what was typed would be lost."""
    for _ in range(tries - 1):
        with suppress(StillWorking):
            return cast(ReviewPage, await diary.show("review", wanted))
    return cast(ReviewPage, await diary.show("review", wanted))


def _place_of(said: dict[str, Any]) -> ReviewAsked:
    """Return where in the review a form stands; its beginning where that makes no sense."""
    try:
        return ReviewAsked.model_validate({name: value for name, value in said.items() if value})
    except ValueError:
        return ReviewAsked()


def _address(diary: OpenDiary, place: ReviewAsked, **changes: Any) -> str:
    """Return the address of a part of the review; at the row that was saved, where one was."""
    said = place.model_dump(include=set(_PLACE)) | changes
    if said.get("saved"):
        said |= {"next": place.next}
    usual = ReviewAsked().model_dump()
    query = urlencode({name: value for name, value in said.items() if value != usual[name]})
    row = f"#row-{said['saved']}" if said.get("saved") else ""
    return f"/diaries/{diary.id}/review{'?' if query else ''}{query}{row}"


def _take(diary: OpenDiary, asked: Asked) -> None:
    if len(asked.corrections) > MOST_CORRECTIONS:
        raise NutridiaryError(f"More than {MOST_CORRECTIONS:,} corrections of one diary cannot be kept here.")
    diary.ask(corrections=asked.corrections)


def _take_back(diary: OpenDiary, name: str) -> bool:
    """Take a correction back, and tell whether it was there."""
    about = next((one.about for one in diary.asked.corrections if answer_name(one) == name), None)
    if about is not None:
        diary.ask(corrections=diary.asked.without_correction(about).corrections)
    return about is not None


def _answers(asked: Asked) -> Answers:
    foods = load_foods()
    named = [one.fdc_id for one in asked.corrections if one.fdc_id is not None]
    names = {old: str(foods.food(fdc_id)["description"]) for old, fdc_id in foods.current(named).items()}
    return Answers(answers=[answer_of(one, names.get(one.fdc_id or 0, "")) for one in asked.corrections])
