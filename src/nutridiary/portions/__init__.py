"""Weigh what was eaten: amount + unit + food -> grams, with bounds, a method and the portion it rests on."""

from nutridiary.portions.basis import without_unit_weights
from nutridiary.portions.weighing import WEIGHT_METHODS, weigh

__all__ = ["WEIGHT_METHODS", "weigh", "without_unit_weights"]
