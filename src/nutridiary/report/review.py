"""The workbook in which a person puts right what was made of their words.

Its sheets are read back by `nutridiary.aliases`: the names of columns and sheets are those of
`nutridiary.aliases.reviewed`. Only the blue cells are meant to be changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from nutridiary.aliases.files import read_said
from nutridiary.aliases.reviewed import (
    BRAND,
    CHOICES_SHEET,
    CUTS_SHEET,
    DECISION,
    FDC_ID,
    FOOD_CELL,
    FOODS_SHEET,
    MARK,
    NOT_A_FOOD,
    NUMBER,
    ONE_FOOD,
    OWN_GRAMS,
    RIGHT,
    SAID,
    SEVERAL,
    UNIT,
    WEIGHTS_SHEET,
    choice_text,
)
from nutridiary.errors import NutridiaryError
from nutridiary.report.excel import looks
from nutridiary.report.excel.archive import save
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.looks import Look, Palette
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import WEIGHT_METHODS, in_words, label_of
from nutridiary.report.excel.workbook import UNDATED
from nutridiary.review import how_sure

if TYPE_CHECKING:
    from nutridiary.review import Review

TO_CHECK, LEFT_OUT = "please check", "left out"
_OWN = looks.WRAPPED.but(fill=looks.ENOUGH_TINT)
_OWN_NUMBER = Look(fill=looks.ENOUGH_TINT, number="#,##0.0##", align="right")
_GRAMS = Look(number="#,##0.0")
_SHARE = Look(number='0" %"')
_QUIET = looks.WRAPPED.but(font="quiet")


class _Column(NamedTuple):
    name: str
    width: float
    look: Look
    value: Callable[[Row], Any]


def write_review(review: Review, path: str | os.PathLike[str]) -> Path:
    """Write a review as a workbook to correct.

    Parameters
    ----------
    review : nutridiary.review.Review
    path : path-like
        The workbook to write, ending in ``.xlsx``. One that holds corrections is never replaced.

    Returns
    -------
    pathlib.Path
        Where the workbook is.

    Raises
    ------
    NutridiaryError
        If the name does not end in ``.xlsx``, the file holds corrections, or it cannot be written.
    """
    target = Path(path)
    if target.suffix.casefold() != ".xlsx":
        raise NutridiaryError(f"{target}: a review is an Excel workbook. End its name in .xlsx.")
    _keep_corrections(target)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    palette = Palette(workbook)
    shown = _choice_texts(review)
    _write_foods(Page(workbook, palette, FOODS_SHEET), review, shown, target.name)
    if len(review.cuts):
        _write_cuts(Page(workbook, palette, CUTS_SHEET), review)
    _write_weights(Page(workbook, palette, WEIGHTS_SHEET), review)
    _write_choices(Page(workbook, palette, CHOICES_SHEET), review, shown)
    palette.close()
    workbook.active = 0
    properties = workbook.properties
    properties.title, properties.subject = "Review of a food diary", "Foods and weights to put right"
    properties.creator = properties.lastModifiedBy = "nutridiary"
    properties.created = properties.modified = UNDATED
    save(workbook, target, [])
    return target


def _keep_corrections(path: Path) -> None:
    """Refuse to write over a review somebody has worked in."""
    if not path.is_file():
        return
    try:
        corrections = len(read_said(path))
    except NutridiaryError as error:
        raise NutridiaryError(
            f"{path} is there already, and may hold corrections. Name another file. ({error})"
        ) from error
    if corrections:
        raise NutridiaryError(
            f"{path} holds {corrections} correction{'s' if corrections > 1 else ''}, which would be lost. Keep them "
            f"with nutridiary learn {path.name} --aliases my_aliases.csv and delete the file, or name another one."
        )


def _choice_texts(review: Review) -> dict[int, list[str]]:
    texts: dict[int, list[str]] = {}
    for row in rows_of(review.choices):
        texts.setdefault(row["number"], []).append(choice_text(row["food_description"], row["fdc_id"]))
    return texts


def _write_foods(page: Page, review: Review, choices: dict[int, list[str]], name: str) -> None:
    columns = [
        _Column(NUMBER, 6, looks.WHOLE, lambda row: row["number"]),
        _Column("Check", 13, looks.BOLD, _check),
        _Column(SAID, 30, looks.WRAPPED, lambda row: row["said"]),
        *_brand_column(review),
        _Column("Lines", 7, looks.WHOLE, lambda row: row["times"]),
        _Column(FOOD_CELL, 44, _OWN, lambda row: choices[row["number"]][0] if row["fdc_id"] is not None else None),
        _Column(DECISION, 12, _OWN, lambda row: None),
        _Column(SEVERAL, 24, _OWN, lambda row: None),
        _Column("How sure", 12, looks.TEXT, _how_sure),
        _Column("Score, 0 to 1", 8, looks.SCORE, lambda row: row["match_score"]),
        _Column(FDC_ID, 10, looks.LINK, lambda row: row["fdc_id"]),
        _Column("Could move", 9, _SHARE, lambda row: row["could_move"]),
        _Column("most in", 13, looks.WRAPPED, _nutrient),
        _Column("Weighed as", 34, looks.WRAPPED, lambda row: row["weighed_as"]),
        _Column("Grams in all", 9, looks.WHOLE, lambda row: row["gram_weight"]),
        *([_Column("Cut from", 34, _QUIET, lambda row: row["cut_from"])] if len(review.cuts) else []),
        _Column("Remark", 44, _QUIET, lambda row: row["remark"]),
    ]
    _introduce_foods(page, review, name)
    header = _write_table(page, columns, rows_of(review.foods), "review_foods", frozen_columns=3)
    last = max(page.row - 1, header + 1)
    food, decision = (_letter(columns, heading) for heading in (FOOD_CELL, DECISION))
    row = header + 1
    listed = DataValidation(
        type="list",
        # By the row's own number: the list stays right when the table is sorted.
        formula1=f"OFFSET({CHOICES_SHEET}!$D$1,$A{row},0,1,MAX(1,INDEX({CHOICES_SHEET}!$C:$C,$A{row}+1)))",
        allow_blank=True,
        showErrorMessage=False,
        showInputMessage=True,
        promptTitle="Food",
        prompt="Choose from the list, or type the FDC id of another food.",
    )
    decided = _one_of(RIGHT, NOT_A_FOOD, ONE_FOOD)
    for column, validation in ((food, listed), (decision, decided)):
        page.sheet.add_data_validation(validation)
        validation.add(f"{column}{row}:{column}{last}")
    _tint(page, columns, row, last)


def _one_of(*decisions: str) -> DataValidation:
    """Return a list of decisions to choose from."""
    return DataValidation(
        type="list",
        formula1=f'"{",".join(decisions)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=DECISION,
        error=f"Write {' or '.join(decisions)}, or leave it empty.",
    )


def _introduce_foods(page: Page, review: Review, name: str) -> None:
    texts, left_out = len(review.foods), int((review.foods["left_out"] > 0).sum())
    to_check = int((review.foods["needs_review"] & review.foods["left_out"].eq(0)).sum())
    diary = _as_argument(review.diary or "diary.xlsx")
    elsewhere = f" Lines that can only be changed in the diary: {review.elsewhere}." if review.elsewhere else ""
    page.line(f"Review of {review.diary or 'a diary'}", looks.TITLE)
    page.line(
        f"{texts} different texts in {review.lines - review.elsewhere} lines; {left_out} of them left out, "
        f"{to_check} to check.{elsewhere} Change blue cells only.",
        looks.FREE_BOLD,
    )
    page.line("Food: choose another food from the list in the cell, or type the FDC id of one. "
              'nutridiary foods "oat milk" finds ids.')  # fmt: skip
    page.line(
        f"Decision: '{RIGHT}' keeps this food for these words; '{NOT_A_FOOD}' leaves them out; '{ONE_FOOD}' is never "
        "cut. From what you do not touch nothing is learned."
    )
    page.line(f"{SEVERAL}: name them, if these words are more than one: 1 cup rice; 150 g beans")
    if len(review.cuts):
        page.line(f"Sheet {CUTS_SHEET}: lines that were taken for several foods.")
    page.line(f"Sheet {WEIGHTS_SHEET}: write there what a cup, slice or piece of yours weighs.")
    page.line(f"Then save, and: nutridiary analyze {diary} --aliases {_as_argument(name)}")
    page.line(f"To keep it for other diaries: nutridiary learn {_as_argument(name)} --aliases my_aliases.csv")
    page.line(
        "Order: what is left out; then 'Could move' times the chance that the food is wrong. Could move: the most "
        "another food of the list would change the diary's total of a core nutrient, in percent of that total.",
        looks.FREE_QUIET,
    )
    page.row += 1


def _write_cuts(page: Page, review: Review) -> None:
    """Write the texts that were cut into several foods, to be joined again or cut otherwise."""
    about = review.cuts.fillna({"brand": ""}).groupby(["said", "brand"], sort=False)
    cuts = about.agg(
        times=("times", "first"), parts=("part", "; ".join), decided_by=("decided_by", "first")
    ).reset_index()
    cuts["brand"] = cuts["brand"].replace("", None)
    columns = [
        _Column(SAID, 34, looks.WRAPPED, lambda row: row["said"]),
        *_brand_column(review),
        _Column("Lines", 7, looks.WHOLE, lambda row: row["times"]),
        _Column("Was cut into", 34, looks.WRAPPED, lambda row: row["parts"]),
        _Column("Decided by", 12, looks.TEXT, lambda row: row["decided_by"]),
        _Column(DECISION, 12, _OWN, lambda row: None),
        _Column(FOOD_CELL, 24, _OWN, lambda row: None),
        _Column(SEVERAL, 34, _OWN, lambda row: None),
    ]
    page.line(CUTS_SHEET, looks.TITLE)
    page.line(
        f"These words were taken for several foods. Decision: '{ONE_FOOD}' keeps them together, and the food that fits "
        "best is found."
    )
    page.line(f"{FOOD_CELL}: the FDC id of the one food they are. nutridiary foods finds ids.")
    page.line(
        f"{SEVERAL}: the foods they are, with ; between them: 1 cup rice; 150 g beans. The amounts are of one of it: "
        "two servings hold twice as much."
    )
    page.row += 1
    header = _write_table(page, columns, rows_of(cuts), "review_cuts", frozen_columns=1)
    decided, decision = _one_of(ONE_FOOD, NOT_A_FOOD), _letter(columns, DECISION)
    page.sheet.add_data_validation(decided)
    decided.add(f"{decision}{header + 1}:{decision}{max(page.row - 1, header + 1)}")


def _write_weights(page: Page, review: Review) -> None:
    columns = [
        _Column("Check", 13, looks.BOLD, lambda row: LEFT_OUT if row["grams_per_unit"] is None else None),
        _Column(SAID, 30, looks.WRAPPED, lambda row: row["said"]),
        *_brand_column(review),
        _Column("Food it was taken for", 34, looks.WRAPPED, lambda row: row["food_description"]),
        _Column("Lines", 7, looks.WHOLE, lambda row: row["times"]),
        _Column(UNIT, 14, looks.WRAPPED, lambda row: row["unit"]),
        _Column("Grams per unit", 9, _GRAMS, lambda row: row["grams_per_unit"]),
        _Column("low", 9, _GRAMS, lambda row: row["gram_low"]),
        _Column("high", 9, _GRAMS, lambda row: row["gram_high"]),
        _Column(OWN_GRAMS, 12, _OWN_NUMBER, lambda row: None),
        _Column("How it was weighed", 20, looks.WRAPPED, lambda row: in_words(row["weight_method"], WEIGHT_METHODS)),
        _Column("Portion used", 30, looks.WRAPPED, lambda row: row["portion"]),
        _Column("Could move", 9, _SHARE, lambda row: row["could_move"]),
        _Column("most in", 13, looks.WRAPPED, _nutrient),
        _Column("Remark", 44, _QUIET, lambda row: row["remark"]),
    ]
    page.line("Weights", looks.TITLE)
    page.line(
        f"If your {UNIT.lower()} weighs something else, write its grams in '{OWN_GRAMS}'. It then goes for every line "
        "with these words and this unit. 'each' is a number without a unit.",
    )
    page.line(
        "Order: what could not be weighed; then what low and high would change in the diary's total of a core nutrient "
        "(Could move, in percent). Lines that state a weight are not here.",
        looks.FREE_QUIET,
    )
    page.row += 1
    header = _write_table(page, columns, rows_of(review.weights), "review_weights", frozen_columns=2)
    last = max(page.row - 1, header + 1)
    own = _letter(columns, OWN_GRAMS)
    positive = DataValidation(
        type="decimal",
        operator="greaterThan",
        formula1="0",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=OWN_GRAMS,
        error="Write the grams of one unit, as a number.",
    )
    page.sheet.add_data_validation(positive)
    positive.add(f"{own}{header + 1}:{own}{last}")
    _tint(page, columns, header + 1, last)


def _write_choices(page: Page, review: Review, choices: dict[int, list[str]]) -> None:
    """Write the hidden sheet the drop-downs take their lists from."""
    page.put_row([MARK, FDC_ID, "choices", FOOD_CELL], [looks.TEXT] * 4)
    for row in rows_of(review.foods):
        texts = choices.get(row["number"], [])
        page.put_row([row["number"], row["fdc_id"], len(texts), *texts], [looks.TEXT] * (3 + len(texts)))
    page.sheet.sheet_state = "hidden"


def _write_table(page: Page, columns: Sequence[_Column], rows: Sequence[Row], name: str, *, frozen_columns: int) -> int:
    """Write a table below what is there and return the row of its header."""
    header = page.row
    page.set_widths([column.width for column in columns])
    numbers = {looks.WHOLE, looks.SCORE, _GRAMS, _SHARE, _OWN_NUMBER}
    page.put_row(
        [column.name for column in columns],
        [looks.NUMBER_HEADER if column.look in numbers else looks.HEADER for column in columns],
    )
    for row in rows:
        for place, column in enumerate(columns, 1):
            if column.name == FDC_ID:
                page.link_food(page.row, place, column.value(row))
            else:
                page.put(page.row, place, column.value(row), column.look)
        page.row += 1
    page.close_table(name, header, len(columns), frozen_columns=frozen_columns)
    return header


def _brand_column(review: Review) -> list[_Column]:
    if review.foods["brand"].isna().all():
        return []
    return [_Column(BRAND, 16, looks.WRAPPED, lambda row: row["brand"])]


def _tint(page: Page, columns: Sequence[_Column], first: int, last: int) -> None:
    """Tint the rows to look at, all but their blue cells, by the words in their column Check."""
    check = _letter(columns, "Check")
    plain = [get_column_letter(place) for place, column in enumerate(columns, 1) if not column.look.fill]
    cells = " ".join(f"{letter}{first}:{letter}{last}" for letter in plain)
    for words, tint in ((TO_CHECK, looks.BETWEEN_TINT), (LEFT_OUT, looks.LOW_TINT)):
        condition = f'ISNUMBER(SEARCH("{words}",${check}{first}))'
        rule = FormulaRule(formula=[condition], fill=PatternFill(bgColor=tint, fill_type="solid"))  # type: ignore[no-untyped-call]
        page.sheet.conditional_formatting.add(cells, rule)


def _letter(columns: Sequence[_Column], name: str) -> str:
    return get_column_letter([column.name for column in columns].index(name) + 1)


def _check(row: Row) -> str | None:
    if row["left_out"]:
        return LEFT_OUT if row["left_out"] == row["times"] else f"{row['left_out']} {LEFT_OUT}"
    return TO_CHECK if row["needs_review"] else None


def _how_sure(row: Row) -> str:
    return how_sure(row["fdc_id"], row["match_method"], row["match_score"], row["needs_review"])


def _nutrient(row: Row) -> str | None:
    return None if row["nutrient"] is None else label_of(row["nutrient"]).partition(" (")[0]


def _as_argument(name: str) -> str:
    return f'"{name}"' if " " in name else name
