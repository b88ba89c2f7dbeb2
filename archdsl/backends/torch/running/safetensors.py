"""Files in the safetensors format: eight bytes of length, a header of JSON, then the tensors' bytes. Must not run anything.

Every number in the header is checked against
the file before a byte is read as a tensor.
"""

from __future__ import annotations

import json
import struct
from math import prod
from pathlib import Path
from typing import Any

from archdsl.diagnostics import Refusal

_DTYPES = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U8": "uint8",
    "BOOL": "bool",
}
_LARGEST_HEADER = 100_000_000


def read_tensors(path: Path) -> dict[str, Any]:
    """The tensors of a file, by name.

    Raises:
        Refusal: it is not in the format.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else -1
        if not 0 <= length <= _LARGEST_HEADER:
            raise Refusal(f"`{path}` is not a safetensors file")
        try:
            header = json.loads(file.read(length))
        except (ValueError, RecursionError):
            raise Refusal(f"`{path}` is not a safetensors file: its header is not JSON") from None
        content = bytearray(file.read())
    if not isinstance(header, dict):
        raise Refusal(f"`{path}` is not a safetensors file: its header is not an object")
    return {name: _tensor(path, name, entry, content) for name, entry in header.items() if name != "__metadata__"}


def _tensor(path: Path, name: str, entry: Any, content: bytearray) -> Any:
    import torch

    try:
        dtype = getattr(torch, _DTYPES[entry["dtype"]])
        shape = [int(size) for size in entry["shape"]]
        begin, end = (int(offset) for offset in entry["data_offsets"])
    except (KeyError, TypeError, ValueError):
        raise Refusal(f"`{path}`: the entry of `{name}` cannot be read") from None
    size = prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or begin < 0 or end > len(content) or end - begin != size:
        raise Refusal(f"`{path}`: the bytes of `{name}` do not fit its shape {shape}")
    if not size:
        return torch.empty(shape, dtype=dtype)
    aligned = content if begin % dtype.itemsize == 0 else bytearray(content[begin:end])
    offset = begin if aligned is content else 0
    return torch.frombuffer(aligned, dtype=dtype, count=prod(shape), offset=offset).reshape(shape)
