"""Weights for a network: from a file or tensors by name, into a module or under the network's names. Must not print."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Union

from archdsl.backends.torch.running.execute import LARGEST, FreeDimensions, TooManyModules, build, modules_in
from archdsl.backends.torch.running.expected import Expected
from archdsl.backends.torch.weights.files import read
from archdsl.backends.torch.weights.filling import fill, places_of
from archdsl.backends.torch.weights.fitting import Fitted, fit
from archdsl.backends.torch.weights.readings import own_names
from archdsl.backends.torch.weights.report import LoadReport
from archdsl.backends.torch.weights.tensor_sets import sets_of
from archdsl.diagnostics import Refusal

if TYPE_CHECKING:
    from archdsl.ir import Network

Weights = Union[str, "os.PathLike[str]", Mapping[str, Any]]
"""A file, or tensors by name."""


def fitted(network: Network, weights: Weights, *, strict: bool = True, ema: bool | None = None) -> Fitted:
    """The tensors of a file under the network's names, each checked.

    Args:
        strict: refuse unless every tensor of the network is there with its shape; else take those that are.
        ema: whether to take the averaged weights if there are raw ones too; None refuses then.

    Raises:
        Refusal: the weights do not fit, or something other than weights was given; the message says what, and what would work.
        OSError: the machine cannot read the file.
    """
    shapes = tensors_of(network)
    sets = sets_of(_held(weights), ema, frozenset(name.partition(".")[0] for name in shapes))
    return fit(shapes, [own_names(shapes)], sets, strict)


def load(network: Network, model: Any, weights: Weights, *, strict: bool = True, ema: bool | None = None) -> LoadReport:
    """Put weights into a module of the network, on any device (on the meta device it gets its tensors), also a wrapped one.

    Raises:
        Refusal, OSError: as for `fitted`, or the module is not of this network. The module is unchanged then.
    """
    places = places_of(model, tensors_of(network), network.name)
    found = fitted(network, weights, strict=strict, ema=ema)
    fill(model, places, found.values, lambda: _built_apart(network))
    return found.report


def tensors_of(network: Network) -> dict[str, tuple[int, ...]]:
    """The shapes of the network's tensors by name, in the order of the text.

    Raises:
        TooManyModules, FreeDimensions: it cannot be built, so it has no weights.
    """
    count = modules_in(network.root)
    if count > LARGEST:
        raise TooManyModules(count)
    shapes: dict[str, tuple[int, ...]] = {}
    for name, (shape, _) in Expected(network.root).tensors.items():
        sizes = tuple(size for size in shape if isinstance(size, int))
        if len(sizes) != len(shape):
            raise FreeDimensions(network.symbols)
        shapes[name] = sizes
    return shapes


def _held(weights: object) -> Mapping[Any, Any]:
    import torch

    if isinstance(weights, (str, os.PathLike)):
        return read(weights)
    if isinstance(weights, Mapping):
        return weights
    if isinstance(weights, torch.nn.Module):
        raise Refusal("a module was given in place of its weights; give `module.state_dict()`")
    raise Refusal(f"weights are a file or tensors by name, not a {type(weights).__name__}")


def _built_apart(network: Network) -> Any:
    """A new module of the network, made without changing the sequence of random numbers."""
    import torch

    with torch.random.fork_rng(devices=[]):
        return build(network)
