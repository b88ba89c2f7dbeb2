"""Graphviz, wherever it is: the library inside pygraphviz's wheel, else `dot` on the PATH. Must not know what is drawn.

The library comes first because its version is ours: one network has one picture on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

INSTALL = "install Graphviz (`pip install pygraphviz` includes it on most systems) to draw svg, png and pdf"
_SECONDS = 120


class Engine(Protocol):
    """What lays out and draws."""

    def layout(self, sources: Sequence[str]) -> list[dict[str, Any]]:
        """Positions of each DOT text, as Graphviz's JSON."""

    def draw(self, source: str, form: str) -> bytes:
        """A picture (`svg`, `png`, `pdf`) of a DOT text that has all its positions."""


class EngineFailed(Exception):
    """Graphviz is there and did not draw."""


def find_engine() -> Engine | None:
    """The engine at hand, or None."""
    import shutil

    try:
        import pygraphviz  # noqa: F401
    except (ImportError, OSError):
        program = shutil.which("dot")
        return None if program is None else _Program(program)
    return _Library()


def has_letters(engine: Engine) -> bool:
    """Whether letters can be drawn: without any font each is the same empty box."""
    drawn = {engine.draw(f'digraph {{ a [shape=plain, label="{letter}", pos="0,0"] }}', "png") for letter in "AB"}
    return len(drawn) > 1


class _Program:
    def __init__(self, program: str) -> None:
        self.program = program

    def layout(self, sources: Sequence[str]) -> list[dict[str, Any]]:
        text = self._run("\n".join(sources), "-Kdot", "-Tjson").decode("utf-8")
        reader = json.JSONDecoder()
        found, at = [], 0
        while at < len(text.rstrip()):
            at += len(text[at:]) - len(text[at:].lstrip())
            value, at = reader.raw_decode(text, at)
            found.append(value)
        return found

    def draw(self, source: str, form: str) -> bytes:
        return self._run(source, "-Knop2", f"-T{form}")

    def _run(self, source: str, *arguments: str) -> bytes:
        import subprocess

        try:
            done = subprocess.run(
                [self.program, *arguments], input=source.encode("utf-8"), capture_output=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise EngineFailed(f"`{self.program}` did not finish within {_SECONDS} seconds") from None
        if done.returncode or not done.stdout:
            reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise EngineFailed(f"`{self.program}` failed: {reason[0] if reason else 'it gave no reason'}")
        return done.stdout


class _Library:
    def layout(self, sources: Sequence[str]) -> list[dict[str, Any]]:
        return [json.loads(self._drawn(source, "dot", "json").decode("utf-8")) for source in sources]

    def draw(self, source: str, form: str) -> bytes:
        return self._drawn(source, "nop2", form)

    def _drawn(self, source: str, prog: str, form: str) -> bytes:
        import pygraphviz

        try:
            with _quiet():
                drawn = pygraphviz.AGraph(string=source).draw(format=form, prog=prog)
        except (ValueError, OSError) as error:
            raise EngineFailed(f"Graphviz failed: {error}") from None
        return drawn if isinstance(drawn, bytes) else str(drawn).encode("utf-8")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the library's own libraries remark (on fonts) from the terminal: they write past Python to descriptor 2."""
    import os

    try:
        kept = os.dup(2)
    except OSError:  # Standard error is closed.
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
