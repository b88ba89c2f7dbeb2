"""What a call of something unknown most likely meant. Must not resolve calls."""

from __future__ import annotations

from collections.abc import Iterable

from archdsl.diagnostics.nearest import nearest
from archdsl.ops.registry import OPERATORS, called_elsewhere
from archdsl.syntax.errors.foreign_names import advice
from archdsl.wording.forms import FORMS

_OF_FORMS = {"skip": "residual", "shortcut": "residual", "resblock": "residual"}
"""Lower-case names in other frameworks and papers for what is not an operator; an operator's are in its entry."""


def nearest_callee(name: str, definitions: Iterable[str]) -> str | None:
    """A definition with a similar name, an operator with this name elsewhere, or one with a similar name."""
    found = nearest(name, definitions) or elsewhere(name)
    return found or (None if advice(name) else nearest(name, [*OPERATORS, *FORMS]))


def elsewhere(name: str) -> str | None:
    """What other frameworks and papers call so: an operator or a form of the language."""
    return called_elsewhere(name) or _OF_FORMS.get(name.lower())
