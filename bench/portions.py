"""Measure weighing against labelled portions: ``python bench/portions.py``.

Reads three labelled sets, two of them from ``../shared/labels`` (not part of the project), weighs every row
given the right food, prints the table and writes it to ``docs/portions_bench.md``:

- ``tests/data/portion_lines.csv``: phrases as people write them, labelled from the portion tables of FNDDS and
  SR Legacy by reading, before they were weighed;
- ``portions_dev.csv``: a food, a portion phrase and an amount, with the grams SuperTracker gave it;
- ``asa24_dev.csv``: what people answered in a 24-hour recall about how much they had, with the grams coded.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz, process

from nutridiary.diary.amounts import parse_amount
from nutridiary.diary.recall_amounts import in_plain_amount
from nutridiary.foods import FoodData, load_foods
from nutridiary.portions import weigh
from nutridiary.portions.words import portion_words
from nutridiary.tables import MATCHED, conform
from nutridiary.units import canonical_unit, factor_to, unit_kind

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT.parent / "shared" / "labels"
EVERYDAY = ROOT / "tests" / "data" / "portion_lines.csv"
REPORT = ROOT / "docs" / "portions_bench.md"
CLOSE = 0.10  # a weight within this share of the label's is right
SAME_NAME = 85  # how alike two names have to be (0-100) for a food to stand in for a code FNDDS no longer has


def main() -> None:
    """Measure all sets and write the report."""
    if not LABELS.is_dir():
        sys.exit(f"{LABELS}: not found. The labelled sets are not part of the project; there is nothing to measure.")
    foods = load_foods(release="embedded")
    sets = {
        "portion_lines (everyday phrases)": everyday(foods, kept_aside=False),
        "portion_lines (everyday phrases kept aside)": everyday(foods, kept_aside=True),
        "portions_dev (SuperTracker)": supertracker(foods),
        "asa24_dev (24-hour recall)": recalls(foods),
    }
    parts = []
    for name, rows in sets.items():
        started = time.process_time()
        scored = score(rows, foods)
        seconds = time.process_time() - started
        parts.append(f"## {name}\n\n{table(scored)}\n\n{len(rows)} rows weighed in {seconds:.2f} s CPU.")
        if "--misses" in sys.argv:
            misses(scored)
    text = HEAD + "\n\n".join(parts) + "\n"
    print(text)
    REPORT.write_text(text, encoding="utf-8")


HEAD = """# How well portions are weighed

Written by `python bench/portions.py`. Each row gives the right food, an amount and a unit in words; the
label is a weight in grams. *Weighed* is the share of rows that got a weight at all; *within 10 %* is the share
of all rows whose weight is within 10 % of the label; *possible* is the share where any portion of the food at all
would be: what is missing there no choice among today's portions could have got right; *bounds hold* is the share of
weighed rows whose label lies between `gram_low` and `gram_high`, each widened by the same 10 %.

Foods are taken by food code where FNDDS 2021-2023 has it, else by the best-named FNDDS food where a name or alias
is nearly the same; other rows are left out and counted. The labels of SuperTracker and of the recall are weights of
older releases, so a part of the misses are changes of USDA's own portion weights (a medium apple was 138 g, now 200 g).

"""


def everyday(foods: FoodData, *, kept_aside: bool) -> pd.DataFrame:
    """Return the phrases of `tests/data/portion_lines.csv` that a portion of the food answers.

    The misses of those not kept aside were looked at while the rules were written; of the others they were not.
    """
    labels = pd.read_csv(EVERYDAY)
    labels = labels[labels["grams"].notna() & (labels["kept_aside"].notna() == kept_aside)]
    codes = foods.foods().dropna(subset="food_code").set_index("food_code")["fdc_id"]
    rows = labels[["food_text", "amount", "grams"]].assign(
        unit=labels["unit"].fillna(""),
        phrase=labels["portion"],
        fdc_id=labels["fdc_id"].fillna(labels["food_code"].map(codes)),
    )
    rows.attrs["left_out"] = 0
    return rows


def supertracker(foods: FoodData) -> pd.DataFrame:
    """Return the rows of portions_dev with a food, as a diary would write them."""
    labels = pd.read_csv(LABELS / "portions_dev.csv")
    labels = labels[labels["grams"] > 0]
    rows = pd.DataFrame(
        {
            "food_text": labels["description"],
            "unit": labels["portion"],
            "amount": labels["amount"],
            "grams": labels["grams"],
            "phrase": labels["portion"],
        }
    )
    return with_foods(rows, labels["food_code"], labels["description"], foods)


def recalls(foods: FoodData) -> pd.DataFrame:
    """Return the rows of asa24_dev that were coded as one food, with the answer about the amount as a unit."""
    labels = pd.read_csv(LABELS / "asa24_dev.csv")
    labels = labels[(labels["n_codes"] == 1) & (labels["grams"] > 0) & labels["portion"].notna()]
    said = [answered(text) for text in labels["portion"]]
    rows = pd.DataFrame(said, columns=["amount", "unit"], index=labels.index)
    rows["food_text"] = labels["term"]
    rows["grams"], rows["phrase"] = labels["grams"], labels["portion"]
    readable = rows["amount"].notna()
    return with_foods(rows[readable], labels["food_codes"][readable], labels["descriptions"][readable], foods)


def answered(text: str) -> tuple[float, str]:
    """Return amount and unit of a recall's answers: "BreadSize=Thin slice | BreadPortionSlice=1 slice".

    Examples
    --------
    >>> answered("VegUnit=Stalks | VegSize=Medium | VegPortionWhole=1 whole vegetable")
    (1.0, 'medium stalk')
    """
    said = parse_amount(in_plain_amount(text))
    if said.unit is not None and unit_kind(said.unit) != "size":
        return said.amount, said.counted
    return said.amount, " ".join(part for part in (said.unit, said.rest) if part)


def with_foods(rows: pd.DataFrame, codes: pd.Series, names: pd.Series, foods: FoodData) -> pd.DataFrame:
    """Add the FNDDS food of each row: by code, else by a nearly equal name; rows without one are left out."""
    fndds = foods.foods().dropna(subset="food_code")
    by_code = dict(zip(fndds["food_code"].astype(int), fndds["fdc_id"], strict=True))
    called = foods.names()
    called = called[called["fdc_id"].isin(fndds["fdc_id"])].reset_index(drop=True)
    spelled = called["name"].str.casefold().to_dict()
    ids = pd.to_numeric(codes).astype(int).map(by_code)
    for label in ids.index[ids.isna()]:
        best = process.extractOne(
            str(names[label]).casefold(), spelled, scorer=fuzz.token_sort_ratio, score_cutoff=SAME_NAME
        )
        ids[label] = called.loc[best[2], "fdc_id"] if best else float("nan")
    rows = rows.assign(fdc_id=ids)
    rows.attrs["left_out"] = int(rows["fdc_id"].isna().sum())
    return rows[rows["fdc_id"].notna()]


def score(rows: pd.DataFrame, foods: FoodData) -> pd.DataFrame:
    """Weigh the rows and compare with their label."""
    food = foods.foods(rows["fdc_id"].astype(int)).set_index("fdc_id").loc[rows["fdc_id"].astype(int)]
    matched = pd.DataFrame(
        {
            "source": "bench",
            "line": range(1, len(rows) + 1),
            "kind": "food",
            "food_text": rows["food_text"].to_numpy(),
            "amount": rows["amount"].to_numpy(),
            "unit": [canonical_unit(unit) or unit for unit in rows["unit"]],
            "fdc_id": rows["fdc_id"].astype(int).to_numpy(),
            "food_code": food["food_code"].to_numpy(),
            "food_description": food["description"].to_numpy(),
        }
    )
    weighed = weigh(conform(matched, MATCHED), foods)
    weighed = weighed.assign(label=rows["grams"].to_numpy(), phrase=rows["phrase"].to_numpy())
    heads = rows["unit"].str.replace("(s)", "").str.split(r"[,(]").str[0].str.strip()
    weighed["kind"] = [unit_kind(canonical_unit(head)) or "words" for head in heads]
    weighed["close"] = (weighed["gram_weight"] / weighed["label"] - 1).abs() <= CLOSE
    weighed["possible"] = possible(weighed, foods)
    weighed["held"] = weighed["label"].between(weighed["gram_low"] * (1 - CLOSE), weighed["gram_high"] * (1 + CLOSE))
    weighed.attrs["left_out"] = rows.attrs.get("left_out", 0)
    return weighed


def possible(weighed: pd.DataFrame, foods: FoodData) -> list[bool]:
    """Say for each row whether any portion of its food, in any unit it could stand for, comes close to the label."""
    portions = foods.portions(weighed["fdc_id"].astype(int)).dropna(subset=["amount", "gram_weight"])
    each = (portions["gram_weight"] / portions["amount"]).groupby(portions["fdc_id"]).agg(list)
    measures = portions.assign(measure=[portion_words(text).measure for text in portions["description"]])
    measured = measures[[unit_kind(measure) == "volume" for measure in measures["measure"]]]
    fits = []
    for row in weighed.itertuples():
        unit = canonical_unit(row.unit) if isinstance(row.unit, str) else None
        if unit_kind(unit) == "volume":
            own = measured[measured["fdc_id"] == row.fdc_id]
            weights = [
                grams / amount * factor_to(measure, unit)
                for grams, amount, measure in zip(own["gram_weight"], own["amount"], own["measure"], strict=True)
            ]
        elif unit_kind(unit) == "mass":
            weights = [factor_to("g", unit)]
        else:
            weights = each.get(row.fdc_id, [])
        fits.append(any(abs(weight * row.amount / row.label - 1) <= CLOSE for weight in weights))
    return fits


def table(scored: pd.DataFrame) -> str:
    """Return the figures by kind of unit and by method as Markdown."""
    lines = ["| rows | n | weighed | within 10 % | possible | bounds hold |", "|---|---:|---:|---:|---:|---:|"]
    groups = [("all", scored)]
    groups += [(f"unit: {kind}", part) for kind, part in scored.groupby("kind")]
    groups += [(f"method: {method}", part) for method, part in scored.groupby("weight_method")]
    for name, part in groups:
        weighed = part["gram_weight"].notna()
        held = f"{part.loc[weighed, 'held'].mean():.0%}" if weighed.any() else ""
        lines.append(
            f"| {name} | {len(part)} | {weighed.mean():.0%} | {part['close'].mean():.0%} "
            f"| {part['possible'].mean():.0%} | {held} |"
        )
    return "\n".join(lines) + f"\n\n{scored.attrs['left_out']} rows left out: no such food."


def misses(scored: pd.DataFrame) -> None:
    """Print the rows that another portion of the food would have got right, for a developer."""
    for row in scored[~scored["close"] & scored["possible"]].itertuples():
        got = f"{row.gram_weight:.1f} ({row.portion})" if row.gram_weight > 0 else f"- {row.problem}"
        print(f"{row.label:.1f} | {row.amount:g} {row.unit} | {row.food_text} | {row.food_description} | {got}")


if __name__ == "__main__":
    main()
