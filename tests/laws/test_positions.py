"""Where positions go, and sizes that hang together so that the laws of `test_ops.py` cannot free them one by one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import torch
from helpers.lowered import inputs_of, module_of, site_of
from samples import Sample
from samples.sample import Word

from archdsl.ops.binding import complete
from archdsl.ops.captions import caption
from archdsl.ops.operator import Site
from archdsl.ops.registry import OPERATORS
from archdsl.ops.views import UNKNOWN, Line, Lines
from archdsl.shapes import Dim, Formula, Shape, Undecided

pytestmark = pytest.mark.torch

H, W, T = Formula.symbol("H"), Formula.symbol("W"), Formula.symbol("T")
NUMBERS: dict[str, Dim] = {"H": 6, "W": 7, "T": 5}
TOKENS = Word("tokens")

FREE: list[tuple[str, tuple[Shape, ...], dict[str, Any]]] = [
    ("spacetodepth", ((3, 2 * H, 2 * W),), {"factor": 2}),
    ("pixelshuffle", ((8, H, W),), {"factor": 2}),
    ("grid", ((9 * H * H, 8),), {}),
    ("grid", ((H * W, 8),), {"size": (H, W)}),
    ("slice", ((T + 4, 8),), {"from": 1, "to": 5, "axis": TOKENS}),
    ("slice", ((T + 4, 8),), {"from": -4, "to": -1, "axis": TOKENS}),
    ("select", ((T + 1, 8),), {"i": 1}),
    ("select", ((T, 8),), {"i": -1}),
    ("crop", ((3, H + 4, W + 6),), {"size": 5}),
    ("crop", ((3, H + 4, W + 6), (1, H, W)), {"like": True}),
    ("crop", ((3, H + 4, W + 6), (1, H, W)), {"like": True, "offset": (4, 0)}),
    ("upsample", ((3, H, W), (1, 2 * H, 3 * W)), {"like": True}),
    ("upsample", ((3, H, W),), {"size": (14, 20), "mode": Word("bilinear")}),
    ("mul", ((3, H, W), (3, 1, 1), (1, H, W)), {}),
    ("concat", ((T, 8), (3, 8)), {"axis": TOKENS}),
    ("matmul", ((T, 8), (8, T)), {"other": True}),
    ("attention", ((8, H, W),), {"heads": 2, "window": 4, "shift": 2, "relpos": Word("mlp"), "cosine": True}),
    ("attention", ((8, H, W),), {"heads": 2, "relpos": Word("bias")}),
    ("attention", ((T, 8), (H * W, 6)), {"heads": 2, "kv": True}),
    ("posembed", ((8, H, W),), {}),
]


def _put(dim: Dim) -> int:
    value = dim.substitute(NUMBERS) if isinstance(dim, Formula) else dim
    assert value == int(value)  # type: ignore[arg-type]
    return int(value)  # type: ignore[arg-type]


def _with_numbers(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_with_numbers(item) for item in value)
    return _put(value) if isinstance(value, Formula) else value


@pytest.mark.parametrize(("name", "inputs", "written"), FREE)
def test_formulas_agree_with_numbers(name: str, inputs: tuple[Shape, ...], written: dict[str, Any]) -> None:
    operator = OPERATORS[name]
    free = _site(name, inputs, written)
    there = _site(name, _with_numbers(inputs), {key: _with_numbers(value) for key, value in written.items()})
    assert _with_numbers(free.y) == there.y
    assert [_with_numbers(tensor.shape) for tensor in free.parameters] == [tensor.shape for tensor in there.parameters]
    assert _put(operator.macs(free)) == operator.macs(there)
    assert _put(operator.flops(free)) == operator.flops(there)
    assert _put(operator.saved(free).extra_bytes) == operator.saved(there).extra_bytes
    assert caption(operator, free)


def _site(name: str, inputs: tuple[Shape, ...], written: dict[str, Any]) -> Site:
    operator = OPERATORS[name]
    return operator.site(complete(operator, written, inputs), inputs)


UNDECIDED: list[tuple[str, tuple[Shape, ...], dict[str, Any]]] = [
    ("spacetodepth", ((3, H, W),), {"factor": 2}),
    ("select", ((T, 8),), {"i": 1}),
    ("slice", ((T, 8),), {"from": 1, "to": 5, "axis": TOKENS}),
    ("crop", ((3, H, W),), {"size": 5}),
    ("attention", ((T, W),), {"heads": 2}),
]


@pytest.mark.parametrize(("name", "inputs", "written"), UNDECIDED)
def test_what_free_sizes_leave_open_is_no_shape(name: str, inputs: tuple[Shape, ...], written: dict[str, Any]) -> None:
    with pytest.raises(Undecided):
        _site(name, inputs, written)


OTHER_SIZES: list[tuple[Sample, tuple[Shape, ...]]] = [
    (Sample("spacetodepth", ((8, 12, 12),), {"factor": 2}), ((8, 6, 10),)),
    (Sample("crop", ((8, 11, 13), (3, 6, 8)), {"like": True}), ((8, 9, 9), (3, 4, 1))),
    (Sample("crop", ((8, 11, 13),), {"size": 6}), ((8, 6, 9),)),
    (Sample("upsample", ((8, 11, 13), (3, 22, 30)), {"like": True}), ((8, 4, 5), (3, 5, 5))),
    (Sample("upsample", ((8, 11, 13),), {"size": 20}), ((8, 4, 5),)),
    (Sample("mul", ((8, 1, 1), (8, 11, 13)), {}), ((8, 1, 1), (8, 4, 5))),
    (Sample("matmul", ((5, 8), (8, 3)), {"other": True}), ((2, 6), (6, 7))),
    (Sample("grid", ((9, 8),), {}), ((25, 8),)),
    (Sample("slice", ((5, 8),), {"from": -4, "to": -1, "axis": TOKENS}), ((9, 8),)),
    (Sample("attention", ((8, 3, 4),), {"heads": 2, "window": 4, "shift": 2}), ((8, 9, 12),)),
]


@pytest.mark.parametrize(("sample", "inputs"), OTHER_SIZES, ids=str)
def test_one_lowering_serves_other_sizes(sample: Sample, inputs: tuple[Shape, ...]) -> None:
    operator, site = site_of(sample)
    _, there = site_of(sample._replace(inputs=inputs))
    assert operator.torch(site) == operator.torch(there)
    y = module_of(operator, site).to("meta")(*inputs_of(sample._replace(inputs=inputs), batch=2, device="meta"))
    assert tuple(y.shape) == (2, *there.y)


def test_space_to_depth_goes_column_by_column() -> None:
    """Channel `(x*f + y)*C + c` of a cell is the number at column x, row y, channel c (language.md, section 9)."""
    c, f = 3, 2
    sample = Sample("spacetodepth", ((c, 4, 6),), {"factor": f})
    operator, site = site_of(sample)
    (x,) = inputs_of(sample)
    y = module_of(operator, site)(x)
    for channel in range(c * f * f):
        column, row, old = channel // c // f, channel // c % f, channel % c
        assert torch.equal(y[:, channel], x[:, old, row::f, column::f])


def test_tokens_and_grid_undo_each_other() -> None:
    (x,) = inputs_of(Sample("tokens", ((4, 3, 5),)))
    there = module_of(*site_of(Sample("tokens", ((4, 3, 5),))))(x)
    assert torch.equal(there[:, 1 * 5 + 2], x[:, :, 1, 2])
    back = module_of(*site_of(Sample("grid", ((15, 4),), {"size": (3, 5)})))(there)
    assert torch.equal(back, x)


def test_shuffle_is_the_network_s() -> None:
    """ShuffleNet's: channel `i*n + j` of n channels a group comes to `j*groups + i`."""
    sample = Sample("shuffle", ((6, 2, 2),), {"groups": 2})
    (x,) = inputs_of(sample)
    assert torch.equal(module_of(*site_of(sample))(x), x[:, [0, 3, 1, 4, 2, 5]])


@pytest.mark.parametrize(("scale", "height"), [("0.29", 29), ("1.1", 110), ("2", 200), ("1/3", 33)])
def test_scales_are_exact(scale: str, height: int) -> None:
    """In floats 0.29 * 100 is a little under 29."""
    sample = Sample("upsample", ((1, 100, 100),), {"scale": Fraction(scale)})
    operator, site = site_of(sample)
    assert site.y == (1, height, height)
    assert tuple(module_of(operator, site)(*inputs_of(sample)).shape[2:]) == (height, height)


def test_views_of_resizing_are_steps() -> None:
    half = Line(1, 0, 2)
    assert _view("upsample", ((1, 4, 6),), {"scale": 2}) == Lines((half, half), (half, half))
    assert _view("upsample", ((1, H, W), (1, 2 * H, 2 * W)), {"like": True}) == Lines((half, half), (half, half))
    assert _view("upsample", ((1, H, W),), {"size": 8}) == UNKNOWN


def _view(name: str, inputs: tuple[Shape, ...], written: dict[str, Any]) -> Any:
    return OPERATORS[name].view(_site(name, inputs, written))
