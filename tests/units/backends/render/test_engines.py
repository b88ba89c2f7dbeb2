"""Graphviz as it is found on a machine, and what is said where it is not there or does not draw."""

from __future__ import annotations

import builtins
import os
from pathlib import Path
from typing import Any

import pytest
from helpers.drawings import network, zoo

from archdsl.backends.render import NoEngine, RenderError, outline, render, svg
from archdsl.backends.render.output import engine as engine_module
from archdsl.backends.render.output import picture
from archdsl.backends.render.output.dot import placed_source
from archdsl.backends.render.output.engine import EngineFailed, _Library, _Program, find_engine
from archdsl.backends.render.output.fitting import sheet

_SCRIPTS = {
    "silent": ("exit 1", "it gave no reason"),
    "empty": ("exit 0", "it gave no reason"),
    "loud": ("echo 'no such layout' >&2; echo more >&2; exit 2", "failed: no such layout"),
    "slow": ("sleep 20", "did not finish within"),
}


def _program(folder: Path, body: str) -> _Program:
    path = folder / "dot"
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o755)
    return _Program(str(path))


@pytest.mark.parametrize(("body", "reason"), _SCRIPTS.values(), ids=_SCRIPTS)
def test_a_program_that_does_not_draw_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, reason: str
) -> None:
    monkeypatch.setattr(engine_module, "_SECONDS", 0.2)
    failing = _program(tmp_path, body)
    with pytest.raises(EngineFailed, match=reason):
        failing.layout(["digraph { a }"])
    monkeypatch.setattr(picture, "find_engine", lambda: failing)
    with pytest.raises(RenderError, match=reason):
        svg(zoo("alexnet"))


def test_a_library_that_does_not_draw_is_reported() -> None:
    with pytest.raises(EngineFailed, match="Graphviz failed"):
        _Library().draw("digraph {", "png")


def test_a_picture_that_cannot_be_drawn_is_not_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Blind(_Library):
        def draw(self, source: str, form: str) -> bytes:
            raise EngineFailed("out of ink")

    monkeypatch.setattr(picture, "find_engine", Blind)
    with pytest.raises(RenderError, match="out of ink"):
        render(zoo("alexnet"), tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_leaves_the_old_picture_and_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    target = tmp_path / "a.svg"
    target.write_text("old", "utf-8")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        render(zoo("alexnet"), target)
    assert [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir()] == [("a.svg", "old")]


def test_the_library_comes_first_then_the_program_then_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert isinstance(find_engine(), _Library)
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "pygraphviz":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    _program(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = find_engine()
    assert isinstance(found, _Program)
    assert Path(found.program) == tmp_path / "dot"
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert find_engine() is None
    with pytest.raises(NoEngine):
        svg(zoo("alexnet"))


_BROKEN_LINES = """\
arch net
input x[3, 16, 16]
conv 3x3 8 ; maxpool 2x2
a: conv 3x3 8
unpool @a
aux side < gap ; linear 2 >
gap ; linear 10
"""


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_broken_lines_of_the_legend_are_drawn_by_graphviz_too(tmp_path: Path, form: str) -> None:
    net = network(_BROKEN_LINES.replace("maxpool 2x2\na: conv 3x3 8\nunpool @a", "p: maxpool 2x2\nconv 3x3 8\nunpool @p"))
    laid = sheet(_Library(), outline(net, "block"), "op")
    styles = {mark.kind for mark in laid.marks if mark.kind in ("dashed", "dotted")}
    assert styles == {"dashed", "dotted"}
    source = placed_source(laid, None)
    assert all(f"style={style}" in source for style in styles)
    written = render(net, tmp_path / f"a.{form}", "block").path.read_bytes()
    assert written.startswith(b"\x89PNG" if form == "png" else b"%PDF")
