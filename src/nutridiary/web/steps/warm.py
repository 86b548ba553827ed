"""Importing this loads what every diary needs: the libraries, the foods, the index they are searched by.

The process that workers are forked from imports it once, so that they share its memory and begin at once.
"""

from __future__ import annotations

from nutridiary.analysis import steps as _steps
from nutridiary.foods import load_foods
from nutridiary.matching import match_texts

match_texts(["apple"], load_foods())

__all__ = ["_steps"]
