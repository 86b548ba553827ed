"""The house rules that can be read off the sources: one-way imports, heavy libraries in one place, careful sums."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "src" / "nutridiary"

# Lowest first. A module may import from its own layer's package and from layers before it.
LAYERS = [
    {"errors", "data_files", "user_files", "barcodes", "tables"},
    {"nutrients"},
    {"units", "daily_values"},
    {"foods", "fdc", "references"},
    {"food_search", "food_twins", "food_groups"},
    {"supplements"},
    {"diary"},
    {"de_identification"},
    {"aliases"},
    {"matching", "portions"},
    {"splitting"},
    {"releases", "brands"},
    {"own_foods"},
    {"intake"},
    {"comparison"},
    {"usual_intake", "plausibility", "symptoms"},
    {"cautions", "suggestions"},
    {"cohort"},
    {"lock"},
    {"analysis", "lines"},
    {"reading_changes"},
    {"review"},
    {"report"},
    {"bundle"},
    {"web"},
    {"cli"},
]
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
# Where two rooms share a layer, the left may import the right.
NEIGHBOURS = {("foods", "fdc"), ("lines", "analysis"), ("data_files", "errors"), ("barcodes", "data_files")}
# Lazy conveniences that look upwards on purpose: methods that hand an Analysis, a Review or a Person to a report.
UPWARD = {("analysis", "report"), ("review", "report"), ("references", "report")}

HOMES = {
    "pint": {"units"},
    "click": {"cli"},
    "rich": {"cli", "report"},
    "openpyxl": {"report", "diary", "fdc"},
    "requests": {"fdc", "releases", "brands"},
    "ijson": {"fdc"},
    "platformdirs": {"user_files"},
    "keyring": {"fdc"},
    "scipy": {"cohort", "suggestions"},
    "matplotlib": {"report"},
    "jinja2": {"report", "web"},
    "fastapi": {"web"},
    "starlette": {"web"},
    "pydantic": {"web"},
    "uvicorn": {"web"},
    "statsmodels": set(),
}
MODULES = sorted(SOURCES.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(SOURCES).parts[0].removesuffix(".py")


def imports_of(path: Path) -> list[str]:
    """Every module imported, those for type checking only left out."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "TYPE_CHECKING"
        for node in ast.walk(branch)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "nutridiary":
            found += [f"nutridiary.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found


def test_layers_name_every_module() -> None:
    rooms = {room_of(path) for path in MODULES} - {"__init__"}
    assert rooms <= set(LEVEL), f"give these a layer: {rooms - set(LEVEL)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_imports_point_one_way(path: Path) -> None:
    room = room_of(path)
    for module in imports_of(path):
        if not module.startswith("nutridiary."):
            continue
        other = module.split(".")[1]
        # The package root only names the public interface.
        if room == "__init__" or other == room or other not in LEVEL or (room, other) in NEIGHBOURS | UPWARD:
            continue
        assert LEVEL[other] < LEVEL[room], f"{room} must not import {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_each_library_is_imported_in_its_home_only(path: Path) -> None:
    for module in imports_of(path):
        library = module.split(".")[0]
        if library in HOMES:
            assert room_of(path) in HOMES[library], f"{library} is imported in {path.name}"


def test_importing_every_room_loads_no_heavy_library() -> None:
    rooms = sorted({f"nutridiary.{room_of(path)}" for path in MODULES} - {"nutridiary.__init__"})
    heavy = {
        "pandas",
        "numpy",
        "pint",
        "openpyxl",
        "requests",
        "rich",
        "rapidfuzz",
        "matplotlib",
        "jinja2",
        "platformdirs",
        "ijson",
        "scipy",
        "fastapi",
    }
    # Opening the food tables and finding one food is part of it: that is the first thing a user waits for.
    find = "nutridiary.foods.load_foods().food(173944)"
    code = f"import sys, {', '.join(rooms)}; {find}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_unknown_amounts_are_never_summed_to_zero(path: Path) -> None:
    # A plain .sum() of amounts reads a missing value as 0.
    text = path.read_text("utf-8")
    for found in re.finditer(r"""\[["'](amount|low|high)["']\]\)?\.(sum\(([^)]*)\)|fillna\(0)""", text):
        assert "min_count=1" in found[0], f"{path.name}: {found[0]} turns unknown into zero"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_merges_say_what_they_expect(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "merge":
            keywords = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
            assert "validate" in keywords or keywords.get("how") == "'cross'", f"{path.name}:{node.lineno}: merge"
