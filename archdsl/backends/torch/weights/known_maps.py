"""Which name maps apply to a network: one that is given, or those that come with archdsl. Must not look at tensors.

Those that come with archdsl are in `zoo/weights/`. Each was proven by equal outputs (`tests/zoo/certify_maps.py`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Union

from archdsl.backends.torch.weights.name_map import NameMap, map_of, parse_map, read_map
from archdsl.backends.torch.weights.readings import Reading
from archdsl.diagnostics import Refusal
from archdsl.diagnostics.nearest import did_you_mean
from archdsl.files import read_text
from archdsl.resources import weights_maps

Given = Union[str, "os.PathLike[str]", Mapping[str, Any]]
"""A name map: a file, a document as `json.loads` gives one, or the source of a map that comes with archdsl."""
_SOURCE = re.compile(r"[a-z_]+:[A-Za-z_]\w*")


def given_reading(given: Given, digest: str, names: Iterable[str]) -> Reading:
    """The reading of a name map that the user gives.

    Args:
        digest: of the network.
        names: of its tensors.

    Raises:
        Refusal: there is no such map, it is not one, or it is for another network.
    """
    every = list(names)
    if isinstance(given, str) and _SOURCE.fullmatch(given) and not os.path.exists(given):
        found = _by_source(given, list(_shipped(digest)))
        return Reading(given, found.entries(every), exact=False)
    if not isinstance(given, (str, os.PathLike, Mapping)):
        raise Refusal(
            f"a name map is a file, a document or a source such as `timm:resnet50`; this is of type `{type(given).__name__}`"
        )
    found = map_of(given) if isinstance(given, Mapping) else read_map(given)
    if not found.network:
        raise Refusal(f'the name map does not say for which network it is; if for this one, it has `"network": "{digest}"`')
    if found.network != digest:
        raise Refusal(f"the name map is for another network: it has the digest {found.network}, and this network has {digest}")
    what = "the given name map" if isinstance(given, Mapping) else f"the name map `{os.fspath(given)}`"
    return Reading(what, found.entries(every), exact=False)


def shipped_readings(network: str, digest: str, names: Iterable[str]) -> list[Reading]:
    """The readings of the maps that come with archdsl, those that were made for the zoo entry of this name first.

    Args:
        network: the network's name.
        digest: of the network.
        names: of its tensors.
    """
    every = list(names)
    return [
        Reading(found.sources[0], found.entries(every), exact=True, obstacle=_obstacle(found))
        for found in _shipped(digest, network)
    ]


def _shipped(digest: str, network: str = "") -> Iterator[NameMap]:
    paths = sorted(weights_maps(), key=lambda path: (path.name.partition(".")[0] != network, path.name))
    for path in paths:
        text = read_text(path)
        # Most maps are for other networks, and looking is quicker than parsing.
        if f'"{digest}"' in text:
            yield parse_map(text)


def _by_source(source: str, known: list[NameMap]) -> NameMap:
    for one in known:
        if source in one.sources:
            return one
    names = sorted({name for one in known for name in one.sources})
    otherwise = f"there are {', '.join(f'`{name}`' for name in names)}" if names else "there are none"
    raise Refusal(f"there is no name map of `{source}` for this network; {did_you_mean(source, names, otherwise)}")


def _obstacle(found: NameMap) -> str:
    """A library that gives the same names to several networks leaves open which of them a file is of."""
    if any(not found.same_names.get(source) for source in found.sources):
        return ""
    source = found.sources[0]
    others = ", ".join(found.same_names[source][:3])
    return (
        f"the file has the names of {source} and also of {others}, which computes something else: "
        f'`map="{source}"` (in the command `--map {source}`) says that it is the former'
    )
