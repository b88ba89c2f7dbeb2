"""Names for the values of a forward, and its statements printed with them. Must not decide what is a statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import chain, count
from keyword import iskeyword

from archdsl.backends.torch.expressions.identifiers import GLOBALS, Names
from archdsl.backends.torch.plan.class_plan import Printed
from archdsl.backends.torch.printing.flow import Assignment, Code, Flow, Op, PendingExpression, Value, reads, statements


def printed(flow: Flow, inputs: Sequence[tuple[Value, str]], reserved: Sequence[str], inline_results: bool = True) -> Printed:
    """The statements of a flow. `inputs` have fixed names; `reserved` names are never assigned."""
    found, pending, uses = statements(flow, inline_results)
    return _Namer(flow, found, pending, uses, inputs, reserved).printed()


class _Namer:
    """Gives names to values, statement by statement."""

    def __init__(
        self,
        flow: Flow,
        statements: list[Assignment],
        pending: dict[Value, PendingExpression],
        uses: Counter[Value],
        inputs: Sequence[tuple[Value, str]],
        reserved: Sequence[str],
    ) -> None:
        self._statements = statements
        self._pending = pending
        self._uses = uses
        self._results = [flow.find(value) for value in flow.results]
        # `_` takes what nothing reads.
        self._reserved = {*reserved, *GLOBALS, "_"}
        self._names: dict[Value, str] = dict(inputs)
        self._holders: dict[str, Value] = {name: value for value, name in inputs}
        self._last: dict[Value, float] = {}
        for at, statement in enumerate(statements):
            self._last |= dict.fromkeys(statement.reads, at)
            if statement.op.loop_over:
                # What every run reads must outlive what each of them writes.
                self._last |= dict.fromkeys(statement.op.inputs[len(statement.op.outputs) :], at + 0.5)
        for value in self._results:
            for read in reads(self._pending[value].op, pending) if value in pending else [value]:
                self._last[read] = len(statements)
        self._lines: list[tuple[str, int]] = []

    def printed(self) -> Printed:
        for at, statement in enumerate(self._statements):
            if statement.op.loop_over:
                self._loop(statement.op, at)
            else:
                code = self._code(statement.op)
                names = statement.op.names
                targets = [self._named(value, names[n], at) for n, value in enumerate(statement.op.outputs)]
                is_read = any(target != "_" for target in targets)
                self._lines.append((f"{', '.join(targets)} = {code.text}" if is_read else code.text, 0))
        return Printed(self._lines, [self._read(value).text for value in self._results])

    def _loop(self, op: Op, at: int) -> None:
        """`for block in self.stage1: x = block(x, skip)`; the variables of the current value are read and written."""
        started = [self._names[value] for value in op.inputs[: len(op.outputs)]]
        rest = [self._read(value) for value in op.inputs[len(op.outputs) :]]
        kept = [self._is_over(value, at) for value in op.inputs[: len(op.outputs)]]
        targets = [start if keep and started.count(start) == 1 else "" for start, keep in zip(started, kept, strict=True)]
        for n, value in enumerate(op.outputs):
            # Every run reads what the one before wrote, so each has a name even if nothing reads it after the loop; and
            # a variable that starts one of them is read before another is written.
            targets[n] = targets[n] or self._free(op.names[n], at, {*targets, *started})
            self._give(value, targets[n])
        for target, start in zip(targets, started, strict=True):
            if target != start:
                self._lines.append((f"{target} = {start}", 0))
        variable = "_" if op.loop_over.startswith("range(") else Names([*self._holders, *self._reserved]).take("block")
        body = op.render([Code(variable), *(Code(target) for target in targets), *rest])
        self._lines.append((f"for {variable} in {op.loop_over}:", 0))
        self._lines.append((f"{', '.join([*targets, *['_'] * op.dropped])} = {body.text}", 1))

    def _code(self, op: Op) -> Code:
        return op.render([self._read(value) for value in op.inputs])

    def _read(self, value: Value) -> Code:
        if value in self._pending:
            return self._code(self._pending[value].op)
        return Code(self._names[value])

    def _is_over(self, value: Value, at: int) -> bool:
        return self._last.get(value, -1) <= at

    def _is_free(self, name: str, at: int) -> bool:
        if name in self._reserved or iskeyword(name):
            return False
        holder = self._holders.get(name)
        return name not in self._holders or self._is_over(holder, at)

    def _named(self, value: Value, wish: str, at: int) -> str:
        """The name of a value, which it gets for good."""
        if not self._uses[value]:
            return "_"
        name = self._free(wish, at, ())
        self._give(value, name)
        return name

    def _free(self, wish: str, at: int, refused: Collection[str]) -> str:
        """A name that nothing needs after statement `at`: the wish, else `x`, `y`, `z`, else one with a number."""
        numbered = (f"{wish or 'x'}{number}" for number in count(2))
        names = chain([wish] if wish else [], "xyz", numbered)
        return next(name for name in names if name not in refused and self._is_free(name, at))

    def _give(self, value: Value, name: str) -> None:
        self._holders[name] = value
        self._names[value] = name
