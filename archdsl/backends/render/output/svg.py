"""Svg, written from places: the same bytes on every machine. Must not place anything, nor use Graphviz.

Each box is a group whose id is the path of the step that it stands for (`stage1.0.conv1`); resting on it tells path, shape and
cost. Texts are whole lines, anchored in the middle of boxes, so that they stay in their place whatever font the reader has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from archdsl.backends.render.layout.box_sizes import (
    MINOR_SIZE,
    TEXT_SIZE,
    is_circle,
    join_note,
    line_size,
)
from archdsl.backends.render.layout.geometry import Path, Placed, Point, Rect
from archdsl.backends.render.layout.letters import LINE
from archdsl.backends.render.layout.titles import title_style
from archdsl.backends.render.output.legend import KEY_SIZE, TITLE_SIZE, LegendMark
from archdsl.backends.render.output.sheet import Sheet
from archdsl.backends.render.output.style import ARROW_HEAD, AUX, FONT, GREY, LABEL_SIZE, LINE_COLOUR, arrow_stroke, frame_look
from archdsl.backends.render.scene.captions import axes_text
from archdsl.backends.render.scene.drawing import Arrow, Box, Drawing
from archdsl.backends.render.scene.loads import measure
from archdsl.backends.render.scene.paint import Colours, box_costs
from archdsl.shapes import Dim

_PAD = 9.0
_FRAME_CORNER, _BOX_CORNER = 11.0, 9.0
_MIDDLE = 0.35
"""From the middle of a line to its base line, in sizes of the letters: half the height of a capital."""
_DASHES = ' stroke-dasharray="5,3"'
_STROKES = {"dashed": _DASHES, "dotted": ' stroke-dasharray="1.2,2"', "": ""}


def svg_source(sheet: Sheet, hints: Sequence[str]) -> str:
    """A picture as svg; `hints` is what resting on each box tells."""
    drawing, area = sheet.drawing, sheet.area.grown(_PAD)
    width, height = _n(area.width), _n(area.height)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}"',
            f' role="img" style="max-width:100%;height:auto" font-family="{FONT}" font-size="{_n(TEXT_SIZE)}">',
            f"<title>{_text(drawing.title)}</title>",
            f"<desc>{_text(_description(drawing))}</desc>",
            f'<rect width="{width}" height="{height}" fill="white"/>',
            *_Paper(drawing, sheet.placed, area).drawn(sheet.colours, sheet.marks, hints),
            "</svg>\n",
        ]
    )


def _description(drawing: Drawing) -> str:
    """What is to be seen, for those who do not see it."""
    ends = {
        kind: [
            " ".join(line.text for line in box.lines) + " " + axes_text(box.shape)
            for box in drawing.boxes
            if box.kind == kind and box.lines
        ]
        for kind in ("input", "output")
    }
    count = sum(box.kind in ("operator", "block", "join") for box in drawing.boxes)
    return f"{drawing.title}, by {drawing.level}: {count} boxes from {', '.join(ends['input'])} to {', '.join(ends['output'])}"


class _Paper:
    """Writes the elements of one picture; y runs downwards here."""

    def __init__(self, drawing: Drawing, placed: Placed, area: Rect) -> None:
        self.drawing, self.placed, self.area = drawing, placed, area

    def drawn(self, colours: Sequence[Colours], marks: Sequence[LegendMark], hints: Sequence[str]) -> Iterator[str]:
        for mark in marks:
            yield self._mark(mark)
        for number in range(len(self.drawing.clusters)):
            if number in self.placed.tile.frames:
                yield from self._frame(number)
        for number in range(len(self.drawing.arrows)):
            yield from self._arrow(number)
        for number, box in enumerate(self.drawing.boxes):
            yield from self._box(box, self.placed.tile.boxes[number], colours[number], hints[number])

    def _point(self, point: Point) -> str:
        return f"{_n(point[0] - self.area.left)},{_n(self.area.top - point[1])}"

    def _rectangle(self, rect: Rect, corner: float) -> str:
        x, y = rect.left - self.area.left, self.area.top - rect.top
        return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(rect.width)}" height="{_n(rect.height)}" rx="{_n(corner)}"'

    def _words(self, x: float, y: float, size: float, anchor: str, inside: str, more: str = "") -> str:
        """A line whose middle is at a height of the picture."""
        base = self.area.top - y + _MIDDLE * size
        where = f'x="{_n(x - self.area.left)}" y="{_n(base)}"'
        return f'<text xml:space="preserve" text-anchor="{anchor}" {where} font-size="{_n(size)}"{more}>{inside}</text>'

    def _mark(self, mark: LegendMark) -> str:
        (x, y), look = mark.rect.centre, mark.colours
        if mark.kind in ("title", "text"):
            size, more = (TITLE_SIZE, ' font-weight="bold"') if mark.kind == "title" else (KEY_SIZE, f' fill="{GREY}"')
            return self._words(mark.rect.left, y, size, "start", _text(mark.text), more)
        if mark.kind in ("dashed", "dotted"):
            (left, y), (right, _) = mark.rect.centre, (mark.rect.right + 2, 0)
            start, end = self._point((2 * left - right, y)), self._point((right, y))
            return f'<path d="M{start}L{end}" stroke="{AUX}" stroke-width="0.8"{_STROKES[mark.kind]}/>'
        shape = self._circle(mark.rect) if mark.kind == "sign" else self._rectangle(mark.rect, 0)
        swatch = f'{shape} fill="{look.fill}" stroke="{look.line}" stroke-width="0.8"/>'
        return swatch + (self._words(x, y, KEY_SIZE - 1, "middle", _text(mark.text)) if mark.text else "")

    def _circle(self, rect: Rect) -> str:
        x, y = rect.centre
        return f'<circle cx="{_n(x - self.area.left)}" cy="{_n(self.area.top - y)}" r="{_n(rect.height / 2)}"'

    def _frame(self, number: int) -> Iterator[str]:
        cluster, tile = self.drawing.clusters[number], self.placed.tile
        look, (size, is_bold) = frame_look(cluster), title_style(cluster)
        yield (
            f'{self._rectangle(tile.frames[number], _FRAME_CORNER)} class="frame" fill="{look.fill}" stroke="{look.line}"'
            f' stroke-width="0.8"{_DASHES if cluster.aux else ""}/>'
        )
        title, note, badge = map(_text, tile.headings[number])
        gap = "\u00a0\u00a0"
        words = [f'<tspan font-weight="bold">{title}</tspan>' if title and is_bold else title]
        words += [f'<tspan fill="{GREY}">{note}</tspan>' if note else ""]
        words += [f'<tspan font-weight="bold">{badge}</tspan>' if badge else ""]
        row = tile.titles[number]
        if any(words):
            yield self._words(row.left, row.centre[1], size, "start", gap.join(filter(None, words)), ' fill="#222222"')

    def _arrow(self, number: int) -> Iterator[str]:
        arrow, path = self.drawing.arrows[number], self.placed.tile.paths[number]
        stroke = arrow_stroke(arrow)
        line, dashes = AUX if stroke else LINE_COLOUR, _STROKES[stroke]
        yield f'<path class="edge" d="{self._curve(path)}" fill="none" stroke="{line}" stroke-width="0.8"{dashes}/>'
        if path.tip is not None and self.drawing.boxes[arrow.head].kind != "fork":
            yield f'<path d="{self._head(path.points[-1], path.tip)}" fill="{line}"/>'
        if self.placed.label(number):
            yield self._label(number, arrow)

    def _label(self, number: int, arrow: Arrow) -> str:
        rect, side = self.placed.tile.labels[number], self.placed.side(number)
        x = {"left": rect.left, "right": rect.right, "center": rect.centre[0]}[side]
        anchor = {"left": "start", "right": "end", "center": "middle"}[side]
        return self._words(x, rect.centre[1], LABEL_SIZE, anchor, _text(self.placed.label(number)), f' fill="{GREY}"')

    def _curve(self, path: Path) -> str:
        first, *rest = map(self._point, path.points)
        return f"M{first}C{' '.join(rest)}"

    def _head(self, base: Point, tip: Point) -> str:
        """A triangle from the end of a path to the tip."""
        dx, dy = tip[0] - base[0], tip[1] - base[1]
        length = (dx * dx + dy * dy) ** 0.5 or 1.0
        side = (-dy / length * ARROW_HEAD, dx / length * ARROW_HEAD)
        corners = [tip, (base[0] + side[0], base[1] + side[1]), (base[0] - side[0], base[1] - side[1])]
        return f"M{'L'.join(map(self._point, corners))}Z"

    def _box(self, box: Box, rect: Rect, look: Colours, hint: str) -> Iterator[str]:
        if box.kind == "fork":
            yield f'{self._circle(rect)} fill="{LINE_COLOUR}"/>'
            return
        yield f'<g id="{_text(box_id(box))}" class="{box.kind}">' if box.lines else "<g>"
        if hint:
            yield f"<title>{_text(hint)}</title>"
        is_end, is_pill = box.kind in ("input", "output") and bool(box.lines), box.kind == "join" and not is_circle(box)
        shape = self._circle(rect) if is_circle(box) else self._rectangle(rect, min(_BOX_CORNER, rect.height / 2.4))
        line = AUX if is_end and box.aux else look.line
        yield (
            f'{shape} fill="{"#fdfbe8" if is_pill else look.fill}" stroke="{line}" stroke-width="{1.4 if is_end else 0.8}"'
            f"{_DASHES if is_end and box.aux else ''}/>"
        )
        yield from self._lines(box, rect, look)
        yield "</g>"

    def _lines(self, box: Box, rect: Rect, look: Colours) -> Iterator[str]:
        if not box.lines:
            return
        x, middle = rect.centre
        ink, grey = f' fill="{look.text}"', f' fill="{look.text if look.figure else GREY}"'
        if box.kind == "join":
            note = (
                f'\u00a0<tspan font-size="{_n(MINOR_SIZE)}"{grey}>{_text(join_note(box))}</tspan>' if len(box.lines) > 1 else ""
            )
            yield self._words(x, middle, TEXT_SIZE, "middle", _text(box.lines[0].text) + note, ink)
            return
        lines = [(_text(line.text), line_size(line), grey if line.minor else ink) for line in box.lines]
        words, size, fill = lines[0]
        badge = f'\u00a0\u00a0<tspan font-weight="bold">×{box.times}</tspan>' if box.times > 1 else ""
        if box.kind == "block":
            words = f'<tspan font-weight="bold">{words}</tspan>'
        lines[0] = (words + badge, size, fill)
        if look.figure:
            lines.append((f'<tspan font-weight="bold">{_text(look.figure)}</tspan>', MINOR_SIZE, ink))
        y = middle + LINE * sum(size for _, size, _ in lines) / 2
        for words, size, fill in lines:
            yield self._words(x, y - LINE * size / 2, size, "middle", words, fill)
            y -= LINE * size


def box_id(box: Box) -> str:
    """The path of the first step that a box stands for; of an input or output what it is, and its name."""
    return ".".join(box.loads[0].first) if box.loads else f"{box.kind}.{box.lines[0].text}".replace(" ", "-")


def hints(drawing: Drawing) -> list[str]:
    """What resting on each box tells: its path, the shape that it gives, its cost in all runs."""
    params, macs = (box_costs(drawing, measure(by)) for by in ("params", "macs"))
    found = []
    for box, learned, multiplied in zip(drawing.boxes, params, macs, strict=True):
        told = [box_id(box), *map(axes_text, box.shapes)] if box.loads else []
        told += [f"{_count(learned)} parameters"] if box.loads and learned != 0 else []
        told += [f"{_count(multiplied)} MACs"] if box.loads and multiplied != 0 else []
        found.append(" · ".join(told))
    return found


def _count(number: Dim) -> str:
    """`9,536`, or a formula of free dimensions."""
    return f"{number:,}" if isinstance(number, int) else str(number)


def _text(words: str) -> str:
    """Text of strangers is text: no markup, and no character that XML forbids."""
    return escape("".join(letter if letter.isprintable() else " " for letter in words), quote=True)


def _n(number: float) -> str:
    """At most two decimals."""
    return f"{number:.2f}".rstrip("0").rstrip(".") if number else "0"
