"""Which program comes for which number: the same one each time, so that a fault is told by its number. Must not judge."""

from __future__ import annotations

import random
from functools import cache

from helpers.folders import CASES
from helpers.random_programs import Writer

from archdsl.resources import zoo_names, zoo_path
from fuzz.mutations import HOSTILE, mutated
from fuzz.networks import NetworkWriter


@cache
def good_texts() -> tuple[str, ...]:
    """The zoo (entries of up to 4 kB) and the networks of `tests/cases/expressiveness`."""
    paths = [path for path in map(zoo_path, zoo_names()) if path is not None]
    paths += sorted((CASES / "expressiveness").glob("*.arch"))
    return tuple(text for text in (path.read_text(encoding="utf-8") for path in paths) if len(text) < 4000)


def program(number: int) -> str:
    """The text with this number."""
    source = random.Random(number)
    form = source.randrange(10)
    if form < 2:
        return NetworkWriter(source).program()
    if form < 6:
        return mutated(NetworkWriter(source).program(), source, NetworkWriter(source).program())
    if form == 6:
        return Writer(source).program()
    if form == 7:
        return mutated(Writer(source).program(), source, source.choice(good_texts()))
    if form == 8:
        return mutated(source.choice(good_texts()), source, source.choice(good_texts()))
    words = [
        source.choice((*HOSTILE, *"<>|;()[]", "conv 3 8", "relu", "\n", " ", " ", "\n")) for _ in range(source.randrange(1, 30))
    ]
    head = source.choice(("", "", "arch t\n", "arch t\ninput image[3, 32, 32]\n"))
    return head + "".join(words)
