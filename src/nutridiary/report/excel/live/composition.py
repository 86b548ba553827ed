"""The sheet Foods per 100 g: what the lines of the living workbook take their values from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nutridiary.report.excel import looks
from nutridiary.report.excel.line_figures import LENT, NO_VALUE, LineFigures
from nutridiary.report.excel.live.guard import Guard
from nutridiary.report.excel.looks import Look, amount_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import DATA_TYPES, decimals_of, in_words, label_of, unit_of

FOODS = "Foods per 100 g"
NO_BOUND = "no bound"
OWN_FOOD_ID = '0;"own food "0'  # foods of the user's own are counted below zero
_NO_VALUE = "no value"
_NOT_LISTED = "no weight, or a food that is not on the sheet Foods per 100 g"
_DESCRIBED = (("FDC id", 11), ("Food", 44), ("Data type", 16), ("Release", 18))
_TITLE_ROWS = 4


@dataclass(frozen=True)
class Food:
    """A food that was eaten.

    Attributes
    ----------
    row : Mapping
        A line that eats it.
    amounts : sequence of float
        By nutrient, per 100 g; NaN where there is no value. [the nutrient's unit]
    states : sequence of int
        By nutrient, as in `LineFigures`.
    more : sequence of float
        By nutrient, how much more than the amount 100 g may hold; NaN where nothing bounds it.
    """

    row: Mapping[str, Any]
    amounts: Sequence[float]
    states: Sequence[int]
    more: Sequence[float]


def foods_of(figures: LineFigures, rows: Sequence[Mapping[str, Any]]) -> dict[int, Food]:
    """Return the foods of the lines that rest on a weight and on nothing else, by FDC id."""
    import numpy as np

    foods: dict[int, Food] = {}
    for place, row in enumerate(rows):
        if row["fdc_id"] is None or row["fdc_id"] in foods or not row["gram_weight"]:
            continue
        if row["problem"] is not None or not figures.of_record[place].all():
            continue
        factor = 100 / row["gram_weight"]
        amounts, highs = figures.amounts[place] * factor, figures.highs[place] * factor
        more = highs - np.nan_to_num(amounts)
        foods[row["fdc_id"]] = Food(row, amounts.tolist(), figures.states[place].tolist(), more.tolist())
    return dict(sorted(foods.items(), key=lambda item: (str(item[1].row["food_description"]), item[0])))


class Composition:
    """The sheet, and where its columns are.

    Attributes
    ----------
    lent, bounded : frozenset of str
        Nutrients that some food has from a twin; that some food has no value of its own for.
    """

    def __init__(self, foods: Mapping[int, Food], nutrients: Sequence[str]) -> None:
        """Take the foods in the order of the sheet."""
        self.foods, self.nutrients = foods, tuple(nutrients)
        self._places = {fdc_id: place for place, fdc_id in enumerate(foods, 1)}
        self.lent = self._with_state(LENT)
        self.bounded = self.lent | self._with_state(NO_VALUE)

    def _with_state(self, state: int) -> frozenset[str]:
        return frozenset(
            name
            for place, name in enumerate(self.nutrients)
            if any(food.states[place] == state for food in self.foods.values())
        )

    @property
    def not_listed(self) -> int:
        """The place of the row for foods that are not listed."""
        return len(self.foods) + 1

    def place_of(self, fdc_id: int) -> int:
        """Return the place of a food in the list, from 1."""
        return self._places[fdc_id]

    def write(self, page: Page, guard: Guard) -> None:
        """Write the sheet."""
        folded = [("lent", name) for name in self.nutrients if name in self.lent]
        folded += [("more", name) for name in self.nutrients if name in self.bounded]
        shown = len(_DESCRIBED) + len(self.nutrients)
        page.set_widths([width for _, width in _DESCRIBED] + [12.0] * len(self.nutrients))
        page.line("Foods per 100 g", looks.TITLE)
        page.line(
            "Every food of this diary that was weighed. A line of the sheet Entries can be changed to any of them, "
            "by the number in its first column.",
            looks.FREE_QUIET,
        )
        page.row = _TITLE_ROWS
        headers = [name for name, _ in _DESCRIBED]
        headers += [f"{label_of(name)} [{unit_of(name)} per 100 g]" for name in self.nutrients]
        headers += [
            f"{label_of(name)}, {'from a twin' if kind == 'lent' else 'at most, more'}" for kind, name in folded
        ]
        page.put_row(
            headers, [looks.HEADER] * len(_DESCRIBED) + [looks.NUMBER_HEADER] * (len(headers) - len(_DESCRIBED))
        )
        for food in self.foods.values():
            self._write_food(page, food, folded)
        page.put_row([None, _NOT_LISTED, None, None], [looks.QUIET_NUMBER] * len(_DESCRIBED))
        for column in range(len(_DESCRIBED) + 1, len(headers) + 1):
            page.put(page.row - 1, column, _NO_VALUE, looks.NO_VALUE)
        page.row -= 1
        page.close_table("foods_per_100_g_table", _TITLE_ROWS, shown, frozen_columns=2)
        page.row += 1
        self._name(page, folded)
        if folded:
            page.hide_columns(shown + 1, len(headers))
        for place, name in enumerate(self.nutrients):
            known = (food.amounts[place] for food in self.foods.values())
            guard.check_sum(f"food_{name}", sum(value for value in known if value == value))

    def _write_food(self, page: Page, food: Food, folded: Sequence[tuple[str, str]]) -> None:
        row, fdc_id = page.row, food.row["fdc_id"]
        if fdc_id > 0:
            page.link_food(row, 1, fdc_id)
        else:
            page.put(row, 1, fdc_id, Look(number=OWN_FOOD_ID, align="left"))
        page.put(row, 2, food.row["food_description"], looks.WRAPPED)
        page.put(row, 3, in_words(food.row["data_type"], DATA_TYPES), looks.TEXT)
        page.put(row, 4, food.row["release"], looks.TEXT)
        for place, name in enumerate(self.nutrients):
            sign = looks.ABOUT if food.states[place] == LENT else ""
            look = Look(number=amount_format(decimals_of(name) + 1, sign))
            missing = food.states[place] == NO_VALUE
            page.put(row, 5 + place, _NO_VALUE if missing else food.amounts[place], looks.NO_VALUE if missing else look)
        for column, (kind, name) in enumerate(folded, 5 + len(self.nutrients)):
            place = self.nutrients.index(name)
            page.put(row, column, _lent(food, place) if kind == "lent" else _more(food, place), looks.TEXT)
        page.row += 1

    def _name(self, page: Page, folded: Sequence[tuple[str, str]]) -> None:
        """Name the columns that formulas look a food up in."""
        first, last = _TITLE_ROWS + 1, _TITLE_ROWS + self.not_listed
        named = {"food_id": 1, "food_name": 2, "food_data_type": 3, "food_release": 4}
        named |= {f"food_{name}": 5 + place for place, name in enumerate(self.nutrients)}
        start = 5 + len(self.nutrients)
        named |= {f"food_{kind}_{name}": start + place for place, (kind, name) in enumerate(folded)}
        for name, column in named.items():
            page.name_range(name, (first, column), (last, column))


def _lent(food: Food, place: int) -> float | None:
    return food.amounts[place] if food.states[place] == LENT else None


def _more(food: Food, place: int) -> float | str:
    if food.states[place] not in (LENT, NO_VALUE):
        return 0.0
    more = food.more[place]
    return more if more == more else NO_BOUND
