"""The module that the generated source builds: it runs, it learns, it agrees with the network. Must not look at the text."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from helpers.torch_programs import PROGRAMS, network, network_of, zoo
from torch import Tensor, nn

import archdsl
from archdsl.backends.torch import module, source, verify
from archdsl.backends.torch.expressions.identifiers import MODULE_ATTRIBUTES
from archdsl.backends.torch.running.execute import FreeDimensions, TooManyModules, build, modules_in
from archdsl.backends.torch.running.expected import Expected
from archdsl.backends.torch.running.verify import verify as compare
from archdsl.diagnostics import Refusal

pytestmark = pytest.mark.torch

ZOO = ("alexnet", "googlenet", "resnet18", "resnet50", "vit_b_16", "swin_t", "densenet121", "mobilenet_v3_large", "segnet")


def picture(batch: int = 2) -> Tensor:
    x: Tensor = torch.randn(batch, 3, 32, 32)
    return x


def tensors(output: Any) -> list[Tensor]:
    values = output if isinstance(output, tuple) else (output,)
    return [value for value in values if value is not None]


# Agreement


@pytest.mark.parametrize("name", [*PROGRAMS, *ZOO])
def test_verify_agrees(name: str) -> None:
    report = verify(network(name) if name in PROGRAMS else zoo(name))
    assert [str(mismatch) for mismatch in report.mismatches] == []
    assert report.calls > 0


@pytest.mark.parametrize("name", PROGRAMS)
def test_forward_and_backward(name: str) -> None:
    torch.manual_seed(0)
    net = network(name)
    model = module(net)
    for output in (model.eval()(picture()), model.train()(picture())):
        loss = sum((value.square().mean() for value in tensors(output)), torch.zeros(()))
        torch.autograd.backward(loss)
        assert torch.isfinite(loss)
    without = {key for key, parameter in model.named_parameters() if parameter.grad is None}
    assert all(name == "value_unused" or key.startswith("stage1.") for key in without)


@pytest.mark.parametrize("name", ["relu_everywhere", "residual_at_times", "captured_and_current", "cut_in_slices"])
def test_in_place_changes_nothing(name: str) -> None:
    """The same network with every activation out of place gives the same values and gradients."""
    results = []
    for inplace in (True, False):
        torch.manual_seed(0)
        model = module(network(name), dtype="float64").train()
        x = picture().double().requires_grad_()
        for part in model.modules():
            if isinstance(part, (nn.ReLU, nn.ReLU6)) and not inplace:
                part.inplace = False
        output = tensors(model(x))[0]
        torch.autograd.backward(output.square().sum())
        results.append([output, x.grad, *(parameter.grad for parameter in model.parameters())])
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(*results, strict=True) if ours is not None)


def test_the_label_of_a_repetition_reads_its_last_run() -> None:
    """As if the last run stood apart, with the same weights."""
    lines = "def f < conv 3x3 8 ; output mid ; sigmoid ; conv 3x3 8 >\nconv 3x3 8\n"
    repeated = module(network_of(f"{lines}l: x3 f\nadd @l.mid"), dtype="float64")
    apart = module(network_of(f"{lines}x2 f\nl: f\nadd @l.mid"), dtype="float64")
    apart.load_state_dict(dict(zip(apart.state_dict(), repeated.state_dict().values(), strict=True)))
    x = picture().double()
    assert torch.equal(repeated(x), apart(x))


def test_parameters_have_the_path_of_their_step() -> None:
    names = list(module(zoo("resnet50"), device="meta").state_dict())
    assert names[0] == "stem.conv1.weight"
    assert "stage2.0.shortcut1.conv1.weight" in names
    assert "stage2.3.bn3.running_var" in names
    assert "stage2.1.shortcut1.conv1.weight" not in names
    assert names[-2:] == ["head.linear1.weight", "head.linear1.bias"]


def test_python_words_get_an_underscore() -> None:
    names = {name.split(".")[0] for name in module(network("python_words")).state_dict()}
    assert {"forward_", "train_", "lambda_", "type_", "append_"} <= names
    inherited = {name for name in dir(nn.Sequential()) if not name.startswith("__")}
    assert inherited == MODULE_ATTRIBUTES


def test_a_planted_mismatch_is_found() -> None:
    net = network("captured")
    model: Any = build(net, device="meta")
    model.linear1 = nn.Linear(8, 11, device="meta")
    found = {(mismatch.path, mismatch.what) for mismatch in compare(net, model).mismatches}
    assert ("linear1.weight", "a tensor") in found
    assert ("linear1", "outputs") in found
    assert ("", "parameters") in found
    assert ("", "MACs") in found
    model = build(net, device="meta")
    model.stage1[1].relu1 = nn.Identity()
    model.stage1[1].conv1 = nn.Conv2d(8, 8, 3, device="meta")
    model.stage1[2] = nn.Identity()
    with pytest.raises(RuntimeError):
        compare(net, model)


def test_a_call_too_many_and_a_stranger_are_found() -> None:
    class Twice(nn.Conv2d):
        def forward(self, x: Tensor) -> Tensor:
            super().__call__ if not self.training else None
            return super().forward(super().forward(x))

    net = network_of("conv 3x3 3 ; bn ; conv 3x3 3")
    model = build(net, device="meta")
    model.conv2 = Twice(3, 3, 3, padding=1, device="meta")
    model.extra = nn.Linear(1, 1, device="meta")
    what = {(mismatch.path, mismatch.what) for mismatch in compare(net, model).mismatches}
    assert {("", "MACs"), ("extra.weight", "a tensor"), ("", "parameters")} <= what


def test_the_order_of_parameters_is_checked() -> None:
    net = network_of("conv 3x3 4 ; bn ; conv 3x3 4")
    model = build(net, device="meta")
    model._modules["bn1"] = model._modules.pop("bn1")
    assert [mismatch.what for mismatch in compare(net, model).mismatches] == ["as parameter 2"]


def test_expected_calls_are_those_of_the_unrolled_network() -> None:
    expected = Expected(network("by_index").root)
    assert {f"stage1.{n}.conv1" for n in range(12)} <= set(expected.main)
    assert expected.main["stage2.3.conv1"][0].outputs == ((40, 32, 32),)


# Outputs


def test_auxiliary_heads_run_in_training_only() -> None:
    model = module(zoo("googlenet"))
    assert isinstance(model.eval()(torch.randn(1, 3, 224, 224)), Tensor)
    output = model.train()(torch.randn(2, 3, 224, 224))
    assert type(output).__name__ == "GoogLeNetOutput"
    assert output._fields == ("out", "first", "second")
    assert [tuple(value.shape) for value in output] == [(2, 1000)] * 3


def test_named_outputs_are_fields() -> None:
    model = module(network("named_outputs"))
    output = model.eval()(picture())
    assert output._fields == ("out", "out_", "count", "hidden", "class_", "side")
    assert output.side is None
    assert output.class_.shape == (2, 8, 32, 32)
    assert model.train()(picture()).side.shape == (2, 4)


def test_a_shared_module_has_its_parameters_once() -> None:
    model = module(network("shared"))
    names = [name for name, _ in model.named_parameters()]
    assert [name for name in names if "cls" in name] == [
        "cls.conv1.weight",
        "cls.conv1.bias",
        "cls.conv2.weight",
        "cls.conv2.bias",
    ]
    assert model.state_dict().keys() == set(names)


# Building


def test_the_file_works_without_archdsl(tmp_path: Path) -> None:
    (tmp_path / "resnet18.py").write_text(source(zoo("resnet18")))
    program = (
        "import sys, torch, resnet18\nprint(sum(p.numel() for p in resnet18.resnet18().parameters()), 'archdsl' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = [{str(tmp_path)!r}]\n{program}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PATH": ""},
    )
    assert done.stdout.split() == ["11689512", "False"]


def test_the_seed_decides_the_weights() -> None:
    net = network("captured")
    states = []
    for seed in (0, 0, 1):
        torch.manual_seed(seed)
        states.append(module(net).state_dict())
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    assert not torch.equal(states[0]["skip.weight"], states[2]["skip.weight"])
    assert states[0]["linear1.bias"].abs().max() == 0


def test_device_and_dtype() -> None:
    model = module(network("captured"), device="meta", dtype="bfloat16")
    assert {(parameter.device.type, parameter.dtype) for parameter in model.parameters()} == {("meta", torch.bfloat16)}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"device": "no_such"}, "cannot use the device `no_such` here; it has `cpu`, `meta`"),
        ({"device": 3.5}, "cannot use the device `3.5` here"),
        ({"dtype": "float99"}, "there is no dtype `float99`; did you mean `float"),
        ({"dtype": "nn"}, "there is no dtype `nn`; the choices are `float32`"),
        ({"dtype": "int8"}, "a network cannot have its weights in `int8`: the choices are `float32`"),
        ({"dtype": torch.complex64}, "a network cannot have its weights in `complex64`"),
        ({"dtype": "float8_e4m3fn"}, "a network cannot have its weights in `float8_e4m3fn`"),
    ],
)
def test_no_such_device_or_dtype(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        archdsl.load("alexnet").module(**settings)


def test_a_device_that_this_machine_lacks() -> None:
    kinds = [kind for kind in ("cuda", "mps", "xpu") if not getattr(torch, kind).is_available()]
    assert kinds
    for kind in kinds:
        with pytest.raises(Refusal, match=f"cannot use the device `{kind}` here"):
            archdsl.load("alexnet").module(device=kind)


def test_it_learns() -> None:
    torch.manual_seed(0)
    model = module(network("residual_at_times"))
    x, y = picture(8), torch.randint(3, (8,))
    optimizer = torch.optim.SGD(model.parameters(), 0.05, momentum=0.9)
    losses = []
    for _ in range(20):
        loss = nn.functional.cross_entropy(model(x), y)
        losses.append(loss.item())
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    assert losses[-1] < losses[0] / 2


def test_it_exports_whole() -> None:
    model = module(network("shared"), device="meta").eval()
    program = torch.export.export(model, (torch.empty(2, 3, 32, 32, device="meta"),))
    assert len(program.graph_signature.user_outputs) == 3


def test_too_many_modules_are_refused_before_they_are_made() -> None:
    net = network_of("stage x1000000000 < conv 3x3 3 ; relu >")
    assert modules_in(net.root) == 2_000_000_000
    assert "range(1000000000)" in source(net)
    with pytest.raises(TooManyModules, match="2,000,000,000 modules"):
        module(net)


def test_free_dimensions_of_parameters_are_named() -> None:
    net = zoo("conv5x5")
    assert "def conv5x5(C: int) -> Conv5x5:" in source(net)
    with pytest.raises(FreeDimensions, match="free dimensions C"):
        module(net)


def test_free_sizes_of_values_build_but_are_not_verified() -> None:
    net = archdsl.loads("arch net\ninput x[T, 8]\nattention 2\n", filename="net.arch").network
    assert module(net).eval()(torch.randn(1, 5, 8)).shape == (1, 5, 8)
    with pytest.raises(FreeDimensions, match="values depend on the free dimensions T"):
        verify(net)


# Weights
