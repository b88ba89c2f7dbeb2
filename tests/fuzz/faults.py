"""The name of what went wrong with a text, so that equal faults count as one. Must not let anything escape."""

from __future__ import annotations

import traceback

from fuzz.judge import SECONDS, TooSlow, judge, limited_time

_STAGES = ("parse", "load_root", "refuse_circles", "build", "library", "weighed", "lowered", "draw_all")


def fault_of(text: str, seconds: float = SECONDS, *, deep: bool = False) -> str | None:
    """What went wrong, and where; None if nothing did."""
    try:
        with limited_time(seconds):
            judge(text, deep=deep)
    except (Exception, TooSlow) as fault:
        return described(fault)
    return None


def described(fault: BaseException) -> str:
    """The exception and the function that raised it; of one that was too slow, the stage of the compiler that was at work."""
    frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if "archdsl" in frame.filename] or [
        *traceback.extract_tb(fault.__traceback__)
    ]
    here = frames[-1]
    if isinstance(fault, TooSlow):
        here = next((frame for frame in frames if frame.name in _STAGES), frames[0])
        return f"too slow in {here.name}"
    return f"{type(fault).__name__} at {here.filename.rsplit('archdsl/', 1)[-1]}:{here.name}: {str(fault)[:60]}"
