"""The diaries that are open, and the visitors they belong to: in memory and in one private folder, for a while.

A visitor is a browser, known by a cookie nobody can guess. A diary belongs to one visitor, and to nobody else its
address means anything. What is not looked at for an hour is forgotten, with its files; all is, when the server stops.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import re
import secrets
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from nutridiary.errors import NutridiaryError
from nutridiary.web.asked import Asked
from nutridiary.web.settings import Settings
from nutridiary.web.steps import kept
from nutridiary.web.workers import Workers

_FOLDERS = "nutridiary-web-"
# What file systems or shells take for more than a letter of a name.
_NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*]')
_LONGEST_NAME = 100


class StillWorking(Exception):  # noqa: N818 - it is no error
    """A step has not ended yet: the reader is told how far it is."""

    def __init__(self, diary: OpenDiary) -> None:
        """Take the diary that is worked on."""
        super().__init__()
        self.diary = diary
        self.step, self.lines = kept.progress_of(diary.folder)


class NotOpenError(NutridiaryError):
    """An address that means nothing (any more) to this visitor."""


class OpenDiary:
    """One diary that somebody uploaded, what they said of it, and the steps worked out so far."""

    def __init__(self, folder: Path, asked: Asked, workers: Workers, patience: float) -> None:
        """Open the diary whose files lie in `folder`."""
        self.id = folder.name
        self.folder = folder
        self.asked = asked
        self.opened = dt.datetime.now()
        self._workers, self._patience = workers, patience
        self._steps: dict[tuple[Any, ...], asyncio.Task[Any]] = {}

    @property
    def name(self) -> str:
        """Its first file."""
        return self.asked.files[0]

    @property
    def is_working(self) -> bool:
        """Whether a step of it has not ended yet."""
        return any(not task.done() for task in self._steps.values())

    def ask(self, **said: Any) -> None:
        """Take what was said in place of what was said before; steps are worked out anew where it matters to them."""
        self.asked = self.asked.model_copy(update=said)

    async def show(self, step: str, *arguments: Any) -> Any:
        """Return what a step shows, worked out once for what is asked.

        Raises
        ------
        StillWorking
            If it takes longer than a reader should wait without being told.
        NutridiaryError
            What the step says to the reader.
        """
        key = (step, arguments, self.asked.digest())
        task = self._steps.get(key)
        if task is None:
            for older in [one for one in self._steps if one[2] != key[2]]:
                self._steps.pop(older).cancel()
            task = asyncio.create_task(self._workers.perform(step, self.folder, self.asked, arguments))
            self._steps[key] = task
        await asyncio.wait({task}, timeout=self._patience)
        if not task.done():
            raise StillWorking(self)
        if task.cancelled():
            raise StillWorking(self)
        if task.exception() is not None:
            # What failed for want of time may go through another time.
            self._steps.pop(key, None)
        return task.result()

    def forget(self) -> None:
        """Stop what is worked on and remove every file."""
        for task in self._steps.values():
            task.cancel()
        self._steps.clear()
        shutil.rmtree(self.folder, ignore_errors=True)


class Visitor:
    """A browser that signed in or has diaries open."""

    def __init__(self, visitor_id: str) -> None:
        """Take the name nobody can guess that the browser's cookie holds."""
        self.id = visitor_id
        self.is_signed_in = False
        self.diaries: dict[str, OpenDiary] = {}
        self.last_seen = time.monotonic()


class Visitors:
    """Everybody who has a diary open."""

    def __init__(self, settings: Settings, workers: Workers) -> None:
        """Make a private folder for what they upload."""
        self._settings, self._workers = settings, workers
        _remove_abandoned()
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDERS}{os.getpid()}-"))
        self._visitors: dict[str, Visitor] = {}

    def find(self, visitor_id: str) -> Visitor | None:
        """Return who a cookie names, or None; from now on they are remembered for a while longer."""
        visitor = self._visitors.get(visitor_id)
        if visitor is not None:
            visitor.last_seen = time.monotonic()
        return visitor

    def welcome(self, visitor_id: str) -> Visitor:
        """Return who a cookie names, remembered from now on.

        Raises
        ------
        NutridiaryError
            If there are too many already.
        """
        known = self.find(visitor_id)
        if known is not None:
            return known
        self.forget_old()
        if len(self._visitors) >= self._settings.most_visitors:
            idle = [one for one in self._visitors.values() if not one.diaries]
            if not idle:
                raise NutridiaryError("Too many people use this page at the moment. Try again in a few minutes.")
            # Who has no diary open loses nothing.
            del self._visitors[min(idle, key=lambda one: one.last_seen).id]
        visitor = Visitor(visitor_id)
        self._visitors[visitor.id] = visitor
        return visitor

    def open(
        self, visitor: Visitor, files: Iterable[tuple[str, bytes]], aliases: Iterable[tuple[str, bytes]] = ()
    ) -> OpenDiary:
        """Put the files of a diary into a folder of its own.

        Parameters
        ----------
        visitor : Visitor
        files, aliases : iterable of (str, bytes)
            Name and content of each file, and of each file of aliases.

        Raises
        ------
        NutridiaryError
            If the visitor has too many diaries open.
        """
        if len(visitor.diaries) >= self._settings.most_diaries:
            raise NutridiaryError(
                f"{len(visitor.diaries)} diaries are open, as many as can be at a time. Forget one of them first."
            )
        folder = self._folder / secrets.token_urlsafe(16)
        folder.mkdir(mode=0o700)
        names = {place: _keep(folder / place, given) for place, given in ((kept.FILES, files), ("uploaded", aliases))}
        asked = Asked(files=tuple(names[kept.FILES]), aliases=tuple(names["uploaded"]), corrected_on=dt.date.today())
        diary = OpenDiary(folder, asked, self._workers, self._settings.patience)
        visitor.diaries[diary.id] = diary
        return diary

    def forget(self, visitor: Visitor, diary: OpenDiary) -> None:
        """Forget a diary, with its files."""
        visitor.diaries.pop(diary.id, None)
        diary.forget()

    def forget_old(self) -> None:
        """Forget whoever was not seen for as long as things are kept."""
        oldest = time.monotonic() - self._settings.kept_seconds
        for visitor in [one for one in self._visitors.values() if one.last_seen < oldest]:
            del self._visitors[visitor.id]
            for diary in visitor.diaries.values():
                diary.forget()

    def forget_all(self) -> None:
        """Forget everybody and everything."""
        for visitor in self._visitors.values():
            for diary in visitor.diaries.values():
                diary.forget()
        self._visitors.clear()
        shutil.rmtree(self._folder, ignore_errors=True)


def safe_name(name: str) -> str:
    """Return a file's name without what could lead anywhere.

    Examples
    --------
    >>> [safe_name(name) for name in ("../../etc/passwd", "C:\\\\Diaries\\\\may.xlsx", "Müller, Mai?.csv", "..")]
    ['passwd', 'may.xlsx', 'Müller, Mai_.csv', 'diary']
    """
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    shown = "".join(sign if sign.isprintable() else "_" for sign in last)
    plain = _NOT_IN_A_NAME.sub("_", shown).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    short = f"{stem[: _LONGEST_NAME - len(ending[:10])]}.{ending[:10]}" if dot else plain[:_LONGEST_NAME]
    return short if short.strip("._ -") else "diary"


def _keep(folder: Path, files: Iterable[tuple[str, bytes]]) -> list[str]:
    """Write files into a folder, each under a safe name of its own; return the names."""
    folder.mkdir(mode=0o700)
    names: list[str] = []
    for given, data in files:
        name, number = safe_name(given), 1
        while name.casefold() in {one.casefold() for one in names}:
            number += 1
            path = PurePosixPath(safe_name(given))
            name = f"{path.stem} ({number}){path.suffix}"
        (folder / name).write_bytes(data)
        names.append(name)
    return names


def _remove_abandoned() -> None:
    """Remove folders of servers that were killed before they could do so."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDERS}*"):
        number = folder.name.removeprefix(_FOLDERS).partition("-")[0]
        if not number.isdecimal() or folder.is_symlink() or folder.stat().st_uid != os.getuid():
            continue
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue
