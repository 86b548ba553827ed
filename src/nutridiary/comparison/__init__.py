"""Intakes beside reference intakes: what the figures allow to be said, and nothing more.

`compare_days` looks at each day, `compare` at a person's mean over the days. Both give every
nutrient one of the `VERDICTS`. The rules, with their sources, are in ``docs/methods.md``.
"""

from nutridiary.comparison.days import compare_days
from nutridiary.comparison.people import compare
from nutridiary.comparison.upper_levels import upper_level_nutrients
from nutridiary.comparison.verdicts import VERDICTS

__all__ = ["VERDICTS", "compare", "compare_days", "upper_level_nutrients"]
