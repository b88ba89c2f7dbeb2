"""`scan`: equal to PyTorch's LSTM and to loops by hand; parameters once, costs a token times the tokens."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import archdsl
from archdsl.backends.torch.running.verify import verify

pytestmark = pytest.mark.torch

LSTM = """arch t
input x[9, 6]
scan h=[8] c=[8] <
  let gates = < concat < identity | @h > ; linear 32 ; split 4 >
  let c = < add < mul < @gates[1] ; sigmoid | @c > | mul < @gates[0] ; sigmoid | @gates[2] ; tanh > > >
  let h = < mul < @gates[3] ; sigmoid | @c ; tanh > >
  @h
>
"""


def test_an_lstm_by_hand_is_that_of_pytorch() -> None:
    arch = archdsl.loads(LSTM)
    ours: Any = arch.module()
    theirs: Any = torch.nn.LSTM(6, 8, batch_first=True)
    (weight,) = [value for name, value in ours.named_parameters() if name.endswith("weight")]
    (bias,) = [value for name, value in ours.named_parameters() if name.endswith("bias")]
    with torch.no_grad():
        theirs.weight_ih_l0.copy_(weight[:, :6])
        theirs.weight_hh_l0.copy_(weight[:, 6:])
        theirs.bias_ih_l0.copy_(bias)
        theirs.bias_hh_l0.zero_()
    x = torch.randn(2, 9, 6)
    torch.testing.assert_close(ours(x), theirs(x)[0])
    cost = arch.cost()
    assert cost.params == 32 * 14 + 32
    assert cost.macs == archdsl.loads("arch t\ninput x[9, 6]\nlstm 8\n").cost().macs
    assert cost.depth == 1
    assert verify(arch.network).agrees


def test_a_state_that_starts_as_a_value_and_one_from_outside() -> None:
    """A diagonal state space, as in Mamba: h = a*h + b*x."""
    text = (
        "arch t\ninput x[7, 6]\nlet start = < gap ; linear 6 >\nlet a = < gap ; sigmoid >\n"
        "scan h=@start < let h = < add < mul < @h | @a > | identity > > ; @h ; linear 3 >\n"
    )
    arch = archdsl.loads(text)
    module: Any = arch.module()
    x = torch.randn(2, 7, 6)
    state, factor = module.start(x), x.mean(1).sigmoid()
    expected = []
    for token in x.unbind(1):
        state = state * factor + token
        expected.append(module.scan1.linear1(state))
    torch.testing.assert_close(module(x), torch.stack(expected, dim=1))
    assert verify(arch.network).agrees


def test_a_list_gives_one_token_each() -> None:
    text = (
        "arch t\ninput a[5, 4]\ninput b[5, 3]\n[@a, @b]\n"
        "scan h=[4] < let h = < add < pick 0 | @h > > ; concat < @h | pick 1 > >\n"
    )
    arch = archdsl.loads(text)
    a, b = torch.randn(2, 5, 4), torch.randn(2, 5, 3)
    torch.testing.assert_close(arch.module()(a, b), torch.cat((a.cumsum(1), b), dim=2))
    assert arch.cost().out == (5, 7)


def test_a_sequence_of_any_length() -> None:
    cost = archdsl.loads("arch t\ninput x[T, 6]\nscan h=[4] < let h = < concat < identity | @h > ; linear 4 > ; @h >\n").cost()
    assert cost.params == 44
    assert str(cost.macs) == "40*T"
    assert [str(axis) for axis in cost.out] == ["T", "4"]


def test_it_may_be_repeated_and_called() -> None:
    sums = "scan h=[4] < let h = < add < identity | @h > > ; @h{} >"
    text = (
        "arch t\ninput x[5, 4]\n"
        "def mixer() < scan h=[4] < let h = < add < mul < @h | identity > | identity > ; linear 4 > ; @h > >\n"
        f"x2 mixer()\nx2 {sums.format(' ; linear 4')}\nl: {sums.format('')}\n"
    )
    arch = archdsl.loads(text)
    assert verify(arch.network).agrees
    assert arch.module()(torch.randn(2, 5, 4)).shape == (2, 5, 4)


def test_training_keeps_every_step_and_the_peak_is_of_one() -> None:
    text = "arch t\ninput x[{t}, 6]\nscan h=[8] < let h = < concat < identity | @h > ; linear 8 ; tanh > ; @h >\n"
    short, long = (archdsl.loads(text.format(t=t)) for t in (50, 100))
    assert long.cost().training().saved == 2 * short.cost().training().saved
    # One step, and what came out so far.
    peak: Any = long.cost().peak
    assert 4 * 8 * 100 <= peak < 3 * 4 * 8 * 100
