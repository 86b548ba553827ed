"""The report as a page: what it holds, in what order, and what it never does."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from hand_made import ANNA, BEN, Line, analysis_of, two_days
from html_pages import PageParts
from nutridiary.analysis import Analysis
from nutridiary.comparison import VERDICTS
from nutridiary.errors import NutridiaryError
from nutridiary.report.html import page, to_html
from nutridiary.report.html.nutrients import NO_FIGURE, sign_of
from nutridiary.tables import CAUTIONS, DAY_CHECKS, SUGGESTION_EFFECTS, SUGGESTIONS, conform

HOSTILE = '"><img src=x onerror=alert(1)> & {{ 7 * 7 }} </style><script>alert(2)</script>'
VOID = {"meta", "br", "i", "img"}


@pytest.fixture(autouse=True)
def no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts have tests of their own, and take most of the time."""
    monkeypatch.setattr("nutridiary.report.html.pictures.can_draw", lambda: False)


def words_of(html: str) -> str:
    """Return the words of a page, as one line."""
    parts = PageParts.of(html)
    text = re.sub(r"<(style|svg)\b.*?</\1>", "", html, flags=re.S)
    assert parts.tags
    return " ".join(re.sub(r"<[^>]+>", "", text).replace("\u00a0", " ").replace("&#39;", "'").split())


def test_page_asks_for_nothing_and_runs_nothing(analyses: dict[str, Analysis]) -> None:
    html = page(analyses["cramps"])
    tags = PageParts.of(html).tags
    assert not {"script", "link", "iframe", "object", "embed", "form", "base", "img"} & {tag for tag, _ in tags}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert "url(" not in html
    assert "@import" not in html
    policy = next(a["content"] for tag, a in tags if tag == "meta" and a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    links = [attributes for tag, attributes in tags if tag == "a"]
    outside = [link for link in links if not (link["href"] or "").startswith("#")]
    assert outside
    assert all(str(link["href"]).startswith("https://") and link["rel"] == "noreferrer" for link in outside)


@pytest.mark.parametrize("kind", ["cramps", "three", "problems", "nobody"])
def test_headings_and_tables_can_be_read_by_ear(analyses: dict[str, Analysis], kind: str) -> None:
    tags = PageParts.of(page(analyses[kind])).tags
    assert next(a for tag, a in tags if tag == "html") == {"lang": "en"}
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    names = [tag for tag, _ in tags]
    assert {"header", "main", "footer"} <= set(names)
    assert names.count("table") == names.count("caption")
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    asked = [part for _, a in tags for part in str(a.get("aria-labelledby") or "").split()]
    asked += [str(a["href"])[1:] for tag, a in tags if tag == "a" and str(a["href"]).startswith("#")]
    assert set(asked) <= set(ids)


def test_parts_stand_in_the_order_a_reader_needs_them(analyses: dict[str, Analysis]) -> None:
    headings = re.findall(r"<h3[^>]*>(.*?)</h3>", page(analyses["cramps"]))
    assert headings == [
        "In short",
        "The core nutrients",
        "Day by day",
        "The nutrients around them",
        "Where it came from",
        "Symptoms beside what was eaten",
        "What to be careful with",
        "Foods that would close gaps",
        "What would make this surer",
        "What was left out",
        "What it rests on",
    ]


def test_in_short_says_what_is_reached_what_is_below_and_what_cannot_be_told() -> None:
    known = Line(holds={"magnesium": 400.0, "vitamin_d": 4.0, "vitamin_b12": 3.0, "potassium": 3000.0})
    said = words_of(page(analysis_of([known])))
    assert (
        "On the one day recorded, magnesium and vitamin B12 reach the RDA and potassium reaches the AI. "
        "Vitamin D is below the EAR. This does not show a deficiency. "
        "Whether calcium reaches the RDA or AI cannot be told, because 1 line has no value." in said
    )


def test_figures_are_explained_where_they_are_first_met(analyses: dict[str, Analysis]) -> None:
    said = words_of(page(analyses["example"])).split("The core nutrients")[0]
    for name in (
        "EAR: meets the need of half",
        "RDA: meets the need of nearly all",
        "AI: stands where",
        "CDRR: above it",
    ):
        assert name in said
    assert "AR: meets the need of half" in words_of(page(analyses["efsa"])).split("The core nutrients")[0]
    assert "meets the need" not in words_of(page(analyses["nobody"])).split("The core nutrients")[0]


def test_every_part_of_the_page_is_called_differently(analyses: dict[str, Analysis]) -> None:
    html = page(analyses["three"])
    called = [a["aria-labelledby"] for tag, a in PageParts.of(html).tags if tag in ("section", "aside", "article")]
    assert len(called) == len(set(called))
    text = {found[1]: found[2] for found in re.finditer(r'id="([\w-]+)"[^>]*>(.*?)</h', html)}
    names = [" ".join(text[part] for part in str(one).split()) for one in called]
    assert len(names) == len(set(names))


def test_in_short_names_what_is_above_an_upper_figure() -> None:
    said = words_of(page(analysis_of(two_days())))
    assert "Sodium is above" not in said
    salty = Line(holds={"sodium": 5000.0})
    assert "Sodium is above the CDRR, the intake above which less is advised." in words_of(page(analysis_of([salty])))


def test_nobody_described_is_said_and_nothing_is_compared(analyses: dict[str, Analysis]) -> None:
    said = words_of(page(analyses["nobody"]))
    assert "Sex and age are not given, so that nothing can be compared" in said
    assert "reaches the RDA" not in said.split("What the terms mean")[0]


def test_nothing_counted_is_said() -> None:
    html = page(analysis_of([Line(problem="no amount: write one, such as 150 g")]))
    assert "No line of this diary could be counted" in words_of(html)


def test_names_are_those_of_the_authority(analyses: dict[str, Analysis]) -> None:
    said = words_of(page(analyses["efsa"])).split("The words of this page")[0]
    assert "the PRI" in said
    assert "RDA" not in said


def test_each_person_has_a_part_and_a_link_to_it(analyses: dict[str, Analysis]) -> None:
    html = page(analyses["three"])
    tags = PageParts.of(html).tags
    assert [a["href"] for tag, a in tags if tag == "a"][:3] == ["#person-1", "#person-2", "#person-3"]
    assert len([tag for tag, _ in tags if tag == "article"]) == 3
    assert '<bdi data-of="people/Chi%2Fara 2">Chi/ara 2</bdi>' in html


def test_hostile_text_is_text_wherever_it_stands() -> None:
    lines = [
        *two_days(HOSTILE),
        Line(day="2026-03-04", text=HOSTILE, food=HOSTILE, fdc_id=12, holds={"magnesium": 900.0}, person=HOSTILE),
        Line(day="2026-03-04", text=HOSTILE, problem=HOSTILE, person="\u202eright \x00to left\ud800"),
    ]
    analysis = analysis_of(lines, {HOSTILE: ANNA}, settings={"diary": HOSTILE, "nutridiary": HOSTILE})
    html = page(analysis)
    tags = {tag for tag, _ in PageParts.of(html).tags}
    assert not {"img", "script"} & tags
    assert "{{ 7 * 7 }}" in html
    assert "49" not in html.split("</style>")[1].split("data-of")[0]
    assert html.encode("utf-8")
    assert "\x00" not in html
    assert all(shown.text for shown in PageParts.of(html).shown if shown.tag == "bdi")


def test_cautions_are_shown_with_what_they_rest_on(analyses: dict[str, Analysis]) -> None:
    rows = [
        {"topic": "a", "nutrient": "magnesium", "text": "Ask first.", "because": "600 mg", "source": HOSTILE}
        | {"link": "https://doi.org/10.17226/5776"},
        {"topic": "b", "text": "Wait.", "source": "A book", "link": "javascript:alert(1)"},
    ]
    html = page(replace(analyses["example"], cautions=conform(pd.DataFrame(rows), CAUTIONS)))
    assert "Ask first." in html
    assert "Said because:" in html
    assert 'href="https://doi.org/10.17226/5776"' in html
    assert "javascript:" not in html


def test_suggestions_are_shown_as_no_advice(analyses: dict[str, Analysis]) -> None:
    food = {"rank": 1, "fdc_id": 5, "food_description": "Almonds", "reading": "magnesium 78 to 96 %"}
    effect = {"nutrient": "magnesium", "label": "Magnesium", "unit": "mg", "mean_intake": 250.5}
    effect |= {"with_suggestions": 300.25, "reference_kind": "RDA", "reference": 320.0}
    html = page(
        replace(
            analyses["example"],
            suggestions=conform(pd.DataFrame([food]), SUGGESTIONS),
            suggestion_effects=conform(pd.DataFrame([effect]), SUGGESTION_EFFECTS),
        )
    )
    said = words_of(html)
    assert "no advice: where a clinician or dietitian has said otherwise, that goes before" in said
    assert "Almonds: magnesium 78 to 96 %" in said
    assert '<data value="300.25" data-of="suggestion_effects//magnesium/with_suggestions">' in html


def test_suggestions_to_somebody_pregnant_say_whom_to_ask(analyses: dict[str, Analysis]) -> None:
    food = {"rank": 1, "fdc_id": 5, "food_description": "Almonds", "reading": "magnesium 78 to 96 %"}
    asked = replace(analyses["example"], suggestions=conform(pd.DataFrame([food]), SUGGESTIONS))
    expecting = {key: replace(person, sex="female", pregnant=True) for key, person in asked.people.items()}
    assert "In pregnancy and while nursing" in words_of(page(replace(asked, people=expecting)))
    assert "In pregnancy and while nursing" not in words_of(page(asked))


def test_cramp_evidence_stands_only_where_cramps_are_noted(analyses: dict[str, Analysis]) -> None:
    assert "What trials say of nutrients and cramps" in page(analyses["cramps"])
    assert "What trials say of nutrients and cramps" not in page(analyses["problems"])


def test_without_matplotlib_the_page_says_how_to_get_charts(analyses: dict[str, Analysis]) -> None:
    said = words_of(page(analyses["three"]))
    assert "Charts of the days need matplotlib: pip install 'nutridiary[plots]'" in said
    assert "The week at a glance" in said


def test_charts_are_drawn_into_the_page(analyses: dict[str, Analysis], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nutridiary.report.html.pictures.can_draw", lambda: True)
    html = page(analyses["cramps"])
    tags = PageParts.of(html).tags
    pictures = [attributes for tag, attributes in tags if tag == "svg" and "aria-hidden" not in attributes]
    assert len(pictures) == 7
    assert all(picture["role"] == "img" and picture["aria-label"] for picture in pictures)
    assert "matplotlib:" not in html
    assert len(html.encode()) < 600_000
    assert html == page(analyses["cramps"])
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_days_left_out_are_marked_and_in_no_mean() -> None:
    analysis = analysis_of(two_days())
    checks = pd.DataFrame({"date": [pd.Timestamp("2026-03-02")], "left_out": [True]})
    html = page(replace(analysis, day_checks=conform(checks, DAY_CHECKS)))
    assert html.count("in no mean") == 1


def test_unknown_amounts_are_called_not_known_and_never_zero() -> None:
    html = page(analysis_of([Line(holds={"magnesium": 100.0})], people={"": BEN}))
    card = html.split("<h4>Vitamin D</h4>")[1].split("</li>")[0]
    assert "not known" in card
    assert "<data" not in card.split('<p class="quiet">')[0]


def test_every_verdict_has_a_sign() -> None:
    assert {verdict: sign_of(verdict) for verdict in VERDICTS if sign_of(verdict) == NO_FIGURE} == dict.fromkeys(
        ("below_rda", "below_ai", "beside_dv", "no_reference", "descriptive"), NO_FIGURE
    )


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(scheme: str) -> None:
    css = page(analysis_of([Line()])).split("<style>")[1].split("</style>")[0]
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w{6})", block)) for block in css.split("prefers-color-scheme", 1))
    colours = light if scheme == "light" else dark
    assert len(colours) == len(light)
    grounds = {"ink": ("paper", "ground", "enough", "between", "low", "high", "open")}
    grounds |= {"quiet": ("paper", "ground"), "link": ("paper", "ground")}
    for text, behind in grounds.items():
        for ground in behind:
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def test_to_html_writes_the_page_for_its_owner_alone(tmp_path: Path, analyses: dict[str, Analysis]) -> None:
    path = to_html(analyses["example"], tmp_path / "report.html")
    assert path.read_text("utf-8") == page(analyses["example"])
    assert path.stat().st_mode & 0o077 == 0


def test_to_html_refuses_a_name_of_another_kind(tmp_path: Path) -> None:
    with pytest.raises(NutridiaryError, match=r"End its name in \.html"):
        to_html(analysis_of([Line()]), tmp_path / "report.txt")
