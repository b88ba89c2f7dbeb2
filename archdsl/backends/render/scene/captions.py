"""The text in boxes and frames, in the terms of the field. Must not know where boxes are or how text is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from archdsl.backends.render.scene.drawing import Axes, TextLine
from archdsl.ir import Node
from archdsl.ops.captions import caption_parts
from archdsl.shapes import Shape

_SIZE = re.compile(r"(?<=\d)x(?=\d)|\bx(?=\d)")
_NUMBER_TIMES = re.compile(r"\b(\d+)\*(?=[A-Za-z(])")
_ENLARGES = re.compile(r"\bup (?=\d)")
_MINOR = frozenset({"norm", "activation", "regularise", "reshape"})
_LONGEST_LINE = 40
_ROOM = 30
"""A caption goes on in another line after so many characters."""


def axes(shape: Shape) -> Axes:
    """The axes of a shape as text."""
    return tuple(str(axis) for axis in shape)


def axes_text(shape: Axes) -> str:
    """`64×56×56`, `C×2H×2W`; a formula of several terms keeps its parentheses."""
    return "×".join(f"({axis})" if " " in axis else axis for axis in map(as_formula, shape))


def as_formula(text: str) -> str:
    """Products as mathematics writes them: `2H` for `2*H`, `A·B` for `A*B`."""
    return _NUMBER_TIMES.sub(r"\1", text).replace("*", "·")


def spread(first: Axes, last: Axes) -> Axes:
    """The axes of folded steps: `64…224` if the first and the last one differ."""
    return tuple(a if a == b else f"{a.split('…')[0]}…{b.split('…')[-1]}" for a, b in zip(first, last, strict=True))


def node_lines(node: Node) -> tuple[TextLine, ...]:
    """The operator's caption, typeset: `conv 7×7, 64, /2`, in several lines where it is long."""
    parts = [cut(typeset(part), _LONGEST_LINE) for part in caption_parts(node.operator, node.site)]
    if node.operator.joins:
        return (TextLine(node.operator.joins), *(TextLine(part, True) for part in parts[1:]))
    is_minor = node.operator.symbol.paint in _MINOR
    return tuple(TextLine(line, is_minor) for line in wrapped(parts))


def labeled(lines: tuple[TextLine, ...], label: str | None) -> tuple[TextLine, ...]:
    """The label of the text before what it names: `q: linear 64`. Joins have a sign for their first line."""
    first = lines[0]
    if label is None or len(first.text) == 1:
        return lines
    return (first._replace(text=f"{label}: {first.text}"), *lines[1:])


def typeset(text: str) -> str:
    """A caption's text as pictures write it: `3×3`, `↑2`, `2H`."""
    return as_formula(_ENLARGES.sub("↑", _SIZE.sub("×", text)))


def wrapped(parts: Sequence[str]) -> list[str]:
    """The parts in lines, commas between them, each line as long as the room unless one part is longer."""
    lines = [parts[0]]
    for part in parts[1:]:
        if len(lines[-1]) + len(part) + 2 <= _ROOM:
            lines[-1] += f", {part}"
        else:
            lines.append(part)
    return lines


def value_text(value: object) -> str:
    """An argument's value as the language writes it; what has no short form is an ellipsis."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        inside = [value_text(item) for item in value]
        return _SIZE.sub("×", str(value)) if type(value) is not tuple else f"[{', '.join(inside)}]"
    if isinstance(value, (float, Fraction)):
        return f"{float(value):g}"
    if isinstance(value, str):
        return value if type(value) is not str else f'"{value}"'
    text = str(getattr(value, "name", value))
    return "…" if text.startswith("<") else text


def cut(text: str, longest: int) -> str:
    """At most `longest` characters, an ellipsis in place of the rest; a line break would break the box."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip(" ,") + "…"
