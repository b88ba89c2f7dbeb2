"""Whether the modules learn: 20 steps of SGD on random data, at small pictures. Run: `python tests/benchmarks/learning.py`."""

from __future__ import annotations

import sys

import torch
from torch import nn

import archdsl

SIZES = {
    "alexnet": 96,
    "vgg16": 64,
    "vgg19": 64,
    "googlenet": 224,
    "resnet18": 64,
    "resnet34": 64,
    "resnet50": 64,
    "resnet101": 64,
    "resnet152": 64,
    "vit_b_16": 64,
}
STEPS, BATCH, RATE = 20, 2, 1e-3


def losses(name: str, size: int) -> list[float]:
    """The loss before each step; auxiliary heads count 0.3, as in the paper of GoogLeNet."""
    torch.manual_seed(0)
    model = archdsl.load(name, inputs={"image": (3, size, size)}).module().train()
    x, y = torch.randn(BATCH, 3, size, size), torch.randint(1000, (BATCH,))
    optimizer = torch.optim.SGD(model.parameters(), RATE, momentum=0.9)
    found = []
    for _ in range(STEPS):
        out = model(x)
        outs = [out] if isinstance(out, torch.Tensor) else list(out)
        parts = [(0.3 if n else 1.0) * nn.functional.cross_entropy(one, y) for n, one in enumerate(outs)]
        loss = torch.stack(parts).sum()
        found.append(float(loss.detach()))
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    return found


if __name__ == "__main__":
    for name in sys.argv[1:] or SIZES:
        found = losses(name, SIZES[name])
        print(f"{name:<12}{found[0]:8.3f} -> {found[-1]:8.3f}  {'lower' if found[-1] < found[0] else 'NOT LOWER'}", flush=True)
