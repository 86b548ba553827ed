"""The command that prints the reference values of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from nutridiary.cli.options import CONDITIONS, FORM, PERSON, REFERENCE, day_option, options
from nutridiary.cli.shell import print_table

if TYPE_CHECKING:
    import datetime

    from nutridiary.references import Person


@click.command()
@options(
    *PERSON,
    day_option("--on", "The day to take the age of --birth-date on; today if not given."),
    click.option("--smoker/--no-smoker", default=None, help="Vitamin C references of NASEM are higher for smokers."),
    CONDITIONS,
    REFERENCE,
    click.option("--edition", help="An edition in place of the current figures, for example 2005."),
    click.option("--nutrient", "nutrients", multiple=True, help="Print this nutrient only; may be repeated."),
    *FORM,
)
def references(
    reference: str,
    edition: str | None,
    nutrients: tuple[str, ...],
    form: str | None,
    on: datetime.date | None,
    **described: Any,
) -> None:
    """Print the reference values of a person, with the group they are for and their sources."""
    import datetime

    from nutridiary.nutrients import check_nutrients
    from nutridiary.references import reference_values

    person = _person(**described)
    if on is None and person.birth_date is not None:
        on = datetime.date.today()
    values = reference_values(person, on=on, edition=edition, reference=reference)
    if nutrients:
        values = values[values["nutrient"].isin(check_nutrients(nutrients))].reset_index(drop=True)
    if form is not None:
        print_table(values, form)
        return
    from nutridiary.report.references_table import print_references

    print_references(values, person, on=on, edition=edition, reference=reference, nutrients=nutrients)


def _person(
    sex: str | None,
    age: float | None,
    birth_date: datetime.date | None,
    weight: float | None,
    **further: Any,
) -> Person:
    """Return the person the options describe; a reference value is for somebody."""
    from nutridiary.references import Person

    if sex is None or (age is None and birth_date is None):
        raise click.UsageError(
            "reference values are for a person: give --sex female or male, and --age in years or --birth-date."
        )
    return Person(sex=sex, age_years=age, birth_date=birth_date, weight_kg=weight, **further)
