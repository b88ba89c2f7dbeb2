"""Running generated modules against torchvision's networks: forward, and forward with backward, in turn in one process.

    python tests/benchmarks/running.py [--device cuda] [--dtype bfloat16] [--compile] [--batch 64] [--rounds 21] [NAME …]

Prints the median milliseconds of both and their ratio (above 1: ours is faster), the median over rounds of theirs / ours of one
round. Both have weights of their own, since time does not depend on them. `--compile` compares both after `torch.compile`; on a
GPU the memory that a training step reaches is printed too. The issue's bound: at least 0.98 everywhere.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import torch
from helpers.oracle import declare_torchvision
from torch import Tensor, nn

import archdsl

THEIRS = {
    "resnet50": "resnet50",
    "googlenet_bn": "googlenet",
    "vit_b_16": "vit_b_16",
    "swin_t": "swin_t",
    "efficientnet_b0": "efficientnet_b0",
    "densenet121": "densenet121",
    "mobilenet_v3_large": "mobilenet_v3_large",
}
"""Entries of the zoo with torchvision's names."""


def theirs(name: str) -> nn.Module:
    """torchvision's network, without weights of training."""
    declare_torchvision()
    import torchvision

    further = {"aux_logits": True, "init_weights": False} if name == "googlenet" else {}
    model: nn.Module = torchvision.models.get_model(name, weights=None, **further)
    return model


def timed(step: Callable[[], object], device: str) -> float:
    """Seconds of one call, until the device has finished."""
    if device == "cuda":
        torch.cuda.synchronize()
    start = time.perf_counter()
    step()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


def forward(model: Callable[[Tensor], object], x: Tensor) -> Callable[[], object]:
    """A step of inference."""

    def step() -> None:
        with torch.inference_mode():
            model(x)

    return step


def training(model: Callable[[Tensor], object], parameters: list[nn.Parameter], x: Tensor) -> Callable[[], object]:
    """Forward and backward, without an optimizer."""

    def step() -> None:
        for parameter in parameters:
            parameter.grad = None
        out = model(x)
        first = out[0] if isinstance(out, tuple) else out
        assert isinstance(first, Tensor)
        torch.autograd.backward(first.float().square().mean())

    return step


def compare(steps: tuple[Callable[[], object], Callable[[], object]], rounds: int, device: str) -> tuple[float, float, float]:
    """Medians of ours and theirs in milliseconds, and the median ratio theirs / ours; who is first changes."""
    for _ in range(3):
        for step in steps:
            timed(step, device)
    results: list[tuple[float, float]] = []
    for number in range(rounds):
        first, second = (0, 1) if number % 2 else (1, 0)
        seconds = {at: timed(steps[at], device) for at in (first, second)}
        results.append((seconds[0], seconds[1]))
    return median(r[0] for r in results) * 1e3, median(r[1] for r in results) * 1e3, median(r[1] / r[0] for r in results)


def peak(step: Callable[[], object]) -> float:
    """Megabytes that a step reaches on the GPU, weights included."""
    torch.cuda.reset_peak_memory_stats()
    timed(step, "cuda")
    return torch.cuda.max_memory_allocated() / 1e6


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=list(THEIRS))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=21)
    options = parser.parse_args()
    torch.set_num_threads(2)
    dtype = getattr(torch, options.dtype)
    what = f"PyTorch {torch.__version__}, {options.dtype}, batch {options.batch}{', compiled' if options.compile else ''}"
    print(f"on {torch.cuda.get_device_name() if options.device == 'cuda' else 'the CPU, 2 threads'}; {what}")
    print(
        f"{'network':<20} {'step':<9} {'ours ms':>9} {'theirs ms':>9} {'ratio':>6}"
        + " ours MB theirs MB" * (options.device == "cuda")
    )
    for name in options.names:
        x = torch.randn(options.batch, 3, 224, 224, device=options.device, dtype=dtype)
        for kind in ("forward", "training"):
            models = [archdsl.load(name).module(), theirs(THEIRS[name])]
            models = [model.to(device=options.device, dtype=dtype).train(kind == "training") for model in models]
            ready: list[Callable[[Tensor], object]] = [torch.compile(m) if options.compile else m for m in models]
            made = [
                forward(run, x) if kind == "forward" else training(run, list(model.parameters()), x)
                for run, model in zip(ready, models, strict=True)
            ]
            steps = (made[0], made[1])
            ours, other, ratio = compare(steps, options.rounds, options.device)
            memory = "".join(f" {peak(step):9.0f}" for step in steps) if options.device == "cuda" and kind == "training" else ""
            print(f"{name:<20} {kind:<9} {ours:9.2f} {other:9.2f} {ratio:6.3f}{memory}", flush=True)


if __name__ == "__main__":
    main()
