"""Every number and formula behind a confidence, so that a reader with a calculator gets the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.errors import listing
from nutridiary.nutrients import load_nutrients, written_unit
from nutridiary.tables import WORKING, conform
from nutridiary.usual_intake.normal import floats
from nutridiary.usual_intake.variation import usual_intake_models

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.usual_intake.by_model import Needs

ABOUT = ("confidence", "usual_intake", "more_days", "confidence_iom_2000", "confidence_below_ul")
"""The figures that are worked out, in the order of the table."""

IOM = "IOM 2000 (doi:10.17226/9956), ch. 3 and app. B"
_MOST_DAYS = 31
_MODELS = "models.csv"
_BACK = "mean over nine points c of (λ(x + c·√V) + 1)^(1/λ), exp(x + V/2) where λ = 0; see docs/usual_intake.md"


class Steps:
    """Steps of many calculations, gathered column by column."""

    def __init__(self, rows: pd.DataFrame) -> None:
        """Begin without steps, for the rows of a comparison on an index of 0..n-1."""
        self._rows, self._units = rows, rows["unit"].to_numpy(dtype=object)
        self._parts: list[tuple[Any, ...]] = []

    def add(
        self,
        about: str,
        quantity: str | Sequence[str],
        symbol: str,
        values: Any,
        unit: str = "",
        *,
        formula: str | Sequence[str] | None = None,
        source: str | Sequence[str] | None = None,
        where: Any = True,
    ) -> None:
        """Add a step to each calculation that has a value for it, and for which `where` holds.

        Parameters
        ----------
        about, symbol : str
            As in `tables.WORKING`.
        quantity, formula, source : str or sequence of str
            One for all rows, or one for each.
        values : array_like of float
            One for each row; NaN, or infinite, where the step is none of its calculation.
        unit : str
            Empty for the nutrient's own, per day.
        where : array_like of bool
            Rows that have the step at all.
        """
        import numpy as np

        numbers = floats(values)
        at = np.flatnonzero(np.isfinite(numbers) & np.asarray(where))
        texts = [
            np.full(len(at), text, dtype=object)
            if text is None or isinstance(text, str)
            else np.array(text, dtype=object)[at]
            for text in (quantity, formula, source)
        ]
        units = self._units[at] + "/d" if not unit else np.full(len(at), unit, dtype=object)
        order = np.full(len(at), ABOUT.index(about))
        self._parts.append(
            (at, order, texts[0], np.full(len(at), symbol, dtype=object), numbers[at], units, *texts[1:])
        )

    def table(self) -> pd.DataFrame:
        """Return the steps as `tables.WORKING`, row by row and figure by figure."""
        import numpy as np
        import pandas as pd

        names = ("row", "order", "quantity", "symbol", "value", "unit", "formula", "source")
        columns = [np.concatenate(parts) for parts in zip(*self._parts, strict=True)]
        steps = pd.DataFrame(dict(zip(names, columns, strict=True)))
        steps = steps.sort_values(["row", "order"], kind="stable", ignore_index=True)
        at = steps["row"].to_numpy()
        steps = steps.assign(
            person_id=self._rows["person_id"].to_numpy()[at],
            nutrient=self._rows["nutrient"].to_numpy()[at],
            about=np.array(ABOUT, dtype=object)[steps["order"].to_numpy(dtype="int64")],
            step=steps.groupby(["row", "order"]).cumcount() + 1,
        )
        return conform(steps[WORKING.names], WORKING)


def working(rows: pd.DataFrame, recorded: pd.DataFrame, needs: Iterable[Needs]) -> pd.DataFrame:
    """Return how every figure of a confidence was worked out.

    Parameters
    ----------
    rows : pandas.DataFrame
        What `confidence` works with: the comparison, its grounds, and the figures of both methods.
    recorded : pandas.DataFrame
        As `records.recorded_days` gives it.
    needs : iterable of Needs
        What the confidences by model were summed over.

    Returns
    -------
    pandas.DataFrame
        `tables.WORKING`.
    """
    steps = Steps(rows)
    _posterior(steps, rows, recorded)
    _needs(steps, rows, needs)
    _usual(steps, rows)
    _more_days(steps, rows)
    _alone(steps, rows)
    _upper(steps, rows)
    return steps.table()


def _posterior(steps: Steps, rows: pd.DataFrame, recorded: pd.DataFrame) -> None:
    """Add the steps from the days to where people with such days have their own means."""
    models = [usual_intake_models().get(key) if key else None for key in rows["model"]]
    source = [
        f"{_MODELS}: {model.survey}, {peers}" if model else ""
        for model, peers in zip(models, rows["peers"], strict=True)
    ]

    def of_model(name: str) -> list[float]:
        return [getattr(model, name) if model else float("nan") for model in models]

    has = rows["model"].notna()
    about = "confidence"
    steps.add(about, "recorded days of which something is known", "n", rows["known_days"], "d", where=has)
    days = "from food on these days: " + _food_of_days(rows, recorded)
    steps.add(
        about, list(days), "y", rows["mean_food"].where(has), formula="their mean; a day counts as floor at least"
    )
    steps.add(about, "the least a day is taken for", "floor", of_model("floor"), source=source)
    steps.add(about, "exponent of the scale", "λ", of_model("boxcox_lambda"), "-", source=source)
    scaled = "mean of (y^λ - 1)/λ over the days, of ln y where λ = 0"
    steps.add(about, "mean of the days on that scale", "x", rows["model_scaled_mean"], "-", formula=scaled)
    steps.add(about, "mean of people of the same sex and age", "m", of_model("mean"), "-", source=source)
    steps.add(about, "variance between these people", "Vb", of_model("variance_between"), "-", source=source)
    steps.add(about, "variance of a person's days", "Vw", of_model("variance_within"), "-", source=source)
    steps.add(
        about, "how much of the distance to them is kept", "s", rows["model_kept"], "-", formula="Vb / (Vb + Vw/n)"
    )
    mean, sd = "mean of people with such days", "standard deviation of people with such days"
    steps.add(about, mean, "M", rows["model_posterior_mean"], "-", formula="m + s(x - m)")
    steps.add(about, sd, "S", rows["model_posterior_sd"], "-", formula="√(Vb(1 - s))")
    steps.add(
        about, "mean from supplements, as stated", "d", rows["supplement"].where(rows["supplement"] > 0), where=has
    )


def _food_of_days(rows: pd.DataFrame, recorded: pd.DataFrame) -> pd.Series:
    """Return what food gave on each day of each row, as text."""
    decimals = rows["nutrient"].map(load_nutrients()["decimals"]).to_numpy()
    known = recorded.loc[recorded["food"].notna(), ["row", "food"]]
    texts = [f"{food:.{decimals[row] + 1}f}" for row, food in zip(known["row"], known["food"], strict=True)]
    joined = known.assign(text=texts).groupby("row")["text"].agg(lambda values: listing(values, most=_MOST_DAYS))
    return joined.astype("str").reindex(rows.index).fillna("none")


def _needs(steps: Steps, rows: pd.DataFrame, needs: Iterable[Needs]) -> None:
    """Add the figure, the needs around it, and the share that meets each."""
    import numpy as np

    about, by_model = "confidence", rows["method"] == "usual_intake_model"
    _figure(steps, rows, about, by_model)
    needs = list(needs)
    most = 1 + max([1, *(len(table.shares) for table in needs)])  # a single one is an AI
    amounts, shares, points, chances = (np.full((len(rows), most), np.nan) for _ in range(4))
    for table in needs:
        count = len(table.shares)
        for target, values in ((amounts, table.amounts), (points, table.points), (chances, table.chances)):
            target[table.rows, :count] = values
        shares[table.rows, :count] = table.shares
    units, decimals = (
        rows["unit"].map(written_unit).tolist(),
        rows["nutrient"].map(load_nutrients()["decimals"]).tolist(),
    )
    single = np.isnan(shares[:, 1])
    for place in range(most):
        quantity = [
            f"share that meets {need:.{decimal + 1}f} {unit}, the need of {100 * share:.2f} %"
            for need, decimal, unit, share in zip(amounts[:, place], decimals, units, shares[:, place], strict=True)
        ]
        # A need that supplements alone meet is met at any point, so that a is below all of them.
        formula = [f"Φ((M - a)/S), a = {point:.5g}".replace("inf", "∞") for point in points[:, place]]
        steps.add(
            about,
            quantity,
            f"p{place + 1}",
            100 * chances[:, place],
            "%",
            formula=formula,
            source="a is the point whose usual intake, d added, is the need",
            where=~single,
        )
    steps.add(
        about, "point whose usual intake, d added, is the AI", "a", points[:, 0], "-", where=single, formula=_BACK
    )
    formula = np.where(single, "Φ((M - a)/S)", "sum of each p times the share of people that has the need").tolist()
    steps.add(about, "confidence", "", rows["confidence"].where(by_model), "%", formula=formula)


def _figure(steps: Steps, rows: pd.DataFrame, about: str, where: Any) -> None:
    """Add the figure that intake is held against, and how needs are spread around it."""
    edition = rows["edition"].fillna("").tolist()
    of_kind = [f"figure intake is held against: {name}" for name in rows["reference_name"]]
    symbol_ear, is_ear = "EAR", rows["kind"] == "EAR"
    steps.add(about, of_kind, symbol_ear, rows["figure"], source=edition, where=where & is_ear)
    steps.add(about, of_kind, "AI", rows["figure"], source=edition, where=where & ~is_ear)
    source = rows["cv_source"].tolist()
    steps.add(about, "how much needs differ, of the EAR", "CV", rows["cv"], "-", source=source, where=where)
    steps.add(about, "standard deviation of needs", "SD_req", rows["need_sd"], formula="CV · EAR", where=where)


def _usual(steps: Steps, rows: pd.DataFrame) -> None:
    about, estimate = "usual_intake", rows["model_usual_estimate"]
    within = [usual_intake_models()[key].variance_within if key else float("nan") for key in rows["model"]]
    variance = floats(within) + floats(rows["model_posterior_sd"]) ** 2
    steps.add(about, "variance of a day of people with such days", "V", variance, "-", formula="Vw + S²")
    steps.add(about, "best guess", "", estimate, formula=f"at x = M with V, plus d: {_BACK}")
    ends = (("lower", "-", "model_usual_low"), ("upper", "+", "model_usual_high"))
    for end, sign, name in ends:
        formula = f"at x = M {sign} 1.645 S with V = Vw, plus d"
        steps.add(about, f"{end} end of the 90 % interval", "", rows[name], formula=formula)


def _more_days(steps: Steps, rows: pd.DataFrame) -> None:
    about = "more_days"
    formula = "as confidence, with n so large that M = x and S = 0"
    steps.add(
        about, "confidence that very many such days would give", "", rows["model_in_the_end"], "%", formula=formula
    )
    clear = "the fewest with which confidence is 97.5 % or more, or for an EAR 2.5 % or less, mean unchanged"
    steps.add(about, "further days", "", rows["more_days"], "d", formula=clear)


def _alone(steps: Steps, rows: pd.DataFrame) -> None:
    """Add the steps of IOM 2000."""
    import numpy as np

    about, has = "confidence_iom_2000", rows["z"].notna()
    is_ear = rows["kind"] == "EAR"
    steps.add(about, "recorded days of which something is known", "n", rows["known_days"], "d", where=has)
    steps.add(about, "mean intake of these days", "ȳ", rows["mean_total"], where=has)
    _figure(steps, rows, about, has)
    source = ("within_person.csv: NHANES 2013-2018, " + rows["peers"].fillna("")).tolist()
    steps.add(
        about, "standard deviation of a person's days, pooled", "SD_w", rows["sd_within"], source=source, where=has
    )
    spread = np.sqrt(rows["need_sd"] ** 2 + rows["sd_within"] ** 2 / rows["known_days"])
    formula = "√(SD_req² + SD_w²/n)"
    steps.add(
        about, "standard deviation of the distance", "SD_D", spread, formula=formula, source=IOM, where=has & is_ear
    )
    z = np.where(is_ear, "(ȳ - EAR) / SD_D", "√n (ȳ - AI) / SD_w").tolist()
    steps.add(about, "standardised distance", "z", rows["z"], "-", formula=z, source=IOM, where=has)
    steps.add(about, "confidence by these days alone", "", rows["confidence_iom_2000"], "%", formula="Φ(z)", source=IOM)


def _upper(steps: Steps, rows: pd.DataFrame) -> None:
    about, by_model = "confidence_below_ul", rows["model"].notna()
    has = rows["confidence_below_ul"].notna()
    edition = rows["edition"].fillna("").tolist()
    steps.add(
        about, [f"upper figure: {name}" for name in rows["upper_name"]], "U", rows["upper"], source=edition, where=has
    )
    point = "point whose usual intake, d added, is U"
    steps.add(about, point, "a", rows["model_upper_point"], "-", formula=_BACK, where=has & by_model)
    both = rows["confidence_below_ul"]
    steps.add(about, "confidence to be below", "", both, "%", formula="Φ((a - M)/S)", where=by_model)
    steps.add(about, "confidence to be below", "", both, "%", formula="Φ(√n (U - ȳ)/SD_w)", source=IOM, where=~by_model)
