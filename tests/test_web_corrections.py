"""Corrections made on the web page as files of aliases: what is read back, what they change, what is refused."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

pytest.importorskip("pydantic", reason="the web page is not installed: pip install nutridiary[web]")

from nutridiary import analyze
from nutridiary.aliases import learn, load_aliases, text_key, unit_key
from nutridiary.errors import AliasError
from nutridiary.foods import load_foods
from nutridiary.review import review
from nutridiary.web.asked import Asked, Correction
from nutridiary.web.routes.review_form import RowForm
from nutridiary.web.steps.corrections import alias_digest, alias_files, problem_of

MILK, BANANA, OATS = 2705385, 2709224, 2708489  # FNDDS 2021-2023: whole milk; banana, raw; oats, raw
ON = dt.date(2026, 3, 5)


def asked(*corrections: Correction, aliases: tuple[str, ...] = ()) -> Asked:
    return Asked(files=("d.csv",), aliases=aliases, corrections=corrections, corrected_on=ON)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make the folder of an open diary."""
    (tmp_path / "uploaded").mkdir()
    return tmp_path


def upload(folder: Path, name: str, rows: str) -> str:
    (folder / "uploaded" / name).write_text(rows, encoding="utf-8")
    return name


def test_corrections_stand_in_the_file_for_good_or_in_that_of_this_diary(folder: Path) -> None:
    files = alias_files(
        folder,
        asked(
            Correction(said="my granola", decision="food", fdc_id=OATS),
            Correction(said="my granola", decision="weight", unit="cup", grams_per_unit=95.5),
            Correction(said="felt tired", decision="ignore", keep=False),
            Correction(said="tea and toast", decision="whole"),
            Correction(said="lunch", decision="parts", parts="1 cup rice;150 g beans", keep=False),
        ),
    )
    assert [file.name for file in files] == ["aliases.csv", "this_diary.csv"]
    for_good, this_diary = map(load_aliases, files)
    assert for_good[["said", "decision"]].values.tolist() == [
        ["my granola", "food"],
        ["my granola", "weight"],
        ["tea and toast", "whole"],
    ]
    assert this_diary[["said", "decision", "parts"]].fillna("").values.tolist() == [
        ["felt tired", "ignore", ""],
        ["lunch", "parts", "1 cup rice; 150 g beans"],
    ]
    granola = for_good.iloc[0]
    assert granola[["description", "added_on"]].tolist() == [load_foods().food(OATS)["description"], "2026-03-05"]
    assert "web page" in granola["note"]


def test_without_corrections_there_is_no_file(folder: Path) -> None:
    assert alias_files(folder, asked()) == []
    only = alias_files(folder, asked(Correction(said="tea", decision="ignore", keep=False)))
    assert [file.name for file in only] == ["this_diary.csv"]


def test_same_corrections_give_the_same_bytes_and_others_another_name(folder: Path, tmp_path: Path) -> None:
    one = asked(Correction(said="tea", decision="ignore"))
    before = [file.read_bytes() for file in alias_files(folder, one)]
    again = tmp_path / "again"
    again.mkdir()
    assert [file.read_bytes() for file in alias_files(again, one)] == before
    other = asked(Correction(said="tea", decision="food", fdc_id=MILK))
    assert alias_digest(one) != alias_digest(other)
    assert [file.read_bytes() for file in alias_files(folder, other)] != before
    assert [file.read_bytes() for file in alias_files(folder, one)] == before
    # Who ate and what is wanted is no matter of aliases.
    assert alias_digest(one) == alias_digest(one.model_copy(update={"files": ("e.csv",)}))


def test_files_are_their_owners_alone(folder: Path) -> None:
    (file,) = alias_files(folder, asked(Correction(said="tea", decision="ignore")))
    assert file.stat().st_mode & 0o077 == 0


def test_corrections_are_learned_into_the_uploaded_files_of_which_the_last_wins(folder: Path, tmp_path: Path) -> None:
    names = (
        upload(folder, "project.csv", f"said,fdc_id,note\nmilk,{BANANA},ours\ntea,{BANANA},\n"),
        upload(folder, "mine.csv", f"said,fdc_id\nTEA,{MILK}\n"),
    )
    correction = Correction(said="Milk", decision="food", fdc_id=OATS)
    (file,) = alias_files(folder, asked(correction, aliases=names))
    table = load_aliases(file).set_index("said")
    assert table["fdc_id"].to_dict() == {"Milk": OATS, "TEA": MILK}
    # The same as the command line makes of the same.
    by_hand, said = tmp_path / "by_hand.csv", tmp_path / "said.csv"
    by_hand.write_text(f"said,fdc_id,note\nmilk,{BANANA},ours\nTEA,{MILK},\n")
    said.write_text(f"said,fdc_id\nMilk,{OATS}\n")
    learn(said, by_hand, load_foods(), on=ON)
    columns = ["decision", "fdc_id", "added_on"]
    pd.testing.assert_frame_equal(load_aliases(by_hand).set_index("said")[columns], table[columns])


def test_reviewed_workbook_that_was_uploaded_counts(folder: Path) -> None:
    import openpyxl

    diary = folder / "d.csv"
    diary.write_text("Date,Food,Amount,Unit\n2026-03-01,porridge,1,bowl\n2026-03-01,tea,1,cup\n")
    path = review(diary).to_excel(folder / "uploaded" / "review.xlsx")
    book = openpyxl.load_workbook(path)
    header = next(row for row in book["Foods"].iter_rows() if "As written" in [cell.value for cell in row])
    names = [cell.value for cell in header]
    for row in book["Foods"].iter_rows(min_row=header[0].row + 1):
        if row[names.index("As written")].value == "porridge":
            row[names.index("Food")].value = OATS
    book.save(path)
    (file,) = alias_files(folder, asked(aliases=("review.xlsx",)))
    assert load_aliases(file)[["said", "fdc_id"]].values.tolist() == [["porridge", OATS]]


def test_command_line_given_the_files_says_the_same(folder: Path) -> None:
    diary = folder / "d.csv"
    diary.write_text(
        "Date,Food,Amount,Unit\n2026-03-01,lunch,2,box\n2026-03-01,tea and toast,,\n2026-03-01,mush,1,cup\n"
    )
    name = upload(folder, "mine.csv", f"said,fdc_id\nmush,{MILK}\n")
    files = alias_files(
        folder,
        asked(
            Correction(said="lunch", decision="parts", parts="100 g rice; 1 banana"),
            Correction(said="tea and toast", decision="food", fdc_id=BANANA, keep=False),
            Correction(said="mush", decision="food", fdc_id=OATS, keep=False),
            aliases=(name,),
        ),
    )
    entries = analyze(diary, aliases=files).entries
    assert entries["food_text"].tolist() == ["rice", "banana", "tea and toast", "mush"]
    assert entries["gram_weight"].tolist()[0] == 200.0
    assert entries["fdc_id"].tolist()[2:] == [BANANA, OATS]
    assert "(aliases.csv:" in entries["note"].iloc[0]
    assert "(this_diary.csv:2)" in entries["note"].iloc[2]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("said,fdc_id\nmilk,12a\n", ["mine.csv:2", "'12a'"]),
        ("said,fdc_id\nmilk,999999999\n", ["mine.csv:2", "999999999", '"milk"']),
        ("food,fdc_id\nmilk,1\n", ["mine.csv:1", "no column 'said'"]),
        ("said,parts\nlunch,rice; mush\nmush,lunch; oil\n", ["mine.csv:", "a part of its own parts"]),
    ],
)
def test_uploaded_file_that_cannot_be_used_is_named(folder: Path, rows: str, words: list[str]) -> None:
    name = upload(folder, "mine.csv", rows)
    with pytest.raises(AliasError) as error:
        alias_files(folder, asked(Correction(said="tea", decision="ignore"), aliases=(name,)))
    assert all(word in str(error.value) for word in words), error.value


@pytest.mark.parametrize(
    ("correction", "words"),
    [
        ({"decision": "food"}, ["No FDC id", '"lunch"']),
        ({"decision": "food", "fdc_id": 999_999_999}, ["999999999", "not in the food data in use"]),
        ({"decision": "weight", "unit": "cup"}, ["No grams_per_unit"]),
        ({"decision": "weight", "unit": "g", "grams_per_unit": 2.0}, ["a weight already"]),
        ({"decision": "weight", "unit": "cup", "grams_per_unit": 1e-12}, ["cannot weigh 0 g"]),
        ({"decision": "parts"}, ["name no food"]),
        ({"decision": "parts", "parts": "rice"}, ["name one food"]),
        ({"decision": "parts", "parts": "rice; lunch"}, ["cannot be a part of itself"]),
        ({"decision": "parts", "parts": "mush; tea"}, ["a part of its own parts"]),
        ({"said": "\x00\u200b", "decision": "ignore"}, ["said is empty"]),
    ],
)
def test_correction_that_cannot_be_used_is_told_in_words_that_name_no_file(correction, words) -> None:
    before = asked(Correction(said="mush", decision="parts", parts="oil; 2 lunch"))
    said = problem_of(Correction(**{"said": "lunch", **correction}), before)
    assert all(word in said for word in words), said
    assert not said.startswith(":")


@pytest.mark.parametrize(
    "correction",
    [
        {"decision": "food", "fdc_id": MILK, "parts": "left over", "unit": "g"},
        {"decision": "weight", "unit": "", "grams_per_unit": 0.00001},
        {"decision": "ignore", "fdc_id": 5},
        {"decision": "whole", "grams_per_unit": 5.0},
        {"decision": "parts", "parts": "1 cup rice; 150 g beans", "fdc_id": MILK},
    ],
)
def test_what_does_not_go_with_a_decision_is_no_problem(folder: Path, correction) -> None:
    one = Correction(said="lunch", **correction)
    assert problem_of(one) == ""
    (file,) = alias_files(folder, asked(one))
    assert load_aliases(file)["decision"].tolist() == [one.decision]


def test_checking_a_correction_loads_no_pandas() -> None:
    code = (
        "import sys; from nutridiary.web.asked import Correction; from nutridiary.web.steps.corrections import *;"
        f"assert not problem_of(Correction(said='tea', decision='food', fdc_id={MILK}));"
        "assert problem_of(Correction(said='tea', decision='parts', parts='tea'));"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


ANY = st.text(max_size=60) | st.sampled_from(
    ["=1+1", "+1 banana", "@SUM(A1)", "-toast", "'=x", "'", "''+1", "a;b;c;d", "a,b", 'x"y', "\t=1", "1/2/26", "007"]
)


@st.composite
def corrections(draw: st.DrawFn) -> Correction:
    decision = draw(st.sampled_from(["food", "ignore", "weight", "parts", "whole"]))
    weight = st.floats(1e-6, 9_999_999, allow_nan=False)
    part = st.sampled_from(["rice", "150 g beans", "1 cup milk, whole", "=1 egg", "tea & co", "½ banana"])
    return Correction(
        said=draw(ANY),
        brand=draw(st.sampled_from(["", "Tesco", "=co", "a;b"]) | st.text(max_size=10)),
        decision=decision,
        fdc_id=draw(st.sampled_from([MILK, BANANA, OATS])) if decision == "food" else None,
        unit=draw(st.sampled_from(["", "cup", "small bowl", "=box", "no amount"])) if decision == "weight" else "",
        grams_per_unit=draw(weight) if decision == "weight" else None,
        parts="; ".join(draw(st.lists(part, min_size=2, max_size=20))) if decision == "parts" else "",
        keep=draw(st.booleans()),
    )


@settings(max_examples=120, deadline=None)
@example([Correction(said="ﷺ" * 1000, decision="ignore"), Correction(said="x" * 1000, decision="whole")])
@example([Correction(said="a;b;c;d;e;f;g;h;i;j;k;l", decision="parts", parts="; ".join(["rice"] * 20))])
@example([Correction(said="lunch\r\n=1\x00|\t", brand="\x07", decision="food", fdc_id=MILK)])
@given(st.lists(corrections(), max_size=6))
def test_what_is_corrected_is_what_is_read_back(made: list[Correction]) -> None:
    whole = asked()
    for one in made:
        if not problem_of(one, whole):
            whole = whole.with_correction(one)
    assume(whole.corrections)
    with tempfile.TemporaryDirectory() as place:
        table = load_aliases(*alias_files(Path(place), whole))
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    read = {
        (
            text_key(row["said"]),
            text_key(row["brand"] or ""),
            row["decision"],
            unit_key(row["unit"] or "") if row["decision"] == "weight" else "",
        ): (row["fdc_id"], None if row["grams_per_unit"] is None else round(row["grams_per_unit"], 8), row["parts"])
        for row in rows
    }
    said = {
        (*one.about[:2], one.decision, one.about[2]): (
            one.fdc_id,
            None if one.grams_per_unit is None else round(round(one.grams_per_unit, 9), 8),
            one.parts or None,
        )
        for one in whole.corrections
    }
    assert read == said


def test_row_that_is_refused_late_is_as_it_was_and_what_another_page_said_meanwhile_stays() -> None:
    mine = Correction(said="lunch", decision="parts", parts="rice; dinner")
    earlier = Correction(said="lunch", decision="ignore")
    elsewhere = Correction(said="milk", decision="food", fdc_id=MILK)
    before = asked(earlier)
    row = RowForm("lunch", "", {}, corrections=[mine])
    meanwhile = row.asked(before).with_correction(elsewhere)
    assert set(row.taken_back_from(meanwhile, before).corrections) == {earlier, elsewhere}
