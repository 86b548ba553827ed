"""Which cautions a diary calls for, person by person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from nutridiary.cautions.interactions import interactions
from nutridiary.cautions.limits import limits
from nutridiary.cautions.own import Found, Own, UpperLevel
from nutridiary.cautions.record import record
from nutridiary.cautions.texts import ANY_NUTRIENT, load_cautions
from nutridiary.cautions.words import FOOD, naming_any
from nutridiary.references import reference_values
from nutridiary.tables import CAUTIONS, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person

    Parts = dict[str, pd.DataFrame]

_KEY = ["source", "line", "part"]
_DAILY = ("alcohol", "vitamin_k")  # what single days are asked for
# Of the diary's lines; an export carries a hundred columns more, which would be copied again and again.
_ENTRY = [*_KEY, "person_id", "date", "kind", "food_text", "food_description", "problem", "gram_weight"]


def cautions(
    weighed: pd.DataFrame,
    doses: pd.DataFrame,
    days: pd.DataFrame,
    comparison: pd.DataFrame,
    people: Mapping[str, Person],
    *,
    day_checks: pd.DataFrame,
    plausibility: pd.DataFrame,
    symptom_days: pd.DataFrame,
    reference: str = "nasem",
    edition: str | None = None,
) -> pd.DataFrame:
    """Return what a reader of a diary should be careful with.

    Parameters
    ----------
    weighed : pandas.DataFrame
        `tables.WEIGHED`, lines that could not be counted included.
    doses : pandas.DataFrame
        `tables.SUPPLEMENT_DOSES`.
    days, comparison : pandas.DataFrame
        `tables.DAILY_INTAKES` of the days the means are of, `COMPARISON`.
    people : mapping of str to Person
        By ``person_id``; "" for lines without one. May be empty.
    day_checks, plausibility, symptom_days : pandas.DataFrame
        `tables.DAY_CHECKS`, `PLAUSIBILITY`, `SYMPTOM_DAYS`.
    reference, edition : str
        Whose ULs hold for nutrients that only supplements gave, as in `reference_values`.

    Returns
    -------
    pandas.DataFrame
        `tables.CAUTIONS`: each person's, most serious first; no row where nothing calls for one.
    """
    import pandas as pd

    tables = {
        "entries": weighed[_ENTRY],
        "doses": _with_lines(doses, weighed),
        "days": days[days["nutrient"].isin(_DAILY)],
        "comparison": comparison,
        "checks": day_checks,
        "plausibility": plausibility,
        "symptoms": symptom_days[symptom_days["felt"].fillna(False).astype("bool")],
    }
    parts = {name: _by_person(table) for name, table in tables.items()}
    rows: list[dict[str, Any]] = []
    for key in dict.fromkeys(weighed["person_id"].fillna("")):
        own = _own(people.get(key), {name: found.get(key, tables[name][:0]) for name, found in parts.items()})
        own.upper_levels.update(_upper_levels(own, reference, edition))
        rows += [{"person_id": key or None, **row} for row in _in_order(own)]
    return conform(pd.DataFrame(rows), CAUTIONS)


def _with_lines(doses: pd.DataFrame, weighed: pd.DataFrame) -> pd.DataFrame:
    """Return doses with who took them when, and in which words."""
    lines = weighed[[*_KEY, "person_id", "date", "food_text"]]
    return doses.merge(lines, on=_KEY, how="left", validate="many_to_one")


def _by_person(table: pd.DataFrame) -> Parts:
    return {str(key): rows for key, rows in table.groupby(table["person_id"].fillna(""), sort=False)}


def _own(person: Person | None, tables: Parts) -> Own:
    checks, entries = tables["checks"], tables["entries"]
    in_means = checks.loc[checks["in_means"], "date"]
    last = entries["date"].max()
    told = person is not None and (person.birth_date is None or last == last)  # a missing date differs from itself
    taken = tables["doses"]
    return Own(
        person=person,
        age=person.age_on(last if last == last else None) if person is not None and told else None,
        entries=entries,
        mentions=naming_any(entries[~((entries["kind"] == FOOD) & (entries["gram_weight"] == 0))]),
        taken=taken[taken["date"].isin(in_means)],
        days=tables["days"],
        means={str(row.nutrient): row for row in tables["comparison"].itertuples(index=False)},
        counted_days=len(in_means),
        checks=checks,
        energy=next(tables["plausibility"].itertuples(index=False), None),
        symptoms=frozenset(tables["symptoms"]["symptom"]),
        upper_levels={},
    )


def _upper_levels(own: Own, reference: str, edition: str | None) -> dict[str, UpperLevel]:
    """Return the person's ULs of nutrients that supplements gave and that nobody asked to be compared."""
    given = set(own.taken["nutrient"]) - set(own.means)
    if own.person is None or own.age is None or not given:
        return {}
    values = reference_values(own.person, on=own.entries["date"].max(), edition=edition, reference=reference)
    levels = values[(values["kind"] == "UL") & values["nutrient"].isin(given) & values["amount"].notna()]
    return {
        str(nutrient): UpperLevel(float(amount), str(report))
        for nutrient, amount, report in zip(levels["nutrient"], levels["amount"], levels["edition"], strict=True)
    }


def _in_order(own: Own) -> Iterator[dict[str, Any]]:
    """Return what was found with the texts for it, in the order of ``cautions.csv``."""
    found: dict[str, list[Found]] = {}
    for one in (*limits(own), *interactions(own), *record(own)):
        found.setdefault(one.topic, []).append(one)
    for caution in load_cautions():
        for one in found.get(caution.topic, []):
            if caution.nutrient not in (one.nutrient, ANY_NUTRIENT):
                continue
            yield {
                **{name: getattr(caution, name) for name in ("topic", "kind", "title", "text", "source", "link")},
                "nutrient": one.nutrient or None,
                "because": one.because,
            }
