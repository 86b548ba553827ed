"""The review workbook as the person who corrects it meets it, and what becomes of the corrections."""

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from nutridiary import NutridiaryError, analyze, load_foods
from nutridiary.aliases import load_aliases
from nutridiary.analysis import prepare, weighed_entries
from nutridiary.cli import main
from nutridiary.data_files import data_file
from nutridiary.errors import AliasError
from nutridiary.nutrients import core_nutrients
from nutridiary.review import review, review_prepared

OATMEAL = 2708489  # FNDDS 2021-2023: oats, raw
DIARY = """Date,Food,Amount,Unit,FDC id
2026-03-01,2% milk,1,cup,
2026-03-01,porridge,1,bowl,
2026-03-01,porridge,2,bowl,
2026-03-01,butter,1,knob,
2026-03-01,apple,1,large,
2026-03-02,2%  Milk,2,cup,
2026-03-02,"Porridge ",1,cup,
2026-03-02,green beans,1,cup,
2026-03-02,qwzxv blorptang,1,cup,
2026-03-02,banana,2,,
2026-03-02,Banana,118,g,
2026-03-03,my breakfast,200,g,173944
2026-03-03,coffee,two or more,cup,
2026-03-03,apple,1,small,
"""


@pytest.fixture
def diary(tmp_path):
    path = tmp_path / "diary.csv"
    path.write_text(DIARY, encoding="utf-8")
    return path


@pytest.fixture
def reviewed(diary):
    """Write the review of the diary and return its path."""
    return review(diary).to_excel(diary.with_name("review.xlsx"))


def sheet_rows(path, sheet):
    """The table of a sheet as dicts of cells by column name, in the order of the sheet."""
    book = openpyxl.load_workbook(path)
    rows = list(book[sheet].iter_rows())
    header = next(row for row in rows if "As written" in [cell.value for cell in row])
    names = [cell.value for cell in header]
    return book, [dict(zip(names, row, strict=True)) for row in rows[rows.index(header) + 1 :]]


def change(path, sheet, text, column, value, *, unit=None):
    """Change one cell as a person would, in the row of a text."""
    book, rows = sheet_rows(path, sheet)
    found = [r for r in rows if r["As written"].value == text and (unit is None or r["Unit"].value == unit)]
    assert len(found) == 1, [r["As written"].value for r in rows]
    found[0][column].value = value
    book.save(path)


def foods_of(path):
    return {row["As written"].value: row for row in sheet_rows(path, "Foods")[1]}


def test_review_has_one_row_for_each_different_text_with_its_lines(reviewed):
    rows = foods_of(reviewed)
    assert {text: row["Lines"].value for text, row in rows.items()} == {
        "qwzxv blorptang": 1,
        "butter": 1,
        "2% milk": 2,
        "porridge": 3,
        "green beans": 1,
        "apple": 2,
        "banana": 2,
    }
    milk = rows["2% milk"]
    assert milk["Food"].value == f"Milk, reduced fat (2%) [{milk['FDC id'].value}]"
    assert str(milk["FDC id"].value) in milk["FDC id"].hyperlink.target
    assert milk["Weighed as"].value == "1 cup = 244 g (food portion)"
    assert milk["Grams in all"].value == 732
    assert rows["green beans"]["Check"].value == "please check"
    assert rows["qwzxv blorptang"]["Check"].value == "left out"
    assert rows["qwzxv blorptang"]["Food"].value is None
    assert rows["qwzxv blorptang"]["How sure"].value == "no food found"


def test_review_counts_the_lines_only_the_diary_can_change(diary):
    found = review(diary)
    # "my breakfast" gives an FDC id itself; the amount of the coffee cannot be read.
    assert (found.lines, found.elsewhere) == (14, 2)


def test_review_puts_what_is_left_out_first_and_orders_the_rest_by_what_is_at_stake(diary):
    foods = review(diary).foods
    assert foods["number"].tolist() == list(range(1, len(foods) + 1))
    lost = foods["left_out"] > 0
    assert lost.tolist() == sorted(lost, reverse=True)
    at_stake = (foods["could_move"].fillna(0) * (1 - foods["match_score"]))[~lost]
    assert at_stake.tolist() == sorted(at_stake, reverse=True)


def test_could_move_is_the_largest_change_of_a_total_any_choice_makes(diary):
    """Put each alternative of one text into the diary, and see what becomes of the totals."""
    found = review(diary)
    row = found.foods.set_index("said").loc["2% milk"]
    foods, core = load_foods(), core_nutrients()
    choices = found.choices.loc[found.choices["number"] == row["number"], "fdc_id"].tolist()
    assert choices[0] == row["fdc_id"]
    assert len(choices) == 5

    # The same grams for each: the alternatives are compared as foods, not as portions.
    path = diary.with_name("grams.csv")
    path.write_text(DIARY.replace("2% milk,1,cup", "2% milk,244,g").replace("2%  Milk,2,cup", "2%  Milk,488,g"))

    def totals(fdc_id):
        own = diary.with_name("one.csv")
        own.write_text(f"said,fdc_id\n2% milk,{fdc_id}\n")
        entries = weighed_entries(path, aliases=[own])
        eaten = entries.loc[entries["problem"].isna(), ["fdc_id", "gram_weight"]].values.tolist()
        content = foods.composition([food for food, _ in eaten], core)
        return {n: sum(grams * content[n].fillna(0)[food] for food, grams in eaten) for n in core}

    base, *others = map(totals, choices)
    moved = {n: max(abs(other[n] - base[n]) for other in others) / base[n] * 100 for n in core}
    assert row["could_move"] == pytest.approx(max(moved.values()), rel=1e-6)
    assert row["nutrient"] == max(moved, key=moved.get)


def test_food_cell_has_a_list_of_the_food_and_four_others_that_survives_sorting(reviewed):
    book = openpyxl.load_workbook(reviewed)
    sheet = book["Foods"]
    by_type = {v.formula1: v for v in sheet.data_validations.dataValidation}
    listed = next(v for formula, v in by_type.items() if formula.startswith("OFFSET(Choices!"))
    # A list by the row's own number, not by its place; and any other id may be typed.
    assert "$A" in listed.formula1
    assert not listed.showErrorMessage
    assert '"right,not a food,one food"' in by_type
    assert book["Choices"].sheet_state == "hidden"
    for row in foods_of(reviewed).values():
        hidden = [cell.value for cell in book["Choices"][row["No."].value + 1]]
        assert hidden[0] == row["No."].value
        shown = [text for text in hidden[3:] if text is not None]
        assert len(shown) == hidden[2]
        if row["Food"].value is not None:
            assert shown[0] == row["Food"].value
            assert len(set(shown)) == 5


def test_unchanged_review_teaches_nothing(diary, reviewed):
    assert load_aliases(reviewed).empty
    pd.testing.assert_frame_equal(weighed_entries(diary, aliases=[reviewed]), weighed_entries(diary))


def test_corrections_change_exactly_their_lines_everywhere_and_the_report_says_so(diary, reviewed, tmp_path):
    before = analyze(diary)
    other = sheet_rows(reviewed, "Foods")[0]["Choices"]
    number = foods_of(reviewed)["2% milk"]["No."].value
    chosen = other.cell(row=number + 1, column=6).value  # the third of the list
    change(reviewed, "Foods", "2% milk", "Food", chosen)
    change(reviewed, "Foods", "porridge", "Food", OATMEAL)  # an id of one's own
    change(reviewed, "Weights", "butter", "Your grams per unit", 8)

    after = analyze(diary, aliases=[reviewed])
    differ = (before.entries.astype("str").fillna("") != after.entries.astype("str").fillna("")).any(axis=1)
    assert after.entries.loc[differ, "line"].tolist() == [2, 3, 4, 5, 7, 8]
    changed = after.entries[differ].set_index("line")
    butter = before.entries.set_index("line")["fdc_id"][5]
    milk = int(chosen.rpartition("[")[2].rstrip("]"))
    assert changed["fdc_id"].to_dict() == {2: milk, 3: OATMEAL, 4: OATMEAL, 5: butter, 7: milk, 8: OATMEAL}
    assert changed.loc[[2, 3, 4, 7, 8], "match_method"].eq("user_alias").all()
    assert changed.loc[5, ["gram_weight", "weight_method"]].tolist() == [8.0, "alias_portion"]
    assert not changed["problem"].loc[[2, 5, 7, 8]].notna().any()
    assert "your alias" in changed.loc[7, "note"]
    assert "review.xlsx:Foods:" in changed.loc[7, "note"]
    assert "your weight: 1 knob = 8 g" in changed.loc[5, "note"]

    report = openpyxl.load_workbook(after.to_excel(tmp_path / "report.xlsx"))
    about = " ".join(str(cell.value) for row in report["About"].iter_rows() for cell in row)
    assert "review.xlsx (sha256 " in about
    assert '"2% milk" is ' in about
    assert '"butter": 1 knob = 8 g (1 line)' in about
    matches = " ".join(str(cell.value) for row in report["Entries"].iter_rows() for cell in row)
    assert matches.count("your alias") == sum("your alias" in str(note) for note in changed["note"])
    assert "your own weight" in matches


def test_learned_corrections_give_the_same_as_the_review_in_any_diary(diary, reviewed, tmp_path):
    change(reviewed, "Foods", "porridge", "Food", f"Oatmeal [{OATMEAL}]")
    change(reviewed, "Foods", "qwzxv blorptang", "Decision", "not a food")
    change(reviewed, "Foods", "green beans", "Decision", "right")
    change(reviewed, "Weights", "porridge", "Your grams per unit", 300, unit="cup")
    kept = tmp_path / "mine.csv"
    result = CliRunner().invoke(main, ["learn", str(reviewed), "--aliases", str(kept)])
    assert result.exit_code == 0, result.output
    assert "Learned: 4 new, 0 changed" in result.output
    from_review = weighed_entries(diary, aliases=[reviewed])
    from_file = weighed_entries(diary, aliases=[kept])
    columns = from_file.columns.difference(["note", "problem"])
    pd.testing.assert_frame_equal(from_file[columns], from_review[columns])
    assert not from_file.loc[from_file["food_text"] == "green beans", "needs_review"].any()
    other = tmp_path / "other.csv"
    other.write_text("Date,Food,Amount,Unit\n2026-05-01,PORRIDGE,1,cup\n")
    assert weighed_entries(other, aliases=[kept])[["fdc_id", "gram_weight"]].values.tolist() == [[OATMEAL, 300.0]]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"Food": "oat milk"}, ["names no FDC id", "oat milk", 'nutridiary foods "oat milk"']),
        ({"Food": None}, ["the food was deleted", "not a food"]),
        ({"Decision": "perhaps"}, ["'perhaps'", "right, not a food or one food"]),
        ({"Decision": "not a food", "Food": "Oatmeal [2708489]"}, ["not a food", "Keep one of the two"]),
        ({"FDC id": 173944, "Food": "Oatmeal [2708489]"}, ["173944", "2708489", "Keep one of the two"]),
        ({"As written": None, "Food": "Oatmeal [2708489]"}, ["said is empty"]),
    ],
)
def test_corrections_that_cannot_be_read_are_named_with_their_row(reviewed, cells, words):
    place = foods_of(reviewed)["2% milk"]["Food"].row
    for column, value in cells.items():
        book, rows = sheet_rows(reviewed, "Foods")
        next(row for row in rows if row["Food"].row == place)[column].value = value
        book.save(reviewed)
    with pytest.raises(AliasError) as error:
        load_aliases(reviewed)
    assert f"review.xlsx:Foods:{place}: " in str(error.value)
    assert all(word in str(error.value) for word in words), error.value


@pytest.mark.parametrize("value", ["heavy", -3, 0])
def test_weight_that_cannot_be_read_is_named_with_its_row(reviewed, value):
    change(reviewed, "Weights", "butter", "Your grams per unit", value)
    with pytest.raises(AliasError, match=r"review\.xlsx:Weights:\d+: .*(weight|0 g)"):
        load_aliases(reviewed)


def test_formula_without_a_value_is_no_silent_nothing(reviewed):
    change(reviewed, "Weights", "butter", "Your grams per unit", "=16/2")
    with pytest.raises(AliasError, match=r"review\.xlsx:Weights:\d+: a formula has no saved value"):
        load_aliases(reviewed)


def test_right_without_a_food_is_an_error(reviewed):
    change(reviewed, "Foods", "qwzxv blorptang", "Decision", "right")
    with pytest.raises(AliasError, match="no food is chosen"):
        load_aliases(reviewed)


def test_id_typed_over_the_link_counts_as_the_food(reviewed):
    change(reviewed, "Foods", "porridge", "FDC id", OATMEAL)
    assert load_aliases(reviewed)["fdc_id"].tolist() == [OATMEAL]


def test_sorted_review_still_says_the_same(reviewed):
    change(reviewed, "Foods", "porridge", "Food", OATMEAL)
    book, rows = sheet_rows(reviewed, "Foods")
    values = [[cell.value for cell in row.values()] for row in rows]
    for row, new in zip(rows, reversed(values), strict=True):
        for cell, value in zip(row.values(), new, strict=True):
            cell.value = value
    book.save(reviewed)
    assert load_aliases(reviewed)[["said", "fdc_id"]].values.tolist() == [["porridge", OATMEAL]]


def test_review_without_its_sheets_says_what_is_gone(reviewed):
    book = openpyxl.load_workbook(reviewed)
    del book["Weights"]
    book.save(reviewed)
    with pytest.raises(AliasError, match="the sheet Weights is gone"):
        load_aliases(reviewed)


def test_review_with_corrections_is_never_overwritten(diary, reviewed):
    review(diary).to_excel(reviewed)  # nothing in it would be lost
    change(reviewed, "Foods", "porridge", "Food", OATMEAL)
    before = reviewed.read_bytes()
    with pytest.raises(NutridiaryError, match="holds 1 correction"):
        review(diary).to_excel(reviewed)
    other = diary.with_suffix(".xlsx")
    other.write_bytes(data_file("diaries", "example.xlsx").read_bytes())
    with pytest.raises(NutridiaryError, match="is there already"):
        review(diary).to_excel(other)
    assert reviewed.read_bytes() == before


def test_texts_like_formulas_and_escapes_stay_text_and_come_back_as_written(tmp_path):
    texts = ['=HYPERLINK("http://x.example")', "+1 banana", "@SUM(A1)", "_x0041_ milk", "-toast", "<b>&amp;"]
    path = tmp_path / "d.csv"
    pd.DataFrame({"Date": "2026-03-01", "Food": texts, "Amount": 100, "Unit": "g"}).to_csv(path, index=False)
    target = review(path).to_excel(tmp_path / "r.xlsx")
    book, rows = sheet_rows(target, "Foods")
    assert {row["As written"].data_type for row in rows} == {"s"}
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    for row in rows:
        row["Food"].value = OATMEAL
    book.save(target)
    found = weighed_entries(path, aliases=[target])
    assert found["fdc_id"].tolist() == [OATMEAL] * len(texts)


def test_aliases_in_use_show_in_the_next_review(diary, tmp_path):
    kept = tmp_path / "mine.csv"
    kept.write_text(f"said,fdc_id,decision\nporridge,{OATMEAL},\nqwzxv blorptang,,ignore\n")
    rows = foods_of(review(diary, aliases=[kept]).to_excel(tmp_path / "r.xlsx"))
    assert rows["porridge"]["How sure"].value == "your alias"
    assert "qwzxv blorptang" not in rows


def test_brands_keep_texts_apart(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("Date,Food,Brand,Amount,Unit\n2026-03-01,yogurt,A,100,g\n2026-03-01,yogurt,B,100,g\n")
    target = review(path).to_excel(tmp_path / "r.xlsx")
    book, rows = sheet_rows(target, "Foods")
    next(row for row in rows if row["Brand"].value == "B")["Food"].value = OATMEAL
    book.save(target)
    assert weighed_entries(path, aliases=[target])["match_method"].eq("user_alias").tolist() == [False, True]


def test_same_diary_gives_the_same_review_byte_for_byte_and_for_its_owner_only(diary, tmp_path):
    paths = [tmp_path / folder / "review.xlsx" for folder in ("one", "two")]
    for path in paths:
        path.parent.mkdir()
        review(diary).to_excel(path)
    assert paths[0].stat().st_mode & 0o077 == 0
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_empty_diary_gives_an_empty_review(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("Date,Food,Amount,Unit\n2026-03-01,,1,cup\n")
    found = review(path)
    assert (len(found.foods), found.lines, found.elsewhere) == (0, 1, 1)
    assert load_aliases(found.to_excel(tmp_path / "r.xlsx")).empty


def test_review_opens_in_libreoffice_with_lists_tints_and_corrections(reviewed, office):
    change(reviewed, "Foods", "porridge", "Food", OATMEAL)
    book, rows = sheet_rows(reviewed, "Foods")
    formula = next(v.formula1 for v in book["Foods"].data_validations.dataValidation if v.formula1.startswith("OFFSET"))
    # What the list of the last row shows second, asked of the same formula in a cell.
    last, first = rows[-1]["Food"].row, rows[0]["Food"].row
    book["Foods"]["AA1"] = "=INDEX(" + formula.replace(f"$A{first}", f"$A{last}") + ",1,2)"
    expected = book["Choices"].cell(row=rows[-1]["No."].value + 1, column=5).value
    book.save(reviewed)
    again = openpyxl.load_workbook(office.convert(reviewed, "xlsx"), data_only=True)
    assert again["Foods"]["AA1"].value == expected
    lists = [v for v in again["Foods"].data_validations.dataValidation if "OFFSET" in str(v.formula1)]
    assert sum(len(list(v.cells)) for v in lists) >= 1
    assert again["Choices"].sheet_state == "hidden"
    assert len(again["Foods"].conditional_formatting) >= 1
    converted = reviewed.with_name("converted.xlsx")
    again.save(converted)
    assert load_aliases(converted)[["said", "fdc_id"]].values.tolist() == [["porridge", OATMEAL]]


def run(*words, status=0):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == status, result.output
    return result


def test_commands_review_analyze_check_entries_and_learn_work_together(diary, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "Different texts: 7; 2 left out" in run("review", diary).stdout
    reviewed = tmp_path / "review.xlsx"
    change(reviewed, "Foods", "qwzxv blorptang", "Decision", "not a food")
    assert "blorptang" in run("check", diary, status=1).stdout
    assert "blorptang" not in run("check", diary, "--aliases", reviewed, status=1).stdout
    assert "your alias" in run("entries", diary, "--aliases", reviewed, "--csv").stdout
    run("analyze", diary, "--aliases", reviewed, "--csv")
    assert "a file of aliases" in run("analyze", diary, "--aliases", reviewed, "-o", reviewed, status=2).stderr
    assert "the diary itself" in run("review", diary, "-o", diary, status=2).stderr
    message = run("check", diary, "--aliases", tmp_path / "nothing.csv", status=2).stderr
    assert "nothing.csv" in message
    assert len(message.splitlines()) == 1


def test_foods_of_one_line_are_reviewed_apart_unless_an_alias_names_the_line(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("Date,Food\n2026-03-01,2 eggs and 3 rashers of bacon\n2026-03-01,toast with butter\n")
    assert set(review(path).foods["said"]) == {"eggs", "bacon", "toast", "butter"}
    # Unsplit, the first line has several amounts and no one food: its reader can say which foods, or that it is one.
    whole = review(path, split=False).foods.set_index("said")
    assert whole["left_out"].to_dict() == {"2 eggs and 3 rashers of bacon": 1, "toast with butter": 0}
    kept = tmp_path / "mine.csv"
    kept.write_text(f"said,fdc_id\ntoast with butter,{OATMEAL}\n")
    assert set(review(path, aliases=[kept]).foods["said"]) == {"eggs", "bacon", "toast with butter"}


CUT = """Date,Food,Amount,Unit
2026-03-01,toast with butter,,
2026-03-01,toast with butter,,
2026-03-02,macaroni and cheese,2,serving
2026-03-02,2 eggs and 3 rashers of bacon,,
2026-03-02,butter,10,g
2026-03-02,waffle with butter,,
"""


@pytest.fixture
def cut(tmp_path):
    """Write a diary with lines of several foods and its review; return both."""
    path = tmp_path / "cut.csv"
    path.write_text(CUT, encoding="utf-8")
    return path, review(path).to_excel(tmp_path / "cut_review.xlsx")


def test_review_says_which_line_a_food_was_cut_from_and_lists_what_was_cut(cut):
    found = review(cut[0])
    whole = found.foods.set_index("said")["cut_from"].fillna("")
    assert whole.to_dict() == {
        "toast": "toast with butter",
        "butter": "toast with butter",
        "eggs": "2 eggs and 3 rashers of bacon",
        "bacon": "2 eggs and 3 rashers of bacon",
        "waffle": "waffle with butter",
        "macaroni and cheese": "",
    }
    numbers = found.foods.set_index("said")["number"]
    assert found.cuts[["said", "times", "part", "number", "decided_by"]].values.tolist() == [
        ["toast with butter", 2, "toast", numbers["toast"], "rule"],
        ["toast with butter", 2, "butter", numbers["butter"], "rule"],
        ["2 eggs and 3 rashers of bacon", 1, "eggs", numbers["eggs"], "rule"],
        ["2 eggs and 3 rashers of bacon", 1, "bacon", numbers["bacon"], "rule"],
        ["waffle with butter", 1, "waffle", numbers["waffle"], "rule"],
        ["waffle with butter", 1, "butter", numbers["butter"], "rule"],
    ]
    rows = {row["As written"].value: row for row in sheet_rows(cut[1], "Cut lines")[1]}
    assert {text: row["Was cut into"].value for text, row in rows.items()} == {
        "toast with butter": "toast; butter",
        "2 eggs and 3 rashers of bacon": "eggs; bacon",
        "waffle with butter": "waffle; butter",
    }
    assert rows["toast with butter"]["Lines"].value == 2
    assert foods_of(cut[1])["toast"]["Cut from"].value == "toast with butter"


def test_lines_are_joined_and_cut_as_the_reviewed_workbook_says(cut):
    diary, reviewed = cut
    change(reviewed, "Cut lines", "toast with butter", "Decision", "one food")
    change(reviewed, "Cut lines", "2 eggs and 3 rashers of bacon", "Several foods", "2 eggs; 30 g bacon; 1 tsp oil")
    change(reviewed, "Foods", "macaroni and cheese", "Several foods", "100 g macaroni ; 50 g cheese")
    found = weighed_entries(diary, aliases=[reviewed])
    parts = found[["line", "food_text", "gram_weight"]].assign(part=found["part"].fillna(0))
    assert parts.loc[parts["line"] <= 3, ["food_text", "part"]].values.tolist() == [["toast with butter", 0]] * 2
    assert found["note"].str.contains(r"one food, as your alias says \(cut_review.xlsx:Cut lines:\d+\)").sum() == 2
    assert parts.loc[parts["line"] == 4].values.tolist()[0] == [4, "macaroni", 200.0, 1]
    assert parts.loc[parts["line"] == 4].values.tolist()[1] == [4, "cheese", 100.0, 2]
    assert parts.loc[parts["line"] == 5, "food_text"].tolist() == ["eggs", "bacon", "oil"]
    assert parts.loc[parts["line"] == 5, "gram_weight"].tolist()[1] == 30.0
    again = review(diary, aliases=[reviewed]).cuts.set_index("said")["decided_by"]
    assert set(again["macaroni and cheese"]) == set(again["2 eggs and 3 rashers of bacon"]) == {"your alias"}


@pytest.mark.parametrize(
    ("sheet", "cells", "words"),
    [
        ("Cut lines", {"Several foods": "toast; butter", "Decision": "one food"}, ["Several foods", "Keep one of the"]),
        ("Cut lines", {"Several foods": "toast"}, ["name one food", "decision whole"]),
        ("Cut lines", {"Several foods": "30 g; butter"}, ['"30 g"', "names no food"]),
        ("Cut lines", {"Several foods": "toast with butter; jam"}, ["cannot be a part of itself"]),
        ("Cut lines", {"Decision": "one food", "Food": OATMEAL}, ["one food", "Keep one of the two"]),
    ],
)
def test_what_cannot_be_read_of_a_cut_line_is_named_with_its_row(cut, sheet, cells, words):
    place = next(row for row in sheet_rows(cut[1], sheet)[1] if row["As written"].value == "toast with butter")
    for column, value in cells.items():
        change(cut[1], sheet, "toast with butter", column, value)
    with pytest.raises(AliasError) as error:
        load_aliases(cut[1])
    assert f"cut_review.xlsx:Cut lines:{place['Food'].row}: " in str(error.value)
    assert all(word in str(error.value) for word in words), error.value


def test_review_of_an_earlier_version_without_cut_lines_is_read(cut):
    change(cut[1], "Foods", "butter", "Food", OATMEAL)
    book = openpyxl.load_workbook(cut[1])
    del book["Cut lines"]
    sheet = book["Foods"]
    header = next(row for row in sheet.iter_rows() if "As written" in [cell.value for cell in row])
    sheet.delete_cols(next(cell.column for cell in header if cell.value == "Several foods"))
    book.save(cut[1])
    assert load_aliases(cut[1])[["said", "fdc_id"]].values.tolist() == [["butter", OATMEAL]]


def test_review_of_a_diary_that_was_read_is_that_of_its_file(diary):
    again, found = review_prepared(prepare(diary), diary="diary.csv"), review(diary)
    for name in ("foods", "choices", "weights", "cuts", "weighed", "in_diary_only"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(found, name))
    assert (again.diary, again.lines, again.elsewhere) == (found.diary, found.lines, found.elsewhere)
    # "my breakfast" gives an FDC id itself; the amount of the coffee cannot be read.
    assert found.in_diary_only["food_text"].tolist() == ["my breakfast", "coffee"]


def test_entries_of_a_review_are_left_out_where_those_of_the_analysis_are(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(DIARY + "2026-03-03,vitamin C tablet,1,tablet,\n2026-03-03,vitamin D,1000,IU,\n", encoding="utf-8")
    ours, theirs = review(path).weighed, analyze(path).entries
    pd.testing.assert_frame_equal(ours, theirs[ours.columns])


def test_part_of_a_line_that_only_the_diary_can_put_right_is_not_asked_about(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("Date,Food,Amount,Unit\n2026-03-01,coffee with milk,1,mug\n")
    entries = weighed_entries(path)
    found = review(path)
    undecidable = entries["food_description"].isna()
    assert found.elsewhere == undecidable.sum()
    assert not set(found.foods["said"]) & set(entries.loc[undecidable, "food_text"])
