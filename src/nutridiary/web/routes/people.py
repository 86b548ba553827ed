"""Who ate, and what is to be worked out."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from nutridiary.errors import PersonError, listing
from nutridiary.web.asked import MOST_PEOPLE
from nutridiary.web.diaries import OpenDiary, StillWorking
from nutridiary.web.pages import STAGES, form_of, open_diary, page, see
from nutridiary.web.people_form import NOT_SAID, Typed, questions_of, said_in, typed_of
from nutridiary.web.routes.answers import MAY_WAIT, OF_A_DIARY, TAKES
from nutridiary.web.steps.people import People, SaidOfPeople

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/diaries/{diary_id}/people", tags=["people"], responses=OF_A_DIARY)

_WHAT_FOR = {
    "nasem": "Requirements, recommendations and upper limits by sex, age and life stage.",
    "efsa": "The same for Europe. Zinc and iron depend on the diet and menopause, which you can say of a person.",
    "fda-dv": "One figure for everybody from four years on, made for labels. Not enough to judge a person by.",
    "harmonized": "Average requirements and upper limits only, chosen by scientists from both of the above.",
}
"""What each reference is for, in the words of who chooses one."""

_SAVED = "people?saved=yes#saved"
_NEXT = {name: name for name, _ in STAGES} | {"people": _SAVED, "stay": _SAVED}
"""Where one goes on, by what was pressed."""


@pages.get("/diaries/{diary_id}/people")
async def show(request: Request, diary_id: str) -> Response:
    """Show who is in the diary, with the fields that say who they are."""
    diary = open_diary(request, diary_id)
    found: People = await diary.show("people")
    return _shown(request, diary, found, typed_of(found))


@pages.post("/diaries/{diary_id}/people")
async def take(request: Request, diary_id: str) -> Response:
    """Take what was said of people; show it again where it cannot be used."""
    diary, form = open_diary(request, diary_id), await form_of(request)
    found = await _looked_at(diary)
    said, typed = said_in(form, found)
    if said is not None:
        typed.take_wrong((await _looked_at(diary, said)).wrong)
    if said is None or typed.problems:
        return _shown(request, diary, found, typed)
    diary.ask(people=said.people, wanted=said.wanted)
    return see(f"/diaries/{diary_id}/{_NEXT.get(str(form.get('then')), 'review')}")


@api.get("", operation_id="showPeople", responses=MAY_WAIT)
async def shown(request: Request, diary_id: str) -> People:
    """Who is in the diary, what is said of them and which reference values hold, and what can be chosen."""
    found: People = await open_diary(request, diary_id).show("people")
    return found


@api.put("", operation_id="describePeople", responses=TAKES)
async def taken(request: Request, diary_id: str, said: SaidOfPeople) -> People:
    """Say who ate and what is to be worked out, in place of all that was said of it before."""
    diary = open_diary(request, diary_id)
    found = await _looked_at(diary, said)
    if found.wrong:
        raise PersonError(
            listing((f"{f'{one.about}, ' if one.about else ''}{one.field}: {one.words}" for one in found.wrong), 5)
        )
    diary.ask(people=said.people, wanted=said.wanted)
    return found


async def _looked_at(diary: OpenDiary, said: SaidOfPeople | None = None) -> People:
    """Return what the page would show if something were said; nothing is taken yet.

    However long it takes: who sends a form is not sent away before it was looked at.
    """
    while True:
        try:
            found: People = await diary.show("people", *([] if said is None else [said]))
        except StillWorking:
            continue
        return found


def _shown(request: Request, diary: OpenDiary, found: People, typed: Typed) -> Response:
    return page(
        request,
        "people.html.j2",
        status=422 if typed.problems else 200,
        diary=diary,
        stage="people",
        view=found,
        typed=typed,
        summary=typed.in_order(found),
        questions=questions_of(found),
        activities=[("", NOT_SAID), *((name, name.replace("_", " ").capitalize()) for name in found.activities)],
        references=[(one.name, one.label, _WHAT_FOR[one.name]) for one in found.references],
        most_people=MOST_PEOPLE,
        saved=request.query_params.get("saved") == "yes",
    )
