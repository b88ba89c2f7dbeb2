"""What a call of something unknown most likely meant. Must not resolve calls."""

from __future__ import annotations

from collections.abc import Iterable

from archdsl.diagnostics.nearest import nearest
from archdsl.ops.registry import OPERATORS

_OTHERS = ("add", "mul", "concat", "residual", "parallel", "pick")

_OF_FORMS = {"skip": "residual", "shortcut": "residual"}
"""Lower-case names in other frameworks and papers for what is not an operator; an operator's are in its entry."""


def nearest_callee(name: str, definitions: Iterable[str]) -> str | None:
    """A definition with a similar name, an operator with this name elsewhere, or an operator with a similar name."""
    return nearest(name, definitions) or called_elsewhere(name) or nearest(name, [*OPERATORS, *_OTHERS])


def called_elsewhere(name: str) -> str | None:
    """The operator that other frameworks and papers call so."""
    name = name.lower()
    own = next((operator.name for operator in OPERATORS.values() if name in operator.called_elsewhere), None)
    return own or _OF_FORMS.get(name)
