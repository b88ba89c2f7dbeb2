"""DOT, written through the `graphviz` package, with or without positions. The only place that knows DOT; it decides nothing.

Texts of strangers come in through `escaped` alone: labels are HTML-like, names are made here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from typing import TYPE_CHECKING

from archdsl.backends.render.layout.box_sizes import MINOR_SIZE, TEXT_SIZE, is_circle, join_note
from archdsl.backends.render.layout.geometry import Placed
from archdsl.backends.render.layout.titles import narrow_heading, title_room, title_style
from archdsl.backends.render.output.legend import KEY_SIZE, TITLE_SIZE, LegendMark
from archdsl.backends.render.output.sheet import Sheet
from archdsl.backends.render.output.style import AUX, FONT, GREY, LABEL_SIZE, LINE_COLOUR, arrow_stroke, frame_look
from archdsl.backends.render.scene.drawing import Arrow, Box, Cluster, Drawing
from archdsl.backends.render.scene.paint import Colours

if TYPE_CHECKING:
    from graphviz import Digraph

_GRAPH = {
    "rankdir": "TB",
    "nodesep": "0.19444",
    "ranksep": "0.25",
    "fontname": FONT,
    "fontsize": f"{TEXT_SIZE:.0f}",
    "fontcolor": "#222222",
    "bgcolor": "white",
    "pad": "0.12",
    "splines": "true",
}
_NODE = {
    "fontname": FONT,
    "fontsize": f"{TEXT_SIZE:.0f}",
    "shape": "box",
    "style": "rounded,filled",
    "margin": "0.1,0.045",
    "height": "0.26",
    "width": "0.9",
    "penwidth": "0.8",
}
_EDGE = {
    "fontname": FONT,
    "fontsize": f"{LABEL_SIZE:.0f}",
    "fontcolor": GREY,
    "color": LINE_COLOUR,
    "arrowsize": "0.5",
    "penwidth": "0.8",
}
_MANY = 150
_QUICK = {"nslimit": "0.1", "mclimit": "0.1"}
"""For units of many boxes. In small ones Graphviz has too few steps then, and `nslimit1` even corrupts its memory."""


def escaped(text: str) -> str:
    """Text for an HTML-like label: nothing in it is markup, an entity, or one of DOT's `\\N`."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return escape(printable, quote=True).replace("\\", "\\\\")


def free_source(drawing: Drawing, colours: list[Colours]) -> str:
    """The DOT text of a drawing without positions."""
    graph = _graph(drawing.name)
    graph.attr("graph", label=f"<<b>{escaped(drawing.title)}</b>>", labelloc="t", labeljust="l")
    _write(graph, drawing, colours, None, range(len(drawing.boxes)), None)
    for number, arrow in enumerate(drawing.arrows):
        label = {"label": f"<{escaped(f' {arrow.label}')}>"} if arrow.label else {}
        graph.edge(f"b{arrow.tail}", f"b{arrow.head}", **_arrow_style(drawing, number), **label)
    return str(graph.source)


def placed_source(sheet: Sheet, dpi: str | None = None) -> str:
    """The DOT text of a drawing with every position, its title and legend above it."""
    drawing, colours, placed, marks = sheet[:4]
    graph = _graph(drawing.name)
    graph.attr("graph", bb=_numbers(sheet.area))
    if dpi is not None:
        graph.attr("graph", dpi=dpi)
    for number, mark in enumerate(marks):
        if mark.kind in ("dashed", "dotted"):
            _write_line(graph, f"m{number}", mark)
        else:
            graph.node(f"m{number}", **_mark_style(mark))
    _write(graph, drawing, colours, None, range(len(drawing.boxes)), placed)
    for number, arrow in enumerate(drawing.arrows):
        text, label = placed.label(number), {}
        if text:
            label = {"label": _wide(escaped(text), placed.tile.labels[number].width, placed.side(number))}
        place = placed.arrow_attributes(number)
        graph.edge(f"b{arrow.tail}", f"b{arrow.head}", **_arrow_style(drawing, number), **label, **place)
    return str(graph.source)


def _wide(words: str, width: float, side: str) -> str:
    """A label as wide as the room that was found for it, its words at one side: so they stay there in any font."""
    cell = f'<td width="{width:.0f}" align="{side}">{words}</td>'
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="0"><tr>{cell}</tr></table>>'


def _write_line(graph: Digraph, name: str, mark: LegendMark) -> None:
    """A line of the legend, between two points that are not seen."""
    y, ends = mark.rect.centre[1], [("from", mark.rect.left - 6), ("to", mark.rect.right)]
    for end, x in ends:
        graph.node(f"{name}{end}", shape="point", style="invis", width="0", height="0", pos=f"{x:.2f},{y:.2f}")
    path = " ".join(f"{ends[0][1] + (ends[1][1] - ends[0][1]) * step / 3:.2f},{y:.2f}" for step in range(4))
    graph.edge(f"{name}from", f"{name}to", pos=path, arrowhead="none", style=mark.kind, color=AUX)


def _mark_style(mark: LegendMark) -> dict[str, str]:
    width, height = mark.rect.width, mark.rect.height
    x, y = mark.rect.centre
    place = {"pos": f"{x:.2f},{y:.2f}", "width": f"{width / 72:.4f}", "height": f"{height / 72:.4f}", "fixedsize": "true"}
    if mark.kind in ("swatch", "sign"):
        shape = "circle" if mark.kind == "sign" else "box"
        look = {"shape": shape, "style": "filled", "fillcolor": mark.colours.fill, "color": mark.colours.line, "margin": "0"}
        return place | look | {"label": escaped(mark.text), "fontsize": str(KEY_SIZE - 1)}
    words = escaped(mark.text)
    size = TITLE_SIZE if mark.kind == "title" else KEY_SIZE
    return place | {
        "shape": "box",
        "style": "",
        "penwidth": "0",
        "margin": "0",
        "fontsize": str(size),
        "fontcolor": "#1a1a1a" if mark.kind == "title" else GREY,
        "label": _wide(f"<b>{words}</b>" if mark.kind == "title" else words, width, "left"),
    }


def unit_source(drawing: Drawing, sizes: Sequence[tuple[int, int]], boxes: Collection[int]) -> str:
    """The DOT text of some boxes, to be laid out: arrows among them, and no text at all, so that no font has a say."""
    graph = _graph("unit")
    inside = set(boxes)
    if len(inside) > _MANY:
        graph.attr("graph", **_QUICK)
    coming = [arrow for arrow in drawing.arrows if arrow.head in inside and arrow.tail not in inside]
    latest = max((arrow.tail for arrow in coming), default=0)
    fed = {arrow.head for arrow in coming if arrow.tail < latest}
    # dot sets what comes first to the left, and that is where long skips come in.
    boxes = sorted(inside, key=lambda box: (drawing.boxes[box].aux, box not in fed, box))
    _write_sizes(graph, drawing, sizes, None, boxes)
    for number, arrow in enumerate(drawing.arrows):
        if arrow.tail in inside and arrow.head in inside:
            graph.edge(f"b{arrow.tail}", f"b{arrow.head}", id=f"a{number}", **_arrow_style(drawing, number))
    return str(graph.source)


def _write_sizes(
    graph: Digraph, drawing: Drawing, sizes: Sequence[tuple[int, int]], frame: int | None, boxes: Collection[int]
) -> None:
    """Boxes as plain rectangles of their sizes, and frames with room for a title, that stand directly in `frame`."""
    for number in boxes:
        if drawing.boxes[number].cluster == frame:
            width, height = sizes[number]
            graph.node(f"b{number}", label="", fixedsize="true", width=f"{width / 72:.4f}", height=f"{height / 72:.4f}")
    for number in _in_order(drawing, _frames(drawing, boxes)):
        if drawing.clusters[number].parent == frame:
            with graph.subgraph(name=f"cluster_{number}") as inner:
                width, height = title_room(drawing.clusters[number])
                cell = f'fixedsize="true" width="{width}" height="{height}"'
                table = (
                    f'<table border="0" cellborder="0" cellspacing="0" cellpadding="0" {cell}><tr><td {cell}></td></tr></table>'
                )
                inner.attr("graph", label=f"<{table}>", labeljust="l", margin="7")
                _write_sizes(inner, drawing, sizes, number, boxes)


def _graph(name: str) -> Digraph:
    import graphviz

    return graphviz.Digraph(name, graph_attr=_GRAPH, node_attr=_NODE, edge_attr=_EDGE)


def _write(
    graph: Digraph, drawing: Drawing, colours: list[Colours], frame: int | None, boxes: Collection[int], placed: Placed | None
) -> None:
    """The boxes and frames directly in `frame`, and what is in these."""
    used = _frames(drawing, boxes)
    for number in boxes:
        if drawing.boxes[number].cluster == frame:
            place = {} if placed is None else placed.box_attributes(number)
            graph.node(f"b{number}", **_box_style(drawing.boxes[number], colours[number]) | place)
    for number in _in_order(drawing, used):
        cluster = drawing.clusters[number]
        if cluster.parent == frame:
            with graph.subgraph(name=f"cluster_{number}") as inner:
                place = {} if placed is None else placed.frame_attributes(number)
                heading = narrow_heading(cluster) if placed is None else placed.tile.headings[number]
                room = None if placed is None else placed.tile.titles[number].width
                inner.attr("graph", **_frame_style(cluster, heading, room) | place)
                _write(inner, drawing, colours, number, boxes, placed)


def _in_order(drawing: Drawing, frames: Collection[int]) -> list[int]:
    """dot sets what comes first to the left: auxiliary heads belong to the right of the flow."""
    return sorted(frames, key=lambda number: (drawing.clusters[number].aux, number))


def _frames(drawing: Drawing, boxes: Collection[int]) -> set[int]:
    """The frames that hold one of the boxes, at any depth."""
    used: set[int] = set()
    for number in boxes:
        frame = drawing.boxes[number].cluster
        while frame is not None and frame not in used:
            used.add(frame)
            frame = drawing.clusters[frame].parent
    return used


def _box_style(box: Box, colours: Colours) -> dict[str, str]:
    base = {"fillcolor": colours.fill, "color": colours.line, "fontcolor": colours.text}
    if box.kind == "fork":
        point = {"shape": "circle", "width": "0.05", "height": "0.05", "fixedsize": "true", "label": "", "style": "filled"}
        return point | {"fillcolor": LINE_COLOUR, "color": LINE_COLOUR}
    if is_circle(box):
        round_ = {"shape": "circle", "width": "0.2", "height": "0.2", "fixedsize": "true", "margin": "0", "style": "filled"}
        sign = escaped(box.lines[0].text) if box.lines else ""
        return base | round_ | {"label": f"<{sign}>", "tooltip": escaped(box.hint)}
    style = "rounded,filled"
    if box.kind in ("input", "output"):
        if box.aux:
            style, base["color"] = "rounded,filled,dashed", AUX
        return base | {"label": _label(box, colours), "shape": "box", "style": style, "penwidth": "1.4", "width": "0.6"}
    if box.kind == "join":
        pill = {"height": "0.2", "width": "0.3", "margin": "0.07,0.01", "style": "rounded,filled", "fillcolor": "#fdfbe8"}
        return base | pill | {"label": _join_label(box), "tooltip": escaped(box.hint)}
    small = {"height": "0.2", "width": "0.5", "margin": "0.08,0.02"} if box.is_minor else {}
    return base | {"label": _label(box, colours), "style": style, "tooltip": escaped(box.hint)} | small


def _join_label(box: Box) -> str:
    """`+ relu`: the sign, and what comes right after."""
    sign, note = escaped(box.lines[0].text), escaped(join_note(box))
    return f'<{sign}&#160;<font point-size="{MINOR_SIZE:.0f}" color="{GREY}">{note}</font>>' if note else f"<{sign}>"


def _label(box: Box, colours: Colours) -> str:
    grey = colours.text if colours.figure else GREY
    lines = []
    for number, line in enumerate(box.lines):
        text = escaped(line.text)
        if number == 0 and box.kind == "block":
            text = f"<b>{text}</b>"
        if number == 0 and box.times > 1:
            text += f"&#160;&#160;<b>×{box.times}</b>"
        lines.append(f'<font point-size="{MINOR_SIZE:.0f}" color="{grey}">{text}</font>' if line.minor else text)
    if colours.figure:
        lines.append(f'<font point-size="{MINOR_SIZE:.0f}"><b>{escaped(colours.figure)}</b></font>')
    return f"<{'<br/>'.join(lines)}>"


def _frame_style(cluster: Cluster, heading: tuple[str, str, str], room: float | None) -> dict[str, str]:
    look = frame_look(cluster)
    size, is_bold = title_style(cluster)
    title, note, badge = map(escaped, heading)
    words = [f"<b>{title}</b>" if title and is_bold else title]
    words += [note and f'<font color="{GREY}">{note}</font>', badge and f"<b>{badge}</b>"]
    label = "&#160; ".join(word for word in words if word) or "&#160;"
    label = f'<font point-size="{size}">{label}</font>'
    return {
        "label": f"<{label}>" if room is None else _wide(label, room, "left"),
        "labeljust": "l",
        "style": "rounded,filled,dashed" if cluster.aux else "rounded,filled",
        "fillcolor": look.fill,
        "color": look.line,
        "penwidth": "0.8",
        "margin": "7",
    }


def _arrow_style(drawing: Drawing, number: int) -> dict[str, str]:
    arrow = drawing.arrows[number]
    style = {"weight": _weight(arrow, number in drawing.main)}
    stroke = arrow_stroke(arrow)
    if stroke:
        style |= {"style": stroke, "color": AUX}
    if drawing.boxes[arrow.head].kind == "fork":
        style["arrowhead"] = "none"
    return style


def _weight(arrow: Arrow, is_main: bool) -> str:
    """How straight dot draws it."""
    return "20" if is_main else "2" if arrow.kind == "flow" else "1"


def _numbers(values: Collection[float]) -> str:
    return ",".join(f"{value:.5g}" for value in values)
