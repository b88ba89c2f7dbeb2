"""The window that each operator declares, against the footprint of its gradient."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, prod
from typing import Any, NamedTuple

import pytest
import torch
from helpers.lowered import inputs_of, module_of, site_of
from samples import SAMPLES, Sample
from torch import Tensor

from archdsl.ops.operator import EVERYTHING, POINT, Window
from archdsl.shapes import Dim, Formula, Shape

pytestmark = pytest.mark.torch

DRAWS = {"maxpool": 12, "adaptive_maxpool": 12}
"""How often a footprint is taken, where not once: the gradient of these shows one position of each window at a time."""

NOTHING = 1e-20
"""Masks of shifted windows leave exp(-100) of what they hide."""

TILED = {"attention"}
"""Operators whose windows tile the picture: their extent is declared, not where a position is in its window."""


class Footprint(NamedTuple):
    """What reaches one output position `place`: for each axis the lowest and the highest input position."""

    place: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]

    def extent(self, axis: int) -> int:
        return self.high[axis] - self.low[axis] + 1


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_receptive_field(sample: Sample) -> None:
    operator, site = site_of(sample)
    view = operator.view(site)
    floats = sum(x.is_floating_point() for x in inputs_of(sample))
    if view == EVERYTHING:
        found = [(_plane(site.xs[number]), _footprints(sample, number)) for number in range(floats)]
        assert any(_sees_an_axis_whole(plane, prints) for plane, prints in found)
        return
    assert isinstance(view, Window)
    outputs = _plane(site.y)
    # Where the first input is broadcast, positions are those of an input that has the output's.
    spread = len(site.x) == 3 and _plane(site.x) == (1, 1)
    number = next(number for number in range(floats) if _plane(site.xs[number]) == outputs) if spread else 0
    plane, prints = _plane(site.xs[number]), _footprints(sample, number)
    if len(plane) != len(outputs) or (len(plane) == 1 and plane != outputs):
        # Positions are counted anew; each is still one position of the input.
        assert view == POINT
        assert all(p.extent(axis) == 1 for p in prints for axis in range(len(plane)))
        return
    for axis, size in enumerate(plane):
        widest = max(p.extent(axis) for p in prints)
        if sample.operator in TILED:
            assert widest == min(view.kernel[axis], size)
            continue
        bounds = [_bounds(view, axis, p.place[axis], size) for p in prints]
        assert all(low <= p.low[axis] and p.high[axis] <= high for p, (low, high) in zip(prints, bounds, strict=True))
        whole = _known(view.stride[axis]).denominator == 1 and _known(view.before[axis]).denominator == 1
        assert widest == (max(high - low + 1 for low, high in bounds) if whole else min(view.kernel[axis], size))


def _sees_an_axis_whole(plane: tuple[int, ...], prints: list[Footprint]) -> bool:
    return any(all(p.extent(axis) == size for p in prints) for axis, size in enumerate(plane))


def _known(value: Fraction | Dim) -> Fraction:
    assert not isinstance(value, Formula)
    return Fraction(value)


def _bounds(view: Window, axis: int, place: int, size: int) -> tuple[int, int]:
    """The lowest and the highest input position that the window at an output position covers."""
    start = place * _known(view.stride[axis]) - _known(view.before[axis])
    return max(floor(start), 0), min(ceil(start + _known(view.kernel[axis]) - 1), size - 1)


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
            reached |= _positions_last(grad).abs().sum(1) > NOTHING
    return [_footprint(at, hit.view(*plane), outputs) for at, hit in enumerate(reached) if bool(hit.any())]


def _footprint(at: int, hit: Tensor, outputs: tuple[int, ...]) -> Footprint:
    places = torch.nonzero(hit)
    place = (at // outputs[1], at % outputs[1]) if len(outputs) == 2 else (at,)
    return Footprint(place, tuple(places.amin(0).tolist()), tuple(places.amax(0).tolist()))


def _plane(shape: Shape) -> Any:
    """The axes of positions: `(H, W)`, `(T,)`; `[D]` has one position."""
    return shape[1:] if len(shape) == 3 else shape[:1] if len(shape) == 2 else (1,)


def _positions_last(x: Tensor) -> Tensor:
    """[B, C, H, W], [B, T, D] or [B, D] -> [B, channels, positions]."""
    if x.ndim == 4:
        return x.flatten(2)
    return x.transpose(1, 2) if x.ndim == 3 else x.unsqueeze(2)
