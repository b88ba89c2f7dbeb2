"""The words for the heights and widths that a network accepts. Must not try them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archdsl.wording.values import listed

_AXES = {1: "height", 2: "width"}


def stretch(axes: Sequence[int], least: int, period: int, rests: Sequence[int]) -> str:
    """From `least` up, the sizes of these axes whose rest by `period` is one of `rests`."""
    names = listed([_AXES[axis] for axis in axes])
    if period == 1:
        return f"{names} from {least} up"
    first, more = rests[0], len(rests) - 1
    multiples = f"multiples of {period}" + (f" plus {first}" if first else "")
    if not more:
        return f"{names} {multiples}, from {least} up"
    if list(rests) == list(range(first, first + more + 1)):
        return f"{names} {multiples}, or up to {more} more, from {least} up"
    return f"{names} with rest {', '.join(map(str, rests))} by {period}, from {least} up"


def accepted(stretches: Iterable[tuple[str, Iterable[int]]]) -> str:
    """What the network accepts, each with the sizes nearest to that which was given."""
    parts = (f"{text}, nearest {' or '.join(map(str, nearest))}" for text, nearest in stretches)
    return f"this network accepts {'; '.join(parts)}"
