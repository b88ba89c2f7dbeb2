"""Every operator under every name. Must not hold entries of its own: they are in the family files."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archdsl.ops import (
    activation,
    arithmetic,
    attention,
    attention_parts,
    borders,
    convolution,
    indices,
    joins,
    linear,
    moving,
    normalization,
    places,
    pooling,
    positions,
    rearranging,
    recurrent,
    reductions,
    regularization,
    reshape,
    resize,
    scaling,
    tokens,
)
from archdsl.ops.operator import Operator

FAMILIES = (
    convolution,
    linear,
    recurrent,
    pooling,
    reductions,
    normalization,
    activation,
    arithmetic,
    regularization,
    attention,
    attention_parts,
    positions,
    indices,
    tokens,
    reshape,
    rearranging,
    moving,
    borders,
    resize,
    places,
    joins,
    scaling,
)
"""Modules with a `TITLE` and `OPERATORS` each, in the order of the reference."""


def _named(operators: Iterable[Operator]) -> dict[str, Operator]:
    """Operators under their names and aliases.

    Raises:
        ValueError: two operators have the same name.
    """
    named: dict[str, Operator] = {}
    for operator in operators:
        for name in (operator.name, *operator.aliases):
            if name in named:
                raise ValueError(f"two operators are called `{name}`")
            named[name] = operator
    return named


OPERATORS: dict[str, Operator] = _named(operator for family in FAMILIES for operator in family.OPERATORS)
"""Operators by name, aliases included, family by family in the order of the reference."""

WORDS: frozenset[str] = frozenset(
    word for operator in OPERATORS.values() for argument in operator.arguments for word in argument.words
)
"""Every bare word that some argument takes (`same`, `bilinear`)."""


def find(name: str) -> Operator | None:
    """The operator that is called so, also by an alias."""
    return OPERATORS.get(name)


def called_elsewhere(name: str) -> str | None:
    """The operator that other frameworks and papers call so: `BatchNorm2d`, `conv_transpose`, `MHSA`; None for other words."""
    return _ELSEWHERE.get(_plain(name))


def _plain(name: str) -> str:
    """Without capitals, underscores, and the number of axes."""
    return re.sub(r"[123]d", "", name.lower().replace("_", ""))


_ELSEWHERE = {_plain(word): one.name for name, one in OPERATORS.items() for word in (name, *one.called_elsewhere)}
