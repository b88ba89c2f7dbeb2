"""Attention by parts is attention: equal values and MACs, whole, by parts, and by hand."""

from __future__ import annotations

import pytest
from samples.attention_parts import SAMPLES
from samples.sample import Sample

import archdsl

HEADS = 4
_HEAD = "arch t\ninput x[24, 32]\nq: linear 32 bias=false\n@x ; k: linear 32 bias=false\n@x ; v: linear 32 bias=false\n"
WHOLE = f"@q ; attend @k @v heads={HEADS}\n"
PARTS = f"@q ; logits @k heads={HEADS} ; softmax axis=width ; weigh @v\n"
SUGAR = f"arch t\ninput x[24, 32]\nattention {HEADS} bias=false out_bias=false\n"


def test_the_counts_agree() -> None:
    whole, parts = (archdsl.loads(_HEAD + body + "linear 32 bias=false\n").cost() for body in (WHOLE, PARTS))
    sugar = archdsl.loads(SUGAR).cost()
    assert whole.macs == parts.macs == sugar.macs
    assert whole.flops == parts.flops == sugar.flops
    assert whole.params == parts.params == sugar.params
    # The logits are there when the parts are apart.
    assert parts.memory == whole.memory + 4 * HEADS * 24 * 24


@pytest.mark.torch
@pytest.mark.parametrize(("kv_heads", "more"), [(4, ""), (4, " scale=0.5"), (2, ""), (1, "")])
def test_the_values_agree(kv_heads: int, more: str) -> None:
    import torch

    width = 8 * kv_heads
    head = _HEAD.replace("k: linear 32", f"k: linear {width}").replace("v: linear 32", f"v: linear {width}")
    shared = f" kv_heads={kv_heads}"
    texts = (
        f"{head}@q ; attend @k @v heads=4{shared}{more}\n",
        f"{head}@q ; logits @k heads=4{shared}{more} ; softmax axis=width ; weigh @v{shared}\n",
    )
    models = [archdsl.loads(text).module().eval() for text in texts]
    models[1].load_state_dict(models[0].state_dict())
    x = torch.rand(2, 24, 32)
    torch.testing.assert_close(models[0](x), models[1](x))


@pytest.mark.torch
def test_no_query_sees_what_comes_after_it() -> None:
    import torch

    model = archdsl.loads(_HEAD + "@q ; attend @k @v heads=4 causal=true\n").module().eval()
    x = torch.rand(1, 24, 32)
    changed = x.clone()
    changed[:, 12:] += 1
    torch.testing.assert_close(model(x)[:, :12], model(changed)[:, :12])
    assert not torch.allclose(model(x)[:, 12:], model(changed)[:, 12:])


@pytest.mark.torch
@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_what_is_alive_within_is_what_pytorch_holds(sample: Sample) -> None:
    import torch
    from helpers.allocations import Allocations
    from helpers.lowered import inputs_of, module_of, site_of

    operator, site = site_of(sample)
    inputs = inputs_of(sample, batch=4)
    run = module_of(operator, site)
    with torch.no_grad(), Allocations(inputs) as allocations:
        result = run(*inputs)
    assert operator.scratch is not None
    assert operator.scratch(site) * 4 * 4 == allocations.peak - result.nbytes
