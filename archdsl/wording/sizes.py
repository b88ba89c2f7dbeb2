"""Text about the sizes that a network accepts. Must not try them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from archdsl.wording.values import either, listed

NOT_KNOWN = "not known"


class SizeSet(Protocol):
    """The sizes in `early`, and from `start` on those whose remainder by `period` is in `rests`."""

    @property
    def early(self) -> tuple[int, ...]: ...
    @property
    def start(self) -> int: ...
    @property
    def period(self) -> int: ...
    @property
    def rests(self) -> tuple[int, ...]: ...
    def holds(self, size: int) -> bool: ...


class Axis(Protocol):
    """An axis of an input with `rank` axes."""

    @property
    def input(self) -> str: ...
    @property
    def name(self) -> str: ...


def size_set(sizes: SizeSet | None) -> str:
    """`multiples of 32 from 32 up`, `224 to 255`, `3, 5, and from 8 up`, `no size`."""
    if sizes is None:
        return NOT_KNOWN
    parts = _ranges(sizes.early)
    if sizes.rests:
        first = next(size for size in range(sizes.start, sizes.start + sizes.period) if sizes.holds(size))
        parts.append(f"{_pattern(sizes.period, sizes.rests)}from {first} up")
    if not parts:
        return "no size"
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}{',' if len(parts) > 2 else ''} and {parts[-1]}"


def _ranges(sizes: Sequence[int]) -> list[str]:
    """Neighbors together: `1 to 3`, `7`."""
    starts = [0, *(at for at, (a, b) in enumerate(pairwise(sizes), 1) if b != a + 1), len(sizes)]
    return [str(sizes[a]) if b - a == 1 else f"{sizes[a]} to {sizes[b - 1]}" for a, b in pairwise(starts) if b > a]


def _pattern(period: int, rests: Sequence[int]) -> str:
    """Which sizes of a period: `multiples of 32, or up to 3 more, `; nothing for every size."""
    if period == 1:
        return ""
    if len(rests) == 1:
        return f"multiples of {period} {f'plus {rests[0]} ' if rests[0] else ''}"
    less, more = _around_zero(period, rests)
    if less + more + 1 == len(rests):
        steps = [f"up to {less} less"] * bool(less) + [f"up to {more} more"] * bool(more)
        return f"multiples of {period}, or {either(steps)}, "
    return f"sizes with remainder {either(_ranges(rests))} after division by {period} "


def _around_zero(period: int, rests: Sequence[int]) -> tuple[int, int]:
    """How many remainders below and above 0 are among them without a gap; -1 above if 0 is not."""
    less = next(count for count in range(period) if (-count - 1) % period not in rests)
    more = next((count - 1 for count in range(period) if count not in rests), period - 1)
    return less, more


def axes(them: Sequence[Axis], several_inputs: bool) -> str:
    """`height and width`, with the input's name if there are several inputs: "height of `left`"."""
    if not several_inputs:
        return listed([axis.name for axis in them])
    by_input: dict[str, list[str]] = {}
    for axis in them:
        by_input.setdefault(axis.input, []).append(axis.name)
    same: dict[tuple[str, ...], list[str]] = {}
    for name, own in by_input.items():
        same.setdefault(tuple(own), []).append(f"`{name}`")
    return listed([f"{listed(own)} of {listed(names)}" for own, names in same.items()])


class Stretch(Protocol):
    """The sizes that some axes may have; None if they are not known."""

    @property
    def axes(self) -> Sequence[Axis]: ...
    @property
    def sizes(self) -> SizeSet | None: ...


class Sizes(Protocol):
    """What is accepted; `independent`: in every combination."""

    @property
    def independent(self) -> bool: ...
    @property
    def stretches(self) -> Sequence[Stretch]: ...


def accepted(sizes: Sizes) -> str:
    """What is accepted, axis by axis if these are independent, else along each way in which people change sizes."""
    known = [stretch for stretch in sizes.stretches if stretch.sizes is not None]
    if not known:
        return NOT_KNOWN
    every = {axis for stretch in sizes.stretches for axis in stretch.axes}
    several = len({axis.input for axis in every}) > 1
    if sizes.independent:
        return "; ".join(f"{axes(stretch.axes, several)} {size_set(stretch.sizes)}" for stretch in sizes.stretches)
    return "; ".join(_along(stretch, several, len(stretch.axes) < len(every)) for stretch in known)


def _along(stretch: Stretch, several: bool, others: bool) -> str:
    """Axes of one size, while the others (if there are any) stay as they are."""
    text = f"{axes(stretch.axes, several)} {'equal: ' if len(stretch.axes) > 1 else ''}{size_set(stretch.sizes)}"
    return f"{text} with the rest unchanged" if others else text


def nearest(accepted: str, sizes: Sequence[int]) -> str:
    """A note: what is accepted, and the sizes nearest to that which was given."""
    close = f"; nearest: {either([str(size) for size in sizes])}" if sizes else ""
    return f"this network accepts {accepted}{close}"
