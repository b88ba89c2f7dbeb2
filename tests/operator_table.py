"""The operator tables of the language reference, made from the operators' own entries. Must not say anything twice.

`pytest tests/test_reference.py --update-golden` writes them. Meaning, arguments and defaults come from the entry, what an
example gives from the compiler; only the examples stand here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from archdsl.api import Arch, loads
from archdsl.ops import (
    activation,
    attention,
    convolution,
    joins,
    linear,
    normalization,
    pooling,
    regularization,
    reshape,
    resize,
    scaling,
    tokens,
)
from archdsl.ops.operator import Argument, Computed, Operator, Required

REFERENCE = Path(__file__).parent.parent / "grammar" / "README.md"
BEGIN, END = "<!-- operators: made by tests/operator_table.py -->", "<!-- end of operators -->"

FAMILIES: tuple[tuple[str, tuple[Operator, ...]], ...] = (
    ("Convolutions", convolution.OPERATORS),
    ("The linear layer", linear.OPERATORS),
    ("Pools", pooling.OPERATORS),
    ("Norms", normalization.OPERATORS),
    ("Activations", activation.OPERATORS),
    ("Only felt in training", regularization.OPERATORS),
    ("Attention", attention.OPERATORS),
    ("Tokens", tokens.OPERATORS),
    ("Values rearranged", reshape.OPERATORS),
    ("Interpolation", resize.OPERATORS),
    ("Joins", joins.OPERATORS),
    ("Factors and shifts", scaling.OPERATORS),
)

IMAGE, MAP, TOKENS, VECTOR = "[3, 224, 224]", "[64, 56, 56]", "[196, 768]", "[512]"
EXAMPLES: dict[str, tuple[str, str]] = {
    "conv": (IMAGE, "conv 7x7 64 stride=2"),
    "dwconv": (MAP, "dwconv 3x3 stride=2"),
    "deconv": (MAP, "deconv 2x2 32 stride=2"),
    "linear": (VECTOR, "linear 1000"),
    "maxpool": (MAP, "maxpool 3x3 stride=2 pad=1"),
    "avgpool": (MAP, "avgpool 2x2"),
    "adaptive_avgpool": (MAP, "adaptive_avgpool 7"),
    "adaptive_maxpool": (MAP, "adaptive_maxpool [1, 2]"),
    "gap": (MAP, "gap"),
    "channel_avgpool": (MAP, "channel_avgpool"),
    "channel_maxpool": (MAP, "concat < channel_avgpool | channel_maxpool >"),
    "unpool": (MAP, "p: maxpool 2x2 ; unpool @p"),
    "bn": (MAP, "bn"),
    "layernorm": (TOKENS, "layernorm eps=1e-6"),
    "groupnorm": (MAP, "groupnorm 16"),
    "instancenorm": (MAP, "instancenorm"),
    "lrn": (MAP, "lrn k=2"),
    "l2norm": (VECTOR, "l2norm"),
    "grn": (MAP, "grn"),
    "relu": (MAP, "relu"),
    "relu6": (MAP, "relu6"),
    "silu": (MAP, "silu"),
    "hardswish": (MAP, "hardswish"),
    "hardsigmoid": (MAP, "hardsigmoid"),
    "sigmoid": (MAP, "sigmoid"),
    "tanh": (MAP, "tanh"),
    "mish": (MAP, "mish"),
    "leaky_relu": (MAP, "leaky_relu 0.1"),
    "elu": (MAP, "elu"),
    "gelu": (TOKENS, "gelu"),
    "prelu": (MAP, "prelu"),
    "softmax": (VECTOR, "softmax"),
    "dropout": (VECTOR, "dropout 0.2"),
    "droppath": (TOKENS, "residual < gelu ; droppath 0.1 >"),
    "identity": (MAP, "add < relu | identity >"),
    "attention": (TOKENS, "attention heads=12"),
    "matmul": (TOKENS, "k: identity ; matmul @k transpose=true"),
    "tokens": (MAP, "tokens"),
    "grid": (TOKENS, "grid"),
    "transpose": (TOKENS, "transpose"),
    "class_token": (TOKENS, "class_token"),
    "posembed": (TOKENS, "posembed"),
    "select": (TOKENS, "select 0"),
    "learned": (TOKENS, "learned 100 256"),
    "flatten": (MAP, "flatten"),
    "shuffle": (MAP, "shuffle groups=4"),
    "pixelshuffle": (MAP, "pixelshuffle 2"),
    "spacetodepth": (MAP, "spacetodepth 2"),
    "slice": (MAP, "slice 0 32"),
    "crop": (MAP, "crop 48"),
    "pad": (MAP, "pad 1 channels=64"),
    "upsample": (MAP, "upsample 2 mode=bilinear"),
    "add": (MAP, "add < conv 3x3 64 | identity >"),
    "mul": (MAP, "mul < identity | gap keep=true ; sigmoid >"),
    "concat": (MAP, "concat < conv 1x1 32 | identity >"),
    "scale": (TOKENS, "scale 0.125"),
    "layerscale": (TOKENS, "layerscale"),
    "affine": (TOKENS, "affine"),
    "gain": (MAP, "gain"),
}


def tables() -> str:
    """All families, a heading and a table each."""
    return "\n".join(f"#### {title}\n\n{_table(operators)}" for title, operators in FAMILIES)


def _table(operators: tuple[Operator, ...]) -> str:
    rows = ["| operator | meaning | example | gives |", "| --- | --- | --- | --- |"]
    rows += [f"| {_signature(one)} | {_meaning(one)} | {_example(one)} | {_given(one)} |" for one in operators]
    return "\n".join(rows) + "\n"


def _signature(operator: Operator) -> str:
    """`conv k c stride=1 …`: arguments in positional order, those without a default first as they stand."""
    return _code(" ".join([operator.name, *map(_argument, operator.arguments)]))


def _argument(argument: Argument) -> str:
    if isinstance(argument.default, Required):
        return f"@{argument.name}" if argument.is_value else argument.name
    return f"{argument.name}={_written(argument.default)}"


def _written(value: Any) -> str:
    """A default as the language writes it."""
    if isinstance(value, Computed):
        return value.written
    if isinstance(value, tuple):
        return _written(value[0]) if len(set(value)) == 1 else f"[{', '.join(map(_written, value))}]"
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return re.sub(r"e-0", "e-", f"{value:g}") if isinstance(value, float) else str(value)


def _meaning(operator: Operator) -> str:
    words = [f"`{a.name}` also {_listed(a)}" for a in operator.arguments if _listed(a)]
    aliases = [f"also called {', '.join(map(_code, operator.aliases))}"] if operator.aliases else []
    return "; ".join([operator.meaning.replace("|", r"\|"), *words, *aliases])


def _listed(argument: Argument) -> str:
    """The words that it takes beside its default."""
    words = [_code(word) for word in argument.words if word != _written(argument.default)]
    if argument.is_value and not isinstance(argument.default, Required):
        words.append("`@label`")
    return ", ".join(words)


def _example(operator: Operator) -> str:
    shape, step = EXAMPLES[operator.name]
    return f"{_code(step)} on {_code(shape)}"


def example(name: str) -> Arch:
    """The example of an operator, compiled."""
    shape, step = EXAMPLES[name]
    return loads(f"arch example\ninput x{shape}\n{step}\n")


def _given(operator: Operator) -> str:
    arch = example(operator.name)
    cost = arch.cost()
    (shape,) = arch.outputs.values()
    counts = [f"{number:,} {unit}" for number, unit in ((cost.params, "params"), (cost.macs, "MACs")) if number]
    return ", ".join([_code(str(list(shape))), *counts])


def _code(text: str) -> str:
    return "`" + text.replace("|", r"\|") + "`"


def put(text: str) -> str:
    """The reference with its tables made anew."""
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    return f"{text[:start]}\n{tables()}\n{text[end:]}"
