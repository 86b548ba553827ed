"""Days, addresses and telephone numbers, taken out of texts by how they are written."""

from __future__ import annotations

import re
from functools import cache

from nutridiary.diary.words import word_list

A_DAY, AN_ADDRESS, A_NUMBER = "a day", "an address", "a number"

# 2026-03-14, 14.3.26, 3/14/2026, 14 March 2026, March 14, 2026: a day of three parts is no amount.
_WITH_YEAR = re.compile(
    r"\b(?:(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:(?:19|20)\d{2}|\d{2})"
    r"|\d{1,2}(?:st|nd|rd|th|\.)? +(?:of +|de +)?[^\W\d_]{3,10}\.?,? +(?:de +)?(?:19|20)\d{2}"
    r"|[^\W\d_]{3,10}\.? +\d{1,2}(?:st|nd|rd|th)?,? +(?:19|20)\d{2})\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:https?://|www\.)[^\s<>\"']*[^\s<>\"'.,;:)!?]", re.IGNORECASE)
# +49 171 2345678, (555) 123-4567, 0171-2345678, 123-45-6789
_NUMBER = re.compile(
    r"\+\d[\d ()./-]{6,}\d|\(\d{3}\) ?\d{3}[-. ]\d{4}\b|\b\d{3}[-.]\d{3}[-.]\d{4}\b|\b0\d{2,4}[-/] ?\d{5,9}\b"
    r"|\b\d{3}-\d{2}-\d{4}\b"
)
# Two Mars bars and a Mai Tai are no days.
_NO_MONTHS = {"mars"}


def without_days_and_addresses(text: str) -> str:
    """Return a text without days, e-mail addresses, links and telephone numbers.

    Examples
    --------
    >>> without_days_and_addresses("soup of 14 March, call 555-123-4567; 1.5 cups, 2 mars bars")
    'soup of a day, call a number; 1.5 cups, 2 mars bars'
    """
    said = _ADDRESS.sub(AN_ADDRESS, text)
    return _NUMBER.sub(A_NUMBER, _without_year().sub(A_DAY, _WITH_YEAR.sub(A_DAY, said)))


@cache
def _without_year() -> re.Pattern[str]:
    """Return what finds a day and a month in words: 14 March, 3rd of May, Sept. 5."""
    months = "|".join(sorted(set(word_list("month")) - _NO_MONTHS, key=len, reverse=True))
    return re.compile(
        rf"\b\d{{1,2}}(?:st|nd|rd|th|\.)? *(?:of +|de +)?(?:{months})\b(?! +tai)\.?|\ble +\d{{1,2}} +mars\b"
        rf"|\b(?:{months})\.? +\d{{1,2}}(?:st|nd|rd|th)?\b(?![.,]?\d| ?(?:g|mg|kg|ml|l|cl|oz|%)\b)",
        re.IGNORECASE,
    )
