"""Labels made honest: what cannot be is set aside and stays unknown, what hardly can be is said.

A branded food's record is its label, worked out per 100 g: rounded by serving, incomplete, sometimes wrong by a unit.
`checked_labels` holds each record to what no food holds, to what its own figures say of each other, and to the rounding
of labels. docs/labels.md tells the rules and what was measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.brands.label_judgement import ALL_IN_DOUBT, DOUBTFUL, SET_ASIDE, Figure, Judgement, judge_label
from nutridiary.brands.label_rounding import FROM_PERCENT, edition_behind, label_bounds
from nutridiary.errors import FoodDataError
from nutridiary.fdc.product_ids import LABELLED
from nutridiary.fdc.tables import BY_VOLUME, FoodTables

if TYPE_CHECKING:
    import pandas as pd

WORKED_OUT = "worked out"
"""A finding: the value rests on a percentage of one edition of the Daily Values."""
FINDINGS = {
    "fdc_id": "int64",
    "nutrient": "str",  # empty: the whole food
    "amount": "float64",
    "unit": "str",
    "finding": "str",
    "reason": "str",
}
"""Columns of `Checked.findings`."""
# Categories of drinks whose labels need not state their alcohol.
_WITH_ALCOHOL = re.compile(r"alcohol|\b(?:beers?|wines?|spirits|liquors?|liqueurs?|ciders?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Checked:
    """Labels after checking.

    Attributes
    ----------
    tables : FoodTables
        The same foods; values that are set aside are gone, so that they are unknown and never zero.
    findings : pandas.DataFrame
        A row a finding, with the columns `FINDINGS`: "set aside", "doubtful" (the value is kept), "all in doubt" (no
        value of the food is kept) or "worked out" (kept; it rests on one edition of the Daily Values). `amount` is per
        100 g or 100 ml.
    """

    tables: FoodTables
    findings: pd.DataFrame

    @property
    def unusable(self) -> frozenset[int]:
        """Foods of whose labels no value can be used: another record has to stand for them."""
        return frozenset(self.findings.loc[self.findings["finding"].eq(ALL_IN_DOUBT), "fdc_id"].tolist())


def checked_labels(tables: FoodTables) -> Checked:
    """Hold the labels of branded foods to what can be.

    Parameters
    ----------
    tables : FoodTables
        As FoodData Central's API, the database of branded foods or another source gives them. Foods of other data types
        stay as they are.

    Returns
    -------
    Checked

    Notes
    -----
    A value is set aside where no food holds so much, where it is larger than the whole it is part of, and where an
    energy is that of kilojoules. A food is in doubt as a whole where several of its figures are impossible, where its
    parts weigh more than it does, or where its energy is another than they give by more than rounding, fibre, polyols
    and the differences of energy factors explain.
    """
    import pandas as pd

    labelled = tables.foods[tables.foods["data_type"].isin(LABELLED)]
    if labelled.empty:
        return Checked(tables, _findings([]))
    usable, found = _readable(tables.values, set(labelled["fdc_id"]))
    figures = label_figures(tables, usable)
    dropped: set[tuple[int, str]] = set()
    spoilt: set[int] = set()
    for fdc_id, called, by_volume, category in zip(
        labelled["fdc_id"].tolist(),
        _names(labelled),
        labelled["basis"].eq(BY_VOLUME).tolist(),
        labelled["category"].fillna("").tolist(),
        strict=True,
    ):
        own = figures.get(fdc_id, {})
        judgement = judge_label(own, called, by_volume=by_volume, has_alcohol=bool(_WITH_ALCOHOL.search(category)))
        found += _rows(fdc_id, own, judgement)
        dropped |= {(fdc_id, nutrient) for nutrient in judgement.set_aside}
        if judgement.is_all_in_doubt:
            spoilt.add(fdc_id)
    kept = usable[~_is_among(usable, dropped) & ~usable["fdc_id"].isin(spoilt)]
    others = tables.values[~tables.values["fdc_id"].isin(set(labelled["fdc_id"]))]
    found += _editions(tables, kept)
    values = pd.concat([others, kept]).sort_index()
    return Checked(_with_values(tables, values), _findings(found))


def without_values(checked: Checked, spoilt: pd.DataFrame) -> Checked:
    """Return labels without the values of some foods, of which something else than the label shows that they are wrong.

    Parameters
    ----------
    checked : Checked
    spoilt : pandas.DataFrame
        ``fdc_id`` and ``evidence`` of each such food.
    """
    import pandas as pd

    if spoilt.empty:
        return checked
    values = checked.tables.values[~checked.tables.values["fdc_id"].isin(spoilt["fdc_id"])]
    others = checked.findings[~checked.findings["fdc_id"].isin(spoilt["fdc_id"])]
    told = spoilt.rename(columns={"evidence": "reason"}).assign(nutrient="", finding=ALL_IN_DOUBT)
    rows = told.assign(amount=float("nan"), unit=None)[list(FINDINGS)].astype(FINDINGS)
    return Checked(_with_values(checked.tables, values), pd.concat([others, rows], ignore_index=True))


def label_figures(tables: FoodTables, values: pd.DataFrame) -> dict[int, dict[str, Figure]]:
    """Return each value in the nutrient's unit with what it can stand for, by food and nutrient. [unit/100 g]

    Parameters
    ----------
    tables : FoodTables
        Where the weight of a serving stands.
    values : pandas.DataFrame
        Rows of `tables.values`.
    """
    from nutridiary.fdc.values import choose_values

    chosen = choose_values(values)
    size = chosen["fdc_id"].map(serving_sizes(tables.portions))
    codes = chosen["derivation_code"].fillna("").tolist()
    nutrients = chosen["nutrient"].tolist()
    low, high = label_bounds((chosen["amount"] * size / 100).tolist(), nutrients, codes)
    low, high = low * 100 / size.to_numpy(), high * 100 / size.to_numpy()
    figures: dict[int, dict[str, Figure]] = {}
    for fdc_id, nutrient, amount, least, most in zip(
        chosen["fdc_id"].tolist(), nutrients, chosen["amount"].tolist(), low.tolist(), high.tolist(), strict=True
    ):
        known = least == least
        figures.setdefault(fdc_id, {})[nutrient] = Figure(amount, least if known else amount, most if known else amount)
    return figures


def serving_sizes(portions: pd.DataFrame) -> dict[int, float]:
    """Return the size of a serving of each food that states one. [g, or ml of a food whose values are per 100 ml]"""
    serving = portions[portions["description"].eq("serving") & portions["amount"].gt(0) & portions["gram_weight"].gt(0)]
    first = serving.drop_duplicates("fdc_id")
    return dict(zip(first["fdc_id"].tolist(), (first["gram_weight"] / first["amount"]).tolist(), strict=True))


def _readable(values: pd.DataFrame, labelled: set[int]) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Return the values of labels that are amounts of a nutrient, and findings on those that are none."""
    from nutridiary.fdc.values import nutrient_ids, unit_factor

    ids = nutrient_ids().set_index("fdc_nutrient_id")[["nutrient", "unit"]]
    own = values[values["fdc_id"].isin(labelled)]
    known = own[own["fdc_nutrient_id"].isin(ids.index)]
    reasons: dict[int, str] = {}
    for place, number, amount, unit in zip(
        known.index.tolist(), known["fdc_nutrient_id"].tolist(), known["amount"].tolist(), known["unit"], strict=True
    ):
        if not 0 <= amount < float("inf"):
            reasons[place] = f"{amount:g} is no amount"
            continue
        try:
            unit_factor(str(unit), *ids.loc[number])
        except FoodDataError:
            reasons[place] = f"no factor leads from {str(unit)[:20]!r} to {ids.loc[number, 'unit']}"
    usable = known.drop(index=list(reasons))
    # Of two different figures of one nutrient nobody knows which is the label's.
    repeated = usable.drop_duplicates(["fdc_id", "fdc_nutrient_id", "amount", "unit"])
    twice = repeated.duplicated(["fdc_id", "fdc_nutrient_id"], keep=False)
    reasons |= dict.fromkeys(repeated.index[twice], "the label has two values of it")
    usable = repeated[~twice]
    wrong = known.loc[list(reasons)]
    rows = [
        {
            "fdc_id": fdc_id,
            "nutrient": ids.loc[number, "nutrient"],
            "amount": amount,
            "unit": unit,
            "finding": SET_ASIDE,
            "reason": reason,
        }
        for fdc_id, number, amount, unit, reason in zip(
            wrong["fdc_id"], wrong["fdc_nutrient_id"], wrong["amount"], wrong["unit"], reasons.values(), strict=True
        )
    ]
    return usable, rows


def _names(foods: pd.DataFrame) -> list[str]:
    return (foods["description"] + " " + foods["category"].fillna("")).tolist()


def _rows(fdc_id: int, figures: Mapping[str, Figure], judgement: Judgement) -> list[dict[str, object]]:
    from nutridiary.nutrients import load_nutrients

    units = load_nutrients()["unit"]
    return [
        {
            "fdc_id": fdc_id,
            "nutrient": nutrient,
            "amount": figures[nutrient].amount if nutrient else float("nan"),
            "unit": units[nutrient] if nutrient else None,
            "finding": finding,
            "reason": reason,
        }
        for nutrient, finding, reason in judgement.findings
        if finding == ALL_IN_DOUBT or not judgement.is_all_in_doubt
    ]


def _editions(tables: FoodTables, values: pd.DataFrame) -> list[dict[str, object]]:
    """Say which values were worked out from a percentage of the Daily Values in force before 2016."""
    from nutridiary.brands.label_rounding import daily_values_of
    from nutridiary.fdc.values import choose_values

    chosen = choose_values(values[values["derivation_code"].eq(FROM_PERCENT)])
    sizes = serving_sizes(tables.portions)
    rows = []
    for fdc_id, nutrient, amount, unit in zip(
        chosen["fdc_id"], chosen["nutrient"], chosen["amount"], chosen["unit"], strict=True
    ):
        serving = amount * sizes.get(fdc_id, float("nan")) / 100
        if serving > 0 and edition_behind(nutrient, serving) == "before 2016":
            old, new = (daily_values_of(nutrient).get(edition) for edition in ("before 2016", "2016"))
            if old is None or new is None:
                continue
            reason = (
                f"worked out from {100 * serving / old:.0f} % of the Daily Value before 2016 ({old:g} {_said(unit)}); "
                f"on a label of the 2016 rule it would be {amount * new / old:.3g} {_said(unit)}"
            )
            rows.append(
                {
                    "fdc_id": fdc_id,
                    "nutrient": nutrient,
                    "amount": amount,
                    "unit": unit,
                    "finding": WORKED_OUT,
                    "reason": reason,
                }
            )
    return rows


def _said(unit: str) -> str:
    return "µg" if unit == "ug" else unit


def _is_among(values: pd.DataFrame, dropped: set[tuple[int, str]]) -> pd.Series[bool]:
    import pandas as pd

    from nutridiary.fdc.values import nutrient_ids

    names = values["fdc_nutrient_id"].map(nutrient_ids().set_index("fdc_nutrient_id")["nutrient"])
    among = [pair in dropped for pair in zip(values["fdc_id"], names, strict=True)]
    return pd.Series(among, index=values.index, dtype="bool")


def _with_values(tables: FoodTables, values: pd.DataFrame) -> FoodTables:
    return FoodTables(**{**tables.tables(), "values": values.reset_index(drop=True)})


def _findings(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(FINDINGS)).astype(FINDINGS)


def said_of_foods(findings: pd.DataFrame) -> dict[int, str]:
    """Return in one line a food what its label's findings mean for a figure of it; nothing of what is only worked out.

    Examples
    --------
    >>> import pandas as pd
    >>> found = pd.DataFrame({"fdc_id": [7], "nutrient": ["energy"], "finding": ["set aside"], "reason": ["1650 kcal"]})
    >>> said_of_foods(found)
    {7: "label's energy set aside: 1650 kcal"}
    """
    from nutridiary.nutrients import load_nutrients

    labels = load_nutrients()["label"]
    said: dict[int, str] = {}
    for fdc_id, nutrient, finding, reason in zip(
        findings["fdc_id"].tolist(), findings["nutrient"], findings["finding"], findings["reason"], strict=True
    ):
        if finding == WORKED_OUT:
            continue
        if finding == ALL_IN_DOUBT:
            words = f"no value of its label is used: {reason}"
        else:
            verb = "set aside" if finding == SET_ASIDE else f"is {DOUBTFUL}, used all the same"
            words = f"label's {str(labels[nutrient]).lower()} {verb}: {reason}"
        said[fdc_id] = f"{said[fdc_id]}; {words}" if fdc_id in said else words
    return said
