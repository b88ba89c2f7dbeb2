"""What the lecture "Vision Architectures Since AlexNet" prints about each entry, beside what is measured. Must not print.

`test_lecture.py` shows by which convention each number comes out; here they are rows for the zoo's certificate.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from archdsl.analysis.cost import Cost
from archdsl.analysis.metrics.named import SUMS
from archdsl.analysis.metrics.parts import Part, find
from archdsl.analysis.reports.conventions import CONVENTIONS
from archdsl.analysis.reports.rollup import operations
from archdsl.shapes import Dim

KB, MB, K, M, G = 1024, 1024**2, 10**3, 10**6, 10**9
_NAMES = {KB: "KB", MB: "MB", K: "K", M: "M", G: "G"}
Measured = Callable[[Cost], Dim]


class Figure(NamedTuple):
    """One printed number.

    Attributes:
        entry: the zoo's name for what the lecture prints it about.
        what: in words.
        printed: the digits, or a formula, as printed.
        unit: of the digits; 1 for formulas.
        measured: the exact value.
        remark: the convention, or why it differs.
    """

    entry: str
    what: str
    printed: str
    unit: int
    measured: Measured
    remark: str = ""


def _of(metric: str, *paths: str, operator: str | None = None, less: int = 0) -> Measured:
    """The sum of a metric over parts (of the whole network where none is named)."""

    def value(cost: Cost) -> Dim:
        total: Dim = -less
        for path in paths or ("",):
            part = find(cost.network, path.split(".") if path else [])
            assert isinstance(part, Part), path
            total = total + SUMS[metric](cost.measures, part, operator)
        return total

    return value


def _operations_of_the_stem(cost: Cost) -> Dim:
    """Each row rounded to millions, pools included, as the slide adds them."""
    rows = [row for row in cost.rows if row.name.startswith("stem.") and row.memory]
    counts = [operations(row, CONVENTIONS["lecture"]) for row in rows]
    return sum(int(Fraction(count, M) + Fraction(1, 2)) for count in counts if isinstance(count, int)) * M


_THREE = ("stage1", "stage2", "stage3")
_CONV = _of("memory", operator="conv")
_MISSING = "the lecture counts two convolutions in the third stage: `lecture_vgg16`"
_STRIDE = "the paper's stride: `{}`"

FIGURES = (
    Figure("lecture_alexnet", "memory", "1.9", MB, _CONV, "convolutions only"),
    Figure("lecture_alexnet", "parameters", "61", M, _of("params")),
    Figure("lecture_alexnet", "FLOP", "0.7", G, _of("macs"), "multiply-accumulates"),
    Figure("lecture_vgg16", "memory", "48.6", MB, _CONV, "convolutions only, one of them missing"),
    Figure("lecture_vgg16", "parameters", "138", M, _of("params")),
    Figure("lecture_vgg16", "FLOP", "13.6", G, _of("macs"), "multiply-accumulates"),
    Figure("lecture_vgg16", "memory, 224 to 28", "42.9", MB, _of("memory", *_THREE, operator="conv"), "convolutions only"),
    Figure("lecture_vgg16", "parameters, 224 to 28", "1.1", M, _of("params", *_THREE)),
    Figure("lecture_vgg16", "FLOP, 224 to 28", "7485", M, _of("macs", *_THREE), "pools not counted"),
    Figure("lecture_vgg16", "parameters of fc6", "102760", K, _of("params", "head.linear1", less=4096), "without biases"),
    Figure("lecture_vgg16", "parameters of fc7", "16777", K, _of("params", "head.linear2", less=4096), "without biases"),
    Figure("lecture_vgg16", "parameters of fc8", "4096", K, _of("params", "head.linear3", less=1000), "without biases"),
    Figure("lecture_vgg16", "FLOP of fc6", "103", M, _of("macs", "head.linear1")),
    Figure("lecture_vgg16", "FLOP of fc7", "17", M, _of("macs", "head.linear2")),
    Figure("lecture_vgg16", "FLOP of fc8", "4", M, _of("macs", "head.linear3")),
    Figure("vgg16", "memory", "48.6", MB, _CONV, _MISSING),
    Figure("vgg16", "parameters", "138", M, _of("params")),
    Figure("vgg16", "FLOP", "13.6", G, _of("macs"), _MISSING),
    Figure("googlenet", "memory of the stem", "7.5", MB, _of("memory", "stem"), "with pools, where VGG's is without"),
    Figure("googlenet", "parameters of the stem", "124", K, _of("params", "stem")),
    Figure("googlenet", "FLOP of the stem", "418", M, _operations_of_the_stem, "no sum of its rows, which add up to 481"),
    Figure("googlenet", "memory of the head", "4", KB, _of("memory", "head.gap1")),
    Figure("googlenet", "parameters of the head", "1025", K, _of("params", "head"), "with biases, where VGG's are without"),
    Figure("googlenet", "FLOP of the head", "1", M, _of("macs", "head")),
    Figure("resnet18", "FLOP", "1.8", G, _of("macs")),
    Figure("resnet34", "FLOP", "3.6", G, _of("macs"), "shortcuts of zeros give 3.6: `resnet34_a`"),
    Figure("resnet34_a", "FLOP", "3.6", G, _of("macs")),
    Figure("resnet50", "FLOP", "3.8", G, _of("macs"), _STRIDE.format("resnet50_v1")),
    Figure("resnet50_v1", "FLOP", "3.8", G, _of("macs")),
    Figure("resnet101", "FLOP", "7.6", G, _of("macs"), _STRIDE.format("resnet101_v1")),
    Figure("resnet101_v1", "FLOP", "7.6", G, _of("macs")),
    Figure("resnet152", "FLOP", "11.3", G, _of("macs"), _STRIDE.format("resnet152_v1")),
    Figure("resnet152_v1", "FLOP", "11.3", G, _of("macs")),
    Figure("conv5x5", "parameters", "25*C**2", 1, _of("params")),
    Figure("conv5x5", "FLOP", "25*C**2*H*W", 1, _of("macs")),
    Figure("two_conv3x3", "parameters", "18*C**2", 1, _of("params")),
    Figure("two_conv3x3", "FLOP", "18*C**2*H*W", 1, _of("macs")),
    Figure("vgg_stage", "memory, C x 2H x 2W", "16*C*H*W", 1, _of("memory", "fine"), "4HWC numbers of 4 bytes"),
    Figure("vgg_stage", "parameters, C x 2H x 2W", "9*C**2", 1, _of("params", "fine")),
    Figure("vgg_stage", "FLOP, C x 2H x 2W", "36*C**2*H*W", 1, _of("macs", "fine")),
    Figure("vgg_stage", "memory, 2C x H x W", "8*C*H*W", 1, _of("memory", "coarse"), "2HWC numbers of 4 bytes"),
    Figure("vgg_stage", "parameters, 2C x H x W", "36*C**2", 1, _of("params", "coarse")),
    Figure("vgg_stage", "FLOP, 2C x H x W", "36*C**2*H*W", 1, _of("macs", "coarse")),
)


def exact(figure: Figure, cost: Cost) -> str:
    """What is measured, as it is read."""
    value = figure.measured(cost)
    return f"{value:,}" if isinstance(value, int) else str(value)


def printed(figure: Figure) -> str:
    """What is printed, with its unit."""
    return f"{figure.printed} {_NAMES[figure.unit]}" if figure.unit > 1 else figure.printed


def verdict(figure: Figure, cost: Cost) -> str:
    """`equal` for formulas; `rounded` or `cut off` where this gives the printed digits; else `differs`."""
    value = figure.measured(cost)
    if not isinstance(value, int):
        return "equal" if str(value) == figure.printed else "differs"
    number = Fraction(figure.printed)
    step = Fraction(1, 10 ** len(figure.printed.partition(".")[2]))
    scaled = Fraction(value, figure.unit)
    if (scaled / step + Fraction(1, 2)) // 1 * step == number:
        return "rounded"
    return "cut off" if scaled // step * step == number else "differs"
