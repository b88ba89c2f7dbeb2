"""What is wrong with a program, as data, and the faces that draw it. Must not find mistakes itself."""

from archdsl.diagnostics.model import (
    ArchError,
    CallStep,
    Comparison,
    Diagnostic,
    Edit,
    Fix,
    Label,
    Refusal,
    ShapeLine,
)

__all__ = ["ArchError", "CallStep", "Comparison", "Diagnostic", "Edit", "Fix", "Label", "Refusal", "ShapeLine"]
