"""Files without an `arch` line that describe a network all the same. Must not run them.

Without that line a file is a library, whose steps and contracts nothing would ever check.
"""

from __future__ import annotations

from pathlib import Path

from archdsl import wording
from archdsl.program.file import LoadedFile
from archdsl.program.scope import Scope
from archdsl.program.state import Context
from archdsl.syntax import tree
from archdsl.text import Span

_OF_A_NETWORK = {
    tree.Input: "an `input`",
    tree.Expect: "a contract",
    tree.OutputOf: "an `output`",
    tree.Aux: "an `aux`",
    tree.Downsample: "a `downsample`",
    tree.Step: "steps",
    tree.For: "steps",
    tree.If: "steps",
}
_CALLED_ELSEWHERE = frozenset({"arch", "archs", "architecture", "network", "net", "model", "class", "module"})
"""The word at the start of such a line, in other languages and by a slip."""


def head_of_nameless(ctx: Context, file: LoadedFile) -> tree.ArchLine | None:
    """The line that a network without a name lacks, which is reported; None for a library."""
    scope = Scope(None, file.source)
    if not file.tree.statements:
        ctx.say(wording.arch.empty_file(Span(file.source, 0, 0)), scope)
        return None
    first = next((statement for statement in file.tree.statements if type(statement) in _OF_A_NETWORK), None)
    if first is None or file.tree.is_broken:
        return None
    if isinstance(first, tree.Step) and isinstance(first.unit, tree.Call) and _names_a_network(first):
        ctx.say(wording.arch.misspelt_arch(scope.span(first.unit.name)), scope)
        return None
    name = _name(file)
    start = next(statement.start for statement in file.tree.statements if not isinstance(statement, tree.Import))
    what = _OF_A_NETWORK[type(first)]
    place = Span(file.source, start, start)
    ctx.say(wording.arch.network_without_arch(what, scope.span(first), f"arch {name}", place), scope)
    return tree.ArchLine(tree.Ident(name, start, start), (), start, start)


def _names_a_network(step: tree.Step) -> bool:
    call = step.unit
    assert isinstance(call, tree.Call)
    return call.name.text.lower() in _CALLED_ELSEWHERE and step.label is None and step.repeat is None and bool(call.arguments)


def _name(file: LoadedFile) -> str:
    """As the file is called, where that can be a name."""
    stem = Path(file.source.name).stem.lower()
    return stem if stem.isidentifier() and stem.isascii() and stem not in _CALLED_ELSEWHERE else "mine"
