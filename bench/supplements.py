"""Measure the reading of supplement labels against a national survey: ``python bench/supplements.py``.

Reads the supplement files of NHANES 2017-2018 from ``../shared/nhanes`` (not part of the project), prints and writes
``docs/supplements_bench.md``. ``--misses`` lists what was not read right in the half that was learned on.
"""

from __future__ import annotations

import hashlib
import re
import sys
import time
from pathlib import Path

import pandas as pd

from nutridiary.nutrients import load_nutrients
from nutridiary.supplements import read_whole_label
from nutridiary.supplements.doses import companion_doses

ROOT = Path(__file__).resolve().parents[1]
NHANES = ROOT.parent / "shared" / "nhanes"
REPORT = ROOT / "docs" / "supplements_bench.md"

DOSE = re.compile(r"[0-9]\s*-?(?:MG|MCG|IU|G|GM|GRAMS?|UNITS?|UG|MEQ)\b")
# What a product holds besides: energy and macronutrients, and the second name of folic acid.
BESIDES = {"KCAL", "PROT", "CARB", "SUGR", "FIBE", "TFAT", "SFAT", "MFAT", "PFAT", "CHOL", "SODI", "FDFE"}
# Nutrients whose suffix differs in the supplement files.
SUFFIXES = {"IODI": "iodine", "CHL": "choline"}
# The survey rounds its amounts to two decimals before it multiplies them by the number taken.
CLOSE = 0.01
ROUNDING = 0.006


def main() -> None:
    """Measure and write the report."""
    if not NHANES.is_dir():
        sys.exit(f"{NHANES}: not found. The survey's files are not part of the project; there is nothing to measure.")
    items = pd.read_csv(NHANES / "DS1IDS_J.csv.xz", encoding_errors="replace")
    totals = pd.read_csv(NHANES / "DS1TOT_J.csv.xz", encoding_errors="replace")
    products = products_of(items)
    started = time.process_time()
    scored = score(products)
    seconds = time.process_time() - started
    text = HEAD.format(
        sums=sums(items, totals),
        carried=table(scored[scored["carried"]]),
        single=table(scored[scored["named"]]),
        all_single=table(scored),
        seconds=seconds,
        products=len(products),
        evidence=evidence(products),
    )
    print(text)
    REPORT.write_text(text, encoding="utf-8")
    if "--misses" in sys.argv:
        misses = scored[scored["learned"] & (scored["named"] | scored["carried"]) & (scored["outcome"] != "read")]
        print(misses[["product", "nutrient", "recorded", "outcome", "read"]].to_string(max_colwidth=100))


def sums(items: pd.DataFrame, totals: pd.DataFrame) -> str:
    """Compare each person's items, added up, with the survey's totals."""
    columns = [name for name in items.columns if name.startswith("DS1I")]
    added = items.groupby("SEQN")[columns].sum(min_count=1)
    stated = totals.set_index("SEQN")[[f"DS1T{name[4:]}" for name in columns]].set_axis(columns, axis=1)
    stated = stated.loc[added.index]
    both = added.notna() & stated.notna()
    apart = (added - stated).abs().where(both)
    # Energy, cholesterol, calcium and selenium of the totals are whole numbers.
    whole = [
        name for name in columns if (stated[name].dropna() % 1 == 0).all() and (added[name].dropna() % 1 > 0).any()
    ]
    allowed = pd.Series(1e-3, index=columns)
    allowed[whole] = 0.5 + 1e-9
    equal, rounded = int((apart <= 1e-3).sum().sum()), int((apart <= allowed).sum().sum())
    one_sided = int((added.notna() != stated.notna()).sum().sum())
    return (
        f"{len(added):,} people, {len(columns)} nutrients, {int(both.sum().sum()):,} sums: {equal:,} equal, "
        f"{rounded:,} equal to the decimals of the totals "
        f"({', '.join(name[4:] for name in whole)} are whole numbers there); {one_sided} known on one side only."
    )


def products_of(items: pd.DataFrame) -> pd.DataFrame:
    """Return one row a product name x nutrient: what one serving of it holds."""
    columns = {name: nutrient_of(name[4:]) for name in items.columns if name.startswith("DS1I")}
    columns = {name: nutrient for name, nutrient in columns.items() if nutrient}
    taken = items[items["DS1ACTSS"] > 0]
    per_serving = taken[list(columns)].div(taken["DS1ACTSS"], axis=0)
    per_serving["product"] = taken["DSDSUPP"].str.strip()
    return per_serving.groupby("product").median().rename(columns=columns)


def nutrient_of(suffix: str) -> str | None:
    """Return the nutrient of a column's last letters."""
    nutrients = load_nutrients()
    found = nutrients.index[nutrients["nhanes_suffix"] == suffix]
    return SUFFIXES.get(suffix) or (str(found[0]) if len(found) else None)


def score(products: pd.DataFrame) -> pd.DataFrame:
    """Read the names of products of one nutrient that carry a dose, and compare with what was recorded."""
    besides = {nutrient_of(suffix) for suffix in BESIDES}
    counted = products[[name for name in products.columns if name not in besides]]
    rows = []
    for product, amounts in counted.iterrows():
        held = amounts.dropna()
        if len(held) != 1 or not DOSE.search(str(product)):
            continue
        nutrient, recorded = str(held.index[0]), float(held.iloc[0])
        label = read_whole_label(str(product))
        read = {dose.nutrient: dose for dose in companion_doses(label.doses)}
        names_it = nutrient in read or nutrient in label.undosed
        dose = read.get(nutrient)
        if dose is None:
            outcome = "no dose"
        elif dose.is_decided:
            close = abs(dose.amount - recorded) <= max(CLOSE * recorded, ROUNDING)
            outcome = "read" if close else "another dose"
        else:
            bounded = dose.amount_low * (1 - CLOSE) <= recorded <= dose.amount_high * (1 + CLOSE)
            outcome = "open, bounds hold" if bounded else "open, bounds fail"
        half = learned(str(product))
        carried = carries(str(product), nutrient, recorded)
        rows.append((product, half, names_it, carried, nutrient, recorded, outcome, dose and dose.amount))
    names = ["product", "learned", "named", "carried", "nutrient", "recorded", "outcome", "read"]
    return pd.DataFrame(rows, columns=names)


def carries(product: str, nutrient: str, recorded: float) -> bool:
    """Tell whether any dose in a name comes to what was recorded, whatever it is said to be of."""
    to_unit = {"g": 1.0, "mg": 1e-3, "mcg": 1e-6, "ug": 1e-6}
    unit = str(load_nutrients().loc[nutrient, "unit"])
    for number, written in re.findall(r"([0-9][0-9,.]*)\s*-?(MG|MCG|IU|G|UG)\b", product):
        value = float(number.replace(",", "").rstrip(".") or 0)
        if written == "IU":
            stated = value * 0.025 if nutrient == "vitamin_d" else float("nan")
        else:
            stated = value * to_unit[written.lower()] / to_unit[unit]
        if abs(stated - recorded) <= max(CLOSE * recorded, ROUNDING):
            return True
    return False


def learned(product: str) -> bool:
    """Tell which half a product is in: the one whose misses were looked at, or the one kept aside."""
    return hashlib.md5(product.encode(), usedforsecurity=False).digest()[0] % 2 == 0


def table(scored: pd.DataFrame) -> str:
    """Return the outcomes of both halves."""
    outcomes = ["read", "open, bounds hold", "open, bounds fail", "another dose", "no dose"]
    lines = ["| half | names | " + " | ".join(outcomes) + " |", "|---|---:|" + "---:|" * len(outcomes)]
    for half, rows in (("learned on", scored[scored["learned"]]), ("kept aside", scored[~scored["learned"]])):
        counts = rows["outcome"].value_counts()
        cells = [f"{counts.get(name, 0)} ({counts.get(name, 0) / max(len(rows), 1):.1%})" for name in outcomes]
        lines.append(f"| {half} | {len(rows)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def evidence(products: pd.DataFrame) -> str:
    """Count, for each compound named with a mass, whether the amount recorded is that mass or the share in it."""
    counts: dict[tuple[str, str], list[int]] = {}
    for product, amounts in products.iterrows():
        for dose in read_whole_label(str(product)).doses:
            recorded = amounts.get(dose.nutrient)
            mass = dose.amount_high
            if not dose.is_compound or dose.is_decided or recorded is None or recorded != recorded:
                continue
            element = abs(recorded - mass) <= CLOSE * mass
            salt = abs(recorded - dose.amount_low) <= 0.08 * dose.amount_low
            row = counts.setdefault((dose.nutrient, dose.form), [0, 0, 0])
            row[0 if element else 1 if salt else 2] += 1
    lines = ["| nutrient | compound | the nutrient's mass | the compound's | neither |", "|---|---|---:|---:|---:|"]
    lines += [f"| {n} | {form} | {a} | {b} | {c} |" for (n, form), (a, b, c) in sorted(counts.items())]
    return "\n".join(lines)


HEAD = """# How well supplement labels are read

Written by `python bench/supplements.py` from the supplement files of NHANES 2017-2018 (DS1IDS_J, DS1TOT_J): product
names, and the amounts the survey took from the labels themselves.

## The survey's items and its totals

{sums}

## Products of one nutrient whose name carries a dose

One vitamin, mineral, caffeine, lutein or choline recorded; energy, macronutrients and sodium aside. *Read* is a decided
dose within 1 % of the recorded one; *open* a dose that the name leaves undecided (salt or element, natural or
synthetic), with bounds that hold the recorded one or fail to. Names were split in halves by hash: only the misses of
the first half were looked at while the words and rules were made. It is no blind test: names of both halves were seen
in a first listing, and the usual strengths of antacids and iron tablets are taken from names of both.

Names with a dose in them that comes to the amount recorded:

{carried}

Names that name the nutrient, with a dose of whatever it is:

{single}

All names with any dose in them, most of the others about something else ("BIOTIN 1000 MCG" with calcium as filler):

{all_single}

{products:,} names; those above read in {seconds:.2f} s CPU.

## What the mass beside a compound's name is

For names whose figure is left open: is the amount recorded that figure, or the compound's share in it?

{evidence}
"""

if __name__ == "__main__":
    main()
