"""The paper a chart is drawn on.

Everything is placed in points from the upper left corner, and words are measured before they are placed:
nothing shifts, nothing is cut, and no layout has to be searched for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from nutridiary.report import colours
from nutridiary.report.charts.lettering import LINE, SIZE, TITLE_SIZE, drawable, font, shortened, width_of, wrapped
from nutridiary.report.charts.matplotlib_extra import matplotlib_module

WIDTH = 331.2
"""4.6 inches: nearly its size on a telephone 390 pixels wide. [points]"""
MARGIN = 12.0
"""[points]"""
_KEY_MARK = 18.0  # [points] room for a mark in the key below a chart
_INK, _QUIET = f"#{colours.INK}", f"#{colours.QUIET_INK}"
_OURS = {"svg.fonttype": "path", "svg.hashsalt": "nutridiary", "text.parse_math": False, "text.usetex": False}


@contextmanager
def own_style() -> Iterator[None]:
    """Draw by matplotlib's own defaults and ours, whatever style the user has set; theirs comes back after."""
    matplotlib = matplotlib_module()
    with matplotlib.rc_context():
        defaults = matplotlib.rcParamsDefault
        matplotlib.rcParams.update({name: defaults[name] for name in defaults if name != "backend"})
        matplotlib.rcParams.update(_OURS)
        yield


@dataclass(frozen=True)
class Mark:
    """A mark in the key below a chart, with what it means.

    Attributes
    ----------
    words : str
    style : mapping
        How it is drawn, as matplotlib's ``Line2D`` takes it.
    kind : str
        point, line, upright (a line seen from its end), whisker, box, or words: a sign that words can hold.
    """

    words: str
    style: dict[str, Any] = field(default_factory=dict)
    kind: str = "point"


@dataclass
class Paper:
    """A sheet of paper as wide as a telephone, filled from above.

    Attributes
    ----------
    y : float
        Where the next thing begins. [points from the upper edge]
    """

    y: float = MARGIN
    figure: Any = field(init=False)
    face: Any = field(init=False)
    _areas: list[tuple[Any, float, float, float, float]] = field(default_factory=list, init=False)
    _bands: list[Any] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Take an empty sheet."""
        self.figure = matplotlib_module("figure").Figure(facecolor="white")
        self.face = self.figure.add_axes((0, 0, 1, 1), zorder=-1)
        self.face.set_axis_off()
        self.face.set_xlim(0, WIDTH)

    def put(
        self,
        x: float,
        y: float,
        words: object,
        *,
        size: float = SIZE,
        bold: bool = False,
        quiet: bool = False,
        colour: str = "",
        align: str = "left",
    ) -> float:
        """Write words whose letters stand on `y`; return how wide they are. [points]"""
        shown = drawable(words)
        ink = colour or (_QUIET if quiet else _INK)
        self.face.text(x, y, shown, fontproperties=font(size, bold=bold), color=ink, ha=align, va="baseline")
        return width_of(shown, size, bold=bold)

    def paragraph(self, words: str, *, size: float = SIZE, bold: bool = False, quiet: bool = False) -> None:
        """Write words over as many lines as they take."""
        for line in wrapped(drawable(words), WIDTH - 2 * MARGIN, size, bold=bold):
            self.y += size
            self.put(MARGIN, self.y, line, size=size, bold=bold, quiet=quiet)
            self.y += size * (LINE - 1)

    def title(self, question: str, said: str = "") -> None:
        """Write the question a chart answers, and a quiet line below it."""
        self.paragraph(question, size=TITLE_SIZE, bold=True)
        if said:
            self.y += 2
            self.paragraph(said, quiet=True)
        self.y += 6

    def line_of(self, left: str, right: str = "", *, bold: bool = False) -> None:
        """Write a line with words at both ends; those at the left are shortened where they would meet."""
        self.y += SIZE
        room = WIDTH - 2 * MARGIN
        if right:
            room -= self.put(WIDTH - MARGIN, self.y, right, align="right") + 14
        self.put(MARGIN, self.y, shortened(drawable(left), room, bold=bold), bold=bold)
        self.y += SIZE * (LINE - 1)

    def scale(self, axes: Any, ticks: Sequence[float], *, unit: str = " %") -> None:
        """Write the figures of a band below it."""
        low, high = axes.get_xlim()
        left, _, wide, _ = axes.get_position().bounds
        self.y += 3
        for tick in ticks:
            axes.plot([tick, tick], [self.y - 3, self.y + 1], color=_QUIET, linewidth=0.7)
            x = WIDTH * (left + wide * (tick - low) / (high - low))
            words = f"{tick:g}{unit}"
            half = width_of(words) / 2
            x = min(max(x, MARGIN / 2 + half), WIDTH - MARGIN / 2 - half)
            self.put(x, self.y + 11, words, quiet=True, align="center")
        self.y += 14

    def area(self, height: float, *, left: float = MARGIN, right: float = MARGIN) -> Any:
        """Return axes for data, `height` high, between margins, and go on below them. [points]"""
        axes = self.figure.add_axes((0, 0, 1, 1))
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(f"#{colours.RULE}")
        axes.patch.set_visible(False)
        axes.tick_params(length=0, pad=4, labelcolor=_QUIET)
        axes.tick_params(axis="x", pad=7)
        self._areas.append((axes, left, self.y, WIDTH - left - right, height))
        self.y += height
        return axes

    def band(self, low: float, high: float, *, left: float = MARGIN, right: float = MARGIN) -> Any:
        """Return axes whose x runs from `low` to `high` between margins, and whose y is that of the paper. [points]"""
        axes = self.figure.add_axes((left / WIDTH, 0, (WIDTH - left - right) / WIDTH, 1))
        axes.set_axis_off()
        axes.set_xlim(low, high)
        self._bands.append(axes)
        return axes

    def tinted(self, begin: float, tint: str) -> None:
        """Lay a tint behind all that stands between `begin` and here. [points from the upper edge]"""
        left, right, end = MARGIN / 2, WIDTH - MARGIN / 2, self.y
        self.face.fill([left, right, right, left], [begin, begin, end, end], color=f"#{tint}", linewidth=0, zorder=0)

    def key(self, marks: Sequence[Mark]) -> None:
        """Write what the marks mean, several to a line where they fit."""
        x = MARGIN
        self.y += 4 + SIZE
        for mark in marks:
            room = 0.0 if mark.kind == "words" else _KEY_MARK
            lines = wrapped(drawable(mark.words), WIDTH - 2 * MARGIN - room)
            wide = room + max(map(width_of, lines))
            if x > MARGIN and x + wide > WIDTH - MARGIN:
                x, self.y = MARGIN, self.y + SIZE * LINE
            _draw_mark(self.face, x, self.y - 0.36 * SIZE, mark)
            for count, line in enumerate(lines):
                self.y += SIZE * LINE if count else 0
                self.put(x + room, self.y, line, quiet=True)
            x += wide + 12
        self.y += SIZE * (LINE - 1)

    def finished(self) -> Any:
        """Cut the sheet below what is on it, and return the figure."""
        height = self.y + MARGIN * 0.6
        self.figure.set_size_inches(WIDTH / 72, height / 72)
        for axes in (self.face, *self._bands):
            axes.set_ylim(height, 0)
        for axes, left, top, wide, high in self._areas:
            axes.set_position((left / WIDTH, 1 - (top + high) / height, wide / WIDTH, high / height))
        return self.figure


def _draw_mark(face: Any, x: float, y: float, mark: Mark) -> None:
    middle = x + 6
    if mark.kind == "words":
        return
    if mark.kind == "box":
        face.fill([x, x + 12, x + 12, x], [y - 4, y - 4, y + 4, y + 4], **mark.style)
    elif mark.kind == "line":
        face.plot([x, x + 13], [y, y], **mark.style)
    elif mark.kind == "upright":
        face.plot([middle, middle], [y - 5, y + 5], **mark.style)
    elif mark.kind == "whisker":
        face.plot([x, x + 13], [y, y], marker="|", markersize=6, **mark.style)
    else:
        face.plot([middle], [y], linestyle="none", **mark.style)
