"""Names, labels and axes: what a word in an expression means. Must not compute."""

from __future__ import annotations

from archdsl import wording
from archdsl.diagnostics.mistake import Mistake, Silent
from archdsl.expressions import functions
from archdsl.program.scope import Scope
from archdsl.program.values import Binding, Evaluated, LazyLet, ListValue, Position, Unknown, Value
from archdsl.shapes import Dim, Indices, Shape, axis_names, channels
from archdsl.syntax import tree
from archdsl.text import Span

_AXES = {"c": ("channels",), "d": ("channels",), "h": ("height",), "w": ("width",), "t": ("tokens", "frames")}
"""What a property of a value reads: the axis of this name, or of the one of them that the value has."""


def look_up(name: str, scope: Scope) -> Found | None:
    """What a name is bound to in the bodies around, or `None` (no binding is None: `none` is wrapped)."""
    inner: Scope | None = scope
    while inner is not None:
        if name in inner.names:
            return Found(_read(inner.names[name], inner, name))
        inner = inner.parent
    return None


class Found:
    """The value of a name that is defined."""

    __slots__ = ("value",)

    def __init__(self, value: Evaluated) -> None:
        self.value = value


def _read(bound: Binding, scope: Scope, name: str) -> Evaluated:
    if isinstance(bound, Position):
        bound.reads.add(bound.kind)
        return bound.value
    if isinstance(bound, LazyLet):
        scope.names[name] = value = bound.evaluate()
        return value
    if isinstance(bound, Unknown):
        raise Silent
    return bound


def may_be_lost(name: str, scope: Scope) -> bool:
    """Whether a statement that was not understood has the name in it, and so may have been what binds it."""
    return any(name in inner.lost for inner in scope.chain())


def unknown_name(name: str, span: Span, scope: Scope) -> Mistake:
    """The name has no meaning in the bodies around."""
    bound = [known for inner in scope.chain() for known in inner.names if known.isidentifier()]
    is_label = any(name in inner.labels for inner in scope.chain())
    return wording.names.unknown_name(name, span, bound, functions.FUNCTIONS, is_label)


def reference(e: tree.Reference, scope: Scope) -> Value | ListValue:
    """The value of `@label`."""
    inner: Scope | None = scope
    while inner is not None:
        if e.label in inner.labels:
            break
        inner = inner.parent
    if inner is None:
        raise _unknown_label(e, scope)
    value = inner.labels[e.label]
    if isinstance(value, Unknown):
        raise Silent
    return value


def is_axis(name: str) -> bool:
    """Whether the word is a property of every value, such as `h`."""
    return name in _AXES or name == "shape"


def member_of(value: Value, name: str) -> Value | ListValue | None:
    """`@label.NAME`: an output of that name, or a value with that label inside; None if there is neither."""
    found = value.members.get(name)
    if isinstance(found, Unknown):
        raise Silent
    return found


def _unknown_label(e: tree.Reference, scope: Scope) -> Exception:
    if may_be_lost(e.label, scope):
        return Silent()
    labels = [label for inner in scope.chain() for label in inner.labels]
    bound = look_up(e.label, scope)
    if bound is not None:
        return wording.names.no_label(e.label, bound.value, scope.span(e), labels)
    file = next((inner.file for inner in scope.chain() if inner.file is not None), None)
    places = file.labeled(e.label) if file is not None and file.source is scope.source else []
    return wording.names.unknown_label(e.label, scope.span(e), labels, places)


def axis_of(value: Value, name: str, span: Span) -> Dim | Shape:
    """`.c`, `.h`, `.shape` … of a value.

    Raises:
        Mistake: there is no such attribute, or the shape has no such axis.
    """
    shape = value.shape
    if name == "shape":
        return shape
    if name in ("c", "d") and not isinstance(shape, Indices):
        return channels(shape)
    wanted = _AXES.get(name)
    if wanted is None:
        raise wording.names.unknown_axis(name, [*_AXES, "shape"], span)
    at = next((at for at, axis in enumerate(axis_names(shape)) if axis in wanted), None)
    if at is None:
        raise wording.names.missing_axis(shape, name, span)
    return shape[at]
