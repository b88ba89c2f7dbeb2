"""What an operator is: one frozen entry with every facet. Must not know spans, graphs or frameworks.

A facet is a small function of a `Site` (attributes and shapes of one use). Adding an operator is one entry in a family file
(`archdsl/ops/linear.py` shows a complete one) and rows in the file of its family in `tests/samples/`, from which every law
is tested.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from typing import Literal, TypedDict, Union
from typing import Required as Present

from archdsl.ops.attributes import Attributes, Numbers, Setting, Sides, dimension
from archdsl.ops.facts import Fact
from archdsl.ops.views import View, Window
from archdsl.records import NamedTuple, Record
from archdsl.shapes import Dim, Indices, Shape, numel

SPATIAL, ANY_RANK = (2, 3, 4), (1, 2, 3, 4)
"""The ranks of operators over space, and of those that take every value."""


class Required:
    """Marks an argument that has no default."""


REQUIRED = Required()


class Hidden(NamedTuple):
    """Captions leave an argument out, for this reason."""

    reason: str


class Argument(NamedTuple):
    """One argument of an operator.

    Attributes:
        take: turns the written value into the attribute, or raises `ArgumentFact` (see `archdsl.ops.arguments`).
        default: the attribute when it is not written, or how it is worked out.
        words: the bare words that it takes (`same`, `bilinear`).
        is_value: it takes `@label`; the value becomes a further input of the node, the attribute True (None if not given).
        told: how captions show it: in the symbol's head, or by its name if it is not at its default, or with the text that
            a function of the site gives (none: the empty text), or not at all.
        spatial: it has a number for each spatial axis of the first input; `take` also gets how many (None: not known).
        internal: no text writes it; the elaborator sets it (which part a use of `split` is).
        by_name: it and what comes after it are given by name only: who writes `layernorm 768` does not mean `eps`.
    """

    name: str
    take: Callable[..., Setting]
    default: Setting | Computed | Required = REQUIRED
    words: tuple[str, ...] = ()
    is_value: bool = False
    told: Literal["by name", "in head"] | Hidden | Callable[[Site], str] = "by name"
    by_name: bool = False
    spatial: bool = False
    internal: bool = False


class Computed(Record):
    """A default computed from the attributes so far and the input shapes; `written`: as the language has it (`k`, `in.d`)."""

    written: str
    work_out: Callable[[Attributes, tuple[Shape, ...]], Setting]

    def __call__(self, attributes: Attributes, inputs: tuple[Shape, ...]) -> Setting:
        """The default for these attributes and input shapes."""
        return self.work_out(attributes, inputs)


class Tensor(NamedTuple):
    """A parameter (`learned`) or a buffer of the PyTorch module, under the name that it has there."""

    name: str
    shape: Shape
    learned: bool = True

    @property
    def numel(self) -> Dim:
        """How many numbers it has."""
        return numel(self.shape)


class Site:
    """One use of an operator: `a` its attributes, `xs` the shapes of its inputs, `x` the first, `y` the output's shape.

    `undoes` is the window of the pool that an `unpool` undoes; None for every other operator.
    """

    __slots__ = ("a", "parameters", "undoes", "xs", "y")

    def __init__(self, a: Attributes, xs: tuple[Shape, ...], y: Shape, parameters: tuple[Tensor, ...] = ()) -> None:
        self.a = a
        self.xs = xs
        self.y = y
        self.parameters = parameters
        self.undoes: Window | None = None

    @property
    def x(self) -> Shape:
        """The shape of the first input."""
        return self.xs[0]


class Saved(NamedTuple):
    """What autograd keeps for backward: the inputs (by position), the output, and further numbers (masks, indices, statistics).

    `extra_bytes` are for batch 1 and grow with it; `fixed_bytes` do not (a batch norm's statistics, standardized weights).
    """

    inputs: tuple[int, ...] = ()
    output: bool = False
    extra_bytes: Dim = 0
    fixed_bytes: Dim = 0


class TorchModule(NamedTuple):
    """A `torch.nn` (or support) module: `name(*args, **kwargs)`. It is called with the node's inputs in order.

    `name` is printed as it is (`nn.Conv2d`); a name without a dot is a class of `archdsl/backends/torch/support/`, whose
    source is copied into the file. Only numbers, booleans, strings, None and tuples of these may be arguments.
    """

    name: str
    args: tuple[Setting, ...] = ()
    kwargs: tuple[tuple[str, Setting], ...] = ()


class TorchCall(NamedTuple):
    """An expression without parameters: `{0}`, `{1}` … are the inputs, `{all}` all of them with commas, `{name}` a setting.

    `support` names functions of `archdsl/backends/torch/support/` that the expression calls.
    """

    template: str
    settings: tuple[tuple[str, Setting], ...] = ()
    support: tuple[str, ...] = ()


TorchLowering = Union[TorchModule, TorchCall]

Paint = Literal[
    "conv", "linear", "norm", "activation", "pool", "attention", "join", "reshape", "resize", "regularise", "learned"
]


class Symbol(NamedTuple):
    """How it is shown: the color family, and what a caption begins with (`conv 3x3, 64`), a function of the site.

    `archdsl.ops.captions` adds the settings that the head does not show.
    """

    paint: Paint
    head: Callable[[Site], str]


ON_IMAGE, ON_MAP, ON_TOKENS, ON_VECTOR = "[3, 224, 224]", "[64, 56, 56]", "[196, 768]", "[512]"
"""Inputs of examples."""


class Example(NamedTuple):
    """A use as the reference shows it: steps in the language, and the shape of the input that they are applied to."""

    input: str
    steps: str


class Further(TypedDict, total=False):
    """Facets that a family's constructor passes on unchanged; `Operator` says what they mean."""

    example: Present[Example]
    called_elsewhere: tuple[str, ...]
    aliases: tuple[str, ...]
    varies: bool
    scratch: Callable[[Site], Dim]
    positions: Literal["gives", "takes"]
    indices: Literal["takes", "may take"]
    parts: Callable[[Attributes], int]
    names_sizes: bool
    by_steps: bool
    computes: bool
    sizes_of: Callable[[Site], tuple[int, ...]]
    centers_channels: bool


class Operator(Record, kw_only=True):
    """One operator. Every field without a default is required, so that a gap fails at import.

    Attributes:
        name: as the language writes it.
        meaning: one line for the reference, with the shapes.
        arguments: in positional order.
        ranks: how many axes the first input may have: 4 `[C, T, H, W]`, 3 `[C, H, W]`, 2 `[T, D]`, 1 `[D]`.
        shape: (attributes, input shapes) -> output shape; raises a `Fact` if the shapes do not fit.
        parameters: learned tensors and buffers, in the order of the PyTorch module's own.
        macs: multiply-accumulates, batch 1.
        flops: arithmetic operations other than the multiply-accumulates (`flops` of a report is 2*macs + this).
        depth: convolutions and linear layers that it counts for (language.md, section 10).
        in_memory: whether its output counts in the metric `memory`.
        in_place: whether it can overwrite its first input.
        is_view: whether its output shares the first input's storage (flatten, transpose).
        saved: what backward keeps.
        view: what one output position sees.
        torch: the PyTorch lowering.
        symbol: how pictures show it.
        example: a use for the reference, which is compiled by a test.
        called_elsewhere: other names elsewhere, in lower case without underscores; a message suggests this operator for them.
        indices: whether the first input is indices (`embedding`), or may be (`learned`, which reads only the batch).
        parts: how many values a call gives, as a list, each by a use whose `i` is its number; None: one value.
        names_sizes: names that are no arguments of its own are sizes, which its internal argument `sizes` gets in pairs.
        by_steps: it is attention of tokens; of a call on a map, in windows, of channels or with a kernel the elaborator makes
            several steps.
        varies: whether the result differs between training and evaluation or between two runs (dropout, bn).
        macs_worked: the MACs as a formula with the use's numbers put in; every operator whose MACs are not 0 has it.
        joins: it takes branches (`add`, `mul`, `concat`), and pictures show it as this symbol.
        positions: "gives" those of the largest values (`maxpool`), or "takes" them (`unpool`).
        computes: whether it does anything; `identity` does not, so no node is made of it.
        sizes_of: the positions of inputs that give only their size (`crop like=@x`).
        centers_channels: it takes away each channel's mean, so that a bias before it is lost.
        scratch: numbers alive only within it, in addition to its inputs and its output (attention's projections); None: none.
    """

    name: str
    meaning: str
    arguments: tuple[Argument, ...]
    ranks: tuple[int, ...]
    shape: Callable[[Attributes, tuple[Shape, ...]], Shape]
    parameters: Callable[[Site], tuple[Tensor, ...]]
    macs: Callable[[Site], Dim]
    flops: Callable[[Site], Dim]
    depth: int | Callable[[Site], int]
    in_memory: bool
    in_place: bool
    is_view: bool | Callable[[Site], bool]
    saved: Callable[[Site], Saved]
    view: Callable[[Site], View]
    torch: Callable[[Site], TorchLowering]
    symbol: Symbol
    example: Example
    called_elsewhere: tuple[str, ...] = ()
    macs_worked: Callable[[Site], str] | None = None
    aliases: tuple[str, ...] = ()
    joins: str = ""
    positions: Literal["", "gives", "takes"] = ""
    computes: bool = True
    indices: Literal["", "takes", "may take"] = ""
    parts: Callable[[Attributes], int] | None = None
    names_sizes: bool = False
    by_steps: bool = False
    sizes_of: Callable[[Site], tuple[int, ...]] = lambda s: ()
    centers_channels: bool = False
    varies: bool = False
    scratch: Callable[[Site], Dim] | None = None

    def site(self, attributes: Attributes, inputs: tuple[Shape, ...]) -> Site:
        """Check the inputs and compute the output's shape and the parameters.

        Raises:
            Fact: the inputs do not fit.
        """
        self.check_rank(inputs)
        site = Site(attributes, inputs, self.shape(attributes, inputs))
        site.parameters = self.parameters(site)
        return site

    def layers(self, site: Site) -> int:
        """How many convolutions and linear layers a use counts for."""
        return self.depth if isinstance(self.depth, int) else self.depth(site)

    def views(self, site: Site) -> bool:
        """Whether the output of a use shares its first input's storage."""
        return self.is_view if isinstance(self.is_view, bool) else self.is_view(site)

    def check_rank(self, inputs: tuple[Shape, ...]) -> None:
        """Raise a fact if the first input has other axes than the operator takes, or an input is indices and should not be."""
        for position, x in enumerate(inputs):
            wanted = self.indices == "takes" and position == 0
            if isinstance(x, Indices) is not wanted and not (self.indices == "may take" and position == 0):
                from archdsl.ops.facts import IndicesFact

                raise IndicesFact(position, x, wanted)
        if inputs and len(inputs[0]) not in self.ranks:
            from archdsl.ops.facts import RankFact

            raise RankFact(inputs[0], self.ranks)

    @property
    def positional(self) -> tuple[str, ...]:
        """The arguments that may be given without their names, in their order."""
        return tuple(argument.name for argument in takewhile(lambda argument: not argument.by_name, self.arguments))

    def argument(self, name: str) -> Argument | None:
        """The argument of this name; None if there is none."""
        for argument in self.arguments:
            if argument.name == name:
                return argument
        return None


__all__ = [
    "ANY_RANK",
    "ON_IMAGE",
    "ON_MAP",
    "ON_TOKENS",
    "ON_VECTOR",
    "REQUIRED",
    "SPATIAL",
    "Argument",
    "Attributes",
    "Computed",
    "Example",
    "Fact",
    "Further",
    "Hidden",
    "Numbers",
    "Operator",
    "Paint",
    "Saved",
    "Setting",
    "Sides",
    "Site",
    "Symbol",
    "Tensor",
    "TorchCall",
    "TorchLowering",
    "TorchModule",
    "dimension",
]
