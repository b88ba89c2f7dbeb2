"""The windows that `attend` works in on maps: cut into tokens that are folded into the batch, and put back. Must not attend.

No text calls these operators; they stand around an `attend` with a `window`, as those of `each` do around a body. As in
`attention` a map is padded with zeros at the end of each axis to whole windows, and the padding takes part.
"""

from __future__ import annotations

from archdsl.ops.attributes import Attributes, Numbers
from archdsl.ops.facts import SettingFact
from archdsl.ops.operator import ON_MAP, Example, Setting, Site, TorchCall
from archdsl.ops.parts import whole_number
from archdsl.ops.reshape import rearrangement
from archdsl.ops.views import EVERYTHING, POINT
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, Shape, Undecided, channels, decide, floor_divide, numel, shape_of, shape_text, spatial

_EXAMPLE = Example(ON_MAP, "k: identity ; attend @k @k heads=4 window=7")


class Windows(NamedTuple):
    """How the positions of a map are in windows.

    Attributes:
        window: how many positions a window has along each axis.
        counts: how many windows there are along each axis.
        shift: by how many positions they are shifted, 0 where one window covers the axis.
    """

    window: Numbers
    counts: Numbers
    shift: Numbers

    @property
    def number(self) -> Dim:
        """How many windows there are."""
        return numel(self.counts)


def windows_of(a: Attributes, x: Shape) -> Windows:
    """The windows of the queries.

    Raises:
        SettingFact: the settings do not fit.
    """
    sizes = spatial(x)
    window = tuple(size if _is_zero(side) else side for side, size in zip(a.window or (), sizes, strict=True))
    for shift, written, side in zip(a.shift, a.window or (), window, strict=True):
        if _is_zero(shift):
            continue
        if _is_zero(written):
            raise SettingFact("shift", "there is no `window` to shift")
        if a.grid:
            raise SettingFact("shift", "the windows of a grid are not shifted")
        if decide(">=", shift, side):
            raise SettingFact("shift", f"it must be smaller than the window, which is {side}")
    if a.grid and any(map(_is_zero, a.window or ())):
        raise SettingFact("grid", "it needs a `window`")
    counts = tuple(
        1 if _is_zero(written) else floor_divide(size + side - 1, whole_number(side))
        for size, side, written in zip(sizes, window, a.window or (), strict=True)
    )
    shifted = tuple(0 if _covers(side, size) else shift for side, size, shift in zip(window, sizes, a.shift, strict=True))
    return Windows(window, counts, shifted)


def of_keys(queries: Windows, x: Shape, keys: Shape, name: str) -> Windows:
    """The windows of keys or values: as many as the queries have, of the size that this leaves.

    Raises:
        SettingFact: there are not as many.
    """
    if len(keys) != len(x):
        raise SettingFact(name, f"queries are {shape_text(x)}, and inside windows keys and values are such maps too")
    if spatial(keys) == spatial(x):
        return queries
    if any(not _is_zero(shift) for shift in queries.shift):
        raise SettingFact(name, "with `shift` keys and values have as many positions as queries")
    sides: list[Dim] = []
    for size, own, side, many in zip(spatial(keys), spatial(x), queries.window, queries.counts, strict=True):
        if not decide("==", side * many, own) or not decide("==", floor_divide(size, whole_number(many)) * many, size):
            raise SettingFact(name, f"{size} positions are not as many windows as the {own} of the queries are: {many}")
        sides.append(floor_divide(size, whole_number(many)))
    return Windows(tuple(sides), queries.counts, queries.shift)


def _is_zero(value: Dim) -> bool:
    from archdsl.shapes.traced import plain

    return isinstance(value, int) and plain(value) == 0


def _covers(window: Dim, size: Dim) -> bool:
    try:
        return decide(">=", window, size)
    except Undecided:
        return False


def _settings(s: Site) -> tuple[tuple[str, Setting], ...]:
    return (("window", s.a.window), ("shift", s.a.shift))


def _more(s: Site) -> str:
    return ", {window}" + (", {shift}" if any(s.a.shift) or s.a.grid else "") + (", grid=True" if s.a.grid else "")


IN_WINDOWS = rearrangement(
    "in windows",
    "a map cut into windows of tokens, which are folded into the batch",
    (2, 3, 4),
    lambda a, xs: (numel(a.size or ()), numel(a.window or ()), channels(xs[0])),
    lambda s: TorchCall(f"in_windows({{0}}{_more(s)})", _settings(s), ("in_windows",)),
    view=lambda s: EVERYTHING,
    head=lambda s: "in windows",
    example=_EXAMPLE,
)

FROM_WINDOWS = rearrangement(
    "windows back",
    "windows of tokens back from the batch, where they were",
    (2,),
    lambda a, xs: shape_of(channels(xs[0]), a.axes),
    lambda s: TorchCall(f"from_windows({{0}}, {{size}}{_more(s)})", (("size", s.a.axes), *_settings(s)), ("from_windows",)),
    view=lambda s: POINT,
    head=lambda s: "windows together",
    example=_EXAMPLE,
)

SHIFT_MASK = rearrangement(
    "mask of shifted windows",
    "-100 between positions that only the shift brought into one window, else 0",
    (2, 3, 4),
    lambda a, xs: (numel(a.size or ()), 1, numel(a.window or ()), numel(a.window or ())),
    lambda s: TorchCall("mask_of_shift({0}, {window}, {shift})", _settings(s), ("mask_of_shift",)),
    view=lambda s: EVERYTHING,
    head=lambda s: "mask of the shift",
    sizes_of=lambda s: (0,),
    example=_EXAMPLE,
)


def attributes(found: Windows, grid: bool, sizes: Shape = ()) -> Attributes:
    """What a use of these operators has."""
    return Attributes({"window": found.window, "shift": found.shift, "size": found.counts, "grid": grid, "axes": sizes})
