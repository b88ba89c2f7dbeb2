"""From what a call writes to the complete attributes of an operator. Must not know where in the text it was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archdsl.ops.facts import ArgumentFact, AxesFact, MissingArgumentFact, UnknownArgumentFact
from archdsl.ops.operator import Argument, Attributes, Computed, Operator, Required, Setting
from archdsl.shapes import Shape

_NOT_WRITTEN = object()


def complete(operator: Operator, written: Mapping[str, object], inputs: tuple[Shape, ...]) -> Attributes:
    """The attributes of one use, in the order of the operator's arguments.

    `written` maps argument names to values as expressions give them; an argument that takes `@label` may be written as
    anything that is not None, and its attribute is then True. A default is used as the entry has it, or computed.

    Raises:
        ArgumentFact: a value that its argument does not take; the fact's `argument` says which.
        AxesFact: a setting has numbers for more or fewer spatial axes than the first input has.
        RankFact: a setting has a number for each spatial axis, and the operator does not take so many axes.
        MissingArgumentFact, UnknownArgumentFact: as their names say.
    """
    attributes = Attributes()
    used = 0
    for argument in operator.arguments:
        name, take, _, _, is_value, _, _, spatial, _ = argument
        value = written.get(name, _NOT_WRITTEN)
        if value is _NOT_WRITTEN:
            attributes[name] = _default(argument, attributes, inputs)
            continue
        used += 1
        if is_value:
            attributes[name] = _given(argument, value)
            continue
        try:
            attributes[name] = _spatial(operator, take, value, inputs) if spatial else take(value)
        except (ArgumentFact, AxesFact) as fact:
            fact.argument = name
            raise
    if used != len(written):
        raise _unknown(operator, written)
    return attributes


def _spatial(operator: Operator, take: Callable[..., Setting], value: object, inputs: tuple[Shape, ...]) -> Setting:
    """A setting with a number for each spatial axis of the first input."""
    operator.check_rank(inputs)
    shape = inputs[0]
    try:
        return take(value, len(shape) - 1)
    except AxesFact as fact:
        fact.shape = shape
        raise


def _default(argument: Argument, attributes: Attributes, inputs: tuple[Shape, ...]) -> Setting:
    default = argument.default
    if isinstance(default, Required):
        raise MissingArgumentFact(argument.name)
    return default(attributes, inputs) if isinstance(default, Computed) else default


def _given(argument: Argument, value: object) -> Setting:
    """True for a value argument; None if `none` was written and is allowed."""
    if value is not None:
        return True
    if isinstance(argument.default, Required):
        raise ArgumentFact("a value, written `@label`", value, argument.name)
    return None


def _unknown(operator: Operator, written: Mapping[str, object]) -> UnknownArgumentFact:
    known = tuple(argument.name for argument in operator.arguments)
    return UnknownArgumentFact(next(name for name in written if name not in known), known)
