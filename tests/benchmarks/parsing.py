"""How fast texts are read: our parser against lark's lexer and lark's Tree, and memory and mistakes on long files.

Run: `python tests/benchmarks/parsing.py`. All ratios are of one run on one machine; only they mean something. "Warm" is a
text that the process has seen before.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lark import Lark
from lark import Token as LarkToken
from lark.lexer import Lexer

import archdsl
from archdsl.analysis.contracts import check
from archdsl.compiler import run
from archdsl.diagnostics import Diagnostic
from archdsl.program import cache
from archdsl.resources import grammar_text
from archdsl.syntax.parser import parse, scanner_terminals
from archdsl.syntax.scanner import Scanner
from archdsl.text import Source

ZOO = Path(__file__).parents[2] / "zoo"
# What the scanner decides from the neighbors, lark's own lexer gets as plain terminals: enough to time it on the same text.
PLAIN = """
start: (WORD | NUMBER | STRING | SIGN | SEP)*
WORD: /@?[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*/
NUMBER: /\\d\\w*(\\.\\w+)?/
STRING: /"[^"\\n]*"/
SIGN: /[-+*\\/%<>=!~|()\\[\\],.:]+/
SEP: /[;\\n]+/
%ignore /[ \\t]+/
%ignore /#[^\\n]*/
"""


def best(action: Callable[[], object], times: int = 7) -> float:
    """CPU seconds of the fastest run."""
    seconds = []
    for _ in range(times):
        start = time.process_time()
        action()
        seconds.append(time.process_time() - start)
    return min(seconds)


def resident() -> int:
    """Peak memory so far in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def long_file(lines: int) -> str:
    """Lines that all differ, as no two convolutions have the same width and channels."""
    head = ["arch long", "input image[3, 64, 64]"]
    convolutions = (f"conv 3x3 {8 + i % 97} groups=1 bias={'true' if i % 2 else 'false'}  # {i}" for i in range(lines))
    return "\n".join([*head, *convolutions])


def with_mistakes(lines: int, mistakes: int) -> tuple[str, str]:
    good = [f"relu ; conv 3x3 {8 + i % 7}" for i in range(lines)]
    bad = list(good)
    for i in range(mistakes):
        bad[i * (lines // mistakes)] = ("conv 3x3 8 paddin=1", "conf 3x3 8", "conv 3x3 (8 + foo)", "let x = = 3")[i % 4]
    head = ["arch broken", "input image[8, 16, 16]"]
    return "\n".join([*head, *good]), "\n".join([*head, *bad])


def speed() -> None:
    """Lines a second on the zoo's texts: our parser (to a tree with positions), lark's lexer, lark's Tree with positions."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ZOO.glob("*.arch"))]
    text = "\n".join(texts)
    lines = text.count("\n")
    plain = Lark(PLAIN, parser="lalr", lexer="basic", propagate_positions=True)
    assert grammar_text()
    lexer = best(lambda: list(plain.lex(text)))
    tree = best(lambda: plain.parse(text))
    ours = best(lambda: [parse(Source("x", one), []) for one in texts])
    print(f"lines/s: parser {lines / ours:,.0f}, lark's lexer alone {lines / lexer:,.0f}, lark's flat Tree {lines / tree:,.0f}")
    print(f"parser time / lexer time: {ours / lexer:.2f} (bound 4)")


class _OurTokens(Lexer):
    """Our scanner in lark's clothes, so that lark alone can parse the language's own grammar."""

    def __init__(self, conf: Any) -> None:
        pass

    def lex(self, text: str) -> Iterator[LarkToken]:  # type: ignore[override]
        source = Source("x", text)
        for token in Scanner(source, scanner_terminals()):
            if token.type != "$END":
                place = source.place(token.start)
                yield LarkToken(token.type, token.value, token.start, place.line, place.column, end_pos=token.end)


def the_whole_way() -> None:
    """Text to checked network and counts of ResNet-152 against lark's own Tree with positions of the same texts."""
    texts = [(ZOO / f"{name}.arch").read_text(encoding="utf-8") for name in ("resnet152", "resnet50")]
    options: dict[str, Any] = {"parser": "lalr", "lexer": _OurTokens, "start": "file", "propagate_positions": True}
    lark = Lark(grammar_text(), **options)
    theirs = best(lambda: [lark.parse(text) for text in texts], 30)

    def counted() -> None:
        arch = archdsl.load("resnet152")
        cost = arch.cost()
        assert check(arch.network, cost) == []
        assert (cost.params, cost.macs) == (60_192_808, 11_513_626_624)

    def first() -> None:
        cache.forget()
        counted()

    fresh, warm = best(first, 30), best(counted, 30)
    print(f"resnet152 loaded, checked and counted: {warm * 1e3:.1f} ms, the first time {fresh * 1e3:.1f} ms")
    print(f"lark's Tree with positions of the same texts: {theirs * 1e3:.1f} ms, from our tokens")
    print(f"ratio warm {warm / theirs:.2f} (bound 1.5), the first time {fresh / theirs:.2f}")


def memory() -> None:
    """Bytes a line of a long file of different lines, from text to checked network."""
    before = resident()
    lines = 100_000
    text = long_file(lines)
    start = time.process_time()
    program = run(Source("long.arch", text))
    seconds = time.process_time() - start
    assert program.network is not None, program.report[:1]
    print(f"{lines:,} lines: {(resident() - before) / lines:,.0f} bytes a line (bound 4,096), {seconds:.1f} s")


def mistakes() -> None:
    """Time with 1,000 mistakes against the same file without."""
    good, bad = with_mistakes(5_000, 1_000)
    found: list[Diagnostic] = run(Source("bad.arch", bad)).report
    ratio = best(lambda: first_run(bad), 3) / best(lambda: first_run(good), 3)
    print(f"{len(found):,} diagnostics for 1,000 mistakes; time against the sound file: {ratio:.2f} (bound 3)")


def first_run(text: str) -> None:
    """As in a process that has never seen the text."""
    cache.forget()
    run(Source("x.arch", text))


if __name__ == "__main__":
    speed()
    the_whole_way()
    mistakes()
    memory()
