"""The living workbook, worked out by LibreOffice, beside what Python makes of the same diary."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from conftest import Office
from nutridiary.analysis import Analysis, analyze
from nutridiary.comparison import VERDICTS
from nutridiary.comparison.verdicts import positions, verdicts
from nutridiary.data_files import data_file
from nutridiary.nutrients import nutrient_label
from nutridiary.references import Person
from nutridiary.report.excel import to_excel
from nutridiary.report.excel.live.guard import OUTDATED
from nutridiary.report.excel.live.verdicts import CODES, verdict_formula
from nutridiary.report.excel.pointers import POINTERS
from reading import rows_below, texts
from test_whole_workbook import SHEETS as WHOLE

ANNA = Person(sex="female", age_years=34)
OPEN_LABEL = "Vitamin D3 2000 IU"
HEADER = "date,meal,food,amount,unit,fdc_id"
FEW = """
2026-03-02,Breakfast,oatmeal,240,g,
2026-03-02,Lunch,almonds,30,g,
2026-03-02,Dinner,lasagna,300,g,
2026-03-03,Breakfast,milk,250,g,
2026-03-03,Lunch,white rice,200,g,
2026-03-03,Dinner,spinach,150,g,
"""
THREE_PEOPLE = """person,date,food,amount,unit
Anna,2026-03-02,oatmeal,240,g
Anna,2026-03-03,salmon,1,fillet
"=1+1",2026-03-02,lasagna,2,pieces
"=1+1",,apple,1,medium
"O'Neil & <Co>",2026-03-02,milk,250,ml
"O'Neil & <Co>",2026-03-04,flibbertigibbet stew,1,bowl
"""
PROBLEMS = """date,food,amount,unit
2026-03-01,=cmd|' /C calc'!A0,1,cup
2026-03-01,flibbertigibbet stew,1,bowl
2026-03-02,spinach,-3,cup
2026-03-02,Magnesium 400,1,tablet
2026-03-03,salmon,150,g
2026-03-03,Magnesium,1,tablet
,apple,1,medium
31/02/2026,apple,1,medium
"""
RECORDED = """Day,Group,Food Name,Amount,Energy (kcal),Magnesium (mg),Calcium (mg)
2026-03-02,Breakfast,Oatmeal,240 g,180,60,30
2026-03-02,Lunch,Milk,250 g,120,,300
2026-03-03,Lunch,Almonds,30 g,170,80,
"""


def text(content: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / "diary.csv"
        path.write_text(content.lstrip("\n"), encoding="utf-8")
        return path

    return write


def whole(folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in WHOLE.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(folder / "whole.xlsx")
    return folder / "whole.xlsx"


DIARIES: Mapping[str, tuple[Callable[[Path], Path], dict[str, Any]]] = {
    "one day": (text(f"{HEADER}\n" + FEW.split("\n2026-03-03")[0].lstrip()), {"person": ANNA}),
    "thirty days": (lambda _: Path(str(data_file("diaries", "thirty_days.csv"))), {"person": ANNA}),
    "three people": (
        text(THREE_PEOPLE),
        {"people": {"Anna": ANNA, "=1+1": Person(sex="male", age_years=70), "O'Neil & <Co>": ANNA}},
    ),
    "recipes, labels, supplements and symptoms": (whole, {}),
    "problems": (text(PROBLEMS), {"person": ANNA}),
    "days left out": (
        text(f"{HEADER}\n" + FEW.lstrip() + "2026-03-04,Lunch,apple,1,medium,\n"),
        {"person": ANNA, "leave_out_incomplete": True},
    ),
    "values recorded": (text(RECORDED), {"person": ANNA, "values": "recorded-first"}),
    "figures of EFSA": (text(f"{HEADER}\n" + FEW.lstrip()), {"person": ANNA, "reference": "efsa"}),
    "figures for labels": (text(f"{HEADER}\n" + FEW.lstrip()), {"person": ANNA, "reference": "fda-dv"}),
}


def worked_out(office: Office, path: Path, change: Callable[[Any], None] = lambda _: None) -> Any:
    """Return a workbook as LibreOffice works it out, from formulas that carry no value."""
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    bare = path.with_name(f"bare-{path.stem}.xlsx")
    workbook.save(bare)
    return openpyxl.load_workbook(office.convert(bare, "xlsx"), data_only=True)


def is_same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float | int) and isinstance(theirs, float | int):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12)
    return (ours or None) == (theirs or None)


def shown(cell: Any) -> Any:
    """Return what a cell shows; to openpyxl a blank one shows where it leads."""
    return None if cell.hyperlink is not None and cell.value == cell.hyperlink.location else cell.value


def named(workbook: Any, name: str) -> list[Any]:
    sheet, cells = workbook.defined_names[name].attr_text.split("!")
    return [row[0] for row in workbook[sheet.strip("'")][cells.replace("$", "")]]


@pytest.mark.parametrize("diary", DIARIES)
def test_every_formula_comes_to_the_value_of_the_analysis(office: Office, tmp_path: Path, diary: str) -> None:
    make, options = DIARIES[diary]
    analysis = analyze(make(tmp_path), **options)
    path = to_excel(analysis, tmp_path / "live.xlsx", live=True)
    static = openpyxl.load_workbook(to_excel(analysis, tmp_path / "static.xlsx"))
    formulas, ours = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    theirs = worked_out(office, path)
    # A living workbook points at one sheet more, and what stands below the pointers may stand a row lower.
    pointing = {f"{sheet}: {words}" for sheet, words in POINTERS.items()}
    pointers = max(cell.row for row in static["Summary"].iter_rows() for cell in row if cell.value in pointing)
    moved = formulas["Summary"].max_row - static["Summary"].max_row
    assert moved in (0, 1)
    seen = 0
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            found = shown(theirs[sheet.title][cell.coordinate])
            expected = shown(ours[sheet.title][cell.coordinate])
            assert is_same(expected, found), (sheet.title, cell.coordinate, expected, found, cell.value)
            assert not str(found).startswith("#")
            assert all(len(words) <= 255 for words in re.findall(r'"[^"]*"', cell.value))
            is_shown = sheet.title in static.sheetnames and cell.column <= static[sheet.title].max_column
            if is_shown and sheet.title != "Entries":
                below = moved if sheet.title == "Summary" and cell.row > pointers else 0
                as_before = static[sheet.title].cell(cell.row - below, cell.column)
                assert is_same(shown(as_before), found), (sheet.title, cell.coordinate)
            seen += 1
    assert seen > 300
    assert theirs["Live"]["B2"].value is False
    for nutrient in analysis.days["nutrient"].unique():
        total = sum(cell.value for cell in named(theirs, f"entry_{nutrient}") if isinstance(cell.value, float | int))
        assert math.isclose(total, analysis.days.query("nutrient == @nutrient")["amount"].sum(), rel_tol=1e-9)


def test_a_corrected_weight_and_food_are_followed_as_if_the_diary_were_corrected(
    office: Office, tmp_path: Path
) -> None:
    before = analyze(text(f"{HEADER}\n{FEW.lstrip()}")(tmp_path), ANNA)
    spinach = int(before.entries.set_index("food_text").loc["spinach", "fdc_id"])
    corrected = FEW.replace("almonds,30,g,", "almonds,300,g,").replace("rice,200,g,", f"rice,200,g,{spinach}")
    after = analyze(text(f"{HEADER}\n{corrected.lstrip()}")(tmp_path), ANNA)
    assert after.entries.set_index("food_text").loc["white rice", "fdc_id"] == spinach
    path = to_excel(before, tmp_path / "live.xlsx", live=True)

    def change(workbook: Any) -> None:
        lines = {row["As written"].value: row for row in rows_below(workbook["Entries"], "Date")}
        lines["almonds"]["Grams"].value = 300
        lines["white rice"]["FDC id"].value = spinach

    changed = worked_out(office, path, change)
    lines = {row["As written"].value: row for row in rows_below(changed["Entries"], "Date")}
    expected_food = after.entries.set_index("food_text").loc["white rice", "food_description"]
    assert lines["white rice"]["Food it was taken for"].value == expected_food
    assert [lines[name]["Check"].value for name in ("almonds", "white rice")] == ["changed", "changed"]
    _assert_days_are_those_of(after, changed)
    _assert_means_are_those_of(after, changed)
    differs = before.comparison["verdict"] != after.comparison["verdict"]
    assert differs.any()
    summary = texts(changed["Summary"])
    assert OUTDATED in summary
    for words in (*before.comparison["reading"], *before.cautions["because"], *before.cautions["text"]):
        assert words not in summary
    for sheet in ("Foods", "Sources", "Confidence", "Ratios", "Week"):
        assert "Figures were changed" in changed[sheet]["A1"].value
    assert "Figures were changed" not in changed["References"]["A1"].value


def _assert_days_are_those_of(analysis: Analysis, workbook: Any) -> None:
    labels = {nutrient_label(name): name for name in analysis.days["nutrient"].unique()}
    days = analysis.days.set_index(["date", "nutrient"])
    seen = 0
    for row in rows_below(workbook["Daily"], "Date"):
        if row["Date"].is_date:
            for header, cell in row.items():
                nutrient = labels.get(header.rpartition(" [")[0])
                if nutrient and header.endswith("]"):
                    expected = days.loc[(pd.Timestamp(row["Date"].value), nutrient), "amount"]
                    assert is_same(None if pd.isna(expected) else float(expected), shown(cell)), header
                    seen += 1
    assert seen == len(days)


def _assert_means_are_those_of(analysis: Analysis, workbook: Any) -> None:
    rows = {row["Nutrient"].value: row for row in rows_below(workbook["Summary"], "Nutrient")}
    for expected in analysis.comparison.to_dict("records"):
        shown = rows[expected["label"]]
        mean = expected["mean_intake"]
        assert is_same("no value" if pd.isna(mean) else float(mean), shown["Mean per day"].value)
        words = shown["Verdict"].value
        if words != OUTDATED:
            assert words == VERDICTS[expected["verdict"]], expected["label"]
        for name, header in (("low", "At least"), ("high", "At most")):
            if header in shown and not pd.isna(mean):
                bound = expected[name]
                assert is_same("no bound" if pd.isna(bound) else float(bound), shown[header].value)
    follows = [row["Verdict"].value != OUTDATED for row in rows.values()]
    assert sum(follows) >= len(follows) - 2  # the UL of folate counts folic acid, which no column holds


def test_a_line_whose_weight_is_taken_away_gives_nothing_and_not_zero(office: Office, tmp_path: Path) -> None:
    analysis = analyze(text("date,food,amount,unit\n2026-03-02,almonds,30,g\n")(tmp_path), ANNA)
    path = to_excel(analysis, tmp_path / "live.xlsx", live=True)

    def change(workbook: Any) -> None:
        named(workbook, "entry_grams")[0].value = None

    changed = worked_out(office, path, change)
    assert all(cell.value in (None, "") for cell in named(changed, "entry_magnesium"))
    day = next(row for row in rows_below(changed["Daily"], "Date") if row["Date"].is_date)
    assert shown(day["Magnesium [mg]"]) in (None, "")
    magnesium = rows_below(changed["Summary"], "Nutrient")[0]
    assert magnesium["Mean per day"].value == "no value"


def test_sorting_the_lines_leaves_every_total_as_it_is(office: Office, tmp_path: Path) -> None:
    path = to_excel(analyze(text(f"{HEADER}\n{FEW.lstrip()}")(tmp_path), ANNA), tmp_path / "live.xlsx", live=True)

    def swap(workbook: Any) -> None:
        """Exchange the first and the last line, as a sort does: formulas of a row go with it."""
        grams = named(workbook, "entry_grams")
        first, last, sheet = grams[0].row, grams[-1].row, workbook["Entries"]
        for column in range(1, sheet.max_column + 1):
            one, other = sheet.cell(first, column), sheet.cell(last, column)
            one.value, other.value = moved_formula(other.value, last, first), moved_formula(one.value, first, last)

    before, after = worked_out(office, path), worked_out(office, path, swap)
    assert after["Live"]["B2"].value is False
    for row in before["Daily"].iter_rows(max_col=21):
        for cell in row:
            assert is_same(cell.value, after["Daily"][cell.coordinate].value)


def moved_formula(value: Any, row: int, to: int) -> Any:
    is_formula = isinstance(value, str) and value.startswith("=")
    return re.sub(rf"(\$[A-Z]+){row}\b", rf"\g<1>{to}", value) if is_formula else value


def test_formula_of_the_verdict_is_the_rule_of_the_comparison(office: Office, tmp_path: Path) -> None:
    chosen = random.Random(1)
    names = ("low", "high", "ul_known", "ear", "rda", "ai", "ul", "cdrr")
    levels = (None, 80.0, 100.0, 100.0 * (1 - 1e-12), 100.0 * (1 + 1e-12), 100.1, 120.0)
    cases = [{name: chosen.choice(levels) for name in names} for _ in range(400)]
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row, case in enumerate(cases, 1):
        for column, name in enumerate(names, 1):
            sheet.cell(row, column, case[name])
        cells = {name: f"{chr(64 + column)}{row}" for column, name in enumerate(names, 1)}
        is_set = any(case[name] is not None for name in ("ear", "rda", "ai"))
        sheet.cell(row, 9, "=" + verdict_formula(cells, None if is_set else "no_reference"))
    workbook.save(tmp_path / "rule.xlsx")
    shown = openpyxl.load_workbook(office.convert(tmp_path / "rule.xlsx", "xlsx"), data_only=True).worksheets[0]
    rows = pd.DataFrame(cases, dtype="float64").assign(dv=float("nan"), has_references=True)
    expected = verdicts(rows, positions(rows, rows["high"]), rows["ul_known"])
    assert [CODES[shown.cell(row, 9).value - 1] for row in range(1, len(cases) + 1)] == expected.tolist()
    assert expected.nunique() >= 10


def test_without_live_there_is_no_formula_and_no_sheet_for_them(tmp_path: Path) -> None:
    analysis = analyze(text(f"{HEADER}\n{FEW.lstrip()}")(tmp_path), ANNA)
    workbook = openpyxl.load_workbook(to_excel(analysis, tmp_path / "report.xlsx"))
    assert not {"Live", "Foods per 100 g"} & set(workbook.sheetnames)
    assert not [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_what_may_be_changed_is_blue_and_formulas_hold_no_word_of_the_diary(tmp_path: Path) -> None:
    diary = 'date,food,amount,unit\n2026-03-02,"milk ""&A1",250,g\n'
    path = to_excel(analyze(text(diary)(tmp_path), ANNA), tmp_path / "live.xlsx", live=True)
    workbook = openpyxl.load_workbook(path)
    line = rows_below(workbook["Entries"], "Date")[0]
    assert {line[name].fill.fgColor.rgb[-6:] for name in ("Grams", "FDC id")} == {"D6E9F5"}
    assert "Blue cells can be changed" in texts(workbook["Entries"])
    formulas = [cell.value for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas and not any("milk" in formula for formula in formulas)


def test_living_workbook_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    analysis = analyze(text(f"{HEADER}\n{FEW.lstrip()}")(tmp_path), ANNA)
    once, again = (to_excel(analysis, tmp_path / f"{name}.xlsx", live=True).read_bytes() for name in "ab")
    assert once == again
