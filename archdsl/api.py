"""What Python programs use: `load`, `loads` and `Arch`. Must not import anything slow, and must not print.

Every mistake of a program is an `ArchError` that lists all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.resources import SUFFIX
from archdsl.sources import File, Shapes, Text, language_values, read
from archdsl.text import Source

if TYPE_CHECKING:
    from networkx import DiGraph
    from sympy import Basic
    from torch import device as Device
    from torch import dtype as NumberType
    from torch.nn import Module

    from archdsl.analysis.cost import Cost
    from archdsl.backends.render import Rendered
    from archdsl.backends.torch.running.verify import Report
    from archdsl.backends.torch.weights.known_maps import Given
    from archdsl.backends.torch.weights.load import Fillable, Weights
    from archdsl.backends.torch.weights.report import LoadReport
    from archdsl.compiler import Recipe
    from archdsl.ir import Network
    from archdsl.program.values import Evaluated
    from archdsl.provenance import Origin
    from archdsl.shapes import Shape
    from archdsl.sources import ParameterValue


class Arch:
    """A checked architecture.

    Two are equal if they have the same name and inputs and `archdsl.diff` finds no difference; it can be pickled.

    Attributes:
        network: the compiler's own form.
    """

    __slots__ = ("_recipe", "_source", "network")

    def __init__(self, network: Network, recipe: Recipe | None = None) -> None:
        self.network = network
        self._recipe = recipe
        self._source: str | None = None

    @property
    def name(self) -> str:
        """The name in the `arch` line."""
        return self.network.name

    @property
    def inputs(self) -> dict[str, Shape]:
        """The inputs' shapes by name, without the batch."""
        return dict(self.network.inputs)

    @property
    def outputs(self) -> dict[str, Shape]:
        """The outputs' shapes by name, without the batch: `out`, then the named ones and the auxiliary heads.

        A list has an entry for each of its values: `out.0`, `levels.1`.
        """
        root = self.network.root
        results = root.result_shapes
        named = {"out": results[0]} if len(results) == 1 else {f"out.{at}": shape for at, shape in enumerate(results)}
        return {**named, **{output.name: root.shapes[output.value] for output in root.outputs}}

    @property
    def meta(self) -> dict[str, object]:
        """The facts for readers: title, year, top1_error …"""
        return dict(self.network.meta)

    @property
    def parameters(self) -> dict[str, object]:
        """The arch parameters with the values in force."""
        return dict(self.network.parameters)

    @property
    def graph(self) -> DiGraph[str]:
        """A networkx graph, one node per step, in topological order (`archdsl.backends.graph` says what is in it).

        Raises:
            ValueError: the network has too many steps to list them one by one.
        """
        from archdsl.backends.graph import graph

        return graph(self.network)

    @property
    def origin(self) -> Origin:
        """What a file made from it was made from: the text, and the settings from outside."""
        if self._recipe is not None:
            return self._recipe.origin
        from archdsl.provenance import Origin

        return Origin((Path(self.network.root.span.source.name).name,))

    @property
    def files(self) -> frozenset[Path]:
        """The files that it was read from, imported ones too."""
        return frozenset() if self._recipe is None else self._recipe.files()

    def cost(
        self,
        batch: int = 1,
        dtype: str = "float32",
        training: bool = False,
        *,
        optimizer: str = "sgd",
        checkpoint: str | None = None,
        autocast: str | None = None,
    ) -> Cost:
        """Parameters, operations, memory; each is computed when it is read.

        Args:
            training: count a training step: `peak` is then all that it holds at its worst moment, and `step` has the parts.
            optimizer: of the step: `sgd`, `momentum`, `adam` or `adamw`.
            checkpoint: `stage` or `block`: only the inputs of each are kept, and the rest is recomputed in backward.
            autocast: the type of the step's activations, if it differs from `dtype`: `bfloat16` or `float16`.

        Raises:
            ValueError: a batch below 1, or no such dtype, optimizer, checkpoint or autocast.
        """
        from archdsl.analysis.cost import TrainingChoices
        from archdsl.backends.tables.notebook import ShownCost

        choices = TrainingChoices(optimizer, checkpoint, autocast) if training else None
        return ShownCost(self.network, batch, dtype, choices)

    def summary(self) -> str:
        """One screen: each step of the arch's own body with output, parameters and multiply-accumulates, then the totals."""
        from archdsl.analysis.contracts import check
        from archdsl.backends.tables import summary

        cost = self.cost()
        failed = [] if self.network.overridden else check(self.network, cost)
        return summary(self.network, cost, len(failed))

    def with_(self, *, inputs: Shapes | None = None, **parameters: ParameterValue) -> Arch:
        """The same text with other values for some parameters and other shapes for some inputs; what is not given stays.

        Raises:
            ArchError: the program has mistakes with these.
            TypeError: it was made of a network alone, without its text.
        """
        recipe = self.recipe
        values = language_values(parameters)
        free = tuple(name for name in recipe.free if name not in values)
        text = Text(recipe.source, recipe.folder)
        return compile_text(text, {**recipe.parameters, **values}, {**(recipe.inputs or {}), **(inputs or {})}, free)

    def formula(self, metric: str) -> Basic:
        """A metric as a sympy expression; its symbols are the free dimensions and parameters, as positive integers.

        Raises:
            ValueError: there is no such metric, or it cannot be computed.
            ModuleNotFoundError: sympy is not there; the message has the command that installs it.
        """
        from archdsl.analysis.formula import formula

        return formula(self.network, metric)

    def source(self) -> str:
        """The PyTorch source: a module of its own that imports nothing but torch. Its first line says what it was made from."""
        if self._source is None:
            from archdsl.backends.torch import source
            from archdsl.provenance import mark

            printed = source(self.network, self._recipe)
            self._source = mark(printed.encode(), ".py", self.origin).decode()
        return self._source

    def module(self, device: str | int | Device | None = None, dtype: str | NumberType | None = None) -> Module:
        """The source, executed: a `torch.nn.Module` with fresh parameters.

        Raises:
            ValueError: there is no such device or dtype, or it cannot be built.
            ModuleNotFoundError: torch is not there; the message has the command that installs it.
        """
        need_torch()
        from archdsl.backends.torch import module

        return module(self.network, device, dtype, self._recipe)

    def verify(self) -> Report:
        """Build the module without memory for its tensors, and compare shapes, parameters and operations with the network.

        Raises:
            ValueError: it is too large to build, or its parameters depend on free dimensions.
            ModuleNotFoundError: torch is not there; the message has the command that installs it.
        """
        need_torch()
        from archdsl.backends.torch.running.verify import verify

        return verify(self.network)

    def load_weights(
        self, model: Fillable, file: Weights, map: Given | None = None, strict: bool = True, ema: bool | None = None
    ) -> LoadReport:
        """Put weights into `model`, a module of this architecture: they fit by their names, or are refused.

        Args:
            file: a file (safetensors, or of `torch.save`), or tensors by name.
            map: a name map for other names: a file, its document, or the source of a map that comes with archdsl
                (`timm:resnet50`). Without it the network's own names count, and those of the maps that come with archdsl.
            strict: refuse unless all of the module is filled; else load what fits, and report what is left and missing.
            ema: whether averaged weights are taken if a file has raw and averaged ones; None refuses such a file.

        Raises:
            ValueError: they do not fit, or it is not a file of weights; the model is unchanged.
            ModuleNotFoundError: torch is not there; the message has the command that installs it.
        """
        need_torch()
        from archdsl.backends.torch import load_weights
        from archdsl.backends.torch.weights.load import Wanted

        return load_weights(self.network, model, file, Wanted(map, strict, None if ema is None else bool(ema)))

    def render(
        self, path: str | os.PathLike[str], level: str | None = None, paint: str = "op", fit: str | None = None
    ) -> Rendered:
        """Draw it into a file: `.svg`, `.png`, `.pdf` or `.dot`.

        Without a level (`stage`, `block`, `layer`) it is the most detailed one that is legible on what the picture is to
        `fit`: `a4` (the default), `slide` or `column`; it is `block` with `fit="none"`.

        Raises:
            ValueError: no such level, paint or fit, level and fit together, or an unknown extension.
        """
        from archdsl.backends.render import render
        from archdsl.files import write_whole
        from archdsl.provenance import mark

        drawn = render(self.network, Path(path), level=level, paint=paint, fit=fit)
        write_whole(drawn.path, mark(drawn.path.read_bytes(), drawn.path.suffix, self.origin))
        return drawn

    @property
    def recipe(self) -> Recipe:
        """The text and the settings that it was made from.

        Raises:
            TypeError: it was made of a network alone.
        """
        if self._recipe is None:
            raise TypeError(f"`{self.name}` was made of a network alone, so there is no text to make it from again")
        return self._recipe

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Arch):
            return NotImplemented
        if self.network is other.network:
            return True
        from archdsl.analysis.reports.changes import diff

        return hash(self) == hash(other) and not diff(self.network, other.network)

    def __hash__(self) -> int:
        from archdsl.ir.digest import network_digest

        return hash((self.name, self.network.inputs, network_digest(self.network)))

    def __reduce__(self) -> tuple[Callable[..., Arch], tuple[object, ...]]:
        source, folder, *rest = recipe = self.recipe
        place = None if folder is None else str(folder)
        return _unpickled, (source.name, source.text, place, *rest, recipe.digest())

    def _repr_svg_(self) -> str:
        """The picture, in a notebook."""
        from archdsl.backends.render import svg

        return svg(self.network)

    def __repr__(self) -> str:
        from archdsl.shapes import shape_text

        inputs = ", ".join(f"{name}{shape_text(shape)}" for name, shape in self.network.inputs)
        outputs = ", ".join(map(shape_text, self.network.root.result_shapes))
        return f"<archdsl.Arch {self.name}: {inputs} -> {outputs}>"


def load(file: File, /, *, inputs: Shapes | None = None, free: Iterable[str] = (), **parameters: ParameterValue) -> Arch:
    """Read and check an architecture.

    Args:
        file: a path, a zoo name or an open file. Imports are relative to a path's folder.
        inputs: other shapes for inputs, `{"image": (3, 320, 320)}`.
        free: parameters that have no value, so that the costs are formulas of them: `["width"]`.
        parameters: other values for the arch's parameters: `depths=[3, 4, 23, 3]`.

    Raises:
        ArchError: the program has mistakes, or cannot be read. Contracts are checked by `archdsl check`, not here.
        ValueError: a parameter cannot be left free.
    """
    return compile_text(read(file), language_values(parameters), inputs, free)


def loads(
    text: str, filename: str = "<text>", *, inputs: Shapes | None = None, free: Iterable[str] = (), **parameters: ParameterValue
) -> Arch:
    """Check an architecture given as text; `filename` is the name in messages, and imports are relative to its folder.

    Raises:
        ArchError: the program has mistakes.
        ValueError: a parameter cannot be left free.
    """
    folder = Path(filename).parent if filename.endswith(SUFFIX) else None
    return compile_text(Text(Source(filename, text), folder), language_values(parameters), inputs, free)


def compile_text(
    text: Text, values: Mapping[str, Evaluated], inputs: Mapping[str, Shape] | None, free: Iterable[str] = ()
) -> Arch:
    """A text that was read, compiled; `values` are values of the language.

    Raises:
        ArchError: the program has mistakes.
        Refusal: a parameter cannot be left free.
    """
    from archdsl.compiler import Recipe, compile_source

    recipe = Recipe(text.source, text.folder, values, inputs, tuple(free))
    if recipe.free:
        from archdsl.free_parameters import compile_free

        return Arch(compile_free(*recipe), recipe)
    return Arch(compile_source(*recipe[:4]), recipe)


def _unpickled(
    name: str,
    text: str,
    folder: str | None,
    parameters: Mapping[str, Evaluated],
    inputs: Shapes | None,
    free: tuple[str, ...],
    digest: str,
) -> Arch:
    """The arch compiled again, which runs nothing of the pickle's; what it imports is read again, and must be the same."""
    from archdsl.diagnostics import Refusal

    arch = compile_text(Text(Source(name, text), None if folder is None else Path(folder)), parameters, inputs, free)
    if arch.recipe.digest() != digest:
        raise Refusal(f"`{name}` is not what was pickled: a file that it imports has changed since")
    return arch


def need_torch() -> None:
    """PyTorch can be imported.

    Raises:
        ModuleNotFoundError: it is not there; the message has the command that installs it.
    """
    from importlib.util import find_spec

    if find_spec("torch") is None:
        raise ModuleNotFoundError("this needs PyTorch: pip install 'archdsl[torch]'", name="torch")
