"""Write a file that tells of somebody's health: its owner's alone, and whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from nutridiary.errors import NutridiaryError


def write_private(path: str | os.PathLike[str], data: bytes) -> Path:
    """Write `data` beside `path` first and then put it in its place.

    A new file can be read by its owner only. A file that is replaced keeps the permissions it has.

    Parameters
    ----------
    path : path-like
    data : bytes

    Returns
    -------
    pathlib.Path
        Where the file is.

    Raises
    ------
    NutridiaryError
        If the folder does not exist, or the file cannot be written there. What stood there before stays.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_private(Path(folder) / "report.txt", b"magnesium")
    ...     print(written.read_bytes(), oct(written.stat().st_mode & 0o077))
    b'magnesium' 0o0
    """
    path = Path(path)
    temporary = None
    try:
        _check_place(path)
        handle, temporary = tempfile.mkstemp(prefix=".nutridiary-", suffix=path.suffix, dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        if path.exists():
            Path(temporary).chmod(path.stat().st_mode & 0o777)
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
    return path


def cannot_write(path: Path, error: OSError) -> NutridiaryError:
    """Return what to tell of a file that cannot be written.

    Examples
    --------
    >>> print(cannot_write(Path("report.xlsx"), OSError(28, "No space left on device")))
    report.xlsx: cannot be written (No space left on device). Close it if it is open in another program, or name another place.
    """  # noqa: E501
    return NutridiaryError(
        f"{path}: cannot be written ({error.strerror or error}). "
        "Close it if it is open in another program, or name another place."
    )


def _check_place(path: Path) -> None:
    if not path.parent.is_dir():
        raise NutridiaryError(f"{path}: there is no folder {path.parent}. Make it first, or name another place.")
    if path.is_dir():
        example = path / f"report{path.suffix or '.xlsx'}"
        raise NutridiaryError(f"{path}: this is a folder. Name a file in it, for example {example}.")
    if path.exists() and not os.access(path, os.W_OK):
        raise NutridiaryError(f"{path}: this file may not be changed. Name another place.")
