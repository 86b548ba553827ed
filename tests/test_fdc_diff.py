"""What another release changes, in the foods and in the report of a diary."""

from __future__ import annotations

import io
import json
import sqlite3

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from next_release import ADDED, DROPPED, RENAMED, NextRelease, install_next_release
from nutridiary.analysis import analyze
from nutridiary.cli import main
from nutridiary.fdc.branded.build import build_branded
from nutridiary.fdc.installed import BRANDED, EMBEDDED, FOODS, MANIFEST, release_file, releases_folder
from nutridiary.foods import load_foods
from nutridiary.reading_changes import (
    CHANGE_CAUSES,
    COUNTED,
    FOOD,
    LINE_CHANGES,
    READING_CHANGES,
    VALUES,
    WEIGHT,
    reading_changes,
)
from nutridiary.references import Person
from nutridiary.releases.branded_changes import branded_changes
from nutridiary.releases.changes import (
    FOOD_CHANGES,
    NUTRIENT_CHANGES,
    PORTION_CHANGES,
    VALUE_CHANGES,
    food_changes,
)
from nutridiary.releases.curated import SET_ASIDE, set_aside
from official_layout import BrandedProduct, write_csv_release

ANN = Person(sex="female", age_years=34)
EAR = 265.0  # mg magnesium a day, women 31 to 50 years (IOM 1997)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NUTRIDIARY_DATA", str(tmp_path_factory.mktemp("data")))
        yield install_next_release("next")


@pytest.fixture(scope="module")
def changes(installed):
    return food_changes(load_foods(release=EMBEDDED), load_foods(release="next"))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["fdc", "diff", *map(str, arguments)])


def diary(tmp_path, *rows: tuple[int, float]) -> str:
    """Write a diary of a day: FDC id of the embedded release, grams."""
    lines = "".join(f"2026-01-01,food {fdc_id},{fdc_id},{grams}\n" for fdc_id, grams in rows)
    (tmp_path / "diary.csv").write_text(f"date,food,fdc_id,grams\n{lines}", encoding="utf-8")
    return str(tmp_path / "diary.csv")


def changed_food(installed: NextRelease) -> tuple[int, float]:
    """Return a food whose magnesium changed by its id before, and what 100 g of it held then."""
    before = {new: old for old, new in installed.moved.items()}
    new, (held, _) = max(installed.magnesium.items(), key=lambda item: item[1][0])
    return before[new], held


# --- foods -----------------------------------------------------------------------------------------------


def test_food_changes_are_those_that_were_made(installed, changes):
    counts = changes.foods["change"].value_counts().to_dict()
    assert counts == {"gone": DROPPED, "new": ADDED, "renamed": RENAMED}
    gone = changes.foods[changes.foods["change"] == "gone"]
    assert sorted(gone["fdc_id_before"]) == installed.dropped
    renamed = changes.foods[changes.foods["change"] == "renamed"]
    assert sorted(renamed["fdc_id_before"]) == sorted(installed.renamed)
    assert (renamed["name_after"] == renamed["name_before"] + ", reviewed").all()
    assert (changes.kept, changes.moved) == (13565 - DROPPED, len(installed.moved))


def test_value_changes_are_those_that_were_made(installed, changes):
    values = changes.values.set_index("fdc_id_after")
    assert set(values["nutrient"]) == {"magnesium"}
    expected = pd.DataFrame.from_dict(installed.magnesium, orient="index", columns=["before", "after"])
    pd.testing.assert_frame_equal(
        values[["before", "after"]].sort_index(), expected.sort_index(), check_names=False, check_index_type=False
    )
    (row,) = changes.nutrients.to_dict("records")
    assert (row["nutrient"], row["changed"], row["known_now"], row["unknown_now"]) == (
        "magnesium",
        len(installed.magnesium),
        0,
        0,
    )
    assert row["after"] - row["before"] == pytest.approx(max(new - old for old, new in installed.magnesium.values()))


def test_food_changes_backwards_are_the_same_the_other_way_round(changes):
    back = food_changes(load_foods(release="next"), load_foods(release=EMBEDDED))
    assert back.foods["change"].value_counts().to_dict() == {"gone": ADDED, "new": DROPPED, "renamed": RENAMED}
    assert len(back.values) == len(changes.values)
    assert back.values["difference"].sum() == pytest.approx(-changes.values["difference"].sum())


def test_a_value_that_becomes_unknown_and_one_that_becomes_known_are_told_apart(tmp_path):
    path = tmp_path / FOODS
    path.write_bytes(release_file(FOODS, EMBEDDED).read_bytes())
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE composition SET vitamin_d = NULL WHERE fdc_id = 2705385")
        connection.execute("UPDATE composition SET vitamin_d = 1.5 WHERE fdc_id = 746782 AND vitamin_d IS NULL")
        connection.execute("UPDATE portion SET gram_weight = 250 WHERE fdc_id = 2705385 AND description = 'cup'")
    connection.close()
    found = food_changes(load_foods(release=EMBEDDED), load_foods(path), ["vitamin_d"])
    rows = found.values.set_index("fdc_id_after")[["before", "after"]]
    assert pd.isna(rows.loc[2705385, "after"])
    assert rows.loc[2705385, "before"] > 0
    (row,) = found.nutrients.to_dict("records")
    assert row["unknown_now"] == 1
    assert row["changed"] + row["known_now"] == len(rows) - 1
    portions = found.portions[found.portions["fdc_id_after"] == 2705385]
    assert portions["after"].tolist() == [250.0]
    assert portions["before"].item() != 250.0
    assert found.foods.empty


def test_shipped_entries_about_foods_that_are_gone_are_counted(installed, changes):
    counts = changes.set_aside.set_index("table")["set_aside"].to_dict()
    assert counts["food_twins.csv"] == 1
    assert counts["suggestion_foods.csv"] == 0
    assert counts["fndds_crosswalk.csv"] > 0
    assert set_aside(load_foods(release=EMBEDDED))["set_aside"].sum() == 0


def test_tables_of_changes_are_declared(changes):
    declared = [
        (changes.foods, FOOD_CHANGES),
        (changes.values, VALUE_CHANGES),
        (changes.nutrients, NUTRIENT_CHANGES),
        (changes.portions, PORTION_CHANGES),
        (changes.set_aside, SET_ASIDE),
    ]
    for frame, table in declared:
        assert frame.columns.to_list() == table.names
        assert not frame.duplicated(list(table.key)).any()


# --- readings --------------------------------------------------------------------------------------------


def both(path: str):
    return reading_changes(*(analyze(path, ANN, foods=load_foods(release=name)) for name in (EMBEDDED, "next")))


def test_a_reading_that_flips_says_which_food_did_it_and_by_how_much(installed, tmp_path):
    food, held = changed_food(installed)
    path = diary(tmp_path, (food, round(100 * 0.9 * EAR / held, 1)))
    found = both(path)
    (flip,) = found.flips.to_dict("records")
    assert flip["nutrient"] == "magnesium"
    assert flip["before"] == pytest.approx(0.9 * EAR, abs=1)
    assert flip["after"] == pytest.approx(1.2 * 0.9 * EAR, abs=1)
    assert flip["difference"] == pytest.approx(0.2 * 0.9 * EAR, abs=1)
    assert (flip["verdict_before"], flip["verdict_after"]) == ("below_ear", "between_ear_and_rda")
    name = load_foods(release="next").food(food + 5_000_000)["description"]
    assert flip["because"].startswith(f"{name} ({VALUES}) +47.7 mg")
    assert found.lines.empty


def test_a_line_whose_food_is_gone_is_told_with_the_food_it_is_now(installed, tmp_path):
    path = diary(tmp_path, (installed.dropped[0], 200.0))
    found = both(path)
    (line,) = found.lines.to_dict("records")
    assert (line["source"], line["line"], line["change"]) == ("diary.csv", 2, FOOD)
    assert line["food_before"] == "Hot chocolate / cocoa, dry mix, made with water"
    assert line["food_after"] != line["food_before"]
    assert set(found.causes["why"]) == {FOOD}


def test_another_weight_and_a_line_that_counts_now_are_told(installed, tmp_path):
    rows = "2026-01-01,banana,1,cup\n2026-01-01,zorbfruit cultivated,100,g\n"
    (tmp_path / "diary.csv").write_text(f"date,food,amount,unit\n{rows}", encoding="utf-8")
    with sqlite3.connect(release_file(FOODS, "next")) as connection:
        connection.execute("UPDATE portion SET gram_weight = gram_weight * 2 WHERE fdc_id = 7709224")
    connection.close()
    found = both(str(tmp_path / "diary.csv"))
    assert found.lines.set_index("line")["change"].to_dict() == {2: WEIGHT, 3: COUNTED}
    magnesium = found.causes[found.causes["nutrient"] == "magnesium"].set_index("why")["difference"]
    mean = found.readings.set_index("nutrient").loc["magnesium", "difference"]
    assert magnesium.sum() == pytest.approx(mean)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_causes_add_up_to_the_difference_of_each_mean(installed, tmp_path, data):
    before = {new: old for old, new in installed.moved.items()}
    pool = [*(before[new] for new in list(installed.magnesium)[::10]), *installed.dropped[:6], 173944, 2705385]
    rows = data.draw(st.lists(st.tuples(st.sampled_from(pool), st.integers(1, 900)), min_size=1, max_size=8))
    found = both(diary(tmp_path, *rows))
    sums = found.causes.groupby("nutrient")["difference"].sum()
    means = found.readings.set_index("nutrient")["difference"]
    assert means.notna().any()
    for nutrient, difference in means.dropna().items():
        assert sums.get(nutrient, 0.0) == pytest.approx(difference, abs=1e-6)


def test_tables_of_reading_changes_are_declared(installed, tmp_path):
    found = both(diary(tmp_path, (installed.dropped[0], 200.0), (*changed_food(installed)[:1], 100.0)))
    declared = (found.readings, READING_CHANGES), (found.causes, CHANGE_CAUSES), (found.lines, LINE_CHANGES)
    for frame, table in declared:
        assert frame.columns.to_list() == table.names
        assert not frame.duplicated(list(table.key)).any()


# --- branded foods ---------------------------------------------------------------------------------------


def install_branded(name: str, folder, *barcodes: str) -> None:
    products = [
        BrandedProduct(place, f"BAR {place}", {1008: "400"}, gtin_upc=barcode, serving_size=30, serving_size_unit="g")
        for place, barcode in enumerate(barcodes, 3_000_001)
    ]
    source = write_csv_release(folder / "source" / name, None, branded=products)
    if name != "next":
        target = releases_folder() / name
        target.mkdir()
        for file in (FOODS, MANIFEST):
            (target / file).write_bytes(release_file(file, "next").read_bytes())
    build_branded(source, releases_folder() / name / BRANDED)


def test_branded_products_are_counted_by_barcode(installed, tmp_path):
    assert branded_changes(EMBEDDED, "next") is None
    bar, chips, tea, soup = "00041570054161", "041570054178", "041570054185", "041570054192"
    install_branded("next", tmp_path, bar, bar.lstrip("0"), chips, tea, "NOT A CODE")
    install_branded("later", tmp_path, bar, tea, soup)
    try:
        assert vars(branded_changes("next", "later")) == {"kept": 2, "gone": 2, "new": 1}
        assert vars(branded_changes("next", "next")) == {"kept": 4, "gone": 0, "new": 0}
        assert "Branded products by barcode: 2 of both, 2 gone, 1 new" in run("next", "later").output
        assert json.loads(run("next", "later", "--json").stdout)["branded_products"]["gone"] == 2
    finally:
        release_file(BRANDED, "next").unlink()
    assert "Branded products" not in run("next", "later").output


# --- the command --------------------------------------------------------------------------------------------


def test_diff_of_a_release_with_itself_is_nothing(installed, tmp_path):
    result = run(EMBEDDED, EMBEDDED, diary(tmp_path, (2705385, 100.0)), "--sex", "female", "--age", "34")
    assert result.exit_code == 0, result.output
    assert "13,565 foods of both, 0 of them with another FDC id" in result.output
    for line in ("Gone: 0", "New: 0", "Renamed: 0", "Means that changed: 0 of", "Readings that flip: 0"):
        assert line in result.output


def test_diff_prints_what_changed_and_how_to_see_all(installed):
    result = run(EMBEDDED, "next")
    assert result.exit_code == 0, result.output
    assert f"Gone: {DROPPED}" in result.output
    assert "Hot chocolate / cocoa, dry mix, made with water [2705483]" in result.output
    assert f"and {DROPPED - 10} more (--csv, --json)" in result.output
    assert "Trifle -> Trifle, reviewed" in result.output
    assert 'Category "Cultivated foods" (40 foods) is in no food group' in result.output
    assert "food_twins.csv: 1 of" in result.output


def test_diff_with_a_diary_ends_with_1_where_a_reading_flips(installed, tmp_path):
    food, held = changed_food(installed)
    path = diary(tmp_path, (food, round(100 * 0.9 * EAR / held, 1)))
    result = run(EMBEDDED, "next", path, "--sex", "female", "--age", "34")
    assert result.exit_code == 1, result.output
    assert "Readings that flip: 1" in result.output
    assert "before: " in result.output
    assert "below the EAR of 265 mg" in result.output


def test_diff_tells_the_confidence_where_it_alone_flips(installed, tmp_path):
    food, held = changed_food(installed)
    # A fifth more is below the need as before, but not clearly any more.
    path = diary(tmp_path, (food, round(100 * 0.53 * EAR / held, 1)))
    output = run(EMBEDDED, "next", path, "--sex", "female", "--age", "34").output
    flips = output.partition("Readings that flip: ")[2].partition("Lines that changed")[0]
    assert 'confidence before: "likely less than needed", after: "open"' in flips
    assert flips.count("below the EAR") == 2


def test_diff_names_nutrients_and_units_as_the_report_does(installed):
    output = run(EMBEDDED, "next").output
    assert "  Magnesium: " in output
    assert "magnesium: " not in output


def test_diff_prints_tables_for_a_pipe(installed, tmp_path):
    path = diary(tmp_path, (2705385, 100.0))
    foods = pd.read_csv(io.StringIO(run(EMBEDDED, "next", "--csv").stdout))
    assert len(foods) == DROPPED + ADDED + RENAMED
    means = pd.read_csv(io.StringIO(run(EMBEDDED, "next", path, "--csv", "--nutrient", "calcium").stdout))
    assert means["nutrient"].tolist() == ["calcium"]
    data = json.loads(run(EMBEDDED, "next", path, "--json").stdout)
    assert (data["before"], data["after"]) == (EMBEDDED, "next")
    assert len(data["foods"]) == len(foods)
    assert {"values", "nutrients", "portions", "set_aside", "readings", "causes", "lines"} <= set(data)


def test_diff_names_the_installed_releases_where_one_is_not(installed):
    result = run(EMBEDDED, "nxet")
    assert result.exit_code == 2
    assert "no release 'nxet'" in result.output
    assert "next" in result.output
    assert "Traceback" not in result.output


def test_diff_of_a_file_that_is_no_diary_is_one_line(installed, tmp_path):
    (tmp_path / "no.csv").write_text("a,b\n1,2\n")
    result = run(EMBEDDED, "next", tmp_path / "no.csv")
    assert result.exit_code == 2
    assert result.stderr.startswith("nutridiary: no.csv")
