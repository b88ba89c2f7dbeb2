"""What a call of something unknown was most likely meant to call. Must not resolve calls."""

from __future__ import annotations

from collections.abc import Iterable

from archdsl.diagnostics.nearest import nearest
from archdsl.ops.registry import OPERATORS

_OTHERS = ("add", "mul", "concat", "residual", "parallel", "pick")

_OF_FORMS = {"skip": "residual", "shortcut": "residual"}
"""Names of other frameworks and of papers for what is no operator, in small letters; an operator's stand in its entry."""


def nearest_callee(name: str, definitions: Iterable[str]) -> str | None:
    """A definition with nearly this name, an operator that is called so elsewhere, or one with nearly this name."""
    return nearest(name, definitions) or _called_elsewhere(name.lower()) or nearest(name, [*OPERATORS, *_OTHERS])


def _called_elsewhere(name: str) -> str | None:
    own = next((operator.name for operator in OPERATORS.values() if name in operator.called_elsewhere), None)
    return own or _OF_FORMS.get(name)
