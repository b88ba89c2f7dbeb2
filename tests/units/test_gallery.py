"""The walk from VGG to Swin: its page is not stale, its contracts hold, its steps are small."""

from __future__ import annotations

from itertools import pairwise

import pytest
from helpers import gallery

import archdsl
from archdsl import compiler
from archdsl.analysis import contracts
from archdsl.text import Source

STEPS = gallery.steps()


def test_the_page_is_not_stale(update_golden: bool) -> None:
    page = gallery.page()
    if update_golden:
        gallery.PAGE.write_text(page, encoding="utf-8")
    assert gallery.PAGE.read_text(encoding="utf-8") == page


@pytest.mark.parametrize("step", STEPS, ids=[step.path.stem for step in STEPS])
def test_a_step_checks_without_a_diagnostic(step: gallery.Step) -> None:
    program = compiler.run(Source(str(step.path), step.path.read_text(encoding="utf-8")), step.path.parent, warnings=True)
    assert [diagnostic.message for diagnostic in program.report] == []
    assert [diagnostic.message for diagnostic in contracts.check(step.cost.network, step.cost)] == []


def test_a_step_is_a_few_lines() -> None:
    assert max(len(gallery.changed(before, after)) for before, after in pairwise(STEPS)) <= 30


@pytest.mark.parametrize(
    ("number", "entry"), [(1, "vgg16_bn"), (4, "resnet34"), (5, "resnet50"), (14, "convnext_tiny"), (15, "swin_t")]
)
def test_the_landmarks_are_the_zoos(number: int, entry: str) -> None:
    step, theirs = STEPS[number - 1].cost, archdsl.load(entry).cost()
    assert step.macs == theirs.macs
    # torchvision keeps the biases that the normalizations of VGG make idle.
    biases = 2 * 64 + 2 * 128 + 3 * 256 + 6 * 512 if entry == "vgg16_bn" else 0
    assert step.params + biases == theirs.params
