"""Whether what was recorded can be all that was eaten.

Recorded energy is held beside the basal rate of a body of this size, and each day beside the person's own other days.
Nothing is deleted: a day that may be incomplete is flagged with its reasons, and left out of the means only on request.
The rules and how often they fire are in ``docs/plausibility.md``.
"""

from nutridiary.plausibility.days import check_days, incomplete_days, without_days
from nutridiary.plausibility.equations import BASAL_EQUATIONS, basal_rate, estimated_energy_requirement
from nutridiary.plausibility.goldberg import Cutoffs, goldberg_cutoffs
from nutridiary.plausibility.people import plausibility

__all__ = [
    "BASAL_EQUATIONS",
    "Cutoffs",
    "basal_rate",
    "check_days",
    "estimated_energy_requirement",
    "goldberg_cutoffs",
    "incomplete_days",
    "plausibility",
    "without_days",
]
