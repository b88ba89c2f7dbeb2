"""Average pooling of a volume or video with padding that `torch.nn` lacks. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F

from .padded_avg_pool import PaddedAvgPool


class PaddedAvgPool3d(PaddedAvgPool):
    """Average pooling of a volume or video with sides of its own (`PaddedAvgPool`)."""

    pool = staticmethod(F.avg_pool3d)
