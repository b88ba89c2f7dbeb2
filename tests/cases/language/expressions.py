"""Section 7: expressions, as `meta` lines give them back. Must not check anything itself."""

from __future__ import annotations

from fractions import Fraction
from math import log, sqrt

from language.case import Case, case, refused


def value(written: str, worth: object) -> Case:
    return case(f"`{written}`", f"meta v=({written})", meta={"v": worth})


def none(written: str, wrong: str) -> Case:
    return refused(f"`{written}` has no value", f"let v = ({written})", wrong)


CASES = [
    value("1 + 2 * 3", 7), value("(1 + 2) * 3", 9), value("7 - 2 - 3", 2), value("-2 ** 2", -4), value("2 ** 3 ** 2", 512), value("2 ** -1", Fraction(1, 2)),
    value("- - 2", 2), value("-7 // 2", -4), value("-7 % 3", 2), value("7 // 2", 3), value("7 % 3", 1), value("7.5 // 2", 3), value("7.5 % 2", Fraction(3, 2)),
    value("64 / 16", 4), value("8 / 3", Fraction(8, 3)), value("8 / 3 * 3", 8), value("0.1 + 0.2", Fraction(3, 10)), value("1e-3 * 1000", 1),
    value("2 * 0.5", 1), value("0.1 * 3 == 0.3", True), value("1 / 3 + 1 / 3 + 1 / 3 == 1", True),
    value("9 ** 0.5", 3.0), value("2 ** 0.5", 2**0.5), value("(1 / 4) ** 2", Fraction(1, 16)),
    value("1 == 1.0", True), value("1 != 2", True), value("1 < 2", True), value("2 <= 2", True), value("3 > 4", False), value("4 >= 4", True),
    value("1 < 2 < 3", True), value("1 < 3 < 2", False), value("1 == 1 != 2", True),
    value("true and false", False), value("true or false", True), value("not true", False), value("not 1 == 2", True), value("true or false and false", True),
    value("false and 1 / 0 == 1", False), value("true or 1 / 0 == 1", True),
    value("1 if true else 2", 1), value("1 if false else 2 if false else 3", 3), value("1 if true else 1 / 0", 1),
    value("[1, 2, 3]", (1, 2, 3)), value("[]", ()), value("[1, [2, 3],]", (1, (2, 3))), value("[1, 2] + [3]", (1, 2, 3)), value("[1, 2] * 2", (1, 2, 1, 2)),
    value("2 * [1]", (1, 1)), value("[1, 2] == [1, 2]", True), value("[5, 6, 7][0]", 5), value("[5, 6, 7][-1]", 7), value("[[1, 2], [3, 4]][1][0]", 3),
    value('"a" == "a"', True), value('"a" != "b"', True), value("none == none", True), value("3x3 == 3x3", True),
    value("min(3, 1, 2)", 1), value("min([3, 1])", 1), value("max(3, 1, 2)", 3), value("max([1, 0.5])", 1), value("abs(-3)", 3), value("abs(-0.5)", Fraction(1, 2)),
    value("round(0.5)", 0), value("round(1.5)", 2), value("round(2.5)", 2), value("round(-0.5)", 0), value("round(2.6)", 3), value("round(5 / 2)", 2), value("round(7 / 2)", 4),
    value("floor(2.7)", 2), value("floor(-2.2)", -3), value("ceil(2.1)", 3), value("ceil(-2.9)", -2), value("floor(sqrt(17))", 4), value("round(sqrt(2) * 10)", 14),
    value("sqrt(16)", 4.0), value("sqrt(2)", sqrt(2)), value("log(1)", 0.0), value("log(10)", log(10)), value("sum([1, 2, 0.5])", Fraction(7, 2)), value("sum([])", 0),
    value("len([1, [2, 3]])", 2), value("len([])", 0), value("range(3)", (0, 1, 2)), value("range(1, 4)", (1, 2, 3)), value("range(6, 0, -2)", (6, 4, 2)), value("range(0)", ()),
    value("zip([1, 2], [3, 4])", ((1, 3), (2, 4))), value("zip([1, 2, 3], [4, 5, 6], [7, 8, 9])[2]", (3, 6, 9)), value("enumerate([5, 6])", ((0, 5), (1, 6))),
    value("make_divisible(32, 8)", 32), value("make_divisible(35, 8)", 32), value("make_divisible(36, 8)", 40), value("make_divisible(3, 8)", 8),
    value("make_divisible(0.1, 8)", 8), value("make_divisible(11, 8)", 16), value("make_divisible(9, 8)", 16), value("make_divisible(8.8, 8)", 8), value("make_divisible(18, 8)", 24),
    value("make_divisible(20, 8)", 24), value("make_divisible(12.0, 8)", 16), value("make_divisible(24 * 0.75, 8)", 24),
    value("[i * i for i in range(4)]", (0, 1, 4, 9)), value("[a + b for a, b in [[1, 2], [3, 4]]]", (3, 7)), value("[i for i in range(6) if i % 2 == 1]", (1, 3, 5)),
    value("[[j for j in range(i)] for i in range(3)]", ((), (0,), (0, 1))), value("[i for i in [3]][0]", 3), value("sum([2**i for i in range(4)])", 15),
    value("4.1G", 4_100_000_000), value("1 +\n2", 3), value("3 > 2 and 2 < 3", True), value("2**100", 2**100), value("10**20 // 3", 10**20 // 3),
    none("1 / 0", "division-by-zero"), none("1 // 0", "division-by-zero"), none("1 % 0", "division-by-zero"), none("[1][1]", "bad-index"), none("[1][-2]", "bad-index"), none("[][0]", "bad-index"), none("[1][0.5]", "bad-index"), none("3[0]", "not-a-list"), none("nothing", "unknown-name"), none("nothing(3)", "unknown-function"),
    none("9**9**9**9", "number-too-large"), none("10**10**10", "number-too-large"), none("range(10**9)", "bad-function-argument"), none("[0] * 10**9", "list-too-long"), none("sqrt(-1)", "bad-function-argument"), none("log(0)", "bad-function-argument"), none("log(-1)", "bad-function-argument"), none("min([])", "bad-function-argument"), none("max()", "bad-function-argument"),
    none("sum(3)", "bad-function-argument"), none("len(3)", "bad-function-argument"), none("range(0.5)", "bad-function-argument"), none("range(1, 2, 0)", "bad-function-argument"), none("zip([1], 2)", "bad-function-argument"), none("make_divisible(1, 0)", "bad-function-argument"), none('1 + "a"', "not-a-number"), none("1 + true", "not-a-number"),
    none("[1] + 2", "not-a-number"), none("[1] * [2]", "not-a-number"), none("-[1]", "not-a-number"), none("not 1", "not-a-condition"), none("1 and true", "not-a-condition"), none('"a" < 1', "not-a-number"), none("1 if 1 else 2", "not-a-condition"),
    none("[i for i in 3]", "not-a-list"), none("[a for a, b in [1]]", "cannot-unpack"), none("[i for i in [1] if i]", "not-a-condition"), none("0 ** -1", "division-by-zero"), none("(-1) ** 0.5", "no-exact-result"), none("floor([1])", "bad-function-argument"), none("round()", "bad-function-argument"),
    none("3x3 * 2", "not-a-number"), none("(2**4000)**2", "number-too-large"), none("1e999999", "number-too-long"), none("in.c.d", "no-such-attribute"), none("[1].c", "no-such-attribute"),
    refused("`<` and `>` compare only inside parentheses", "let a = 1 < 2", "comparison-needs-parentheses"),
    case("`<` compares inside [ ] too", "let a = [1 < 2, 2 > 1]\nconv 1 (4 if a[0] and a[1] else 5)", out="4 16 16"),
    case("a comprehension's names are its own", "let i = 5\nlet l = [i for i in range(3)]\nconv 1 i", out="5 16 16"),
    case("a comprehension sees the names around", "let k = 5\nconv 1 sum([k for i in range(2)])", out="10 16 16"),
    case("`8 / 3` is a fraction, which no dimension may be; a whole quotient may", "conv 1 (64 / 16)", out="4 16 16"),
    case("floats may be settings", "scale (1 / sqrt(in.c))\nbn eps=1e-3 momentum=(1 / 3)", params=16),
    refused("round: not of a free size, which would have no formula", "arch t\ninput x[3, H, W]\nlet b = round(in.h / 2)\nconv 3 b", "bad-function-argument"),
    refused("sqrt: not of a free size without a root", "arch t\ninput x[3, H, H]\nlet b = sqrt(in.h)\nconv 3 b", "bad-function-argument"),
    case("a quotient of formulas", "arch t\ninput x[3, H, W]\nconv 3 ((in.h*in.h + in.h*in.w) / (in.h + in.w))", out="H H W"),
    case("ceil and floor of a free size", "arch t\ninput x[3, H, W]\nconv 3 (ceil(in.h / 2) + floor(in.h / 3))", out="H + ((H) // 3) - ((H) // 2) H W"),
]  # fmt: skip
