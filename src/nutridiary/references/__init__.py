"""Who a person is to the reference values, and which figures hold for that person.

The values of four authorities, every edition with its status, lie in ``data/reference_intakes``
(built by ``tools/build_references.py``) and ``data/daily_values.csv``; the citation of each edition is
in ``editions.csv``. ``docs/references.md`` states the rules.
"""

from nutridiary.references.authorities import (
    REFERENCES,
    Authority,
    citations,
    figures_of,
    find_edition,
    find_other,
    find_reference,
    load_editions,
)
from nutridiary.references.conditions import ACTIVITIES, Condition, known_conditions
from nutridiary.references.figures import (
    LIMITS,
    PER_BODY_WEIGHT,
    Profile,
    current_editions,
    kind_names,
    load_references,
    profile_of,
    reference_values,
    references_of,
    stated_values,
    unstated_values,
    values_of,
)
from nutridiary.references.life_stages import (
    GROUPS,
    LIFE_STAGES,
    LifeStage,
    ages_in_words,
    life_stage,
    life_stage_group,
)
from nutridiary.references.not_compared import not_compared
from nutridiary.references.person import Person

__all__ = [
    "ACTIVITIES",
    "GROUPS",
    "LIFE_STAGES",
    "LIMITS",
    "PER_BODY_WEIGHT",
    "REFERENCES",
    "Authority",
    "Condition",
    "LifeStage",
    "Person",
    "Profile",
    "ages_in_words",
    "citations",
    "current_editions",
    "figures_of",
    "find_edition",
    "find_other",
    "find_reference",
    "kind_names",
    "known_conditions",
    "life_stage",
    "life_stage_group",
    "load_editions",
    "load_references",
    "not_compared",
    "profile_of",
    "reference_values",
    "references_of",
    "stated_values",
    "unstated_values",
    "values_of",
]
