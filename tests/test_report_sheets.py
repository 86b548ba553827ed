"""The sheets that are there only where a diary has more than foods: supplements, recorded values, own foods, files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import openpyxl
import pandas as pd
import pytest

from conftest import MakeReport
from hand_made import ANNA, BEN, LABEL, MILK, Line, analysis_of, two_days
from nutridiary.analysis import Analysis
from nutridiary.foods import load_foods
from nutridiary.own_foods import build_own_foods
from nutridiary.portions import without_unit_weights
from nutridiary.report import summary_html
from nutridiary.report.terminal_summary import print_summary
from nutridiary.tables import (
    FILES_READ,
    LEFT_ASIDE,
    OWN_FOODS,
    RECIPE_LINES,
    RECORDED_DIFFERENCES,
    SUPPLEMENT_PRODUCTS,
    conform,
)
from reading import person_rows, rows_below, texts

TABLET = Line(kind="supplement", text="Mag 200", amount_text="1 tablet", holds={"magnesium": 200.0, "zinc": 10.0})
OPEN = Line(kind="supplement", text="Iron", amount_text="1 tablet", holds={"iron": float("nan")}, note="which iron?")
WITHOUT_DOSE = Line(
    kind="supplement", text="Multi", amount_text="1 pill", problem="what it holds is not known: write its dose"
)


def opened(report: MakeReport, analysis: Analysis) -> Any:
    return openpyxl.load_workbook(report(analysis))


def headers(sheet: Any, first: str) -> list[str]:
    return [cell for cell in rows_below(sheet, first)[0] if cell is not None]


# Supplements ----------------------------------------------------------------------------------------------------------


def test_diary_of_foods_alone_has_no_sheet_and_no_column_for_anything_else(report: MakeReport) -> None:
    workbook = opened(report, analysis_of(two_days()))
    assert not {"Supplements", "Recorded values", "Own foods", "Files"} & set(workbook.sheetnames)
    assert "From supplements" not in person_rows(workbook["Summary"])[0]
    assert not [name for name in headers(workbook["Daily"], "Date") if "supplements" in name]
    assert "What it is" not in headers(workbook["Foods"], "Food")


def test_summary_shows_what_food_and_what_supplements_gave_beside_the_mean(report: MakeReport) -> None:
    rows = person_rows(opened(report, analysis_of([*two_days()[:3], TABLET]))["Summary"])
    by_name = {row["Nutrient"].value: row for row in rows}
    of_food = (27 + 60 + 4 * 27) / 2
    parts = ("Mean per day", "From food", "From supplements")
    assert [by_name["Magnesium"][part].value for part in parts] == pytest.approx([of_food + 100, of_food, 100])
    assert by_name["Potassium"]["From supplements"].value is None
    assert by_name["Zinc"]["From food"].value == "no value"
    assert "supplements and medicines only, which gave 100 mg a day" in by_name["Magnesium"]["Note"].value


@pytest.mark.parametrize(
    ("lines", "food_sign", "supplement_sign"),
    [
        ([Line(holds=MILK)], "", ""),
        ([Line(holds={"calcium": 1.0})], "≥", ""),
        ([Line(holds=MILK), Line(problem="no amount")], "≥", ""),
        ([Line(holds=MILK), WITHOUT_DOSE], "", "≥"),
        ([Line(holds=MILK), replace(OPEN, holds={"magnesium": float("nan")})], "", "≥"),
    ],
)
def test_at_least_stands_at_the_part_of_the_mean_that_misses_a_line(
    report: MakeReport, lines: list[Line], food_sign: str, supplement_sign: str
) -> None:
    some_food = Line(holds=MILK)
    row = person_rows(opened(report, analysis_of([some_food, *lines, TABLET]))["Summary"])[0]
    for name, sign in (("From food", food_sign), ("From supplements", supplement_sign)):
        assert ("≥" in row[name].number_format) == bool(sign)


def test_summary_counts_supplements_among_the_lines(report: MakeReport) -> None:
    sheet = opened(report, analysis_of([*two_days(), TABLET, WITHOUT_DOSE]))["Summary"]
    facts = {str(row[0].value).strip(): row[1].value for row in sheet.iter_rows(min_row=4, max_row=16)}
    assert (facts["Lines counted"], facts["of these supplements"], facts["Lines left out"]) == (4, 1, 2)
    assert "Supplements: 1 of 2 lines counted" in texts(sheet)


def test_daily_shows_the_parts_of_nutrients_that_a_supplement_gave(report: MakeReport) -> None:
    sheet = opened(report, analysis_of([*two_days()[:3], TABLET]))["Daily"]
    names = headers(sheet, "Date")
    place = names.index("Magnesium [mg]")
    assert names[place : place + 4] == [
        "Magnesium [mg]",
        "Magnesium [mg] from food",
        "Magnesium [mg] from supplements",
        "Potassium [mg]",
    ]
    days = [row for row in rows_below(sheet, "Date") if row["Date"].is_date]
    assert [[row[name].value for name in names[place : place + 3]] for row in days] == [
        pytest.approx([287, 87, 200]),
        [pytest.approx(108), pytest.approx(108), None],
    ]
    rules = {str(found.sqref) for found in sheet.conditional_formatting}
    assert {cells.rstrip("0123456789").split(":")[0][0] for cells in rules} >= {"D", "G"}  # totals, not their parts
    assert not [cells for cells in rules if cells[0] in "EF"]


def test_supplements_sheet_shows_each_dose_with_where_it_was_read(report: MakeReport) -> None:
    sheet = opened(report, analysis_of([*two_days(), TABLET, OPEN, WITHOUT_DOSE]))["Supplements"]
    rows = rows_below(sheet, "As written")
    shown = [
        [row[name].value for name in ("As written", "Taken, as written", "Nutrient", "Dose", "Unit")] for row in rows
    ]
    assert shown == [
        ["Mag 200", "1 tablet", "Magnesium", 200, "mg"],
        ["Mag 200", "1 tablet", "Zinc", 10, "mg"],
        ["Iron", "1 tablet", "Iron", "not known", "mg"],
        ["Multi", "1 pill", None, None, None],
    ]
    assert [row["Check"].value for row in rows] == [None, None, "dose not known", "left out"]
    assert rows[0]["Where the dose was read"].value == LABEL
    remarks = [row["Note, or why it was left out, and what to do"].value for row in rows]
    assert remarks[2:] == ["which iron?", WITHOUT_DOSE.problem]


def test_supplements_sheet_shows_between_which_amounts_an_open_dose_lies(report: MakeReport) -> None:
    analysis = analysis_of([Line(kind="supplement", holds=dict.fromkeys(("iron", "zinc", "magnesium"), 1.0))])
    doses = analysis.doses.set_index("nutrient").loc[["magnesium", "zinc", "iron"]].reset_index()
    doses = doses.assign(
        amount=float("nan"), amount_low=[241.2, 30.0, 0.0], amount_high=[400.0, float("nan"), float("nan")]
    )
    sheet = opened(report, replace(analysis, doses=doses))["Supplements"]
    shown = [row["Between"].value for row in rows_below(sheet, "As written")]
    assert shown == ["241 mg to 400 mg", "at least 30.0 mg", "nothing bounds it"]


def test_products_of_the_diary_stand_below_with_how_often_they_were_taken(report: MakeReport) -> None:
    place = {"source": "d.xlsx:Supplements", "per_amount": 2.0, "per_unit": "tablet"}
    products = pd.DataFrame(
        [
            {**place, "product": "Night Mag", "nutrient": "magnesium", "amount": 200.0, "unit": "mg", "line": 2},
            {**place, "product": "Sun D", "as_written": "lots", "problem": 'cannot read the amount "lots"', "line": 3},
        ]
    )
    analysis = analysis_of([TABLET, TABLET])
    taken = analysis.doses.assign(value_from="your Supplements sheet (d.xlsx:Supplements:2)")
    analysis = replace(analysis, doses=taken, products=conform(products, SUPPLEMENT_PRODUCTS))
    mag, sun = rows_below(opened(report, analysis)["Supplements"], "Product")
    assert [mag[name].value for name in ("Per", "Unit of it", "Holds", "Lines that take it")] == [2, "tablet", 200, 2]
    assert (sun["Check"].value, sun["Lines that take it"].value) == ("not read", 0)
    assert sun["Note, or why it could not be read"].value == 'cannot read the amount "lots"'


def test_several_people_keep_the_columns_of_the_supplements_sheet_in_line(report: MakeReport) -> None:
    product = pd.DataFrame([{"product": "Mag", "source": "d.xlsx:S", "line": 2}])
    analysis = analysis_of([replace(TABLET, person="Ben"), replace(TABLET, person="Anna")], {"Anna": ANNA, "Ben": BEN})
    sheet = opened(report, replace(analysis, products=conform(product, SUPPLEMENT_PRODUCTS)))["Supplements"]
    assert [row["Person"].value for row in rows_below(sheet, "Person")] == ["Ben", "Ben", "Anna", "Anna"]
    assert rows_below(sheet, "Product")[0]["Product"].column == rows_below(sheet, "As written")[0]["As written"].column


def test_counted_supplement_stands_in_entries_without_a_food(report: MakeReport) -> None:
    row = rows_below(opened(report, analysis_of([TABLET]))["Entries"], "Date")[0]
    assert row["Food it was taken for"].value == "a supplement: see the sheet Supplements"
    assert (row["FDC id"].value, row["Grams"].value) == (None, None)


def test_foods_shows_each_supplement_apart_without_grams_or_link(report: MakeReport) -> None:
    other = replace(TABLET, text="Mag 300", holds={"magnesium": 300.0})
    rows = rows_below(opened(report, analysis_of([Line(holds=MILK), TABLET, other]))["Foods"], "Food")
    shown = [(row["Food"].value, row["What it is"].value, row["Magnesium [mg]"].value) for row in rows]
    assert sorted(shown[1:]) == [("Mag 200", "supplement", 200), ("Mag 300", "supplement", 300)]
    assert shown[0] == ("Milk, reduced fat (2%)", "food", 27)
    for row in rows[1:]:
        assert (row["FDC id"].value, row["Grams"].value, row["Potassium [mg]"].value) == (None, None, None)


# Recorded values ------------------------------------------------------------------------------------------------------


def differences() -> pd.DataFrame:
    day = {"date": pd.Timestamp(2026, 3, 2), "lines": 2, "lines_ours_only": 1, "lines_recorded_only": 3}
    rows = [
        {**day, "nutrient": "zinc", "unit": "mg", "ours": 5.0, "recorded": 5.1, "percent": -2.0, "differs": False},
        {**day, "nutrient": "magnesium", "unit": "mg", "ours": 150.0, "recorded": 100.0, "percent": 50.0,
         "differs": True, "most_from": "=shake"},
        {**day, "nutrient": "iron", "unit": "mg", "differs": False, "lines": 0},
    ]  # fmt: skip
    return conform(pd.DataFrame(rows), RECORDED_DIFFERENCES)


def test_recorded_values_shows_both_sides_and_marks_what_differs(report: MakeReport) -> None:
    sheet = opened(report, replace(analysis_of(two_days()), differences=differences()))["Recorded values"]
    magnesium, zinc, iron = rows_below(sheet, "Date")
    assert [magnesium[name].value for name in ("Ours", "The diary's own", "Ours above or below [%]")] == [150, 100, 50]
    assert (magnesium["Check"].value, magnesium["The line that makes most of it"].value) == ("differs", "=shake")
    assert (zinc["Check"].value, zinc["Lines only ours"].value, zinc["Lines only the diary's"].value) == (None, 1, 3)
    assert (iron["Ours"].value, iron["The diary's own"].value) == ("no line", "no line")
    assert "1 of 2 day totals differ by more than 20 %" in texts(sheet)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("ours", "In this report count ours"),
        ("recorded", "count the diary's own only"),
        ("recorded-first", "count the diary's own, and ours where it has none"),
    ],
)
def test_recorded_values_and_about_say_which_of_them_count(report: MakeReport, values: str, words: str) -> None:
    analysis = replace(analysis_of(two_days(), settings={"nutrient values": values}), differences=differences())
    workbook = opened(report, analysis)
    for name in ("Recorded values", "About"):
        assert words in texts(workbook[name])
        assert "--values" in texts(workbook[name])
    assert (f"--values {values}" in texts(workbook["Entries"])) == (values != "ours")


def test_line_counted_by_its_own_values_says_so_and_has_no_weight(report: MakeReport) -> None:
    analysis = analysis_of([Line(holds=MILK)])
    nothing = dict.fromkeys(("fdc_id", "food_description", "data_type", "gram_weight", "weight_method", "portion"))
    given = analysis.contributions.assign(fdc_id=pd.NA, gram_weight=float("nan"), food_description="milk")
    analysis = replace(analysis, entries=analysis.entries.assign(**nothing), contributions=given)
    workbook = opened(report, analysis)
    match = rows_below(workbook["Entries"], "Date")[0]
    assert match["Food it was taken for"].value == "no food of ours: counted by the diary's own values"
    food = rows_below(workbook["Foods"], "Food")[0]
    assert [food[name].value for name in ("Food", "What it is", "Grams")] == ["milk", "in the diary only", None]


# Own foods ------------------------------------------------------------------------------------------------------------


def own_food_analysis() -> Analysis:
    label = {"name": "Bar", "per_amount": 1.0, "per_unit": "bar", "source": "d.xlsx:Custom foods", "line": 2}
    labels = [
        {
            **label,
            "serving_grams": 40.0,
            "nutrient": "energy",
            "amount": 180.0,
            "unit": "kcal",
            "as_written": "180 kcal",
        },
        {**label, "name": "Drops", "nutrient": "zinc", "amount": 5.0, "unit": "mg", "as_written": "5 mg", "line": 3},
    ]
    recipe = {"recipe": "Shake", "amount": 100.0, "unit": "g", "servings": 2.0, "source": "d.xlsx:Recipes"}
    lines = [
        {**recipe, "ingredient": "milk, whole", "line": 2},
        {**recipe, "ingredient": "xqzzy wvut", "line": 3},
    ]
    own = build_own_foods(
        conform(pd.DataFrame(lines), RECIPE_LINES), conform(pd.DataFrame(labels), OWN_FOODS), load_foods()
    )
    bar = Line(text="bar", food="Bar", fdc_id=-1, grams=40, holds={"energy": 180.0})
    drops = Line(text="drops", food="Drops", fdc_id=-2, grams=100, holds={"zinc": 5.0})
    analysis = analysis_of([bar, drops])
    # As weighing words it: what a cup of the drops weighs is on no label.
    portions = analysis.entries["portion"].mask(analysis.entries["fdc_id"].eq(-2), "1 cup")
    entries = without_unit_weights(analysis.entries.assign(data_type="own_food", portion=portions), own.foods)
    contributions = without_unit_weights(analysis.contributions, own.foods)
    return replace(analysis, entries=entries, contributions=contributions, own_foods=own)


def test_own_foods_shows_what_labels_and_recipes_come_to(report: MakeReport) -> None:
    sheet = opened(report, own_food_analysis())["Own foods"]
    foods = {row["Food"].value: row for row in rows_below(sheet, "Food")}
    assert [foods[name]["What it is"].value for name in ("Bar", "Shake")] == ["from its label", "recipe"]
    assert [foods[name]["Lines that eat it"].value for name in ("Bar", "Drops", "Shake")] == [1, 1, 0]
    assert "xqzzy wvut" in foods["Shake"]["What is missing or wrong"].value
    milk, unknown = rows_below(sheet, "Recipe")
    assert (milk["Grams"].value, milk["FDC id"].hyperlink is not None) == (100, True)
    assert (unknown["Check"].value, unknown["Grams"].value) == ("left out", None)
    values = {
        (row[0].value, row[2].value): row for row in sheet.iter_rows() if row[4].value is not None and row[3].value
    }
    assert [cell.value for cell in values["Bar", "Energy"][4:6]] == [180, 450]  # 180 kcal in 40 g
    assert [cell.value for cell in values["Drops", "Zinc"][4:6]] == [5, "no value"]
    assert "≥" in values["Shake", "Calcium"][4].number_format  # an ingredient is missing


def test_own_foods_shows_the_whole_of_a_recipe_that_says_no_servings(report: MakeReport) -> None:
    line = {"recipe": "Jug", "ingredient": "milk, whole", "amount": 500.0, "unit": "g", "cooked_grams": 400.0}
    nothing = conform(pd.DataFrame(), OWN_FOODS)
    own = build_own_foods(
        conform(pd.DataFrame([line | {"source": "d.xlsx:R", "line": 2}]), RECIPE_LINES), nothing, load_foods()
    )
    sheet = opened(report, replace(analysis_of([Line(holds=MILK)]), own_foods=own))["Own foods"]
    whole, part = next(row[4:6] for row in sheet.iter_rows() if row[2].value == "Calcium")
    assert whole.number_format.endswith('" in all"') and "≥" not in whole.number_format
    assert whole.value == pytest.approx(4 * part.value)  # 400 g when ready


def test_own_foods_have_no_link_and_no_weight_where_their_label_gives_none(report: MakeReport) -> None:
    workbook = opened(report, own_food_analysis())
    bar, drops = rows_below(workbook["Entries"], "Date")
    assert {row["Data type"].value for row in (bar, drops)} == {"your own food"}
    assert not any(row["FDC id"].hyperlink or row["FDC id"].value for row in (bar, drops))
    assert (bar["Grams"].value, bar["Portion used"].value) == (40, "1 cup = 40 g")
    assert (drops["Grams"].value, drops["Portion used"].value) == (None, "1 cup")
    foods = {row["Food"].value: row for row in rows_below(workbook["Foods"], "Food")}
    assert (foods["Bar"]["Grams"].value, foods["Drops"]["Grams"].value) == (40, None)
    assert foods["Drops"]["What it is"].value == "your own food"


# Files ----------------------------------------------------------------------------------------------------------------


def test_files_shows_what_each_was_read_as_and_every_row_left_aside(report: MakeReport) -> None:
    files = [
        {"source": "c.csv", "format": "cronometer", "rows": 99, "entries": 98, "left_aside": 1, "note": "no year"},
        {"source": "d.xlsx:Recipes", "format": "recipes", "rows": 3, "entries": 2},
        {"source": "d.xlsx:Pantry", "rows": 3, "entries": 0, "left_aside": 3},
    ]
    aside = [
        {"source": "c.csv", "line": 1, "text": "=Day, Time", "reason": "the header"},
        {"source": "d.xlsx:Pantry", "text": "Pantry", "reason": "no column for the food"},
    ]
    analysis = replace(
        analysis_of(two_days()),
        files=conform(pd.DataFrame(files), FILES_READ),
        left_aside=conform(pd.DataFrame(aside), LEFT_ASIDE),
    )
    sheet = opened(report, analysis)["Files"]
    rows = rows_below(sheet, "File, and sheet")
    assert [row["Read as"].value for row in rows] == [
        "Cronometer, servings and the files beside them",
        "recipes",
        "no line of a diary found in it",
    ]
    counts = [[row[name].value for name in ("Rows", "Entries", "Rows left aside")] for row in rows]
    assert counts == [[99, 98, 1], [3, 2, 0], [3, 0, 3]]
    below = [[cell.value for cell in row[:4]] for row in sheet.iter_rows(min_row=10)]
    assert ["c.csv", 1, "=Day, Time", "the header"] in below
    assert ["d.xlsx:Pantry", "all", "Pantry", "no column for the food"] in below


# Lines left out -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "problem", "what_to_do"),
    [
        ("note", "a note, not a food", "Nothing: a note is not eaten."),
        ("exercise", "exercise, not a food", "Nothing: exercise is not eaten."),
        ("symptom", "a symptom, not a food", "Nothing: a symptom is not eaten."),
        ("total", "totals of the day", "Nothing, if the foods it is of are in the diary."),
        ("supplement", "not known: write its dose", "Until then what it holds is in no figure of this report."),
        ("food", "the same line as in a.csv, row 2: counted there", "Nothing: it is counted once."),
        ("food", "no food found", "Correct the line in the diary"),
    ],
)
def test_problems_says_what_to_do_for_each_kind(report: MakeReport, kind: str, problem: str, what_to_do: str) -> None:
    row = rows_below(opened(report, analysis_of([Line(kind=kind, problem=problem)]))["Problems"], "Source")[0]
    assert what_to_do in row["What to do"].value


def test_summary_counts_lines_that_stand_in_two_files_apart(report: MakeReport) -> None:
    twin = Line(problem="the same line as in a.csv, row 2: counted there")
    sheet = opened(report, analysis_of([Line(holds=MILK), twin, Line(problem="no food found")]))["Summary"]
    facts = {str(row[0].value).strip(): row[1].value for row in sheet.iter_rows(min_row=4, max_row=14)}
    assert (facts["Lines left out"], facts["of these counted elsewhere"]) == (2, 1)


# At a terminal, in a notebook -----------------------------------------------------------------------------------------


def test_summaries_name_supplements_counted_values_and_differences(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [*two_days(), TABLET, WITHOUT_DOSE, Line(kind="exercise", problem="exercise, not a food")]
    analysis = analysis_of(lines, settings={"nutrient values": "recorded-first"})
    analysis = replace(analysis, differences=differences())
    print_summary(analysis)
    printed = " ".join(capsys.readouterr().out.split())
    assert "Lines read: 7. Foods counted: 3, 0 of them to be confirmed; supplements: 1; left out: 3 (1 of" in printed
    for shown in (printed, summary_html(analysis).replace("&gt;", ">")):
        assert "Supplements: 1 of 2 lines counted" in shown
        assert "Values recorded in the diary count first" in shown
        assert "1 of 2 day totals differ from the diary's own by more than 20 %" in shown.replace("&#x27;", "'")


def test_summaries_of_foods_alone_say_nothing_of_supplements_or_recorded_values() -> None:
    shown = summary_html(analysis_of(two_days()))
    assert "upplement" not in shown.replace("supplements and medicines", "")
    assert "differ" not in shown
