"""The review of a diary: each different text with what was made of it, in the order to look at them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from nutridiary.aliases import EACH, NO_AMOUNT, text_key
from nutridiary.aliases.lookup import MOST_COMPARED
from nutridiary.web.asked import Asked, Correction, Said, ShortText
from nutridiary.web.steps.corrections import alias_digest, alias_files
from nutridiary.web.steps.kept import kept, teller
from nutridiary.web.steps.reading import diary_of

if TYPE_CHECKING:
    from nutridiary.review import Review

ROWS_OF_A_PAGE = 50
Show = Literal["check", "left_out", "corrected", "all"]
Sureness = Literal["your answer", "your alias", "sure", "likely", "doubtful", "no food found", "not in the list"]


class ReviewAsked(Said):
    """Which part of the review to show."""

    show: Show = Field("check", description="What is to be checked first; what is left out; corrected; or all.")
    page: int = Field(1, ge=1, le=10_000)
    q: ShortText = Field("", description="Only rows whose text or food holds this.")
    row: ShortText = Field("", description="This row alone.")
    saved: ShortText = Field("", description="The row that was saved last: it stays where it was.")
    next: ShortText = Field("", description="The row that came after it.")
    go_on: bool = Field(False, description="Open that row.")


class Stake(BaseModel):
    """How much an answer could change."""

    percent: float = Field(description="Of the diary's total of the nutrient. [%]")
    nutrient: str = Field(description="The core nutrient it would change most, in words.")


class FoodChoice(BaseModel):
    """A food that a text may mean."""

    fdc_id: int
    description: str
    category: str
    url: str = Field(description="Its page at FoodData Central.")
    energy: float | None = Field(description="[kcal per 100 g]; null where it is not known.")


class UnitWeight(BaseModel):
    """What one unit of a text was taken to weigh."""

    unit: str = Field(description="'each' for a number without a unit, 'no amount' where the diary gives none.")
    times: int = Field(description="Lines with this text and unit.")
    grams_per_unit: float | None = Field(description="[g]; null where it could not be weighed.")
    low: float | None = Field(description="[g]")
    high: float | None = Field(description="[g]")
    method: str = Field(description="How it was weighed, in words.")
    portion: str = Field(description="The portion of the food it was weighed by.")
    own: float | None = Field(description="What the person said one weighs. [g]")
    could_change: Stake | None
    to_check: bool = Field(description="It could not be weighed, or could weigh so much more or less that it matters.")
    remark: str


class Answer(BaseModel):
    """A correction that is in force."""

    name: str = Field(description="By which it is taken back.")
    correction: Correction
    words: str = Field(description="What was said, in words.")


class WholeLine(BaseModel):
    """A line of the diary that a text was cut from."""

    row: str = Field(description="The name its row would have if it were one food.")
    said: str
    times: int
    own: bool = Field(description="Whether the person said that it is to be cut.")


class ReviewRow(BaseModel):
    """A text of the diary with what was made of it."""

    row: str = Field(description="Its name; the same as long as the text is.")
    said: str
    brand: str
    times: int = Field(description="Lines with this text.")
    left_out: int = Field(description="Of these, lines that are left out of the totals.")
    fdc_id: int | None
    food: str
    sure: Sureness
    score: float | None = Field(description="How sure the match is, 0 to 1.")
    decided_by: str = Field(description="What chose the food, in words.")
    grams: float | None = Field(description="Counted weight of all lines. [g]")
    could_change: Stake | None
    to_check: bool
    remark: str
    choices: list[FoodChoice] = Field(description="The food found, and the next best ones.")
    weights: list[UnitWeight]
    cut_from: list[WholeLine]
    as_parts: str = Field(description="The text as it could be cut, with '; ' between the foods; empty if not at all.")
    answers: list[Answer]


class OtherLine(BaseModel):
    """A line that only the diary can put right, or of a supplement."""

    where: str = Field(description="File and line.")
    text: str
    words: str = Field(description="What is the matter with it, or what was made of it.")


class ReviewPage(BaseModel):
    """One page of the review."""

    asked: ReviewAsked
    pages: int
    found: int = Field(description="Rows of all pages.")
    rows: list[ReviewRow]
    texts: int = Field(description="Different texts of the diary.")
    to_check: int = Field(description="Of these, to be checked.")
    left_out: int = Field(description="Of these, with lines that are left out.")
    corrected: int = Field(description="Texts that something was said of.")
    lines: int = Field(description="Lines of food, drink and supplements.")
    lines_left_out: int = Field(description="Of these, lines that are in no total.")
    in_diary_only: list[OtherLine] = Field(description="Lines that only the diary can put right.")
    supplements: list[OtherLine]
    supplements_left_out: int


def row_name(said: str, brand: str = "") -> str:
    """Return the name of the row of a text: the same for texts that count as the same.

    Examples
    --------
    >>> row_name("My  Granola") == row_name("my granola"), row_name("my granola", "Acme") == row_name("my granola")
    (True, False)
    """
    return sha256("\0".join((text_key(said), text_key(brand))).encode("utf-8", "replace")).hexdigest()[:12]


def answer_name(correction: Correction) -> str:
    """Return the name of a correction: that of what it is about."""
    return sha256("\0".join(correction.about).encode("utf-8", "replace")).hexdigest()[:12]


def clean(text: str) -> str:
    """Return a text without what a page cannot hold or what would turn the text around it.

    Examples
    --------
    >>> clean("tea\\u202e and\\x07 toast")
    'tea  and  toast'
    """
    return "".join(sign if sign.isprintable() else " " for sign in text)


def as_said(text: str) -> str:
    """Return a text as a correction names it: of a longer one than is compared, what is compared."""
    return clean(text) if len(text) <= MOST_COMPARED else text_key(text).strip()


def answer_of(correction: Correction, food: str) -> Answer:
    """Return a correction as it is shown; `food` is the name of its food, where it names one."""
    words = {
        "food": f"It is {food or f'the food with FDC id {correction.fdc_id}'}.",
        "ignore": "It is not a food.",
        "weight": f"{unit_in_words(correction.unit)} weighs {correction.grams_per_unit:g} g."
        if correction.grams_per_unit
        else "",
        "parts": f"“{clean(correction.said)}” is several foods: {clean(correction.parts)}.",
        "whole": "It is one food.",
    }[correction.decision]
    return Answer(name=answer_name(correction), correction=correction, words=words)


def unit_in_words(unit: str) -> str:
    """Return what is weighed, at the beginning of a sentence.

    Examples
    --------
    >>> [unit_in_words(unit) for unit in ("cup", "each", "no amount")]
    ['One cup', 'One', 'What is eaten where no amount is written']
    """
    if unit == NO_AMOUNT:
        return "What is eaten where no amount is written"
    return "One" if unit in (EACH, "") else f"One {clean(unit)}"


def review(folder: Path, asked: Asked, wanted: ReviewAsked | None = None) -> ReviewPage:
    """Return a page of the review of the diary in `folder`."""
    from nutridiary.web.steps.review_rows import page_of

    return page_of(review_of(folder, asked), asked, wanted or ReviewAsked())


def review_of(folder: Path, asked: Asked) -> Review:
    """Return the review of a diary with the corrections made so far, worked out once for the same."""
    from nutridiary.aliases import own_aliases
    from nutridiary.analysis.steps import prepare_diary
    from nutridiary.review import review_prepared

    wanted = asked.wanted
    same = Asked(files=asked.files, reading=asked.reading).digest()
    digest = sha256(f"{same} {alias_digest(asked)} {wanted.split} {wanted.defaults}".encode()).hexdigest()[:32]
    tell = teller(folder)

    def make() -> Review:
        aliases = own_aliases(alias_files(folder, asked))
        ready = prepare_diary(diary_of(folder, asked), aliases, defaults=wanted.defaults, progress=tell)
        return review_prepared(ready, split=wanted.split, defaults=wanted.defaults, progress=tell)

    return kept(folder, "review", digest, make)
