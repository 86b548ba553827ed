"""Days with a symptom beside days without it: in words, nutrient by nutrient, day by day; what trials say of cramps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.errors import listing
from nutridiary.nutrients import core_nutrients
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, is_complete, is_filled_in, rows_of
from nutridiary.report.excel.columns import (
    LINE,
    PERSON,
    QUIET,
    SOURCE,
    Cell,
    Column,
    field,
    tint_by_word,
    write_rows,
)
from nutridiary.report.excel.days import in_order
from nutridiary.report.excel.looks import Look, amount_format, known_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.paper import column_groups
from nutridiary.report.excel.summary import MOST_CHARTED_PEOPLE
from nutridiary.report.excel.symptom_charts import CHART_ROWS, SymptomCharts, Timeline, rows_needed, timelines
from nutridiary.report.excel.words import UNNAMED, decimals_of, in_words, label_with_unit
from nutridiary.symptoms import BASES, VERDICTS, describe_symptoms, has_cramp, load_cramp_evidence, symptom_names

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

MOST_STRIPS = 4
"""Symptoms of a person that are shown day by day, those felt on most days."""

MOST_WORDINGS = 5
"""Ways to call a symptom that are shown."""

FELT, NOT_FELT, NOT_KNOWN = "● felt", "○ not felt", "? not known"
NOT_A_CAUSE = (
    "Associations in this diary, no more: what goes together on some days is no cause of the other, and a food record "
    "diagnoses nothing. 'Cannot tell' is a full answer."
)
_BESIDE_TITLE = "What was looked at as well, and may lie behind a difference; not tested"
_WHEN = {0: "same day", 1: "day before"}


def has_symptoms(analysis: Analysis) -> bool:
    """Return whether there is anything to say of symptoms."""
    return not analysis.symptom_days.empty or bool(analysis.symptoms["problem"].notna().any())


def write_symptoms(page: Page, analysis: Analysis, *, people: Sequence[str]) -> None:
    """Write the Symptoms sheet: in words, nutrient by nutrient, day by day, and what trials say of cramps."""
    who = (PERSON,) if len(people) > 1 else ()
    page.set_widths([column.width for column in who + _COMPARED])  # printed side by side
    page.line("Days with a symptom beside days without", looks.TITLE)
    page.line(NOT_A_CAUSE, looks.FREE_BOLD)
    page.line(
        "A note before 06:00 counts for the day before, of which the night is the end. To let the days before the "
        "first note, or after the last, count as without, write 'none' on one of them.",
        looks.FREE_QUIET,
    )
    for line in _without_food(analysis):
        page.line(line, looks.FREE_BOLD)
    if has_cramp(analysis.symptom_days):
        page.line("What trials say of nutrients and cramps stands at the end of this sheet.", looks.FREE_QUIET)
    described = describe_symptoms(analysis.symptom_days, analysis.symptom_comparison)
    described = in_order(described.sort_values("days_felt", ascending=False, kind="stable"), people)
    _write_words(page, who, analysis, described)
    rows = _most_felt_first(analysis.symptom_comparison, described)
    power = rows.groupby(["person_id", "symptom"], dropna=False)["power"].transform("count")
    shown = rows[power > 0]
    _write_comparison(page, who, shown[shown["role"] == "tested"])
    _write_days(page, who, analysis, described)
    _write_beside(page, who, shown[shown["role"] != "tested"])
    _write_unread(page, who, analysis.symptoms)
    if has_cramp(analysis.symptom_days):
        _write_evidence(page, who)
    repeated = len(who) + 2  # with the symptom and the nutrient
    groups = column_groups(page.widths, repeated)
    groups = groups[:1] if shown.empty else groups  # nothing stands beyond
    page.set_print(last_column=len(who + _COMPARED), spans=lambda rows: groups, repeated=repeated)


def _without_food(analysis: Analysis) -> list[str]:
    """Say whose symptoms are noted while no food of theirs is, though others' is."""
    eaters = {_key(person_id) for person_id in analysis.days["person_id"]}
    noted = {_key(person_id) for person_id in analysis.symptom_days["person_id"]}
    names = sorted(noted - eaters - {UNNAMED}) if eaters else []
    said = []
    if names:
        listed = listing(f"'{name}'" for name in names)
        said.append(
            f"No food is on record for {listed}: write the person as the diary does, and the days are compared."
        )
    if eaters and UNNAMED in noted - eaters:
        said.append("Notes that name nobody are given to nobody: write whose they are, as the diary does.")
    return said


def _heading(page: Page, text: str, *said: str) -> None:
    page.row += 1
    page.keep_together(page.row, page.row + len(said) + 2)  # with the header and the first row of what follows
    page.line(text, looks.HEADING)
    for line in said:
        page.line(line, looks.FREE_QUIET)


def _write_words(page: Page, who: tuple[Column, ...], analysis: Analysis, described: pd.DataFrame) -> None:
    _heading(page, "In words")
    written = _as_written(analysis.symptoms)
    rows = []
    for row in rows_of(described):
        who_noted, name = _key(row["person_id"]), row["symptom"]
        # A sheet of symptoms that names nobody is of the diary's one person.
        texts = written.get((who_noted, name)) or written.get((UNNAMED, name), [])
        rows.append({**row, "written": "; ".join(texts)})
    first = write_rows(page, who + _WORDS, rows, empty="No symptom is named on a line that could be used.")
    page.name_range("symptoms_in_words", (first, 1), (page.row - 1, len(who + _WORDS)))


def _as_written(symptoms: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """Return in which words each person's notes call each symptom; more than `MOST_WORDINGS` are cut."""
    found: dict[tuple[str, str], list[str]] = {}
    usable = symptoms[symptoms["problem"].isna() & symptoms["symptom"].notna()]
    for row in rows_of(usable[["person_id", "symptom"]].drop_duplicates()):
        for name, _ in symptom_names(row["symptom"]):
            found.setdefault((_key(row["person_id"]), name), []).append(row["symptom"])
    cut = MOST_WORDINGS
    return {key: own if len(own) <= cut else [*own[:cut], f"and {len(own) - cut} more"] for key, own in found.items()}


def _key(person_id: object) -> str:
    return person_id if isinstance(person_id, str) else UNNAMED


def _write_comparison(page: Page, who: tuple[Column, ...], rows: pd.DataFrame) -> None:
    _heading(
        page,
        "Nutrient by nutrient",
        "Mean intake of days with and without, on the same day and on the day before. The interval is for one "
        "comparison alone.",
        "p, Holm: how often days rearranged at random differ as much, held up to all comparisons of the symptom; at "
        "most 0.05 counts as seen.",
    )
    columns = who + _COMPARED
    first = write_rows(page, columns, rows_of(rows), empty="No symptom has enough days with and without it.")
    page.name_range("symptoms_table", (first, 1), (page.row - 1, len(columns)))
    if len(rows):
        page.filter_rows(first, len(columns))
        tint_by_word(page, columns, "Verdict", first, _TINTS)


def _most_felt_first(rows: pd.DataFrame, described: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the symptoms described, in their order."""
    key = ["person_id", "symptom"]
    return described[key].merge(rows, on=key, how="inner", validate="one_to_many")


def _write_days(page: Page, who: tuple[Column, ...], analysis: Analysis, described: pd.DataFrame) -> None:
    """Write a row a day on record for the symptoms felt on most days, with what was eaten of the core nutrients."""
    chosen = described.groupby("person_id", dropna=False).head(MOST_STRIPS)
    left_out = len(described) - len(chosen)
    page.keep_together(page.row + 1, page.row + 3 + CHART_ROWS)
    _heading(
        page,
        "Day by day",
        "Intakes of the day itself, as on Daily; blank: no food recorded. A chart for the first two symptoms of a "
        "person: marks stand on the days it was felt."
        + (f" Shown for the {MOST_STRIPS} symptoms of a person felt on most days." if left_out else ""),
    )
    rows = _most_felt_first(analysis.symptom_days, chosen)
    eaten = _core_intakes(analysis.days)
    named = [{**row, "eaten": eaten.get((_key(row["person_id"]), row["date"]), {})} for row in rows_of(rows)]
    columns = who + _DAYS + tuple(_eaten(nutrient) for nutrient in core_nutrients())
    drawn = timelines(named, most_people=MOST_CHARTED_PEOPLE, several=bool(who))
    top = page.row
    page.row += rows_needed(drawn)
    first = write_rows(page, columns, named)
    page.name_range("symptom_days_table", (first, 1), (page.row - 1, len(columns)))
    tint_by_word(page, columns, "Felt", first, {FELT: looks.BETWEEN_TINT, NOT_KNOWN: looks.OPEN_TINT})
    _draw(page, who, top, first, drawn)


def _draw(page: Page, who: tuple[Column, ...], top: int, header: int, drawn: Sequence[Timeline]) -> None:
    """Draw magnesium over the columns up to the widest, potassium over that one."""
    before = len(who + _DAYS)
    felt = len(who + _COMPARED) + 3  # beyond what is printed, and the links of the evidence
    charts = SymptomCharts(
        page,
        header=header,
        eaten={nutrient: before + place for place, nutrient in enumerate(core_nutrients(), 1)},
        date=len(who) + 2,
        felt=felt,
        corners=((1, before - 1), (before, before)),
    )
    charts.add(top, drawn)
    if drawn:
        page.hide_columns(felt, felt + 1)


def _core_intakes(days: pd.DataFrame) -> dict[tuple[str, Any], dict[str, Row]]:
    found: dict[tuple[str, Any], dict[str, Row]] = {}
    for row in rows_of(days[days["nutrient"].isin(core_nutrients())]):
        found.setdefault((_key(row["person_id"]), row["date"]), {})[row["nutrient"]] = row
    return found


def _write_beside(page: Page, who: tuple[Column, ...], rows: pd.DataFrame) -> None:
    _heading(page, _BESIDE_TITLE, "Water and sodium are among the nutrients above.")
    columns = who + _BESIDE
    first = write_rows(page, columns, rows_of(rows), empty="No symptom has enough days with and without it.")
    page.name_range("symptom_confounders_table", (first, 1), (page.row - 1, len(columns)))


def _write_unread(page: Page, who: tuple[Column, ...], symptoms: pd.DataFrame) -> None:
    unread = symptoms[symptoms["problem"].notna()]
    if unread.empty:
        return
    _heading(page, "Lines that could not be used")
    first = write_rows(page, who + _UNREAD, rows_of(unread))
    page.name_range("symptoms_unread_table", (first, 1), (page.row - 1, len(who + _UNREAD)))


def _write_evidence(page: Page, who: tuple[Column, ...]) -> None:
    _heading(
        page,
        "What is known of nutrients and cramps",
        "From trials with other people. Nothing here is advice to take or to leave anything.",
    )
    columns = ((Column("", 14, looks.TEXT, lambda row: None),) if who else ()) + _EVIDENCE
    first = write_rows(page, columns, [line._asdict() for line in load_cramp_evidence()])
    for row, line in enumerate(load_cramp_evidence(), first + 1):
        page.link_page(row, len(columns) + 1, line.link, looks.FREE_LINK)


def _amount(name: str, *, signed: bool = False) -> Callable[[Row], Cell | None]:
    """Return what shows an amount of a nutrient with its usual decimals, or a share without any."""

    def shown(row: Row) -> Cell | None:
        if row[name] is None:
            return None
        figure = amount_format(0 if row["unit"].startswith("%") else decimals_of(row["nutrient"]))
        return Cell(row[name], Look(number=f"+{figure};-{figure};0" if signed else figure))

    return shown


def _felt(row: Row) -> str:
    return NOT_KNOWN if row["felt"] is None else FELT if row["felt"] else NOT_FELT


def _how(row: Row) -> str | None:
    """Return how often, how badly and how long it was felt on a day."""
    if not row["felt"]:
        return None
    said = [f"{row['times']} times" if row["times"] > 1 else "once"]
    said += [f"worst {row['worst']:g} of 10"] if row["worst"] is not None else []
    said += [f"{row['minutes']:g} min"] if row["minutes"] is not None else []
    return ", ".join(said)


def _eaten(nutrient: str) -> Column:
    def shown(row: Row) -> Cell | None:
        day = row["eaten"].get(nutrient)
        if day is None:
            return None
        if day["amount"] is None:
            return Cell("no value", looks.NO_VALUE)
        number = known_format(decimals_of(nutrient), complete=is_complete(day), filled_in=is_filled_in(day))
        return Cell(day["amount"], Look(number=number))

    return Column(label_with_unit(nutrient), 11, looks.WHOLE, shown)


_TINTS = {
    VERDICTS["differs"]: looks.BETWEEN_TINT,
    VERDICTS["cannot_tell"]: looks.OPEN_TINT,
}
_SYMPTOM = Column("Symptom", 20, looks.BOLD.but(wrap=True), field("symptom"))
_MEANS = (
    Column("Mean with", 11, looks.WHOLE, _amount("mean_with")),
    Column("Mean without", 11, looks.WHOLE, _amount("mean_without")),
    Column("Unit", 11, looks.TEXT, field("unit")),
    Column("Difference", 11, looks.WHOLE, _amount("difference", signed=True)),
)
_COMPARED = (
    _SYMPTOM,
    Column("Nutrient", 28, looks.WRAPPED, field("label")),
    Column("Intake of the", 14, looks.WRAPPED, lambda row: _WHEN[row["lag"]]),
    Column("Verdict", 20, looks.WRAPPED, lambda row: in_words(row["verdict"], VERDICTS)),
    Column("Reading", 76, looks.WRAPPED, field("reading")),
    *_MEANS,
    Column("95 % interval from", 11, looks.WHOLE, _amount("difference_low", signed=True)),
    Column("to", 11, looks.WHOLE, _amount("difference_high", signed=True)),
    Column("Days with", 8, looks.WHOLE, field("days_with")),
    Column("Days without", 9, looks.WHOLE, field("days_without")),
    Column("p", 8, Look(number="0.0000"), field("p_value")),
    Column("p, Holm", 8, Look(number="0.000"), field("p_holm")),
    Column("Power for one day-to-day SD [%]", 12, looks.WHOLE, field("power")),
    Column("Note", 110, QUIET, field("note")),
)
_BESIDE = (
    _SYMPTOM,
    Column("What", 28, looks.WRAPPED, field("label")),
    _COMPARED[2],
    Column("Tested", 20, looks.TEXT, lambda row: "no"),
    _COMPARED[4],
    *_MEANS,
)
_WORDS = (
    _SYMPTOM,
    Column("As written", 28, looks.WRAPPED, field("written")),
    Column("Days with it", 14, looks.WHOLE, field("days_felt")),
    Column("Days without it", 20, looks.WHOLE, field("days_without")),
    Column("What its days show", 76, looks.WRAPPED, field("text")),
)
_DAYS = (
    _SYMPTOM,
    Column("Date", 28, looks.DATE, field("date")),
    Column("Felt", 14, looks.TEXT, _felt),
    Column("How", 20, looks.WRAPPED, _how),
    Column("What tells it", 76, QUIET, lambda row: in_words(row["basis"], BASES)),
)
_UNREAD = (
    Column("As written", 20, looks.WRAPPED, field("symptom")),
    SOURCE,
    LINE,
    Column("Date", 20, looks.DATE, field("date")),
    Column("Why, and what to do", 76, looks.WRAPPED, field("problem")),
)
_EVIDENCE = (
    Column("About", 20, looks.BOLD.but(wrap=True), field("topic")),
    Column("Source", 28, QUIET, field("source")),
    Column("How sure", 14, looks.WRAPPED, field("strength")),
    Column("In whom", 20, looks.WRAPPED, field("people")),
    Column("What was found", 76, looks.WRAPPED, field("finding")),
)
