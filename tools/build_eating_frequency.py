"""Build data/eating_frequency.csv: how often, and in what amounts, each FNDDS food is reported.

Source: What We Eat in America, NHANES, individual foods files of 2021-2023 (DR1IFF_L, DR2IFF_L) and
2017-2018 (DR1IFF_J, DR2IFF_J); US CDC/NCHS and USDA ARS, public domain. Both 24-hour recalls are pooled:
recalls NCHS calls reliable (DRxDRSTZ = 1), day 1 weighted with WTDRD1, day 2 with WTDR2D. Codes of
2017-2018 that FNDDS 2021-2023 no longer has are left out and counted on the terminal.

Columns: `reports` (unweighted), `weighted_share` of all reports kept, and survey-weighted percentiles of
the grams eaten per report. A percentile is given only where the reports can carry it: p5, p50 and p95
from 10 reports on, p99 from 30.

    python tools/build_eating_frequency.py [--shared ../shared] [--out data/eating_frequency.csv]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
CYCLES = ("J", "L")
DAY_WEIGHTS = {1: "WTDRD1", 2: "WTDR2D"}
PERCENTILES = {"grams_p5": (0.05, 10), "grams_p50": (0.50, 10), "grams_p95": (0.95, 10), "grams_p99": (0.99, 30)}


def read_reports(folder: Path) -> pd.DataFrame:
    """Return one row per reported food: food_code, grams [g] and survey weight."""
    parts = []
    for cycle in CYCLES:
        for day, weight in DAY_WEIGHTS.items():
            names = [f"DR{day}IFDCD", f"DR{day}IGRMS", weight, f"DR{day}DRSTZ"]
            part = pd.read_csv(folder / f"DR{day}IFF_{cycle}.csv.xz", usecols=names)[names]
            part.columns = ["food_code", "grams", "weight", "status"]
            parts.append(part[(part["status"] == 1) & (part["weight"] > 0)])
    reports = pd.concat(parts, ignore_index=True)
    return reports.astype({"food_code": "int64"})


def weighted_percentile(grams: np.ndarray, weights: np.ndarray, share: float) -> float:
    """Return the smallest amount at or below which at least `share` of the weight lies."""
    order = np.argsort(grams, kind="stable")
    cumulative = np.cumsum(weights[order])
    return float(grams[order][np.searchsorted(cumulative, share * cumulative[-1])])


def eating_frequency(reports: pd.DataFrame, food_codes: set[int]) -> pd.DataFrame:
    """Return the table for the codes that FNDDS 2021-2023 has."""
    kept = reports[reports["food_code"].isin(food_codes)]
    total = kept["weight"].sum()
    rows = []
    for code, group in kept.groupby("food_code", sort=True):
        eaten = group.dropna(subset=["grams"])
        grams, weights = eaten["grams"].to_numpy(float), eaten["weight"].to_numpy(float)
        row: dict[str, object] = {
            "food_code": code,
            "reports": len(group),
            "weighted_share": f"{group['weight'].sum() / total:.4g}",
        }
        for name, (share, enough) in PERCENTILES.items():
            row[name] = f"{weighted_percentile(grams, weights, share):g}" if len(grams) >= enough else ""
        rows.append(row)
    return pd.DataFrame(rows)


def main() -> None:
    """Build the table and say what was left out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "eating_frequency.csv")
    arguments = parser.parse_args()
    codes = pd.read_csv(arguments.shared / "fdc" / "fndds_2021-2023" / "fdc_ids.csv")["food_code"]
    reports = read_reports(arguments.shared / "nhanes")
    table = eating_frequency(reports, set(codes))
    table.to_csv(arguments.out, index=False, lineterminator="\n")
    gone = reports[~reports["food_code"].isin(codes)]
    print(f"{len(reports):,} reports, {len(table):,} of {len(codes):,} FNDDS foods reported")
    print(f"left out: {len(gone):,} reports of {gone['food_code'].nunique():,} codes FNDDS 2021-2023 does not have")


if __name__ == "__main__":
    main()
