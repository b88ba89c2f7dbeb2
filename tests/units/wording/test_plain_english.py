"""Words that make an American reader stumble do not come back in what users read. The list is in CONTRIBUTING.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.folders import ROOT

STILTED = {
    "depends on": r"\bhangs? on\b",
    "is not a": r"(?<![Tt]here )\b(?:is|are) (?:no|none)\b",
    "after": r"\bbehind\b",
    "needs": r"\bwants\b",
    "is, goes, is written": r"\bstands?\b(?! for\b)(?!-)",
    "computed": r"\b(?:works?|worked) out\b",
    "passes": r"\bhand(?:s|ed)? (?:it |them |one )?(?:over|on)\b",
    "which": r"\bof which\b",
    "American spelling": r"\blabelled|\bcolour|neighbour|behaviour|(?:al|im)is(?:e|ed|er|ing|ation)s?\b|\bgrey\b|\blicence\b",
}
"""What to write, and a pattern of what not to write."""

SOURCES = sorted(path for path in (ROOT / "archdsl").rglob("*.py") if path.name != "_tables.py")
PAGES = [
    *sorted((ROOT / "archdsl" / "diagnostics" / "pages").glob("*.md")),
    *sorted((ROOT / "grammar").glob("*.md")),
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "archdsl/README.md", "zoo/README.md", "examples/README.md")),
]
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The strings of a source that could be shown: those with a space that are no docstring. With their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value and id(node) not in docstrings:
            yield node.lineno, node.value


def stilted(text: str) -> list[str]:
    """What of the list is in the text, with what to write instead. Code in backticks does not count."""
    prose = CODE.sub("`…`", text)
    return [f"{found.group()!r}: write {plain!r}" for plain, bad in STILTED.items() for found in re.finditer(bad, prose)]


def test_strings_that_users_read() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {one}" for path in SOURCES for line, text in texts(path) for one in stilted(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages(page: Path) -> None:
    found = stilted(page.read_text(encoding="utf-8"))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("it hangs on the width", 1),
        ("this is no list", 1),
        ("there is no list", 0),
        ("a body behind `:` stands alone", 2),
        ("`behind`, a word in code", 0),
        ("a folder stands for its files, the standard way", 0),
        ("the labelled neighbour is normalised", 3),
        ("the raised promise is precise, otherwise analyse it", 0),
    ],
)
def test_the_list_finds_what_it_should(text: str, count: int) -> None:
    assert len(stilted(text)) == count
