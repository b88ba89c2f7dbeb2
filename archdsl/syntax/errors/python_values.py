"""What Python programs do with values: methods, sums, concatenations, elements. Put into the language where it has an equal.

`x.flatten(1)` is `flatten`, `torch.cat([x, skip], 1)` is `concat @skip`. Must not translate layers, and must not word anything.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from archdsl.ops.registry import called_elsewhere, find
from archdsl.syntax.errors.python_tables import VALUES

_OF_SEVERAL = {
    **dict.fromkeys(("add", "sum"), "add"),
    **dict.fromkeys(("mul", "multiply"), "mul"),
    **dict.fromkeys(("sub", "subtract"), "sub"),
    **dict.fromkeys(("div", "divide"), "div"),
    **dict.fromkeys(("cat", "concat", "concatenate"), "concat"),
    "maximum": "max",
    "minimum": "min",
}
"""Functions and layers that join values."""
_JOINS: Mapping[type[ast.operator], str] = {ast.Add: "add", ast.Mult: "mul", ast.Sub: "sub", ast.Div: "div"}
_CHANNELS = (None, 1, -1, 3, -3)
"""Axes that are the channels of a map, in PyTorch's order or in Keras's."""
_SPACE = ({2, 3}, {-1, -2})


def value_step(node: ast.expr | ast.stmt) -> str | None:
    """The step that does what a statement or an expression does with the current value; None if there is none."""
    match node:
        case ast.Assign(targets=[ast.Name()], value=value) | ast.Expr(value=value):
            return value_step(value)
        case ast.AugAssign(
            target=ast.Name(id=name), op=ast.Add() | ast.Mult() | ast.Sub() | ast.Div() as sign, value=other
        ) if name in VALUES:
            return _with_other(sign, other)
        case ast.BinOp(
            left=ast.Name(id=name), op=ast.Mult() | ast.Div() as sign, right=ast.Constant(value=int() | float() as by)
        ) if name in VALUES:
            return f"scale {by}" if isinstance(sign, ast.Mult) else f"scale (1 / {by})"
        case ast.BinOp(left=ast.Constant(value=int() | float() as by), op=ast.Mult(), right=ast.Name(id=name)) if (
            name in VALUES
        ):
            return f"scale {by}"
        case ast.UnaryOp(op=ast.USub(), operand=ast.Name(id=name)) if name in VALUES:
            return "neg"
        case ast.BinOp(left=ast.Name(id=name), op=ast.Add() | ast.Mult() | ast.Sub() | ast.Div() as sign, right=other) if (
            name in VALUES
        ):
            return _with_other(sign, other)
        case ast.BinOp(left=other, op=ast.Add() | ast.Mult() as sign, right=ast.Name(id=name)) if name in VALUES:
            return _with_other(sign, other)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=[ast.Slice(), index, *rest])) if (
            name in VALUES and all(isinstance(one, ast.Slice) and one.lower is one.upper is None for one in rest)
        ):
            at = _integer(index)
            return None if at is None else f"select {at}"
        case ast.Call():
            return _called(node)
    return None


def _with_other(sign: ast.operator, other: ast.expr) -> str | None:
    join = _JOINS[type(sign)]
    if isinstance(other, ast.Name):
        return f"{join} @{other.id}"
    if isinstance(other, ast.Attribute) and join == "add" and called_elsewhere(other.attr) == "posembed":
        return "posembed"
    return None


def _called(node: ast.Call) -> str | None:
    function = node.func
    if isinstance(function, ast.Call) and isinstance(function.func, (ast.Name, ast.Attribute)):
        return _joined(_last(function.func), node.args, function.keywords)  # Keras: Add()([x, skip])
    if not isinstance(function, (ast.Name, ast.Attribute)):
        return None
    name = _last(function)
    return _joined(name, node.args, node.keywords) or _method(name, _receiver(function), node)


def _last(function: ast.Name | ast.Attribute) -> str:
    return function.attr if isinstance(function, ast.Attribute) else function.id


def _receiver(function: ast.Name | ast.Attribute) -> ast.expr | None:
    return function.value if isinstance(function, ast.Attribute) else None


# Several values


def _joined(name: str, arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> str | None:
    """`torch.cat([x, skip], dim=1)`, `layers.add([x, skip])`, `torch.add(x, skip)`."""
    kind = name.lower()
    join = _OF_SEVERAL.get(kind, "")
    if not join or not arguments:
        return None
    first, *rest = arguments
    values = first.elts if isinstance(first, (ast.List, ast.Tuple)) else list(arguments) if join != "concat" else []
    axes = [*(rest if isinstance(first, (ast.List, ast.Tuple)) else []), *(keyword.value for keyword in keywords)]
    names = [value.id for value in values if isinstance(value, ast.Name)]
    if len(names) < 2 or len(names) < len(values) or any(_integer(axis) not in _CHANNELS for axis in axes):
        return None
    current = [name in VALUES for name in names]
    if current == [True, *([False] * (len(names) - 1))]:
        return " ".join([join, *(f"@{name}" for name in names[1:])])
    if sum(current) > 1:
        return None
    return f"{join} < {' | '.join('identity' if name in VALUES else f'@{name}' for name in names)} >"


# Methods and functions of the current value


def _method(name: str, receiver: ast.expr | None, node: ast.Call) -> str | None:
    """`x.mean([2, 3])`, `torch.mean(x, dim=[2, 3])`, `x.view(x.size(0), -1)`, `x.flatten(2).transpose(1, 2)`."""
    arguments = list(node.args)
    if isinstance(receiver, ast.Call):
        inner = _called(receiver)
        return "tokens" if inner == "tokens ; transpose" and _turns(name, arguments) else None
    if not isinstance(receiver, ast.Name):
        return None
    if receiver.id not in VALUES:
        if receiver.id not in ("torch", "F", "tf") or not arguments or not isinstance(arguments[0], ast.Name):
            return None
        arguments = arguments[1:]
    settings = {keyword.arg: keyword.value for keyword in node.keywords}
    return _on_value(name, arguments, settings)


def _on_value(name: str, arguments: list[ast.expr], settings: dict[str | None, ast.expr]) -> str | None:
    axes = arguments[0] if arguments else settings.get("dim", settings.get("axis", settings.get("start_dim")))
    if name in ("clamp", "clip", "clip_by_value") and len(arguments) == 2 and not settings:
        return f"clamp min={ast.unparse(arguments[0])} max={ast.unparse(arguments[1])}"
    if name in ("mean", "reduce_mean"):
        keep = settings.get("keepdim", settings.get("keepdims"))
        is_kept = isinstance(keep, ast.Constant) and keep.value is True
        return f"gap{' keep=true' if is_kept else ''}" if _positions(axes, name == "reduce_mean") else None
    if name in ("view", "reshape") and len(arguments) == 2 and -1 in map(_integer, arguments):
        return "flatten"
    if name in ("view", "reshape") and 3 <= len(arguments) <= 4:  # the batch comes first
        sizes = [_integer(one) for one in arguments[1:]]
        return None if _UNKNOWN in sizes else f"reshape [{', '.join(map(str, sizes))}]"
    if name == "flatten" and [_integer(one) for one in arguments[1:]] not in ([], [-1]):
        return None
    if name == "flatten":
        return {1: "flatten", 2: "tokens ; transpose"}.get(_integer(axes) or 0)
    if _turns(name, arguments):
        return "transpose"
    operator = find(name)
    is_axis = (not arguments and set(settings) <= {"dim", "axis"}) or (name == "softmax" and len(arguments) == 1)
    return operator.name if operator is not None and operator.ranks and is_axis and not _needs(operator.name) else None


def _needs(name: str) -> bool:
    """Whether an operator has settings at all, which its method elsewhere might have other defaults for."""
    operator = find(name)
    return operator is None or (bool(operator.arguments) and name != "softmax")


def _turns(name: str, arguments: list[ast.expr]) -> bool:
    """Whether tokens and channels change places."""
    places = [_integer(one) for one in arguments]
    return (name == "transpose" and {*places} in ({1, 2}, {-1, -2})) or (name == "permute" and places == [0, 2, 1])


def _positions(axes: ast.expr | None, is_keras: bool) -> bool:
    """Whether these are height and width: the last axes, or with Keras those before the channels."""
    if not isinstance(axes, (ast.List, ast.Tuple)):
        return False
    return {_integer(axis) for axis in axes.elts} in (({1, 2},) if is_keras else _SPACE)


def _integer(node: ast.expr | None) -> int | None:
    """An integer as it is written; None for nothing, and `_UNKNOWN` for what is no integer."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _integer(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    return None if node is None else _UNKNOWN


_UNKNOWN = 10**6
"""Stands for what is no number: no axis and no size."""
