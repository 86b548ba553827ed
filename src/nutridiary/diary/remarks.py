"""Lines that stand among foods and are none: how somebody felt, a link, a message taken back; and clocks in a text.

Only what is certain is told apart: every word of the line must be one of `data/diary_words.csv`, list "mood".
"""

from __future__ import annotations

import re

from nutridiary.diary.dates import read_clock
from nutridiary.diary.entries import Entry
from nutridiary.diary.words import word_list

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_CLOCK_BEFORE = re.compile(
    r"(?:at |um |~|ca\.? )?(?:(?P<clock>\d{1,2}:\d{2}(?: ?[ap]\.?m\b\.?)?|\d{1,2}h\d{2}\b"
    r"|\d{1,2}(?:\.[0-5]\d)? ?(?:[ap]\.?m\b\.?|uhr\b)|noon\b(?=\s*[-–—:,])|midnight\b(?=\s*[-–—:,]))"
    # "1.50 toast" may be an amount: with a point a dash has to stand behind it.
    r"(?: ?(?:uhr|h|hrs)\b)?\s*[-–—:,.]?|(?P<pointed>\d{1,2}\.[0-5]\d)(?:\s*:|\s+[-–—]))\s+(?=\S)",
    re.IGNORECASE,
)
_CLEAN = re.compile(r"[.,!;:()\-–—/~&+]+")
_SCALE = re.compile(r"\d{1,2}/10|\d{1,2}(?:[:.]\d{2})? ?(?:[ap]m|uhr|h)\b")
_NO_MEAL = re.compile(
    r"(?:skipped|missed|no|did(?:n['’]?t| not) (?:eat|have)|without|kein|pas de|sin)(?: any| my| a)? (?P<meal>.+)"
)
# What was eaten stands in another line, or in nobody's.
_ELSEWHERE = re.compile(
    r"(?:the )?(?:same|ditto|idem|dito|id)(?: (?:again|food|meal|thing|as|for|on)\b.*)?"
    r"|(?:see|as|like|repeat(?: of)?|wie|comme|como) (?:above|before|yesterday|last night|the day before|oben|gestern"
    r"|vorher|hier|ayer|ci-dessus|"
    + "|".join(("mon", "tues", "wednes", "thurs", "fri", "satur", "sun"))
    + r")(?:day)?(?:['’]s)?(?: \w+)?|left ?overs?(?: (?:from|of) .*)?|reste vom vortag"
)
_CROSSED_OUT = re.compile(r"~~[^~]+~~|(?:[^\W_]\u0336\s*)+")


def tell_remarks(entry: Entry) -> None:
    """Make a note of a line that is no food, and take clock times and links out of the text of one that is.

    Parameters
    ----------
    entry : Entry
        Of kind "food", before its amount is read from the text.

    Examples
    --------
    >>> entry = Entry("log.csv", 2, food_text="11:20 1.5 utappam and peanut chutney")
    >>> tell_remarks(entry)
    >>> entry.time, entry.food_text
    ('11:20', '1.5 utappam and peanut chutney')
    >>> entry = Entry("log.csv", 3, food_text="feeling tired")
    >>> tell_remarks(entry)
    >>> entry.kind, entry.problem
    ('note', 'how somebody felt, not a food')
    """
    text = entry.food_text or ""
    if _is_taken_back(text):
        entry.kind = "note"
        entry.fail("a message without text, not a food")
        return
    if tell_nothing(entry):
        return
    if _CROSSED_OUT.fullmatch(text.strip()):
        entry.kind = "note"
        entry.fail("crossed out: not eaten")
        return
    if _ELSEWHERE.fullmatch(text.lower().strip(" .!-()")):
        entry.fail(f'"{text[:40]}" does not name the food: write here again what it was')
    text = _take_links(entry, text)
    text = _take_clock(entry, text)
    if not text:
        return
    entry.food_text = text
    meaning = mood_of(text)
    if meaning == "mood":
        entry.kind = "note"
        entry.fail("how somebody felt, not a food")
    elif meaning == "symptom":
        entry.kind = "symptom"


def tell_nothing(entry: Entry) -> bool:
    """Make a note of an entry that says in words that nothing was eaten, and tell whether it did.

    Examples
    --------
    >>> entry = Entry("log.csv", 2, food_text="Fasting")
    >>> tell_nothing(entry), entry.kind, entry.problem
    (True, 'note', 'nothing eaten, as written')
    """
    if not _says_nothing(entry.food_text or ""):
        return False
    entry.kind = "note"
    entry.fail("nothing eaten, as written")
    return True


def is_fast(text: str) -> bool:
    """Tell whether a note says that a day was a fast: by its first words.

    Examples
    --------
    >>> is_fast("Fasting day, only water and tea"), is_fast("fasting until noon"), is_fast("skipped lunch")
    (True, False, False)
    """
    first = re.split(r"[,;:.(!]| - | – ", text.casefold(), maxsplit=1)[0]
    return word_list("nothing").get(first.strip()) == "fast"


def _is_taken_back(text: str) -> bool:
    return text.lower().strip(" .<>[]()\u200e") in word_list("no text")


def _says_nothing(text: str) -> bool:
    said = text.lower().replace("’", "'").strip(" .!-()[]")
    meal = _NO_MEAL.fullmatch(said)
    # A dash is a word of it too, and stripped away above.
    return {said, text.strip()} & word_list("nothing").keys() != set() or (
        meal is not None and meal["meal"] in word_list("meal")
    )


def _take_links(entry: Entry, text: str) -> str:
    links = _LINK.findall(text)
    if not links:
        return text
    left = " ".join(_LINK.sub(" ", text).split()).strip(" -–:,")
    if left:
        entry.notes.append(f"link: {links[0][:80]}")
        return left
    entry.kind = "note"
    entry.fail("a link, not a food")
    return ""


def _take_clock(entry: Entry, text: str) -> str:
    """Take the clock time that begins a text; it is when it was eaten, whenever it was written down."""
    found = _CLOCK_BEFORE.match(text)
    clock = read_clock(found["clock"] or found["pointed"]) if found else None
    if not found or not clock:
        return text
    if entry.time and entry.time != clock:
        entry.notes.append(f"written down at {entry.time}")
    entry.time = clock
    entry.written_text = entry.written_text or text
    return text[found.end() :]


def mood_of(text: str) -> str | None:
    """Return "mood" or "symptom" where a text says how somebody felt and nothing else, None where it may be a food.

    Examples
    --------
    >>> [mood_of(text) for text in ("Feeling tired", "slept 6 h", "bad headache", "tired, had toast", "happy meal")]
    ['mood', 'mood', 'symptom', None, None]
    """
    known = word_list("mood")
    words = [word for word in _CLEAN.sub(" ", _SCALE.sub(" ", text.lower())).split() if word]
    meanings = {known.get(word) for word in words if not word.replace(".", "").replace(",", "").isdigit()}
    if None in meanings or not meanings & {"mood", "symptom"}:
        return None
    return "symptom" if "symptom" in meanings else "mood"
