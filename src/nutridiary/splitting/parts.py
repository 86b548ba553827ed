"""Entries to entries: which lines are asked about, and what becomes of the parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Any

from nutridiary.aliases.lookup import WHOLE, AliasLookup, text_key
from nutridiary.diary.amounts import Amount, unit_and_size
from nutridiary.diary.food_text import SEVERAL_AMOUNTS, split_food
from nutridiary.diary.own_entries import HOW_MUCH
from nutridiary.diary.supplement_lines import TOLD_BY, supplement_sign
from nutridiary.matching.ranking import load_index
from nutridiary.splitting.joined_foods import foods_said_in_one, names_one_of
from nutridiary.splitting.judgement import Judge, judged_pieces
from nutridiary.splitting.own_parts import COUNTED, own_parts
from nutridiary.splitting.part import NOT_STATED, Part, of_whole_line, shown, weight_of
from nutridiary.splitting.pieces import Piece, has_joint
from nutridiary.tables import ALIASES, ENTRIES, RECORDED, conform
from nutridiary.units import unit_kind

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

# What holds a whole plate: "a bowl of rice and lentils" is not a bowl of rice.
_FOR_ALL = ("bowl", "plate", "serving", "portion")
MOST_REMEMBERED = 5000  # lines
NO_AMOUNT = Amount()
_HOW_MUCH = HOW_MUCH + '"{}" was in the drink is not stated: write it, for example "30 ml"'
_FROM_TEXT = "amount taken from the food text"
_WRITE_FOOD = "write food in a Kind column if it is one"
_NONE_TAKEN = "of several amounts in one line none is taken"


def split_entries(
    entries: pd.DataFrame, foods: FoodData, aliases: pd.DataFrame | None, *, by_rule: bool = True
) -> pd.DataFrame:
    """See `nutridiary.splitting.split_lines`."""
    entries = conform(entries, ENTRIES)
    said = None if aliases is None or not len(aliases) else AliasLookup.of(conform(aliases, ALIASES))
    cut = {} if said is None else _cut_as_said(entries, said)
    if said is not None:
        entries = _kept_as_said(entries, said, cut)
    if by_rule:
        decided = _decided(aliases)
        places = [place for place in _open_rows(entries) if place not in cut]
        cut |= _cut_by_rule(entries.loc[places], foods, decided)
    return _with_parts(entries, cut)


Cut = tuple[dict[str, Any], str, Sequence[Part]]
"""A row of entries, its line as written, and the foods it holds."""


def _with_parts(entries: pd.DataFrame, cut: dict[int, Cut]) -> pd.DataFrame:
    """Return the entries with those that were cut as one entry a part."""
    import pandas as pd

    if not cut:
        return entries
    rows, places = [], []
    for place, (row, line, parts) in cut.items():
        rows += [_entry_of(row, line, part, number) for number, part in enumerate(parts, start=1)]
        places += [place] * len(parts)
    split = conform(pd.DataFrame(rows, index=places), ENTRIES).set_index(pd.Index(places))
    joined = pd.concat([entries.drop(index=list(cut)), split])
    return conform(joined.sort_index(kind="stable"), ENTRIES)


def _cut_as_said(entries: pd.DataFrame, said: AliasLookup) -> dict[int, Cut]:
    """Return the lines of which the user said what foods they hold."""
    if not any(alias.parts for alias in said.shapes.values()):
        return {}
    cut: dict[int, Cut] = {}
    eaten = _named_by_text(entries) & entries["kind"].fillna("food").isin(["food", "supplement"])
    for place in entries.index[eaten].tolist():
        row = {str(name): value for name, value in entries.loc[place].items()}
        brand = row["brand"] if _is_text(row["brand"]) else ""
        line, _ = _written(row)
        alias, amount = said.shape(row["food_text"], brand), _amount_of_line(row)
        if alias is None:
            alias, amount = said.shape(line, brand), NO_AMOUNT  # its amount is part of what was said
        if alias is not None and alias.parts:
            # Any part may be a supplement: a part is read as a line is.
            cut[place] = row | {"kind": "supplement"}, line, own_parts(alias, amount, brand, said)
    return cut


def _kept_as_said(entries: pd.DataFrame, said: AliasLookup, cut: dict[int, Cut]) -> pd.DataFrame:
    """Return the entries with the lines that the user said are one food: several amounts in them are no amount."""
    several = entries["problem"].fillna("").str.startswith(SEVERAL_AMOUNTS) & entries["food_text"].notna()
    texts = entries.loc[several, ["food_text", "brand"]].fillna("").itertuples(name=None)
    places = [place for place, text, brand in texts if place not in cut and _is_one_food(text, brand, said)]
    if not places:
        return entries
    entries = entries.copy()
    entries.loc[places, ["problem", "amount_text", "unit"]] = None
    entries.loc[places, ["amount", "amount_low", "amount_high"]] = nan
    before = entries.loc[places, "note"]
    entries.loc[places, "note"] = (before + "; " + _NONE_TAKEN).where(before.notna(), _NONE_TAKEN)
    return entries


def _is_one_food(text: str, brand: str, said: AliasLookup) -> bool:
    food, shape = said.food(text, brand), said.shape(text, brand)
    return (food is not None and not food.is_ignored) or (shape is not None and shape.decision == WHOLE)


def _cut_by_rule(entries: pd.DataFrame, foods: FoodData, decided: set[str]) -> dict[int, Cut]:
    """Return the lines that hold several foods by the rules of docs/splitting.md."""
    judges: dict[bool, Judge] = {}
    # A line may also be the name of a food that only this diary knows.
    known = load_index(foods).cuts if foods is foods.published else {}
    cut: dict[int, Cut] = {}
    texts = entries[["written_text", "food_text"]].itertuples(name=None)
    joined = {text: has_joint(text) for text in {*entries["written_text"], *entries["food_text"]} if _is_text(text)}
    for place, written, food_text in texts:
        line = written if _is_text(written) else food_text
        if not joined.get(line) or {text_key(line), text_key(food_text)} & decided:
            continue
        row = {str(name): value for name, value in entries.loc[place].items()}
        line, cell = _written(row)
        told = bool(row["kind"] == "supplement")
        asked = line, repr(cell), told  # in words: what is not known of an amount differs from itself
        if asked not in known:
            if told not in judges:
                judges[told] = Judge(foods, supplements=told)
            if len(known) >= MOST_REMEMBERED:
                known.pop(next(iter(known)), None)
            known[asked] = parts_of(line, judges[told], cell=cell)
        parts = known[asked]
        if parts and (not told or _is_food_and_supplement(parts)):
            cut[place] = row, line, parts
    return cut


def _is_food_and_supplement(parts: list[Part]) -> bool:
    """Tell "toast and a multivitamin" from the line of a supplement: it begins with food, and holds a supplement."""
    return len(parts) > 1 and not _supplement_sign(parts[0]) and any(map(_supplement_sign, parts[1:]))


def _supplement_sign(part: Part) -> str | None:
    return supplement_sign(part.food, part.amount.text)


def _named_by_text(entries: pd.DataFrame) -> pd.Series:
    """Tell the rows that are named by their text only, and have no problem but several amounts."""
    problem = entries["problem"].fillna("")
    named: pd.Series = (
        ((problem == "") | problem.str.startswith(SEVERAL_AMOUNTS))
        & entries["food_text"].notna()
        & entries[["stated_fdc_id", "stated_food_code", "part"]].isna().all(axis=1)
    )
    return named


def _open_rows(entries: pd.DataFrame) -> list[int]:
    """Return the rows that are foods named by their text only.

    A word in a line ("toast, vitamin D 1000 IU") makes all of it a supplement, so that such lines are asked about.
    """
    by_words = (entries["kind"] == "supplement") & entries["note"].fillna("").str.contains(TOLD_BY, regex=False)
    is_open = (
        _named_by_text(entries)
        & ((entries["kind"].fillna("food") == "food") | by_words)
        & ~entries["single_food"]
        & entries[["brand", "barcode"]].isna().all(axis=1)
    )
    return entries.index[is_open].tolist()


def _decided(aliases: pd.DataFrame | None) -> set[str]:
    """Return the texts the user has said something about: they are one food, or none."""
    return set() if aliases is None else {text_key(said) for said in aliases["said"].dropna()}


def _written(row: dict[str, Any]) -> tuple[str, Amount]:
    """Return a line with the amounts in it, as written, and what its own cell says of the amount."""
    if _is_text(row["written_text"]):
        return row["written_text"].strip(), NO_AMOUNT
    return row["food_text"].strip(), _amount_in_cell(row)


def _amount_of_line(row: dict[str, Any]) -> Amount:
    """Return what a line says of the amount of all of it, in its text or in its own cell."""
    amount = _amount_in_cell(row)
    # Of a line with a supplement in it, an amount that is no number of things is the dose.
    is_dose = row["kind"] == "supplement" and unit_kind(amount.unit) not in COUNTED
    return NO_AMOUNT if is_dose else amount


def _amount_in_cell(row: dict[str, Any]) -> Amount:
    if _is_text(row["problem"]) or not _is_text(row["amount_text"]):
        return NO_AMOUNT
    unit, size = unit_and_size(row["unit"] if _is_text(row["unit"]) else None)
    low, high = float(row["amount_low"]), float(row["amount_high"])
    return Amount(float(row["amount"]), low, high, unit=unit, text=row["amount_text"], size=size)


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
            parts[0].food, whole, (f'"{shown(whole.text)}", the amount of the line, is taken for this part',)
        )
    if cell.text and len(pieces) == 1 and _last_names_it(pieces[0]):
        of_all = NO_AMOUNT
        parts[-1] = Part(parts[-1].food, cell)
    if of_all.text:
        said, weight = of_whole_line(of_all), weight_of(of_all)
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
        replace(part, amount=Amount(problem=_HOW_MUCH.format(shown(part.food))), notes=())
        if place and part.amount.amount != part.amount.amount and names_one_of(part.food, "drink")
        else part
        for place, part in enumerate(parts)
    ]


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
    notes = [_other_notes(row, line), f'part of "{shown(line)}"', *part.notes]
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
