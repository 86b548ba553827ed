"""What another release of food data changes in the report of a diary: means, readings, and which lines did it.

Two analyses of the same diary with the same options are compared: nothing is read and nothing is worked out again. The
difference of a mean is that of its lines, added up and divided by the days; each line says why it differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.nutrients import written_unit
from nutridiary.tables import FLAG, NUMBER, TEXT, WHOLE, Column, Table, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

VALUES, WEIGHT, FOOD, COUNTED, LEFT_OUT, LABEL = (
    "values of its record",
    "its weight",
    "another food",
    "counted now",
    "left out now",
    "its label",
)
"""Why the contribution of a line is another."""

_PERSON = Column("person_id", TEXT, "as in entries")
_NUTRIENT = Column("nutrient", TEXT, "name as in nutrients.csv")
_UNIT = Column("unit", TEXT, "the nutrient's one unit, per day")
_LINE = (
    Column("source", TEXT, "as in entries"),
    Column("line", WHOLE, "as in entries"),
    Column("part", WHOLE, "as in entries"),
)

READING_CHANGES = Table(
    "reading_changes",
    "person x nutrient",
    ("person_id", "nutrient"),
    (
        _PERSON,
        _NUTRIENT,
        Column("label", TEXT, "the nutrient's name for a reader"),
        _UNIT,
        Column("before", NUMBER, "mean intake with the first release", "unit/d"),
        Column("after", NUMBER, "mean intake with the second", "unit/d"),
        Column("difference", NUMBER, "after less before; missing where either is", "unit/d"),
        Column("percent", NUMBER, "the difference, of before", "%"),
        Column("verdict_before", TEXT, "one of nutridiary.comparison.VERDICTS"),
        Column("verdict_after", TEXT, "one of nutridiary.comparison.VERDICTS"),
        Column("confidence_before", TEXT, "one of nutridiary.usual_intake.VERDICTS; missing where there is none"),
        Column("confidence_after", TEXT, "one of nutridiary.usual_intake.VERDICTS; missing where there is none"),
        Column("flips", FLAG, "either verdict is another"),
        Column("reading_before", TEXT, "the reading with the first release"),
        Column("reading_after", TEXT, "the reading with the second"),
        Column("because", TEXT, "the foods that moved the mean most, with how much"),
    ),
)

CHANGE_CAUSES = Table(
    "change_causes",
    "person x nutrient x food before and after x why",
    ("person_id", "nutrient", "food_before", "food_after", "why"),
    (
        _PERSON,
        _NUTRIENT,
        Column("food_before", TEXT, "the food its lines were, with the first release; the text where there is none"),
        Column("food_after", TEXT, "the food they are with the second"),
        Column("why", TEXT, "values of its record, its weight, another food, counted now, left out now, its label"),
        Column("lines", WHOLE, "lines of the diary"),
        Column("difference", NUMBER, "what they add to the mean, or take from it", "unit/d"),
        _UNIT,
    ),
)

LINE_CHANGES = Table(
    "line_changes",
    "line of the diary whose food, weight or counting is another",
    ("source", "line", "part"),
    (
        *_LINE,
        Column("food_text", TEXT, "the food as written"),
        Column("food_before", TEXT, "the food found with the first release"),
        Column("food_after", TEXT, "the food found with the second"),
        Column("fdc_id_before", WHOLE, "its record"),
        Column("fdc_id_after", WHOLE, "its record"),
        Column("grams_before", NUMBER, "weight", "g"),
        Column("grams_after", NUMBER, "weight", "g"),
        Column("problem_before", TEXT, "why it was left out"),
        Column("problem_after", TEXT, "why it is left out"),
        Column("change", TEXT, "another food, its weight, counted now, left out now"),
    ),
)

_KEY = ["source", "line", "part"]
_NAMED = 3  # foods named as the cause of a change
_NO_PART = -1
_SAME = 1e-9  # relative: what is less is the noise of adding up


@dataclass(frozen=True)
class ReadingChanges:
    """What another release changes in a report.

    Attributes
    ----------
    readings, causes, lines : pandas.DataFrame
        `READING_CHANGES`, `CHANGE_CAUSES` (those that move a mean most first), `LINE_CHANGES`.
    """

    readings: pd.DataFrame
    causes: pd.DataFrame
    lines: pd.DataFrame

    @property
    def flips(self) -> pd.DataFrame:
        """The readings that are others."""
        return self.readings[self.readings["flips"]].reset_index(drop=True)


def reading_changes(before: Analysis, after: Analysis) -> ReadingChanges:
    """Compare two analyses of one diary.

    Parameters
    ----------
    before, after : Analysis
        Of the same files, people and options, with the foods of different releases.

    Returns
    -------
    ReadingChanges
    """
    same = _same_foods(before, after)
    causes = _causes(before, after, same)
    return ReadingChanges(_readings(before, after, causes), causes, _lines(before, after, same))


def _same_foods(before: Analysis, after: Analysis) -> dict[int, int]:
    """Return the record that each food eaten before has after, where it is another."""
    eaten = [int(fdc_id) for fdc_id in before.entries["fdc_id"].dropna().unique() if fdc_id > 0]
    if after.foods is None:
        return {}
    replaced = after.foods.successors(eaten)
    if before.foods is None:
        return replaced
    # Back to an older release: it does not know what took the place of its records.
    eaten_after = [int(fdc_id) for fdc_id in after.entries["fdc_id"].dropna().unique() if fdc_id > 0]
    return {new: old for old, new in before.foods.successors(eaten_after).items()} | replaced


def _paired_lines(before: Analysis, after: Analysis, same: dict[int, int]) -> pd.DataFrame:
    """Return the lines of either analysis with what they were and are, and why they differ; NaN where they do not."""
    import pandas as pd

    columns = ["food_text", "food_description", "fdc_id", "gram_weight", "problem", "kind"]
    was, now = (
        analysis.entries[[*_KEY, *columns]].assign(part=analysis.entries["part"].fillna(_NO_PART))
        for analysis in (before, after)
    )
    lines = was.merge(now, on=_KEY, how="outer", suffixes=("_before", "_after"), validate="one_to_one")
    current = lines["fdc_id_before"].map(lambda fdc_id: same.get(fdc_id, fdc_id), na_action="ignore").astype("Int64")
    counts_before, counts_after = (
        lines[f"problem_{when}"].isna() & lines[f"kind_{when}"].notna() for when in ("before", "after")
    )
    other_food = current.fillna(0) != lines["fdc_id_after"].fillna(0)
    grams_before, grams_after = lines["gram_weight_before"].fillna(0), lines["gram_weight_after"].fillna(0)
    why = pd.Series(pd.NA, index=lines.index, dtype="str")
    why = why.mask((grams_before - grams_after).abs() > _SAME * grams_before, WEIGHT).mask(other_food, FOOD)
    why = why.mask(counts_after & ~counts_before, COUNTED).mask(counts_before & ~counts_after, LEFT_OUT)
    return lines.assign(why=why, food_text=lines["food_text_before"].fillna(lines["food_text_after"]))


def _lines(before: Analysis, after: Analysis, same: dict[int, int]) -> pd.DataFrame:
    lines = _paired_lines(before, after, same)
    changed = lines[lines["why"].notna()]
    return conform(
        changed.assign(
            part=changed["part"].where(changed["part"] != _NO_PART),
            food_before=changed["food_description_before"],
            food_after=changed["food_description_after"],
            grams_before=changed["gram_weight_before"],
            grams_after=changed["gram_weight_after"],
            change=changed["why"],
        )[LINE_CHANGES.names],
        LINE_CHANGES,
    )


def _causes(before: Analysis, after: Analysis, same: dict[int, int]) -> pd.DataFrame:
    """Return what moved each mean, food by food."""
    moved = _moved(before, after)
    lines = _paired_lines(before, after, same)[
        [*_KEY, "food_text", "food_description_before", "food_description_after", "why"]
    ]
    moved = moved.merge(lines, on=_KEY, how="left", validate="many_to_one")
    supplement = moved["source_kind"] == "supplement"
    moved = moved.assign(
        why=moved["why"].fillna(VALUES).mask(supplement & moved["why"].isna(), LABEL),
        food_before=moved["food_description_before"].fillna(moved["food_text"]),
        food_after=moved["food_description_after"].fillna(moved["food_text"]),
    )
    by = ["person_id", "nutrient", "unit", "food_before", "food_after", "why"]
    causes = moved.groupby(by, dropna=False, sort=False).agg(difference=("difference", "sum"), lines=("line", "size"))
    causes = causes.reset_index().assign(size=lambda table: table["difference"].abs())
    ordered = causes.sort_values(["person_id", "nutrient", "size"], ascending=[True, True, False], kind="stable")
    return conform(ordered[CHANGE_CAUSES.names], CHANGE_CAUSES)


def _moved(before: Analysis, after: Analysis) -> pd.DataFrame:
    """Return the lines that give another amount of a nutrient, with what that makes of the mean. [unit/d]

    A value that is not known adds nothing to a mean, so it counts as nothing here, too.
    """
    keys = [*_KEY, "person_id", "nutrient", "source_kind", "unit"]
    was, now = (_per_day(analysis, keys) for analysis in (before, after))
    both = was.merge(now, on=keys, how="outer", suffixes=("_before", "_after"), validate="one_to_one")
    amounts = both[["amount_before", "amount_after"]].fillna(0.0)
    difference = amounts["amount_after"] - amounts["amount_before"]
    changed = difference.abs() > _SAME * amounts.abs().max(axis=1)
    return both.assign(difference=difference)[changed]


def _per_day(analysis: Analysis, keys: list[str]) -> pd.DataFrame:
    """Return what each line gives to the means of the report: of the days that count, by their number. [unit/d]"""
    days = analysis.comparison[["person_id", "nutrient", "days"]].drop_duplicates(["person_id", "nutrient"])
    counted = analysis.days[["person_id", "date"]].drop_duplicates()
    intakes = analysis.intakes.merge(counted, on=["person_id", "date"], validate="many_to_one")
    intakes = intakes.merge(days, on=["person_id", "nutrient"], validate="many_to_one")
    intakes = intakes.assign(part=intakes["part"].fillna(_NO_PART), amount=intakes["amount"] / intakes["days"])
    return intakes[[*keys, "amount"]]


def _readings(before: Analysis, after: Analysis, causes: pd.DataFrame) -> pd.DataFrame:
    keys = ["person_id", "nutrient"]
    was, now = (_said(analysis) for analysis in (before, after))
    both = was.merge(now, on=keys, how="outer", suffixes=("_before", "_after"), validate="one_to_one", sort=False)
    difference = both["mean_intake_after"] - both["mean_intake_before"]
    flips = _other(both, "verdict") | _other(both, "confidence")
    because = {key: _in_words(own) for key, own in causes.groupby(keys, dropna=False, sort=False)}
    named = [because.get(key, "") for key in both[keys].itertuples(index=False, name=None)]
    return conform(
        both.assign(
            label=both["label_before"].fillna(both["label_after"]),
            unit=both["unit_before"].fillna(both["unit_after"]),
            before=both["mean_intake_before"],
            after=both["mean_intake_after"],
            difference=difference,
            percent=100 * difference / both["mean_intake_before"].where(both["mean_intake_before"] > 0),
            flips=flips,
            because=named,
        )[READING_CHANGES.names],
        READING_CHANGES,
    )


def _said(analysis: Analysis) -> pd.DataFrame:
    """Return what an analysis says of each mean: that of the comparison, that of the confidence."""
    rows = analysis.comparison.drop_duplicates(["person_id", "nutrient"])  # the first of several editions is ours
    confidence = analysis.confidence[["person_id", "nutrient", "verdict"]].rename(columns={"verdict": "confidence"})
    rows = rows[["person_id", "nutrient", "label", "unit", "mean_intake", "verdict", "reading"]]
    return rows.merge(confidence, on=["person_id", "nutrient"], how="left", validate="one_to_one")


def _other(both: pd.DataFrame, name: str) -> pd.Series:
    return both[f"{name}_before"].fillna("") != both[f"{name}_after"].fillna("")


def _in_words(causes: pd.DataFrame) -> str:
    """Return the foods that moved one mean most: "Banana, raw (values of its record) +3.2 mg; and 2 more"."""
    named = []
    for row in causes.head(_NAMED).to_dict("records"):
        food = f"{row['food_before']} -> {row['food_after']}" if row["why"] == FOOD else str(row["food_after"])
        named.append(f"{food} ({row['why']}) {row['difference']:+.3g} {written_unit(row['unit'])}")
    return "; ".join([*named, *([f"and {len(causes) - _NAMED} more"] if len(causes) > _NAMED else [])])
