"""The mark in written files: it says from what, survives what edits nothing, and tells every edit."""

from __future__ import annotations

import json
import re
import zlib
from xml.etree import ElementTree

import pytest

from archdsl.provenance import Origin, has_room, mark, state

ORIGIN = Origin(("tiny.arch",), ("depths=[2, 2]", "c=3"), ("image=3x64x64",))
WORDS = "from tiny.arch with depths=[2, 2], c=3 on image=3x64x64"


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"IDAT", b"pixels") + chunk(b"IEND", b"")
PDF = b"%PDF-1.5\n1 0 obj\n<< >>\nendobj\ntrailer\n<< /Size 1 >>\nstartxref\n9\n%%EOF\n"
CONTENTS = {
    ".py": b"import torch\n",
    ".dot": b"digraph {}\n",
    ".tex": b"\\begin{tikzpicture}\n",
    ".mmd": b"flowchart TD\n",
    ".svg": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>\n',
    ".html": b"<!DOCTYPE html>\n<title>x</title>\n",
    ".md": b"| a |\n",
    ".json": b'{\n  "schema": "archdsl.cost/1",\n  "name": "tiny"\n}\n',
    ".png": PNG,
    ".pdf": PDF,
}
ENDINGS = list(CONTENTS)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_marked_file_says_what_it_was_made_from(ending: str) -> None:
    marked = mark(CONTENTS[ending], ending, ORIGIN)
    assert WORDS.encode() in marked
    assert state(marked, ending) == "ours"
    assert state(CONTENTS[ending], ending) == "foreign"


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_single_byte_that_is_edited_is_seen(ending: str) -> None:
    marked = mark(CONTENTS[ending], ending, ORIGIN)
    for position in range(len(marked)):
        edited = bytearray(marked)
        edited[position] ^= 1
        assert state(bytes(edited), ending) != "ours", f"byte {position} of {ending}"


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_added_or_dropped_at_the_ends_is_seen(ending: str) -> None:
    marked = mark(CONTENTS[ending], ending, ORIGIN)
    for edited in (marked + b"x", b"x" + marked, marked[:-1], marked + marked):
        assert state(edited, ending) != "ours"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_new_mark_stands_in_the_place_of_the_old(ending: str) -> None:
    once = mark(CONTENTS[ending], ending, Origin(("other.arch",)))
    assert mark(once, ending, ORIGIN) == mark(CONTENTS[ending], ending, ORIGIN)


@pytest.mark.parametrize("ending", [ending for ending in ENDINGS if ending not in (".png", ".pdf")])
def test_other_line_ends_are_no_edit(ending: str) -> None:
    assert state(mark(CONTENTS[ending], ending, ORIGIN).replace(b"\n", b"\r\n"), ending) == "ours"


def test_an_edited_file_is_told_from_a_foreign_one() -> None:
    marked = mark(CONTENTS[".py"], ".py", ORIGIN)
    assert state(marked + b"# mine\n", ".py") == "edited"
    assert state(b"# mine\n", ".py") == "foreign"


def test_marked_files_are_still_what_they_were() -> None:
    hostile = Origin(("a--b.arch",), ('a="x-->y"', "b=\u202e\n", 'd="e"'))
    assert json.loads(mark(CONTENTS[".json"], ".json", hostile))["name"] == "tiny"
    ElementTree.fromstring(mark(CONTENTS[".svg"], ".svg", hostile))
    compile(mark(CONTENTS[".py"], ".py", hostile), "x.py", "exec")
    for ending in ENDINGS:
        assert state(mark(CONTENTS[ending], ending, hostile), ending) == "ours"


def test_the_chunk_in_a_png_is_whole() -> None:
    marked = mark(PNG, ".png", ORIGIN)
    at = marked.index(b"iTXt")
    length = int.from_bytes(marked[at - 4 : at], "big")
    assert marked[at + 4 + length : at + 8 + length] == zlib.crc32(marked[at : at + 4 + length]).to_bytes(4, "big")
    assert marked[at + 8 + length :].startswith(chunk(b"IDAT", b"pixels"))


def test_no_object_of_a_pdf_moves() -> None:
    marked = mark(PDF, ".pdf", ORIGIN)
    before = PDF.index(b"startxref")
    assert marked[:before] == PDF[:before]
    assert marked.endswith(PDF[before:])


def test_kinds_without_room_stay_as_they_are() -> None:
    assert not has_room(".csv")
    assert mark(b"a,b\n", ".csv", ORIGIN) == b"a,b\n"
    assert state(b"a,b\n", ".csv") == "foreign"
    assert mark(b"[1]\n", ".json", ORIGIN) == b"[1]\n"
    assert mark(b"no picture", ".png", ORIGIN) == b"no picture"


def test_a_mark_is_one_line_of_limited_length() -> None:
    marked = mark(CONTENTS[".py"], ".py", Origin(("x\ny.arch",), ("a=" + "1" * 5000,)))
    first, _, rest = marked.partition(b"\n")
    assert rest == CONTENTS[".py"]
    assert len(first) < 1100
    assert re.fullmatch(rb"# Written by archdsl \S+ from x\?y\.arch .*", first)
    assert state(marked, ".py") == "ours"
