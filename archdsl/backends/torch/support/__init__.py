"""PyTorch classes and functions that `torch.nn` lacks, copied into generated files. Must not import anything but torch.

One public class or function a file, the file named after it in snake case (`StdConv2d` is in `std_conv2d.py`,
`unpool` in `unpool.py`); siblings are imported relatively (`from .pad_window import pad_window`). `file_of` is that
rule. This module reads the files as text and never runs them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_HERE = Path(__file__).parent


def file_of(name: str) -> str:
    """The file in this folder that defines `name`: `StdConv2d` -> `std_conv2d.py`, `RMSNorm2d` -> `rms_norm2d.py`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower() + ".py"


def has(name: str) -> bool:
    """Whether there is a file for this name."""
    return name.isidentifier() and _path(file_of(name)) is not None


@cache
def _files() -> frozenset[str]:
    return frozenset(path.name for path in _HERE.iterdir())


def _path(file: str) -> Path | None:
    """Our file of this name, or one of a package that brings operators; None if there is none."""
    if file in _files():
        return _HERE / file
    from archdsl.ops.outside import support_folders

    return next((folder / file for folder in support_folders() if (folder / file).is_file()), None)


class Part(NamedTuple):
    """One file, read.

    Attributes:
        source: its definitions and constants, as written, without the module's docstring and imports.
        imports: its imports of torch and the standard library, as statements.
        needs: the siblings that it imports.
        node: the class or function of this name.
    """

    source: str
    imports: tuple[str, ...]
    needs: tuple[str, ...]
    node: ast.ClassDef | ast.FunctionDef


@cache
def part(name: str) -> Part:
    """The file of `name`.

    Raises:
        KeyError: there is none.
    """
    if not name.isidentifier():
        raise KeyError(name)
    path = _path(file_of(name))
    if path is None:
        raise KeyError(name)
    text = path.read_text(encoding="utf-8")
    imports: list[str] = []
    needs: list[str] = []
    found: ast.ClassDef | ast.FunctionDef | None = None
    body = ast.parse(text).body
    pieces: list[str] = []
    lines = text.splitlines()
    end = 0
    for node in body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        # A comment belongs to what is below it.
        above = lines[end : first - 1]
        end = node.end_lineno or node.lineno
        if isinstance(node, ast.ImportFrom) and node.level:
            needs += [alias.name for alias in node.names]
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            if not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
                imports += _single_imports(node)
        elif not (isinstance(node, ast.Expr) and node is body[0]):
            comments = [line for line in above if line.strip()]
            blank = ["", ""] if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and pieces else []
            pieces += [*blank, *comments, *lines[first - 1 : end]]
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == name:
            found = node
    if found is None:
        raise KeyError(name)
    return Part("\n".join(pieces), tuple(imports), tuple(needs), found)


def _single_imports(node: ast.Import | ast.ImportFrom) -> Iterable[str]:
    for alias in node.names:
        renamed = f" as {alias.asname}" if alias.asname else ""
        if isinstance(node, ast.Import):
            yield f"import {alias.name}{renamed}"
        else:
            yield f"from {node.module} import {alias.name}{renamed}"


def with_needs(names: Iterable[str]) -> list[str]:
    """The names and all that they need, each after what it needs."""
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in ordered:
            return
        for needed in part(name).needs:
            visit(needed)
        ordered[name] = None

    for name in names:
        visit(name)
    return list(ordered)


def parameters(name: str) -> tuple[str, ...]:
    """What the constructor of class `name` takes, in order; () if its base class takes nothing."""
    signature = _signature(name)
    return tuple(argument.arg for argument in signature.args) if signature else ()


def defaults(name: str) -> dict[str, Any]:
    """The defaults of the constructor of class `name`, as far as they are literals."""
    found: dict[str, Any] = {}
    signature = _signature(name)
    if signature is None:
        return found
    pairs = [
        *zip(signature.args[len(signature.args) - len(signature.defaults) :], signature.defaults, strict=True),
        *zip(signature.kwonlyargs, signature.kw_defaults, strict=True),
    ]
    for argument, value in pairs:
        try:
            found[argument.arg] = ast.literal_eval(value) if value is not None else None
        except ValueError:
            continue
    return found


def _signature(name: str) -> ast.arguments | None:
    """The constructor's arguments without `self`, its own or inherited from a sibling."""
    node = part(name).node
    if isinstance(node, ast.FunctionDef):
        return node.args
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef) and inner.name == "__init__":
            copied = ast.arguments(**{field: getattr(inner.args, field) for field in inner.args._fields})
            copied.args = copied.args[1:]
            return copied
    return next((signature for base in _siblings(name) if (signature := _signature(base)) is not None), None)


def torch_base(name: str) -> str | None:
    """The class of `torch.nn` that `name` extends without a constructor of its own: `nn.Conv2d` for `StdConv2d`."""
    return None if _signature(name) is not None else ancestor(name)


def ancestor(name: str) -> str | None:
    """The class of `torch.nn` that `name` extends, also through siblings; None for `nn.Module` and for functions."""
    node = part(name).node
    if isinstance(node, ast.FunctionDef):
        return None
    own = (base for base in map(ast.unparse, node.bases) if base.startswith("nn.") and base != "nn.Module")
    return next(own, None) or next(filter(None, map(ancestor, _siblings(name))), None)


def _siblings(name: str) -> list[str]:
    """The bases of a class that are in files of their own."""
    node, needs = part(name).node, part(name).needs
    bases = node.bases if isinstance(node, ast.ClassDef) else []
    return [base.id for base in bases if isinstance(base, ast.Name) and base.id in needs]
