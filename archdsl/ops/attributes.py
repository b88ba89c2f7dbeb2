"""The settings of one use, and their types. Must not know operators.

An argument with a new name gets its type here; mypy and a test ask for it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Union

from archdsl.shapes import Dim, Formula, Number, Shape

Setting = Union[None, str, Number, tuple["Setting", ...]]
"""What a setting may be: `none`, a word or a string, a number or a truth value, or a list of these."""

Numbers = tuple[Dim, ...]
"""One number for each spatial axis: height and width, or frames, height and width."""
Sides = tuple[Dim, ...]
"""Two numbers for each spatial axis, one after the other: top, bottom, left and right."""


class Attributes(dict[str, Setting]):
    """The settings of one use, complete with defaults and normalized; read as attributes: `a.stride`.

    Type checkers know each name's type from here, and tests hold every operator's samples to it. A setting whose name means
    something else elsewhere (`k` of `lrn`) or is a Python keyword (`from`) is read as `a["k"]`.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        act: str
        affine: bool
        align_corners: bool
        aligned: bool
        alpha: float
        amount: Sides
        approximate: bool
        axes: Shape
        axis: str
        base: float
        bidirectional: bool
        border: str
        both: bool
        by: Numbers
        bounded: bool
        buckets: Dim
        beta: float
        bias: bool | None
        boxes: bool
        c: Dim
        causal: bool
        ceil: bool
        channels: Dim
        cosine: bool
        d: Dim
        dilation: Numbers
        dim: Dim
        eps: float
        factor: Dim
        far: Dim
        grid: bool
        groups: Dim
        heads: Dim
        hidden: Dim
        i: int
        include_pad: bool
        init: float
        k: Numbers
        keep: bool
        kernel: str
        key: bool
        kind: str
        kv: bool | None
        kv_heads: Dim
        layers: int
        like: bool | None
        mask: str | None
        max: float | None
        min: float | None
        mode: str
        momentum: float
        mult: Dim
        n: Dim
        norm_axis: str
        offset: str | Numbers
        offsets: bool
        other: bool
        out_bias: bool
        output_pad: Numbers
        p: float
        pairs: str
        pad: str | Sides
        parts: Dim | tuple[Dim, ...]
        pattern: str
        pool: bool
        prefix: Dim
        radius: Dim
        ratio: int
        relpos: str | None
        scale: float | Fraction | None
        shared: bool
        shift: Numbers
        size: Numbers | None
        sizes: tuple[tuple[str, Dim], ...]
        slope: float
        split: bool
        standardize: bool | str
        stride: Numbers
        t: Dim
        table: bool
        talking: bool
        to: Dim | None
        transpose: bool
        value: float | bool
        w: Dim | None
        weights: bool | None
        window: Numbers

    else:

        def __getattr__(self, name: str) -> Setting:
            try:
                return self[name]
            except KeyError:
                raise AttributeError(name) from None


def dimension(setting: Setting) -> Dim:
    """The setting of an argument that takes only dimensions, read under a name of which type checkers know another type."""
    assert isinstance(setting, (int, Formula))
    return setting
