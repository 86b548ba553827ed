"""What holds for any diary: no row is lost, every row is counted or has a reason, nothing raises."""

import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nutridiary import NutridiaryError, Person, analyze

cells = st.one_of(
    st.sampled_from(
        ["", "2% milk", "banana", "toast and butter", "??", "=1+1", "2 slices bread", "Total", "n/a", "chips", "-", "½"]
    ),
    st.text(max_size=15),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(str),
)
amounts = st.sampled_from(["1", "100 g", "2 slices", "", "a lot", "-3", "1e9", "0", "1-2", "1,5"]) | cells
rows = st.lists(st.tuples(st.sampled_from(["2026-03-01", "2026-03-02", "", "31/31/2026"]), cells, amounts), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows)
def test_rows_in_are_rows_counted_plus_rows_with_a_problem(tmp_path, content):
    path = tmp_path / "diary.csv"
    frame = pd.DataFrame(content, columns=["Date", "Food", "Amount"])
    frame.to_csv(path, index=False)
    written = [line for line, row in enumerate(content, start=2) if any(cell.strip() for cell in row)]
    try:
        analysis = analyze(path, person=Person(sex="male", age_years=50))
    except NutridiaryError:
        return  # a file that is no diary at all (nothing but blank rows, a date column that says nothing)
    entries = analysis.entries
    assert not entries.duplicated(["line", "part"]).any()
    if not any("\n" in cell or "\r" in cell for row in content for cell in row):
        assert sorted(entries["line"].unique()) == written
    counted = entries["problem"].isna()
    assert counted.sum() + len(analysis.problems) == len(entries)
    assert entries.loc[counted, ["fdc_id", "gram_weight", "weight_method", "match_method"]].notna().all(axis=None)
    assert entries.loc[~counted, "gram_weight"].isna().all() or (~counted).sum() == 0
    key = ["line", "part"]
    assert set(analysis.intakes[key].itertuples(index=False)) == set(entries.loc[counted, key].itertuples(index=False))
    bounds = entries.loc[counted, ["gram_low", "gram_weight", "gram_high"]]
    assert (bounds.diff(axis=1).iloc[:, 1:] >= -1e-9).all(axis=None)


@pytest.mark.parametrize("nutrient", ["magnesium", "vitamin_d"])
def test_doubling_every_amount_doubles_the_day(tmp_path, nutrient):
    lines = [("2% milk", 1, "cup"), ("banana", 118, "g"), ("bread, whole wheat", 2, "slice")]
    means = []
    for times in (1, 2):
        path = tmp_path / f"{times}.csv"
        frame = pd.DataFrame([("2026-03-01", food, times * amount, unit) for food, amount, unit in lines])
        frame.to_csv(path, index=False, header=["Date", "Food", "Amount", "Unit"])
        comparison = analyze(path).comparison.set_index("nutrient")
        means.append(comparison.loc[nutrient, "mean_intake"])
    assert not math.isnan(means[0])
    assert means[1] == pytest.approx(2 * means[0])
