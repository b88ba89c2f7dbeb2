"""Other people's networks beside ours, with the same weights. Must not test anything itself.

Parameters and statistics are matched one by one, in order: ours as the text has them, theirs as their modules do, except where
a class registers its parts in another order than it applies them (`APPLIED`). Shapes must agree but for axes of length 1, since
a linear layer on a map is a 1x1 convolution here. Nothing is copied: both networks hold the same tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch

_COMPILED = ("nms", "qnms", "roi_align", "roi_pool", "ps_roi_align", "ps_roi_pool", "deform_conv2d")
_BACKWARD = ("roi_align", "roi_pool", "ps_roi_align", "ps_roi_pool", "deform_conv2d")

_DECLARED: list[Any] = []
"""A library's definitions live as long as the object."""

APPLIED: dict[str, tuple[str, ...]] = {
    "CNBlock": ("block", "layer_scale"),
    "ConvNeXtBlock": ("conv_dw", "norm", "mlp", "gamma"),
    "DeepLabV3": ("backbone", "aux_classifier", "classifier"),
    "FCN": ("backbone", "aux_classifier", "classifier"),
    "GoogLeNet": (
        *("conv1", "conv2", "conv3", "inception3a", "inception3b", "inception4a", "aux1"),
        *("inception4b", "inception4c", "inception4d", "aux2", "inception4e", "inception5a", "inception5b"),
    ),
    "MBConv": ("layers", "proj"),
    "swin_transformer.PatchMerging": ("norm", "reduction"),
    "swin_transformer_v2.PatchMerging": ("reduction", "norm"),
    "swin_transformer_v2.WindowAttention": ("logit_scale", "qkv", "q_bias", "v_bias", "proj", "cpb_mlp"),
    "PreActBottleneck": ("norm1", "conv1", "norm2", "conv2", "norm3", "conv3", "downsample"),
    "ResBottleneckBlock": ("f", "proj"),
    "SwinTransformerBlockV2": ("attn", "norm1", "mlp", "norm2"),
    "VisionTransformer": ("conv_proj", "patch_embed", "class_token", "cls_token", "pos_embed", "encoder", "heads"),
}
"""For a class of theirs (where two have one name, with their file before it), the order in which it applies its parts.

Parts that are not named follow as they are registered.
"""


class Oracle(NamedTuple):
    """How another library builds the network, and on what both are compared.

    Attributes:
        build: their module, in any state of initialization.
        shape: the input without the batch.
        library: whose it is: `torchvision`, `timm`, or `plain` where it is written out in these tests.
        change: what was changed in theirs, if anything.
        once: it is too large for float64: both run each repetition of equal blocks once.
    """

    build: Callable[[], Any]
    shape: tuple[int, ...]
    library: str = "torchvision"
    change: str = ""
    once: bool = False


def declare_torchvision() -> None:
    """Declare torchvision's compiled operators, empty, so that it imports where its wheel lacks them."""
    if hasattr(torch.ops.torchvision, "nms"):
        return
    new_library: Any = torch.library.Library
    library = new_library("torchvision", "DEF")
    for name in (*_COMPILED, *(f"_{name}_backward" for name in _BACKWARD)):
        library.define(f"{name}(Tensor x) -> Tensor")
    _DECLARED.append(library)


def tensors(module: Any, learned: bool) -> Iterator[tuple[str, Any]]:
    """Name and tensor of every parameter (or every running statistic) of theirs, in the order of application."""
    own = {name: value for name, value in (module._parameters if learned else module._buffers).items() if value is not None}
    parts = [*own, *(name for name, child in module._modules.items() if child is not None)]
    kind = type(module)
    wanted = APPLIED.get(f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}", APPLIED.get(kind.__name__, ()))
    for name in sorted(parts, key=lambda name: wanted.index(name) if name in wanted else len(wanted)):
        if name in own:
            if learned or name in ("running_mean", "running_var"):
                yield name, own[name]
        else:
            yield from ((f"{name}.{inner}", value) for inner, value in tensors(module._modules[name], learned))


def randomise(module: Any, seed: int = 0) -> None:
    """Give every parameter and statistic values that reveal every layer: no zeros, no ones, no tiny scales."""
    generator = torch.Generator().manual_seed(seed)

    def normal(value: Any, mean: float, deviation: float) -> None:
        value.copy_(torch.randn(value.shape, generator=generator, dtype=torch.float32) * deviation + mean)

    with torch.no_grad():
        for name, value in module.named_parameters():
            if value.ndim >= 2 and value.shape[0] > 1 and value[0].numel() > 1:
                normal(value, 0, (2 / value[0].numel()) ** 0.5)
            elif name.endswith(("weight", "layer_scale")):
                normal(value, 1, 0.1)
            else:
                normal(value, 0, 0.1)
        for name, value in module.named_buffers():
            if name.endswith("running_mean"):
                normal(value, 0, 0.1)
            elif name.endswith("running_var"):
                value.copy_(torch.rand(value.shape, generator=generator) + 0.5)


def repeated_once(module: Any) -> Any:
    """Theirs, without the blocks that only repeat the block before them: equal in print and in their parameters' shapes."""
    for part in list(module.modules()):
        if not isinstance(part, torch.nn.Sequential | torch.nn.ModuleList):
            continue
        before = None
        for name, child in list(part.named_children()):
            this = repr(child), [(inner, value.shape) for inner, value in child.named_parameters()]
            if this == before and this[1]:
                del part._modules[name]
            before = this
    return module


def squeezed(shape: Any) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)


def share(ours: Any, theirs: Any) -> int:
    """Make ours hold their tensors, parameter by parameter and statistic by statistic; the number of parameters matched."""
    matched = 0
    for buffer in ours.buffers():
        buffer.data = buffer.data.double() if buffer.is_floating_point() else buffer.data
    with torch.no_grad():
        for learned in (True, False):
            mine = list(ours.named_parameters() if learned else _statistics(ours))
            other = list(tensors(theirs, learned))
            ours_, theirs_ = ([squeezed(value.shape) for _, value in values] for values in (mine, other))
            assert ours_ == theirs_, _first(mine, other)
            for (_, value), (_, source) in zip(mine, other, strict=True):
                value.data = source.data.reshape(value.shape)
            matched += len(mine) if learned else 0
    # Both ways: every parameter of theirs is held by ours, and ours has no other.
    assert {value.data_ptr() for value in ours.parameters()} == {value.data_ptr() for value in theirs.parameters()}
    return matched


def _statistics(module: Any) -> Iterator[tuple[str, Any]]:
    for name, value in module.named_buffers():
        if name.endswith(("running_mean", "running_var")):
            yield name, value


def _first(mine: list[tuple[str, Any]], other: list[tuple[str, Any]]) -> str:
    """Where two lists of tensors begin to differ, in words."""
    for (name, value), (their, source) in zip(mine, other, strict=False):
        if squeezed(value.shape) != squeezed(source.shape):
            return f"{name} {tuple(value.shape)} is not {their} {tuple(source.shape)}"
    return f"{len(mine)} tensors against {len(other)}"


def without_chance(module: Any) -> None:
    """Switch off what differs from run to run: dropout and stochastic depth."""
    for part in module.modules():
        if "Drop" in type(part).__name__ or type(part).__name__ == "StochasticDepth":
            part.p = part.drop_prob = 0.0
        if hasattr(part, "drop_rate"):
            part.drop_rate = 0.0


@contextmanager
def quick_depthwise() -> Iterator[None]:
    """Depthwise convolutions as sums of shifted products: in float64 PyTorch computes them channel by channel, in minutes."""
    layer: Any = torch.nn.Conv2d
    before = layer._conv_forward

    def forward(self: Any, x: Any, weight: Any, bias: Any) -> Any:
        if self.groups == 1 or self.groups != self.in_channels or self.groups != self.out_channels:
            return before(self, x, weight, bias)
        (top, left), (down, right), (below, aside) = self.padding, self.stride, self.dilation
        x = torch.nn.functional.pad(x, (left, left, top, top))
        height, width = (
            (x.shape[i + 2] - self.dilation[i] * (self.kernel_size[i] - 1) - 1) // self.stride[i] + 1 for i in (0, 1)
        )
        total = 0 if bias is None else bias[:, None, None]
        for i in range(self.kernel_size[0]):
            for j in range(self.kernel_size[1]):
                seen = x[:, :, i * below :: down, j * aside :: right][:, :, :height, :width]
                total = total + seen * weight[:, 0, i, j, None, None]
        return total

    layer._conv_forward = forward
    try:
        yield
    finally:
        layer._conv_forward = before


def outputs(result: Any) -> list[Any]:
    """The tensors of a result, the main one first, then the auxiliary ones from the front of the network to its back."""
    if isinstance(result, torch.Tensor):
        return [result]
    if type(result).__name__ == "GoogLeNetOutputs":
        return [result.logits, result.aux_logits1, result.aux_logits2]
    return [value for value in (result.values() if isinstance(result, dict) else result) if value is not None]


def difference(mine: Any, other: Any) -> float:
    """The largest difference, relative to the largest number of theirs."""
    assert mine.shape == other.shape, (mine.shape, other.shape)
    assert other.isfinite().all()
    assert other.abs().max() > 0
    return float((mine - other).abs().max() / other.abs().max())
