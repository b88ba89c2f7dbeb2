"""Which axis of a shape holds the channels, and which ones positions lie along."""

from __future__ import annotations

import pytest

from archdsl.shapes import Shape, channel_axis, channels, shape_of, spatial


@pytest.mark.parametrize(
    ("shape", "axis", "sizes"),
    [((64, 7, 9), 0, (7, 9)), ((49, 64), 1, (49,)), ((64,), 0, ())],
    ids=["map", "tokens", "vector"],
)
def test_axes_are_channels_and_spatial_ones(shape: Shape, axis: int, sizes: Shape) -> None:
    assert channel_axis(shape) == axis
    assert channels(shape) == 64
    assert spatial(shape) == sizes
    assert shape_of(64, sizes) == shape
