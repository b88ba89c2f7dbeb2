"""`PYTHONPATH=.:tests python -m fuzz.bytes [-max_total_time=600] [CORPUS]`: atheris on the bytes of a file. Must not run in the suite.

atheris (`pip install atheris`, no dependency of the project) mutates bytes towards code that no input has reached. Texts that
cannot be decoded are refused as a file's are; all others go through what the programs by chance go through.
"""

from __future__ import annotations

import io
import sys

import atheris  # type: ignore  # installed by hand, for long runs only

with atheris.instrument_imports(include=["archdsl"]):
    from archdsl.diagnostics import ArchError
    from archdsl.sources import read
    from fuzz.judge import judge, limit_memory, limited_work


def one_input(data: bytes) -> None:
    """Anything but a network or diagnostics is a crash for atheris, which keeps the bytes in a file `crash-…`."""
    with limited_work():
        try:
            text = read(io.BytesIO(data)).source.text
        except ArchError:
            return
        judge(text)


if __name__ == "__main__":
    limit_memory()
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
