"""The extreme value of an arch parameter that satisfies a condition: the largest `width` with `macs <= 4G`. Must not print."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from archdsl.analysis.contracts import holds
from archdsl.analysis.metrics.named import Measures
from archdsl.analysis.target import measured, resolve
from archdsl.analysis.unavailable import Unavailable
from archdsl.diagnostics import ArchError, Diagnostic, Refusal
from archdsl.ir import Network
from archdsl.ir.network import Expectation
from archdsl.records import NamedTuple
from archdsl.shapes import Formula

MOST = 2**32
NEAR = 256
"""How many values in a row the architecture may refuse (heads that do not divide a width) before the search gives up."""


class Tried(NamedTuple):
    """A value of the parameter, and what the metric is with it."""

    value: int
    measured: int | Fraction


class Answer(NamedTuple):
    """The extreme value that satisfies the condition, and the next one, which does not (None: even the least value does)."""

    best: Tried
    beyond: Tried | None

    @property
    def is_largest(self) -> bool:
        """Whether larger values break the condition, rather than smaller ones."""
        return self.beyond is not None and self.beyond.value > self.best.value


class NoAnswer(Refusal):
    """The question has no answer; the message says why in one sentence."""


def read_condition(text: str) -> Expectation:
    """`macs <= 4G`, `stage3.memory < 10MB` as the language reads them after `expect`.

    Raises:
        ArchError: it is not a condition.
        NoAnswer: its relation does not say in which direction to look.
    """
    from archdsl.compiler import compile_source
    from archdsl.text import Source

    start = "arch asked\ninput x[1]\nexpect "
    if "\n" in text or ";" in text:
        raise NoAnswer("a condition is one line, such as `macs <= 4G`")
    if not any(sign in text for sign in "<>="):
        raise NoAnswer(f"`{text}` compares nothing; write a condition such as `macs <= 4G`")
    (expectation,) = compile_source(Source("--where", f"{start}{text}\n")).expectations
    if expectation.relation not in ("<", "<=", ">", ">="):
        raise NoAnswer(f"`{expectation.relation}` does not bound a value; write `<=`, `<`, `>=` or `>`, such as `macs <= 4G`")
    if not isinstance(expectation.value, (int, float)) and not hasattr(expectation.value, "numerator"):
        raise NoAnswer("a condition compares with a number, such as `macs <= 4G`")
    return expectation


def check_parameter(network: Network, name: str) -> None:
    """Raises:
    NoAnswer: the parameter is not a whole number.
    """
    value = network.parameters.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        kind = "a list" if isinstance(value, tuple) else "a boolean" if isinstance(value, bool) else f"{value}"
        raise NoAnswer(f"`{name}` is {kind}, but only a parameter that is a whole number can be solved for")


def solve(build: Callable[[int], Network], condition: Expectation) -> Answer:
    """The largest value that satisfies the condition, or the smallest.

    The metric is taken to grow with the parameter all the way, or to shrink (the operations of a vision transformer do, with
    the size of its patches).

    Args:
        build: the network with this value of the parameter.

    Raises:
        NoAnswer: no value satisfies the condition, or all values do or fail alike, or the metric is not a number.
        ArchError: the condition names something that is not there, or the architecture takes no value at all.
    """
    search = _Search(build, condition)
    low = search.at(1, up=True)
    if low is None:
        raise search.refused()
    keeps, leaves = search.keeps(low), search.leaves(low)
    if keeps and leaves:
        return Answer(low, None)
    if leaves:
        claim = f"{condition.metric_span.text} {condition.relation} {condition.written}"
        raise NoAnswer(f"no value satisfies `{claim}`: at {low.value} the metric is already {low.measured:,}")
    # Bisection: the metric only grows or only shrinks, so the verdict changes once between the two.
    low, high = search.bracket(low)
    while True:
        middle = search.between(low, high)
        if middle is None:
            break
        low, high = (middle, high) if search.keeps(middle) == keeps else (low, middle)
    return Answer(low, high) if keeps else Answer(high, low)


class _Search:
    """Values tried so far."""

    def __init__(self, build: Callable[[int], Network], condition: Expectation) -> None:
        self.build, self.condition = build, condition
        self.known: dict[int, Tried | None] = {}
        self.error: ArchError | None = None

    def try_(self, value: int) -> Tried | None:
        """The metric with this value; None if the architecture does not take it."""
        if value not in self.known:
            self.known[value] = self._measure(value)
        return self.known[value]

    def _measure(self, value: int) -> Tried | None:
        try:
            network = self.build(value)
        except ArchError as error:
            self.error = error
            return None
        measures = Measures(network)
        asked = resolve(network, self.condition)
        if isinstance(asked, Diagnostic):
            raise ArchError([asked])
        found = measured(measures, asked)
        if isinstance(found, Unavailable):
            raise NoAnswer(f"`{self.condition.metric_span.text}` cannot be computed: {found.reason}")
        if isinstance(found, (tuple, Formula)):
            raise NoAnswer(f"`{self.condition.metric_span.text}` is {found}, but a condition needs a number")
        return Tried(value, found)

    def keeps(self, tried: Tried) -> bool:
        return holds(self.condition, tried.measured)

    def leaves(self, low: Tried) -> bool:
        """Whether the metric moves away from the bound as the parameter grows."""
        further = self.at(2 * low.value, up=True)
        if further is None or further.measured == low.measured:
            return False
        grows = bool(further.measured > low.measured)
        # What keeps an upper bound leaves it by shrinking; what breaks it, by growing.
        return grows != (self.keeps(low) == (self.condition.relation in ("<", "<=")))

    def at(self, value: int, up: bool) -> Tried | None:
        """The value, or the nearest one above (or below) that the architecture takes."""
        for step in range(NEAR):
            near = value + step if up else value - step
            tried = self.try_(near) if near >= 1 else None
            if tried is not None:
                return tried
        return None

    def bracket(self, low: Tried) -> tuple[Tried, Tried]:
        """Two values, one that satisfies the condition and one that does not."""
        verdict = self.keeps(low)
        value = max(2 * low.value, 2)
        while value <= MOST:
            high = self.at(value, up=True)
            if high is None:
                break
            if self.keeps(high) != verdict:
                return low, high
            low, value = high, 2 * high.value
        name, outcome = self.condition.metric_span.text, "holds" if verdict else "fails"
        raise NoAnswer(
            f"the condition {outcome} for every value tried, up to {low.value:,}, where `{name}` is {low.measured:,}"
        )

    def between(self, low: Tried, high: Tried) -> Tried | None:
        """A value strictly between, as near to the middle as the architecture allows; None if there is none."""
        middle = (low.value + high.value) // 2
        for step in range(min(NEAR, high.value - low.value)):
            for near in (middle - step, middle + step):
                tried = self.try_(near) if low.value < near < high.value else None
                if tried is not None:
                    return tried
        return None

    def refused(self) -> Exception:
        return self.error or NoAnswer(f"the architecture accepts no value from 1 to {NEAR}")
