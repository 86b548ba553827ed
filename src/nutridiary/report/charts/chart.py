"""What a chart is: a picture, what is seen in it, and the numbers it is drawn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from nutridiary.report.charts.svg import to_svg
from nutridiary.report.table_html import table_html

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Chart:
    """A picture that answers a question.

    Attributes
    ----------
    name : str
        Which chart of what, fit for a file or an anchor: ``"days-magnesium"``.
    title : str
        The question it answers; it is drawn above the picture.
    alt_text : str
        What is seen, in a sentence or two with the figures, for who does not see it.
    table : pandas.DataFrame
        Exactly the numbers drawn: values of the tables of the analysis.
    draw : callable
        What makes the drawing. It is called where the drawing is first asked for: what is seen can be told without.
    """

    name: str
    title: str
    alt_text: str
    table: pd.DataFrame
    draw: Callable[[], Any]

    @cached_property
    def figure(self) -> Any:
        """The drawing, a ``matplotlib.figure.Figure``: it belongs to no backend, and changing it changes no other."""
        return self.draw()

    def svg(self) -> str:
        """Return the drawing as one ``<svg>`` element; the same bytes each time.

        Words are drawn as outlines, so that nothing shifts and nothing of the diary is markup. It has no
        size of its own: the page gives it one.
        """
        return to_svg(self.figure, self.alt_text)

    def __repr__(self) -> str:
        """Return what is seen, for a terminal."""
        return f"<Chart {self.title!r}: {self.alt_text}>"

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_html_(self) -> str:
        numbers = ""
        if len(self.table):
            numbers = (
                "<details><summary style='cursor:pointer'>The numbers drawn</summary>"
                f"<div style='overflow-x:auto'>{table_html(self.table, escape(self.title))}</div></details>"
            )
        return (
            "<figure style='margin:0;max-width:460px'>"
            f"<div style='background:#fff;border-radius:6px'>{self.svg()}</div>{numbers}</figure>"
        )
