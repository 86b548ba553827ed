"""The sheets of the workbook: their order, and what each is for, to be led to from the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nutridiary.report.excel import looks
from nutridiary.report.excel.page import Page

SUMMARY = "Summary"
POINTERS: Mapping[str, str] = {
    "Confidence": "how sure usual intake can be told",
    "Groups": "usual intakes of groups of people",
    "To clarify": "what would make figures surer",
    "Cautions": "what to be careful with, and why",
    "Suggestions": "foods that would close gaps",
    "Daily": "what each day gave, with charts",
    "Week": "the weeks at a glance",
    "Days": "how complete each day may be",
    "Sources": "which groups of food gave it",
    "Foods": "which foods gave it",
    "Coverage": "how much is known, how days spread",
    "Symptoms": "days with a symptom, days without",
    "Supplements": "what was taken, what it gave",
    "Recorded values": "ours, the diary's own",
    "Own foods": "your recipes and labels",
    "What changes with the edition": "other reports",
    "Ratios": "calcium to magnesium, others; moles",
    "Entries": "each line, as read and weighed",
    "Problems": "lines left out, and why",
    "Files": "what each file was read as",
    "References": "the figures and their sources",
    "Working": "how the confidence is worked out",
    "About": "terms, limits and data",
    "Lock": "what a repetition needs",
    "Foods per 100 g": "the foods to choose from",
}
"""What each sheet is for, in the order of the workbook."""
WIDTH = 58
"""Room that the longest of them takes. [characters]"""


def write_pointers(page: Page, columns: Sequence[int], sheets: Sequence[str]) -> int:
    """Write what stands on each sheet of the workbook, each leading there, in lists side by side.

    Parameters
    ----------
    page : Page
        The lists begin in its next row.
    columns : sequence of int
        The column of each list.
    sheets : sequence of str
        The sheets of the workbook; those that are no person's are told of.

    Returns
    -------
    int
        How many rows that took.
    """
    page.put(page.row, columns[0], "In this workbook", looks.FREE_QUIET)
    known = [sheet for sheet in POINTERS if sheet in sheets]
    length = -(-len(known) // len(columns))
    for place, sheet in enumerate(known):
        row, column = page.row + 1 + place % length, columns[place // length]
        page.link_sheet(row, column, sheet, f"{sheet}: {POINTERS[sheet]}")
    return length + 1
