"""What must be given before anything is said of a symptom, chosen by measuring: ``docs/symptoms_bench.md``."""

from __future__ import annotations

LAGS = (0, 1)
"""Days between intake and symptom: the day itself, and the day before."""

LEAST_OF_EACH, LEAST_DAYS = 5, 14
"""Days with and days without that are needed at least, and days in all, before anything is tested."""

LEAST_POWER = 50.0
"""Below this chance of seeing a difference of one day-to-day standard deviation, nothing is concluded. [%]"""

SEEN_BELOW = 0.05
"""A difference counts as seen where its p-value, after Holm, is at most this."""

UNLIKE_FROM = 20.0
"""Weekends, exercise and the like are named beside a difference from here on. [percentage points of days]"""

VERDICTS = {
    "differs": "differs",
    "no_difference_seen": "no difference seen",
    "cannot_tell": "cannot tell",
}
