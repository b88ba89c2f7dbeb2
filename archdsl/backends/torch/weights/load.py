"""Weights for a network: from a file or tensors by name, into a module or under the network's names. Must not print."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Union

from archdsl.backends.torch.running.execute import LARGEST, FreeDimensions, TooManyModules, build, modules_in
from archdsl.backends.torch.running.expected import Expected
from archdsl.backends.torch.weights.files import read
from archdsl.backends.torch.weights.filling import fill, module_of, places_of
from archdsl.backends.torch.weights.fitting import Fitted, fit
from archdsl.backends.torch.weights.known_maps import Given, given_reading, shipped_readings
from archdsl.backends.torch.weights.readings import own_names
from archdsl.backends.torch.weights.report import LoadReport
from archdsl.backends.torch.weights.tensor_sets import sets_of
from archdsl.diagnostics import Refusal
from archdsl.ir.digest import network_digest
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch.nn import Module

    from archdsl.ir import Network

    Fillable = Union[Module, Callable[..., object]]
    """A module, also a wrapped one. PyTorch declares what `torch.compile` gives as a function."""

Weights = Union[str, "os.PathLike[str]", Mapping[str, Any]]
"""A file, or tensors by name."""


class Wanted(NamedTuple):
    """How weights are taken.

    Attributes:
        map: a name map, instead of the network's own names and the maps that come with archdsl.
        strict: refuse unless every tensor of the network is there with its shape; else take those that are.
        ema: whether the averaged weights are wanted where there are raw ones too; None refuses then.
    """

    map: Given | None = None
    strict: bool = True
    ema: bool | None = None


def fitted(network: Network, weights: Weights, wanted: Wanted) -> Fitted:
    """The tensors of a file under the network's names, each checked.

    Raises:
        Refusal: the weights do not fit, or something other than weights was given; the message says what, and what would work.
        OSError: the machine cannot read the file.
    """
    shapes = tensors_of(network)
    digest = network_digest(network)
    readings = (
        [own_names(shapes), *shipped_readings(network.name, digest, shapes)]
        if wanted.map is None
        else [given_reading(wanted.map, digest, shapes)]
    )
    sets = sets_of(_held(weights), wanted.ema, frozenset(name.partition(".")[0] for name in shapes))
    return fit(shapes, readings, sets, wanted.strict)


def load(network: Network, model: Fillable, weights: Weights, wanted: Wanted) -> LoadReport:
    """Put weights into a module of the network, on any device (on the meta device it gets its tensors), also a wrapped one.

    Raises:
        Refusal, OSError: as for `fitted`, or the module is not of this network. The module is unchanged then.
    """
    filled = module_of(model)
    places = places_of(filled, tensors_of(network), network.name)
    found = fitted(network, weights, wanted)
    fill(filled, places, found.values, lambda: _built_apart(network))
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
        raise Refusal("a module was given where its weights are wanted; give `module.state_dict()`")
    raise Refusal(f"weights are a file or tensors by name; this is of type `{type(weights).__name__}`")


def _built_apart(network: Network) -> Module:
    """A new module of the network, made without changing the sequence of random numbers."""
    import torch

    with torch.random.fork_rng(devices=[]):
        return build(network)
