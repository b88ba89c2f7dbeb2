"""Name maps: JSON that says of what another's tensors each tensor of a network is made. Must not know which maps there are.

```
{"schema": "archdsl.weights-map/1",
 "network": "5f2c…",
 "sources": ["torchvision:resnet50"],
 "tensors": {"stem.*": "*", "stage{s}.{b}.conv{n}.*": "layer{s}.{b}.conv{n}.*", …}}
```

`grammar/weights.md` documents the format.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from archdsl.backends.torch.weights.expressions import Expression
from archdsl.backends.torch.weights.rules import Rule, expand
from archdsl.diagnostics import Refusal, WrongUse
from archdsl.files import read_text, reason
from archdsl.records import NamedTuple

SCHEMA = "archdsl.weights-map/1"
_KEYS = {"schema", "network", "sources", "same_names", "tensors"}


class NameMap(NamedTuple):
    """A name map.

    Attributes:
        network: the digest of the network (`archdsl.ir.digest`); "" where the map does not say for which one it is.
        sources: whose names they are: `torchvision:resnet50`.
        same_names: for a source, other networks with the same names and shapes that give other outputs.
        rules: of what each tensor is made.
    """

    network: str
    sources: tuple[str, ...]
    same_names: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]

    def entries(self, names: Iterable[str]) -> dict[str, Expression]:
        """Of what each of the network's tensors is made.

        Raises:
            Refusal: one has no entry, or an entry is for none.
        """
        return expand(self.rules, names)


def read_map(source: str | os.PathLike[str]) -> NameMap:
    """The name map in a file.

    Raises:
        Refusal: there is none, or it is not one.
    """
    path = Path(source)
    try:
        text = read_text(path)
    except (OSError, ValueError) as error:
        raise WrongUse(f"the name map `{path}` cannot be read: {reason(error)}") from None
    return parse_map(text)


def parse_map(text: str) -> NameMap:
    """The name map that JSON holds.

    Raises:
        Refusal: it is not one.
    """
    try:
        return map_of(json.loads(text, object_pairs_hook=_without_doubles))
    except (ValueError, RecursionError) as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal(f"a name map is JSON, and this is not: {error}") from None


def map_of(document: object) -> NameMap:
    """The name map of a document, as `json.loads` gives one.

    Raises:
        Refusal: it is not one.
    """
    if not isinstance(document, Mapping) or document.get("schema") != SCHEMA:
        raise Refusal(f'a name map is an object with `"schema": "{SCHEMA}"`')
    strangers = document.keys() - _KEYS
    if strangers:
        raise Refusal(
            f"a name map has no `{min(map(str, strangers))}`: it has {', '.join(f'`{key}`' for key in sorted(_KEYS))}"
        )
    network, tensors = document.get("network", ""), document.get("tensors")
    if not isinstance(network, str):
        raise Refusal("a name map has under `network` the digest of a network")
    if not isinstance(tensors, Mapping) or not all(isinstance(name, str) for name in tensors):
        raise Refusal("a name map has under `tensors` an object: our names, and of what each is made")
    sources = _names(document.get("sources", []), "sources")
    same = document.get("same_names", {})
    if not isinstance(same, Mapping):
        raise Refusal("a name map has under `same_names` an object: a source, and the networks that have its names too")
    others = {str(source): _names(names, "same_names") for source, names in same.items()}
    return NameMap(network, sources, others, tuple(Rule(left, right) for left, right in tensors.items()))


def _names(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        raise Refusal(f"a name map has under `{key}` lists of names")
    return tuple(value)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refusal(f"the name map has `{key}` twice")
        found[key] = value
    return found
