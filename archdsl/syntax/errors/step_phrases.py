"""Steps in the words and in the order of papers and of other tools: `7x7 conv, 64, stride 2` is `conv 7x7 64 stride=2`.

What comes out is a guess, which is tried before it is offered. Must not word anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from archdsl.ops.operator import Operator
from archdsl.ops.registry import OPERATORS, called_elsewhere, find
from archdsl.records import NamedTuple
from archdsl.syntax.errors.foreign_names import FOLLOWS, SILENT, own_name
from archdsl.syntax.keywords import ROLES, STATEMENTS

_LONGEST = 200
_WORDS = 4
"""So many words an operator's name has at most: `global average pooling layer`."""
_PREFIX = re.compile(rf"(?:(?!default\b)[A-Za-z_]\w*\s*:\s+)?(?:(?:{'|'.join(ROLES)})\s+)?(?:x\d+\s+)?")
_VALUE = r"[-\w.]+|\"\w*\"|'\w*'|[(\[][-\w., ]*[)\]]"
_PIECES = re.compile(
    rf"""
    (?P<blank>\s+|,|(?<=\w)-(?=\d)|(?:->|=>|→|:)(?=\s*\d))
    |(?P<next>\|>|&&?|->(?!\s*\d)|=>|>>|→|\+|\||;|-(?=\s|[A-Za-z])|\.(?=[A-Za-z_])|[/:](?=\s*[A-Za-z_]))
    |(?P<setting>(?P<key>[A-Za-z_]\w*)\s*(?:=|:(?=\s*[-\d.\w"']))\s*(?P<value>{_VALUE}))
    |(?P<widthsize>(?P<filters>\d+)\s*@\s*(?P<window>\d+\s*[x×]\s*\d+))
    |(?P<times>x(?P<factor>\d+)|\d+x)\b
    |(?P<size>(?P<height>\d+)\s*[x×]\s*(?P<width>\d+)(?:\s*[x×@]\s*(?P<more>\d+))?\b)
    |(?P<pair>(?<![\w)])[(\[]\s*(?P<first>\d+)\s*,\s*(?P<second>\d+)\s*[)\]])
    |(?P<widths>\d+\s*(?:->|→)\s*(?P<after>\d+))
    |/\s*(?P<divisor>\d+)
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?\b)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<sign>[-@()])
    """,
    re.VERBOSE,
)
_KINDS = {
    "pointwise": ("1x1", ""),
    "pointwiseconv": ("1x1", ""),
    "pwconv": ("1x1", ""),
    "pw": ("1x1", ""),
    "atrous": ("", "dilation"),
    "atrousconv": ("", "dilation"),
    "dilatedconv": ("", "dilation"),
    "stridedconv": ("", "stride"),
}
"""Convolutions of which papers speak by name: the window that is in the name, and the setting that follows the width."""
_SHORT = {"s": "stride", "p": "pad", "k": "k", "d": "dilation", "g": "groups", "c": "c"}
_IDLE = frozenset("a an the with of and by then followed layer layers in".split())
_WIDTHS = frozenset("filters filter channels units features maps kernels outputs neurons hidden".split())
_WORDS_OF_VALUES = {"True": "true", "yes": "true", "False": "false", "no": "false", "on": "true", "off": "false"}


class _Unread(Exception):
    """The text is no such phrase."""


class _Step:
    """One step as it is read."""

    def __init__(self, operator: Operator, size: str, extra: str = "") -> None:
        self.operator = operator
        self.known = tuple(argument.name for argument in operator.arguments)
        self.size = size
        self.extra = extra
        self.numbers: list[str] = []
        self.settings: dict[str, str] = {}
        self.is_whole = False

    def set(self, key: str, value: str) -> None:
        if key in ("key_dim", "dim_head", "head_dim") and "heads" in self.known:
            self.settings["dim"] = f"{value}*"  # of each head
            return
        name = own_name(_SHORT.get(key, key), self.known)
        if name is not None:
            is_off = name == "bias" and value in ("None", "none", "null", "0")
            self.settings[name] = "false" if is_off else _WORDS_OF_VALUES.get(value, value)
        elif key not in FOLLOWS and key not in SILENT and key != "in":
            raise _Unread

    def text(self) -> str:
        """The step as the language writes it."""
        size, numbers, settings = self.size, list(self.numbers), dict(self.settings)
        if settings.get("dim", "").endswith("*"):
            heads = settings.get("heads") or (numbers[0] if numbers else "")
            settings["dim"] = str(int(heads) * int(settings["dim"][:-1]))
        if self.extra and size and len(numbers) == 2:
            settings[self.extra] = numbers.pop()
        if self.is_whole and len(numbers) > 1:
            raise _Unread  # a window with three sides, widths of several layers
        has_window = "k" in self.operator.positional
        if has_window and "c" not in self.known and not size and not numbers and set(settings) == {"stride"}:
            size = f"{settings['stride']}x{settings['stride']}"  # maxpool/2
            settings = {}
        if has_window and not size and settings.get("k", "").isdigit() and numbers:
            side = settings.pop("k")
            size = f"{side}x{side}"
        if has_window and not size and len(numbers) == 3 and numbers[0] == numbers[1]:
            size = f"{numbers[0]}x{numbers[0]}"  # height, width, out
            del numbers[:2]
        if has_window and not size and len(numbers) == 3:
            size = f"{numbers[2]}x{numbers[2]}"  # in, out, window
            del numbers[2]
        if has_window and not size and len(numbers) == 2 and "c" in self.known and int(numbers[0]) > int(numbers[1]):
            size = f"{numbers[1]}x{numbers[1]}"  # out, window
            del numbers[1]
        if len(numbers) == 2 and "c" in self.known and (size or not has_window):
            del numbers[0]  # in, out
        if size and not has_window:
            raise _Unread
        named = [f"{name}={value}" for name, value in settings.items()]
        return " ".join([self.operator.name, *([size] if size else []), *numbers, *named])


def steps(text: str) -> str | None:
    """The steps that a phrase means, separated by `;`; None where it says more than steps."""
    if len(text) > _LONGEST:
        return None
    text = re.sub(r"\b([A-Za-z]\w*?)_(\d+x\d+)(?:_(\d+))?\b", lambda one: " ".join(filter(None, one.groups())), text)
    prefix = _PREFIX.match(text)
    start = prefix.end() if prefix is not None else 0
    try:
        found = _Reader(text[start:]).steps()
    except (_Unread, ValueError):
        return None
    return text[:start] + found


class _Reader:
    """Reads a phrase from left to right."""

    def __init__(self, text: str) -> None:
        self.pieces = [_Piece(kind, match) for kind, match in _pieces(text)]
        self.at = 0
        self.size = ""
        self.done: list[_Step] = []
        self.step: _Step | None = None
        self.has_brackets = False

    def steps(self) -> str:
        while self.at < len(self.pieces):
            self._read(self.pieces[self.at])
        if self.size or not self.done:
            raise _Unread
        return " ; ".join(step.text() for step in self.done)

    def _read(self, piece: _Piece) -> None:
        step = self.step
        match = piece.match
        if piece.kind == "word":
            self._word(step)
            return
        self.at += 1
        if piece.kind == "blank":
            return
        if piece.kind == "next":
            if self.size or step is None:
                raise _Unread
        elif piece.kind in ("size", "pair"):
            self._size(step, piece)
        elif piece.kind == "sign":
            self._sign(match.group())
        elif step is None:
            raise _Unread
        elif piece.kind == "widthsize":
            step.size, step.numbers = re.sub(r"\s", "", match["window"]).replace("×", "x"), [*step.numbers, match["filters"]]
        elif piece.kind == "times":
            if step.operator.positional[:1] not in (("scale",), ("factor",)):
                raise _Unread
            step.numbers.append(match.group().strip("x"))
        elif piece.kind == "setting":
            self._setting(step, match["key"], match["value"].strip("\"'"))
        elif piece.kind == "divisor":
            if self.has_brackets:
                raise _Unread  # it computes
            step.set("stride", match["divisor"])
        else:
            step.is_whole = step.is_whole or piece.kind == "widths"
            step.numbers.append(match["after"] if piece.kind == "widths" else match.group())

    def _size(self, step: _Step | None, piece: _Piece) -> None:
        match = piece.match
        names = ("height", "width") if piece.kind == "size" else ("first", "second")
        size = "x".join(match[name] for name in names)
        if step is None or step.size:
            self.size = size
            return
        step.size = size
        if piece.kind == "size" and match["more"]:
            step.is_whole = True
            step.numbers.append(match["more"])

    def _sign(self, sign: str) -> None:
        """Brackets of a call; a sign before a width."""
        self.has_brackets = self.has_brackets or sign != "@"
        is_call = sign in ("(", ")") or (sign == "@" and self.at < len(self.pieces) and self.pieces[self.at].kind == "number")
        if not is_call or not self.done:
            raise _Unread

    def _setting(self, step: _Step, key: str, value: str) -> None:
        if key in ("activation", "act") and own_name(key, step.known) is None:
            operator = _operator(value)
            if operator is None:
                raise _Unread
            self.done.append(_Step(operator, ""))
            return  # what follows are still settings of the step before
        step.set(key, value)

    def _word(self, step: _Step | None) -> None:
        """An operator in one word or several, a setting whose value follows, or a word that says nothing."""
        words = self._words()
        for count in range(len(words), 0, -1):
            together = "_".join(words[:count])
            if step is not None and self._named_value(step, together, count):
                return
            found = _operators(together) if count == 1 else _named(together)
            if found:
                self.at += 2 * count - 1
                made = [_Step(*one) for one in found]
                self.done += made
                self.step = next((one for one in made if "c" in one.known or "k" in one.known), made[0])
                self.step.size, self.size = self.size or self.step.size, ""
                return
        self._other_word(step, words[0])

    def _named_value(self, step: _Step, name: str, count: int) -> bool:
        """`stride 2`, `kernel size 3`, `s2`."""
        short = re.fullmatch(r"([spkdgc])(\d+)", name)
        if short is not None and own_name(_SHORT[short.group(1)], step.known):
            step.set(short.group(1), short.group(2))
            self.at += 1
            return True
        value = self._after(count)
        if own_name(name, step.known) is None or value is None:
            return False
        step.set(name, _one(value))
        self.at += 2 * count + 1
        return True

    def _after(self, count: int) -> _Piece | None:
        """The number or the word after so many words, if it can be the value of a setting."""
        at = self.at + 2 * count - 1
        if at + 1 >= len(self.pieces) or self.pieces[at].kind != "blank":
            return None
        return self.pieces[at + 1] if self.pieces[at + 1].kind in ("number", "size", "pair") else None

    def _other_word(self, step: _Step | None, word: str) -> None:
        following = self._words()[1:2]
        if step is not None and word in ("without", "no") and following and following[0] in step.known:
            step.settings[following[0]] = "false"
            self.at += 3
            return
        self.at += 1
        if step is None:
            if word.lower() not in _IDLE:
                raise _Unread
            return
        left_out = re.fullmatch(r"no_?(\w+)", word)
        if left_out is not None and left_out.group(1) in step.known:
            step.settings[left_out.group(1)] = "false"
            return
        if word in step.known and step.numbers:  # 8 heads
            return
        owner = next((argument for argument in step.operator.arguments if word in argument.words), None)
        if owner is not None:
            step.settings[owner.name] = word
        elif word.lower() in _WIDTHS:
            if not step.numbers:
                raise _Unread
        elif word.lower() not in _IDLE:
            raise _Unread

    def _words(self) -> list[str]:
        """The words from here on, with a blank or a hyphen between two."""
        words: list[str] = []
        at = self.at
        while at < len(self.pieces) and self.pieces[at].kind == "word" and len(words) < _WORDS:
            words.append(self.pieces[at].match.group())
            between = self.pieces[at + 1].match.group() if at + 1 < len(self.pieces) else ""
            if between not in (" ", "-"):
                break
            at += 2
        return words


def _one(value: _Piece) -> str:
    """What is written as `2` or as `(2, 2)`."""
    if value.kind != "pair":
        return value.match.group()
    first, second = value.match["first"], value.match["second"]
    return first if first == second else f"[{first}, {second}]"


class _Found(NamedTuple):
    """An operator that a word names; with the window that is in the word, and the setting that follows the width."""

    operator: Operator
    size: str = ""
    extra: str = ""


class _Piece(NamedTuple):
    """A piece of a phrase."""

    kind: str
    match: re.Match[str]


def _pieces(text: str) -> Sequence[tuple[str, re.Match[str]]]:
    found, at = [], 0
    while at < len(text):
        match = _PIECES.match(text, at)
        if match is None:
            raise _Unread
        found.append((match.lastgroup or "", match))
        at = match.end()
    return found


def _operator(word: str) -> Operator | None:
    return find(word) or find(called_elsewhere(word) or "")


def _named(word: str) -> list[_Found]:
    """The operator of this name, with the window that is in the name."""
    operator = _operator(word)
    if operator is not None:
        return [_Found(operator)]
    kind = _KINDS.get(word.lower().replace("_", "").removesuffix("olution"))
    return [_Found(OPERATORS["conv"], *kind)] if kind is not None else []


def _operators(word: str) -> list[_Found]:
    """The operator of this name with the window that is in it; several, where their names are put together: `conv_bn_relu`."""
    named = _named(word)
    if named:
        return named
    plain = word.lower().replace("_", "").removesuffix("layer")
    sized = re.fullmatch(r"([a-z]+?)(?:(\d)x(\d)|(\d))(?:conv)?", plain)
    if sized is not None:
        operator = _operator(sized.group(1))
        if operator is not None and "k" in operator.positional:
            return [_Found(operator, f"{sized.group(2) or sized.group(4)}x{sized.group(3) or sized.group(4)}")]
    return [_Found(OPERATORS[name]) for name in _joined(plain)]


@cache
def _names() -> dict[str, str]:
    """Names that are put together in a longer one."""
    return {
        word: name
        for name, operator in OPERATORS.items()
        for word in (name, *operator.called_elsewhere)
        if len(word) > 1 and word not in ("norm", "pool", "pad", "add", "mul", "select", *STATEMENTS)
    }


def _joined(plain: str) -> tuple[str, ...]:
    """The operators whose names make up a word of at most 30 letters."""
    if not 4 <= len(plain) <= 30:
        return ()
    ways: list[tuple[str, ...] | None] = [()] + [None] * len(plain)
    for end in range(2, len(plain) + 1):
        for start in range(end - 1):
            before, name = ways[start], _names().get(plain[start:end])
            if before is not None and name is not None and (ways[end] is None or len(before) + 1 < len(ways[end] or ())):
                ways[end] = (*before, name)
    return ways[-1] or ()
