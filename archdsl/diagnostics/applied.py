"""Texts with the edits of fixes applied, and fixes one after another as one. Must not judge what the edits lead to."""

from __future__ import annotations

from collections.abc import Mapping

from archdsl.diagnostics import Edit, Fix
from archdsl.records import NamedTuple
from archdsl.text import Source, Span

Texts = Mapping[str, str]
"""Files by their names as messages show them, with other content."""


def applied(fix: Fix, texts: Texts) -> Texts | None:
    """The texts with the edits of a fix; None where the edits touch one another."""
    changed = dict(texts)
    for name, edits in by_file(fix).items():
        text = texts.get(name, edits[0].span.source.text)
        end = len(text) + 1
        for edit in reversed(edits):
            if edit.span.end > end:
                return None
            end = edit.span.start
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        changed[name] = text
    return changed


def by_file(fix: Fix) -> dict[str, list[Edit]]:
    """The edits of each file, in the order of its text."""
    found: dict[str, list[Edit]] = {}
    for edit in sorted(fix.edits, key=lambda edit: edit.span.start):
        found.setdefault(edit.span.source.name, []).append(edit)
    return found


def one_after_another(first: Fix, second: Fix) -> Fix:
    """Both fixes as one for the text of the first; the second was made for the text that the first one gives."""
    further = by_file(second)
    edits: list[Edit] = []
    for name, own in by_file(first).items():
        edits += _both(own, further.pop(name, []))
    for more in further.values():
        edits += more
    gap = " " if first.message.endswith("?") else "; "
    message = first.message if second.message in first.message else f"{first.message}{gap}{second.message}"
    return first._replace(message=message, edits=tuple(edits), safe=first.safe and second.safe)


class _Piece(NamedTuple):
    """An edit by offsets: of the old text and, by what is added before it, of the new one."""

    start: int
    end: int
    text: str


def _both(first: list[Edit], second: list[Edit]) -> list[Edit]:
    source = first[0].span.source
    pieces = [_Piece(edit.span.start, edit.span.end, edit.text) for edit in first]
    # From the end of the text on, so that the places of those that are left stay what they are.
    for edit in reversed(second):
        pieces = _with(pieces, edit, source)
    return [Edit(Span(source, piece.start, piece.end), piece.text) for piece in pieces]


def _with(pieces: list[_Piece], edit: Edit, source: Source) -> list[_Piece]:
    """The pieces with one more edit, which is of the text that they give; those that it touches become one with it."""
    start, end = edit.span.start, edit.span.end
    before: list[_Piece] = []
    touched: list[tuple[_Piece, int]] = []
    after: list[_Piece] = []
    shift = 0
    for piece in pieces:
        at = piece.start + shift
        if at + len(piece.text) < start:
            before.append(piece)
        elif at <= end:
            touched.append((piece, at))
        else:
            after.append(piece)
            continue
        shift += len(piece.text) - (piece.end - piece.start)
    moved = sum(len(piece.text) - (piece.end - piece.start) for piece in before)
    if not touched:
        return [*before, _Piece(start - moved, end - moved, edit.text), *after]
    (first, first_at), (last, last_at) = touched[0], touched[-1]
    old_start, old_end = min(first.start, start - moved), max(last.end, end - shift)
    head = first.text[: start - first_at] if start > first_at else ""
    tail = last.text[end - last_at :] if end < last_at + len(last.text) else ""
    return [*before, _Piece(old_start, old_end, head + edit.text + tail), *after]
