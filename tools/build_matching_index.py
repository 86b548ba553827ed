"""Build data/matching_index.npz: the names of the shipped foods, indexed for matching.

Run it after the food database or data/eating_frequency.csv or data/matching_words.csv has changed:

    python tools/build_matching_index.py
"""

from __future__ import annotations

from nutridiary.data_files import data_folder
from nutridiary.fdc.installed import FOODS, INDEX
from nutridiary.foods import load_foods
from nutridiary.matching.ranking import build_release_index, load_index


def main() -> None:
    """Build and write the index."""
    path = data_folder() / INDEX
    build_release_index(data_folder() / "fdc" / FOODS, path)
    index = load_index(load_foods(release="embedded"))
    print(f"{path.name}: {len(index.fdc_id):,} foods, {len(index.name_food):,} names, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
