"""The sheets beside the lines: who ate, supplements, recipes, own foods, symptoms, days that are no food days.

Each function returns a sheet: its columns, and its rows as they are read back by the reader of such a sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from nutridiary.report.corrected_diary.headings import label_heading
from nutridiary.report.corrected_diary.lines import LEFT_OUT, NO_DATE, Row, records

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Inputs
    from nutridiary.analysis.steps import Prepared
    from nutridiary.references import Person

_MOST_SCALE = 999


@dataclass(frozen=True)
class Sheet:
    """A sheet of the workbook.

    Attributes
    ----------
    name, title, words : str
        What it is called, its first line, and what it is for.
    columns : tuple of str
    rows : sequence of mapping of str to object
        What stands in which column.
    """

    name: str
    title: str
    words: str
    columns: tuple[str, ...]
    rows: Sequence[Row]


def sheets_beside(inputs: Inputs, ready: Prepared) -> list[Sheet]:
    """Return the sheets beside the lines that have something to say."""
    sheets = [
        _people(inputs.people),
        _products(inputs.diary.products),
        _recipes(inputs.diary.recipes, ready),
        _own_foods(inputs.diary.own_foods),
        _symptoms(inputs.diary.symptoms, inputs.diary.entries),
        _not_food_days(inputs.diary.not_food_days),
    ]
    return [sheet for sheet in sheets if sheet.rows]


def _people(people: Mapping[str, Person]) -> Sheet:
    columns = ("Person", "Sex", "Age", "Birth date", "Pregnant", "Lactating", "Weight", "Height", "Smoker", "Activity")
    rows = [
        {
            "Person": name or None,
            "Sex": person.sex,
            "Age": person.age_years,
            "Birth date": person.birth_date,
            "Pregnant": "yes" if person.pregnant else "no",
            "Lactating": "yes" if person.lactating else "no",
            "Weight": None if person.weight_kg is None else f"{person.weight_kg:.10g} kg",
            "Height": None if person.height_cm is None else f"{person.height_cm:.10g} cm",
            "Smoker": None if person.smoker is None else "yes" if person.smoker else "no",
            "Activity": person.activity,
            "Conditions": "; ".join(person.conditions) or None,
        }
        for name, person in people.items()
    ]
    return Sheet("Person", "Who ate", "As far as the reference intakes ask.", (*columns, "Conditions"), rows)


def _products(products: pd.DataFrame) -> Sheet:
    columns = ("Product", "Brand", "Per", "Nutrient", "Amount", "Unit", "Notes")
    said = ["product", "brand", "line", "as_written"]
    groups = products.groupby(said, dropna=False, sort=False)
    rows = [_product(records(group)) for _, group in groups]
    return Sheet("Supplements", "What supplements hold", "A line per nutrient, as the label says.", columns, rows)


def _product(doses: Sequence[Row]) -> Row:
    """Return the row that says what one cell, or one text of a label, said: in the first way that is read so."""
    first = doses[0]
    per = None if first["per_amount"] is None else f"{first['per_amount']:.10g} {first['per_unit'] or ''}".strip()
    base = {"Product": first["product"], "Brand": first["brand"], "Per": per, "Notes": first["note"]}
    words, amount, unit = str(first["as_written"] or ""), first["amount"], first["unit"]
    name, _, measure = words.rpartition(" ")
    named, _, number = name.rpartition(" ")
    label = (label_heading(first["nutrient"]) or "").rpartition(" (")[0] if first["nutrient"] else ""
    ways = (
        {"Nutrient": words},
        {"Nutrient": named, "Amount": number, "Unit": measure},
        {"Nutrient": label, "Amount": amount, "Unit": unit},
    )
    return next((base | way for way in ways if _reads_as(base | way, doses)), base | ways[0])


def _reads_as(row: Row, doses: Sequence[Row]) -> bool:
    from nutridiary.diary.grid import Grid
    from nutridiary.diary.products import products_of

    read = records(products_of(Grid("Supplements", "Supplements", [list(row), list(row.values())])))
    names = ["per_amount", "per_unit", "nutrient", "amount"]
    return _told(read, names) == _told(doses, names) and all(one["nutrient"] for one in doses)


def _told(rows: Iterable[Row], names: Iterable[str]) -> list[tuple[str, ...]]:
    found = [tuple(f"{v:.9g}" if isinstance(v := row[name], float) else str(v) for name in names) for row in rows]
    return sorted(found)


def _recipes(recipes: pd.DataFrame, ready: Prepared) -> Sheet:
    columns = ("Recipe", "Ingredient", "Amount", "Grams", "Brand", "FDC id", "Food code", "Servings",
               "Cooked weight (g)", "Yield (%)", "Cooking", "Notes")  # fmt: skip
    weighed = {} if ready.own_foods is None else _weighed_ingredients(ready)
    rows = [_ingredient(row, weighed.get((row["source"], row["line"]))) for row in records(recipes)]
    words = "A line per ingredient, with the food and the weight it was counted by."
    return Sheet("Recipes", "Own dishes", words, columns, rows)


def _weighed_ingredients(ready: Prepared) -> dict[tuple[str, int], Row]:
    assert ready.own_foods is not None
    return {(row["source"], row["line"]): row for row in records(ready.own_foods.ingredients)}


def _ingredient(row: Row, found: Row | None) -> Row:
    of_recipe = {
        "Recipe": row["recipe"],
        "Servings": row["servings"],
        "Cooked weight (g)": row["cooked_grams"],
        "Yield (%)": row["yield_percent"],
        "Cooking": row["state"],
        "Brand": row["brand"],
    }
    itself = {
        "Ingredient": row["ingredient"],
        "Amount": row["amount_text"],
        "FDC id": row["stated_fdc_id"],
        "Food code": row["stated_food_code"],
        "Notes": row["note"],
    }
    if found is None or row["ingredient"] is None:
        return of_recipe | itself
    if found["problem"] is None:
        # Foods of the user's own are known by their names.
        number = found["fdc_id"] if found["fdc_id"] > 0 else None
        return of_recipe | itself | {"FDC id": number, "Food code": None, "Grams": found["gram_weight"]}
    why = [row["note"], f"written: {row['amount_text']}" if row["amount_text"] else "", f"left out: {found['problem']}"]
    return of_recipe | itself | {"Amount": LEFT_OUT, "Notes": "; ".join(filter(None, why))}


def _own_foods(own_foods: pd.DataFrame) -> Sheet:
    about = ["name", "brand"]
    rows: list[Row] = []
    for _, group in own_foods.groupby(about, dropna=False, sort=False):
        values = records(group)
        rows.append(_serving(values[0]) | dict(_label_values(values)) | {"Notes": _label_notes(values)})
    first = ("Food", "Brand", "Serving", "Serving weight (g)")
    nutrients = dict.fromkeys(name for row in rows for name in row if name not in (*first, "Notes"))
    words = "A line per food, values of one serving."
    return Sheet("Custom foods", "Foods as their labels say", words, (*first, *nutrients, "Notes"), rows)


def _serving(row: Row) -> dict[str, Any]:
    per = None if row["per_amount"] is None else f"{row['per_amount']:.10g} {row['per_unit'] or ''}".strip()
    return {"Food": row["name"], "Brand": row["brand"], "Serving": per, "Serving weight (g)": row["serving_grams"]}


def _label_values(values: Sequence[Row]) -> Iterator[tuple[str, Any]]:
    """Yield each value under its heading, the first of a nutrient, as it counts; what could not be read as it was."""
    seen = set()
    for row in values:
        heading = label_heading(row["nutrient"]) if row["nutrient"] else None
        if heading and heading not in seen:
            seen.add(heading)
            yield heading, row["as_written"] if row["amount"] is None else row["amount"]


def _label_notes(values: Sequence[Row]) -> str | None:
    said = [text for row in values for text in (row["note"], row["problem"]) if text]
    unheaded = [
        f"{row['nutrient'] or 'not read'}: {row['as_written']}"
        for row in values
        if row["as_written"] and not (row["nutrient"] and label_heading(row["nutrient"]))
    ]
    return "; ".join(dict.fromkeys([*said, *unheaded])) or None


def _symptoms(symptoms: pd.DataFrame, entries: pd.DataFrame) -> Sheet:
    """Symptoms that stand among the lines stay there."""
    lines = entries.loc[entries["kind"] == "symptom", ["source", "line"]]
    among = set(lines.itertuples(index=False, name=None))
    rows = [
        {
            "Date": row["date"] if row["date"] is not None else NO_DATE,
            "Time": row["time"],
            "Symptom": row["symptom"],
            "Severity": None if row["severity"] is None else severity_text(row["severity"]),
            "Duration": None if row["duration"] is None else duration_text(row["duration"]),
            "Notes": row["note"],
            "Person": row["person_id"],
        }
        for row in records(symptoms)
        if (row["source"], row["line"]) not in among
    ]
    columns = ("Date", "Time", "Symptom", "Severity", "Duration", "Notes", "Person")
    return Sheet("Symptoms", "What was felt", "Severity from 0 (none) to 10 (worst).", columns, rows)


def severity_text(severity: float) -> str | float:
    """Return a severity of 0 to 10 as the reader takes it, on the scale it was said on.

    Examples
    --------
    >>> severity_text(6.5), severity_text(10 / 3)
    (6.5, '1/3')
    """
    if round(severity, 1) == severity:
        return severity
    share = Fraction(severity / 10).limit_denominator(_MOST_SCALE)
    return f"{share.numerator}/{share.denominator}"


def duration_text(minutes: float) -> str:
    """Return how long something lasted, in minutes, or in seconds where these are not whole.

    Examples
    --------
    >>> duration_text(90.0), duration_text(1 / 3)
    ('90 min', '20 sec')
    """
    if round(minutes, 2) == minutes:
        return f"{minutes:.10g} min" if minutes < 10_000 else f"{minutes / 60:.10g} h"
    return f"{round(minutes * 60, 2):.10g} sec"


def _not_food_days(days: pd.DataFrame) -> Sheet:
    rows = [
        {
            "Date": row["date"] if row["date"] is not None else NO_DATE,
            "Reason": row["reason"],
            "Person": row["person_id"],
        }
        for row in records(days)
    ]
    words = "Days that were not as usual, or not written down."
    return Sheet("Not a food day", "Days to leave out", words, ("Date", "Reason", "Person"), rows)
