"""`archdsl weights`: what it says and writes, and what it refuses without writing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
import torch
from helpers.small_weights import TEXT, filled, output

from archdsl.backends.torch.weights.safetensors import read_tensors
from archdsl.cli.main import main
from archdsl.ir.digest import network_digest
from archdsl.version import __version__

pytestmark = pytest.mark.torch


class Said(NamedTuple):
    code: int
    out: str
    err: str


class Folder:
    """A folder with the small network and its weights under names of our own."""

    def __init__(self, path: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self.filled = filled(seed=1)
        self._capture = capture
        (path / "net.arch").write_text(TEXT)
        torch.save({"state_dict": {f"module.{name}": value for name, value in self.filled.state.items()}}, path / "w.pth")

    def __call__(self, *arguments: str) -> Said:
        code = main(["weights", "net.arch", *arguments])
        captured = self._capture.readouterr()
        return Said(code, captured.out, captured.err)


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Folder:
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path, capsys)


def test_without_a_place_it_only_tells(weights: Folder) -> None:
    assert weights("--from", "w.pth") == Said(
        0,
        "net: 20 tensors, read as the network's own names after `state_dict.module.`\n",
        "nothing written; `-o NAME.safetensors` writes them\n",
    )
    assert sorted(path.name for path in weights.path.iterdir()) == ["net.arch", "w.pth"]


def test_what_is_written_loads_and_says_what_made_it(weights: Folder) -> None:
    said = weights("--from", "w.pth", "-o", "mine.safetensors")
    assert (said.code, said.err) == (0, "wrote mine.safetensors\n")
    found = read_tensors(Path("mine.safetensors"))
    assert list(found) == list(weights.filled.state)
    ours = filled(seed=2)
    ours.arch.load_weights(ours.module, "mine.safetensors")
    assert torch.equal(output(ours.module), output(weights.filled.module))
    import safetensors as library

    with library.safe_open("mine.safetensors", "pt") as opened:
        assert opened.metadata() == {
            "made_by": f"Written by archdsl {__version__} from net.arch",
            "architecture": "net",
            "network": network_digest(ours.arch.network),
            "from": "w.pth",
            "read_as": "the network's own names after `state_dict.module.`",
            "format": "pt",
        }
    assert "what this command reads" in weights("--from", "mine.safetensors", "-o", "mine.safetensors", "--force").err


def test_the_files_type_is_kept(weights: Folder) -> None:
    torch.save({name: value.half() for name, value in weights.filled.state.items()}, "half.pth")
    assert weights("--from", "half.pth", "-o", "half.safetensors").code == 0
    assert read_tensors(Path("half.safetensors"))["stem.conv1.weight"].dtype is torch.float16


def test_a_strangers_file_stays(weights: Folder) -> None:
    Path("mine.safetensors").write_bytes(b"mine")
    said = weights("--from", "w.pth", "-o", "mine.safetensors")
    assert said.code == 2
    assert "`mine.safetensors` has no room for a mark that archdsl wrote it, so it was left alone" in said.err
    assert Path("mine.safetensors").read_bytes() == b"mine"
    assert weights("--from", "w.pth", "-o", "mine.safetensors", "--force").code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "--from"),
        (["--from", "none.pth"], "there is no file `none.pth`"),
        (["--from", "."], "`.` is a folder"),
        (["--from", "w.pth", "-o", "mine.pth"], "`-o` needs a name that ends in `.safetensors`, and not `mine.pth`"),
        (["--from", "w.pth", "-o", "-"], "`-o` needs a name that ends in `.safetensors`"),
        (["--from", "w.pth", "-o", "none/mine.safetensors"], "there is no folder `none`"),
    ],
)
def test_wrong_usage(weights: Folder, arguments: list[str], sentence: str) -> None:
    said = weights(*arguments)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err


def test_what_does_not_fit_is_1_and_writes_nothing(weights: Folder) -> None:
    said = weights("--from", "w.pth", "--set", "classes=5", "-o", "mine.safetensors")
    assert (said.code, said.out) == (1, "")
    assert "head.linear1.weight: [5, 8] in the network, [10, 8] in the file" in said.err
    assert not Path("mine.safetensors").exists()


def test_json(weights: Folder) -> None:
    said = weights("--from", "w.pth", "-o", "mine.safetensors", "--format", "json")
    document = json.loads(said.out)
    assert (said.code, said.err) == (0, "")
    assert document["schema"] == "archdsl.weights/1"
    assert document["tensors"] == {name: name for name in weights.filled.state}
    assert (document["architecture"], document["from"], document["written"]) == ("net", "w.pth", "mine.safetensors")
    assert (document["not_used"], document["counters_not_there"]) == ([], [])


def test_a_name_map(weights: Folder) -> None:
    digest = json.loads(weights("--from", "w.pth", "--format", "json").out)["network"]
    document = {
        "schema": "archdsl.weights-map/1",
        "network": digest,
        "tensors": {"stem.*": "first.*", "stage1.*": "second.*", "head.*": "last.*"},
    }
    Path("map.json").write_text(json.dumps(document))
    words = {"stem": "first", "stage1": "second", "head": "last"}
    torch.save(
        {words[name.split(".")[0]] + name[name.index(".") :]: value for name, value in weights.filled.state.items()},
        "theirs.pth",
    )
    assert weights("--from", "theirs.pth").code == 1
    assert weights("--from", "theirs.pth", "--map", "map.json").out == "net: 20 tensors, read as the name map `map.json`\n"


def test_averages(weights: Folder) -> None:
    raw = {name: torch.zeros_like(value) for name, value in weights.filled.state.items()}
    torch.save({"model": raw, "model_ema": weights.filled.state}, "both.pth")
    said = weights("--from", "both.pth")
    assert said.code == 1
    assert "raw and averaged weights" in said.err
    assert weights("--from", "both.pth", "--ema", "-o", "averaged.safetensors").code == 0
    assert weights("--from", "both.pth", "--no-ema", "-o", "raw.safetensors").code == 0
    assert bool(read_tensors(Path("averaged.safetensors"))["stem.conv1.weight"].any())
    assert not bool(read_tensors(Path("raw.safetensors"))["stem.conv1.weight"].any())
