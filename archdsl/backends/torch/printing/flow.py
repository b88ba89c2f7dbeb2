"""The body of a `forward`: from numbered values to statements with names. Must not know how modules are constructed.

1. Every step that computes is an `Op`; steps that pass their input on are not, as their output is the same value.
2. A value that is read once goes into the expression that reads it, as long as that stays easy to read.
3. The values left get names (`local_names`): their label, `branch1` … before a join, else `x`, or `y` if `x` is needed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence

from archdsl.records import NamedTuple

Value = Hashable
_SLOT = re.compile(r"\{(\w+)\}")
_SIMPLE = re.compile(r"-?\w+\Z")
_LONGEST = 76
_DEEPEST = 4


class Code(NamedTuple):
    """An expression; `is_atom`: it needs no parentheses."""

    text: str
    is_atom: bool = True


class Op(NamedTuple):
    """One step.

    Attributes:
        render: from the inputs' expressions to the expression.
        kind: `layer` (has weights), `norm`, `activation`, `block` (a class), `join`, `other`.
        names: what the outputs would like to be called, "" for no wish.
        stays: a statement of its own.
        reads_twice: an input occurs twice in the expression, so it must have a name.
        loop_over: for a loop, what it runs through; `render` is then its body.
        dropped: for a loop, how many further values each run gives that nothing reads.
    """

    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    render: Callable[[Sequence[Code]], Code]
    kind: str
    names: tuple[str, ...]
    stays: bool = False
    reads_twice: bool = False
    loop_over: str = ""
    dropped: int = 0


class Flow:
    """Ops in order, and what leaves."""

    def __init__(self) -> None:
        self.ops: list[Op] = []
        self.results: list[Value] = []
        self._same: dict[Value, Value] = {}

    def alias(self, value: Value, of: Value) -> None:
        """Make `value` another name of the value `of`."""
        self._same[value] = self.find(of)

    def find(self, value: Value) -> Value:
        """The value that `value` is another name of; else itself."""
        return self._same.get(value, value)

    def add(self, op: Op) -> None:
        """Add a step; its inputs may be other names of values."""
        self.ops.append(op._replace(inputs=tuple(self.find(value) for value in op.inputs)))


class Assignment(NamedTuple):
    """An op that is printed on its own; `reads` are the named values in its expression, inlined ones resolved."""

    op: Op
    reads: tuple[Value, ...]


class PendingExpression(NamedTuple):
    """An expression that waits for its reader."""

    op: Op
    depth: int
    length: int
    has_layer: bool
    is_preactivated: bool


def call(callee: str) -> Callable[[Sequence[Code]], Code]:
    """Code that calls `callee` with its inputs."""
    return lambda inputs: Code(f"{callee}({', '.join(code.text for code in inputs)})")


def expression(template: str, settings: dict[str, str]) -> Callable[[Sequence[Code]], Code]:
    """A template of the lowering with its settings filled in."""
    if not all(_SIMPLE.match(setting) for setting in settings.values()):
        # The colon of a slice gets spaces if a bound is more than a name or a number.
        template = template.replace("}:{", "} : {")

    def render(inputs: Sequence[Code]) -> Code:
        def fill(match: re.Match[str]) -> str:
            slot = match.group(1)
            if slot == "all":
                return ", ".join(code.text for code in inputs)
            if not slot.isdigit():
                return settings[slot]
            code = inputs[int(slot)]
            before, after = template[: match.start()].rstrip()[-1:], template[match.end() :].lstrip()[:1]
            is_enclosed = before in ("(", "[", ",") and after in (")", "]", ",")
            return code.text if code.is_atom or is_enclosed else f"({code.text})"

        text = _SLOT.sub(fill, template)
        return Code(text, _is_atom(template))

    return render


def _is_atom(template: str) -> bool:
    """Whether the whole template is one call or attribute chain: no operator outside of brackets."""
    depth = 0
    for sign in template:
        depth += (sign in "([") - (sign in ")]")
        if depth == 0 and sign in "+-*/@ ":
            return False
    return True


def statements(flow: Flow, inline_results: bool) -> tuple[list[Assignment], dict[Value, PendingExpression], Counter[Value]]:
    """The statements in order, the expressions that the results still are, and how often each value is read."""
    results = [flow.find(value) for value in flow.results]
    uses: Counter[Value] = Counter(results)
    for op in flow.ops:
        uses.update(op.inputs)
    pending: dict[Value, PendingExpression] = {}
    own: dict[int, bool] = {}
    for at, op in enumerate(flow.ops):
        waiting = [(value, pending[value]) for value in op.inputs if value in pending]
        if not _may_inline(op, [p for _, p in waiting]):
            for value, _ in waiting:
                del pending[value]
            waiting = []
        depth = _depth(op, [p for _, p in waiting])
        length = len(op.render([Code("x")] * len(op.inputs)).text) + sum(p.length for _, p in waiting)
        has_layer = op.kind in ("layer", "block") or any(p.has_layer for _, p in waiting)
        comes_first = op.kind == "layer" and any(p.op.kind in ("norm", "activation") for _, p in waiting)
        own[at] = op.stays or bool(op.loop_over) or len(op.outputs) != 1 or uses[op.outputs[0]] != 1
        if not own[at]:
            pending[op.outputs[0]] = PendingExpression(op, depth, length, has_layer, comes_first)
    if not inline_results or len(results) != 1:
        for value in results:
            pending.pop(value, None)
    statements = [
        Assignment(op, tuple(reads(op, pending))) for op in flow.ops if len(op.outputs) != 1 or op.outputs[0] not in pending
    ]
    return statements, pending, uses


def _may_inline(op: Op, waiting: list[PendingExpression]) -> bool:
    """Whether what waits for this op reads well inside it."""
    if op.loop_over or op.reads_twice:
        return False
    length = len(op.render([Code("x")] * len(op.inputs)).text) + sum(p.length for p in waiting)
    depth = _depth(op, waiting)
    if length > _LONGEST or depth > _DEEPEST:
        return False
    if op.kind == "join":
        return all(p.depth < _DEEPEST - 1 and p.op.kind != "join" for p in waiting)
    if op.kind == "block":
        return False
    for p in waiting:
        ends_a_layer = p.has_layer and p.op.kind in ("activation", "other", "join") and op.kind == "layer"
        if p.op.kind == "block" or ends_a_layer or (op.kind == "norm" and p.is_preactivated):
            return False
    return True


def _depth(op: Op, waiting: list[PendingExpression]) -> int:
    """How deep the steps are nested in one expression."""
    return 1 + max((p.depth for p in waiting), default=0)


def reads(op: Op, pending: dict[Value, PendingExpression]) -> list[Value]:
    """The values that an expression reads once its pending parts are written into it."""
    found: list[Value] = []
    for value in op.inputs:
        found += reads(pending[value].op, pending) if value in pending else [value]
    return found
