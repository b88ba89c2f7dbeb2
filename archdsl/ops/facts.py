"""Shape facts: what an operator reports if its inputs do not fit. Plain data; the pass adds places, `archdsl.wording` words."""

from __future__ import annotations

from archdsl.shapes import Dim, Shape


class Fact(Exception):
    """Something about the shapes or settings of one use that cannot be."""


class ArgumentFact(Fact):
    """A setting is not of the kind that the argument takes; `wanted` says which (`a positive integer`).

    `argument` is its name, set by `archdsl.ops.binding.complete`.
    """

    def __init__(self, wanted: str, got: object, argument: str | None = None) -> None:
        self.wanted, self.got, self.argument = wanted, got, argument


class IndicesFact(Fact):
    """The value at a position is indices and should not be, or the other way around (`wanted`: which)."""

    def __init__(self, position: int, shape: Shape, wanted: bool) -> None:
        self.position, self.shape, self.wanted = position, shape, wanted


class AxesFact(Fact):
    """A setting has numbers (`3x3`) for more or fewer spatial axes than the first input, of `shape`, has.

    `argument` and `shape` are set by `archdsl.ops.binding.complete`.
    """

    argument: str
    shape: Shape

    def __init__(self, got: tuple[object, ...]) -> None:
        self.got = got

    @property
    def rank(self) -> int:
        """How many axes an input has that the setting fits."""
        return len(self.got) + 1


class MissingArgumentFact(Fact):
    """The argument `argument` has no default and was not given."""

    def __init__(self, argument: str) -> None:
        self.argument = argument


class UnknownArgumentFact(Fact):
    """The operator has no argument `argument`; `known` are those that it has."""

    def __init__(self, argument: str, known: tuple[str, ...]) -> None:
        self.argument, self.known = argument, known


class RankFact(Fact):
    """The first input has `shape`, but the operator takes only inputs with one of these numbers of axes (`ranks`)."""

    def __init__(self, shape: Shape, ranks: tuple[int, ...]) -> None:
        self.shape, self.ranks = shape, ranks


class WindowFact(Fact):
    """A window of `extent` positions does not fit into the `size` (padding included) of axis `axis` (its position)."""

    def __init__(self, axis: int, extent: Dim, size: Dim) -> None:
        self.axis, self.extent, self.size = axis, extent, size


class DivisibilityFact(Fact):
    """`value` (say, the channels) must be a multiple of the argument `argument`, which is `divisor`."""

    def __init__(self, what: str, value: Dim, argument: str, divisor: Dim) -> None:
        self.what, self.value, self.argument, self.divisor = what, value, argument, divisor


class MismatchFact(Fact):
    """Inputs whose shapes had to agree differ on `axes` (positions from 0; empty: in the number of axes)."""

    def __init__(self, shapes: tuple[Shape, ...], axes: tuple[int, ...], rule: str) -> None:
        self.shapes, self.axes, self.rule = shapes, axes, rule


class OperandsFact(Fact):
    """A join takes exactly `wanted` operands, and there are `got`."""

    def __init__(self, wanted: int, got: int) -> None:
        self.wanted, self.got = wanted, got


class SettingFact(Fact):
    """A setting that is impossible with this input: `argument` and the reason as text (`there are only 197 tokens`)."""

    def __init__(self, argument: str, reason: str) -> None:
        self.argument, self.reason = argument, reason


class PatternFact(Fact):
    """What is wrong in the pattern of `rearrange`, from `start` to `end` in its text, with the reason as text."""

    def __init__(self, start: int, end: int, reason: str) -> None:
        self.start, self.end, self.reason = start, end, reason


class InputFact(Fact):
    """The first input, of `shape`, has the right axes but the operator cannot take it, with the reason as text."""

    def __init__(self, shape: Shape, reason: str) -> None:
        self.shape, self.reason = shape, reason
