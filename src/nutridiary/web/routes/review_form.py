"""What the form of a row of the review says: which food it is, what a unit weighs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from nutridiary.aliases import text_key
from nutridiary.web.asked import Asked, Correction
from nutridiary.web.steps.corrections import problem_of
from nutridiary.web.steps.review import row_name

NOT_A_FOOD, SEVERAL, WHOLE = "not_a_food", "several", "whole:"
"""What can be chosen beside a food by its number; after `WHOLE` stands the row of the line that is one food."""

MOST_UNITS = 100
_COMMA = re.compile(r"\d+,\d{1,2}")
_MOST_GRAMS = 100_000


@dataclass
class RowForm:
    """The form of one row.

    Attributes
    ----------
    said, brand : str
        What it is about.
    fields : dict of str to str
        All that was typed and chosen, to be shown again where something is wrong.
    corrections : list of Correction
        What was said.
    taken_back : list of tuple
        About what nothing is said any more.
    problems : dict of str to str
        What is wrong with which field, in words.
    """

    said: str
    brand: str
    fields: dict[str, str]
    corrections: list[Correction] = field(default_factory=list)
    taken_back: list[tuple[str, str, str]] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def row(self) -> str:
        """Name of the row."""
        return row_name(self.said, self.brand)

    @property
    def is_right(self) -> bool:
        """The button beside a row was pressed: it takes the food that was found, whatever is typed within."""
        return "right" in self.fields

    @property
    def saved(self) -> str:
        """Name of the row that shows what was said: of the line, where it is about a line that was cut."""
        about = [one.said for one in self.corrections if one.decision == "whole"]
        return row_name(about[0]) if about else self.row

    def asked(self, asked: Asked) -> Asked:
        """Return what is asked with all of it."""
        for about in self.taken_back:
            asked = asked.without_correction(about)
        for one in self.corrections:
            asked = asked.with_correction(one)
        return asked

    def taken_back_from(self, asked: Asked, before: Asked) -> Asked:
        """Return what is asked with what was said of all this before in place of it."""
        about = {*self.taken_back, *(one.about for one in self.corrections)}
        for one in about:
            asked = asked.without_correction(one)
        for earlier in before.corrections:
            if earlier.about in about:
                asked = asked.with_correction(earlier)
        return asked


def read_row(form: FormData, asked: Asked) -> RowForm:
    """Return what a form says; where something is wrong, `problems` says so and nothing of it is to be taken."""
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    said, brand = fields.get("said", "")[:1000], fields.get("brand", "")[:200]
    row = RowForm(said, brand, fields)
    if row.is_right:
        _choose(row, fields.get("was", ""))
    else:
        _read_food(row)
        _read_weights(row)
    for one in row.corrections:
        if problem := problem_of(one, asked):
            row.problems.setdefault(_field_of(one, row), problem)
    if not (row.corrections or row.taken_back or row.problems):
        row.problems["food"] = "Nothing was chosen. Choose what it is, or write what one weighs."
    return row


def _read_food(row: RowForm) -> None:
    """Take what was chosen of the foods, and the foods a text was cut into."""
    chosen, was = row.fields.get("food", ""), row.fields.get("was", "")
    parts = row.fields.get("parts", "").strip()
    meant = bool(parts) and text_key(parts) != text_key(row.fields.get("parts_was", ""))
    if meant and chosen != SEVERAL:
        if chosen != was:
            row.problems["parts"] = (
                "Another food was chosen as well. Choose one of the two: “Several foods”, or the food."
            )
            return
        chosen = SEVERAL
    if chosen == SEVERAL:
        if not parts:
            row.problems["parts"] = "Write the foods, with a semicolon between them: 1 cup rice; beans."
        else:
            _add(row, "parts", decision="parts", parts=parts)
    else:
        _choose(row, chosen)


def _choose(row: RowForm, chosen: str) -> None:
    """Take one of the answers that need no more words."""
    if chosen == NOT_A_FOOD:
        _add(row, "food", decision="ignore")
    elif chosen.startswith(WHOLE):
        _add(row, "food", decision="whole", said=row.fields.get(chosen, ""), brand="")
    elif re.fullmatch(r"[1-9]\d{0,8}", chosen):
        _add(row, "food", decision="food", fdc_id=int(chosen))
    elif chosen:
        row.problems["food"] = "This is no number of a food. Choose one from the list, or search."


def _read_weights(row: RowForm) -> None:
    """Take what units weigh; a weight that was said before and is empty now is taken back."""
    for place in range(MOST_UNITS):
        unit, name = row.fields.get(f"unit-{place}"), f"grams-{place}"
        if unit is None:
            return
        text, before = row.fields.get(name, "").strip(), row.fields.get(f"own-{place}", "").strip()
        if text == before:
            continue
        if not text:
            about = Correction(said=row.said, brand=row.brand, decision="weight", unit=unit[:200]).about
            row.taken_back.append(about)
            continue
        grams = _grams(text)
        if grams is None:
            row.problems[name] = f"{text[:40]!r} is no weight. Write a number of grams above 0, such as 95 or 2.5."
        elif grams > _MOST_GRAMS:
            row.problems[name] = f"{text[:40]} g is more than {_MOST_GRAMS // 1000} kg. Write the grams of one."
        else:
            _add(row, name, decision="weight", unit=unit[:200], grams_per_unit=grams)


def _add(row: RowForm, where: str, **said: object) -> None:
    """Add what was said, or what is wrong with it."""
    keep = row.fields.get("keep") == "yes"
    try:
        row.corrections.append(Correction.model_validate({"said": row.said, "brand": row.brand, "keep": keep, **said}))
    except ValueError:
        row.problems[where] = "This is too long: 1,000 characters can be taken."


def _field_of(correction: Correction, row: RowForm) -> str:
    if correction.decision == "parts":
        return "parts"
    if correction.decision != "weight":
        return "food"
    places = (place for place in range(MOST_UNITS) if row.fields.get(f"unit-{place}") == correction.unit)
    return f"grams-{next(places, 0)}"


def _grams(text: str) -> float | None:
    """Return a weight as people write it; None where it is none, or could be two.

    Examples
    --------
    >>> [_grams(text) for text in ("95", "2,5", "95 g", "1,500", "0", "a lot", "nan")]
    [95.0, 2.5, 95.0, None, None, None, None]
    """
    plain = re.sub(r"\s*(?:g|grams?)$", "", text.strip(), flags=re.IGNORECASE)
    if _COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"\d{1,12}(?:\.\d{1,6})?|\.\d{1,6}", plain):
        return None
    return float(plain) or None
