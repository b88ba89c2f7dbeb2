"""The largest batch that fits into a number of bytes. Must not print."""

from __future__ import annotations

import re
from fractions import Fraction

from archdsl.analysis.cost import Cost
from archdsl.analysis.metrics.named import BYTE_UNITS
from archdsl.analysis.unavailable import Unavailable
from archdsl.diagnostics import Refusal, WrongUse
from archdsl.ir import Network
from archdsl.records import NamedTuple

MOST = 2**40
_AMOUNT = re.compile(r"\s*(\d[\d_]*(?:\.\d+)?)\s*([A-Za-z])i?[Bb]\s*", re.ASCII)


class Fit(NamedTuple):
    """`batch` samples need `bytes`; one more would need `more`. A batch of 0: not even one fits."""

    batch: int
    bytes: int
    more: int


def read_bytes(text: str) -> int:
    """`80GB` as bytes, 1 GB = 1024**3 B, as the language counts; also `80 GiB` and `80gb`.

    Raises:
        WrongUse: it is not a number with one of the units.
    """
    found = _AMOUNT.fullmatch(text)
    size = BYTE_UNITS.get(f"{found[2].upper()}B") if found is not None else None
    if found is not None and size is not None:
        return int(Fraction(found[1].replace("_", "")) * size)
    raise WrongUse(f"`{text}` is not an amount of memory; write a number and a unit, such as `80GB` or `512MB`")


def fits(
    network: Network,
    memory: int,
    dtype: str = "float32",
    training: bool = False,
    optimizer: str = "sgd",
    checkpoint: str | None = None,
    autocast: str | None = None,
) -> Fit:
    """The largest batch that fits, by what parameters, input and the worst moment need, without a framework's own needs.

    Raises:
        Refusal: the memory depends on free dimensions, or cannot be computed.
        UnknownChoice: no such dtype, optimizer, checkpoint or autocast.
    """

    def need(batch: int) -> int:
        found = needed(Cost(network, batch, dtype), training, optimizer, checkpoint, autocast)
        if not isinstance(found, int):
            if isinstance(found, Unavailable):
                raise Refusal(f"the memory cannot be computed: {found.reason}")
            raise Refusal(f"the memory depends on free dimensions, {found}; give them sizes with `--input`")
        return found

    if need(1) > memory:
        return Fit(0, need(1), need(1))
    low, high = 1, 2
    while high <= MOST and need(high) <= memory:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if need(middle) <= memory else (low, middle)
    return Fit(low, need(low), need(low + 1))


def needed(
    cost: Cost, training: bool, optimizer: str = "sgd", checkpoint: str | None = None, autocast: str | None = None
) -> object:
    """Bytes for one step: parameters, buffers and input, and the worst moment (in training, all of `Training.peak`)."""
    step = cost.training(optimizer, checkpoint, autocast)
    if training:
        return step.peak
    peak = cost.peak
    if isinstance(peak, Unavailable):
        return peak
    # Auxiliary heads stay in memory, though they do not run.
    return step.parameters + step.buffers + step.input + peak
