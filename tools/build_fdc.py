"""Build data/fdc/foods.sqlite, the embedded food database, from official USDA releases.

    python tools/build_fdc.py FOLDER... [--out data/fdc/foods.sqlite]

Each FOLDER is a release (a folder of FNDDS "At A Glance" workbooks, or a folder or zip of FoodData
Central tables, CSV or JSON), or a folder that holds such releases, at any depth. FNDDS, Foundation Foods and
SR Legacy must each be there once. The same input gives the same bytes. See docs/data.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nutridiary.errors import FoodDataError, NutridiaryError, listing
from nutridiary.fdc.combining import GENERIC_TYPES
from nutridiary.fdc.database import write_database
from nutridiary.fdc.releases import find_releases, read_releases

OUT = Path(__file__).resolve().parents[1] / "data" / "fdc" / "foods.sqlite"


def build(folders: list[Path], out: Path) -> str:
    """Write the database and return what it holds, for the terminal."""
    paths = [path for folder in folders for path in find_releases(folder)]
    tables = read_releases(paths)
    found = tables.releases["data_type"].to_list()
    if sorted(found) != sorted(GENERIC_TYPES):
        raise FoodDataError(
            f"{listing(folders)}: expected one release each of {listing(GENERIC_TYPES)}, found {listing(found)}."
        )
    write_database(tables, out)
    counts = ", ".join(f"{row.release}: {row.foods:,} foods" for row in tables.releases.itertuples())
    return f"{out}: {out.stat().st_size:,} bytes; {counts}; {len(tables.portions):,} portions"


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    try:
        print(build(arguments.folders, arguments.out))
    except NutridiaryError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
