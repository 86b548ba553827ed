"""An update in a process of its own, which is killed at a given moment: before a file is opened, renamed, removed ...

The moments are those at which the process touches its folders (as the interpreter's audit events tell) or says how
far it is. The same moment is the same in every run, so that a failure can be looked at again.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
from pathlib import Path

import nutridiary.food_search
import nutridiary.matching.ranking
import nutridiary.releases.connection as connection
from nutridiary.fdc import combining, csv_release, database, database_source, releases
from nutridiary.releases import update

TOUCHES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.chmod", "shutil.rmtree"}
# Imported before anything is counted, so that a moment is one of the update and not of an import.
IMPORTED = (nutridiary.food_search, nutridiary.matching.ranking, combining, csv_release, database, database_source)
IMPORTED += (releases,)


def update_until(moment: int, folder: Path, page: str, counted: Path) -> None:
    """Update the data in `folder` from `page`; die at this moment, or write how many moments there were."""
    os.environ["NUTRIDIARY_DATA"], os.environ["NUTRIDIARY_CACHE"] = str(folder / "data"), str(folder / "cache")
    connection.PIECE = 1 << 15
    moments = 0

    def pass_moment() -> None:
        nonlocal moments
        moments += 1
        if moments == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def listen(event: str, arguments: tuple[object, ...]) -> None:
        if event in TOUCHES and any(str(argument).startswith(str(folder)) for argument in arguments):
            pass_moment()

    sys.addaudithook(listen)
    update(page=page, progress=lambda step, done, of: pass_moment(), today=dt.date(2026, 5, 1))
    counted.write_text(str(moments), encoding="utf-8")
