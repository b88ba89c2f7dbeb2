"""Small networks that meet every form of wiring, for tests of the PyTorch backend. Must not test anything itself."""

from __future__ import annotations

from typing import Any

import archdsl
from archdsl.ir import Network
from archdsl.resources import zoo_path

PROGRAMS = {
    "parallel": """
def path(j, i) < if (j < i) < conv 3x3 16 stride=2 > elif (j > i) < conv 1x1 8 ; upsample scale=2 > >
conv 3x3 8
parallel < identity | conv 3x3 16 stride=2 >
x2 < parallel for i in range(2) < pick i ; conv 3x3 (8 * 2**i) ; relu > >
parallel for i in range(2) < add for j in range(2) < pick j ; path(j, i) > ; relu >
concat < pick 0 | pick 1 ; upsample scale=2 >
gap ; linear 10
""",
    "parallel_beside": """
a: conv 3x3 8
parallel < identity | conv 1x1 16 >
x3 < parallel < pick 0 ; conv 3x3 8 | pick 1 ; conv 3x3 16 > >
concat < pick 0 | pick 1 >
conv 1x1 8 ; add @a
parallel < identity | identity >
x2 < parallel < pick 0 ; conv 3x3 8 | pick 1 ; conv 3x3 8 > >
add < pick 0 | pick 1 >
""",
    "captured": """
skip: conv 3x3 8
stage x3 < conv 3x3 8 ; add @skip ; relu >
gap ; linear 10
""",
    "captured_and_current": """
z: conv 3x3 8
stage < x2 < conv 3x3 8 ; add @z > ; output mid ; x2 < conv 3x3 8 ; mul @z > >
gap ; linear 2
""",
    "shared": """
shared cls < conv 3x3 16 ; relu ; conv 1x1 5 >
conv 3x3 16
a: conv 3x3 16 stride=2
b: conv 3x3 16 stride=2
< @a ; cls ; output small >
< @b ; cls ; output large >
stage < conv 1x1 16 ; cls ; conv 1x1 16 >
gap ; linear 10
""",
    "shared_in_a_repetition": """
conv 1x1 16
shared unit < conv 3x3 16 ; relu >
stage x3 < unit ; conv 1x1 16 >
gap ; linear 10
""",
    "shared_inside": """
def unit(c, keep=true) <
  if (keep) < residual < shared mix < conv 1x1 c > ; mix ; relu ; mix > > else < shared mix < conv 1x1 c > ; mix ; relu ; mix >
>
conv 3x3 16
unit(16) ; unit(16, keep=false)
stage x2 < shared mix < conv 1x1 16 > ; mix ; relu ; mix >
shared act < relu >
act ; act
gap ; linear 10
""",
    "auxiliary_inside": """
def side(k) < gap ; linear k >
def trunk(c) < conv 3x3 c stride=2 ; aux first < side(7) > ; conv 3x3 c ; output mid ; relu >
t: trunk(16)
gap ; concat < identity | < @t.mid ; gap > > ; linear 10
""",
    "unpooled": """
conv 3x3 8
p: maxpool 2x2
conv 3x3 8
unpool @p
conv 3x3 4
""",
    "python_words": """
forward: conv 3x3 8
train: < conv 3x3 8 ; relu >
lambda: conv 3x3 8
type: bn
self: relu
append: conv 1x1 8
add @forward
concat @lambda
_x: conv 1x1 4
__y: conv 1x1 4
__init: conv 1x1 4
_: conv 1x1 4
_modules: conv 1x1 4
def hidden(__c) < conv 1x1 __c ; conv 1x1 __c >
hidden(8) ; hidden(9)
add < identity | hidden(9) ; concat @_ ; conv 1x1 9 | < @_x ; add @__y ; conv 1x1 9 > >
""",
    "names_of_the_file": """
def nn(c) < conv 3x3 c ; relu >
def Tensor(c) < conv 1x1 c ; relu >
def class_token(c) < conv 1x1 c ; relu >
unpool: nn(8) ; p: maxpool 2x2 ; Tensor(8) ; class_token(8) ; unpool @p ; add @unpool
""",
    "by_index": """
conv 3x3 16
stage x12 < residual < conv 3x3 16 ; droppath (0.1*index/11) > >
stage x4 < conv 3x3 (16 + 8*index) ; relu >
stage x5 < conv 3x3 ([16, 48, 20, 7, 9][index]) ; dropout ([0.1, 0.5, 0.2, 0.3, 0.7][index]) >
stage x2 < if (index == 0) < conv 1x1 8 > else < conv 3x3 8 ; relu > >
gap ; linear 3
""",
    "expressions_repeat": """
conv 3x3 16
x3 scale 0.5
x2 maxpool 3x3 stride=1 pad=1
gap ; x2 linear 16
""",
    "values_as_arguments": """
def up(c, skip) < deconv 2x2 c stride=2 ; concat @skip ; conv 3x3 c ; relu >
a: conv 3x3 8
b: conv 3x3 16 stride=2
conv 3x3 32 stride=2
up(16, @b)
up(8, @a)
""",
    "bodies_as_arguments": """
def prenorm < residual < layernorm ; body > >
def encoder(h, m) <
  let d = in.d
  prenorm < attention heads=h >
  prenorm < linear m ; gelu ; linear d >
>
conv k=4 c=32 stride=4 pad=0 ; tokens ; class_token ; posembed
stage x3 < encoder(4, 64) >
select 0 ; linear 5
""",
    "definitions_as_arguments": """
def basic(c, stride=1) < conv 3x3 c stride=stride ; bn ; relu >
def wide(c, stride=1) < conv 5x5 c stride=stride ; bn ; relu >
def level(unit, c, n, stride) < block unit(c, stride) ; x(n) unit(c) >
level(basic, 16, 1, 1)
level(basic, 32, 3, 2)
level(wide, 64, 2, 2)
gap ; linear 10
""",
    "named_outputs": """
conv 3x3 8 ; output out_
conv 3x3 8 ; output count
conv 3x3 8 ; output hidden
stage < conv 3x3 8 ; output class_ ; conv 3x3 8 >
aux side < gap ; linear 4 >
gap ; linear 3
""",
    "nothing_at_times": """
def maybe(k) < if (k > 1) < conv (k) 3 > >
block maybe(1)
block maybe(3)
block maybe(5)
stage x3 < maybe(1) >
""",
    "residual_at_times": """
def inverted(c, e, stride=1) <
  residual when=(stride == 1 and in.c == c) < conv 1x1 (e * in.c) ; bn ; relu6 ; conv 3x3 c stride=stride ; bn >
>
conv 3x3 8
stage x2 < block inverted(8, 4) >
stage x3 < block inverted(12, 6) ; downsample stride=2 >
gap ; linear 3
""",
    "relu_everywhere": """
relu ; relu ; dropout ; relu
a: conv 3x3 8 ; relu ; add @a ; relu
b: relu ; conv 3x3 8 ; dropout ; relu
relu ; add @b ; relu
z: < conv 3x3 8 ; bn > ; sigmoid ; relu ; mul @z ; relu
def last() < conv 1x1 8 >
last ; relu
shuffle 2 ; relu
""",
    "nested_repetitions": """
conv 3x3 8
stage x2 < stage x3 < conv 3x3 8 ; relu > ; stage x2 < block x2 < bn ; relu > > >
stage < block < branch < conv 3x3 8 ; relu > > >
""",
    "cut_in_slices": """
conv 3x3 8
concat split=true < identity | conv 3x3 4 ; bn ; relu >
stage x3 < concat split=true < identity | conv 3x3 4 ; bn ; relu > ; shuffle 2 >
def half(c) < slice 0 c ; conv 3x3 (2*c) >
half(4) ; half(3) ; slice (-4) 6
""",
    "value_unused": """
a: conv 3x3 8
conv 3x3 8
x2 < @a ; conv 3x3 4 ; relu >
""",
    "started_elsewhere": """
a: conv 3x3 8
b: conv 3x3 16 stride=2
q: < @a ; conv 3x3 16 stride=2 ; bn ; relu >
k: < @a ; conv 1x1 16 ; spacetodepth 2 ; conv 1x1 16 >
o: < @b ; < @a ; < @b > > >
deep: < @a ; block < @b ; conv 3x3 16 ; relu > ; add @b >
def via(skip, other) < @skip ; conv 3x3 16 ; relu ; add @other >
via(@k, @q)
x2 < y: identity ; z: < @q ; conv 1x1 16 ; bn > ; add @y @deep >
parallel < identity | < @q > >
add < pick 0 ; conv 1x1 8 | c: < pick 1 ; conv 1x1 8 ; bn > >
aux side < @k ; gap ; linear 4 >
concat @o ; gap ; linear 3
""",
    "shared_repeats": """
shared h < conv 3x3 8 ; relu >
shared g < h ; bn >
conv 3x3 8
x3 h
l: x2 g
x3 < if (first) < conv 3x3 8 > else < h > >
concat for i in range(2) < h > ; add < slice 0 8 | @l >
x2 < x3 h >
x2 < g ; x2 h >
""",
    "several_results": """
level_one: conv 3x3 8
level_two: conv 3x3 8
level_three: conv 3x3 8
level_four: conv 3x3 8
level_five: conv 3x3 8
head < concat @level_one @level_two @level_three @level_four ; conv 1x1 4 ; output boxes ; concat @level_five ; conv 1x1 2 >
""",
    "outputs_in_repetitions": """
def f(c) < conv 3x3 c ; output mid ; relu ; output late ; conv 3x3 8 >
conv 3x3 8
skip: relu
def g < conv 3x3 8 ; output mid ; add @skip >
x2 f(8)
l: block x3 f(8) ; add @l.mid
m: x3 f(4 + index) ; concat @m.mid @m.late ; conv 1x1 8
stage x2 < n: x3 f(8) ; add @n.late ; x2 f(8) >
x2 g ; o: x3 g ; add @o.mid
p: x1 f(8) ; add @p.mid ; output end
""",
    "list_element": """
def unit(w) < conv 1x1 (w[0]) ; conv 3x3 (w[-1]) >
unit([8, 4]) ; unit([16, 8])
""",
    "list_of_branches": """
def inception(widths) <
  concat <
    conv 1x1 (widths[0]) ; relu
  | conv 1x1 (widths[1]) ; relu ; conv 3x3 (widths[2]) ; relu
  >
>
conv 3x3 16
inception([8, 8, 16])
inception([16, 8, 32])
gap ; linear 10
""",
    "list_looped": """
def unit(ws) < for w in ws < conv 3x3 w ; relu > >
unit([8, 16])
unit([8, 24])
unit([8, 24, 32])
""",
    "list_of_pairs": """
def unit(ws) < for c, k in ws < conv k c ; relu > >
unit([[8, 3], [16, 5]])
unit([[8, 3], [24, 1]])
""",
    "list_zipped": """
def unit(w, acts=[true, false]) < for c, a in zip(w, acts) < conv 3x3 c ; if (a) < relu > > >
unit([8, 16])
unit([16, 8], acts=[false, true])
""",
    "list_counted": """
def unit(w) < for i, c in enumerate(w) < conv 1x1 (c * (i + 1)) > ; sums(w) >
def sums(w) < conv 1x1 (sum(w)) ; conv 1x1 (8 * len(w)) ; x(w[0] // 4) conv 3x3 8 >
unit([8, 16])
unit([16, 8])
""",
    "list_passed_on": """
def inner(w) < conv 1x1 (w[0]) ; conv 1x1 (w[1]) >
def unit(w) < inner(w) ; inner([w[1], w[0]]) >
unit([8, 16])
unit([24, 8])
""",
    "list_of_lists": """
def unit(w) < concat < conv 1x1 (w[0][0]) | conv 3x3 (w[1][0]) ; conv 1x1 (w[1][1]) > >
unit([[8], [8, 16]]) ; unit([[16], [8, 4]])
""",
    "list_of_pads": """
def unit(p) < conv 3x3 8 pad=p >
unit([0, 1, 0, 1]) ; unit([1, 0, 1, 0])
""",
    "list_let": """
def unit(w) < let c = w[1] ; conv 3x3 c ; conv 1x1 (c * 2) >
unit([8, 16])
unit([16, 24])
""",
    "let_of_the_start": """
def unit(r) < let wide = r * in.c ; let c = in.c ; conv 1x1 wide ; let thin = in.c // 4 ; conv 1x1 thin ; conv 1x1 c >
conv 1x1 8 ; unit(2) ; conv 1x1 16 ; unit(4)
""",
    "chosen": """
def unit(c, s=1) < conv 3x3 (2*c if s > 1 else c) stride=s ; conv 1x1 (make_divisible(c / 3, 8)) ; conv 1x1 (round(c / 3)) >
unit(24) ; unit(40, s=2)
""",
    "learned_alone": """
learned 3 8
""",
    "padding": """
conv 3x3 8 pad=[0, 1, 0, 1] stride=2
conv 3x3 8 pad=tf stride=2
maxpool 3x3 stride=2 pad=tf
conv 3x3 8 standardize=true ; groupnorm groups=4 ; relu
dwconv 3x3 ; conv 1x1 (2*in.c) groups=4
""",
}


def network(name: str) -> Network:
    """One of the programs, its input a picture of 32x32 in three channels."""
    return network_of(PROGRAMS[name], f"net_{name}")


def network_of(body: str, name: str = "net") -> Network:
    return archdsl.loads(f"arch {name}()\ninput image[3, 32, 32]\n{body}", filename=f"{name}.arch").network


def zoo(name: str, **parameters: Any) -> Network:
    path = zoo_path(name)
    assert path is not None
    return archdsl.load(path, **parameters).network
