"""What a project says in its pyproject.toml: `[tool.archdsl] allow = ["unused-label"]`. Must not look for warnings.

The nearest pyproject.toml that has such a table counts, from the folder of the file upwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from archdsl.diagnostics import Diagnostic, WrongUse
from archdsl.diagnostics.nearest import did_you_mean

_NAME = "pyproject.toml"
_KEYS = ("allow",)


def without_allowed(found: Sequence[Diagnostic], folder: Path | None) -> list[Diagnostic]:
    """The diagnostics without the warnings that the project of a folder allows.

    Raises:
        WrongUse: the project's table is wrong.
    """
    if folder is None or all(diagnostic.severity == "error" for diagnostic in found):
        return list(found)
    allowed = _allowed(folder.resolve())
    return [diagnostic for diagnostic in found if diagnostic.severity == "error" or diagnostic.name not in allowed]


@lru_cache(maxsize=64)
def _allowed(folder: Path) -> frozenset[str]:
    for place in (folder, *folder.parents):
        path = place / _NAME
        if path.is_file():
            names = _read(path)
            if names is not None:
                return names
    return frozenset()


def _read(path: Path) -> frozenset[str] | None:
    """The names in a file; None if it has no table of ours."""
    from tomllib import TOMLDecodeError, loads

    try:
        tools = loads(path.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, UnicodeDecodeError, TOMLDecodeError) as error:
        raise WrongUse(f"`{path}` cannot be read: {error}") from None
    if not isinstance(tools, dict) or "archdsl" not in tools:
        return None
    table = tools["archdsl"]
    if not isinstance(table, dict):
        raise WrongUse(f"`tool.archdsl` in `{path}` must be a table")
    for key in table:
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS, "it may have `allow`")
            raise WrongUse(f"`[tool.archdsl]` in `{path}` has no key `{key}`; {hint}")
    return _names(table.get("allow", []), path)


def _names(value: object, path: Path) -> frozenset[str]:
    from archdsl.resources import page_names

    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise WrongUse(f'`allow` in `{path}` must be a list of names of warnings: `allow = ["unused-label"]`')
    known = page_names()
    for name in value:
        if name not in known:
            hint = did_you_mean(name, known, "`archdsl explain` lists them")
            raise WrongUse(f"`allow` in `{path}` names no warning: `{name}`; {hint}")
    return frozenset(value)
