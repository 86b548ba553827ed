"""Importing this loads what every diary needs: the libraries, the foods, the index they are searched by.

The process that workers are forked from imports it once, so that they share its memory and begin at once. What is
loaded only when it is first used is found by the surest way: the example diary is worked through, once.
"""

from __future__ import annotations

import gc
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from nutridiary.data_files import data_file
from nutridiary.web import steps
from nutridiary.web.asked import Asked, Someone
from nutridiary.web.steps.foods import search
from nutridiary.web.steps.kept import FILES

_EXAMPLE = "example.xlsx"
_STEPS = ("reading", "people", "review", "results")


def work_through_the_example() -> None:
    """Do with the example diary what is done with every diary."""
    with tempfile.TemporaryDirectory(prefix="nutridiary-example-") as name:
        folder = Path(name)
        (folder / FILES).mkdir()
        shutil.copy(str(data_file(f"diaries/{_EXAMPLE}")), folder / FILES / _EXAMPLE)
        asked = Asked(files=(_EXAMPLE,), people=(Someone(sex="female", age_years=34),))
        for step in _STEPS:
            steps.perform(step, folder, asked)


# Where it fails, the page of a diary says why; here nobody listens, and the workers must begin all the same.
with suppress(Exception):
    search("apple", 1)
    work_through_the_example()
# What is here stays for good, and is not looked through again in each worker.
gc.collect()
gc.freeze()
