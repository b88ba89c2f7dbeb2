"""Sums over a region by operator: parameters, multiply-accumulates, other arithmetic, output numbers. Must not unroll."""

from __future__ import annotations

from collections.abc import Callable

from archdsl.ir import Declare, Node, Region, Use
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, numel


class Totals(NamedTuple):
    """Sums for batch 1.

    Attributes:
        nodes: how many nodes run.
        params: learned numbers.
        buffers: numbers of the buffers (running means, counters).
        macs: multiply-accumulates.
        other: all other arithmetic operations.
        outputs: numbers in the outputs of the operators that count in the metric `memory`.
        trainable: learned numbers that are not frozen.
    """

    nodes: Dim = 0
    params: Dim = 0
    buffers: Dim = 0
    macs: Dim = 0
    other: Dim = 0
    outputs: Dim = 0
    trainable: Dim = 0

    @property
    def flops(self) -> Dim:
        """Every arithmetic operation; a multiply-accumulate is two."""
        return 2 * self.macs + self.other

    def plus(self, more: Totals) -> Totals:
        """The sums of both."""
        # Written out: this is the innermost loop of every count.
        a, b, c, d, e, f, g = self
        u, v, w, x, y, z, s = more
        return Totals(a + u, b + v, c + w, d + x, e + y, f + z, g + s)

    def in_parts(self, parts: Dim) -> Totals:
        """The sums where so many parts are folded into the batch: the parameters are the same ones."""
        a, b, c, d, e, f, g = self
        return Totals(a, b, c, d * parts, e * parts, f * parts, g)

    def times(self, count: int) -> Totals:
        """The sums of that many runs."""
        a, b, c, d, e, f, g = self
        return Totals(a * count, b * count, c * count, d * count, e * count, f * count, g * count)


NOTHING = Totals()
Sums = dict[str, Totals]
"""Totals of a region by the operator's name."""


class Tally(NamedTuple):
    """The sums of the inference network and, separately, those of the auxiliary heads."""

    main: Sums
    aux: Sums


def in_parts(tally: Tally, parts: Dim) -> Tally:
    """The tally where so many parts are folded into the batch."""
    if type(parts) is int and parts == 1:
        return tally
    return Tally(*({name: totals.in_parts(parts) for name, totals in sums.items()} for sums in tally))


def node_totals(node: Node) -> Totals:
    """One run of a node."""
    operator, site = node.operator, node.site
    params: Dim = 0
    buffers: Dim = 0
    for tensor in site.parameters:
        if tensor.learned:
            params = params + tensor.numel
        else:
            buffers = buffers + tensor.numel
    outputs = numel(site.y) if operator.in_memory else 0
    trainable = 0 if node.frozen else params
    return Totals(1, params, buffers, operator.macs(site), operator.flops(site), outputs, trainable)


def total(sums: Sums) -> Totals:
    """The sum over the operators."""
    whole = NOTHING
    for part in sums.values():
        whole = whole.plus(part)
    return whole


def without_parameters(totals: Totals) -> Totals:
    """What applying a shared module adds: its parameters live where it is declared."""
    return totals._replace(params=0, buffers=0, trainable=0)


def only_parameters(totals: Totals) -> Totals:
    """What declaring a module adds: its parameters, and nothing that runs."""
    return Totals(params=totals.params, buffers=totals.buffers, trainable=totals.trainable)


def frozen(totals: Totals) -> Totals:
    """Where nothing learns."""
    return totals._replace(trainable=0)


class Tallies:
    """The tally of every region, each computed once; a repetition multiplies, so its count costs nothing.

    A shared module's parameters count where it is declared, its arithmetic at every use. What an auxiliary head does counts
    in `aux`, and so does everything inside it.
    """

    def of(self, region: Region) -> Tally:
        """The sums over the steps of the region and everything inside them."""
        known: Tally | None = region.memo.get("tally")
        if known is None:
            known = region.memo["tally"] = self._sum(region)
        return known

    def _sum(self, region: Region) -> Tally:
        tally = Tally({}, {})
        for step in region.steps:
            if isinstance(step, Node):
                _add(tally.main, {step.operator.name: node_totals(step)}, step.count)
            elif isinstance(step, Declare):
                self._declare(tally, step)
            else:
                self._use(tally, step)
        return in_parts(tally, region.parts)

    def _use(self, tally: Tally, use: Use) -> None:
        inner = self.of(use.region)
        reduce = without_parameters if use.shared is not None else frozen if use.frozen else None
        _add(tally.aux if use.aux else tally.main, inner.main, use.count, reduce)
        _add(tally.aux, inner.aux, use.count, reduce)

    def _declare(self, tally: Tally, step: Declare) -> None:
        if step.shared.region is None:
            return
        inner = self.of(step.shared.region)
        for sums, more in zip(tally, inner, strict=True):
            own: Sums = {}
            _add(own, more, 1, only_parameters)
            _add(sums, own, 1, frozen if step.frozen else None)


def _add(sums: Sums, more: Sums, count: int, reduce: Callable[[Totals], Totals] | None = None) -> None:
    for name, totals in more.items():
        if reduce is not None:
            totals = reduce(totals)
        if count != 1:
            totals = totals.times(count)
        known = sums.get(name)
        sums[name] = totals if known is None else known.plus(totals)
