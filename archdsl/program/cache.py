"""The cache of results that elaborations of one text share from run to run. Must not elaborate anything itself.

Elaboration is a pure function of (definition, arguments, input shapes) and of the file's names that the definition reads. So a
result is valid in every later run over the same text in which these are the same: a thousand depths of a network share their
blocks, and everything that analyses computed about these. What reads a label or a shared module, or gives outputs, depends on
more than its key, so it is not cached.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import TypeVar, Union

from archdsl.diagnostics import Diagnostic
from archdsl.limits import in_force
from archdsl.records import NamedTuple
from archdsl.syntax.parser import parse
from archdsl.text import Source

T = TypeVar("T")

_MOST_TEXTS = 64
_MOST_RESULTS = 5_000
_LONGEST_TEXT = 200_000

Leaf = tuple[str, Union[int, None]]
"""A name of the file, or one element of the list of that name: `depths[0]`."""


class Reads(NamedTuple):
    """The names of its file that a statement or definition reads; `is_pure`: it reads and gives nothing but its value."""

    leaves: tuple[Leaf, ...]
    is_pure: bool


class Words(NamedTuple):
    """What a statement itself holds: names of the file's values, all other names, whether it has definitions inside."""

    leaves: tuple[Leaf, ...]
    names: frozenset[str]
    is_pure: bool
    defines: bool


class Results:
    """What parts of one text gave, by what decides them; the imported results are among that, so they are held here."""

    __slots__ = ("_imported", "_of", "chains", "has_circles", "reads", "words")

    def __init__(self, imported: Iterable[Results]) -> None:
        self._imported = tuple(imported)
        self._of: dict[object, object] = {}
        self.reads: dict[int, Reads] = {}
        self.words: dict[int, Words] = {}
        self.has_circles: bool | None = None
        # Every `@a.b.c` of the text as its names.
        self.chains: frozenset[tuple[str, ...]] | None = None

    def get(self, key: object, kind: type[T]) -> T | None:
        """The result for a key, of the kind that is kept under such keys; None if there is none."""
        found = self._of.get(key)
        return found if isinstance(found, kind) else None

    def keep(self, key: object, result: object) -> None:
        """Hold a result; the oldest all go when there are too many."""
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
        self._results: OrderedDict[tuple[object, ...], Results] = OrderedDict()

    def results(self, imported: list[tuple[str, Results]]) -> Results:
        """The results under these imports and the present limits."""
        key = (*((name, id(results)) for name, results in imported), *in_force().values())
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
