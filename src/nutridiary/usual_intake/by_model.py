"""The figures of the usual-intake models, one model and all people it is for at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.usual_intake.box_cox import usual_intake_at
from nutridiary.usual_intake.grounds import MODEL
from nutridiary.usual_intake.individual import requirement_sd
from nutridiary.usual_intake.normal import cumulative, floats
from nutridiary.usual_intake.posterior import (
    chances,
    further_days_by_model,
    posterior,
    scaled_days,
    scaled_need,
    share_meeting,
    usual_estimate,
)
from nutridiary.usual_intake.requirements import spread_of_needs
from nutridiary.usual_intake.variation import usual_intake_models

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from nutridiary.usual_intake.normal import Numbers
    from nutridiary.usual_intake.variation import UsualIntakeModel

    Places = npt.NDArray[np.intp]

FIGURES = (
    "scaled_mean",
    "kept",
    "posterior_mean",
    "posterior_sd",
    "confidence",
    "confidence_low",
    "confidence_high",
    "in_the_end",
    "further_days",
    "upper_point",
    "below_upper",
    "usual_estimate",
    "usual_low",
    "usual_high",
)
_OF_ROWS = ("figure", "cv", "upper", "low", "high", "known_days", "unknown_days", "supplement")
_OF_DAYS = ("food", "food_low", "food_high")


@dataclass(frozen=True)
class Needs:
    """The needs a confidence was summed over, for the people of one model.

    Attributes
    ----------
    rows : numpy.ndarray of int
        Rows of the comparison.
    amounts : numpy.ndarray of float
        A row a person, a column a need. [nutrient unit/d]
    shares : numpy.ndarray of float
        The share of people that has each. [-]
    points : numpy.ndarray of float
        Where on the Box-Cox scale usual intake is the need, supplements taken off. [-]
    chances : numpy.ndarray of float
        The share of people with such days whose usual intake is above it. [-]
    """

    rows: Places
    amounts: Numbers
    shares: Numbers
    points: Numbers
    chances: Numbers


@dataclass(frozen=True)
class People:
    """The people of one model, and what they are held against.

    Attributes
    ----------
    rows : numpy.ndarray of int
        Rows of the comparison, one a person.
    kind : str
        EAR, AI, table (needs that follow the table of iron), or empty where there is only a best guess.
    of_rows, of_days : dict of str to numpy.ndarray
        Columns with a value a person, and with a value a recorded day.
    person_of_day : numpy.ndarray of int
        Whose day it is, as a place among `rows`.
    """

    rows: Places
    kind: str
    of_rows: dict[str, Numbers]
    of_days: dict[str, Numbers]
    person_of_day: Places

    def scaled_mean(self, name: str, model: UsualIntakeModel) -> Numbers:
        """Return each person's mean of the days, of which something is known, on the scale of a model. [-]"""
        import numpy as np

        values = scaled_days(self.of_days[name], model)
        known, people = ~np.isnan(values), len(self.rows)
        count = np.bincount(self.person_of_day[known], minlength=people)
        total = np.bincount(self.person_of_day[known], weights=values[known], minlength=people)
        return total / np.where(count > 0, count, np.nan)

    def needs(self) -> tuple[Numbers, Numbers]:
        """Return the needs around each person's figure [nutrient unit/d] and the share of people that has each [-]."""
        import numpy as np

        figure = self.of_rows["figure"]
        if self.kind in ("EAR", "table"):
            return spread_of_needs(figure, self.of_rows["cv"])
        return (figure[:, None], np.ones(1)) if self.kind else (np.empty((len(figure), 0)), np.empty(0))


def figures_by_model(rows: pd.DataFrame, recorded: pd.DataFrame) -> tuple[pd.DataFrame, list[Needs]]:
    """Return what the usual-intake models say of each row.

    Parameters
    ----------
    rows : pandas.DataFrame
        A comparison's `low` and `high`, with the columns of `grounds` and of `records.means_of_days`; on an index of
        0..n-1.
    recorded : pandas.DataFrame
        As `records.recorded_days` gives it.

    Returns
    -------
    figures : pandas.DataFrame
        `FIGURES` on the index of `rows`, NaN where there is no model; confidences in %, `further_days` in d, usual
        intakes, supplements included, in the nutrient's unit/d.
    needs : list of Needs
        What the confidences were summed over, a table for each model.
    """
    import numpy as np
    import pandas as pd

    of_rows = {name: floats(rows[name]) for name in _OF_ROWS}
    of_days = {name: floats(recorded[name]) for name in _OF_DAYS}
    row_of_day = recorded["row"].to_numpy()
    figures = {name: np.full(len(rows), np.nan) for name in FIGURES}
    needs = []
    for (kind, key), places in _alike(rows).items():
        at = np.array(places)
        first, last = np.searchsorted(row_of_day, at), np.searchsorted(row_of_day, at, side="right")
        days = np.concatenate([np.arange(*ends) for ends in zip(first, last, strict=True)])
        people = People(
            rows=at,
            kind=kind,
            of_rows={name: values[at] for name, values in of_rows.items()},
            of_days={name: values[days] for name, values in of_days.items()},
            person_of_day=np.repeat(np.arange(len(at)), last - first),
        )
        found, summed = _of_people(people, usual_intake_models()[key])
        for name, values in found.items():
            figures[name][at] = values
        needs += summed
    return pd.DataFrame(figures, index=rows.index), needs


def _alike(rows: pd.DataFrame) -> dict[tuple[str, tuple[str, str, float]], list[int]]:
    """Return the rows that can be worked out together: of one model, held against one kind of figure.

    The kind is EAR, AI, table (needs that follow the table of iron), or nothing where there is only a best guess.
    """
    found: dict[tuple[str, tuple[str, str, float]], list[int]] = {}
    columns = (rows[name].tolist() for name in ("model", "method", "by_table", "kind"))
    for place, (key, method, by_table, kind) in enumerate(zip(*columns, strict=True)):
        if key is not None:
            found.setdefault(("" if method != MODEL else "table" if by_table else kind, key), []).append(place)
    return found


def _of_people(people: People, model: UsualIntakeModel) -> tuple[dict[str, Numbers], list[Needs]]:
    """Return the figures of people who share one model and one kind of figure."""
    import numpy as np

    days, supplement, upper = (people.of_rows[name] for name in ("known_days", "supplement", "upper"))
    scaled_mean = people.scaled_mean("food", model)
    found = posterior(scaled_mean, days, model)
    guess = usual_estimate(found, model)
    amounts, shares = people.needs()
    # All at once: nothing costs more than finding these points.
    points = scaled_need(np.column_stack([amounts, upper]) - supplement[:, None], model)
    results = {
        "scaled_mean": scaled_mean,
        "kept": model.variance_between / (model.variance_between + model.variance_within / days),
        "posterior_mean": found.mean,
        "posterior_sd": found.sd,
        "usual_estimate": guess.estimate + supplement,
        "usual_low": guess.low + supplement,
        "usual_high": guess.high + supplement,
        "upper_point": points[:, -1],
        "below_upper": 100 - 100 * chances(found, points[:, -1:])[:, 0],
    }
    if not people.kind:
        return results, []
    needs = Needs(people.rows, amounts, shares, points[:, :-1], chances(found, points[:, :-1]))
    return results | _confidence(people, scaled_mean, model, needs), [needs]


def _confidence(people: People, scaled_mean: Numbers, model: UsualIntakeModel, needs: Needs) -> dict[str, Numbers]:
    """Return the confidence with its bounds, what it would come to, and how many days would make it clear."""
    import numpy as np

    days = people.of_rows["known_days"]
    all_days = days + people.of_rows["unknown_days"]
    results = {"confidence": (needs.chances * needs.shares).sum(axis=-1) * 100}
    for bound in ("low", "high"):
        found = posterior(people.scaled_mean(f"food_{bound}", model), all_days, model)
        share = share_meeting(found, needs.points, needs.shares)
        results[f"confidence_{bound}"] = np.where(np.isnan(people.of_rows[bound]), np.nan, share)
    in_the_end = _in_the_end(people, scaled_mean, model, needs)
    further = further_days_by_model(
        scaled_mean, days, model, needs.points, needs.shares, in_the_end=in_the_end, upward_only=people.kind == "AI"
    )
    return results | {"in_the_end": in_the_end, "further_days": further}


def _in_the_end(people: People, scaled_mean: Numbers, model: UsualIntakeModel, needs: Needs) -> Numbers:
    """Return the share of people whose need is met by the usual intake that very many such days would show. [%]"""
    usual = usual_intake_at(scaled_mean, model.variance_within, model.boxcox_lambda, model.floor)
    usual = usual + people.of_rows["supplement"]
    if people.kind == "EAR":
        figure = people.of_rows["figure"]
        return 100 * cumulative((usual - figure) / requirement_sd(figure, people.of_rows["cv"]))
    share: Numbers = ((usual[:, None] >= needs.amounts) * needs.shares).sum(axis=-1) * 100
    return share
