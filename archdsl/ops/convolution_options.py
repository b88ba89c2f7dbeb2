"""What a convolution may do with its weights: standardize, norm, mask them, or take them from another value.

Must not hold operators.
"""

from __future__ import annotations

from archdsl.ops import windows
from archdsl.ops.arguments import Word
from archdsl.ops.captions import size_words
from archdsl.ops.checks import quotient
from archdsl.ops.facts import ArgumentFact, SettingFact
from archdsl.ops.operator import Attributes, Saved, Setting, Site, TorchCall
from archdsl.ops.views import Window
from archdsl.shapes import Dim, Shape, channels, decide, numel, shape_text

MASKS = ("exclusive", "inclusive")
NORM_AXES = ("filter", "tap")
PREFIXES: dict[bool | str, str] = {False: "", True: "Std", "scaled": "ScaledStd", "norm": "WeightNorm"}
"""What is before the name of a class of PyTorch."""

_WEIGHT_STATISTICS: dict[bool | str, int] = {False: 0, True: 2, "scaled": 3}
"""Numbers that each filter keeps beside a standardised weight: mean, deviation and, scaled, the factor."""


def standardize(value: object) -> bool | str:
    """Takes the argument of this name.

    Raises:
        ArgumentFact: it is something else.
    """
    if isinstance(value, bool) or (isinstance(value, Word) and value in ("scaled", "norm")):
        return value
    raise ArgumentFact("`true`, `false`, `scaled` or `norm`", value)


def mask_of(a: Attributes) -> str | None:
    """Which pixels a masked window sees; None if it is not masked."""
    return a.mask if "mask" in a else None


def takes_weights(a: Attributes) -> bool:
    """Whether the weights are another value, so that there are none of its own."""
    return bool("weights" in a and a.weights)


def check_weights(a: Attributes, xs: tuple[Shape, ...], filters: tuple[Dim, Dim]) -> None:
    """The weights are tokens: a filter each, `[c, C/groups*k*k]`."""
    c, groups = filters
    wanted = (c, quotient(channels(xs[0]), groups) * numel(a.k))
    if len(xs[1]) != 2 or not all(decide("==", one, other) for one, other in zip(xs[1], wanted, strict=True)):
        raise SettingFact("weights", f"it must have a filter a row, {shape_text(wanted)}, but it is {shape_text(xs[1])}")
    for name in ("standardize", "mask"):
        if a.get(name):
            raise SettingFact(name, "the weights are another value's, made by the network")


def check_mask(a: Attributes, x: Shape) -> None:
    """Raise a fact if the window cannot be masked."""
    if any(isinstance(k, int) and k % 2 == 0 for k in a.k):
        raise SettingFact("mask", f"a window of {size_words(a.k)} has no middle")
    if windows.is_all(a.k, 1) and a.mask == "exclusive":
        raise SettingFact("mask", "nothing is before a window of one position")
    if standardized(a):
        raise SettingFact("mask", "the weights of a masked window are not standardized")
    if windows.symmetric(a) is None:
        raise SettingFact("mask", "the padding must be the same on both sides of the middle")


def standardized(a: Attributes) -> bool | str:
    """How the weights are standardized; false if they are not."""
    return a.standardize if "standardize" in a else False


def masked_window(s: Site) -> Window:
    """What comes before the middle: along the first axis with more than one position, and all along those after it."""
    whole, a = windows.window(s.a, s.x), s.a
    first = next((axis for axis, k in enumerate(a.k) if k != 1), None)
    if first is None:
        return whole
    is_last = first == len(a.k) - 1
    seen = quotient(a.k[first], 2) + (0 if is_last and a.mask == "exclusive" else 1)
    kernel, dense = list(whole.kernel), list(whole.dense)
    kernel[first] = a.dilation[first] * (seen - 1) + 1
    dense[first] = whole.dense[first] or seen == 1
    return whole._replace(kernel=tuple(kernel), dense=tuple(dense))


def weight_numbers(s: Site, weight: Shape) -> Dim:
    """Numbers of a weight that is made of the learned one at each use, and what is kept beside it."""
    if mask_of(s.a):
        return numel(weight)
    kind = standardized(s.a)
    if kind == "norm":
        gains = channels(s.y) if s.a.norm_axis == "filter" else numel(s.a.k)
        return numel(weight) + 2 * gains
    numbers = _WEIGHT_STATISTICS[kind]
    return numel(weight) + numbers * channels(s.y) if numbers else 0


def saved_with_weights(s: Site, padded: Dim) -> Saved:
    """Input and weights; of an input with a border of its own the copy, and itself where the border is made of it."""
    if len(s.x) == 2 and not padded:
        # Brought into the order of the others, tokens are a copy.
        return Saved((1,), extra_bytes=windows.FLOAT_BYTES * numel(s.x))
    keeps_input = not padded or windows.border(s.a) in ("reflect", "replicate")
    return Saved((0, 1) if keeps_input else (1,), extra_bytes=padded)


def torch_with_weights(s: Site, groups: Dim) -> TorchCall:
    """The call whose weights are the second input."""
    settings: list[tuple[str, Setting]] = [
        ("k", s.a.k),
        ("stride", s.a.stride),
        ("padding", windows.symmetric(s.a)),
        ("dilation", s.a.dilation),
        ("groups", groups),
    ]
    pad = windows.symmetric(s.a)
    more = ""
    if pad is None or windows.is_bordered(s.a, s.x):
        settings[2] = ("padding", tuple([0 for _ in s.a.k]))
        settings.append(("pad", windows.sides(s.a, s.x) if pad is not None else windows.printed_pad(s.a)))
        more = ", {pad}"
    if windows.is_bordered(s.a, s.x):
        settings.append(("mode", windows.border(s.a)))
        more += ", {mode}"
    template = f"convolved({{0}}, {{1}}, {{k}}, {{stride}}, {{padding}}, {{dilation}}, {{groups}}{more})"
    return TorchCall(template, tuple(settings), ("convolved",))
