"""The command that prints the reference values of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from nutridiary.cli.options import EDITION, FORM, REFERENCE, day_option, options
from nutridiary.cli.person import PERSON, take_person
from nutridiary.cli.shell import print_table

if TYPE_CHECKING:
    import datetime


@click.command()
@options(
    *PERSON,
    day_option("--on", "The day to take the age of --birth-date on; today if not given."),
    REFERENCE,
    EDITION,
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

    person = take_person(described)
    if person is None:
        raise click.UsageError(
            "reference values are for a person: give --sex female or male, and --age in years or --birth-date."
        )
    if on is None and person.birth_date is not None:
        on = datetime.date.today()
    person.age_on(on)  # says so where the two dates contradict each other
    values = reference_values(person, on=on, edition=edition, reference=reference)
    if nutrients:
        values = values[values["nutrient"].isin(check_nutrients(nutrients))].reset_index(drop=True)
    if form is not None:
        print_table(values, form)
        return
    from nutridiary.report.references_table import print_references

    print_references(values, person, on=on, edition=edition, reference=reference, nutrients=nutrients)
