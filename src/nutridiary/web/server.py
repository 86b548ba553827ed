"""What one running server has: how it is run, its workers, its visitors, who tried to come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from starlette.requests import Request

from nutridiary.web.attempts import Attempts
from nutridiary.web.diaries import Visitors
from nutridiary.web.guard import Secrets
from nutridiary.web.settings import Settings
from nutridiary.web.workers import Workers


@dataclass(frozen=True)
class Server:
    """One running server."""

    settings: Settings
    keys: Secrets
    workers: Workers
    visitors: Visitors
    attempts: Attempts


def server_of(request: Request) -> Server:
    """Return the server that a request came to."""
    return cast(Server, request.app.state.server)
