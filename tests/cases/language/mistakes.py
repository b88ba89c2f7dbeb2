"""Section 11: several mistakes in one run, and none twice. Must not check anything itself."""

from __future__ import annotations

from language.case import refused

CASES = [
    refused("every independent mistake", "conv 3\nrelu 5\nconv 1 8 strid=2", "missing-argument too-many-arguments unknown-argument"),
    refused("syntax mistakes included", "conv 3 )\nrelu\nlet = 4\nnothing\nblock < relu", "missing-argument unopened-bracket unexpected-token unknown-operator unclosed-bracket"),
    refused("a syntax mistake does not hide a wrong shape after it", "stem < conv 3 (4 ; relu >\nblock < nothing >", "unclosed-bracket unknown-operator"),
    refused("what a mistake leaves unknown is not reported again", "let c = nothing\nconv 1 c\nconv 1 (c + 1)\nadd @x\nlinear 5", "unknown-name"),
    refused("an unknown value is not reported again", "a: nothing\nadd @a\nconv 1 @a.c\nblock < relu >", "unknown-operator"),
    refused("a mistake in a definition is said once", "def f < conv 1 nothing >\nf\nf\nx3 f", "unknown-name", at="nothing"),
    refused("a mistake in a definition that is never called", "def f < nothing >\nrelu", "unknown-operator", at="nothing"),
    refused("mistakes in several branches", "add < conv 1 | relu 3 >", "missing-argument too-many-arguments"),
    refused("mistakes in both bodies", "block < nothing1 >\n@x\nblock < nothing2 >", "unknown-operator unknown-operator"),
    refused("a mistake in a definition is reported once, whatever goes wrong after it", "def g < nothing >\ndef h(c=1 / 0) < conv 1 c >\ng\n@x\nh", "unknown-operator division-by-zero"),
    refused("two wrong contracts", "conv 1 8\nexpect params == 1\nexpect macs == 1", "contract-failed contract-failed"),
    refused("arguments after a mistake are still checked", "nope ; conv", "unknown-operator missing-argument"),
    refused("an operator with a wrong divisor gives what it gives with 1", "conv 3 6 groups=4 ; conv 3 4 groups=5", "not-divisible not-divisible"),
]  # fmt: skip
