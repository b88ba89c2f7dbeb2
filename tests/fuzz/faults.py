"""The name of what went wrong with a text, so that equal faults count as one. Must not let anything escape."""

from __future__ import annotations

import traceback

from fuzz.judge import CALLS, TooMuch, judge, limited_work

_STAGES = ("parse", "load_root", "refuse_circles", "build", "library", "weighed", "lowered", "draw_all")


def fault_of(text: str, calls: int | None = CALLS, *, deep: bool = False) -> str | None:
    """What went wrong, and where; None if nothing did."""
    try:
        with limited_work(calls):
            judge(text, deep=deep)
    except (Exception, TooMuch) as fault:
        return described(fault)
    return None


def described(fault: BaseException) -> str:
    """The exception and the function that raised it; of too much work, the stage of the compiler that was at it."""
    frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if "archdsl" in frame.filename] or [
        *traceback.extract_tb(fault.__traceback__)
    ]
    here = frames[-1]
    if isinstance(fault, TooMuch):
        here = next((frame for frame in frames if frame.name in _STAGES), frames[0])
        return f"too much work in {here.name}"
    return f"{type(fault).__name__} at {here.filename.rsplit('archdsl/', 1)[-1]}:{here.name}: {str(fault)[:60]}"
