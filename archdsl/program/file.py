"""One file of a program: its text, its tree, what it imports. Must not read files or elaborate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archdsl.program.cache import Results
from archdsl.syntax import tree
from archdsl.syntax.labels import Placed, labeled
from archdsl.text import Source, Span


class LoadedFile:
    """One file: its text, its tree, and the files that its imports name.

    Attributes:
        folder: where its relative imports start; None for a text that is not in a file.
        root: the folder that its relative imports may not leave.
        definitions, shared, values: what its own lines bind: definitions, shared modules, and arch parameters and `let`s.
        defaults: its `default` lines; each applies to every call after it.
        imported: for each imported name the file that it comes from.
        labels: where each label stands, as soon as that was asked.
        instances: results of instantiating it in this run, kept by the elaborator.
        results: those that hold in other runs too.
    """

    __slots__ = (
        "defaults",
        "definitions",
        "folder",
        "head",
        "imported",
        "instances",
        "labels",
        "results",
        "root",
        "shared",
        "source",
        "tree",
        "values",
    )

    def __init__(self, source: Source, file: tree.File, folder: Path | None, root: Path | None) -> None:
        self.source = source
        self.tree = file
        self.results = Results(())
        self.folder = folder
        self.root = root
        self.imported: dict[str, tuple[LoadedFile, Span]] = {}
        self.instances: dict[Any, Any] = {}
        heads = [s for s in file.statements if isinstance(s, (tree.ArchLine, tree.DerivedArch))]
        self.head = heads[0] if heads else None
        self.labels: dict[str, list[Placed]] | None = None
        self.definitions = {s.name.text: s for s in file.statements if isinstance(s, tree.Definition)}
        self.shared = frozenset(s.name.text for s in file.statements if isinstance(s, tree.SharedLine))
        self.defaults = tuple(s for s in file.statements if isinstance(s, tree.Default))
        parameters = self.head.parameters if isinstance(self.head, tree.ArchLine) else ()
        lets = (s.name.text for s in file.statements if isinstance(s, tree.Let))
        self.values = frozenset((*(parameter.name.text for parameter in parameters), *lets))

    def apart(self) -> LoadedFile:
        """The same files without any results: what is elaborated of them neither finds nor leaves any."""
        return self._apart({})

    def _apart(self, known: dict[int, LoadedFile]) -> LoadedFile:
        if id(self) not in known:
            copy = known[id(self)] = LoadedFile(self.source, self.tree, self.folder, self.root)
            copy.imported = {name: (file._apart(known), span) for name, (file, span) in self.imported.items()}
            copy.instances = {key: value for key, value in self.instances.items() if key == "circular"}
        return known[id(self)]

    def labeled(self, label: str) -> list[Placed]:
        """Every step with this label, in the order of the text; the text is gone through once, at the first question."""
        if self.labels is None:
            self.labels = labeled(self.tree)
        return self.labels.get(label, [])

    def speaks_of(self, word: str) -> bool:
        """Whether the word is anywhere in the text, or in a text that it imports."""
        return word in self.source.text or any(file.speaks_of(word) for file, _ in self.imported.values())

    def home(self, name: str) -> LoadedFile:
        """The file in which an imported name that passes through imports is written."""
        file = self.imported[name][0]
        while name not in file.definitions and (file.head is None or file.head.name.text != name) and name in file.imported:
            file = file.imported[name][0]
        return file

    @property
    def exports(self) -> list[str]:
        """Names that another file may import."""
        own = list(self.definitions)
        return [*own, self.head.name.text] if self.head is not None else own
