"""What a FILE means: a path, a zoo name or an open file, and its text; settings as the language has them. Must not compile."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import TextIOBase
from pathlib import Path
from typing import IO, TYPE_CHECKING, SupportsIndex, Union, cast

from archdsl.diagnostics import ArchError, Diagnostic, Fix, WrongUse
from archdsl.records import NamedTuple
from archdsl.resources import SUFFIX
from archdsl.text import Source

if TYPE_CHECKING:
    from fractions import Fraction

    from archdsl.ops.operator import Setting

    ParameterValue = Union[None, bool, str, float, Fraction, SupportsIndex, Sequence["ParameterValue"]]
    """What an arch parameter can be given as: a number, a string, a boolean, None, or a list of these."""

File = Union[str, "os.PathLike[str]", "IO[str]", "IO[bytes]"]
"""A path, a zoo name (`resnet50`), or an open file."""
Shapes = Mapping[str, tuple[int, ...]]


class Text(NamedTuple):
    """A program that was read: its text, and the folder in which its imports start and which they may not leave (if any)."""

    source: Source
    folder: Path | None = None


def read(file: File) -> Text:
    """The text of a file.

    Raises:
        ArchError: there is no such file or zoo entry, or it cannot be read.
    """
    if not isinstance(file, (str, os.PathLike)):
        return _read_open(file)
    from archdsl.files import read_text

    path = find(os.fspath(file))
    try:
        return Text(Source(_shown(path), read_text(path)), path.parent)
    except (OSError, ValueError) as error:
        raise _unreadable(str(path), error) from None


def find(name: str) -> Path:
    """The file that a path or zoo name means. A folder of that name is not meant; of a file and an entry it is not known which.

    Raises:
        ArchError: there is none, it is a folder, or there are two.
    """
    path = Path(name)
    is_there = bool(name) and os.path.lexists(name)
    if is_there and not path.is_dir() and path.suffix == SUFFIX:
        return path
    from archdsl.diagnostics.nearest import nearest_few
    from archdsl.resources import zoo_names, zoo_path

    found = zoo_path(name)
    if found is not None and is_there and not path.is_dir():
        both = f"`.{os.sep}{name}` is the file; the zoo's is at {found}"
        raise ArchError(
            [Diagnostic("unknown-file", "error", f"`{name}` is a file here and an entry of the zoo", notes=(both,))]
        )
    if found is not None:
        return found
    if is_there and path.is_dir():
        takers = "`archdsl check` and `archdsl fmt` take folders"
        raise ArchError([Diagnostic("unknown-file", "error", f"`{name}` is a folder, not a file", notes=(takers,))])
    if is_there:
        return path
    is_path = path.suffix == SUFFIX or len(path.parts) != 1
    known = sorted(other.name for other in path.parent.glob(f"*{SUFFIX}")) if is_path else zoo_names()
    fixes = tuple(Fix(f"did you mean `{path.with_name(one)}`?") for one in nearest_few(path.name, known))
    notes = () if is_path else ("a FILE is a path or a name in the zoo; `archdsl zoo` lists them",)
    if path.name == name and path.suffix == SUFFIX and zoo_path(path.stem) is not None:
        notes = (f"the zoo's is called `{path.stem}`, without `{SUFFIX}`",)
    what = f"there is no file `{name}`" if is_path else f"there is no file and no zoo entry `{name}`"
    raise ArchError([Diagnostic("unknown-file", "error", what, notes=notes, fixes=fixes)])


def language_values(values: Mapping[str, object]) -> dict[str, Setting]:
    """Python values as the language has them: lists are tuples, decimal numbers exact.

    Raises:
        TypeError: something that the language has no value for.
    """
    return {name: _language_value(name, value) for name, value in values.items()}


def _language_value(name: str, value: object) -> Setting:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    from fractions import Fraction
    from math import isfinite
    from operator import index

    from archdsl.ops.arguments import Size

    if isinstance(value, (Size, Fraction)):
        return value
    if isinstance(value, tuple) or type(value) is list:
        return tuple(_language_value(name, item) for item in value)
    if isinstance(value, float) and isfinite(value):
        exact = Fraction(repr(value))
        return int(exact) if exact.denominator == 1 else exact
    if isinstance(value, SupportsIndex):
        return index(value)
    raise TypeError(f"`{name}` cannot be {value!r}: a parameter is a number, a string, a boolean, None or a list of these")


def _shown(path: Path) -> str:
    """The name that people see: relative if that is shorter."""
    return os.path.relpath(path) if path.is_absolute() and path.is_relative_to(Path.cwd()) else str(path)


def expand(files: Iterable[str]) -> list[str]:
    """The files, each once, with folders replaced by the archs inside (hidden folders left out).

    Raises:
        WrongUse: there is no arch in a folder.
    """
    return list(dict.fromkeys(one for name in files for one in _inside(name)))


def _inside(name: str) -> Iterator[str]:
    folder = Path(name)
    if name in ("", "-") or not folder.is_dir():
        yield name
        return
    found = sorted(path for path in folder.rglob(f"*{SUFFIX}") if not _is_hidden(path.relative_to(folder)))
    if not found:
        raise WrongUse(f"there is no `{SUFFIX}` file in the folder `{name}`")
    yield from map(str, found)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _read_open(file: IO[str] | IO[bytes]) -> Text:
    from archdsl.files import read_open

    name = str(getattr(file, "name", "<text>"))
    try:
        if isinstance(file, TextIOBase):
            return Text(Source(name, file.read()))
        return Text(Source(name, read_open(cast("IO[bytes]", file))))
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: OSError | ValueError) -> ArchError:
    from archdsl.files import reason

    return ArchError([Diagnostic("unreadable-file", "error", f"`{name}` cannot be read: {reason(error)}")])
