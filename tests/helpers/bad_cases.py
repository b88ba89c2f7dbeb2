"""Bad programs as Markdown cases: what is wrong, the program, and what the terminal shows. Must not run them.

A case is a `##` heading, one or more `arch` blocks and a `text` block. The first program is `mine.arch` and is checked; the
info string of a block may say more, each word a `key=value`:

    file=NAME       the file's name, for those beside the first
    set=NAME=VALUE  input=NAME=SHAPE    what the command line overrides
    limit=NAME=N    a limit set lower, so that a program in reach meets it
    encoding=NAME   the bytes of the file, where they are not UTF-8
    verb=NAME       another verb than `check`
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from helpers.folders import CASES

FOLDER = CASES / "bad"
_CASE = re.compile(r"^## (.+)\n((?:(?!^## ).*\n?)*)", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class File(NamedTuple):
    """One file of a case."""

    name: str
    data: bytes


class Case(NamedTuple):
    """One case: where it is, the files, the arguments of the command, the limits, and what is shown."""

    page: Path
    title: str
    files: tuple[File, ...]
    arguments: tuple[str, ...]
    limits: tuple[tuple[str, str], ...]
    shown: str

    @property
    def id(self) -> str:
        """`joins/a-branch-without-its-stride`."""
        return f"{self.page.stem}/{re.sub(r'[^a-z0-9]+', '-', self.title.lower()).strip('-')}"


def cases() -> list[Case]:
    """Every case, page by page."""
    return [case for page in sorted(FOLDER.glob("*.md")) for case in _on_page(page)]


def _on_page(page: Path) -> list[Case]:
    return [_case(page, title, body) for title, body in _CASE.findall(page.read_text(encoding="utf-8"))]


def _case(page: Path, title: str, body: str) -> Case:
    files: list[File] = []
    verb, options, limits, shown = "check", [], [], None
    for language, info, content in _BLOCK.findall(body):
        if language == "text":
            shown = content
            continue
        words = [word.partition("=")[::2] for word in info.split()]
        said = dict(words)
        files.append(File(said.get("file", "mine.arch"), content.encode(said.get("encoding", "utf-8"))))
        verb = said.get("verb", verb)
        options += [part for key, value in words if key in ("set", "input") for part in (f"--{key}", value)]
        limits += [value.partition("=")[::2] for key, value in words if key == "limit"]
    if not files or shown is None:
        raise ValueError(f"{page.name}: the case `{title}` needs a program and what is shown")
    arguments = (verb, *options, "--color", "never", files[0].name)
    return Case(page, title, tuple(files), arguments, tuple(limits), shown)


def rewrite(case: Case, shown: str) -> None:
    """Put what is shown now into the page."""
    text = case.page.read_text(encoding="utf-8")
    start = text.index(f"## {case.title}\n")
    block = text.index("\n```text\n", start) + len("\n```text\n")
    end = text.index("```\n", block) if not text[block:].startswith("```") else block
    case.page.write_text(text[:block] + shown + text[end:], encoding="utf-8")
