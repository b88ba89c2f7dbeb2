"""The walk from VGG to Swin, `examples/vgg_to_swin/README.md`: what each step changes in the text, and what it costs.

`pytest tests/units/test_gallery.py --update-golden` writes it anew. Must not know any step: the files say what they are.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from itertools import pairwise, takewhile
from pathlib import Path
from typing import NamedTuple

import archdsl
from archdsl.analysis.cost import Cost
from helpers.folders import ROOT

FOLDER = ROOT / "examples" / "vgg_to_swin"
PAGE = FOLDER / "README.md"
HEAD = """\
# From VGG to ConvNeXt and Swin

{steps} steps lead from VGG-16 by way of ResNet to ConvNeXt and Swin. Each step changes a few lines of its file. On the
way they reach the zoo's `resnet34`, `resnet50`, `convnext_tiny` and `swin_t`, with the same counts. The steps of
"A ConvNet for the 2020s" have the GFLOPs of its table 10 (steps 13 and 14 say where it prints a different number).
Contracts state all this, and `archdsl check examples/vgg_to_swin` checks them. `archdsl diff` of two files shows what
changed in each place of the network. This page is generated (`pytest tests/units/test_gallery.py --update-golden`).

| step | parameters | MACs |
| --- | --- | --- |
"""


class Step(NamedTuple):
    """One file: its first comment, the lines that make the network, and its cost."""

    path: Path
    about: str
    lines: list[str]
    cost: Cost


def steps() -> list[Step]:
    """The files in order."""
    return [_read(path) for path in sorted(FOLDER.glob("*.arch"))]


def _read(path: Path) -> Step:
    lines = path.read_text(encoding="utf-8").splitlines()
    comment = [line.removeprefix("# ") for line in takewhile(lambda line: line.startswith("# "), lines)]
    own = [line for line in lines if not line.startswith(("# ", "expect "))]
    cost = archdsl.load(path).cost()
    return Step(path, " ".join(comment), [line.replace(cost.network.name, "…") for line in own], cost)


def changed(before: Step, after: Step) -> list[str]:
    """The lines that go and come, contracts and comments aside."""
    delta = difflib.ndiff(before.lines, after.lines)
    return [line.rstrip() for line in delta if line[0] in "+-" and line[1:].strip()]


def page() -> str:
    """The whole page."""
    found = steps()
    table = (f"| [{step.path.stem}]({step.path.name}) | {step.cost.params:,} | {step.cost.macs:,} |\n" for step in found)
    return HEAD.format(steps=len(found) - 1) + "".join(table) + "".join(_sections(found))


def _sections(found: list[Step]) -> Iterator[str]:
    yield f"\n{found[0].about}\n"
    for before, after in pairwise(found):
        more = after.cost.params - before.cost.params, after.cost.macs - before.cost.macs
        yield f"\n## {after.path.stem}\n\n{after.about}\n\n```diff\n" + "\n".join(changed(before, after)) + "\n```\n\n"
        yield f"{more[0]:+,} parameters, {more[1]:+,} MACs: `archdsl diff {before.path.name} {after.path.name}`.\n"
