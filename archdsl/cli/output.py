"""Writing files: whole or not at all, and never over a file that archdsl did not write. Must not know what is in them."""

from __future__ import annotations

import os
from pathlib import Path

from archdsl.cli.options import UsageError
from archdsl.files import write_whole
from archdsl.version import __version__

MARK = f"Written by archdsl {__version__}"
_MARKS = (b"Written by archdsl ", b'"schema": "archdsl.')
_LOOKED_AT = 512


def put(path: Path, content: bytes, *, force: bool) -> None:
    """Make `content` the whole content of `path`.

    A reader sees the old file or the new one, and a failure in between leaves the old. Without `force`, a file that holds
    something and does not say near its start that archdsl wrote it stays as it is.

    Raises:
        UsageError: it may not be replaced, or cannot be.
        OSError: the disk is full, or another fault of the machine; `filename` says where.
    """
    target = check_place(path)
    is_device = target.exists() and not target.is_file()
    if not force and not is_device and not _is_ours(target):
        raise UsageError(
            f"`{path}` was not written by archdsl, so it was left alone; `--force` replaces it, `-o` writes elsewhere"
        )
    try:
        if is_device:
            target.write_bytes(content)
        else:
            write_whole(target, content)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from None


def check_place(path: Path) -> Path:
    """The file itself, symbolic links followed.

    Raises:
        UsageError: it is a folder, or would stand in one that is not there.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise UsageError(f"`{path}` is a folder; give the name of a file")
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder `{path.parent}` to write `{path.name}` into")
    return target


def _is_ours(target: Path) -> bool:
    if not target.exists():
        return True
    with target.open("rb") as file:
        start = file.read(_LOOKED_AT)
    return not start or any(mark in start for mark in _MARKS)
