"""What a few recorded days say of a person's usual intake.

`confidence` gives both tables of it. The formulas of IOM 2000 are in `individual` and `more_days`, what days say among
people of the same sex and age in `posterior`; ``docs/usual_intake.md`` has the rules.
"""

from nutridiary.usual_intake.confidences import confidence
from nutridiary.usual_intake.verdicts import VERDICTS

__all__ = ["VERDICTS", "confidence"]
