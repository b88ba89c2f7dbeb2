"""The gallery in `examples/` is what the commands on its page draw."""

from __future__ import annotations

import re
from html import unescape

import pytest
from helpers.folders import ROOT

import archdsl
from archdsl.backends.render import svg

PAGE = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^archdsl render (\S+)(?: --level (\w+))?(?: --fit (\w+))? -o examples/(\S+\.svg)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("program", "level", "fit", "picture"), COMMANDS)
def test_a_picture_is_what_its_command_draws(program: str, level: str, fit: str, picture: str, update_golden: bool) -> None:
    """Versions of Graphviz may place a box a little differently, so it is the words that are compared."""
    path = ROOT / "examples" / picture
    arch = archdsl.load(str(ROOT / program) if "/" in program else program)
    if update_golden:
        arch.render(path, level=level or None, fit=fit or None)
    assert _words(path.read_text(encoding="utf-8")) == _words(svg(arch.network, level or None, fit=fit or None))
    assert path.stat().st_size < 100_000


def _words(image: str) -> list[str]:
    return sorted(unescape(text) for text in re.findall(r">([^<]+)</(?:text|tspan|title)>", image))


def test_the_page_shows_every_picture_and_no_other() -> None:
    assert re.findall(r"^!\[[^]]+\]\((\S+)\)$", PAGE, re.MULTILINE) == [picture for *_, picture in COMMANDS]
    assert sorted(path.name for path in (ROOT / "examples").glob("*.svg")) == sorted(picture for *_, picture in COMMANDS)
