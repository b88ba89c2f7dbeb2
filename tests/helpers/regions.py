"""Regions built by hand, for tests of what is computed over them. Must not read texts."""

from __future__ import annotations

from typing import Any

from archdsl.ir import Declare, Network, Node, Output, Region, Shared, Step, Use
from archdsl.ops.binding import complete
from archdsl.ops.registry import OPERATORS
from archdsl.shapes import Shape
from archdsl.text import Source, Span

NOWHERE = Span(Source("built", ""), 0, 0)


class Build:
    """A region step by step: `node` and `use` give the numbers of the values that they make."""

    def __init__(self, *inputs: Shape, kind: Any = "group", name: str = "built", captures: int = 0) -> None:
        self.shapes = list(inputs)
        self.inputs = len(inputs)
        self.kind, self.name, self.captures = kind, name, captures
        self.steps: list[Step] = []
        self.last = 0

    def node(self, operator: str, *inputs: int, count: int = 1, name: str = "", **written: Any) -> int:
        """A use of an operator on values (on the last one where none is given)."""
        inputs = inputs or (self.last,)
        xs = tuple(self.shapes[value] for value in inputs)
        entry = OPERATORS[operator]
        site = entry.site(complete(entry, written, xs), xs)
        step = Node(entry, site, name or f"{operator}{len(self.steps)}", inputs, self._new(site.y), NOWHERE, None, count=count)
        self.steps.append(step)
        return self.last

    def use(self, region: Region, *inputs: int, count: int = 1, name: str = "", **more: Any) -> tuple[int, ...]:
        shapes = [*region.result_shapes, *(region.shapes[output.value] for output in region.outputs)]
        outputs = tuple(self._new(shape) for shape in shapes)
        self.steps.append(Use(region, name or f"use{len(self.steps)}", inputs, outputs, NOWHERE, None, count=count, **more))
        self.last = outputs[0]
        return outputs

    def declare(self, shared: Shared) -> None:
        self.steps.append(Declare(shared))

    def done(self, *results: int, outputs: tuple[Output, ...] = ()) -> Region:
        results = results or (self.last,)
        return Region(
            self.kind,
            self.name,
            tuple(self.shapes),
            self.inputs,
            tuple(self.steps),
            results,
            NOWHERE,
            None,
            outputs=outputs,
            captures=self.captures,
        )

    def _new(self, shape: Shape) -> int:
        self.shapes.append(shape)
        self.last = len(self.shapes) - 1
        return self.last


def network(root: Region, name: str = "built") -> Network:
    inputs = tuple((f"x{i}" if i else "x", shape) for i, shape in enumerate(root.input_shapes))
    return Network(name, inputs, root, {}, {}, ())
