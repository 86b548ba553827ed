"""Charts: what is drawn is what the tables say, it can be read on a telephone, and it is the same each time."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st

from hand_made import ANNA, BEN, BREAD, MILK, Line, analysis_of, days_of, two_days
from nutridiary.analysis import Analysis
from nutridiary.errors import NutridiaryError
from nutridiary.report import colours
from nutridiary.report.charts import (
    Chart,
    Charts,
    confidence,
    coverage,
    days,
    distribution,
    overview,
    sources,
    symptom_timeline,
    week,
)
from nutridiary.symptoms import symptom_days
from nutridiary.tables import DAY_CHECKS, GROUP_CONTRIBUTIONS, SYMPTOMS, conform
from nutridiary.usual_intake import confidence as stated_confidence

matplotlib = pytest.importorskip("matplotlib")

MILK_ONLY = Line(holds=MILK)
NO_WEIGHT = "no amount: write one, such as 150 g"


@cache
def two() -> Analysis:
    """The analysis of two days, which no test changes."""
    return analysis_of(two_days())


def with_confidence(analysis: Analysis) -> Analysis:
    stated, working = stated_confidence(analysis.days, analysis.people, analysis.comparison)
    return replace(analysis, confidence=stated, working=working)


def with_cramps(analysis: Analysis, notes: dict[str, float | None], person: str | None = None) -> Analysis:
    noted = pd.DataFrame({"date": pd.to_datetime(list(notes)), "symptom": "cramp", "severity": list(notes.values())})
    found = symptom_days(conform(noted.assign(person_id=person), SYMPTOMS), analysis.days)
    return replace(analysis, symptom_days=found)


def many_foods(count: int, days: int = 1) -> list[Line]:
    first = dt.date(2026, 3, 2)
    return [
        Line(
            day=(first + dt.timedelta(days=day)).isoformat(),
            text=f"food {number}",
            food=f"Food number {number}, with a long name, prepared with oil, from a restaurant, not further specified",
            fdc_id=100 + number,
            holds={**MILK, "magnesium": 10.0 + number},
        )
        for day in range(days)
        for number in range(count)
    ]


@cache
def shape(name: str) -> tuple[Analysis, str | None]:
    """Return a diary of one of the shapes that people keep, and whose charts are meant."""
    if name == "one day":
        return with_confidence(with_cramps(analysis_of([MILK_ONLY]), {"2026-03-02": 4.0})), None
    if name == "thirty days":
        cramps = {f"2026-01-{day:02}": float(day % 10) or None for day in range(2, 30, 4)}
        return with_confidence(with_cramps(analysis_of(days_of(30)), cramps)), None
    if name == "a year":
        cramps = {f"2026-{month:02}-05": 3.0 for month in range(1, 12)}
        return with_confidence(with_cramps(analysis_of(days_of(365)), cramps)), None
    if name == "three people":
        long_name = "A person whose name is much longer than what any title of a chart has room for"
        lines = [*two_days("Anna"), *two_days(long_name), Line(person="Ben", day="2026-03-04", holds=MILK)]
        people = {"Anna": ANNA, long_name: BEN}
        return with_confidence(with_cramps(analysis_of(lines, people), {"2026-03-02": None}, long_name)), long_name
    lines = [
        *two_days(),
        *many_foods(12),
        Line(day="2026-03-04", text="?", problem=NO_WEIGHT),
        Line(day="2026-03-05", food='麵 <b>noodles</b> $x_1$ & "quotes"', fdc_id=12, holds={"magnesium": 900.0}),
        Line(day="", text="no day", holds=MILK),
    ]
    return with_confidence(with_cramps(analysis_of(lines), {"2026-03-02": None, "2026-03-05": 9.0})), None


SHAPES = ["one day", "thirty days", "a year", "three people", "problems"]


def all_charts(analysis: Analysis, person_id: str | None) -> list[Chart]:
    return [
        overview(analysis, person_id),
        *(days(analysis, name, person_id) for name in ("magnesium", "potassium", "calcium", "vitamin_d")),
        sources(analysis, "magnesium", person_id),
        distribution(analysis, person_id),
        week(analysis, person_id),
        coverage(analysis, person_id),
        confidence(analysis, person_id),
        symptom_timeline(analysis, "cramp", "magnesium", person_id),
    ]


@cache
def charts_of(name: str) -> list[tuple[Chart, list[tuple[str, Any]]]]:
    """Return every chart of a shape of diary, with its words and where they stand."""
    return [(chart, drawn_texts(chart.figure)) for chart in all_charts(*shape(name))]


def drawn_texts(figure: Any) -> list[tuple[str, Any]]:
    """Every text of a figure with where it stands. [pixels]"""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    found = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    ticks = {
        id(label)
        for axes in figure.axes
        if not axes.axison
        for axis in (axes.xaxis, axes.yaxis)
        for label in (*axis.get_ticklabels(), axis.label, axis.get_offset_text())
    }
    return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in found if id(text) not in ticks]


def bars(figure: Any, face: str | None = None) -> list[Any]:
    from matplotlib.colors import to_hex
    from matplotlib.patches import Rectangle

    found = [patch for axes in figure.axes[1:] for patch in axes.patches if isinstance(patch, Rectangle)]
    return [bar for bar in found if face is None or to_hex(bar.get_facecolor()) == face]


def points(figure: Any, marker: str) -> list[tuple[float, float]]:
    lines = [line for axes in figure.axes[1:] for line in axes.lines if line.get_marker() == marker]
    return [tuple(map(float, pair)) for line in lines for pair in line.get_xydata()]


# What can be read of every chart -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHAPES)
def test_every_text_stands_inside_the_picture_and_on_no_other(name: str) -> None:
    for chart, texts in charts_of(name):
        width, height = chart.figure.get_size_inches() * chart.figure.dpi
        for words, box in texts:
            assert box.x0 > -1, (chart.name, words)
            assert box.y0 > -1, (chart.name, words)
            assert box.x1 < width + 1, (chart.name, words)
            assert box.y1 < height + 1, (chart.name, words)
        for (words, one), (others, other) in combinations(texts, 2):
            across = min(one.x1, other.x1) - max(one.x0, other.x0)
            down = min(one.y1, other.y1) - max(one.y0, other.y0)
            assert across < 1 or down < 2.5, (chart.name, words, others)


@pytest.mark.parametrize("name", ["thirty days", "problems"])
def test_every_chart_is_the_same_bytes_each_time_and_one_well_formed_element(name: str) -> None:
    analysis, person_id = shape(name)
    ids: list[str] = []
    for (chart, _), again in zip(charts_of(name), all_charts(analysis, person_id), strict=True):
        svg = chart.svg()
        assert svg == again.svg()
        assert len(svg) < 60_000
        root = ElementTree.fromstring(svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.get("aria-label") == chart.alt_text
        assert not [
            tag
            for tag in ("<script", "<style", "<metadata", "<!--", "<text", 'width="')
            if tag in svg.replace("stroke-width", "")[:400]
        ]
        own = re.findall(r' id="([^"]+)"', svg)
        assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg)) == set(own)
        ids += own
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", SHAPES)
def test_title_is_drawn_and_alt_text_is_sentences(name: str) -> None:
    for chart, texts in charts_of(name):
        drawn = " ".join(words for words, _ in texts)
        assert chart.title in drawn
        assert chart.alt_text.endswith(".")
        assert re.search(r"\d", chart.alt_text) or chart.table.empty


def test_letters_the_font_lacks_and_signs_of_markup_are_drawn_as_they_are() -> None:
    analysis, _ = shape("problems")
    chart = sources(analysis, "magnesium")
    assert "麵 <b>noodles</b>" in chart.alt_text
    texts = [words for words, _ in drawn_texts(chart.figure)]
    assert '□ <b>noodles</b> $x_1$ & "quotes"' in texts
    assert "<b>" not in chart.svg()
    assert "<b>noodles" not in chart._repr_html_()


def test_style_of_the_user_changes_no_chart_and_stays_as_it_was() -> None:
    plain = overview(two()).svg()
    with matplotlib.rc_context({"font.size": 30, "path.sketch": (1, 100, 2), "savefig.transparent": True}):
        assert overview(two()).svg() == plain
        assert matplotlib.rcParams["font.size"] == 30


def test_notebook_shows_the_numbers_below_the_picture() -> None:
    shown = days(two(), "magnesium")._repr_html_()
    assert shown.index("<svg") < shown.index("<details>")
    assert "2026-03-02" in shown
    assert ">87<" in shown  # 27 mg of the milk and 60 mg of the bread


def test_charts_of_an_analysis_are_those_of_the_functions() -> None:
    analysis, _ = shape("thirty days")
    charts = Charts(analysis)
    assert charts.days("calcium").svg() == days(analysis, "calcium").svg()
    assert charts.symptom_timeline("cramp", "calcium").name == "symptom-cramp-calcium"
    made = [charts.overview(), charts.week(), charts.sources("calcium"), charts.distribution(), charts.confidence()]
    assert [chart.name for chart in [*made, charts.coverage()]] == [
        "overview",
        "week",
        "sources-calcium",
        "distribution",
        "confidence",
        "coverage",
    ]
    assert "days(nutrient)" in repr(charts)


# Each day ------------------------------------------------------------------------------------------------------------


def test_days_draws_each_day_at_its_amount_with_its_references() -> None:
    chart = days(two(), "magnesium")
    assert [bar.get_height() for bar in bars(chart.figure, "#8cbedd")] == pytest.approx([87.0, 108.0])
    levels = {round(float(line.get_ydata()[0]), 1) for line in chart.figure.axes[1].lines if len(line.get_ydata()) > 1}
    assert {265.0, 320.0, 97.5} <= levels  # EAR, RDA, mean of the two days
    assert "87 mg to 108 mg known per day" in chart.alt_text
    assert "RDA 320 mg" in chart.alt_text


def test_days_of_a_line_left_out_ends_in_an_arrow() -> None:
    chart = days(two(), "magnesium")  # the second day has a line that nothing bounds
    assert len(points(chart.figure, "^")) == 1
    assert points(chart.figure, "^")[0][0] == 1.0
    assert "no upper bound" in {words for words, _ in drawn_texts(chart.figure)}


def test_days_whisker_runs_from_at_least_to_at_most() -> None:
    analysis = analysis_of([MILK_ONLY])
    bounded = analysis.day_comparison.assign(high=analysis.day_comparison["amount"] * 2)
    chart = days(replace(analysis, day_comparison=bounded), "potassium")
    assert {y for _, y in points(chart.figure, "_")} == {390.0, 780.0}


def test_days_left_out_of_the_means_are_hollow() -> None:
    analysis = two()
    checks = pd.DataFrame({"date": pd.to_datetime(["2026-03-02", "2026-03-03"]), "left_out": [False, True]})
    chart = days(replace(analysis, day_checks=conform(checks, DAY_CHECKS)), "magnesium")
    assert [bar.get_height() for bar in bars(chart.figure, "#ffffff")] == [108.0]
    assert chart.table["in_means"].tolist() == [True, False]
    assert "1 of the days is left out of the means" in chart.alt_text


def test_days_of_a_year_are_points_one_for_each_day() -> None:
    analysis, _ = shape("a year")
    drawn = points(days(analysis, "calcium").figure, "o")
    assert [x for x, _ in drawn] == list(range(365))
    assert {y for _, y in drawn} == {309.0}


def test_days_names_an_upper_figure_that_lies_far_above() -> None:
    chart = days(analysis_of([MILK_ONLY]), "calcium")  # 309 mg, RDA 1,000 mg, UL 2,500 mg
    words = {words for words, _ in drawn_texts(chart.figure)}
    assert "UL 2,500 mg lies above this picture." in words
    near = days(analysis_of([Line(holds={"calcium": 2_000.0})]), "calcium")
    assert "UL 2,500 mg" in {words for words, _ in drawn_texts(near.figure)}


def test_days_names_references_as_every_report_does_and_large_figures_in_full() -> None:
    said = days(analysis_of([Line(holds={"vitamin_b12": 3.0})]), "vitamin_b12").alt_text
    assert "EAR 2 µg" in said
    assert "RDA 2.4 µg" in said
    large = days(analysis_of([Line(holds={"magnesium": 123_456_789.0})]), "magnesium")
    assert "100,000,000" in {words for words, _ in drawn_texts(large.figure)}


def test_names_of_days_stand_on_one_line() -> None:
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = days(shape("a year")[0], "magnesium").figure
    named = [box for words, box in drawn_texts(figure) if re.fullmatch(r"\w{3} 2026", words)]
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    inked = np.asarray(canvas.buffer_rgba())[::-1, :, 0] < 200
    feet = set()
    for box in named:  # the last letters of each name are the figures of the year, which reach down to the line
        rows = inked[int(box.y0) - 4 : int(box.y1) + 4, int(box.x1) - 20 : int(box.x1)].any(axis=1)
        feet.add(int(box.y0) - 4 + int(rows.argmax()))
    assert len(named) >= 3
    assert len(feet) == 1


def test_days_without_a_value_are_marked_and_never_zero() -> None:
    lines = [Line(day="2026-03-02", holds=MILK), Line(day="2026-03-03", holds={"calcium": 5.0})]
    chart = days(analysis_of(lines), "magnesium")
    assert len(bars(chart.figure, "#8cbedd")) == 1
    assert [x for x, _ in points(chart.figure, "x")] == [1.0]
    assert chart.table["amount"].isna().tolist() == [False, True]


# Where it came from --------------------------------------------------------------------------------------------------


def test_sources_draws_the_largest_shares_and_the_rest_together() -> None:
    chart = sources(analysis_of(many_foods(12)), "magnesium")
    total = sum(10.0 + number for number in range(12))
    expected = [100 * (21.0 - place) / total for place in range(8)] + [100 * sum((10, 11, 12, 13)) / total]
    assert [bar.get_width() for bar in bars(chart.figure)] == pytest.approx(expected)
    assert "4 other foods together" in {words for words, _ in drawn_texts(chart.figure)}
    assert "Food number 11, with a long name" in chart.alt_text


@settings(max_examples=5, deadline=None)
@given(st.lists(st.floats(0.01, 1e4), min_size=1, max_size=25))
def test_sources_shares_add_up_to_all_of_it(amounts: list[float]) -> None:
    lines = [Line(food=f"Food {n}", fdc_id=n + 1, holds={"zinc": amount}) for n, amount in enumerate(amounts)]
    table = sources(analysis_of(lines), "zinc").table
    assert table["percent_of_total"].sum() == pytest.approx(100.0)
    assert table["foods"].sum() == len(amounts)
    assert len(table) <= 9


def test_sources_marks_supplements_and_counts_foods_without_a_value() -> None:
    lines = [
        MILK_ONLY,
        Line(food="Soup", fdc_id=3),
        Line(kind="supplement", text="Vitamin D tablet", holds={"vitamin_d": 25.0}),
    ]
    chart = sources(analysis_of(lines), "vitamin_d")
    assert [bar.get_width() for bar in bars(chart.figure, "#d55e00")] == pytest.approx([100 * 25.0 / 27.7])
    words = {words for words, _ in drawn_texts(chart.figure)}
    assert "Supplement: Vitamin D tablet" in words
    assert "1 food has no value for it: what they gave is not known." in chart.alt_text


def test_sources_shows_food_groups_where_they_are_known() -> None:
    analysis = two()
    groups = pd.DataFrame(
        {
            "nutrient": "magnesium",
            "food_group": ["milk", "bread"],
            "foods": 1,
            "amount": [135.0, 60.0],
            "unit": "mg",
            "percent_of_total": [69.2, 30.8],
        }
    )
    chart = sources(replace(analysis, group_contributions=conform(groups, GROUP_CONTRIBUTIONS)), "magnesium")
    assert "By kind of food: milk 69 %, bread 31 %." in chart.alt_text
    assert {"By kind of food", "Milk", "Bread"} <= {words for words, _ in drawn_texts(chart.figure)}
    assert chart.table.loc[chart.table["part"] == "group", "amount"].tolist() == [135.0, 60.0]
    assert not bars(chart.figure, "#d55e00")
    renamed = conform(groups.assign(food_group=["milk", "supplements"]), GROUP_CONTRIBUTIONS)
    with_supplements = sources(replace(analysis, group_contributions=renamed), "magnesium")
    assert [bar.get_width() for bar in bars(with_supplements.figure, "#d55e00")] == [30.8]


# Means, spread, coverage, confidence ---------------------------------------------------------------------------------


def test_overview_draws_means_in_percent_of_what_is_aimed_at() -> None:
    analysis = analysis_of([Line(holds={"magnesium": 240.0, "potassium": 2_600.0, "calcium": 900.0})])
    chart = overview(analysis)
    widths = [bar.get_width() for bar in bars(chart.figure, f"#{colours.BLUE}".lower())]
    assert widths == pytest.approx([75.0, 100.0, 90.0])  # RDA 320 mg, AI 2,600 mg, RDA 1,000 mg
    assert "Magnesium 240 mg, 75 % of RDA 320 mg: below the EAR." in chart.alt_text
    uprights = {round(float(line.get_xdata()[0]), 1) for axes in chart.figure.axes[1:] for line in axes.lines}
    assert 82.8 in uprights  # EAR 265 mg of RDA 320 mg
    assert chart.table.loc[3, "mean_intake"] != chart.table.loc[3, "mean_intake"]  # vitamin D is not known


def test_overview_draws_bounds_and_an_arrow_where_there_is_none() -> None:
    analysis = analysis_of([MILK_ONLY])
    known = analysis.comparison["mean_intake"]
    bounded = replace(analysis, comparison=analysis.comparison.assign(low=known, high=known * 2))
    spans = [line.get_xdata() for axes in overview(bounded).figure.axes[1:] for line in axes.lines]
    assert any(len(x) == 2 and x == pytest.approx([15.0, 30.0]) for x in spans)  # potassium 390 to 780 of 2,600 mg
    open_ended = replace(analysis, comparison=analysis.comparison.assign(high=float("nan")))
    assert len(points(overview(open_ended).figure, ">")) == 5
    assert not points(overview(bounded).figure, ">")


def test_distribution_draws_every_day_in_percent_and_the_mean() -> None:
    chart = distribution(two())
    drawn = sorted(x for x, _ in points(chart.figure, "o"))
    milk = {"magnesium": 320, "potassium": 2_600, "calcium": 1_000, "vitamin_d": 15, "vitamin_b12": 2.4}
    first = {name: MILK[name] + BREAD.get(name, 0.0) for name in milk}
    expected = [100 * first[name] / goal for name, goal in milk.items()]
    expected += [100 * 4 * MILK[name] / goal for name, goal in milk.items()]
    assert drawn == pytest.approx(sorted(expected))
    means = sorted(x for x, _ in points(chart.figure, "D"))
    assert means[-1] == pytest.approx(100 * (1.34 + 5.36) / 2 / 2.4)
    assert "Magnesium on 2 days: 27 % to 34 % of RDA, 30 % as their mean." in chart.alt_text


def test_distribution_of_many_days_counts_each_once() -> None:
    lines = [replace(line, holds={"magnesium": 160.0 + 32 * (n % 5)}) for n, line in enumerate(days_of(100))]
    chart = distribution(analysis_of(lines))
    drawn = bars(chart.figure, "#8cbedd")
    assert [bar.get_x() + bar.get_width() / 2 for bar in drawn] == pytest.approx([55, 65, 75, 85, 95])
    assert len({bar.get_height() for bar in drawn}) == 1  # twenty days each
    assert len(chart.table) == 100


def test_week_shows_the_latest_seven_days_with_sign_and_tint() -> None:
    lines = [replace(line, holds={"magnesium": 300.0 + n}) for n, line in enumerate(days_of(9))]
    chart = week(analysis_of(lines))
    shown = [words for words, _ in drawn_texts(chart.figure)]
    assert [words for words in shown if re.fullmatch(r"30\d", words)] == [f"30{n}" for n in range(2, 9)]
    assert shown.count(colours.BETWEEN) == 7  # EAR 265 mg, RDA 320 mg
    assert shown.count("?") == 28  # four nutrients nobody knows of
    assert set(chart.table.loc[chart.table["nutrient"] == "magnesium", "verdict"]) == {"between the EAR and the RDA"}
    assert "Magnesium [mg]: 3 Jan 302, 4 Jan 303" in chart.alt_text


def test_coverage_draws_lines_by_where_their_value_comes_from() -> None:
    lines = [MILK_ONLY, MILK_ONLY, Line(holds={"calcium": 1.0}), Line(text="?", problem=NO_WEIGHT)]
    chart = coverage(analysis_of(lines))
    magnesium = chart.table.set_index("nutrient").loc["magnesium"]
    assert magnesium[["own_record", "twin", "no_value", "left_out"]].tolist() == [2, 0, 1, 1]
    assert [bar.get_width() for bar in bars(chart.figure)][:3] == [2, 1, 1]
    assert "Magnesium: 2 own record, 1 no value, 1 left out" in chart.alt_text


def test_confidence_draws_each_figure_between_its_bounds() -> None:
    analysis = with_confidence(two())
    stated = analysis.confidence.assign(confidence=[60.0 + n for n in range(len(analysis.confidence))])
    chart = confidence(replace(analysis, confidence=stated))
    assert [x for x, _ in points(chart.figure, "o")] == [60.0, 61.0, 62.0, 63.0, 64.0]
    assert len(points(chart.figure, ">")) == 5  # a line left out that nothing bounds
    assert chart.table["confidence"].tolist() == [60.0, 61.0, 62.0, 63.0, 64.0]


def test_symptom_timeline_draws_severity_below_and_intake_above() -> None:
    analysis = with_cramps(analysis_of(days_of(5)), {"2026-01-02": 7.0, "2026-01-04": None})
    chart = symptom_timeline(analysis, "cramp", "magnesium")
    assert [bar.get_height() for bar in bars(chart.figure, "#8cbedd")] == [27.0] * 5
    assert points(chart.figure, "o") == [(1.0, 7.0), (3.0, 5.0)]
    assert "felt, severity not noted" in {words for words, _ in drawn_texts(chart.figure)}
    assert "cramp felt on 2, severity 7, not felt on 1, not known on 2" in chart.alt_text
    assert "No cause is shown." in chart.alt_text


# Nothing to draw, and what cannot be ---------------------------------------------------------------------------------


def test_diary_in_which_nothing_counts_gives_charts_that_say_so() -> None:
    analysis = with_confidence(analysis_of([Line(text="?", problem=NO_WEIGHT)]))
    for chart in (
        overview(analysis),
        days(analysis, "magnesium"),
        sources(analysis, "magnesium"),
        week(analysis),
        distribution(analysis),
        confidence(analysis),
    ):
        assert chart.table.empty
        assert re.match("No|Nothing", chart.alt_text)
        assert ElementTree.fromstring(chart.svg()).get("aria-label") == chart.alt_text


def test_person_nobody_described_has_figures_and_no_references() -> None:
    analysis = analysis_of(two_days(), people={})
    assert "no reference" in overview(analysis).alt_text
    assert "Held against" not in days(analysis, "magnesium").alt_text
    assert distribution(analysis).table.empty
    assert "482" not in week(analysis).alt_text
    assert len(week(analysis).table) == 10


def test_diary_without_a_day_says_so() -> None:
    analysis = analysis_of([Line(day="", holds=MILK)])
    assert "No line with a date" in days(analysis, "magnesium").alt_text
    assert week(analysis).table.empty


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda a: days(a, "magnesum", "Anna"), "Did you mean 'magnesium'"),
        (lambda a: days(a, "biotin", "Anna"), "biotin is not among the nutrients of this analysis"),
        (overview, "several people; say whose chart is meant. There are: 'Anna', 'Ben'"),
        (lambda a: overview(a, "Ana"), "nobody is called 'Ana' in this diary. Did you mean 'Anna'"),
        (lambda a: symptom_timeline(a, "cramps", "zinc", "Anna"), "no symptom 'cramps' in this diary. Did you mean"),
        (lambda a: symptom_timeline(a, "cramp", "zinc", "Ben"), "None is noted"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(ask: Any, said: str) -> None:
    analysis = analysis_of([*two_days("Anna"), *two_days("Ben")], {"Anna": ANNA, "Ben": BEN})
    with pytest.raises(NutridiaryError, match=re.escape(said)):
        ask(with_cramps(analysis, {"2026-03-02": 4.0}, "Anna"))


def test_chart_of_one_of_several_people_says_whose_it_is() -> None:
    analysis, _ = shape("three people")
    assert overview(analysis, "Ben").title.startswith("Ben: ")
    assert overview(analysis, "Ben").svg() == overview(analysis, "Ben").svg()
    assert overview(analysis, "Ben").name != overview(analysis, "Anna").name


def test_without_matplotlib_a_chart_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("nutridiary.report.charts.matplotlib_extra.import_module", missing)
    with pytest.raises(NutridiaryError, match=r"pip install 'nutridiary\[plots\]'"):
        overview(two())
