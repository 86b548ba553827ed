"""The two kinds of chart: native Excel columns with a reference line, one measure each."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RichTextProperties,
)

from nutridiary.report.excel import looks
from nutridiary.report.excel.page import plain_text

if TYPE_CHECKING:
    from openpyxl.chart.axis import _BaseAxis

_POINT = 12_700  # EMU
_LONGEST_TITLE = 90  # a person's name, which is in it, can be anything
_FEW = 3  # categories whose columns would be too broad
_MOST_LEVEL_LABELS = 10  # category labels that fit side by side; more are turned


def column_chart(
    *,
    title: str,
    axis_titles: tuple[str, str],
    categories: Reference,
    columns: tuple[str, Reference],
    line: tuple[str, Reference] | None,
    count: int,
    category_format: str = "General",
    value_format: str = "General",
    labels: str = "",
) -> BarChart:
    """Return a chart of columns with a line over them.

    Parameters
    ----------
    title : str
    axis_titles : (str, str)
        Of the categories and of the values, with their unit.
    categories : Reference
    columns, line : (str, Reference)
        Name in the legend and values. `line` is left out where there is no reference.
    count : int
        Number of categories. A line through one category is drawn as a dash.
    category_format, value_format : str
        Number formats of the axes.
    labels : str
        Number format of the figures over the columns; empty for none.

    Returns
    -------
    openpyxl.chart.BarChart
        Blank cells are gaps, and hidden helper columns are drawn.
    """
    chart = BarChart()
    chart.type, chart.gapWidth = "col", 60 if count > _FEW else 250
    chart.title = textwrap.shorten(plain_text(title), _LONGEST_TITLE, placeholder=" ...")
    _set_text_size(chart.title, 12, bold=True)
    chart.legend.position = "t"
    chart.display_blanks, chart.visible_cells_only = "gap", False
    chart.roundedCorners = False
    bars = Series(columns[1], title=columns[0])
    bars.graphicalProperties = GraphicalProperties(solidFill=looks.BLUE)
    bars.graphicalProperties.line.noFill = True
    bars.invertIfNegative = False
    if labels:
        bars.dLbls = DataLabelList(numFmt=labels, showVal=True, dLblPos="outEnd")
        bars.dLbls.showSerName = bars.dLbls.showCatName = bars.dLbls.showLegendKey = bars.dLbls.showPercent = False
    chart.append(bars)
    chart.set_categories(categories)
    _set_axis(chart.x_axis, axis_titles[0], category_format, turned=count > _MOST_LEVEL_LABELS)
    _set_axis(chart.y_axis, axis_titles[1], value_format)
    chart.y_axis.scaling.min = 0
    chart.y_axis.majorGridlines = ChartLines(GraphicalProperties(ln=LineProperties(solidFill="E3E7EB")))
    chart.y_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill="9AA5B1"))
    if line is not None:
        chart += _line(line[0], line[1], categories, single=count == 1)
    return chart


def _line(name: str, values: Reference, categories: Reference, *, single: bool) -> LineChart:
    chart = LineChart()
    series = Series(values, title=name)
    series.graphicalProperties = GraphicalProperties(
        ln=LineProperties(solidFill=looks.ORANGE, w=2 * _POINT, prstDash="dash")
    )
    series.smooth = False
    series.marker = Marker("dash" if single else "none", size=30 if single else None)
    if single:
        series.marker.graphicalProperties = GraphicalProperties(solidFill=looks.ORANGE)
    chart.append(series)
    chart.set_categories(categories)
    return chart


def _set_axis(axis: _BaseAxis, title: str, number_format: str, *, turned: bool = False) -> None:
    axis.delete = False  # openpyxl 3.1 writes axes that Excel hides unless this is said
    axis.title = title
    _set_text_size(axis.title, 10)
    axis.number_format = number_format
    axis.majorTickMark = "none"
    quarter_turn = -5_400_000
    body = RichTextProperties(rot=quarter_turn // 2, vert="horz") if turned else RichTextProperties()
    axis.txPr = RichText(bodyPr=body, p=[_paragraph(9)])


def _paragraph(size: int, *, bold: bool = False) -> Paragraph:
    letters = CharacterProperties(sz=size * 100, b=bold, solidFill=looks.INK)
    return Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)


def _set_text_size(title: Any, size: int, *, bold: bool = False) -> None:
    title.overlay = False
    for paragraph in title.tx.rich.p:
        letters = CharacterProperties(sz=size * 100, b=bold, solidFill=looks.INK)
        paragraph.pPr = ParagraphProperties(defRPr=letters)
        for run in paragraph.r:
            run.rPr = letters
