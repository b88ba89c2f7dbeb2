"""Types of constructor parameters, as annotations. Must not know which parameters there are."""

from __future__ import annotations

from collections.abc import Iterable


def annotation(values: Iterable[object]) -> str:
    """The type of a parameter that takes these values: `int`, `float | None`."""
    kinds = sorted({_kind(value) for value in values}, key=lambda kind: (kind == "None", kind))
    if "float" in kinds and "int" in kinds:
        kinds.remove("int")
    return " | ".join(kinds)


def _kind(value: object) -> str:
    if value is None:
        return "None"
    if isinstance(value, tuple):
        return f"tuple[{annotation(value)}, ...]" if value else "tuple[()]"
    for kind in (bool, str, float):
        if isinstance(value, kind):
            return kind.__name__
    return "int"
