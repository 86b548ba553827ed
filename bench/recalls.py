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
from nutridiary.matching.crosswalk import load_crosswalk, rank_by_code
from nutridiary.matching.ranking import load_index, load_weights, rank
from nutridiary.matching.synonyms import in_our_words
from nutridiary.nutrients import load_nutrients
from nutridiary.portions import weigh
from nutridiary.tables import ENTRIES, conform

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
REPORT = ROOT / "docs" / "recalls_bench.md"
NUTRIENTS = ["energy", "magnesium", "potassium", "calcium", "vitamin_d", "vitamin_b12"]
NAMES = ["energy", "Mg", "K", "Ca", "D", "B12"]
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
    )
    items = items[["day", "code", "grams", "text", *NUTRIENTS]].reset_index(drop=True)
    return items, items.groupby("day")[NUTRIENTS].sum()


def match(items: pd.DataFrame) -> pd.DataFrame:
    """Return items as weighed diary entries: the code stands in the recall, and the grams do."""
    foods = load_foods()
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
        }
    )
    return weigh(match_foods(conform(entries, ENTRIES), foods), foods)


def day_errors(weighed: pd.DataFrame, totals: pd.DataFrame) -> pd.Series:
    """Return the median absolute error of a day's total of each nutrient. [%]"""
    ours = daily_intakes(nutrient_intakes(weighed, load_foods(), NUTRIENTS), weighed, NUTRIENTS)
    ours = ours.pivot_table(index="person_id", columns="nutrient", values="amount")[NUTRIENTS]
    theirs = totals.set_axis(totals.index.astype("str")).reindex(ours.index)
    return (100 * (ours - theirs).abs() / theirs.where(theirs > 0)).median()


def least_error(items: pd.DataFrame, totals: pd.DataFrame) -> pd.Series:
    """Return the day errors if each code gone became the food nearest in these nutrients, whatever food that is. [%]"""
    foods = load_foods().foods().dropna(subset=["food_code"])
    content = load_foods().composition(foods["fdc_id"], NUTRIENTS).set_axis(foods["food_code"].astype("int64")).dropna()
    gone = items[~items["code"].isin(foods["food_code"]) & (items["grams"] > 0)].groupby("code").sum(numeric_only=True)
    least = content.median() / 4 + 1e-3
    now = np.log(content + least).to_numpy()
    then = np.log(100 * gone[NUTRIENTS].div(gone["grams"], axis=0) + least).to_numpy()
    nearest = [content.index[np.abs(now - row).mean(axis=1).argmin()] for row in then]
    recoded = items["code"].replace(dict(zip(gone.index, nearest, strict=True)))
    return day_errors(match(items.assign(code=recoded)), totals)


def ways(weighed: pd.DataFrame) -> pd.Series:
    """Return how each item was coded."""
    named = {"stated_food_code": "directly", "crosswalk": "by the crosswalk", "text": "by its text, flagged"}
    named["alias"] = named["text"]
    return weighed["match_method"].map(named).fillna("not at all")


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
        for name in ("directly", "by the crosswalk", "by its text, flagged", "not at all")
    ]
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
            f"| median error of a day's total % | {' | '.join(NAMES)} |",
            "|---" * (len(NAMES) + 1) + "|",
            _row("all items, against the recall's own totals", error),
            _row("floor: the items coded directly, against their own sums", floor),
            _row(f"{ALLOWED} x floor", ALLOWED * floor),
            _row("least: each code gone is the food nearest in these six, whatever it is", least_error(items, totals)),
            "",
        ]
    )


def _row(name: str, values: pd.Series) -> str:
    return f"| {name} | " + " | ".join(f"{values[nutrient]:.2f}" for nutrient in NUTRIENTS) + " |"


def older_codes() -> str:
    """Return how far the text of a code gone leads to the food the crosswalk names: the way of still older codes."""
    foods = load_foods()
    index, weights = load_index(foods), load_weights()
    known = {code: row for code, row in load_crosswalk().items() if row.food_code and row.sure != "low"}
    same: dict[str, list[bool]] = {"in their group": [], "by the text alone": []}
    alike: dict[str, list[bool]] = {way: [] for way in same}
    for code, row in known.items():
        rankings = {
            "in their group": rank_by_code(row.old_description, code, index, weights),
            "by the text alone": rank(in_our_words(row.old_description), index, weights),
        }
        for way, ranking in rankings.items():
            pair = [index.row_of_code[row.food_code or 0], -1 if ranking is None else int(ranking.foods[0])]
            same[way].append(pair[0] == pair[1])
            alike[way].append(ranking is not None and bool(index.alike(np.array(pair))[0, 1]))
    rows = [f"| {way} | {100 * np.mean(same[way]):.1f} | {100 * np.mean(alike[way]):.1f} |" for way in same]
    return "\n".join(
        [
            "## Codes of editions older than the crosswalk\n",
            f"As if they were older: {len(known):,} codes the crosswalk is sure of (high or medium), matched by their",
            "description, among the foods whose codes begin alike or among all.\n",
            "| matched | the crosswalk's food % | alike in energy, Mg, K and Ca % |\n|---|---|---|",
            *rows,
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
            older_codes(),
        ]
    )
    REPORT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
