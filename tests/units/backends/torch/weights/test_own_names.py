"""Weights under the network's own names: in every wrapping they load with equal outputs, or are refused and change nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from helpers.small_weights import Filled, draw, filled, output, small
from safetensors.torch import save_file

import archdsl
from archdsl.backends.torch.weights.report import WeightsMismatch
from archdsl.diagnostics import Refusal

pytestmark = pytest.mark.torch

State = dict[str, Any]


@pytest.fixture(scope="module")
def source() -> Filled:
    return filled(seed=1)


def before(prefix: str) -> Callable[[State], State]:
    return lambda state: {prefix + name: value for name, value in state.items()}


def compiled_inside(state: State) -> State:
    return {name.replace("stage1.", "stage1._orig_mod."): value for name, value in state.items()}


def as_numpy(state: State) -> State:
    return {name: value.numpy() for name, value in state.items()}


FITTING: dict[str, Callable[[State], Any]] = {
    "as it is": dict,
    "float64": lambda state: {name: value.double() for name, value in state.items()},
    "not contiguous": lambda state: {
        name: value.mT.contiguous().mT if value.ndim > 1 else value for name, value in state.items()
    },
    "another order": lambda state: dict(sorted(state.items(), reverse=True)),
    "a further tensor": lambda state: state | {"criterion.weight": torch.ones(3)},
    "parallel": before("module."),
    "compiled": before("_orig_mod."),
    "both": before("module._orig_mod."),
    "Lightning": before("model."),
    "a backbone": before("model.backbone."),
    "compiled inside": compiled_inside,
    "state_dict": lambda state: {"state_dict": state, "epoch": 3},
    "model": lambda state: {"model": state, "optimizer": {"state": {0: {"exp_avg": torch.zeros(3)}}}},
    "parallel in state_dict": lambda state: {"state_dict": before("module.")(state)},
    "state_dict in model": lambda state: {"model": {"state_dict": state}},
    "params": lambda state: {"params": state},
    "averaged alone": lambda state: {"ema": state},
    "AveragedModel": lambda state: {"n_averaged": torch.tensor(5), **before("module.")(state)},
    "NumPy": as_numpy,
}


@pytest.mark.parametrize("wrap", FITTING.values(), ids=FITTING)
def test_it_loads_with_equal_outputs(source: Filled, wrap: Callable[[State], Any]) -> None:
    ours = filled(seed=2)
    report = source.arch.load_weights(ours.module, wrap(source.state))
    assert torch.equal(output(ours.module), output(source.module))
    assert {ours for ours, _ in report.loaded} == set(source.state)
    assert (report.missing, report.other_shapes, report.counters) == ((), (), ())


@pytest.mark.parametrize("name", ["w.pth", "w.safetensors", "w.bin"])
def test_files_of_both_formats(source: Filled, tmp_path: Path, name: str) -> None:
    if name == "w.pth":
        torch.save(source.state, tmp_path / name)
    else:
        save_file(source.state, str(tmp_path / name))
    ours = filled(seed=2)
    source.arch.load_weights(ours.module, tmp_path / name)
    assert torch.equal(output(ours.module), output(source.module))


def test_half_precision_is_widened(source: Filled) -> None:
    ours = filled(seed=2)
    source.arch.load_weights(ours.module, {name: value.half() for name, value in source.state.items()})
    assert all(value.dtype is torch.float32 for value in ours.module.parameters())
    assert torch.equal(ours.module.stem.conv1.weight, source.module.stem.conv1.weight.half().float())


def test_the_report_names_what_is_left_and_what_stayed(source: Filled) -> None:
    ours = filled(seed=2)
    state = {name: value for name, value in source.state.items() if "batches" not in name}
    report = source.arch.load_weights(
        ours.module, {"model." + name: value for name, value in state.items()} | {"loss.w": torch.ones(2)}
    )
    assert report.left == ("loss.w",)
    assert len(report.counters) == 3
    assert int(ours.module.stem.bn1.num_batches_tracked) == 9
    assert str(report) == (
        "17 tensors, read as the network's own names after `model.`\n"
        "1 tensor of the file not used: loss.w\n"
        "3 batch counters not in the file: stem.bn1.num_batches_tracked, stage1.0.bn1.num_batches_tracked, "
        "stage1.1.bn1.num_batches_tracked"
    )


# Averages


def both(state: State, name: str, value: float = 0.0) -> State:
    other = {key: torch.full_like(tensor, value) for key, tensor in state.items()}
    return {
        "two keys": {"state_dict": other, "state_dict_ema": state},
        "model_ema": {"model": other, "model_ema": state},
        "a prefix": {f"model.{key}": tensor for key, tensor in other.items()}
        | {f"ema_model.module.{key}": tensor for key, tensor in state.items()},
    }[name]


@pytest.mark.parametrize("name", ["two keys", "model_ema", "a prefix"])
def test_raw_and_averaged_weights(source: Filled, name: str) -> None:
    ours = filled(seed=2)
    found = both(source.state, name, 2.0)
    with pytest.raises(Refusal, match=r"raw and averaged weights \(EMA\).*`ema=True`.*`ema=False`"):
        source.arch.load_weights(ours.module, found)
    source.arch.load_weights(ours.module, found, ema=False)
    assert bool((ours.module.stem.conv1.weight == 2).all())
    source.arch.load_weights(ours.module, found, ema=True)
    assert torch.equal(output(ours.module), output(source.module))


def test_averages_that_are_not_there(source: Filled) -> None:
    with pytest.raises(Refusal, match="needs averaged weights, but none are"):
        source.arch.load_weights(source.module, source.state, ema=True)
    with pytest.raises(Refusal, match="needs raw weights, but there are only averaged ones"):
        source.arch.load_weights(source.module, {"ema": source.state}, ema=False)


# What is refused


def without(*names: str) -> Callable[[State], State]:
    return lambda state: {name: value for name, value in state.items() if not name.endswith(names)}


def with_one(name: str, change: Callable[[Any], Any]) -> Callable[[State], State]:
    return lambda state: {**state, name: change(state[name])}


def renamed(state: State) -> State:
    state = dict(state)
    state["stem.norm.weight"] = state.pop("stem.bn1.weight")
    return state


def spoilt(value: float) -> Callable[[Any], Any]:
    def change(tensor: Any) -> Any:
        tensor = tensor.clone()
        tensor.view(-1)[1] = value
        return tensor

    return change


WEIGHT, BIAS = "head.linear1.weight", "head.linear1.bias"
REFUSED: dict[str, tuple[Callable[[State], Any], str]] = {
    "one name is another": (
        renamed,
        r"lacks 1 of 17 tensors[^§]*missing: stem\.bn1\.weight; the nearest name there is stem\.norm\.weight",
    ),
    "one is missing": (
        without("stage1.0.bn1.running_mean"),
        r"lacks 1 of 17 tensors[^§]*missing: stage1\.0\.bn1\.running_mean",
    ),
    "no statistics": (
        without("running_mean", "running_var", "batches_tracked"),
        r"lacks 6 of 17 tensors[^§]*stem\.bn1\.running_mean[^§]*… and 1 more",
    ),
    "other names": (
        lambda state: {f"n{n}": value for n, value in enumerate(state.values())},
        r"none of the file's names is known.*\n  the file has n0, n1",
    ),
    "another shape": (
        with_one(BIAS, lambda value: value[:3]),
        r"1 of 20 tensors have different shapes[^§]*head\.linear1\.bias: \[10\] in the network, \[3\] in the file",
    ),
    "empty": (lambda state: {}, "there are no weights: it is empty"),
    "no tensors": (lambda state: {"epoch": 3, "args": {"lr": 0.1}}, "no tensors by name: the keys are `epoch`, `args`"),
    "unknown key": (
        lambda state: {"generator": state, "critic": state},
        "keys that archdsl does not know \\(`generator`, `critic`\\)",
    ),
    "twice": (
        lambda state: before("model.")(state) | {f"backbone.{name}": value + 1 for name, value in state.items()},
        "in several ways",
    ),
    "whole numbers": (with_one(WEIGHT, lambda value: value.int()), "`head.linear1.weight`.*holds whole numbers \\(int32\\)"),
    "booleans": (with_one(WEIGHT, lambda value: value > 1), "holds booleans"),
    "complex numbers": (with_one(WEIGHT, lambda value: value * 1j), "holds complex numbers \\(complex64\\)"),
    "float8": (with_one(WEIGHT, lambda value: value.to(torch.float8_e4m3fn)), "holds float8_e4m3fn.*scales"),
    "sparse": (with_one(WEIGHT, lambda value: value.to_sparse()), "sparse or quantized"),
    "without numbers": (with_one(WEIGHT, lambda value: value.to("meta")), "a shape but no numbers"),
    "NaN": (
        with_one(WEIGHT, spoilt(float("nan"))),
        r"1 tensors hold numbers that are not finite[^§]*head\.linear1\.weight: 1 NaN of 80",
    ),
    "infinite": (with_one("stem.bn1.running_var", spoilt(float("inf"))), r"stem\.bn1\.running_var: 1 infinite of 8"),
    "NumPy strings": (
        lambda state: {**as_numpy(state), WEIGHT: numpy.array(["a"])},
        "NumPy array of <U1",
    ),
}


@pytest.mark.parametrize(("spoil", "sentence"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_and_changes_nothing(source: Filled, spoil: Callable[[State], Any], sentence: str) -> None:
    ours = filled(seed=2)
    kept = {name: value.clone() for name, value in ours.module.state_dict().items()}
    with pytest.raises(Refusal, match=sentence):
        source.arch.load_weights(ours.module, spoil(source.state))
    assert all(torch.equal(value, kept[name]) for name, value in ours.module.state_dict().items())


def test_a_larger_network_of_the_same_names_is_refused(source: Filled) -> None:
    """The first blocks of a deeper network fit by name and shape, and are not this network."""
    deeper = filled(seed=3, depth=4)
    with pytest.raises(WeightsMismatch, match=r"10 tensors of a larger network[^§]*stage1\.2\.conv1\.weight"):
        source.arch.load_weights(source.module, deeper.state)


@pytest.mark.parametrize("weights", [3, None, ["a"], b"w.pth"])
def test_what_weights_can_be(source: Filled, weights: Any) -> None:
    with pytest.raises(Refusal, match="weights are a file or tensors by name; this is of type"):
        source.arch.load_weights(source.module, weights)


def test_a_module_in_place_of_a_file(source: Filled) -> None:
    with pytest.raises(Refusal, match=r"give `module.state_dict\(\)`"):
        source.arch.load_weights(source.module, filled(2).module)
    with pytest.raises(Refusal, match="takes the module that it fills first; this is of type `dict`"):
        source.arch.load_weights(source.state, source.module)  # type: ignore[arg-type]


def test_a_module_of_another_network(source: Filled) -> None:
    with pytest.raises(WeightsMismatch, match=r"the module is not what `net` builds[^§]*not in the network: stage1\.2\.conv1"):
        source.arch.load_weights(small(depth=3).module(), source.state)
    with pytest.raises(WeightsMismatch, match=r"head\.linear1\.weight: \[10, 8\] in the network, \[5, 8\] in the module"):
        source.arch.load_weights(small(classes=5).module(), source.state)


# In part


def test_another_number_of_classes(source: Filled) -> None:
    ours = filled(seed=2, classes=5)
    head = ours.module.head.linear1.weight.clone()
    with pytest.raises(
        WeightsMismatch, match=r"\[5, 8\] in the network, \[10, 8\] in the file[^§]*`strict=False` loads the others"
    ):
        ours.arch.load_weights(ours.module, source.state)
    report = ours.arch.load_weights(ours.module, source.state, strict=False)
    assert [tuple(other) for other in report.other_shapes] == [(WEIGHT, (5, 8), (10, 8)), (BIAS, (5,), (10,))]
    assert (len(report.loaded), report.missing, report.left) == (18, (), (WEIGHT, BIAS))
    assert torch.equal(ours.module.head.linear1.weight, head)
    assert torch.equal(ours.module.stem.conv1.weight, source.module.stem.conv1.weight)


def test_what_is_missing_stays(source: Filled) -> None:
    ours = filled(seed=2)
    bias = ours.module.stem.bn1.bias.clone()
    report = source.arch.load_weights(ours.module, without("stem.bn1.bias")(source.state), strict=False)
    assert (report.missing, report.left) == (("stem.bn1.bias",), ())
    assert torch.equal(ours.module.stem.bn1.bias, bias)
    assert "1 tensor not in the file: stem.bn1.bias" in str(report)


def test_nothing_in_common_is_refused_in_part_too(source: Filled) -> None:
    with pytest.raises(WeightsMismatch, match="none of the file's names is known"):
        source.arch.load_weights(source.module, {"a.weight": torch.ones(3)}, strict=False)
    with pytest.raises(Refusal, match="in several ways"):
        source.arch.load_weights(
            source.module, {"model.stem.bn1.bias": torch.ones(8), "net.stem.bn1.weight": torch.ones(8)}, strict=False
        )


# Modules


def test_a_module_on_the_meta_device_gets_its_tensors(source: Filled) -> None:
    ours: Any = source.arch.module(device="meta", dtype="float64").eval()
    report = source.arch.load_weights(ours, without("batches_tracked")(source.state))
    assert len(report.counters) == 3
    assert not any(value.is_meta for value in ours.state_dict().values())
    assert int(ours.stem.bn1.num_batches_tracked) == 0
    assert isinstance(ours.stem.conv1.weight, torch.nn.Parameter)
    assert ours.stem.conv1.weight.requires_grad
    assert ours.stem.conv1.weight.dtype is torch.float64
    assert torch.equal(output(ours.float()), output(source.module))
    with torch.no_grad():
        ours.stem.conv1.weight.zero_()
    assert bool(source.module.stem.conv1.weight.any()), "the source's tensors stay its own"


def test_a_module_on_the_meta_device_in_part(source: Filled) -> None:
    ours = source.arch.module(device="meta")
    with pytest.raises(WeightsMismatch, match=r"on the meta device[^§]*without numbers: stem\.bn1\.bias"):
        source.arch.load_weights(ours, without("stem.bn1.bias")(source.state), strict=False)
    assert all(value.is_meta for value in ours.state_dict().values())


@pytest.mark.parametrize("kind", ["relpos=bias", "relpos=mlp cosine=true"])
def test_tables_of_positions_are_made_on_the_meta_device(kind: str) -> None:
    text = f"arch windows\ninput image[3, 8, 8]\nconv 1x1 8 ; attention heads=2 window=4 {kind} shift=2 ; gap ; linear 3\n"
    arch = archdsl.loads(text, filename="windows.arch")
    source = arch.module().eval()
    state = torch.random.get_rng_state()
    ours = arch.module(device="meta").eval()
    arch.load_weights(ours, source.state_dict())
    assert torch.equal(torch.random.get_rng_state(), state)
    x = torch.randn(1, 3, 8, 8)
    with torch.no_grad():
        assert torch.equal(ours(x), source(x))


def test_wrapped_modules(source: Filled) -> None:
    for wrap in (torch.nn.DataParallel, torch.compile, torch.optim.swa_utils.AveragedModel):
        ours = filled(seed=2).module
        wrapped = wrap(ours)
        if wrap is torch.optim.swa_utils.AveragedModel:
            with pytest.raises(WeightsMismatch, match="not in the network: n_averaged"):
                source.arch.load_weights(wrapped, source.state)
            continue
        source.arch.load_weights(wrapped, source.state)
        assert torch.equal(output(ours), output(source.module))


def test_a_type_that_cannot_hold_the_numbers(source: Filled) -> None:
    ours: Any = source.arch.module(dtype="float16")
    large = with_one(WEIGHT, lambda value: value * 1e6)(source.state)
    with pytest.raises(WeightsMismatch, match=r"head\.linear1\.weight: .*e\+06, but float16 ends at 65504"):
        source.arch.load_weights(ours, large)
    source.arch.load_weights(ours, source.state)
    assert torch.equal(ours.head.linear1.weight, source.module.head.linear1.weight.half())


def test_drawn_modules_differ() -> None:
    """The tests above can fail: another seed gives another output."""
    first, second = small().module().eval(), small().module().eval()
    draw(first, 1)
    draw(second, 2)
    assert not torch.equal(output(first), output(second))
