"""Puts a text through everything that reads texts and says what came out. Must not write programs.

What may come out: a network, whose costs, contracts and listings then all work; or diagnostics, each with a page of its own and
places inside its text, that all faces can draw. Never another exception, never more than the work and memory allowed.

Work is counted in calls of functions, so that the verdict is the same on every machine and under every load.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from json import dumps
from pathlib import Path
from types import FrameType

from archdsl.analysis import contracts
from archdsl.analysis.cost import Cost
from archdsl.backends.dump import document, ir_listing
from archdsl.backends.tables import summary
from archdsl.compiler import run
from archdsl.diagnostics import Diagnostic
from archdsl.diagnostics.github import to_github
from archdsl.diagnostics.json import to_json
from archdsl.diagnostics.terminal import draw_all
from archdsl.ir import Network
from archdsl.resources import page_names
from archdsl.text import Source

CALLS = 10_000_000
"""What one text may cost: calls of functions, those written in C included. A page of 5,000 steps takes seven million."""
BYTES = 1 << 30
_PAGES = frozenset(page_names())


class TooMuch(BaseException):
    """The work was not done after all the calls that are allowed. Not an `Exception`, so that nothing on the way handles it."""


class Work:
    """The calls that a block has made."""

    def __init__(self, limit: int) -> None:
        self.calls = 0
        self._limit = limit

    def count(self, frame: FrameType, event: str, argument: object) -> None:
        """A profiler: `sys.setprofile` has it called at the start and the end of every call."""
        if event in ("call", "c_call"):
            self.calls += 1
            if self.calls > self._limit:
                sys.setprofile(None)
                raise TooMuch


class Wrong(Exception):
    """Something came out that is neither a network nor a sound diagnostic."""


def judge(text: str, folder: Path | None = None, *, deep: bool = False) -> str:
    """Puts the text through; `network` or `diagnostics`. `deep`: a network's PyTorch source and its picture are made as well.

    Raises:
        Wrong: a diagnostic is not sound.
        Exception: whatever else comes out: a fault.
    """
    source = Source("fuzz.arch", text)
    program = run(source, folder, warnings=True)
    errors = [diagnostic for diagnostic in program.report if diagnostic.severity == "error"]
    report = list(program.report)
    if program.network is not None and not errors:
        report += weighed(program.network)
        if deep:
            lowered(program.network)
    for diagnostic in report:
        _refuse_unsound(diagnostic)
    draw_all(report, color=True)
    dumps(to_json(report))
    to_github(report)
    if program.network is None and not errors and program.file is not None and program.file.head is not None:
        raise Wrong("an arch, no network, and no mistake")
    return "diagnostics" if errors else "network"


def weighed(network: Network) -> list[Diagnostic]:
    """Everything that is computed of a network for the commands that only print; the diagnostics of its contracts."""
    cost = Cost(network)
    found = contracts.check(network, cost)
    dumps(cost.to_dict(), default=str)
    summary(network, cost)
    ir_listing(network)
    document(network)
    return found


def lowered(network: Network) -> None:
    """The PyTorch source is Python, and the picture can be drawn, unless it would be too large."""
    from archdsl.backends.render import TooDetailed, to_dot
    from archdsl.backends.torch import source

    compile(source(network), network.name, "exec")
    with suppress(TooDetailed):
        to_dot(network)


def _refuse_unsound(diagnostic: Diagnostic) -> None:
    if diagnostic.name not in _PAGES:
        raise Wrong(f"`{diagnostic.name}` has no page")
    if not diagnostic.message or diagnostic.message.rstrip().endswith("."):
        raise Wrong(f"the headline {diagnostic.message!r}")
    if diagnostic.primary is None:
        raise Wrong(f"`{diagnostic.name}` has no place")
    spans = [label.span for label in diagnostic.labels] + [edit.span for fix in diagnostic.fixes for edit in fix.edits]
    for span in [*spans, *(step.span for step in diagnostic.call_path)]:
        if not 0 <= span.start <= span.end <= len(span.source.text):
            raise Wrong(f"`{diagnostic.name}` has a place outside its text: {span.start}..{span.end}")


def limit_memory() -> None:
    """From here on this process gets no more than `BYTES`: a `MemoryError` is then a fault like any other."""
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


@contextmanager
def limited_work(calls: int | None = CALLS) -> Iterator[Work]:
    """Raises `TooMuch` in the block once it has made so many calls; None: they are not counted.

    A profiler is in place meanwhile. Coverage is measured by a tracer, so both work at once. An alarm that raises would not:
    it can strike while the tracer holds its lock.
    """
    work = Work(calls or 0)
    before = sys.getprofile()
    sys.setprofile(before if calls is None else work.count)
    try:
        yield work
    finally:
        sys.setprofile(before)
