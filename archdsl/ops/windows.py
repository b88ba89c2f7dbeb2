"""Arithmetic of sliding windows, shared by convolutions and pools: padding, output sizes, printing. Must not know operators.

Everything is for any number of spatial axes, in their order. Below, `extent` is `dilation*(k-1) + 1`, the input positions that
a window spans, and sides are the padding before and after each axis, one after the other: `(top, bottom, left, right)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from archdsl.ops.arguments import LISTS_OF_SIDES, Word, is_positive
from archdsl.ops.arguments import sides as sides_of
from archdsl.ops.captions import sides_words, value_words
from archdsl.ops.checks import quotient
from archdsl.ops.facts import ArgumentFact, SettingFact, WindowFact
from archdsl.ops.operator import Attributes, Computed, Numbers, Setting, Sides, Site
from archdsl.ops.views import UNKNOWN, Line, Lines, View, Window
from archdsl.shapes import Dim, Formula, Shape, Undecided, channels, decide, numel, shape_of, spatial, spatial_axes

FLOAT_BYTES = 4
INDEX_BYTES = 8


def on_each_axis(number: int, sides: int = 1) -> Computed:
    """A default with the same number for each spatial axis, or for each of its two sides."""
    known = tuple((number,) * sides * axes for axes in range(4))
    return Computed(str(number), lambda a, xs: known[len(xs[0]) - 1])


ONCE, NO_SIDES = on_each_axis(1), on_each_axis(0, sides=2)
"""Defaults: by one position, no padding."""


def is_all(numbers: Sequence[Setting], number: int) -> bool:
    """Whether every number is this one."""
    return numbers.count(number) == len(numbers)


def pairs(around: Sides) -> list[tuple[Dim, Dim]]:
    """The sides of one axis after the other: `[(top, bottom), (left, right)]`."""
    return list(zip(around[::2], around[1::2], strict=True))


def pad_taker(*words: str) -> Callable[[object, int | None], str | Sides]:
    """Takes one of the words, or what `archdsl.ops.arguments.sides` takes."""
    named = ", ".join(f"`{word}`" for word in words)

    def taken(value: object, axes: int | None) -> str | Sides:
        if isinstance(value, Word) and value in words:
            return value
        try:
            return sides_of(value, axes)
        except ArgumentFact:
            wanted = f"{named}, an integer of at least 0, {' or '.join(LISTS_OF_SIDES[axes or 2])}"
            raise ArgumentFact(wanted, value) from None

    return taken


def extent(a: Attributes) -> Numbers:
    """What the window of `a` spans."""
    if "dilation" not in a or is_all(a.dilation, 1):
        return a.k
    return tuple([step * (side - 1) + 1 for side, step in zip(a.k, a.dilation, strict=True)])


def sides(a: Attributes, x: Shape) -> Sides:
    """The padding of `a` on an input, words computed."""
    pad = a.pad
    if not isinstance(pad, str):
        return pad
    if pad == "tf":
        axes = zip(spatial(x), extent(a), a.stride, strict=True)
        return tuple([side for size, span, stride in axes for side in _tf_sides(size, span, stride)])
    both = symmetric(a)
    assert both is not None
    return tuple([side for one in both for side in (one, one)])


def symmetric(a: Attributes) -> Numbers | None:
    """The padding of each axis, if it is equal on both sides and independent of the input's size; else None."""
    pad = a.pad
    if not isinstance(pad, str):
        return pad[::2] if pad[::2] == pad[1::2] else None
    spans = extent(a)
    if pad == "valid":
        return (0,) * len(spans)
    if pad == "same":
        return tuple([(span - 1) // 2 for span in spans])
    if not is_all(a.stride, 1) or any((span - 1) % 2 != 0 for span in spans):
        return None
    # TensorFlow's SAME with stride 1 pads extent - 1 in total, at every size.
    return tuple([(span - 1) // 2 for span in spans])


def _tf_sides(size: Dim, span: Dim, stride: Dim) -> tuple[Dim, Dim]:
    """In all `max((ceil(size/stride) - 1)*stride + span - size, 0)`, the smaller half first.

    Where a free size leaves open what remains after division by the stride, the answer is that for multiples of the stride
    (only the offset of the receptive field and the padded copy's size depend on it, no shape).
    """
    if isinstance(stride, Formula):
        raise Undecided(size, stride)
    # From 1 to the stride, without asking whether the stride divides.
    rest = (size - 1) % stride + 1
    total = span - (rest if isinstance(rest, int) else stride)
    if decide("<=", total, 0):
        return (0, 0)
    return (total // 2, total - total // 2)


def positions(a: Attributes, x: Shape) -> Numbers:
    """How many places the window of `a` has along each spatial axis of the input.

    `tf` gives `ceil(H/s)`. Else `(H + top + bottom - extent)//s + 1`; with `ceil` rounded up, but no window starts in the
    padding after the last position, as in PyTorch.

    Raises:
        WindowFact: the window does not fit.
    """
    spans, stride = extent(a), a.stride
    if a.pad == "tf":
        return tuple([quotient(size + step - 1, step) for size, step in zip(spatial(x), stride, strict=True)])
    ceil = a.ceil if "ceil" in a else False
    around = sides(a, x)
    return tuple(
        [
            _positions(axis, x[axis], (around[2 * at], around[2 * at + 1]), spans[at], stride[at], ceil)
            for at, axis in enumerate(spatial_axes(x))
        ]
    )


def _positions(axis: int, size: Dim, around: tuple[Dim, Dim], span: Dim, stride: Dim, ceil: bool) -> Dim:
    before, after = around
    if ceil:
        # min(ceil((size + before + after - span)/s) + 1, ceil((size + before)/s)): the second counts the starts allowed.
        late = after + stride - span
        count = quotient(size + before + (late if decide("<", late, 0) else 0) + stride - 1, stride)
    else:
        count = quotient(size + before + after - span, stride) + 1
    if not is_positive(count):
        raise WindowFact(axis, span, size + before + after)
    return count


def window(a: Attributes, x: Shape) -> Window:
    """What one output position sees."""
    across = extent(a)
    return Window(across, a.stride, sides(a, x)[::2], tuple([span == k for span, k in zip(across, a.k, strict=True)]))


def enlarged(factors: Sequence[int]) -> Lines:
    """Each position of the input is `factors` positions of the output."""
    lines = tuple([Line(1, 0, factor) for factor in factors])
    return Lines(lines, lines)


def gathered(kernel: Numbers, stride: Numbers, before: Numbers) -> View:
    """Which windows cover a position o: from `ceil((o + before - (k - 1)) / stride)` to `floor((o + before) / stride)`."""
    axes = list(zip(kernel, stride, before, strict=True))
    if is_all(stride, 1):
        return Window(kernel, stride, tuple([k - 1 - start for k, _, start in axes]), (True,) * len(axes))
    low, high = [], []
    for k, step, start in axes:
        if not (isinstance(k, int) and isinstance(step, int) and isinstance(start, int)):
            return UNKNOWN
        low.append(Line(1, start - k + step, step))
        high.append(Line(1, start, step))
    return Lines(tuple(low), tuple(high))


BORDERS = ("zeros", "reflect", "replicate", "circular")
"""What padding is filled with: zeros, what is inside mirrored at the last position, that position, or the other end."""


def border(a: Attributes) -> str:
    """What the padding of `a` is filled with."""
    return str(a.border) if "border" in a else "zeros"


def is_bordered(a: Attributes, x: Shape) -> bool:
    """Whether there is padding that is no zeros."""
    return border(a) != "zeros" and not is_all(sides(a, x), 0)


def check_border(a: Attributes, x: Shape, argument: str = "border") -> None:
    """Raise if the input is too small to be mirrored or continued so far."""
    kind = border(a)
    if kind not in ("reflect", "circular"):
        return
    room = 1 if kind == "reflect" else 0
    for size, around in zip(spatial(x), pairs(sides(a, x)), strict=True):
        for side in around:
            if side and _is_more(side, size - room):
                words = "mirrored" if room else "continued"
                raise SettingFact(argument, f"{size} positions cannot be {words} by {side}")


def _is_more(side: Dim, room: Dim) -> bool:
    """Whether the side is known to be more than there is room for."""
    try:
        return decide(">", side, room)
    except Undecided:
        return False


def padded(a: Attributes, x: Shape) -> Shape | None:
    """The padded copy of the input that a lowering without built-in padding makes; None if it makes none."""
    around = sides(a, x)
    if (symmetric(a) is not None and border(a) == "zeros") or is_all(around, 0):
        return None
    axes = zip(spatial(x), pairs(around), strict=True)
    return shape_of(channels(x), [size + before + after for size, (before, after) in axes])


def padded_bytes(a: Attributes, x: Shape) -> Dim:
    """Bytes of that copy, 0 if there is none."""
    copy = padded(a, x)
    return FLOAT_BYTES * numel(copy) if copy else 0


def torch_class(kind: str, axes: int, prefix: str = "") -> str:
    """`nn.Conv2d` for `Conv` over two axes; with a prefix, and over tokens, whose channels come last, a class of our own."""
    if axes == 1:
        return f"{prefix}Token{kind}"
    return f"{prefix or 'nn.'}{kind}{axes}d"


def spatial_dims(x: Shape) -> str:
    """The spatial axes as PyTorch numbers them, after the batch: `(2, 3)` of a map, `1` of tokens."""
    return "1" if len(x) == 2 else f"({', '.join(str(1 + axis) for axis in spatial_axes(x))})"


def printed(numbers: Numbers) -> Dim | Numbers:
    """Numbers as a person writes them in Python: one if all are equal."""
    return numbers[0] if all(number == numbers[0] for number in numbers) else numbers


def printed_pad(a: Attributes) -> str | Sides:
    """The padding that the support classes take: `"tf"` or the sides."""
    return "tf" if a.pad == "tf" else a.pad


def stride_words(s: Site) -> str:
    """`/2`, `/2x1`; nothing if the window moves by one."""
    return "" if is_all(s.a.stride, 1) else f"/{value_words(s.a.stride)}"


def enlargement_words(s: Site) -> str:
    """`up 2`: what a stride is in an operator that enlarges."""
    return "" if is_all(s.a.stride, 1) else f"up {value_words(s.a.stride)}"


def pad_words(s: Site, default: str | None = None) -> str:
    """`pad 100`, `pad 1x0`, `pad [0, 1, 0, 1]`, `pad tf`; nothing if it is what the default gives for this window.

    `default` None is no padding.
    """
    both = symmetric(s.a)
    usual = (0,) * len(s.a.k) if default is None else symmetric(Attributes(s.a, pad=default))
    if both is not None:
        return "" if both == usual else f"pad {value_words(both)}"
    return f"pad {s.a.pad if isinstance(s.a.pad, str) else sides_words(s.a.pad)}"
