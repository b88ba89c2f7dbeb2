"""One text with every form of statement, and the file it imports from. Must not compile them."""

from __future__ import annotations

FORMS = """
from "parts.arch" import unit, wide
arch t(n=2, c=8, deep=[1, 2, 3], act=relu, late=false, k=3x3)
input x[4, 16, 16]
default conv bias=(c > 8)
let half = c // 2

def block1(w, stride=1) <
  residual < conv k w stride=stride ; act | if (stride != 1 or in.c != w) < conv 1 w stride=stride > >
>
def inner(w) < block1(w) ; unit(w) >
def counted < conv 1 (in.c + n) >
def given(f) < f 4 ; f half >
def prenorm < residual < bn ; body > >

stem < conv 3 half stride=2 ; bn >
x(n) < conv 1 half ; relu >
stage x(deep[0]) < block inner(c) >
stage x(deep[-1]) < block block1(2*c) ; downsample stride=2 >
for d in deep < x(d) unit(c) >
if (late) < counted > else < unit(half) >
given(unit) ; wide
skip: conv 1 c
aux side < gap ; linear (n + 2) >
prenorm < conv 1 c ; act >
add @skip
shared both < conv 1 c >
both ; both
x(deep[1]) < conv 1 (in.c + 1) >
let half = c + 1
conv 1 half
head < gap ; linear (n + 1) >
"""
PARTS = """
let size = 3
def unit(c) < conv size c ; relu >
def wide < unit(2 * in.c) ; conv 1 (in.c // 2) >
"""
