"""The process of the command, `archdsl` and `python -m archdsl`. Must not know what verbs do."""

from __future__ import annotations

import gc
import sys

from archdsl.cli.main import main

_NEW_OBJECTS = 20_000
"""How many objects may be made before Python looks for circles of them; its own 700 is a twentieth of the time of `cost`."""


def start() -> int:
    """Run one command; the exit code."""
    gc.set_threshold(_NEW_OBJECTS)
    return main()


if __name__ == "__main__":
    sys.exit(start())
