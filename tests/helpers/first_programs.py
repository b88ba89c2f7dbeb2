"""The programs with which the language was first shown, as they were written there. Must not test them."""

from __future__ import annotations

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
