"""The labelled texts that matching learns from and is measured on.

Learned from (see docs/matching.md):
- tests/data/diary_lines.csv, our own lines, and tests/data/everyday_lines.csv, lines that other hands wrote and
  labelled: the rows to learn from (the others only measure);
- the 24-hour recall terms of labels/asa24_dev.csv, alone and with the answered details;
- tests/data/recall_lines.csv, answers as a recall notes them, written by other hands for foods people report;
- aliases of FNDDS foods, every other one asked for while the index does not know that alias;
- the names of the foods eaten most, the parts between commas turned round: "decaffeinated, brewed, coffee";
- the 2017-2018 wordings of food codes (DRXFCD_J) that FNDDS 2021-2023 words differently;
- vegetables FNDDS has cooked, called boiled or steamed: any of the cooked ones is right, none of the raw;
- the phrases of labels/household_phrases.csv that no food answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from nutridiary.foods import FoodData
from nutridiary.matching.index import Index
from nutridiary.matching.query import read_query
from nutridiary.matching.synonyms import in_our_words

TEXTS = Path(__file__).resolve().parents[1] / "tests" / "data"
SOURCE_WEIGHT = {
    "diary": 1.0,
    "recall": 0.5,
    "recall written": 0.5,
    "recall term": 0.15,
    "alias": 0.05,
    "wording": 0.3,
    "cooking": 0.1,
    "no food": 1.0,
}


@dataclass(frozen=True)
class Case:
    """A labelled text: the rows of foods that answer it (none: no food does) and where it comes from."""

    text: str
    answers: frozenset[int]
    source: str
    person: str = ""
    without: int = -1
    weight: float = 1.0


def recall_cases(path: Path, row_of_code: dict[int, int]) -> list[Case]:
    """Return the recall terms that were coded to one food, alone and with their details."""
    table = pd.read_csv(path)
    table = table[(table["n_codes"] == 1) & (table["codes_in_fndds_2021_2023"] == 1)]
    cases = []
    for (person, term, details, code), count in (
        table.fillna("").value_counts(["person", "term", "details", "food_codes"], sort=False).items()
    ):
        answer = frozenset({row_of_code[int(code)]})
        weight = float(np.sqrt(count))
        cases.append(Case(term, answer, "recall term" if details else "recall", person, weight=weight))
        if details:
            cases.append(Case(f"{term}, {details}", answer, "recall", person, weight=weight))
    return cases


def diary_cases(
    path: Path,
    row_of_code: dict[int, int],
    row_of_id: dict[int, int],
    use: str,
    sets: tuple[str, ...] = ("1", "2", "3"),
) -> list[Case]:
    """Return our own labelled diary lines of one use, "learn" or "test", and of the sets written first or second."""
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    table = table[(table["use"] == use) & table["set"].isin(sets)]
    return [
        _labelled(text, codes, ids, row_of_code, row_of_id)
        for text, codes, ids in zip(table["text"], table["food_codes"], table["fdc_ids"], strict=True)
    ]


def hand_cases(path: Path, row_of_code: dict[int, int], row_of_id: dict[int, int], use: str) -> list[Case]:
    """Return the foods of the diary lines that other hands wrote and labelled, of one use."""
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    table = table[table["use"] == use].drop_duplicates(["food_words", "food_codes", "fdc_ids"])
    return [
        _labelled(text, codes, ids, row_of_code, row_of_id)
        for text, codes, ids in zip(table["food_words"], table["food_codes"], table["fdc_ids"], strict=True)
    ]


def answered_cases(path: Path, row_of_code: dict[int, int], use: str) -> list[Case]:
    """Return the recall answers that another hand wrote for foods people report, of one use."""
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    table = table[table["use"] == use]
    return [
        Case(f"{term}, {details}" if details else term, _answers(codes, row_of_code), "recall written")
        for term, details, codes in zip(table["term"], table["details"], table["food_codes"], strict=True)
    ]


def _answers(numbers: str, rows: dict[int, int]) -> frozenset[int]:
    return frozenset(rows[int(number)] for number in numbers.split(";") if number)


def _labelled(text: str, codes: str, ids: str, row_of_code: dict[int, int], row_of_id: dict[int, int]) -> Case:
    answers = _answers(codes, row_of_code) | _answers(ids, row_of_id)
    return Case(text, answers, "diary" if answers else "no food")


def alias_cases(index: Index, names: pd.DataFrame, row_of_id: dict[int, int], most: int) -> list[Case]:
    """Return aliases of foods that are eaten, as texts that the index must answer without them."""
    aliases = names[names["is_alias"]]
    same = aliases.groupby(aliases["name"].str.casefold())["fdc_id"].agg(set)
    eaten = [
        (name, food)
        for name, food in zip(aliases["name"], aliases["fdc_id"].map(row_of_id), strict=True)
        if index.log_share[food] > np.log1p(0.5) and len(same[name.casefold()]) == 1 and " " in name
    ]
    cases = []
    for name, food in eaten[:: max(1, len(eaten) // most)]:
        query = read_query(in_our_words(name), index)
        own = np.flatnonzero(index.name_alias & (index.name_food == food))
        wanted = [n for n in query.numbers if n >= 0]
        exact = [n for n in own if set(index.name_words[n][index.name_words[n] >= 0].tolist()) == set(wanted)]
        if exact:
            hidden = int(exact[0]) if len(cases) % 2 else -1
            cases.append(Case(name, frozenset({food}), "alias", without=hidden))
    return cases


def name_cases(index: Index, foods: pd.DataFrame, most: int) -> list[Case]:
    """Return the names of the foods eaten most, the last part first, as an everyday line has them."""
    described = foods.set_index("fdc_id")["description"]
    order = np.argsort(-index.log_share, kind="stable")[:most]
    cases = []
    for food in order.tolist():
        parts = [part.strip() for part in described[int(index.fdc_id[food])].split(",")]
        if len(parts) > 1:
            cases.append(Case(" ".join(reversed(parts)), frozenset({food}), "wording"))
    return cases


def cooking_cases(foods: pd.DataFrame, row_of_id: dict[int, int]) -> list[Case]:
    """Return vegetables FNDDS has cooked in several ways, called boiled, steamed or cooked."""
    named = foods["description"].str.extract(r"^([^,]+), (?:fresh|frozen|canned|NS as to form), cooked(.*)$")
    plain = named[~named[1].fillna("").str.contains("oil|butter|reduced|fat added")].dropna(subset=[0])
    cases = []
    for vegetable, rows in plain.groupby(0):
        answers = frozenset(row_of_id[fdc_id] for fdc_id in foods.loc[rows.index, "fdc_id"])
        name = str(vegetable).lower()
        cases += [Case(text, answers, "cooking") for text in (f"boiled {name}", f"{name}, steamed", f"cooked {name}")]
    return cases


def wording_cases(path: Path, foods: pd.DataFrame, row_of_code: dict[int, int], most: int) -> list[Case]:
    """Return the 2017-2018 long descriptions of codes that are described otherwise today."""
    table = pd.read_csv(path).dropna()
    now = foods.dropna(subset=["food_code"]).set_index("food_code")["description"]
    cases = [
        Case(text, frozenset({row_of_code[int(code)]}), "wording")
        for code, text in zip(table["DRXFDCD"], table["DRXFCLD"], strict=True)
        if int(code) in row_of_code and now[int(code)].casefold() != text.casefold()
    ]
    return cases[:: max(1, len(cases) // most)]


def no_food_cases(path: Path) -> list[Case]:
    """Return the household phrases that no food answers."""
    table = pd.read_csv(path)
    return [Case(phrase, frozenset(), "no food") for phrase in table.loc[table["kind"] == "negative", "phrase"]]


def all_cases(shared: Path, foods: FoodData, index: Index) -> list[Case]:
    """Return everything to learn from."""
    row_of_id = {fdc_id: row for row, fdc_id in enumerate(index.fdc_id.tolist())}
    row_of_code = {code: row for row, code in enumerate(index.food_code.tolist()) if code}
    described = foods.foods()
    return [
        *diary_cases(TEXTS / "diary_lines.csv", row_of_code, row_of_id, "learn"),
        *hand_cases(TEXTS / "everyday_lines.csv", row_of_code, row_of_id, "learn"),
        *answered_cases(TEXTS / "recall_lines.csv", row_of_code, "learn"),
        *recall_cases(shared / "labels" / "asa24_dev.csv", row_of_code),
        *alias_cases(index, foods.names(), row_of_id, 700),
        *wording_cases(shared / "nhanes" / "DRXFCD_J.csv.xz", described, row_of_code, 250),
        *name_cases(index, described, 500),
        *cooking_cases(described, row_of_id),
        *no_food_cases(shared / "labels" / "household_phrases.csv"),
    ]
