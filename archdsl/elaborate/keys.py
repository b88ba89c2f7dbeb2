"""What decides the result of a statement or definition in any run over one text: the keys of the cache. Must not elaborate."""

from __future__ import annotations

from fractions import Fraction

from archdsl.ops.arguments import Size, Word
from archdsl.ops.operator import Operator
from archdsl.program.cache import Leaf, Reads, Words
from archdsl.program.file import LoadedFile
from archdsl.program.scope import Scope
from archdsl.program.values import Binding, LazyLet
from archdsl.shapes import Formula
from archdsl.syntax import tree

_PLAIN = frozenset({int, float, bool, str, Word, Fraction, Size, Formula, type(None)})
_IMPURE = frozenset({tree.Reference, tree.OutputOf, tree.Aux, tree.SharedLine, tree.Broken})


def key_of_names(file: LoadedFile, node: tree.Step | tree.Definition, scope: Scope) -> tuple[object, ...] | None:
    """The values of the file's names that decide what a statement or definition gives; None if that depends on more."""
    reads = _reads(file, node)
    if not reads.is_pure:
        return None
    values = []
    for name, index in reads.leaves:
        value = scope.names.get(name)
        if index is not None and isinstance(value, tuple) and -len(value) <= index < len(value):
            value = value[index]
        key = plain_key(value)
        if key is None:
            return None
        values.append(key)
    return tuple(values)


def plain_key(value: Binding) -> object:
    """A key that distinguishes the value from every other one (1 from 1.0 and true); None if it is bound to one run."""
    kind = type(value)
    if kind in _PLAIN:
        return kind, value
    if isinstance(value, Operator):
        return Operator, value.name
    if isinstance(value, LazyLet):
        # A `let` of a library, which has the same value in every run.
        return (LazyLet,)
    if isinstance(value, tuple):
        keys = [plain_key(item) for item in value]
        return None if None in keys else (kind, *keys)
    return None


def _reads(file: LoadedFile, node: tree.Statement) -> Reads:
    """What a node reads by itself and through every definition that it may call."""
    known = file.results.reads.get(node.start)
    if known is None:
        known = file.results.reads[node.start] = _through_calls(file, node)
    return known


def _through_calls(file: LoadedFile, node: tree.Statement) -> Reads:
    waiting: list[tree.Statement] = [node, *file.defaults]
    met: set[str] = set()
    leaves: dict[Leaf, None] = {}
    is_pure = True
    while waiting:
        words = words_of(file, waiting.pop())
        leaves |= dict.fromkeys(words.leaves)
        is_pure = is_pure and words.is_pure
        for name in words.names - met:
            met.add(name)
            if name in file.definitions:
                waiting.append(file.definitions[name])
            elif name in file.imported:
                # The names of an imported file have their values of that text in every run.
                home = file.home(name)
                is_pure = is_pure and name in home.definitions and _reads(home, home.definitions[name]).is_pure
    return Reads(tuple(leaves), is_pure)


def words_of(file: LoadedFile, node: tree.Statement) -> Words:
    """What a statement of the file holds; it is gone through once."""
    known = file.results.words.get(node.start)
    if known is None:
        known = file.results.words[node.start] = _walk(node, file.values, file.shared)
    return known


def _walk(node: tree.Statement, values: frozenset[str], shared: frozenset[str]) -> Words:
    """What shadows a name is not asked: a leaf more is sound."""
    leaves: dict[Leaf, None] = {}
    names: set[str] = set()
    is_pure = True
    defines = 0
    stack: list[tree.Part] = [node]
    while stack:
        item = stack.pop()
        kind = type(item)
        if kind is tree.Ident:
            continue
        if kind in _IMPURE:
            is_pure = False
        elif kind is tree.Definition:
            defines += 1
        elif isinstance(item, tree.Index) and (leaf := _element(item)) is not None and leaf[0] in values:
            leaves[leaf] = None
            continue
        elif isinstance(item, (tree.Variable, tree.Call)):
            name = item.name if isinstance(item, tree.Variable) else item.name.text
            if name in values:
                leaves[name, None] = None
            names.add(name)
        stack += [inner for inner in item if isinstance(inner, tuple)]
    inner_definitions = defines > (type(node) is tree.Definition)
    return Words(tuple(leaves), frozenset(names), is_pure and not names & shared, inner_definitions)


def _element(item: tree.Index) -> Leaf | None:
    """`name[3]` and `name[-1]`."""
    position = item.position
    sign = 1
    if isinstance(position, tree.Unary) and position.operator == "-":
        sign, position = -1, position.operand
    if isinstance(item.value, tree.Variable) and isinstance(position, tree.Number) and isinstance(position.value, int):
        return item.value.name, sign * position.value
    return None
