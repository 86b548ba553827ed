"""Charts that answer a question, for pages and notebooks; matplotlib draws them (extra ``plots``).

Importing this draws nothing and loads nothing heavy; ``docs/charts.md`` shows each chart.
"""

from nutridiary.report.charts.chart import Chart
from nutridiary.report.charts.confidence import confidence
from nutridiary.report.charts.coverage import coverage
from nutridiary.report.charts.days import days
from nutridiary.report.charts.distribution import distribution
from nutridiary.report.charts.of_analysis import Charts
from nutridiary.report.charts.overview import overview
from nutridiary.report.charts.sources import sources
from nutridiary.report.charts.symptom_timeline import symptom_timeline
from nutridiary.report.charts.week import week

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
