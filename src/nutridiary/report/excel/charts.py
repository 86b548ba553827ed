"""Native Excel charts: columns or bars, beside each other or stacked, with lines, marks and whiskers over them.

Every series differs from the others in more than its colour: lines in their dashes, marks in their shape, parts of a
stack in their pattern. The colours are those of Okabe and Ito, as in `looks`.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import NumDataSource, NumRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.colors import ColorChoice
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)

from nutridiary.report.excel import looks
from nutridiary.report.excel.page import plain_text

if TYPE_CHECKING:
    from openpyxl.chart.axis import _BaseAxis

_POINT = 12_700  # EMU
_EIGHTH_TURN = -2_700_000  # 60,000ths of a degree
_SECOND_CATEGORIES, _SECOND_VALUES = 20, 200  # ids of a second pair of axes; openpyxl's own are 10 and 100
_NO_FIGURES = ";;;"  # a number format that shows nothing; marks of an axis that is deleted would go by the other
_LONGEST_TITLE = 90  # a person's name, which is in it, can be anything
_FEW = 3  # categories whose columns would be too broad
_MANY = 62  # categories whose columns need every bit of room
_ROUND_STEPS = (1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)
_LETTERS = 11  # points; smaller ones could not be read where a sheet as wide as paper allows is printed
_MOST_LEVEL_LABELS = 10  # category labels that fit side by side; more are turned
_MOST_LABELS = 31  # category labels that can be read at all; of more, every so many is shown
Pattern = Literal["none", "dkUpDiag", "dkDnDiag", "pct50", "pct20", "dkHorz", "dkVert", "smGrid", "lgCheck", "dotGrid"]
GREEN, PURPLE, SKY, YELLOW, PALE = "009E73", "A0437D", "56B4E9", "E6C229", "C9D1D9"


@dataclass(frozen=True)
class Line:
    """What columns are held against.

    Attributes
    ----------
    name : str
        In the legend.
    values : Reference
        A value for each category; a blank cell is a gap.
    look : str
        "goal" (RDA or AI), "requirement" (EAR), "limit" (UL or CDRR), "felt" (a symptom) or "unrated" (one whose
        severity is not known): colour, dashes and marker.
    joined : bool
        Whether the values are joined by a line. Not so where the categories have nothing to do with each other: then
        each value is a mark.
    """

    name: str
    values: Reference
    look: str = "goal"
    joined: bool = True


@dataclass(frozen=True)
class Part:
    """One part of stacked columns or bars.

    Attributes
    ----------
    name : str
        In the legend; empty for a part that only holds the others up and is not seen.
    values : Reference
    colour : str
        As RRGGBB.
    pattern : str
        Of Excel; "none" for a plain part.
    """

    name: str
    values: Reference
    colour: str = looks.BLUE
    pattern: Pattern = "none"


STACK_LOOKS: Sequence[tuple[str, Pattern]] = (
    (looks.BLUE, "none"),
    ("E69F00", "dkUpDiag"),
    (GREEN, "none"),
    (PURPLE, "dkHorz"),
    (SKY, "none"),
    (looks.ORANGE, "dkDnDiag"),
    (YELLOW, "none"),
    (looks.INK, "smGrid"),
    (PALE, "none"),
)
"""Colour and pattern of the parts of a stack; neighbours differ in both."""


class _Figures(DataLabelList):
    """Figures with a number format of their own; openpyxl's leave it open whether it is that of the cells."""

    __attrs__, __nested__ = DataLabelList.__attrs__, DataLabelList.__nested__
    __elements__ = DataLabelList.__elements__

    def to_tree(self, *args: Any, **options: Any) -> Any:
        """Return the element of a chart part."""
        tree: Any = super().to_tree(*args, **options)
        tree.find("numFmt").set("sourceLinked", "0")
        return tree


_LINE_LOOKS: dict[str, tuple[str, Any, Any, int]] = {
    # colour, dashes, marker and its size
    "goal": (looks.ORANGE, "dash", "dash", 22),
    "requirement": (GREEN, "sysDot", "diamond", 9),
    "limit": (PURPLE, "solid", "triangle", 9),
    "felt": (looks.ORANGE, "solid", "diamond", 9),
    "unrated": (looks.INK, "solid", "x", 8),
}


def column_chart(
    *,
    title: str,
    axis_titles: tuple[str, str],
    categories: Reference,
    columns: tuple[str, Reference],
    count: int,
    subtitle: str = "",
    lines: Sequence[Line] = (),
    whiskers: tuple[Reference, Reference] | None = None,
    category_format: str = "General",
    value_format: str = "General",
    labels: str = "",
    most: float | None = None,
) -> BarChart:
    """Return a chart of columns with lines or marks over them.

    Parameters
    ----------
    title : str
        The question the chart answers, or its answer.
    axis_titles : (str, str)
        Of the categories and of the values, with their unit.
    categories : Reference
    columns : (str, Reference)
        Name in the legend and values.
    count : int
        Number of categories. A line through one category is drawn as a mark.
    subtitle : str
        What stands below the title in small letters.
    lines : sequence of Line
        What the columns are held against.
    whiskers : (Reference, Reference), optional
        How far each value can lie above, and below, the top of its column; a blank cell draws none.
    category_format, value_format : str
        Number formats of the axes.
    labels : str
        Number format of the figures over the columns; empty for none.
    most : float, optional
        Where the axis of values ends; by default where the program ends it.

    Returns
    -------
    openpyxl.chart.BarChart
        Blank cells are gaps, and hidden helper columns are drawn.
    """
    chart = _framed(BarChart(), title, subtitle)
    chart.type, chart.gapWidth = "col", 250 if count <= _FEW else 60 if count <= _MANY else 15
    bars = _bars(Part(columns[0], columns[1]))
    if labels:
        # Where whiskers stand on the columns, figures over them would be crossed out.
        bars.dLbls = _figures(labels, "inBase" if whiskers else "outEnd", on_paper=bool(whiskers))
    if whiskers:
        bars.errBars = _whiskers(*whiskers)
    chart.append(bars)
    chart.set_categories(categories)
    _set_axes(chart, axis_titles, (category_format, value_format), count)
    chart.y_axis.scaling.max = most
    for line in lines:
        chart += _line_chart(line, categories, single=count == 1)
    return chart


def stacked_chart(
    *,
    title: str,
    axis_titles: tuple[str, str],
    categories: Reference,
    parts: Sequence[Part],
    count: int,
    subtitle: str = "",
    horizontal: bool = True,
    value_format: str = "General",
    labels: str = "",
    most: float | None = None,
    lines: Sequence[Line] = (),
    legend: bool | None = None,
) -> BarChart:
    """Return a chart of bars, or columns, whose parts are put end to end.

    Parameters
    ----------
    title, axis_titles, categories, count, subtitle, value_format, most
        As in `column_chart`.
    parts : sequence of Part
        From the axis outwards. One part makes plain bars.
    horizontal : bool
        Bars, the first category on top; else columns.
    labels : str
        Number format of the figures on the parts; empty for none.
    lines : sequence of Line
        What columns are held against; a line cannot cross bars.
    legend : bool, optional
        Whether the parts are named; by default where there are several.

    Returns
    -------
    openpyxl.chart.BarChart
    """
    chart = _framed(BarChart(), title, subtitle)
    chart.type, chart.grouping, chart.overlap = "bar" if horizontal else "col", "stacked", 100
    chart.gapWidth = 45 if count > _FEW else 120
    for part in parts:
        bars = _bars(part)
        if labels and part.name:
            bars.dLbls = _figures(labels, "outEnd" if len(parts) == 1 else "ctr", on_paper=len(parts) > 1)
        chart.append(bars)
    if len(parts) == 1:
        chart.grouping, chart.overlap = "clustered", None
    if not (len(parts) > 1 if legend is None else legend):
        chart.legend = None
    else:
        unseen = [place for place, part in enumerate(parts) if not part.name]
        chart.legend.legendEntry = [LegendEntry(idx=place, delete=True) for place in unseen]
    chart.set_categories(categories)
    _set_axes(chart, axis_titles, ("General", value_format), count, horizontal=horizontal)
    chart.y_axis.scaling.max = most
    for line in lines:
        chart += _line_chart(line, categories, single=count == 1)
    return chart


def add_marks(
    chart: BarChart, *, categories: Reference, marks: Sequence[Line], axis_title: str, most: float
) -> BarChart:
    """Return `chart` with marks over its columns that have an axis of their own at the right, from 0 to `most`.

    Without an `axis_title` the height of a mark says nothing, and the axis has no figures.
    """
    above = LineChart()
    for mark in marks:
        above.append(_over_columns(mark, single=False))
    above.set_categories(categories)
    _set_axis(above.y_axis, axis_title, "0" if axis_title else _NO_FIGURES)
    # A second axis of categories, which is not seen: shared with the columns, LibreOffice would title it twice.
    above.x_axis.axId = above.y_axis.crossAx = _SECOND_CATEGORIES
    above.x_axis.crossAx = above.y_axis.axId = _SECOND_VALUES
    above.x_axis.delete = True
    above.y_axis.crosses, above.y_axis.majorGridlines = "max", None
    above.y_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    above.y_axis.scaling.min, above.y_axis.scaling.max = 0, most
    chart += above
    return chart


def axis_end(highest: float) -> float:
    """Return the round figure at which an axis shows all of `highest`, whiskers included, which programs forget.

    Examples
    --------
    >>> axis_end(731), axis_end(14.9), axis_end(0)
    (800.0, 16.0, 1.0)
    """
    if highest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(highest))
    return next(step * power for step in _ROUND_STEPS if step * power >= highest)


def _framed(chart: BarChart, title: str, subtitle: str) -> BarChart:
    """Return `chart` with its title and legend, and without what Excel would add."""
    texts = [_text(title, 13, bold=True), *(_text(line, _LETTERS) for line in textwrap.wrap(subtitle, _LONGEST_TITLE))]
    chart.title = Title(tx=Text(rich=RichText(p=texts)), overlay=False)
    chart.legend.position, chart.legend.overlay = "t", False
    chart.legend.txPr = RichText(p=[_paragraph(_LETTERS)])
    chart.display_blanks, chart.visible_cells_only = "gap", False
    chart.roundedCorners = False
    return chart


def _bars(part: Part) -> Any:
    bars = Series(part.values, title=plain_text(part.name) or None)
    looked = GraphicalProperties(noFill=None if part.name else True)
    if part.name and part.pattern != "none":
        looked.pattFill = PatternFillProperties(prst=part.pattern, fgClr=_colour(part.colour), bgClr=_colour("FFFFFF"))
    elif part.name:
        looked.solidFill = part.colour
    looked.line.noFill = True
    bars.graphicalProperties, bars.invertIfNegative = looked, False
    return bars


def _colour(red_green_blue: str) -> Any:
    return ColorChoice(srgbClr=red_green_blue)  # type: ignore[arg-type]


def _figures(number_format: str, place: str, *, on_paper: bool) -> DataLabelList:
    """Return figures for columns or bars; those that stand on colour or pattern are given white paper."""
    figures = _Figures(numFmt=number_format, showVal=True, dLblPos=place)
    figures.showSerName = figures.showCatName = figures.showLegendKey = figures.showPercent = False
    figures.txPr = RichText(p=[_paragraph(_LETTERS)])
    if on_paper:
        figures.spPr = GraphicalProperties(solidFill="FFFFFF", ln=LineProperties(noFill=True))
    return figures


def _whiskers(above: Reference, below: Reference) -> ErrorBars:
    ends = [NumDataSource(numRef=NumRef(f=str(cells))) for cells in (above, below)]
    whiskers = ErrorBars(errBarType="both", errValType="cust", noEndCap=False, plus=ends[0], minus=ends[1])
    whiskers.spPr = GraphicalProperties(ln=LineProperties(solidFill=looks.INK, w=_POINT))
    return whiskers


def _over_columns(line: Line, *, single: bool) -> Any:
    """Return the series of a line; marks where nothing joins its values, and where it has one only."""
    colour, dashes, shape, size = _LINE_LOOKS[line.look]
    series = Series(line.values, title=plain_text(line.name))
    series.smooth = False
    if line.joined and not single:
        drawn = LineProperties(solidFill=colour, w=2 * _POINT, prstDash=dashes)
        series.marker = Marker("none")
    else:
        drawn = LineProperties(noFill=True)
        series.marker = Marker(shape, size=size)
        series.marker.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.marker.graphicalProperties.line.solidFill = colour
    series.graphicalProperties = GraphicalProperties(ln=drawn)
    return series


def _line_chart(line: Line, categories: Reference, *, single: bool) -> LineChart:
    chart = LineChart()
    chart.append(_over_columns(line, single=single))
    chart.set_categories(categories)
    return chart


def _set_axes(
    chart: BarChart, titles: tuple[str, str], formats: tuple[str, str], count: int, *, horizontal: bool = False
) -> None:
    x_axis, y_axis = chart.x_axis, chart.y_axis
    _set_axis(x_axis, titles[0], formats[0], turned=not horizontal and count > _MOST_LEVEL_LABELS)
    _set_axis(y_axis, titles[1], formats[1])
    if not horizontal and count > _MOST_LABELS:
        x_axis.tickLblSkip = x_axis.tickMarkSkip = -(-count // _MOST_LABELS)
    if horizontal:
        x_axis.tickLblSkip = 1
        x_axis.scaling.orientation, y_axis.crosses = "maxMin", "max"  # the first on top, the figures below
    y_axis.scaling.min = 0
    y_axis.majorGridlines = ChartLines(GraphicalProperties(ln=LineProperties(solidFill="E3E7EB")))
    y_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill="9AA5B1"))


def _set_axis(axis: _BaseAxis, title: str, number_format: str, *, turned: bool = False) -> None:
    axis.delete = False  # openpyxl 3.1 writes axes that Excel hides unless this is said
    if title:
        axis.title = Title(tx=Text(rich=RichText(p=[_text(title, _LETTERS)])), overlay=False)
    axis.number_format = number_format
    axis.majorTickMark = "none"
    body = RichTextProperties(rot=_EIGHTH_TURN, vert="horz") if turned else RichTextProperties()
    axis.txPr = RichText(bodyPr=body, p=[_paragraph(_LETTERS)])


def _letters(size: int, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=size * 100, b=bold, solidFill=looks.INK)


def _paragraph(size: int) -> Paragraph:
    letters = _letters(size)
    return Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)


def _text(text: str, size: int, *, bold: bool = False) -> Paragraph:
    shown = textwrap.shorten(plain_text(text), _LONGEST_TITLE, placeholder=" ...")
    letters = _letters(size, bold=bold)
    return Paragraph(pPr=ParagraphProperties(defRPr=letters), r=[RegularTextRun(rPr=letters, t=shown)])
