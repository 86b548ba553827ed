"""Entries written by nutridiary and read again are the same entries."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.analysis import weighed_entries
from nutridiary.data_files import data_file
from nutridiary.diary import read_diary, read_whole
from nutridiary.errors import DiaryError
from nutridiary.tables import ENTRIES, conform

CRONOMETER = """Day,Time,Group,Food Name,Amount,Energy (kcal),Vitamin D (IU),Magnesium (mg),Category
2026-03-02,08:10,Breakfast,"Milk, whole","1.00 cup",149.0,124.0,,"Dairy"
2026-03-02,,Supplements,"Vitamin D3, 1000 IU","2.00 x 1000.0 IU",0.0,2000.0,0.0,"Supplements"
"""


def assert_same(first, second):
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("name", ["example.xlsx", "thirty_days.csv"])
def test_entries_of_a_diary_come_back_as_they_were(tmp_path, name):
    entries = read_diary(data_file("diaries", name))
    path = tmp_path / "entries.csv"
    entries.to_csv(path, index=False)
    diary = read_whole(path)
    assert_same(diary.entries, entries)
    assert diary.files["format"].tolist() == ["entries"]
    assert diary.files["entries"].tolist() == [len(entries)]


def test_entries_of_an_app_keep_their_recorded_values(tmp_path):
    export = tmp_path / "servings.csv"
    export.write_text(CRONOMETER, encoding="utf-8")
    entries = read_diary(export)
    assert entries["recorded_vitamin_d"].tolist() == [3.1, 50.0]
    entries.to_csv(tmp_path / "entries.csv", index=False)
    assert_same(read_diary(tmp_path / "entries.csv"), entries)


def test_weighed_entries_are_matched_and_weighed_anew(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(
        "Date,Food,Amount\n2026-03-02,2 eggs and 3 rashers of bacon,\n2026-03-02,blorptang,1 cup\n,Total,\n",
        encoding="utf-8",
    )
    first = weighed_entries(path)
    first.to_csv(tmp_path / "e.csv", index=False)
    assert_same(weighed_entries(tmp_path / "e.csv").drop(columns="note"), first.drop(columns="note"))
    # A correction of the text counts, because the old problem does not stay.
    corrected = first.assign(food_text=first["food_text"].replace("blorptang", "milk"))
    corrected.to_csv(tmp_path / "e.csv", index=False)
    assert weighed_entries(tmp_path / "e.csv")["food_description"].tolist()[2] == "Milk, NFS"


def test_parts_of_a_line_keep_its_weight_and_what_nobody_measured(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text('Date,Food,Amount\n2026-03-02,"Pizza, cheese",650 g\n2026-03-02,Coffee with milk,220 g\n', "utf-8")
    first = weighed_entries(path)
    assert first["gram_weight"].iloc[:2].sum() == pytest.approx(650)
    assert pd.isna(first["gram_weight"].iloc[3])
    first.to_csv(tmp_path / "e.csv", index=False)
    again = weighed_entries(tmp_path / "e.csv")
    columns = ["food_text", "gram_weight", "weight_method", "line_weight", "problem"]
    pd.testing.assert_frame_equal(again[columns], first[columns])
    first.assign(amount=30.0, unit="ml").iloc[3:].to_csv(tmp_path / "e.csv", index=False)
    assert weighed_entries(tmp_path / "e.csv")["problem"].isna().all()  # an amount written since settles it


def test_entries_read_beside_their_diary_count_once(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("Date,Food\n2026-03-02,rice\n2026-03-02,milk\n", encoding="utf-8")
    read_diary(path).to_csv(tmp_path / "e.csv", index=False)
    entries = read_diary([path, tmp_path / "e.csv"])
    assert entries["problem"].isna().tolist() == [True, True, False, False]
    assert not entries.duplicated(["source", "line", "part"]).any()


def test_entries_with_a_cell_that_cannot_be_is_a_message(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("Date,Food,Amount,Unit\n2026-03-02,rice,100,g\n", encoding="utf-8")
    entries = read_diary(path).astype({"amount": object})
    entries.loc[0, "amount"] = "much"
    entries.to_csv(tmp_path / "e.csv", index=False)
    with pytest.raises(DiaryError, match=r'e\.csv:2: "much" cannot stand under amount'):
        read_diary(tmp_path / "e.csv")


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).filter(
    lambda text: text.strip() == text and text
)
amounts = st.one_of(st.none(), st.floats(0.001, 1e6))


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "food_text": st.one_of(st.none(), texts),
                "note": st.one_of(st.none(), texts),
                "amount": amounts,
                "unit": st.sampled_from([None, "g", "cup", "small bowl"]),
                "kind": st.sampled_from(["food", "supplement", "water", "note", "total"]),
                "part": st.sampled_from([None, 1, 2]),
                "date": st.one_of(st.none(), st.dates()),
                "single_food": st.booleans(),
                "recorded_magnesium": amounts,
            }
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_entries_come_back_as_they_were(tmp_path_factory, rows):
    frame = pd.DataFrame(rows).assign(source="d.csv", line=range(2, len(rows) + 2))
    frame["date"] = pd.to_datetime(frame["date"], errors="coerce")
    # A column of which nothing is known is no column of the diary.
    entries = conform(frame.dropna(axis="columns", how="all"), ENTRIES)
    path = tmp_path_factory.mktemp("entries") / "e.csv"
    entries.to_csv(path, index=False)
    assert_same(read_diary(path), entries)
