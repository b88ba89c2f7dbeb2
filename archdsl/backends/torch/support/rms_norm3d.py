"""RMS norm of a video or a volume. Must not import anything but torch."""

from __future__ import annotations

from .rms_norm2d import RMSNorm2d


class RMSNorm3d(RMSNorm2d):
    """RMS norm over C at each place of [B, C, T, H, W]."""
