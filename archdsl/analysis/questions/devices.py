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


_T = 1e12
_G = 1e9
_HALVED = "tensor figures halved, since the sheet counts sparsity"


def _rates(
    fp64: float | None, fp32: float | None, bf16: float | None, fp16: float | None, int8: float | None
) -> dict[str, float]:
    """Of those that the device has, in units of 10**12."""
    named = {"float64": fp64, "float32": fp32, "bfloat16": bf16, "float16": fp16, "int8": int8}
    return {name: rate * _T for name, rate in named.items() if rate is not None}


DEVICES = {
    device.name: device
    for device in (
        Device(
            "h200",
            "NVIDIA H200 SXM",
            _rates(34, 67, 989.5, 989.5, 1979),
            4800 * _G,
            141 * 10**9,
            f"NVIDIA H200 Tensor Core GPU data sheet; {_HALVED}",
        ),
        Device(
            "h100",
            "NVIDIA H100 SXM",
            _rates(34, 67, 989.5, 989.5, 1979),
            3350 * _G,
            80 * 10**9,
            f"NVIDIA H100 Tensor Core GPU data sheet; {_HALVED}",
        ),
        Device(
            "h100-pcie",
            "NVIDIA H100 PCIe",
            _rates(26, 51, 756.5, 756.5, 1513),
            2000 * _G,
            80 * 10**9,
            f"NVIDIA H100 Tensor Core GPU data sheet; {_HALVED}",
        ),
        Device(
            "a100",
            "NVIDIA A100 SXM 80 GB",
            _rates(9.7, 19.5, 312, 312, 624),
            2039 * _G,
            80 * 10**9,
            "NVIDIA A100 Tensor Core GPU data sheet",
        ),
        Device(
            "a100-pcie",
            "NVIDIA A100 PCIe 80 GB",
            _rates(9.7, 19.5, 312, 312, 624),
            1935 * _G,
            80 * 10**9,
            "NVIDIA A100 Tensor Core GPU data sheet",
        ),
        Device(
            "a100-40gb",
            "NVIDIA A100 SXM 40 GB",
            _rates(9.7, 19.5, 312, 312, 624),
            1555 * _G,
            40 * 10**9,
            "NVIDIA A100 Tensor Core GPU data sheet",
        ),
        Device(
            "a30", "NVIDIA A30", _rates(5.2, 10.3, 165, 165, 330), 933 * _G, 24 * 10**9, "NVIDIA A30 Tensor Core GPU data sheet"
        ),
        Device(
            "a40",
            "NVIDIA A40",
            _rates(None, 37.4, 149.7, 149.7, 299.3),
            696 * _G,
            48 * 10**9,
            "NVIDIA A40 data sheet; figures without sparsity",
        ),
        Device(
            "a10",
            "NVIDIA A10",
            _rates(None, 31.2, 125, 125, 250),
            600 * _G,
            24 * 10**9,
            "NVIDIA A10 Tensor Core GPU data sheet; figures without sparsity",
        ),
        Device(
            "l40s",
            "NVIDIA L40S",
            _rates(None, 91.6, 362, 362, 733),
            864 * _G,
            48 * 10**9,
            "NVIDIA L40S data sheet; figures without sparsity",
        ),
        Device(
            "l4",
            "NVIDIA L4",
            _rates(None, 30.3, 121, 121, 242.5),
            300 * _G,
            24 * 10**9,
            f"NVIDIA L4 Tensor Core GPU data sheet; {_HALVED}",
        ),
        Device(
            "v100",
            "NVIDIA V100 SXM2 32 GB",
            _rates(7.8, 15.7, None, 125, None),
            900 * _G,
            32 * 10**9,
            "NVIDIA V100 Tensor Core GPU data sheet; it states no rate for int8",
        ),
        Device(
            "t4",
            "NVIDIA T4",
            _rates(None, 8.1, None, 65, 130),
            300 * _G,
            16 * 10**9,
            "NVIDIA T4 Tensor Core GPU data sheet",
        ),
        Device(
            "rtx4090",
            "NVIDIA GeForce RTX 4090",
            _rates(None, 82.6, 165.2, 165.2, 660.6),
            1008 * _G,
            24 * 10**9,
            "NVIDIA Ada GPU Architecture, appendix A; sums in float32, without sparsity",
        ),
        Device(
            "rtx3090",
            "NVIDIA GeForce RTX 3090",
            _rates(None, 35.6, 71, 71, 284),
            936 * _G,
            24 * 10**9,
            "NVIDIA Ampere GA102 GPU Architecture, appendix A; sums in float32, without sparsity",
        ),
        Device(
            "mi300x",
            "AMD Instinct MI300X",
            _rates(81.7, 163.4, 1307.4, 1307.4, 2614.9),
            5300 * _G,
            192 * 10**9,
            "AMD Instinct MI300X data sheet; float64 and float32 of vectors, without sparsity",
        ),
        Device(
            "mi250x",
            "AMD Instinct MI250X",
            _rates(47.9, 47.9, 383, 383, 383),
            3200 * _G,
            128 * 10**9,
            "AMD Instinct MI250X data sheet; float64 and float32 of vectors; both dies together",
        ),
        Device(
            "tpu-v4",
            "Google TPU v4, one chip",
            _rates(None, None, 275, None, 275),
            1200 * _G,
            32 * 2**30,
            "Google Cloud, TPU v4 system architecture",
        ),
        Device(
            "tpu-v5e",
            "Google TPU v5e, one chip",
            _rates(None, None, 197, None, 393),
            819 * _G,
            16 * 2**30,
            "Google Cloud, TPU v5e system architecture",
        ),
        Device(
            "tpu-v5p",
            "Google TPU v5p, one chip",
            _rates(None, None, 459, None, 918),
            2765 * _G,
            95 * 2**30,
            "Google Cloud, TPU v5p system architecture",
        ),
        Device(
            "laptop",
            "Intel Core i7-1185G7, 4 cores at 3.0 GHz",
            _rates(0.192, 0.384, None, None, None),
            68.3 * _G,
            16 * 2**30,
            "4 cores * 3.0 GHz (base) * 32 float32 operations per cycle (one AVX-512 multiply-add); LPDDR4x-4267 on 128 bits",
        ),
        Device(
            "raspberry-pi-5",
            "Raspberry Pi 5, 8 GB",
            _rates(0.0768, 0.1536, None, 0.3072, None),
            17.1 * _G,
            8 * 2**30,
            "4 Cortex-A76 cores * 2.4 GHz * 16 float32 operations per cycle (two NEON multiply-adds); LPDDR4X-4267 on 32 bits",
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


def listing() -> str:
    """The devices, two lines each: the figures, then where they are from."""
    lines = []
    for one in DEVICES.values():
        rates = ", ".join(f"{dtype} {_amount(rate, 'FLOP/s')}" for dtype, rate in one.flops.items())
        lines.append(f"{one.name}: {one.title}, {_amount(one.memory, 'B')} at {_amount(one.bandwidth, 'B/s')}; {rates}")
        lines.append(f"    {one.source}")
    return "\n".join(lines)


def _amount(number: float, unit: str) -> str:
    """In the largest unit that leaves at least one: `989.5 TFLOP/s`, `936 GB/s`."""
    return f"{number / 1e12:.4g} T{unit}" if number >= 1e12 else f"{number / 1e9:.4g} G{unit}"
