"""Another release is put in use while diaries are open in the browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from next_release import MOVED, install_next_release
from nutridiary.analysis import analyze
from nutridiary.errors import FoodDataError
from nutridiary.fdc.installed import EMBEDDED, in_use_file, releases_folder
from nutridiary.foods import load_foods
from nutridiary.references import Person
from nutridiary.report.html.people import person_at
from nutridiary.report.html.working import NutrientWorking
from nutridiary.web import steps
from nutridiary.web.asked import Asked, Someone
from nutridiary.web.steps.analyses import analysis_of
from nutridiary.web.steps.foods import search
from nutridiary.web.steps.kept import FILES, with_its_foods

WHOLE_MILK = 2705385
ASKED = Asked(files=("diary.csv",), people=(Someone(sex="female", age_years=34),))


@pytest.fixture
def installed(tmp_path, monkeypatch):
    monkeypatch.setenv("NUTRIDIARY_DATA", str(tmp_path / "data"))
    return install_next_release("next")


def opened(folder: Path) -> Path:
    (folder / FILES).mkdir(parents=True)
    (folder / FILES / "diary.csv").write_text("date,food,grams\n2026-01-01,whole milk,100\n", encoding="utf-8")
    return folder


def foods_of(folder: Path) -> list[int]:
    """Return the records that the diary in a folder is matched to, as a page of results does."""
    steps.perform("results", folder, ASKED)
    with with_its_foods(folder):
        return analysis_of(folder, ASKED).entries["fdc_id"].tolist()


def test_an_open_diary_keeps_its_release_and_the_next_has_the_new_one(installed, tmp_path):
    before = opened(tmp_path / "before")
    steps.perform("reading", before, ASKED)
    in_use_file().write_text("next", encoding="utf-8")
    after = opened(tmp_path / "after")
    assert foods_of(before) == [WHOLE_MILK]
    assert foods_of(after) == [WHOLE_MILK + MOVED]
    in_use_file().write_text(EMBEDDED, encoding="utf-8")
    assert foods_of(before) == [WHOLE_MILK]
    assert foods_of(after) == [WHOLE_MILK + MOVED]


def test_a_search_finds_the_foods_of_the_release_in_use(installed):
    assert [food.fdc_id for food in search("milk, whole", 1).foods] == [WHOLE_MILK]
    in_use_file().write_text("next", encoding="utf-8")
    assert [food.fdc_id for food in search("milk, whole", 1).foods] == [WHOLE_MILK + MOVED]
    assert [food.description for food in search("zorbfruit", 1).foods] == ["Zorbfruit, kind 1, cultivated"]


def test_a_diary_whose_release_was_removed_says_so(installed, tmp_path):
    in_use_file().write_text("next", encoding="utf-8")
    folder = opened(tmp_path / "diary")
    steps.perform("reading", folder, ASKED)
    in_use_file().unlink()
    shutil.rmtree(releases_folder() / "next")
    with pytest.raises(FoodDataError, match="no release 'next'"):
        steps.perform("results", folder, ASKED)


def test_what_stands_behind_a_mean_is_of_the_release_it_was_made_with(installed, tmp_path):
    (tmp_path / "diary.csv").write_text("date,food,grams\n2026-01-01,whole milk,200\n", encoding="utf-8")
    made = analyze(tmp_path / "diary.csv", Person(sex="female", age_years=34), foods=load_foods(release="next"))
    (line,) = NutrientWorking(person_at(made, 1), "calcium").lines
    held = float(load_foods(release="next").composition([WHOLE_MILK + MOVED], ["calcium"]).iloc[0, 0])
    assert line.per_100_g == held
