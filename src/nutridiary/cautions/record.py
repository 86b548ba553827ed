"""Cautions about the record itself and about the symptoms on it: what these days cannot show."""

from __future__ import annotations

from collections.abc import Iterator

from nutridiary.cautions.own import Found, Own, days_in_words
from nutridiary.cautions.words import named
from nutridiary.nutrients import core_nutrients, nutrient_label
from nutridiary.symptoms.names import CRAMP

WEEK = 7  # recorded days. Ours: fewer cannot hold every day of a week
WELL_COVERED = 80.0  # % of the eaten weight with a value of its own. Ours
HALF_COVERED = 50.0  # %
_COUNTED_KINDS = ("food", "supplement", "water")


def record(own: Own) -> Iterator[Found]:
    """Find every caution about the record and the symptoms on it."""
    yield from _cramps(own)
    yield from _energy(own)
    yield from _days(own)
    yield from _left_out(own)
    yield from _values(own)


def _cramps(own: Own) -> Iterator[Found]:
    if CRAMP in own.symptoms:
        because = "A muscle cramp is on record."
        yield Found("cramps_clinician", because)
        yield Found("cramps_evidence", because)


def _energy(own: Own) -> Iterator[Found]:
    if own.energy is not None and own.energy.verdict in ("low", "high"):
        yield Found(f"energy_{own.energy.verdict}", str(own.energy.reading), "energy")


def _days(own: Own) -> Iterator[Found]:
    counted = own.checks[own.checks["possibly_incomplete"] & own.checks["in_means"]]
    if len(counted):
        are = "may be incomplete and counts" if len(counted) == 1 else "may be incomplete and count"
        of_all = f"{len(counted)} of {days_in_words(own.counted_days)}"
        yield Found("days_incomplete", f"{of_all} {are} in the means.")
    if 0 < own.counted_days < WEEK:
        yield Found("few_days", f"The means are of {days_in_words(own.counted_days)}.")


def _left_out(own: Own) -> Iterator[Found]:
    eaten = own.entries[own.entries["kind"].isin(_COUNTED_KINDS)]
    left_out = int(eaten["problem"].notna().sum())
    if left_out:
        yield Found("lines_left_out", f"{left_out} of {len(eaten)} lines could not be counted.")


def _values(own: Own) -> Iterator[Found]:
    for nutrient in core_nutrients():
        row = own.means.get(nutrient)
        if row is not None and row.coverage < WELL_COVERED:
            yield Found("values_missing", _coverage(nutrient, row.coverage), nutrient)
    row = own.means.get("menaquinone_4")
    matters = CRAMP in own.symptoms or len(own.doses("vitamin_k", "menaquinone_4"))
    matters = matters or any(
        len(named(own.mentions, name)) for name in ("vitamin_k_supplement", "vitamin_k_antagonist")
    )
    if matters and row is not None and not row.coverage >= HALF_COVERED:
        yield Found("menaquinone_missing", _coverage("menaquinone_4", row.coverage), "menaquinone_4")


def _coverage(nutrient: str, coverage: float) -> str:
    share = "None" if not coverage > 0 else "Less than 1 %" if coverage < 1 else f"{coverage:.0f} %"
    return f"{share} of the weight eaten has a value of its own for {nutrient_label(nutrient)}."
