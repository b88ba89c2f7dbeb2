"""Parts that do not learn. Must not import anything but torch."""

from __future__ import annotations

from typing import TypeVar

from torch import nn

from .use_running_statistics import use_running_statistics

Module = TypeVar("Module", bound=nn.Module)


def frozen(module: Module) -> Module:
    """The module, without gradients for its weights; its batch norms use their running statistics in training too."""
    module.requires_grad_(False)
    for norm in module.modules():
        if isinstance(norm, nn.modules.batchnorm._BatchNorm):
            norm.register_forward_pre_hook(use_running_statistics)
    return module
