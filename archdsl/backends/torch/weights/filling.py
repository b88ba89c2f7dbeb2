"""Tensors into a module that may be wrapped, in use on a device, or without numbers yet. Must not decide what fits."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import TYPE_CHECKING

from archdsl.backends.torch.weights.numbers import check_range
from archdsl.backends.torch.weights.readings import COUNTER, is_derived
from archdsl.backends.torch.weights.report import indented, mismatch, some
from archdsl.diagnostics import Refusal
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

_WRAPPERS = frozenset(("module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"))
"""What torch's wrappers (parallel, compiled, sharded) put into the names of a module's tensors."""


class Place(NamedTuple):
    """Where a tensor of the module lives: the part that holds it, and its name there."""

    owner: Module
    name: str
    tensor: Tensor


def module_of(model: object) -> Module:
    """The module to fill.

    Raises:
        Refusal: it is not a module.
    """
    import torch

    if isinstance(model, torch.nn.Module):
        return model
    raise Refusal(f"`load_weights` takes the module that it fills first; this is of type `{type(model).__name__}`")


def places_of(model: Module, shapes: Mapping[str, tuple[int, ...]], network: str) -> dict[str, Place]:
    """The module's tensors by the network's names, in the network's order.

    Raises:
        Refusal: it is not a module of this network.
    """
    found = {_plain(name, shapes): place for name, place in _places(model)}
    missing = [name for name in shapes if name not in found and not is_derived(name)]
    strangers = [name for name in found if name not in shapes]
    other = [
        f"{name}: {list(shape)} in the network, {list(found[name].tensor.shape)} in the module"
        for name, shape in shapes.items()
        if name in found and tuple(found[name].tensor.shape) != shape
    ]
    if missing or strangers or other:
        raise mismatch(
            f"the module is not what `{network}` builds, so nothing was loaded",
            [f"  not in the module: {some(missing)}"] if missing else [],
            [f"  not in the network: {some(strangers)}"] if strangers else [],
            indented(other),
        )
    return {name: found[name] for name in shapes if name in found}


def fill(model: Module, places: Mapping[str, Place], values: Mapping[str, Tensor], rebuilt: Callable[[], Module]) -> None:
    """Put the values in; what is on the meta device gets tensors of its own.

    Args:
        rebuilt: builds the network again, for the tensors that no file holds (tables of positions), if they are on the
            meta device.

    Raises:
        Refusal: a type cannot hold the numbers, or something would stay on the meta device; the module is unchanged.
    """
    import torch

    check_range(values, {name: places[name].tensor.dtype for name in values})
    bare = [name for name, place in places.items() if place.tensor.is_meta and name not in values and not is_derived(name)]
    if bare:
        raise mismatch(
            "the module is on the meta device, but the file does not have numbers for all of it, so nothing was loaded",
            [f"  without numbers: {some(bare)}"],
            ["build it on a device (`arch.module()`), or move it there with `to_empty` first"],
        )
    with torch.no_grad():
        for name, value in values.items():
            place = places[name]
            if place.tensor.is_meta:
                _assign(place, value)
            else:
                place.tensor.copy_(value)
    _complete(model, rebuilt)


def _places(model: Module) -> list[tuple[str, Place]]:
    """Every parameter and every buffer that is saved, under its path."""
    found = []
    for path, owner in model.named_modules():
        for name, tensor in (*owner._parameters.items(), *owner._buffers.items()):
            if tensor is not None and name not in owner._non_persistent_buffers_set:
                found.append((f"{path}.{name}" if path else name, Place(owner, name, tensor)))
    return found


def _complete(model: Module, rebuilt: Callable[[], Module]) -> None:
    """Buffers that are still on the meta device follow from the network: they become those of a new module."""
    bare = [
        (path, owner, name, buffer)
        for path, owner in model.named_modules()
        for name, buffer in owner._buffers.items()
        if buffer is not None and buffer.is_meta
    ]
    tables = [item for item in bare if item[2] != COUNTER]
    anew = rebuilt() if tables else None
    for path, owner, name, before in bare:
        if anew is None or name == COUNTER:
            owner._buffers[name] = before.new_zeros(before.shape, device="cpu")
        else:
            owner._buffers[name] = anew.get_submodule(_plain(path, ())).get_buffer(name).to(before.dtype)


def _plain(name: str, own: Container[str]) -> str:
    """The name without what wrappers put into it."""
    return name if name in own else ".".join(part for part in name.split(".") if part not in _WRAPPERS)


def _assign(place: Place, value: Tensor) -> None:
    import torch

    owner, name, before = place
    # A copy: the tensors of a state dict stay its owner's.
    value = value.to(before.dtype).contiguous().clone()
    if name in owner._parameters:
        owner._parameters[name] = torch.nn.Parameter(value, requires_grad=before.requires_grad)
    else:
        owner._buffers[name] = value
