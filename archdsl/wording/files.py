"""Messages about imports: what cannot be found, read or imported. Must not look for files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archdsl.diagnostics import Edit, Fix
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.text import Span
from archdsl.wording.phrases import meant, quoted_names


def unknown_import(file: str, name: str, exports: Sequence[str], span: Span) -> Mistake:
    """The file has no such definition or arch."""
    return mistake(
        "unknown-import",
        f"`{file}` has no definition `{name}`",
        span,
        notes=[f"it has {quoted_names(exports)}" if exports else "it has no definitions"],
        fixes=meant(nearest(name, exports), span),
    )


def not_in_zoo(name: str, entries: Iterable[str], span: Span) -> Mistake:
    return mistake(
        "unknown-file",
        f'the zoo has no "{name}"',
        span,
        notes=["a path ends in `.arch`; without it, it is the name of a zoo entry"],
        fixes=_meant_path(nearest(name, entries), span),
    )


def no_place(span: Span) -> Mistake:
    """Of the text that imports."""
    notes = ["import from the zoo by name, without `.arch`"]
    return mistake("unknown-file", "this text is not in a folder, so there are no files beside it", span, notes=notes)


def outside(path: str, span: Span) -> Mistake:
    return mistake(
        "import-outside",
        f'"{path}" is outside the folder of the file that is being compiled',
        span,
        notes=["imports stay inside that folder, and symbolic links do not lead out of it either"],
    )


def no_file(path: str, name: str, importer: str, beside: Iterable[str], zoo_name: str | None, span: Span) -> Mistake:
    """`name`: the end of the path; `beside`: the files in its folder; `zoo_name`: the zoo's entry that may be meant."""
    near = nearest(name, beside)
    fixes = _meant_path(path.removesuffix(name) + near if near else None, span)
    if not near and zoo_name is not None:
        fixes = [Fix("the zoo's file is imported by its name", (Edit(span, f'"{zoo_name}"'),))]
    return mistake("unknown-file", f'no file "{path}" beside `{importer}`', span, fixes=fixes)


def unreadable(name: str, why: str, span: Span) -> Mistake:
    return mistake("unreadable-file", f'"{name}" cannot be read: {why}', span)


def _meant_path(path: str | None, span: Span) -> list[Fix]:
    return [Fix(f'did you mean "{path}"?', (Edit(span, f'"{path}"'),))] if path else []
