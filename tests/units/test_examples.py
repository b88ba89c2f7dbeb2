"""The gallery in `examples/` is what the commands on its page draw."""

from __future__ import annotations

import re
from html import unescape

import pytest
from helpers.folders import ROOT

import archdsl
from archdsl.backends.render import outline
from archdsl.backends.render.scene.drawing import LEVELS

PAGE = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^archdsl render (\S+)(?: --level (\w+))? -o examples/(\S+\.svg)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("program", "level", "picture"), COMMANDS)
def test_a_picture_is_what_its_command_draws(program: str, level: str, picture: str, update_golden: bool) -> None:
    """Where things are depends a little on the installed fonts, so only the words are compared."""
    path = ROOT / "examples" / picture
    arch = archdsl.load(str(ROOT / program) if "/" in program else program)
    if update_golden:
        arch.render(path, level=level or "block")
    shown = unescape(re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8")))
    drawing = outline(arch.network, next((known for known in LEVELS if known == level), "block"))
    words = [line.text for box in drawing.boxes for line in box.lines] + [arrow.label for arrow in drawing.arrows]
    assert not [word for word in words if word not in shown]
    assert path.stat().st_size < 150_000


def test_the_page_shows_every_picture_and_no_other() -> None:
    assert re.findall(r"^!\[[^]]+\]\((\S+)\)$", PAGE, re.MULTILINE) == [picture for _, _, picture in COMMANDS]
    assert sorted(path.name for path in (ROOT / "examples").glob("*.svg")) == sorted(picture for _, _, picture in COMMANDS)
