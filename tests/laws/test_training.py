"""The memory of training: what autograd keeps, to the byte; the worst moment; optimizers and checkpoints by hand."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.sizes import numbers
from helpers.unrolled import Program

import archdsl
from archdsl.analysis.cost import Cost
from archdsl.analysis.dtypes import UnknownChoice
from archdsl.analysis.training.saved import Saves
from archdsl.analysis.training.timeline import Timeline
from archdsl.analysis.training.worst_moment import worst_moment
from archdsl.analysis.unavailable import Unavailable
from archdsl.diagnostics import Refusal

CONV = 4 * 4 * 9 * 4  # bytes of the weights of conv 3x3 from 4 to 4
MAP = 4 * 8 * 8 * 4  # bytes of [4, 8, 8]


def cost(body: str, batch: int = 1) -> Cost:
    return archdsl.loads(f"arch a\ninput x[4, 8, 8]\ndefault conv bias=false\n{body}").cost(batch=batch)


@pytest.mark.parametrize(
    ("body", "maps"),
    [
        # The network's input is the caller's; the result is not kept.
        ("conv 3x3 4", 0),
        # A convolution keeps its input, a ReLU its output: where it is both, it is one tensor.
        ("conv 3x3 4 ; conv 3x3 4", 1),
        ("conv 3x3 4 ; relu ; conv 3x3 4", 1),
        ("conv 3x3 4 ; sigmoid ; conv 3x3 4", 1),
        # SiLU keeps its input, so both sides of it are kept.
        ("conv 3x3 4 ; silu ; conv 3x3 4", 2),
        # A sum keeps nothing.
        ("conv 3x3 4 ; residual < conv 3x3 4 > ; conv 3x3 4", 2),
        # Before the first parameter no gradients are needed.
        ("relu ; sigmoid ; maxpool 2x2", 0),
        # A view keeps the storage.
        ("conv 3x3 4 ; flatten ; linear 1", 1),
        ("x1000 < conv 3x3 4 ; relu >", 1000),
        ("conv 3x3 4 ; aux side < conv 3x3 4 ; conv 3x3 4 > ; conv 3x3 4", 2),
    ],
)
def test_what_is_kept(body: str, maps: int) -> None:
    assert cost(body).training().saved == maps * MAP
    assert cost(body, batch=8).training().saved == 8 * maps * MAP


def test_statistics_of_a_batch_do_not_grow_with_it() -> None:
    one, eight = (cost("conv 3x3 4 ; bn", batch).training().saved for batch in (1, 8))
    # The input of the normalization; the mean and the reciprocal deviation of four channels.
    assert (one, eight) == (MAP + 32, 8 * MAP + 32)


def test_autocast_halves_activations_and_copies_weights() -> None:
    wide, narrow = (cost("conv 3x3 4 ; relu ; conv 3x3 4").training(autocast=to) for to in (None, "bfloat16"))
    assert (wide.saved, narrow.saved) == (MAP, MAP // 2)
    # Two weights, in half the width.
    assert (wide.copies, narrow.copies) == (0, CONV)
    assert (narrow.parameters, narrow.gradients, narrow.input) == (2 * CONV, 2 * CONV, MAP)
    # As by hand below, with the three maps in half the width, and the copies.
    assert narrow.peak == 2 * CONV + MAP + 3 * MAP // 2 + CONV + CONV
    assert narrow.to_dict()["copies_bytes"] == CONV


@pytest.mark.torch
@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v2"])
def test_what_autocast_keeps_is_about_that_of_autograd(name: str) -> None:
    """On a CPU, copies of weights apart; what the framework leaves in float32 is the difference."""
    import torch

    arch = archdsl.load(name, inputs={"image": (3, 64, 64)})
    model, image = arch.module().train(), torch.rand(2, 3, 64, 64)
    known = {tensor.untyped_storage().data_ptr() for tensor in (*model.parameters(), *model.buffers(), image)}
    weights = {tuple(tensor.shape) for tensor in model.parameters()}
    kept: dict[int, int] = {}
    copies: dict[int, int] = {}

    def pack(tensor: Any) -> Any:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in known:
            is_copy = tensor.dtype == torch.bfloat16 and bool({tuple(tensor.shape), tuple(tensor.shape[::-1])} & weights)
            (copies if is_copy else kept)[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autocast("cpu", dtype=torch.bfloat16), torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        result = model(image)
    assert result.dtype == torch.bfloat16
    training = arch.cost(batch=2).training(autocast="bfloat16")
    assert training.saved == pytest.approx(sum(kept.values()), rel=0.03)
    assert training.copies == pytest.approx(sum(copies.values()), rel=0.001)


@pytest.mark.parametrize(("dtype", "to"), [("float32", "int8"), ("float16", "bfloat16")])
def test_types_that_nothing_is_cast_to(dtype: str, to: str) -> None:
    with pytest.raises(Refusal, match=r"the choices are `bfloat16`, `float16`|not narrower"):
        archdsl.load("resnet18").cost(dtype=dtype).training(autocast=to)


def test_costs_in_training_have_its_peak_and_its_parts() -> None:
    arch = archdsl.load("resnet18")
    trained, inferred = (arch.cost(8, training=training, optimizer="adam") for training in (True, False))
    assert trained.step is not None
    assert trained.peak == trained.step.peak == arch.cost(8).training("adam").peak
    assert trained.inference_peak == inferred.peak == inferred.inference_peak
    assert trained.to_dict()["peak"] == trained.to_dict()["training"]["peak_bytes"] == trained.peak
    assert "training" not in inferred.to_dict()
    assert {name: trained.to_dict()[name] for name in ("params", "macs", "memory")} == {
        name: inferred.to_dict()[name] for name in ("params", "macs", "memory")
    }


@pytest.mark.parametrize(("name", "states"), [("sgd", 0), ("momentum", 1), ("adam", 2), ("adamw", 2)])
def test_parts_of_the_standing_memory(name: str, states: int) -> None:
    training = cost("conv 3x3 4 ; bn", batch=2).training(name)
    learned = CONV + 8 * 4
    assert (training.parameters, training.gradients, training.optimizer) == (learned, learned, states * learned)
    assert training.buffers == 9 * 4
    assert training.input == 2 * MAP


def test_the_worst_moment_by_hand() -> None:
    # At the turn: two kept maps, the result, and then the gradients of the last weight and of the last input.
    training = cost("conv 3x3 4 ; relu ; conv 3x3 4").training()
    backward = MAP + MAP + MAP + CONV
    assert training.peak == 2 * CONV + MAP + backward


def test_the_calls_of_a_shared_module_add_to_one_gradient() -> None:
    apart = cost("conv 3x3 4 ; conv 3x3 4").training()
    shared = cost("shared m < conv 3x3 4 >\nm ; m").training()
    assert (shared.parameters, shared.gradients, shared.saved) == (CONV, CONV, apart.saved)
    # The worst moment is in the backward of the last call, where there is one gradient of weights either way.
    assert [apart.peak, shared.peak] == [2 * CONV + MAP + 3 * MAP + CONV, CONV + MAP + 3 * MAP + CONV]
    # Three calls: at the first one there are still the two gradients of values and the one of the weights.
    assert cost("shared m < conv 3x3 4 >\nm ; m ; m").training().gradients == CONV


def test_a_checkpoint_keeps_inputs_and_makes_the_rest_again() -> None:
    body = "stage < x3 < block < conv 3x3 4 ; silu ; conv 3x3 4 ; silu > > >\nconv 3x3 4"
    plain, block, stage = (cost(body).training(checkpoint=name).saved for name in (None, "block", "stage"))
    assert plain == (3 * 4) * MAP
    # The input of the second and third block, and of the last convolution; the first block's is the network's.
    assert block == 3 * MAP
    assert stage == MAP


def test_unknown_choices_get_the_nearest() -> None:
    with pytest.raises(UnknownChoice, match="did you mean `adam`"):
        cost("conv 3x3 4").training("adamm")
    with pytest.raises(UnknownChoice, match="the choices are `stage`, `block`"):
        cost("conv 3x3 4").training(checkpoint="everything")


def test_a_thousand_and_a_million_blocks_cost_the_same_to_count() -> None:
    text = "arch a(n=1000)\ninput x[4, 8, 8]\nx(n) < residual < conv 3x3 4 bias=false ; bn ; silu > >"
    training = archdsl.loads(text, n=10**6).cost().training()
    timeline = Timeline(training.workload.network.root, Saves())
    assert len(timeline.events) < 30
    assert isinstance(training.peak, int)
    assert training.peak > 10**6 * 3 * MAP


@pytest.mark.torch
@pytest.mark.parametrize(
    ("name", "size"), [("resnet18", 64), ("densenet121", 64), ("swin_t", 64), ("convnext_tiny", 64), ("googlenet", 224)]
)
def test_saved_bytes_are_those_of_autograd(name: str, size: int) -> None:
    """Operator by operator on a CPU, every tensor that a hook sees once; masks of dropout are wider there."""
    import torch
    from helpers.lowered import module_of

    arch = archdsl.load(name, inputs={"image": (3, size, size)})
    program = Program(arch.network.root)
    modules = [module_of(run.node.operator, run.node.site).train() for run in program.runs]
    inputs = map(numbers, program.shapes[: program.inputs])
    values: dict[int, Any] = {number: torch.rand(2, *shape) for number, shape in enumerate(inputs)}
    owned = [tensor for module in modules for tensor in (*module.parameters(), *module.buffers())]
    known = {tensor.untyped_storage().data_ptr() for tensor in (*owned, *values.values())}
    kept: dict[int, Any] = {}

    def pack(tensor: Any) -> Any:
        if tensor.untyped_storage().data_ptr() not in known:
            kept[tensor.untyped_storage().data_ptr()] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        for run, module in zip(program.runs, modules, strict=True):
            values[run.output] = module(*(values[value] for value in run.inputs))
    masks = [run.output for run in program.runs if run.node.operator.name == "dropout" and run.node.site.a.p]
    wider = sum(3 * values[output].numel() for output in masks)
    measured = sum(tensor.untyped_storage().nbytes() for tensor in kept.values())
    assert arch.cost(batch=2).training().saved == measured - wider


@pytest.mark.torch
@pytest.mark.parametrize("name", ["vgg11", "resnet18", "mobilenet_v2", "densenet121", "efficientnet_b0", "swin_t", "googlenet"])
def test_the_worst_moment_is_that_of_the_lowered_program(name: str) -> None:
    """Within 5 %, at batch 8: forward and backward of the generated module, its tensors counted while they live."""
    import torch
    from helpers.allocations import Allocations

    arch = archdsl.load(name)
    model = arch.module(device="meta").train()
    inputs = [torch.empty(8, *numbers(shape), device="meta") for _, shape in arch.network.inputs]
    with Allocations([*inputs, *model.parameters(), *model.buffers()]) as allocations:
        result = model(*inputs)
        results = result if isinstance(result, tuple) else (result,)
        torch.autograd.backward(results, [torch.empty_like(one) for one in results])
    ours = worst_moment(Timeline(arch.network.root, Saves()), 8, 4, 4)
    assert ours == pytest.approx(allocations.peak, rel=0.05)


@pytest.mark.torch
@pytest.mark.slow
@pytest.mark.parametrize("name", ["alexnet", "resnet50", "mobilenet_v2", "vit_b_16", "squeezenet1_0"])
def test_the_worst_moment_is_what_the_allocator_of_a_cpu_gives(name: str) -> None:
    """Within 5 %, at batch 8, by the profiler: really computed, with the kernels' own workspace."""
    import torch
    from torch.profiler import ProfilerActivity, profile

    arch = archdsl.load(name)
    model = arch.module().train()
    inputs = [torch.rand(8, *numbers(shape)) for _, shape in arch.network.inputs]
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiled:
        result = model(*inputs)
        result.backward(torch.ones_like(result))
    events = [event for event in profiled.profiler.kineto_results.events() if event.name() == "[memory]"]
    level = peak = 0
    for event in sorted(events, key=lambda event: event.start_ns()):
        level += event.nbytes()
        peak = max(peak, level)
    ours = worst_moment(Timeline(arch.network.root, Saves()), 8, 4, 4)
    assert ours == pytest.approx(peak, rel=0.05)


def test_deeply_nested_repetitions_have_no_worst_moment_but_all_else() -> None:
    text = "arch a\ninput x[4, 8, 8]\n" + "x9 < conv 1x1 4\n" * 90 + ">" * 90
    training = archdsl.loads(text).cost().training()
    assert isinstance(training.peak, Unavailable)
    assert training.saved == (sum(9**level for level in range(1, 91)) - 1) * MAP
