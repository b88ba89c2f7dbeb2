"""Does the built module agree with the network: every shape, every tensor, the multiply-accumulates? Must not print.

The model is built on the meta device, where tensors have shapes and no numbers, and run twice: in evaluation with batch 1 under
PyTorch's own counter, and in training with batch 2 if there are auxiliary heads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from archdsl.analysis.metrics.totals import Tallies, total
from archdsl.backends.torch.running.expected import Expected, ModuleCall
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from torch.nn import Module

    from archdsl.ir import Network
    from archdsl.shapes import Shape


class Mismatch(NamedTuple):
    """One disagreement: the module's path ("" for the whole network), what it is about, what was expected and found."""

    path: str
    what: str
    expected: object
    found: object

    def __str__(self) -> str:
        place = self.path or "the network"
        return f"{place}: {self.what} {_shown(self.expected)} expected, {_shown(self.found)} found"


class Report(NamedTuple):
    """What was compared: numbers of the built module, how many calls and tensors, and the disagreements."""

    params: int
    macs: int
    calls: int
    tensors: int
    mismatches: tuple[Mismatch, ...]

    @property
    def agrees(self) -> bool:
        """Whether everything agrees."""
        return not self.mismatches


def verify(network: Network, model: Module | None = None) -> Report:
    """Build the network on the meta device and compare it with the IR.

    Args:
        network: the network.
        model: compare this module instead (its tensors on the meta device).

    Raises:
        archdsl.backends.torch.running.execute.TooLarge, FreeDimensions: it cannot be built.
        ModuleNotFoundError: torch is not installed.
    """
    from archdsl.backends.torch.running.execute import FreeDimensions, build

    # First, since it refuses what is too large to be written down call by call.
    # Frozen, since PyTorch's counter hooks what needs gradients and stumbles over a view of a parameter made without them.
    model = (build(network, device="meta") if model is None else model).requires_grad_(False)
    if network.symbols:
        raise FreeDimensions(network.symbols, "values")
    expected = Expected(network.root)
    tally = Tallies().of(network.root)
    main, aux = total(tally.main), total(tally.aux)
    mismatches = _tensors(model, expected)
    params = sum(parameter.numel() for parameter in model.parameters())
    if params != main.params + aux.params:
        mismatches.append(Mismatch("", "parameters", main.params + aux.params, params))
    macs = _run(model.eval(), network, 1, expected.main, mismatches)
    if macs != main.macs:
        mismatches.append(Mismatch("", "MACs", main.macs, macs))
    if expected.aux:
        both = {path: [*expected.main.get(path, ()), *expected.aux.get(path, ())] for path in expected.main | expected.aux}
        trained = _run(model.train(), network, 2, both, mismatches)
        if trained != 2 * (main.macs + aux.macs):
            mismatches.append(Mismatch("", "MACs with auxiliary heads, batch 2", 2 * (main.macs + aux.macs), trained))
        model.eval()
    calls = sum(map(len, expected.main.values())) + sum(map(len, expected.aux.values()))
    return Report(params, macs, calls, len(expected.tensors), tuple(mismatches))


def _tensors(model: Module, expected: Expected) -> list[Mismatch]:
    """Parameters and persistent buffers: names, shapes, and the order of the parameters."""
    learned = {name: tuple(parameter.shape) for name, parameter in model.named_parameters()}
    found = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    mismatches = []
    for name, (shape, is_learned) in expected.tensors.items():
        if name not in found:
            mismatches.append(Mismatch(name, "a tensor", shape, None))
        elif found[name] != shape:
            mismatches.append(Mismatch(name, "a tensor", shape, found[name]))
        elif is_learned != (name in learned):
            mismatches.append(Mismatch(name, "a parameter" if is_learned else "a buffer", True, False))
    mismatches += [Mismatch(name, "a tensor", None, shape) for name, shape in found.items() if name not in expected.tensors]
    order = [name for name, (_, is_learned) in expected.tensors.items() if is_learned]
    if not mismatches and order != list(learned):
        first = next(at for at, (ours, theirs) in enumerate(zip(order, learned, strict=True)) if ours != theirs)
        mismatches.append(Mismatch("", f"as parameter {first}", order[first], list(learned)[first]))
    return mismatches


def _run(model: Module, network: Network, batch: int, expected: dict[str, list[ModuleCall]], mismatches: list[Mismatch]) -> int:
    """One pass; compares the calls of every module and gives the multiply-accumulates that PyTorch counted."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from archdsl.shapes import Indices

    found: dict[str, list[ModuleCall]] = {path: [] for path in expected}
    handles = []
    for path, module in model.named_modules():
        if path in expected:
            handles.append(module.register_forward_hook(_hook(found[path])))
    kinds = [(shape, torch.int64 if isinstance(shape, Indices) else None) for _, shape in network.inputs]
    sizes = [(tuple(axis for axis in shape if isinstance(axis, int)), dtype) for shape, dtype in kinds]
    inputs = [torch.empty((batch, *shape), dtype=dtype, device="meta") for shape, dtype in sizes]
    try:
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            model(*inputs)
    finally:
        for handle in handles:
            handle.remove()
    for path, calls in expected.items():
        _compare(path, calls, found[path], mismatches)
    return int(counter.get_total_flops()) // 2


def _hook(into: list[ModuleCall]) -> Callable[[Module, tuple[object, ...], object], None]:
    import torch

    def shape(value: torch.Tensor) -> Shape:
        return tuple(value.shape[1:])

    def note(module: Module, args: tuple[object, ...], output: object) -> None:
        inputs = tuple(shape(arg) for arg in args if isinstance(arg, torch.Tensor))
        values = output if isinstance(output, (tuple, list)) else (output,)
        into.append(ModuleCall(inputs, tuple(shape(value) if isinstance(value, torch.Tensor) else None for value in values)))

    return note


def _compare(path: str, expected: list[ModuleCall], found: list[ModuleCall], mismatches: list[Mismatch]) -> None:
    """The calls of one module; of a shared one in any order, since only the data decides it."""
    if len(expected) != len(found):
        mismatches.append(Mismatch(path, "calls", len(expected), len(found)))
        return
    if len(expected) > 1:
        expected, found = sorted(expected, key=repr), sorted(found, key=repr)
    for ours, theirs in zip(expected, found, strict=True):
        if tuple(map(tuple, ours.inputs)) != theirs.inputs:
            mismatches.append(Mismatch(path, "inputs", ours.inputs, theirs.inputs))
        pairs = list(zip(ours.outputs, theirs.outputs, strict=False))
        if len(ours.outputs) != len(theirs.outputs) or any(ours is not None and ours != theirs for ours, theirs in pairs):
            mismatches.append(Mismatch(path, "outputs", ours.outputs, theirs.outputs))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_shown(item) for item in value)}]"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
