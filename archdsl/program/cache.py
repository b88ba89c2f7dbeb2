"""What elaborations of one text have in common, kept from run to run. Must not elaborate anything itself.

Elaboration is a pure function of (definition, arguments, input shapes) and of the file's names that the definition reads. So a
result is good for every later run over the same text in which these are the same: a thousand depths of one network share their
blocks, and whatever analyses worked out of these. What reads a label or a shared module, and what gives outputs, hangs on more
than its key; it is not kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from archdsl.diagnostics import Diagnostic
from archdsl.limits import DEFAULTS, limit
from archdsl.ops.arguments import Size, Word
from archdsl.ops.operator import Operator
from archdsl.program.values import LazyLet
from archdsl.shapes import Formula
from archdsl.syntax import tree
from archdsl.syntax.parser import parse
from archdsl.text import Source

if TYPE_CHECKING:
    from archdsl.loading.loader import LoadedFile
    from archdsl.program.scope import Scope

_MOST_TEXTS = 64
_MOST_RESULTS = 5_000
_LONGEST_TEXT = 200_000
_PLAIN = frozenset({int, float, bool, str, Word, Fraction, Size, Formula, type(None)})
_IMPURE = frozenset({tree.Reference, tree.OutputOf, tree.Aux, tree.SharedModule, tree.Broken})

Leaf = tuple[str, Union[int, None]]
"""A name of the file, or one element of the list of that name: `depths[0]`."""


class Reads(NamedTuple):
    """The names of its file that a statement or definition reads; `is_pure`: it reads and gives nothing beside its value."""

    leaves: tuple[Leaf, ...]
    is_pure: bool


class Results:
    """What parts of one text gave, by what decides them; the imported results are among that, so they are held here."""

    __slots__ = ("_imported", "_of", "has_circles", "reads", "words")

    def __init__(self, imported: Iterable[Results]) -> None:
        self._imported = tuple(imported)
        self._of: dict[Any, Any] = {}
        self.reads: dict[int, Reads] = {}
        self.words: dict[int, _Words] = {}
        self.has_circles: bool | None = None

    def get(self, key: Any) -> Any:
        return self._of.get(key)

    def keep(self, key: Any, result: Any) -> None:
        if len(self._of) >= _MOST_RESULTS:
            self._of.clear()
        self._of[key] = result


class Parsed:
    """A text, its tree, the syntax mistakes in it, and its results for each set of imported ones."""

    __slots__ = ("_results", "report", "source", "tree")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.report: list[Diagnostic] = []
        self.tree = parse(source, self.report)
        self._results: OrderedDict[Any, Results] = OrderedDict()

    def results(self, imported: list[tuple[str, Results]]) -> Results:
        key = (*((name, id(results)) for name, results in imported), *map(limit, DEFAULTS))
        if key not in self._results:
            self._results[key] = Results(results for _, results in imported)
            if len(self._results) > _MOST_TEXTS:
                self._results.popitem(last=False)
        return self._results[key]


_parsed: OrderedDict[tuple[str, str], Parsed] = OrderedDict()


def parsed(source: Source) -> Parsed:
    """The text parsed; the same object as long as the same text of the same name is remembered."""
    if len(source.text) > _LONGEST_TEXT:
        return Parsed(source)
    key = (source.name, source.text)
    found = _parsed.get(key)
    if found is None:
        found = _parsed[key] = Parsed(source)
        if len(_parsed) > _MOST_TEXTS:
            _parsed.popitem(last=False)
    return found


def forget() -> None:
    """Forget every text, as a new process does."""
    _parsed.clear()


def key_of_names(file: LoadedFile, node: Any, scope: Scope) -> tuple[Any, ...] | None:
    """The values of the file's names that decide what a statement or definition gives; None where that hangs on more."""
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


def plain_key(value: Any) -> Any:
    """A key that tells the value from every other one (1 from 1.0 and true); None where it is bound to one run."""
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


def _reads(file: LoadedFile, node: Any) -> Reads:
    """What a node reads by itself and through every definition that it may call."""
    known = file.results.reads.get(node.start)
    if known is None:
        known = file.results.reads[node.start] = _through_calls(file, node)
    return known


def _through_calls(file: LoadedFile, node: Any) -> Reads:
    # A `default` holds in every call behind it.
    waiting = [node, *(s for s in file.tree.statements if isinstance(s, tree.Default))]
    met: set[str] = set()
    leaves: dict[Leaf, None] = {}
    is_pure = True
    while waiting:
        words = _words(file, waiting.pop())
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


class _Words(NamedTuple):
    """What stands in a node itself: names of the file's values, and all other names."""

    leaves: tuple[Leaf, ...]
    names: frozenset[str]
    is_pure: bool


def _words(file: LoadedFile, node: Any) -> _Words:
    known = file.results.words.get(node.start)
    if known is None:
        known = file.results.words[node.start] = _walk(node, file.values, file.shared)
    return known


def _walk(node: Any, values: frozenset[str], shared: frozenset[str]) -> _Words:
    """What shadows a name is not asked: a leaf more is sound."""
    leaves: dict[Leaf, None] = {}
    names: set[str] = set()
    is_pure = True
    stack: list[Any] = [node]
    while stack:
        item = stack.pop()
        kind = type(item)
        if kind in _IMPURE:
            is_pure = False
            continue
        if kind is tree.Index and (leaf := _element(item)) is not None and leaf[0] in values:
            leaves[leaf] = None
            continue
        if kind is tree.Variable or kind is tree.Call:
            name = item.name if kind is tree.Variable else item.name.text
            if name in values:
                leaves[name, None] = None
            names.add(name)
        if kind is not tree.Ident:
            stack += [part for part in item if isinstance(part, tuple)]
    return _Words(tuple(leaves), frozenset(names), is_pure and not names & shared)


def _element(item: tree.Index) -> Leaf | None:
    """`name[3]` and `name[-1]`."""
    position = item.position
    sign = 1
    if isinstance(position, tree.Unary) and position.operator == "-":
        sign, position = -1, position.operand
    if isinstance(item.value, tree.Variable) and isinstance(position, tree.Number) and isinstance(position.value, int):
        return item.value.name, sign * position.value
    return None
