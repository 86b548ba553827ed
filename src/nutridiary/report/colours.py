"""The colours of every report, and the tint and sign of each verdict.

The tints are light versions of the colours of Okabe and Ito, which people with the common forms
of colour blindness can tell apart [1]_. A tint never stands alone: words or a sign stand beside it.

References
----------
.. [1] Okabe M, Ito K, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

from collections.abc import Mapping

INK, QUIET_INK, LINK_INK, RULE = "1F2933", "5F6B76", "005A9C", "D5DBE1"
BLUE, ORANGE, PURPLE = "0072B2", "D55E00", "A0568A"
HEADER_FILL, MISSING_FILL = "E8EDF2", "F2F2F2"

ENOUGH_TINT = "D6E9F5"  # sky blue
BETWEEN_TINT = "FBF3C9"  # yellow
LOW_TINT = "FBE0C8"  # orange
HIGH_TINT = "EED9E8"  # reddish purple
OPEN_TINT = "EDEFF1"  # grey: nothing can be concluded

ENOUGH, BETWEEN, LOW, HIGH = "●", "○", "▼", "▲"

VERDICT_TINTS: Mapping[str, str] = {
    "meets_rda": ENOUGH_TINT,
    "meets_ai": ENOUGH_TINT,
    "between_ear_and_rda": BETWEEN_TINT,
    "meets_ear": BETWEEN_TINT,
    "at_least_ear": BETWEEN_TINT,
    "below_rda": BETWEEN_TINT,
    "below_ear": LOW_TINT,
    "above_ul": HIGH_TINT,
    "above_cdrr": HIGH_TINT,
    "below_ai": OPEN_TINT,
    "beside_dv": OPEN_TINT,
    "not_decidable": OPEN_TINT,
}

VERDICT_SIGNS: Mapping[str, str] = {
    "meets_rda": ENOUGH,
    "meets_ai": ENOUGH,
    "between_ear_and_rda": BETWEEN,
    "meets_ear": BETWEEN,
    "at_least_ear": BETWEEN,
    "below_ear": LOW,
    "above_ul": HIGH,
    "above_cdrr": HIGH,
}
"""The sign of a verdict on a day; a verdict from which nothing can be concluded has none."""
