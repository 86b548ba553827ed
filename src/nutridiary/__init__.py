"""nutridiary: what a food diary says about nutrient intakes, and what it cannot say.

>>> import nutridiary
>>> nutridiary.Person(sex="female", age_years=34).sex
'female'

The names below are the public interface. They are looked up when first used, so that importing
the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nutridiary.aliases import load_aliases
    from nutridiary.analysis import Analysis, analyze, analyze_entries
    from nutridiary.bundle import reproduce, write_bundle
    from nutridiary.cohort import group_usual_intakes, survey_means, usual_intakes
    from nutridiary.comparison import compare, compare_days, edition_changes
    from nutridiary.diary import read_diary, read_people
    from nutridiary.errors import NutridiaryError
    from nutridiary.food_search import search_foods
    from nutridiary.foods import FoodData, load_foods
    from nutridiary.intake import daily_intakes, food_contributions, nutrient_intakes
    from nutridiary.matching import find_candidates, match_foods
    from nutridiary.plausibility import check_days
    from nutridiary.portions import weigh
    from nutridiary.references import Person, reference_values
    from nutridiary.report import to_excel
    from nutridiary.report.data import read_analysis
    from nutridiary.report.match_explanation import explain_match
    from nutridiary.symptoms import symptom_comparison
    from nutridiary.usual_intake import confidence

__version__ = "0.1.0"

_HOME = {
    "Analysis": "analysis",
    "FoodData": "foods",
    "NutridiaryError": "errors",
    "Person": "references",
    "analyze": "analysis",
    "analyze_entries": "analysis",
    "check_days": "plausibility",
    "compare": "comparison",
    "compare_days": "comparison",
    "confidence": "usual_intake",
    "daily_intakes": "intake",
    "edition_changes": "comparison",
    "explain_match": "report.match_explanation",
    "find_candidates": "matching",
    "food_contributions": "intake",
    "group_usual_intakes": "cohort",
    "load_aliases": "aliases",
    "load_foods": "foods",
    "match_foods": "matching",
    "nutrient_intakes": "intake",
    "read_analysis": "report.data",
    "read_diary": "diary",
    "read_people": "diary",
    "reference_values": "references",
    "reproduce": "bundle",
    "search_foods": "food_search",
    "survey_means": "cohort",
    "symptom_comparison": "symptoms",
    "to_excel": "report",
    "usual_intakes": "cohort",
    "weigh": "portions",
    "write_bundle": "bundle",
}
__all__ = [
    "Analysis",
    "FoodData",
    "NutridiaryError",
    "Person",
    "analyze",
    "analyze_entries",
    "check_days",
    "compare",
    "compare_days",
    "confidence",
    "daily_intakes",
    "edition_changes",
    "explain_match",
    "find_candidates",
    "food_contributions",
    "group_usual_intakes",
    "load_aliases",
    "load_foods",
    "match_foods",
    "nutrient_intakes",
    "read_analysis",
    "read_diary",
    "read_people",
    "reference_values",
    "reproduce",
    "search_foods",
    "survey_means",
    "symptom_comparison",
    "to_excel",
    "usual_intakes",
    "weigh",
    "write_bundle",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'nutridiary' has no attribute {name!r}")
    value = getattr(import_module(f"nutridiary.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
