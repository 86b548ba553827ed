"""How well bounds hold lines that are left out: ``python bench/line_bounds.py [FOLDER]``.

Lines of whole recalls of What We Eat in America, NHANES 2021-2023 (``../shared/nhanes``, not part of the project) are
left out at random, as lines of diaries are: without a weight, without a food, without either, and whole eating
occasions as one line nobody can read. Each is bounded as the product bounds it, with figures of 2017-2018 alone, so
that nobody's own meal is among them. The true totals are known, so that it can be seen whether the bounds hold them, of
days and of seven days, how wide they are, and what a reading makes of them.

Prints the tables and writes them to ``docs/line_bounds_bench.md``.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import bounds  # noqa: E402
import build_line_bounds as figures  # noqa: E402
import nhanes  # noqa: E402
from nutridiary.foods import load_foods  # noqa: E402
from nutridiary.intake import left_out, left_out_bounds  # noqa: E402
from nutridiary.nutrients import nutrient_label  # noqa: E402
from nutridiary.references import Person  # noqa: E402
from nutridiary.tables import WEIGHED, conform  # noqa: E402

REPORT = ROOT / "docs" / "line_bounds_bench.md"
NUTRIENTS = bounds.NUTRIENTS
RATES = (0.01, 0.02, 0.05)
SHARES = (90.0, 95.0, 97.5)
PEOPLE = WEEKS = 2500
DAYS = 7
GROUP_EDGES = (1, 4, 9, 14, 19, 31, 51, 71, 120)  # [years] whose days make a week together
WAYS = {
    "without a weight": {"fdc_id": True},
    "without a food": {"grams": True},
    "without a food, energy stated": {"grams": True, "energy": True},
    "one food, nothing else": {},
    "one food, energy stated": {"energy": True},
    "eating occasions": {"meal": True},
    "eating occasions, energy stated": {"meal": True, "energy": True},
}
LINES = ("without a weight", "without a food", "one food, nothing else")
MIXED = "lines of each kind, one in ten a whole occasion"


@dataclass(frozen=True)
class Recalls:
    """Lines of recalls: whose each is, what it holds (lines x `NUTRIENTS`), who they are, and days to make weeks of."""

    lines: pd.DataFrame
    held: np.ndarray
    day: np.ndarray
    occasion: np.ndarray
    people: pd.DataFrame
    weeks: np.ndarray

    def totals(self, lines: np.ndarray) -> np.ndarray:
        """Return days x `NUTRIENTS`, the sums of lines x `NUTRIENTS`."""
        return _sums(lines, self.day, len(self.people))


def _sums(rows: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    return np.column_stack([np.bincount(group, weights=column, minlength=groups) for column in rows.T])


def read_recalls(folder: Path) -> Recalls:
    """Return the first days of some people from one year of age, plain water among their lines."""
    suffix = figures.load_nutrients()["nhanes_suffix"]
    nutrients = [*NUTRIENTS, "energy"]
    names = {"SEQN": "SEQN", "DR1DRSTZ": "status", "DRABF": "breast_fed", "DR1_020": "time", "DR1_030Z": "occasion"}
    names |= {"DR1IFDCD": "food_code", "DR1IGRMS": "grams", **{f"DR1I{suffix[name]}": name for name in nutrients}}
    lines = pd.read_csv(folder / "DR1IFF_L.csv.xz", usecols=list(names)).rename(columns=names)
    who = pd.read_csv(folder / "DEMO_L.csv.xz", usecols=["SEQN", "RIAGENDR", "RIDAGEYR"])
    who = who[who["RIDAGEYR"] >= 1]
    usable = (lines["status"] == 1) & (lines["breast_fed"] != 1) & (lines["grams"] > 0)
    lines = lines[usable & lines["SEQN"].isin(who["SEQN"])]
    random = np.random.default_rng(1)
    chosen = random.permutation(lines["SEQN"].unique())[:PEOPLE]
    lines = lines[lines["SEQN"].isin(chosen)].reset_index(drop=True)
    people = who[who["SEQN"].isin(chosen)].sort_values("SEQN").reset_index(drop=True)
    group = 100 * people["RIAGENDR"] + np.digitize(people["RIDAGEYR"], GROUP_EDGES)
    members = {name: rows.to_numpy() for name, rows in people.groupby(group).groups.items()}
    first = random.integers(0, len(people), WEEKS)
    weeks = [[number, *random.choice(members[group[number]], DAYS - 1)] for number in first]
    return Recalls(
        lines=lines,
        held=lines[NUTRIENTS].to_numpy(dtype="float64"),
        day=np.searchsorted(people["SEQN"], lines["SEQN"]),
        occasion=lines.groupby(["SEQN", "time", "occasion"]).ngroup().to_numpy(),
        people=people,
        weeks=np.array(weeks),
    )


def bound_of(recalls: Recalls, way: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the estimate and upper bound of every line, left out this `way`: lines x `NUTRIENTS`."""
    told = WAYS[way]
    lines = recalls.lines
    if told.get("meal"):
        groups = lines.groupby(recalls.occasion)
        lines = groups[["energy"]].sum().reset_index(drop=True)
    foods = load_foods(release="embedded")
    every = foods.foods().dropna(subset="food_code").drop_duplicates("food_code").set_index("food_code")["fdc_id"]
    entries = pd.DataFrame({"source": "recalls", "line": np.arange(len(lines)), "kind": "food", "problem": "left out"})
    entries = entries.assign(single_food=not told.get("meal", False), food_text="unread")
    if told.get("fdc_id"):
        entries["fdc_id"] = lines["food_code"].map(every)
    if told.get("grams"):
        entries = entries.assign(amount=lines["grams"], unit="g")
    if told.get("energy"):
        entries["recorded_energy"] = lines["energy"]
    found = left_out_bounds(conform(entries, WEIGHED), foods, NUTRIENTS)
    shape = (len(lines), len(NUTRIENTS))
    return found["estimate"].to_numpy().reshape(shape), found["high"].to_numpy().reshape(shape)


def leave_out(recalls: Recalls, bound: dict[str, tuple[np.ndarray, np.ndarray]], way: str, rate: float) -> Totals:
    """Leave lines out at random, or whole occasions, and return the totals of days."""
    random = np.random.default_rng(round(1000 * rate))
    lines, occasions = len(recalls.day), recalls.occasion.max() + 1
    is_water = (recalls.lines["food_code"] // 1_000_000 == 94).to_numpy()
    lost, likely, high, count = np.zeros(lines, bool), 0.0, 0.0, np.zeros(len(recalls.people))
    kinds = LINES if way == MIXED else () if WAYS[way].get("meal") else (way,)
    meals = "eating occasions" if way == MIXED else way
    if way == MIXED or not kinds:
        out = random.random(occasions) < (rate / 10 if way == MIXED else rate)
        lost |= out[recalls.occasion]
        first = np.unique(recalls.occasion, return_index=True)[1][out]
        day = recalls.day[first]
        likely, high = (_sums(part[out], day, len(recalls.people)) for part in bound[meals])
        count += np.bincount(day, minlength=len(recalls.people))
    if kinds:
        out = (random.random(lines) < (rate * 0.9 if way == MIXED else rate)) & ~is_water & ~lost
        kind = random.integers(0, len(kinds), lines)
        for number, name in enumerate(kinds):
            rows = np.flatnonzero(out & (kind == number))
            likely, high = (
                total + _sums(part[rows], recalls.day[rows], len(recalls.people))
                for total, part in zip((likely, high), bound[name], strict=True)
            )
        count += np.bincount(recalls.day[out], minlength=len(recalls.people))
        lost |= out
    low = recalls.totals(np.where(lost[:, np.newaxis], 0.0, recalls.held))
    return Totals(recalls.totals(recalls.held), low, low + likely, low + high, count)


@dataclass(frozen=True)
class Totals:
    """What days, or means of days, hold (x `NUTRIENTS`), with their bounds and the number of lines left out."""

    true: np.ndarray
    low: np.ndarray
    estimate: np.ndarray
    high: np.ndarray
    lost: np.ndarray

    def means(self, weeks: np.ndarray) -> Totals:
        """Return the means of the days of each week."""
        parts = (part[weeks].mean(axis=1) for part in (self.true, self.low, self.estimate, self.high))
        return Totals(*parts, self.lost[weeks].sum(axis=1))

    def of(self, rows: np.ndarray) -> Totals:
        """Return some of them."""
        return Totals(*(part[rows] for part in (self.true, self.low, self.estimate, self.high, self.lost)))

    @property
    def held(self) -> np.ndarray:
        """Whether the true total is not above the upper bound. It is never below the lower one."""
        return np.asarray(self.true <= self.high * (1 + 1e-9))

    @property
    def width(self) -> np.ndarray:
        """Of the bounds, in percent of the true total. [%]"""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.true > 0, 100 * (self.high - self.low) / self.true, np.nan)

    def rows(self) -> pd.DataFrame:
        """Return a row a total and nutrient, as `bounds.readings` takes them."""
        size = len(self.lost)
        return pd.DataFrame(
            {
                "person_id": np.repeat(np.arange(size).astype("str"), len(NUTRIENTS)),
                "nutrient": np.tile(NUTRIENTS, size),
                "true": self.true.ravel(),
                "low": self.low.ravel(),
                "high": self.high.ravel(),
                "lost": np.repeat(self.lost, len(NUTRIENTS)),
            }
        )


def described(totals: Totals) -> list[str]:
    """Return cells: held of all, of those with a line left out, the least of a nutrient, and the median width. [%]"""
    gap = totals.of(totals.lost > 0)
    by_nutrient = 100 * gap.held.mean(axis=0)
    least = f"{by_nutrient.min():.1f} ({nutrient_label(NUTRIENTS[int(by_nutrient.argmin())])})"
    return [f"{100 * totals.held.mean():.1f}", f"{by_nutrient.mean():.1f}", least, f"{np.nanmedian(gap.width):.0f}"]


def people_of(rows: pd.DataFrame) -> dict[str, Person]:
    """Return the person of each row, numbered from 0."""
    pairs = zip(rows["RIAGENDR"], rows["RIDAGEYR"], strict=True)
    return {
        str(number): Person(sex="male" if sex == 1 else "female", age_years=float(age))
        for number, (sex, age) in enumerate(pairs)
    }


def read_figures(folder: Path, share: float) -> None:
    """Make the product bound by figures of 2017-2018, their upper ones being the percentile `share`."""
    names = [*NUTRIENTS, "energy"]
    made = figures.line_bounds(
        figures.read_reports(folder, names, ("J",)), names, load_foods(release="embedded"), share
    )
    cells = made.astype({"median": "float64", "high": "float64"}).itertuples(index=False, name=None)
    found = {key[:3]: left_out.LineBound(*key[3:]) for key in cells}
    left_out.load_line_bounds = lambda: found


def main(folder: Path) -> None:
    """Measure, and write the tables."""
    began = time.process_time()
    recalls = read_recalls(folder)
    compared = []
    for share in (*(share for share in SHARES if share != figures.HIGH), figures.HIGH):
        read_figures(folder, share)
        bound = {way: bound_of(recalls, way) for way in WAYS}
        for way in ("without a food", "one food, nothing else", "eating occasions"):
            days = leave_out(recalls, bound, way, 0.02)
            compared.append([f"{way}: {share:g}th", *described(days), *described(days.means(recalls.weeks))])
    held, decided = [], []
    who = people_of(recalls.people)
    of_weeks = people_of(recalls.people.iloc[recalls.weeks[:, 0]])
    men = ((recalls.people["RIAGENDR"] == 1) & (recalls.people["RIDAGEYR"] >= 19)).to_numpy()
    for way in (*WAYS, MIXED):
        for rate in RATES:
            days = leave_out(recalls, bound, way, rate)
            weeks = days.means(recalls.weeks)
            of_men = described(days.of(men))[1]
            held.append([f"{way}, {100 * rate:g} %", *described(days), of_men, *described(weeks)])
            if way == MIXED:
                for name, totals, people in (("days", days, who), ("means of seven days", weeks, of_weeks)):
                    found = bounds.readings(totals.rows(), people)
                    figures_of = [f"{found['before']:.1f}", f"{found['after']:.1f}", f"{found['wrong']:.2f}"]
                    gap = totals.of(totals.lost > 0)
                    short = [
                        f"{(100 * (1 - part.sum(axis=0) / gap.true.sum(axis=0))).mean():.1f}"
                        for part in (gap.low, gap.estimate)
                    ]
                    decided.append([f"{name}, {100 * rate:g} % left out", f"{len(gap.lost):,}", *figures_of, *short])
    four = ["all [%]", "with a line left out [%]", "least of a nutrient [%]", "width [%]"]
    of_days, of_weeks_too = ([f"{name}: {title}" for title in four] for name in ("days", "weeks"))
    text = WORDS.format(
        days=f"{len(recalls.people):,}",
        weeks=f"{len(recalls.weeks):,}",
        nutrients=len(NUTRIENTS),
        held=bounds.table(["left out", *of_days, "of these, men over 18 [%]", *of_weeks_too], held),
        compared=bounds.table(["left out: percentile", *of_days, *of_weeks_too], compared),
        decided=bounds.table(
            ["", "with a line left out", "decided without bounds [%]", "decided with bounds [%]", "of these wrong [%]",
             "known: below the truth [%]", "estimate: below [%]"],
            decided,
        ),
    )  # fmt: skip
    print(text)
    print(f"{time.process_time() - began:.1f} s CPU")
    REPORT.write_text(text, encoding="utf-8")


WORDS = """# How well bounds hold lines that are left out

Written by `python bench/line_bounds.py`. {days} recalls of one day (What We Eat in America, NHANES 2021-2023, people
from one year of age), {nutrients} nutrients. Lines are left out at random, plain water never; each is bounded by what
is known of it, with figures of 2017-2018 alone (how much of a food people report at a time is that of both surveys).
A week is seven recalls of people of the same sex and age, {weeks} in all: one person's days are more alike.

## Held
Share of totals that lie between the bounds [%], of all and of those with a line left out, of these of the nutrient
least often held; and the median width of the bounds of the latter [% of the true total]. The lower bound holds
always.

{held}
Bounds are those of people from 12 years of age together: men eat more at a time, and of their days with a line left out
a few in a hundred more are above the bound. A weight that is not known is bounded by the amounts people of all ages
report of the food.

## Other percentiles
With 2 % of the lines, or of the occasions, left out, and other percentiles of `data/line_bounds.csv`.

{compared}
The 95th percentile holds 95 % of the days and of the means of seven days, whichever lines are left out. The 90th holds
fewer of the means of seven days; the 97.5th needs bounds a third to a half wider.

## Readings
Lines of each kind, one in ten of them a whole occasion. Of totals with a line left out, all nutrients together: how
many get a verdict other than `not_decidable` without and with bounds, and how many of these are not what the true
total gets; and by how much the totals together fall short of the true ones, as known and with the estimate.

{decided}
## One food, or a meal?
A line of which nothing is known is taken for an eating occasion, unless it is evidently one food: a row of an app or a
recall, a part of a line, or a line with an amount and no word or sign that joins foods. Of the 142 lines of several
foods in `tests/data/lines_of_several.csv` none is without such a joint.
"""


if __name__ == "__main__":
    survey_folder = Path(sys.argv[1]) if len(sys.argv) > 1 else nhanes.SURVEY
    if not survey_folder.is_dir():
        sys.exit(f"{survey_folder}: not found. Name the folder of the survey's files.")
    main(survey_folder)
