"""What a food's record lacks is taken from its twin, marked, counted, and trusted no further than that."""

import importlib.util
import io
import math
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary import Person, analyze
from nutridiary.cli import main
from nutridiary.comparison import compare
from nutridiary.data_files import data_file
from nutridiary.food_twins import load_twins
from nutridiary.foods import load_foods
from nutridiary.intake import daily_intakes, food_contributions, nutrient_intakes
from nutridiary.intake.bounds import load_twin_factors
from nutridiary.report.terminal_summary import print_summary
from nutridiary.tables import WEIGHED, conform

ROOT = Path(__file__).resolve().parents[1]
MISSING = float("nan")
WHOLE_MILK, FNDDS_MILK = 746782, 2705385
BROCCOLI = 747447  # a Foundation food; its record has neither vitamin D nor B12
BISON = 2727571  # a Foundation food that nothing in FNDDS or SR Legacy is the same as
FOODS = load_foods()


def lines(*rows):
    """Weighed entries of one day from (fdc_id, grams) pairs."""
    frame = pd.DataFrame(
        {
            "source": "d.csv",
            "line": range(2, len(rows) + 2),
            "date": pd.Timestamp(2026, 3, 2),
            "kind": "food",
            "fdc_id": [fdc_id for fdc_id, _ in rows],
            "food_description": [f"food {fdc_id}" for fdc_id, _ in rows],
            "gram_weight": [float(grams) for _, grams in rows],
        }
    )
    return conform(frame, WEIGHED)


def intake(fdc_id, nutrient, **options):
    return nutrient_intakes(lines((fdc_id, 100)), FOODS, [nutrient], **options).iloc[0]


def day(weighed, nutrient, **options):
    return daily_intakes(nutrient_intakes(weighed, FOODS, [nutrient], **options), weighed).iloc[0]


def lacking_in(fdc_id):
    """Return a nutrient that the record lacks and its twin has more than nothing of."""
    twin = load_twins()[fdc_id]
    both = FOODS.composition([fdc_id, twin])
    return both.columns[both.loc[fdc_id].isna() & (both.loc[twin] > 0)][0]


def test_value_the_record_lacks_is_the_twins_and_says_so():
    row = intake(BROCCOLI, "vitamin_b12")
    assert math.isnan(intake(BROCCOLI, "vitamin_b12", fill_in=False).amount)
    assert row.amount == 0  # FNDDS 72201100, Broccoli, raw
    assert row.filled_in
    assert row.value_from == "FNDDS 2021-2023 72201100 (twin of Foundation Foods 2025-04-24 11090)"


def test_known_value_is_never_replaced_even_where_the_twin_differs():
    maitake = 2003602  # its record has 1.6 ug of vitamin D per 100 g; the older one of SR Legacy 28.1
    assert FOODS.composition([load_twins()[maitake]], ["vitamin_d"]).iloc[0, 0] == pytest.approx(28.1)
    row = intake(maitake, "vitamin_d")
    assert row.amount == pytest.approx(1.6)
    assert not row.filled_in
    assert row.value_from == "Foundation Foods 2025-04-24 11993"


def test_food_without_a_twin_keeps_its_gap_and_is_counted():
    assert BISON not in load_twins()
    found = day(lines((BISON, 100)), "vitamin_d")
    assert math.isnan(found.amount)
    assert (found.foods_without_value, found.foods_filled_in) == (1, 0)


def test_nutrient_the_twin_lacks_too_stays_missing():
    row = intake(BROCCOLI, "menaquinone_4")
    assert math.isnan(row.amount)
    assert not row.filled_in
    assert row.value_from.startswith("bounded by")


def test_twin_that_the_food_data_do_not_have_fills_nothing():
    class WithoutTwins:
        def __getattr__(self, name):
            return getattr(FOODS, name)

        def __contains__(self, fdc_id):
            return False

    assert nutrient_intakes(lines((BROCCOLI, 100)), WithoutTwins(), ["vitamin_b12"])["amount"].isna().all()


def test_survey_foods_are_untouched_by_filling_in():
    weighed = lines((FNDDS_MILK, 100), (2705386, 250))
    on, off = (nutrient_intakes(weighed, FOODS, fill_in=fill_in) for fill_in in (True, False))
    pd.testing.assert_frame_equal(on, off)


def test_filled_in_value_raises_the_estimate_and_the_upper_bound_but_not_the_lower():
    nutrient = lacking_in(WHOLE_MILK)
    per_100_g = FOODS.composition([FNDDS_MILK], [nutrient]).iloc[0, 0]
    found = day(lines((FNDDS_MILK, 300), (WHOLE_MILK, 100)), nutrient)
    assert found.low == pytest.approx(3 * per_100_g)
    assert found.amount == found.estimate == pytest.approx(4 * per_100_g)
    # What a twin lends may fall short of the food's own value, by a measured factor.
    assert found.amount < found.high == pytest.approx((3 + load_twin_factors()[nutrient]) * per_100_g)
    assert (found.foods, found.foods_filled_in, found.foods_without_value) == (2, 1, 0)
    assert found.coverage == pytest.approx(75.0)  # of the grams, those whose own record has it


def test_day_of_which_all_is_filled_in_has_no_lower_bound():
    nutrient = lacking_in(WHOLE_MILK)
    found = day(lines((WHOLE_MILK, 100)), nutrient)
    assert found.amount > 0
    assert math.isnan(found.low)
    assert found.coverage == 0


def test_gap_that_no_twin_fills_is_bounded_by_foods_of_its_category():
    found = day(lines((BROCCOLI, 100), (BISON, 100)), "vitamin_b12")
    assert (found.amount, found.foods_filled_in, found.foods_without_value) == (0, 1, 1)
    assert 0 < found.estimate < found.high


def test_contribution_of_a_food_is_marked_where_it_is_the_twins():
    weighed = lines((BROCCOLI, 100), (FNDDS_MILK, 100))
    table = food_contributions(nutrient_intakes(weighed, FOODS, ["vitamin_b12"]), weighed).set_index("fdc_id")
    assert table["filled_in"].to_dict() == {BROCCOLI: True, FNDDS_MILK: False}


def compared(low, amount, filled=1, missing=0, nutrient="magnesium"):
    """A woman of 34 (magnesium: EAR 265, RDA 320 mg) on one day."""
    row = {
        "date": pd.Timestamp(2026, 3, 2),
        "nutrient": nutrient,
        "unit": "mg",
        "amount": amount,
        "low": low,
        "high": amount if not missing else MISSING,
        "foods": 5,
        "foods_filled_in": filled,
        "foods_without_value": missing,
        "foods_left_out": 0,
    }
    return compare(pd.DataFrame([row]), {"": Person(sex="female", age_years=34)}, pd.DataFrame()).iloc[0]


def test_compare_reaches_nothing_on_filled_in_values_alone():
    row = compared(low=250.0, amount=330.0)
    assert row.verdict == "not_decidable"
    assert row.reading == (
        "About 330 mg on the one day recorded, beside the EAR of 265 mg (125 %). "
        "Not decidable: without what is taken from twin records 250 mg is known."
    )


def test_compare_says_reached_where_what_is_known_reaches_it():
    assert compared(low=321.0, amount=330.0).verdict == "meets_rda"
    assert compared(low=270.0, amount=330.0).verdict == "at_least_ear"


def test_compare_says_below_where_the_filled_in_total_is_below():
    row = compared(low=180.0, amount=200.0)
    assert row.verdict == "below_ear"
    assert row.note.startswith("1 line takes this value from a twin record, the food's own having none.")


def test_compare_without_any_lower_bound_says_that_nothing_is_known():
    row = compared(low=MISSING, amount=330.0, filled=5)
    assert row.verdict == "not_decidable"
    assert row.reading.endswith("Not decidable: without what is taken from twin records nothing is known.")


def test_compare_counts_what_is_filled_in_and_what_is_missing_apart():
    row = compared(low=180.0, amount=200.0, filled=3, missing=1)
    assert (row.foods_filled_in, row.foods_without_value, row.verdict) == (3, 1, "not_decidable")
    assert row.reading.startswith("At least about 200 mg")
    assert "1 food has no value" in row.reading
    assert row.note.startswith("3 lines take this value from a twin record")


def test_compare_exceeds_no_upper_level_by_filled_in_values():
    kept, over = (compared(low=low, amount=50.0, nutrient="zinc") for low in (39.0, 41.0))  # UL 40 mg
    assert kept.verdict != "above_ul"
    assert over.verdict == "above_ul"


def test_part_an_upper_level_is_held_against_counts_no_filled_in_values():
    weighed = lines((FNDDS_MILK, 100), (WHOLE_MILK, 100))
    intakes = nutrient_intakes(weighed, FOODS, ["folate_dfe", "folic_acid"])
    acid = intakes["nutrient"] == "folic_acid"
    parts = {}
    for filled_in in (True, False):  # 600 ug of folic acid from each line; the UL is 1000 ug
        table = intakes.assign(amount=intakes["amount"].mask(acid, 600.0))
        table["filled_in"] = (table["fdc_id"] == WHOLE_MILK) & acid & filled_in
        rows = compare(daily_intakes(table, weighed), {"": Person(sex="female", age_years=34)}, table)
        parts[filled_in] = rows.set_index("nutrient").loc["folate_dfe", ["ul_intake", "verdict"]].tolist()
    assert parts[True][0] == pytest.approx(600.0)
    assert parts[True][1] != "above_ul"
    assert parts[False] == [pytest.approx(1200.0), "above_ul"]


def test_compare_coverage_counts_only_what_the_foods_own_records_have():
    weighed = lines((FNDDS_MILK, 300), (WHOLE_MILK, 100))
    intakes = nutrient_intakes(weighed, FOODS, ["folate_dfe"])
    assert intakes["filled_in"].tolist() == [False, True]
    table = compare(daily_intakes(intakes, weighed), {"": Person(sex="female", age_years=34)}, intakes)
    assert table.loc[0, "coverage"] == pytest.approx(75.0)
    assert table.loc[0, "foods_filled_in"] == 1


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([WHOLE_MILK, FNDDS_MILK, BROCCOLI, BISON]), st.floats(0.1, 2000)),
        min_size=1,
        max_size=12,
    )
)
def test_filling_in_keeps_the_known_total_and_every_line(rows):
    weighed = lines(*rows)
    on, off = (day(weighed, "folate_dfe", fill_in=fill_in) for fill_in in (True, False))
    assert on.low == pytest.approx(off.amount, nan_ok=True)
    assert on.coverage == pytest.approx(off.coverage)
    assert on.foods_filled_in + on.foods_without_value == off.foods_without_value
    assert math.isnan(off.amount) or on.amount >= off.amount - 1e-9


@pytest.fixture
def diary(tmp_path):
    path = tmp_path / "diary.csv"
    path.write_text(f"date,food,amount,unit,fdc_id\n2026-03-02,broccoli,100,g,{BROCCOLI}\n")
    return path


def test_analyze_fills_in_unless_told_not_to(diary):
    filled, bare = analyze(diary, fill_in=True), analyze(diary, fill_in=False)
    b12 = filled.days.set_index("nutrient").loc["vitamin_b12"]
    assert (b12.amount, b12.foods_filled_in) == (0, 1)
    assert bare.days.set_index("nutrient").loc["vitamin_b12", "foods_without_value"] == 1
    assert not bare.intakes["filled_in"].any()
    settings_ = [analysis.settings["values filled in from twin records"] for analysis in (filled, bare)]
    assert settings_ == ["yes", "no"]


def test_command_line_no_fill_in_leaves_the_gap(diary):
    found = {}
    for option in ("--fill-in", "--no-fill-in"):
        result = CliRunner().invoke(main, ["analyze", str(diary), "--csv", option])
        assert result.exit_code == 0, result.output
        table = pd.read_csv(io.StringIO(result.stdout)).set_index("nutrient")
        found[option] = table.loc["vitamin_b12", ["foods_filled_in", "foods_without_value"]].tolist()
    assert found == {"--fill-in": [1, 0], "--no-fill-in": [0, 1]}


# The table of twins.


@pytest.fixture(scope="module")
def builder():
    spec = importlib.util.spec_from_file_location("build_food_twins", ROOT / "tools" / "build_food_twins.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_food_twins"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["build_food_twins"]


@pytest.fixture(scope="module")
def twins():
    return pd.read_csv(data_file("food_twins.csv"))


def test_shipped_twins_are_what_the_builder_finds(builder, twins):
    pd.testing.assert_frame_equal(builder.food_twins(FOODS), twins, check_dtype=False)


def test_twins_agree_in_energy_makeup_and_minerals(twins):
    """Worked out here without the builder: nothing both know differs by more than the page on methods allows."""
    allowed = {"energy": (10, 10), "protein": (0.5, 10), "fat_total": (0.5, 10), "carbohydrate": (1, 10)}
    allowed |= {"water": (1, 3), "magnesium": (3, 20), "potassium": (20, 20), "calcium": (10, 20)}
    table = FOODS.composition([*twins["fdc_id"], *twins["twin_fdc_id"]], list(allowed))
    for row in twins.itertuples():
        for nutrient, (amount, percent) in allowed.items():
            one, other = (table[nutrient][fdc_id] for fdc_id in (row.fdc_id, row.twin_fdc_id))
            if not (math.isnan(one) or math.isnan(other)):
                assert abs(one - other) <= amount + percent / 100 * max(one, other) + 1e-9, (row, nutrient)


@pytest.mark.parametrize(
    ("nutrient", "most"), [("vitamin_b12", 0.02), ("phosphorus", 0.08), ("vitamin_b6", 0.12), ("zinc", 0.12)]
)
def test_twins_are_near_in_nutrients_that_had_no_part_in_choosing_them(twins, nutrient, most):
    """Pairs of independent records only: an FNDDS recipe repeats the record's own figures."""
    pairs = twins[twins["basis"] != "fndds_recipe"]
    table = FOODS.composition([*pairs["fdc_id"], *pairs["twin_fdc_id"]], [nutrient])[nutrient]
    one, other = (table[pairs[name]].to_numpy() for name in ("fdc_id", "twin_fdc_id"))
    both = pd.DataFrame({"one": one, "other": other}).dropna().loc[lambda known: known.max(axis=1) > 0]
    assert len(both) >= 10
    difference = (both["one"] - both["other"]).abs() / both.max(axis=1)
    assert difference.median() <= most


def test_twins_name_each_food_once_with_the_names_of_the_database(twins):
    assert twins["fdc_id"].is_unique
    names = FOODS.foods().set_index("fdc_id")["description"]
    assert twins["description"].tolist() == names.loc[twins["fdc_id"]].tolist()
    assert twins["twin_description"].tolist() == names.loc[twins["twin_fdc_id"]].tolist()


def test_survey_foods_have_no_twin(twins):
    survey = FOODS.foods(twins["fdc_id"])["data_type"] == "survey_fndds_food"
    assert not survey.any()


# Looked up by name in the releases, not taken from the table.
@pytest.mark.parametrize(
    ("fdc_id", "twin"),
    [
        (746782, 2705385),  # Milk, whole, 3.25 % -> FNDDS Milk, whole, not the lactose-free kinds
        (747447, 2709643),  # Broccoli, raw -> FNDDS Broccoli, raw
        (334628, 2708572),  # tamale, pork -> FNDDS Tamale, pork, not beef or chicken
        (2684440, 173691),  # sockeye salmon, raw -> SR Legacy, same species
        (2346412, 2709237),  # red grapes -> FNDDS Grapes, raw
    ],
)
def test_twin_is_the_food_a_person_would_name(fdc_id, twin):
    assert load_twins()[fdc_id] == twin


@pytest.mark.parametrize(
    "fdc_id",
    [
        1750343,  # Honeycrisp apple: its number is that of Golden Delicious
        2003598,  # raw portabella: the SR Legacy record is grilled
        2514745,  # ground pork: the records differ in fat
        789890,  # enriched all-purpose flour: the records differ in water and magnesium
    ],
)
def test_food_nothing_else_is_the_same_as_has_no_twin(fdc_id):
    assert fdc_id not in load_twins()


def test_fortified_food_is_no_twin_of_one_that_is_not(builder):
    assert builder.fortification("Flour, wheat, enriched") != builder.fortification("Flour, wheat")
    assert builder.said("Yogurt, plain, whole milk") == builder.said("Yogurt, whole milk, plain")
    assert builder.said("Fish, cod, raw") != builder.said("Fish, cod, cooked")


def test_pair_judged_by_hand_under_a_wrong_name_is_refused(builder, tmp_path):
    path = tmp_path / "by_hand.csv"
    path.write_text(
        "fdc_id,description,twin_fdc_id,twin_description,judgement,why\n"
        f'{WHOLE_MILK},Beer,{FNDDS_MILK},"Milk, whole",twin,\n'
    )
    with pytest.raises(SystemExit, match="fdc_id 746782 is 'Milk, whole"):
        builder.food_twins(FOODS, path)


# The reports.


@pytest.fixture
def filled(tmp_path):
    path = tmp_path / "diary.csv"
    path.write_text(
        "date,food,amount,unit,fdc_id\n"
        f"2026-03-02,broccoli,100,g,{BROCCOLI}\n"
        f"2026-03-02,milk,200,g,{FNDDS_MILK}\n"
        f"2026-03-03,milk,200,g,{FNDDS_MILK}\n"
    )
    return analyze(path, Person(sex="female", age_years=34), nutrients=["magnesium", "vitamin_b12"])


def texts(sheet):
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def cell_at(sheet, row_starts_with, header):
    headers = next(row for row in sheet.iter_rows() if header in [cell.value for cell in row])
    column = [cell.value for cell in headers].index(header)
    return next(row[column] for row in sheet.iter_rows() if str(row[0].value).startswith(row_starts_with))


def test_workbook_marks_filled_in_totals_and_names_the_twins(filled, report):
    workbook = openpyxl.load_workbook(report(filled))
    assert cell_at(workbook["Summary"], "Vitamin B12", "Mean per day").number_format.startswith('"≈ "')
    assert "≈" not in cell_at(workbook["Summary"], "Magnesium", "Mean per day").number_format
    days = [cell_at(workbook["Daily"], day, "Vitamin B12 [µg]").number_format for day in ("2026-03-02", "2026-03-03")]
    assert ["≈" in number for number in days] == [True, False]
    assert cell_at(workbook["Foods"], "Broccoli, raw", "Vitamin B12 [µg]").number_format.startswith('"≈ "')
    assert "≈" not in cell_at(workbook["Foods"], "Milk, whole", "Vitamin B12 [µg]").number_format
    about = texts(workbook["About"])
    place = about.index("Values filled in from twin records")
    assert about[place + 1 : place + 3] == [
        "Broccoli, raw",
        "from FNDDS 2021-2023 72201100 (twin of Foundation Foods 2025-04-24 11090): Vitamin B12",
    ]


def test_workbook_without_filled_in_values_does_not_speak_of_any(filled, report):
    bare = openpyxl.load_workbook(report(replace(filled, contributions=filled.contributions.assign(filled_in=False))))
    assert "Values filled in from twin records" not in texts(bare["About"])


def test_summary_at_a_terminal_marks_what_is_filled_in(filled, capsys):
    print_summary(filled)
    shown = capsys.readouterr().out
    assert "≈ 1." in shown or "≈ 0." in shown
    assert "twin record" in shown
