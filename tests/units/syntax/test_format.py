"""The one formatting: its rules by example, then its laws on random programs and on the zoo."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.folders import ZOO
from helpers.random_programs import Writer, programs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archdsl.api import loads
from archdsl.backends.dump.listing import ir_listing
from archdsl.cli.main import main
from archdsl.diagnostics import Diagnostic
from archdsl.syntax.format.formatter import format_source, same_tree
from archdsl.syntax.format.lines import WIDTH
from archdsl.syntax.format.trivia import read
from archdsl.syntax.parser import parse, parse_expression, scanner_terminals
from archdsl.syntax.scanner import Scanner
from archdsl.syntax.tree import Branch
from archdsl.text import Source

ENTRIES = sorted(ZOO.glob("*.arch"))
_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|(#[^\n]*)')


def formatted(text: str) -> str:
    report: list[Diagnostic] = []
    result = format_source(Source("test.arch", text), report)
    assert result is not None, [diagnostic.message for diagnostic in report]
    return result


def comments(text: str) -> Counter[str]:
    """Every comment of a text, without the spaces at its end."""
    return Counter(match.group(1).rstrip() for match in _COMMENT.finditer(text) if match.group(1) is not None)


LONG = "conv 3x3 128 stride=2 pad=same ; bn ; relu"

TEN_NUMBERS = ", ".join(["1_000_000"] * 10)

RULES = {
    "nothing": ("", ""),
    "only a comment": ("\n\n  # alone  ", "# alone\n"),
    "one blank line at most, none at the ends": ("\n\na\n\n\n\nb\n\n", "a\n\nb\n"),
    "none at the ends of a body": ("a <\n\n b\n\n c\n\n>", "a <\n  b\n\n  c\n>\n"),
    "a byte order mark": ("\ufeffa;b", "a ; b\n"),
    "line ends of another system": ("a\r\nb # c\r\n", "a\nb  # c\n"),
    "tabs": ("a <\n\tb\t1\n>", "a <\n  b 1\n>\n"),
    "semicolons": ("a;b ;; c ;\n;d", "a ; b ; c\nd\n"),
    "spaces": (
        'conv(3x3,64 , stride = 2)\nlet  a=1\nf  x = -1 "s"[ 0 ] [1 , 2]',
        'conv(3x3, 64, stride=2)\nlet a = 1\nf x=-1 "s"[0] [1, 2]\n',
    ),
    "names": ("arch a ( b = 1 )\ndef f ( c ) <>\ninput x [3 , H]", "arch a(b=1)\ndef f(c) < >\ninput x[3, H]\n"),
    "a derived arch": ("arch a=b( c = 1 )", "arch a = b(c=1)\n"),
    "labels and roles": ("a :stage  x2<b>", "a: stage x2 < b >\n"),
    "words as labels": ("let : f a = 1\narch:g b = 2", "let: f a=1\narch: g b=2\n"),
    "an import": ('from"a.arch"import b,c', 'from "a.arch" import b, c\n'),
    "a contract": ("expect stage2 . 0 . memory( conv )~=7.5MB", "expect stage2.0.memory(conv) ~= 7.5MB\n"),
    "a contract with brackets that look like bodies": ("expect a<1 ; expect b>2", "expect a < 1 ; expect b > 2\n"),
    "operators": ("let a = (b+c)-d/e//f%g**h", "let a = (b + c) - d / e // f % g**h\n"),
    "comparisons": ("let a = (b<c and not d>=e)", "let a = (b < c and not d >= e)\n"),
    "coefficients": (
        "let a = 4 * c + 25 * C ** 2 * H - w * 2 ** i + 2 * ( d + 1 ) + 1 / 2 * x",
        "let a = 4*c + 25*C**2*H - w * 2**i + 2*(d + 1) + 1 / 2 * x\n",
    ),
    "signs": ("let a = - b - -c * - 2", "let a = -b - -c * -2\n"),
    "a value's property is not its output": ("let a = (@b . c + @b.c . d)", "let a = (@b.c + @b.c.d)\n"),
    "the current value and a loop": ("for a in[ in.c ]<b (in . c)>", "for a in [in.c] < b (in.c) >\n"),
    "a body stays on its line": ("stem<conv 3x3 64;bn>", "stem < conv 3x3 64 ; bn >\n"),
    "a body with a line end": ("stem < conv 3x3 64\n bn ; relu >", "stem <\n  conv 3x3 64\n  bn ; relu\n>\n"),
    "an empty body": ("a <\n>", "a < >\n"),
    "branches": (
        "add <\n a ; b\n c | d\n e | | f >",
        "add <\n  a ; b\n  c\n| d\n  e\n|\n| f\n>\n",
    ),
    "what follows a body": ("a <\nb\n> ; c", "a <\n  b\n> ; c\n"),
    "bodies in bodies": ("a < b <\nc > >", "a <\n  b <\n    c\n  >\n>\n"),
    "an else after a body on several lines": (
        "if (a) <\nb\n>\nelif (c) < d >\nelse <\ne >",
        "if (a) <\n  b\n> elif (c) < d >\nelse <\n  e\n>\n",
    ),
    "an else that starts a line": ("if (a) < b > elif (c) < d >\nelse < e >", "if (a) < b >\nelif (c) < d >\nelse < e >\n"),
    "an else of an expression": ("let a = b if c\nelse d", "let a = b if c\n  else d\n"),
    "a bracket with a line end": ("f(a,\n b, c)", "f(\n  a,\n  b, c,\n)\n"),
    "a bracket on one line": ("f(a, b, ) ; g [1,]", "f(a, b) ; g [1]\n"),
    "a table": ("for a, b in [\n[1,16],\n[6, 24]] <\nf a b >", "for a, b in [\n  [1, 16],\n  [6, 24],\n] <\n  f a b\n>\n"),
    "a sum has no comma": ("f (a\n+ b)", "f (\n  a\n  + b\n)\n"),
    "an inner bracket": ("f([\n1\n])", "f([\n  1,\n])\n"),
    "a line end moves to where one may stand": ("f(a\n, b=\n1)", "f(\n  a,\n  b=1,\n)\n"),
    "a parameter called head": ("f (\nhead\n)", "f (\n  head\n)\n"),
    "a parameter called head in a sum": ("f (head\n+ 1)", "f (head\n  + 1\n)\n"),
    "comments": (
        "# one\na # two\n  # three\nb < # four\nc# five\n# six\n> # seven\n#eight",
        "# one\na  # two\n# three\nb <  # four\n  c  # five\n  # six\n>  # seven\n#eight\n",
    ),
    "comments between branches": (
        "add < a # one\n# two\n| # three\n b | # four\n>",
        "add <\n  a  # one\n  # two\n|  # three\n  b\n|  # four\n>\n",
    ),
    "comments in brackets": (
        "f( # one\n a, # two\n # three\n b = # four\n 1 # five\n)",
        "f(  # one\n  a,  # two\n  # three\n  b=1,  # four\n  # five\n)\n",
    ),
    "a comment before else": ("if (a) < b > # one\n# two\nelse < c >", "if (a) < b >  # one\n# two\nelse < c >\n"),
    "columns of semicolons stay": ("a 1   ; b\nccc 2 ; d", "a 1   ; b\nccc 2 ; d\n"),
    "columns move together": ("a   1     ; b\nccc   2   ; d", "a 1   ; b\nccc 2 ; d\n"),
    "spaces that align nothing go": ("a 1   ; b\nccc 20000 ; d", "a 1 ; b\nccc 20000 ; d\n"),
    "a blank line parts columns": ("a 1   ; b\n\nccc 2 ; d", "a 1 ; b\n\nccc 2 ; d\n"),
    "numbers align at their right": ("f( 16,   4)\nf(128,  16)", "f( 16,  4)\nf(128, 16)\n"),
    "words align at their left": ("f(true,  a)\nf(false, b)", "f(true,  a)\nf(false, b)\n"),
    "comments align": ("a   # one\nbcd # two", "a    # one\nbcd  # two\n"),
    "columns through branches": ("add <\n  a    ; b\n| cccc ; d\n>", "add <\n  a    ; b\n| cccc ; d\n>\n"),
    "a long row": (f"{LONG} ; {LONG} ; {LONG}", "\n".join([LONG.replace(" ; ", "\n")] * 3) + "\n"),
    "a long body": (f"residual < {LONG} | {LONG} | {LONG} >", f"residual <\n  {LONG}\n| {LONG}\n| {LONG}\n>\n"),
    "a long choice": (
        f"if (a) < {LONG} > elif (b) < {LONG} > else < {LONG} >",
        f"if (a) < {LONG} >\nelif (b) < {LONG} >\nelse < {LONG} >\n",
    ),
    "a long list": (f"let a = [{TEN_NUMBERS}, 1]", f"let a = [\n  {TEN_NUMBERS}, 1,\n]\n"),
    "a longer list": (f"let a = [{TEN_NUMBERS}, {TEN_NUMBERS}]", "let a = [\n" + "  1_000_000,\n" * 20 + "]\n"),
}


@pytest.mark.parametrize("rule", RULES)
def test_rules(rule: str) -> None:
    written, wanted = RULES[rule]
    assert formatted(written) == wanted
    assert formatted(wanted) == wanted


def test_lines_fit_where_they_can() -> None:
    """Each line is too long for one reason, and none is left that could be shorter."""
    deep = "residual < " * 6 + LONG + " >" * 6
    text = f"def f({', '.join(f'parameter_{n}=[{n}, {n}]' for n in range(9))}) < {deep} ; {deep} ; {LONG} | {LONG} >"
    result = formatted(text)
    assert max(map(len, result.splitlines())) <= WIDTH
    assert formatted(result) == result


@pytest.mark.parametrize("text", ["conv <", "conv (1", "a |", "stage x3 block f", "let = 3", 'a "b', "a $ b"])
def test_a_text_with_mistakes_is_not_formatted(text: str) -> None:
    report: list[Diagnostic] = []
    assert format_source(Source("test.arch", text), report) is None
    assert report


@pytest.mark.parametrize("text", ["< " * 5000 + "> " * 5000, "let a = " + "(" * 5000 + "1" + ")" * 5000])
def test_deep_nesting_is_refused_not_a_crash(text: str) -> None:
    report: list[Diagnostic] = []
    assert format_source(Source("test.arch", text), report) is None
    assert [diagnostic.name for diagnostic in report] == ["too-deep"]


def test_long_chains_are_no_nesting() -> None:
    text = "let a = " + " + ".join(["1"] * 5000) + "\n"
    assert formatted(text) == text


# Laws

PATIENT = settings(max_examples=150, suppress_health_check=[HealthCheck.data_too_large])


@PATIENT
@given(programs())
def test_formatting_keeps_the_tree_and_every_comment_and_is_idempotent(text: str) -> None:
    report: list[Diagnostic] = []
    before = parse(Source("a", text), report)
    assert not report, "the generator writes valid programs only"
    result = formatted(text)
    assert same_tree(before, parse(Source("b", result), report))
    assert not report
    assert comments(result) == comments(text)
    assert formatted(result) == result
    assert not re.search(r"[ \t\r]$|\n\n\n|\t(?!.*#)", result, re.MULTILINE) or "#\ttab" in result


@PATIENT
@given(programs())
def test_spans_nest(text: str) -> None:
    """Each part of the tree lies within the part that holds it; only an empty branch has no text."""
    tree = parse(Source("a", text), [])
    for statement in tree.statements:
        _check_nested(statement, 0, len(text))


@PATIENT
@given(st.randoms(use_true_random=False))
def test_random_expressions_parse(source: random.Random) -> None:
    """The generator's expressions are expressions: the fuzzers build on it."""
    report: list[Diagnostic] = []
    assert parse_expression(Source("a", Writer(source).expression_text()), report) is not None
    assert not report


def _parts(node: Any) -> Iterator[Any]:
    """The nodes directly inside a node, through tuples."""
    for value in node:
        if hasattr(value, "_fields"):
            yield value
        elif isinstance(value, tuple):
            yield from _parts(value)


def _check_nested(node: Any, start: int, end: int) -> None:
    if isinstance(node, Branch) and not node.statements:
        return
    assert start <= node.start < node.end <= end, node
    for part in _parts(node):
        _check_nested(part, node.start, node.end)


def test_same_tree_tells_trees_apart() -> None:
    def tree(text: str) -> Any:
        return parse(Source("a", text), [])

    assert same_tree(tree("conv 3x3 64 ; bn"), tree("conv  3x3   64\n\nbn"))
    for other in ("conv 3x3 65 ; bn", "conv 3x3 64", "conv(3x3, 64) ; bn", "conv 3x3 64 ; < bn >", "a: conv 3x3 64 ; bn"):
        assert not same_tree(tree("conv 3x3 64 ; bn"), tree(other))


# The zoo


@pytest.mark.parametrize("path", ENTRIES, ids=lambda path: path.stem)
def test_the_zoo_is_formatted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert formatted(text) == text


@pytest.mark.parametrize("path", ENTRIES, ids=lambda path: path.stem)
def test_a_zoo_file_written_carelessly_comes_out_with_the_same_tree(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    careless = _careless(text, random.Random(path.stem))
    assert careless != text
    assert same_tree(parse(Source("a", formatted(careless)), []), parse(Source("a", text), []))


@pytest.mark.parametrize("name", ["resnet50", "googlenet", "vit_b_16", "unet", "efficientnet_b0", "mobilenet_v3_large"])
def test_formatting_keeps_the_network(name: str) -> None:
    path = next(path for path in ENTRIES if path.stem == name)
    text = path.read_text(encoding="utf-8")
    result = formatted(_careless(text, random.Random(name)))
    listings = [ir_listing(loads(one, str(path)).network) for one in (text, result)]
    assert listings[0] == listings[1]


def _careless(text: str, source: random.Random) -> str:
    """The same tokens with other spaces, and further line ends where they mean nothing."""
    atoms = read(Source("a", text), Scanner(Source("a", text), scanner_terminals()))
    parts: list[str] = []
    for last, atom in zip([None, *atoms], atoms, strict=False):
        before = atom.before
        if before is not None:
            trailing = f" {before.trailing.text}" if before.trailing else ""
            own = "".join("\n" if comment is None else f"{comment.text}\n" for comment in before.own)
            parts.append(f"{trailing}\n{own}")
        elif atom.separator is not None:
            parts.append(source.choice((";", " ;  ", "\n")))
        elif last is not None and last.type in ("BEGIN", "BAR") and source.random() < 0.3:
            parts.append("\n   ")
        elif last is not None:
            written = atom.column > last.column + len(last.text)
            parts.append(" " * source.choice((1, 2, 5)) if written else "")
        parts.append(atom.text)
    return "".join(parts)


# The command


def test_the_command_rewrites_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong, right = tmp_path / "wrong.arch", tmp_path / "inner" / "right.arch"
    right.parent.mkdir()
    right.write_text("a ; b\n", encoding="utf-8")
    wrong.write_bytes(b"\xef\xbb\xbfa;b # \xc3\xbc\r\n")
    inode = right.stat().st_ino
    assert main(["fmt", "--check", str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"would reformat {wrong}\n"
    assert main(["fmt", str(tmp_path)]) == 0
    assert wrong.read_bytes() == "a ; b  # ü\r\n".encode()
    assert right.stat().st_ino == inode, "a file that is right is not written"
    assert main(["fmt", "--check", str(tmp_path)]) == 0
    assert "2 files already formatted" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["inner", "right.arch", "wrong.arch"]


def test_the_command_shows_a_diff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.arch"
    path.write_text("a\nb;c\n", encoding="utf-8")
    assert main(["fmt", "--diff", str(path)]) == 0
    assert capsys.readouterr().out == f"--- {path}\n+++ {path} (formatted)\n@@ -1,2 +1,2 @@\n a\n-b;c\n+b ; c\n"
    assert path.read_text(encoding="utf-8") == "a\nb;c\n"
    assert main(["fmt", "--diff", "--check", str(path)]) == 1


def test_the_command_as_a_filter(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert _filter(monkeypatch, "a;b\n\n") == 0
    assert capfdbinary.readouterr() == (b"a ; b\n", b"")
    assert _filter(monkeypatch, "") == 0
    assert capfdbinary.readouterr() == (b"", b"")
    assert _filter(monkeypatch, "a <") == 1
    out, err = capfdbinary.readouterr()
    assert out == b""
    assert b"unclosed-bracket" in err


def _filter(monkeypatch: pytest.MonkeyPatch, text: str) -> int:
    from io import BytesIO, TextIOWrapper

    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text.encode())))
    return main(["fmt", "-"])


def test_files_with_mistakes_stay_and_the_others_are_formatted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.arch").write_text("a <\n", encoding="utf-8")
    (tmp_path / "good.arch").write_text("a;b", encoding="utf-8")
    assert main(["fmt", str(tmp_path)]) == 1
    assert "error[unclosed-bracket]" in capsys.readouterr().err
    assert (tmp_path / "bad.arch").read_text(encoding="utf-8") == "a <\n"
    assert (tmp_path / "good.arch").read_text(encoding="utf-8") == "a ; b\n"


@pytest.mark.parametrize("name", ["resnet50", "missing.arch"])
def test_what_is_no_file_is_wrong_usage(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["fmt", name]) == 2


def test_bodies_and_brackets_together_may_be_too_deep_to_be_formatted() -> None:
    """The parser limits each by itself; the formatter lays out both."""
    text = f"arch a\ninput x[3, 8, 8]\n{'< ' * 150}conv 3x3 {'(' * 100}8{')' * 100}{' >' * 150}\n"
    assert parse(Source("a.arch", text), []).statements
    report: list[Diagnostic] = []
    assert format_source(Source("a.arch", text), report) is None
    assert [(one.name, one.message) for one in report] == [("too-deep", "this is nested too deeply to be formatted")]
    assert "200" in report[0].notes[0]
