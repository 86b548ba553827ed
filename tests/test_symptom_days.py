"""Days with a symptom beside days without: which days, what differs, what cannot be told, and the sheet of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from hand_made import ANNA, Line, analysis_of
from nutridiary.analysis import Analysis
from nutridiary.diary.day_start import with_day_start
from nutridiary.diary.symptoms import symptoms_in
from nutridiary.nutrients import load_nutrients
from nutridiary.report.excel import looks
from nutridiary.report.excel.archive import save
from nutridiary.report.excel.looks import Palette
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.symptoms import has_symptoms, write_symptoms
from nutridiary.symptoms import (
    describe_symptoms,
    has_cramp,
    load_cramp_evidence,
    symptom_comparison,
    symptom_days,
    symptom_names,
)
from nutridiary.symptoms.arrangements import _Design, arrangements, difference_of_days
from nutridiary.symptoms.comparison import holm
from nutridiary.symptoms.factors import load_factors
from nutridiary.tables import DAILY_INTAKES, ENTRIES, SYMPTOM_COMPARISON, SYMPTOM_DAYS, SYMPTOMS, WEIGHED, conform
from reading import rows_below, texts

FIRST = pd.Timestamp(2026, 3, 1)
MEANS = {"magnesium": (300.0, 80.0), "potassium": (2700.0, 600.0), "sodium": (3000.0, 800.0), "caffeine": (150.0, 60.0)}


def day(number: int) -> pd.Timestamp:
    return FIRST + pd.Timedelta(days=number)


def eaten_on(numbers: Iterable[int], intakes: dict[str, Any] | None = None, person: str | None = None) -> pd.DataFrame:
    """Days with intakes; a nutrient's value may be a number for all days or a sequence, NaN where it is not known."""
    numbers = list(numbers)
    rows = []
    for nutrient, values in (intakes or {"magnesium": 300.0}).items():
        for number, amount in zip(numbers, np.broadcast_to(values, len(numbers)), strict=True):
            known = not np.isnan(amount)
            rows.append(
                {"person_id": person, "date": day(number), "nutrient": nutrient, "amount": amount, "foods": 10}
                | {"unit": load_nutrients().loc[nutrient, "unit"], "low": amount, "high": amount}
                | {"foods_without_value": 0 if known else 10, "foods_left_out": 0}
            )
    return conform(pd.DataFrame(rows), DAILY_INTAKES)


def notes(*rows: tuple[int, str] | dict[str, Any], person: str | None = None) -> pd.DataFrame:
    """Notes of symptoms: (day, text), or a mapping with more columns."""
    found = []
    for line, row in enumerate(rows, 2):
        cells = {"date": day(row[0]), "symptom": row[1]} if isinstance(row, tuple) else row
        found.append({"person_id": person, "source": "d.xlsx:Symptoms", "line": line, **cells})
    return conform(pd.DataFrame(found), SYMPTOMS)


def felt_by_day(found: pd.DataFrame, symptom: str = "cramp") -> dict[int, bool | None]:
    own = found[found["symptom"] == symptom]
    felt = own["felt"].astype("object").where(own["felt"].notna(), None)
    return dict(zip((own["date"] - FIRST).dt.days, felt, strict=True))


NOTHING = conform(pd.DataFrame(), WEIGHED)


def drawn(days: int, seed: int, nutrients: Iterable[str] = MEANS) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    return {name: MEANS[name][0] + MEANS[name][1] * generator.standard_normal(days) for name in nutrients}


def felt_every(step: int, days: int) -> list[int]:
    """Days with a symptom, irregular: the first and the last of the diary among them."""
    return sorted({0, days - 1, *(number for number in range(days) if (number * number + number) % step == 0)})


# Names ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["cramp", "Leg cramps 6/10", "Calf cramp in bed, left leg", "Wadenkrampf rechts", "Wadenkrämpfe", "KRÄMPFE",
     "calambre", "crampes au mollet", "crampi al polpaccio", "Câimbra na perna", "kuitkramp", "Charley horse",
     "muscle spasms"],
)  # fmt: skip
def test_symptom_names_gives_a_muscle_cramp_one_name(text: str) -> None:
    assert symptom_names(text) == (("cramp", True),)


@pytest.mark.parametrize(
    ("text", "name"),
    [("period cramps", "period pain"), ("Bauchkrämpfe", "abdominal cramp"), ("cramps in my stomach", "abdominal cramp"),
     ("crampes d'estomac", "abdominal cramp"), ("eyelid twitch", "muscle twitch"), ("dolor de cabeza", "headache"),
     ("cramps (period)", "period pain"), ("Unterleibskrampf", "period pain"), ("Menstruationskrampf", "period pain"),
     ("cramps from my period", "period pain"), ("pelvic cramps", "period pain"), ("menstruatiekrampen", "period pain"),
     ("Krämpfe im Bauch", "abdominal cramp"), ("crampes au ventre", "abdominal cramp"),
     ("IBS cramps", "abdominal cramp"), ("calambres estomacales", "abdominal cramp"),
     ("magkramp", "abdominal cramp"), ("gas cramps", "abdominal cramp")],
)  # fmt: skip
def test_symptom_names_keeps_what_only_sounds_like_a_cramp_apart(text: str, name: str) -> None:
    assert symptom_names(text) == ((name, True),)


@pytest.mark.parametrize(
    "text",
    ["no cramps", "keine nächtlichen Krämpfe", "sin calambres", "pas de crampes", "cramp-free", "cramps: none",
     "cramp - no", "Cramps? no", "not a single cramp"],
)  # fmt: skip
def test_symptom_names_reads_a_denied_cramp_as_not_felt(text: str) -> None:
    assert symptom_names(text) == (("cramp", False),)


@pytest.mark.parametrize("text", ["none", "Nothing today", "keine", "ninguno", "-", "no symptoms"])
def test_symptom_names_reads_none_as_nothing_felt(text: str) -> None:
    assert symptom_names(text) == (("any", False),)


def test_symptom_names_keeps_unknown_symptoms_in_their_own_words() -> None:
    assert symptom_names("Itchy  left EAR (3/10)") == (("itchy left ear", True),)
    assert symptom_names("scramble") == (("scramble", True),)
    assert symptom_names("cramp, no headache") == (("cramp", True), ("headache", False))


def test_symptom_names_a_limb_beside_words_of_the_belly_or_of_periods_keeps_the_muscle_cramp() -> None:
    assert symptom_names("leg cramps during my period") == (("cramp", True),)
    assert symptom_names("stomach cramps, then cramps in both calves") == (("abdominal cramp", True), ("cramp", True))
    assert symptom_names("cramp, late period") == (("cramp", True),)


def test_symptom_names_no_with_or_denies_both_and_a_denial_ends_with_its_clause() -> None:
    assert symptom_names("no cramps or headache") == (("cramp", False), ("headache", False))
    assert symptom_names("no headache, but cramps or twitches") == (
        ("headache", False), ("cramp", True), ("muscle twitch", True),
    )  # fmt: skip
    assert symptom_names("no problems, cramps") == (("cramp", True),)
    assert symptom_names("cramps: none; headache: yes") == (("cramp", False), ("headache", True))


def test_symptom_names_of_a_cell_filled_to_the_brim_are_those_of_its_words() -> None:
    assert symptom_names("no cramps or " * 2_500) == (("cramp", False),)
    assert symptom_names("cramp " * 5_000) == (("cramp", True),)
    assert symptom_names("no itching, no rash") == (("itching, no rash", False),)


@pytest.mark.parametrize("text", ["?", "not known", "forgot", "keine Ahnung"])
def test_symptom_days_a_note_that_nothing_is_known_tells_nothing(text: str) -> None:
    assert symptom_names(text) == ()
    found = symptom_days(notes((0, text), (1, "cramp"), (3, "cramp"), (5, text)), eaten_on(range(6)))
    assert felt_by_day(found) == {0: None, 1: True, 2: False, 3: True, 4: None, 5: None}


# Days -----------------------------------------------------------------------------------------------------------------


def test_symptom_days_between_first_and_last_note_without_note_are_days_without() -> None:
    found = symptom_days(notes((2, "cramp"), (5, "leg cramp")), eaten_on(range(8)))
    expected = {0: None, 1: None, 2: True, 3: False, 4: False, 5: True, 6: None, 7: None}
    assert felt_by_day(found) == expected
    assert found["basis"].tolist() == ["outside"] * 2 + ["noted", "no_note", "no_note", "noted"] + ["outside"] * 2


def test_symptom_days_leave_out_days_nothing_at_all_is_recorded_of() -> None:
    found = symptom_days(notes((0, "cramp"), (6, "cramp")), eaten_on([0, 2, 6]))
    assert felt_by_day(found) == {0: True, 2: False, 6: True}


def test_symptom_days_keep_a_note_on_a_day_without_food() -> None:
    found = symptom_days(notes((0, "cramp"), (3, "cramp"), (4, "cramp")), eaten_on([0, 1, 2, 4]))
    assert felt_by_day(found)[3] is True


def test_symptom_days_notes_of_any_symptom_show_that_notes_are_kept() -> None:
    found = symptom_days(notes((1, "headache"), (3, "cramp"), (6, "headache")), eaten_on(range(8)))
    assert felt_by_day(found) == {0: None, 1: False, 2: False, 3: True, 4: False, 5: False, 6: False, 7: None}


def test_symptom_days_an_explicit_none_moves_the_bounds_out() -> None:
    found = symptom_days(notes((0, "none"), (3, "cramp"), (4, "cramp"), (7, "no cramps")), eaten_on(range(8)))
    assert felt_by_day(found) == {0: False, 1: False, 2: False, 3: True, 4: True, 5: False, 6: False, 7: False}


def test_symptom_days_a_day_without_note_is_unknown_where_none_is_mostly_written_down() -> None:
    written = [(0, "none"), (1, "cramp"), (2, "none"), (3, "none"), (6, "none")]
    found = symptom_days(notes(*written), eaten_on(range(7)))
    assert felt_by_day(found) == {0: False, 1: True, 2: False, 3: False, 4: None, 5: None, 6: False}
    assert set(found.loc[found["felt"].isna(), "basis"]) == {"left_open"}


def test_symptom_days_severity_zero_is_not_felt_and_counts_no_time() -> None:
    zero = {"date": day(1), "symptom": "cramp", "severity": 0.0}
    found = symptom_days(notes((0, "cramp"), zero, (2, "cramp")), eaten_on(range(3)))
    assert felt_by_day(found) == {0: True, 1: False, 2: True}
    assert found["times"].tolist() == [1, 0, 1]


def test_symptom_days_add_up_times_and_minutes_and_keep_the_worst() -> None:
    first = {"date": day(0), "symptom": "cramp", "severity": 3.0, "duration": 5.0}
    second = {"date": day(0), "symptom": "calf cramp", "severity": 7.0, "duration": 10.0}
    open_length = {"date": day(1), "symptom": "cramp", "severity": np.nan, "duration": np.nan}
    found = symptom_days(notes(first, second, {**first, "date": day(1)}, open_length), eaten_on([0, 1]))
    assert found[["times", "worst", "minutes"]].iloc[0].tolist() == [2, 7.0, 15.0]
    assert found.loc[1, "times"] == 2
    assert np.isnan(found.loc[1, "minutes"])  # one of the two lengths is not known


def test_symptom_days_a_cramp_of_the_small_hours_belongs_to_the_day_before() -> None:
    night = {"date": day(3), "symptom": "cramp", "time": "03:10"}
    morning = {"date": day(5), "symptom": "cramp", "time": "06:00"}
    found = symptom_days(notes(night, morning), eaten_on(range(7)))
    assert [number for number, felt in felt_by_day(found).items() if felt] == [2, 5]


def test_symptom_days_a_line_moved_with_the_start_of_the_day_is_not_moved_again() -> None:
    line = {"source": "d.csv", "line": 2, "date": day(3), "time": "03:10", "food_text": "cramp", "kind": "symptom"}
    moved = symptoms_in(with_day_start(conform(pd.DataFrame([line]), ENTRIES), "05:00"))
    assert [number for number, felt in felt_by_day(symptom_days(moved, eaten_on(range(5)))).items() if felt] == [2]


def test_symptom_days_lines_that_cannot_be_used_tell_nothing() -> None:
    unread = {"date": day(0), "symptom": "cramp", "problem": "no date"}
    found = symptom_days(notes(unread, {"date": pd.NaT, "symptom": "cramp"}), eaten_on(range(3)))
    assert found.empty
    assert list(found.columns) == SYMPTOM_DAYS.names


def test_symptom_days_of_a_sheet_without_names_are_of_the_one_person_of_the_diary() -> None:
    found = symptom_days(notes((0, "cramp")), eaten_on([0], person="Anna"))
    assert found["person_id"].tolist() == ["Anna"]
    found = symptom_days(notes((0, "cramp"), person="Anna"), eaten_on([0]))
    assert found["person_id"].isna().all()


def test_symptom_days_keep_people_apart() -> None:
    both = pd.concat([notes((1, "cramp"), (3, "cramp"), person="Anna"), notes((2, "headache"), person="Ben")])
    eaten = pd.concat([eaten_on(range(5), person="Anna"), eaten_on(range(5), person="Ben")])
    found = symptom_days(both, eaten)
    assert found.groupby("person_id")["symptom"].unique().map(list).to_dict() == {
        "Anna": ["cramp"],
        "Ben": ["headache"],
    }
    assert felt_by_day(found[found["person_id"] == "Ben"], "headache") == {0: None, 1: None, 2: True, 3: None, 4: None}


def test_symptom_days_a_note_of_nobody_is_given_to_none_of_several_people() -> None:
    eaten = pd.concat([eaten_on(range(3), person="Anna"), eaten_on(range(3), person="Ben")])
    found = symptom_days(notes((1, "cramp")), eaten)
    assert found["person_id"].isna().all()
    assert len(found) == 1


# The test of one series -----------------------------------------------------------------------------------------------


def test_statistic_is_the_difference_over_its_error_as_written_out_sum_by_sum() -> None:
    generator = np.random.default_rng(3)
    felt = np.repeat(generator.random(8) < 0.5, 3)
    intake = 300 + 80 * np.convolve(generator.standard_normal(26), [0.6, 0.6, 0.5], "valid")
    n = len(felt)
    difference = intake[felt].mean() - intake[~felt].mean()
    left = np.where(felt, intake - intake[felt].mean(), intake - intake[~felt].mean())
    alike = (sum(left[i] * left[i + 1] for i in range(n - 1)) / sum(left**2) + 2 / n) / (1 - 4 / n)
    assert 0.2 < alike < 0.95
    a = felt - felt.mean()
    like = np.array([[alike ** abs(i - j) for j in range(n)] for i in range(n)])
    inflation = a @ like @ a / (a @ a)
    variance = sum(left**2) / (n - like.sum() / n - inflation)
    error = np.sqrt(variance * inflation / (a @ a))
    found = _Design.of(felt).statistic((intake - intake.mean())[np.newaxis])
    assert found.difference[0] == pytest.approx(difference)
    assert found.error[0] == pytest.approx(error, rel=1e-3)  # the program looks the sums up on a grid
    assert found.sd[0] == pytest.approx(np.sqrt(variance), rel=1e-3)


def test_difference_of_days_agrees_with_the_t_test_where_days_are_independent() -> None:
    stats = pytest.importorskip("scipy.stats")
    generator = np.random.default_rng(5)
    felt = generator.random(200) < 0.4
    intakes = generator.standard_normal((200, 12)) + np.linspace(0, 0.3, 12) * felt[:, np.newaxis]
    found = difference_of_days(intakes, felt)
    classical = stats.ttest_ind(intakes[felt], intakes[~felt])
    interval = classical.confidence_interval()
    assert found.p_value == pytest.approx(classical.pvalue, abs=0.06)
    assert (found.high - found.low) == pytest.approx(interval.high - interval.low, rel=0.15)


def test_difference_of_days_sees_nothing_too_often_in_days_alike_from_one_to_the_next() -> None:
    # Freely shuffled days see something in one test of seven here; the share itself is measured in bench/symptoms.py.
    generator = np.random.default_rng(11)
    shares = []
    for _ in range(60):
        felt = np.repeat(generator.random(12) < 0.4, 4)[:45]
        if not 5 <= felt.sum() <= 40:
            continue
        intakes = np.zeros((45, 10))
        for number in range(45):
            intakes[number] = 0.6 * intakes[number - 1] + 0.8 * generator.standard_normal(10)
        shares.append((difference_of_days(intakes, felt, number=199).p_value <= 0.05).mean())
    assert np.mean(shares) < 0.09


@pytest.mark.parametrize("days", [14, 29, 30, 61])
def test_arrangements_hold_every_day_once_and_most_neighbours_together(days: int) -> None:
    found = arrangements(days, 50, 1)
    assert (np.sort(found, axis=1) == np.arange(days)).all()
    block = 3 if days < 30 else 5
    followed = ((found[:, 1:] - found[:, :-1]) % days == 1).sum(axis=1)
    assert followed.min() >= days - -(-days // (block - 1))
    assert len(np.unique(found, axis=0)) > 40


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 400)), min_size=14, max_size=24).filter(
        lambda days: 5 <= sum(felt for felt, _ in days) <= len(days) - 5 and len({x for _, x in days}) > 4
    ),
    st.integers(2, 50),
    st.integers(-300, 300),
)
@settings(max_examples=25, deadline=None)
def test_difference_of_days_follows_units_and_swaps_with_its_sides(days: list[Any], scale: int, shift: int) -> None:
    felt = np.array([felt for felt, _ in days])
    intakes = np.array([[float(x)] for _, x in days])
    found, scaled = (difference_of_days(x, felt, number=199) for x in (intakes, scale * intakes + shift))
    swapped = difference_of_days(intakes, ~felt, number=199)
    assert scaled.difference == pytest.approx(scale * found.difference, abs=1e-6)
    assert scaled.p_value == pytest.approx(found.p_value)
    assert scaled.high == pytest.approx(scale * found.high, rel=1e-6, abs=1e-6)
    assert swapped.difference == pytest.approx(-found.difference, abs=1e-9)
    assert swapped.low == pytest.approx(-found.high, abs=1e-6)
    assert swapped.p_value == pytest.approx(found.p_value)
    assert (found.low[0] <= 0 <= found.high[0]) == (found.p_value[0] > 0.05) or abs(found.p_value[0] - 0.05) < 0.02


@pytest.mark.parametrize("rhythm", [3, 5, 7])
def test_difference_of_days_sees_a_difference_that_comes_in_a_rhythm(rhythm: int) -> None:
    felt = np.arange(84) % rhythm == 1
    intakes = np.random.default_rng(2).standard_normal((84, 1)) - 2 * felt[:, np.newaxis]
    assert difference_of_days(intakes, felt).p_value[0] < 0.002


def test_difference_of_days_of_a_series_that_never_varies_is_unknown() -> None:
    felt = np.arange(20) % 3 == 0
    found = difference_of_days(np.column_stack([np.full(20, 7.0), np.arange(20.0)]), felt)
    assert np.isnan([found.p_value[0], found.difference[0], found.power[0]]).all()
    assert found.p_value[1] > 0


def test_holm_reproduces_the_worked_example_of_four_tests() -> None:
    # The smallest by 4, the next by 3 ..., never below the one before (R 4: p.adjust(c(.01,.04,.03,.005), "holm")).
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []


# The comparison -------------------------------------------------------------------------------------------------------


def compared(
    felt: list[int], days: int, intakes: dict[str, np.ndarray], weighed: pd.DataFrame = NOTHING
) -> pd.DataFrame:
    eaten = eaten_on(range(days), intakes)
    found = symptom_days(notes(*((number, "cramp") for number in felt)), eaten)
    return symptom_comparison(found, eaten, weighed).set_index(["nutrient", "lag"])


def test_symptom_comparison_finds_a_planted_difference_on_its_day_and_on_no_other() -> None:
    intakes = drawn(90, 7)
    felt = felt_every(5, 90)
    intakes["magnesium"][felt] -= 120
    found = compared(felt, 90, intakes)
    row = found.loc["magnesium", 0]
    assert row["verdict"] == "differs"
    assert row["difference_low"] < -120 < row["difference_high"] < 0
    assert row["difference"] == pytest.approx(row["mean_with"] - row["mean_without"])
    assert row["mean_with"] == pytest.approx(intakes["magnesium"][felt].mean())
    assert row["reading"].startswith("Less on days with it: mean ")
    tested = found[found["role"] == "tested"]
    assert tested["verdict"].value_counts().to_dict() == {"no_difference_seen": 5, "differs": 1}


def test_symptom_comparison_names_weekends_beside_a_difference_where_they_set_the_days_apart() -> None:
    def reading(felt: list[int]) -> str:
        intakes = drawn(90, 7)
        intakes["magnesium"][felt] -= 120
        row = compared(felt, 90, intakes).loc[("magnesium", 0)]
        assert row["verdict"] == "differs"
        return str(row["reading"])

    # 1 March 2026 is a Sunday.
    assert "(Saturday or Sunday: 100 % of days with it, 0 % without)" in reading(
        [n for n in range(90) if n % 7 in (0, 6)]
    )
    assert "Saturday" not in reading(felt_every(5, 90))


def test_symptom_comparison_finds_a_difference_of_the_day_before_at_lag_one() -> None:
    intakes = drawn(90, 8)
    felt = felt_every(5, 90)
    intakes["magnesium"][[number - 1 for number in felt if number]] -= 120
    found = compared(felt, 90, intakes)
    assert found.loc[("magnesium", 1), "verdict"] == "differs"
    assert "on the day before it" in found.loc[("magnesium", 1), "reading"]
    assert found.loc[("magnesium", 0), "verdict"] == "no_difference_seen"


def test_symptom_comparison_pairs_by_the_calendar_and_counts_days_without_intake() -> None:
    recorded = [number for number in range(40) if number % 7 != 3]
    eaten = eaten_on(recorded, {"magnesium": np.linspace(200, 400, len(recorded))})
    found = symptom_comparison(
        symptom_days(notes(*((number, "cramp") for number in felt_every(4, 40))), eaten), eaten, NOTHING
    ).set_index(["nutrient", "lag"])
    before = found.loc["magnesium", 1]
    by_hand = [
        200 + 200 * recorded.index(number - 1) / (len(recorded) - 1)
        for number in felt_every(4, 40)
        if number - 1 in recorded
    ]
    assert before["days_with"] == len(by_hand)
    assert before["mean_with"] == pytest.approx(np.mean(by_hand))
    assert "left out, because that day's intake is not known well enough" in before["note"]


def test_symptom_comparison_leaves_out_and_counts_days_whose_intake_is_not_known() -> None:
    intakes = drawn(60, 9)
    intakes["magnesium"][10:16] = np.nan
    row = compared(felt_every(4, 60), 60, intakes).loc["magnesium", 0]
    assert row["days_with"] + row["days_without"] == 54
    assert "6 days left out" in row["note"]


def test_symptom_comparison_takes_a_day_as_unknown_where_most_of_its_lines_have_no_value() -> None:
    eaten = eaten_on(range(20), {"magnesium": np.linspace(200, 300, 20)})
    eaten.loc[4, "foods_without_value"] = 6
    found = symptom_comparison(symptom_days(notes((0, "cramp"), (19, "cramp")), eaten), eaten, NOTHING)
    assert found.loc[0, "days_with"] + found.loc[0, "days_without"] == 19


def test_symptom_comparison_uses_the_estimate_where_there_is_one() -> None:
    eaten = eaten_on(range(20), {"magnesium": 200.0})
    eaten["estimate"] = 250.0
    found = symptom_comparison(symptom_days(notes((0, "cramp"), (19, "cramp")), eaten), eaten, NOTHING)
    assert found.loc[0, "mean_with"] == 250.0


@pytest.mark.parametrize("felt", [[0, 10, 29], [number for number in range(30) if number not in (3, 9, 21, 25)]])
def test_symptom_comparison_of_too_few_days_with_or_without_cannot_tell(felt: list[int]) -> None:
    row = compared(felt, 30, drawn(30, 1)).loc["magnesium", 0]
    assert row["verdict"] == "cannot_tell"
    assert np.isnan(row["p_value"])
    assert row["reading"].endswith("at least 5 of each, and 14 in all, are needed.")


def test_symptom_comparison_of_a_month_cannot_tell_and_says_how_many_days_would_do() -> None:
    row = compared(felt_every(4, 30), 30, drawn(30, 1)).loc["magnesium", 0]
    assert row["verdict"] == "cannot_tell"
    assert 0 < row["power"] < 50
    assert row["more_days"] > 0
    assert f"about {row['more_days']} more days like these" in row["reading"]


def test_symptom_comparison_after_the_days_it_asks_for_the_chance_is_about_one_half() -> None:
    more = compared(felt_every(4, 20), 20, drawn(20, 1)).loc[("magnesium", 0), "more_days"]
    days = 20 + int(more)
    power = compared(felt_every(4, days), days, drawn(days, 1)).loc[("magnesium", 0), "power"]
    assert 40 < power < 65


def test_symptom_comparison_large_difference_on_few_days_still_cannot_tell_and_says_so() -> None:
    intakes = drawn(30, 1)
    felt = felt_every(4, 30)
    intakes["magnesium"][felt] -= 400
    row = compared(felt, 30, intakes).loc["magnesium", 0]
    assert row["p_holm"] <= 0.05
    assert row["verdict"] == "cannot_tell"
    assert "often exaggerated" in row["reading"]


def test_symptom_comparison_with_the_power_to_see_says_no_difference_was_seen_and_what_fits() -> None:
    row = compared(felt_every(4, 120), 120, drawn(120, 3)).loc["potassium", 0]
    assert row["verdict"] == "no_difference_seen"
    assert row["power"] >= 50
    assert row["more_days"] == 0
    assert "fits these days" in row["reading"]


def test_symptom_comparison_unknown_and_unvarying_nutrients_cannot_be_told() -> None:
    intakes = {**drawn(60, 4), "zinc": np.full(60, np.nan), "vitamin_k": np.full(60, 80.0)}
    found = compared(felt_every(4, 60), 60, intakes)
    assert found.loc[("zinc", 0), "reading"] == "Cannot tell: on none of these days is the intake known."
    assert found.loc[("vitamin_k", 0), "reading"].startswith("Cannot tell: the intake was the same on all 60 days")
    assert set(found.loc[["zinc", "vitamin_k"], "verdict"]) == {"cannot_tell"}


def test_symptom_comparison_shows_confounders_beside_and_tests_none() -> None:
    felt = felt_every(4, 60)
    runs = pd.DataFrame([{"date": day(number), "kind": "exercise", "source": "d", "line": number} for number in felt])
    found = compared(felt, 60, drawn(60, 6), conform(runs, WEIGHED))
    beside = found[found["role"] == "confounder"]
    assert set(beside.index.get_level_values("nutrient")) == {
        "caffeine", "exercise", "supplements", "weekend", "incomplete",
    }  # fmt: skip
    assert beside[["p_value", "p_holm", "power", "verdict"]].isna().all().all()
    exercise = found.loc["exercise", 0]
    assert (exercise["mean_with"], exercise["mean_without"], exercise["unit"]) == (100.0, 0.0, "% of days")
    assert exercise["reading"] == "100 % of days with it, 0 % of days without. Shown beside, not tested."


def test_symptom_comparison_does_not_take_exercise_nobody_writes_down_for_none() -> None:
    found = compared(felt_every(4, 60), 60, drawn(60, 6))
    assert np.isnan(found.loc[("exercise", 0), "mean_with"])
    assert found.loc[("exercise", 0), "reading"] == "Not on record."


def test_symptom_comparison_is_the_same_each_time_in_any_order_and_changes_no_table() -> None:
    eaten = eaten_on(range(60), drawn(60, 2))
    found = symptom_days(notes(*((number, "cramp") for number in felt_every(4, 60))), eaten)
    kept = found.copy(deep=True), eaten.copy(deep=True)
    once = symptom_comparison(found, eaten, NOTHING)
    again = symptom_comparison(found, eaten.sample(frac=1, random_state=1), NOTHING)
    pd.testing.assert_frame_equal(once, again)
    pd.testing.assert_frame_equal(found, kept[0])
    pd.testing.assert_frame_equal(eaten, kept[1])
    assert list(once.columns) == SYMPTOM_COMPARISON.names
    assert not once.duplicated(list(SYMPTOM_COMPARISON.key)).any()


def test_symptom_comparison_of_one_person_does_not_depend_on_another() -> None:
    anna = eaten_on(range(60), drawn(60, 2), "Anna")
    ben = eaten_on(range(40), drawn(40, 3), "Ben")
    noted = notes(*((number, "cramp") for number in felt_every(4, 60)), person="Anna")
    of_ben = notes(*((number, "cramp") for number in felt_every(3, 40)), person="Ben")
    alone = symptom_comparison(symptom_days(noted, anna), anna, NOTHING)
    eaten = pd.concat([ben, anna], ignore_index=True)
    both = symptom_comparison(symptom_days(pd.concat([of_ben, noted]), eaten), eaten, NOTHING)
    pd.testing.assert_frame_equal(both[both["person_id"] == "Anna"].reset_index(drop=True), alone)


def test_words_of_a_comparison_name_no_cause_no_lack_and_nothing_to_take() -> None:
    intakes = drawn(90, 7)
    intakes["magnesium"][felt_every(5, 90)] -= 120
    found = compared(felt_every(5, 90), 90, intakes)
    said = " ".join([*found["reading"], *found["note"]]).casefold()
    for word in (r"deficien", r"due to", r"because of", r"\bshould\b", r"\btake\b", r"\brisk", r"usual", r"abnormal"):
        assert not re.search(word, said), word
    assert "shows no cause" in said


def test_factors_are_known_nutrients_or_have_a_label_and_a_unit_of_their_own() -> None:
    names = [factor.name for factor in load_factors()]
    assert len(set(names)) == len(names)
    for factor in load_factors():
        assert factor.label
        assert factor.unit
        assert factor.comes_from != "nutrient" or factor.name in load_nutrients().index


# In words -------------------------------------------------------------------------------------------------------------


def described(felt: list[int], days: int, intakes: dict[str, np.ndarray]) -> str:
    eaten = eaten_on(range(days), intakes)
    found = symptom_days(notes(*((number, "cramp") for number in felt)), eaten)
    return str(describe_symptoms(found, symptom_comparison(found, eaten, NOTHING)).loc[0, "text"])


def test_describe_symptoms_says_which_days_are_counted_and_which_are_not() -> None:
    text = described([2, 5, 6], 9, drawn(9, 1))
    assert text.startswith("Noted on 3 days; 2 days without it. 2 days count as without because nothing was noted")
    assert "Left out, because it cannot be told: 4 days (before the person's first note, or after the last)." in text
    assert text.endswith("At least 5 days with it and 5 without, and 14 in all, are needed.")


def test_describe_symptoms_names_what_differs_first_and_what_does_not() -> None:
    intakes = drawn(90, 7)
    intakes["magnesium"][felt_every(5, 90)] -= 120
    text = described(felt_every(5, 90), 90, intakes)
    assert "Magnesium: less on days with it (difference −" in text
    assert "No difference was seen for Magnesium (day before), Potassium, Sodium." in text
    assert text.index("Magnesium: less") < text.index("shows no cause") < text.index("No difference was seen")


def test_describe_symptoms_says_of_an_unknown_nutrient_that_its_amount_is_not_known() -> None:
    text = described(felt_every(4, 60), 60, {**drawn(60, 4), "zinc": np.full(60, np.nan)})
    assert text.endswith(
        "It cannot be told for Zinc. Its amount is known on too few of these days, or the same on all."
    )


def test_describe_symptoms_of_one_that_was_only_denied_compares_nothing() -> None:
    eaten = eaten_on(range(20), drawn(20, 1))
    found = symptom_days(notes((2, "cramp, no headache"), (9, "cramp")), eaten)
    said = describe_symptoms(found, symptom_comparison(found, eaten, NOTHING)).set_index("symptom")
    assert said.loc["headache", "text"] == "Noted only as not felt, so there is nothing to compare."
    assert said.loc["headache", "days_felt"] == 0


# Evidence -------------------------------------------------------------------------------------------------------------


def test_cramp_evidence_has_a_source_and_a_link_on_every_line_and_says_who_is_for_a_clinician() -> None:
    lines = load_cramp_evidence()
    assert all(line.source and line.people and line.link.startswith("https://") for line in lines)
    links = " ".join(line.link for line in lines)
    for doi in ("CD009402.pub3", "CD010655.pub3", "jamainternmed.2024.5726", "WNL.0b013e3181d0ccca"):
        assert doi in links
    clinician = next(line.finding for line in lines if "clinician" in line.topic)
    for words in ("Kidney disease", "diuretics", "ACE inhibitors together with potassium", "pregnancy", "weakness"):
        assert words in clinician
    magnesium = next(line.finding for line in lines if line.topic == "Magnesium")
    assert "0.01 cramps a week more" in magnesium
    assert "-0.52 to 0.55" in magnesium


# The sheet ------------------------------------------------------------------------------------------------------------


def analysis_with(symptoms: pd.DataFrame, days: int = 60, people: tuple[str | None, ...] = (None,)) -> Analysis:
    intakes = drawn(days, 7)
    lines = [
        Line(day=f"{day(number):%Y-%m-%d}", person=person, holds={name: intakes[name][number] for name in intakes})
        for person in people
        for number in range(days)
    ]
    analysis = analysis_of(lines, {person or "": ANNA for person in people})
    found = symptom_days(symptoms, analysis.days)
    comparison = symptom_comparison(found, analysis.days, analysis.entries)
    return replace(analysis, symptoms=symptoms, symptom_days=found, symptom_comparison=comparison)


def sheet_of(analysis: Analysis, folder: Path, people: tuple[str, ...] = ("",)) -> Any:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    palette = Palette(workbook)
    page = Page(workbook, palette, "Symptoms")
    write_symptoms(page, analysis, people=people)
    palette.close()
    save(workbook, folder / "symptoms.xlsx", [page.alt_texts] if page.alt_texts else [])
    return openpyxl.load_workbook(folder / "symptoms.xlsx")["Symptoms"]


def table_below(sheet: Any, heading: str) -> list[dict[str, Any]]:
    """Return the rows of the table under a heading, up to an empty line."""
    rows = list(sheet.iter_rows())
    start = next(number for number, row in enumerate(rows) if row[0].value == heading)
    header = next(number for number in range(start + 1, len(rows)) if rows[number][1].value is not None)
    names, found = [cell.value for cell in rows[header]], []
    for row in rows[header + 1 :]:
        if all(cell.value is None for cell in row):
            break
        found.append({name: cell for name, cell in zip(names, row, strict=True) if name})
    return found


def test_diary_without_symptoms_has_nothing_to_say_of_them() -> None:
    assert not has_symptoms(analysis_with(notes()))
    assert has_symptoms(analysis_with(notes((3, "cramp"))))
    assert has_symptoms(analysis_with(notes({"date": pd.NaT, "symptom": "cramp", "problem": "no date"})))


def test_sheet_begins_with_words_then_nutrients_days_confounders_and_evidence(tmp_path: Path) -> None:
    sheet = sheet_of(analysis_with(notes(*((number, "Calf cramp") for number in felt_every(4, 60)))), tmp_path)
    said = texts(sheet)
    order = (
        "In words",
        "Nutrient by nutrient",
        "Day by day",
        "What was looked at as well",
        "What is known of nutrients",
    )
    assert sorted(said.index(heading) for heading in order) == [said.index(heading) for heading in order]
    words = table_below(sheet, "In words")[0]
    assert words["As written"].value == "Calf cramp"
    assert words["Days with it"].value == len(felt_every(4, 60))
    assert words["What its days show"].value.startswith("Noted on ")


def test_sheet_shows_the_figures_of_the_comparison_with_units_and_words(tmp_path: Path) -> None:
    analysis = analysis_with(notes(*((number, "cramp") for number in felt_every(4, 60))))
    rows = table_below(sheet_of(analysis, tmp_path), "Nutrient by nutrient")
    expected = analysis.symptom_comparison[analysis.symptom_comparison["role"] == "tested"].reset_index(drop=True)
    assert len(rows) == len(expected)
    assert [row["Mean with"].value for row in rows[:2]] == pytest.approx(expected["mean_with"][:2].tolist())
    assert [row["p, Holm"].value for row in rows[:2]] == pytest.approx(expected["p_holm"][:2].tolist())
    assert rows[0]["Unit"].value == "mg"
    assert [row["Intake of the"].value for row in rows[:2]] == ["same day", "day before"]
    assert {row["Verdict"].value for row in rows} <= {"differs", "no difference seen", "cannot tell"}


def test_sheet_strip_tells_each_day_in_words_and_blanks_days_without_food(tmp_path: Path) -> None:
    night_before = {"date": day(0), "symptom": "cramp", "time": "02:00", "severity": 4.0, "duration": 3.0}
    symptoms = notes(night_before, *((number, "cramp") for number in felt_every(4, 60)[1:-1]))
    rows = table_below(sheet_of(analysis_with(symptoms), tmp_path), "Day by day")
    assert rows[0]["Date"].value.day == 28
    assert rows[0]["How"].value == "once, worst 4 of 10, 3 min"
    assert rows[0]["Magnesium [mg]"].value is None
    assert rows[1]["Magnesium [mg]"].value == pytest.approx(drawn(60, 7)["magnesium"][0])
    assert rows[1]["Calcium [mg]"].value == "no value"
    assert {row["Felt"].value for row in rows} == {"● felt", "○ not felt", "? not known"}


def test_sheet_has_the_evidence_only_where_a_muscle_cramp_is_noted(tmp_path: Path) -> None:
    analysis = analysis_with(notes((1, "headache"), (4, "period cramps")))
    assert not has_cramp(analysis.symptom_days)
    assert "Cochrane" not in texts(sheet_of(analysis, tmp_path))
    cramps = sheet_of(analysis_with(notes((1, "Wadenkrampf"))), tmp_path)
    assert "Cochrane" in texts(cramps)
    assert any(cell.hyperlink and "CD009402" in cell.hyperlink.target for row in cramps.iter_rows() for cell in row)


def test_sheet_names_people_and_lines_that_could_not_be_used(tmp_path: Path) -> None:
    both = pd.concat(
        [
            notes((1, "cramp"), {"date": pd.NaT, "symptom": "cramp", "problem": "no date in this row"}, person="Anna"),
            notes((2, "leg cramp"), person="Ben"),
        ],
        ignore_index=True,
    )
    sheet = sheet_of(analysis_with(both, 10, ("Anna", "Ben")), tmp_path, ("Anna", "Ben"))
    words = table_below(sheet, "In words")
    assert [(row["Person"].value, row["As written"].value) for row in words] == [
        ("Anna", "cramp"),
        ("Ben", "leg cramp"),
    ]
    unread = table_below(sheet, "Lines that could not be used")
    assert unread[0]["Why, and what to do"].value == "no date in this row"
    assert "No symptom has enough days with and without it." in texts(sheet)


def test_sheet_says_whose_notes_stand_beside_no_food(tmp_path: Path) -> None:
    def said(noted: pd.DataFrame) -> str:
        sheet = sheet_of(analysis_with(noted, 6, ("Anna", "Ben")), tmp_path, ("Anna", "Ben"))
        return " ".join(str(cell.value) for (cell,) in sheet.iter_rows(max_col=1, max_row=8))

    assert "No food is on record for 'Bem'" in said(notes((2, "cramp"), person="Bem"))
    assert "Notes that name nobody are given to nobody" in said(notes((2, "cramp")))
    assert "nobody" not in said(notes((2, "cramp"), person="Ben"))


def test_sheet_writes_a_symptom_that_looks_like_a_formula_as_text(tmp_path: Path) -> None:
    sheet = sheet_of(analysis_with(notes((1, "=HYPERLINK(1)"), (3, "+1 cramp"))), tmp_path)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_sheet_shows_the_days_of_the_symptoms_felt_most_only(tmp_path: Path) -> None:
    own = [(number, f"odd feeling {number % 6}") for number in range(30)] + [(1, "odd feeling 3"), (2, "odd feeling 3")]
    sheet = sheet_of(analysis_with(notes(*own), 30), tmp_path)
    shown = {row["Symptom"].value for row in table_below(sheet, "Day by day")}
    assert len(shown) == 4
    assert "odd feeling 3" in shown
    assert len(table_below(sheet, "In words")) == 6


def test_tints_of_the_sheet_stand_beside_words(tmp_path: Path) -> None:
    sheet = sheet_of(analysis_with(notes(*((number, "cramp") for number in felt_every(4, 60)))), tmp_path)
    rules = [rule for found in sheet.conditional_formatting for rule in found.rules]
    assert rules
    assert all('="' in rule.formula[0] for rule in rules)
    assert rows_below(sheet, "Nutrient")
    assert {rule.dxf.fill.bgColor.rgb[-6:] for rule in rules} <= {looks.BETWEEN_TINT, looks.OPEN_TINT}
