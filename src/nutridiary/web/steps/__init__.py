"""What is done with a diary, each from its files and what was asked alone. Performed in a worker process.

A step takes the folder of a diary and an `Asked`, and returns what a page shows. It uses the functions that the command
line uses. What is heavy to make is kept in the folder, under the digest of what it was made of (`kept`). No module here
imports anything heavy as it is imported itself: the server knows them too, for what their views are.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from nutridiary.web.asked import Asked
from nutridiary.web.steps.kept import with_its_foods

STEPS = {
    "reading": "nutridiary.web.steps.reading:reading",
    "people": "nutridiary.web.steps.people:people",
    "review": "nutridiary.web.steps.review:review",
    "results": "nutridiary.web.steps.results:results",
    "lines": "nutridiary.web.steps.lines:lines",
    "working": "nutridiary.web.steps.working:working",
    "chart": "nutridiary.web.steps.results:chart",
    "download": "nutridiary.web.steps.downloads:download",
}
"""Each step by its name: the function that performs it, called with the folder, the `Asked` and its arguments."""


def perform(step: str, folder: Path, asked: Asked, arguments: tuple[Any, ...] = ()) -> Any:
    """Perform a step on the diary in a folder, and return what it shows."""
    module, _, function = STEPS[step].partition(":")
    with with_its_foods(folder):
        return getattr(import_module(module), function)(folder, asked, *arguments)


def warm_up() -> None:
    """Load in this process what every diary needs."""
    import_module("nutridiary.web.steps.warm")
