"""Reference values as printed, written down by a second reader who did not look at what is shipped.

What test_published.py does not hold: NASEM's other nutrients in every life-stage group, EFSA's values by age, the
harmonized ones and the Daily Values of adults. No other file is needed.

- IOM 1997 to 2005, summary tables (doi:10.17226/11537 prints them together);
- EFSA 2017, tables 4-12 (doi:10.2903/sp.efsa.2017.e15121), sodium 2019 (doi:10.2903/j.efsa.2019.5778);
- 21 CFR 101.9(c)(8)(iv) and (c)(9) of 2016, and as before;
- Allen and others 2020 (doi:10.1093/advances/nmz096), tables 2 and 6.
"""

from __future__ import annotations

import math

import pandas as pd
import pytest

from nutridiary.references import LIFE_STAGES, LifeStage, Person, reference_values

# Infants 0-6, 7-12 months; children 1-3, 4-8 | males 9-13, 14-18, 19-30, 31-50, 51-70, over 70 | females, the same
# ages | pregnancy 14-18, 19-30, 31-50 | lactation, the same ages. "-" is no figure.
NASEM = """
phosphorus EAR - - 380 405 | 1055 1055 580 580 580 580 | 1055 1055 580 580 580 580 | 1055 580 580 | 1055 580 580
phosphorus UL - - 3000 3000 | 4000 4000 4000 4000 4000 3000 | 4000 4000 4000 4000 4000 3000 | 3500 3500 3500 | 4000 4000 4000
iron UL 40 40 40 40 | 40 45 45 45 45 45 | 40 45 45 45 45 45 | 45 45 45 | 45 45 45
zinc EAR - 2.5 2.5 4 | 7 8.5 9.4 9.4 9.4 9.4 | 7 7.3 6.8 6.8 6.8 6.8 | 10.5 9.5 9.5 | 10.9 10.4 10.4
zinc UL 4 5 7 12 | 23 34 40 40 40 40 | 23 34 40 40 40 40 | 34 40 40 | 34 40 40
copper EAR - - 0.26 0.34 | 0.54 0.685 0.7 0.7 0.7 0.7 | 0.54 0.685 0.7 0.7 0.7 0.7 | 0.785 0.8 0.8 | 0.985 1 1
copper UL - - 1 3 | 5 8 10 10 10 10 | 5 8 10 10 10 10 | 8 10 10 | 8 10 10
iodine EAR - - 65 65 | 73 95 95 95 95 95 | 73 95 95 95 95 95 | 160 160 160 | 209 209 209
selenium EAR - - 17 23 | 35 45 45 45 45 45 | 35 45 45 45 45 45 | 49 49 49 | 59 59 59
selenium UL 45 60 90 150 | 280 400 400 400 400 400 | 280 400 400 400 400 400 | 400 400 400 | 400 400 400
manganese AI 0.003 0.6 1.2 1.5 | 1.9 2.2 2.3 2.3 2.3 2.3 | 1.6 1.6 1.8 1.8 1.8 1.8 | 2 2 2 | 2.6 2.6 2.6
molybdenum RDA - - 17 22 | 34 43 45 45 45 45 | 34 43 45 45 45 45 | 50 50 50 | 50 50 50
fluoride AI 10 500 700 1000 | 2000 3000 4000 4000 4000 4000 | 2000 3000 3000 3000 3000 3000 | 3000 3000 3000 | 3000 3000 3000
vitamin_c EAR - - 13 22 | 39 63 75 75 75 75 | 39 56 60 60 60 60 | 66 70 70 | 96 100 100
vitamin_c RDA - - 15 25 | 45 75 90 90 90 90 | 45 65 75 75 75 75 | 80 85 85 | 115 120 120
vitamin_c UL - - 400 650 | 1200 1800 2000 2000 2000 2000 | 1200 1800 2000 2000 2000 2000 | 1800 2000 2000 | 1800 2000 2000
vitamin_e_alpha_tocopherol EAR - - 5 6 | 9 12 12 12 12 12 | 9 12 12 12 12 12 | 12 12 12 | 16 16 16
vitamin_a_rae EAR - - 210 275 | 445 630 625 625 625 625 | 420 485 500 500 500 500 | 530 550 550 | 885 900 900
vitamin_a_rae UL 600 600 600 900 | 1700 2800 3000 3000 3000 3000 | 1700 2800 3000 3000 3000 3000 | 2800 3000 3000 | 2800 3000 3000
vitamin_k AI 2 2.5 30 55 | 60 75 120 120 120 120 | 60 75 90 90 90 90 | 75 90 90 | 75 90 90
thiamin EAR - - 0.4 0.5 | 0.7 1 1 1 1 1 | 0.7 0.9 0.9 0.9 0.9 0.9 | 1.2 1.2 1.2 | 1.2 1.2 1.2
riboflavin RDA - - 0.5 0.6 | 0.9 1.3 1.3 1.3 1.3 1.3 | 0.9 1 1.1 1.1 1.1 1.1 | 1.4 1.4 1.4 | 1.6 1.6 1.6
niacin RDA - - 6 8 | 12 16 16 16 16 16 | 12 14 14 14 14 14 | 18 18 18 | 17 17 17
vitamin_b6 EAR - - 0.4 0.5 | 0.8 1.1 1.1 1.1 1.4 1.4 | 0.8 1 1.1 1.1 1.3 1.3 | 1.6 1.6 1.6 | 1.7 1.7 1.7
vitamin_b6 UL - - 30 40 | 60 80 100 100 100 100 | 60 80 100 100 100 100 | 80 100 100 | 80 100 100
folate_dfe EAR - - 120 160 | 250 330 320 320 320 320 | 250 330 320 320 320 320 | 520 520 520 | 450 450 450
choline AI 125 150 200 250 | 375 550 550 550 550 550 | 375 400 425 425 425 425 | 450 450 450 | 550 550 550
pantothenic_acid AI 1.7 1.8 2 3 | 4 5 5 5 5 5 | 4 5 5 5 5 5 | 6 6 6 | 7 7 7
fiber_total AI - - 19 25 | 31 38 38 38 30 30 | 26 26 25 25 21 21 | 28 28 28 | 29 29 29
water AI 700 800 1300 1700 | 2400 3300 3700 3700 3700 3700 | 2100 2300 2700 2700 2700 2700 | 3000 3000 3000 | 3800 3800 3800
"""  # noqa: E501

# Ages: 6 months, 1, 3, 4, 7, 10, 11, 15, 18, 30 years, "m/f" where the sexes differ | pregnant, lactating at 30.
EFSA = """
magnesium AI 80 170 230 230 230 300/250 300/250 300/250 350/300 350/300 | 300 300
calcium AI 280 - - - - - - - - - | - -
calcium AR - 390 390 680 680 680 960 960 860 750 | 750 750
calcium PRI - 450 450 800 800 800 1150 1150 1000 950 | 950 950
potassium AI 750 800 800 1100 1800 1800 2700 3500 3500 3500 | 3500 4000
vitamin_d AI 10 15 15 15 15 15 15 15 15 15 | 15 15
vitamin_d UL 35 50 50 50 50 50 100 100 100 100 | 100 100
vitamin_b12 AI 1.5 1.5 1.5 1.5 2.5 2.5 3.5 4 4 4 | 4.5 5
iron AR 8 5 5 5 8 8 8 8/7 6/- 6/- | 7 7
iron PRI 11 7 7 7 11 11 11 11/13 11/- 11/- | 16 16
zinc PRI 2.9 4.3 4.3 5.5 7.4 7.4 10.7 14.2/11.9 - - | - -
iodine AI 70 90 90 90 90 90 120 130 150 150 | 200 200
selenium AI 15 15 15 20 35 35 55 70 70 70 | 70 85
copper AI 0.4 0.7 1 1 1 1.3/1.1 1.3/1.1 1.3/1.1 1.6/1.3 1.6/1.3 | 1.5 1.5
phosphorus AI 160 250 250 440 440 440 640 640 550 550 | 550 550
fluoride AI 400 600 600 1000/900 1500/1400 1500/1400 2200/2300 3200/2800 3400/2900 3400/2900 | 2900 2900
vitamin_c PRI 20 20 20 30 45 45 70 100/90 110/95 110/95 | 105 155
vitamin_k AI 10 12 12 20 30 30 45 65 70 70 | 70 70
folate_dfe AR - 90 90 110 160 160 210 250 250 250 | - 380
folate_dfe PRI - 120 120 140 200 200 270 330 330 330 | - 500
vitamin_b6 PRI - 0.6 0.6 0.7 1 1 1.4 1.7/1.6 1.7/1.6 1.7/1.6 | 1.8 1.7
riboflavin PRI - 0.6 0.6 0.7 1 1 1.4 1.6 1.6 1.6 | 1.9 2
biotin AI 6 20 20 25 25 25 35 35 40 40 | 40 45
choline AI 160 140 140 170 250 250 340 400 400 400 | 480 520
sodium AI 200 1100 1100 1300 1700 1700 2000 2000 2000 2000 | 2000 2000
"""
EFSA_AGES = (0.5, 1, 3, 4, 7, 10, 11, 15, 18, 30)
ROLES = {"AR": "EAR", "PRI": "RDA"}

# nutrient: 2016, before
DAILY_VALUES = {
    "calcium": (1300, 1000),
    "magnesium": (420, 400),
    "potassium": (4700, 3500),
    "vitamin_d": (20, 10),
    "vitamin_b12": (2.4, 6),
    "sodium": (2300, 2400),
    "zinc": (11, 15),
    "iron": (18, 18),
    "vitamin_k": (120, 80),
    "biotin": (30, 300),
    "fiber_total": (28, 25),
    "choline": (550, math.nan),
}

# condition: women and men of 30 years
HARMONIZED = {
    ("calcium", ""): (750, 750),
    ("vitamin_d", ""): (10, 10),
    ("vitamin_c", ""): (80, 90),
    ("vitamin_b6", ""): (1.3, 1.5),
    ("iron", "low iron absorption"): (22.4, 19.2),
    ("iron", "moderate iron absorption"): (11.2, 9.6),
    ("zinc", "refined diet"): (6.2, 7.5),
    ("zinc", "unrefined diet"): (10.2, 12.7),
}


def lines(table: str) -> list[list[str]]:
    return [line.replace("|", " ").split() for line in table.strip().splitlines()]


def number(text: str) -> float:
    return math.nan if text == "-" else float(text)


def amounts(person: Person, reference: str, edition: str | None = None) -> pd.Series:
    values = reference_values(person, reference=reference, edition=edition)
    return values.set_index(["nutrient", "kind"])["amount"].dropna()


def one_of(group: LifeStage) -> Person:
    sex = "female" if group.sex == "both" else group.sex
    pregnant, lactating = group.life_stage == "pregnancy", group.life_stage == "lactation"
    return Person(sex=sex, age_years=group.age_from, smoker=False, pregnant=pregnant, lactating=lactating)


@pytest.fixture(scope="module")
def nasem() -> list[pd.Series]:
    return [amounts(one_of(group), "nasem") for group in LIFE_STAGES]


@pytest.fixture(scope="module")
def efsa() -> list[list[pd.Series]]:
    """Return what men and women of each age get; women alone where pregnant or lactating."""
    sexes = [[amounts(Person(sex=sex, age_years=age), "efsa") for sex in ("male", "female")] for age in EFSA_AGES]
    pregnant = amounts(Person(sex="female", age_years=30, pregnant=True), "efsa")
    return [*sexes, [pregnant], [amounts(Person(sex="female", age_years=30, lactating=True), "efsa")]]


@pytest.mark.parametrize("line", lines(NASEM), ids=lambda line: " ".join(line[:2]))
def test_nasem_figures_are_the_printed_ones_from_the_first_day_of_every_group(
    nasem: list[pd.Series], line: list[str]
) -> None:
    nutrient, kind, *printed = line
    assert len(printed) == 22
    found = [values.get((nutrient, kind), math.nan) for values in nasem]
    assert found == pytest.approx([number(text) for text in printed], nan_ok=True)


@pytest.mark.parametrize("line", lines(EFSA), ids=lambda line: " ".join(line[:2]))
def test_efsa_figures_are_the_printed_ones_at_every_age(efsa: list[list[pd.Series]], line: list[str]) -> None:
    nutrient, name, *printed = line
    assert len(printed) == 12
    for text, people in zip(printed, efsa, strict=True):
        male, _, female = text.partition("/")
        wanted = [number(male), number(female or male)][: len(people)]
        found = [values.get((nutrient, ROLES.get(name, name)), math.nan) for values in people]
        assert found == pytest.approx(wanted, nan_ok=True)


@pytest.mark.parametrize("nutrient", DAILY_VALUES)
def test_daily_values_are_the_printed_ones_of_both_rules(nutrient: str) -> None:
    woman = Person(sex="female", age_years=30)
    found = [
        amounts(woman, "fda-dv", edition).get((nutrient, "DV"), math.nan) for edition in ("FDA 2016", "FDA before 2016")
    ]
    assert found == pytest.approx(list(DAILY_VALUES[nutrient]), nan_ok=True)


@pytest.mark.parametrize(("nutrient", "condition"), HARMONIZED)
def test_harmonized_requirements_are_the_printed_ones(nutrient: str, condition: str) -> None:
    stated = (condition,) if condition else ()
    people = [Person(sex=sex, age_years=30, conditions=stated) for sex in ("female", "male")]
    found = [amounts(person, "harmonized")[nutrient, "EAR"] for person in people]
    assert found == pytest.approx(list(HARMONIZED[nutrient, condition]))
