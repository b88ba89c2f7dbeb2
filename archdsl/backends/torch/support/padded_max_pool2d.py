"""Max pooling of a map with padding that `torch.nn` lacks. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F

from .padded_max_pool import PaddedMaxPool


class PaddedMaxPool2d(PaddedMaxPool):
    """Max pooling of a map with sides of its own (`PaddedMaxPool`)."""

    pool = staticmethod(F.max_pool2d_with_indices)
