"""Name maps for other libraries' networks: found module by module. Must not prove them.

Ours and theirs are walked in the order in which parts are applied (`oracle.APPLIED`). A tensor must have the role of its
counterpart (weight, bias, mean, variance) and its shape but for axes of length 1 and flattened kernels, and the tensors of one
module of ours must be those of one module of theirs. Whether the map is right, outputs say (`map_certificate.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from archdsl.backends.torch.weights.expressions import Concat, Expression, Name, Reshape, ZerosLike, names_in
from archdsl.backends.torch.weights.readings import COUNTER
from helpers.oracle import squeezed, tensors

ROLES = ("weight", "bias", "running_mean", "running_var")
_SCALES = ("layer_scale", "gamma")
"""Learned scales, which ours call weights."""
_MADE = frozenset((torch.empty, torch.zeros, torch.ones, torch.full, torch.rand, torch.randn))


class Theirs(NamedTuple):
    """What one tensor of ours can be made of: an expression over theirs, its shape and its role."""

    made_of: Expression
    shape: tuple[int, ...]
    role: str


class _Meta(TorchFunctionMode):
    """Tensors of weights are made on the meta device; numbers that a constructor computes with stay numbers."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        if func in _MADE:
            kwargs["device"] = "meta"
        return func(*args, **kwargs)


@contextmanager
def on_meta() -> Iterator[None]:
    with _Meta():
        yield


def built(build: Callable[[], Any]) -> Any:
    """The network with room for its weights and no time spent on drawing them; whole where it keeps other tensors."""
    with on_meta():
        model = build()
    for part in model.modules():
        for name, buffer in part._buffers.items():
            if buffer is None or not buffer.is_meta:
                continue
            if name not in ("running_mean", "running_var", COUNTER):
                return build()
            part._buffers[name] = torch.zeros(buffer.shape, dtype=buffer.dtype)
        for name, value in part._parameters.items():
            if value is not None:
                part._parameters[name] = torch.nn.Parameter(torch.empty(value.shape, dtype=value.dtype))
    return model


def correspondence(mine: Any, theirs: Any) -> dict[str, Expression]:
    """Of which of their tensors each of ours is made.

    Raises:
        AssertionError: the two do not correspond; the message says where that begins.
    """
    found: dict[str, Expression] = {}
    for learned in (True, False):
        ours = list(_ours(mine, learned))
        others = list(_theirs(theirs, learned))
        for (name, value), other in zip(ours, others, strict=False):
            assert _role(name) == other.role, (name, other)
            assert _alike(tuple(value.shape), other.shape), (name, tuple(value.shape), other)
            same = tuple(value.shape) == other.shape
            found[name] = other.made_of if same else Reshape(other.made_of, None)
        assert len(ours) == len(others), (len(ours), len(others), ours[-1][0], others[-1])
    known = theirs.state_dict()
    for name in mine.state_dict():
        if name.endswith(COUNTER):
            mean = found[name.removesuffix(COUNTER) + "running_mean"]
            assert isinstance(mean, Name)
            counter = mean.name.removesuffix("running_mean") + COUNTER
            assert counter in known
            found[name] = Name(counter)
    _check_modules(found)
    return {name: found[name] for name in mine.state_dict()}


def _ours(module: Any, learned: bool) -> Iterator[tuple[str, Tensor]]:
    """Parameters, or running statistics, in the order of the text."""
    if learned:
        yield from module.named_parameters()
    else:
        yield from (item for item in module.named_buffers() if item[0].endswith(("running_mean", "running_var")))


def _theirs(module: Any, learned: bool) -> Iterator[Theirs]:
    """Theirs in order; biases of queries and values that stand apart become the one of the projection."""
    queries = None
    for name, value in tensors(module, learned):
        if name.endswith(".q_bias"):
            queries = Name(name)
        elif name.endswith(".v_bias"):
            assert queries is not None
            yield Theirs(Concat((queries, ZerosLike(queries), Name(name)), 0), (3 * len(value),), "bias")
        else:
            yield Theirs(Name(name), tuple(value.shape), _role(name))


def _role(name: str) -> str:
    return "weight" if name.endswith(_SCALES) else next((role for role in ROLES if name.endswith(role)), "")


def _alike(ours: tuple[int, ...], theirs: tuple[int, ...]) -> bool:
    """Equal but for axes of length 1, or a linear layer on a map that they write as a convolution with that map's size."""
    if squeezed(ours) == squeezed(theirs):
        return True
    return len(ours) == 2 and len(theirs) == 4 and ours == (theirs[0], theirs[1] * theirs[2] * theirs[3])


def _check_modules(found: dict[str, Expression]) -> None:
    """The tensors of one module of ours that have roles come from one module of theirs."""
    homes: dict[str, set[str]] = {}
    for name, made_of in found.items():
        if name.endswith((*ROLES, COUNTER)) and not isinstance(made_of, Concat):
            parents = {_parent(their) for their in names_in(made_of)}
            homes.setdefault(name.rpartition(".")[0], set()).update(parents)
    torn = {name: parents for name, parents in homes.items() if len(parents) > 1}
    assert not torn, torn


def _parent(name: str) -> str:
    """The module; what attention packs into its own tensors (`in_proj_weight`) is a module of its own."""
    parent, _, last = name.rpartition(".")
    return parent if last in (*ROLES, COUNTER) else f"{parent}.{last.rpartition('_')[0]}"
