"""What a notebook shows of an analysis, a person and a match."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pandas as pd
import pytest
from defusedxml import ElementTree

from hand_made import ANNA, MILK, Line, analysis_of, two_days
from nutridiary.errors import NutridiaryError
from nutridiary.foods import load_foods
from nutridiary.references import Person
from nutridiary.report import colours, summary_html
from nutridiary.report.match_explanation import explain_match
from nutridiary.report.person_html import person_html
from nutridiary.report.table_html import table_html


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def parsed(html: str) -> ElementTree:
    """The display as a tree: every element is closed, every attribute quoted."""
    return ElementTree.fromstring(f"<div>{html.replace('&nbsp;', ' ')}</div>")


# An analysis ---------------------------------------------------------------------------------------------------------


def test_analysis_shows_core_nutrients_and_folds_the_others() -> None:
    html = summary_html(analysis_of(two_days()))
    folded = html.index("<details>")
    for label in ("Magnesium", "Potassium", "Calcium", "Vitamin D", "Vitamin B12"):
        assert html.index(f">{label}") < folded
    assert html.index(">Sodium") > folded
    assert "13 more nutrients" in html
    parsed(html)


def test_analysis_shows_verdicts_in_words_on_their_tint_with_ink_of_their_own() -> None:
    html = summary_html(analysis_of([Line(holds={"magnesium": 100.0})]))
    (tag,) = re.findall(r"<span style='([^']*)'>▼ below the EAR</span>", html)
    assert f"background:#{colours.LOW_TINT}" in tag
    assert f"color:#{colours.INK}" in tag


def test_analysis_without_core_nutrients_shows_what_it_has() -> None:
    html = summary_html(analysis_of([Line(holds={"zinc": 4.0})], nutrients=["zinc", "iron"]))
    assert "<details>" not in html
    assert "Zinc" in html


def test_analysis_of_nobody_described_has_no_references_and_still_figures() -> None:
    shown = words_of(summary_html(analysis_of(two_days(), people={})))
    assert "sex and age are not known" in shown
    assert "98 mg" in shown  # (27 + 60 + 108) / 2 mg of magnesium


def test_names_of_the_diary_are_no_markup_in_a_notebook() -> None:
    name = "<script>alert('x')</script>"
    html = summary_html(analysis_of(two_days(name), {name: ANNA}))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


# A person ------------------------------------------------------------------------------------------------------------


def test_person_shows_group_and_core_figures_with_their_editions() -> None:
    html = person_html(Person(sex="female", age_years=34, pregnant=True, weight_kg=64))
    shown = words_of(html)
    assert "Female, 34 years, pregnant, 64 kg" in shown
    assert "for pregnant 31-50 y, per day" in shown
    # IOM 1997, table 6-1 and NASEM 2019: 31-50 y, pregnant.
    assert "Magnesium [mg] 300 360 350 (supplements and medicines only) IOM 1997" in shown
    assert "Potassium [mg] 2,900 NASEM 2019" in shown
    parsed(html)


def test_person_known_by_birth_date_only_says_that_the_day_decides() -> None:
    shown = words_of(person_html(Person(sex="male", birth_date=dt.date(1960, 5, 1), smoker=False)))
    assert "Male, born 1960-05-01, non-smoker" in shown
    assert "Which figures hold depends on the age on the day eaten" in shown


# A match -------------------------------------------------------------------------------------------------------------


def test_match_shows_foods_with_link_score_and_evidence_that_adds_up() -> None:
    found = explain_match("milk, lowfat", load_foods(), top=3)
    assert found.candidates["rank"].tolist() == [1, 2, 3]
    sums = found.evidence.groupby("rank")["contribution"].sum()
    for rank, score in found.candidates[["rank", "match_score"]].itertuples(index=False):
        assert score == pytest.approx(1 / (1 + 2.718281828459045 ** -sums[rank]))
    html = found._repr_html_()
    best = found.candidates.iloc[0]
    assert f"https://fdc.nal.usda.gov/food-details/{best['fdc_id']}/nutrients" in html
    assert f"score <b>{best['match_score']:.2f}</b>" in html
    parsed(html)
    shown = [float(amount) for amount in re.findall(r">([+-]\d+\.\d\d)<", html)]
    assert sum(shown) == pytest.approx(sums.sum(), abs=0.005 * len(shown))


def test_match_bars_are_as_long_as_their_evidence_and_lie_on_its_side() -> None:
    html = explain_match("2 boiled eggs", top=2)._repr_html_()
    found = re.findall(r">([+-]\d+\.\d\d)<.*?width:([\d.]+)em;height:.7em;background:#(\w+);float:(\w+)", html)
    assert len(found) > 3
    ratio = max(float(wide) for _, wide, _, _ in found) / max(abs(float(amount)) for amount, *_ in found)
    for amount, wide, colour, side in found:
        assert float(wide) == pytest.approx(abs(float(amount)) * ratio, abs=0.05)
        assert (colour, side) == ((colours.BLUE, "left") if float(amount) > 0 else (colours.ORANGE, "right"))


def test_match_of_a_text_no_food_shares_a_word_with_says_so() -> None:
    found = explain_match("<b>qqqq</b> zzzzxx")
    assert found.candidates.empty
    assert "no food shares a word with it" in repr(found)
    assert "&lt;b&gt;qqqq" in found._repr_html_()


def test_match_at_a_terminal_is_a_line_a_food() -> None:
    lines = repr(explain_match("banana", top=2)).splitlines()
    assert lines[0] == "'banana' might mean"
    assert re.fullmatch(r"  0\.\d\d  Banana, raw \(\d+\)", lines[1])
    assert len(lines) == 3


@pytest.mark.parametrize(("text", "top", "said"), [("  ", 3, "is no food text"), ("egg", 0, "at least one food")])
def test_match_of_nothing_says_what_to_give(text: str, top: int, said: str) -> None:
    with pytest.raises(NutridiaryError, match=said):
        explain_match(text, top=top)


# A table -------------------------------------------------------------------------------------------------------------


def test_table_leaves_what_is_missing_empty_and_escapes_the_rest() -> None:
    table = pd.DataFrame({"food": ["<i>soup</i>"], "amount": [float("nan")], "left_out": [True]})
    html = table_html(table, "what was eaten")
    assert words_of(html) == "food amount left out &lt;i&gt;soup&lt;/i&gt; yes"
    assert parsed(html).find("table").get("aria-label") == "what was eaten"


def test_notebook_names_the_mean_between_its_bounds() -> None:
    analysis = analysis_of([Line(holds=MILK)])
    bounded = replace(analysis, comparison=analysis.comparison.assign(high=analysis.comparison["low"] * 2))
    assert "27-54 mg" in words_of(summary_html(bounded))
