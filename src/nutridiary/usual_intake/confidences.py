"""How sure a few recorded days can make one: a person's usual intake beside the person's own need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nutridiary.comparison.groups import person_key
from nutridiary.tables import COMPARISON, CONFIDENCE, conform
from nutridiary.usual_intake.by_model import figures_by_model
from nutridiary.usual_intake.grounds import BY_DAYS_ALONE, MODEL, PARTLY_RECORDED, WITHHELD, grounds
from nutridiary.usual_intake.individual import (
    MOST_VARIATION,
    adequacy_z,
    confidence_below_ul,
    distance_z,
    requirement_sd,
)
from nutridiary.usual_intake.more_days import further_days
from nutridiary.usual_intake.normal import cumulative
from nutridiary.usual_intake.notes import notes
from nutridiary.usual_intake.posterior import MOST_FURTHER_DAYS
from nutridiary.usual_intake.readings import readings
from nutridiary.usual_intake.records import means_of_days, recorded_days
from nutridiary.usual_intake.verdicts import verdicts
from nutridiary.usual_intake.working import working

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person

MOST_UNKNOWN = 20.0
"""How far what is not known may move a confidence towards its other side for further days to be promised. [points]"""


def confidence(
    days: pd.DataFrame, people: Mapping[str, Person], comparison: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the recorded days say of usual intake, and how that was worked out.

    The confidence is the share, among people of the same sex and age with days like these, whose usual intake meets
    their own need, by the models of usual intake of ``data/usual_intake/models.csv``. Beside it stands that of IOM
    2000, by these days alone. Where there is no model, the latter is the confidence; where that is not valid either,
    it is withheld and the note says why. ``docs/usual_intake.md`` has every rule.

    Parameters
    ----------
    days : pandas.DataFrame
        `tables.DAILY_INTAKES`.
    people : mapping of str to Person
        By ``person_id``; the key "" stands for the person of a diary that names nobody.
    comparison : pandas.DataFrame
        `tables.COMPARISON` of these days; of a nutrient with rows of several editions the first.

    Returns
    -------
    confidence : pandas.DataFrame
        `tables.CONFIDENCE`, a row for each person and nutrient of `comparison`.
    working : pandas.DataFrame
        `tables.WORKING`: every number and formula behind each figure.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.comparison import compare
    >>> from nutridiary.references import Person
    >>> dates = pd.date_range("2025-03-01", periods=3)
    >>> known = {"nutrient": "magnesium", "unit": "mg", "foods": 8, "foods_without_value": 0, "foods_left_out": 0}
    >>> rows = [{"date": date, "amount": 320.0, "low": 320.0, "high": 320.0, **known} for date in dates]
    >>> days, who = pd.DataFrame(rows), {"": Person(sex="female", age_years=34)}
    >>> table, steps = confidence(days, who, compare(days, who, pd.DataFrame()))
    >>> table.loc[0, "method"], round(float(table.loc[0, "z"]), 2)
    ('usual_intake_model', 0.87)
    """
    comparison = conform(comparison, COMPARISON).drop_duplicates(["person_id", "nutrient"], ignore_index=True)
    recorded = recorded_days(days, comparison)
    means = means_of_days(recorded, len(comparison))
    rows = comparison.join(means).join(grounds(comparison, means, people, _last_days(days)))
    figures, needs = figures_by_model(rows, recorded)
    rows = rows.join(figures.add_prefix("model_")).join(_by_days_alone(rows))
    rows = _stated(rows)
    rows["verdict"] = verdicts(rows)
    rows["reading"], rows["note"] = readings(rows), notes(rows)
    table = conform(rows.reindex(columns=CONFIDENCE.names), CONFIDENCE)
    return table, working(rows, recorded, needs)


def _last_days(days: pd.DataFrame) -> dict[str, Any]:
    """Return the last day of each person, by key; the group of that day is the one compared with."""
    last = days.assign(person=[person_key(person_id) for person_id in days["person_id"]] if "person_id" in days else "")
    return {str(key): day for key, day in last.groupby("person")["date"].max().items() if day == day}


def _by_days_alone(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of IOM 2000, NaN where days vary too much for them, on the index of `rows`."""
    import numpy as np
    import pandas as pd

    valid = (rows["cv_within"] <= MOST_VARIATION) & (rows["known_days"] > 0)
    days = rows["known_days"].where(valid)
    sd = rows["sd_within"].where(valid)
    is_ear = rows["kind"] == "EAR"
    need_sd = pd.Series(requirement_sd(rows["figure"], rows["cv"]), rows.index)

    def z_of(mean: pd.Series) -> pd.Series:
        of_ear = adequacy_z(mean, rows["figure"], requirement_cv=rows["cv"], within_person_sd=sd, days=days)
        of_ai = distance_z(mean, rows["figure"], within_person_sd=sd, days=days)
        return pd.Series(np.where(is_ear, of_ear, of_ai), rows.index)

    z = z_of(rows["mean_total"])
    known = z.notna()
    more = further_days(
        rows["mean_total"], rows["figure"], figure_sd=need_sd.where(is_ear, 0.0), within_person_sd=sd, days=days
    )
    # Below an AI no number of days concludes anything.
    never = ~known | (more > MOST_FURTHER_DAYS) | (~is_ear & (z < 0))
    return pd.DataFrame(
        {
            "z": z,
            "need_sd": need_sd,
            "iom_confidence": 100 * cumulative(z),
            "iom_confidence_low": 100 * cumulative(z_of(rows["low"])),
            "iom_confidence_high": 100 * cumulative(z_of(rows["high"])),
            "iom_in_the_end": 100 * cumulative((rows["mean_total"] - rows["figure"]) / need_sd),
            "iom_further_days": pd.Series(more, rows.index).mask(never),
            "iom_below_upper": confidence_below_ul(rows["mean_total"], rows["upper"], within_person_sd=sd, days=days),
        }
    )


def _stated(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the figures that are stated: of the model where there is one, else of IOM 2000."""
    import numpy as np

    by_model, alone = rows["method"] == MODEL, rows["method"] == BY_DAYS_ALONE

    def chosen(name: str) -> pd.Series:
        return rows[f"model_{name}"].where(by_model, rows[f"iom_{name}"].where(alone))

    further, share = chosen("further_days"), chosen("confidence")
    in_the_end = rows["model_in_the_end"].where(by_model, rows["iom_in_the_end"]).fillna(share)
    # What is recorded is only part of what the requirement counts, so nothing bounds it from above.
    part = rows["nutrient"].isin(PARTLY_RECORDED)
    low, high = chosen("confidence_low"), chosen("confidence_high").mask(part)
    # Further days like these would lack as much as these do.
    beside = (share - low).where(in_the_end >= 50, high - share)
    unknown_decides = ~(beside <= MOST_UNKNOWN)
    words = rows["peers"] + ", " + rows["survey"]
    return rows.assign(
        reference_kind=rows["kind"],
        reference=rows["figure"],
        group=words.where(rows["method"] != WITHHELD),
        confidence=share,
        confidence_low=low,
        confidence_high=high,
        confidence_iom_2000=rows["iom_confidence"].where(rows["withheld"] == ""),
        z=rows["z"].where(rows["withheld"] == ""),
        confidence_below_ul=rows["model_below_upper"].where(rows["model"].notna(), rows["iom_below_upper"]),
        usual_estimate=rows["model_usual_estimate"],
        usual_low=rows["model_usual_low"],
        usual_high=rows["model_usual_high"],
        clear=further == 0,
        in_the_end=in_the_end,
        unknown_decides=unknown_decides,
        more_days=np.round(further.where((further > 0) & ~unknown_decides)),
    )
