"""The lock of a report: what changes it and what does not, where it stands, and that nothing else is run on."""

from __future__ import annotations

import dataclasses
import inspect
import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from branded_shelf import PRODUCTS, install
from fdc_server import FdcServer
from fdc_server import product as branded_answer
from next_release import install_next_release
from nutridiary import Person, analyze
from nutridiary.analysis import Analysis
from nutridiary.analysis.locking import lock_diary
from nutridiary.analysis.sources import Told, apart
from nutridiary.brands.product_answers import read_product, tables_of_products
from nutridiary.bundle import reproduce, write_bundle
from nutridiary.cli import main
from nutridiary.cli.lock import lock as lock_command
from nutridiary.data_files import data_folder
from nutridiary.errors import LockError, NutridiaryError
from nutridiary.fdc.installed import EMBEDDED, using_release
from nutridiary.fdc.looked_up import LookedUp
from nutridiary.fdc.product_ids import open_food_facts_id
from nutridiary.foods import load_foods
from nutridiary.lock import Lock, differences, lock_inputs, make_lock, read_lock
from nutridiary.lock.comparing import FLAGS, advice_for
from nutridiary.lock.shipped import data_hashes, tables_hash
from nutridiary.report.data import read_analysis
from nutridiary.report.data.looked_up import looked_up_data, looked_up_of
from test_open_food_facts import OATS, Server, product, server  # noqa: F401 -- a fixture

LINES = "Date,Food,Amount\n2026-03-04,milk,200 ml\n2026-03-04,two eggs,2\n2026-03-05,bread,2 slices\n"
ALIASES = "said,fdc_id,unit,grams_per_unit\nmy mix,173944,,\nmy cup,,cup,250\nbread,172686,,\n"
WOMAN = Person(sex="female", age_years=34)

# Every argument of `analyze` with a value that is not its default: a new one belongs here or in NOT_LOCKED.
OTHERWISE: dict[str, Any] = {
    "nutrients": ["magnesium"],
    "reference": "efsa",
    "edition": "2005",
    "fill_in": False,
    "values": "recorded-first",
    "online": True,
    "offline": True,
    "open_food_facts": True,
    "aliases": "a file",
    "defaults": True,
    "split": False,
    "leave_out_incomplete": True,
    "suggest": True,
    "de_identify": True,
    "foods": "another release",
    "day_first": True,
    "format": "cronometer",
    "day_starts": "04:00",
    "daily_values": "2016",
    "columns": {"food": "Food"},
}
NOT_LOCKED = {
    "path": "the diary",
    "person": "who ate",
    "people": "who ate",
    "person_id": "who ate",
    "diets": "who ate",
    "allergies": "who ate",
    "dislikes": "who ate",
    "sheet": "which part of the diary",
    "date": "the day of a diary that names none",
    "looked_up": "told by the records themselves",
    "locked": "what it is held against",
    "progress": "telling how far it is",
}


def arguments() -> set[str]:
    """Every argument of `analyze`, those of reading and of sources too."""
    own = set(inspect.signature(analyze).parameters) - {"told"}
    return own | set(Told.__annotations__)


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    path = tmp_path / "march.csv"
    path.write_text(LINES)
    return path


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    """An analysis with its lock."""
    path = tmp_path_factory.mktemp("diary") / "anna_maria.csv"
    path.write_text(LINES)
    return analyze(path, WOMAN)


def locked_as(path: Path, **asked: Any) -> Lock:
    """The lock of an analysis of a diary, by the parts it is made of; nothing is looked up."""
    if "aliases" in asked:
        asked["aliases"] = path.parent / "aliases.csv"
        asked["aliases"].write_text(ALIASES)
    foods = load_foods()
    if asked.get("foods"):
        install_next_release("2031-10-30")
        foods = load_foods(release="2031-10-30")
    from nutridiary.aliases import own_aliases
    from nutridiary.analysis.options import Options

    asked.pop("foods", None)
    names = {field.name for field in dataclasses.fields(Options)}
    options = Options(**{name: asked.pop(name) for name in list(asked) if name in names})
    own = own_aliases(asked.pop("aliases", ()))
    de_identify = asked.pop("de_identify", False)
    sources, reading = apart(asked)  # type: ignore[arg-type]
    inputs = lock_inputs(reading, own, de_identify=de_identify, **sources.asked)
    return make_lock(inputs, dataclasses.asdict(options), foods)


# What is locked -----------------------------------------------------------------------------------------------------


def test_every_argument_of_an_analysis_is_locked_or_known_not_to_be() -> None:
    known = set(OTHERWISE) | set(NOT_LOCKED)
    assert arguments() <= known, f"say whether these change a figure: {arguments() - known}"


@pytest.mark.parametrize("name", [name for name in OTHERWISE if name in arguments()])
def test_each_argument_changes_the_lock_and_is_told(name: str, diary: Path) -> None:
    before = locked_as(diary)
    after = locked_as(diary, **{name: OTHERWISE[name]})
    assert before.digest != after.digest
    found = differences(before, after)
    assert found
    assert all(each.locked != each.here for each in found)
    assert differences(before, before) == differences(after, after) == []
    words = {"foods": "food data", "nutrients": "nutrients"}.get(name, name.replace("_", " "))
    assert words in " ".join(each.what for each in found)


@pytest.mark.parametrize("name", ["defaults", "nutrients", "reference", "aliases", "day_first", "split", "de_identify"])
def test_locked_refuses_another_argument_and_says_what_to_do(name: str, diary: Path) -> None:
    held = lock_diary(diary)
    value = OTHERWISE[name]
    if name == "aliases":
        value = diary.with_name("aliases.csv")
        value.write_text(ALIASES)
    with pytest.raises(LockError, match=r"nothing was done\.\n  \w") as refused:
        analyze(diary, WOMAN, locked=held, **{name: value})
    flag = "--" + FLAGS.get(name, name).replace("_", "-")
    assert flag in str(refused.value)
    assert analyze(diary, WOMAN, locked=held).lock == held


def test_every_option_that_is_advised_is_one_of_the_command_line() -> None:
    options = {flag for parameter in lock_command.params for flag in (*parameter.opts, *parameter.secondary_opts)}
    for name, value in OTHERWISE.items():
        if name in arguments() - {"foods"}:
            for word in (*advice_for(name, value).split(), *advice_for(name, None).split()):
                assert not word.startswith("--") or word.strip(".") in options, name


def test_version_release_and_tables_change_the_lock(analysis: Analysis) -> None:
    held = analysis.lock
    assert held is not None
    for part, change, advice in (
        ("nutridiary", "0.0.9", "pip install nutridiary==0.0.9"),
        ("food_data", {"release": "2031-10-30", "sha256": "1" * 64}, "nutridiary fdc use 2031-10-30"),
        ("food_data", {"index_sha256": "2" * 64}, "install it again"),
        ("tables", {"sha256": "3" * 64}, "pip install --force-reinstall nutridiary=="),
        ("reference", {"sha256": "4" * 64}, "pip install --force-reinstall nutridiary=="),
        ("aliases", {"count": 2, "sha256": "5" * 64}, "Give the --aliases files"),
    ):
        value = change if isinstance(change, str) else {**held.data[part], **change}
        other = Lock({**held.data, part: value})
        (found,) = differences(other, held)
        assert advice in found.advice
        assert other.digest != held.digest


def test_one_byte_of_any_shipped_table_changes_the_hash(tmp_path: Path) -> None:
    for name in ("nutrients.csv", "reference_intakes/nasem.csv", "synonyms.csv"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(data_folder() / name, target)
    before = data_hashes(tmp_path)
    table = tmp_path / "reference_intakes" / "nasem.csv"
    table.write_bytes(table.read_bytes().replace(b"1", b"2", 1))
    after = data_hashes(tmp_path)
    assert tables_hash(before) != tables_hash(after)
    assert [name for name in before if before[name] != after[name]] == ["reference_intakes/nasem.csv"]


def test_foods_given_from_python_are_locked(tmp_path: Path) -> None:
    diary = tmp_path / "d.csv"
    diary.write_text(LINES)
    plain = load_foods()
    one, two = (plain.with_foods(looked_up("2026-11-22", {"fat_100g": fat}).foods) for fat in (3, 4))
    held = lock_diary(diary, foods=one)
    assert differences(lock_diary(diary), lock_diary(diary, foods=plain)) == []
    assert len({lock_diary(diary, foods=foods).digest for foods in (plain, one, two)}) == 3
    for other, advice in ((two, "Give the foods it was made with"), (plain, "Give the foods it was made with")):
        with pytest.raises(LockError, match=rf"foods given from Python: .*{advice}"):
            analyze(diary, WOMAN, foods=other, locked=held)
    with pytest.raises(LockError, match="Leave `foods` out"):
        analyze(diary, WOMAN, foods=one, locked=lock_diary(diary))
    assert analyze(diary, WOMAN, foods=one, locked=held).lock == held


def test_release_in_use_is_locked_and_advised(diary: Path) -> None:
    held = lock_diary(diary)
    install_next_release("2031-04-30")
    with using_release("2031-04-30"):
        assert lock_diary(diary).data["food_data"]["release"] == "2031-04-30"
        with pytest.raises(LockError, match=f"Do: nutridiary fdc use {EMBEDDED}"):
            analyze(diary, WOMAN, locked=held)
    assert analyze(diary, WOMAN, locked=held).lock == held


# What is not locked -------------------------------------------------------------------------------------------------


def test_another_diary_person_and_file_have_the_same_lock(analysis: Analysis, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("Date,Food,Amount,Person\n2025-01-01,apple,1,Bea\n")
    man = Person(sex="male", age_years=70)
    assert analyze(other, people={"Bea": man}, person_id="Bea").lock == analysis.lock
    assert analyze(other, locked=analysis.lock).lock == analysis.lock


def test_what_says_who_ate_or_when_is_in_no_lock(tmp_path: Path) -> None:
    """A study holds one lock against everybody: allergies, and the day of a diary without one, are the person's."""
    diary = tmp_path / "d.csv"
    diary.write_text("Food,Amount\nmilk,200 ml\n")
    plain = lock_diary(diary, suggest=True, date="2026-01-01")
    named = lock_diary(diary, suggest=True, diets="vegan", allergies=["peanut"], dislikes=["liver"], date="2026-03-09")
    assert named.text == plain.text
    assert named.digest == plain.digest


def test_order_case_and_place_of_aliases_do_not_matter(tmp_path: Path) -> None:
    diary = tmp_path / "d.csv"
    diary.write_text(LINES)
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text(ALIASES)
    head, *rows = ALIASES.splitlines()
    two.write_text("\n".join([head + ",note", *(f"  {row.upper()},seen" for row in reversed(rows))]))
    assert lock_diary(diary, aliases=one) == lock_diary(diary, aliases=two)
    two.write_text(ALIASES.replace("250", "251"))
    assert lock_diary(diary, aliases=one) != lock_diary(diary, aliases=two)
    # Files in which nothing is said twice may come in any order.
    two.write_text("said,fdc_id\nmy bar,173944\n")
    assert lock_diary(diary, aliases=[one, two]) == lock_diary(diary, aliases=[two, one])


def test_libraries_and_day_are_told_and_not_held(analysis: Analysis) -> None:
    held = analysis.lock
    assert held is not None
    assert json.loads(held.file_text)["libraries"]["pandas"]
    assert Lock.of_text(held.file_text) == held
    assert Lock.of_text(held.file_text).digest == held.digest
    assert "libraries" not in held.text  # a report is the same under other libraries


def test_lock_says_nothing_of_who_ate_or_what(tmp_path: Path) -> None:
    diary = tmp_path / "anna_maria.csv"
    diary.write_text("Date,Food,Amount,Person\n2026-03-04,Anna's secret soup,200 ml,Anna\n")
    aliases = tmp_path / "annas_words.csv"
    aliases.write_text("said,fdc_id,note\nAnna's secret soup,173944,for Anna\n")
    held = lock_diary(diary, aliases=aliases, columns={"food": "Food"}, date="2026-03-04", person_id="Anna")
    text = held.file_text.casefold()
    assert not [word for word in ("anna", "soup", "2026-03", '"food"', tmp_path.name) if word in text]
    assert held.data["reading"]["columns"].startswith("mark ")
    safe = lock_diary(diary, aliases=aliases, columns={"food": "Food"}, de_identify=True)
    assert "mark" not in safe.text


# Where it stands ----------------------------------------------------------------------------------------------------


def test_every_form_of_report_carries_the_same_lock(analysis: Analysis, tmp_path: Path) -> None:
    diary = tmp_path / "anna_maria.csv"
    diary.write_text(LINES)
    written = [
        analysis.to_excel(tmp_path / "r.xlsx"),
        analysis.to_excel(tmp_path / "live.xlsx", live=True),
        analysis.to_html(tmp_path / "r.html"),
        analysis.to_json(tmp_path / "r.json"),
        write_bundle(tmp_path / "r.zip", analysis, diary, WOMAN, forms=(".json",)),
    ]
    for path in written:
        assert read_lock(path) == analysis.lock
    assert "nothing in it says who ate, or what." in (tmp_path / "r.html").read_text()
    assert [openpyxl.load_workbook(path).sheetnames[-1] for path in written[:1]] == ["Lock"]
    assert read_analysis(tmp_path / "r.json").lock == analysis.lock
    loaded = json.loads((tmp_path / "r.json").read_text())
    (tmp_path / "pretty.json").write_text(json.dumps(loaded, indent=2))
    assert read_lock(tmp_path / "pretty.json") == analysis.lock


def test_workbook_saved_by_another_program_still_carries_it(analysis: Analysis, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(analysis.to_excel(tmp_path / "r.xlsx"))
    for row in workbook["Lock"].iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = cell.value.strip()
    workbook.save(tmp_path / "again.xlsx")
    assert read_lock(tmp_path / "again.xlsx") == analysis.lock


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"Date,Food\n",
        b"{}",
        b'{"lock_version": 1}',
        b'{"lock_version": 7}',
        b'{"lock_version": true}',
        b'{"a": 1, "a": 2}',
        b"{" * 50_000,
        b"PK\x03\x04 no zip",
        b'<pre id="nutridiary-lock">{"lock_version": 1</pre>',
        b'<html><pre id="nutridiary-lock"><b></b></pre>',
        b'{"schema_version": 1, "lock": null}',
    ],
)
def test_what_holds_no_lock_is_refused_in_words(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(text)
    with pytest.raises(LockError, match=r"x: \S"):
        read_lock(path)
    with pytest.raises(LockError):
        read_lock(tmp_path / "absent")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("nutridiary", 7),
        ("options", []),
        ("looked_up", {"abc": {"sha256": "0" * 64}}),
        ("looked_up", {"12": {"sha256": "../x"}}),
        ("looked_up", {"12": None}),
        ("reference", {"name": "x" * 5000}),
        ("tables", {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}),
        ("surplus", {}),
    ],
)
def test_lock_that_was_tampered_with_is_refused(part: str, value: Any, analysis: Analysis) -> None:
    assert analysis.lock is not None
    with pytest.raises(LockError):
        Lock.of_data({**analysis.lock.data, part: value})


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("nutridiary", "1\x1b[2J\n" + "9" * 500),
        ("food_data", {"release": "\x1b[1m", "sha256": "\x1b[2J", "added_sha256": "\n"}),
        ("aliases", {"count": "\x1b[2J", "sha256": "\x1b[31m"}),
        ("reference", {"name": "\x1b[2J", "edition": "\x1b", "editions": ["\n"], "sha256": "\r"}),
        ("tables", {"sha256": "\x1b[2J"}),
        ("options", {"\x1b[2J" + "x" * 500: "\x1b"}),
        ("reading", {"columns": "mark \x1b[2J"}),
        ("branded", {"release": "\x1b[2J", "sha256": "\x1b"}),
    ],
)
def test_hostile_words_of_a_lock_command_no_terminal(part: str, value: Any, analysis: Analysis) -> None:
    assert analysis.lock is not None
    here = Lock({**analysis.lock.data, "branded": {"release": "2031-04-30", "sha256": "1" * 64}})
    hostile = Lock.of_data({**here.data, part: value})
    found = differences(hostile, here)
    assert found
    assert all(str(each).isprintable() and len(str(each)) < 400 for each in found)
    assert hostile.in_short.isprintable()


def test_option_that_is_not_known_here_is_told_apart_from_one_without_a_value(analysis: Analysis) -> None:
    assert analysis.lock is not None
    options = {**analysis.lock.data["options"], "meals": []}
    (found,) = differences(Lock.of_data({**analysis.lock.data, "options": options}), analysis.lock)
    assert str(found).startswith("meals: locked none, here nothing.")


def test_lock_that_an_editor_saved_is_read(analysis: Analysis, tmp_path: Path) -> None:
    assert analysis.lock is not None
    path = tmp_path / "nutridiary.lock"
    path.write_bytes(b"\xef\xbb\xbf" + analysis.lock.file_text.replace("\n", "\r\n").encode())
    assert read_lock(path) == analysis.lock


def test_file_that_is_too_long_for_a_lock_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "nutridiary.lock"
    with path.open("wb") as file:
        file.write(b'{"lock_version": 1, "a": "')
        file.truncate(1 << 30)
    with pytest.raises(LockError, match=r"larger than the 100 MB that are read\. Give another form of the report"):
        read_lock(path)


# The command line ---------------------------------------------------------------------------------------------------


def run(*arguments: object) -> Any:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_command_line_writes_a_lock_and_holds_an_analysis_to_it(diary: Path, tmp_path: Path) -> None:
    person = ("--sex", "female", "--age", "34")
    out = tmp_path / "r.json"
    assert run("analyze", diary, "--locked").exit_code == 2  # there is none yet
    done = run("lock", diary, "--defaults", *person)
    assert done.exit_code == 0, done.output
    assert run("analyze", diary, "--defaults", *person, "--locked", "-o", out).exit_code == 0
    assert read_lock(out) == read_lock(tmp_path / "nutridiary.lock")
    out.unlink()
    refused = run("analyze", diary, *person, f"--locked={tmp_path / 'nutridiary.lock'}", "-o", out)
    assert refused.exit_code == 2
    assert "  defaults: locked yes, here no. Give --defaults." in refused.stderr.splitlines()
    assert not out.exists()


def test_command_line_takes_the_lock_out_of_a_report(analysis: Analysis, tmp_path: Path) -> None:
    assert analysis.lock is not None
    report = analysis.to_html(tmp_path / "r.html")
    assert run("lock", "--of", report).stdout == analysis.lock.text
    assert run("lock", "--of", report, "-o", tmp_path / "a.lock").exit_code == 0
    assert (tmp_path / "a.lock").read_text() == analysis.lock.text
    assert run("lock").exit_code == 2
    assert run("lock", report, "--of", report).exit_code == 2


# What was looked up -------------------------------------------------------------------------------------------------


@pytest.fixture
def shopping(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """A diary with a barcode that Open Food Facts knows, and one that nobody knows."""
    monkeypatch.setenv("NUTRIDIARY_OPEN_FOOD_FACTS_URL", server.address)
    path = tmp_path / "shopping.csv"
    path.write_text(
        f"Date,Food,Amount,Barcode\n2026-03-04,oats,40 g,{OATS}\n2026-03-04,juice,200 ml,4000000000006\n"
        "2026-03-05,milk,200 ml,\n"
    )
    return path


def test_bundle_with_products_is_made_again_offline_byte_for_byte(
    shopping: Path,
    server: Server,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = analyze(shopping, WOMAN, open_food_facts=True)
    assert found.looked_up is not None
    assert "open_food_facts" in set(found.entries["data_type"])
    asked = len(server.calls)
    assert asked > 0
    # The report says what its lock gives away.
    page = found.to_html(tmp_path / "r.html").read_text()
    assert "of what was eaten it names, by number, what had to be looked up" in page
    assert "nothing in it says who ate, or what." not in page
    bundle = write_bundle(
        tmp_path / "b.zip", found, shopping, WOMAN, forms=(".json", ".xlsx", ".html"), open_food_facts=True
    )
    monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path / "another machine"))
    monkeypatch.setenv("NUTRIDIARY_OPEN_FOOD_FACTS_URL", "http://127.0.0.1:9")
    again = reproduce(bundle)
    assert [report.why for report in again.reports] == ["", "", ""]
    assert len(server.calls) == asked


def test_report_as_json_knows_its_products_offline(
    shopping: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = analyze(shopping, WOMAN, open_food_facts=True)
    path = found.to_json(tmp_path / "r.json")
    monkeypatch.setenv("NUTRIDIARY_OPEN_FOOD_FACTS_URL", "http://127.0.0.1:9")
    again = read_analysis(path)
    ids = found.entries.loc[found.entries["data_type"] == "open_food_facts", "fdc_id"].astype("int64").tolist()
    assert ids
    assert again.foods is not None
    assert found.foods is not None
    assert again.foods.composition(ids).equals(found.foods.composition(ids))
    assert again.to_html(tmp_path / "b.html").read_bytes() == found.to_html(tmp_path / "a.html").read_bytes()
    assert again.to_json(tmp_path / "b.json").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["tables"]["foods"].update(fdc_id=[-5] * len(data["tables"]["foods"]["fdc_id"])),
        lambda data: data["tables"]["values"].update(release=["x"] * len(data["tables"]["values"]["release"])),
        lambda data: data["tables"]["portions"].update(fdc_id=[7] * len(data["tables"]["portions"]["fdc_id"])),
        lambda data: data["not_found"].update({"../x": "y"}),
        lambda data: data.update(remarks=[7]),
        lambda data: data["tables"].pop("aliases"),
        lambda data: data["tables"]["values"]["amount"].append(1.0),
        lambda data: data["tables"]["foods"].update(description=[7]),
    ],
)
def test_records_that_were_tampered_with_are_refused(change: Any) -> None:
    data = json.loads(json.dumps(looked_up_data(looked_up("2026-11-22", {"fat_100g": 3}))))
    assert looked_up_of(data).fdc_ids == [open_food_facts_id(OATS)]
    change(data)
    with pytest.raises(NutridiaryError):
        looked_up_of(data)


def looked_up(day: str, nutriments: dict[str, float]) -> LookedUp:
    """A product that was looked up on a day."""
    found = read_product({"status": 1, "product": {"code": str(OATS), **product(nutriments=nutriments)}}, OATS)
    assert found is not None
    result = LookedUp.of([tables_of_products([(found, day)])])
    assert result is not None
    return result


def test_record_that_changed_at_its_source_is_refused(
    shopping: Path,
    server: Server,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = lock_diary(shopping, open_food_facts=True)
    assert analyze(shopping, WOMAN, open_food_facts=True, locked=held).lock == held
    server.products[OATS] = product(nutriments={"magnesium_100g": 0.2, "energy-kcal_100g": 372})
    monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path / "later"))
    with pytest.raises(LockError, match=f"record of product {OATS}.*reproduce BUNDLE"):
        analyze(shopping, WOMAN, open_food_facts=True, locked=held)


def test_product_its_source_no_longer_has_is_refused(
    shopping: Path,
    server: Server,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = lock_diary(shopping, open_food_facts=True)
    server.products.clear()
    monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path / "later"))
    with pytest.raises(LockError, match=f"record of product {OATS}: locked .*, here not found.*reproduce BUNDLE"):
        analyze(shopping, WOMAN, open_food_facts=True, locked=held)
    # A diary without the product does not need it.
    shopping.write_text("Date,Food,Amount,Barcode\n2026-03-04,juice,200 ml,4000000000006\n")
    analyze(shopping, WOMAN, open_food_facts=True, locked=held)


def test_record_has_the_same_hash_on_another_day_and_another_where_a_figure_differs() -> None:
    def locked(day: str, fat: float) -> object:
        inputs, options = lock_inputs({}, online=False), {"reference": "nasem", "edition": None}
        return make_lock(inputs, options, load_foods(), looked_up(day, {"fat_100g": fat})).held["looked_up"]

    assert locked("2026-11-22", 3) == locked("2027-01-05", 3)
    assert locked("2026-11-22", 3) != locked("2026-11-22", 3.1)


def test_product_the_lock_does_not_know_is_refused(shopping: Path, diary: Path) -> None:
    held = lock_diary(diary, open_food_facts=True)
    with pytest.raises(LockError, match=f"foods that were looked up: .*product {OATS}"):
        analyze(shopping, WOMAN, open_food_facts=True, locked=held)


def test_bundle_with_records_of_fooddata_central_is_made_again_offline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path / "cache"))
    diary = tmp_path / "d.csv"
    diary.write_text(
        "Date,Food,Amount,FDC id\n2026-03-04,bar,60 g,9000001\n2026-03-04,milk,200 ml,9000002\n2026-03-05,bread,30 g,\n"
    )
    with FdcServer() as central:
        central.foods[9000001] = branded_answer(9000001)
        monkeypatch.setenv("NUTRIDIARY_FDC_URL", central.url)
        found = analyze(diary, WOMAN, online=True)
        asked = len(central.asked)
        bundle = write_bundle(tmp_path / "b.zip", found, diary, WOMAN, forms=(".json", ".xlsx"), online=True)
        monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path / "another machine"))
        assert [report.why for report in reproduce(bundle).reports] == ["", ""]
        assert len(central.asked) == asked > 0
    assert found.looked_up is not None
    assert found.looked_up.fdc_ids == [9000001]
    assert set(found.looked_up.not_found) == {9000002}
    assert found.lock is not None
    assert list(found.lock.data["looked_up"]) == ["9000001"]
    with FdcServer() as empty:
        monkeypatch.setenv("NUTRIDIARY_FDC_URL", empty.url)
        monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path / "a third machine"))
        with pytest.raises(LockError, match=r"record of fdc_id 9000001: locked .*, here not found"):
            analyze(diary, WOMAN, online=True, locked=found.lock)


def test_bundle_with_branded_foods_of_this_machine_is_made_again_without_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    monkeypatch.setenv("NUTRIDIARY_DATA", str(data))
    install(data)
    made = PRODUCTS[0]
    diary = tmp_path / "d.csv"
    diary.write_text(
        f'Date,Food,Amount,Barcode,Brand\n2026-03-04,"{made.name}",60 g,{made.gtin},\n2026-03-04,milk,200 ml,,\n'
        f'2026-03-05,"{made.name}",30 g,,{made.brand}\n'
    )
    found = analyze(diary, WOMAN)
    assert found.looked_up is not None
    assert made.fdc_id in found.looked_up.fdc_ids
    assert found.lock is not None
    assert found.lock.data["branded"]["sha256"]
    bundle = write_bundle(tmp_path / "b.zip", found, diary, WOMAN, forms=(".json", ".xlsx"))
    # On another machine the branded foods are not there; the food database of the release is the embedded one.
    shutil.copytree(data, elsewhere)
    next(elsewhere.rglob("branded.sqlite")).unlink()
    monkeypatch.setenv("NUTRIDIARY_DATA", str(elsewhere))
    assert [report.why for report in reproduce(bundle).reports] == ["", ""]
    # Held to its lock, the diary itself is not analysed there: its products would be missing.
    with pytest.raises(LockError, match=r"branded foods: locked .*, here none\. .*nutridiary fdc update --branded"):
        analyze(diary, WOMAN, locked=bundle)
    assert analyze(diary, WOMAN, looked_up=found.looked_up, locked=bundle).lock == found.lock
