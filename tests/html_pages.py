"""What stands on a page: every figure, date and text with where it says it comes from, and all that is left over."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from nutridiary import Person, analyze
from nutridiary.analysis import Analysis

THIRTY_DAYS = Path(__file__).parents[1] / "data" / "diaries" / "thirty_days.csv"
EXAMPLE = Path(__file__).parents[1] / "data" / "diaries" / "example.xlsx"
ANNA = Person(sex="female", age_years=34)
SEVERAL = {
    "Anna": ANNA,
    "Bruno": Person(sex="male", age_years=70, weight_kg=81, height_cm=178, activity="low_active"),
    "Chi/ara 2": Person(sex="female", age_years=16),
}
_SPECIAL = ("data", "bdi", "time")
_UNREAD = ("style", "svg", "head")
_VOID = ("meta", "br", "i")


@dataclass
class Shown:
    """One figure, date or text of a page."""

    tag: str
    value: str
    data_of: str
    text: str = ""


@dataclass
class PageParts(HTMLParser):
    """A page taken apart."""

    shown: list[Shown] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    @classmethod
    def of(cls, page: str) -> PageParts:
        parts = cls()
        parts.feed(page)
        parts.close()
        return parts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append((tag, named))
        if tag in _SPECIAL:
            self.shown.append(Shown(tag, named.get("value") or named.get("datetime") or "", named.get("data-of") or ""))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, text: str) -> None:
        if any(tag in self._open for tag in _UNREAD):
            return
        if any(tag in self._open for tag in _SPECIAL):
            self.shown[-1].text += text
        else:
            self.rest.append(text)


def diary_with_cramps(folder: Path) -> Path:
    """The thirty days with cramps on some of them, and a supplement whose dose is open."""
    noted = [f"2026-04-{day:02},22:00,,leg cramp,,,symptom" for day in (2, 5, 6, 9, 13, 16, 20, 21, 27)]
    lines = [*noted, "2026-04-04,08:00,Breakfast,Magnesium citrate 300 mg,1 tablet,,supplement"]
    path = folder / "cramps.csv"
    path.write_text(THIRTY_DAYS.read_text("utf-8") + "\n".join(lines) + "\n", "utf-8")
    return path


def diary_of_three(folder: Path) -> Path:
    """Some of the thirty days, each a person's."""
    header, *lines = THIRTY_DAYS.read_text("utf-8").splitlines()
    names, kept = list(SEVERAL), [line for line in lines if "2026-04-06" <= line[:10] <= "2026-04-19"]
    path = folder / "three.csv"
    rows = [f"{names[int(line[8:10]) % 3]},{line}" for line in kept]
    path.write_text("\n".join([f"Person,{header}", *sorted(rows, key=lambda row: row.split(",")[0])]) + "\n", "utf-8")
    return path


def diary_of_problems(folder: Path) -> Path:
    """Lines that cannot be counted, and text that would be more than text."""
    rows = [
        "2026-03-01,=cmd|' /C calc'!A0,1 cup",
        "2026-03-01,Oatmeal,1.5 cpu",
        "2026-03-01,Milk,1 cup",
        '2026-03-01,"""><img src=x onerror=alert(1)>",1 cup',
        "2026-03-02,<script>alert(2)</script>,100 g",
        "2026-03-02,\u202eapple \u2066pear,100 g",
        f"2026-03-02,{'wordless' * 600},100 g",
        "2026-03-02,apple,-3 g",
        "2026-03-03,Banana,1",
        "2026-03-03,Cheddar cheese,30 g",
    ]
    path = folder / "problems.csv"
    path.write_text("Date,Food,Amount\n" + "\n".join(rows) + "\n", "utf-8")
    return path


def analyses_of_diaries(folder: Path) -> dict[str, Analysis]:
    """One analysis of each kind of diary."""
    return {
        "cramps": analyze(diary_with_cramps(folder), ANNA, suggest=True),
        "example": analyze(EXAMPLE),
        "three": analyze(diary_of_three(folder), people=SEVERAL, suggest=True),
        "problems": analyze(diary_of_problems(folder), Person(sex="female", age_years=52)),
        "nobody": analyze(diary_of_problems(folder)),
        "efsa": analyze(EXAMPLE, reference="efsa"),
    }
