"""Build data/unit_factors.csv: the size of each measurable unit, worked out once from data/units.txt.

pint takes a quarter of a second to read definitions; a table of its answers takes none. A test holds the
two against each other for every pair of units.

    python tools/build_unit_factors.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import pint

ROOT = Path(__file__).resolve().parents[1]
BASES = {"[mass]": "g", "[volume]": "ml", "[energy]": "kcal", "[international_unit]": "IU"}


def main() -> None:
    """Write the table."""
    registry: pint.UnitRegistry[float] = pint.UnitRegistry(str(ROOT / "data" / "units.txt"))
    with (ROOT / "data" / "unit_factors.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["unit", "base", "factor"])
        for name in sorted(name for name in registry if not name.startswith("_")):
            one = registry.Quantity(1.0, name)
            base = BASES[str(one.dimensionality)]
            # Fifteen digits are all a binary fraction knows; the sixteenth is noise.
            rows.writerow([name.replace("_", " "), base, f"{one.to(base).magnitude:.15g}"])


if __name__ == "__main__":
    main()
