"""What a notebook shows of a person: who it is, and the figures intakes are held against."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from nutridiary.comparison.readings import PARTS_IN_WORDS
from nutridiary.nutrients import core_nutrients, nutrient_label, written_unit
from nutridiary.references import REFERENCES, kind_names, life_stage_group, reference_values
from nutridiary.report.table_html import table_html

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person

_KINDS = ("EAR", "RDA", "AI", "UL", "CDRR")


def person_html(person: Person) -> str:
    """Return a person as HTML: who, the life-stage group, and the core nutrients' figures with their editions.

    Examples
    --------
    >>> from nutridiary.references import Person
    >>> shown = person_html(Person(sex="female", age_years=34))
    >>> "female 31-50 y" in shown, "IOM 1997" in shown
    (True, True)
    """
    who = f"<p style='margin:.4em 0'><b>{escape(_who(person))}</b></p>"
    if person.birth_date is not None:
        return f"{who}<p>Which figures hold depends on the age on the day eaten: reference_values(person, on=...).</p>"
    group, values = life_stage_group(person), reference_values(person)
    values = values[values["nutrient"].isin(core_nutrients()) & values["amount"].notna()]
    if values.empty:
        return f"{who}<p>No reference intakes: {escape(group)}.</p>"
    shown = _table(values)
    said = f"{REFERENCES['nasem'].label} for {group}, per day"
    return (
        f"{who}<p style='margin:.4em 0'>{escape(said)}:</p>"
        f"<div style='overflow-x:auto'>{table_html(shown, escape(said))}</div>"
    )


def _who(person: Person) -> str:
    age = f"{person.age_years:g} years" if person.age_years is not None else ""
    born = f"born {person.birth_date:%Y-%m-%d}" if person.birth_date is not None else ""
    facts = [person.sex.capitalize(), born or age]
    facts += [stage for stage in ("pregnant", "lactating") if getattr(person, stage)]
    facts += [f"{value:g} {unit}" for value, unit in ((person.weight_kg, "kg"), (person.height_cm, "cm")) if value]
    facts += [person.activity.replace("_", " ")] if person.activity else []
    facts += {True: ["smoker"], False: ["non-smoker"]}.get(person.smoker, []) if person.smoker is not None else []
    return ", ".join([*facts, *person.conditions])


def _table(values: pd.DataFrame) -> pd.DataFrame:
    """Return a row a nutrient and a column a kind of figure, with the reports they come from."""
    import pandas as pd

    names, rows = kind_names("nasem"), []
    kinds = [kind for kind in _KINDS if kind in set(values["kind"])]
    for nutrient, figures in values.groupby("nutrient", sort=False):
        amounts = {
            kind: _amount(amount, applies_to)
            for kind, amount, applies_to in figures[["kind", "amount", "applies_to"]].itertuples(index=False)
        }
        unit = written_unit(str(figures["unit"].iloc[0]))
        rows.append(
            {
                "Nutrient": f"{nutrient_label(str(nutrient))} [{unit}]",
                **{names[kind]: amounts.get(kind, "") for kind in kinds},
                "From": ", ".join(dict.fromkeys(figures["edition"])),
            }
        )
    return pd.DataFrame(rows)


def _amount(amount: float, applies_to: object) -> str:
    part = PARTS_IN_WORDS.get(str(applies_to))
    return f"{amount:,.10g}" + (f" ({part} only)" if part else "")
