"""The process of the command, `archdsl` and `python -m archdsl`. Must not know what verbs do."""

from __future__ import annotations

import gc
import signal
import sys

# While all is imported, Ctrl-C ends the process as it does one that does not speak Python: without frames.
_HAS_USUAL = signal.getsignal(signal.SIGINT) is signal.default_int_handler
if _HAS_USUAL:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from archdsl.cli.main import INTERRUPTED, main  # noqa: E402

_NEW_OBJECTS = 20_000
"""How many objects may be made before Python looks for circles of them; its own 700 is a twentieth of the time of `cost`."""


def start() -> int:
    """Run one command; the exit code."""
    gc.set_threshold(_NEW_OBJECTS)
    if not _HAS_USUAL:
        return main()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return main()
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(start())
