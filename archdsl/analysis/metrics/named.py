"""The metrics of the language by name, of the whole network, a part, or an operator. Must not word mistakes or print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Union

from archdsl.analysis.metrics.depth import Longest, depth
from archdsl.analysis.metrics.parts import Part
from archdsl.analysis.metrics.paths import Paths
from archdsl.analysis.metrics.peak import Moment, Peaks
from archdsl.analysis.metrics.reach import NoTable
from archdsl.analysis.metrics.receptive_field import Fields, OnlyWindows, Seen, Windows, most_axes
from archdsl.analysis.metrics.totals import NOTHING, Tallies, Tally, Totals, in_parts, node_totals, total
from archdsl.analysis.unavailable import Unavailable, undecided
from archdsl.ir import Declare, Network, Node, Region, Use
from archdsl.ops.views import View
from archdsl.shapes import Dim, Exact, Shape, Undecided, numel

FLOAT_BYTES = 4
Measured = Union[Exact, tuple["Measured", ...]]
"""A number (or formula), a shape or pair, or several shapes."""
Metric = Union[Measured, Unavailable]
"""What a metric is, or the reason why there is none."""


class Measures:
    """What is known of one network, each table filled when first asked."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.tallies = Tallies()
        self._peaks: dict[int, Peaks] = {}
        self._depths: Paths[int] | None = None
        self._seen: dict[tuple[int, str, bool], tuple[Region | Node, Seen | Unavailable]] = {}
        self._fields: dict[bool, Fields] = {}
        self._views: dict[int, View] = {}

    def fields(self, only_windows: bool = False) -> Fields:
        """What values see; through windows alone, where that is asked for."""
        if only_windows not in self._fields:
            windows = (OnlyWindows if only_windows else Windows)(most_axes(self.network) - 1, self._views)
            # Most networks have nothing that sees everything, so one walk serves both questions.
            is_same = isinstance(windows, OnlyWindows) and windows.passes_over_nothing(self.network)
            self._fields[only_windows] = self.fields() if is_same else Fields(self.network, windows)
        return self._fields[only_windows]

    @property
    def depths(self) -> Paths[int]:
        """The longest paths, computed at the first use."""
        if self._depths is None:
            self._depths = Paths(Longest())
        return self._depths

    def tally(self, part: Part) -> Tally:
        """The sums of a part. A shared module counts its parameters, also at a place that only applies it."""
        if isinstance(part.target, Node):
            return Tally({part.target.operator.name: node_totals(part.target).in_parts(part.parts)}, {})
        tally = in_parts(self.tallies.of(part.target), part.parts)
        return Tally({}, tally.main) if isinstance(part.step, Use) and part.step.aux else tally

    def peak(self, region: Region, item_bytes: int = FLOAT_BYTES) -> Moment | Unavailable:
        """The worst moment of a region for one sample."""
        if item_bytes not in self._peaks:
            self._peaks[item_bytes] = Peaks(item_bytes)
        try:
            return self._peaks[item_bytes].of(region)
        except Undecided as error:
            return undecided(error)

    def seen(self, part: Part, only_windows: bool = False) -> Seen | Unavailable:
        """What the last spatial value on the way to the part's result sees; through windows alone, where that is asked for."""
        key = id(part.target), part.name, only_windows
        known = self._seen.get(key)
        if known is None:
            known = self._seen[key] = (part.target, self._find_seen(part, only_windows))
        return known[1]

    def _find_seen(self, part: Part, only_windows: bool) -> Seen | Unavailable:
        if part.place is None or isinstance(part.step, Declare):
            return Unavailable("a shared module has a receptive field of its own at each place where it is applied")
        try:
            seen = self._last_seen(part, only_windows)
        except Undecided as error:
            return undecided(error)
        except NoTable as error:
            return Unavailable(error.args[0])
        if seen is not None:
            return seen
        has_positions = most_axes(self.network) > 1
        return Unavailable("no value on the way has the input's axes" if has_positions else "the input has no positions")

    def _last_seen(self, part: Part, only_windows: bool) -> Seen | None:
        fields, place, step = self.fields(only_windows), part.place, part.step
        assert place is not None
        if isinstance(part.target, Region):
            if isinstance(step, Use):
                place = place.inner(step, part.run)
            return fields.last(place, part.target.results)
        if not fields.is_spatial(part.target.site.y):
            return fields.last(place, [part.target.output])
        values = fields.values(place)
        inputs = [values[value] for value in part.target.inputs]
        return fields.seen(fields.paths.run(part.target, inputs, part.run + 1)[0])


def _totals(measures: Measures, part: Part, operator: str | None, aux: bool = False) -> Totals:
    tally = measures.tally(part)
    sums = tally.aux if aux else tally.main
    return total(sums) if operator is None else sums.get(operator, NOTHING)


def _peak(measures: Measures, part: Part) -> Metric:
    if isinstance(part.target, Node):
        operator = part.target.operator
        return 0 if operator.views(part.target.site) else numel(part.target.site.y) * FLOAT_BYTES * part.parts
    moment = measures.peak(part.target)
    return moment if isinstance(moment, Unavailable) else moment.bytes * part.parts


def _depth(measures: Measures, part: Part) -> Metric:
    if isinstance(part.target, Node):
        return part.target.operator.layers(part.target.site)
    return depth(measures.depths, part.target)


def _field(measures: Measures, part: Part) -> Metric:
    seen = measures.seen(part)
    return seen if isinstance(seen, Unavailable) else seen.size


def _field_of_windows(measures: Measures, part: Part) -> Metric:
    seen = measures.seen(part, only_windows=True)
    return seen if isinstance(seen, Unavailable) else seen.size


def _stride(measures: Measures, part: Part) -> Metric:
    seen = measures.seen(part)
    return seen if isinstance(seen, Unavailable) else seen.stride


def _out(measures: Measures, part: Part) -> Metric:
    if isinstance(part.target, Node):
        return part.target.site.y
    shapes = part.target.result_shapes
    return shapes[0] if len(shapes) == 1 else shapes


SUMS: dict[str, Callable[[Measures, Part, str | None], Dim]] = {
    "params": lambda m, part, operator: _totals(m, part, operator).params,
    "params.trainable": lambda m, part, operator: _totals(m, part, operator).trainable,
    "params.aux": lambda m, part, operator: _totals(m, part, operator, aux=True).params,
    "macs": lambda m, part, operator: _totals(m, part, operator).macs,
    "macs.aux": lambda m, part, operator: _totals(m, part, operator, aux=True).macs,
    "flops": lambda m, part, operator: _totals(m, part, operator).flops,
    "memory": lambda m, part, operator: _totals(m, part, operator).outputs * FLOAT_BYTES,
}
"""Metrics that add up, so they can be asked of an operator as well."""

OTHERS: dict[str, Callable[[Measures, Part], Metric]] = {
    "peak": _peak,
    "depth": _depth,
    "receptive_field": _field,
    "receptive_field.windows": _field_of_windows,
    "stride": _stride,
    "out": _out,
}
BYTE_UNITS = {"KB": 1024, "MB": 1024**2, "GB": 1024**3}
"""As the language counts bytes."""
NAMES = (*SUMS, *OTHERS)
"""Adding a metric is an entry above and a property of `Cost`, whose name has `_` for `.`; JSON and tables have it by itself."""


def measure(measures: Measures, name: str, part: Part, operator: str | None = None) -> Metric:
    """The metric `name` of a part, or only of its operators of one kind, if one is named.

    Raises:
        KeyError: there is no such metric, or not of an operator.
    """
    if name in SUMS:
        return SUMS[name](measures, part, operator)
    if operator is not None:
        raise KeyError(name)
    return OTHERS[name](measures, part)


def named_output(part: Part, name: str) -> Shape | None:
    """The shape of the output `name` of a part; None if it has none."""
    if isinstance(part.target, Region):
        for output in part.target.outputs:
            if output.name == name:
                return part.target.shapes[output.value]
        shapes = part.target.result_shapes
        if len(shapes) > 1 and name.isascii() and name.isdigit() and int(name) < len(shapes):
            return shapes[int(name)]
    return None
