"""Days with a symptom beside days without it: which days, what was eaten, and whether anything can be told.

Everything here is about associations in one person's diary; nothing is a cause, a diagnosis or advice. How it is done,
and what it cannot do, stands in ``docs/symptoms.md``; how often it is wrong in ``docs/symptoms_bench.md``.
"""

from nutridiary.symptoms.comparison import symptom_comparison
from nutridiary.symptoms.days import BASES, NIGHT_ENDS, symptom_days
from nutridiary.symptoms.evidence import Evidence, has_cramp, load_cramp_evidence
from nutridiary.symptoms.limits import VERDICTS
from nutridiary.symptoms.names import symptom_names
from nutridiary.symptoms.summary import describe_symptoms

__all__ = [
    "BASES",
    "NIGHT_ENDS",
    "VERDICTS",
    "Evidence",
    "describe_symptoms",
    "has_cramp",
    "load_cramp_evidence",
    "symptom_comparison",
    "symptom_days",
    "symptom_names",
]
