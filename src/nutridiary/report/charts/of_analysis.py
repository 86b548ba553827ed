"""The charts of an analysis, for a notebook: ``analysis.charts.days("magnesium")``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.report.charts.chart import Chart
from nutridiary.report.charts.confidence_chart import confidence
from nutridiary.report.charts.coverage_chart import coverage
from nutridiary.report.charts.days_chart import days
from nutridiary.report.charts.distribution_chart import distribution
from nutridiary.report.charts.overview_chart import overview
from nutridiary.report.charts.sources_chart import sources
from nutridiary.report.charts.symptom_chart import symptom_timeline
from nutridiary.report.charts.week_chart import week

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis


@dataclass(frozen=True, repr=False)
class Charts:
    """The charts of an analysis. Each answers a question, and carries the numbers it is drawn from as ``.table``.

    `person_id` says whose chart is meant, where the diary is of several people.

    Attributes
    ----------
    analysis : Analysis
    """

    analysis: Analysis

    def __repr__(self) -> str:
        """Return which charts there are."""
        return (
            "<Charts: overview(), days(nutrient), week(), sources(nutrient), distribution(), confidence(), coverage(), "
            "symptom_timeline(symptom, nutrient)>"
        )

    def overview(self, person_id: str | None = None) -> Chart:
        """Return the core nutrients' means in percent of what is aimed at; see `charts.overview`."""
        return overview(self.analysis, person_id)

    def days(self, nutrient: str, person_id: str | None = None) -> Chart:
        """Return each day of a nutrient beside its references; see `charts.days`."""
        return days(self.analysis, nutrient, person_id)

    def week(self, person_id: str | None = None) -> Chart:
        """Return the latest seven recorded days with their figures; see `charts.week`."""
        return week(self.analysis, person_id)

    def sources(self, nutrient: str, person_id: str | None = None) -> Chart:
        """Return the foods that gave most of a nutrient; see `charts.sources`."""
        return sources(self.analysis, nutrient, person_id)

    def distribution(self, person_id: str | None = None) -> Chart:
        """Return how much single days differ; see `charts.distribution`."""
        return distribution(self.analysis, person_id)

    def confidence(self, person_id: str | None = None) -> Chart:
        """Return what the days say of usual intake; see `charts.confidence`."""
        return confidence(self.analysis, person_id)

    def coverage(self, person_id: str | None = None) -> Chart:
        """Return how much of each figure is known; see `charts.coverage`."""
        return coverage(self.analysis, person_id)

    def symptom_timeline(self, symptom: str, nutrient: str, person_id: str | None = None) -> Chart:
        """Return days with a symptom beside a nutrient; see `charts.symptom_timeline`."""
        return symptom_timeline(self.analysis, symptom, nutrient, person_id)
