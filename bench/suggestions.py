"""Whether suggestions close gaps, and keep every limit and wish, on the two recalls of people in NHANES 2021-2023.

People of 5 years and more with two reliable recalls, drawn once; what is stated of each is sex and age. Each gets
suggestions with one list of wishes, in turn. Every limit is checked again with arithmetic of its own, from the
composition of the foods; every wish against the labels of ``tests/data/food_labels.csv``.
Prints the tables and writes them to ``docs/suggestions_bench.md``; the draw is the same every time.

    python bench/suggestions.py [FOLDER]

FOLDER holds the survey's files (``DR1IFF_L.csv.xz`` ...); by default ``../shared/nhanes`` beside the checkout.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median

import pandas as pd

from nutridiary.foods import FoodData, load_foods
from nutridiary.intake import daily_intakes, nutrient_intakes
from nutridiary.nutrients import core_nutrients, panel_nutrients
from nutridiary.plausibility import plausibility
from nutridiary.references import Person, reference_values
from nutridiary.suggestions import Wishes, limit_nutrients, suggest
from nutridiary.suggestions.aims import ALREADY_ABOVE, ENERGY_ALLOWANCE, LOW_SODIUM, SODIUM_ABOVE
from nutridiary.tables import WEIGHED, conform

ROOT = Path(__file__).resolve().parents[1]
SURVEY = ROOT.parent / "shared" / "nhanes"
PEOPLE, SEED, YOUNGEST = 200, 20260301, 5
WISHES = (
    ("none", Wishes(), set()),
    ("vegan", Wishes(diets=("vegan",)), {"meat", "fish", "crustaceans", "molluscs", "milk", "eggs"}),
    ("milk, tree nuts", Wishes(allergies=("milk", "tree nuts")), {"milk", "tree_nuts"}),
    ("vegetarian, gluten", Wishes(("vegetarian",), ("gluten",)), {"meat", "fish", "crustaceans", "molluscs", "wheat"}),
    ("fish, soy, peanuts", Wishes(allergies=("fish", "soy", "peanuts")), {"fish", "soy", "peanuts"}),
)
PARTS = {"preformed_retinol": "retinol", "folic_acid_supplements_and_fortification": "folic_acid"}


def survey_lines(folder: Path, foods: FoodData) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lines of the people drawn, as `tables.WEIGHED`, and who they are."""
    demographics = pd.read_csv(folder / "DEMO_L.csv.xz", usecols=["SEQN", "RIAGENDR", "RIDAGEYR"]).set_index("SEQN")
    days = []
    for day in (1, 2):
        columns = {f"DR{day}IFDCD": "food_code", f"DR{day}IGRMS": "gram_weight", f"DR{day}DRSTZ": "reliable"}
        lines = pd.read_csv(folder / f"DR{day}IFF_L.csv.xz", usecols=["SEQN", *columns]).rename(columns=columns)
        date = pd.Timestamp("2022-01-03") + pd.Timedelta(days=day)
        days.append(lines[lines["reliable"] == 1].assign(date=date))
    both = set(days[0]["SEQN"]) & set(days[1]["SEQN"])
    able = demographics[(demographics["RIDAGEYR"] >= YOUNGEST) & demographics.index.isin(both)]
    drawn = able.sample(PEOPLE, random_state=SEED).sort_index()
    lines = pd.concat(days)
    lines = lines[lines["SEQN"].isin(drawn.index)].dropna(subset=["food_code", "gram_weight"])
    known = foods.with_codes(lines["food_code"].astype("int64").unique())
    known = known[["food_code", "fdc_id", "description"]].astype({"food_code": "int64"})
    lines = lines.astype({"food_code": "int64"}).merge(known, on="food_code", validate="many_to_one")
    table = lines.assign(
        source="recall",
        line=range(1, len(lines) + 1),
        person_id=lines["SEQN"].astype("int64").astype("str"),
        food_text=lines["description"],
        food_description=lines["description"],
        kind="food",
        gram_low=lines["gram_weight"],
        gram_high=lines["gram_weight"],
    )
    return conform(table.drop(columns=["SEQN", "reliable", "description"]), WEIGHED), drawn


def labels() -> dict[int, set[str]]:
    """Return what each labelled food holds."""
    with (ROOT / "tests" / "data" / "food_labels.csv").open(encoding="utf-8", newline="") as lines:
        return {int(row["fdc_id"]): set(row["contains"].split()) for row in csv.DictReader(lines)}


def violations(found: pd.DataFrame, means: pd.Series, person: Person, foods: FoodData) -> list[str]:
    """Return the limits that one person's suggestions pass, by arithmetic of this script alone."""
    grams = (found["portion_grams"] * found["portions"] / found["per_days"]).to_numpy(dtype=float)
    figures = reference_values(person)
    passed = []
    for row in figures[figures["kind"].isin(["UL", "CDRR"]) & figures["amount"].notna()].itertuples():
        whole = row.applies_to == "total_intake" or row.kind == "CDRR"
        name = row.nutrient if whole else PARTS.get(row.applies_to)
        if name is None or name not in means or means[name] != means[name]:
            continue
        added = float(grams @ foods.composition(found["fdc_id"], [name])[name].to_numpy() / 100)
        share_above = SODIUM_ABOVE if row.kind == "CDRR" else ALREADY_ABOVE
        room = row.amount - means[name] if means[name] < row.amount else share_above * row.amount
        if added > room * (1 + 1e-6) + 1e-9:
            passed.append(f"{row.kind} of {name}")
        held = foods.composition(found["fdc_id"], ["sodium"])["sodium"].to_numpy() / 100
        if row.kind == "CDRR" and means[name] >= row.amount:
            portions = held * found["portion_grams"].to_numpy(dtype=float)
            passed += ["low sodium"] * int((portions > LOW_SODIUM).sum())
    energy = float(grams @ foods.composition(found["fdc_id"], ["energy"])["energy"].to_numpy() / 100)
    if energy > means["energy"] * ENERGY_ALLOWANCE * (1 + 1e-6):
        passed.append("energy")
    return passed


def _sodium(given: pd.DataFrame, foods: FoodData) -> float:
    """Return the sodium that suggestions add to a day [mg]."""
    grams = (given["portion_grams"] * given["portions"] / given["per_days"]).to_numpy(dtype=float)
    return float(grams @ foods.composition(given["fdc_id"], ["sodium"])["sodium"].to_numpy() / 100)


def main(folder: Path) -> str:
    """Return the page."""
    foods, holds = load_foods(release="embedded"), labels()
    weighed, drawn = survey_lines(folder, foods)
    nutrients, core = panel_nutrients(), set(core_nutrients())
    needed = list(dict.fromkeys([*nutrients, *limit_nutrients()]))
    intakes = nutrient_intakes(weighed, foods, needed)
    totals = daily_intakes(intakes, weighed, needed)
    rows = []
    for number, (seqn, who) in enumerate(drawn.iterrows()):
        name = str(int(seqn))
        person = Person("male" if who["RIAGENDR"] == 1 else "female", float(who["RIDAGEYR"]))
        called, wishes, forbidden = WISHES[number % len(WISHES)]
        own = [table[table["person_id"] == name].reset_index(drop=True) for table in (totals, intakes, weighed)]
        energy = plausibility(own[0][own[0]["nutrient"] == "energy"], {name: person})
        began = time.process_time()
        found, effects = suggest(*own, {name: person}, foods, wishes, plausibility=energy, nutrients=nutrients)
        seconds = time.process_time() - began
        given = found[found["fdc_id"].notna()]
        aimed = effects[effects["aimed_at"]]
        means = own[0].groupby("nutrient")["amount"].mean()
        rows.append(
            {
                "wishes": called,
                "seconds": seconds,
                "foods": len(given),
                "gaps": len(aimed),
                "core_gaps": int(aimed["nutrient"].isin(core).sum()),
                "closed": int((aimed["percent_with_suggestions"] >= 100 - 1e-9).sum()),
                "rise": aimed.loc[aimed["nutrient"].isin(core), ["percent", "percent_with_suggestions"]]
                .diff(axis=1)
                .iloc[:, -1]
                .mean(),
                "above_cdrr": bool(means["sodium"] >= 2300),
                "sodium": _sodium(given, foods),
                "groups": list(given["food_group"]),
                "reason": found["reading"].iloc[0] if given.empty else "",
                "limits_passed": violations(given, means, person, foods) if len(given) else [],
                "forbidden": [food for food in given["fdc_id"] if holds[int(food)] & forbidden],
            }
        )
    return page(pd.DataFrame(rows))


def page(results: pd.DataFrame) -> str:
    """Return the results as a page."""
    lines = [
        "# Suggestions on two recalls each of people in NHANES",
        "",
        f"Written by `python bench/suggestions.py`: {len(results)} people of {YOUNGEST} years and more with two",
        "reliable recalls of 2021-2023, of whom sex and age are stated. Foods are matched by their food code, so that",
        "nothing here rests on matching. *Gaps* are nutrients of the report's panel whose mean is below the RDA or AI",
        "for certain, of those who get a suggestion; *rise* is of the core nutrients' gaps, in points of the figure.",
        "Limits are checked by arithmetic of the script's own, wishes against the foods labelled by hand.",
        "",
        "| wishes | people | with suggestions | foods, mean | gaps | closed | rise, mean | limits passed "
        "| foods against a wish |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, part in [*results.groupby("wishes", sort=False), ("all", results)]:
        with_any = part[part["foods"] > 0]
        cells = [
            name,
            len(part),
            len(with_any),
            f"{with_any['foods'].mean():.1f}",
            with_any["gaps"].sum(),
            with_any["closed"].sum(),
            f"{with_any['rise'].mean():.0f}",
            part["limits_passed"].map(len).sum(),
            part["forbidden"].map(len).sum(),
        ]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    above, given = results["above_cdrr"], results["foods"] > 0
    salty = results[above & given]
    milk = salty["groups"].map(lambda groups: "milk and dairy" in groups).sum()
    fish = salty["groups"].map(lambda groups: "fish and seafood" in groups).sum()
    reasons = Counter(results.loc[~given, "reason"].str.replace(r"\d+ kcal", "so many kcal", regex=True)).most_common(8)
    seconds = results["seconds"]
    lines += [
        "",
        f"Recorded sodium is 2,300 mg or more for {above.sum()} of {len(results)}; of these {(above & given).sum()}",
        f"get a suggestion, of the others {(~above & given).sum()}. Of these {len(salty)}: {salty['closed'].sum()} of",
        f"{salty['gaps'].sum()} gaps closed, core nutrients raised by {salty['rise'].mean():.0f} points in the mean,",
        f"{milk} with milk and dairy, {fish} with fish; sodium raised by {salty['sodium'].mean():.0f} mg a day in the",
        f"mean, {salty['sodium'].max():.0f} mg at most. Why there is none, where there is none:",
        "",
        *[f"- {count}: {reason}" for reason, count in reasons],
        "",
        f"Processor time for a person: median {median(seconds):.2f} s, 95 % within {seconds.quantile(0.95):.2f} s,",
        f"longest {seconds.max():.2f} s.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    survey = Path(sys.argv[1]) if len(sys.argv) > 1 else SURVEY
    if not survey.is_dir():
        sys.exit(f"{survey}: not there. Give the folder of the survey's files.")
    text = main(survey)
    (ROOT / "docs" / "suggestions_bench.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
