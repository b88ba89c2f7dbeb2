"""Global response normalization of a video or a volume. Must not import anything but torch."""

from __future__ import annotations

from .global_response_norm2d import GlobalResponseNorm2d


class GlobalResponseNorm3d(GlobalResponseNorm2d):
    """Global response normalization of [B, C, T, H, W]."""
