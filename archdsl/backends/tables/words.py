"""Numbers, shapes and bytes as people read them. Must not know what they measure."""

from __future__ import annotations

from decimal import Decimal

from archdsl.analysis.unavailable import Unavailable
from archdsl.shapes import Shape, shape_text

_BINARY = ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB"))
_UNREADABLE = 10**21
_DECIMAL = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "K"))


def number(value: object) -> str:
    """`25,557,032`; a formula as it is; a dash for what cannot be computed."""
    if isinstance(value, Unavailable) or value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else str(value)


def size(value: object) -> str:
    """Bytes, 1 KB = 1024 B, with three digits that count: `9.19 MB`."""
    return _scaled(value, _BINARY, " ") if isinstance(value, int) else number(value)


def short(value: object) -> str:
    """A count with three digits that count: `4.09G`."""
    return _scaled(value, _DECIMAL, "") if isinstance(value, int) else number(value)


def _scaled(value: int, units: tuple[tuple[int, str], ...], space: str) -> str:
    if value >= _UNREADABLE:
        return f"{Decimal(value):.2e}{space}{'B' if space else ''}"
    for step, (unit, name) in enumerate(units):
        if value < unit:
            continue
        digits = _digits(value / unit)
        # 1023.99 KB is printed 1.00 MB, not 1024 KB.
        if step and float(digits) * unit >= units[step - 1][0]:
            return f"1.00{space}{units[step - 1][1]}"
        return f"{digits}{space}{name}"
    return f"{value}{space}B" if space else str(value)


def _digits(value: float) -> str:
    if value >= 99.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def share(part: object, whole: object) -> str:
    """`12.3 %`; nothing if there is nothing to share, or formulas."""
    if not isinstance(part, int) or not isinstance(whole, int) or not whole:
        return ""
    return f"{100 * part / whole:.1f} %"


def shape(value: object) -> str:
    """`[64, 112, 112]`; several shapes with commas between."""
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return ", ".join(shape(one) for one in value)
    return shape_text(value) if isinstance(value, tuple) else number(value)


def inputs(named: tuple[tuple[str, Shape], ...]) -> str:
    """`image [3, 224, 224]`."""
    return ", ".join(f"{name} {shape_text(one)}" for name, one in named)


def each_axis(value: object) -> str:
    """`427 x 427`, as a size is read: frames, height, width."""
    if not isinstance(value, tuple):
        return number(value)
    return " x ".join(map(number, value))
