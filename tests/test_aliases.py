"""Files of aliases: what may stand in them, what is refused and how, and what they do to a diary."""

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdc_server import FdcServer, alone, product
from nutridiary import FoodData, Person, analyze, load_foods, match_foods, weigh
from nutridiary.aliases import learn, load_aliases, text_key
from nutridiary.aliases.files import Said, read_said, write_aliases
from nutridiary.bundle import reproduce, write_bundle
from nutridiary.errors import AliasError, DiaryError
from nutridiary.tables import ALIASES

MILK, BANANA, OATS = 2705385, 2709224, 2708489  # FNDDS 2021-2023: whole milk; banana, raw; oats, raw
HEADER = "said,fdc_id,description,unit,grams_per_unit,decision,note,added_on\n"


@pytest.fixture(scope="module")
def foods() -> FoodData:
    return load_foods()


@pytest.fixture
def aliases(tmp_path):
    """Write a file of aliases with these rows below the usual header and return its path."""

    def write(rows, name="mine.csv", header=HEADER):
        path = tmp_path / name
        path.write_text(header + rows, encoding="utf-8")
        return path

    return write


def lines(*texts, **columns):
    count = len(texts)
    return pd.DataFrame(
        {"source": "d.csv", "line": range(2, count + 2), "food_text": texts, "amount": 1.0, "kind": "food", **columns}
    )


def result(entries, path, foods):
    own = load_aliases(path)
    return weigh(match_foods(entries, foods, own), foods, own)


def test_alias_decides_before_any_score_whatever_the_case_and_spaces(aliases, foods):
    path = aliases(f"my granola,{BANANA},,,,,,\n")
    found = result(lines("My  GRANOLA", "milk"), path, foods)
    assert found["fdc_id"].tolist()[0] == BANANA
    assert found["match_method"].tolist()[0] == "user_alias"
    assert found["match_score"].tolist()[0] == 1.0
    assert not found["needs_review"].iloc[0]
    assert 'your alias: "My  GRANOLA" is ' in found["note"].iloc[0]
    assert "mine.csv:2" in found["note"].iloc[0]
    assert found["match_method"].tolist()[1] != "user_alias"


def test_alias_goes_for_whole_texts_only(aliases, foods):
    found = result(lines("milk chocolate"), aliases(f"milk,{BANANA},,,,,,\n"), foods)
    assert found["fdc_id"].iloc[0] != BANANA


def test_ignored_text_becomes_a_note_and_is_in_no_total(aliases, tmp_path):
    diary = tmp_path / "d.csv"
    diary.write_text("Date,Food,Amount,Unit\n2026-03-01,qwzxv tablet,1,cup\n2026-03-01,banana,118,g\n")
    plain, told = analyze(diary), analyze(diary, aliases=aliases("qwzxv tablet,,,,,ignore,,\n"))
    assert plain.days["foods_left_out"].iloc[0] == 1
    assert told.days["foods_left_out"].iloc[0] == 0
    row = told.entries.iloc[0]
    assert row["kind"] == "note"
    assert "not a food, as your alias says (mine.csv:2)" in row["problem"]
    assert len(told.entries) == 2


def test_alias_goes_before_the_look_of_a_supplement(aliases, tmp_path):
    diary = tmp_path / "d.csv"
    diary.write_text("Date,Food,Amount,Unit\n2026-03-01,butter tablet,20,g\n")
    assert analyze(diary).entries.loc[0, "kind"] == "supplement"
    row = analyze(diary, aliases=aliases("butter tablet,173430,,,,,,\n")).entries.loc[0]
    assert (row["kind"], row["fdc_id"], row["gram_weight"]) == ("food", 173430, 20.0)


@pytest.mark.parametrize(
    ("written", "unit", "amount", "grams"),
    [
        ("cup", "cups", 2.0, 220.0),
        ("", None, 3.0, 330.0),
        ("each", None, 3.0, 330.0),
        ("small bowl", "Small  Bowl", 0.5, 55.0),
        ("no amount", None, float("nan"), 110.0),
    ],
)
def test_own_weight_of_a_unit_goes_before_every_portion(aliases, foods, written, unit, amount, grams):
    found = result(lines("oatmeal", amount=amount, unit=unit), aliases(f"oatmeal,,,{written},110,,,\n"), foods)
    row = found.iloc[0]
    assert [row["gram_weight"], row["gram_low"], row["gram_high"]] == [grams] * 3
    assert row["weight_method"] == "alias_portion"
    assert "your weight: " in row["note"]


def test_own_weight_leaves_other_units_and_stated_weights_alone(aliases, foods):
    entries = lines("oatmeal", "oatmeal", unit=["g", "cup"], amount=[50.0, 1.0])
    own = aliases("oatmeal,,,bowl,110,,,\n")
    before = weigh(match_foods(entries, foods), foods)
    pd.testing.assert_frame_equal(result(entries, own, foods), before)


def test_own_weight_counts_a_line_that_could_not_be_weighed(aliases, foods):
    entries = lines("butter", unit="knob")
    assert weigh(match_foods(entries, foods), foods)["problem"].notna().all()
    found = result(entries, aliases("butter,,,knob,8,,,\n"), foods).iloc[0]
    assert found["gram_weight"] == 8.0
    assert pd.isna(found["problem"])


def test_food_named_by_number_in_the_line_stays_and_says_so(aliases, foods):
    found = result(lines("milk", stated_fdc_id=MILK), aliases(f"milk,{BANANA},,,,,,\n"), foods).iloc[0]
    assert found["fdc_id"] == MILK
    assert "your alias (mine.csv:2) is not used" in found["note"]


def test_alias_of_a_brand_goes_before_one_of_any_brand(aliases, foods):
    path = aliases(f"yogurt,,{BANANA}\nyogurt,Dairy Co,{MILK}\n", header="said,brand,fdc_id\n")
    found = result(lines("yogurt", "Yogurt", "yogurt", brand=[None, "DAIRY CO", "Other"]), path, foods)
    assert found["fdc_id"].tolist() == [BANANA, MILK, BANANA]


def test_later_file_wins(aliases):
    project = aliases(f"milk,{BANANA},,,,,,\ntea,{BANANA},,,,,,\n", "project.csv")
    user = aliases(f"Milk,{MILK},,,,,,\n", "user.csv")
    table = load_aliases(project, user).set_index("said")
    assert table["fdc_id"].to_dict() == {"Milk": MILK, "tea": BANANA}
    assert list(table.reset_index().columns) == ALIASES.names
    assert load_aliases(user, project).set_index("said")["fdc_id"].to_dict() == {"milk": BANANA, "tea": BANANA}


def test_food_and_weight_may_stand_in_one_row(aliases, foods):
    found = result(lines("mush", unit="ladle"), aliases(f"mush,{OATS},,ladle,90,,,\n"), foods).iloc[0]
    assert (found["fdc_id"], found["gram_weight"]) == (OATS, 90.0)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (f"milk,{MILK},,,,,,\nMILK,{BANANA},,,,,,\n", ["mine.csv:3", f"FDC id {BANANA}", "row 2", "Keep one"]),
        (f"milk,{MILK},,,,,,\nmilk,,,,,ignore,,\n", ["mine.csv:3", "not a food", "row 2"]),
        ("milk,,,cup,240,,,\nmilk,,,cups,250,,,\n", ["mine.csv:3", "1 cup = 250 g", "1 cup = 240 g"]),
        ("milk,12a,,,,,,\n", ["mine.csv:2", "'12a'", "whole number"]),
        ("milk,,,cup,a lot,,,\n", ["mine.csv:2", "'a lot'"]),
        ('milk,,,cup,"1,500",,,\n', ["mine.csv:2", "'1,500'"]),
        ("milk,,,cup,0,,,\n", ["mine.csv:2", "0 g"]),
        ("milk,,,cup,-5,,,\n", ["mine.csv:2", "'-5'"]),
        ("milk,,,g,1,,,\n", ["mine.csv:2", "'g'", "a weight already"]),
        ("milk,,,,,,,\n", ["mine.csv:2", "says nothing"]),
        (f"milk,{MILK},,,,ignore,,\n", ["mine.csv:2", "not a food", "Keep one"]),
        ("milk,,,,,ignroe,,\n", ["mine.csv:2", "'ignroe'", "Did you mean 'ignore'"]),
        ("milk,,,,,food,,\n", ["mine.csv:2", "no FDC id"]),
        ("milk,,,,,weight,,\n", ["mine.csv:2", "no grams_per_unit"]),
        (f",{MILK},,,,,,\n", ["mine.csv:2", "said is empty"]),
        (f"milk,{MILK},,,,whole,,\n", ["mine.csv:2", "one food", "Keep one"]),
        ("milk,,,,,parts,,\n", ["mine.csv:2", "name no food", "1 cup rice; 150 g beans"]),
    ],
)
def test_rows_that_cannot_be_used_are_named_with_their_row(aliases, rows, words):
    with pytest.raises(AliasError) as error:
        load_aliases(aliases(rows))
    assert all(word in str(error.value) for word in words), error.value


PARTS = "said,parts,fdc_id,grams_per_unit,decision\n"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("lunch,rice,,,\n", ["mine.csv:2", '"lunch" name one food', "decision whole"]),
        ("lunch, ; ;,,,\n", ["mine.csv:2", "name no food"]),
        (f"lunch,{'; '.join(['rice'] * 21)},,,\n", ["mine.csv:2", "21 parts", "more than 20"]),
        ("lunch,rice; 100 g,,,\n", ["mine.csv:2", '"100 g"', "names no food"]),
        ("lunch,rice; 20 kg beans,,,\n", ["mine.csv:2", '"20 kg beans"', "more than 10 kg"]),
        ("lunch,rice; 2 Lunch,,,\n", ["mine.csv:2", "cannot be a part of itself"]),
        (f"lunch,rice; beans,{MILK},,\n", ["mine.csv:2", "Keep one of the two"]),
        ("lunch,rice; beans,,200,\n", ["mine.csv:2", "Keep one of the two"]),
        ("lunch,rice; beans,,,ignore\n", ["mine.csv:2", "Keep one of the two"]),
        ("lunch,rice; beans,,,whole\n", ["mine.csv:2", "Keep one of the two"]),
        ("lunch,rice; beans,,,\nLUNCH,rice; corn,,,\n", ["mine.csv:3", "rice; corn here", "rice; beans in row 2"]),
        ("lunch,rice; beans,,,\nLUNCH,,,,whole\n", ["mine.csv:3", "one food here", "rice; beans in row 2"]),
        ("one,two pies; rice,,,\npies,tea; 1 one,,,\n", ["mine.csv:", "a part of its own parts"]),
        (
            "".join(f"food {a},{'; '.join([f'food {b}'] * 11)},,,\n" for a, b in ("ab", "bc", "cd")),
            ["mine.csv:3", '"food b" is 121 foods', "100 can be told apart"],
        ),
    ],
)
def test_parts_that_cannot_be_used_are_named_with_their_row(aliases, rows, words):
    with pytest.raises(AliasError) as error:
        load_aliases(aliases(rows, header=PARTS))
    assert all(word in str(error.value) for word in words), error.value


def test_parts_and_whole_are_read_whatever_the_spaces_and_by_their_words(aliases):
    rows = "lunch,1 cup  rice ;150 g beans;,,,several foods\ntea and toast,,,,one food\nstew,rice; corn,,,\n"
    table = load_aliases(aliases(rows, header=PARTS)).set_index("said")
    assert table["decision"].to_dict() == {"lunch": "parts", "tea and toast": "whole", "stew": "parts"}
    assert table.loc["lunch", "parts"] == "1 cup rice; 150 g beans"
    assert list(table.reset_index().columns) == ALIASES.names


def test_parts_in_two_files_that_lead_back_to_each_other_are_an_error(aliases):
    one = aliases("lunch,rice; my sauce,,,\n", "one.csv", PARTS)
    two = aliases("my sauce,lunch; oil,,,\n", "two.csv", PARTS)
    assert len(load_aliases(one)) == len(load_aliases(two)) == 1
    with pytest.raises(AliasError, match=r'(one|two)\.csv:2: ".*" is a part of its own parts'):
        load_aliases(one, two)


def test_parts_count_with_the_aliases_of_their_own_texts_and_the_report_says_so(aliases, tmp_path):
    diary = tmp_path / "d.csv"
    diary.write_text("Date,Food,Amount,Unit\n2026-03-01,lunch box,2,box\n2026-03-02,lunch box,,\n2026-03-02,lunch,,\n")
    rows = f"Lunch box,1 scoop brekkie; 50 g banana,,,\nbrekkie,,{OATS},,\nlunch,,,,whole\nnever,a b; c d,,,\n"
    weight = aliases("brekkie,,,scoop,40,,,\n", "weight.csv")
    found = analyze(diary, aliases=[aliases(rows, header=PARTS), weight])
    table = found.entries.set_index(["line", "part"])
    assert table["gram_weight"].head(4).tolist() == [80.0, 100.0, 40.0, 50.0]
    assert table["fdc_id"].head(4).tolist()[::2] == [OATS, OATS]
    used = found.settings["aliases used"]
    assert '"Lunch box" is 1 scoop brekkie; 50 g banana (2 lines)' in used
    assert '"lunch" is one food (1 line)' in used
    assert used.endswith("not used: 1")


def test_parts_go_for_a_diary_without_names(aliases, tmp_path):
    diary = tmp_path / "d.csv"
    diary.write_text("Date,Person,Food\n2026-03-01,Anna,anna's lunch\n")
    path = aliases("anna's lunch,50 g rice; 40 g anna's mix,,,\n", header=PARTS)
    entries = analyze(diary, Person("female", 30), aliases=[path], de_identify=True).entries
    assert entries["food_text"].tolist() == ["rice", "Person1's mix"]
    assert "nna" not in " ".join(entries["note"])


@pytest.mark.parametrize("safe", [False, True], ids=["whole", "de-identified"])
def test_bundle_keeps_what_was_said_of_the_foods_a_text_holds(aliases, tmp_path, safe):
    diary = tmp_path / "d.csv"
    diary.write_text(
        "Date,Person,Food,Amount,Unit\n2026-03-01,Anna,anna's lunch,2,box\n2026-03-01,Anna,tea and toast,,\n"
    )
    path = aliases("anna's lunch,50 g rice; 40 g anna's mix,,,\ntea and toast,,,,whole\n", header=PARTS)
    asked = {"aliases": [path], "de_identify": safe}
    analysis = analyze(diary, Person("female", 30), **asked)
    found = reproduce(
        write_bundle(tmp_path / "b.zip", analysis, [diary], Person("female", 30), forms=(".json",), **asked)
    )
    assert found.same
    assert found.analysis.entries["amount"].tolist()[:2] == [100.0, 80.0]


def test_learn_keeps_parts_and_replaces_a_food_by_them(aliases, foods):
    kept = aliases(f"lunch,,{MILK},,\ntea and toast,,,,whole\n", "kept.csv", PARTS)
    new = aliases("lunch,rice; beans,,,\ntea and toast,,,,one food\n", "new.csv", PARTS)
    assert learn(new, kept, foods) == (0, 1, 1, 2)
    table = load_aliases(kept).set_index("said")
    assert table.loc["lunch", ["decision", "parts"]].tolist() == ["parts", "rice; beans"]
    looped = aliases("rice,lunch; salt,,,\n", "looped.csv", PARTS)
    before = kept.read_bytes()
    with pytest.raises(AliasError, match="a part of its own parts"):
        learn(looped, kept, foods)
    assert kept.read_bytes() == before


@pytest.mark.parametrize("grams", ["0.00001", "0.333333333", "1234567.125"])
def test_weight_is_learned_as_it_was_written(aliases, foods, tmp_path, grams):
    kept = tmp_path / "kept.csv"
    learn(aliases(f"salt,,,pinch,{grams},,,\n", "new.csv"), kept, foods)
    assert load_aliases(kept)["grams_per_unit"].tolist() == [float(grams)]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("food,fdc_id\n", ["mine.csv:1", "no column 'said'", "Found: food, fdc_id"]),
        ("said,fcd_id\n", ["mine.csv:1", "'fcd_id'", "Did you mean 'fdc_id'"]),
        ("said,said\n", ["'said' stands twice"]),
    ],
)
def test_columns_that_cannot_be_used_are_named(aliases, header, words):
    with pytest.raises(AliasError) as error:
        load_aliases(aliases("milk,1\n", header=header))
    assert all(word in str(error.value) for word in words), error.value


def test_unknown_fdc_id_is_an_error_with_file_and_row(aliases, foods):
    own = load_aliases(aliases("\nmilk,999999999,,,,,,\n"))
    with pytest.raises(AliasError, match=r'mine\.csv:3: FDC id 999999999 for "milk".*nutridiary foods'):
        match_foods(lines("tea"), foods, own)


def test_missing_file_is_one_clear_error(tmp_path):
    with pytest.raises(DiaryError, match="there is no such file"):
        load_aliases(tmp_path / "nothing.csv")


def test_settings_name_the_files_and_the_aliases_used(aliases, tmp_path):
    diary = tmp_path / "d.csv"
    diary.write_text("Date,Food,Amount,Unit\n2026-03-01,brekkie,1,ladle\n2026-03-02,Brekkie,2,ladle\n")
    path = aliases(f"brekkie,{OATS},,,,,,\nbrekkie,,,ladle,90,,,\nlunch,{OATS},,,,,,\n")
    settings = analyze(diary, aliases=[path]).settings
    assert settings["alias files"].startswith("mine.csv (sha256 ")
    assert '"brekkie" is ' in settings["aliases used"]
    assert '"brekkie": 1 ladle = 90 g (2 lines)' in settings["aliases used"]
    assert settings["aliases used"].endswith("not used: 1")
    assert "alias files" not in analyze(diary).settings


def test_learn_adds_replaces_and_keeps_what_is_about_other_texts(aliases, foods, tmp_path):
    kept = aliases(f"tea,{BANANA},x,,,,mine,2020-01-01\nmilk,{BANANA},,cup,200,,,\n", "kept.csv")
    new = aliases(f"Milk,{MILK},,,,,,\nnotes,,,,,ignore,,\ntea,{BANANA},,,,,,\n", "new.csv")
    assert learn(new, kept, foods) == (1, 1, 1, 4)
    table = load_aliases(kept)
    assert table[["said", "decision"]].values.tolist() == [
        ["tea", "food"],
        ["Milk", "food"],
        ["milk", "weight"],
        ["notes", "ignore"],
    ]
    assert table["note"].tolist()[0] == "mine"
    assert table["description"].tolist()[1] == foods.food(MILK)["description"]
    again = kept.read_bytes()
    assert learn(new, kept, foods) == (0, 0, 3, 4)
    assert kept.read_bytes() == again


def test_learn_asks_for_foods_beyond_the_shipped_ones_only_online(aliases, foods, tmp_path, monkeypatch):
    alone(monkeypatch, tmp_path)
    new, kept = aliases(f"bar,999999999,,,,,,\ntea,{BANANA},,,,,,\n", "new.csv"), tmp_path / "kept.csv"
    with FdcServer() as server:
        monkeypatch.setenv("NUTRIDIARY_FDC_URL", server.url)
        with pytest.raises(AliasError, match="--online"):
            learn(new, kept, foods)
        assert server.asked == []
        server.foods = {999999999: product(999999999)}
        assert learn(new, kept, foods, online=True).new == 2
        assert [asked.fdc_ids for asked in server.asked] == [[999999999]]
    assert load_aliases(kept)["description"].tolist()[0] == "MADE-UP BAR"


def test_learn_online_says_why_a_food_did_not_come(aliases, foods, tmp_path, monkeypatch):
    alone(monkeypatch, tmp_path)
    with FdcServer() as server:
        monkeypatch.setenv("NUTRIDIARY_FDC_URL", server.url)
        with pytest.raises(AliasError, match="Asked: FoodData Central has no food of this number"):
            learn(aliases("bar,999999999,,,,,,\n", "new.csv"), tmp_path / "kept.csv", foods, online=True)


def test_learn_changes_nothing_where_a_correction_cannot_be_used(aliases, foods):
    kept = aliases(f"tea,{BANANA},,,,,,\n", "kept.csv")
    before = kept.read_bytes()
    with pytest.raises(AliasError, match="999999999"):
        learn(aliases("milk,999999999,,,,,,\n", "new.csv"), kept, foods)
    assert kept.read_bytes() == before
    with pytest.raises(AliasError, match=r"\.csv"):
        learn(kept, kept.with_suffix(".xlsx"), foods)


def test_learned_file_is_its_owners_alone_and_runs_no_formula(aliases, foods, tmp_path):
    said = '"=HYPERLINK(""http://x.example"")"'
    kept = tmp_path / "kept.csv"
    wide = "\uff1d1+1"  # a spreadsheet set to Japanese computes it
    learn(aliases(f"{said},{BANANA},,,,,,\n'=1,{MILK},,,,,,\n{wide},{MILK},,,,,,\n", "new.csv"), kept, foods)
    assert kept.stat().st_mode & 0o077 == 0
    cells = [line.split(",")[0] for line in kept.read_text().splitlines()[1:]]
    assert all(cell.strip('"').startswith("'") for cell in cells)
    assert {text_key(said) for said in load_aliases(kept)["said"]} == {
        '=hyperlink("http://x.example")', "=1", text_key(wide),
    }  # fmt: skip


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=12)), max_size=6))
def test_whatever_a_text_holds_it_is_written_and_read_again(texts):
    rows = {(text_key(said), text_key(brand)): (said, brand) for said, brand in texts if text_key(said)}
    said = [
        Said(said, brand, "food", 1000 + at, "name", "", None, "", "", "", "", 0)
        for at, (said, brand) in enumerate(rows.values())
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mine.csv"
        write_aliases(said, path)
        assert {each.about: each.answer for each in read_said(path)} == {each.about: each.answer for each in said}
