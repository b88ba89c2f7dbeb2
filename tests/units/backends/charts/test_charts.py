"""The charts: whole files, every name once, no name on another, and what cannot be placed said below."""

from __future__ import annotations

import re

import pytest

import archdsl
from archdsl.analysis.cost import Cost
from archdsl.analysis.dtypes import UnknownChoice
from archdsl.backends.charts import chart, complexity_chart, layer_bars
from archdsl.backends.charts.figure import new_figure
from archdsl.backends.charts.labels import Bubble, place

LECTURE = "alexnet vgg16 vgg19 googlenet resnet18 resnet34 resnet50 resnet101 resnet152 inception_v3 inception_v4 enet".split()


def costs(names: list[str]) -> list[Cost]:
    return [archdsl.load(name).cost() for name in names]


def bars(first: str, second: str, format: str = "svg") -> bytes:
    return layer_bars(archdsl.load(first).cost(), archdsl.load(second).cost(), format)


@pytest.mark.parametrize(("format", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_every_format_is_a_whole_file(format: str, start: bytes) -> None:
    assert complexity_chart(costs(["vgg16", "resnet50"]), format).startswith(start)
    assert bars("lecture_alexnet", "lecture_vgg16", format).startswith(start)


def test_what_has_an_accuracy_is_in_the_chart_and_the_rest_below_it() -> None:
    texts = re.findall(r">([^<>]*)</text>", complexity_chart(costs(LECTURE)).decode())
    below = next(text for text in texts if text.startswith("no sourced accuracy: "))
    for name in LECTURE:
        assert (name in below.split(": ")[1].split(", ")) != (texts.count(name) == 2), name


def test_the_same_networks_give_the_same_file() -> None:
    assert complexity_chart(costs(["vgg16", "resnet50"])) == complexity_chart(costs(["vgg16", "resnet50"]))


def test_names_do_not_lie_on_names() -> None:
    figure = new_figure(8, 6)
    axes = figure.subplots()
    crowd = [Bubble(x / 10, y / 10, 6 + x + y, f"network_{x}_{y}") for x in range(5) for y in range(5)]
    axes.set_xlim(-1, 2)
    axes.set_ylim(-1, 2)
    boxes = place(axes, crowd)
    overlaps = [one.overlap(other) for number, one in enumerate(boxes) for other in boxes[:number]]
    assert max(overlaps) == 0


def test_lines_to_far_names_move_nothing() -> None:
    figure = new_figure(4, 3)
    axes = figure.subplots()
    crowd = [Bubble(1, 1 + y / 1000, 5, f"network_{y}") for y in range(30)]
    axes.scatter([bubble.x for bubble in crowd], [bubble.y for bubble in crowd])
    before = axes.get_xlim(), axes.get_ylim()
    place(axes, crowd)
    assert len(axes.lines) > 0
    assert (axes.get_xlim(), axes.get_ylim()) == before


def test_a_crowd_gets_a_larger_chart_and_the_rest_is_counted() -> None:
    variants = [archdsl.load("resnet50", depths=[1, 1, 1, n]).cost() for n in range(1, 31)]
    width = [int(re.search(r'<svg[^>]* width="(\d+)', complexity_chart(variants[:many]).decode())[1]) for many in (24, 30)]  # type: ignore[index]
    assert width[0] < width[1]
    bare = costs(["enet", "unet", "segnet", "fcn8s", "fcn16s", "fcn32s", "conv5x5", "two_conv3x3", "vgg_stage"] * 4)
    texts = re.findall(r">([^<>]*)</text>", complexity_chart([variants[0], *bare]).decode())
    (below,) = (text for text in texts if text.startswith("no sourced accuracy: "))
    shown, more = below.removeprefix("no sourced accuracy: ").removesuffix(" more").split(" and ")
    assert len(shown.split(", ")) + int(more) == len(bare)
    assert len(below) < 160


def test_charts_by_name() -> None:
    pair = costs(["vgg16", "resnet50"])
    assert chart(pair, "complexity", "svg", "top5") == complexity_chart(pair, "svg", "top5")
    assert chart(pair, "layers", "svg") == layer_bars(pair[0], pair[1])
    with pytest.raises(UnknownChoice, match="did you mean `layers`"):
        chart(pair, "layer", "svg")
    with pytest.raises(UnknownChoice, match="did you mean `top5`"):
        chart(pair, "complexity", "svg", "top_5")
    with pytest.raises(ValueError, match="two architectures side by side, not 3"):
        chart([*pair, pair[0]], "layers", "svg")


def test_bars_are_by_stage_where_there_are_many_layers() -> None:
    drawn = bars("resnet50", "resnet152").decode()
    assert drawn.count(">stage3<") == 2
    assert ">conv1<" not in drawn


@pytest.mark.parametrize("names", [["enet"], ["enet", "unet"]])
def test_a_chart_of_nothing_is_refused(names: list[str]) -> None:
    with pytest.raises(ValueError, match="nothing to plot"):
        complexity_chart(costs(names))


def test_wrong_formats_and_free_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match=r"not as `\.gif`"):
        complexity_chart(costs(["vgg16"]), "gif")
    with pytest.raises(ValueError, match="a chart needs numbers"):
        bars("conv5x5", "two_conv3x3")


def test_without_matplotlib_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.backends.backend_agg", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "archdsl\[plot\]"'):
        complexity_chart(costs(["vgg16"]))
