"""archdsl: a small language for vision architectures. Must not import anything slow: each name comes in when first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.version import __version__

if TYPE_CHECKING:
    from archdsl.answers.batch import Fit, fits
    from archdsl.answers.check import Checked, check
    from archdsl.answers.difference import Difference, diff
    from archdsl.answers.explanation import Explanation, explain
    from archdsl.answers.parameter import Solution, solve
    from archdsl.answers.zoo import Zoo, zoo
    from archdsl.api import Arch, load, loads
    from archdsl.comparison import Compared, compare
    from archdsl.diagnostics import ArchError

__all__ = [
    "Arch",
    "ArchError",
    "Checked",
    "Compared",
    "Difference",
    "Explanation",
    "Fit",
    "Solution",
    "Zoo",
    "__version__",
    "check",
    "compare",
    "diff",
    "explain",
    "fits",
    "load",
    "loads",
    "solve",
    "zoo",
]

_HOME = {
    "Arch": "archdsl.api",
    "ArchError": "archdsl.diagnostics",
    "Checked": "archdsl.answers.check",
    "Compared": "archdsl.comparison",
    "Difference": "archdsl.answers.difference",
    "Explanation": "archdsl.answers.explanation",
    "Fit": "archdsl.answers.batch",
    "Solution": "archdsl.answers.parameter",
    "Zoo": "archdsl.answers.zoo",
    "check": "archdsl.answers.check",
    "compare": "archdsl.comparison",
    "diff": "archdsl.answers.difference",
    "explain": "archdsl.answers.explanation",
    "fits": "archdsl.answers.batch",
    "load": "archdsl.api",
    "loads": "archdsl.api",
    "solve": "archdsl.answers.parameter",
    "zoo": "archdsl.answers.zoo",
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
