import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutridiary.data_files import data_file
from nutridiary.errors import UnitError
from nutridiary.units import (
    MEASURABLE,
    canonical_unit,
    convert,
    factor_to,
    grams,
    millilitres,
    unit_kind,
    unit_spellings,
    unknown_unit,
)


@pytest.mark.parametrize(
    ("unit", "expected"),
    # NIST Handbook 44, Appendix C; printed there to these digits.
    [("oz", 28.349523125), ("lb", 453.59237), ("kg", 1000), ("mg", 0.001), ("ug", 1e-6)],
)
def test_grams_reproduces_nist_definitions(unit, expected):
    assert grams(1, unit) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        # NIST Handbook 44, Appendix C: US liquid measures in millilitres.
        ("gallon", 3785.411784),
        ("quart", 946.352946),
        ("pint", 473.176473),
        ("cup", 236.5882365),
        ("fl oz", 29.5735295625),
        ("tbsp", 14.78676478125),
        ("tsp", 4.92892159375),
        # Weights and Measures Act 1985 (UK): the imperial gallon is 4.54609 l.
        ("imperial pint", 568.26125),
        ("imperial fl oz", 28.4130625),
        ("metric cup", 250),
        ("dl", 100),
        ("cl", 10),
        ("l", 1000),
    ],
)
def test_millilitres_reproduces_legal_definitions(unit, expected):
    assert millilitres(1, unit) == pytest.approx(expected, rel=1e-11)


def test_convert_reads_400_iu_of_vitamin_d_as_10_micrograms_not_400():
    assert convert(400, "IU", "ug", nutrient="vitamin_d") == 10
    assert convert(20, "ug", "IU", nutrient="vitamin_d3") == 800


@pytest.mark.parametrize("nutrient", [None, "vitamin_a_rae", "vitamin_e_alpha_tocopherol", "magnesium"])
def test_convert_refuses_international_units_of_unknown_form(nutrient):
    with pytest.raises(UnitError, match="depends on the form"):
        convert(400, "IU", "ug", nutrient=nutrient)


def test_convert_kilocalorie_is_4184_joules():
    assert convert(2000, "kcal", "kJ") == pytest.approx(8368)


def test_grams_of_a_volume_says_that_the_food_is_needed():
    with pytest.raises(UnitError, match="needs the food's own weight per volume"):
        grams(1, "cup")


def test_grams_of_a_household_word_says_that_it_depends_on_the_food():
    with pytest.raises(UnitError, match="'slice' has no size of its own"):
        grams(1, "slice")


def test_grams_of_an_unknown_unit_names_the_nearest():
    with pytest.raises(UnitError, match=r"unknown unit 'cpu'\. Did you mean 'cup'\?"):
        grams(1, "cpu")
    assert unknown_unit("zzzzzz") == "unknown unit 'zzzzzz'."


def test_convert_missing_amount_stays_missing():
    assert grams(float("nan"), "oz") != grams(float("nan"), "oz")


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("g", "g"), ("G", "g"), ("gr.", "g"), ("Grams.", "g"), ("T", "tbsp"), ("t", "tsp"), ("TBSP", "tbsp"),
        ("tbs", "tbsp"), ("C", "cup"), ("c.", "cup"), ("Cups", "cup"), ("fl. oz.", "fl oz"), ("FLOZ", "fl oz"),
        ("fluid ounces", "fl oz"), ("µg", "ug"), ("μg", "ug"), ("mcg", "ug"), ("IU", "IU"), ("cc", "ml"),
        ("Litres", "l"),
        ("slices", "slice"), ("pcs", "piece"), ("Handfuls", "handful"), ("extra-large", "extra large"),
        ("XL", "extra large"),
        ("tins", "can"), ("pkt", "packet"), ("loaves", "loaf"), ("patties", "patty"), ("glasses", "glass"),
        ("EL", "metric tbsp"),
        ("Stück", "piece"), ("serving(s)", "serving"), ("metric cups", "metric cup"), ("large", "large"),
    ],
)  # fmt: skip
def test_canonical_unit_hears_what_people_write(written, unit):
    assert canonical_unit(written) == unit


@pytest.mark.parametrize("written", ["", " ", "cpu", "tonne", "tesla", "parsec", "millicup", "ms", "banana", "1"])
def test_canonical_unit_hears_nothing_in_other_words(written):
    assert canonical_unit(written) is None


def test_unit_spellings_table_has_no_spelling_twice_and_one_kind_per_unit():
    with data_file("unit_spellings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    spellings = [row["spelling"] for row in rows]
    assert len(spellings) == len(set(spellings)) == len(unit_spellings())
    assert len({(row["unit"], row["kind"]) for row in rows}) == len({row["unit"] for row in rows})
    assert {row["kind"] for row in rows} == {*MEASURABLE, "count", "size", "container", "food"}


def test_every_canonical_unit_is_its_own_canonical_unit_and_measurable_ones_convert():
    for row in unit_spellings().values():
        assert canonical_unit(row.unit) == row.unit
        if row.kind in MEASURABLE:
            assert factor_to(row.unit, row.unit) == 1
    base = {"mass": "g", "volume": "ml", "energy": "kcal", "international unit": "IU"}
    for row in unit_spellings().values():
        if unit_kind(row.unit) in base:
            assert factor_to(base[row.kind], row.unit) > 0


@given(
    amount=st.floats(1e-3, 1e6),
    units=st.sampled_from([("oz", "lb"), ("cup", "tsp"), ("ml", "imperial pint"), ("kcal", "kJ"), ("ug", "kg")]),
)
def test_convert_there_and_back_is_the_same_amount(amount, units):
    there, back = units
    assert convert(convert(amount, there, back), back, there) == pytest.approx(amount, rel=1e-9)


def test_factor_to_is_what_pint_makes_of_the_definitions_for_every_pair_of_units():
    import pint

    registry = pint.UnitRegistry(str(data_file("units.txt")))
    units = sorted({row.unit for row in unit_spellings().values() if row.kind in MEASURABLE})
    pairs = [(unit, other) for unit in units for other in units if unit_kind(unit) == unit_kind(other)]
    assert len(pairs) > 100
    for unit, other in pairs:
        by_pint = registry.Quantity(1.0, other.replace(" ", "_")).to(unit.replace(" ", "_")).magnitude
        # Half a unit of the twelfth digit is rounded up or down by the noise of the sixteenth.
        assert factor_to(unit, other) == pytest.approx(by_pint, rel=1e-11, abs=0), (unit, other)
