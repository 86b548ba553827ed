"""The terms of a report, each in a sentence or two; a report explains those it uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nutridiary.fdc.product_ids import LABELLED
from nutridiary.report.figure_names import FigureNames

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

Term = tuple[str, str]

IN_FULL: Mapping[str, str] = {
    "EAR": "Estimated average requirement",
    "AR": "Average requirement",
    "H-AR": "Harmonized average requirement",
    "RDA": "Recommended dietary allowance",
    "PRI": "Population reference intake",
    "AI": "Adequate intake",
    "UL": "Tolerable upper intake level",
    "H-UL": "Harmonized tolerable upper intake level",
    "CDRR": "Chronic disease risk reduction intake (sodium)",
    "Daily Value": "What percentages on US labels are of",
}
_MEANING: Mapping[str, str] = {
    "EAR": "the intake that meets the need of half the people of a group.",
    "RDA": "meets the need of nearly all (97.5 %). A goal for one person.",
    "AI": "set where no requirement could be. At or above it over a long time, intake is likely enough. Below it, "
    "nothing can be concluded.",
    "UL": "held only against the part of intake it was set for: for magnesium, supplements and medicines (or salts "
    "added to food), not what food itself holds.",
    "CDRR": "lowering an intake above it is expected to lower risk.",
    "DV": "one figure for everybody from four years. It says nothing of anybody's need.",
}
_FIGURES: tuple[Term, ...] = (
    (
        "Mean per day",
        "The mean of what is known over the recorded days. A few days are not what somebody usually eats.",
    ),
    (
        "At least, at most",
        "Where something is missing, the mean lies between what is known of it, and that with what foods of the same "
        "kind, or meals, hardly exceed for each missing value and each line left out. 'No bound': nothing says how "
        "much it can be.",
    ),
    (
        "Coverage",
        "How much of the weight eaten has a value for the nutrient in its own food record. Under 100 %, values are "
        "missing, so that the true total is higher than the one shown, or equal; or they are filled in.",
    ),
    ("no value", "The food record does not say how much it holds. That is not zero, and is never counted as zero."),
    ("≥", "At least: a line has no value for the nutrient, or was left out of the totals."),
    (
        "≈, filled in",
        "A line's food record has no value, and that of a twin stands in for it: another record of the same food that "
        "agrees in what both know. An estimate, counted apart; nothing is called reached or exceeded by it alone.",
    ),
    ("review", "The line was counted, but the match with a food is uncertain. Look at it before trusting the figures."),
)
_SUPPLEMENTS: Term = (
    "From supplements",
    "What tablets, drops and powders gave, by their labels, the Supplements sheet or the diary's own record. It is "
    "part of the totals and kept apart from food, because some upper levels count supplements only.",
)
_RECORDED: Term = (
    "The diary's own",
    "Nutrient values that the diary's file carries, such as those of an app. They stand beside ours; which of them "
    "count is a choice (below: nutrient values).",
)
_OWN_FOODS: Term = (
    "Your own food",
    "A recipe or label written down on a sheet of the diary: it is matched first. Own foods says what it comes to.",
)
_PRODUCTS: Term = (
    "Label of a product",
    "What the package says, as FoodData Central or Open Food Facts pass it on. It is rounded, so that a zero is less "
    "than a step, and lacks most vitamins and minerals; a generic food fills these in where name and label agree on "
    "one (≈). What cannot be is set aside, and said.",
)
_CONFIDENCE: tuple[Term, ...] = (
    (
        "Usual intake",
        "What somebody eats on the average of a long time. Few days do not show it; how likely it is enough can be "
        "told.",
    ),
    (
        "Confidence",
        "Of 100 people of the same sex and age with records like these, how many have a usual intake that meets their "
        "own need, or is above the AI. It is no share of days, and no diagnosis.",
    ),
    (
        "Best guess",
        "Of usual intake: the mean of the days, drawn towards that of people of the same sex and age, the less the "
        "more days there are; 90 of 100 such people lie within the interval beside it.",
    ),
)
_ENERGY: Term = (
    "Goldberg cut-off",
    "The bounds of recorded energy over the basal rate (what the body uses at rest) that are credible for a full "
    "record of so many days (Goldberg 1991, Black 2000). They judge the record, not what anybody should eat.",
)
_INCOMPLETE: Term = (
    "possibly incomplete",
    "A recorded day that shows signs of not being written down in full: very little energy, few lines, one meal. A "
    "reason to look; it stays in the means unless leaving out is asked for.",
)
_SYMPTOMS: tuple[Term, ...] = (
    (
        "association",
        "Days with a symptom and days without differ in what was eaten. What brings about what cannot be told from it, "
        "or whether something else brings about both.",
    ),
    (
        "Holm",
        "Who looks at many nutrients finds a difference by chance sooner or later; each is held to a stricter rule the "
        "more were looked at (Holm 1979).",
    ),
)
_GROUPS: Term = (
    "Prevalence",
    "The share of the people of a group, never of days, whose usual intake is estimated to lie below or above a "
    "figure.",
)


def terms_of(analysis: Analysis) -> tuple[Term, ...]:
    """Return the terms that a report of this analysis uses."""
    checks, plausibility = analysis.day_checks, analysis.plausibility
    recorded = len(analysis.differences) or analysis.settings.get("nutrient values", "ours") != "ours"
    return (
        *_of_authority(FigureNames.of(analysis)),
        *_FIGURES,
        *(_CONFIDENCE if len(analysis.confidence) else ()),
        *([_INCOMPLETE] if checks["possibly_incomplete"].any() else []),
        *([_ENERGY] if plausibility["cutoff_low"].notna().any() else []),
        *(_SYMPTOMS if len(analysis.symptom_comparison) else ()),
        *([_GROUPS] if len(analysis.groups) else []),
        *([_SUPPLEMENTS] if analysis.comparison["supplement_intake"].notna().any() else []),
        *([_RECORDED] if recorded else []),
        *([_OWN_FOODS] if analysis.own_foods is not None else []),
        *([_PRODUCTS] if analysis.entries["data_type"].isin(LABELLED).any() else []),
    )


def _of_authority(names: FigureNames) -> Iterator[Term]:
    """Yield the figures of an authority, by its own names."""
    for role, meaning in _MEANING.items():
        if role in names.names:
            name = names.names[role]
            yield name, f"{IN_FULL.get(name, name)}: {meaning}"
