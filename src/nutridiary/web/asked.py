"""What a person said of a diary they opened: how to read it, who ate, what to work out, what was corrected.

Nothing here is worked out: `steps` do that from an `Asked` alone, so the same `Asked` gives the same pages and files.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError

from nutridiary.aliases import text_key, unit_key

ShortText = Annotated[str, Field(max_length=200)]
LongText = Annotated[str, Field(max_length=1000)]
"""As much of a diary's text as is compared, `aliases.lookup.MOST_COMPARED`."""

Flag = Annotated[bool, Strict()]
"""true or false, and not 1 or "off"."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _as_day(said: object) -> object:
    """Take a day as it is written, and nothing else: a number would be read as seconds since 1970."""
    if isinstance(said, dt.date) or (isinstance(said, str) and _DAY.fullmatch(said)):
        return said
    raise PydanticCustomError("day", "Write the day as YYYY-MM-DD, for example 2026-03-14")


Day = Annotated[dt.date, BeforeValidator(_as_day, json_schema_input_type=dt.date)]
"""A day, written YYYY-MM-DD."""

MOST_PEOPLE = 500
MOST_CORRECTIONS = 5_000


class Said(BaseModel):
    """What a person said; it does not change, a new one takes its place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def digest(self) -> str:
        """Return a name for what was said: the same for the same."""
        return sha256(self.model_dump_json().encode()).hexdigest()[:32]


class HowToRead(Said):
    """How the files are to be read, where the guess is wrong; as `nutridiary.diary.read_whole` takes it."""

    sheet: ShortText | None = Field(None, description="Read this sheet of a workbook only.")
    person_id: ShortText | None = Field(None, description="Who ate, for rows that name nobody.")
    date: Day | None = Field(None, description="The day eaten, for a diary without a date column.")
    day_first: Flag | None = Field(None, description="Whether 3/4/2026 is 3 April; by default the diary decides.")
    format: ShortText | None = Field(None, description="Read the files as this format, whatever they look like.")
    day_starts: ShortText | None = Field(None, description="HH:MM; what is eaten earlier is of the day before.")
    daily_values: ShortText | None = Field(None, description="Edition of the Daily Values that percentages are of.")
    columns: dict[ShortText, ShortText] = Field(
        default_factory=dict, max_length=40, description="Which heading names which column: {'food': 'Description'}."
    )


class Someone(Said):
    """Somebody who ate, as `nutridiary.references.Person` takes it."""

    name: ShortText = Field(
        "", description="As the diary calls them; empty for the person of a diary that names nobody."
    )
    sex: Literal["female", "male"]
    age_years: float | None = Field(None, description="[years]")
    birth_date: Day | None = None
    pregnant: Flag = False
    lactating: Flag = False
    weight_kg: float | None = Field(None, description="[kg]")
    height_cm: float | None = Field(None, description="[cm]")
    smoker: Flag | None = None
    conditions: tuple[ShortText, ...] = Field((), max_length=20)
    activity: ShortText | None = None


class Wanted(Said):
    """What is to be worked out, as `nutridiary.analysis.options.Options` takes it."""

    reference: ShortText = Field("nasem", description="Whose reference values.")
    edition: ShortText | None = Field(None, description="An edition in place of the current figures.")
    values: Literal["ours", "recorded", "recorded-first"] = "ours"
    fill_in: Flag = Field(True, description="Take values that a food's record lacks from a twin record.")
    defaults: Flag = Field(False, description="Weigh what cannot be weighed by the amount people typically eat of it.")
    split: Flag = Field(True, description="Tell the foods of a line that holds several apart.")
    leave_out_incomplete: Flag = Field(False, description="Leave days that may be incomplete out of the means.")
    suggest: Flag = Field(False, description="Suggest a few foods that would close gaps.")
    diets: tuple[ShortText, ...] = Field((), max_length=20)
    allergies: tuple[ShortText, ...] = Field((), max_length=20)
    dislikes: tuple[ShortText, ...] = Field((), max_length=20)
    de_identify: Flag = Field(False, description="Take out what says whose diary it is before anything is worked out.")


class Correction(Said):
    """What a person said of one text of the diary; a row of a file of aliases (`nutridiary.aliases`)."""

    said: LongText = Field(description="The text, as the diary writes it.")
    brand: ShortText = ""
    decision: Literal["food", "ignore", "weight", "parts", "whole"] = Field(
        description="food: it is this food; ignore: it is none; weight: a unit weighs this; parts: it is these foods; "
        "whole: it is one food, and the matching says which."
    )
    fdc_id: int | None = Field(None, ge=1, le=999_999_999)
    unit: ShortText = Field("", description="For a weight: what was counted or measured.")
    grams_per_unit: float | None = Field(None, gt=0, le=9_999_999, description="[g]")
    parts: LongText = Field("", description="For parts: the foods, with '; ' between them: '1 cup rice; beans'.")
    keep: Flag = Field(True, description="Keep it in the file of aliases for later diaries, not for this diary alone.")

    @cached_property
    def about(self) -> tuple[str, str, str]:
        """What it is about; of two corrections about the same, the later one counts."""
        weight_of = unit_key(self.unit) if self.decision == "weight" else ""
        return text_key(self.said), text_key(self.brand), weight_of


class Asked(Said):
    """All that was said of a diary.

    The files themselves lie in the diary's folder, under these names, in this order.
    """

    files: tuple[ShortText, ...]
    aliases: tuple[ShortText, ...] = ()
    reading: HowToRead = HowToRead()
    people: tuple[Someone, ...] = Field((), max_length=MOST_PEOPLE)
    wanted: Wanted = Wanted()
    corrections: tuple[Correction, ...] = Field((), max_length=MOST_CORRECTIONS)
    corrected_on: dt.date | None = Field(None, description="The day written beside corrections that are kept.")

    def with_correction(self, correction: Correction) -> Asked:
        """Return what is asked with one more correction, in place of an older one about the same."""
        return self.with_corrections((correction,))

    def with_corrections(self, corrections: Iterable[Correction]) -> Asked:
        """Return what is asked with more corrections, each in place of an older one about the same."""
        found = {one.about: one for one in self.corrections}
        for one in corrections:
            found.pop(one.about, None)
            found[one.about] = one
        return self.model_copy(update={"corrections": tuple(found.values())})

    def without_correction(self, about: tuple[str, str, str]) -> Asked:
        """Return what is asked without the correction about something."""
        return self.model_copy(update={"corrections": tuple(one for one in self.corrections if one.about != about)})
