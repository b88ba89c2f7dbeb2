"""What each module of the built model must have by the network: calls with shapes, tensors. Must not import torch."""

from __future__ import annotations

from archdsl.backends.torch.expressions.identifiers import module_name
from archdsl.backends.torch.plan.forms import Form, Forms, is_module
from archdsl.backends.torch.plan.unused_inputs import trimmed_region
from archdsl.ir import Declare, Node, Region, Use
from archdsl.records import NamedTuple
from archdsl.shapes import Shape


class ModuleCall(NamedTuple):
    """One call of a module: the shapes of its tensors in and out, without the batch. None is for what is not compared."""

    inputs: tuple[Shape, ...]
    outputs: tuple[Shape | None, ...]


class Expected:
    """Everything that the model must show.

    Attributes:
        calls: by the module's path, in evaluation (`main`) and of what runs in training only (`aux`).
        tensors: parameters and buffers by path, in order: shape, and whether it is learned.
    """

    def __init__(self, root: Region) -> None:
        self.main: dict[str, list[ModuleCall]] = {}
        self.aux: dict[str, list[ModuleCall]] = {}
        self.tensors: dict[str, tuple[Shape, bool]] = {}
        self._forms = Forms()
        root = trimmed_region(root)
        self._calls(root, "", self.main, {})
        self._owned(root, "")

    # Calls

    def _calls(self, region: Region, path: str, into: dict[str, list[ModuleCall]], homes: dict[int, str]) -> None:
        """Walk what runs; `homes` maps shared modules to where they live."""
        homes = {**homes, **{id(s.shared): path + module_name(s.name) for s in region.steps if isinstance(s, Declare)}}
        for step in self._forms.steps(region):
            if isinstance(step, Declare):
                continue
            calls = self.aux if isinstance(step, Use) and step.aux else into
            for run in range(step.count):
                own = path + _run_name(step, run, region)
                if isinstance(step, Node):
                    self._node(step, own, calls)
                else:
                    self._use(step, homes[id(step.shared)] if step.shared is not None else own, calls, homes)

    def _node(self, node: Node, path: str, into: dict[str, list[ModuleCall]]) -> None:
        if is_module(self._forms.lowering(node)):
            outputs = (node.site.y,) if node.indices is None else (node.site.y, node.site.y)
            into.setdefault(path, []).append(ModuleCall(node.site.xs, outputs))

    def _use(self, use: Use, path: str, into: dict[str, list[ModuleCall]], homes: dict[int, str]) -> None:
        region = use.region
        form = self._forms.form(region)
        if form is Form.IDENTITY:
            return
        if form not in (Form.LOOP, Form.AGAIN):
            outputs = [region.shapes[output.value] if not output.aux else None for output in region.outputs]
            into.setdefault(path, []).append(ModuleCall(region.input_shapes, (*region.result_shapes, *outputs)))
        self._calls(region, f"{path}.", into, homes)
        # One call a token: those after the first are like it.
        if region.scans and isinstance(region.parts, int):
            inside = [key for key in into if key == path or key.startswith(f"{path}.")]
            for key in inside:
                into[key] = into[key] * region.parts

    # Tensors

    def _owned(self, region: Region, path: str) -> None:
        for step in self._forms.steps(region):
            if isinstance(step, Declare):
                if step.shared.region is not None:
                    self._owned(step.shared.region, f"{path}{module_name(step.name)}.")
                continue
            for run in range(step.count):
                own = path + _run_name(step, run, region)
                if isinstance(step, Node):
                    self.tensors |= {f"{own}.{tensor.name}": (tensor.shape, tensor.learned) for tensor in step.site.parameters}
                elif step.shared is None:
                    self._owned(step.region, f"{own}.")


def _run_name(step: Node | Use, run: int, region: Region) -> str:
    """The step's name; in a repetition it is the number of its first run."""
    return str(int(step.name) + run) if region.kind == "repetition" else module_name(step.name)
