"""What may come of a call instead of an answer, as errors whose text is fit to show to a user."""

from __future__ import annotations

from nutridiary.errors import FoodDataError


class NoAnswerError(FoodDataError):
    """A call that brought nothing.

    Parameters
    ----------
    why : str
        In words that go on after "FoodData Central: ".
    passes : bool
        Whether the same call may well succeed a moment later.
    ends_all : bool
        Whether other calls would fail for the same reason: there is no point in making them now.
    advice : str
        What to do about it, as a sentence of its own.
    """

    def __init__(self, why: str, *, passes: bool = True, ends_all: bool = True, advice: str = "") -> None:
        """Keep why, and what follows from it."""
        super().__init__(f"{why}. {advice}".strip())
        self.why, self.passes, self.ends_all, self.advice = why, passes, ends_all, advice


class LimitReachedError(NoAnswerError):
    """The limit of calls, known before the call was made or told by the server."""

    def __init__(self, why: str, *, advice: str = "") -> None:
        """Keep why; nothing passes before the stated time."""
        super().__init__(why, passes=False, advice=advice)
