"""Who a person is to the reference intakes, and which figures hold for that person.

The figures of four authorities, every edition with its status, lie in ``data/reference_intakes``
(built by ``tools/build_references.py``) and ``data/daily_values.csv``. ``docs/references.md`` states the rules.
"""

from nutridiary.references.figures import (
    LIFE_STAGES,
    PER_BODY_WEIGHT,
    LifeStage,
    Person,
    find_edition,
    life_stage,
    life_stage_group,
    load_editions,
    load_references,
    reference_values,
)

__all__ = [
    "LIFE_STAGES",
    "PER_BODY_WEIGHT",
    "LifeStage",
    "Person",
    "find_edition",
    "life_stage",
    "life_stage_group",
    "load_editions",
    "load_references",
    "reference_values",
]
