"""The import lines of a generated file. Must not import what they name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archdsl.backends.torch import support


def imports(parts: Sequence[str], has_outputs: bool, body: Sequence[Sequence[str]]) -> list[str]:
    """The import lines of a file: those that its support parts and its own lines need, sorted."""
    text = "\n".join(line for block in body for line in block)
    wanted = {line for name in parts for line in support.part(name).imports}
    wanted.add("from torch import nn")
    if re.search(r"\bTensor\b", text):
        wanted.add("from torch import Tensor")
    if re.search(r"\bmath\.", text):
        wanted.add("import math")
    if re.search(r"\btorch\.", text):
        wanted.add("import torch")
    if re.search(r"\bF\.", text):
        wanted.add("import torch.nn.functional as F")
    if "OrderedDict(" in text:
        wanted.add("from collections import OrderedDict")
    if has_outputs:
        wanted.add("from typing import NamedTuple")
    future = ["from __future__ import annotations", ""] if " | " in text or parts else []
    return [*future, *_sorted_imports(wanted)]


def _sorted_imports(wanted: set[str]) -> list[str]:
    """Imports as tools sort them: the standard library, then torch; `import` before `from`; names of one module together."""
    plain = sorted(line for line in wanted if line.startswith("import "))
    members: dict[str, list[str]] = {}
    for line in wanted:
        match = re.fullmatch(r"from (\S+) import (.+)", line)
        if match:
            members.setdefault(match.group(1), []).append(match.group(2))
    lines: list[str] = []
    for is_torch in (False, True):
        group = [line for line in plain if _is_torch(line.split()[1]) == is_torch]
        for module, names in sorted(members.items()):
            if _is_torch(module) == is_torch:
                group.append(f"from {module} import {', '.join(sorted(names))}")
        lines += ([""] if lines and group else []) + group
    return lines


def _is_torch(module: str) -> bool:
    return module.split(".")[0] == "torch"
