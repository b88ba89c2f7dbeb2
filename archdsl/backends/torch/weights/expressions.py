"""Expressions over the tensors of another network, which name maps consist of. Must not know either network.

In JSON an expression is the name of a tensor, or an object with one of these words and what goes with it:

```
{"reshape": E, "to": [768, -1]}           other axes, the same numbers in the same order; without `to` those of our tensor
{"permute": E, "axes": [1, 0]}            the axes in another order
{"slice": E, "axis": 0, "from": 0, "to": 768}     a part of an axis
{"concat": [E, E], "axis": 0}             one after the other
{"zeros_like": E}                         zeros of that shape
```
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Union

from archdsl.diagnostics import Refusal
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from torch import Tensor


class Name(NamedTuple):
    """The tensor of that name."""

    name: str


class Reshape(NamedTuple):
    """Other axes; `to` None: those of the tensor that is filled."""

    of: Expression
    to: tuple[int, ...] | None


class Permute(NamedTuple):
    """The axes in another order."""

    of: Expression
    axes: tuple[int, ...]


class Slice(NamedTuple):
    """The part of an axis from `start`, `stop` excluded."""

    of: Expression
    axis: int
    start: int
    stop: int


class Concat(NamedTuple):
    """One after the other along an axis."""

    parts: tuple[Expression, ...]
    axis: int


class ZerosLike(NamedTuple):
    """Zeros of a tensor's shape and type."""

    of: Expression


Expression = Union[Name, Reshape, Permute, Slice, Concat, ZerosLike]
_WORDS = {
    "reshape": {"to"},
    "permute": {"axes"},
    "slice": {"axis", "from", "to"},
    "concat": {"axis"},
    "zeros_like": set(),
}
"""What goes with each word."""
_OPTIONAL = {"reshape": {"to"}}
_DEEPEST = 20


class BadExpression(Refusal):
    """Something is not an expression; the message says what, as text that follows its place."""


def parse(value: object, depth: int = 0) -> Expression:
    """The expression that JSON gives.

    Raises:
        BadExpression: it is not an expression.
    """
    if isinstance(value, str):
        return Name(value)
    words = sorted(_WORDS.keys() & value.keys()) if isinstance(value, dict) else []
    if not isinstance(value, dict) or len(words) != 1 or depth == _DEEPEST:
        raise BadExpression(f"needs the name of a tensor, or an object with one of {', '.join(f'`{word}`' for word in _WORDS)}")
    word = words[0]
    wanted, there = _WORDS[word], value.keys() - {word}
    if not wanted - _OPTIONAL.get(word, set()) <= there <= wanted:
        raise BadExpression(f"has `{word}`, which goes with {_listed(wanted)} and nothing else")
    if word == "concat":
        parts = value[word]
        if not isinstance(parts, list) or not parts:
            raise BadExpression("has `concat`, which needs a list of expressions")
        return Concat(tuple(parse(part, depth + 1) for part in parts), _whole(value["axis"], "axis"))
    of = parse(value[word], depth + 1)
    if word == "reshape":
        return Reshape(of, _numbers(value["to"], "to", -1) if "to" in value else None)
    if word == "permute":
        return Permute(of, _numbers(value["axes"], "axes", 0))
    if word == "slice":
        return Slice(of, _whole(value["axis"], "axis"), _whole(value["from"], "from"), _whole(value["to"], "to"))
    return ZerosLike(of)


def _listed(words: set[str]) -> str:
    return ", ".join(f"`{word}`" for word in sorted(words)) or "no other words"


def _whole(value: object, word: str) -> int:
    if type(value) is not int or value < 0:
        raise BadExpression(f"has `{word}`, which needs a whole number of at least 0")
    return value


def _numbers(value: object, word: str, least: int) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(item) is int and item >= least for item in value):
        raise BadExpression(f"has `{word}`, which needs a list of whole numbers of at least {least}")
    return tuple(value)


def to_json(expression: Expression) -> str | dict[str, object]:
    """The expression as JSON has it; `parse` gives it back."""
    if isinstance(expression, Name):
        return expression.name
    if isinstance(expression, Reshape):
        rest = {} if expression.to is None else {"to": list(expression.to)}
        return {"reshape": to_json(expression.of), **rest}
    if isinstance(expression, Permute):
        return {"permute": to_json(expression.of), "axes": list(expression.axes)}
    if isinstance(expression, Slice):
        return {"slice": to_json(expression.of), "axis": expression.axis, "from": expression.start, "to": expression.stop}
    if isinstance(expression, Concat):
        return {"concat": [to_json(part) for part in expression.parts], "axis": expression.axis}
    return {"zeros_like": to_json(expression.of)}


def renamed(expression: Expression, new: Callable[[str], str]) -> Expression:
    """The same of tensors under other names."""
    if isinstance(expression, Name):
        return Name(new(expression.name))
    if isinstance(expression, Concat):
        return expression._replace(parts=tuple(renamed(part, new) for part in expression.parts))
    return expression._replace(of=renamed(expression.of, new))


def names_in(expression: Expression) -> Iterator[str]:
    """The tensors that it is made of; each as often as it occurs."""
    if isinstance(expression, Name):
        yield expression.name
    elif isinstance(expression, Concat):
        for part in expression.parts:
            yield from names_in(part)
    else:
        yield from names_in(expression.of)


def text_of(expression: Expression) -> str:
    """The expression for people: `permute(fc.weight, 1, 0)`."""
    if isinstance(expression, Name):
        return expression.name
    if isinstance(expression, Concat):
        return f"concat({', '.join(map(text_of, expression.parts))}, axis {expression.axis})"
    inner = text_of(expression.of)
    if isinstance(expression, Reshape):
        return f"reshape({inner})" if expression.to is None else f"reshape({', '.join([inner, *map(str, expression.to)])})"
    if isinstance(expression, Permute):
        return f"permute({', '.join([inner, *map(str, expression.axes)])})"
    if isinstance(expression, Slice):
        return f"slice({inner}, {expression.axis}, {expression.start}:{expression.stop})"
    return f"zeros_like({inner})"


class DoesNotFit(Refusal):
    """The tensors do not have the shapes that an expression needs; the message says where."""


def evaluate(expression: Expression, tensors: Mapping[str, Tensor], shape: tuple[int, ...]) -> Tensor:
    """The tensor that it makes. Where it can, it is a view of what `tensors` holds.

    Args:
        shape: of our tensor, which a `reshape` without `to` takes.

    Raises:
        KeyError: a tensor is not there.
        DoesNotFit: a shape is not what the expression needs.
    """
    import torch

    if isinstance(expression, Name):
        return tensors[expression.name]
    if isinstance(expression, Concat):
        parts = [evaluate(part, tensors, shape) for part in expression.parts]
        try:
            return torch.cat(parts, expression.axis)
        except (RuntimeError, IndexError):
            raise _misfit(expression, parts[0]) from None
    inner = evaluate(expression.of, tensors, shape)
    try:
        if isinstance(expression, Reshape):
            return inner.reshape(shape if expression.to is None else expression.to)
        if isinstance(expression, Permute):
            return inner.permute(expression.axes)
        if isinstance(expression, Slice):
            return inner.narrow(expression.axis, expression.start, expression.stop - expression.start)
    except (RuntimeError, IndexError):
        raise _misfit(expression, inner) from None
    return torch.zeros_like(inner)


def _misfit(expression: Expression, inner: Tensor) -> DoesNotFit:
    return DoesNotFit(f"{text_of(expression)} cannot be made of {list(inner.shape)}")
