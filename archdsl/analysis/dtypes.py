"""Names of number types, and the answer to an unknown name. Must not compute costs."""

from __future__ import annotations

from collections.abc import Iterable

from archdsl.diagnostics import WrongUse
from archdsl.diagnostics.nearest import choices, did_you_mean

ITEM_BYTES = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
"""Bytes of one number of each type."""
FLOATS = ("float64", "float32", "bfloat16", "float16")
"""The types that have gradients."""


class UnknownChoice(WrongUse):
    """A name that is not one of the choices; the message is one sentence that lists or suggests right ones."""

    def __init__(self, what: str, got: object, known: Iterable[str]) -> None:
        names = list(known)
        super().__init__(f"there is no {what} `{got}`; {did_you_mean(str(got), names, choices(names))}")


def item_bytes(dtype: str) -> int:
    """Bytes of a number.

    Raises:
        UnknownChoice: no such type.
    """
    if dtype not in ITEM_BYTES:
        raise UnknownChoice("dtype", dtype, ITEM_BYTES)
    return ITEM_BYTES[dtype]
