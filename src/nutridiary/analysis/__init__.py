"""The whole line, from diary files to every table a report needs.

`analyze` is the way in. `steps` are the parts that commands and the review use alone, `record` is what comes out.
"""

from __future__ import annotations

from nutridiary.analysis.checking import Checked, check
from nutridiary.analysis.inputs import Inputs, make_inputs, own_people, people_of, read_inputs
from nutridiary.analysis.record import NOBODY, Analysis
from nutridiary.analysis.run import analyze, analyze_entries, analyze_inputs
from nutridiary.analysis.steps import Prepared, match_and_weigh, prepare, take_supplements, weighed_entries

__all__ = [
    "NOBODY",
    "Analysis",
    "Checked",
    "Inputs",
    "Prepared",
    "analyze",
    "analyze_entries",
    "analyze_inputs",
    "check",
    "make_inputs",
    "match_and_weigh",
    "own_people",
    "people_of",
    "prepare",
    "read_inputs",
    "take_supplements",
    "weighed_entries",
]
