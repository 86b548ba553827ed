"""Whether the lines of an export add up to the totals that the export itself states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.diary.recorded import recorded_units
from nutridiary.tables import NOT_EATEN, OF_FOODS, OF_SUPPLEMENTS, RECORDED, Column, Table, conform

if TYPE_CHECKING:
    import pandas as pd

LEAST_TOLERANCE = 0.06
"""What two apps' roundings may differ by where figures are written with two decimals. [the nutrient's unit]"""

_MOST_DECIMALS = 6

TOTALS_CHECK = Table(
    "totals_check",
    "person x day x nutrient x kind of total of which an export states both the lines' values and a total",
    ("person_id", "date", "nutrient", "total_of"),
    (
        Column("person_id", "str", "who ate; empty where the diary names nobody"),
        Column("date", "datetime64[us]", "the day"),
        Column("nutrient", "str", "name as in nutrients.csv or recorded_nutrients.csv"),
        Column("total_of", "str", "what the total is of: foods, supplements, or both; empty where it does not say"),
        Column("unit", "str", "the nutrient's one unit"),
        Column("lines", "Int64", "lines of the day"),
        Column("lines_without_value", "Int64", "of them, lines of which the export does not know the nutrient"),
        Column("sum_of_lines", "float64", "what the lines add up to; missing where none has a value", "unit"),
        Column("own_total", "float64", "the export's own total", "unit"),
        Column("difference", "float64", "sum of the lines minus the export's total", "unit"),
        Column("tolerance", "float64", "what rounding alone may make", "unit"),
        Column("agrees", "boolean", "whether the difference is within it; missing where one of the two is"),
    ),
)


def recorded_totals_check(entries: pd.DataFrame) -> pd.DataFrame:
    """Compare the sum of the lines' recorded values with the totals an export states, day by day.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES` with recorded values: the lines of an export, and its totals (kind "total"). Totals of
        meals count where a day has none of its own. Lines that are counted in another file are left out. Totals of
        foods are held against foods, those of supplements against supplements.

    Returns
    -------
    pandas.DataFrame
        `TOTALS_CHECK`, a row for each nutrient and day that has lines and a total. Empty where nothing can be
        compared. What rounding may make is half a unit in the last place written, times the figures added, and at
        least `LEAST_TOLERANCE`.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.tables import ENTRIES
    >>> day = {"source": "export.csv", "date": pd.Timestamp(2026, 3, 2)}
    >>> rows = [day | {"line": n, "kind": k, "recorded_iron": v} for n, k, v in
    ...         [(2, "food", 1.25), (3, "food", 0.5), (4, "total", 1.8)]]
    >>> recorded_totals_check(conform(pd.DataFrame(rows), ENTRIES))[["sum_of_lines", "own_total", "agrees"]].values
    array([[1.75, 1.8, True]], dtype=object)
    """
    import pandas as pd

    recorded = [name for name in entries.columns if name.startswith(RECORDED)]
    usable = entries[entries["date"].notna()]
    is_total = usable["kind"] == "total"
    lines, totals = usable[~usable["kind"].isin(NOT_EATEN)], usable[is_total]
    of = totals["total_of"].fillna("")
    checks = [
        _compared(lines[_is_of(lines, what)], totals[of == what], recorded).assign(total_of=what or None)
        for what in of.unique()
    ]
    return conform(pd.concat(checks, ignore_index=True) if checks else pd.DataFrame(), TOTALS_CHECK)


def _is_of(lines: pd.DataFrame, what: str) -> pd.Series[bool]:
    """Tell which lines a total sums up."""
    is_supplement = lines["kind"] == "supplement"
    return is_supplement if what == OF_SUPPLEMENTS else ~is_supplement | (what != OF_FOODS)


def _compared(some_lines: pd.DataFrame, some_totals: pd.DataFrame, recorded: list[str]) -> pd.DataFrame:
    """Return sums and totals side by side; empty where nothing can be compared."""
    import pandas as pd

    lines, totals = _long(some_lines, recorded), _long(_finest(some_totals), recorded)
    if lines.empty or totals.empty:
        return conform(pd.DataFrame(), TOTALS_CHECK)
    by_day = ["person_id", "date", "nutrient"]
    sums = _sums(lines, by_day).rename(columns={"sum": "sum_of_lines"})
    own = _sums(totals, by_day).rename(columns={"sum": "own_total"})[[*by_day, "own_total"]]
    check = sums.merge(own, on=by_day, how="inner", validate="one_to_one")
    check = check[check["sum_of_lines"].notna() | check["own_total"].notna()].reset_index(drop=True)
    check["person_id"] = check["person_id"].replace("", pd.NA)
    check["unit"] = check["nutrient"].map(recorded_units())
    check["difference"] = check["sum_of_lines"] - check["own_total"]
    places = check["nutrient"].map(_last_place(pd.concat([lines, totals])))
    check["tolerance"] = (places / 2 * (check["lines"] + 1)).clip(lower=LEAST_TOLERANCE)
    # A thousandth of the tolerance: sums of decimal figures are not exact in binary.
    within = check["difference"].abs() <= check["tolerance"] * 1.001
    check["agrees"] = within.astype("boolean").where(check["difference"].notna())
    return conform(check, TOTALS_CHECK)


def _finest(totals: pd.DataFrame) -> pd.DataFrame:
    """Return the totals of days; those of meals where a person's day has none."""
    of_day = totals["eating_occasion"].isna()
    has_own = of_day.groupby([totals["person_id"].fillna(""), totals["date"]]).transform("any").astype(bool)
    return totals[of_day | ~has_own]


def _long(rows: pd.DataFrame, recorded: list[str]) -> pd.DataFrame:
    long = rows[["person_id", "date", *recorded]].melt(["person_id", "date"], var_name="nutrient", value_name="value")
    return long.assign(person_id=long["person_id"].fillna(""), nutrient=long["nutrient"].str.removeprefix(RECORDED))


def _sums(long: pd.DataFrame, by_day: list[str]) -> pd.DataFrame:
    groups = long.groupby(by_day)["value"]
    return (
        groups.sum(min_count=1)
        .rename("sum")
        .reset_index()
        .assign(lines=groups.size().to_numpy(), lines_without_value=(groups.size() - groups.count()).to_numpy())
    )


def _last_place(long: pd.DataFrame) -> pd.Series:
    """Return, by nutrient, a unit in the last place that any of its figures is written with."""
    import numpy as np

    def place(values: pd.Series) -> float:
        figures = values.dropna().to_numpy()
        for decimals in range(_MOST_DECIMALS):
            if np.allclose(figures, figures.round(decimals), rtol=0, atol=10.0 ** -(_MOST_DECIMALS + 2)):
                return 10.0**-decimals
        return 10.0**-_MOST_DECIMALS

    return long.groupby("nutrient")["value"].agg(place)
