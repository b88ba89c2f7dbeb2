"""The accuracies of the zoo are those of their sources: the lecture's slides, or the weights that torchvision publishes."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
from helpers.certificate import quoted, rows

LECTURE: dict[str, dict[str, str]] = {
    "vgg16": {"top5_error": "9.62"},
    "resnet18": {"top5_error": "10.92"},
    "resnet34": {"top5_error": "8.58"},
    "resnet50": {"top5_error": "7.13"},
    "resnet101": {"top5_error": "6.44"},
    "resnet152": {"top5_error": "5.94"},
    "preact_resnet152": {"top1_error": "21.1"},
    "preact_resnet200": {"top1_error": "20.7"},
    "vit_h_14": {"top1_error": "11.45"},
    "vit_l_16": {"top1_error": "12.24"},
    "bit_r152x4": {"top1_error": "12.46"},
    "efficientnet_l2": {"top1_error": "11.6"},
}
"""As printed, or 100 less the printed accuracy."""
METRICS = {"top1_error": "acc@1", "top5_error": "acc@5", "miou": "miou"}


def test_what_the_lecture_prints() -> None:
    found = {row.name: {key: row.meta[key] for key in quoted(row)} for row in rows() if quoted(row)}
    assert found == {name: {key: Fraction(value) for key, value in errors.items()} for name, errors in LECTURE.items()}


@pytest.mark.torch
def test_what_torchvision_publishes() -> None:
    from helpers.oracle import declare_torchvision

    declare_torchvision()
    from torchvision import models

    checked = 0
    for row in rows():
        named = re.search(r"torchvision 0\.28, (\w+)", str(row.meta.get("source", "")))
        if named is None:
            continue
        weights: Any = models.get_model_weights(row.name.removesuffix("_bn") if row.name == "googlenet_bn" else row.name)
        (published,) = weights[named[1]].meta["_metrics"].values()
        for key in METRICS.keys() & row.meta.keys() - set(quoted(row)):
            theirs = published[METRICS[key]]
            assert float(row.meta[key]) == pytest.approx(theirs if key == "miou" else 100 - theirs, abs=1e-9), row.name
            checked += 1
    assert checked > 150
