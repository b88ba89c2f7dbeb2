"""PyTorch: readable source from a checked network, and the module that this source builds. Must not import torch on its own.

`source` prints it, `module` executes exactly that, `verify` compares the result with the network, `load_weights` fills it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import device as Device
    from torch import dtype as NumberType
    from torch.nn import Module

    from archdsl.backends.torch.plan.arch_parameters import Again
    from archdsl.backends.torch.running.verify import Report
    from archdsl.backends.torch.weights.load import Fillable, Wanted, Weights
    from archdsl.backends.torch.weights.report import LoadReport
    from archdsl.ir import Network


def source(network: Network, recipe: Again | None = None) -> str:
    """The PyTorch source of a network: a module of its own that imports nothing but torch and the standard library.

    Args:
        recipe: elaborates the arch with other values of its parameters; where it shows how the network follows from one, that
            becomes a parameter of the class (`classes: int = 1000`).
    """
    from archdsl.backends.torch.printing.source_file import generate

    return generate(network, recipe).text


def module(
    network: Network,
    device: str | int | Device | None = None,
    dtype: str | NumberType | None = None,
    recipe: Again | None = None,
) -> Module:
    """The source, executed: a `torch.nn.Module` with fresh weights. For what it raises, see `build.build`."""
    from archdsl.backends.torch.running.execute import build

    return build(network, device, dtype, recipe)


def verify(network: Network) -> Report:
    """Compare the built module with the network: every shape, every tensor, parameters, multiply-accumulates."""
    from archdsl.backends.torch.running.verify import verify as compare

    return compare(network)


def load_weights(network: Network, model: Fillable, weights: Weights, wanted: Wanted) -> LoadReport:
    """Put weights (a file, or tensors by name) into a module of the network.

    Raises:
        archdsl.diagnostics.Refusal: they do not fit; the module is unchanged.
    """
    from archdsl.backends.torch.weights.load import load

    return load(network, model, weights, wanted)
