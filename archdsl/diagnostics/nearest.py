"""The name that was most likely meant: one rule for all suggestions of names, files, options, words. Must not word more."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was most likely meant to be."""
    return next(iter(nearest_few(name, known, 1)), None)


def nearest_few(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names that `name` may have been meant to be, the likeliest first."""
    return list(_likely(name, tuple(sorted(set(known))))[:most])


_ELSEWHERE = {
    **dict.fromkeys(("fp16", "half", "f16"), "float16"),
    **dict.fromkeys(("fp32", "float", "single", "f32"), "float32"),
    **dict.fromkeys(("fp64", "double", "f64"), "float64"),
    **dict.fromkeys(("bf16", "brainfloat16"), "bfloat16"),
    **dict.fromkeys(("i8", "char"), "int8"),
}
"""What PyTorch, NumPy and vendors call the types of numbers."""


@lru_cache(maxsize=512)
def _likely(name: str, candidates: tuple[str, ...]) -> tuple[str, ...]:
    """A slip is often made many times in one text, among the same names."""
    from difflib import get_close_matches

    lowered = {candidate.lower(): candidate for candidate in candidates}
    if _ELSEWHERE.get(name.lower()) in candidates:
        return (_ELSEWHERE[name.lower()],)
    if name.lower() in lowered:
        return (lowered[name.lower()],)
    close = get_close_matches(name, candidates, n=3, cutoff=0.6)
    return tuple(found for found in close if _is_likely(name.lower(), found.lower()))


def did_you_mean(name: str, known: Iterable[str], otherwise: str, most: int = 3) -> str:
    """`did you mean `a` or `b`?`, or `otherwise` if nothing is near."""
    near = nearest_few(name, known, most)
    return "did you mean " + " or ".join(f"`{one}`" for one in near) + "?" if near else otherwise


def choices(known: Iterable[str]) -> str:
    """All that is possible, as `did_you_mean` needs it if nothing is near: `the choices are `a`, `b``."""
    return f"the choices are {', '.join(f'`{name}`' for name in known)}"


def _is_likely(written: str, meant: str) -> bool:
    return _slips(written, meant) <= max(1, len(meant) // 3) or _starts(written, meant)


def _starts(written: str, meant: str) -> bool:
    """Whether one is the start of the other: `biases` for `bias`."""
    shorter, longer = sorted((written, meant), key=len)
    return len(shorter) > 2 and longer.startswith(shorter)


def _slips(written: str, meant: str) -> int:
    """How many letters were added, left out, changed or swapped with their neighbor (optimal string alignment distance)."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(written):
        last, before, row = before, row, [i + 1]
        for j, other in enumerate(meant):
            slips = min(before[j + 1] + 1, row[j] + 1, before[j] + (letter != other))
            if i and j and letter == meant[j - 1] and written[i - 1] == other:
                slips = min(slips, last[j - 1] + 1)
            row.append(slips)
    return row[-1]
