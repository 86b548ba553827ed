"""From weighed entries to nutrient intakes: a line, a day, a food at a time.

Unknown is not zero anywhere here. A food whose record has no value for a nutrient takes it from
the record's twin, marked and counted, or gives an intake of NaN; a sum is over what there is, and
what is filled in or not known is counted beside it. The rules are in ``docs/methods.md``.
"""

from nutridiary.intake.entries import nutrient_intakes
from nutridiary.intake.left_out import left_out_bounds
from nutridiary.intake.ratios import laboratory_units, nutrient_ratios
from nutridiary.intake.recorded import VALUES, check_values, choose_recorded, recorded_differences
from nutridiary.intake.totals import daily_intakes, food_contributions

__all__ = [
    "VALUES",
    "check_values",
    "choose_recorded",
    "daily_intakes",
    "food_contributions",
    "laboratory_units",
    "left_out_bounds",
    "nutrient_intakes",
    "nutrient_ratios",
    "recorded_differences",
]
