"""The picture: what is drawn (without Graphviz), its colors and texts, and the files that come out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import dist
from pathlib import Path
from xml.etree import ElementTree

import pytest
from helpers.doubling import BODIES, doubling
from helpers.drawings import SAMPLES, boxes, network, words, zoo

import archdsl
from archdsl.backends.render import NoEngine, RenderError, TooDetailed, outline, render, svg, to_dot
from archdsl.backends.render.layout.box_sizes import box_size
from archdsl.backends.render.layout.chunks import units
from archdsl.backends.render.layout.geometry import Rect
from archdsl.backends.render.layout.letters import text_width
from archdsl.backends.render.layout.page import LEAST_TEXT, PAGES
from archdsl.backends.render.output import picture
from archdsl.backends.render.output.dot import escaped, unit_source
from archdsl.backends.render.output.engine import EngineFailed, _Library, _Program
from archdsl.backends.render.output.legend import keys, marks
from archdsl.backends.render.output.style import GREY
from archdsl.backends.render.scene.captions import axes_text, spread, value_text
from archdsl.backends.render.scene.drawing import Level
from archdsl.backends.render.scene.joined import joined
from archdsl.backends.render.scene.loads import measure
from archdsl.backends.render.scene.outline import MANY, blocks
from archdsl.backends.render.scene.paint import FAMILIES, SymbolicCost, box_costs, by_cost, by_family, figure

# What is drawn.


@pytest.mark.parametrize("level", ["stage", "block", "layer"])
def test_definitions_that_double_are_drawn_once_a_level(level: Level) -> None:
    text = doubling(40, BODIES["in sequence"])
    drawing = outline(network(text), level)
    loads = [load for box in drawing.boxes for load in box.loads]
    assert len(loads) <= 1000
    assert sum(box_costs(drawing, measure("params"))) == 2**40 * 12


@pytest.mark.parametrize("body", [BODIES["side by side"], BODIES["under labels"]])
def test_branches_that_double_are_too_detailed(body: str) -> None:
    assert outline(network(doubling(4, body)), "layer").boxes
    with pytest.raises(TooDetailed):
        outline(network(doubling(40, body)), "layer")


def test_a_convolution_takes_in_its_norm_and_activation() -> None:
    drawing = outline(network("arch t\ninput x[3, 8, 8]\nconv 3x3 16 stride=2 ; bn ; relu\nmaxpool 2x2\n"))
    assert boxes(drawing) == [("conv 3×3, 16, /2", "bn · relu"), ("max pool 2×2, /2",)]
    assert [arrow.label for arrow in drawing.arrows] == ["3×8×8", "16×4×4", "16×2×2"]


def test_a_norm_in_front_goes_with_its_convolution() -> None:
    drawing = outline(network("arch t\ninput x[3, 8, 8]\nresidual < bn ; relu ; conv 3x3 3 >\n"))
    assert boxes(drawing) == [("bn · relu", "conv 3×3, 3")]


def test_level_layer_shows_every_operator_by_itself() -> None:
    drawing = outline(network("arch t\ninput x[3, 8, 8]\nconv 3x3 16 ; bn ; relu\n"), "layer")
    assert boxes(drawing) == [("conv 3×3, 16",), ("bn",), ("relu",)]


def test_a_residual_has_a_fork_a_join_and_a_skip() -> None:
    drawing = outline(network("arch t\ninput x[4, 8, 8]\nresidual < conv 3x3 4 ; bn ; relu ; conv 3x3 4 > ; relu\n"))
    kinds = [box.kind for box in drawing.boxes]
    assert kinds == ["input", "fork", "operator", "operator", "join", "output"]
    assert words(drawing.boxes[4]) == ("+", "relu")
    skips = [(arrow.tail, arrow.head) for arrow in drawing.arrows if arrow.kind == "skip"]
    assert skips == [(1, 4)]


def test_resnet50_by_blocks() -> None:
    drawing = outline(zoo("resnet50"))
    frames = [(cluster.titles[0], cluster.times) for cluster in drawing.clusters]
    assert frames == [
        ("stem", 1),
        *(
            (f"stage{stage}", 1) if part == "stage" else (part, times)
            for stage, c, times in _STAGES
            for part, times in _parts(c, times)
        ),
        ("head", 1),
    ]
    notes = [note for cluster in drawing.clusters if cluster.role == "stage" for note in cluster.notes]
    assert notes == ["3 bottlenecks", "4 bottlenecks", "6 bottlenecks", "3 bottlenecks"]
    shapes = [arrow.label for arrow in drawing.arrows if arrow.label]
    assert shapes[:3] == ["3×224×224", "64×112×112", "64×56×56"]
    assert shapes[-1] == "1000"


_STAGES = ((1, 64, 3), (2, 128, 4), (3, 256, 6), (4, 512, 3))


def _parts(c: int, times: int) -> Sequence[tuple[str, int]]:
    stride = 1 if c == 64 else 2
    return (("stage", 1), (f"bottleneck(c={c}, stride={stride})", 1), (f"bottleneck(c={c}, stride=1)", times - 1))


def test_resnet50_by_stages() -> None:
    drawing = outline(zoo("resnet50"), "stage")
    assert boxes(drawing, "block") == [
        ("stem", "conv 7×7, 64, /2", "max pool 3×3, /2, pad 1"),
        ("stage1", "3 bottlenecks", "c=64, stride=1"),
        ("stage2", "4 bottlenecks", "c=128, stride=2/1"),
        ("stage3", "6 bottlenecks", "c=256, stride=2/1"),
        ("stage4", "3 bottlenecks", "c=512, stride=2/1"),
        ("head", "global avg pool", "linear 1000"),
    ]
    assert [arrow.label for arrow in drawing.arrows][2:4] == ["256×56×56", "512×28×28"]


def test_googlenet_opens_its_inceptions_and_sets_its_heads_apart() -> None:
    drawing = outline(zoo("googlenet"))
    inceptions = [cluster for cluster in drawing.clusters if cluster.titles[-1] == "inception"]
    assert inceptions[0].titles == ("inception",), "named, its six arguments are too long for a title"
    assert len(inceptions) == 9
    stages = [cluster.titles[0] for cluster in drawing.clusters if cluster.role == "stage"]
    assert stages == ["stage1", "stage2", "stage2, continued", "stage3"]
    joins = [number for number, box in enumerate(drawing.boxes) if box.kind == "join"]
    assert [sum(arrow.head == join for arrow in drawing.arrows) for join in joins] == [4] * 9
    heads = {cluster.titles[0] for cluster in drawing.clusters if cluster.aux}
    assert heads == {"first", "second"}
    assert sum(arrow.kind == "aux" for arrow in drawing.arrows) >= 2
    assert {words(box) for box in drawing.boxes if box.kind == "output" and box.aux} == {("first",), ("second",)}


def test_depth_costs_nothing() -> None:
    text = "arch t(n=10)\ninput x[8, 8, 8]\nstage x(n) < residual < conv 3x3 8 ; bn > ; relu >\n"
    shallow, deep = outline(network(text)), outline(archdsl.loads(text, n=1_000_000).network)
    assert len(shallow.boxes) == len(deep.boxes)
    assert max(cluster.times for cluster in deep.clusters) == 1_000_000


def test_layers_that_only_grow_are_folded() -> None:
    drawing = outline(zoo("densenet121"))
    dense = [cluster for cluster in drawing.clusters if cluster.titles[-1] == "dense_layer"]
    assert [cluster.times for cluster in dense] == [6, 12, 24]
    alone = drawing.clusters[-2]
    assert (alone.notes[-1], alone.times) == ("dense_layer", 16), "alone in its stage, it has its frame"
    labels = {arrow.label for arrow in drawing.arrows}
    assert "256×56×56" in labels, "what leaves the fold is the last one's result"


def test_blocks_that_differ_in_more_than_shapes_are_not_folded() -> None:
    body = "conv 3x3 c ; relu ; conv 1x1 c ; maxpool 3x3 stride=1 pad=1"
    text = f"arch t\ninput x[8, 8, 8]\ndef f(c) < {body} >\nf(8) ; f(8) ; f(9)\n"
    frames = [(cluster.titles[0], cluster.times) for cluster in outline(network(text)).clusters]
    assert frames == [("f(c=8)", 2), ("f(c=9)", 1)]


def test_many_different_blocks_stay_closed() -> None:
    calls = " ; ".join(f"f({c})" for c in range(8, 16))
    text = f"arch t\ninput x[8, 8, 8]\ndef f(c) < concat < conv 3x3 c | conv 1x1 c > >\nstage < {calls} >\n"
    assert boxes(outline(network(text)), "block") == [(f"f(c={c})",) for c in range(8, 16)]


def test_a_definition_inside_a_block_stays_closed() -> None:
    drawing = outline(zoo("seresnet50"))
    closed = boxes(drawing, "block")
    assert closed
    assert all(words_[0].startswith("se") for words_ in closed)


def test_labels_of_the_text_are_in_the_picture() -> None:
    texts = {text for box in outline(zoo("attention")).boxes for text in words(box)}
    assert {"q: linear 64", "k: linear 64", "v: linear 64", "linear 64"} <= texts


def test_a_reference_that_gives_a_size_only_is_no_arrow() -> None:
    text = "arch t\ninput x[3, 9, 9]\na: conv 3x3 4\nmaxpool 2x2\nupsample like=@a\n"
    drawing = outline(network(text), "layer")
    heads = [arrow.head for arrow in drawing.arrows]
    assert len(heads) == len(set(heads))


def test_a_closed_box_takes_no_arrow_for_a_size_either() -> None:
    text = (
        "arch t\ninput x[3, 9, 9]\na: conv 3x3 4\nstage < maxpool 2x2 >\nhead < conv 1x1 2 ; upsample like=@a ; conv 3x3 1 >\n"
    )
    drawing = outline(network(text), "stage")
    assert [(arrow.tail, arrow.head) for arrow in drawing.arrows] == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_positions_of_an_unpool_are_dashed() -> None:
    kinds = [arrow.kind for arrow in outline(zoo("segnet")).arrows]
    assert kinds.count("aside") == 4  # The innermost pool feeds its unpool itself.


def test_too_much_is_refused_with_advice() -> None:
    text = "arch t(n=400)\ninput x[3, 8, 8]\nfor i in range(n) < conv 3x3 (i + 1) ; maxpool 3x3 stride=1 pad=1 >\n"
    with pytest.raises(TooDetailed, match=r"more than 600 boxes.*; draw it with `--level stage`"):
        outline(network(text))
    with pytest.raises(
        TooDetailed, match=r"level `layer` the picture would have more than 600 boxes.*; draw it with `--level block`"
    ):
        outline(network(text), "layer")


def test_regions_that_share_themselves_do_not_explode() -> None:
    lines = ["def d0 < conv 3x3 8 ; relu ; conv 1x1 8 >"]
    lines += [f"def d{n} < add < d{n - 1} | d{n - 1} ; relu > >" for n in range(1, 24)]
    net = network("arch t\ninput x[8, 8, 8]\n" + "\n".join(lines) + "\nd23\n")
    assert len(outline(net).boxes) < 20
    with pytest.raises(TooDetailed):
        outline(net, "layer")


@pytest.mark.parametrize("level", ["stage", "block", "layer"])
@pytest.mark.parametrize("name", SAMPLES)
def test_every_drawing_is_in_order(name: str, level: Level) -> None:
    drawing = outline(zoo(name), level)
    assert all(arrow.tail < arrow.head for arrow in drawing.arrows)
    assert all(cluster.parent is None or cluster.parent < number for number, cluster in enumerate(drawing.clusters))
    fed = {arrow.head for arrow in drawing.arrows}
    assert all(number in fed for number, box in enumerate(drawing.boxes) if box.kind != "input")
    assert sorted(box for unit in units(drawing) for box in unit.boxes) == list(range(len(drawing.boxes)))


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("resnet50", 25_557_032),
        ("googlenet", 6_998_552 + 6_379_728),  # The auxiliary heads are drawn too.
        ("densenet121", 7_978_856),
        ("vit_b_16", 86_567_656),
    ],
)
@pytest.mark.parametrize("level", ["stage", "block", "layer"])
def test_boxes_account_for_every_parameter(name: str, params: int, level: Level) -> None:
    assert sum(box_costs(outline(zoo(name), level), measure("params"))) == params


def test_a_crowd_of_blocks_in_blocks_stays_closed() -> None:
    drawing = outline(zoo("maxvit_t"))
    assert len(drawing.boxes) < MANY
    assert ("attention_block", "window=7, grid=true") in boxes(drawing, "block")


def test_a_long_frame_goes_on_in_another() -> None:
    text = "arch t\ninput x[8, 8, 8]\nstage < for i in range(70) < conv 3x3 (i + 1) > ; maxpool 2x2 >\n"
    drawing = outline(network(text))
    assert [cluster.titles[0] for cluster in drawing.clusters] == ["stage1", "stage1, continued"]
    sizes = [sum(box.cluster == number for box in drawing.boxes) for number in (0, 1)]
    assert sum(sizes) == 71
    assert abs(sizes[0] - sizes[1]) <= 1


def test_a_definition_alone_in_its_role_has_no_frame_of_its_own() -> None:
    body = "concat < conv 3x3 8 | conv 1x1 8 ; relu ; conv 3x3 8 >"
    alone = outline(network(f"arch t\ninput x[8, 8, 8]\ndef f(c) < {body} >\nstage < f(4) >\n"))
    assert [(cluster.titles, cluster.notes) for cluster in alone.clusters] == [(("stage1",), ("f(c=4)", "f"))]
    not_alone = outline(network(f"arch t\ninput x[8, 8, 8]\ndef f(c) < {body} >\nstage < f(4) ; maxpool 2x2 >\n"))
    assert [cluster.titles[0] for cluster in not_alone.clusters] == ["stage1", "f(c=4)"]


def test_two_stages_are_two_frames_however_alike() -> None:
    text = "arch t\ninput x[8, 8, 8]\ndef f(c) < add < conv 3x3 c | conv 1x1 c > >\nstage f(8)\nstage f(8)\n"
    drawing = outline(network(text))
    assert [(cluster.titles, cluster.notes, cluster.times) for cluster in drawing.clusters] == [
        (("stage1",), ("f(c=8)", "f"), 1),
        (("stage2",), ("f(c=8)", "f"), 1),
    ]
    assert [words_[0] for words_ in boxes(outline(network(text), "stage"), "block")] == ["stage1", "stage2"]


def test_every_use_of_a_shared_module_says_so() -> None:
    body = "conv 3x3 8 ; relu ; add < identity | conv 1x1 8 >"
    net = network(f"arch t\ninput x[8, 8, 8]\nshared tower < {body} >\ntower\na: tower\n")
    assert [cluster.titles for cluster in outline(net).clusters] == [("tower, shared weights",)] * 2
    assert [words_[:2] for words_ in boxes(outline(net, "stage"), "block")] == [
        ("tower", "shared weights"),
        ("a", "tower, shared weights"),
    ]


def test_a_definition_that_runs_once_is_open() -> None:
    drawing = outline(zoo("deeplabv3_resnet50"))
    dilated = [text for box in drawing.boxes for text in words(box) if "dilation" in text]
    assert [text for text in dilated if "256" in text] == [f"conv 3×3, 256, dilation {rate}" for rate in (2, 12, 24, 36)]


def test_what_a_closed_box_hides_has_its_arguments_named() -> None:
    body = "add < conv 3x3 c groups=g | conv 1x1 c >"
    text = f"arch t\ninput x[8, 8, 8]\ndef f(channels, cardinality, c=8, g=2) < {body} >\n"
    drawing = outline(network(text + "f(8, 2) ; f(8, 4)\n"), "stage")
    assert boxes(drawing, "block")[1] == ("f", "channels=8, cardinality=4, c=8", "g=2")


def test_graphviz_is_hurried_in_large_units_only() -> None:
    drawing = outline(zoo("maxvit_t"), "layer")
    sizes = [box_size(box) for box in drawing.boxes]
    sources = [unit_source(drawing, sizes, range(count)) for count in (5, 200)]
    assert ["limit" in source for source in sources] == [False, True]


# Colours and texts.


def test_the_costliest_box_is_the_darkest() -> None:
    drawing = outline(zoo("vgg16"))
    colours = by_cost(drawing, "params", measure("params"))
    darkest = min(colours, key=lambda colour: int(colour.fill[1:], 16))
    assert (darkest.figure, darkest.text) == ("103M", "#ffffff")


# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# IEEE TVCG 2009: linear RGB as people without red and without green cones see it.
_VISIONS = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}


def _linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _lab(colour: str, vision: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    """CIE 1976 L*a*b* (D65)."""
    r, g, b = (min(1.0, max(0.0, sum(a * c for a, c in zip(row, _linear(colour), strict=True)))) for row in vision)
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz)
    return (116 * y - 16, 500 * (x - y), 200 * (y - z))


@pytest.mark.parametrize("vision", _VISIONS)
def test_every_eye_tells_the_families_apart(vision: str) -> None:
    seen = {name: _lab(look.fill, _VISIONS[vision]) for name, look in FAMILIES.items() if name != "join"}
    assert min(dist(a, b) for a, b in combinations(seen.values(), 2)) > 8


def test_small_print_is_legible_on_every_fill() -> None:
    def light(colour: str) -> float:
        return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), _linear(colour), strict=True)) + 0.05

    assert min(light(look.fill) / light(GREY) for look in FAMILIES.values()) > 4.5


def test_costs_with_free_dimensions_have_no_colour() -> None:
    drawing = outline(network("arch t\ninput x[C, H, W]\nconv 3x3 8\n"))
    with pytest.raises(SymbolicCost, match="give them numbers"):
        by_cost(drawing, "macs", measure("macs"))


@pytest.mark.parametrize(
    ("cost", "by", "text"),
    [
        (0, "macs", "0"),
        (999, "params", "999"),
        (1500, "params", "1.5K"),
        (4_089_184_256, "macs", "4.09G"),
        (2048, "memory", "2 KB"),
        (999_999, "params", "1000K"),
    ],
)
def test_figures(cost: int, by: str, text: str) -> None:
    assert figure(cost, by) == text  # type: ignore[arg-type]


def test_shapes_in_words() -> None:
    assert axes_text(("C", "2*H", "H + 1")) == "C×2H×(H + 1)"
    assert axes_text(("A*B", "12*(H + 1)", "H//2")) == "A·B×(12(H + 1))×H//2"
    assert spread(("64", "56"), ("224", "56")) == ("64…224", "56")
    assert spread(("64…96", "56"), ("128…224", "56")) == ("64…224", "56")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (None, "none"),
        (0.25, "0.25"),
        (Fraction(1, 10), "0.1"),
        ("a\nb", '"a\nb"'),
        ((1, (2, 3)), "[1, [2, 3]]"),
        (object(), "…"),
    ],
)
def test_values_in_words(value: object, text: str) -> None:
    assert value_text(value) == text


def test_text_of_strangers_is_text() -> None:
    assert escaped('<b>&"\\N\n\x00') == "&lt;b&gt;&amp;&quot;\\\\N  "


def test_text_of_strangers_stays_text_in_the_picture() -> None:
    hostile = r"</b>&<i>\\N]b0->b1;}"
    text = (
        f'arch t\ninput x[8, 8, 8]\ndef f(s) < concat < conv 3x3 8 | conv 1x1 8 > >\nstage < f("{hostile}") ; maxpool 2x2 >\n'
    )
    image = svg(network(text), "block")
    shown = "".join(ElementTree.fromstring(image).itertext())
    assert '"</b>&<i>\\N]b0->b1;}")' in shown
    assert len(re.findall('class="edge"', image)) == len(outline(network(text)).arrows)


def test_width_of_text_is_near_helvetica() -> None:
    assert text_width("conv", 10) == pytest.approx(21.1, abs=0.5)
    assert text_width("W" * 10, 10) > text_width("i" * 10, 10) * 3


def test_the_legend_tells_what_is_in_the_picture() -> None:
    drawing = outline(zoo("vit_b_16"))
    told = [(key.text, key.sign) for key in keys(drawing, by_family(drawing), "op")]
    assert told == [("convolution", ""), ("linear", ""), ("attention", ""), ("learned tensor", ""), ("add", "+")]
    one_family = outline(network("arch t\ninput x[8, 8, 8]\nconv 3x3 8 ; conv 1x1 8\n"))
    assert keys(one_family, by_family(one_family), "op") == []
    heat = keys(drawing, by_cost(drawing, "params", measure("params")), "params")
    assert len(heat[0].swatches) > 2
    assert heat[0].text.endswith("darkest: 28.4M")


def test_broken_lines_are_in_the_legend() -> None:
    for name, told in (("googlenet", "training only"), ("segnet", "positions of maxima")):
        drawing = outline(zoo(name))
        assert [key.text for key in keys(drawing, by_family(drawing), "op") if key.line] == [told]


def test_a_long_title_is_no_wider_than_its_picture() -> None:
    above = marks("a network with a title of quite a few words", [], Rect(0, -100, 200, 0))
    assert [mark.text for mark in above] == ["a network with a title of", "quite a few words"]
    assert above[0].rect.bottom >= above[1].rect.top - 2


def test_title_and_legend_stand_above_the_picture_and_no_wider() -> None:
    drawing = outline(zoo("googlenet"))
    area = Rect(0, -100, 150, 0)
    above = marks("GoogLeNet", keys(drawing, by_family(drawing), "op"), area)
    assert above[0].text == "GoogLeNet"
    assert all(mark.rect.bottom > area.top and mark.rect.right <= area.right for mark in above)
    assert not [(a, b) for a, b in combinations(above, 2) if a.rect.meets(b.rect)]


# What fits.


@pytest.mark.parametrize(
    ("name", "fit", "level", "has_blocks"),
    [
        ("alexnet", "a4", "layer", False),
        ("vgg16", "column", "block", False),
        ("resnet50", "a4", "stage", True),
        ("resnet50", "slide", "block", False),
        ("efficientnet_b0", "a4", "stage", True),
        ("inception_v3", "a4", "stage", False),
    ],
)
def test_the_page_chooses_the_level(tmp_path: Path, name: str, fit: str, level: str, has_blocks: bool) -> None:
    drawn = render(zoo(name), tmp_path / "a.svg", fit=fit)
    assert (drawn.level, drawn.has_blocks) == (level, has_blocks)
    assert drawn.text is not None
    assert drawn.text >= LEAST_TEXT
    width, height = map(float, re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawn.path.read_text("utf-8"))[0])
    page = PAGES[fit]  # type: ignore[index]
    assert 10 * min(1, page.width / (width - 18), page.height / (height - 18)) == pytest.approx(drawn.text, abs=0.01)


def test_a4_is_the_page_if_nothing_is_said() -> None:
    assert svg(zoo("vgg16")) == svg(zoo("vgg16"), fit="a4")
    assert svg(zoo("vgg16"), fit="none") == svg(zoo("vgg16"), "block") != svg(zoo("vgg16"))


def test_each_form_of_block_stands_once() -> None:
    forms = blocks(zoo("resnet50"), 8)
    assert forms is not None
    titles = [(drawing.clusters[0].titles, drawing.clusters[0].notes) for drawing in forms]
    assert titles == [
        (("bottleneck(c=64, stride=1)",), ("4 of this form",)),
        (("bottleneck(c=64, stride=1)",), ("12 of this form",)),
    ]
    assert blocks(zoo("resnet50"), 1) is None
    names = [drawing.clusters[0].titles[0] for drawing in blocks(zoo("seresnet50"), 8) or ()]
    assert names[-1].startswith("se("), "what stays closed in a block is a block too"


def test_parts_of_joined_drawings_keep_together() -> None:
    drawings = [outline(zoo("alexnet")), outline(zoo("unet"), "stage")]
    whole, offsets = joined(drawings)
    for drawing, at in zip(drawings, offsets, strict=True):
        boxes_ = whole.boxes[at.boxes : at.boxes + len(drawing.boxes)]
        assert [words(box) for box in boxes_] == [words(box) for box in drawing.boxes]
        for number, arrow in enumerate(drawing.arrows):
            there = whole.arrows[number + at.arrows]
            assert (there.tail - at.boxes, there.head - at.boxes) == (arrow.tail, arrow.head)
        for number, box in enumerate(drawing.boxes):
            frames = [frame - at.clusters for frame in whole.frames_around(number + at.boxes)]
            assert frames == drawing.frames_around(number), box


# Files.


@pytest.mark.parametrize(("form", "start"), [("svg", b"<svg "), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("dot", b"digraph")])
def test_every_form(tmp_path: Path, form: str, start: bytes) -> None:
    path = render(zoo("alexnet"), tmp_path / f"picture.{form}").path
    assert path.read_bytes().startswith(start)
    assert [file.name for file in tmp_path.iterdir()] == [f"picture.{form}"]


def test_the_svg_has_every_caption() -> None:
    shown = "".join(ElementTree.fromstring(svg(zoo("alexnet"), "block")).itertext())
    for caption in ("conv 11×11, 64, /4", "max pool 3×3, /2", "linear 4096", "64×55×55", "stage2"):
        assert caption in shown


def test_the_svg_does_not_trust_widths_and_is_for_everyone() -> None:
    image = svg(zoo("alexnet"), "block")
    assert re.search(r'text-anchor="middle"[^>]*>conv 5×5, 192<', image)
    assert "<title>AlexNet</title>" in image
    assert "<desc>AlexNet, by block: 12 boxes from image 3×224×224 to output 1000</desc>" in image
    assert 'role="img"' in image
    assert "max-width:100%" in image
    assert re.search(r">stage2</tspan>\u00a0\u00a0<tspan[^>]*>4 bottlenecks</tspan></text>", svg(zoo("resnet50"), "block"))


def test_a_network_of_free_sizes_has_a_picture() -> None:
    image = svg(network("arch t\ninput x[C, H, W]\nconv 3x3 8\n"), "block")
    assert "<title>conv1 · 8×H×W · 72*C + 8 parameters · 72*C*H*W MACs</title>" in image


def test_the_svg_names_its_boxes_by_the_network() -> None:
    image = svg(zoo("resnet50"), "block")
    names = re.findall(r'<g id="([^"]+)"', image)
    assert len(names) == len(set(names))
    assert "stem.conv1" in names
    assert "<title>stem.conv1 · 64×112×112 · 9,536 parameters · 118,013,952 MACs</title>" in image
    deeper = re.findall(r'<g id="([^"]+)"', svg(archdsl.load("resnet50", depths=[1, 4, 6, 3]).network, "block"))
    assert set(deeper) < set(names), "another depth renames nothing"


def test_dot_needs_no_graphviz(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(picture, "find_engine", lambda: None)
    assert render(zoo("alexnet"), tmp_path / "a.dot").path.read_text("utf-8") == to_dot(zoo("alexnet"))


def test_without_an_engine_the_dot_is_still_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(picture, "find_engine", lambda: None)
    with pytest.raises(NoEngine, match="pip install pygraphviz") as caught:
        render(zoo("alexnet"), tmp_path / "a.svg")
    assert caught.value.written == tmp_path / "a.dot"
    assert [file.name for file in tmp_path.iterdir()] == ["a.dot"]


def test_one_network_has_one_picture() -> None:
    assert svg(zoo("googlenet"), "block") == svg(archdsl.load("googlenet").network, "block")


ENGINES_ON = ("googlenet", "unet", "nin", "regnet_y_800mf", "vit_b_16", "segnet")


@pytest.mark.parametrize("name", ENGINES_ON)
@pytest.mark.parametrize("level", ["stage", "block"])
def test_both_engines_draw_one_picture(monkeypatch: pytest.MonkeyPatch, name: str, level: str) -> None:
    engines = [_Library(), *(_Program(program) for program in [shutil.which("dot")] if program is not None)]
    images = [svg(zoo(name), level)]
    for engine in engines:
        monkeypatch.setattr(picture, "find_engine", lambda engine=engine: engine)
        images.append(svg(zoo(name), level))
    assert all(image == images[0] for image in images)


_DRAW = """
import archdsl, sys
from archdsl.backends.render import NoFont, render, svg
net = archdsl.load("alexnet").network
sys.stdout.buffer.write(svg(net, "block").encode())
try:
    render(net, sys.argv[1])
except NoFont as refusal:
    print(refusal, file=sys.stderr)
"""


def test_no_font_has_a_say_in_an_svg_and_a_png_without_letters_is_refused(tmp_path: Path) -> None:
    bare = tmp_path / "fonts.conf"
    bare.write_text("<fontconfig></fontconfig>", "utf-8")
    environment = os.environ | {"FONTCONFIG_FILE": str(bare)}
    target = tmp_path / "a.png"
    done = subprocess.run([sys.executable, "-c", _DRAW, str(target)], env=environment, capture_output=True, check=True)
    assert done.stdout.decode() == svg(zoo("alexnet"), "block")
    assert "no font is installed" in done.stderr.decode()
    assert not target.exists()


def test_drawing_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    svg(zoo("alexnet"), "block")
    assert capfd.readouterr() == ("", "")


def test_a_failure_leaves_the_old_picture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Broken:
        def layout(self, sources: Sequence[str]) -> list[dict[str, object]]:
            raise EngineFailed("`dot` failed: it is broken")

        def draw(self, source: str, form: str) -> bytes:
            raise AssertionError("never reached")

    old = tmp_path / "a.svg"
    old.write_text("old", "utf-8")
    monkeypatch.setattr(picture, "find_engine", Broken)
    with pytest.raises(RenderError, match="it is broken"):
        render(zoo("alexnet"), old)
    assert old.read_text("utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("name", "level", "paint", "fit", "message"),
    [
        ("a.gif", "block", "op", None, "must end in"),
        ("a.svg", "deep", "op", None, "level `deep`"),
        ("a.svg", "block", "red", None, "paint `red`"),
        ("a.svg", None, "op", "a3", "fit `a3`"),
        ("a.svg", "block", "op", "a4", "leave one of the two out"),
    ],
)
def test_unknown_settings(tmp_path: Path, name: str, level: str | None, paint: str, fit: str | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        render(zoo("alexnet"), tmp_path / name, level, paint, fit)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("paint", ["params", "macs", "memory"])
def test_pictures_by_cost(tmp_path: Path, paint: str) -> None:
    path = render(zoo("alexnet"), tmp_path / "a.svg", "block", paint).path
    shown = "".join(ElementTree.fromstring(path.read_text("utf-8")).itertext())
    assert {"params": "37.8M", "macs": "224M", "memory": "756 KB"}[paint] in shown
