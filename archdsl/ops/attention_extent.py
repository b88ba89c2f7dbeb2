"""How much there is to attend to, and what that costs: tokens, windows, logits of one `attention`. Must not know its lowering.

Notation below: T queries in all windows together (padding included), S keys and values, N keys that a query sees, W windows,
C the width, d the attention's `dim`, h heads. With windows S = T and N = T / W; without, N = S.
"""

from __future__ import annotations

from archdsl.ops import operation_counts
from archdsl.ops.checks import quotient
from archdsl.ops.operator import Attributes, Saved, Site
from archdsl.ops.windows import FLOAT_BYTES
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, Shape, Undecided, channels, decide, numel

BIAS_MLP_WIDTH = 512
"""Hidden units of the MLP that gives relative position biases: Liu et al., "Swin Transformer V2", CVPR 2022, section 3.3."""


class Extent(NamedTuple):
    """T, S, N, W and the window's height and width as they are used (a map's whole axis if no window cuts it)."""

    queries: Dim
    keys: Dim
    seen: Dim
    windows: Dim
    window: tuple[Dim, Dim]

    @property
    def pairs(self) -> Dim:
        """Pairs of a query and a key that it sees: logits of one head."""
        return self.queries * self.seen

    @property
    def offsets(self) -> Dim:
        """Different offsets between two positions of a window: `(2h-1)*(2w-1)`."""
        return (2 * self.window[0] - 1) * (2 * self.window[1] - 1)


def extent(a: Attributes, xs: tuple[Shape, ...]) -> Extent:
    """What one use has to do with inputs of shapes `xs`."""
    x = xs[0]
    if len(x) == 2:
        keys = xs[1][0] if a.kv else x[0]
        return Extent(x[0], keys, keys, 1, (0, 0))
    height, width = used_window(a, x)
    rows, columns = _windows_along(a.window[0], x[1]), _windows_along(a.window[1], x[2])
    seen = height * width
    queries = rows * columns * seen
    return Extent(queries, queries, seen, rows * columns, (height, width))


def used_window(a: Attributes, x: Shape) -> tuple[Dim, Dim]:
    """The window on a map `[C, H, W]`: 0 is the whole axis."""
    return (a.window[0] or x[1], a.window[1] or x[2])


def _windows_along(window: Dim, size: Dim) -> Dim:
    return quotient(size + window - 1, window) if window else 1


def is_shifted(a: Attributes, x: Shape) -> bool:
    """Whether any axis is shifted: none is that one window covers. A free size is taken to need several."""
    return any(shift and not _covers(window, size) for shift, window, size in zip(a.shift, a.window, x[1:], strict=True))


def _covers(window: Dim, size: Dim) -> bool:
    try:
        return decide(">=", window, size)
    except Undecided:
        return False


def macs(s: Site) -> Dim:
    """Projections, the two products, the heads' mixing, the MLP of relative positions."""
    a, e, width = s.a, extent(s.a, s.xs), channels(s.x)
    key_width = channels(s.xs[1]) if a.kv else width
    projections: Dim = 2 * e.queries * width * a.dim + 2 * e.keys * key_width * a.dim
    products: Dim = 2 * e.pairs * a.dim
    mixing: Dim = 2 * e.pairs * a.heads**2 if a.talking else 0
    mlp: Dim = e.offsets * BIAS_MLP_WIDTH * (2 + a.heads) if a.relpos == "mlp" else 0
    return projections + products + mixing + mlp


def macs_worked(s: Site) -> str:
    """The MACs as a sum of the projections and the products, with the numbers of this use."""
    a, e, width = s.a, extent(s.a, s.xs), channels(s.x)
    key_width = channels(s.xs[1]) if a.kv else width
    terms = [
        f"2*{e.queries}*{width}*{a.dim} for queries and the way out",
        f"2*{e.keys}*{key_width}*{a.dim} for keys and values",
    ]
    terms.append(f"2*{e.pairs}*{a.dim} for the two products")
    terms += [f"2*{e.pairs}*{a.heads}**2 to mix heads"] if a.talking else []
    terms += [f"{e.offsets}*{BIAS_MLP_WIDTH}*(2 + {a.heads}) for the MLP of positions"] if a.relpos == "mlp" else []
    return " + ".join(terms)


def flops(s: Site) -> Dim:
    """Biases, the factor of every logit, what is added to it, the softmax; the norms of cosine attention.

    The formula softmax(q k / sqrt(d/h) + bias) v is counted like the same steps written by hand.
    """
    a, e, width = s.a, extent(s.a, s.xs), channels(s.x)
    added = (1 if a.relpos else 0) + (1 if len(s.x) == 3 and is_shifted(a, s.x) else 0) + (2 if a.talking else 0)
    total: Dim = (1 + added) * a.heads * e.pairs + a.heads * e.queries * operation_counts.softmax(e.seen)
    if a.bias:
        keys_biased = 1 if a.cosine else 2
        total = total + a.dim * (e.queries + keys_biased * e.keys)
    if a.out_bias:
        total = total + width * e.queries
    if a.cosine:
        clamp_and_exp = operation_counts.COMPARE + operation_counts.EXP
        total = total + a.heads * ((e.queries + e.keys) * operation_counts.euclidean(quotient(a.dim, a.heads)) + clamp_and_exp)
    if a.relpos == "mlp":
        hidden = BIAS_MLP_WIDTH * (operation_counts.ADD + operation_counts.RELU)
        total = total + e.offsets * (hidden + a.heads * (operation_counts.SIGMOID + operation_counts.MULTIPLY))
    return total


def saved(s: Site) -> Saved:
    """What PyTorch keeps on a CPU, measured at batches above 1 (`tests/laws/test_training.py`).

    Fused attention keeps q, k, v, its result and one number per row; with a learned bias or head mixing also the logits.
    """
    a, e, is_map = s.a, extent(s.a, s.xs), len(s.x) == 3
    numbers: Dim = channels(s.x) * e.queries if is_map else 0  # the map's positions as tokens, a copy
    fixed: Dim = 0
    if a.relpos == "mlp":
        fixed = e.offsets * (BIAS_MLP_WIDTH + a.heads)
    if is_fused(a):
        numbers = numbers + 2 * a.dim * (e.queries + e.keys) + a.heads * e.queries
        if is_map and any(a.window):
            numbers = numbers + (0 if e.windows == 1 else a.dim * e.queries)  # heads of one window brought together again
            fixed = e.windows * a.heads * e.seen**2 if is_shifted(a, s.x) else 0
    else:
        numbers = numbers + _unfused_numbers(a, e)
        fixed = fixed + _scale_numbers(a, e)
    inputs = () if is_map else (0, 1) if a.kv else (0,)
    return Saved(inputs, extra_bytes=FLOAT_BYTES * numbers, fixed_bytes=FLOAT_BYTES * fixed)


def is_fused(a: Attributes) -> bool:
    """Whether PyTorch has one kernel for it in training on a CPU: no learned bias, no mixing, no norms."""
    return not (a.relpos or a.cosine or a.talking)


def _is_product_alone(a: Attributes) -> bool:
    """Whether the lowering calls PyTorch's product of attention, in one kernel or not (`WindowAttention` and its like)."""
    return not a.talking and (a.relpos == "mlp" if a.cosine else a.relpos in (None, "bias"))


def _unfused_numbers(a: Attributes, e: Extent) -> Dim:
    both = e.queries + e.keys
    several_windows = _is_product_alone(a) and e.windows != 1
    numbers: Dim = 2 * a.dim * both + (4 if a.talking else 1) * a.heads * e.pairs
    if a.cosine:
        # The projections, the normalized queries, and each row's length before and after its guard against 0.
        projections: Dim = a.dim * both if a.kv else 3 * a.dim * e.queries
        numbers = numbers + projections + a.dim * e.queries + 2 * a.heads * both
        return numbers - a.dim * e.keys if several_windows else numbers
    return numbers + 2 * a.dim * e.queries if several_windows else numbers


def _scale_numbers(a: Attributes, e: Extent) -> Dim:
    if not a.cosine:
        return 0
    times: Dim = 1 + e.windows if _is_product_alone(a) else 1  # once, and again repeated for every window
    heads: Dim = a.heads
    return times * heads


def scratch(s: Site) -> Dim:
    """Numbers alive at the worst moment inside, without input and output, in inference; measured as `saved` is.

    Masks and biases, which all samples of a batch share, are left out.
    """
    a, e, is_map = s.a, extent(s.a, s.xs), len(s.x) == 3
    both = e.queries + e.keys
    dim: Dim = a.dim
    if is_fused(a) and not (is_map and any(a.window)):
        return 2 * dim * both  # q, k, v and the result, until the out-projection is through
    copies: Dim = 0
    if is_map:
        moved = is_shifted(a, s.x) or e.queries != s.x[1] * s.x[2]
        copies = (2 if moved else 1) * s.x[0] * e.queries
    numbers = copies + (2 if _is_product_alone(a) and e.windows == 1 else 3) * a.dim * both
    if not _is_product_alone(a):
        numbers = numbers + (2 if a.talking else 1) * a.heads * e.pairs
    if a.cosine:
        numbers = numbers + (a.heads * e.queries if _is_product_alone(a) else a.dim * e.keys)
    mixing = copies + a.dim * (both + e.keys) + 4 * a.heads * e.pairs
    return (larger(numbers, mixing) if a.talking else numbers) - numel(s.y)


def larger(left: Dim, right: Dim) -> Dim:
    """The larger one; the second if free sizes leave it open."""
    try:
        return left if decide(">=", left, right) else right
    except Undecided:
        return right


__all__ = [
    "BIAS_MLP_WIDTH",
    "Extent",
    "extent",
    "flops",
    "is_fused",
    "is_shifted",
    "larger",
    "macs",
    "saved",
    "scratch",
    "used_window",
]
