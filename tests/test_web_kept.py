"""Whatever is said of an open diary, its pages and files are those of a diary of which only that was ever said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nutridiary.web.asked import Asked, Correction, HowToRead, Someone, Wanted
from nutridiary.web.steps import perform

DIARY = (
    "Date,Time,Person,Meal,Food,Amount,Unit,Notes,Vitamin C (%),Calories (kcal)\n"
    "3/4/2026,01:30,Ann,Snack,porridge,1,bowl,dinner,10,150\n"
    "3/4/2026,12:30,,Lunch,rice and beans,300,g,,5,300\n"
    "4/4/2026,12:30,Ann,Lunch,house mix,1,bowl,,,\n"
    "4/4/2026,19:30,Ann,Dinner,salmon,150,g,,,\n"
)
ANN = Someone(name="Ann", sex="female", age_years=34, weight_kg=64, height_cm=168, activity="active")
MILK, SALMON = 2705385, 2706286
FOOD = Correction(said="house mix", decision="food", fdc_id=MILK, keep=False)
FIRST = Asked(files=("diary.csv",), people=(ANN,), corrections=(FOOD,), corrected_on=dt.date(2026, 5, 1))
SHOWN: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("reading", ()),
    ("people", ()),
    ("review", ()),
    ("results", ()),
    ("lines", ()),
    ("working", ("vitamin_d",)),
)
TAKEN = ("report.json", "corrected_diary.xlsx", "review.xlsx")
READING: dict[str, Any] = {"day_first": False, "day_starts": "04:00", "columns": {"meal": "Notes"}}
OF_ANN: dict[str, Any] = {"sex": "male", "age_years": 71.0, "weight_kg": 90.0}
WANTED: tuple[dict[str, Any], ...] = ({"reference": "efsa"}, {"defaults": True, "split": False}, {"de_identify": True})
CORRECTIONS: tuple[tuple[Correction, ...], ...] = (
    (FOOD.model_copy(update={"fdc_id": SALMON}),),
    (Correction(said="house mix", decision="parts", parts="100 g cooked rice; black beans"),),
)
OTHERS = {
    "reading": FIRST.model_copy(update={"reading": HowToRead(**READING)}),
    "person": FIRST.model_copy(update={"people": (ANN.model_copy(update=OF_ANN),)}),
    **{str(change): FIRST.model_copy(update={"wanted": Wanted(**change)}) for change in WANTED},
    **{said[0].decision: FIRST.model_copy(update={"corrections": said}) for said in CORRECTIONS},
}


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[str], Path]:
    """Open the diary in a folder of its own; all have one name, for a page names its diary."""

    def open_it(place: str) -> Path:
        folder = tmp_path / place / "diary"
        (folder / "files").mkdir(parents=True)
        (folder / "files" / "diary.csv").write_text(DIARY, "utf-8")
        return folder

    return open_it


def all_of(folder: Path, asked: Asked) -> dict[str, Any]:
    views = {step: perform(step, folder, asked, arguments) for step, arguments in SHOWN}
    files = {name: (folder / perform("download", folder, asked, (name,)).place).read_bytes() for name in TAKEN}
    return {**views, **files}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("alone") / "diary"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "diary.csv").write_text(DIARY, "utf-8")
    return all_of(folder, FIRST)


@pytest.mark.parametrize("changed", OTHERS.values(), ids=list(OTHERS))
def test_what_is_said_last_alone_counts_and_what_is_taken_back_leaves_nothing(
    opened: Callable[[str], Path], alone: dict[str, Any], changed: Asked
) -> None:
    folder = opened("open")
    all_of(folder, FIRST)
    after = all_of(folder, changed)
    fresh = all_of(opened("fresh"), changed)
    for name, shown in fresh.items():
        assert after[name] == shown, name
    assert any(after[name] != shown for name, shown in alone.items()), "nothing depends on it"
    back = all_of(folder, FIRST)
    for name, shown in alone.items():
        assert back[name] == shown, name
