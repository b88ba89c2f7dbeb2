"""Writing a file whole or not at all. Must not know what is in it, or ask whether it may be replaced."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def write_whole(target: Path, content: bytes) -> None:
    """Make `content` the whole content of `target`; a reader sees the old file or the new one, and a failure leaves the old.

    Raises:
        OSError: the disk is full, or another fault of the machine.
    """
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
