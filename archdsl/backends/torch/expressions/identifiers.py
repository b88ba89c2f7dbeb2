"""Identifiers of generated files: what names of the language become in Python. Must not know regions.

Names arrive as `[A-Za-z_][A-Za-z0-9_]*` (or, in repetitions, digits); `checked` refuses everything else, so no text of a
stranger reaches the file unquoted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from keyword import iskeyword

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_DIGITS = re.compile(r"[0-9]+\Z")

# Attributes of `nn.Module` and `nn.Sequential` (torch 2.13) that do not begin with two underscores.
MODULE_ATTRIBUTES = frozenset(
    """
    T_destination add_module append apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval
    extend extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half insert ipu load_state_dict
    modules mtia named_buffers named_children named_modules named_parameters parameters pop register_backward_hook
    register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook
    register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module
    register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state
    set_submodule share_memory state_dict to to_empty train training type xpu zero_grad
    _apply _backward_hooks _backward_pre_hooks _buffers _call_impl _compiled_call_impl _forward_hooks
    _forward_hooks_always_called _forward_hooks_with_kwargs _forward_pre_hooks _forward_pre_hooks_with_kwargs
    _get_backward_hooks _get_backward_pre_hooks _get_item_by_idx _get_name _is_full_backward_hook _load_from_state_dict
    _load_state_dict_post_hooks _load_state_dict_pre_hooks _maybe_warn_non_full_backward_hook _modules _named_members
    _non_persistent_buffers_set _parameters _register_load_state_dict_pre_hook _register_state_dict_hook
    _replicate_for_data_parallel _save_to_state_dict _slow_forward _state_dict_hooks _state_dict_pre_hooks _version
    _wrapped_call_impl
    """.split()
)
GLOBALS = frozenset(
    """
    F NamedTuple OrderedDict Tensor abs enumerate len make_divisible math max min nn range round self sum super torch zip
    """.split()
)
"""What generated code refers to, and so may not name otherwise."""


def checked(name: str) -> str:
    """The name itself.

    Raises:
        ValueError: it is not an identifier.
    """
    if not _IDENTIFIER.match(name):
        raise ValueError(f"{name!r} is not an identifier")
    return name


def module_name(name: str) -> str:
    """The attribute (and the part of a parameter's name) for a step.

    1. The number of a run stays.
    2. Behind two underscores Python hides a name in its class, unless it ends with two: three are added, as no special
       method of Python has.
    3. A name that Python or `nn.Module` uses gets an underscore; so does one that differs from such a name in underscores at
       its end only (`type` is `type_`, and `type_` is `type__`), so that different names stay different.
    """
    if _DIGITS.match(name):
        return name
    if checked(name).startswith("__"):
        return f"{name}___"
    bare = name.rstrip("_")
    clashes = bare in MODULE_ATTRIBUTES or iskeyword(bare) or name in MODULE_ATTRIBUTES
    return f"{name}_" if clashes else name


def class_name(name: str) -> str:
    """`dense_layer` -> `DenseLayer`; capitals that are there stay."""
    words = [word for word in checked(name).split("_") if word]
    camel = "".join(word[0].upper() + word[1:] for word in words)
    return camel if camel and not camel[0].isdigit() else f"Part{camel}"


def titled_class_name(name: str, title: str) -> str:
    """`resnet50` under the title "ResNet-50, by …" is `ResNet50`; without such a title the plain class name."""
    wanted = name.replace("_", "").lower()
    if title == name:
        return class_name(name)
    letters = ""
    for character in title:
        if not wanted.startswith(letters.lower()) or len(letters) >= len(wanted):
            break
        if character.isascii() and character.isalnum():
            letters += character
    if letters.lower() == wanted and letters[:1].isalpha():
        return letters[0].upper() + letters[1:]
    return class_name(name)


class Names:
    """The names of one scope of generated code; `take` gives a free one, which is neither taken nor `refused`."""

    __slots__ = ("_refused", "_taken")

    def __init__(self, taken: Iterable[str] = (), refused: Callable[[str], bool] = iskeyword) -> None:
        self._taken = set(taken)
        self._refused = refused

    def is_free(self, name: str) -> bool:
        """Whether a new thing may have this name."""
        return name not in self._taken and name not in GLOBALS and not iskeyword(name) and not self._refused(name)

    def take(self, wanted: str) -> str:
        """`wanted`, or it with a number (`wanted2`), not taken before. Hidden names (`__x`) come into the open (`x`, `_2`)."""
        if wanted.startswith("__"):
            bare = wanted.lstrip("_")
            wanted = f"_{bare}" if bare[:1].isdigit() else bare or "value"
        name, number = wanted, 1
        while not self.is_free(name):
            number += 1
            name = f"{wanted}{number}" if number > 2 or not (iskeyword(wanted) or wanted in GLOBALS) else f"{wanted}_"
        self._taken.add(name)
        return name


def one_line(text: str) -> str:
    """Text that a user wrote, fit for a comment: on one line, without control and direction characters."""
    kept = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    kept = "".join(sign for sign in kept if unicodedata.category(sign) not in ("Cf", "Cs", "Co", "Cn"))
    return " ".join(kept.split())


def quoted(text: str) -> str:
    """A Python string literal, in double quotes if that needs no more backslashes."""
    plain = repr(str(text))
    return f'"{plain[1:-1]}"' if plain[0] == "'" and '"' not in plain else plain
