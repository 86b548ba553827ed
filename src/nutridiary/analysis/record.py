"""What an analysis is: every table that was found out about a diary."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nutridiary.tables import (
    CAUTIONS,
    COMPARISON,
    CONFIDENCE,
    DAY_CHECKS,
    EDITION_CHANGES,
    FILES_READ,
    FOODS_TO_CLARIFY,
    GROUP_CONTRIBUTIONS,
    LEFT_ASIDE,
    MOLES,
    NOT_FOOD_DAYS,
    PLAUSIBILITY,
    RATIOS,
    RECORDED_DIFFERENCES,
    SUGGESTION_EFFECTS,
    SUGGESTIONS,
    SUPPLEMENT_DOSES,
    SUPPLEMENT_PRODUCTS,
    SYMPTOM_COMPARISON,
    SYMPTOM_DAYS,
    SYMPTOMS,
    USUAL_INTAKES,
    WORKING,
    Table,
    conform,
)

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.fdc.looked_up import LookedUp
    from nutridiary.foods import FoodData
    from nutridiary.lock import Lock
    from nutridiary.own_foods import OwnFoods
    from nutridiary.references import Person
    from nutridiary.report.charts import Charts

NOBODY = ""
"""The key, in a mapping of people, of the person of a diary that names nobody."""


def empty(table: Table) -> pd.DataFrame:
    """Return a table without rows."""
    import pandas as pd

    return conform(pd.DataFrame(), table)


@dataclass(frozen=True)
class Analysis:
    """Everything that was found out about a diary, table by table.

    Attributes
    ----------
    entries : pandas.DataFrame
        Every line of the diary after matching and weighing (`tables.WEIGHED`), problem rows included.
    intakes, days, day_comparison, comparison, references, contributions : pandas.DataFrame
        `tables.INTAKES`, `DAILY_INTAKES`, `DAY_COMPARISON`, `COMPARISON`, `REFERENCE_VALUES` and
        `CONTRIBUTIONS`. `references` has a leading ``person_id`` column.
    people : mapping of str to Person
        Who was compared with what; the key `NOBODY` stands for the person of a diary that names
        nobody. Empty where nobody's sex and age are known.
    doses : pandas.DataFrame
        `tables.SUPPLEMENT_DOSES`: what each supplement gave.
    differences : pandas.DataFrame
        `tables.RECORDED_DIFFERENCES`: our values beside those the diary carries.
    files, left_aside : pandas.DataFrame
        `tables.FILES_READ`, `LEFT_ASIDE`: what each file was read as, and the rows that are no line of a diary.
    products, symptoms : pandas.DataFrame
        `tables.SUPPLEMENT_PRODUCTS`, `SYMPTOMS`, from the sheets beside the diary.
    own_foods : OwnFoods or None
        The user's own foods and recipes; None where there are none.
    edition_changes : pandas.DataFrame
        `tables.EDITION_CHANGES`: what another edition, or another authority, would say.
    foods_to_clarify : pandas.DataFrame
        `tables.FOODS_TO_CLARIFY`, what could change magnesium and potassium most first.
    confidence, working : pandas.DataFrame
        `tables.CONFIDENCE`, `WORKING`: what the days say of usual intake, and how it was worked out.
    plausibility, day_checks : pandas.DataFrame
        `tables.PLAUSIBILITY`, `DAY_CHECKS`: recorded energy beside need; days that may be incomplete.
    all_days_comparison : pandas.DataFrame
        `tables.COMPARISON` over all days, where possibly incomplete ones were asked to be left out; else empty.
    not_food_days : pandas.DataFrame
        `tables.NOT_FOOD_DAYS`: days the diary itself says are to be left out.
    ratios, moles : pandas.DataFrame
        `tables.RATIOS`, `MOLES`: descriptive figures.
    groups : pandas.DataFrame
        `tables.USUAL_INTAKES` of each life-stage group of ten people or more; empty where there is none.
    symptom_days, symptom_comparison : pandas.DataFrame
        `tables.SYMPTOM_DAYS`, `SYMPTOM_COMPARISON`: days with a symptom beside days without.
    group_contributions : pandas.DataFrame
        `tables.GROUP_CONTRIBUTIONS`: where nutrients came from, by food group.
    cautions : pandas.DataFrame
        `tables.CAUTIONS`: what a reader of this diary should be careful with.
    suggestions, suggestion_effects : pandas.DataFrame
        `tables.SUGGESTIONS`, `SUGGESTION_EFFECTS`: foods that would close gaps; empty unless they were asked for.
    releases : pandas.DataFrame
        The food composition releases the figures come from.
    settings : mapping of str to str
        What was asked for, for the report's About sheet: diary file, version, options.
    lock : Lock or None
        What the report rests on besides the diary; None of tables that were not read from files.
    looked_up : LookedUp or None
        Records beyond the food database that were looked up for this diary; None where there are none.
    foods : FoodData or None
        The food data it was made with, so that a later look at a food sees the same record.
    """

    entries: pd.DataFrame
    intakes: pd.DataFrame
    days: pd.DataFrame
    day_comparison: pd.DataFrame
    comparison: pd.DataFrame
    references: pd.DataFrame
    contributions: pd.DataFrame
    people: Mapping[str, Person]
    releases: pd.DataFrame
    settings: Mapping[str, str] = field(default_factory=dict)
    doses: pd.DataFrame = field(default_factory=lambda: empty(SUPPLEMENT_DOSES))
    differences: pd.DataFrame = field(default_factory=lambda: empty(RECORDED_DIFFERENCES))
    files: pd.DataFrame = field(default_factory=lambda: empty(FILES_READ))
    left_aside: pd.DataFrame = field(default_factory=lambda: empty(LEFT_ASIDE))
    products: pd.DataFrame = field(default_factory=lambda: empty(SUPPLEMENT_PRODUCTS))
    symptoms: pd.DataFrame = field(default_factory=lambda: empty(SYMPTOMS))
    own_foods: OwnFoods | None = None
    edition_changes: pd.DataFrame = field(default_factory=lambda: empty(EDITION_CHANGES))
    foods_to_clarify: pd.DataFrame = field(default_factory=lambda: empty(FOODS_TO_CLARIFY))
    confidence: pd.DataFrame = field(default_factory=lambda: empty(CONFIDENCE))
    working: pd.DataFrame = field(default_factory=lambda: empty(WORKING))
    plausibility: pd.DataFrame = field(default_factory=lambda: empty(PLAUSIBILITY))
    day_checks: pd.DataFrame = field(default_factory=lambda: empty(DAY_CHECKS))
    all_days_comparison: pd.DataFrame = field(default_factory=lambda: empty(COMPARISON))
    not_food_days: pd.DataFrame = field(default_factory=lambda: empty(NOT_FOOD_DAYS))
    ratios: pd.DataFrame = field(default_factory=lambda: empty(RATIOS))
    moles: pd.DataFrame = field(default_factory=lambda: empty(MOLES))
    groups: pd.DataFrame = field(default_factory=lambda: empty(USUAL_INTAKES))
    symptom_days: pd.DataFrame = field(default_factory=lambda: empty(SYMPTOM_DAYS))
    symptom_comparison: pd.DataFrame = field(default_factory=lambda: empty(SYMPTOM_COMPARISON))
    group_contributions: pd.DataFrame = field(default_factory=lambda: empty(GROUP_CONTRIBUTIONS))
    cautions: pd.DataFrame = field(default_factory=lambda: empty(CAUTIONS))
    suggestions: pd.DataFrame = field(default_factory=lambda: empty(SUGGESTIONS))
    suggestion_effects: pd.DataFrame = field(default_factory=lambda: empty(SUGGESTION_EFFECTS))
    lock: Lock | None = None
    looked_up: LookedUp | None = None
    foods: FoodData | None = None

    @property
    def problems(self) -> pd.DataFrame:
        """The entries that were left out of the totals, each with its reason."""
        return self.entries[self.entries["problem"].notna()].reset_index(drop=True)

    @property
    def charts(self) -> Charts:
        """Charts of this analysis, for a notebook: ``analysis.charts.days("magnesium")``."""
        from nutridiary.report.charts import Charts

        return Charts(self)

    def to_excel(self, path: str | os.PathLike[str], *, live: bool = False) -> Path:
        """Write the report as an Excel workbook, its figures formulas where `live`, and return where it is."""
        from nutridiary.report import to_excel

        return to_excel(self, path, live=live)

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write the report as one page, for a browser and a printer, and return where it is."""
        from nutridiary.report.html import to_html

        return to_html(self, path)

    def to_json(self, path: str | os.PathLike[str]) -> Path:
        """Write every table as one JSON file and return where it is; `read_analysis` reads it back."""
        from nutridiary.report.data import to_json

        return to_json(self, path)

    def _repr_html_(self) -> str:
        from nutridiary.report import summary_html

        return summary_html(self)
