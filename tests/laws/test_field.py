"""Receptive fields and strides: published ones, special forms by hand, and the footprint of a gradient."""

from __future__ import annotations

import pytest
from helpers.unrolled import Program

import archdsl
from archdsl.analysis.cost import Cost
from archdsl.analysis.unavailable import Unavailable
from archdsl.ops.operator import Attributes
from archdsl.ops.registry import OPERATORS


def cost(text: str) -> Cost:
    return archdsl.loads(text).cost()


@pytest.mark.parametrize(
    ("name", "size", "stride"),
    [
        # Araujo, Norris, Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019, table of models:
        # AlexNet 195, VGG-16 212, ResNet-50 483, ResNet-101 1027, ResNet-152 1507 (the paper's stride), Inception-v3 1311,
        # Inception-v4 2071.
        ("alexnet", 195, 32),
        ("vgg16", 212, 32),
        ("resnet50_v1", 483, 32),
        ("resnet101_v1", 1027, 32),
        ("resnet152_v1", 1507, 32),
        ("inception_v3", 1311, 32),
        ("inception_v4", 2071, 32),
        # Stride on the 3x3: each of three stages sees 2 * (jump after - jump before) less; the sum 427 is in use.
        ("resnet50", 427, 32),
    ],
)
def test_published_receptive_fields(name: str, size: int, stride: int) -> None:
    network = archdsl.load(name).cost()
    assert network.receptive_field == (size, size)
    assert network.stride == (stride, stride)


def test_height_and_width_are_counted_apart() -> None:
    costs = cost("arch a\ninput x[3, 32, 32]\nconv 1x7 4 stride=[1, 2]\nconv 3x1 4 dilation=2\n")
    assert costs.receptive_field == (5, 7)
    assert costs.stride == (1, 2)


def test_a_join_sees_what_any_branch_sees_on_each_side() -> None:
    # One branch looks up (two rows before), the other down: together five rows.
    text = "arch a\ninput x[4, 9, 9]\nadd < conv 3x1 4 pad=[2, 0, 0, 0] | conv 3x1 4 pad=[0, 2, 0, 0] >"
    assert cost(text).receptive_field == (5, 1)


def test_a_gate_sees_everything_and_leaves_the_stride() -> None:
    text = "arch a\ninput x[8, 40, 64]\nconv 3x3 8 stride=2\nmul < identity | gap keep=true ; conv 1x1 8 ; sigmoid >"
    assert cost(text).receptive_field == (40, 64)
    assert cost(text).stride == (2, 2)


def test_enlarging_divides_the_stride() -> None:
    text = "arch a\ninput x[8, 32, 32]\nskip: conv 3x3 8\nmaxpool 2x2\nconv 3x3 8\ndeconv 2x2 8 stride=2\nconcat @skip"
    costs = cost(text)
    # Below the pool: (3 - 1) + (2 - 1) + 2 * (3 - 1) + 1 = 8.
    assert costs.receptive_field == (8, 8)
    assert costs.stride == (1, 1)


def test_tokens_show_the_last_picture() -> None:
    vit = archdsl.load("vit_b_16").cost()
    assert vit.receptive_field == (16, 16)
    assert vit.stride == (16, 16)


def test_a_vector_shows_the_last_picture_before_it() -> None:
    text = "arch a\ninput x[3, 32, 32]\nconv 3x3 8\nmaxpool 2x2\nflatten\nx5 < linear 64 >"
    assert cost(text).receptive_field == (4, 4)


def test_the_last_picture_may_stand_inside_a_repetition() -> None:
    # 8x8 positions as 64 tokens of one channel; each round makes a picture of them again.
    text = "arch a\ninput x[2, 8, 8]\ntokens\nx3 < grid ; conv 3x3 2 ; tokens >\nlinear 5"
    assert cost(text).receptive_field == (7, 7)


def test_what_only_lends_its_size_is_not_seen() -> None:
    # `like` takes the height and width of the wide branch, no number of it.
    text = "arch a\ninput x[4, 32, 32]\nwide: conv 9x9 4\n@x\nmaxpool 2x2\nupsample like=@wide"
    assert cost(text).receptive_field == (2, 2)


def test_of_two_inputs_the_wider_view_counts() -> None:
    text = "arch a\ninput x[4, 16, 16]\ninput y[4, 16, 16]\nconv 3x3 4\na: identity\n@y\nconv 7x7 4\nadd @a"
    assert cost(text).receptive_field == (7, 7)


def test_without_positions_it_is_unavailable() -> None:
    assert isinstance(cost("arch a\ninput x[8]\nlinear 3").receptive_field, Unavailable)


MAP, WORDS, CLIP = "2, 48, 48", "48, 2", "2, 18, 18, 18"
FOOTPRINTS = {
    "over tokens": (
        WORDS,
        "conv 3 2 ; maxpool 3 stride=2 pad=1 ; conv 3 2 pad=[4, 0] dilation=2 ; deconv 2 2 stride=2 ; conv 3 2",
    ),
    "of a video": (
        CLIP,
        "conv 1x3x3 2 ; conv 3x1x1 2 ; maxpool 2 ; residual < conv 1 2 ; conv 3 2 > ; upsample ; conv 3x3x1 2",
    ),
    "convolutions": (MAP, "conv 3x3 2 ; conv 5x5 2 stride=2 ; conv 3x3 2 dilation=2 ; conv 1x7 2"),
    "pools": (MAP, "maxpool 3x3 stride=2 pad=1 ; avgpool 2x2 ; conv 3x3 2"),
    "repeats": (MAP, "x3 < residual < conv 3x3 2 ; conv 1x1 2 > > ; conv 3x3 2 stride=2 ; x4 conv 3x3 2"),
    "branches": (MAP, "concat < conv 5x5 1 | maxpool 3x3 stride=1 pad=1 ; conv 1x1 1 > ; conv 3x3 2"),
    "hourglass": (MAP, "skip: conv 3x3 2\nmaxpool 2x2 ; conv 3x3 2 ; upsample ; add @skip ; conv 3x3 2"),
    "transposed": (MAP, "conv 3x3 2 stride=2 ; conv 3x3 2 ; deconv 2x2 2 stride=2 ; conv 3x3 2"),
}


@pytest.mark.torch
@pytest.mark.parametrize(("shape", "body"), FOOTPRINTS.values(), ids=list(FOOTPRINTS))
def test_it_is_the_footprint_of_a_gradient(shape: str, body: str) -> None:
    """The widest footprint of one output position; positive weights and means for maxima, so every path counts."""
    import torch
    from helpers.lowered import module_of

    arch = archdsl.loads(f"arch a\ninput x[{shape}]\n{body}")
    x = torch.ones(1, *map(int, shape.split(",")), dtype=torch.float64, requires_grad=True)
    program = Program(arch.network.root)
    values = {0: x}
    for node, inputs, output in program.runs:
        module = module_of(node.operator, node.site).double()
        if node.operator.name == "maxpool":
            mean = OPERATORS["avgpool"]
            module = module_of(mean, mean.site(Attributes({**node.site.a, "include_pad": True}), node.site.xs)).double()
        for parameter in module.parameters():
            parameter.data.fill_(0.1)
        values[output] = module(*(values[value] for value in inputs))
    y = values[program.results[0]]
    y, axes = (y.transpose(1, 2), 1) if y.ndim == 3 else (y, y.ndim - 2)
    widest = [0] * axes
    for position in range(y.shape[-1] // 2, y.shape[-1] // 2 + 4):
        (gradient,) = torch.autograd.grad(y[(0, 0, *[position] * axes)], x, retain_graph=True)
        touched = gradient[0].abs().sum(1 if axes == 1 else 0).nonzero()
        extents = (touched.max(0).values - touched.min(0).values + 1).tolist()
        widest = [max(one, other) for one, other in zip(widest, extents, strict=True)]
    assert arch.cost().receptive_field == tuple(widest)


# Through windows alone


@pytest.mark.parametrize("name", ["alexnet", "vgg16", "resnet50", "inception_v3", "unet", "densenet121"])
def test_where_only_windows_are_it_is_the_receptive_field(name: str) -> None:
    network = archdsl.load(name).cost()
    assert network.receptive_field_windows == network.receptive_field


SEEING = """
arch seeing
input x[6, 256, 256]
conv 4x4 64 stride=2 pad=1 ; relu
for c in [128, 256] < conv 4x4 c stride=2 pad=1 ; {0} ; relu >
{1}
conv 4x4 512 pad=1 ; {0} ; relu
conv 4x4 1 pad=1
"""
GATE = "mul < identity | gap keep=true ; conv 1x1 64 ; relu ; conv 1x1 256 ; sigmoid >"


@pytest.mark.parametrize("norm", ["instancenorm", "groupnorm 32", "layernorm", "identity"])
@pytest.mark.parametrize("more", ["identity", GATE, "attention heads=4", "tokens ; attention heads=4 ; grid", "grn"])
def test_norms_gates_and_attention_are_passed_over(norm: str, more: str) -> None:
    # Isola et al., "Image-to-Image Translation with Conditional Adversarial Networks", CVPR 2017: the 70x70 PatchGAN.
    costs = cost(SEEING.format(norm, more))
    assert costs.receptive_field_windows == (70, 70)
    sees_all = norm.partition(" ")[0] in ("instancenorm", "groupnorm") or more != "identity"
    assert (costs.receptive_field == (256, 256)) == sees_all


def test_what_takes_all_positions_together_still_sees_everything() -> None:
    text = "arch a\ninput x[4, 32, 32]\nconv 3x3 4\ngap keep=true\nconv 1x1 8\n"
    assert cost(text).receptive_field_windows == (32, 32)
    assert cost(text).receptive_field == (32, 32)


def test_windows_of_attention_are_windows() -> None:
    text = "arch a\ninput x[8, 32, 32]\nconv 3x3 8\nattention heads=2 window=4\n"
    assert cost(text).receptive_field_windows == cost(text).receptive_field == (6, 6)
