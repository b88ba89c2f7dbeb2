"""A width that was read too late: `in.c` after the squeeze is the squeezed width. Must not find the mistake."""

from __future__ import annotations

import re

from archdsl.diagnostics import Edit, Fix
from archdsl.ops.facts import MismatchFact
from archdsl.shapes import channel_axis
from archdsl.syntax import tree
from archdsl.syntax.labels import innermost_branch
from archdsl.text import Span
from archdsl.wording.origins import CallSite, origin_span


def width_read_late(fact: MismatchFact, at: CallSite, file: tree.File | None) -> tuple[list[str], Fix | None]:
    """A note, and a fix that keeps the width that came in, where a step that fixed the channels has `in.c` for its width."""
    for number, shape in enumerate(fact.shapes):
        axis = channel_axis(shape)
        if axis not in fact.axes or number >= len(at.inputs):
            continue
        maker = origin_span(at.inputs[number].origins[axis], at.frame) if axis < len(at.inputs[number].origins) else None
        read = re.search(r"\bin\.([cd])\b", maker.text) if maker is not None else None
        if maker is None or read is None or not re.match(r"\s*(?:\w+\s*:\s*)?(?:linear|fc|conv)\b", maker.text):
            continue
        what = read.group()
        note = f"`{what}` is {shape[axis]} there, since `in` is the value at its place and not what came in"
        return [note], _kept(maker, what, file) if file is not None and maker.source is at.call.source else None
    return [], None


def _kept(maker: Span, what: str, file: tree.File) -> Fix | None:
    """`let c = in.c` at the start of the body, and its name in place of what is read."""
    branch = innermost_branch(file, maker.start)
    if branch is None or not branch.statements:
        return None
    source, name = maker.source, what[-1]
    start = branch.statements[0].start
    if start == maker.start:
        return None
    reads = [maker.start + found.start() for found in re.finditer(rf"\b{re.escape(what)}\b", maker.text)]
    before = source.text[source.text.rfind("\n", 0, start) + 1 : start]
    gap = "\n" + before if not before.strip() else " ; "
    edits = [Edit(Span(source, start, start), f"let {name} = {what}{gap}")]
    edits += [Edit(Span(source, read, read + len(what)), name) for read in reads]
    return Fix(f"keep what came in: `let {name} = {what}` at the start of the body", tuple(edits))
