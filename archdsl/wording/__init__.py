"""What archdsl says about a program: one function per fact, one module per subject. Must not find mistakes.

A pass writes `raise wording.joins.nothing_to_join(…)`, with names, places and values. Most programs have no mistake, so each
module comes in when it is first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archdsl.wording import (
        arch,
        arguments,
        calls,
        circles,
        each,
        expressions,
        files,
        functions,
        inputs,
        joins,
        limits,
        lints,
        lists,
        names,
        operators,
        outputs,
        repetition,
        scan,
        shared,
        shortcuts,
        sizes,
        statements,
        value_lists,
    )
else:
    # Only while running: mypy would take any name for granted that `__getattr__` may give.
    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return import_module(f"{__name__}.{name}")


__all__ = [
    "arch",
    "arguments",
    "calls",
    "circles",
    "each",
    "expressions",
    "files",
    "functions",
    "inputs",
    "joins",
    "limits",
    "lints",
    "lists",
    "names",
    "operators",
    "outputs",
    "repetition",
    "scan",
    "shared",
    "shortcuts",
    "sizes",
    "statements",
    "value_lists",
]
