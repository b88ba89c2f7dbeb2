"""Operators that installed packages bring, by the entry point `archdsl.operators`. Must not be asked before a name is unknown.

A package is code that its user installed; a text installs nothing and names no package.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from archdsl.diagnostics import Refusal
from archdsl.ops.operator import Operator
from archdsl.ops.registry import OPERATORS

GROUP = "archdsl.operators"


@cache
def families() -> tuple[Any, ...]:
    """The modules that the entry points name, each with a `TITLE` and `OPERATORS` as our own families have them.

    Raises:
        Refusal: one cannot be imported, or has no such tuple.
    """
    from importlib.metadata import entry_points

    found = []
    for point in entry_points(group=GROUP):
        try:
            family = point.load()
        except Exception as error:
            raise Refusal(f"the operators of `{point.value}` cannot be imported: {type(error).__name__}: {error}") from error
        operators = getattr(family, "OPERATORS", None)
        if not isinstance(operators, tuple) or not all(isinstance(one, Operator) for one in operators):
            raise Refusal(f"`{point.value}` brings no operators: its `OPERATORS` must be a tuple of them")
        found.append(family)
    return tuple(found)


@cache
def operators() -> dict[str, Operator]:
    """By name and alias.

    Raises:
        Refusal: two have one name, or one has a name of ours.
    """
    found: dict[str, Operator] = {}
    for family in families():
        for operator in family.OPERATORS:
            for name in (operator.name, *operator.aliases):
                if name in OPERATORS or name in found:
                    raise Refusal(f"`{family.__name__}` brings an operator `{name}`, and there is one of this name")
                found[name] = operator
    return found


def find_anywhere(name: str) -> Operator | None:
    """The operator that is called so, ours or of an installed package."""
    return OPERATORS.get(name) or operators().get(name)


def support_folders() -> tuple[Path, ...]:
    """Where packages have the classes and functions that their lowerings name (`SUPPORT`), one a file as ours are."""
    return tuple(Path(family.SUPPORT) for family in families() if getattr(family, "SUPPORT", None) is not None)
