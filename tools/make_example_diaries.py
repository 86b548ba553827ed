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
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

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
PERSON_COLUMNS = ("Person", "Sex", "Age", "Birth date", "Pregnant", "Lactating", "Weight", "Height", "Smoker")

INK, TEAL, PALE, LINE, GREY = "1F2933", "1F5F6B", "EAF3F4", "C9D6D8", "6B7780"
THIN = Side(style="thin", color=LINE)
DAY_LINE = Side(style="medium", color=TEAL)

# One week of a woman of 34, as she would write it: time, meal, food, amount, unit, kind, notes.
WEEK: tuple[tuple[tuple[object, ...], ...], ...] = (
    (
        ("07:15", "Breakfast", "Porridge made with semi-skimmed milk", 1, "bowl", "", "bowl holds about 300 g"),
        ("07:15", "Breakfast", "Banana", 1, "medium", "", ""),
        ("07:15", "Breakfast", "Coffee with milk", 1, "mug", "", ""),
        ("10:30", "Morning snack", "Almonds", 30, "g", "", ""),
        ("12:45", "Lunch", "Wholemeal bread", 2, "slices", "", ""),
        ("12:45", "Lunch", "Tuna, canned in water, drained", 90, "g", "", ""),
        ("12:45", "Lunch", "Mayonnaise", 1, "tbsp", "", "level"),
        ("12:45", "Lunch", "Tomato", 1, "medium", "", ""),
        ("", "Drink", "Water", 500, "ml", "water", ""),
        ("19:00", "Dinner", "Chicken breast, grilled, no skin", 150, "g", "", ""),
        ("19:00", "Dinner", "Baked potato", 1, "medium", "", ""),
        ("19:00", "Dinner", "Broccoli, steamed", 1, "cup", "", ""),
        ("21:00", "Evening snack", "Dark chocolate", 2, "squares", "", ""),
    ),
    (
        ("07:20", "Breakfast", "Greek yogurt, plain, low fat", 150, "g", "", ""),
        ("07:20", "Breakfast", "Blueberries", "1/2", "cup", "", ""),
        ("07:20", "Breakfast", "Granola", "1/4", "cup", "", ""),
        ("07:20", "Breakfast", "Orange juice", 200, "ml", "", ""),
        ("13:00", "Lunch", "Lentil soup", "1 1/2", "cups", "", ""),
        ("13:00", "Lunch", "Whole wheat roll", 1, "", "", ""),
        ("13:00", "Lunch", "Butter", 2, "tsp", "", ""),
        ("15:30", "Afternoon snack", "Apple", 1, "large", "", ""),
        ("", "Drink", "Water", 750, "ml", "water", ""),
        ("18:45", "Dinner", "Salmon fillet, baked", "5", "oz", "", ""),
        ("18:45", "Dinner", "Brown rice, cooked", 1, "cup", "", ""),
        ("18:45", "Dinner", "Spinach, cooked", "1/2", "cup", "", ""),
    ),
    (
        ("07:10", "Breakfast", "Scrambled eggs", 2, "large", "", ""),
        ("07:10", "Breakfast", "White toast", 2, "slices", "", ""),
        ("07:10", "Breakfast", "Tea with milk", 1, "mug", "", ""),
        ("11:00", "Morning snack", "Digestive biscuits", 2, "", "", ""),
        ("12:30", "Lunch", "Cheese sandwich", 1, "", "", "cheddar, brown bread"),
        ("12:30", "Lunch", "Crisps, ready salted", "1 packet (25 g)", "", "", ""),
        ("12:30", "Lunch", "Diet cola", "1 can (330 ml)", "", "", ""),
        ("", "Drink", "Water", 1, "l", "water", ""),
        ("19:15", "Dinner", "Spaghetti bolognese", "1 1/2", "cups", "", ""),
        ("19:15", "Dinner", "Parmesan, grated", 1, "tbsp", "", ""),
        ("22:40", "", "Calf cramp in bed, left leg", "", "", "note", "about 2 minutes"),
    ),
    (
        ("07:30", "Breakfast", "Corn flakes", "1 1/4", "cups", "", ""),
        ("07:30", "Breakfast", "2% milk", "3/4", "cup", "", ""),
        ("07:30", "Breakfast", "Coffee, black", 12, "fl oz", "", ""),
        ("10:45", "Morning snack", "Peanut butter", 1, "tbsp", "", ""),
        ("10:45", "Morning snack", "Celery", 2, "stalks", "", ""),
        ("13:10", "Lunch", "??", "", "", "", "at the canteen, forgot to write it down"),
        ("", "Drink", "Water", 600, "ml", "water", ""),
        ("18:30", "Dinner", "Beef chili with beans", "1-2", "cups", "", ""),
        ("18:30", "Dinner", "Corn tortilla", 2, "", "", ""),
        ("18:30", "Dinner", "Avocado", "1/2", "", "", ""),
    ),
    (
        ("07:15", "Breakfast", "Porridge made with semi-skimmed milk", 1, "bowl", "", ""),
        ("07:15", "Breakfast", "Raisins", 2, "tbsp", "", ""),
        ("07:15", "Breakfast", "Coffee with milk", 1, "mug", "", ""),
        ("08:00", "Supplement", "Vitamin D3 1000 IU", 1, "tablet", "supplement", ""),
        ("12:50", "Lunch", "Hummus", "1/4", "cup", "", ""),
        ("12:50", "Lunch", "Pita bread, whole wheat", 1, "large", "", ""),
        ("12:50", "Lunch", "Carrots, raw", "a handful", "", "", ""),
        ("", "Drink", "Water", "~800", "ml", "water", ""),
        ("20:00", "Dinner", "Pepperoni pizza", 3, "slices", "", "takeaway"),
        ("20:00", "Dinner", "Red wine", 175, "ml", "", ""),
    ),
    (
        ("09:00", "Breakfast", "Pancakes", 3, "medium", "", ""),
        ("09:00", "Breakfast", "Maple syrup", 2, "tbsp", "", ""),
        ("09:00", "Breakfast", "Strawberries", 1, "cup", "", ""),
        ("13:30", "Lunch", "Baked beans", "1 small tin (200 g)", "", "", ""),
        ("13:30", "Lunch", "White toast", 1, "slice", "", ""),
        ("16:00", "Afternoon snack", "Ice cream, vanilla", "2", "scoops", "", ""),
        ("", "Drink", "Water", 500, "ml", "water", ""),
        ("19:30", "Dinner", "Pork chop, grilled", 1, "", "", ""),
        ("19:30", "Dinner", "Mashed potatoes", "3/4", "cup", "", ""),
        ("19:30", "Dinner", "Peas, frozen, boiled", 80, "g", "", ""),
    ),
    (
        ("09:30", "Breakfast", "Bagel", 1, "", "", ""),
        ("09:30", "Breakfast", "Cream cheese", 1, "oz", "", ""),
        ("09:30", "Breakfast", "Orange", 1, "medium", "", ""),
        ("13:00", "Lunch", "Roast chicken", 120, "g", "", "thigh and breast"),
        ("13:00", "Lunch", "Roast potatoes", 150, "g", "", ""),
        ("13:00", "Lunch", "Gravy", 3, "tbsp", "", ""),
        ("13:00", "Lunch", "Green beans", "1/2", "cup", "", ""),
        ("16:30", "Afternoon snack", "Cheddar cheese", 30, "g", "", ""),
        ("", "Drink", "Water", 700, "ml", "water", ""),
        ("19:00", "Dinner", "Vegetable stir fry with tofu", 2, "cups", "", ""),
        ("19:00", "Dinner", "Rice", "", "", "", "did not measure"),
    ),
)

# What the thirty days are drawn from: meal, food, amounts and units.
PANTRY = {
    "Breakfast": (
        ("Porridge", "1 cup", "250 g"), ("Corn flakes", "1 cup", "30 g"), ("2% milk", "1/2 cup", "200 ml"),
        ("Skimmed milk", "150 ml", "1 cup"), ("Wholemeal toast", "2 slices", "1 slice"),
        ("White bread", "2 slices", "1 slice"), ("Butter", "1 tsp", "10 g"), ("Strawberry jam", "1 tbsp", "2 tsp"),
        ("Boiled egg", "1 large", "2 large"), ("Fried egg", "1", "2"), ("Bacon", "2 rashers", "30 g"),
        ("Greek yogurt", "150 g", "1/2 cup"), ("Granola", "1/2 cup", "45 g"), ("Banana", "1 medium", "1"),
        ("Blueberries", "1/2 cup", "80 g"), ("Orange juice", "200 ml", "1 cup"), ("Coffee", "1 mug", "12 fl oz"),
        ("Tea with milk", "1 mug", "250 ml"), ("Bagel", "1", "1 medium"), ("Cream cheese", "1 oz", "2 tbsp"),
        ("Muesli", "60 g", "1/2 cup"), ("Pancakes", "2 medium", "3"), ("Maple syrup", "1 tbsp", "30 ml"),
        ("Croissant", "1 medium", "1"), ("Honey", "1 tbsp", "1 tsp"),
    ),
    "Snack": (
        ("Apple", "1 medium", "1 large"), ("Almonds", "30 g", "a handful"), ("Walnuts", "1 oz", "25 g"),
        ("Dark chocolate", "20 g", "1 oz"), ("Potato crisps", "1 packet (25 g)", "25 g"),
        ("Digestive biscuits", "2", "3"), ("Carrot sticks", "1 cup", "80 g"), ("Hummus", "2 tbsp", "50 g"),
        ("Cheddar cheese", "30 g", "1 slice"), ("Grapes", "1 cup", "100 g"), ("Peanut butter", "1 tbsp", "20 g"),
        ("Popcorn", "3 cups", "20 g"), ("Pear", "1 medium", "1"), ("Cereal bar", "1 bar", "1"),
        ("Dried apricots", "5", "40 g"), ("Pretzels", "1 oz", "40 g"),
    ),
    "Lunch": (
        ("Tuna sandwich", "1", "1 sandwich"), ("Ham and cheese sandwich", "1", "1 sandwich"),
        ("Lentil soup", "1 cup", "300 ml"), ("Tomato soup", "1 bowl", "1 1/2 cups"),
        ("Caesar salad", "2 cups", "200 g"), ("Green salad", "1 cup", "100 g"), ("Olive oil", "1 tbsp", "2 tsp"),
        ("Baked beans", "200 g", "1 cup"), ("Jacket potato", "1 medium", "1 large"),
        ("Cottage cheese", "1/2 cup", "110 g"), ("Chicken wrap", "1", "1 wrap"),
        ("Vegetable soup", "1 cup", "350 g"), ("Wholemeal roll", "1", "1 medium"),
        ("Prawns, cooked", "80 g", "3 oz"), ("Quinoa, cooked", "1 cup", "150 g"),
        ("Cheeseburger", "1", "1 medium"), ("French fries", "1 small", "100 g"),
        ("Cola", "1 can (330 ml)", "12 fl oz"), ("Avocado", "1/2", "half"),
    ),
    "Dinner": (
        ("Chicken breast, grilled", "150 g", "1 medium"), ("Salmon, baked", "5 oz", "140 g"),
        ("Beef mince, cooked", "120 g", "4 oz"), ("Spaghetti, cooked", "1 1/2 cups", "200 g"),
        ("Brown rice, cooked", "1 cup", "180 g"), ("White rice", "1 cup", "3/4 cup"),
        ("Boiled potatoes", "200 g", "2 medium"), ("Mashed potatoes", "1 cup", "3/4 cup"),
        ("Broccoli, steamed", "1 cup", "90 g"), ("Green beans", "1/2 cup", "80 g"), ("Peas", "1/2 cup", "80 g"),
        ("Carrots, boiled", "1/2 cup", "75 g"), ("Spinach", "1 cup", "100 g"),
        ("Macaroni and cheese", "1 cup", "250 g"), ("Pepperoni pizza", "2 slices", "3 slices"),
        ("Beef stew", "1 cup", "1 1/2 cups"), ("Chicken curry", "1 cup", "300 g"), ("Naan bread", "1", "1 piece"),
        ("Tofu, fried", "100 g", "1/2 cup"), ("Vegetable stir fry", "1 cup", "200 g"), ("Pork chop", "1", "150 g"),
        ("Lasagne", "1 piece", "300 g"), ("Fish fingers", "4", "5"), ("Red wine", "175 ml", "1 glass"),
        ("Vanilla ice cream", "1/2 cup", "2 scoops"), ("Rice pudding", "1/2 cup", "150 g"),
        ("Cod, baked", "6 oz", "150 g"), ("Black beans", "1/2 cup", "90 g"),
    ),
}  # fmt: skip
LINES_A_DAY = (("Breakfast", 4), ("Snack", 2), ("Lunch", 4), ("Dinner", 4))
TIMES = {"Breakfast": "07:30", "Snack": "10:45", "Lunch": "12:45", "Dinner": "19:00"}


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
        date = datetime.date(2026, 3, 2) + datetime.timedelta(days=offset)
        for number, (clock, meal, food, amount, unit, kind, note) in enumerate(day):
            time = datetime.time.fromisoformat(str(clock)) if clock else None
            values = (date, time, meal, food, amount, unit, note, kind or "food")
            for column, value in enumerate(values, 1):
                sheet.cell(row, column, None if value == "" else value)
            _diary_row(sheet, row, first=number == 0)
            row += 1
    _finish_diary(sheet, row - 1)
    _person_sheet(book, ("", "female", 34, None, "no", "no", "64 kg", "168 cm", "no"), lines=3)
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
    _header(sheet, 4, PERSON_COLUMNS, (18, 12, 10, 16, 12, 12, 12, 12, 12))
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
    notes = (
        "Age in completed years, or the birth date; one of them is enough.",
        "Weight and height with their unit: 64 kg, 10 st, 140 lb; 168 cm, 5' 6\".",
    )
    for offset, note in enumerate(notes):
        cell = sheet.cell(last + 2 + offset, 1, note)
        cell.font = Font(name="Calibri", italic=True, color=GREY)
    sheet.freeze_panes = "A5"
    _print_set_up(sheet, f"A1:I{last + 3}", header=4)


def _side_sheet(book: Workbook, name: str, title: str, words: str, columns: tuple[tuple[str, int], ...]) -> None:
    """Add an empty sheet to fill in; nothing may stand below its header, where the reader looks for lines."""
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
