"""Values as Python programs write them, as the language writes them. Must not know layers."""

from __future__ import annotations

import ast
import re
from fractions import Fraction


class Untranslated(Exception):
    """There is no exact equal here."""


def word(node: ast.expr) -> str:
    """`'relu'`, `tf.nn.relu`."""
    return node.attr if isinstance(node, ast.Attribute) else str(constant(node))


def constant(node: ast.expr) -> object:
    """The value of a literal; anything else as it is."""
    return node.value if isinstance(node, ast.Constant) else node


def size(node: ast.expr) -> str:
    """`3` and `(3, 3)` as `3x3`."""
    parts = node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node, node]
    sides = [constant(part) for part in parts]
    if len(sides) != 2 or not all(type(side) is int for side in sides):
        raise Untranslated
    return f"{sides[0]}x{sides[1]}"


def size_of(stride: str) -> str:
    """The stride `2` or `[2, 1]` as the size of a window."""
    return f"{stride}x{stride}" if stride.isdigit() else "x".join(re.findall(r"\d+", stride))


def text(node: ast.expr) -> str:
    """A value as it is written here; what is computed stands in parentheses."""
    if isinstance(node, ast.Constant):
        value = node.value
        if value is None or isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str) and value.isidentifier():
            return value
        if isinstance(value, (int, float)) and value >= 0:
            return number(Fraction(str(value)))
    elif isinstance(node, ast.Name):
        return node.id
    elif isinstance(node, ast.BinOp) and all(_is_arithmetic(part) for part in ast.walk(node)):
        return f"({ast.unparse(node)})"
    raise Untranslated


def _is_arithmetic(node: ast.AST) -> bool:
    return isinstance(node, (ast.BinOp, ast.Name, ast.Constant, ast.operator, ast.expr_context))


def number(value: Fraction) -> str:
    """`64`, `0.1`, `1e-5`."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}".replace("e-0", "e-")
