"""A bundle: all that a report rests on, and the same report made of it again."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nutridiary import Person, analyze
from nutridiary.bundle import reproduce, write_bundle
from nutridiary.cli import main
from nutridiary.errors import NutridiaryError
from test_de_identification import SECRETS, family  # noqa: F401 -- a fixture
from test_whole_workbook import workbook  # noqa: F401 -- a fixture

DIARIES = Path(__file__).parents[1] / "data" / "diaries"
EXPORTS = Path(__file__).parent / "data" / "exports"
WOMAN = Person(sex="female", age_years=34, weight_kg=61.0)
LINES = "Date,Food,Amount\n2026-03-04,milk,200 ml\n2026-03-04,Anna's mix,30 g\n2026-03-05,bread,2 slices\n"


def bundled(
    path: Path, diaries: Any, person: Person | None = None, forms: Any = (".xlsx", ".json"), **asked: Any
) -> Path:
    """Analyse a diary and write its bundle."""
    return write_bundle(path, analyze(diaries, person, **asked), diaries, person, forms=forms, **asked)


def contents(path: Path) -> dict[str, bytes]:
    """Return the members of a bundle."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, members: Mapping[str, bytes]) -> Path:
    """Write a zip of `members`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of three lines."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "march.csv").write_text(LINES)
    return bundled(folder / "bundle.zip", folder / "march.csv", WOMAN, forms=(".json",))


@pytest.mark.parametrize("safe", [False, True], ids=["whole", "de-identified"])
def test_reports_of_a_workbook_with_every_sheet_are_the_same_again(
    workbook: Path,  # noqa: F811
    safe: bool,
    tmp_path: Path,
) -> None:
    found = reproduce(bundled(tmp_path / "b.zip", workbook, de_identify=safe))
    assert [(report.name, report.same, report.why) for report in found.reports] == [
        ("report.xlsx", True, ""),
        ("report.json", True, ""),
    ]
    assert found.same


@pytest.mark.parametrize("safe", [False, True], ids=["whole", "de-identified"])
@pytest.mark.parametrize("source", ["cronometer_servings_2020.csv", "asa24_items_2020.csv", "chat-log_android.txt"])
def test_report_of_an_export_is_the_same_again(source: str, safe: bool, tmp_path: Path) -> None:
    path = bundled(tmp_path / "b.zip", EXPORTS / source, forms=(".json",), de_identify=safe, values="recorded-first")
    assert reproduce(path).same


@pytest.mark.parametrize("safe", [False, True], ids=["whole", "de-identified"])
def test_report_of_several_files_with_aliases_and_every_setting_is_the_same_again(safe: bool, tmp_path: Path) -> None:
    paths = [tmp_path / "march.csv", tmp_path / "april.csv"]
    paths[0].write_text(LINES)
    paths[1].write_text(LINES.replace("2026-03-04", "2026-03-06").replace("2026-03-05", "3/7/2026"))
    aliases = tmp_path / "anna.csv"
    aliases.write_text("said,fdc_id,grams_per_unit,unit\nanna's mix,2705385,,\n")
    asked: dict[str, Any] = {
        "aliases": [aliases],
        "nutrients": ("magnesium", "potassium"),
        "reference": "efsa",
        "day_first": False,
        "person_id": "Anna",
        "day_starts": "04:00",
        "leave_out_incomplete": True,
        "fill_in": False,
        "defaults": True,
        "split": False,
        "suggest": True,
        "diets": ("vegan",),
        "de_identify": safe,
    }
    path = bundled(tmp_path / "b.zip", paths, WOMAN, forms=(".json",), **asked)
    found = reproduce(path)
    assert found.same
    assert found.analysis.settings["reference"] == "efsa"
    assert found.analysis.people[("Person 1" if safe else "Anna")].weight_kg == 61.0
    assert found.analysis.entries["match_method"].eq("user_alias").sum() == 2
    if safe:
        assert not any(b"anna" in data.lower() for data in contents(path).values())


def test_bundle_of_a_workbook_that_calculates_keeps_its_formulas_and_makes_them_again(tmp_path: Path) -> None:
    diary, report = tmp_path / "march.csv", tmp_path / "report.xlsx"
    diary.write_text(LINES)
    analysis = analyze(diary, WOMAN)
    path = write_bundle(tmp_path / "b.zip", analysis, diary, WOMAN, live=True)
    analysis.to_excel(report, live=True)
    assert contents(path)["reports/report.xlsx"] == report.read_bytes()
    assert any("<f>" in data.decode() for name, data in contents(report).items() if name.startswith("xl/worksheets/"))
    assert reproduce(path).same


def test_bundle_of_before_there_were_workbooks_that_calculate_is_read(small: Path, tmp_path: Path) -> None:
    members = contents(small)
    settings = json.loads(members["settings.json"])
    del settings["live"]
    assert reproduce(packed(tmp_path / "b.zip", {**members, "settings.json": json.dumps(settings).encode()})).same


@pytest.mark.parametrize("outputs", [["-o", "b.zip", "-o", "page.html"], ["--json"]])
def test_live_without_a_workbook_is_refused(outputs: list[str], tmp_path: Path) -> None:
    (tmp_path / "march.csv").write_text(LINES)
    found = CliRunner().invoke(main, ["analyze", str(tmp_path / "march.csv"), "--live", *outputs])
    assert found.exit_code == 2
    assert "--live is about a workbook" in found.output


def test_live_is_in_the_bundle_that_the_command_line_writes(tmp_path: Path) -> None:
    (tmp_path / "march.csv").write_text(LINES)
    asked = ["analyze", str(tmp_path / "march.csv"), "--live", "-o", str(tmp_path / "b.zip")]
    assert CliRunner().invoke(main, asked).exit_code == 0
    (tmp_path / "report.xlsx").write_bytes(contents(tmp_path / "b.zip")["reports/report.xlsx"])
    sheets = [data for name, data in contents(tmp_path / "report.xlsx").items() if name.startswith("xl/worksheets/")]
    assert any(b"<f>" in data for data in sheets)


def test_bundle_of_the_same_diary_is_the_same_bytes_in_another_process(small: Path) -> None:
    code = (
        "import sys; from nutridiary import Person, analyze; from nutridiary.bundle import write_bundle;"
        "p = Person(sex='female', age_years=34, weight_kg=61.0); d = sys.argv[1];"
        "write_bundle(sys.argv[2], analyze(d, p), d, p, forms=('.json',))"
    )
    again = small.with_name("again.zip")
    environment = {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland", "PATH": ""}
    subprocess.run([sys.executable, "-c", code, small.with_name("march.csv"), again], check=True, env=environment)
    for (name, one), other in zip(contents(small).items(), contents(again).values(), strict=True):
        assert one == other, name
    assert again.read_bytes() == small.read_bytes()


def test_bundle_holds_the_diary_as_it_is_and_says_what_was_asked(small: Path) -> None:
    members = contents(small)
    assert members["diary/1/march.csv"].decode() == LINES
    settings = json.loads(members["settings.json"])
    assert settings["person"]["age_years"] == 34
    assert settings["options"]["reference"] == "nasem"
    assert "fdc/foods.sqlite" in json.loads(members["releases.json"])
    assert "nutridiary reproduce" in members["README.txt"].decode()
    assert small.stat().st_mode & 0o077 == 0


def test_de_identified_bundle_holds_no_name_file_name_or_day_in_any_byte(
    family: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    path = bundled(tmp_path / "safe.zip", family, de_identify=True)
    assert reproduce(path).same
    for name, data in _every_member(path.read_bytes()):
        text = data.decode("utf-8", "replace").lower()
        for secret in (*SECRETS, "46085", "march"):  # 46085 is 4 March 2026 as a workbook counts days
            assert secret not in text, f"{secret} in {name}"
            assert secret not in name.lower()


def _every_member(data: bytes, place: str = "") -> list[tuple[str, bytes]]:
    """Return every member of a zip, and of the zips in it."""
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            inner = archive.read(name)
            found += _every_member(inner, f"{name}/") if inner.startswith(b"PK") else [(place + name, inner)]
    return found


def test_reproduce_writes_the_reports_it_made_where_it_is_told(small: Path, tmp_path: Path) -> None:
    reproduce(small, folder=tmp_path / "new" / "folder")
    assert (tmp_path / "new" / "folder" / "report.json").read_bytes() == contents(small)["reports/report.json"]


def test_changed_diary_makes_the_report_differ(small: Path, tmp_path: Path) -> None:
    members = contents(small)
    members["diary/1/march.csv"] = members["diary/1/march.csv"].replace(b"200 ml", b"300 ml")
    [report] = reproduce(packed(tmp_path / "b.zip", members)).reports
    assert not report.same
    assert report.why.startswith("the version, the data and the libraries are the same: then the diary, the settings")


def test_other_version_data_and_library_are_named_where_a_report_differs(small: Path, tmp_path: Path) -> None:
    members = contents(small)
    settings, releases = json.loads(members["settings.json"]), json.loads(members["releases.json"])
    settings["nutridiary"], settings["libraries"]["pandas"] = "0.0.9", "2.2.0"
    releases["synonyms.csv"] = "0" * 64
    members |= {"settings.json": json.dumps(settings).encode(), "releases.json": json.dumps(releases).encode()}
    members["reports/report.json"] += b" "
    [report] = reproduce(packed(tmp_path / "b.zip", members)).reports
    assert not report.same
    assert "made by nutridiary 0.0.9, and this is" in report.why
    assert "other data: synonyms.csv" in report.why
    assert "other libraries: pandas 2.2.0 then," in report.why


@pytest.fixture
def unknown(tmp_path: Path) -> Path:
    """The bundle of a line with an FDC id that nobody was asked about."""
    diary = tmp_path / "d.csv"
    diary.write_text("Date,Food,Amount,FDC id\n2026-03-04,milk,200 ml,999999999\n")
    return bundled(tmp_path / "b.zip", diary, WOMAN, forms=(".json",))


def test_bundle_asks_nobody_for_what_was_not_known_when_it_was_made(unknown: Path) -> None:
    assert reproduce(unknown).same
    assert reproduce(unknown, online=True).same


def test_bundle_of_before_records_were_kept_asks_before_anything_is_sent(unknown: Path, tmp_path: Path) -> None:
    members = contents(unknown)
    del members["nutridiary.lock"]
    settings = json.loads(members["settings.json"])
    settings["online"] = settings.pop("sources")["online"]
    members["settings.json"] = json.dumps(settings).encode()
    with pytest.raises(NutridiaryError, match=r"not all in the food database: 999999999\. Give --online"):
        reproduce(packed(tmp_path / "old.zip", members))


def _with(name: str, data: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.update({name: data})


def _without(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.pop(name) and None


def _settings(**changed: Any) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        members["settings.json"] = json.dumps(json.loads(members["settings.json"]) | changed).encode()

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_with("../../evil.csv", b"x"), "its name leads out of the archive"),
        (_with("/etc/evil.csv", b"x"), "its name leads out of the archive"),
        (_with("more.csv", b"x"), r"more\.csv does not belong to a bundle"),
        (_without("settings.json"), r"there is no settings\.json in it"),
        (_without("diary/1/march.csv"), r"diary/1/march\.csv missing"),
        (_with("settings.json", b"[" * 100_000), "this is no JSON that nutridiary wrote"),
        (_with("settings.json", b"[]"), "an object was expected"),
        (_settings(bundle_version=2), "bundles of version 1 are read"),
        (_settings(diaries=["../march.csv"]), "diaries is not as it should be"),
        (_settings(diaries=["-"]), "diary/1/- missing"),
        (_settings(diaries="march.csv"), "diaries is not as it should be"),
        (_settings(reports=["report.exe"]), r"reports/report\.exe missing"),
        (_settings(options={"reference": "nasem"}), "options: nutrients, edition"),
        (_settings(reading={"sheet": 5}), "reading: person_id"),
        (_settings(person={"person_id": "", "sex": "female"}), "person: age_years"),
        (_settings(people=[7]), "people: person 1: an object was expected"),
        (_settings(more=1), "more not known"),
        (_with("releases.json", b'{"a": 7}'), "every hash must be a text"),
    ],
)
def test_reproduce_refuses_a_bundle_that_was_tampered_with(
    small: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], told: str
) -> None:
    members = contents(small)
    change(members)
    with pytest.raises(NutridiaryError, match=told):
        reproduce(packed(tmp_path / "b.zip", members))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda said: said.update(aliases=[]), r"diary\.json\.aliases: an object was expected"),
        (lambda said: said.update(aliases={}), r"diary\.json\.aliases: said, .* missing"),
        (lambda said: said["tables"]["entries"].update(line=[2, 2, 2]), r"entries: two rows are the same in"),
        (lambda said: said["people"].append(said["people"][0]), "person_id must be a text of this person alone"),
    ],
)
def test_reproduce_refuses_a_de_identified_diary_that_was_tampered_with(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], told: str
) -> None:
    (tmp_path / "march.csv").write_text(LINES)
    members = contents(bundled(tmp_path / "b.zip", tmp_path / "march.csv", WOMAN, forms=(".json",), de_identify=True))
    said = json.loads(members["diary.json"])
    change(said)
    members["diary.json"] = json.dumps(said).encode()
    with pytest.raises(NutridiaryError, match=told):
        reproduce(packed(tmp_path / "changed.zip", members))


def test_reproduce_refuses_a_zip_that_unpacks_without_end(small: Path, tmp_path: Path) -> None:
    members = contents(small) | {"diary/1/march.csv": b"\0" * 220_000_000}
    with pytest.raises(NutridiaryError, match="unpacks to more than the 200 MB"):
        reproduce(packed(tmp_path / "b.zip", members))


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04 damaged"])
def test_reproduce_refuses_what_is_no_zip_in_one_clear_line(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(data)
    with pytest.raises(NutridiaryError, match=r"b\.zip"):
        reproduce(tmp_path / "b.zip")


def test_standard_input_cannot_be_bundled(tmp_path: Path) -> None:
    analysis = analyze(EXPORTS / "table_template.csv")
    with pytest.raises(NutridiaryError, match="save what comes from standard input"):
        write_bundle(tmp_path / "b.zip", analysis, "-")


def test_bundle_is_not_written_of_an_analysis_that_says_more_than_it(tmp_path: Path) -> None:
    analysis = analyze(EXPORTS / "table_template.csv")
    with pytest.raises(ValueError, match="both be de-identified"):
        write_bundle(tmp_path / "b.zip", analysis, EXPORTS / "table_template.csv", de_identify=True)
