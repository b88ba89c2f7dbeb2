"""Side values, lists of values and labels inside a part in the PyTorch source: it builds and agrees with the counts."""

from __future__ import annotations

import pytest

import archdsl

pytestmark = pytest.mark.torch

PROGRAMS = {
    "u_net_of_two_loops": """
arch u(widths=[16, 32, 64])
input image[3, 64, 64]
def double(c) < x2 < conv 3x3 c bias=false ; bn ; relu > >
down: < for c in widths < skip: double(c) ; maxpool 2x2 > >
double(128)
for c, s in zip(reversed(widths), reversed(@down.skip)) < deconv 2x2 c stride=2 ; concat @s ; double(c) >
head < conv 1x1 2 >
""",
    "gate": """
arch gate
input image[8, 16, 16]
x3 <
  let gate = < conv 1x1 8 ; sigmoid >
  conv 3x3 8 ; relu
  mul @gate
>
head < gap ; linear 3 >
""",
    "parts": """
arch parts
input image[3, 32, 32]
s: stage x2 < a: conv 3x3 8 ; relu ; downsample stride=2 >
t: < inner: < b: conv 3x3 16 ; relu > ; conv 3x3 8 >
concat @t.inner.b
pair: [@t.inner.b, @t]
@t ; concat @pair[0] @pair[1]
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_source_agrees_with_the_network(name: str) -> None:
    report = archdsl.loads(PROGRAMS[name]).verify()
    assert report.agrees, str(report)
