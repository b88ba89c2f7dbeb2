"""The caption of an operator's box: its head, and each setting that is not the default. Must not know pictures or tables.

One rule for all operators. The head names the operator and the settings that are always shown (`conv 3x3, 64`). Every other
argument follows by its name if it is not at its default (`dilation 12`), in its own wording if the entry gives one
(`/2`, `32 groups`), or not at all if the entry says why (`Hidden`).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from archdsl.ops.operator import Argument, Computed, Hidden, Operator, Required, Setting, Site

BIAS = Hidden("whether a layer adds a bias is seen in its parameters; most norms after it undo one")
EPSILON = Hidden("it keeps a division away from zero and is not a choice of the design")
START = Hidden("where training starts is not part of the computation")


def caption(operator: Operator, site: Site) -> str:
    """All of it in one line: `conv 3x3, 64, /2, dilation 2`."""
    return ", ".join(caption_parts(operator, site))


def caption_parts(operator: Operator, site: Site) -> tuple[str, ...]:
    """The head, then what is shown of each argument, in their order."""
    told = (_told(argument, site) for argument in operator.arguments)
    return (operator.symbol.head(site), *(words for words in told if words))


def _told(argument: Argument, site: Site) -> str:
    told = argument.told
    if told == "in head" or isinstance(told, Hidden):
        return ""
    if told != "by name":
        return told(site)
    value = site.a[argument.name]
    return "" if _is_default(argument, site) else _by_name(argument.name.replace("_", " "), value)


def _is_default(argument: Argument, site: Site) -> bool:
    default = argument.default
    if isinstance(default, Required):
        return False
    return bool(site.a[argument.name] == (default(site.a, site.xs) if isinstance(default, Computed) else default))


def _by_name(name: str, value: Setting) -> str:
    """`cosine`, `no affine`, `dim 64`, `dilation 2x1`."""
    if value is True:
        return name
    return f"no {name}" if value is False or value is None else f"{name} {value_words(value)}"


def value_words(value: Setting) -> str:
    """A setting's value: `0.1`, `2` for equal sides, `2x1`, `[0, 1, 0, 1]`, a word."""
    if isinstance(value, tuple):
        if all(side == value[0] for side in value):
            return str(value[0])
        return size_words(value) if len(value) in (2, 3) else sides_words(value)
    return f"{float(value):.4g}" if isinstance(value, (float, Fraction)) else str(value)


def size_words(size: tuple[Setting, ...]) -> str:
    """`3x3`, height first; `5` over tokens, `1x3x3` over a video."""
    return "x".join(map(str, size))


def sides_words(sides: tuple[Setting, ...]) -> str:
    """`1` if all are equal, else `[0, 1, 0, 1]`."""
    return str(sides[0]) if all(side == sides[0] for side in sides) else f"[{', '.join(map(str, sides))}]"


def counted(name: str) -> Callable[[Site], str]:
    """`32 groups`, unless there is one."""

    def told(site: Site) -> str:
        return "" if site.a[name] == 1 else f"{site.a[name]} {name}"

    return told


def if_set(name: str, words: str) -> Callable[[Site], str]:
    """The text if a flag is on."""
    return lambda site: words if site.a[name] else ""
