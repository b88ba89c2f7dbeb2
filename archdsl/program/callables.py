"""What names are bound to that can be called or are computed later: definitions, archs, bodies. Must not elaborate them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from archdsl.ir import Region, Shared
from archdsl.program.builder import Builder
from archdsl.program.file import LoadedFile
from archdsl.program.scope import Scope
from archdsl.program.values import Callee
from archdsl.syntax import tree
from archdsl.text import Span


class Closure(Callee):
    """A definition with the scope that it was written in. `memo` maps (arguments, input shapes) to what it gave."""

    __slots__ = ("definition", "memo", "scope")

    def __init__(self, definition: tree.Definition, scope: Scope) -> None:
        self.definition = definition
        self.scope = scope
        self.memo: dict[object, Any] = {}

    @property
    def name(self) -> str:
        """The name in the text."""
        return self.definition.name.text


class BodyArgument(Callee):
    """The body that a call passes to a definition: it runs with its caller's names."""

    __slots__ = ("branch", "scope", "span")

    def __init__(self, branch: tree.Branch, scope: Scope, span: Span) -> None:
        self.branch = branch
        self.scope = scope
        self.span = span


class SharedClosure(Callee):
    """`shared NAME < body >`: built from its first input, then applied with the same parameters."""

    __slots__ = ("body", "builder", "first", "is_running", "memo", "module", "name", "scope", "span")

    def __init__(self, name: str, body: tree.Body, scope: Scope, builder: Builder, module: Shared, span: Span) -> None:
        self.name = name
        self.body = body
        self.scope = scope
        self.builder = builder
        self.module = module
        self.span = span
        self.first: tuple[Region, Span] | None = None
        self.is_running = False
        self.memo: dict[object, Any] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Its body runs, so it must not be applied in there."""
        self.is_running = True
        try:
            yield
        finally:
            self.is_running = False


class ArchClosure(Callee):
    """An arch that is called like a definition: that of a file."""

    __slots__ = ("file", "memo", "name")

    def __init__(self, name: str, file: LoadedFile) -> None:
        self.name = name
        self.file = file
        self.memo: dict[object, Any] = {}
