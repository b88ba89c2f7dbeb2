"""Which steps of a region may be folded into one: runs of one definition with equal arguments. Must not know drawings.

Repetitions that keep their shape are folded by the IR already; here it is those that grow (a dense block), which it unrolls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Union

from archdsl.ir import Declare, Node, Region, Use
from archdsl.records import NamedTuple

_UNNAMED_ROLES = ("block", "branch")


class Fold(NamedTuple):
    """Uses that follow each other, at least two."""

    uses: tuple[Use, ...]


def fold_steps(region: Region) -> Iterator[Union[Node, Use, Fold]]:
    """The steps of a region that are drawn, runs of equal calls folded."""
    readers = _readers(region)
    run: list[Use] = []
    for step in region.steps:
        if isinstance(step, Declare):
            continue
        if run and isinstance(step, Use) and _continues(run[-1], step, readers):
            run.append(step)
            continue
        yield from _ended(run)
        run = []
        if isinstance(step, Use) and step.region.kind in ("definition", "group", "repetition"):
            run = [step]
        else:
            yield step
    yield from _ended(run)


def _ended(run: list[Use]) -> Iterator[Union[Use, Fold]]:
    if len(run) > 1:
        yield Fold(tuple(run))
    else:
        yield from run


def _readers(region: Region) -> Counter[int]:
    """How often each value is used."""
    readers: Counter[int] = Counter(region.results)
    readers.update(output.value for output in region.outputs)
    for step in region.steps:
        if not isinstance(step, Declare):
            readers.update(step.inputs)
    return readers


def _continues(before: Use, use: Use, readers: Counter[int]) -> bool:
    """Whether `use` does once more what `before` did, on its result alone."""
    a, b = before.region, use.region
    same_text = (a.kind, a.name, a.arguments, a.span) == (b.kind, b.name, b.arguments, b.span)
    same_place = (before.role, before.shared, before.aux) == (use.role, use.shared, use.aux) and use.label is None
    if use.role is not None and (use.role not in _UNNAMED_ROLES or b.kind != "definition"):
        # Stages have names of their own, and so has a block that a loop writes down several times.
        return False
    if not (same_text and same_place and len(before.outputs) == len(use.outputs) == 1):
        return False
    is_chain = use.inputs[:1] == before.outputs and use.inputs[1:] == before.inputs[1:]
    return is_chain and readers[before.outputs[0]] == 1
