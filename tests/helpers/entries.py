"""The entries of the zoo, each loaded once for all tests that only look at it. Must not change one."""

from __future__ import annotations

from functools import cache

from archdsl import api
from archdsl.analysis.cost import Cost
from archdsl.api import Arch
from archdsl.resources import zoo_path

load = cache(api.load)
"""`archdsl.load` that does not load twice. For files that no test writes."""


def entry(name: str) -> Arch:
    """An entry as its file has it: the file itself, whatever is in the working folder."""
    path = zoo_path(name)
    assert path is not None
    return load(path)


@cache
def cost_of(name: str) -> Cost:
    """Its cost, for a batch of one."""
    return entry(name).cost()
