"""Programs named `dot` for the PATH: one that lays out, with the Graphviz inside pygraphviz, and ones that fail."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

SOUND = """
import re
import sys
import pygraphviz

choices = {argument[:2]: argument[2:] for argument in sys.argv[1:]}
for source in re.split(r"^(?=digraph)", sys.stdin.read(), flags=re.MULTILINE):
    if source.strip():
        drawn = pygraphviz.AGraph(string=source).draw(format=choices["-T"], prog=choices["-K"])
        sys.stdout.buffer.write(drawn)
"""
"""Reads any number of graphs from standard input, as Graphviz's own program does: `dot -Kdot -Tjson`."""


def put_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str = SOUND) -> str:
    """An executable file `dot` with a Python program, the only thing on the PATH; its path."""
    folder.mkdir()
    file = folder / "dot"
    file.write_text(f"#!{sys.executable}\n{program}", encoding="utf-8")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return str(file)
