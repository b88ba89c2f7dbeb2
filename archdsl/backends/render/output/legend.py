"""What is written above a picture: its title, and what its colors and symbols mean. Must not know DOT or networks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from archdsl.backends.render.layout.geometry import Rect
from archdsl.backends.render.layout.letters import text_room
from archdsl.backends.render.scene.drawing import Drawing
from archdsl.backends.render.scene.paint import FAMILIES, PLAIN, Colours, PaintBy, scale
from archdsl.records import NamedTuple

TITLE_SIZE, KEY_SIZE = 13, 8
_SIGNS = {
    "+": "add",
    "−": "subtract",
    "×": "multiply",
    "÷": "divide",
    "max": "the larger",
    "min": "the smaller",
    "‖": "concatenate",
}
_MEASURES = {
    "params": "parameters of each box, all its runs together",
    "macs": "multiply-accumulates of each box, all its runs together",
    "memory": "bytes that each box gives (float32), all its runs together",
}
_FAMILY_NAMES = {"conv": "convolution", "norm": "normalisation", "learned": "learned tensor", "regularise": "regularisation"}
_FEW = 2
_SWATCH, _ROW, _AIR, _GAP = 9.0, 15.0, 4.0, 14.0
_ABOVE, _TITLE_ROW, _NARROWEST = 8.0, 20.0, 150.0


class Key(NamedTuple):
    """A swatch, the symbol in it, or a line, and what it means; scales have several swatches for one text."""

    swatches: tuple[Colours, ...]
    text: str
    sign: str = ""
    line: Literal["", "dashed", "dotted"] = ""


class LegendMark(NamedTuple):
    """Something above the picture: a text (bold for the title), a swatch, a symbol in a circle, or a line."""

    rect: Rect
    kind: Literal["title", "text", "swatch", "sign", "dashed", "dotted"]
    text: str = ""
    colours: Colours = PLAIN


def keys(drawing: Drawing, colours: Sequence[Colours], paint: PaintBy) -> list[Key]:
    """What the colors and symbols of a picture mean: the families and symbols in it, if there are several."""
    signs = {line.text for box in drawing.boxes if box.kind == "join" for line in box.lines[:1]}
    joins = [Key((PLAIN,), name, sign) for sign, name in _SIGNS.items() if sign in signs]
    if any(arrow.kind == "aux" for arrow in drawing.arrows):
        joins.append(Key((PLAIN,), "training only", line="dashed"))
    if any(arrow.kind == "aside" for arrow in drawing.arrows):
        joins.append(Key((PLAIN,), "positions of maxima", line="dotted"))
    if paint != "op":
        figures = [colour.figure for colour in colours if colour.figure]
        return [Key(scale(), _MEASURES[paint] + (f"; darkest: {_largest(drawing, colours)}" if figures else "")), *joins]
    used = {box.paint for box in drawing.boxes if box.kind == "operator"}
    families = [Key((look,), _FAMILY_NAMES.get(name, name)) for name, look in FAMILIES.items() if name in used]
    return families + joins if len(families + joins) >= _FEW else []


def _largest(drawing: Drawing, colours: Sequence[Colours]) -> str:
    """The figure of the darkest box."""
    boxes = [colour for box, colour in zip(drawing.boxes, colours, strict=True) if box.kind in ("operator", "block")]
    return min(boxes, key=lambda colour: int(colour.fill[1:], 16)).figure


def marks(title: str, entries: Sequence[Key], bounds: Rect) -> list[LegendMark]:
    """The title over the upper left corner of a picture, the keys in rows under it; none of them wider than the picture."""
    rows: list[list[Key]] = [[]]
    right = 0.0
    for key in entries:
        width = _width(key)
        if rows[-1] and right + width > bounds.width:
            rows.append([])
            right = 0.0
        rows[-1].append(key)
        right += width + _GAP
    found = []
    y = bounds.top + _ABOVE + _ROW / 2
    for row in reversed([row for row in rows if row]):
        found += _row(row, bounds.left, y)
        y += _ROW
    middle = y + (_TITLE_ROW - _ROW) / 2
    lines = []
    for line in reversed(_lines(title, max(bounds.width, _NARROWEST))):
        width = text_room(line, TITLE_SIZE, bold=True)
        lines.append(LegendMark(Rect(bounds.left, middle - 9, bounds.left + width, middle + 9), "title", line))
        middle += _TITLE_ROW - 3
    return [*reversed(lines), *found]


def _lines(title: str, room: float) -> list[str]:
    """A title in lines no longer than the room, unless a word is."""
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_room(longer, TITLE_SIZE, bold=True) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _width(key: Key) -> float:
    return _SWATCH * len(key.swatches) + _AIR + text_room(key.text, KEY_SIZE)


def _row(row: Sequence[Key], left: float, y: float) -> list[LegendMark]:
    found = []
    for key in row:
        for swatch in key.swatches:
            rect = Rect(left, y - _SWATCH / 2, left + _SWATCH, y + _SWATCH / 2)
            found.append(LegendMark(rect, key.line or ("sign" if key.sign else "swatch"), key.sign, swatch))
            left += _SWATCH
        left += _AIR
        right = left + text_room(key.text, KEY_SIZE)
        found.append(LegendMark(Rect(left, y - _SWATCH / 2, right, y + _SWATCH / 2), "text", key.text))
        left = right + _GAP
    return found
