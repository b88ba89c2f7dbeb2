"""SVG made robust: text that stays in its place in any font that the reader has, and no names of ours. Must not move anything.

Graphviz writes each piece of a line as a text of its own, anchored at its left end, as wide as it believes it to be. A
renderer without Helvetica or Arial sets it wider: pieces would run into each other, and lines out of their boxes. So the
pieces of a line become one text, and in boxes it is anchored in the middle, with room on both sides. The font is named once,
and comments go.
"""

from __future__ import annotations

import re
from html import escape

_GROUP = re.compile(r'(?=<g id="(?:node|edge|clust)\d+")')
_TEXT = re.compile(r'<text (?:xml:space="preserve" )?text-anchor="start" x="([-\d.]+)" y="([-\d.]+)"([^>]*)>([^<]*)</text>\n?')
_LINE = re.compile(rf"(?:{_TEXT.pattern})+".replace("([", "(?:["))
_SHAPE = re.compile(r' (?:d|points)="([^"]+)"')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_OUR_NAME = re.compile(r"<title>(?:m\d+|b\d+(?:&#45;&gt;b\d+)?|cluster_\d+)</title>\n?")
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_FAMILY = re.compile(r' font-family="[^"]*"')
_GRAPH = re.compile(r'<g id="graph0" class="graph"')
_GRAPH_NAME = re.compile(r"<title>[^<]*</title>")


def finished_svg(text: str, title: str) -> str:
    """The same picture with whole lines, called `title`."""
    renamed = _OUR_NAME.sub("", "".join(map(_with_whole_lines, _GROUP.split(_COMMENT.sub("", text)))))
    families = _FAMILY.findall(renamed)
    if families:
        renamed = _GRAPH.sub(rf"\g<0>{families[0]}", _FAMILY.sub("", renamed), count=1)
    return _GRAPH_NAME.sub(lambda _: f"<title>{escape(title)}</title>", renamed, count=1)


def _with_whole_lines(group: str) -> str:
    middle = _middle(group)
    return _LINE.sub(lambda block: _joined(block[0], middle), group)


def _middle(group: str) -> float | None:
    """The middle of a box; None if it is not a box."""
    shape = _SHAPE.search(group)
    if shape is None or "<title>b" not in group or not group.startswith('<g id="node'):
        return None
    xs = [float(number) for number in _NUMBER.findall(shape[1])][::2]
    return (min(xs) + max(xs)) / 2


def _joined(block: str, middle: float | None) -> str:
    """Texts that follow each other, those of one height as one."""
    lines: dict[str, list[tuple[str, str, str]]] = {}
    for x, y, style, words in _TEXT.findall(block):
        lines.setdefault(y, []).append((x, style, words))
    return "".join(_line(y, pieces, middle) for y, pieces in lines.items())


def _line(y: str, pieces: list[tuple[str, str, str]], middle: float | None) -> str:
    x, style, words = pieces[0]
    anchor = f'text-anchor="start" x="{x}"' if middle is None else f'text-anchor="middle" x="{middle:.2f}"'
    rest = "".join(f"<tspan{_explicit(other)}>{more}</tspan>" for _, other, more in pieces[1:])
    return f'<text xml:space="preserve" {anchor} y="{y}"{style}>{words}{rest}</text>\n'


def _explicit(style: str) -> str:
    """A piece's style, with what it must not take over from the piece before."""
    weight = "" if "font-weight" in style else ' font-weight="normal"'
    return style + weight + ("" if "fill=" in style else ' fill="black"')
