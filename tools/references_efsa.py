"""The reference values of EFSA, as ``tools/build_references.py`` ships them.

What happens to a row on its way:

* only nutrients of ``data/nutrients.csv`` are kept, under that table's name and in its unit;
* AR plays the part of the EAR, PRI that of the RDA; what EFSA calls a figure stays beside it;
* the transcription's 0.583 years of "7-11 months" are 0.5: EFSA means the beginning of the seventh month to the first
  birthday (EFSA 2017, footnotes of the tables);
* what a figure depends on besides sex and age (phytate for zinc, menopause for iron) becomes its `condition`;
* the upper levels that opinions of 2023 and 2024 kept, or set anew for all adults, are spelled out for pregnancy and
  lactation and named after these opinions; what they replaced stays as superseded;
* figures in a unit of their own are left out, and ``data/reference_intakes/not_compared.csv`` says why: vitamin A in
  RE, thiamin and niacin per MJ of energy, nicotinic acid and nicotinamide apart. So is the safe level of iron, which
  is no UL.
"""

from __future__ import annotations

import re

import pandas as pd

from reference_rows import COLUMNS, convert_units, in_order

OTHER_NAMES = {
    "folic_acid_(synthetic)": "folate_dfe",
    "vitamin_a_(re)": "vitamin_a_rae",
    "vitamin_e": "vitamin_e_alpha_tocopherol",
}
# Of these only the upper level is shipped, or nothing: see not_compared.csv.
UNITS_OF_THEIR_OWN = {"niacin_ne", "thiamin", "nicotinamide", "nicotinic_acid", "vitamin_a_re"}
ROLES = {"AR": "EAR", "PRI": "RDA", "AI": "AI", "UL": "UL"}
EDITIONS = {"EFSA DRV summary 2017 (upd. 2019-09)": "EFSA 2017", "EFSA UL overview v4 (Sept 2018)": "EFSA 2018"}
UPPER_LEVEL_APPLIES_TO = {
    "magnesium": "supplements_and_added_salts",
    "folate_dfe": "folic_acid_supplements_and_fortification",
    "vitamin_a_rae": "preformed_retinol",
}
SAFE_AND_ADEQUATE = "safe and adequate intake"

# Upper levels of the 2018 overview that a later opinion keeps, from which age on [years] for all people, pregnant and
# lactating women included: folate doi:10.2903/j.efsa.2023.8353, vitamin D doi:10.2903/j.efsa.2023.8145, vitamin E
# doi:10.2903/j.efsa.2024.8953, preformed vitamin A (whose figures for younger children the abstract does not print)
# doi:10.2903/j.efsa.2024.8814.
KEPT = {
    "folate_dfe": ("EFSA 2023", 1.0),
    "vitamin_d": ("EFSA 2023", 1.0),
    "vitamin_e_alpha_tocopherol": ("EFSA 2024", 1.0),
    "vitamin_a_rae": ("EFSA 2024", 15.0),
}
# Upper levels set anew for adults, pregnant and lactating women included: selenium doi:10.2903/j.efsa.2023.7704,
# vitamin B6 doi:10.2903/j.efsa.2023.8006. The figures for children are not on record.
SET_ANEW = {"selenium", "vitamin_b6"}
# Set for ages 1-3, 4-8, 9-14 and from 15 years (EFSA 2005, doi:10.2903/j.efsa.2005.192); the transcription has them
# under the bands of the other nutrients, and says so.
FLUORIDE = ((1.0, 4.0, 1.5), (4.0, 9.0, 2.5), (9.0, 15.0, 5.0), (15.0, None, 7.0))


def build(tables: pd.DataFrame, nutrients: pd.DataFrame) -> pd.DataFrame:
    """Return EFSA's rows from the transcribed `tables`."""
    rows = tables.loc[~tables["nutrient"].isin(UNITS_OF_THEIR_OWN) & (tables["kind"] != "safe_level")]
    rows = rows.assign(nutrient=rows["nutrient"].replace(OTHER_NAMES))
    rows = rows.loc[rows["nutrient"].isin(nutrients.index)]
    rows = rows.assign(
        unit=rows["unit"].replace("ug RE", "ug"),
        age_from=rows["age_from"].replace(0.583, 0.5),
        condition=[condition(nutrient, note) for nutrient, note in zip(rows["nutrient"], rows["note"], strict=True)],
        kind_name=rows["kind"].mask(rows["note"].str.contains(SAFE_AND_ADEQUATE, na=False), SAFE_AND_ADEQUATE),
        kind=rows["kind"].map(ROLES),
        place=rows["source"].map(place),
    )
    rows = pd.concat([rows, sodium_in_pregnancy(rows)], ignore_index=True)
    rows = with_later_upper_levels(with_bands_of_fluoride(rows))
    applies_to = rows["nutrient"].map(UPPER_LEVEL_APPLIES_TO).where(rows["kind"] == "UL").fillna("total_intake")
    rows = convert_units(rows.assign(applies_to=applies_to), nutrients["unit"])
    return in_order(rows, list(nutrients.index))[COLUMNS]


def condition(nutrient: str, note: object) -> str | None:
    """Return what a figure depends on besides sex and age.

    >>> condition("zinc", "phytate 300; = base + 1.3"), condition("iron", "premenopausal (covers ~95%)")
    ('phytate 300 mg/d', 'premenopausal')
    """
    text = note if isinstance(note, str) else ""
    if found := re.match(r"phytate (\d+)", text):
        return f"phytate {found[1]} mg/d"
    found = re.match(r"(?:pre|post)menopausal", text)
    return found[0] if found and nutrient == "iron" else None


def place(source: str) -> str | None:
    """Return the printed table a figure stands in: 'Table 4, p. 47'."""
    found = re.search(r"(Tables? [\d/]+)(?: p(\d+))?", source)
    if found is None or not source.startswith("EFSA 2017"):
        return None
    return found[1].replace("/", ", ") + (f", p. {found[2]}" if found[2] else "")


def sodium_in_pregnancy(rows: pd.DataFrame) -> pd.DataFrame:
    """Return sodium's rows for pregnancy and lactation, which the summary leaves to its text.

    The value for adults is theirs, too: EFSA 2019, doi:10.2903/j.efsa.2019.5778.
    """
    adult = rows.loc[(rows["nutrient"] == "sodium") & (rows["sex"] == "female") & (rows["age_from"] == 18)]
    return pd.concat([adult.assign(life_stage=stage, place="doi:10.2903/j.efsa.2019.5778") for stage in SPECIAL])


SPECIAL = ("pregnancy", "lactation")


def with_bands_of_fluoride(rows: pd.DataFrame) -> pd.DataFrame:
    """Give fluoride's upper levels the ages they were set for; the row for pregnancy stays."""
    wrong = (rows["nutrient"] == "fluoride") & (rows["kind"] == "UL") & (rows["life_stage"] == "none")
    row = rows.loc[wrong].iloc[:1]
    right = [row.assign(age_from=low, age_to=high, amount=amount) for low, high, amount in FLUORIDE]
    return pd.concat([rows.loc[~wrong], *right], ignore_index=True)


def with_later_upper_levels(rows: pd.DataFrame) -> pd.DataFrame:
    """Name upper levels after the opinion that holds today, and keep what it replaced as superseded."""
    # The later opinions' own rows hold the adult only.
    later = ~rows["edition"].isin(EDITIONS)
    adult = rows.loc[later & rows["nutrient"].isin(SET_ANEW)].assign(edition="EFSA 2023", status="current")
    rows = rows.loc[~later].assign(edition=rows["edition"].map(EDITIONS))
    starts = {nutrient: age for nutrient, (_, age) in KEPT.items()}
    kept = (rows["kind"] == "UL") & (rows["age_from"] >= rows["nutrient"].map(starts).fillna(999.0))
    names = {nutrient: edition for nutrient, (edition, _) in KEPT.items()}
    held = rows.loc[kept].assign(edition=rows["nutrient"].map(names), status="current")
    rows = rows.assign(status=rows["status"].mask(kept, "superseded"))
    special = [adult.assign(life_stage=stage) for stage in SPECIAL]
    return pd.concat([rows, held, adult, *special], ignore_index=True)
