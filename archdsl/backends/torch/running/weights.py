"""Weights from a file into a model: by exact names, else by order and shape. Must not unpickle freely.

A file is in the safetensors format (a header of JSON, then bytes), or what `torch.save` wrote, which is read
with `weights_only=True`: it can hold tensors, not code.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Union

from archdsl.diagnostics import Refusal
from archdsl.records import NamedTuple

Source = Union[str, "os.PathLike[str]", Mapping[str, Any]]
_WRAPPERS = ("state_dict", "model", "model_state_dict", "module")
"""Keys under which training scripts keep the weights."""
_COUNTER = "num_batches_tracked"


class LoadReport(NamedTuple):
    """What `load_weights` did.

    Attributes:
        method: `names` (each tensor by its own name), `order` (the n-th of ours is the n-th of theirs), or `shape` (the n-th
            of a shape is the n-th of that shape).
        pairs: (our name, their name) of each tensor that was loaded.
        ignored: their tensors that were not needed.
        kept: our tensors that have no counterpart and stayed as they were (batch counters).
    """

    method: str
    pairs: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def __str__(self) -> str:
        how = {"names": "by name", "order": "by order", "shape": "by order among those of one shape"}[self.method]
        text = f"{len(self.pairs)} tensors loaded {how}"
        if self.ignored:
            some = ", ".join(self.ignored[:3]) + " …" * (len(self.ignored) > 3)
            text += f"; {len(self.ignored)} in the file not needed ({some})"
        return text


class WeightsMismatch(Refusal):
    """The weights do not fit the model. Nothing was loaded."""


def load(model: Any, weights: Source) -> LoadReport:
    """Put weights into `model`.

    Args:
        model: a `torch.nn.Module`.
        weights: a file, or tensors by name.

    Raises:
        WeightsMismatch: they do not fit; the model is unchanged.
        Refusal: the file is no weights file.
        OSError: it cannot be read.
    """
    theirs = dict(weights) if isinstance(weights, Mapping) else read(weights)
    theirs = _tensors(theirs)
    ours = model.state_dict()
    method, pairs = _match(ours, theirs)
    _copy(ours, theirs, pairs)
    used = {theirs_name for _, theirs_name in pairs}
    filled = {name for name, _ in pairs}
    ignored = tuple(name for name in theirs if name not in used)
    return LoadReport(method, tuple(pairs), ignored, tuple(name for name in ours if name not in filled))


def read(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The tensors of a file, by name.

    Raises:
        Refusal: it is neither safetensors nor a file of tensors that torch wrote.
        OSError: it cannot be read.
    """
    file = Path(path)
    if file.suffix == ".safetensors":
        from archdsl.backends.torch.running.safetensors import read_tensors

        return read_tensors(file)
    import pickle

    import torch

    try:
        found = torch.load(file, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError) as error:
        raise Refusal(f"`{file}` is not a file of tensors: {str(error).partition(chr(10))[0] or 'it ends too soon'}") from None
    if not isinstance(found, Mapping):
        raise Refusal(f"`{file}` holds no tensors by name")
    return dict(found)


def _tensors(found: Mapping[str, Any]) -> dict[str, Any]:
    """The tensors, also where they stand under a key of their own; without the `module.` of data parallelism."""
    import torch

    for key in _WRAPPERS:
        inner = found.get(key)
        if isinstance(inner, Mapping) and any(isinstance(value, torch.Tensor) for value in inner.values()):
            found = inner
            break
    tensors = {str(name): value for name, value in found.items() if isinstance(value, torch.Tensor)}
    if tensors and all(name.startswith("module.") for name in tensors):
        return {name.removeprefix("module."): value for name, value in tensors.items()}
    return tensors


def _match(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    if all(name in theirs or name.endswith(_COUNTER) for name in ours):
        wrong = [name for name in ours if name in theirs and ours[name].shape != theirs[name].shape]
        if wrong:
            lines = [_differ(name, ours[name], theirs[name]) for name in wrong[:5]]
            raise WeightsMismatch("\n".join([f"{len(wrong)} tensors have a different shape", *lines]))
        return "names", [(name, name) for name in ours if name in theirs]
    our_names = [name for name in ours if not name.endswith(_COUNTER)]
    their_names = [name for name in theirs if not name.endswith(_COUNTER)]
    in_order = list(zip(our_names, their_names, strict=False))
    if len(our_names) == len(their_names) and all(_shape(ours[a]) == _shape(theirs[b]) for a, b in in_order):
        return "order", in_order
    return "shape", _by_shape(ours, theirs, our_names, their_names)


def _by_shape(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], our_names: list[str], their_names: list[str]
) -> list[tuple[str, str]]:
    """The n-th of each shape with the n-th of that shape; parameters and buffers alike."""
    waiting: dict[tuple[int, ...], list[str]] = {}
    for name in their_names:
        waiting.setdefault(_shape(theirs[name]), []).append(name)
    pairs: list[tuple[str, str]] = []
    missing: list[str] = []
    for name in our_names:
        same = waiting.get(_shape(ours[name]))
        if same:
            pairs.append((name, same.pop(0)))
        else:
            missing.append(name)
    left = [name for names in waiting.values() for name in names]
    if missing or left:
        lines = [f"the weights do not fit: {len(our_names)} tensors in the model, {len(their_names)} in the file"]
        lines += [f"  only in the model: {name} {list(ours[name].shape)}" for name in missing[:5]]
        lines += [f"  only in the file: {name} {list(theirs[name].shape)}" for name in left[:5]]
        raise WeightsMismatch("\n".join(lines))
    return pairs


def _shape(tensor: Any) -> tuple[int, ...]:
    """Axes of length 1 do not count: a 1x1 convolution is a linear layer, a token may stand in two or three axes."""
    return tuple(size for size in tensor.shape if size != 1)


def _differ(name: str, ours: Any, theirs: Any) -> str:
    return f"  {name}: {list(ours.shape)} in the model, {list(theirs.shape)} in the file"


def _copy(ours: Mapping[str, Any], theirs: Mapping[str, Any], pairs: list[tuple[str, str]]) -> None:
    import torch

    with torch.no_grad():
        for our_name, their_name in pairs:
            target = ours[our_name]
            target.copy_(theirs[their_name].reshape(target.shape))
