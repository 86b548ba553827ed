"""Means, usual intakes and prevalences of What We Eat in America, NHANES, beside figures worked out elsewhere.

    python bench/usual_intake.py [FOLDER] [--cycles L J]

FOLDER and cycles as in ``nhanes.py``, which prints this page after its own. The figures held against stand in
``reference/nhanes_usual_intake_computed.csv`` beside FOLDER; without it only our own are printed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from nutridiary.cohort import (
    group_figures,
    life_stage_groups,
    read_survey_days,
    survey_means,
    survey_years,
    usual_intakes,
)
from nutridiary.cohort.fits import fit_days
from nutridiary.cohort.people_days import people_and_days, recorded_days
from nutridiary.errors import NutridiaryError
from nutridiary.nutrients import core_nutrients, format_amount, nutrient_label
from nutridiary.references import LIFE_STAGES

ROOT = Path(__file__).resolve().parents[1]
SURVEY = ROOT.parent / "shared" / "nhanes"
CYCLES = ["L", "J"]
GROUPS = [stage.name for stage in LIFE_STAGES if stage.life_stage in ("child", "none")]

# Day-one means of adults of 20 years and over, with standard errors where known: worked out from the same public
# files by others, with the procedure that reproduces the printed tables of WWEIA 2013-2014.
# Survey, sex -> magnesium, potassium, calcium, vitamin D, vitamin B12.
EXPECTED_MEANS = {
    ("2021-2023", "male"): (("329.9", "6.1"), ("2768", "46"), ("988", "16"), ("5.1", ".20"), ("5.3", ".19")),
    ("2021-2023", "female"): (("263.7", "6.7"), ("2205", "43"), ("803", "16"), ("4.0", ".13"), ("3.6", ".18")),
    ("2017-2018", "male"): (("342.5", ""), ("2937", ""), ("1084", ""), ("4.8", ""), ("5.9", "")),
    ("2017-2018", "female"): (("271.4", ""), ("2324", ""), ("857", ""), ("3.7", ""), ("3.9", "")),
}
# Names of the computed figures that differ from ours by more than their unit.
OTHER_NAMES = {"vitamin_e": "vitamin_e_alpha_tocopherol", "fiber": "fiber_total"}
PERCENTILES = ("p5", "p10", "p25", "p50", "p75", "p90", "p95")
# By another model, food only, women of 19 to 50 years, 2015-2018.
PUBLISHED_IRON = "22.6 % by probability, 12.8 % below the EAR"


def day_one_means(days: pd.DataFrame) -> pd.DataFrame:
    """Return the means of first days of adults of 20 years and over, by sex."""
    first = days.loc[days["day"] == 1]
    first = first.assign(group=first["sex"].where(first["age"] >= 20))
    return survey_means(first, core_nutrients(), by="group")


def grouped(days: pd.DataFrame) -> pd.DataFrame:
    """Return the days with the life-stage group of each person; pregnant women and infants belong to none here."""
    groups = life_stage_groups(days)
    return days.assign(group=groups.where(groups.isin(GROUPS)))


def computed_figures(folder: Path) -> pd.DataFrame:
    """Return usual intakes worked out by others, under our names of nutrients and groups; empty where they are not."""
    path = folder.parent / "reference" / "nhanes_usual_intake_computed.csv"
    if not path.is_file():
        return pd.DataFrame()
    rows = pd.read_csv(path)
    names = rows["nutrient"].str.rsplit("_", n=1).str[0]
    stages = {(s.sex, s.age_from): s.name for s in LIFE_STAGES if s.life_stage in ("child", "none")}
    groups = [stages[key] for key in zip(rows["sex"], rows["age_min_y"], strict=True)]
    return rows.assign(nutrient=names.replace(OTHER_NAMES), group=groups, years=rows["survey"].str.split().str[1])


def compared(days: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    """Return our figures beside the computed ones: a row a cell and figure, with the computed one's standard error."""
    nutrients = list(computed["nutrient"].unique())
    ours = usual_intakes(days, nutrients, by="group", figures=group_figures(GROUPS, nutrients))
    cells = computed.merge(ours, on=["group", "nutrient"], suffixes=("", "_ours"), validate="many_to_one")
    kinds = {"EAR": cells["inadequate"], "AI": 100 - cells["above_ai"], "CDRR": 100 - cells["above_cdrr"]}
    share = pd.concat([kinds[kind].where(cells["ref_kind"] == kind) for kind in kinds], axis=1).bfill(axis=1).iloc[:, 0]
    # The computed figures hold iron of women against the EAR, which `usual_intakes` refuses.
    refused = cells["ref_kind"].eq("EAR") & cells["inadequate_by"].ne("cut_point")
    share = share.mask(
        refused,
        [_share_below(days, row) if is_it else None for row, is_it in zip(cells.itertuples(), refused, strict=True)],
    )
    figures = {"share": (share, cells["pct_below"], cells["pct_below_se"])}
    figures |= {"mean": (cells["mean_ours"], cells["mean"], cells["mean_se"])}
    figures |= {name: (cells[f"{name}_ours"], cells[name], cells[f"{name}_se"]) for name in PERCENTILES}
    rows = [
        cells[["nutrient", "group", "ref_kind", "ref"]].assign(
            figure=name, ours=mine.astype("float64"), theirs=other, se=error
        )
        for name, (mine, other, error) in figures.items()
    ]
    return pd.concat(rows, ignore_index=True)


def _share_below(days: pd.DataFrame, cell) -> float:
    """Return the share of a group with usual intakes below a figure [%], whatever the figure is good for.

    It is missing where the days give no distribution: first days alone.
    """
    drawn = people_and_days(days.loc[days["group"] == cell.group], [cell.nutrient])
    weights = drawn.people["weight"].to_numpy("float64")[np.newaxis, :]
    fit = fit_days(recorded_days(drawn.days.rename(columns={"person": "member"}), cell.nutrient), weights)
    return float(100 * fit.usual.share_below(cell.ref)[0]) if fit.usual is not None else np.nan


def iron_of_women(days: pd.DataFrame) -> dict[str, float]:
    """Return what share of women of 19 to 50 years has too little iron [%]: by probability, its error, by the EAR."""
    group = "women 19-50 y"
    women = (days["sex"] == "female") & days["age"].between(19, 50) & ~days["pregnant"]
    figures = group_figures(["female 19-30 y"], ["iron"]).assign(group=group, age_to=51.0)
    table = days.assign(group=np.where(women, group, None))
    row = usual_intakes(table, ["iron"], by="group", figures=figures).iloc[0]
    cell = pd.Series({"group": group, "nutrient": "iron", "ref": row["ear"]})
    return {"share": row["inadequate"], "se": row["inadequate_se"], "below_ear": _share_below(table, cell)}


def page(folder: Path, cycles: Sequence[str]) -> str:
    """Return the page: means, usual intakes, iron."""
    surveys = {cycle: read_survey_days(folder, cycle) for cycle in cycles}
    computed = computed_figures(folder)
    if computed.empty:
        print(f"no computed figures beside {folder}: only our own are shown", file=sys.stderr)
    for cycle in (cycle for cycle, days in surveys.items() if (days["day"] == 1).all()):
        print(f"{cycle}: no second recalls (DR2TOT_{cycle}): means alone are shown", file=sys.stderr)
    parts = [
        "# Means and usual intakes of a survey\n\n"
        "Written by `python bench/nhanes.py` from the public files of What We Eat in America, NHANES: reliable\n"
        "recalls, breast-fed children left out, foods and drinks only. Methods: [groups.md](groups.md).\n",
        "## Day-one means of adults, 20 years and over\n\n"
        "Weighted with WTDRD1; standard errors by Taylor linearisation over SDMVSTRA and SDMVPSU. Expected figures,\n"
        "where there are any, were worked out by others from the same files.\n\n" + _means_table(surveys),
        "## Iron of women, 19 to 50 years\n\n"
        f"Not pregnant. Published for 2015-2018 by another model: {PUBLISHED_IRON}.\n\n" + _iron_table(surveys),
    ]
    for cycle, days in surveys.items():
        years = survey_years(cycle)
        known = computed[computed["years"] == years] if len(computed) else computed
        if len(known):
            parts.append(_agreement(compared(grouped(days), known), years))
        parts.append(_usual_table(grouped(days), years))
    return "\n".join(parts)


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(line) + " |" for line in (heading, *rows)]
    return "\n".join([lines[0], "|---" * len(heading) + "|", *lines[1:]]) + "\n"


def _means_table(surveys: dict[str, pd.DataFrame]) -> str:
    nutrients = core_nutrients()
    rows = []
    for cycle, days in surveys.items():
        years = survey_years(cycle)
        means = day_one_means(days).set_index(["group", "nutrient"])
        for sex in ("male", "female"):
            expected = EXPECTED_MEANS.get((years, sex), [("", "")] * len(nutrients))
            cells = [_mean_cell(means.loc[(sex, n)], *printed) for n, printed in zip(nutrients, expected, strict=True)]
            rows.append(
                [years, "men" if sex == "male" else "women", f"{means.loc[(sex, nutrients[0]), 'people']:,}", *cells]
            )
    return _table(["survey", "adults", "people", *(f"{nutrient_label(n)}, mean (SE)" for n in nutrients)], rows)


def _mean_cell(row: pd.Series, mean: str, error: str) -> str:
    """Return a mean with its error, to the digits expected, and whether these are the same."""
    if np.isnan(row["mean"]):
        return "not reported"
    ours = _rounded(row["mean"], mean, digits=4), _rounded(row["mean_se"], error, digits=2)
    text = f"{ours[0]} ({ours[1]})"
    if not mean:
        return text
    same = ours[0] == mean and (not error or float(ours[1]) == float(error))
    return f"{text}, as expected" if same else f"{text}, expected {mean} ({error})"


def _rounded(value: float, printed: str, *, digits: int) -> str:
    """Return a value with as many decimals as a printed one; with so many significant digits where none is."""
    return f"{value:.{len(printed.partition('.')[2])}f}" if printed else f"{float(f'{value:.{digits}g}'):g}"


_UNTOLD = ["no second day", "no second day"]


def _iron_table(surveys: dict[str, pd.DataFrame]) -> str:
    tables = {survey_years(cycle): days for cycle, days in surveys.items()}
    if len(tables) > 1:
        together = pd.concat(surveys.values(), ignore_index=True)
        tables["together"] = together.assign(weight=together["weight"] / len(surveys))
    rows = []
    for years, days in tables.items():
        found = iron_of_women(days)
        told = not np.isnan(found["share"])
        cells = [f"{found['share']:.1f} ({found['se']:.1f})", f"{found['below_ear']:.1f}"] if told else _UNTOLD
        rows.append([years, *cells])
    return _table(["survey", "below their own requirement, % (SE)", "below the EAR, not valid here, %"], rows)


def _agreement(cells: pd.DataFrame, years: str) -> str:
    """Return how many figures are within two standard errors of the computed ones, or of their rounding."""
    rounding = np.where(cells["figure"] == "share", 0.05, 0.0005 * cells["theirs"])
    away = (cells["ours"] - cells["theirs"]).abs()
    near = away <= np.maximum(2 * cells["se"], rounding)
    measured = cells.assign(near=near, errors=(away / cells["se"]).where(cells["se"] > 0), away=away)
    core = measured["nutrient"].isin(core_nutrients())
    rows = []
    for name, chosen in (
        ("shares below EAR, AI or CDRR", measured["figure"] == "share"),
        ("the same, core nutrients", (measured["figure"] == "share") & core),
        ("means", measured["figure"] == "mean"),
        ("percentiles, 5th to 95th", measured["figure"].isin(PERCENTILES)),
    ):
        part = measured[chosen]
        rows.append([name, f"{len(part):,}", f"{part['near'].sum():,}", f"{part['errors'].max():.2f}"])
    heading = ["figure", "cells", "within two standard errors", "farthest, in standard errors"]
    return (
        f"## Agreement with usual intakes computed elsewhere, {years}\n\n"
        "22 nutrients and 14 groups of sex and age, by the same model; the errors of shares and means are those of\n"
        "the computed figures, of percentiles our own.\n\n" + _table(heading, rows)
    )


def _usual_table(days: pd.DataFrame, years: str) -> str:
    nutrients = [*core_nutrients(), "sodium"]
    usual = usual_intakes(days, nutrients, by="group", figures=group_figures(GROUPS, nutrients)).set_index(
        ["group", "nutrient"]
    )
    rows = [
        [group, *(_usual_cell(usual.loc[(group, nutrient)], nutrient) for nutrient in nutrients)] for group in GROUPS
    ]
    heading = ["group", *(nutrient_label(name) for name in nutrients)]
    if (days["day"] == 1).all():
        return f"## Means of first days, {years}\n\nWithout second recalls there is no more.\n\n" + _table(
            heading, rows
        )
    return (
        f"## Usual intakes, {years}\n\n"
        "Mean of usual intakes, and the share of people below the EAR, or above the AI (potassium) or the CDRR\n"
        "(sodium), in percent with its standard error by delete-one-PSU jackknife.\n\n" + _table(heading, rows)
    )


def _usual_cell(row: pd.Series, nutrient: str) -> str:
    if np.isnan(row["mean"]):
        return "not reported"
    names = {"inadequate": "below", "above_cdrr": "above", "above_ai": "above"}
    name = next((name for name in names if not np.isnan(row[name])), None)
    error = f" ({row[f'{name}_se']:.1f})" if name and not np.isnan(row[f"{name}_se"]) else ""
    share = f"; {names[name]} {row[name]:.1f}{error}" if name else ""
    return f"{format_amount(row['mean'], nutrient)}{share}"


def main() -> None:
    """Measure the cycles asked for, and write the page of the default ones."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=SURVEY, metavar="FOLDER")
    parser.add_argument("--cycles", nargs="+", default=CYCLES, help="letters of survey cycles: L is 2021-2023")
    arguments = parser.parse_args()
    cycles = [cycle.strip().upper() for cycle in arguments.cycles]
    try:
        text = page(arguments.folder, cycles)
    except NutridiaryError as error:
        sys.exit(str(error))
    print(text)
    if cycles == CYCLES:
        (ROOT / "docs" / "usual_intake_bench.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
