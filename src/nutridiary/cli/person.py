"""The options that describe a person, and the person they describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from nutridiary.cli.options import CONDITIONS, day_option
from nutridiary.references import ACTIVITIES

if TYPE_CHECKING:
    from nutridiary.references import Person

PERSON = (
    click.option("--sex", type=click.Choice(["female", "male"]), help="Chooses the reference intakes."),
    click.option("--age", type=float, help="Age in years (0.5 is six months)."),
    day_option("--birth-date", "Instead of --age."),
    click.option("--pregnant", is_flag=True, help="Use the references for pregnancy."),
    click.option("--lactating", is_flag=True, help="Use the references for lactation."),
    click.option("--weight", type=float, help="Body weight [kg]; protein references and energy needs depend on it."),
    click.option("--smoker/--no-smoker", default=None, help="Vitamin C references of NASEM are higher for smokers."),
    CONDITIONS,
)
# What energy needs depend on besides; no reference value does.
BODY = (
    click.option("--height", type=float, help="Body height [cm]; energy needs depend on it."),
    click.option("--activity", type=click.Choice(ACTIVITIES), help="How active; energy needs depend on it."),
)
# The name of each option in `Person`.
_FIELDS = {
    "sex": "sex",
    "age": "age_years",
    "birth_date": "birth_date",
    "pregnant": "pregnant",
    "lactating": "lactating",
    "weight": "weight_kg",
    "height": "height_cm",
    "activity": "activity",
    "smoker": "smoker",
    "conditions": "conditions",
}


def take_person(settings: dict[str, Any]) -> Person | None:
    """Take who is described out of `settings`; nobody where nothing is said of a person."""
    from nutridiary.references import Person

    described = {field: settings.pop(option, None) for option, field in _FIELDS.items()}
    # An age of 0 describes an infant, and --no-smoker says something.
    silent = {**dict.fromkeys(described), "pregnant": False, "lactating": False, "conditions": ()}
    if described == silent:
        return None
    if described["sex"] is None or (described["age_years"] is None and described["birth_date"] is None):
        raise click.UsageError("reference intakes need both --sex and --age (or --birth-date).")
    return Person(**described)
