"""No picture says a false thing: its arrows are the values that go from box to box, its badges and captions are true."""

from __future__ import annotations

import re
from math import prod
from xml.etree import ElementTree

import pytest
from helpers.arrows import Read, drawn, one_step, runs, wanted
from helpers.drawings import network, program
from helpers.folders import CASES

from archdsl.backends.render import outline, svg
from archdsl.backends.render.scene.captions import axes, axes_text, spread, typeset
from archdsl.backends.render.scene.drawing import LEVELS, Arrow, Axes, Drawing, Level
from archdsl.backends.render.scene.outline import blocks
from archdsl.ir import Network, Node, Region, Use
from archdsl.ops.captions import caption_parts
from archdsl.resources import zoo_names

PROGRAMS = [*zoo_names(), *sorted(path.stem for path in (CASES / "expressiveness").glob("*.arch"))]


@pytest.mark.parametrize("name", PROGRAMS)
def test_arrows_are_the_values_that_go_from_box_to_box(name: str) -> None:
    net = program(name)
    for level in LEVELS:
        _check(net, level)


def _check(net: Network, level: Level) -> None:
    _check_drawing(outline(net, level), net.root)


@pytest.mark.parametrize("name", PROGRAMS)
def test_arrows_of_each_block_alone(name: str) -> None:
    net = program(name)
    for drawing in blocks(net, 1000) or ():
        ((path,),) = {load.path[0] for box in drawing.boxes for load in box.loads}
        region = net.root
        for step_name in path.split("."):
            (use,) = (step for step in region.steps if step.name == step_name)
            assert isinstance(use, Use)
            region = use.region
        _check_drawing(drawing, region, (path,))


def _check_drawing(drawing: Drawing, region: Region, path: tuple[str, ...] = ()) -> None:
    there, truth = drawn(drawing), wanted(region, drawing, path)
    assert {ends: _seen(arrows) for ends, arrows in there.items()} == {ends: _told(values) for ends, values in truth.items()}
    for arrow in drawing.arrows:
        assert arrow.label in ("", axes_text(arrow.shape))
        assert arrow.shape == drawing.boxes[arrow.tail].shapes[arrow.port] or "…" in axes_text(arrow.shape)


def _seen(arrows: list[Arrow]) -> list[tuple[Axes, bool]]:
    return sorted((arrow.shape, arrow.kind == "aside") for arrow in arrows)


def _told(values: list[tuple[Read, ...]]) -> list[tuple[Axes, bool]]:
    """The shapes, of folded runs from the first to the last. Positions go unseen beside the values of the same pool."""
    has_numbers = any(not read.is_position for group in values for read in group)
    return sorted(
        (spread(axes(group[0].value.shape), axes(group[-1].value.shape)), group[0].is_position)
        for group in values
        if not (has_numbers and group[0].is_position)
    )


HANDED_ON = """arch t
input x[4, 8, 8]
parallel < conv 3x3 4 | conv 3x3 8 stride=2 >
stage < parallel < pick 0 ; conv 3x3 6 | pick 1 > >
head < pick 1 ; conv 3x3 2 >
"""
POSITIONS = """arch t
input x[4, 8, 8]
p: maxpool 2x2
conv 3x3 4
stage < unpool @p ; conv 3x3 4 >
"""
ADJACENT_POSITIONS = """arch t
input x[4, 8, 8]
p: maxpool 2x2
unpool @p
"""
NOTHING_READ = """arch t
input x[4, 8, 8]
conv 3x3 4
a: identity
stage < conv 3x3 8 >
b: < @a ; conv 1x1 2 >
c: < @a ; upsample like=@b >
d: < learned 5 6 ; linear 3 >
attention heads=1 kv=@d
"""
GROWN = """arch t
input x[4, 8, 8]
a: identity
def grow < concat < identity | conv 3x3 2 > >
def twice(c) < add < conv 3x3 c | conv 1x1 c > >
stage < for i in range(3) < grow > >
stage < for i in range(3) < twice(6) > ; twice(6) >
"""


@pytest.mark.parametrize("text", [HANDED_ON, POSITIONS, ADJACENT_POSITIONS, NOTHING_READ, GROWN])
def test_arrows_of_odd_networks(text: str) -> None:
    for level in LEVELS:
        _check(network(text), level)


def _ways(drawing: Drawing) -> set[tuple[str, str, str]]:
    """Tail, head and shape, boxes by their first lines."""
    first = [box.lines[0].text if box.lines else "" for box in drawing.boxes]
    return {
        (first[tail], first[head], axes_text(arrow.shape))
        for (tail, head), arrows in drawn(drawing).items()
        for arrow in arrows
    }


def test_queries_lead_to_no_keys() -> None:
    ways = {(tail, head) for tail, head, _ in _ways(outline(program("attention"), "stage"))}
    assert {("x", "q: linear 64"), ("x", "k"), ("x", "v")} < ways
    assert not {("q: linear 64", "k"), ("k", "v")} & ways


def test_each_result_of_a_closed_box_has_its_own_shape() -> None:
    ways = _ways(outline(program("googlenet"), "stage"))
    assert {("stage2", "stage3", "832×7×7"), ("stage2", "first", "1000"), ("stage2", "second", "1000")} < ways


def test_an_auxiliary_head_hangs_on_what_it_reads() -> None:
    heads = {(tail, shape) for tail, head, shape in _ways(outline(program("deeplabv3_resnet50"), "stage")) if head == "side"}
    assert heads == {("stage3", "1024×65×65"), ("side", "21×520×520")}


@pytest.mark.parametrize("name", PROGRAMS)
def test_badges_tell_how_often_a_box_runs(name: str) -> None:
    """A box's badge times those of the frames around it; steps that are folded into one box run in all as often."""
    net = program(name)
    counts = runs(net)
    for level in LEVELS:
        drawing = outline(net, level)
        for number, box in enumerate(drawing.boxes):
            badges = prod([box.times, *(drawing.clusters[frame].times for frame in drawing.frames_around(number))])
            assert {sum(counts[path] for path in paths) for paths in one_step(box)} <= {badges}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_box_tells_every_setting_of_its_operators(name: str) -> None:
    for level in LEVELS:
        for box in outline(program(name), level).boxes:
            told = ", ".join(line.text for line in box.lines)
            for load in box.loads:
                if isinstance(load.step, Node):
                    head, *settings = caption_parts(load.step.operator, load.step.site)
                    assert not [text for text in (load.step.operator.joins or head, *settings) if typeset(text) not in told]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_cross_before_a_number_is_a_badge_alone(name: str) -> None:
    for level in LEVELS:
        drawing = outline(program(name), level)
        texts = [line.text for box in drawing.boxes for line in box.lines]
        texts += [text for cluster in drawing.clusters for text in (*cluster.titles, *cluster.notes)]
        assert not [text for text in texts if re.search(r"\d × |×\d+$", text) and not re.search(r"\d×\d+$", text)]


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_network_has_a_picture(name: str) -> None:
    image = ElementTree.fromstring(svg(program(name), "stage"))
    names = [group.get("id") for group in image.iter("{http://www.w3.org/2000/svg}g") if group.get("id")]
    assert len(names) == len(set(names)) > 1
