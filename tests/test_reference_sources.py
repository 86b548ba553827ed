"""Every shipped figure, read back through a person, equals the table it was taken from.

The tables are read here once more and by other code than the builder's: row by row, with the few changes that
``docs/references.md`` tells written out by hand.
"""

import csv
import math
from pathlib import Path

import pytest

from conftest import skip_or_fail
from nutridiary.references import LIFE_STAGES, Person, load_references, reference_values

SOURCES = Path(__file__).parents[2] / "shared" / "reference"
WEIGHT = 70.0


def source(name):
    if not (SOURCES / name).is_file():
        skip_or_fail(f"the transcribed table (../shared/reference/{name}) is not there")
    with (SOURCES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def shipped(authority):
    values = load_references()
    return set(values.loc[values["authority"] == authority, "nutrient"])


def somebody(life_stage, sex, age, **further):
    state = {"pregnant": life_stage == "pregnancy", "lactating": life_stage == "lactation"}
    return Person(sex=sex, age_years=age, weight_kg=WEIGHT, smoker=False, **state, **further)


_found = {}


def figures(person, reference, edition=None):
    """(nutrient, kind) -> amount, of every figure that is an amount."""
    key = (person, reference, edition)
    if key not in _found:
        rows = reference_values(person, reference=reference, edition=edition)
        _found[key] = {(r.nutrient, r.kind): r.amount for r in rows.itertuples() if r.amount == r.amount}
    return _found[key]


# --- NASEM -------------------------------------------------------------------------------------

NASEM_NAMES = {
    "water_total": "water",
    "linoleic_acid": "fatty_acid_18_2_n6",
    "alpha_linolenic_acid": "fatty_acid_18_3_n3",
}


def nasem_figures(rows, group, known):
    expected = {}
    for row in rows:
        nutrient = NASEM_NAMES.get(row["nutrient"], row["nutrient"])
        same_ages = math.isclose(float(row["age_from"] or -1), group.age_from, abs_tol=1e-3)
        same = row["life_stage"] == group.life_stage and row["sex"] in ("both", group.sex) and same_ages
        if not same or not row["amount"] or nutrient not in known:
            continue
        if group.life_stage == "infant" and nutrient.startswith("fatty_acid"):
            continue  # for infants these are for all n-6 and all n-3
        factor = {"fluoride": 1000, "water": 1000}.get(nutrient, 1)  # mg -> µg, L -> g
        factor = WEIGHT if row["unit"] == "g/kg" else factor
        expected[nutrient, row["kind"]] = float(row["amount"]) * factor
    return expected


@pytest.mark.parametrize("group", LIFE_STAGES, ids=lambda group: group.name)
def test_every_current_nasem_figure_of_a_group_reads_back_as_in_the_source(group):
    rows = [row for row in source("nasem_dri.csv") if row["status"] == "current" and "memory" not in row["applies_to"]]
    person = somebody(group.life_stage, "female" if group.sex == "both" else group.sex, group.age_from)
    expected = nasem_figures(rows, group, shipped("NASEM"))
    assert len(expected) > 25
    assert figures(person, "nasem") == pytest.approx(expected)


@pytest.mark.parametrize("edition", ["IOM 1997", "IOM 2005"])
@pytest.mark.parametrize("group", LIFE_STAGES, ids=lambda group: group.name)
def test_every_superseded_nasem_figure_reads_back_as_in_the_source(group, edition):
    rows = [row for row in source("nasem_dri.csv") if row["status"] == "superseded" and row["edition"] == edition]
    assert rows
    expected = nasem_figures(rows, group, shipped("NASEM"))
    person = somebody(group.life_stage, "female" if group.sex == "both" else group.sex, group.age_from)
    found = figures(person, "nasem", edition)
    replaced = {row["nutrient"] for row in rows}
    assert {key: amount for key, amount in found.items() if key[0] in replaced} == pytest.approx(expected)


# --- EFSA --------------------------------------------------------------------------------------

EFSA_NAMES = {
    "folic_acid_(synthetic)": "folate_dfe",
    "vitamin_a_(re)": "vitamin_a_rae",
    "vitamin_e": "vitamin_e_alpha_tocopherol",
}
EFSA_ROLES = {"AR": "EAR", "PRI": "RDA", "AI": "AI", "UL": "UL"}
EFSA_APART = {"thiamin", "niacin_ne", "nicotinamide", "nicotinic_acid", "vitamin_a_re"}  # in a unit of their own
EFSA_EDITIONS = {"EFSA UL overview v4 (Sept 2018)": "EFSA 2018"}
TO_MICROGRAMS = {"fluoride", "molybdenum"}


def efsa_condition(row):
    if row["note"].startswith("phytate"):
        return [f"phytate {row['note'].split()[1].rstrip(';')} mg/d"]
    return (
        [word for word in row["note"].split()[:1] if word.endswith("menopausal")] if row["nutrient"] == "iron" else []
    )


def efsa_rows():
    known = shipped("EFSA")
    for row in source("efsa_drv.csv"):
        nutrient = EFSA_NAMES.get(row["nutrient"], row["nutrient"])
        fluoride = nutrient == "fluoride" and row["kind"] == "UL" and row["life_stage"] == "none"
        if row["nutrient"] in EFSA_APART or row["kind"] == "safe_level" or nutrient not in known or fluoride:
            continue
        factor = 1000 if nutrient in TO_MICROGRAMS and row["unit"] == "mg" else 1
        yield nutrient, float(row["amount"]) * factor, row


def people_of(row):
    """Somebody of each sex at the first age of a row and just before the last."""
    low, high = float(row["age_from"]), float(row["age_to"] or 90)
    low = 0.5 if row["age_from"] == "0.583" else low  # the seventh month of life begins at six completed months
    last = high - 1 if high > 1 else high - 1 / 12
    sexes = {"male": ["male"], "female": ["female"]}.get(row["sex"], ["female", "male"])
    for sex in sexes if row["life_stage"] == "none" else ["female"]:
        for age in (low, max(low, last)):
            yield somebody(row["life_stage"], sex, age, conditions=efsa_condition(row))


def test_every_efsa_figure_reads_back_as_in_the_source():
    checked = 0
    for nutrient, amount, row in efsa_rows():
        edition = EFSA_EDITIONS.get(row["edition"]) if row["status"] == "superseded" else None
        for person in people_of(row):
            found = figures(person, "efsa", edition)
            assert found[nutrient, EFSA_ROLES[row["kind"]]] == pytest.approx(amount), row
            checked += 1
    assert checked > 1000


def test_no_efsa_figure_is_shipped_that_the_source_does_not_have():
    own = {(nutrient, EFSA_ROLES[row["kind"]], amount) for nutrient, amount, row in efsa_rows()}
    own |= {("fluoride", "UL", amount) for amount in (1500, 2500, 5000, 7000)}  # EFSA 2005, by its own ages
    values = load_references()
    values = values[values["authority"] == "EFSA"]
    found = set(zip(values["nutrient"], values["kind"], values["amount"], strict=True))
    assert {(n, k, round(a, 6)) for n, k, a in found} == {(n, k, round(a, 6)) for n, k, a in own}


@pytest.mark.parametrize(
    ("age", "amount"), [(1, 1500), (3, 1500), (4, 2500), (8, 2500), (9, 5000), (14, 5000), (15, 7000)]
)
def test_fluoride_upper_level_of_efsa_changes_at_its_own_ages(age, amount):
    assert figures(somebody("none", "male", age), "efsa")["fluoride", "UL"] == amount


@pytest.mark.parametrize("state", ["none", "pregnancy", "lactation"])
def test_upper_levels_of_2023_and_2024_hold_in_pregnancy_and_lactation_too(state):
    # Abstracts of doi:10.2903/j.efsa.2023.7704, .8006, .8145, .8353 and doi:10.2903/j.efsa.2024.8814, .8953.
    found = figures(somebody(state, "female", 30), "efsa")
    upper = {"selenium": 255, "vitamin_b6": 12, "vitamin_d": 100, "folate_dfe": 1000, "vitamin_a_rae": 3000}
    assert {nutrient: found[nutrient, "UL"] for nutrient in upper} == upper
    assert found["vitamin_e_alpha_tocopherol", "UL"] == 300
    assert found["sodium", "AI"] == 2000  # doi:10.2903/j.efsa.2019.5778


# --- harmonized --------------------------------------------------------------------------------

HARMONIZED_NAMES = {
    "Folate": "folate_dfe",
    "Folic acid": "folate_dfe",
    "Vitamin A": "vitamin_a_rae",
    "Vitamin B-6": "vitamin_b6",
    "Vitamin B-12": "vitamin_b12",
    "Vitamin E": "vitamin_e_alpha_tocopherol",
}
HARMONIZED_FACTORS = {
    ("Copper", "ug"): 0.001,
    ("Phosphorus", "g"): 1000,
    ("Fluoride", "mg"): 1000,
    ("Molybdenum", "mg"): 1000,
}
FIRST_AND_LAST = {
    "7-11 mo": (6 / 12, 11 / 12),
    "1-3 y": (1, 3),
    "4-6 y": (4, 6),
    "7-10 y": (7, 10),
    "11-14 y": (11, 14),
    "15-17 y": (15, 17),
    "18-24 y": (18, 24),
    "18-50 y": (18, 50),
    "25-50 y": (25, 50),
    "51-70 y": (51, 70),
    ">70 y": (71, 95),
    "≤ 18 y": (14, 18),
    "19-30 y": (19, 30),
    "31-50 y": (31, 50),
}
STATES = {"Pregnancy": "pregnancy", "Lactation": "lactation"}


def left_out(name, bracket, row):
    upper, lactation = row["nrv_type"] == "Upper limit", row["stage"] == "Lactation"
    return (
        name == "Chromium"
        or (name == "Vitamin A" and not upper)
        or (name == "Niacin" and upper)
        or (name == "Vitamin C" and lactation and not upper)
        or (bracket == "unrefined diet" and lactation)
    )


def test_every_harmonized_figure_reads_back_as_in_the_source():
    checked = 0
    for row in source("harmonized_nrv_allen2020.csv"):
        name, _, bracket = row["nutrient"].rstrip(")").partition(" (")
        if left_out(name, bracket, row):
            continue
        condition = bracket.replace(" absorption", " iron absorption")
        nutrient = HARMONIZED_NAMES.get(name, name.lower().replace(" ", "_"))
        amount = float(row["nrv"]) * HARMONIZED_FACTORS.get((name, row["units"]), 1)
        amount *= WEIGHT if row["units"] == "g/kg/d" else 1
        kind = "UL" if row["nrv_type"] == "Upper limit" else "EAR"
        ages = FIRST_AND_LAST[row["age_group"].replace("0-11", "7-11")]
        for age in ages:
            for sex in {"Males": ["male"], "Females": ["female"]}.get(row["sex"], ["female", "male"]):
                person = somebody(
                    STATES.get(row["stage"], "none"), sex, age, conditions=[condition] if condition else ()
                )
                assert figures(person, "harmonized")[nutrient, kind] == pytest.approx(amount), row
                checked += 1
    assert checked > 1800


def test_harmonized_upper_levels_of_calcium_and_vitamin_d_begin_with_the_seventh_month():
    # IOM 2011 has 1,000 mg and 25 µg before: the paper's 1,500 mg and 38 µg are those of 7-12 months.
    infant = figures(somebody("none", "female", 5 / 12), "harmonized")
    assert infant == {("iron", "UL"): 40}
