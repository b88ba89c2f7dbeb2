"""Where a fact was found, and what made the values there. Must not word the facts."""

from __future__ import annotations

import re

from archdsl.diagnostics import Label
from archdsl.ops.operator import Operator
from archdsl.program.scope import Frame
from archdsl.program.values import FromInput, InputName, Value
from archdsl.records import NamedTuple
from archdsl.shapes import shape_text
from archdsl.text import Span


class Operand(NamedTuple):
    """Which input of a call a value is: a join's branch, one that is written as an argument, or else the current value.

    Attributes:
        branch: its number from 1; 0 for none.
        is_identity: the branch does nothing, so that its value is the one that it starts from.
    """

    branch: int = 0
    written: Span | None = None
    is_identity: bool = False

    @property
    def title(self) -> str:
        """How a message calls it."""
        if self.branch:
            return f"branch {self.branch}"
        return self.written.text if self.written is not None else "current value"


class CallSite:
    """Where a fact was found: the step, its call, the operator's name, the spans of its arguments, the inputs."""

    __slots__ = ("arguments", "call", "frame", "inputs", "name", "operands", "operator", "step")

    def __init__(
        self,
        operator: Operator,
        name: Span,
        call: Span,
        step: Span,
        arguments: dict[str, Span],
        inputs: tuple[Value, ...],
        frame: Frame | None,
        operands: tuple[Operand, ...] = (),
    ) -> None:
        self.operator = operator
        self.name = name
        self.call = call
        self.step = step
        self.arguments = arguments
        self.inputs = inputs
        self.frame = frame
        self.operands = operands

    def value_span(self, argument: str) -> Span | None:
        """Where an argument's value is written, without its name; None if it is not written."""
        span = self.arguments.get(argument)
        if span is None:
            return None
        # It is the span of one argument, so a name and `=` can only be its first two tokens.
        found = re.match(rf"{re.escape(argument)}\s*=\s*", span.text)
        return Span(span.source, span.start + found.end(), span.end) if found else span

    def before_step(self) -> Span:
        """The empty place before the step that the call is: before its label, role and repetition too."""
        return Span(self.step.source, self.step.start, self.step.start)


def made(at: CallSite) -> list[Label]:
    """Who made the first input, as a secondary place."""
    return made_by(at.inputs[0], at) if at.inputs else []


def made_by(value: Value, at: CallSite) -> list[Label]:
    """Who made a value."""
    span = value.step
    if span is None or span == at.call or _overlap(span, at.name):
        return []
    subject = "the input is" if is_input(span) else "this made"
    return [Label(head(span), f"{subject} {shape_text(value.shape)}")]


def used_here(at: CallSite, primary: Span) -> list[Label]:
    """The call, if the setting that fails is written elsewhere: by a `default` or a `downsample`."""
    is_inside = primary.source is at.call.source and at.call.start <= primary.start < at.call.end
    return [] if is_inside else [Label(at.name, f"this `{at.name.text}` has it")]


def is_input(span: Span) -> bool:
    """Whether a span is the name in an `input` line."""
    return isinstance(span, InputName)


def head(span: Span) -> Span:
    """The first line of a long step."""
    end = span.source.text.find("\n", span.start, span.end)
    return span if end < 0 else Span(span.source, span.start, max(end, span.start + 1))


def origin_span(origin: object, frame: Frame | None) -> Span | None:
    """The step of an origin; one that came in with the call is looked up in the caller."""
    while isinstance(origin, FromInput):
        if frame is None or origin.number >= len(frame.inputs):
            return None
        outer = frame.inputs[origin.number].origins
        origin, frame = (outer[origin.axis] if origin.axis < len(outer) else None), frame.caller
    return origin if isinstance(origin, Span) else None


def _overlap(a: Span, b: Span) -> bool:
    return a.source is b.source and a.start < b.end and b.start < a.end
