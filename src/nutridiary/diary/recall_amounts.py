"""How much was eaten as a recall notes it: "BreadSize=Thin slice | BreadPortionSlice=More than 1 slice 2.0".

Automated recalls ask in steps: in what unit, of what size, how many. The last answer holds the number,
those before it what it counts; in plain words that is what people write: "2 thin slices".
"""

from __future__ import annotations

import re

from nutridiary.diary.quantities import number_at, tidy

_ANSWER = re.compile(r"\b([A-Za-z][A-Za-z0-9_]*)\s*=([^|]*)")
_MORE_THAN = re.compile(r"more than\s+\S+\s+(?P<words>.*?)\s*(?P<count>\d{1,4}(?:\.\d{1,4})?)$", re.IGNORECASE)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%")
_HOLDS = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)\s*(fluid ounces?|ounces?|ml|millilit(?:er|re)s?)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\(.*?\)|\b(?:individual|personal|family) or\b|\bor\b.*", re.IGNORECASE)
_DONT_KNOW = re.compile(r"don'?t know", re.IGNORECASE)
# What a recall's list calls any piece; its answer to "in what unit" says which: a stalk, a patty.
_ANY_PIECE = ("whole vegetable", "piece", "pieces", "item", "items", "whole")
_PIECES = {
    **{"stalks": "stalk", "sticks": "stick", "patties": "patty", "links": "link", "slices": "slice", "spears": "spear"},
    **{"leaves": "leaf", "wedges": "wedge", "strips": "strip", "florets": "floret", "rings": "ring", "halves": "half"},
}
# Questions about size whose answer is a size; "Regular slice" of a slice is "regular".
_SIZES = frozenset(
    {"small", "medium", "large", "big", "regular", "thin", "thick", "mini", "miniature", "baby", "cherry", "grape"}
    | {"king", "fun", "extra", "bite"}
)


def in_plain_amount(text: str) -> str:
    """Return a recall's answers about the amount as people write amounts; other texts as they are.

    Examples
    --------
    >>> in_plain_amount("BreadSize=Thin slice | BreadPortionSlice=More than 1 slice 2.000")
    '2 thin slice'
    >>> in_plain_amount("CoffeeContainer=Mug | CoffeeContainerSize=8 fluid ounces | CoffeePortion=80%")
    '6.4 fluid ounces'
    >>> in_plain_amount("VegUnit=Stalks | VegSize=Medium | VegPortionWhole=1/2 whole vegetable")
    '1/2 medium stalk'
    >>> in_plain_amount("2 slices")
    '2 slices'
    """
    if "=" not in text:
        return text
    answers = {question: answer.strip() for question, answer in _ANSWER.findall(text)}
    if not answers:
        return text
    if _DONT_KNOW.search(text):
        return "unknown"
    last = tidy(list(answers.values())[-1])
    holds = _HOLDS.search(_answer(answers, "ContainerSize"))
    if holds:
        return f"{float(holds[1]) * _share_of_container(last):g} {holds[2].lower()}"
    container = _answer(answers, "Container")
    if container and _SHARE.match(last):
        return f"{_share_of_container(last):g} {container.lower()}"
    amount, words = _counted(last)
    unit = _answer(answers, "Unit", exact_end=False).casefold()
    if words.casefold() in _ANY_PIECE and unit in _PIECES:
        words = _PIECES[unit]
    return " ".join(part for part in (amount, _size(answers), words) if part)


def _answer(answers: dict[str, str], ending: str, *, exact_end: bool = True) -> str:
    """Return the answer to the question about `ending`: "SyrupUnitEnvelope" asks for a unit, too."""
    return next((a for q, a in answers.items() if q.endswith(ending) or (not exact_end and ending in q)), "")


def _counted(answer: str) -> tuple[str, str]:
    """Return the number of an answer and what it counts, both in words; "More than 1 slice 2.000" is two."""
    more = _MORE_THAN.fullmatch(answer)
    if more:
        return f"{float(more['count']):g}", more["words"]
    found = number_at(answer)
    return (answer[: found.end].strip(), answer[found.end :].strip()) if found else ("", answer)


def _share_of_container(answer: str) -> float:
    """Return how many containers were had: 0.8 for "80%", 2 for "More than 1 glass 2.000"."""
    more, share = _MORE_THAN.fullmatch(answer), _SHARE.match(answer)
    if more:
        return float(more["count"])
    if share:
        return float(share[1]) / 100
    found = number_at(answer)
    return found.amount if found else float("nan")


def _size(answers: dict[str, str]) -> str:
    said = next((a for q, a in answers.items() if "Size" in q and not q.endswith("ContainerSize")), "")
    words = _ASIDE.sub(" ", said).casefold().split()
    return " ".join(words[: words.index("size") + 1] if "size" in words else [w for w in words if w in _SIZES])
