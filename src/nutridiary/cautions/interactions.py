"""Cautions about what does not go together: supplements, foods and herbs with medicines, and with pregnancy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nutridiary.cautions.own import Found, Own, quoted
from nutridiary.cautions.words import named
from nutridiary.nutrients import format_amount, nutrient_label

if TYPE_CHECKING:
    import pandas as pd

BINDING = ("calcium", "iron", "magnesium", "zinc")
BOUND = ("levothyroxine", "tetracycline", "quinolone", "bisphosphonate")
SWING, SWING_TIMES, SWING_DAYS = 250.0, 5.0, 3
"""The day with most vitamin K beside that with least: µg more, times as much, days at least. Ours."""

MUCH_BIOTIN = 300.0  # µg a day: ten times the AI of an adult, IOM 1998. The ten times are ours.
YOUNG = 12.0  # years; US advice on fish is for children of 1 to 11

# Word of caution_words.csv -> the caution it calls for by itself, and the nutrient that is about.
_BY_ITSELF = (
    ("st_johns_wort", "herb_st_johns_wort", ""),
    ("potassium_holding", "medicine_potassium", "potassium"),
    ("diuretic", "medicine_diuretic", "potassium"),
    ("metformin", "medicine_b12", "vitamin_b12"),
    ("proton_pump_inhibitor", "medicine_acid_magnesium", "magnesium"),
    ("grapefruit", "grapefruit", ""),
    ("licorice", "licorice", "potassium"),
)
_AGAINST_ACID = ("proton_pump_inhibitor", "h2_blocker")


def interactions(own: Own) -> Iterator[Found]:
    """Find every caution about what does not go together."""
    for name, topic, nutrient in _BY_ITSELF:
        lines = named(own.mentions, name)
        if len(lines):
            yield Found(topic, f"{quoted(lines)}.", nutrient)
    yield from _against_acid(own)
    yield from _pregnancy(own)
    yield from _potassium(own)
    yield from _minerals(own)
    yield from _vitamin_k(own)
    yield from _biotin(own)


def _together(own: Own, *names: str) -> pd.DataFrame:
    """Return the lines that name one of several things."""
    import pandas as pd

    lines = pd.concat([named(own.mentions, name) for name in names])
    return lines[~lines.index.duplicated()].sort_index()


def _against_acid(own: Own) -> Iterator[Found]:
    lines = _together(own, *_AGAINST_ACID)
    if len(lines) and named(own.mentions, "metformin").empty:
        yield Found("medicine_b12", f"{quoted(lines)}.", "vitamin_b12")


def _pregnancy(own: Own) -> Iterator[Found]:
    liver = named(own.mentions, "liver")
    if own.is_pregnant and len(liver):
        yield Found("liver_pregnancy", f"{quoted(liver)}.", "vitamin_a_rae")
    fish = named(own.mentions, "mercury_fish")
    concerned = own.is_pregnant or own.is_lactating or (own.age is not None and own.age < YOUNG)
    if concerned and len(fish):
        yield Found("mercury_fish", f"{quoted(fish)}.")


def _potassium(own: Own) -> Iterator[Found]:
    doses, salt = own.doses("potassium"), named(own.mentions, "salt_substitute")
    salt = salt[salt["kind"] != "supplement"]
    said = []
    if len(doses):
        by_day = doses.groupby("date")["amount_low"].sum(min_count=1)
        said.append(f"{quoted(doses)}: {format_amount(by_day.max(), 'potassium')} on the day with most")
    if len(salt):
        said.append(quoted(salt))
    if said:
        yield Found("potassium_supplement", "; ".join(said) + ".", "potassium")


def _minerals(own: Own) -> Iterator[Found]:
    doses = own.doses(*BINDING)
    if doses.empty:
        return
    given = [nutrient for nutrient in BINDING if (doses["nutrient"] == nutrient).any()]
    minerals = _in_words([nutrient_label(nutrient).lower() for nutrient in given])
    taken = f"{minerals} from {quoted(doses)}"
    bound = _together(own, *BOUND)
    if len(bound):
        yield Found("medicine_spacing", f"{quoted(bound)}; and {taken}.")
    else:
        yield Found("spacing", f"{taken[0].upper()}{taken[1:]}.")


def _in_words(names: list[str]) -> str:
    return " and ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + f" and {names[-1]}"


def _vitamin_k(own: Own) -> Iterator[Found]:
    import pandas as pd

    doses = own.doses("vitamin_k", "menaquinone_4")
    lines = named(own.mentions, "vitamin_k_supplement")
    taken = pd.concat([doses[["food_text", "date"]], lines[["food_text", "date"]]]).drop_duplicates()
    if len(taken):
        yield Found("vitamin_k_supplement", f"{quoted(taken)}.", "vitamin_k")
    swing = _swing(own)
    if swing:
        yield Found("vitamin_k_swing", f"{swing}.", "vitamin_k")
    medicine = named(own.mentions, "vitamin_k_antagonist")
    if len(medicine):
        yield Found("medicine_vitamin_k", f"{quoted(medicine)}{'; vitamin K: ' if swing else ''}{swing}.", "vitamin_k")


def _swing(own: Own) -> str:
    """Say how much vitamin K differs between days, where that is much; else nothing."""
    days = own.days[(own.days["nutrient"] == "vitamin_k") & own.days["amount"].notna()]
    if len(own.checks):
        whole = own.checks.loc[~own.checks["possibly_incomplete"], "date"]
        days = days[days["date"].isin(whole)]
    # A day with something missing may have held more than it seems.
    known = days[(days["foods_left_out"] == 0) & (days["foods_without_value"] == 0)]
    most, least = known["amount"].max(), known["amount"].min()
    if len(known) < SWING_DAYS or most < SWING_TIMES * least or most - least < SWING:
        return ""
    low, high = format_amount(least, "vitamin_k"), format_amount(most, "vitamin_k")
    return f"{low} on the day with least, {high} on that with most"


def _biotin(own: Own) -> Iterator[Found]:
    doses = own.doses("biotin")
    by_day = doses.groupby("date")["amount_low"].sum(min_count=1)
    if len(by_day) and by_day.max() > MUCH_BIOTIN:
        most = format_amount(by_day.max(), "biotin")
        yield Found("biotin_laboratory", f"{most} on the day with most, from {quoted(doses)}.", "biotin")
