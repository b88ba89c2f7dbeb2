"""Commands run inside a folder of their own, in this process or in another. Must not test them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from archdsl.cli.main import main
from helpers.folders import ROOT

SMALL = """\
arch small(width=8, depths=[1, 2])
input image[3, 32, 32]
stem < conv 3x3 (width) ; relu >
stage x(depths[1]) < block < conv 3x3 (width) ; relu > >
head < gap ; linear 10 >
"""
WRONG = SMALL.replace("linear 10", "linear tne")


class Result(NamedTuple):
    code: int
    out: str
    err: str


class Shell:
    """Runs commands inside the test's own folder."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capture = capture

    def __call__(self, *arguments: str) -> Result:
        code = main(list(arguments))
        captured = self._capture.readouterr()
        return Result(code, captured.out, captured.err)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    @property
    def files(self) -> list[str]:
        return sorted(os.listdir(self.folder))


def process(arguments: Sequence[str], folder: Path, **options: object) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-m", "archdsl", *arguments], cwd=folder, env=environment, **options)  # type: ignore[call-overload,no-any-return]
