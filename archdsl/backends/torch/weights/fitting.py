"""From what a file holds to tensors under the network's names, each checked; or a refusal. Must not touch a module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from archdsl.backends.torch.weights.choice import choose, choose_parts
from archdsl.backends.torch.weights.expressions import names_in, text_of
from archdsl.backends.torch.weights.making import make
from archdsl.backends.torch.weights.numbers import check_finite, check_types
from archdsl.backends.torch.weights.readings import COUNTER, Candidate, Reading, candidates, is_derived
from archdsl.backends.torch.weights.report import LoadReport, OtherShape, indented, mismatch
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from torch import Tensor

    from archdsl.backends.torch.weights.tensor_sets import TensorSet


class Fitted(NamedTuple):
    """Tensors by our names, of our shapes and in the file's types, and what was done."""

    values: dict[str, Tensor]
    report: LoadReport


def fit(shapes: Mapping[str, tuple[int, ...]], readings: Sequence[Reading], sets: Sequence[TensorSet], strict: bool) -> Fitted:
    """Find the reading that fits, and make every tensor of the network.

    Args:
        shapes: the network's tensors, in order.
        readings: the ways to read a set, its own names first.
        sets: what the file holds.
        strict: the network's tensors are all filled; else those that can be.

    Raises:
        Refusal: nothing fits, more than one reading does, or a tensor is not what weights are.
    """
    possible = candidates(readings, sets)
    chosen = choose(possible, shapes) if strict else choose_parts(possible, shapes)
    tensors = chosen.of.tensors
    entries = chosen.reading.made_of(tensors)
    values, others = make(entries, tensors, shapes)
    if others and strict:
        raise mismatch(
            f"{len(others)} of {len(shapes)} tensors have different shapes (read as {chosen.reading.name}), "
            "so nothing was loaded",
            indented([str(other) for other in others]),
            ["`strict=False` loads the others"],
        )
    sources = {name: text_of(entries[name]) for name in values}
    check_types(values, sources)
    check_finite(values, sources)
    return Fitted(values, _report(chosen, shapes, values, others))


def _report(chosen: Candidate, shapes: Iterable[str], values: Mapping[str, Tensor], others: Sequence[OtherShape]) -> LoadReport:
    entries, view = chosen.reading.entries, chosen.of
    used = {source for name in values for source in names_in(entries[name])}
    not_filled = [name for name in shapes if name not in values and name not in {other.name for other in others}]
    return LoadReport(
        read_as=chosen.reading.name + (f" after `{view.place}.`" if view.place else ""),
        loaded=tuple((name, text_of(entries[name])) for name in values),
        left=(*(name for name in view.tensors if name not in used and not is_derived(name)), *view.beside),
        missing=tuple(name for name in not_filled if not is_derived(name)),
        other_shapes=tuple(others),
        counters=tuple(name for name in not_filled if name.endswith(COUNTER)),
    )
