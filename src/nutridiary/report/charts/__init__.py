"""Charts that answer a question, for pages and notebooks; matplotlib draws them (extra ``plots``).

Nothing is imported that draws before a chart is asked for.
"""

from nutridiary.report.charts.chart import Chart
from nutridiary.report.charts.days import days
from nutridiary.report.charts.overview import overview
from nutridiary.report.charts.sources import sources

__all__ = ["Chart", "days", "overview", "sources"]
