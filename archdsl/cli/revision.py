"""A file as it was in a revision of git, with the files that it may import. Must not change the repository."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from archdsl.cli.options import UsageError
from archdsl.diagnostics import Missing
from archdsl.resources import SUFFIX


@contextmanager
def at_revision(name: str, revision: str) -> Iterator[Path]:
    """The place of a copy of the file as it was; the archs of its folder, and of those inside, are beside it.

    Raises:
        UsageError: there is no such file or revision, or the file was not in it.
        Missing: there is no git.
    """
    path = Path(name)
    if not path.is_file():
        raise UsageError(f"`--git` compares a file with what it was, and there is no file `{name}`")
    # What starts with a dash would be an option of git.
    if not revision or revision.startswith("-") or ":" in revision:
        raise UsageError(f"`{revision}` is not a revision, such as `HEAD`, `main` or `v1.2`")
    folder = path.resolve().parent
    held = _git(folder, "rev-parse --verify --quiet", f"{revision}^{{commit}}")
    if held.returncode:
        inside = _git(folder, "rev-parse --is-inside-work-tree").returncode == 0
        raise UsageError(f"git knows no revision `{revision}`" if inside else f"`{name}` is not in a repository of git")
    commit = held.stdout.decode().strip()
    if _git(folder, "cat-file -e", f"{commit}:./{path.name}").returncode:
        raise UsageError(f"`{name}` is not in `{revision}`")
    archive = _git(folder, "archive --format=tar", commit, "--", f"*{SUFFIX}")
    if archive.returncode:
        raise UsageError(
            f"git cannot give `{name}` as it was in `{revision}`: {archive.stderr.decode(errors='replace').strip()}"
        )
    with TemporaryDirectory() as place:
        _unpack(archive.stdout, place)
        yield Path(place) / path.name


def _git(folder: Path, command: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(folder), *command.split(), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise Missing("`--git` needs git, which is not on the PATH") from None


def _unpack(content: bytes, place: str) -> None:
    from tarfile import open as open_tar

    with open_tar(fileobj=BytesIO(content)) as tar:
        tar.extractall(place, filter="data")
