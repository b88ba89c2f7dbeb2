"""The programs with which the language was first shown, as they were written there: each compiles, and gives what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

import archdsl
from archdsl.analysis.contracts import check

RESNET = """\
# ResNet-50. He et al., "Deep Residual Learning for Image Recognition", CVPR 2016.
arch resnet50(depths=[3, 4, 6, 3], classes=1000)

meta year=2015 top5_error=7.13 source="torchvision single crop"
input image[3, 224, 224]
default conv bias=false

def shortcut(c, stride) <
  if (stride != 1 or in.c != c) < conv 1x1 c stride=stride ; bn >
>

def bottleneck(c, stride=1) <
  residual <
    conv 1x1 c               ; bn ; relu
    conv 3x3 c stride=stride ; bn ; relu
    conv 1x1 (4*c)           ; bn
  | shortcut(4*c, stride)
  >
  relu
>

stem < conv 7x7 64 stride=2 ; bn ; relu ; maxpool 3x3 stride=2 pad=1 >
stage x(depths[0]) < block bottleneck(c=64) >
stage x(depths[1]) < block bottleneck(c=128) ; downsample stride=2 >
stage x(depths[2]) < block bottleneck(c=256) ; downsample stride=2 >
stage x(depths[3]) < block bottleneck(c=512) ; downsample stride=2 >
head < gap ; linear classes >

expect params == 25_557_032
expect macs ~= 4.1G
expect out == [1000]
"""

RELATIVE = """\
from "resnet50.arch" import resnet50
arch resnet101 = resnet50(depths=[3, 4, 23, 3])
expect params == 44_549_160
"""

DEFINITIONS = """\
def inception(c1, r3, c3, r5, c5, p) <
  concat <
    conv 1x1 c1 ; relu
  | conv 1x1 r3 ; relu ; conv 3x3 c3 ; relu
  | conv 1x1 r5 ; relu ; conv 5x5 c5 ; relu
  | maxpool 3x3 stride=1 pad=1 ; conv 1x1 p ; relu
  >
>

def se(r=16) <             # squeeze-and-excite; `in.c` is read before the squeeze
  let c = in.c
  mul < identity | gap keep=true ; conv 1x1 (c // r) ; relu ; conv 1x1 c ; sigmoid >
>

def dense_layer(k) < concat < identity | bn ; relu ; conv 1x1 (4*k) ; bn ; relu ; conv 3x3 k > >

def encoder(heads, mlp) <
  let d = in.d
  residual < layernorm ; attention heads=heads >
  residual < layernorm ; linear mlp ; gelu ; linear d >
>
"""

VIT = """\
arch vit_b_16(d=768, depth=12, heads=12, classes=1000)
input image[3, 224, 224]
default layernorm eps=1e-6
stem < conv k=16 c=d stride=16 pad=0 ; tokens ; class_token ; posembed >
stage x(depth) < block encoder(heads, 4*d) >
head < layernorm ; select 0 ; linear classes >
"""

SKIP = """\
skip: conv 3x3 64          # a long skip, as in U-Net
maxpool 2x2
conv 3x3 128
deconv 2x2 64 stride=2
concat @skip               # joins the current value with @skip
"""

BY_HAND = """\
def attention_by_hand(d) < # the formula from the lecture
  z: identity
  q: linear d
  k: < @z ; linear d >
  v: < @z ; linear d >
  < @q ; matmul @k transpose=true ; scale (1 / sqrt(d)) ; softmax ; matmul @v >
>
"""

PARALLEL = """\
parallel for i in range(n) < pick i ; x4 basic(w * 2**i) >
parallel for i in range(n) < add for j in range(n) < pick j ; path(j, i) > ; relu >
"""

BASIC = """\
def basic(c) < residual < conv 3x3 c bias=false ; bn ; relu ; conv 3x3 c bias=false ; bn > ; relu >
def path(j, i) <
  if (j > i) < conv 1x1 (w * 2**i) bias=false ; bn ; upsample (2**(j - i)) >
  elif (j < i) <
    for k in range(i - j) < conv 3x3 (in.c * 2) stride=2 bias=false ; bn ; relu >
  >
>
"""

STAGE = "arch mine\ninput x[512, 28, 28]\n{}\nstage x4 < block bottleneck(c=256) ; downsample stride=2 >\n"


def counts(text: str, name: str = "mine.arch") -> tuple[object, object, object]:
    arch = archdsl.loads(text, name)
    cost = arch.cost()
    assert check(arch.network, cost) == []
    return cost.params, cost.macs, cost.out


def test_resnet_and_its_relative(tmp_path: Path) -> None:
    (tmp_path / "resnet50.arch").write_text(RESNET, encoding="utf-8")
    (tmp_path / "resnet101.arch").write_text(RELATIVE, encoding="utf-8")
    for name, params, macs in (("resnet50", 25_557_032, 4_089_184_256), ("resnet101", 44_549_160, 7_801_405_440)):
        arch = archdsl.load(tmp_path / f"{name}.arch")
        assert check(arch.network, arch.cost()) == []
        assert (arch.cost().params, arch.cost().macs, arch.cost().out) == (params, macs, (1000,))


def test_a_vision_transformer() -> None:
    head, _, rest = VIT.partition("\n")
    text = f"{head}\n{DEFINITIONS}{rest}"
    assert counts(text) == (86_567_656, 17_563_828_224, (1000,))


@pytest.mark.parametrize(
    ("shape", "call", "params", "out"),
    [
        ("192, 28, 28", "inception(64, 96, 128, 16, 32, 32)", 163_696, (256, 28, 28)),
        ("64, 8, 8", "se", 64 * 4 + 4 + 4 * 64 + 64, (64, 8, 8)),
        ("64, 8, 8", "dense_layer(32)", 128 + 64 * 128 + 128 + 256 + 128 * 32 * 9 + 32, (96, 8, 8)),
    ],
)
def test_blocks(shape: str, call: str, params: int, out: tuple[int, ...]) -> None:
    assert counts(f"arch mine\n{DEFINITIONS}input x[{shape}]\n{call}\n")[::2] == (params, out)


def test_a_long_skip() -> None:
    first, second, third = 32 * 64 * 9 + 64, 64 * 128 * 9 + 128, 128 * 64 * 4 + 64
    assert counts(f"arch mine\ninput x[32, 64, 64]\n{SKIP}")[::2] == (first + second + third, (128, 64, 64))


def test_attention_by_hand() -> None:
    tokens, width = 196, 64
    macs = 3 * tokens * width**2 + 2 * tokens**2 * width
    assert counts(f"arch mine\n{BY_HAND}input x[196, 64]\nattention_by_hand(64)\n") == (3 * (width**2 + width), macs, (196, 64))


def test_several_resolutions_side_by_side() -> None:
    text = f"arch mine(n=3, w=8)\ninput x[8, 32, 32]\n{BASIC}parallel for i in range(n) < path(0, i) >\n{PARALLEL}pick 2\n"
    assert counts(text)[2] == (32, 8, 8)


def test_the_line_that_says_it_all() -> None:
    """`stage x4 < block bottleneck(c=256) ; downsample stride=2 >`: four blocks, of which the first has stride 2."""
    definitions = RESNET[RESNET.index("default conv") : RESNET.index("stem <")]
    arch = archdsl.loads(STAGE.format(definitions))
    strides = [row.node.site.a["stride"] for row in arch.cost().rows if row.op == "conv" and row.node.site.a["k"] == (3, 3)]
    assert strides == [(2, 2), (1, 1), (1, 1), (1, 1)]
    assert arch.cost().out == (1024, 14, 14)
