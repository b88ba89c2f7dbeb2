"""Texts of any length, right and wrong ones, in each of which one thing is written many times."""

from __future__ import annotations

from collections.abc import Callable

_HEAD = "arch t\ninput x[8, 8, 8]\n"


def _line(text: str) -> Callable[[int], str]:
    """So many lines; `{i}` is their number."""
    return lambda n: _HEAD + "".join(text.replace("{i}", str(i)) + "\n" for i in range(n))


def _joined(before: str, item: str, between: str, after: str) -> Callable[[int], str]:
    """So many items in one line; `{i}` is their number."""
    return lambda n: _HEAD + before + between.join(item.replace("{i}", str(i)) for i in range(n)) + after + "\n"


def _nested(before: str, opening: str, inside: str, closing: str) -> Callable[[int], str]:
    return lambda n: _HEAD + before + opening * n + inside + closing * n + "\n"


def _head(before: str, item: str, between: str, after: str) -> Callable[[int], str]:
    """Many items in the first lines."""
    return lambda n: before + between.join(item.replace("{i}", str(i)) for i in range(n)) + after + "\ninput z[8, 8, 8]\nrelu\n"


RIGHT: dict[str, Callable[[int], str]] = {
    "lines": _line("relu"),
    "one line": _joined("", "relu", " ; ", ""),
    "comments": _line("# a comment"),
    "a long comment": _joined("# ", "word", " ", "\nrelu"),
    "blank lines": _joined("", "", "\n", "relu"),
    "blanks": _joined("", "", " ", "relu"),
    "labels": _line("l{i}: relu"),
    "uses of labels": lambda n: _line("l{i}: relu")(n) + "".join(f"add @l{i}\n" for i in range(n)),
    "references": _joined("a: relu\nadd ", "@a", " ", ""),
    "labels in a part": lambda n: (
        f"{_joined('s: < ', 'l{i}: relu', ' ; ', ' >')(n)}" + "".join(f"add @s.l{i}\n" for i in range(n))
    ),
    "side values": _line("let k{i} = < conv 1x1 8 >"),
    "lets": _line("let k{i} = {i}"),
    "a chain of lets": lambda n: _HEAD + "let k0 = 1\n" + "".join(f"let k{i} = k{i - 1} + 1\n" for i in range(1, n)) + "relu\n",
    "elements of a list": lambda n: _joined("let k = [", "1", ", ", "]")(n) + "".join(f"let k{i} = k[{i}]\n" for i in range(n)),
    "a sum": _joined("let k = ", "1", " + ", "\nrelu"),
    "a loop": _joined("for i in [", "1", ", ", "] < relu >"),
    "conditions": _joined("if (1 == 2) < relu >", " elif (1 == 2) < relu >", "", " else < relu >"),
    "branches": _joined("add < ", "relu", " | ", " >"),
    "definitions": lambda n: _line("def d{i}() < relu >")(n) + "".join(f"d{i}\n" for i in range(n)),
    "definitions of one another": lambda n: (
        _HEAD + "def d0() < relu >\n" + "".join(f"def d{i}() < d{i - 1} >\n" for i in range(1, min(n, 40))) + "d1\n" * n
    ),
    "shared modules": lambda n: _line("shared s{i} < conv 1x1 8 >")(n) + "".join(f"s{i}\n" for i in range(n)),
    "parameters": lambda n: (
        _HEAD + f"def f({', '.join(f'a{i}=1' for i in range(n))}) < relu >\nf({', '.join(f'a{i}=1' for i in range(n))})\n"
    ),
    "parameters of the arch": _head("arch t(", "a{i}=1", ", ", ")"),
    "facts": _head("arch t\nmeta ", "k{i}=1", " ", ""),
    "inputs": _head("arch t\n", "input a{i}[8, 8, 8]", "\n", ""),
    "outputs": _line("relu ; output o{i}"),
    "auxiliary heads": _line("aux o{i} < relu >"),
    "defaults": _line("default conv bias=false"),
    "contracts": lambda n: _HEAD + "conv 1x1 8\n" + "expect params == 72\n" * n,
    "contracts of parts": _line("s{i}: < conv 1x1 8 ; relu >\nexpect s{i}.params == 72"),
    "stages": _line("stage < conv 1x1 8 ; relu >"),
    "downsamples": lambda n: (
        _HEAD + "def b(c, stride=1) < conv 1x1 c stride=stride >\n" + "stage < block b(c=8) ; downsample stride=1 >\n" * n
    ),
    "concatenations": _line("concat < identity | conv 1x1 8 >"),
    "imports": lambda n: 'from "resnet50" import bottleneck\n' * n + _HEAD + "relu\n",
    "a long name": lambda n: _HEAD + f"let {'k' * n} = 1\nrelu\n",
    "a long string": lambda n: f'arch t\nmeta title="{"w" * n}"\ninput x[8, 8, 8]\nrelu\n',
    "digits": _joined("let k = ", "9", "", "\nrelu"),
    "lists in lists": _nested("let k = ", "[", "", "]"),
    "parentheses": _nested("let k = ", "(", "1", ")"),
    "groups": _nested("", "< ", "relu", " >"),
    "residuals": _nested("", "residual < relu ; ", "relu", " >"),
    "negations": _nested("let k = ", "-", "1", ""),
    "indices": _nested("let l = [1]\nlet k = l", "[0]", "", ""),
}

WRONG: dict[str, Callable[[int], str]] = {
    "brackets of two kinds": _line("foo ( ]"),
    "unclosed parentheses": _line("conv(1x1"),
    "unclosed lists": _line("let a = [1"),
    "unclosed bodies": _line("relu <"),
    "unopened bodies": _line("relu >"),
    "opening parentheses": _joined("let a = ", "(", "", ""),
    "closing parentheses": _joined("let a = ", ")", "", ""),
    "open quotes": _line('" '),
    "signs": _joined("", "$", " ", ""),
    "lines of signs": _line("$"),
    "commas": _joined("", ",", "", ""),
    "mistakes in one line": _joined("", "foo ( ]", " ; ", ""),
    "unknown operators": _line("foo{i} 3"),
    "unknown labels": _line("add @foo{i}"),
    "unknown names": _line("conv 1x1 foo{i}"),
    "unknown arguments": _joined("conv 1x1 8 ", "foo{i}=1", " ", ""),
    "unknown arguments in lines": _line("conv 1x1 8 foo{i}=1"),
    "arguments twice": _joined("conv 1x1 8 ", "bias=true", " ", ""),
    "too many arguments": _joined("conv 1x1 8 ", "1", " ", ""),
    "repetitions as names": _line("x{i}: relu"),
    "one repetition as a name": _line("x3: relu"),
    "definitions twice": _line("def d() < relu >"),
    "labels twice": _line("a: relu"),
    "inputs twice": _line("input x[8, 8, 8]"),
    "shapes that do not fit": _line("linear 4"),
    "groups that do not divide": _line("conv 1x1 9 groups=4"),
    "contracts that fail": lambda n: _HEAD + "conv 1x1 8\n" + "expect params == 71\n" * n,
    "comments of another language": _line("relu // word{i}"),
    "imports of Python": lambda n: "import torch\n" * n,
    "layers of PyTorch": _line("self.conv = nn.Conv2d(3, 8, 3)"),
    "calls of PyTorch": _line("x = F.relu(x)"),
    "concatenations of PyTorch": _line("x = torch.cat([x, y], 1)"),
    "names of imports": _line('from "resnet50" import bottleneck as b{i}'),
    "continued lines": _line("relu \\"),
    "braces": _line("def f{i}() {"),
    "words": _joined("", "foo", " ", ""),
}
