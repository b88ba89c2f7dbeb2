"""The syntax tree as a listing: one line per node with its place, its parts indented below. Must not know each form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archdsl.syntax import tree
from archdsl.text import Source

if TYPE_CHECKING:
    from typing import TypeGuard


def tree_listing(node: tree.Part, source: Source) -> str:
    """A tree of NamedTuples with `start` and `end`."""
    return "\n".join(_lines("", node, source, 0))


def _lines(field: str, value: tree.Part, source: Source, depth: int) -> Iterator[str]:
    indent = "  " * depth + (f"{field}: " if field else "")
    names = tree.fields(value)
    if names:
        yield f"{indent}{_head(value, source)}"
        for name in names:
            part = getattr(value, name)
            if _is_inner(part):
                yield from _lines(name, part, source, depth + 1)
        return
    yield f"{indent}[{len(value)}]"
    for item in value:
        if isinstance(item, tuple):
            yield from _lines("", item, source, depth + 1)
        else:
            yield f"{'  ' * (depth + 1)}{_text(item)}"


def _head(node: tree.Part, source: Source) -> str:
    """The node's class, its plain settings, and where it starts."""
    settings = "".join(
        f" {name}={_text(getattr(node, name))}"
        for name in tree.fields(node)
        if name not in ("start", "end") and not _is_inner(getattr(node, name)) and getattr(node, name) not in (None, (), False)
    )
    place = ""
    start: int | None = getattr(node, "start", None)
    if start is not None:
        at = source.place(start)
        place = f" @{at.line}:{at.column}"
    return f"{type(node).__name__}{settings}{place}"


def _text(value: object) -> str:
    return repr(value) if isinstance(value, str) else str(value)


def _is_inner(value: object) -> TypeGuard[tree.Part]:
    return isinstance(value, tuple) and bool(value)
