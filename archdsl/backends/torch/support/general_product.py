"""The product of queries, keys and values in the rarer forms of attention. Must not import anything but torch."""

from __future__ import annotations

import math

import torch.nn.functional as F
from torch import Tensor, nn


def general_product(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    bias: Tensor | None = None,
    scale: float | None = None,
    logit_scale: Tensor | None = None,
    before: nn.Module | None = None,
    after: nn.Module | None = None,
) -> Tensor:
    """Attention over [..., heads, T, C / heads].

    With `logit_scale` the logits are cosines times its exponential, at most 100 (Swin V2); `before` and `after` mix
    the heads before and after the softmax (CaiT).
    """
    if logit_scale is None:
        q = q * (scale or q.shape[-1] ** -0.5)
    else:
        q = F.normalize(q, dim=-1) * logit_scale.clamp(max=math.log(100)).exp()
        k = F.normalize(k, dim=-1)
    weights = q @ k.transpose(-2, -1)
    if bias is not None:
        weights = weights + bias
    if before is not None:
        weights = before(weights.movedim(-3, -1)).movedim(-1, -3)
    weights = weights.softmax(-1)
    if after is not None:
        weights = after(weights.movedim(-3, -1)).movedim(-1, -3)
    return weights @ v
