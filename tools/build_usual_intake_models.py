"""Build data/usual_intake/models.csv: how usual intakes vary between people in the United States.

    python tools/build_usual_intake_models.py [--shared ../shared] [--out data/usual_intake/models.csv]

Source: What We Eat in America, NHANES 2017-2018 and 2021-2023, reliable recalls of two days, foods and drinks;
breast-fed children and pregnant women left out. The model is that of ``nutridiary.cohort.amount_model``, fitted to
each age-sex group of both cycles together: a single cycle has some 200 pairs of days for a group of children, too few
to tell people from days. Each cycle's weights count half; strata and sampling units play no part in a fit.

A group is left out where more than a tenth of its days have none of the nutrient (alcohol, caffeine of children):
the model is for what nearly everybody eats on nearly every day.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from nutridiary.cohort.amount_model import fit_amount_model
from nutridiary.cohort.distribution import usual_distribution
from nutridiary.cohort.groups import life_stage_groups
from nutridiary.cohort.nhanes import read_survey_days, survey_years
from nutridiary.cohort.people_days import people_and_days, recorded_days
from nutridiary.nutrients import load_nutrients
from nutridiary.references import LIFE_STAGES

ROOT = Path(__file__).resolve().parents[1]
CYCLES = ("J", "L")
MOST_ZERO_DAYS = 0.1
# Beyond the panel, what EAR, AI or CDRR are set for.
MORE_NUTRIENTS = (
    "protein",
    "carbohydrate",
    "fiber_total",
    "vitamin_a_rae",
    "thiamin",
    "riboflavin",
    "niacin",
    "choline",
    "vitamin_c",
    "vitamin_e_alpha_tocopherol",
    "selenium",
)
PEOPLE = [group for group in LIFE_STAGES if group.life_stage in ("child", "none")]


def nutrients_to_model() -> list[str]:
    """Return the panel and further nutrients that the survey reports."""
    known = load_nutrients()
    wanted = known["panel"].notna() | known.index.isin(MORE_NUTRIENTS)
    return [str(name) for name in known.index[wanted & known["nhanes_suffix"].notna()]]


def models(days: pd.DataFrame, survey: str, nutrients: list[str]) -> Iterator[dict[str, object]]:
    """Yield one row a nutrient and age-sex group."""
    days = days.assign(group=life_stage_groups(days))
    for nutrient in nutrients:
        for group in PEOPLE:
            drawn = people_and_days(days.loc[days["group"] == group.name], [nutrient])
            rows = recorded_days(drawn.days.rename(columns={"person": "member"}), nutrient)
            if (rows.intake == 0).mean() > MOST_ZERO_DAYS:
                print(f"{nutrient}, {group.name}: left out, {100 * (rows.intake == 0).mean():.0f} % of days have none")
                continue
            weights = drawn.people["weight"].to_numpy("float64")[None, :]
            model = fit_amount_model(rows, weights)
            if model is None or model.between[0] <= 0:
                print(f"{nutrient}, {group.name}: left out, the days do not tell people apart")
                continue
            yield {
                "survey": survey,
                "nutrient": nutrient,
                "sex": group.sex,
                "age_from": f"{group.age_from:g}",
                "age_to": "" if group.age_to == float("inf") else f"{group.age_to:g}",
                "boxcox_lambda": f"{model.exponent:g}",
                "mean_transformed": f"{model.mean[0]:.6g}",
                "variance_between": f"{model.between[0]:.5g}",
                "variance_within": f"{model.within[0]:.5g}",
                "floor": f"{model.floor:.4g}",
                "mean_intake": f"{usual_distribution(model).mean()[0]:.5g}",
                "people": len(drawn.people),
                "pairs": int((drawn.days["later"] == 1).sum()),
            }


def main() -> None:
    """Build the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "usual_intake" / "models.csv")
    arguments = parser.parse_args()
    nutrients = nutrients_to_model()
    days = pd.concat([read_survey_days(arguments.shared / "nhanes", cycle) for cycle in CYCLES], ignore_index=True)
    days = days.loc[~days["pregnant"]].assign(weight=days["weight"] / len(CYCLES))
    survey = "NHANES " + ", ".join(survey_years(cycle) for cycle in CYCLES)
    table = pd.DataFrame(models(days, survey, nutrients))
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(arguments.out, index=False, lineterminator="\n")
    print(f"{len(table)} models of {table['nutrient'].nunique()} nutrients")


if __name__ == "__main__":
    main()
