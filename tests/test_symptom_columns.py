"""Columns of symptoms beside the foods of a table: what each cell says of its day."""

from __future__ import annotations

from pathlib import Path

from nutridiary.diary import read_whole
from nutridiary.symptoms import symptom_days
from nutridiary.tables import DAILY_INTAKES, conform


def felt_by_day(folder: Path, heading: str, *cells: str, times: tuple[str, ...] = ()) -> dict[int, tuple[str, bool]]:
    """Three foods a day, a cell beside each; what is known of each day, where anything is."""
    rows = [f"Date,Time,Food,Amount,{heading}"]
    for number, cell in enumerate(cells):
        time = times[number] if times else "12:00"
        rows.append(f"2026-03-{number // 3 + 1:02},{time},oats,40 g,{cell}")
    (folder / "d.csv").write_text("\n".join(rows), encoding="utf-8")
    diary = read_whole(folder / "d.csv")
    assert len(diary.entries[diary.entries["kind"] == "food"]) == len(cells)
    days = conform(diary.entries[["person_id", "date"]].drop_duplicates(), DAILY_INTAKES)
    found = symptom_days(diary.symptoms, days)
    told = found[found["basis"].isin(["noted", "noted_absent"])]
    return dict(zip(told["date"].dt.day, zip(told["symptom"], told["felt"].astype(bool), strict=True), strict=True))


def test_symptoms_column_that_says_none_makes_a_day_noted_without(tmp_path: Path) -> None:
    cells = ["", "leg cramps", "none", "none", "-", "none", "", "", "", "no", "", ""]
    assert felt_by_day(tmp_path, "Symptoms", *cells) == {1: ("cramp", True), 2: ("cramp", False), 4: ("cramp", False)}


def test_symptoms_column_full_of_none_is_one_line_a_day(tmp_path: Path) -> None:
    felt_by_day(tmp_path, "Symptoms", *["none"] * 6)
    entries = read_whole(tmp_path / "d.csv").entries
    lines = entries[entries["kind"] == "symptom"]
    assert lines[["source", "line", "food_text"]].to_numpy().tolist() == [
        ["d.csv:E", 2, "none"],
        ["d.csv:E", 5, "none"],
    ]


def test_none_beside_a_meal_of_the_small_hours_is_of_its_own_date(tmp_path: Path) -> None:
    cells, times = ["none", "", "", "none", "cramp", ""], ("05:00", "12:00", "18:00", "00:30", "12:00", "18:00")
    found = felt_by_day(tmp_path, "Symptoms", *cells, times=times)
    assert found == {1: ("cramp", False), 2: ("cramp", True)}


def test_heading_that_names_the_symptom_gives_its_cells_the_name(tmp_path: Path) -> None:
    cells = ["yes", "", "", "no", "", "", "2", "", "", "0", "", "", "left calf", "", ""]
    expected = {1: True, 2: False, 3: True, 4: False, 5: True}
    for heading in ("Cramps", "Leg cramps?", "Wadenkrämpfe"):
        found = felt_by_day(tmp_path, heading, *cells)
        assert {day: felt for day, (_, felt) in found.items()} == expected
        assert {name for name, _ in found.values()} == {"cramp"}


def test_column_that_names_one_symptom_denies_no_other(tmp_path: Path) -> None:
    rows = ["Date,Food,Amount,Cramps,Headache", "2026-03-01,oats,40 g,no,yes", "2026-03-02,oats,40 g,yes,no"]
    (tmp_path / "d.csv").write_text("\n".join(rows), encoding="utf-8")
    diary = read_whole(tmp_path / "d.csv")
    found = symptom_days(diary.symptoms, conform(diary.entries[["person_id", "date"]], DAILY_INTAKES))
    felt = found[["symptom", "felt"]].to_numpy().tolist()
    assert felt == [["cramp", False], ["cramp", True], ["headache", True], ["headache", False]]
