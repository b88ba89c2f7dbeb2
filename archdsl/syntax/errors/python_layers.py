"""Layers as PyTorch and Keras write them, put into the language: `nn.Conv2d(3, 64, 7, padding=3)` is `conv 7x7 64`.

Python's own parser reads them. What has no equal here gives nothing: a translation is exact or is not made. Must not word it.
"""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from typing import Any

from archdsl.ops.operator import REQUIRED
from archdsl.ops.registry import called_elsewhere, find
from archdsl.ops.signature import default_of
from archdsl.syntax.errors.foreign_names import FOLLOWS, SILENT, own_name
from archdsl.syntax.errors.python_literals import Untranslated, constant, number, size, size_of, text, word
from archdsl.syntax.errors.python_tables import (
    FUNCTIONAL,
    INEXACT,
    KERAS,
    KERAS_DEFAULTS,
    KERAS_ONLY,
    LAYERS,
    RENAMED,
    VALUES,
    WHOLE,
    Layer,
)
from archdsl.syntax.errors.python_values import value_step
from archdsl.syntax.keywords import ROLES

_LONGEST = 4000
_BARE = ("heads", "k", "c", "groups", "slope", "p", "size", "scale", "factor", "alpha")
"""Settings that are written without their names where they stand first."""


def translated(text: str) -> str | None:
    """A statement of PyTorch or Keras in the language; None where it is none, or has no exact equal."""
    statement = _parsed(text) if len(text) <= _LONGEST else None
    if statement is None:
        return None
    target = statement.targets[0] if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None
    try:
        step = value_step(statement)
        value = statement.value if isinstance(statement, (ast.Assign, ast.Expr, ast.Return)) else None
        if isinstance(statement, ast.AugAssign) and isinstance(statement.value, ast.List):  # layers += [nn.ReLU()]
            value = ast.Tuple(statement.value.elts)
        if step is None and value is not None and (target is not None or not isinstance(statement, ast.Assign)):
            step = _steps(value)
        return _labeled(_label(target), step) if step is not None else None
    except (Untranslated, ValueError):  # a number was expected where there is a name
        return None


def _labeled(label: str | None, step: str) -> str:
    """`conv1: conv 3x3 64`; a role is not a label."""
    if label is not None and find(label) is not None and step.split()[0] == label:
        return step  # self.relu = nn.ReLU()
    if label in ROLES:
        return f"{label} {step}" if step.startswith("<") else f"{label} < {step} >"
    return step if label is None else f"{label}: {step}"


def _parsed(text: str) -> ast.stmt | None:
    import warnings

    with warnings.catch_warnings():
        # What Python thinks of literals that are none of ours is not for our users.
        warnings.simplefilter("ignore")
        try:
            body = ast.parse(text.strip().rstrip(",")).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return body[0] if len(body) == 1 else None


def _label(target: ast.expr | None) -> str | None:
    name = target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""
    if not name.isidentifier() or name in VALUES or re.fullmatch(r"x\d+", name):
        return None
    return name


def _steps(node: ast.expr) -> str:
    """A layer, or several with commas after them."""
    return " ; ".join(map(_step, node.elts)) if isinstance(node, ast.Tuple) and node.elts else _step(node)


def _step(node: ast.expr) -> str:
    """One call as a step, or as several in a group."""
    if not isinstance(node, ast.Call):
        raise Untranslated
    if isinstance(node.func, ast.Call) and node.args and not node.keywords and all(isinstance(a, ast.Name) for a in node.args):
        if len({a.id for a in node.args if isinstance(a, ast.Name)}) > 1:
            raise Untranslated
        return _step(node.func)  # Keras: Dense(10)(x), MultiHeadAttention(…)(x, x)
    *prefix, name = _dotted(node.func)
    if name in ("add", "append") and len(node.args) == 1 and isinstance(node.args[0], ast.Call):
        return _step(node.args[0])
    if name == "Lambda" and len(node.args) == 1 and isinstance(node.args[0], ast.Lambda):
        return value_step(node.args[0].body) or _step(node.args[0].body)
    if name == "add_module" and len(node.args) == 2 and isinstance(node.args[0], ast.Constant):
        return _labeled(_label(ast.Name(str(node.args[0].value))), _step(node.args[1]))
    has_other_axes = re.search(r"(?:conv|pool|upsampl|pad).*[13]d$", name.lower().replace("_", "")) is not None
    if name.lower().replace("_", "") in INEXACT or has_other_axes:
        raise Untranslated
    if name == "Unflatten" and len(node.args) == 2 and isinstance(node.args[1], (ast.Tuple, ast.List)):
        return f"reshape {ast.unparse(ast.List(node.args[1].elts))}"
    if name in ("Sequential", "ModuleList"):
        many = _comprehended(node)
        if many is not None:
            return many
        return f"< {' ; '.join(_step(part) for part in _parts(node))} >"
    if name in WHOLE and not node.args and not node.keywords:
        return WHOLE[name]
    renamed = ast.parse(RENAMED[name], mode="eval").body if name in RENAMED else None
    if isinstance(renamed, ast.Call):
        node = ast.Call(renamed.func, node.args, [*node.keywords, *renamed.keywords])
        name = _dotted(renamed.func)[-1]
    is_keras = bool(KERAS.intersection(prefix)) or name in KERAS_ONLY or _has_keras_words(node)
    arguments = list(node.args)
    is_of_tensorflow = prefix[:1] == ["tf"] and prefix[-1:] in (["nn"], ["activations"], ["math"])
    if is_of_tensorflow or (FUNCTIONAL.intersection(prefix) and "nn" not in prefix[-1:]):
        before = arguments.pop(0) if arguments else None
        if isinstance(before, ast.Call):  # F.max_pool2d(F.relu(x), 2)
            inner = ast.Call(node.func, [ast.Name("x"), *arguments], node.keywords)
            return f"{_step(before)} ; {_step(inner)}"
        if not isinstance(before, ast.Name):
            raise Untranslated
    elif prefix and not ({"nn", "torch"} | KERAS).intersection(prefix):
        raise Untranslated
    elif not prefix and name.islower() and len(arguments) == 1 and isinstance(arguments[0], ast.Name):
        arguments = []  # relu(x)
    return _Call(name, arguments, node.keywords, is_keras).text()


def _comprehended(node: ast.Call) -> str | None:
    """`nn.Sequential(*[nn.ReLU() for _ in range(4)])`."""
    inner = node.args[0] if len(node.args) == 1 else None
    inner = inner.value if isinstance(inner, ast.Starred) else inner
    match inner:
        case ast.ListComp(elt=element, generators=[ast.comprehension(ifs=[], iter=ast.Call(args=[ast.Constant(value=count)]))]):
            if not isinstance(count, int):
                raise Untranslated
            return f"x{count} < {_step(element)} >"
    return None


def _dotted(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Attribute):
        return [*_dotted(node.value), node.attr]
    if isinstance(node, ast.Name):
        return [node.id]
    raise Untranslated


def _parts(node: ast.Call) -> list[ast.expr]:
    inner = node.args[0].elts if len(node.args) == 1 and isinstance(node.args[0], ast.List) else node.args
    if not inner or node.keywords:
        raise Untranslated
    return list(inner)


def _has_keras_words(node: ast.Call) -> bool:
    return bool({"filters", "units", "pool_size", "strides", "activation", "use_bias"} & {k.arg for k in node.keywords})


class _Call:
    """One layer with its arguments under their own names."""

    def __init__(self, name: str, arguments: list[ast.expr], keywords: list[ast.keyword], is_keras: bool) -> None:
        self.is_keras = is_keras
        self.name = name
        self.operator = _operator(name)
        self.settings: dict[str, str] = {}
        order = getattr(LAYERS.get(self.operator, Layer()), "keras" if is_keras else "torch")
        if len(arguments) > len(order):
            is_in_place = len(arguments) == 1 and self.operator not in LAYERS and isinstance(constant(arguments[0]), bool)
            order = ("inplace",) if is_in_place else order
        if len(arguments) > len(order):
            raise Untranslated
        self.given: dict[str, ast.expr] = dict(zip(order, arguments, strict=False))
        for keyword in keywords:
            if keyword.arg is None or keyword.arg in self.given:
                raise Untranslated
            self.given[keyword.arg] = keyword.value

    def text(self) -> str:
        activation = self.given.pop("activation", None) if self.name != "Activation" else None
        step = self._layer()
        if activation is None or constant(activation) in (None, "linear"):
            return step
        return f"{step} ; {_operator(word(activation))}"

    def _layer(self) -> str:
        if self.name == "Activation":
            (kind,) = self.given.values() if len(self.given) == 1 else ("",)
            return _operator(word(kind) if isinstance(kind, ast.expr) else "")
        if self.name == "SeparableConv2D":
            return self._separable()
        settings = self.settings = self._settings()
        operator = find(self.operator)
        if operator is not None and any(a.default is REQUIRED and a.name not in settings for a in operator.arguments):
            raise Untranslated
        bare = [settings.pop(one) for one in _BARE if self._is_bare(one)]
        if self.operator == "pad":
            bare.append(settings.pop("pad"))
        return " ".join([self.operator, *bare, *(f"{name}={value}" for name, value in settings.items())])

    def _is_bare(self, name: str) -> bool:
        operator = find(self.operator)
        first = {"conv": ("k", "c"), "deconv": ("k", "c")}.get(self.operator, operator.positional[:1] if operator else ())
        return name in first and name in self.settings

    def _settings(self) -> dict[str, str]:
        """The settings here, in the order in which the operator has them."""
        found: dict[str, str] = {}
        known = self._known()
        for name, value in self.given.items():
            if self._says_nothing(name, value) or name in FOLLOWS or name in SILENT or name == "name":
                continue
            found[own_name(name, known) or name] = self._value(name, value)
        self._adjust(found)
        known = self._known()  # the operator may have become another one
        if any(name not in known for name in found):
            raise Untranslated
        self.settings = found
        written = [name for name in known if name in found]
        return {name: found[name] for name in written if self._is_bare(name) or found[name] != known.get(name)}

    def _known(self) -> dict[str, str]:
        """The settings of the operator, with their defaults."""
        operator = find(self.operator)
        known = {argument.name: default_of(argument) for argument in operator.arguments} if operator is not None else {}
        return {**known, "pad": ""} if self.operator == "pad" else known

    def _says_nothing(self, name: str, value: ast.expr) -> bool:
        written = -1 if ast.unparse(value) == "-1" else constant(value)
        usual: dict[str, tuple[Any, ...]] = {
            "dim": (1, -1),
            "axis": (-1, 1),
            "start_dim": (1,),
            "end_dim": (-1,),
            "padding_mode": ("zeros",),
            "return_indices": (False,),
            "mode": ("nearest",),
            "track_running_stats": (self.operator != "instancenorm",),
        }
        if name == "normalized_shape" and isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) > 1:
            raise Untranslated
        return written in usual.get(name, ()) or (name in ("stride", "strides", "padding") and written is None)

    def _value(self, name: str, value: ast.expr) -> str:
        if name in ("kernel_size", "pool_size", "output_size"):
            return size(value)
        if name == "approximate":
            return {"none": "false", "tanh": "true"}.get(word(value)) or text(value)
        if name == "momentum" and self.is_keras:
            return number(1 - Fraction(str(constant(value))))
        if isinstance(value, (ast.Tuple, ast.List)):
            elements = [one for part in value.elts for one in (part.elts if isinstance(part, ast.Tuple) else [part])]
            parts = [text(part) for part in elements]
            if name == "padding" and self.operator == "pad" and len(parts) == 4 and not self.is_keras:
                parts = [*parts[2:], *parts[:2]]  # left, right, top, bottom
            elif name == "padding" and self.operator == "pad" and len(parts) == 2 and not self.is_keras:
                parts = ["0", "0", *parts]
            return parts[0] if len(set(parts)) == 1 else f"[{', '.join(parts)}]"
        return text(value)

    def _adjust(self, found: dict[str, str]) -> None:
        """What differs in the defaults: their padding is none, and ours is `same`."""
        if self.is_keras:
            found |= {name: value for name, value in KERAS_DEFAULTS.get(self.operator, {}).items() if name not in found}
        if self.operator == "attention" and "key_dim" in found:
            found["dim"] = str(int(found["heads"]) * int(found.pop("key_dim")))
        if self.operator == "prelu" and found.pop("num_parameters", "1") == "1":
            found["shared"] = "true"
        if self.operator == "upsample" and self.is_keras and "size" in found:
            found["scale"] = found.pop("size")
        if self.operator == "relu" and found.get("max_value") == "6":
            self.operator = "relu6"
            del found["max_value"]
        if self.operator == "maxpool" or self.operator == "avgpool":
            found |= {} if found.get("k") or not self.is_keras else {"k": "2x2"}
        if self.operator in ("conv", "dwconv"):
            self._depthwise(found)
            self._pad(found)
        elif self.operator in ("maxpool", "avgpool"):
            if found.get("stride") is not None and size_of(found["stride"]) == found.get("k"):
                del found["stride"]
            _pool_padding(found)
        elif self.operator == "deconv" and found.get("pad") in ("valid", "0"):
            del found["pad"]
        elif self.operator in ("adaptive_avgpool", "adaptive_maxpool") and found.get("size") == "1x1":
            self.operator, found["keep"] = "gap" if self.operator == "adaptive_avgpool" else "gmp", "true"
            del found["size"]
        elif self.operator == "gap" and found.get("keep") == "false":
            del found["keep"]

    def _depthwise(self, found: dict[str, str]) -> None:
        """As many groups as channels come in and go out."""
        comes_in = self.given.get("in_channels")
        widths = {found.get("groups", ""), found.get("c", ""), text(comes_in) if comes_in is not None else ""}
        if self.operator == "conv" and len(widths) == 1 and widths != {""}:
            self.operator = "dwconv"
            del found["groups"], found["c"]

    def _pad(self, found: dict[str, str]) -> None:
        sides = [int(side) for side in found.get("k", "1x1").split("x")]
        dilation = int(found.get("dilation", "1"))
        same = [dilation * (side - 1) // 2 for side in sides]
        is_plain = found.get("stride", "1") == "1" and all(side % 2 for side in sides)
        usual = "same" if "features" in self.given else "valid" if self.is_keras else "0"  # Flax pads by itself
        pad = found.pop("pad", usual)
        if pad == "same":
            pad = "same" if is_plain else "tf"
        elif pad in ("valid", "0") and sides == [1, 1]:
            return
        elif pad == (str(same[0]) if same[0] == same[1] else str(same)):
            pad = "same"
        if pad != "same":
            found["pad"] = pad

    def _separable(self) -> str:
        self.name = ""
        names = ("filters", "kernel_size", "strides", "padding")
        if not set(self.given) <= set(names) or "filters" not in self.given or "kernel_size" not in self.given:
            raise Untranslated
        width = text(self.given.pop("filters"))
        self.operator = "dwconv"
        return f"< {self._layer()} bias=false ; conv 1x1 {width} >"


def _operator(name: str) -> str:
    """What a layer or an activation is called here."""
    if name == "Activation":
        return "relu"
    known = find(name)
    found = known.name if known is not None else called_elsewhere(name)
    if found is None and name == "SeparableConv2D":
        return "conv"
    if found is None or find(found) is None:
        raise Untranslated
    return found


def _pool_padding(found: dict[str, str]) -> None:
    pad = found.pop("pad", "0")
    if pad == "same":
        found["pad"] = "tf"
    elif pad not in ("valid", "0"):
        found["pad"] = pad
