"""`PYTHONPATH=.:tests python -m fuzz.shrink [--deep] NUMBER…`: the smallest program with the same fault. Must not be part of the suite."""

from __future__ import annotations

import sys

from fuzz.corpus import program
from fuzz.faults import fault_of
from fuzz.judge import CALLS, limit_memory
from fuzz.mutations import tokens_of

_CALLS = CALLS // 4
"""Less than what a text may cost, so that shrinking one that asks for too much ends."""


def shrunk(text: str, *, deep: bool = False) -> str:
    """Leaves out ever smaller runs of tokens as long as the fault stays the same."""
    fault = fault_of(text, _CALLS, deep=deep)
    tokens = tokens_of(text)
    length = max(len(tokens) // 2, 1)
    while fault is not None and length:
        at = 0
        while at < len(tokens):
            fewer = tokens[:at] + tokens[at + length :]
            if fault_of("".join(fewer), _CALLS, deep=deep) == fault:
                tokens = fewer
            else:
                at += length
        length //= 2
    return "".join(tokens)


if __name__ == "__main__":
    limit_memory()
    deep = "--deep" in sys.argv
    for number in sys.argv[1:]:
        if number != "--deep":
            smallest = shrunk(program(int(number)), deep=deep)
            print(f"program {number}: {fault_of(smallest, _CALLS, deep=deep)}\n{smallest!r}\n{smallest}\n", flush=True)
