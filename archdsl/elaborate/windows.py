"""Attention that is several steps: on maps, inside windows, of channels, with a kernel. Must not know how a map is cut."""

from __future__ import annotations

from collections.abc import Mapping

from archdsl.ops import attention_windows as cuts
from archdsl.ops.attributes import Attributes
from archdsl.ops.binding import complete
from archdsl.ops.checks import quotient, require_divides
from archdsl.ops.facts import SettingFact
from archdsl.ops.operator import Operator
from archdsl.ops.parts import AGAIN, CUTS, PUTS, again, cut, put
from archdsl.ops.registry import OPERATORS
from archdsl.program.builder import At, Builder
from archdsl.program.values import Evaluated, Value
from archdsl.shapes import Dim, Formula, Shape, channels, shape_text, spatial

_OWN = ("window", "shift", "grid", "axis", "kernel")
"""What says which steps there are; the rest is the attention's."""
_HEADS_APART, _HEADS_TOGETHER = "t (h e) -> e (h t)", "e (h t) -> t (h e)"
"""Channels in the place of tokens, head by head, and back."""
_LEAST = 1e-6
"""What is added to the sum of a kernel's products, which `relu` may leave at 0."""


def is_several(attributes: Attributes, shapes: tuple[Shape, ...]) -> bool:
    """Whether a call is more than attention of tokens to tokens."""
    is_map = len(shapes[0]) > 2 and "window" in attributes
    if is_map or attributes.axis != "tokens" or attributes.get("kernel", "softmax") != "softmax":
        return True
    return "window" in attributes and (any(side != 0 for side in attributes.window or ()) or any(attributes.shift))


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


def in_steps(
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
    if "window" not in attributes:
        return _of_channels_alone(operator, settings, attributes, current, values, steps)
    given = {"query": current, **{name: values[name] for name in ("key", "value")}}
    if not any(side != 0 for side in attributes.window or ()):
        if any(attributes.shift):
            raise SettingFact("shift", "there is no `window` to shift")
        if attributes.grid:
            raise SettingFact("grid", "it needs a `window`")
        tokens = [value if len(value.shape) == 2 else steps.of("tokens", {}, value) for value in given.values()]
        bias = [values["bias"]] if "bias" in values else []
        if attributes.axis == "channels" or attributes.kernel != "softmax":
            result = _linear(operator, settings, attributes, tokens, steps)
        else:
            result = steps.of(operator.name, settings, *tokens, *bias)
        return result if len(current.shape) == 2 else steps.of("grid", {"size": spatial(current.shape)}, result)
    for name, usual in (("axis", "tokens"), ("kernel", "softmax")):
        if attributes[name] != usual:
            raise SettingFact(name, "inside windows tokens attend to tokens, by a softmax")
    return _in_windows(operator, settings, attributes, given, values.get("bias"), steps)


def _refuse(attributes: Attributes, names: tuple[str, ...], why: str) -> None:
    for name in names:
        if attributes[name]:
            raise SettingFact(name, why)


def _one_head_each(attributes: Attributes) -> None:
    if attributes.kv_heads != attributes.heads:
        raise SettingFact("kv_heads", "here each head has keys and values of its own")


def _apart(steps: _Steps, value: Value, heads: Dim) -> Value:
    return steps.of("rearrange", {"pattern": _HEADS_APART, "sizes": (("h", heads),)}, value)


def _together(steps: _Steps, value: Value, heads: Dim) -> Value:
    return steps.of("rearrange", {"pattern": _HEADS_TOGETHER, "sizes": (("h", heads),)}, value)


def _scaled(settings: Mapping[str, Evaluated], width: Dim, heads: Dim) -> dict[str, Evaluated]:
    """The usual factor is that of a head's width, also where channels attend."""
    if settings.get("scale") is not None:
        return dict(settings)
    require_divides("the width of the queries", width, "heads", heads)
    each = quotient(width, heads)
    if isinstance(each, Formula):
        raise SettingFact("scale", "the width of a head is not a number")
    return {**settings, "scale": each**-0.5}


def _of_channels_alone(
    operator: Operator,
    settings: Mapping[str, Evaluated],
    attributes: Attributes,
    current: Value,
    values: Mapping[str, Value],
    steps: _Steps,
) -> Value:
    """`logits` and `weigh` of channels."""
    if "key" in attributes:
        _one_head_each(attributes)
        whole = _scaled(settings, channels(current.shape), attributes.heads)
        both = [_apart(steps, value, attributes.heads) for value in (current, values["key"])]
        return steps.of(operator.name, whole, *both)
    heads = current.shape[0]
    if attributes.kv_heads != heads:
        raise SettingFact("kv_heads", "here each head has values of its own")
    weighed = steps.of(operator.name, settings, current, _apart(steps, values["value"], heads))
    return _together(steps, weighed, heads)


def _linear(
    operator: Operator, settings: Mapping[str, Evaluated], attributes: Attributes, tokens: list[Value], steps: _Steps
) -> Value:
    """Attention whose cost grows with the tokens: of channels, or by a kernel in place of the softmax."""
    _one_head_each(attributes)
    heads = attributes.heads
    if attributes.axis == "channels":
        if attributes.kernel != "softmax":
            raise SettingFact("kernel", "channels attend by a softmax")
        _refuse(attributes, ("causal", "bias"), "channels attend to channels")
        whole = _scaled(settings, channels(tokens[0].shape), heads)
        return _together(steps, steps.of(operator.name, whole, *(_apart(steps, one, heads) for one in tokens)), heads)
    _refuse(attributes, ("causal", "bias", "scale"), "a kernel has no logits")
    if heads == 1:
        return _by_kernel(attributes, tokens, steps)
    cut_settings = Attributes({"n": heads})
    cuts_of = [cut("groups", cut_settings, value.shape) for value in tokens]
    entered = [
        steps.builder.add_node(CUTS["groups"], one.site, (value,), _named(steps, "heads"), None)
        for one, value in zip(cuts_of, tokens, strict=True)
    ]
    own = Builder()
    inside = list(own.enter([Value(own, -1, one.part, (steps.at.span,) * 2, steps.at.span) for one in cuts_of]))
    result = _by_kernel(attributes, inside, _Steps(own, steps.at))
    region = own.finish("group", "heads", result, steps.at.span, syntax=None, parts=heads)
    name = steps.at.name or steps.builder.name(operator.name)
    (ended,) = steps.builder.add_use(region, entered, (), (), steps.at._replace(name=name), call=None)
    back = put("groups", cut_settings, cuts_of[0], ended.shape)
    return steps.builder.add_node(PUTS["groups"], back, (ended,), _named(steps, "together"), None)


def _by_kernel(attributes: Attributes, tokens: list[Value], steps: _Steps) -> Value:
    """`f(q) (f(k)^T v)` over `f(q) (f(k)^T 1)`: the sums of both are one product, with a column of ones beside the values."""
    query, key, value = tokens
    f: Dim = channels(value.shape)

    def mapped(one: Value) -> Value:
        if attributes.kernel == "relu":
            return steps.of("relu", {}, one)
        return steps.of("shift", {"value": 1}, steps.of("elu", {}, one))

    query, key = mapped(query), steps.of("transpose", {}, mapped(key))
    ones = steps.of("constant", {"value": 1, "axes": (value.shape[0], 1)}, value)
    columns = steps.of("concat", {}, value, ones)
    sums = steps.of("matmul", {"other": True}, key, columns)
    whole = steps.of("matmul", {"other": True}, query, sums)
    top = steps.of("slice", {"from": 0, "to": f}, whole)
    bottom = steps.of("slice", {"from": f}, whole)
    return steps.of("div", {}, top, steps.of("shift", {"value": _LEAST}, bottom))


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
