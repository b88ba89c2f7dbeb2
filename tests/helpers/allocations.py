"""Counts the bytes of tensors alive while PyTorch runs, on any device, the one that computes nothing too. Must not test."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.weak import WeakIdKeyDictionary


class Allocations(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """A mode under which every new storage counts from the operation that made it until nothing holds it."""

    def __init__(self, known: Iterable[torch.Tensor] = ()) -> None:
        """`known`: tensors that count nothing (inputs, weights)."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.level = 0
        self.peak = 0
        self._known = WeakIdKeyDictionary()
        for tensor in known:
            self._known[tensor.untyped_storage()] = True

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(result):
            if isinstance(leaf, torch.Tensor):
                self._see(leaf.untyped_storage())
        return result

    def _see(self, storage: Any) -> None:
        if storage in self._known:
            return
        self._known[storage] = True
        self.level += storage.nbytes()
        self.peak = max(self.peak, self.level)
        weakref.finalize(storage, self._drop, storage.nbytes())

    def _drop(self, size: int) -> None:
        self.level -= size
