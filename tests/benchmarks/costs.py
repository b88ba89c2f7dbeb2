"""Counting with archdsl against building torchvision's model and counting it with PyTorch: ratios within one run.

    python tests/benchmarks/costs.py [runs]

1. Cold: `archdsl cost vit_b_16` against a process that builds torchvision's ViT-B/16 on the meta device and runs PyTorch's
   FlopCounterMode: wall time and resident memory. Bounds: 25 times faster, 8 times smaller.
2. In process: text to counts of ResNet-152 and ViT-B/16, nothing of them kept from before, against building and counting.
   Bound: 20 times.
3. `stage x1000000` of a block that keeps its shape against `stage x10`. Bound: 1.5 times.
4. A thousand depth variants of a ResNet in one process against cold starts. Bound: less than five.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "benchmarks")]

from startup import run  # noqa: E402

COUNT = """
import sys; sys.path.insert(0, {tests!r})
from helpers.oracle import declare_torchvision; declare_torchvision()
import torch, torchvision
from torch.utils.flop_counter import FlopCounterMode
with torch.device("meta"):
    model = torchvision.models.vit_b_16().eval()
    counter = FlopCounterMode(display=False)
    with counter:
        model(torch.empty(1, 3, 224, 224))
assert counter.get_total_flops() == 2 * 17563828224, counter.get_total_flops()
"""
BLOCK = "arch deep(n=10)\ninput x[64, 56, 56]\nstage x(n) < residual < conv 3x3 64 ; bn ; relu ; conv 3x3 64 ; bn > ; relu >"


def cold(runs: int) -> None:
    ours, theirs = [], []
    script = COUNT.format(tests=str(ROOT / "tests"))
    for _ in range(runs):
        ours.append(run(["-m", "archdsl", "cost", "vit_b_16"]))
        theirs.append(run(["-c", script]))
    seconds = median(one for one, _ in ours), median(one for one, _ in theirs)
    size = max(one for _, one in ours), max(one for _, one in theirs)
    ratio = seconds[1] / seconds[0]
    print(f"cold vit_b_16: {seconds[0] * 1e3:.0f} ms against {seconds[1] * 1e3:.0f} ms, {ratio:.1f} times faster")
    print(f"               {size[0]:.0f} MB against {size[1]:.0f} MB, {size[1] / size[0]:.1f} times smaller")


def in_process(runs: int) -> None:
    from helpers.oracle import declare_torchvision

    declare_torchvision()
    import torch
    import torchvision
    from torch.utils.flop_counter import FlopCounterMode

    import archdsl

    def build_and_count(name: str) -> int:
        with torch.device("meta"):
            model = torchvision.models.get_model(name).eval()
            counter = FlopCounterMode(display=False)
            with counter:
                model(torch.empty(1, 3, 224, 224))
        return int(counter.get_total_flops()) // 2

    for name in ("resnet152", "vit_b_16"):
        assert archdsl.load(name).cost().macs == build_and_count(name)
        ours = timed(lambda name=name: fresh_counts(lambda: archdsl.load(name)), runs)  # type: ignore[misc]
        theirs = timed(lambda name=name: build_and_count(name), runs)  # type: ignore[misc]
        print(f"in process {name}: {ours * 1e3:.1f} ms against {theirs * 1e3:.0f} ms, {theirs / ours:.0f} times faster")


def all_counts(arch: object) -> None:
    cost = arch.cost()  # type: ignore[attr-defined]
    for metric in ("params", "macs", "flops", "memory", "peak", "depth", "receptive_field", "stride", "out"):
        getattr(cost, metric)


def fresh_counts(load: Callable[[], object]) -> None:
    """As in a process that has never seen the text."""
    from archdsl.program import cache

    cache.forget()
    all_counts(load())


def depths(runs: int) -> None:
    import archdsl

    ten, million = (
        timed(lambda n=n: fresh_counts(lambda: archdsl.loads(BLOCK, n=n)), 20 * runs)  # type: ignore[misc]
        for n in (10, 10**6)
    )
    print(f"stage x1000000: {million * 1e3:.2f} ms against {ten * 1e3:.2f} ms for x10, {million / ten:.2f} times")
    start = time.perf_counter()
    for number in range(1000):
        depths = [1 + number % 10, 1 + number // 10 % 10, 1 + number // 100, 3]
        all_counts(archdsl.load("resnet50", depths=depths))
    variants = time.perf_counter() - start
    cold_start = median(run(["-m", "archdsl", "cost", "resnet50"])[0] for _ in range(max(runs, 3)))
    print(f"1000 depths of resnet50: {variants:.2f} s, {variants / cold_start:.1f} cold starts")


def timed(function: Callable[[], object], runs: int) -> float:
    function()
    found = []
    for _ in range(max(runs, 3)):
        start = time.perf_counter()
        function()
        found.append(time.perf_counter() - start)
    return median(found)


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    cold(many)
    in_process(many)
    depths(many)
