"""Measure how well recalls coded in an older edition of FNDDS are counted: ``python bench/recalls.py``.

Two sets of recalls, neither part of the project: What We Eat in America, NHANES 2017-2018
(``../shared/nhanes``), coded in FNDDS 2017-2018, and what five people told an automated recall
(``../shared/labels/asa24_dev.csv``), coded in still older editions. Every item (food code, grams) goes
through the same steps as a diary line and is held against the nutrients the recall itself has. The floor is
the same over the items whose code FNDDS 2021-2023 still has: what the change of edition costs anybody.
Prints the tables and writes them to ``docs/recalls_bench.md``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from nutridiary.foods import load_foods
from nutridiary.intake import daily_intakes, nutrient_intakes
from nutridiary.matching import match_foods
from nutridiary.matching.crosswalk import load_crosswalk, load_older_codes
from nutridiary.matching.older_codes import food_of_older_code
from nutridiary.matching.ranking import load_index, load_weights
from nutridiary.matching.recorded_evidence import NUTRIENTS as TELLING
from nutridiary.matching.recorded_evidence import Recorded, recorded_evidence
from nutridiary.nutrients import load_nutrients
from nutridiary.portions import weigh
from nutridiary.tables import ENTRIES, conform

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
REPORT = ROOT / "docs" / "recalls_bench.md"
NUTRIENTS = ["energy", "magnesium", "potassium", "calcium", "vitamin_d", "vitamin_b12"]
NAMES = ["energy", "Mg", "K", "Ca", "D", "B12"]
WAYS = ["directly", "by the crosswalk's table", "by its digits and description", "by its text alone", "not at all"]
ASA24 = ["energy_kcal", "magnesium_mg", "potassium_mg", "calcium_mg", "vitamin_d_ug", "vitamin_b12_ug"]
LINES_A_DAY = 16  # what a recall of What We Eat in America has on average; the other set does not tell days apart
ALLOWED = 1.25  # times the floor that an error may be


def survey_items(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the items of the reliable day-1 recalls, breast-fed children left out, and the survey's day totals."""
    suffix = load_nutrients()["nhanes_suffix"]
    names = {"SEQN": "day", "DR1IFDCD": "code", "DR1IGRMS": "grams"}
    names |= {f"DR1I{suffix[nutrient]}": nutrient for nutrient in NUTRIENTS}
    items = pd.read_csv(folder / "DR1IFF_J.csv.xz", usecols=[*names, "DR1DRSTZ", "DRABF"])
    items = items[(items["DR1DRSTZ"] == 1) & (items["DRABF"] != 1)].rename(columns=names)
    totals = {"SEQN": "day"} | {f"DR1T{suffix[nutrient]}": nutrient for nutrient in NUTRIENTS}
    whole = pd.read_csv(folder / "DR1TOT_J.csv.xz", usecols=list(totals)).rename(columns=totals).set_index("day")
    kept = items[[*names.values()]].astype({"code": "int64"}).reset_index(drop=True).assign(text=None)
    return kept, whole.loc[kept["day"].unique()]


def recall_items(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lines coded as one food, and sums over every `LINES_A_DAY` of a person as days."""
    labels = pd.read_csv(path, dtype={"food_codes": "str"})
    labels = labels[labels["n_codes"] == 1].rename(columns=dict(zip(ASA24, NUTRIENTS, strict=True)))
    place = labels.groupby("person").cumcount() // LINES_A_DAY
    items = labels.assign(
        day=labels["person"] + place.astype("str"),
        code=labels["food_codes"].astype("int64"),
        text=labels["descriptions"],
        protein=labels["protein_g"],
    )
    items = items[["day", "code", "grams", "text", "protein", *NUTRIENTS]].reset_index(drop=True)
    return items, items.groupby("day")[NUTRIENTS].sum()


def match(items: pd.DataFrame, *, with_nutrients: bool = False) -> pd.DataFrame:
    """Return items as weighed diary entries: the code stands in the recall, the grams do, and its nutrients may."""
    foods = load_foods(release="embedded")
    carried = [name for name in (*NUTRIENTS, "protein") if with_nutrients and name in items]
    entries = pd.DataFrame(
        {
            "source": "recall",
            "line": range(2, len(items) + 2),
            "person_id": items["day"].astype("str"),
            "date": pd.Timestamp(2017, 1, 1),
            "food_text": items["text"],
            "amount": items["grams"],
            "unit": "g",
            "kind": "food",
            "stated_food_code": items["code"],
            "single_food": True,
            **{f"recorded_{name}": items[name] for name in carried},
        }
    )
    return weigh(match_foods(conform(entries, ENTRIES), foods), foods)


def day_errors(weighed: pd.DataFrame, totals: pd.DataFrame) -> pd.Series:
    """Return the median absolute error of a day's total of each nutrient. [%]"""
    ours = daily_intakes(nutrient_intakes(weighed, load_foods(release="embedded"), NUTRIENTS), weighed, NUTRIENTS)
    ours = ours.pivot_table(index="person_id", columns="nutrient", values="amount")[NUTRIENTS]
    theirs = totals.set_axis(totals.index.astype("str")).reindex(ours.index)
    return (100 * (ours - theirs).abs() / theirs.where(theirs > 0)).median()


def least_error(items: pd.DataFrame, totals: pd.DataFrame) -> pd.Series:
    """Return the day errors if each code gone became the food nearest in these nutrients, whatever food that is. [%]"""
    foods = load_foods(release="embedded").foods().dropna(subset=["food_code"])
    content = (
        load_foods(release="embedded")
        .composition(foods["fdc_id"], NUTRIENTS)
        .set_axis(foods["food_code"].astype("int64"))
        .dropna()
    )
    gone = items[~items["code"].isin(foods["food_code"]) & (items["grams"] > 0)].groupby("code").sum(numeric_only=True)
    least = content.median() / 4 + 1e-3
    now = np.log(content + least).to_numpy()
    then = np.log(100 * gone[NUTRIENTS].div(gone["grams"], axis=0) + least).to_numpy()
    nearest = [content.index[np.abs(now - row).mean(axis=1).argmin()] for row in then]
    recoded = items["code"].replace(dict(zip(gone.index, nearest, strict=True)))
    return day_errors(match(items.assign(code=recoded)), totals)


def ways(weighed: pd.DataFrame) -> pd.Series:
    """Return how each item was coded."""
    stated, way = weighed["stated_food_code"].astype("int64"), weighed["match_method"]
    in_table = stated.isin([*load_crosswalk(), *load_older_codes()])
    found = way.map({"stated_food_code": WAYS[0], "crosswalk": WAYS[2], "text": WAYS[3], "alias": WAYS[3]})
    return found.mask(way.eq("crosswalk") & in_table, WAYS[1]).fillna(WAYS[4])


def report(title: str, items: pd.DataFrame, totals: pd.DataFrame) -> str:
    """Return the section on one set of recalls."""
    weighed = match(items)
    way = ways(weighed)
    direct = way.eq("directly")
    floor = day_errors(weighed[direct].reset_index(drop=True), items[direct.to_numpy()].groupby("day")[NUTRIENTS].sum())
    error = day_errors(weighed, totals)
    distinct = pd.DataFrame({"code": items["code"], "way": way}).drop_duplicates()["way"].value_counts()
    shares = [
        f"| {name} | {100 * way.eq(name).mean():.2f} | {100 * distinct.get(name, 0) / distinct.sum():.1f} |"
        for name in WAYS
    ]
    coded = 100 * way.isin(WAYS[:3]).mean()
    return "\n".join(
        [
            f"## {title}",
            "",
            f"{len(items):,} items of {distinct.sum():,} codes, {len(totals):,} days.",
            "",
            "| coded | items % | codes % |",
            "|---|---|---|",
            *shares,
            "",
            f"Coded by code: {coded:.2f} % of items (goal: 97).",
            "",
            f"| median error of a day's total % | {' | '.join(NAMES)} |",
            "|---" * (len(NAMES) + 1) + "|",
            _row("all items, against the recall's own totals", error),
            *_row_with_nutrients(items, totals),
            _row("floor: the items coded directly, against their own sums", floor),
            _row(f"{ALLOWED} x floor", ALLOWED * floor),
            _row("least: each code gone is the food nearest in these six, whatever it is", least_error(items, totals)),
            "",
        ]
    )


def _row(name: str, values: pd.Series) -> str:
    return f"| {name} | " + " | ".join(f"{values[nutrient]:.2f}" for nutrient in NUTRIENTS) + " |"


def _row_with_nutrients(items: pd.DataFrame, totals: pd.DataFrame) -> list[str]:
    """Return the row of the errors where the recall's nutrients help to choose, if its items are of older codes."""
    if "protein" not in items:
        return []
    return [
        _row(
            "the same, older codes chosen by its nutrients, too", day_errors(match(items, with_nutrients=True), totals)
        )
    ]


def survey_contents(folder: Path) -> dict[int, Recorded]:
    """Return what 100 g of each code reported in 2017-2018 hold, by the survey itself."""
    suffix = load_nutrients()["nhanes_suffix"]
    names = {f"DR1I{suffix[name]}": name for name in TELLING}
    items = pd.read_csv(folder / "DR1IFF_J.csv.xz", usecols=["DR1IFDCD", "DR1IGRMS", *names]).dropna()
    sums = items.groupby("DR1IFDCD").sum().rename(columns=names)
    content = 100 * sums[list(TELLING)].div(sums["DR1IGRMS"], axis=0)
    return {int(row[0]): Recorded(tuple(row[1:]), 100.0, single_food=True) for row in content.itertuples()}


def older_codes(folder: Path) -> str:
    """Return how far digits and description of a code gone lead to the food the crosswalk names."""
    foods = load_foods(release="embedded")
    index, weights = load_index(foods), load_weights()
    short = pd.read_csv(folder / "DRXFCD_J.csv.xz", index_col="DRXFDCD")["DRXFCSD"]
    contents = survey_contents(folder)
    rows = []
    for code, row in load_crosswalk().items():
        if row.food_code is None or row.sure == "low":
            continue
        recorded = recorded_evidence(contents.get(code), foods, index)
        kinds = {"": True, ", sure of one name (high; renamed, merged)": row.sure == "high" and row.how != "nearest"}
        for said, text in (("long", row.old_description), ("short", short[code])):
            for with_nutrients in (False, True) if recorded else (False,):
                found = food_of_older_code(text, code, index, weights, recorded if with_nutrients else None)
                right = index.row_of_code[row.food_code]
                pair = np.array([right, right if found is None else found.food])
                alike = found is not None and bool(index.alike(pair)[0, 1])
                sure = found is not None and found.score >= weights.automatic
                way = f"{said} description{', and nutrients' if with_nutrients else ''}"
                same = found is not None and found.food == right
                rows += [
                    (kind, way, same, alike, sure, alike if sure else None) for kind, is_so in kinds.items() if is_so
                ]
    columns = ["kind", "way", "same", "alike", "sure", "alike_if_sure"]
    table = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:], "float"))
    shares = [
        f"| {way}{kind} | {len(part):,} | "
        + " | ".join(f"{100 * part[column].mean():.1f}" for column in columns[2:])
        + " |"
        for (kind, way), part in table.groupby(["kind", "way"])
    ]
    return "\n".join(
        [
            "## Codes of editions older than the crosswalk\n",
            "As if they were in no table: the codes the crosswalk is sure of (high or medium), by their digits and",
            "description, alone or with the survey's nutrients where somebody reported them.\n",
            "| by | codes | the crosswalk's food % | counts the same % | taken unseen % | of these the same % |",
            "|---|---|---|---|---|---|",
            *shares,
            "",
        ]
    )


def main() -> None:
    """Measure both sets and write the tables."""
    recalls = SHARED / "labels" / "asa24_dev.csv"
    for needed in (SHARED / "nhanes", recalls):
        if not needed.exists():
            sys.exit(f"{needed}: not found. The recalls to measure on are needed.")
    text = "\n".join(
        [
            "# Recalls coded in older editions\n",
            "Written by `python bench/recalls.py`; what is measured, and what to make of it, is in "
            "[recalls.md](recalls.md).\n",
            report("What We Eat in America, NHANES 2017-2018, day 1", *survey_items(SHARED / "nhanes")),
            report(
                f"Five people's automated recalls, {LINES_A_DAY} lines of one food each as a day",
                *recall_items(recalls),
            ),
            older_codes(SHARED / "nhanes"),
        ]
    )
    REPORT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
