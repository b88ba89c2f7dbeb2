"""`frozen < … >`: what learns, what training keeps, and what the module does; measured with PyTorch."""

from __future__ import annotations

from typing import Any

import pytest

import archdsl

HEAD = "arch t\ninput x[3, 16, 16]\n"
BODY = (
    "stem: frozen < a: conv 3x3 8 bias=false ; bn ; relu ; x2 < conv 3x3 8 ; bn > >\n"
    "conv 3x3 8 ; relu ; add @stem @stem.a\nf: frozen < conv 3x3 4 ; bn >\ngap ; linear 5\n"
)


def test_counts() -> None:
    cost = archdsl.loads(HEAD + BODY).cost()
    plain = archdsl.loads(HEAD + BODY.replace("frozen <", "<")).cost()
    assert cost.params == plain.params == plain.params_trainable
    assert cost.params_trainable == (8 * 9 * 8 + 8) + (4 * 5 + 5)
    assert cost.macs == plain.macs
    training: Any = cost.training("adam")
    whole: Any = plain.training("adam")
    assert training.parameters == whole.parameters
    learned: Any = cost.params_trainable
    assert training.gradients == 4 * learned
    assert training.optimizer == 8 * learned
    assert training.saved < whole.saved


def test_it_opens_no_scope_and_a_name_makes_a_group() -> None:
    arch = archdsl.loads(HEAD + BODY)
    assert arch.cost().out == (5,)
    names = [row.name for row in arch.cost().rows]
    assert names[:2] == ["stem.a", "stem.bn1"]
    assert "f.conv1" in names
    assert archdsl.loads(HEAD + "frozen < conv 3x3 8 >\nconv 3x3 8\n").cost().rows[1].name == "conv2"


def test_a_shared_module_is_frozen_where_it_is_declared() -> None:
    inside = archdsl.loads(HEAD + "frozen < shared s < conv 1x1 3 > ; s ; s >\n").cost()
    assert (inside.params, inside.params_trainable) == (12, 0)
    with pytest.raises(archdsl.ArchError, match="is frozen where it is declared"):
        archdsl.loads(HEAD + "shared s < conv 1x1 3 >\nfrozen < s >\n")


@pytest.mark.torch
def test_the_module_does_not_learn_there() -> None:
    import torch

    module: Any = archdsl.loads(HEAD + BODY).module().train()
    learning = {name for name, value in module.named_parameters() if value.requires_grad}
    assert learning == {"conv1.weight", "conv1.bias", "linear1.weight", "linear1.bias"}
    before = {name: value.clone() for name, value in module.named_buffers()}
    x = torch.randn(4, 3, 16, 16)
    first = module(x)
    assert all(torch.equal(before[name], value) for name, value in module.named_buffers())
    torch.testing.assert_close(module.eval()(x), first)
    module.train()(x).sum().backward()
    assert {name for name, value in module.named_parameters() if value.grad is not None} == learning


@pytest.mark.torch
@pytest.mark.parametrize(
    "body",
    [
        "frozen < conv 3x3 8 bias=false ; bn ; relu ; maxpool 2 > ; conv 3x3 8 ; relu",
        "frozen < x3 < conv 3x3 8 ; gelu > > ; conv 3x3 8 ; gelu ; conv 1x1 2",
        "def unit(c) < conv 3x3 c ; gelu >\nfrozen < unit(8) > ; unit(8) ; conv 1x1 2",
    ],
)
def test_nothing_is_kept_for_what_is_frozen(body: str) -> None:
    import torch

    arch = archdsl.loads(HEAD + body + "\n")
    module = arch.module().train()
    x = torch.randn(2, 3, 16, 16)
    known = {tensor.untyped_storage().data_ptr() for tensor in (*module.parameters(), *module.buffers(), x)}
    kept: dict[int, int] = {}

    def pack(tensor: Any) -> Any:
        if tensor.untyped_storage().data_ptr() not in known:
            kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        module(x)
    assert arch.cost(batch=2).training().saved == sum(kept.values())


@pytest.mark.torch
def test_the_module_is_pickled_and_its_source_verified() -> None:
    import pickle

    import torch

    from archdsl.backends.torch.running.verify import verify

    arch = archdsl.loads(HEAD + BODY)
    assert verify(arch.network).agrees
    module = arch.module().train()
    again = pickle.loads(pickle.dumps(module))
    x = torch.randn(2, 3, 16, 16)
    torch.testing.assert_close(module(x), again(x))
