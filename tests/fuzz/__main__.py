"""`PYTHONPATH=.:tests python -m fuzz [--deep] COUNT [FIRST]`: a long run. Must not be part of the test suite; `test_fuzz.py` is.

Prints each kind of fault once, with the number of its program, and at the end how many of what came out.
"""

from __future__ import annotations

import faulthandler
import sys
import traceback
from collections import Counter

from fuzz.corpus import good_texts, program
from fuzz.faults import described
from fuzz.judge import TooMuch, judge, limit_memory, limited_work

HANGS = 600
"""After so many seconds a call that does not return, which no count can see, ends the run and shows where it was."""


def main(count: int, first: int, deep: bool) -> int:
    good_texts()
    limit_memory()
    outcomes: Counter[str] = Counter()
    most = (0, 0)
    for number in range(first, first + count):
        faulthandler.dump_traceback_later(HANGS, exit=True)
        text = program(number)
        try:
            with limited_work() as work:
                outcome = judge(text, deep=deep)
        except (Exception, TooMuch) as fault:
            outcome = described(fault)
            if outcomes[outcome] == 0:
                print(f"program {number}: {outcome}\n{''.join(traceback.format_exception(fault, limit=-4))}", flush=True)
        outcomes[outcome] += 1
        most = max(most, (work.calls, number))
        if (number - first + 1) % 10_000 == 0:
            print(f"{number + 1 - first:,} programs, at most {most[0]:,} calls (program {most[1]})", flush=True)
    for outcome, times in outcomes.most_common():
        print(f"{times:8,}  {outcome}")
    print(f"the longest took {most[0]:,} calls: program {most[1]}")
    return len(outcomes) - len({"network", "diagnostics"} & set(outcomes))


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument != "--deep"]
    sys.exit(min(main(numbers[0], numbers[1] if len(numbers) > 1 else 0, "--deep" in sys.argv), 1))
