"""A network at work on a batch in a type of numbers: what every cost starts from. Must not know what a metric means."""

from __future__ import annotations

from functools import cached_property

from archdsl.analysis.dtypes import item_bytes
from archdsl.analysis.metrics.named import Measures
from archdsl.analysis.metrics.totals import Totals, total
from archdsl.diagnostics import WrongUse
from archdsl.ir import Network


class Workload:
    """A network, a batch and a dtype.

    Attributes:
        item_bytes: of one number.
        measures: metrics of the network and its parts, each computed once.
    """

    def __init__(self, network: Network, batch: int = 1, dtype: str = "float32") -> None:
        """Nothing is computed yet.

        Raises:
            UnknownChoice: no such dtype.
            ValueError: a batch below 1.
        """
        if isinstance(batch, bool) or not isinstance(batch, int) or batch < 1:
            raise WrongUse(f"a batch has at least one sample, so it cannot be {batch}")
        self.network = network
        self.batch = batch
        self.dtype = dtype
        self.item_bytes = item_bytes(dtype)
        self.measures = Measures(network)

    @cached_property
    def main(self) -> Totals:
        """The sums of the inference network, batch 1."""
        return total(self.measures.tallies.of(self.network.root).main)

    @cached_property
    def aux(self) -> Totals:
        """The sums of the auxiliary heads, batch 1."""
        return total(self.measures.tallies.of(self.network.root).aux)
