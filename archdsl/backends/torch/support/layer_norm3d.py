"""Layer norm of a video or a volume. Must not import anything but torch."""

from __future__ import annotations

from .layer_norm2d import LayerNorm2d


class LayerNorm3d(LayerNorm2d):
    """Layer norm over C at each place of [B, C, T, H, W]."""
