"""Files appear whole or not at all, and never over a person's work, whichever verb writes."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from archdsl.cli.main import main
from archdsl.cli.options import UsageError
from archdsl.cli.output import put
from archdsl.provenance import Origin, mark

OURS = mark(b"import torch\n", ".py", Origin(("small.arch",)))
PROGRAM = "arch small(c=4)\ninput x[3, 8, 8]\nconv 3x3 c\ngap\nlinear 10\n"
WRITERS = {
    "small.py": ["compile", "small.arch"],
    "small.json": ["compile", "small.arch", "--target", "json"],
    "small.cost.json": ["compile", "small.arch", "--target", "cost"],
    "model": ["compile", "small.arch", "-o", "model"],
    "small.svg": ["render", "small.arch"],
    "p.png": ["render", "small.arch", "-o", "p.png"],
    "p.pdf": ["render", "small.arch", "-o", "p.pdf"],
    "p.dot": ["render", "small.arch", "-o", "p.dot"],
    "chart.svg": ["compare", "small.arch", "resnet18", "--chart", "layers", "--plot", "chart.svg"],
    "chart.png": ["compare", "resnet18", "vgg16", "--plot", "chart.png"],
    "chart.pdf": ["compare", "resnet18", "vgg16", "--plot", "chart.pdf"],
}
"""The file that each command writes. A verb that writes has a row here."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.arch").write_text(PROGRAM)
    return tmp_path


def commands() -> list[object]:
    return [pytest.param(name, command, id=" ".join(command)) for name, command in WRITERS.items()]


def run(command: list[str]) -> int:
    return main([*command, "-q"])


@pytest.mark.parametrize(("name", "command"), commands())
def test_what_archdsl_wrote_is_replaced(folder: Path, name: str, command: list[str]) -> None:
    assert run(command) == 0
    assert run(command) == 0


@pytest.mark.parametrize(("name", "command"), commands())
def test_what_was_edited_since_is_kept(folder: Path, name: str, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command) == 0
    edited = (folder / name).read_bytes() + b"# mine"
    (folder / name).write_bytes(edited)
    assert run(command) == 2
    assert f"`{name}` was edited since archdsl wrote it" in capsys.readouterr().err
    assert (folder / name).read_bytes() == edited
    assert run([*command, "--force"]) == 0
    assert (folder / name).read_bytes() != edited


@pytest.mark.parametrize(("name", "command"), commands())
def test_what_a_person_wrote_is_kept(folder: Path, name: str, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (folder / name).write_bytes(b"mine")
    assert run(command) == 2
    assert f"`{name}` was not written by archdsl" in capsys.readouterr().err
    assert (folder / name).read_bytes() == b"mine"


@pytest.mark.parametrize(("name", "command"), commands())
def test_a_written_file_says_how_it_was_made(folder: Path, name: str, command: list[str]) -> None:
    if command[0] == "compare" and command[1] == "resnet18":
        assert run(command) == 0
        assert b"from resnet18.arch, vgg16.arch (digest" in (folder / name).read_bytes()
        return
    others = ["--set", "c=5", "--input", "x=3x9x9"] if command[0] != "compare" else []
    assert run([*command, *others]) == 0
    said = b" with c=5 on x=3x9x9" if others else b", resnet18.arch"
    assert b"from small.arch" + said in (folder / name).read_bytes()


@pytest.mark.parametrize("force", [[], ["--force"]])
@pytest.mark.parametrize("command", [["compile"], ["compile", "--target", "json"]])
def test_what_a_command_reads_is_never_replaced(
    folder: Path, command: list[str], force: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "parts.arch").write_text("def f() < relu >\n")
    (folder / "top.arch").write_text('from "parts.arch" import f\narch top\ninput x[3, 8, 8]\nf\n')
    (folder / "link.arch").symlink_to(folder / "parts.arch")
    for out in ("top.arch", "parts.arch", "link.arch", "../" + folder.name + "/top.arch"):
        before = Path(out).read_bytes()
        assert main([*command, "top.arch", "-o", out, *force]) == 2
        assert f"`{out}` is what this command reads" in capsys.readouterr().err
        assert Path(out).read_bytes() == before


def test_a_picture_is_never_drawn_over_what_was_read(folder: Path) -> None:
    (folder / "small.svg").symlink_to(folder / "small.arch")
    assert main(["render", "small.arch", "--force"]) == 2
    assert (folder / "small.arch").read_text() == PROGRAM


def test_force_without_a_plot_is_wrong_usage(folder: Path) -> None:
    assert main(["compare", "small.arch", "--force"]) == 2


# The function that they share


def test_a_new_file_has_the_usual_rights(tmp_path: Path) -> None:
    put(tmp_path / "new.py", OURS, ".py", force=False, read=())
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert (tmp_path / "new.py").read_bytes() == OURS
    assert (tmp_path / "new.py").stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("old", [OURS, b""])
def test_a_replaced_file_keeps_its_rights(tmp_path: Path, old: bytes) -> None:
    path = tmp_path / "out.py"
    path.write_bytes(old)
    path.chmod(0o640)
    put(path, b"new", ".py", force=False, read=())
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_kind_without_room_for_a_mark_is_replaced_with_force_only(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    put(path, b"a,b\n", ".csv", force=False, read=())
    put(path, b"a,b\n", ".csv", force=False, read=())
    with pytest.raises(UsageError, match="no room for a mark"):
        put(path, b"a,c\n", ".csv", force=False, read=())
    put(path, b"a,c\n", ".csv", force=True, read=())
    assert path.read_bytes() == b"a,c\n"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.py"
    path.write_bytes(OURS)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left") as failure:
        put(path, b"new", ".py", force=False, read=())
    assert failure.value.filename == str(path)
    assert path.read_bytes() == OURS
    assert os.listdir(tmp_path) == ["out.py"]


def test_places_where_nothing_can_be_written_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        put(tmp_path, b"new", ".py", force=True, read=())
    with pytest.raises(UsageError, match="there is no folder"):
        put(tmp_path / "missing" / "out.py", b"new", ".py", force=True, read=())


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.py", tmp_path / "link.py"
    real.write_bytes(OURS)
    link.symlink_to(real)
    put(link, b"new", ".py", force=False, read=())
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_full_device_is_named() -> None:
    with pytest.raises(OSError, match="/dev/full"):
        put(Path("/dev/full"), b"new", ".py", force=False, read=())


def test_a_device_takes_what_is_written() -> None:
    put(Path(os.devnull), b"new", ".py", force=False, read=())
    assert not Path(os.devnull).is_file()
