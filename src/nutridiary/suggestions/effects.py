"""What the means are with all suggestions together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nutridiary.nutrients import load_nutrients
from nutridiary.suggestions.aims import NOT_AIMED, OPEN, Limit, can_be_aimed_at, goal_of
from nutridiary.suggestions.candidates import SuggestedFood
from nutridiary.suggestions.case import Case
from nutridiary.suggestions.words import aim_note, limit_name, limit_note

SHOWN_FROM = 0.8
"""Share of a limit from which the effects show it, even where the report is not about its nutrient. Ours."""


def effect_rows(
    case: Case,
    chosen: Sequence[tuple[SuggestedFood, int]],
    rows: Mapping[str, Mapping[str, Any]],
    nutrients: Sequence[str],
    names: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return rows of `tables.SUGGESTION_EFFECTS`, but for the person: aims, the report's other nutrients, near limits.

    Parameters
    ----------
    case : Case
    chosen : sequence of (SuggestedFood, int)
        The foods with their portions.
    rows : mapping of str to mapping
        The person's rows of `tables.COMPARISON`, by nutrient.
    nutrients : sequence of str
        Those of the report.
    names : mapping of str to str
        What the authority calls the figure of each role.

    Returns
    -------
    list of dict
    """
    aims = {aim.nutrient: aim for aim in case.aims}
    limits = {limit.part: limit for limit in case.limits}
    others = [name for name in nutrients if name in rows and goal_of(rows[name])[1] > 0 and can_be_aimed_at(name)]
    near = [limit.part for limit in case.limits if limit.base + case.load(limit, chosen) >= SHOWN_FROM * limit.limit]
    shown = dict.fromkeys([*aims, *others, *near, "energy"])
    effects = []
    for name in shown:
        if name not in rows or name not in load_nutrients().index:
            continue
        row, aim, limit = rows[name], aims.get(name), limits.get(name)
        added = case.added(name, chosen)
        after = row["mean_intake"] + added
        kind, goal = ("", float("nan")) if name in NOT_AIMED else goal_of(row)
        notes = [aim_note(aim, after, names.get(aim.kind, aim.kind), case.passed)] if aim else _why_not(row)
        effects.append(
            {
                "nutrient": name,
                "label": row["label"],
                "unit": row["unit"],
                "mean_intake": row["mean_intake"],
                "with_suggestions": after,
                "reference_kind": kind if goal == goal else None,
                "reference": goal,
                "percent": 100 * row["mean_intake"] / goal,
                "percent_with_suggestions": 100 * after / goal,
                "limit_kind": limit_name(limit) if limit else None,
                "limit": limit.limit if limit else float("nan"),
                "aimed_at": aim is not None,
                "note": " ".join([*notes, *_of_limit(limit, added)]) or None,
            }
        )
    return effects


def _of_limit(limit: Limit | None, added: float) -> list[str]:
    if added != added:
        return ["A suggested food has no value for it."]
    return [note] if limit and (note := limit_note(limit)) else []


def _why_not(row: Mapping[str, Any]) -> list[str]:
    if row["verdict"] in OPEN:
        return ["Not aimed at: what is missing leaves open whether there is a gap."]
    return []
