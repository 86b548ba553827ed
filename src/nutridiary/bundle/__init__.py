"""A diary with all that its report rests on in one file, and the same report made of it again.

`writing` packs a bundle, `unpacking` reads one that may come from anywhere, `reproducing` makes its reports anew and
holds them against those in it. docs/sharing.md tells what a bundle holds.
"""

from __future__ import annotations

from nutridiary.bundle.reproducing import ReportAgain, Reproduction, reproduce
from nutridiary.bundle.writing import write_bundle

__all__ = ["ReportAgain", "Reproduction", "reproduce", "write_bundle"]
