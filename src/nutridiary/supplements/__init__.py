"""Supplements: from the text of a label and the number taken to amounts of nutrients, apart from food."""

from nutridiary.supplements.amounts import LabelDose
from nutridiary.supplements.doses import companion_doses, supplement_doses
from nutridiary.supplements.label import Label, read_label, read_whole_label
from nutridiary.supplements.line import Line, read_line
from nutridiary.supplements.taken import Taken, read_taken
from nutridiary.supplements.telling import is_supplement_text

__all__ = [
    "Label",
    "LabelDose",
    "Line",
    "Taken",
    "companion_doses",
    "is_supplement_text",
    "read_label",
    "read_line",
    "read_taken",
    "read_whole_label",
    "supplement_doses",
]
