"""archdsl: a small language for vision architectures. Must not import anything slow: each name comes in when first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.version import __version__

if TYPE_CHECKING:
    from archdsl.api import Arch, load, loads
    from archdsl.comparison import Compared, compare
    from archdsl.diagnostics import ArchError

__all__ = ["Arch", "ArchError", "Compared", "__version__", "compare", "load", "loads"]

_HOME = {
    "Arch": "archdsl.api",
    "ArchError": "archdsl.diagnostics",
    "Compared": "archdsl.comparison",
    "compare": "archdsl.comparison",
    "load": "archdsl.api",
    "loads": "archdsl.api",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'archdsl' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
