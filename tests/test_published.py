"""Figures as printed in the DRI reports, spelled out by life stage, against what a person is compared with.

The tables were typed from the reports' summary tables, not taken from the shipped file:

- IOM 1997 (doi:10.17226/5776), magnesium; IOM 1998 (doi:10.17226/6015), vitamin B12;
- IOM 2011 (doi:10.17226/13050), calcium and vitamin D; NASEM 2019 (doi:10.17226/25353), potassium and sodium;
- IOM 2005 (doi:10.17226/10925), the superseded potassium AI; IOM 2001 (doi:10.17226/10026), iron and zinc.
"""

import math

import pandas as pd
import pytest

from nutridiary.comparison import compare
from nutridiary.references import LIFE_STAGES, Person, reference_values

# In the order of the reports: infants 0-6, 7-12 months; children 1-3, 4-8 | males 9-13, 14-18, 19-30, 31-50,
# 51-70, over 70 | females, the same ages | pregnancy 14-18, 19-30, 31-50 | lactation, the same ages.
# "-" is no figure. Vitamin D: 400, 600 and 800 IU are 10, 15 and 20 ug.
PRINTED = """
magnesium   EAR    -  -  65 110 | 200 340 330 350 350 350 | 200 300 255 265 265 265 | 335 290 300 | 300 255 265
magnesium   RDA    -  -  80 130 | 240 410 400 420 420 420 | 240 360 310 320 320 320 | 400 350 360 | 360 310 320
magnesium   AI    30 75   -   - |   -   -   -   -   -   - |   -   -   -   -   -   - |   -   -   - |   -   -   -
magnesium   UL     -  -  65 110 | 350 350 350 350 350 350 | 350 350 350 350 350 350 | 350 350 350 | 350 350 350
potassium   AI   400 860 2000 2300 | 2500 3000 3400 3400 3400 3400 | 2300 2300 2600 2600 2600 2600 | 2600 2900 2900 | 2500 2800 2800
potassium   UL     -   -    -    - |    -    -    -    -    -    - |    -    -    -    -    -    - |    -    -    - |    -    -    -
calcium     EAR    -   -  500  800 | 1100 1100  800  800  800 1000 | 1100 1100  800  800 1000 1000 | 1000  800  800 | 1000  800  800
calcium     RDA    -   -  700 1000 | 1300 1300 1000 1000 1000 1200 | 1300 1300 1000 1000 1200 1200 | 1300 1000 1000 | 1300 1000 1000
calcium     AI   200 260    -    - |    -    -    -    -    -    - |    -    -    -    -    -    - |    -    -    - |    -    -    -
calcium     UL  1000 1500 2500 2500 | 3000 3000 2500 2500 2000 2000 | 3000 3000 2500 2500 2000 2000 | 3000 2500 2500 | 3000 2500 2500
vitamin_d   EAR    -  -  10  10 |  10  10  10  10  10  10 |  10  10  10  10  10  10 |  10  10  10 |  10  10  10
vitamin_d   RDA    -  -  15  15 |  15  15  15  15  15  20 |  15  15  15  15  15  20 |  15  15  15 |  15  15  15
vitamin_d   AI    10 10   -   - |   -   -   -   -   -   - |   -   -   -   -   -   - |   -   -   - |   -   -   -
vitamin_d   UL    25 38  63  75 | 100 100 100 100 100 100 | 100 100 100 100 100 100 | 100 100 100 | 100 100 100
vitamin_b12 EAR    -  - 0.7 1.0 | 1.5 2.0 2.0 2.0 2.0 2.0 | 1.5 2.0 2.0 2.0 2.0 2.0 | 2.2 2.2 2.2 | 2.4 2.4 2.4
vitamin_b12 RDA    -  - 0.9 1.2 | 1.8 2.4 2.4 2.4 2.4 2.4 | 1.8 2.4 2.4 2.4 2.4 2.4 | 2.6 2.6 2.6 | 2.8 2.8 2.8
vitamin_b12 AI   0.4 0.5  -   - |   -   -   -   -   -   - |   -   -   -   -   -   - |   -   -   - |   -   -   -
vitamin_b12 UL     -  -   -   - |   -   -   -   -   -   - |   -   -   -   -   -   - |   -   -   - |   -   -   -
sodium      AI   110 370  800 1000 | 1200 1500 1500 1500 1500 1500 | 1200 1500 1500 1500 1500 1500 | 1500 1500 1500 | 1500 1500 1500
sodium      CDRR   -   - 1200 1500 | 1800 2300 2300 2300 2300 2300 | 1800 2300 2300 2300 2300 2300 | 2300 2300 2300 | 2300 2300 2300
iron        EAR    - 6.9 3.0 4.1 | 5.9 7.7 6 6 6 6 | 5.7 7.9 8.1 8.1 5 5 | 23 22 22 | 7 6.5 6.5
iron        RDA    -  11   7  10 |   8  11 8 8 8 8 |   8  15  18  18 8 8 | 27 27 27 | 10  9   9
zinc        RDA    -   3   3   5 |   8  11 11 11 11 11 | 8 9 8 8 8 8 | 12 11 11 | 13 12 12
"""  # noqa: E501
LINES = [line.replace("|", " ").split() for line in PRINTED.strip().splitlines()]
POTASSIUM_2005 = [400, 700, 3000, 3800, 4500, *[4700] * 5, 4500, *[4700] * 8, *[5100] * 3]


def person_of(group):
    age = group.age_from if group.age_from < 1 else group.age_from + 0.5
    sex = "female" if group.sex == "both" else group.sex
    return Person(
        sex=sex, age_years=age, pregnant=group.life_stage == "pregnancy", lactating=group.life_stage == "lactation"
    )


@pytest.fixture(scope="module")
def by_group():
    return [reference_values(person_of(group)).set_index(["nutrient", "kind"])["amount"] for group in LIFE_STAGES]


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line[:2]))
def test_reference_values_are_the_printed_ones_for_every_life_stage(by_group, line):
    nutrient, kind, *printed = line
    found = [values.get((nutrient, kind), math.nan) for values in by_group]
    assert len(printed) == 22
    assert found == pytest.approx([math.nan if text == "-" else float(text) for text in printed], nan_ok=True)


def test_potassium_4700_mg_is_the_2005_figure_and_not_todays():
    edition = [reference_values(person_of(group), edition="IOM 2005") for group in LIFE_STAGES]
    found = [rows.loc[rows["nutrient"] == "potassium", "amount"].item() for rows in edition]
    assert found == POTASSIUM_2005


def day_of(nutrient, unit, mean):
    """One complete day of one nutrient."""
    known = dict.fromkeys(("amount", "low", "high"), mean)
    counts = {"foods": 10, "foods_without_value": 0, "foods_left_out": 0}
    return pd.DataFrame([{"date": pd.Timestamp(2000, 1, 1), "nutrient": nutrient, "unit": unit, **known, **counts}])


def test_compare_places_the_intakes_of_the_published_examples():
    # IOM 2000, "Applications in Dietary Assessment" (doi:10.17226/9956): a woman of 40 with a mean of 320 mg
    # of magnesium beside the EAR of 265 mg, and a mean of 1,200 mg of calcium beside the AI of 1,000 mg of 1997.
    woman = {"": Person(sex="female", age_years=40)}
    magnesium = compare(day_of("magnesium", "mg", 320.0), woman, pd.DataFrame()).iloc[0]
    assert (magnesium["verdict"], magnesium["ear"], magnesium["percent_of_rda"]) == ("meets_rda", 265, 100)
    calcium = compare(day_of("calcium", "mg", 1200.0), woman, pd.DataFrame(), edition="1997").iloc[0]
    assert (calcium["verdict"], calcium["ai"], calcium["percent_of_ai"]) == ("meets_ai", 1000, 120)
    assert "IOM 1997 is superseded" in calcium["note"]
    assert "current is IOM 2011" in calcium["note"]
