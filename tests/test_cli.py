"""The command line as somebody at a terminal meets it."""

import csv
import io
import json
import math

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from nutridiary.cli import main
from nutridiary.data_files import data_file
from nutridiary.tables import WEIGHED

DIARY = """Date,Meal,Food,Amount,Unit,FDC id
2026-03-01,Breakfast,"Milk, reduced fat (2%)",1,cup,
2026-03-01,Breakfast,"Bananas, raw",118,g,173944
2026-03-01,Lunch,qwzxv blorptang,1,cup,
"""


def run(*words, status=0):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def diary(tmp_path):
    path = tmp_path / "diary.csv"
    path.write_text(DIARY, encoding="utf-8")
    return path


def test_analyze_writes_the_report_and_prints_the_summary(diary, tmp_path):
    report = tmp_path / "report.xlsx"
    result = run("analyze", diary, "--sex", "female", "--age", "34", "-o", report)
    assert "Magnesium" in result.stdout
    assert "320 mg" in result.stdout  # RDA, women 31-50 (IOM 1997)
    assert f"Report: {report}" in result.stdout
    assert "Problems" in openpyxl.load_workbook(report).sheetnames


@pytest.mark.parametrize("reference", ["efsa", "EFSA"])
def test_analyze_by_another_authority_says_its_words_and_what_to_clarify(diary, tmp_path, reference):
    described = ["--sex", "female", "--age", "34", "--reference", reference]
    shown = run("analyze", diary, *described, "-o", tmp_path / "report.xlsx").stdout
    assert "EFSA's reference values" in shown
    assert "PRI 950 mg" in shown  # calcium from 25 years (EFSA 2017)
    assert "RDA" not in shown
    assert "qwzxv blorptang (not counted)" in shown


def test_analyze_without_a_person_reports_intakes_and_no_reference(diary, tmp_path):
    result = run("analyze", diary, "--csv")
    rows = {row["nutrient"]: row for row in csv.DictReader(io.StringIO(result.stdout))}
    assert rows["magnesium"]["rda"] == ""
    assert rows["magnesium"]["verdict"] == "no_reference"
    # 244 g of milk at 12 mg (FNDDS 11112110) and 118 g of banana at 27 mg per 100 g (SR 09040).
    assert float(rows["magnesium"]["mean_intake"]) == pytest.approx(29.28 + 31.86)


def test_analyze_for_a_pipe_says_on_the_side_which_days_are_left_out(diary):
    result = run("analyze", diary, "--json", "--leave-out-incomplete")
    assert json.loads(result.stdout) == []  # milk and a banana are no day's food
    assert "1 of 1 recorded days may be incomplete and are left out, as asked for" in result.stderr


def test_analyze_for_a_pipe_writes_no_workbook_unless_asked(diary, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    comparison = json.loads(run("analyze", diary, "--sex", "male", "--age", "40", "--json").stdout)
    assert comparison[0]["nutrient"] == "magnesium"
    assert comparison[0]["rda"] == 420
    assert not list(tmp_path.glob("*.xlsx"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--sex", "female"], "--age"),
        (["--age", "34"], "--sex"),
        (["--sex", "male", "--age", "30", "--pregnant"], "pregnan"),
        (["--sex", "female", "--age", "-3"], "age"),
        (["--sex", "female", "--age", "30", "--edition", "1066"], "1066"),
        (["--nutrient", "magnesum"], "Did you mean 'magnesium'"),
    ],
)
def test_analyze_refuses_what_contradicts_itself(diary, words, message):
    assert message in run("analyze", diary, *words, "--csv", status=2).stderr


def test_analyze_never_overwrites_the_diary(tmp_path):
    path = tmp_path / "diary.xlsx"
    path.write_bytes(data_file("diaries", "example.xlsx").read_bytes())
    before = path.read_bytes()
    assert "is the diary itself" in run("analyze", path, "-o", path, status=2).stderr
    assert path.read_bytes() == before


def test_check_says_what_was_read_and_lists_what_is_not_counted_and_exits_1(diary):
    result = run("check", diary, status=1)
    what, header, problem = result.stdout.splitlines()
    assert what == (
        "diary.csv: read as a table with a column for the food (table): 4 rows, 3 entries, 1 row left aside"
    )
    assert header == "diary.csv:1: the header"
    assert problem.startswith("diary.csv:4: ")
    assert "qwzxv blorptang" in problem
    assert "Lines read: 3; 1 with a problem" in result.stderr


def test_check_of_a_clean_diary_exits_0(tmp_path):
    path = tmp_path / "clean.csv"
    path.write_text("".join(DIARY.splitlines(keepends=True)[:3]), encoding="utf-8")
    result = run("check", path)
    assert len(result.stdout.splitlines()) == 2
    assert "Lines read: 2; 0 with a problem" in result.stderr


def test_check_names_each_row_to_put_right_and_gathers_those_left_aside(tmp_path):
    path = tmp_path / "clean.csv"
    lines = [f"2026-03-{day:02},{food},1,cup" for day in range(1, 4) for food in ("milk", "qwzxv blorptang")]
    path.write_text("\n".join(["Date,Food,Amount,Unit", *lines, ",Total,,", ",Total,,"]) + "\n", encoding="utf-8")
    _, header, *problems, totals = run("check", path, status=1).stdout.splitlines()
    assert header == "clean.csv:1: the header"
    assert [line.partition(": ")[0] for line in problems] == ["clean.csv:3", "clean.csv:5", "clean.csv:7"]
    assert totals == "clean.csv:8-9: a total, not a food"
    table = json.loads(run("check", path, "--json", status=1).stdout)
    assert [row["place"] for row in table] == [f"clean.csv:{line}" for line in (1, 3, 5, 7, 8, 9)]


def test_check_says_once_what_was_assumed_about_a_file(tmp_path):
    path = tmp_path / "diary.csv"
    path.write_text("Date,Food,Amount\n3/13/2026,milk,1 cup\n3/4/2026,milk,1 cup\n", encoding="utf-8")
    lines = run("check", path).stdout.splitlines()
    assert lines[1].startswith("  dates read month first")
    assert not any("dates read" in line for line in lines[2:])


def test_check_accounts_for_every_row_of_every_file(tmp_path, diary):
    other = tmp_path / "more.csv"
    other.write_text("My diary\n\nDate,Food\n2026-03-04,rice\n,Total\n", encoding="utf-8")
    table = json.loads(run("check", diary, other, "--json", status=1).stdout)
    assert {(row["place"], row["status"]) for row in table} >= {
        ("diary.csv:1", "left aside"),
        ("diary.csv:4", "not counted"),
        ("more.csv:1", "left aside"),
        ("more.csv:3", "left aside"),
        ("more.csv:5", "left aside"),
    }


def test_formats_lists_what_can_be_read_and_format_overrides(diary):
    assert "table" in run("formats").stdout
    names = [row["format"] for row in json.loads(run("formats", "--json").stdout)]
    assert names[-1] == "table"
    assert "Known: " in run("check", diary, "--format", "tabel", status=2).stderr
    assert run("entries", diary, "--format", "table", "--json").exit_code == 0


def test_values_chooses_what_counts(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("Date,Food,Amount,Magnesium (mg)\n2026-03-01,milk,1 cup,77\n", encoding="utf-8")
    means = {}
    for values in ("ours", "recorded", "recorded-first"):
        table = json.loads(run("analyze", path, "--values", values, "--json").stdout)
        means[values] = next(row["mean_intake"] for row in table if row["nutrient"] == "magnesium")
    # 244 g of milk at 12 mg per 100 g (FNDDS 11100000).
    assert means == {"ours": pytest.approx(29.28), "recorded": 77, "recorded-first": 77}


def test_entries_csv_has_the_declared_columns_and_every_row(diary):
    table = pd.read_csv(io.StringIO(run("entries", diary, "--csv").stdout))
    assert list(table.columns) == [name for name in WEIGHED.names if name != "part"]
    assert table["line"].tolist() == [2, 3, 4]
    assert table.loc[0, ["food_code", "gram_weight"]].tolist() == [11112110, 244.0]
    assert table["problem"].notna().tolist() == [False, False, True]
    assert table.loc[0, "date"] == "2026-03-01"


def test_entries_json_is_the_same_table(diary):
    rows = json.loads(run("entries", diary, "--json").stdout)
    assert rows[1]["gram_weight"] == 118.0
    assert rows[2]["fdc_id"] is None


def test_foods_finds_the_food_and_its_page(diary):
    rows = json.loads(run("foods", "cheddar", "--top", "5", "--json").stdout)
    assert "heddar" in rows[0]["food_description"]
    assert rows[0]["calcium"] > 500
    assert len(rows) == 5


def test_foods_why_gives_contributions_that_add_up_to_the_score():
    rows = json.loads(run("foods", "grilled salmon", "--why", "--json").stdout)
    best = [row["contribution"] for row in rows if row["rank"] == 1]
    shown = json.loads(run("foods", "grilled salmon", "--top", "1", "--json").stdout)
    assert len(best) > 1
    assert 1 / (1 + math.exp(-math.fsum(best))) == pytest.approx(shown[0]["match_score"])


def test_foods_shows_unknown_values_as_unknown():
    # Foundation Foods reports no vitamin B12 for this cheese.
    lines = run("foods", "Cheese, oaxaca, solid", "--top", "3").stdout.splitlines()
    assert any("2647441" in line and line.rstrip().endswith("?") for line in lines)


def test_foods_that_do_not_exist_say_so():
    result = run("foods", "qwzxv blorptang")
    assert "No food found" in result.stderr


def test_match_keeps_the_rows_and_ranks_candidates(tmp_path):
    lines = tmp_path / "lines.csv"
    lines.write_text("id,food_text,amount,unit\n7,2% milk,1,cup\n8,banana,1 1/2,\n9,qwzxv blorptang,1,cup\n")
    one = pd.read_csv(io.StringIO(run("match", lines, "--csv").stdout))
    assert one["id"].tolist() == [7, 8, 9]
    assert one.loc[0, ["food_code", "gram_weight"]].tolist() == [11112110, 244.0]
    assert pd.isna(one.loc[2, "fdc_id"])
    five = pd.read_csv(io.StringIO(run("match", lines, "--top", "5", "--csv").stdout))
    assert five.loc[five["id"] == 7, "rank"].tolist() == [1, 2, 3, 4, 5]
    wanted = [
        "rank",
        "fdc_id",
        "food_code",
        "food_description",
        "data_type",
        "match_score",
        "gram_weight",
        "weight_method",
    ]
    assert set(wanted) <= set(five.columns)


def test_match_without_the_text_column_says_what_is_needed(tmp_path):
    lines = tmp_path / "lines.csv"
    lines.write_text("text\nmilk\n")
    message = run("match", lines, status=2).stderr
    assert "food_text" in message
    assert "text" in message


@pytest.mark.parametrize("command", ["analyze", "check", "entries", "match"])
def test_missing_file_is_one_clear_line(command, tmp_path):
    message = run(command, tmp_path / "nothing.csv", status=2).stderr
    assert "nothing.csv" in message
    assert len(message.splitlines()) == 1


def test_control_characters_of_a_diary_do_not_command_the_terminal(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("Date,Food,Amount,Unit\n2026-03-01,\x9b31mzzqq\x85,1,cup\n", encoding="utf-8")
    for command, status in (("check", 1), ("entries", 0)):
        shown = run(command, path, status=status).output
        assert "zzqq" in shown
        assert "\x9b" not in shown


def test_an_error_of_the_program_shows_no_trace_and_no_diary_text(diary, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("secret breakfast")

    monkeypatch.setattr("nutridiary.analysis.weighed_entries", fail)
    message = run("entries", diary, status=2).stderr
    assert "RuntimeError" in message
    assert "secret breakfast" not in message


def test_check_holds_the_lines_of_an_export_against_its_own_totals(tmp_path):
    servings = tmp_path / "servings.csv"
    servings.write_text(
        "Day,Group,Food Name,Amount,Energy (kcal),Vitamin D (IU),Protein (g),Fat (g),Category\n"
        "2026-03-02,Lunch,Milk,1.00 cup,149.00,124.00,8.00,8.00,Dairy\n"
        "2026-03-02,Lunch,Egg,1.00 large,72.00,41.00,6.30,5.00,Dairy\n",
        encoding="utf-8",
    )
    summary = tmp_path / "dailysummary.csv"
    summary.write_text(
        "Date,Energy (kcal),Vitamin D (IU),Protein (g),Fat (g),Completed\n2026-03-02,231.00,165.00,14.30,13.00,true\n",
        encoding="utf-8",
    )
    output = run("check", servings, summary).stdout
    assert "2026-03-02: energy: the lines add up to 221 kcal, the export's own total is 231 kcal" in output
    assert "Totals of the export: 3 of 4 agree with the lines." in output
