"""How long the whole zoo takes to check in one process: mistakes, warnings and contracts of every entry.

    python tests/benchmarks/zoo.py [rounds]

CPU seconds, the zoo in order, nothing kept from one round to the next. The issues' bounds: the lecture's entries under 5 s,
all of them under 8 s, none over 150 ms.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

SLOWEST = 10


def check(path: Path) -> None:
    """What `archdsl check` does with one file."""
    from archdsl.analysis.contracts import check as contracts
    from archdsl.analysis.cost import Cost
    from archdsl.compiler import run
    from archdsl.text import Source

    program = run(Source(str(path), path.read_text(encoding="utf-8")), path.parent, warnings=True)
    if program.network is None or program.report or contracts(program.network, Cost(program.network)):
        raise SystemExit(f"{path.name} does not check")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    start = time.process_time()
    from archdsl.program import cache
    from archdsl.resources import zoo_folder, zoo_names

    names = zoo_names()
    best: dict[str, float] = {}
    totals = []
    for _ in range(rounds):
        cache.forget()
        for name in names:
            before = time.process_time()
            check(zoo_folder() / f"{name}.arch")
            best[name] = min(best.get(name, float("inf")), time.process_time() - before)
        totals.append(time.process_time() - start)
        start = time.process_time()
    print(f"{len(names)} entries: {totals[0]:.2f} s with imports, {min(totals):.2f} s the fastest round (bounds 5 and 8 s)")
    for name in sorted(names, key=lambda name: -best[name])[:SLOWEST]:
        print(f"  {name:<28} {best[name] * 1000:6.1f} ms (bound 150 ms)")


if __name__ == "__main__":
    main()
