"""Runs the benchmarks one after the other and writes what they print into README.md beside them.

    python tests/benchmarks/report.py [NAME …]

With names only these are run again; the others keep what is there, and so do sections that are no script's, which come last
(what another machine printed). `counters` needs packages of its own, which it names.
Every bound is a ratio within one run; times alone say little on a machine that is shared.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
PAGE = FOLDER / "README.md"
NAMES = ("startup", "costs", "parsing", "long_texts", "construction", "zoo", "learning")
INTRODUCTION = """\
# Benchmarks

Each script says in its first lines what it compares and which bounds hold; this page is what they printed, written by
`python tests/benchmarks/report.py`. All bounds are ratios within one run. `counters.py` is apart: it measures the table
"What other tools count" of [the page on costs](../../grammar/costs.md).
"""


def machine() -> str:
    """The processor, Python and PyTorch, for those who compare."""
    from importlib.metadata import version

    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    return (
        f"{os.cpu_count()} cores, {model}; {platform.system()}, Python {platform.python_version()}, PyTorch {version('torch')}"
    )


def printed(name: str) -> str:
    """What a benchmark prints. Raises CalledProcessError where it fails."""
    command = [sys.executable, str(FOLDER / f"{name}.py")]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.rstrip()


def purpose(name: str) -> str:
    """The first sentences of the script."""
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    return text.removeprefix('"""').partition("\n\n")[0].replace("\n", " ").removesuffix('"""')


def section(name: str) -> str:
    run = f"```text\n$ python tests/benchmarks/{name}.py\n{printed(name)}\n```"
    return f"## {name}\n\n{purpose(name)}\n\nOn {machine()}:\n\n{run}\n"


def main(names: list[str]) -> None:
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    sections = dict(re.findall(r"^(?=## ([^\n]+)\n)(.*?)(?=^## |\Z)", old, re.MULTILINE | re.DOTALL))
    sections = {name: text.rstrip() + "\n" for name, text in sections.items()}
    for name in names or NAMES:
        print(name, flush=True)
        sections[name] = section(name)
        ordered = [*(known for known in NAMES if known in sections), *(other for other in sections if other not in NAMES)]
        pages = [INTRODUCTION, *(sections[known] for known in ordered)]
        PAGE.write_text("\n".join(pages), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
