"""A lock: what a report rests on besides the diary, as one small text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from nutridiary.errors import LockError

LOCK_VERSION = 1
LOCK_FILE = "nutridiary.lock"
"""Name of the file; it is looked for beside a diary."""
MOST_BYTES = 4_000_000
"""A lock of a thousand foods looked up has 200 kB; what is longer is not read."""
_MOST_DEPTH = 5
_LONGEST = 2_000  # characters of a text in it

# What it consists of, and of what type each part is. `libraries` is told and never held against anything.
PARTS: Mapping[str, type] = {
    "lock_version": int,
    "nutridiary": str,
    "food_data": dict,
    "branded": dict,
    "tables": dict,
    "reference": dict,
    "aliases": dict,
    "options": dict,
    "reading": dict,
    "looked_up": dict,
}
_SHA256 = re.compile(r"[0-9a-f]{64}|")


@dataclass(frozen=True)
class Lock:
    """What a report rests on besides the diary.

    Attributes
    ----------
    data : mapping of str to object
        The parts docs/lock.md tells of. Nothing in it says who ate; of what was eaten, it numbers the records that
        had to be looked up.
    libraries : mapping of str to str
        Versions of Python and of the libraries under it, for a reader: they are not held against anything, and stand
        in the lock's own file alone, so that a report is the same under other libraries.
    """

    data: Mapping[str, Any]
    libraries: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def digest(self) -> str:
        """The sha256 of what the lock says, libraries and the days of looking up left out."""
        return sha256(json.dumps(self.held, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    @property
    def held(self) -> dict[str, Any]:
        """What another lock is held against: of the foods that were looked up neither the day nor the way to them."""
        looked_up = {fdc_id: {"sha256": said["sha256"]} for fdc_id, said in self.data["looked_up"].items()}
        return {**self.data, "looked_up": looked_up}

    @property
    def text(self) -> str:
        """The lock as text: JSON with sorted names, the same for the same lock."""
        libraries = {"libraries": dict(self.libraries)} if self.libraries else {}
        said = {"lock_version": self.data["lock_version"], **self.data, **libraries}
        return json.dumps(said, indent=1, sort_keys=True, allow_nan=False) + "\n"

    @property
    def file_text(self) -> str:
        """The text with the versions of the libraries that are here."""
        from nutridiary.lock.shipped import library_versions

        return replace(self, libraries=library_versions()).text

    @property
    def in_short(self) -> str:
        """The lock in a line: the beginning of its digest, and what a reader asks first."""
        data = self.data
        edition = data["reference"].get("edition") or "current"
        release = data["food_data"].get("release") or "food tables of your own"
        said = (
            f"{self.digest[:12]} (nutridiary {data['nutridiary']}, foods: {release}, "
            f"reference: {data['reference'].get('name')}, {edition})"
        )
        # A report that is read again may come from anywhere.
        return "".join(sign if sign.isprintable() else "?" for sign in said)

    @property
    def tells(self) -> str:
        """What the lock gives away of whose diary it is, in a sentence for a reader."""
        if not self.data["looked_up"]:
            return "nothing in it says who ate, or what"
        return "nothing in it says who ate; of what was eaten it names, by number, what had to be looked up"

    @classmethod
    def of_text(cls, text: str | bytes) -> Lock:
        """Return the lock that a text says, which may come from anywhere.

        Raises
        ------
        LockError
            If it is no lock, or one of another version.
        """
        if len(text) > MOST_BYTES:
            raise LockError(f"longer than {MOST_BYTES // 1_000_000} MB; no lock is.")
        return cls.of_data(parse(text))

    @classmethod
    def of_data(cls, said: object) -> Lock:
        """Return the lock of which `said` is the content of its text.

        Raises
        ------
        LockError
            As `of_text`.
        """
        if not isinstance(said, dict) or "lock_version" not in said:
            raise LockError("this is no lock: it has no lock_version.")
        version = said["lock_version"]
        if version != LOCK_VERSION or isinstance(version, bool):
            raise LockError(
                f"a lock of version {str(version)[:20]!r}, and this nutridiary reads version {LOCK_VERSION}. "
                "Use the nutridiary it names, or write a new lock: nutridiary lock DIARY"
            )
        libraries = said.get("libraries", {})
        data = {name: value for name, value in said.items() if name != "libraries"}
        if missing := [name for name in PARTS if name not in data]:
            raise LockError(f"this is no whole lock: it has no {missing[0]!r}.")
        if more := [name for name in data if name not in PARTS]:
            raise LockError(f"this is no lock of this version: {str(more[0])[:40]!r} is not known.")
        for name, kind in PARTS.items():
            if type(data[name]) is not kind:
                raise LockError(f"this is no lock: {name!r} is not as it should be.")
        if not _is_plain(data, 0) or not _is_texts(libraries) or not _is_looked_up(data["looked_up"]):
            raise LockError("this is no lock: something in it is not as it should be.")
        return cls({name: data[name] for name in PARTS}, libraries)


def parse(text: str | bytes) -> object:
    """Return what JSON says, of a file that may come from anywhere.

    Raises
    ------
    LockError
        If it is no JSON, names a thing twice in one object, or holds NaN or Infinity.
    """
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise LockError("this is no lock that nutridiary wrote, or it is damaged.") from None


def _is_plain(value: object, depth: int) -> bool:
    """Tell whether a value is made of texts, numbers, lists and objects of a few levels."""
    if depth > _MOST_DEPTH:
        return False
    if isinstance(value, dict):
        return all(
            isinstance(key, str) and len(key) <= _LONGEST and _is_plain(v, depth + 1) for key, v in value.items()
        )
    if isinstance(value, list):
        return all(_is_plain(each, depth + 1) for each in value)
    return value is None or isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= _LONGEST)


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) and len(each) <= _LONGEST for each in value.values())


def _is_looked_up(looked_up: dict[str, Any]) -> bool:
    return all(
        fdc_id.isascii()
        and fdc_id.isdigit()
        and isinstance(said, dict)
        and isinstance(said.get("sha256"), str)
        and _SHA256.fullmatch(said["sha256"]) is not None
        and isinstance(barcodes := said.get("barcodes", []), list)
        and all(isinstance(each, str) for each in barcodes)
        for fdc_id, said in looked_up.items()
    )


def _no_number(word: str) -> None:
    raise ValueError(word)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) < len(pairs):
        raise ValueError("a name stands twice")
    return said
