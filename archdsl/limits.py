"""How large a program may grow while it is elaborated: every limit, with its name. Must not enforce them."""

from __future__ import annotations

import os

DEFAULTS = {
    "nesting": 100,  # bodies and calls inside one another
    "unrolled": 10_000,  # runs of `for` and of repetitions whose runs differ, and steps elaborated again in them
    "instances": 30_000,  # statements of definitions and bodies that are computed again, for other arguments or shapes
    "steps": 300_000,  # steps elaborated in total
    "elements": 300_000,  # elements of comprehensions computed in total
    "file_bytes": 20_000_000,
    "imports": 20,  # files that import one another in a row
}


def limit(name: str) -> int:
    """The limit in force: the environment's `ARCHDSL_LIMIT_<NAME>` raises (or lowers) it."""
    written = os.environ.get(f"ARCHDSL_LIMIT_{name.upper()}", "")
    return int(written) if written.isdigit() else DEFAULTS[name]


def how_to_raise(name: str) -> str:
    """The sentence that names a limit, its value, and the variable that raises it."""
    return f"the limit `{name}` is {limit(name):,}; ARCHDSL_LIMIT_{name.upper()}=… in the environment raises it"
