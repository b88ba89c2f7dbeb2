"""How large boxes and the rows of titles are, in points. No font of the machine has a say. Must not know DOT or svg.

Text is measured by Helvetica's metrics. The air at the sides is enough for the fonts that stand in for it. All sizes are even
numbers of points: halves of boxes are whole then, and every version of Graphviz finds the same places.
"""

from __future__ import annotations

from math import ceil

from archdsl.backends.render.layout.letters import LINE, text_room, text_width
from archdsl.backends.render.scene.drawing import Box, TextLine

TEXT_SIZE, MINOR_SIZE = 10.0, 8.0
FORK, OPEN_END, CIRCLE = 4, 6, 14
"""Diameters."""
_AIR, _LEAST = (14.4, 5.9), (64.0, 18.0)
_MINOR_AIR, _MINOR_LEAST = (11.5, 2.9), (36.0, 14.0)
_END_LEAST = (44.0, 18.0)
_PILL_AIR, _PILL_LEAST = 10.0, 22.0
_TIGHT = 4.0
_A_PORT = 46.0
"""Along the side of a box that gives several values: room for the shape of each."""
BADGE_GAP = 2 * text_width(" ", TEXT_SIZE)


def even(length: float) -> int:
    """The next even number of points."""
    return 2 * ceil(length / 2 - 1e-9)


def box_size(box: Box, has_figure: bool = False) -> tuple[int, int]:
    """Width and height. `has_figure`: a cost stands under its lines."""
    if box.kind == "fork":
        return (FORK, FORK)
    if not box.lines:
        return (OPEN_END, OPEN_END)
    if box.kind == "join":
        return _join_size(box)
    air, least = (_MINOR_AIR, _MINOR_LEAST) if box.is_minor else (_AIR, _LEAST)
    if box.kind in ("input", "output"):
        least = _END_LEAST
    lines = [line_width(box, number) for number in range(len(box.lines))]
    height = sum(LINE * line_size(line) for line in box.lines) + (LINE * MINOR_SIZE if has_figure else 0)
    width = max(least[0], max(lines, default=0.0) + air[0], max(lines, default=0.0) * 1.15 + _TIGHT)
    ports = len(box.shapes) if box.kind == "block" else 1
    return (even(max(width, ports * _A_PORT if ports > 1 else 0.0)), even(max(least[1], height + air[1])))


def is_circle(box: Box) -> bool:
    """A join of one sign and nothing else; or the open end of a block that is drawn alone."""
    return not box.lines or (box.kind == "join" and len(box.lines) == 1 and len(box.lines[0].text) == 1)


def line_size(line: TextLine) -> float:
    """The size of a line's text, in points."""
    return MINOR_SIZE if line.minor else TEXT_SIZE


def line_width(box: Box, number: int) -> float:
    """Of one line of a box, the badge after the first included."""
    line = box.lines[number]
    width = text_width(line.text, line_size(line), bold=number == 0 and box.kind == "block")
    return width + (BADGE_GAP + text_width(f"×{box.times}", TEXT_SIZE, bold=True) if number == 0 and box.times > 1 else 0.0)


def _join_size(box: Box) -> tuple[int, int]:
    """A circle for a sign alone; a pill for a sign and what comes right after."""
    if is_circle(box):
        return (CIRCLE, CIRCLE)
    width = text_width(box.lines[0].text, TEXT_SIZE) + text_room(join_note(box), MINOR_SIZE) + BADGE_GAP / 2
    return (even(max(_PILL_LEAST, width + _PILL_AIR)), CIRCLE)


def join_note(box: Box) -> str:
    """What stands beside the sign of a join: `relu`."""
    return " · ".join(line.text for line in box.lines[1:])
