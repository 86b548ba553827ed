"""Cronometer: what becomes of its rows, value by value, and whether its days add up."""

import csv
import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import skip_or_fail
from nutridiary.analysis import analyze
from nutridiary.diary.app_amounts import set_app_amount
from nutridiary.diary.cronometer import identify_cronometer, read_cronometer
from nutridiary.diary.entries import Entry
from nutridiary.diary.grid import Grid
from nutridiary.diary.reading import Options
from nutridiary.diary.totals_check import recorded_totals_check
from nutridiary.diary.whole import Diary, read_whole
from nutridiary.errors import DiaryError
from nutridiary.tables import ENTRIES, RECORDED, conform

EXPORTS = Path(__file__).parent / "data" / "exports"
SHARED = Path(__file__).parent.parent.parent / "shared" / "diaries" / "cronometer"
HEADER = "Day,Time,Group,Food Name,Amount,Energy (kcal),Vitamin D (IU),Magnesium (mg),Category"
Write = Callable[..., Path]


@pytest.fixture
def servings(tmp_path: Path) -> Write:
    """Write a file of servings with the given rows; return its path."""

    def write(*rows: str, header: str = HEADER, name: str = "servings.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write


def only_entry(diary: Diary) -> pd.Series:
    assert len(diary.entries) == 1
    return diary.entries.iloc[0]


def amount_of(text: str, food: str = "a food") -> tuple[float, str | None, str | None]:
    entry = Entry("servings.csv", 2, food_text=food)
    set_app_amount(entry, text)
    return entry.amount, entry.unit, entry.problem


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("100.00 g", 100, "g"),
        ("1,250.00 g", 1250, "g"),
        ("500.00 mL", 500, "ml"),
        ("0.50 fl oz", 0.5, "fl oz"),
        ("2.00 tsp", 2, "tsp"),
        ("2.00 x 1000.0 IU", 2000, "IU"),
        ("2.00 x 0.25 Cup", 0.5, "cup"),
        ("2.00 1/2 cup", 1, "cup"),
        ("2.50 x 3.0 cooked links", 7.5, "cooked links"),
        ("1.00 full recipe", 1, "recipe"),
        ('1.00 medium - 3" diameter', 1, "medium"),
        ("0.50 large - 5cm x 3cm", 0.5, "large"),
        ('8.00 medium (7" to 7-7/8" long)', 8, "medium"),
        ('1.00 pizza 8" diameter', 1, "pizza"),
        ('1.00 whole - 3 1/2" diameter', 1, None),
        ("1.00 each", 1, None),
        ("1.00 cup, chopped", 1, "cup"),
        ("2.00 tablet (500 mg)", 2, "tablet"),
        ("1.00 oz (28 g)", 1, "oz"),
        ("2.00 (two", 2, None),
    ],
)
def test_amount_of_an_app_is_its_count_and_measure(text: str, amount: float, unit: str | None) -> None:
    assert amount_of(text) == (amount, unit, None)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("2.00 serving - 30g", 60, "g"),
        ("2.00 shake (11 fl oz)", 22, "fl oz"),
        ("1.00 bottle (12 fl oz)", 12, "fl oz"),
        ("0.50 package (10 oz)", 5, "oz"),
        ("0.52 Serving (22 tsp, whole pieces)", 11.44, "tsp"),
        ("3.00 slice (from pre-sliced package) - each 3/4 oz", 2.25, "oz"),
        ("2.00 can (12 fl oz, 355 ml)", 24, "fl oz"),
        ("1.50 cup - 240 g", 360, "g"),
    ],
)
def test_size_in_the_name_of_a_measure_is_that_of_one(text: str, amount: float, unit: str) -> None:
    found, found_unit, problem = amount_of(text)
    assert (pytest.approx(amount), unit, None) == (found, found_unit, problem)


def test_zero_amount_is_a_problem_and_its_recorded_zeros_stay_zeros(servings: Write) -> None:
    entry = only_entry(read_whole(servings("2026-03-02,,Lunch,Salt,0.00 mg,0.00,,0.00,Spices and Herbs")))
    assert entry["problem"] == 'the amount "0.00 mg" is zero'
    assert entry["recorded_energy"] == 0
    assert entry["recorded_magnesium"] == 0


def test_blank_value_is_unknown_and_never_zero(servings: Write) -> None:
    soup, egg = "2026-03-02,,Lunch,Mum's soup,1.00 cup,120.00,,,", "2026-03-02,,Lunch,Egg,1.00 large,72.00,0.00,6.00,"
    entries = read_whole(servings(soup, egg)).entries
    assert entries["recorded_magnesium"].isna().tolist() == [True, False]
    assert entries["recorded_vitamin_d"].isna().tolist() == [True, False]
    assert entries["recorded_vitamin_d"].iloc[1] == 0


def test_vitamin_d_in_international_units_becomes_micrograms(servings: Write) -> None:
    entry = only_entry(read_whole(servings("2026-03-02,,Lunch,Salmon,100.00 g,208.00,441.00,27.00,Finfish")))
    assert entry["recorded_vitamin_d"] == pytest.approx(11.025)  # 40 IU are 1 ug


@pytest.mark.parametrize(("written", "read"), [("13:23 ", "13:23"), ("9:51 AM", "09:51"), ("3:03 PM", "15:03")])
def test_time_is_read_in_every_way_the_app_writes_it(servings: Write, written: str, read: str) -> None:
    assert only_entry(read_whole(servings(f"2026-03-02,{written},Lunch,Egg,1.00 large,72.00,,,")))["time"] == read


@pytest.mark.parametrize(
    ("amount", "unit", "grams"),
    [
        # FNDDS 2021-2023, white bread: "1 large or thick slice"; SR Legacy, celery: "1 stalk, large (11"-12" long)".
        ("1.00 slice - large", "large slice", 43),
        ('"1.00 stalk, large (11"" - 12"" long)"', "large stalk", 64),
    ],
)
def test_size_behind_the_name_of_a_measure_counts(servings: Write, amount: str, unit: str, grams: float) -> None:
    food = '"Bread, white"' if "slice" in amount else '"Celery, raw"'
    entry = analyze(servings(f"2026-03-02,,Lunch,{food},{amount},,,,")).entries.iloc[0]
    assert (entry["unit"], entry["gram_weight"]) == (unit, grams)


def test_blank_time_is_unknown(servings: Write) -> None:
    assert pd.isna(only_entry(read_whole(servings("2026-03-02,,Lunch,Egg,1.00 large,72.00,,,")))["time"])


@pytest.mark.parametrize(
    ("row", "kind", "note"),
    [
        ("2026-03-02,,Supplements,Iron,1.00 each,,,,", "supplement", 'from the group "Supplements"'),
        ("2026-03-02,,Lunch,Zinc,1.00 each,0.00,,,Supplements", "supplement", 'from the category "Supplements"'),
        ('2026-03-02,,Lunch,"Vitamin D3, 1000 IU",2.00 each,,2000.00,,', "supplement", 'from "iu"'),
        ("2026-03-02,,Lunch,Whey shake,1.00 scoop,120.00,,,Supplements", "food", "but food by its 120 kcal"),
        ("2026-03-02,,Lunch,Cod liver oil,10.00 softgel,100.00,,,Supplements", "supplement", 'from "softgel"'),
        ("2026-03-02,,Lunch,My magnesium,2.00 Capsule,0.00,,,Custom", "supplement", 'from "capsule"'),
        ("2026-03-02,,Lunch,Magnesium 200 mg,1.00 serving,0.00,,,Uncategorized", "supplement", 'from "'),
        ("2026-03-02,,Lunch,Stevia sweetener,1.00 tablet,0.00,,,Sweets", "food", ""),
        ("2026-03-02,,Lunch,Tap Water,500.00 mL,0.00,,5.00,Beverages", "water", ""),
        ('2026-03-02,,Lunch,"Water, Tap",500.00 mL,0.00,,5.00,Beverages', "water", ""),
        ("2026-03-02,,Lunch,Coconut Water,500.00 mL,90.00,,120.00,Beverages", "food", ""),
    ],
)
def test_kind_is_told_from_group_category_and_name(servings: Write, row: str, kind: str, note: str) -> None:
    entry = only_entry(read_whole(servings(row)))
    assert entry["kind"] == kind
    assert note in (entry["note"] if isinstance(entry["note"], str) else "")


def test_servings_named_dailysummary_are_read_as_servings(tmp_path: Path) -> None:
    path = tmp_path / "dailysummary.csv"
    shutil.copy(EXPORTS / "cronometer_servings_2020.csv", path)
    entries = read_whole(path).entries
    assert set(entries["kind"]) == {"food"}
    assert len(entries) == 5


def test_daily_summary_is_totals_and_unfinished_days_say_so() -> None:
    entries = read_whole(EXPORTS / "cronometer_dailysummary.csv").entries
    assert entries["kind"].tolist() == ["total"] * 3
    assert entries["note"].isna().tolist() == [True, False, False]
    last = entries.iloc[2]
    assert last[[name for name in entries if name.startswith(RECORDED)]].isna().all()


def test_export_as_zip_gives_every_file_its_entries_and_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    names = ("servings_newest", "dailysummary", "exercises", "notes", "biometrics")
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.write(EXPORTS / f"cronometer_{name}.csv", f"{name}.csv")
    diary = read_whole(path)
    assert diary.entries["kind"].value_counts().to_dict() == {
        "food": 13,
        "supplement": 2,
        "water": 1,
        "total": 3,
        "exercise": 2,
        "note": 4,
    }
    assert not diary.entries["problem"].str.startswith("the same line").fillna(False).any()
    rows = sum(len((EXPORTS / f"cronometer_{name}.csv").read_text(encoding="utf-8").splitlines()) for name in names)
    assert len(diary.entries) + len(diary.left_aside) == rows == diary.files["rows"].sum()


def test_two_exports_that_overlap_count_a_line_once(tmp_path: Path) -> None:
    later = tmp_path / "later.csv"
    lines = (EXPORTS / "cronometer_servings_newest.csv").read_text(encoding="utf-8").splitlines()
    later.write_text("\n".join([lines[0], *lines[10:]]) + "\n", encoding="utf-8")
    entries = read_whole([EXPORTS / "cronometer_servings_newest.csv", later]).entries
    twins = entries[entries["source"] == "later.csv"]
    assert twins["problem"].str.startswith("the same line as in cronometer_servings_newest.csv").sum() == 7
    assert set(twins["kind"]) == {"note"}


def test_export_without_times_and_meals_overlaps_one_that_has_them(tmp_path: Path, servings: Write) -> None:
    row = "2026-03-02,08:00,Breakfast,Egg,1.00 large,72.00,,,"
    first = servings(row, row.replace("08:00", "15:00"), row.replace("Egg", "Milk"))
    later = tmp_path / "older.csv"
    later.write_text(
        "Day,Food Name,Amount,Energy (kcal),Protein (g)\n"
        + "".join(f"2026-03-02,{food},1.00 large,72.00,6.00\n" for food in ("Egg", "Egg", "Egg", "Milk")),
        encoding="utf-8",
    )
    entries = read_whole([first, later]).entries
    assert entries["problem"].isna().tolist() == [True, True, True, False, False, True, False]


def test_line_with_a_problem_in_two_exports_counts_its_recorded_values_once(tmp_path: Path, servings: Write) -> None:
    first = servings("2026-03-02,,Lunch,Egg,150,72.00,,,")
    later = tmp_path / "later.csv"
    shutil.copy(first, later)
    days = analyze([first, later], values="recorded").days
    assert days.loc[days["nutrient"] == "energy", "amount"].tolist() == [72]


def test_export_without_lines_is_refused_and_says_that_only_a_header_is_there(servings: Write) -> None:
    with pytest.raises(DiaryError, match=r"servings\.csv: a header, and no line of a diary below it"):
        read_whole(servings())


def test_header_in_the_middle_of_joined_exports_is_left_aside(servings: Write) -> None:
    diary = read_whole(
        servings("2026-03-02,,Lunch,Egg,1.00 large,72.00,,,", HEADER, "2026-03-03,,Lunch,Egg,2.00 large,144.00,,,")
    )
    assert diary.entries["line"].tolist() == [2, 4]
    assert diary.left_aside[["line", "reason"]].to_numpy().tolist() == [[1, "the header"], [3, "the header again"]]


def test_column_nothing_is_known_of_is_named_in_a_note(servings: Write) -> None:
    path = servings("2026-03-02,Egg,1.00 large,72.00,3,", header="Day,Food Name,Amount,Energy (kcal),Stars,Category")
    assert "columns not used: Stars" in only_entry(read_whole(path))["note"]


def test_mark_of_the_beginning_read_as_text_by_another_program_is_no_part_of_the_heading(servings: Write) -> None:
    header = "ï»¿Day,Group,Food Name,Amount,Energy (kcal),B12 (Cobalamin) (Âµg)"
    diary = read_whole(servings("2026-03-02,,Egg,1.00 large,72.00,0.45", header=header))
    assert diary.files["format"].tolist() == ["cronometer"]
    assert only_entry(diary)["recorded_vitamin_b12"] == 0.45


@pytest.mark.parametrize("sign", ["µ", "μ", "Âµ", "Ã‚Âµ", "¬µ", "?", "\ufffd"])
def test_sign_of_micrograms_lost_in_another_program_is_read(servings: Write, sign: str) -> None:
    header = f"Day,Group,Food Name,Amount,Energy (kcal),B12 (Cobalamin) ({sign}g)"
    path = servings("2026-03-02,,Egg,1.00 large,72.00,0.45", header=header)
    assert only_entry(read_whole(path))["recorded_vitamin_b12"] == 0.45


def test_energy_in_kilojoules_becomes_kilocalories(servings: Write) -> None:
    path = servings("2026-03-02,Egg,1.00 large,301.25,6.30", header="Day,Food Name,Amount,Energy (kJ),Protein (g)")
    assert only_entry(read_whole(path))["recorded_energy"] == pytest.approx(72.0, abs=0.001)  # 4.184 kJ


@pytest.mark.parametrize(
    "header",
    [
        "Date,Time,Food Name,Serving Size,Serving Qty,Serving Weight (g),Calories (kcal)",
        "Day,Food,Amount,Energy (kcal)",
        "Day,Food Name,Amount,Energy (kcal),Notes",
        "Date,Energy (kcal),Notes",
        "Day,Time,Meal,Note,Food",
        "Date,Meal,Food,Note",
    ],
)
def test_tables_of_others_are_not_claimed(header: str) -> None:
    assert not identify_cronometer([Grid("x.csv", "x.csv", [header.split(",")])])


def test_a_file_cut_off_after_its_header_is_told_so(servings: Write) -> None:
    with pytest.raises(DiaryError):
        read_whole(servings())


def test_days_of_servings_add_up_to_the_daily_summary() -> None:
    files = [EXPORTS / "cronometer_servings_newest.csv", EXPORTS / "cronometer_dailysummary.csv"]
    check = recorded_totals_check(read_whole(files).entries)
    assert len(check) > 100
    assert check["agrees"].all()
    assert check["difference"].abs().max() <= 0.06


def totals(*rows: tuple[str, float], value: str = "recorded_iron") -> pd.DataFrame:
    day = {"source": "export.csv", "date": pd.Timestamp(2026, 3, 2)}
    lines = [day | {"line": line, "kind": kind, value: amount} for line, (kind, amount) in enumerate(rows, 2)]
    return recorded_totals_check(conform(pd.DataFrame(lines), ENTRIES))


def test_totals_check_finds_a_line_that_is_missing() -> None:
    check = totals(("food", 1.25), ("food", 2.5), ("total", 4.75))
    assert check["agrees"].tolist() == [False]
    assert check["difference"].tolist() == [-1.0]


def test_totals_check_allows_half_a_unit_for_each_rounded_line() -> None:
    rows = [("food", 3.0)] * 4
    assert totals(*rows, ("total", 14.0))["agrees"].tolist() == [True]
    assert totals(*rows, ("total", 15.0))["agrees"].tolist() == [False]


def test_totals_check_counts_a_line_of_two_files_once(tmp_path: Path) -> None:
    first, later = EXPORTS / "cronometer_servings_newest.csv", tmp_path / "later.csv"
    shutil.copy(first, later)
    check = recorded_totals_check(read_whole([first, later, EXPORTS / "cronometer_dailysummary.csv"]).entries)
    assert check["agrees"].all()


def test_totals_check_cannot_tell_where_no_line_has_a_value() -> None:
    check = totals(("food", float("nan")), ("total", 2.0))
    assert check["agrees"].isna().tolist() == [True]
    assert check["lines_without_value"].tolist() == [1]


def test_totals_check_leaves_out_what_was_not_eaten_and_what_another_file_has() -> None:
    check = totals(("food", 1.0), ("note", 5.0), ("exercise", 5.0), ("supplement", 0.25), ("total", 1.25))
    assert check[["lines", "agrees"]].to_numpy().tolist() == [[2, True]]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20),
            st.text(max_size=12)
            | st.sampled_from(
                ["1.00 cup", "0.00 g", "2.00 x 1000.0 IU", "", "x", '1.00 medium - 3" diameter', "1e9 g"]
            ),
            st.none() | st.decimals(0, 9999, places=2),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_row_is_an_entry_and_recorded_values_keep_their_sum(rows: list[tuple[str, str, object]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Day", "Food Name", "Amount", "Energy (kcal)", "Category"])
    writer.writerows(["2026-03-02", food, amount, "" if value is None else value, "x"] for food, amount, value in rows)
    grid = Grid("servings.csv", "servings.csv", list(csv.reader(io.StringIO(text.getvalue()))))
    reading = read_cronometer([grid], Options())
    assert [entry.line for entry in reading.entries] == list(range(2, len(rows) + 2))
    known = [float(str(value)) for _, _, value in rows if value is not None]
    assert sum(e.recorded["energy"] for e in reading.entries if "energy" in e.recorded) == pytest.approx(sum(known))


@pytest.mark.parametrize(("name", "rows"), [("servings_2020_style", 116), ("servings_free", 98)])
def test_real_export_is_read_completely_and_its_values_are_those_written(name: str, rows: int) -> None:
    path = SHARED / f"{name}.csv"
    if not path.exists():
        skip_or_fail(f"{path.name} is not beside the project")
    diary = read_whole(path)
    entries = diary.entries
    assert len(entries) == rows
    assert entries["line"].tolist() == list(range(2, rows + 2))
    assert set(entries["problem"].dropna()) <= {'the amount "0.00 g" is zero'}
    assert entries["amount"].notna().all()
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = pd.DataFrame(csv.DictReader(file))
    for heading, nutrient, factor in [
        ("Energy (kcal)", "energy", 1),
        ("Magnesium (mg)", "magnesium", 1),
        ("B12 (Cobalamin) (µg)", "vitamin_b12", 1),
        ("Vitamin D (IU)", "vitamin_d", 0.025),
        ("Omega-3 (g)", "omega_3", 1),
        ("Net Carbs (g)", "net_carbohydrate", 1),
    ]:
        if heading in written:
            expected = pd.to_numeric(written[heading]) * factor
            pd.testing.assert_series_equal(entries[RECORDED + nutrient], expected, check_names=False)


def test_recorded_values_of_exports_that_overlap_are_counted_once(tmp_path: Path) -> None:
    first, later = EXPORTS / "cronometer_servings_newest.csv", tmp_path / "later.csv"
    shutil.copy(first, later)
    once, twice = (analyze(paths, values="recorded").days for paths in ([first], [first, later]))
    pd.testing.assert_series_equal(once["amount"], twice["amount"])
