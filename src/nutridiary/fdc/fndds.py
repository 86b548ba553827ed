"""Reads the "At A Glance" workbooks of FNDDS, the foods of What We Eat in America."""

from __future__ import annotations

import re
import warnings
import zipfile
from pathlib import Path

import pandas as pd

from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.cells import numbers, texts, whole_numbers
from nutridiary.fdc.files import file_sha256
from nutridiary.fdc.known_releases import release_row
from nutridiary.fdc.survey import survey_aliases, survey_portions
from nutridiary.fdc.tables import FoodTables, one_release, shaped
from nutridiary.nutrients import load_nutrients

FOODS, NUTRIENTS, PORTIONS, INGREDIENTS = (
    "Foods and Beverages",
    "FNDDS Nutrient Values",
    "Portions and Weights",
    "FNDDS Ingredients",
)
ID_FILES = ("fdc_ids.csv", "survey_fndds_food.csv")
MAX_UNPACKED_BYTES = 256 * 1024**2
MAX_ROWS, MAX_COLUMNS = 200_000, 200
FIRST_ROW = 3
"""Row of the sheet in which the foods begin, below title and header."""

_CODE, _NAME = "Food code", "Main food description"
_CATEGORY = ["WWEIA Category number", "WWEIA Category description"]
_HEADERS = {
    FOODS: [_CODE, _NAME, "Additional food description", *_CATEGORY],
    NUTRIENTS: [_CODE, _NAME, *_CATEGORY],
    PORTIONS: [_CODE, _NAME, *_CATEGORY, "Seq num", "Portion description", "Portion weight (g)"],
    INGREDIENTS: [
        *[_CODE, _NAME, *_CATEGORY, "Seq num", "Ingredient code", "Ingredient description"],
        *["Ingredient weight (g)", "Retention code", "Moisture change (%)"],
    ],
}
_VERSION = re.compile(r"(\d{4}-\d{4}) Food and Nutrient Database for Dietary Studies")


def is_fndds(path: Path) -> bool:
    """Return whether `path` is a folder with FNDDS workbooks."""
    return path.is_dir() and any(path.glob("*FNDDS At A Glance*.xlsx"))


def read_fndds(path: Path) -> FoodTables:
    """Read the four "At A Glance" workbooks of one FNDDS release, and the FDC ids of its foods.

    Parameters
    ----------
    path : pathlib.Path
        Folder with the workbooks and a CSV file of ``fdc_id, food_code``: ``fdc_ids.csv``, or
        ``survey_fndds_food.csv`` of the CSV release.

    Returns
    -------
    FoodTables
        Values are per 100 g as eaten. FNDDS states no source of a single value.

    Raises
    ------
    FoodDataError
        If a workbook, sheet or column is missing, or the workbooks do not belong together.
    """
    books = {part: _workbook(path, part) for part in _HEADERS}
    sheets = {part: _sheet(book, _HEADERS[part]) for part, book in books.items()}
    versions = {version for version, _ in sheets.values()}
    if len(versions) != 1:
        raise FoodDataError(f"{path}: workbooks of several releases: {listing(sorted(versions))}. Expected one.")
    release = release_row("survey_fndds_food", versions.pop())
    ids, id_file = _fdc_ids(path)
    tables = {part: _with_fdc_id(frame, ids, books[part], id_file) for part, (_, frame) in sheets.items()}
    foods = tables[FOODS]
    for part, frame in tables.items():
        _check_keys(books[part], frame, foods, ["Seq num"] if "Seq num" in frame.columns else [])
    return one_release(
        release,
        _foods(foods),
        [(file.name, file.stat().st_size, file_sha256(file)) for file in [*books.values(), id_file]],
        aliases=_aliases(foods),
        values=_values(tables[NUTRIENTS], str(release["release"]), books[NUTRIENTS]),
        portions=_portions(tables[PORTIONS], books[PORTIONS]),
        ingredients=_ingredients(tables[INGREDIENTS], books[INGREDIENTS]),
    )


def _workbook(path: Path, part: str) -> Path:
    found = sorted(path.glob(f"*{part}.xlsx"))
    if len(found) != 1:
        raise FoodDataError(
            f"{path}: {len(found)} workbooks named '...{part}.xlsx', expected one. "
            "FNDDS 'At A Glance' comes as four workbooks: " + listing(_HEADERS) + "."
        )
    return found[0]


def _sheet(book: Path, expected: list[str]) -> tuple[str, pd.DataFrame]:
    """Return the release named in the first row of the first sheet, and the rows under its header."""
    rows = _rows(book)
    title = " ".join(str(rows[0][0]).split()) if rows else ""
    version = _VERSION.search(title)
    header = [" ".join(str(cell).split()) for cell in rows[1]] if len(rows) > 1 else []
    missing = [name for name in expected if name not in header]
    if version is None or missing:
        raise FoodDataError(
            f"{book}: not an FNDDS 'At A Glance' workbook. Expected a title with the release and the columns "
            f"{listing(expected)}. Found: {title[:80]!r} and the columns {listing(header)}."
        )
    body = [row for row in rows[FIRST_ROW - 1 :] if any(cell is not None for cell in row)]
    return version[1], pd.DataFrame(body, columns=header, dtype="object")


def _rows(book: Path) -> list[tuple[object, ...]]:
    import openpyxl

    try:
        with zipfile.ZipFile(book) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise FoodDataError(f"{book}: unpacks to {unpacked:,} bytes, more than a release has. Not read.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(book, read_only=True, data_only=True)
        sheet = workbook.worksheets[0]
        rows: list[tuple[object, ...]] = list(
            sheet.iter_rows(max_row=MAX_ROWS, max_col=min(sheet.max_column or 1, MAX_COLUMNS), values_only=True)
        )
        workbook.close()
    except FoodDataError:
        raise
    except Exception as error:  # a hostile workbook can fail anywhere inside the reader
        raise FoodDataError(f"{book}: cannot be read as a workbook ({type(error).__name__}).") from None
    return rows


def _fdc_ids(path: Path) -> tuple[pd.Series, Path]:
    """Return the FDC id of each food code."""
    file = next((path / name for name in ID_FILES if (path / name).is_file()), None)
    if file is None:
        raise FoodDataError(
            f"{path}: no {ID_FILES[0]} (columns fdc_id, food_code), nor {ID_FILES[1]} of the FNDDS CSV release. "
            "The workbooks do not say the FDC ids of their foods."
        )
    frame = pd.read_csv(file, dtype="str")
    if not {"fdc_id", "food_code"} <= set(frame.columns):
        raise FoodDataError(f"{file}: expected the columns fdc_id and food_code, found {listing(frame.columns)}.")
    fdc_ids = whole_numbers(frame, "fdc_id", str(file))
    codes = whole_numbers(frame, "food_code", str(file))
    if codes.duplicated().any() or fdc_ids.duplicated().any():
        raise FoodDataError(f"{file}: a food code or an FDC id stands there twice. Expected one row per food.")
    return pd.Series(fdc_ids.to_numpy(), index=codes.to_numpy()), file


def _with_fdc_id(frame: pd.DataFrame, ids: pd.Series, book: Path, id_file: Path) -> pd.DataFrame:
    codes = whole_numbers(frame, _CODE, str(book), first_row=FIRST_ROW)
    fdc_ids = codes.map(ids)
    if fdc_ids.isna().any():
        unknown = codes[fdc_ids.isna()].unique()
        raise FoodDataError(
            f"{book}: food codes without an FDC id in {id_file.name}: {listing(unknown, 5)} ({len(unknown)} in all). "
            "The files belong to different releases."
        )
    return frame.assign(**{_CODE: codes, "fdc_id": fdc_ids.astype("int64")})


def _check_keys(book: Path, frame: pd.DataFrame, foods: pd.DataFrame, more_key: list[str]) -> None:
    strangers = frame[~frame["fdc_id"].isin(foods["fdc_id"])]
    if len(strangers):
        raise FoodDataError(f"{book}: foods that {FOODS!r} lacks: {listing(strangers[_CODE].unique(), 5)}.")
    repeated = frame[frame.duplicated(["fdc_id", *more_key])]
    if len(repeated):
        raise FoodDataError(
            f"{book}: {len(repeated)} repeated rows, the first for food code {repeated.iloc[0][_CODE]}."
        )


def _foods(foods: pd.DataFrame) -> pd.DataFrame:
    named = foods.rename(columns={_CODE: "food_code"})
    named["description"] = texts(foods, _NAME, FOODS, first_row=FIRST_ROW)
    named["category_number"] = numbers(named, _CATEGORY[0], FOODS, whole=True, first_row=FIRST_ROW)
    named["category"] = named[_CATEGORY[1]]
    named["data_type"] = "survey_fndds_food"
    return named.sort_values("fdc_id", ignore_index=True)


def _aliases(foods: pd.DataFrame) -> pd.DataFrame:
    column = "Additional food description"
    written = foods[foods[column].notna()]
    return survey_aliases(written.assign(text=texts(written, column, FOODS, first_row=FIRST_ROW)))


def _values(wide: pd.DataFrame, release: str, book: Path) -> pd.DataFrame:
    nutrients = load_nutrients()
    columns = nutrients["fndds_column"].dropna()
    missing = [column for column in columns if column not in wide.columns]
    if missing:
        raise FoodDataError(
            f"{book}: no column {listing(missing, 5)}. FNDDS 'At A Glance' has {len(columns)} nutrients, "
            f"this has {len(wide.columns) - len(_HEADERS[NUTRIENTS]) - 1} columns of them."
        )
    own_ids = nutrients["fdc_nutrient_id"].to_dict()
    parts = []
    for nutrient, column in columns.items():
        part = pd.DataFrame({"fdc_id": wide["fdc_id"], "amount": numbers(wide, column, str(book), first_row=FIRST_ROW)})
        part["fdc_nutrient_id"] = own_ids[nutrient]
        part["unit"] = column.rpartition("(")[2].rstrip(")")
        parts.append(part)
    values = pd.concat(parts, ignore_index=True).assign(release=release)
    return shaped("values", values[values["amount"].notna()])


def _portions(rows: pd.DataFrame, book: Path) -> pd.DataFrame:
    return survey_portions(
        rows.assign(
            text=texts(rows, "Portion description", str(book), first_row=FIRST_ROW),
            seq=whole_numbers(rows, "Seq num", str(book), first_row=FIRST_ROW),
            gram_weight=numbers(rows, "Portion weight (g)", str(book), first_row=FIRST_ROW),
        )
    )


def _ingredients(rows: pd.DataFrame, book: Path) -> pd.DataFrame:
    ingredients = rows.assign(
        seq=whole_numbers(rows, "Seq num", str(book), first_row=FIRST_ROW),
        ingredient_code=whole_numbers(rows, "Ingredient code", str(book), first_row=FIRST_ROW),
        description=texts(rows, "Ingredient description", str(book), first_row=FIRST_ROW),
        grams=numbers(rows, "Ingredient weight (g)", str(book), first_row=FIRST_ROW),
        retention_code=whole_numbers(rows, "Retention code", str(book), first_row=FIRST_ROW),
        moisture_change=numbers(rows, "Moisture change (%)", str(book), first_row=FIRST_ROW),
    )
    return shaped("ingredients", ingredients.sort_values(["fdc_id", "seq"]))
