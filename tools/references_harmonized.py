"""The harmonized reference values of Allen and others 2020, as ``tools/build_references.py`` ships them.

What happens to a row on its way:

* only nutrients of ``data/nutrients.csv`` are kept, under that table's name and in its unit;
* H-AR plays the part of the EAR, H-UL that of the UL; whose figure was taken over stays in `place`;
* what iron and zinc depend on besides sex and age (absorption, diet) becomes their `condition`;
* biotin is in µg: the transcription says mg, but every figure is four fifths of EFSA's AI in µg;
* the upper levels of calcium and vitamin D for "0-11 months" are those of 7-12 months in the report they were taken
  from (IOM 2011), which has lower ones before: they hold from six months on, as do all figures for "7-11 months";
* left out, because they disagree with the report they are said to be from: vitamin C in lactation (145 against EFSA's
  140 mg), and zinc in lactation with an unrefined diet (13.7 against 12.6 mg);
* left out, and in ``data/reference_intakes/not_compared.csv``: the H-AR of vitamin A, which is EFSA's in RE under the
  name of RAE, and the H-UL of niacin, which is for nicotinic acid alone.
"""

from __future__ import annotations

import pandas as pd

from reference_rows import COLUMNS, convert_units, in_order

NUTRIENTS = {
    "Biotin": "biotin",
    "Calcium": "calcium",
    "Choline": "choline",
    "Copper": "copper",
    "Fluoride": "fluoride",
    "Folate": "folate_dfe",
    "Folic acid": "folate_dfe",
    "Iodine": "iodine",
    "Iron": "iron",
    "Magnesium": "magnesium",
    "Manganese": "manganese",
    "Molybdenum": "molybdenum",
    "Niacin": "niacin",
    "Pantothenic acid": "pantothenic_acid",
    "Phosphorus": "phosphorus",
    "Protein": "protein",
    "Riboflavin": "riboflavin",
    "Selenium": "selenium",
    "Thiamin": "thiamin",
    "Vitamin A": "vitamin_a_rae",
    "Vitamin B-12": "vitamin_b12",
    "Vitamin B-6": "vitamin_b6",
    "Vitamin C": "vitamin_c",
    "Vitamin D": "vitamin_d",
    "Vitamin E": "vitamin_e_alpha_tocopherol",
    "Zinc": "zinc",
}
LEFT_OUT = {"Chromium"}  # no food record holds it under a name of nutrients.csv
UNITS = {
    "mg a-tocopherol": "mg",
    "ug DFE": "ug",
    "ug retinol": "ug",
    "g/kg/d": "g/kg",
}
ROLES = {"Average requirement": ("EAR", "H-AR"), "Upper limit": ("UL", "H-UL")}
UPPER_LEVEL_APPLIES_TO = {
    "magnesium": "supplements_and_added_salts",
    "folate_dfe": "folic_acid_supplements_and_fortification",
    "vitamin_a_rae": "preformed_retinol",
}
# Age group -> first age and the one after the last. [years]
AGES = {
    "0-11 mo": (0.0, 1.0),
    "7-11 mo": (0.5, 1.0),
    "1-3 y": (1.0, 4.0),
    "4-6 y": (4.0, 7.0),
    "7-10 y": (7.0, 11.0),
    "11-14 y": (11.0, 15.0),
    "15-17 y": (15.0, 18.0),
    "18-24 y": (18.0, 25.0),
    "18-50 y": (18.0, 51.0),
    "25-50 y": (25.0, 51.0),
    "51-70 y": (51.0, 71.0),
    ">70 y": (71.0, None),
    "≤ 18 y": (0.0, 19.0),
    "19-30 y": (19.0, 31.0),
    "31-50 y": (31.0, 51.0),
}
# stage -> (life stage, sex)
STAGES = {
    "Infants": ("infant", "both"),
    "Children": ("child", "both"),
    "Males": ("none", "male"),
    "Females": ("none", "female"),
    "Pregnancy": ("pregnancy", "female"),
    "Lactation": ("lactation", "female"),
}


def build(tables: pd.DataFrame, nutrients: pd.DataFrame) -> pd.DataFrame:
    """Return the harmonized rows from the transcribed `tables`."""
    names = tables["nutrient"].str.extract(r"^(?P<name>[^(]+?)(?: \((?P<condition>.+)\))?$")
    if strange := set(names["name"]) - set(NUTRIENTS) - LEFT_OUT:
        raise SystemExit(f"nutrients no rule covers: {sorted(strange)}")
    rows = tables.assign(nutrient=names["name"].map(NUTRIENTS), condition=condition(names))
    rows = rows.loc[rows["nutrient"].notna()]
    rows = rows.loc[~doubtful(rows)]
    rows = rows.assign(
        unit=rows["units"].replace(UNITS).mask(rows["nutrient"] == "biotin", "ug"),
        kind=rows["nrv_type"].map(lambda kind: ROLES[kind][0]),
        kind_name=rows["nrv_type"].map(lambda kind: ROLES[kind][1]),
        amount=rows["nrv"],
        life_stage=rows["stage"].map(lambda stage: STAGES[stage][0]),
        sex=rows["stage"].map(lambda stage: STAGES[stage][1]),
        age_from=rows["age_group"].map(lambda group: AGES[group][0]),
        age_to=rows["age_group"].map(lambda group: AGES[group][1]),
        authority="harmonized",
        edition="Allen 2020",
        status="current",
        place="taken over from " + rows["source"],
    )
    second_half_year = (rows["age_group"] == "0-11 mo") & rows["nutrient"].isin(["calcium", "vitamin_d"])
    rows = rows.assign(age_from=rows["age_from"].mask(second_half_year, 0.5), applies_to=applies_to(rows))
    return in_order(convert_units(rows, nutrients["unit"]), list(nutrients.index))[COLUMNS]


def condition(names: pd.DataFrame) -> pd.Series:
    """Return what stands in brackets behind iron and zinc, as a condition.

    >>> names = pd.DataFrame({"name": ["Iron", "Zinc"], "condition": ["low absorption", "refined diet"]})
    >>> condition(names).tolist()
    ['low iron absorption', 'refined diet']
    """
    return names["condition"].str.replace(" absorption", " iron absorption")


def doubtful(rows: pd.DataFrame) -> pd.Series:
    """Return which rows are left out: in another unit than they say, or at odds with their source."""
    upper, lactation = rows["nrv_type"] == "Upper limit", rows["stage"] == "Lactation"
    return (
        ((rows["nutrient"] == "vitamin_a_rae") & ~upper)
        | ((rows["nutrient"] == "niacin") & upper)
        | ((rows["nutrient"] == "vitamin_c") & lactation & ~upper)
        | ((rows["condition"] == "unrefined diet") & lactation)
    )


def applies_to(rows: pd.DataFrame) -> pd.Series:
    """Return which part of intake each figure is held against."""
    part = rows["nutrient"].map(UPPER_LEVEL_APPLIES_TO).where(rows["kind"] == "UL").fillna("total_intake")
    return part.mask(rows["nutrient"] == "niacin", "niacin_equivalents")
