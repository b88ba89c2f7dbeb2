"""How a setting was written in the language, as a term: `conv 1x1 (4*c)` gives `4 * c`. Must not decide whether it is right.

What was written is only the first guess. It is used if it gives the right value on every instance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from archdsl.backends.torch.expressions import terms
from archdsl.backends.torch.expressions.columns import DEPTH, constant
from archdsl.backends.torch.expressions.terms import Term
from archdsl.ir import Bound, Node, Use
from archdsl.ops.arguments import Size
from archdsl.ops.operator import Setting
from archdsl.records import NamedTuple
from archdsl.shapes import Formula
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
"""What the language calls PyTorch's arguments, if the names differ."""


class Written(NamedTuple):
    """How the setting of one hole was written.

    `kind`: `literal` (a number in the text, or a default), `term` (the term is given), `other` (an expression that has no
    term here), `unwritten` (no argument of the call has this name: it follows from others). `name` is the name of the text that
    is there alone.
    """

    kind: Literal["literal", "term", "other", "unwritten"]
    term: Term | None = None
    name: str = ""


class ClassNames(NamedTuple):
    """What the names of an expression are in the class.

    Attributes:
        known: the definition's parameters, as the constructor calls them.
        definition: the definition that the class is of, if any, and `start`: the channels of its first input.
        taken: the channels of the step's input.
    """

    known: Mapping[str, str]
    definition: tree.Definition | tree.ArchLine | None = None
    start: Term | None = None
    taken: Term | None = None


def written(step: Node | Use | None, hole: str, names: ClassNames) -> Written:
    """How `hole` of the step's module was written."""
    if isinstance(step, Use) and step.times is not None:
        return _as_written(step.times, names, step.bound) if hole == DEPTH else Written("unwritten")
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
    return _as_written(expression, names, step.bound)


def _as_written(expression: tree.Expression, names: ClassNames, bound: Bound | None) -> Written:
    if is_literal(expression):
        return Written("literal")
    term = translated(expression, names, bound)
    name = expression.name if isinstance(expression, tree.Variable) else ""
    return Written("other" if term is None else "term", term, name)


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
    """Whether the text has a number, size, string or constant here."""
    return isinstance(expression, (tree.Number, tree.SizeLiteral, tree.String, tree.Constant))


def default_value(expression: tree.Expression | None) -> tuple[Setting] | None:
    """The value of a parameter's default in a 1-tuple, if it is a literal."""
    match expression:
        case tree.Number(value=value) | tree.String(value=value) | tree.Constant(value=value):
            return (constant(value),)
        case tree.SizeLiteral(numbers=numbers):
            return (constant(Size(numbers)),)
        case tree.ListOf(items=items):
            values = [default_value(item) for item in items]
            return None if None in values else (tuple(value[0] for value in values if value is not None),)
    return None


def translated(expression: tree.Expression, names: ClassNames, bound: Bound | None) -> Term | None:
    """The expression as a term; None if it has none. `bound`: what `let` and loops bound around it."""

    def inner(part: tree.Expression) -> Term | None:
        return translated(part, names, bound)

    match expression:
        case tree.Number(value=value):
            return terms.Literal(constant(value))
        case tree.Constant(value=flag):
            return terms.Literal(flag)
        case tree.SizeLiteral(numbers=numbers):
            return terms.Literal(constant(Size(numbers)))
        case tree.Variable(name=name):
            return _name(name, names, bound)
        case tree.Attribute(value=tree.Current(), name=axis):
            return names.taken if axis.text in ("c", "d") else None
        case tree.Index(value=value, position=position):
            match inner(position):
                case terms.Literal(value=int() as at):
                    return _element(value, at, names, bound)
            return None
        case tree.Unary(operator="-", operand=operand):
            match inner(operand):
                case terms.Literal(value=(int() | float() | Formula()) as number):
                    return terms.Literal(-number)
            return None
        case tree.Binary(operator=sign, left=left, right=right) | tree.Logic(operator=sign, left=left, right=right):
            return _binary(sign, inner(left), inner(right))
        case tree.Compare(first=left, rest=((relation, right),)):
            return _binary(relation, inner(left), inner(right))
        case tree.Conditional(condition=condition, value=value, otherwise=otherwise):
            return _chosen(inner(condition), inner(value), inner(otherwise))
        case tree.Function(name=name, arguments=arguments):
            return _call(name.text, [inner(argument.value) for argument in arguments])
        case tree.ListOf(items=items):
            parts = [term for item in items if (term := inner(item)) is not None]
            return terms.several(parts) if len(parts) == len(items) else None
    return None


def _name(name: str, names: ClassNames, bound: Bound | None) -> Term | None:
    """A name as it was bound nearest: an expression of `let`, an element of a loop's list, a parameter."""
    while bound is not None:
        if bound.name == name:
            at_start = bound.start_of is not None and bound.start_of is names.definition
            there = names._replace(taken=names.start if at_start else None)
            if not bound.item:
                return translated(bound.value, there, bound.outer)
            return _element(bound.value, bound.item[0], there, bound.outer, bound.item[1:])
        bound = bound.outer
    return terms.Name(names.known[name]) if name in names.known else None


def _element(
    items: tree.Expression, at: int, names: ClassNames, bound: Bound | None, inside: tuple[int, ...] = ()
) -> Term | None:
    """`items[at]`, and of that the element `inside`, if any; what `zip`, `enumerate` and `range` give is distinguished here."""
    match items:
        case tree.Function(name=tree.Ident(text="zip"), arguments=lists) if inside and inside[0] < len(lists):
            return _element(lists[inside[0]].value, at, names, bound, inside[1:])
        case tree.Function(name=tree.Ident(text="enumerate"), arguments=(only,)) if inside:
            return terms.Literal(at) if inside[0] == 0 else _element(only.value, at, names, bound, inside[1:])
        case tree.Function(name=tree.Ident(text="range"), arguments=(_,)):
            return terms.Literal(at)
        case tree.ListOf(items=parts) if -len(parts) <= at < len(parts):
            term = translated(parts[at], names, bound)
        case _:
            term = translated(items, names, bound)
            term = terms.item(term, at) if term is not None else None
    for position in inside:
        term = terms.item(term, position) if term is not None else None
    return term


def _binary(sign: str, left: Term | None, right: Term | None) -> Term | None:
    return terms.binary(sign, left, right) if left is not None and right is not None else None


def _chosen(condition: Term | None, value: Term | None, otherwise: Term | None) -> Term | None:
    if condition is None or value is None or otherwise is None:
        return None
    return terms.chosen(condition, value, otherwise)


def _call(name: str, arguments: Iterable[Term | None]) -> Term | None:
    arguments = list(arguments)
    parts = [argument for argument in arguments if argument is not None]
    if len(parts) < len(arguments) or name not in terms.CALLS or not parts:
        return None
    return terms.call(name, tuple(parts))


def whole_divisions(term: Term) -> Term:
    """The language divides exactly; if everything is whole, Python's `//` does the same."""
    if isinstance(term, terms.Operation):
        sign = "//" if term.sign == "/" else term.sign
        return terms.Operation(sign, whole_divisions(term.left), whole_divisions(term.right))
    return term
