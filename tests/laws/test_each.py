"""`each`: its module equals a loop over parts written by hand; its costs are those of a part times the parts, measured too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from helpers.lowered import module_of
from helpers.reference_peak import measured_peak
from helpers.unrolled import Program

import archdsl

pytestmark = pytest.mark.torch

Cut = Iterator[tuple[Any, tuple[Any, ...]]]
"""Each part of a sample as the body sees it, and where it stands in a result."""


def rows(x: Any) -> Cut:
    for place in _grid(x.shape[1:-1]):
        yield x[(slice(None), *place)].T, (slice(None), *place)


def columns(x: Any) -> Cut:
    for place in _grid((*x.shape[1:-2], x.shape[-1])):
        at = (slice(None), *place[:-1], slice(None), place[-1])
        yield x[at].T, at


def frames(x: Any) -> Cut:
    for t in range(x.shape[1]):
        yield x[:, t], (slice(None), t)


def positions(x: Any) -> Cut:
    for h, w in _grid(x.shape[-2:]):
        yield (x[..., h, w].T if x.dim() == 4 else x[..., h, w]), (..., h, w)


def tokens(x: Any) -> Cut:
    for t in range(x.shape[0]):
        yield x[t], (t,)


def _grid(sizes: Any) -> Iterator[tuple[int, ...]]:
    if not sizes:
        yield ()
        return
    for first in range(sizes[0]):
        for rest in _grid(sizes[1:]):
            yield (first, *rest)


def by_hand(kind: str, x: Any, body: Any) -> Any:
    """The result for one sample, part by part; what ends in a vector is one position of its part."""
    found = [(body(part[None])[0], place) for part, place in globals()[kind](x)]
    first = found[0][0]
    result: Any
    if kind == "tokens":
        return torch.stack([y for y, _ in found])
    if kind == "frames":
        return torch.stack([y if y.dim() > 1 else y[:, None, None] for y, _ in found], dim=1)
    if kind == "positions":
        many: tuple[int, ...] = x.shape[-2:]
        inner = () if x.dim() == 3 else (1,) if first.dim() == 1 else (first.shape[0],)
    else:
        inner = (1,) if first.dim() == 1 else (first.shape[0],)
        many = x.shape[1:-1] if kind == "rows" else (*x.shape[1:-2], x.shape[-1])
    c = first.shape[-1]
    if kind == "positions":
        result = torch.empty((c, *inner, *many))
    elif kind == "rows":
        result = torch.empty((c, *many, *inner))
    else:
        result = torch.empty((c, *many[:-1], *inner, many[-1]))
    for y, place in found:
        result[place] = y.T if y.dim() > 1 else (y[:, None] if inner else y)
    return result


CASES = [
    ("rows", (6, 5, 7), "attention heads=2 ; linear 4"),
    ("rows", (6, 5, 7), "conv 3 8 stride=2 ; relu"),
    ("rows", (6, 5, 7), "gap ; linear 3"),
    ("rows", (6, 2, 5, 7), "linear 4 ; layernorm"),
    ("columns", (6, 5, 7), "attention heads=3"),
    ("columns", (6, 5, 7), "gap ; linear 3"),
    ("columns", (6, 2, 5, 7), "conv 3 4 pad=0"),
    ("frames", (6, 3, 5, 7), "conv 3x3 4 stride=2 ; bn ; relu"),
    ("frames", (6, 3, 5, 7), "flatten ; linear 4"),
    ("positions", (6, 3, 5, 7), "attention heads=2 ; linear 4"),
    ("positions", (6, 3, 5, 7), "gap"),
    ("positions", (6, 5, 7), "linear 4 ; gelu ; linear 2"),
    ("tokens", (9, 6), "linear 12 ; glu ; linear 3"),
]


@pytest.mark.parametrize(("kind", "shape", "body"), CASES)
def test_it_is_the_body_on_every_part(kind: str, shape: tuple[int, ...], body: str) -> None:
    arch = archdsl.loads(f"arch t\ninput x{list(shape)}\neach {kind} < {body} >\n")
    part = next(iter(globals()[kind](torch.empty(shape))))[0]
    alone = archdsl.loads(f"arch p\ninput x{list(part.shape)}\n{body}\n")
    ours, theirs = arch.module().eval(), alone.module().eval()
    theirs.load_state_dict({name.removeprefix("each1."): value for name, value in ours.state_dict().items()})
    x = torch.randn(2, *shape)
    with torch.no_grad():
        expected = torch.stack([by_hand(kind, sample, theirs) for sample in x])
        found = ours(x)
    assert arch.cost().out == tuple(found.shape[1:])
    torch.testing.assert_close(found, expected)
    many = len(list(globals()[kind](torch.empty(shape))))
    whole, one = arch.cost(), alone.cost()
    assert (whole.params, whole.macs, whole.flops) == (one.params, one.macs * many, one.flops * many)
    assert (whole.memory, whole.depth) == (one.memory * many, one.depth)


def windows_of(x: Any, k: tuple[int, ...]) -> Any:
    """`[B, C, H, W]` padded at the end and cut: `[B, h, w, C, k, k]`."""
    pads = [(-size) % side for size, side in zip(x.shape[2:], k, strict=True)]
    x = torch.nn.functional.pad(x, [n for pad in reversed(pads) for n in (0, pad)])
    for axis, side in enumerate(k):
        x = x.unfold(2 + axis, side, side)
    return x.permute(0, *range(2, 2 + len(k)), 1, *range(2 + len(k), 2 + 2 * len(k)))


@pytest.mark.parametrize(
    ("shape", "k", "body", "out"),
    [
        ((3, 8, 12), "4", "conv 3x3 5", (5, 8, 12)),
        ((3, 7, 10), "4", "conv 3x3 5", (5, 7, 10)),
        ((3, 8, 12), "4x6", "conv 3x3 5 stride=2", (5, 4, 6)),
        ((3, 8, 12), "4", "flatten ; linear 5", (5, 2, 3)),
        ((3, 4, 6, 6), "2x3x3", "conv 1x3x3 5", (5, 4, 6, 6)),
    ],
)
def test_windows(shape: tuple[int, ...], k: str, body: str, out: tuple[int, ...]) -> None:
    arch = archdsl.loads(f"arch t\ninput x{list(shape)}\neach windows {k} < {body} >\n")
    sides = tuple(map(int, k.split("x"))) if "x" in k else (int(k),) * (len(shape) - 1)
    alone = archdsl.loads(f"arch p\ninput x{[shape[0], *sides]}\n{body}\n")
    ours, theirs = arch.module().eval(), alone.module().eval()
    theirs.load_state_dict({name.removeprefix("each1."): value for name, value in ours.state_dict().items()})
    x = torch.randn(2, *shape)
    cut = windows_of(x, sides)
    grid = cut.shape[1 : 1 + len(sides)]
    with torch.no_grad():
        parts = theirs(cut.flatten(0, len(sides)))
        if parts.dim() == 2:
            expected = parts.unflatten(0, (2, *grid)).movedim(-1, 1)
        else:
            expected = parts.unflatten(0, (2, *grid)).movedim(1 + len(sides), 1)
            for axis in reversed(range(len(sides))):
                expected = expected.movedim(2 + len(sides) + axis, 3 + axis).flatten(2 + axis, 3 + axis)
            expected = expected[(slice(None), slice(None), *(slice(size) for size in out[1:]))]
        found = ours(x)
    assert arch.cost().out == out == tuple(found.shape[1:])
    torch.testing.assert_close(found, expected)
    assert arch.cost().macs == alone.cost().macs * grid.numel()


def test_windows_of_tokens() -> None:
    arch = archdsl.loads("arch t\ninput x[10, 6]\neach windows 4 < attention heads=2 >\n")
    alone = archdsl.loads("arch p\ninput x[4, 6]\nattention heads=2\n")
    ours, theirs = arch.module().eval(), alone.module().eval()
    theirs.load_state_dict({name.removeprefix("each1."): value for name, value in ours.state_dict().items()})
    x = torch.randn(2, 10, 6)
    padded = torch.nn.functional.pad(x, (0, 0, 0, 2))
    expected = torch.cat([theirs(padded[:, at : at + 4]) for at in (0, 4, 8)], dim=1)[:, :10]
    torch.testing.assert_close(ours(x), expected)


@pytest.mark.parametrize(
    ("shape", "body"),
    [((12, 5, 7), "dwconv 3x3 stride=2"), ((12, 5, 7), "gap ; linear 4"), ((9, 12), "linear 4"), ((12,), "linear 5")],
)
def test_groups(shape: tuple[int, ...], body: str) -> None:
    axis = 0 if len(shape) > 2 else -1
    arch = archdsl.loads(f"arch t\ninput x{list(shape)}\neach groups 3 < {body} >\n")
    part = list(shape)
    part[axis] //= 3
    alone = archdsl.loads(f"arch p\ninput x{part}\n{body}\n")
    ours, theirs = arch.module().eval(), alone.module().eval()
    theirs.load_state_dict({name.removeprefix("each1."): value for name, value in ours.state_dict().items()})
    x = torch.randn(2, *shape)
    slices = x.chunk(3, dim=axis + 1 if axis == 0 else -1)
    results = [theirs(one) for one in slices]
    expected = torch.cat(results, dim=1 if results[0].dim() != 3 else -1)
    torch.testing.assert_close(ours(x), expected)
    assert arch.cost().out == tuple(expected.shape[1:])
    assert arch.cost().macs == 3 * alone.cost().macs


def test_a_value_from_outside_is_the_same_in_every_part() -> None:
    text = "arch t\ninput x[6, 5, 7]\nw: < gap ; linear 6 >\n@x ; each rows < mul < identity | @w ; sigmoid > >\n"
    module: Any = archdsl.loads(text).module().eval()
    x = torch.randn(2, 6, 5, 7)
    w = torch.sigmoid(module.w(x))
    torch.testing.assert_close(module(x), x * w[:, :, None, None])


def test_a_list_is_cut_value_by_value() -> None:
    text = "arch t\ninput x[6, 5, 7]\na: conv 1x1 4\nb: conv 1x1 4\n[@a, @b] ; each rows < mul ; linear 3 >\n"
    arch = archdsl.loads(text)
    module: Any = arch.module().eval()
    x = torch.randn(2, 6, 5, 7)
    a = module.a(x)
    expected = module.each1.linear1((a * module.b(a)).permute(0, 2, 3, 1))
    torch.testing.assert_close(module(x), expected.permute(0, 3, 1, 2))
    assert arch.cost().macs == 35 * (6 * 4 + 4 * 4 + 4 * 3)


PROGRAMS = [
    "conv 1x1 12 ; each rows < linear 12 ; gelu > ; each columns < residual < linear 24 ; gelu ; linear 12 > >",
    "conv 1x1 12 ; each windows 4 < residual < conv 3x3 12 ; bn ; relu ; conv 1x1 12 > > ; relu",
    "conv 1x1 12 ; each groups 4 < dwconv 3x3 bias=false ; bn ; relu > ; conv 1x1 6",
    "conv 1x1 12 ; x3 each rows < residual < gelu ; linear 12 > >",
    "w: < gap ; linear 12 > ; @x ; conv 1x1 12 ; each rows < mul < identity | @w ; sigmoid > ; linear 5 >",
    "tokens ; layernorm ; each tokens < linear 24 ; gelu ; linear 12 > ; gap",
    "each windows 2 < flatten ; linear 8 > ; conv 3x3 4",
    "conv 1x1 12 ; each rows < each windows 7 < residual < gelu ; linear 12 > ; gelu > >",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_peak_is_the_measured_one(program: str) -> None:
    arch = archdsl.loads(f"arch t\ninput x[6, 10, 14]\n{program}\n")
    # Norms also make their statistics, which the metric leaves out.
    assert arch.cost(batch=2).peak == pytest.approx(measured_peak(arch, 2), rel=0.01)


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_training_keeps_is_what_autograd_keeps(program: str) -> None:
    arch = archdsl.loads(f"arch t\ninput x[6, 10, 14]\n{program}\n")
    running = Program(arch.network.root)
    modules = [module_of(run.node.operator, run.node.site).train() for run in running.runs]
    values: dict[int, Any] = {0: torch.rand(2, 6, 10, 14)}
    owned = [tensor for module in modules for tensor in (*module.parameters(), *module.buffers())]
    known = {tensor.untyped_storage().data_ptr() for tensor in (*owned, *values.values())}
    kept: dict[int, Any] = {}

    def pack(tensor: Any) -> Any:
        if tensor.untyped_storage().data_ptr() not in known:
            kept[tensor.untyped_storage().data_ptr()] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        for run, module in zip(running.runs, modules, strict=True):
            values[run.output] = module(*(values[value] for value in run.inputs))
    measured = sum(tensor.untyped_storage().nbytes() for tensor in kept.values())
    assert arch.cost(batch=2).training().saved == measured


@pytest.mark.parametrize(
    ("program", "plain"),
    [
        (
            "conv 1x1 12 ; x3 each rows < residual < layernorm ; linear 12 > >",
            "conv 1x1 12 ; tokens ; x3 < residual < layernorm ; linear 12 > >",
        ),
        ("conv 1x1 12 ; each groups 4 < gelu ; dwconv 3x3 > ; conv 1x1 6", "conv 1x1 12 ; gelu ; dwconv 3x3 ; conv 1x1 6"),
    ],
)
def test_the_worst_moment_of_training_is_that_of_the_same_steps_on_everything(program: str, plain: str) -> None:
    parts, whole = (
        archdsl.loads(f"arch t\ninput x[6, 40, 56]\n{body}\n").cost(batch=8).training() for body in (program, plain)
    )
    assert parts.saved == whole.saved
    assert parts.peak == pytest.approx(whole.peak, rel=1e-4)


@pytest.mark.parametrize("program", PROGRAMS)
def test_source_and_costs_agree_everywhere(program: str) -> None:
    arch = archdsl.loads(f"arch t\ninput x[6, 10, 14]\n{program}\n")
    assert arch.module() is not None
    cost = arch.cost()
    rows = cost.folded_rows
    assert sum(row.macs * row.times for row in rows) == cost.macs
    assert sum(row.memory * row.times for row in rows) == cost.memory
    assert sum(data["macs"] for _, data in arch.graph.nodes(data=True)) == cost.macs
