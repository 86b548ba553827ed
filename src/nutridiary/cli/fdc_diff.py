"""The command that tells what another release of food data changes: in the foods, and in the report of a diary."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nutridiary.cli.options import (
    DEFAULTS,
    EDITION,
    FILE,
    FORM,
    READING,
    REFERENCE,
    VALUES,
    options,
)
from nutridiary.cli.person import BODY, PERSON, take_person
from nutridiary.cli.shell import print_table, printable, progress

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.reading_changes import ReadingChanges
    from nutridiary.releases.branded_changes import BrandedChanges
    from nutridiary.releases.changes import FoodChanges

MOST_SHOWN = 10
"""Rows of a kind that are printed; --csv and --json have all."""


@click.command()
@click.argument("before", metavar="RELEASE")
@click.argument("after", metavar="OTHER_RELEASE")
@click.argument("diary", type=FILE, nargs=-1)
@options(
    *PERSON,
    *BODY,
    REFERENCE,
    EDITION,
    click.option("--nutrient", "nutrients", multiple=True, help="Compare this nutrient only; may be repeated."),
    click.option("--fill-in/--no-fill-in", default=True, help="Take values a food's record lacks from a twin record."),
    VALUES,
    *READING,
    DEFAULTS,
    click.option("--leave-out-incomplete", is_flag=True, help="Leave days that may be incomplete out of the means."),
    *FORM,
)
def diff(
    before: str,
    after: str,
    diary: tuple[Path, ...],
    nutrients: tuple[str, ...],
    form: str | None,
    **settings: Any,
) -> None:
    """Compare two installed releases of food data, and what they make of DIARY.

    RELEASE and OTHER_RELEASE are names that `nutridiary fdc status` lists; "embedded" is one. Without DIARY: foods that
    are gone, new or renamed, values and portions that changed. With DIARY, of one file or several, it is analysed with
    both releases: every mean, every reading that flips and the foods that did it, every line that is another food now.

    Exits 1 if a reading flips. --csv prints the foods that changed, or with DIARY the means; --json prints every table.
    """
    person = take_person(settings)
    names = list(nutrients) or None
    with progress() as tell:
        tell("comparing foods", 0)
        changed = _food_changes(before, after, names)
        branded = _branded_changes(before, after)
        readings = _reading_changes(before, after, diary, person, names, settings) if diary else None
    if form == "csv":
        print_table(changed.foods if readings is None else readings.readings, "csv")
    elif form == "json":
        click.echo(json.dumps(_as_data(before, after, changed, branded, readings), indent=1, ensure_ascii=False))
    else:
        for line in [
            *_of_foods(before, after, changed),
            *_of_branded(branded),
            *(_of_readings(readings) if readings else []),
        ]:
            click.echo(printable(line))
    sys.exit(1 if readings is not None and len(readings.flips) else 0)


def _food_changes(before: str, after: str, nutrients: list[str] | None) -> FoodChanges:
    from nutridiary.foods import load_foods
    from nutridiary.releases.changes import food_changes

    return food_changes(load_foods(release=before), load_foods(release=after), nutrients)


def _branded_changes(before: str, after: str) -> BrandedChanges | None:
    from nutridiary.releases.branded_changes import branded_changes

    return branded_changes(before, after)


def _reading_changes(
    before: str,
    after: str,
    diary: tuple[Path, ...],
    person: Any,
    nutrients: list[str] | None,
    settings: dict[str, Any],
) -> ReadingChanges:
    """Analyse a diary with both releases, and compare."""
    from nutridiary.analysis import analyze
    from nutridiary.fdc.installed import using_release
    from nutridiary.foods import load_foods
    from nutridiary.reading_changes import reading_changes

    analyses = []
    for release in (before, after):
        with using_release(release):
            analyses.append(analyze(diary, person, nutrients=nutrients, foods=load_foods(), **settings))
    return reading_changes(*analyses)


def _as_data(
    before: str, after: str, changed: FoodChanges, branded: BrandedChanges | None, readings: ReadingChanges | None
) -> dict[str, Any]:
    tables = {name: getattr(changed, name) for name in ("foods", "values", "nutrients", "portions", "set_aside")}
    if readings is not None:
        tables |= {name: getattr(readings, name) for name in ("readings", "causes", "lines")}
    return {
        "before": before,
        "after": after,
        "foods_of_both": changed.kept,
        "foods_with_another_id": changed.moved,
        "unknown_categories": changed.unknown_categories,
        "branded_products": None if branded is None else vars(branded),
        **{name: json.loads(table.to_json(orient="records", date_format="iso")) for name, table in tables.items()},
    }


def _of_foods(before: str, after: str, changed: FoodChanges) -> list[str]:
    counts = changed.foods["change"].value_counts()
    lines = [f"{before} -> {after}: {changed.kept:,} foods of both, {changed.moved:,} of them with another FDC id"]
    for change in ("gone", "new", "renamed"):
        own = changed.foods[changed.foods["change"] == change]
        lines.append(f"{change.capitalize()}: {counts.get(change, 0):,}")
        lines += _shown(own, _named)
    values, portions = changed.values, changed.portions
    lines.append(f"Values: {len(values):,} changed, of {values['fdc_id_after'].nunique():,} foods")
    lines += _shown(changed.nutrients, _nutrient_in_words)
    lines.append(f"Portions: {len(portions):,} changed, of {portions['fdc_id_after'].nunique():,} foods")
    lines += _shown(portions, lambda row: f"{row['name_after']}, {row['portion']}: {_from_to(row, 'g')}")
    for category, foods in changed.unknown_categories.items():
        lines.append(f'Category "{category}" ({foods:,} foods) is in no food group: other foods')
    for row in changed.set_aside[changed.set_aside["set_aside"] > 0].to_dict("records"):
        lines.append(
            f"{row['table']}: {row['set_aside']} of {row['entries']:,} entries set aside, first: {row['first']}"
        )
    return lines


def _of_branded(branded: BrandedChanges | None) -> list[str]:
    if branded is None:
        return []
    return [f"Branded products by barcode: {branded.kept:,} of both, {branded.gone:,} gone, {branded.new:,} new"]


def _of_readings(readings: ReadingChanges) -> list[str]:
    moved, flips = readings.readings, readings.flips
    moved = moved[moved["difference"].fillna(0).ne(0) | (moved["before"].isna() != moved["after"].isna())]
    lines = ["", f"Means that changed: {len(moved)} of {len(readings.readings)}"]
    lines += _shown(moved, lambda row: f"{_whose(row)}{row['label']}: {_from_to(row, row['unit'])}. {row['because']}")
    lines.append(f"Readings that flip: {len(flips)}")
    for row in flips.to_dict("records"):
        lines.append(f"  {_whose(row)}{row['label']}: {row['because'] or 'what is known of it changed'}")
        lines += [f"    before: {row['reading_before']}", f"    after:  {row['reading_after']}", *_confidence(row)]
    lines.append(f"Lines that changed: {len(readings.lines)}")
    lines += _shown(
        readings.lines, lambda row: f"{row['source']}:{row['line']}: {row['change']}: {_before_after(row, 'food')}"
    )
    return lines


def _confidence(row: Mapping[Any, Any]) -> list[str]:
    """Return what became of the confidence, which may flip where the words of the reading do not."""
    from nutridiary.usual_intake import VERDICTS

    was, now = (VERDICTS.get(row[f"confidence_{when}"], "none") for when in ("before", "after"))
    return [f'    confidence before: "{was}", after: "{now}"'] if was != now else []


def _shown(table: pd.DataFrame, in_words: Callable[[Mapping[Any, Any]], str]) -> list[str]:
    lines = [f"  {in_words(row)}" for row in table.head(MOST_SHOWN).to_dict("records")]
    return lines if len(table) <= MOST_SHOWN else [*lines, f"  and {len(table) - MOST_SHOWN:,} more (--csv, --json)"]


def _named(row: Mapping[Any, Any]) -> str:
    names = {"gone": (row["name_before"],), "new": (row["name_after"],)}
    fdc_id = row["fdc_id_before" if row["change"] == "gone" else "fdc_id_after"]
    return f"{' -> '.join(names.get(row['change'], (row['name_before'], row['name_after'])))} [{fdc_id}]"


def _nutrient_in_words(row: Mapping[Any, Any]) -> str:
    from nutridiary.nutrients import load_nutrients

    counts = [f"{row['changed']:,} {'food' if row['changed'] == 1 else 'foods'}"]
    counts += [f"{row[name]:,} {name.replace('_', ' ')}" for name in ("known_now", "unknown_now") if row[name]]
    largest = f"; most: {row['largest_food']}, {_from_to(row, row['unit'])}" if row["changed"] else ""
    return f"{load_nutrients().loc[row['nutrient'], 'label']}: {', '.join(counts)}{largest}"


def _from_to(row: Mapping[Any, Any], unit: str) -> str:
    from nutridiary.nutrients import written_unit

    was, now = ("unknown" if row[name] != row[name] else f"{row[name]:.4g}" for name in ("before", "after"))
    return f"{was} -> {now} {written_unit(unit)}"


def _before_after(row: Mapping[Any, Any], what: str) -> str:
    was, now = (row[f"{what}_{when}"] for when in ("before", "after"))
    if was == now:
        return f"{was}, {row['grams_before']:.4g} -> {row['grams_after']:.4g} g"
    return " -> ".join(text if isinstance(text, str) else "no food" for text in (was, now))


def _whose(row: Mapping[Any, Any]) -> str:
    return f"{row['person_id']}, " if isinstance(row["person_id"], str) else ""
