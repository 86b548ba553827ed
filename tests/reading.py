"""Read a workbook the way a person looks at it: by header, and by its parts."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl

from nutridiary.report.excel.archive import save


def reopened(workbook: Any) -> Any:
    """Return a workbook as it is read back from the disk: what it was written from is no longer in it."""
    with tempfile.TemporaryDirectory() as folder:
        save(workbook, Path(folder) / "written.xlsx", [])
        return openpyxl.load_workbook(Path(folder) / "written.xlsx")


def rows_below(sheet: Any, header: str, *, after: str | None = None) -> list[dict[str, Any]]:
    """Return the rows under the (first) row whose first cells hold `header`, up to an empty one.

    `after` is what stands in the first column of a row above it.
    """
    rows = [list(row) for row in sheet.iter_rows()]
    if after is not None:
        rows = rows[next(n for n, row in enumerate(rows) if row[0].value == after) :]
    start = next(n for n, row in enumerate(rows) if header in (row[0].value, row[1].value))
    names = [cell.value for cell in rows[start]]
    found = []
    for row in rows[start + 1 :]:
        if all(cell.value is None for cell in row):
            break
        found.append({name: cell for name, cell in zip(names, row, strict=True) if name is not None})
    return found


def person_rows(sheet: Any) -> list[dict[str, Any]]:
    """Return the rows of a person's page: the figures of each nutrient, and what stands of it in words."""
    figures, words = rows_below(sheet, "Nutrient"), rows_below(sheet, "Nutrient", after="In words")
    assert [row["Nutrient"].value for row in figures] == [row["Nutrient"].value for row in words]
    return [{**said, **shown} for shown, said in zip(figures, words, strict=True)]


def texts(sheet: Any) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def parts(path: Path, pattern: str) -> Iterator[str]:
    with zipfile.ZipFile(path) as workbook:
        for name in sorted(workbook.namelist()):
            if re.fullmatch(pattern, name):
                yield workbook.read(name).decode()


def chart_points(path: Path, title: str) -> int:
    """Return how many cells the columns of a chart are drawn from."""
    chart = next(c for c in parts(path, r"xl/charts/chart\d+.xml") if f">{title}: " in c and "'Daily'!" in c)
    bars = chart[chart.index("<barChart>") : chart.index("</barChart>")]
    first, last = re.findall(r"<val><numRef><f>'Daily'!\$\w+\$(\d+)(?::\$\w+\$(\d+))?</f>", bars)[0]
    return int(last or first) - int(first) + 1
