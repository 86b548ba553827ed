"""The key of the API: where it is found, where it is kept, and how it never gets out.

The key is looked for in this order: as given, the environment (``FDC_API_KEY``), a file (named in
``FDC_API_KEY_FILE``, else the user's own), the system's keyring (extra ``keyring``); else the
demonstration key with its low limits is used.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import queue
import re
import stat
import tempfile
import threading
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from nutridiary.errors import FoodDataError
from nutridiary.user_files import user_data_folder

KEY_VARIABLE, FILE_VARIABLE = "FDC_API_KEY", "FDC_API_KEY_FILE"
DEMO_KEY = "DEMO_KEY"
SIGN_UP = "https://fdc.nal.usda.gov/api-key-signup"
KEY_ADVICE = f"A free key is given at {SIGN_UP}; keep it with: nutridiary fdc key set"
_KEYRING_SERVICE, _KEYRING_USER = "nutridiary", "FoodData Central API key"
_OWN_FILE = "the user's file"
# Keys of api.data.gov are 40 letters and digits; this is what can be sent in a header at all.
_SENDABLE = re.compile(r"[!-~]{1,200}")
_MOST_KEY_BYTES = 4096
KEYRING_SECONDS = 15.0
"""Longest wait for the keyring, when a key is looked for."""


class ApiKey:
    """A key and where it was found. It cannot be shown, written or pickled by accident.

    Parameters
    ----------
    secret : str
    source : str
        Where it was found, in words.

    Raises
    ------
    FoodDataError
        If it cannot be sent.

    Examples
    --------
    >>> ApiKey("a-secret", "the environment")
    ApiKey(from the environment)
    """

    __slots__ = ("_secret", "source")

    def __init__(self, secret: str, source: str) -> None:
        """Keep the key."""
        secret = secret.strip()
        if not _SENDABLE.fullmatch(secret):
            raise FoodDataError(
                f"The API key from {source} holds nothing, or characters that no key has. "
                f"Expected some 40 letters and digits. {KEY_ADVICE}"
            )
        self._secret = secret
        self.source = source

    def __repr__(self) -> str:
        """Say where the key is from, and nothing of the key."""
        return f"ApiKey(from {self.source})"

    def __reduce__(self) -> NoReturn:
        """Refuse to be written anywhere."""
        raise TypeError("An API key is not pickled: it would end up in a file or on a wire.")

    @property
    def is_demo(self) -> bool:
        """Whether it is the demonstration key that everybody shares."""
        return self._secret == DEMO_KEY

    def header(self) -> dict[str, str]:
        """Return the header in which the key travels: addresses end up in logs and error texts, headers do not."""
        return {"X-Api-Key": self._secret}

    def fingerprint(self, salt: bytes) -> str:
        """Return what tells this key from others in a file of counts, and cannot be turned back."""
        return hashlib.sha256(salt + self._secret.encode()).hexdigest()[:16]


def find_key(api_key: str | None = None) -> ApiKey:
    """Return the key to use.

    Parameters
    ----------
    api_key : str, optional
        Goes before every other source.

    Raises
    ------
    FoodDataError
        If the key that comes first cannot be sent, or its file cannot be read.
    """
    if api_key:
        return ApiKey(api_key, "the program's call")
    if os.environ.get(KEY_VARIABLE):
        return ApiKey(os.environ[KEY_VARIABLE], f"the environment ({KEY_VARIABLE})")
    named = os.environ.get(FILE_VARIABLE)
    if named:
        return _key_of(Path(named).expanduser(), f"the file named in {FILE_VARIABLE}")
    if key_file().is_file():
        return _key_of(key_file(), _OWN_FILE)
    kept = _from_keyring()
    return ApiKey(kept, "the keyring") if kept else ApiKey(DEMO_KEY, "the program itself (demonstration key)")


def key_source() -> str:
    """Return where the key in use comes from, in words; never anything of the key."""
    source = find_key().source
    return f"{source}, {key_file()}" if source == _OWN_FILE else source


def key_file() -> Path:
    """Return the user's own file for the key."""
    return user_data_folder() / "fdc" / "api_key"


def key_remark() -> str:
    """Return a warning where others can read the file of the key; empty where all is well.

    Paths hold the names of people, and what is remarked may stand in a report: it names none.
    """
    if os.environ.get(KEY_VARIABLE) or os.name != "posix":
        return ""
    named = os.environ.get(FILE_VARIABLE)
    path = Path(named).expanduser() if named else key_file()
    try:
        shared = path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    except OSError:
        return ""
    advice = "Allow its owner alone to read it (chmod 600); nutridiary fdc key where says which it is."
    return f"Others on this machine can read the file with your API key. {advice}" if shared else ""


def keep_key(secret: str, *, in_keyring: bool = False) -> str:
    """Keep a key for later runs, and return where.

    Parameters
    ----------
    secret : str
    in_keyring : bool
        In the system's keyring in place of a file.

    Raises
    ------
    FoodDataError
        If it is no key, or cannot be kept.
    """
    key = ApiKey(secret, "the keyboard")
    if in_keyring:
        keyring = _keyring()
        try:
            keyring.set_password(_KEYRING_SERVICE, _KEYRING_USER, key.header()["X-Api-Key"])
        except Exception as error:  # a keyring has errors of its own for every system
            failed = type(error).__name__
        else:
            return "the keyring"
        raise FoodDataError(f"The keyring did not take the key ({failed}). Keep it in a file: without --keyring.")
    path = key_file()
    failed_to = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_privately(path, key.header()["X-Api-Key"])
    except OSError as error:
        failed_to = error.strerror or type(error).__name__
    if failed_to:
        raise FoodDataError(f"{path}: the key cannot be kept there ({failed_to}). Put it into {KEY_VARIABLE} instead.")
    return str(path)


def forget_key() -> list[str]:
    """Remove the key that was kept, and return from where.

    Raises
    ------
    FoodDataError
        If the file cannot be removed.
    """
    gone = []
    if key_file().exists():
        try:
            key_file().unlink()
        except OSError as error:
            raise FoodDataError(f"{key_file()}: cannot be removed ({error.strerror}). Remove it by hand.") from None
        gone.append(str(key_file()))
    if _from_keyring():
        with contextlib.suppress(Exception):  # as above
            _keyring().delete_password(_KEYRING_SERVICE, _KEYRING_USER)
            gone.append("the keyring")
    return gone


def _key_of(path: Path, source: str) -> ApiKey:
    """Return the key of a file. What goes wrong may stand in a report: it names `source`, no path of somebody."""
    try:
        content = _begin_of(path)
        return ApiKey(content.decode("ascii"), source)
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except UnicodeDecodeError:
        reason = "it is no text"
    raise FoodDataError(f"The API key cannot be read from {source} ({reason}). {KEY_ADVICE}")


def _begin_of(path: Path) -> bytes:
    """Return what a file begins with. A pipe that nobody writes into is waited for as long as a keyring."""
    said: queue.SimpleQueue[bytes | OSError] = queue.SimpleQueue()

    def read() -> None:
        try:
            with path.open("rb") as file:
                said.put(file.read(_MOST_KEY_BYTES))
        except OSError as error:
            said.put(error)

    if not stat.S_ISFIFO(path.stat().st_mode):
        read()
    else:
        threading.Thread(target=read, name="key file", daemon=True).start()
    try:
        content = said.get(timeout=KEYRING_SECONDS)
    except queue.Empty:
        raise TimeoutError(errno.ETIMEDOUT, "nothing is written into the pipe") from None
    if isinstance(content, OSError):
        raise content
    return content


def _write_privately(path: Path, secret: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".api_key")  # created with mode 600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{secret}\n")
        Path(fresh).replace(path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def _keyring() -> ModuleType:
    try:
        import keyring
    except ImportError:
        raise FoodDataError("There is no keyring for Python here. Install it: pip install 'nutridiary[keyring]'") from (
            None
        )
    return keyring


def _from_keyring() -> str | None:
    """Return the key of the system's keyring; None where there is no keyring, no key, or it cannot be opened."""
    said: queue.SimpleQueue[object] = queue.SimpleQueue()

    def look() -> None:
        try:
            said.put(_keyring().get_password(_KEYRING_SERVICE, _KEYRING_USER))
        except Exception:  # no keyring for Python, none on this system, locked: each has an error of its own
            said.put(None)

    # A locked keyring may ask for its password in a window that nobody sees.
    threading.Thread(target=look, name="keyring", daemon=True).start()
    with contextlib.suppress(queue.Empty):
        kept = said.get(timeout=KEYRING_SECONDS)
        return str(kept) if kept else None
    return None
