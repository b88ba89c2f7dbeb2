"""`attend` on maps: positions are the tokens, inside windows where there is a `window`. Must not know how a map is cut."""

from __future__ import annotations

from collections.abc import Mapping

from archdsl.ops import attention_windows as cuts
from archdsl.ops.attributes import Attributes
from archdsl.ops.binding import complete
from archdsl.ops.facts import SettingFact
from archdsl.ops.operator import Operator
from archdsl.ops.parts import AGAIN, again
from archdsl.ops.registry import OPERATORS
from archdsl.program.builder import At, Builder
from archdsl.program.values import Evaluated, Value
from archdsl.shapes import Shape, shape_text, spatial

_OWN = ("window", "shift", "grid")
"""What the windows are; the rest is the attention's."""


def is_of_windows(attributes: Attributes, shapes: tuple[Shape, ...]) -> bool:
    """Whether an `attend` is more than its tokens."""
    return len(shapes[0]) > 2 or any(side != 0 for side in attributes.window or ()) or any(attributes.shift)


class _Steps:
    """Adds steps of one call to a region."""

    def __init__(self, builder: Builder, at: At) -> None:
        self.builder, self.at = builder, at

    def add(self, operator: Operator, attributes: Attributes, *inputs: Value, name: str = "") -> Value:
        """A use of an operator on values."""
        site = operator.site(attributes, tuple(value.shape for value in inputs))
        at = At(self.builder.name(name or operator.name), None, None, self.at.span)
        return self.builder.add_node(operator, site, inputs, at, call=None)

    def of(self, name: str, written: Mapping[str, Evaluated], *inputs: Value) -> Value:
        """A use of an operator of the language."""
        operator = OPERATORS[name]
        return self.add(operator, complete(operator, written, tuple(value.shape for value in inputs)), *inputs)


def attend(
    operator: Operator,
    written: Mapping[str, Evaluated],
    attributes: Attributes,
    current: Value,
    values: Mapping[str, Value],
    builder: Builder,
    at: At,
) -> Value:
    """The steps that it is made of; the result is a map, or tokens, as the queries are.

    Raises:
        Fact: the values do not fit.
    """
    steps = _Steps(builder, at)
    settings = {name: value for name, value in written.items() if name not in _OWN}
    given = {"query": current, **{name: values[name] for name in ("key", "value")}}
    if not any(side != 0 for side in attributes.window or ()):
        if any(attributes.shift):
            raise SettingFact("shift", "there is no `window` to shift")
        if attributes.grid:
            raise SettingFact("grid", "it needs a `window`")
        tokens = [value if len(value.shape) == 2 else steps.of("tokens", {}, value) for value in given.values()]
        bias = [values["bias"]] if "bias" in values else []
        result = steps.of(operator.name, settings, *tokens, *bias)
        return steps.of("grid", {"size": spatial(current.shape)}, result)
    return _in_windows(operator, settings, attributes, given, values.get("bias"), steps)


def _in_windows(
    operator: Operator,
    settings: Mapping[str, Evaluated],
    attributes: Attributes,
    given: Mapping[str, Value],
    bias: Value | None,
    steps: _Steps,
) -> Value:
    query = given["query"]
    queries = cuts.windows_of(attributes, query.shape)
    grid = bool(attributes.grid)
    entered: list[Value] = []
    for name, value in given.items():
        found = queries if name == "query" else cuts.of_keys(queries, query.shape, value.shape, name)
        entered.append(steps.add(cuts.IN_WINDOWS, cuts.attributes(found, grid), value, name="windows"))
    own = Builder()
    inside = list(own.enter([Value(own, -1, value.shape[1:], (steps.at.span,) * 2, steps.at.span) for value in entered]))
    rows, columns = inside[0].shape[0], inside[1].shape[0]
    masks: list[Value] = []
    if bias is not None:
        heads = attributes.heads
        if len(bias.shape) != 3 or bias.shape[0] not in (1, heads) or bias.shape[1:] != (rows, columns):
            wanted = shape_text((heads, rows, columns))
            raise SettingFact("bias", f"of a window it must be {wanted}, and it is {shape_text(bias.shape)}")
        entered.append(steps.builder.add_node(AGAIN, again(queries.number, bias.shape), (bias,), _named(steps, "again"), None))
        masks += own.enter([Value(own, -1, bias.shape, (steps.at.span,) * 3, steps.at.span)])
    if any(side != 0 for side in queries.shift):
        if attributes.causal:
            raise SettingFact("causal", "windows are shifted")
        made = steps.add(cuts.SHIFT_MASK, cuts.attributes(queries, grid), query, name="mask")
        entered.append(made)
        masks += own.enter([Value(own, -1, made.shape[1:], (steps.at.span,) * 3, steps.at.span)])
    within = _Steps(own, steps.at)
    added = [within.of("add", {}, *masks)] if len(masks) == 2 else masks
    written = {**settings, **({"bias": True} if added else {})}
    result = within.of(operator.name, written, *inside, *added)
    region = own.finish("group", "windows", result, steps.at.span, syntax=None, parts=queries.number)
    name = steps.at.name or steps.builder.name(operator.name)
    (ended,) = steps.builder.add_use(region, entered, (), (), steps.at._replace(name=name), call=None)
    back = cuts.attributes(queries, grid, spatial(query.shape))
    return steps.add(cuts.FROM_WINDOWS, back, ended, name="together")


def _named(steps: _Steps, name: str) -> At:
    return At(steps.builder.name(name), None, None, steps.at.span)
