"""Section 2, the text: comments, separators, numbers, sizes, names, what touches. Must not check anything itself."""

from __future__ import annotations

from fractions import Fraction

from language.case import case, refused

CASES = [
    case("`#` starts a comment", "conv 1 8 # conv 1 8 ; conv 1 8\n# conv 1 8\nrelu # no < body", params=72),
    case("a byte order mark at the start says nothing", "\ufeff# written on Windows\r\narch t\r\ninput x[8, 16, 16]\r\nconv 1 8", params=72),
    refused("a byte order mark elsewhere is no sign", "conv 1 8\n\ufeffrelu", "bad-character", at="\ufeff"),
    case("a `#` inside a string starts none", 'meta note="a # b"\nconv 1 8', params=72, meta={"note": "a # b"}),
    case("a newline or `;` separates statements", "conv 1 8 ; conv 1 8\nconv 1 8", params=216, out="8 16 16"),
    case("separators may be doubled and stand at a body's ends", "block < ; conv 1 8 ;; ; conv 1 8\n\n;\n >\n;", params=144),
    case("newlines inside ( ) do not count", "conv(\n1,\n\n8,\nbias=false\n)", params=64),
    case("newlines inside ( ) do not count, in a bare argument either", "conv 1 (4\n+\n4)", params=72),
    case("newlines inside [ ] do not count", "input x[\n8,\n4, 4\n]\nconv 1 8 pad=[1,\n0,\n0, 0]", out="8 5 4"),
    case("a newline before `|` and `>` does not count", "concat < conv 1 4\n| conv 1 2\n\n| conv 1 1\n>", out="7 16 16", params=63),
    case("comments before `|` and `>` do not count either", "concat < conv 1 4 # one\n# two\n| conv 1 2 # three\n>", out="6 16 16"),
    case("a newline before `elif` and `else` does not count",
         "if (false) < conv 1 1 >\nelif (false) < conv 1 2 >\n\nelse < conv 1 3 >", out="3 16 16"),
    case("a newline before `<` does count: two steps", "relu\n< conv 1 8 >", params=72),
    refused("a newline before `<` does count: a join without branches", "residual\n< conv 1 8 >", "no-branches", at="residual"),
    refused("a newline before `<` does count: a definition without a body", "def f\n< conv 1 8 >", "body-on-next-line"),
    case("numbers: 64, 25_557_032, 0.5, 1e-5", "meta a=64 b=25_557_032 c=0.5 d=1e-5 e=-3",
         meta={"a": 64, "b": 25557032, "c": Fraction(1, 2), "d": Fraction(1, 100_000), "e": -3}),
    case("K M G T multiply by 10^3, 10^6, 10^9, 10^12; exact", "meta a=2K b=4.1G c=0.5M d=1T",
         meta={"a": 2000, "b": 4_100_000_000, "c": 500_000, "d": 10**12}),
    case("KB MB GB multiply by 1024, 1024^2, 1024^3", "meta a=2KB b=48.6MB c=1GB",
         meta={"a": 2048, "b": Fraction(486, 10) * 1024**2, "c": 1024**3}),
    case("a decimal that is whole is an integer", "conv 1 8.0\nconv 1 0.8e1", params=144),
    case("a size is written 3x3, 1x7", "conv 1x7 8\nconv 3x3 8\nconv 3x1 8", params=(7 + 9 + 3) * 64 + 24),
    case("a repetition is written x4", "x4 conv 1 8", params=288),
    case("a repetition is written x(expression)", "let n = 3\nx(n + 1) conv 1 8", params=288),
    refused("at the start of a statement `x(` is always a repetition", "def x < conv 1 4 >\nx(3)", "unexpected-token"),
    case("`x (` with a space is a call", "def x(c) < conv 1 c >\nx (3)", out="3 16 16"),
    case("`x` alone is a name", "def x < conv 1 4 >\nx", out="4 16 16"),
    refused("what reads as a repetition is reserved", "let x4 = 3", "unexpected-token", at="x4"),
    *(refused(f"`{word}` is reserved", f"let {word} = 3", "unexpected-token", at=word)
      for word in ("if", "for", "in", "and", "or", "not", "true", "false", "none")),
    *(refused(f"`{word}` is reserved", f"let {word} = 3", "else-without-if", at=word) for word in ("elif", "else")),
    case("`elif`, `else` inside a longer name are nothing special", "let elsewhere = 4\nlet iffy = 2\nconv 1 (elsewhere * iffy)", params=72),
    *(case(f"`{word}` starts statements and is an ordinary name before `=` and inside expressions", f"let {word} = 3\nconv 1 {word}",
           out="3 16 16")
      for word in ("arch", "from", "import", "input", "let", "default", "def", "shared", "output", "aux", "meta", "downsample", "expect",
                   "stem", "stage", "block", "branch", "neck", "head")),
    *(case(f"`{word}` is an ordinary name before `:`", f"{word}: conv 1 3\nrelu\n@{word}", names=f"{word}.weight {word}.bias", out="3 16 16")
      for word in ("input", "output", "default", "stem", "stage", "block", "head")),
    case("a role is an ordinary name of an argument", "def f(block=3, stage=1) < conv 1 (block * stage) >\nf block=2 stage=2", out="4 16 16"),
    case("`f(…)` with nothing between is a call with arguments", "conv(1, 8)", params=72),
    case("`f (…)` is a bare argument in parentheses", "conv (1) (4 + 4)", params=72),
    refused("`f (…)` is a bare argument, which holds one expression", "conv (1, 8)", "gap-before-bracket"),
    case("`a[0]` is an index", "let a = [3, 5]\nconv 1 a[1]", out="5 16 16"),
    case("`a [0]` is two arguments", "def f(a, b) < conv 1 (a + b[0]) >\nlet a = 3\nf a [4]", out="7 16 16"),
    case("a function touching its arguments is one argument", "conv 1 min(8, 4)", out="4 16 16"),
    case("strings are written in double quotes", 'meta a="" b="say \\"x\\""', meta={"a": "", "b": 'say "x"'}),
    case("the text is UTF-8", 'meta title="Größe 🙂 # |"\n# ein Kommentar über nichts\nconv 1 8', params=72),
    refused("names are [A-Za-z_][A-Za-z0-9_]*", "let größe = 3", "bad-character"),
    case("names may start with _ and hold digits", "let _a9 = 3\nconv 1 _a9", out="3 16 16"),
    case("carriage returns and tabs are spaces", "conv 1\t8\r\nconv 1 8\r\n", params=144),
]  # fmt: skip
