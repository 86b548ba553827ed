"""What a reader of this diary should be careful with, each because of something that stands in it.

A caution names what in the diary it rests on, says in plain words what is known, and where that is published
(``data/cautions.csv``). It diagnoses nothing and advises nobody to begin or stop anything.
"""

from __future__ import annotations

from nutridiary.cautions.find import cautions
from nutridiary.cautions.texts import KINDS, Caution, load_cautions
from nutridiary.cautions.words import load_caution_words, named

__all__ = ["KINDS", "Caution", "cautions", "load_caution_words", "load_cautions", "named"]
