"""Reading a text that may be endless, and writing a file whole or not at all. Must not know what is in them."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO

from archdsl.limits import how_to_raise, limit

_PART = 1 << 16


def write_whole(target: Path, content: bytes) -> None:
    """Make `content` the whole content of `target`; a reader sees the old file or the new one, and a failure leaves the old.

    A device (a pipe, `/dev/null`) takes the content as it is.

    Raises:
        OSError: the disk is full, or another fault of the machine; `filename` is the target.
    """
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)
        else:
            _replace(target, content)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from None


def _replace(target: Path, content: bytes) -> None:
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    try:
        with temporary.open("xb") as file:
            file.write(content)
            if mode is not None:
                temporary.chmod(mode)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def read_text(path: Path) -> str:
    """The text of a file. Raises OSError, or ValueError if it is not UTF-8 text or too large."""
    with path.open("rb") as file:
        return read_open(file)


def read_open(file: IO[bytes]) -> str:
    """The text of an open file, which may be endless: no more is read than the limit allows. Raises as `read_text` does."""
    left = limit("file_bytes")
    parts = []
    # Part by part: a buffer for the longest file that is allowed would cost more than reading a short one.
    while part := file.read(_PART):
        left -= len(part)
        if left < 0:
            raise ValueError(how_to_raise("file_bytes"))
        parts.append(part)
    return b"".join(parts).decode("utf-8-sig")


def reason(error: OSError | ValueError) -> str:
    """Why a file could not be read, as text."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    if isinstance(error, OSError):
        return (error.strerror or "it is not a readable file").lower()
    return str(error)
