"""How processor time grows with the length of a text, right or wrong: eight times the text may take 24 times as long.

Run: `python tests/benchmarks/long_texts.py [NAME …]`, with names of `tests/helpers/long_texts.py`, else for all. The law
`tests/laws/test_long_texts.py` counts calls, and so does not see loops inside one call (a search through the rest of a text at
each mistake). This does. It ends with 1 where a bound is broken.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from helpers.long_texts import RIGHT, WRONG  # noqa: E402

import archdsl  # noqa: E402
from archdsl.checks import fixes  # noqa: E402

TEXTS = {**RIGHT, **WRONG}
SHORT, TIMES, BOUND = 400, 8, 24


def seconds(text: str) -> float:
    start = time.process_time()
    try:
        archdsl.loads(text)
    except archdsl.ArchError as error:
        list(error.diagnostics)
    return time.process_time() - start


def main(names: list[str]) -> int:
    # Fixes are tried the more seldom, the longer a text is.
    fixes._MOST_TRIES = 1
    broken = 0
    print(f"{'text':32}  {SHORT} times  {SHORT * TIMES:,} times  growth (bound {BOUND})")
    for name in names or TEXTS:
        seconds(TEXTS[name](100))
        short = min(seconds(TEXTS[name](SHORT + again)) for again in range(3))
        long = seconds(TEXTS[name](SHORT * TIMES))
        broken += long > BOUND * short
        print(f"{name:32}  {1000 * short:6.1f} ms  {1000 * long:8.1f} ms  {long / short:6.1f}", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
