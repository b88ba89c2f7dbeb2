"""Messages about the form of joins: what they have to join, and how it is written. Must not join.

Those about shapes that do not fit together are in `archdsl.wording.mismatches`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from archdsl.diagnostics import Edit, Fix
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.ops.registry import find
from archdsl.syntax import tree
from archdsl.text import Source, Span
from archdsl.wording.arguments import unknown_argument
from archdsl.wording.values import kind_of


def nothing_to_join(name: str, call: tree.Call, span: Span, labels: Container[str]) -> Mistake:
    """`labels`: the labels of values that could be joined."""
    notes = [f"`{name} < a | b >` joins branches"]
    if name == "residual":
        notes = ["`residual < a >` adds the branch to the value that it starts from"]
    elif name == "parallel":
        notes = ["`parallel < a | b >` makes a list of the results of its branches"]
    else:
        notes.append(f"`{name} @label` joins the current value and a labeled one")
    return _no_branches(f"`{name}` has nothing to join", span, notes, _operand_fixes(call, span.source, labels))


def _operand_fixes(call: tree.Call, source: Source, labels: Container[str]) -> list[Fix]:
    """`add @skip` for `add skip`, `residual < conv 3x3 64 >` for `residual conv 3x3 64`."""
    if not call.arguments:
        return []
    first = call.arguments[0]
    names = [a.value for a in call.arguments if isinstance(a.value, tree.Variable) and a.name is None]
    if len(names) == len(call.arguments) and all(name.name in labels for name in names):
        edits = tuple(Edit(Span(source, name.start, name.start), "@") for name in names)
        return [Fix("write `@` before the label to use its value", edits)]
    if call.touching:
        return []
    if call.name.text == "max":
        window = Edit(Span(source, call.name.start, call.name.end), "maxpool")
        return [Fix("`maxpool` gives the largest number of each window", (window,))]
    if first.name is None and isinstance(first.value, tree.Variable) and find(first.value.name) is not None:
        # What follows on the line most likely is part of the branch.
        line = re.compile(r"\s*;[^\n<>|#]*[^\s<>|#]").match(source.text, call.end)
        ends = [line.end(), call.end] if line is not None else [call.end]
        start = Edit(Span(source, first.start, first.start), "< ")
        message = "its branch is written between `<` and `>`"
        return [Fix(message, (start, Edit(Span(source, end, end), " >"))) for end in ends]
    return []


def branches_and_references(name: str, span: Span) -> Mistake:
    return _no_branches(f"`{name}` takes branches or references, not both", span, [_reference_as_branch(name)])


def references_for_branches(name: str, span: Span) -> Mistake:
    """`residual` and `parallel` take branches only."""
    note = "`add @label` adds a labeled value" if name == "residual" else _reference_as_branch(name)
    return _no_branches(f"`{name}` takes branches, not references", span, [note])


def _reference_as_branch(name: str) -> str:
    return f"a branch may be a reference: `{name} < @label | … >`"


def too_many_for_residual(count: int, has_loop: bool, span: Span) -> Mistake:
    """`residual` with more than two branches, or with a `for`."""
    message = "`residual` has one or two branches"
    if has_loop:
        message += ", and so no `for`"
    elif count > 2:
        message += f", not {count}"
    return _no_branches(message, span, ["`add` takes any number"])


def branches_and_loop(count: int, span: Span) -> Mistake:
    notes = ["without `|`, the body is one branch, made for each element"]
    return _no_branches(f"with `for` a join has one branch, not {count}", span, notes)


def no_elements(name: str, span: Span) -> Mistake:
    """A join with a `for` over an empty list."""
    return _no_branches(f"`{name}` has no branch: the list is empty", span)


def _no_branches(message: str, span: Span, notes: Iterable[str] = (), fixes: Iterable[Fix] = ()) -> Mistake:
    return mistake("no-branches", message, span, notes=notes, fixes=fixes)


def unknown_setting(join: str, setting: tree.WrittenArgument, known: Sequence[str], span: Span) -> Mistake:
    """`residual` has no setting but `when`, and `parallel` none."""
    name = setting.name.text if setting.name is not None else "positional"
    return unknown_argument(join, name, known, span)


def unequal_slices(channels: object, count: int, span: Span) -> Mistake:
    """Of `split=true`."""
    message = f"{channels} channels cannot be split into {count} equal slices"
    return mistake("not-divisible", message, span, notes=[f"each of the {count} branches gets a slice of its own"])


def no_value(value: object, span: Span) -> Mistake:
    """A number where only values of the network can be."""
    return mistake("bad-argument", f"this is {kind_of(value)}, not a value of the network", span)
