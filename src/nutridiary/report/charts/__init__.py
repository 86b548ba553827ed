"""Charts that answer a question, for pages and notebooks; matplotlib draws them (extra ``plots``).

Importing this draws nothing and loads nothing heavy; ``docs/charts.md`` shows each chart.
"""

from nutridiary.report.charts.chart import Chart
from nutridiary.report.charts.confidence_chart import confidence
from nutridiary.report.charts.coverage_chart import coverage
from nutridiary.report.charts.days_chart import days
from nutridiary.report.charts.distribution_chart import distribution
from nutridiary.report.charts.of_analysis import Charts
from nutridiary.report.charts.overview_chart import overview
from nutridiary.report.charts.sources_chart import sources
from nutridiary.report.charts.symptom_chart import symptom_timeline
from nutridiary.report.charts.week_chart import week

__all__ = [
    "Chart",
    "Charts",
    "confidence",
    "coverage",
    "days",
    "distribution",
    "overview",
    "sources",
    "symptom_timeline",
    "week",
]
