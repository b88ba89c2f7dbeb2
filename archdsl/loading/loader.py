"""Files that import files: reading them, refusing what lies outside, naming circles. Must not elaborate."""

from __future__ import annotations

import os
from pathlib import Path

from archdsl import wording
from archdsl.diagnostics import Diagnostic, Edit, Fix, Label
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.files import read_text, reason
from archdsl.limits import limit
from archdsl.program.cache import Parsed, parsed
from archdsl.program.file import LoadedFile
from archdsl.resources import zoo_names, zoo_path
from archdsl.syntax import tree
from archdsl.text import Source, Span


class Loader:
    """Reads files once each. Mistakes go to `report`; an import that fails leaves its names unknown."""

    def __init__(self, report: list[Diagnostic]) -> None:
        self.report = report
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
            guess = nearest(name.text, loaded.exports)
            fixes = [Fix(f"did you mean `{guess}`?", (Edit(span, guess),))] if guess else []
            raise mistake(
                "unknown-import",
                f"`{loaded.source.name}` has no definition `{name.text}`",
                span,
                notes=["it has " + ", ".join(f"`{known}`" for known in loaded.exports)]
                if loaded.exports
                else ["it has no definitions"],
                fixes=fixes,
            )
        other, first = file.imported.get(name.text, (loaded, span))
        if other is not loaded:
            labels = [Label(first, "first here")]
            raise mistake("defined-twice", f"`{name.text}` is imported from two files", span, labels=labels)
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
        for opened, name in self.open:
            if opened is not None and opened == real:
                circle = [n for _, n in self.open[[p for p, _ in self.open].index(opened) :]]
                chain = " -> ".join([*circle, name])
                message = f"`{name}` imports itself" if len(circle) == 1 else f"files import one another in a circle: {chain}"
                raise mistake("import-circle", message, span, "this closes the circle" if circle[1:] else "")
        loaded = self.load(parsed(_read(path, span, file)), real, root)
        self.files[real] = loaded
        return loaded


def _zoo(name: str, span: Span) -> tuple[Path, Path]:
    path = zoo_path(name)
    if path is not None:
        return path, path.parent
    guess = nearest(name, zoo_names())
    fixes = [Fix(f'did you mean "{guess}"?', (Edit(span, f'"{guess}"'),))] if guess else []
    raise mistake(
        "unknown-file",
        f'the zoo has no "{name}"',
        span,
        notes=["a path ends in `.arch`; without it, it is the name of a zoo entry"],
        fixes=fixes,
    )


def _relative(text: str, span: Span, file: LoadedFile) -> tuple[Path, Path]:
    if file.folder is None or file.root is None:
        raise mistake(
            "unknown-file",
            "a text without a place has no files beside it",
            span,
            notes=["import from the zoo by name, without `.arch`"],
        )
    outside = mistake(
        "import-outside",
        f'"{text}" lies outside the folder of the file that is being compiled',
        span,
        notes=["imports stay inside that folder; symbolic links do not lead out of it either"],
    )
    if os.path.isabs(text) or "\\" in text or "\0" in text or ":" in text:
        raise outside
    path = file.folder / text
    root = file.root.resolve()
    lexical = Path(os.path.normpath(path.absolute()))
    if not lexical.is_relative_to(Path(os.path.normpath(file.root.absolute()))) or not _resolved(path).is_relative_to(root):
        raise outside
    if not path.is_file():
        others = {p.name for p in path.parent.glob("*.arch")} if path.parent.is_dir() else set()
        near = nearest(path.name, others - {Path(file.source.name).name})
        meant = text.removesuffix(path.name) + near if near else ""
        fixes = [Fix(f'did you mean "{meant}"?', (Edit(span, f'"{meant}"'),))] if near else []
        in_zoo = text.removesuffix(".arch")
        if not near and zoo_path(in_zoo) is not None:
            fixes = [Fix("the zoo's is imported by its name", (Edit(span, f'"{in_zoo}"'),))]
        raise mistake("unknown-file", f'no file "{text}" beside `{file.source.name}`', span, fixes=fixes)
    return path, file.root


def _resolved(path: Path) -> Path:
    """Where a path leads. A link that leads to itself leads nowhere: it stays what it is, no file in its own folder."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.parent.resolve() / path.name


def _read(path: Path, span: Span, file: LoadedFile) -> Source:
    name = str(Path(file.source.name).parent / path.name) if path.parent == file.folder else path.name
    try:
        return Source(name, read_text(path))
    except (OSError, ValueError) as error:
        raise mistake("unreadable-file", f'"{path.name}" cannot be read: {reason(error)}', span) from None
