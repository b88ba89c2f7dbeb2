"""Programs of definitions that each run another one twice: a few lines, and more steps than can be counted."""

from __future__ import annotations

BODIES = {
    "in sequence": "{inner} ; {inner}",
    "side by side": "add < {inner} | {inner} >",
    "under labels": "a: {inner} ; b: {inner} ; add @a",
}


def doubling(levels: int, body: str) -> str:
    """An arch whose last definition runs a `conv` and a `relu` 2**levels times."""
    lines = [f"def d{level}() < {body.format(inner=f'd{level - 1}')} >" for level in range(1, levels + 1)]
    return "\n".join(["arch t", "input x[3, 8, 8]", "def d0() < conv 1x1 3 ; relu >", *lines, f"d{levels}", ""])


def doubling_bodies(levels: int, handed_on: str) -> str:
    """The same with a body that each definition hands on twice, as it is (`body`) or with more (`body ; relu`)."""
    lines = [
        f"def d{level}() < d{level - 1} < {handed_on} > ; d{level - 1} < {handed_on} > >" for level in range(1, levels + 1)
    ]
    return "\n".join(["arch t", "input x[3, 8, 8]", "def d0() < body >", *lines, f"d{levels} < conv 1x1 3 >", ""])
