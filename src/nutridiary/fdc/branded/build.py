"""Builds the database of branded foods from an official download, in little memory however large it is.

Names and labels are gathered in one temporary file, values in others by range of ids, and all of it is
written in the order in which it is looked for: products first, by how plain their name is, older versions
of them last. A build that is ended at any moment leaves at most a folder of temporary files, which the
next one removes.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nutridiary.errors import FoodDataError
from nutridiary.fdc.branded.packing import packed
from nutridiary.fdc.branded.schema import (
    BRAND_WORDS,
    DATA_TYPE,
    INDEXES,
    PAGE_BYTES,
    TABLES,
    BrandedCounts,
    BrandedStore,
)
from nutridiary.fdc.branded.sources import CsvSource, JsonSource, Kinds, Progress, open_source
from nutridiary.fdc.branded.staging import SpilledValues, StagedFoods
from nutridiary.fdc.branded.words import shortened, words_of
from nutridiary.fdc.files import ReleaseFiles
from nutridiary.fdc.known_releases import release_row, release_version

FEWEST_PRODUCTS_OF_A_WORD = 3
"""A word of fewer products may itself be misspelt, and nothing is corrected to it."""
_LETTERS_OF_A_WORD = range(4, 21)
_FOOD_COLUMNS = "place, fdc_id, gtin, description, brand_owner, brand_name, subbrand_name, category, serving_size, "
_FOOD_COLUMNS += "serving_unit, household, published, modified, available, discontinued, market, data_source, "
_FOOD_COLUMNS += "preparation, versions"


def build_branded(source: Path, path: Path, progress: Progress | None = None) -> BrandedCounts:
    """Build the database of the branded foods of a release, the same bytes for the same release.

    Parameters
    ----------
    source : pathlib.Path
        The official Branded download, or that of all foods: a zip, a folder, csv or JSON.
    path : pathlib.Path
        Where to put the database, as a whole, once it is complete. What is temporary lies beside it, in a folder
        ``.<name>.building`` that is removed at the end, whatever the end is, and before a new start.
    progress : callable, optional
        Called with the step, how much of it is done, and of how much (0 where that is not known).

    Returns
    -------
    BrandedCounts

    Raises
    ------
    FoodDataError
        If the source is damaged or is not in the official layout, or there is no room for the database.
    """
    folder = path.parent / f".{path.name}.building"
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        counts = _build(source, folder, progress or _say_nothing)
        (folder / "database").replace(path)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise FoodDataError(
            f"{path}: the database of branded foods cannot be written ({reason}). While it is built it takes about "
            "twice the room of the downloaded zip, in the same folder. Nothing was left behind."
        ) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return counts


def _build(source: Path, folder: Path, progress: Progress) -> BrandedCounts:
    files, reading = open_source(source)
    foods, values = StagedFoods(folder / "foods", source), SpilledValues(folder / "values")
    try:
        _read_foods(reading, foods, values, progress)
        progress("sorting foods", 0, 0)
        fdc_ids, products = _place(foods)
        counts = {"foods": len(fdc_ids), "products": products, "foods_without_label": foods.without_label()}
        last_day = foods.last_day()
    finally:
        foods.close()
    if isinstance(reading, CsvSource):
        for piece in reading.values(progress):
            values.add(piece)
    with _Database(folder / "database") as database:
        database.write_foods(foods, progress)
        foods.path.unlink()
        others = np.sort(np.concatenate([np.empty(0, "int64"), *reading.others]))
        counts |= _write_values(database, values, reading.kinds, np.sort(fdc_ids), others, progress)
        database.index_words(products, folder / "forms", progress)
        counts["values_without_amount"] = reading.without_amount
        counts["values_of_unclear_nutrients"] = reading.of_unclear_nutrients
        made = BrandedCounts(**counts)
        database.finish(source, files, reading.kinds, made, last_day)
    return made


def _read_foods(reading: CsvSource | JsonSource, foods: StagedFoods, values: SpilledValues, progress: Progress) -> None:
    if isinstance(reading, JsonSource):
        for names, labels, piece in reading.foods(progress):
            foods.describe(names)
            foods.label(labels)
            values.add(piece)
        return
    for names in reading.descriptions(progress):
        foods.describe(names)
    for labels in reading.labels(progress):
        foods.label(labels)


def _place(foods: StagedFoods) -> tuple[NDArray[np.int64], int]:
    """Put the foods in order; return their ids in it, and how many come first as the newest version of a product.

    A search reads hits in this order and looks at the first few hundred: the plainest names of what is sold.
    """
    keys = foods.keys()
    if not len(keys):
        raise FoodDataError("the release lists no branded food. Expected the Branded download, as csv or JSON.")
    # The last publication of a product's number is its newest version; ids rise with every publication.
    by_product = np.lexsort((keys["fdc_id"], keys["modified"], keys["published"], keys["product"]))
    product = keys["product"][by_product]
    is_newest = np.append(product[1:] != product[:-1], True)
    ends = np.flatnonzero(is_newest) + 1
    sizes = np.diff(ends, prepend=0)
    newest, older = by_product[is_newest], by_product[~is_newest]
    first = keys[newest]
    plainness = (first["fdc_id"], -first["modified"], first["length"], first["discontinued"], first["abroad"])
    shown_first = np.lexsort(plainness)
    versions = np.repeat(sizes, sizes)[~is_newest]
    by_id = np.argsort(keys["fdc_id"][older])
    order = np.concatenate([newest[shown_first], older[by_id]])
    fdc_ids = keys["fdc_id"][order]
    foods.place(fdc_ids, np.concatenate([sizes[shown_first], versions[by_id]]))
    return fdc_ids, len(newest)


class _Database:
    """The database while it is written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.connection = sqlite3.connect(path, isolation_level=None)
        for setting in (f"page_size = {PAGE_BYTES}", "journal_mode = OFF", "synchronous = OFF", "cache_size = -65536"):
            self.connection.execute(f"PRAGMA {setting}")
        # SQLite sorts the ids only, 50 MB of them; files for that would lie in /tmp, which may be small.
        self.connection.execute("PRAGMA temp_store = MEMORY")
        self.connection.executescript(TABLES)

    def __enter__(self) -> _Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def write_foods(self, foods: StagedFoods, progress: Progress) -> None:
        """Write names and labels in their order."""
        progress("writing foods", 0, 0)
        self.connection.execute("ATTACH ? AS staged", (str(foods.path),))
        self.connection.execute("BEGIN")
        self.connection.execute(
            f"INSERT INTO food SELECT {_FOOD_COLUMNS} FROM staged.placed JOIN staged.label USING (fdc_id) "  # noqa: S608
            "JOIN staged.described USING (fdc_id) ORDER BY place"
        )
        texts = ((number, text) for text, number in foods.texts.items())
        self.connection.executemany("INSERT INTO text VALUES (?, ?)", texts)
        foods.texts.clear()
        self.connection.execute("COMMIT")
        self.connection.execute("DETACH staged")

    def index_words(self, products: int, forms: Path, progress: Progress) -> None:
        """Write which words the names and brands of the products have, and how those are misspelt."""
        run = self.connection.execute
        run("BEGIN")
        run("INSERT INTO product_index (product_index, rank) VALUES ('hashsize', 33554432)")
        self.connection.executemany(
            "INSERT INTO product_index (rowid, name, brand) VALUES (?, ?, ?)", self._names(products, progress)
        )
        run("COMMIT")
        progress("indexing words", products, products)
        run("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, product_index, row)")
        run("BEGIN")
        run("INSERT INTO word SELECT term, doc FROM temp.vocabulary ORDER BY term")
        run("COMMIT")
        self._write_misspellings(forms)
        self.connection.executescript(INDEXES)

    def finish(
        self, source: Path, files: ReleaseFiles, kinds: Kinds, counts: BrandedCounts, last_day: int | None
    ) -> None:
        """Write what the database is of, and make sure that it is on the disk."""
        day = "" if last_day is None else f"{last_day // 10_000}-{last_day // 100 % 100:02d}-{last_day % 100:02d}"
        release = release_row(DATA_TYPE, release_version(DATA_TYPE, source, [day]), day or None)
        run = self.connection.execute
        run("BEGIN")
        columns = ("release", "version", "published", "licence", "source")
        run("INSERT INTO release VALUES (?, ?, ?, ?, ?)", [release[column] for column in columns])
        self.connection.executemany("INSERT INTO release_file VALUES (?, ?, ?)", sorted(files.read))
        rows = [(number, *kind) for kind, number in kinds.rows.items()]
        self.connection.executemany("INSERT INTO kind VALUES (?, ?, ?, ?, ?)", rows)
        counted = [(name, getattr(counts, name)) for name in counts.names()]
        self.connection.executemany("INSERT INTO counts VALUES (?, ?)", counted)
        run("COMMIT")
        run(f"PRAGMA application_id = {BrandedStore.application_id}")
        run(f"PRAGMA user_version = {BrandedStore.schema_version}")
        self.connection.close()
        with self._path.open("r+b") as stream:
            stream.seek(96)  # which SQLite wrote last, for information only: the same bytes for the same foods
            stream.write(bytes(4))
            stream.flush()
            os.fsync(stream.fileno())

    def _names(self, products: int, progress: Progress) -> Iterator[tuple[int, str, str]]:
        sql = f"SELECT place, description, {BRAND_WORDS} FROM food WHERE place <= ?"  # noqa: S608 -- ours
        for place, description, brand in self.connection.execute(sql, (products,)):
            if place % 50_000 == 0:
                progress("indexing words", place, products)
            yield place, _each_once(description), _each_once(brand)

    def _write_misspellings(self, forms: Path) -> None:
        """Write each word that several products have under what is left of it without one of its letters."""
        run = self.connection.execute
        run("ATTACH ? AS forms", (str(forms),))
        run("PRAGMA forms.journal_mode = OFF")
        run("BEGIN")
        run("CREATE TABLE forms.form (form TEXT, word TEXT)")
        words = self.connection.execute("SELECT word FROM word WHERE products >= ?", (FEWEST_PRODUCTS_OF_A_WORD,))
        rows = (
            (form, word)
            for (word,) in words
            if len(word) in _LETTERS_OF_A_WORD and word.isalpha()
            for form in shortened(word)
        )
        self.connection.executemany("INSERT INTO forms.form VALUES (?, ?)", rows)
        run("INSERT INTO misspelt SELECT form, word FROM forms.form ORDER BY form, word")
        run("COMMIT")
        run("DETACH forms")


def _write_values(
    database: _Database,
    values: SpilledValues,
    kinds: Kinds,
    foods: NDArray[np.int64],
    others: NDArray[np.int64],
    progress: Progress,
) -> dict[str, int]:
    """Write the values of each food; return what was counted."""
    # What only the label of a serving says has no nutrient's id: each is told from the others by its own kind.
    nutrients = np.array([kind[0] or -number for kind, number in kinds.rows.items()], dtype="int64")
    counts = dict.fromkeys(("values", "values_of_unknown_foods", "contradicting_values", "repeated_values"), 0)
    with_values = 0
    database.connection.execute("BEGIN")
    for part in values.parts():
        of_foods = _is_among(part["fdc_id"], foods)
        counts["values_of_unknown_foods"] += int((~of_foods & ~_is_among(part["fdc_id"], others)).sum())
        kept = _one_each(part[of_foods], nutrients, counts)
        content, starts = packed(kept["kind"], kept["amount"])
        firsts = np.flatnonzero(np.diff(kept["fdc_id"], prepend=-1))
        cuts = starts[np.append(firsts, len(kept))].tolist()
        rows = zip(kept["fdc_id"][firsts].tolist(), cuts, cuts[1:], strict=False)
        database.connection.executemany(
            "INSERT INTO composition VALUES (?, ?)", ((food, content[start:end]) for food, start, end in rows)
        )
        counts["values"] += len(kept)
        with_values += len(firsts)
        progress("writing nutrient values", with_values, len(foods))
    database.connection.execute("COMMIT")
    return {**counts, "foods_without_values": len(foods) - with_values}


def _one_each(part: NDArray[Any], nutrients: NDArray[np.int64], counts: dict[str, int]) -> NDArray[Any]:
    """Return values by food and nutrient, without those that are said twice; contradictions stay, and are counted."""
    if not len(part):
        return part
    part = part[np.lexsort((part["amount"], nutrients[part["kind"]], part["fdc_id"]))]
    nutrient = nutrients[part["kind"]]
    is_same = (np.diff(part["fdc_id"]) == 0) & (np.diff(nutrient) == 0)
    if not is_same.any():
        return part
    is_repeated = np.append(False, is_same & (np.diff(part["amount"]) == 0))
    counts["repeated_values"] += int(is_repeated.sum())
    kept: NDArray[Any] = part[~is_repeated]
    nutrient = nutrient[~is_repeated]
    is_same = np.concatenate([[False], (np.diff(kept["fdc_id"]) == 0) & (np.diff(nutrient) == 0), [False]])
    counts["contradicting_values"] += int((is_same[1:] | is_same[:-1]).sum())
    return kept


def _is_among(fdc_ids: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which ids are among `known`, which are sorted."""
    if not len(known):
        return np.zeros(len(fdc_ids), dtype=bool)
    nearest = known[np.minimum(np.searchsorted(known, fdc_ids), len(known) - 1)]
    return np.equal(nearest, fdc_ids)


@lru_cache(maxsize=50_000)
def _each_once(text: str) -> str:
    return " ".join(dict.fromkeys(words_of(text)))


def _say_nothing(step: str, done: int, of: int) -> None:
    """Tell nobody."""
