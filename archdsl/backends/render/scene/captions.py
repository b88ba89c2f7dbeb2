"""The text in boxes and frames, in the terms of the field. Must not know where boxes are or how text is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from archdsl.backends.render.scene.drawing import Axes, TextLine
from archdsl.ir import Node, Region, Step, Use
from archdsl.ops.captions import caption_parts
from archdsl.shapes import Shape

_SIZE = re.compile(r"(?<=\d)x(?=\d)|\bx(?=\d)")
_NUMBER_TIMES = re.compile(r"\b(\d+)\*(?=[A-Za-z(])")
_ENLARGES = re.compile(r"\bup (?=\d)")
_MINOR = frozenset({"norm", "activation", "regularise", "reshape"})
_UNNAMED_ROLES = (None, "block", "branch")
_LINES_IN_A_CLOSED_BOX = 3
_LONGEST_TITLE = 42
_LONGEST_LINE = 40
_ROOM = 30
"""A caption continues on another line after this many characters."""
_LONGEST_BOX_TITLE = 27


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
    """The operator's caption, typeset: `conv 7×7, 64, /2`, on several lines if it is long."""
    parts = [cut(_typeset(part), _LONGEST_LINE) for part in caption_parts(node.operator, node.site)]
    if node.operator.joins:
        return (TextLine(node.operator.joins), *(TextLine(part, True) for part in parts[1:]))
    is_minor = node.operator.symbol.paint in _MINOR
    return tuple(TextLine(line, is_minor) for line in _wrapped(parts))


def _typeset(text: str) -> str:
    return as_formula(_ENLARGES.sub("↑", _SIZE.sub("×", text)))


def _wrapped(parts: Sequence[str]) -> list[str]:
    """The parts in lines, commas between them, each line as long as the room unless one part is longer."""
    lines = [parts[0]]
    for part in parts[1:]:
        if len(lines[-1]) + len(part) + 2 <= _ROOM:
            lines[-1] += f", {part}"
        else:
            lines.append(part)
    return lines


def call_texts(region: Region) -> tuple[str, ...]:
    """`bottleneck(c=64, stride=2)`, `bottleneck(64, 2)`, `bottleneck`: from the longest that is short enough."""
    if not region.arguments:
        return (region.name,)
    named = ", ".join(f"{name}={value_text(value)}" for name, value in region.arguments)
    bare = ", ".join(value_text(value) for _, value in region.arguments)
    texts = [f"{region.name}({inside})" for inside in (named, bare)]
    return (*(text for text in texts if len(text) <= _LONGEST_TITLE), region.name)


def call_text(region: Region) -> str:
    """The longest caption of a definition's call."""
    return call_texts(region)[0]


def value_text(value: Any) -> str:
    """An argument's value as the language writes it; what has no short form is an ellipsis."""
    if value is None or isinstance(value, bool):
        return {None: "none", True: "true", False: "false"}[value]
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


def definition_runs(region: Region) -> dict[str, int]:
    """How often each definition runs directly in a region, repetitions and groups seen through: `{"bottleneck": 4}`."""
    known: dict[str, int] | None = region.memo.get("definition runs")
    if known is not None:
        return known
    runs: dict[str, int] = {}
    region.memo["definition runs"] = runs
    for step in region.steps:
        if not isinstance(step, Use) or step.aux:
            continue
        inner = {step.region.name: 1} if step.region.kind == "definition" else definition_runs(step.region)
        for name, times in inner.items():
            runs[name] = runs.get(name, 0) + times * step.count
    return runs


def runs_text(region: Region) -> str:
    """`4 × bottleneck`, or nothing if there are no definitions to name."""
    return " · ".join(f"{times} × {name}" if times > 1 else name for name, times in definition_runs(region).items())


def runs_texts(region: Region) -> tuple[str, ...]:
    """The runs as a note on a frame in which each definition has a frame of its own: only if some run several times."""
    return (runs_text(region),) if max(definition_runs(region).values(), default=0) > 1 else ()


def closed_title(use: Use) -> tuple[TextLine, ...]:
    """The lines of a box for a whole definition: `se(squeeze=8)`; long arguments are written bare under its name."""
    if use.region.kind != "definition":
        return (TextLine(use.label or use.name),)
    *calls, name = call_texts(use.region)
    short = [text for text in calls if len(text) <= _LONGEST_BOX_TITLE]
    if short or not use.region.arguments:
        return (TextLine(short[0] if short else name),)
    bare = ", ".join(value_text(value) for _, value in use.region.arguments)
    return (TextLine(name), TextLine(cut(bare, _LONGEST_BOX_TITLE), True))


def summary(use: Use, known: dict[int, int]) -> tuple[TextLine, ...]:
    """The lines of a box for a whole region: its name, then what it is made of."""
    region = use.region
    is_call = region.kind == "definition"
    title = call_text(region) if is_call and use.role in _UNNAMED_ROLES else use.label or use.name
    is_pure = all(isinstance(step, Use) for step in region.steps)
    inside = call_text(region) if is_call else runs_text(region) if is_pure else ""
    if inside and inside != title:
        return (TextLine(title), TextLine(cut(inside, _LONGEST_LINE), True))
    nodes = [node_lines(step) for step in region.steps if isinstance(step, Node) and not step.operator.joins]
    majors = [lines for lines in nodes if not lines[0].minor]
    if 0 < len(majors) <= _LINES_IN_A_CLOSED_BOX and all(isinstance(step, Node) for step in region.steps):
        return (TextLine(title), *(TextLine(line.text, True) for lines in majors for line in lines))
    count = layers(region, known)
    return (TextLine(title), TextLine(f"{count} layers", True)) if count > 1 else (TextLine(title),)


def layers(region: Region, known: dict[int, int]) -> int:
    """Convolutions and linear layers in a region, every run counted. `known` keeps what was counted, by identity."""
    if id(region) not in known:
        known[id(region)] = sum(_step_layers(step, known) for step in region.steps)
    return known[id(region)]


def _step_layers(step: Step, known: dict[int, int]) -> int:
    if isinstance(step, Node):
        return step.operator.depth * step.count
    if isinstance(step, Use) and not step.aux:
        return layers(step.region, known) * step.count
    return 0
