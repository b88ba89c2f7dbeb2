"""Questions about costs: formulas, the largest batch, the value that keeps a condition, the time on a device."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import archdsl
from archdsl.analysis.cost import Cost
from archdsl.analysis.dtypes import UnknownChoice
from archdsl.analysis.formula import formula
from archdsl.analysis.questions.batch import Fit, fits, needed, read_bytes
from archdsl.analysis.questions.condition import BadCondition, NoAnswer, keeps, measure, read_condition, shown
from archdsl.analysis.questions.devices import DEVICES, find_device
from archdsl.analysis.questions.parameter import check_parameter, solve
from archdsl.analysis.questions.roofline import roofline
from archdsl.diagnostics import ArchError, WrongUse
from archdsl.ir import Network

WIDE = """
arch wide(width=64)
input x[3, 64, 64]
conv 3x3 width ; bn ; relu
x3 < residual < conv 3x3 width ; bn ; relu > >
"""
HEADS = "arch a(d=64)\ninput x[16, 64]\nlinear d\nattention heads=8\n"


def wide(width: int) -> Network:
    return archdsl.loads(WIDE, width=width).network


def macs(width: int) -> int:
    return 64 * 64 * 9 * (3 * width + 3 * width * width)


def test_formulas_are_sympy_expressions() -> None:
    import sympy

    one, two = archdsl.load("conv5x5").network, archdsl.load("two_conv3x3").network
    c, h, w = (sympy.Symbol(name, integer=True, positive=True) for name in "CHW")
    assert formula(one, "params") == 25 * c**2
    assert formula(one, "macs") == 25 * c**2 * h * w
    assert formula(two, "params") == 18 * c**2
    assert formula(two, "macs") == 18 * c**2 * h * w
    assert formula(one, "out") == sympy.Tuple(c, h, w)
    assert formula(archdsl.load("resnet18").network, "params") == 11_689_512


def test_a_floor_stays_a_floor() -> None:
    import sympy

    network = archdsl.loads("arch a\ninput x[4, H, 8]\nmaxpool 2x2").network
    h = sympy.Symbol("H", integer=True, positive=True)
    assert formula(network, "out") == sympy.Tuple(4, sympy.floor(h / 2), 4)


def test_formulas_of_what_there_is_none() -> None:
    network = archdsl.load("conv5x5").network
    with pytest.raises(UnknownChoice, match="did you mean `params`"):
        formula(network, "parms")
    tokens = archdsl.loads("arch a\ninput x[D]\nlinear 4").network
    with pytest.raises(ValueError, match="the input has no positions"):
        formula(tokens, "receptive_field")


@pytest.mark.parametrize(("text", "size"), [("80GB", 80 * 2**30), ("1.5MB", 1_572_864), ("512KB", 2**19)])
def test_bytes_are_read_as_the_language_counts_them(text: str, size: int) -> None:
    assert read_bytes(text) == size


@pytest.mark.parametrize("text", ["80GB", "80GiB", "80 GB", "80gb", " 80 gib ", "81920MB", "80.0GB", "8_0GB"])
def test_amounts_of_memory(text: str) -> None:
    assert read_bytes(text) == 80 * 1024**3


@pytest.mark.parametrize("text", ["80", "80G", "80XB", "80GBs", "GB", "-3GB", "1e3GB", "80 gigs", "1.2.3GB"])
def test_what_is_no_amount_of_memory(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount of memory"):
        read_bytes(text)


@pytest.mark.parametrize("training", [False, True])
def test_the_largest_batch_fits_and_one_more_does_not(training: bool) -> None:
    network, memory = archdsl.load("resnet18").network, read_bytes("2GB")
    fit = fits(network, memory, training=training, optimizer="adam")
    assert fit.batch > 10
    assert fit.bytes <= memory < fit.more
    assert needed(Cost(network, fit.batch), training, "adam") == fit.bytes
    assert needed(Cost(network, fit.batch + 1), training, "adam") == fit.more


def test_inference_needs_weights_input_and_the_worst_moment() -> None:
    network = archdsl.loads("arch a\ninput x[4, 8, 8]\nconv 3x3 4 bias=false").network
    assert fits(network, 576 + 10 * 2048) == Fit(10, 576 + 10 * 2048, 576 + 11 * 2048)
    assert fits(network, 576).batch == 0


def test_free_dimensions_fit_nowhere() -> None:
    with pytest.raises(ValueError, match=r"depends on free dimensions, .*C"):
        fits(archdsl.load("conv5x5").network, 2**30)


def test_the_largest_value_below_and_the_smallest_above() -> None:
    below = solve(wide, read_condition("macs <= 4G"))
    assert below.best.measured == (macs(below.best.value),)
    assert macs(below.best.value) <= 4 * 10**9
    assert below.beyond is not None
    assert below.beyond.measured == (macs(below.best.value + 1),)
    assert macs(below.best.value + 1) > 4 * 10**9
    above = solve(wide, read_condition("macs >= 4G"))
    assert above.best == below.beyond
    assert solve(wide, read_condition("macs >= 1")).best.value == 1


def test_a_metric_that_shrinks_turns_the_question_round() -> None:
    def patches(size: int) -> Network:
        return archdsl.load("vit_b_16", patch=size).network

    below, above = (solve(patches, read_condition(f"macs {relation} 4G")) for relation in ("<=", ">="))
    assert (below.best.value, below.is_largest) == (33, False)
    (most,), (more,) = below.best.measured, above.best.measured
    assert isinstance(most, int)
    assert isinstance(more, int)
    assert most <= 4 * 10**9 < more
    assert (above.best.value, above.is_largest) == (32, True)
    least = solve(patches, read_condition("macs < 900T"))
    assert (least.best.value, least.beyond) == (1, None)


def test_only_whole_numbers_are_looked_for() -> None:
    network = archdsl.loads("arch a(n=1, b=true, s=[1], r=0.5)\ninput x[1]\nlinear n").network
    check_parameter(network, "n")
    for name, kind in (("b", "a boolean"), ("s", "a list"), ("r", "1/2")):
        with pytest.raises(WrongUse, match=f"`{name}` is {kind}, but only"):
            check_parameter(network, name)


def test_values_that_the_architecture_refuses_are_passed_over() -> None:
    # Heads divide the width, so only multiples of 8 are answers.
    answer = solve(lambda d: archdsl.loads(HEADS, d=d).network, read_condition("params <= 100K"))
    assert answer.best.value % 8 == 0
    assert answer.beyond is not None
    assert answer.beyond.value == answer.best.value + 8


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("macs < 10", "no value keeps `macs < 10`: with 1 `macs` is 221,184"),
        ("depth <= 100", "the value does not decide `depth <= 100`: with 1 `depth` is 4, and at every value tried"),
        ("macs == 4G", "no value keeps `macs == 4G`"),
        ("macs > 4G and macs < 3G", "no value keeps `macs > 4G and macs < 3G`: with 1 `macs` is 221,184"),
        ("out <= 4", "`out` is a list of 3: compare it with a list, such as `out <= [1, 64, 64]`"),
        ("out <= [4, 4]", "`out` is a list of 3, and `[4, 4]` has 2"),
        ("macs < 4G and params", "`params` compares nothing"),
        ("macs <= 4G\ndepth == 1", "a condition is one line"),
        ("macs", "`macs` compares nothing"),
        ("macs <= [1, 2]", "`macs` is a list of one number, and `[1, 2]` has 2"),
    ],
)
def test_questions_without_an_answer(condition: str, reason: str) -> None:
    with pytest.raises(NoAnswer if "value" in reason else BadCondition, match=reason.replace("[", r"\[")):
        solve(wide, read_condition(condition))


@pytest.mark.parametrize("condition", ["macz <= 4", "stage9.macs <= 4", "macs <=", "<= 4", "macs < 4G or macz > 3"])
def test_conditions_that_are_none(condition: str) -> None:
    with pytest.raises(ArchError):
        solve(wide, read_condition(condition))


MANY = """
arch many(n=3)
input x[6, 96, 96]
conv 3x3 (2*n)
x(n) conv 3x3 8
maxpool 2x2
"""


@pytest.mark.parametrize(
    "condition",
    [
        "receptive_field <= 30",
        "receptive_field <= [30, 40]",
        "receptive_field > [30, 20]",
        "params > 2000 and params < 8000",
        "params < 2000 or params > 8000",
        "params < 2000 or (params > 4000 and params <= 8000)",
        "(params < 2000 or params > 4000) and depth <= 12",
        "depth == 9",
        "depth != 9",
        "depth != 9 and depth != 12 and depth < 15",
        "params ~= 5K",
        "params ~= 10K",
        "params ~= 5.2K or params ~= 5.3K",
        "out <= [8, 48, 48] and depth < 11",
        "conv1.params < 1K and memory(conv) > 400KB",
        "params > 4K and params > 3K",
    ],
)
def test_a_condition_keeps_what_trying_every_value_finds(condition: str) -> None:
    read = read_condition(condition)
    networks = {n: archdsl.loads(MANY, n=n).network for n in range(1, 41)}
    expected = {n for n, network in networks.items() if keeps(read, measure(network, read))}
    answer = solve(lambda n: networks[n] if n in networks else archdsl.loads(MANY, n=n).network, read)
    found = {n for n in networks for first, last in answer.ranges if first <= n and (last is None or n <= last)}
    assert found == expected
    first, last = answer.ranges[-1]
    assert answer.best.value == (first if last is None else last)
    assert answer.best.value in expected
    if answer.beyond is not None:
        assert answer.beyond.value == answer.best.value + (1 if answer.is_largest else -1)


def test_words_and_signs_inside_brackets_join_nothing() -> None:
    read = read_condition("(params < (3 if (1 < 2 and 2 < 3) else 4) or (depth > 2)) and macs > 1")
    assert shown(read) == "(params < (3 if (1 < 2 and 2 < 3) else 4) or depth > 2) and macs > 1"


def test_a_layer_takes_as_long_as_its_slower_side() -> None:
    cost = archdsl.loads("arch a\ninput x[64, 56, 56]\nconv 1x1 256 bias=false\nrelu\nflatten").cost(batch=4)
    conv, relu, flatten = roofline(cost, DEVICES["laptop"]).timings
    assert conv.flops == 2 * 4 * 56 * 56 * 64 * 256
    assert conv.bytes == 4 * (4 * 56 * 56 * (64 + 256) + 64 * 256)
    assert conv.seconds == pytest.approx(conv.flops / 384e9)
    assert conv.bound == "compute"
    assert relu.seconds == pytest.approx(2 * 4 * 4 * 56 * 56 * 256 / 68.3e9)
    assert relu.bound == "memory"
    assert flatten.seconds == 0


def test_repetitions_take_their_time_each() -> None:
    text = "arch a(n=1)\ninput x[8, 8, 8]\nx(n) < conv 3x3 8 >"
    one, ten = (roofline(archdsl.loads(text, n=n).cost(), DEVICES["a100"]).seconds for n in (1, 10))
    assert ten == pytest.approx(10 * one)


def test_a_device_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    fields = {"title": "Mine", "flops": {"float32": 1e12}, "bandwidth": 1e11, "memory": 2**30, "source": "measured"}
    path.write_text(json.dumps(fields))
    assert find_device(str(path)).flops == {"float32": 1e12}
    cost = archdsl.load("resnet18").cost()
    assert roofline(cost, find_device(str(path))).seconds > 0
    with pytest.raises(UnknownChoice, match="the choices are `float32`"):
        roofline(archdsl.load("resnet18").cost(dtype="int8"), find_device(str(path)))


@pytest.mark.parametrize(
    "content", ["", "[]", '{"title": 1}', '{"title": "", "flops": {"f": 1}, "bandwidth": 1, "memory": 1, "source": ""}', "\x00"]
)
def test_files_that_describe_no_device(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"does not describe a device|is not JSON"):
        find_device(str(path))


def test_an_unknown_device_gets_the_nearest() -> None:
    with pytest.raises(UnknownChoice, match="did you mean `h200`"):
        find_device("h20")
    with pytest.raises(WrongUse, match="there is no file"):
        find_device("nowhere.json")
