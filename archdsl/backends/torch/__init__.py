"""PyTorch: readable source from a checked network, and the module that this source builds. Must not import torch on its own.

`source` prints it, `module` executes exactly that, `verify` compares the result with the network, `load_weights` fills it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archdsl.backends.torch.verify import Report
    from archdsl.backends.torch.weights import LoadReport
    from archdsl.ir import Network


def source(network: Network, variants: Mapping[str, Sequence[Network]] | None = None) -> str:
    """The PyTorch source of a network: a module of its own that imports nothing but torch and the standard library.

    Args:
        network: the network.
        variants: for a parameter of the arch, the network with other values of it, as `variations` proposes them. Where they
            show how the network follows from it, the parameter becomes one of the class (`classes: int = 1000`).
    """
    from archdsl.backends.torch.file import generate

    return generate(network, variants).text


def variations(network: Network) -> dict[str, list[dict[str, Any]]]:
    """The settings under which to elaborate the arch again for `source`, by parameter: `{"classes": [{"classes": 1001}, …]}`.

    Proposed are the parameters that set how many outputs there are, which is what people change. Others may enter in ways that
    no few examples show (a width that is rounded), so they stay fixed.
    """
    from archdsl.shapes import channels

    outputs = [channels(shape) for shape in network.root.result_shapes if shape]
    found: dict[str, list[dict[str, Any]]] = {}
    for name, value in network.parameters.items():
        if type(value) is int and value in outputs:
            found[name] = [{name: value + 1}, {name: 2 * value + 3}]
    return found


def module(
    network: Network, device: Any = None, dtype: Any = None, variants: Mapping[str, Sequence[Network]] | None = None
) -> Any:
    """The source, executed: a `torch.nn.Module` with fresh weights. `build.build` says what it raises."""
    from archdsl.backends.torch.build import build

    return build(network, device, dtype, variants)


def verify(network: Network) -> Report:
    """Compare the built module with the network: every shape, every tensor, parameters, multiply-accumulates."""
    from archdsl.backends.torch.verify import verify as compare

    return compare(network)


def load_weights(model: Any, weights: Any) -> LoadReport:
    """Put weights (a file, or tensors by name) into a model, by exact names, else by order and shape.

    Raises:
        archdsl.backends.torch.weights.WeightsMismatch: they do not fit; the model is unchanged.
    """
    from archdsl.backends.torch.weights import load

    return load(model, weights)
