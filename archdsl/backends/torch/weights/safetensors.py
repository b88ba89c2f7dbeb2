"""Files in the safetensors format: eight bytes of length, a header of JSON, then the tensors' bytes. Must not run anything.

Every number in the header is checked against the file before a byte is read as a tensor.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Refusal

if TYPE_CHECKING:
    from torch import Tensor

_DTYPES = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
    "C64": "complex64",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U64": "uint64",
    "U32": "uint32",
    "U16": "uint16",
    "U8": "uint8",
    "BOOL": "bool",
}
LARGEST_HEADER = 100_000_000
"""Bytes; the format's own limit."""


def looks_like(start: bytes, size: int) -> bool:
    """Whether a file of `size` bytes that starts so is in the format: a length, then the brace that opens the header."""
    return size >= 10 and start[8:9] == b"{" and struct.unpack("<Q", start[:8])[0] <= LARGEST_HEADER


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a file, by name.

    Raises:
        Refusal: it is not in the format, or its bytes do not fit its header.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        text = file.read(length)
        if len(text) != length:
            raise Refusal(f"`{path}` ends too soon: its header needs {length:,} bytes, but there are only {len(text):,}")
        try:
            header = json.loads(text, object_pairs_hook=_without_doubles)
        except (ValueError, RecursionError):
            raise Refusal(f"`{path}` is not a safetensors file: its header cannot be read as JSON") from None
        content = bytearray(file.read())
    entries: dict[str, Any] = {name: entry for name, entry in header.items() if name != "__metadata__"}
    return {name: _tensor(path, name, entry, content) for name, entry in entries.items()}


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _tensor(path: Path, name: str, entry: Mapping[str, Any], content: bytearray) -> Tensor:
    import torch

    try:
        kind = str(entry["dtype"])
        shape = [int(size) for size in entry["shape"]]
        begin, end = (int(offset) for offset in entry["data_offsets"])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise Refusal(f"`{path}`: the safetensors header's entry of `{name}` cannot be read") from None
    if kind not in _DTYPES:
        raise Refusal(f"`{path}`: `{name}` is a safetensors tensor of {kind}, which archdsl does not read")
    dtype = getattr(torch, _DTYPES[kind])
    size = prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or begin < 0 or end > len(content) or end - begin != size:
        raise Refusal(
            f"`{path}`: the bytes of `{name}` do not fit its shape {shape}; the safetensors file is damaged or cut off"
        )
    if not size:
        return torch.empty(shape, dtype=dtype)
    aligned = content if begin % dtype.itemsize == 0 else bytearray(content[begin:end])
    offset = begin if aligned is content else 0
    return torch.frombuffer(aligned, dtype=dtype, count=prod(shape), offset=offset).reshape(shape)


def file_bytes(tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> bytes:
    """A file's content: the header, whose metadata comes first, then each tensor's bytes in order."""
    import torch

    names = {str(getattr(torch, dtype)): kind for kind, dtype in _DTYPES.items() if hasattr(torch, dtype)}
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    parts: list[bytes] = []
    begin = 0
    for name, tensor in tensors.items():
        flat = tensor.detach().cpu().contiguous().reshape(-1)
        parts.append(flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b"")
        end = begin + len(parts[-1])
        header[name] = {"dtype": names[str(tensor.dtype)], "shape": list(tensor.shape), "data_offsets": [begin, end]}
        begin = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return b"".join((struct.pack("<Q", len(text)), text, *parts))
