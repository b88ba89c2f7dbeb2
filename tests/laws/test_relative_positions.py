"""`relpos`, `rotary`, `sines` and `causal` against timm, PyTorch and formulas written out."""

from __future__ import annotations

import math

import pytest
import torch
from helpers.oracle import declare_torchvision

import archdsl

pytestmark = pytest.mark.torch

declare_torchvision()


def built(body: str, shape: str, name: str = "x") -> torch.nn.Module:
    module: torch.nn.Module = archdsl.loads(f"arch t\ninput {name}{shape}\n{body}\n").module().eval()
    return module


def table_of(module: torch.nn.Module) -> torch.Tensor:
    table: torch.Tensor
    (table,) = (tensor for name, tensor in module.state_dict().items() if name.endswith("table"))
    return table


def test_a_bias_with_a_prefix_is_that_of_beit() -> None:
    from timm.layers.pos_embed_rel import gen_relative_position_index

    module = built("relpos 2 size=[3, 4] prefix=1", "[13, 8]")
    table = table_of(module)
    assert table.shape == (5 * 7 + 3, 2)
    index = gen_relative_position_index((3, 4), class_token=True)
    expected = table[index.view(-1)].view(13, 13, 2).permute(2, 0, 1)
    assert torch.equal(module(torch.zeros(1, 13, 8))[0], expected)


def test_an_mlp_is_that_of_swin_v2_and_unbounded_that_of_maxvit() -> None:
    from timm.layers.pos_embed_rel import RelPosMlp

    for mode, more in (("swin", ""), ("cr", " out_bias=true bounded=false")):
        other = RelPosMlp((3, 4), num_heads=2, hidden_dim=512, mode=mode).eval()
        module = built("relpos 2 kind=mlp" + more, "[8, 3, 4]")
        given = {name.replace("fc1", "0").replace("fc2", "2"): tensor for name, tensor in other.mlp.state_dict().items()}
        own = module.state_dict()
        module.load_state_dict({name: given[name.split("mlp.")[1]] for name in own})
        torch.testing.assert_close(module(torch.zeros(1, 8, 3, 4)), other.get_bias())


def test_axial_is_the_decomposed_position_of_segment_anything() -> None:
    from timm.models.vision_transformer_sam import get_decomposed_rel_pos_bias

    module = built("relpos 2 kind=axial", "[8, 3, 4]")
    rows, columns = (
        next(tensor for name, tensor in module.state_dict().items() if name.endswith(axis + "_vectors"))
        for axis in ("row", "column")
    )
    x = torch.rand(2, 8, 3, 4)
    q = x.flatten(2).transpose(1, 2).reshape(2, 12, 2, 4).transpose(1, 2).flatten(0, 1)
    expected = get_decomposed_rel_pos_bias(q, rows, columns, (3, 4), (3, 4))
    torch.testing.assert_close(module(x).flatten(0, 1), expected.reshape(4, 12, 12))


def test_distances_to_more_keys_are_those_of_levit() -> None:
    module = built("k: identity ; maxpool 1 stride=2 ; relpos 1 kind=abs keys=@k", "[8, 4, 4]")
    table = table_of(module)[:, 0].view(4, 4)
    found = module(torch.zeros(1, 8, 4, 4))[0, 0]
    for query, (y, x) in enumerate([(0, 0), (0, 2), (2, 0), (2, 2)]):
        for key in range(16):
            assert found[query, key] == table[abs(y - key // 4), abs(x - key % 4)]


def test_an_offset_bias_with_more_keys_is_that_of_mvit() -> None:
    module = built("k: identity ; maxpool 1 stride=2 ; relpos 1 keys=@k", "[8, 4, 4]")
    table = table_of(module)[:, 0].view(7, 7)
    found = module(torch.zeros(1, 8, 4, 4))[0, 0]
    for query, (y, x) in enumerate([(0, 0), (0, 2), (2, 0), (2, 2)]):
        for key in range(16):
            assert found[query, key] == table[y - key // 4 + 3, x - key % 4 + 3]


def _bucket(later: int, buckets: int, far: int, both: bool) -> int:
    """Raffel et al., "Exploring the Limits of Transfer Learning", 2020, section 2.1, for one offset."""
    start = 0
    if both:
        buckets //= 2
        start = buckets if later > 0 else 0
        distance = abs(later)
    else:
        distance = max(-later, 0)
    exact = buckets // 2
    if distance < exact:
        return start + distance
    return start + min(buckets - 1, exact + int(math.log(distance / exact) / math.log(far / exact) * (buckets - exact)))


@pytest.mark.parametrize(("more", "settings"), [("", (32, 128, True)), (" buckets=6 far=9 both=false", (6, 9, False))])
def test_buckets_grow_as_in_t5(more: str, settings: tuple[int, int, bool]) -> None:
    module = built("relpos 1 kind=buckets" + more, "[300, 8]")
    table = table_of(module)[:, 0]
    found = module(torch.zeros(1, 300, 8))[0, 0]
    wanted = torch.tensor([[_bucket(key - query, *settings) for key in range(0, 300, 7)] for query in range(0, 300, 7)])
    # Rounding decides where a distance is the first of a bucket.
    differ = (found[::7, ::7] != table[wanted]).sum()
    assert differ <= 4


def test_rotations_are_those_of_eva() -> None:
    from timm.layers import RotaryEmbeddingCat, apply_rot_embed_cat

    module = built("rotary heads=2 size=[3, 4] prefix=1", "[13, 16]")
    x = torch.rand(2, 13, 16)
    rope = RotaryEmbeddingCat(8, in_pixels=False, feat_shape=[3, 4]).get_embed()
    heads = x.view(2, 13, 2, 8).transpose(1, 2)
    expected = torch.cat((heads[:, :, :1], apply_rot_embed_cat(heads[:, :, 1:], rope)), 2)
    torch.testing.assert_close(module(x), expected.transpose(1, 2).flatten(2))


def test_rotations_by_halves_are_those_of_llama() -> None:
    module = built("rotary heads=2 pairs=halves base=500", "[5, 16]")
    x = torch.rand(1, 5, 16)
    found = module(x).view(5, 2, 8)
    for place in range(5):
        for head in range(2):
            for pair in range(4):
                angle = place * 500 ** (-pair / 4)
                a, b = x.view(5, 2, 8)[place, head, [pair, pair + 4]]
                turned = (a * math.cos(angle) - b * math.sin(angle), a * math.sin(angle) + b * math.cos(angle))
                torch.testing.assert_close(found[place, head, [pair, pair + 4]], torch.stack(turned))


def test_products_of_turned_queries_and_keys_tell_only_how_far_apart_they_are() -> None:
    module = built("rotary", "[9, 8]")
    q, k = torch.rand(1, 1, 8).expand(1, 9, 8), torch.rand(1, 1, 8).expand(1, 9, 8)
    logits = (module(q) @ module(k).transpose(1, 2))[0]
    torch.testing.assert_close(logits[1:, 1:], logits[:-1, :-1])


def test_sines_are_those_of_the_transformer_and_of_diffusion() -> None:
    found = built("sines 6", "[5, 8]")(torch.zeros(1, 5, 8))[0]
    for place in range(5):
        for pair in range(3):
            angle = place / 10_000 ** (2 * pair / 6)
            assert found[place, 2 * pair].item() == pytest.approx(math.sin(angle), abs=1e-6)
            assert found[place, 2 * pair + 1].item() == pytest.approx(math.cos(angle), abs=1e-6)
    number = built("sines 6 pairs=halves", "[1]")(torch.tensor([[3.5]]))[0]
    waves = [3.5 * 10_000 ** (-pair / 3) for pair in range(3)]
    assert number.tolist() == pytest.approx([*map(math.sin, waves), *map(math.cos, waves)])


def test_sines_of_a_map_have_an_equal_part_along_each_axis() -> None:
    found = built("sines 8", "[2, 3, 4]")(torch.zeros(1, 2, 3, 4))[0]
    assert found.shape == (8, 3, 4)
    rows, columns = found[:4], found[4:]
    assert torch.equal(rows, rows[:, :, :1].expand(4, 3, 4))
    assert torch.equal(columns, columns[:, :1].expand(4, 3, 4))
    assert rows[0, :, 0].tolist() == pytest.approx([math.sin(row) for row in range(3)])
    assert columns[1, 0].tolist() == pytest.approx([math.cos(column) for column in range(4)])


def test_a_causal_map_of_logits_attends_as_causal_attention() -> None:
    texts = ("attend @k @k heads=2 causal=true", "logits @k heads=2 ; causal ; softmax axis=width ; weigh @k")
    found = [built(f"k: identity ; {text}", "[7, 8]") for text in texts]
    x = torch.rand(2, 7, 8)
    torch.testing.assert_close(found[0](x), found[1](x))
