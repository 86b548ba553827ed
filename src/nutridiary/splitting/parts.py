"""Entries to entries: which lines are asked about, and what becomes of the parts."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nutridiary.aliases.lookup import text_key
from nutridiary.diary.amounts import Amount, unit_and_size
from nutridiary.diary.food_text import SEVERAL_AMOUNTS, split_food
from nutridiary.diary.own_entries import HOW_MUCH
from nutridiary.diary.supplement_lines import TOLD_BY, supplement_sign
from nutridiary.splitting.joined_foods import foods_said_in_one, names_one_of
from nutridiary.splitting.judgement import Judge, judged_pieces
from nutridiary.splitting.pieces import Piece, has_joint
from nutridiary.tables import ENTRIES, RECORDED, conform
from nutridiary.units import grams, unit_kind

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

SHOWN = 40  # [characters] of a line repeated in the notes of its parts
NOT_STATED = "amount of this part not stated"
# What holds a whole plate: "a bowl of rice and lentils" is not a bowl of rice.
_FOR_ALL = ("bowl", "plate", "serving", "portion")
NO_AMOUNT = Amount()
_HOW_MUCH = HOW_MUCH + '"{}" was in the drink is not stated: write it, for example "30 ml"'
_FROM_TEXT = "amount taken from the food text"
_WRITE_FOOD = "write food in a Kind column if it is one"


@dataclass(frozen=True)
class Part:
    """One food of a line: its words, its amount, what must be said of it, and what the whole line weighs. [g]"""

    food: str
    amount: Amount
    notes: tuple[str, ...] = ()
    line_weight: float = math.nan


def split_entries(entries: pd.DataFrame, foods: FoodData, aliases: pd.DataFrame | None) -> pd.DataFrame:
    """See `nutridiary.splitting.split_lines`."""
    import pandas as pd

    entries = conform(entries, ENTRIES)
    decided = _decided(aliases)
    judges: dict[bool, Judge] = {}
    known: dict[tuple[str, Amount], list[Part]] = {}
    rows: list[dict[str, Any]] = []
    places: list[int] = []
    for place in _open_rows(entries):
        row = {str(name): value for name, value in entries.loc[place].items()}
        line, cell = _written(row)
        if not has_joint(line) or {text_key(line), text_key(str(row["food_text"]))} & decided:
            continue
        told = bool(row["kind"] == "supplement")
        if (line, cell) not in known:
            if told not in judges:
                judges[told] = Judge(foods, supplements=told)
            known[line, cell] = parts_of(line, judges[told], cell=cell)
        parts = known[line, cell]
        if told and not _is_food_and_supplement(parts):
            continue
        rows += [_entry_of(row, line, part, number) for number, part in enumerate(parts, start=1)]
        places += [place] * len(parts)
    if not rows:
        return entries
    split = conform(pd.DataFrame(rows, index=places), ENTRIES).set_index(pd.Index(places))
    joined = pd.concat([entries.drop(index=sorted(set(places))), split])
    return conform(joined.sort_index(kind="stable"), ENTRIES)


def _is_food_and_supplement(parts: list[Part]) -> bool:
    """Tell "toast and a multivitamin" from the line of a supplement: it begins with food, and holds a supplement."""
    return len(parts) > 1 and not _supplement_sign(parts[0]) and any(map(_supplement_sign, parts[1:]))


def _supplement_sign(part: Part) -> str | None:
    return supplement_sign(part.food, part.amount.text)


def _open_rows(entries: pd.DataFrame) -> list[int]:
    """Return the rows that are foods named by their text only, and have no problem but several amounts.

    A word in a line ("toast, vitamin D 1000 IU") makes all of it a supplement, so that such lines are asked about.
    """
    problem = entries["problem"].fillna("")
    by_words = (entries["kind"] == "supplement") & entries["note"].fillna("").str.contains(TOLD_BY, regex=False)
    is_open = (
        ((problem == "") | problem.str.startswith(SEVERAL_AMOUNTS))
        & ((entries["kind"].fillna("food") == "food") | by_words)
        & entries["food_text"].notna()
        & ~entries["single_food"]
        & entries[["stated_fdc_id", "stated_food_code", "brand", "part"]].isna().all(axis=1)
    )
    return entries.index[is_open].tolist()


def _decided(aliases: pd.DataFrame | None) -> set[str]:
    """Return the texts the user has said something about: they are one food, or none."""
    return set() if aliases is None else {text_key(said) for said in aliases["said"].dropna()}


def _written(row: dict[str, Any]) -> tuple[str, Amount]:
    """Return a line with the amounts in it, as written, and what its own cell says of the amount."""
    if _is_text(row["written_text"]):
        return row["written_text"].strip(), NO_AMOUNT
    line = row["food_text"].strip()
    if _is_text(row["problem"]) or not _is_text(row["amount_text"]):
        return line, NO_AMOUNT
    unit, size = unit_and_size(row["unit"] if _is_text(row["unit"]) else None)
    low, high = float(row["amount_low"]), float(row["amount_high"])
    return line, Amount(float(row["amount"]), low, high, unit=unit, text=row["amount_text"], size=size)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def parts_of(line: str, judge: Judge, *, cell: Amount = NO_AMOUNT) -> list[Part]:
    """Return the foods a line holds with their amounts; none where it is one food.

    Parameters
    ----------
    line : str
        The line as written.
    judge : Judge
    cell : Amount, optional
        What stands in the amount's own cell, and so is said of the whole line.
    """
    pieces = judged_pieces(line, judge)
    whole = cell if cell.text else _amount_of_all(pieces)
    counts_first = _counts_first(pieces, whole)
    of_first = counts_first or (bool(cell.text) and _of_first(pieces, cell))
    of_all = NO_AMOUNT if of_first else whole
    parts = [part for piece in pieces for part in _parts_of_piece(piece, whole if counts_first else of_all)]
    if len(parts) < 2:
        return []
    if of_first:
        parts[0] = Part(
            parts[0].food, whole, (f'"{_shown(whole.text)}", the amount of the line, is taken for this part',)
        )
    if cell.text and len(pieces) == 1 and _last_names_it(pieces[0]):
        of_all = NO_AMOUNT
        parts[-1] = Part(parts[-1].food, cell)
    if of_all.text:
        said, weight = f'"{_shown(of_all.text)}" is the amount of the whole line', _weight_of(of_all)
        parts = [Part(part.food, part.amount, (*part.notes, said), weight) for part in parts]
    return _without_drinks_added(parts, pieces)


def _counts_first(pieces: list[Piece], amount: Amount) -> bool:
    """Whether an amount counts the first of two foods said in one: "2 slices" of bread and butter."""
    if len(pieces) > 1 or _last_names_it(pieces[0]) or not isinstance(amount.unit, str):
        return False
    return amount.unit not in _FOR_ALL and unit_kind(amount.unit) not in ("mass", "volume", "container")


def _of_first(pieces: list[Piece], cell: Amount) -> bool:
    """Whether the amount in a cell counts the first food: "2 slices" of toast with butter, "1 mug" of coffee."""
    if len(pieces) < 2 or pieces[1].joint not in ("with", "on") or pieces[0].has_amount:
        return False
    return unit_kind(cell.unit) not in ("mass", "volume", "container") or (
        unit_kind(cell.unit) != "mass" and names_one_of(pieces[0].food, "drink")
    )


def _without_drinks_added(parts: list[Part], pieces: list[Piece]) -> list[Part]:
    """Say of milk in coffee that nobody knows how much: what is drunk of milk alone is a glass."""
    if len(parts) != len(pieces) or pieces[1].joint != "with" or not names_one_of(pieces[0].food, "drink"):
        return parts
    return [
        replace(part, amount=Amount(problem=_HOW_MUCH.format(_shown(part.food))), notes=())
        if place and part.amount.amount != part.amount.amount and names_one_of(part.food, "drink")
        else part
        for place, part in enumerate(parts)
    ]


def _weight_of(amount: Amount) -> float:
    """Return what an amount weighs, where it is a weight [g]; NaN where it is not."""
    if unit_kind(amount.unit) != "mass" or amount.unit is None or not amount.amount > 0:
        return math.nan
    return grams(amount.amount, amount.unit)


def _amount_of_all(pieces: list[Piece]) -> Amount:
    """Return the one amount that a text gives to all its foods together; none where it does not."""
    if sum(piece.has_amount for piece in pieces) != 1:
        return NO_AMOUNT
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return NO_AMOUNT if _last_names_it(first) else first.amount
    if first.has_amount and pieces[1].joint == "and":
        kind = unit_kind(first.amount.unit)
        leads = first.text.startswith(first.amount.text)
        shared = first.amount.unit in _FOR_ALL or (kind == "mass" and leads)
        return first.amount if shared and " of " in first.text else NO_AMOUNT
    if last.has_amount and last.joint in ("and", "with") and not last.text.startswith(last.amount.text):
        # The dose of a supplement is its own: "oatmeal and vitamin D 1000 IU".
        return NO_AMOUNT if supplement_sign(last.food, last.amount.text) else last.amount
    return NO_AMOUNT


def _last_names_it(piece: Piece) -> bool:
    """Whether the last of foods said in one is what the amount counts: toast in "2 slices avocado toast"."""
    return " and " not in piece.food


def _parts_of_piece(piece: Piece, of_all: Amount) -> list[Part]:
    """Return the part a piece is, or the foods it says in one; the amount is of the last, which names it."""
    foods = foods_said_in_one(piece.food)
    unknown = Part("", Amount(), (NOT_STATED,))
    parts = [Part(food, unknown.amount, unknown.notes) for food in foods]
    if piece.has_amount and piece.amount.text != of_all.text:
        notes = (piece.amount.note,) if piece.amount.note else ()
        parts[-1] = Part(foods[-1], piece.amount, notes)
    return parts


def _entry_of(row: dict[str, Any], line: str, part: Part, number: int) -> dict[str, Any]:
    """Return the entry of one part of a line."""
    notes = [_other_notes(row, line), f'part of "{_shown(line)}"', *part.notes]
    # What the diary itself says of the nutrients is of the whole line: it stands once, at the first part.
    recorded = {name: None for name in row if name.startswith(RECORDED) and number > 1}
    sign = _supplement_sign(part) if row["kind"] == "supplement" else None
    if sign:
        notes.append(f'{TOLD_BY}{sign}"')
    return (
        row
        | recorded
        | {
            "part": number,
            "kind": "supplement" if sign else "food",
            "food_text": part.food,
            "line_weight": part.line_weight,
            "amount": part.amount.amount,
            "amount_low": part.amount.low,
            "amount_high": part.amount.high,
            "unit": part.amount.counted,
            "amount_text": part.amount.text or None,
            "written_text": None,
            "problem": part.amount.problem or None,
            "note": "; ".join(note for note in notes if note),
        }
    )


def _other_notes(row: dict[str, Any], line: str) -> str:
    """Return the note of a line without what the reader said of the amounts in its text."""
    if not _is_text(row["note"]):
        return ""
    said = [_FROM_TEXT, _WRITE_FOOD, *split_food(line).note.split("; ")]
    return "; ".join(note for note in row["note"].split("; ") if note not in said and not note.startswith(TOLD_BY))


def _shown(text: str) -> str:
    """Return the beginning of a diary's text, without characters that would act on a terminal."""
    short = "".join(c if c.isprintable() else " " for c in text[:SHOWN])
    return f"{short}..." if len(text) > SHOWN else short
