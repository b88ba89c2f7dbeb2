"""Further tables of a report: the memory of training, the time on a device. Must not compute either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.analysis.reports.rollup import KEYS
from archdsl.analysis.unavailable import Unavailable
from archdsl.backends.tables import words
from archdsl.backends.tables.grid import RULE, TableColumn

if TYPE_CHECKING:
    from archdsl.analysis.questions.roofline import Roofline, Timing
    from archdsl.analysis.training.memory import Training

Section = tuple[tuple[TableColumn, ...], list[list[str] | None], str]
"""Columns, rows, and the line above."""


def formula_section(formulas: dict[str, Any]) -> Section:
    """Every metric as a formula."""
    rows: list[list[str] | None] = [[name, words.number(value)] for name, value in formulas.items()]
    return (TableColumn("metric"), TableColumn("formula")), rows, "formulas in the free dimensions, batch 1, float32"


def training_section(training: Training) -> Section:
    """What a training step needs, part by part, and all of it at the worst moment."""
    work, checkpoint = training.workload, training.checkpoint
    parts = [
        ("parameters", training.parameters),
        ("buffers", training.buffers),
        ("gradients of parameters", training.gradients),
        (f"state of {training.optimizer_name}", training.optimizer),
        ("input", training.input),
        ("kept for backward", training.saved),
    ]
    if training.autocast:
        parts.append((f"weights as {training.autocast}", training.copies))
    peak = training.peak
    rows: list[list[str] | None] = [[name, words.size(value), words.number(value)] for name, value in parts]
    worst = [f"no worst moment: {peak.reason}", "", ""] if isinstance(peak, Unavailable) else None
    rows += [RULE, worst or ["at the worst moment", words.size(peak), words.number(peak)]]
    again = f", every {checkpoint} recomputed in backward" if checkpoint else ""
    cast = f", activations {training.autocast}" if training.autocast else ""
    head = f"training with {training.optimizer_name}, batch {work.batch}, {work.dtype}{cast}{again}"
    return (TableColumn("memory"), TableColumn("", right=True), TableColumn("bytes", right=True)), rows, head


_TIME = (
    TableColumn("what"),
    TableColumn("FLOPs", right=True),
    TableColumn("bytes moved", right=True),
    TableColumn("FLOPs per byte", right=True, rank=1),
    TableColumn("time", right=True),
    TableColumn("share", right=True),
    TableColumn("bound by"),
)


def time_section(times: Roofline, by: str, batch: int) -> Section:
    """The predicted time by layer, block, stage, op or role."""
    key = KEYS[by][0] if by in KEYS else None
    groups: dict[str, list[Timing]] = {}
    for timing in times.timings:
        layer = timing.layer
        name = key(layer) if key else f"{layer.name} x{layer.times:,}" if layer.times != 1 else layer.name
        groups.setdefault(name, []).append(timing)
    rows: list[list[str] | None] = [_row(name, group, times.seconds) for name, group in groups.items()]
    rows += [RULE, _row("total", times.timings, times.seconds)]
    device = times.device
    rate = f"{words.short(int(device.flops[times.dtype]))}FLOP/s, {words.short(int(device.bandwidth))}B/s"
    head = f"at least, on {device.title} ({times.dtype}: {rate}), batch {batch}: {seconds(times.seconds)}"
    return _TIME, rows, head


def _row(name: str, timings: list[Timing], whole: float) -> list[str]:
    flops = sum(timing.flops * timing.layer.times for timing in timings)
    moved = sum(timing.bytes * timing.layer.times for timing in timings)
    time = sum(timing.seconds for timing in timings)
    compute = sum(timing.seconds for timing in timings if timing.bound == "compute")
    share = f"{100 * time / whole:.1f} %" if whole else ""
    intensity = f"{flops / moved:.1f}" if moved else ""
    bound = "" if not time else "compute" if compute >= time / 2 else "memory"
    return [name, words.number(flops), words.size(moved), intensity, seconds(time), share, bound]


def seconds(value: float) -> str:
    """`1.37 ms`."""
    for unit, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "us")):
        if value >= unit:
            return f"{value / unit:.3g} {name}"
    return f"{value * 1e9:.3g} ns" if value else "0"


def time_document(times: Roofline) -> dict[str, Any]:
    """As JSON has it."""
    device = times.device
    return {
        "device": device.name,
        "title": device.title,
        "source": device.source,
        "flops_per_second": device.flops[times.dtype],
        "bytes_per_second": device.bandwidth,
        "seconds": times.seconds,
        "rows": [
            {
                "name": timing.layer.name,
                "times": timing.layer.times,
                "flops": timing.flops,
                "bytes": timing.bytes,
                "seconds": timing.seconds,
                "bound": timing.bound,
            }
            for timing in times.timings
        ],
    }
