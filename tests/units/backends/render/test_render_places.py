"""Where things are in a picture: nothing on top of anything, arrows around boxes, units in columns, rows and valleys."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from helpers.drawings import FURTHER, SAMPLES, placed, words, zoo

from archdsl.backends.render import outline, svg
from archdsl.backends.render.layout.curves import crosses, rounded, samples
from archdsl.backends.render.layout.geometry import Rect
from archdsl.backends.render.layout.lanes import has_lanes
from archdsl.backends.render.scene.drawing import Level, resolution


@pytest.mark.parametrize("name", [*SAMPLES, *FURTHER])
def test_nothing_stands_on_anything(name: str) -> None:
    drawing, where = placed(name)
    rects = where.tile.boxes
    assert len(rects) == len(drawing.boxes)
    assert not [(a, b) for a, b in combinations(rects, 2) if rects[a].grown(-0.5).meets(rects[b])]
    for number, rect in rects.items():
        around = drawing.frames_around(number)
        for frame, area in where.tile.frames.items():
            place = (words(drawing.boxes[number]), drawing.clusters[frame].titles)
            assert _inside(rect, area) if frame in around else not rect.grown(-0.5).meets(area), place
    labels = list(where.tile.labels.values())
    assert not [label for label in labels for rect in rects.values() if label.grown(-0.5).meets(rect)]
    assert not [(a, b) for a, b in combinations(labels, 2) if a.grown(-0.5).meets(b)]


LANES = ("hrnet_w18", "retinanet_r50")


@pytest.mark.parametrize("level", ["stage", "block"])
@pytest.mark.parametrize("name", [*SAMPLES, *FURTHER, "hrnet_w18"])
def test_no_arrow_runs_through_a_box(name: str, level: Level) -> None:
    drawing, where = placed(name, level)
    through = []
    for number, path in where.tile.paths.items():
        arrow = drawing.arrows[number]
        along = samples(path, 100)
        reach = Rect.around(along)
        others = {box: rect.grown(-1) for box, rect in where.tile.boxes.items() if box not in (arrow.tail, arrow.head)}
        near = {box: rect for box, rect in others.items() if rect.meets(reach)}
        met = {box for box, rect in near.items() if any(sample.meets(rect) for sample in along)}
        through += [(words(drawing.boxes[arrow.tail]), words(drawing.boxes[box])) for box in met]
    assert not through


def _inside(rect: Rect, frame: Rect) -> bool:
    left, bottom, right, top = frame.grown(0.5)
    return left <= rect.left and bottom <= rect.bottom and rect.right <= right and rect.top <= top


def test_inception_branches_stand_side_by_side() -> None:
    drawing, where = placed("googlenet")
    fork = next(number for number, box in enumerate(drawing.boxes) if box.kind == "fork")
    heads = [where.tile.boxes[arrow.head] for arrow in drawing.arrows if arrow.tail == fork]
    assert len(heads) == 4
    assert all(abs(a.centre[1] - b.centre[1]) < 4 and a.right < b.left for a, b in pairwise(heads))


def test_stages_of_resnet50_are_columns() -> None:
    drawing, where = placed("resnet50")
    stages = [where.tile.frames[number] for number, cluster in enumerate(drawing.clusters) if cluster.role == "stage"]
    assert all(a.right < b.left for a, b in pairwise(stages))
    assert 1.5 < where.bounds.width / where.bounds.height < 4


def test_a_unet_goes_down_and_up_again() -> None:
    drawing, where = placed("unet")
    tops = [where.tile.frames[number].top for number, cluster in enumerate(drawing.clusters) if cluster.parent is None]
    lowest = tops.index(min(tops))
    assert tops[: lowest + 1] == sorted(tops[: lowest + 1], reverse=True)
    assert tops[lowest:] == sorted(tops[lowest:])
    assert 0 < lowest < len(tops) - 1


def test_rows_for_stages_are_no_longer_than_a_page_is_wide() -> None:
    for name, rows in (("vit_b_16", 1), ("resnet50", 2), ("mobilenet_v2", 3)):
        _, where = placed(name, "stage")
        assert len({round(rect.centre[1], 1) for rect in where.tile.boxes.values()}) == rows
        assert where.bounds.width < 700


def test_a_valley_is_about_as_wide_as_high() -> None:
    for name in ("unet", "segnet", "fcn8s"):
        _, where = placed(name)
        assert 0.7 < where.bounds.width / where.bounds.height < 1.4


def test_an_auxiliary_head_stands_beside_the_flow() -> None:
    drawing, where = placed("inception_v3")
    (aside,) = [where.tile.frames[number] for number, cluster in enumerate(drawing.clusters) if cluster.aux]
    stage = next(where.tile.frames[number] for number, cluster in enumerate(drawing.clusters) if cluster.titles[0] == "stage3")
    assert aside.left > stage.right


def test_further_arrows_enter_a_box_beside_the_first() -> None:
    drawing, where = placed("attention")
    tips = [where.tile.paths[number].tip for number in range(len(drawing.arrows))]
    heads = [tip for tip in tips if tip is not None]
    assert len(heads) == len(set(heads))


def test_a_label_begins_at_the_side_of_its_arrow() -> None:
    drawing, where = placed("alexnet")
    stem = next(number for number, arrow in enumerate(drawing.arrows) if arrow.label == "64×55×55")
    assert where.side(stem) == "left"
    assert 'text-anchor="start"' in next(line for line in svg(zoo("alexnet"), "block").splitlines() if ">64×55×55<" in line)


def test_paths_end_where_they_should() -> None:
    path = rounded([(0, 0), (0, -50), (40, -50), (40, -100)])
    assert path.points[0] == (0, 0)
    assert path.tip == (40, -100)
    assert path.points[-1] == pytest.approx((40, -95))
    assert len(path.points) % 3 == 1


def test_a_path_knows_what_it_crosses() -> None:
    assert crosses([(0, 0), (0, -50), (40, -50)], [Rect(10, -60, 20, -40)])
    assert not crosses([(0, 0), (0, -50), (40, -50)], [Rect(10, -40, 20, -10)])


@pytest.mark.parametrize("level", ["stage", "block"])
@pytest.mark.parametrize("name", [*SAMPLES, *FURTHER, *LANES])
def test_arrows_begin_and_end_at_their_boxes(name: str, level: Level) -> None:
    drawing, where = placed(name, level)
    for number, path in where.tile.paths.items():
        arrow = drawing.arrows[number]
        assert _touches(where.tile.boxes[arrow.tail], path.points[0])
        assert _touches(where.tile.boxes[arrow.head], path.tip or path.points[-1])


def _touches(rect: Rect, point: tuple[float, float]) -> bool:
    left, bottom, right, top = rect.grown(1.5)
    return left <= point[0] <= right and bottom <= point[1] <= top


def test_values_of_one_box_leave_and_come_in_apart() -> None:
    drawing, where = placed("hrnet_w18", "stage")
    several = [number for number in where.tile.paths if drawing.exit(number)[1] > 1]
    assert len(several) >= 8
    starts = {where.tile.paths[number].points[0] for number in several}
    assert len(starts) == len({(drawing.arrows[number].tail, drawing.arrows[number].port) for number in several})
    assert len({where.tile.paths[number].tip for number in several}) == len(several)


@pytest.mark.parametrize("name", LANES)
def test_in_lanes_nothing_stands_on_anything(name: str) -> None:
    drawing, where = placed(name, "stage")
    rects = where.tile.boxes
    assert not [(a, b) for a, b in combinations(rects, 2) if rects[a].grown(3).meets(rects[b])]
    for number, path in where.tile.paths.items():
        arrow = drawing.arrows[number]
        others = {box: rect.grown(-1) for box, rect in rects.items() if box not in (arrow.tail, arrow.head)}
        assert not [words(drawing.boxes[box]) for box, rect in others.items() if any(s.meets(rect) for s in samples(path, 100))]


def test_every_resolution_of_hrnet_has_its_lane() -> None:
    drawing, where = placed("hrnet_w18", "stage")
    middles: dict[int, set[float]] = {}
    for number, path in where.tile.paths.items():
        size = resolution(drawing.arrows[number].shape)
        if size is not None and drawing.boxes[drawing.arrows[number].tail].kind == "block":
            middles.setdefault(size, set()).add(round(path.points[0][0]))
    assert {size for size in middles if len(middles[size]) == 1} == {56, 28, 14, 7}
    assert [min(middles[size]) for size in (56, 28, 14, 7)] == sorted(min(middles[size]) for size in (56, 28, 14, 7))
    spans = {words(box)[0]: where.tile.boxes[number].width for number, box in enumerate(drawing.boxes) if box.kind == "block"}
    assert spans["stage2"] < spans["stage3"] < spans["stage4"]


def test_what_goes_in_one_stream_has_no_lanes() -> None:
    for name in ("unet", "resnet50", "deeplabv3_resnet50", "googlenet", "segnet"):
        assert not has_lanes(outline(zoo(name), "stage"))
