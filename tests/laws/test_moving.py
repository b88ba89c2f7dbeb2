"""`roll`, `flip`, `unfold`, `fold` and the recurrent layers: values, by PyTorch's own functions."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F

import archdsl

pytestmark = pytest.mark.torch


def of(body: str, x: torch.Tensor) -> Any:
    return archdsl.loads(f"arch t\ninput x{list(x.shape[1:])}\n{body}\n").module().eval()(x)


def test_roll_and_flip() -> None:
    x = torch.randn(2, 4, 6, 8)
    assert torch.equal(of("roll (-3)", x), x.roll((-3, -3), (2, 3)))
    assert torch.equal(of("roll [1, 0]", x), x.roll(1, 2))
    assert torch.equal(of("roll 2 axis=channels", x), x.roll(2, 1))
    assert torch.equal(of("flip axis=width", x), x.flip(3))


@pytest.mark.parametrize(("k", "stride", "pad"), [(3, 1, 1), (3, 2, 1), (2, 2, 0), (4, 2, 1)])
def test_unfold_and_fold_are_those_of_pytorch(k: int, stride: int, pad: int) -> None:
    x = torch.randn(2, 4, 6, 8)
    expected = F.unfold(x, k, padding=pad, stride=stride)
    found = of(f"unfold {k} stride={stride} pad={pad}", x)
    assert torch.equal(found.flatten(2), expected)
    back = of(f"fold {k} [6, 8] stride={stride} pad={pad}", found)
    torch.testing.assert_close(back, F.fold(expected, (6, 8), k, padding=pad, stride=stride))


def test_tokens_unfold_as_a_row_of_a_map() -> None:
    x = torch.randn(2, 9, 4)
    found = of("unfold 3 pad=[2, 0]", x)
    expected = F.unfold(F.pad(x.transpose(1, 2)[:, :, None], (2, 0)), (1, 3)).transpose(1, 2)
    assert torch.equal(found, expected)
    torch.testing.assert_close(of("fold 3 9 pad=[2, 0]", found), x * torch.tensor([3.0] * 7 + [2.0, 1.0])[:, None])


@pytest.mark.parametrize("name", ["lstm", "gru", "rnn"])
def test_a_recurrent_layer_is_that_of_pytorch(name: str) -> None:
    arch = archdsl.loads(f"arch t\ninput x[7, 5]\n{name} 4 bidirectional=true layers=2\n")
    ours: Any = arch.module().eval()
    theirs = getattr(torch.nn, name.upper())(5, 4, 2, batch_first=True, bidirectional=True)
    theirs.load_state_dict(getattr(ours, f"{name}1").state_dict())
    x = torch.randn(2, 7, 5)
    torch.testing.assert_close(ours(x), theirs(x)[0])
    assert arch.cost().depth == 2
    assert arch.cost().params == sum(p.numel() for p in theirs.parameters())


def test_a_sequence_of_any_length_costs_as_much_a_token() -> None:
    cost = archdsl.loads("arch t\ninput x[T, 192]\nlstm 48 bidirectional=true\n").cost()
    assert cost.params == 92_928
    assert str(cost.macs) == f"{2 * 4 * 48 * (192 + 48)}*T"


def test_rearrange() -> None:
    x = torch.randn(2, 8, 6, 12)
    patches = x.reshape(2, 8, 3, 2, 4, 3)
    cut = of('rearrange "c (h p) (w q) -> (c p q) h w" p=2 q=3', x)
    assert torch.equal(cut, patches.permute(0, 1, 3, 5, 2, 4).reshape(2, 48, 3, 4))
    assert torch.equal(of('rearrange "(c p q) h w -> c (h p) (w q)" p=2 q=3', cut), x)
    assert torch.equal(of('rearrange "(c p q) h w -> c (h p) (w q)" p=2 q=2', x), F.pixel_shuffle(x, 2))
    assert torch.equal(of('rearrange "c h w -> (h w) c"', x), of("tokens", x))
    assert torch.equal(of('rearrange "c h w -> w h c"', x), x.permute(0, 3, 2, 1))
    assert torch.equal(of('rearrange "(g c) h w -> (c g) h w" g=2', x), of("shuffle 2", x))
    assert torch.equal(of('rearrange "d -> 1 d"', x[:, :, 0, 0]), x[:, None, :, 0, 0])


def test_a_pattern_of_free_sizes() -> None:
    cost = archdsl.loads('arch t\ninput x[4, 2*H, 2*W]\nrearrange "c (h p) (w q) -> (h w) (c p q)" p=2 q=2\n').cost()
    assert [str(axis) for axis in cost.out] == ["H*W", "16"]
