"""What is wrong with a program, as data, and the faces that draw it. Must not find mistakes itself."""

from archdsl.diagnostics.error import ArchError, ArchWarning, Missing, Refusal, WrongUse
from archdsl.diagnostics.model import (
    CallStep,
    Comparison,
    Diagnostic,
    Edit,
    Fix,
    Label,
    ShapeLine,
)

__all__ = [
    "ArchError",
    "ArchWarning",
    "CallStep",
    "Comparison",
    "Diagnostic",
    "Edit",
    "Fix",
    "Label",
    "Missing",
    "Refusal",
    "ShapeLine",
    "WrongUse",
]
