"""Definitions and shared modules that nothing calls: wrong whatever calls them is reported, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from archdsl.compiler import run
from archdsl.program.cache import parsed
from archdsl.resources import zoo_folder
from archdsl.syntax import tree
from archdsl.text import Source

NETWORK = """\
arch t(n=3, widths=[1, 2])
input x[3, 64, 64]
input vector[10]
shared tower < conv 3x3 3 >
s: relu
let big = in.c * 2
{definition}
tower
"""


def mistakes(definition: str, start: str = NETWORK) -> list[tuple[str, int]]:
    """The names of what is reported, with the offsets in the definition."""
    text = start.format(definition=definition)
    begin = text.index(definition)
    return [(d.name, d.primary.span.start - begin) for d in run(Source("t.arch", text)).report if d.primary is not None]


RIGHT = {
    "a shared module of the file": "def f() < tower ; relu ; tower >",
    "labels, inputs, lets and parameters of the file": "def f() < add @s ; concat @x ; conv 3x3 big ; x(n) relu >",
    "a parameter that is called": "def f(unit, c) < unit(c=c) ; block unit 64 ; x3 unit < relu > >",
    "a parameter that is a value": "def f(skip) < concat @skip ; conv 3x3 (@skip.c) >",
    "a parameter that may be either": "def f(a) < a ; add @a ; conv 3x3 a >",
    "a body": "def f() < residual < layernorm ; body > >",
    "a word passed on": "def f(p) < conv 3x3 4 pad=p ; upsample mode=p >",
    "a downsample for a callee that is not known": "def f(unit) < stage x4 < block unit(64) ; downsample stride=2 > >",
    "conditions on what comes in": "def f(c) < if (in.c == c) < > elif (c > 3) < conv 3x3 c > else < flatten > >",
    "loops over what is given": "def f(l) < for a, b in l < conv a b > ; concat for r in l < conv 3x3 r > ; x(len(l)) relu >",
    "indices in repetitions": "def f(n) < x(n) < conv 3 (2**index) ; if (first or last) < relu > > ; x(n) conv 3 (index) >",
    "what is computed from what comes in": "def f(k=in.c // 2) < let l = [i*k for i in range(in.h) if i > k] ; conv 3 (l[0]) >",
    "names that are bound later": "def f() < def g() < conv 3x3 late > ; let late = 3 ; g >",
    "a recursion through what is given": "def f(g) < def h(k) < g(k) > ; h(3) ; h(g) >",
    "labels in it": "def f() < a: conv 3x3 4 ; b: < relu ; c: relu ; add @c > ; add @a @b >",
    "list values": "def f() < parallel < relu | gap > ; parallel for i in range(2) < pick i > ; add < pick 0 | pick 1 > >",
}
WRONG = {
    "def f() < conw 3x3 4 >": ("unknown-operator", "conw"),
    "def f(c) < x(c) conw 3x3 4 >": ("unknown-operator", "conw"),
    "def f(c) < x(c) < conw 3x3 4 > >": ("unknown-operator", "conw"),
    "def f(c) < stage x(c) < relu ; downsample strid=frob > >": ("unknown-name", "frob"),
    "def f(c) < if (c == 3) < > else < conw 3 > >": ("unknown-operator", "conw"),
    "def f(c) < if (c == frob) < > >": ("unknown-name", "frob"),
    "def f(c) < for i in c < conw i > >": ("unknown-operator", "conw"),
    "def f(c) < concat for i in c < conw i > >": ("unknown-operator", "conw"),
    "def f(c) < residual when=(c == 3) < conw 3 > >": ("unknown-operator", "conw"),
    "def f() < conv 3x3 frob >": ("unknown-name", "frob"),
    "def f(c) < conv 3x3 (c * frob) >": ("unknown-name", "frob"),
    "def f(c) < let l = [i for i in c if i > frob] >": ("unknown-name", "frob"),
    "def f(unit) < unit(frob) >": ("unknown-name", "frob"),
    "def f(unit) < unit < conw > >": ("unknown-operator", "conw"),
    "def f(c=frob) < conv 3x3 c >": ("unknown-name", "frob"),
    "def f(c) < add @frob >": ("unknown-label", "@frob"),
    "def f(c) < conv 3x3 c padd=2 >": ("unknown-argument", "padd"),
    "def f(c) < conv 3x3 4 pad=sme >": ("bad-argument", "sme"),
    "def f(c) < linear >": ("missing-argument", "linear"),
    "def f(c) < linear 3 true 4 >": ("too-many-arguments", "4"),
    "def f(c) < def g(k) < conv k c > ; g() >": ("missing-argument", "g()"),
    "def f(c) < def g(k) < conw k c > >": ("unknown-operator", "conw"),
    "def f(c) < shared g < conw 3 > >": ("unknown-operator", "conw"),
    "def f(c) < aux g < conw 3 > >": ("unknown-operator", "conw"),
    "def f(c) < a: relu ; a: relu >": ("duplicate-label", "a: relu >"),
    "def f(c) < expect params == 3 >": ("misplaced-statement", "expect"),
    "def f(c) < downsample stride=2 >": ("downsample-outside-stage", "downsample"),
    "shared f < conw 3 >": ("unknown-operator", "conw"),
}


@pytest.mark.parametrize("case", RIGHT)
def test_nothing_is_refused_that_a_call_would_allow(case: str) -> None:
    assert mistakes(RIGHT[case]) == []


@pytest.mark.parametrize("case", [case for case in RIGHT if "of the file" not in case])
def test_nor_is_it_in_a_library(case: str) -> None:
    assert mistakes(RIGHT[case], "{definition}\n") == []


@pytest.mark.parametrize("definition", WRONG)
def test_what_is_wrong_whatever_calls_it_is_reported_once(definition: str) -> None:
    name, place = WRONG[definition]
    expected = [(name, definition.rindex(place))]
    assert mistakes(definition) == expected
    assert mistakes(definition, "{definition}\n") == expected


def test_what_a_call_reported_is_not_reported_again() -> None:
    assert [name for name, _ in mistakes("def f() < conw 3 >\nf")] == ["unknown-operator"]


def test_a_library_reports_its_lets() -> None:
    assert mistakes("let a = frob + 1", "{definition}\n") == [("unknown-name", 8)]


@pytest.mark.parametrize("path", sorted(zoo_folder().glob("*.arch")), ids=lambda path: path.stem)
def test_no_definition_of_the_zoo_is_refused_where_nothing_calls_it(path: Path) -> None:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    lines = ["let images = 1"]
    for statement in parsed(source).tree.statements:
        if isinstance(statement, (tree.Definition, tree.Import, tree.Default, tree.SharedLine)):
            lines.append(source.text[statement.start : statement.end])
        elif isinstance(statement, tree.ArchLine):
            lines.append(source.text[statement.start : statement.end] + "\ninput images[3, 7, 7]")
        elif isinstance(statement, tree.Let):
            lines.append(f"let {statement.name.text} = 1")
    assert run(Source(path.name, "\n".join(lines)), path.parent).report == []
