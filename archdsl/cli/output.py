"""Writing what a verb made: whole or not at all, and never over a person's work. Must not know what is in it.

One rule holds for every verb. What archdsl did not write, or what was edited since, is replaced with `--force` only; so is a
kind of file without room for the mark. What the command reads is never replaced.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

from archdsl.cli.options import UsageError
from archdsl.files import write_whole
from archdsl.provenance import has_room, state

_KEPT = "it was left alone; `--force` replaces it, `-o` writes elsewhere"


def add_force(parser: argparse.ArgumentParser) -> None:
    """`--force`, of every verb that writes a file."""
    parser.add_argument(
        "--force", action="store_true", help="replace a file that archdsl did not write, or that was edited since"
    )


def file_name(text: str) -> str:
    """The value of `-o`.

    Raises:
        ArgumentTypeError: it names no file.
    """
    if not text.strip():
        raise argparse.ArgumentTypeError("it needs the name of a file")
    return text


def put(path: Path, content: bytes, kind: str, *, force: bool, read: Iterable[Path]) -> None:
    """Make `content` the whole content of `path`; a reader sees the old file or the new one, and a failure leaves the old.

    Args:
        content: with its mark (`provenance.mark`) if its kind has room for one.
        kind: the extension of files of its kind, even if this one has another.
        force: replace it anyway, unless the command reads it.
        read: the files from which the content was made.

    Raises:
        UsageError: it may not be replaced, or cannot be.
        OSError: the disk is full, or another fault of the machine; `filename` says where.
    """
    target = check_place(path, read)
    is_device = target.exists() and not target.is_file()
    if not force and not is_device:
        _refuse_work(path, target, content, kind)
    write_whole(target, content)


def check_place(path: Path, read: Iterable[Path] = ()) -> Path:
    """The file itself, symbolic links followed.

    Raises:
        UsageError: it is a folder, its folder does not exist, or it is one of the files that were read.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise UsageError(f"`{path}` is a folder; give the name of a file")
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder `{path.parent}` to write `{path.name}` into")
    if target.is_file() and any(one.is_file() and target.samefile(one) for one in read):
        raise UsageError(f"`{path}` is what this command reads, so it cannot be overwritten; `-o` writes elsewhere")
    return target


def _refuse_work(path: Path, target: Path, content: bytes, kind: str) -> None:
    """Raises UsageError where a file holds something that could be a person's work."""
    if not target.exists():
        return
    old = target.read_bytes()
    if not old or old == content:
        return
    if not has_room(kind):
        raise UsageError(f"`{path}` has no room for a mark that archdsl wrote it, so {_KEPT}")
    found = state(old, kind)
    if found != "ours":
        what = "was edited since archdsl wrote it" if found == "edited" else "was not written by archdsl"
        raise UsageError(f"`{path}` {what}, so {_KEPT}")
