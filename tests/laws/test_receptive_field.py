"""The window that each operator declares, against the footprint of its gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import prod
from typing import Any, NamedTuple

import pytest
import torch
from helpers.lowered import inputs_of, module_of, site_of
from samples import SAMPLES, Sample
from torch import Tensor

from archdsl.ops.views import EVERYTHING, POINT, UNKNOWN, Lines, Window
from archdsl.shapes import Dim, Indices, Shape, spatial

pytestmark = pytest.mark.torch

DRAWS = {"maxpool": 12, "adaptive_maxpool": 12, "amax": 40, "gmp": 40}
"""How often a footprint is taken, where not once: the gradient of these shows one position of each window at a time."""

NOTHING = 1e-4
"""Relative to the largest gradient: what interpolation leaves of a neighbor whose weight is 0, rounded."""

PAIRS = ("logits", "relpos")
"""Operators whose positions are pairs of one position of each input; of a map of pairs no place in the picture is known."""

GROWING = ("cumsum", "attend", "lstm", "gru", "rnn")
"""Operators whose later tokens see more; what is told is what the last one sees."""

CAUTIOUS = ("rearrange", "sample", "correlate", "roialign", "deform_conv")
"""Operators that say everything where positions become others, or the numbers tell which: no more is known of what they see."""

SCATTERED = ("unpool",)
"""Operators that leave positions out as the numbers have it."""


class Footprint(NamedTuple):
    """What reaches one output position `place`: for each axis the lowest and the highest input position."""

    place: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]

    def extent(self, axis: int) -> int:
        return self.high[axis] - self.low[axis] + 1


OF_INDICES = [sample for sample in SAMPLES if isinstance(sample.inputs[0], Indices)]


@pytest.mark.parametrize("sample", OF_INDICES, ids=str)
def test_an_index_reaches_its_own_place(sample: Sample) -> None:
    """Indices have no gradient: one after the other is another one, and what changes is looked at."""
    operator, site = site_of(sample)
    assert operator.view(site) == POINT
    assert isinstance(site.x, Indices)
    module, (indices, *others) = module_of(operator, site), inputs_of(sample)
    before = _positions_last(module(indices, *others)).movedim(1, -1).flatten(0, -2)
    for place in range(prod(map(_number, site.x))):
        changed = indices.clone()
        changed.view(-1)[place] = (changed.view(-1)[place] + 1) % site.x.below
        after = _positions_last(module(changed, *others)).movedim(1, -1).flatten(0, -2)
        assert (before != after).any(-1).nonzero().flatten().tolist() == [place]


@pytest.mark.parametrize("sample", [sample for sample in SAMPLES if sample not in OF_INDICES], ids=str)
def test_receptive_field(sample: Sample) -> None:
    operator, site = site_of(sample)
    view = operator.view(site)
    floats = sum(x.is_floating_point() for x in inputs_of(sample))
    if view == EVERYTHING:
        found = [(_plane(site.xs[number]), _footprints(sample, number)) for number in range(floats)]
        if sample.operator in CAUTIOUS:
            return
        if sample.operator in PAIRS:
            assert all(p.extent(0) == 1 for _, prints in found for p in prints)
            return
        some = all if sample.operator not in GROWING else any
        assert any(_sees_an_axis_whole(plane, prints, some) for plane, prints in found)
        return
    if view == UNKNOWN:
        # Every other position, or every third, is reached by no window.
        assert sample.operator == "deconv"
        assert max(map(_number, site.a.dilation)) > 1
        assert max(map(_number, site.a.stride)) > 1
        return
    outputs = _plane(site.y)
    # Where the first input is repeated, positions are those of an input that has the output's.
    spread = (
        bool(operator.joins) and site.a.get("axis", "channels") == "channels" and len(site.x) > 2 and _plane(site.x) != outputs
    )
    if view == POINT:
        view = Window.moved((0,) * len(outputs))
    number = next(number for number in range(floats) if _plane(site.xs[number]) == outputs) if spread else 0
    plane, prints = _plane(site.xs[number]), _footprints(sample, number)
    if operator.view(site) == POINT and plane != outputs:
        # Positions are counted anew; each is still one position of the input.
        assert all(p.extent(axis) == 1 for p in prints for axis in range(len(plane)))
        return
    # Where an output position lies on one of the input, the cubic weights of the others are 0.
    is_exact = sample.operator not in (*DRAWS, *SCATTERED) and sample.written.get("mode") != "bicubic"
    is_own = sample.operator in ("blur", "roll") or bool(site.a.get("mask"))
    if is_own or site.a.get("border", "zeros") != "zeros":
        # What is beyond the map is somewhere on it, or a row of the window is lost with a column; the metric is of positions
        # far from its borders.
        assert isinstance(view, Window)
        prints = [p for p in prints if all(_is_on(view, axis, p.place[axis], size) for axis, size in enumerate(plane))]
    for axis, size in enumerate(plane):
        declared = [_declared(view, axis, p.place[axis], size) for p in prints]
        touched = [(p.low[axis], p.high[axis]) for p in prints]
        assert all(low <= p[0] and p[1] <= high for p, (low, high) in zip(touched, declared, strict=True))
        # At a border the outermost tap of a dilated window may be cut off, and the next one lies farther inside.
        whole = [p == d for p, d in zip(touched, declared, strict=True) if d[0] > 0 and d[1] < size - 1] or [True]
        assert all(whole) if is_exact else set(touched) & set(declared)


def _is_on(view: Window, axis: int, place: int, size: int) -> bool:
    low = place * _number(view.stride[axis]) - _number(view.before[axis])
    return low >= 0 and low + _number(view.kernel[axis]) <= size


def _declared(view: Window | Lines, axis: int, place: int, size: int) -> tuple[int, int]:
    """The lowest and the highest input position that an output position sees, as far as they are there."""
    if isinstance(view, Window):
        low = place * _number(view.stride[axis]) - _number(view.before[axis])
        high = low + _number(view.kernel[axis]) - 1
    else:
        first, last = view.low[axis], view.high[axis]
        low, high = (0, size - 1) if first is None or last is None else (_number(first.at(place)), _number(last.at(place)))
    return max(low, 0), min(high, size - 1)


def _number(dim: Dim) -> int:
    assert isinstance(dim, int)
    return dim


def _sees_an_axis_whole(plane: tuple[int, ...], prints: list[Footprint], some: Callable[[Iterable[bool]], bool]) -> bool:
    return any(some(p.extent(axis) == size for p in prints) for axis, size in enumerate(plane))


def _footprints(sample: Sample, number: int) -> list[Footprint]:
    """Footprints on input `number`, united over several draws; an output position that nothing reaches has none."""
    operator, site = site_of(sample)
    module = module_of(operator, site).eval()
    for learned in module.parameters():
        if not learned.any():  # a factor that starts at 0 hides what it lets through later
            torch.nn.init.ones_(learned)
    outputs, plane = _plane(site.y), _plane(site.xs[number])
    count = prod(outputs)
    reached = torch.zeros(count, prod(plane), dtype=torch.bool)
    for _ in range(DRAWS.get(sample.operator, 1)):
        # One sample of the batch for each output position, so that one backward pass gives all footprints.
        xs = [x.expand(count, *x.shape[1:]).clone() for x in inputs_of(sample)]
        xs[number].requires_grad_()
        y = _positions_last(module(*xs))
        if not y.requires_grad:
            return []
        torch.autograd.backward((y[range(count), :, range(count)] * torch.rand(y.shape[1])).sum())
        grad = xs[number].grad
        if grad is not None:
            size = _positions_last(grad).abs().sum(1)
            reached |= size > NOTHING * size.amax(1, keepdim=True)
    return [_footprint(at, hit.view(*plane), outputs) for at, hit in enumerate(reached) if bool(hit.any())]


def _footprint(at: int, hit: Tensor, outputs: tuple[int, ...]) -> Footprint:
    places = torch.nonzero(hit)
    place = tuple(at // prod(outputs[axis + 1 :]) % size for axis, size in enumerate(outputs))
    return Footprint(place, tuple(places.amin(0).tolist()), tuple(places.amax(0).tolist()))


def _plane(shape: Shape) -> Any:
    """The axes of positions: `(T, H, W)`, `(H, W)`, `(T,)`; `[D]` has one position."""
    return spatial(shape) or (1,)


def _positions_last(x: Tensor) -> Tensor:
    """[B, C, ...], [B, T, D] or [B, D] -> [B, channels, positions]."""
    if x.ndim > 3:
        return x.flatten(2)
    return x.transpose(1, 2) if x.ndim == 3 else x.unsqueeze(2)
