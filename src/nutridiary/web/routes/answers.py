"""What the JSON addresses answer besides what was asked for, as OpenAPI declares it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

Answers = dict[int | str, dict[str, Any]]
"""Answers by their status, as FastAPI takes them."""


class Refusal(BaseModel):
    """Why something cannot be done, in words for who asked."""

    error: str


class StillWorkingOn(BaseModel):
    """Work goes on: ask again in a moment."""

    working_on: str = Field(description="The step that is worked on; empty before the first.")
    lines: int = Field(description="How many lines it is about; 0 where that is not known yet.")


def _refusal(description: str, **more: Any) -> dict[str, Any]:
    return {"model": Refusal, "description": description, **more}


_RETRY_AFTER = {"Retry-After": {"description": "Ask again after so many seconds.", "schema": {"type": "string"}}}

ANY: Answers = {
    401: _refusal("This server asks for a token, and it is missing or wrong."),
    403: _refusal("The request comes from another site's page."),
    421: _refusal("The server is not called by a name of its own."),
    429: _refusal("A wrong token was tried too often.", headers=_RETRY_AFTER),
    500: _refusal("An error of the program, not of what was sent."),
}
"""What any address may answer."""

TAKES: Answers = {
    400: _refusal("What was sent cannot be read at all."),
    408: _refusal("What was sent came too slowly."),
    413: _refusal("What was sent is larger than may be uploaded at once."),
    422: _refusal("What was sent cannot be used; the words say why."),
}
"""What an address that takes something may answer."""

OF_A_DIARY: Answers = {
    404: _refusal("The diary, or what is asked of it, is not here, or not any more, or is somebody else's."),
    422: _refusal("What is asked for cannot be done with this diary; the words say why."),
}
"""What an address about a diary may answer."""

MAY_WAIT: Answers = {
    202: {
        "model": StillWorkingOn,
        "description": "Work on it goes on. Ask again after the seconds that Retry-After says.",
        "headers": _RETRY_AFTER,
    }
}
"""What an address answers while what it asks for is worked out."""
