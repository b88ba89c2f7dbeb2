"""How large a program may grow while it is elaborated: every limit, with its name. Must not enforce them."""

from __future__ import annotations

import os
from collections.abc import Mapping

DEFAULTS = {
    "nesting": 100,  # bodies and calls inside one another
    "unrolled": 10_000,  # runs of `for` and of repetitions whose runs differ, and steps elaborated again in them
    "instances": 30_000,  # statements of definitions and bodies that are computed again, for other arguments or shapes
    "steps": 300_000,  # steps elaborated in total
    "elements": 300_000,  # elements of comprehensions computed in total
    "file_bytes": 2_000_000,
    "imports": 20,  # files that import one another in a row
}


_VARIABLES = {name: f"ARCHDSL_LIMIT_{name.upper()}" for name in DEFAULTS}


def in_force() -> Mapping[str, int]:
    """All limits: the environment's `ARCHDSL_LIMIT_<NAME>` raises (or lowers) one."""
    # Every run asks, and hardly ever is one set.
    written = {name: os.environ[variable] for name, variable in _VARIABLES.items() if variable in os.environ}
    return {**DEFAULTS, **{name: int(text) for name, text in written.items() if text.isdigit()}} if written else DEFAULTS


def limit(name: str) -> int:
    """The limit in force."""
    written = os.environ.get(_VARIABLES[name], "")
    return int(written) if written.isdigit() else DEFAULTS[name]


def how_to_raise(name: str) -> str:
    """The sentence that names a limit, its value, and the variable that raises it."""
    return f"the limit `{name}` is {limit(name):,}; {_VARIABLES[name]}=… in the environment raises it"
