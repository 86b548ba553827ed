"""Asks the API one question until there is an answer or it is clear that there will be none for now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nutridiary.fdc.api.failures import LimitReachedError, NoAnswerError
from nutridiary.fdc.api.key import KEY_ADVICE, ApiKey
from nutridiary.fdc.api.ledger import DAY, CallLedger
from nutridiary.fdc.api.patience import Clock, Patience, retry_after

if TYPE_CHECKING:
    from nutridiary.fdc.api.calls import Answer, Caller

_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_ADDRESS_ADVICE = "Is this the address of the FoodData Central API, version 1, and does a network ask to sign in first?"


class Asking:
    """Asks with patience, within the limit of the key.

    Every question is sent by POST and only reads: asking again changes nothing.

    Parameters
    ----------
    address : str
    key : ApiKey
    patience : Patience
    clock : Clock
    ledger : CallLedger
    """

    def __init__(self, address: str, key: ApiKey, patience: Patience, clock: Clock, ledger: CallLedger) -> None:
        """Keep what is needed; nothing is opened yet."""
        self._address, self._key = address, key
        self._patience, self._clock, self._ledger = patience, clock, ledger
        self._caller: Caller | None = None

    def close(self) -> None:
        """Close the connections."""
        if self._caller is not None:
            self._caller.close()

    def ask(self, path: str, body: Mapping[str, Any]) -> Any:
        """Return the decoded answer to what is sent to `path`.

        Raises
        ------
        NoAnswerError
            If there is none. It says why, and whether asking anything else now is of any use.
        """
        end = self._clock.ticks() + self._patience.total
        for attempt in range(1, self._patience.tries + 1):
            try:
                return self._once(path, body, end)
            except _AskAgainError as again:
                failure = again.failure
                wait = again.wait
            if attempt == self._patience.tries or not failure.passes:
                break
            if not wait:  # none asked for, or none at all: who was refused together must not come back together
                wait = self._patience.wait_before(attempt + 1, self._clock.chance)
            if self._clock.ticks() + wait >= end:
                break
            self._clock.sleep(wait)
        raise failure

    def _once(self, path: str, body: Mapping[str, Any], end: float) -> Any:
        """Make one attempt; `end` is when the last must be over, on the clock's `ticks`."""
        if self._caller is None:
            from nutridiary.fdc.api.calls import Caller

            self._caller = Caller(self._key, self._patience)
        self._ledger.take()
        try:
            left = end - self._clock.ticks()
            answer = self._caller.call(f"{self._address}/{path}", body, most_seconds=left)
        except NoAnswerError as failure:
            raise _AskAgainError(failure) from None
        asked_wait = retry_after(answer.headers, self._clock.now()) if answer.status in _PASSING else None
        self._ledger.hear(answer.headers, closed_for=self._closed_for(answer.status, asked_wait))
        if answer.status != 200:
            raise self._refused(answer, asked_wait)
        return _decoded(answer.content)

    def _closed_for(self, status: int, asked_wait: float | None) -> float | None:
        """Return for how long the server does not want to hear of this key, where that is too long to wait."""
        too_long = asked_wait is not None and asked_wait > self._patience.longest_wait
        # No limit of a key is for longer than a day: what says so is not to lock it for a year.
        return min(asked_wait or 0.0, DAY) if status == 429 and too_long else None

    def _refused(self, answer: Answer, asked_wait: float | None) -> Exception:
        status = answer.status
        advice = KEY_ADVICE if self._key.is_demo else ""
        if status in (401, 403):
            why = f"the API key from {self._key.source} was refused (HTTP {status})"
            return NoAnswerError(why, passes=False, advice=KEY_ADVICE)
        if asked_wait is not None and asked_wait > self._patience.longest_wait:
            until = self._clock.at(self._clock.now() + asked_wait)
            return LimitReachedError(f"it asks to wait until {until} (HTTP {status})", advice=advice)
        if status == 429:
            why = "too many calls with this key for now (HTTP 429)"
            return _AskAgainError(NoAnswerError(why, advice=advice), asked_wait)
        if status in _PASSING or status >= 500:
            return _AskAgainError(NoAnswerError(f"it does not work at the moment (HTTP {status})"), asked_wait)
        return NoAnswerError(
            f"the request was refused (HTTP {status})",
            passes=False,
            ends_all=status not in (400, 404),  # those may be about the foods that were asked for
            advice=_ADDRESS_ADVICE,
        )


class _AskAgainError(Exception):
    """A failure that may pass, and how long the server asks to wait before the next attempt."""

    def __init__(self, failure: NoAnswerError, wait: float | None = None) -> None:
        super().__init__()
        self.failure, self.wait = failure, wait


class _NamedTwiceError(Exception):
    """One name stands twice in an object of JSON, for different things: which is meant, nobody says."""


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) < len(pairs) and any(named[name] != value for name, value in pairs):
        raise _NamedTwiceError
    return named


def _decoded(content: bytes) -> Any:
    """Return what JSON in UTF-8 says; what broke off may come whole the next time."""
    begins = content.lstrip()[:1]
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_named_once)
    except UnicodeDecodeError:
        raise NoAnswerError("the answer is not in UTF-8", passes=False, ends_all=False) from None
    except RecursionError:
        raise NoAnswerError("the answer is nested without end", passes=False, ends_all=False) from None
    except _NamedTwiceError:
        raise NoAnswerError("the answer states one thing twice, and differently", ends_all=False) from None
    except ValueError:
        pass
    if begins in (b"[", b"{"):
        raise _AskAgainError(NoAnswerError("the answer broke off or is damaged", ends_all=False))
    raise NoAnswerError("the answer is no JSON", passes=False, advice=_ADDRESS_ADVICE)
