"""The diaries that are open, and the visitors they belong to: in memory and in one private folder, for a while.

A visitor is a browser, known by a cookie nobody can guess. A diary belongs to one visitor, and to nobody else its
address means anything. What is not looked at for an hour is forgotten, with its files; all is, when the server stops.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import pickle
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from nutridiary.errors import NutridiaryError
from nutridiary.web.asked import Asked
from nutridiary.web.folders import PrivateFolder
from nutridiary.web.settings import MEGABYTE, Settings
from nutridiary.web.steps import kept
from nutridiary.web.workers import Workers

_Key = tuple[str, tuple[Any, ...], str]
# What file systems or shells take for more than a letter of a name.
_NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*]')
_LONGEST_NAME = 100
_MOST_NAME_BYTES = 200
_DEVICES = {"con", "prn", "aux", "nul", *(f"{kind}{number}" for kind in ("com", "lpt") for number in range(10))}
_GRACE_SECONDS = 5.0  # s; for a step that nobody waits for any more
_FAILURE_SECONDS = 30.0
_MOST_HELD = 16 * MEGABYTE  # of what steps show, for one diary
_MOST_STEPS = 40
# An upload is unpacked and worked on: as much room as it takes, some times over.
_ROOM_FOR_EACH_BYTE = 4
_ROOM_LEFT = 64 * MEGABYTE


class StillWorking(Exception):  # noqa: N818 - it is no error
    """A step has not ended yet: the reader is told how far it is."""

    def __init__(self, diary: OpenDiary) -> None:
        """Take the diary that is worked on."""
        super().__init__()
        self.diary = diary
        self.step, self.lines = kept.progress_of(diary.folder)


class NotOpenError(NutridiaryError):
    """An address that means nothing (any more) to this visitor."""


@dataclass(eq=False)
class _Work:
    """A step that is worked on, or was."""

    task: asyncio.Task[bytes]
    in_advance: bool
    has_begun: bool = False


class OpenDiary:
    """One diary that somebody uploaded, what they said of it, and the steps worked out so far."""

    def __init__(self, folder: Path, asked: Asked, workers: Workers, patience: float, whose: str) -> None:
        """Open the diary whose files lie in `folder`."""
        self.id = folder.name
        self.folder = folder
        self.asked = asked
        self.opened = dt.datetime.now().astimezone()
        self.last_seen = time.monotonic()
        self._workers, self._patience, self._whose = workers, patience, whose
        self._is_forgotten = False
        # In the order in which they were last looked at.
        self._steps: dict[_Key, _Work] = {}

    @property
    def name(self) -> str:
        """Its first file."""
        return self.asked.files[0]

    @property
    def is_working(self) -> bool:
        """Whether a step that somebody waits for has not ended yet."""
        return any(not (work.task.done() or work.in_advance) for work in self._steps.values())

    def ask(self, **said: Any) -> None:
        """Take what was said in place of what was said before; steps are worked out anew where it matters to them."""
        self.asked = self.asked.model_copy(update=said)

    async def show(self, step: str, *arguments: Any) -> Any:
        """Return what a step shows, worked out once for what is asked.

        Raises
        ------
        StillWorking
            If it takes longer than a reader should wait without being told.
        NotOpenError
            If the diary was forgotten meanwhile, or its files are gone.
        NutridiaryError
            What the step says to the reader.
        """
        self._must_be_open()
        ahead = self._in_advance_of(step)
        if ahead:
            # What it makes is kept and needed here: a second process would only wait for the first.
            await asyncio.wait(ahead, timeout=self._patience)
            if not all(task.done() for task in ahead):
                raise StillWorking(self)
        task = self._work(step, arguments, in_advance=False).task
        await asyncio.wait({task}, timeout=self._patience)
        self._must_be_open()
        if not task.done() or task.cancelled():
            raise StillWorking(self)
        self._forget_what_is_too_much()
        return pickle.loads(task.result())  # noqa: S301 - made by a process of our own

    def begin(self, step: str, *arguments: Any) -> None:
        """Work a step out in advance, after whatever somebody waits for."""
        self._must_be_open()
        self._work(step, arguments, in_advance=True)

    def forget(self) -> None:
        """Stop what is worked on and remove every file."""
        self._is_forgotten = True
        for work in self._steps.values():
            work.task.cancel()
        self._steps.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _must_be_open(self) -> None:
        """Begin nothing for a diary whose files are gone: a page that waits may ask once more."""
        if self._is_forgotten:
            raise NotOpenError("This diary was forgotten meanwhile. Upload it again.")
        if not self.folder.is_dir():
            raise NotOpenError("The files of this diary are gone: something cleared them away. Upload it again.")

    def _work(self, step: str, arguments: tuple[Any, ...], *, in_advance: bool) -> _Work:
        key = (step, arguments, self.asked.digest())
        work = self._steps.pop(key, None)
        if work is None:
            self._leave_what_was_asked_before(key[2])
            work = self._begin(key, in_advance=in_advance)
        self._steps[key] = work
        return work

    def _in_advance_of(self, step: str) -> set[asyncio.Task[bytes]]:
        """Return what of a step is worked on in advance already; what has not begun is left to who waits now."""
        ahead = set()
        for key, work in list(self._steps.items()):
            if key[0] == step and work.in_advance and not work.task.done():
                work.in_advance = False
                if work.has_begun:
                    ahead.add(work.task)
                else:
                    work.task.cancel()
                    del self._steps[key]
        return ahead

    def _begin(self, key: _Key, *, in_advance: bool) -> _Work:
        step, arguments, _ = key

        def begun() -> None:
            work.has_begun = True

        performing = self._workers.perform(
            step, self.folder, self.asked, arguments, self._whose, in_advance=in_advance, begun=begun
        )
        work = _Work(asyncio.create_task(performing), in_advance)
        work.task.add_done_callback(lambda task: self._keep_no_failure(key, task))
        return work

    def _keep_no_failure(self, key: _Key, task: asyncio.Task[bytes]) -> None:
        """Tell a failure again for a while, then try anew: what failed for want of time may go through another time."""
        if task.cancelled():
            self._drop(key, task)
        elif task.exception() is not None:
            asyncio.get_running_loop().call_later(_FAILURE_SECONDS, self._drop, key, task)

    def _drop(self, key: _Key, task: asyncio.Task[bytes]) -> None:
        if key in self._steps and self._steps[key].task is task:
            del self._steps[key]

    def _leave_what_was_asked_before(self, digest: str) -> None:
        for key in [key for key in self._steps if key[2] != digest]:
            work = self._steps.pop(key)
            if not work.has_begun:
                work.task.cancel()
            elif not work.task.done():
                # Ending it costs a process. What is nearly done may end by itself, and what it kept is of use.
                asyncio.get_running_loop().call_later(_GRACE_SECONDS, work.task.cancel)

    def _forget_what_is_too_much(self) -> None:
        ended = [(key, work) for key, work in self._steps.items() if work.task.done() and not work.task.cancelled()]
        done = [(key, work) for key, work in ended if work.task.exception() is None]
        held = sum(len(work.task.result()) for _, work in done)
        for number, (key, work) in enumerate(done[:-1]):
            if held <= _MOST_HELD and len(done) - number <= _MOST_STEPS:
                break
            held -= len(work.task.result())
            del self._steps[key]


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

    def __init__(self, settings: Settings, workers: Workers, folder: PrivateFolder) -> None:
        """Keep what they upload in `folder`."""
        self._settings, self._workers, self._folder = settings, workers, folder
        self._visitors: dict[str, Visitor] = {}
        self._leaving: set[Path] = set()

    def find(self, visitor_id: str) -> Visitor | None:
        """Return who a cookie names, or None; from now on they are remembered for a while longer."""
        visitor = self._visitors.get(visitor_id)
        if visitor is None:
            return None
        if self._is_old(visitor):
            self.farewell(visitor)
            return None
        visitor.last_seen = time.monotonic()
        return visitor

    def look_at(self, visitor_id: str, diary_id: str) -> OpenDiary | None:
        """Return a diary of who a cookie names, or None; from now on it is kept for a while longer."""
        visitor = self.find(visitor_id)
        diary = visitor.diaries.get(diary_id) if visitor else None
        if visitor is None or diary is None:
            return None
        if self._is_old(diary):
            self.forget(visitor, diary)
            return None
        diary.last_seen = time.monotonic()
        return diary

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
        self._folder.hold()
        given, of_aliases = list(files), list(aliases)
        size = sum(len(data) for _, data in (*given, *of_aliases))
        if self._folder.free() < _ROOM_FOR_EACH_BYTE * size + _ROOM_LEFT:
            raise NutridiaryError("There is no room left for another diary at the moment. Try again later.")
        folder = self._folder.path / secrets.token_urlsafe(16)
        try:
            folder.mkdir(mode=0o700)
            parts = ((kept.FILES, given), ("uploaded", of_aliases))
            names = {place: _keep(folder / place, data) for place, data in parts}
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise NutridiaryError(
                f"This could not be kept ({error.strerror or type(error).__name__}). Try again later, or tell whoever "
                "runs the server."
            ) from error
        asked = Asked(files=tuple(names[kept.FILES]), aliases=tuple(names["uploaded"]), corrected_on=dt.date.today())
        diary = OpenDiary(folder, asked, self._workers, self._settings.patience, visitor.id)
        visitor.diaries[diary.id] = diary
        return diary

    def forget(self, visitor: Visitor, diary: OpenDiary) -> None:
        """Forget a diary, with its files."""
        visitor.diaries.pop(diary.id, None)
        self._leave(diary)

    def farewell(self, visitor: Visitor) -> None:
        """Forget a visitor, with all their diaries."""
        self._visitors.pop(visitor.id, None)
        for diary in visitor.diaries.values():
            self._leave(diary)

    def forget_old(self) -> None:
        """Forget whoever, and each diary that, was not seen for as long as things are kept."""
        with suppress(NutridiaryError):  # whoever uploads a diary is told
            self._folder.hold()
        for folder in list(self._leaving):
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                self._leaving.discard(folder)
        for visitor in list(self._visitors.values()):
            if self._is_old(visitor):
                self.farewell(visitor)
                continue
            for diary in [one for one in visitor.diaries.values() if self._is_old(one)]:
                self.forget(visitor, diary)

    def forget_all(self) -> None:
        """Forget everybody and everything."""
        for visitor in list(self._visitors.values()):
            self.farewell(visitor)
        self._folder.remove()

    def _is_old(self, one: Visitor | OpenDiary) -> bool:
        return one.last_seen < time.monotonic() - self._settings.kept_seconds

    def _leave(self, diary: OpenDiary) -> None:
        diary.forget()
        self._workers.forget()
        # A process that was ended may have written until just now: the next sweep looks again.
        self._leaving.add(diary.folder)


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
    tail = f".{ending[:10]}" if dot else ""
    head = (stem if dot else plain)[: _LONGEST_NAME - len(tail)].encode()[:_MOST_NAME_BYTES].decode(errors="ignore")
    if head.partition(".")[0].strip().casefold() in _DEVICES:
        head = f"_{head}"
    return f"{head}{tail}" if f"{head}{tail}".strip("._ -") else "diary"


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
