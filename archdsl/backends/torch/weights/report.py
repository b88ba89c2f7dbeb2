"""What loading did, and the sentences about what it refused. Must not decide anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archdsl.diagnostics import Refusal
from archdsl.records import NamedTuple

SHOWN = 5
"""How many names a list shows before it says how many more there are."""
WAY_ON = "a name map (`map=`, in the command `--map`) translates names; `strict=False` loads what fits and reports the rest"


class WeightsMismatch(Refusal):
    """The weights do not fit the network. Nothing was loaded."""


class OtherShape(NamedTuple):
    """A tensor whose shape is not the network's."""

    name: str
    ours: tuple[int, ...]
    theirs: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.name}: {list(self.ours)} in the network, {list(self.theirs)} in the file"


class LoadReport(NamedTuple):
    """What was done with weights.

    Attributes:
        read_as: by which names: `the network's own names`, or the name map.
        loaded: (our name, what it was made of) of each tensor that was filled.
        left: tensors of the file that were not used.
        missing: our tensors that the file lacks and that stayed as they were; only with `strict=False`.
        other_shapes: our tensors that stayed because their shape differs; only with `strict=False`.
        counters: our batch counters that the file lacks; they stayed as they were.
    """

    read_as: str
    loaded: tuple[tuple[str, str], ...]
    left: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    other_shapes: tuple[OtherShape, ...] = ()
    counters: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{_counted(len(self.loaded), 'tensor')}, read as {self.read_as}"]
        if self.missing:
            lines.append(f"{_counted(len(self.missing), 'tensor')} not in the file: {some(self.missing)}")
        lines += [f"different shape: {other}" for other in self.other_shapes[:SHOWN]]
        if len(self.other_shapes) > SHOWN:
            lines.append(f"different shape: {len(self.other_shapes) - SHOWN} more")
        if self.left:
            lines.append(f"{_counted(len(self.left), 'tensor')} of the file not used: {some(self.left)}")
        if self.counters:
            lines.append(f"{_counted(len(self.counters), 'batch counter')} not in the file: {some(self.counters)}")
        return "\n".join(lines)


def some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def indented(lines: Sequence[str]) -> list[str]:
    """The first lines of a list, each indented, and how many more there are."""
    more = [f"  … and {len(lines) - SHOWN:,} more"] if len(lines) > SHOWN else []
    return [f"  {line}" for line in lines[:SHOWN]] + more


def mismatch(head: str, *groups: Iterable[str]) -> WeightsMismatch:
    """A refusal: what is wrong, then lines that name it."""
    return WeightsMismatch("\n".join([head, *(line for group in groups for line in group)]))


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
