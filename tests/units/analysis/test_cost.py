"""Costs of whole networks, parts and operators, against numbers from elsewhere: torchvision, the papers, arithmetic by hand."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

import archdsl
from archdsl.analysis.cost import SCHEMA, Cost
from archdsl.analysis.dtypes import UnknownChoice
from archdsl.analysis.metrics.named import measure
from archdsl.analysis.metrics.parts import NoSuchPart, Part, find
from archdsl.analysis.rows import Scale, TooManyLayers, layers
from archdsl.analysis.unavailable import Unavailable
from archdsl.shapes import Formula

VGG16 = """
arch vgg16(depths=[2, 2, 3, 3, 3])
input image[3, 224, 224]
for n, c in zip(depths, [64, 128, 256, 512, 512]) < stage < x(n) < conv 3x3 c ; relu > ; maxpool 2x2 > >
head < flatten ; linear 4096 ; relu ; dropout ; linear 4096 ; relu ; dropout ; linear 1000 >
"""

SHARED = """
arch pyramid
input image[8, 32, 32]
shared tower < x2 < conv 3x3 8 > >
a: tower
maxpool 2x2
b: tower
"""


def cost(text: str, batch: int = 1) -> Cost:
    return archdsl.loads(text).cost(batch=batch)


def part(costs: Cost, path: str) -> Part:
    found = find(costs.network, path.split("."))
    assert isinstance(found, Part), found
    return found


def metric(costs: Cost, path: str, name: str, operator: str | None = None) -> object:
    return measure(costs.measures, name, part(costs, path), operator)


def test_vgg16_has_the_published_counts() -> None:
    vgg = cost(VGG16)
    assert vgg.params == 138_357_544  # torchvision 0.28.0, and the sum in the paper's table
    assert vgg.macs == 15_470_264_320
    assert vgg.depth == 16
    assert vgg.out == (1000,)
    assert vgg.receptive_field == (212, 212)
    assert vgg.stride == (32, 32)


def test_flops_are_two_a_mac_and_the_rest() -> None:
    # A 1x1 convolution with bias on 4 positions: 8 outputs of 3 products each, a bias a number; then a comparison each.
    one = cost("arch a\ninput x[3, 2, 2]\nconv 1x1 2\nrelu")
    assert (one.macs, one.flops) == (24, 2 * 24 + 8 + 8)


def test_googlenet_counts_its_auxiliary_heads_apart() -> None:
    googlenet = archdsl.load("googlenet").cost()
    assert googlenet.params == 6_998_552
    assert googlenet.params_aux == 6_379_728
    # Each head: a 1x1 convolution to 128 on 4x4, 2048 to 1024, 1024 to 1000; on 512 and on 528 channels.
    assert googlenet.macs_aux == 16 * 128 * (512 + 528) + 2 * (2048 * 1024 + 1024 * 1000)
    assert sum(row.macs for row in googlenet.rows if row.aux) == googlenet.macs_aux
    assert googlenet.depth == 22


def test_a_shared_module_has_its_parameters_once_and_its_arithmetic_at_every_use() -> None:
    costs = cost(SHARED)
    one = 8 * 8 * 9 + 8
    assert costs.params == 2 * one
    assert costs.macs == 2 * 8 * 8 * 9 * (32 * 32 + 16 * 16)
    assert costs.depth == 4
    assert sum(row.params for row in costs.rows) == costs.params
    assert sum(row.macs for row in costs.rows) == costs.macs
    assert metric(costs, "tower", "params") == 2 * one


def test_a_repetition_multiplies_and_never_unrolls() -> None:
    text = "arch deep(n=10)\ninput x[16, 8, 8]\nstage x(n) < residual < conv 3x3 16 bias=false ; bn ; relu > >"
    ten = archdsl.loads(text).cost()
    many = archdsl.loads(text, n=10**9).cost()
    body = 16 * 16 * 9 * 8 * 8
    assert (ten.macs, many.macs) == (10 * body, 10**9 * body)
    assert many.depth == 10**9
    assert many.receptive_field == (2 * 10**9 + 1,) * 2
    assert many.peak == ten.peak
    assert [row.times for row in many.folded_rows] == [10**9] * 4
    with pytest.raises(TooManyLayers, match="4,000,000,000 layers"):
        _ = many.rows
    assert many.to_dict()["folded"] is True


def test_batch_and_dtype_scale_what_they_scale() -> None:
    one, half = cost(VGG16), archdsl.loads(VGG16).cost(batch=8, dtype="float16")
    assert half.params == one.params
    assert half.macs == 8 * one.macs
    assert half.flops == 8 * one.flops
    assert half.memory == 4 * one.memory
    assert half.peak == 4 * one.peak  # type: ignore[operator]
    assert sum(row.macs for row in half.rows) == half.macs
    assert sum(row.memory for row in half.rows) == half.memory


@pytest.mark.parametrize("batch", [0, -1, True])
def test_a_batch_below_one_is_refused(batch: int) -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        cost(VGG16, batch=batch)


def test_an_unknown_dtype_gets_the_nearest() -> None:
    with pytest.raises(UnknownChoice, match="did you mean `float32`"):
        archdsl.loads(VGG16).cost(dtype="float23")


def test_parts_are_found_by_their_module_names() -> None:
    vgg = cost(VGG16)
    assert metric(vgg, "stage3", "out") == (256, 28, 28)
    assert metric(vgg, "head.linear2", "params") == 4096 * 4096 + 4096
    assert metric(vgg, "head", "depth") == 3
    assert metric(vgg, "stage1", "receptive_field") == (6, 6)
    assert metric(vgg, "stage1.maxpool1", "stride") == (2, 2)


def test_each_run_of_a_repetition_is_a_part() -> None:
    resnet = archdsl.load("resnet50").cost()
    assert metric(resnet, "stage3.5.conv2", "macs") == 14 * 14 * 256 * 256 * 9
    assert metric(resnet, "stage3.5", "receptive_field") == metric(resnet, "stage3", "receptive_field")
    third, fourth = metric(resnet, "stage3.3", "receptive_field"), metric(resnet, "stage3.4", "receptive_field")
    assert third != fourth
    assert metric(resnet, "stage3.4", "params") == metric(resnet, "stage3.1", "params")
    assert find(resnet.network, ["stage3", "6"]) == NoSuchPart("stage3", "6", ("0", "1", "5"))


def test_metrics_of_an_operator() -> None:
    vgg = archdsl.load("lecture_vgg16").cost()
    whole = Part("", vgg.network.root)
    # The lecture's 48.6 MB: third convolution of stage 3 missing, convolutions only.
    assert measure(vgg.measures, "memory", whole, "conv") == 49_784 * 1024
    assert measure(vgg.measures, "params", whole, "linear") == 102_764_544 + 16_781_312 + 4_097_000
    assert measure(vgg.measures, "params", whole, "deconv") == 0
    with pytest.raises(KeyError):
        measure(vgg.measures, "depth", whole, "conv")


def test_rows_are_every_layer_under_its_module_name() -> None:
    resnet = archdsl.load("resnet50").cost()
    names = [row.name for row in resnet.rows]
    assert len(names) == len(set(names))
    assert "stage2.3.conv3" in names
    assert sum(row.macs for row in resnet.rows) == resnet.macs
    assert sum(row.params for row in resnet.rows) == resnet.params
    folded = resnet.folded_rows
    assert len(folded) < len(names)
    assert sum(row.macs * row.times for row in folded) == resnet.macs
    row = next(row for row in resnet.rows if row.name == "stage2.3.conv2")
    assert (row.stage, row.block, row.role) == ("stage2", "stage2.3", "block")
    assert row.inputs == ((128, 28, 28),)


def test_costs_and_rows_read_short() -> None:
    one = cost("arch a\ninput x[3, 2, 2]\nx4 conv 1x1 3")
    assert repr(one) == "<costs of a: 48 params, 144 MACs, batch 1, float32>"
    assert repr(one.folded_rows) == "[<conv1.0 x4: conv 1x1, 3 -> [3, 2, 2], 12 params, 36 MACs>]"


def test_rows_know_what_they_see() -> None:
    rows = {row.name: row for row in cost(VGG16).rows}
    seen = [rows[f"stage{n}.maxpool1"].seen for n in range(1, 6)]
    # By hand: r += 2*jump for each 3x3, r += jump for each pool.
    assert [one.size[0] for one in seen if one] == [6, 16, 44, 100, 212]
    assert rows["head.linear1"].seen is None


def test_the_json_has_the_documented_fields() -> None:
    document = archdsl.load("resnet18").cost().to_dict()
    assert json.loads(json.dumps(document)) == document
    assert document["schema"] == SCHEMA
    assert document["input"] == {"image": [3, 224, 224]}
    metrics = ("params", "macs", "flops", "memory", "peak", "depth", "receptive_field", "stride", "out")
    assert [document[name] for name in metrics] == [
        11_689_512,
        1_814_073_344,
        document["flops"],
        document["memory"],
        document["peak"],
        18,
        [435, 435],
        [32, 32],
        [1000],
    ]
    assert document["rows"][0]["name"] == "stem.conv1"
    assert document["rows"][0]["params"] == 9408


def test_a_run_whose_output_is_read_costs_what_it_costs_apart() -> None:
    lines = "arch one\ninput x[3, 32, 32]\ndef f < conv 3x3 8 ; output mid ; relu ; conv 3x3 8 >\nconv 3x3 8\n"
    repeated, apart = cost(f"{lines}l: x5 f\nadd @l.mid"), cost(f"{lines}x4 f\nl: f\nadd @l.mid")
    for metric in ("params", "macs", "flops", "memory", "peak", "depth", "receptive_field"):
        assert getattr(repeated, metric) == getattr(apart, metric)
    # The conv's output of the last run waits until it is added: 8 channels of 32x32 beside the two of the conv after it.
    assert repeated.peak == 3 * 8 * 32 * 32 * 4


def test_free_dimensions_give_formulas() -> None:
    costs = cost("arch one\ninput x[C, H, W]\nconv 5x5 in.c bias=false")
    assert str(costs.params) == "25*C**2"
    assert str(costs.macs) == "25*C**2*H*W"
    assert str(costs.memory) == "4*C*H*W"
    assert costs.receptive_field == (5, 5)
    assert costs.to_dict()["params"] == "25*C**2"


def test_what_depends_on_the_free_dimensions_is_unavailable_not_wrong() -> None:
    # Which half is the worse moment depends on whether H or W is larger.
    costs = cost("arch two\ninput a[4, H, 8]\ninput b[4, 8, W]\nconv 1x1 4\nfirst: gap\n@b\nconv 1x1 4\ngap\nadd @first")
    assert isinstance(costs.peak, Unavailable)
    assert "depends on the free dimensions" in costs.peak.reason
    assert costs.to_dict()["peak"] is None
    assert "peak" in costs.to_dict()["unavailable"]
    assert costs.macs == 128 * Formula.symbol("H") + 128 * Formula.symbol("W")


def test_without_positions_there_is_no_receptive_field() -> None:
    vector = cost("arch mlp\ninput x[8]\nlinear 4")
    assert isinstance(vector.receptive_field, Unavailable)
    assert vector.to_dict()["receptive_field"] is None


@pytest.mark.parametrize(
    ("shape", "steps", "field", "stride"),
    [
        ("[32, 8]", "conv 5 8 stride=2 ; conv 3 8 dilation=2 pad=[4, 0]", (13,), (2,)),
        ("[T, 8]", "conv 3 8 ; maxpool 2 ; linear 4", (4,), (2,)),
        ("[32, 8]", "conv 3 8 ; attention heads=2", (32,), (1,)),
        (
            "[3, 16, 32, 40]",
            "conv 3x7x7 8 stride=[1, 2, 2] ; maxpool 1x3x3 stride=[1, 2, 2] pad=[0, 1, 1]",
            (3, 11, 11),
            (1, 4, 4),
        ),
        ("[3, 16, 32, 40]", "conv 3 8 ; gap ; linear 4", (3, 3, 3), (1, 1, 1)),
        ("[3, 16, 32, 40]", "conv 3 8 ; mul < identity | gap keep=true ; sigmoid >", (16, 32, 40), (1, 1, 1)),
        ("[3, 16, 32, 40]", "conv 1 8 ; tokens ; linear 4 ; grid [16, 32, 40] ; conv 3 8", (3, 3, 3), (1, 1, 1)),
        ("[3, 16, 32, 40]", "conv 1 8 ; tokens ; conv 5 4 ; grid [16, 32, 40] ; conv 1 8", (16, 32, 40), (1, 1, 1)),
        ("[3, 16, 16]", "conv 1 8 ; tokens ; conv 5 4 ; grid ; conv 1 8", (16, 16), (1, 1)),
        ("[32, 8]", "deconv 2 8 stride=2 ; conv 3 8", (2,), (Fraction(1, 2),)),
    ],
)
def test_the_receptive_field_has_a_number_for_each_axis(
    shape: str, steps: str, field: tuple[int, ...], stride: tuple[object, ...]
) -> None:
    costs = cost(f"arch t\ninput x{shape}\n{steps}")
    assert (costs.receptive_field, costs.stride) == (field, stride)


def test_layers_are_listed_one_by_one_only_up_to_the_limit() -> None:
    vgg = cost(VGG16)
    assert len(layers(vgg.measures, Scale(), folded=False, limit=39)) == 39
    with pytest.raises(TooManyLayers):
        layers(vgg.measures, Scale(), folded=False, limit=38)
