"""Measure matching on the rows of real app exports, without and with the nutrient values they carry.

    python bench/app_exports.py [--shared ../shared] [--show]

The foods of the names stand in tests/data/app_names.csv, labelled by name alone; half of them (by a hash of the name)
were never learned from. A line counts as close where 100 kcal of its food, or its stated weight, hold what the export
records of energy, magnesium, potassium and calcium within the limits that `matching` calls alike. The exports
themselves are needed and lie in the shared folder; without it nothing is measured, and that is said.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import learn_recorded_evidence as learning  # noqa: E402
from nutridiary.foods import FoodData, load_foods  # noqa: E402
from nutridiary.matching.entries import Match, match_text  # noqa: E402
from nutridiary.matching.index import CLOSE, Index  # noqa: E402
from nutridiary.matching.ranking import load_index  # noqa: E402
from nutridiary.matching.recorded_evidence import NUTRIENTS, Recorded, load_compositions  # noqa: E402


def is_close(recorded: Recorded, row: int, foods: FoodData, index: Index) -> bool | None:
    """Whether a food holds what a row records, None where the row records no magnesium, potassium or calcium."""
    values = np.array(recorded.values)
    composition = load_compositions(foods, index).of(np.array([row]))[0]
    grams = recorded.grams if recorded.grams > 0 else 100 * values[0] / max(composition[0], 1.0)
    of_row = dict(zip(NUTRIENTS, values * 100 / grams, strict=True))
    ours = dict(zip(NUTRIENTS, composition, strict=True))
    known = [name for name in CLOSE if not np.isnan(of_row[name])]
    if len(known) < 2 or "potassium" not in known:
        return None
    return all(
        abs(of_row[name] - ours[name]) <= max(CLOSE[name][0], CLOSE[name][1] * min(of_row[name], ours[name]))
        for name in known
    )


def main() -> None:
    """Print the table, and with --show each name with what it was matched to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    if not (asked.shared / "diaries").is_dir():
        print(f"no exports at {asked.shared}: nothing measured")
        return
    foods = load_foods(release="embedded")
    index = load_index(foods)
    rows = learning.app_rows(asked.shared)
    print("| names | values | n | acceptable | right or alike | as the export | automatic | of these right or alike |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for use in ("test", "learn"):
        names = {text: answers for text, answers in learning.app_names(use, index).items() if text in rows}
        for said in ("text alone", "with recorded"):
            found = {t: match_text(t, foods, recorded=rows[t] if said == "with recorded" else None) for t in names}
            print(table_row(use, said, names, found, rows, foods, index))
            if asked.show and (said == "with recorded" or "-v" in sys.argv):
                show(names, found, rows, foods, index)
    energy_weights(rows, foods, index)


def energy_weights(rows: dict[str, Recorded], foods: FoodData, index: Index) -> None:
    """Print how near the recorded energy comes to the weight that lines state, the weight withheld from matching."""
    known = load_compositions(foods, index)
    errors = []
    for text, row in rows.items():
        match = match_text(text, foods, recorded=row._replace(grams=float("nan")))
        if not row.grams > 0 or match.fdc_id is None:
            continue
        density = known.of(np.array([index.row_of_id[match.fdc_id]]))[0, 0]
        errors.append(abs(100 * row.values[0] / density / row.grams - 1))
    median, high = np.quantile(errors, (0.5, 0.9))
    print(f"weight from energy: {len(errors)} names weighed in g or oz, error {median:.1%} (median), {high:.1%} (90th)")


def judged(answers: frozenset[int], match: Match, index: Index) -> tuple[bool, bool]:
    """Return whether a match is acceptable, and whether it is that or alike to an acceptable food."""
    row = index.row_of_id.get(match.fdc_id or 0)
    if row is None or not answers:
        return (row is None) == (not answers), (row is None) == (not answers)
    return row in answers, row in answers or any(index.alike(np.array([row, a])).all() for a in answers)


def table_row(
    use: str,
    said: str,
    names: dict[str, frozenset[int]],
    found: dict[str, Match],
    rows: dict[str, Recorded],
    foods: FoodData,
    index: Index,
) -> str:
    """Return one line of the table."""
    verdicts = np.array([judged(names[text], found[text], index) for text in names])
    sure = np.array([found[text].fdc_id is not None and not found[text].needs_review for text in names])
    near = [is_close(rows[t], index.row_of_id[found[t].fdc_id or 0], foods, index) for t in names if found[t].fdc_id]
    known = [one for one in near if one is not None]
    shares = [verdicts[:, 0].mean(), verdicts[:, 1].mean(), np.mean(known), sure.mean(), verdicts[sure, 1].mean()]
    return f"| {use} | {said} | {len(names)} | " + " | ".join(f"{100 * share:.1f} %" for share in shares) + " |"


def show(
    names: dict[str, frozenset[int]],
    found: dict[str, Match],
    rows: dict[str, Recorded],
    foods: FoodData,
    index: Index,
) -> None:
    """Print each name with its food."""
    described = foods.foods().set_index("fdc_id")["description"]
    for text, match in found.items():
        name = described[match.fdc_id] if match.fdc_id else None
        close = is_close(rows[text], index.row_of_id[match.fdc_id], foods, index) if match.fdc_id else None
        review = "to confirm" if match.needs_review else ""
        print(" ", judged(names[text], match, index), close, text, "|", name, f"{match.score or 0:.2f}", review)


if __name__ == "__main__":
    main()
