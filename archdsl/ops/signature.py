"""How an operator is written: its arguments and their defaults, as the language has them. Must not know what operators do."""

from __future__ import annotations

import re

from archdsl.ops.operator import Argument, Computed, Operator, Required, Setting


def signature(operator: Operator) -> str:
    """`conv k c stride=1 …`: arguments in positional order, those without a default first as they stand."""
    return " ".join([operator.name, *(_argument(argument) for argument in operator.arguments if not argument.internal)])


def default_of(argument: Argument) -> str:
    """A default as the language writes it; empty where there is none."""
    return "" if isinstance(argument.default, Required) else _written(argument.default)


def other_words(argument: Argument) -> list[str]:
    """The words that it takes beside its default."""
    words = [word for word in argument.words if word != default_of(argument)]
    if argument.is_value and not isinstance(argument.default, Required):
        words.append("@label")
    return words


def _argument(argument: Argument) -> str:
    if isinstance(argument.default, Required):
        return f"@{argument.name}" if argument.is_value else argument.name
    return f"{argument.name}={_written(argument.default)}"


def _written(value: Setting | Computed) -> str:
    if isinstance(value, Computed):
        return value.written
    if isinstance(value, tuple):
        return _written(value[0]) if len(set(value)) == 1 else f"[{', '.join(_written(item) for item in value)}]"
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return re.sub(r"e-0", "e-", f"{value:g}") if isinstance(value, float) else str(value)
