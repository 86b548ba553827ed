"""Measure matching on labelled texts; prints a table and writes it to docs/matching_bench.md.

    python bench/matching.py [--shared ../shared]

Sets: our own diary lines (tests/data/diary_lines.csv; half of them were never learned from), the recall terms
of five people (labels/asa24_dev.csv; also with the weights learned without the person asked about), and the
ingredient phrases of labels/household_phrases.csv. The last two need the shared folder and are left out,
said so, where it is absent.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import labelled_texts as labels  # noqa: E402
import learn_matching as learning  # noqa: E402
from nutridiary.foods import load_foods  # noqa: E402
from nutridiary.matching.entries import ALIAS_SCORE  # noqa: E402
from nutridiary.matching.evidence import EVIDENCE  # noqa: E402
from nutridiary.matching.index import Index  # noqa: E402
from nutridiary.matching.ranking import Weights, load_index, load_weights, rank_line  # noqa: E402
from nutridiary.matching.synonyms import alias_of  # noqa: E402

HEADINGS = ("set", "texts", "first", "first five", "nutrients close", "automatic", "right of those", "close of those")


@dataclass(frozen=True)
class Question:
    """A labelled text: rows of the foods that answer it, the person who said it, how often."""

    text: str
    answers: frozenset[int]
    person: str = ""
    count: int = 1


@dataclass(frozen=True)
class Answer:
    """The rows of the best five foods and the score of the first."""

    foods: tuple[int, ...]
    score: float


def answer(text: str, index: Index, weights: Weights) -> Answer:
    """Return what the matcher answers to one text."""
    ranking, _ = rank_line(text, index, weights)
    foods = [] if ranking is None else ranking.foods[:6].tolist()
    alias = alias_of(text)
    if alias is not None:
        first = int(np.flatnonzero(index.fdc_id == alias)[0])
        return Answer((first, *[food for food in foods if food != first][:4]), ALIAS_SCORE)
    return Answer(tuple(foods[:5]), 0.0 if ranking is None else float(ranking.scores[0]))


def row(
    name: str,
    questions: list[Question],
    ask: Callable[[Question], Answer],
    index: Index,
    automatic: float,
) -> tuple[str, ...]:
    """Return one line of the table."""
    answers = [ask(question) for question in questions]
    count = np.array([question.count for question in questions], dtype=float)
    pairs = list(zip(questions, answers, strict=True))
    first = np.array([bool(a.foods) and a.foods[0] in q.answers for q, a in pairs])
    five = np.array([bool(q.answers & set(a.foods)) for q, a in pairs])
    close = np.array(
        [bool(a.foods) and any(index.alike(np.array([a.foods[0], x])).all() for x in q.answers) for q, a in pairs]
    )
    sure = np.array([a.score >= automatic for _, a in pairs])

    def share(mask: np.ndarray, of: np.ndarray | None = None) -> str:
        weight = count if of is None else count * of
        return f"{100 * (mask * weight).sum() / weight.sum():.1f} %" if weight.sum() else "-"

    return (
        name,
        f"{int(count.sum())}",
        share(first),
        share(five),
        share(close | first),
        share(sure),
        share(first, sure),
        share(close | first, sure),
    )


def recall_questions(path: Path, row_of_code: dict[int, int], details: bool) -> list[Question]:
    """Return the recall terms coded to one food, each with how often the person said it."""
    table = pd.read_csv(path)
    table = table[(table["n_codes"] == 1) & (table["codes_in_fndds_2021_2023"] == 1)].fillna("")
    counted = table.value_counts(["person", "term", "details", "food_codes"], sort=False)
    questions = []
    for (person, term, detail, code), count in counted.items():
        text = f"{term}, {detail}" if details and detail else term
        questions.append(Question(text, frozenset({row_of_code[int(code)]}), person, int(count)))
    return questions


def weights_without(person: str, cases: list[labels.Case], problem: learning.Problem) -> Weights:
    """Return weights learned from everything but one person's recalls."""
    chosen = np.array([case.person != person for case in cases])
    theta = learning.learn(problem, chosen, np.append(np.ones(len(EVIDENCE)), -3.0))
    shipped = load_weights()
    return Weights(
        tuple(theta[:-1].tolist()),
        float(theta[-1]),
        shipped.scale,
        shipped.start,
        shipped.automatic,
        shipped.least,
    )


def measure(shared: Path) -> tuple[list[tuple[str, ...]], list[str]]:
    """Return the lines of the table, and remarks."""
    foods = load_foods(release="embedded")
    started = time.process_time()
    index, weights = load_index(foods), load_weights()
    loading = time.process_time() - started
    row_of_code = {code: number for number, code in enumerate(index.food_code.tolist()) if code}
    row_of_id = {fdc_id: number for number, fdc_id in enumerate(index.fdc_id.tolist())}

    def ask(question: Question) -> Answer:
        return answer(question.text, index, weights)

    lines, remarks = [], []
    labelled = ROOT / "tests" / "data" / "diary_lines.csv"
    for use, sets, name in (
        ("test", ("1", "2", "3"), "diary lines, never learned from"),
        ("test", ("1",), "- of the first set"),
        ("test", ("2",), "- of the second set: other cuisines, makers, shorthand, typing errors"),
        ("test", ("3",), "- of the third set: weighed dry or raw"),
        ("test", (), "lines other hands wrote and labelled, never learned from"),
        ("learn", ("1", "2", "3"), "diary lines learned from"),
    ):
        cases = (
            labels.diary_cases(labelled, row_of_code, row_of_id, use, sets)
            if sets
            else labels.hand_cases(labelled.with_name("everyday_lines.csv"), row_of_code, row_of_id, use)
        )
        questions = [Question(case.text, case.answers) for case in cases if case.answers]
        lines.append(row(name, questions, ask, index, weights.automatic))
        if len(sets) == 1:
            continue
        scores = [ask(Question(case.text, frozenset())).score for case in cases if not case.answers]
        remarks.append(
            f"{name}: of {len(scores)} that are no food, {sum(s >= weights.least for s in scores)} get a match to "
            f"confirm, {sum(s >= weights.automatic for s in scores)} an automatic one."
        )
    cases = labels.answered_cases(labelled.with_name("recall_lines.csv"), row_of_code, "test")
    questions = [Question(case.text, case.answers) for case in cases]
    lines.append(row("recall answers another hand wrote, never learned from", questions, ask, index, weights.automatic))
    recall = shared / "labels" / "asa24_dev.csv"
    if recall.is_file():
        cases = labels.all_cases(shared, foods, index)
        problem = learning.stack(cases, index)
        people = sorted({case.person for case in cases if case.person})
        apart = {person: weights_without(person, cases, problem) for person in people}
        for details, what in ((False, "recall, term"), (True, "recall, term and details")):
            asked = recall_questions(recall, row_of_code, details)
            lines.append(row(what, asked, ask, index, weights.automatic))
            lines.append(
                row(
                    f"{what}, leave one person out",
                    asked,
                    lambda question: answer(question.text, index, apart[question.person]),
                    index,
                    weights.automatic,
                )
            )
        phrases = pd.read_csv(shared / "labels" / "household_phrases.csv")
        found = phrases[phrases["kind"] == "positive"]
        asked = [
            Question(phrase, frozenset({row_of_id[int(fdc_id)]}))
            for phrase, fdc_id in zip(found["phrase"], found["fdc_id"], strict=True)
            if int(fdc_id) in row_of_id
        ]
        lines.append(row("household phrases (labels prefer raw SR foods)", asked, ask, index, weights.automatic))
        scores = [ask(Question(text, frozenset())).score for text in phrases[phrases["kind"] == "negative"]["phrase"]]
        remarks.append(
            f"household phrases that no food answers: {len(scores)}, of them "
            f"{sum(s >= weights.automatic for s in scores)} matched automatically."
        )
    else:
        remarks.append(f"NOT MEASURED: recall and household phrases, there is no {recall}.")
    remarks.append(speed(index, weights, labelled, loading))
    return lines, remarks


def speed(index: Index, weights: Weights, labelled: Path, loading: float) -> str:
    """Return a sentence on what loading and matching cost."""
    texts = pd.read_csv(labelled, dtype="str", keep_default_na=False)["text"].tolist()
    started = time.process_time()
    for text in texts:
        answer(text, index, weights)
    each = (time.process_time() - started) / len(texts)
    size = sum(getattr(index, name).nbytes for name in index.__dataclass_fields__) / 1e6
    return (
        f"Index loaded in {loading:.2f} s CPU, {size:.0f} MB in memory; {1000 * each:.1f} ms CPU a distinct line, "
        f"{1 / each:.0f} lines/s on one core."
    )


def main() -> None:
    """Print the table and write it down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    lines, remarks = measure(parser.parse_args().shared)
    weights = load_weights()
    table = [HEADINGS, tuple("---" for _ in HEADINGS), *lines]
    text = "\n".join(
        [
            "# Matching, measured",
            "",
            "Written by `python bench/matching.py`. *first*: the labelled food is the first answer; *nutrients close*:",
            "the first answer is it, or has energy within max(15 kcal, 10 %), Mg within max(3 mg, 20 %), K and Ca",
            "within max(20 mg, 20 %) per 100 g of it; *automatic*: share of texts at or above the match score from",
            f"which a match is taken unseen ({weights.automatic:.2f}).",
            "",
            *("| " + " | ".join(line) + " |" for line in table),
            "",
            *(f"- {remark}" for remark in remarks),
            "",
        ]
    )
    print(text)
    (ROOT / "docs" / "matching_bench.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
