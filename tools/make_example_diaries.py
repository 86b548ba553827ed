"""Write the example diaries and the empty template of data/diaries/, byte for byte the same each time.

python tools/make_example_diaries.py [folder]
"""

from __future__ import annotations

import csv
import datetime
import io
import random
import re
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from example_days import LINES_A_DAY, PANTRY, SYMPTOMS, TIMES, WEEK

FOLDER = Path(__file__).resolve().parents[1] / "data" / "diaries"
MADE = datetime.datetime(2026, 3, 1)
COLUMNS = ("Date", "Time", "Meal", "Food", "Amount", "Unit", "Notes", "Kind", "Brand", "FDC id", "Food code")
WIDTHS = (18, 9, 18, 42, 16, 13, 36, 13, 14, 11, 13)
MEALS = ("Breakfast", "Morning snack", "Lunch", "Afternoon snack", "Dinner", "Evening snack", "Drink")
KINDS = ("food", "water", "supplement", "symptom", "exercise", "note")
# The sheets beside the diary: name, title, what to write in it, its columns with their widths.
SIDE_SHEETS = (
    (
        "Supplements",
        "What your supplements hold",
        "A line per nutrient, as the label says. Per: what the amount is of, 1 tablet or 2 capsules.",
        (("Product", 34), ("Brand", 16), ("Per", 14), ("Nutrient", 22), ("Amount", 12), ("Unit", 10), ("Notes", 36)),
    ),
    (
        "Recipes",
        "Your own dishes",
        "A line per ingredient. Say what it makes or weighs when ready; call it the same in the diary.",
        (("Recipe", 28), ("Ingredient", 34), ("Amount", 12), ("Unit", 10), ("Servings", 10),
         ("Cooked weight (g)", 18), ("Yield (%)", 11), ("Cooking", 16), ("Notes", 30)),
    ),
    (
        "Custom foods",
        "Foods as their labels say",
        "A line per food, values of one serving. Leave empty what the label does not say; add columns as you need.",
        (("Food", 34), ("Brand", 16), ("Serving", 18), ("Calories (kcal)", 15), ("Protein (g)", 12),
         ("Carbohydrate (g)", 17), ("Fiber (g)", 10), ("Sugars (g)", 11), ("Fat (g)", 9), ("Saturated fat (g)", 16),
         ("Sodium (mg)", 13), ("Potassium (mg)", 15), ("Calcium (mg)", 13), ("Magnesium (mg)", 16), ("Iron (mg)", 10),
         ("Vitamin D (mcg)", 16), ("Vitamin B12 (mcg)", 18)),
    ),
    (
        "Symptoms",
        "What you felt",
        "A line each time. Severity from 0 (none) to 10 (worst); duration with its unit: 10 min, 1 h.",
        (("Date", 18), ("Time", 9), ("Symptom", 34), ("Severity", 11), ("Duration", 12), ("Notes", 36), ("Person", 14)),
    ),
    (
        "Not a food day",
        "Days to leave out",
        "Days that were not as usual, or not written down. A day on each line, or several: 3-5 March 2026.",
        (("Date", 24), ("Reason", 44), ("Person", 14)),
    ),
)  # fmt: skip
PERSON_COLUMNS = (
    *("Person", "Sex", "Age", "Birth date", "Pregnant", "Lactating"),
    *("Weight", "Height", "Smoker", "Activity", "Conditions"),
)
PERSON_WIDTHS = (18, 12, 10, 16, 12, 12, 12, 12, 12, 15, 34)
ACTIVITIES = ("inactive", "low active", "active", "very active")
FIRST_DAY = datetime.date(2026, 3, 2)

INK, TEAL, PALE, LINE, GREY = "1F2933", "1F5F6B", "EAF3F4", "C9D6D8", "6B7780"
THIN = Side(style="thin", color=LINE)
DAY_LINE = Side(style="medium", color=TEAL)


def main(folder: Path = FOLDER) -> None:
    """Write the three files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    _save(_example(), folder / "example.xlsx")
    _save(_template(), folder / "template.xlsx")
    _thirty_days(folder / "thirty_days.csv")


def _example() -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = "Diary"
    _title(
        sheet,
        "Food diary",
        "An invented week, to show how a diary may be written. Every line is read; not every line can be counted.",
    )
    _header(sheet, 4, COLUMNS, WIDTHS)
    row = 5
    for offset, day in enumerate(WEEK):
        date = FIRST_DAY + datetime.timedelta(days=offset)
        for number, (clock, meal, food, amount, unit, kind, note) in enumerate(day):
            time = datetime.time.fromisoformat(str(clock)) if clock else None
            values = (date, time, meal, food, amount, unit, note, kind or "food")
            for column, value in enumerate(values, 1):
                sheet.cell(row, column, None if value == "" else value)
            _diary_row(sheet, row, first=number == 0)
            row += 1
    _finish_diary(sheet, row - 1)
    _person_sheet(book, ("", "female", 34, None, "no", "no", "64 kg", "168 cm", "no", "low active", ""), lines=3)
    felt = next(side_sheet for side_sheet in SIDE_SHEETS if side_sheet[0] == "Symptoms")
    lines = [
        (FIRST_DAY + datetime.timedelta(days=day), datetime.time.fromisoformat(clock), *said)
        for day, clock, *said in SYMPTOMS
    ]
    _side_sheet(book, *felt, filled=lines)
    return book


def _template() -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = "Diary"
    _title(
        sheet,
        "Food diary",
        "One food on each line. A date stays in force until the next one. The sheet How to explains each column.",
    )
    _header(sheet, 4, COLUMNS, WIDTHS)
    for row in range(5, 305):
        _diary_row(sheet, row, first=row == 5)
    _finish_diary(sheet, 304)
    _person_sheet(book, None, lines=12)
    for side_sheet in SIDE_SHEETS:
        _side_sheet(book, *side_sheet)
    _how_to_sheet(book)
    return book


def _title(sheet: Worksheet, title: str, words: str) -> None:
    sheet["A1"] = title
    sheet["A1"].font = Font(name="Calibri", size=20, bold=True, color=TEAL)
    sheet["A2"] = words
    sheet["A2"].font = Font(name="Calibri", size=11, color=GREY)
    sheet.row_dimensions[1].height = 30
    sheet.row_dimensions[3].height = 8
    sheet.sheet_view.showGridLines = False


def _header(sheet: Worksheet, row: int, columns: tuple[str, ...], widths: tuple[int, ...]) -> None:
    for column, (name, width) in enumerate(zip(columns, widths, strict=True), 1):
        cell = sheet.cell(row, column, name)
        cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=TEAL)
        cell.alignment = Alignment(vertical="center", horizontal="left", indent=1)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.row_dimensions[row].height = 24


def _diary_row(sheet: Worksheet, row: int, *, first: bool) -> None:
    """Style one line; a line above the first of a day keeps the days apart."""
    top = DAY_LINE if first else THIN
    for column in range(1, len(COLUMNS) + 1):
        cell = sheet.cell(row, column)
        cell.font = Font(name="Calibri", color=INK if column != 7 else GREY)
        cell.border = Border(top=top, bottom=THIN)
        cell.alignment = Alignment(vertical="center", horizontal="left", indent=1, wrap_text=column in (4, 7))
    sheet.row_dimensions[row].height = 18
    sheet.cell(row, 1).number_format = "ddd d mmm yyyy"
    sheet.cell(row, 2).number_format = "hh:mm"
    # Text, so that the spreadsheet does not make a date of "1/2" or "1-2".
    sheet.cell(row, 5).number_format = "@" if not isinstance(sheet.cell(row, 5).value, int) else "General"
    if first:
        for column in (1, 4):
            sheet.cell(row, column).font = Font(name="Calibri", bold=column == 1, color=INK)


def _finish_diary(sheet: Worksheet, last: int) -> None:
    sheet.freeze_panes = "A5"
    sheet.auto_filter.ref = f"A4:K{last}"
    _drop_down(sheet, f"H5:H{last}", KINDS, "Kind of entry", "Leave it empty for food.")
    _drop_down(sheet, f"C5:C{last}", MEALS, "Meal", "Choose one, or write your own.")
    _print_set_up(sheet, f"A1:K{last}", header=4)


def _drop_down(sheet: Worksheet, cells: str, choices: tuple[str, ...], title: str, words: str) -> None:
    choice = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    choice.promptTitle, choice.prompt = title, words
    choice.showErrorMessage = False  # the list helps; other words are welcome
    choice.showInputMessage = True
    choice.add(cells)
    sheet.add_data_validation(choice)


def _print_set_up(sheet: Worksheet, area: str, header: int) -> None:
    sheet.print_area = area
    sheet.print_title_rows = f"{header}:{header}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.center.text = "Page &P of &N"


def _person_sheet(book: Workbook, person: tuple[object, ...] | None, lines: int) -> None:
    sheet = book.create_sheet("Person")
    words = "Reference intakes depend on sex and age. Leave Person empty if the diary is of one person."
    _title(sheet, "Who ate", words)
    _header(sheet, 4, PERSON_COLUMNS, PERSON_WIDTHS)
    for row in range(5, 5 + lines):
        for column in range(1, len(PERSON_COLUMNS) + 1):
            cell = sheet.cell(row, column)
            cell.font = Font(name="Calibri", color=INK)
            cell.border = Border(top=THIN, bottom=THIN)
            cell.alignment = Alignment(vertical="center", horizontal="left", indent=1)
        sheet.cell(row, 4).number_format = "d mmm yyyy"
        sheet.row_dimensions[row].height = 18
    for column, value in enumerate(person or (), 1):
        sheet.cell(5, column, None if value == "" else value)
    last = 4 + lines
    _drop_down(sheet, f"B5:B{last}", ("female", "male"), "Sex", "As the reference intakes are divided.")
    for column, title in (("E", "Pregnant"), ("F", "Lactating"), ("I", "Smoker")):
        _drop_down(sheet, f"{column}5:{column}{last}", ("yes", "no"), title, "Leave it empty if it does not apply.")
    activity = "Energy needs depend on it; no reference value does."
    _drop_down(sheet, f"J5:J{last}", ACTIVITIES, "Activity", activity)
    notes = (
        "Age in completed years, or the birth date; one of them is enough.",
        "Weight and height with their unit: 64 kg, 10 st, 140 lb; 168 cm, 5' 6\".",
        "Conditions: what some figures of EFSA and the harmonized ones depend on: phytate 600 mg/d; premenopausal.",
    )
    for offset, note in enumerate(notes):
        cell = sheet.cell(last + 2 + offset, 1, note)
        cell.font = Font(name="Calibri", italic=True, color=GREY)
    sheet.freeze_panes = "A5"
    _print_set_up(sheet, f"A1:K{last + 4}", header=4)


def _side_sheet(
    book: Workbook,
    name: str,
    title: str,
    words: str,
    columns: tuple[tuple[str, int], ...],
    filled: Sequence[Sequence[object]] = (),
) -> None:
    """Add a sheet to fill in; but for its lines nothing may stand below its header, where the reader looks for them."""
    sheet = book.create_sheet(name)
    _title(sheet, title, words)
    headings, widths = zip(*columns, strict=True)
    _header(sheet, 4, headings, widths)
    last = 54
    # Text, so that the spreadsheet does not make a date of "1/2" or "3-5 March".
    day = "@" if name == "Not a food day" else "ddd d mmm yyyy"
    formats = {"Date": day, "Time": "hh:mm", "Amount": "@"}
    for row in range(5, last + 1):
        for column, heading in enumerate(headings, 1):
            cell = sheet.cell(row, column)
            cell.font = Font(name="Calibri", color=INK)
            cell.border = Border(top=THIN, bottom=THIN)
            cell.alignment = Alignment(vertical="center", horizontal="left", indent=1)
            cell.number_format = formats.get(heading, "General")
        sheet.row_dimensions[row].height = 18
    for row, values in enumerate(filled, 5):
        for column, value in enumerate(values, 1):
            sheet.cell(row, column, None if value == "" else value)
    sheet.freeze_panes = "A5"
    _print_set_up(sheet, f"A1:{sheet.cell(1, len(columns)).column_letter}{last}", header=4)


def _how_to_sheet(book: Workbook) -> None:
    sheet = book.create_sheet("How to")
    _title(
        sheet,
        "How to fill in the diary",
        "Write as you speak. What cannot be read is listed with its reason and never guessed.",
    )
    _header(sheet, 4, ("Column", "What to write", "For example"), (16, 74, 42))
    lines = (
        ("Date", "The day it was eaten. It stays in force until the next date.", "2 Mar 2026"),
        ("Time", "Time of day, if you like.", "7:30"),
        ("Meal", "Choose one from the list or write your own.", "Breakfast"),
        (
            "Food",
            "One food or dish, with what changes it: cooked or raw, fat content, in oil or water.",
            "Chicken breast, grilled, no skin",
        ),
        (
            "Amount",
            "A number, a fraction, a range. Weighing is best, household measures are fine.",
            "1 1/2    ½    1-2    2 x 30 g",
        ),
        (
            "Unit",
            "g, ml, oz, cup, tbsp, tsp, slice, piece, small, medium, large, can ... Empty for a plain count.",
            "g",
        ),
        ("Notes", "Anything. It is kept and never counted.", "left half of it"),
        ("Kind", "Empty for food. water, supplement, symptom, exercise, or note for what is no food.", "water"),
        ("Brand", "The brand, if it matters.", "Weetabix"),
        ("FDC id", "If you know the food's number in FoodData Central, it decides.", "171077"),
        ("Food code", "If you know the 8-digit FNDDS food code, it decides.", "11112110"),
    )
    for row, line in enumerate(lines, 5):
        for column, value in enumerate(line, 1):
            cell = sheet.cell(row, column, value)
            cell.font = Font(name="Calibri", bold=column == 1, italic=column == 3, color=INK if column != 3 else TEAL)
            cell.border = Border(bottom=THIN)
            cell.alignment = Alignment(vertical="center", horizontal="left", indent=1, wrap_text=True)
        sheet.row_dimensions[row].height = 22
    tips = (
        "A cup is the US cup (237 ml), a pint 473 ml, a fluid ounce 29.6 ml. There is also: metric cup, imperial pint.",
        "If a packet says the weight, write it: 1 can (330 ml), 1 bar (40 g). The weight in brackets is used.",
        "If you do not know how much, leave the amount empty. It is not taken for 1 or for 100 g.",
        "Two foods on one line cannot always be told apart: better write two lines.",
        "The other sheets (Supplements, Recipes, Custom foods, Symptoms, Not a food day) may stay empty.",
    )
    for offset, tip in enumerate(tips):
        cell = sheet.cell(6 + len(lines) + offset, 1, f"•  {tip}")
        cell.font = Font(name="Calibri", color=GREY)
    _print_set_up(sheet, f"A1:C{5 + len(lines) + len(tips)}", header=4)


def _thirty_days(path: Path) -> None:
    """Write 450 lines over 30 days, one of them water each day."""
    draw = random.Random(20260401)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("Date", "Time", "Meal", "Food", "Amount", "Unit", "Kind"))
        for offset in range(30):
            date = datetime.date(2026, 4, 1) + datetime.timedelta(days=offset)
            for meal, count in LINES_A_DAY:
                for food, *amounts in draw.sample(PANTRY[meal], count):
                    table.writerow((date, TIMES[meal], meal, food, draw.choice(amounts), "", "food"))
            table.writerow((date, "", "Drink", "Water", draw.choice((500, 750, 1000, 1250)), "ml", "water"))


def _save(book: Workbook, path: Path) -> None:
    """Save a workbook without the time of saving in it."""
    book.properties.creator, book.properties.title = "nutridiary", "Food diary"
    book.properties.created = MADE
    raw = io.BytesIO()
    book.save(raw)
    moment = MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + moment, content)
            part = zipfile.ZipInfo(name, MADE.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(part, content)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
