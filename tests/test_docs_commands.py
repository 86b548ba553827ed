"""Every command and program shown in the README, the tutorial and the how-to guides runs as shown."""

from __future__ import annotations

import re
import shlex
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from nutridiary.cli import main

ROOT = Path(__file__).parents[1]
TUTORIAL = ROOT / "docs" / "tutorial.md"
HOW_TO = sorted((ROOT / "docs" / "how_to").glob("*.md"))
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
DIARY = [
    ("Date", "Person", "Food", "Amount", "Unit", "Kind"),
    ("2026-03-02", "Anna", "whole milk", 1, "cup", "food"),
    ("2026-03-02", "Anna", "banana", 1, "medium", "food"),
    ("2026-03-03", "Anna", "lentil soup", 1, "cup", "food"),
]
LINES = "food_text,amount,unit\nwhole milk,1,cup\nbanana,1,medium\n"


def fences(page: Path) -> list[tuple[str, str]]:
    """Return the fenced blocks of a page: their language and text."""
    return [(language, text) for _, language, text in FENCE.findall(page.read_text("utf-8"))]


def commands(text: str) -> list[list[str]]:
    shown = [line.strip() for line in text.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in shown if line.startswith("nutridiary ")]


def run(words: list[str]) -> str:
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    # 1 is the answer of check where a line could not be counted.
    assert done.exit_code in ((0, 1) if words[0] == "check" else (0,)), (words, done.output)
    return done.output


def write_diary(path: Path, people: tuple[str, ...] = ("Anna",)) -> None:
    book = Workbook()
    book.active.title = "Diary"
    for row in DIARY[:1]:
        book.active.append(row)
    for name in people:
        for date, _, *rest in DIARY[1:]:
            book.active.append((date, name if len(people) > 1 else None, *rest))
    if len(people) > 1:
        sheet = book.create_sheet("Person")
        sheet.append(("Person", "Sex", "Age"))
        for number, name in enumerate(people):
            sheet.append((name, "female", 31 + number))
    book.save(path)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder with the files that the pages speak of, small ones, and the commands that ran in it already."""
    folder = tmp_path_factory.mktemp("pages")
    write_diary(folder / "diary.xlsx")
    (folder / "lines.csv").write_text(LINES, "utf-8")
    with zipfile.ZipFile(folder / "cronometer.zip", "w") as archive:
        archive.write(ROOT / "tests" / "data" / "exports" / "cronometer_servings_2020.csv", "servings.csv")
    return folder, set()


@pytest.fixture
def ran(kept, monkeypatch):
    folder, done = kept
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    return done


def run_once(shown: list[list[str]], done: set[tuple[str, ...]]) -> None:
    for words in shown:
        if tuple(words) not in done:
            run(words)
            done.add(tuple(words))


def test_tutorial_runs_from_the_empty_folder_to_the_report(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    answer = ""
    for language, text in fences(TUTORIAL):
        if text.startswith("Date,"):
            (tmp_path / "my_diary.csv").write_text(text, "utf-8")
        elif language == "text":
            for line in text.splitlines():
                assert " ".join(line.split()) in " ".join(answer.split())
        elif language == "sh":
            answer = "".join(run(words) for words in commands(text))
    assert (tmp_path / "report.xlsx").stat().st_size > 10_000
    assert (tmp_path / "review.xlsx").exists()


def test_commands_of_the_readme_run(ran):
    shown = [words for _, text in fences(ROOT / "README.md") for words in commands(text)]
    assert len(shown) > 8
    run_once(shown, ran)


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_commands_of_how_to_guides_run(page, ran):
    shown = [words for language, text in fences(page) if language == "sh" for words in commands(text)]
    assert shown
    run_once([["review", "diary.xlsx", "-o", "review.xlsx"], *shown], ran)


def test_programs_of_the_readme_run(ran):
    pytest.importorskip("scipy")
    write_diary(Path("many_people.xlsx"), tuple(f"P{number}" for number in range(10)))
    programs = [text for language, text in fences(ROOT / "README.md") if language == "python"]
    assert len(programs) >= 2
    for program in programs:
        exec(compile(program, "README.md", "exec"), {})
