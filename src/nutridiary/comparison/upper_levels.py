"""The part of intake that an upper level is held against.

Some ULs do not count what is naturally in food. Where the nutrients on record tell the part
apart it is used; where they do not, the UL is not held against anything else instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nutridiary.comparison.verdicts import exceeds

if TYPE_CHECKING:
    import pandas as pd

# nutrient with such a UL -> the intakes that make up the part: (nutrient, source kind or None for both).
# The reports that set these ULs are in docs/references.md.
PARTS: dict[str, tuple[tuple[str, str | None], ...]] = {
    "magnesium": (("magnesium", "supplement"),),
    "folate_dfe": (("folic_acid", None),),
    "vitamin_a_rae": (("retinol", None),),
    "vitamin_e_alpha_tocopherol": (("vitamin_e_added", "food"), ("vitamin_e_alpha_tocopherol", "supplement")),
    "niacin": (("niacin", "supplement"),),
}
# What fortification adds is not on record, so the part is known from below only.
PARTLY_ON_RECORD = frozenset({"niacin"})
# Of EFSA's magnesium, supplements are on record; salts added to water and food are not.
PARTS_PARTLY_ON_RECORD = frozenset({"supplements_and_added_salts"})


def upper_level_nutrients(nutrients: Iterable[str]) -> list[str]:
    """Return the further nutrients whose intakes are needed to hold the ULs of `nutrients` against their part.

    Examples
    --------
    >>> upper_level_nutrients(["magnesium", "folate_dfe"])
    ['folic_acid']
    """
    asked = list(nutrients)
    needed = (name for nutrient in asked for name, _ in PARTS.get(nutrient, ()))
    return [name for name in dict.fromkeys(needed) if name not in asked]


def upper_level_intakes(rows: pd.DataFrame, intakes: pd.DataFrame) -> pd.DataFrame:
    """Return the mean intake each row's UL is held against.

    Parameters
    ----------
    rows : pandas.DataFrame
        With `person_id`, `nutrient`, `days`, `mean_intake` and `low` [unit/d], `foods_left_out`, `ul`
        and `ul_applies_to`.
    intakes : pandas.DataFrame
        `tables.INTAKES`.

    Returns
    -------
    pandas.DataFrame
        On the index of `rows`: `ul_known`, a lower bound of the part [unit/d], NaN where it cannot
        be told apart or no UL is set; `ul_intake`, the mean of the part where it may be shown;
        `ul_complete`, whether nothing of the part is missing or filled in.
    """
    import pandas as pd

    key = ["person_id", "nutrient"]
    keyed = rows[key].merge(_parts(intakes), on=key, how="left", validate="many_to_one").set_index(rows.index)
    everything = rows["ul_applies_to"] == "total_intake"
    of_part = keyed["known"] / rows["days"].astype("float64").where(rows["days"] > 0)
    known = of_part.mask(everything, rows["low"]).where(rows["ul"].notna())
    mean = of_part.mask(everything, rows["mean_intake"]).where(rows["ul"].notna())
    partly = rows["ul_applies_to"].isin(PARTS_PARTLY_ON_RECORD)
    on_record = everything | (rows["nutrient"].isin(_wholly_on_record(intakes)) & ~partly)
    not_known = rows["foods_without_value"] + rows["foods_filled_in"]
    missing = keyed["missing"].fillna(0).mask(everything, not_known) + rows["foods_left_out"]
    return pd.DataFrame(
        {
            "ul_known": known,
            "ul_intake": mean.where(on_record | exceeds(known, rows["ul"])),
            "ul_complete": on_record & (missing == 0),
        }
    )


def _wholly_on_record(intakes: pd.DataFrame) -> list[str]:
    """Return the nutrients of `PARTS` whose whole part `intakes` can tell."""
    present = set(intakes["nutrient"])
    return [
        nutrient
        for nutrient, sources in PARTS.items()
        if nutrient not in PARTLY_ON_RECORD and all(name in present for name, _ in sources)
    ]


def _parts(intakes: pd.DataFrame) -> pd.DataFrame:
    """Return `person_id`, `nutrient`, `known` (the part's known sum over all days) and `missing` (lines).

    What a twin gave is not known of the food itself: an upper level is never exceeded by it.
    """
    import pandas as pd

    names = {name for sources in PARTS.values() for name, _ in sources}
    intakes = intakes.loc[intakes["nutrient"].isin(names)]
    pieces = []
    for nutrient, sources in PARTS.items():
        for name, kind in sources:
            chosen = intakes["nutrient"] == name
            if kind is not None:
                chosen &= intakes["source_kind"] == kind
            own = intakes["amount_low"].fillna(intakes["amount"].mask(intakes["filled_in"]))
            pieces.append(intakes.loc[chosen, ["person_id"]].assign(nutrient=nutrient, amount=own[chosen]))
    lines = pd.concat(pieces, ignore_index=True)
    groups = lines.assign(missing=lines["amount"].isna()).groupby(["person_id", "nutrient"], dropna=False)
    known = groups["amount"].sum(min_count=1).rename("known")
    return pd.concat([known, groups["missing"].sum()], axis=1).reset_index()
