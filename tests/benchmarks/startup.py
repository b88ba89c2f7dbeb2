"""Start-up of the command against imports that cost about as much: ratios within one run, since machines differ.

    python tests/benchmarks/startup.py [runs]

Prints the median wall time and the largest resident memory of a cold process for each, and what the first is compared with.
The issue's bound: `archdsl cost resnet152` takes at most 2.5 times `python -c "import argparse, json, lark"`, in under 60 MB.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent.parent
BASE = "import argparse, json, lark"
PROGRAMS = {
    "bare python": ["-c", "pass"],
    BASE: ["-c", BASE],
    "archdsl --version": ["-m", "archdsl", "--version"],
    "archdsl check resnet152": ["-m", "archdsl", "check", "resnet152"],
    "archdsl cost resnet152": ["-m", "archdsl", "cost", "resnet152"],
    "archdsl cost vit_b_16": ["-m", "archdsl", "cost", "vit_b_16"],
    "archdsl compile resnet50 -o -": ["-m", "archdsl", "compile", "resnet50", "-o", "-"],
}


def run(arguments: list[str]) -> tuple[float, float]:
    """Seconds and megabytes of one process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    null = os.open(os.devnull, os.O_RDWR)
    start = time.perf_counter()
    process = os.posix_spawn(
        sys.executable,
        [sys.executable, *arguments],
        environment,
        file_actions=[(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)],
    )
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - start
    os.close(null)
    if status:
        raise SystemExit(f"{' '.join(arguments)}: exit status {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss / 1024


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for arguments in PROGRAMS.values():
        run(arguments)
    # In turn, so that a slow moment of the machine falls on all of them.
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in PROGRAMS}
    for _ in range(runs):
        for name, arguments in PROGRAMS.items():
            measured[name].append(run(arguments))
    base = median(seconds for seconds, _ in measured[BASE])
    print(f"{'program':<34} {'median ms':>9} {'least ms':>9} {'ratio':>6} {'MB':>6}")
    for name, results in measured.items():
        seconds = median(one for one, _ in results)
        least = min(one for one, _ in results)
        size = max(one for _, one in results)
        print(f"{name:<34} {seconds * 1000:9.0f} {least * 1000:9.0f} {seconds / base:6.2f} {size:6.0f}")


if __name__ == "__main__":
    main()
