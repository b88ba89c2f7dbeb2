"""What a file of weights holds, by its content, not by its extension. Must not run code that a file holds.

Two formats are read: safetensors, and what `torch.save` writes, the latter with `weights_only=True`, so that nothing but
tensors and plain values comes out of it. Everything else is refused with a name for what it is.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archdsl.backends.torch.weights import safetensors
from archdsl.diagnostics import Refusal

_LOOKED_AT = 512
_ZIP, _PICKLE = b"PK\x03\x04", b"\x80"
_STRANGERS = (
    (b"version https://git-lfs", "a pointer of Git LFS; the weights themselves were not fetched (`git lfs pull`)"),
    (b"\x89HDF", "an HDF5 file, as Keras writes it"),
    (b"GGUF", "a GGUF file, whose numbers are quantized"),
    (b"\x93NUMPY", "one NumPy array without a name"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"),
)
"""How files in other formats begin, and what they are."""
_TEXTS = (
    (b"<", "a web page, so the download failed"),
    (b"{", "JSON; if it lists the parts of split weights, give a file that holds tensors"),
)
_FORMATS = "a safetensors file nor one that `torch.save` wrote"
_SAVE_TENSORS = "if you trust it, save only the tensors: `torch.save(model.state_dict(), …)`"
_GLOBAL = re.compile(r"GLOBAL ([A-Za-z_][\w.]*)")


class NoWeightsFile(Refusal):
    """There is no such file."""


def read(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Everything in a file, by its top names: tensors, and what else is beside them.

    Raises:
        NoWeightsFile: there is none.
        Refusal: it is in another format, is damaged, or holds Python objects.
        OSError: the machine cannot read it.
    """
    file = Path(path)
    if file.is_dir():
        raise NoWeightsFile(f"`{file}` is a folder; give the file of weights in it")
    if not file.exists():
        raise NoWeightsFile(_no_such_file(file))
    size = file.stat().st_size
    with file.open("rb") as opened:
        start = opened.read(_LOOKED_AT)
    if safetensors.looks_like(start, size):
        return dict(safetensors.read_tensors(file))
    if start.startswith(_ZIP):
        _check_archive(file)
    elif not start.startswith(_PICKLE):
        raise Refusal(f"`{file}` is {_stranger(start)}")
    return _read_torch(file)


def _no_such_file(file: Path) -> str:
    from archdsl.diagnostics.nearest import did_you_mean

    if not file.parent.is_dir():
        return f"there is no folder `{file.parent}`, so no file `{file.name}` in it"
    near = did_you_mean(file.name, (other.name for other in file.parent.iterdir()), "")
    return f"there is no file `{file}`" + (f"; {near}" if near else "")


def _stranger(start: bytes) -> str:
    """What a file in neither format is, as text that follows `is`."""
    if not start:
        return "empty"
    known = next((what for sign, what in _STRANGERS if start.startswith(sign)), None)
    if known is not None:
        return known
    if not all(byte >= 32 or byte in b"\t\n\r\f" for byte in start):
        return f"neither {_FORMATS}"
    return next((what for sign, what in _TEXTS if start.lstrip().startswith(sign)), f"text, and neither {_FORMATS}")


def _check_archive(file: Path) -> None:
    """`torch.save` writes a ZIP archive; so do others.

    Raises:
        Refusal: it is another's, or cut off.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Refusal(_damaged(file)) from None
    ends = {name.partition("/")[2] for name in names}
    if "constants.pkl" in ends or any(end.startswith("code/") for end in ends):
        raise Refusal(f"`{file}` is a TorchScript program, but archdsl reads only tensors; {_SAVE_TENSORS}")
    if "data.pkl" in ends:
        return
    if any(name.endswith(".npy") for name in names):
        raise Refusal(f"`{file}` is a NumPy archive; load it with `numpy.load` and give its arrays by name")
    raise Refusal(f"`{file}` is a ZIP archive that `torch.save` did not write")


def _read_torch(file: Path) -> dict[str, Any]:
    import pickle

    import torch

    try:
        # Opened, because PyTorch would go by the extension of a path.
        with file.open("rb") as opened:
            found = torch.load(opened, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise Refusal(_unreadable(file, str(error))) from None
    except (OSError, MemoryError):
        raise
    except Exception:
        # The reader fails in many ways on bytes that only begin well.
        raise Refusal(_damaged(file)) from None
    if isinstance(found, Mapping):
        return dict(found)
    what = "one tensor without a name" if isinstance(found, torch.Tensor) else f"a value of type `{type(found).__name__}`"
    raise Refusal(f"`{file}` holds {what}, and weights are tensors by name")


def _unreadable(file: Path, message: str) -> str:
    """Why PyTorch did not read it. Only a class's name is taken from its text: the rest tells how to run the code."""
    name = _GLOBAL.search(message)
    if name is None:
        return _damaged(file)
    if name[1].startswith("numpy."):
        return f"`{file}` holds NumPy arrays, which PyTorch reads only by running code; {_SAVE_TENSORS}"
    return (
        f"`{file}` holds Python objects (`{name[1]}`), but archdsl reads only tensors, since objects run code; {_SAVE_TENSORS}"
    )


def _damaged(file: Path) -> str:
    return f"`{file}` begins like a file that `torch.save` wrote, but it is damaged or cut off"
