"""Names, labels and axes: what a word in an expression stands for. Must not compute."""

from __future__ import annotations

from typing import Any

from archdsl.diagnostics import Edit, Fix
from archdsl.diagnostics.mistake import Mistake, Silent, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.expressions import functions
from archdsl.ops.registry import WORDS
from archdsl.program.callables import LazyLet, Position
from archdsl.program.scope import Scope
from archdsl.program.values import ListValue, Unknown, Value
from archdsl.shapes import channels
from archdsl.syntax import tree
from archdsl.text import Span
from archdsl.wording.values import kind_of, show, this_is

_LONG_NAMES = {"channels": "c", "height": "h", "width": "w", "tokens": "t", "size": "shape", "dim": "d"}
_AXES = {"c": (3, 2, 1), "d": (3, 2, 1), "h": (3,), "w": (3,), "t": (2,)}


def look_up(name: str, scope: Scope) -> Found | None:
    """What a name is bound to in the bodies around, or `None` (no binding is None: `none` is wrapped)."""
    inner: Scope | None = scope
    while inner is not None:
        if name in inner.names:
            return Found(_read(inner.names[name], inner, name))
        inner = inner.parent
    return None


class Found:
    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def _read(bound: Any, scope: Scope, name: str) -> Any:
    if isinstance(bound, Position):
        bound.reads.add(bound.kind)
        return bound.value
    if isinstance(bound, LazyLet):
        scope.names[name] = bound.evaluate()
        return scope.names[name]
    if isinstance(bound, Unknown):
        raise Silent
    return bound


def may_be_lost(name: str, scope: Scope) -> bool:
    """Whether a statement that was not understood has the name in it, and so may have been what binds it."""
    return any(name in inner.lost for inner in scope.chain())


def unknown_name(name: str, span: Span, scope: Scope) -> Mistake:
    known = [bound for inner in scope.chain() for bound in inner.names if bound.isidentifier()]
    guess = nearest(name, known) or nearest(name, [*functions.FUNCTIONS, *WORDS, "true", "false", "none"])
    fixes = [Fix(f"did you mean `{guess}`?", (Edit(span, guess),))] if guess else []
    notes = []
    if name in functions.FUNCTIONS:
        fixes, notes = [], [f"`{name}` is a function: it is written `{name}(…)`"]
    if any(name in inner.labels for inner in scope.chain()):
        fixes, notes = [], [f"`{name}` is a label: its value is `@{name}`, its channels are `@{name}.c`"]
    if name == "input":
        fixes = [Fix("the current value is `in`", (Edit(span, "in"),))]
    return mistake("unknown-name", f"no `{name}` is bound here", span, notes=notes, fixes=fixes)


def reference(e: tree.Reference, scope: Scope) -> Value | ListValue:
    """The value of `@label` or `@label.output`."""
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
    if e.member is None:
        return value  # type: ignore[no-any-return]
    members = value.members if isinstance(value, Value) else {}
    if e.member in members:
        member = members[e.member]
        if isinstance(member, Unknown):
            raise Silent
        return member
    if isinstance(value, Value) and (e.member in _AXES or e.member == "shape"):
        return axis_of(value, e.member, scope.span(e))  # type: ignore[no-any-return]
    guess = nearest(e.member, members)
    notes = ["its outputs: " + ", ".join(f"`{m}`" for m in members)] if members else [f"`{e.label}` has no `output` inside"]
    fixes = [Fix(f"did you mean `@{e.label}.{guess}`?", (Edit(scope.span(e), f"@{e.label}.{guess}"),))] if guess else []
    raise mistake("unknown-output", f"`@{e.label}` has no output `{e.member}`", scope.span(e), notes=notes, fixes=fixes)


def _unknown_label(e: tree.Reference, scope: Scope) -> Exception:
    if may_be_lost(e.label, scope):
        return Silent()
    known = [label for inner in scope.chain() for label in inner.labels]
    span = scope.span(e)
    guess = nearest(e.label, known)
    fixes = [Fix(f"did you mean `@{guess}`?", (Edit(span, f"@{guess}"),))] if guess else []
    notes = [] if guess else ["a step is labelled by a name and a colon: `skip: conv 3x3 64`"]
    bound = look_up(e.label, scope)
    if bound is not None:
        message = f"`@` wants the label of a value, and `{e.label}` is {kind_of(bound.value)}"
        text = "" if kind_of(bound.value).startswith("the ") else this_is(bound.value)
        return mistake("unknown-label", message, span, text, notes=notes, fixes=fixes)
    return mistake("unknown-label", f"no value is labelled `{e.label}` before this point", span, notes=notes, fixes=fixes)


def axis_of(value: Value, name: str, span: Span) -> Any:
    shape = value.shape
    if name == "shape":
        return shape
    if name in ("c", "d"):
        return channels(shape)
    ranks = _AXES.get(name)
    if ranks is None:
        guess = nearest(name, [*_AXES, "shape"])
        fixes = [Fix(f"did you mean `{guess}`?", (Edit(span, guess),))] if guess else []
        if not guess and name in _LONG_NAMES:
            fixes = [Fix(f"it is written `.{_LONG_NAMES[name]}`", (Edit(span, _LONG_NAMES[name]),))]
        notes = ["it has `.c`, `.d`, `.h`, `.w`, `.t` and `.shape`"]
        raise mistake("no-such-attribute", f"a value has no `.{name}`", span, notes=notes, fixes=fixes)
    if len(shape) not in ranks:
        missing = {"h": "height", "w": "width", "t": "token count"}[name]
        raise mistake("no-such-axis", f"a value of shape {show(shape)} has no {missing}", span)
    return shape[{"h": 1, "w": 2, "t": 0}[name]]
