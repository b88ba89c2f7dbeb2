"""What other counters say of torchvision's networks: the table "What other tools count" of grammar/costs.md, measured.

    pip install --no-deps torchinfo==1.8.0 fvcore==0.1.5.post20221221 ptflops==0.7.5 thop==0.1.1.post2209072238 \\
        iopath yacs termcolor portalocker
    python tests/benchmarks/counters.py

`--no-deps`, since some of them ask for another torch. Prints giga multiply-accumulates for one picture of 224 by 224 in
evaluation, each tool with its defaults; what a tool calls FLOPs and counts as two a multiply-accumulate is halved.
"""

from __future__ import annotations

import contextlib
import io
import logging
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).parent.parent))

from helpers.oracle import declare_torchvision

declare_torchvision()

import torchvision  # noqa: E402

import archdsl  # noqa: E402

NETWORKS = {name: name for name in ("alexnet", "vgg16", "resnet50")} | {
    "googlenet_bn": "googlenet",
    "vit_b_16": "vit_b_16",
    "swin_t": "swin_t",
}
"""Our name and torchvision's."""
SHAPE = (1, 3, 224, 224)


def network(name: str) -> Any:
    options = {"aux_logits": False, "init_weights": False} if name == "googlenet" else {}
    return torchvision.models.get_model(name, **options).eval()


def torchinfo(name: str) -> float:
    from torchinfo import summary

    return float(summary(network(name), SHAPE, verbose=0).total_mult_adds)


def fvcore(name: str) -> float:
    from fvcore.nn import FlopCountAnalysis

    return float(FlopCountAnalysis(network(name), torch.zeros(SHAPE)).unsupported_ops_warnings(False).total())


def ptflops(backend: str) -> Callable[[str], float]:
    def count(name: str) -> float:
        from ptflops import get_model_complexity_info

        macs, _ = get_model_complexity_info(
            network(name), SHAPE[1:], as_strings=False, print_per_layer_stat=False, backend=backend
        )
        return float(macs)

    return count


def thop(name: str) -> float:
    from thop import profile

    macs, _ = profile(network(name), (torch.zeros(SHAPE),), verbose=False)
    return float(macs)


def pytorch(device: str) -> Callable[[str], float]:
    def count(name: str) -> float:
        from torch.utils.flop_counter import FlopCounterMode

        with torch.device(device):
            model, x = network(name), torch.zeros(SHAPE)
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            model(x)
        return int(counter.get_total_flops()) / 2

    return count


COUNTERS: dict[str, Callable[[str], float]] = {
    "torchinfo": torchinfo,
    "fvcore": fvcore,
    "ptflops, pytorch": ptflops("pytorch"),
    "ptflops, aten": ptflops("aten"),
    "thop": thop,
    "PyTorch, CPU": pytorch("cpu"),
}


def quietly(count: Callable[[str], float], name: str) -> float:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return count(name)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    print(f"| network | archdsl | {' | '.join(COUNTERS)} |")
    print("| --- " * (len(COUNTERS) + 2) + "|")
    for ours, theirs in NETWORKS.items():
        exact = archdsl.load(ours).cost().macs
        assert isinstance(exact, int)
        assert exact == quietly(pytorch("meta"), theirs), "PyTorch's counter on the meta device is the judge"
        figures = [exact, *(quietly(count, theirs) for count in COUNTERS.values())]
        print(f"| {ours} | {' | '.join(f'{figure / 1e9:.5f}' for figure in figures)} |", flush=True)
