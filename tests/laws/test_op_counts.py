"""What operators count besides multiply-accumulates, against figures computed by hand. Must not need torch."""

from __future__ import annotations

from math import ceil, floor
from typing import Any

import pytest
from samples.normalization import MAP, TOKENS

import archdsl
from archdsl.analysis.reports.conventions import CONVENTIONS
from archdsl.analysis.unavailable import Unavailable
from archdsl.ir import Node
from archdsl.ops.binding import complete
from archdsl.ops.operator import Saved, Site
from archdsl.ops.registry import OPERATORS, WORDS, find
from archdsl.ops.views import EVERYTHING, UNKNOWN, Line, Lines
from archdsl.shapes import Dim, Formula, Shape, Undecided

C, H, W = 6, 11, 13
PLACES = H * W
T, D = 5, 6

FLOPS: list[tuple[str, tuple[Shape, ...], dict[str, Any], int]] = [
    ("conv", MAP, {"k": 3, "c": 8}, 8 * PLACES),  # a bias an output
    ("conv", MAP, {"k": 3, "c": 8, "bias": False}, 0),
    ("linear", TOKENS, {"c": 4}, T * 4),
    ("relu", MAP, {}, C * PLACES),
    ("sigmoid", TOKENS, {}, T * D * 4),  # negation, exp, addition, division
    ("silu", TOKENS, {}, T * D * 5),
    ("gelu", TOKENS, {}, T * D * 5),
    ("bn", MAP, {}, 2 * C * PLACES),  # a factor and a shift
    (
        "layernorm",
        TOKENS,
        {"affine": False},
        T * (5 * D + 2),
    ),  # mean D, differences D, squares D, mean D, + eps, root, quotients D
    ("layernorm", TOKENS, {}, T * (5 * D + 2) + 2 * T * D),
    ("groupnorm", MAP, {"groups": 3}, 3 * (5 * 2 * PLACES + 2) + 2 * C * PLACES),
    ("instancenorm", MAP, {}, C * (5 * PLACES + 2)),
    ("channel_avgpool", MAP, {}, C * PLACES),
    ("channel_maxpool", MAP, {}, (C - 1) * PLACES),
    ("l2norm", MAP, {}, PLACES * (3 * C + 1)),  # squares, their sum, the root, the guard, quotients
    ("lrn", MAP, {}, C * PLACES * 9),  # a square, 4 additions, factor, summand, power, quotient
    # A channel: squares, their sum, the root, a quotient, a product, + 1; the mean of the lengths and + eps; 2 a number.
    ("grn", MAP, {}, C * (2 * PLACES + 3) + C + 1 + 2 * C * PLACES),
    ("grn", TOKENS, {}, D * (2 * T + 3) + D + 1 + 2 * D * T),
    ("softmax", TOKENS, {}, T * (5 * D - 2)),  # largest D-1, differences D, exp D, sum D-1, quotients D
    ("softmax", TOKENS, {"groups": 2}, T * 3 * (5 * 2 - 2)),
    ("maxpool", MAP, {"k": 2}, C * 5 * 6 * 3),
    ("avgpool", MAP, {"k": 2}, C * 5 * 6 * 4),
    ("gap", MAP, {}, C * PLACES),
    ("gap", TOKENS, {}, T * D),
    ("dropout", MAP, {}, 0),
    ("identity", MAP, {}, 0),
]


def _site(name: str, inputs: tuple[Shape, ...], written: dict[str, Any]) -> Site:
    operator = OPERATORS[name]
    return operator.site(complete(operator, written, inputs), inputs)


@pytest.mark.parametrize(("name", "inputs", "written", "flops"), FLOPS)
def test_flops(name: str, inputs: tuple[Shape, ...], written: dict[str, Any], flops: int) -> None:
    assert OPERATORS[name].flops(_site(name, inputs, written)) == flops


def _borders(size: int, count: int) -> list[range]:
    return [range(floor(i * size / count), ceil((i + 1) * size / count)) for i in range(count)]


@pytest.mark.parametrize("count", range(1, 12))
@pytest.mark.parametrize("size", range(1, 12))
def test_adaptive_pools(size: int, count: int) -> None:
    """Against the windows themselves, counted."""
    windows = _borders(size, count)
    together, outputs = sum(map(len, windows)), 3 * count * count
    site = _site("adaptive_avgpool", ((3, size, size),), {"size": count})
    assert OPERATORS["adaptive_avgpool"].flops(site) == 3 * together**2
    assert OPERATORS["adaptive_maxpool"].flops(site) == 3 * together**2 - outputs
    view = OPERATORS["adaptive_avgpool"].view(site)
    if count == 1:
        assert view == EVERYTHING
    else:
        assert isinstance(view, Lines)
        (low, _), (high, _) = view
        assert low is not None
        assert high is not None
        assert [(low.at(place), high.at(place)) for place in range(count)] == [(one.start, one[-1]) for one in windows]


@pytest.mark.parametrize("count", [*range(1, 14), 36])
def test_formulas_of_adaptive_pools(count: int) -> None:
    """The formula of free sizes, or of a free number of windows, gives at each size what counting one by one gives."""
    h, w = Formula.symbol("H"), Formula.symbol("W")
    average, largest = OPERATORS["adaptive_avgpool"], OPERATORS["adaptive_maxpool"]
    free = _site("adaptive_avgpool", ((3, h, 2 * w),), {"size": (count, 3)})
    for height, width in zip(range(1, 40), [*range(7, 20)] * 3, strict=True):
        down, across = (sum(map(len, _borders(size, n))) for size, n in ((height, count), (2 * width, 3)))
        put = {"H": height, "W": width}
        assert _put(average.flops(free), put) == 3 * down * across
        assert _put(largest.flops(free), put) == 3 * (down * across - 3 * count)
    many = _site("adaptive_avgpool", ((3, count, count),), {"size": h})
    for windows in range(1, 30):
        assert _put(average.flops(many), {"H": windows}) == 3 * sum(map(len, _borders(count, windows))) ** 2


def _put(dim: Dim, values: dict[str, int]) -> Dim:
    return dim.substitute(dict(values)) if isinstance(dim, Formula) else dim


@pytest.mark.parametrize("count", [2, 3, 7, 12])
def test_the_widest_window_of_an_adaptive_pool_has_a_formula(count: int) -> None:
    field = archdsl.loads(f"arch t\ninput x[1, 2*H, H]\nconv 1x1 1 ; adaptive_avgpool {count}").cost().receptive_field
    assert not isinstance(field, Unavailable)
    for size in range(1, 40):
        widest = tuple(max(map(len, _borders(positions, count))) for positions in (2 * size, size))
        assert tuple(_put(axis, {"H": size}) for axis in field) == widest


def test_a_pool_whose_windows_no_formula_tells_is_refused() -> None:
    h, w = Formula.symbol("H"), Formula.symbol("W")
    assert (
        OPERATORS["adaptive_avgpool"].flops(_site("adaptive_avgpool", ((1, 6 * h, w * h),), {"size": (4 * h, w)}))
        == 8 * h * w * h
    )
    for wanted in (w, h + 1, 10**6 + 1):
        with pytest.raises(Undecided):
            _site("adaptive_avgpool", ((1, h, h),), {"size": wanted})


def test_depth_counts_convolutions_and_linear_layers() -> None:
    depths = {operator.name: operator.depth for operator in OPERATORS.values() if operator.depth}
    assert {name for name, depth in depths.items() if not isinstance(depth, int)} == {"lstm", "gru", "rnn"}
    fixed = {name: depth for name, depth in depths.items() if isinstance(depth, int)}
    assert fixed == {"conv": 1, "dwconv": 1, "deconv": 1, "deform_conv": 1, "linear": 1, "attention": 2}


def test_memory_counts_what_the_language_lists() -> None:
    counted = {operator.name for operator in OPERATORS.values() if operator.in_memory}
    assert counted >= {"conv", "dwconv", "deconv", "linear", "attention", "matmul", "upsample", "add", "mul", "concat"}
    assert counted >= {"maxpool", "avgpool", "adaptive_avgpool", "adaptive_maxpool", "gap", "unpool"}
    assert not counted & {"bn", "layernorm", "groupnorm", "instancenorm", "lrn", "grn"}
    assert not counted & {"flatten", "tokens", "grid", "transpose"}
    assert not counted & {name for name, operator in OPERATORS.items() if operator.symbol.paint in ("activation", "regularise")}


def test_free_dimensions_give_formulas() -> None:
    c, h, w = (Formula.symbol(name) for name in "CHW")
    once = _site("conv", ((c, h, w),), {"k": 5, "c": c, "bias": False})
    assert once.y == (c, h, w)
    assert once.parameters[0].numel == 25 * c**2
    assert OPERATORS["conv"].macs(once) == 25 * c**2 * h * w
    half = _site("conv", ((c, 2 * h, 2 * w),), {"k": 3, "c": c, "stride": 2})
    assert half.y == (c, h, w)
    assert _site("conv", ((c, 2 * h, 2 * w),), {"k": 3, "c": c, "stride": 2, "pad": _tf()}).y == (c, h, w)
    assert _site("maxpool", ((c, h, w),), {"k": 2}).y == (c, h // 2, w // 2)
    assert _site("avgpool", ((c, h, h),), {"k": h}).y == (c, 1, 1)
    assert _site("conv", ((c, h, w),), {"k": 3, "c": 2 * c, "groups": c}).parameters[0].shape == (2 * c, 1, 3, 3)


def _tf() -> Any:
    from archdsl.ops.arguments import Word

    return Word("tf")


def test_what_is_seen_of_free_sizes_without_a_quotient_is_unknown() -> None:
    h = Formula.symbol("H")
    pool, deconv = OPERATORS["adaptive_avgpool"], OPERATORS["deconv"]
    assert pool.view(_site("adaptive_avgpool", ((3, 8, 8),), {"size": h})) == UNKNOWN
    half = Line(1, 0, 2)
    assert pool.view(_site("adaptive_avgpool", ((3, h, h),), {"size": 2 * h})) == Lines((half, half), (half, half))
    pairs = Line(2), Line(2, 1)
    assert pool.view(_site("adaptive_avgpool", ((3, 2 * h, 2 * h),), {"size": h})) == Lines((pairs[0],) * 2, (pairs[1],) * 2)
    assert deconv.view(_site("deconv", ((3, h, h),), {"k": h, "c": 3, "stride": h})) == UNKNOWN
    shuffle = OPERATORS["pixelshuffle"]
    assert shuffle.view(_site("pixelshuffle", ((3 * h**2, 8, 8),), {"factor": h})) == UNKNOWN
    window = OPERATORS["attention"]
    assert window.view(_site("attention", ((4, h, h),), {"heads": 1, "window": 7})) == UNKNOWN
    assert window.view(_site("attention", ((4, 8 * h, 8 * h),), {"heads": 1, "window": 9})) == UNKNOWN
    assert isinstance(window.view(_site("attention", ((4, 8 * h, 8 * h),), {"heads": 1, "window": 7})), Lines)
    assert window.view(_site("attention", ((4, 8 * h, 8 * h),), {"heads": 1, "window": 7, "grid": True})) == UNKNOWN


def test_a_stride_without_a_quotient_is_unavailable() -> None:
    """Eight positions become k: that is 8/k of them a step, which is no polynomial."""
    pooled = archdsl.loads("arch t(k=2)\ninput image[3, 8, 8]\nconv 3x3 4\nadaptive_avgpool k\n", free=["k"]).cost()
    shuffled = archdsl.loads("arch t\ninput image[K*K, 8, 8]\npixelshuffle K\n").cost()
    for cost in (pooled, shuffled):
        assert isinstance(cost.stride, Unavailable)
        assert isinstance(cost.receptive_field, Unavailable)
    assert pooled.memory == 4 * 4 * (64 + Formula.symbol("k") ** 2)


def test_the_lecture_counts_pools_of_free_kernels() -> None:
    k = Formula.symbol("k")
    network = archdsl.loads("arch t(k=2)\ninput image[4, 8, 8]\nmaxpool k stride=1 pad=valid\n", free=["k"]).network
    (pool,) = network.root.steps
    assert isinstance(pool, Node)
    assert CONVENTIONS["lecture"].of_node(pool) == 4 * (9 - k) ** 2 * k**2


def test_dropout_without_probability_keeps_nothing() -> None:
    assert OPERATORS["dropout"].saved(_site("dropout", MAP, {"p": 0})) == Saved()


def test_names_and_words() -> None:
    assert find("fc") is OPERATORS["linear"]
    assert find("ln") is OPERATORS["layernorm"]
    assert find("gn") is OPERATORS["groupnorm"]
    assert find("conv2d") is None
    assert {"same", "valid", "tf", "scaled"} <= WORDS


def test_two_operators_of_one_name_are_refused() -> None:
    from archdsl.ops.registry import _named

    with pytest.raises(ValueError, match="two operators are called `linear`"):
        _named([OPERATORS["linear"], OPERATORS["linear"]])
