"""Files appear whole or not at all, and never over what archdsl did not write."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from archdsl.cli.options import UsageError
from archdsl.cli.output import MARK, put

OURS = f'"""{MARK}."""\n'.encode()


def test_a_new_file_has_the_usual_rights(tmp_path: Path) -> None:
    put(tmp_path / "new.py", OURS, force=False)
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert (tmp_path / "new.py").read_bytes() == OURS
    assert (tmp_path / "new.py").stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("old", [OURS, b"", b'{\n  "schema": "archdsl.cost/1"'])
def test_what_archdsl_wrote_is_replaced_and_keeps_its_rights(tmp_path: Path, old: bytes) -> None:
    path = tmp_path / "out.py"
    path.write_bytes(old)
    path.chmod(0o640)
    put(path, b"new", force=False)
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("old", [b"mine", b"x" * 5000 + OURS])
def test_what_a_person_wrote_stays_without_force(tmp_path: Path, old: bytes) -> None:
    path = tmp_path / "out.py"
    path.write_bytes(old)
    with pytest.raises(UsageError, match="--force"):
        put(path, b"new", force=False)
    assert path.read_bytes() == old
    put(path, b"new", force=True)
    assert path.read_bytes() == b"new"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.py"
    path.write_bytes(OURS)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left") as failure:
        put(path, b"new", force=False)
    assert failure.value.filename == str(path)
    assert path.read_bytes() == OURS
    assert os.listdir(tmp_path) == ["out.py"]


def test_places_where_nothing_can_be_written_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        put(tmp_path, b"new", force=True)
    with pytest.raises(UsageError, match="there is no folder"):
        put(tmp_path / "missing" / "out.py", b"new", force=True)


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.py", tmp_path / "link.py"
    real.write_bytes(OURS)
    link.symlink_to(real)
    put(link, b"new", force=False)
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_full_device_is_named() -> None:
    with pytest.raises(OSError, match="/dev/full"):
        put(Path("/dev/full"), b"new", force=False)


def test_a_device_takes_what_is_written() -> None:
    put(Path(os.devnull), b"new", force=False)
    assert not Path(os.devnull).is_file()
