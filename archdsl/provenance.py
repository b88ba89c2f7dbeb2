"""The mark in a file that archdsl wrote: from which text, with which settings, and whether it was edited since.

The mark is one line: `Written by archdsl 0.1.0 from resnet50.arch with classes=10 (digest 5f1c2e3d4a5b6c7d).` The digest is
the start of SHA-256 over all the rest. Must not write files, and must not know what is in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from archdsl.records import NamedTuple
from archdsl.version import __version__

State = Literal["ours", "edited", "foreign"]
_LONGEST = 1000
_MARK = re.compile(rb"Written by archdsl [^\n]{1,4000}? \(digest ([0-9a-f]{16})\)\.")
_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER = len(_PNG_START) + 25
"""The signature, and the chunk IHDR, which comes first: 4 bytes of length, 4 of type, 13 of data, 4 of CRC (PNG, 11.2.2)."""


class Origin(NamedTuple):
    """What a file was made from.

    Attributes:
        files: the names of the texts, as people know them.
        settings: other values of arch parameters than the texts have: `depths=[2, 2]`.
        inputs: other shapes of inputs: `image=3x64x64`.
    """

    files: tuple[str, ...]
    settings: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """`Written by archdsl 0.1.0 from resnet50.arch with classes=10`, on one line, without control characters."""
        text = f"Written by archdsl {__version__} from {', '.join(self.files)}"
        text += f" with {', '.join(self.settings)}" if self.settings else ""
        text += f" on {', '.join(self.inputs)}" if self.inputs else ""
        plain = "".join(sign if sign.isprintable() else "?" for sign in text)
        return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"


class _Form(NamedTuple):
    """How a kind of file holds the mark: what is around its text, and where (below zero: there is no room)."""

    wrapped: Callable[[bytes], bytes]
    place: Callable[[bytes], int]
    escaped: Callable[[str], str] = str
    is_text: bool = True


def mark(content: bytes, ending: str, origin: Origin) -> bytes:
    """The content with its mark, in the place of an older one; unchanged if its kind has no room for one.

    Args:
        ending: the extension of the file's name: `.py`, `.svg`.
    """
    form = _FORMS.get(ending.lower())
    if form is None:
        return content
    bare, _ = _taken(content, form)
    place = form.place(bare)
    if place < 0:
        return content
    words = form.escaped(origin.words).encode("utf-8", "replace")
    text = b"%b (digest %b)." % (words, _digest(bare, words))
    return bare[:place] + form.wrapped(text) + bare[place:]


def state(content: bytes, ending: str) -> State:
    """Whether archdsl wrote a file of this content, and it was not edited since."""
    form = _FORMS.get(ending.lower())
    if form is None:
        return "foreign"
    # Version control may convert line ends; that is not an edit.
    bare, found = _taken(content.replace(b"\r\n", b"\n") if form.is_text else content, form)
    if found is None:
        return "foreign"
    words = found[0].removesuffix(b" (digest %b)." % found[1])
    return "ours" if _digest(bare, words) == found[1] else "edited"


def has_room(ending: str) -> bool:
    """Whether files with this extension can hold a mark."""
    return ending.lower() in _FORMS


def _taken(content: bytes, form: _Form) -> tuple[bytes, re.Match[bytes] | None]:
    """The content without its mark, and the mark."""
    for found in _MARK.finditer(content):
        whole = form.wrapped(found[0])
        start = found.start() - whole.index(found[0])
        if start >= 0 and content[start : start + len(whole)] == whole:
            return content[:start] + content[start + len(whole) :], found
    return content, None


def _digest(bare: bytes, words: bytes) -> bytes:
    from hashlib import sha256

    return sha256(words + b"\n" + bare).hexdigest()[:16].encode()


def _line(before: str, after: str = "") -> Callable[[bytes], bytes]:
    return lambda text: before.encode() + text + after.encode() + b"\n"


def _at_start(content: bytes) -> int:
    return 0


def _after_schema(content: bytes) -> int:
    """In a JSON object that is written line by line, after its schema or as its first member."""
    found = re.match(rb'\{\n(?=  ")(?:  "schema": "[^"\n]*",\n)?(?=  ")', content)
    return -1 if found is None else found.end()


def _after_png_header(content: bytes) -> int:
    return _PNG_HEADER if content.startswith(_PNG_START) else -1


def _png_chunk(text: bytes) -> bytes:
    """A chunk iTXt, uncompressed (PNG, 11.3.3.4)."""
    import zlib

    data = b"iTXtComment\0\0\0\0\0" + text
    return (len(data) - 4).to_bytes(4, "big") + data + zlib.crc32(data).to_bytes(4, "big")


def _before_cross_references(content: bytes) -> int:
    """A comment there moves no object, and a reader that starts at the end still finds what it looks for (PDF 1.7, 7.5.5)."""
    return content.rfind(b"startxref") if content.startswith(b"%PDF-") else -1


def _in_xml_comment(text: str) -> str:
    """`--` is not allowed in a comment (XML 1.0, 2.5)."""
    return text.replace("--", "-&#45;")


def _in_json(text: str) -> str:
    import json

    return json.dumps(text)[1:-1]


_XML = _Form(_line("<!-- ", " -->"), len, _in_xml_comment)
_FORMS: Mapping[str, _Form] = {
    ".py": _Form(_line("# "), _at_start),
    ".dot": _Form(_line("// "), _at_start),
    ".tex": _Form(_line("% "), _at_start),
    ".mmd": _Form(_line("%% "), _at_start),
    ".svg": _XML,
    ".html": _XML,
    ".md": _XML,
    ".json": _Form(_line('  "written": "', '",'), _after_schema, _in_json),
    ".png": _Form(_png_chunk, _after_png_header, is_text=False),
    ".pdf": _Form(_line("% "), _before_cross_references, is_text=False),
}
