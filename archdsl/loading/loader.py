"""Files that import files: reading them, refusing what lies outside, naming circles. Must not elaborate."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from archdsl import wording
from archdsl.diagnostics import Diagnostic
from archdsl.diagnostics.mistake import Mistake
from archdsl.files import read_text, reason
from archdsl.limits import limit
from archdsl.program.cache import Parsed, parsed
from archdsl.program.file import LoadedFile
from archdsl.resources import zoo_names, zoo_path
from archdsl.syntax import tree
from archdsl.text import Source, Span


class Loader:
    """Reads files once each. Mistakes go to `report`; an import that fails leaves its names unknown."""

    def __init__(self, report: list[Diagnostic], texts: Mapping[str, str] = MappingProxyType({})) -> None:
        """`texts`: what files are taken to hold, by the names that messages show, whatever they do hold."""
        self.report = report
        self.texts = texts
        self.files: dict[Path, LoadedFile] = {}
        self.open: list[tuple[Path | None, str]] = []

    def load_root(self, source: Source, folder: Path | None) -> LoadedFile:
        """The file that is being compiled; what it imports lies in its folder or in the zoo."""
        text = parsed(source)
        imports = any(isinstance(statement, tree.Import) for statement in text.tree.statements)
        path = (folder / Path(source.name).name).resolve() if folder is not None and imports else None
        return self.load(text, path, folder)

    def load(self, text: Parsed, path: Path | None, root: Path | None) -> LoadedFile:
        """Load what a text imports."""
        self.report += text.report
        file = LoadedFile(text.source, text.tree, path.parent if path else root, root)
        self.open.append((path, text.source.name))
        for statement in file.tree.statements:
            if isinstance(statement, tree.Import):
                self._import(file, statement)
        self.open.pop()
        if not self.report:
            file.results = text.results([(name, loaded.results) for name, (loaded, _) in file.imported.items()])
        return file

    def _import(self, file: LoadedFile, statement: tree.Import) -> None:
        try:
            loaded = self._find(file, statement)
            for name in statement.names:
                self._bind(file, loaded, name)
        except Mistake as wrong:
            self.report.append(wrong.diagnostic)
            for name in statement.names:
                file.imported.setdefault(
                    name.text,
                    (LoadedFile(file.source, tree.File((), True), None, None), Span(file.source, name.start, name.end)),
                )

    def _bind(self, file: LoadedFile, loaded: LoadedFile, name: tree.Ident) -> None:
        span = Span(file.source, name.start, name.end)
        if name.text not in loaded.exports and name.text not in loaded.imported and not loaded.tree.is_broken:
            raise wording.files.unknown_import(loaded.source.name, name.text, loaded.exports, span)
        other, first = file.imported.get(name.text, (loaded, span))
        if other is not loaded:
            raise wording.statements.imported_twice(name.text, span, first)
        file.imported[name.text] = (loaded, span)

    def _find(self, file: LoadedFile, statement: tree.Import) -> LoadedFile:
        text = statement.path.value
        span = Span(file.source, statement.path.start, statement.path.end)
        if len(self.open) > limit("imports"):
            raise wording.limits.reached("imports", span)
        path, root = _zoo(text, span) if not text.endswith(".arch") else _relative(text, span, file)
        real = path.resolve()
        if real in self.files:
            return self.files[real]
        paths = [opened for opened, _ in self.open]
        if real in paths:
            circle = [name for _, name in self.open[paths.index(real) :]]
            raise wording.circles.import_circle(circle, span)
        loaded = self.load(parsed(_read(path, span, file, self.texts)), real, root)
        self.files[real] = loaded
        return loaded


def _zoo(name: str, span: Span) -> tuple[Path, Path]:
    path = zoo_path(name)
    if path is not None:
        return path, path.parent
    raise wording.files.not_in_zoo(name, zoo_names(), span)


def _relative(text: str, span: Span, file: LoadedFile) -> tuple[Path, Path]:
    if file.folder is None or file.root is None:
        raise wording.files.no_place(span)
    if os.path.isabs(text) or "\\" in text or "\0" in text or ":" in text:
        raise wording.files.outside(text, span)
    path = file.folder / text
    root = file.root.resolve()
    lexical = Path(os.path.normpath(path.absolute()))
    if not lexical.is_relative_to(Path(os.path.normpath(file.root.absolute()))) or not _resolved(path).is_relative_to(root):
        raise wording.files.outside(text, span)
    if not path.is_file():
        others = {p.name for p in path.parent.glob("*.arch")} if path.parent.is_dir() else set()
        beside = others - {Path(file.source.name).name}
        in_zoo = text.removesuffix(".arch")
        entry = in_zoo if zoo_path(in_zoo) is not None else None
        raise wording.files.no_file(text, path.name, file.source.name, beside, entry, span)
    return path, file.root


def _resolved(path: Path) -> Path:
    """Where a path leads. A link that leads to itself leads nowhere: it stays what it is, no file in its own folder."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.parent.resolve() / path.name


def _read(path: Path, span: Span, file: LoadedFile, texts: Mapping[str, str]) -> Source:
    name = str(Path(file.source.name).parent / path.name) if path.parent == file.folder else path.name
    if name in texts:
        return Source(name, texts[name])
    try:
        return Source(name, read_text(path))
    except (OSError, ValueError) as error:
        raise wording.files.unreadable(path.name, reason(error), span) from None
