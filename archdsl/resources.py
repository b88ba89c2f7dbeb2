"""Where the files beside the code are: the grammar, the zoo, the pages. The one module that knows; must not read archs.

An installed wheel has them inside the package, in `_data`; a checkout (and an editable install of it) beside the package.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
SUFFIX = ".arch"
_LONGEST_NAME = 100
"""No file here has a longer one, and systems refuse to look for much longer ones."""


def grammar_text() -> str:
    """The grammar of the language, as lark reads it."""
    return (_data() / "grammar" / "arch.lark").read_text(encoding="utf-8")


def textmate_text() -> str:
    """The grammar that editors highlight with, as JSON."""
    return (_data() / "grammar" / "arch.tmLanguage.json").read_text(encoding="utf-8")


def zoo_folder() -> Path:
    """The folder of the zoo."""
    return _data() / "zoo"


def zoo_names() -> list[str]:
    """The names in the zoo, sorted: `alexnet`, `googlenet` …"""
    return sorted(path.name.removesuffix(SUFFIX) for path in zoo_folder().glob(f"*{SUFFIX}"))


def zoo_path(name: str) -> Path | None:
    """The file of the zoo entry `name`, or None. Only what is a plain name can be one, never a path."""
    if not _is_name(name):
        return None
    path = zoo_folder() / f"{name}{SUFFIX}"
    return path if path.is_file() else None


def weights_maps() -> list[Path]:
    """The name maps for other libraries' weights, `resnet50.torchvision.json` and its like, sorted."""
    return sorted((zoo_folder() / "weights").glob("*.json"))


def page_names() -> list[str]:
    """The diagnostics that have a page, sorted."""
    return sorted(path.stem for path in _pages().glob("*.md"))


def page_text(name: str) -> str | None:
    """The page of the diagnostic `name`, in Markdown, or None."""
    if not _is_name(name.replace("-", "_")):
        return None
    path = _pages() / f"{name}.md"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _is_name(name: str) -> bool:
    return name.isidentifier() and len(name) <= _LONGEST_NAME


def _data() -> Path:
    shipped = _PACKAGE / "_data"
    return shipped if shipped.is_dir() else _PACKAGE.parent


def _pages() -> Path:
    return _PACKAGE / "diagnostics" / "pages"
