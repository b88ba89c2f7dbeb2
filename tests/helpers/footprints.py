"""Receptive fields by gradients, and programs by chance that enlarge, to compare them with the compiler's.

By hand, for a long run: `cd tests && python -m helpers.footprints --programs 500 --seed 0`.
"""

from __future__ import annotations

import argparse
import random
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

import archdsl
from archdsl.analysis.metrics.receptive_field import Fields, UnrolledPlace, Windows, shape_only
from archdsl.ir import Node
from archdsl.shapes import numel
from helpers.lowered import module_of
from helpers.unrolled import Program, whole

NOTHING, NOISE = 1e-30, 1e-13
"""Masks of shifted windows leave exp(-100) of what they hide. Interpolation leaves a rounding error, relative to the largest
gradient, of a neighbor whose weight is 0."""

MOST_PLACES = 25_000


class Footprint(NamedTuple):
    """What a position sees of the input along one axis, by a gradient: surely, and at most, if the smallest are no noise."""

    position: int
    least: tuple[int, int]
    most: tuple[int, int]

    def fits(self, ends: tuple[Any, Any]) -> bool:
        low, high = ends
        if low > high:
            return self.least[0] > self.least[1]
        return bool(self.most[0] <= low <= self.least[0] and self.least[1] <= high <= self.most[1])


def footprints(arch: archdsl.Arch, axis: int) -> list[Footprint]:
    """Of the output positions of which no window on the way reaches beyond its map, so that nothing is cut.

    Learned numbers are positive and a maximum is a mean, so every path counts. `axis` is 1 for rows, 2 for columns.
    """
    root = arch.network.root
    program = Program(root)
    count: Any = root.result_shapes[0][axis]
    # One sample of the batch for each output row (or column), so that one backward pass gives all footprints.
    x = torch.ones(count, *root.shapes[0], dtype=torch.float64, requires_grad=True)
    values: dict[int, Tensor] = {0: x}
    is_cut: dict[int, list[bool]] = {0: [False] * x.shape[axis + 1]}
    for node, inputs, output in program.runs:
        module: Any = _averaging(module_of(node.operator, node.site).double().eval())
        for name, learned in module.named_parameters():
            learned.data.fill_(1.0)
            if name == "qkv.weight":
                # Queries and keys of 0: what a position attends to must not be lost where logits are far apart.
                learned.data[: 2 * len(learned) // 3] = 0
        values[output] = module(*(values[value] for value in inputs))
        is_cut[output] = _cut(node, axis, [is_cut[value] for value in inputs])
    y = values[program.results[0]].movedim(axis + 1, 1)
    y[range(count), range(count)].sum().backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    by_place = x.grad.movedim(axis + 1, 1).abs().flatten(2).sum(2)
    found = []
    for position, cut in enumerate(is_cut[program.results[0]]):
        if not cut:
            seen = by_place[position]
            found.append(Footprint(position, _ends(seen > NOISE * by_place.max()), _ends(seen > NOTHING)))
    return found


def _cut(node: Node, axis: int, inputs: list[list[bool]]) -> list[bool]:
    """For each output position whether its window, or one on the way to it, reaches beyond its map."""
    found = [False] * whole(node.site.y[axis])
    for position, before in enumerate(inputs):
        if position in shape_only(node):
            continue
        reach = Windows().through(node, position)
        assert reach is not None
        for place in range(len(found)):
            is_all = reach[axis - 1].kind == "endless"
            low, high = (0, len(before) - 1) if is_all else reach[axis - 1].ends(place)
            assert isinstance(low, int)
            assert isinstance(high, int)
            inside = low >= 0 and high < len(before)
            found[place] = found[place] or not inside or any(before[max(low, 0) : high + 1])
    return found


def _ends(touched: Tensor) -> tuple[int, int]:
    places = touched.nonzero()
    return (int(places.min()), int(places.max())) if len(places) else (1, 0)


def _averaging(module: Any) -> Any:
    if isinstance(module, nn.MaxPool2d) and module.dilation == 1:
        return nn.AvgPool2d(module.kernel_size, module.stride, module.padding, module.ceil_mode)
    if isinstance(module, nn.AdaptiveMaxPool2d):
        return nn.AdaptiveAvgPool2d(module.output_size)
    return module


def program(chance: random.Random, least: int = 30, most: int = 60) -> str:
    """A picture of so many positions an axis, windows, pools and enlargements, some in branches."""
    h, w = chance.randint(least, most), chance.randint(least, most)
    return f"arch a\ninput x[2, {h}, {w}]\n" + "\n".join(_steps(chance, chance.randint(2, 6), 2)) + "\n"


def _steps(chance: random.Random, count: int, depth: int) -> list[str]:
    steps = []
    for _ in range(count):
        kind = chance.choices(("window", "enlarge", "branches", "hourglass"), (5, 6, 2 if depth else 0, 2 if depth else 0))[0]
        if kind == "window":
            steps.append(_window(chance))
        elif kind == "enlarge":
            steps.append(_enlargement(chance))
        elif kind == "branches":
            left, right = (_same_size(chance) for _ in range(2))
            steps.append(f"add < {left} | {right} >")
        else:
            label = f"s{chance.randrange(10**6)}"
            inner = " ; ".join(_steps(chance, chance.randint(0, 2), depth - 1))
            mode = chance.choice(("nearest", "bilinear", "bilinear align_corners=true"))
            shrink = chance.choice(("maxpool 2", "avgpool 3", "conv 3x3 2 stride=2", "conv 2x2 2 stride=3 pad=0"))
            steps += [f"{label}: identity", shrink, inner, f"upsample like=@{label} mode={mode} ; add @{label}"]
    return [step for step in steps if step]


def _window(chance: random.Random) -> str:
    k, s, d, pad = (
        chance.choice((1, 2, 3, 4, 5)),
        chance.choice((1, 1, 2, 3)),
        chance.choice((1, 1, 2)),
        chance.choice((0, 1, 2)),
    )
    return chance.choice(
        (
            f"conv {k}x{k} 2 stride={s} dilation={d} pad={pad}",
            f"conv {k}x1 2 stride={s}",
            f"maxpool {k} stride={s}",
            f"avgpool {k} stride={s} ceil=true",
            f"adaptive_avgpool {chance.randint(3, 20)}",
            f"attention heads=1 window={chance.randint(2, 5)}" + chance.choice(("", " shift=1", " grid=true")),
            f"pad [1, {k}, 2, 0]",
            "spacetodepth 2 ; conv 1x1 2",
        )
    )


def _enlargement(chance: random.Random) -> str:
    k, s = chance.randint(1, 5), chance.randint(1, 4)
    factor = chance.choice(("1", "2", "3", "4", "0.3", "0.5", "0.75", "1.5", "2.5"))
    mode = chance.choice(("nearest", "nearest", "bilinear", "bilinear align_corners=true"))
    return chance.choice(
        (
            f"upsample {factor} mode={mode}",
            f"upsample size=[{chance.randint(5, 70)}, {chance.randint(5, 70)}] mode={mode}",
            f"deconv {k}x{k} 2 stride={s} pad={chance.randint(0, k - 1)}",
            f"deconv {k}x{k} 2 stride={s} pad=0 output_pad={chance.randint(0, s - 1)}",
            "conv 1x1 8 ; pixelshuffle 2",
        )
    )


def _same_size(chance: random.Random) -> str:
    return chance.choice(
        (
            "identity",
            "conv 3x3 2",
            "conv 3x3 2 dilation=3",
            "conv 5x1 2",
            "maxpool 3 stride=1 pad=1",
            "upsample 2 ; maxpool 2",
            "upsample 3 mode=bilinear ; conv 3x3 2 stride=3 pad=0",
            "upsample 2 ; conv 3x3 2 ; conv 2x2 2 stride=2 pad=0",
        )
    )


class Judged(NamedTuple):
    """How many footprints were compared, and how the compiler's answer differs from them; "" where it does not."""

    footprints: int
    fault: str = ""
    is_unknown: bool = False


def judged(text: str) -> Judged:
    """Every footprint against the compiler's table, and the receptive field against the widest where all kinds are there."""
    try:
        arch = archdsl.loads(text)
    except archdsl.ArchError:
        return Judged(0)
    if any(whole(numel(shape[1:])) > MOST_PLACES for shape in Program(arch.network.root).shapes):
        return Judged(0)
    if any(_is_rounded(node) for node, _, _ in Program(arch.network.root).runs):
        return Judged(0)
    field = arch.cost().receptive_field
    if not isinstance(field, tuple):
        return Judged(0, is_unknown=True)
    root = arch.network.root
    rows = Fields(arch.network).values(UnrolledPlace())[root.results[0]]
    number = 0
    for axis in (1, 2):
        table, found = rows[0][axis - 1], footprints(arch, axis)
        if table.kind == "endless":
            continue
        number += len(found)
        for one in found:
            if not one.fits(table.ends(one.position)):
                return Judged(number, f"axis {axis}: {one}, not {table.ends(one.position)}:\n{text}")
        least = max((high - low + 1 for _, (low, high), _ in found), default=0)
        most = max((high - low + 1 for _, _, (low, high) in found), default=0)
        has_all = len({one.position % len(table.table) for one in found}) == len(table.table)
        counted = whole(field[axis - 1])
        if least > counted or (has_all and counted > most):
            return Judged(number, f"axis {axis}: counted {field}, gradients {least} to {most}:\n{text}")
    return Judged(number)


def _is_rounded(node: Node) -> bool:
    """Whether PyTorch takes the neighbor of what is nearest: its steps are rounded numbers (11 * 52 / 44 is below 13)."""
    a = node.site.a
    if node.operator.name != "upsample" or a.mode != "nearest" or not (a.size or a.like):
        return False
    for small, large in zip(map(whole, node.site.x[1:]), map(whole, node.site.y[1:]), strict=True):
        places = torch.arange(small, dtype=torch.float64).view(1, 1, 1, small)
        taken = nn.functional.interpolate(places, size=(1, large)).flatten().tolist()
        if taken != [place * small // large for place in range(large)]:
            return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    programs = number = faults = seed = unknown = 0
    while programs < options.programs:
        found = judged(program(random.Random(options.seed * 10**6 + seed)))
        seed += 1
        programs += found.footprints > 0
        number += found.footprints
        unknown += found.is_unknown
        if found.fault:
            faults += 1
            print(f"seed {seed - 1}: {found.fault}", flush=True)
    print(f"{programs} programs of {seed} with {number} footprints, {faults} differ; {unknown} not known")


if __name__ == "__main__":
    main()
