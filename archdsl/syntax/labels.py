"""Where a label stands in a tree, and in what: for messages about a label that is not seen. Must not know values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archdsl.records import NamedTuple
from archdsl.syntax import tree


class Placed(NamedTuple):
    """A labeled step, and the body around it.

    Attributes:
        around: what the body belongs to, in words: a `stage`, a branch of `residual`, the definition `f`; empty at the top.
        part: the step whose body it is, where that step could have a label itself.
        is_last: whether it is the last step of that body.
    """

    label: tree.Ident
    around: str
    part: tree.Step | None
    is_last: bool


def labeled(file: tree.File) -> dict[str, list[Placed]]:
    """For each label every step that has it, in the order of the text."""
    found: dict[str, list[Placed]] = {}
    for placed in sorted(_in(file.statements, "", None), key=lambda placed: placed.label.start):
        found.setdefault(placed.label.text, []).append(placed)
    return found


def _in(statements: tuple[tree.Statement, ...], around: str, part: tree.Step | None) -> Iterator[Placed]:
    steps = [statement for statement in statements if isinstance(statement, (tree.Step, tree.For, tree.If))]
    for statement in statements:
        if isinstance(statement, tree.Step) and statement.label is not None:
            yield Placed(statement.label, around, part, statement is steps[-1])
        if isinstance(statement, tree.SideValue):
            yield Placed(statement.name, around, part, False)
        for body, inner, owner in _bodies(statement):
            for branch in body.branches:
                yield from _in(branch.statements, inner, owner)


def _bodies(statement: tree.Statement) -> Iterator[tuple[tree.Body, str, tree.Step | None]]:
    """The bodies of a statement: what each belongs to, and the step that could be labeled in its place."""
    match statement:
        case tree.Step(unit=tree.Body() as body):
            yield body, _part(statement), statement
        case tree.Step(unit=tree.Call(body=tree.Body() as body) as call):
            if call.name.text == "frozen":
                yield body, "a `frozen` part", statement
            else:
                own = call.name.text in ("each", "scan")
                around = f"the body of `{call.name.text}`" if own else f"a branch of `{call.name.text}`"
                yield body, around, None
        case tree.Definition() | tree.SharedLine() | tree.Aux():
            kind = {tree.Definition: "the definition", tree.SharedLine: "the shared module", tree.Aux: "the auxiliary head"}
            yield statement.body, f"{kind[type(statement)]} `{statement.name.text}`", None
        case tree.SideValue():
            yield statement.body, f"the side value `{statement.name.text}`", None
        case tree.For():
            yield statement.body, "a `for`", None
        case tree.If():
            yield from ((body, "an `if`", None) for _, body in statement.arms)
            if statement.otherwise is not None:
                yield statement.otherwise, "an `else`", None


def _part(step: tree.Step) -> str:
    if step.role is not None:
        return f"a `{step.role.text}`"
    return "a repetition" if step.repeat is not None else "a group"


def innermost_branch(file: tree.File, start: int) -> tree.Branch | None:
    """The innermost branch that holds an offset."""
    found: tree.Branch | None = None
    stack: list[Any] = list(file.statements)
    while stack:
        node = stack.pop()
        if isinstance(node, tree.Branch) and node.start <= start < node.end:
            found = node if found is None or node.end - node.start < found.end - found.start else found
        if isinstance(node, tuple) and not isinstance(node, tree.Ident):
            stack += [part for part in node if isinstance(part, tuple)]
    return found
