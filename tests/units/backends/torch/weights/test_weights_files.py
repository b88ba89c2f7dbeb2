"""Files of weights: told by their content, read without running anything, and refused in a sentence of our own."""

from __future__ import annotations

import argparse
import gzip
import io
import json
import pickle
import struct
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from helpers.small_weights import Filled, filled, output
from safetensors import safe_open

from archdsl.backends.torch.weights import safetensors
from archdsl.backends.torch.weights.files import read
from archdsl.diagnostics import Refusal

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def source() -> Filled:
    return filled(seed=1)


def saved(value: Any, **settings: Any) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer, **settings)
    return buffer.getvalue()


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(Refusal) as caught:
            read(path)
    message = str(caught.value)
    assert "weights_only" not in message
    assert "\x1b" not in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", ["w.pt", "w.safetensors", "weights"])
@pytest.mark.parametrize("kind", ["safetensors", "zip", "pickle"])
def test_the_content_decides_and_not_the_ending(source: Filled, tmp_path: Path, name: str, kind: str) -> None:
    content = {
        "safetensors": lambda: safetensors.file_bytes(source.state, {}),
        "zip": lambda: saved(source.state),
        "pickle": lambda: saved(source.state, _use_new_zipfile_serialization=False),
    }[kind]()
    (tmp_path / name).write_bytes(content)
    ours = filled(seed=2)
    ours.arch.load_weights(ours.module, str(tmp_path / name))
    assert torch.equal(output(ours.module), output(source.module))


# Code


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("bomb"),))


@pytest.mark.parametrize("content", [saved({"a": Bomb()}), pickle.dumps(Bomb(), protocol=2), pickle.dumps({"a": Bomb()})])
def test_code_is_refused_and_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.chdir(tmp_path)
    refusal(Path("w.pt"), content)
    assert not Path("bomb").exists()


def test_python_objects_are_named(tmp_path: Path) -> None:
    content = saved({"model": {"a": torch.ones(2)}, "args": argparse.Namespace(lr=0.1)})
    message = refusal(tmp_path / "w.pt", content)
    assert "holds Python objects (`argparse.Namespace`)" in message
    assert "torch.save(model.state_dict(), …)" in message


def test_a_whole_module(tmp_path: Path) -> None:
    message = refusal(tmp_path / "w.pt", saved(torch.nn.Sequential(torch.nn.Linear(2, 2))))
    assert "holds Python objects (`torch.nn.modules.container.Sequential`)" in message


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_script(tmp_path: Path) -> None:
    torch.jit.trace(torch.nn.Linear(2, 2), torch.ones(1, 2)).save(str(tmp_path / "made"))  # type: ignore[no-untyped-call]
    assert "is a TorchScript program" in refusal(tmp_path / "w.pt", (tmp_path / "made").read_bytes())


def test_numpy(tmp_path: Path) -> None:
    assert "NumPy arrays" in refusal(tmp_path / "w.pt", saved({"a": numpy.ones(3)}))
    numpy.savez(tmp_path / "w.npz", a=numpy.ones(3))
    assert "is a NumPy archive" in refusal(tmp_path / "w.npz", (tmp_path / "w.npz").read_bytes())
    numpy.save(tmp_path / "w.npy", numpy.ones(3))
    assert "is one NumPy array" in refusal(tmp_path / "w.npy", (tmp_path / "w.npy").read_bytes())


# Other files


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


WHOLE = saved({"a": torch.ones(1000)})
STRANGERS = {
    "empty": (b"", "is empty"),
    "text": (b"hello world" * 100, "is text, and neither a safetensors file nor"),
    "a page": (b"\n<!DOCTYPE html><html>", "is a web page, so the download failed"),
    "JSON": (b'{"weight_map": {}}', "is JSON"),
    "LFS": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "is a pointer of Git LFS"),
    "gzip": (gzip.compress(b"w"), "is compressed with gzip"),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(90), "is an HDF5 file"),
    "bytes": (bytes(range(1, 100)), "is neither a safetensors file nor"),
    "another archive": (archive(a=b"1"), "is a ZIP archive that `torch.save` did not write"),
    "cut off": (WHOLE[:900], "is damaged or cut off"),
    "cut off, old": (saved({"a": torch.ones(1000)}, _use_new_zipfile_serialization=False)[:900], "is damaged or cut off"),
    "a bad pickle": (b"\x80\x02nonsense", "is damaged or cut off"),
    "a bad archive": (archive(**{"w/data.pkl": b"nonsense", "w/version": b"3"}), "is damaged or cut off"),
    "one tensor": (saved(torch.ones(3)), "holds one tensor without a name"),
    "a list": (saved([torch.ones(3)]), "holds a value of type `list`"),
}


@pytest.mark.parametrize(("content", "sentence"), STRANGERS.values(), ids=STRANGERS)
def test_other_files_are_called_by_their_name(tmp_path: Path, content: bytes, sentence: str) -> None:
    assert sentence in refusal(tmp_path / "w.pt", content)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "resnet50.pth").write_bytes(b"")
    for path, sentence in {
        tmp_path / "resnet5.pth": "there is no file `.*resnet5.pth`; did you mean `resnet50.pth`",
        tmp_path / "away" / "w.pth": "there is no folder `.*away`, so no file `w.pth` in it",
        tmp_path: "is a folder; give the file of weights in it",
    }.items():
        with pytest.raises(Refusal, match=sentence):
            read(path)


# safetensors


def header(text: bytes, content: bytes = bytes(16)) -> bytes:
    return struct.pack("<Q", len(text)) + text + content


def entry(**change: Any) -> bytes:
    return header(json.dumps({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]} | change}).encode())


BROKEN = {
    "not JSON": (header(b"{no json"), "its header cannot be read as JSON"),
    "a longer header": (struct.pack("<Q", 5000) + b"{" + bytes(99), "ends too soon: its header needs 5,000 bytes"),
    "bytes beyond the end": (entry(data_offsets=[0, 400]), "the bytes of `a` do not fit its shape"),
    "too many bytes": (entry(shape=[2]), "the bytes of `a` do not fit its shape"),
    "a negative size": (entry(shape=[-4]), "the bytes of `a` do not fit its shape"),
    "no offsets": (entry(data_offsets=None), "entry of `a` cannot be read"),
    "no shape": (entry(shape="four"), "entry of `a` cannot be read"),
    "an infinite size": (
        header(b'{"a": {"dtype": "F32", "shape": [1e999], "data_offsets": [0, 16]}}'),
        "entry of `a` cannot be read",
    ),
    "no object": (header(b'{"a": 3}'), "entry of `a` cannot be read"),
    "another type": (entry(dtype="F4"), "a safetensors tensor of F4, which archdsl does not read"),
    "a name twice": (header(b'{"a": 3, "a": 4}'), "its header cannot be read as JSON"),
    "deep JSON": (header(b'{"a":' + b"[" * 200_000), "its header cannot be read as JSON"),
    "cut off": (safetensors.file_bytes({"a": torch.ones(1000)}, {})[:900], "is damaged or cut off"),
}


@pytest.mark.parametrize(("content", "sentence"), BROKEN.values(), ids=BROKEN)
def test_broken_safetensors_files(tmp_path: Path, content: bytes, sentence: str) -> None:
    assert sentence in refusal(tmp_path / "w.safetensors", content)


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    """By the format's own library too, metadata included."""
    tensors = {
        "a": torch.randn(3, 5),
        "half": torch.randn(3).half(),
        "b": torch.randn(2, 2, dtype=torch.float64),
        "count": torch.tensor(7),
        "none": torch.empty(0, 3),
        "turned": torch.randn(4, 3).mT,
        "bf": torch.randn(5).bfloat16(),
    }
    path = tmp_path / "w.safetensors"
    path.write_bytes(safetensors.file_bytes(tensors, {"made_by": "a test"}))
    found = safetensors.read_tensors(path)
    assert list(found) == list(tensors)
    assert all(torch.equal(found[name], value) and found[name].dtype is value.dtype for name, value in tensors.items())
    with safe_open(str(path), "pt") as opened:
        assert opened.metadata() == {"made_by": "a test"}
        assert all(torch.equal(opened.get_tensor(name), value) for name, value in tensors.items())
