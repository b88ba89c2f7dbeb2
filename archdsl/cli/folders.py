"""FILE arguments that are folders: the archs inside. Must not read any file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from archdsl.cli.options import UsageError


def expand(files: Sequence[str]) -> list[str]:
    """The files, each once, with folders replaced by the archs inside (hidden folders left out).

    Raises:
        UsageError: there is no arch in a folder.
    """
    return list(dict.fromkeys(one for name in files for one in _inside(name)))


def _inside(name: str) -> Iterator[str]:
    folder = Path(name)
    if name in ("", "-") or not folder.is_dir():
        yield name
        return
    found = sorted(path for path in folder.rglob("*.arch") if not _is_hidden(path.relative_to(folder)))
    if not found:
        raise UsageError(f"there is no `.arch` file in the folder `{name}`")
    yield from map(str, found)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
