"""Devices as data: how fast they compute, how fast they move bytes, how much they hold. Must not predict anything."""

from __future__ import annotations

from collections.abc import Mapping

from archdsl.analysis.dtypes import ITEM_BYTES, UnknownChoice
from archdsl.diagnostics import WrongUse
from archdsl.records import NamedTuple


class Device(NamedTuple):
    """Peak rates of a device.

    Attributes:
        flops: operations per second by type of numbers, a multiply-accumulate as two, without sparsity.
        bandwidth: bytes per second between the processor and its memory.
        memory: bytes.
        source: where the numbers are from, or how they follow from what the maker states.
    """

    name: str
    title: str
    flops: Mapping[str, float]
    bandwidth: float
    memory: int
    source: str


DEVICES = {
    device.name: device
    for device in (
        Device(
            "h200",
            "NVIDIA H200 SXM",
            {"float64": 34e12, "float32": 67e12, "bfloat16": 989.5e12, "float16": 989.5e12, "int8": 1979e12},
            4.8e12,
            141 * 10**9,
            "NVIDIA H200 Tensor Core GPU data sheet; tensor figures halved, since the sheet counts sparsity",
        ),
        Device(
            "a100",
            "NVIDIA A100 SXM 80 GB",
            {"float64": 9.7e12, "float32": 19.5e12, "bfloat16": 312e12, "float16": 312e12, "int8": 624e12},
            2.039e12,
            80 * 10**9,
            "NVIDIA A100 Tensor Core GPU data sheet",
        ),
        Device(
            "laptop",
            "Intel Core i7-1185G7, 4 cores at 3.0 GHz",
            {"float64": 192e9, "float32": 384e9},
            68.3e9,
            16 * 2**30,
            "4 cores * 3.0 GHz (base) * 32 float32 operations per cycle (one AVX-512 multiply-add); LPDDR4x-4267 on 128 bits",
        ),
    )
}

_FIELDS = ("title", "flops", "bandwidth", "memory", "source")


def find_device(name: str) -> Device:
    """A device by its name, or by the path of a JSON file that describes one (its fields are those of `Device`).

    Raises:
        UnknownChoice: there is none.
        WrongUse: the file does not describe a device.
        OSError: the file is there and cannot be read.
    """
    if name in DEVICES:
        return DEVICES[name]
    if not name.endswith(".json"):
        raise UnknownChoice("device", name, DEVICES)
    from json import JSONDecodeError, loads
    from pathlib import Path

    path = Path(name)
    try:
        fields = loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WrongUse(f"there is no file `{name}`") from None
    except (JSONDecodeError, UnicodeDecodeError) as error:
        raise WrongUse(f"`{name}` is not JSON: {error}") from None
    return _device(path.stem, fields, name)


def _device(name: str, fields: object, path: str) -> Device:
    wanted = f"`{path}` does not describe a device: it needs " + ", ".join(f"`{field}`" for field in _FIELDS)
    if not isinstance(fields, dict) or set(fields) != set(_FIELDS):
        raise WrongUse(wanted)
    flops, numbers = fields["flops"], (fields["bandwidth"], fields["memory"])
    if not isinstance(flops, dict) or not flops or not all(dtype in ITEM_BYTES for dtype in flops):
        raise WrongUse(f"{wanted}; `flops` gives operations per second for some of {', '.join(ITEM_BYTES)}")
    if not all(_is_positive(number) for number in (*flops.values(), *numbers)):
        raise WrongUse(f"{wanted}; its numbers must be positive")
    rates = {str(dtype): float(rate) for dtype, rate in flops.items()}
    return Device(name, str(fields["title"]), rates, float(numbers[0]), int(numbers[1]), str(fields["source"]))


def _is_positive(number: object) -> bool:
    return isinstance(number, (int, float)) and not isinstance(number, bool) and 0 < number < float("inf")
