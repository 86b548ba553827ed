"""Intakes beside reference intakes: what the figures allow to be said, and nothing more.

`compare_days` looks at each day, `compare` at a person's mean over the days. Both give every
nutrient one of the `VERDICTS`. `edition_changes` says what another report would. The rules, with
their sources, are in ``docs/methods.md``.
"""

from nutridiary.comparison.clarify import foods_to_clarify
from nutridiary.comparison.days import compare_days
from nutridiary.comparison.editions import edition_changes
from nutridiary.comparison.people import compare
from nutridiary.comparison.upper_levels import upper_level_nutrients
from nutridiary.comparison.verdicts import VERDICTS, verdict_in_words

__all__ = [
    "VERDICTS",
    "compare",
    "compare_days",
    "edition_changes",
    "foods_to_clarify",
    "upper_level_nutrients",
    "verdict_in_words",
]
