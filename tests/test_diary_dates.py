from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutridiary.diary.dates import EXCEL_1904, read_clock, read_days, read_written
from nutridiary.errors import DiaryError


def days_of(*cells, day_first=None, year=None):
    return read_days([read_written(cell) for cell in cells], "diary.csv", day_first, year)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-04-03", date(2026, 4, 3)),
        ("2011-4-18", date(2011, 4, 18)),
        ("2026/4/3", date(2026, 4, 3)),
        ("20260403", date(2026, 4, 3)),
        ("2026-04-03T08:15:00", date(2026, 4, 3)),
        ("2026-04-03 08:15:00+02:00", date(2026, 4, 3)),
        ("3 Apr 2026", date(2026, 4, 3)),
        ("3rd April 2026", date(2026, 4, 3)),
        ("April 3, 2026", date(2026, 4, 3)),
        ("Fri, 3 April 2026", date(2026, 4, 3)),
        ("Friday 3 April 2026", date(2026, 4, 3)),
        ("3-Apr-26", date(2026, 4, 3)),
        ("Apr 3 '26", date(2026, 4, 3)),
        ("04.03.2026", date(2026, 3, 4)),
        ("4.3.26", date(2026, 3, 4)),
        ("3. März 2026", date(2026, 3, 3)),
        ("3 de abril de 2026", date(2026, 4, 3)),
        ("13/04/2026", date(2026, 4, 13)),
        ("04/13/2026", date(2026, 4, 13)),
        ("12/14/2017 12:00 AM", date(2017, 12, 14)),
        ("4/4/2026", date(2026, 4, 4)),
        (datetime(2026, 4, 3, 8, 15), date(2026, 4, 3)),
        (date(2026, 4, 3), date(2026, 4, 3)),
        # Microsoft: serial number 44197 is 1 January 2021 in the 1900 date system.
        (44197, date(2021, 1, 1)),
        ("44197", date(2021, 1, 1)),
        (44197.5, date(2021, 1, 1)),
    ],
)
def test_read_days_reads_dates_in_any_common_shape(cell, expected):
    days, _ = days_of(cell)
    assert (days[0].day, days[0].problem) == (expected, "")


def test_read_written_1904_serials_are_1462_days_later():
    # The two date systems of Excel differ by 1,462 days (Microsoft documentation of the 1904 date system).
    assert read_written(42735, EXCEL_1904).day_as(True) == date(2021, 1, 1)


@pytest.mark.parametrize("cell", ["31/2/2026", "2026-02-30", "30 Feb 2026", "29/2/2025", "32.1.2026", "2026-13-13"])
def test_read_days_impossible_date_is_a_problem_on_the_row(cell):
    days, _ = days_of(cell)
    assert days[0].day is None
    assert "there is no day" in days[0].problem


@pytest.mark.parametrize("cell", ["yesterday", "Day 1", "5", 5, 1e9, "x" * 500, True])
def test_read_days_unreadable_date_is_a_problem_that_says_how_to_write_it(cell):
    days, _ = days_of(cell)
    assert days[0].day is None
    assert "YYYY-MM-DD" in days[0].problem


def test_read_days_year_out_of_reach_is_a_problem():
    days, _ = days_of("2206-04-03")
    assert "the year of the date" in days[0].problem


def test_read_days_one_unambiguous_date_decides_for_the_column():
    days, note = days_of("3/4/2026", "13/4/2026")
    assert [day.day for day in days] == [date(2026, 4, 3), date(2026, 4, 13)]
    assert note.startswith("dates read day first")
    days, note = days_of("4/3/2026", "4/13/2026")
    assert [day.day for day in days] == [date(2026, 4, 3), date(2026, 4, 13)]
    assert note.startswith("dates read month first")


def test_read_days_consecutive_days_decide_for_the_column():
    days, note = days_of("3/4/2026", "4/4/2026", "5/4/2026")
    assert [day.day for day in days] == [date(2026, 4, 3), date(2026, 4, 4), date(2026, 4, 5)]
    assert "follow each other" in note
    days, _ = days_of("4/3/2026", "4/4/2026", "4/5/2026")
    assert [day.day for day in days] == [date(2026, 4, 3), date(2026, 4, 4), date(2026, 4, 5)]


def test_read_days_weekday_beside_the_date_decides():
    # 3 April 2026 is a Friday, 4 March 2026 a Wednesday.
    days, note = days_of("Fri 3/4/2026")
    assert days[0].day == date(2026, 4, 3)
    assert "weekday" in note
    days, _ = days_of("Wed 3/4/2026")
    assert days[0].day == date(2026, 3, 4)


def test_read_days_still_ambiguous_asks_and_names_both_readings():
    with pytest.raises(DiaryError, match=r"3/4/2026 can be 3 April or 4 March.*--day-first or --month-first"):
        days_of("3/4/2026")


def test_read_days_scattered_days_do_not_decide():
    with pytest.raises(DiaryError, match="nothing in the file decides"):
        days_of("2/3/2026", "5/3/2026", "9/3/2026")


@pytest.mark.parametrize(("day_first", "expected"), [(True, date(2026, 4, 3)), (False, date(2026, 3, 4))])
def test_read_days_caller_decides_what_the_column_leaves_open(day_first, expected):
    days, _ = days_of("3/4/2026", day_first=day_first)
    assert days[0].day == expected


def test_read_days_mixed_orders_make_only_the_ambiguous_rows_problems():
    days, _ = days_of("13/4/2026", "4/14/2026", "3/4/2026")
    assert [day.day for day in days] == [date(2026, 4, 13), date(2026, 4, 14), None]
    assert "mixes both orders" in days[2].problem


def test_read_days_against_the_chosen_order_reads_the_only_possible_way_and_says_so():
    days, _ = days_of("13/4/2026", day_first=False)
    assert days[0].day == date(2026, 4, 13)
    assert "no other order" in days[0].note


def test_read_days_wrong_weekday_is_noted():
    days, _ = days_of("Monday 3 April 2026")
    assert days[0].day == date(2026, 4, 3)
    assert "is a Friday" in days[0].note


def test_read_days_missing_year_comes_from_the_column_with_a_note():
    days, _ = days_of("2026-04-03", "Sat 4 April")
    assert days[1].day == date(2026, 4, 4)
    assert "the year 2026 is taken" in days[1].note


def test_read_days_no_year_anywhere_asks():
    with pytest.raises(DiaryError, match="have no year"):
        days_of("3 April", "4 April")
    assert days_of("3 April", year=2026)[0][0].day == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("13:23 ", "13:23"), ("9:51 AM", "09:51"), ("9:51 pm", "21:51"), ("12:05 am", "00:05"), ("12 noon", None),
        ("noon", "12:00"),
        ("8pm", "20:00"), ("8 p.m.", "20:00"), ("0830", "08:30"), (1323, "13:23"), (0.5, "12:00"),
        (0.75, "18:00"), ("08h30", "08:30"),
        ("9.30", "09:30"), ("25:00", None), ("13:75", None), ("13pm", None), ("after gym", None), ("", ""),
        (None, ""), ("7", None),
        (time(7, 30), "07:30"), (datetime(2026, 1, 1, 7, 30), "07:30"), (timedelta(hours=7, minutes=30), "07:30"),
        ("9:51:00", "09:51"),
    ],
)  # fmt: skip
def test_read_clock_reads_times_as_written(cell, expected):
    assert read_clock(cell) == expected


def test_read_written_timestamp_carries_the_time():
    written = read_written("09-04-2025 12:32")
    assert written.clock == "12:32"
    assert written.open


@given(
    start=st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    count=st.integers(3, 30),
    pattern=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%B %d, %Y"]),
)
def test_read_days_reads_back_any_run_of_days_or_asks(start, count, pattern):
    expected = [start + timedelta(days=number) for number in range(count)]
    try:
        days, _ = days_of(*[day.strftime(pattern) for day in expected])
    except DiaryError as error:
        assert "--day-first" in str(error)
    else:
        assert [day.day for day in days] == expected


@given(
    st.lists(
        st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.dates(), st.datetimes(), st.none()), max_size=20
    )
)
def test_read_days_gives_one_day_per_cell_and_raises_nothing_but_diary_error(cells):
    try:
        days, _ = days_of(*cells)
    except DiaryError:
        return
    assert len(days) == len(cells)
    for day in days:
        assert (day.day is not None) + bool(day.problem) + day.blank == 1
