"""The rules of `peak`, one by one, with numbers by hand. (That repetitions change nothing is a law, tested elsewhere.)"""

from __future__ import annotations

import pytest

import archdsl
from archdsl.analysis.cost import Cost
from archdsl.analysis.unavailable import Unavailable

MAP = 4 * 8 * 8 * 4  # bytes of [4, 8, 8]


def cost(body: str, inputs: str = "input x[4, 8, 8]") -> Cost:
    return archdsl.loads(f"arch a\n{inputs}\n{body}").cost()


@pytest.mark.parametrize(
    ("body", "maps"),
    [
        # The input belongs to the caller: only the output counts.
        ("conv 3x3 4", 1),
        # A value lives until its last use: while the second runs, its input and its output.
        ("conv 3x3 4 ; conv 3x3 4", 2),
        ("conv 3x3 4 ; conv 3x3 4 ; conv 3x3 4", 2),
        # An activation overwrites what nobody needs afterwards, but never the network's input.
        ("conv 3x3 4 ; relu ; sigmoid", 1),
        ("relu", 1),
        ("relu ; relu", 1),
        ("a: conv 3x3 4 ; relu ; add @a", 2),
        # The sum of a residual overwrites the first branch; the shortcut waits outside it.
        ("conv 3x3 4 ; residual < conv 3x3 4 >", 2),
        ("residual < conv 3x3 4 >", 1),
        ("conv 3x3 4 ; residual < conv 3x3 4 ; conv 3x3 4 >", 3),
        # A normalization makes a new value.
        ("conv 3x3 4 ; bn", 2),
        # Views are free, and hold the storage that they show.
        ("conv 3x3 4 ; flatten", 1),
        ("conv 3x3 4 ; tokens ; linear 4", 2),
        ("conv 3x3 4 ; a: flatten ; linear 256 ; add @a", 2),
        # Dropout passes its input on.
        ("a: conv 3x3 4 ; dropout ; concat @a", 3),
        # A pool's output is small; concat has its inputs beside its output.
        ("conv 3x3 4 ; maxpool 2x2", 1.25),
        ("conv 3x3 4 ; concat < identity | conv 3x3 4 >", 4),
        # A shortcut held over the whole network.
        ("a: conv 3x3 4 ; x5 conv 3x3 4 ; add @a", 3),
        ("conv 3x3 4 ; a: identity ; x5 conv 3x3 4 ; add @a", 3),
        # Labels that nobody uses keep nothing alive.
        ("conv 3x3 4 ; a: identity ; x5 conv 3x3 4", 2),
        # Repetitions: as one run, with what is live around it.
        ("x1000 conv 3x3 4", 2),
        ("x1000 < conv 3x3 4 ; relu >", 2),
        ("x1000 < residual < bn ; conv 3x3 4 > >", 3),
        ("x1000 < residual < bn ; relu ; conv 3x3 4 ; bn ; relu ; conv 3x3 4 > >", 3),
        # The inside of a definition owns what its caller does not need any more.
        ("conv 3x3 4\ndef f < relu ; conv 3x3 4 >\nf", 2),
        ("a: conv 3x3 4\ndef f < relu ; conv 3x3 4 >\nf\nadd @a", 3),
        # What a repetition captures stays until its last run.
        ("a: conv 3x3 4\nx3 < conv 3x3 4 ; add @a >", 3),
        # What nobody uses dies at once.
        ("a: conv 3x3 4\nb: conv 3x3 4\n@a\nconv 3x3 4", 2),
        # Auxiliary heads do not run.
        ("conv 3x3 4\naux side < x4 conv 3x3 64 >\nconv 3x3 4", 2),
    ],
)
def test_the_rules(body: str, maps: float) -> None:
    assert cost(body).peak == maps * MAP


def test_a_list_of_values_is_alive_as_a_whole() -> None:
    each = "parallel for i in range(2) < pick i ; conv 3x3 4 >"
    body = f"parallel < conv 3x3 4 | conv 3x3 4 >\nx3 < {each} >\nadd for i in range(2) < pick i >"
    assert cost(body).peak == 3 * MAP


def test_positions_for_an_unpool_are_64_bits_wide() -> None:
    # The pooled map is a quarter, its positions twice that, and nothing else is left when the second convolution runs.
    costs = cost("p: maxpool 2x2\nconv 3x3 4\nunpool @p")
    quarter = MAP // 4
    assert costs.peak == max(2 * quarter + 2 * quarter, quarter + 2 * quarter + MAP)


def test_the_worst_moment_is_named() -> None:
    costs = archdsl.load("resnet50").cost()
    moment = costs.peak_moment
    assert not isinstance(moment, Unavailable)
    # In the first block: the branch's [256, 56, 56] waits while the shortcut's normalization has another two.
    assert moment.where == ("stage1", "0", "shortcut1", "bn1")
    assert moment.bytes == 3 * 256 * 56 * 56 * 4


def test_of_formulas_the_one_that_is_never_smaller() -> None:
    costs = cost("conv 3x3 (2*C) ; conv 3x3 C", "input x[C, H, W]")
    assert str(costs.peak) == "12*C*H*W"
    taller = cost("conv 3x3 4\nmaxpool 2x2", "input x[4, 2*H, 2*W]")
    assert str(taller.peak) == "80*H*W"


def test_which_moment_is_worse_may_be_open() -> None:
    # First 2*C maps of the input's height and width, then 8*C*C numbers in a vector: which is more depends on C.
    costs = cost("conv 1x1 (2*C) ; gap ; linear (64*C*C)", "input x[C, 8, 8]")
    assert isinstance(costs.peak, Unavailable)


NETWORKS = (
    "vgg16",
    "preact_resnet50",
    "mobilenet_v2",
    "densenet121",
    "inception_v3",
    "unet",
    "convnext_tiny",
    "regnet_y_400mf",
)


@pytest.mark.torch
@pytest.mark.parametrize("name", NETWORKS)
def test_it_is_what_a_frugal_program_allocates(name: str) -> None:
    """At batch 8, on a device that computes nothing; the rest are a batch norm's two vectors."""
    from helpers.reference_peak import measured_peak

    arch = archdsl.load(name)
    assert arch.cost(batch=8).peak == pytest.approx(measured_peak(arch, 8), rel=1e-4)
