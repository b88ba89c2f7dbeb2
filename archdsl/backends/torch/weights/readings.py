"""Ways to read a set of tensors as the network's, and which of them a file fits. Must not look at numbers or shapes.

A reading says what each tensor of the network is made of. The network's own names are one; each name map is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from archdsl.backends.torch.weights.expressions import Expression, Name, names_in, text_of
from archdsl.backends.torch.weights.tensor_sets import TensorSet, views_of
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from torch import Tensor

COUNTER = "num_batches_tracked"
_DERIVED = frozenset((COUNTER, "relative_position_index", "relative_coords_table", "attn_mask", "n_averaged"))
"""Last parts of names whose tensors follow from the network, so that a file may have them or not."""


def is_derived(name: str) -> bool:
    """Whether a tensor follows from the network: counters, tables of positions, masks."""
    return name.rpartition(".")[2] in _DERIVED


class Reading:
    """What each tensor of the network is made of.

    Attributes:
        name: for people: `the network's own names`, `torchvision:resnet50`.
        entries: by our names.
        exact: whether the file must have the names that occur, and no other ones.
        is_own: whether it is the network's own names.
        obstacle: why it must not be taken although the names fit; "" where nothing speaks against it.
    """

    def __init__(
        self, name: str, entries: Mapping[str, Expression], *, exact: bool, is_own: bool = False, obstacle: str = ""
    ) -> None:
        self.name = name
        self.entries = entries
        self.exact = exact
        self.obstacle = obstacle
        self.is_own = is_own

    @cached_property
    def names(self) -> dict[str, None]:
        """The names that the file must have, as keys in the order of our tensors."""
        every = (name for our, entry in self.entries.items() if not is_derived(our) for name in names_in(entry))
        return dict.fromkeys(name for name in every if not is_derived(name))

    def fits(self, tensors: Mapping[str, Tensor]) -> bool:
        """Whether a set has the names."""
        return tensors.keys() >= self.names.keys() and not (self.exact and any(self.extras(tensors)))

    def extras(self, tensors: Mapping[str, Tensor]) -> Iterator[str]:
        """The names that it has no use for, except for what is derived."""
        return (name for name in tensors if name not in self.names and not is_derived(name) and not _is_integer(tensors[name]))

    def made_of(self, tensors: Mapping[str, Tensor]) -> dict[str, Expression]:
        """The entries for which everything is there."""
        return {our: entry for our, entry in self.entries.items() if all(name in tensors for name in names_in(entry))}


def own_names(names: Iterable[str]) -> Reading:
    """A file that has the network's own names."""
    return Reading("the network's own names", {name: Name(name) for name in names}, exact=False, is_own=True)


class Candidate(NamedTuple):
    """A reading of a set."""

    reading: Reading
    of: TensorSet

    @property
    def assignment(self) -> frozenset[tuple[str, str]]:
        """What is filled with what: equal for readings that do the same."""
        made = self.reading.made_of(self.of.tensors).items()
        return frozenset((our, f"{self.of.place} {text_of(entry)}") for our, entry in made if not is_derived(our))


def candidates(readings: Iterable[Reading], sets: Iterable[TensorSet]) -> list[Candidate]:
    """Every reading of every view of every set."""
    every = list(readings)
    return [Candidate(reading, view) for whole in sets for view in views_of(whole) for reading in every]


def _is_integer(tensor: Tensor) -> bool:
    return not tensor.is_floating_point() and not tensor.is_complex()
