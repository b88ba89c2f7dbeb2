"""`xN UNIT` and stages: runs in sequence, equal ones folded, and `downsample`. Must not run statements."""

from __future__ import annotations

from contextlib import nullcontext

from archdsl import wording
from archdsl.diagnostics.mistake import Silent
from archdsl.elaborate import inside, placing, steps
from archdsl.expressions.evaluate import evaluate, refuse_twice
from archdsl.program.builder import At, Builder
from archdsl.program.scope import Pending, Scope
from archdsl.program.state import Context
from archdsl.program.values import Current, ListValue, Position, Unknown, Value, like, values_of
from archdsl.shapes.traced import pinned
from archdsl.syntax import tree

_MOST_ZEROS = 1000
_MOST_RUNS = 10**_MOST_ZEROS
"""Of the nodes in one repetition: with more, not even the counts could be written."""


def times(expression: tree.Expression, scope: Scope) -> int:
    """The number of runs that the expression gives.

    Raises:
        Mistake: it is not an integer of at least 0.
    """
    value = evaluate(expression, scope)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        count: int = pinned(value)
        return count
    raise wording.repetition.bad_count(value, scope.span(expression))


def stage_scope(ctx: Context, s: tree.Step, scope: Scope) -> Scope:
    """The scope of a stage: it holds the stage's own `downsample` and hides an outer one."""
    inner = scope.child(scope.current)
    inner.pending = None
    inner.is_stage = True
    lines = (
        [x for x in s.unit.branches[0].statements if isinstance(x, tree.Downsample)] if isinstance(s.unit, tree.Body) else []
    )
    if len(lines) > 1:
        ctx.say(wording.repetition.downsample_twice(scope.span(lines[1]), scope.span(lines[0])), scope)
    if lines:
        names = [x.name for x in lines[0].settings if x.name is not None]
        refuse_twice(names, scope)
        settings = {x.name.text: evaluate(x.value, scope) for x in lines[0].settings if x.name is not None}
        inner.pending = Pending(settings, {name.text: scope.span(name) for name in names}, scope.span(lines[0]))
    return inner


def check_pending(ctx: Context, inner: Scope, s: tree.Step, scope: Scope) -> None:
    """A `downsample` that no call could take is a mistake."""
    pending = inner.pending
    if pending is None or pending.taken or isinstance(inner.current, Unknown) or inner.lost:
        return
    ctx.say(wording.repetition.downsample_unused(pending), scope)


def repeat(ctx: Context, s: tree.Step, count: int, scope: Scope, builder: Builder, at: At) -> Current:
    """`xN UNIT`: the runs in sequence. Runs that must be equal are one step with a count."""
    if count == 0:
        return scope.current
    if isinstance(scope.current, Unknown):
        count = 1  # One run is enough to find the mistakes inside.
    span, start, own = at.span, scope.current, Builder()
    current = start if isinstance(start, Unknown) else placing.enter(own, start)
    stage = stage_scope(ctx, s, scope) if at.role == "stage" else None
    outer = stage if stage is not None else scope
    reached = outer.child(start)
    number = 0
    # One round builds one run, and counts the runs after it that must be equal to it.
    while number < count:
        reads: set[str] = set()
        inner = _scope_of_run(outer, current, number, count, reads, at.role == "stage")
        waiting = inner.pending is not None and not inner.pending.taken
        before, steps_before, given = current, len(own.steps), len(own.exported)
        with ctx.another_run(span) if number else nullcontext():
            current = steps.run_unit(ctx, s.unit, inner, own, At(str(number), None, None, span), is_run=True)
        if number == 0 and stage is not None:
            stage.current = current
            check_pending(ctx, stage, s, scope)
        if isinstance(current, Unknown):
            raise Silent
        # The run whose call took the `downsample` differs from all others.
        took = waiting and inner.pending is not None and inner.pending.taken
        equal = 0 if took else _equal_runs(reads, number, count, before, current)
        inside.take_in(reached, inner, several=True)
        if equal and (len(own.exported) != given or inside.leaving(outer, reached, at.label)):
            equal = 0  # What each run made is an output, or is read.
        if equal and at.label is not None and _members(current, own):
            equal -= 1  # The last run is separate: its outputs may be read.
        if equal and len(own.steps) == steps_before:
            if _same(before, current):
                break
            equal = 0  # A run without a step that moves values: a reference, or a list in another order.
        if equal:
            own.repeat_last(equal + 1)
        number += 1 + equal
    if not own.steps:
        return _left(current, start, own)
    if own.runs > _MOST_RUNS:
        raise wording.limits.too_many_runs(_MOST_ZEROS, span)
    read: dict[inside.Path, Current] = dict(inside.leaving(outer, reached, at.label))
    if at.label is not None:
        read |= {(name,): value for name, value in _members(current, own).items() if (name,) not in read}
    at = at._replace(name=at.name or builder.name("repeat"))
    result, members = placing.place(
        own, "repetition", at, current, start, builder, read=read, bound=scope.bound, times=s.repeat
    )
    if isinstance(result, Value) and at.label is not None:
        result.members |= members
    else:
        scope.inside |= members
    return result


def _scope_of_run(outer: Scope, current: Current, number: int, count: int, reads: set[str], is_stage: bool) -> Scope:
    """What a run sees; `reads` gets which of its positions it asks for."""
    inner = Scope(outer, outer.source, current, pending=outer.pending if number == 0 else None)
    inner.is_stage = is_stage
    inner.names["index"] = Position("index", number, reads)
    inner.names["first"] = Position("first", number == 0, reads)
    inner.names["last"] = Position("last", number == count - 1, reads)
    return inner


def _same(before: Current, after: Current) -> bool:
    pairs = [[(value.home, value.number) for value in values_of(current)] for current in (before, after)]
    return pairs[0] == pairs[1]


def _left(current: Current, start: Current, own: Builder) -> Current:
    """What runs without a step leave: the values that they started from, or those that a reference names."""
    outside = values_of(start)
    return like(current, tuple(outside[value.number] if value.home is own else value for value in values_of(current)))


def _members(current: Current, own: Builder) -> dict[str, Current]:
    """The outputs of the call that made the value: the label of a repeated call reads those of its last run."""
    if not isinstance(current, Value) or current.home is not own or current.number < own.entered:
        return {}
    return {name: value for name, value in current.members.items() if name not in own.exported}


def _equal_runs(reads: set[str], number: int, count: int, before: Current, after: Current) -> int:
    """How many of the next runs cannot differ from this one."""
    if "index" in reads or ("first" in reads and number == 0):
        return 0
    shapes = [tuple(value.shape for value in values_of(current)) for current in (before, after)]
    if shapes[0] != shapes[1] or isinstance(before, ListValue) != isinstance(after, ListValue):
        return 0
    last = count - 2 if "last" in reads else count - 1
    return max(0, last - number)
