"""Constructing a module from a checked network against the same network written by hand, with the same initialization.

    python tests/benchmarks/construction.py [runs]

Prints the least and the median processor time of each, and of printing the source alone. The issue's bound: no slower than by
hand. Both make ResNet-50 with He's initialization, in one thread, in turn.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import torch
from torch import nn

import archdsl
from archdsl.backends.torch import module, source


class Bottleneck(nn.Module):
    def __init__(self, in_channels: int, c: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, c, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(c)
        self.conv2 = nn.Conv2d(c, c, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(c)
        self.conv3 = nn.Conv2d(c, 4 * c, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * c)
        self.relu = nn.ReLU(inplace=True)
        self.downsample: nn.Module = nn.Identity()
        if in_channels != 4 * c:
            self.downsample = nn.Sequential(nn.Conv2d(in_channels, 4 * c, 1, stride=stride, bias=False), nn.BatchNorm2d(4 * c))


class ByHand(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        stem = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.stem = nn.Sequential(stem, nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1))
        stages = []
        channels = 64
        for c, depth, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
            blocks = [Bottleneck(channels, c, stride), *(Bottleneck(4 * c, c) for _ in range(depth - 1))]
            stages.append(nn.Sequential(*blocks))
            channels = 4 * c
        self.stages = nn.Sequential(*stages)
        self.fc = nn.Linear(2048, 1000)
        self.apply(self.initialise)

    @staticmethod
    def initialise(part: nn.Module) -> None:
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(part, nn.Linear):
            nn.init.xavier_uniform_(part.weight)
            nn.init.zeros_(part.bias)


def seconds(make: Callable[[], object]) -> float:
    start = time.process_time()
    make()
    return time.process_time() - start


def main() -> None:
    torch.set_num_threads(1)
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    network = archdsl.load("resnet50").network
    programs: dict[str, Callable[[], object]] = {
        "by hand": ByHand,
        "archdsl": lambda: module(network),
        "the source alone": lambda: source(network),
    }
    for make in programs.values():
        make()
    measured: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(runs):
        for name, make in programs.items():
            measured[name].append(seconds(make))
    base = min(measured["by hand"])
    print(f"{'program':<18} {'least ms':>9} {'median ms':>9} {'ratio':>6}")
    for name, results in measured.items():
        print(f"{name:<18} {min(results) * 1000:9.1f} {median(results) * 1000:9.1f} {min(results) / base:6.2f}")


if __name__ == "__main__":
    main()
