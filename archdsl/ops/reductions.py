"""Over an axis: means, the largest numbers, running sums. Must not know pools of windows (`pooling` does)."""

from __future__ import annotations

from collections.abc import Callable

from archdsl.ops import operation_counts
from archdsl.ops.arguments import flag, one_of
from archdsl.ops.checks import quotient
from archdsl.ops.facts import SettingFact
from archdsl.ops.operator import (
    ANY_RANK,
    ON_MAP,
    ON_TOKENS,
    REQUIRED,
    Argument,
    Attributes,
    Example,
    Operator,
    Saved,
    Site,
    TorchCall,
    TorchLowering,
)
from archdsl.ops.pooling import global_shape, pool
from archdsl.ops.views import EVERYTHING, POINT, Line, Lines, View
from archdsl.ops.windows import spatial_dims
from archdsl.shapes import AXIS_NAMES, Dim, Shape, channel_axis, channels, numel, shape_of, shape_text, spatial_axes

AXES = ("channels", "tokens", "frames", "height", "width")


def axis_of(word: object, x: Shape) -> int:
    """The position of an axis in a shape.

    Raises:
        SettingFact: the value has no such axis.
    """
    names = AXIS_NAMES[len(x)]
    if word not in names:
        raise SettingFact("axis", f"{shape_text(x)} has no {word}")
    return names.index(str(word))


def torch_dim(axis: int, x: Shape) -> int:
    """The axis as PyTorch numbers it, behind the batch: the last one of vectors and tokens from the end, as people write it."""
    return axis - len(x) if len(x) < 3 and axis == len(x) - 1 else 1 + axis


def axis_view(axis: int, x: Shape) -> View:
    """A number sees the whole axis; over channels it sees its own position."""
    if axis == channel_axis(x):
        return POINT
    if len(x) == 2:
        return EVERYTHING
    sides = tuple([None if at == axis else Line() for at in spatial_axes(x)])
    return Lines(sides, sides)


def _running_view(axis: int, x: Shape) -> View:
    """Along the axis a place sees all up to itself; of tokens, whose places are not told apart, as much as the last one."""
    if len(x) < 3 or axis == 0:
        return axis_view(axis, x)
    first = tuple([Line(slope=0) if at == axis else Line() for at in spatial_axes(x)])
    return Lines(first, tuple([Line() for _ in first]))


_AXIS = Argument("axis", one_of(*AXES), REQUIRED, AXES, by_name=True)
_KEEP = Argument("keep", flag, False)


def _reduced(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    axis = axis_of(a.axis, x)
    if a.keep:
        return (*x[:axis], 1, *x[axis + 1 :])
    if a.axis == "channels":
        raise SettingFact("axis", "a value has channels: write `keep=true`")
    # A map with one axis of positions left is a sequence of tokens.
    return shape_of(channels(x), [x[at] for at in spatial_axes(x) if at != axis])


def _over(s: Site) -> Dim:
    """How many numbers each result is of."""
    return s.x[axis_of(s.a.axis, s.x)]


def _reduced_torch(function: str) -> Callable[[Site], TorchLowering]:
    def torch(s: Site) -> TorchLowering:
        dim = torch_dim(axis_of(s.a.axis, s.x), s.x)
        if s.a.keep:
            return TorchCall(f"{{0}}.{function}({{dim}}, keepdim=True)", (("dim", dim),))
        turned = ".transpose(1, 2)" if len(s.x) == 3 else ""
        return TorchCall(f"{{0}}.{function}({{dim}}){turned}", (("dim", dim),))

    return torch


def _reduced_view(s: Site) -> View:
    return axis_view(axis_of(s.a.axis, s.x), s.x) if len(s.y) == len(s.x) else EVERYTHING


def _axis_operator(name: str, meaning: str, flops: Callable[[Site], Dim], saved: Saved, elsewhere: tuple[str, ...]) -> Operator:
    return pool(
        name,
        meaning,
        (_AXIS, _KEEP),
        _reduced,
        flops,
        lambda s: saved,
        _reduced_view,
        _reduced_torch(name),
        lambda s: name,
        ranks=ANY_RANK,
        example=Example(ON_MAP, f"{name} axis=height keep=true"),
        called_elsewhere=elsewhere,
    )


def _gmp_torch(s: Site) -> TorchLowering:
    dims = spatial_dims(s.x)
    return TorchCall(f"{{0}}.amax({dims}, keepdim=True)" if s.a.keep else f"{{0}}.amax({dims})")


def _kept(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    axis_of(a.axis, xs[0])
    return xs[0]


TITLE = "Over an axis"
"""Of the family, in the reference."""
OPERATORS = (
    _axis_operator(
        "mean",
        "the mean over an axis, which `keep` leaves there as 1; a map without one of its axes of positions is tokens",
        lambda s: operation_counts.mean(numel(s.x)),
        Saved(),
        ("reducemean", "average"),
    ),
    _axis_operator(
        "amax",
        "the largest number over an axis, which `keep` leaves there as 1; a map without an axis of positions is tokens",
        lambda s: numel(s.x) - numel(s.y),
        Saved((0,), output=True),
        ("reducemax",),
    ),
    pool(
        "gmp",
        "global maximum: `[C, H, W] -> [C]`, or `[C, 1, 1]` with `keep`; over tokens `[T, D] -> [D]`",
        (_KEEP,),
        global_shape,
        lambda s: numel(s.x) - numel(s.y),
        lambda s: Saved((0,), output=True),
        lambda s: EVERYTHING,
        _gmp_torch,
        lambda s: "global max pool",
        example=Example(ON_MAP, "gmp"),
        called_elsewhere=("globalmaxpool", "globalmaxpooling"),
    ),
    pool(
        "cumsum",
        "the sum up to each place along an axis",
        (_AXIS,),
        _kept,
        lambda s: numel(s.x) - quotient(numel(s.x), _over(s)),
        lambda s: Saved(),
        lambda s: _running_view(axis_of(s.a.axis, s.x), s.x),
        lambda s: TorchCall("{0}.cumsum({dim})", (("dim", torch_dim(axis_of(s.a.axis, s.x), s.x)),)),
        lambda s: "cumsum",
        ranks=ANY_RANK,
        example=Example(ON_TOKENS, "cumsum axis=tokens"),
    ),
)
