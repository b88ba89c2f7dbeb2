"""`attend` on maps, inside windows, shifted ones and grids: equal to `attention`, whose lowering is another."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import archdsl

pytestmark = pytest.mark.torch

HAND = "let k = < conv 1x1 32 >\nlet v = < conv 1x1 32 >\nconv 1x1 32 ; attend @k @v heads=4 {more} ; conv 1x1 32\n"


def pair(shape: str, more: str, relpos: str = "") -> tuple[Any, Any, Any, Any]:
    """`attention`, and the same by hand with its weights."""
    theirs = archdsl.loads(f"arch t\ninput x{shape}\nattention 4 {more} {relpos}\n")
    ours = archdsl.loads(f"arch t\ninput x{shape}\n{HAND.format(more=more)}")
    whole: Any = theirs.module().eval()
    parts: Any = ours.module().eval()
    state: dict[str, Any] = whole.state_dict()
    weights, biases = (state[f"attention1.qkv.{name}"].chunk(3) for name in ("weight", "bias"))
    # In the text keys come first, then values, then queries.
    for name, weight, bias in zip(("conv1", "k", "v"), weights, biases, strict=True):
        getattr(parts, name).weight.data.copy_(weight[..., None, None])
        getattr(parts, name).bias.data.copy_(bias)
    parts.conv2.weight.data.copy_(state["attention1.proj.weight"][..., None, None])
    parts.conv2.bias.data.copy_(state["attention1.proj.bias"])
    return theirs, ours, whole, parts


@pytest.mark.parametrize(
    ("shape", "more"),
    [
        ("[32, 8, 12]", ""),
        ("[32, 8, 12]", "window=4"),
        ("[32, 8, 12]", "window=[2, 3]"),
        ("[32, 8, 12]", "window=4 shift=2"),
        ("[32, 8, 12]", "window=4 shift=[0, 1]"),
        ("[32, 4, 12]", "window=4 shift=2"),
        ("[32, 8, 12]", "window=4 grid=true"),
        ("[32, 7, 10]", "window=4"),
        ("[32, 7, 10]", "window=4 shift=1"),
        ("[32, 7, 10]", "window=4 grid=true"),
    ],
)
def test_it_is_attention(shape: str, more: str) -> None:
    theirs, ours, whole, parts = pair(shape, more)
    x = torch.randn(2, *theirs.inputs["x"])
    torch.testing.assert_close(parts(x), whole(x))
    # In `attention` the padding is projected too.
    if "7" not in shape:
        assert ours.cost().macs == theirs.cost().macs
    attended = sum(row.macs for row in ours.cost().rows if row.op == "attend")
    assert attended == theirs.cost().macs - 4 * 32 * 32 * _positions(theirs.inputs["x"], more)


def _positions(shape: tuple[int, ...], more: str) -> int:
    window = 4 if "window=4" in more else 1
    height, width = (-(-side // window) * window for side in shape[1:])
    return height * width


def test_a_bias_of_windows_is_that_of_swin() -> None:
    """The table of `attention relpos=bias`, and what `relpos` makes of a window."""
    shape, more = "[32, 8, 12]", "window=4 shift=2"
    theirs: Any = archdsl.loads(f"arch t\ninput x{shape}\nattention 4 {more} relpos=bias\n").module().eval()
    text = (
        "let b = < relpos 4 size=4 >\nlet k = < conv 1x1 32 >\nlet v = < conv 1x1 32 >\n"
        f"conv 1x1 32 ; attend @k @v heads=4 {more} bias=@b ; conv 1x1 32\n"
    )
    ours: Any = archdsl.loads(f"arch t\ninput x{shape}\n{text}").module().eval()
    state: dict[str, Any] = theirs.state_dict()
    weights, biases = (state[f"attention1.qkv.{name}"].chunk(3) for name in ("weight", "bias"))
    for name, weight, bias in zip(("conv1", "k", "v"), weights, biases, strict=True):
        getattr(ours, name).weight.data.copy_(weight[..., None, None])
        getattr(ours, name).bias.data.copy_(bias)
    ours.conv2.weight.data.copy_(state["attention1.proj.weight"][..., None, None])
    ours.conv2.bias.data.copy_(state["attention1.proj.bias"])
    table = torch.randn_like(state["attention1.relative_position_bias_table"])
    (own,) = [value for name, value in ours.named_parameters() if value.shape == table.T.shape or value.shape == table.shape]
    own.data.copy_(table if own.shape == table.shape else table.T)
    theirs.attention1.relative_position_bias_table.data.copy_(table)
    x = torch.randn(2, 32, 8, 12)
    torch.testing.assert_close(ours(x), theirs(x))


def test_queries_of_another_stride_see_as_many_windows() -> None:
    """Hiera: queries pooled inside their windows."""
    text = "let k = < identity >\nmaxpool 2 ; attend @k @k heads=4 window=2\n"
    arch = archdsl.loads(f"arch t\ninput x[32, 8, 12]\n{text}")
    x = torch.randn(2, 32, 8, 12)
    found = arch.module().eval()(x)
    queries = torch.nn.functional.max_pool2d(x, 2)

    def window(value: Any, side: int, row: int, column: int) -> Any:
        part = value[:, :, row * side : (row + 1) * side, column * side : (column + 1) * side]
        return part.flatten(2).transpose(1, 2).unflatten(2, (4, -1)).transpose(1, 2)

    for row, column in ((0, 0), (1, 2)):
        q, k = window(queries, 2, row, column), window(x, 4, row, column)
        expected = torch.nn.functional.scaled_dot_product_attention(q, k, k)
        torch.testing.assert_close(window(found, 2, row, column), expected)
    assert arch.cost().macs == 6 * 4 * 16 * (32 + 32)


def test_a_video_and_tokens_have_windows_too() -> None:
    video = archdsl.loads(
        "arch t\ninput x[8, 4, 6, 6]\nlet k = < identity >\nattend @k @k heads=2 window=[2, 3, 3] shift=[1, 1, 0]\n"
    )
    assert video.cost().out == (8, 4, 6, 6)
    assert video.module()(torch.randn(2, 8, 4, 6, 6)).shape == (2, 8, 4, 6, 6)
    row = archdsl.loads("arch t\ninput x[10, 8]\nlet k = < identity >\nattend @k @k heads=2 window=4\n")
    x = torch.randn(2, 10, 8)
    each = archdsl.loads("arch t\ninput x[10, 8]\neach windows 4 < let k = < identity > ; attend @k @k heads=2 >\n")
    torch.testing.assert_close(row.module().eval()(x), each.module().eval()(x))


def test_arguments_by_name_are_in_any_order() -> None:
    head = "arch t\ninput x[9, 8]\nlet k = < linear 8 >\nlet v = < linear 8 >\n"
    first, second = (archdsl.loads(head + f"attend {how} heads=2\n") for how in ("key=@k value=@v", "value=@v key=@k"))
    one, other = first.module().eval(), second.module().eval()
    other.load_state_dict(one.state_dict())
    x = torch.randn(2, 9, 8)
    torch.testing.assert_close(one(x), other(x))
    assert archdsl.loads(head + "x2 attend @k @v heads=2\n").cost().out == (9, 8)
    assert archdsl.loads("arch t\ninput x[8, 6, 6]\na: x2 < let k = < identity > ; attend @k @k window=3 >\n").cost().out == (
        8,
        6,
        6,
    )
