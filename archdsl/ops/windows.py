"""Arithmetic of sliding windows, shared by convolutions and pools: padding, output sizes, printing. Must not know operators.

Below, `extent` is `dilation*(k-1) + 1`, the input positions that a window spans, and sides are `(top, bottom, left, right)`.
"""

from __future__ import annotations

from collections.abc import Callable

from archdsl.ops.arguments import Word, is_positive, padding
from archdsl.ops.captions import value_words
from archdsl.ops.checks import quotient
from archdsl.ops.facts import ArgumentFact, WindowFact
from archdsl.ops.operator import Attributes, Pair, Sides, Site
from archdsl.ops.views import UNKNOWN, Line, Lines, View, Window
from archdsl.shapes import Dim, Formula, Shape, Undecided, decide, numel

FLOAT_BYTES = 4
INDEX_BYTES = 8
ONCE: Pair = (1, 1)
NO_SIDES: Sides = (0, 0, 0, 0)


def pad_taker(*words: str) -> Callable[[object], str | Sides]:
    """Takes one of the words, or what `archdsl.ops.arguments.padding` takes."""
    wanted = ", ".join(f"`{word}`" for word in words) + ", an integer of at least 0, `[h, w]` or `[top, bottom, left, right]`"

    def taken(value: object) -> str | Sides:
        if isinstance(value, Word):
            if value in words:
                return value
            raise ArgumentFact(wanted, value)
        try:
            return padding(value)
        except ArgumentFact:
            raise ArgumentFact(wanted, value) from None

    return taken


def extent(a: Attributes) -> Pair:
    """Height and width that the window of `a` spans."""
    k, dilation = a.k, a.dilation if "dilation" in a else ONCE
    return (dilation[0] * (k[0] - 1) + 1, dilation[1] * (k[1] - 1) + 1)


def sides(a: Attributes, x: Shape) -> Sides:
    """The padding of `a` on an input `[C, H, W]`, words computed."""
    pad = a.pad
    if not isinstance(pad, str):
        return pad
    if pad == "tf":
        spans, stride = extent(a), a.stride
        return (*_tf_sides(x[1], spans[0], stride[0]), *_tf_sides(x[2], spans[1], stride[1]))
    pair = symmetric(a)
    assert pair is not None
    return (pair[0], pair[0], pair[1], pair[1])


def symmetric(a: Attributes) -> Pair | None:
    """The padding as `[h, w]`, if it is equal on both sides and independent of the input's size; else None."""
    pad = a.pad
    if not isinstance(pad, str):
        return (pad[0], pad[2]) if pad[0] == pad[1] and pad[2] == pad[3] else None
    if pad == "valid":
        return (0, 0)
    spans = extent(a)
    if pad == "same":
        return ((spans[0] - 1) // 2, (spans[1] - 1) // 2)
    if a.stride != ONCE or any((span - 1) % 2 != 0 for span in spans):
        return None
    # TensorFlow's SAME with stride 1 pads extent - 1 in total, at every size.
    return ((spans[0] - 1) // 2, (spans[1] - 1) // 2)


def _tf_sides(size: Dim, span: Dim, stride: Dim) -> Pair:
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


def positions(a: Attributes, x: Shape) -> Pair:
    """How many places the window of `a` has on `[C, H, W]`: `(H', W')`.

    `tf` gives `ceil(H/s)`. Else `(H + top + bottom - extent)//s + 1`; with `ceil` rounded up, but no window starts in the
    bottom or right padding, as in PyTorch.

    Raises:
        WindowFact: the window does not fit.
    """
    around, spans, stride = sides(a, x), extent(a), a.stride
    if a.pad == "tf":
        return (quotient(x[1] + stride[0] - 1, stride[0]), quotient(x[2] + stride[1] - 1, stride[1]))
    ceil = a.ceil if "ceil" in a else False
    return (
        _positions(1, x[1], (around[0], around[1]), spans[0], stride[0], ceil),
        _positions(2, x[2], (around[2], around[3]), spans[1], stride[1], ceil),
    )


def _positions(axis: int, size: Dim, around: Pair, span: Dim, stride: Dim, ceil: bool) -> Dim:
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
    around, across = sides(a, x), extent(a)
    return Window(across, a.stride, (around[0], around[2]), (across[0] == a.k[0], across[1] == a.k[1]))


def enlarged(factor: tuple[int, int]) -> Lines:
    """Each position of the input is `factor` positions of the output."""
    lines = Line(1, 0, factor[0]), Line(1, 0, factor[1])
    return Lines(lines, lines)


def gathered(kernel: Pair, stride: Pair, before: Pair) -> View:
    """Which windows cover a position o: from `ceil((o + before - (k - 1)) / stride)` to `floor((o + before) / stride)`."""
    if stride == ONCE:
        return Window(kernel, before=(kernel[0] - 1 - before[0], kernel[1] - 1 - before[1]))
    low, high = [], []
    for k, step, start in zip(kernel, stride, before, strict=True):
        if not (isinstance(k, int) and isinstance(step, int) and isinstance(start, int)):
            return UNKNOWN
        low.append(Line(1, start - k + step, step))
        high.append(Line(1, start, step))
    return Lines((low[0], low[1]), (high[0], high[1]))


def padded(a: Attributes, x: Shape) -> Shape | None:
    """The padded copy of `[C, H, W]` that a lowering without built-in padding makes; None if it makes none."""
    around = sides(a, x)
    if symmetric(a) is not None or around == NO_SIDES:
        return None
    return (x[0], x[1] + around[0] + around[1], x[2] + around[2] + around[3])


def padded_bytes(a: Attributes, x: Shape) -> Dim:
    """Bytes of that copy, 0 if there is none."""
    copy = padded(a, x)
    return FLOAT_BYTES * numel(copy) if copy else 0


def printed(pair: Pair) -> Dim | Pair:
    """A pair as a person writes it in Python: one number if both are equal."""
    return pair[0] if pair[0] == pair[1] else pair


def printed_pad(a: Attributes) -> str | Sides:
    """The padding that the support classes take: `"tf"` or the sides."""
    return "tf" if a.pad == "tf" else a.pad


def stride_words(s: Site) -> str:
    """`/2`, `/2x1`; nothing if the window moves by one."""
    return "" if s.a.stride == ONCE else f"/{value_words(s.a.stride)}"


def enlargement_words(s: Site) -> str:
    """`up 2`: what a stride is in an operator that enlarges."""
    return "" if s.a.stride == ONCE else f"up {value_words(s.a.stride)}"


def pad_words(s: Site, default: str | Sides = NO_SIDES) -> str:
    """`pad 100`, `pad 1x0`, `pad [0, 1, 0, 1]`, `pad tf`; nothing if it is what the default gives for this window."""
    pair, usual = symmetric(s.a), symmetric(Attributes(s.a, pad=default))
    if pair is not None:
        return "" if pair == usual else f"pad {value_words(pair)}"
    return f"pad {value_words(s.a.pad)}"
