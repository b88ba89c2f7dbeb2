"""How a module is built: a `Build` for one instance, a `Template` for all of them at once. Must not compare instances.

In a template each constant is a column with one value per instance (`unify` lays the builds over each
other). `MISSING` is there if an instance does not build that part at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Union

from archdsl.backends.torch.expressions.columns import Column, Missing
from archdsl.backends.torch.expressions.torch_defaults import NoDefault
from archdsl.ir import Node, Use
from archdsl.ops.operator import Setting
from archdsl.records import NamedTuple
from archdsl.shapes import Dim

Origin = tuple[str, "Node | Use | None"]
"""The setting of a step."""


class Make(NamedTuple):
    """One module: `callee` is a class of torch or support, or the number of a group.

    `taken` and `given` are the channels of what it takes and gives (None for a list of tensors). `origins` says for a group's
    arguments in which step and as which setting each is written: the text of a group is that of the body around it.
    """

    callee: str | int
    args: tuple[Setting, ...]
    kwargs: tuple[tuple[str, Setting], ...]
    step: Node | Use | None
    taken: Dim | None
    given: Dim | None
    origins: Mapping[str, Origin] = MappingProxyType({})


class Chain(NamedTuple):
    """Modules one after the other, by name."""

    items: tuple[tuple[str, Build], ...]


class Repeat(NamedTuple):
    """The runs of a repetition: segments of one class each; a segment has builds, and how often each comes in sequence."""

    segments: tuple[tuple[tuple[Build, int], ...], ...]
    is_list: bool
    step: Use | None


class Nothing(NamedTuple):
    """A region that does nothing."""


Build = Union[Make, Chain, Repeat, Nothing]


class MakeAll(NamedTuple):
    """The constructor calls of one module, a column for each argument."""

    callee: str | int
    args: tuple[Column, ...]
    kwargs: tuple[tuple[Column, Setting | NoDefault], ...]
    taken: tuple[Dim | Missing | None, ...]
    given: tuple[Dim | Missing | None, ...]


class ChainAll(NamedTuple):
    """Named modules, one after the other."""

    items: tuple[tuple[str, Template], ...]


class Times(NamedTuple):
    """`template` repeated `number` times; with `per_run` the template's columns have one value per run of every instance.

    `runs` then holds, an instance, how many runs it has.
    """

    template: Template
    number: Column
    runs: tuple[int, ...] | None = None


class RepeatAll(NamedTuple):
    """The runs of a repetition."""

    parts: tuple[Times, ...]
    is_list: bool


class Perhaps(NamedTuple):
    """Some instances have it, the others nothing in its place."""

    template: Template
    present: tuple[bool, ...]


class NothingAll(NamedTuple):
    """No module in any instance."""


Template = Union[MakeAll, ChainAll, RepeatAll, Perhaps, NothingAll]
OWN_CHANNELS = frozenset({"in_channels", "dim"})
"""What generated classes call the channels of what they take: maps' and tokens'."""


def columns(template: Template) -> Iterator[Column]:
    """All constants of a template."""
    if isinstance(template, MakeAll):
        yield from template.args
        yield from (column for column, _ in template.kwargs)
    elif isinstance(template, ChainAll):
        for _, inner in template.items:
            yield from columns(inner)
    elif isinstance(template, RepeatAll):
        for part in template.parts:
            yield part.number
            if part.runs is None:
                yield from columns(part.template)
    elif isinstance(template, Perhaps):
        yield from columns(template.template)
