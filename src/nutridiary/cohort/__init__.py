"""Groups of people: usual intakes, their prevalences, and survey means.

The statistics need scipy (``pip install 'nutridiary[stats]'``). ``docs/groups.md`` tells the methods.
"""

from __future__ import annotations

from nutridiary.cohort.design import Replicates, replicates
from nutridiary.cohort.diaries import group_usual_intakes, people_days
from nutridiary.cohort.figures import group_figures
from nutridiary.cohort.groups import life_stage_groups
from nutridiary.cohort.means import survey_means
from nutridiary.cohort.nhanes import read_survey_days, read_survey_table, survey_years
from nutridiary.cohort.nrc import nrc_adjusted
from nutridiary.cohort.probability import iron_risk, normal_risk, table_risk
from nutridiary.cohort.usual import usual_intakes

__all__ = [
    "Replicates",
    "group_figures",
    "group_usual_intakes",
    "iron_risk",
    "life_stage_groups",
    "normal_risk",
    "nrc_adjusted",
    "people_days",
    "read_survey_days",
    "read_survey_table",
    "replicates",
    "survey_means",
    "survey_years",
    "table_risk",
    "usual_intakes",
]
