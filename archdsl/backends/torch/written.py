"""How a setting was written in the language, as a term: `conv 1x1 (4*c)` gives `4 * c`. Must not decide whether it is right.

What was written is only the first guess; it counts where it gives the right value on every instance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from archdsl.backends.torch import terms
from archdsl.backends.torch.templates import constant
from archdsl.backends.torch.terms import Term
from archdsl.ir import Node, Use
from archdsl.ops.arguments import Size
from archdsl.syntax import tree

_ATTRIBUTES = {
    "out_channels": "c",
    "out_features": "c",
    "kernel_size": "k",
    "padding": "pad",
    "output_padding": "output_pad",
    "num_groups": "groups",
    "output_size": "size",
    "negative_slope": "slope",
    "upscale_factor": "factor",
    "ceil_mode": "ceil",
    "count_include_pad": "include_pad",
    "start": "from",
    "stop": "to",
}
"""What the language calls PyTorch's arguments, where the names differ."""


class Written(NamedTuple):
    """How the setting of one hole was written.

    `kind`: `literal` (a number in the text, or a default), `term` (the term is given), `other` (an expression that has no
    term here, say a `let`), `unwritten` (no argument of the call has this name: it follows from others).
    """

    kind: Literal["literal", "term", "other", "unwritten"]
    term: Term | None = None


def written(step: Node | Use | None, hole: str, known: Mapping[str, str], taken: Term | None) -> Written:
    """How `hole` of the step's module was written. `known`: names of the language to those of the class; `taken`: `in.c`."""
    if step is None or step.call is None:
        return Written("unwritten")
    parameters = _parameters(step)
    attribute = hole if hole in parameters else _ATTRIBUTES.get(hole, hole)
    if attribute not in parameters:
        return Written("unwritten")
    expression = _argument(step.call, attribute, parameters)
    if expression is None:
        # A default, or a setting that `downsample` or `default` gave.
        return Written("literal")
    if is_literal(expression):
        return Written("literal")
    term = translated(expression, known, taken)
    return Written("other") if term is None else Written("term", term)


def _parameters(step: Node | Use) -> list[str]:
    if isinstance(step, Node):
        return [argument.name for argument in step.operator.arguments]
    syntax = step.region.syntax
    if isinstance(syntax, tree.Definition):
        return [parameter.name.text for parameter in syntax.parameters]
    return [name for name, _ in step.region.arguments]


def _argument(call: tree.Call, name: str, parameters: list[str]) -> tree.Expression | None:
    position = 0
    for argument in call.arguments:
        if argument.name is not None:
            if argument.name.text == name:
                return argument.value
            continue
        if position < len(parameters) and parameters[position] == name:
            return argument.value
        position += 1
    return None


def is_literal(expression: tree.Expression) -> bool:
    return isinstance(expression, (tree.Number, tree.SizeLiteral, tree.String, tree.Constant))


def default_value(expression: tree.Expression | None) -> tuple[Any] | None:
    """The value of a parameter's default in a 1-tuple, where it is a literal."""
    match expression:
        case tree.Number(value=value) | tree.String(value=value) | tree.Constant(value=value):
            return (constant(value),)
        case tree.SizeLiteral(height=height, width=width):
            return (constant(Size((height, width))),)
        case tree.ListOf(items=items):
            values = [default_value(item) for item in items]
            return None if None in values else (tuple(value[0] for value in values if value is not None),)
    return None


def translated(expression: tree.Expression, known: Mapping[str, str], taken: Term | None) -> Term | None:
    """The expression as a term; None where it has none."""

    def inner(part: tree.Expression) -> Term | None:
        return translated(part, known, taken)

    match expression:
        case tree.Number(value=value):
            return terms.Literal(constant(value))
        case tree.Constant(value=flag):
            return terms.Literal(flag)
        case tree.SizeLiteral(height=height, width=width):
            return terms.Literal(constant(Size((height, width))))
        case tree.Variable(name=name):
            return terms.Name(known[name]) if name in known else None
        case tree.Attribute(value=tree.Current(), name=axis):
            return taken if axis.text in ("c", "d") else None
        case tree.Index(value=value, index=tree.Number(value=int(index))):
            items = inner(value)
            return terms.Item(items, index) if items is not None else None
        case tree.Binary(operator=sign, left=left, right=right):
            return _binary(sign, inner(left), inner(right))
        case tree.Function(name=name, arguments=arguments):
            return _call(name.text, [inner(argument.value) for argument in arguments])
    return None


def _binary(sign: str, left: Term | None, right: Term | None) -> Term | None:
    return terms.binary(sign, left, right) if left is not None and right is not None else None


def _call(name: str, arguments: Iterable[Term | None]) -> Term | None:
    parts = [argument for argument in arguments if argument is not None]
    if name == "sqrt" and len(parts) == 1:
        return terms.Binary("**", parts[0], terms.Literal(0.5))
    if name not in ("min", "max", "abs", "len") or not parts:
        return None
    return terms.Call(name, tuple(parts))


def whole_divisions(term: Term) -> Term:
    """The language divides exactly; where everything is whole, Python's `//` does the same."""
    if isinstance(term, terms.Binary):
        sign = "//" if term.sign == "/" else term.sign
        return terms.Binary(sign, whole_divisions(term.left), whole_divisions(term.right))
    return term
