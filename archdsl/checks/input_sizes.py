"""Which heights and widths a network accepts, found by elaborating it at many sizes. Must not report mistakes.

Shapes decide alone whether a network can be built, and building one costs milliseconds, so the sizes are tried: a stretch
around the declared one shows with which period they are accepted, and halving finds the least. Auxiliary heads are left out,
as in inference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from archdsl import wording
from archdsl.diagnostics.mistake import LimitReached
from archdsl.elaborate.arch import Overrides, build
from archdsl.program.file import LoadedFile
from archdsl.program.state import Context
from archdsl.records import NamedTuple

_HEIGHT, _WIDTH = 1, 2
_STRETCHES = (6, 40, 160, 640)
"""How far around the declared size is looked, wider while no period shows."""


class Sizes(NamedTuple):
    """The accepted sizes of an axis (1 the height, 2 the width) or of both: from `least` up, those with a rest in `rests`."""

    axes: tuple[int, ...]
    least: int
    period: int
    rests: tuple[int, ...]

    def holds(self, size: int) -> bool:
        """Whether the size is accepted."""
        return size >= self.least and size % self.period in self.rests

    def nearest(self, size: int) -> tuple[int, ...]:
        """The accepted sizes next below and above."""
        below = next((s for s in range(size, max(size - self.period, self.least) - 1, -1) if self.holds(s)), None)
        start = max(size, self.least)
        above = next((s for s in range(start, start + self.period + 1) if self.holds(s)), None)
        return tuple(dict.fromkeys(s for s in (below, above) if s is not None))

    def __str__(self) -> str:
        return wording.sizes.stretch(self.axes, self.least, self.period, self.rests)


def accepted_sizes(file: LoadedFile, parameters: Mapping[str, Any]) -> list[Sizes]:
    """What the height and the width of the first input may be; empty where it is no picture, or no period was found."""
    network = build(Context([], drops_aux=True), file, Overrides(parameters))
    if network is None or not network.inputs:
        return []
    name, shape = network.inputs[0]
    if len(shape) != 3 or not all(isinstance(axis, int) for axis in shape):
        return []
    channels, height, width = shape
    assert isinstance(channels, int)
    assert isinstance(height, int)
    assert isinstance(width, int)

    def accepts(h: int, w: int) -> bool:
        try:
            return build(Context([], drops_aux=True), file, Overrides(parameters, {name: (channels, h, w)})) is not None
        except LimitReached:
            return False

    if height == width:
        both = _along(lambda size: accepts(size, size), height, (_HEIGHT, _WIDTH))
        other = both.nearest(height + 1)[-1] if both is not None else height
        if both is not None and accepts(height, other) and accepts(other, height):
            return [both]
    tall = _along(lambda size: accepts(size, width), height, (_HEIGHT,))
    wide = _along(lambda size: accepts(height, size), width, (_WIDTH,))
    if tall is not None and wide is not None and tall[1:] == wide[1:]:
        return [tall._replace(axes=(_HEIGHT, _WIDTH))]
    return [sizes for sizes in (tall, wide) if sizes is not None]


def _along(accepts: Callable[[int], bool], declared: int, axes: tuple[int, ...]) -> Sizes | None:
    known = {declared: True}
    for stretch in _STRETCHES:
        sizes = range(max(1, declared - stretch), declared + stretch + 1)
        for size in sizes:
            if size not in known:
                known[size] = accepts(size)
        verdicts = [known[size] for size in sizes if size >= _first_accepted(known)]
        period = _period(verdicts)
        if period:
            rests = tuple(sorted({size % period for size, verdict in known.items() if verdict}))
            return Sizes(axes, _least(accepts, declared, period, rests), period, rests)
    return None


def _first_accepted(known: Mapping[int, bool]) -> int:
    return min(size for size, verdict in known.items() if verdict)


def _period(verdicts: list[bool]) -> int:
    """The shortest period with which the verdicts repeat, seen at least twice; 0 where there is none."""
    for period in range(1, len(verdicts) // 2 + 1):
        if all(verdicts[i] == verdicts[i + period] for i in range(len(verdicts) - period)):
            return period if any(verdicts[:period]) else 0
    return 0


def _least(accepts: Callable[[int], bool], declared: int, period: int, rests: tuple[int, ...]) -> int:
    """The least accepted size. What fits a small picture fits a larger one of the same rest, so it is found by halving."""
    low, high = 0, (declared - 1) // period
    while low < high:
        middle = (low + high + 1) // 2
        if accepts(declared - middle * period):
            low = middle
        else:
            high = middle - 1
    least = declared - low * period
    for size in range(max(1, least - period + 1), least):
        if size % period in rests and accepts(size):
            return size
    return least
